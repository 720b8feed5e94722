"""Phrases of a scheme found in text: by whole syllables, with accents, abbreviations as printed.

A phrase in capitals ("PCI", "AI") is an abbreviation and is found only so; "…" stands for up to
four syllables. Where a text has no accents at all, phrases of two syllables or more are found
without them. A phrase does not cross the end of a line, clause or sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from kh_nlp.language import Cut, fold, search_key
from kh_nlp.model import Span

Role = Literal["word", "head", "hint", "not"]

GAP = 4
"""Syllables that "…" may stand for."""

_MARKS = "⁰¹²³⁴⁵⁶⁷⁸⁹"
"""Marks of footnotes, printed at the end of a word."""

_NUMERO = ("số", "so")
_NUMBER = re.compile(r"\s+\d")

_BORDER = re.compile(r"[;\n]|[.:!?](?=\s)")
_PLACE = re.compile(r"…|[^\s…]+")


Keys = tuple[str | None, ...]
"""Keys of the syllables of a phrase, None for a gap."""

Target = tuple[int, Role]
"""The place of a topic in its scheme, and what the phrase is to it."""


@dataclass(frozen=True, slots=True)
class Hit:
    """The phrase ``keys`` of a topic stands at ``span`` of the text."""

    topic: int
    role: Role
    keys: Keys
    span: Span


@dataclass(frozen=True, slots=True)
class _Phrase:
    """``exact`` is the printed form to be met; ``targets`` are the topics that hold the phrase.

    ``rest`` are the keys after the second.
    """

    keys: Keys
    exact: str | None
    targets: tuple[Target, ...]
    gaps: bool
    rest: list[str | None]


class _Table:
    """Phrases by their first two syllables, and by the first where a gap or the end follows it."""

    def __init__(self, given: Mapping[tuple[Keys, str | None], Sequence[Target]]) -> None:
        self.singles: dict[str, list[_Phrase]] = {}
        self.pairs: dict[tuple[str, str], list[_Phrase]] = {}
        for (keys, exact), targets in given.items():
            phrase = _Phrase(
                keys, exact, tuple(dict.fromkeys(targets)), None in keys, list(keys[2:])
            )
            first, *rest = keys
            if rest and rest[0] is not None:
                self.pairs.setdefault((str(first), rest[0]), []).append(phrase)
            else:
                self.singles.setdefault(str(first), []).append(phrase)

    def find(self, words: list[str], keys: list[str]) -> list[tuple[_Phrase, int, int]]:
        """Phrases with the places of their first and last syllables."""
        found: list[tuple[_Phrase, int, int]] = []
        for phrases, places in (
            (map(self.singles.get, keys), 1),
            (map(self.pairs.get, pairwise(keys)), 2),
        ):
            for place, some in enumerate(phrases):
                if some is None:
                    continue
                for phrase in some:
                    size = len(phrase.keys)
                    last: int | None = place + size - 1
                    if phrase.gaps:
                        last = _match(phrase.keys, keys, place)
                    elif size > places and keys[place + 2 : place + size] != phrase.rest:
                        continue
                    if last is not None and (phrase.exact is None or words[place] == phrase.exact):
                        found.append((phrase, place, last))
        return found


class Phrases:
    """All phrases of a scheme, ready to be found."""

    def __init__(self, given: Iterable[tuple[int, Role, str]]) -> None:
        accented: dict[tuple[Keys, str | None], list[Target]] = {}
        folded: dict[tuple[Keys, str | None], list[Target]] = {}
        for topic, role, words in given:
            keys, exact = _read(words)
            accented.setdefault((keys, exact), []).append((topic, role))
            if exact is not None:
                folded.setdefault((keys, exact), []).append((topic, role))
            elif sum(key is not None for key in keys) > 1:
                plain = tuple(fold(key) if key is not None else None for key in keys)
                folded.setdefault((plain, None), []).append((topic, role))
        self._accented = _Table(accented)
        self._folded = _Table(folded)
        self._keys: dict[str, str] = {}

    def find(self, text: str) -> list[Hit]:
        """All hits in ``text`` (NFC)."""
        cut = Cut(text)
        words = cut.words
        keys = [self._keys.get(word) or self._key(word) for word in words]
        found = (self._folded if text.isascii() else self._accented).find(words, keys)
        if not found:
            return []
        hits: list[Hit] = []
        for phrase, first, last in found:
            span = (cut.span(first)[0], cut.span(last)[1])
            if first == last or not _BORDER.search(text, *span):
                hits += [Hit(topic, role, phrase.keys, span) for topic, role in phrase.targets]
        return [hit for hit in hits if hit.keys[-1] not in _NUMERO or not _numbers(text, hit)]

    def _key(self, word: str) -> str:
        key = search_key(word.rstrip(_MARKS) or word)
        if len(self._keys) < 200_000:
            self._keys[word] = key
        return key


def _numbers(text: str, hit: Hit) -> bool:
    """Whether the last "số" goes with a number: "Luật Hôn nhân và gia đình số 52/2014"."""
    return _NUMBER.match(text, hit.span[1]) is not None


def _match(wanted: tuple[str | None, ...], keys: list[str], place: int) -> int | None:
    """Place of the last syllable when ``wanted`` stands at ``place``."""
    at = place
    for index in range(1, len(wanted)):
        key = wanted[index]
        if key is None:
            continue
        at += 1
        if wanted[index - 1] is None:
            reach = keys[at : at + GAP + 1]
            if key not in reach:
                return None
            at += reach.index(key)
        elif at >= len(keys) or keys[at] != key:
            return None
    return at if at < len(keys) else None


def _read(words: str) -> tuple[Keys, str | None]:
    """Keys of a phrase, and its printed form where only that is meant."""
    keys: list[str | None] = []
    for piece in _PLACE.findall(words):
        if piece == "…":
            keys.append(None)
        else:
            keys += [search_key(word) for word in Cut(piece).words]
    while keys and keys[-1] is None:
        keys.pop()
    return tuple(keys), words if words.isupper() and len(keys) == 1 else None
