"""Hybrid search over toy plans: filters, accents, highlights, duplicates, limits of knowledge."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from support_library import HashEncoder, use_toys, write_toy

from kh_nlp.errors import LibraryError, UsageError
from kh_nlp.library import Library, ingest
from kh_nlp.model import to_dict
from kh_nlp.search import cited_by, cited_documents, search
from kh_nlp.search.filters import Filters, allowed
from kh_nlp.search.highlighting import highlights, matched_share
from kh_nlp.search.query import LONGEST, read_query
from kh_nlp.search.ranking import encoding, opened, rank
from kh_nlp.search.relevance import FOUND, relevance

QTHANG = """Căn cứ [[Nghị quyết số 76/NQ-CP|Nghị quyết|76/NQ-CP|2021-07-15|nq-76]], xã ban hành.
1. Tập huấn, bồi dưỡng
Tổ chức tập huấn nghiệp vụ cải cách hành chính cho cán bộ, công chức bộ phận một cửa.
2. Kinh phí thực hiện
Nguồn kinh phí từ ngân sách nhà nước và các nguồn hợp pháp khác.
3. Nhiệm vụ
* Đăng bài tuyên truyền trên trang Facebook của xã|Văn phòng HĐND và UBND|Hằng tháng
* Phát tin trên hệ thống loa truyền thanh|Trung tâm Dịch vụ tổng hợp|Quý I
"""
LCHAU = """1. Truyền thông
Phát huy hoà giải cơ sở; theo [[Quyết định 06/QĐ-TTg|Quyết định|06/QĐ-TTg|2022-01-06|de-an-06]].
2. Kinh phí thực hiện
Nguồn kinh phí từ ngân sách nhà nước và các nguồn hợp pháp khác.
3. Công nghệ
Nâng cấp phần mềm quản lý; thực hiện [[Nghị quyết 76/NQ-CP|Nghị quyết|76/NQ-CP|2021-07-15|nq-76]].
"""


@pytest.fixture(scope="module")
def encoder() -> HashEncoder:
    return HashEncoder()


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory, encoder: HashEncoder):
    folder = tmp_path_factory.mktemp("search")
    write_toy(folder / "plans", "a.txt", QTHANG, issuer="UBND xã Quyết Thắng")
    write_toy(
        folder / "plans", "b.txt", LCHAU, issuer="UBND tỉnh Lai Châu", level="province",
        province="Lai Châu", year="2023", number="12/KH-UBND", date="2023-01-09",
        title="Chuyển đổi số",
    )  # fmt: skip
    with pytest.MonkeyPatch.context() as patch:
        use_toys(patch)
        with Library.open(folder / "lib", create=True) as opened:
            assert len(ingest(opened, [folder / "plans"], encoder=encoder).added) == 2
            yield opened


def test_hit_has_its_source(library, encoder) -> None:
    hit = search(library, "tập huấn cho công chức", encoder=encoder).hits[0]
    plan = library.plan(hit.plan)
    assert (hit.unit, hit.number, hit.heading) == ("section", "1", "Tập huấn, bồi dưỡng")
    assert (hit.issuer, hit.year, hit.page) == ("UBND xã Quyết Thắng", 2026, 1)
    assert hit.path.endswith("a.txt") and hit.title == "Tuyên truyền cải cách hành chính"
    assert plan.text[hit.start : hit.end] == hit.text
    # "nghiệp vụ cải cách hành chính" stands between the two.
    assert [hit.text[a:b] for a, b in hit.highlights] == ["Tập huấn", "tập huấn", "công chức"]


def test_rows_of_tables_are_tasks_and_not_text_of_their_section(library, encoder) -> None:
    answer = search(library, "dang bai tren facebook", encoder=encoder)
    hit = answer.hits[0]
    assert answer.found and hit.unit == "task" and hit.number == "3"
    assert hit.text.splitlines() == [
        "Đăng bài tuyên truyền trên trang Facebook của xã",
        "Chủ trì: Văn phòng HĐND và UBND",
        "Thời gian: Hằng tháng",
    ]
    assert [hit.text[a:b] for a, b in hit.highlights][:1] == ["Đăng bài"]
    texts = [h.text for h in search(library, "facebook", kinds=["section"], encoder=encoder).hits]
    assert not any("Facebook" in text for text in texts)


def test_accents_and_tone_places(library, encoder) -> None:
    for query in ("hoà giải cơ sở", "hòa giải cơ sở", "hoa giai co so", "HÒA GIẢI CƠ SỞ"):
        hit = search(library, query, encoder=encoder).hits[0]
        assert hit.heading == "Truyền thông", query
        assert "hoà giải cơ sở" in [hit.text[a:b] for a, b in hit.highlights], query


def test_codes_are_found_whole_and_by_number(library, encoder) -> None:
    for query in ("06/QĐ-TTg", "06/qd-ttg", "Quyết định 06"):
        hit = search(library, query, encoder=encoder).hits[0]
        assert hit.heading == "Truyền thông", query
        assert any("06/QĐ-TTg" in hit.text[a:b] for a, b in hit.highlights), query


def test_abbreviations_reach_the_full_form(library, encoder) -> None:
    hit = search(library, "tập huấn CCHC", encoder=encoder).hits[0]
    assert hit.heading == "Tập huấn, bồi dưỡng"
    assert "cải cách hành chính" in [hit.text[a:b] for a, b in hit.highlights]


def test_copied_units_are_one_hit(library, encoder) -> None:
    hits = search(library, "nguồn kinh phí", encoder=encoder).hits
    money = [hit for hit in hits if hit.heading == "Kinh phí thực hiện"]
    assert len(money) == 1 and hits[0] == money[0]
    plans = {summary.plan for summary in library.plans()}
    assert {money[0].plan, *money[0].also} == plans


@pytest.mark.parametrize(
    ("filters", "issuers"),
    [
        ({"years": (2023, 2023)}, {"UBND tỉnh Lai Châu"}),
        ({"years": (None, 2025)}, {"UBND tỉnh Lai Châu"}),
        ({"years": (2026, None)}, {"UBND xã Quyết Thắng"}),
        ({"levels": ["commune"]}, {"UBND xã Quyết Thắng"}),
        ({"provinces": ["tỉnh lai chau"]}, {"UBND tỉnh Lai Châu"}),
        ({"issuers": ["quyết thắng"]}, {"UBND xã Quyết Thắng"}),
        ({"issuers": ["Quyết Thắng", "Lai Châu"]}, {"UBND xã Quyết Thắng", "UBND tỉnh Lai Châu"}),
        ({"issuers": ["%"]}, set()),
        ({"years": (2030, None)}, set()),
    ],
)
def test_filters_act_before_ranking(library, encoder, filters, issuers) -> None:
    answer = search(library, "kinh phí", encoder=encoder, limit=50, **filters)
    assert {hit.issuer for hit in answer.hits} == issuers
    assert set(answer.filters) == set(filters)
    assert answer.found is bool(issuers)


def test_agency_and_kind_filters(library, encoder) -> None:
    found = search(library, "tuyên truyền", agencies=["trung tâm dịch vụ"], encoder=encoder).hits
    assert [hit.text.splitlines()[0] for hit in found] == [
        "Phát tin trên hệ thống loa truyền thanh"
    ]
    plans = search(library, "chuyển đổi số", kinds=["plan"], encoder=encoder).hits
    assert plans[0].unit == "plan" and plans[0].title == "Chuyển đổi số"
    assert {h.unit for h in search(library, "loa", kinds=["task"], encoder=encoder).hits} == {
        "task"
    }


@pytest.mark.parametrize(
    "filters", [{"kinds": ["mục"]}, {"levels": ["xã"]}, {"years": (2026, 2023)}, {"limit": 0}]
)
def test_wrong_filters_are_usage_errors(library, encoder, filters) -> None:
    with pytest.raises(UsageError):
        search(library, "kinh phí", encoder=encoder, **filters)


def test_queries_without_an_answer(library, encoder) -> None:
    with pytest.raises(UsageError, match="trống"):
        search(library, " \n ", encoder=encoder)
    for marks in ("?!…", "-- ** //", "😀"):
        answer = search(library, marks, encoder=encoder)
        assert (answer.found, answer.hits) == (False, ())
    assert search(library, "công thức nấu phở bò", encoder=encoder).found is False
    assert search(library, "xyzzy", encoder=encoder).found is False


@pytest.mark.parametrize("query", ["kinh phí " * 5000, "kinh\0phí", "(kinh [phí*", "a" * 10000])
def test_odd_queries_are_answered(library, encoder, query) -> None:
    answer = search(library, query, encoder=encoder)
    assert answer.query == query
    assert len(read_query(query).text) <= LONGEST


def test_answer_prints_as_the_contract_says(library, encoder) -> None:
    printed = to_dict(search(library, "kinh phí", years=(2020, None), encoder=encoder))
    assert printed["filters"] == {"years": [2020, None]}
    hit = printed["hits"][0]
    assert set(hit) >= {
        *("plan", "path", "title", "issuer", "year", "unit", "number", "heading", "page", "text"),
        *("start", "end", "score", "relevance", "highlights", "also"),
    }
    assert 0.0 <= hit["relevance"] <= 1.0 and isinstance(hit["highlights"][0], list)


def test_scores_order_and_both_legs_count(library, encoder) -> None:
    query = read_query("ngân sách")
    with library.reading() as connection:
        ids = allowed(connection, Filters())
        index, encode = opened(library, connection), encoding(library, encoder)
        lexical = rank(index, query, ids, encode, dense_weight=0.0)
        dense = rank(index, query, ids, encode, dense_weight=1.0)
        both = rank(index, query, ids, encode, dense_weight=0.3)
    assert lexical.cosines is None and len(lexical.passages) == 2  # two plans say it
    assert len(dense.passages) == len(ids) and np.all(np.diff(dense.scores) <= 0)
    assert np.all(np.diff(both.scores) <= 0) and both.scores.max() <= 1.0


def test_dense_weight_follows_the_kind_of_query() -> None:
    code = read_query("76/NQ-CP").dense_weight
    words = read_query("nguồn kinh phí").dense_weight
    question = read_query("Ai chịu trách nhiệm tổ chức tập huấn cho công chức?").dense_weight
    assert code < words < question


def test_another_encoder_is_refused(library) -> None:
    with pytest.raises(LibraryError, match="test-trigrams"):
        search(library, "kinh phí", encoder=HashEncoder("other"))


def test_highlights_prefer_pairs_and_skip_function_words() -> None:
    query = read_query("tập huấn cho công chức")
    text = "Tập trung vào công chức; cho phép tập thể."
    assert [text[a:b] for a, b in highlights(text, query)] == ["công chức"]
    assert [text[a:b] for a, b in highlights("Tập thể cho", query) for text in ["Tập thể cho"]] == [
        "Tập"
    ]


def test_matched_share_weighs_by_idf() -> None:
    query = read_query("loa truyền thanh")
    idfs = {"loa": 3.0, "truyền": 1.0, "thanh": 1.0}
    assert matched_share("loa truyền thanh", query, idfs) == 1.0
    assert matched_share("Loa truyền", query, idfs) == pytest.approx(0.8)
    # A syllable alone is half a word, unless it is a word of its own.
    assert matched_share("Loa phường", query, idfs) == pytest.approx(0.3)
    zalo = read_query("trang Zalo")
    assert matched_share("nhóm Zalo", zalo, {"trang": 1.0, "zalo": 3.0}) == pytest.approx(0.75)
    assert matched_share("", query, idfs) == 0.0


def test_cited_documents(library) -> None:
    found = cited_documents(library)
    assert [(d.key, d.plans, d.mentions) for d in found] == [("nq-76", 2, 2), ("de-an-06", 1, 1)]
    assert cited_documents(library, limit=1) == found[:1]
    shown = cited_by(library, "nq-76")
    assert (shown.number, shown.issued_on, shown.kind) == ("76/NQ-CP", "2021-07-15", "Nghị quyết")
    assert [(m.section, m.text) for m in shown.cited_by] == [
        (None, "Nghị quyết số 76/NQ-CP"),
        ("3", "Nghị quyết 76/NQ-CP"),
    ]
    for mention in shown.cited_by:
        assert library.plan(mention.plan).text[mention.start : mention.end] == mention.text
    with pytest.raises(UsageError, match="không-có"):
        cited_by(library, "không-có")


def test_text_outside_the_outline_is_found(tmp_path: Path, monkeypatch) -> None:
    use_toys(monkeypatch)
    encoder = HashEncoder()
    words = " ".join(f"từ{n}" for n in range(700))
    write_toy(tmp_path / "p", "a.txt", f"Không có mục nào. {words}\nCuối cùng là chim sẻ.\n")
    with Library.open(tmp_path / "lib", create=True) as library:
        ingest(library, [tmp_path / "p"], encoder=encoder)
        hit = search(library, "chim sẻ", encoder=encoder).hits[0]
        assert (hit.unit, hit.unit_id, hit.number) == ("section", None, None)
        assert hit.text.endswith("Cuối cùng là chim sẻ.") and len(hit.text.split()) <= 220
        text = library.plan(hit.plan).text
        assert text[hit.start : hit.end] == hit.text
        parts = [
            row["text"]
            for row in library.connection.execute(
                "SELECT text FROM passages WHERE kind = 'section' ORDER BY start"
            )
        ]
        assert " ".join(parts).split() == text.split()


def test_relevance_is_no_raw_score() -> None:
    bundled = "multilingual-e5-small-q4:x"
    # Half of the words, a cosine that E5 gives to anything: not found.
    assert relevance(0.0, 0.80, bundled) < 0.05
    assert relevance(1.0, 0.92, bundled) > 0.95
    assert relevance(0.5, 0.80, bundled) < FOUND < relevance(0.5, 0.89, bundled)
    # The scale of another model's cosine is unknown: words alone count, or nothing is said.
    assert relevance(0.4, 0.99, "st:other") == relevance(0.4, None, None) < FOUND
    assert relevance(0.0, 0.99, "st:other") is None
    assert relevance(0.9, None, None) > FOUND


def test_a_hit_says_why_it_stands_where_it_stands(library, encoder) -> None:
    answer = search(library, "loa truyền thanh cơ sở xyzt", encoder=encoder, explain=True, limit=5)
    for hit in answer.hits:
        assert hit.why is not None
        assert hit.why.words + hit.why.meaning + hit.why.cites == pytest.approx(hit.score, abs=1e-3)
        assert "xyzt" in hit.why.missing
    assert {"loa", "truyền", "thanh"} <= set(answer.hits[0].why.standing)
    plain = search(library, "loa truyền thanh cơ sở xyzt", encoder=encoder, limit=5)
    assert [h.start for h in plain.hits] == [h.start for h in answer.hits]
    assert all(hit.why is None for hit in plain.hits)
