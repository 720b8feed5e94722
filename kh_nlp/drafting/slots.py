"""Passages of a source plan rewritten for another issuer, place and year.

Finders propose replacements ``(start, end, text, reason)`` in a stretch of the source; the first
that claims a stretch has it. What belongs to the source alone and has no counterpart becomes a gap
``[…]``. Central documents and long periods ("giai đoạn 2021 - 2030") stay as they are; years are
``years.py``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cached_property

from kh_nlp.drafting.bodies import REFORM, counterpart, listed_names
from kh_nlp.drafting.records import Change, Origin, Paragraph, Reason
from kh_nlp.drafting.slot_words import (
    ALONE,
    BODY_WORD,
    CONTACT,
    KIND,
    LUNAR,
    MARKS,
    NATIONAL,
    NUMBER_AND_DATE,
    PERSON,
    PLACES,
    SELF,
    SHARE,
    SHORT_DAY,
    WORD,
    counts,
    ended_bodies,
    province_names,
)
from kh_nlp.drafting.target import Target, seat_of
from kh_nlp.drafting.tracing import GAP
from kh_nlp.drafting.years import Years
from kh_nlp.language import fold, letters
from kh_nlp.model import Citation, Plan
from kh_nlp.network.identity import standing
from kh_nlp.places import successor

Found = tuple[int, int, str, Reason]


class Rewriter:
    """Rewrites stretches of one source plan for one target."""

    def __init__(self, plan: Plan, target: Target) -> None:
        self.plan = plan
        self.target = target
        self.seat = seat_of(plan.header)
        self._years = Years(plan, target)
        self.same_issuer = fold(plan.header.issuer or "") == fold(target.issuer)

    def rewrite(
        self, start: int, end: int, *, label: str | None = None, formal: bool = False
    ) -> Paragraph:
        """``Plan.text[start:end]`` with its slots rewritten, blanks closed up.

        ``formal``: days of documents are spelled out, as Nghị định 30/2020/NĐ-CP wants it.
        """
        text = self.plan.text
        while start < end and text[start].isspace():
            start += 1
        while end > start and text[end - 1].isspace():
            end -= 1
        chosen = self._chosen(start, end, formal=formal)
        pieces: list[str] = []
        changes: list[Change] = []
        gaps: list[tuple[int, int]] = []
        length, at = 0, start
        for first, last, new, reason in chosen:
            kept = _closed(text[at:first])
            pieces += (kept, new)
            length += len(kept)
            changes.append(
                Change(
                    start=length,
                    end=length + len(new),
                    was=_closed(text[first:last]),
                    now=new,
                    reason=reason,
                )
            )
            gaps += [(length + m.start(), length + m.end()) for m in _GAPS.finditer(new)]
            length += len(new)
            at = last
        pieces.append(_closed(text[at:end]))
        return Paragraph(
            text="".join(pieces),
            sources=(Origin(plan=self.plan.plan_id, start=start, end=end),),
            gaps=tuple(gaps),
            changes=tuple(changes),
            label=label,
        )

    def replaced(self, origin: Origin, new: str, reason: Reason) -> Paragraph:
        """One whole stretch that another name stands for, such as a body of another level."""
        was = _closed(self.plan.text[origin.start : origin.end])
        if was == new:
            return Paragraph(text=new, sources=(origin,))
        change = Change(start=0, end=len(new), was=was, now=new, reason=reason)
        gaps = tuple((m.start(), m.end()) for m in _GAPS.finditer(new))
        return Paragraph(text=new, sources=(origin,), gaps=gaps, changes=(change,))

    def _chosen(self, start: int, end: int, *, formal: bool) -> list[Found]:
        finders: tuple[Callable[[int, int], Iterator[Found]], ...] = (
            self._formal_days if formal else self._nothing,
            self._documents,
            self._periods,
            self._contacts,
            self._note_marks,
            self._lunar_years,
            self._own_places,
            self._bodies,
            self._persons,
            self._other_places,
            self._self_words,
            self._dates,
            self._numbers,
        )
        taken: list[tuple[int, int]] = []
        found: list[Found] = []
        for finder in finders:
            for item in finder(start, end):
                first, last, new, _ = item
                if first < start or last > end or first >= last:
                    continue
                if any(first < b and last > a for a, b in taken):
                    continue
                taken.append((first, last))
                if _closed(self.plan.text[first:last]) != new:
                    found.append(item)
        return sorted(found)

    def _in(self, start: int, end: int, pattern: re.Pattern[str]) -> Iterator[re.Match[str]]:
        yield from pattern.finditer(self.plan.text, start, end)

    def _documents(self, start: int, end: int) -> Iterator[Found]:
        """Central documents stay; of local ones number and date are for a person to fill in."""
        for citation in self.plan.citations:
            if citation.end <= start or citation.start >= end:
                continue
            if _is_central(citation):
                # In pieces: a day inside may already be spelled out.
                for word in self._in(citation.start, citation.end, WORD):
                    yield word.start(), word.end(), word[0], "document"
                continue
            for match in self._in(citation.start, citation.end, NUMBER_AND_DATE):
                group = "number" if match["number"] else "date"
                yield match.start(group), match.end(group), GAP, "document"

    def _nothing(self, start: int, end: int) -> Iterator[Found]:
        yield from ()

    def _formal_days(self, start: int, end: int) -> Iterator[Found]:
        """Days of central documents spelled out: "ngày 23/4/2018", "ngày 23 tháng 4 năm 2018"."""
        central = [c for c in self.plan.citations if c.start < end and c.end > start]
        for citation in central:
            if not _is_central(citation):
                continue
            for match in self._in(citation.start, citation.end, SHORT_DAY):
                day, month = int(match[1]), int(match[2])
                shown = f"{month:02d}" if month < 3 else str(month)
                new = f"{day:02d} tháng {shown} năm {match[3]}"
                yield match.start(), match.end(), new, "form"

    def _note_marks(self, start: int, end: int) -> Iterator[Found]:
        """Marks of footnotes, which stay behind in the source."""
        for match in self._in(start, end, MARKS):
            yield match.start(), match.end(), "", "form"

    def _lunar_years(self, start: int, end: int) -> Iterator[Found]:
        """Names of lunar years ("Tết Nhâm Dần") are of one year only."""
        for match in self._in(start, end, LUNAR):
            yield match.start(), match.end(), GAP, "year"

    def _periods(self, start: int, end: int) -> Iterator[Found]:
        yield from self._years.periods(start, end)

    def _contacts(self, start: int, end: int) -> Iterator[Found]:
        for match in self._in(start, end, CONTACT):
            if not NATIONAL.search(match[0]) and not self.same_issuer:
                yield match.start(), match.end(), GAP, "name"

    @cached_property
    def _names(self) -> list[tuple[re.Pattern[str], str, Reason]]:
        """Spellings of the source's own places, and what they become, longest first."""
        mine, theirs = self.target.seat, self.seat
        found: list[tuple[str, str, Reason]] = []
        area = mine.area or GAP
        if theirs.kind and theirs.name:
            small = theirs.level not in ("province", "province_agency")
            found.append((f"{theirs.kind} {theirs.name}", area, "place"))
            found.append((theirs.name, mine.name or GAP, "place"))
            if theirs.province and small:
                home = f"{mine.province_kind} {mine.province}" if mine.province else f"tỉnh {GAP}"
                found.append((f"tỉnh {theirs.province}", home, "place"))
                found.append((f"thành phố {theirs.province}", home, "place"))
                found.append((theirs.province, mine.province or GAP, "place"))
        elif theirs.province:
            found.append((theirs.province, mine.province or GAP, "place"))
        issuer = self.plan.header.issuer
        # Committees of one level differ by their place alone, which is rewritten anyhow.
        own_name = bool(issuer) and _bare(issuer or "") != issuer
        other_kind = self.seat.column != self.target.seat.column
        national = issuer in ("Chính phủ", "Thủ tướng Chính phủ", "Quốc hội")
        if issuer and not self.same_issuer and not national and (other_kind or own_name):
            spellings = dict.fromkeys((issuer, _bare(issuer), _long(issuer), _short(issuer)))
            found += [(name, self.target.issuer, "issuer") for name in spellings]
        place = self.plan.header.place
        if place and all(place != name for name, _, _ in found):
            found.append((place, mine.name or GAP, "place"))
        patterns = []
        for name, new, reason in sorted(found, key=lambda item: -len(item[0])):
            words = r"\s+".join(map(re.escape, name.split()))
            patterns.append((letters(rf"(?<!\w){words}(?!\w)"), new, reason))
            capitals = r"\s+".join(map(re.escape, name.upper().split()))
            upper = new.upper() if new != GAP else new
            patterns.append((letters(rf"(?<!\w){capitals}(?!\w)"), upper, reason))
        return patterns

    def _own_places(self, start: int, end: int) -> Iterator[Found]:
        for pattern, new, reason in self._names:
            for match in self._in(start, end, pattern):
                shown = new
                if match[0][:1].isupper() and shown[:1].islower():
                    shown = shown[:1].upper() + shown[1:]
                yield match.start(), match.end(), shown, reason

    def _bodies(self, start: int, end: int) -> Iterator[Found]:
        """Bodies of another level by their counterparts, abolished ones by what took over."""
        source, wanted = self.seat.column, self.target.seat.column
        if source != wanted:
            for match in self._in(start, end, listed_names(source)):
                new = self._counterpart(match[0]) or GAP
                yield match.start(), match.end(), new.removeprefix("Đề nghị "), "body"
        if wanted in ("district", "commune_old", "phuong_old") or self.target.year < REFORM:
            return
        for match in self._in(start, end, ended_bodies()):
            heir = successor(match[0])
            yield match.start(), match.end(), heir.name if heir else GAP, "body"

    def _counterpart(self, name: str) -> str | None:
        mine = self.target.seat
        return counterpart(name, self.seat.column, mine.column, self.target.year, mine.kind)

    def _persons(self, start: int, end: int) -> Iterator[Found]:
        for match in self._in(start, end, PERSON):
            first = match[2].split()[0]
            if first not in ("Chủ", "Phó", "Bí", "Trưởng", "Giám", "Ủy", "Uỷ", "Chánh"):
                yield match.start(2), match.end(2), GAP, "name"

    def _other_places(self, start: int, end: int) -> Iterator[Found]:
        mine = {n for n in (self.target.seat.name, self.target.seat.province) if n}
        for match in self._in(start, end, PLACES):
            name = match[2]
            # "PHÁT TRIỂN XÃ HỘI SỐ" names no xã, "Hồ Chí Minh" no lake.
            if BODY_WORD.match(name.capitalize() if name.isupper() else name):
                continue
            if name.startswith(("Chí Minh", "Việt Nam")) or name == "Nhân":  # đông đảo Nhân dân
                continue
            before = self.plan.text[max(start, match.start() - 4) : match.start()]
            if name in mine or re.search(r"\d\s*$", before):
                continue
            yield match.start(2), match.end(2), GAP, "place"
        for match in self._in(start, end, self._known_names):
            if match[0] not in mine:
                yield match.start(), match.end(), GAP, "place"
        for match in self._in(start, end, province_names()):
            if match[0] not in mine and match[0] != "Hồ Chí Minh":
                yield match.start(), match.end(), GAP, "place"

    @cached_property
    def _known_names(self) -> re.Pattern[str]:
        """Names that the plan prints somewhere after the word for a kind of place."""
        names = {
            name
            for match in PLACES.finditer(self.plan.text)
            if not match[1].isupper()
            for name in re.split(r", | và ", match[2])
            if " " in name
            and not name.isupper()
            and not re.search(r"Chí Minh|Việt Nam", name)
            and not BODY_WORD.match(name)
        }
        listed = "|".join(map(re.escape, sorted(names, key=len, reverse=True)))
        return re.compile(rf"(?<!\w)(?:{listed})(?!\w)") if listed else re.compile(r"(?!)")

    def _self_words(self, start: int, end: int) -> Iterator[Found]:
        """The word by which a plan calls its own place: "trên địa bàn tỉnh", "… phường"."""
        mine, theirs = self.target.seat.kind, self.seat.kind
        if mine is None or theirs is None or mine == theirs:
            return
        small = {"xã", "phường", "thị trấn"}
        pattern = ALONE if {mine, theirs} <= small else SELF
        for match in self._in(start, end, pattern):
            if match["kind"] == theirs:
                yield match.start("kind"), match.end("kind"), mine, "place"

    def _dates(self, start: int, end: int) -> Iterator[Found]:
        yield from self._years.dates(start, end)

    def _numbers(self, start: int, end: int) -> Iterator[Found]:
        for match in self._in(start, end, counts()):
            money = "đồng" in match["unit"]
            if money or not self.same_issuer:
                yield match.start("number"), match.end("number"), GAP, "number"
        if not self.same_issuer:
            for match in self._in(start, end, SHARE):
                if match[1] != "100":  # a share of all is a rule, any other one place's aim
                    yield match.start(1), match.end(1), GAP, "number"


def _bare(issuer: str) -> str:
    """What its own plan calls "Sở Ngoại vụ tỉnh Lạng Sơn"; committees keep their place."""
    if re.match(r"(?:Chủ tịch |Ban Thường trực )?(?:UBND|Ủy ban)", issuer):
        return issuer
    return re.sub(rf"\s+(?:{KIND})\s+\S.*$", "", issuer)


def _long(issuer: str) -> str:
    return issuer.replace("UBND", "Ủy ban nhân dân").replace("MTTQ", "Mặt trận Tổ quốc")


def _short(issuer: str) -> str:
    return issuer.replace("Ủy ban nhân dân", "UBND").replace("Mặt trận Tổ quốc", "MTTQ")


_GAPS = re.compile(re.escape(GAP))


def _closed(text: str) -> str:
    return re.sub(r"\s+", " ", text)


def _is_central(citation: Citation) -> bool:
    document = citation.document
    if document is None:
        return not re.search(r"UBND|HĐND|HU\b|TU\b|KH-|BC-|CV", citation.text)
    level, _ = standing(document.key, document.issuer or citation.issuer)
    return level == "central"
