"""Parts of an answer: the clusters as some plans have them, and those that speak of some words."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import replace

from kh_nlp.clusters.counting import facts
from kh_nlp.clusters.gathering import fold_duplicates
from kh_nlp.clusters.records import Cluster, Clusters, TaskUnit
from kh_nlp.language import fold, has_accents, nfc, search_key
from kh_nlp.library import Library


def selected(found: Clusters, *, plans: Collection[str] | None = None, words: str = "") -> Clusters:
    """``found`` as far as the tasks of ``plans`` go, and of that what holds ``words``.

    Ids, labels and exemplars stay those of the whole clusters (an exemplar may stand in another
    plan); the counts are those of the tasks left. ``words`` choose clusters whose label or any task
    left holds them, most such tasks first, each with all its tasks left; of the tasks alone those
    that hold them. Second choices that are not among them and ``merges``, which join whole
    clusters, are left out.
    """
    if plans is None and not words.strip():
        return found
    chosen = None if plans is None else frozenset(plans)
    units = {u.task: u for u in found.units if chosen is None or u.plan in chosen}
    speaks = speaking(words)
    clusters: list[tuple[int, Cluster]] = []
    for one in found.clusters:
        members = [units[task] for task in one.tasks if task in units]
        holding = sum(map(speaks, members))
        if members and (holding or speaks(one.label)):
            clusters.append((holding, _narrowed(one, members)))
    clusters.sort(key=lambda item: (-item[0], -len(item[1].tasks), -item[1].plans, item[1].id))
    alone = tuple(task for task in found.alone if task in units and speaks(units[task]))
    kept = {task for _, one in clusters for task in one.tasks} | set(alone)
    names = {one.id for _, one in clusters}
    return Clusters(
        threshold=found.threshold,
        tasks=len(kept),
        duplicates=sum(one.duplicates for _, one in clusters),
        clusters=tuple(_among(names, one) for _, one in clusters),
        alone=alone,
        alone_share=round(len(alone) / len(kept), 4) if kept else 0.0,
        merges=(),
        units=tuple(unit for task, unit in units.items() if task in kept),
    )


def plans_of(
    library: Library,
    years: tuple[int | None, int | None] | None = None,
    levels: Collection[str] = (),
) -> list[str] | None:
    """Ids of the plans of these years (first and last, both open if None) and levels.

    ``None`` where nothing is asked: all plans. A plan without a year is in no span of years.
    """
    if years is None and not levels:
        return None
    low, high = years or (None, None)
    return [
        plan.plan
        for plan in library.plans()
        if (not levels or plan.level in levels)
        and (low is None or (plan.year is not None and plan.year >= low))
        and (high is None or (plan.year is not None and plan.year <= high))
    ]


def speaking(words: str) -> Callable[[TaskUnit | str], bool]:
    """Whether whole ``words`` stand in a text or task, with their accents where they have some.

    Nothing but blanks stands in everything.
    """
    wanted = " ".join(nfc(words).split())
    if not wanted:
        return lambda _: True
    key = search_key if has_accents(wanted) else fold
    pattern = re.compile(rf"(?<!\w){re.escape(key(wanted))}(?!\w)")

    def holds(item: TaskUnit | str) -> bool:
        if isinstance(item, str):
            parts = [item]
        else:
            parts = [part for part in (item.content, item.form, item.output) if part]
        return pattern.search(" ".join(key(nfc("\n".join(parts))).split())) is not None

    return holds


def _narrowed(cluster: Cluster, members: list[TaskUnit]) -> Cluster:
    counted = facts(members)
    if counted["tasks"] == cluster.tasks:
        return cluster
    left = set(counted["tasks"])
    return replace(
        cluster,
        **counted,
        duplicates=len(members) - len(set(fold_duplicates([unit.core for unit in members]))),
        second=tuple(one for one in cluster.second if one.task in left),
    )


def _among(names: Collection[str], cluster: Cluster) -> Cluster:
    return replace(cluster, second=tuple(s for s in cluster.second if s.cluster in names))
