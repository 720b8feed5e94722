"""Files into the library: which are new, which are known, and which plan each belongs to."""

from __future__ import annotations

import json
import os
import re
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from kh_nlp.errors import KhError
from kh_nlp.language import fold
from kh_nlp.library.corrections import lost_corrections, settle
from kh_nlp.library.indexing import Progress, choose_encoder, refresh, remember_encoder
from kh_nlp.library.passages import passages
from kh_nlp.library.records import IngestedFile, IngestReport
from kh_nlp.library.store import Library, now
from kh_nlp.model import Plan, plan_from_dict, to_dict
from kh_nlp.parsing import PARSER_VERSION
from kh_nlp.reading import Options, digest, exists

if TYPE_CHECKING:
    from kh_nlp.embedding import Encoder

BATCH = 200
"""Plans in one transaction: what a killed ingest loses at most, and the size of a new segment."""

SAME_TEXT = 0.5
"""Share of common lines above which a file with another number is still an edit of the old one."""

What = Literal["added", "updated", "unchanged", "moved"]


def ingest(
    library: Library,
    paths: Sequence[str | Path],
    *,
    encoder: Encoder | None = None,
    progress: Progress | None = None,
    workers: int | None = None,
    options: Options | None = None,
) -> IngestReport:
    """Take in files and folders: read, parse, embed, index. What did not change is not touched.

    ``encoder`` defaults to the library's own. ``progress`` is called with (stage, done, total),
    stages "read", "embed" and "index". ``options`` say how files are read (OCR). A file that
    cannot be taken in is reported in ``failed`` and does not stop the rest; each batch is committed
    as a whole. LibraryError when another process writes to the library, or when ``encoder`` is not
    the one it was built with.
    """
    from kh_nlp import pipeline

    run = _Run(library, encoder, progress)
    with library.lock():
        library.segments.sweep(library.connection)  # what a killed writer left behind
        found: list[Path] = []
        for path in paths:  # a missing path or a closed folder must not stop the others
            refused: list[KhError] = []
            found += map(_absolute, pipeline.expand([path], on_error=refused.append))
            run.failed += [(str(path), str(error)) for error in refused]
        todo = run.sort_out(found)
        batch: list[tuple[Path, Plan]] = []
        outcomes = pipeline.read_plans(todo, workers=workers, options=options) if todo else iter(())
        for done, outcome in enumerate(outcomes, 1):
            if outcome.plan is None:
                run.failed.append((str(outcome.path), outcome.error or "Không đọc được tệp."))
            else:
                batch.append((outcome.path, outcome.plan))
            if progress is not None:
                progress("read", done, len(todo))
            if len(batch) == BATCH:
                run.commit(batch)
                batch = []
        run.commit(batch)
    return run.report()


