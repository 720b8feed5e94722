"""Which documents the plans cite, and where."""

from __future__ import annotations

import sqlite3
from collections import Counter
from dataclasses import replace

from kh_nlp.errors import UsageError
from kh_nlp.library import Library
from kh_nlp.search.records import CitedDocument, Mention

FACTS = ("kind", "number", "issued_on", "issuer", "title")


def cited_documents(library: Library, limit: int | None = None) -> list[CitedDocument]:
    """Documents that are cited (resolved ones), those of most plans first, without mentions."""
    with library.reading() as connection:
        rows = connection.execute(
            "SELECT key, count(DISTINCT plan) AS plans, count(*) AS mentions FROM citations "
            "WHERE key IS NOT NULL GROUP BY key ORDER BY plans DESC, mentions DESC, key LIMIT ?",
            (-1 if limit is None else limit,),
        ).fetchall()
        return [_document(connection, row) for row in rows]


def cited_by(library: Library, key: str) -> CitedDocument:
    """One document with every mention, in the order of the library; UsageError if never cited."""
    with library.reading() as connection:
        row = connection.execute(
            "SELECT key, count(DISTINCT plan) AS plans, count(*) AS mentions FROM citations "
            "WHERE key = ? GROUP BY key",
            (key,),
        ).fetchone()
        if row is None:
            raise UsageError(f"Không có kế hoạch nào trong thư viện dẫn văn bản “{key}”.")
        return replace(_document(connection, row), cited_by=mentions(connection, key))


def mentions(connection: sqlite3.Connection, key: str) -> tuple[Mention, ...]:
    """Every place that cites the document ``key``."""
    return tuple(
        Mention(
            plan=row["plan_id"],
            path=row["path"],
            title=row["plan_title"],
            section=row["section"],
            page=row["page"],
            text=row["text"],
            start=row["start"],
            end=row["end"],
        )
        for row in connection.execute(
            "SELECT c.*, p.plan_id, json_extract(v.summary, '$.title') AS plan_title, "
            "coalesce((SELECT f.path FROM files f JOIN versions o ON o.id = f.version "
            "WHERE o.plan = p.id ORDER BY o.current DESC, f.seen_at DESC, f.path LIMIT 1), "
            "json_extract(v.summary, '$.path')) AS path "
            "FROM citations c JOIN plans p ON p.id = c.plan "
            "JOIN versions v ON v.plan = p.id AND v.current = 1 "
            "WHERE c.key = ? ORDER BY p.id, c.start",
            (key,),
        )
    )


def _document(connection: sqlite3.Connection, row: sqlite3.Row) -> CitedDocument:
    """What the plans say of a document: for each fact the value that most mentions give."""
    votes: dict[str, Counter[str]] = {fact: Counter() for fact in FACTS}
    for said in connection.execute(
        f"SELECT {', '.join(FACTS)} FROM citations WHERE key = ? ORDER BY id", (row["key"],)
    ):
        for fact in FACTS:
            if fact == "kind" and not said["number"]:
                continue  # "Đề án 06" names the document by what it approves, not by its kind
            if said[fact]:
                votes[fact][said[fact]] += 1
    best = {fact: count.most_common(1)[0][0] if count else None for fact, count in votes.items()}
    return CitedDocument(
        key=row["key"],
        kind=best["kind"],
        number=best["number"],
        issued_on=best["issued_on"],
        issuer=best["issuer"],
        title=best["title"],
        plans=row["plans"],
        mentions=row["mentions"],
    )
