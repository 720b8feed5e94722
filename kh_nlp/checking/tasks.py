"""Tasks that name nobody to do them, or no time to finish."""

from __future__ import annotations

from collections.abc import Iterator

from kh_nlp.checking.records import Found
from kh_nlp.model import Plan, Task

_NEEDED = 0.5
"""Share of rows of one table that must give it; a table without such a column assigns elsewhere."""


def check_tasks(plan: Plan) -> Iterator[Found]:
    """Rows of task tables and listed tasks without a body or a time, where their kindred have one.

    A duty given to a body has its body by nature, and its time often stands in another place.
    """
    # a row with an empty first cell and no body or time goes on with the row above, or is a group
    rows = [
        task
        for task in plan.tasks
        if task.origin in ("table", "listed")
        and (task.lead or task.deadline or not plan.text[task.start].isspace())
    ]
    groups: dict[object, list[Task]] = {}
    for task in rows:
        groups.setdefault((task.origin, task.section), []).append(task)
    for tasks in groups.values():
        yield from _missing(tasks, "no_lead")
        yield from _missing(tasks, "no_deadline")


def _missing(tasks: list[Task], kind: str) -> Iterator[Found]:
    lead = kind == "no_lead"
    without = [task for task in tasks if not (task.lead if lead else task.deadline)]
    if len(without) > _NEEDED * len(tasks):
        return
    for task in without:
        what = " ".join((task.content or "").split())
        named = f"“{what[:80]}”" if what else "này"
        yield Found(
            kind="no_lead" if lead else "no_deadline",
            start=task.start,
            end=task.end,
            message=f"Nhiệm vụ {named} chưa ghi "
            + ("cơ quan, đơn vị chủ trì." if lead else "thời gian thực hiện."),
            severity="warning",
        )
