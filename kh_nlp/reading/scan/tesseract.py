"""The OCR engine: tesseract with its Vietnamese data, run as a program of its own.

It is looked for when it is needed, never at import. A call reads an image and answers with words,
their boxes (pixels of that image, origin top left) and a confidence of 0..100.
"""

from __future__ import annotations

import os
import re
import shutil
import struct
import subprocess
import tempfile
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from numpy import uint8
    from numpy.typing import NDArray

    Gray = NDArray[uint8]
    """A page or a part of it: rows x columns of 0 (black) to 255 (white)."""
else:
    Gray = Any  # numpy is imported only where a page is at hand

LANGUAGE = "vie"
DPI = 300
"""Resolution that pages are brought to before they are read."""

PAGE_TIMEOUT = 180.0
"""Seconds for one call; a dense page takes 2-4 on an idle core, a busy one needs far more."""

_INSTALL = (
    "cần tesseract và dữ liệu tiếng Việt để nhận dạng bản quét; cài bằng: "
    "apt install tesseract-ocr tesseract-ocr-vie"
)
_LETTER = re.compile(r"[0-9A-Za-zÀ-ɏḀ-ỹ]")
_running: set[subprocess.Popen[bytes]] = set()
_guard = threading.Lock()


class TesseractError(Exception):
    """One call failed; ``timed_out`` tells a page that took too long from a broken call."""

    def __init__(self, message: str, timed_out: bool = False) -> None:
        super().__init__(message)
        self.timed_out = timed_out


@dataclass(frozen=True, slots=True)
class Word:
    """A word on an image. ``line`` is the engine's own (block, paragraph, line)."""

    text: str
    left: int
    top: int
    right: int
    bottom: int
    confidence: float
    line: tuple[int, int, int] = (0, 0, 0)

    @property
    def height(self) -> int:
        """Pixels from the highest to the lowest ink of the word."""
        return self.bottom - self.top

    @property
    def has_letters(self) -> bool:
        """Whether there is a letter or a digit in it, and not only signs."""
        return bool(_LETTER.search(self.text))


def tesseract_missing() -> str | None:
    """``None`` when scans can be read, else one Vietnamese line that says what to install."""
    program = _program()
    if program is None:
        return f"Chưa có tesseract: {_INSTALL}"
    if LANGUAGE not in _languages(program):
        return f"Thiếu dữ liệu tiếng Việt của tesseract: {_INSTALL}"
    return None


def tesseract_version() -> str:
    """Version as the program prints it ("5.3.0"); empty when it is missing."""
    program = _program()
    return _version(program) if program else ""


def knows_orientation() -> bool:
    """Whether the data that tells how a page is turned (``osd``) is installed."""
    program = _program()
    return program is not None and "osd" in _languages(program)


def recognise(image: Gray, *, psm: int, timeout: float = PAGE_TIMEOUT) -> list[Word]:
    """Words of an image at 300 dpi, in the engine's order. ``psm``: its page segmentation mode."""
    # the labels of a list, one below the other, would be taken for a line of upright text
    level = "textord_tabfind_vertical_text=0"
    output = _run([image], "-l", LANGUAGE, "--psm", str(psm), "-c", level, "tsv", timeout=timeout)
    return _words(output)


def read_lines(images: Sequence[Gray], timeout: float = PAGE_TIMEOUT) -> list[list[Word]]:
    """Words of images that hold one line each, taken as they are, all in one call."""
    output = _run(images, "-l", LANGUAGE, "--psm", "13", "tsv", timeout=timeout)
    found: list[list[Word]] = [[] for _ in images]
    for page, word in _pages_of_words(output):
        found[page - 1].append(word)
    return found


def read_digits(image: Gray, timeout: float = PAGE_TIMEOUT) -> list[Word]:
    """Digits of one line of text; every other reading is ruled out."""
    digits = "tessedit_char_whitelist=0123456789"
    output = _run([image], "-l", LANGUAGE, "--psm", "7", "-c", digits, "tsv", timeout=timeout)
    return _words(output)


def orientation(image: Gray, timeout: float = PAGE_TIMEOUT) -> int | None:
    """Degrees (0, 90, 180, 270) by which the image must be turned clockwise; ``None``: unsure."""
    try:
        output = _run([image], "--psm", "0", timeout=timeout)
    except TesseractError:
        return None  # too few letters
    turn = re.search(r"^Rotate: (\d+)$", output, re.MULTILINE)
    sure = re.search(r"^Orientation confidence: ([\d.]+)$", output, re.MULTILINE)
    if not turn or not sure or float(sure.group(1)) < 2.0:
        return None
    return int(turn.group(1)) % 360


