"""Labelled units made by hand, for the tests of trends."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kh_nlp.trends import Labelled, PlanFacts, Unit
from kh_nlp.trends.periods import year_shares


def plan(
    name: str,
    years: int | tuple[str, str] | None = 2024,
    *,
    level: str | None = "commune",
    province: str | None = "Lào Cai",
    issued_on: str | None = None,
) -> PlanFacts:
    if isinstance(years, tuple):
        shares: Mapping[int, float] = year_shares(*years)
    else:
        shares = {} if years is None else {years: 1.0}
    dated = None if years is None else "period" if isinstance(years, tuple) else "year"
    return PlanFacts(
        plan=name, title=f"Kế hoạch {name}", path=f"{name}.txt", issuer="UBND", issued_on=issued_on,
        years=tuple(shares.items()), dated=dated, level=level, province=province,
    )  # fmt: skip


def units(name: str, *labels: str, characters: int = 100) -> list[Unit]:
    """One unit for each argument; "a b" gives two labels, "" none."""
    return [
        Unit(
            plan=name, unit=f"{name}:{number}", number=str(number), start=number * 1000,
            end=number * 1000 + characters, characters=characters, labels=tuple(text.split()),
        )
        for number, text in enumerate(labels)
    ]  # fmt: skip


def labelled(*given: tuple[PlanFacts, Sequence[str]]) -> Labelled:
    return Labelled(
        plans=tuple(facts for facts, _ in given),
        units=tuple(unit for facts, labels in given for unit in units(facts.plan, *labels)),
    )
