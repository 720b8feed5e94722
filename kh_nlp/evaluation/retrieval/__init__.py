"""Measures retrieval: over sets of the BEIR form, and over plans with judged spans."""

from kh_nlp.evaluation.retrieval.comparing import Difference, Estimate, difference, estimate
from kh_nlp.evaluation.retrieval.documents import (
    Document,
    DocumentSet,
    index_documents,
    load_documents,
)
from kh_nlp.evaluation.retrieval.files import load_questions
from kh_nlp.evaluation.retrieval.judgements import (
    JUDGEMENTS,
    QUOTE,
    Judgement,
    anchored,
    load_judgements,
)
from kh_nlp.evaluation.retrieval.measuring import MEASURES, measured, measures
from kh_nlp.evaluation.retrieval.plans import Place, Shelf, judge, shelf, temporary_library
from kh_nlp.evaluation.retrieval.records import Collection, Question
from kh_nlp.evaluation.retrieval.reference import Reference
from kh_nlp.evaluation.retrieval.report import (
    PAIRS,
    RETRIEVAL_FIGURES,
    KindReport,
    RetrievalReport,
    evaluate_retrieval,
)
from kh_nlp.evaluation.retrieval.running import RERANKED, RERANKED_WORDS, RUNS, Searcher
from kh_nlp.evaluation.retrieval.wording import swapped, unaccented

__all__ = [
    "JUDGEMENTS",
    "MEASURES",
    "PAIRS",
    "QUOTE",
    "RERANKED",
    "RERANKED_WORDS",
    "RETRIEVAL_FIGURES",
    "RUNS",
    "Collection",
    "Difference",
    "Document",
    "DocumentSet",
    "Estimate",
    "Judgement",
    "KindReport",
    "Place",
    "Question",
    "Reference",
    "RetrievalReport",
    "Searcher",
    "Shelf",
    "anchored",
    "difference",
    "estimate",
    "evaluate_retrieval",
    "index_documents",
    "judge",
    "load_documents",
    "load_judgements",
    "load_questions",
    "measured",
    "measures",
    "shelf",
    "swapped",
    "temporary_library",
    "unaccented",
]
