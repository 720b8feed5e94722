"""The header of a plan: number, date, place, issuer, title, year, signer."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from kh_nlp.language import letters
from kh_nlp.model import Header, Period
from kh_nlp.parsing.closing import recipients, signer
from kh_nlp.parsing.dates import day
from kh_nlp.parsing.issuer import complete, from_head, from_text, level_of
from kh_nlp.parsing.parts import KIND_LINE, Part
from kh_nlp.parsing.places import province, spelled_as, told_province

_SYMBOL = r"[A-ZĐ\p{Ll}0-9][\wĐđ&.]*(?:\s?[-–/]\s?[A-ZĐ0-9][\wĐđ&]*)*"
_NUMBER = letters(
    rf"(?:^|[\s(:])(?:[Ss]ố|SỐ)\s*:?\s*(?P<number>[\d\s.…_]{{0,14}}?)\s*"
    rf"(?:/\s?(?P<state>{_SYMBOL})|-\s?(?P<party>[A-ZĐ][\wĐđ]{{1,6}}/[A-ZĐ][\wĐđ/-]*))"
)
_DATE = re.compile(
    r"ngày\s*(?P<day>\d{1,2}|[.…_]*)\s*(?:tháng\s*(?P<month>\d{1,2}|[.…_]*)\s*năm\s*(?P<year>\d{4}"
    r"|\d{2}[.…_]+|[.…_]*)"
    r"|[/.-]\s*(?P<m2>\d{1,2})\s*[/.-]\s*(?P<y2>\d{4}))",
    re.IGNORECASE,
)
_PLACE = re.compile(r"([^\n,;]{2,60}?)\s*,\s*(?=ngày\b)", re.IGNORECASE)
_PLACE_NAME = letters(r"((?:[\p{Lu}][\w.]*(?:\s+-)?\s*(?:phố|trấn|xã)?\s*){1,6})$")
_OF_PROVINCE = letters(r"\b(?:tỉnh|thành phố|Tỉnh|Thành phố)\s+((?!Ủy|Uỷ)[\p{Lu}][\w\s-]+)$")
_SECRECY = re.compile(
    r"^[\W_]*(?:ĐỘ\s+MẬT\s*:?\s*)?(TUYỆT\s*MẬT|TỐI\s*MẬT|MẬT)(?=[\W_]*$|\s*[-:]?\s*Số\s*[:\d])",
)
_SECRECY_WORDS = re.compile(r"^\W*[Đđ]ộ [Mm]ật\s*:\s*([Tt]uyệt [Mm]ật|[Tt]ối [Mm]ật|[Mm]ật)\W*$")
_ISSUED_WITH = re.compile(
    r"[(\[]?\s*(?:Đính\s+)?(?:Ban hành\s+)?[Kk]èm theo\s+(?:Kế hoạch|Quyết định"
    r"|Công văn)?[^)\n]{0,240}"
)
# The same line when its beginning was lost to a bad scan: a bracket closes that none opened.
_UNOPENED = re.compile(
    r"^[^()]{0,120}?(?<![\d/])(\d{1,5})\s?/\s?(KH-[A-ZĐ]{2,12})\s+ngày\s[^()]{4,24}\scủa\s[^()]{4,80}\)$"
)
_STAMP = re.compile(r"^(\d{1,5})\s+(\d{1,2})\s+(\d{1,2})$")
_TITLE_YEAR = re.compile(
    r"(?<!đến )(?<!tháng )(?:\bnăm|\bNĂM)\s+(20\d\d)(?!\s*[-–]\s*20)", re.IGNORECASE
)
_NOT_THE_YEAR = re.compile(
    r"ngày\s*\d{1,2}\s*tháng\s*\d{1,2}\s*năm\s*\d{4}|(?:đến|hết|từ|tới|trước|sau)\s+năm\s+\d{4}"
    r"|năm học\s+\d{4}"
    r"|giai đoạn[^,;]*?\d{4}\s*[-–]\s*\d{4}|tầm nhìn[^,;]*\d{4}|luật[^,;]{0,80}năm\s+\d{4}",
    re.IGNORECASE,
)
_CHAIRMAN = re.compile(r"^CHỦ TỊCH\s+(?:ỦY|UỶ) BAN NHÂN DÂN\b")
_AUTHORITY = re.compile(
    r"^(?:CHỦ TỊCH|BỘ TRƯỞNG|GIÁM ĐỐC|TỔNG GIÁM ĐỐC|THỦ TƯỚNG|CHÍNH PHỦ|(?:ỦY|UỶ) BAN NHÂN DÂN"
    r"|HỘI ĐỒNG)\b[^a-z]*$"
)
_ANNOUNCED = re.compile(
    r"(?:ban hành|xây dựng)\s+[Kk]ế hoạch\s+([^.;:\n]{15,300}?)"
    r"(?:,?\s+(?:cụ thể|với (?:các|những) nội dung|như sau)[^\n]{0,60})?\s*:?\s*$",
    re.MULTILINE,
)
_PERIOD = re.compile(r"(?:giai đoạn|thời kỳ)\s+(20\d\d)\s*[-–]\s*(20\d\d)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class HeadText:
    """The texts a header is read from, each line a string."""

    head: Sequence[str]  # above the title of the first part
    title: Sequence[str]  # title lines of the plan itself
    decision_title: Sequence[str]
    decided_by_chairman: bool  # "CHỦ TỊCH ỦY BAN NHÂN DÂN …" decides, who is not the UBND itself
    opening: str
    closing: Sequence[str]
    annex_heads: Sequence[str]
    all_lines: Sequence[str]
    text: str


def gather(text: str, words: Sequence[str], parts: Sequence[Part], opening_end: int) -> HeadText:
    """Sort the lines of a document into the texts that the header is read from."""
    first = parts[0]
    plan = next((part for part in parts if part.kind == "plan"), first)
    named = _kind_line(words, first)
    head_end = named if named is not None else first.start
    titles = _title_lines(words, plan)
    if plan.kind == "decision":
        titles = _without_authority(titles)
    if named is None and titles:  # no "KẾ HOẠCH" printed: what stands above is head and title
        formulas = [line for line in titles if _head_formula(line)]
        titles = [line for line in titles if line not in formulas]
        head = formulas
    else:
        head = list(words[first.start : head_end])
    closings = [list(words[part.closing : part.end]) for part in parts if part.kind != "annex"]
    closing = next((lines for lines in closings if signer(lines)[0]), closings[0])
    return HeadText(
        head=head,
        title=titles,
        decision_title=_without_authority(_title_lines(words, first)) if first is not plan else [],
        decided_by_chairman=first.kind == "decision"
        and any(_CHAIRMAN.match(line) for line in _title_lines(words, first)),
        opening="\n".join(words[first.body : opening_end]),
        closing=closing,
        annex_heads=[line for part in parts[1:] for line in words[part.start : part.body]],
        all_lines=words,
        text=text,
    )


def _without_authority(titles: list[str]) -> list[str]:
    """The title of a decision without the line in capitals that names who decides."""
    return [line for line in titles if not _AUTHORITY.match(line)]


def _kind_line(words: Sequence[str], part: Part) -> int | None:
    return next((i for i in range(part.start, part.body) if KIND_LINE.match(words[i])), None)


def _title_lines(words: Sequence[str], part: Part) -> list[str]:
    named = _kind_line(words, part)
    lines = list(words[named if named is not None else part.start : part.body])
    if named is not None:
        lines[0] = KIND_LINE.sub("", lines[0], count=1).lstrip(" :")
    out: list[str] = []
    for line in lines:
        stripped = re.split(r"\s*\((?:Ban hành|Kèm theo|Đính kèm)", line)[0].strip()
        if stripped and not re.match(r"Kính gửi", stripped):
            out.append(stripped)
    return out


def _head_formula(line: str) -> bool:
    return bool(
        re.search(r"CỘNG H(?:ÒA|OÀ) XÃ HỘI|Độc lập|^Số\s*:|^\W*$", line)
        or _DATE.search(line)
        or (line.isupper() and re.match(r"(?:ỦY|UỶ|UBND|SỞ|BỘ|TỈNH ỦY|HUYỆN ỦY|ĐẢNG|BAN) ", line))
    )


def secrecy_mark(head: Sequence[str]) -> str | None:
    """MẬT, TỐI MẬT or TUYỆT MẬT standing by itself in the head; a title's "bí mật" is no mark."""
    for index, line in enumerate(head):
        match = _SECRECY.match(line) or _SECRECY_WORDS.match(line)
        if not match:
            continue
        before = head[index - 1].rstrip().upper() if index else ""
        if before.endswith(("BÍ", "BẢO", "CƠ")):  # "BẢO VỆ BÍ / MẬT" broken over two lines
            continue
        return re.sub(r"\s+", " ", match.group(1)).upper()
    return None


