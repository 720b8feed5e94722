"""Paragraphs that lost their breaks: "… YÊU CẦU1. Quan điểmLấy người dân …" in one long line.

Some converters drop the ends of paragraphs. What is left are places where a sentence, a heading or
a label begins without a blank before it.
"""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

from kh_nlp.language import letters
from kh_nlp.reading.lines import Line

_LONG = 400  # shorter lines are left alone: a missing blank there is a slip, not a lost paragraph
_MANY = 4
_FORMULA = (
    r"(?=(?:CỘNG HÒA XÃ HỘI|Độc lập - Tự do|Số\s*:|KẾ HOẠCH|QUYẾT ĐỊNH|Căn cứ|Nơi nhận|PHỤ LỤC"
    r"|TM\.|KT\.|Trên đây là))"
)
_MOTTO = re.compile(r"\S\s+CỘNG H(?:ÒA|OÀ) XÃ HỘI CHỦ NGHĨA VIỆT NAM|VIỆT NAM\s+Độc lập\s*[-–]")
_IN_HEAD = re.compile(
    r"(?<=\s)(?=CỘNG H(?:ÒA|OÀ) XÃ HỘI|Độc lập\s*[-–]|Số\s*:|(?:KẾ HOẠCH|QUYẾT ĐỊNH)(?:\s|$))"
)
_BOUNDARY = letters(
    r"(?<=[\p{Ll}\d;:.!?”)])(?=[\p{Lu}][\p{Ll}])(?<![\d/.-])"  # "quan điểmLấy", "nước;Căn cứ"
    r"|(?<=[.;:])(?=[\p{Lu}“])"  # "2030.Xây dựng"
    r"|(?<=[\p{Lu}]{2})(?=[\p{Lu}][\p{Ll}]+\s)"  # "KẾ HOẠCHCải cách"
    r"|(?<=[\p{Ll}\p{Lu}.;:”)])(?=\d{1,2}\.\s+[\p{Lu}])"  # "YÊU CẦU1. Quan điểm"
    r"|(?<=[\p{Ll}.;:”)])(?=[a-eđ]\)\s+[\p{Lu}])"  # "Yêu cầua) Kế hoạch"
    r"|(?<=[.;:])(?=[IVX]{1,4}\.\s+[\p{Lu}]{2})"
    r"|(?<=[\p{Ll}\p{Lu};.:])(?=-\s[\p{Lu}])"
    r"|(?<=\d{4})(?=[\p{Lu}][\p{Ll}]+\s)|(?<=DÂN)(?=(?:TỈNH|THÀNH PHỐ|HUYỆN|XÃ|PHƯỜNG)\s)"
    r"|(?<=\w)" + _FORMULA
)


def split_fused(lines: list[Line]) -> list[Line]:
    """Lines with the long ones that hold many lost breaks taken apart; others as they are.

    A head written in one line ("UBND XÃ … CỘNG HÒA … Số: … KẾ HOẠCH …") is taken apart too.
    """
    out: list[Line] = []
    for line in lines:
        text = line.text
        if "\t" in text or "|" in text:
            out.append(line)
            continue
        if ("CỘNG H" in text or "Độc lập" in text) and _MOTTO.search(text):
            out += _pieces(line, [m.start() for m in _IN_HEAD.finditer(line.text)])
            continue
        if len(text) < _LONG:
            out.append(line)
            continue
        cuts = [match.start() for match in _BOUNDARY.finditer(line.text) if match.start()]
        if len(cuts) < _MANY or len(cuts) < len(line.text) / 600:
            out.append(line)
            continue
        out += _pieces(line, cuts)
    return out


def _pieces(line: Line, cuts: list[int]) -> list[Line]:
    out: list[Line] = []
    for start, end in pairwise([0, *cuts, len(line.text)]):
        piece = line.part(start, end)
        if not piece.text:
            continue
        fresh = replace(piece, after_blank=line.after_blank if start == 0 else True)
        fresh.first_on_page = line.first_on_page and start == 0
        around = line.text[start - 1 : start + 1]
        fresh.glued = start > 0 and around == "".join(around.split())
        out.append(fresh)
    return out
