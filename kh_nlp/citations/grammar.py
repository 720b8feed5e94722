"""The words and codes of the grammar, read from ``data/``: kinds, organs, bodies, phrases.

Nothing is known here that is not in a data file. Everything is looked up in *aligned* form: lower
case without accents, and exactly as long as the text it comes from, so that a position found in
it is a position in the text.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

# Cyrillic capitals that scraped texts print for Latin ones ("66/NQ-СР").
HOMOGLYPHS = dict(zip("АВЕКМНОРСТХ", "ABEKMHOPCTX", strict=True))


def _alignment() -> tuple[str, ...]:
    """One letter to one letter: every Latin letter of Unicode that has an accent, and Đ.

    A tuple indexed by code point: ``str.translate`` is twice as fast with it as with a dict.
    Characters behind its end stay what they are.
    """
    table = [chr(code) for code in range(0x2000)]
    for code in [*range(0x41, 0x5B), *range(0xC0, 0x250), *range(0x1E00, 0x1F00)]:
        base = unicodedata.normalize("NFD", chr(code))[0].lower()
        if base.isascii() and base.isalpha():
            table[code] = base
    for cyrillic, latin in HOMOGLYPHS.items():
        table[ord(cyrillic)] = latin.lower()
    for letter in "ĐđÐð":  # Ð (eth) is printed for Đ in scraped texts; neither decomposes
        table[ord(letter)] = "d"
    table[0xA0] = " "
    return tuple(table)


_ALIGNMENT = _alignment()


def align(text: str) -> str:
    """``text`` in lower case without accents, of the same length (unlike ``language.fold``)."""
    return text.translate(_ALIGNMENT)


def rows(name: str) -> list[dict[str, str]]:
    """The rows of one TSV file of ``data/``."""
    text = files("kh_nlp.citations").joinpath("data", name).read_text("utf-8")
    return list(csv.DictReader(text.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE))


def squeeze(text: str) -> str:
    """``text`` with every run of white space as one space."""
    return " ".join(text.split())


def pattern_of(phrase: str) -> str:
    """Regular expression for a phrase in aligned text, over line breaks and doubled spaces."""
    return r"\s+".join(re.escape(word) for word in align(phrase).split())


def choice(phrases: list[str]) -> str:
    """Alternation of phrases, the longest first, so that the longest wins."""
    unique = sorted({align(squeeze(p)) for p in phrases}, key=lambda p: (-len(p), p))
    return "|".join(pattern_of(phrase) for phrase in unique)


def starting(alternatives: Iterable[str], before: str = "a-z") -> str:
    """Alternation of patterns that match where no letter of the class ``before`` precedes them.

    The same as ``(?<![a-z])(?:…)``, but sorted by first letter, which is tested first: the engine
    then skips to the places where one of these letters stands, some three times as fast.
    """
    groups: dict[str, list[str]] = {}
    for alternative in alternatives:
        groups.setdefault(alternative[0], []).append(alternative[1:])
    return "|".join(
        rf"{first}(?<![{before}].)(?:{'|'.join(rests)})" for first, rests in groups.items()
    )


@dataclass(frozen=True, slots=True)
class Organ:
    """Who stands behind an organ code; ``local`` bodies are nobody without their place."""

    issuer: str | None
    local: bool


@dataclass(frozen=True, slots=True)
class Grammar:
    """All look-up tables. Keys are aligned, except those of the two tables of kinds by code."""

    state_kinds: dict[str, str]
    party_kinds: dict[str, str]
    codes: dict[str, str]
    organs: dict[str, Organ]
    organ_codes: dict[str, str]
    printed_kinds: dict[str, str]
    national: dict[str, str]
    local: dict[str, str]
    levels: dict[str, str]
    phrases: dict[str, tuple[tuple[str, str], ...]]

    def type_code(self, printed: str) -> str | None:
        """The code of a kind as ``kinds.tsv`` spells it, ``None`` if it is none.

        DA and ĐA, HD and HĐ are different codes; only what is no code as printed (ND, QD, TTR) is
        read as a misprint of one.
        """
        if printed in self.state_kinds or printed in self.party_kinds:
            return printed
        return self.codes.get(align(printed))


@cache
def grammar() -> Grammar:
    """The grammar of ``data/kinds.tsv``, ``organs.tsv`` and ``phrases.tsv`` (read once)."""
    state: dict[str, str] = {}
    party: dict[str, str] = {}
    codes: dict[str, str] = {}
    kinds: dict[str, str] = {}
    for row in rows("kinds.tsv"):
        (state if row["system"] == "state" else party)[row["code"]] = row["name"]
        codes.setdefault(align(row["code"]), row["code"])
        kinds[align(row["name"])] = row["name"]
    organs, organ_codes = {}, {}
    for row in rows("organs.tsv"):
        organs[align(row["code"])] = Organ(row["issuer"] or None, row["scope"] == "local")
        organ_codes[align(row["code"])] = row["code"]
    phrases: dict[str, list[tuple[str, str]]] = {}
    for row in rows("phrases.tsv"):
        phrases.setdefault(row["use"], []).append((row["phrase"], row["note"] or ""))
    for phrase, _ in phrases["kind"]:
        kinds[align(phrase)] = phrase[0].upper() + phrase[1:]
    national = {align(phrase): phrase for phrase, _ in phrases["national"]}
    for organ in organs.values():
        if organ.issuer and not organ.local:
            national[align(organ.issuer)] = organ.issuer
    return Grammar(
        state_kinds=state,
        party_kinds=party,
        codes=codes,
        organs=organs,
        organ_codes=organ_codes,
        printed_kinds=kinds,
        national=national,
        local={align(phrase): phrase for phrase, _ in phrases["local"]},
        levels={align(phrase): note for phrase, note in phrases["level"]},
        phrases={use: tuple(items) for use, items in phrases.items()},
    )
