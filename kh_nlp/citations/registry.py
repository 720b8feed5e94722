"""The registry: documents that many plans cite, with their names, and the lookup in it.

``data/registry.jsonl`` holds one document a line; ``data/laws.tsv`` adds the official numbers of
laws. Users extend both with a JSON Lines file of their own (same keys; a row with a known key
replaces ours).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from kh_nlp.citations.grammar import rows
from kh_nlp.citations.keys import document_key, number_key
from kh_nlp.errors import InputError
from kh_nlp.language import abbreviations, fold
from kh_nlp.model import Document

_SHORT = re.compile(r"\b[A-ZĐ]{3,8}\b")
_TAIL = re.compile(
    r"(?: (?:cua|do) (?:chinh phu|thu tuong chinh phu|thu tuong)(?: ban hanh| phe duyet)?)$"
)


@lru_cache(maxsize=16384)
def name_key(name: str) -> str:
    """What two spellings of one name share: abbreviations spelled out, folded, no punctuation."""

    def spelled(match: re.Match[str]) -> str:
        senses = abbreviations().get(match[0])
        return senses[0] if senses else match[0]

    key = re.sub(r"[^a-z0-9]+", " ", fold(_SHORT.sub(spelled, name))).strip()
    return _TAIL.sub("", key)


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where the facts of a row are printed: a file of the reference texts and its words."""

    file: str
    quote: str


@dataclass(frozen=True, slots=True)
class Change:
    """What a document does to an older one, as a text states it.

    ``number`` is the older document's; ``since`` is the ISO day from which the text says it holds,
    ``None`` where it names no day. What no text states is unknown, never "still in force".
    """

    number: str
    since: str | None
    evidence: Evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One document of the registry. ``period`` is like ``2021-2030``; ``issued_on`` is ISO."""

    key: str
    kind: str
    number: str
    issued_on: str
    issuer: str
    title: str
    period: str | None = None
    aliases: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    replaces: tuple[Change, ...] = ()
    amends: tuple[Change, ...] = ()

    def document(self) -> Document:
        """The record that a resolved citation carries."""
        return Document(
            key=self.key,
            number=self.number,
            issued_on=self.issued_on,
            issuer=self.issuer,
            title=self.title,
            origin="registry",
        )


class Registry:
    """Documents by key, by number and by name. Unambiguous or nothing: two candidates give none."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        """``entries`` in order; a later one replaces an earlier one with the same key."""
        self._by_key = {entry.key: entry for entry in entries}
        self._by_number: dict[str, list[Entry]] = {}
        self._by_name: dict[str, list[Entry]] = {}
        self._replaced: dict[str, list[tuple[Entry, Change]]] = {}
        self._amended: dict[str, list[tuple[Entry, Change]]] = {}
        for entry in self._by_key.values():
            for changes, table in (
                (entry.replaces, self._replaced),
                (entry.amends, self._amended),
            ):
                for change in changes:
                    table.setdefault(number_key(change.number).upper(), []).append((entry, change))
            self._by_number.setdefault(number_key(entry.number).upper(), []).append(entry)
            for name in {name_key(n) for n in (entry.title, *entry.aliases)}:
                self._by_name.setdefault(name, []).append(entry)

    def __len__(self) -> int:
        return len(self._by_key)

    def entries(self) -> tuple[Entry, ...]:
        """All documents, in order."""
        return tuple(self._by_key.values())

    def by_key(self, key: str) -> Entry | None:
        """The document with this key."""
        return self._by_key.get(key)

    def by_number(self, number: str) -> tuple[Entry, ...]:
        """All documents with this number, whatever their date or body."""
        return tuple(self._by_number.get(number_key(number).upper(), ()))

    def replaced_by(self, number: str) -> tuple[tuple[Entry, Change], ...]:
        """The documents that a text says replace this number, with what that text states."""
        return tuple(self._replaced.get(number_key(number).upper(), ()))

    def amended_by(self, number: str) -> tuple[tuple[Entry, Change], ...]:
        """The documents that a text says amend this number, with what that text states."""
        return tuple(self._amended.get(number_key(number).upper(), ()))

    def by_name(
        self, name: str, *, year: int | None = None, issued_on: str | None = None
    ) -> Entry | None:
        """The only document of this name (title or alias), of that year or day if given."""
        found = self._by_name.get(name_key(name), ())
        if issued_on:
            found = [entry for entry in found if entry.issued_on == issued_on]
        elif year:
            found = [entry for entry in found if entry.issued_on[:4] == str(year)]
        return found[0] if len(found) == 1 else None


def _entry(row: Mapping[str, Any]) -> Entry:
    return Entry(
        key=row["key"],
        kind=row["kind"],
        number=row["number"],
        issued_on=row["issued_on"],
        issuer=row["issuer"],
        title=row["title"],
        period=row.get("period"),
        aliases=tuple(row.get("aliases", ())),
        evidence=tuple(map(_evidence, row.get("evidence", ()))),
        replaces=tuple(map(_change, row.get("replaces", ()))),
        amends=tuple(map(_change, row.get("amends", ()))),
    )


def _evidence(row: Mapping[str, Any]) -> Evidence:
    return Evidence(row["file"], row["quote"])


def _change(row: Mapping[str, Any]) -> Change:
    return Change(row["number"], row.get("since"), _evidence(row["evidence"]))


def _entries(lines: str, source: str) -> Iterable[Entry]:
    for count, line in enumerate(lines.splitlines(), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            row.setdefault(
                "key", document_key(row["kind"], row["number"], row["issued_on"], row["issuer"])
            )
            yield _entry(row)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise InputError(
                f"{source}, dòng {count}: không đọc được văn bản trong danh mục ({error})."
            ) from error


def _laws() -> Iterable[Entry]:
    for row in rows("laws.tsv"):
        issuer = "Ủy ban Thường vụ Quốc hội" if "UBTVQH" in row["number"] else "Quốc hội"
        key = document_key(row["kind"], row["number"], row["issued_on"], issuer)
        if key is None:
            continue
        name = row["name"]
        title = f"{row['kind']} {name}"
        lowered = f"{row['kind']} {name[0].lower()}{name[1:]}" if name.startswith("Sửa") else title
        yield Entry(
            key=key,
            kind=row["kind"],
            number=row["number"],
            issued_on=row["issued_on"],
            issuer=issuer,
            title=lowered,
        )


@cache
def _bundled() -> tuple[Entry, ...]:
    text = files("kh_nlp.citations").joinpath("data", "registry.jsonl").read_text("utf-8")
    return (*_laws(), *_entries(text, "registry.jsonl"))


@cache
def _bundled_registry() -> Registry:
    return Registry(_bundled())


def load_registry(extra: Path | None = None) -> Registry:
    """The bundled registry, with the user's own JSON Lines file on top if one is given.

    Raises InputError when that file cannot be read or a line of it is no document.
    """
    if extra is None:
        return _bundled_registry()
    try:
        text = extra.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"Không đọc được danh mục văn bản {extra}: {error}") from error
    return Registry((*_bundled(), *_entries(text, str(extra))))
