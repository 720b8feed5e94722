"""Texts made of PDF files: wraps, footnotes, tables kept by blanks, lost letters."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest

from kh_nlp.model import Plan
from kh_nlp.parsing import parse
from kh_nlp.reading import read_text
from kh_nlp.reading.pdf.columns import Group
from kh_nlp.reading.pdf.writing import join_blocks

HEAD = """\
ỦY BAN NHÂN DÂN
XÃ TÂN AN
Số: 12/KH-UBND

CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
Tân An, ngày 05 tháng 3 năm 2026

KẾ HOẠCH
Phòng cháy, chữa cháy năm 2026
Căn cứ Luật Phòng cháy, chữa cháy và cứu nạn, cứu hộ ngày 29 tháng 11
năm 2024, Ủy ban nhân dân xã Tân An xây dựng Kế hoạch phòng cháy, chữa
cháy như sau:
"""
PROSE = """\
I. MỤC ĐÍCH
1. Hạ tầng số
Phủ sóng di động toàn xã, nâng cấp hệ thống báo cháy từ xa của các cơ sở
có nguy cơ cháy, nổ cao theo quy định.
2. Công an xã
400 hộ gia đình được hướng dẫn sử dụng bình chữa cháy xách tay và lối
thoát nạn thứ hai của nhà ở kết hợp kinh doanh.
3. Trung tâm Phục vụ hành chính công và Trạm Y tế
Tổ chức trực cấp cứu, chuẩn bị thuốc và phương tiện để kịp thời xử lý các
tình huống xảy ra trên địa bàn.
4. Văn phòng
Tham mưu bố trí kinh phí; tổng hợp kết quả thực hiện và báo cáo Ủy ban
nhân dân xã theo quy định.
5. Các thôn
Vận động Nhân dân trang bị bình chữa cháy.
"""
TORN = "\n".join(f"{n}\n\nNội dung {n}\n\nĐơn vị {n}\n" for n in range(1, 14))


def _headings(plan: Plan) -> dict[str | None, str | None]:
    return {section.number: section.heading for section in plan.sections if not section.annex}


def test_blanks_of_a_torn_table_tell_no_paragraphs() -> None:
    plan = parse(read_text(f"{HEAD}{PROSE}PHỤ LỤC\nDANH MỤC\n\n{TORN}"))
    assert _headings(plan) == {
        "I": "MỤC ĐÍCH",
        "I.1": "Hạ tầng số",
        "I.2": "Công an xã",
        "I.3": "Trung tâm Phục vụ hành chính công và Trạm Y tế",
        "I.4": "Văn phòng",
        "I.5": "Các thôn",
    }
    assert "của các cơ sở có nguy cơ" in plan.text
    assert "bình chữa cháy xách tay và lối thoát nạn" in plan.text


def test_numerals_with_a_dash_begin_paragraphs() -> None:
    text = (
        f"{HEAD}A. PHẦN CHUNG\nI- MỤC TIÊU\n"
        "1- Nâng cao nhận thức, trách nhiệm của các cấp ủy, tổ chức đảng\nvà chính quyền.\n"
        "II- GIẢI PHÁP\n"
        "1- Tổ chức quán triệt đến cán bộ, đảng viên trong toàn xã và\ncác thôn.\n"
    )
    headings = _headings(parse(read_text(text)))
    assert headings["A.I"] == "MỤC TIÊU"
    assert headings["A.II"] == "GIẢI PHÁP"
    assert "A.II.1" in headings


def test_notes_with_plain_digits() -> None:
    first = "I. TÌNH HÌNH\nToàn xã có 312 ca mắc1, tăng 2,1 lần; diện tích 50 m2.\n"
    text = (
        f"{HEAD}{first}II. MỤC TIÊU\nGiảm chỉ số (BI)2 dưới 30 tại 100% thôn.\n\n"
        "1 Số liệu cập nhật ngày 15/5/2026.\n2 Chỉ số Breteau.\n\f"
        "III. NHIỆM VỤ\nPhun hóa chất.\n2 Đội phun hóa chất hoạt động thường xuyên.\n"
    )
    plan = parse(read_text(text))
    numbers = {section.id: section.number for section in plan.sections}
    notes = [(note.label, numbers.get(note.section or ""), note.text) for note in plan.notes]
    assert notes == [
        ("1", "I", "Số liệu cập nhật ngày 15/5/2026."),
        ("2", "II", "Chỉ số Breteau."),
    ]
    assert "2 Đội phun" in plan.text
    assert "50 m2" in plan.text


INDENTED = """\
   ỦY BAN NHÂN DÂN          CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
      XÃ TÂN AN                  Độc lập - Tự do - Hạnh phúc
    Số: 12/KH-UBND            Tân An, ngày 05 tháng 3 năm 2026

                              KẾ HOẠCH
                   Phòng cháy, chữa cháy năm 2026

        Thực hiện Kế hoạch số 45/KH-UBND ngày 10/01/2026 của Ủy ban nhân
