"""Questions to a library: hybrid search, coverage, cited documents."""

from __future__ import annotations

from kh_nlp.search.answering import search
from kh_nlp.search.cited import cited_by, cited_documents
from kh_nlp.search.coverage import covers
from kh_nlp.search.records import (
    CitedDocument,
    CoverAnswer,
    Evidence,
    Hit,
    Mention,
    PlanCoverage,
    Reason,
    SearchAnswer,
)
from kh_nlp.search.understanding import Understood

__all__ = [
    "CitedDocument",
    "CoverAnswer",
    "Evidence",
    "Hit",
    "Mention",
    "PlanCoverage",
    "Reason",
    "SearchAnswer",
    "Understood",
    "cited_by",
    "cited_documents",
    "covers",
    "search",
]
