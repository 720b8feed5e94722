"""The guard: does a rewriting say only what its sources say?

It compares facts, not sentences: numbers, dates, documents, names, negations and modals of the
output are looked up in the sources. Two facts that change places, and claims in plain words, pass.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache

from kh_nlp.citations import Mention, find_mentions
from kh_nlp.citations.keys import number_key
from kh_nlp.language import nfc, tokens
from kh_nlp.rewriting.amounts import Amount, composed, find_amounts
from kh_nlp.rewriting.dates import Date, Dates, find_dates
from kh_nlp.rewriting.names import foreign_names
from kh_nlp.rewriting.records import Finding, Kind
from kh_nlp.rewriting.stances import shifted, turned
from kh_nlp.rewriting.words import Sources, alternatives, key, lexicon, plain, words

LONGEST = 1.5
"""A rewriting may be this many times as long as its text, and ``SPARE`` characters more."""

SPARE = 120
GAP = "[…]"
"""How a draft marks what a person must fill in."""

_ROMAN = re.compile(r"\b[IVXLC]{2,}\b|(?<=khóa )[IVXLC]+\b|(?<=vùng )[IVXLC]+\b")
_REASONS = {
    "place": "địa danh “{}” không có trong nguồn",
    "body": "cơ quan, tổ chức, chức danh “{}” không có trong nguồn",
    "name": "tên “{}” không có trong nguồn",
}

Taken = tuple[tuple[int, int], ...]


class _Text:
    """A text with its documents, dates and numbers read."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.codes = [
            (number_key(token.text), token.start, token.end)
            for token in tokens(text)
            if token.code and any(char.isalpha() for char in token.text)
        ]
        self.mentions = find_mentions(text)
        codes: Taken = tuple((start, end) for _, start, end in self.codes)
        self.dates: Dates = find_dates(text, codes)
        self.taken: Taken = (*codes, *self.dates.spans)
        self.roman = [
            (match[0], match.start(), match.end())
            for match in _ROMAN.finditer(text)
            if not any(a < match.end() and match.start() < b for a, b in self.taken)
        ]
        self.composed = composed(text, self.taken)
        self.amounts = find_amounts(text, (*self.taken, *((s, e) for _, s, e in self.composed)))


def check(output: str, sources: Sequence[str]) -> tuple[Finding, ...]:
    """What in ``output`` the ``sources`` do not say, in the order of the text; empty: it may stand.

    ``output`` must be NFC: positions are those of the text given.
    """
    if not output.strip():
        return (_finding("empty", output, 0, len(output), "câu trả lời rỗng"),)
    if len(nfc(output)) != len(output):
        raise ValueError("output is not NFC")
    known = Sources(sources)
    output = plain(output)
    here, there = _Text(output), [_Text(text) for text in known.texts]
    found = [
        *_talk(output, known),
        *too_long(output, "".join(known.texts)),
        *_documents(here, there, known),
        *_calendar(here, there),
        *_numbers(here, there),
        *_vague(output, known),
        *_frequencies(output, known),
    ]
    for name in foreign_names(output, known, (*here.taken, *((s, e) for _, s, e in here.roman))):
        printed = output[name.start : name.end]
        reason = _REASONS[name.kind].format(printed)
        found.append(_finding(name.kind, output, name.start, name.end, reason))
    for text, start, end in turned(output, known):
        reason = f"“{text}”: phủ định khác với nguồn (thêm hoặc bỏ “không”, “chưa”…)"
        found.append(_finding("negation", output, start, end, reason))
    for text, start, end in shifted(output, known):
        reason = f"“{text}”: mức độ bắt buộc, cho phép hoặc cấm khác với nguồn"
        found.append(_finding("modality", output, start, end, reason))
    return tuple(sorted(_apart(found), key=lambda one: (one.start, one.end)))


def _apart(found: Sequence[Finding]) -> list[Finding]:
    """Without the names inside a document that is told already ("Luật Đất" of "Luật Đất đai")."""
    documents = [(one.start, one.end) for one in found if one.kind == "document"]
    return [
        one
        for one in dict.fromkeys(found)
        if one.kind not in _REASONS or not any(a < one.end and one.start < b for a, b in documents)
    ]


def too_long(output: str, original: str) -> tuple[Finding, ...]:
    """A finding where ``output`` is much longer than ``original``: words were added."""
    most = int(LONGEST * len(original)) + SPARE
    if len(output) <= most:
        return ()
    reason = f"dài {len(output)} ký tự, quá mức cho phép {most}"
    return (_finding("length", output, most, len(output), reason),)


