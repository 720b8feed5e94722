"""The number column of a table, whose lone digits the engine reads worst: they count up by one.

A number is believed when another one of the column stands as many rows away as it is greater. What
lies between believed numbers, or follows the last of them, is filled in; nothing is where the rows
do not add up, and the title row is never touched.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

Row = list[tuple[str, ...]]

_NUMBER = re.compile(r"^(\d{1,3})([.)]?)$")
_GROUP = re.compile(r"^[IVXHLT]{1,5}\.?$|^[A-ZĐ][.)]?$")
_SHORT = 3  # characters of a misread number


def settle_numbers(rows: list[Row]) -> None:
    """Fill in and put right the first cells of ``rows`` in place; groups may count from 1 again."""
    run: list[int] = []
    for index, row in enumerate(rows):
        if index and _opens_group(row):
            _settle_run(rows, run)
            run = []
        elif index:
            run.append(index)
    _settle_run(rows, run)


def _opens_group(row: Row) -> bool:
    """A row that only names a group: a label and a title, or a title over all columns."""
    filled = sum(map(bool, row))
    return filled < 3 and bool(_GROUP.match(_text(row))) if row[0] else filled == 1


def _settle_run(rows: list[Row], run: Sequence[int]) -> None:
    read = {at: int(m.group(1)) for at, i in enumerate(run) if (m := _NUMBER.match(_text(rows[i])))}
    known = [
        at
        for at, value in read.items()
        if any(other != at and read[other] - value == other - at for other in read)
    ]
    if len(known) < 2:
        return
    ends = [m.group(2) for i in run if (m := _NUMBER.match(_text(rows[i])))]
    end = max(set(ends), key=ends.count)
    for at in range(known[0], len(run)):
        row = rows[run[at]]
        before = max(k for k in known if k <= at)
        after = min((k for k in known if k >= at), default=None)
        between = after is not None and read[after] - read[before] == after - before
        follows = after is None and at == before + 1 and 0 < len(_text(row)) <= _SHORT
        if at not in known and (between or follows) and len(_text(row)) <= _SHORT:
            row[0] = (f"{read[before] + at - before}{end}",)
    first = known[0]
    # an empty cell above belongs to a row that goes on from the page before
    misread = all(0 < len(_text(rows[i])) <= _SHORT for i in run[:first])
    if first and read[first] - first == 1 and misread:
        for at in range(first):
            rows[run[at]][0] = (f"{at + 1}{end}",)


def _text(row: Row) -> str:
    return " ".join(row[0])
