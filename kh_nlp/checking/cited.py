"""Where a plan's words are those of another document: what they name was right in its time."""

from __future__ import annotations

import re

from kh_nlp.model import Plan

_TITLE = 260
"""Characters of a title after a mention that are still taken for the document's."""


def cited_spans(plan: Plan) -> list[tuple[int, int]]:
    """Mentions of documents with the title after them, to the end of the clause, in order."""
    spans = []
    for citation in plan.citations:
        end = re.search(r"[.;\n\t]", plan.text[citation.end :])
        stop = citation.end + (end.start() if end else 0)
        spans.append((citation.start, min(stop, citation.end + _TITLE)))
    return sorted(spans)


def within(at: int, spans: list[tuple[int, int]]) -> bool:
    """Whether a position lies in one of the spans."""
    return any(start <= at < end for start, end in spans)


def sentence(text: str, start: int) -> str:
    """From the begin of the sentence or cell to ``start``."""
    begin = max((text.rfind(mark, 0, start) for mark in (". ", "; ", "\n", "\t")), default=0)
    return text[begin + 1 : start]
