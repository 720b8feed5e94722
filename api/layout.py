"""A plan laid out for its page: parts in reading order, each a list of paragraphs and tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

from markupsafe import Markup

from api.marking import Link, marked
from kh_nlp.model import Citation, Plan, Section, Span
from kh_nlp.wording import day, document_name

_BLOCKS = {"header": "Phần đầu", "opening": "Mở đầu", "closing": "Phần cuối", "other": "Phần khác"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """A line of text, or a row of cells when ``cells`` holds more than one."""

    cells: tuple[Markup, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A block, section or note as the page shows it; ``depth`` is 0 outside the outline.

    ``original`` are the lines of the file where letters of this part were restored.
    """

    anchor: str
    kind: str
    name: str
    number: str | None
    depth: int
    heading: Markup | None
    page: int
    paragraphs: tuple[Paragraph, ...] = field(default=())
    original: tuple[str, ...] = ()

    def runs(self) -> Iterator[tuple[bool, list[Paragraph]]]:
        """Paragraphs grouped into tables (True) and plain text (False)."""
        group: list[Paragraph] = []
        for paragraph in self.paragraphs:
            if group and (len(group[-1].cells) > 1) != (len(paragraph.cells) > 1):
                yield len(group[0].cells) > 1, group
                group = []
            group.append(paragraph)
        if group:
            yield len(group[0].cells) > 1, group


def parts(plan: Plan, marks: Sequence[Span] = ()) -> list[Part]:
    """All of ``plan.text`` in reading order; footnotes follow where they are printed."""
    links = [link for citation in plan.citations if (link := citation_link(citation))]
    found: list[tuple[int, Part]] = []
    taken = sorted(
        [span for section in plan.sections for span in section.spans]
        + [(note.start, note.end) for note in plan.notes]
    )
    stretches: list[tuple[str, Span]] = [
        (block.kind, (block.start, block.end)) for block in plan.blocks
    ]
    # What no block, section or note holds (a task table after the signature) is shown all the same.
    held = sorted(taken + [span for _, span in stretches])
    stretches += [("other", gap) for gap in _outside((0, len(plan.text)), held)]
    for index, (kind, span) in enumerate(stretches):
        spans = _outside(span, taken)
        paragraphs = _paragraphs(plan.text, spans, links, marks)
        if not paragraphs:
            continue
        part = Part(
            anchor=f"b{index}",
            kind=kind,
            name=_BLOCKS[kind],
            number=None,
            depth=0,
            heading=None,
            page=plan.locate(spans[0][0]).page,
            paragraphs=paragraphs,
            original=_original(plan, spans),
        )
        found.append((spans[0][0], part))
    depths = _depths(plan)
    found += [(s.start, _section(plan, s, depths[s.id], links, marks)) for s in plan.sections]
    for index, note in enumerate(plan.notes):
        part = Part(
            anchor=f"n{index}",
            kind="note",
            name=f"Chú thích {note.label}",
            number=note.label,
            depth=0,
            heading=None,
            page=plan.locate(note.start).page,
            paragraphs=_paragraphs(plan.text, ((note.start, note.end),), links, marks),
            original=_original(plan, ((note.start, note.end),)),
        )
        found.append((note.start, part))
    return [part for _, part in sorted(found, key=lambda item: item[0])]


def first_mark(found: Sequence[Part]) -> Part | Paragraph | None:
    """The first heading or paragraph that holds a marked passage: where the page opens."""
    for part in found:
        if part.heading is not None and "<mark>" in part.heading:
            return part
        for paragraph in part.paragraphs:
            if any("<mark>" in cell for cell in paragraph.cells):
                return paragraph
    return None


def citation_link(citation: Citation) -> Link | None:
    """Link from a citation to what the library knows of the document; None when unresolved."""
    if citation.document is None:
        return None
    known = citation.document
    dated = f"ngày {day(known.issued_on)}" if known.issued_on else ""
    name = document_name(known.key, citation.kind, known.number, known.title)
    about = " ".join(filter(None, (name, dated)))
    title = ": ".join(filter(None, (about, known.title if known.number else None)))
    if known.issuer:
        title += f" ({known.issuer})"
    return Link(
        start=citation.start,
        end=citation.end,
        href=document_url(known.key),
        title=title,
    )


def document_url(key: str) -> str:
    """Address of the page that shows who cites a document."""
    return "/documents?" + urlencode({"key": key})


def plan_url(plan_id: str, start: int | None = None, end: int | None = None) -> str:
    """Address of a plan's page, with the passage ``start``..``end`` marked."""
    if start is None or end is None:
        return f"/plans/{plan_id}"
    return f"/plans/{plan_id}?mark={start}-{end}#found"


def _section(
    plan: Plan, section: Section, depth: int, links: Sequence[Link], marks: Sequence[Span]
) -> Part:
    paragraphs = _paragraphs(plan.text, section.spans, links, marks)
    heading = None
    if section.heading is not None and paragraphs:
        heading = Markup(" ").join(paragraphs[0].cells)
        paragraphs = paragraphs[1:]
    return Part(
        anchor=f"s{section.id}",
        kind="section",
        name=section.number or "",
        number=section.number,
        depth=depth,
        heading=heading,
        page=section.page,
        paragraphs=paragraphs,
        original=_original(plan, section.spans),
    )


def _original(plan: Plan, spans: Sequence[Span]) -> tuple[str, ...]:
    """The lines as the file has them, empty where nothing in them was restored."""
    if not plan.restorations:
        return ()
    pieces = [plan.original(start, end) for start, end in spans]
    if all(piece == plan.text[a:b] for piece, (a, b) in zip(pieces, spans, strict=True)):
        return ()
    return tuple(line for piece in pieces for line in piece.split("\n") if line.strip())


def _depths(plan: Plan) -> dict[str, int]:
    depths: dict[str, int] = {}
    for section in plan.sections:
        depths[section.id] = depths.get(section.parent or "", 0) + 1
    return depths


def _paragraphs(
    text: str, spans: Sequence[Span], links: Sequence[Link], marks: Sequence[Span]
) -> tuple[Paragraph, ...]:
    """One paragraph for each line; a sentence that a footnote broke comes out in one piece."""
    lines: list[list[Markup]] = [[]]
    for start, end in spans:
        at = start
        while at < end:
            stop = text.find("\n", at, end)
            stop = end if stop < 0 else stop
            if lines[-1] and not text[at].isspace():
                lines[-1].append(Markup(" "))  # words on both sides of a footnote stay apart
            lines[-1].append(marked(text, at, stop, links=links, marks=marks))
            if stop < end:
                lines.append([])
            at = stop + 1
    whole = (Markup("").join(line) for line in lines)
    return tuple(Paragraph(cells=_cells(line)) for line in whole if line.strip())


def _cells(line: Markup) -> tuple[Markup, ...]:
    # A tab cannot stand inside a tag made by `marked` other than in link text, where a split
    # would break the tag; such a line stays whole.
    cells = line.split("\t")
    balanced = all(cell.count("<a ") == cell.count("</a>") for cell in cells)
    balanced = balanced and all(cell.count("<mark>") == cell.count("</mark>") for cell in cells)
    return tuple(cells) if balanced else (line,)


def _outside(span: Span, taken: Sequence[Span]) -> tuple[Span, ...]:
    """``span`` less the stretches in ``taken`` (sorted), which are shown elsewhere."""
    pieces: list[Span] = []
    at, end = span
    for start, stop in taken:
        if stop <= at or start >= end:
            continue
        if start > at:
            pieces.append((at, start))
        at = max(at, stop)
    if at < end:
        pieces.append((at, end))
    return tuple(pieces)
