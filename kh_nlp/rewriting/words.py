"""The words of a text as the guard compares them, and the lexicon it knows."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from kh_nlp.language import expand, nfc, search_key

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_SENTENCE_ENDS = re.compile(r"[.!?…:;\n“\"(\[•|]|^\s*[-+*]")


@cache
def lexicon() -> dict[str, Any]:
    """``data/guard.toml``."""
    return tomllib.loads(files("kh_nlp.rewriting").joinpath("data/guard.toml").read_text("utf-8"))


@cache
def phrases(section: str, name: str) -> tuple[str, ...]:
    """A list of the lexicon, the longest phrases first."""
    return tuple(sorted(lexicon()[section][name], key=len, reverse=True))


@cache
def alternatives(section: str, *names: str) -> str:
    """Phrases of the lexicon as one regular expression, the longest first."""
    found = {phrase for name in names for phrase in lexicon()[section][name]}
    return "|".join(re.escape(phrase) for phrase in sorted(found, key=len, reverse=True))


@dataclass(frozen=True, slots=True)
class Word:
    """A word at ``start:end``; ``key`` in lower case. ``opens``: first of a sentence, clause or
    quotation; ``joined``: nothing but blanks between it and the word before.
    """

    text: str
    key: str
    start: int
    end: int
    opens: bool
    joined: bool

    @property
    def capital(self) -> bool:
        """Whether it begins with a capital letter."""
        return self.text[0].isupper()


@lru_cache(maxsize=512)
def words(text: str) -> tuple[Word, ...]:
    """The words and numbers of ``text`` in order."""
    found = []
    done = 0
    for match in _WORD.finditer(text):
        between = text[done : match.start()]
        found.append(
            Word(
                text=match[0],
                key=search_key(match[0]),
                start=match.start(),
                end=match.end(),
                opens=done == 0 or _SENTENCE_ENDS.search(between) is not None,
                joined=done > 0 and not between.strip(),
            )
        )
        done = match.end()
    return tuple(found)


_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", " " * 10)


def plain(text: str) -> str:
    """``text`` of the same length without the marks of footnotes, which read as figures."""
    return text.translate(_SUPERSCRIPTS)


class Sources:
    """Sentences that a rewriting may draw on, in the spellings in which it may repeat them."""

    def __init__(self, texts: Sequence[str]) -> None:
        self.texts = tuple(plain(nfc(text)) for text in texts if text.strip())
        spellings = [spelling for text in self.texts for spelling in (text, *expand(text))]
        self.keys = tuple(f" {key(spelling)} " for spelling in dict.fromkeys(spellings))
        self._capitals = {word.text for text in self.texts for word in words(text) if word.capital}

    def has(self, phrase: str) -> bool:
        """Whether the words of ``phrase`` stand side by side in a source, in any case."""
        wanted = f" {key(phrase)} "
        return any(wanted in text for text in self.keys)

    def has_capital(self, word: str) -> bool:
        """Whether a source prints ``word`` with these very capitals."""
        return word in self._capitals


@lru_cache(maxsize=4096)
def key(text: str) -> str:
    """The words of ``text`` in lower case, joined by single blanks; leading zeros dropped."""
    return " ".join(word.key.lstrip("0") or "0" for word in words(text))
