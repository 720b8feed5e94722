"""A plan cut into passages: the units that are indexed, found and shown.

One passage for each section (its own text, without the rows of task tables), for each note, and
for each task of a table or a list; one for the text between head and outline, and one for the
title. Long text is cut into windows that map back to positions in ``Plan.text``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from kh_nlp.language import fold
from kh_nlp.library.records import Kind
from kh_nlp.library.stretches import cut, table_rows
from kh_nlp.model import Plan, Section, Span, Task

WINDOW = 220
"""Words in a passage at most: about 350 tokens of the encoder, of the 512 it can read."""

Piece = tuple[int, int, int]
"""(start, end, offset): ``Plan.text[start:end]`` stands at ``offset`` of the passage's text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """One indexed unit; ``words`` is what is indexed where that is less than ``text``."""

    kind: Kind
    unit: str | None
    number: str | None
    heading: str | None
    page: int
    text: str
    words: str | None
    context: str
    pieces: tuple[Piece, ...]
    start: int
    end: int
    agencies: str


def passages(plan: Plan) -> Iterator[Passage]:
    """The passages of a plan in reading order, its title first."""
    outline = _Outline(plan)
    yield _title(plan)
    rows = table_rows(plan)
    for block in plan.blocks:
        # Head and closing are names and signatures; filters hold what matters of them.
        if block.kind in ("opening", "other"):
            spans = cut([(block.start, block.end)], rows)
            yield from _windows(plan, outline, None, spans)
    for section in plan.sections:
        spans = cut(section.spans or ((section.start, section.end),), rows)
        yield from _windows(plan, outline, section, spans)
    for note in plan.notes:
        yield from _windows(plan, outline, outline.section(note.section), [(note.start, note.end)])
    for task in plan.tasks:
        if task.origin != "assignment":  # an assignment is its section
            passage = _task(plan, outline, task)
            if passage is not None:
                yield passage


class _Outline:
    """Sections by id, the headings above each, and the bodies that answer for each."""

    def __init__(self, plan: Plan) -> None:
        self._sections = {section.id: section for section in plan.sections}
        self._bodies: dict[str, list[str]] = {}
        for task in plan.tasks:
            if task.origin == "assignment" and task.section is not None:
                self._bodies.setdefault(task.section, []).extend((*task.lead, *task.partners))

    def section(self, section_id: str | None) -> Section | None:
        return self._sections.get(section_id) if section_id is not None else None

    def above(self, section: Section | None) -> Iterator[Section]:
        """The section and its ancestors, innermost first (a broken parent chain just ends)."""
        seen: set[str] = set()
        while section is not None and section.id not in seen:
            yield section
            seen.add(section.id)
            section = self.section(section.parent)

    def context(self, section: Section | None, *, own: bool) -> str:
        """Headings from the top of the outline down; the section's own only with ``own``."""
        path = list(self.above(section))
        return "\n".join(s.heading for s in reversed(path[0 if own else 1 :]) if s.heading)

    def agencies(self, section: Section | None) -> str:
        return joined(body for s in self.above(section) for body in self._bodies.get(s.id, ()))


def joined(names: Iterable[str]) -> str:
    """Folded names as ``|a|b|`` (``|`` when there are none), for substring filters in SQL."""
    folded = dict.fromkeys(" ".join(fold(name).split()) for name in names)
    return "".join(f"|{name}" for name in folded if name) + "|"


def _title(plan: Plan) -> Passage:
    header = plan.header
    parts = [part for part in (header.title, header.issuer, header.number) if part]
    head = next((b for b in plan.blocks if b.kind == "header"), None)
    return Passage(
        kind="plan",
        unit=None,
        number=None,
        heading=None,
        page=1,
        text="\n".join(parts),
        words=None,
        context="",
        pieces=(),
        start=head.start if head else 0,
        end=head.end if head else 0,
        agencies="|",
    )


