"""Which document a mention means: by key, by registered name, or by what the plan itself says."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from kh_nlp.citations.bodies import Home
from kh_nlp.citations.grammar import align
from kh_nlp.citations.keys import document_key, slug
from kh_nlp.citations.mentions import Mention
from kh_nlp.citations.registry import Registry, name_key
from kh_nlp.model import Document

_PERIOD = re.compile(r"\d{4}")
_APPROVED = re.compile(
    r"^(?:phe duyet|ban hanh|thong qua)?\s*[“\"]?(?P<name>(?:de an|chuong trinh|chien luoc)\b.*)$"
)


@dataclass(slots=True)
class _Known:
    """What this plan itself says about names: a name to the keys it is used for."""

    names: dict[str, set[str]]

    def only(self, name: str) -> str | None:
        keys = self.names.get(name_key(name), set())
        return next(iter(keys)) if len(keys) == 1 else None


def identify(mentions: Sequence[Mention], registry: Registry, home: Home) -> list[Document | None]:
    """The document of each mention of one plan, ``None`` where it is not certain.

    ``home`` is where the plan comes from: its province enters the keys of bodies below it.
    """
    found: list[Document | None] = [
        _numbered(mention, registry, home) if mention.number else None for mention in mentions
    ]
    aliases = {d.key for m in mentions if not m.number and (d := _by_registry_name(m, registry))}
    for index, mention in enumerate(mentions):
        if mention.number and found[index] is None:
            found[index] = _undated(mention, registry, aliases)
    known = _Known({})
    for mention, document in zip(mentions, found, strict=True):
        if document is None or not mention.title:
            continue
        title = " ".join(align(mention.title).split())
        if mention.title.startswith(("Luật", "Bộ luật", "Pháp lệnh")):
            known.names.setdefault(name_key(mention.title), set()).add(document.key)
        elif approved := _APPROVED.match(title):
            known.names.setdefault(name_key(approved["name"]), set()).add(document.key)
    for index, mention in enumerate(mentions):
        if mention.number is None:
            found[index] = _named(mention, registry, known)
    return _shared(found, mentions)


def _shared(found: Sequence[Document | None], mentions: Sequence[Mention]) -> list[Document | None]:
    """One ``Document`` for all mentions of one key: the fullest that any of them gives."""
    best: dict[str, Document] = {}
    for document in found:
        if document is None:
            continue
        have = best.setdefault(document.key, document)
        if have.origin != "registry":
            best[document.key] = (
                document
                if document.origin == "registry"
                else Document(
                    key=have.key,
                    number=have.number or document.number,
                    issued_on=have.issued_on or document.issued_on,
                    issuer=have.issuer or document.issuer,
                    title=have.title or document.title,
                )
            )
    return [best[document.key] if document else None for document in found]


def _numbered(mention: Mention, registry: Registry, home: Home) -> Document | None:
    when = mention.issued_on
    key = document_key(mention.kind, mention.number, when, mention.issuer, home.province)
    if key is None and mention.year and mention.number:
        same = [
            e for e in registry.by_number(mention.number) if e.issued_on[:4] == str(mention.year)
        ]
        if len(same) == 1:
            return same[0].document()
    if key is None:
        return None
    if entry := registry.by_key(key):
        return entry.document()
    # A law cited without the word "Luật" ("… số 85/2015/QH13"): the number is unique by itself.
    if mention.number and mention.style == "assembly" and mention.number_year:
        same = list(registry.by_number(mention.number))
        if len(same) == 1:
            return same[0].document()
    return Document(
        key=key,
        number=mention.number,
        issued_on=mention.issued_on,
        issuer=mention.issuer,
        title=mention.title,
    )


def _undated(mention: Mention, registry: Registry, aliases: set[str]) -> Document | None:
    """A number without its date means a registered document only if the plan says so otherwise:
    by the title printed with it, or by naming that document elsewhere.
    """
    for entry in registry.by_number(mention.number or ""):
        if mention.year and entry.issued_on[:4] != str(mention.year):
            continue
        if entry.key in aliases or same_title(mention.title, entry.title):
            return entry.document()
    return None


def same_title(one: str | None, other: str | None) -> bool:
    """Whether two printed subjects are one, though one may run longer than the other."""
    if not one or not other:
        return False
    first, second = set(name_key(one).split()), set(name_key(other).split())
    return len(first & second) >= 5 and len(first & second) >= 0.8 * min(len(first), len(second))


def _by_registry_name(mention: Mention, registry: Registry) -> Document | None:
    if not mention.title:
        return None
    name = re.sub(r"\s+năm\s+\d{4}$", "", mention.title) if mention.year else mention.title
    entry = registry.by_name(name, year=mention.year, issued_on=mention.issued_on)
    # A law without its year may be an older or a newer one of the same name.
    if entry and entry.kind in ("Luật", "Bộ luật", "Pháp lệnh") and not mention.year:
        return None
    return entry.document() if entry else None


def _named(mention: Mention, registry: Registry, known: _Known) -> Document | None:
    if document := _by_registry_name(mention, registry):
        return document
    title = mention.title or ""
    if key := known.only(title):
        return Document(key=key)
    law = mention.kind in ("Luật", "Bộ luật", "Pháp lệnh", "Hiến pháp")
    if (law and not mention.year) or (not law and not (_PERIOD.search(title) or "“" in title)):
        return None
    name = re.sub(r"\s+năm\s+\d{4}$", "", title) if law else title
    tail = f":{mention.year}" if law else ""
    return Document(
        key=f"{slug(mention.kind or '')}:{slug(_without_kind(name, mention.kind))}{tail}",
        issued_on=mention.issued_on,
        title=title,
    )


def _without_kind(name: str, kind: str | None) -> str:
    key, lead = name_key(name), name_key(kind or "")
    return key.removeprefix(lead).strip() or key
