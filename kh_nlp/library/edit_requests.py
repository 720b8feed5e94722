"""What a person asks to correct, made into anchored corrections of one plan."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from kh_nlp.citations.keys import number_key
from kh_nlp.errors import UsageError
from kh_nlp.library.anchoring import Anchor, Printed, collapsed, shorten
from kh_nlp.library.correctable import FIELDS, Action, Target, printable, read_value
from kh_nlp.library.correcting import Change, HeadAnchor, head_digest
from kh_nlp.model import Citation, Plan, Section, Span, Task, to_dict

Unit = TypeVar("Unit", Section, Task, Citation)

_LINE = 160  # characters that make the first line of a unit known
_SHORT = 8  # a first line shorter than this ("I.") says too little: the next words help


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """One request: what to correct, and how.

    ``ref`` names the section ("II.1", "s12"), task ("3", "t3") or citation ("76/NQ-CP", "c5");
    ``values`` are fields with what they should be (None or "không rõ": unknown). ``start`` and
    ``end`` are the first and last words of a passage, or offsets into ``Plan.text``: new bounds of
    a section, the place of what is added.
    """

    target: Target
    action: Action = "set"
    ref: str | None = None
    values: Mapping[str, Any] = field(default_factory=dict)
    start: str | int | None = None
    end: str | int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A correction that is not stored yet: what is shown of it and what it is put on by."""

    change: Change
    ref: str | None
    old: Any
    quote: str | None


def drafts(plan: Plan, parsed: Plan, printed: Printed, edit: Edit, number: int) -> list[Draft]:
    """The corrections that ``edit`` means for ``plan``, numbered from ``number``.

    ``plan`` is what the person sees, ``parsed`` the same without corrections. UsageError for a
    request that cannot be carried out.
    """
    if edit.target not in FIELDS or edit.action not in ("set", "remove", "add"):
        raise UsageError(f"Không sửa được “{edit.target}” bằng “{edit.action}”.")
    for words in (edit.ref, edit.start, edit.end):
        if isinstance(words, str) and not printable(collapsed(words)):
            raise UsageError("Chữ dùng để tìm có ký tự điều khiển.")
    values = {name: read_value(edit.target, name, value) for name, value in edit.values.items()}
    request = _Request(plan, parsed, printed, edit, values, number)
    made = list(request.drafts())
    if not made:
        raise UsageError("Chưa nói sửa gì: cần ít nhất một trường với giá trị mới.")
    return made


