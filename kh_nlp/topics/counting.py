"""How many units and plans each topic has, and the units of one topic."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from kh_nlp.errors import UsageError
from kh_nlp.language import fold
from kh_nlp.library import Library, PlanSummary
from kh_nlp.model import Span
from kh_nlp.topics.assigning import assign
from kh_nlp.topics.records import Scheme, TopicAnswer, TopicCount, TopicMatch, TopicUnit, UnitTopics
from kh_nlp.topics.scheme import load_scheme

Years = tuple[int | None, int | None]

SHOWN = 240
"""Characters of a unit that are shown at most."""

_PLACE = re.compile(r"^(?:tinh|thanh pho|tp\.?) ")
_BORDER = re.compile(r"\n|[.;:!?](?=\s)")


@dataclass(frozen=True, slots=True)
class Chosen:
    """Units of the plans that pass the filters, with their plans and texts by id."""

    units: tuple[UnitTopics, ...]
    plans: Mapping[str, PlanSummary]


def topics(
    library: Library,
    scheme: Scheme | None = None,
    *,
    topic: str | None = None,
    years: Years | None = None,
    levels: Sequence[str] = (),
    provinces: Sequence[str] = (),
    limit: int | None = None,
) -> TopicAnswer:
    """Topics of the plans of these years, levels and provinces; empty filters let all pass.

    With ``topic`` also its units, best first, ``limit`` of them at most. Raises UsageError for a
    topic that the scheme lacks.
    """
    scheme = scheme or load_scheme()
    if topic is not None and topic not in {one.id for one in scheme.topics}:
        raise UsageError(
            f"Bộ chủ đề không có “{topic}”; các chủ đề: {', '.join(t.id for t in scheme.topics)}."
        )
    chosen = choose(library, scheme, years=years, levels=levels, provinces=provinces)
    held: dict[str, list[tuple[TopicMatch, UnitTopics]]] = {one.id: [] for one in scheme.topics}
    for unit in chosen.units:
        for match in unit.topics:
            held[match.topic_id].append((match, unit))
    for found in held.values():
        # Of equal scores the shorter unit says it more plainly; the rest keeps reading order.
        found.sort(key=lambda pair: (-pair[0].score, pair[1].characters))
    best = {found[0][1].plan_id for found in held.values() if found}
    listed = held[topic][:limit] if topic is not None else []
    texts = read_texts(library, best | {unit.plan_id for _, unit in listed})

    def shown(match: TopicMatch, unit: UnitTopics) -> TopicUnit:
        plan = chosen.plans[unit.plan_id]
        return show(plan, unit, texts[unit.plan_id], match.score, match.spans)

    return TopicAnswer(
        scheme=scheme.name,
        topic=topic,
        units=len(chosen.units),
        plans=len(chosen.plans),
        without=sum(not unit.topics for unit in chosen.units),
        counts=tuple(
            TopicCount(
                topic=one.id,
                name=one.name,
                group=one.group,
                parent=one.parent,
                units=len(held[one.id]),
                plans=len({unit.plan_id for _, unit in held[one.id]}),
                example=shown(*held[one.id][0]) if held[one.id] else None,
            )
            for one in scheme.topics
            if topic is None or one.id == topic
        ),
        found=tuple(shown(match, unit) for match, unit in listed),
    )


def choose(
    library: Library,
    scheme: Scheme,
    *,
    years: Years | None,
    levels: Sequence[str],
    provinces: Sequence[str],
) -> Chosen:
    """Units with their topics, of the plans that pass; kept until the library changes."""
    wanted = {_place(name) for name in provinces}
    first, last = years or (None, None)

    def passes(plan: PlanSummary) -> bool:
        year = plan.year
        return (
            (not levels or plan.level in levels)
            and (not wanted or _place(plan.province or "") in wanted)
            and (first is None or (year is not None and year >= first))
            and (last is None or (year is not None and year <= last))
        )

    with library.reading() as connection:
        plans = {plan.plan: plan for plan in library.plans() if passes(plan)}
        table = library.table(connection)
        every = table.kept(("topics", scheme), lambda: assign(library, scheme))
    # A duty is a section and a task: a reader meets it once.
    sections = {(u.plan_id, u.start, u.characters) for u in every if u.unit == "section"}
    kept = (
        unit
        for unit in every
        if unit.plan_id in plans
        and (unit.unit == "section" or (unit.plan_id, unit.start, unit.characters) not in sections)
    )
    return Chosen(tuple(kept), plans)


def read_texts(library: Library, wanted: Iterable[str]) -> dict[str, str]:
    """Texts of these plans by id."""
    ids = set(wanted)
    return {plan: text for plan, text in library.texts() if plan in ids} if ids else {}


def show(
    plan: PlanSummary, unit: UnitTopics, text: str, score: float, spans: Sequence[Span]
) -> TopicUnit:
    """A unit for a reader, with the words in ``spans`` highlighted."""
    start, end = _sentence(text, unit, spans)
    return TopicUnit(
        plan=plan.plan,
        path=plan.path,
        title=plan.title,
        issuer=plan.issuer,
        level=plan.level,
        province=plan.province,
        year=plan.year,
        unit=unit.unit,
        number=unit.number,
        page=unit.page,
        start=unit.start,
        end=unit.end,
        score=score,
        text=text[start:end].replace("\n", " "),
        highlights=tuple((a - start, b - start) for a, b in spans if start <= a and b <= end),
    )


def _sentence(text: str, unit: UnitTopics, spans: Sequence[Span]) -> Span:
    """The line or sentence of the first of ``spans``, at most ``SHOWN`` characters of it."""
    at = spans[0][0] if spans else unit.start
    start = unit.start
    for border in _BORDER.finditer(text, unit.start, at):
        # A label ("1.", "a)") is no sentence of its own.
        if border.end() - start > 12:
            start = border.end()
    start = max(start, at - SHOWN // 2)
    found = _BORDER.search(text, max(spans[0][1] if spans else start + 40, start), unit.end)
    end = min(found.end() if found else unit.end, start + SHOWN)
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def _place(name: str) -> str:
    return _PLACE.sub("", " ".join(fold(name).split()))
