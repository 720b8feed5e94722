"""What a library lacks or should mend: missing documents, stale citations, orphan plans."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from kh_nlp.network.graph import Network
from kh_nlp.network.records import Node, Orphan, Ranked, Replacement, Stale, StaleAnswer

NO_FACTS = (
    "Chưa có dữ kiện thay thế: danh mục văn bản không ghi văn bản nào thay thế văn bản nào, và "
    "không kế hoạch nào trong thư viện tự nêu là thay thế văn bản khác. Vì vậy không kết luận được."
)


def missing(
    network: Network, *, minimum: int = 2, limit: int | None = None, levels: Sequence[str] = ()
) -> tuple[Ranked, ...]:
    """Documents that at least ``minimum`` plans cite but the library does not hold, most first."""
    plans = network.into.degrees()
    found = [
        at
        for at in np.flatnonzero(plans >= max(1, minimum)).tolist()
        if network.nodes[at].plan is None and (not levels or network.nodes[at].level in levels)
    ]
    mentions = np.bincount(
        network.edges.target, network.edges.mentions, minlength=len(network.nodes)
    )
    found.sort(key=lambda at: (-plans[at], -mentions[at], at))
    return tuple(
        Ranked(node=network.nodes[at], plans=int(plans[at]), mentions=int(mentions[at]))
        for at in found[:limit]
    )


def stale(network: Network) -> StaleAnswer:
    """Plans that cite a replaced document, those younger than the replacement first.

    Nothing is concluded from silence: only replacements that a text states count. The document
    that replaces may of course name the one it replaces.
    """
    facts: dict[int, Replacement] = {}
    for fact in network.replacements:
        if (at := network.positions.get(fact.replaced)) is not None:
            facts.setdefault(at, fact)
    found = [
        Stale(plan=plan, document=network.nodes[at], replacement=fact, after=_after(plan, fact))
        for at, fact in facts.items()
        for plan in _citing(network, at)
        if plan.id != fact.by
    ]
    order = {True: 0, None: 1, False: 2}
    found.sort(key=lambda item: (order[item.after], item.plan.id, item.document.id))
    known = len({fact.replaced for fact in network.replacements})
    return StaleAnswer(known=known, note=None if known else NO_FACTS, plans=tuple(found))


def _citing(network: Network, at: int) -> list[Node]:
    edges = network.into.row(at)
    return [network.nodes[int(source)] for source in network.edges.source[edges]]


def _after(plan: Node, fact: Replacement) -> bool | None:
    if plan.issued_on is None or fact.on is None:
        return None
    return plan.issued_on >= fact.on


def orphans(network: Network) -> tuple[Orphan, ...]:
    """Plans that cite no known document and that nobody cites, in the order of the library."""
    degrees = network.out.degrees() + network.into.degrees()
    return tuple(
        Orphan(
            node=node,
            unresolved=sum(network.unresolved.get(p, 0) for p in (node.plan, *node.copies) if p),
        )
        for node, links in zip(network.nodes, degrees.tolist(), strict=True)
        if node.plan is not None and not links
    )
