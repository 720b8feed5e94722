"""Pages already read, kept on disk, so that a killed run goes on where it was.

One JSON file a page, named by what it was made from: the SHA-256 of the file, the page, the version
of this reader and that of tesseract. The folder holds the text of private documents: only its owner
may read it. The environment variable ``KH_OCR_CACHE=off`` switches it off, ``clear`` empties it.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import tempfile
from pathlib import Path

from kh_nlp.reading.scan.pages import PageLayout
from kh_nlp.reading.scan.tesseract import LANGUAGE, tesseract_version

VERSION = "8"
"""Raised whenever a page would be read differently."""

MAX_BYTES = 256 * 2**20
"""The folder is kept below this; a page takes about 4 KB."""

_ENDING = ".page.json"


def folder(chosen: Path | None) -> Path | None:
    """Where pages are kept: ``chosen``, else the user's cache; ``None`` when switched off."""
    if os.environ.get("KH_OCR_CACHE", "").lower() in ("off", "0", "no"):
        return None
    if chosen is not None:
        return chosen
    base = os.environ.get("XDG_CACHE_HOME", "")
    return (Path(base) if base else Path("~/.cache").expanduser()) / "kh_nlp" / "ocr"


class PageCache:
    """The pages of one file. Every fault of the disk means only that a page is read again."""

    def __init__(self, chosen: Path | None, sha256: str) -> None:
        self._folder = folder(chosen)
        self._sha = sha256
        self._made = f"{VERSION}-{LANGUAGE}-{tesseract_version()}"

    def get(self, page: int) -> PageLayout | None:
        """The page (from 0) as it was read before."""
        path = self._path(page)
        if path is None:
            return None
        try:
            layout = PageLayout.from_json(json.loads(path.read_text("utf-8")))
            os.utime(path)  # used lately: pruned late
        except (OSError, ValueError, KeyError, TypeError):
            return None
        return layout

    def put(self, page: int, layout: PageLayout) -> None:
        """Keep a page that was read without fault."""
        path = self._path(page)
        if path is None or layout.fault:
            return
        temporary = None
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            # the folder itself may be old or made with wider rights by mkdir's parents
            path.parent.chmod(0o700)
            handle, temporary = tempfile.mkstemp(dir=path.parent, suffix=".part")
            with os.fdopen(handle, "w", encoding="utf-8") as stream:
                json.dump(layout.to_json(), stream, ensure_ascii=False, separators=(",", ":"))
            Path(temporary).replace(path)  # whole or not at all
        except OSError:
            if temporary:
                with contextlib.suppress(OSError):
                    Path(temporary).unlink()

    def prune(self) -> None:
        """Bring the folder below ``MAX_BYTES``, pages not used for longest first."""
        if self._folder is None:
            return
        pages: list[tuple[float, int, Path]] = []
        with contextlib.suppress(OSError):
            for path in self._folder.glob(f"*{_ENDING}"):
                with contextlib.suppress(OSError):
                    told = path.stat()
                    pages.append((told.st_mtime, told.st_size, path))
        total = sum(size for _, size, _ in pages)
        for _, size, path in sorted(pages):
            if total <= MAX_BYTES:
                break
            with contextlib.suppress(OSError):
                path.unlink()
                total -= size

    def _path(self, page: int) -> Path | None:
        if self._folder is None:
            return None
        name = hashlib.sha256(f"{self._sha}:{page}:{self._made}".encode()).hexdigest()
        return self._folder / f"{name[:40]}{_ENDING}"


def clear(chosen: Path | None = None) -> int:
    """Delete all pages kept in ``chosen`` (default: the user's cache); how many there were."""
    place = folder(chosen)
    count = 0
    if place is None or not place.is_dir():
        return 0
    for path in [*place.glob(f"*{_ENDING}"), *place.glob("*.part")]:
        with contextlib.suppress(OSError):
            path.unlink()
            count += path.name.endswith(_ENDING)
    return count
