"""Where the documents of a network stand in its picture.

Levels are bands, the centre on top; in a band cited documents stand above the plans of the
library, so that almost every citation points upward. Along a band everything stands near what it is
linked with (barycentre method, Sugiyama 1981). Documents that matter carry their name in a box,
the rest are dots over the plan that cites them: combs instead of a hairball.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from kh_nlp.model import Level
from kh_nlp.network.exporting import label
from kh_nlp.network.graph import Network
from kh_nlp.network.records import Node
from kh_nlp.network.selecting import part

WIDTH = 1600.0
"""Width of the picture in user units; all lengths here are in the same unit."""
MARGIN = 118.0
NODES = 300
LABELS = 84
EDGES = 420
HIDDEN = 4000
BOX, ROW, DOT, GAP = 19.0, 27.0, 13.0, 58.0
_LONGEST = 34
# Widths of letters of 11 units in the widest of the usual sans-serif fonts.
_SMALL, _CAPITAL, _NARROW = 6.5, 8.2, 3.9
_ROUNDS = 12
_AREA = re.compile(
    r"\b(?:xã|phường|thị trấn|đặc khu|huyện|quận|thị xã|tỉnh|thành phố|TP\.?)\s+([^\W_].*)$",
    re.IGNORECASE,
)
_SHORT = re.compile(r"^(?:UBND|Ủy ban nhân dân)\s+|\b(?:tỉnh|thành phố)\s+(?=[^\W_a-z])")

BANDS: tuple[Level | None, ...] = (
    "central",
    "province",
    "province_agency",
    "district",
    "commune",
    None,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """A document in the picture; ``width`` is that of its box, 0 for a dot. ``x, y`` its middle."""

    at: int
    node: Node
    text: str | None
    width: float
    x: float = 0.0
    y: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """One level: from ``top`` to ``bottom``."""

    level: Level | None
    top: float
    bottom: float
    documents: int
    plans: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """What is drawn, by position in ``network`` (the part that is drawn).

    ``edges`` are positions of its edges, ``hidden`` those that show only when one of their ends is
    pointed at. ``nodes`` and ``links`` count what there was before thinning.
    """

    network: Network
    spots: tuple[Spot, ...]
    bands: tuple[Band, ...]
    edges: tuple[int, ...]
    hidden: tuple[int, ...]
    height: float
    nodes: int
    links: int


def lay_out(network: Network, limit: int = NODES) -> Picture:
    """The picture of a network, of its ``limit`` most linked documents when it has more."""
    drawn = thinned(network, limit)
    named = _named(drawn)
    order = _ordered(drawn)
    spots: list[Spot] = []
    bands: list[Band] = []
    top = 8.0
    for level in BANDS:
        members = [at for at, node in enumerate(drawn.nodes) if node.level == level]
        if not members:
            continue
        y = top + 14.0
        plans = [at for at in members if drawn.nodes[at].plan is not None]
        cited = [at for at in members if drawn.nodes[at].plan is None]
        for group in (cited, plans):
            for chosen, pitch in ((named, ROW), (frozenset(group) - named, DOT)):
                rows = _rows([_spot(drawn, at, named) for at in group if at in chosen], order)
                for row in rows:
                    spots += [replace(spot, y=y + pitch / 2) for spot in row]
                    y += pitch
                y += 10.0 if rows else 0.0
            y += 22.0 if group is cited and group and plans else 0.0
        bottom = y + 2.0
        bands.append(
            Band(level=level, top=top, bottom=bottom, documents=len(cited), plans=len(plans))
        )
        top = bottom + GAP
    spots.sort(key=lambda spot: spot.at)
    shown = _drawn_edges(drawn)
    return Picture(
        network=drawn,
        spots=tuple(spots),
        bands=tuple(bands),
        edges=shown,
        hidden=tuple(sorted(set(range(len(drawn.edges))) - set(shown)))[:HIDDEN],
        height=(bands[-1].bottom if bands else 40.0) + 8.0,
        nodes=len(network.nodes),
        links=len(network.edges),
    )


def thinned(network: Network, limit: int) -> Network:
    """At most ``limit`` nodes: half of them the most cited documents, half the plans that cite most
    of these; what is left goes to the best linked of the rest.
    """
    size = len(network.nodes)
    if size <= limit:
        return network
    into = np.bincount(network.edges.target, minlength=size)
    kept = np.zeros(size, dtype=np.bool_)
    kept[np.lexsort((np.arange(size), -into))[: limit // 2]] = True
    inside = kept[network.edges.target]
    links = np.bincount(network.edges.source[inside], minlength=size)
    links[kept] = 0
    for at in np.lexsort((np.arange(size), -links))[: limit - int(kept.sum())].tolist():
        kept[at] = links[at] > 0
    # Only plans that cite nothing of these are left: take documents instead.
    rest = np.flatnonzero(~kept)
    rest = rest[np.lexsort((rest, -into[rest]))][: limit - int(kept.sum())]
    kept[rest] = True
    return part(network, kept, kept[network.edges.source] & kept[network.edges.target])


def _named(network: Network) -> frozenset[int]:
    """Who carries a name: everybody where there is room, else the most cited and the plans."""
    into = network.into.degrees()
    out = network.out.degrees()
    cited = [at for at, node in enumerate(network.nodes) if node.plan is None]
    plans = [at for at, node in enumerate(network.nodes) if node.plan is not None]
    cited.sort(key=lambda at: (-into[at], at))
    plans.sort(key=lambda at: (-into[at], -out[at], at))
    room = max(LABELS // 2, LABELS - len(plans))
    chosen = [at for at in cited if len(network.nodes) <= LABELS or into[at] >= 2][:room]
    return frozenset(chosen + plans[: LABELS - len(chosen)])


def _spot(network: Network, at: int, named: frozenset[int]) -> Spot:
    node = network.nodes[at]
    if at not in named:
        return Spot(at=at, node=node, text=None, width=0.0)
    text = short_name(node)
    times = len(str(count)) * 7.5 + 5.0 if (count := int(network.into.degrees()[at])) >= 2 else 0.0
    return Spot(at=at, node=node, text=text, width=_wide(text) + times + 14.0)


def _wide(text: str) -> float:
    return sum(
        _CAPITAL if letter.isupper() else _NARROW if letter in " iltfrj/.,·-()" else _SMALL
        for letter in text
    )


def short_name(node: Node) -> str:
    """The name in a box: number and area of a plan, else the label, cut to a few words."""
    name = label(node)
    if node.plan is not None:
        area = _AREA.search(node.issuer or "")
        whole = node.level in ("province", "district", "commune") and area is not None
        where = area[1] if whole and area else _SHORT.sub("", node.issuer or "")
        number = node.number.partition("-")[0] if node.number else None
        name = " · ".join(filter(None, (number, where or node.province))) or name
    elif node.number and node.kind in ("Luật", "Bộ luật") and "sửa đổi" in name:
        name = f"Luật {node.number}"
    name = name.replace("Chương trình mục tiêu quốc gia", "CTMTQG")
    return name if len(name) <= _LONGEST else name[: _LONGEST - 1].rstrip(" ,(–-") + "…"


def _ordered(network: Network) -> NDArray[np.float64]:
    """Wished place of every node along its band, 0..1."""
    size = len(network.nodes)
    source, target = network.edges.source, network.edges.target
    into = network.into.degrees()
    start = sorted(range(size), key=lambda at: _start(network.nodes[at], at))
    place = np.zeros(size)
    place[start] = (np.arange(size) + 0.5) / max(size, 1)
    # A document of one plan stands wherever that plan stands, and must not hold it there.
    weight = np.where(into[target] >= 2, 1.0 / np.sqrt(np.maximum(into[target], 1)), 1e-6)
    cited = into > 0
    for _ in range(_ROUNDS):
        for here, there, wanted in (
            (target, source, cited),
            (source, target, ~cited | (into == 0)),
        ):
            sums = np.bincount(here, weight * place[there], minlength=size)
            total = np.bincount(here, weight, minlength=size)
            linked = wanted & (total > 0)
            place[linked] = sums[linked] / total[linked]
            _spread(place, linked)
    sums = np.bincount(target, place[source], minlength=size)
    single = into == 1
    place[single] = sums[single]
    return place


def _spread(place: NDArray[np.float64], chosen: NDArray[np.bool_]) -> None:
    """Keep the order, lose the crowding in the middle: means of means shrink."""
    indices = np.flatnonzero(chosen)
    ranks = indices[np.lexsort((indices, place[indices].round(9)))]
    even = (np.arange(len(ranks)) + 0.5) / max(len(ranks), 1)
    place[ranks] = 0.25 * place[ranks] + 0.75 * even


def _start(node: Node, at: int) -> tuple[str, str, int]:
    return (node.province or "~", node.issuer or "~", at)


def _rows(spots: Sequence[Spot], order: NDArray[np.float64]) -> list[list[Spot]]:
    """Spots in as few rows as hold them, each as near as can be to its wished place."""
    room = WIDTH - MARGIN - 16.0
    wide = [spot.width + 10.0 if spot.width else 11.0 for spot in spots]
    count = int(np.ceil(sum(wide) / (room * 0.86)))
    ranked = sorted(spots, key=lambda spot: (order[spot.at], spot.at))
    rows: list[list[Spot]] = [[] for _ in range(count)]
    used = [0.0] * count
    for spot in ranked:  # the emptiest row, so that neighbours in the order stay near in x
        row = min(range(count), key=lambda r: (used[r], r))
        rows[row].append(spot)
        used[row] += spot.width + 10.0 if spot.width else 11.0
    return [_placed(row, order, room) for row in rows if row]


def _placed(row: Sequence[Spot], order: NDArray[np.float64], room: float) -> list[Spot]:
    """No two spots of a row overlap: pushed right where they do, then back from the right edge."""
    left = MARGIN
    half = [spot.width / 2 + 5.0 if spot.width else 5.5 for spot in row]
    xs: list[float] = []
    for spot, h in zip(row, half, strict=True):
        xs.append(max(left + h, MARGIN + float(order[spot.at]) * room))
        left = xs[-1] + h
    right = MARGIN + room
    for i in range(len(xs) - 1, -1, -1):
        xs[i] = min(xs[i], right - half[i])
        right = xs[i] - half[i]
    return [replace(spot, x=x) for spot, x in zip(row, xs, strict=True)]


def _drawn_edges(network: Network) -> tuple[int, ...]:
    """All edges where they are few; else of each plan the few that say most."""
    edges = network.edges
    if len(edges) <= EDGES:
        return tuple(range(len(edges)))
    into = network.into.degrees()
    most = max(1, round(EDGES / max(1, int(np.count_nonzero(network.out.degrees())))))
    kept: list[int] = []
    for at in range(len(network.nodes)):
        row = network.out.row(at).tolist()
        row.sort(key=lambda e: (not edges.basis[e], -into[edges.target[e]], e))
        kept += row[:most]
    return tuple(sorted(kept))
