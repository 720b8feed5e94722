"""A clean page as a scanner would bring it in.

``level`` runs from 0 (clean) over 0.5 (an ordinary office scanner) to 1 (a bad one); between them
every figure goes in a straight line. The same level, seed and page give the same pixels.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .pages import Gray, RenderingError

if TYPE_CHECKING:
    from numpy import float32
    from numpy.random import Generator
    from numpy.typing import NDArray

_LEVELS = (0.0, 0.5, 1.0)
_NO_OPENCV = "Chưa có OpenCV để xử lý ảnh quét: cài bằng pip install opencv-python-headless"


@dataclass(frozen=True, slots=True)
class Noise:
    """How bad a scan is, for pages of 300 dpi.

    ``turn`` is the greatest angle in degrees either way, ``blur`` a standard deviation in pixels,
    ``grain`` one in gray levels; ``paper`` and ``ink`` are gray levels, ``shade`` how many levels
    the light falls off over the page, ``specks`` how many stand on a page, ``quality`` JPEG's.
    """

    turn: float
    blur: float
    grain: float
    paper: float
    ink: float
    shade: float
    specks: int
    quality: int

    @classmethod
    def at(cls, level: float) -> Noise:
        """The figures for a level in 0..1."""
        try:
            from numpy import interp
        except ImportError:
            raise RenderingError("Chưa có numpy: cài bằng pip install numpy") from None

        def figure(clean: float, usual: float, bad: float) -> float:
            return float(interp(level, _LEVELS, (clean, usual, bad)))

        return cls(
            turn=figure(0.0, 0.7, 1.5),
            blur=figure(0.0, 0.8, 1.3),
            grain=figure(0.0, 9.0, 20.0),
            paper=figure(255.0, 240.0, 222.0),
            ink=figure(0.0, 25.0, 60.0),
            shade=figure(0.0, 18.0, 40.0),
            specks=round(figure(0, 40, 300)),
            quality=round(figure(92, 75, 55)),
        )


def scanned(page: Gray, level: float, seed: int, number: int, dpi: int = 300) -> Gray:
    """Page ``number`` with noise of ``level``; a clean copy at level 0."""
    if level <= 0:
        return page.copy()
    try:
        import cv2
        import numpy as np
    except ImportError:
        raise RenderingError(_NO_OPENCV) from None
    noise = Noise.at(level)
    random = np.random.default_rng([seed, number])
    height, width = page.shape
    scale = dpi / 300
    angle = float(random.uniform(0.4, 1.0) * random.choice([-1, 1])) * noise.turn
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
    matrix[:, 2] = matrix[:, 2] + random.uniform(-12, 12, 2) * level * scale
    turned = cv2.warpAffine(
        page, matrix, (width, height), flags=cv2.INTER_CUBIC, borderValue=(255,)
    )
    gray = cv2.GaussianBlur(turned, (0, 0), noise.blur * scale).astype(np.float32)
    gray = noise.ink + gray * ((noise.paper - noise.ink) / 255)
    gray = gray - _shade(width, height, noise.shade, random)
    gray = gray + random.normal(0.0, noise.grain, (height, width)).astype(np.float32)
    out = np.clip(gray, 0, 255).astype(np.uint8)
    for _ in range(noise.specks):
        at = (int(random.integers(width)), int(random.integers(height)))
        radius = max(1, round(float(random.uniform(0.6, 2.4)) * scale))
        cv2.circle(out, at, radius, (int(random.integers(20, 150)),), -1)
    return out


def _shade(width: int, height: int, depth: float, random: Generator) -> NDArray[float32]:
    """Light that falls off to one side and, along the edge where a book is bound, sharply."""
    import numpy as np

    towards = random.uniform(0, 2 * np.pi)
    across = np.linspace(-0.5, 0.5, width, dtype=np.float32)[None, :]
    down = np.linspace(-0.5, 0.5, height, dtype=np.float32)[:, None]
    slope = across * np.float32(np.cos(towards)) + down * np.float32(np.sin(towards)) + 0.5
    edge = np.exp(-(across + 0.5) * 40) if random.random() < 0.5 else np.exp((across - 0.5) * 40)
    light: NDArray[float32] = np.clip(slope, 0, 1) + np.float32(0.8) * edge.astype(np.float32)
    return light * np.float32(depth)


def jpeg(page: Gray, level: float) -> bytes:
    """The page as a JPEG file, the worse the noisier."""
    return _encoded(".jpg", page, Noise.at(level).quality)


def png(page: Gray) -> bytes:
    """The page as a PNG file."""
    return _encoded(".png", page, None)


def _encoded(ending: str, page: Gray, quality: int | None) -> bytes:
    try:
        import cv2
    except ImportError:
        raise RenderingError(_NO_OPENCV) from None
    options = [] if quality is None else [cv2.IMWRITE_JPEG_QUALITY, quality]
    done, data = cv2.imencode(ending, page, options)
    if not done:
        raise RenderingError("OpenCV không ghi được ảnh của trang.")
    return bytes(data.tobytes())
