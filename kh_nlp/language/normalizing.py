"""Normal form of text and the two kinds of keys: folded (no accents) and tone-placed (accents)."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache


def nfc(text: str) -> str:
    """``text`` in Unicode normal form C (precomposed letters)."""
    return unicodedata.normalize("NFC", text)


class _FoldTable(dict[int, str]):
    """``str.translate`` table that works out a character when it is first met."""

    def __missing__(self, code: int) -> str:
        # Eth (Ð, U+00D0) is printed for Đ by old fonts; neither it nor đ decomposes.
        letters = unicodedata.normalize("NFD", chr(code).lower()).replace("đ", "d")
        folded = "".join(c for c in letters if unicodedata.category(c) != "Mn").replace("ð", "d")
        self[code] = folded
        return folded


_FOLD = _FoldTable()


def fold(text: str) -> str:
    """Lower-case key without accents (``Hoà`` and ``Hòa`` give ``hoa``), đ as d.

    The length may differ from that of ``text`` (decomposed input); use :func:`fold_map` where
    offsets are needed.
    """
    return text.translate(_FOLD)


def fold_map(text: str) -> tuple[str, list[int]]:
    """``fold(text)`` and, for each of its characters, the offset in ``text`` it comes from.

    A match ``folded[a:b]`` (``b > a``) stands in ``text`` from ``offsets[a]`` up to the next
    original character: ``offsets[b]`` when ``b < len(folded)``, else ``len(text)``. The end falls
    on a character boundary also for decomposed input, since marks fold to nothing.
    """
    pieces: list[str] = []
    offsets: list[int] = []
    for offset, char in enumerate(text):
        folded = _FOLD[ord(char)]
        pieces.append(folded)
        offsets.extend([offset] * len(folded))
    return "".join(pieces), offsets


# Tone marks as combining characters: grave, acute, tilde, hook above, dot below.
_TONES = "\u0300\u0301\u0303\u0309\u0323"
_VOWELS = "aăâeêioôơuưy"
_WORD = re.compile(r"[^\W\d_]+")
_SYLLABLE = re.compile(
    rf"(?P<onset>qu(?=[{_VOWELS}])|gi(?=[{_VOWELS}])|[bcdđghklmnpqrstvx]{{0,3}})"
    rf"(?P<nucleus>[{_VOWELS}]{{1,3}})(?P<coda>ch|nh|ng|[cmnpt])?"
)
# kĩ/kỹ, lí/lý, quí/quý, tỉ/tỷ: two spellings of one syllable, both common in these texts.
_I_OR_Y = re.compile(r"^(?:h|k|l|m|s|t|qu)i$")


def _tone_place(nucleus: str, coda: str | None) -> int:
    """Index of the vowel that carries the tone in the spelling of the older school (hòa, thủy)."""
    marked = [i for i, vowel in enumerate(nucleus) if vowel in "ăâêôơư"]
    if marked:
        return marked[-1]
    if coda:
        return len(nucleus) - 1
    return 1 if len(nucleus) == 3 else 0


@lru_cache(maxsize=65536)
def _place_tone(word: str) -> str:
    """One lower-case NFC word with its tone on the canonical vowel; other words unchanged."""
    decomposed = unicodedata.normalize("NFD", word)
    tones = [c for c in decomposed if c in _TONES]
    if len(tones) > 1:
        return word
    plain = nfc("".join(c for c in decomposed if c not in _TONES))
    syllable = _SYLLABLE.fullmatch(plain)
    if syllable is None:
        return word
    if _I_OR_Y.match(plain):
        plain = plain[:-1] + "y"
    if not tones:
        return plain
    onset, nucleus, coda = syllable["onset"], syllable["nucleus"], syllable["coda"]
    place = len(onset) + _tone_place(nucleus, coda)
    return nfc(plain[: place + 1] + tones[0] + plain[place + 1 :])


def _lower(text: str) -> str:
    # Per character: "İ".lower() is two characters and a key must keep the length of the text.
    lowered = text.lower()
    if len(lowered) == len(text):
        return lowered
    return "".join(c.lower() if len(c.lower()) == 1 else c for c in text)


def search_key(text: str) -> str:
    """Lower-case NFC key with one tone place and one of i/y, accents kept.

    ``hoà``/``hòa``, ``thuỷ``/``thủy``, ``uỷ``/``ủy``, ``quí``/``quý`` and ``kĩ``/``kỹ`` have
    equal keys. For keys only: printed text keeps its own spelling. ``len(search_key(t)) ==
    len(nfc(t))``, so offsets into a key are offsets into the NFC text.
    """

    def place(match: re.Match[str]) -> str:
        word = match[0]
        key = _place_tone(word)
        return key if len(key) == len(word) else word

    return _WORD.sub(place, _lower(nfc(text)))


def has_accents(text: str) -> bool:
    """Whether ``text`` was typed with Vietnamese accents.

    Document numbers and capital abbreviations do not count: ``nghi quyet 76/NQ-CP`` and ``quyet
    dinh 06/QĐ-TTg cua HĐND`` are unaccented queries although they hold a Đ.
    """
    from kh_nlp.language.tokens import tokens  # tokens builds on this module

    for token in tokens(nfc(text)):
        if token.code:
            continue
        lowered = token.text.lower()
        if lowered == fold(token.text):
            continue
        marks = unicodedata.normalize("NFD", token.text)
        if any(unicodedata.category(c) == "Mn" for c in marks) or not token.text.isupper():
            return True
    return False
