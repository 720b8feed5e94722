"""Coverage of documents, programmes and topics, with evidence."""

from __future__ import annotations

from pathlib import Path

import pytest
from support_library import HashEncoder, use_toys, write_toy

from kh_nlp.citations import Registry
from kh_nlp.citations.registry import Entry
from kh_nlp.errors import UsageError
from kh_nlp.library import Library, ingest
from kh_nlp.search import covers
from kh_nlp.search.naming import Meaning, Names

DA06 = "quyet-dinh:06/QĐ-TTg:2022-01-06"
OTHER06 = "quyet-dinh:06/QĐ-TTg:2025-01-02"
TITLE = (
    "Đề án phát triển ứng dụng dữ liệu về dân cư, định danh và xác thực điện tử phục vụ chuyển đổi "
    "số quốc gia giai đoạn 2022-2025, tầm nhìn đến năm 2030"
)
REGISTRY = Registry(
    [
        Entry(
            key=DA06, kind="Quyết định", number="06/QĐ-TTg", issued_on="2022-01-06",
            issuer="Thủ tướng Chính phủ", title=TITLE, aliases=("Đề án 06", "Đề án số 06"),
        )
    ]
)  # fmt: skip

BODIES = {
    "names": "1. Việc\nĐẩy mạnh Đề\nán 06 trên địa bàn xã. Câu sau.\n",
    "title": f"1. Việc\nThực hiện {TITLE.replace('2022-2025', '2022 - 2025')}; việc khác.\n",
    "cites": "1. Việc\n2. Dữ liệu\nTheo [[Quyết định số 06/QĐ-TTg ngày 06/01/2022|Quyết định|"
    f"06/QĐ-TTg|2022-01-06|{DA06}]] đã nêu.\n",
    "later": "1. Việc\nTheo [[Quyết định số 06/QĐ-TTg ngày 02/01/2025|Quyết định|06/QĐ-TTg|"
    f"2025-01-02|{OTHER06}]].\n",
    "near": "1. Việc\nĐề án 061, Đề án 06/ĐA-UBND, Đề án 06-ĐA/TU và đề án số 60; loa truyền "
    "thanh.\n",
    "none": "1. Việc\nPhát tin trên hệ thống loa truyền thanh cơ sở của xã.\n",
}


@pytest.fixture(scope="module")
def encoder() -> HashEncoder:
    return HashEncoder()


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory, encoder: HashEncoder):
    folder = tmp_path_factory.mktemp("covers")
    for name, body in BODIES.items():
        write_toy(folder / "plans", f"{name}.txt", body, title=f"Kế hoạch {name}")
    with pytest.MonkeyPatch.context() as patch:
        use_toys(patch)
        patch.setattr("kh_nlp.citations.load_registry", lambda extra=None: REGISTRY)
        with Library.open(folder / "lib", create=True) as opened:
            ingest(opened, [folder / "plans"], encoder=encoder)
            yield opened


def coverage(library: Library, query: str, encoder: HashEncoder) -> dict[str, str]:
    return {Path(p.path).stem: p.coverage for p in covers(library, query, encoder=encoder).plans}


@pytest.mark.parametrize(
    "query", ["Đề án 06", "đề án 06", "de an 06", "triển khai Đề án 06 ở xã", TITLE]
)
def test_programme_by_any_of_its_names(library, encoder, query) -> None:
    assert coverage(library, query, encoder) == {
        "cites": "cites", "names": "names", "title": "names",
        "later": "none", "near": "none", "none": "none",
    }  # fmt: skip


def test_evidence_stands_in_the_plan(library, encoder) -> None:
    answer = covers(library, "Đề án 06", encoder=encoder)
    assert answer.keys == (DA06,)
    assert len(answer.plans) == 6 and answer.plans[0].coverage == "cites"
    by_name = {Path(plan.path).stem: plan for plan in answer.plans}
    cited = by_name["cites"].evidence[0]
    assert (cited.kind, cited.number) == ("cites", "2")
    assert cited.text == "Quyết định số 06/QĐ-TTg ngày 06/01/2022"
    named = by_name["names"].evidence[0]
    assert (named.kind, named.number) == ("names", "1")
    assert named.text.endswith("án 06 trên địa bàn xã") and "Câu sau" not in named.text
    for plan in answer.plans:
        assert bool(plan.evidence) is (plan.coverage != "none")
        text = library.plan(plan.plan).text
        for piece in plan.evidence:
            assert text[piece.start : piece.end] == piece.text


def test_document_by_number_with_and_without_its_date(library, encoder) -> None:
    dated = covers(library, "Quyết định 06/QĐ-TTg ngày 02/01/2025", encoder=encoder)
    assert dated.keys == (OTHER06,)
    assert [Path(p.path).stem for p in dated.plans if p.coverage != "none"] == ["later"]
    undated = covers(library, "06/QĐ-TTg", encoder=encoder)
    assert set(undated.keys) == {DA06, OTHER06}
    assert {Path(p.path).stem for p in undated.plans if p.coverage == "cites"} == {"cites", "later"}
    unknown = covers(library, "Quyết định 999/QĐ-TTg", encoder=encoder)
    assert {p.coverage for p in unknown.plans} == {"none"}


def test_topic_in_its_own_words_and_by_meaning(library, encoder) -> None:
    found = coverage(library, "loa truyền thanh", encoder)
    assert found["none"] == "names" and found["near"] == "names"
    assert found["cites"] == "none"
    # All words in another order: treated, not named.
    assert coverage(library, "truyền thanh loa", encoder)["none"] == "treats"
    assert set(coverage(library, "bóng đá nữ", encoder).values()) == {"none"}


def test_odd_queries(library, encoder) -> None:
    with pytest.raises(UsageError):
        covers(library, "  ", encoder=encoder)
    assert {p.coverage for p in covers(library, "?!", encoder=encoder).plans} == {"none"}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("thực hiện Đề án 06 của", ["Đề án 06"]),
        ("“Đề án\n 06”,", ["Đề án\n 06"]),
        ("Đề án 06; Đề án 06.", ["Đề án 06", "Đề án 06"]),
        ("Đề án 06 - Phát triển dữ liệu", ["Đề án 06"]),
        ("Đề án 061", []),
        ("Đề án 06/2022", []),
        ("Đề án 06-ĐA/TU", []),
        ("Đề án 06 - ĐA/TU", []),
        ("đề án 06.1", []),
        ("Tiểu đề án 06a", []),
        ("ĐỀ ÁN 06", ["ĐỀ ÁN 06"]),
    ],
)
def test_names_end_where_they_end(text: str, found: list[str]) -> None:
    names = Names(Meaning(documents=True, keys=("k",), names=("Đề án 06",)))
    assert [text[start:end] for start, end in names.find(text)] == found


def test_topic_with_accents_is_compared_with_accents() -> None:
    names = Names(Meaning(documents=False, keys=(), names=("hoà giải",)))
    text = "Hòa giải ở cơ sở, hoa giải."
    assert [text[start:end] for start, end in names.find(text)] == ["Hòa giải"]
    plain = Names(Meaning(documents=False, keys=(), names=("hoa giai",)))
    assert len(plain.find(text)) == 2
