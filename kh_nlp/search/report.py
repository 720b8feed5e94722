"""The coverage report: plans of each year, province or level that cite, name, treat or lack it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from kh_nlp.errors import UsageError
from kh_nlp.library import PlanSummary
from kh_nlp.model import Level
from kh_nlp.search.records import Coverage, CoverAnswer

By = Literal["year", "province", "level"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverGroup:
    """Plans of one year, province or level (``None``: the plans do not say) by how they cover."""

    value: str | None
    plans: int
    cites: int
    names: int
    treats: int
    none: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverRow:
    """One plan of the report with its first piece of evidence and how many there are of each."""

    plan: str
    path: str
    title: str | None
    issuer: str | None
    year: int | None
    province: str | None
    level: Level | None
    coverage: Coverage
    cites: int
    names: int
    treats: int
    number: str | None
    page: int | None
    text: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverReport:
    """``groups`` by ``by`` (empty without), ``rows`` for every plan, covering ones first."""

    query: str
    keys: tuple[str, ...]
    by: By | None
    groups: tuple[CoverGroup, ...]
    rows: tuple[CoverRow, ...]


def report(
    answer: CoverAnswer, summaries: Sequence[PlanSummary], by: str | None = None
) -> CoverReport:
    """The answer of ``covers`` as a table, counted by year, province or level.

    ``summaries`` are those of the library that answered. UsageError for another ``by``.
    """
    if by is not None and by not in get_args(By):
        raise UsageError(f"Không chia được theo “{by}”; hãy dùng: {', '.join(get_args(By))}.")
    heads = {summary.plan: summary for summary in summaries}
    rows: list[CoverRow] = []
    for plan in answer.plans:
        head = heads.get(plan.plan)
        first = plan.evidence[0] if plan.evidence else None
        kinds = [evidence.kind for evidence in plan.evidence]
        rows.append(
            CoverRow(
                plan=plan.plan,
                path=plan.path,
                title=plan.title,
                issuer=head.issuer if head else None,
                year=head.year if head else None,
                province=head.province if head else None,
                level=head.level if head else None,
                coverage=plan.coverage,
                cites=kinds.count("cites"),
                names=kinds.count("names"),
                treats=kinds.count("treats"),
                number=first.number if first else None,
                page=first.page if first else None,
                text=first.text if first else None,
            )
        )
    return CoverReport(
        query=answer.query,
        keys=answer.keys,
        by=by,  # type: ignore[arg-type]  # checked above
        groups=_groups(rows, by) if by else (),
        rows=tuple(rows),
    )


def _groups(rows: Sequence[CoverRow], by: str) -> tuple[CoverGroup, ...]:
    values: dict[str | None, list[Coverage]] = {}
    for row in rows:
        value = getattr(row, by)
        values.setdefault(None if value is None else str(value), []).append(row.coverage)
    order = {level: place for place, level in enumerate(get_args(Level))}
    return tuple(
        CoverGroup(
            value=value,
            plans=len(found),
            cites=found.count("cites"),
            names=found.count("names"),
            treats=found.count("treats"),
            none=found.count("none"),
        )
        for value, found in sorted(
            values.items(), key=lambda item: (item[0] is None, order.get(item[0] or "", 9), item[0])
        )
    )
