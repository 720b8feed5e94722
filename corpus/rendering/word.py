"""A layout as a Word file in the form of Nghị định 30/2020/NĐ-CP, annex I.

A4, margins 20/20/30/20 mm, Times New Roman, the head and the signature as tables without rules,
the page number in the middle of the upper edge from page 2 on, notes as Word's own footnotes.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from itertools import zip_longest
from typing import Any

from . import oxml
from .layout import (
    Head,
    Layout,
    NewPage,
    Paragraph,
    Piece,
    Signing,
    Table,
    Text,
    column_widths,
    plain,
)
from .numbering import Numbered, Numbering

_FONT = "Times New Roman"
_LEFT, _RIGHT, _TOP, _BOTTOM = 3.0, 2.0, 2.0, 2.0
_WIDTH, _HEIGHT = 21.0, 29.7
_STAMP = (2020, 3, 5, 0, 0, 0)  # files of equal content are equal
_CENTERED = frozenset(("kind", "title", "issued", "annex"))


def word_file(layout: Layout, *, numbering: bool = False) -> bytes:
    """The bytes of a .docx; ``numbering``: labels are Word's own lists and not typed.

    Raises ImportError without python-docx.
    """
    from docx import Document

    writer = _Writer(Document(), layout, numbering)
    writer.write()
    buffer = io.BytesIO()
    writer.document.save(buffer)
    return _fixed(buffer.getvalue())


def _fixed(data: bytes) -> bytes:
    """The same archive with one date for all its members."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            new.writestr(zipfile.ZipInfo(name, _STAMP), old.read(name), zipfile.ZIP_DEFLATED)
    return out.getvalue()


