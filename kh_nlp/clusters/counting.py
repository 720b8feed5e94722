"""What the tasks of a cluster say of plans, bodies, forms, products, deadlines and years."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import TypedDict

from kh_nlp.clusters.records import Count, TaskUnit
from kh_nlp.language import fold


class Facts(TypedDict):
    """The counted fields of a ``Cluster``."""

    tasks: tuple[str, ...]
    plans: int
    plan_ids: tuple[str, ...]
    bodies: tuple[Count, ...]
    forms: tuple[Count, ...]
    products: tuple[Count, ...]
    deadlines: tuple[Count, ...]
    years: tuple[Count, ...]


def facts(members: Sequence[TaskUnit]) -> Facts:
    """The counts over ``members``; a task counts once for each value, years are in their order."""
    plans = tuple(sorted({unit.plan for unit in members}))

    def count(values: Callable[[TaskUnit], Iterable[str | None]]) -> tuple[Count, ...]:
        return _counts(value for unit in members for value in set(values(unit)) if value)

    years = count(lambda unit: (str(unit.year) if unit.year else None,))
    return Facts(
        tasks=tuple(unit.task for unit in members),
        plans=len(plans),
        plan_ids=plans,
        bodies=count(lambda unit: unit.lead),
        forms=count(lambda unit: (unit.form,)),
        products=count(lambda unit: (unit.output,)),
        deadlines=count(lambda unit: (unit.deadline,)),
        years=tuple(sorted(years, key=lambda one: one.value)),
    )


def _counts(values: Iterable[str]) -> tuple[Count, ...]:
    """Values by number, spellings that differ in case or accents counted as the commonest."""
    spellings: dict[str, Counter[str]] = {}
    for value in values:
        printed = " ".join(value.split())
        spellings.setdefault(fold(printed), Counter())[printed] += 1
    found = [
        Count(value=min(c, key=lambda word: (-c[word], word)), tasks=sum(c.values()))
        for c in spellings.values()
    ]
    return tuple(sorted(found, key=lambda one: (-one.tasks, one.value)))
