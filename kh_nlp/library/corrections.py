"""Corrections by a person: made, listed, taken back, and put on every new reading of the plan.

``versions.parsed`` keeps what the parser said; ``versions.json``, passages, citations and segments
hold the corrected plan, so that nobody who reads the library needs to know of corrections.
"""

from __future__ import annotations

import getpass
import json
import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kh_nlp.errors import KhError, UsageError
from kh_nlp.library.anchoring import Anchor, Printed
from kh_nlp.library.correctable import printable
from kh_nlp.library.correcting import Change, HeadAnchor, apply
from kh_nlp.library.edit_requests import Draft, Edit, drafts
from kh_nlp.library.records import Correction, LostCorrection
from kh_nlp.library.store import Library, now
from kh_nlp.model import Plan, from_dict, plan_from_dict, to_dict
from kh_nlp.reading import decoded_text

if TYPE_CHECKING:
    from kh_nlp.embedding import Encoder

_NAME = 100  # characters of a user's name
_NOTE = 2000


def correct(
    library: Library,
    plan_id: str,
    edits: Sequence[Edit],
    *,
    by: str | None = None,
    note: str | None = None,
    encoder: Encoder | None = None,
) -> list[Correction]:
    """Make corrections of one plan; all of them are put on it and indexed in one transaction.

    ``by`` defaults to the user of this process. UsageError when one of them cannot be carried out
    (nothing is changed then); LibraryError when another process writes to the library.
    """
    who, why = _person(by), _one_line(note, "Ghi chú", _NOTE)
    with library.lock():
        full = library.resolve(plan_id)
        with library.writing() as connection:
            made: list[int] = []
            for edit in edits:
                made += _add(connection, full, edit, who, why)
            _reindex(library, encoder)
            result = [c for c in _listed(connection, full) if c.number in made]
        library.segments.sweep(library.connection)
    return result


def corrections(library: Library, plan_id: str) -> list[Correction]:
    """All corrections of a plan, first to last, those that are not in force too."""
    full = library.resolve(plan_id)
    with library.reading() as connection:
        return _listed(connection, full)


def undo(
    library: Library,
    plan_id: str,
    number: int,
    *,
    by: str | None = None,
    encoder: Encoder | None = None,
) -> Correction:
    """Take correction ``number`` back; it stays in the list with who took it back and when.

    UsageError when there is none with this number, or it was taken back before.
    """
    who = _person(by)
    with library.lock():
        full = library.resolve(plan_id)
        with library.writing() as connection:
            owner = _owner(connection, full)
            row = connection.execute(
                "SELECT undone_at FROM corrections WHERE plan = ? AND number = ?", (owner, number)
            ).fetchone()
            if row is None:
                raise UsageError(f"Kế hoạch {full} không có sửa đổi số {number}.")
            if row["undone_at"] is not None:
                raise UsageError(f"Sửa đổi số {number} đã được hoàn tác trước đó.")
            connection.execute(
                "UPDATE corrections SET undone_by = ?, undone_at = ?, status = 'undone', "
                "reason = NULL WHERE plan = ? AND number = ?",
                (who, now(), owner, number),
            )
            settle(connection, owner)
            _reindex(library, encoder)
            result = next(c for c in _listed(connection, full) if c.number == number)
        library.segments.sweep(library.connection)
    return result


def settle(connection: sqlite3.Connection, owner: int) -> Plan | None:
    """Put the corrections of a plan on what was parsed from its current version, and index that.

    Called inside a transaction whenever another version or reading became current; None (and
    nothing done) for a plan that nobody ever corrected.
    """
    from kh_nlp.library.ingesting import identity, index_plan, summary_of

    changes = _changes(connection, owner)
    row = _current(connection, owner)
    if row["parsed"] is None and not changes:
        return None
    parsed = plan_from_dict(json.loads(row["parsed"] or row["json"]))
    plan, states = apply(parsed, changes, _original(connection, owner, parsed))
    for number, (status, reason) in states.items():
        connection.execute(
            "UPDATE corrections SET status = ?, reason = ? WHERE plan = ? AND number = ?",
            (status, reason, owner, number),
        )
    connection.execute(
        "UPDATE versions SET json = ?, parsed = ?, summary = ? WHERE id = ?",
        (
            _dumped(to_dict(plan)),
            (row["parsed"] or row["json"]) if changes else None,
            _dumped(summary_of(plan)),
            row["id"],
        ),
    )
    connection.execute(
        "UPDATE plans SET corrected = ? WHERE id = ?", (identity(plan) if changes else None, owner)
    )
    index_plan(connection, owner, plan)
    return plan


def lost_corrections(
    connection: sqlite3.Connection, owners: Iterable[int] | None = None
) -> list[LostCorrection]:
    """Corrections that no longer fit, of all plans or of those with the row ids ``owners``."""
    wanted = None if owners is None else set(owners)
    return [
        LostCorrection(plan=row["plan_id"], number=row["number"], reason=row["reason"] or "")
        for row in connection.execute(
            "SELECT p.id, p.plan_id, c.number, c.reason FROM corrections c "
            "JOIN plans p ON p.id = c.plan WHERE c.status = 'orphaned' ORDER BY p.id, c.number"
        )
        if wanted is None or row["id"] in wanted
    ]


