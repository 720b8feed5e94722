"""Mentions of documents in any text: where they stand and what is printed with them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from functools import cache

from kh_nlp.citations.bodies import Body, read_body, read_issuer
from kh_nlp.citations.dates import read_date, read_year
from kh_nlp.citations.grammar import align, choice, grammar, pattern_of, squeeze
from kh_nlp.citations.names import Name, find_names, law_end
from kh_nlp.citations.numbers import Number, find_numbers
from kh_nlp.citations.pinpoints import pinpoint_before


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """One document mentioned at ``start``..``end`` of a text (``str`` offsets).

    ``kind`` is as printed, else what the code of the number says. ``number`` has no white space;
    ``symbol``, ``type_code``, ``organs`` and ``number_year`` are its parts. ``issued_on`` (ISO),
    ``year``, ``issuer`` and ``title`` hold what is printed with this very mention. ``title`` is the
    subject after a number, or the whole name of a document called by name (then ``number`` is
    ``None``). ``cue`` is the aligned text before the mention that says how it is cited.
    ``damaged`` means that the kind could only be read through broken or misread letters;
    ``weak`` names (lower case) count only where a registry knows them. ``pinpoint`` is the part
    meant, as printed before the mention.
    """

    start: int
    end: int
    text: str
    kind: str | None
    kind_printed: bool
    number: str | None = None
    symbol: str | None = None
    serial: str | None = None
    number_year: int | None = None
    type_code: str | None = None
    organs: tuple[str, ...] = ()
    style: str | None = None
    issued_on: str | None = None
    year: int | None = None
    issuer: str | None = None
    title: str | None = None
    title_end: int | None = None
    cue: str = ""
    damaged: bool = False
    weak: bool = False
    pinpoint: str | None = None


_ANNOUNCE = re.compile(r"(?<![a-z])(?:s[o6e0]|so\s+so)\s{0,2}[:.]?\s{0,2}$|(?<=\s)s\s?[o6]\s$")
_ADJUNCT_BREAK = re.compile(r"[;:.()“”|\n]|\d/\d")
_KIND_WINDOW = 48
_ADJUNCT_WINDOW = 170
_TITLE_LIMIT = 420
_AND_BODY = re.compile(r"\s*(?:,|,?\s+va|\s+-)\s+(?=(?:bo|so|toa|vien|ban|tong|uy|hoi|cong)\s)")
_BEFORE_BODY = re.compile(r"(?:cua|de\s+nghi\s+cua|y\s+kien\s+cua)\s+(?=\S)")
_AT = re.compile(r"\s+tai\s+(?:cac\s+)?$")
_SUBJECT_BREAK = re.compile(
    r"\s*,\s+(?=(?:[ỦU][ỷyY]?[yỷ]? ban nhân dân|UBND|Sở |Bộ |Ban |Văn phòng|Phòng )[^;]{0,80}?"
    r"(?:ban hành|xây dựng|yêu cầu|đề nghị|báo cáo|triển khai))"
)
_NEXT_IN_LIST = re.compile(r"\s*(?:,|,?\s*va)\s+(?:so\s+)?")
_LIST_BREAK = re.compile(r"(?:[,;]|\sva(?:\s+cac)?|\sgan\s+voi|\shoac)\s*$")


@cache
def _kind_patterns() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    g = grammar()
    kinds = choice(list(g.printed_kinds))
    titles = "|".join(pattern_of(p) for p, _ in g.phrases["title"])
    drops = "|".join(pattern_of(p) for p, note in g.phrases["title"] if note == "drop")
    return (
        re.compile(rf"(?<![a-z])(?P<kind>{kinds})\s*[:,]?\s*$"),
        re.compile(rf"(?<![a-z])(?P<kind>{kinds})(?![a-z])"),
        re.compile(rf"\s*[,:]?\s*[“\"(]?(?:(?P<drop>{drops})|(?:{titles}))(?![a-z])\s*"),
    )


def find_mentions(text: str) -> list[Mention]:
    """All mentions of documents in ``text``, in order, without knowledge from outside the text."""
    return [mention for mention in scan(text, align(text)) if not mention.weak]


def scan(text: str, aligned: str) -> list[Mention]:
    """``find_mentions`` with the weak names, which a registry may still confirm."""
    numbers = list(find_numbers(text, aligned))
    mentions: list[Mention] = []
    floor = 0
    for index, number in enumerate(numbers):
        ceiling = numbers[index + 1].start if index + 1 < len(numbers) else len(text)
        mention = _numbered(text, aligned, number, floor, ceiling)
        if mention is None:
            continue
        mentions.append(mention)
        floor = mention.end
    mentions = _with_titles(text, aligned, mentions)
    return _merge(mentions, list(find_names(text, aligned)), text, aligned)


@dataclass(frozen=True, slots=True)
class _Lead:
    """What stands before a number: where the mention starts, its kind, the words in between."""

    start: int
    kind: str | None = None
    announced: bool = False
    title: str | None = None
    damaged: bool = False


def _kind_by_code(number: Number) -> str | None:
    g = grammar()
    if number.style == "standard":
        return "Tiêu chuẩn" if number.printed.startswith("TCVN") else "Quy chuẩn"
    if number.type_code is None:
        return "Công văn" if number.style == "letter" else None
    table = g.party_kinds if number.style == "party" else g.state_kinds
    other = g.state_kinds if number.style == "party" else g.party_kinds
    return table.get(number.type_code) or other.get(number.type_code)


def _numbered(text: str, aligned: str, number: Number, floor: int, ceiling: int) -> Mention | None:
    by_code = _kind_by_code(number)
    lead = _lead(text, aligned, number, floor, by_code)
    if lead.kind == "Đề án" and number.style == "letter":
        return None  # "Đề án 06/CP": what a scheme is called, no number of a document
    if number.announced and not _is_announced(aligned, number, floor, lead):
        return None
    end = number.end
    issued_on = issuer = year = None
    for _ in range(2):
        if issued_on is None and (dated := read_date(aligned, end)) and dated[1] <= ceiling:
            issued_on, end = dated
            if text[end : end + 1] == ")":
                end += 1
        if issuer is None and (body := read_issuer(text, aligned, end)) and body.end <= ceiling:
            issuer, end = body.name, body.end
            if _is_joint(number, lead.kind):
                issuer, end = _joint(text, aligned, body, number)
    if issued_on is None and (bare := read_year(aligned, number.end)):
        year = bare[0]
        end = max(end, bare[1])
        if issuer is None and (body := read_issuer(text, aligned, end)) and body.end <= ceiling:
            issuer, end = body.name, body.end
    if issuer is None:
        issuer = _body_before(text, aligned, lead.start)
    # "văn bản" says nothing about the kind; the code, or being without one, does.
    kind = lead.kind if lead.kind and lead.kind != "Văn bản" else by_code or lead.kind
    return Mention(
        start=lead.start,
        end=end,
        text=text[lead.start : end],
        kind=kind,
        kind_printed=lead.kind is not None,
        number=number.printed,
        symbol=number.symbol,
        serial=number.serial,
        number_year=number.year,
        type_code=number.type_code,
        organs=number.organs,
        style=number.style,
        issued_on=issued_on,
        year=year,
        issuer=issuer,
        title=lead.title,
        cue=aligned[max(0, lead.start - 60) : lead.start],
        damaged=lead.damaged,
        pinpoint=pinpoint_before(text, aligned, lead.start),
    )


def _is_joint(number: Number, kind: str | None) -> bool:
    """Whether several bodies issue it: "Thông tư liên tịch", "Kế hoạch liên ngành", "…LT-"."""
    code = number.type_code or (number.organs[0] if number.organs else "")
    return "liên " in (kind or "") or code.endswith(("LT", "LN"))


def _joint(text: str, aligned: str, first: Body, number: Number) -> tuple[str, int]:
    """The issuers of a joint document ("của Bộ Y tế và Bộ Tài chính") and where the last ends.

    Not more than the number has codes of bodies.
    """
    names, end = [first.name], first.end
    while len(names) < len(number.organs) and (joint := _AND_BODY.match(aligned, end)):
        body = read_body(text, aligned, joint.end())
        if body is None:
            break
        names.append(body.name)
        end = body.end
    return " và ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names), end


def _is_announced(aligned: str, number: Number, floor: int, lead: _Lead) -> bool:
    """Whether the words before a number whose code says little show that it is a document's.

    "số" or a kind of document does, and so does a number just before it in the same list; a code
    of one segment ("01/KGL") needs the kind, and an unknown one the word "công văn".
    """
    if number.style == "letter" and number.type_code:
        # Cut off after its kind ("Quyết định số 27/QĐ ngày …"): only its own kind announces it.
        by_code = _kind_by_code(number)
        if lead.kind == "Sắc lệnh":
            return number.type_code == "SL"
        return lead.kind is not None and by_code is not None and _same_family(lead.kind, by_code)
    if number.style == "letter" and len(number.organs) == 1:
        known = align(number.organs[0]) in grammar().organs
        # A code that nobody knows but with a year ("Bản án số 159/2022/HSST") needs a kind, too.
        known = known or number.year is not None
        return lead.kind is not None if known else lead.kind in ("Công văn", "Văn bản")
    listed = floor > 0 and _NEXT_IN_LIST.fullmatch(aligned, floor, number.start) is not None
    return lead.announced or lead.kind is not None or listed


def _lead(text: str, aligned: str, number: Number, floor: int, by_code: str | None) -> _Lead:
    g = grammar()
    at_end, anywhere, _ = _kind_patterns()
    low = max(floor, number.start - 12)
    announce = _ANNOUNCE.search(aligned[low : number.start])
    edge = low + announce.start() if announce else number.start
    low = max(floor, edge - _KIND_WINDOW)
    if match := at_end.search(aligned[low:edge]):
        start = low + match.start()
        return _Lead(start, g.printed_kinds[squeeze(match["kind"])], True)
    if announce is None:
        return _Lead(number.start)
    if number.style == "letter" and number.type_code is None:
        by_code = None
    low = max(floor, edge - _ADJUNCT_WINDOW)
    expected = {by_code} if by_code else set[str | None]()
    if number.style == "assembly":
        expected |= {"Luật", "Bộ luật", "Nghị quyết", "Pháp lệnh", None}
    found = max(anywhere.finditer(aligned, low, edge), key=re.Match.start, default=None)
    if found is not None and text[found.start()].isupper():
        gap = aligned[found.end() : edge]
        kind = g.printed_kinds[squeeze(found["kind"])]
        if (kind in expected or _same_family(kind, by_code)) and not _ADJUNCT_BREAK.search(gap):
            law = kind in ("Luật", "Bộ luật", "Pháp lệnh")
            if law or (len(gap.split()) <= 12 and " cua " not in gap):
                start = found.start()
                return _Lead(start, kind, True, squeeze(text[start:edge]) if law else None)
    if not expected and number.style != "letter":
        return _Lead(edge, announced=True)
    if law_start := _law_before(text, aligned, low, edge, number):
        return _Lead(law_start, "Luật", True, squeeze(text[law_start:edge]))
    misread = _misread_kind(aligned, low, edge, by_code) if by_code else None
    if misread is not None:
        return _Lead(misread, by_code, True, damaged=True)
    return _Lead(edge, announced=True)


def _law_before(text: str, aligned: str, low: int, edge: int, number: Number) -> int | None:
    """Start of "Luật … " whose name runs exactly up to the number (its name holds a kind word)."""
    if number.style != "assembly":
        return None
    for match in re.compile(r"(?<![a-z])(?:bo\s+)?luat(?=\s)").finditer(aligned, low, edge):
        if text[match.start()].isupper() and law_end(text, aligned, match.end()) in (
            edge,
            edge - 1,
        ):
            return match.start()
    return None


def _same_family(kind: str, by_code: str | None) -> bool:
    """As in "Chương trình hành động" for CTr, "Thông báo kết luận" for TB."""
    return by_code is not None and kind.startswith(by_code)


def _misread_kind(aligned: str, low: int, edge: int, kind: str) -> int | None:
    """Start of the kind where letters are split ("Quy ế t định") or misread ("Nghi guyét")."""
    want = align(kind).replace(" ", "")
    window = aligned[low:edge]
    letters = [(c, low + i) for i, c in enumerate(window) if not c.isspace()][-len(want) :]
    if "".join(c for c, _ in letters) == want:
        return letters[0][1]
    words = list(re.finditer(r"\S+", window))[-len(kind.split()) :]
    if len(words) < len(kind.split()):
        return None
    got = window[words[0].start() :].strip()
    likeness = SequenceMatcher(None, got, align(kind), autojunk=False).ratio()
    return low + words[0].start() if likeness >= 0.75 else None


def _body_before(text: str, aligned: str, start: int) -> str | None:
    """As in "đề nghị của Sở Công Thương tại Tờ trình số …": the body stands before."""
    low = max(0, start - 140)
    if not _AT.search(aligned, max(low, start - 12), start):
        return None
    at = aligned.rfind(" tai", low, start)
    for match in reversed(list(_BEFORE_BODY.finditer(aligned, low, at))):
        body = read_body(text, aligned, match.end())
        if body and at - 2 <= body.end <= at + 1:
            return body.name
    return None


def _with_titles(text: str, aligned: str, mentions: Sequence[Mention]) -> list[Mention]:
    """The subject printed after each numbered mention, up to where the next listed one starts."""
    opening = _kind_patterns()[2]
    result = []
    for index, mention in enumerate(mentions):
        begin = opening.match(aligned, mention.end)
        if begin is None or mention.title:
            result.append(mention)
            continue
        start = begin.end() if begin["drop"] else begin.start()
        start -= text[start - 1 : start] == "“"
        limit = min(len(text), start + _TITLE_LIMIT)
        for other in mentions[index + 1 : index + 6]:
            if other.start >= limit:
                break
            if _LIST_BREAK.search(aligned, max(start, other.start - 12), other.start):
                limit = other.start
                break
        end = _subject_end(text, start, limit)
        title = squeeze(text[start:end]).strip(' ,:“"(')
        title = re.sub(r"(?:,| và| và các)$", "", title)
        if len(title.split()) < 2:
            result.append(mention)
            continue
        result.append(replace(mention, title=title, title_end=end))
    return result


_BRACKET = re.compile(r"[()]")
_SUBJECT_END = re.compile(
    r";|\n|\.(?=\s|$|/)|\||:(?=\s)|\bnhư sau\b|,\s+trên cơ sở\b|\s*\((?:sau đây|gọi tắt|viết tắt)|"
    r"(?:,| và)\s+các\s+(?:Quyết|Nghị) (?:định|quyết) của\b|\s+được sửa đổi\b"
)


def _subject_end(text: str, start: int, limit: int) -> int:
    end = limit
    for match in _SUBJECT_END.finditer(text, start, limit):
        # Inside quotation marks nothing ends the subject, not even a line.
        if text.count("“", start, match.start()) <= text.count("”", start, match.start()) or (
            text.find("”", match.end(), limit) < 0
        ):
            end = match.start()
            break
    if broken := _SUBJECT_BREAK.search(text, start, end):
        end = broken.start()
    depth = 0
    for match in _BRACKET.finditer(text, start, end):
        depth += 1 if match.group() == "(" else -1
        if depth < 0:
            return match.start()
    return end


def _merge(
    mentions: list[Mention], names: Sequence[Name], text: str, aligned: str
) -> list[Mention]:
    """Numbered mentions and names in one list; a name that is a numbered one's title is no second
    mention, nor is one inside a mention.
    """
    result = list(mentions)
    place = 0
    for name in names:
        while place < len(mentions) and mentions[place].end <= name.start:
            place += 1
        if place < len(mentions) and mentions[place].start < name.end:
            continue
        before = mentions[place - 1] if place else None
        if before and before.title_end and _is_title(aligned, before, name):
            continue
        result.append(
            Mention(
                start=name.start,
                end=name.end,
                text=text[name.start : name.end],
                kind=name.kind,
                kind_printed=True,
                issued_on=name.issued_on,
                year=name.year,
                title=name.title,
                cue=aligned[max(0, name.start - 60) : name.start],
                weak=name.weak,
                pinpoint=pinpoint_before(text, aligned, name.start),
            )
        )
    return sorted(result, key=lambda mention: mention.start)


_APPROVES = re.compile(r"(?:phe\s+duyet|ban\s+hanh|thong\s+qua|ve|ve\s+viec)\s+[“\"]?$")


def _is_title(aligned: str, before: Mention, name: Name) -> bool:
    """The name is what the numbered document approves ("… phê duyệt Đề án …")."""
    if not (before.end <= name.start < (before.title_end or 0)):
        return False
    lead = aligned[before.end : name.start]
    return len(lead) < 32 and _APPROVES.search(lead) is not None
