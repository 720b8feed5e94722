"""Figures of a draft that none of its sources has."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from kh_nlp.checking.cited import cited_spans, within
from kh_nlp.checking.records import Found
from kh_nlp.model import Plan

_FIGURE = re.compile(
    r"(?<![\w.,/\-])(?P<value>\d{1,3}(?:\.\d{3})+(?:,\d+)?|\d+(?:[.,]\d+)?)(?![\w/]|[.,]\d|-[A-ZĐ])"
)
# numbers of labels, documents, articles, days, hours and years are checked elsewhere or by form
_NOT_QUANTITY = re.compile(
    r"(?:\b(?:[Nn]gày|[Tt]háng|[Nn]ăm|[Qq]uý|[Đđ]iều|[Kk]hoản|[Đđ]iểm|[Mm]ục|[Pp]hần|[Cc]hương"
    r"|[Ss]ố|[Pp]hụ lục"
    r"|[Bb]iểu|[Mm]ẫu|[Đđ]ề án|[Kk]hóa|[Ll]ần thứ|[Tt]hứ|[Nn]hiệm kỳ|[Gg]iai đoạn|[Nn]ăm học"
    r"|[Tt]rang|[Mm]ức độ"
    r"|Quốc lộ|QL|ISO|TCVN)\s*:?\s*|\d\s*[-–]\s*)$"
)
_DATE_AFTER = re.compile(r"\s*(?:/\s*\d|tháng \d|[-–]\s*\d{4}\b)")
_LABEL = re.compile(r"^[\s*#|]*$")


def check_numbers(plan: Plan, sources: Sequence[Plan | str]) -> Iterator[Found]:
    """Quantities that stand in no source, each where it is printed.

    ``02`` and ``2``, ``1.200`` and ``1200`` are the same figure; the same figure for another thing
    is not noticed.
    """
    known = {
        value
        for source in sources
        for value in _values(source if isinstance(source, str) else source.text)
    }
    cited = cited_spans(plan)
    first = min((section.start for section in plan.sections), default=0)
    for match in _FIGURE.finditer(plan.text, first):
        if within(match.start(), cited) or not _is_quantity(plan.text, match):
            continue
        if _value(match["value"]) not in known:
            yield Found(
                kind="number_without_source",
                start=match.start("value"),
                end=match.end("value"),
                message=f"Số liệu “{match['value']}” không có trong nguồn nào đã nêu.",
                severity="warning",
            )


def _values(text: str) -> Iterator[str]:
    for match in re.finditer(r"\d+(?:[.,]\d+)*", text):
        yield _value(match.group())


def _value(printed: str) -> str:
    """One spelling of a figure: thousands joined, leading zeros and a final point dropped."""
    joined = re.sub(r"\.(?=\d{3}(?!\d))", "", printed)
    return joined.replace(".", ",").lstrip("0") or "0"


def _is_quantity(text: str, match: re.Match[str]) -> bool:
    start, end = match.span("value")
    line = text.rfind("\n", 0, start) + 1
    if _LABEL.match(text[line:start]) and text[end : end + 1] != "%":
        after = text[end : end + 2]
        if after[:1] in (".", ")", "\t", "") or after[:1].isspace():
            return False  # a label, or the order number of a row
    before, after = text[max(0, start - 16) : start], text[end : end + 14]
    return not (_NOT_QUANTITY.search(before) or _DATE_AFTER.match(after))
