"""Page of a .docx by Nghị định số 30/2020/NĐ-CP: paper, margins, font, size, page number."""

from __future__ import annotations

import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

from kh_nlp.checking.records import Found

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
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
        with zipfile.ZipFile(path) as package:
            parts = {
                name: package.read(name)
                for name in package.namelist()
                if re.fullmatch(
                    r"word/(?:document|styles|header\d*|footer\d*|theme/theme\d*)\.xml", name
                )
            }
        document = ElementTree.fromstring(parts["word/document.xml"])
        styles = ElementTree.fromstring(parts.get("word/styles.xml", b"<styles/>"))
    except (OSError, KeyError, zipfile.BadZipFile, ElementTree.ParseError):
        return
    for message in (*_paper(document), *_letters(document, styles), *_page_number(document, parts)):
        yield Found(kind="form", start=0, end=0, message=message, severity="warning")


def _number(element: ElementTree.Element | None, name: str) -> float | None:
    value = element.get(f"{_W}{name}") if element is not None else None
    try:
        return float(value) if value is not None else None
    except ValueError:
        return None


def _paper(document: ElementTree.Element) -> Iterator[str]:
    """Sections that lie on their side hold wide tables; only upright ones are measured."""
    for section in document.iter(f"{_W}sectPr"):
        size, margins = section.find(f"{_W}pgSz"), section.find(f"{_W}pgMar")
        wide = size is not None and size.get(f"{_W}orient") == "landscape"
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


def _letters(document: ElementTree.Element, styles: ElementTree.Element) -> Iterator[str]:
    """Font and size of most of the text, as runs, else styles, else defaults tell."""
    fonts: Counter[str] = Counter()
    sizes: Counter[float] = Counter()
    base = _defaults(styles)
    by_style = {style.get(f"{_W}styleId"): style for style in styles.iter(f"{_W}style")}
    tables = {p for table in document.iter(f"{_W}tbl") for p in table.iter(f"{_W}p")}
    for paragraph in document.iter(f"{_W}p"):
        if paragraph in tables:
            continue  # heads, signatures and tables may be smaller
        named = paragraph.find(f"{_W}pPr/{_W}pStyle")
        style = by_style.get(named.get(f"{_W}val") if named is not None else "Normal")
        for run in paragraph.iter(f"{_W}r"):
            length = sum(len(t.text or "") for t in run.iter(f"{_W}t"))
            font, size = _of(run.find(f"{_W}rPr"))
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


def _of(properties: ElementTree.Element | None) -> tuple[str | None, float | None]:
    if properties is None:
        return None, None
    fonts = properties.find(f"{_W}rFonts")
    half = _number(properties.find(f"{_W}sz"), "val")
    name = fonts.get(f"{_W}ascii") or fonts.get(f"{_W}hAnsi") if fonts is not None else None
    return name, half / 2 if half else None


def _inherited(
    style: ElementTree.Element | None, by_style: dict[str | None, ElementTree.Element]
) -> tuple[str | None, float | None]:
    font: str | None = None
    size: float | None = None
    for _ in range(8):  # styles that rest on each other, a circle in a spoilt file included
        if style is None:
            break
        here = _of(style.find(f"{_W}rPr"))
        font, size = font or here[0], size or here[1]
        based = style.find(f"{_W}basedOn")
        style = by_style.get(based.get(f"{_W}val")) if based is not None else None
    return font, size


def _defaults(styles: ElementTree.Element) -> tuple[str | None, float | None]:
    return _of(styles.find(f"{_W}docDefaults/{_W}rPrDefault/{_W}rPr"))


def _page_number(document: ElementTree.Element, parts: dict[str, bytes]) -> Iterator[str]:
    """On top, in the middle, not on the first page."""
    texts = {
        place: any(b"PAGE" in part for name, part in parts.items() if f"word/{place}" in name)
        for place in ("header", "footer")
    }
    if not texts["header"]:
        where = "ở cuối trang" if texts["footer"] else "chưa có"
        yield f"Số trang {where}, phải ở giữa phía trên, từ trang thứ hai."
        return
    if not any(True for _ in document.iter(f"{_W}titlePg")):
        yield "Số trang không hiển thị ở trang thứ nhất: cần đặt trang đầu khác các trang sau."
