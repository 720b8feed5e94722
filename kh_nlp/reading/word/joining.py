"""Which of the breaks inside a Word paragraph, and between those of a head, part the text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from kh_nlp.reading.lines import Line
from kh_nlp.reading.reflow import starts_paragraph
from kh_nlp.reading.tables import Cell
from kh_nlp.reading.word.inline import Stretch

_ENDS = re.compile(r"[.;:!?]\s*[”\"’»)\]¹²³⁴-⁹⁰]*\s*$")
_SHORT = 60  # characters of a title that stands alone
_DASH = re.compile(r"^\s*[-+*•–—·▪●○◦✓⇒→‑]|^\s*(?:Số\s*:|Độc lập|Nơi nhận)")
_BODY = re.compile(
    r"^(?:UBND|UBMTTQ|MTTQ|HĐND|HỘI ĐỒNG NHÂN DÂN|(?:ỦY|UỶ|Ủy|Uỷ) (?:BAN|ban)|SỞ|TỈNH ỦY|TỈNH UỶ"
    r"|HUYỆN (?:ỦY|UỶ)|ĐẢNG (?:ỦY|UỶ|BỘ)|THÀNH (?:ỦY|UỶ)|BỘ|CỤC|CHI CỤC|TRƯỜNG|TRUNG TÂM"
    r"|VĂN PHÒNG|PHÒNG|TỔNG CỤC)\s"
)


def splits(stretches: Sequence[Stretch]) -> Iterator[tuple[str, int, bool]]:
    """The lines of a paragraph: text, pages turned before it, and whether it only goes on.

    A break that the writer typed begins a new paragraph after a full stop or before a label; a
    page that ended in the middle of a word parts nothing.
    """
    merged: list[tuple[str, int, str]] = []
    for stretch in stretches:
        if merged and stretch.breaks == "page" and not _parts(merged[-1][0], stretch.text):
            text, turns, breaks = merged[-1]
            merged[-1] = (text + stretch.text, turns, breaks)
        else:
            merged.append((stretch.text, stretch.turns, stretch.breaks))
    above = ""
    for text, turns, breaks in merged:
        if not text.strip():
            above = above if breaks == "page" else ""  # a blank line parts
            continue
        joined = bool(above) and (
            breaks == "page" or (not starts_paragraph(text.strip()) and _goes_on(above, text))
        )
        yield text, turns, joined
        above = text


def laid_out(rows: Sequence[tuple[Cell, ...]]) -> Iterator[Line]:
    """The lines of a table that only lays out a head or a signature, cell after cell.

    A line goes on with the one above it in its cell, unless it names another body.
    """
    for row in rows:
        for cell in row:
            for index, line in enumerate(cell):
                goes_on = index > 0 and not _names_another(cell[index - 1].text, line.text)
                yield replace(
                    line,
                    after_blank=index == 0,
                    first_on_page=index == 0,
                    in_cell=goes_on,
                )


def _names_another(above: str, text: str) -> bool:
    """Whether a line names a body of its own below its superior ("UBND TỈNH …" above)."""
    return bool(_BODY.match(text)) and bool(_BODY.match(above)) and len(above.split()) > 2


def _parts(above: str, text: str) -> bool:
    """Whether a line may end here where only the page did."""
    if not above.strip() or not text.strip():
        return not above.strip()
    blank = above[-1:].isspace() or text[:1].isspace()
    return blank and not _DASH.match(text)


def _goes_on(above: str, text: str) -> bool:
    """Whether a typed break lies inside a sentence or a title."""
    above, text = above.strip(), text.strip()
    if _ENDS.search(above) or above.isupper() != text.isupper():
        return False
    title = starts_paragraph(above) and len(above) < _SHORT  # "1. Mục đích", then its text
    return above.isupper() or not (title and text[:1].isupper())
