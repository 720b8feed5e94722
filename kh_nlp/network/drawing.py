"""The picture of a network as a page of its own: one file, no script, nothing loaded."""

from __future__ import annotations

from html import escape
from urllib.parse import quote

from kh_nlp.model import Level
from kh_nlp.network.exporting import label
from kh_nlp.network.graph import Network
from kh_nlp.network.layout import BOX, WIDTH, Band, Picture, Spot, lay_out
from kh_nlp.network.records import Node

_LEVELS: dict[Level | None, str] = {
    "central": "Trung ương",
    "province": "Cấp tỉnh",
    "province_agency": "Cơ quan tỉnh",
    "district": "Cấp huyện",
    "commune": "Cấp xã",
    None: "Chưa rõ cấp",
}
# Colours that people with any colour vision tell apart (Okabe, Ito 2008), darkened for text.
_KINDS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("party", "Văn bản của Đảng", ()),
    ("law", "Luật, pháp lệnh", ("Luật", "Bộ luật", "Pháp lệnh", "Hiến pháp")),
    ("decree", "Nghị định, thông tư", ("Nghị định", "Thông tư", "Thông tư liên tịch")),
    ("resolution", "Nghị quyết", ("Nghị quyết",)),
    ("decision", "Quyết định", ("Quyết định",)),
    ("plan", "Kế hoạch, chương trình", ("Kế hoạch", "Chương trình", "Đề án", "Phương án")),
    ("other", "Loại khác", ()),
)
_STYLE = """
:root{--paper:#fff;--ink:#1d2529;--soft:#55626a;--line:#dcd9d0;--band:#f6f5f1;--edge:#8b979d;
--party:#c23b22;--law:#8a4f9e;--decree:#0066a1;--resolution:#c77700;--decision:#00805f;
--plan:#35454d;--other:#76736a}
@media (prefers-color-scheme:dark){:root{--paper:#14191c;--ink:#e8ecee;--soft:#a5b1b8;
--line:#38434a;--band:#1b2226;--edge:#6d7a82;--party:#ff8a73;--law:#d3a4e4;--decree:#6cb8ec;
--resolution:#f0b04d;--decision:#53c9a4;--plan:#c3d0d6;--other:#aaa79d}}
body{margin:1.2rem auto;max-width:1640px;padding:0 1rem;background:var(--paper);color:var(--ink);
font:15px/1.5 system-ui,"Segoe UI",Roboto,"Noto Sans","Liberation Sans",Arial,sans-serif}
a{color:inherit}h1{font-size:1.5rem;margin:.2em 0}h2{font-size:1.1rem;margin:1.6em 0 .4em}
p{margin:.35em 0}
.legend{display:flex;flex-wrap:wrap;gap:.2rem 1.3rem;margin:.6rem 0;padding:0;
list-style:none;font-size:.92rem}.legend svg{vertical-align:-.15em;margin-right:.35em}
.scroll{overflow-x:auto}.net{display:block;width:100%;min-width:1100px;height:auto}
.band{fill:var(--band)}.level{font-size:13px;font-weight:700;fill:var(--ink)}
.count{font-size:11px;fill:var(--soft)}
.e{fill:none;stroke:var(--edge);stroke-width:.7;opacity:.42}.e.b{stroke-width:1.1}
.e.h{opacity:.5}.e.x{opacity:0}.dense .e{opacity:.3}.dense .e.x{opacity:0}
.box{fill:var(--paper);stroke-width:1.1}.own .box{stroke-width:0;fill:var(--plan)}
.name{font-size:11px;fill:var(--ink)}.own .name{fill:var(--paper)}
.times{font-size:10px;font-weight:700}
.n{cursor:default}.dot{stroke-width:1.3;fill:var(--paper)}.own .dot{fill:currentcolor}
.n{color:var(--other)}.party{color:var(--party)}.law{color:var(--law)}.decree{color:var(--decree)}
.resolution{color:var(--resolution)}.decision{color:var(--decision)}.plan{color:var(--plan)}
.n .dot,.n .box{stroke:currentcolor}.n .times{fill:currentcolor}
.e.party{stroke:var(--party)}.e.law{stroke:var(--law)}.e.decree{stroke:var(--decree)}
.e.resolution{stroke:var(--resolution)}.e.decision{stroke:var(--decision)}.e.plan{stroke:var(--plan)}
.n:hover .box,.n:hover .dot{stroke-width:2.6}
table{border-collapse:collapse;width:100%;font-size:.92rem}
th,td{border:1px solid var(--line);padding:.3rem .55rem;text-align:left;vertical-align:top}
th{background:var(--band)}td.no{text-align:right;white-space:nowrap}
summary{cursor:pointer;font-weight:700;margin:1.4em 0 .5em}
"""


