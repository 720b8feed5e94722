"""Split glyphs are joined, sound text stays as it is."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kh_nlp.reading import read_file
from kh_nlp.repairing import join_split_glyphs
from kh_nlp.repairing.counting import is_syllable

CORPUS = Path(__file__).resolve().parents[1] / "corpus"


@pytest.mark.parametrize(
    ("split", "whole"),
    [
        ("H ằ ng năm", "Hằng năm"),
        (
            "- T ổ ng Giám đ ố c; - Thủ trưởng các đơn vị",
            "- Tổng Giám đốc; - Thủ trưởng các đơn vị",
        ),
        ("Đ ịnh kỳ 6 thán g tổ chức đ ố i thoại", "Định kỳ 6 tháng tổ chức đối thoại"),
        ("ỦY B AN NHÂN D Â N T HÀNH P HỐ", "ỦY BAN NHÂN DÂN THÀNH PHỐ"),
        ("T hành phố Hồ Chí M inh", "Thành phố Hồ Chí Minh"),
        ("B ố trí đ ầ y đủ kinh phí để t riể n khai", "Bố trí đầy đủ kinh phí để triển khai"),
        ("c ăn cứ kế hoạch này", "căn cứ kế hoạch này"),
        ("ĐIỀ U KHO ẢN", "ĐIỀU KHOẢN"),
        ("ĐIỀ U 5", "ĐIỀU 5"),
        ("KẾ HO ẠCH, QUY ẾT ĐỊNH", "KẾ HOẠCH, QUYẾT ĐỊNH"),
        ("tri ển khai ho ạt động", "triển khai hoạt động"),
        ("lấ y ý kiến", "lấy ý kiến"),
    ],
)
def test_split_syllables_are_joined(split: str, whole: str) -> None:
    assert join_split_glyphs(split) == whole


@pytest.mark.parametrize(
    "text",
    [
        "điểm a khoản 2 Điều 5 và điểm b, c khoản 3",
        "Bộ Y tế ở xã, bà A và ông B",
        "a) Sở Nội vụ; b) UBND các xã; đ) Công an",
        "06/QĐ-TTg, TCVN ISO 9001:2015, 5G, IoT",
        "TTHC qua DVC mức độ 4; ý kiến của ấp",
        "Mường Ảng, ông Ổi, bà Út ở Ea Ôn, Y Ới",
        "",
    ],
)
def test_sound_text_is_left_alone(text: str) -> None:
    assert join_split_glyphs(text) == text


@pytest.mark.parametrize("file", sorted(CORPUS.glob("0*")), ids=lambda path: path.stem[:12])
def test_no_line_of_the_samples_changes(file: Path) -> None:
    for line in read_file(file).text.splitlines():
        assert join_split_glyphs(line) == line


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="ab cđngựờth ÂN.,1(", max_size=80))
def test_only_blanks_are_dropped(text: str) -> None:
    joined = join_split_glyphs(text)
    assert joined.replace(" ", "") == text.replace(" ", "")
    assert len(joined) <= len(text)


def test_form_of_a_syllable() -> None:
    assert all(map(is_syllable, ["nghiêng", "quyết", "ừ", "giữa", "đẩy", "khuyếch"]))
    assert not any(map(is_syllable, ["ng", "đ", "str", "facebook", "zalo1", ""]))
