"""How far a reading can be trusted: text that belongs to no part."""

from __future__ import annotations

from collections.abc import Iterable

from kh_nlp.model import Span


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
