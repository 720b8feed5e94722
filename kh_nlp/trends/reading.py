"""Plans and their units straight from the stored JSON: whole records would cost ten times more."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from kh_nlp.library import Library
from kh_nlp.library.stretches import cut
from kh_nlp.model import Span
from kh_nlp.trends.periods import plan_years
from kh_nlp.trends.records import PlanFacts


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A unit with its text: a section's own text less task rows, or a task of a table or list."""

    kind: str
    unit: str
    number: str | None
    start: int
    end: int
    text: str
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredPlan:
    """A plan's facts and its JSON (``kh parse``)."""

    facts: PlanFacts
    data: dict[str, Any]

    def parts(self) -> Iterator[Part]:
        """The units in reading order, sections before tasks; those without words are left out."""
        text: str = self.data["text"]
        numbers = {s["id"]: s["number"] for s in self.data["sections"]}
        tasks = [t for t in self.data["tasks"] if t["origin"] != "assignment"]
        rows = [span for t in tasks if t["origin"] == "table" for span in _spans(t)]
        for section in self.data["sections"]:
            spans = cut(_spans(section), rows)
            yield from _part("section", section["id"], section["number"], text, spans)
        for task in tasks:
            yield from _part("task", task["id"], numbers.get(task["section"]), text, _spans(task))


def _spans(unit: dict[str, Any]) -> list[Span]:
    return [(a, b) for a, b in unit.get("spans") or ((unit["start"], unit["end"]),)]


def _part(kind: str, unit: str, number: str | None, text: str, spans: list[Span]) -> Iterator[Part]:
    words = "\n".join(text[a:b] for a, b in spans).strip()
    if words:
        yield Part(
            kind=kind, unit=unit, number=number, start=spans[0][0], end=spans[-1][1], text=words,
            spans=tuple(spans),
        )  # fmt: skip


def stored_plans(library: Library) -> Iterator[StoredPlan]:
    """All plans by id: an order that does not hang on when each was taken in."""
    paths = {summary.plan: summary.path for summary in library.plans()}
    for row in library.connection.execute(
        "SELECT p.plan_id, v.json FROM plans p JOIN versions v ON v.plan = p.id AND v.current = 1 "
        "ORDER BY p.plan_id"
    ):
        data = json.loads(row["json"])
        head = data["header"]
        period = head.get("period") or {}
        years, dated = plan_years(period.get("from"), period.get("to"), head.get("year"))
        yield StoredPlan(
            facts=PlanFacts(
                plan=row["plan_id"],
                title=head.get("title"),
                path=paths.get(row["plan_id"], data["source"]["path"]),
                issuer=head.get("issuer"),
                issued_on=head.get("issued_on"),
                years=tuple(years.items()),
                dated=dated,
                level=head.get("level"),
                province=head.get("province"),
            ),
            data=data,
        )
