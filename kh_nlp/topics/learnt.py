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
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
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
    place in ``topics`` or that of the nearest wider one.
    """

    topics: tuple[str, ...]
    of: tuple[int | None, ...]
    places: Mapping[str, int]
    rarity: NDArray[np.float32]
    words: Linear
    vectors: Linear
    axes: NDArray[np.float32]

    def values(self, unit: Unit, near: NDArray[np.float32] | None) -> NDArray[np.float32]:
        """About 0 to 1 for each of ``topics``; ``near`` is the unit's vector times ``axes``."""
        linear = self.words if near is None else self.vectors
        total = linear.bias if near is None else linear.bias + near
        for places, amounts in weighed(unit, self.places, self.rarity):
            total = total + amounts @ linear.weights[places]
        return total

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
        rarity=data["rarity"].astype(np.float32),
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


def counted(unit: Unit) -> tuple[Counter[str], Counter[str]]:
    """Syllables and pairs of them in the unit's own text and in the heading above it.

    None with a digit: numbers and years say what a plan is, not what a unit is about. The plan's
    title is no heading.
    """
    own: Counter[str] = Counter()
    for text, _ in unit.parts:
        own.update(_pairs(text))
    heading: Counter[str] = Counter()
    if len(unit.above) > 1:
        heading.update(HEADING + phrase for phrase in _pairs(unit.above[-1]))
    return own, heading


def weighed(
    unit: Unit, places: Mapping[str, int], rarity: NDArray[np.float32]
) -> list[tuple[NDArray[np.intp], NDArray[np.float32]]]:
    """Places and TF-IDF (length 1) of the phrases that are known: own text, heading."""
    found = []
    for part in counted(unit):
        known = [(places[phrase], count) for phrase, count in part.items() if phrase in places]
        if not known:
            found.append((np.zeros(0, dtype=np.intp), np.zeros(0, dtype=np.float32)))
            continue
        at = np.array([place for place, _ in known], dtype=np.intp)
        counts = np.array([count for _, count in known], dtype=np.float32)
        amounts = (1 + np.log(counts)) * rarity[at]
        found.append((at, amounts / np.linalg.norm(amounts)))
    return found


def _pairs(text: str) -> Sequence[str]:
    keys = [_key(word) for word in Cut(text).words]
    single = [key for key in keys if key]
    return single + [f"{first} {second}" for first, second in pairwise(keys) if first and second]


def _key(word: str) -> str:
    """The syllable's key, empty where it has no letter or a digit."""
    known = _keys.get(word)
    if known is None:
        key = search_key(word)
        known = key if key.isalpha() else ""
        if len(_keys) < 200_000:
            _keys[word] = known
    return known


_keys: dict[str, str] = {}
