"""Heads as offices of many kinds print them: party, department, ministry, joint, in one line."""

from __future__ import annotations

import pytest

from kh_nlp.model import Header, Plan
from kh_nlp.parsing import parse
from kh_nlp.parsing.places import province, spelled_as
from kh_nlp.reading import read_text

BODY = "\n\nI. MỤC ĐÍCH\n\n1. Một\n\nNội dung.\n\nII. NỘI DUNG\n\n1. Hai\n\nNội dung.\n"


def head(text: str) -> Header:
    return read(text).header


def read(text: str) -> Plan:
    return parse(read_text(text + BODY))


def test_party_committee() -> None:
    plan = read(
        "TỈNH ỦY LẠNG SƠN\n*\nSố 152-KH/TU\n\nĐẢNG CỘNG SẢN VIỆT NAM\n"
        "Lạng Sơn, ngày 23 tháng 5 năm 2025\n\nKẾ HOẠCH\n"
        "thực hiện Nghị quyết số 57-NQ/TW\n-----\n\n"
        "Thực hiện Nghị quyết số 57-NQ/TW, Ban Thường vụ Tỉnh ủy ban hành Kế hoạch như sau:\n\n"
        "I- QUAN ĐIỂM\n\n1- Mục đích\n\n- Một.\n\n2- Yêu cầu\n\n- Hai.\n"
    )
    header = plan.header
    assert (header.number, header.symbol) == ("152-KH/TU", "KH/TU")
    assert (header.issuer, header.level) == ("Tỉnh ủy Lạng Sơn", "province")
    assert (header.province, header.issued_on) == ("Lạng Sơn", "2025-05-23")
    assert header.title == "thực hiện Nghị quyết số 57-NQ/TW"
    assert [s.number for s in plan.sections][:3] == ["I", "I.1", "I.2"]


def test_superior_party_body_above() -> None:
    header = head(
        "ĐẢNG BỘ TỈNH HÀ GIANG\nHUYỆN ỦY QUẢN BẠ\nSố: 45-KH/HU\nĐẢNG CỘNG SẢN VIỆT NAM\n"
        "Quản Bạ, ngày 03 tháng 4 năm 2024\nKẾ HOẠCH\nKiểm tra, giám sát năm 2024\n"
        "Căn cứ Quy định số 22-QĐ/TW ngày 28/7/2021 của Ban Chấp hành Trung ương;"
    )
    assert (header.issuer, header.level, header.province) == (
        "Huyện ủy Quản Bạ",
        "district",
        "Hà Giang",
    )


def test_department_under_its_committee() -> None:
    header = head(
        "UBND TỈNH BẮC GIANG\nSỞ NỘI VỤ\n-------\nCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\n"
        "Độc lập - Tự do - Hạnh phúc\n----------\nSố: 12/KH-SNV\n"
        "Bắc Giang, ngày 15 tháng 01 năm 2024\nKẾ HOẠCH\nCẢI CÁCH HÀNH CHÍNH NĂM 2024\n"
        "Căn cứ Kế hoạch số 01/KH-UBND ngày 02/01/2024 của UBND tỉnh;"
    )
    assert (header.issuer, header.level) == ("Sở Nội vụ tỉnh Bắc Giang", "province_agency")
    assert (header.place, header.province) == ("Bắc Giang", "Bắc Giang")


def test_youth_union_whose_nation_is_its_own_name() -> None:
    header = head(
        "ĐOÀN TNCS HỒ CHÍ MINH\nBCH TỈNH KIÊN GIANG\n***\nSố: 304-KH/TĐTN-PT\n\n"
        "ĐOÀN TNCS HỒ CHÍ MINH\n\nKiên Giang, ngày 18 tháng 5 năm 2021\n\n"
        "KẾ HOẠCH\nTổ chức Chiến dịch Thanh niên tình nguyện hè năm 2021\n"
    )
    assert header.issuer == "BCH Đoàn TNCS Hồ Chí Minh tỉnh Kiên Giang"
    assert (header.number, header.province) == ("304-KH/TĐTN-PT", "Kiên Giang")


