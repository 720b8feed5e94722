"""The channel from pairs of words: letters aligned with characters, again and again (hard EM)."""

from __future__ import annotations

import gzip
import math
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from kh_nlp.language import fold
from kh_nlp.repairing.channel import LONGEST, Channel
from kh_nlp.repairing.words import tokenize

Step = tuple[str, str]
"""Printed letters (none, one, two) and the characters that they were read as."""

ROUNDS = 6
DOUBLES, FUSED = 400, 120
SMOOTH = 0.4
LEAST_CHARACTER = 8  # occurrences


def load_pairs(path: Path) -> Counter[tuple[str, str]]:
    """Lower-case (printed, read) words without the punctuation around them, with counts.

    Only pairs of one word each: split and fused words are left out.
    """
    found: Counter[tuple[str, str]] = Counter()
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            _, printed, seen = unicodedata.normalize("NFC", line.rstrip("\n")).split("\t")
            left, right = tokenize(printed), tokenize(seen)
            if len(left) == 1 == len(right) and left[0].kind == "word" and left[0].core.isalpha():
                found[left[0].core.lower(), right[0].core.lower()] += 1
    return Counter({p: n for p, n in found.items() if max(map(len, p)) <= LONGEST})


def align(printed: str, seen: str, cost: dict[Step, float], floor: float) -> list[Step]:
    """The cheapest steps that turn ``printed`` into ``seen``."""
    best: list[list[tuple[float, Step | None]]] = [
        [(math.inf, None)] * (len(seen) + 1) for _ in range(len(printed) + 1)
    ]
    best[0][0] = (0.0, None)
    for i in range(len(printed) + 1):
        for j in range(len(seen) + 1):
            for a, b in ((1, 1), (1, 2), (2, 1), (1, 0), (0, 1)):
                if i < a or j < b or best[i - a][j - b][0] == math.inf:
                    continue
                step = (printed[i - a : i], seen[j - b : j])
                here = best[i - a][j - b][0] + cost.get(step, floor + 2.0 * abs(a - b))
                if here < best[i][j][0]:
                    best[i][j] = (here, step)
    steps: list[Step] = []
    i, j = len(printed), len(seen)
    while i or j:
        last = best[i][j][1]
        if last is None:  # only at the start, where the loop ends
            break
        steps.append(last)
        i, j = i - len(last[0]), j - len(last[1])
    return steps


def learn(pairs: Counter[tuple[str, str]], words: Sequence[str]) -> Channel:
    """The channel for a vocabulary."""
    cost: dict[Step, float] = {}
    for printed, _ in pairs:
        for char in printed:
            cost[char, char] = 0.1
            cost[char, fold(char)] = 0.3
    counts: Counter[Step] = Counter()
    for _ in range(ROUNDS):
        counts = Counter()
        for (printed, seen), number in pairs.items():
            for step in align(printed, seen, cost, 6.0):
                counts[step] += number
        totals: Counter[str] = Counter()
        for (left, _), number in counts.items():
            totals[left] += number
        everything = sum(totals.values())
        cost = {
            step: -math.log(number / (everything if not step[0] else totals[step[0][0]] + 1))
            for step, number in counts.items()
            if number > 1
        }
    return _smoothed(counts, words)


def _smoothed(counts: Counter[Step], words: Sequence[str]) -> Channel:
    letters = "".join(sorted({letter for word in words for letter in word}))
    seen: Counter[str] = Counter()
    for (_, right), number in counts.items():
        for char in right:
            seen[char] += number
    characters = "".join(sorted(char for char, n in seen.items() if n >= LEAST_CHARACTER))
    doubles = _most((s for s in counts if len(s[0]) == 1 and len(s[1]) == 2), counts, 1, DOUBLES)
    fused = _most((s for s in counts if len(s[0]) == 2 and len(s[1]) == 1), counts, 0, FUSED)
    rows = {letter: index for index, letter in enumerate(letters)}
    columns = {char: index for index, char in enumerate(characters)}
    prior = _prior(counts, letters, characters)
    one = prior * SMOOTH * len(characters)
    two = np.zeros((len(letters), len(doubles) + 1))
    fuse = np.zeros((len(fused) + 1, len(characters) + 1))
    drop = np.full(len(letters), 0.05)
    insert = np.full(len(characters) + 1, 0.5)
    for (left, right), number in counts.items():
        if len(left) == 1 and left in rows:
            row = rows[left]
            if len(right) == 1:
                one[row, columns.get(right, len(characters))] += number
            elif len(right) == 2 and right in doubles:
                two[row, doubles.index(right)] += number
            elif not right:
                drop[row] += number
        elif not left:
            insert[columns.get(right, len(characters))] += number
        elif left in fused and len(right) == 1:
            fuse[fused.index(left), columns.get(right, len(characters))] += number
    total = one.sum(1) + two.sum(1) + drop
    pair_total = np.array([total[rows[p[0]]] if p[0] in rows else np.inf for p in fused] + [1.0])
    with np.errstate(divide="ignore"):
        return Channel(
            words=tuple(words),
            letters=letters,
            characters=characters,
            doubles=tuple(doubles),
            fused=tuple(fused),
            one=-np.log(one / total[:, None]).astype(np.float32),
            two=-np.log(two / total[:, None]).astype(np.float32),
            fuse=-np.log(fuse / pair_total[:, None]).astype(np.float32),
            drop=-np.log(drop / total).astype(np.float32),
            insert=-np.log(insert / (one.sum() + insert.sum())).astype(np.float32),
        )


def _most(steps: Iterable[Step], counts: Counter[Step], side: int, limit: int) -> list[str]:
    found: Counter[str] = Counter()
    for step in steps:
        if counts[step] > 1:
            found[step[side]] += counts[step]
    return [text for text, _ in found.most_common(limit)]


def _prior(counts: Counter[Step], letters: str, characters: str) -> np.ndarray:
    """How letters of the same base are read, for letters that were seen seldom."""
    groups = sorted({fold(letter) for letter in letters})
    table = np.full((len(groups), len(characters) + 1), 0.02)
    for (left, right), number in counts.items():
        if len(left) == 1 and len(right) == 1 and fold(left) in groups and right in characters:
            table[groups.index(fold(left)), characters.index(right)] += number
    table /= table.sum(1, keepdims=True)
    chosen: np.ndarray = table[[groups.index(fold(letter)) for letter in letters]]
    return chosen
