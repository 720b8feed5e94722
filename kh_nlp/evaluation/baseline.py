"""Figures written down, and what a change won and lost against them."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from kh_nlp.errors import InputError
from kh_nlp.evaluation.figures import FIGURES
from kh_nlp.evaluation.parsing import PlanScore


class Report(Protocol):
    """Scores of plans, whatever their figures are."""

    @property
    def plans(self) -> tuple[PlanScore, ...]:
        """One score a plan."""


Baseline = Mapping[str, Mapping[str, float]]
"""Values by plan and figure."""

TOLERANCE = 0.005
"""A mean may fall by this much before it counts as fallen."""

_SCHEMA = 1
_DIGITS = 4
_SAME = 10**-_DIGITS


@dataclass(frozen=True, slots=True)
class Change:
    """One figure of one plan (``plan`` is None: of the mean) before and now."""

    plan: str | None
    figure: str
    before: float
    now: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """Gains and losses, the greatest first; ``fallen`` are means below the baseline's.

    ``means`` are over the plan–figure pairs that both have; ``new`` are plans without a baseline.
    """

    gains: tuple[Change, ...]
    losses: tuple[Change, ...]
    means: tuple[Change, ...]
    fallen: tuple[str, ...]
    new: tuple[str, ...]


def load_baseline(file: Path | str) -> Baseline:
    """The values in ``file``. Raises InputError when it is no baseline of this form."""
    path = Path(file)
    try:
        data = json.loads(path.read_text("utf-8"))
        if data["schema"] > _SCHEMA:
            raise InputError(f"{path}: mốc so sánh do phiên bản mới hơn ghi.")
        return {
            plan: {figure: float(value) for figure, value in row.items()}
            for plan, row in data["plans"].items()
        }
    except OSError as error:
        raise InputError(f"{path}: không đọc được mốc so sánh ({error.strerror}).") from None
    except (ValueError, TypeError, KeyError, AttributeError):
        raise InputError(f"{path}: không phải tệp mốc so sánh.") from None


def save_baseline(
    report: Report, file: Path | str, figures: Collection[str] = tuple(FIGURES)
) -> None:
    """Write the figures of ``report`` to ``file``, beside those of other plans already there.

    A reading whose plan was missing is not written. Raises InputError when ``file`` exists and is
    no baseline.
    """
    path = Path(file)
    plans = {name: dict(row) for name, row in load_baseline(path).items()} if path.exists() else {}
    for plan in report.plans:
        if plan.path is not None:
            plans[plan.name] = {n: round(f.value, _DIGITS) for n, f in plan.figures.items()}
    values = {n: [row[n] for row in plans.values() if n in row] for n in figures}
    means = {n: round(sum(v) / len(v), _DIGITS) for n, v in values.items() if v}
    data = {"schema": _SCHEMA, "means": means, "plans": dict(sorted(plans.items()))}
    path.write_text(json.dumps(data, ensure_ascii=False, indent=1) + "\n", "utf-8")


def compare(
    report: Report, baseline: Baseline, figures: Collection[str] = tuple(FIGURES)
) -> Comparison:
    """What ``report`` won and lost against ``baseline``; ``figures`` are the names looked at.

    Plans of the baseline that the report does not speak of are left aside, so that one file can
    hold the baseline of several folders. A figure that a plan no longer has (no document found
    whose issuer could be compared) has fallen to 0.
    """
    changes: list[Change] = []
    for plan in report.plans:
        before = baseline.get(plan.name, {})
        now = {name: figure.value for name, figure in plan.figures.items()}
        changes += [
            Change(plan.name, name, value, now.get(name, 0)) for name, value in before.items()
        ]
    gains = [change for change in changes if change.now - change.before > _SAME]
    losses = [change for change in changes if change.before - change.now > _SAME]
    means = [
        Change(None, name, _mean([c.before for c in of]), _mean([c.now for c in of]))
        for name in figures
        if (of := [change for change in changes if change.figure == name])
    ]
    return Comparison(
        gains=tuple(sorted(gains, key=lambda change: change.before - change.now)),
        losses=tuple(sorted(losses, key=lambda change: change.now - change.before)),
        means=tuple(means),
        fallen=tuple(mean.figure for mean in means if mean.before - mean.now > TOLERANCE),
        new=tuple(plan.name for plan in report.plans if plan.name not in baseline),
    )


def _mean(values: list[float]) -> float:
    return sum(values) / len(values)
