"""From mentions to citations: one plan's own number left out, dates and issuers completed from the
same plan, roles, relations, and the document that each citation means."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from kh_nlp.citations.bodies import Home, complete, home_of
from kh_nlp.citations.grammar import align, grammar, pattern_of
from kh_nlp.citations.keys import document_key, is_local, number_key, place_of, slug
from kh_nlp.citations.mentions import Mention, scan
from kh_nlp.citations.registry import Registry, load_registry, name_key
from kh_nlp.model import Citation, Document, Header, Role, Span

# Two numbers under one kind, date and issuer: "số 008/CĐ-UBND và số 009/CĐ-UBND ngày …".
_TOGETHER = re.compile(r"\s*va\s+(?:so\s+)?$")
_LISTED = re.compile(r"\s*[,;]?\s*(?:va\s+)?(?:so\s+)?$")
_ANNEX = re.compile(r"kem\s+theo\s+(?:[a-z]+\s+){0,5}$")
_BREAK = re.compile(r"[.;:\n](?=\s|$)")
_SENTENCE = re.compile(r"\.\s|\n")
_PERIOD = re.compile(r"\d{4}")
_APPROVED = re.compile(
    r"^(?:phe duyet|ban hanh|thong qua)?\s*[“\"]?(?P<name>(?:de an|chuong trinh|chien luoc)\b.*)$"
)


def cite(
    text: str,
    *,
    header: Header,
    basis: Span | None,
    skip: Sequence[Span] = (),
    registry: Registry | None = None,
) -> list[Citation]:
    """All citations of one plan, in order; ``section`` is left to the parser.

    ``text`` is ``Plan.text``; ``basis`` spans the opening before the first section, and mentions
    that start in it have role ``basis``. Mentions that start in a ``skip`` span (the number line of
    the head) are left out, as are the plan's own number and the decision that issues the plan. An
    undated mention takes the date that the plan prints for the same number if there is only one.
    ``confidence`` is the share of the checks that a mention passes (see ``_confidence``).
    """
    registry = registry if registry is not None else load_registry()
    home = home_of(header)
    aligned = align(text)
    mentions = [
        mention
        for mention in scan(text, aligned)
        if not any(start <= mention.start < end for start, end in skip)
    ]
    mentions = _listed_together(mentions, aligned)
    mentions = [
        _placed(mention, home)
        for mention in mentions
    ]
    mentions = [m for m in mentions if not _own(m, header, home)]
    completed = _completed(mentions, home)
    documents = _documents(completed, registry)
    result: list[Citation] = []
    relation: str | None = None
    last_end = 0
    for mention, document in zip(completed, documents, strict=True):
        if mention.weak and (document is None or document.origin != "registry"):
            continue
        in_basis = basis is not None and basis[0] <= mention.start < basis[1]
        role: Role = "basis" if in_basis else "reference"
        listed = last_end and not _SENTENCE.search(text, last_end, mention.start)
        relation = _relation(mention.cue) or (relation if listed else None)
        relation = relation or ("căn cứ" if in_basis else "dẫn chiếu")
        last_end = mention.end
        result.append(
            Citation(
                text=mention.text,
                kind=mention.kind,
                number=mention.number,
                issued_on=mention.issued_on,
                issuer=mention.issuer,
                title=mention.title,
                role=role,
                relation=relation,
                section=None,
                start=mention.start,
                end=mention.end,
                confidence=_confidence(mention),
                document=document,
            )
        )
    return result


def _placed(mention: Mention, home: Home) -> Mention:
    """The printed issuer with its place; a national number's issuer needs none."""
    if mention.issuer is None or (mention.number and not is_local(mention.number)):
        return mention
    return replace(mention, issuer=complete(mention.issuer, home))


