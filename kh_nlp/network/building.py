"""The network of a library, read from its SQLite tables and kept until the library changes."""

from __future__ import annotations

import json
import re
import sqlite3
import threading
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np

from kh_nlp.citations import Entry, Registry, document_key, load_registry, replacements
from kh_nlp.citations.keys import number_key
from kh_nlp.language import fold
from kh_nlp.library import Library
from kh_nlp.network.graph import RELATIONS, Edges, Network
from kh_nlp.network.identity import same_documents, standing
from kh_nlp.network.records import Node, Replacement

_FACTS = ("kind", "number", "issued_on", "issuer", "title")
# Only a document that speaks of itself states a replacement; "sửa đổi hoặc thay thế …" proposes.
_REPLACES = re.compile(
    r"(?:kế hoạch|quyết định|nghị quyết|chỉ thị|chương trình|quy chế|quy định|đề án|văn bản)"
    r" này(?: có hiệu lực[^.;]{0,120}[.;,]? ?(?:và )?)?,? ?thay thế(?: cho)?\s*$",
    re.IGNORECASE,
)

_KEYS = "SELECT key FROM citations WHERE key IS NOT NULL GROUP BY key ORDER BY min(id)"

_kept: WeakKeyDictionary[Library, tuple[str, Network]] = WeakKeyDictionary()
_guard = threading.Lock()


def load_network(library: Library, registry: Registry | None = None) -> Network:
    """The network of the library as it stands, built at the first question after each change.

    Threads share it. With a ``registry`` of one's own it is built anew.
    """
    if registry is not None:
        return build_network(library, registry)
    generation = library.manifest()["generation"]
    with _guard:
        kept = _kept.get(library)
        if kept is None or kept[0] != generation:
            kept = (generation, build_network(library, load_registry()))
            _kept[library] = kept
        return kept[1]


@dataclass(slots=True)
class _Cited:
    """What mentions print of one document, with how often."""

    votes: dict[str, Counter[str]] = field(default_factory=dict)

    def add(self, row: sqlite3.Row) -> None:
        for fact in _FACTS:
            if value := row[fact]:
                self.votes.setdefault(fact, Counter())[value] += row["times"]

    def best(self, fact: str) -> str | None:
        votes = self.votes.get(fact)
        return votes.most_common(1)[0][0] if votes else None

    def kind(self, key: str) -> str | None:
        """The kind that the key tells; "Chương trình" is no kind of Nghị quyết 76/NQ-CP."""
        wanted = key.partition(":")[0]
        votes = self.votes.get("kind", Counter())
        fits = (kind for kind, _ in votes.most_common() if "-".join(fold(kind).split()) == wanted)
        return next(fits, None)


@dataclass(frozen=True, slots=True)
class Identities:
    """What of the network a few documents need: one ``Replacement`` for each statement that one of
    them was replaced, and which keys mean a plan of the library (``also``, as in ``Network``).
    """

    replacements: tuple[Replacement, ...]
    also: Mapping[str, str]


def identities(library: Library, keys: Collection[str]) -> Identities:
    """Replacements and second names of the documents ``keys``, as ``load_network`` has them.

    A command that asks about a dozen documents needs no graph of tens of thousands; a network that
    is kept already is asked instead.
    """
    generation = library.manifest()["generation"]
    with _guard:
        kept = _kept.get(library)
    if kept is not None and kept[0] == generation:
        return Identities(kept[1].replacements, kept[1].also)
    registry = load_registry()
    with library.reading() as connection:
        # A document is told by its number: plans with other numbers are none of these, and their
        # keys, which take time to make, can be left unmade.
        plans = _plans(connection, {serial for key in keys if (serial := _serial(_number(key)))})
        known = [row[0] for row in connection.execute(_KEYS)]
        same = same_documents((p.id for p in plans.values()), known)
        asked = {*keys, *(same.get(key, key) for key in keys)}
        numbers = {name for key in asked if (name := _numbered(key)) is not None}
        wanted = [key for key in known if key in asked or _numbered(key) in numbers]
        cited = _cited(connection, wanted)
        stated = tuple(_stated(connection, plans))
    nodes = _documents(plans, cited, same, registry)
    facts = (*_registered(registry, nodes.values()), *_known(registry, nodes.values()), *stated)
    return Identities(facts, same)


def build_network(library: Library, registry: Registry) -> Network:
    """Read all plans and citations of the library, in one consistent view."""
    with library.reading() as connection:
        plans = _plans(connection)
        cited = _cited(connection)
        edges = connection.execute(
            "SELECT plan, key, coalesce(relation, '') AS relation, count(*) AS times, "
            "max(role = 'basis') AS basis FROM citations WHERE key IS NOT NULL "
            "GROUP BY plan, key, relation ORDER BY plan, min(id)"
        ).fetchall()
        unresolved = {
            row["plan_id"]: row["times"]
            for row in connection.execute(
                "SELECT p.plan_id, count(*) AS times FROM citations c JOIN plans p ON p.id = c.plan"
                " WHERE c.key IS NULL GROUP BY c.plan"
            )
        }
        stated = tuple(_stated(connection, plans))
    same = same_documents((p.id for p in plans.values()), cited)
    nodes = _documents(plans, cited, same, registry)
    facts = (*_registered(registry, nodes.values()), *_known(registry, nodes.values()), *stated)
    positions = {node: at for at, node in enumerate(nodes)}
    owners = {row: positions[plan.id] for row, plan in plans.items()}
    arrays = _edges(
        (owners[row["plan"]], positions[same.get(row["key"], row["key"])], row) for row in edges
    )
    return Network(_counted(nodes.values(), arrays), arrays, unresolved, facts, same)


