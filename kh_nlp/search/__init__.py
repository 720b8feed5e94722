"""Questions to a library: hybrid search, coverage, cited documents."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from kh_nlp.library import Library
from kh_nlp.search.records import (
    CitedDocument,
    CoverAnswer,
    Evidence,
    Hit,
    Mention,
    PlanCoverage,
    SearchAnswer,
)

if TYPE_CHECKING:
    from kh_nlp.embedding import Encoder


def search(
    library: Library,
    query: str,
    *,
    kinds: Sequence[str] = (),
    years: tuple[int | None, int | None] | None = None,
    levels: Sequence[str] = (),
    provinces: Sequence[str] = (),
    issuers: Sequence[str] = (),
    agencies: Sequence[str] = (),
    limit: int = 10,
    encoder: Encoder | None = None,
) -> SearchAnswer:
    """Hybrid search; ``years`` is an inclusive range with open ends as ``None``."""
    raise NotImplementedError


def covers(library: Library, query: str, *, encoder: Encoder | None = None) -> CoverAnswer:
    """Which plans cover a programme, document or topic."""
    raise NotImplementedError


def cited_documents(library: Library, limit: int | None = None) -> list[CitedDocument]:
    """Documents that the plans cite, most cited first."""
    raise NotImplementedError


def cited_by(library: Library, key: str) -> CitedDocument:
    """One cited document with every mention; UsageError for an unknown key."""
    raise NotImplementedError


__all__ = [
    "CitedDocument",
    "CoverAnswer",
    "Evidence",
    "Hit",
    "Mention",
    "PlanCoverage",
    "SearchAnswer",
    "cited_by",
    "cited_documents",
    "covers",
    "search",
]