def read_header(source: HeadText) -> Header:
    """The header record; what the document does not print stays ``None``."""
    head = "\n".join(source.head)
    number, symbol = _number(head)
    date = _last_date(head)
    place = _place(source.head)
    if symbol and not number:
        number, date = _from_stamp(source, symbol, date)
    if not number and (symbol is None or date is None or date[0] is None):
        number, symbol, date = _from_annex(source, number, symbol, date)
    issuer, superior = from_head(source.head, source.text)
    if source.decided_by_chairman and issuer and not issuer.startswith("Chủ tịch"):
        issuer = f"Chủ tịch {issuer}"
    tail = "\n".join([*source.annex_heads, *source.all_lines[-60:]])
    if issuer is None:
        issuer = from_text(source.opening, tail)
    told = told_province(f"{superior or ''}\n{source.text}")
    own_province = _province(issuer, superior, place, told)
    if issuer:
        issuer = complete(issuer, place, own_province or told, source.text, superior)
    level = level_of(issuer, superior)
    if level == "central":
        own_province = None
    elif own_province is None and level in ("district", "commune", "province_agency"):
        own_province = told
    issued_on, month, issued_year = _dates(date)
    title = _title(source)
    year, period = _year(title, issued_year)
    name, office = signer(list(source.closing))
    return Header(
        kind=_kind(source),
        number=number,
        symbol=symbol,
        status="draft" if symbol and not number else "issued",
        place=place,
        province=own_province,
        issued_on=issued_on,
        issued_month=None if issued_on else month,
        year=year,
        period=period,
        title=title,
        issuer=issuer,
        level=level,
        signer=name,
        signer_title=office,
        recipients=recipients(list(source.closing)),
        secrecy=secrecy_mark(source.head),
    )


