"""Vietnamese words for the codes in the records, and the codes that words in a request mean.

The command line, the JSON API and the pages all read filters and print codes through this module,
so that ``--level xã``, ``level=commune`` and the drop-down list agree.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from kh_nlp.errors import UsageError

if TYPE_CHECKING:
    from kh_nlp.library import Today
    from kh_nlp.model import Period
    from kh_nlp.trends import Dimension, Measure, Relation, Side

LEVELS: Mapping[str, str] = {
    "central": "Trung ương",
    "province": "Cấp tỉnh",
    "province_agency": "Cơ quan cấp tỉnh",
    "district": "Cấp huyện",
    "commune": "Cấp xã",
}
UNITS: Mapping[str, str] = {"section": "Mục", "task": "Nhiệm vụ", "plan": "Kế hoạch"}
COVERAGE: Mapping[str, str] = {
    "cites": "viện dẫn",
    "names": "nêu tên",
    "treats": "có nội dung liên quan",
    "none": "không đề cập",
}
ORIGINS: Mapping[str, str] = {
    "table": "Bảng nhiệm vụ",
    "listed": "Nhiệm vụ nêu trong bài",
    "assignment": "Phân công thực hiện",
}
FAULTS: Mapping[str, str] = {
    "foreign_place": "địa danh của nơi khác",
    "foreign_issuer": "cơ quan của nơi khác",
    "wrong_year": "năm, thời hạn còn sót",
    "abolished_body": "cơ quan không còn",
    "replaced_document": "văn bản đã được thay thế",
    "document_date": "ngày của văn bản viện dẫn",
    "document_issuer": "cơ quan ban hành văn bản viện dẫn",
    "no_lead": "nhiệm vụ chưa có cơ quan chủ trì",
    "no_deadline": "nhiệm vụ chưa có thời hạn",
    "number_without_source": "số liệu không có trong nguồn",
    "missing_section": "thiếu mục",
    "missing_duty": "nhiệm vụ cấp trên giao chưa có",
    "form": "thể thức",
}
SEVERITIES: Mapping[str, str] = {"error": "lỗi", "warning": "nên xem", "info": "lưu ý"}
RELATIONS: Mapping[str, str] = {
    "above": "lấy lại của cấp trên",
    "same": "giống kế hoạch cùng cấp",
    "elsewhere": "giống cấp trên nơi khác",
    "below": "cấp trên lấy lại của cấp dưới",
}
REUSED: Mapping[str, str] = {"verbatim": "nguyên văn", "edited": "có sửa"}
STATUSES: Mapping[str, str] = {"issued": "đã ban hành", "draft": "dự thảo"}

CHANGES: Mapping[str, str] = {
    "same": "không đổi",
    "dated": "chỉ đổi ngày, năm",
    "changed": "đổi",
    "added": "thêm",
    "removed": "bỏ",
}
FIELDS: Mapping[str, str] = {
    "title": "tên kế hoạch",
    "number": "số",
    "issued_on": "ngày ban hành",
    "issuer": "cơ quan ban hành",
    "period": "thời gian thực hiện",
    "signer_title": "chức vụ người ký",
    "recipients": "nơi nhận",
    "content": "nội dung",
    "lead": "chủ trì",
    "partners": "phối hợp",
    "form": "hình thức",
    "output": "kết quả",
    "deadline": "thời hạn",
}
UNDERSTOOD: Mapping[str, str] = {
    "year": "năm",
    "province": "tỉnh, thành phố",
    "place": "địa bàn",
    "level": "cấp",
    "issuer": "cơ quan ban hành",
    "agency": "cơ quan thực hiện",
    "phrase": "có đúng cụm từ",
    "exclude": "trừ",
    "spelling": "đọc là",
}

# What people type for a code, without accents; the codes themselves are always understood.
_LEVEL_WORDS = {
    "trung uong": "central",
    "tinh": "province",
    "cap tinh": "province",
    "thanh pho": "province",
    "so": "province_agency",
    "so nganh": "province_agency",
    "co quan cap tinh": "province_agency",
    "huyen": "district",
    "cap huyen": "district",
    "xa": "commune",
    "phuong": "commune",
    "cap xa": "commune",
}
_UNIT_WORDS = {"muc": "section", "nhiem vu": "task", "ke hoach": "plan"}
_YEARS = re.compile(r"\s*(\d{4})?\s*(?:([:\-–])\s*(\d{4})?)?\s*")


def read_levels(values: Iterable[str]) -> tuple[str, ...]:
    """Level codes of ``values``, each a code or a Vietnamese word, several joined by commas.

    Raises:
        UsageError: a word that is no level.
    """
    return _codes(values, LEVELS, _LEVEL_WORDS, "Cấp hành chính")


def read_kinds(values: Iterable[str]) -> tuple[str, ...]:
    """Unit codes (``section``, ``task``, ``plan``) of ``values``, as ``read_levels`` does.

    Raises:
        UsageError: a word that is no kind of unit.
    """
    return _codes(values, UNITS, _UNIT_WORDS, "Loại đơn vị")


def read_years(text: str | None) -> tuple[int | None, int | None] | None:
    """Inclusive range of ``"2024"``, ``"2023:2026"``, ``"2023:"`` or ``":2026"``; None for nothing.

    Raises:
        UsageError: anything else, or a range that ends before it starts.
    """
    if text is None or not text.strip():
        return None
    match = _YEARS.fullmatch(text)
    if not match or not (match[1] or match[3]):
        raise UsageError(f"Năm “{text}” không hợp lệ; viết 2024, 2023:2026, 2023: hoặc :2026.")
    first = int(match[1]) if match[1] else None
    last = int(match[3]) if match[3] else (None if match[2] else first)
    if first is not None and last is not None and last < first:
        raise UsageError(f"Khoảng năm “{text}” kết thúc trước khi bắt đầu.")
    return first, last


def read_dimensions(text: str) -> tuple[Dimension, ...]:
    """Dimensions of ``"year,level"``: year, level, province, or năm, cấp, tỉnh.

    Raises:
        UsageError: another word, or none.
    """
    codes = {"year": "year", "level": "level", "province": "province"}
    words = {"nam": "year", "cap": "level", "tinh": "province", "tinh, thanh pho": "province"}
    found = _codes([text], codes, words, "Chiều thống kê")
    if not found:
        raise UsageError("Cần ít nhất một chiều thống kê: year, level hoặc province.")
    return found  # type: ignore[return-value]


def read_measure(text: str | None) -> Measure | None:
    """``plans``, ``units`` or ``text``; None for nothing. UsageError for another word."""
    if text is None:
        return None
    codes = {"plans": "", "units": "", "text": ""}
    words = {"ke hoach": "plans", "don vi": "units", "dung luong": "text"}
    found = _codes([text], codes, words, "Cách tính")
    if len(found) != 1:
        raise UsageError("Cách tính là một trong: plans, units, text.")
    return found[0]  # type: ignore[return-value]


def read_sides(given: tuple[str, str]) -> tuple[Side, Side]:
    """Two groups to compare: years (``2022``, ``2021:2022``), levels, or names of provinces.

    Raises:
        UsageError: the same group twice, or an empty name.
    """
    from kh_nlp.trends import Side

    def side(text: str) -> Side:
        if re.match(r"\s*:?\s*\d{4}", text):
            first, last = read_years(text) or (None, None)
            return Side(name=shown_years(text.strip()), years=(first or 0, last or 9999))
        try:
            (code,) = read_levels([text])
            return Side(name=LEVELS[code], level=code)
        except (UsageError, ValueError):
            name = " ".join(text.split())
            if not name:
                raise UsageError("Hai bên so sánh không được để trống.") from None
            return Side(name=name, province=name)

    one, other = side(given[0]), side(given[1])
    if one == other:
        raise UsageError(f"Hai bên so sánh giống nhau: “{one.name}”.")
    return one, other


def read_relations(text: str) -> tuple[Relation, ...]:
    """Codes of ``RELATIONS`` joined by commas, or ``all``; UsageError for another word."""
    if text.strip() == "all":
        return tuple(RELATIONS)  # type: ignore[arg-type]
    words = {"cap tren": "above", "cung cap": "same", "noi khac": "elsewhere", "cap duoi": "below"}
    found = _codes([text], RELATIONS, words, "Nguồn")
    if not found:
        raise UsageError(f"Nguồn là một hay nhiều trong: {', '.join(RELATIONS)}; hoặc all.")
    return found  # type: ignore[return-value]


def level_name(code: str) -> str:
    """``Cấp xã`` for ``commune``."""
    return LEVELS.get(code, code)


def shown_years(value: str) -> str:
    """``2021:2023`` as ``2021–2023``, ``2024:`` as ``từ 2024`` and ``:2024`` as ``đến 2024``."""
    first, colon, last = value.partition(":")
    if not colon:
        return value
    return f"{first}–{last}" if first and last else f"từ {first}" if first else f"đến {last}"


def understood_words(kind: str, value: str) -> str:
    """What was understood in a query, for a reader: ``năm: 2021–2023``, ``cấp: Cấp xã``."""
    shown = value
    if kind == "year":
        shown = shown_years(value)
    elif kind == "level":
        shown = LEVELS.get(value, value)
    elif kind in ("phrase", "exclude", "spelling"):
        shown = f"“{value}”"
    return f"{UNDERSTOOD[kind]}: {shown}"


def due_words(due: Period | None) -> str:
    """``01/01/2026–31/03/2026``; one day where both are the same; "" for None."""
    if due is None:
        return ""
    return day(due.start) if due.start == due.end else f"{day(due.start)}–{day(due.end)}"


def day(iso: str | None) -> str:
    """``2026-01-16`` as ``16/01/2026`` and ``2026-01`` as ``01/2026``; "" for None."""
    return "/".join(reversed(iso.split("-"))) if iso else ""


def unit_name(unit: str, number: str | None) -> str:
    """``Mục II.1``, ``Nhiệm vụ 3``; text before the first section has no number."""
    if unit == "section" and number is None:
        return "Ngoài các mục"
    return f"{UNITS[unit]} {number}" if number else UNITS[unit]


def body_start(text: str, heading: str | None) -> int:
    """Where the text of a unit goes on after the line of its heading, 0 where it does not."""
    first, _, rest = text.partition("\n")
    return len(first) + 1 if heading and first.endswith(heading) and rest.strip() else 0


def document_name(key: str, kind: str | None, number: str | None, title: str | None) -> str:
    """``Quyết định 06/QĐ-TTg``; the title of a document without number.

    Plans call Quyết định 06/QĐ-TTg "Đề án 06": before a number stands the kind of the number.
    """
    from kh_nlp.citations import document_kind

    if number is None:
        return title or kind or key
    called = document_kind(kind, number)
    return f"{called} {number}" if called else number


def shown_path(path: str) -> str:
    """``path`` without the part that leads to the current folder."""
    here = Path.cwd()
    full = Path(path)
    return str(full.relative_to(here)) if full.is_relative_to(here) else path


def _codes(
    values: Iterable[str], codes: Mapping[str, str], words: Mapping[str, str], what: str
) -> tuple[str, ...]:
    from kh_nlp.language import fold

    found: list[str] = []
    for value in ",".join(values).split(","):
        word = value.strip()
        if not word:
            continue
        code = word if word in codes else words.get(" ".join(fold(word).split()))
        if code is None:
            known = ", ".join(codes)
            raise UsageError(f"{what} “{word}” không có; chọn trong: {known}.")
        if code not in found:
            found.append(code)
    return tuple(found)


def today_lines(now: Today) -> list[str]:
    """What became of a plan's province and bodies, a sentence each."""
    lines = [f"tỉnh này nay thuộc {now.province}."] if now.province else []
    for body in now.bodies:
        until = f" (đến {day(body.until)})" if body.until else ""
        after = f"; cơ quan kế tục: {body.successor}" if body.successor else ""
        lines.append(f"“{body.name}” không còn{until}{after}.")
    return lines
