"""The *căn cứ* line for the superior's document that the plan carries out."""

from __future__ import annotations

import re

from kh_nlp.drafting.records import Basis, Change, Origin, Paragraph
from kh_nlp.drafting.tracing import GAP, located
from kh_nlp.model import Plan

_DAY = re.compile(r"ngày\s+\d{1,2}\s+tháng\s+\d{1,2}\s+năm\s+\d{4}")


def superior_line(plan: Plan) -> Basis:
    """``Thực hiện Kế hoạch số 22/KH-UBND ngày 16 tháng 01 năm 2026 của UBND tỉnh … về …``.

    Number, day and title are those that the head of the document prints; the words between are
    marked as put in. What the head does not tell is a gap.
    """
    header = plan.header
    block = next((b for b in plan.blocks if b.kind == "header"), None)
    end = block.end if block else min(len(plan.text), 2000)
    line = _Line(plan)
    line.add(f"Thực hiện {header.kind or 'Kế hoạch'} số ", None)
    line.add(header.number, located(plan, 0, end, header.number or ""))
    line.add(" ", None)
    day = _DAY.search(plan.text, 0, end)
    if day:
        line.add(
            " ".join(day[0].split()), Origin(plan=plan.plan_id, start=day.start(), end=day.end())
        )
    else:
        line.add(f"ngày {GAP}", None)
    line.add(f" của {header.issuer or GAP} về ", None)
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
