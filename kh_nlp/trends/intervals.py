"""Intervals of shares by the bootstrap over plans.

The Bayesian bootstrap (Rubin 1981): in each of ``rounds`` every plan gets a random weight from the
exponential distribution, which is what drawing plans with replacement does, without its jumps. A
share of plans also gets half a plan with and half a plan without the label (Jeffreys): for plans of
equal weight the interval is that of Beta(k + 1/2, n - k + 1/2), whose coverage holds for a few
plans and for shares of 0 and 1, where drawing with replacement gives an interval of no width.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from kh_nlp.trends.records import Measure

Floats = NDArray[np.float64]

ROUNDS = 2000
COVERAGE = 0.95
_CELLS = 4_000_000
"""Random numbers drawn at once at most (32 MB)."""


def effective(weights: Floats) -> Floats:
    """Kish's effective number of plans for each column of weights."""
    squares = (weights**2).sum(axis=0)
    found: Floats = np.divide(
        weights.sum(axis=0) ** 2, squares, out=np.zeros(weights.shape[1]), where=squares > 0
    )
    return found


def shares(values: Floats, weights: Floats) -> Floats:
    """Groups x labels: weighted means of ``values`` (plans x labels) by ``weights`` (x groups)."""
    total = weights.sum(axis=0)[:, None]
    found: Floats = np.divide(
        weights.T @ values, total, out=np.zeros((weights.shape[1], values.shape[1])),
        where=total > 0,
    )  # fmt: skip
    return found


def interval(
    values: Floats, weight: Floats, measure: Measure, seed: int, rounds: int = ROUNDS
) -> tuple[Floats, Floats]:
    """Low and high ends for each label of one group, NaN where the group's plans do not differ.

    The same seed and plans give the same ends whatever else is asked.
    """
    here = weight > 0
    inside, weigh = values[here], weight[here]
    if not len(weigh):
        return (np.full(values.shape[1], np.nan),) * 2
    rng = np.random.default_rng(seed)
    drawn = np.empty((rounds, values.shape[1]))
    step = max(1, _CELLS // (len(weigh) + 2))
    for start in range(0, rounds, step):
        size = min(step, rounds - start)
        luck = rng.standard_exponential((size, len(weigh))) * weigh
        top, bottom = luck @ inside, luck.sum(axis=1)
        if measure == "plans":
            unit = (weigh**2).sum() / weigh.sum()
            half = rng.standard_gamma(0.5, (size, 2)) * unit
            top, bottom = top + half[:, :1], bottom + half.sum(axis=1)
        drawn[start : start + size] = top / bottom[:, None]
    tail = (1 - COVERAGE) / 2
    low, high = np.quantile(drawn, (tail, 1 - tail), axis=0)
    if measure != "plans":
        flat = np.ptp(inside, axis=0) == 0
        low[flat] = high[flat] = np.nan
    return low, high