def _cited(
    connection: sqlite3.Connection, wanted: Collection[str] | None = None
) -> dict[str, _Cited]:
    """What mentions print of every document, or of those ``wanted``."""
    chosen = "key IS NOT NULL" if wanted is None else "key IN (SELECT value FROM json_each(?))"
    found: dict[str, _Cited] = {}
    for row in connection.execute(
        "SELECT key, kind, number, issued_on, issuer, title, count(*) AS times FROM citations "
        f"WHERE {chosen} GROUP BY key, kind, number, issued_on, issuer, title "
        "ORDER BY min(id)",
        () if wanted is None else (json.dumps(list(wanted)),),
    ):
        found.setdefault(row["key"], _Cited()).add(row)
    return found


def _documents(
    plans: dict[int, Node],
    cited: dict[str, _Cited],
    same: Mapping[str, str],
    registry: Registry,
) -> dict[str, Node]:
    """Plans and the other documents that they cite, by key."""
    nodes = {p.id: p for p in _merged(plans)}
    for key, votes in cited.items():
        if key not in same and key not in nodes:
            nodes[key] = _document(key, votes, registry.by_key(key))
    return nodes


def _number(key: str) -> str:
    return key.split(":")[1] if ":" in key else ""


def _serial(number: str | None) -> str | None:
    """``8`` of ``08/KH-UBND``; ``None`` for a number that does not begin with one."""
    match = re.match(r"\s*0*(\d[\d\s]*)", number or "")
    return "".join(match[1].split()) if match else None


def _plans(
    connection: sqlite3.Connection, serials: Collection[str] | None = None
) -> dict[int, Node]:
    """A node for every plan of the library, by its row.

    With ``serials`` only those with such a number, without a readable one, or that replace another.
    """
    replacing = {
        row["plan"]
        for row in connection.execute("SELECT plan FROM citations WHERE relation = 'thay thế'")
    }
    found = {}
    for row in connection.execute(
        "SELECT p.id, p.plan_id, v.summary FROM plans p "
        "JOIN versions v ON v.plan = p.id AND v.current = 1 ORDER BY p.id"
    ).fetchall():
        head = json.loads(row["summary"])
        if serials is not None and row["id"] not in replacing:
            serial = _serial(head["number"])
            if serial is not None and serial not in serials:
                continue
        key, kind = _own_key(connection, row["id"], head)
        level, province = standing(key, head["issuer"]) if key else (None, None)
        found[row["id"]] = Node(
            id=key or f"plan:{row['plan_id']}",
            plan=row["plan_id"],
            kind=kind,
            **{fact: head[fact] for fact in ("number", "issued_on", "issuer", "title")},
            level=head["level"] or level,
            province=head["province"] or province,
            year=head["year"],
        )
    return found


def _own_key(
    connection: sqlite3.Connection, plan: int, head: dict[str, Any]
) -> tuple[str | None, str | None]:
    """Key and kind of a plan. Most numbers tell the kind, so that the long record stays unread."""
    number, day, issuer = head["number"], head["issued_on"], head["issuer"]
    kind: str | None = "Kế hoạch"
    when = day
    key = document_key(kind, number, when, issuer, head["province"])
    if number and (
        day is None or key != document_key("Văn bản", number, day, issuer, head["province"])
    ):
        row = connection.execute(
            "SELECT json_extract(json, '$.header') AS header FROM versions "
            "WHERE plan = ? AND current = 1",
            (plan,),
        ).fetchone()
        header = json.loads(row["header"])
        kind = header.get("kind") or kind
        when = day or (header.get("issued_month") or "")[:4] or None
        key = document_key(kind, number, when, issuer, head["province"])
    elif key and not key.startswith("ke-hoach:"):
        kind = None
    return key, kind


def _merged(plans: dict[int, Node]) -> Iterable[Node]:
    """Plans with one key are one document; the first ingested speaks for it."""
    groups: dict[str, list[Node]] = {}
    for plan in plans.values():
        groups.setdefault(plan.id, []).append(plan)
    for first, *rest in groups.values():
        yield _with(first, copies=tuple(node.plan for node in rest if node.plan))


