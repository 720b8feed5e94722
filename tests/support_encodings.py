"""Writes Vietnamese text in the encodings from before Unicode, as CP1252 shows its bytes."""

from __future__ import annotations

import unicodedata
from functools import cache
from pathlib import Path

import kh_nlp.repairing

ENCODINGS = (
    "tcvn3", "vni", "viscii", "vps", "cp1258", "utf8", "utf8-latin1", "utf8-1258", "utf8-twice"
)  # fmt: skip
_TABLE = Path(kh_nlp.repairing.__file__).parent / "data" / "legacy_encodings.tsv"
_TONES = "\u0300\u0301\u0303\u0309\u0323"


def encode(text: str, encoding: str) -> str:
    """``text`` (NFC) in an encoding; what TCVN3 has no capital for is written small."""
    if encoding == "cp1258":
        return "".join(shown(bytes([byte])) for byte in _cp1258(text))
    if encoding.startswith("utf8"):
        once = shown(text.encode(), {"utf8-latin1": "latin-1", "utf8-1258": "cp1258"}.get(encoding))
        return shown(once.encode()) if encoding == "utf8-twice" else once
    letters = _letters(encoding)
    return "".join(letters.get(letter, letter) for letter in text)


def room_for(text: str, encoding: str) -> str:
    """The text without signs that the encoding has no place for, or another letter in it."""
    text = unicodedata.normalize("NFC", text).lstrip("\ufeff")
    if encoding in ("viscii", "vps"):
        text = text.translate(str.maketrans("“”‘’–—…•€™×", "\"\"''--.*e*x"))
    if not encoding.startswith("utf8"):
        text = text.translate(str.maketrans("×≥≤→⁴⁵⁶⁷⁸⁹", "x><>456789"))
    return text


def shown(data: bytes, codec: str | None = None) -> str:
    """Bytes as one character each: that of the codec (CP1252), else of Latin-1."""
    out = []
    for byte in data:
        letter = bytes([byte]).decode(codec or "cp1252", "replace")
        out.append(chr(byte) if letter == "\ufffd" else letter)
    return "".join(out)


def as_bytes(text: str) -> bytes:
    """The bytes that ``shown`` shows as ``text``."""
    return b"".join(
        bytes([ord(c)]) if ord(c) < 0xA0 else c.encode("cp1252", "replace") for c in text
    )


def _cp1258(text: str) -> bytes:
    out = b""
    for letter in text:
        try:
            out += letter.encode("cp1258")
        except UnicodeEncodeError:
            split = unicodedata.normalize("NFD", letter)
            base = "".join(mark for mark in split if mark not in _TONES)
            tone = "".join(mark for mark in split if mark in _TONES)
            out += (unicodedata.normalize("NFC", base) + tone).encode("cp1258", "replace")
    return out


@cache
def _letters(encoding: str) -> dict[str, str]:
    head, *rows = [line.split("\t") for line in _TABLE.read_text("utf-8").splitlines()]
    column = head.index(encoding)
    out: dict[str, str] = {}
    for row in rows:
        unit = row[column]
        if unit:
            out[row[0]] = unit if encoding == "vni" else shown(bytes.fromhex(unit))
    for row in rows:
        out.setdefault(row[0], out[row[0].lower()])
    return out
