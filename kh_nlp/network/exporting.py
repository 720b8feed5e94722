"""The network as a file for other programs, and back."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from kh_nlp.errors import InputError, UsageError
from kh_nlp.network.graph import Network
from kh_nlp.network.records import Node

FORMATS = (".graphml", ".gexf", ".json", ".csv", ".html")

# Columns of the CSV, which people open in a spreadsheet, in the order of the table.
_NODE_NAMES: Mapping[str, str] = {
    "id": "Khóa",
    "plan": "Mã kế hoạch",
    "copies": "Bản trùng",
    "kind": "Loại",
    "number": "Số, ký hiệu",
    "issued_on": "Ngày ban hành",
    "issuer": "Cơ quan ban hành",
    "title": "Tên",
    "alias": "Tên gọi tắt",
    "level": "Cấp",
    "province": "Tỉnh, thành phố",
    "year": "Năm",
    "plans": "Số kế hoạch viện dẫn",
    "mentions": "Số lần được viện dẫn",
    "cites": "Số văn bản viện dẫn",
}
_EDGE_NAMES: Mapping[str, str] = {
    "mentions": "Số lần",
    "role": "Vai trò",
    "relations": "Quan hệ",
}
_SIDES = ("Văn bản viện dẫn", "Văn bản được viện dẫn")
_NUMBERS = ("year", "plans", "mentions", "cites")
_NO_XML = re.compile(r"[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_FORMULA = re.compile(r"'*[=+\-@\t\r]")


def to_networkx(network: Network) -> Any:
    """A ``networkx.DiGraph``: nodes by id with the known fields of ``Node``, edges citing → cited
    with ``mentions``, ``role`` and ``relations`` (joined by "; ").
    """
    import networkx

    graph = networkx.DiGraph()
    for node in network.nodes:
        graph.add_node(node.id, **_facts(node))
    for at in range(len(network.edges)):
        edge = network.edge(at)
        graph.add_edge(
            edge.source,
            edge.target,
            mentions=edge.mentions,
            role=edge.role,
            relations="; ".join(edge.relations),
        )
    return graph


def _facts(node: Node) -> dict[str, Any]:
    """What is known of a node, but for its id: text on one line, numbers as they are."""
    known: dict[str, Any] = {"copies": "; ".join(node.copies)}
    for name in _NODE_NAMES:
        if name not in ("id", "copies"):
            known[name] = getattr(node, name)
    facts = {k: _one_line(v) if isinstance(v, str) else v for k, v in known.items()}
    return _labelled(node.id, {k: v for k, v in facts.items() if v not in (None, "")})


def _labelled(key: str, facts: dict[str, Any]) -> dict[str, Any]:
    copies = tuple(facts.get("copies", "").split("; "))
    return {**facts, "label": label(Node(**{**facts, "id": key, "copies": copies}))}


def _one_line(text: str) -> str:
    """Without characters that XML cannot hold, and without line breaks, which it changes."""
    return " ".join(_NO_XML.sub(" ", text).split())


def label(node: Node) -> str:
    """A short name: the usual one if there is one, the number, the issuer, the title."""
    number = node.number
    if node.plan is not None and (number is None or node.level in ("commune", "district")):
        name = node.issuer or node.title or node.plan
        return f"{number} {name}" if number else name
    if node.kind in ("Luật", "Bộ luật") and node.title:
        return node.title
    if number and node.alias:
        return f"{number} ({node.alias})"
    return number or node.alias or node.title or node.id


def export(network: Network, path: str | Path) -> None:
    """Write the network to ``path``; its ending chooses the format.

    GraphML and GEXF (Gephi and others), JSON (node-link), CSV (UTF-8 with BOM, one line for each
    citing pair with what is known of both, then documents without links), HTML with a picture.
    Raises UsageError for another ending, InputError when the file cannot be written.
    """
    file = Path(path)
    text = exported(network, file.suffix.lower())
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("w", encoding="utf-8", newline="") as out:
            out.write(text)
    except OSError as error:
        raise InputError(f"Không ghi được {path}: {error.strerror}.") from error


def exported(network: Network, ending: str) -> str:
    """The text of the file that ``export`` writes; UsageError for an ending that is none of ours.

    The BOM of the CSV is its first character.
    """
    if ending == ".html":
        from kh_nlp.network.drawing import page

        return page(network)
    if ending == ".csv":
        return _csv(network)
    if ending not in FORMATS:
        known = ", ".join(FORMATS)
        raise UsageError(f"Không xuất được tệp “{ending or '(không đuôi)'}”; hãy dùng: {known}.")
    import networkx

    graph = to_networkx(network)
    if ending == ".json":
        data = networkx.node_link_data(graph, edges="edges")
        return json.dumps(data, ensure_ascii=False, indent=1) + "\n"
    if ending == ".graphml":
        return "\n".join(networkx.generate_graphml(graph, named_key_ids=True)) + "\n"
    lines = "\n".join(networkx.generate_gexf(graph, version="1.2draft")) + "\n"
    # The day of writing would make equal networks unequal files.
    return re.sub(r' lastmodifieddate="[^"]*"', "", lines)


def imported(path: str | Path) -> Any:
    """The ``networkx.DiGraph`` that ``to_networkx`` gave before it was exported to ``path``.

    Raises UsageError for a file of another format (HTML too), InputError for a broken one.
    """
    import networkx

    file = Path(path)
    ending = file.suffix.lower()
    if ending not in FORMATS or ending == ".html":
        raise UsageError(f"Không đọc được mạng viện dẫn từ tệp “{ending}”.")
    try:
        if ending == ".graphml":
            return networkx.read_graphml(file)
        if ending == ".gexf":
            return _plain(networkx.read_gexf(file, version="1.2draft"))
        if ending == ".json":
            data = json.loads(file.read_text("utf-8"))
            return networkx.node_link_graph(data, edges="edges")
        return _from_csv(file.read_text("utf-8-sig"))
    except OSError as error:
        raise InputError(f"Không đọc được {path}: {error.strerror}.") from error
    except (ValueError, KeyError, SyntaxError, networkx.NetworkXException) as error:
        raise InputError(f"{path} không phải là mạng viện dẫn: {error}") from error


def _plain(graph: Any) -> Any:
    """Without what GEXF adds to every edge and to the graph."""
    import networkx

    found = networkx.DiGraph()
    found.add_nodes_from(graph.nodes(data=True))
    found.add_edges_from(
        (source, target, {name: value for name, value in data.items() if name in _EDGE_NAMES})
        for source, target, data in graph.edges(data=True)
    )
    return found


def _csv(network: Network) -> str:
    out = io.StringIO()
    table = csv.writer(out)
    table.writerow(
        [f"{side}: {name}" for side in _SIDES for name in _NODE_NAMES.values()]
        + list(_EDGE_NAMES.values())
    )
    cells = {node.id: _cells(node) for node in network.nodes}
    linked: set[str] = set()
    for at in range(len(network.edges)):
        edge = network.edge(at)
        linked |= {edge.source, edge.target}
        facts = [edge.mentions, edge.role, "; ".join(edge.relations)]
        table.writerow([*cells[edge.source], *cells[edge.target], *facts])
    empty = [""] * (len(_NODE_NAMES) + len(_EDGE_NAMES))
    for node in network.nodes:
        if node.id not in linked:
            table.writerow([*cells[node.id], *empty])
    return "\ufeff" + out.getvalue()


def _cells(node: Node) -> list[Any]:
    facts = {"id": node.id, **_facts(node)}
    return [_safe(facts.get(name, "")) for name in _NODE_NAMES]


def _safe(value: Any) -> Any:
    """A text that a spreadsheet would take for a formula gets an apostrophe before it."""
    return f"'{value}" if isinstance(value, str) and _FORMULA.match(value) else value


def _from_csv(text: str) -> Any:
    import networkx

    graph = networkx.DiGraph()
    rows = csv.reader(io.StringIO(text))
    width = len(_NODE_NAMES)
    if len(next(rows, [])) != 2 * width + len(_EDGE_NAMES):
        raise ValueError("thiếu cột")
    for row in rows:
        ends = [_read(row[:width]), _read(row[width : 2 * width])]
        for facts in ends:
            if facts:
                graph.add_node(facts.pop("id"), **facts)
        if ends[1]:
            mentions, role, relations = row[2 * width :]
            source, target = (_unsafe(row[0]), _unsafe(row[width]))
            graph.add_edge(source, target, mentions=int(mentions), role=role, relations=relations)
    return graph


def _read(cells: list[str]) -> dict[str, Any]:
    facts: dict[str, Any] = {
        name: int(cell) if name in _NUMBERS else _unsafe(cell)
        for name, cell in zip(_NODE_NAMES, cells, strict=True)
        if cell
    }
    if not facts:
        return {}
    key = facts.pop("id")
    return {"id": key, **_labelled(key, facts)}


def _unsafe(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell
