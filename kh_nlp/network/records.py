"""What the network answers with; ``model.to_dict`` turns every record into JSON."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from kh_nlp.model import Level, Role, Span

Direction = Literal["cites", "cited_by"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """One document: a plan of the library (``plan`` is its id), or one that plans only cite.

    ``id`` is the document's key, or ``plan:<plan id>`` for a plan whose head does not tell its key.
    ``copies`` are further plans of the library with the same key. ``kind`` ... ``year`` come from
    the plan's head, else from what most citations print, else from the registry; ``year`` is the
    one a plan is for, of other documents the year of issue. ``plans`` counts the plans of the
    library that cite it, ``mentions`` their mentions, ``cites`` the documents that it cites.
    """

    id: str
    plan: str | None = None
    copies: tuple[str, ...] = ()
    kind: str | None = None
    number: str | None = None
    issued_on: str | None = None
    issuer: str | None = None
    title: str | None = None
    alias: str | None = None
    level: Level | None = None
    province: str | None = None
    year: int | None = None
    plans: int = 0
    mentions: int = 0
    cites: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """``source`` cites ``target`` (node ids) ``mentions`` times.

    ``role`` is ``basis`` when one of the mentions is; ``relations`` are those of all mentions, in
    the order of the national databases' list.
    """

    source: str
    target: str
    mentions: int
    role: Role
    relations: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A document reached from another, ``depth`` steps away, over the edge to or from ``via``."""

    node: Node
    depth: int
    via: str
    role: Role
    relations: tuple[str, ...]
    mentions: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """Nearest first, then the most cited; ``total`` counts also those beyond the limit."""

    start: Node
    direction: Direction
    depth: int
    total: int
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    """A document in a ranking: citing plans, mentions, and the score of the measure if any."""

    node: Node
    plans: int
    mentions: int
    score: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Documents most cited by the plans of one year, level or province (``None``: unknown).

    ``sources`` counts the plans of the group that cite anything.
    """

    value: str | int | None
    sources: int
    documents: tuple[Ranked, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    """``by`` is ``year``, ``level``, ``province`` (one group for each value) or a measure."""

    by: str
    groups: tuple[Group, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Alike:
    """A document near another: ``score`` in 0..1, ``shared`` common neighbours, the first of them
    in ``through`` (rarest first).
    """

    node: Node
    score: float
    shared: int
    through: tuple[Node, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Similar:
    """``coupled`` rest on the same documents; ``cocited`` are cited by the same plans."""

    start: Node
    coupled: tuple[Alike, ...]
    cocited: tuple[Alike, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """From a plan up: each step is cited by the one before, on its level or a higher one."""

    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelCount:
    """How many plans of one level lie below a document."""

    level: Level | None
    plans: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """The place of a document in the chain.

    ``chains`` lead up to documents of the centre, the longest first; when none is reached
    (``national`` is false) to the highest level that is. ``below`` counts by level the plans that
    cite it, themselves or through others.
    """

    start: Node
    national: bool
    chains: tuple[Chain, ...]
    below: tuple[LevelCount, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Replacement:
    """A text says that ``replaced`` gave way to ``by`` (keys; ``by`` may be unknown) on ``on``.

    ``source`` is ``registry``, or the id of the plan that says so; ``quote`` are its words.
    """

    replaced: str
    by: str | None
    on: str | None
    source: str
    quote: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stale:
    """``plan`` cites ``document``, which has been replaced.

    ``after`` tells whether the plan is younger than the replacement; ``None`` where a date lacks.
    """

    plan: Node
    document: Node
    replacement: Replacement
    after: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StaleAnswer:
    """``known`` counts the replacements that texts state; ``note`` is a Vietnamese sentence."""

    known: int
    note: str | None
    plans: tuple[Stale, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Orphan:
    """A plan without any link; ``unresolved`` mentions are not known to be of any document."""

    node: Node
    unresolved: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """A sentence of ``plan`` that cites a document.

    ``start``/``end`` of the mention are offsets into ``Plan.text``, ``mark`` offsets into ``text``.
    """

    plan: str
    text: str
    start: int
    end: int
    mark: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class BasisLine:
    """A *căn cứ* line ready to copy; ``missing`` names in Vietnamese what no text told."""

    key: str
    text: str
    missing: tuple[str, ...]
