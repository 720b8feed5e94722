"""What the library answers with; every record prints through ``model.to_dict``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

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
class LostCorrection:
    """A correction that no longer fits its plan; ``reason`` is a Vietnamese clause."""

    plan: str
    number: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IngestReport:
    """What one ``ingest`` did with each file.

    ``added``: first file of a new plan; ``updated``: another text of a known plan; ``unchanged``:
    same content at the same path; ``moved``: same content at a new path (the plan stays the same).
    ``failed`` holds pairs (path, one Vietnamese line). ``orphaned`` are corrections of updated
    plans that no longer fit; they are kept.
    """

    added: tuple[IngestedFile, ...] = ()
    updated: tuple[IngestedFile, ...] = ()
    unchanged: tuple[IngestedFile, ...] = ()
    moved: tuple[IngestedFile, ...] = ()
    failed: tuple[tuple[str, str], ...] = ()
    orphaned: tuple[LostCorrection, ...] = ()


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
    """One line of ``kh doctor``: whether a check passed, and a Vietnamese sentence about it.

    ``optional``: what is missing only bars some kinds of files.
    """

    ok: bool
    message: str
    optional: bool = False


CorrectionStatus = Literal["applied", "agrees", "superseded", "orphaned", "undone"]
"""``applied``: in force; ``agrees``: the parser now says the same; ``superseded``: a later
correction of the same thing is in force; ``orphaned``: the passage is gone or no longer the only
one; ``undone``: taken back by a person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """What a person corrected in a plan: who, when (UTC), what, why.

    ``number`` counts the corrections of one plan from 1. ``ref`` names the thing as it was called
    then ("II.1", "t3", "76/NQ-CP"; None for the head), ``quote`` is what the file prints there;
    ``old`` and ``new`` are JSON values (an object for what was added or removed, and for bounds).
    ``reason`` says in Vietnamese why it is not in force.
    """

    number: int
    target: Literal["header", "section", "task", "citation"]
    action: Literal["set", "remove", "add"]
    ref: str | None
    field: str | None
    old: Any
    new: Any
    quote: str | None
    by: str
    at: str
    note: str | None
    status: CorrectionStatus
    reason: str | None
    undone_by: str | None = None
    undone_at: str | None = None
