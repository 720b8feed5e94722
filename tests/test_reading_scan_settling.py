"""Scans: labels, codes and numbers that the engine misreads."""

from __future__ import annotations

import pytest
from support_scan import (
    EM,
    page_of,
    word,
)

from kh_nlp.reading.scan.codes import settle_cell, settle_codes
from kh_nlp.reading.scan.labels import settle_labels
from kh_nlp.reading.scan.layout import PrintedLine
from kh_nlp.reading.scan.numbering import settle_numbers
from kh_nlp.reading.scan.pages import LayoutLine, LayoutTable, PageLayout
from kh_nlp.reading.scan.phrases import settle_phrases
from kh_nlp.reading.scan.rereading import _weighed
from kh_nlp.reading.scan.tesseract import Word


def settled(*texts: str) -> list[str]:
    (page,) = settle_labels([page_of(*texts)])
    return [item.text for item in page.items if isinstance(item, LayoutLine)]


def test_labels_are_set_right_by_their_neighbours() -> None:
    assert settled("I.MỤC ĐÍCH, YÊU CẦU", "l. Mục đích", "2. Yêu cầu") == [
        "I. MỤC ĐÍCH, YÊU CẦU",
        "1. Mục đích",
        "2. Yêu cầu",
    ]
    assert settled("à) Một;", "b) Hai;", "C) Ba;", "đ) Bốn;", "đ) Năm;", "c) Sáu;") == [
        "a) Một;",
        "b) Hai;",
        "c) Ba;",
        "d) Bốn;",
        "đ) Năm;",
        "e) Sáu;",
    ]


def test_the_first_chapter_is_one_when_the_second_follows() -> None:
    assert settled("L. MỤC ĐÍCH", "1. Một", "II. NỘI DUNG")[0] == "I. MỤC ĐÍCH"
    assert settled("L. MỤC ĐÍCH", "1. Một", "LI. NỘI DUNG")[0] == "L. MỤC ĐÍCH"


def test_notes_without_a_readable_label_count_on() -> None:
    first = page_of("Theo quy định¹ của tỉnh", "¹ Nghị quyết số 76/NQ-CP.")
    second = page_of("Khám bệnh⁰; chữa bệnh⁰.", "⁰ Quyết định số 06/QĐ-TTg.", "⁰ Luật số 10.")
    pages = settle_labels([first, second])
    assert [item.text for item in pages[1].items if isinstance(item, LayoutLine)] == [
        "Khám bệnh²; chữa bệnh³.",
        "² Quyết định số 06/QĐ-TTg.",
        "³ Luật số 10.",
    ]


def test_dust_before_labels_is_taken_away() -> None:
    assert settled(".IV. TỔ CHỨC THỰC HIỆN", "._1. Sở Nội vụ", "_a) Chủ trì;", "-6. Công an") == [
        "IV. TỔ CHỨC THỰC HIỆN",
        "1. Sở Nội vụ",
        "a) Chủ trì;",
        "6. Công an",
    ]
    kept = ("- Lưu: VT.", "-Sở Nội vụ;", "- 06 lớp;", "..., ngày 5 tháng 3", '"Dân hỏi"')
    assert settled(*kept) == list(kept)
    assert settled("5, Đối thoại", "6.Ủy ban", "II.ĐỐI TƯỢNG", "1,5 tỷ đồng", "2,Ư") == [
        "5. Đối thoại",
        "6. Ủy ban",
        "II. ĐỐI TƯỢNG",
        "1,5 tỷ đồng",
        "2. Ư",
    ]


def test_a_chapter_without_its_stop_gets_it_after_one_that_has_it() -> None:
    assert settled("I. PHÂN CÔNG", "II CHẾ ĐỘ BÁO CÁO")[1] == "II. CHẾ ĐỘ BÁO CÁO"
    assert settled("I PHÂN CÔNG", "II CHẾ ĐỘ BÁO CÁO")[1] == "II CHẾ ĐỘ BÁO CÁO"


def test_a_chapter_between_two_others_is_counted() -> None:
    read = ("I. MỤC ĐÍCH", "III. NỘI DUNG", "III. HÌNH THỨC", "IV. KINH PHÍ")
    assert settled(*read)[1] == "II. NỘI DUNG"
    parts = ("I. MỤC ĐÍCH", "I. NHIỆM VỤ", "III. KINH PHÍ", "V. PHỤ LỤC")  # "Phần thứ hai" begins
    assert settled(*parts) == list(parts)
    assert settled("1: Việc của xã", "2:2. Tuyên truyền", "8:30 sáng") == [
        "1. Việc của xã",
        "2.2. Tuyên truyền",
        "8:30 sáng",
    ]


