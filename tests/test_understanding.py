"""What is understood in a query, and what must not be."""

from __future__ import annotations

from pathlib import Path

import pytest
from support_library import HashEncoder, use_toys, write_toy

from kh_nlp.errors import UsageError
from kh_nlp.library import Library, ingest
from kh_nlp.model import to_dict
from kh_nlp.search import search
from kh_nlp.search.ranking import opened
from kh_nlp.search.understanding import clean, understand
from kh_nlp.search.understanding.years import read_value

DOC = "nghi-quyet:76/NQ-CP:2021-07-15"
COMMUNE = """1. Tập huấn
Tổ chức tập huấn cải cách hành chính cho công chức cấp xã bằng hình thức trực tuyến.
2. Kinh phí
Nguồn kinh phí từ ngân sách nhà nước; văn hóa cơ sở; nội dung tuyên truyền pháp luật.
3. Nhiệm vụ
* Phát tin trên loa truyền thanh, trang Facebook|Công an xã|Quý I
* Lập danh sách hộ nghèo|Phòng Nội vụ|Hằng tháng
"""
PROVINCE = f"""1. Tập huấn
Mở lớp tập huấn cải cách hành chính cho công chức tại Lào Cai.
2. Chương trình
Triển khai chương trình theo [[Nghị quyết số 76/NQ-CP|Nghị quyết|76/NQ-CP|2021-07-15|{DOC}]].
3. Nhiệm vụ
* Tham mưu kế hoạch|Sở Nội vụ|Quý II
"""
DEPARTMENT = """1. Kiểm tra
Kiểm tra công vụ, tập huấn nghiệp vụ văn thư lưu trữ năm 2022.
"""


@pytest.fixture(scope="module")
def encoder() -> HashEncoder:
    return HashEncoder()


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory, encoder: HashEncoder):
    folder = tmp_path_factory.mktemp("understanding")
    plans = folder / "plans"
    write_toy(
        plans, "xa.txt", COMMUNE, issuer="UBND xã Quyết Thắng", province="Lai Châu", year="2024"
    )
    write_toy(
        plans, "tinh.txt", PROVINCE, issuer="UBND tỉnh Hà Giang", level="province",
        province="Hà Giang", year="2021", title="Cải cách hành chính giai đoạn 2021 - 2025",
    )  # fmt: skip
    write_toy(
        plans, "so.txt", DEPARTMENT, issuer="Sở Nội vụ", level="province_agency",
        province="Tuyên Quang", year="2020", title="Kiểm tra công vụ",
    )  # fmt: skip
    with pytest.MonkeyPatch.context() as patch:
        use_toys(patch)
        with Library.open(folder / "lib", create=True) as opened_:
            ingest(opened_, [plans], encoder=encoder)
            yield opened_


def read(library: Library, query: str, **options: object):
    with library.reading() as connection:
        segments = opened(library, connection).lexical
        return understand(clean(query, 1000), connection, segments, **options)


def seen(library: Library, query: str, **options: object) -> list[tuple[str, str, bool]]:
    return [(u.kind, u.value, u.applied) for u in read(library, query, **options).understood]


@pytest.mark.parametrize(
    ("query", "kind", "value", "applied", "words"),
    [
        ("tập huấn năm 2024", "year", "2024", True, "tập huấn"),
        ("tap huan nam 2024", "year", "2024", True, "tap huan"),
        ("tập huấn từ 2021 đến 2023", "year", "2021:2023", True, "tập huấn"),
        ("tập huấn các năm 2021-2023", "year", "2021:2023", True, "tập huấn"),
        ("tập huấn năm 2023 và năm 2024", "year", "2023:2024", True, "tập huấn"),
        ("tập huấn từ năm 2024 đến nay", "year", "2024:", True, "tập huấn"),
        ("kế hoạch CCHC 2024", "year", "2024", True, "kế hoạch CCHC"),
        ("tập huấn giai đoạn 2021-2025", "year", "2021:2025", False, None),
        ("hoàn thành trước năm 2025", "year", ":2024", False, None),
        ("kinh phí tỉnh Hà Giang", "province", "Hà Giang", True, "kinh phí"),
        ("kinh phi tinh ha giang", "province", "Hà Giang", True, "kinh phi"),
        ("kinh phí TP.HCM", "province", "Hồ Chí Minh", True, "kinh phí"),
        ("Lào Cai tập huấn", "province", "Lào Cai", True, "tập huấn"),
        ("tập huấn ở xã Quyết Thắng", "place", "xã Quyết Thắng", True, "tập huấn ở"),
        ("tập huấn công chức cấp xã", "level", "commune", False, None),
        ("kế hoạch của các xã", "level", "commune", True, "kế hoạch của"),
        ("xã, phường nào tập huấn", "level", "commune", True, "nào tập huấn"),
        ("UBND xã Quyết Thắng tập huấn", "issuer", "UBND xã Quyết Thắng", True, "tập huấn"),
        ("kế hoạch của Sở Nội vụ", "issuer", "Sở Nội vụ", True, "kế hoạch của"),
        (
            "việc do phòng Nội vụ chủ trì",
            "agency",
            "phòng Nội vụ",
            True,
            None,
        ),  # "việc" says nothing
        ("Sở Nội vụ chủ trì tham mưu", "agency", "Sở Nội vụ", True, "tham mưu"),
        ("tập huấn của Sở Nội vụ", "agency", "Sở Nội vụ", False, None),
        ('tập huấn "trực tuyến"', "phrase", "trực tuyến", True, None),
        ("tập huấn -Facebook", "exclude", "Facebook", True, "tập huấn"),
        ("tập huấn NOT Facebook", "exclude", "Facebook", True, "tập huấn"),
        ('tập huấn -"trực tuyến"', "exclude", "trực tuyến", True, "tập huấn"),
        ("tập huấn, không phải văn thư", "exclude", "văn thư", True, "tập huấn,"),
        ("tập huấn, trừ văn thư", "exclude", "văn thư", True, "tập huấn,"),
        ("không phải nộp phí", "exclude", "nộp phí", False, None),
        ("tập huán công chức", "spelling", "huấn", True, "tập huấn công chức"),
        ("Facebok", "spelling", "facebook", True, "facebook"),
    ],
)
def test_understood(library, query, kind, value, applied, words) -> None:
    reading = read(library, query)
    assert [(u.kind, u.value, u.applied) for u in reading.understood] == [(kind, value, applied)]
    (item,) = reading.understood
    assert reading.text[item.start : item.end] == item.text
    assert " ".join(reading.words.split()) == (query if words is None else words)