def running() -> int:
    """How many calls are under way, in all threads of this process."""
    return len(_running)


def stop_all() -> None:
    """End the calls under way (the user gave up); each raises ``TesseractError`` where it waits."""
    with _guard:
        for process in _running:
            process.kill()


@cache
def _program() -> str | None:
    return shutil.which("tesseract")


@cache
def _languages(program: str) -> frozenset[str]:
    try:
        done = subprocess.run([program, "--list-langs"], capture_output=True, timeout=30)
    except (OSError, subprocess.TimeoutExpired):
        return frozenset()
    return frozenset((done.stdout + done.stderr).decode("utf-8", "replace").split())


@cache
def _version(program: str) -> str:
    try:
        done = subprocess.run([program, "--version"], capture_output=True, timeout=30)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    found = re.search(r"tesseract v?(\S+)", (done.stdout + done.stderr).decode("utf-8", "replace"))
    return found.group(1) if found else ""


def _run(images: Sequence[Gray], *arguments: str, timeout: float) -> str:
    """Standard output of one call that gets ``images`` on its standard input."""
    program = _program()
    if program is None:
        raise TesseractError("missing")
    # one thread a call: pages are read side by side, and its own threads gain next to nothing
    environment = {**os.environ, "OMP_THREAD_LIMIT": "1"}
    command = [program, "stdin", "stdout", "--dpi", str(DPI), *arguments]
    try:
        # a file without a name: through a pipe the image would go in pieces of 512 bytes
        with tempfile.TemporaryFile() as page:
            page.write(_pgm(images[0]) if len(images) == 1 else _tiff(images))
            page.seek(0)
            process = subprocess.Popen(
                command,
                stdin=page,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=environment,
            )
    except OSError as error:
        raise TesseractError(str(error)) from None
    with _guard:
        _running.add(process)
    try:
        output, _ = process.communicate(timeout=timeout)
    except subprocess.TimeoutExpired:
        raise TesseractError("timeout", timed_out=True) from None
    finally:
        process.kill()
        process.wait()
        with _guard:
            _running.discard(process)
    if process.returncode:
        raise TesseractError(f"status {process.returncode}")
    return output.decode("utf-8", "replace")


def _pgm(image: Gray) -> bytes:
    height, width = image.shape
    return b"P5 %d %d 255\n" % (width, height) + image.tobytes()


def _tiff(images: Sequence[Gray]) -> bytes:
    """Several gray images as the pages of a plain TIFF file (TIFF 6.0, no compression)."""
    parts = [b"II*\0" + struct.pack("<I", 8)]
    at = 8
    for number, image in enumerate(images):
        height, width = image.shape
        size = width * height
        entries = {
            256: width, 257: height, 258: 8, 259: 1, 262: 1, 273: at + 2 + 12 * 9 + 4, 277: 1,
            278: height, 279: size,
        }  # fmt: skip
        after = at + 2 + 12 * len(entries) + 4 + size
        after += after % 2
        directory = struct.pack("<H", len(entries))
        for tag, value in entries.items():
            directory += struct.pack("<HHII", tag, 4, 1, value)
        last = number == len(images) - 1
        parts.append(directory + struct.pack("<I", 0 if last else after) + image.tobytes())
        parts.append(b"\0" * (after - at - len(parts[-1])))
        at = after
    return b"".join(parts)


def _words(tsv: str) -> list[Word]:
    return [word for _, word in _pages_of_words(tsv)]


def _pages_of_words(tsv: str) -> list[tuple[int, Word]]:
    """Word rows of a TSV answer: level, page, block, par, line, word, x, y, w, h, conf, text."""
    words: list[tuple[int, Word]] = []
    for row in tsv.splitlines()[1:]:
        fields = row.split("\t")
        if len(fields) != 12 or fields[0] != "5" or not fields[11].strip():
            continue
        block, paragraph, line = (int(value) for value in fields[2:5])
        left, top, width, height = (int(value) for value in fields[6:10])
        box = (left, top, left + width, top + height)
        where = (block, paragraph, line)
        words.append((int(fields[1]), Word(fields[11].strip(), *box, float(fields[10]), where)))
    return words
