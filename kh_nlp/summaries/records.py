"""What summaries answer with; every record prints through ``model.to_dict``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Aspect = Literal["goal", "task", "who", "when", "funding", "basis"]
"""What a sentence answers: mục tiêu, nhiệm vụ chính, ai làm, khi nào, kinh phí, căn cứ."""

Part = Literal["basis", "body", "row"]
"""Where a sentence stands: before the outline, in a section, in the table of tasks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """A sentence, item or row of a plan that a summary may take, verbatim.

    ``text == plan.text[start:end]``. ``headings`` lead from the top of the outline to it.
    """

    text: str
    start: int
    end: int
    part: Part
    aspect: Aspect | None
    number: str | None
    headings: tuple[str, ...]
    page: int
    first: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """A sentence of a summary: ``text`` is ``Plan.text[start:end]`` of ``plan``.

    ``heading`` is the nearest above it: duties often name their body only there. ``also`` are plans
    that say nearly the same.
    """

    text: str
    plan: str
    start: int
    end: int
    number: str | None
    page: int
    heading: str | None = None
    aspect: Aspect | None = None
    title: str | None = None
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """Verbatim sentences. ``found`` is false when nothing answers; ``query`` None for a plan.

    ``left_out`` counts the sentences that did not fit the length asked for.
    """

    sentences: tuple[Sentence, ...]
    found: bool = True
    query: str | None = None
    left_out: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class AspectRow:
    """One plan of a table plan × aspect; an aspect of which the plan says nothing is empty."""

    plan: str
    title: str | None
    issuer: str | None
    year: int | None
    cells: dict[str, tuple[Sentence, ...]]