def _kind(source: HeadText) -> str | None:
    for line in source.all_lines:
        match = KIND_LINE.match(line)
        if match and (match.group(1) or match.group(2)) not in ("QUYẾT ĐỊNH", "NGHỊ QUYẾT"):
            return (match.group(1) or match.group(2)).capitalize()
    return "Kế hoạch" if re.search(r"[Kk]ế hoạch|K[eé&] ?hoach", source.text[:4000]) else None


def _number(text: str) -> tuple[str | None, str | None]:
    """Number and symbol as printed, blanks dropped; the number ``None`` when it is left blank."""
    found = list(_NUMBER.finditer(text))
    if not found:
        return None, None
    # "Số: …" of the head before "số …" of a document that a line above the head names
    named = [m for m in found if re.match(r"\W*(?:Số|SỐ)\s*:", m.group())]
    begins = [
        m for m in found if re.match(r"(?:Số|SỐ)\s", text[text.rfind("\n", 0, m.end()) + 1 :])
    ]
    match = (named or begins or found)[0]
    digits = re.sub(r"[\s.…_]", "", match.group("number"))
    symbol = re.sub(r"\s", "", match.group("state") or match.group("party")).rstrip(".-–")
    separator = "/" if match.group("state") else "-"
    return (f"{digits}{separator}{symbol}" if digits else None), symbol


_Date = tuple[int | None, int | None, int | None]


def _last_date(text: str) -> _Date | None:
    found = list(_DATE.finditer(text))
    if not found:
        return None
    match = found[-1]

    def value(*names: str) -> int | None:
        for name in names:
            if match.group(name) and match.group(name).isdigit():
                return int(match.group(name))
        return None

    return value("day"), value("month", "m2"), value("year", "y2")


def _dates(date: _Date | None) -> tuple[str | None, str | None, int | None]:
    if date is None:
        return None, None, None
    number, month, year = date
    known_month = f"{year:04d}-{month:02d}" if year and month and 1 <= month <= 12 else None
    return (
        day(year, month, number) if year and month and number else None,
        known_month,
        year,
    )


