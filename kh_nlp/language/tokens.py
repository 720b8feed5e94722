"""Tokens of administrative text: syllables, numbers, and document numbers and dates kept whole."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
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


@cache
def _without_marks() -> re.Pattern[str]:
    return re.compile(_expression(), re.IGNORECASE)


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


Numbers = dict[int, tuple[int, int, bool]]
"""(start, end, code) of pieces by their place among all."""

_PLAIN = re.compile(r"[^\W_]+")
_DIGIT = re.compile(r"\d")
_WORD = re.compile(r"[^\W\d_][^\W_]*")
_NUMBER = re.compile(r"(?<![^\W_])\d")
# A number that no separator of a code follows: most of them, at a tenth of the cost.
_LONE = re.compile(r"\d+(?![\w/.,‐‑–-]|\s{1,3}[/‐‑–-])")
_MARKED = re.compile(r"[\u0300-\u036f]")


def scanned(text: str) -> tuple[list[str], Numbers]:
    """The texts of all :func:`tokens`, and where those stand that begin with a digit.

    Words, most of a text, are found without their places, which costs a fifth; see :func:`located`.
    """
    if _DIGIT.search(text) is None and _MARKED.search(text) is None:
        return _PLAIN.findall(text), {}
    words: list[str] = []
    numbers: Numbers = {}
    whole = _without_marks()
    marked = _MARKED.search(text) is not None  # decomposed letters: piece by piece
    found = whole.finditer(text) if marked else _numbers(text, words)
    for match in found:
        code = match.lastgroup == "code"
        numbers[len(words)] = (*match.span(), code)
        words.append(_code(match[0]) if code else match[0])
    return words, numbers


def _numbers(text: str, words: list[str]) -> Iterator[re.Match[str]]:
    """Each number and code of ``text``; the words before it are added to ``words`` first."""
    whole = _without_marks()
    at = 0
    while (digit := _NUMBER.search(text, at)) is not None:
        words += _WORD.findall(text, at, digit.start())
        match = _LONE.match(text, digit.start()) or whole.match(text, digit.start())
        if match is None:  # cannot be: a digit is a number
            raise AssertionError(text)
        yield match
        at = match.end()
    words += _WORD.findall(text, at)


def located(text: str, words: Sequence[str], numbers: Numbers) -> list[tuple[int, int]]:
    """(start, end) of each of ``words`` as :func:`scanned` gave them."""
    spans: list[tuple[int, int]] = []
    end = 0
    for place, word in enumerate(words):
        if place in numbers:
            start, end, _ = numbers[place]
        else:  # nothing but blanks and marks stands before it
            start = text.index(word, end)
            end = start + len(word)
        spans.append((start, end))
    return spans


def pieces(text: str) -> list[tuple[str, int, int, bool]]:
    """(text, start, end, code) of each of :func:`tokens`, in a fraction of the time."""
    words, numbers = scanned(text)
    codes = _codes(numbers)
    spans = located(text, words, numbers)
    return [
        (word, start, end, place in codes)
        for place, (word, (start, end)) in enumerate(zip(words, spans, strict=True))
    ]


def printed(text: str) -> list[tuple[str, bool]]:
    """(text, code) of each of :func:`tokens`."""
    words, numbers = scanned(text)
    found = [(word, False) for word in words]
    for place in _codes(numbers):
        found[place] = (words[place], True)
    return found


def _codes(numbers: Numbers) -> set[int]:
    return {place for place, (_, _, code) in numbers.items() if code}


def syllables(text: str) -> list[str]:
    """Lower-case NFC tokens of ``text``, one per syllable.

    A document number (``76/nq-cp``, ``42/2025/nq-hđnd``) or date (``15/7/2021``) is one token and
    not split further; number ranges are split (``2021-2025`` gives ``2021``, ``2025``);
    punctuation is dropped. Tone places are kept as printed: see :func:`search_key`.
    """
    return [token.text.lower() for token in tokens(nfc(text))]
