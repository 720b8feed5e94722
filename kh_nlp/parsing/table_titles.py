"""Titles of task tables: what the columns mean, in one row of titles or two."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import combinations

from kh_nlp.model import Span
from kh_nlp.parsing.bodies import STARTS_BODY
from kh_nlp.reading import TextLine
from kh_nlp.reading.columns import Meaning, meaning, plain
from kh_nlp.repairing import join_split_glyphs

ORDER = re.compile(r"^(\d{1,3})\s*[.)]?$")
_PERSON = re.compile(r"^ho (?:va |, )?ten\b|^ten (?:can bo|thanh vien)")  # lists of members
_WATCHES = re.compile(
    r"(?:lanh dao|nguoi|dong chi|chuyen vien|can bo|thanh vien)\b.*\b(?:phu trach|theo doi)"
)
_INDEX_ROW = re.compile(r"^\(?(?:\d{1,2}|[A-Z])\)?$")


@dataclass(slots=True)
class Table:
    """Rows of one table with what its columns mean; ``None`` for a column without a meaning."""

    rows: list[TextLine] = field(default_factory=list)
    columns: list[Meaning | None] = field(default_factory=list)
    titles: int = 0  # row of the titles; a group may be named above it
    first: int = 0  # first row below the titles


def cell_text(text: str, span: Span) -> str | None:
    """What a cell says, split syllables joined; ``None`` for an empty one."""
    return join_split_glyphs(text[span[0] : span[1]].strip()) or None


def read_titles(text: str, rows: list[TextLine]) -> Table | None:
    """The table with its columns, ``None`` for a table that assigns no work."""
    for first in range(min(len(rows), 5)):
        columns, below = _with_lower_titles(text, rows, first)
        columns = _of_bodies(text, rows, first, below, columns)
        if "duration" in columns and "deadline" not in columns:
            columns = ["deadline" if c == "duration" else c for c in columns]
        known = set(columns)
        if "content" not in known and "lead" in known and len(columns) > 2:
            # a title of its own: "Tiêu chí", or targets given to bodies: "Chỉ tiêu | Chủ trì"
            at = columns.index("target") if "target" in known else 1
            title = cell_text(text, rows[first].cells[at]) if at < len(rows[first].cells) else None
            if columns[at] in (None, "target") and not _PERSON.match(plain(title or "")):
                columns[at], known = "content", known | {"content"}
        assigns = "lead" in known or (
            "deadline" in known and bool(known & {"partners", "output", "form"})
        )
        figures = "unit" in known and not known & {"partners", "deadline"}
        if "content" in known and assigns and not figures:
            start = first + below
            while start < len(rows) and _is_index_row(text, rows[start]):
                start += 1
            return Table(rows, columns, first, start)
    return None


def _of_bodies(
    text: str, rows: list[TextLine], first: int, below: int, columns: list[Meaning | None]
) -> list[Meaning | None]:
    """The columns with those of bodies told apart.

    "Đơn vị" may be a unit of measure or, by what stands below it, who does the work; "Lãnh đạo
    phụ trách" beside "Cơ quan chủ trì" is a person who watches over it.
    """
    if len(rows[first].cells) != len(columns):
        return columns
    titles = [plain(cell_text(text, span) or "") for span in rows[first].cells]
    out = list(columns)
    if "lead" not in columns:
        for at, title in enumerate(titles):
            if columns[at] != "unit" or title != "don vi":
                continue
            cells = [
                cell
                for row in rows[first + below :]
                if len(row.cells) > at and (cell := cell_text(text, row.cells[at]))
            ]
            if cells and sum(bool(STARTS_BODY.match(cell)) for cell in cells) > 0.6 * len(cells):
                out[at] = "lead"
    leads = [at for at, column in enumerate(columns) if column == "lead"]
    watching = [at for at in leads if _WATCHES.match(titles[at])]
    if len(watching) < len(leads):
        for at in watching:
            out[at] = None
    return out


def _with_lower_titles(
    text: str, rows: list[TextLine], first: int
) -> tuple[list[Meaning | None], int]:
    """Columns of a title row and how many rows of titles there are: one, or two.

    A title over several columns ("Cơ quan thực hiện") has those of its columns in the row below
    ("Chủ trì", "Phối hợp"), which stand at their place or, where the row lost its empty cells,
    alone: then the number of cells in the rows of work tells which titles they share.
    """
    titles = [cell_text(text, span) for span in rows[first].cells]
    columns = [meaning(title) if title else None for title in titles]
    if first + 2 >= len(rows):
        return columns, 1
    lower = [cell_text(text, span) for span in rows[first + 1].cells]
    printed = [title for title in lower if title]
    if len(printed) < 2 or any(len(title.split()) > 6 for title in printed):
        return columns, 1
    named = [meaning(title) if title else None for title in lower]
    if len(lower) == len(columns):
        if not _below_titles(titles, columns, lower):
            return columns, 1
        spread: list[Meaning | None] = []
        for above, title, own in zip(columns, titles, named, strict=True):
            covered = spread[-1] if spread and title is None else None
            spread.append(own or above or covered)
        return spread, 2
    widths = Counter(len(row.cells) for row in rows[first + 2 : first + 12])
    below = widths.most_common(1)[0][0]
    if len(printed) == len(lower) and not any(ORDER.match(title) for title in printed):
        shared = _shared_titles(columns, named, below)
        if shared is not None:
            return shared, 2
    return columns, 1


_BELOW: dict[tuple[Meaning | None, Meaning | None], int] = {
    ("lead", "lead"): 2,
    ("lead", "partners"): 2,
    ("deadline", "deadline"): 2,
    ("budget", "budget"): 2,
    ("budget", None): 1,
    ("target", None): 1,
    ("deadline", None): 0,
    (None, "budget"): 0,
    (None, None): 0,
}
"""How well a title (second) stands below one over several columns (first); other pairs do not."""


def _shared_titles(
    columns: Sequence[Meaning | None], lower: Sequence[Meaning | None], width: int
) -> list[Meaning | None] | None:
    """Columns of titles in two rows, the lower of which holds only the titles below common ones.

    ``width`` is the number of cells of the rows of work; it tells how many titles are common ones.
    ``None`` where nothing fits, or several readings do equally well.
    """
    common = len(columns) + len(lower) - width
    if not 0 < common <= min(3, len(lower) // 2):
        return None
    found: dict[tuple[Meaning | None, ...], int] = {}
    for places in combinations(range(len(columns)), common):
        for inner in combinations(range(2, len(lower) - 1), common - 1):
            cuts = [0, *inner, len(lower)]
            spread: list[Meaning | None] = []
            score, group = 0, 0
            for at, column in enumerate(columns):
                if at not in places:
                    spread.append(column)
                    continue
                own = lower[cuts[group] : cuts[group + 1]]
                group += 1
                fits = [_BELOW.get((column, one)) for one in own]
                if len(own) < 2 or None in fits:
                    break
                score += sum(fit or 0 for fit in fits)
                spread += [one or column for one in own]
            else:
                found[tuple(spread)] = max(score, found.get(tuple(spread), 0))
    best = max(found.values(), default=0)
    fitting = [spread for spread, score in found.items() if score == best]
    return list(fitting[0]) if len(fitting) == 1 and best else None


def _below_titles(
    titles: Sequence[str | None], columns: Sequence[Meaning | None], lower: Sequence[str | None]
) -> bool:
    """Whether a row below the titles, as wide as they, holds titles too and no work.

    Below the titles of number and content it is empty or says the same, as merged cells do.
    """
    plain = [i for i, column in enumerate(columns) if column in ("order", "content")]
    open_ends = any(title is None for title in titles)
    return (
        bool(plain)
        and open_ends
        and all(lower[i] is None or lower[i] == titles[i] for i in plain)
        and not any(title and ORDER.match(title) for title in lower)
    )


def _is_index_row(text: str, row: TextLine) -> bool:
    """A row "1 | 2 | 3" or "A | B | 1" that only numbers the columns."""
    cells = [cell_text(text, span) for span in row.cells]
    filled = [cell for cell in cells if cell]
    return len(filled) > 2 and all(_INDEX_ROW.match(cell) for cell in filled)