@pytest.mark.parametrize("between", ["\n", " "])
def test_standing_board_of_a_district_association(between: str) -> None:
    header = head(
        f"HỘI LHPN TỈNH NGHỆ AN\nBAN THƯỜNG VỤ{between}HỘI LHPN HUYỆN ĐÔ LƯƠNG\n\n"
        "Số: 15/KH-BTV\n\nĐô Lương, ngày 20 tháng 02 năm 2019\n\n"
        "KẾ HOẠCH\nKỷ niệm ngày Quốc tế Phụ nữ năm 2019\n"
    )
    assert header.issuer == "Ban Thường vụ Hội LHPN huyện Đô Lương"
    assert (header.level, header.province) == ("district", "Nghệ An")


def test_nation_broken_over_two_lines_beside_the_issuer() -> None:
    header = head(
        "ỦY BAN NHÂN DÂN CỘNG HÒA XÃ HỘI CHỦ NGHĨA\n: VIỆT NAM\nHUYỆN THẠCH THÀNH\n"
        "Độc lập - Tự do - Hạnh phúc\nSố: 33/KH-UBND Thạch Thành, ngày 25 tháng 01 năm 2022\n\n"
        "KẾ HOẠCH\nBảo đảm an toàn giao thông năm 2022\n"
    )
    assert (header.issuer, header.place) == ("UBND huyện Thạch Thành", "Thạch Thành")


def test_committee_of_a_district_and_hospital_of_a_department() -> None:
    party = head(
        "ĐẢNG BỘ TỈNH BẾN TRE\nBAN THƯỜNG VỤ HUYỆN ỦY BA TRI\n*\nSố 21-KH/HU\n\n"
        "Ba Tri, ngày 16 tháng 3 năm 2021\n\nKẾ HOẠCH\nBầu cử\n"
    )
    assert (party.issuer, party.province) == ("Ban Thường vụ Huyện ủy Ba Tri", "Bến Tre")
    hospital = head(
        "SỞ Y TẾ THANH HÓA\nBỆNH VIỆN ĐA KHOA HUYỆN NÔNG CỐNG\n\nSố: 112/KH-BVĐKNC\n\n"
        "Nông Cống, ngày 04 tháng 3 năm 2019\n\nKẾ HOẠCH\nCải tiến chất lượng năm 2019\n"
    )
    assert hospital.issuer == "Bệnh viện đa khoa huyện Nông Cống"
    assert hospital.province == "Thanh Hóa"


def test_name_of_a_ministry_over_two_lines() -> None:
    header = head(
        "BỘ LAO ĐỘNG - THƯƠNG BINH\nVÀ XÃ HỘI\nCỘNG HÒA XÃ HỘI CHỦ NGHĨA\nVIỆT NAM\n"
        "Số: 458/KH-LĐTBXH\nHà Nội, ngày 15 tháng 5 năm 2020\nKẾ HOẠCH\nỨng dụng công nghệ\n"
    )
    assert header.issuer == "Bộ Lao động - Thương binh và Xã hội"
    assert (header.level, header.province) == ("central", None)


def test_province_told_by_the_bodies_of_a_city() -> None:
    header = head(
        "ỦY BAN NHÂN DÂN\nPHƯỜNG HẢI CHÂU\n\nSố: 88/KH-UBND\n\n"
        "Hải Châu, ngày 01 tháng 7 năm 2026\n\nKẾ HOẠCH\nKỷ niệm Ngày Thương binh - Liệt sĩ\n\n"
        "Căn cứ Kế hoạch số 210/KH-UBND ngày 12/6/2026 của UBND thành phố Đà Nẵng;\n"
    )
    assert (header.issuer, header.province) == ("UBND phường Hải Châu", "Đà Nẵng")


