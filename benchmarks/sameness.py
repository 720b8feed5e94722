"""What two readings of one plan have in common: counts behind the figures of `formats.py`."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from kh_nlp.evaluation.likeness import alike, words_key
from kh_nlp.model import Citation, Header, Plan
from kh_nlp.reading import Reading

FIGURES = {
    "sections": "mục",
    "headings": "tên mục",
    "tasks": "nhiệm vụ",
    "fields": "ô n.vụ",
    "citations": "viện dẫn",
    "notes": "chú thích",
    "header": "phần đầu",
    "words": "từ",
    "rows": "hàng",
    "cells": "ô (ký tự)",
}
"""Figures and their Vietnamese column titles."""

ALIKE = 0.9  # common characters of two headings, tasks, notes or rows that are the same
_HEADER = tuple(
    name for name in Header.__dataclass_fields__ if name not in ("period", "secrecy")
)  # the period follows from the title
_MARKS = re.compile(r"[⁰¹²³⁴-⁹]+|\[\d{1,3}\]")
_WORD = re.compile(r"[^\W_]+(?:[-/.,:][^\W_]+)*")


@dataclass(slots=True)
class Count:
    """``right`` of ``expected`` and of ``found``: F1; without ``found`` a share of ``expected``."""

    right: float = 0
    expected: float = 0
    found: float = 0

    @property
    def value(self) -> float | None:
        both = self.expected + self.found
        return round(2 * self.right / both, 4) if both else None

    def __add__(self, other: Count) -> Count:
        return Count(
            self.right + other.right, self.expected + other.expected, self.found + other.found
        )


def bag(expected: Iterable[object], found: Iterable[object]) -> tuple[Count, list[str]]:
    one, two = Counter(expected), Counter(found)
    faults = [f"thiếu {item}" for item in (one - two).elements()]
    faults += [f"thừa {item}" for item in (two - one).elements()]
    return Count((one & two).total(), one.total(), two.total()), faults


def matched(
    expected: Sequence[Any], found: Sequence[Any], key: Callable[[Any], object], text: Any
) -> tuple[list[tuple[Any, Any]], list[Any], list[Any]]:
    """Pairs of equal key and like text, in order; then what is left on either side."""
    left = list(found)
    pairs, missing = [], []
    for one in expected:
        same = (two for two in left if key(two) == key(one) and alike(text(one), text(two), ALIKE))
        two = next(same, None)
        if two is None:
            missing.append(one)
        else:
            left.remove(two)
            pairs.append((one, two))
    return pairs, missing, left


def by_likeness(
    name: str, expected: Sequence[Any], found: Sequence[Any], key: Any, text: Any
) -> tuple[Count, list[str], list[tuple[Any, Any]]]:
    pairs, missing, extra = matched(expected, found, key, text)
    faults = [f"{name}: thiếu {key(one)} {(text(one) or '')[:70]!r}" for one in missing]
    faults += [f"{name}: thừa {key(one)} {(text(one) or '')[:70]!r}" for one in extra]
    return Count(len(pairs), len(expected), len(found)), faults, pairs


def citation_key(citation: Citation) -> str:
    if citation.document:
        return citation.document.key
    return f"{words_key(citation.number)} {citation.issued_on}"


def rows_of(reading: Reading) -> list[tuple[str, ...]]:
    return [
        tuple(reading.text[a:b] for a, b in line.cells)
        for line in reading.lines
        if line.kind == "row"
    ]


def distance(one: str, two: str) -> int:
    """Levenshtein's: letters to change, drop or add."""
    before = list(range(len(two) + 1))
    for at, letter in enumerate(one, 1):
        here = [at]
        for place, other in enumerate(two, 1):
            change = before[place - 1] + (letter != other)
            here.append(min(change, before[place] + 1, here[-1] + 1))
        before = here
    return before[-1]


