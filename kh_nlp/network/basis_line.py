"""A *căn cứ* line in the usual form, made only of what texts print of the document."""

from __future__ import annotations

import re
from collections import Counter

from kh_nlp.citations import Registry, load_registry
from kh_nlp.language import fold
from kh_nlp.library import Library
from kh_nlp.network.building import load_network
from kh_nlp.network.records import BasisLine, Node

_LAWS = ("Luật", "Bộ luật", "Pháp lệnh", "Hiến pháp")
_VERBS = ("ban hành", "phê duyệt", "về việc", "về")
# A title that is a clause of its own ("quy định chi tiết …") follows without a word between.
_CLAUSE = re.compile(
    r"(?:ban hành|phê duyệt|về|quy định|hướng dẫn|sửa đổi|bổ sung|giao|công bố|hỗ trợ|phân bổ|"
    r"điều chỉnh|quy hoạch|kiện toàn|thành lập|triển khai|thực hiện|tổ chức)\b",
    re.IGNORECASE,
)
_TEXTS = 60
"""Mentions whose surroundings are read; the words before a title repeat from plan to plan."""


def basis_line(library: Library, name: str, registry: Registry | None = None) -> BasisLine:
    """The line for the document named by key, number or plan id.

    ``Căn cứ Nghị quyết số 76/NQ-CP ngày 15 tháng 7 năm 2021 của Chính phủ ban hành Chương trình
    …;``: the word before the title is the one that most texts print there, "về" where none
    is known. What no text tells is left out and named in ``missing``. Raises UsageError when no
    document is called ``name``, or more than one.
    """
    registry = registry or load_registry()
    network = load_network(library)
    node = network.nodes[network.find(name)]
    missing = tuple(
        what
        for what, value in (
            ("loại văn bản", node.kind),
            ("số, ký hiệu", node.number),
            ("ngày ban hành", _day(node.issued_on)),
            ("cơ quan ban hành", node.issuer),
            ("tên văn bản", node.title),
        )
        if not value
    )
    words = ["Căn cứ", _law(node) if node.kind in _LAWS else _other(library, node, registry)]
    return BasisLine(key=node.id, text=" ".join(words).rstrip(" ;.,") + ";", missing=missing)


def _law(node: Node) -> str:
    """Laws are called by name; the number and the day follow."""
    kind = node.kind or "Luật"
    name = node.title or kind
    parts = [name if fold(name).startswith(fold(kind)) else f"{kind} {name}"]
    if node.number:
        parts.append(f"số {node.number}")
    if day := _day(node.issued_on):
        parts.append(day)
    return " ".join(parts)


def _other(library: Library, node: Node, registry: Registry) -> str:
    parts = [node.kind or "Văn bản"]
    if node.number:
        parts.append(f"số {node.number}")
    if day := _day(node.issued_on):
        parts.append(day)
    if node.issuer:
        parts.append(f"của {node.issuer}")
    if node.title:
        parts.append(_titled(library, node, registry))
    return " ".join(parts)


def _titled(library: Library, node: Node, registry: Registry) -> str:
    title = " ".join((node.title or "").split())
    if title.isupper():
        title = title[0] + title[1:].lower()
    if _CLAUSE.match(title):
        return title[0].lower() + title[1:]
    word, letter = _before_title(library, node, registry, title)
    return f"{word} {letter or title[0]}{title[1:]}"


def _before_title(
    library: Library, node: Node, registry: Registry, title: str
) -> tuple[str, str | None]:
    """The word that most texts print before the title, and the title's first letter after it."""
    start = r"[\W_]+".join(map(re.escape, re.findall(r"\w+", title)[:4]))
    pattern = re.compile(rf"\b({'|'.join(_VERBS)})[\s\W]+({start})\b", re.IGNORECASE)
    words: Counter[str] = Counter()
    letters: Counter[str] = Counter()
    for text in _surroundings(library, node, registry):
        if match := pattern.search(text):
            words[match[1].lower()] += 1
            letters[match[2][0]] += 1
    if not words:
        return "về", None
    return words.most_common(1)[0][0], letters.most_common(1)[0][0]


def _surroundings(library: Library, node: Node, registry: Registry) -> list[str]:
    """What texts print from the document's number on: of the registry's evidence, of plans."""
    entry = registry.by_key(node.id)
    texts = [evidence.quote for evidence in entry.evidence] if entry else []
    with library.reading() as connection:
        rows = connection.execute(
            "SELECT substr(json_extract(v.json, '$.text'), c.start + 1, "
            'c."end" - c.start + 240) AS around '
            "FROM citations c JOIN versions v ON v.plan = c.plan AND v.current = 1 "
            "WHERE c.key = ? GROUP BY c.plan ORDER BY c.id LIMIT ?",
            (node.id, _TEXTS),
        ).fetchall()
    return texts + [row["around"] or "" for row in rows]


def _day(iso: str | None) -> str | None:
    """``2021-07-15`` as ``ngày 15 tháng 7 năm 2021``; days and the months 1, 2 with two digits."""
    match = re.fullmatch(r"(\d{4})-(\d{2})-(\d{2})", iso or "")
    if match is None:
        return None
    month = match[2] if match[2] in ("01", "02") else str(int(match[2]))
    return f"ngày {match[3]} tháng {month} năm {match[1]}"