def _add(
    connection: sqlite3.Connection, plan_id: str, edit: Edit, by: str, note: str | None
) -> list[int]:
    """Store one request and put it on the plan; UsageError when it cannot be put on."""
    owner = _owner(connection, plan_id)
    row = _current(connection, owner)
    plan = plan_from_dict(json.loads(row["json"]))
    parsed = plan_from_dict(json.loads(row["parsed"])) if row["parsed"] else plan
    printed = Printed(parsed, _original(connection, owner, parsed))
    last = connection.execute(
        "SELECT coalesce(max(number), 0) FROM corrections WHERE plan = ?", (owner,)
    ).fetchone()[0]
    made = drafts(plan, parsed, printed, edit, last + 1)
    for draft in made:
        connection.execute(
            "INSERT INTO corrections (plan, number, made_by, made_at, note, record, anchors, "
            "status) VALUES (?, ?, ?, ?, ?, ?, ?, 'applied')",
            (owner, draft.change.number, by, now(), note, _record(draft), _anchors(draft.change)),
        )
    settle(connection, owner)
    numbers = [draft.change.number for draft in made]
    for correction in _listed(connection, plan_id):
        if correction.number not in numbers:
            continue
        if correction.status == "orphaned":
            raise UsageError(f"Không sửa được: {correction.reason}.")
        if correction.status == "agrees" and correction.action == "add":
            raise UsageError("Ở đó máy đã đọc đúng như vậy; không có gì để thêm.")
    return numbers


def _reindex(library: Library, encoder: Encoder | None) -> None:
    from kh_nlp.library.indexing import choose_encoder, refresh

    chosen = choose_encoder(library, encoder) if encoder is not None else library.encoder()
    refresh(library, chosen, None)


def _person(by: str | None) -> str:
    if by is None:
        with suppress(OSError, KeyError, ImportError):  # no such user in a bare container
            by = getpass.getuser()
    found = _one_line(by, "Tên người sửa", _NAME)
    if found is None:
        raise UsageError("Không biết ai sửa; hãy cho tên người sửa.")
    return found


def _one_line(text: str | None, what: str, longest: int) -> str | None:
    words = " ".join((text or "").split())
    if len(words) > longest:
        raise UsageError(f"{what} dài quá {longest} ký tự.")
    if not printable(words):
        raise UsageError(f"{what} có ký tự điều khiển.")
    return words or None


def _owner(connection: sqlite3.Connection, plan_id: str) -> int:
    row = connection.execute("SELECT id FROM plans WHERE plan_id = ?", (plan_id,)).fetchone()
    found: int = row["id"]
    return found


def _current(connection: sqlite3.Connection, owner: int) -> sqlite3.Row:
    row: sqlite3.Row = connection.execute(
        "SELECT id, json, parsed FROM versions WHERE plan = ? AND current = 1", (owner,)
    ).fetchone()
    return row


def _original(connection: sqlite3.Connection, owner: int, plan: Plan) -> str | None:
    """The decoded file that ``plan`` was read from, where it is still there and unchanged."""
    paths = [plan.source.path] + [
        row["path"]
        for row in connection.execute(
            "SELECT f.path FROM files f JOIN versions v ON v.id = f.version "
            "WHERE v.plan = ? AND v.current = 1 ORDER BY f.seen_at DESC",
            (owner,),
        )
    ]
    for path in dict.fromkeys(paths):
        with suppress(KhError, OSError):
            text, sha256 = decoded_text(Path(path))
            if sha256 == plan.source.sha256:
                return text
    return None


# Rows


_SHOWN = ("target", "action", "ref", "field", "old", "new", "quote")


def _record(draft: Draft) -> str:
    change = draft.change
    return _dumped(
        {
            "target": change.target,
            "action": change.action,
            "ref": draft.ref,
            "field": change.field,
            "old": draft.old,
            "new": change.new,
            "quote": draft.quote,
        }
    )


def _anchors(change: Change) -> str:
    places = {name: getattr(change, name) for name in ("head", "place", "first", "last")}
    found: dict[str, Any] = {name: asdict(a) for name, a in places.items() if a is not None}
    return _dumped(found | {"origin": change.origin})


def _changes(connection: sqlite3.Connection, owner: int) -> list[Change]:
    """The corrections of a plan that are not taken back, first to last."""
    return [
        _change(row)
        for row in connection.execute(
            "SELECT number, record, anchors FROM corrections "
            "WHERE plan = ? AND undone_at IS NULL ORDER BY number",
            (owner,),
        )
    ]


def _change(row: sqlite3.Row) -> Change:
    record, anchors = json.loads(row["record"]), json.loads(row["anchors"])
    places = {
        name: from_dict(Anchor, anchors[name])
        for name in ("place", "first", "last")
        if name in anchors
    }
    return Change(
        number=row["number"],
        target=record["target"],
        action=record["action"],
        field=record["field"],
        new=record["new"],
        head=HeadAnchor(**anchors["head"]) if "head" in anchors else None,
        origin=anchors["origin"],
        **places,
    )


def _listed(connection: sqlite3.Connection, plan_id: str) -> list[Correction]:
    rows: Iterable[sqlite3.Row] = connection.execute(
        "SELECT c.* FROM corrections c JOIN plans p ON p.id = c.plan WHERE p.plan_id = ? "
        "ORDER BY c.number",
        (plan_id,),
    )
    return [
        Correction(
            number=row["number"],
            by=row["made_by"],
            at=row["made_at"],
            note=row["note"],
            status=row["status"],
            reason=row["reason"],
            undone_by=row["undone_by"],
            undone_at=row["undone_at"],
            **{name: record[name] for name in _SHOWN},
        )
        for row in rows
        for record in (json.loads(row["record"]),)
    ]


def _dumped(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
