"""Clusters of tasks against groups made by a reader: pairwise and B-cubed.

Pairwise: of the pairs that the clusters put together the share that the reader did too
(precision), and the reverse (recall); tasks that stand alone make no pairs. B-cubed averages over
tasks the share of a task's cluster that is in its group, and the reverse (Bagga and Baldwin 1998).
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from kh_nlp.errors import InputError
from kh_nlp.language import fold

if TYPE_CHECKING:
    from kh_nlp.clusters import Clusters, TaskUnit

_ALONE = "riêng"
_COMPARED = 150


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupedTask:
    """A task as a reader grouped it; ``group`` None stands alone."""

    id: str
    content: str
    group: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterScores:
    """Figures in 0..1 over ``tasks`` gold tasks; ``missing`` of them are in no cluster's input."""

    tasks: int
    missing: tuple[str, ...]
    precision: float
    recall: float
    f1: float
    bcubed_precision: float
    bcubed_recall: float
    bcubed_f1: float
    alone_share: float


def load_groups(path: Path) -> list[GroupedTask]:
    """A JSON list of {"id", "content", "group"}; InputError when it is none."""
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))
        return [
            GroupedTask(
                id=row["id"],
                content=row["content"] or "",
                group=None if row["group"].split(":")[0].strip() == _ALONE else row["group"],
            )
            for row in rows
        ]
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError(f"{path} không phải danh sách nhiệm vụ đã chia nhóm.") from error


def match_tasks(units: Sequence[TaskUnit], gold: Sequence[GroupedTask]) -> dict[str, str]:
    """Gold ids by the task of ``units`` meant: "FILE STEM:INDEX" with its words, else by words."""
    places: Counter[str] = Counter()
    by_id: dict[str, tuple[str, str]] = {}
    by_words: dict[str, str] = {}
    for unit in units:
        stem = Path(unit.path).stem
        by_id[f"{stem}:{places[stem]}"] = (unit.task, _words(unit.content))
        places[stem] += 1
        by_words.setdefault(_words(unit.content), unit.task)
    found: dict[str, str] = {}
    for task in gold:
        words = _words(task.content)
        known = by_id.get(task.id)
        name = known[0] if known and known[1] == words else by_words.get(words)
        if name is not None:
            found[task.id] = name
    return found


def score_clusters(clusters: Clusters, gold: Sequence[GroupedTask]) -> ClusterScores:
    """Scores over the gold tasks found among the clusters' units (see ``match_tasks``)."""
    return score_all(clusters, [gold])


def score_all(clusters: Clusters, golds: Sequence[Sequence[GroupedTask]]) -> ClusterScores:
    """Scores over the tasks of several files together; groups of one name are one group."""
    cluster = {task: one.id for one in clusters.clusters for task in one.tasks}
    found: list[Hashable] = []
    wanted: list[Hashable] = []
    missing: list[str] = []
    seen: set[str] = set()
    for gold in golds:
        names = match_tasks(clusters.units, gold)
        missing += [task.id for task in gold if task.id not in names]
        for task in gold:
            name = names.get(task.id)
            if name is not None and name not in seen:
                seen.add(name)
                found.append(cluster.get(name, ("alone", name)))
                wanted.append(task.group or ("alone", name))
    precision, recall = pairwise(found, wanted)
    b_precision, b_recall = bcubed(found, wanted)
    alone = sum(isinstance(one, tuple) for one in found)
    return ClusterScores(
        tasks=len(found),
        missing=tuple(missing),
        precision=precision,
        recall=recall,
        f1=_harmonic(precision, recall),
        bcubed_precision=b_precision,
        bcubed_recall=b_recall,
        bcubed_f1=_harmonic(b_precision, b_recall),
        alone_share=alone / len(found) if found else 0.0,
    )


def pairwise(found: Sequence[Hashable], gold: Sequence[Hashable]) -> tuple[float, float]:
    """Precision and recall of pairs; 0 where there is no pair."""

    def pairs(labels: Sequence[Hashable]) -> int:
        return sum(n * (n - 1) // 2 for n in Counter(labels).values())

    both = pairs(list(zip(found, gold, strict=True)))
    return both / max(1, pairs(found)), both / max(1, pairs(gold))


def bcubed(found: Sequence[Hashable], gold: Sequence[Hashable]) -> tuple[float, float]:
    """B-cubed precision and recall; 0 without tasks."""
    one, two = Counter(found), Counter(gold)
    both = Counter(zip(found, gold, strict=True))
    total = max(1, len(found))
    precision = sum(n * n / one[label] for (label, _), n in both.items()) / total
    recall = sum(n * n / two[label] for (_, label), n in both.items()) / total
    return precision, recall


def _harmonic(one: float, two: float) -> float:
    return 2 * one * two / (one + two) if one + two else 0.0


def _words(text: str) -> str:
    return " ".join(fold(text).split())[:_COMPARED]
