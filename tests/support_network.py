"""Libraries written straight into the tables, so that networks can be made by hand."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from kh_nlp.library import Library

HEAD = {
    name: None for name in ("title", "number", "issued_on", "issuer", "level", "province", "year")
}


def citation(key: str | None, times: int = 1, **facts: Any) -> list[dict[str, Any]]:
    """``times`` mentions of the document ``key``; the number is read off the key."""
    parts = (key or "").split(":")
    known = {
        "key": key,
        "kind": None,
        "number": parts[1] if len(parts) > 1 else None,
        "issued_on": parts[2] if len(parts) > 2 and len(parts[2]) == 10 else None,
        "issuer": None,
        "title": None,
        "role": "reference",
        "relation": "dẫn chiếu",
        "text": "văn bản",
        "start": 0,
    }
    return [{**known, **facts}] * times


def write_library(
    folder: Path, plans: Iterable[tuple[str, dict[str, Any], list[dict[str, Any]]]]
) -> Path:
    """A library of (plan id, head, citations); a head may carry ``kind`` and ``text``."""
    with Library.open(folder, create=True) as library, library.lock(), library.writing() as db:
        for plan_id, head, cited in plans:
            owner = db.execute(
                "INSERT INTO plans (plan_id, created_at) VALUES (?, '2026-01-01') RETURNING id",
                (plan_id,),
            ).fetchone()[0]
            known = {**HEAD, **head}
            summary = {
                **known, "path": f"{plan_id}.txt", "status": "issued", "pages": 1, "sections": 0,
                "tasks": 0, "citations": len(cited), "damaged": False,
            }  # fmt: skip
            record = {"header": {"kind": "Kế hoạch", **known}, "text": head.get("text", "")}
            db.execute(
                "INSERT INTO versions (plan, sha256, parser, current, json, summary, created_at) "
                "VALUES (?, ?, 1, 1, ?, ?, '2026-01-01')",
                (owner, plan_id, json.dumps(record), json.dumps(summary)),
            )
            db.executemany(
                "INSERT INTO citations (plan, key, kind, number, issued_on, issuer, title, role, "
                'relation, section, page, text, start, "end") VALUES '
                "(?, ?, ?, ?, ?, ?, ?, ?, ?, NULL, 1, ?, ?, ?)",
                [
                    (
                        owner, c["key"], c["kind"], c["number"], c["issued_on"], c["issuer"],
                        c["title"], c["role"], c["relation"], c["text"], c["start"],
                        c["start"] + len(c["text"]),
                    )
                    for c in cited
                ],
            )  # fmt: skip
    return folder
