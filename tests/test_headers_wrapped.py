"""Heads whose lines are broken or that say more than number, place and issuer."""

from __future__ import annotations

import pytest

from kh_nlp.model import Header
from kh_nlp.parsing import parse
from kh_nlp.reading import read_text

NATION = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc"
BODY = "\n\nI. MỤC ĐÍCH\n\nNâng cao nhận thức.\n\nII. NỘI DUNG\n\nTổ chức tuyên truyền.\n"


def _header(head: str, title: str = "Tuyên truyền pháp luật năm 2023", after: str = "") -> Header:
    return parse(read_text(f"{head}\n\nKẾ HOẠCH\n{title}\n\n{after}{BODY}")).header


@pytest.mark.parametrize(
    ("lines", "issuer"),
    [
        (
            "TỔNG LIÊN ĐOÀN LAO ĐỘNG VIỆT NAM LIÊN ĐOÀN LAO ĐỘNG TỈNH LÂM ĐỒNG",
            "Liên đoàn Lao động tỉnh Lâm Đồng",
        ),
        ("TỔNG CÔNG TY CẤP NƯỚC MIỀN NAM CÔNG TY CỔ PHẦN THOÁT NƯỚC", "Công ty Cổ Phần Thoát Nước"),
        ("SỞ GIÁO DỤC VÀ ĐÀO TẠO\nTRƯỜNG THPT LÊ QUÝ\nĐÔN", "Trường THPT Lê Quý Đôn"),
        (
            "SỞ Y TẾ LÂM ĐỒNG\nCHI CỤC DÂN SỐ - KẾ\nHOẠCH HÓA GIA ĐÌNH",
            "Chi cục Dân Số - Kế Hoạch Hóa Gia Đình tỉnh Lâm Đồng",
        ),
        ("ỦY BAN BẦU CỬ XÃ TÂN AN\nTỔ GIÚP VIỆC", "Tổ giúp việc, Ủy ban bầu cử xã Tân An"),
    ],
)
def test_issuers(lines: str, issuer: str) -> None:
    head = f"{lines}\n\nSố: 12/KH-ABC\n\n{NATION}\n\nLâm Đồng, ngày 05 tháng 3 năm 2023"
    assert (_header(head).issuer or "").casefold() == issuer.casefold()


@pytest.mark.parametrize("mark", ["HỎA TỐC", "HOẢ TỐC", "KHẨN", "THƯỢNG KHẨN"])
def test_a_mark_of_urgency_is_no_issuer(mark: str) -> None:
    head = (
        f"UBND TỈNH LÂM ĐỒNG\nBAN AN TOÀN GIAO THÔNG\n\nSố: 03/KH-BATGT\n\n{mark}\n\n{NATION}\n\n"
        "Lâm Đồng, ngày 05 tháng 3 năm 2023"
    )
    header = _header(head)
    assert (header.issuer or "").casefold() == "ban an toàn giao thông tỉnh lâm đồng"
    assert header.level == "province"


@pytest.mark.parametrize(
    "lines",
    [
        "SỞ NỘI VỤ CỘNG HÒA XÃ HỘI CHỦ NGHĨA\nTỈNH HÀ NAM VIỆT NAM",
        "SỞ NỘI VỤ CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT\n\nTỈNH HÀ NAM NAM",
        "SỞ NỘI VỤ\nTỈNH HÀ NAM\n\nCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT\nNAM",
    ],
)
def test_a_nation_over_two_lines(lines: str) -> None:
    head = (
        f"{lines}\nĐộc lập - Tự do - Hạnh phúc\nSố: 12/KH-SNV\n\nHà Nam, ngày 05 tháng 3 năm 2023"
    )
    assert _header(head).issuer == "Sở Nội vụ tỉnh Hà Nam"


def test_a_misread_number_is_no_issuer() -> None:
    head = f"ỦY BAN NHÂN DÂN\nTỈNH HÀ NAM\n\n$6: 12/KH-UBND\n\n{NATION}"
    assert _header(head).issuer == "UBND tỉnh Hà Nam"


def test_a_page_title_above_a_party_head() -> None:
    header = _header(
        "Kế hoạch thực hiện Chỉ thị số 43-CT/TW, ngày 17/4/2020 của Ban Bí thư\n\n"
        "HUYỆN ỦY YÊN CHÂU\n*\nSố 118-KH/HU\n\nĐẢNG CỘNG SẢN VIỆT NAM\n\n"
        "Yên Châu, ngày 30 tháng 6 năm 2020",
        after="Thực hiện Kế hoạch số 201-KH/TU ngày 05/6/2020 của Tỉnh ủy Sơn La, Ban Thường vụ "
        "Huyện ủy xây dựng Kế hoạch như sau:",
    )
    assert (header.number, header.place, header.issued_on) == (
        "118-KH/HU",
        "Yên Châu",
        "2020-06-30",
    )
    assert header.province == "Sơn La"


def test_a_title_ends_before_its_bases() -> None:
    head = f"UBND TỈNH LÂM ĐỒNG\n\nSố: 12/KH-UBND\n\n{NATION}\n\nLâm Đồng, ngày 05 tháng 3 năm 2023"
    bases = "Căn cứ Kế hoạch số 45/KH-BNV ngày 01/02/2023 của Bộ\nNội vụ về cải cách hành chính;\n"
    assert _header(head, after=bases).title == "Tuyên truyền pháp luật năm 2023"


@pytest.mark.parametrize("office", ["CHI CỤC TRƯỞNG", "HẠT TRƯỞNG", "CHỈ HUY TRƯỞNG"])
def test_heads_of_units_sign(office: str) -> None:
    text = (
        f"SỞ Y TẾ LÂM ĐỒNG\nCHI CỤC DÂN SỐ\n\nSố: 12/KH-CCDS\n\n{NATION}\n\n"
        f"Lâm Đồng, ngày 05 tháng 3 năm 2023\n\nKẾ HOẠCH\nTuyên truyền\n{BODY}\n"
        f"Nơi nhận:\n- Sở Y tế;\n- Lưu: VT.\n\nKT. {office}\nPHÓ {office}\n\nNguyễn Văn Thành\n"
    )
    header = parse(read_text(text)).header
    assert (header.signer, header.signer_title) == ("Nguyễn Văn Thành", f"PHÓ {office}")
