"""Questions to a library: hybrid search, coverage, cited documents."""

from __future__ import annotations

from kh_nlp.search.answering import search
from kh_nlp.search.assignments import TaskAnswer, TaskRow, read_due, tasks
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
    Why,
)
from kh_nlp.search.report import CoverGroup, CoverReport, CoverRow, report
from kh_nlp.search.understanding import Understood

__all__ = [
    "CitedDocument",
    "CoverAnswer",
    "CoverGroup",
    "CoverReport",
    "CoverRow",
    "Evidence",
    "Hit",
    "Mention",
    "PlanCoverage",
    "Reason",
    "SearchAnswer",
    "TaskAnswer",
    "TaskRow",
    "Understood",
    "Why",
    "cited_by",
    "cited_documents",
    "covers",
    "read_due",
    "report",
    "search",
    "tasks",
]
