"""Text and Markdown: decoded characters to lines and rows."""

from __future__ import annotations

from kh_nlp.model import Format
from kh_nlp.reading.extract import Extract
from kh_nlp.reading.furniture import drop_furniture
from kh_nlp.reading.fused import split_fused
from kh_nlp.reading.legacy_lines import rewrite
from kh_nlp.reading.lines import split_lines
from kh_nlp.reading.printed import settle
from kh_nlp.reading.restoration import restore_lines, with_restored
from kh_nlp.reading.spread import find_spread_tables
from kh_nlp.reading.tables import Row, find_tables


def extract_text(
    text: str, format: Format, warnings: tuple[str, ...] = (), *, restore: bool = True
) -> Extract:
    """Lines and rows of a text file, page numbers and running heads dropped.

    Passages in TCVN3, VNI and other old encodings become Unicode first. ``restore``: passages
    that lost their Vietnamese letters get them back.
    """
    rewritten = rewrite(text)
    if rewritten is None:
        lines, pages = split_lines(text)
    else:
        lines, pages = split_lines(rewritten.text)
        lines, warnings = rewritten.located(lines), (*warnings, *rewritten.warnings)
    mended = restore_lines(lines, restore=restore)
    untouched = rewritten is None and not mended.damaged  # marks point into ``text``
    lines = split_fused(mended.lines)
    printed = settle(lines, text) if untouched else None
    items = printed.items if printed else find_tables(lines)
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
