"""What search and coverage answer with; ``model.to_dict`` prints them as the contract says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from kh_nlp.library.records import Kind
from kh_nlp.model import Span
from kh_nlp.search.understanding.typed import Understood

Coverage = Literal["cites", "names", "treats", "none"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why a unit was found besides its words: it cites or names a document that the query names.

    ``text`` is ``Plan.text[start:end]``.
    """

    kind: Literal["cites", "names"]
    key: str
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """Why a hit stands where it stands: the parts that add up to its score, and its words.

    ``reranked`` is what a named cross-encoder gave (0..1); it alone then decides the order.
    ``words`` comes from matching words, ``meaning`` from nearness in meaning, ``cites`` from citing
    a document that the query names. ``standing`` are the query's words found in the unit or above
    it, ``missing`` the others; a filter or a synonym may stand for them.
    """

    words: float
    meaning: float
    cites: float
    standing: tuple[str, ...]
    missing: tuple[str, ...]
    reranked: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One unit that answers a query.

    ``start``/``end`` are offsets into ``Plan.text``, ``highlights`` offsets into ``text``
    (worked out when they are read).
    ``score`` orders the hits of this one answer only; ``relevance`` (0..1) may be compared between
    queries and is ``None`` when nothing supports a figure. ``also`` are plans whose own unit says
    nearly the same.
    """

    plan: str
    path: str
    title: str | None
    issuer: str | None
    year: int | None
    unit: Kind
    unit_id: str | None
    number: str | None
    heading: str | None
    page: int
    text: str
    start: int
    end: int
    score: float
    relevance: float | None
    highlights: Sequence[Span] = ()
    also: tuple[str, ...] = ()
    reasons: tuple[Reason, ...] = ()
    why: Why | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchAnswer:
    """Hits, best first. ``found`` is false when nothing in the library answers the query.

    ``read_as`` is the query with the accents that it was typed without, where they were restored.
    ``understood``: parts of the query that were taken as filters, are proposed as such, or were
    taken as slips of the pen. ``eligible``: passages that pass the given filters.
    """

    query: str
    read_as: str | None
    filters: dict[str, Any]
    found: bool
    hits: tuple[Hit, ...]
    understood: tuple[Understood, ...] = ()
    eligible: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A place in a plan that shows how it covers the query; ``number`` is the section path."""

    kind: Literal["cites", "names", "treats"]
    number: str | None
    page: int
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanCoverage:
    """How one plan covers the query: the strongest kind, with every piece of evidence."""

    plan: str
    path: str
    title: str | None
    coverage: Coverage
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverAnswer:
    """``keys``: the documents the query means; ``plans``: every plan, covering ones first."""

    query: str
    keys: tuple[str, ...]
    plans: tuple[PlanCoverage, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """One place where a plan cites a document; ``section`` is its path (``II.1.h``) or ``None``."""

    plan: str
    path: str
    title: str | None
    section: str | None
    page: int
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CitedDocument:
    """A document that plans cite: how often, in how many plans, and (``cited_by``) where."""

    key: str
    kind: str | None
    number: str | None
    issued_on: str | None
    issuer: str | None
    title: str | None
    plans: int
    mentions: int
    cited_by: tuple[Mention, ...] = field(default=())
