"""The library folder as an object: opening, reading plans, transactions, removal."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from kh_nlp.errors import LibraryError, UsageError
from kh_nlp.library.folder import refuse_network_share, writer_lock
from kh_nlp.library.records import PlanSummary
from kh_nlp.library.segments import SegmentFolder
from kh_nlp.library.upgrading import upgrade
from kh_nlp.model import Plan, from_dict, plan_from_dict

if TYPE_CHECKING:
    from kh_nlp.embedding import Encoder
    from kh_nlp.library.table import PassageTable

LIBRARY_SCHEMA = 2
"""Version of the tables in ``schema.sql``; a library with a larger one is refused,
one with a smaller one is brought up to it when it is opened."""

DATABASE = "library.sqlite"
BUSY_SECONDS = 20.0


def now() -> str:
    """UTC time to the second, ISO 8601."""
    return datetime.now(UTC).isoformat(timespec="seconds")


class Library:
    """An open library folder: one writer, many readers, each thread with its own connection.

    Use it as a context manager, or call ``close``. Readers see the last committed state; a search
    that runs while another process ingests sees either the old library or the new one.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.segments = SegmentFolder(path / "segments")
        self._local = threading.local()
        self._connections: list[sqlite3.Connection] = []
        self._guard = threading.Lock()
        self._encoder: Encoder | None = None
        self._table: PassageTable | None = None

    @classmethod
    def open(cls, path: str | Path, *, create: bool = False) -> Library:
        """Open the library in the folder ``path``, making a new one only with ``create``.

        Raises LibraryError when the folder is no library, lies on a network share, cannot be read,
        or was written by a newer schema.
        """
        folder = Path(path).expanduser()
        refuse_network_share(folder)
        library = cls(folder)
        if not (folder / DATABASE).is_file():
            if not create:
                raise LibraryError(
                    f"Không có thư viện ở {folder}. Hãy tạo bằng lệnh: "
                    f"kh ingest THƯ_MỤC --library {folder}"
                )
            library._create()
        library._check_schema()
        upgrade(library, LIBRARY_SCHEMA)
        return library

    def _create(self) -> None:
        if self.path.exists() and not self.path.is_dir():
            raise LibraryError(f"{self.path} không phải là thư mục nên không thể làm thư viện.")
        try:
            self.path.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise LibraryError(f"Không tạo được thư mục {self.path}: {error.strerror}.") from error
        with writer_lock(self.path):
            if (self.path / DATABASE).is_file():  # another process was faster
                return
            # Built beside its final name: a killed process leaves no half-made library behind.
            draft = self.path / f"{DATABASE}.new"
            draft.unlink(missing_ok=True)
            connection = sqlite3.connect(draft, isolation_level=None)
            schema = files("kh_nlp.library").joinpath("schema.sql").read_text(encoding="utf-8")
            connection.executescript(f"BEGIN;{schema}")
            connection.execute("INSERT INTO manifest VALUES ('schema', ?)", (str(LIBRARY_SCHEMA),))
            connection.execute("INSERT INTO manifest VALUES ('generation', '0')")
            connection.execute("COMMIT")
            connection.close()
            draft.replace(self.path / DATABASE)

    def _check_schema(self) -> None:
        try:
            found = self.manifest().get("schema")
        except sqlite3.Error as error:
            raise LibraryError(
                f"Thư viện {self.path} bị hỏng hoặc không đọc được: {error}."
            ) from error
        if found is None or not found.isdecimal():
            raise LibraryError(f"Thư viện {self.path} không ghi phiên bản lược đồ.")
        if int(found) > LIBRARY_SCHEMA:
            raise LibraryError(
                f"Thư viện {self.path} được ghi theo lược đồ {found}, mới hơn lược đồ "
                f"{LIBRARY_SCHEMA} của bản kh_nlp này; hãy nâng cấp kh_nlp."
            )

    @property
    def connection(self) -> sqlite3.Connection:
        """This thread's connection (autocommit; rows by name)."""
        found: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if found is not None:
            return found
        database = self.path / DATABASE
        try:
            connection = sqlite3.connect(
                f"{database.resolve().as_uri()}?mode=rw",
                uri=True,
                timeout=BUSY_SECONDS,
                isolation_level=None,
                check_same_thread=False,  # closed by the thread that closes the library
            )
        except sqlite3.Error as error:
            raise LibraryError(f"Không mở được thư viện {self.path}: {error}.") from error
        connection.row_factory = sqlite3.Row
        try:
            connection.execute(f"PRAGMA busy_timeout = {int(BUSY_SECONDS * 1000)}")
            connection.execute("PRAGMA foreign_keys = ON")
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")
        except sqlite3.Error as error:
            connection.close()
            raise LibraryError(
                f"Thư viện {self.path} bị hỏng hoặc không đọc được: {error}."
            ) from error
        self._local.connection = connection
        with self._guard:
            self._connections.append(connection)
        return connection

    def close(self) -> None:
        """Close the connections of all threads; the library cannot be used afterwards."""
        with self._guard:
            for connection in self._connections:
                connection.close()
            self._connections.clear()
        self._local = threading.local()
        self.segments.forget()

    def __enter__(self) -> Library:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """One consistent view: all reads inside see the same committed state."""
        connection = self.connection
        if connection.in_transaction:  # inside a writer's own transaction, or nested
            yield connection
            return
        connection.execute("BEGIN")
        try:
            yield connection
        finally:
            connection.execute("ROLLBACK")

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction of the one writer; all of it is committed, or none.

        The caller holds ``lock``. ``generation`` counts committed writes, so that readers know
        when to drop what they keep in memory.
        """
        connection = self.connection
        try:
            connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            raise LibraryError(
                f"Thư viện {self.path} đang bận hoặc chỉ đọc được: {error}."
            ) from error
        self._local.writes = True
        try:
            yield connection
            connection.execute(
                "UPDATE manifest SET value = CAST(value AS INTEGER) + 1 WHERE key = 'generation'"
            )
            connection.execute("COMMIT")
        except BaseException:
            connection.execute("ROLLBACK")
            raise
        finally:
            self._local.writes = False

    def table(self, connection: sqlite3.Connection) -> PassageTable:
        """What filters ask of the passages that ``connection`` sees inside ``reading``."""
        from kh_nlp.library.table import PassageTable

        if getattr(self._local, "writes", False):
            return PassageTable("")  # sees what is not committed and has no generation yet
        (generation,) = connection.execute(
            "SELECT value FROM manifest WHERE key = 'generation'"
        ).fetchone()
        with self._guard:
            if self._table is None or self._table.generation != generation:
                self._table = PassageTable(generation)
            return self._table

    def lock(self) -> AbstractContextManager[None]:
        """The writer's place; LibraryError when another process or thread holds it."""
        return writer_lock(self.path)

    def manifest(self) -> dict[str, str]:
        """Schema version, generation, identity of the encoder."""
        return {
            row["key"]: row["value"] for row in self.connection.execute("SELECT * FROM manifest")
        }

    def encoder(self) -> Encoder:
        """The encoder that the library was built with (the bundled one while it is empty)."""
        from kh_nlp.library.indexing import choose_encoder

        with self._guard:
            known = self._encoder
        if known is None or known.identity != self.manifest().get("encoder", known.identity):
            known = choose_encoder(self, None)
            with self._guard:
                self._encoder = known
        return known

    def plans(self) -> list[PlanSummary]:
        """All plans, oldest ingest first."""
        with self.reading() as connection:
            rows = connection.execute(
                "SELECT p.id, p.plan_id, v.summary, v.created_at, o.versions "
                "FROM plans p JOIN versions v ON v.plan = p.id AND v.current = 1 "
                # counted in one pass: a count for each plan would read all of them each time
                "JOIN (SELECT plan, count(*) AS versions FROM versions GROUP BY plan) o "
                "ON o.plan = p.id ORDER BY p.id"
            ).fetchall()
            paths: dict[int, list[str]] = {}
            for row in connection.execute(
                "SELECT v.plan, f.path FROM files f JOIN versions v ON v.id = f.version "
                "ORDER BY v.current DESC, f.seen_at DESC, f.path"
            ):
                paths.setdefault(row["plan"], []).append(row["path"])
        return [_summary(row, paths.get(row["id"], [])) for row in rows]

    def resolve(self, plan_id: str) -> str:
        """The full id for an id or a unique prefix of one; UsageError otherwise."""
        wanted = plan_id.strip()
        # substr, not LIKE: ids are matched exactly, whatever characters the user typed.
        rows = self.connection.execute(
            "SELECT plan_id FROM plans WHERE substr(plan_id, 1, ?) = ? ORDER BY plan_id LIMIT 6",
            (len(wanted), wanted),
        ).fetchall()
        found = [row["plan_id"] for row in rows]
        if wanted in found:
            return wanted
        if not wanted or not found:
            raise UsageError(f"Không có kế hoạch nào mang mã “{plan_id}” trong thư viện.")
        if len(found) > 1:
            raise UsageError(
                f"Mã “{plan_id}” ứng với nhiều kế hoạch ({', '.join(found[:5])}); hãy ghi dài hơn."
            )
        return str(found[0])

    def plan(self, plan_id: str) -> Plan:
        """The current version of the plan with this id or unique prefix; UsageError otherwise."""
        row = self.connection.execute(
            "SELECT v.json FROM plans p JOIN versions v ON v.plan = p.id AND v.current = 1 "
            "WHERE p.plan_id = ?",
            (self.resolve(plan_id),),
        ).fetchone()
        return plan_from_dict(json.loads(row["json"]))

    def texts(self) -> Iterator[tuple[str, str]]:
        """(plan id, text) of every plan's current version, oldest ingest first."""
        for row in self.connection.execute(
            "SELECT p.plan_id, json_extract(v.json, '$.text') AS text FROM plans p "
            "JOIN versions v ON v.plan = p.id AND v.current = 1 ORDER BY p.id"
        ):
            yield row["plan_id"], row["text"]

    def remove(self, plan_ids: Iterable[str]) -> list[str]:
        """Remove plans (ids or unique prefixes) from every index, with all their versions.

        Gives the full ids. UsageError for an unknown id, before anything is removed.
        """
        from kh_nlp.library.indexing import refresh

        with self.lock():
            wanted = list(dict.fromkeys(self.resolve(plan_id) for plan_id in plan_ids))
            if not wanted:
                return []
            with self.writing() as connection:
                for plan_id in wanted:
                    connection.execute("DELETE FROM plans WHERE plan_id = ?", (plan_id,))
                refresh(self, encoder=None, progress=None)
            self.segments.sweep(self.connection)
        return wanted

    def rebuild(self, *, encoder: Encoder | None = None) -> None:
        """Derive passages and segments again from the stored plans (also for a new encoder)."""
        from kh_nlp.library.indexing import rebuild

        rebuild(self, encoder)


def _summary(row: sqlite3.Row, paths: list[str]) -> PlanSummary:
    data = json.loads(row["summary"])
    data.update(
        plan=row["plan_id"],
        path=paths[0] if paths else data["path"],
        paths=paths,
        versions=row["versions"],
        ingested_at=row["created_at"],
    )
    return from_dict(PlanSummary, data)