def _document(key: str, said: _Cited, entry: Entry | None) -> Node:
    """A document that is not in the library: what plans print, completed from the registry."""

    def fact(name: str) -> str | None:
        return said.best(name) or getattr(entry, name, None)

    kind = said.kind(key) or (entry.kind if entry else None)
    issuer, issued_on = fact("issuer"), fact("issued_on")
    level, province = standing(key, issuer)
    dated = re.search(r":((?:19|20)\d\d)\b", key)
    names = entry.aliases if entry else ()
    return Node(
        id=key,
        kind=kind,
        number=fact("number"),
        issued_on=issued_on,
        issuer=issuer,
        title=entry.title if entry else said.best("title"),
        alias=next((name for name in names if len(name) <= 16), None),
        level=level,
        province=province,
        year=int(issued_on[:4]) if issued_on else int(dated[1]) if dated else None,
    )


def _edges(rows: Iterable[tuple[int, int, sqlite3.Row]]) -> Edges:
    """One edge for each pair; a plan that cites itself under another name gives none."""
    bits = {name: 1 << bit for bit, name in enumerate(RELATIONS)}
    pairs: dict[tuple[int, int], list[int]] = {}
    for source, target, row in rows:
        if source == target:
            continue
        pair = pairs.setdefault((source, target), [0, 0, 0])
        pair[0] += row["times"]
        pair[1] |= row["basis"]
        pair[2] |= bits.get(row["relation"], 0)
    ends = np.array(list(pairs), dtype=np.int64).reshape(-1, 2)
    facts = np.array(list(pairs.values()), dtype=np.int64).reshape(-1, 3)
    return Edges(ends[:, 0], ends[:, 1], facts[:, 0], facts[:, 1] > 0, facts[:, 2])


def _counted(nodes: Iterable[Node], edges: Edges) -> tuple[Node, ...]:
    listed = list(nodes)
    size = len(listed)
    plans = np.bincount(edges.target, minlength=size).tolist()
    mentions = np.bincount(edges.target, edges.mentions, minlength=size).astype(int).tolist()
    cites = np.bincount(edges.source, minlength=size).tolist()
    return tuple(
        _with(node, plans=p, mentions=m, cites=c)
        for node, p, m, c in zip(listed, plans, mentions, cites, strict=True)
    )


def _with(node: Node, **changed: Any) -> Node:
    """``dataclasses.replace`` at a fraction of its cost: a network has tens of thousands."""
    values = {name: getattr(node, name) for name in Node.__slots__}
    return Node(**(values | changed))


def _registered(registry: Registry, nodes: Iterable[Node]) -> Iterable[Replacement]:
    """Replacements that the registry states, each for the only document its number can mean."""
    numbered: dict[tuple[str, str], list[Node]] = {}
    for node in nodes:
        if (name := _numbered(node.id)) is not None:
            numbered.setdefault(name, []).append(node)
    for entry in registry.entries():
        for change in entry.replaces:
            key = document_key(entry.kind, change.number, entry.issued_on, entry.issuer)
            known = numbered.get(_numbered(key or "") or ("", ""), ())
            # "06/QĐ-TTg" is a number of every year: of the documents that are older, only one fits.
            older = [n for n in known if n.issued_on is None or n.issued_on < entry.issued_on]
            yield Replacement(
                replaced=older[0].id if len(older) == 1 else change.number,
                by=entry.key,
                on=change.since,
                source="registry",
                quote=change.evidence.quote,
            )


def _known(registry: Registry, nodes: Iterable[Node]) -> Iterable[Replacement]:
    """Replacements of cited documents that are known beside the registry's own."""
    for node in nodes:
        for fact in replacements().get(number_key(node.number or "").upper(), ()):
            day = node.issued_on or ""
            if node.plan is not None or (day and fact.issued_on and day[:4] != fact.issued_on[:4]):
                continue
            newer = registry.by_number(fact.by)
            yield Replacement(
                replaced=node.id,
                by=newer[0].key if len(newer) == 1 else fact.by,
                on=fact.since or None,
                source=fact.source,
                quote=None,
            )


def _numbered(key: str) -> tuple[str, str] | None:
    """Number and place of a key, without kind and date."""
    parts = key.split(":")
    return (parts[1], parts[3] if len(parts) > 3 else "") if len(parts) > 2 else None


def _stated(connection: sqlite3.Connection, plans: dict[int, Node]) -> Iterable[Replacement]:
    """Replacements that plans of the library state of themselves."""
    for row in connection.execute(
        "SELECT c.plan, c.key, c.text, substr(json_extract(v.json, '$.text'), "
        "max(1, c.start - 199), min(200, c.start)) AS before "
        "FROM citations c JOIN versions v ON v.plan = c.plan AND v.current = 1 "
        "WHERE c.relation = 'thay thế' AND c.key IS NOT NULL ORDER BY c.id"
    ):
        words = " ".join((row["before"] or "").split())
        if match := _REPLACES.search(words):
            plan = plans[row["plan"]]
            yield Replacement(
                replaced=row["key"],
                by=plan.id,
                on=plan.issued_on,
                source=plan.plan or plan.id,
                quote=f"{match[0].strip()} {row['text']}",
            )
