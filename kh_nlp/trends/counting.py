"""Units with labels become matrices: one row for each plan, one column for each label."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kh_nlp.trends.records import Dimension, Measure, PlanFacts, Unit

Floats = NDArray[np.float64]
_UNKNOWN = "\uffff"  # sorts after every name


@dataclass(frozen=True, eq=False)
class Counts:
    """``units`` and ``characters`` (plans x labels) count what has the label, ``all_units`` and
    ``all_characters`` (plans) everything that could have one.

    Plans without any unit have no shares; they are left out when the counts are made.
    """

    plans: tuple[PlanFacts, ...]
    labels: tuple[str, ...]
    units: Floats
    characters: Floats
    all_units: Floats
    all_characters: Floats

    def values(self, measure: Measure) -> Floats:
        """Plans x labels: 0 or 1 for ``plans``, else a share in 0..1."""
        if measure == "plans":
            return (self.units > 0).astype(float)
        if measure == "units":
            return self.units / self.all_units[:, None]
        return self.characters / self.all_characters[:, None]

    @cached_property
    def years(self) -> tuple[int, ...]:
        """All years that a plan is for, each in between too: a gap is shown as one."""
        found = [year for plan in self.plans for year, _ in plan.years]
        return tuple(range(min(found), max(found) + 1)) if found else ()

    @cached_property
    def year_weights(self) -> Floats:
        """Plans x years: the share of the plan's days in the year."""
        first = self.years[0] if self.years else 0
        weights = np.zeros((len(self.plans), len(self.years)))
        for row, plan in enumerate(self.plans):
            for year, share in plan.years:
                weights[row, year - first] = share
        return weights

    @cached_property
    def dated(self) -> NDArray[np.bool_]:
        """Plans that tell when they are for."""
        return np.array([bool(plan.years) for plan in self.plans], dtype=bool)

    @cached_property
    def middle(self) -> Floats:
        """For each plan the mean of its years, weighted by days; 0 for plans without any."""
        return (
            self.year_weights @ np.array(self.years, dtype=float)
            if self.years
            else np.zeros(len(self.plans))
        )

    def only(self, chosen: NDArray[np.bool_]) -> Counts:
        """The plans where ``chosen`` is true."""
        return Counts(
            tuple(p for p, keep in zip(self.plans, chosen, strict=True) if keep),
            self.labels,
            self.units[chosen],
            self.characters[chosen],
            self.all_units[chosen],
            self.all_characters[chosen],
        )


def count(plans: Sequence[PlanFacts], units: Iterable[Unit]) -> Counts:
    """Counts over labelled units, whatever the labels are; labels in the order of their names."""
    rows = {plan.plan: row for row, plan in enumerate(plans)}
    columns: dict[str, int] = {}
    total = np.zeros((len(plans), 2))
    cells: list[tuple[int, int, int]] = []
    for unit in units:
        row = rows[unit.plan]
        total[row] += (1, unit.characters)
        cells += [
            (row, columns.setdefault(label, len(columns)), unit.characters)
            for label in dict.fromkeys(unit.labels)
        ]
    order = np.argsort(np.array(list(columns), dtype=object)) if columns else np.zeros(0, int)
    place = np.empty(len(columns), dtype=int)
    place[order] = np.arange(len(columns))
    number = np.zeros((len(plans), len(columns)))
    characters = np.zeros_like(number)
    if cells:
        at = np.array(cells, dtype=np.int64)
        np.add.at(number, (at[:, 0], place[at[:, 1]]), 1)
        np.add.at(characters, (at[:, 0], place[at[:, 1]]), at[:, 2])
    whole = Counts(
        tuple(plans), tuple(sorted(columns)), number, characters, total[:, 0], total[:, 1]
    )
    kept = (total[:, 0] > 0) & (total[:, 1] > 0)
    return whole if kept.all() else whole.only(kept)


def groups(counts: Counts, by: Sequence[Dimension]) -> tuple[list[Mapping[Dimension, Any]], Floats]:
    """The groups of ``by`` that hold a plan, and plans x groups of weights.

    A plan's weight in a group of years is its share of days there, else 1.
    """
    named: list[Dimension] = [part for part in by if part != "year"]
    keys = [tuple(getattr(plan, part) or _UNKNOWN for part in named) for plan in counts.plans]
    others = sorted(set(keys))
    member = np.array([[key == other for other in others] for key in keys], dtype=float)
    member = member.reshape(len(keys), len(others))
    facts: list[Mapping[Dimension, Any]] = []
    weights: list[Floats] = []
    for year in counts.years if "year" in by else (None,):
        for column, other in enumerate(others):
            weight = member[:, column]
            if year is not None:
                weight = weight * counts.year_weights[:, year - counts.years[0]]
            if weight.any():
                known: dict[Dimension, Any] = {"year": year}
                for part, value in zip(named, other, strict=True):
                    known[part] = None if value == _UNKNOWN else value
                facts.append(known)
                weights.append(weight)
    stacked = np.stack(weights, axis=1) if weights else np.zeros((len(keys), 0))
    return facts, stacked
