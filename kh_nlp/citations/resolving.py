"""From mentions to the citations of one plan.

The plan's own number is left out, dates and issuers are completed from the same plan, and each
citation gets its role, its relation and the document it means.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cache
from typing import NamedTuple

from kh_nlp.citations.bodies import Home, complete, home_of
from kh_nlp.citations.grammar import align, grammar, pattern_of
from kh_nlp.citations.identifying import identify
from kh_nlp.citations.keys import is_local, number_key, place_of
from kh_nlp.citations.mentions import Mention, scan
from kh_nlp.citations.registry import Registry, load_registry
from kh_nlp.citations.short_forms import short_forms
from kh_nlp.model import Citation, Document, Header, Role, Span

# Two numbers under one kind, date and issuer: "số 008/CĐ-UBND và số 009/CĐ-UBND ngày …".
_TOGETHER = re.compile(r"\s*va\s+(?:so\s+)?$")
_LISTED = re.compile(r"\s*[,;]?\s*(?:va\s+)?(?:so\s+)?$")
_ANNEX = re.compile(r"kem\s+theo\s+(?:[a-z]+\s+){0,5}$")
_ANNEX_HEAD = re.compile(r"hu luc\b")
_BREAK = re.compile(r"[.;:\n](?=\s|$)")
_SENTENCE = re.compile(r"\.\s|\n")
_PERIOD = re.compile(r"\d{4}")


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
    mentions = [_placed(mention, home) for mention in mentions]
    mentions = [m for m in mentions if not _own(m, header, home, text)]
    completed = _completed(mentions, home)
    found = list(zip(completed, identify(completed, registry, home), strict=True))
    shorts = short_forms(text, aligned, found, header)
    found = sorted([*found, *shorts], key=lambda pair: pair[0].start)
    result: list[Citation] = []
    relation: str | None = None
    last_end = 0
    for mention, document in found:
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
                confidence=_confidence(mention, document),
                document=document,
                pinpoint=mention.pinpoint,
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


def _own(mention: Mention, header: Header, home: Home, text: str) -> bool:
    """The plan's own number, or that of the decision which issues the plan."""
    if mention.number is None:
        return False
    if header.number is None:
        # The number is blank in the head but stands in the annex line "(Kèm theo Kế hoạch số …)".
        symbol = align(mention.symbol or "")
        if _ANNEX.search(mention.cue) and "(" in mention.cue:
            return header.symbol is not None and symbol == align(header.symbol)
        # The same line where the letters before the number are lost: under the heading of an
        # annex, a plan's number without its kind, and a bracket that closes after it.
        return (
            not mention.kind_printed
            and symbol.startswith("kh-")
            and _ANNEX_HEAD.search(mention.cue) is not None
            and text[mention.end : mention.end + 1] == ")"
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
        issuer = (
            mention.issuer or _issuer_elsewhere(mention, group) or issuer_by_code(mention, home)
        )
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


@cache
def _relations() -> tuple[tuple[str, re.Pattern[str], str], ...]:
    """Aligned phrase, its pattern and the relation that it tells, in the order of the table."""
    return tuple(
        (align(phrase), re.compile(pattern_of(phrase) + r"(?![a-z])"), relation)
        for phrase, relation in grammar().phrases["relation"]
    )


def _relation(cue: str) -> str | None:
    """The relation named last in the clause before a mention."""
    clause = _BREAK.split(cue)[-1]
    best: tuple[int, str] | None = None
    for phrase, pattern, relation in _relations():
        at = clause.rfind(phrase)
        if at >= 0 and pattern.match(clause, at):
            if at and clause[at - 1].isalpha():
                continue
            if best is None or at >= best[0]:
                best = (at, relation)
    return best[1] if best else None


def _confidence(mention: Mention, document: Document | None) -> float:
    """Share of five checks passed: known code (or a known name), kind word printed, date known,
    issuer known, letters undamaged. A document without number is dated by its year or period.
    A short form ("Nghị quyết này") has 0.75 where one document fits, 0.25 where it stays open.
    """
    if mention.number is None and mention.title is None:
        return 0.75 if document else 0.25
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
