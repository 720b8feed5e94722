"""The most cited documents: by year, level and province of the plans, by PageRank and HITS."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from kh_nlp.errors import UsageError
from kh_nlp.network.graph import Network
from kh_nlp.network.identity import RANK
from kh_nlp.network.records import Group, Ranked, Ranking

GROUPS = ("year", "level", "province")
MEASURES = ("plans", "pagerank", "authority", "hub")

Scores = NDArray[np.float64]
_scores: WeakKeyDictionary[Network, dict[str, Scores]] = WeakKeyDictionary()
_guard = threading.Lock()


def top(network: Network, by: str = "plans", *, limit: int = 10) -> Ranking:
    """Documents most cited, ``limit`` for each group.

    ``by``: ``year``, ``level`` or ``province`` (of the citing plan) gives a group for each value;
    ``plans`` (citing plans), ``pagerank``, ``authority`` and ``hub`` (HITS) give a single one.
    Raises UsageError for any other.
    """
    if by in GROUPS:
        return Ranking(by=by, groups=_groups(network, by, limit))
    if by not in MEASURES:
        known = ", ".join((*GROUPS, *MEASURES))
        raise UsageError(f"Không xếp được theo “{by}”; hãy dùng: {known}.")
    scores = network.into.degrees().astype(float) if by == "plans" else score(network, by)
    order = np.lexsort((np.arange(len(scores)), -network.into.degrees(), -scores))[:limit]
    ranked = tuple(
        Ranked(
            node=network.nodes[at],
            plans=network.nodes[at].plans,
            mentions=network.nodes[at].mentions,
            score=None if by == "plans" else float(scores[at]),
        )
        for at in order.tolist()
        if scores[at] > 0
    )
    sources = int(np.count_nonzero(network.out.degrees()))
    return Ranking(by=by, groups=(Group(value=None, sources=sources, documents=ranked),))


def score(network: Network, measure: str) -> Scores:
    """``pagerank``, ``authority`` or ``hub`` of every node; computed once for each network."""
    with _guard:
        known = _scores.setdefault(network, {})
        if measure not in known:
            known.update(_pagerank(network) if measure == "pagerank" else _hits(network))
        return known[measure]


def _pagerank(network: Network) -> dict[str, Scores]:
    """PageRank (Page, Brin 1998; damping 0.85); a citation counts once, however often printed."""
    import networkx

    if not network.nodes:
        return {"pagerank": np.zeros(0)}
    ranks = networkx.pagerank(_graph(network), weight=None)
    return {"pagerank": np.array([ranks[at] for at in range(len(network.nodes))])}


def _hits(network: Network) -> dict[str, Scores]:
    """HITS (Kleinberg 1999): good hubs cite good authorities. A fixed start gives fixed scores."""
    size = len(network.nodes)
    if not len(network.edges):
        return {"hub": np.zeros(size), "authority": np.zeros(size)}
    from scipy.sparse import csr_array

    # networkx finds the same by a singular value decomposition, which takes seconds here.
    shape = (size, size)
    matrix = csr_array(
        (np.ones(len(network.edges)), (network.edges.source, network.edges.target)), shape
    )
    turned = matrix.T.tocsr()
    hub: Scores = np.ones(size) / size
    for _ in range(1000):
        authority: Scores = turned @ hub
        fresh: Scores = matrix @ authority
        fresh /= fresh.sum()
        done = float(np.abs(fresh - hub).sum()) < 1e-10
        hub = fresh
        if done:
            break
    authority = turned @ hub
    return {"hub": hub, "authority": authority / authority.sum()}


def _graph(network: Network) -> Any:
    import networkx

    graph = networkx.DiGraph()
    graph.add_nodes_from(range(len(network.nodes)))
    graph.add_edges_from(
        zip(network.edges.source.tolist(), network.edges.target.tolist(), strict=True)
    )
    return graph


def _groups(network: Network, by: str, limit: int) -> tuple[Group, ...]:
    values = [getattr(node, by) if node.plan else None for node in network.nodes]
    known = sorted({v for v in values if v is not None}, key=_order(by))
    codes: Mapping[Any, int] = {value: code for code, value in enumerate((*known, None))}
    group = np.array([codes[value] for value in values], dtype=np.int64)
    sources = np.bincount(group[network.out.degrees() > 0], minlength=len(codes))
    found = []
    for value, code in codes.items():
        chosen = group[network.edges.source] == code
        if chosen.any():
            documents = _most_cited(network, chosen, limit)
            found.append(Group(value=value, sources=int(sources[code]), documents=documents))
    return tuple(found)


def _order(by: str) -> Callable[[Any], Any]:
    """Years latest first, levels from the centre down, provinces by name."""
    if by == "year":
        return lambda year: -year
    return (lambda level: -RANK[level]) if by == "level" else str


def _most_cited(network: Network, chosen: NDArray[np.bool_], limit: int) -> tuple[Ranked, ...]:
    targets = network.edges.target[chosen]
    size = len(network.nodes)
    plans = np.bincount(targets, minlength=size)
    mentions = np.bincount(targets, network.edges.mentions[chosen], minlength=size)
    order: Sequence[int] = np.lexsort((np.arange(size), -mentions, -plans))[:limit].tolist()
    return tuple(
        Ranked(node=network.nodes[at], plans=int(plans[at]), mentions=int(mentions[at]))
        for at in order
        if plans[at]
    )