@dataclass
class _Request:
    plan: Plan
    parsed: Plan
    printed: Printed
    edit: Edit
    values: dict[str, Any]
    number: int

    def drafts(self) -> Iterator[Draft]:
        if self.edit.target == "header":
            if self.edit.action != "set":
                raise UsageError("Phần đầu chỉ sửa được từng trường, không thêm, xóa.")
            yield from self._header()
        elif self.edit.action == "add":
            yield self._added()
        else:
            yield from self._changed()

    def _header(self) -> Iterator[Draft]:
        shown, read = to_dict(self.plan.header), to_dict(self.parsed.header)
        for name, value in self.values.items():
            self._differs(name, shown[name], value)
            anchor = HeadAnchor(
                sha256=self.plan.source.sha256, printed=read[name], head=head_digest(self.plan)
            )
            yield self._draft(name, value, ref=None, old=shown[name], head=anchor)

    def _changed(self) -> Iterator[Draft]:
        thing = self._thing()
        place = self._anchor(thing)
        ref = name_of(self.plan, thing)
        origin = thing.origin if isinstance(thing, Task) else None
        if self.edit.action == "remove":
            yield self._draft(None, None, ref=ref, old=_shown(thing), place=place, origin=origin)
            return
        for name, value in self.values.items():
            old = _field(thing, name)
            self._differs(name, old, value)
            yield self._draft(name, value, ref=ref, old=old, place=place, origin=origin)
        if self.edit.start is not None or self.edit.end is not None:
            if not isinstance(thing, Section):
                raise UsageError("Chỉ phạm vi của một mục mới sửa được.")
            yield self._bounds(thing, ref, place)

    def _bounds(self, section: Section, ref: str, place: Anchor) -> Draft:
        begin, stop = section.spans[0][0], section.spans[-1][1]
        start, end = begin, stop
        if self.edit.start is not None:
            start = self._words(self.edit.start, (0, len(self.plan.text)), near=begin)[0]
        if self.edit.end is not None:
            end = self._words(self.edit.end, (start, len(self.plan.text)), near=stop)[1]
        if start >= end:
            raise UsageError("Chỗ bắt đầu phải đứng trước chỗ kết thúc.")
        if (start, end) == (begin, stop):
            raise UsageError("Mục đã có đúng phạm vi đó; không có gì để sửa.")
        first, last = self._first(start, end), self._last(start, end)
        return self._draft(
            "bounds",
            {"from": shorten(first.quote), "to": last.quote},
            ref=ref,
            old={
                "from": shorten(self._first(begin, stop).quote),
                "to": self._last(begin, stop).quote,
            },
            place=place,
            first=first,
            last=last,
        )

    def _added(self) -> Draft:
        edit = self.edit
        if edit.start is None:
            raise UsageError("Cần chỉ chỗ bắt đầu của phần thêm (những chữ đầu của đoạn).")
        within = (0, len(self.plan.text))
        if edit.ref is not None:  # where to look for the words
            holder = find_section(self.plan, edit.ref)
            within = (holder.start, holder.end)
        start, end = self._words(edit.start, within)
        last = None
        if edit.end is not None:
            end = self._words(edit.end, (start, within[1]), near=start)[1]
            last = self._last(start, end)
        elif edit.target != "citation" and (edit.target == "section" or end - start < _SHORT):
            end = self._line_end(start)
        if start >= end:
            raise UsageError("Chỗ bắt đầu phải đứng trước chỗ kết thúc.")
        if edit.target == "citation":
            last = None
        elif edit.target == "task" and last is None:
            end = max(end, self._line_end(start))
            last = self._last(start, end)
        self._is_new(start, end)
        whole = edit.target == "citation"
        place = self.printed.anchor(start, end) if whole else self._first(start, end)
        return self._draft(None, self.values, ref=edit.ref, old=None, place=place, last=last)

    def _is_new(self, start: int, end: int) -> None:
        """UsageError where the thing that is to be added stands already: that one can be set."""
        if self.edit.target == "section":
            for section in self.plan.sections:
                if section.spans[0][0] == start:
                    raise UsageError(
                        f"Ở đó đã có mục {name_of(self.plan, section)}; hãy sửa mục đó."
                    )
        if self.edit.target == "citation":
            for citation in self.plan.citations:
                if citation.start < end and citation.end > start:
                    name = code(self.plan, citation)
                    raise UsageError(f"Ở đó đã có viện dẫn {name}; hãy sửa viện dẫn đó.")

    # What is meant

    def _thing(self) -> Section | Task | Citation:
        ref = self.edit.ref
        if not ref:
            raise UsageError("Chưa nói sửa mục, nhiệm vụ hay viện dẫn nào.")
        if self.edit.target == "section":
            return find_section(self.plan, ref)
        if self.edit.target == "task":
            return find_task(self.plan, ref)
        return find_citation(self.plan, ref)

    def _words(self, words: str | int, within: Span, near: int | None = None) -> Span:
        """The place of ``words``; of several the one nearest to ``near`` if one is clearly so."""
        text = self.plan.text
        if isinstance(words, int) or re.fullmatch(r"\s*\d{1,12}\s*", words):
            at = int(words)
            if not 0 <= at <= len(text):
                raise UsageError(f"Vị trí {at} ngoài văn bản (0–{len(text)}).")
            return at, at
        found = [
            span for span in self.printed.occurrences(words)
            if within[0] <= span[0] and span[1] <= within[1]
        ]  # fmt: skip
        if not found:
            raise UsageError(f"Không thấy “{shorten(words)}” trong văn bản ở chỗ cần tìm.")
        if len(found) > 1 and near is not None:
            found.sort(key=lambda span: min(abs(span[0] - near), abs(span[1] - near)))
            first, second = (min(abs(s[0] - near), abs(s[1] - near)) for s in (found[0], found[1]))
            if first < second:
                found = found[:1]
        if len(found) > 1:
            raise UsageError(f"“{shorten(words)}” có ở {len(found)} chỗ; hãy ghi dài hơn.")
        return found[0]

    # Anchors

    def _anchor(self, thing: Section | Task | Citation) -> Anchor:
        if isinstance(thing, Citation):
            return self.printed.anchor(thing.start, thing.end)
        start = thing.spans[0][0] if thing.spans else thing.start
        if isinstance(thing, Task) and thing.origin == "table":
            # The whole row: who leads belongs to what is done.
            return self.printed.anchor(start, max(thing.end, start + 1))
        return self._first(start, max(thing.end, start + 1))

    def _first(self, start: int, end: int) -> Anchor:
        """The first line of ``start..end``, and the next where the first says too little."""
        stop = min(end, self._line_end(start))
        if stop - start < _SHORT and stop < end:
            stop = min(end, self._line_end(stop + 1))
        if stop - start > _LINE:
            blank = self.plan.text.rfind(" ", start + _LINE // 2, start + _LINE)
            stop = blank if blank > 0 else start + _LINE
        return self._anchored(start, stop)

    def _last(self, start: int, end: int) -> Anchor:
        """The last words of ``start..end``."""
        begin = max(
            start, end - _LINE // 2, self.plan.text.rfind("\n", start, max(start, end - 1)) + 1
        )
        if begin > start and not self.plan.text[begin - 1].isspace():
            blank = re.search(r"\s", self.plan.text[begin:end])
            begin = begin + blank.end() if blank else begin
        return self._anchored(begin, end)

    def _anchored(self, start: int, end: int) -> Anchor:
        try:
            return self.printed.anchor(start, end)
        except ValueError:
            raise UsageError("Phạm vi đó không có chữ nào.") from None

    def _line_end(self, start: int) -> int:
        end = self.plan.text.find("\n", start)
        return len(self.plan.text) if end < 0 else end

    # Results

    def _differs(self, name: str, old: Any, new: Any) -> None:
        if old == new:
            raise UsageError(f"Trường “{name}” đã có đúng giá trị đó; không có gì để sửa.")

    def _draft(
        self, name: str | None, new: Any, *, ref: str | None, old: Any, **more: Any
    ) -> Draft:
        change = Change(
            number=self.number,
            target=self.edit.target,
            action=self.edit.action,
            field=name,
            new=new,
            **more,
        )
        self.number += 1
        quote = change.place.quote if change.place else None
        return Draft(change=change, ref=ref, old=old, quote=quote)


def code(plan: Plan, thing: Section | Task | Citation) -> str:
    """The short code of a section ("s12"), task ("t3", "a1") or citation ("c5")."""
    if isinstance(thing, Citation):
        return f"c{plan.citations.index(thing) + 1}"
    return thing.id.rpartition(":")[2]


def name_of(plan: Plan, thing: Section | Task | Citation) -> str:
    """How a thing is called in lists: its number where it has one, else its code."""
    if isinstance(thing, Section):
        return thing.number or code(plan, thing)
    if isinstance(thing, Citation):
        return thing.number or shorten(thing.text)
    return code(plan, thing)


def find_section(plan: Plan, ref: str) -> Section:
    """The section with this number, code or id; UsageError when there is not exactly one."""
    wanted = " ".join(ref.split()).rstrip(".")
    found = [s for s in plan.sections if wanted in (s.id, code(plan, s))] or [
        s for s in plan.sections if s.number == wanted
    ]
    return _only(plan, found, f"mục “{shorten(ref)}”")


def find_task(plan: Plan, ref: str) -> Task:
    """The task with this number in its table, code or id; UsageError when not exactly one."""
    wanted = ref.strip()
    found = [t for t in plan.tasks if wanted in (t.id, code(plan, t))]
    if not found and re.fullmatch(r"\d{1,9}", wanted):
        found = [t for t in plan.tasks if t.order == int(wanted)]
    return _only(plan, found, f"nhiệm vụ “{shorten(ref)}”")


def find_citation(plan: Plan, ref: str) -> Citation:
    """The mention with this code, number, key or text; UsageError when not exactly one."""
    wanted = collapsed(ref)
    if match := re.fullmatch(r"c(\d{1,9})", wanted):
        found = list(plan.citations[int(match[1]) - 1 : int(match[1])]) if int(match[1]) else []
    else:
        found = [
            c
            for c in plan.citations
            if (c.number and number_key(c.number) == number_key(wanted))
            or (c.document and c.document.key == wanted)
        ] or [c for c in plan.citations if wanted.casefold() in collapsed(c.text).casefold()]
    return _only(plan, found, f"viện dẫn “{shorten(ref)}”")


def _only(plan: Plan, found: Sequence[Unit], what: str) -> Unit:
    if not found:
        raise UsageError(
            f"Kế hoạch {plan.plan_id} không có {what}. Xem các mã: kh edit {plan.plan_id}"
        )
    if len(found) > 1:
        codes = ", ".join(code(plan, thing) for thing in found[:8])
        more = ", …" if len(found) > 8 else ""
        raise UsageError(f"Có {len(found)} {what}: hãy dùng một trong các mã {codes}{more}.")
    return found[0]


def _field(thing: Section | Task | Citation, name: str) -> Any:
    if name == "key" and isinstance(thing, Citation):
        return thing.document.key if thing.document else None
    return to_dict(getattr(thing, name))


def _shown(thing: Section | Task | Citation) -> dict[str, Any]:
    """What is kept of something that was removed, for the reader of the list."""
    names = {
        Section: ("number", "heading"),
        Task: ("content", "lead", "deadline"),
        Citation: ("text", "number", "issued_on"),
    }[type(thing)]
    return {name: to_dict(getattr(thing, name)) for name in names}
