"""Names of documents and topics, and the places where they stand in a text."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kh_nlp.language import expand, fold, fold_map, has_accents, search_key
from kh_nlp.model import Span
from kh_nlp.search.understanding.notation import cut_short, meant, written_out

if TYPE_CHECKING:
    from kh_nlp.citations import Entry, Registry

# What may stand between two words of a name: a line break, "2021 - 2030", a comma, a quotation.
_GAP = r"[\s,\-–“”\"]{1,5}"
# Not inside a longer word or number: "Đề án 06" is neither in "Đề án 061", nor in "06/ĐA-UBND",
# "06-ĐA/TU" or "06.1".
_LEFT, _RIGHT = r"(?<![\w/])", r"(?![\w/])(?![.,]\d)(?!\s?[-–]\s?[A-ZĐa-zđ]{1,6}/)(?!-\w)"


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a query stands for: keys of documents, and names under which they are spoken of.

    ``documents`` is false when the query is a topic: then ``names`` are the query's own words.
    """

    documents: bool
    keys: tuple[str, ...]
    names: tuple[str, ...]


def resolve(query: str, connection: sqlite3.Connection, registry: Registry) -> Meaning:
    """The documents that ``query`` names, else the topic that it is.

    A document is named by its key, its number (with every date under which it is known, unless the
    query has one), by the beginning of its number where plans cite one that begins so ("NQ 57",
    "Nghị định 61/2018"), or by a name of the registry standing anywhere in the query.
    """
    query = written_out(query)
    keys: dict[str, None] = {}
    entries: dict[str, Entry] = {}
    exact = registry.by_key(query) or registry.by_name(query)
    named = [exact] if exact is not None else list(_named_in(query, registry))
    for entry in named:
        entries[entry.key] = entry
    for key in _by_number(query, connection, registry):
        keys[key] = None
        if (known := registry.by_key(key)) is not None:
            entries[key] = known
    if not keys and not entries:
        for key in meant(cut_short(query), connection):
            keys[key] = None
            if (known := registry.by_key(key)) is not None:
                entries[key] = known
    if connection.execute("SELECT 1 FROM citations WHERE key = ? LIMIT 1", (query,)).fetchone():
        keys[query] = None
    keys = dict.fromkeys((*entries, *keys))
    if keys:
        names = (name for entry in entries.values() for name in (entry.title, *entry.aliases))
        return Meaning(True, tuple(keys), tuple(dict.fromkeys(names)))
    return Meaning(bool(_numbers(query)), (), (query, *expand(query)))


def _named_in(query: str, registry: Registry) -> Iterator[Entry]:
    """Documents whose name stands in a longer query; of names inside each other the longest."""
    folded = fold(query)
    found: list[tuple[int, int, Entry]] = []
    for entry in registry.entries():
        for name in (entry.title, *entry.aliases):
            words = fold(name).split()
            # Single words ("PAPI") in a longer question are its topic, not the document.
            if len(words) < 2 or not all(word in folded for word in words):
                continue
            if match := _pattern(words).search(folded):
                found.append((match.start(), match.end(), entry))
    for start, end, entry in found:
        others = (f for f in found if f[2].key != entry.key)
        if not any(s <= start and end <= e and e - s > end - start for s, e, _ in others):
            yield entry


def _numbers(query: str) -> list[tuple[str, str | None, str | None]]:
    """(number, date, key) of each document number in the query; the key where it is certain."""
    if not any(char.isdigit() for char in query):
        return []  # the grammar of citations takes half a second to load
    from kh_nlp.citations import document_key, find_mentions

    return [
        (m.number, m.issued_on, document_key(m.kind, m.number, m.issued_on, m.issuer))
        for m in find_mentions(query)
        if m.number
    ]


def _by_number(query: str, connection: sqlite3.Connection, registry: Registry) -> Iterator[str]:
    for number, issued_on, key in _numbers(query):
        if key is not None:
            yield key
            continue
        known = [(e.key, e.issued_on) for e in registry.by_number(number)]
        known += [
            (row["key"], row["issued_on"])
            for row in connection.execute(
                "SELECT DISTINCT key, issued_on, number FROM citations "
                "WHERE key IS NOT NULL AND number IS NOT NULL"
            )
            if _same_number(row["number"], number)
        ]
        for found, date in known:
            if issued_on is None or date is None or date == issued_on:
                yield found


def _same_number(one: str, other: str) -> bool:
    return _plain(one) == _plain(other)


def _plain(number: str) -> str:
    return re.sub(r"[\s.]", "", fold(number)).replace("–", "-").lstrip("0")


def _pattern(words: Iterable[str]) -> re.Pattern[str]:
    return re.compile(_LEFT + _GAP.join(re.escape(word) for word in words) + _RIGHT)


class Names:
    """Finder of names in texts.

    Names of documents are compared without accents, for those are often lost in them; a topic
    that was typed with accents is compared with accents ("hội" is not "hơi").
    """

    def __init__(self, meaning: Meaning) -> None:
        self._accents = not meaning.documents and any(map(has_accents, meaning.names))
        self._patterns = [
            _pattern(words) for name in meaning.names if (words := _words(name, self._accents))
        ]

    def find(self, text: str) -> list[Span]:
        """Where the names stand in NFC ``text``; names inside longer ones are left out."""
        if self._accents:
            key = search_key(text)
            spans = [m.span() for pattern in self._patterns for m in pattern.finditer(key)]
        else:
            key, offsets = fold_map(text)
            offsets.append(len(text))
            spans = [
                (offsets[m.start()], offsets[m.end()])
                for pattern in self._patterns
                for m in pattern.finditer(key)
            ]
        kept: list[Span] = []
        for start, end in sorted(spans, key=lambda span: (span[0], -span[1])):
            if not kept or end > kept[-1][1]:
                kept.append((start, end))
        return kept


def _words(name: str, accents: bool) -> list[str]:
    key = search_key(name) if accents else fold(name)
    return [word for word in re.split(r"[\s,\-–“”\"]+", key) if word]