def missing(original: str, output: str) -> tuple[Finding, ...]:
    """Numbers, dates, documents and gaps of ``original`` that ``output`` left out."""
    here, there = _Text(plain(original)), [_Text(plain(output))]
    spans = [
        *((s, e) for code, s, e in here.codes if code not in {c for c, _, _ in there[0].codes}),
        *((d.start, d.end) for d in here.dates.dates if not _dated(d, there)),
        *((a.start, a.end) for a in here.amounts if not a.article and not _same(a, there)),
    ]
    found = [
        _finding("missing", original, start, end, f"bản viết lại bỏ mất “{original[start:end]}”")
        for start, end in spans
    ]
    if output.count(GAP) < original.count(GAP):
        at = original.find(GAP)
        reason = f"bản viết lại bỏ mất chỗ để trống “{GAP}”"
        found.append(_finding("missing", original, at, at + len(GAP), reason))
    return tuple(found)


def _finding(kind: Kind, text: str, start: int, end: int, reason: str) -> Finding:
    return Finding(kind=kind, text=text[start:end], start=start, end=end, reason=reason)


@cache
def _talk_patterns(name: str) -> tuple[re.Pattern[str], ...]:
    flags = re.IGNORECASE | re.MULTILINE
    return tuple(re.compile(pattern, flags) for pattern in lexicon()["talk"][name])


def _talk(output: str, sources: Sources) -> Iterator[Finding]:
    for name in ("patterns", "labels"):
        for pattern in _talk_patterns(name):
            match = pattern.search(output)
            if match is None or (name == "labels" and sources.has(match[0])):
                continue
            reason = f"lời của máy hoặc câu lệnh: “{' '.join(match[0].split())[:60]}”"
            yield _finding("talk", output, match.start(), match.end(), reason)
    for word in words(output):
        if word.key in lexicon()["talk"]["foreign"] and not sources.has(word.text):
            reason = f"không phải tiếng Việt: “{word.text}”"
            yield _finding("language", output, word.start, word.end, reason)
            return
    for at, char in enumerate(output):
        latin = not char.isalpha() or unicodedata.name(char, "").startswith("LATIN")
        if not latin and not any(char in text for text in sources.texts):
            reason = f"chữ không thuộc tiếng Việt: “{char}”"
            yield _finding("language", output, at, at + 1, reason)
            return


def _documents(here: _Text, there: Sequence[_Text], sources: Sources) -> Iterator[Finding]:
    codes = {code for text in there for code, _, _ in text.codes}
    for code, start, end in here.codes:
        if code not in codes:
            reason = f"số hiệu văn bản “{here.text[start:end]}” không có trong nguồn"
            yield _finding("document", here.text, start, end, reason)
    known = [mention for text in there for mention in text.mentions]
    for mention in here.mentions:
        if wrong := _wrong_document(mention, known, sources):
            yield _finding("document", here.text, mention.start, mention.end, wrong)


def _wrong_document(mention: Mention, known: Sequence[Mention], sources: Sources) -> str | None:
    if mention.number is None:
        name = key(mention.title or mention.text).split()
        if sources.has(" ".join(name[:5])):
            return None
        return f"văn bản “{mention.title or mention.text}” không có trong nguồn"
    same = [m for m in known if m.number and number_key(m.number) == number_key(mention.number)]
    if not same:
        return None  # its code is told already
    dates = {m.issued_on for m in same if m.issued_on}
    if mention.issued_on and dates and mention.issued_on not in dates:
        return f"văn bản số {mention.number} có ngày khác với nguồn"
    kinds = {m.kind for m in same}
    if mention.kind_printed and mention.kind not in kinds:
        return f"văn bản số {mention.number} không phải là {mention.kind} theo nguồn"
    return None


def _dated(date: Date, there: Sequence[_Text]) -> list[Date]:
    return [other for text in there for other in text.dates.dates if date.within(other)]


def _calendar(here: _Text, there: Sequence[_Text]) -> Iterator[Finding]:
    text = here.text
    for date in here.dates.dates:
        printed = text[date.start : date.end]
        same = _dated(date, there)
        if not same:
            reason = f"ngày, tháng, năm “{printed}” không có trong nguồn"
            yield _finding("date", text, date.start, date.end, reason)
        elif date.relation and not _fits(date, same):
            reason = f"thời hạn “{printed}”: nguồn không nói như vậy (trước, sau, đúng ngày)"
            yield _finding("bound", text, date.start, date.end, reason)
    groups = (
        ("periods", "giai đoạn “{}” không có trong nguồn"),
        ("quarters", "“{}” không có trong nguồn"),
        ("weekdays", "“{}” không có trong nguồn"),
    )
    for name, reason in groups:
        known = {one.key for other in there for one in getattr(other.dates, name)}
        for one in getattr(here.dates, name):
            if one.key not in known:
                printed = text[one.start : one.end]
                yield _finding("date", text, one.start, one.end, reason.format(printed))