@dataclass
class _Run:
    """One ingest: what was found so far, and the files still to be written into ``files``."""

    library: Library
    encoder: Encoder | None
    progress: Progress | None
    done: dict[What, list[IngestedFile]] = field(
        default_factory=lambda: {"added": [], "updated": [], "unchanged": [], "moved": []}
    )
    failed: list[tuple[str, str]] = field(default_factory=list)
    known: list[tuple[str, str]] = field(default_factory=list)
    copies: dict[str, list[str]] = field(default_factory=dict)
    digests: dict[str, str] = field(default_factory=dict)
    corrected: set[int] = field(default_factory=set)

    def report(self) -> IngestReport:
        return IngestReport(
            **{what: tuple(files) for what, files in self.done.items()},
            failed=tuple(self.failed),
            orphaned=tuple(lost_corrections(self.library.connection, self.corrected)),
        )

    def sort_out(self, paths: Iterable[Path]) -> list[Path]:
        """The files that must be read: neither unchanged, nor moved, nor copies of each other."""
        connection = self.library.connection
        todo: list[Path] = []
        for path in dict.fromkeys(paths):
            sha256 = digest(path)
            if sha256 is None:  # the pipeline says what is wrong with it
                todo.append(path)
                continue
            self.digests[str(path)] = sha256
            version = connection.execute(
                "SELECT id, parser FROM versions WHERE sha256 = ?", (sha256,)
            ).fetchone()
            if version is not None and version["parser"] == PARSER_VERSION:
                place = connection.execute(
                    "SELECT version FROM files WHERE path = ?", (str(path),)
                ).fetchone()
                if place is not None and place["version"] == version["id"]:
                    self._note(connection, "unchanged", str(path), version["id"])
                else:
                    self.known.append((str(path), sha256))
            elif sha256 in self.copies:
                self.copies[sha256].append(str(path))
            else:
                self.copies[sha256] = []
                todo.append(path)
        return todo

    def commit(self, batch: list[tuple[Path, Plan]]) -> None:
        """One transaction: plans, files, passages, segments."""
        if not batch and not self.known:
            return
        if batch:
            self.encoder = choose_encoder(self.library, self.encoder)
        with self.library.writing() as connection:
            for path, plan in batch:
                sha256 = self.digests.get(str(path), plan.source.sha256)
                self._store(connection, str(path), sha256, plan)
                self.known += [(copy, sha256) for copy in self.copies.pop(sha256, [])]
            for place, sha256 in self.known:
                self._move(connection, place, sha256)
            self.known.clear()
            if self.encoder is not None:
                remember_encoder(connection, self.encoder)
            refresh(self.library, self.encoder, self.progress)
        self.library.segments.sweep(self.library.connection)

    def _store(self, connection: sqlite3.Connection, path: str, sha256: str, plan: Plan) -> None:
        """A text that the library does not know (or knows from an older parser)."""
        owner, same_path = _owner(connection, path, plan)
        what: What = "added" if owner is None else "updated"
        if owner is None:
            owner = _new_plan(connection, plan)
        row = connection.execute("SELECT plan_id FROM plans WHERE id = ?", (owner,)).fetchone()
        plan = replace(plan, plan_id=row["plan_id"])
        current = connection.execute(
            "SELECT id, sha256, json_extract(json, '$.quality.damaged') AS damaged "
            "FROM versions WHERE plan = ? AND current = 1",
            (owner,),
        ).fetchone()
        # A second file of the same plan replaces the first only where that one is damaged.
        takes_over = (
            current is None
            or same_path
            or current["sha256"] == sha256
            or (bool(current["damaged"]) and not plan.quality.damaged)
        )
        if takes_over:
            connection.execute("UPDATE versions SET current = 0 WHERE plan = ?", (owner,))
        version = connection.execute(
            "INSERT INTO versions (plan, sha256, parser, current, json, summary, created_at) "
            "VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (sha256) DO UPDATE SET plan = excluded.plan, "
            "parser = excluded.parser, current = excluded.current, json = excluded.json, "
            "summary = excluded.summary, parsed = NULL RETURNING id",
            (
                owner,
                sha256,
                PARSER_VERSION,
                int(takes_over),
                json.dumps(to_dict(plan), ensure_ascii=False),
                json.dumps(summary_of(plan), ensure_ascii=False),
                now(),
            ),
        ).fetchone()["id"]
        _set_file(connection, path, version)
        if takes_over:
            _set_identity(connection, owner, plan)
            self._index(connection, owner, plan)
        self._note(connection, what, path, version)

    def _index(self, connection: sqlite3.Connection, owner: int, plan: Plan) -> None:
        """Index what became the current text of a plan, corrected where a person did so."""
        if settle(connection, owner) is None:
            index_plan(connection, owner, plan)
        else:
            self.corrected.add(owner)

    def _move(self, connection: sqlite3.Connection, path: str, sha256: str) -> None:
        """A known text at a path where it did not stand before."""
        version = connection.execute(
            "SELECT id, plan, current, json FROM versions WHERE sha256 = ?", (sha256,)
        ).fetchone()
        before = connection.execute(
            "SELECT v.plan FROM files f JOIN versions v ON v.id = f.version WHERE f.path = ?",
            (path,),
        ).fetchone()
        _set_file(connection, path, version["id"])
        if before is not None and before["plan"] == version["plan"]:
            # The file went back to a text it had before.
            if not version["current"]:
                connection.execute(
                    "UPDATE versions SET current = (id = ?) WHERE plan = ? AND current = 1",
                    (version["id"], version["plan"]),
                )
                connection.execute("UPDATE versions SET current = 1 WHERE id = ?", (version["id"],))
                stored = plan_from_dict(json.loads(version["json"]))
                self._index(connection, version["plan"], stored)
            self._note(connection, "updated", path, version["id"])
            return
        for row in connection.execute(
            "SELECT path FROM files WHERE version = ?", (version["id"],)
        ).fetchall():
            if not exists(Path(row["path"])):
                connection.execute("DELETE FROM files WHERE path = ?", (row["path"],))
        self._note(connection, "moved", path, version["id"])

    def _note(self, connection: sqlite3.Connection, what: What, path: str, version: int) -> None:
        row = connection.execute(
            "SELECT p.plan_id, json_extract(v.summary, '$.title') AS title "
            "FROM versions v JOIN plans p ON p.id = v.plan WHERE v.id = ?",
            (version,),
        ).fetchone()
        self.done[what].append(IngestedFile(path=path, plan=row["plan_id"], title=row["title"]))


def _absolute(path: Path) -> Path:
    # Not resolve(): a file is known by the path that the user sees, links included.
    return Path(os.path.normpath(path.absolute()))


def identity(plan: Plan) -> str | None:
    """Key of a plan that is the same in every file of it; None unless all three parts are known."""
    header = plan.header
    if not (header.issuer and header.number and header.issued_on):
        return None
    number = re.sub(r"\s", "", fold(header.number)).lstrip("0")
    return f"{' '.join(fold(header.issuer).split())}|{number}|{header.issued_on}"


