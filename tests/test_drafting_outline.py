"""Outlines: which plans are kindred, which sections they agree on, how chapters are joined."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from support_drafting import drafting_library

from kh_nlp.checking import acts
from kh_nlp.drafting import Request, draft, kindred, own_headings, same_section
from kh_nlp.drafting.groups import Group
from kh_nlp.drafting.headings import names_duties
from kh_nlp.drafting.kindred import likenesses
from kh_nlp.drafting.outlining import outline
from kh_nlp.drafting.sources import SourcePlan
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


def _plan(number: int, body: str) -> Plan:
    return parse(read_text(HEAD.format(number=number) + body + TAIL))


JOINED = """I. NỘI DUNG, HÌNH THỨC TUYÊN TRUYỀN

1. Nội dung tuyên truyền

Lợi ích của nước sạch đối với sức khỏe của nhân dân.

2. Hình thức tuyên truyền

Phát thanh trên loa của xã mỗi tuần hai lần.

II. TỔ CHỨC THỰC HIỆN

1. Công an xã: giữ trật tự tại các buổi nói chuyện.

2. Trạm Y tế xã: cử người nói chuyện ở các bản.
"""
APART = """I. NỘI DUNG TUYÊN TRUYỀN

Cách giữ nguồn nước của bản, của xã được sạch quanh năm.

II. HÌNH THỨC TUYÊN TRUYỀN

Nói chuyện tại nhà văn hóa của bản vào buổi tối.

III. PHÂN CÔNG NHIỆM VỤ

1. Công an xã: giữ trật tự tại các buổi nói chuyện.

2. Trạm Y tế xã: cử người nói chuyện ở các bản.

3. Đoàn Thanh niên xã: mặc áo có khẩu hiệu về nước sạch.
"""


def _outline(*bodies: str) -> list[Group]:
    sources = [SourcePlan(_plan(at, body), 1.0) for at, body in enumerate(bodies, 1)]
    return outline(sources, lambda _, heading: heading, bodies=sources)


def _headings(groups: list[Group]) -> list[tuple[str, list[str]]]:
    return [(g.best().heading, [b.best().heading for b in g.below]) for g in groups]


@pytest.fixture(scope="module")
def library() -> Iterator[Library]:
    with Library.open(drafting_library()) as opened:
        yield opened


def test_two_chapters_are_joined_where_enough_plans_join_them() -> None:
    found = _headings(_outline(JOINED, APART, APART))
    assert found[0] == (
        "NỘI DUNG, HÌNH THỨC TUYÊN TRUYỀN",
        ["Nội dung tuyên truyền", "Hình thức tuyên truyền"],
    )
    assert len(found) == 2
    group = _outline(JOINED, APART, APART)[0]
    assert group.plans == 3 and [b.plans for b in group.below] == [3, 3]


def test_one_plan_of_many_does_not_join_them() -> None:
    found = _headings(_outline(JOINED, *[APART] * 5))
    assert [h for h, _ in found][:2] == ["NỘI DUNG TUYÊN TRUYỀN", "HÌNH THỨC TUYÊN TRUYỀN"]


def test_what_one_plan_of_three_has_is_not_agreed_on() -> None:
    alone = _headings(_outline(JOINED, JOINED, APART))[-1]
    assert alone == ("TỔ CHỨC THỰC HIỆN", ["Công an xã", "Trạm Y tế xã"])
    agreed = _headings(_outline(JOINED, APART, APART))[-1]
    assert agreed[1] == ["Công an xã", "Trạm Y tế xã", "Đoàn Thanh niên xã"]


def test_chapters_that_say_who_does_what_are_one() -> None:
    assert same_section("TỔ CHỨC THỰC HIỆN", "PHÂN CÔNG NHIỆM VỤ")
    assert names_duties("PHÂN CÔNG NHIỆM VỤ") and names_duties("Trách nhiệm thực hiện")
    assert not names_duties("NỘI DUNG, TIẾN ĐỘ, PHÂN CÔNG TRÁCH NHIỆM THỰC HIỆN")
    assert same_section("Các phòng, ban, đơn vị", "Các phòng, ban, ngành, đoàn thể")
    assert not same_section("Các phòng, ban, đơn vị", "Ban Dân tộc")


def test_a_unit_named_in_its_first_line_has_a_heading() -> None:
    plan = _plan(1, JOINED)
    assert (2, "Công an xã") in own_headings(plan)
    assert not any("Công an" in h for _, h in own_headings(plan, run_ins=False))
    sentence = JOINED.replace("1. Công an xã: giữ", "1. Mỗi tối thứ bảy: giữ")
    assert not any("thứ bảy" in h for _, h in own_headings(_plan(1, sentence)))


def test_what_is_done_is_no_part_of_the_subject() -> None:
    election, reform = "Tuyên truyền, giám sát cuộc bầu cử", "Tuyên truyền cải cách hành chính"
    found = likenesses(
        reform,
        [
            election,
            "Phối hợp tuyên truyền cải cách hành chính trên địa bàn xã Nậm Sim năm 2026",
            "Thông tin, tuyên truyền về công tác cải cách hành chính năm 2025",
            "Tuyên truyền, kiểm tra cải cách hành chính",
            "Kiểm tra cải cách hành chính",
        ],
    )
    assert found[0] == 0 and found[1] > 0.95 and found[2] > 0.95
    assert 0.5 < found[3] < 0.8 and found[4] == 0
    # Where what is done is all that a title has, it is the subject.
    assert likenesses("Công tác thi đua, khen thưởng", ["Thi đua, khen thưởng năm 2025"])[0] > 0.9


def test_information_technology_is_no_propaganda() -> None:
    assert not acts("Ứng dụng công nghệ thông tin năm 2026")
    assert not acts("Bảo đảm an toàn thông tin mạng")
    assert acts("Thông tin, tuyên truyền về cải cách hành chính") == {"inform"}


def test_plans_of_another_act_stand_back(library: Library) -> None:
    issuer = {"issuer": "UBND xã Nậm Sim", "year": 2027, "province": "Sông Trầm"}
    inform = kindred(library, Request(title="Tuyên truyền cải cách hành chính", **issuer))
    assert len(inform) >= 8 and all(kin.same_act for kin in inform)
    plain = Request(title="Cải cách hành chính năm 2027", **issuer)
    mixed = kindred(library, plain)
    assert mixed and not all(kin.same_act for kin in mixed)
    assert all(("khác loại việc" in " ".join(kin.reasons)) != kin.same_act for kin in mixed)
    assert any("cùng loại việc" in warning.text for warning in draft(library, plain).warnings)


def test_issuers_of_one_kind_come_first(library: Library) -> None:
    found = kindred(
        library,
        Request(title="Tuyên truyền cải cách hành chính", issuer="UBND xã Lam Đông", year=2027),
    )
    front = next(kin for kin in found if "MTTQ" in (kin.plan.issuer or ""))
    committee = [kin for kin in found if kin.plan.level == "commune" and kin is not front]
    assert committee and all(kin.score > front.score for kin in committee)
