"""A page made straight, evenly lit and clean of specks.

Angles are degrees, counter-clockwise positive: what the page has to be turned by.
"""

from __future__ import annotations

import math
from typing import Any

from kh_nlp.reading.scan.tesseract import Gray

_LIMIT = 5.0
"""Degrees a page may be turned; a sheet fed by a machine stays below 3."""

_WIDTH = 800  # pixels of the image on which the angle is sought
_STRIP = 20  # pixels of it that are shifted as one: at 5 degrees 2 pixels up or down


def flatten(gray: Gray) -> Gray:
    """Paper brought to white and ink to black, whatever the light over the page was."""
    import cv2
    import numpy as np

    height, width = gray.shape
    near = gray
    for _ in range(3):  # halving is done far quicker than a step by eight
        near = halved(near)
    # the closing takes the ink away (strokes are thinner than 13 * 8 pixels), the blur its steps
    paper = cv2.morphologyEx(near, cv2.MORPH_CLOSE, np.ones((13, 13), np.uint8))
    paper = cv2.GaussianBlur(paper, (0, 0), 4)
    paper = cv2.resize(paper, (width, height), interpolation=cv2.INTER_LINEAR)
    even = cv2.divide(gray, paper, scale=255)
    return even.astype(np.uint8, copy=False)


def without_grain(gray: Gray) -> Gray:
    """The page with plain white wherever no shape as large as a letter is near.

    Where little is printed the engine takes the grain of the paper for text; near letters
    everything stays, since making the paper whiter there costs words (measured: up to one in a
    hundred on noisy pages).
    """
    import cv2
    import numpy as np

    height, width = gray.shape
    labels, stats = shapes(ink(halved(gray), 150))
    solid = (stats[:, cv2.CC_STAT_AREA] >= 10) & (stats[:, cv2.CC_STAT_HEIGHT] >= 4)
    solid |= stats[:, cv2.CC_STAT_WIDTH] >= 8  # dashes
    solid[0] = False
    letters = (solid.astype(np.uint8) * 255)[labels]
    near = cv2.dilate(letters, np.ones((25, 25), np.uint8))
    far = cv2.resize(cv2.bitwise_not(near), (width, height), interpolation=cv2.INTER_NEAREST)
    return cv2.max(gray, far).astype(np.uint8, copy=False)


