"""Tests over plans: is a label's share bound to the year or the group, or only by chance?

One statistic serves all of them: the sum over plans of score x value, where the scores add up to
zero. For a trend a plan's score is the middle of its years; for two groups it is its weight in one
over all weights there, less the same for the other, so that the sum is the difference in share.
Under the null the scores are dealt out to the plans at random. ``p`` is two-sided.
"""

from __future__ import annotations

from itertools import combinations, permutations
from math import comb, factorial, prod

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

ROUNDS = 9_999
AGAIN = 199_999
"""Rounds for labels whose first p is small: fresh draws, so that the first look costs nothing."""

SMALL = 0.01
ENUMERATED = 20_000
"""Deals up to which all of them are counted instead of drawn."""

_CELLS = 4_000_000
_MOST = 400_000_000
"""Random numbers for one test at most; beyond it there are fewer rounds."""


def p_values(
    values: Floats,
    score: Floats,
    *,
    seed: int,
    strata: NDArray[np.int64] | None = None,
    again: int = AGAIN,
) -> tuple[Floats, NDArray[np.bool_]]:
    """The p of each column of ``values`` (plans x labels), and whether it is exact.

    ``strata`` numbers groups of plans within which alone scores are dealt. ``again`` is the number
    of rounds for labels whose first p is small (0: the first stands).
    """
    plans, labels = values.shape
    if plans < 2 or not labels:
        return np.ones(labels), np.ones(labels, dtype=bool)
    score = _centred(score, strata)
    if not score.any():
        return np.ones(labels), np.ones(labels, dtype=bool)
    if strata is None:
        if (deals := _all_deals(score)) is not None:
            return _counted(values, score, deals), np.ones(labels, dtype=bool)
        if len(np.unique(score)) == 2 and np.isin(values, (0.0, 1.0)).all():
            return _hypergeometric(values, score), np.ones(labels, dtype=bool)
    rng = np.random.default_rng(seed)
    first = min(ROUNDS, max(999, _MOST // 10 // plans))
    p = _drawn(values, score, strata, rng, first)
    small = np.flatnonzero(p <= SMALL)
    more = min(again, _MOST // plans)
    if len(small) and more > first:
        p[small] = _drawn(values[:, small], score, strata, rng, more)
    return p, np.zeros(labels, dtype=bool)


def corrected(p: Floats) -> Floats:
    """Benjamini-Hochberg: q for each p, all of them one family."""
    if not len(p):
        return p
    from scipy.stats import false_discovery_control

    adjusted: Floats = false_discovery_control(p, method="bh")
    return adjusted


def smallest_p(score: Floats, *, presence: bool = True) -> float:
    """The least p that any label could reach with these scores: with few plans it is large.

    Three plans against three can reach no less than 2/20 however clear-cut they are. ``presence``:
    values are 0 or 1; shares that all differ can reach less.
    """
    score = np.round(score - score.mean(), 12)
    plans = len(score)
    if plans < 2 or not score.any():
        return 1.0
    if not presence:
        ties = np.unique(score, return_counts=True)[1].tolist()
        deals = factorial(plans) // prod(factorial(size) for size in ties)
        mirrored = bool(np.allclose(np.sort(score), np.sort(-score)))
        return float((1 + mirrored) / deals)
    order = np.sort(score)
    best = 1.0
    for having in range(1, plans):
        low, high = order[:having], order[plans - having :]
        ends = [(abs(float(part.sum())), part[edge]) for part, edge in ((low, -1), (high, 0))]
        reach = max(extent for extent, _ in ends)
        ways = sum(
            comb(int((score == edge).sum()), int((part == edge).sum()))
            for (extent, edge), part in zip(ends, (low, high), strict=True)
            if np.isclose(extent, reach)
        )
        best = min(best, ways / comb(plans, having))
    return best


def _centred(score: Floats, strata: NDArray[np.int64] | None) -> Floats:
    if strata is None:
        whole: Floats = score - score.mean()
        return whole
    sums = np.bincount(strata, score)
    sizes = np.maximum(np.bincount(strata), 1)
    centred: Floats = score - (sums / sizes)[strata]
    return centred


def _near(score: Floats, values: Floats) -> Floats:
    """Sums closer than this are one: rounding must not make equal deals differ."""
    near: Floats = 1e-9 * (np.abs(score).sum() * np.abs(values).max(axis=0) + 1e-300)
    return near


def _all_deals(score: Floats) -> Floats | None:
    """Every way to deal the scores, as rows; None where there are too many."""
    plans = len(score)
    found, times = np.unique(score, return_counts=True)
    if len(found) == 2 and comb(plans, int(times[0])) <= ENUMERATED:
        chosen = np.array(list(combinations(range(plans), int(times[0]))))
        deals = np.full((len(chosen), plans), found[1])
        np.put_along_axis(deals, chosen, found[0], axis=1)
        return deals
    if plans < 9 and factorial(plans) <= ENUMERATED:
        return np.array(list(permutations(score)))
    return None


def _counted(values: Floats, score: Floats, deals: Floats) -> Floats:
    near = _near(score, values)
    seen = np.abs(score @ values) - near
    hits: Floats = (np.abs(deals @ values) >= seen).mean(axis=0)
    return hits


def _hypergeometric(values: Floats, score: Floats) -> Floats:
    """Exact p for presence in two groups: k of the K plans with the label are of the first."""
    from scipy.stats import hypergeom

    low, high = np.unique(score)
    plans, first = len(score), int((score == high).sum())
    having = values.sum(axis=0).astype(int)
    sums = score @ values
    p = np.ones(len(having))
    for total in np.unique(having).tolist():
        k = np.arange(max(0, total - (plans - first)), min(total, first) + 1)
        chance = hypergeom.pmf(k, plans, first, total)
        extent = np.abs(high * k + low * (total - k))
        for at in np.flatnonzero(having == total).tolist():
            seen = abs(sums[at]) - 1e-9 * np.abs(score).sum()
            p[at] = min(1.0, chance[extent >= seen].sum())
    return p


def _drawn(
    values: Floats,
    score: Floats,
    strata: NDArray[np.int64] | None,
    rng: np.random.Generator,
    rounds: int,
) -> Floats:
    near = _near(score, values)
    seen = np.abs(score @ values) - near
    hits = np.zeros(values.shape[1], dtype=np.int64)
    step = max(1, _CELLS // max(len(score), values.shape[1]))
    blocks = (
        [np.arange(len(score))]
        if strata is None
        else [np.flatnonzero(strata == s) for s in np.unique(strata)]
    )
    for start in range(0, rounds, step):
        size = min(step, rounds - start)
        dealt = np.empty((size, len(score)))
        for block in blocks:
            dealt[:, block] = rng.permuted(np.tile(score[block], (size, 1)), axis=1)
        hits += (np.abs(dealt @ values) >= seen).sum(axis=0)
    p: Floats = (1 + hits) / (rounds + 1)
    return p
