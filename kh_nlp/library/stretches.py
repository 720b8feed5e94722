"""Stretches of text as sorted half-open spans: cutting, clipping, joining; where tables stand."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from kh_nlp.model import Plan, Span


def table_rows(plan: Plan) -> list[Span]:
    """Where the rows of task tables stand in the text, in its order."""
    return sorted(
        span
        for task in plan.tasks
        if task.origin == "table"
        for span in (task.spans or ((task.start, task.end),))
    )


def cut(spans: Iterable[Span], holes: Iterable[Span]) -> list[Span]:
    """``spans`` without ``holes``."""
    left: list[Span] = []
    gaps = sorted(holes)
    for start, end in spans:
        for low, high in gaps:
            if high <= start or low >= end:
                continue
            if low > start:
                left.append((start, low))
            start = max(start, high)
        if start < end:
            left.append((start, end))
    return left


def clip(spans: Iterable[Span], start: int, end: int) -> list[Span]:
    """What of ``spans`` lies in ``start..end``."""
    return [(max(a, start), min(b, end)) for a, b in spans if max(a, start) < min(b, end)]


def holds_words(text: str, spans: Iterable[Span]) -> bool:
    """Whether anything but blanks stands in ``spans``."""
    return any(text[start:end].strip() for start, end in spans)


def joined(text: str, spans: Iterable[Span]) -> list[Span]:
    """Sorted spans, blank ones left out, put together where only blanks stand between."""
    out: list[Span] = []
    for start, end in sorted(spans):
        while start < end and text[start].isspace():
            start += 1
        while end > start and text[end - 1].isspace() and text[end - 1] != "\t":
            end -= 1  # a tab at the end is an empty last cell of a row
        if start >= end:
            continue
        if out and not text[out[-1][1] : start].strip():
            out[-1] = (out[-1][0], max(out[-1][1], end))
        else:
            out.append((start, end))
    return out


def overlap(spans: Iterable[Span], region: Sequence[Span]) -> bool:
    """Whether the two share a character."""
    return any(a < d and c < b for a, b in spans for c, d in region)
