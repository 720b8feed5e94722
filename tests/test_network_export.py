"""Files of the network: read back as the same graph, safe in a spreadsheet; the picture."""

from __future__ import annotations

import csv
import io
import re
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support_network import citation, write_library
from support_samples import sample_library

from kh_nlp.errors import InputError, UsageError
from kh_nlp.library import Library
from kh_nlp.network import Network, Node, export, imported, load_network, page, to_networkx
from kh_nlp.network.graph import RELATIONS, Edges, relation_bits, relation_names
from kh_nlp.network.layout import WIDTH, lay_out

FORMATS = ("graphml", "gexf", "json", "csv")


@pytest.fixture(scope="module")
def samples() -> Network:
    with Library.open(sample_library()) as library:
        return load_network(library)


def same(network: Network, path: Path) -> None:
    export(network, path)
    before, after = to_networkx(network), imported(path)
    assert dict(after.nodes(data=True)) == dict(before.nodes(data=True))
    assert {(s, t): d for s, t, d in after.edges(data=True)} == {
        (s, t): d for s, t, d in before.edges(data=True)
    }


@pytest.mark.parametrize("ending", FORMATS)
def test_samples_come_back(samples: Network, tmp_path: Path, ending: str) -> None:
    same(samples, tmp_path / f"net.{ending}")
    first = (tmp_path / f"net.{ending}").read_bytes()
    export(samples, tmp_path / f"again.{ending}")
    assert (tmp_path / f"again.{ending}").read_bytes() == first


names = st.text(st.characters(codec="utf-8"), max_size=12) | st.sampled_from(
    ["=1+1", "'=x", "@a", "a;b", 'Đề án "06"', "<b>&amp;", "\x0b\ufffe", "dòng\nhai", "+84"]
)


@st.composite
def networks(draw: st.DrawFn) -> Network:
    size = draw(st.integers(1, 7))
    optional = st.none() | names.filter(bool)
    nodes = tuple(
        Node(
            id=f"n{at}",
            plan=draw(st.sampled_from([None, f"kh{at}"])),
            copies=draw(st.sampled_from([(), ("kha", "khb")])),
            kind=draw(optional),
            number=draw(optional),
            title=draw(optional),
            issuer=draw(optional),
            level=draw(st.sampled_from([None, "central", "commune"])),
            year=draw(st.none() | st.integers(1945, 2026)),
        )
        for at in range(size)
    )
    ends = draw(
        st.lists(st.tuples(st.integers(0, size - 1), st.integers(0, size - 1)), unique=True)
    )
    pairs = np.array([(s, t) for s, t in ends if s != t], dtype=np.int64).reshape(-1, 2)
    facts = np.array(
        [draw(st.tuples(st.integers(1, 9), st.booleans(), st.integers(0, 63))) for _ in pairs],
        dtype=np.int64,
    ).reshape(-1, 3)
    edges = Edges(pairs[:, 0], pairs[:, 1], facts[:, 0], facts[:, 1] > 0, facts[:, 2])
    return Network(nodes, edges)


