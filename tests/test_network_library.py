"""The network of a library: how it follows it, its căn cứ lines, the samples."""

# ruff: noqa: F401, F811 - fixtures of the module beside it are imported by their names

from __future__ import annotations

from pathlib import Path

from support_network import citation, write_library
from support_samples import sample_library
from test_network import (
    DECREE,
    LAO_CAI,
    LAW,
    NATIONAL,
    OTHER,
    PROVINCE,
    QUYET_THANG,
    network_of,
    small,
)

from kh_nlp.citations import Change, Entry, Evidence, Registry
from kh_nlp.library import Library
from kh_nlp.model import to_dict
from kh_nlp.network import (
    Network,
    Replacement,
    basis_line,
    chain,
    identities,
    load_network,
    missing,
    orphans,
    stale,
    top,
)


def test_the_network_follows_the_library(tmp_path: Path) -> None:
    folder = write_library(tmp_path / "lib", [("p1", LAO_CAI, citation(NATIONAL))])
    with Library.open(folder) as library:
        first = load_network(library)
        assert load_network(library) is first
        write_library(folder, [("p2", QUYET_THANG, citation(NATIONAL))])
        later = load_network(library)
        assert later.nodes[later.find(NATIONAL)].plans == 2


def test_identities_of_a_few_documents_are_those_of_the_network(tmp_path: Path) -> None:
    """Asked in a library that has not made its network: replaced by the words of a plan, by what is
    known beside the registry, and a mention with less of the date than the plan's own key."""
    undated = PROVINCE.replace("2026-01-16", "2026")
    old = "quyet-dinh:15/QĐ-UBND:2024-02-01:tinh-lao-cai"
    ended = "nghi-dinh:61/2018/NĐ-CP:2018"
    words = "Kế hoạch này thay thế Quyết định số 15/QĐ-UBND"
    said = citation(old, text="Quyết định số 15/QĐ-UBND", relation="thay thế", start=22, end=46)
    dated = {"number": "61/2018/NĐ-CP", "issued_on": "2018-04-23", "kind": "Nghị định"}
    folder = write_library(
        tmp_path / "lib",
        [
            ("p1", LAO_CAI, citation(NATIONAL)),
            ("p2", {**QUYET_THANG, "text": words}, said),
            ("p3", OTHER, citation(undated) + citation(old) + citation(ended, **dated)),
        ],
    )
    keys = {NATIONAL, undated, old, ended}
    with Library.open(folder) as library:
        few = identities(library, keys)
        whole = load_network(library)
        assert identities(library, keys).replacements == whole.replacements

    def of(facts: tuple[Replacement, ...]) -> set[Replacement]:
        return {fact for fact in facts if fact.replaced in keys}

    assert {k: few.also.get(k) for k in keys} == {k: whole.also.get(k) for k in keys}
    assert few.also[undated] == PROVINCE
    assert of(few.replacements) == of(whole.replacements)
    assert {fact.replaced for fact in of(few.replacements)} == {old, ended}


def test_an_empty_library(tmp_path: Path) -> None:
    empty = network_of(tmp_path, [])
    assert top(empty).groups[0].documents == () and missing(empty) == () and orphans(empty) == ()
    for measure in ("pagerank", "authority", "hub"):
        assert top(empty, measure).groups[0].documents == ()


def test_records_print_as_json(small: Network) -> None:
    printed = to_dict(chain(small, "p2"))
    assert printed["chains"][0]["steps"][0]["node"]["id"] == PROVINCE
    assert printed["chains"][0]["steps"][0]["relations"] == ["căn cứ", "thực hiện"]


# Lines of căn cứ


