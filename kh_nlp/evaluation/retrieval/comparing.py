"""How sure a mean and a difference are: bootstrap intervals and a paired test, by scipy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

RESAMPLES = 9999
SEED = 20260101
LEVEL = 0.95

Interval = tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A mean over questions with its 95 % interval (None for a single question)."""

    value: float
    interval: Interval | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """Mean of ``run`` − ``other`` over the same questions; ``p`` is two-sided."""

    run: str
    other: str
    measure: str
    value: float
    interval: Interval | None
    p: float


def estimate(values: Sequence[float]) -> Estimate:
    """Mean of ``values`` and its percentile bootstrap interval over questions (Efron 1979)."""
    sample = np.asarray(values, dtype=np.float64)
    return Estimate(value=float(sample.mean()), interval=_interval(sample))


def _interval(sample: NDArray[np.float64]) -> Interval | None:
    if len(sample) < 2:
        return None
    if np.ptp(sample) == 0:
        return float(sample[0]), float(sample[0])
    from scipy.stats import bootstrap

    found = bootstrap(
        (sample,),
        np.mean,
        n_resamples=RESAMPLES,
        batch=1000,
        confidence_level=LEVEL,
        method="percentile",
        random_state=np.random.default_rng(SEED),
    ).confidence_interval
    return float(found.low), float(found.high)


def difference(
    run: str, other: str, measure: str, values: Sequence[float], others: Sequence[float]
) -> Difference:
    """The paired difference of two runs; ``values`` and ``others`` are of the same questions.

    The test is Fisher's randomisation test: signs of the differences flipped at random (Smucker,
    Allan and Carterette 2007).
    """
    from scipy.stats import permutation_test

    sample = np.asarray(values, dtype=np.float64) - np.asarray(others, dtype=np.float64)
    p = 1.0
    if sample.any():
        p = permutation_test(
            (sample,),
            np.mean,
            permutation_type="samples",
            n_resamples=RESAMPLES,
            batch=1000,
            vectorized=True,
            random_state=np.random.default_rng(SEED),
        ).pvalue
    return Difference(
        run=run,
        other=other,
        measure=measure,
        value=float(sample.mean()),
        interval=_interval(sample),
        p=float(p),
    )
