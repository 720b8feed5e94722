"""Pinpoints: which part of a document is meant ("điểm a khoản 2 Điều 5 Nghị định …")."""

from __future__ import annotations

import re

from kh_nlp.citations.grammar import squeeze

_COUNT = r"(?:\d{1,3}[a-z]?|[ivxlc]{1,5})(?![a-z0-9])"
_LETTERS = r"[a-z](?![a-z])(?:\s*[,;]\s*[a-z](?![a-z]))*(?:\s+va\s+[a-z](?![a-z]))?"
_UNIT = (
    rf"(?:diem\s+{_LETTERS}|"
    rf"(?:diem|khoan|dieu|muc|tiet|phan|chuong|phu\s+luc)\s+(?:so\s+)?{_COUNT}"
    rf"(?:\s*,\s*{_COUNT})*(?:\s+va\s+{_COUNT})?)"
)
_BEFORE = re.compile(
    rf"(?<![a-z])(?P<pinpoint>{_UNIT}(?:[\s,;]+(?:va\s+)?(?:cua\s+)?{_UNIT})*)\s*,?\s*"
    r"(?:cua\s+|tai\s+|(?:ban\s+hanh\s+)?kem\s+theo\s+)?$"
)
_WORDS = ("dieu", "khoan", "diem", "muc", "phu luc", "chuong", "phan", "tiet")
_WINDOW = 110


def pinpoint_before(text: str, aligned: str, start: int) -> str | None:
    """The pinpoint printed right before a mention that starts at ``start``, in its own spelling."""
    low = max(0, start - _WINDOW)
    window = aligned[low:start]
    if not any(word in window for word in _WORDS):
        return None
    match = _BEFORE.search(window)
    if match is None:
        return None
    return squeeze(text[low + match.start("pinpoint") : low + match.end("pinpoint")]).rstrip(" ,;")
