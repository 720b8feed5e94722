"""The library folder: SQLite as the single truth, search segments derived from it."""

from __future__ import annotations

from kh_nlp.library.checking import check
from kh_nlp.library.corrections import correct, corrections, undo
from kh_nlp.library.edit_requests import Edit
from kh_nlp.library.ingesting import ingest
from kh_nlp.library.records import (
    Correction,
    Finding,
    IngestedFile,
    IngestReport,
    LostCorrection,
    PlanSummary,
)
from kh_nlp.library.store import Library
from kh_nlp.library.today import Succession, Today, today

__all__ = [
    "Correction",
    "Edit",
    "Finding",
    "IngestReport",
    "IngestedFile",
    "Library",
    "LostCorrection",
    "PlanSummary",
    "Succession",
    "Today",
    "check",
    "correct",
    "corrections",
    "ingest",
    "today",
    "undo",
]
