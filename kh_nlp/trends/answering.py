"""``trends`` and ``telling_words``: the answers of the room."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kh_nlp.errors import UsageError
from kh_nlp.trends import bursts as bursting
from kh_nlp.trends import warning
from kh_nlp.trends.counting import Counts, count, groups
from kh_nlp.trends.distinguishing import log_odds, prior_of
from kh_nlp.trends.intervals import effective, interval, shares
from kh_nlp.trends.labelling import Labelled
from kh_nlp.trends.reading import StoredPlan
from kh_nlp.trends.records import (
    Burst,
    Change,
    Dimension,
    Group,
    LabelTrend,
    Measure,
    Share,
    TrendAnswer,
    Word,
    WordsAnswer,
)
from kh_nlp.trends.testing import corrected, p_values, smallest_p
from kh_nlp.trends.wordlists import LEAST_PLANS, counted

Floats = NDArray[np.float64]

LEVEL = 0.05
SEED = 1
LEAST_TESTED = 3
"""Plans that a label must have to be tested: fewer can show nothing and harden the correction."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One of two groups to compare: all plans of these years, this level or this province."""

    name: str
    years: tuple[int, int] | None = None
    level: str | None = None
    province: str | None = None

    def weights(self, counts: Counts) -> Floats:
        """Weight of each plan in the group."""
        if self.years is not None:
            inside = [self.years[0] <= year <= self.years[1] for year in counts.years]
            return (
                counts.year_weights @ np.array(inside, dtype=float)
                if inside
                else np.zeros(len(counts.plans))
            )
        return np.array(
            [
                float(self.level == p.level if self.level else self.province == p.province)
                for p in counts.plans
            ]
        )


def trends(
    labelled: Labelled,
    *,
    of: str = "",
    by: Sequence[Dimension] = ("year",),
    measure: Measure = "plans",
    compare: tuple[Side, Side] | None = None,
    within: Sequence[Dimension] = (),
    limit: int | None = None,
    level: float = LEVEL,
    seed: int = SEED,
    level_name: Callable[[str], str] = str,
) -> TrendAnswer:
    """Shares of every label by the groups of ``by``, with a test of change.

    With ``compare`` the test is between the two sides, else over the years where ``by`` has
    ``year``. ``within`` deals scores only inside plans of one level or province, so that a change
    in who writes plans is no change in what they say. ``limit`` is the number of labels given,
    those with a change first; all labels tested count for the correction. ``level_name`` puts a
    level into words for the warnings.

    Raises:
        UsageError: a side of ``compare`` has no plan.
    """
    counts = count(labelled.plans, labelled.units)
    undated = tuple(p.plan for p in counts.plans if not p.years)
    if "year" in by:
        counts = counts.only(counts.dated)
    facts, weights = groups(counts, by)
    sizes = effective(weights)
    made = tuple(
        Group(
            year=f.get("year"), level=f.get("level"), province=f.get("province"),
            plans=int((weights[:, g] > 0).sum()), weight=round(float(weights[:, g].sum()), 4),
            effective=round(float(sizes[g]), 2), few=bool(sizes[g] < warning.FEW),
        )
        for g, f in enumerate(facts)
    )  # fmt: skip
    values = counts.values(measure)
    tested, changes, score = _changes(counts, values, by, compare, within, level, seed)
    plans = (counts.units > 0).sum(axis=0)
    total = counts.units.sum(axis=0)
    order = sorted(
        range(len(counts.labels)),
        key=lambda at: (
            at not in changes,
            (not changes[at].found, changes[at].q, changes[at].p) if at in changes else (),
            -plans[at], -total[at], counts.labels[at],
        ),
    )[:limit]  # fmt: skip
    per_group = _shares(counts, values, weights, order, measure, seed)
    return TrendAnswer(
        of=of, by=tuple(by), measure=measure, level=level, plans=len(counts.plans),
        units=int(counts.all_units.sum()), tested=len(tested), groups=made,
        labels=tuple(
            LabelTrend(
                label=counts.labels[at],
                name=labelled.names.get(counts.labels[at], counts.labels[at]),
                plans=int(plans[at]), units=int(total[at]), shares=per_group[at],
                change=changes.get(at),
            )
            for at in order
        ),
        bursts=_bursts(counts, labelled, tested, level, seed) if tuple(by) == ("year",) else (),
        compared=(compare[0].name, compare[1].name) if compare else None,
        undated=undated if "year" in by or (compare and compare[0].years) else (),
        warnings=warning.warnings(made, by, undated if "year" in by else (), score, len(tested),
                                  level, measure, compare is not None, level_name),
    )  # fmt: skip


