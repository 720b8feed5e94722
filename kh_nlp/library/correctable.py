"""What a person can correct, and how a value that was typed becomes one of the record's.

"không rõ" (also ``unknown``, ``null``) stands for a value that is not known: ``None``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Literal, get_args

from kh_nlp.errors import UsageError
from kh_nlp.model import Level, Status

Target = Literal["header", "section", "task", "citation"]
Action = Literal["set", "remove", "add"]

UNKNOWN = frozenset(("không rõ", "unknown", "null", "none"))

LONGEST = 20_000
"""Characters of a value at most."""

_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})|(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError("phải là chữ")
    words = " ".join(unicodedata.normalize("NFC", value).split())
    if not words:
        raise ValueError("để trống; nếu không có thì ghi “không rõ”")
    if not printable(words):
        raise ValueError("có ký tự điều khiển")
    if len(words) > LONGEST:
        raise ValueError(f"dài quá {LONGEST} ký tự")
    return words


def printable(words: str) -> bool:
    """Whether ``words`` hold no control character and no half of a surrogate pair."""
    return not any(unicodedata.category(char) in ("Cc", "Cs") for char in words)


def _day(value: Any) -> str:
    match = _DAY.fullmatch(_text(value))
    if match is None:
        raise ValueError("phải là ngày, ví dụ 2026-01-16 hoặc 16/01/2026")
    year, month, day = match.group(1, 2, 3) if match[1] else match.group(6, 5, 4)
    try:
        return date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        raise ValueError("không phải là ngày có thật") from None


def _month(value: Any) -> str:
    if not (match := re.fullmatch(r"(\d{4})-(0[1-9]|1[0-2])", _text(value))):
        raise ValueError("phải là tháng dạng 2026-01")
    return match[0]


def _year(value: Any) -> int:
    if isinstance(value, bool) or not re.fullmatch(r"(19|20)\d\d", str(value).strip()):
        raise ValueError("phải là năm, ví dụ 2026")
    return int(value)


def _period(value: Any) -> dict[str, str]:
    if isinstance(value, Mapping):
        first, last = value.get("from"), value.get("to")
    else:
        first, _, last = _text(value).partition(":")
    try:
        start, end = _day(first), _day(last)
    except ValueError:
        raise ValueError("phải là hai ngày, ví dụ 2026-01-01:2026-12-31") from None
    if start > end:
        raise ValueError("bắt đầu sau khi kết thúc")
    return {"from": start, "to": end}


def _names(value: Any) -> list[str]:
    parts = value if isinstance(value, list | tuple) else _text(value).split(";")
    names = [_text(part) for part in parts if not (isinstance(part, str) and not part.strip())]
    if not names:
        raise ValueError("để trống; nếu không có thì ghi “không rõ”")
    return list(dict.fromkeys(names))


def _path(value: Any) -> str:
    found = _text(value).rstrip(".")
    if not found or len(found) > 60:
        raise ValueError("phải là số mục, ví dụ II.1.a")
    return found


def _one_of(codes: tuple[str, ...]) -> Callable[[Any], str]:
    def read(value: Any) -> str:
        if value not in codes:
            raise ValueError(f"phải là một trong: {', '.join(codes)}")
        return str(value)

    return read


_Fields = Mapping[str, Callable[[Any], Any]]

HEADER: _Fields = {
    "kind": _text,
    "number": _text,
    "symbol": _text,
    "status": _one_of(get_args(Status)),
    "place": _text,
    "province": _text,
    "issued_on": _day,
    "issued_month": _month,
    "year": _year,
    "period": _period,
    "title": _text,
    "issuer": _text,
    "level": _one_of(get_args(Level)),
    "signer": _text,
    "signer_title": _text,
    "recipients": _names,
    "secrecy": _text,
}
SECTION: _Fields = {"heading": _text, "number": _path}
TASK: _Fields = {
    "content": _text,
    "group": _text,
    "lead": _names,
    "partners": _names,
    "form": _text,
    "output": _text,
    "deadline": _text,
}
CITATION: _Fields = {
    "kind": _text,
    "number": _text,
    "issued_on": _day,
    "issuer": _text,
    "title": _text,
    "key": _text,
}
FIELDS: Mapping[Target, _Fields] = {
    "header": HEADER,
    "section": SECTION,
    "task": TASK,
    "citation": CITATION,
}
LISTS = frozenset(("recipients", "lead", "partners"))
"""Fields that are lists: unknown is the empty one."""

_NEVER_UNKNOWN = frozenset((("header", "status"), ("task", "content")))


def read_value(target: Target, field: str, value: Any) -> Any:
    """The JSON value of a field from what was typed; None (or []) for unknown.

    UsageError for a field that cannot be corrected and a value that it cannot have.
    """
    readers = FIELDS[target]
    if field not in readers:
        raise UsageError(f"Không sửa được trường “{field}”; có thể sửa: {', '.join(readers)}.")
    if value is None or (isinstance(value, str) and _text_or_empty(value) in UNKNOWN):
        if (target, field) in _NEVER_UNKNOWN:
            raise UsageError(f"Trường “{field}” không thể là không rõ.")
        return [] if field in LISTS else None
    try:
        return readers[field](value)
    except ValueError as error:
        shown = "".join(char if printable(char) else "�" for char in str(value)[:60])
        raise UsageError(f"Giá trị “{shown}” của “{field}” không hợp lệ: {error}.") from None


def _text_or_empty(value: str) -> str:
    return " ".join(unicodedata.normalize("NFC", value).split()).lower()
