"""Pieces of a Word file: page, fonts of all four scripts, tables without and with rules, gaps."""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from functools import cache
from typing import Any

from kh_nlp.drafting.records import Paragraph

FONT = "Times New Roman"
SIZE = 14
MARGINS_MM = {"top": 20, "bottom": 20, "left": 30, "right": 20}


def page(document: Any) -> None:
    """A4, margins of the form, Times New Roman, page number centred at the top from page 2 on."""
    from docx.shared import Mm, Pt

    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    for side, width in MARGINS_MM.items():
        setattr(section, f"{side}_margin", Mm(width))
    section.header_distance = Mm(10)
    section.different_first_page_header_footer = True
    header = section.header.paragraphs[0]
    header.alignment = 1
    run = header.add_run()
    for kind, content in (("begin", None), (None, "PAGE"), ("end", None)):
        run._r.append(_field(kind, content))
    _font(run, size=13)
    style = document.styles["Normal"]
    style.font.name, style.font.size = FONT, Pt(SIZE)
    _scripts(style.element.get_or_add_rPr())
    language = _element("w:lang", {"w:val": "vi-VN", "w:eastAsia": "vi-VN", "w:bidi": "vi-VN"})
    style.element.get_or_add_rPr().append(language)
    for level in (1, 2):
        heading = document.styles[f"Heading {level}"]
        heading.font.name, heading.font.size, heading.font.bold = FONT, Pt(SIZE), True
        heading.font.color.rgb = _black()
        _scripts(heading.element.get_or_add_rPr())


def body(document: Any, *, heading: int = 0) -> Any:
    """A paragraph of the text: justified, first line 1.27 cm in, 6 pt after; or a heading."""
    written = document.add_paragraph()
    written._p.insert(0, deepcopy(_body_form(heading)))
    return written


@cache
def _body_form(heading: int) -> Any:
    """The form of such a paragraph. Made once and copied: python-docx looks every property up in
    the order of the schema, a quarter of the time that a file takes.
    """
    from docx.oxml import OxmlElement
    from docx.shared import Cm, Pt
    from docx.text.paragraph import Paragraph as Written

    written: Any = Written(OxmlElement("w:p"), None)  # type: ignore[arg-type]  # of no document
    if heading:
        written._p.style = f"Heading{heading}"
    form = written.paragraph_format
    written.alignment = 3
    form.first_line_indent = Cm(1.27)
    form.space_before, form.space_after = Pt(6 if heading else 0), Pt(6)
    form.line_spacing = 1.08
    form.keep_with_next = bool(heading)
    form.widow_control = True
    return written._p.pPr


def runs(
    written: Any,
    paragraph: Paragraph,
    *,
    start: str = "",
    end: str = "",
    bold: bool = False,
    italic: bool = False,
    size: int = SIZE,
) -> list[Any]:
    """The runs of a paragraph, its gaps highlighted in yellow; ``start`` and ``end`` are plain."""
    found = []
    at = 0
    pieces: list[tuple[str, bool]] = [(start, False)] if start else []
    for first, last in paragraph.gaps:
        pieces += [(paragraph.text[at:first], False), (paragraph.text[first:last], True)]
        at = last
    pieces.append((paragraph.text[at:], False))
    if end and not paragraph.text.rstrip().endswith((".", ";", ":")):
        pieces.append((end, False))
    for text_, gap in pieces:
        if text_:
            run = written.add_run(text_)
            _font(run, size=size, bold=bold, italic=italic)
            if gap:
                run.font.highlight_color = 7
            found.append(run)
    return found


def text(
    document: Any,
    words: str,
    *,
    size: int = SIZE,
    bold: bool = False,
    italic: bool = False,
    centred: bool = False,
    before: float = 0,
    after: float = 6,
) -> Any:
    """A paragraph of one run outside the sections."""
    from docx.shared import Pt

    written = document.add_paragraph()
    written.alignment = 1 if centred else 3
    written.paragraph_format.space_before = Pt(before)
    written.paragraph_format.space_after = Pt(after)
    _font(written.add_run(words), size=size, bold=bold, italic=italic)
    return written


def line(
    cell_: Any,
    words: str,
    *,
    size: int,
    bold: bool = False,
    italic: bool = False,
    centred: bool = False,
    first: bool = False,
) -> Any:
    """A line in a cell; the ``first`` one takes the paragraph that the cell has."""
    written = cell_.paragraphs[0] if first else cell_.add_paragraph()
    _close(written, centred=centred)
    _font(written.add_run(words), size=size, bold=bold, italic=italic)
    return written


def small(cell_: Any) -> Any:
    """An empty line of a cell to put runs in."""
    written = cell_.add_paragraph()
    _close(written, centred=False)
    return written


def gap_line(cell_: Any, *, centred: bool = False) -> None:
    """A gap for a name to be filled in."""
    written = small(cell_)
    written.alignment = 1 if centred else 0
    run = written.add_run("[…]")
    _font(run, size=SIZE, bold=centred)
    run.font.highlight_color = 7


