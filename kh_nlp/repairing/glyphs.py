"""Syllables split by stray blanks, as some PDF and web converters leave them: "H ằ ng năm".

A piece such as "ng" or "đ" is no Vietnamese syllable; where such pieces stand, neighbours are put
together so that the most probable syllables result (unigram counts of the legal code, least cost
by dynamic programming). Text without such pieces is returned as it is.
"""

from __future__ import annotations

import gzip
import math
import re
from functools import cache, lru_cache
from importlib.resources import files

_TOKEN = re.compile(r"[^\W\d_]+")
_CONSONANTS = "[bcdđghklmnpqrstvxBCDĐGHKLMNPQRSTVX]"
# A piece without a vowel before or behind a word: hardly any split leaves none. Its first letter
# stands before the look-behinds, so that the engine skips to it.
_SIGN = re.compile(
    rf"{_CONSONANTS}(?<![\w/-].)(?:{_CONSONANTS}{{0,2}} (?=[^\W\d_])"
    rf"|(?<=[^\W\d_] .){_CONSONANTS}{{0,2}}(?![\w)/-]))"
)
_TONED = "àáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵâêôơư"
_TONED += _TONED.upper()
# The end of a syllable by itself ("Tri ển", "KHO ẢN"): few syllables begin with such a vowel, and
# one that no text has is part of another. Likewise the word before a single vowel ("ĐIỀ U").
_TAIL = re.compile(rf"[{_TONED}](?<=[^\W\d_] .)[^\W\d_]{{1,4}}(?![\w)/-])")
_HEAD = re.compile(rf"[{_TONED}](?= [uioyUIOY](?![\w)./-]))")
_MOST_PIECES = 5  # "N g h ị quyết"
_LONGEST = 7  # letters of a syllable: "nghiêng"
_JOIN = 1.0  # cost of dropping one blank
_ALONE = 14.0  # cost of a piece that is no syllable, about that of the rarest one
_VOWELS = frozenset("aăâeêioôơuưyàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ")


@cache
def _costs() -> dict[str, float]:
    data = files("kh_nlp.repairing").joinpath("data/syllables.tsv.gz").read_bytes()
    rows = [line.split("\t") for line in gzip.decompress(data).decode().splitlines()]
    total = sum(int(number) for _, number in rows)
    return {word: math.log(total / int(number)) for word, number in rows}


def known_syllables() -> frozenset[str]:
    """Syllables (lower case, NFC) that the legal code holds at least 25 times."""
    return frozenset(_costs())


def syllable_cost(word: str) -> float | None:
    """Negative logarithm (natural) of a syllable's share of the legal code, ``None`` for others.

    ``word`` in lower case, NFC. About 4 for the most frequent, 13 for the rarest.
    """
    return _costs().get(word)


@lru_cache(maxsize=2048)
def join_split_glyphs(text: str) -> str:
    """``text`` with the blanks inside split syllables dropped; nothing else is changed."""
    if not (_SIGN.search(text) or _has_part(text)):
        return text
    out: list[str] = []
    at = 0
    for start, end in _stretches(text):
        out.append(text[at:start])
        out.append(_joined(text[start:end]))
        at = end
    out.append(text[at:])
    return "".join(out)


def _has_part(text: str) -> bool:
    """Whether a beginning or an end of a syllable that is no syllable stands by itself."""
    if any(match[0].lower() not in _costs() for match in _TAIL.finditer(text)):
        return True
    for match in _HEAD.finditer(text):
        word = text[max(0, match.start() - _LONGEST) : match.end()].rpartition(" ")[2]
        if word.isalpha() and word.lower() not in _costs():
            return True
    return False


def _stretches(text: str) -> list[tuple[int, int]]:
    """Runs of words parted by single blanks that hold a piece which is no word by itself."""
    found: list[tuple[int, int]] = []
    tokens = list(_TOKEN.finditer(text))
    index = 0
    while index < len(tokens):
        last = index
        while last + 1 < len(tokens) and (
            text[tokens[last].end() : tokens[last + 1].start()] == " "
        ):
            last += 1
        words = [token.group() for token in tokens[index : last + 1]]
        if last > index and any(map(_is_piece, words)):
            found.append((tokens[index].start(), tokens[last].end()))
        index = last + 1
    return found


def _is_piece(word: str) -> bool:
    """Whether a short run of letters cannot stand alone, as "ng", "đ".

    Abbreviations ("TTHC", "KH") are capitals without an accent and count as words.
    """
    lower = word.lower()
    if len(word) > 4 or _costs().get(lower, _ALONE) < _ALONE - 2:
        return False
    if word.isupper() and len(word) > 1 and word.isascii():
        return False
    return len(word) == 1 or not (set(lower) & _VOWELS) or lower not in _costs()


def _joined(stretch: str) -> str:
    words = stretch.split(" ")
    count = len(words)
    cost = [0.0] + [math.inf] * count
    back = [0] * (count + 1)
    for end in range(1, count + 1):
        for start in range(max(0, end - _MOST_PIECES), end):
            pieces = words[start:end]
            here = cost[start] + _cost(pieces)
            if here < cost[end]:
                cost[end], back[end] = here, start
    out: list[str] = []
    end = count
    while end:
        out.append("".join(words[back[end] : end]))
        end = back[end]
    return " ".join(reversed(out))


def _cost(pieces: list[str]) -> float:
    word = "".join(pieces).lower()
    known = _costs().get(word)
    if len(pieces) == 1:
        if known is not None:
            return known
        return _ALONE if _is_piece(pieces[0]) else 6.0  # a name or an abbreviation
    if known is None or not any(map(_is_piece, pieces)):
        return math.inf
    return known + _JOIN * (len(pieces) - 1)
