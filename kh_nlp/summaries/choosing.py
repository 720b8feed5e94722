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
    weariness: float = 0.8,
    redundancy: float = 0.5,
) -> list[int]:
    """Places of the chosen ``texts``, the most valuable first.

    Greedy: each time the sentence with the highest score, less what it repeats of the chosen ones
    (``redundancy`` times the share of its terms); the score of a group of which n are chosen is
    multiplied by ``weariness`` to the n. A sentence that does not fit the words left is passed
    over. Equal values go to the earlier text.
    """
    bags = [terms(text) for text in texts]
    sizes = [len(syllables(text)) for text in texts]
    left = set(range(len(texts)))
    chosen: list[int] = []
    taken: Counter[str | None] = Counter()
    words = length.words
    overlap = [0.0] * len(texts)
    while left and (length.sentences is None or len(chosen) < length.sentences):
        best = max(
            (i for i in left if overlap[i] < SAME and (words is None or sizes[i] <= words)),
            key=lambda i: (
                scores[i] * weariness ** (taken[groups[i]] if groups else 0)
                - redundancy * overlap[i] * scores[i],
                -i,
            ),
            default=None,
        )
        if best is None:
            break
        left.discard(best)
        chosen.append(best)
        if groups:
            taken[groups[best]] += 1
        if words is not None:
            words -= sizes[best]
        for i in left:
            overlap[i] = max(overlap[i], _shared(bags[i], bags[best]))
    return chosen


def _shared(mine: Counter[str], chosen: Counter[str]) -> float:
    total = sum(mine.values())
    return sum(min(n, chosen[term]) for term, n in mine.items()) / total if total else 1.0
