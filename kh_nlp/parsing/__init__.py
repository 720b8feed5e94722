"""A reading to a plan: header, outline, notes, tasks, duties, citations, and what is left over."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import islice

from kh_nlp.citations import cite, date_conflicts, spelled
from kh_nlp.errors import SecretDocumentError
from kh_nlp.language import fold
from kh_nlp.model import (
    Block,
    Citation,
    Header,
    Note,
    Plan,
    Quality,
    Restoration,
    Section,
    Source,
    Span,
    Task,
)
from kh_nlp.parsing.duties import find_duties
from kh_nlp.parsing.explaining import Explanation, explain
from kh_nlp.parsing.header import gather, read_header, secrecy_mark
from kh_nlp.parsing.issuer import own_area
from kh_nlp.parsing.listed import find_listed
from kh_nlp.parsing.parts import Part, find_parts
from kh_nlp.parsing.quality import coverage
from kh_nlp.parsing.quantities import find_quantities
from kh_nlp.parsing.sections import Body, build, find_notes, sections_of
from kh_nlp.parsing.tables import find_tasks
from kh_nlp.places import body_key
from kh_nlp.reading import Reading, TextLine
from kh_nlp.repairing import join_split_glyphs

__all__ = ["PARSER_VERSION", "Explanation", "explain", "parse"]

PARSER_VERSION = 7
"""Raised with every change that reads plans otherwise: libraries then read their files again."""


def parse(reading: Reading, *, allow_secret: bool = False) -> Plan:
    """The plan in a reading.

    Raises SecretDocumentError for a document with a secrecy mark in its head, unless
    ``allow_secret``. Text without any heading gives a plan without sections and a warning.
    """
    text, lines = reading.text, reading.lines
    words = [text[line.start : line.end] for line in lines]
    parts = find_parts(text, lines)
    body = build(text, lines, parts)
    opening_end = _first_section_line(body, parts)
    # Split glyphs are joined in what is read out; ``text`` keeps the characters of the file.
    head = gather(text, _readable(words, parts, opening_end), parts, opening_end)
    if not allow_secret and (mark := secrecy_mark(_head_lines(words, head.head))):
        raise SecretDocumentError(
            f"{reading.path}: văn bản đóng dấu {mark} ở phần đầu, không được đưa vào kho "
            "(bí mật nhà nước)."
        )
    header = read_header(head)
    if reading.damaged:
        header = _with_letters(header)
    plan_id = _plan_id(header, text)
    for index, node in enumerate(body.nodes, 1):
        node.id = f"{plan_id}:s{index}"
    notes = find_notes(text, lines, body)
    sections = sections_of(text, lines, body)
    owners = [body.owner[i].id if i in body.owner else None for i in range(len(lines))]
    tasks = [
        *find_tasks(text, lines, header.year, owners, plan_id),
        *find_listed(sections, header.year, plan_id),
        *find_duties(sections, header.year, plan_id),
    ]
    area = own_area(header.issuer, header.province)
    tasks = [
        replace(
            task,
            quantities=find_quantities(text, task.spans),
            lead_keys=tuple(_body_key(name, area) for name in task.lead),
            partner_keys=tuple(_body_key(name, area) for name in task.partners),
        )
        for task in tasks
    ]
    blocks = _blocks(lines, parts, body, opening_end)
    citations = _citations(text, lines, header, blocks, notes, owners)
    if reading.damaged:
        citations = [
            c if c.number is None else replace(c, number=spelled(c.number)) for c in citations
        ]
    if reading.restorations:
        citations = _less_sure(citations, reading.restorations)
    quality = _quality(reading, blocks, sections, notes, tasks)
    plan = Plan(
        plan_id=plan_id,
        source=Source(
            path=reading.path,
            sha256=reading.sha256,
            format=reading.format,
            pages=reading.pages,
            characters=reading.characters,
        ),
        quality=quality,
        header=header,
        text=text,
        blocks=tuple(blocks),
        sections=tuple(sections),
        notes=tuple(notes),
        tasks=tuple(tasks),
        citations=tuple(citations),
        runs=reading.runs,
        restorations=reading.restorations,
    )
    warnings = (*quality.warnings, *date_conflicts(plan))
    return replace(plan, quality=replace(quality, warnings=warnings))


def _readable(words: Sequence[str], parts: Sequence[Part], opening_end: int) -> list[str]:
    """The lines with split glyphs joined where a header is read from; the rest as they are."""
    out = list(words)
    for part in parts:
        for index in (*range(part.start, part.body), *range(part.closing, part.end)):
            out[index] = join_split_glyphs(out[index])
    for index in range(parts[0].body, min(opening_end, len(out))):
        out[index] = join_split_glyphs(out[index])
    return out


@lru_cache(maxsize=8192)
def _body_key(name: str, area: str | None) -> str:
    return body_key(name, area)


def _with_letters(header: Header) -> Header:
    """The number of a plan whose letters were lost: 12/QD-TTr is 12/QĐ-TTr."""
    if header.number is None or header.symbol is None:
        return header
    number = spelled(header.number)
    symbol = number[len(header.number) - len(header.symbol) :]
    same = len(number) == len(header.number)
    return replace(header, number=number, symbol=symbol) if same else header


def _head_lines(words: Sequence[str], head: Sequence[str]) -> list[str]:
    """Where a secrecy mark may stand: the head, or the first lines when no head was recognised."""
    return list(head) or list(words[:8])


def _first_section_line(body: Body, parts: Sequence[Part]) -> int:
    plan = next((part for part in parts if part.kind == "plan"), parts[0])
    first = [node.unit.line for node in body.nodes if node.unit and node.part is parts[0]]
    if not first:
        first = [node.unit.line for node in body.nodes if node.unit and node.part is plan]
    return min(first, default=parts[0].closing)


def _plan_id(header: Header, text: str) -> str:
    """From issuer, number and date where all are known, else from the words of the document."""
    if header.issuer and header.number and header.issued_on:
        identity = f"{fold(header.issuer)}|{header.number.upper()}|{header.issued_on}"
    else:
        identity = " ".join(text.split())
    return "kh" + hashlib.sha256(identity.encode()).hexdigest()[:12]


def _blocks(
    lines: Sequence[TextLine], parts: Sequence[Part], body: Body, opening_end: int
) -> list[Block]:
    """What no section holds: head, opening, closing, and the rest as ``other``."""
    kinds: dict[int, str] = {}
    for part in parts:
        if part.kind == "annex":
            continue
        for index in range(part.start, part.end):
            if index in body.owner or lines[index].kind == "note":
                continue
            if index < part.body:
                kinds[index] = "header"
            elif index >= part.closing:
                kinds[index] = "closing"
            else:
                kinds[index] = "opening"
    blocks: list[Block] = []
    last = -2
    for index in sorted(kinds):
        line = lines[index]
        if index == last + 1 and blocks and blocks[-1].kind == kinds[index]:
            blocks[-1] = replace(blocks[-1], end=line.end)
        else:
            blocks.append(Block(kind=kinds[index], start=line.start, end=line.end))  # type: ignore[arg-type]
        last = index
    for index, line in enumerate(lines):
        if index not in kinds and index not in body.owner and line.kind != "note":
            blocks.append(Block(kind="other", start=line.start, end=line.end))
    del opening_end
    return sorted(blocks, key=lambda block: block.start)


def _citations(
    text: str,
    lines: Sequence[TextLine],
    header: Header,
    blocks: Sequence[Block],
    notes: Sequence[Note],
    owners: Sequence[str | None],
) -> list[Citation]:
    """Citations with their sections; those of a note belong to the section of its mark."""
    opening = [block for block in blocks if block.kind == "opening"]
    basis = (opening[0].start, opening[-1].end) if opening else None
    found = cite(text, header=header, basis=basis)
    of_note = {(note.start, note.end): note.section for note in notes}
    out: list[Citation] = []
    at = 0
    for citation in found:
        while at + 1 < len(lines) and lines[at].end <= citation.start:
            at += 1
        line = lines[at]
        section = owners[at]
        if line.kind == "note":
            section = of_note.get((line.start, line.end))
        role = citation.role
        if role == "basis" and (section is not None or line.kind == "note"):
            role = "reference"
        out.append(replace(citation, section=section, role=role))
    return out


_OF_RESTORED = 0.95
"""Most that a citation read from restored text is sure of; less where its words are less sure."""


def _less_sure(
    citations: Sequence[Citation], restorations: Sequence[Restoration]
) -> list[Citation]:
    out: list[Citation] = []
    at = 0
    for citation in citations:
        while at < len(restorations) and restorations[at].end <= citation.start:
            at += 1
        end = citation.end
        inside = []
        for word in islice(restorations, at, None):
            if word.start >= end:
                break
            inside.append(word.confidence)
        if inside:
            confidence = citation.confidence * min([*inside, _OF_RESTORED])
            citation = replace(citation, confidence=round(confidence, 3))
        out.append(citation)
    return out


def _quality(
    reading: Reading,
    blocks: Sequence[Block],
    sections: Sequence[Section],
    notes: Sequence[Note],
    tasks: Sequence[Task],
) -> Quality:
    text = reading.text
    spans: list[Span] = [(block.start, block.end) for block in blocks if block.kind != "other"]
    for section in sections:
        spans += section.spans
    spans += [(note.start, note.end) for note in notes]
    for task in tasks:
        spans += task.spans
    share, gaps = coverage(text, spans)
    warnings = list(reading.warnings)
    if not sections:
        warnings.append("Không tìm thấy đề mục nào; toàn bộ nội dung được giữ trong một khối.")
    if share < 0.99 and gaps:
        start, end = max(gaps, key=lambda gap: gap[1] - gap[0])
        warnings.append(
            f"{1 - share:.1%} nội dung chưa thuộc phần nào, đoạn dài nhất ở ký tự {start}–{end}."
        )
    restored = sum(word.end - word.start for word in reading.restorations)
    return Quality(
        coverage=round(share, 4),
        damaged=reading.damaged,
        restored_share=round(restored / max(1, len(text)), 4),
        warnings=tuple(warnings),
    )
