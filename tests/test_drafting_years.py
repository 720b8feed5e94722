"""Years of a source: what moves with the plan, what stays, what nobody but the author can know."""

from __future__ import annotations

import pytest

from kh_nlp.drafting import Request, traced
from kh_nlp.drafting.slots import Rewriter
from kh_nlp.drafting.target import target_of
from kh_nlp.parsing import parse
from kh_nlp.reading import read_text

GAP = "[…]"

YEARLY = """ỦY BAN NHÂN DÂN
XÃ NẬM SIM

Số: 12/KH-UBND

Nậm Sim, ngày 20 tháng 02 năm 2025

KẾ HOẠCH
Thực hiện công tác dân số năm 2025

I. NỘI DUNG

{sentence}

Nơi nhận:
- Lưu: VT.
"""
PERIODIC = YEARLY.replace("năm 2025\n\nI.", "giai đoạn 2021 - 2025\n\nI.").replace(
    "02 năm 2025", "02 năm 2021"
)
SCHOOL = YEARLY.replace("năm 2025\n\nI.", "năm học 2024 - 2025\n\nI.").replace(
    "20 tháng 02 năm 2025", "05 tháng 9 năm 2024"
)


def rewritten(template: str, sentence: str, title: str, year: int) -> str:
    """The sentence as the draft of ``title`` has it; it must lead back to its source."""
    plan = parse(read_text(template.format(sentence=sentence)))
    request = Request(title=title, issuer="UBND xã Nậm Sim", year=year, level="commune")
    rewriter = Rewriter(plan, target_of(request))
    start = plan.text.index(sentence)
    made = rewriter.rewrite(start, start + len(sentence))
    assert traced(made, {plan.plan_id: plan.text})
    assert len(made.gaps) == made.text.count(GAP)
    return made.text


@pytest.mark.parametrize(
    ("sentence", "wanted"),
    [
        # its own year, wherever it stands
        ("Hoàn thành các chỉ tiêu năm 2025 đã giao.", "Hoàn thành các chỉ tiêu năm 2027 đã giao."),
        ("Hết năm 2025, mọi thôn có tủ sách.", "Hết năm 2027, mọi thôn có tủ sách."),
        ("Tổ chức trong quý III/2025.", "Tổ chức trong quý III/2027."),
        ("Gửi báo cáo trước ngày 15/11/2025.", "Gửi báo cáo trước ngày 15/11/2027."),
        ("Kinh phí trong dự toán năm 2025.", "Kinh phí trong dự toán năm 2027."),
        # the year after, of which such plans always speak
        ("Báo cáo kết quả và phương hướng năm 2026.", "Báo cáo kết quả và phương hướng năm 2028."),
        ("Xây dựng kế hoạch năm 2026 để trình duyệt.",
         "Xây dựng kế hoạch năm 2028 để trình duyệt."),
        ("Nhiệm vụ trọng tâm năm 2026.", "Nhiệm vụ trọng tâm năm 2028."),
        ("Lập dự toán kinh phí năm 2026.", "Lập dự toán kinh phí năm 2028."),
        ("Báo cáo năm gửi trước ngày 10/01/2026.", "Báo cáo năm gửi trước ngày 10/01/2028."),
        # the year before
        ("Giảm ít nhất so với năm 2024.", "Giảm ít nhất so với năm 2026."),
        ("Khắc phục hạn chế mà kết quả năm 2024 chỉ ra.",
         "Khắc phục hạn chế mà kết quả năm 2026 chỉ ra."),
        ("Tính từ ngày 15/12/2024 đến ngày 14/12/2025.",
         "Tính từ ngày 15/12/2026 đến ngày 14/12/2027."),
        # school years around it, rolling periods that begin with it
        ("Triển khai từ đầu năm học 2025 - 2026.", "Triển khai từ đầu năm học 2027 - 2028."),
        ("Kết thúc năm học 2024 - 2025, các trường báo cáo.",
         "Kết thúc năm học 2026 - 2027, các trường báo cáo."),
        ("Kế hoạch tài chính 03 năm 2025 - 2027.", "Kế hoạch tài chính 03 năm 2027 - 2029."),
    ],
)  # fmt: skip
def test_years_of_the_plans_own_rhythm_move(sentence: str, wanted: str) -> None:
    assert rewritten(YEARLY, sentence, "Thực hiện công tác dân số năm 2027", 2027) == wanted


@pytest.mark.parametrize(
    "sentence",
    [
        # targets and names of programmes
        "Phấn đấu hoàn thành mục tiêu đến năm 2030.",
        "Thực hiện Chiến lược dân số Việt Nam đến năm 2030, tầm nhìn đến năm 2045.",
        "Theo Chương trình điều chỉnh mức sinh đến năm 2025, định hướng đến năm 2030.",
        "Thực hiện Đề án giai đoạn 2021 - 2025 của Chính phủ.",
        "Thực hiện Đề án giai đoạn 2025 - 2030 của Chính phủ.",
        # laws are named by their year
        "Phổ biến Luật Bảo hiểm y tế năm 2024 và Luật Đất đai năm 2024.",
        "Phổ biến Luật Ban hành văn bản quy phạm pháp luật năm 2025.",
        "Quán triệt Hiến pháp năm 2013.",
        "Theo Luật Bầu cử năm 2015 (được sửa đổi, bổ sung năm 2025) mọi người có quyền.",
        "Bầu đại biểu Hội đồng nhân dân các cấp nhiệm kỳ 2026 - 2031.",
        "Thực hiện Nghị quyết trong những năm 2026 - 2030.",
        # what has been since a year stays true
        "Mô hình được duy trì từ năm 2024 đến nay.",
        "Trạm Y tế được xây dựng từ năm 2025.",
    ],
)
def test_targets_laws_and_facts_stay(sentence: str) -> None:
    assert rewritten(YEARLY, sentence, "Thực hiện công tác dân số năm 2027", 2027) == sentence


