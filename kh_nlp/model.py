"""The records of kh_nlp: a plan, its parts and what it cites.

Every ``start``/``end`` is a ``str`` offset into ``Plan.text`` (NFC, reading order, page furniture
dropped, hard wraps rejoined). Records are frozen; unknown values are ``None`` (or an empty tuple
for lists), never an empty string. ``to_dict`` gives the JSON of the command-line contract and
``plan_from_dict`` reads it back.
"""

from __future__ import annotations

import dataclasses
import types
import typing
from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Literal, TypeVar

SCHEMA_VERSION = 1

Span = tuple[int, int]
"""Half-open range of ``str`` offsets into ``Plan.text``."""

Level = Literal["central", "province", "province_agency", "district", "commune"]
BlockKind = Literal["header", "opening", "closing", "other"]
TaskOrigin = Literal["table", "listed", "assignment"]
Role = Literal["basis", "reference"]
Bound = Literal["at_least", "at_most", "exactly", "about"]
Format = Literal["text", "markdown", "html", "docx", "doc", "pdf", "scan"]
Status = Literal["issued", "draft"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """The file a plan was read from. ``characters`` counts the decoded file before any repair."""

    path: str
    sha256: str
    format: Format
    pages: int
    characters: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Quality:
    """How far the reading can be trusted.

    ``coverage`` and ``restored_share`` are shares in 0..1 (non-space characters that belong to a
    part; characters that a repair changed). ``warnings`` are Vietnamese sentences for the user.
    """

    coverage: float = 1.0
    damaged: bool = False
    restored_share: float = 0.0
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """Inclusive days, ISO 8601 (``2026-01-01``). Printed as ``{"from": ..., "to": ...}``."""

    start: str = field(metadata={"json": "from"})
    end: str = field(metadata={"json": "to"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """What the head of the plan prints; ``year`` is the one the plan is for, else of issue."""

    kind: str | None = None
    number: str | None = None
    symbol: str | None = None
    status: Status = "issued"
    place: str | None = None
    province: str | None = None
    issued_on: str | None = None
    issued_month: str | None = None
    year: int | None = None
    period: Period | None = None
    title: str | None = None
    issuer: str | None = None
    level: Level | None = None
    signer: str | None = None
    signer_title: str | None = None
    recipients: tuple[str, ...] = ()
    secrecy: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Text outside the sections: head, opening (căn cứ), closing, or anything else."""

    kind: BlockKind
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One labelled unit of the outline.

    ``start``/``end`` enclose the unit with its child sections; ``spans`` hold its own text only
    (label and heading included, child sections and notes excluded) and ``text`` is what they hold.
    """

    id: str
    number: str | None
    label: str | None
    heading: str | None
    parent: str | None
    annex: bool
    start: int
    end: int
    spans: tuple[Span, ...]
    page: int
    text: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A footnote; ``section`` is the one its mark stands in, ``None`` before the first."""

    label: str
    text: str
    section: str | None
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """A number that a task sets: "ít nhất 02 tin, bài" is ``at_least`` 2 ``tin, bài``.

    ``unit`` as printed; for shares it is ``%`` and ``of`` names the whole ("100% hồ sơ").
    ``start``/``end`` are offsets into ``Plan.text``.
    """

    text: str
    value: float
    unit: str
    of: str | None
    bound: Bound
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A row of a task table, an item listed in prose, or a duty given to a body.

    ``deadline`` is as printed, ``due`` the days it means where that is certain. ``lead_keys`` and
    ``partner_keys`` name the bodies of ``lead`` and ``partners`` in one spelling within the plan's
    place ("Phòng nội vụ", "phòng Nội vụ"). ``report_to`` is the body a duty tells to report to.
    """

    id: str
    origin: TaskOrigin
    order: int | None
    group: str | None
    content: str | None
    lead: tuple[str, ...] = ()
    partners: tuple[str, ...] = ()
    form: str | None = None
    output: str | None = None
    deadline: str | None = None
    due: Period | None = None
    lead_keys: tuple[str, ...] = ()
    partner_keys: tuple[str, ...] = ()
    report_to: str | None = None
    quantities: tuple[Quantity, ...] = ()
    section: str | None = None
    start: int
    end: int
    spans: tuple[Span, ...] = ()
    page: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """What a citation was resolved to; ``origin`` tells where that knowledge comes from."""

    key: str
    number: str | None = None
    issued_on: str | None = None
    issuer: str | None = None
    title: str | None = None
    origin: Literal["plan", "registry", "library"] = field(
        default="plan", metadata={"json": "from"}
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """One mention of a document; ``text == plan.text[start:end]``.

    ``number``, ``issued_on``, ``issuer`` and ``title`` hold only what this plan prints, anywhere in
    it; knowledge from outside stands in ``document``. ``confidence`` is in 0..1. ``pinpoint`` is
    the part of the document that is meant, as printed before it ("điểm a khoản 2 Điều 5").
    """

    text: str
    kind: str | None
    number: str | None
    issued_on: str | None
    issuer: str | None
    title: str | None
    role: Role
    relation: str | None
    section: str | None
    start: int
    end: int
    confidence: float
    document: Document | None = None
    pinpoint: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A cell of the file's tables; ``table``, ``row`` and ``column`` count from 1."""

    table: int
    row: int
    column: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """From ``start`` on, text comes from ``offset`` of the decoded file, on ``line`` of ``page``.

    Inside a run offsets advance together; ``line`` and ``page`` count from 1, ``start`` and
    ``offset`` from 0. ``line`` is the printed line of the page (PDF, scan), the line of the file
    (text) or its paragraph (Word, web page). ``cell``: the table cell that the run stands in.
    """

    start: int
    page: int
    line: int
    offset: int
    cell: Cell | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Restoration:
    """A word of ``Plan.text`` that a model restored: what the file has there, and how sure it is.

    ``confidence`` is in 0..1, the probability that the word is right (calibrated).
    """

    start: int
    end: int
    original: str
    confidence: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """A place in the file: ``page`` and ``line`` from 1, ``offset`` in characters from 0."""

    page: int
    line: int
    offset: int
    cell: Cell | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """One *kế hoạch* as read from one file."""

    schema_version: int = SCHEMA_VERSION
    plan_id: str
    source: Source
    quality: Quality
    header: Header
    text: str
    blocks: tuple[Block, ...]
    sections: tuple[Section, ...]
    notes: tuple[Note, ...]
    tasks: tuple[Task, ...]
    citations: tuple[Citation, ...]
    runs: tuple[Run, ...]
    restorations: tuple[Restoration, ...] = ()

    def original(self, start: int, end: int) -> str:
        """``text[start:end]`` with the letters of the file wherever they were restored."""
        pieces: list[str] = []
        at = start
        first = bisect_right(self.restorations, start, key=lambda word: word.end)
        for word in self.restorations[first:]:
            if word.start >= end:
                break
            if word.start >= at and word.end <= end:
                pieces += (self.text[at : word.start], word.original)
                at = word.end
        return "".join([*pieces, self.text[at:end]])

    def locate(self, position: int) -> Position:
        """Page, line and character of the original file for an offset into ``text``.

        Raises IndexError when ``position`` is outside ``0..len(text)``.
        """
        if not 0 <= position <= len(self.text):
            raise IndexError(position)
        if not self.runs:
            return Position(page=1, line=1, offset=position)
        index = max(0, bisect_right(self.runs, position, key=lambda run: run.start) - 1)
        run = self.runs[index]
        return Position(
            page=run.page,
            line=run.line,
            offset=run.offset + max(0, position - run.start),
            cell=run.cell,
        )


Record = TypeVar("Record")


@cache
def _fields(cls: Any) -> tuple[tuple[str, str, Any], ...]:
    hints = typing.get_type_hints(cls)
    return tuple(
        (f.name, f.metadata.get("json", f.name), hints[f.name]) for f in dataclasses.fields(cls)
    )


def to_dict(record: Any) -> Any:
    """JSON-ready value of a record: dicts with the contract's keys, lists for tuples."""
    if dataclasses.is_dataclass(record) and not isinstance(record, type):
        return {json: to_dict(getattr(record, name)) for name, json, _ in _fields(type(record))}
    if isinstance(record, Sequence) and not isinstance(record, str):
        return [to_dict(item) for item in record]
    if isinstance(record, dict):
        return {key: to_dict(value) for key, value in record.items()}
    return record


def from_dict(cls: Callable[..., Record], data: Mapping[str, Any]) -> Record:
    """The record of class ``cls`` whose ``to_dict`` gave ``data``; unknown keys are ignored."""
    fields = _fields(cls)
    values = {name: _value(hint, data[json]) for name, json, hint in fields if json in data}
    return cls(**values)


def plan_from_dict(data: Mapping[str, Any]) -> Plan:
    """A ``Plan`` from the JSON object printed by ``kh parse``."""
    return from_dict(Plan, data)


def _value(hint: Any, data: Any) -> Any:
    if data is None:
        return None
    origin = typing.get_origin(hint)
    if origin in (typing.Union, types.UnionType):
        hint = next(arg for arg in typing.get_args(hint) if arg is not type(None))
        return _value(hint, data)
    if origin is tuple:
        args = typing.get_args(hint)
        if len(args) == 2 and args[1] is Ellipsis:
            return tuple(_value(args[0], item) for item in data)
        return tuple(data)
    if dataclasses.is_dataclass(hint):
        return from_dict(typing.cast(type, hint), data)
    return data
