"""A plan cut into the sentences, items and rows that a summary may quote."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Any

from kh_nlp.language import LOWER, UPPER, syllables
from kh_nlp.library.stretches import cut, table_rows
from kh_nlp.model import Plan, Section, Span
from kh_nlp.summaries.records import Aspect, Part, Unit

_STOP = re.compile(rf"[.!?…][\"”)]?(?=\s+[\"“(]?[{UPPER}\d])|\n")
# "TP. Cần Thơ", "a. Căn cứ", "PGS. TS. Nguyễn", "Q. 1" do not end there.
_NO_END = re.compile(rf"(?:\b\w|\b[{UPPER}]{{2}}|\b(?:ThS|PGS|Tx|Tp|Tr))$")
_LABEL = re.compile(
    rf"\s*(?:(?:[IVXLC]+|\d+(?:\.\d+)*|[{LOWER}]{{1,2}}|Điều \d+|Phụ lục[ \w]*)[.)/:]"
    r"|[-–+•*·])[ \t]*"
)
_MARKS = re.compile(r"^[\s\-–+•*·|#]+|[\s|*]+$")
# "… như sau:" leads to what follows, "(Kèm theo Kế hoạch số …)" is the line under an annex's title.
_NO_STATEMENT = re.compile(r":$|^\((?:Kèm|Ban hành kèm)", re.IGNORECASE)
_BASIS = re.compile(r"(?:Căn cứ|Thực hiện|Theo|Triển khai|Xét)\b")
SHORTEST = 4
"""Syllables of a unit at least: less is a heading or a name."""


@cache
def _data() -> list[dict[str, Any]]:
    import tomllib

    text = (files("kh_nlp.summaries.data") / "aspects.toml").read_text(encoding="utf-8")
    found: list[dict[str, Any]] = tomllib.loads(text)["aspect"]
    return found


@cache
def _aspects() -> tuple[tuple[Aspect, tuple[tuple[str, ...], ...]], ...]:
    return tuple(
        (aspect["id"], tuple(tuple(syllables(phrase)) for phrase in aspect["headings"]))
        for aspect in _data()
    )


@cache
def names() -> dict[str, str]:
    """Vietnamese names of the aspects, in the order of a summary."""
    return {aspect["id"]: aspect["name"] for aspect in _data()}


def aspect_of(heading: str) -> Aspect | None:
    """What a heading such as "III. KINH PHÍ THỰC HIỆN" says of the units below it."""
    words = tuple(syllables(heading.lower()))
    best: tuple[int, Aspect] | None = None
    for aspect, phrases in _aspects():
        for phrase in phrases:
            for at in range(len(words) - len(phrase) + 1):
                # "Nội dung, kinh phí thực hiện": what is named first is what the heading is about.
                if words[at : at + len(phrase)] == phrase and (best is None or at < best[0]):
                    best = (at, aspect)
    return best[1] if best else None


def units(plan: Plan) -> tuple[Unit, ...]:
    """Sentences of the opening, the sections and the rows of task tables, in reading order.

    Headings, labels, notes, head and signature are left out, and so are rows whose content does
    not stand in one piece in the text. Empty for a plan without text.
    """
    found: list[Unit] = []
    rows = table_rows(plan)
    for block in plan.blocks:
        if block.kind == "opening":
            found += _cut(plan, [(block.start, block.end)], "basis", "basis", None, ())
    by_id = {section.id: section for section in plan.sections}
    for section in plan.sections:
        path = _path(section, by_id)
        headings = tuple(s.heading for s in path if s.heading)
        aspect: Aspect | None = next(
            (known for h in reversed(headings) if (known := aspect_of(h))), None
        )
        spans = cut(section.spans or ((section.start, section.end),), rows)
        # A body named as heading under "Tổ chức thực hiện" leaves its own words to the aspect.
        found += _cut(plan, spans, "body", aspect, section, headings)
    for task in plan.tasks:
        if task.origin != "table" or not task.content:
            continue
        at = plan.text.find(task.content, task.start, task.end)
        if at < 0 or len(syllables(task.content)) < SHORTEST:
            continue
        owner = by_id.get(task.section or "")
        found.append(
            Unit(
                text=task.content,
                start=at,
                end=at + len(task.content),
                part="row",
                aspect="task",
                number=owner.number if owner else None,
                headings=tuple(s.heading for s in _path(owner, by_id) if s.heading),
                page=task.page,
                first=False,
            )
        )
    found.sort(key=lambda unit: (unit.start, unit.end))
    return tuple(found)


def _path(section: Section | None, by_id: dict[str, Section]) -> list[Section]:
    """The section with those above it, outermost first (a broken chain just ends)."""
    path: list[Section] = []
    while section is not None and section not in path:
        path.insert(0, section)
        section = by_id.get(section.parent or "")
    return path


def _cut(
    plan: Plan,
    spans: list[Span],
    part: Part,
    aspect: Aspect | None,
    section: Section | None,
    headings: tuple[str, ...],
) -> Iterator[Unit]:
    first = True
    heading = "".join(syllables((section.heading or "").lower())) if section else ""
    for index, (start, end) in enumerate(spans):
        for one in sentences(plan.text, start, end):
            text = plan.text[one[0] : one[1]]
            words = syllables(text.lower())
            if len(words) < SHORTEST or "\t" in text or _is_heading(words, heading):
                continue
            if _broken(plan.text, spans, index, one) or _NO_STATEMENT.search(text):
                continue
            yield Unit(
                text=text,
                start=one[0],
                end=one[1],
                part=part,
                aspect=None if part == "basis" and not _BASIS.match(text) else aspect,
                number=section.number if section else None,
                headings=headings,
                page=plan.locate(one[0]).page,
                first=first,
            )
            first = False


def _broken(text: str, spans: list[Span], index: int, one: Span) -> bool:
    """Whether a note stands inside the sentence: no one piece of the text holds it whole."""
    before = index > 0 and not text[spans[index][0] : one[0]].strip()
    after = index + 1 < len(spans) and not text[one[1] : spans[index][1]].strip()
    return (before and text[one[0]].islower()) or (
        after
        and text[one[1] - 1] not in ".!?;:"
        and text[spans[index + 1][0] :].lstrip()[:1].islower()
    )


def _is_heading(words: list[str], heading: str) -> bool:
    return bool(heading) and "".join(words) in heading


def sentences(text: str, start: int, end: int) -> Iterator[Span]:
    """Spans of the sentences and lines in ``text[start:end]``, labels and bullets left out."""
    first = start
    for match in [*_STOP.finditer(text, start, end), None]:
        if (
            match
            and match[0] == "."
            and _NO_END.search(text, max(first, match.start() - 5), match.start())
        ):
            continue
        last = match.end() if match else end
        piece = text[first:last]
        label = _LABEL.match(piece)
        skip = label.end() if label else len(piece) - len(piece.lstrip())
        marks = _MARKS.match(piece[skip:])
        skip += marks.end() if marks and marks.start() == 0 else 0
        stop = len(piece.rstrip(" \t\n|*"))
        if skip < stop:
            yield first + skip, first + stop
        first = last
