"""What two titles have in common: their subject, not the words that carry one."""

from __future__ import annotations

import pytest

from kh_nlp.drafting.kindred import SAME_SUBJECT, likenesses

OTHERS = [
    "Thực hiện Đề án 06 và phong trào “Bình dân học vụ số” trên địa bàn xã Đắk Ruông năm 2026",
    "Triển khai Đề án “Nâng cao nhận thức cộng đồng và quản lý rủi ro thiên tai” đến năm 2030",
    "Phát triển ứng dụng dữ liệu về dân cư, định danh và xác thực điện tử phục vụ chuyển đổi số "
    "quốc gia giai đoạn 2022 - 2025, tầm nhìn đến năm 2030",
    "Phòng, chống ma túy trên địa bàn tỉnh năm 2025",
    "Thực hiện Nghị quyết số 57-NQ/TW ngày 22/12/2024 của Bộ Chính trị về khoa học",
    "Cải cách hành chính năm 2025",
]


@pytest.mark.parametrize(
    ("title", "alike"),
    [
        ("Thực hiện Đề án 06 năm 2027", {0, 2}),
        ("Triển khai Đề án số 06 năm 2027", {0, 2}),
        ("Thực hiện Đề án 07 năm 2027", set()),
        ("Phòng, chống thiên tai năm 2027", {1}),
        ("Phòng, chống ma túy năm 2027", {3}),
        ("Triển khai thực hiện Nghị quyết số 57-NQ/TW năm 2027", {4}),
        ("Triển khai thực hiện Nghị quyết số 58-NQ/TW năm 2027", set()),
        ("Chương trình cải cách hành chính 6 tháng cuối năm 2027", {5}),
        ("Kế hoạch năm 2027", set()),
    ],
)
def test_a_subject_is_not_the_kind_of_programme(title: str, alike: set[int]) -> None:
    found = likenesses(title, OTHERS)
    assert {place for place, value in enumerate(found) if value >= SAME_SUBJECT} == alike, found
