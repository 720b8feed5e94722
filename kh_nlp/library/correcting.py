"""A freshly parsed plan with the corrections of people put on it again."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from kh_nlp.errors import UsageError
from kh_nlp.library import outline_edits
from kh_nlp.library.anchoring import Anchor, LostPassageError, Printed, collapsed, digest
from kh_nlp.library.citation_edits import cited_again, new_citation
from kh_nlp.library.correctable import Action, Target
from kh_nlp.library.records import CorrectionStatus
from kh_nlp.model import Citation, Header, Plan, Span, Task, from_dict, to_dict

_NEAR = 40  # characters by which a newer parser may move the begin of a unit ("1. " before it)
_NEAR_WORDS = 8  # letters among them

State = tuple[CorrectionStatus, str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadAnchor:
    """What a corrected header field rests on: the file, what was read from it, and its head."""

    sha256: str
    printed: Any
    head: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A correction as it is put on a plan; ``first``/``last`` are the ends of new bounds."""

    number: int
    target: Target
    action: Action
    field: str | None
    new: Any
    head: HeadAnchor | None = None
    place: Anchor | None = None
    last: Anchor | None = None
    first: Anchor | None = None
    origin: str | None = None


def apply(
    plan: Plan, changes: Sequence[Change], original: str | None = None
) -> tuple[Plan, dict[int, State]]:
    """``plan`` as parsed, with ``changes`` (in the order they were made), and what became of each.

    ``original`` is the decoded file where it is at hand. A change whose passage is gone, or that
    no longer makes sense, is ``orphaned`` and leaves the plan as it is.
    """
    work = _Work(plan, Printed(plan, original))
    for target in ("header", "section", "task", "citation"):
        for change in changes:
            if change.target == target:
                work.put(change)
        if target == "header":
            work.follow_header()
    return work.finished(), work.states


def head_digest(plan: Plan) -> str:
    """What identifies the printed head of a plan."""
    return digest(" ".join(plan.text[b.start : b.end] for b in plan.blocks if b.kind == "header"))


