"""Labels, deadlines, bodies and quantities: the small readers inside a plan's reading."""

from __future__ import annotations

import pytest

from kh_nlp.parsing.bodies import lead_and_partners, responsible, split_bodies
from kh_nlp.parsing.dates import due_period
from kh_nlp.parsing.labels import read_labels, roman_value
from kh_nlp.parsing.quantities import find_quantities


@pytest.mark.parametrize(
    ("line", "style", "ordinal", "printed"),
    [
        ("IV. KINH PHÍ", "roman", 4, "IV"),
        ("I11. KINH PHI", "roman", 3, "III"),
        ("4.1. Thông tin", "decimal", 1, "4.1"),
        ("đ) Nội dung", "letter", 5, "đ"),
        ("(2) Nội dung", "bracket", 2, "2"),
        ("Điều 3. Hiệu lực", "article", 3, "Điều 3"),
        ("Phần thứ hai NỘI DUNG", "part", 2, "Phần thứ hai"),
        ("B. NHIỆM VỤ", "upper", 2, "B"),
        ("4.2.b. Ủy ban", "letter", 2, "b"),
        ("1 . Ban Thường trực", "arabic", 1, "1"),
        ("2- 100% thôn, buôn", "arabic", 2, "2"),
        ("2/ Yêu cầu", "arabic", 2, "2"),
        ("4, Ủy ban nhân dân xã", "arabic", 4, "4"),
        ("a/ Điểm tiêm cố định", "letter", 1, "a"),
        ("b- Báo cáo kết quả", "letter", 2, "b"),
        ("1.2/ Công tác tuyên truyền", "decimal", 2, "1.2"),
    ],
)
def test_labels(line: str, style: str, ordinal: int, printed: str) -> None:
    label = read_labels(line)[0]
    assert (label.style, label.ordinal, label.print) == (style, ordinal, printed)


@pytest.mark.parametrize(
    "line",
    [
        "2026 là năm",
        "15/7/2021 của",
        "a-xít",
        "2-3 lớp",
        "3,5 triệu đồng",
        "3, 5 triệu đồng",
        "Ban hành",
        "",
    ],
)
def test_lines_without_label(line: str) -> None:
    assert read_labels(line) == []


def test_roman_numerals() -> None:
    known = {"I": 1, "IV": 4, "IX": 9, "XIV": 14, "XL": 40, "LXIX": 69}
    assert {text: roman_value(text) for text in known} == known
    assert roman_value("IIII") is None and roman_value("VX") is None


@pytest.mark.parametrize(
    ("deadline", "start", "end"),
    [
        ("Quý I/2026", "2026-01-01", "2026-03-31"),
        ("Quý II-III/2026", "2026-04-01", "2026-09-30"),
        ("Quý IV năm 2025", "2025-10-01", "2025-12-31"),
        ("Quý III", "2026-07-01", "2026-09-30"),
        ("Q.III/2026", "2026-07-01", "2026-09-30"),
        ("Quí 2 năm 2026", "2026-04-01", "2026-06-30"),
        ("Từ tháng 3 đến 15/5/2026", "2026-05-15", "2026-05-15"),
        ("9/2026", "2026-09-01", "2026-09-30"),
        ("3 - 5/2026", "2026-03-01", "2026-05-31"),
        ("11 - 20/7/2026", "2026-07-11", "2026-07-20"),
        ("Từ 25/3 đến hết ngày 25/6/2024", "2024-03-25", "2024-06-25"),
        ("Tháng 2/2024", "2024-02-01", "2024-02-29"),
        ("Từ tháng 3 đến tháng 5/2026", "2026-03-01", "2026-05-31"),
        ("Tháng 3 - 4/2024", "2024-03-01", "2024-04-30"),
        ("Tháng 3 – 4/2024", "2024-03-01", "2024-04-30"),
        ("Tháng 4 và tháng 10/2026", "2026-04-01", "2026-10-31"),
        ("Tháng 12/2021 và tháng 6/2022", "2021-12-01", "2022-06-30"),
        ("Từ tháng 11/2023 đến hết tháng 4/2024", "2023-11-01", "2024-04-30"),
        ("6 tháng đầu năm 2026", "2026-01-01", "2026-06-30"),
        ("Sáu tháng cuối năm", "2026-07-01", "2026-12-31"),
        ("Cả năm 2026", "2026-01-01", "2026-12-31"),
        ("2026 - 2030", "2026-01-01", "2030-12-31"),
        ("Trước ngày 30/11/2026", "2026-01-01", "2026-11-29"),
        ("ngày 11/9/2026 (thứ Sáu)", "2026-09-11", "2026-09-11"),
        ("từ ngày 11/9/2026 đến ngày 20/9/2026", "2026-09-11", "2026-09-20"),
        ("ngày 30 tháng 9 năm 2014", "2014-09-30", "2014-09-30"),
    ],
)
def test_deadlines_that_are_certain(deadline: str, start: str, end: str) -> None:
    due = due_period(deadline, 2026)
    assert due is not None
    assert (due.start, due.end) == (start, end)


