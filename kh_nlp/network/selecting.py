"""Parts of a network: by the plans' year, level and province, around one document."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kh_nlp.errors import UsageError
from kh_nlp.language import fold
from kh_nlp.network.graph import Edges, Network
from kh_nlp.network.records import Node

Years = tuple[int | None, int | None]
Mask = NDArray[np.bool_]

_PROVINCE = ("tinh ", "thanh pho ", "tp. ", "tp ")


def select(
    network: Network,
    *,
    around: str | None = None,
    depth: int = 1,
    years: Years | None = None,
    levels: Sequence[str] = (),
    provinces: Sequence[str] = (),
) -> Network:
    """The part of the network that the plans of these years, levels and provinces span.

    With ``around`` only what lies within ``depth`` steps of that document, in either direction.
    Counts on the nodes stay those of the whole network. Raises UsageError when no document is
    called ``around``, or more than one.
    """
    centre = None if around is None else network.find(around)
    if depth < 1:
        raise UsageError("Độ sâu phải từ 1 trở lên.")
    filters = bool(years or levels or provinces)
    if centre is None and not filters:
        return network
    kept = plan_mask(network, years, levels, provinces)
    edges: Mask = kept[network.edges.source]
    if centre is not None:
        near = _near(network, centre, depth)
        kept &= near
        kept[centre] = True
        edges = edges & near[network.edges.source] & near[network.edges.target]
    kept[network.edges.target[edges]] = True
    return part(network, kept, edges)


def plan_mask(
    network: Network, years: Years | None, levels: Sequence[str], provinces: Sequence[str]
) -> Mask:
    """Which nodes are plans of the library that pass all filters; empty ones let all pass."""
    wanted = {province_key(name) for name in provinces}
    first, last = years or (None, None)

    def passes(node: Node) -> bool:
        year = node.year
        return (
            node.plan is not None
            and (not levels or node.level in levels)
            and (not wanted or province_key(node.province or "") in wanted)
            and (first is None or (year is not None and year >= first))
            and (last is None or (year is not None and year <= last))
        )

    return np.array([passes(node) for node in network.nodes], dtype=np.bool_)


def province_key(name: str) -> str:
    """What spellings of one province's name share ("TP. Cần Thơ" and "Cần Thơ")."""
    key = " ".join(fold(name).split())
    for prefix in _PROVINCE:
        key = key.removeprefix(prefix)
    return key


def part(network: Network, nodes: Mask, edges: NDArray[Any]) -> Network:
    """The network of the ``nodes`` (a mask) with the chosen ``edges``, both ends kept."""
    chosen = network.edges.take(edges)
    new = np.cumsum(nodes) - 1
    return Network(
        nodes=tuple(node for node, keep in zip(network.nodes, nodes, strict=True) if keep),
        edges=Edges(
            new[chosen.source], new[chosen.target], chosen.mentions, chosen.basis, chosen.relations
        ),
        unresolved=network.unresolved,
        replacements=network.replacements,
        also=network.also,
    )


def _near(network: Network, centre: int, depth: int) -> Mask:
    """Nodes within ``depth`` steps of ``centre``, whichever way the edges point."""
    near = np.zeros(len(network.nodes), dtype=np.bool_)
    near[centre] = True
    front = np.array([centre], dtype=np.int64)
    for _ in range(depth):
        met = [network.edges.target[network.out.rows(front)[0]]]
        met.append(network.edges.source[network.into.rows(front)[0]])
        front = np.unique(np.concatenate(met))
        front = front[~near[front]]
        if not len(front):
            break
        near[front] = True
    return near
