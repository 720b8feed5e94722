"""Footnotes whose raised numbers became plain digits, as converters of PDF files print them.

"312 ca mắc1, tăng 2,1 lần" and, further down the page, "1 Số liệu cập nhật ngày 15/5": both are
given their raised digit back, by which the rest of the reader knows marks and notes.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from kh_nlp.reading.lines import Line

_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_NOTE = re.compile(r"^(\d{1,2})\s(?=[^\W\d_a-z]|[“\"(])")
# Behind a word, a closing mark or an abbreviation; "50 m2", "CO2", "H5N1" are no words.
_BEFORE = (
    r"(?:(?<![^\W\d_])(?!(?:[kcdmh]?m|ha)\d)[^\W\d_]{2,}(?<![A-ZĐ])|[A-ZĐ]{3,}"
    r"|[^\W\d_][.,;:)”\"»])"
)


def raise_notes(lines: Sequence[Line]) -> list[Line]:
    """The lines, with raised digits where a page has both a mark and the note of that number.

    Notes count on through the document, or begin anew on each page.
    """
    out = list(lines)
    last = 0
    before = begin = 0  # where the page above and this one begin
    expected = {1, 2}
    for at, line in enumerate(lines):
        if line.first_on_page:
            before, begin = begin, at
            expected = {1, last + 1, last + 2}  # the mark of one may be lost
        match = _NOTE.match(line.text)
        if match is None or int(match.group(1)) not in expected:
            continue
        number = match.group(1)
        marked = _mark(out, range(begin, at), number) or _mark(out, range(before, begin), number)
        if marked is None:
            continue
        place, start = marked
        out[place] = _raised(out[place], start, number)
        out[at] = _raised(line, 0, number)
        last = int(number)
        expected = {last + 1, last + 2}
    return out


def _mark(lines: Sequence[Line], among: range, number: str) -> tuple[int, int] | None:
    """The only place ``among`` the lines where a number stands right behind a word."""
    pattern = re.compile(rf"{_BEFORE}({number})(?=$|[\s.,;:)”\"])(?![.,]\d)")
    found = [
        (index, match.start(1)) for index in among for match in pattern.finditer(lines[index].text)
    ]
    return found[0] if len(found) == 1 else None


def _raised(line: Line, start: int, number: str) -> Line:
    end = start + len(number)
    text = line.text[:start] + number.translate(_RAISED) + line.text[end:]
    return replace(line, text=text)
