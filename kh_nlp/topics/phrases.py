"""Phrases of a scheme found in text: by whole syllables, with accents, abbreviations as printed.

A phrase in capitals ("PCI", "AI") is an abbreviation and is found only so; "…" stands for up to
four syllables. Where a text has no accents at all, phrases of two syllables or more are found
without them. A phrase does not cross the end of a line, clause or sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from kh_nlp.language import fold, located, scanned, search_key
from kh_nlp.model import Span

Role = Literal["word", "head", "hint", "not"]

GAP = 4
"""Syllables that "…" may stand for."""

_BORDER = re.compile(r"[;\n]|[.:!?](?=\s)")
_PLACE = re.compile(r"…|[^\s…]+")


@dataclass(frozen=True, slots=True)
class Phrase:
    """``keys`` of its syllables, None for a gap; ``exact`` is the printed form to be met."""

    topic: int
    role: Role
    keys: tuple[str | None, ...]
    exact: str | None


@dataclass(frozen=True, slots=True)
class Hit:
    """``phrase`` stands at ``span`` of the text."""

    phrase: Phrase
    span: Span


class Phrases:
    """All phrases of a scheme by their first syllable."""

    def __init__(self, given: Sequence[tuple[int, Role, str]]) -> None:
        self._accented: dict[str, list[Phrase]] = {}
        self._folded: dict[str, list[Phrase]] = {}
        self._keys: dict[str, str] = {}
        for topic, role, words in given:
            phrase = _read(topic, role, words)
            self._accented.setdefault(str(phrase.keys[0]), []).append(phrase)
            if phrase.exact is None and sum(key is not None for key in phrase.keys) > 1:
                keys = tuple(fold(key) if key is not None else None for key in phrase.keys)
                plain = Phrase(topic, role, keys, None)
                self._folded.setdefault(str(keys[0]), []).append(plain)
            elif phrase.exact is not None:
                self._folded.setdefault(str(phrase.keys[0]), []).append(phrase)

    def find(self, text: str) -> list[Hit]:
        """All hits in ``text`` (NFC), by their place."""
        words, numbers = scanned(text)
        known = self._keys
        keys: list[str] = []
        for word in words:
            key = known.get(word)
            if key is None:
                key = search_key(word)
                if len(known) < 200_000:
                    known[word] = key
            keys.append(key)
        table = self._folded if text.isascii() else self._accented
        first = [place for place, key in enumerate(keys) if key in table]
        if not first:
            return []
        found: list[tuple[Phrase, int, int]] = []
        for place in first:
            for phrase in table[keys[place]]:
                last = _match(phrase.keys, keys, place)
                if last is not None and (phrase.exact is None or words[place] == phrase.exact):
                    found.append((phrase, place, last))
        if not found:
            return []
        spans = located(text, words, numbers)
        return list(_inside(text, found, spans))


def _inside(
    text: str, found: list[tuple[Phrase, int, int]], spans: list[Span]
) -> Iterator[Hit]:
    for phrase, place, last in found:
        start, end = spans[place][0], spans[last][1]
        if place == last or not _BORDER.search(text, start, end):
            yield Hit(phrase, (start, end))


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


def _read(topic: int, role: Role, words: str) -> Phrase:
    keys: list[str | None] = []
    for piece in _PLACE.findall(words):
        if piece == "…":
            keys.append(None)
        else:
            keys += [search_key(word) for word in scanned(piece)[0]]
    while keys and keys[-1] is None:
        keys.pop()
    exact = words if words.isupper() and len(keys) == 1 else None
    return Phrase(topic, role, tuple(keys), exact)
