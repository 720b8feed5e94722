"""Walks over the network: who rests on whom, and chains up to the documents of the centre."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np

from kh_nlp.errors import UsageError
from kh_nlp.model import Level
from kh_nlp.network.graph import Ints, Network, Side
from kh_nlp.network.identity import RANK
from kh_nlp.network.records import (
    Chain,
    Direction,
    LevelCount,
    Place,
    Reached,
    Step,
)

_NO_INTS: Ints = np.zeros(0, dtype=np.int64)


def cites(network: Network, name: str, *, depth: int = 1, limit: int = 1000) -> Reached:
    """What a document rests on, up to ``depth`` steps away.

    Raises UsageError when no document is called ``name``, or more than one.
    """
    return _reached(network, network.find(name), "cites", depth, limit)


def cited_by(network: Network, name: str, *, depth: int = 1, limit: int = 1000) -> Reached:
    """Who rests on a document, up to ``depth`` steps away; UsageError as ``cites``."""
    return _reached(network, network.find(name), "cited_by", depth, limit)


def _reached(network: Network, at: int, direction: Direction, depth: int, limit: int) -> Reached:
    side = network.out if direction == "cites" else network.into
    nodes, depths, edges, via = _walk(network, side, at, depth)
    popular = side.degrees()[nodes] if direction == "cited_by" else network.into.degrees()[nodes]
    order = np.lexsort((nodes, -popular, depths))[:limit]
    steps = tuple(
        _step(network, int(nodes[i]), int(depths[i]), int(edges[i]), int(via[i])) for i in order
    )
    return Reached(
        start=network.nodes[at], direction=direction, depth=depth, total=len(nodes), steps=steps
    )


def _step(network: Network, node: int, depth: int, edge: int, via: int) -> Step:
    record = network.edge(edge)
    return Step(
        node=network.nodes[node],
        depth=depth,
        via=network.nodes[via].id,
        role=record.role,
        relations=record.relations,
        mentions=record.mentions,
    )


def _walk(network: Network, side: Side, at: int, depth: int) -> tuple[Ints, Ints, Ints, Ints]:
    """Breadth first: nodes, their depths, the edges over which they were first met, from where."""
    if depth < 1:
        raise UsageError("Độ sâu phải từ 1 trở lên.")
    far = network.edges.target if side is network.out else network.edges.source
    seen = np.zeros(len(network.nodes), dtype=bool)
    seen[at] = True
    front = np.array([at], dtype=np.int64)
    found: list[tuple[Ints, Ints, Ints, Ints]] = []
    for level in range(1, depth + 1):
        edges, owners = side.rows(front)
        fresh = ~seen[far[edges]]
        front, first = np.unique(far[edges][fresh], return_index=True)
        if not len(front):
            break
        seen[front] = True
        depths = np.full(len(front), level, dtype=np.int64)
        found.append((front, depths, edges[fresh][first], owners[fresh][first]))
    if not found:
        return _NO_INTS, _NO_INTS, _NO_INTS, _NO_INTS
    columns = [np.concatenate(column) for column in zip(*found, strict=True)]
    return columns[0], columns[1], columns[2], columns[3]


def chain(network: Network, name: str, *, limit: int = 20) -> Place:
    """The place of a plan or document: ways up to the centre, and who lies below.

    A way never leads down, and within a level only where it must. To each document of the centre
    the way over the most levels is shown, the shortest of these; among equals the one over
    *căn cứ*. UsageError as ``cites``.
    """
    at = network.find(name)
    ways = _ways_up(network, at)
    heights = {end: _rank(network, end) for end in ways}
    top = max(heights.values(), default=-1)
    ends = [end for end, height in heights.items() if height == top > _rank(network, at)]
    ends.sort(key=lambda end: (_cost(network, ways[end]), -network.nodes[end].plans, end))
    return Place(
        start=network.nodes[at],
        national=top == RANK["central"],
        chains=tuple(Chain(steps=_steps(network, ways[end])) for end in ends[:limit]),
        below=_below(network, at),
    )


def _ways_up(network: Network, at: int) -> dict[int, tuple[int, ...]]:
    """For each node above, the edges of the way to it over most levels."""
    edges = network.edges
    own = _rank(network, at)
    ways: dict[int, tuple[int, ...]] = {at: ()}
    layers: dict[int, list[int]] = {own: [at]}
    # Layers from below: all ways to a node from lower levels are known when its layer has its turn.
    for height in range(own, RANK["central"]):
        layer = sorted(layers.get(height, ()), key=lambda node: (_cost(network, ways[node]), node))
        for node in layer:  # grows: a plan may rest on another of its own level
            for edge in network.out.row(node).tolist():
                target = int(edges.target[edge])
                above = _rank(network, target)
                way, known = (*ways[node], edge), ways.get(target)
                if known is None and above >= height:
                    ways[target] = way
                    (layer if above == height else layers.setdefault(above, [])).append(target)
                elif known and above > height and _cost(network, way) < _cost(network, known):
                    ways[target] = way
    del ways[at]
    return ways


def _rank(network: Network, node: int) -> int:
    return RANK.get(network.nodes[node].level, -1)


def _cost(network: Network, way: Sequence[int]) -> tuple[int, int, int]:
    """Less for more levels, then for fewer steps within a level, then for more *căn cứ*."""
    edges = network.edges
    rises = sum(
        _rank(network, int(edges.target[edge])) > _rank(network, int(edges.source[edge]))
        for edge in way
    )
    return -rises, len(way), -sum(bool(edges.basis[edge]) for edge in way)


def _steps(network: Network, way: Sequence[int]) -> tuple[Step, ...]:
    edges = network.edges
    return tuple(
        _step(network, int(edges.target[edge]), depth, edge, int(edges.source[edge]))
        for depth, edge in enumerate(way, 1)
    )


def _below(network: Network, at: int) -> tuple[LevelCount, ...]:
    nodes, _, _, _ = _walk(network, network.into, at, len(network.nodes) or 1)
    counts: Counter[Level | None] = Counter(network.nodes[int(node)].level for node in nodes)
    order = sorted(counts, key=lambda level: -RANK.get(level, -1))
    return tuple(LevelCount(level=level, plans=counts[level]) for level in order)
