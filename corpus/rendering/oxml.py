"""Elements of WordprocessingML that python-docx has no word for.

It is untyped: elements and tables are ``Any`` here.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from xml.sax.saxutils import escape

from .layout import Note, Row

NAMESPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
FOOTNOTES = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
# The children of w:pPr in the order of the schema.
_ORDER = {
    name: place
    for place, name in enumerate(
        ("pStyle", "keepNext", "numPr", "pBdr", "spacing", "ind", "jc", "rPr", "sectPr")
    )
}


def child(parent: Any, tag: str, **attributes: str) -> Any:
    """A new last child of ``parent`` with attributes of the same namespace."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    element = OxmlElement(tag)
    for name, value in attributes.items():
        element.set(qn(f"w:{name}"), value)
    parent.append(element)
    return element


def in_order(properties: Any) -> None:
    """Sort the children of a ``w:pPr``."""
    children = sorted(properties, key=lambda own: _ORDER[own.tag.partition("}")[2]])
    for element in children:
        properties.append(element)


def set_widths(table: Any, widths: Sequence[float]) -> None:
    """Column widths in centimetres, for the grid and for every cell."""
    from docx.shared import Cm

    for column, width in zip(table.columns, widths, strict=True):
        column.width = Cm(width)
    for row in table.rows:
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = Cm(width)


def merged(own: Any, row: Row) -> list[Any]:
    """Cells to be filled; in a group row the last filled one goes over all that follow."""
    cells = list(own.cells)
    if not row.group:
        return cells
    last = max(at for at, cell in enumerate(row.cells) if cell)
    wide = cells[last].merge(cells[-1])
    return [*cells[:last], wide]


def footnotes_part(notes: Sequence[Note], styles: tuple[str, str], package: Any) -> Any:
    """The part ``footnotes.xml``; ``styles`` are the ids of a note's text and of its mark."""
    from docx.opc.packuri import PackURI
    from docx.opc.part import Part

    pieces = [
        f'<w:footnote w:type="{kind}" w:id="{at}"><w:p><w:r><w:{kind}/></w:r></w:p></w:footnote>'
        for at, kind in ((-1, "separator"), (0, "continuationSeparator"))
    ]
    pieces += [
        f'<w:footnote w:id="{at}"><w:p><w:pPr><w:pStyle w:val="{styles[0]}"/>'
        f'<w:jc w:val="both"/></w:pPr><w:r><w:rPr><w:rStyle w:val="{styles[1]}"/></w:rPr>'
        f'<w:footnoteRef/></w:r><w:r><w:t xml:space="preserve"> {escape(note.text)}</w:t></w:r>'
        "</w:p></w:footnote>"
        for at, note in enumerate(notes, 1)
    ]
    xml = (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        f'<w:footnotes xmlns:w="{NAMESPACE}">{"".join(pieces)}</w:footnotes>'
    )
    return Part(PackURI("/word/footnotes.xml"), _TYPE, xml.encode(), package)


def replace_numbering(document: Any, xml: str) -> None:
    """Give the document the definitions in ``xml`` for those of the template."""
    from docx.oxml import parse_xml

    root = document.part.numbering_part.element
    for element in list(root):
        root.remove(element)
    for element in list(parse_xml(f'<w:numbering xmlns:w="{NAMESPACE}">{xml}</w:numbering>')):
        root.append(element)
