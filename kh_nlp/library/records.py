"""What the library answers with; every record prints through ``model.to_dict``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from kh_nlp.model import Level, Status

Kind = Literal["section", "task", "plan"]
"""What a passage stands for: a unit of the outline, a task, or the title of a plan."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IngestedFile:
    """A file that was taken in: its path and the plan that it belongs to."""

    path: str
    plan: str
    title: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class IngestReport:
    """What one ``ingest`` did with each file.

    ``added``: first file of a new plan; ``updated``: another text of a known plan; ``unchanged``:
    same content at the same path; ``moved``: same content at a new path (the plan stays the same).
    ``failed`` holds pairs (path, one Vietnamese line).
    """

    added: tuple[IngestedFile, ...] = ()
    updated: tuple[IngestedFile, ...] = ()
    unchanged: tuple[IngestedFile, ...] = ()
    moved: tuple[IngestedFile, ...] = ()
    failed: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanSummary:
    """One plan of the library, without its text. ``path`` is the newest of its ``paths``."""

    plan: str
    path: str
    paths: tuple[str, ...]
    title: str | None
    number: str | None
    issued_on: str | None
    issuer: str | None
    level: Level | None
    province: str | None
    year: int | None
    status: Status
    pages: int
    sections: int
    tasks: int
    citations: int
    versions: int
    damaged: bool
    ingested_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One line of ``kh doctor``: whether a check passed, and a Vietnamese sentence about it."""

    ok: bool
    message: str
