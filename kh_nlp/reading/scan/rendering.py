"""Pages of a PDF to images: rendered at 300 dpi, or the scanned image itself where it is finer."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from kh_nlp.reading.scan.images import MAX_PIXELS, PAGE_PIXELS, PageError, to_standard, too_large
from kh_nlp.reading.scan.tesseract import DPI, Gray

if TYPE_CHECKING:
    import pypdfium2

_BROKEN = "trang PDF hỏng, không dựng được hình"
_one_at_a_time = threading.Lock()
"""PDFium must not be called by two threads at once."""


def render_page(data: bytes, index: int) -> Gray:
    """Page ``index`` (from 0), gray, at about 300 dpi. Raises PageError."""
    import pypdfium2

    with _one_at_a_time:
        try:
            document = pypdfium2.PdfDocument(data)
        except pypdfium2.PdfiumError:
            raise PageError(_BROKEN) from None
        try:
            return _page(document, index)
        except (pypdfium2.PdfiumError, IndexError, ValueError, MemoryError):
            raise PageError(_BROKEN) from None
        finally:
            document.close()


def _page(document: pypdfium2.PdfDocument, index: int) -> Gray:
    from pypdfium2 import raw

    page = document[index]
    width, height = page.get_size()  # points, as the page is turned
    if not (width > 10 and height > 10):
        raise PageError(_BROKEN)
    whole = _whole_page_image(page, width, height)
    if whole is not None:
        return whole
    scale = min(DPI / 72, (PAGE_PIXELS / (width * height)) ** 0.5)
    # drawn into gray pixels; ``grayscale=True`` would also take every image through a conversion of
    # its own, which leaves gray ones as they are and takes twice as long as all the rest
    gray = raw.FPDFBitmap_Gray
    return _copied(page.render(scale=scale, force_bitmap_format=gray, may_draw_forms=True))


def _whole_page_image(page: pypdfium2.PdfPage, width: float, height: float) -> Gray | None:
    """The image of a scanned page, when there is nothing else and it is finer than 300 dpi."""
    from pypdfium2 import PdfImage, raw

    objects = list(page.get_objects(max_depth=1))
    for item in objects:
        if item.type == raw.FPDF_PAGEOBJ_IMAGE and isinstance(item, PdfImage):
            size = item.get_px_size()
            if size[0] * size[1] > MAX_PIXELS:
                raise PageError(too_large(size))
    if len(objects) != 1 or not isinstance(objects[0], PdfImage) or page.get_rotation():
        return None
    matrix = objects[0].get_matrix()
    upright = matrix.b == matrix.c == 0 and matrix.a > 0 and matrix.d > 0
    if not upright or matrix.a < 0.95 * width or matrix.d < 0.95 * height:
        return None
    pixels = objects[0].get_px_size()
    dpi = 72 * pixels[0] / matrix.a
    if dpi < 1.05 * DPI:
        return None
    return to_standard(_copied(objects[0].get_bitmap(render=False)), dpi)


def _copied(bitmap: pypdfium2.PdfBitmap) -> Gray:
    """Gray pixels of a bitmap whose memory is PDFium's."""
    import numpy as np

    if bitmap.n_channels == 1:
        return np.array(bitmap.to_numpy().reshape(bitmap.height, bitmap.width), dtype=np.uint8)
    return np.array(bitmap.to_pil().convert("L"), dtype=np.uint8)