def _task(plan: Plan, outline: _Outline, task: Task) -> Passage | None:
    section = outline.section(task.section)
    labelled = (
        ("", task.content),
        ("Nhóm: ", task.group),
        ("Chủ trì: ", "; ".join(task.lead)),
        ("Phối hợp: ", "; ".join(task.partners)),
        ("Hình thức: ", task.form),
        ("Kết quả: ", task.output),
        ("Thời gian: ", task.deadline),
    )
    present = [(label, value) for label, value in labelled if value]
    if not present:
        return None
    return Passage(
        kind="task",
        unit=task.id,
        number=section.number if section else None,
        heading=section.heading if section else None,
        page=task.page,
        text="\n".join(label + value for label, value in present),
        # Labels stand in every task: indexed, they would match "chủ trì" everywhere.
        words="\n".join(value for _, value in present),
        context=outline.context(section, own=True),
        pieces=(),
        start=task.start,
        end=task.end,
        agencies=joined((*task.lead, *task.partners)),
    )


_WORD = re.compile(r"\S+")


def _windows(
    plan: Plan, outline: _Outline, section: Section | None, spans: Iterable[Span]
) -> Iterator[Passage]:
    words = [
        (start + match.start(), start + match.end(), index)
        for index, (start, end) in enumerate(spans)
        for match in _WORD.finditer(plan.text[start:end])
    ]
    if not any(char.isalnum() for start, end, _ in words for char in plan.text[start:end]):
        return
    # A heading given by a person stands nowhere in the text: it is found as that of its section.
    unprinted = section is not None and not _prints(section)
    for part in _cut(plan.text, words):
        pieces, text = _pieces(plan.text, part)
        start, end = pieces[0][0], max(piece[1] for piece in pieces)
        yield Passage(
            kind="section",
            unit=section.id if section else None,
            number=section.number if section else None,
            heading=section.heading if section else None,
            page=plan.locate(start).page,
            text=text,
            words=None,
            context=outline.context(section, own=part[0] != words[0] or unprinted),
            pieces=pieces,
            start=start,
            end=end,
            agencies=outline.agencies(section),
        )


def windows(text: str) -> Iterator[str]:
    """A text without an outline, cut as the long sections of a plan are; nothing for blanks."""
    words = [(match.start(), match.end(), 0) for match in _WORD.finditer(text)]
    for part in _cut(text, words):
        yield text[part[0][0] : part[-1][1]]


def _prints(section: Section) -> bool:
    """Whether the heading is printed in the section's text (marks of notes do not count)."""
    heading, text = (re.sub(r"[\W\d]+", "", part or "") for part in (section.heading, section.text))
    return heading in text


def _cut(text: str, words: list[tuple[int, int, int]]) -> Iterator[list[tuple[int, int, int]]]:
    """Windows of equal size, each moved back to the nearest end of a line or sentence."""
    first = 0
    while len(words) - first > WINDOW:
        windows = -(-(len(words) - first) // WINDOW)
        aim = first + -(-(len(words) - first) // windows)
        cut = aim
        for index in range(aim, max(first + 1, aim - WINDOW // 3), -1):
            gap = text[words[index - 1][1] : words[index][0]]
            if "\n" in gap or text[words[index - 1][1] - 1] in ".;!?":
                cut = index
                break
        yield words[first:cut]
        first = cut
    if words[first:]:
        yield words[first:]


def _pieces(text: str, words: list[tuple[int, int, int]]) -> tuple[tuple[Piece, ...], str]:
    """Positions and text of a run of words; words of one span stay with what is between them."""
    pieces: list[Piece] = []
    out = ""
    index = 0
    while index < len(words):
        last = index
        while last + 1 < len(words) and words[last + 1][2] == words[index][2]:
            last += 1
        start, end = words[index][0], words[last][1]
        if pieces:
            # A sentence broken by a footnote goes on; rows on both sides of a hole do not.
            between = text[pieces[-1][1] : start]
            out += "\n" if "\n" in between.strip(" ") and not between.strip() else " "
        pieces.append((start, end, len(out)))
        out += text[start:end]
        index = last + 1
    return tuple(pieces), out
