"""Figures ``sections`` and ``headings``: the outline of the body, annexes left out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

from kh_nlp.evaluation.figures import Fault, Figure, compare_sets, of_checks
from kh_nlp.evaluation.likeness import alike
from kh_nlp.model import Section

_HEADING_LIKENESS = 0.9


def body_sections(sections: Iterable[Section]) -> list[tuple[str, Section]]:
    """The labelled units of the body with their paths."""
    return [(s.number, s) for s in sections if s.number and not s.annex]


def sections_figure(sections: Iterable[Section], expected: Collection[str]) -> Figure:
    """F1 of the sets of paths; a path that is printed twice counts once."""
    return compare_sets({number for number, _ in body_sections(sections)}, expected)


def headings_figure(sections: Iterable[Section], expected: Mapping[str, str]) -> Figure:
    """Share of the expected headings that a unit of that path carries."""
    headings: dict[str, list[str | None]] = defaultdict(list)
    for number, section in body_sections(sections):
        headings[number].append(section.heading)
    checks = []
    for number, wanted in expected.items():
        mine = headings.get(number, [])
        right = any(alike(heading, wanted, _HEADING_LIKENESS) for heading in mine)
        first = mine[0] if mine else None
        checks.append(None if right else Fault(where=number, expected=wanted, found=first))
    return of_checks(checks)
