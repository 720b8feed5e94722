"""Figures ``notes`` and ``joins``: footnotes moved to their marks, and the sentences they broke."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from kh_nlp.evaluation.figures import Fault, Figure, of_checks
from kh_nlp.evaluation.likeness import words_key
from kh_nlp.model import Plan, Section

_BEFORE = "(trước mục đầu)"


def notes_figure(plan: Plan, expected: Mapping[str, str | None]) -> Figure | None:
    """Share of the notes whose mark stands in the section read; None: before the first section."""
    if not expected:
        return None
    numbers = {section.id: section.number for section in plan.sections}
    # The last of several notes with one label; a label that nobody printed is in no mapping.
    found = {
        note.label: numbers.get(note.section, note.section) if note.section else None
        for note in plan.notes
    }
    checks = []
    for label, section in expected.items():
        right = label in found and found[label] == section
        mine = (found[label] or _BEFORE) if label in found else None
        fault = Fault(where=label, expected=section or _BEFORE, found=mine)
        checks.append(None if right else fault)
    return of_checks(checks)


def joins_figure(sections: Iterable[Section], expected: Sequence[tuple[str, str]]) -> Figure | None:
    """Share of the broken sentences whose two halves follow each other in one section's text."""
    if not expected:
        return None
    texts = [words_key(section.text) for section in sections]
    checks = []
    for before, after in expected:
        sentence = f"{words_key(before)} {words_key(after)}"
        whole = any(sentence in text for text in texts)
        fault = Fault(where=before, expected=f"{before} {after}", found=None)
        checks.append(None if whole else fault)
    return of_checks(checks)
