"""A query as typed, with the keys and the places that every part of understanding works on."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal, get_args

from kh_nlp.language import Token, fold, has_accents, nfc, search_key, tokens

UnderstoodKind = Literal[
    "year",
    "province",
    "place",
    "level",
    "issuer",
    "agency",
    "phrase",
    "exclude",
    "spelling",
]
KINDS: tuple[UnderstoodKind, ...] = get_args(UnderstoodKind)

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\ufeff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Understood:
    """What part of a query was taken to mean.

    ``value`` is written as the option of that kind takes it ("2021:2023", "commune"); ``text`` is
    ``query[start:end]`` of the NFC query. ``applied``: it acted as a filter (or was read that way);
    otherwise it is only proposed. ``dropped``: it would have left nothing found, so the answer was
    given without it.
    """

    kind: UnderstoodKind
    value: str
    text: str
    start: int
    end: int
    applied: bool
    dropped: bool = False


@dataclass(slots=True)
class Typed:
    """A query with its keys; stretches that are taken are not read a second time.

    ``key`` has the length of ``text``: with accents where the query was typed with them.
    """

    text: str
    accented: bool = field(init=False)
    key: str = field(init=False)
    tokens: list[Token] = field(init=False)
    taken: list[tuple[int, int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.accented = has_accents(self.text)
        self.key = search_key(self.text) if self.accented else fold(self.text)
        self.tokens = list(tokens(self.text))
        self.taken += [(token.start, token.end) for token in self.tokens if token.code]

    def keyed(self, words: str) -> str:
        """``words`` (or a pattern in lower case) in the spelling of ``key``."""
        return _keyed(words, self.accented)

    def free(self, start: int, end: int) -> bool:
        """Whether nothing in ``start:end`` is taken."""
        return all(end <= a or start >= b for a, b in self.taken)

    def take(self, start: int, end: int) -> None:
        """Mark a stretch as read."""
        self.taken.append((start, end))

    def found(
        self, kind: UnderstoodKind, value: str, start: int, end: int, *, applied: bool
    ) -> Understood:
        """A record of a stretch, which is taken by it."""
        self.take(start, end)
        return Understood(
            kind=kind,
            value=value,
            text=self.text[start:end],
            start=start,
            end=end,
            applied=applied,
        )


@lru_cache(maxsize=4096)  # the same few words are looked for in every query
def _keyed(words: str, accented: bool) -> str:
    return search_key(words) if accented else fold(words)


def clean(query: str, longest: int) -> str:
    """NFC text of a query, each control character a blank, cut to ``longest`` characters."""
    return _CONTROL.sub(" ", nfc(query))[:longest]