def tables(expected: Reading, found: Reading) -> tuple[dict[str, Count], list[str]]:
    """Rows found, and letters of their cells that are right (accents, case and signs count)."""
    count, faults, pairs = by_likeness(
        "hàng", rows_of(expected), rows_of(found), len, lambda row: " ".join(row)
    )
    letters = sum(len(cell) for row in rows_of(expected) for cell in row)
    wrong = sum(len(cell) for row in rows_of(expected) for cell in row)
    for one, two in pairs:
        wrong -= sum(map(len, one))
        for cell, other in zip(one, two, strict=True):
            slips = distance(cell, other)
            wrong += slips
            if slips:
                faults.append(f"ô: {cell!r} → {other!r}")
    return {"rows": count, "cells": Count(max(0, letters - wrong), letters, letters)}, faults


def words(expected: Iterable[str], text: str) -> tuple[Count, list[str]]:
    """Word accuracy 1 - errors / words; errors are those of a word-level comparison (difflib).

    Words that stand elsewhere (columns of the head, notes at the foot) are no errors.
    """
    one = _WORD.findall(_MARKS.sub(" ", " ".join(expected)))
    two = _WORD.findall(_MARKS.sub(" ", text))
    lost: Counter[str] = Counter()
    new: Counter[str] = Counter()
    seen = []
    for kind, a, b, c, d in SequenceMatcher(None, one, two, autojunk=False).get_opcodes():
        if kind != "equal":
            lost.update(one[a:b])
            new.update(two[c:d])
            seen.append((one[a:b], two[c:d]))
    gone, added = lost - new, new - lost
    errors = max(gone.total(), added.total())
    faults = [
        f"từ: {' '.join(a)[:60]!r} → {' '.join(b)[:60]!r}"
        for a, b in seen
        if any(word in gone for word in a) or any(word in added for word in b)
    ]
    return Count(max(0, len(one) - errors), len(one), len(one)), faults


def header(expected: Plan, found: Plan) -> tuple[Count, list[str]]:
    right, faults = 0, []
    for name in _HEADER:
        one, two = getattr(expected.header, name), getattr(found.header, name)
        if words_key(str(one)) == words_key(str(two)):
            right += 1
        else:
            faults.append(f"phần đầu: {name} {one!r} → {two!r}")
    return Count(right, len(_HEADER), len(_HEADER)), faults


def fields(pairs: Sequence[tuple[Any, Any]]) -> tuple[Count, list[str]]:
    right, faults = 0, []
    for one, two in pairs:
        for name in ("lead", "partners", "deadline"):
            a, b = getattr(one, name) or "", getattr(two, name) or ""
            a, b = (words_key(x if isinstance(x, str) else " ; ".join(x)) for x in (a, b))
            right += a == b
            if a != b:
                faults.append(f"nhiệm vụ {one.order}: {name} {a!r} → {b!r}")
    return Count(right, 3 * len(pairs), 3 * len(pairs)), faults


def compare(
    source: tuple[Reading, Plan, Sequence[str]], found: tuple[Reading, Plan]
) -> tuple[dict[str, Count], list[str]]:
    """Counts by figure, and the differences in words. ``source`` ends with the words printed."""
    (reading, plan, printed), (other, read) = source, found
    counts: dict[str, Count] = {}
    faults: list[str] = []
    counts["sections"], own = bag(
        (section.number for section in plan.sections), (section.number for section in read.sections)
    )
    faults += [f"mục: {fault}" for fault in own]
    counts["headings"], own, _ = by_likeness(
        "tên mục",
        [section for section in plan.sections if section.heading],
        [section for section in read.sections if section.heading],
        lambda section: section.number,
        lambda section: section.heading,
    )
    faults += own
    counts["tasks"], own, pairs = by_likeness(
        "nhiệm vụ", plan.tasks, read.tasks, lambda t: (t.origin, t.order), lambda t: t.content
    )
    faults += own
    counts["fields"], own = fields(pairs)
    faults += own
    counts["citations"], own = bag(
        map(citation_key, plan.citations), map(citation_key, read.citations)
    )
    faults += [f"viện dẫn: {fault}" for fault in own]
    counts["notes"], own, _ = by_likeness(
        "chú thích", plan.notes, read.notes, lambda n: n.label, lambda n: n.text
    )
    faults += own
    counts["header"], own = header(plan, read)
    faults += own
    counts["words"], own = words(printed, read.text)
    faults += own
    more, own = tables(reading, other)
    counts.update(more)
    faults += own
    return counts, faults
