"""Text and Markdown: decoded characters to lines and rows."""

from __future__ import annotations

from dataclasses import replace

from kh_nlp.model import Format
from kh_nlp.reading.extract import Extract
from kh_nlp.reading.furniture import drop_furniture
from kh_nlp.reading.fused import split_fused
from kh_nlp.reading.legacy_lines import Rewritten, rewrite
from kh_nlp.reading.lines import split_lines
from kh_nlp.reading.printed import settle
from kh_nlp.reading.raised import raise_notes
from kh_nlp.reading.restoration import restore_lines, with_restored
from kh_nlp.reading.spread import find_spread_tables
from kh_nlp.reading.tables import Item, Row, find_tables


def _located(item: Item, rewritten: Rewritten) -> Item:
    """A line or a row with the places that its characters have in the file."""
    if isinstance(item, Row):
        cells = tuple(tuple(rewritten.located(list(cell))) for cell in item.cells)
        return replace(item, cells=cells)
    return rewritten.located([item])[0]


def extract_text(
    text: str, format: Format, warnings: tuple[str, ...] = (), *, restore: bool = True
) -> Extract:
    """Lines and rows of a text file, page numbers and running heads dropped.

    Passages in TCVN3, VNI and other old encodings become Unicode first. ``restore``: passages
    that lost their Vietnamese letters get them back.
    """
    rewritten = rewrite(text)
    source = text if rewritten is None else rewritten.text
    found, pages = split_lines(source)
    if pages > 1:
        found = raise_notes(found)
    lines = found
    if rewritten is not None:
        lines, warnings = rewritten.located(found), (*warnings, *rewritten.warnings)
    mended = restore_lines(lines, restore=restore)
    # Where words stand is told by ``source``, before lost letters change the length of lines.
    printed = None if mended.damaged else settle(split_fused(found), source)
    if printed is None:
        items = find_tables(split_fused(mended.lines))
    elif rewritten is None:
        items = printed.items
    else:
        items = [_located(item, rewritten) for item in printed.items]
    tables = max((item.table for item in items if isinstance(item, Row)), default=0)
    items = find_spread_tables(items, tables + 1)
    items, pages = drop_furniture(items, pages)
    return with_restored(
        Extract(
            format=format,
            items=items,
            pages=pages,
            text=text,
            marked=printed is not None and printed.marked,
            warnings=warnings,
        ),
        mended,
        restore=restore,
    )
