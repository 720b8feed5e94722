"""The sentences in which plans cite a document."""

from __future__ import annotations

import re

from kh_nlp.library import Library
from kh_nlp.network.records import Sentence

_REACH = 400
_END = re.compile(r"[.;!?](?=\s)|\n")
# "Nghị định số 30/2020/NĐ-CP ngày 5.3. 2020", "TP. Cần Thơ", "a. Căn cứ …" do not end there.
_NO_END = re.compile(r"(?:\b\w{1,2}|\bTP|\bTS|\bThS|\d)$")


def citing_sentences(library: Library, key: str, *, limit: int = 200) -> tuple[Sentence, ...]:
    """The sentence around each mention of the document ``key``, in the order of the library.

    ``limit`` counts plans. Nothing for a document that nobody cites.
    """
    found: list[Sentence] = []
    with library.reading() as connection:
        plans = connection.execute(
            "SELECT DISTINCT plan FROM citations WHERE key = ? ORDER BY plan LIMIT ?", (key, limit)
        ).fetchall()
        for row in plans:
            text, plan_id = connection.execute(
                "SELECT json_extract(v.json, '$.text'), p.plan_id FROM versions v "
                "JOIN plans p ON p.id = v.plan WHERE v.plan = ? AND v.current = 1",
                (row["plan"],),
            ).fetchone()
            for start, end in connection.execute(
                'SELECT start, "end" FROM citations WHERE plan = ? AND key = ? ORDER BY start',
                (row["plan"], key),
            ).fetchall():
                first, last = bounds(text or "", start, end)
                found.append(
                    Sentence(
                        plan=plan_id,
                        text=(text or "")[first:last],
                        start=start,
                        end=end,
                        mark=(start - first, end - first),
                    )
                )
    return tuple(found)


def bounds(text: str, start: int, end: int) -> tuple[int, int]:
    """Where the sentence around ``start``..``end`` begins and ends, at most 400 characters off."""
    first = max(0, start - _REACH)
    for match in _END.finditer(text, first, start):
        if _ends(text, match):
            first = match.end()
    last = min(len(text), end + _REACH)
    for match in _END.finditer(text, end, last):
        if _ends(text, match):
            last = match.end()
            break
    while first < start and text[first].isspace():
        first += 1
    while last > end and text[last - 1].isspace():
        last -= 1
    return first, last


def _ends(text: str, match: re.Match[str]) -> bool:
    if match[0] != ".":
        return True
    return not _NO_END.search(text, max(0, match.start() - 6), match.start())