def rule(holder: Any, *, share: float, after: float = 6) -> None:
    """A short centred rule, drawn as the upper edge of a paragraph of that share of the width."""
    from docx.shared import Cm, Pt

    width = getattr(holder, "width", None)
    full = width.cm if width else 16.0
    written = holder.add_paragraph()
    form = written.paragraph_format
    form.left_indent = form.right_indent = Cm(full * (1 - share) / 2)
    form.space_before, form.space_after = Pt(1), Pt(after)
    form.line_spacing = Pt(4)
    edges = _element("w:pBdr", {})
    edges.append(
        _element("w:top", {"w:val": "single", "w:sz": "6", "w:space": "1", "w:color": "000000"})
    )
    written._p.get_or_add_pPr().append(edges)


def bare_table(document: Any, rows: int, widths_cm: Sequence[float]) -> Any:
    """A table without rules and with cells without margins, for head and signature."""
    table = document.add_table(rows=rows, cols=len(widths_cm))
    table.alignment = 1
    table.autofit = False
    margins = _element("w:tblCellMar", {})
    for side in ("top", "left", "bottom", "right"):
        margins.append(_element(f"w:{side}", {"w:w": "0", "w:type": "dxa"}))
    table._tbl.tblPr.append(margins)
    widths(table, widths_cm)
    return table


def ruled_table(document: Any, names: Sequence[str], widths_cm: Sequence[float]) -> Any:
    """A table with rules whose head is repeated on every page."""
    table = document.add_table(rows=1, cols=len(names))
    table.style = "Table Grid"
    table.alignment = 1
    table.autofit = False
    head = table.rows[0]
    properties = head._tr.get_or_add_trPr()
    properties.append(_element("w:cantSplit", {}))
    properties.append(_element("w:tblHeader", {}))
    for cell_, name in zip(head.cells, names, strict=True):
        line(cell_, name, size=13, bold=True, centred=True, first=True)
    widths(table, widths_cm)
    return table


def no_split(row: Any) -> None:
    """A row stays on one page."""
    row._tr.get_or_add_trPr().append(_element("w:cantSplit", {}))


def cell(cell_: Any, paragraph: Paragraph, *, centred: bool = False) -> list[Any]:
    """One paragraph in a cell of the task table; its runs."""
    written = cell_.paragraphs[0]
    _close(written, centred=centred)
    return runs(written, paragraph, size=13)


def cells(cell_: Any, paragraphs: Sequence[Paragraph]) -> list[list[Any]]:
    """Several paragraphs in one cell, parted by semicolons; the runs of each."""
    found = []
    written = cell_.paragraphs[0]
    _close(written, centred=False)
    for at, paragraph in enumerate(paragraphs):
        start = "; " if at else ""
        found.append(runs(written, paragraph, start=start, size=13))
    return found


def widths(table: Any, widths_cm: Sequence[float]) -> None:
    """Set the width of every cell; Word and LibreOffice each read another of the two places."""
    from docx.shared import Cm

    for column, width in zip(table.columns, widths_cm, strict=True):
        column.width = Cm(width)
        for cell_ in column.cells:
            cell_.width = Cm(width)


def _close(written: Any, *, centred: bool) -> None:
    from docx.shared import Pt

    written.alignment = 1 if centred else 0
    written.paragraph_format.space_before = written.paragraph_format.space_after = Pt(0)
    written.paragraph_format.line_spacing = 1.0


def _font(run: Any, *, size: int, bold: bool = False, italic: bool = False) -> None:
    run._r.insert(0, deepcopy(_font_form(size, bold, italic)))


@cache
def _font_form(size: int, bold: bool, italic: bool) -> Any:
    """The form of a run without any of its own, made once and copied (see ``_body_form``)."""
    from docx.oxml import OxmlElement
    from docx.shared import Pt
    from docx.text.run import Run

    run = Run(OxmlElement("w:r"), None)  # type: ignore[arg-type]  # belongs to no document
    run.font.name, run.font.size = FONT, Pt(size)
    run.font.bold, run.font.italic = bold, italic
    _scripts(run._r.get_or_add_rPr())
    return run._r.rPr


def _scripts(properties: Any) -> None:
    """The font for all four scripts: without it Word shows some Vietnamese letters in another."""
    from docx.oxml.ns import qn

    fonts = properties.find(qn("w:rFonts"))
    if fonts is None:
        fonts = _element("w:rFonts", {})
        properties.insert(0, fonts)
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    for script in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{script}"), FONT)


def _field(kind: str | None, content: str | None) -> Any:
    if kind is not None:
        return _element("w:fldChar", {"w:fldCharType": kind})
    field = _element("w:instrText", {"xml:space": "preserve"})
    field.text = content
    return field


def _element(name: str, attributes: dict[str, str]) -> Any:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    made = OxmlElement(name)
    for key, value in attributes.items():
        made.set(qn(key), value)
    return made


def _black() -> Any:
    from docx.shared import RGBColor

    return RGBColor(0, 0, 0)
