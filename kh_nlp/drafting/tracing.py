"""Proof that a paragraph says what its sources say, but for the changes that it marks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from kh_nlp.drafting.records import Draft, Origin, Paragraph
from kh_nlp.model import Plan

GAP = "[…]"
"""What stands where a person must write."""


def undone(paragraph: Paragraph) -> str:
    """The text with every change taken back."""
    text = paragraph.text
    for change in sorted(paragraph.changes, key=lambda c: -c.start):
        text = text[: change.start] + change.was + text[change.end :]
    return text


def traced(paragraph: Paragraph, texts: Mapping[str, str]) -> bool:
    """Whether the paragraph, its changes undone, is what the sources hold (blanks aside).

    ``texts`` are the texts of the plans by id. A change must also stand in the text where it says,
    and every gap must be a marked change.
    """
    for change in paragraph.changes:
        if paragraph.text[change.start : change.end] != change.now:
            return False
    starts = {change.start: change.end for change in paragraph.changes}
    for start, end in paragraph.gaps:
        held = any(s <= start and end <= e for s, e in starts.items())
        if paragraph.text[start:end] != GAP or not held:
            return False
    if not paragraph.sources:
        return False
    held_text = "".join(texts[o.plan][o.start : o.end] for o in paragraph.sources)
    return tight(undone(paragraph)) == tight(held_text)


def tight(text: str) -> str:
    """The text without blanks."""
    return "".join(text.split())


def paragraphs(draft: Draft) -> Iterator[tuple[str, Paragraph]]:
    """Every paragraph, heading and cell of a draft, each with a Vietnamese name of its place."""
    for at, basis in enumerate(draft.basis, 1):
        yield f"căn cứ {at}", basis.line
    for paragraph in draft.opening:
        yield "lời dẫn", paragraph
    for section in draft.sections:
        yield f"mục {section.number}", section.title
        for paragraph in section.paragraphs:
            yield f"mục {section.number}", paragraph
    for row in draft.tasks:
        where = f"nhiệm vụ {row.order}"
        yield where, row.content
        for cell in (*row.lead, *row.partners, row.deadline, row.output):
            if cell is not None:
                yield where, cell
    for paragraph in draft.recipients:
        yield "nơi nhận", paragraph


def located(plan: Plan, start: int, end: int, words: str) -> Origin | None:
    """Where ``words`` stand between two offsets of a plan, blanks aside; ``None`` if nowhere."""
    parts = [re.escape(letter) for letter in words if not letter.isspace()]
    if not parts:
        return None
    match = re.search(r"\s*".join(parts), plan.text[start:end])
    if match is None:
        return None
    return Origin(plan=plan.plan_id, start=start + match.start(), end=start + match.end())
