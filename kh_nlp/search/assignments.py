"""``tasks``: the tasks of all plans as one table, by body in charge, time, place and words."""

from __future__ import annotations

import calendar
import json
import re
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, get_args

from kh_nlp.errors import UsageError
from kh_nlp.language import fold, has_accents, nfc, search_key
from kh_nlp.library import Library
from kh_nlp.model import Level, Period, TaskOrigin
from kh_nlp.places import body_key, load_gazetteer, own_places
from kh_nlp.search.filters import Years

Days = tuple[str | None, str | None]
"""First and last day, ISO 8601, inclusive; ``None`` where the range is open."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskRow:
    """One task with its source: ``plan``, ``path``, ``page``, and ``start``/``end`` in the plan."""

    plan: str
    path: str
    title: str | None
    issuer: str | None
    level: Level | None
    province: str | None
    year: int | None
    task: str
    origin: TaskOrigin
    order: int | None
    group: str | None
    content: str | None
    lead: tuple[str, ...]
    partners: tuple[str, ...]
    output: str | None
    deadline: str | None
    due: Period | None
    number: str | None
    page: int
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskAnswer:
    """Rows by due date (those without one last); ``total`` counts all that fit the filters."""

    filters: dict[str, Any]
    total: int
    tasks: tuple[TaskRow, ...]


def tasks(
    library: Library,
    *,
    agencies: Sequence[str] = (),
    partners: Sequence[str] = (),
    due: Days | None = None,
    levels: Sequence[str] = (),
    provinces: Sequence[str] = (),
    years: Years | None = None,
    issuers: Sequence[str] = (),
    about: str | None = None,
    limit: int | None = None,
) -> TaskAnswer:
    """Tasks of all plans that fit every filter given, by due date.

    ``agencies`` are in charge, ``partners`` take part: parts of the name without accents, or any
    spelling of the same body. ``due`` keeps tasks whose days overlap it. ``about`` must stand in
    the task, compared with accents where it has some. UsageError for unknown levels and limits.
    """
    for level in levels:
        if level not in get_args(Level):
            raise UsageError(f"Không có cấp “{level}”; hãy dùng: {', '.join(get_args(Level))}.")
    if limit is not None and limit < 1:
        raise UsageError("Số kết quả phải từ 1 trở lên.")
    wanted = _Wanted(
        agencies=[name for name in agencies if name.strip()],
        partners=[name for name in partners if name.strip()],
        due=due,
        levels=levels,
        provinces=[name for name in provinces if name.strip()],
        years=years,
        issuers=[name for name in issuers if name.strip()],
        about=" ".join(nfc(about or "").split()),
    )
    with library.reading() as connection:
        found = [row for plan in connection.execute(_PLANS) for row in _rows(plan, wanted)]
        found.sort(key=_by_due)
        shown = [_numbered(connection, *item) for item in found[:limit]]
    return TaskAnswer(filters=wanted.printed(), total=len(found), tasks=tuple(shown))


@dataclass(frozen=True, slots=True)
class _Wanted:
    agencies: Sequence[str]
    partners: Sequence[str]
    due: Days | None
    levels: Sequence[str]
    provinces: Sequence[str]
    years: Years | None
    issuers: Sequence[str]
    about: str

    def printed(self) -> dict[str, Any]:
        given: dict[str, Any] = {
            "agencies": list(self.agencies),
            "partners": list(self.partners),
            "due": list(self.due) if self.due else [],
            "levels": list(self.levels),
            "provinces": list(self.provinces),
            "years": list(self.years) if self.years else [],
            "issuers": list(self.issuers),
            "about": self.about,
        }
        return {name: value for name, value in given.items() if value}

    def plan(self, head: dict[str, Any]) -> bool:
        """Whether the head of a plan (its stored summary) fits."""
        if self.levels and head.get("level") not in self.levels:
            return False
        if self.provinces and not _same_province(head.get("province"), self.provinces):
            return False
        if self.issuers and not any(_part(i, head.get("issuer") or "") for i in self.issuers):
            return False
        low, high = self.years or (None, None)
        year: int | None = head.get("year")
        if year is None:
            return low is None and high is None
        return (low is None or low <= year) and (high is None or year <= high)

    def task(self, task: dict[str, Any]) -> bool:
        """Whether a task fits."""
        if self.agencies and not _any_body(self.agencies, task, "lead"):
            return False
        if self.partners and not _any_body(self.partners, task, "partner"):
            return False
        if self.due is not None and not _overlaps(task.get("due"), self.due):
            return False
        if not self.about:
            return True
        key = search_key if has_accents(self.about) else fold
        parts = (task.get(name) or "" for name in ("content", "group", "form", "output"))
        text = " ".join(key(nfc("\n".join(parts))).split())
        return re.search(rf"(?<!\w){re.escape(key(self.about))}(?!\w)", text) is not None


def _any_body(names: Sequence[str], task: dict[str, Any], role: str) -> bool:
    bodies = task.get({"lead": "lead", "partner": "partners"}[role]) or ()
    keys = task.get(f"{role}_keys") or ()
    return any(
        body_key(name) in keys or any(_part(name, printed) for printed in bodies) for name in names
    )


def _part(name: str, text: str) -> bool:
    """Whether whole folded words of ``name`` stand in ``text``."""
    wanted, words = (" ".join(fold(part).split()) for part in (name, text))
    return re.search(rf"(?<!\w){re.escape(wanted)}(?!\w)", words) is not None


def _same_province(printed: str | None, names: Sequence[str]) -> bool:
    """By name, past or present: Tuyên Quang of today also holds the plans of Hà Giang."""
    if printed is None:
        return False
    gazetteer = load_gazetteer(own_places())
    for name in names:
        wanted, home = gazetteer.province(name), gazetteer.province(printed)
        if wanted is None or home is None:
            bare = re.sub(r"^(?:tinh|thanh pho|tp\.?) ", "", " ".join(fold(name).split()))
            if bare == " ".join(fold(printed).split()):
                return True
        elif home == wanted or gazetteer.today(home) == wanted:
            return True
    return False


def _overlaps(due: dict[str, str] | None, days: Days) -> bool:
    if due is None:
        return False
    first, last = days
    return (last is None or due["from"] <= last) and (first is None or due["to"] >= first)


_PLANS = """
SELECT p.id, p.plan_id, v.summary, json_extract(v.json, '$.tasks') AS tasks,
       coalesce((SELECT f.path FROM files f JOIN versions o ON o.id = f.version
                 WHERE o.plan = p.id ORDER BY o.current DESC, f.seen_at DESC, f.path LIMIT 1),
                json_extract(v.summary, '$.path')) AS path