def _changes(
    counts: Counts,
    values: Floats,
    by: Sequence[Dimension],
    compare: tuple[Side, Side] | None,
    within: Sequence[Dimension],
    level: float,
    seed: int,
) -> tuple[list[int], dict[int, Change], Floats | None]:
    """Positions of the labels tested, the change of each, and the scores of the plans tested."""
    if compare is not None:
        score, chosen = _two_sides(counts, compare)
    elif "year" in by and len(counts.years) > 1:
        score, chosen = counts.middle, counts.dated
    else:
        return [], {}, None
    score, values, part = score[chosen], values[chosen], counts.only(chosen)
    having = (part.units > 0).sum(axis=0)
    tested = np.flatnonzero(
        (having >= LEAST_TESTED) & (np.ptp(values, axis=0) > 0) if len(values) else having > 0
    )
    inside = values[:, tested]
    centred = score - score.mean() if len(score) else score
    p, exact = p_values(inside, score, seed=seed, strata=_strata(part, within))
    q = corrected(p)
    extent = 1.0 if compare is not None else float((centred**2).sum()) or 1.0
    moved = (score if compare is not None else centred) @ inside / extent
    changes = {
        int(at): Change(
            difference=float(moved[place]), p=float(p[place]), q=float(q[place]),
            exact=bool(exact[place]), found=bool(q[place] <= level),
        )
        for place, at in enumerate(tested)
    }  # fmt: skip
    return tested.tolist(), changes, score


def _two_sides(counts: Counts, compare: tuple[Side, Side]) -> tuple[Floats, NDArray[np.bool_]]:
    first, second = (side.weights(counts) for side in compare)
    for side, weight in zip(compare, (first, second), strict=True):
        if not weight.any():
            raise UsageError(f"Không có kế hoạch nào thuộc “{side.name}” để so sánh.")
    return second / second.sum() - first / first.sum(), (first > 0) | (second > 0)


def _strata(counts: Counts, within: Sequence[Dimension]) -> NDArray[np.int64] | None:
    if not within:
        return None
    keys = [tuple(getattr(plan, part) for part in within) for plan in counts.plans]
    numbers: dict[Any, int] = {}
    return np.array([numbers.setdefault(key, len(numbers)) for key in keys], dtype=np.int64)


def _shares(
    counts: Counts,
    values: Floats,
    weights: Floats,
    order: Sequence[int],
    measure: Measure,
    seed: int,
) -> dict[int, tuple[Share, ...]]:
    shown = list(order)
    means = shares(values[:, shown], weights)
    having = (weights > 0).astype(float).T @ (counts.units[:, shown] > 0)
    units = (weights > 0).astype(float).T @ counts.units[:, shown]
    ends = [
        interval(values[:, shown], weights[:, group], measure, seed)
        for group in range(weights.shape[1])
    ]
    return {
        label: tuple(
            Share(
                group=group, plans=int(having[group, column]), units=int(units[group, column]),
                share=float(means[group, column]),
                low=None if np.isnan(low[column]) else float(low[column]),
                high=None if np.isnan(high[column]) else float(high[column]),
            )
            for group, (low, high) in enumerate(ends)
        )
        for column, label in enumerate(shown)
    }  # fmt: skip


