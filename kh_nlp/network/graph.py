"""The network in memory: nodes, edges as arrays, and both directions indexed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kh_nlp.errors import UsageError
from kh_nlp.network.records import Edge, Node, Replacement

Ints = NDArray[np.int64]

RELATIONS = ("căn cứ", "thực hiện", "dẫn chiếu", "sửa đổi bổ sung", "thay thế", "hướng dẫn")
"""Bit ``i`` of an edge's ``relations`` stands for ``RELATIONS[i]``."""


@dataclass(frozen=True)
class Edges:
    """Parallel arrays, one entry for each pair (citing, cited) of node positions.

    ``basis`` is true where a mention is a *căn cứ*; ``relations`` are bits, see ``RELATIONS``.
    """

    source: Ints
    target: Ints
    mentions: Ints
    basis: NDArray[np.bool_]
    relations: Ints

    def __len__(self) -> int:
        return len(self.source)

    def take(self, chosen: NDArray[Any]) -> Edges:
        """The edges at these positions, or where a mask is true."""
        return Edges(
            self.source[chosen],
            self.target[chosen],
            self.mentions[chosen],
            self.basis[chosen],
            self.relations[chosen],
        )


@dataclass(frozen=True)
class Side:
    """One direction as compressed rows: edges of node ``n`` are ``edge[start[n]:start[n + 1]]``,
    their other ends ``other[...]``.
    """

    start: Ints
    edge: Ints
    other: Ints

    def rows(self, nodes: Ints) -> tuple[Ints, Ints]:
        """Edges of all ``nodes``: positions of the edges, and for each the node it belongs to."""
        counts = self.start[nodes + 1] - self.start[nodes]
        offsets = np.repeat(self.start[nodes] - np.cumsum(counts) + counts, counts)
        return self.edge[offsets + np.arange(counts.sum())], np.repeat(nodes, counts)

    def row(self, node: int) -> Ints:
        """Positions of the edges of one node."""
        return self.edge[self.start[node] : self.start[node + 1]]

    def degrees(self) -> Ints:
        """Number of edges of each node."""
        return np.diff(self.start)


@dataclass(frozen=True, eq=False)
class Network:
    """Who cites whom in a library; immutable. Nodes are named by their position in ``nodes``.

    ``unresolved`` counts by plan id the mentions that mean no known document; ``replacements`` are
    the facts of replacement that texts state; ``also`` gives the node of a key with less of a date.
    """

    nodes: tuple[Node, ...]
    edges: Edges
    unresolved: dict[str, int] = field(default_factory=dict)
    replacements: tuple[Replacement, ...] = ()
    also: dict[str, str] = field(default_factory=dict)

    @cached_property
    def out(self) -> Side:
        """Edges by citing node."""
        return self._side(self.edges.source, self.edges.target)

    @cached_property
    def into(self) -> Side:
        """Edges by cited node."""
        return self._side(self.edges.target, self.edges.source)

    def _side(self, here: Ints, other: Ints) -> Side:
        order = np.argsort(here, kind="stable")
        start = np.zeros(len(self.nodes) + 1, dtype=np.int64)
        np.cumsum(np.bincount(here, minlength=len(self.nodes)), out=start[1:])
        return Side(start=start, edge=order, other=other[order])

    @cached_property
    def positions(self) -> dict[str, int]:
        """Node position by id, and by plan id for every plan of the library."""
        found = {node.id: at for at, node in enumerate(self.nodes)}
        for at, node in enumerate(self.nodes):
            for plan in (node.plan, *node.copies):
                if plan is not None:
                    found.setdefault(plan, at)
        for key, whole in self.also.items():
            if whole in found:
                found.setdefault(key, found[whole])
        return found

    def find(self, name: str) -> int:
        """Position of the document named by key, plan id, unique start of a plan id, or number.

        Raises UsageError when there is none, or more than one.
        """
        wanted = name.strip()
        if (at := self.positions.get(wanted)) is not None:
            return at
        plans = [n for n in self.nodes if n.plan is not None] if len(wanted) >= 4 else []
        found = {
            node.id
            for node in plans
            if any(p.startswith(wanted) for p in (node.plan, *node.copies) if p)
        } or {node.id for node in self.nodes if node.number and _same(node.number, wanted)}
        if not found:
            raise UsageError(
                f"Không có văn bản hay kế hoạch nào là “{name}” trong mạng viện dẫn của thư viện."
            )
        if len(found) > 1:
            shown = ", ".join(sorted(found)[:5])
            raise UsageError(f"“{name}” ứng với nhiều văn bản; hãy ghi rõ khóa: {shown}.")
        return self.positions[found.pop()]

    def edge(self, at: int) -> Edge:
        """The record of the edge at a position."""
        return Edge(
            source=self.nodes[int(self.edges.source[at])].id,
            target=self.nodes[int(self.edges.target[at])].id,
            mentions=int(self.edges.mentions[at]),
            role="basis" if self.edges.basis[at] else "reference",
            relations=relation_names(int(self.edges.relations[at])),
        )


def relation_names(bits: int) -> tuple[str, ...]:
    """Names of the relations whose bits are set."""
    return tuple(name for bit, name in enumerate(RELATIONS) if bits >> bit & 1)


def relation_bits(names: Sequence[str]) -> int:
    """The inverse of ``relation_names``; unknown names count for nothing."""
    return sum(1 << RELATIONS.index(name) for name in set(names) if name in RELATIONS)


def _same(one: str, other: str) -> bool:
    return "".join(one.split()).casefold() == "".join(other.split()).casefold()
