"""The years of a source plan for the year of a draft.

A plan has a rhythm: its own year (or period, or school year), the year after where it speaks of
what comes next, the year before where it speaks of results. These move with the plan. Targets and
names of programmes ("đến năm 2030"), laws ("Luật Đất đai năm 2024") and what has been since a year
stay. What happens once, days before the source was signed and neighbouring years of which the words
around do not tell what they are become gaps. The words are in ``data/year_words.tsv``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

from kh_nlp.drafting.records import Reason
from kh_nlp.drafting.slot_words import DATE, PERIOD, SCHOOL_YEAR, TERM, YEAR
from kh_nlp.drafting.target import Target
from kh_nlp.drafting.tracing import GAP
from kh_nlp.language import nfc
from kh_nlp.model import Plan

Found = tuple[int, int, str, Reason]

_WINDOW = 70
"""Characters before a year that may tell what it is."""

_ROLLING = 2
"""Years after the first up to which a period that begins with the plan's year is made anew."""

_SPAN = re.compile(r"(?:[Nn]ăm|NĂM)\s+(?P<from>\d{4})\s*[-–]\s*(?P<to>\d{4})")
_TERM_OF_OFFICE = re.compile(r"(?i)^nhiệm kỳ")
_YEARS = re.compile(r"(?P<from>\d{4})\s*[-–]\s*(?:năm )?(?P<to>\d{4})")
_UNTIL = re.compile(r"(?i)\bđến(?: hết| cuối)?\s*$")
_GOES_ON = re.compile(r"(?i)^\s*,?\s*đến(?! nay)(?: hết)?\s*(?:ngày|tháng|hết|cuối|khi|quý|\d)")
_FINISH = re.compile(r"(?i)\b(?:trước|chậm nhất|muộn nhất|xong|hạn|hoàn thành)\b[^.;\n]{0,20}$")
_TOLD = re.compile(r"(?i)\b(?:được|đã)\b")
_MONTH = re.compile(r"(?i)(?<![\d/])(\d{1,2})\s*$")


@cache
def _words(kind: str) -> re.Pattern[str]:
    """The words of a class; laws and programmes as printed, others in any case."""
    text = nfc(files("kh_nlp.drafting").joinpath("data/year_words.tsv").read_text("utf-8"))
    rows = dict(line.split("\t") for line in text.splitlines() if line and not line.startswith("#"))
    flags = re.RegexFlag(0) if kind in ("law", "programme") else re.IGNORECASE
    ends = r"\s*$" if kind in ("since", "vision") else r"\b"
    return re.compile(rf"\b(?:{rows[kind]}){ends}", flags)


