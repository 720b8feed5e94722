"""Officials' ways of asking: noted documents, exclusions, levels beside years, slips, questions."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from support_samples import sample_library

from kh_nlp.library import Library
from kh_nlp.library.lexical import terms
from kh_nlp.search import SearchAnswer, covers, search
from kh_nlp.search.question_words import asking
from kh_nlp.search.understanding.notation import cut_short, without_year, written_out


@pytest.fixture(scope="module")
def library() -> Iterator[Library]:
    with Library.open(sample_library()) as opened:
        yield opened


def plans(answer: SearchAnswer) -> set[str]:
    return {Path(hit.path).stem[:2] for hit in answer.hits}


def applied(answer: SearchAnswer) -> list[tuple[str, str]]:
    return [(u.kind, u.value) for u in answer.understood if u.applied]


@pytest.mark.parametrize(
    ("noted", "full"),
    [
        ("NQ57", "nghi quyet 57"),
        ("nq 57 về chuyển đổi số", "nghị quyết 57 về chuyển đổi số"),
        ("NĐ 61/2018", "nghi dinh 61/2018"),
        ("qd 06/qd-ttg", "quyet dinh 06/qd-ttg"),
        ("TT số 56/2023/TT-BTC", "thông tư số 56/2023/TT-BTC"),
        # The letters inside a number, a word, and a number of things are no notes.
        ("06/QĐ-TTg", "06/QĐ-TTg"),
        ("da 06 nguoi", "da 06 nguoi"),
        ("TT 5", "TT 5"),
    ],
)
def test_kinds_of_documents_are_written_out(noted: str, full: str) -> None:
    assert written_out(noted) == full


def test_numbers_cut_short() -> None:
    (item,) = cut_short("theo Nghị định số 61/2018 của Chính phủ")
    assert (item.code, item.number, item.year) == ("NĐ", "61", "2018")
    (item,) = cut_short("de an 06/CP")
    assert (item.code, item.number, item.year) == ("QĐ-TTg", "6", None)
    assert not list(cut_short("Nghị định 61/2018/NĐ-CP, Nghị quyết 57-NQ/TW, kế hoạch 41 hộ"))
    assert without_year("nghị định 61/2018") == "nghị định 61"
    assert without_year("nghị định 61") is None


@pytest.mark.parametrize(
    ("query", "number"),
    [
        ("QĐ 06/QĐ-TTg", "06/QĐ-TTg"),
        ("QĐ06", "06/QĐ-TTg"),
        ("đề án 06/CP", "06/QĐ-TTg"),
        ("Nghị quyết 57", "57-NQ/TW"),
        ("NQ57", "57-NQ/TW"),
        ("nghị định 118/2025", "118/2025/NĐ-CP"),
        ("NĐ 61/2018", "61/2018/NĐ-CP"),
        ("thông tư 56", "56/2023/TT-BTC"),
    ],
)
def test_a_document_noted_down_is_found_where_it_is_cited(
    library: Library, query: str, number: str
) -> None:
    answer = search(library, query, limit=3)
    assert answer.found
    (reason,) = answer.hits[0].reasons
    assert number in reason.key
    assert covers(library, query).keys == (reason.key,)


def test_a_number_that_nobody_cites_is_not_found(library: Library) -> None:
    assert not search(library, "NĐ 999/2030").found
    assert not covers(library, "NĐ 999/2030").keys


@pytest.mark.parametrize(
    ("query", "gone"),
    [
        (
            "hội thi cải cách hành chính, trừ tỉnh Cửa Hạc",
            {"03", "05", "13", "19", "20", "27", "28"},
        ),
        ("tuyên truyền CCHC ngoài tỉnh Cửa Hạc", {"03", "05", "13", "19", "20", "27", "28"}),
        ("hội thi CCHC không phải Cửa Hạc", {"03", "05", "13", "19", "20", "27", "28"}),
        ("tuyên truyền CCHC trừ năm 2021", {"01", "07", "08", "09", "10"}),
        ("tập huấn trừ cấp tỉnh", {"01", "07", "11", "16", "19", "23", "25", "27"}),
        ("tuyen truyen cchc tru tinh cua hac", {"03", "05", "13", "19", "20", "27", "28"}),
    ],
)
def test_an_exclusion_of_a_year_place_or_level_is_of_plans(
    library: Library, query: str, gone: set[str]
) -> None:
    answer = search(library, query, limit=30)
    assert answer.found and [kind for kind, _ in applied(answer)] == ["exclude"]
    assert not plans(answer) & gone


def test_what_need_not_be_done_is_no_exclusion(library: Library) -> None:
    for query in ("người dân không phải nộp phí", "ngoài giờ hành chính", "làm việc ngoài trụ sở"):
        assert not applied(search(library, query))


@pytest.mark.parametrize(
    ("query", "filters"),
    [
        ("các xã năm 2024 dùng loa truyền thanh", [("level", "commune"), ("year", "2024")]),
        ("tuyên truyền CCHC các xã năm 2026", [("level", "commune"), ("year", "2026")]),
        ("tập huấn cho các xã năm 2024", [("year", "2024")]),
        ("xã nào có tổ công nghệ số", [("level", "commune")]),
        (
            "kế hoạch các huyện 2021 về thủ tục hành chính",
            [("level", "district"), ("year", "2021")],
        ),
        ("kế hoạch ban hành trước năm 2023", [("year", ":2022")]),
        ("hoàn thành trước năm 2025", []),
        ("khoảng 2024 của tỉnh", []),
    ],
)
def test_levels_and_years_that_say_whose_plans(
    library: Library, query: str, filters: list[tuple[str, str]]
) -> None:
    answer = search(library, query)
    assert [item for item in applied(answer) if item[0] in ("level", "year")] == filters


def test_a_body_alone_is_asked_for_its_tasks(library: Library) -> None:
    answer = search(library, "Sở Nội vụ chủ trì những việc gì")
    assert answer.found and applied(answer) == [("agency", "Sở Nội vụ")]


@pytest.mark.parametrize(
    ("query", "read"),
    [
        ("chuyển đổ số", "đổi"),
        ("thư xìn lỗi", "xin"),
        ("tão hôn", "tảo"),
        ("tổ công nghê số", "nghệ"),
    ],
)
def test_a_slip_that_makes_another_word(library: Library, query: str, read: str) -> None:
    answer = search(library, query)
    assert answer.found and ("spelling", read) in applied(answer)
    assert not search(library, query, without=("spelling",)).understood or read not in {
        u.value for u in search(library, query, without=("spelling",)).understood
    }


def test_a_slip_is_no_way_to_find_what_is_not_there(library: Library) -> None:
    for query in ("cách nấu phở bò ngon", "giá vé máy bay", "lịch thi đấu bóng đá"):
        answer = search(library, query)
        assert not answer.found and not applied(answer)


def test_words_that_only_ask_are_not_missed(library: Library) -> None:
    assert asking(["có", "bao", "nhiêu", "làng"], "accented") == {1, 2}
    assert asking(["ai", "chủ", "trì"], "accented") == {0}
    assert asking(["ứng", "dụng", "ai"], "accented") == set()
    answer = search(library, "Cuộc thi có bao nhiêu câu trắc nghiệm?", explain=True)
    assert answer.found and answer.hits[0].why is not None
    assert not {"bao", "nhiêu"} & set(answer.hits[0].why.missing)


def test_the_number_of_a_footnote_is_no_part_of_a_word(library: Library) -> None:
    assert terms("của CBCCVC⁴", "accented") == ["của", "cbccvc", "của cbccvc"]
    (hit,) = search(library, "CBCCVC phường chấp hành giờ giấc", limit=1, explain=True).hits
    assert hit.why is not None and "cbccvc" not in hit.why.missing


def test_numbers_below_ten_with_and_without_their_zero(library: Library) -> None:
    one, other = (search(library, f"cuộc thi gồm {n} tuần", limit=5).hits for n in ("4", "04"))
    assert "04 tuần" in one[0].text and one[0].start == other[0].start
    assert one[0].relevance == pytest.approx(other[0].relevance, abs=0.02)


def test_a_word_that_stands_spelled_out_is_not_missing(library: Library) -> None:
    (hit,) = search(library, "TTHC niêm yết", limit=1, explain=True).hits
    assert hit.why is not None and not hit.why.missing
