"""Documents as officials note them down: "NQ57", "NĐ 61/2018", "Nghị định 61"."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from kh_nlp.language import fold, has_accents, nfc, search_key
from kh_nlp.search.understanding.typed import Typed, Understood
from kh_nlp.search.understanding.vocabulary import rows

# Two digits at least, or a number with more behind it: "CT 5" may be anything.
_NUMBER = r"(?:s[oố]\s*)?(?:\d{2,}|\d+[/-])"


@dataclass(frozen=True, slots=True)
class Noted:
    """A kind of document noted by its letters, at ``start:end``: what it may be short for."""

    start: int
    end: int
    senses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Cut:
    """A document called by a number cut short, at ``start:end`` of the text."""

    start: int
    end: int
    code: str
    number: str
    year: str | None


@cache
def _kinds() -> tuple[re.Pattern[str], dict[str, tuple[str, ...]]]:
    table = {fold(row[0]): row[1:] for row in rows("kind")}
    body = "|".join(sorted(table, key=len, reverse=True))
    return re.compile(rf"(?<![\w/&.-])({body})\s?(?={_NUMBER})"), table


def noted(text: str) -> Iterator[Noted]:
    """Kinds of documents that are noted by their letters in front of a number.

    In small letters without accents too ("nq 57"), except those that are words then ("da 06").
    """
    if not any(map(str.isdigit, text)):
        return  # most questions: nothing to fold
    pattern, table = _kinds()
    folded = fold(text)
    if len(folded) != len(text):
        return
    for match in pattern.finditer(folded):
        printed = text[match.start(1) : match.end(1)]
        if printed == printed.lower() and match[1] == printed and match[1] in ("da", "ct", "cd"):
            continue
        yield Noted(match.start(1), match.end(1), table[match[1]])


def written_out(text: str) -> str:
    """``text`` with the kinds of documents in full: "NQ57" gives "nghị quyết 57"."""
    text = nfc(text)
    for item in sorted(noted(text), key=lambda item: -item.start):
        text = f"{text[: item.start]}{spelled(item.senses[0], text)} {text[item.end :].lstrip()}"
    return text


def spelled(kind: str, text: str) -> str:
    """``kind`` with accents if ``text`` has some."""
    return kind if has_accents(text) else fold(kind)


def notations(typed: Typed, connection: sqlite3.Connection) -> Iterator[Understood]:
    """Letters of kinds in front of a number, each read as the kind ("NQ57": "nghị quyết 57").

    They count as spelling, for what is sought stays the same.
    """
    for item in noted(typed.text):
        if not typed.free(item.start, item.end):
            continue
        kind = spelled(_sense(typed, item, connection), typed.text)
        yield typed.found("spelling", kind, item.start, item.end, applied=True)


def _sense(typed: Typed, item: Noted, connection: sqlite3.Connection) -> str:
    """The first of the kinds of which some plan cites one with that number; else the first."""
    for kind in item.senses[1:] and item.senses:
        written = f"{kind} {typed.text[item.end :].lstrip()}"
        if any(meant((cut for cut in cut_short(written) if not cut.start), connection)):
            return kind
    return item.senses[0]


@cache
def _cut(accented: bool) -> tuple[re.Pattern[str], dict[str, str]]:
    key = search_key if accented else fold
    table = {key(row[0]): row[1] for row in rows("named")}
    body = "|".join(
        re.escape(kind).replace(r"\ ", r"\s+") for kind in sorted(table, key=len, reverse=True)
    )
    number = key(r"(?:số\s+)?")
    # "Đề án 06/CP" is how programmes of the government are spoken of.
    year = key(r"(?:/(\d{4})|\s+năm\s+(\d{4})|/(?:cp|ttg))?")
    # Not "61/2018/NĐ-CP" and not "57-NQ/TW", which are whole, nor "06/2022" as a date.
    return re.compile(
        rf"(?<!\w)({body})\s+{number}0*(\d{{1,5}}){year}(?![\w/])(?!-\w)(?![.,]\d)"
    ), table


def cut_short(text: str) -> Iterator[Cut]:
    """Documents that ``text`` calls by a number without its letters."""
    if not any(map(str.isdigit, text)):
        return
    accented = has_accents(text)
    key = search_key(text) if accented else fold(text)
    if len(key) != len(text):
        return
    pattern, table = _cut(accented)
    for match in pattern.finditer(key):
        code = table[" ".join(match[1].split())]
        yield Cut(*match.span(), code, match[2], match[3] or match[4])


def without_year(text: str) -> str | None:
    """``text`` with numbers cut short of their year too: "nghị định 61" for "nghị định 61/2018".

    None where it has no such number. Index terms of a number in full are itself and its digits.
    """
    cut = text
    for item in sorted(cut_short(text), key=lambda item: -item.start):
        slash = text.rfind("/", item.start, item.end)
        if slash >= 0:
            cut = cut[:slash] + cut[item.end :]
    return cut if cut != text else None


def meant(items: Iterable[Cut], connection: sqlite3.Connection) -> Iterator[str]:
    """Keys of the documents cited in the library whose numbers begin so."""
    for item in items:
        for row in connection.execute(_BEGINNING, {"number": item.number}):
            match = _WHOLE.fullmatch(row["number"])
            if match is None or not _fits(item, match, row["issued_on"]):
                continue
            yield row["key"]


_BEGINNING = """
SELECT DISTINCT key, number, issued_on FROM citations
WHERE key IS NOT NULL AND ltrim(number, '0') GLOB :number || '[/-]*'
"""
_WHOLE = re.compile(r"0*\d+(?:/(\d{4}))?[/-](.+)")


def _fits(item: Cut, number: re.Match[str], issued_on: str | None) -> bool:
    code = fold(number[2])
    if not re.match(rf"{re.escape(fold(item.code))}(?![a-z])", code):
        return False
    of = number[1] or (issued_on or "")[:4]
    return item.year is None or not of or of == item.year