FROM plans p JOIN versions v ON v.plan = p.id AND v.current = 1
WHERE json_extract(v.summary, '$.tasks') > 0 ORDER BY p.id
"""

_Found = tuple[int, str | None, TaskRow]
"""A plan's row in the database, the id of the task's section, the task."""


def _rows(plan: sqlite3.Row, wanted: _Wanted) -> Iterator[_Found]:
    head = json.loads(plan["summary"])
    if not wanted.plan(head):
        return
    for task in json.loads(plan["tasks"]):
        if not wanted.task(task):
            continue
        due = task.get("due")
        yield (
            plan["id"],
            task.get("section"),
            TaskRow(
                plan=plan["plan_id"],
                path=plan["path"],
                title=head.get("title"),
                issuer=head.get("issuer"),
                level=head.get("level"),
                province=head.get("province"),
                year=head.get("year"),
                task=task["id"],
                origin=task["origin"],
                order=task.get("order"),
                group=task.get("group"),
                content=task.get("content"),
                lead=tuple(task.get("lead") or ()),
                partners=tuple(task.get("partners") or ()),
                output=task.get("output"),
                deadline=task.get("deadline"),
                due=Period(start=due["from"], end=due["to"]) if due else None,
                number=None,
                page=task.get("page") or 1,
                start=task["start"],
                end=task["end"],
            ),
        )


def _by_due(found: _Found) -> tuple[str, str, int, int]:
    plan, _, row = found
    end = row.due.end if row.due else "9999"
    return end, row.due.start if row.due else "9999", plan, row.start


def _numbered(
    connection: sqlite3.Connection, plan: int, section: str | None, row: TaskRow
) -> TaskRow:
    """The row with the path of its section."""
    found = connection.execute(
        "SELECT number FROM passages WHERE plan = ? AND unit IN (?, ?) AND number IS NOT NULL "
        "LIMIT 1",
        (plan, row.task, section),
    ).fetchone()
    return replace(row, number=found["number"] if found else None)


_DAY = re.compile(r"\s*(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?|-?\s*[qQ]([1-4]))?\s*")


def read_due(text: str | None) -> Days | None:
    """``2026``, ``2026-Q1``, ``2026-01``, ``2026-01-15`` or two of them joined by ``:``.

    Either side may be left out. UsageError for anything else.
    """
    if text is None or not text.strip():
        return None
    first, colon, last = text.partition(":")
    low = _bounds(first, text)
    high = _bounds(last, text) if colon else low
    if low is None and high is None:
        raise _wrong(text)
    days = (low[0] if low else None, high[1] if high else None)
    if days[0] is not None and days[1] is not None and days[0] > days[1]:
        raise UsageError(f"Khoảng thời hạn “{text}” kết thúc trước khi bắt đầu.")
    return days


def _bounds(text: str, whole: str) -> tuple[str, str] | None:
    if not text.strip():
        return None
    match = _DAY.fullmatch(text)
    if match is None:
        raise _wrong(whole)
    year = int(match[1])
    first, last = (int(match[2]), int(match[2])) if match[2] else (1, 12)
    if match[4]:
        first, last = int(match[4]) * 3 - 2, int(match[4]) * 3
    try:
        if match[3]:
            day = date(year, first, int(match[3])).isoformat()
            return day, day
        end = date(year, last, calendar.monthrange(year, last)[1])
        return date(year, first, 1).isoformat(), end.isoformat()
    except ValueError as error:
        raise _wrong(whole) from error


def _wrong(text: str) -> UsageError:
    return UsageError(
        f"Thời hạn “{text}” không hợp lệ; viết 2026, 2026-Q1, 2026-01 hoặc 2026-01:2026-03."
    )
