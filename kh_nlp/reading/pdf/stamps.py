"""Digital signatures and stamps: what they print over a page, and what of it belongs to the text.

The number and the day of a plan often stand only in the appearance of a form field, stamped over
"Số:      /KH-UBND". "Người ký: … Thời gian ký: …" is no text of the plan.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from kh_nlp.reading.pdf.lines import PrintedLine
from kh_nlp.reading.pdf.words import PageWords, WordReader

_SIGNED = re.compile(
    r"(?:Người ký|Ký bởi|Được ký (?:bởi|số)|Ký số bởi|(?:Digitally )?[Ss]igned by"
    r"|Signature (?:[Nn]ot )?[Vv](?:erified|alid)|Chữ ký (?:hợp lệ|số))\b"
)
_GOES_ON = re.compile(
    r"^(?:(?:Thời gian|Ngày|Giờ) ký|Ngày ký|Signing [Tt]ime|Date|Email|E-mail|Cơ quan|Tổ chức|Lý do"
    r"|Reason|Location|Địa điểm|Chức vụ|DN|CN|O|OU|C|ST|L)\s*[:=]"
    r"|^\d{1,2}[./-]\d{1,2}[./-]\d{4}\s+\d{1,2}:\d{2}|^\d{1,2}:\d{2}(?::\d{2})?\b|^[+-]\d{2}[:']?\d{2}"
)
_LINES = 7  # of a signature's stamp at most
_LINK = 2  # pdfium's number of the annotation that is a link


def load(document: Any, number: int, reader: WordReader) -> tuple[Any, PageWords]:
    """A page and its words, with what form fields and stamps print on it.

    The page (``pypdfium2.PdfPage``) is for the caller to close.
    """
    import pypdfium2.raw as pdfium

    page = document[number]
    try:
        if not _printing(pdfium, page.raw):
            return page, reader.read(page)
        before = reader.count(page)
        pdfium.FPDFPage_Flatten(page.raw, pdfium.FLAT_NORMALDISPLAY)
    except BaseException:
        page.close()
        raise
    page.close()
    page = document[number]
    try:
        return page, reader.read(page, before)
    except BaseException:
        page.close()
        raise


def _printing(pdfium: Any, page: Any) -> bool:
    """Whether a page has annotations other than links."""
    for index in range(min(pdfium.FPDFPage_GetAnnotCount(page), 200)):
        annotation = pdfium.FPDFPage_GetAnnot(page, index)
        kind = pdfium.FPDFAnnot_GetSubtype(annotation)
        pdfium.FPDFPage_CloseAnnot(annotation)
        if kind != _LINK:
            return True
    return False


def without_signatures(lines: Sequence[PrintedLine]) -> tuple[list[PrintedLine], list[str]]:
    """Lines without those of a digital signature, and what these say.

    A signature's stamp begins with who signed; the lines close below it that name a time, a mail
    address or an office go with it. A stamp may stand beside other text: only its pieces go.
    """
    if not any(_SIGNED.search(line.text) for line in lines):
        return list(lines), []
    kept: list[PrintedLine] = []
    said: list[str] = []
    left, base, taken = 0.0, 0.0, _LINES
    for line in lines:
        rest: list[PrintedLine] = []
        pieces = line.split(1.5)
        for piece in pieces:
            close = taken < _LINES and line.base - base < 2.5 * line.size
            beside = abs(piece.left - left) < 6 * piece.size
            begins = bool(_SIGNED.match(piece.text))
            if begins or (close and beside and _GOES_ON.match(piece.text)):
                taken = 1 if begins else taken + 1
                left, base = piece.left, line.base
                said.append(piece.text)
            else:
                rest.append(piece)
        if len(rest) == len(pieces):
            kept.append(line)
        elif rest:
            kept.append(PrintedLine([word for piece in rest for word in piece.words]))
    return kept, said
