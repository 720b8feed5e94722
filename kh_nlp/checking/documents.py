"""Cited documents that were replaced, or are printed with another day or body than theirs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

from kh_nlp.checking.identity import Identity
from kh_nlp.checking.lexicon import rows
from kh_nlp.checking.records import Found
from kh_nlp.citations import Registry, load_registry, replacements
from kh_nlp.citations.grammar import align, grammar
from kh_nlp.citations.identifying import same_title
from kh_nlp.citations.keys import is_local, number_key, place_of
from kh_nlp.citations.numbers import Number, find_numbers
from kh_nlp.language import fold
from kh_nlp.library import Library
from kh_nlp.model import Citation, Plan
from kh_nlp.places import body


@dataclass(frozen=True, slots=True)
class Known:
    """A day of issue that is known of a number: ``how`` tells from where (Vietnamese)."""

    day: str
    how: str
    title: str | None = None
    sure: bool = True


# the sentence itself tells that the document is of the past, or that another takes its place
_TELLS = re.compile(
    r"thay thế|hết hiệu lực|bãi bỏ|trước đây|sửa đổi, bổ sung (?:một số điều )?(?:của )?$"
    r"|được sửa đổi|\(cũ\)"
    r"|tổng kết|sơ kết",
    re.I,
)
_OF = re.compile(r"\s+của\s+(?P<issuer>\D+?)\s*$", re.S)


@cache
def _dates() -> Mapping[str, tuple[str, ...]]:
    table: dict[str, list[str]] = {}
    for number, day, _ in rows("dates.tsv"):
        table.setdefault(number_key(number).upper(), []).append(day)
    return {number: tuple(days) for number, days in table.items()}


def check_documents(
    plan: Plan, identity: Identity, library: Library | None, registry: Registry | None = None
) -> Iterator[Found]:
    """What is wrong with the documents a plan cites, each mention where it stands."""
    registry = registry or load_registry()
    printed = {c.number for c in plan.citations if c.number and c.issued_on}
    shelf = _Shelf(plan, library, sorted(printed)) if library is not None else None
    for citation in plan.citations:
        if citation.number is None:
            continue
        if identity.day is not None:
            yield from _replaced(plan, identity.day, citation, registry)
        if _prints_day(citation):
            yield from _day(plan, identity, citation, registry, shelf)
        yield from _body(citation)


def _replaced(plan: Plan, day: date, citation: Citation, registry: Registry) -> Iterator[Found]:
    key = number_key(citation.number or "").upper()
    if is_local(citation.number or ""):
        return
    found = [
        known
        for known in replacements().get(key, ())
        if known.since <= day.isoformat() and _same_year(citation, known.issued_on)
    ]
    facts = [(known.by, known.since) for known in found]
    for entry, change in registry.replaced_by(citation.number or ""):
        since = change.since or entry.issued_on
        if since <= day.isoformat():
            facts.append((entry.number, since))
    if not facts or _told_as_past(plan, citation):
        return
    by, since = facts[-1]
    newest = _newest(by, day)
    name = f"{citation.kind or 'Văn bản'} số {citation.number}"
    yield Found(
        kind="replaced_document",
        start=citation.start,
        end=citation.end,
        message=f"{name} đã được thay thế bằng văn bản số {by} từ ngày {_shown(since)}"
        + (f"; nay là số {newest}" if newest != by else "")
        + ".",
        proposal=_called(newest, registry),
    )


def _newest(number: str, day: date) -> str:
    """Followed to the document in force on the day: 77/2015/QH13 → 65/2025/QH15 → 72/2025/QH15."""
    seen = {number}
    while found := [
        r for r in replacements().get(number_key(number).upper(), ()) if r.since <= day.isoformat()
    ]:
        number = found[-1].by
        if number in seen:
            break
        seen.add(number)
    return number


def _called(number: str, registry: Registry) -> str:
    entries = registry.by_number(number)
    if len(entries) == 1:
        entry = entries[0]
        title = entry.title if entry.title.startswith(entry.kind) else entry.kind
        return f"{title} số {entry.number} ngày {_shown(entry.issued_on)}"
    return f"văn bản số {number}"


def _same_year(citation: Citation, issued_on: str) -> bool:
    """A number without a year in it needs its year; another year is another document."""
    if _year_inside(citation.number or "") or not issued_on or "/QH" in (citation.number or ""):
        return True
    return (citation.issued_on or "")[:4] == issued_on[:4]


def _told_as_past(plan: Plan, citation: Citation) -> bool:
    text = plan.text
    begin = max(text.rfind(mark, 0, citation.start) for mark in (". ", "; ", "\n"))
    after = text[citation.end : citation.end + 60]
    tail = re.split(r"[.;\n]", after)[0]
    # "Nghị định số 107/2021/NĐ-CP … sửa đổi, bổ sung …" is itself cited, not told as past
    return bool(
        _TELLS.search(text[begin + 1 : citation.start])
        or re.match(r"\s*\(?(?:đã |được |nay |hết )+(?:hết hiệu lực|thay thế|bãi bỏ|là)", tail)
    )


def _prints_day(citation: Citation) -> bool:
    """The day stands in the mention itself, not taken from elsewhere in the plan."""
    after = citation.text.partition(citation.number or "")[2]
    return bool(citation.issued_on) and ("ngày" in citation.text or any(map(str.isdigit, after)))


def _day(
    plan: Plan, identity: Identity, citation: Citation, registry: Registry, shelf: _Shelf | None
) -> Iterator[Found]:
    number, day = citation.number or "", citation.issued_on or ""
    name = f"{citation.kind or 'Văn bản'} số {number}"
    inside = _year_inside(number)
    known = _wrong_day(citation, registry, shelf, inside)
    if known is not None:
        yield Found(
            kind="document_date",
            start=citation.start,
            end=citation.end,
            message=f"{name} ghi ngày {_shown(day)}, nhưng {known.how} là ngày "
            f"{_shown(known.day)}.",
            proposal=_redated(citation, known.day),
            severity="error" if known.sure else "warning",
        )
    elif inside and str(inside) != day[:4] and not is_local(number):
        yield Found(
            kind="document_date",
            start=citation.start,
            end=citation.end,
            message=f"{name} có năm {inside} trong số hiệu nhưng ghi ngày {_shown(day)}.",
            proposal=None,
        )
    elif identity.dated and identity.day and day > identity.day.isoformat():
        yield Found(
            kind="document_date",
            start=citation.start,
            end=citation.end,
            message=f"{name} ghi ngày {_shown(day)}, sau ngày ban hành kế hoạch "
            f"({_shown(identity.day.isoformat())}).",
            proposal=None,
        )


def _wrong_day(
    citation: Citation, registry: Registry, shelf: _Shelf | None, inside: int | None
) -> Known | None:
    """The day that is known of this very document, where the printed one is another."""
    number, day = citation.number or "", citation.issued_on or ""
    key = number_key(number).upper()
    facts: list[Known] = []
    if not is_local(number):
        facts += [
            Known(entry.issued_on, "theo danh mục văn bản", entry.title)
            for entry in registry.by_number(number)
        ]
        facts += [Known(other, "các văn bản khác ghi") for other in _dates().get(key, ())]
    if shelf is not None:
        facts += shelf.days(citation)
    if any(fact.day == day for fact in facts):
        return None
    for fact in facts:
        if inside or fact.day[:4] == day[:4]:
            return fact
        if fact.title and citation.title and same_title(fact.title, citation.title):
            return fact
    return None


class _Shelf:
    """What the plans of a library print of the documents that this plan cites."""

    def __init__(self, plan: Plan, library: Library, numbers: Sequence[str]) -> None:
        marks = ",".join("?" * len(numbers))
        self._printed: dict[str, list[tuple[str, str | None, str | None, int]]] = {}
        with library.reading() as connection:
            for row in connection.execute(
                "SELECT c.number, c.issued_on, c.issuer, max(c.title) AS title, "
                "count(DISTINCT c.plan) AS plans FROM citations c JOIN plans p ON p.id = c.plan "
                f"WHERE c.number IN ({marks}) AND c.issued_on IS NOT NULL AND p.plan_id != ? "
                "GROUP BY c.number, c.issued_on, c.issuer",
                (*numbers, plan.plan_id),
            ):
                self._printed.setdefault(row["number"], []).append(
                    (row["issued_on"], row["issuer"], row["title"], row["plans"])
                )

    def days(self, citation: Citation) -> list[Known]:
        """The day that other plans print, if no other day of that year is printed as often.

        One plan alone may be the one that is wrong: its word makes no more than a warning.
        """
        place = place_of(citation.issuer)
        local = is_local(citation.number or "")
        if local and place is None:
            return []
        votes: dict[str, int] = {}
        titles: dict[str, str | None] = {}
        for day, issuer, title, plans in self._printed.get(citation.number or "", ()):
            if not local or place_of(issuer) == place:
                votes[day] = votes.get(day, 0) + plans
                titles[day] = titles.get(day) or title
        found = []
        for day, count in votes.items():
            rivals = [n for other, n in votes.items() if other != day and other[:4] == day[:4]]
            if all(count > n for n in rivals):
                how = f"{count} kế hoạch trong thư viện ghi"
                found.append(Known(day, how, titles[day], sure=count >= 2))
        return found


_DAY = re.compile(
    r"(?P<day>\d{1,2})(?P<a>\s*(?:/|tháng)\s*)(?P<month>\d{1,2})(?P<b>\s*(?:/|năm)\s*)\d{4}"
)


def _redated(citation: Citation, iso: str) -> str | None:
    """The mention with the known day, written as the plan writes days."""
    day = date.fromisoformat(iso)

    def written(match: re.Match[str]) -> str:
        month = f"{day.month:02d}" if day.month < 3 else str(day.month)
        return f"{day.day:02d}{match['a']}{month}{match['b']}{day.year}"

    changed, count = _DAY.subn(written, citation.text, count=1)
    return changed if count else None


def _body(citation: Citation) -> Iterator[Found]:
    """The body printed after "của" against the one whose code the number bears."""
    number = _parts(citation.number or "")
    printed = _OF.search(citation.text)
    if number is None or printed is None:
        return
    named = " ".join(printed["issuer"].split())
    right = _issuers(number)
    if not right or any(_agrees(named, issuer) for issuer in right):
        return
    yield Found(
        kind="document_issuer",
        start=citation.start,
        end=citation.end,
        message=f"Số hiệu {citation.number} là của {' hoặc '.join(right[:2])}, không phải của "
        f"{named}.",
        proposal=citation.text[: printed.start("issuer")] + right[0],
    )


_PARTY = ("Bộ Chính trị", "Ban Chấp hành Trung ương", "Ban Bí thư", "Trung ương Đảng", "Đảng")


def _issuers(number: Number) -> list[str]:
    """Bodies that issue documents of that code; nothing where the code tells nobody."""
    if number.style == "assembly":
        standing = "UBTVQH" in number.symbol
        return ["Ủy ban Thường vụ Quốc hội", "Quốc hội"] if standing else ["Quốc hội"]
    if number.style not in ("state", "party"):
        return []
    found = []
    for organ in number.organs:
        if number.style == "party" and align(organ) == "tw":
            found += list(_PARTY)
            continue
        known = grammar().organs.get(align(organ))
        if known is None or known.local or not known.issuer:
            if align(organ) not in ("ubnd", "hdnd"):
                return []
            found.append("Ủy ban nhân dân" if align(organ) == "ubnd" else "Hội đồng nhân dân")
            continue
        found.append(known.issuer)
    return found


_SHORT = {
    "ubnd": "uy ban nhan dan",
    "hdnd": "hoi dong nhan dan",
    "bch": "ban chap hanh",
    "tw": "trung uong",
}


def _spelled(name: str) -> str:
    words = [_SHORT.get(word, word) for word in re.findall(r"\w+", fold(name))]
    return " ".join(words)


def _agrees(named: str, issuer: str) -> bool:
    printed, right = _spelled(named), _spelled(issuer)
    if right == "chinh phu":
        return printed in ("chinh phu", "cp") or printed.startswith("chinh phu ")
    if right in ("thu tuong chinh phu", "thu tuong"):
        return "thu tuong" in printed or printed == "ttg"
    if right in printed or printed in right:
        return True
    # "Bộ trưởng Bộ Nội vụ", "Tổng Thanh tra Chính phủ", "Chủ nhiệm Văn phòng Chính phủ"
    core = right.removeprefix("bo ").removeprefix("uy ban ")
    if core in printed:
        return True
    head = re.sub(r"^(?:Bộ trưởng|Chủ nhiệm|Tổng|Trưởng|Thống đốc)\s+", "", named)
    known = body(issuer)
    heirs = known.successors if known else ()
    return any(_spelled(heir) in printed for heir in heirs) or (
        known is not None and body(head) == known
    )


def _year_inside(number: str) -> int | None:
    found = _parts(number)
    return found.year if found else None


def _parts(number: str) -> Number | None:
    canonical = number_key(number)
    return next(find_numbers(canonical, align(canonical)), None)


def _shown(iso: str) -> str:
    year, month, day = iso.split("-")
    return f"{int(day)}/{int(month)}/{year}"
