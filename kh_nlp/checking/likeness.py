"""How far one text's matter is in another: shares of weighted words, without a model.

Whole plans are compared in a few milliseconds; encoding their units would take seconds.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from itertools import pairwise

from kh_nlp.language import search_key, stop_words, syllables


@cache
def _stop() -> frozenset[str]:
    return frozenset(search_key(word) for word in stop_words())


def terms(text: str) -> frozenset[str]:
    """Syllables and pairs of syllables that are no stop words."""
    words = syllables(search_key(text))
    stop = _stop()
    single = {word for word in words if word not in stop and not word.isdigit()}
    pairs = {f"{one} {two}" for one, two in pairwise(words) if one not in stop and two not in stop}
    return frozenset(single | pairs)


def weights(units: Iterable[frozenset[str]]) -> Mapping[str, float]:
    """Rare terms weigh more: the logarithm of units by units that hold the term."""
    seen: Counter[str] = Counter()
    count = 0
    for unit in units:
        seen.update(unit)
        count += 1
    return {term: math.log(1 + count / n) for term, n in seen.items()}


def held(wanted: frozenset[str], unit: frozenset[str], weight: Mapping[str, float]) -> float:
    """Share (0..1) of the weight of ``wanted`` that ``unit`` holds."""
    total = sum(weight.get(term, 1.0) for term in wanted)
    return sum(weight.get(term, 1.0) for term in wanted & unit) / total if total else 1.0


def best(
    wanted: frozenset[str], units: Sequence[frozenset[str]], weight: Mapping[str, float]
) -> float:
    """The largest share that one unit holds; 0 where there is none."""
    return max((held(wanted, unit, weight) for unit in units), default=0.0)
