"""Styles of a Word document: what a paragraph or a run has before its own properties.

Source: ECMA-376, part 1, 17.7 (styles; toggle properties 17.7.3).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any

from kh_nlp.reading.word.package import W, number, switched, value

_CONTENTS = re.compile(r"toc \d$", re.IGNORECASE)
_DEEPEST = 32  # styles that rest on one another; a ring of them ends here


@dataclass(frozen=True, slots=True)
class Style:
    """A style with all it inherits. ``None``: nothing said anywhere above.

    ``number`` is the list a paragraph of this style belongs to and ``level`` its level (from 0).
    ``contents``: entries of a table of contents.
    """

    bold: bool | None = None
    caps: bool | None = None
    hidden: bool | None = None
    raised: bool = False
    number: str | None = None
    level: int | None = None
    contents: bool = False
    lineage: tuple[str, ...] = ()


class Styles:
    """Styles by id."""

    def __init__(self, root: Any) -> None:
        self._elements: dict[str, Any] = {}  # read when used: a file names few of its styles
        self._full: dict[str, Style] = {}
        self._default: str | None = None
        for element in root.iter(W + "style") if root is not None else ():
            id = element.get(W + "styleId") or ""
            self._elements[id] = element
            if element.get(W + "type") == "paragraph" and element.get(W + "default") in (
                "1", "true", "on",
            ):  # fmt: skip
                self._default = id

    def paragraph(self, id: str | None) -> Style:
        """The style of a paragraph; without a known id the default one."""
        return self._whole(id if id in self._elements else self._default)

    def run(self, id: str | None) -> Style:
        """The style of a run; without a known id one that says nothing."""
        return self._whole(id)

    def _whole(self, id: str | None) -> Style:
        if id is None or id not in self._elements:
            return Style()
        known = self._full.get(id)
        if known is not None:
            return known
        chain: list[str] = []
        at: str | None = id
        while at in self._elements and at not in chain and len(chain) < _DEEPEST:
            chain.append(at)
            at = value(self._elements[at], "basedOn")
        whole = Style()
        for name in reversed(chain):
            own = _read(self._elements[name])
            whole = Style(
                bold=whole.bold if own.bold is None else own.bold,
                caps=whole.caps if own.caps is None else own.caps,
                hidden=whole.hidden if own.hidden is None else own.hidden,
                raised=own.raised or whole.raised,
                number=own.number or whole.number,
                level=whole.level if own.level is None else own.level,
                contents=own.contents or whole.contents,
            )
        self._full[id] = whole = replace(whole, lineage=tuple(chain))
        return whole


def _read(element: Any) -> Style:
    run, paragraph = element.find(W + "rPr"), element.find(W + "pPr")
    numbers = paragraph.find(W + "numPr") if paragraph is not None else None
    level = value(numbers, "ilvl")
    return Style(
        bold=switched(run, "b"),
        caps=switched(run, "caps"),
        hidden=switched(run, "vanish"),
        raised=value(run, "vertAlign") == "superscript",
        number=value(numbers, "numId"),
        level=None if level is None else number(level),
        contents=bool(_CONTENTS.match(value(element, "name") or "")),
    )
