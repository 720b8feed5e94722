"""Tokens of administrative text: syllables, numbers, and document numbers and dates kept whole."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from kh_nlp.language.data import lines
from kh_nlp.language.normalizing import nfc


@dataclass(frozen=True, slots=True)
class Token:
    """``text`` as printed (blanks inside a document number dropped), at ``start:end`` of the input.

    ``code`` tells document numbers and dates from words and plain numbers.
    """

    text: str
    start: int
    end: int
    code: bool


# One blank or line break may stand at a separator of a number: "06/QĐ- TTg", "76 /NQ-CP".
_GAP = r"[ \t\u00a0]?\n?[ \t\u00a0]?"
_HYPHEN = r"[-–‐‑]"
_LETTERS = r"[A-ZĐĂÂÊÔƠƯa-zđăâêôơư]"


def _expression() -> str:
    types = "|".join(sorted(map(re.escape, lines("type_codes.txt")), key=len, reverse=True))
    organ = rf"{_LETTERS}[A-ZĐĂÂÊÔƠƯa-zđăâêôơư0-9]*"
    number = r"\d+[A-Za-z]?"
    # A document number in full: number[/year]/TYPE-ORGAN[-ORGAN...]; the type is a known code,
    # or the number has no inner blanks and at least one hyphen or a year.
    typed = rf"{number}(?:/\d{{4}})?{_GAP}/{_GAP}(?:{types})(?:{_GAP}{_HYPHEN}{_GAP}{organ})"
    plain = rf"{number}(?:/\d{{4}})?/{organ}(?:{_HYPHEN}{organ}|\.[A-ZĐ]{organ})"
    # Party form: 57-NQ/TW, 02-KH/BCĐTW.
    party = rf"{number}{_GAP}{_HYPHEN}{_GAP}(?:{types}){_GAP}/{_GAP}{organ}"
    more = rf"(?:{_HYPHEN}{organ})*"
    of_year = rf"{number}/\d{{4}}/{organ}{more}"
    bare = rf"{number}/(?-i:[A-ZĐ]{{2,}}[0-9]*)"
    date = (
        r"\d{1,2}/\d{1,2}/\d{2,4}|\d{1,2}-\d{1,2}-\d{4}|\d{1,2}\.\d{1,2}\.(?:19|20)\d{2}|"
        r"\d{1,2}/(?:19|20)\d{2}|\d+/\d+"
    )
    return (
        # Words first: they are most of a text, and all else that is no mark begins with a digit.
        r"(?P<word>[^\W\d_][^\W_]*(?:[\u0300-\u036f]+[^\W_]*)*)"
        rf"|(?P<code>(?<![\w/])(?=\d)(?:(?:{typed}|{party}|{plain}){more}|{of_year}|{bare}|(?:{date}))(?![\w/]))"
        r"|(?P<number>\d+(?:[.,]\d+)*)"
    )


@cache
def _pattern() -> re.Pattern[str]:
    return re.compile(_expression() + r"|(?P<mark>[^\w\s]|_)", re.IGNORECASE)


_BLANK = re.compile(r"[\s\u00a0]+")
_HYPHENS = str.maketrans("–‐‑", "---")


def _code(piece: str) -> str:
    return _BLANK.sub("", piece).translate(_HYPHENS)


def scan(text: str) -> Iterator[tuple[str, Token]]:
    """(kind, token) for every non-blank piece of ``text``; kind: code, number, word or mark."""
    for match in _pattern().finditer(text):
        kind = match.lastgroup or "mark"
        piece = match[0]
        if kind == "code":
            piece = _code(piece)
        yield kind, Token(piece, match.start(), match.end(), kind == "code")


def tokens(text: str) -> Iterator[Token]:
    """Words, numbers and codes of ``text`` with their offsets, punctuation left out.

    Pass NFC text: offsets refer to ``text`` as given.
    """
    return (token for kind, token in scan(text) if kind != "mark")


def syllables(text: str) -> list[str]:
    """Lower-case NFC tokens of ``text``, one per syllable.

    A document number (``76/nq-cp``, ``42/2025/nq-hđnd``) or date (``15/7/2021``) is one token and
    not split further; number ranges are split (``2021-2025`` gives ``2021``, ``2025``);
    punctuation is dropped. Tone places are kept as printed: see :func:`search_key`.
    """
    return [token.text.lower() for token in tokens(nfc(text))]