def page(network: Network, title: str = "Mạng viện dẫn", home: str | None = None) -> str:
    """A standalone HTML page (light and dark): picture, legend, most cited documents, all of them.

    Pointing at a document lights up its citations; its title tells the rest. ``home`` is the
    address of the site that shows the page: then the boxes lead to the documents' pages.
    """
    picture = lay_out(network)
    plans = sum(node.plan is not None for node in network.nodes)
    rules = "".join(
        f"svg:has(#n{spot.at}:hover) .e:not(.a{spot.at}){{opacity:.05}}"
        f"svg:has(#n{spot.at}:hover) .a{spot.at}{{opacity:1;stroke-width:1.8}}"
        for spot in picture.spots
    )
    counts = (
        f"{_number(plans)} kế hoạch trong thư viện, {_number(len(network.nodes) - plans)} văn bản "
        f"khác, {_number(len(network.edges))} quan hệ viện dẫn."
    )
    back = f'<p><a href="{escape(home)}">Kho kế hoạch</a></p>\n' if home else ""
    figure = svg(picture, linked=home is not None)
    return (
        f'<!doctype html>\n<html lang="vi">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<meta name="color-scheme" content="light dark">\n<title>{escape(title)}</title>\n'
        f"<style>{_STYLE}{rules}</style>\n</head>\n<body>\n{back}<h1>{escape(title)}</h1>\n"
        f"<p>{counts}{_left_out(picture)}</p>\n{_legend()}\n"
        f'<div class="scroll">{figure}</div>\n{_tables(picture)}</body>\n</html>\n'
    )


def svg(picture: Picture, *, linked: bool = False) -> str:
    """The picture as an ``svg`` element; its colours come from the page's style."""
    spots = {spot.at: spot for spot in picture.spots}
    parts = [
        f'<svg class="{"net dense" if picture.hidden else "net"}" '
        f'xmlns="http://www.w3.org/2000/svg" role="img" '
        'aria-label="Mạng viện dẫn, cấp trên ở trên" '
        f'viewBox="0 0 {WIDTH:.0f} {picture.height:.0f}">'
    ]
    parts += [_band(band) for band in picture.bands]
    into = picture.network.into.degrees()
    # The edges of few come first and lie below those of many.
    edges = picture.network.edges
    for at in sorted(picture.edges, key=lambda e: (into[edges.target[e]], e)):
        parts.append(_edge(picture, at, spots))
    parts += [_edge(picture, at, spots, hidden=True) for at in picture.hidden]
    parts += [_spot(spot, int(into[spot.at]), linked) for spot in picture.spots]
    return "\n".join([*parts, "</svg>"])


def kind_class(node: Node) -> str:
    """The group of kinds that a document is coloured by."""
    number = node.number or ""
    if number.endswith(("/TW", "/TU", "/ĐU", "/HU")) or "-NQ/" in number or "/TWĐTN" in number:
        return "party"
    for name, _, kinds in _KINDS:
        if node.kind in kinds:
            return name
    return "other" if node.plan is None else "plan"


def _band(band: Band) -> str:
    height = band.bottom - band.top
    counts = " · ".join(
        f"{_number(count)} {what}"
        for count, what in ((band.documents, "văn bản"), (band.plans, "kế hoạch"))
        if count
    )
    lines = "".join(
        f'<text class="count" x="14" y="{band.top + 38 + 15 * i:.1f}">{part}</text>'
        for i, part in enumerate(counts.split(" · "))
    )
    return (
        f'<rect class="band" x="4" y="{band.top:.1f}" width="{WIDTH - 8:.0f}" '
        f'height="{height:.1f}" rx="8"/>'
        f'<text class="level" x="14" y="{band.top + 21:.1f}">{_LEVELS[band.level]}</text>{lines}'
    )


def _edge(picture: Picture, at: int, spots: dict[int, Spot], hidden: bool = False) -> str:
    edges = picture.network.edges
    source, target = spots[int(edges.source[at])], spots[int(edges.target[at])]
    up = source.y > target.y
    y1 = source.y - _half(source) * (1 if up else -1)
    y2 = target.y + _half(target) * (1 if up else -1)
    if abs(y1 - y2) < 24.0:  # neighbours in one row: over the heads of those between
        bow = min(y1, y2) - 14.0 - 0.04 * abs(source.x - target.x)
        curve = f"{source.x:.1f} {bow:.1f} {target.x:.1f} {bow:.1f}"
    else:
        # Both ends run straight up for a while: lines to one document join into one stem.
        reach = 0.55 * (y1 - y2)
        curve = f"{source.x:.1f} {y1 - reach:.1f} {target.x:.1f} {y2 + reach:.1f}"
    node = picture.network.nodes[target.at]
    names = ["e", f"a{source.at}", f"a{target.at}"]
    if hidden:
        names.append("x")
    if edges.basis[at]:
        names.append("b")
    if picture.network.into.degrees()[target.at] >= 2:
        names += ["h", kind_class(node)]
    return (
        f'<path class="{" ".join(names)}" d="M{source.x:.1f} {y1:.1f}C{curve} '
        f'{target.x:.1f} {y2:.1f}"/>'
    )


