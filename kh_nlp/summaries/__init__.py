"""Summaries of verbatim, sourced sentences; what changed between two plans."""

from __future__ import annotations

from kh_nlp.summaries.comparing import (
    Comparison,
    DocumentChange,
    FieldChange,
    Piece,
    SectionChange,
    Side,
    TaskChange,
    compare,
)
from kh_nlp.summaries.plans import aspect_table, summarize_plan
from kh_nlp.summaries.queries import summarize_query, summarize_tasks
from kh_nlp.summaries.ranking import Length
from kh_nlp.summaries.records import Aspect, AspectRow, Sentence, Summary
from kh_nlp.summaries.units import names as aspect_names
from kh_nlp.summaries.units import units

__all__ = [
    "Aspect",
    "AspectRow",
    "Comparison",
    "DocumentChange",
    "FieldChange",
    "Length",
    "Piece",
    "SectionChange",
    "Sentence",
    "Side",
    "Summary",
    "TaskChange",
    "aspect_names",
    "aspect_table",
    "compare",
    "summarize_plan",
    "summarize_query",
    "summarize_tasks",
    "units",
]
