"""What drafting asks of a source plan: its own sections by depth, its place, its era."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from kh_nlp.drafting.headings import is_body, section_kinds
from kh_nlp.drafting.records import Kindred
from kh_nlp.model import Plan, Section

_ARTICLE = re.compile(r"^\s*Điều\s", re.IGNORECASE)
_CUT = re.compile(r"(?:\b(?:và|của|hoặc|với|cho)|[,;])$")
"""Ends of a name that was cut out of a longer sentence."""

_RUN_IN = re.compile(r"^[^.:;\n]{3,90}:(?=\s)")


@dataclass(frozen=True)
class SourcePlan:
    """A kindred plan with its text; ``weight`` (0..) tells how much its word counts."""

    plan: Plan
    weight: float
    kin: Kindred | None = None

    @cached_property
    def parents(self) -> dict[str, Section]:
        """Sections by id."""
        return {section.id: section for section in self.plan.sections}

    @cached_property
    def _leads(self) -> dict[str, str]:
        """The body that a section gives a duty to, by section."""
        found: dict[str, str] = {}
        for task in self.plan.tasks:
            if task.origin == "assignment" and task.section and task.lead:
                found.setdefault(task.section, task.lead[0])
        return found

    def name_of(self, section: Section) -> str | None:
        """The heading; of a section without one the body it names, "1. Công an xã: giúp …"."""
        if heading := heading_of(section):
            return heading
        text = " ".join(section.text.split())
        label = section.label or ""
        text = text[len(label) :].lstrip(" .)/") if label and text.startswith(label) else text
        if (match := _RUN_IN.match(text)) and is_body(match[0]):
            return match[0].rstrip(":").strip()
        lead = self._leads.get(section.id)
        return None if lead and _CUT.search(lead) else lead

    @cached_property
    def _children(self) -> dict[str | None, list[Section]]:
        found: dict[str | None, list[Section]] = {}
        for section in self.plan.sections:
            if not section.annex and not _ARTICLE.match(section.label or ""):
                found.setdefault(section.parent, []).append(section)
        return found

    def children(self, section: Section | None) -> list[Section]:
        """Child sections in the order of the plan; those of the top for ``None``.

        Neither annexes nor the articles of the decision that issues the plan.
        """
        parent = section.id if section is not None else None
        found = self._children.get(parent, [])
        if parent is None and len(found) == 1 and not found[0].heading:
            return self._children.get(found[0].id, [])
        return found

    def tree(self, section: Section) -> list[Section]:
        """The section and all below it, in reading order."""
        found = [section]
        for child in self.children(section):
            found += self.tree(child)
        return found


def heading_of(section: Section) -> str | None:
    """The heading in one line, without the colon after it; ``None`` where there is none."""
    if not section.heading:
        return None
    return " ".join(section.heading.split()).rstrip(" :.;") or None


def run_in(section: Section) -> str | None:
    """What a numbered unit names before a colon on its first line, "2. Kinh phí: …"; else ``None``.

    Only names of bodies and of customary sections; anything else before a colon is a sentence.
    """
    text = " ".join(section.text.split())
    label = section.label or ""
    text = text[len(label) :].lstrip(" .)/") if label and text.startswith(label) else text
    match = _RUN_IN.match(text)
    if match is None or not (is_body(match[0]) or section_kinds(match[0])):
        return None
    return match[0].strip().rstrip(":").strip()


def own_headings(plan: Plan, *, run_ins: bool = True) -> list[tuple[int, str]]:
    """Headings of the first two levels as (level, heading), without annexes and articles.

    ``run_ins``: with those that go on in the same line ("1. Công an xã: giúp …").
    """
    source = SourcePlan(plan, 1.0)
    found = []
    for section in source.children(None):
        if heading := heading_of(section):
            found.append((1, heading))
        for child in source.children(section):
            heading = heading_of(child) or (run_in(child) if run_ins else None)
            if heading:
                found.append((2, heading))
    return found