@pytest.mark.parametrize(
    ("sentence", "wanted"),
    [
        # a target that has run out by the year of the draft
        ("Phấn đấu đến năm 2026 không còn hộ nghèo.",
         f"Phấn đấu đến năm {GAP} không còn hộ nghèo."),
        # happens once
        ("Phục vụ bầu cử đại biểu Quốc hội năm 2026.",
         f"Phục vụ bầu cử đại biểu Quốc hội năm {GAP}."),
        ("Sau sắp xếp đơn vị hành chính năm 2025.", f"Sau sắp xếp đơn vị hành chính năm {GAP}."),
        ("Chào mừng Đại hội Đảng bộ xã năm 2025.", f"Chào mừng Đại hội Đảng bộ xã năm {GAP}."),
        # before the source was signed: no day to finish by
        ("Số liệu từ ngày 01/7/2024 đến nay.", f"Số liệu từ ngày {GAP} đến nay."),
        ("Từ tháng 01/2025 đến nay, xã có tổ tư vấn.",
         f"Từ tháng 01/{GAP} đến nay, xã có tổ tư vấn."),
        # a neighbouring year of which it is not said what it is
        ("Tiêu chí của năm 2024 được giữ.", f"Tiêu chí của năm {GAP} được giữ."),
        ("Xã về đích năm 2026.", f"Xã về đích năm {GAP}."),
        ("Trường đạt chuẩn trong năm học 2018 - 2019.", f"Trường đạt chuẩn trong năm học {GAP}."),
    ],
)  # fmt: skip
def test_what_cannot_be_known_is_a_gap(sentence: str, wanted: str) -> None:
    assert rewritten(YEARLY, sentence, "Thực hiện công tác dân số năm 2027", 2027) == wanted


def test_a_far_target_stays_as_long_as_it_is_ahead() -> None:
    sentence = "Phấn đấu đến năm 2026 không còn hộ nghèo."
    assert rewritten(YEARLY, sentence, "Thực hiện công tác dân số năm 2026", 2026) == sentence


@pytest.mark.parametrize(
    ("sentence", "wanted"),
    [
        ("Chỉ tiêu đến năm 2025 của xã.", "Chỉ tiêu đến năm 2030 của xã."),
        ("Bắt đầu trong năm 2021 ở ba thôn.", "Bắt đầu trong năm 2026 ở ba thôn."),
        ("Sơ kết trong năm 2023.", "Sơ kết trong năm 2028."),
        ("Dân số giai đoạn 2021 - 2025.", "Dân số giai đoạn 2026 - 2030."),
        ("Thực hiện từ năm 2021 - 2025.", "Thực hiện từ năm 2026 - 2030."),
        (
            "Khắc phục hạn chế của kết quả giai đoạn 2016 - 2020.",
            "Khắc phục hạn chế của kết quả giai đoạn 2021 - 2025.",
        ),
        ("Thực hiện Chiến lược đến năm 2030.", "Thực hiện Chiến lược đến năm 2030."),
    ],
)
def test_years_of_a_period_move_with_the_period(sentence: str, wanted: str) -> None:
    title = "Thực hiện công tác dân số giai đoạn 2026 - 2030"
    assert rewritten(PERIODIC, sentence, title, 2026) == wanted


@pytest.mark.parametrize(
    ("sentence", "wanted"),
    [
        ("Chỉ tiêu đến năm 2025 của xã.", "Chỉ tiêu đến năm 2027 của xã."),
        ("Sơ kết trong năm 2023.", f"Sơ kết trong năm {GAP}."),
    ],
)
def test_a_plan_of_years_becomes_one_of_a_year(sentence: str, wanted: str) -> None:
    assert rewritten(PERIODIC, sentence, "Thực hiện công tác dân số năm 2027", 2027) == wanted


@pytest.mark.parametrize(
    ("sentence", "wanted"),
    [
        ("Trong năm học 2024 - 2025, mỗi lớp học 8 tiết.",
         "Trong năm học 2026 - 2027, mỗi lớp học 8 tiết."),
        ("Giảm một nửa so với năm học 2023 - 2024.", "Giảm một nửa so với năm học 2025 - 2026."),
        ("Tổng kết trước ngày 25/5/2025.", "Tổng kết trước ngày 25/5/2027."),
    ],
)  # fmt: skip
def test_a_school_year_moves_as_the_titles_say(sentence: str, wanted: str) -> None:
    title = "Thực hiện công tác dân số năm học 2026 - 2027"
    for year in (2026, 2027):  # the year that a user gives may be either
        assert rewritten(SCHOOL, sentence, title, year) == wanted