dân tỉnh, Ủy ban nhân dân xã xây dựng Kế hoạch như sau:
        I. MỤC ĐÍCH
        1. Yêu cầu
        Xác định rõ trách nhiệm.
        2. Đối tượng
        Các hộ gia đình, cơ sở sản xuất, kinh doanh trên địa bàn xã và các
cơ quan, đơn vị.
        II. NHIỆM VỤ
        Phân công nhiệm vụ cho các cơ quan, đơn vị theo biểu sau đây, thời
gian tính theo tháng:
{table}
        III. TỔ CHỨC THỰC HIỆN
        1. Công an xã
        Theo dõi, đôn đốc.
   Nơi nhận:                             TM. ỦY BAN NHÂN DÂN
   - UBND tỉnh;                               CHỦ TỊCH
   - Lưu: VT.                               Trần Văn An
"""


def _printed(table: str) -> Plan:
    return parse(read_text(INDENTED.format(table=table)))


def _rows(plan: Plan) -> list[tuple[object, ...]]:
    rows = [task for task in plan.tasks if task.origin == "table"]
    return [(t.order, t.content, t.lead, t.deadline) for t in rows]


def test_a_row_cut_by_a_page_and_its_titles() -> None:
    plan = _printed(
        """\
 TT      Nội dung công việc        Đơn vị chủ trì      Thời gian
 1     Rà soát các cơ sở có        Công an xã          Tháng 3/2026
       nguy cơ cháy, nổ
 2     Tổ chức hội nghị tuyên      Phòng Văn hóa -     Tháng 4/2026
                                       2
 TT      Nội dung công việc        Đơn vị chủ trì      Thời gian
       truyền tại các thôn         Xã hội
 3     Diễn tập chữa cháy          Công an xã          Tháng 5/2026"""
    )
    assert _rows(plan) == [
        (1, "Rà soát các cơ sở có nguy cơ cháy, nổ", ("Công an xã",), "Tháng 3/2026"),
        (
            2,
            "Tổ chức hội nghị tuyên truyền tại các thôn",
            ("Phòng Văn hóa - Xã hội",),
            "Tháng 4/2026",
        ),
        (3, "Diễn tập chữa cháy", ("Công an xã",), "Tháng 5/2026"),
    ]
    headings = _headings(plan)
    assert (headings["I.1"], headings["III"], headings["III.1"]) == (
        "Yêu cầu",
        "TỔ CHỨC THỰC HIỆN",
        "Công an xã",
    )


def test_cells_that_one_blank_separates() -> None:
    plan = _printed(
        """\
 TT      Nội dung công việc       Thời gian thực hiện Đơn vị chủ trì
 1     Rà soát các cơ sở có       Tháng 3/2026        Công an xã
       nguy cơ cháy, nổ
 2     Tổ chức tuyên truyền       Trước ngày 30/6/2026 Văn phòng
 3     Diễn tập chữa cháy ở chợ   Tháng 5/2026        Công an xã
 4     Mua máy bơm chữa cháy mini Tháng 6/2026        Văn phòng"""
    )
    assert [row[1:] for row in _rows(plan)] == [
        ("Rà soát các cơ sở có nguy cơ cháy, nổ", ("Công an xã",), "Tháng 3/2026"),
        ("Tổ chức tuyên truyền", ("Văn phòng",), "Trước ngày 30/6/2026"),
        ("Diễn tập chữa cháy ở chợ", ("Công an xã",), "Tháng 5/2026"),
        ("Mua máy bơm chữa cháy mini", ("Văn phòng",), "Tháng 6/2026"),
    ]


def test_a_table_without_numbers() -> None:
    plan = _printed(
        """\
        Tháng            Nội dung trọng tâm             Người phụ trách
