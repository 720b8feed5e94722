"""Titles of task tables, groups and sums in them, and lists of capitals below Roman numerals."""

from __future__ import annotations

import pytest

from kh_nlp.model import Plan
from kh_nlp.parsing import parse
from kh_nlp.reading import read_text
from kh_nlp.reading.columns import meaning

HEAD = """\
ỦY BAN NHÂN DÂN
XÃ TÂN AN

Số: 12/KH-UBND

Tân An, ngày 05 tháng 3 năm 2026

KẾ HOẠCH
Phòng cháy, chữa cháy năm 2026

"""


def _tasks(table: str) -> list[tuple[object, ...]]:
    plan = parse(read_text(f"{HEAD}I. NHIỆM VỤ\n\nTheo biểu sau:\n\n{table}\n"))
    rows = [task for task in plan.tasks if task.origin == "table"]
    return [(t.order, t.group, t.content, t.lead, t.partners, t.deadline, t.output) for t in rows]


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Cơ quan, cá nhân thực hiện", "lead"),
        ("Đơn vị (cá nhân) thực hiện", "lead"),
        ("Sở, ngành, địa phương thực hiện", "lead"),  # "phương thực hiện" is no "phương thức"
        ("Xã, phường thực hiện", "lead"),
        ("Phòng, ban thực hiện", "lead"),
        ("Đơn vị được giao", "lead"),
        ("Cán bộ thực hiện", "lead"),
        ("Số thực hiện", None),
        ("Số tổ chức", None),
        ("Cơ quan liên quan", "partners"),
        ("Bắt đầu", "deadline"),
        ("Kết thúc", "deadline"),
        ("Tháng thực hiện", "deadline"),
        ("Ngày trình", "deadline"),
        ("Thời hạn thanh tra", "duration"),
        ("Minh chứng", "output"),
        ("Phương thức thực hiện", "form"),
        ("NS huyện", "budget"),
    ],
)
def test_titles(title: str, expected: str | None) -> None:
    assert meaning(title) == expected


def _torn(*rows: tuple[str, ...]) -> str:
    return "\n".join("|\n" + "\n|\n".join(row) + "\n|" for row in rows)


def test_titles_below_two_common_ones() -> None:
    rows = _tasks(
        _torn(
            ("TT", "Nội dung", "Phân công thực hiện", "Thời gian", "Sản phẩm"),
            ("Chủ trì", "Phối hợp", "Bắt đầu", "Hoàn thành"),
            ("I", "Tuyên truyền"),
            ("1", "In tờ rơi", "Công an xã", "Phòng Văn hóa - Xã hội", "01/4", "10/4", "Tờ rơi"),
            ("2", "Ký cam kết", "Công an xã", "Các thôn", "11/4", "20/4", "Bản cam kết"),
        )
    )
    assert [row[1:] for row in rows] == [
        (
            "Tuyên truyền",
            "In tờ rơi",
            ("Công an xã",),
            ("Phòng Văn hóa - Xã hội",),
            "01/4; 10/4",
            "Tờ rơi",
        ),
        ("Tuyên truyền", "Ký cam kết", ("Công an xã",), ("Các thôn",), "11/4; 20/4", "Bản cam kết"),
    ]


def test_sums_below_a_common_title() -> None:
    rows = _tasks(
        _torn(
            ("TT", "Công việc", "Đơn vị thực hiện", "Kinh phí (triệu đồng)", "Tiến độ"),
            ("Tổng", "NS huyện", "NS xã"),
            ("1", "Xây bể nước", "UBND xã Tân An", "520", "200", "320", "Tháng 8/2026"),
            ("2", "Mua máy bơm", "UBND xã Tân Hòa", "310", "150", "160", "Tháng 9/2026"),
            ("", "Tổng cộng", "", "830", "350", "480", ""),
        )
    )
    assert [(row[2], row[5]) for row in rows] == [
        ("Xây bể nước", "Tháng 8/2026"),
        ("Mua máy bơm", "Tháng 9/2026"),
    ]