def test_misread_numbers_of_notes_follow_from_the_pages_around() -> None:
    first = page_of("Cấp xã² rộng 12 km² và 30 m³; theo³.", "² Gồm 09 xã.", "³ Năm 2020.")
    second = page_of("Bưu điện³.", "³ Nghị định số 45/2020/NĐ-CP.")
    one, other = settle_labels([first, second])
    assert [line.text for line in one.items if isinstance(line, LayoutLine)] == [
        "Cấp xã¹ rộng 12 km² và 30 m³; theo².",
        "¹ Gồm 09 xã.",
        "² Năm 2020.",
    ]
    assert other.items[0] == second.items[0]
    excerpt = [page_of("Một⁵.", "⁵ Luật."), page_of("Hai⁷.", "⁷ Nghị quyết.")]
    assert settle_labels(excerpt) == excerpt  # what went before, or was lost, is not known


def test_labels_that_may_be_printed_so_stay() -> None:
    for lines in (
        ["I. Mục đích", "II. Yêu cầu"],
        ["a) Một;", "b) Hai;", "1. Ba", "a) Bốn;", "b) Năm;"],
        ["d) Bốn;", "e) Năm;"],
        ["c) Ba;", "d) Bốn;", "e) Năm;"],
        ["I. Quan điểm", "V. TỔ CHỨC THỰC HIỆN"],
    ):
        assert settled(*lines) == lines


def test_codes_formulas_and_pairs_are_set_right_and_nothing_else() -> None:
    assert settle_codes("Nghị quyết số 76NQ-CP, Quyết định số 06/QĐ-TTq") == (
        "Nghị quyết số 76/NQ-CP, Quyết định số 06/QĐ-TTg"
    )
    assert settle_codes("số 09-NQ/TU và 15KH thì giữ") == "số 09-NQ/TU và 15KH thì giữ"
    assert settle_codes("PHO CHU TICH") == "PHÓ CHỦ TỊCH"
    assert settle_codes("KÉẺ HOẠCH") == "KẾ HOẠCH"
    assert (
        settle_codes("CỘNG HOÀ XÃ HỘI CHỦ NGHĨA VIỆT NAM") == "CỘNG HOÀ XÃ HỘI CHỦ NGHĨA VIỆT NAM"
    )
    assert settle_codes("Kế hoạch") == "Kế hoạch"
    assert settle_phrases("UBND Thành phó TÔ CHỨC, mức chỉ và chỉ tiêu") == (
        "UBND Thành phố TỔ CHỨC, mức chi và chỉ tiêu"
    )


def test_the_first_group_of_a_table_is_a_roman_one() -> None:
    rows = ((("TT",), ("Nội dung",)), (("1",), ("Đầu năm",)), (("1",), ("Họp",)), (("2",), ("In",)))
    table = LayoutTable(tuple(tuple(tuple(c) for c in row) for row in rows))
    (page,) = settle_labels([PageLayout((table,), 95, 9)])
    (item,) = page.items
    assert isinstance(item, LayoutTable)
    assert [row[0] for row in item.rows] == [("TT",), ("I",), ("1",), ("2",)]


@pytest.mark.parametrize(
    ("read", "printed"),
    [
        (["TT", "1", "“", "3", "", "5"], ["TT", "1", "2", "3", "4", "5"]),
        (["TT", "l", "2", "3", "S"], ["TT", "1", "2", "3", "4"]),
        (["TT", "", "2", "3"], ["TT", "", "2", "3"]),  # goes on from the page before
        (["TT", "4", "2", "6", "7"], ["TT", "4", "5", "6", "7"]),
        (["HỆ", "5", "6", "", "7"], ["HỆ", "5", "6", "", "7"]),  # a row that goes on has no number
        (["di b", "1", "2", "3"], ["TT", "1", "2", "3"]),  # small bold type
        (["M bí l", "1", "2", "3"], ["TT", "1", "2", "3"]),
        (["Bước", "1", "2", "3"], ["Bước", "1", "2", "3"]),
        (["QUÝ", "1", "2", "3"], ["QUÝ", "1", "2", "3"]),
        (["TT", "12", "40", "7"], ["TT", "12", "40", "7"]),  # no numbering at all
        (["TT", "1.", "2.", "I", "1.", "?", "3."], ["TT", "1.", "2.", "I", "1.", "2.", "3."]),
    ],
)
def test_numbers_of_rows_count_up(read: list[str], printed: list[str]) -> None:
    def row(label: str) -> list[tuple[str, ...]]:
        group = label == "I"
        return [(label,) if label else (), ("Nội dung",), () if group else ("Sở Nội vụ",)]

    rows = [row(label) for label in read]
    settle_numbers(rows)
    assert [" ".join(row[0]) for row in rows] == printed


def test_two_readings_are_weighed_word_by_word() -> None:
    first = [word("thành", 0, 50), word("phô,", 100, 50), word("và", 200, 50), word("Tổ", 300, 50)]
    second = [
        word("thành", 0, 50),
        word("phố.", 100, 50),
        word("'", 180, 50),
        word("và", 200, 50),
        Word("To", 300, 10, 340, 50, 60.0),
    ]
    line = PrintedLine("", (0, 10, 400, 50), EM, 96, words=tuple(first))
    assert _weighed(line, second).text == "thành phố, và Tổ"


