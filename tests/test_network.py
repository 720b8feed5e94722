"""Answers of small networks written out by hand."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pytest
from support_network import citation, write_library

from kh_nlp.citations import Registry
from kh_nlp.errors import UsageError
from kh_nlp.library import Library
from kh_nlp.network import (
    Network,
    chain,
    cited_by,
    cites,
    load_network,
    missing,
    orphans,
    score,
    select,
    similar,
    stale,
    top,
)

NATIONAL = "nghi-quyet:76/NQ-CP:2021-07-15"
DECREE = "nghi-dinh:30/2020/NĐ-CP:2020"
LAW = "luat:72/2025/QH15:2025"
PROVINCE = "ke-hoach:22/KH-UBND:2026-01-16:tinh-lao-cai"
COMMUNE = "ke-hoach:08/KH-UBND:2026-02-10:xa-quyet-thang-tinh-lao-cai"


def head(number: str | None, day: str | None, issuer: str, level: str, **more: Any) -> dict:
    year = int(day[:4]) if day else 2026
    return {
        "number": number, "issued_on": day, "issuer": issuer, "level": level,
        "title": f"Kế hoạch của {issuer}", "year": year, "kind": "Kế hoạch", **more,
    }  # fmt: skip


LAO_CAI = head("22/KH-UBND", "2026-01-16", "UBND tỉnh Lào Cai", "province", province="Lào Cai")
QUYET_THANG = head("08/KH-UBND", "2026-02-10", "UBND xã Quyết Thắng", "commune", province="Lào Cai")
OTHER = head("08/KH-UBND", "2026-02-10", "UBND xã Nậm Sim", "commune")
LONELY = head(None, None, "UBND xã Bản Hồ", "commune")


def network_of(tmp_path: Path, plans: list, registry: Registry | None = None) -> Network:
    with Library.open(write_library(tmp_path / "lib", plans)) as library:
        return load_network(library, registry)


@pytest.fixture
def small(tmp_path: Path) -> Network:
    """commune -> province -> national; another commune cites the national document alone."""
    basis = {"role": "basis", "relation": "căn cứ"}
    return network_of(
        tmp_path,
        [
            ("p1", LAO_CAI, citation(NATIONAL, 2, **basis) + citation(DECREE)),
            (
                "p2",
                QUYET_THANG,
                citation(PROVINCE, **basis)
                + citation(PROVINCE, relation="thực hiện")
                + citation(NATIONAL),
            ),
            ("p3", OTHER, citation(NATIONAL, 3) + citation(None, 2)),
            ("p4", LONELY, citation(None, 4)),
        ],
    )


def ids(steps: Any) -> list[str]:
    return [step.node.id for step in steps]


def test_a_cited_plan_is_the_plan_in_the_library(small: Network) -> None:
    node = small.nodes[small.find(PROVINCE)]
    assert (node.plan, node.plans, node.mentions, node.cites) == ("p1", 1, 2, 2)
    assert node.issuer == "UBND tỉnh Lào Cai" and node.level == "province"
    assert small.find("p1") == small.find(PROVINCE) == small.find("22/KH-UBND")
    # Equal numbers of two communes are two documents, and neither is the other's.
    assert small.nodes[small.find(COMMUNE)].plan == "p2"
    assert small.nodes[small.find("ke-hoach:08/KH-UBND:2026-02-10:xa-nam-sim")].plan == "p3"
    with pytest.raises(UsageError, match="nhiều văn bản"):
        small.find("08/KH-UBND")
    with pytest.raises(UsageError, match="Không có văn bản"):
        small.find("99/KH-UBND")
    assert {n.id for n in small.nodes if n.plan is None} == {NATIONAL, DECREE}
    assert len(small.edges) == 5


def test_undated_mention_meets_the_only_plan_of_that_year(tmp_path: Path) -> None:
    vague = "ke-hoach:22/KH-UBND:2026:tinh-lao-cai"
    found = network_of(tmp_path, [("p1", LAO_CAI, []), ("p2", QUYET_THANG, citation(vague))])
    assert ids(cites(found, "p2").steps) == [PROVINCE]
    second = {**LAO_CAI, "issued_on": "2026-09-01"}
    other = network_of(
        tmp_path / "two",
        [("p1", LAO_CAI, []), ("p9", second, []), ("p2", QUYET_THANG, citation(vague))],
    )
    assert ids(cites(other, "p2").steps) == [vague]


def test_copies_are_one_document(tmp_path: Path) -> None:
    found = network_of(
        tmp_path,
        [("p1", LAO_CAI, citation(NATIONAL)), ("p7", LAO_CAI, citation(DECREE))],
    )
    node = found.nodes[found.find("p7")]
    assert (node.plan, node.copies, node.cites) == ("p1", ("p7",), 2)


def test_cites_and_cited_by_with_depth(small: Network) -> None:
    near = cites(small, "p2")
    assert ids(near.steps) == [NATIONAL, PROVINCE]  # three plans cite the first, one the second
    assert near.steps[1].relations == ("căn cứ", "thực hiện")
    assert (near.steps[1].role, near.steps[1].mentions) == ("basis", 2)
    far = cites(small, "p2", depth=2)
    assert ids(far.steps) == [NATIONAL, PROVINCE, DECREE]
    assert [(s.depth, s.via) for s in far.steps] == [(1, COMMUNE), (1, COMMUNE), (2, PROVINCE)]
    up = cited_by(small, DECREE, depth=5)
    assert ids(up.steps) == [PROVINCE, COMMUNE] and up.total == 2
    assert cited_by(small, NATIONAL, limit=1).total == 3
    with pytest.raises(UsageError, match="Độ sâu"):
        cites(small, "p2", depth=0)


def test_cited_by_is_the_inverse_of_cites(small: Network) -> None:
    down = {(n.id, s.node.id) for n in small.nodes for s in cites(small, n.id).steps}
    up = {(s.node.id, n.id) for n in small.nodes for s in cited_by(small, n.id).steps}
    assert down == up and len(down) == 5


def test_chain_goes_over_most_levels(small: Network) -> None:
    place = chain(small, "p2")
    assert place.national
    assert [ids(way.steps) for way in place.chains] == [[PROVINCE, NATIONAL], [PROVINCE, DECREE]]
    below = chain(small, NATIONAL)
    assert below.chains == () and {b.level: b.plans for b in below.below} == {
        "province": 1,
        "commune": 2,
    }


def test_chain_through_a_plan_of_the_same_commune(tmp_path: Path) -> None:
    front = head(
        "03/KH-MTTQ", "2026-03-01", "Ban Thường trực Ủy ban MTTQ xã Quyết Thắng", "commune"
    )
    local = "ke-hoach:05/KH-UBND:2025-01-01:tinh-lao-cai"
    found = network_of(
        tmp_path,
        [
            ("p5", front, citation(COMMUNE)),
            ("p2", QUYET_THANG, citation(PROVINCE) + citation(COMMUNE)),
            ("p1", LAO_CAI, citation(NATIONAL) + citation(local)),
            ("p3", OTHER, citation(local)),
        ],
    )
    (way,) = chain(found, "p5").chains
    assert ids(way.steps) == [COMMUNE, PROVINCE, NATIONAL]
    highest = chain(found, "p3")
    assert not highest.national and ids(highest.chains[0].steps) == [local]


def test_most_cited(small: Network) -> None:
    (group,) = top(small).groups
    assert [(r.node.id, r.plans, r.mentions) for r in group.documents] == [
        (NATIONAL, 3, 6),
        (PROVINCE, 1, 2),
        (DECREE, 1, 1),
    ]
    levels = {g.value: g for g in top(small, "level").groups}
    assert list(levels) == ["province", "commune"]
    assert [(r.node.id, r.plans, r.mentions) for r in levels["commune"].documents] == [
        (NATIONAL, 2, 4),
        (PROVINCE, 1, 2),
    ]
    provinces = {g.value: g.sources for g in top(small, "province").groups}
    assert provinces == {"Lào Cai": 2, None: 1}
    assert [g.value for g in top(small, "year").groups] == [2026]
    with pytest.raises(UsageError, match="year, level"):
        top(small, "colour")


def test_pagerank_by_hand(tmp_path: Path) -> None:
    """a -> b alone: with damping d, the rank of b is (1 + d) / (2 + d)."""
    pair = network_of(tmp_path, [("p1", LAO_CAI, citation(NATIONAL))])
    assert score(pair, "pagerank")[pair.find(NATIONAL)] == pytest.approx(1.85 / 2.85, abs=1e-5)
    assert score(pair, "pagerank").sum() == pytest.approx(1)


def test_hits_by_hand(tmp_path: Path) -> None:
    """p1 -> {x, y}, p2 -> {x}: eigenvector of [[2, 1], [1, 1]], x : y = golden ratio."""
    x, y = NATIONAL, DECREE
    found = network_of(
        tmp_path, [("p1", LAO_CAI, citation(x) + citation(y)), ("p2", QUYET_THANG, citation(x))]
    )
    authority = score(found, "authority")
    assert authority[found.find(x)] / authority[found.find(y)] == pytest.approx((1 + 5**0.5) / 2)
    hub = score(found, "hub")
    assert hub[found.find("p1")] / hub[found.find("p2")] == pytest.approx((1 + 5**0.5) / 2)
    import networkx

    from kh_nlp.network.ranking import _graph

    hubs, authorities = networkx.hits(_graph(found))
    assert [authorities[at] for at in range(4)] == pytest.approx(authority.tolist(), abs=1e-6)
    assert [hubs[at] for at in range(4)] == pytest.approx(hub.tolist(), abs=1e-6)


def test_coupling_and_cocitation_by_hand(tmp_path: Path) -> None:
    x, y, z = NATIONAL, DECREE, LAW
    found = network_of(
        tmp_path,
        [
            ("p1", LAO_CAI, citation(x) + citation(y)),
            ("p2", QUYET_THANG, citation(x) + citation(y, 3) + citation(z)),
            ("p3", OTHER, citation(x)),
        ],
    )
    # N = 3 plans; x has 3, y 2, z 1: weights ln(1 + 3/n).
    wx, wy, wz = math.log(2) ** 2, math.log(2.5) ** 2, math.log(4) ** 2
    answer = similar(found, "p1")
    assert [(a.node.plan, a.shared) for a in answer.coupled] == [("p2", 2), ("p3", 1)]
    assert answer.coupled[0].score == pytest.approx(
        (wx + wy) / math.sqrt((wx + wy) * (wx + wy + wz))
    )
    assert answer.coupled[1].score == pytest.approx(wx / math.sqrt((wx + wy) * wx))
    assert [n.id for n in answer.coupled[0].through] == [y, x]  # the rarer first
    assert answer.cocited == ()
    # y and x are cited together by p1 (2 documents) and p2 (3); x also by p3 (1).
    w1, w2, w3 = (math.log(1 + 3 / n) ** 2 for n in (2, 3, 1))
    together = {a.node.id: a for a in similar(found, y).cocited}
    assert together[x].shared == 2 and together[z].shared == 1
    assert together[x].score == pytest.approx((w1 + w2) / math.sqrt((w1 + w2) * (w1 + w2 + w3)))
    assert together[z].score == pytest.approx(w2 / math.sqrt((w1 + w2) * w2))


def test_missing_and_orphans(small: Network) -> None:
    assert [(m.node.id, m.plans) for m in missing(small)] == [(NATIONAL, 3)]
    assert [m.node.id for m in missing(small, minimum=1)] == [NATIONAL, DECREE]
    assert missing(small, minimum=1, levels=("commune",)) == ()
    assert [(o.node.plan, o.unresolved) for o in orphans(small)] == [("p4", 4)]


def test_stale_without_facts_says_so(tmp_path: Path) -> None:
    answer = stale(network_of(tmp_path, [("p1", LAO_CAI, citation(NATIONAL))], Registry([])))
    assert (answer.known, answer.plans) == (0, ())
    assert answer.note is not None and "không kết luận" in answer.note


def test_stale_by_the_words_of_a_plan(tmp_path: Path) -> None:
    old = "ke-hoach:05/KH-UBND:2025-01-01:tinh-lao-cai"
    words = "Kế hoạch số 05/KH-UBND"
    text = f"Nhiệm vụ: sửa đổi hoặc thay thế {words}. Kế hoạch này thay thế {words}."
    at = text.rindex(words)
    said = {"relation": "thay thế", "text": words}
    found = network_of(
        tmp_path,
        [
            ("p1", {**LAO_CAI, "text": text}, citation(old, start=at, **said)),
            ("p2", QUYET_THANG, citation(old)),
            ("p3", {**OTHER, "issued_on": "2025-12-31"}, citation(old)),
        ],
        Registry([]),
    )
    answer = stale(found)
    assert answer.note is None and answer.known == 1
    assert [(s.plan.plan, s.after) for s in answer.plans] == [("p2", True), ("p3", False)]
    fact = answer.plans[0].replacement
    assert (fact.by, fact.on, fact.source) == (PROVINCE, "2026-01-16", "p1")
    assert fact.quote == "Kế hoạch này thay thế Kế hoạch số 05/KH-UBND"
    proposed = network_of(
        tmp_path / "proposal",
        [("p1", {**LAO_CAI, "text": text}, citation(old, start=text.index(words), **said))],
        Registry([]),
    )
    assert stale(proposed).known == 0


def test_select(small: Network) -> None:
    communes = select(small, levels=("commune",))
    assert {n.id for n in communes.nodes if n.plan} == {
        COMMUNE, PROVINCE, "ke-hoach:08/KH-UBND:2026-02-10:xa-nam-sim", "plan:p4"
    }  # fmt: skip
    assert len(communes.edges) == 3
    assert (
        select(small, provinces=("tỉnh Lào Cai",)).nodes
        == select(small, provinces=("lao cai",)).nodes
    )
    around = select(small, around=DECREE)
    assert {n.id for n in around.nodes} == {DECREE, PROVINCE}
    wider = select(small, around=DECREE, depth=2)
    assert {n.id for n in wider.nodes} == {DECREE, PROVINCE, NATIONAL, COMMUNE}
    assert len(wider.edges) == 4
    assert len(select(small, years=(2020, 2025)).nodes) == 0
    assert select(small) is small
