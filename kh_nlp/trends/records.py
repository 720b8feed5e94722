"""What the room takes and answers with; every record prints through ``model.to_dict``."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from kh_nlp.model import Level

Measure = Literal["plans", "units", "text"]
"""``plans``: share of the plans with a label; ``units`` and ``text``: mean share of a plan's units
or characters with it, each plan counting the same however long it is."""

Dimension = Literal["year", "level", "province"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanFacts:
    """One plan: ``years`` are (year, share of its days); ``dated`` tells where they come from."""

    plan: str
    title: str | None
    path: str
    issuer: str | None
    issued_on: str | None
    years: tuple[tuple[int, float], ...]
    dated: Literal["period", "year"] | None
    level: Level | None
    province: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """A section's own text or a task, with its labels (ids, each once); ``characters`` of text."""

    plan: str
    unit: str
    number: str | None
    start: int
    end: int
    characters: int
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The plans of one year, level, province (``None``: unknown, or not asked for).

    ``weight`` adds up the plans' shares in the year, ``plans`` counts all that have any, and
    ``effective`` is Kish's number of equally weighing plans. ``few``: below the rule.
    """

    year: int | None
    level: Level | None
    province: str | None
    plans: int
    weight: float
    effective: float
    few: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """Share of a label in the group at position ``group``; ``low``..``high`` is the interval.

    The interval is ``None`` where the plans of the group do not differ, so that nothing tells how
    far off the share may be.
    """

    group: int
    plans: int
    units: int
    share: float
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A test over plans: ``difference`` in share (second less first), or ``slope`` per year.

    ``p`` is two-sided; ``q`` corrected for all labels tested (Benjamini-Hochberg); ``exact`` where
    ``p`` was worked out and not drawn. ``found``: ``q`` is at most the stated level.
    """

    difference: float
    p: float
    q: float
    exact: bool
    found: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Burst:
    """Years ``first``..``last`` in which a label is far more frequent than otherwise."""

    label: str
    name: str
    first: int
    last: int
    weight: float
    p: float
    q: float
    found: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelTrend:
    """One label: how many plans and units have it, its shares by group, and the test asked for."""

    label: str
    name: str
    plans: int
    units: int
    shares: tuple[Share, ...]
    change: Change | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """What remakes an answer: the command, the seed, and the content of the library."""

    command: str
    library: str
    seed: int
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TrendAnswer:
    """Shares over ``groups``; ``compared`` names the two groups of ``--compare``.

    ``undated`` are ids of plans without period and year, left out where the year matters.
    ``tested`` counts the labels that ``q`` corrects for. ``warnings`` are Vietnamese sentences.
    """

    of: str
    by: tuple[Dimension, ...]
    measure: Measure
    level: float
    plans: int
    units: int
    tested: int
    groups: tuple[Group, ...]
    labels: tuple[LabelTrend, ...]
    bursts: tuple[Burst, ...] = ()
    compared: tuple[str, str] | None = None
    undated: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    provenance: Provenance | None = field(default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """A word that tells two groups apart: ``z`` above 0 speaks for the first of them.

    ``first``/``second`` count its occurrences (by the plans' shares in a year), ``first_plans`` and
    ``second_plans`` the plans. ``q`` is of a permutation test over plans: ``z`` alone takes the
    words of one plan for independent.
    """

    word: str
    log_odds: float
    z: float
    first: float
    second: float
    first_plans: int
    second_plans: int
    p: float
    q: float
    found: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class WordsAnswer:
    """Words of two groups, those of the first and those of the second, strongest first."""

    compared: tuple[str, str]
    plans: tuple[int, int]
    tested: int
    level: float
    first: tuple[Word, ...]
    second: tuple[Word, ...]
    warnings: tuple[str, ...] = ()
    provenance: Provenance | None = field(default=None)