def test_basis_line_takes_the_words_of_the_texts(tmp_path: Path) -> None:
    words = "Quyết định số 15/QĐ-TTg ngày 03/02/2024"
    key = "quyet-dinh:15/QĐ-TTg:2024-02-03"
    text = f"Theo {words} của Thủ tướng Chính phủ phê duyệt Đề án đào tạo nghề, giao các sở."
    facts = {
        "kind": "Quyết định", "issuer": "Thủ tướng Chính phủ", "title": "Đề án đào tạo nghề",
        "text": words, "start": text.index(words),
    }  # fmt: skip
    folder = write_library(
        tmp_path / "lib",
        [
            ("p1", {**LAO_CAI, "text": text}, citation(key, **facts)),
            ("p2", QUYET_THANG, citation(LAW, kind="Luật", title="Luật Tổ chức")),
        ],
    )
    with Library.open(folder) as library:
        line = basis_line(library, key)
        assert line.text == (
            "Căn cứ Quyết định số 15/QĐ-TTg ngày 03 tháng 02 năm 2024 của Thủ tướng Chính phủ "
            "phê duyệt Đề án đào tạo nghề;"
        )
        assert line.missing == ()
        assert basis_line(library, "p1").text == (
            "Căn cứ Kế hoạch số 22/KH-UBND ngày 16 tháng 01 năm 2026 của UBND tỉnh Lào Cai về "
            "Kế hoạch của UBND tỉnh Lào Cai;"
        )


def test_basis_line_names_what_is_unknown(tmp_path: Path) -> None:
    key = "chi-thi:99/CT-TTg:2019"
    folder = write_library(tmp_path / "lib", [("p1", LAO_CAI, citation(key, kind="Chỉ thị"))])
    with Library.open(folder) as library:
        line = basis_line(library, key)
    assert line.text == "Căn cứ Chỉ thị số 99/CT-TTg;"
    assert line.missing == ("ngày ban hành", "cơ quan ban hành", "tên văn bản")


# The sample plans


def test_samples() -> None:
    with Library.open(sample_library()) as library:
        found = load_network(library)
        national = found.nodes[found.find(NATIONAL)]
        assert (national.plans, national.level, national.kind) == (4, "central", "Nghị quyết")
        assert sum(node.plan is not None for node in found.nodes) == 6
        assert missing(found, limit=1)[0].node.id == NATIONAL
        assert basis_line(library, NATIONAL).text == (
            "Căn cứ Nghị quyết số 76/NQ-CP ngày 15 tháng 7 năm 2021 của Chính phủ ban hành "
            "Chương trình tổng thể cải cách hành chính nhà nước giai đoạn 2021-2030;"
        )
        assert basis_line(library, "76/NQ-CP") == basis_line(library, NATIONAL)
        from kh_nlp.search import cited_documents

        counts = {d.key: (d.plans, d.mentions) for d in cited_documents(library)}
        for node in found.nodes:
            if node.plan is None:
                assert counts[node.id] == (node.plans, node.mentions)


def test_stale_by_the_registry(tmp_path: Path) -> None:
    """The registry states that 30/2020/NĐ-CP replaces 110/2004/NĐ-CP from 05/03/2020."""
    text = "Nghị định số 110/2004/NĐ-CP hết hiệu lực kể từ ngày Nghị định này có hiệu lực"
    change = Change("110/2004/NĐ-CP", "2020-03-05", Evidence("toy.txt", text))
    again = Change("06/QĐ-TTg", None, Evidence("toy.txt", "thay thế Quyết định số 06/QĐ-TTg"))
    facts = {"kind": "Nghị định", "issuer": "Chính phủ", "title": "công tác văn thư"}
    registry = Registry(
        [
            Entry(
                key=DECREE,
                number="30/2020/NĐ-CP",
                issued_on="2020-03-05",
                replaces=(change, again),
                **facts,
            )
        ]
    )
    old, older, newer = (
        "nghi-dinh:110/2004/NĐ-CP:2004",
        "quyet-dinh:06/QĐ-TTg:2012-01-06",
        "quyet-dinh:06/QĐ-TTg:2022-01-06",
    )
    folder = write_library(
        tmp_path / "lib",
        [
            ("p1", LAO_CAI, citation(old) + citation(newer)),
            ("p2", {**QUYET_THANG, "issued_on": "2019-02-10"}, citation(old) + citation(older)),
            ("p3", {**OTHER, "issued_on": None}, citation(old)),
        ],
    )
    with Library.open(folder) as library:
        answer = stale(load_network(library, registry))
    assert answer.known == 2 and answer.note is None
    assert [(s.plan.plan, s.document.id, s.after) for s in answer.plans] == [
        ("p1", old, True),
        ("p2", older, None),  # no day is stated; the younger 06/QĐ-TTg cannot be meant
        ("p3", old, None),
        ("p2", old, False),
    ]
    assert answer.plans[0].replacement.by == DECREE
    assert answer.plans[0].replacement.quote == text