def _place(head: Sequence[str]) -> str | None:
    for line in reversed(head):  # a page's own title above the head may print a date too
        if (match := _PLACE.search(line)) and _DATE.search(line, match.end() - 1):
            text = re.split(r"[Hh]ạnh phúc|HẠNH PHÚC|\d/[A-ZĐ-]+|[-–—_]{2,}|\t", match.group(1))[-1]
            words = text.strip(" -–—_*.…")
            # the head may stand in one line: take the capitalised words before the comma
            tail = _PLACE_NAME.search(words)
            return (tail.group(1) if tail else words).strip() or None
    return None


def _from_stamp(
    source: HeadText, symbol: str, date: _Date | None
) -> tuple[str | None, _Date | None]:
    """A digital stamp's line "173 28 4" holds number, day and month left blank in the head."""
    if date is None or date[0] is not None or date[2] is None:
        return None, date
    for line in source.all_lines:
        match = _STAMP.match(line)
        if match is None or date[1] not in (None, int(match[3])):
            continue
        if day(date[2], int(match[3]), int(match[2])):
            return f"{match[1]}/{symbol}", (int(match[2]), int(match[3]), date[2])
    return None, date


def _from_annex(
    source: HeadText, number: str | None, symbol: str | None, date: _Date | None
) -> tuple[str | None, str | None, _Date | None]:
    """Number and date that stand only in "(Kèm theo Kế hoạch số …/KH-UBND ngày …)"."""
    for line in source.annex_heads:
        for match in _ISSUED_WITH.finditer(line):
            found, kind = _number(match.group())
            if kind is None or (symbol and kind != symbol):
                continue
            other = _last_date(match.group())
            if found:
                return found, kind, other if other and other[0] else date
            symbol = symbol or kind
    if symbol is None and number is None:
        for line in source.all_lines:
            if own := _UNOPENED.match(line):
                return f"{own[1]}/{own[2]}", own[2], _last_date(line) or date
    return number, symbol, date


def _province(
    issuer: str | None, superior: str | None, place: str | None, told: str | None
) -> str | None:
    for body in (issuer, superior):
        match = _OF_PROVINCE.search(body or "")
        if match:
            words = match.group(1).split()
            names = (province(" ".join(words[:n])) for n in range(len(words), 0, -1))
            known = next((name for name in names if name), None)
            if known and (body or "").split(match.group(0))[0] is not None:
                is_city = "phố" in match.group(0).lower()
                if not is_city or known.kind == "thành phố":
                    return known.name
            elif not known and "ỉnh" in match.group(0):
                return re.sub(r"\s+", " ", match.group(1)).strip()
        elif body and body.startswith("Sở "):  # "SỞ Y TẾ THANH HÓA"
            words = body.split()
            ends = (province(" ".join(words[-n:])) for n in (4, 3, 2) if len(words) > n + 1)
            if own := next((name for name in ends if name), None):
                return own.name
    named = province(place)
    if named and spelled_as(place or "", named) and told in (None, named.name):
        return named.name
    return None


def _title(source: HeadText) -> str | None:
    lines = list(source.title)
    text = " ".join(lines)
    if not text and source.decision_title:
        text = " ".join(source.decision_title)
    if not text and (match := _ANNOUNCED.search(source.opening)):
        text = match.group(1)
    text = re.sub(
        r"^(?:(?:V/v|về việc)\s*:?\s+|về\s+(?=ban hành))?(?:(?:ban hành\s+)?kế hoạch\s+)?",
        "",
        text,
        flags=re.IGNORECASE,
    )
    return re.sub(r"\s+", " ", text).strip(" .:-–_") or None


def _year(title: str | None, issued: int | None) -> tuple[int | None, Period | None]:
    """The single year the title says the plan is for, else that of issue; and the plan's period."""
    if not title:
        return issued, None
    if match := _PERIOD.search(title):
        period = Period(start=f"{match[1]}-01-01", end=f"{match[2]}-12-31")
    else:
        period = None
    years = set(_TITLE_YEAR.findall(_NOT_THE_YEAR.sub(" ", title)))
    if len(years) == 1:
        year = int(years.pop())
        return year, period or Period(start=f"{year}-01-01", end=f"{year}-12-31")
    return issued, period
