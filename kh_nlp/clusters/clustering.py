"""``cluster_tasks``: all tasks of a library into clusters, and those that stay alone."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from kh_nlp.clusters.counting import facts
from kh_nlp.clusters.features import Matrix, features
from kh_nlp.clusters.gathering import ORIGINS, fold_duplicates, gather
from kh_nlp.clusters.grouping import TREE, Rows, group, means, nearest, tree
from kh_nlp.clusters.keeping import Kept, load
from kh_nlp.clusters.labelling import labels
from kh_nlp.clusters.records import Cluster, Clusters, Merge, SecondChoice, TaskUnit
from kh_nlp.embedding import Encoder, VectorCache
from kh_nlp.errors import UsageError
from kh_nlp.language import fold
from kh_nlp.library import Library
from kh_nlp.model import TaskOrigin

THRESHOLD = 0.55
"""Mean distance within a cluster (docs/clusters.md; .5 to .6 give nearly the same figures)."""


@dataclass(slots=True)
class _Group:
    id: str | None
    name: str | None
    rows: Rows


def cluster_tasks(
    library: Library,
    *,
    threshold: float = THRESHOLD,
    origins: Collection[TaskOrigin] = ORIGINS,
    encoder: Encoder | None = None,
    fresh: bool = False,
) -> Clusters:
    """Clusters of similar tasks over all plans; equal input gives equal clusters.

    ``threshold`` in 0..1 is the mean distance up to which tasks join. Clusters that were kept (see
    ``keep``) hold their ids, names and tasks: new tasks join the nearest within the threshold, the
    rest form new clusters. ``fresh`` leaves what was kept aside. UsageError for a threshold
    outside 0..1 or an unknown kind of task.
    """
    _check(threshold)
    cache = VectorCache(library.path / "vectors.sqlite")
    return cluster_units(
        gather(library, origins),
        encoder or library.encoder(),
        threshold=threshold,
        cache=cache,
        kept=() if fresh else load(library),
    )


def _check(threshold: float) -> None:
    if not 0 < threshold < 1:
        raise UsageError("Ngưỡng khoảng cách phải lớn hơn 0 và nhỏ hơn 1.")


def cluster_units(
    units: Sequence[TaskUnit],
    encoder: Encoder,
    *,
    threshold: float = THRESHOLD,
    cache: VectorCache | None = None,
    kept: Sequence[Kept] = (),
) -> Clusters:
    """Clusters of tasks from anywhere; ``cluster_tasks`` says how, ``kept`` are its kept ones."""
    _check(threshold)
    rows = np.array([at for at, unit in enumerate(units) if unit.core], dtype=np.int64)
    first = fold_duplicates([units[at].core for at in rows])
    lead = [int(rows[at]) for at in first]
    copies: dict[int, list[int]] = {}
    for row, original in zip(rows.tolist(), lead, strict=True):
        copies.setdefault(original, []).append(row)
    if not copies:
        return _answer(units, threshold, [], [], copies, None)
    found = features(units, encoder, cache)
    groups = _known(units, kept, dict(zip(rows.tolist(), lead, strict=True)))
    held = {int(row) for known in groups for row in known.rows}
    new = np.array([row for row in copies if row not in held], dtype=np.int64)
    if groups and len(new):
        best, likeness = nearest(found, new, means(found, [known.rows for known in groups]))
        joins = likeness >= 1 - threshold
        for place in range(len(groups)):
            mine = new[joins & (best == place)]
            groups[place].rows = np.sort(np.concatenate([groups[place].rows, mine]))
        new = new[~joins]
    if len(new):
        groups += [_Group(None, None, part) for part in group(found, new, threshold)]
    # A text that several tasks share is a cluster; one task by itself is alone.
    several = [one for one in groups if one.id or sum(len(copies[int(r)]) for r in one.rows) > 1]
    return _answer(units, threshold, several, list(kept), copies, found)


def _known(units: Sequence[TaskUnit], kept: Iterable[Kept], lead: dict[int, int]) -> list[_Group]:
    """Kept clusters of which tasks are still there (a text belongs to the first that holds it)."""
    place = {unit.task: at for at, unit in enumerate(units)}
    groups: list[_Group] = []
    taken: set[int] = set()
    for cluster in kept:
        rows = {lead[place[task]] for task in cluster.tasks if place.get(task) in lead} - taken
        taken |= rows
        if rows:
            groups.append(_Group(cluster.id, cluster.name, np.array(sorted(rows), dtype=np.int64)))
    return groups


def _answer(
    units: Sequence[TaskUnit],
    threshold: float,
    groups: Sequence[_Group],
    kept: Sequence[Kept],
    copies: dict[int, list[int]],
    found: Matrix | None,
) -> Clusters:
    clusters: list[Cluster] = []
    merges: tuple[Merge, ...] = ()
    if groups and found is not None:
        centres = means(found, [one.rows for one in groups])
        typical = [_typical(found, one.rows, centres[at]) for at, one in enumerate(groups)]
        names = _names([one.id for one in groups], [units[t[0]].core for t in typical], kept)
        texts = labels([[units[row].core for row in rows] for rows in typical])
        second = _second(found, groups, centres)
        for at, one in enumerate(groups):
            members = sorted(row for lead in one.rows for row in copies[int(lead)])
            clusters.append(
                _cluster(
                    [units[row] for row in members],
                    id=names[at],
                    label=one.name or texts[at],
                    named=one.name is not None,
                    exemplar=units[typical[at][0]],
                    duplicates=len(members) - len(one.rows),
                    second=tuple(
                        SecondChoice(
                            task=units[row].task, cluster=names[other], similarity=round(like, 3)
                        )
                        for row, other, like in second.get(at, ())
                    ),
                )
            )
        merges = _merges(names, centres)
    inside = {task for cluster in clusters for task in cluster.tasks}
    alone = tuple(unit.task for unit in units if unit.task not in inside)
    return Clusters(
        threshold=threshold,
        tasks=len(units),
        duplicates=sum(len(rows) - 1 for rows in copies.values()),
        clusters=tuple(sorted(clusters, key=lambda c: (-len(c.tasks), -c.plans, c.id))),
        alone=alone,
        alone_share=round(len(alone) / len(units), 4) if units else 0.0,
        merges=merges,
        units=tuple(units),
    )


def _typical(found: Matrix, rows: Rows, centre: Matrix) -> list[int]:
    """Rows from the medoid outwards."""
    likeness = found[rows] @ centre
    order = np.lexsort((rows, -np.round(likeness.astype(np.float64), 5)))
    return [int(row) for row in rows[order]]


def _names(ids: Sequence[str | None], exemplars: Sequence[str], kept: Sequence[Kept]) -> list[str]:
    """Ids of kept clusters, else the hash of the medoid's words: no running numbers to shift."""
    taken = {cluster.id for cluster in kept}
    names: list[str] = []
    for known, text in zip(ids, exemplars, strict=True):
        name = known or cluster_id(text, taken)
        taken.add(name)
        names.append(name)
    return names


