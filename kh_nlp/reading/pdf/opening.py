"""Opening a PDF file: one that is broken, locked or made to exhaust memory is told at once."""

from __future__ import annotations

import re
import zlib
from typing import Any

from kh_nlp.errors import InputError
from kh_nlp.reading.files import File

MAX_PAGES = 3000
"""Pages of one file; more is no plan."""

MAX_STREAM = 32 * 2**20
"""Bytes of one unpacked stream that is neither an image nor a font. pdfium needs some thirty times
as much to hold what such a stream draws."""

_PACKS_AT_MOST = 1032  # bytes that one byte of deflate can stand for
_STREAM = re.compile(rb"stream\r?\n")
_DICTIONARY = 2048  # bytes before a stream in which its dictionary is looked for
_STEP = 2**20
_PASSWORD_ERROR = 4  # of pdfium


def open_pdf(file: File) -> Any:
    """The document (``pypdfium2.PdfDocument``), for the caller to close.

    Raises InputError for a file with a password, one that is broken, one with too many pages and
    one that would unpack to more than can be held.
    """
    import pypdfium2 as pdfium

    _refuse_bombs(file)
    try:
        document = pdfium.PdfDocument(file.data)
    except pdfium.PdfiumError as error:
        locked = getattr(error, "err_code", None) == _PASSWORD_ERROR
        reason = "đặt mật khẩu" if locked else "hỏng"
        raise InputError(f"{file.path}: tệp PDF {reason}, không đọc được.") from None
    count = len(document)
    if 0 < count <= MAX_PAGES:
        return document
    document.close()
    if count:
        raise InputError(f"{file.path}: có {count} trang, quá giới hạn {MAX_PAGES} trang.")
    raise InputError(f"{file.path}: tệp PDF không có trang nào (hỏng hoặc bị cắt cụt).")


def is_cut(file: File) -> bool:
    """Whether the end of the file is missing; pdfium still reads the pages it finds."""
    return b"%%EOF" not in file.data[-2048:]


def _refuse_bombs(file: File) -> None:
    data = file.data
    for match in _STREAM.finditer(data):
        start = match.end()
        about = data[max(0, start - _DICTIONARY) : start]
        about = about[about.rfind(b" obj") + 1 :]
        if b"Flate" not in about or b"/Image" in about or b"/Length1" in about:
            continue
        end = data.find(b"endstream", start)
        end = len(data) if end < 0 else end
        if (end - start) * _PACKS_AT_MOST > MAX_STREAM and _unpacks_beyond(data, start, end):
            raise InputError(
                f"{file.path}: tệp PDF giải nén ra quá lớn "
                f"(một phần trên {MAX_STREAM // 2**20} MB)."
            )


def _unpacks_beyond(data: bytes, start: int, end: int) -> bool:
    engine = zlib.decompressobj()
    view = memoryview(data)[start:end]
    size = at = 0
    rest: bytes = b""
    try:
        while size <= MAX_STREAM and not engine.eof:
            if not rest:
                if at >= len(view):
                    break
                rest, at = bytes(view[at : at + 2**16]), at + 2**16
            size += len(engine.decompress(rest, _STEP))
            rest = engine.unconsumed_tail
    except zlib.error:
        return False  # encrypted, or broken: pdfium decides
    return size > MAX_STREAM