@pytest.mark.parametrize(
    "query",
    [
        "tập huấn năm học 2024-2025",
        "Nghị quyết 2024/NQ",
        "Quyết định 2024",
        "Luật Đất đai năm 2024",
        "mục tiêu đến năm 2030",
        "ngày 12 tháng 3 năm 2024",
        "phục vụ 2024 hộ nghèo",
        "xã hội hóa giáo dục",
        "các xã hội",
        "kinh tế -xã hội",
        "phát triển kinh tế xã hội",
        "cán bộ nội vụ",
        "phòng, chống ma túy",
        "ban hành kế hoạch",
        "tỉnh táo",
        "huyện đoàn",
        "các sở thích",
        "ngân sách trung ương",
        "văn hóa hòa bình",
        "hoa binh",
        "nâng cao bằng cấp",
        "tư tưởng Hồ Chí Minh",
        "sông Đồng Nai",
        "đường Điện Biên Phủ",
        "phòng trừ sâu bệnh",
        "công thức nấu phở bò",
        "xyzzy",
        "06/QĐ-TTf",
        "tap huan cong chuc",
        "2 năm gần đây",
    ],
)
def test_not_understood(library, query) -> None:
    assert seen(library, query) == []


def test_years_relative_to_a_given_one(library) -> None:
    assert seen(library, "tập huấn 2 năm gần đây", this_year=2026) == [("year", "2025:2026", True)]
    assert seen(library, "kế hoạch năm ngoái", this_year=2026) == [("year", "2025", True)]
    assert read_value("2024") == (2024, 2024) and read_value(":2024") == (None, 2024)
    assert read_value("2021:2023") == (2021, 2023) and read_value("2024:") == (2024, None)


def test_words_that_occur_and_quoted_words_are_never_corrected(library) -> None:
    assert seen(library, '"huán"') == [("phrase", "huán", True)]
    assert seen(library, "hoá cơ sở") == []  # hóa, with the tone elsewhere
    assert seen(library, "huan công chức") == []  # typed without accents, not wrongly


def test_without_and_apply(library) -> None:
    assert seen(library, "tập huấn năm 2024", without=["year"]) == []
    assert seen(library, "công chức cấp xã", apply=["level"]) == [("level", "commune", True)]


def stems(answer) -> list[str]:
    return [Path(hit.path).stem for hit in answer.hits]


def test_a_year_lets_pass_plans_periods_and_mentions(library, encoder) -> None:
    answer = search(library, "tập huấn năm 2024", encoder=encoder)
    assert answer.found and set(stems(answer)) == {"xa", "tinh"}  # 2021 - 2025 holds 2024
    assert [u.value for u in answer.understood] == ["2024"]
    printed = to_dict(answer)["understood"][0]
    assert set(printed) >= {"kind", "value", "text", "start", "end", "applied"}
    mentioned = search(library, "tập huấn năm 2022", encoder=encoder).hits
    assert any("2022" in hit.text for hit in mentioned) and "xa" not in [
        Path(hit.path).stem for hit in mentioned
    ]
    literal = search(library, "tập huấn năm 2024", encoder=encoder, understanding=False)
    assert literal.understood == () and set(stems(literal)) == {"xa", "tinh", "so"}
    removed = search(library, "tập huấn năm 2024", encoder=encoder, without=["year"])
    assert removed.understood == () and set(stems(removed)) == set(stems(literal))


