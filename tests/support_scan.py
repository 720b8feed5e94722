"""Pages for the tests of scans: drawn text, words with places, layouts as read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from kh_nlp.reading.scan import deskew, tesseract_missing
from kh_nlp.reading.scan.pages import LayoutLine, PageLayout
from kh_nlp.reading.scan.tesseract import Word

EM = 58  # 14 points at 300 dpi


def _font_path() -> str | None:
    names = ("LiberationSerif-Regular", "Tinos-Regular", "Times_New_Roman", "times", "DejaVuSerif")
    for folder in ("/usr/share/fonts", "/usr/local/share/fonts", str(Path.home() / ".fonts")):
        for name in names:
            for path in Path(folder).rglob(f"{name}.ttf"):
                return str(path)
    return None


FONT = _font_path()
needs_font = pytest.mark.skipif(FONT is None, reason="không có phông chữ serif để dựng trang")
needs_tesseract = pytest.mark.skipif(
    tesseract_missing() is not None or FONT is None,
    reason=str(tesseract_missing() or "thiếu phông"),
)


def font(size: int = EM) -> Any:
    return ImageFont.truetype(str(FONT), size)


def sheet(width: int = 2480, height: int = 3508) -> tuple[Image.Image, ImageDraw.ImageDraw]:
    image = Image.new("L", (width, height), 255)
    return image, ImageDraw.Draw(image)


def text_like(angle: float = 0.0) -> Any:
    """A page of bars as long and as far apart as lines of text, turned by ``angle``."""
    page = np.full((3508, 2480), 255, np.uint8)
    rng = np.random.default_rng(3)
    for y in range(300, 3200, 75):
        x = 300
        while x < 2150:
            width = int(rng.integers(30, 160))
            cv2.rectangle(page, (x, y), (x + width, y + 26), 0, -1)
            x += width + 20
    return deskew.turn(page, angle)


def word(text: str, left: int, base: int, width: int | None = None, **more: Any) -> Word:
    """A word that stands on a base line, about as wide as it is printed."""
    from kh_nlp.reading.widths import printed_width

    wide = width or round(printed_width(text) * EM / 1000)
    low = any(char in "gpqyj,;()" for char in text)
    return Word(text, left, base - 40, left + wide, base + (12 if low else 0), 96.0, **more)


def words(text: str, left: int, base: int, line: int) -> list[Word]:
    out: list[Word] = []
    for piece in text.split():
        out.append(word(piece, left, base, line=(1, 1, line)))
        left = out[-1].right + 15
    return out


def page_of(*texts: str) -> PageLayout:
    return PageLayout(tuple(LayoutLine(text, 95, after_blank=True) for text in texts), 95, 9)