def _half(spot: Spot) -> float:
    return BOX / 2 if spot.width else 4.0


def _spot(spot: Spot, times: int, linked: bool) -> str:
    node = spot.node
    own = " own" if node.plan is not None else ""
    group = f'<g class="n {kind_class(node)}{own}" id="n{spot.at}">'
    head = f"{group}<title>{escape(tip(node))}</title>"
    tail = "</g>"
    if linked and (node.plan or node.plans):
        page_of = f"documents?key={quote(node.id)}" if node.plans else f"plans/{node.plan}"
        head, tail = f'{head}<a href="/{escape(page_of)}">', "</a></g>"
    if spot.text is None:
        dot = f'<circle class="dot" cx="{spot.x:.1f}" cy="{spot.y:.1f}" r="3.6"/>'
        return f"{head}{dot}{tail}"
    left = spot.x - spot.width / 2
    shown = f'<tspan class="times" dx="5">{times}</tspan>' if times >= 2 else ""
    return (
        f'{head}<rect class="box" x="{left:.1f}" y="{spot.y - BOX / 2:.1f}" '
        f'width="{spot.width:.1f}" height="{BOX:.0f}" rx="5"/>'
        f'<text class="name" x="{spot.x:.1f}" y="{spot.y + 3.8:.1f}" text-anchor="middle">'
        f"{escape(spot.text)}{shown}</text>{tail}"
    )


def tip(node: Node) -> str:
    """What pointing at a document tells of it."""
    day = "/".join(reversed(node.issued_on.split("-"))) if node.issued_on else None
    about = [
        " ".join(filter(None, (node.kind, node.number or label(node)))),
        day and f"ngày {day}",
        node.issuer and f"của {node.issuer}",
    ]
    lines = [" ".join(filter(None, about)), node.title if node.number else None]
    if node.plans:
        lines.append(f"{node.plans} kế hoạch viện dẫn, {node.mentions} lần")
    lines.append("có trong thư viện" if node.plan else "chưa có trong thư viện")
    return "\n".join(filter(None, lines))


def _legend() -> str:
    items = [
        f'<li><svg width="12" height="12" aria-hidden="true"><g class="n {name} own">'
        f'<circle class="dot" cx="6" cy="6" r="4.6"/></g></svg>{text}</li>'
        for name, text, _ in _KINDS
    ]
    mark = '<svg width="26" height="14" aria-hidden="true">'
    items.append(
        f'<li>{mark}<g class="n plan own"><rect class="box" x="1" y="1" width="24" height="12" '
        f'rx="4"/></g></svg>kế hoạch trong thư viện</li>'
        f'<li>{mark}<g class="n decision"><rect class="box" x="1" y="1" width="24" height="12" '
        f'rx="4"/></g></svg>văn bản chưa có trong thư viện; số đứng sau tên là số kế hoạch viện dẫn'
        f"</li>"
    )
    return f'<ul class="legend">{"".join(items)}</ul>'


def _left_out(picture: Picture) -> str:
    drawn, links = len(picture.spots), len(picture.edges)
    if drawn == picture.nodes and links == picture.links:
        return ""
    more = " Trỏ vào một văn bản để thấy mọi quan hệ của nó." if picture.hidden else ""
    return (
        f" Hình vẽ {_number(drawn)} trên {_number(picture.nodes)} văn bản và {_number(links)} trên "
        f"{_number(picture.links)} quan hệ: những văn bản được viện dẫn nhiều nhất và những kế "
        f"hoạch viện dẫn chúng.{more}"
    )


def _tables(picture: Picture) -> str:
    into = picture.network.into.degrees()
    spots = sorted(picture.spots, key=lambda spot: (-int(into[spot.at]), spot.at))
    head = (
        '<tr><th scope="col">Văn bản</th><th scope="col">Tên</th><th scope="col">Cơ quan</th>'
        '<th scope="col">Cấp</th><th scope="col">Kế hoạch viện dẫn</th></tr>'
    )

    def row(spot: Spot) -> str:
        node = spot.node
        name = " ".join(filter(None, (node.kind, node.number))) or label(node)
        cells = (name, node.title or "", node.issuer or "", _LEVELS[node.level])
        return (
            "<tr>"
            + "".join(f"<td>{escape(cell)}</td>" for cell in cells)
            + f'<td class="no">{int(into[spot.at])}</td></tr>'
        )

    rows = [row(spot) for spot in spots]
    return (
        f"<h2>Được viện dẫn nhiều nhất</h2>\n<table>{head}{''.join(rows[:15])}</table>\n"
        f"<details><summary>Tất cả {_number(len(rows))} văn bản trong hình</summary>"
        f"<table>{head}{''.join(rows)}</table></details>\n"
    )


def _number(count: int) -> str:
    return f"{count:,}".replace(",", ".")