@pytest.mark.parametrize(
    "deadline",
    [
        "Thường xuyên",
        "Hằng quý",
        "Hằng năm",
        "31/02/2026",
        "Tháng 13/2024",
        "Khi có kết quả",
        "",
        None,
    ],
)
def test_deadlines_that_are_not(deadline: str | None) -> None:
    assert due_period(deadline, 2026) is None


@pytest.mark.parametrize(
    ("cell", "bodies"),
    [
        ("Văn phòng HĐND và UBND xã; Các phòng", ("Văn phòng HĐND và UBND xã", "Các phòng")),
        ("HĐND và UBND xã", ("HĐND", "UBND xã")),
        ("Sở Nội vụ; UBND các xã, phường", ("Sở Nội vụ", "UBND các xã, phường")),
        ("Sở Văn hóa, Thể thao và Du lịch", ("Sở Văn hóa, Thể thao và Du lịch",)),
        ("Phòng Văn hóa - Xã hội", ("Phòng Văn hóa - Xã hội",)),
        (
            "Văn phòng, Phòng Nội vụ, Trung tâm VHTT",
            ("Văn phòng", "Phòng Nội vụ", "Trung tâm VHTT"),
        ),
        ("- Tổng Giám đốc; - Giám đốc BHXH", ("Tổng Giám đốc", "Giám đốc BHXH")),
        (None, ()),
    ],
)
def test_bodies_of_a_cell(cell: str | None, bodies: tuple[str, ...]) -> None:
    assert split_bodies(cell) == bodies


def test_lead_and_partners_in_one_cell() -> None:
    cell = "Sở Tư pháp chủ trì, phối hợp với Sở Nội vụ và Sở Tài chính."
    assert lead_and_partners(cell) == ("Sở Tư pháp", "Sở Nội vụ và Sở Tài chính")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Giao Phòng Hành chính – Quản trị theo dõi, đôn đốc", "Phòng Hành chính – Quản trị"),
        ("Ban Chỉ đạo tỉnh có trách nhiệm hướng dẫn", "Ban Chỉ đạo tỉnh"),
        ("Các phòng, ban trực thuộc triển khai Kế hoạch", "Các phòng, ban trực thuộc"),
        ("Căn cứ Kế hoạch này, các sở, ngành xây dựng kế hoạch", "các sở, ngành"),
        ("Tổ chức hội nghị triển khai", None),
        ("Ban hành kế hoạch và tổ chức thực hiện", None),
        ("Báo cáo kết quả thực hiện trước ngày 30/11", None),
    ],
)
def test_who_a_run_in_duty_names(text: str, name: str | None) -> None:
    assert responsible(text, heading=False) == name


@pytest.mark.parametrize(
    ("text", "quantity"),
    [
        (
            "đăng ít nhất 02 tin, bài mỗi tháng",
            ("ít nhất 02 tin, bài", 2.0, "tin, bài", "at_least"),
        ),
        ("100% hồ sơ được giải quyết", ("100% hồ sơ", 100.0, "%", "exactly")),
        ("trên 99,5% người dân hài lòng", ("trên 99,5% người dân hài lòng", 99.5, "%", "at_least")),
        (
            "không quá 1.200 lượt người",
            ("không quá 1.200 lượt người", 1200.0, "lượt người", "at_most"),
        ),
    ],
)
def test_numbers_that_a_task_sets(text: str, quantity: tuple[str, float, str, str]) -> None:
    (found,) = find_quantities(text, [(0, len(text))])
    assert (found.text, found.value, found.unit, found.bound) == quantity
    assert text[found.start : found.end] == found.text


@pytest.mark.parametrize(
    "text", ["năm 2026", "Nghị quyết số 76/NQ-CP", "giai đoạn 2026 - 2030", "15/7/2021", "mục II.3"]
)
def test_numbers_that_set_nothing(text: str) -> None:
    assert find_quantities(text, [(0, len(text))]) == ()
