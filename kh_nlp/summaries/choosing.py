"""The choice of sentences that together say most within a length."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from kh_nlp.language import syllables
from kh_nlp.summaries.ranking import Length, terms

SAME = 0.6
"""Share of a sentence's terms that stand in one chosen before from which it is left out."""


def choose(
    texts: Sequence[str],
    scores: Sequence[float],
    length: Length,
    *,
    groups: Sequence[str | None] | None = None,
    first: Sequence[Sequence[int]] = (),
    weariness: float = 1.0,
    redundancy: float = 0.5,
) -> list[int]:
    """Places of the chosen ``texts``, the most valuable first.

    Greedy: each time the sentence with the highest score, less what it repeats of the chosen ones
    (``redundancy`` times the share of its terms); the score of a group of which n are chosen is
    multiplied by ``weariness`` to the n. The first choices are the best of each set of places in
    ``first``. A sentence that does not fit the words left is passed
    over. Equal values go to the earlier text.
    """
    bags = [terms(text) for text in texts]
    sizes = [len(syllables(text)) for text in texts]
    left = set(range(len(texts)))
    chosen: list[int] = []
    taken: Counter[str | None] = Counter()
    words = length.words
    overlap = [0.0] * len(texts)
    sets = [set(places) for places in first]
    while left and (length.sentences is None or len(chosen) < length.sentences):
        best = max(
            (
                i
                for i in _turn(left, sets)
                if overlap[i] < SAME and (words is None or sizes[i] <= words)
            ),
            key=lambda i: (
                scores[i] * weariness ** (taken[groups[i]] if groups else 0)
                - redundancy * overlap[i] * scores[i],
                -i,
            ),
            default=None,
        )
        if best is None and sets:
            sets.pop(0)
            continue
        if best is None:
            break
        sets = sets[1:]
        left.discard(best)
        chosen.append(best)
        if groups:
            taken[groups[best]] += 1
        if words is not None:
            words -= sizes[best]
        for i in left:
            overlap[i] = max(overlap[i], _shared(bags[i], bags[best]))
    return chosen


def _turn(left: set[int], sets: list[set[int]]) -> set[int]:
    return left & sets[0] if sets else left


def _shared(mine: Counter[str], chosen: Counter[str]) -> float:
    total = sum(mine.values())
    return sum(min(n, chosen[term]) for term, n in mine.items()) / total if total else 1.0