def test_numbered_groups() -> None:
    rows = _tasks(
        "TT\tNhiệm vụ\tCơ quan chủ trì\tThời gian\n"
        "1\tHoàn thiện quy định\t\t\n"
        "1.1\tBan hành quy chế\tPhòng Tư pháp\tQuý I\n"
        "1.2\tBan hành nội quy\tCông an xã\tQuý II\n"
        "2\tMua sắm\t\t\n"
        "2.1\tMua bình chữa cháy\tCông an xã\tQuý III\n"
    )
    assert [(row[0], row[1], row[2]) for row in rows] == [
        (1, "Hoàn thiện quy định", "Ban hành quy chế"),
        (2, "Hoàn thiện quy định", "Ban hành nội quy"),
        (1, "Mua sắm", "Mua bình chữa cháy"),
    ]


def test_the_length_of_an_inspection_is_no_deadline() -> None:
    rows = _tasks(
        "TT\tĐối tượng\tNội dung\tThời hạn thanh tra\tThời gian triển khai\tĐơn vị chủ trì\n"
        "1\tUBND xã A\tQuản lý đất đai\t45 ngày\tQuý I/2026\tPhòng Nghiệp vụ 1\n"
        "2\tUBND xã B\tQuản lý ngân sách\t30 ngày\tQuý II/2026\tPhòng Nghiệp vụ 2\n"
    )
    assert [row[5] for row in rows] == ["Quý I/2026", "Quý II/2026"]


def test_a_list_of_members_assigns_nothing() -> None:
    assert not _tasks(
        "STT\tHọ và tên\tChức vụ\tĐịa bàn phụ trách\n"
        "1\tNguyễn Văn A\tTrưởng ban\tThôn 1\n"
        "2\tLê Thị B\tPhó ban\tThôn 2\n"
    )


def _outline(body: str) -> list[str | None]:
    return [section.number for section in parse(read_text(HEAD + body)).sections]


def test_capitals_below_a_numeral() -> None:
    numbers = _outline(
        "I. MỤC ĐÍCH\n\nGiảm số vụ cháy.\n\nII. NỘI DUNG\n\nA. Cấp xã\n\n1. Tuyên truyền.\n\n"
        "2. Kiểm tra.\n\nB. Cấp thôn\n\n1. Ký cam kết.\n\nIII. TỔ CHỨC THỰC HIỆN\n\n1. Công an xã\n"
    )
    below = ["II.A", "II.A.1", "II.A.2", "II.B", "II.B.1"]
    assert numbers == ["I", "II", *below, "III", "III.1"]


def test_capitals_above_numerals_that_begin_anew() -> None:
    numbers = _outline(
        "I. MỞ ĐẦU\n\nNêu sự cần thiết.\n\nA. PHẦN CHUNG\n\nI. MỤC ĐÍCH\n\nGiảm số vụ cháy.\n\n"
        "II. YÊU CẦU\n\nThiết thực.\n\nB. PHẦN RIÊNG\n\nI. NỘI DUNG\n\nKiểm tra.\n"
    )
    assert numbers == ["I", "A", "A.I", "A.II", "B", "B.I"]


def _duties(plan: Plan) -> dict[str | None, tuple[str, ...]]:
    numbers = {section.id: section.number for section in plan.sections}
    return {numbers[t.section or ""]: t.lead for t in plan.tasks if t.origin == "assignment"}


def test_work_that_a_body_gives_to_its_parts() -> None:
    body = (
        "I. TỔ CHỨC THỰC HIỆN\n\n1. Liên đoàn Lao động huyện\n\n"
        "1.1. Ban Tuyên giáo: Hướng dẫn tuyên truyền.\n\n1.2. Văn phòng: Chuẩn bị hội trường.\n\n"
        "2. Công an huyện\n\na) Chủ trì kiểm tra.\n\nb) Báo cáo trước ngày 20/12.\n\n"
        "3. Các thành viên Ban Chỉ đạo theo nhiệm vụ được phân công xuống cơ sở chỉ đạo.\n"
    )
    assert _duties(parse(read_text(HEAD + body))) == {
        "I.1": ("Liên đoàn Lao động huyện",),
        "I.1.1": ("Ban Tuyên giáo",),
        "I.1.2": ("Văn phòng",),
        "I.2": ("Công an huyện",),
        "I.3": ("Các thành viên Ban Chỉ đạo",),
    }