def _bursts(
    counts: Counts, labelled: Labelled, tested: Sequence[int], level: float, seed: int
) -> tuple[Burst, ...]:
    """Bursts of the labels tested, strongest evidence first."""
    having = (counts.units[:, list(tested)] > 0).astype(float)
    found, p = bursting.bursts(having, counts.year_weights, seed=seed)
    q = corrected(p)
    made = []
    for place, first, last, weight in found:
        label = counts.labels[tested[place]]
        made.append(
            Burst(
                label=label, name=labelled.names.get(label, label), first=counts.years[first],
                last=counts.years[last], weight=weight, p=float(p[place]), q=float(q[place]),
                found=bool(q[place] <= level),
            )
        )  # fmt: skip
    return tuple(sorted(made, key=lambda b: (b.q, b.p, -b.weight, b.label)))


def telling_words(
    plans: Sequence[StoredPlan],
    compare: tuple[Side, Side],
    *,
    limit: int = 30,
    level: float = LEVEL,
    seed: int = SEED,
) -> WordsAnswer:
    """Words that tell the two sides apart, of those that at least three plans of them use.

    Raises:
        UsageError: a side has no plan.
    """
    used = [(plan.facts, words) for plan, words in counted(plans)]
    in_plans = Counter(word for _, words in used for word in words)
    vocabulary = sorted(word for word, times in in_plans.items() if times >= LEAST_PLANS)
    columns = {word: at for at, word in enumerate(vocabulary)}
    number = np.zeros((len(used), len(vocabulary)))
    for row, (_, words) in enumerate(used):
        for word, times in words.items():
            if (at := columns.get(word)) is not None:
                number[row, at] = times
    length = np.maximum(number.sum(axis=1), 1)
    facts = tuple(plan for plan, _ in used)
    counts = Counts(facts, tuple(vocabulary), number, number, length, length)
    score, chosen = _two_sides(counts, compare)
    first, second = (side.weights(counts) for side in compare)
    one, other = first @ number, second @ number
    having = (number[chosen] > 0).sum(axis=0)
    tested = np.flatnonzero(having >= LEAST_PLANS)
    delta, z = log_odds(one, other, np.maximum(prior_of(number), 1e-9))
    p, _ = p_values((number / length[:, None])[chosen][:, tested], score[chosen], seed=seed)
    q = corrected(p)
    found = [
        Word(
            word=vocabulary[at], log_odds=float(delta[at]), z=float(z[at]),
            first=round(float(one[at]), 3), second=round(float(other[at]), 3),
            first_plans=int(((number[:, at] > 0) & (first > 0)).sum()),
            second_plans=int(((number[:, at] > 0) & (second > 0)).sum()),
            p=float(p[place]), q=float(q[place]), found=bool(q[place] <= level),
        )
        for place, at in enumerate(tested.tolist())
    ]  # fmt: skip
    found.sort(key=lambda word: (-abs(word.z), word.word))
    return WordsAnswer(
        compared=(compare[0].name, compare[1].name),
        plans=(int((first > 0).sum()), int((second > 0).sum())),
        tested=len(tested), level=level,
        first=_without_parts([w for w in found if w.z > 0], limit),
        second=_without_parts([w for w in found if w.z < 0], limit),
        warnings=warning.too_few(score[chosen], level, len(tested), presence=False),
    )  # fmt: skip


def _without_parts(words: Sequence[Word], limit: int) -> tuple[Word, ...]:
    """The strongest words; one that is part of a stronger or longer equal one says nothing more."""
    kept: list[Word] = []
    for word in words:
        if len(kept) == limit:
            break
        if not any(
            f" {word.word} " in f" {other.word} " or f" {other.word} " in f" {word.word} "
            for other in kept
        ):
            kept.append(word)
    return tuple(kept)


__all__ = ["LEAST_TESTED", "LEVEL", "SEED", "Side", "smallest_p", "telling_words", "trends"]
