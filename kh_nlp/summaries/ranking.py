"""How well each sentence of a plan stands for it, and the choice of those that fit a length."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import exp, log, sqrt

from kh_nlp.language import stop_words, syllables
from kh_nlp.summaries.records import Unit

_FIGURE = re.compile(r"\d")
_MONEY = re.compile(r"\b(?:đồng|triệu|tỷ|ngân sách|kinh phí)\b", re.IGNORECASE)
_DAY = re.compile(
    r"\d{1,2}/\d{4}|tháng \d|quý [IV]+|trước ngày|hằng (?:tháng|quý|tuần)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Length:
    """How long a summary may be: in ``sentences``, in ``words`` (syllables), or both."""

    sentences: int | None = None
    words: int | None = None


def terms(text: str) -> Counter[str]:
    """Syllables and pairs of them, lower case; syllables that say nothing alone only in pairs."""
    words = [word.lower() for word in syllables(text)]
    counted = Counter(word for word in words if word not in stop_words() and len(word) > 1)
    counted.update(f"{a} {b}" for a, b in pairwise(words))
    return counted


def features(units: Sequence[Unit], title: str) -> list[dict[str, float]]:
    """What is known of each unit, each about 0..1; ``title`` is that of the plan."""
    bags = [terms(unit.text) for unit in units]
    spread = Counter(term for bag in bags for term in bag)
    count = max(1, len(bags))
    weighted = [
        {term: (1 + log(n)) * log(1 + count / spread[term]) for term, n in bag.items()}
        for bag in bags
    ]
    centre: dict[str, float] = {}
    for weights in weighted:
        size = _norm(weights)
        for term, value in weights.items():
            centre[term] = centre.get(term, 0.0) + value / size
    centre_norm = _norm(centre)
    about = {word for word in terms(title) if " " in word}
    seen: Counter[tuple[str | None, str]] = Counter()
    section: Counter[str | None] = Counter()
    found = []
    for unit, bag, weights in zip(units, bags, weighted, strict=True):
        seen[unit.aspect, unit.part] += 1
        section[unit.number] += 1
        words = len(syllables(unit.text))
        near = sum(value * centre[term] for term, value in weights.items())
        found.append(
            {
                "central": near / (_norm(weights) * centre_norm),
                "title": len(about & bag.keys()) / max(1, len(about)),
                "early": 1 / seen[unit.aspect, unit.part],
                "first": 1 / section[unit.number],
                "figure": float(bool(_FIGURE.search(unit.text))),
                "money": float(bool(_MONEY.search(unit.text))),
                "day": float(bool(_DAY.search(unit.text))),
                "long": min(1.0, words / 40),
                "deep": min(1.0, len(unit.headings) / 4),
                f"aspect:{unit.aspect}": 1.0,
                f"part:{unit.part}": 1.0,
            }
        )
    return found


def _norm(bag: dict[str, float]) -> float:
    return sqrt(sum(value * value for value in bag.values())) or 1.0


_WEIGHTS: dict[str, float] = {
    "bias": -0.76, "figure": 0.85, "title": 0.32, "early": 0.3, "first": 0.18, "central": 0.15,
    "deep": 0.13, "long": 0.07, "money": 0.05, "day": -0.06, "aspect:goal": 0.49,
    "aspect:funding": 0.3, "aspect:who": -0.04, "aspect:when": -0.08, "aspect:basis": -0.1,
    "aspect:task": -0.23, "aspect:None": -0.34, "part:row": 0.25, "part:body": -0.09,
    "part:basis": -0.16,
}  # fmt: skip


def values(units: Sequence[Unit], title: str) -> list[float]:
    """How likely a reader marks each unit as a key sentence, 0..1 (logistic regression)."""
    return [
        1
        / (
            1
            + exp(
                -_WEIGHTS["bias"]
                - sum(_WEIGHTS.get(name, 0.0) * value for name, value in known.items())
            )
        )
        for known in features(units, title)
    ]
