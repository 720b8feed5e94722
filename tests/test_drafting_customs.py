"""Outlines beyond the kindred plans: customary chapters, bodies by level, time and kind of area."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from support_drafting import REQUESTS, drafting_library

from kh_nlp.drafting import GAP, Draft, Request, draft
from kh_nlp.drafting.bodies import column, counterpart, same_tier
from kh_nlp.drafting.customary import Customs
from kh_nlp.drafting.groups import Group
from kh_nlp.drafting.headings import is_body
from kh_nlp.drafting.outlining import outline
from kh_nlp.drafting.slots import Rewriter
from kh_nlp.drafting.sources import SourcePlan
from kh_nlp.drafting.target import target_of
from kh_nlp.library import Library
from kh_nlp.model import Plan
from kh_nlp.parsing import parse
from kh_nlp.reading import read_text

HEAD = """ỦY BAN NHÂN DÂN
XÃ NẬM SIM

Số: {number}/KH-UBND

KẾ HOẠCH
Tuyên truyền về nước sạch năm 2026

"""
TAIL = "\nNơi nhận:\n- Lưu: VT.\n"
OPENING = """MỤC ĐÍCH, YÊU CẦU

1. Mục đích

Nhân dân trong xã biết cách giữ nguồn nước sạch.

2. Yêu cầu

