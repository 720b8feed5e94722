"""Years and periods in a query: "năm 2024", "từ 2021 đến 2023", "2 năm gần đây"."""

from __future__ import annotations

from collections.abc import Iterator

from kh_nlp.search.understanding.typed import Typed, Understood
from kh_nlp.search.understanding.vocabulary import compiled, words

_Y = r"(?<![\d/.,])((?:19[5-9]|20[0-4])\d)(?![\d/]|[.,]\d)"
_TO = r"\s*(?:-|–|đến|tới)\s*(?:hết\s+|cuối\s+)?(?:năm\s+)?"

_ON = r"\s+(?:trở\s+đi|trở\s+lại\s+đây|đến\s+nay|tới\s+nay)"
_GOAL = r"\b(?:đến|tới|tầm\s+nhìn|hướng\s+tới)\s+"

# In this order: what an earlier pattern read is closed to the later ones. "none": no filter at all.
_PATTERNS: tuple[tuple[str, str], ...] = (
    # A school year is no year of plans, a goal is no year either ("đến năm 2030").
    ("none", rf"\bnăm\s+học\s+{_Y}(?:\s*[-–]\s*{_Y})?"),
    ("period", rf"\b(?:giai\s+đoạn|thời\s+kỳ|nhiệm\s+kỳ)\s+(?:từ\s+)?(?:năm\s+)?{_Y}{_TO}{_Y}"),
    ("range", rf"\btừ\s+(?:năm\s+)?{_Y}{_TO}{_Y}"),
    ("range", rf"\b(?:(?:các|những)\s+)?năm\s+{_Y}{_TO}{_Y}"),
    ("range", rf"\b(?:(?:các|những|hai|2)\s+)?năm\s+{_Y}\s*(?:,|và|hoặc)\s*(?:năm\s+)?{_Y}"),
    ("since", rf"\btừ\s+(?:đầu\s+)?năm\s+{_Y}(?:{_ON})?"),
    ("since", rf"\btừ\s+{_Y}{_ON}"),
    ("none", rf"{_GOAL}(?:đến\s+|hết\s+|cuối\s+|đầu\s+)*(?:năm\s+)?{_Y}"),
    ("none", r"\bngày\s+\d{1,2}\s+tháng\s+\d{1,2}\s+năm\s+\d{4}"),
    ("before", rf"\btrước\s+(?:năm\s+)?{_Y}"),
    ("after", rf"\bsau\s+(?:năm\s+)?{_Y}"),
    ("year", rf"\bnăm\s+{_Y}(?!\s*[-–]\s*\d)"),
)  # fmt: skip
_RELATIVE = (
    r"\b(?:trong\s+)?(?P<count>\d{1,2}|một|hai|ba|bốn|năm)\s+năm\s+"
    r"(?:gần\s+đây|gần\s+nhất|vừa\s+qua|qua|trở\s+lại\s+đây)",
    r"\bnăm\s+(?P<which>nay|ngoái|trước|sau|tới)\b",
)
_NUMBERS = {"một": 1, "hai": 2, "ba": 3, "bốn": 4, "năm": 5}
_SHIFT = {"nay": 0, "ngoái": -1, "trước": -1, "sau": 1, "tới": 1}
# "Luật Đất đai năm 2024": the year is part of the name of a law.
_LAW = r"\b(?:luật|pháp\s+lệnh|hiến\s+pháp)\b[^,;.?!]{0,60}$"
_PLANS = r"\b(?:kế\s+hoạch|văn\s+bản)(?:\s+(?:đã|được|có|ban\s+hành|ký))*\s+$"
# At the end, or before a word that no counted thing begins with ("CCHC 2026 của các xã").
_ALONE = (
    rf"{_Y}(?=\s*(?:[,.;?!]|$)|\s+(?:về|của|ở|tại|do|trong|các|cấp|tỉnh|huyện|xã|phường|ubnd)\b)"
)


def years(typed: Typed, this_year: int | None) -> Iterator[Understood]:
    """Years and periods; relative ones only with ``this_year``.

    A period ("giai đoạn 2021-2025") is mostly part of the name of a programme, a bound ("trước năm
    2025") mostly a deadline: both are proposed, not applied.
    """
    numbered = any(char.isdigit() for char in typed.key)
    for how, pattern in _PATTERNS if numbered else ():
        for match in compiled(pattern, typed.accented).finditer(typed.key):
            if not typed.free(*match.span()) or _named(typed, match.start()):
                continue
            found = [int(year) for year in match.groups() if year]
            if how == "none" or (len(found) == 2 and found[0] > found[1]):
                typed.take(*match.span())
                continue
            applied = how in ("range", "since", "year") or (
                how in ("before", "after") and _of_plans(typed, match.start())
            )
            yield typed.found("year", _value(how, found), *match.span(), applied=applied)
    if this_year is not None:
        yield from _relative(typed, this_year)
    if numbered:
        yield from _alone(typed)


def _of_plans(typed: Typed, start: int) -> bool:
    """Whether what stands before ``start`` are plans: "kế hoạch ban hành trước năm 2023"."""
    return bool(compiled(_PLANS, typed.accented).search(typed.key[:start]))


def _value(how: str, found: list[int]) -> str:
    first = found[0]
    if how == "since":
        return f"{first}:"
    if how == "before":
        return f":{first - 1}"
    if how == "after":
        return f"{first + 1}:"
    return str(first) if first == found[-1] else f"{first}:{found[-1]}"


def _named(typed: Typed, start: int) -> bool:
    """Whether a year before ``start`` follows "Việt Nam" (without accents) or the name of a law."""
    before = typed.key[:start]
    if not typed.accented and before.endswith("viet "):
        return True
    return bool(compiled(_LAW, typed.accented).search(before))


def _relative(typed: Typed, this_year: int) -> Iterator[Understood]:
    numbers = {typed.keyed(word): number for word, number in _NUMBERS.items()}
    shifts = {typed.keyed(word): shift for word, shift in _SHIFT.items()}
    for pattern in _RELATIVE:
        for match in compiled(pattern, typed.accented).finditer(typed.key):
            if not typed.free(*match.span()):
                continue
            groups = match.groupdict()
            if "which" in groups:
                value = str(this_year + shifts[groups["which"]])
            else:
                count = numbers.get(groups["count"]) or int(groups["count"])
                value = f"{this_year - count + 1}:{this_year}" if count > 1 else str(this_year)
            yield typed.found("year", value, *match.span(), applied=True)


def _alone(typed: Typed) -> Iterator[Understood]:
    """A year without "năm": "kế hoạch CCHC 2024"; not after "Quyết định" or in "2021 - 2025"."""
    for match in compiled(_ALONE, typed.accented).finditer(typed.key):
        if not typed.free(match.start(), match.start() + 4):
            continue
        before = typed.key[: match.start()].rstrip()
        previous = before.split()[-2:]
        if not previous or before.endswith(("-", "–", "/")) or _named(typed, match.start()):
            continue
        if {previous[-1], " ".join(previous)} & words("number", typed.accented):
            continue
        yield typed.found("year", match[1], match.start(), match.start() + 4, applied=True)


def read_value(value: str) -> tuple[int | None, int | None]:
    """Bounds of a value of ``years``: "2024", "2021:2023", "2024:" or ":2024"."""
    first, colon, last = value.partition(":")
    low = int(first) if first else None
    return low, (int(last) if last else None) if colon else low
