"""The checks of ``kh check`` on a draft of our own."""

from __future__ import annotations

from collections.abc import Sequence

from kh_nlp.checking import Finding, check
from kh_nlp.drafting.plain import plain
from kh_nlp.drafting.records import Draft
from kh_nlp.drafting.tracing import GAP
from kh_nlp.model import Plan
from kh_nlp.parsing import parse
from kh_nlp.reading import read_text


def findings(draft: Draft, sources: Sequence[Plan], superior: Plan | None) -> tuple[Finding, ...]:
    """Faults of the draft, read as the plan that it would be.

    Offsets are into the text of that plan, line by line as ``plain`` types it. What falls on a gap
    is left out: the gap says already that a person must write there. The library is not asked
    again: the draft's sections and documents are those of its comparable plans.
    """
    typed = parse(read_text(plain(draft), "du-thao.txt"))
    found = check(typed, superior=superior, sources=sources)
    return tuple(item for item in found if GAP not in item.text)