def test_ministry_in_a_pipe_table_planning_for_next_year() -> None:
    header = head(
        "| BỘ NỘI VỤ ------- | CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM Độc lập - Tự do - Hạnh phúc |\n"
        "|---|---|\n| Số: 6785/KH-BNV | Hà Nội, ngày 15 tháng 12 năm 2023 |\n\nKẾ HOẠCH\n\n"
        "TUYÊN TRUYỀN CẢI CÁCH HÀNH CHÍNH NHÀ NƯỚC NĂM 2024\n\n"
        "Thực hiện Nghị quyết số 76/NQ-CP ngày 15/7/2021 của Chính phủ;"
    )
    assert (header.issuer, header.level, header.province) == ("Bộ Nội vụ", "central", None)
    assert (header.issued_on, header.year) == ("2023-12-15", 2024)
    assert header.period is not None and header.period.start == "2024-01-01"


def test_head_in_one_line() -> None:
    header = head(
        "ỦY BAN NHÂN DÂN QUẬN BA ĐÌNH PHÒNG GIÁO DỤC VÀ ĐÀO TẠO CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM "
        "Độc lập - Tự do - Hạnh phúc Số: 88/KH-PGDĐT Ba Đình, ngày 5 tháng 9 năm 2022 "
        "KẾ HOẠCH Tuyên truyền năm học 2022-2023\n\n"
        "Căn cứ Kế hoạch số 12/KH-UBND ngày 01/9/2022 của UBND quận;"
    )
    assert (header.number, header.place) == ("88/KH-PGDĐT", "Ba Đình")
    assert header.issuer == "Phòng Giáo dục và Đào tạo quận Ba Đình"
    assert (header.level, header.title) == ("district", "Tuyên truyền năm học 2022-2023")


def test_joint_plan_of_two_bodies() -> None:
    header = head(
        "ỦY BAN NHÂN DÂN XÃ TÂN LẬP - ỦY BAN MTTQ VIỆT NAM XÃ TÂN LẬP\n"
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc\n"
        "Số: 03/KHLT-UBND-MTTQ\nTân Lập, ngày 10 tháng 3 năm 2026\nKẾ HOẠCH LIÊN TỊCH\n"
        "Phối hợp tuyên truyền năm 2026\nCăn cứ Luật Mặt trận Tổ quốc Việt Nam;"
    )
    assert header.number == "03/KHLT-UBND-MTTQ"
    assert header.issuer == "UBND xã Tân Lập - Ủy ban MTTQ Việt Nam xã Tân Lập"
    assert (header.kind, header.title) == ("Kế hoạch liên tịch", "Phối hợp tuyên truyền năm 2026")


def test_front_committee_with_its_standing_board() -> None:
    header = head(
        "ỦY BAN MTTQ VIỆT NAM XÃ NẬM SIM\nBAN THƯỜNG TRỰC\n\nSố:       /KH-MTTQ-BTT\n\n"
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc\n"
        "Nậm Sim, ngày … tháng 3 năm 2026\n\nKẾ HOẠCH\nGiám sát năm 2026\n\n"
        "Căn cứ Luật Mặt trận Tổ quốc Việt Nam;"
    )
    assert header.issuer == "Ban Thường trực Ủy ban MTTQ Việt Nam xã Nậm Sim"
    assert (header.number, header.symbol, header.status) == (None, "KH-MTTQ-BTT", "draft")
    assert (header.issued_on, header.issued_month) == (None, "2026-03")


