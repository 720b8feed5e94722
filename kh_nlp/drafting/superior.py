"""*Căn cứ* lines for documents of superiors that the plan carries out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from kh_nlp.citations import document_key
from kh_nlp.drafting.bases import period_of
from kh_nlp.drafting.records import Basis, Change, Origin, Paragraph
from kh_nlp.drafting.sources import SourcePlan
from kh_nlp.drafting.target import Target, seat_of
from kh_nlp.drafting.tracing import GAP, located
from kh_nlp.model import Header, Plan
from kh_nlp.network.identity import RANK

MOST = 2
"""Plans of superiors that a draft names by itself."""

_DAY = re.compile(r"ngày\s+\d{1,2}\s+tháng\s+\d{1,2}\s+năm\s+\d{4}")


def superiors(sources: Sequence[SourcePlan], target: Target) -> tuple[Basis, ...]:
    """Lines for kindred plans that bind the issuer: of a higher level of its own province (or
    central), which do the same and hold for the year of the draft; at most ``MOST``, highest first.

    A district's plan binds its own communes only, and the name of a commune does not tell which.
    """
    mine = target.seat
    found = []
    for source in sources:
        header, kin = source.plan.header, source.kin
        if kin is None or not kin.same_act or not header.number or not header.issued_on:
            continue
        if header.level not in ("province", "central") or mine.level is None:
            continue
        theirs = seat_of(header)
        bound = header.level == "central" or (
            mine.province is not None and theirs.province == mine.province
        )
        if bound and RANK[header.level] > RANK[mine.level] and _holds(header, target.year):
            found.append(source)
    found.sort(key=lambda s: (-RANK[s.plan.header.level], -s.weight))
    return tuple(
        replace(superior_line(s.plan), key=_key(s.plan.header), asked=len(sources))
        for s in found[:MOST]
    )


def _holds(header: Header, year: int) -> bool:
    if header.issued_on and header.issued_on[:4] > str(year):
        return False
    period = period_of(header.title or "")
    return period[0] <= year <= period[1] if period else header.year == year


def _key(header: Header) -> str | None:
    kind = header.kind or "Kế hoạch"
    return document_key(kind, header.number, header.issued_on, header.issuer, header.province)


def superior_line(plan: Plan) -> Basis:
    """``Thực hiện Kế hoạch số 22/KH-UBND ngày 16 tháng 01 năm 2026 của UBND tỉnh … về …``, or
    ``Quyết định số … ban hành Kế hoạch …``.

    Number, day and title are those that the head of the document prints; the words between are
    marked as put in. What the head does not tell is a gap.
    """
    header = plan.header
    block = next((b for b in plan.blocks if b.kind == "header"), None)
    end = block.end if block else min(len(plan.text), 2000)
    line = _Line(plan)
    # A plan that a decision issues bears the decision's number.
    decided = bool(re.search(r"/QĐ\b", header.number or ""))
    kind = "Quyết định" if decided else header.kind or "Kế hoạch"
    line.add(f"Thực hiện {kind} số ", None)
    line.add(header.number, located(plan, 0, end, header.number or ""))
    line.add(" ", None)
    day = _DAY.search(plan.text, 0, end)
    if day:
        line.add(
            " ".join(day[0].split()), Origin(plan=plan.plan_id, start=day.start(), end=day.end())
        )
    else:
        line.add(f"ngày {GAP}", None)
    line.add(f" của {header.issuer or GAP} {'ban hành Kế hoạch' if decided else 'về'} ", None)
    title = header.title
    shown = " ".join((title or "").split())
    if shown.isupper():
        shown = shown.capitalize()
    elif shown:
        shown = shown[0].lower() + shown[1:]
    line.add(shown or None, located(plan, 0, end, title or ""))
    return Basis(key=None, line=line.paragraph(), plans=1, asked=1, note="văn bản cấp trên")


class _Line:
    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.text = ""
        self.sources: list[Origin] = []
        self.changes: list[Change] = []

    def add(self, words: str | None, origin: Origin | None) -> None:
        """Words of the source at ``origin``, or words put in."""
        shown = words or GAP
        start = len(self.text)
        self.text += shown
        if origin is None or words is None:
            was = ""
        else:
            self.sources.append(origin)
            was = " ".join(self.plan.text[origin.start : origin.end].split())
            if was == shown:
                return
        self.changes.append(
            Change(start=start, end=len(self.text), was=was, now=shown, reason="form")
        )

    def paragraph(self) -> Paragraph:
        gaps = tuple((m.start(), m.end()) for m in re.finditer(re.escape(GAP), self.text))
        return Paragraph(
            text=self.text,
            sources=tuple(self.sources),
            gaps=gaps,
            changes=tuple(self.changes),
        )