class _Writer:
    def __init__(self, document: Any, layout: Layout, numbering: bool) -> None:
        self.document, self.layout = document, layout
        labels = [b.label for b in layout.blocks if isinstance(b, Paragraph) and b.label]
        self.numbering = Numbering(labels) if numbering else None
        self.width = _WIDTH - _LEFT - _RIGHT
        self.fresh = True  # nothing stands on the page yet

    def write(self) -> None:
        self._styles()
        self._page(self.document.sections[0], wide=False)
        self._page_number(self.document.sections[0])
        for block, after in zip_longest(self.layout.blocks, self.layout.blocks[1:]):
            match block:
                case Head():
                    self._head(block)
                case Paragraph():
                    inner = isinstance(after, Paragraph) and after.role in _CENTERED
                    self._paragraph(block, last_of_title=not inner)
                case Table():
                    self._table(block)
                case Signing():
                    self._signing(block)
                case NewPage():
                    self._new_page(block)
        if self.numbering is not None:
            oxml.replace_numbering(self.document, self.numbering.xml())
        if self.layout.notes:
            part = self.document.part
            notes = oxml.footnotes_part(self.layout.notes, self.note_styles, part.package)
            part.relate_to(notes, oxml.FOOTNOTES)

    # styles and pages

    def _styles(self) -> None:
        from docx.enum.style import WD_STYLE_TYPE
        from docx.shared import Pt

        styles = self.document.styles
        normal = styles["Normal"]
        normal.font.name, normal.font.size = _FONT, Pt(14)
        fonts = normal.element.get_or_add_rPr().get_or_add_rFonts()
        for attribute in list(fonts.attrib):
            del fonts.attrib[attribute]
        for script in ("ascii", "hAnsi", "eastAsia", "cs"):
            fonts.set(f"{{{oxml.NAMESPACE}}}{script}", _FONT)
        normal.paragraph_format.space_after = Pt(0)
        note = styles.add_style("footnote text", WD_STYLE_TYPE.PARAGRAPH)
        note.base_style, note.font.size = normal, Pt(10)
        mark = styles.add_style("footnote reference", WD_STYLE_TYPE.CHARACTER)
        mark.font.superscript = True
        self.note_styles = (note.style_id, mark.style_id)
        core = self.document.core_properties
        core.title, core.author, core.comments = self.layout.title[:250], "", ""

    def _page(self, section: Any, wide: bool) -> None:
        from docx.enum.section import WD_ORIENT
        from docx.shared import Cm

        section.orientation = WD_ORIENT.LANDSCAPE if wide else WD_ORIENT.PORTRAIT
        width, height = (_HEIGHT, _WIDTH) if wide else (_WIDTH, _HEIGHT)
        section.page_width, section.page_height = Cm(width), Cm(height)
        section.left_margin, section.right_margin = Cm(_LEFT), Cm(_RIGHT)
        section.top_margin, section.bottom_margin = Cm(_TOP), Cm(_BOTTOM)
        section.header_distance = section.footer_distance = Cm(1.0)
        self.width = width - _LEFT - _RIGHT

    def _page_number(self, section: Any) -> None:
        from docx.enum.text import WD_ALIGN_PARAGRAPH
        from docx.shared import Pt

        section.different_first_page_header_footer = True
        paragraph = section.header.paragraphs[0]
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        for kind, words in (("begin", None), (None, "PAGE"), ("end", None)):
            run = paragraph.add_run()
            run.font.size = Pt(13)
            if kind:
                oxml.child(run._r, "w:fldChar", fldCharType=kind)
            else:
                oxml.child(run._r, "w:instrText").text = words

    def _new_page(self, block: NewPage) -> None:
        from docx.enum.section import WD_SECTION

        section = self.document.add_section(WD_SECTION.NEW_PAGE)
        section.different_first_page_header_footer = False
        self._page(section, block.wide)
        self.fresh = True

    # paragraphs

    def _paragraph(self, block: Paragraph, last_of_title: bool) -> None:
        from docx.enum.text import WD_ALIGN_PARAGRAPH
        from docx.shared import Cm, Pt

        paragraph = self.document.add_paragraph()
        form = paragraph.paragraph_format
        centered = block.role in _CENTERED
        bold = block.role in ("kind", "title", "annex") or (
            block.role == "heading" and block.depth < 2
        )
        italic = block.role in ("issued", "basis") or (block.role == "heading" and block.depth >= 2)
        if centered:
            form.alignment = WD_ALIGN_PARAGRAPH.CENTER
            if block.role == "kind" and not self.fresh:
                form.space_before = Pt(12)
            form.space_after = Pt(10 if last_of_title else 0)
        else:
            form.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
            form.first_line_indent = Cm(1.27)
            form.space_before, form.space_after = Pt(3), Pt(3)
            form.line_spacing = 1.05
        self.fresh = False
        form.keep_with_next = True if block.role == "heading" else None
        numbered = None
        if self.numbering is not None and not centered:
            numbered = self.numbering.of(block.label) or (
                self.numbering.bullet(plain(block.text)) if block.label is None else None
            )
        self._fill(paragraph, block.text, numbered, bold=bold, italic=italic)

    def _fill(
        self,
        paragraph: Any,
        text: Text,
        numbered: Numbered | None = None,
        *,
        bold: bool = False,
        italic: bool = False,
        size: float | None = None,
    ) -> None:
        from docx.shared import Pt

        skip = 0
        if numbered is not None:
            properties = oxml.child(paragraph._p.get_or_add_pPr(), "w:numPr")
            oxml.child(properties, "w:ilvl", val=str(numbered.level))
            oxml.child(properties, "w:numId", val=str(numbered.number))
            oxml.in_order(paragraph._p.pPr)
            skip = len(numbered.printed)
        for piece in text:
            if piece.note is not None:
                run = paragraph.add_run()
                run.style = self.document.styles["footnote reference"]
                oxml.child(run._r, "w:footnoteReference", id=str(piece.note + 1))
                continue
            words = piece.text[skip:].lstrip() if skip else piece.text
            skip = 0
            run = paragraph.add_run(words)
            run.bold, run.italic = bold or None, italic or None
            if size:
                run.font.size = Pt(size)

    def _line(
        self,
        cell: Any,
        words: str,
        *,
        bold: bool = False,
        italic: bool = False,
        size: float = 13,
    ) -> None:
        from docx.enum.text import WD_ALIGN_PARAGRAPH
        from docx.shared import Pt

        first = cell.paragraphs[0]
        unused = len(cell.paragraphs) == 1 and not first.runs
        paragraph = first if unused else cell.add_paragraph()
        run = paragraph.add_run(words)
        run.bold, run.italic, run.font.size = bold or None, italic or None, Pt(size)
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER

    def _rule(self, cell: Any, indent: float) -> None:
        """The line that is drawn below a body's name and below the motto."""
        from docx.shared import Cm, Pt

        paragraph = cell.add_paragraph()
        form = paragraph.paragraph_format
        form.left_indent = form.right_indent = Cm(indent)
        form.line_spacing, form.space_before = Pt(6), Pt(2)
        borders = oxml.child(paragraph._p.get_or_add_pPr(), "w:pBdr")
        oxml.child(borders, "w:top", val="single", sz="6", space="1", color="000000")
        oxml.in_order(paragraph._p.pPr)

    # tables

    def _bare_table(self, rows: int, widths: Sequence[float]) -> Any:
        table = self.document.add_table(rows, len(widths))
        table.autofit = False
        margins = oxml.child(table._tbl.tblPr, "w:tblCellMar")
        for side in ("left", "right"):
            oxml.child(margins, f"w:{side}", w="0", type="dxa")
        oxml.set_widths(table, widths)
        return table

    def _head(self, head: Head) -> None:
        second = bool(head.number or head.date)
        table = self._bare_table(2 if second else 1, (self.width * 0.4, self.width * 0.6))
        left, right = table.rows[0].cells
        for words in head.superior:
            self._line(left, words)
        for words in head.issuer:
            self._line(left, words, bold=True)
        self._rule(left, 2.2)
        for at, words in enumerate(head.formula):
            self._line(right, words, bold=True, size=13 if at == 0 else 14)
        if head.formula:
            self._rule(right, 2.2 if len(head.formula) > 1 else 3.2)
        if second:
            left, right = table.rows[1].cells
            for words in head.number:
                self._line(left, words)
            for words in head.date:
                self._line(right, words, italic=True, size=14)
        self.document.add_paragraph()
        self.fresh = False

    def _signing(self, signing: Signing) -> None:
        # No office sends a signature torn by the end of a page, or alone on one.
        for paragraph in self.document.paragraphs[-1:]:
            paragraph.paragraph_format.keep_with_next = True
        self.document.add_paragraph().paragraph_format.keep_with_next = True
        table = self._bare_table(1, (self.width * 0.48, self.width * 0.52))
        oxml.child(table.rows[0]._tr.get_or_add_trPr(), "w:cantSplit")
        left, right = table.rows[0].cells
        for at, words in enumerate(signing.recipients):
            line = left.paragraphs[0] if at == 0 else left.add_paragraph()
            bullet = self.numbering.bullet(words) if self.numbering and at else None
            head = at == 0
            size = 12 if head else 11
            self._fill(line, _text(words), bullet, bold=head, italic=head, size=size)
        for words in signing.offices:
            self._line(right, words, bold=True, size=14)
        if signing.name:
            for _ in range(4):
                right.add_paragraph()
            self._line(right, signing.name, bold=True, size=14)

    def _table(self, block: Table) -> None:
        from docx.enum.text import WD_ALIGN_PARAGRAPH
        from docx.shared import Pt

        table = self.document.add_table(len(block.rows), block.columns)
        table.style = "Table Grid"
        table.autofit = False
        oxml.set_widths(table, column_widths(block, self.width))
        counted = self._counted(block)
        number = self.numbering.column() if self.numbering and counted else 0
        for at, row in enumerate(block.rows):
            own = table.rows[at]
            if at < block.titles:
                oxml.child(own._tr.get_or_add_trPr(), "w:tblHeader")
            cells = oxml.merged(own, row)
            for column, (cell, lines) in enumerate(zip(cells, row.cells, strict=False)):
                heads = at < block.titles
                for place, text in enumerate(lines):
                    paragraph = cell.paragraphs[0] if place == 0 else cell.add_paragraph()
                    form = paragraph.paragraph_format
                    form.space_before = form.space_after = Pt(2)
                    if heads or column == 0:
                        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
                    printed = plain(text)
                    numbered = None
                    if column == 0 and at in counted and number:
                        numbered = Numbered(number, 0, printed)
                    self._fill(paragraph, text, numbered, bold=heads or row.group, size=12)
        self.document.add_paragraph()

    def _counted(self, block: Table) -> set[int]:
        """Rows whose first cell holds their running number, empty unless it runs from 1 on."""
        rows = range(block.titles, len(block.rows))
        numbers = {
            at: plain(block.rows[at].cells[0][0])
            for at in rows
            if not block.rows[at].group and block.rows[at].cells[0]
        }
        expected = [str(n) for n in range(1, len(numbers) + 1)]
        return set(numbers) if list(numbers.values()) == expected else set()


def _text(words: str) -> Text:
    return (Piece(words),)
