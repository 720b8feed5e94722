"""Priorities over years, levels and provinces; text taken over from the level above."""

from kh_nlp.trends.answering import LEVEL, SEED, Side, telling_words, trends
from kh_nlp.trends.labelling import (
    Labelled,
    by_body,
    by_document,
    by_ended_body,
    by_phrase,
    by_replaced,
)
from kh_nlp.trends.provenance import library_hash, provenance
from kh_nlp.trends.reading import StoredPlan, stored_plans
from kh_nlp.trends.wordlists import by_word

__all__ = [
    "LEVEL", "SEED", "Labelled", "Side", "StoredPlan", "by_body", "by_document", "by_ended_body",
    "by_phrase", "by_replaced", "by_word", "library_hash", "provenance", "stored_plans",
    "telling_words", "trends",
]  # fmt: skip