def cluster_id(text: str, taken: Collection[str]) -> str:
    """An id from a text that is not among ``taken``."""
    words = " ".join(fold(text).split())
    for salt in range(len(taken) + 1):
        name = "c" + hashlib.sha256(f"{words}{salt or ''}".encode()).hexdigest()[:8]
        if name not in taken:
            return name
    raise AssertionError("unreachable")  # pragma: no cover


def _second(
    found: Matrix, groups: Sequence[_Group], centres: Matrix
) -> dict[int, list[tuple[int, int, float]]]:
    """By cluster: (row, other cluster, mean similarity) where there is another cluster."""
    if len(groups) < 2:
        return {}
    rows = np.concatenate([one.rows for one in groups])
    own = [at for at, one in enumerate(groups) for _ in one.rows]
    best, likeness = nearest(found, rows, centres, own)
    second: dict[int, list[tuple[int, int, float]]] = {}
    for at, row, other, like in zip(own, rows, best, likeness, strict=True):
        second.setdefault(at, []).append((int(row), int(other), float(like)))
    return second


def _merges(names: Sequence[str], centres: Matrix) -> tuple[Merge, ...]:
    if not 2 <= len(names) <= TREE:
        return ()
    called = list(names)
    found: list[Merge] = []
    for number, (left, right, distance, _) in enumerate(tree(1 - centres @ centres.T), 1):
        found.append(
            Merge(
                id=f"m{number}",
                left=called[int(left)],
                right=called[int(right)],
                distance=round(float(distance), 4),
            )
        )
        called.append(f"m{number}")
    return tuple(found)


def _cluster(
    members: Sequence[TaskUnit],
    *,
    id: str,
    label: str,
    named: bool,
    exemplar: TaskUnit,
    duplicates: int,
    second: tuple[SecondChoice, ...],
) -> Cluster:
    return Cluster(
        id=id,
        label=label,
        named=named,
        exemplar=exemplar.task,
        exemplar_text=exemplar.core,
        duplicates=duplicates,
        second=second,
        **facts(members),
    )
