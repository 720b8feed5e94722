"""What a draft consists of; ``model.to_dict`` turns every record into JSON.

The law of all paragraphs: with every ``Change`` undone, the text is exactly what its ``sources``
hold, one after the other, blanks aside (``tracing.traced``).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from kh_nlp.checking import Finding
from kh_nlp.errors import Advice
from kh_nlp.library import PlanSummary
from kh_nlp.model import Level, Span

Reason = Literal[
    "place", "issuer", "year", "date", "deadline", "number", "body", "document", "name", "form"
]
"""Why something was put in place of the source's words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What is asked for.

    ``topic`` is searched in place of ``title``. ``like`` are plans (ids, unique prefixes) to copy
    from first. ``level`` and ``province`` are read from the issuer where they are not given.
    ``superior`` is the id of a plan that was taken in, or ``None``.
    """

    title: str
    issuer: str
    year: int
    topic: str | None = None
    level: Level | None = None
    province: str | None = None
    like: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Kindred:
    """A plan to copy from: how near its subject is (0..1), its place in the order, and why.

    ``same_act``: it does the same with its subject as what is asked for, as far as titles tell.
    """

    plan: PlanSummary
    topic: float
    score: float
    reasons: tuple[str, ...]
    same_act: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """A stretch of a source: ``Plan.text[start:end]`` of the plan with that id."""

    plan: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """``Paragraph.text[start:end]`` stands where the source prints ``was`` (may be empty)."""

    start: int
    end: int
    was: str = field(metadata={"json": "from"})
    now: str = field(metadata={"json": "to"})
    reason: Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """A paragraph or a cell. ``gaps`` are stretches of ``text`` that a person must fill in.

    ``label`` is what is printed before it ("-", "a)"), made anew and no part of ``text``.
    ``also`` counts further kindred plans that say nearly the same.
    """

    text: str
    sources: tuple[Origin, ...]
    gaps: tuple[Span, ...] = ()
    changes: tuple[Change, ...] = ()
    label: str | None = None
    also: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftSection:
    """A section of the outline; ``support`` of ``asked`` kindred plans have it.

    ``title`` is the heading with its source. ``level`` counts from 1.
    """

    number: str
    heading: str
    level: int
    title: Paragraph
    paragraphs: tuple[Paragraph, ...]
    support: int
    asked: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskRow:
    """A row of the task table. ``plans`` counts the plans that have a task like it."""

    order: int
    content: Paragraph
    lead: tuple[Paragraph, ...]
    partners: tuple[Paragraph, ...]
    deadline: Paragraph | None
    output: Paragraph | None
    plans: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """A proposed *căn cứ*: ``plans`` of ``asked`` comparable plans rest on it."""

    key: str | None
    line: Paragraph
    plans: int
    asked: int
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of the making of a draft, as a Vietnamese line for the user."""

    name: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A draft with all that it rests on.

    ``warnings`` say plainly what the library could not give. ``findings`` are those of the checks.
    """

    title: str
    request: Request
    issuer: str
    superior: str | None
    place: str
    symbol: str
    kindred: tuple[Kindred, ...]
    steps: tuple[Step, ...]
    basis: tuple[Basis, ...]
    opening: tuple[Paragraph, ...]
    sections: tuple[DraftSection, ...]
    tasks: tuple[TaskRow, ...]
    recipients: tuple[Paragraph, ...]
    signer_title: tuple[str, ...]
    warnings: tuple[Advice, ...] = ()
    findings: tuple[Finding, ...] = ()