class Years:
    """Where the years of ``plan`` go in a draft for ``target``."""

    def __init__(self, plan: Plan, target: Target) -> None:
        self.plan = plan
        self.target = target
        header = plan.header
        year = header.year or (int(header.issued_on[:4]) if header.issued_on else None)
        title = header.title or ""
        self._own_period = _period_of(title)
        school = _pair(SCHOOL_YEAR.search(title))
        own = self._own_period or school or ((year, year) if year else None)
        self.first: int | None = own[0] if own else None
        self.last: int | None = own[1] if own else None
        self._school = school is not None
        self._issued = header.issued_on or (
            f"{header.issued_month}-01" if header.issued_month else None
        )
        wanted_school = _pair(SCHOOL_YEAR.search(target.title))
        wanted_period = _period_of(target.title)
        self._ends: tuple[int, int] | None = None
        shift = target.year - self.first if self.first is not None else 0
        if school and wanted_school:
            shift = wanted_school[0] - school[0]
        elif (
            self._own_period
            and wanted_period
            and _length(self._own_period) == _length(wanted_period)
        ):
            shift = wanted_period[0] - self._own_period[0]
        elif self._own_period:
            # A plan of years becomes one of a year, or of more or fewer: only its ends are known.
            self._ends = wanted_period or (target.year, target.year)
        self._shift = shift

    def moved(self, year: int) -> str:
        """A year of the plan's rhythm in the draft; a gap where it has no counterpart."""
        if self._ends is None:
            return str(year + self._shift)
        if year == self.first:
            return str(self._ends[0])
        return str(self._ends[1]) if year == self.last else GAP

    def periods(self, start: int, end: int) -> Iterator[Found]:
        """Periods and school years."""
        if self.first is None or self.last is None:
            return
        text = self.plan.text
        for match in PERIOD.finditer(text, start, end):
            yield match.start(), match.end(), self._period(match), "year"
        for match in _SPAN.finditer(text, start, end):
            pair = int(match["from"]), int(match["to"])
            own = pair == self._own_period or (self._ends is None and self._rolling(pair))
            for group, year in zip(("from", "to"), pair, strict=True):
                new = self.moved(year) if own else str(year)
                yield match.start(group), match.end(group), new, "year"
        for match in SCHOOL_YEAR.finditer(text, start, end):
            begins = int(match[1])
            near = self.first - 1 <= begins <= self.last + (1 if self._school else 0)
            if not near or self._ends is not None:
                yield match.start(1), match.end(2), GAP, "year"
                continue
            for at in (1, 2):
                yield match.start(at), match.end(at), self.moved(int(match[at])), "year"

    def _period(self, match: re.Match[str]) -> str:
        """What a period becomes: the plan's own and rolling ones move, those of programmes stay."""
        printed = re.sub(r"\s+", " ", match[0])
        pair = _pair(match)
        if pair is None or self.first is None:
            return printed
        mine = PERIOD.search(self.target.title)
        if _TERM_OF_OFFICE.match(match[0]):
            own = _pair(PERIOD.search(self.plan.header.title or ""))
            theirs = mine is not None and _TERM_OF_OFFICE.match(mine[0])
            return mine[0] if mine and theirs and pair == own else printed
        if pair == self._own_period:
            new = mine[0].strip() if mine else f"năm {self.target.year}"
            if match[0][0].isupper() and not match[0].isupper():
                new = new[0].upper() + new[1:]
            return new
        before = self._before(match.start())
        neighbour = self._own_period is not None and (
            (pair[1] == self.first - 1 and _words("previous").search(before))
            or (pair[0] == (self.last or 0) + 1 and _words("next").search(before))
        )
        if self._ends is not None or not (self._rolling(pair) or neighbour):
            return printed
        return re.sub(r"\d{4}", lambda year: self.moved(int(year[0])), printed)

    def _rolling(self, pair: tuple[int, int]) -> bool:
        """Whether a period begins with the plan's year and is made anew every year."""
        return pair[0] == self.first and _length(pair) <= _ROLLING

    def dates(self, start: int, end: int) -> Iterator[Found]:
        """Days, months with a year, years."""
        text = self.plan.text
        for match in DATE.finditer(text, start, end):
            group = "y" if match["y"] else "y2"
            before = text[max(start, match.start() - 24) : match.start()]
            if TERM.search(before) and self._ahead(match, int(match[group])):
                new = self.moved(int(match[group]))
                yield match.start(group), match.end(group), new, "deadline"
                kept = re.sub(r"\s+", " ", text[match.start() : match.start(group)])
                yield match.start(), match.start(group), kept, "deadline"
            else:
                yield match.start(), match.end(), GAP, "date"
        for match in YEAR.finditer(text, start, end):
            printed = self._year(match)
            if printed is not None:
                yield match.start("y"), match.end("y"), printed, "year"

    def _near(self, year: int) -> bool:
        return (
            self.first is not None
            and self.last is not None
            and (self.first - 1 <= year <= self.last + 1)
        )

    def _ahead(self, match: re.Match[str], year: int) -> bool:
        """Whether a day is one that the plan sets, and not one of which it tells."""
        if not self._near(year):
            return False
        month = int(match["m"] or match["m2"])
        day = int(match["d"] or match["d2"])
        if not self._past(year, month, day):
            return True
        before, after = self._before(match.start()), self.plan.text[match.end() :]
        return bool(_GOES_ON.match(after[:30])) or (
            year == self.first and bool(_FINISH.search(before))
        )

    def _past(self, year: int, month: int, day: int) -> bool:
        """Whether a day lies before the plan was signed."""
        if self._issued is None:
            return self.first is not None and year < self.first
        return f"{year}-{month:02}-{day:02}" < self._issued

    def _before(self, at: int) -> str:
        """The words of the sentence before a position, from the last other year on."""
        window = self.plan.text[max(0, at - _WINDOW) : at]
        return re.split(r"[.;:\n](?=\s)|\n\n|\b(?:19|20)\d\d\b", window)[-1]

    def _year(self, match: re.Match[str]) -> str | None:
        """What a year becomes; ``None`` where it stays."""
        year = int(match["y"])
        if self.first is None or self.last is None:
            return None
        before = self._before(match.start())
        if "/" in match["before"]:
            return self._month(match, year, before)
        until = bool(_UNTIL.search(before))
        stays = (
            _words("vision").search(re.sub(r"đến\s*$", "", before))
            or (re.search(rf"{_words('law').pattern}[^,.;]{{0,80}}$", before))
            or (until and _words("programme").search(before))
        )
        if stays or not (self._near(year) or until):
            return None
        if _words("since").search(before):
            return None if year < self.first or _TOLD.search(before) else GAP
        if _words("once").search(before) and self._near(year):
            return GAP
        if self.first <= year <= self.last:
            return self.moved(year)
        if until and year > self.last:
            return None if year >= self.target.year else GAP
        if not self._near(year):
            return None
        told = _words("next" if year > self.last else "previous")
        return self.moved(year) if told.search(before) else GAP

    def _month(self, match: re.Match[str], year: int, before: str) -> str | None:
        """The year of "tháng 3/2026", "quý IV/2025"."""
        if not self._near(year):
            return None
        month = _MONTH.search(before)
        after = self.plan.text[match.end() : match.end() + 30]
        begins = re.search(r"(?i)\btừ(?: đầu| giữa| cuối)? tháng\s*\d+\s*$", before)
        past = month is not None and self._past(year, min(12, int(month[1])), 31)
        if past and begins and not _GOES_ON.match(after):
            return GAP
        if past and year < (self.first or 0) and not _GOES_ON.match(after):
            return self.moved(year) if _words("previous").search(before) else GAP
        return self.moved(year)


def _period_of(title: str) -> tuple[int, int] | None:
    """The years that a plan is for, if several; a term of office is none of a plan's."""
    period = PERIOD.search(title)
    if period is not None and _TERM_OF_OFFICE.match(period[0]):
        period = None
    return _pair(period or _SPAN.search(title))


def _pair(match: re.Match[str] | None) -> tuple[int, int] | None:
    """The two years of a period."""
    years = _YEARS.search(match[0]) if match else None
    return (int(years["from"]), int(years["to"])) if years else None


def _length(pair: tuple[int, int]) -> int:
    return pair[1] - pair[0]
