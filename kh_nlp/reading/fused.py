"""Paragraphs that lost their breaks: "… YÊU CẦU1. Quan điểmLấy người dân …" in one long line.

Some converters drop the ends of paragraphs. What is left are places where a sentence, a heading or
a label begins without a blank before it.
"""

from __future__ import annotations

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
    """Lines with the long ones that hold many lost breaks taken apart; others as they are."""
    out: list[Line] = []
    for line in lines:
        if len(line.text) < _LONG or "\t" in line.text or "|" in line.text:
            out.append(line)
            continue
        cuts = [match.start() for match in _BOUNDARY.finditer(line.text) if match.start()]
        if len(cuts) < _MANY or len(cuts) < len(line.text) / 600:
            out.append(line)
            continue
        bounds = [0, *cuts, len(line.text)]
        for start, end in pairwise(bounds):
            piece = line.part(start, end)
            if piece.text:
                fresh = replace(piece, after_blank=True, in_cell=False)
                fresh.first_on_page = line.first_on_page and start == 0
                out.append(fresh)
    return out
