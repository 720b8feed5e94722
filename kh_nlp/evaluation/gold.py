"""Readings of plans by hand: one JSON file a plan, named like the plan's file.

What a reading leaves out is not scored. Its keys: ``header`` (any of the header's fields),
``sections`` (paths of labels), ``headings`` (path → heading), ``tasks`` (rows of task tables),
``assignments`` (path → body), ``citations``, ``named``, ``footnotes`` (label → path or null),
``joins`` (pairs of texts that belong together), ``damaged``, ``tasks_unscored``, ``tasks_partial``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from kh_nlp.errors import InputError


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldTask:
    """A row of a task table; a cell that is ``None`` is empty or merged and not compared."""

    order: int | None
    content: str | None
    cells: Mapping[str, str]
    """``lead``, ``partners``, ``deadline``, ``output``, ``form``, as far as they are filled."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldCitation:
    """A distinct numbered document that the plan cites anywhere."""

    number: str
    issued_on: str | None
    issuer: str | None
    basis: bool
    kind: str | None = None
    mentions: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldReading:
    """One plan as a person read it; ``None``: this reading says nothing about it."""

    name: str
    header: Mapping[str, Any] | None = None
    sections: tuple[str, ...] | None = None
    headings: Mapping[str, str] | None = None
    tasks: tuple[GoldTask, ...] | None = None
    tasks_partial: bool = False
    assignments: Mapping[str, str] | None = None
    citations: tuple[GoldCitation, ...] | None = None
    named: tuple[str, ...] = ()
    footnotes: Mapping[str, str | None] | None = None
    joins: tuple[tuple[str, str], ...] = ()
    damaged: bool = False


_CELLS = ("lead", "partners", "deadline", "output", "form")


def load_gold(folder: Path | str, only: str = "*") -> list[GoldReading]:
    """The readings in ``folder`` whose names match the shell pattern ``only``, by name.

    A JSON file without a ``header`` is no reading of a plan and is left out. Raises InputError for
    a missing folder, a folder without readings, and a file that is no JSON object of that form.
    """
    path = Path(folder)
    if not path.is_dir():
        raise InputError(f"{path}: không phải là thư mục bản đọc tay.")
    readings = [
        reading
        for file in sorted(path.glob("*.json"))
        if fnmatch(file.stem, only) and (reading := _load(file)) is not None
    ]
    if not readings:
        raise InputError(f"{path}: không có bản đọc tay nào (*.json).")
    return readings


def _load(file: Path) -> GoldReading | None:
    try:
        data = json.loads(file.read_text("utf-8-sig"))
        if not isinstance(data, dict) or "header" not in data:
            return None
        return read_gold(file.stem, data)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise InputError(f"{file}: không phải bản đọc tay hợp lệ ({error}).") from None


def read_gold(name: str, data: Mapping[str, Any]) -> GoldReading:
    """A reading from its JSON object."""
    sections = data.get("sections")
    citations = data.get("citations")
    tasks = None if data.get("tasks_unscored") else data.get("tasks")
    return GoldReading(
        name=name,
        header=data.get("header"),
        sections=None if sections is None else tuple(sections),
        headings=data.get("headings"),
        tasks=None if tasks is None else tuple(map(_task, tasks)),
        tasks_partial=bool(data.get("tasks_partial")),
        assignments=data.get("assignments"),
        citations=None if citations is None else tuple(map(_citation, citations)),
        named=tuple(data.get("named") or ()),
        footnotes=data.get("footnotes"),
        joins=tuple(_pair(join) for join in data.get("joins") or ()),
        damaged=bool(data.get("damaged")),
    )


def _task(row: Mapping[str, Any]) -> GoldTask:
    cells = {name: row[name] for name in _CELLS if row.get(name) is not None}
    return GoldTask(order=row.get("order"), content=row["content"], cells=cells)


def _citation(row: Mapping[str, Any]) -> GoldCitation:
    return GoldCitation(
        number=row["number"],
        issued_on=row["issued_on"],
        issuer=row.get("issuer"),
        basis=row.get("role") == "basis",
        kind=row.get("kind"),
        mentions=row.get("mentions"),
    )


def _pair(join: Sequence[str]) -> tuple[str, str]:
    before, after = join
    return before, after
