"""Judged spans of plans: read, checked, and found again where the text has moved."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from kh_nlp.errors import InputError
from kh_nlp.evaluation.retrieval.files import integer, records, string
from kh_nlp.evaluation.retrieval.records import RELEVANT, Question
from kh_nlp.language import nfc

JUDGEMENTS = "judgements.jsonl"
QUOTE = 60
"""Characters of a span that a judgement quotes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """A span of a plan (``plan`` is the stem of its file) and how well it answers a question.

    ``start``/``end`` are offsets into ``Plan.text``; ``quote`` is how the span begins, and tells
    where it is when another reading of the file has moved it. ``place`` is file and line.
    """

    question: str
    plan: str
    start: int
    end: int
    grade: int
    quote: str
    place: str

    @property
    def item(self) -> str:
        """Name of the span among the items of a run."""
        return f"{self.plan}:{self.start}-{self.end}"


def load_judgements(folder: Path, questions: Sequence[Question]) -> list[Judgement]:
    """The lines of ``judgements.jsonl``: query, plan, start, end, grade and (to be safe) quote.

    Raises InputError, with file and line, for a query that is not among ``questions``, a span that
    is none, a grade below 0, and for a file in which nothing answers anything.
    """
    known = {question.id for question in questions}
    found: list[Judgement] = []
    for place, record in records(folder / JUDGEMENTS):
        judged = Judgement(
            question=string(place, record, "query"),
            plan=nfc(string(place, record, "plan")),
            start=integer(place, record, "start"),
            end=integer(place, record, "end"),
            grade=integer(place, record, "grade"),
            quote=nfc(str(record.get("quote") or "")),
            place=place,
        )
        if judged.question not in known:
            raise InputError(f"{place}: không có câu hỏi “{judged.question}”.")
        if not 0 <= judged.start < judged.end:
            raise InputError(f"{place}: đoạn {judged.start}–{judged.end} không hợp lệ.")
        if judged.grade < 0:
            raise InputError(f"{place}: mức {judged.grade} không hợp lệ; phải từ 0 trở lên.")
        found.append(judged)
    if not any(judged.grade >= RELEVANT for judged in found):
        raise InputError(f"{folder / JUDGEMENTS}: không có câu hỏi nào có đoạn trả lời.")
    return found


def anchored(judged: Judgement, text: str) -> Judgement | None:
    """``judged`` at its place in ``text``; None when what it quotes stands nowhere there.

    Of several places with the quoted words that nearest to the old one is taken; blanks and line
    breaks in them need not agree. Without a quote the offsets are believed.
    """
    words = judged.quote.split()
    if not words:
        return judged if judged.end <= len(text) else None
    if text.startswith(judged.quote, judged.start) and judged.end <= len(text):
        return judged
    pattern = re.compile(r"\s+".join(map(re.escape, words)))
    starts = [match.start() for match in pattern.finditer(text)]
    if not starts:
        return None
    start = min(starts, key=lambda place: abs(place - judged.start))
    return replace(judged, start=start, end=min(len(text), start + judged.end - judged.start))


def anchor_all(
    judgements: Sequence[Judgement], texts: Mapping[str, str | None]
) -> tuple[list[Judgement], list[Judgement]]:
    """The judgements at their places, and those whose place is unknown, as they were.

    ``texts`` has the text of each plan, None for one that could not be read.
    """
    placed: list[Judgement] = []
    lost: list[Judgement] = []
    for judged in judgements:
        text = texts[judged.plan]
        found = None if text is None else anchored(judged, text)
        if found is None:
            lost.append(judged)
        else:
            placed.append(found)
    return placed, lost