def _listed_together(mentions: list[Mention], aligned: str) -> list[Mention]:
    """Numbers of one list share what is printed once at its end.

    The issuer goes back over commas and "và" to numbers with the same symbol; the date only over a
    bare "và", where nothing else can be meant.
    """
    result = list(mentions)
    for index in range(len(result) - 2, -1, -1):
        mention, after = result[index], result[index + 1]
        if mention.number is None or mention.symbol != after.symbol:
            continue
        gap = aligned[mention.end : after.start]
        if len(gap) > 40 or not _LISTED.fullmatch(gap):
            continue
        kind = mention.kind if mention.kind_printed else after.kind or mention.kind
        issuer = mention.issuer or after.issuer
        dated = mention.issued_on or (after.issued_on if _TOGETHER.fullmatch(gap) else None)
        result[index] = replace(mention, kind=kind, issuer=issuer, issued_on=dated)
    for index in range(1, len(result)):
        before, mention = result[index - 1], result[index]
        if mention.kind_printed or mention.number is None or before.symbol != mention.symbol:
            continue
        if before.kind and _LISTED.fullmatch(aligned[before.end : mention.start][-40:]):
            result[index] = replace(mention, kind=before.kind)
    return result


def _own(mention: Mention, header: Header, home: Home) -> bool:
    """The plan's own number, or that of the decision which issues the plan."""
    if mention.number is None:
        return False
    if header.number is None:
        # The number is blank in the head but stands in the annex line "(Kèm theo Kế hoạch số …)".
        return (
            header.symbol is not None
            and align(mention.symbol or "") == align(header.symbol)
            and _ANNEX.search(mention.cue) is not None
            and mention.cue.rstrip().rfind("(") >= 0
        )
    if number_key(mention.number).upper() != number_key(header.number).upper():
        return False
    if mention.issued_on and header.issued_on and mention.issued_on != header.issued_on:
        return False
    if not is_local(mention.number) or not mention.issuer or not home.issuer:
        return True
    theirs, ours = place_of(mention.issuer), place_of(home.issuer)
    return theirs is None or ours is None or theirs == ours


class _Print(NamedTuple):
    issued_on: str | None
    issuer: str | None
    kind: str | None


def _completed(mentions: list[Mention], home: Home) -> list[Mention]:
    """Dates and issuers printed elsewhere in the plan for the same number, then by the code."""
    # Distinct (date, issuer, kind) per number: a plan may cite one number a thousand times.
    groups: dict[str, dict[_Print, None]] = {}
    for mention in mentions:
        if mention.number:
            group = groups.setdefault(number_key(mention.number).upper(), {})
            group[_Print(mention.issued_on, mention.issuer, mention.kind)] = None
    result = []
    for mention in mentions:
        if mention.number is None:
            result.append(mention)
            continue
        group = groups[number_key(mention.number).upper()]
        mention = _dated(mention, group)
        issuer = mention.issuer or _issuer_elsewhere(mention, group) or issuer_by_code(mention, home)
        kind = mention.kind or next((m.kind for m in group if m.kind), None)
        result.append(replace(mention, issuer=issuer, kind=kind))
    return result


def _agree(one: str | None, other: str | None) -> bool:
    """Two printed issuers may be one body: one is missing, or their places do not differ."""
    if not one or not other:
        return True
    first, second = place_of(one), place_of(other)
    return first is None or second is None or first == second


def _dated(mention: Mention, group: Iterable[_Print]) -> Mention:
    if mention.issued_on:
        return mention
    dates = {
        other.issued_on
        for other in group
        if other.issued_on
        and _agree(mention.issuer, other.issuer)
        and (mention.year is None or other.issued_on.startswith(str(mention.year)))
    }
    return replace(mention, issued_on=dates.pop()) if len(dates) == 1 else mention


def _issuer_elsewhere(mention: Mention, group: Iterable[_Print]) -> str | None:
    issuers = {
        other.issuer
        for other in group
        if other.issuer and (not mention.issued_on or other.issued_on in (None, mention.issued_on))
    }
    return min(issuers) if len({place_of(i) for i in issuers}) == 1 and issuers else None


