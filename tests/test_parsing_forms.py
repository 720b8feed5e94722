"""Labels and titles in the forms that offices, typists and OCR engines give them."""

from __future__ import annotations

import pytest

from kh_nlp.parsing import parse
from kh_nlp.parsing.bodies import responsible
from kh_nlp.reading import read_text


@pytest.mark.parametrize(("first", "second"), [("1", "II"), ("I", "11"), ("1", "11")])
def test_ones_for_roman_numerals(first: str, second: str) -> None:
    text = (
        f"KẾ HOẠCH\nAn toàn giao thông năm 2022\n\n{first}. MỤC ĐÍCH, YÊU CẦU\n\n1. Mục đích\n\n"
        f"Giảm tai nạn.\n\n2. Yêu cầu\n\nThiết thực.\n\n{second}. NỘI DUNG\n\n"
        "1. Tuyên truyền\n\n2. Tuần tra\n\nIII. TỔ CHỨC THỰC HIỆN\n\nCông an huyện chủ trì.\n"
    )
    numbers = [s.number for s in parse(read_text(text)).sections]
    assert numbers == ["I", "I.1", "I.2", "II", "II.1", "II.2", "III"]


def test_a_numbered_title_in_capitals_is_no_numeral_without_its_successor() -> None:
    text = "KẾ HOẠCH\nHọp\n\n1. MỤC ĐÍCH\n\nTốt.\n\n2. NỘI DUNG\n\nHay.\n\n3. KINH PHÍ\n\nĐủ.\n"
    assert [s.number for s in parse(read_text(text)).sections] == ["1", "2", "3"]


def test_a_body_ends_before_what_it_leads_or_brings() -> None:
    assert responsible("Đảng ủy UBND xã lãnh đạo UBND xã xây dựng kế hoạch", False) == (
        "Đảng ủy UBND xã"
    )
    assert responsible("Ủy ban Kiểm tra Đảng ủy đưa nội dung vào chương trình", False) == (
        "Ủy ban Kiểm tra Đảng ủy"
    )


def test_a_counted_part_is_a_title_and_a_duty_is_none() -> None:
    text = (
        "KẾ HOẠCH\nGiảm nghèo năm 2024\n\nI MỤC TIÊU, CHỈ TIÊU\n\nGiảm 1% hộ nghèo.\n\n"
        "II CÁC DỰ ÁN\n\n1. Dự án 1: Hỗ trợ đầu tư hạ tầng các huyện nghèo\n\na) Đầu tư 12 cầu."
        "\n\n2. Sở Tài chính: Hỗ trợ kinh phí\n\na) Đúng hạn.\n"
    )
    sections = parse(read_text(text)).sections
    assert {s.number: s.heading for s in sections if s.label not in "ab"} == {
        "I": "MỤC TIÊU, CHỈ TIÊU",
        "II": "CÁC DỰ ÁN",
        "II.1": "Dự án 1: Hỗ trợ đầu tư hạ tầng các huyện nghèo",
        "II.2": None,
    }


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Phòng Kế hoạch tổng hợp: Đầu mối, báo cáo", "Phòng Kế hoạch tổng hợp"),
        ("Phòng Hậu cần (PH10): Bảo đảm kinh phí", "Phòng Hậu cần"),
        ("Sở Nội vụ theo dõi, tổng hợp kết quả: hằng quý", "Sở Nội vụ"),
        ("Người đứng đầu các đơn vị chịu trách nhiệm", "Người đứng đầu các đơn vị"),
        ("Đảng đoàn HĐND huyện lãnh đạo công tác nhân sự", "Đảng đoàn HĐND huyện"),
    ],
)
def test_more_names_of_the_responsible(text: str, name: str) -> None:
    assert responsible(text, heading=False) == name
