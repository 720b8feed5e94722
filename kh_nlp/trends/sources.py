"""From what was asked for to labelled units: one door for the command line, the API and exports."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from kh_nlp.errors import InputError, UsageError
from kh_nlp.language import fold
from kh_nlp.library import Library
from kh_nlp.topics import Scheme, assign, load_scheme
from kh_nlp.trends.labelling import (
    Labelled,
    by_body,
    by_document,
    by_ended_body,
    by_phrase,
    by_replaced,
)
from kh_nlp.trends.reading import StoredPlan, stored_plans
from kh_nlp.trends.records import Measure, Unit
from kh_nlp.trends.wordlists import by_word

KINDS = ("topic", "form", "body", "document", "replaced", "abolished", "word")
"""What can be counted by name; anything else is a phrase to look for."""

_SAID = {
    "chu de": "topic", "hinh thuc": "form", "co quan": "body", "van ban": "document",
    "van ban da thay the": "replaced", "co quan khong con": "abolished", "tu": "word",
}  # fmt: skip
_FORM = "hình thức"


def read_of(words: Sequence[str]) -> tuple[str, ...]:
    """``("topic",)``, another kind, or phrases; Vietnamese names of the kinds are understood.

    Raises:
        UsageError: a kind beside anything else, or an empty phrase.
    """
    given = [" ".join(word.split()) for word in words]
    if not given:
        return ("topic",)
    read = [_SAID.get(fold(word), word) for word in given]
    if any(word in KINDS for word in read) and len(read) > 1:
        raise UsageError("Mỗi lần chỉ xét một loại (topic, form, …), hoặc một hay nhiều cụm từ.")
    if not all(read):
        raise UsageError("Cụm từ cần xét không được để trống.")
    return tuple(read)


def usual_measure(of: Sequence[str]) -> Measure:
    """Words are tested on shares of units (whether a long plan has a word at all tells little),
    everything else on shares of plans, which readers understand at once.
    """
    return "units" if tuple(of) == ("word",) else "plans"


def chosen_plans(
    library: Library,
    *,
    years: tuple[int | None, int | None] | None = None,
    levels: Sequence[str] = (),
    provinces: Sequence[str] = (),
) -> list[StoredPlan]:
    """Plans that pass the filters; their shares in years outside ``years`` are dropped."""
    wanted = {fold(name) for name in provinces}
    found = []
    for plan in stored_plans(library):
        facts = plan.facts
        if levels and facts.level not in levels:
            continue
        if wanted and fold(facts.province or "") not in wanted:
            continue
        if years is not None:
            low, high = years[0] or 0, years[1] or 9999
            inside = tuple((year, share) for year, share in facts.years if low <= year <= high)
            if not inside:
                continue
            plan = replace(plan, facts=replace(facts, years=inside))
        found.append(plan)
    return found


def labelled(
    library: Library,
    of: Sequence[str],
    plans: Iterable[StoredPlan],
    *,
    scheme: Scheme | None = None,
    replaced: Sequence[tuple[str, str | None, str | None]] = (),
) -> Labelled:
    """Units of ``plans`` with the labels that ``of`` (see ``read_of``) asks for.

    ``replaced`` are facts of the user's own, see ``read_replaced``.
    """
    kind = of[0] if len(of) == 1 else None
    if kind in ("topic", "form"):
        return by_topic(library, plans, scheme=scheme, forms=kind == "form")
    if kind == "body":
        return by_body(plans)
    if kind == "document":
        return by_document(library, plans)
    if kind == "replaced":
        return by_replaced(library, plans, replaced)
    if kind == "abolished":
        return by_ended_body(plans)
    if kind == "word":
        return by_word(plans)
    return by_phrase(plans, of)


def read_replaced(path: Path) -> tuple[tuple[str, str | None, str | None], ...]:
    """Facts of replacement from a table (CSV, or TSV) with three columns: number of the old
    document, number of the new one, day from which the new one holds (2025-07-01 or 01/07/2025).

    A first line without a day is a head. Raises InputError naming the line that is at fault.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: không đọc được tệp văn bản thay thế.") from error
    rows = csv.reader(text.splitlines(), delimiter="\t" if "\t" in text else ",")
    found = []
    for line, row in enumerate(rows, 1):
        cells = [cell.strip() for cell in row]
        if not any(cells):
            continue
        day = _day(cells[2]) if len(cells) > 2 else None
        if day is None and line == 1:
            continue
        if day is None or not cells[0]:
            raise InputError(
                f"{path}: dòng {line} phải gồm số văn bản cũ, số văn bản mới, ngày (2025-07-01)."
            )
        found.append((cells[0], cells[1] or None, day))
    return tuple(found)


def _day(text: str) -> str | None:
    for form in ("%Y-%m-%d", "%d/%m/%Y"):
        with suppress(ValueError):
            return datetime.strptime(text, form).date().isoformat()
    return None


def by_topic(
    library: Library, plans: Iterable[StoredPlan], *, scheme: Scheme | None, forms: bool
) -> Labelled:
    """Units by the topics of a scheme; the group "hình thức" with ``forms``, else all others.

    A scheme without such a group is given whole for both.
    """
    scheme = scheme or load_scheme()
    any_form = any(topic.group == _FORM for topic in scheme.topics)
    names = {
        topic.id: topic.name
        for topic in scheme.topics
        if not any_form or (topic.group == _FORM) == forms
    }
    facts = tuple(plan.facts for plan in plans)
    known = {plan.plan for plan in facts}
    units = tuple(
        Unit(
            plan=unit.plan_id, unit=unit.unit_id, number=unit.number, start=unit.start,
            end=unit.end, characters=max(1, unit.characters),
            labels=tuple(m.topic_id for m in unit.topics if m.topic_id in names),
        )
        for unit in assign(library, scheme)
        if unit.plan_id in known and unit.characters
    )  # fmt: skip
    return Labelled(plans=facts, units=units, names=names)
