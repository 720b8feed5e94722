"""Immutable files beside the database: written once, named by a row, never changed.

A segment is a folder of ``.npy`` arrays (opened as memory maps) and a ``segment.json``. It is
written under a draft name, flushed, and renamed; only then may a row name it. Whatever no row
names is an orphan of a killed writer and is swept at the next write.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import shutil
import sqlite3
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

FORMAT = 1
"""Version of the layout of the arrays; written into every ``segment.json``."""

Loaded = TypeVar("Loaded")

_parsing = threading.Lock()
"""numpy reads a header through ``ast``, whose parser in Python 3.11 fails when two threads use it
at once (SystemError, "AST constructor recursion depth mismatch")."""


class SegmentFolder:
    """The folder ``segments/`` of a library. Safe to use from several threads."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._loaded: dict[str, Any] = {}
        self._guard = threading.Lock()

    def write(
        self,
        kind: str,
        arrays: Mapping[str, NDArray[Any]],
        facts: Mapping[str, Any],
        finish: Callable[[Path], None] | None = None,
    ) -> tuple[str, str]:
        """Write a segment; gives its name and checksum. ``finish`` may add files of its own."""
        name = f"{kind}-{secrets.token_hex(8)}"
        draft = self.path / f"draft-{name}"
        draft.mkdir(parents=True)
        for key, array in arrays.items():
            np.save(draft / f"{key}.npy", array, allow_pickle=False)
        (draft / "segment.json").write_text(
            json.dumps({"format": FORMAT, "kind": kind, **facts}), encoding="utf-8"
        )
        if finish is not None:
            finish(draft)
        for file in draft.iterdir():
            _flush(file)
        checksum = _checksum(draft)
        draft.rename(self.path / name)
        _flush(self.path)
        return name, checksum

    def facts(self, name: str) -> dict[str, Any]:
        """What ``segment.json`` says."""
        data: dict[str, Any] = json.loads(
            (self.path / name / "segment.json").read_text(encoding="utf-8")
        )
        return data

    def array(self, name: str, key: str) -> NDArray[Any]:
        """One array of a segment as a read-only memory map."""
        with _parsing:
            mapped = np.load(self.path / name / f"{key}.npy", mmap_mode="r", allow_pickle=False)
        return np.asarray(mapped)  # a plain view: slices of a memmap object cost ten times more

    def load(self, name: str, opener: Callable[[SegmentFolder, str], Loaded]) -> Loaded:
        """The opened segment, kept in memory until it is swept or the library is closed."""
        with self._guard:
            found: Loaded | None = self._loaded.get(name)
        if found is None:
            found = opener(self, name)
            with self._guard:
                self._loaded[name] = found
        return found

    def checksum(self, name: str) -> str:
        """SHA-256 over names and bytes of the segment's files; OSError when it is missing."""
        return _checksum(self.path / name)

    def orphans(self, connection: sqlite3.Connection) -> list[str]:
        """Folders that no row names."""
        if not self.path.is_dir():
            return []
        named = {row[0] for row in connection.execute("SELECT name FROM segments")}
        return sorted(entry.name for entry in self.path.iterdir() if entry.name not in named)

    def sweep(self, connection: sqlite3.Connection) -> None:
        """Delete what no row names. Only the writer may call it, outside a transaction."""
        for name in self.orphans(connection):
            shutil.rmtree(self.path / name, ignore_errors=True)
            with self._guard:
                self._loaded.pop(name, None)

    def forget(self) -> None:
        """Drop everything kept in memory."""
        with self._guard:
            self._loaded.clear()


def _checksum(folder: Path) -> str:
    digest = hashlib.sha256()
    for file in sorted(folder.iterdir()):
        digest.update(f"{file.name}\0{file.stat().st_size}\0".encode())
        with file.open("rb") as handle:
            while block := handle.read(1 << 20):
                digest.update(block)
    return digest.hexdigest()


def _flush(path: Path) -> None:
    """Bring a file or folder to disk: the database must not name what a power cut can lose."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
