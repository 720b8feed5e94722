"""Text of a plan as HTML: citations become links, found passages become ``<mark>``.

All text comes from files of unknown origin. Everything passes through ``escape``; the only tags
that can come out are those written here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from kh_nlp.model import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A stretch of text (``start``/``end`` in ``str`` offsets) that leads to ``href``."""

    start: int
    end: int
    href: str
    title: str
    css: str = "cite"


def highlighted(text: str, spans: Iterable[Span], start: int = 0) -> Markup:
    """``text`` from ``start`` on with ``spans`` in ``<mark>``."""
    return marked(text, start, len(text), links=(), marks=tuple(spans))


def marked(
    text: str, start: int, end: int, *, links: Sequence[Link], marks: Sequence[Span]
) -> Markup:
    """``text[start:end]`` with its links and marks; both are cut where they leave the stretch.

    Where two links overlap the earlier one is kept. A mark inside a link stands inside its tag.
    """
    parts: list[Markup] = []
    at = start
    for link in sorted(links, key=lambda item: (item.start, -item.end)):
        first, last = max(link.start, at), min(link.end, end)
        if first >= last:
            continue
        parts.append(_with_marks(text, at, first, marks))
        parts.append(
            Markup('<a class="{}" href="{}" title="{}">{}</a>').format(
                link.css, link.href, link.title, _with_marks(text, first, last, marks)
            )
        )
        at = last
    parts.append(_with_marks(text, at, end, marks))
    return Markup("").join(parts)


def _with_marks(text: str, start: int, end: int, marks: Sequence[Span]) -> Markup:
    parts: list[Markup] = []
    at = start
    for first, last in sorted(marks):
        first, last = max(first, at), min(last, end)
        if first >= last:
            continue
        parts.append(escape(text[at:first]))
        parts.append(Markup("<mark>{}</mark>").format(text[first:last]))
        at = last
    parts.append(escape(text[at:end]))
    return Markup("").join(parts)