3/2026            Rà soát các cơ sở có nguy      Ban Giám hiệu
                  cơ cháy, nổ
4/2026            Tổ chức hội nghị               Tổ trưởng chuyên môn"""
    )
    assert [row[1:] for row in _rows(plan)] == [
        ("Rà soát các cơ sở có nguy cơ cháy, nổ", ("Ban Giám hiệu",), "3/2026"),
        ("Tổ chức hội nghị", ("Tổ trưởng chuyên môn",), "4/2026"),
    ]


def test_a_closing_over_a_footnote() -> None:
    text = (
        f"{HEAD}{PROSE}Nơi nhận:\n- UBND tỉnh;\n[1] Tổng sản phẩm trên địa bàn.\n"
        "TM. ỦY BAN NHÂN DÂN\nCHỦ TỊCH\n\nTrần Văn An\n"
    )
    assert parse(read_text(text)).header.signer == "Trần Văn An"


def test_signatures_of_two_bodies_in_lines_of_their_own() -> None:
    text = (
        f"{HEAD}{PROSE}\nTM. BAN THƯỜNG VỤ HUYỆN ĐOÀN BÍ THƯ Nguyễn Hoài Thương\n\n"
        "TRƯỞNG CÔNG AN HUYỆN Thượng tá Phạm Ngọc Tân\n\nNơi nhận:\n- UBND huyện;\n- Lưu: VT.\n"
    )
    header = parse(read_text(text)).header
    assert (header.signer, header.recipients) == ("Nguyễn Hoài Thương", ("UBND huyện", "Lưu: VT"))


@pytest.mark.parametrize("empty", [0, 1])
def test_a_column_that_is_all_in_the_page_before(empty: int) -> None:
    """Lines taken into the page before leave a column without lines."""
    line = SimpleNamespace(base=800.0, size=12.0, left=80.0, right=200.0, text="- Lưu: VT.")
    columns = [Group([cast(Any, line)], block=True), Group([cast(Any, line)], block=True)]
    columns[empty].lines.clear()
    pages = [
        SimpleNamespace(
            page=SimpleNamespace(number=number, height=842.0), blocks=blocks, overleaf=[], taken=0
        )
        for number, blocks in ((1, columns), (2, [Group([cast(Any, line)])]))
    ]
    join_blocks(cast(Any, pages))
    assert pages[1].taken == 0


DAMAGED = """\
SO NOI VU
TINH LAM DONG

CONG HOA XA HOI CHU NGHIA VIET NAM
Doc lap - Tu do - Hanh phuc
So: 12/QD-SNV

KE HOACH
Cai cach hanh chinh nam 2023

Can cu Nghi dinh so 61/2018/ND-CP ngay 23 thang 4 nam 2018 cua Chinh phu ve thuc hien co che mot
cua; Quyet dinh so 468/QD-TTg ngay 27 thang 3 nam 2021 cua Thu tuong Chinh phu, So Noi vu xay dung
Ke hoach nhu sau:

I. MUC DICH

Nang cao chat luong phuc vu nguoi dan va doanh nghiep trong giai quyet thu tuc hanh chinh.

II. NHIEM VU

Ra soat, don gian hoa thu tuc hanh chinh thuoc tham quyen giai quyet cua don vi.
"""


def test_codes_and_short_capitals_of_damaged_text() -> None:
    plan = parse(read_text(DAMAGED))
    assert plan.quality.damaged
    assert plan.text.startswith("SỞ NỘI VỤ\nTỈNH LÂM ĐỒNG") or "SỞ NỘI VỤ" in plan.text
    assert (plan.header.number, plan.header.symbol) == ("12/QĐ-SNV", "QĐ-SNV")
    assert [c.number for c in plan.citations if c.number] == ["61/2018/NĐ-CP", "468/QĐ-TTg"]
    assert all(plan.text[c.start : c.end] == c.text for c in plan.citations)


def test_a_number_in_a_sound_text_stays_as_printed() -> None:
    text = f"{HEAD}I. CĂN CỨ\nThực hiện Nghị định số 61/2018/ND-CP ngày 23/4/2018 của Chính phủ.\n"
    assert [c.number for c in parse(read_text(text)).citations if c.number] == ["61/2018/ND-CP"]
