"""Page of a .docx by Nghị định số 30/2020/NĐ-CP: paper, margins, font, size, page number."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from kh_nlp.checking.records import Found
from kh_nlp.errors import InputError
from kh_nlp.reading.files import load
from kh_nlp.reading.word.package import Package, W

_Element = Any  # lxml has no types

_MM = 25.4 / 1440
"""Millimetres of a twentieth of a point."""
_MARGINS = {
    "top": (20, 25, "trên"),
    "bottom": (20, 25, "dưới"),
    "left": (30, 35, "trái"),
    "right": (15, 20, "phải"),
}
_SLACK = 0.6
"""Millimetres that Word loses in rounding."""
_FONT = "Times New Roman"
_SIZES = (13, 14)


def check_page(path: Path) -> Iterator[Found]:
    """Faults of the page of a .docx; nothing for a file that is none or cannot be opened."""
    try:
        package = Package(load(path))
        document, styles = package.root("word/document.xml"), package.root("word/styles.xml")
        fields = {
            place: [
                _fields(package.root(name))
                for name in package.names()
                if re.fullmatch(rf"word/{place}\d*\.xml", name)
            ]
            for place in ("header", "footer")
        }
    except InputError:
        return
    if document is None:
        return
    for message in (
        *_paper(document),
        *_letters(document, styles),
        *_page_number(document, fields),
    ):
        yield Found(kind="form", start=0, end=0, message=message, severity="warning")


def _fields(part: _Element) -> str:
    """The instructions of the fields of a part: "PAGE", "NUMPAGES"."""
    simple = (field.get(f"{W}instr") or "" for field in part.iter(f"{W}fldSimple"))
    return " ".join((*simple, "".join(piece.text or "" for piece in part.iter(f"{W}instrText"))))


def _number(element: _Element | None, name: str) -> float | None:
    value = element.get(f"{W}{name}") if element is not None else None
    try:
        return float(value) if value is not None else None
    except ValueError:
        return None


def _paper(document: _Element) -> Iterator[str]:
    """Sections that lie on their side hold wide tables; only upright ones are measured."""
    for section in document.iter(f"{W}sectPr"):
        size, margins = section.find(f"{W}pgSz"), section.find(f"{W}pgMar")
        wide = size is not None and size.get(f"{W}orient") == "landscape"
        width, height = _number(size, "w"), _number(size, "h")
        if wide or margins is None:
            continue
        if width and height and (abs(width * _MM - 210) > 2 or abs(height * _MM - 297) > 2):
            yield f"Khổ giấy {width * _MM:.0f} x {height * _MM:.0f} mm, phải là A4 (210 x 297 mm)."
        for side, (least, most, name) in _MARGINS.items():
            value = _number(margins, side)
            if value is not None and not least - _SLACK <= value * _MM <= most + _SLACK:
                yield f"Lề {name} {value * _MM:.0f} mm, phải từ {least} đến {most} mm."
        return


def _letters(document: _Element, styles: _Element | None) -> Iterator[str]:
    """Font and size of most of the text, as runs, else styles, else defaults tell."""
    fonts: Counter[str] = Counter()
    sizes: Counter[float] = Counter()
    base = _defaults(styles)
    known = () if styles is None else styles.iter(f"{W}style")
    by_style = {style.get(f"{W}styleId"): style for style in known}
    tables = {p for table in document.iter(f"{W}tbl") for p in table.iter(f"{W}p")}
    for paragraph in document.iter(f"{W}p"):
        if paragraph in tables:
            continue  # heads, signatures and tables may be smaller
        named = paragraph.find(f"{W}pPr/{W}pStyle")
        style = by_style.get(named.get(f"{W}val") if named is not None else "Normal")
        for run in paragraph.iter(f"{W}r"):
            length = sum(len(t.text or "") for t in run.iter(f"{W}t"))
            font, size = _of(run.find(f"{W}rPr"))
            inherited = _inherited(style, by_style)
            font, size = font or inherited[0] or base[0], size or inherited[1] or base[1]
            if font:
                fonts[font] += length
            if size:
                sizes[size] += length
    if fonts and (font := fonts.most_common(1)[0][0]) != _FONT:
        yield f"Phông chữ {font}, phải là {_FONT}."
    if sizes and not _SIZES[0] <= (size := sizes.most_common(1)[0][0]) <= _SIZES[1]:
        yield f"Cỡ chữ nội dung {size:g}, phải từ {_SIZES[0]} đến {_SIZES[1]}."


def _of(properties: _Element | None) -> tuple[str | None, float | None]:
    if properties is None:
        return None, None
    fonts = properties.find(f"{W}rFonts")
    half = _number(properties.find(f"{W}sz"), "val")
    name = fonts.get(f"{W}ascii") or fonts.get(f"{W}hAnsi") if fonts is not None else None
    return name, half / 2 if half else None


def _inherited(
    style: _Element | None, by_style: dict[str | None, _Element]
) -> tuple[str | None, float | None]:
    font: str | None = None
    size: float | None = None
    for _ in range(8):  # styles that rest on each other, a circle in a spoilt file included
        if style is None:
            break
        here = _of(style.find(f"{W}rPr"))
        font, size = font or here[0], size or here[1]
        based = style.find(f"{W}basedOn")
        style = by_style.get(based.get(f"{W}val")) if based is not None else None
    return font, size


def _defaults(styles: _Element | None) -> tuple[str | None, float | None]:
    return _of(None if styles is None else styles.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr"))


def _page_number(document: _Element, fields: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """On top, in the middle, not on the first page."""
    texts = {
        place: any(re.search(r"\bPAGE\b", told) for told in parts)
        for place, parts in fields.items()
    }
    if not texts["header"]:
        where = "ở cuối trang" if texts["footer"] else "chưa có"
        yield f"Số trang {where}, phải ở giữa phía trên, từ trang thứ hai."
        return
    if not any(True for _ in document.iter(f"{W}titlePg")):
        yield "Số trang không hiển thị ở trang thứ nhất: cần đặt trang đầu khác các trang sau."