@pytest.mark.parametrize(
    ("read", "printed"),
    [
        ("ngày: 28/01/2022", "ngày: 28/01/2022"),  # printed so on forms
        ("QUYẾT ĐỊNH.", "QUYẾT ĐỊNH"),
        ("Đoàn TÑNCS, NÑăm 2022", "Đoàn TNCS, Năm 2022"),
        ("Quý 11/2026, quý II1", "Quý II/2026, quý III"),
        ("Quý 1/2026", "Quý 1/2026"),
        ("- Sở Nội vụ (bíc);", "- Sở Nội vụ (b/c);"),
        ('Mở mục "Hỏi một cửa”', 'Mở mục "Hỏi một cửa"'),
        ("Số: 77/KH-SILIT", "Số: 77/KH-STTTT"),
        ("NỘI DUNG LHEO CẤP HỌC, 1HỂ LỆ", "NỘI DUNG THEO CẤP HỌC, THỂ LỆ"),
        ("- Bộ Nội vụ (b/);", "- Bộ Nội vụ (b/c);"),
        ("Nghị quyết số 04-NQ/ĐĐU, 12/ĐĐBQH", "Nghị quyết số 04-NQ/ĐU, 12/ĐĐBQH"),
        ("35/KH-UBND,. ngày", "35/KH-UBND ngày"),
        ("Thông tư số 22/2023/TT-BTTIT", "Thông tư số 22/2023/TT-BTTTT"),
        ("xã la Tơre; la cà", "xã Ia Tơre; la cà"),
        ("5.000 đô la Mỹ, xã La Hiên", "5.000 đô la Mỹ, xã La Hiên"),
        ("số 76/2025/UBTVQHI5", "số 76/2025/UBTVQH15"),
        ("Chợ Bến 'Vàm", "Chợ Bến Vàm"),
        ("trên 'Zalo' của xã", "trên 'Zalo' của xã"),
        ("LHQ, LHPN tỉnh, 1H sáng, LHTN", "LHQ, LHPN tỉnh, 1H sáng, LHTN"),
    ],
)
def test_what_cannot_be_printed_so_is_set_right(read: str, printed: str) -> None:
    assert settle_codes(read) == printed


def test_a_quote_ends_in_a_line_below() -> None:
    assert settle_cell(("Hội diễn", '"Cửa công,', "lòng dân”")) == (
        "Hội diễn",
        '"Cửa công,',
        'lòng dân"',
    )
    assert settle_cell(("Hợp tác xã la", "Tơre")) == ("Hợp tác xã Ia", "Tơre")
    assert settle_cell(()) == ()


def numbered(*pages: list[list[str]]) -> list[str]:
    """The first cells of a table over several pages, each row given by label, text and body."""
    layouts = [
        PageLayout((LayoutTable(tuple(tuple((c,) if c else () for c in row) for row in page)),), 95)
        for page in pages
    ]
    tables = [page.items[0] for page in settle_labels(layouts)]
    return [
        " ".join(row[0]) for table in tables if isinstance(table, LayoutTable) for row in table.rows
    ]


def test_unread_groups_are_told_by_how_little_is_in_them() -> None:
    def row(label: str) -> list[str]:
        group = label in ("I", "II", "Hì!")
        return [label, f"Việc {label}", *(["", "", ""] if group else ["Sở", "Quý I", "Tin"])]

    read = ("TT", "I", "1", "72", "8", "II", "4", "5", "Hì!", "Z4", "7")
    printed = ["TT", "I", "1", "2", "3", "II", "4", "5", "III", "6", "7"]
    assert numbered([row(label) for label in read]) == printed


def test_numbers_go_on_over_groups_and_pages() -> None:
    title = ["ST", "Nội dung", "Cơ quan"]
    rows = {n: [n, f"Việc {n}", "Sở Nội vụ"] for n in ("1", "2", "3", "5", "6", "JÀ", "V¿")}
    groups = [["A", "Chuẩn bị", ""], ["B", "Tổ chức", ""], ["", "Tổng kết", ""]]
    first = [title, groups[0], rows["1"], rows["2"], groups[1], rows["3"], rows["JÀ"], rows["5"]]
    first.append(groups[2])
    second = [["j b", *title[1:]], rows["6"], rows["V¿"]]
    assert numbered(first, second) == [
        *("TT", "A", "1", "2", "B", "3", "4", "5", "C"),
        *("TT", "6", "7"),
    ]


def test_the_rest_of_a_cut_row_is_no_group() -> None:
    title = ["TT", "Nội dung", "Cơ quan"]
    first = [title, ["A", "Một", ""], ["1", "Họp", "Sở"], ["B", "Hai", ""], ["2", "In", "Sở"]]
    assert numbered(first, [["", "phần mềm", ""], ["3", "Phát", "Sở"]])[5:] == ["", "3"]
