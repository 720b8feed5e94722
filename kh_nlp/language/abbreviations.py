"""Abbreviations of the genre (CCHC, UBND, DVCTT) and the alternatives they give to a query."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from kh_nlp.language.data import lines
from kh_nlp.language.normalizing import fold, fold_map, has_accents, nfc, search_key

_NOT_AFTER_LETTER = r"(?<![\w/&-])"
_NOT_BEFORE_LETTER = r"(?![\w/&-])"


@dataclass(frozen=True, slots=True)
class _Entry:
    short: str
    long: str
    exact: bool


@cache
def _entries() -> tuple[_Entry, ...]:
    rows = (nfc(line).split("\t") for line in lines("abbreviations.tsv"))
    return tuple(_Entry(row[0], row[1], "exact" in row[2:]) for row in rows)


@cache
def abbreviations() -> Mapping[str, tuple[str, ...]]:
    """Abbreviation -> what it stands for, in lower case, the most usual sense first."""
    table: dict[str, tuple[str, ...]] = {}
    for entry in _entries():
        table[entry.short] = (*table.get(entry.short, ()), entry.long)
    return MappingProxyType(table)


@cache
def stop_words() -> frozenset[str]:
    """Function words (lower-case NFC syllables) that do not deserve a highlight of their own."""
    return frozenset(nfc(line) for line in lines("stop_words.txt"))


@cache
def _short_forms() -> tuple[re.Pattern[str], Mapping[str, tuple[str, ...]]]:
    """Pattern over folded text that finds abbreviations, and folded abbreviation -> senses."""
    senses: dict[str, tuple[str, ...]] = {}
    for short, longs in abbreviations().items():
        key = fold(short)
        senses[key] = tuple(dict.fromkeys((*senses.get(key, ()), *longs)))
    return _whole(senses), senses


@cache
def _long_forms(folded: bool) -> tuple[re.Pattern[str], Mapping[str, str]]:
    """Pattern that finds full forms and full form -> abbreviation; both in key form.

    Commas and hyphens inside a full form may be missing in a query, so any run of blanks and
    punctuation between two of its words is accepted.
    """
    table: dict[str, str] = {}
    for entry in _entries():
        words = re.findall(r"\w+", fold(entry.long) if folded else search_key(entry.long))
        if len(words) > 1:
            table.setdefault(" ".join(words), entry.short)
    return _whole(table, gap=r"[\s,\-–]+"), table


def _whole(keys: Mapping[str, object], gap: str = " ") -> re.Pattern[str]:
    longest_first = sorted(keys, key=lambda key: (-len(key), key))
    body = "|".join(re.escape(key).replace(r"\ ", gap) for key in longest_first)
    return re.compile(f"{_NOT_AFTER_LETTER}(?:{body}){_NOT_BEFORE_LETTER}")


@cache
def _exact_only() -> frozenset[str]:
    return frozenset(entry.short for entry in _entries() if entry.exact)


def _spelled_out(text: str, sense: int) -> str:
    pattern, senses = _short_forms()
    folded, offsets = fold_map(text)
    pieces: list[str] = []
    done = 0
    for match in pattern.finditer(folded):
        start = offsets[match.start()]
        end = offsets[match.end()] if match.end() < len(offsets) else len(text)
        printed = text[start:end]
        longs = senses[match[0]]
        # "ai" is a word and "AI" is not; "hđnd" and "cds" are nothing else than abbreviations.
        exact = {fold(short): short for short in _exact_only()}.get(match[0])
        if exact is not None and printed != exact:
            continue
        pieces += [text[done:start], longs[min(sense, len(longs) - 1)]]
        done = end
    return "".join([*pieces, text[done:]])


def _shortened(text: str) -> str:
    folded = not has_accents(text)
    pattern, table = _long_forms(folded)
    if folded:
        key, offsets = fold_map(text)
    else:
        key, offsets = search_key(text), list(range(len(text)))
    pieces: list[str] = []
    done = 0
    for match in pattern.finditer(key):
        start = offsets[match.start()]
        end = offsets[match.end()] if match.end() < len(offsets) else len(text)
        pieces += [text[done:start], table[" ".join(re.findall(r"\w+", match[0]))]]
        done = end
    return "".join([*pieces, text[done:]])


def expand(text: str) -> list[str]:
    """Other ways to write ``text``: abbreviations spelled out, and full forms abbreviated.

    ``"CCHC năm 2026"`` gives ``["cải cách hành chính năm 2026"]`` and ``"cai cach hanh chinh"``
    gives ``["CCHC"]``. Abbreviations are found in any case and without accents (``ubnd``,
    ``cds``) unless they read as words. ``text`` itself is not among the results, which is empty
    when nothing in ``text`` is known; one alternative for each sense of an ambiguous one.
    """
    text = nfc(text)
    most = max(len(longs) for longs in abbreviations().values())
    found = [_spelled_out(text, sense) for sense in range(most)]
    found.append(_shortened(text))
    return [other for other in dict.fromkeys(found) if other != text]
