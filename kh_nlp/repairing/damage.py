"""Which lines of a text lost their Vietnamese letters, told from sound and from foreign ones.

Sound Vietnamese has a letter of its own in every second word, damaged text in hardly one of fifty.
A line is too short to tell: the lines are taken together, and a change from sound to damaged must
be worth its cost (the cheapest path through three states, by dynamic programming).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from itertools import pairwise

from kh_nlp.language import fold
from kh_nlp.repairing.glyphs import known_syllables

_LETTERS = "ảẳẩẻểỉỏổởủửỷạặậẹệịọộợụựỵãẵẫẽễĩõỗỡũữỹơưđăằắờớừứ"
VIETNAMESE = frozenset(_LETTERS + _LETTERS.upper())
"""Letters that no western encoding has."""

_WORD = re.compile(r"[^\W\d_]{2,}")
_CODE = re.compile(r"\S*(?:\d|[/@_]|\w[.-]\w)\S*")
_BARE = 24  # words of neighbouring lines without a Vietnamese letter; with fewer a text is sound

# Costs (natural logarithms) of a word in each state: with a Vietnamese letter, a syllable without
# accents, any other word. Measured on sound plans, on pages read by an English engine, on English.
_SOUND = (0.65, 0.85, 3.0)
_DAMAGED = (4.2, 0.25, 1.6)
_FOREIGN = (5.0, 1.5, 0.3)
_STATES = (_SOUND, _DAMAGED, _FOREIGN)
_CHANGE = 9.0


def damaged_lines(lines: Sequence[str]) -> list[bool]:
    """For each line whether it belongs to a passage that lost its letters."""
    if not _has_bare_stretch(lines):
        return [False] * len(lines)
    best = [0.0, _CHANGE / 2, _CHANGE / 2]
    back: list[tuple[int, int, int]] = []
    for line in lines:
        counts = _counts(line)
        came: list[int] = []
        new: list[float] = []
        for state, costs in enumerate(_STATES):
            before = min(range(3), key=lambda s: best[s] + (s != state) * _CHANGE)
            came.append(before)
            here = sum(n * cost for n, cost in zip(counts, costs, strict=True))
            new.append(best[before] + (before != state) * _CHANGE + here)
        back.append((came[0], came[1], came[2]))
        best = new
    state = min(range(3), key=lambda s: best[s] + (s != 0) * _CHANGE / 2)
    path = [state]
    for came_from in reversed(back[1:]):
        state = came_from[state]
        path.append(state)
    return [state == 1 for state in reversed(path)]


def _has_bare_stretch(lines: Sequence[str]) -> bool:
    words = 0
    for line in lines:
        if not VIETNAMESE.isdisjoint(line):
            words = 0
        elif line:
            words += len(_WORD.findall(line))
            if words >= _BARE:
                return True
    return False


def _counts(line: str) -> tuple[int, int, int]:
    accented = plain = other = 0
    for word in _WORD.findall(_CODE.sub(" ", line)):
        if not VIETNAMESE.isdisjoint(word):
            accented += 1
        elif word.isupper() and word.isascii() and not line.isupper():
            continue  # an abbreviation tells nothing
        elif fold(word) in _syllables():
            plain += 1
        else:
            other += 1
    return accented, plain, other


@cache
def _syllables() -> frozenset[str]:
    return frozenset(map(fold, known_syllables()))


def runs(flags: Sequence[bool]) -> list[tuple[int, int]]:
    """Half-open ranges of neighbouring ``True``."""
    edges = [0, *[i for i, (a, b) in enumerate(pairwise(flags), 1) if a != b], len(flags)]
    return [(start, end) for start, end in pairwise(edges) if start < end and flags[start]]
