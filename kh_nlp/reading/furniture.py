"""Page furniture: page numbers and running heads, dropped from the text but used to count pages."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace

from kh_nlp.reading.lines import Line
from kh_nlp.reading.tables import Item

_PAGE_NUMBER = re.compile(r"^[-–—\s]*(?:Trang\s*)?(\d{1,3})(?:\s*/\s*\d{1,3})?[-–—\s]*$")


def drop_furniture(items: list[Item], pages: int) -> tuple[list[Item], int]:
    """Items without page numbers and running heads, and the number of pages.

    Where the file has no form feeds the pages are counted from the printed numbers, if these run
    through the document one by one.
    """
    found = [
        (index, int(match.group(1)))
        for index, item in enumerate(items)
        if isinstance(item, Line) and (match := _PAGE_NUMBER.match(item.text))
    ]
    numbers = dict(_chain(found))
    if pages == 1 and _runs_through(numbers):
        items, pages = _count_pages(items, numbers)
    repeated = _running_heads(items) if pages > 2 else set()
    kept = [
        item for index, item in enumerate(items) if index not in numbers and index not in repeated
    ]
    return kept, pages


def _chain(found: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest run of candidates that grows by one to three; a lone number also counts."""
    length: list[int] = []
    back: list[int] = []
    last: dict[int, int] = {}  # value -> the candidate of that value with the longest run so far
    for position, (_, value) in enumerate(found):
        before = [last[v] for v in range(value - 3, value) if v in last]
        previous = max(before, key=length.__getitem__, default=-1)
        length.append(1 + (length[previous] if previous >= 0 else 0))
        back.append(previous)
        if value not in last or length[position] >= length[last[value]]:
            last[value] = position
    at = max(range(len(found)), key=length.__getitem__, default=-1)
    chain: list[tuple[int, int]] = []
    while at >= 0:
        chain.append(found[at])
        at = back[at]
    return chain[::-1]


def _runs_through(numbers: dict[int, int]) -> bool:
    values = list(numbers.values())
    return len(values) > 1 and values[0] <= 2 and values[-1] - values[0] == len(values) - 1


def _count_pages(items: list[Item], numbers: dict[int, int]) -> tuple[list[Item], int]:
    """Number 2 first: printed at the head of a page (Nghị định 30); 1 first: at its foot."""
    foot = min(numbers.values()) == 1 and min(numbers) > 3
    page, out = 1, list[Item]()
    for index, item in enumerate(items):
        if index in numbers:
            page = numbers[index] + (1 if foot else 0)
        out.append(replace(item, page=page) if isinstance(item, Line) else item)
    last = max(numbers) == len(items) - 1 and foot
    return out, page - 1 if last else page


def _running_heads(items: list[Item]) -> set[int]:
    """First lines of pages that are the same, numbers aside, on at least three pages."""
    heads: dict[str, list[int]] = {}
    for index, item in enumerate(items):
        if isinstance(item, Line) and item.first_on_page and item.page > 1 and len(item.text) < 120:
            heads.setdefault(re.sub(r"\d+", "#", item.text), []).append(index)
    pages = Counter({text: len(places) for text, places in heads.items()})
    return {index for text, count in pages.items() if count > 2 for index in heads[text]}
