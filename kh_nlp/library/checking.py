"""Checks of a library for ``kh doctor``: does what is derived still fit the truth?"""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

import numpy as np

from kh_nlp.library import dense, lexical
from kh_nlp.library.corrections import lost_corrections
from kh_nlp.library.records import Finding
from kh_nlp.library.store import LIBRARY_SCHEMA, Library

if TYPE_CHECKING:
    from kh_nlp.embedding import Encoder

REPAIR = "hãy lập lại chỉ mục (rebuild)"


def check(library: Library, *, encoder: Encoder | None = None) -> list[Finding]:
    """Findings about the database, the segments, the encoder and stray files.

    ``encoder`` is compared with the one the library was built with; None skips that.
    """
    with library.reading() as connection:
        findings = [*_database(library, connection)]
        for kind in ("lexical", "dense"):
            findings += _segments(library, connection, kind)
        if encoder is not None:
            findings.append(_encoder(library, encoder))
        findings += _corrections(connection)
        orphans = library.segments.orphans(connection)
    findings.append(
        Finding(ok=True, message="Không có tệp thừa trong thư mục chỉ mục.")
        if not orphans
        else Finding(
            ok=False,
            message=f"{len(orphans)} thư mục chỉ mục thừa (lần ghi sau sẽ tự dọn): "
            f"{', '.join(orphans[:3])}.",
        )
    )
    return findings


def _database(library: Library, connection: sqlite3.Connection) -> list[Finding]:
    try:
        verdict = connection.execute("PRAGMA quick_check").fetchone()[0]
        broken = connection.execute("PRAGMA foreign_key_check").fetchall()
        plans, passages = connection.execute(
            "SELECT (SELECT count(*) FROM plans), (SELECT count(*) FROM passages)"
        ).fetchone()
        headless = connection.execute(
            "SELECT count(*) FROM plans WHERE id NOT IN (SELECT plan FROM versions WHERE current)"
        ).fetchone()[0]
    except sqlite3.DatabaseError as error:
        return [Finding(ok=False, message=f"Cơ sở dữ liệu bị hỏng: {error}.")]
    sound = verdict == "ok" and not broken and not headless
    return [
        Finding(
            ok=True,
            message=f"Lược đồ {library.manifest()['schema']} (bản này đọc đến {LIBRARY_SCHEMA}).",
        ),
        Finding(
            ok=sound,
            message=f"Cơ sở dữ liệu toàn vẹn: {plans} kế hoạch, {passages} đoạn."
            if sound
            else f"Cơ sở dữ liệu có lỗi: {verdict}; {len(broken)} liên kết gãy; "
            f"{headless} kế hoạch không có văn bản.",
        ),
    ]


def _corrections(connection: sqlite3.Connection) -> list[Finding]:
    """How many corrections there are, and which no longer fit (no fault of the library)."""
    count = connection.execute("SELECT count(*) FROM corrections WHERE undone_at IS NULL")
    total = count.fetchone()[0]
    if not total:
        return []
    lost = lost_corrections(connection)
    named = ", ".join(f"{one.plan} số {one.number}" for one in lost[:5])
    more = f"; không còn khớp {len(lost)}: {named} (xem: kh edit ID --list)" if lost else ""
    return [Finding(ok=True, message=f"{total} sửa đổi của người dùng{more}.")]


def _segments(library: Library, connection: sqlite3.Connection, kind: str) -> list[Finding]:
    findings: list[Finding] = []
    found: list[int] = []
    rows = connection.execute(
        "SELECT name, checksum, passages FROM segments WHERE kind = ? ORDER BY first", (kind,)
    ).fetchall()
    for row in rows:
        try:
            if library.segments.checksum(row["name"]) != row["checksum"]:
                problem = "nội dung đã bị thay đổi"
            else:
                opener = lexical.LexicalSegment if kind == "lexical" else dense.DenseSegment
                ids = opener(library.segments, row["name"]).passages
                problem = "" if len(ids) == row["passages"] else "số đoạn không khớp"
                found += ids.tolist()
        except (OSError, ValueError, KeyError):
            problem = "thiếu tệp hoặc không đọc được"
        if problem:
            findings.append(
                Finding(ok=False, message=f"Chỉ mục {row['name']}: {problem}; {REPAIR}.")
            )
    live = np.array([r[0] for r in connection.execute("SELECT id FROM passages ORDER BY id")])
    if not findings:
        missing = len(np.setdiff1d(live, np.array(found, dtype=np.int64)))
        twice = len(found) - len(set(found))
        fits = not missing and not twice
        findings.append(
            Finding(
                ok=fits,
                message=f"Chỉ mục {kind}: {len(rows)} phần, đủ {len(live)} đoạn."
                if fits
                else f"Chỉ mục {kind}: thiếu {missing} đoạn, trùng {twice} đoạn; {REPAIR}.",
            )
        )
    return findings


def _encoder(library: Library, encoder: Encoder) -> Finding:
    wanted = library.manifest().get("encoder")
    if wanted is None or wanted == encoder.identity:
        return Finding(ok=True, message=f"Mô hình mã hóa khớp: {encoder.identity}.")
    return Finding(
        ok=False,
        message=f"Thư viện được lập bằng mô hình {wanted}, đang dùng {encoder.identity}.",
    )
