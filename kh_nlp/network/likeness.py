"""Documents near each other: bibliographic coupling and co-citation."""

from __future__ import annotations

import numpy as np

from kh_nlp.network.graph import Network, Side
from kh_nlp.network.records import Alike, Similar

_THROUGH = 8


def similar(network: Network, name: str, *, limit: int = 10) -> Similar:
    """What is near a plan or document.

    Coupling (Kessler 1963): plans that rest on the same documents. Co-citation (Small 1973):
    documents that the same plans cite. Both as cosine of neighbours weighted by
    ``ln(1 + N / n)``, where ``n`` of ``N`` share the neighbour: what everybody cites says little.
    Raises UsageError when no document is called ``name``, or more than one.
    """
    at = network.find(name)
    return Similar(
        start=network.nodes[at],
        coupled=_alike(network, at, network.out, network.into, limit),
        cocited=_alike(network, at, network.into, network.out, limit),
    )


def _alike(network: Network, at: int, side: Side, back: Side, limit: int) -> tuple[Alike, ...]:
    """Nodes that share neighbours on ``side`` with node ``at``; ``back`` is the other direction."""
    nodes = network.nodes
    mine = side.other[side.start[at] : side.start[at + 1]]
    if not len(mine):
        return ()
    degrees = back.degrees()
    active = np.count_nonzero(side.degrees())
    weights = np.log1p(active / np.maximum(degrees, 1)) ** 2
    # Squared lengths of all rows, from prefix sums: rows are contiguous.
    sums = np.concatenate(([0.0], np.cumsum(weights[side.other])))
    lengths = sums[side.start[1:]] - sums[side.start[:-1]]
    edges, owners = back.rows(mine)
    ends = network.edges.source if side is network.out else network.edges.target
    others = ends[edges]
    dots = np.bincount(others, weights[owners], minlength=len(nodes))
    shared = np.bincount(others, minlength=len(nodes))
    dots[at] = 0
    near = np.flatnonzero(dots)
    scores = dots[near] / np.sqrt(lengths[near] * lengths[at])
    order = np.lexsort((near, -shared[near], -scores.round(12)))[:limit]
    found = []
    for i in order.tolist():
        other = int(near[i])
        theirs = side.other[side.start[other] : side.start[other + 1]]
        common = np.intersect1d(mine, theirs)
        rarest = common[np.lexsort((common, degrees[common]))][:_THROUGH]
        found.append(
            Alike(
                node=nodes[other],
                score=min(1.0, float(scores[i])),
                shared=int(shared[other]),
                through=tuple(nodes[int(n)] for n in rarest),
            )
        )
    return tuple(found)
