"""Physical lines to paragraphs: hard wraps and sentences broken by a page or a footnote rejoined.

Nothing is known here of the outline; only of how a paragraph begins (label, bullet, formula) and of
how full a line is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal

from kh_nlp.reading.lines import Line
from kh_nlp.reading.tables import Item, Row
from kh_nlp.reading.widths import printed_width

_BULLET = re.compile(r"^[-+*•–—·▪●○◦✓⇒→‑](?=\s*[^\s\d]|\s+\d)")
_LABEL = re.compile(
    r"^(?:[IVXLl1]{1,6}\s?[.)/](?:\s|$)|[IVX]{1,5}(?:\.\d{1,2}){1,3}[.)]?\s|[IVX]{1,5}\s?[-–]\s+(?=[^\W\d_a-z])|[A-HĐ]\s?[.)](?:\s|$)|\(?\d{1,2}\)|\d{1,2}\s?\.(?=\s|$"
    r"|[^\W\d])"
    r"|(?:\d{1,2}|[a-eđ])[/-]\s+[^\W\d]|\d{1,2}(?:\.\d{1,2}){1,3}[.)/-]?\s|\(?[a-zđ]\)|[a-hđ]\.\s"
    r"|(?:Điều|ĐIỀU|Điêu)\s+\d+\s*[.:]|(?:Phần|PHẦN|Chương|CHƯƠNG|Mục|MỤC)\s+(?:[IVX]+|thứ|THỨ"
    r"|\d+)\b)"
)
_FORMULA = re.compile(
    r"^(?:Số\s*:|SỐ\s*:|CỘNG H(?:ÒA|OÀ)|Độc lập\s*[-–]|ĐẢNG CỘNG SẢN|KẾ HOẠCH\b|QUYẾT ĐỊNH\b"
    r"|CHƯƠNG TRÌNH\b"
    r"|NGHỊ QUYẾT\b|Căn cứ\b|Thực hiện\s+(?:Kế|Nghị|Quyết|Chỉ|Công|Luật|Chương"
    r"|Hướng dẫn số|Thông (?:tư|báo|tri)|Kết luận|Văn bản|Pháp lệnh)|Nơi nhận|NƠI NHẬN"
    r"|Kính gửi"
    r"|TM\s?\.|KT\s?\.|TL\s?\.|TUQ\s?\.|T/M|PHỤ LỤC|Phụ lục\s+(?:[IVX\d]+|số)|Trên đây là"
    r"|\(?(?:Ban hành )?[Kk]èm theo"
    r"|[^,\d/]{2,40},\s*ngày\s[\d\s.…_]*tháng)"
)
_NOTE = re.compile(r"^(?:[¹²³⁴-⁹⁰]{1,3}\s*(?=[^\s¹²³⁴-⁹⁰])|\[\d{1,3}\]\s*(?=\S|$))")
_OPEN_END = re.compile(r"(?:[,–-]|\s(?:và|của|các|về|với|cho|trong|tại|từ|đến|số|ngày))$")
_COUNTED = re.compile(r"\s(?:số|ngày)$")  # what a number follows; "1. Hạ tầng số" is a title
_STAMP = re.compile(r"^\d{1,5} (?:0?[1-9]|[12]\d|3[01]) (?:0?[1-9]|1[0-2])$")
_TERMINAL = re.compile(r"[.;:!?…][”\"’»)\]¹²³⁴-⁹⁰]*$|/\.$")
_OWN_LINE = re.compile(
    r"Số\s*:|Số\s+\d{1,5}\s?[-/]|Độc lập|Nơi nhận|[^,\d/]{2,40},\s*ngày\s[\d\s.…_]*tháng"
)
# In a head the issuing body stands below its superior one; "ỦY BAN NHÂN DÂN / TỈNH …" is one body.
_BODY = re.compile(
    r"^(?:UBND|(?:ỦY|UỶ) BAN|HĐND|SỞ|PHÒNG|TRƯỜNG|VĂN PHÒNG|TRUNG TÂM|CHI CỤC|CHI BỘ|BAN CHỈ ĐẠO"
    r"|(?:TỈNH|HUYỆN|THÀNH|THỊ|QUẬN|ĐẢNG) (?:ỦY|UỶ)|LIÊN ĐOÀN|HỘI)\b"
)
_WHOLE_BODY = re.compile(
    r"\b(?:TỈNH|THÀNH PHỐ|TP\.?|HUYỆN|QUẬN|THỊ XÃ|XÃ|PHƯỜNG)\s+[^\W\d_]\w*.*[^-–,]$"
)
_LONE_KIND = re.compile(
    r"^(?:KẾ HOẠCH|QUYẾT ĐỊNH|NGHỊ QUYẾT|CHƯƠNG TRÌNH(?: HÀNH ĐỘNG)?|ĐỀ ÁN)\s*:?$"
)

Kind = Literal["text", "note", "row", "stray"]


@dataclass(slots=True)
class Paragraph:
    """Lines that read on; ``continues`` when it goes on with the text before a footnote."""

    lines: list[Line] = field(default_factory=list)
    kind: Kind = "text"
    continues: bool = False
    row: Row | None = None


@dataclass(frozen=True, slots=True)
class Wrapping:
    """How the file breaks its lines. ``width`` in characters; 0 means one paragraph a line.

    ``blank_after_each``: a blank line after every line, so that blanks tell nothing.
    ``blank_between``: paragraphs are kept apart by blank lines throughout, so that however short a
    line is, the next one goes on with it. ``no_blanks``: hardly a blank line at all.
    """

    width: int
    blank_after_each: bool = False
    blank_between: bool = False
    no_blanks: bool = False
    print_width: int = 0


def detect_wrapping(lines: list[Line]) -> Wrapping:
    """Hard wraps show as many lines of nearly the greatest length, which stays below 130."""
    lengths = sorted(len(line.text) for line in lines)
    if len(lengths) < 8:
        return Wrapping(0)
    width = lengths[int(len(lengths) * 0.95)]
    longest = lengths[int(len(lengths) * 0.985)]
    full = [length for length in lengths if length >= 0.75 * width]
    piled_up = len(full) > 9 and lengths[-1] <= 1.1 * width  # against the right margin
    few = len(full) < (0.08 if piled_up else 0.25) * len(lengths)
    if width < 40 or longest > 135 or (few and not _cuts_sentences(lines, width)):
        return Wrapping(0)
    after_full = [
        line.after_blank for above, line in pairwise(lines) if len(above.text) >= 0.8 * width
    ]
    each = sum(after_full) > 0.75 * max(1, len(after_full))
    unmarked = sum(
        not line.after_blank
        and 6 < len(above.text) < 0.6 * width
        and bool(_TERMINAL.search(above.text))
        and line.text[:1].isupper()
        and not starts_paragraph(line.text)
        for above, line in pairwise(lines)
    )
    between = sum(line.after_blank for line in lines)
    bare = between < 0.08 * len(lines)
    labelled = [line.after_blank for line in lines if _LABEL.match(line.text)]
    kept_apart = sum(labelled) >= 0.5 * len(labelled)
    # else the blanks are those of torn tables and of pages
    bare = bare or (len(labelled) > 5 and sum(labelled) < 0.2 * len(labelled))
    strict = not each and not bare and kept_apart and between > 10 * unmarked + 5
    if strict:  # no need to measure: blank lines tell
        return Wrapping(width, blank_between=True)
    printed = sorted(printed_width(line.text) for line in lines)
    return Wrapping(width, each, False, bare, printed[int(len(printed) * 0.95)])


def _cuts_sentences(lines: list[Line], width: int) -> bool:
    """Whether many full lines end amid a sentence that the next line goes on with.

    Only hard wraps do that; it tells them where a torn table has most of the lines.
    """
    cut = sum(
        line.text[:1].islower() and not line.after_blank and not _TERMINAL.search(above.text)
        for above, line in pairwise(lines)
        if 0.8 * width <= len(above.text) <= 1.1 * width
    )
    return cut > 1 and cut >= 0.25 * sum(len(line.text) >= 0.8 * width for line in lines)


def reflow(
    items: list[Item], wrapped: bool | None = None, *, marked: bool = False
) -> list[Paragraph]:
    """Paragraphs, footnotes and table rows in printed order.

    ``wrapped``: whether lines are those of a printed page; found out from them when ``None``.
    ``marked``: where paragraphs begin is known and stands in ``after_blank``.
    """
    lines = [] if wrapped is False else [item for item in items if isinstance(item, Line)]
    wrapping = Wrapping(80, blank_between=True) if marked else detect_wrapping(lines)
    out: list[Paragraph] = []
    body: Paragraph | None = None  # the last paragraph that is no note
    for item in items:
        if isinstance(item, Row):
            out.append(Paragraph([line for cell in item.cells for line in cell], "row", row=item))
            body = None
            continue
        if _NOTE.match(item.text):
            out.append(Paragraph([item], "note"))
            continue
        last = out[-1] if out else None
        if _STAMP.match(item.text):  # number, day and month of a digital stamp, anywhere on a page
            out.append(Paragraph([item], "stray"))
            continue
        if last is not None and last.kind == "stray" and body is not None:
            if _reads_on(body.lines[-1], item, wrapping):
                body = Paragraph([item], "text", continues=True)
                out.append(body)
                continue
            last = None
        if last is not None and last.kind == "note":
            overleaf = item.first_on_page and not item.after_blank
            told = wrapping.blank_between and not (item.after_blank or item.first_on_page)
            open_note = told and not _TERMINAL.search(last.lines[-1].text)  # goes on below itself
            if body is not None and (overleaf if marked else not open_note and _broken(body, item)):
                body = Paragraph([item], "text", continues=True)
                out.append(body)
                continue
            if _reads_on(last.lines[-1], item, wrapping, in_note=True):
                last.lines.append(item)
                continue
        elif (
            last is not None
            and last.kind == "text"
            and (
                _reads_on(last.lines[-1], item, wrapping)
                or (not marked and _title_goes_on(last, item))
            )
        ):
            last.lines.append(item)
            continue
        body = Paragraph([item])
        out.append(body)
    return out


def starts_paragraph(text: str) -> bool:
    """Whether a line begins with a label, a bullet or a formula of the genre."""
    return bool(_BULLET.match(text) or _LABEL.match(text) or _FORMULA.match(text))


def _title_goes_on(title: Paragraph, line: Line) -> bool:
    """Whether a labelled title in bold was cut by a blank line and goes on in bold."""
    return (
        line.strong
        and all(part.strong for part in title.lines)
        and bool(_LABEL.match(title.lines[0].text))
        and not title.lines[0].text.isupper()
        and not line.text.isupper()
        and not _TERMINAL.search(title.lines[-1].text)
        and not starts_paragraph(line.text)
        and len(title.lines) < 5
    )


def _broken(body: Paragraph, line: Line) -> bool:
    """Whether ``line`` goes on with a sentence that stands open before the footnotes."""
    end = body.lines[-1].text
    if line.in_cell or _TERMINAL.search(end) or starts_paragraph(line.text):
        return False  # a line told to go on (``in_cell``) goes on with the note
    return line.text[:1].islower() or bool(_OPEN_END.search(end))


def _reads_on(above: Line, line: Line, wrapping: Wrapping, in_note: bool = False) -> bool:
    """Whether ``line`` belongs to the paragraph that ``above`` ends so far."""
    text, before = line.text, above.text
    if line.in_cell:
        own = _BULLET.match(text) or _OWN_LINE.match(text)
        return not (own or (_BODY.match(text) and _WHOLE_BODY.search(before)))
    if _LABEL.match(text) or _FORMULA.match(text) or _bulleted(above, line, wrapping):
        return False
    if _LONE_KIND.match(before) or before.endswith("/."):
        return False
    ends = bool(_TERMINAL.search(before))
    goes_on = text[:1].islower() and not ends
    if goes_on and not line.first_on_page:
        return True
    if not wrapping.width:
        return goes_on or (text[:1].islower() and before.endswith(","))
    if line.after_blank and not wrapping.blank_after_each:
        return goes_on
    if wrapping.blank_between:
        return not line.after_blank
    return _fills(above, line, wrapping, in_note)


def _fills(above: Line, line: Line, wrapping: Wrapping, in_note: bool) -> bool:
    """Whether ``above`` was broken for want of room, so that ``line`` goes on with it."""
    text, before = line.text, above.text
    ends = bool(_TERMINAL.search(before))
    if _OPEN_END.search(before) and (text[:1].isdigit() or not _COUNTED.search(before)):
        return True
    if before.isupper() or text.isupper():
        return before.isupper() and text.isupper()
    needed = printed_width(f"{before} {text.split(maxsplit=1)[0]}")
    # Would the next word have fitted? Measured on running text: 95 of 100 lines stand above .93;
    # a labelled line followed by a capital is a title unless the word clearly had no room.
    title = bool(_LABEL.match(before)) and text[:1].isupper() and not ends
    full = needed > (0.985 if title else 0.93) * wrapping.print_width
    opens_list = ends and before[-1:] in ":;" and text[:1].isupper()
    if in_note or not (wrapping.blank_after_each or wrapping.no_blanks):
        # A blank line is the sign of a new paragraph here, so only a short line ends one.
        if wrapping.blank_after_each or len(before) >= 0.6 * wrapping.width:
            return full or not opens_list
        return not text[:1].isupper()
    return not opens_list and (full or text[:1].islower())


def _bulleted(above: Line, line: Line, wrapping: Wrapping) -> bool:
    """Whether ``line`` begins a list item.

    A dash may also go on with a range ("2021 / - 2025"), a compound ("kinh tế / - xã hội") or a
    name broken by a hard wrap, all without a blank line before and after an open sentence.
    """
    text, before = line.text, above.text
    if not _BULLET.match(text):
        return False
    rest = text[1:].lstrip()
    if rest[:1].isdigit() and before[-1:].isdigit():
        return False
    blank = line.after_blank and not wrapping.blank_after_each
    if text[0] not in "-–—" or blank or not wrapping.width or _TERMINAL.search(before):
        return True
    if rest[:1].islower():
        return False
    # "Thăng Long / - Hà Nội": two names, the line above being full and no title of its own
    name = before.split()[-1][:1].isupper() or text[0] == "—"
    return not name or bool(_LABEL.match(before)) or len(before) < 0.85 * wrapping.width
