"""What clustering answers with; every record prints through ``model.to_dict``."""

from __future__ import annotations

from dataclasses import dataclass

from kh_nlp.model import TaskOrigin


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskUnit:
    """One task of the library: ``task`` is "PLAN:TASK", ``content`` what it says as printed.

    ``core`` is the content without label and body before the colon, empty for a task that is only
    a heading; ``start`` and ``end`` stand in the plan's text.
    """

    task: str
    plan: str
    path: str
    title: str | None
    issuer: str | None
    year: int | None
    origin: TaskOrigin
    content: str
    core: str
    lead: tuple[str, ...]
    form: str | None
    output: str | None
    deadline: str | None
    page: int
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """A value and the number of tasks that print it."""

    value: str
    tasks: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondChoice:
    """The next cluster a task would fit, with the mean similarity to its members."""

    task: str
    cluster: str
    similarity: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """Tasks alike. ``label`` is the name a person gave (``named``), else words of the tasks.

    ``exemplar`` is the medoid; ``duplicates`` counts tasks that only repeat another's words;
    ``bodies`` are in charge.
    """

    id: str
    label: str
    named: bool
    tasks: tuple[str, ...]
    plans: int
    plan_ids: tuple[str, ...]
    exemplar: str
    exemplar_text: str
    duplicates: int
    bodies: tuple[Count, ...]
    forms: tuple[Count, ...]
    products: tuple[Count, ...]
    deadlines: tuple[Count, ...]
    years: tuple[Count, ...]
    second: tuple[SecondChoice, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Merge:
    """Two branches of the tree (a cluster's id or an earlier merge's) that join at a distance."""

    id: str
    left: str
    right: str
    distance: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Clusters:
    """All tasks of a library: ``clusters`` by size, ``alone`` those that are like no other.

    ``alone_share`` is their share of all tasks, ``duplicates`` the tasks folded into another of
    nearly the same words, ``merges`` the tree over the clusters, nearest first.
    """

    threshold: float
    tasks: int
    duplicates: int
    clusters: tuple[Cluster, ...]
    alone: tuple[str, ...]
    alone_share: float
    merges: tuple[Merge, ...]
    units: tuple[TaskUnit, ...]