class _Work:
    """A plan while changes are put on it."""

    def __init__(self, parsed: Plan, printed: Printed) -> None:
        self.parsed = parsed
        self.plan = parsed
        self.printed = printed
        self.states: dict[int, State] = {}
        self._latest: dict[tuple[str, ...], int] = {}
        self._set: set[str] = set()

    def put(self, change: Change) -> None:
        """Put one change on the plan and note its state."""
        before = self.plan
        try:
            agrees = getattr(self, f"_{change.target}")(change)
            self.states[change.number] = ("agrees" if agrees else "applied", None)
        except (LostPassageError, UsageError) as error:
            self.plan = before
            self.states[change.number] = ("orphaned", str(error).rstrip("."))

    def _wins(self, change: Change, *thing: str) -> None:
        """``change`` is the latest about a thing: the one before it is out of force."""
        key = (change.target, *thing)
        if (earlier := self._latest.get(key)) is not None:
            self.states[earlier] = ("superseded", f"đã thay bằng sửa đổi {change.number}")
        self._latest[key] = change.number

    # Header

    def _header(self, change: Change) -> bool:
        anchor, field = change.head, change.field or ""
        if anchor is None:
            raise LostPassageError("không rõ sửa theo văn bản nào")
        printed = to_dict(self.parsed.header)[field]
        agrees: bool = printed == change.new
        same_file = anchor.sha256 == self.parsed.source.sha256
        fits = (
            same_file or _same(printed, anchor.printed) or anchor.head == head_digest(self.parsed)
        )
        if not agrees and not fits:
            shown = "không rõ" if printed in (None, []) else f"“{printed}”"
            raise LostPassageError(f"bản mới của văn bản ghi {shown}")
        header = to_dict(self.plan.header) | {field: change.new}
        self.plan = replace(self.plan, header=from_dict(Header, header))
        self._set.add(field)
        self._wins(change, field)
        return agrees

    def follow_header(self) -> None:
        """What follows from corrected fields: month of the date, symbol, days of deadlines."""
        from kh_nlp.citations.grammar import align
        from kh_nlp.citations.numbers import find_numbers

        header = self.plan.header
        if "issued_on" in self._set and header.issued_on and "issued_month" not in self._set:
            header = replace(header, issued_month=header.issued_on[:7])
        if "number" in self._set and header.number and "symbol" not in self._set:
            found = next(find_numbers(header.number, align(header.number)), None)
            header = replace(header, symbol=found.symbol if found else header.symbol)
        self.plan = replace(self.plan, header=header)
        if header.year != self.parsed.header.year:
            self.plan = replace(self.plan, tasks=tuple(map(self._due, self.plan.tasks)))

    def _due(self, task: Task) -> Task:
        from kh_nlp.parsing.dates import due_period

        return replace(task, due=due_period(task.deadline, self.plan.header.year))

    # Sections

    def _section(self, change: Change) -> bool:
        begin, _ = self._find(change.place)
        if change.action == "add":
            return self._add_section(change, begin)
        section = self._at(begin, self.plan.sections)
        if change.action == "remove":
            if section is None:
                return True
            self.plan = outline_edits.remove_section(self.plan, section.id)
            return False
        if section is None:
            raise LostPassageError("ở đó nay không có đề mục")
        was = next((s for s in self.parsed.sections if s.id == section.id), None)
        if change.field == "bounds":
            start, end = self._find(change.first)[0], self._find(change.last)[1]
            self.plan = outline_edits.set_bounds(self.plan, section.id, start, end)
            agrees = was is not None and (was.spans[0][0], was.spans[-1][1]) == (start, end)
        elif change.field == "number":
            self.plan = outline_edits.set_number(self.plan, section.id, change.new)
            agrees = was is not None and was.number == change.new
        else:
            self.plan = outline_edits.set_heading(self.plan, section.id, change.new)
            agrees = was is not None and was.heading == change.new
        self._wins(change, section.id, change.field or "")
        return agrees

    def _add_section(self, change: Change, begin: int) -> bool:
        number, heading = change.new.get("number"), change.new.get("heading")
        known = self._at(begin, self.plan.sections)
        if known is None:
            self.plan = outline_edits.add_section(
                self.plan,
                self._made(change),
                begin,
                self._find(change.last)[1] if change.last else None,
                number=number,
                heading=heading,
            )
            return False
        same = True
        if number is not None and number != known.number:
            self.plan, same = outline_edits.set_number(self.plan, known.id, number), False
        if heading is not None and heading != known.heading:
            self.plan, same = outline_edits.set_heading(self.plan, known.id, heading), False
        return same

    # Tasks

    def _task(self, change: Change) -> bool:
        span = self._find(change.place)
        if change.action == "add":
            return self._add_task(change, span)
        # A unit may be a listed task and a duty at once: the kind of task decides between them.
        alike = [task for task in self.plan.tasks if task.origin == change.origin]
        task = self._at(span[0], alike) or self._at(span[0], self.plan.tasks)
        if change.action == "remove":
            if task is None:
                return True
            self.plan = replace(self.plan, tasks=tuple(t for t in self.plan.tasks if t != task))
            return False
        if task is None:
            raise LostPassageError("ở đó nay không có nhiệm vụ")
        field = change.field or ""
        fresh = from_dict(Task, to_dict(task) | {field: change.new})
        if field == "deadline":
            fresh = self._due(fresh)
        self.plan = replace(
            self.plan, tasks=tuple(fresh if t == task else t for t in self.plan.tasks)
        )
        self._wins(change, task.id, field)
        was = next((t for t in self.parsed.tasks if t.id == task.id), None)
        return was is not None and to_dict(was)[field] == change.new

    def _add_task(self, change: Change, span: Span) -> bool:
        values = dict(change.new)
        start = span[0]
        end = self._find(change.last)[1] if change.last else span[1]
        if start >= end:
            raise LostPassageError("chỗ kết thúc nay đứng trước chỗ bắt đầu")
        content = values.get("content") or collapsed(self.plan.text[start:end])
        known = self._at(start, self.plan.tasks)
        if known is not None and collapsed(known.content or "") == collapsed(content):
            return True
        holder = outline_edits.owner_at(self.plan, start)
        task = Task(
            id=self._made(change),
            origin="listed",
            order=None,
            group=values.get("group"),
            content=content,
            lead=tuple(values.get("lead") or ()),
            partners=tuple(values.get("partners") or ()),
            form=values.get("form"),
            output=values.get("output"),
            deadline=values.get("deadline"),
            section=holder.id if holder else None,
            start=start,
            end=end,
            spans=((start, end),),
            page=self.plan.locate(start).page,
        )
        self.plan = replace(self.plan, tasks=(*self.plan.tasks, self._due(task)))
        return False

    # Citations

    def _citation(self, change: Change) -> bool:
        start, end = self._find(change.place)
        over = [c for c in self.plan.citations if c.start < end and c.end > start]
        exact = [c for c in over if c.start == start] or over
        if change.action == "add":
            if over:
                return self._set_citation(exact[0], change.new)
            made = new_citation(self.plan, start, end, change.new)
            self._cite([*self.plan.citations, made])
            return False
        if change.action == "remove":
            if not over:
                return True
            self._cite([c for c in self.plan.citations if c != exact[0]])
            return False
        if len(exact) != 1:
            raise LostPassageError("ở đó nay không có đúng một viện dẫn")
        agrees = self._set_citation(exact[0], {change.field or "": change.new})
        self._wins(change, str(exact[0].start), change.field or "")
        return agrees

    def _set_citation(self, citation: Citation, values: Mapping[str, Any]) -> bool:
        was = next((c for c in self.parsed.citations if c.start == citation.start), None)
        fresh = cited_again(self.plan, citation, values)
        self._cite([fresh if c == citation else c for c in self.plan.citations])
        return was is not None and all(_cited(was, k) == v for k, v in values.items())

    def _cite(self, citations: Sequence[Citation]) -> None:
        ordered = sorted(citations, key=lambda c: (c.start, c.end))
        self.plan = replace(self.plan, citations=tuple(ordered))

    # Common

    def _find(self, anchor: Anchor | None) -> Span:
        if anchor is None:
            raise LostPassageError("không rõ đoạn nào")
        return self.printed.find(anchor)

    def _at(self, begin: int, things: Sequence[Any]) -> Any:
        """The section or task that begins at a position, or nearly there."""
        best: tuple[int, Any] | None = None
        for thing in things:
            start = thing.spans[0][0] if thing.spans else thing.start
            while self.plan.text[start : start + 1].isspace():  # anchors begin with a word
                start += 1
            low, high = min(start, begin), max(start, begin)
            between = self.plan.text[low:high]
            # Never over a line's end: the begin of the next line is another unit's.
            if high - low > _NEAR or "\n" in between:
                continue
            if len(re.findall(r"\w", between)) > _NEAR_WORDS:
                continue
            if best is None or high - low < best[0]:
                best = (high - low, thing)
        return best[1] if best else None

    def _made(self, change: Change) -> str:
        return f"{self.plan.plan_id}:e{change.number}"

    def finished(self) -> Plan:
        """The corrected plan, its coverage counted anew where parts changed."""
        from kh_nlp.parsing.quality import coverage

        plan = self.plan
        known = {task.id: task for task in self.parsed.tasks}
        area = _area(plan)
        moved = area != _area(self.parsed)  # keys of bodies hold the plan's own area
        tasks = tuple(
            _keyed(plan, task, area) if moved or known.get(task.id) != task else task
            for task in plan.tasks
        )
        plan = replace(plan, tasks=tasks)
        if plan.sections == self.parsed.sections and plan.blocks == self.parsed.blocks:
            return plan
        spans: list[Span] = [(b.start, b.end) for b in plan.blocks if b.kind != "other"]
        spans += [span for section in plan.sections for span in section.spans]
        spans += [(note.start, note.end) for note in plan.notes]
        spans += [span for task in plan.tasks for span in task.spans]
        share, _ = coverage(plan.text, spans)
        return replace(plan, quality=replace(plan.quality, coverage=round(share, 4)))


def _area(plan: Plan) -> str | None:
    from kh_nlp.parsing.issuer import own_area

    return own_area(plan.header.issuer, plan.header.province)


def _keyed(plan: Plan, task: Task, area: str | None) -> Task:
    """``task`` with what the parser derives from its fields and its place in the text."""
    from kh_nlp.parsing.quantities import find_quantities
    from kh_nlp.places import body_key

    return replace(
        task,
        quantities=find_quantities(plan.text, task.spans),
        lead_keys=tuple(body_key(name, area) for name in task.lead),
        partner_keys=tuple(body_key(name, area) for name in task.partners),
    )


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, str) and isinstance(other, str):
        return collapsed(one) == collapsed(other)
    return bool(one == other)


def _cited(citation: Citation, field: str) -> Any:
    if field == "key":
        return citation.document.key if citation.document else None
    return getattr(citation, field)