def test_provinces_of_today_hold_those_they_took_in(library, encoder) -> None:
    today = search(library, "tập huấn tỉnh Tuyên Quang", encoder=encoder)
    assert set(stems(today)) == {"so", "tinh"}
    old = search(library, "tập huấn tỉnh Hà Giang", encoder=encoder)
    assert set(stems(old)) == {"tinh"}
    named = search(library, "tập huấn tỉnh Lào Cai", encoder=encoder)
    assert named.found and set(stems(named)) == {"tinh"}  # a passage names it


def test_a_filter_that_leaves_nothing_is_dropped(library, encoder) -> None:
    answer = search(library, "tập huấn năm 2031", encoder=encoder)
    assert answer.found
    assert [(u.kind, u.applied, u.dropped) for u in answer.understood] == [("year", False, True)]
    quoted = search(library, 'tập huấn "máy bay"', encoder=encoder)
    assert quoted.found and quoted.understood[0].dropped


def test_given_filters_win(library, encoder) -> None:
    answer = search(library, "tập huấn năm 2024", years=(2020, 2020), encoder=encoder)
    assert answer.understood == () and set(stems(answer)) == {"so"}
    level = search(library, "kế hoạch của các xã", levels=["province"], encoder=encoder)
    assert level.understood == ()


def test_phrases_and_exclusions_act(library, encoder) -> None:
    for query in ('tập huấn "Trực tuyến"', 'tap huan "truc tuyen"', 'tập huấn "hình thức trực"'):
        hits = search(library, query, encoder=encoder).hits
        assert hits and all("trực tuyến" in hit.text for hit in hits), query
    # Typed with accents, it is compared with accents.
    assert search(library, '"trúc tuyến" tập huấn', encoder=encoder).understood[0].dropped
    code = search(library, '"76/NQ-CP"', encoder=encoder)
    assert code.found and {hit.number for hit in code.hits} == {"2"}
    for query in ('tập huấn -"trực tuyến"', "tập huấn, không phải trực tuyến"):
        hits = search(library, query, encoder=encoder).hits
        assert hits and not any("trực tuyến" in hit.text for hit in hits), query


def test_bodies_in_charge_filter(library, encoder) -> None:
    hits = search(library, "danh sách do Phòng Nội vụ chủ trì", encoder=encoder).hits
    assert [hit.text.splitlines()[0] for hit in hits] == ["Lập danh sách hộ nghèo"]


@pytest.mark.parametrize("query", ["NQ 76/NQ-CP", "Nghị quyết số 76/NQ-CP ngày 15/7/2021"])
def test_documents_reach_who_cites_them(library, encoder, query) -> None:
    hit = search(library, query, encoder=encoder).hits[0]
    assert hit.number == "2" and hit.reasons[0].key == DOC and hit.reasons[0].kind == "cites"
    text = library.plan(hit.plan).text
    assert text[hit.reasons[0].start : hit.reasons[0].end] == hit.reasons[0].text


def test_a_spelling_is_shown_and_read(library, encoder) -> None:
    answer = search(library, "tập huán công chức", encoder=encoder)
    assert answer.found and "tập huấn" in answer.hits[0].text.lower()
    assert [(u.kind, u.value, u.text) for u in answer.understood] == [("spelling", "huấn", "huán")]


def test_unknown_kinds_are_usage_errors(library, encoder) -> None:
    for option in ("without", "apply"):
        with pytest.raises(UsageError, match="màu"):
            search(library, "kinh phí", encoder=encoder, **{option: ["màu"]})


@pytest.mark.parametrize(
    "query",
    [
        "tập huấn " * 10_000,
        "năm " * 3000 + "2024",
        "\x00\x01tập\u202e huấn\x1b[31m",
        "😀 tập huấn 🇻🇳",
        "(tập [huấn* {2,}) ^$ \\d+ |",
        "-",
        '""',
        '"',
        "“”",
        "NOT",
        "NOT NOT NOT",
        "năm năm năm 99999",
        "-tập -huấn",
        "tỉnh",
        "do chủ trì",
        "năm 2024",
        '"năm 2024" -"năm 2024"',
        "̀́̉" * 50,
        "%_%' OR 1=1 --",
    ],
)
def test_odd_queries_get_an_answer(library, encoder, query) -> None:
    answer = search(library, query, encoder=encoder)
    assert answer.query == query
    for item in answer.understood:
        assert item.start < item.end


def test_filters_that_match_nothing_are_told_apart(library, encoder) -> None:
    answer = search(library, "tập huấn", years=(1999, 1999), encoder=encoder)
    assert (answer.found, answer.hits, answer.eligible) == (False, (), 0)
    assert search(library, "tập huấn", encoder=encoder).eligible > 0
