"""Word segmentation behind one door: underthesea where it works, single syllables elsewhere."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

from kh_nlp.language.normalizing import fold, nfc
from kh_nlp.language.tokens import scan

_BLANKS = re.compile(r"\s+")


@cache
def _tokenizer() -> Callable[[str], list[str]] | None:
    try:
        from underthesea import word_tokenize
    except Exception:  # a broken install is as good as none: syllables still serve
        return None
    return word_tokenize  # type: ignore[no-any-return]


def _words(piece: str) -> list[str]:
    """Words of text without codes; falls back to printed syllables and marks."""
    tokenizer = _tokenizer()
    if tokenizer is not None:
        try:
            words = _as_printed(tokenizer(piece), piece)
        except Exception:  # odd input crashes some of its versions
            words = []
        if words:
            return words
    return [token.text for _, token in scan(piece)]


def _as_printed(words: list[str], piece: str) -> list[str]:
    """``words`` in the spelling of ``piece``; empty when they are not the same letters.

    underthesea moves tone marks (hoà becomes hòa) on its way, and some versions drop odd signs.
    """
    letters = _BLANKS.sub("", piece)
    if fold(_BLANKS.sub("", "".join(words))) != fold(letters):
        return []
    source = iter(letters)
    return [
        "".join(" " if char == " " else next(source) for char in _BLANKS.sub(" ", word.strip()))
        for word in words
        if word.strip()
    ]


def segment(text: str) -> list[str]:
    """Words of ``text`` as printed, the syllables of one word joined by a blank.

    ``"cải cách hành chính"`` gives ``["cải cách", "hành chính"]``. Document numbers and dates are
    one word each, punctuation marks are words, case is kept. Where underthesea is missing, fails
    or would change the text, each syllable is a word of its own. The first call imports
    underthesea (seconds); no network is used.
    """
    text = nfc(text)
    words: list[str] = []
    done = 0
    for _, token in scan(text):
        if not token.code:
            continue
        if text[done : token.start].strip():
            words += _words(text[done : token.start])
        words.append(token.text)
        done = token.end
    if text[done:].strip():
        words += _words(text[done:])
    return words
