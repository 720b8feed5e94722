"""The library folder: SQLite as the single truth, search segments derived from it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from kh_nlp.library.records import Finding, IngestedFile, IngestReport, PlanSummary
from kh_nlp.model import Plan

if TYPE_CHECKING:
    from kh_nlp.embedding import Encoder

Progress = Callable[[str, int, int], None]
"""Called with (stage, done, total); stages are ``"read"``, ``"embed"`` and ``"index"``."""


class Library:
    """An open library folder (signatures; the body follows)."""

    path: Path

    @classmethod
    def open(cls, path: str | Path, *, create: bool = False) -> Library:
        """Open the folder ``path``; LibraryError when it is no library."""
        raise NotImplementedError

    def close(self) -> None:
        """Close the database."""
        raise NotImplementedError

    def __enter__(self) -> Library:
        raise NotImplementedError

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        raise NotImplementedError

    def plans(self) -> list[PlanSummary]:
        """All plans, oldest ingest first."""
        raise NotImplementedError

    def plan(self, plan_id: str) -> Plan:
        """The plan with this id or unique prefix; UsageError otherwise."""
        raise NotImplementedError

    def remove(self, plan_ids: Iterable[str]) -> list[str]:
        """Remove plans from every index; gives the full ids that were removed."""
        raise NotImplementedError

    def rebuild(self, *, encoder: Encoder | None = None) -> None:
        """Derive passages and segments again from the stored plans."""
        raise NotImplementedError


def ingest(
    library: Library,
    paths: Sequence[str | Path],
    *,
    encoder: Encoder | None = None,
    progress: Progress | None = None,
    workers: int | None = None,
) -> IngestReport:
    """Take in files and folders."""
    raise NotImplementedError


def check(library: Library) -> list[Finding]:
    """Checks of a library for ``kh doctor``."""
    raise NotImplementedError


__all__ = [
    "Finding",
    "IngestReport",
    "IngestedFile",
    "Library",
    "PlanSummary",
    "check",
    "ingest",
]
