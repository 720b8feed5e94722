"""What a check finds in a plan."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from kh_nlp.errors import Advice

Kind = Literal[
    "foreign_place",
    "foreign_issuer",
    "wrong_year",
    "abolished_body",
    "replaced_document",
    "document_date",
    "document_issuer",
    "no_lead",
    "no_deadline",
    "number_without_source",
    "missing_section",
    "missing_duty",
    "form",
]
Severity = Literal["error", "warning", "info"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One fault at ``plan.text[start:end] == text``, for a person to judge.

    ``message`` says in Vietnamese why, ``proposal`` what to print instead of ``text`` (or a word of
    advice); ``None`` where nothing can be proposed without guessing. ``number`` is the path of the
    section it stands in. ``severity``: ``error`` is
    wrong as it stands, ``warning`` is probably wrong, ``info`` is worth a look. ``page`` and
    ``line`` are those of the file, from 1. A fault of something missing has an empty span where it
    would stand.
    """

    kind: Kind
    start: int
    end: int
    text: str
    message: str
    proposal: str | None
    severity: Severity
    number: str | None = None
    page: int
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckAnswer:
    """What ``kh check`` and ``POST /api/check`` answer.

    ``unchecked`` says which checks were not made, and which fields of the request they need.
    """

    findings: tuple[Finding, ...]
    unchecked: tuple[Advice, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A fault before its place in the file is looked up; see :class:`Finding`."""

    kind: Kind
    start: int
    end: int
    message: str
    proposal: str | None = None
    severity: Severity = "error"
