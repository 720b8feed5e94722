"""What changed between two plans, above all two years' plans of one issuer."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise
from typing import Literal, TypeVar

import numpy as np
from numpy.typing import NDArray

from kh_nlp.language import fold, syllables
from kh_nlp.model import Plan, Section, Task

Change = Literal["same", "dated", "changed", "added", "removed"]
"""``dated``: only years and days differ."""

ALIKE = 0.35
"""Likeness (0..1) from which two units may be the same unit of two plans."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One of the two places that are compared: ``text`` is ``Plan.text[start:end]``."""

    number: str | None
    heading: str | None
    text: str
    start: int
    end: int
    page: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A run of words: ``old`` is None where they were added, ``new`` where they were dropped."""

    old: str | None
    new: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionChange:
    """A section of plan A beside the one of plan B that says it (None: has no fellow)."""

    change: Change
    a: Side | None
    b: Side | None
    pieces: tuple[Piece, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldChange:
    """A fact that differs; ``field`` is its name in the records of the model."""

    field: str
    a: str | None
    b: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskChange:
    """A task of plan A beside its fellow in plan B, and the columns that differ."""

    change: Change
    a: Side | None
    b: Side | None
    fields: tuple[FieldChange, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentChange:
    """A document that only one of the two plans cites; ``text`` as printed there."""

    change: Literal["added", "removed"]
    key: str
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Plan ``a`` against plan ``b``: head, sections, tasks, cited documents.

    Sections and tasks stand in the order of ``b``, what only ``a`` has after its neighbour there.
    """

    a: str
    b: str
    header: tuple[FieldChange, ...]
    sections: tuple[SectionChange, ...]
    tasks: tuple[TaskChange, ...]
    documents: tuple[DocumentChange, ...]


_HEAD = ("title", "number", "issued_on", "issuer", "period", "signer_title", "recipients")
_TASK = ("lead", "partners", "form", "output", "deadline")


def compare(a: Plan, b: Plan) -> Comparison:
    """What plan ``b`` says otherwise than plan ``a``, section by section and task by task."""
    sections_a, sections_b = _stated(a), _stated(b)
    tasks_a, tasks_b = ([t for t in plan.tasks if t.content] for plan in (a, b))
    return Comparison(
        a=a.plan_id,
        b=b.plan_id,
        header=tuple(
            FieldChange(field=name, a=left, b=right)
            for name in _HEAD
            for left, right in [(_shown(a.header, name), _shown(b.header, name))]
            if left != right
        ),
        sections=tuple(
            _section(a, b, left, right)
            for left, right in _paired(
                sections_a,
                sections_b,
                lambda s: _bag(s.text),
                lambda s: _bag(s.heading or ""),
            )
        ),
        tasks=tuple(
            _task(a, b, left, right)
            for left, right in _paired(tasks_a, tasks_b, lambda t: _bag(t.content or ""), None)
        ),
        documents=_documents(a, b),
    )


def _stated(plan: Plan) -> list[Section]:
    """Sections that say something of their own; a table's rows are compared as tasks."""
    holders = {task.section for task in plan.tasks if task.origin == "table"}
    return [s for s in plan.sections if s.text.strip() and not (s.id in holders and s.annex)]


_FIGURE = re.compile(r"\d")


def _bag(text: str) -> Counter[str]:
    """Syllables and pairs without accents; numbers left out, they change from year to year."""
    words = [word for word in syllables(fold(text)) if not _FIGURE.search(word)]
    bag = Counter(words)
    bag.update(f"{x} {y}" for x, y in pairwise(words))
    return bag


def _likeness(bags: list[Counter[str]], first: int) -> NDArray[np.float64]:
    """Cosines (0..1) between the ``first`` bags and the others, rare terms counting more.

    "tuyên truyền" in every unit tells none apart.
    """
    from sklearn.feature_extraction import DictVectorizer
    from sklearn.feature_extraction.text import TfidfTransformer

    if not any(bags):
        return np.zeros((first, len(bags) - first))
    rows = TfidfTransformer().fit_transform(DictVectorizer().fit_transform(bags))
    found: NDArray[np.float64] = (rows[:first] @ rows[first:].T).toarray()
    return found


Unit = TypeVar("Unit", bound=Section | Task)


