"""Image files to gray pages: sizes are checked before anything is decoded.

Units: pixels; dpi is the resolution a page was scanned at, as far as the file or its size tells.
"""

from __future__ import annotations

import io
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING

from kh_nlp.errors import InputError
from kh_nlp.reading.files import File
from kh_nlp.reading.scan.tesseract import DPI, Gray

if TYPE_CHECKING:
    from PIL.Image import Image

MAX_PIXELS = 120_000_000
"""Of an image as stored: A3 at 600 dpi has 70 million."""

PAGE_PIXELS = 36_000_000
"""Of a page as it is read: A2 at 300 dpi; bounds the memory of one worker."""

MAX_PAGES = 2_000
_A4 = (8.27, 11.69)  # inches
_one_large_page = threading.Lock()  # so that two of them are never in memory at once


class PageError(Exception):
    """One page cannot be read; ``str`` says why in Vietnamese, without the file's name."""


def count_pages(file: File) -> int:
    """Images in the file. Raises InputError for one that no decoder knows or is too large."""
    try:
        with opened(file.data) as image:
            check_size(image)
            return min(int(getattr(image, "n_frames", 1)), MAX_PAGES + 1)
    except PageError as error:
        raise InputError(f"{file.path}: {error}.") from None


def load_page(data: bytes, index: int) -> Gray:
    """Page ``index`` (from 0) of an image file, gray, at about 300 dpi. Raises PageError."""
    with opened(data) as image:
        try:
            image.seek(index)
            check_size(image)
            full = image.size
            if image.format == "JPEG" and full[0] * full[1] > PAGE_PIXELS:
                _reduce(image)
            dpi = resolution(full, image.info.get("dpi"))
            large = image.size[0] * image.size[1] > PAGE_PIXELS
            with _one_large_page if large else nullcontext():
                gray = to_standard(_gray(image), dpi * image.size[0] / full[0])
        except (OSError, ValueError, EOFError, SyntaxError, MemoryError, IndexError) as error:
            raise PageError("ảnh hỏng hoặc bị cắt cụt") from error
    return gray


@contextmanager
def opened(data: bytes) -> Iterator[Image]:
    """The image with its header read and its pixels not yet. Raises PageError."""
    from PIL import Image, UnidentifiedImageError

    with warnings.catch_warnings():
        # sizes are checked here, before decoding, with a limit of our own
        warnings.simplefilter("ignore")
        try:
            image = Image.open(io.BytesIO(data), formats=("PNG", "JPEG", "TIFF"))
        except Image.DecompressionBombError:
            raise PageError(too_large(None)) from None
        except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError):
            raise PageError("ảnh hỏng hoặc bị cắt cụt") from None
        with image:
            yield image


def check_size(image: Image) -> None:
    """Raise PageError for more pixels than can be decoded in bounded memory.

    A JPEG that is not progressive may be larger: its decoder can skip pixels.
    """
    width, height = image.size
    skips = image.format in ("JPEG", "MPO") and not image.info.get("progressive")
    deep = image.mode in ("I", "F")  # four bytes a pixel, and as many again to scale them
    if width * height > MAX_PIXELS * (8 if skips else 1) / (2 if deep else 1):
        raise PageError(too_large(image.size))
    if min(image.size) < 16:
        raise PageError("ảnh quá nhỏ để có chữ")


def resolution(size: tuple[int, int], told: object) -> float:
    """Dots an inch: what the file tells when that makes a plausible sheet, else as of A4."""
    width, height = size
    if isinstance(told, tuple) and len(told) == 2:
        dpi = float(told[0] or 0)
        if 90 <= dpi <= 1300 and 4 <= width / dpi <= 24 and 3 <= height / dpi <= 36:
            return dpi
    short, long = sorted(size)
    if 1.25 <= long / short <= 1.6:
        return long / _A4[1]
    return width / _A4[0] if width >= 600 else float(DPI)


def to_standard(gray: Gray, dpi: float) -> Gray:
    """The page at 300 dpi, or below where it would have too many pixels."""
    import cv2
    import numpy as np

    height, width = gray.shape
    scale = min(4.0, max(0.1, DPI / dpi))
    if abs(scale - 1) < 0.1:
        scale = 1.0
    scale = min(scale, (PAGE_PIXELS / (width * height)) ** 0.5)
    if abs(scale - 1) < 0.02:
        return np.ascontiguousarray(gray)
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    return cv2.resize(gray, size, interpolation=how).astype(np.uint8, copy=False)


def _reduce(image: Image) -> None:
    """Let the JPEG decoder itself skip pixels: a half, a quarter or an eighth of each side."""
    width, height = image.size
    for factor in (2, 4, 8):
        if width * height / factor**2 <= PAGE_PIXELS or factor == 8:
            image.draft("L", (max(1, width // factor), max(1, height // factor)))
            break
    if image.size[0] * image.size[1] > MAX_PIXELS:
        raise PageError(too_large((width, height)))


def _gray(image: Image) -> Gray:
    """Pixels as gray; what is transparent is paper, 16 bits are scaled and not cut."""
    import cv2
    import numpy as np

    if image.mode.startswith("I;16"):
        short = np.asarray(image)
        return (short >> 8).astype(np.uint8) if short.max() > 255 else short.astype(np.uint8)
    if image.mode in ("I", "F"):
        deep = np.asarray(image, dtype=np.float32)
        high = float(deep.max())
        scale = 255 / (65535 if high > 255 else max(high, 1.0))
        return cv2.convertScaleAbs(deep, alpha=scale).astype(np.uint8, copy=False)
    if image.mode == "P" and "transparency" in image.info:
        image = image.convert("RGBA")
    gray = np.array(image.convert("L"), dtype=np.uint8)
    if image.mode in ("RGBA", "LA", "PA"):
        opaque = np.asarray(image.getchannel("A"))
        ink = cv2.multiply(cv2.bitwise_not(gray), opaque, scale=1 / 255)
        gray = cv2.bitwise_not(ink).astype(np.uint8, copy=False)
    return gray


def too_large(size: tuple[int, int] | None) -> str:
    """The sentence for an image of ``size`` pixels."""
    shown = f" ({size[0]} × {size[1]} điểm ảnh)" if size else ""
    return f"ảnh quá lớn{shown}; giới hạn {MAX_PIXELS // 1_000_000} triệu điểm ảnh"
