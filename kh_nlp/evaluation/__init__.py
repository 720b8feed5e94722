"""Measures plans as parsed against readings by hand; every figure is in 0..1, 1 is perfect."""

from kh_nlp.evaluation.baseline import (
    Baseline,
    Change,
    Comparison,
    compare,
    load_baseline,
    save_baseline,
)
from kh_nlp.evaluation.citations import (
    CITATION_FIGURES,
    CitationReport,
    MarkedText,
    evaluate_citations,
    load_marks,
    score_citations,
    score_marks,
)
from kh_nlp.evaluation.clusters import (
    ClusterScores,
    GroupedTask,
    bcubed,
    load_groups,
    match_tasks,
    pairwise,
    score_all,
    score_clusters,
)
from kh_nlp.evaluation.figures import FIGURES, Fault, Figure
from kh_nlp.evaluation.gold import GoldCitation, GoldReading, GoldTask, load_gold
from kh_nlp.evaluation.pairing import Pairing, pair
from kh_nlp.evaluation.parsing import ParseReport, PlanScore, evaluate_parsing, score_plan
from kh_nlp.evaluation.restoring import (
    RESTORING_FIGURES,
    PagePair,
    RestoringReport,
    evaluate_restoring,
    load_page_pairs,
)
from kh_nlp.evaluation.topics import (
    LabelledUnit,
    TopicDifference,
    TopicFigures,
    TopicScores,
    load_unit_topics,
    score_topics,
)
from kh_nlp.evaluation.wholeness import coverage_figure, gaps, words_figure

__all__ = [
    "CITATION_FIGURES",
    "FIGURES",
    "RESTORING_FIGURES",
    "Baseline",
    "Change",
    "CitationReport",
    "ClusterScores",
    "Comparison",
    "Fault",
    "Figure",
    "GoldCitation",
    "GoldReading",
    "GoldTask",
    "GroupedTask",
    "LabelledUnit",
    "MarkedText",
    "PagePair",
    "Pairing",
    "ParseReport",
    "PlanScore",
    "RestoringReport",
    "TopicDifference",
    "TopicFigures",
    "TopicScores",
    "bcubed",
    "compare",
    "coverage_figure",
    "evaluate_citations",
    "evaluate_parsing",
    "evaluate_restoring",
    "gaps",
    "load_baseline",
    "load_gold",
    "load_groups",
    "load_marks",
    "load_page_pairs",
    "load_unit_topics",
    "match_tasks",
    "pair",
    "pairwise",
    "save_baseline",
    "score_all",
    "score_citations",
    "score_clusters",
    "score_marks",
    "score_plan",
    "score_topics",
    "words_figure",
]
