"""What labelled units of the bundled scheme taught: a linear model over words and vectors.

Phrases of a scheme say which words name a topic; readers also go by what stands around them. A
ridge model over pairs of syllables of a unit and of the heading above it, and over the unit's
stored vector, says how much a unit is like those that readers gave a topic; it shifts the
probability that phrases give. It gives no topic by itself, and it knows the topics of
the bundled scheme only: other schemes do without. ``data/learnt.npz`` is made by
``benchmarks/topics_learnt.py``, which says how it was found and measured.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kh_nlp.language import Cut, search_key
from kh_nlp.topics.records import Scheme
from kh_nlp.topics.scheme import load_scheme
from kh_nlp.topics.units import Unit

HEADING = "^"
"""Before a phrase of the heading above a unit."""

NONE = "-"
"""Key of what has other signs than letters."""

REMEMBERED = 20_000
"""Headings whose part is kept while a library is read."""


@dataclass(frozen=True, slots=True)
class Shift:
    """How phrases and the learnt model go together; the logit of the answer is the sum."""

    bias: float
    phrases: float
    learnt: float

    def score(self, phrases: float, learnt: float) -> float:
        """Probability in 0..1 by that of the phrases and the value of the learnt model."""
        given = min(max(phrases, 1e-6), 1 - 1e-6)
        total = self.bias + self.phrases * math.log(given / (1 - given)) + self.learnt * learnt
        return 1 / (1 + math.exp(-total))


@dataclass(frozen=True, slots=True)
class Linear:
    """Weights of phrases, shape (phrases, topics), and a bias for each topic."""

    bias: NDArray[np.float32]
    weights: NDArray[np.float32]
    shift: Shift


@dataclass(frozen=True, slots=True)
class Learnt:
    """``words`` serves libraries without fitting vectors; ``vectors`` goes with ``axes``.

    ``places`` are rows of the weights by phrase (those of headings after ``HEADING``), ``rarity``
    the inverse document frequency of each. ``of`` is, for each topic of the bundled scheme, its
    place in ``topics`` or that of the nearest wider one. ``headings`` remembers their part.
    """

    topics: tuple[str, ...]
    of: tuple[int | None, ...]
    places: Mapping[str, int]
    rarity: tuple[float, ...]
    words: Linear
    vectors: Linear
    axes: NDArray[np.float32]
    headings: dict[tuple[bool, str], NDArray[np.float32]] = field(
        default_factory=dict, compare=False
    )

    def values(self, unit: Unit, near: NDArray[np.float32] | None) -> NDArray[np.float32]:
        """About 0 to 1 for each of ``topics``; ``near`` is the unit's vector times ``axes``."""
        linear = self.words if near is None else self.vectors
        over = (near is None, unit.above[-1] if len(unit.above) > 1 else "")
        known = self.headings.get(over)
        if known is None:
            if len(self.headings) >= REMEMBERED:
                self.headings.clear()
            known = linear.bias + self._part(heading_phrases(unit), linear)
            self.headings[over] = known
        total: NDArray[np.float32] = known + self._part(own_phrases(unit), linear)
        return total if near is None else total + near

    def _part(self, phrases: list[str], linear: Linear) -> NDArray[np.float32]:
        places, amounts = weighed(phrases, self.places, self.rarity)
        part: NDArray[np.float32] = amounts @ linear.weights[places]
        return part

    def shift(self, vectors: bool) -> Shift:
        """How the values go together with phrases, with or without vectors."""
        return (self.vectors if vectors else self.words).shift


@cache
def load_learnt() -> Learnt:
    """The model in the data file."""
    source = files("kh_nlp.topics").joinpath("data/learnt.npz")
    with source.open("rb") as file, np.load(file, allow_pickle=False) as data:
        return unpacked(data)


def unpacked(data: Mapping[str, Any]) -> Learnt:
    """The model from the arrays of its file."""

    def linear(name: str) -> Linear:
        weights = data[f"{name}_weights"].astype(np.float32) * data[f"{name}_scale"]
        return Linear(data[f"{name}_bias"], weights, Shift(*map(float, data[f"{name}_shift"])))

    phrases = bytes(data["phrases"]).decode("utf-8").split("\n")
    topics = tuple(bytes(data["topics"]).decode("ascii").split("\n"))
    return Learnt(
        topics=topics,
        of=places_of(topics, load_scheme()),
        places={phrase: place for place, phrase in enumerate(phrases)},
        rarity=tuple(map(float, data["rarity"])),
        words=linear("words"),
        vectors=linear("vectors"),
        axes=data["axes"].astype(np.float32),
    )


def places_of(topics: Sequence[str], scheme: Scheme) -> tuple[int | None, ...]:
    """For each topic of ``scheme`` its place in ``topics``, or that of the nearest wider one."""
    places = {topic: place for place, topic in enumerate(topics)}
    found: dict[str | None, int | None] = {None: None}
    for topic in scheme.topics:
        found[topic.id] = places.get(topic.id, found[topic.parent])
    return tuple(found[topic.id] for topic in scheme.topics)


def own_phrases(unit: Unit) -> list[str]:
    """Syllables and pairs of them in the unit's own text, each as often as it stands there.

    None with a digit: numbers and years say what a plan is, not what a unit is about.
    """
    return [phrase for text, _ in unit.parts for phrase in _pairs(text)]


def heading_phrases(unit: Unit) -> list[str]:
    """The same of the heading above it, after ``HEADING``; the plan's title is no heading."""
    if len(unit.above) < 2:
        return []
    return [HEADING + phrase for phrase in _pairs(unit.above[-1])]


def weighed(
    phrases: Iterable[str], places: Mapping[str, int], rarity: Sequence[float]
) -> tuple[list[int], NDArray[np.float32]]:
    """Places of the phrases that are known and their TF-IDF, of length 1."""
    counts: dict[int, int] = {}
    for phrase in phrases:
        place = places.get(phrase)
        if place is not None:
            counts[place] = counts.get(place, 0) + 1
    amounts = [
        rarity[place] if count == 1 else (1 + math.log(count)) * rarity[place]
        for place, count in counts.items()
    ]
    length = math.sqrt(sum(amount * amount for amount in amounts)) or 1.0
    return list(counts), np.array(amounts, dtype=np.float32) / np.float32(length)


def _pairs(text: str) -> list[str]:
    keys = [_keys.get(word) or _key(word) for word in Cut(text).words]
    found = [f"{one} {next_}" for one, next_ in pairwise(keys) if one != NONE and next_ != NONE]
    found += [key for key in keys if key != NONE]
    return found


def _key(word: str) -> str:
    """The syllable's key, ``NONE`` where it has another sign than letters."""
    key = search_key(word)
    known = key if key.isalpha() else NONE
    if len(_keys) < 200_000:
        _keys[word] = known
    return known


_keys: dict[str, str] = {}
