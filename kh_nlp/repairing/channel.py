"""What an English OCR engine makes of Vietnamese letters: words read, and the words they may be.

A noisy channel over letters. A printed letter is read as one character, as two, or not at all; two
letters may be read as one; a character may come from nowhere. Costs are negative natural
logarithms, learnt by ``training.learning``. All words of the vocabulary are weighed at once, along
the tree of their beginnings.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Costs: TypeAlias = NDArray[np.float32]
Indexes: TypeAlias = NDArray[np.intp]

LONGEST = 12
"""Characters; a longer word that was read is no Vietnamese syllable."""


@dataclass(frozen=True, slots=True)
class Level:
    """Beginnings of one length: the last letter, its fused pair, the beginnings they extend."""

    letters: Indexes
    pairs: Indexes
    parents: Indexes
    grandparents: Indexes
    words: Indexes  # those of the vocabulary that end here
    nodes: Indexes  # and at which node


@dataclass(frozen=True)
class Channel:
    """Costs of reading printed letters as characters.

    ``letters`` and ``characters`` give the rows and columns, the last column is any other
    character; ``doubles`` are two characters that one letter may give, ``fused`` two letters that
    one character may stand for. The last column of ``two`` and the last row of ``fuse`` are
    infinite: not seen.
    """

    words: tuple[str, ...]
    letters: str
    characters: str
    doubles: tuple[str, ...]
    fused: tuple[str, ...]
    one: Costs  # letters x (characters + 1)
    two: Costs  # letters x (doubles + 1)
    fuse: Costs  # (fused + 1) x (characters + 1)
    drop: Costs  # letters
    insert: Costs  # characters + 1

    @cached_property
    def _levels(self) -> tuple[Level, ...]:
        return tuple(_levels(self.words, self.letters, self.fused))

    @cached_property
    def _columns(self) -> tuple[dict[str, int], dict[str, int]]:
        characters = {char: index for index, char in enumerate(self.characters)}
        return characters, {pair: index for index, pair in enumerate(self.doubles)}

    def costs(self, read: Sequence[str]) -> Costs:
        """Costs of all words of the vocabulary, words x read, for words read of one length."""
        characters, doubles = self._columns
        length, count = len(read[0]), len(read)
        other, unseen = len(self.characters), len(self.doubles)
        seen = np.array([[characters.get(c, other) for c in word] for word in read], dtype=np.intp)
        both = np.array(
            [[doubles.get(word[j : j + 2], unseen) for j in range(length)] for word in read],
            dtype=np.intp,
        )
        result = np.full((len(self.words), count), np.inf, dtype=np.float32)
        start = np.zeros((length + 1, 1, count), dtype=np.float32)
        for j in range(length):
            start[j + 1, 0] = start[j, 0] + self.insert[seen[:, j]]
        above, before = start, start  # one level up, two levels up
        for depth, level in enumerate(self._levels):
            here = np.empty((length + 1, len(level.letters), count), dtype=np.float32)
            drop = self.drop[level.letters][:, None]
            here[0] = above[0][level.parents] + drop
            one, two = self.one[level.letters], self.two[level.letters]
            fuse = self.fuse[level.pairs] if depth else None
            for j in range(1, length + 1):
                best = above[j][level.parents] + drop
                columns = seen[:, j - 1]
                np.minimum(best, above[j - 1][level.parents] + one[:, columns], out=best)
                np.minimum(best, here[j - 1] + self.insert[columns], out=best)
                if j > 1:
                    pair = two[:, both[:, j - 2]]
                    np.minimum(best, above[j - 2][level.parents] + pair, out=best)
                if fuse is not None:
                    np.minimum(best, before[j - 1][level.grandparents] + fuse[:, columns], out=best)
                here[j] = best
            result[level.words] = here[length][level.nodes]
            above, before = here, above
        return result

    def packed(self) -> dict[str, NDArray[Any]]:
        """The channel as small arrays, which ``unpack`` takes."""
        texts = ("\n".join(self.words), self.letters, self.characters)
        return {
            "words": _text(texts[0]),
            "letters": _text(texts[1]),
            "characters": _text(texts[2]),
            "doubles": _text("".join(self.doubles)),
            "fused": _text("".join(self.fused)),
            **{
                name: np.where(np.isinf(array), 255, np.clip(array * 16, 0, 254)).astype(np.uint8)
                for name, array in (
                    ("one", self.one),
                    ("two", self.two),
                    ("fuse", self.fuse),
                    ("drop", self.drop),
                    ("insert", self.insert),
                )
            },
        }


def unpack(arrays: Mapping[str, NDArray[Any]]) -> Channel:
    """The channel that ``Channel.packed`` gave."""

    def text(name: str) -> str:
        return bytes(arrays[name]).decode("utf-8")

    def costs(name: str) -> Costs:
        steps = arrays[name].astype(np.float32)
        return np.where(steps == 255, np.float32(np.inf), steps / 16).astype(np.float32)

    doubles, fused = text("doubles"), text("fused")
    return Channel(
        words=tuple(text("words").split("\n")),
        letters=text("letters"),
        characters=text("characters"),
        doubles=tuple(doubles[i : i + 2] for i in range(0, len(doubles), 2)),
        fused=tuple(fused[i : i + 2] for i in range(0, len(fused), 2)),
        one=costs("one"),
        two=costs("two"),
        fuse=costs("fuse"),
        drop=costs("drop"),
        insert=costs("insert"),
    )


def _text(text: str) -> NDArray[np.uint8]:
    return np.frombuffer(text.encode("utf-8"), dtype=np.uint8)


def _levels(words: Sequence[str], letters: str, fused: Sequence[str]) -> list[Level]:
    rows = {letter: index for index, letter in enumerate(letters)}
    pairs = {pair: index for index, pair in enumerate(fused)}
    above: dict[str, int] = {"": 0}
    before: dict[str, int] = {"": 0}
    found: list[Level] = []
    for depth in range(1, max(map(len, words)) + 1):
        here: dict[str, int] = {}
        for word in words:
            if len(word) >= depth:
                here.setdefault(word[:depth], len(here))
        ends = [(index, here[word]) for index, word in enumerate(words) if len(word) == depth]
        found.append(
            Level(
                letters=np.array([rows[start[-1]] for start in here], dtype=np.intp),
                pairs=np.array([pairs.get(s[-2:], len(fused)) for s in here], dtype=np.intp),
                parents=np.array([above[start[:-1]] for start in here], dtype=np.intp),
                grandparents=np.array(
                    [before[start[:-2]] if depth > 1 else 0 for start in here], dtype=np.intp
                ),
                words=np.array([index for index, _ in ends], dtype=np.intp),
                nodes=np.array([node for _, node in ends], dtype=np.intp),
            )
        )
        before, above = above, here
    return found
