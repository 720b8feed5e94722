"""Figure ``assignments``: who is responsible, hung on the numbered unit that says so."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from kh_nlp.evaluation.figures import Fault, Figure, f1
from kh_nlp.evaluation.likeness import alike, listed
from kh_nlp.evaluation.outline import body_sections
from kh_nlp.model import Plan

_BODY_LIKENESS = 0.8


def assignments_figure(plan: Plan, expected: Mapping[str, str]) -> Figure:
    """F1 of units with their bodies.

    False ones are counted only beside the units that the reading lists (same parent) and on that
    parent: what stands elsewhere nobody read. A unit below a listed one is its detail, no fault.
    """
    leads = _leads(plan)
    right = 0
    faults = []
    for number, body in expected.items():
        mine = leads.get(number, [])
        if any(alike(lead, body, _BODY_LIKENESS) for lead in mine):
            right += 1
        else:
            faults.append(Fault(where=number, expected=body, found=" | ".join(mine) or None))
    false = [number for number in leads if _false(number, expected)]
    faults += [
        Fault(where=number, expected=None, found=" | ".join(leads[number])) for number in false
    ]
    return Figure(value=f1(right, right + len(false), len(expected)), faults=tuple(faults))


def _leads(plan: Plan) -> dict[str, list[str]]:
    """The bodies of the duties of each unit, by the unit's path."""
    numbers = {section.id: number for number, section in body_sections(plan.sections)}
    leads: dict[str, list[str]] = defaultdict(list)
    for task in plan.tasks:
        if task.origin == "assignment" and task.section in numbers:
            leads[numbers[task.section]].append(listed(task.lead))
    return leads


def _false(number: str, expected: Iterable[str]) -> bool:
    """Whether a unit that nobody listed stands beside listed ones or right above them."""
    units = set(expected)
    parents = {parent for unit in units if (parent := unit.rpartition(".")[0])}
    below = any(number.startswith(f"{unit}.") for unit in units)
    near = number in parents or number.rpartition(".")[0] in parents
    return near and number not in units and not below
