"""Years in which a label bursts: Kleinberg's two-state automaton over batches (2003, section 4).

A year is a batch of plans of which some have the label. In the quiet state the chance is the
label's share over all years, in the burst state its odds are ``ODDS`` times as high; entering a
burst costs ``log(years)``. The likeliest run of states is found exactly. Kleinberg multiplies the
chance itself, which passes 1 for frequent labels; odds do not.

The automaton always finds some bursts in noise. So years are dealt out to the plans at random, and
``p`` is how often a label's strongest burst is then at least as strong.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

ODDS = 3.0
ROUNDS = 1_999
_CELLS = 2_000_000


def bursts(
    having: Floats, years: Floats, *, seed: int, rounds: int = ROUNDS
) -> tuple[list[tuple[int, int, int, float]], Floats]:
    """Bursts as (label, first year, last year, weight), and p for each label's strongest.

    ``having`` is plans x labels (0 or 1), ``years`` plans x years of weights; years are positions.
    p is 1 for labels without a burst.
    """
    plans, labels = having.shape
    p = np.ones(labels)
    if plans < 2 or years.shape[1] < 2 or not labels:
        return [], p
    size = years.sum(axis=0)
    gain, states = _states((years.T @ having)[None], size)
    found = [run for label in range(labels) for run in _runs(label, gain[0], states[0])]
    strongest = np.zeros(labels)
    for label, _, _, weight in found:
        strongest[label] = max(strongest[label], weight)
    bursting = np.flatnonzero(strongest > 0)
    if not len(bursting):
        return [], p
    rng = np.random.default_rng(seed)
    hits = np.zeros(len(bursting), dtype=np.int64)
    inside = having[:, bursting]
    step = max(1, _CELLS // (plans + len(bursting)) // years.shape[1])
    for start in range(0, rounds, step):
        count = min(step, rounds - start)
        order = rng.permuted(np.tile(np.arange(plans), (count, 1)), axis=1)
        dealt = np.einsum("rpy,pl->ryl", years[order], inside, optimize=True)
        hits += (_strongest(*_states(dealt, size)) >= strongest[bursting] - 1e-9).sum(axis=0)
    p[bursting] = (1 + hits) / (rounds + 1)
    return found, p


def _states(having: Floats, size: Floats) -> tuple[Floats, NDArray[np.bool_]]:
    """Gain of the burst state (rounds x years x labels) and where the likeliest run is in it."""
    rounds, years, labels = having.shape
    total = size.sum()
    chance = np.clip(having.sum(axis=1, keepdims=True) / total, 1e-9, 1 - 1e-9)
    higher = ODDS * chance / (1 - chance + ODDS * chance)
    lacking = size[None, :, None] - having
    gain = having * np.log(higher / chance) + lacking * np.log((1 - higher) / (1 - chance))
    entry = float(np.log(years))
    # Least cost of being quiet (0) or in a burst after each year; leaving a burst is free.
    quiet = np.zeros((rounds, labels))
    burst = np.full((rounds, labels), entry)
    stays = np.zeros((rounds, years, labels), dtype=bool)
    ends = np.zeros((rounds, years, labels), dtype=bool)
    for year in range(years):
        if year:
            ends[:, year] = burst < quiet
            stays[:, year] = burst < quiet + entry
            quiet, burst = np.minimum(quiet, burst), np.minimum(burst, quiet + entry)
        burst = burst - gain[:, year]
    states = np.zeros((rounds, years, labels), dtype=bool)
    now = burst < quiet - 1e-12
    for year in range(years - 1, -1, -1):
        states[:, year] = now
        now = np.where(now, stays[:, year], ends[:, year])
    return gain, states


def _strongest(gain: Floats, states: NDArray[np.bool_]) -> Floats:
    """Weight of the strongest burst, rounds x labels."""
    best = np.zeros((gain.shape[0], gain.shape[2]))
    run = np.zeros_like(best)
    for year in range(gain.shape[1]):
        run = np.where(states[:, year], run + gain[:, year], 0.0)
        best = np.maximum(best, run)
    return best


def _runs(label: int, gain: Floats, states: NDArray[np.bool_]) -> list[tuple[int, int, int, float]]:
    found: list[tuple[int, int, int, float]] = []
    first: int | None = None
    for year in range(gain.shape[0] + 1):
        inside = year < gain.shape[0] and bool(states[year, label])
        if inside and first is None:
            first = year
        elif not inside and first is not None:
            found.append((label, first, year - 1, float(gain[first:year, label].sum())))
            first = None
    return found