def issuer_by_code(mention: Mention, home: Home) -> str | None:
    """The body that the number's code names, with the plan's place if it is a local one."""
    g = grammar()
    if mention.style == "assembly":
        standing = any("ubtvqh" in align(organ) for organ in mention.organs)
        return "Ủy ban Thường vụ Quốc hội" if standing else "Quốc hội"
    if mention.type_code in ("TTLT", "NQLT"):
        names = [o.issuer for organ in mention.organs if (o := g.organs.get(align(organ)))]
        known = [name for name in names if name]
        return f"{', '.join(known[:-1])} và {known[-1]}" if len(known) > 1 else None
    for code in mention.organs[:1]:
        organ = g.organs.get(align(code))
        if organ is None:
            return None
        if code == "TU" and home.province:
            city = (home.province_area or "").startswith("thành phố")
            return f"{'Thành ủy' if city else 'Tỉnh ủy'} {home.province}"
        if not organ.issuer:
            return None
        return complete(organ.issuer, home) if organ.local else organ.issuer
    return None


def _relation(cue: str) -> str | None:
    """The relation named last in the clause before a mention."""
    clause = _BREAK.split(cue)[-1]
    best: tuple[int, str] | None = None
    for phrase, relation in grammar().phrases["relation"]:
        at = clause.rfind(align(phrase))
        if at >= 0 and re.match(pattern_of(phrase) + r"(?![a-z])", clause[at:]):
            if at and clause[at - 1].isalpha():
                continue
            if best is None or at >= best[0]:
                best = (at, relation)
    return best[1] if best else None


def _confidence(mention: Mention) -> float:
    """Share of five checks passed: known code (or a known name), kind word printed, date known,
    issuer known, letters undamaged. A document without number is dated by its year or period."""
    if mention.number is None:
        dated = bool(mention.issued_on or mention.year or _PERIOD.search(mention.title or ""))
        checks = [not mention.weak, True, dated, not mention.damaged]
    else:
        checks = [
            mention.type_code is not None or mention.style in ("assembly", "standard"),
            mention.kind_printed,
            mention.issued_on is not None or mention.number_year is not None,
            mention.issuer is not None,
            not mention.damaged,
        ]
    return round(sum(checks) / len(checks), 2)


@dataclass(slots=True)
class _Known:
    """What this plan itself says about names: a name to the keys it is used for."""

    names: dict[str, set[str]]

    def only(self, name: str) -> str | None:
        keys = self.names.get(name_key(name), set())
        return next(iter(keys)) if len(keys) == 1 else None


def _documents(mentions: Sequence[Mention], registry: Registry) -> list[Document | None]:
    found: list[Document | None] = [
        _numbered(mention, registry) if mention.number else None for mention in mentions
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


def _shared(
    found: Sequence[Document | None], mentions: Sequence[Mention]
) -> list[Document | None]:
    """One ``Document`` for all mentions of one key: the fullest that any of them gives."""
    best: dict[str, Document] = {}
    for document in found:
        if document is None:
            continue
        have = best.setdefault(document.key, document)
        if have.origin != "registry":
            best[document.key] = document if document.origin == "registry" else Document(
                key=have.key,
                number=have.number or document.number,
                issued_on=have.issued_on or document.issued_on,
                issuer=have.issuer or document.issuer,
                title=have.title or document.title,
            )
    return [best[document.key] if document else None for document in found]


def _numbered(mention: Mention, registry: Registry) -> Document | None:
    when = mention.issued_on
    key = document_key(mention.kind, mention.number, when, mention.issuer)
    if key is None and mention.year and mention.number:
        same = [e for e in registry.by_number(mention.number) if e.issued_on[:4] == str(mention.year)]
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
    by the title printed with it, or by naming that document elsewhere."""
    for entry in registry.by_number(mention.number or ""):
        if mention.year and entry.issued_on[:4] != str(mention.year):
            continue
        if entry.key in aliases or _same_title(mention.title, entry.title):
            return entry.document()
    return None


def _same_title(one: str | None, other: str) -> bool:
    if not one:
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
    if law and not mention.year or not law and not (_PERIOD.search(title) or "“" in title):
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