@settings(max_examples=40, deadline=None)
@given(network=networks(), ending=st.sampled_from(FORMATS))
def test_any_network_comes_back(
    network: Network, ending: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    same(network, tmp_path_factory.mktemp("net") / f"net.{ending}")


def test_relations_are_bits() -> None:
    assert relation_names(relation_bits(RELATIONS)) == RELATIONS
    assert relation_names(relation_bits(["hướng dẫn", "căn cứ", "?"])) == ("căn cứ", "hướng dẫn")


def test_csv_opens_in_a_spreadsheet(tmp_path: Path) -> None:
    head = {"number": "22/KH-UBND", "issued_on": "2026-01-16", "issuer": "UBND tỉnh Lào Cai",
            "title": "=HYPERLINK(1)"}  # fmt: skip
    folder = write_library(tmp_path / "lib", [("p1", head, citation("luat:72/2025/QH15:2025"))])
    with Library.open(folder) as library:
        export(load_network(library), tmp_path / "net.csv")
    raw = (tmp_path / "net.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    header, row = csv.reader(io.StringIO(raw.decode("utf-8-sig")))
    assert header[0] == "Văn bản viện dẫn: Khóa" and header[-1] == "Quan hệ"
    assert "'=HYPERLINK(1)" in row and not any(cell.startswith("=") for cell in row)


def test_faults_are_told(samples: Network, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"\.graphml, \.gexf"):
        export(samples, tmp_path / "net.xlsx")
    with pytest.raises(InputError, match="Không ghi được"):
        export(samples, Path("/dev/null/net.json"))
    for ending in FORMATS:
        broken = tmp_path / f"broken.{ending}"
        broken.write_text("không phải mạng", "utf-8")
        with pytest.raises(InputError):
            imported(broken)
    with pytest.raises(UsageError):
        imported(tmp_path / "net.html")


# The picture


class Tags(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


def large(plans: int = 240, documents: int = 400) -> Network:
    """Plans of three levels that cite as real ones do: few documents often, most once."""
    generator = np.random.default_rng(3)
    levels = ("province", "district", "commune")
    nodes = [
        Node(id=f"plan:{at}", plan=f"kh{at}", number=f"{at}/KH-UBND", level=levels[at % 3])
        for at in range(plans)
    ] + [
        Node(id=f"d{at}", number=f"{at}/QĐ-TTg", kind="Quyết định", level="central")
        for at in range(documents)
    ]
    pairs = sorted(
        {
            (int(plan), plans + int(documents * generator.random() ** 4))
            for plan in range(plans)
            for _ in range(8)
        }
    )
    ends = np.array(pairs, dtype=np.int64)
    ones = np.ones(len(ends), dtype=np.int64)
    return Network(tuple(nodes), Edges(ends[:, 0], ends[:, 1], ones, ones > 0, ones))


def test_nothing_overlaps_and_levels_are_bands(samples: Network) -> None:
    for network in (samples, large(), large(120, 180)):
        picture = lay_out(network)
        assert len(picture.spots) <= 300
        rows: dict[float, list[tuple[float, float]]] = {}
        for spot in picture.spots:
            half = spot.width / 2 or 4.0
            assert half <= spot.x <= WIDTH - half and 0 < spot.y < picture.height
            (band,) = [b for b in picture.bands if b.top < spot.y < b.bottom]
            assert band.level == spot.node.level
            rows.setdefault(spot.y, []).append((spot.x - half, spot.x + half))
        for spans in rows.values():
            ordered = sorted(spans)
            assert all(a[1] <= b[0] for a, b in pairwise(ordered))
        assert len(rows) < 40


def test_a_large_network_is_thinned_and_says_so() -> None:
    network = large()
    picture = lay_out(network)
    assert len(picture.spots) == 300 < picture.nodes == 640
    most = max(range(640), key=lambda at: network.into.degrees()[at])
    assert network.nodes[most].id in {spot.node.id for spot in picture.spots}
    assert "Hình vẽ 300 trên 640 văn bản" in page(network)
    # Linked documents stand near each other: far less ink than in a random order.
    x = {spot.at: spot.x for spot in picture.spots}
    edges = picture.network.edges
    spans = [abs(x[int(edges.source[e])] - x[int(edges.target[e])]) for e in picture.edges]
    assert np.mean(spans) < WIDTH / 3 * 0.75


def test_page_is_one_safe_file(tmp_path: Path) -> None:
    attack = '"><script>alert(1)</script><img src=x onerror=alert(1)>'
    head = {"number": "22/KH-UBND", "issued_on": "2026-01-16", "issuer": attack, "title": attack}
    cited = citation("luat:72/2025/QH15:2025", kind="Luật", title=attack + "</style>")
    folder = write_library(tmp_path / "lib", [("p1", head, cited)])
    with Library.open(folder) as library:
        html = page(load_network(library))
    found = Tags(html)
    assert {"script", "img", "link", "iframe"}.isdisjoint(tag for tag, _ in found.tags)
    assert sum(tag == "style" for tag, _ in found.tags) == 1
    assert not any("style" in attributes for _, attributes in found.tags)
    assert not re.search(r"url\(|@import|https?://(?!www\.w3\.org/2000/svg)", html)
    assert "&lt;script&gt;" in html


def test_picture_of_the_samples(samples: Network) -> None:
    html = page(samples)
    assert "6 kế hoạch trong thư viện" in html and "76/NQ-CP" in html
    found = Tags(html)
    ids = [a["id"] for tag, a in found.tags if tag == "g" and a.get("id")]
    assert len(ids) == len(set(ids)) == len(samples.nodes)
    assert sum(tag == "path" for tag, _ in found.tags) == len(samples.edges)
    assert page(samples) == html


def test_an_empty_network_has_a_page(tmp_path: Path) -> None:
    with Library.open(write_library(tmp_path / "lib", [])) as library:
        empty = load_network(library)
    assert "0 kế hoạch trong thư viện" in page(empty)
    for ending in FORMATS:
        same(empty, tmp_path / f"net.{ending}")
