"""Sections, footnotes and their spans from the outline of each part."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from kh_nlp.language import letters
from kh_nlp.model import Note, Section, Span
from kh_nlp.parsing.bodies import VERB
from kh_nlp.parsing.outline import Unit, find_outline
from kh_nlp.parsing.parts import Part
from kh_nlp.reading import TextLine
from kh_nlp.repairing import join_split_glyphs

_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
# "¹²" or "[12]"; the first character is one class, so that the engine skips to it.
_NOTE_MARK = re.compile(r"[⁰¹²³⁴-⁹[](?:(?<!\[)[⁰¹²³⁴-⁹]{0,2}|(?<=\[)\d{1,3}\])")
_SENTENCE_INSIDE = letters(r"[.!?](?<=[^\W\d_]{2}.)\s+[\p{Lu}]")
_MAX_HEADING_WORDS = 90


@dataclass(slots=True)
class Node:
    """A section in the making: ``unit`` is ``None`` for the root of an annex."""

    unit: Unit | None
    part: Part
    number: str | None
    label: str | None
    heading: str | None
    parent: Node | None
    annex: bool
    lines: list[int] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    id: str = ""

    def inside(self, other: Node) -> bool:
        """Whether ``other`` is this node or one of its holders."""
        node: Node | None = self
        while node is not None:
            if node is other:
                return True
            node = node.parent
        return False


@dataclass(slots=True)
class Body:
    """All nodes in printed order and the node (if any) that each line belongs to."""

    nodes: list[Node]
    owner: dict[int, Node]
    units: dict[int, Node]  # by first line


def build(text: str, lines: Sequence[TextLine], parts: Sequence[Part]) -> Body:
    """Sections of every part. Each body line has an owner, except those before a first section."""
    nodes: list[Node] = []
    owner: dict[int, Node] = {}
    by_line: dict[int, Node] = {}
    for part in parts:
        root: Node | None = None
        if part.kind == "annex":
            root = _annex_root(text, lines, part)
            nodes.append(root)
        units = find_outline(text, lines, part.body, part.closing)
        taken: set[int] = set()  # lines that a heading already has
        made: dict[int, Node] = {}
        for unit in units:
            parent = made[id(unit.parent)] if unit.parent else root
            stop = next((u.line for u in units[len(made) + 1 :]), part.closing)
            heading, extra = _heading(text, lines, unit, stop)
            node = Node(
                unit, part, unit.number, unit.label.print, heading, parent, root is not None
            )
            made[id(unit)] = node
            nodes.append(node)
            by_line[unit.line] = node
            node.lines += [unit.line, *extra]
            taken.update(node.lines)
        current = root
        for index in range(part.start if root else part.body, part.closing if units or root else 0):
            current = by_line.get(index, current)
            if current is None or lines[index].kind == "note":
                continue
            owner[index] = current
            if index not in taken:
                current.lines.append(index)
        if root is not None:  # what closes an annex stays with it
            for index in range(part.closing, part.end):
                if lines[index].kind != "note":
                    owner[index] = root
                    root.lines.append(index)
    for node in nodes:
        node.lines.sort()
    return Body(nodes, owner, by_line)


def _annex_root(text: str, lines: Sequence[TextLine], part: Part) -> Node:
    head = [text[lines[i].start : lines[i].end] for i in range(part.start, part.body)]
    label = None
    if head and (
        match := re.match(
            r"((?:phụ lục|phụ biểu|biểu số|mẫu số)(?:\s+(?:số\s*)?[\dIVX]+)?)", head[0], re.I
        )
    ):
        label = re.sub(r"\s+", " ", match.group(1))
    title = [line for line in head if not line.startswith("(")]
    if label and title and title[0].startswith(label) and len(title[0]) <= len(label) + 1:
        title = title[1:]
    return Node(None, part, label, label, " ".join(title)[:400] or None, None, True)


def _heading(
    text: str, lines: Sequence[TextLine], unit: Unit, stop: int
) -> tuple[str | None, list[int]]:
    """Title of a unit, ``None`` where its text is run in, and the further lines the title takes."""
    line = lines[unit.line]
    rest = _without_marks(text[line.start + unit.label.end : line.end])
    extra: list[int] = []
    at = unit.line + 1
    if not rest and at < stop and lines[at].kind == "text":  # the label stands on a line of its own
        rest = _without_marks(text[lines[at].start : lines[at].end])
        extra.append(at)
        at += 1
    while rest.isupper() and at < stop and lines[at].kind == "text" and len(extra) < 4:
        more = _without_marks(text[lines[at].start : lines[at].end])
        if not more.isupper() or len(more) < 2 or re.match(r"^[IVX\d]+[.)]", more):
            break
        rest = f"{rest} {more}"
        extra.append(at)
        at += 1
    after = next((line for line in lines[at:stop] if line.kind != "note"), None)
    if after is not None and after.continues:
        return None, []  # a sentence that a footnote or a page breaks
    holds_more = at < stop or bool(unit.children)
    bulleted = at < stop and text[lines[at].start] in "-–+•*"
    if reads_as_heading(rest, holds_more, bulleted or bool(unit.children)):
        return rest.rstrip(" .:") or None, extra
    return None, []


def _without_marks(text: str) -> str:
    return join_split_glyphs(_NOTE_MARK.sub("", text).strip())


# "Dự án 1: Hỗ trợ đầu tư …": the name of a part that is counted, even if it begins with a verb
_COUNTED = re.compile(
    r"^(?:(?:Tiểu )?[Dd]ự án(?: thành phần)?|Hợp phần|Nhóm(?: nhiệm vụ)?|Nội dung(?: thành phần)?"
    r"|Nhiệm vụ|Giai đoạn|Đợt|Bước|Tình huống|Tiêu chí|Chuyên đề|Chủ đề|Mô hình|Phương án)"
    r"(?: số)? (?:\d{1,2}|[IVX]{1,4})$"
)


def reads_as_heading(rest: str, holds_more: bool, holds_list: bool) -> bool:
    """Whether the text after a label is a title and not a sentence or the item of a list.

    A title may end with a full stop where the unit holds more text, and be long where that is a
    list.
    """
    words = rest.split()
    if not words or len(words) > _MAX_HEADING_WORDS or rest.endswith((";", ",", "/.")):
        return False
    if rest.isupper():
        return True
    if _SENTENCE_INSIDE.search(rest):
        return False
    before, colon, after = rest.partition(":")
    if colon and after.strip():
        counted = bool(_COUNTED.match(before)) and not rest.endswith(".")
        names_only = len(before.split()) < 9 and (counted or not VERB.search(after.lower()))
        return names_only and holds_more and len(words) <= (30 if holds_list else 18)
    if rest.endswith("."):
        return holds_more and len(words) <= (45 if holds_list else 14)
    return holds_more or len(words) <= 20


def merge(lines: Sequence[TextLine], indexes: Sequence[int]) -> tuple[Span, ...]:
    """Spans of the lines, neighbours put together."""
    spans: list[list[int]] = []
    last = -2
    for index in indexes:
        if index == last + 1 and spans and lines[index].start > spans[-1][1]:
            spans[-1][1] = lines[index].end
        else:
            spans.append([lines[index].start, lines[index].end])
        last = index
    return tuple((start, end) for start, end in spans)


def find_notes(text: str, lines: Sequence[TextLine], body: Body) -> list[Note]:
    """Footnotes in printed order, each with the section in which its mark stands."""
    marks: dict[str, list[tuple[int, int]]] = {}
    for index, line in enumerate(lines):
        if line.kind == "note":
            continue
        for match in _NOTE_MARK.finditer(text, line.start, line.end):
            marks.setdefault(_mark_label(match), []).append((match.start(), index))
    notes: list[Note] = []
    used: dict[str, int] = {}
    for line in lines:
        if line.kind != "note":
            continue
        head = _NOTE_MARK.match(text, line.start, line.end)
        if head is None:
            continue
        label = _mark_label(head)
        places = marks.get(label, [])
        turn = used.get(label, 0)  # numbering may start again on each page: take the marks in turn
        used[label] = turn + 1
        holder = None
        if places:
            holder = body.owner.get(places[min(turn, len(places) - 1)][1])
        if holder is not None:
            holder.notes.append(label)
        notes.append(
            Note(
                label=label,
                text=text[head.end() : line.end].lstrip(),
                section=holder.id if holder else None,
                start=line.start,
                end=line.end,
            )
        )
    return notes


def _mark_label(match: re.Match[str]) -> str:
    return match.group().strip("[]").translate(_SUPERSCRIPTS)


def _printed_parent(node: Node) -> str | None:
    """Id of the nearest holder that has text of its own (the root of a bare annex has none)."""
    holder = node.parent
    while holder is not None and not holder.lines:
        holder = holder.parent
    return holder.id if holder else None


def sections_of(text: str, lines: Sequence[TextLine], body: Body) -> list[Section]:
    """The records, with ``start``/``end`` enclosing child sections."""
    extent: dict[str, list[int]] = {}
    for node in body.nodes:
        spans = merge(lines, node.lines)
        if not spans:
            continue
        holder: Node | None = node
        while holder is not None:
            low_high = extent.setdefault(holder.id, [spans[0][0], spans[-1][1]])
            low_high[0] = min(low_high[0], spans[0][0])
            low_high[1] = max(low_high[1], spans[-1][1])
            holder = holder.parent
    out: list[Section] = []
    for node in body.nodes:
        spans = merge(lines, node.lines)
        if not spans:
            continue
        start, end = extent[node.id]
        out.append(
            Section(
                id=node.id,
                number=node.number,
                label=node.label,
                heading=node.heading,
                parent=_printed_parent(node),
                annex=node.annex,
                start=start,
                end=end,
                spans=spans,
                page=lines[node.lines[0]].page,
                text=" ".join(text[a:b] for a, b in spans),
                notes=tuple(node.notes),
            )
        )
    return out
