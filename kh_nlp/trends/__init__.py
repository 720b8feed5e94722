"""Priorities over years, levels and provinces; text taken over from the level above."""

from kh_nlp.trends.answering import LEVEL, SEED, Side, telling_words, trends
from kh_nlp.trends.figures import (
    FIGURES,
    MEASURES,
    OF,
    Figure,
    WordFigure,
    change_words,
    drawn_as,
    figure,
    title,
    word_figure,
    write_figure,
)
from kh_nlp.trends.labelling import ANY, Labelled
from kh_nlp.trends.provenance import library_hash, provenance
from kh_nlp.trends.reading import StoredPlan, stored_plans
from kh_nlp.trends.records import (
    Burst,
    Change,
    Dimension,
    Group,
    LabelTrend,
    Measure,
    PlanFacts,
    Provenance,
    Share,
    TrendAnswer,
    Unit,
    Word,
    WordsAnswer,
)
from kh_nlp.trends.reuse import reuse
from kh_nlp.trends.reuse_records import Passage, Relation, Reuse, ReuseAnswer, Untouched
from kh_nlp.trends.sources import KINDS, chosen_plans, labelled, read_of, usual_measure
from kh_nlp.trends.warning import shown

__all__ = [
    "ANY",
    "FIGURES",
    "KINDS",
    "LEVEL",
    "MEASURES",
    "OF",
    "SEED",
    "Burst",
    "Change",
    "Dimension",
    "Figure",
    "Group",
    "LabelTrend",
    "Labelled",
    "Measure",
    "Passage",
    "PlanFacts",
    "Provenance",
    "Relation",
    "Reuse",
    "ReuseAnswer",
    "Share",
    "Side",
    "StoredPlan",
    "TrendAnswer",
    "Unit",
    "Untouched",
    "Word",
    "WordFigure",
    "WordsAnswer",
    "change_words",
    "chosen_plans",
    "drawn_as",
    "figure",
    "labelled",
    "library_hash",
    "provenance",
    "read_of",
    "reuse",
    "shown",
    "stored_plans",
    "telling_words",
    "title",
    "trends",
    "usual_measure",
    "word_figure",
    "write_figure",
]