def _paired(
    a: Sequence[Unit],
    b: Sequence[Unit],
    own: Callable[[Unit], Counter[str]],
    heading: Callable[[Unit], Counter[str]] | None,
) -> list[tuple[Unit | None, Unit | None]]:
    """Units of ``a`` and ``b`` matched so that the sum of likenesses is largest."""
    from scipy.optimize import linear_sum_assignment

    if not a or not b:
        return [*((None, unit) for unit in b), *((unit, None) for unit in a)]
    likeness = _likeness([own(unit) for unit in (*a, *b)], len(a))
    if heading:
        heads = _likeness([heading(unit) for unit in (*a, *b)], len(a))
        likeness = np.maximum(likeness, 0.9 * heads)
    # Among equals the one at the same place in the plan is meant.
    away = np.abs(np.arange(len(a))[:, None] / len(a) - np.arange(len(b)) / len(b))
    likeness = np.where(likeness >= ALIKE, likeness + 0.02 * (1 - away), 0.0)
    fellow = dict(zip(*(side.tolist() for side in linear_sum_assignment(-likeness)), strict=True))
    fellow = {i: j for i, j in fellow.items() if likeness[i, j] > 0}
    back = {j: i for i, j in fellow.items()}
    out: list[tuple[Unit | None, Unit | None]] = []
    done = -1  # units of ``a`` up to here are out
    for j, unit in enumerate(b):
        mate = back.get(j)
        if mate is not None and mate > done:
            out += [(a[k], None) for k in range(done + 1, mate) if k not in fellow]
            done = mate
        out.append((a[mate] if mate is not None else None, unit))
    out += [(a[k], None) for k in range(done + 1, len(a)) if k not in fellow]
    return out


def _section(a: Plan, b: Plan, left: Section | None, right: Section | None) -> SectionChange:
    one, other = (_side_of_section(p, s) for p, s in ((a, left), (b, right)))
    if left is None or right is None:
        return SectionChange(change="added" if left is None else "removed", a=one, b=other)
    pieces = differing(_said(left), _said(right))
    return SectionChange(change=_kind(pieces), a=one, b=other, pieces=pieces)


def _said(section: Section) -> str:
    """The text without its label: "2." that became "3." is no change of what is said."""
    return re.sub(rf"^\s*{re.escape(section.label or '')}[.)/:]?\s*", "", section.text)


def _side_of_section(plan: Plan, section: Section | None) -> Side | None:
    if section is None:
        return None
    start, end = section.spans[0][0] if section.spans else section.start, section.end
    if section.spans:
        end = section.spans[-1][1]
    return Side(
        number=section.number,
        heading=section.heading,
        text=plan.text[start:end],
        start=start,
        end=end,
        page=section.page,
    )


def _task(a: Plan, b: Plan, left: Task | None, right: Task | None) -> TaskChange:
    one, other = (_side_of_task(p, t) for p, t in ((a, left), (b, right)))
    if left is None or right is None:
        return TaskChange(change="added" if left is None else "removed", a=one, b=other)
    pieces = differing(left.content or "", right.content or "")
    fields = [
        FieldChange(field=name, a=x, b=y)
        for name in _TASK
        for x, y in [(_shown(left, name), _shown(right, name))]
        if x != y
    ]
    if pieces:
        fields.insert(0, FieldChange(field="content", a=left.content, b=right.content))
    kinds = {_kind(differing(f.a or "", f.b or "")) for f in fields}
    change: Change = "same" if not fields else "dated" if kinds <= {"dated"} else "changed"
    return TaskChange(change=change, a=one, b=other, fields=tuple(fields))


def _side_of_task(plan: Plan, task: Task | None) -> Side | None:
    if task is None:
        return None
    numbers = {section.id: section.number for section in plan.sections}
    return Side(
        number=numbers.get(task.section or ""),
        heading=task.content,
        text=plan.text[task.start : task.end],
        start=task.start,
        end=task.end,
        page=task.page,
    )


def _shown(record: object, name: str) -> str | None:
    value = getattr(record, name)
    if isinstance(value, tuple):
        return "; ".join(value) or None
    if value is not None and hasattr(value, "start"):
        return f"{value.start} – {value.end}"
    return value if value is None else str(value)


def differing(old: str, new: str) -> tuple[Piece, ...]:
    """Runs of words that differ, in order; none when both say the same word for word."""
    a, b = old.split(), new.split()
    return tuple(
        Piece(old=" ".join(a[i:j]) or None, new=" ".join(b[k:m]) or None)
        for kind, i, j, k, m in SequenceMatcher(None, a, b, autojunk=False).get_opcodes()
        if kind != "equal"
    )


def _kind(pieces: Sequence[Piece]) -> Change:
    if not pieces:
        return "same"
    dated = all(p.old and p.new and _undated(p.old) == _undated(p.new) for p in pieces)
    return "dated" if dated else "changed"


_DAY = re.compile(r"\d{1,2}[/.-]\d{1,2}[/.-]\d{4}|\d{1,2}[/.-](?:19|20)\d{2}|\b(?:19|20)\d{2}\b")


def _undated(text: str) -> str:
    return _DAY.sub("0", text)


def _documents(a: Plan, b: Plan) -> tuple[DocumentChange, ...]:
    cited = [
        {c.document.key: c for c in reversed(plan.citations) if c.document is not None}
        for plan in (a, b)
    ]
    changes: list[DocumentChange] = []
    sides: tuple[tuple[Literal["added", "removed"], int], ...] = (("removed", 0), ("added", 1))
    for change, side in sides:
        mine, others = cited[side], cited[1 - side]
        changes += (
            DocumentChange(change=change, key=key, text=c.text, start=c.start, end=c.end)
            for key, c in sorted(mine.items(), key=lambda item: item[1].start)
            if key not in others
        )
    return tuple(changes)
