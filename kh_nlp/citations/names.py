"""Documents called by name: laws, schemes (*đề án*), programmes and strategies.

A law is known by the list of law names or read up to the word that ends it; a scheme counts when
something shows that a proper name stands there: quotation marks, a period or a target year, a
number ("Đề án 06"), or a fixed family of names ("Chương trình mục tiêu quốc gia …").
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from kh_nlp.citations.dates import read_date, read_year
from kh_nlp.citations.grammar import align, pattern_of, rows, squeeze, starting

_LAWS = (r"bo\s+luat", r"luat(?<!phap luat)", r"phap\s+lenh", r"hien\s+phap")
_SCHEMES = (r"de\s+an", r"chuong\s+trinh", r"chien\s+luoc")
_HEAD = re.compile(rf"(?P<kind>{starting((*_LAWS, *_SCHEMES), 'a-z0-9')})(?=[\s“\"])")
_KINDS = {
    "bo luat": "Bộ luật",
    "luat": "Luật",
    "phap lenh": "Pháp lệnh",
    "hien phap": "Hiến pháp",
    "de an": "Đề án",
    "chuong trinh": "Chương trình",
    "chien luoc": "Chiến lược",
}
_AMENDING = re.compile(
    r"\s+su[a]?\s+doi(?:\s*,?\s*bo\s+sung)?(?:\s+mot\s+so\s+dieu)?\s+(?:cua\s+)?(?=luat|bo\s+luat|phap\s+lenh)"
)
_WORD = re.compile(r"\s+([^\s,;:.()“”\"|/]+)")
# Words that cannot stand inside the name of a law when its first words are no known law.
_LAW_STOP = re.compile(
    r"(?i)\s+(?:năm\s+\d|ngày\s*\d|số\s+\d|"
    r"(?:của|về|quy\s+định|được|đã|tại|theo|cho|đến|trong|để|khi|nhằm|hiện\s+hành|sửa\s+đổi|có\s+hiệu|"
    r"ước|nên|như|nếu|không|cũng|áp\s+dụng|kèm|do|đối\s+với|phải|gắn\s+với|bằng|vào|trên|là|trình|"
    r"nghị\s+định|thông\s+tư|quyết\s+định|triển\s+khai|thực\s+hiện|"
    r"và\s+(?:các|nghị|luật|bộ\s+luật|quyết|thông|văn|hướng|kế|chỉ|một|pháp))(?!\w))"
)
# Names with a comma after their first words ("Phòng, chống ma túy", "Thi đua, khen thưởng").
_COMMA_NAMES = re.compile(
    r"\s+(?:phong|thi\s+dua|tin\s+nguong|hien|bao\s+ve|quan\s+ly|can\s+bo|thue\s+xuat\s+khau|khoa\s+hoc|nhap\s+canh(?:,\s+xuat\s+canh)?(?:,\s+qua\s+canh)?|cai\s+tao|xuat\s+canh|sua\s+doi)$"
)
# "Chương trình tại địa phương …", "Đề án này …" speak of a scheme without naming it.
_UNNAMED = re.compile(
    r"(?i)\s+(?:tại|này|trên|của|nêu|do|và|theo|được|để|đã|trong|có|là|giai\s+đoạn|năm|đến|cho|ở|hoặc|với|"
    r"thuộc|công\s+tác|làm\s+việc|khác|cần|phải|khi)(?!\w)"
)
_REVISED = re.compile(r"\s*\(sua\s+doi\)")
_PERIOD = re.compile(
    r"(?:\s*,)?\s+(?:giai\s+doan|thoi\s+ky|nhung\s+nam|nam|den\s+nam|den\s+het\s+nam)\s+\d{4}(?:\s*[-–]\s*\d{4})?"
    r"(?:\s*,?\s*(?:va\s+)?(?:dinh\s+huong|tam\s+nhin|dinh\s+huong\s+den)(?:\s+den)?\s+nam\s+\d{4}|"
    r"\s+va\s+nhung\s+nam\s+tiep\s+theo)?"
)
_SCHEME_STOP = re.compile(
    r"(?i)[;:“”\"()|\n]|\.\s|\.$|,\s+(?:ubnd|ủy\s+ban|sở\s|bộ\s|ban\s|căn\s+cứ|góp|nhằm|kết\s+quả)|"
    r"\s(?:trên\s+địa\s+bàn|và\s+(?:các|đề\s+án|chương\s+trình|kế\s+hoạch|quyết|nghị)|ban\s+hành\s+kèm|"
    r"(?:theo|tại)\s+(?:quyết|nghị|kế\s+hoạch|hướng)|"
    r"của\s+(?:chính\s+phủ|thủ\s+tướng|bộ\s|ubnd|tỉnh|thành\s+phố)|với\s+các|bao\s+gồm|cần\s|"
    r"được|đã\s|số\s+\d|ngày\s+\d)"
)
_NUMBERED = re.compile(r"\s+(?:so\s+)?(\d{2,4})(?![\d/\-–.,]*\d)(?!\s*%)")
_NATIONAL_TARGET = re.compile(
    r"\s+(?:muc\s+tieu\s+quoc\s+gia|tong\s+the|hanh\s+dong\s+quoc\s+gia|quoc\s+gia|phat\s+trien)\s+(?!thanh\s+pho|tinh|xa\s|phuong|nam\s|giai\s|va\s|nay|tren|cua)\w+"
)
_OPEN, _CLOSE = '“"', '”"'


@dataclass(frozen=True, slots=True)
class Name:
    """A name at ``start``..``end``; ``weak`` (lower case) counts only if a registry knows it."""

    start: int
    end: int
    kind: str
    title: str
    issued_on: str | None
    year: int | None
    weak: bool


@cache
def _laws() -> dict[str, list[re.Pattern[str]]]:
    """Patterns of known law names by their first syllable, the longest first."""
    table: dict[str, list[str]] = {}
    for row in rows("laws.tsv"):
        key = align(squeeze(row["name"]))
        table.setdefault(key.split()[0].rstrip(","), []).append(key)
    return {
        first: [
            re.compile(r"\s+" + pattern_of(name).replace(",", ",?") + r"(?![a-z])")
            for name in sorted(set(names), key=len, reverse=True)
        ]
        for first, names in table.items()
    }


def find_names(text: str, aligned: str) -> Iterator[Name]:
    """Documents called by name, from left to right."""
    done = 0
    for head in _HEAD.finditer(aligned):
        if head.start() < done:
            continue
        is_law = head["kind"][0] in "blph"
        name = _law(text, aligned, head) if is_law else _scheme(text, aligned, head)
        if name is not None:
            done = name.end
            yield name


def law_end(text: str, aligned: str, position: int) -> int | None:
    """Where the name of a law ends whose kind ends at ``position``; ``None`` if no name follows."""
    amending = _AMENDING.match(aligned, position)
    if amending:
        inner = _HEAD.match(aligned, amending.end())
        return law_end(text, aligned, inner.end()) if inner else None
    first = _WORD.match(text, position)
    if first is None:
        return None
    for pattern in _laws().get(align(first[1]), ()):
        if match := pattern.match(aligned, position):
            return match.end()
    if not first[1][0].isupper():
        return None
    end = position
    for count in range(14):
        if count and _law_stops(text, end, count):
            break
        word = _WORD.match(text, end)
        if word is None:
            comma = text[end : end + 2] == ", " and not aligned.startswith(
                ("luat", "bo luat"), end + 2
            )
            if comma and _COMMA_NAMES.search(aligned, position, end):
                end += 1
                continue
            break
        if "\n\n" in word[0]:
            break
        end = word.end()
    return end if end > position else None


def _law_stops(text: str, end: int, words: int) -> bool:
    match = _LAW_STOP.match(text, end)
    if match is None:
        return False
    # "Luật Thực hiện dân chủ ở cơ sở", "Luật Bầu cử … và đại biểu …": words that also start names.
    return words > 1 or match.group().split()[0].lower() not in ("thực", "triển")


def _law(text: str, aligned: str, head: re.Match[str]) -> Name | None:
    if not text[head.start()].isupper():
        return None
    kind = _KINDS[squeeze(head["kind"])]
    end = head.end() if kind == "Hiến pháp" else law_end(text, aligned, head.end())
    if end is None:
        return None
    if revised := _REVISED.match(aligned, end):
        end = revised.end()
    named = end
    issued_on = year = None
    if found := read_year(aligned, end):
        year, end = found
        named = end
    elif dated := read_date(aligned, end):
        issued_on, end = dated
        year = int(issued_on[:4])
    if kind == "Hiến pháp" and year is None:
        return None
    if text[named - 1 : named] in ",;":
        return None
    return Name(
        head.start(), end, kind, _title(kind, text[head.end() : named]), issued_on, year, False
    )


def _title(kind: str, rest: str) -> str:
    return f"{kind} {squeeze(rest)}".strip()


def _scheme(text: str, aligned: str, head: re.Match[str]) -> Name | None:
    kind = _KINDS[squeeze(head["kind"])]
    start, end = head.start(), head.end()
    weak = not text[start].isupper()
    if quoted := _quoted(text, start, end):
        inner, stop = quoted
        return None if weak else Name(start, stop, kind, inner, None, None, False)
    if numbered := _NUMBERED.match(aligned, end):
        if kind == "Đề án" and not weak and len(numbered[1]) < 4:
            return Name(
                start,
                numbered.end(),
                kind,
                squeeze(text[start : numbered.end()]),
                None,
                None,
                False,
            )
        return None
    if _UNNAMED.match(text, end):
        return None
    limit = min(len(text), end + 260)
    stop_at = _SCHEME_STOP.search(text, end, limit)
    stop = stop_at.start() if stop_at else limit
    period = _PERIOD.search(aligned, end, min(len(text), stop + 60))
    if period and period.start() <= stop:
        last = period.end()
    elif not weak and _NATIONAL_TARGET.match(aligned, end) and stop_at:
        comma = text.find(",", end, stop)
        last = comma if comma > 0 and text[comma + 2 : comma + 3].isupper() else stop
    else:
        return None
    title = squeeze(text[start:last])
    if len(title.split()) < 4:
        return None
    return Name(start, last, kind, title, None, None, weak)


def _quoted(text: str, start: int, end: int) -> tuple[str, int] | None:
    """The quoted name after the kind (``Đề án “…”``) or around it (``“Chương trình …”``)."""
    after = re.compile(r"\s+([“\"])").match(text, end)
    opened = (
        after.start(1) if after else start - 1 if text[start - 1 : start] in _OPEN and start else -1
    )
    if opened < 0:
        return None
    closer = "”" if text[opened] == "“" else '"'
    close = text.find(closer, opened + 1, opened + 400)
    if close < 0 or "\n\n" in text[opened:close]:
        return None
    if after:
        return squeeze(text[start : close + 1]), close + 1
    return squeeze(text[start:close]), close
