"""Bytes to text: byte order marks, UTF-8, UTF-16, old Vietnamese encodings, clear words for others.

Text in an old encoding (TCVN3, VNI, VISCII, CP1258 …) is decoded to one character a byte, so that
positions are those of the bytes; ``legacy_lines`` brings it to Unicode.
"""

from __future__ import annotations

import codecs
import re

from kh_nlp.errors import InputError
from kh_nlp.repairing.legacy import explained, find_passages

_BOMS: tuple[tuple[bytes, str], ...] = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_NO_LETTER = re.compile(rb"[\x00\x01\x07\x08\x0e\x0f\x16-\x18\x1a\x1f]")
_HEAD = 65536
_BROKEN_SHARE = 0.02  # more invalid bytes than this is another encoding, not a damaged UTF-8 file
_EXPLAINED = 0.6  # of the words with letters beyond ASCII, so that an encoding is believed
_UNDEFINED = {byte: chr(byte) for byte in (0x81, 0x8D, 0x8F, 0x90, 0x9D)}


def decode(data: bytes, name: str) -> tuple[str, tuple[str, ...]]:
    """Text of ``data`` and warnings. Raises InputError when it is binary or of another encoding."""
    if not data:
        raise InputError(f"{name}: tệp rỗng.")
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _lenient(data[len(mark) :], encoding, name)
    guessed = _utf16_without_mark(data)
    if guessed:
        return _lenient(data, guessed, name)
    if _has_many(_CONTROL, data):
        # VISCII and VPS have a few capitals where others have control characters
        if _has_many(_NO_LETTER, data) or not is_legacy(eight_bit(data)):
            raise InputError(f"{name}: tệp nhị phân, không phải văn bản.")
        return eight_bit(data), ()
    return _lenient(data, "utf-8", name)


def eight_bit(data: bytes) -> str:
    """One character for each byte: that of CP1252, or of Latin-1 where CP1252 has none."""
    return codecs.charmap_decode(data, "strict", _CP1252)[0]


_CP1252 = "".join(_UNDEFINED.get(byte) or bytes([byte]).decode("cp1252") for byte in range(256))


def _has_many(signs: re.Pattern[bytes], data: bytes) -> bool:
    head = data[:_HEAD]
    return len(signs.findall(head)) > 0.001 * len(head)


def is_legacy(text: str) -> bool:
    """Whether most words with letters beyond ASCII are Vietnamese in some old encoding."""
    return explained(text, find_passages(text)) >= _EXPLAINED


def _utf16_without_mark(data: bytes) -> str | None:
    """UTF-16 text has a zero byte beside most ASCII characters, always on the same side."""
    head = data[:4096]
    if len(head) < 8 or len(data) % 2:
        return None
    even, odd = head[0::2].count(0), head[1::2].count(0)
    half = len(head) // 2
    if odd > 0.3 * half and even < 0.02 * half:
        return "utf-16-le"
    if even > 0.3 * half and odd < 0.02 * half:
        return "utf-16-be"
    return None


def _lenient(data: bytes, encoding: str, name: str) -> tuple[str, tuple[str, ...]]:
    try:
        return data.decode(encoding), ()
    except UnicodeDecodeError as error:
        first = error.start
    text = data.decode(encoding, "replace")
    broken = text.count("�")
    beyond_ascii = sum(byte >= 0x80 for byte in data)
    if encoding == "utf-8" and broken > 0.2 * beyond_ascii:  # hardly any letter is UTF-8
        plain = eight_bit(data)
        if is_legacy(plain):
            return plain, ()
    if encoding == "utf-8" and broken > max(_BROKEN_SHARE * len(text), 0.2 * beyond_ascii):
        raise InputError(
            f"{name}: không phải UTF-8, cũng không nhận ra bảng mã 8 bit nào (TCVN3, VNI, VISCII, "
            "VPS, CP1258); hãy lưu lại dạng UTF-8 rồi đọc."
        )
    line = data.count(b"\n", 0, first) + 1
    return text, (
        f"{broken} chỗ trong tệp không giải mã được theo {encoding.upper()}, chỗ đầu ở dòng "
        f"{line}; các chỗ đó giữ bằng ký hiệu “�”.",
    )
