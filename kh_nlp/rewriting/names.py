"""Names in a text: capitals, bodies, abbreviations and quotations that no source has."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache

from kh_nlp.language import abbreviations, stop_words
from kh_nlp.places import communes, districts, province
from kh_nlp.places.names import KINDS
from kh_nlp.rewriting.records import Kind
from kh_nlp.rewriting.words import Sources, Word, lexicon, words

_QUOTED = re.compile(r"[“\"]([^“”\"\n]{2,200})[”\"]")
_ADDRESS = re.compile(r"\b(?:https?://|www\.)\S*[\w/]|\S+@\S+\.\w+", re.IGNORECASE)
_PLACE_WORDS = frozenset(KINDS.values()) | {"thôn", "làng", "bản", "ấp", "buôn", "chợ", "sông"}


@dataclass(frozen=True, slots=True)
class Name:
    """A name that no source has, at ``start:end``."""

    kind: Kind
    start: int
    end: int


@cache
def _phrases(name: str) -> frozenset[str]:
    return frozenset(lexicon()["bodies"][name])


def foreign_names(output: str, sources: Sources, taken: tuple[tuple[int, int], ...]) -> list[Name]:
    """Names of ``output`` outside the ``taken`` stretches that the sources do not have."""
    tokens = _outside(words(output), taken)
    found = [
        *_bodies(tokens, sources),
        *_runs(tokens, sources),
        *_capitals(tokens, sources),
        *(
            Name("name", match.start(), match.end())
            for match in _QUOTED.finditer(output)
            if not sources.has(match[1])
        ),
        *(
            Name("name", match.start(), match.end())
            for match in _ADDRESS.finditer(output)
            if not any(match[0] in text for text in sources.texts)
        ),
    ]
    return _apart(found)


def _outside(tokens: tuple[Word, ...], taken: tuple[tuple[int, int], ...]) -> tuple[Word, ...]:
    """The words outside the ``taken`` stretches; none is joined to a word over such a stretch."""
    kept: list[Word] = []
    skipped = False
    for word in tokens:
        if any(a < word.end and word.start < b for a, b in taken):
            skipped = True
            continue
        kept.append(replace(word, joined=False) if skipped else word)
        skipped = False
    return tuple(kept)


def _apart(found: list[Name]) -> list[Name]:
    """Of names that overlap the first found only."""
    kept: list[Name] = []
    for name in found:
        if not any(name.start < other.end and other.start < name.end for other in kept):
            kept.append(name)
    return kept


def _phrase(tokens: tuple[Word, ...], at: int, size: int) -> str | None:
    """``size`` words from ``at`` on with only blanks between them."""
    piece = tokens[at : at + size]
    if len(piece) < size or not all(word.joined for word in piece[1:]):
        return None
    return " ".join(word.key for word in piece)


def _bodies(tokens: tuple[Word, ...], sources: Sources) -> Iterator[Name]:
    """Bodies that the sources do not name: "công an" in any case, "Sở Tài" with a capital."""
    for at, word in enumerate(tokens):
        for size in (4, 3, 2):
            phrase = _phrase(tokens, at, size)
            if phrase in _phrases("named") and not sources.has(phrase or ""):
                yield Name("body", word.start, tokens[at + size - 1].end)
                break
        if not word.capital or word.key not in _phrases("heads"):
            continue
        pair = _phrase(tokens, at, 2)
        if pair is None or pair in _phrases("not_heads") or _bare(tokens, at, sources):
            continue
        if not sources.has(pair):
            end = at + 1
            while end + 1 < len(tokens) and tokens[end + 1].joined and tokens[end + 1].capital:
                end += 1
            yield Name("body", word.start, tokens[end].end)


def _bare(tokens: tuple[Word, ...], at: int, sources: Sources) -> bool:
    """Whether the word for a kind of body stands alone, as in the sources ("Sở cũng lập …")."""
    head, follower = tokens[at], tokens[at + 1]
    if follower.capital or not sources.has_capital(head.text):
        return False
    return head.key in _phrases("named_in_capitals") or follower.key in stop_words()


def _runs(tokens: tuple[Word, ...], sources: Sources) -> Iterator[Name]:
    """Two or more capitalised words in a row."""
    at = 0
    while at < len(tokens):
        end = at
        while end < len(tokens) and tokens[end].capital and (end == at or tokens[end].joined):
            end += 1
        if end - at > 1:
            run = tokens[at:end]
            kept = run[1:] if run[0].opens and not _known(run, sources) else run
            if not _known(kept, sources):
                yield Name(_kind(tokens, at, kept), kept[0].start, kept[-1].end)
            elif (wrong := _other_kind(tokens, at, run, sources)) is not None:
                yield wrong
        at = max(end, at + 1)


def _known(run: tuple[Word, ...], sources: Sources) -> bool:
    if len(run) == 1:
        return sources.has_capital(run[0].text) or " ".join(w.key for w in run) in _phrases(
            "harmless"
        )
    return sources.has(" ".join(word.text for word in run))


def _other_kind(
    tokens: tuple[Word, ...], at: int, run: tuple[Word, ...], sources: Sources
) -> Name | None:
    """A place that the sources call otherwise: "xã Bến Hạc" for "phường Bến Hạc"."""
    for size in (2, 1):
        kind = _phrase(tokens, at - size, size) if at >= size and run[0].joined else None
        if kind not in KINDS.values():
            continue
        printed = " ".join(word.text for word in run)
        if sources.has(f"{kind} {printed}"):
            return None
        others = [
            other for other in set(KINDS.values()) - {kind} if sources.has(f"{other} {printed}")
        ]
        return Name("place", tokens[at - size].start, run[-1].end) if others else None
    return None


def _capitals(tokens: tuple[Word, ...], sources: Sources) -> Iterator[Name]:
    """Single capitalised words inside a sentence, and abbreviations anywhere."""
    for at, word in enumerate(tokens):
        if not word.capital or word.text.isdigit():
            continue
        mixed = len(word.text) > 1 and any(c.isupper() or c.isdigit() for c in word.text[1:])
        if mixed:
            if not _abbreviated(word, sources):
                yield Name("name", word.start, word.end)
            continue
        if word.opens:
            continue
        before = at > 0 and word.joined and tokens[at - 1].capital
        follower = tokens[at + 1] if at + 1 < len(tokens) and tokens[at + 1].joined else None
        if before or (follower is not None and follower.capital):
            continue  # part of a run
        if follower is not None:
            pair = f"{word.text} {follower.text}"
            if sources.has(pair) or pair.lower() in _phrases("harmless"):
                continue
        if not sources.has_capital(word.text):
            yield Name("name", word.start, word.end)


def _abbreviated(word: Word, sources: Sources) -> bool:
    """Whether a source has the abbreviation or what it stands for."""
    return sources.has(word.text) or any(
        sources.has(sense) for sense in abbreviations().get(word.text, ())
    )


def _kind(tokens: tuple[Word, ...], at: int, run: tuple[Word, ...]) -> Kind:
    name = " ".join(word.text for word in run)
    before = {_phrase(tokens, at - size, size) for size in (1, 2) if at >= size and run[0].joined}
    if before & _PLACE_WORDS or run[0].key in _PLACE_WORDS:
        return "place"
    if before & _phrases("titles") or run[0].key in _phrases("surnames"):
        return "name"
    return "place" if province(name) or districts(name) or communes(name) else "name"
