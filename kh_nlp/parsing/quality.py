"""How far a reading can be trusted: damaged Vietnamese, uncovered text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from kh_nlp.model import Span

_WORD = re.compile(r"[^\W\d_]{2,}")
_LETTERS = "ảẳẩẻểỉỏổởủửỷạặậẹệịọộợụựỵãẵẫẽễĩõỗỡũữỹơưđăằắờớừứ"
_VIETNAMESE = frozenset(_LETTERS + _LETTERS.upper())

_SAMPLE = 5_000  # characters; the share hardly moves after the first few thousand

VIETNAMESE_MINIMUM = 0.2
"""Least share of words with a letter that only Vietnamese has. Measured: 47 sound plans .43–.63;
plan 002 and pages read by an English engine 0; text typed without accents 0."""


def vietnamese_share(text: str) -> float | None:
    """Share of words that hold a letter no western encoding has; ``None`` below 40 words."""
    counts = Counter(_WORD.findall(text[:_SAMPLE]))
    words = counts.total()
    if words < 40:
        return None
    return sum(n for word, n in counts.items() if not _VIETNAMESE.isdisjoint(word)) / words


def is_damaged(text: str) -> bool:
    """Whether the text lost its diacritics (or never had them)."""
    share = vietnamese_share(text)
    return share is not None and share < VIETNAMESE_MINIMUM


def coverage(text: str, spans: Iterable[Span]) -> tuple[float, list[Span]]:
    """Share of non-space characters inside ``spans``, and the stretches outside that hold some."""
    gaps: list[Span] = []
    at = inside = 0
    for start, end in sorted(spans):
        if start > at and text[at:start].strip():
            gaps.append((at, start))
        if end > at:
            inside += _solid(text[max(start, at) : end])
            at = end
    if text[at:].strip():
        gaps.append((at, len(text)))
    outside = sum(_solid(text[start:end]) for start, end in gaps)
    return (inside / (inside + outside) if inside + outside else 1.0), gaps


def _solid(text: str) -> int:
    return sum(map(len, text.split()))
