"""Words that tell two groups of plans apart: log-odds with an informative Dirichlet prior.

Monroe, Colaresi, Quinn: "Fightin' Words", Political Analysis 16 (2008), equations 15, 16, 22. The
prior is the wording of all plans, weighed as much as one plan of average length, so that rare words
are drawn towards what is usual.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def log_odds(first: Floats, second: Floats, prior: Floats) -> tuple[Floats, Floats]:
    """Log-odds ratio of each word and its z; ``prior`` holds pseudo-counts above 0.

    ``first`` and ``second`` are counts of every word in the two groups, all of one length.
    """
    alpha = prior.sum()
    one, other = first + prior, second + prior
    one_total, other_total = first.sum() + alpha, second.sum() + alpha
    delta = np.log(one / (one_total - one)) - np.log(other / (other_total - other))
    return delta, delta / np.sqrt(1 / one + 1 / other)


def prior_of(counts: Floats) -> Floats:
    """Pseudo-counts from plans x words: the usual wording, as long as the average plan."""
    total = counts.sum(axis=0)
    weight = total.sum() / max(1, len(counts))
    prior: Floats = total / total.sum() * weight
    return prior
