"""Numbers that a task sets: counts, shares and sums of money, with what they count."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from importlib.resources import files

from kh_nlp.model import Bound, Quantity, Span

_BOUNDS: dict[str, Bound] = {
    "ít nhất": "at_least", "tối thiểu": "at_least", "không dưới": "at_least", "trên": "at_least",
    "từ": "at_least", "đạt từ": "at_least", "≥": "at_least", ">": "at_least",
    "trở lên": "at_least", "tối đa": "at_most", "không quá": "at_most", "dưới": "at_most",
    "≤": "at_most", "<": "at_most", "khoảng": "about", "gần": "about",
}  # fmt: skip
_BEFORE = re.compile(
    "(?:"
    + "|".join(
        re.escape(form)
        for word in sorted(_BOUNDS, key=len, reverse=True)
        for form in dict.fromkeys((word, word.capitalize()))
    )
    + ") ?$"
)
_LONGEST_BOUND = 1 + max(map(len, _BOUNDS))
_YEAR = re.compile(r"(?:19|20)\d\d")
_NUMBER = r"\d{0,2}(?:\.\d{3})+|\d*(?:,\d+)?"  # behind its first digit
_END_OF_NOUN = re.compile(
    r"\s+(?:được|có|đã|theo|trên|trong|tại|của|và|để|cho|về|với|từ|đến|thuộc|phải|thực hiện"
    r"|tham gia)\b"
)


@cache
def _pattern() -> re.Pattern[str]:
    text = files("kh_nlp.parsing").joinpath("data/units.txt").read_text("utf-8")
    units = [line for line in text.splitlines() if line and not line.startswith("#")]
    names = "|".join(re.escape(unit) for unit in sorted(units, key=len, reverse=True))
    return re.compile(
        rf"(?P<value>\d(?<![\d/.,-].)(?:{_NUMBER})) ?"
        rf"(?:(?P<share>%)\s*(?:số\s+)?(?P<of>[^\W\d_][^.,;:()\n\t%\d]{{1,60}})?"
        rf"|(?P<unit>(?:{names})(?:,\s*(?:{names}))?)\b)(?P<more>\s+trở lên)?",
    )


def find_quantities(text: str, spans: Iterable[Span]) -> tuple[Quantity, ...]:
    """Quantities inside ``spans`` of a plan's text, in printed order.

    Numbers of documents, dates, ordinals and plain years are none: a quantity has a unit of the
    list ``data/units.txt`` or is a share.
    """
    found: list[Quantity] = []
    for start, end in spans:
        for match in _pattern().finditer(text, start, end):
            share = match.group("share")
            if not share and _YEAR.fullmatch(match.group("value")):
                continue  # "giai đoạn 2026-2030 xã" is no count
            whole = (match.group("of") or "").strip() if share else ""
            if stop := _END_OF_NOUN.search(whole):
                whole = whole[: stop.start()]
            last = match.start("of") + len(whole) if whole else match.end("share") if share else 0
            last = last or match.end()
            first = max(start, match.start() - _LONGEST_BOUND)
            said = _BEFORE.search(text, first, match.start())
            bound = _BOUNDS[said.group().strip().lower()] if said else "exactly"
            begin = said.start() if said else match.start()
            if match.group("more"):
                bound = "at_least"
            found.append(
                Quantity(
                    text=text[begin:last],
                    value=_value(match.group("value")),
                    unit="%" if share else match.group("unit"),
                    of=whole or None,
                    bound=bound,
                    start=begin,
                    end=last,
                )
            )
    return tuple(found)


def _value(printed: str) -> float:
    """Vietnamese numerals: a point groups thousands, a comma begins the decimals."""
    return float(printed.replace(".", "").replace(",", "."))
