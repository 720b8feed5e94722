"""*Căn cứ* proposed from what comparable plans rest on, in the customary order and form."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from kh_nlp.citations import load_registry
from kh_nlp.drafting.bodies import Column, column_of
from kh_nlp.drafting.records import Basis, Paragraph
from kh_nlp.drafting.slots import Rewriter
from kh_nlp.drafting.sources import SourcePlan
from kh_nlp.drafting.target import Target
from kh_nlp.drafting.tracing import GAP
from kh_nlp.language import fold
from kh_nlp.model import Citation, Plan
from kh_nlp.network import Identities
from kh_nlp.network.identity import standing

MOST = 10

_LINE = re.compile(r"(?:Căn cứ|Thực hiện|Trên cơ sở|Tiếp tục|Triển khai|Quán triệt)\b")
_RANKS = (
    r"hien-phap", r"(?:bo-)?luat", r"phap-lenh", r"nghi-quyet:.*QH", r"nghi-dinh", r"nghi-quyet",
    r"quyet-dinh", r"chi-thi", r"thong-tu", r"chuong-trinh", r"ke-hoach",
)  # fmt: skip
_LEVELS = ("central", "province", "province_agency", "district", "commune")
_PERIOD = re.compile(r"(?:giai doan|thoi ky|nhiem ky)\s*(?:nam )?(\d{4})\s*-\s*(?:nam )?(\d{4})")
_YEAR = re.compile(r"\bnam (\d{4})\b")


@dataclass(slots=True)
class _Candidate:
    key: str
    weight: float
    plans: int
    lines: list[tuple[SourcePlan, Citation, int, int]]


def propose(
    sources: Sequence[SourcePlan],
    known: Identities,
    target: Target,
    rewriters: dict[str, Rewriter],
    *,
    limit: int = MOST,
) -> tuple[Basis, ...]:
    """Documents that kindred plans name before their first section, most agreed first, then in
    the customary order: *căn cứ* before *thực hiện*, rank before date.

    Left out is what a text says was replaced, whose period ended before the year of the draft, and
    what bodies of other places issued.
    """
    ranked = ranked_keys(sources, known, target)[:limit]
    found = []
    for candidate in ranked:
        line = _line(candidate, rewriters)
        if line is not None and not _of_another_place(line):
            found.append((candidate, line))
    asked = len(sources)
    found.sort(key=lambda item: _custom(item[0], item[1]))
    return tuple(
        Basis(key=candidate.key, line=line, plans=candidate.plans, asked=asked)
        for candidate, line in found
    )


def rested_on(sources: Sequence[SourcePlan]) -> frozenset[str]:
    """Keys of the documents that the plans rest on."""
    return frozenset(
        citation.document.key
        for source in sources
        for citation in source.plan.citations
        if citation.role == "basis" and citation.document is not None
    )


def ranked_keys(
    sources: Sequence[SourcePlan], known: Identities, target: Target
) -> list[_Candidate]:
    """Candidates by the weight of the plans that rest on them."""
    family = _family(target.seat.column)
    same = [s for s in sources if _family(column_of(s.plan.header)) == family]
    sources = same or sources
    replaced = {fact.replaced for fact in known.replacements if _before(fact.on, target.year)}
    table: dict[str, _Candidate] = {}
    for source in sources:
        seen: set[str] = set()
        for citation in source.plan.citations:
            document = citation.document
            if citation.role != "basis" or document is None:
                continue
            key = known.also.get(document.key, document.key)
            if key in replaced or not _usable(key, citation, source.plan, target):
                continue
            entry = table.setdefault(key, _Candidate(key, 0.0, 0, []))
            if (line := line_of(source.plan, citation)) is not None:
                entry.lines.append((source, citation, *line))
            if key not in seen:
                seen.add(key)
                entry.weight += source.weight
                entry.plans += 1
    return sorted(table.values(), key=lambda c: (-c.weight, c.key))


def _of_another_place(line: Paragraph) -> bool:
    """A planning decision for another province is no *căn cứ*, though the Government made it."""
    return any(change.reason == "place" and change.now == GAP for change in line.changes)


def _family(where: Column | None) -> str:
    """Committees, or the Front, the Party ...: each rests on laws of its own."""
    return where.partition("-")[0] if where and "-" in where else "committee"


def _before(day: str | None, year: int) -> bool:
    return day is None or day[:4] <= str(year)


def _usable(key: str, citation: Citation, plan: Plan, target: Target) -> bool:
    document = citation.document
    if document is None:
        return False
    level, province = standing(key, document.issuer or citation.issuer)
    if level != "central":
        seat = target.seat
        if province is None or province != seat.province or level not in ("province",):
            return False
    if document.issued_on and document.issued_on[:4] > str(target.year):
        return False
    entry = load_registry().by_key(key)
    title = fold(document.title or citation.title or "")
    own = period_of(plan.header.title or "")
    ends = [int(m[2]) for m in _PERIOD.finditer(title.replace("–", "-"))]
    if entry is not None and entry.period and "-" in entry.period:
        ends.append(int(entry.period.split("-")[1]))
    if ends and max(ends) < target.year and own is None:
        return False
    years = [int(m[1]) for m in _YEAR.finditer(title)]
    return ends != [] or not years or max(years) >= target.year


def period_of(title: str) -> tuple[int, int] | None:
    """First and last year of the period that a title names."""
    match = _PERIOD.search(fold(title).replace("–", "-"))
    return (int(match[1]), int(match[2])) if match else None


def line_of(plan: Plan, citation: Citation) -> tuple[int, int] | None:
    """The line before the first section that names the document, without the sign at its end."""
    block = next(
        (b for b in plan.blocks if b.kind == "opening" and b.start <= citation.start < b.end), None
    )
    if block is None:
        return None
    text = plan.text
    start = max(text.rfind("\n", block.start, citation.start) + 1, block.start)
    cut = max(text.rfind("; ", start, citation.start), text.rfind(";\t", start, citation.start))
    if cut >= 0 and _LINE.match(text[cut + 1 :].lstrip()):
        start = cut + 1
    ends = [text.find(mark, citation.end) for mark in (";", "\n")]
    end = min((e for e in ends if 0 <= e < block.end), default=block.end)
    while start < end and text[start] in " \t-–*_":
        start += 1
    while end > start and text[end - 1] in " \t;.,*_":
        end -= 1
    if not _LINE.match(text[start:end]) or end - start > 700:
        return None
    if any(start <= other.start < citation.start for other in plan.citations):
        return None  # a line about another document, which names this one
    if re.search(r"(?:như sau|cụ thể)\s*:?$|ban hành [Kk]ế hoạch", text[start:end]) and (
        re.search(
            r"(?:UBND|Ủy ban nhân dân|Sở|Văn phòng|Ban)[^;]{0,80}(?:ban hành|xây dựng)"
            r" [Kk]ế hoạch",
            text[citation.end : end],
        )
    ):
        return None  # the sentence that issues the plan, not a căn cứ
    return start, end


def _line(candidate: _Candidate, rewriters: dict[str, Rewriter]) -> Paragraph | None:
    """The line of the most recent plan in which the document stands alone, with number and date."""

    def worth(item: tuple[SourcePlan, Citation, int, int]) -> tuple[int, int, float]:
        source, citation, start, end = item
        alone = sum(start <= c.start < end for c in source.plan.citations) == 1
        whole = bool(citation.number) and bool(re.search(r"ngày", source.plan.text[start:end]))
        return (2 * alone + whole, source.plan.header.year or 0, source.weight)

    if not candidate.lines:
        return None
    source, _, start, end = max(candidate.lines, key=worth)
    return rewriters[source.plan.plan_id].rewrite(start, end, formal=True)


def _custom(candidate: _Candidate, line: Paragraph) -> tuple[int, int, int, str]:
    key = candidate.key
    rank = next((i for i, p in enumerate(_RANKS) if re.match(p, key)), len(_RANKS))
    level, _ = standing(key, None)
    height = _LEVELS.index(level) if level in _LEVELS else len(_LEVELS)
    dated = re.search(r":(\d{4}(?:-\d\d-\d\d)?)", key)
    verb = 0 if line.text.startswith("Căn cứ") else 1
    return (verb, rank + 20 * height, 0, dated[1] if dated else "")
