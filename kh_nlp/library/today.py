"""What became of the places and bodies a plan names: known to the library, not printed in the plan.

The parse keeps what is printed. Here stand, beside it, today's province and the bodies that no
longer exist with their successors, as far as the registers of ``kh_nlp.places`` tell.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from kh_nlp.model import Plan
from kh_nlp.places import Body, body, is_current, province, successor


@dataclass(frozen=True, slots=True, kw_only=True)
class Succession:
    """A body that no longer exists. ``successor`` is ``None`` where it was divided or unknown.

    ``until`` is its last day (ISO 8601), ``None`` where no source gives it; ``issues`` tells
    whether the body issued the plan.
    """

    name: str
    successor: str | None
    until: str | None
    issues: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Today:
    """Today's names. ``province`` is ``None`` where the plan's province still stands."""

    province: str | None
    bodies: tuple[Succession, ...]


def today(plan: Plan, on: date | None = None) -> Today:
    """What is different on the day ``on`` (default: now) from what the plan prints."""
    day = on or date.today()
    printed = province(plan.header.province)
    merged = printed is not None and (printed.valid_to or "9999") < day.isoformat()
    now = printed.successor if printed and merged else None
    names: dict[str, bool] = {}
    if plan.header.issuer:
        names[plan.header.issuer] = True
    for task in plan.tasks:
        for name in (*task.lead, *task.partners):
            names.setdefault(name, False)
    found: dict[str, Succession] = {}
    for name, issues in names.items():
        known = body(name)
        if known is None or not _ended(known, name, day):
            continue
        after = successor(name)
        found.setdefault(
            known.name,
            Succession(
                name=name,
                successor=after.name if after else None,
                until=known.valid_to,
                issues=issues,
            ),
        )
    return Today(province=now, bodies=tuple(found.values()))


def _ended(known: Body, name: str, day: date) -> bool:
    """Whether the register says so; succeeded on an unknown day counts as ended."""
    current = is_current(name, day)
    return current is False or (current is None and bool(known.successors))
