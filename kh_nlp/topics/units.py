"""The units of a library: sections and tasks with their own text, read without building plans."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from kh_nlp.library import Library
from kh_nlp.library.stretches import cut


@dataclass(frozen=True, slots=True)
class Unit:
    """A section or task.

    ``parts`` are (text, offset into ``Plan.text``); the offset is None where the words are not
    printed so. ``above`` are the headings over it, the plan's title first. ``passage`` is the unit
    whose passages hold its text: itself, or the section of a duty.
    """

    plan_id: str
    kind: Literal["section", "task"]
    id: str
    number: str | None
    start: int
    end: int
    heading: str | None
    parts: tuple[tuple[str, int | None], ...]
    above: tuple[str, ...]
    characters: int
    passage: str
    page: int


def units(library: Library) -> Iterator[Unit]:
    """Every section and task once, by plan in order of ingest, sections first."""
    with library.reading() as connection:
        rows = connection.execute(
            "SELECT p.plan_id, v.json FROM plans p "
            "JOIN versions v ON v.plan = p.id AND v.current = 1 ORDER BY p.id"
        )
        for row in rows:
            yield from plan_units(row["plan_id"], json.loads(row["json"]))


def plan_units(plan_id: str, plan: dict[str, Any]) -> Iterator[Unit]:
    """Units of a plan as ``kh parse`` prints it."""
    text: str = plan["text"]
    title = (plan["header"] or {}).get("title")
    sections = {section["id"]: section for section in plan["sections"]}
    rows = sorted(
        (span[0], span[1])
        for task in plan["tasks"]
        if task["origin"] == "table"
        for span in task["spans"] or ((task["start"], task["end"]),)
    )
    above: dict[str | None, tuple[str, ...]] = {None: (title,) if title else ()}
    for section in plan["sections"]:
        over = above.get(section["parent"], above[None])
        heading = section["heading"]
        above[section["id"]] = (*over, heading) if heading else over
        spans = cut([(a, b) for a, b in section["spans"]], rows)
        parts = tuple((text[a:b], a) for a, b in spans)
        yield Unit(
            plan_id,
            "section",
            section["id"],
            section["number"],
            section["start"],
            section["end"],
            heading,
            parts,
            over,
            sum(len(part.strip()) for part, _ in parts),
            section["id"],
            section["page"],
        )
    for task in plan["tasks"]:
        section = sections.get(task["section"])
        duty = task["origin"] == "assignment" and section is not None
        own = _task_parts(text, task, section)
        over = above[None]
        if section is not None:  # a duty is its section; a row or item stands under its section
            over = above.get(section["parent"] if duty else section["id"], over)
        if task["group"]:  # the row above the task that names its group is a heading
            over = (*over, task["group"])
        yield Unit(
            plan_id,
            "task",
            task["id"],
            section["number"] if section else None,
            task["start"],
            task["end"],
            section["heading"] if duty and section else None,
            own,
            over,
            sum(len(part.strip()) for part, _ in own),
            section["id"] if duty and section else task["id"],
            task["page"],
        )


def _task_parts(
    text: str, task: dict[str, Any], section: dict[str, Any] | None
) -> tuple[tuple[str, int | None], ...]:
    """What a task says of itself; the bodies in charge are no topic."""
    if task["origin"] == "assignment" and section is not None:
        return tuple((text[a:b], a) for a, b in section["spans"])
    found: list[tuple[str, int | None]] = []
    for field in ("content", "form", "output"):
        words = task[field]
        if words:
            found.append(_printed(text, words, task["start"], task["end"]))
    return tuple(found)


def _printed(text: str, words: str, start: int, end: int) -> tuple[str, int | None]:
    """A field of a task as ``text[start:end]`` prints it, with its place; itself where it is not.

    A cell may be printed over several lines, of which the field is one.
    """
    at = text.find(words, start, end)
    if at >= 0:
        return words, at
    pieces = r"\s+".join(map(re.escape, words.split()))
    match = re.compile(pieces).search(text, start, end)
    return (match[0], match.start()) if match else (words, None)
