"""Vectors kept between runs, so that a text is encoded once per encoder, whatever plan holds it."""

from __future__ import annotations

import hashlib
import logging
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from kh_nlp.embedding.encoder import Encoder, Progress, Vectors, prepared

logger = logging.getLogger(__name__)

_SCHEMA = """
CREATE TABLE IF NOT EXISTS encoders (id INTEGER PRIMARY KEY, identity TEXT NOT NULL UNIQUE);
CREATE TABLE IF NOT EXISTS vectors (
    encoder INTEGER NOT NULL, text BLOB NOT NULL, vector BLOB NOT NULL,
    PRIMARY KEY (encoder, text)) WITHOUT ROWID;
"""
_SAVE_EVERY = 1024


def text_key(text: str) -> bytes:
    """SHA-256 of the text as an encoder reads it (32 bytes)."""
    return hashlib.sha256(prepared(text).encode("utf-8")).digest()


class VectorCache:
    """A SQLite file of (encoder identity, SHA-256 of text) -> float32 vector.

    It opens the file anew for every call: the file may be deleted at any time (it is made again),
    and many processes may read and write it. It is a cache and never stops the work: a file that
    is broken is thrown away, one that cannot be written is not written (both are logged).
    """

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(self.path, timeout=60)
        try:
            # One transaction per use; a rollback journal leaves no side file behind that could
            # meet a new database after the file was deleted, as WAL would.
            connection.executescript(_SCHEMA)
            with connection:
                yield connection
        finally:
            connection.close()

    def get(self, encoder: Encoder, texts: Sequence[str]) -> dict[str, Vectors]:
        """The known ones of ``texts`` with their vectors, shape (d,)."""
        keys = {text: text_key(text) for text in dict.fromkeys(texts)}
        if not self.path.exists() or not keys:
            return {}
        try:
            found = self._read(encoder.identity, list(dict.fromkeys(keys.values())))
        except sqlite3.DatabaseError as error:
            self._failed(error)
            return {}
        size = 4 * encoder.dimensions
        return {
            text: np.frombuffer(found[key], dtype="<f4").astype(np.float32)
            for text, key in keys.items()
            if len(found.get(key, b"")) == size
        }

    def _read(self, identity: str, keys: list[bytes]) -> dict[bytes, bytes]:
        found: dict[bytes, bytes] = {}
        with self._open() as connection:
            for start in range(0, len(keys), 500):
                some = keys[start : start + 500]
                marks = ",".join("?" * len(some))
                rows = connection.execute(
                    "SELECT text, vector FROM vectors JOIN encoders ON id = encoder "
                    f"WHERE identity = ? AND text IN ({marks})",
                    (identity, *some),
                )
                found.update(rows.fetchall())
        return found

    def put(self, encoder: Encoder, texts: Sequence[str], vectors: Vectors) -> None:
        """Keep the rows of ``vectors`` (n, d) for ``texts``.

        Raises ValueError when the shapes do not fit.
        """
        if vectors.shape != (len(texts), encoder.dimensions):
            raise ValueError(f"{len(texts)} texts, vectors of shape {vectors.shape}")
        rows = np.ascontiguousarray(vectors, dtype="<f4")
        entries = {text_key(text): row.tobytes() for text, row in zip(texts, rows, strict=True)}
        try:
            with self._open() as connection:
                connection.execute(
                    "INSERT OR IGNORE INTO encoders (identity) VALUES (?)", (encoder.identity,)
                )
                (number,) = connection.execute(
                    "SELECT id FROM encoders WHERE identity = ?", (encoder.identity,)
                ).fetchone()
                connection.executemany(
                    "INSERT OR REPLACE INTO vectors VALUES (?, ?, ?)",
                    ((number, key, blob) for key, blob in entries.items()),
                )
        except (sqlite3.DatabaseError, OSError) as error:
            self._failed(error)

    def _failed(self, error: Exception) -> None:
        logger.warning("Bộ đệm vector %s không dùng được: %s", self.path, error)
        # OperationalError is a state of things (locked, read-only); a plain DatabaseError is a
        # file that is no database, and would stay so.
        if type(error) is sqlite3.DatabaseError:
            try:
                self.path.unlink(missing_ok=True)
            except OSError as reason:
                logger.warning("Không xóa được bộ đệm vector hỏng %s: %s", self.path, reason)


def cached_passages(
    encoder: Encoder,
    texts: Sequence[str],
    cache: VectorCache | None,
    progress: Progress | None = None,
) -> Vectors:
    """``encoder.encode_passages(texts)``, shape (n, d), encoding only texts not in ``cache``.

    New vectors are kept as they are made, so that work cut short is not lost. ``progress`` is
    called with the number of texts finished since the last call.
    """
    if cache is None:
        return encoder.encode_passages(texts, progress)
    known = cache.get(encoder, texts)
    result = np.zeros((len(texts), encoder.dimensions), dtype=np.float32)
    missing: dict[str, list[int]] = {}
    for index, text in enumerate(texts):
        if text in known:
            result[index] = known[text]
        else:
            missing.setdefault(text, []).append(index)
    if progress is not None and len(texts) > sum(map(len, missing.values())):
        progress(len(texts) - sum(map(len, missing.values())))
    # Longest first over all of them, so that each part pads little.
    order = sorted(missing, key=lambda text: (-len(text), text))
    for part in _parts(order):
        vectors = encoder.encode_passages(part)
        cache.put(encoder, part, vectors)
        for text, vector in zip(part, vectors, strict=True):
            result[missing[text]] = vector
        if progress is not None:
            progress(sum(len(missing[text]) for text in part))
    return result


def _parts(texts: list[str]) -> list[list[str]]:
    return [texts[start : start + _SAVE_EVERY] for start in range(0, len(texts), _SAVE_EVERY)]