def is_noisy(gray: Gray) -> bool:
    """Whether the paper of an evenly lit page is grainy or strewn with dots.

    Cleaning helps such pages (97 to 98 % of the words of a bad scan, measured) and harms thin type
    on clean ones.
    """
    import cv2
    import numpy as np

    height, width = gray.shape
    middle = gray[height // 3 : height * 2 // 3, width // 8 : width * 7 // 8]
    difference = cv2.absdiff(middle, cv2.medianBlur(middle, 3))
    if cv2.mean(difference, cv2.bitwise_not(ink(middle, 201)))[0] > 2.0:
        return True
    dark = ink(middle, 128)
    # an opening takes dots of up to two pixels; of letters it takes next to nothing
    dots = cv2.subtract(dark, cv2.morphologyEx(dark, cv2.MORPH_OPEN, np.ones((2, 2), np.uint8)))
    around = cv2.boxFilter(dark & 1, -1, (5, 5), normalize=False)
    lone = cv2.bitwise_and(dots, ink(around, 3))
    return cv2.countNonZero(lone) > 0.00015 * lone.size


def ink(gray: Any, below: int) -> Gray:
    """255 where the image is darker than ``below``, 0 elsewhere."""
    import cv2
    import numpy as np

    _, dark = cv2.threshold(gray, below - 1, 255, cv2.THRESH_BINARY_INV)
    return np.asarray(dark, np.uint8)


def shapes(mask: Any, least: int = 1) -> tuple[Any, Any]:
    """What hangs together in a mask: the number of each pixel's shape, and OpenCV's statistics.

    ``least`` pixels are in every shape. Number 0 is what lies around.
    """
    import cv2

    height, width = mask.shape
    most = min((height + 1) // 2 * ((width + 1) // 2), height * width // least)
    kind = cv2.CV_16U if most < 65_000 else cv2.CV_32S  # short numbers: three times faster
    _, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8, ltype=kind)
    return labels, stats


def halved(gray: Gray) -> Gray:
    """The image at half its size, at least one pixel each way."""
    import cv2
    import numpy as np

    height, width = gray.shape
    size = (max(1, width // 2), max(1, height // 2))
    return cv2.resize(gray, size, interpolation=cv2.INTER_AREA).astype(np.uint8, copy=False)


def despeckle(gray: Gray) -> Gray:
    """Dots of one or two pixels removed; strokes of letters (4 pixels at 300 dpi) stay."""
    import cv2
    import numpy as np

    return cv2.medianBlur(gray, 3).astype(np.uint8, copy=False)


def skew(gray: Gray) -> float:
    """Degrees to turn the page by so that its lines run level; 0 where no lines can be seen.

    The rows of a level page are black and white by turns: the angle sought is the one at which the
    sums of the rows differ most from their neighbours (projection profile).
    """
    import numpy as np

    strips = _strips(_bare(_reduced(gray)))
    if strips.mean() < 0.002:
        return 0.0
    rough = max(np.arange(-_LIMIT, _LIMIT + 0.1, 0.5), key=lambda a: _contrast(strips, a))
    fine = max(np.arange(rough - 0.5, rough + 0.51, 0.1), key=lambda a: _contrast(strips, a))
    sharp = max(np.arange(fine - 0.1, fine + 0.11, 0.025), key=lambda a: _contrast(strips, a))
    if abs(sharp) < 0.04 or _contrast(strips, sharp) < 1.004 * _contrast(strips, 0.0):
        return 0.0
    return float(round(sharp, 3))


def turn(gray: Gray, angle: float) -> Gray:
    """The page turned by a small ``angle`` about its middle; the corners are filled with paper."""
    import cv2
    import numpy as np

    if not angle:
        return gray
    height, width = gray.shape
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
    turned = cv2.warpAffine(
        gray, matrix, (width, height), flags=cv2.INTER_LINEAR, borderValue=(255.0,)
    )
    return turned.astype(np.uint8, copy=False)


def lies_on_side(gray: Gray) -> bool:
    """Whether lines of text run up or down the page instead of across it."""
    bare = _bare(_reduced(gray))
    across, along = (
        max(_contrast(strips, a) for a in (-2.0, -1.0, 0.0, 1.0, 2.0))
        for strips in (_strips(bare), _strips(bare.T))
    )
    return bool(along > 2 * across)


def upright(gray: Gray, quarter_turns: int) -> Gray:
    """The page turned clockwise by quarters."""
    import numpy as np

    return np.ascontiguousarray(np.rot90(gray, -quarter_turns % 4))


def _reduced(gray: Gray) -> Gray:
    """The page at a width of 800 pixels."""
    import cv2
    import numpy as np

    near = gray
    while near.shape[1] >= 2 * _WIDTH:
        near = halved(near)
    scale = min(1.0, _WIDTH / near.shape[1])
    small = cv2.resize(near, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return small.astype(np.uint8, copy=False)


def _bare(small: Gray) -> Gray:
    """1 where a reduced page is inked, 0 elsewhere.

    Long strokes are left out: the rules of a table weigh more than text and run both ways.
    """
    import cv2
    import numpy as np

    # ink: darker by a fair step than what lies around
    dark = cv2.adaptiveThreshold(
        small, 1, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 31, 18
    )
    long = np.ones((1, 40), np.uint8)
    rules = cv2.bitwise_or(
        cv2.morphologyEx(dark, cv2.MORPH_OPEN, long), cv2.morphologyEx(dark, cv2.MORPH_OPEN, long.T)
    )
    return cv2.subtract(dark, rules).astype(np.uint8, copy=False)


def _strips(bare: Gray) -> Any:
    """Share of ink in each row of each of about forty upright strips: strips x rows.

    Each strip has its first and last row again at its ends, as often as it can be shifted.
    """
    import numpy as np

    usable = bare.shape[1] // _STRIP * _STRIP
    sums = np.add.reduceat(bare.T[:usable], np.arange(0, usable, _STRIP), axis=0, dtype=np.float32)
    reach = _reach(len(sums))
    return np.pad(sums / _STRIP, ((0, 0), (reach, reach + 1)), "edge")


def _reach(count: int) -> int:
    """Rows that the outermost of ``count`` strips is shifted by at most."""
    return math.ceil(count / 2 * _STRIP * math.tan(math.radians(_LIMIT + 1)))


def _contrast(strips: Any, angle: float) -> float:
    """Sum of squared steps between neighbouring rows when the page is turned by ``angle``."""
    import numpy as np

    count = len(strips)
    reach = _reach(count)
    height = strips.shape[1] - 2 * reach - 1
    shifts = (np.arange(count) - (count - 1) / 2) * _STRIP * np.tan(np.radians(angle))
    whole = np.floor(shifts).astype(int)
    part = (shifts - whole).astype(np.float32)
    windows = np.lib.stride_tricks.sliding_window_view(strips, height + 1, axis=1)
    shifted = windows[np.arange(count), whole + reach]
    profile = np.einsum("s,sr->r", 1 - part, shifted[:, :-1])
    profile += np.einsum("s,sr->r", part, shifted[:, 1:])
    return float(np.square(np.diff(profile)).sum())
