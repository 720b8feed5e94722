"""From figures of evidence to a probability, by weights found on labelled units.

``data/weights.toml`` holds two sets, with and without vectors, and says what they were found on;
``benchmarks/topics.py --fit`` finds them again.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from kh_nlp.topics.evidence import FIGURES

LIKENESS = 10.0
"""Factor that brings the likeness of vectors to about the size of the other figures."""


@dataclass(frozen=True, slots=True)
class Weights:
    """A logistic model; ``values`` go with ``FIGURES`` and, where given, likeness last."""

    bias: float
    values: tuple[float, ...]

    def score(self, figures: Sequence[float]) -> float:
        """Probability in 0..1 that a reader would name the topic."""
        total = self.bias + sum(w * f for w, f in zip(self.values, figures, strict=True))
        return 1 / (1 + math.exp(-total))


@dataclass(frozen=True, slots=True)
class Model:
    """``encoder``: how the identity of the encoder begins whose vectors fit ``vectors``."""

    threshold: float
    encoder: str
    words: Weights
    vectors: Weights


@cache
def load_model() -> Model:
    """The weights in the data file."""
    source = files("kh_nlp.topics").joinpath("data/weights.toml")
    data = tomllib.loads(source.read_text(encoding="utf-8"))

    def weights(name: str, figures: Sequence[str]) -> Weights:
        given = data[name]
        return Weights(given["bias"], tuple(given[figure] for figure in figures))

    return Model(
        threshold=data["threshold"],
        encoder=data["encoder"],
        words=weights("words", FIGURES),
        vectors=weights("vectors", (*FIGURES, "likeness")),
    )
