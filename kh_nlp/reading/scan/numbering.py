"""The number column of a table, whose lone digits the engine reads worst: they count up by one.

A number is believed when another one of the column stands as many rows away as it is greater. What
lies between believed numbers, or follows the last of them, is filled in; nothing is where the rows
do not add up. Groups of rows ("A", "I") count up likewise; numbers may begin anew below each of
them or go on. Of the title row only the title of the column is set right.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import chain, pairwise

Row = list[tuple[str, ...]]

_NUMBER = re.compile(r"^(\d{1,3})([.)]?)$")
_GROUP = re.compile(r"^[IVXHLT]{1,5}\.?$|^[A-ZĐ][.)]?$")
_SHORT = 3  # characters of a misread number
_TITLE = re.compile(r"^[A-ZĐ1][A-ZĐ1I]{1,2}$")  # what "TT" and "STT" are read as
_TITLES = ("tt", "stt", "số tt", "số")
_LONGEST_TITLE = 6  # characters of what "TT" is read as in small bold type
_LETTERS = ("A", "B", "C", "D", "Đ", "E", "G", "H")
_ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X")


def settle_numbers(rows: list[Row]) -> None:
    """Fill in and put right the first cells of ``rows``, a whole table, in place.

    ``rows`` without titles that are printed again and rests of rows cut by the end of a page.
    """
    runs: list[list[int]] = [[]]
    groups: list[int] = []
    for index, row in enumerate(rows):
        if index and _opens_group(row):
            groups.append(index)
            runs.append([])
        elif index:
            runs[-1].append(index)
    numbered = sum(bool(_NUMBER.match(_text(row))) for row in rows[1:])
    title = _text(rows[0])
    if numbered > 1 and _TITLE.match(title):
        rows[0][0] = ("STT" if len(title) > 2 else "TT",)
    _settle_groups(rows, groups)
    for run in [list(chain(*runs))] if _go_on(rows, runs) else runs:
        _settle_run(rows, run)
    if (
        _counts(rows)
        and len(title := _text(rows[0])) <= _LONGEST_TITLE
        and title.lower() not in _TITLES
        and not _is_word(title)
    ):
        rows[0][0] = ("TT",) if title else ()


def _is_word(title: str) -> bool:
    """Whether something else than rows may be counted: "Tháng", "Bước", "QUÝ"."""
    cased = title in (title.capitalize(), title.upper())
    return cased and len(title) > 2 and all(len(w) > 1 and w.isalpha() for w in title.split())


def _counts(rows: Sequence[Row]) -> bool:
    """Whether the first column counts its rows, of which there are more than two, from 1."""
    read = [int(m.group(1)) for row in rows[1:] if (m := _NUMBER.match(_text(row)))]
    return len(read) > 2 and read[0] == 1 and all(b in (a + 1, 1) for a, b in pairwise(read))


def _opens_group(row: Row) -> bool:
    """A row that only names a group: a label and a title, or a title over all columns."""
    filled, label = sum(map(bool, row)), _text(row)
    if not label:
        return filled == 1
    if filled < 3 and _GROUP.match(label):
        return True
    # a numeral that was not read: no row of work has so little in it
    return filled == 2 and len(row) > 4 and len(label) <= _SHORT and not _NUMBER.match(label)


def _settle_groups(rows: list[Row], groups: Sequence[int]) -> None:
    """Labels of groups that were not read, where those read count up."""
    for names in (_LETTERS, _ROMAN):
        read = {
            at: names.index(label)
            for at, i in enumerate(groups)
            if (label := _text(rows[i]).rstrip(".)")) in names
        }
        if len(read) < 2 or len({place - at for at, place in read.items()}) > 1:
            continue
        first, last = next(iter(read.items())), max(read)
        for at in range(first[0], min(last + 2, len(groups))):
            row = rows[groups[at]]
            unread = _text(row).rstrip(".)") not in names
            if unread and len(row) > 1 and row[1] and first[1] + at - first[0] < len(names):
                row[0] = (names[first[1] + at - first[0]],)


def _go_on(rows: Sequence[Row], runs: Sequence[Sequence[int]]) -> bool:
    """Whether numbers go on from group to group instead of beginning anew."""
    starts: list[tuple[set[int], int]] = []  # what the first number may be, and how many follow
    for run in runs:
        first = {
            int(match.group(1)) - at
            for at, i in enumerate(run)
            if (match := _NUMBER.match(_text(rows[i])))
        }
        if first:
            starts.append((first, len(run)))
    return len(starts) > 1 and all(
        any(start + count in b for start in a) for (a, count), (b, _) in pairwise(starts)
    )


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
        if at in known:
            row[0] = (f"{read[at]}{end}",)
        elif (between or follows) and len(_text(row)) <= _SHORT:
            row[0] = (f"{read[before] + at - before}{end}",)
    first = known[0]
    # an empty cell above belongs to a row that goes on from the page before
    misread = all(0 < len(_text(rows[i])) <= _SHORT for i in run[:first])
    if first and read[first] - first == 1 and misread:
        for at in range(first):
            rows[run[at]][0] = (f"{at + 1}{end}",)


def _text(row: Row) -> str:
    return " ".join(row[0])