@pytest.mark.parametrize(
    ("title", "year", "period"),
    [
        ("Phát triển du lịch giai đoạn 2026 - 2030", 2025, ("2026-01-01", "2030-12-31")),
        ("Tuyên truyền cải cách hành chính năm 2026", 2026, ("2026-01-01", "2026-12-31")),
        ("Phát triển hạ tầng đến năm 2030", 2025, None),
        ("Thực hiện Quyết định số 5/QĐ-TTg ngày 27 tháng 7 năm 2013", 2025, None),
        ("Bầu cử đại biểu nhiệm kỳ 2026 - 2031", 2025, None),
    ],
)
def test_year_and_period_of_the_title(
    title: str, year: int, period: tuple[str, str] | None
) -> None:
    header = head(
        "UBND XÃ BÌNH AN\nSố: 1/KH-UBND\nBình An, ngày 20 tháng 12 năm 2025\n"
        f"KẾ HOẠCH\n{title}\n\n"
        "Căn cứ Luật Tổ chức chính quyền địa phương;"
    )
    assert header.year == year
    assert (header.period and (header.period.start, header.period.end)) == period


def test_number_and_date_only_in_the_annex_line() -> None:
    text = (
        "KẾ HOẠCH\nTuyên truyền năm 2026\n\nUBND tỉnh Lào Cai ban hành Kế hoạch như sau:\n"
        + BODY
        + "\nNơi nhận:\n- Lưu: VT.\n\nPHỤ LỤC\nNHIỆM VỤ\n"
        "(Kèm theo Kế hoạch số 22/KH-UBND ngày 16/01/2026 của UBND tỉnh Lào Cai)\n\nNội dung\n"
    )
    header = parse(read_text(text)).header
    assert (header.number, header.issued_on) == ("22/KH-UBND", "2026-01-16")
    assert (header.issuer, header.place) == ("UBND tỉnh Lào Cai", None)


def test_stray_line_of_a_digital_stamp() -> None:
    header = head(
        "ỦY BAN NHÂN DÂN\nTHÀNH PHỐ HÀ NỘI\nSố: /KH-UBND\nHà Nội, ngày tháng năm 2026\nKẾ HOẠCH\n"
        "Tổ chức lễ hội\nCăn cứ Nghị quyết số 80-NQ/TW ngày 07/01/2026 của Bộ Chính trị;\n"
        "173 28 4\n"
    )
    assert (header.number, header.issued_on) == ("173/KH-UBND", "2026-04-28")
    assert header.status == "issued"


def test_paragraph_breaks_lost_in_conversion() -> None:
    fused = (
        "ỦY BAN NHÂN DÂNTỈNH LÂM ĐỒNGCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAMĐộc lập - Tự do - Hạnh phúc"
        "Số:    /KH-UBNDLâm Đồng, ngày    tháng 3 năm 2026KẾ HOẠCHCải cách hành chính năm 2026"
        "Căn cứ Nghị quyết số 76/NQ-CP ngày 15/7/2021 của Chính phủ;Ủy ban nhân dân tỉnh ban hành "
        "Kế hoạch như sau:I. MỤC ĐÍCH, YÊU CẦU1. Mục đíchNâng cao nhận thức của cán bộ.2. Yêu cầu"
        "a) Thiết thực, hiệu quả, tiết kiệm.b) Đúng tiến độ.II. KINH PHÍNgân sách nhà nước."
    )
    plan = parse(read_text(fused))
    assert [s.number for s in plan.sections] == ["I", "I.1", "I.2", "I.2.a", "I.2.b", "II"]
    assert plan.sections[1].heading == "Mục đích"
    assert plan.sections[1].text == "1. Mục đích Nâng cao nhận thức của cán bộ."
    assert plan.header.issuer == "UBND tỉnh Lâm Đồng"
    assert "".join(plan.text.split()) == "".join(fused.split())


@pytest.mark.parametrize(
    ("name", "meant"),
    [("Lam Đông", False), ("Lâm Đồng", True), ("Đăk Lăk", True), ("Ha Noi", True),
     ("Thừa Thiên - Huế", True), ("Sài Gòn", True)],
)  # fmt: skip
def test_a_place_is_no_province_of_other_letters(name: str, meant: bool) -> None:
    known = province(name)
    assert known is not None
    assert spelled_as(name, known) is meant
