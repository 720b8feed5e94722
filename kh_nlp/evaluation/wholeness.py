"""Figures ``coverage``, ``words_kept``, ``spans``: nothing lost, nothing out of place.

They need no reading by hand.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from kh_nlp.evaluation.figures import Fault, Figure, of_checks, share
from kh_nlp.evaluation.likeness import words_key
from kh_nlp.model import Plan, Span

# Markup that a reader drops on purpose: HTML tags and the marks of Markdown and its tables.
_MARKUP = re.compile(r"<[^<>]{1,20}>|[*#|_]")
_SHOWN = 60  # characters of a passage in a fault
_WORST = 20  # faults listed


def part_spans(plan: Plan) -> Iterator[Span]:
    """What belongs to a part: blocks other than ``other``, sections, tasks and notes."""
    for block in plan.blocks:
        if block.kind != "other":
            yield block.start, block.end
    for section in plan.sections:
        yield from section.spans
    for task in plan.tasks:
        yield from task.spans or ((task.start, task.end),)
    for note in plan.notes:
        yield note.start, note.end


def gaps(plan: Plan) -> list[Span]:
    """The stretches of ``plan.text`` with a solid character that belong to no part, in order."""
    out: list[Span] = []
    at = 0
    for start, end in [*sorted(part_spans(plan)), (len(plan.text), len(plan.text))]:
        if start > at and plan.text[at:start].strip():
            out.append((at, start))
        at = max(at, end)
    return out


def coverage_figure(plan: Plan) -> Figure:
    """Share of the non-space characters of the text that belong to a part, longest gaps first."""
    empty = gaps(plan)
    solid = _solid(plan.text)
    outside = sum(_solid(plan.text[start:end]) for start, end in empty)
    longest = sorted(empty, key=lambda gap: gap[0] - gap[1])[:_WORST]
    faults = tuple(
        Fault(
            where=f"{start}–{end}",
            expected=" ".join(plan.text[start:end].split())[:_SHOWN],
            found=None,
        )
        for start, end in longest
    )
    return Figure(value=share(solid - outside, solid), faults=faults)


def words_figure(plan: Plan, path: Path) -> Figure | None:
    """Share of the file's words of two letters or more that the text keeps, counted with repeats.

    The file is decoded here and not by the reader that is measured. None where the file is no
    plain text or is not there.
    """
    if plan.source.format not in ("text", "markdown") or not path.is_file():
        return None
    words = Counter(w for w in words_key(_MARKUP.sub(" ", _decoded(path))).split() if len(w) > 1)
    lost = words - Counter(words_key(plan.text).split())
    worst = sorted(lost.items(), key=lambda item: (-item[1], item[0]))[:_WORST]
    faults = tuple(
        Fault(where=word, expected=f"{words[word]}", found=f"{words[word] - n}")
        for word, n in worst
    )
    total = words.total()
    return Figure(value=share(total - lost.total(), total), faults=faults)


def spans_figure(plan: Plan) -> Figure:
    """Share of citations that quote the text at their place, and of sections inside the text."""
    size = len(plan.text)
    checks: list[Fault | None] = []
    for citation in plan.citations:
        there = plan.text[citation.start : citation.end]
        fault = Fault(where=f"{citation.start}–{citation.end}", expected=citation.text, found=there)
        checks.append(None if there == citation.text else fault)
    for section in plan.sections:
        inside = 0 <= section.start <= section.end <= size
        fault = Fault(
            where=section.number or section.id,
            expected=f"0–{size}",
            found=f"{section.start}–{section.end}",
        )
        checks.append(None if inside else fault)
    return of_checks(checks)


def _decoded(path: Path) -> str:
    raw = path.read_bytes()
    wide = raw.startswith((b"\xff\xfe", b"\xfe\xff"))
    return raw.decode("utf-16" if wide else "utf-8-sig", "replace")


def _solid(text: str) -> int:
    return sum(map(len, text.split()))
