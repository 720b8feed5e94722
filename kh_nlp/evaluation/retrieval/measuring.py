"""Measures of a ranking, by the package ir-measures (which asks trec_eval)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kh_nlp.errors import MissingExtraError
from kh_nlp.evaluation.retrieval.records import RELEVANT, Qrels
from kh_nlp.evaluation.retrieval.running import Run

MEASURES: dict[str, str] = {
    "ndcg@10": "nDCG@10",
    "mrr@10": "MRR@10",
    "recall@10": "recall@10",
    "recall@100": "recall@100",
}
"""Every measure by its machine name, in the order shown, with its printed name."""

Values = Mapping[str, Mapping[str, float]]
"""Values in 0..1 by measure and question."""


def measures() -> dict[str, Any]:
    """The measures of ir-measures; MissingExtraError when that is not installed."""
    try:
        from ir_measures import RR, R, nDCG
    except ImportError:
        raise MissingExtraError("Đo truy hồi", "eval") from None
    return {
        "ndcg@10": nDCG @ 10,
        "mrr@10": RR(rel=RELEVANT) @ 10,
        "recall@10": R(rel=RELEVANT) @ 10,
        "recall@100": R(rel=RELEVANT) @ 100,
    }


def measured(qrels: Qrels, run: Run) -> Values:
    """Value of each measure for each question of ``run``.

    nDCG takes the grade as gain and discounts by log2(rank + 1) (Järvelin and Kekäläinen 2002, as
    trec_eval does it); the others take grades from 1 on as answers. A question for which nothing
    is found has 0.
    """
    from ir_measures import iter_calc

    asked = measures()
    names = {measure: name for name, measure in asked.items()}
    grades = {question: dict(qrels[question]) for question in run}
    # trec_eval sorts by score and breaks ties by name: scores that fall keep the order given.
    scores = {
        question: {item: float(len(items) - place) for place, item in enumerate(items)}
        for question, items in run.items()
    }
    values = {name: dict.fromkeys(run, 0.0) for name in asked}
    for metric in iter_calc(list(asked.values()), grades, scores):
        values[names[metric.measure]][metric.query_id] = float(metric.value)
    return values