@pytest.mark.parametrize(
    ("body", "numbers"),
    [
        (  # Roman numerals printed again before the numbers below them
            "I. MỤC TIÊU\n\nI.1. Chung\n\nGiảm.\n\nI.2. Cụ thể\n\nBa.\n\nII. NHIỆM VỤ\n\n"
            "II.1. Tuyên truyền\n\nII.1.1. Trên loa\n\nLàm.\n\nII.2. Kiểm tra\n\nLàm.\n",
            ["I", "I.1", "I.2", "II", "II.1", "II.1.1", "II.2"],
        ),
        (  # articles that count on through the chapters
            "Chương I\nCHUNG\n\nĐiều 1. Mục đích\n\nMột.\n\nĐiều 2. Yêu cầu\n\nHai.\n\nChương II\n"
            "NHIỆM VỤ\n\nĐiều 3. Tuyên truyền\n\na) Loa.\n\nb) Báo.\n",
            [
                "Chương I",
                "Chương I.Điều 1",
                "Chương I.Điều 2",
                "Chương II",
                "Chương II.Điều 3",
                "Chương II.Điều 3.a",
                "Chương II.Điều 3.b",
            ],
        ),
        (  # numbers that count on through the numerals
            "I. MỤC TIÊU\n\n1. Một.\n\n2. Hai.\n\nII. NHIỆM VỤ\n\n3. Ba.\n\n4. Bốn.\n",
            ["I", "I.1", "I.2", "II", "II.3", "II.4"],
        ),
        (  # capitals below numbers
            "1. NỘI DUNG\n\nA. Tuyên truyền\n\nLàm.\n\nB. Kiểm tra\n\nLàm.\n\n2. THỰC HIỆN\n\n"
            "Làm.\n",
            ["1", "1.A", "1.B", "2"],
        ),
    ],
)
def test_lists_below_other_lists(body: str, numbers: list[str]) -> None:
    assert _outline(body) == numbers


def test_a_leader_beside_the_bodies_that_lead() -> None:
    rows = _tasks(
        "TT\tNhiệm vụ\tCơ quan chủ trì\tThời gian\tLãnh đạo phụ trách\n"
        "1\tRà soát hộ nghèo\tSở Y tế\tQuý I\tPhó Chủ tịch Trần Văn A\n"
        "2\tTập huấn\tSở Nội vụ\tQuý II\tPhó Chủ tịch Lê Thị B\n"
    )
    assert [row[3] for row in rows] == [("Sở Y tế",), ("Sở Nội vụ",)]


@pytest.mark.parametrize(
    ("units", "leads"),
    [(("Công an xã", "Phòng Kinh tế"), [("Công an xã",), ("Phòng Kinh tế",)]), (("hộ", "%"), [])],
)
def test_a_unit_is_a_body_by_what_stands_below(
    units: tuple[str, str], leads: list[tuple[str, ...]]
) -> None:
    rows = _tasks(
        "TT\tNội dung\tThời gian\tĐơn vị\n"
        f"1\tRà soát hộ nghèo\tQuý I\t{units[0]}\n2\tTập huấn\tQuý II\t{units[1]}\n"
    )
    assert [row[3] for row in rows] == leads


def test_numbers_of_weeks() -> None:
    rows = _tasks(
        "Tuần\tNội dung\tNgười phụ trách\n1\tHọp phụ huynh\tGiáo viên chủ nhiệm\n"
        "2\tThi khảo sát\tTổ chuyên môn\n"
    )
    assert [(row[2], row[5]) for row in rows] == [("Họp phụ huynh", "1"), ("Thi khảo sát", "2")]
