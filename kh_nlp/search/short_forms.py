"""Abbreviations that the plans of a library define: "cải cách hành chính (CCHC)".

Read from the passages once for each state of the library, kept beside it in ``short_forms.json``
(only what is new is read again) and in memory; a folder that cannot be written is no obstacle.
"""

from __future__ import annotations

import json
import os
import re
import sqlite3
import threading
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from kh_nlp.language import abbreviations, fold, has_accents, nfc, search_key
from kh_nlp.library import Library

FILE = "short_forms.json"
FORMAT = 1

_SHORT = r"[A-ZĐ][A-ZĐ0-9&-]{1,9}"
_DEFINED = re.compile(
    rf"\(\s*(?:(?:sau\s+đây\s+)?(?:được\s+)?(?:gọi|viết)(?:\s+(?:chung|tắt))?(?:\s+là)?\s*:?\s*)?"
    rf"[“\"]?(?P<short>{_SHORT})[”\"]?\s*\)"
)
_LETTERS = re.compile(r"[A-ZĐ]")
_WORD = re.compile(r"[^\W\d_]+")
_SMALL = frozenset({"và", "của", "các", "về", "cho", "trong", "theo", "ở", "tại"})
_REACH = 120  # characters before the bracket


def defined(text: str) -> Iterator[tuple[str, str]]:
    """(short, long) for each definition whose initials agree: "bảo vệ môi trường (BVMT)"."""
    for match in _DEFINED.finditer(text):
        before = text[max(0, match.start() - _REACH) : match.start()]
        stretch = re.split(r"[.;:()\n“”\"]", before)[-1]
        long = _long_form(match["short"], stretch)
        if long is not None:
            yield match["short"], long


def _long_form(short: str, stretch: str) -> str | None:
    """The end of ``stretch`` whose initials are the letters of ``short``; small words may lack."""
    letters = [letter.lower() for letter in _LETTERS.findall(short)]
    words = list(_WORD.finditer(stretch))
    place = len(words) - 1
    start = -1
    for letter in reversed(letters):
        while place >= 0 and _skipped(words[place][0], letter):
            place -= 1
        if place < 0 or _initial(words[place][0]) != letter:
            return None
        start = words[place].start()
        place -= 1
    if len(letters) < 2:
        return None
    return " ".join(stretch[start:].split()).lower()


def _skipped(word: str, letter: str) -> bool:
    return word.lower() in _SMALL and _initial(word) != letter


def _initial(word: str) -> str:
    first = word[0].lower()
    return first if first == "đ" else fold(first)


class ShortForms:
    """Short forms of one library and what they stand for; those of the data file are left out."""

    def __init__(self, pairs: Iterable[tuple[str, str]] = ()) -> None:
        known: dict[str, set[str]] = {}
        for short, longs in abbreviations().items():
            known.setdefault(fold(short), set()).update(_plain(fold(long)) for long in longs)
        self._longs: dict[str, list[str]] = {}
        self._shorts: dict[str, str] = {}
        counts = Counter(pairs)
        for (short, long), _ in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
            if _plain(fold(long)) in known.get(fold(short), ()):
                continue
            held = self._longs.setdefault(short, [])
            if _plain(search_key(long)) not in {_plain(search_key(other)) for other in held}:
                held.append(long)
            self._shorts.setdefault(_plain(search_key(long)), short)
            self._shorts.setdefault(_plain(fold(long)), short)
        # Words of the longest phrase that begins with a word.
        self._most: dict[str, int] = {}
        for phrase in map(str.split, self._shorts):
            if phrase:
                self._most[phrase[0]] = max(len(phrase), self._most.get(phrase[0], 0))

    def all(self) -> Mapping[str, tuple[str, ...]]:
        """Short form -> long forms, those of most plans first."""
        return {short: tuple(longs) for short, longs in self._longs.items()}

    def long(self, word: str) -> tuple[str, ...]:
        """What a word stands for: as printed, or in small letters if it has no vowel."""
        if word in self._longs:
            return tuple(self._longs[word])
        if word.islower() and len(word) > 2 and not re.search(r"[aeiouyăâêôơư]", fold(word)):
            for short, longs in self._longs.items():
                if fold(short) == fold(word):
                    return tuple(longs)
        return ()

    def shortened(self, text: str) -> Iterator[tuple[int, int, str]]:
        """(start, end, short) for each long form that stands in NFC ``text``, longest first."""
        if not self._shorts:
            return
        key = search_key(text) if has_accents(text) else fold(text)
        words = list(_WORD.finditer(key))
        done = 0
        for first in range(len(words)):
            most = self._most.get(words[first][0], 0)
            for last in range(min(len(words), first + most), first + 1, -1):
                phrase = " ".join(word[0] for word in words[first:last])
                short = self._shorts.get(phrase)
                if short is not None and words[first].start() >= done:
                    done = words[last - 1].end()
                    yield words[first].start(), done, short
                    break


def _plain(key: str) -> str:
    return " ".join(_WORD.findall(key))


_memory: dict[str, tuple[str, ShortForms]] = {}
_guard = threading.Lock()


def short_forms(library: Library, connection: sqlite3.Connection) -> ShortForms:
    """The short forms of a library as the view of ``connection`` shows it."""
    place = os.path.realpath(library.path)
    row = connection.execute("SELECT value FROM manifest WHERE key = 'generation'").fetchone()
    generation = str(row[0]) if row else ""
    with _guard:
        held = _memory.get(place)
    if held is not None and held[0] == generation:
        return held[1]
    file = library.path / FILE
    stored = _stored(file)
    if stored.get("generation") != generation:
        stored = _read_again(connection, stored, generation)
        _keep(file, stored)
    found = ShortForms((short, long) for _, short, long in stored["found"])
    with _guard:
        _memory[place] = (generation, found)
    return found


def _stored(file: Path) -> dict[str, Any]:
    try:
        data = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return data if isinstance(data, dict) and data.get("format") == FORMAT else {}


def _read_again(
    connection: sqlite3.Connection, stored: dict[str, Any], generation: str
) -> dict[str, Any]:
    """What is stored less the passages that are gone, and what newer passages define."""
    read = int(stored.get("read", 0))  # ids of passages are never used twice
    live = {row[0] for row in connection.execute("SELECT id FROM passages")}
    found = [item for item in stored.get("found", ()) if item[0] in live]
    for row in connection.execute(
        "SELECT id, text FROM passages WHERE id > ? AND instr(text, '(') > 0 ORDER BY id", (read,)
    ):
        found += [[row["id"], short, long] for short, long in defined(nfc(row["text"]))]
    return {
        "format": FORMAT,
        "generation": generation,
        "read": max(live, default=0),
        "found": found,
    }


def _keep(file: Path, stored: dict[str, Any]) -> None:
    draft = file.with_name(f"{file.name}.{os.getpid()}.{threading.get_ident()}.new")
    try:
        draft.write_text(json.dumps(stored, ensure_ascii=False), encoding="utf-8")
        draft.replace(file)
    except OSError:
        with suppress(OSError):
            draft.unlink()
