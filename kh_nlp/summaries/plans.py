"""Summaries of one plan, and several plans side by side by what a reader asks."""

from __future__ import annotations

from collections.abc import Sequence

from kh_nlp.errors import UsageError
from kh_nlp.model import Plan
from kh_nlp.summaries.choosing import choose
from kh_nlp.summaries.ranking import Length, values
from kh_nlp.summaries.records import Aspect, AspectRow, Sentence, Summary, Unit
from kh_nlp.summaries.units import names, units

SENTENCES = 10
"""Sentences of a summary when no length is asked for."""


def summarize_plan(
    plan: Plan, length: Length | None = None, *, aspects: Sequence[Aspect] = ()
) -> Summary:
    """The sentences that say most of ``plan`` within ``length``, grouped by aspect.

    Every sentence is ``plan.text[start:end]``. ``aspects`` narrows to those asked for. Empty, and
    not ``found``, for a plan of which nothing can be quoted.

    Raises UsageError for an unknown aspect or a length below 1.
    """
    length = checked(length)
    if unknown := set(aspects) - names().keys():
        known = ", ".join(names())
        raise UsageError(f"Không có khía cạnh “{sorted(unknown)[0]}”; hãy dùng: {known}.")
    scored = list(zip(found := units(plan), values(found, plan.header.title or ""), strict=True))
    if aspects:
        scored = [(unit, score) for unit, score in scored if unit.aspect in aspects]
    chosen = choose(
        [unit.text for unit, _ in scored],
        [score for _, score in scored],
        length,
        first=_first([unit for unit, _ in scored]),
    )
    order = list(names())
    picked = sorted(
        (scored[i][0] for i in chosen),
        key=lambda unit: (order.index(unit.aspect) if unit.aspect else -1, unit.start),
    )
    return Summary(
        sentences=tuple(sentence(plan, unit) for unit in picked),
        found=bool(picked),
        left_out=len(scored) - len(picked),
    )


def _first(found: Sequence[Unit]) -> list[list[int]]:
    """Units of each aspect that no summary should leave out where the plan speaks of it."""
    asked: tuple[Aspect, ...] = ("goal", "task", "who", "funding")
    return [[i for i, unit in enumerate(found) if unit.aspect == aspect] for aspect in asked]


def checked(length: Length | None) -> Length:
    """``length``, or the usual one; UsageError for less than one sentence or word."""
    if length is None or length == Length():
        return Length(sentences=SENTENCES)
    if any(count is not None and count < 1 for count in (length.sentences, length.words)):
        raise UsageError("Độ dài bản tóm tắt phải từ 1 câu hoặc 1 chữ trở lên.")
    return length


def aspect_table(plans: Sequence[Plan], *, each: int = 2) -> tuple[AspectRow, ...]:
    """For every plan and aspect the ``each`` sentences that answer best, in reading order."""
    rows = []
    for plan in plans:
        found = units(plan)
        scores = values(found, plan.header.title or "")
        cells: dict[str, tuple[Sentence, ...]] = {}
        for aspect in names():
            here = [(u, s) for u, s in zip(found, scores, strict=True) if u.aspect == aspect]
            chosen = choose([u.text for u, _ in here], [s for _, s in here], Length(sentences=each))
            cells[aspect] = tuple(sentence(plan, here[i][0]) for i in sorted(chosen))
        rows.append(
            AspectRow(
                plan=plan.plan_id,
                title=plan.header.title,
                issuer=plan.header.issuer,
                year=plan.header.year,
                cells=cells,
            )
        )
    return tuple(rows)


def sentence(plan: Plan, unit: Unit) -> Sentence:
    """The unit with its source."""
    return Sentence(
        text=unit.text,
        plan=plan.plan_id,
        start=unit.start,
        end=unit.end,
        number=unit.number,
        page=unit.page,
        heading=unit.headings[-1] if unit.headings else None,
        aspect=unit.aspect,
        title=plan.header.title,
    )
