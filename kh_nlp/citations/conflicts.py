"""Dates that do not agree: one number printed with two dates, or with another than is known.

The same number of another year can be another document ("06/QĐ-TTg" of 2022 and of 2025); it is a
contradiction only where both dates are of one year, where the number itself holds the year, or
where both mentions print the same subject.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from kh_nlp.citations.grammar import align
from kh_nlp.citations.identifying import same_title
from kh_nlp.citations.keys import number_key, place_of
from kh_nlp.citations.numbers import find_numbers
from kh_nlp.citations.registry import Entry, Registry, load_registry
from kh_nlp.model import Citation, Plan


def date_conflicts(plan: Plan, registry: Registry | None = None) -> tuple[str, ...]:
    """Vietnamese sentences for ``plan.quality.warnings``, one for each date that disagrees.

    Each names both places by page and line of the file, and leaves it to the reader which one is
    right. ``registry`` defaults to the bundled one.
    """
    registry = registry if registry is not None else load_registry()

    def place(citation: Citation) -> str:
        position = plan.locate(citation.start)
        page = f"trang {position.page}, " if plan.source.pages > 1 else ""
        return f"{page}dòng {position.line}"

    return (*_among(plan.citations, place), *_against(plan.citations, registry, place))


def _among(citations: Sequence[Citation], place: Callable[[Citation], str]) -> list[str]:
    first: dict[tuple[str, str | None], list[Citation]] = {}
    found = []
    for citation in citations:
        if not citation.number or not citation.issued_on or not _printed_here(citation):
            continue
        key = (number_key(citation.number).upper(), place_of(citation.issuer))
        earlier = first.setdefault(key, [])
        if any(other.issued_on == citation.issued_on for other in earlier):
            continue
        other = next((o for o in earlier if _contradict(o, citation)), None)
        if other is not None:
            found.append(
                f"{_named(citation)} ở {place(citation)} ghi ngày {_day(citation.issued_on)}, ngày "
                f"khác với lần viện dẫn ở {place(other)} (ngày {_day(other.issued_on)}); "
                "đề nghị xem lại ngày nào đúng."
            )
        earlier.append(citation)
    return found


def _against(
    citations: Sequence[Citation], registry: Registry, place: Callable[[Citation], str]
) -> list[str]:
    found = []
    told: set[tuple[str, str]] = set()
    for citation in citations:
        if not citation.number or not citation.issued_on or not _printed_here(citation):
            continue
        if (citation.number, citation.issued_on) in told or not _year_inside(citation.number):
            continue
        told.add((citation.number, citation.issued_on))
        known: list[Entry] = list(registry.by_number(citation.number))
        if len(known) == 1 and known[0].issued_on != citation.issued_on:
            found.append(
                f"{_named(citation)} ở {place(citation)} ghi ngày {_day(citation.issued_on)}, ngày "
                f"khác với danh mục văn bản (ngày {_day(known[0].issued_on)}); đề nghị xem lại."
            )
    return found


def _printed_here(citation: Citation) -> bool:
    """The date stands in the mention itself, not taken from elsewhere in the plan."""
    return any(c.isdigit() for c in citation.text.partition(citation.number or "")[2]) or (
        "ngày" in citation.text
    )


def _contradict(one: Citation, other: Citation) -> bool:
    if _year_inside(one.number or "") or (one.issued_on or "")[:4] == (other.issued_on or "")[:4]:
        return True
    return same_title(one.title, other.title)


def _year_inside(number: str) -> bool:
    found = next(find_numbers(number, align(number)), None)
    return found is not None and found.year is not None


def _named(citation: Citation) -> str:
    return f"{citation.kind or 'Văn bản'} số {citation.number}"


def _day(issued_on: str | None) -> str:
    year, month, day = (issued_on or "").split("-")
    return f"{int(day)}/{int(month)}/{year}"