def _owner(connection: sqlite3.Connection, path: str, plan: Plan) -> tuple[int | None, bool]:
    """The plan that a new text belongs to, and whether it stood at this path before."""
    key = identity(plan)
    at_path = connection.execute(
        "SELECT p.id, p.identity, v.json FROM files f JOIN versions v ON v.id = f.version "
        "JOIN plans p ON p.id = v.plan WHERE f.path = ?",
        (path,),
    ).fetchone()
    if key is not None:
        # As parsed, or as a person corrected it: another file may be read better than ours.
        same = connection.execute(
            "SELECT id FROM plans WHERE identity = ?1 OR corrected = ?1 "
            "ORDER BY identity = ?1 DESC, id",
            (key,),
        ).fetchone()
        if same is not None:
            return same["id"], at_path is not None and at_path["id"] == same["id"]
    if at_path is None:
        return None, False
    if key is not None and at_path["identity"] is not None:
        # Another number, date or issuer: a corrected head, or another plan under the same name?
        old = _lines(json.loads(at_path["json"])["text"])
        new = _lines(plan.text)
        if len(old & new) < SAME_TEXT * max(1, min(len(old), len(new))):
            return None, False
    return at_path["id"], True


def _lines(text: str) -> set[str]:
    return {key for line in text.splitlines() if (key := " ".join(fold(line).split()))}


def _new_plan(connection: sqlite3.Connection, plan: Plan) -> int:
    plan_id, turn = plan.plan_id, 1
    while connection.execute("SELECT 1 FROM plans WHERE plan_id = ?", (plan_id,)).fetchone():
        turn += 1
        plan_id = f"{plan.plan_id}-{turn}"
    row = connection.execute(
        "INSERT INTO plans (plan_id, identity, created_at) VALUES (?, ?, ?) RETURNING id",
        (plan_id, identity(plan), now()),
    ).fetchone()
    found: int = row["id"]
    return found


def _set_identity(connection: sqlite3.Connection, owner: int, plan: Plan) -> None:
    key = identity(plan)
    if key is not None:  # a draft that now has its number; never back to unknown
        connection.execute("UPDATE plans SET identity = ? WHERE id = ?", (key, owner))


def _set_file(connection: sqlite3.Connection, path: str, version: int) -> None:
    connection.execute(
        "INSERT INTO files (path, version, seen_at) VALUES (?, ?, ?) "
        "ON CONFLICT (path) DO UPDATE SET version = excluded.version, seen_at = excluded.seen_at",
        (path, version, now()),
    )


def summary_of(plan: Plan) -> dict[str, Any]:
    """What lists show of a plan."""
    header = plan.header
    return {
        "path": plan.source.path,
        "title": header.title,
        "number": header.number,
        "issued_on": header.issued_on,
        "issuer": header.issuer,
        "level": header.level,
        "province": header.province,
        "year": header.year,
        "status": header.status,
        "pages": plan.source.pages,
        "sections": len(plan.sections),
        "tasks": len(plan.tasks),
        "citations": len(plan.citations),
        "damaged": plan.quality.damaged,
    }


def index_plan(connection: sqlite3.Connection, owner: int, plan: Plan) -> None:
    """Replace the passages and citations of a plan; segments follow by ``refresh``."""
    header = plan.header
    connection.execute("DELETE FROM passages WHERE plan = ?", (owner,))
    connection.execute("DELETE FROM citations WHERE plan = ?", (owner,))
    connection.executemany(
        "INSERT INTO passages (plan, kind, unit, number, heading, page, text, words, context, "
        'spans, start, "end", agencies, title, issuer, level, province, year) '
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            (
                owner, p.kind, p.unit, p.number, p.heading, p.page, p.text, p.words, p.context,
                json.dumps(p.pieces), p.start, p.end, p.agencies, header.title,
                _folded(header.issuer), header.level, _folded(header.province), header.year,
            )
            for p in passages(plan)
        ),
    )  # fmt: skip
    numbers = {section.id: section.number for section in plan.sections}
    connection.executemany(
        "INSERT INTO citations (plan, key, kind, number, issued_on, issuer, title, role, relation, "
        'section, page, text, start, "end") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
        (
            (
                owner,
                c.document.key if c.document else None,
                c.kind,
                _first(c.document.number if c.document else None, c.number),
                _first(c.document.issued_on if c.document else None, c.issued_on),
                _first(c.document.issuer if c.document else None, c.issuer),
                _first(c.document.title if c.document else None, c.title),
                c.role,
                c.relation,
                numbers.get(c.section) if c.section else None,
                plan.locate(c.start).page,
                c.text,
                c.start,
                c.end,
            )
            for c in plan.citations
        ),
    )


def _first(*values: str | None) -> str | None:
    return next((value for value in values if value), None)


def _folded(name: str | None) -> str | None:
    return " ".join(fold(name).split()) if name else None