def _fits(date: Date, same: Sequence[Date]) -> bool:
    """Whether one of the equal dates has a relation that the output's may stand for."""
    relations = {other.relation for other in same}
    if date.relation == "on":
        return bool(relations & {"on", None})
    return (
        bool(relations & {date.relation, None})
        if date.relation == "after"
        else (relations != {"after"})
    )


def _same(amount: Amount, there: Sequence[_Text]) -> list[Amount]:
    return [other for text in there for other in text.amounts if other.value == amount.value]


def _numbers(here: _Text, there: Sequence[_Text]) -> Iterator[Finding]:
    text = here.text
    for amount in here.amounts:
        printed = text[amount.start : amount.end]
        same = _same(amount, there)
        if not same:
            if not amount.article or _counts_otherwise(amount, [], there):
                reason = f"số “{printed}” không có trong nguồn"
                yield _finding("number", text, amount.start, amount.end, reason)
            continue
        units = [other for other in same if _unit_fits(amount, other)]
        if not units:
            reason = f"“{printed}”: đơn vị “{amount.unit}” không phải của số này trong nguồn"
            yield _finding("unit", text, amount.start, amount.end, reason)
        elif _counts_otherwise(amount, same, there):
            reason = f"“{printed} {' '.join(amount.noun)}”: nguồn đếm bằng số khác"
            yield _finding("number", text, amount.start, amount.end, reason)
        elif not amount.article and not any(_bound_fits(amount, other) for other in units):
            reason = f"“{printed}”: mức “ít nhất”, “không quá”, “trên”, “dưới”… khác với nguồn"
            yield _finding("bound", text, amount.start, amount.end, reason)
    known = {printed for other in there for printed, _, _ in other.composed}
    for printed, start, end in here.composed:
        if printed not in known:
            reason = f"số “{text[start:end]}” không có trong nguồn"
            yield _finding("number", text, start, end, reason)
    romans = {printed for other in there for printed, _, _ in other.roman}
    for printed, start, end in here.roman:
        if printed not in romans:
            yield _finding("number", text, start, end, f"số “{printed}” không có trong nguồn")


def _unit_fits(amount: Amount, other: Amount) -> bool:
    return amount.unit is None or amount.unit == other.unit or not (other.unit or other.noun)


def _counts_otherwise(amount: Amount, same: Sequence[Amount], there: Sequence[_Text]) -> bool:
    """Whether the sources count what this number counts, but never with this number."""
    if not amount.noun or amount.unit:
        return False
    if any(other.noun[:1] == amount.noun[:1] for other in same):
        return False
    others = [other for text in there for other in text.amounts if other.value != amount.value]
    return any(other.noun == amount.noun for other in others)


def _bound_fits(amount: Amount, other: Amount) -> bool:
    pair = {amount.bound, other.bound}
    if len(pair) == 1:
        return True
    return "within" in pair and bool(pair & {"exactly", "at_most"})


@cache
def _frequency() -> tuple[re.Pattern[str], re.Pattern[str]]:
    every, also = (alternatives("frequency", name) for name in ("every", "also"))
    units = alternatives("frequency", "units")
    strict = rf"(?<!\w)(?:{every})\s+(?P<unit>{units})(?!\w)"
    # "trong tháng 3" is a date and no period; "mỗi tháng 02 buổi" is one.
    wide = rf"{strict}|(?:(?<!\w)(?:{also})\s+|/\s?)(?P<other>{units})(?!\w|\s+\d)"
    return re.compile(strict, re.IGNORECASE), re.compile(wide, re.IGNORECASE)


def _frequencies(output: str, sources: Sources) -> Iterator[Finding]:
    strict, wide = _frequency()
    said = [match for text in sources.texts for match in wide.finditer(text)]
    known = {(match["unit"] or match["other"]).lower() for match in said}
    for match in strict.finditer(output):
        if match["unit"].lower() not in known:
            reason = f"định kỳ “{match[0]}” không có trong nguồn"
            yield _finding("frequency", output, match.start(), match.end(), reason)


def _vague(output: str, sources: Sources) -> Iterator[Finding]:
    pattern = re.compile(rf"(?<!\w)(?:{alternatives('units', 'vague')})(?!\w)", re.IGNORECASE)
    for match in pattern.finditer(output):
        if not sources.has(match[0]):
            reason = f"“{match[0]}” không có trong nguồn"
            yield _finding("number", output, match.start(), match.end(), reason)
