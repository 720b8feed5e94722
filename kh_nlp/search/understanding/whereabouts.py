"""Provinces, places and levels in a query."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

from kh_nlp.language import fold, search_key, tokens
from kh_nlp.places import load_gazetteer, own_places
from kh_nlp.search.understanding.known import Known, spelled
from kh_nlp.search.understanding.typed import Typed, Understood
from kh_nlp.search.understanding.vocabulary import compiled, pairs, rows, words

_PREFIX = {
    "tỉnh": "tỉnh", "thành phố": "thành phố", "tp": "thành phố", "tp.": "thành phố",
}  # fmt: skip
AREAS = ("thị trấn", "thị xã", "thành phố", "đặc khu", "xã", "phường", "huyện", "quận", "tp")
LONGEST = 5
"""Syllables in the name of a place at most ("Bà Rịa - Vũng Tàu" has four)."""


def provinces(typed: Typed, known: Known) -> Iterator[Understood]:
    """Provinces of the gazetteer (old and new) and of the library.

    After "tỉnh" or "thành phố" in any spelling; alone only with its accents, and in capitals where
    the name is also a common word: "hoa binh" and "hòa bình" are peace.
    """
    first_words = _first_words(own_places())
    for index, token in enumerate(typed.tokens):
        start = token.start
        area = _prefix(typed, start)
        named = search_key(token.text) in first_words
        for count in range(LONGEST, 0, -1):
            end = typed.tokens[min(index + count, len(typed.tokens)) - 1].end
            if index + count > len(typed.tokens) or not typed.free(start, end):
                continue
            if area is None and not named:
                break
            name = _province(typed, start, end, area, known)
            if name is not None:
                first = start if area is None else area[0]
                yield typed.found("province", name, first, end, applied=True)
                break


@cache
def _first_words(extra: Path | None) -> frozenset[str]:
    """First words of provinces, as keys with accents."""
    names = (province.name for province in load_gazetteer(extra).provinces())
    return frozenset(token.text for name in names for token in [*tokens(search_key(name))][:1])


def _prefix(typed: Typed, start: int) -> tuple[int, str] | None:
    """Where "tỉnh", "thành phố" or "TP" before ``start`` begins, and which."""
    before = typed.key[:start].rstrip()
    for words_, kind in _PREFIX.items():
        if not before.endswith(typed.keyed(words_)):
            continue
        pattern = rf"(?:^|(?<=[\s(,;“\"])){re.escape(typed.keyed(words_))}\s*$"
        match = re.search(pattern, typed.key[:start])
        if match and typed.free(match.start(), start) and not _next_is(typed, start, kind):
            return match.start(), kind
    return None


def _next_is(typed: Typed, start: int, kind: str) -> bool:
    """Whether the next word makes another word of the kind: "tỉnh ủy", "tỉnh táo"."""
    following = typed.key[start:].split(maxsplit=1)[:1]
    return bool(following) and (following[0], typed.keyed(kind)) in pairs("after", typed.accented)


def _province(
    typed: Typed, start: int, end: int, area: tuple[int, str] | None, known: Known
) -> str | None:
    name = typed.text[start:end]
    if any(char.isdigit() or char in ",;:.?!/" for char in name.replace(".", "")):
        return None
    found = load_gazetteer(own_places()).province(f"{area[1]} {name}" if area else name)
    if area is not None:
        if found is None:
            return name if spelled(name) in known.provinces else None
        differs = search_key(name) != fold(name) and search_key(found.name) != search_key(name)
        return None if differs and _plain(found.name) == _plain(name) else found.name
    if found is None or search_key(found.name) != search_key(name):
        return None
    key = search_key(name)
    if key in words("prefixed", True) or _inside_longer(typed, start, end):
        return None
    shouted = typed.text.upper() == typed.text
    titled = not shouted and all(word[0].isupper() for word in name.split())
    if key in words("common", True) and not titled:
        return None
    return found.name


def _plain(name: str) -> str:
    return re.sub(r"\W+", " ", fold(name)).strip()


def _inside_longer(typed: Typed, start: int, end: int) -> bool:
    """Whether the name is part of another one: "sông Đồng Nai", "Điện Biên Phủ", "xã Hòa Bình"."""
    before = typed.key[:start].split()[-2:]
    if {" ".join(before), *before[-1:]} & words("longer", typed.accented):
        return True
    following = re.match(r"\s+(\w+)", typed.text[end:])
    titled = typed.text[start].isupper() and typed.text.upper() != typed.text
    return bool(titled and following and following[1][0].isupper() and following[1].istitle())


def places(typed: Typed, known: Known) -> Iterator[Understood]:
    """Communes and districts that issue plans of the library: "xã Quyết Thắng", "huyện Bãi Hạc"."""
    for match in _areas(typed.accented).finditer(typed.key):
        index = next((i for i, t in enumerate(typed.tokens) if t.start >= match.end()), None)
        kind = match[0].split()[-1]
        if index is None or (_word(typed, index), kind) in pairs("after", typed.accented):
            continue
        for count in range(LONGEST, 0, -1):
            last = typed.tokens[min(index + count, len(typed.tokens)) - 1]
            name = typed.text[match.start() : last.end]
            if index + count > len(typed.tokens) or not typed.free(match.start(), last.end):
                continue
            # "xã" alone is of every commune; accents must agree where they were typed.
            if known.place(name, accented=typed.accented):
                yield typed.found("place", name, match.start(), last.end, applied=True)
                break


@cache
def _areas(accented: bool) -> re.Pattern[str]:
    key = search_key if accented else fold
    return re.compile(rf"\b(?:{'|'.join(re.escape(key(area)) for area in AREAS)})\s+(?=\w)")


def _word(typed: Typed, index: int) -> str:
    return typed.keyed(typed.tokens[index].text)


_OF_PLANS = r"\b(?:kế\s+hoạch|văn\s+bản)(?:\s+(?:của|ở|tại))?\s+$"
_ASKS = r"\s+(?:nào|ban\s+hành|đã\s+ban\s+hành)\b"


# "các xã năm 2026", "2026, các xã"; not "cho các xã năm 2026".
_TO_YEAR, _FROM_YEAR = r"\s*,?\s*(?:trong\s+|vào\s+)?$", r"^\s*,?\s*(?:của\s+|ở\s+|tại\s+)?$"
_ADDRESSED = r"\b(?:cho|đến|tới|xuống|với|giao|và|hoặc|giữa|từ)\s+$"


def levels(typed: Typed, years: Sequence[Understood] = ()) -> Iterator[Understood]:
    """Levels: applied where they say whose plans are meant, else only proposed.

    "tập huấn cho công chức cấp xã" stands in plans of provinces too. Beside one of the ``years``
    that act, a level is a filter as they are.
    """
    for first, pattern, phrase, level in _level_patterns(typed.accented):
        if first not in typed.key:
            continue
        for match in pattern.finditer(typed.key):
            if not typed.free(*match.span()) or _other_word(typed, match, phrase):
                continue
            before, after = typed.key[: match.start()], typed.key[match.end() :]
            applied = bool(
                compiled(_OF_PLANS, typed.accented).search(before)
                or compiled(_ASKS, typed.accented).match(after)
                or phrase.endswith(" nào")
                or _beside(typed, match, phrase, years)
            )
            yield typed.found("level", level, *match.span(), applied=applied)


def _beside(typed: Typed, match: re.Match[str], phrase: str, years: Sequence[Understood]) -> bool:
    """Whether the level stands beside a year that acts, and nobody is addressed or described."""
    before = typed.key[: match.start()]
    if compiled(_ADDRESSED, typed.accented).search(before):
        return False
    if not phrase.startswith("các ") and before.strip():
        return False  # "công chức cấp xã năm 2026"
    return any(
        compiled(_TO_YEAR, typed.accented).fullmatch(typed.key[match.end() : year.start])
        if year.start >= match.end()
        else compiled(_FROM_YEAR, typed.accented).fullmatch(typed.key[year.end : match.start()])
        for year in years
        if year.applied
    )


@cache
def _level_patterns(accented: bool) -> tuple[tuple[str, re.Pattern[str], str, str], ...]:
    """(first word, pattern, words as printed, level) for each way to name a level."""
    key = search_key if accented else fold
    found: list[tuple[str, re.Pattern[str], str, str]] = []
    for row in rows("level"):
        if len(row) > 2 and not accented:
            continue
        words_ = [key(word) for word in re.split(r"[,\s]+", row[0])]
        body = r"(?:\s*,\s*|\s+)".join(map(re.escape, words_))
        pattern = re.compile(rf"(?<![\w-]){body}(?![\w-])")
        found.append((words_[0], pattern, row[0], row[1]))
    return tuple(found)


def _other_word(typed: Typed, match: re.Match[str], phrase: str) -> bool:
    """Whether it is no level: "các xã hội", "huyện đoàn", "ngân sách trung ương", "huyện X"."""
    after = re.match(r"\s+(\w+)", typed.text[match.end() :])
    before = typed.key[: match.start()].split()[-2:]
    ends = {typed.keyed(phrase.split()[-1]), typed.keyed(phrase)}
    if after:
        following = typed.keyed(after[1])
        if any((following, end) in pairs("after", typed.accented) for end in ends):
            return True
        if " " not in phrase and (after[1][0].isupper() or typed.text.isupper()):
            return True
    tails = {" ".join(before), *before[-1:]}
    return any((tail, end) in pairs("before", typed.accented) for tail in tails for end in ends)