Lời nói dễ hiểu, đúng với từng bản.
"""
CONTENT = "NỘI DUNG TUYÊN TRUYỀN\n\nCách giữ nguồn nước của bản được sạch quanh năm.\n"
FUNDS = "KINH PHÍ\n\nTừ ngân sách xã và nguồn hợp pháp khác theo quy định.\n"
TASKS = "NHIỆM VỤ CỤ THỂ\n\nMỗi tháng phát thanh hai buổi về nước sạch.\n"
DUTIES = "TỔ CHỨC THỰC HIỆN\n\nCông an xã giữ trật tự tại các buổi nói chuyện ở bản.\n"
MIXED = "NHIỆM VỤ, GIẢI PHÁP, PHÂN CÔNG TRÁCH NHIỆM\n\nCác bản tự làm bể lọc trong năm.\n"
GOALS = "MỤC TIÊU\n\nTất cả các hộ trong xã có nước sạch dùng quanh năm.\n"
VIEWS = "QUAN ĐIỂM, MỤC TIÊU, YÊU CẦU\n\nLấy người dân làm trung tâm của mọi việc làm.\n"
_ROMAN = ("I", "II", "III", "IV", "V", "VI")


def _plan(number: int, *chapters: str) -> Plan:
    body = "\n".join(f"{_ROMAN[at]}. {chapter}" for at, chapter in enumerate(chapters))
    return parse(read_text(HEAD.format(number=number) + body + TAIL))


def _sources(*plans: tuple[str, ...], first: int = 1) -> list[SourcePlan]:
    return [SourcePlan(_plan(at, *chapters), 1.0) for at, chapters in enumerate(plans, first)]


def _headings(groups: list[Group]) -> list[tuple[str, list[str]]]:
    return [(g.best().heading, [b.best().heading for b in g.below]) for g in groups]


def _outline(sources: list[SourcePlan], customs: Customs | None = None) -> list[str]:
    groups = outline(sources, lambda _, heading: heading, customs=customs)
    return [heading for heading, _ in _headings(groups)]


@pytest.fixture(scope="module")
def library() -> Iterator[Library]:
    with Library.open(drafting_library()) as opened:
        yield opened


@pytest.fixture(scope="module")
def drafts(library: Library) -> list[Draft]:
    return [
        draft(library, Request(title=title, issuer=issuer, year=year, province=province))
        for title, issuer, year, province in REQUESTS
    ]


@pytest.mark.parametrize(
    "heading",
    ["Bảo đảm kinh phí", "Sơ kết, tổng kết", "SỐ LƯỢNG ĐỀ NGHỊ KHEN THƯỞNG", "Hội nghị nhân dân",
     "Tổ chức bộ máy của xã", "Bộ máy mới làm việc ra sao", "Đại hội", "Phong trào thi đua",
     "Tổ chức các hội nghị hiệp thương", "Trường hợp đặc biệt", "Báo cáo kết quả"],
)  # fmt: skip
def test_what_begins_like_a_body_need_be_none(heading: str) -> None:
    assert not is_body(heading)


@pytest.mark.parametrize(
    "heading",
    ["Báo Sông Trầm", "SỞ Y TẾ", "So Y te", "1. Sở Nội vụ", "Các tổ chức chính trị - xã hội",
     "Đề nghị Hội Nông dân xã", "Bảo hiểm xã hội tỉnh", "Trưởng các thôn", "Đoàn Thanh niên xã"],
)  # fmt: skip
def test_bodies_are_bodies(heading: str) -> None:
    assert is_body(heading)


def test_chapters_printed_side_by_side_both_stay() -> None:
    both = (OPENING, MIXED, DUTIES)
    assert _outline(_sources(both, both)) == [
        "MỤC ĐÍCH, YÊU CẦU",
        "NHIỆM VỤ, GIẢI PHÁP, PHÂN CÔNG TRÁCH NHIỆM",
        "TỔ CHỨC THỰC HIỆN",
    ]


def test_a_chapter_of_two_plans_is_kept_and_of_one_of_many_is_not() -> None:
    usual = (OPENING, CONTENT, DUTIES)
    tasked = (OPENING, CONTENT, TASKS, DUTIES)
    assert "NHIỆM VỤ CỤ THỂ" in _outline(_sources(*[usual] * 8, tasked, tasked))
    assert "NHIỆM VỤ CỤ THỂ" not in _outline(_sources(*[usual] * 9, tasked))


def test_what_few_print_in_place_of_a_chapter_does_not_stand_beside_it() -> None:
    usual, other = (OPENING, CONTENT, DUTIES), (VIEWS, CONTENT, DUTIES)
    found = _outline(_sources(*[usual] * 8, other, other))
    assert "MỤC ĐÍCH, YÊU CẦU" in found and "QUAN ĐIỂM, MỤC TIÊU, YÊU CẦU" not in found


def test_what_other_plans_have_by_custom_is_added_where_kindred_plans_are_few() -> None:
    customs = Customs(_sources(*[(OPENING, CONTENT, FUNDS, DUTIES)] * 6, first=20))
    bare = _sources((CONTENT, DUTIES))
    groups = _headings(outline(bare, lambda _, heading: heading, customs=customs))
    assert [h for h, _ in groups] == [
        "MỤC ĐÍCH, YÊU CẦU", "NỘI DUNG TUYÊN TRUYỀN", "KINH PHÍ", "TỔ CHỨC THỰC HIỆN",
    ]  # fmt: skip
    assert groups[0][1] == ["Mục đích", "Yêu cầu"]
    # Nine kindred plans without it know better.
    assert "KINH PHÍ" not in _outline(_sources(*[(CONTENT, DUTIES)] * 9), customs)
    # Who opens with aims needs no second opening.
    assert "MỤC ĐÍCH, YÊU CẦU" not in _outline(_sources((GOALS, CONTENT, DUTIES)), customs)


def test_customs_tell_shares() -> None:
    plans = _sources((OPENING, CONTENT), (CONTENT, FUNDS), (OPENING, FUNDS), (OPENING,), first=30)
    customs = Customs(plans)
    assert customs.share("Mục đích, yêu cầu") == 0.75 and customs.share("Kinh phí") == 0.5
    assert customs.share("Yêu cầu", "Mục đích, yêu cầu") == 1.0
    assert Customs([]).share("Kinh phí") == 0.0


def test_bodies_have_the_word_of_the_issuers_own_area() -> None:
    assert counterpart("Công an huyện", "district", "district", 2024, "thành phố") == (
        "Công an thành phố"
    )
    assert counterpart("Các sở, ban, ngành thành phố", "province", "province", 2026, "tỉnh") == (
        "Các sở, ban, ngành tỉnh"
    )
    assert counterpart("Hội Nông dân xã", "xa", "phuong", 2026, "phường") == "Hội Nông dân phường"
    several = "UBND các xã, phường"
    assert counterpart(several, "province", "province", 2026, "tỉnh") == several
    # A school of the other place is none of one's own.
    assert counterpart("Trường THPT Vàm Thu", "phuong", "xa", 2026, "xã") is None
    assert counterpart("Trưởng các thôn", "commune_old", "phuong_old", 2024, "phường") == (
        "Tổ trưởng các tổ dân phố"
    )


def test_below_a_province_are_districts_until_2025_and_communes_since() -> None:
    old, new = "UBND các huyện, thành phố", "UBND các xã, phường"
    assert counterpart(old, "province", "province", 2026, "tỉnh") == new
    assert counterpart(new, "province", "province", 2024, "tỉnh") == old
    assert column("commune", "UBND phường Cầu Hạc", "2024") == "phuong_old"
    assert same_tier("phuong_old", "commune_old") and same_tier("xa", "phuong")
    assert not same_tier("xa", "commune_old") and not same_tier(None, None)


def test_passages_are_those_of_kindred_plans_only(drafts: list[Draft]) -> None:
    open_ = written = 0
    for made in drafts:
        kindred = {kin.plan.plan for kin in made.kindred}
        for section in made.sections:
            for paragraph in section.paragraphs:
                if paragraph.text == GAP:
                    open_ += 1
                    continue
                written += 1
                assert {origin.plan for origin in paragraph.sources} <= kindred, paragraph.text
    assert open_ > 0 and written > 100


def test_words_that_look_like_places_stay() -> None:
    body = (
        "NỘI DUNG\n\nPHÁT TRIỂN XÃ HỘI SỐ trong hợp tác xã của xã; Đoàn TNCS Hồ Chí Minh cùng làm."
    )
    plan = _plan(1, body)
    asked = Request(title="X", issuer="UBND phường Cầu Hạc", year=2026, province="Cửa Hạc")
    start = plan.text.index("PHÁT TRIỂN")
    text = Rewriter(plan, target_of(asked)).rewrite(start, plan.text.index("cùng làm")).text
    assert text == "PHÁT TRIỂN XÃ HỘI SỐ trong hợp tác xã của phường; Đoàn TNCS Hồ Chí Minh"
