"""Segments kept in step with the plans, inside the transaction that changes the plans."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from kh_nlp.errors import LibraryError
from kh_nlp.library import dense, lexical

if TYPE_CHECKING:
    from kh_nlp.embedding import Encoder
    from kh_nlp.library.store import Library

MANY = 8
"""More active segments than this of one kind are merged."""

REWRITE = 20_000
"""Segments up to this size are written anew when a passage of theirs is removed; larger ones
carry their dead passages (never found, readers ask SQLite) until a quarter is dead."""

Progress = Callable[[str, int, int], None]
SegmentKind = Literal["lexical", "dense"]


@dataclass(frozen=True, slots=True)
class _Range:
    """Passages ``first..last`` that one segment covers; ``rows`` are the segments it replaces."""

    first: int
    last: int
    size: int
    rows: tuple[int, ...]


def choose_encoder(library: Library, encoder: Encoder | None) -> Encoder:
    """The encoder given, else the library's own; LibraryError when it is not the library's."""
    wanted = library.manifest().get("encoder")
    if encoder is None:
        from kh_nlp.embedding import load_encoder

        encoder = load_encoder(library.manifest().get("encoder_name"))
    if wanted is not None and encoder.identity != wanted:
        raise LibraryError(
            f"Thư viện {library.path} được lập bằng mô hình {wanted}, không phải "
            f"{encoder.identity}; hãy dùng đúng mô hình đó hoặc lập lại chỉ mục."
        )
    return encoder


def refresh(library: Library, encoder: Encoder | None, progress: Progress | None) -> None:
    """Bring the segments in step with the passages of the open transaction.

    ``encoder`` may be None when passages were only removed.
    """
    connection = library.connection
    for kind in ("lexical", "dense"):
        for part in _plan_work(connection, kind):
            _replace(library, connection, kind, part, encoder, progress)


def _plan_work(connection: sqlite3.Connection, kind: SegmentKind) -> list[_Range]:
    """What to write: new passages, segments with too many dead, and merges of many small ones."""
    kept: list[_Range] = []
    work: list[_Range] = []
    indexed = 0
    for row in connection.execute(
        "SELECT id, first, last, passages, dead FROM segments WHERE kind = ? ORDER BY first",
        (kind,),
    ).fetchall():
        indexed = max(indexed, row["last"])
        live = _count(connection, row["first"], row["last"])
        gone = row["passages"] - live
        part = _Range(row["first"], row["last"], live, (row["id"],))
        if gone and (row["passages"] <= REWRITE or gone * 4 > row["passages"]):
            work.append(part)
        else:
            kept.append(part)
            if gone != row["dead"]:
                connection.execute("UPDATE segments SET dead = ? WHERE id = ?", (gone, row["id"]))
    newest = connection.execute("SELECT max(id) FROM passages").fetchone()[0] or 0
    if newest > indexed:
        first = indexed + 1
        work.append(_Range(first, newest, _count(connection, first, newest), ()))
    every = sorted((part for part in (*kept, *work) if part.size), key=lambda part: part.first)
    if len(every) <= MANY:
        return work
    # Keep the leading segments that outweigh all that follow; merge the rest into one. Each
    # passage is so rewritten a logarithmic number of times as the library grows.
    start = 0
    while start < len(every) - 2 and every[start].size > sum(p.size for p in every[start + 1 :]):
        start += 1
    tail = every[start:]
    merged = _Range(
        tail[0].first, tail[-1].last, sum(p.size for p in tail), sum((p.rows for p in tail), ())
    )
    return [part for part in work if part not in tail] + [merged]


def _count(connection: sqlite3.Connection, first: int, last: int) -> int:
    found: int = connection.execute(
        "SELECT count(*) FROM passages WHERE id BETWEEN ? AND ?", (first, last)
    ).fetchone()[0]
    return found


def _replace(
    library: Library,
    connection: sqlite3.Connection,
    kind: SegmentKind,
    part: _Range,
    encoder: Encoder | None,
    progress: Progress | None,
) -> None:
    rows = connection.execute(
        "SELECT s.id, coalesce(s.words, s.text) AS words, s.kind, s.context, s.heading, "
        "s.title, "
        "json_extract(v.summary, '$.issuer') AS issuer FROM passages s "
        "JOIN versions v ON v.plan = s.plan AND v.current = 1 "
        "WHERE s.id BETWEEN ? AND ? ORDER BY s.id",
        (part.first, part.last),
    ).fetchall()
    ids = [row["id"] for row in rows]
    marks = ",".join("?" * len(part.rows))
    name = checksum = ""
    if rows and kind == "lexical":
        if progress is not None:
            progress("index", 0, len(rows))
        arrays, facts = lexical.build(
            [(row["words"], _headings(row), _plan(row)) for row in rows], ids
        )
        name, checksum = library.segments.write(kind, arrays, facts)
        if progress is not None:
            progress("index", len(rows), len(rows))
    elif rows:
        old = connection.execute(
            f"SELECT name FROM segments WHERE id IN ({marks})", part.rows
        ).fetchall()
        vectors = _vectors(library, [row["name"] for row in old], rows, encoder, progress)
        arrays, facts = dense.build(vectors, np.array(ids, dtype=np.int64))
        name, checksum = library.segments.write(
            kind,
            arrays,
            facts,
            (lambda folder: dense.write_index(vectors, folder)) if facts["faiss"] else None,
        )
    connection.execute(f"DELETE FROM segments WHERE id IN ({marks})", part.rows)
    if rows:
        connection.execute(
            "INSERT INTO segments (kind, name, checksum, first, last, passages) "
            "VALUES (?, ?, ?, ?, ?, ?)",
            (kind, name, checksum, part.first, part.last, len(rows)),
        )


def _headings(row: sqlite3.Row) -> str:
    """The headings above a passage, and that of the section it is, which so counts twice.

    Once where it is printed, or above where the text goes on without it, and once here.
    """
    own = row["heading"] if row["kind"] == "section" else None
    return "\n".join(part for part in (row["context"], own) if part)


def _plan(row: sqlite3.Row) -> str:
    return "\n".join(part for part in (row["title"], row["issuer"]) if part)


def dense_text(words: str, context: str, title: str | None) -> str:
    """What the encoder reads: plan title and section path first; a section alone says little."""
    above = ". ".join(part for part in (title or "", *context.splitlines()) if part)
    return f"{above}\n{words}" if above else words


def _vectors(
    library: Library,
    old: list[str],
    rows: list[sqlite3.Row],
    encoder: Encoder | None,
    progress: Progress | None,
) -> NDArray[np.float32]:
    """Vectors of the passages, copied from the segments they stood in, encoded where new."""
    known: dict[int, NDArray[np.float32]] = {}
    for name in old:
        segment = library.segments.load(name, dense.DenseSegment)
        known.update(zip(segment.passages.tolist(), segment.vectors, strict=True))
    missing = [row for row in rows if row["id"] not in known]
    if missing:
        if encoder is None:
            encoder = choose_encoder(library, None)
        texts = [dense_text(row["words"], row["context"], row["title"]) for row in missing]
        if progress is not None:
            progress("embed", 0, len(texts))
        fresh = kept_vectors(texts, encoder, library.path / "vectors.sqlite", progress)
        known.update(zip((row["id"] for row in missing), fresh, strict=True))
    return np.stack([known[row["id"]] for row in rows]).astype(np.float32)


def kept_vectors(
    texts: list[str], encoder: Encoder, cache: Path, progress: Progress | None
) -> NDArray[np.float32]:
    """Vectors of passages, shape (n, d): read from the file ``cache``, new ones put there."""
    from kh_nlp.embedding import VectorCache, cached_passages

    done = 0

    def advance(count: int) -> None:
        nonlocal done
        done += count
        if progress is not None:
            progress("embed", done, len(texts))

    return cached_passages(encoder, texts, VectorCache(cache), advance)


def rebuild(library: Library, encoder: Encoder | None) -> None:
    """Derive passages, citations and segments again from the stored plans."""
    import json

    from kh_nlp.library.ingesting import index_plan
    from kh_nlp.model import plan_from_dict

    if encoder is None:
        encoder = choose_encoder(library, None)
    with library.lock():
        with library.writing() as connection:
            connection.execute("DELETE FROM segments")
            remember_encoder(connection, encoder)
            for row in connection.execute(
                "SELECT plan, json FROM versions WHERE current = 1 ORDER BY plan"
            ).fetchall():
                index_plan(connection, row["plan"], plan_from_dict(json.loads(row["json"])))
            refresh(library, encoder, None)
        library.segments.sweep(library.connection)


def remember_encoder(connection: sqlite3.Connection, encoder: Encoder) -> None:
    """Write into the manifest what identifies the encoder, and what loads it again."""
    name: str | None = getattr(encoder, "name", None)  # the bundled one needs no name
    if name is not None and Path(name).expanduser().is_dir():
        name = str(Path(name).expanduser().absolute())
    facts = {
        "encoder": encoder.identity,
        "encoder_name": name,
        "dimensions": str(encoder.dimensions),
    }
    for key, value in facts.items():
        if value is not None:
            connection.execute("INSERT OR REPLACE INTO manifest VALUES (?, ?)", (key, value))
        else:
            connection.execute("DELETE FROM manifest WHERE key = ?", (key,))
