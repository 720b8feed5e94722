"""Pairs that look alike and are not one document, and numbers that are none."""

from __future__ import annotations

import pytest

from kh_nlp.citations import cite, document_key, find_mentions, same_document
from kh_nlp.citations.bodies import home_of
from kh_nlp.citations.keys import place_of
from kh_nlp.model import Citation, Header

COMMUNE = Header(
    kind="Kế hoạch", symbol="KH-UBND", issuer="UBND xã Quyết Thắng", level="commune",
    province="Thái Nguyên", number="08/KH-UBND", issued_on="2026-01-14",
)  # fmt: skip


def cited(text: str, header: Header = COMMUNE) -> list[Citation]:
    return cite(text, header=header, basis=None)


def keys(text: str, header: Header = COMMUNE) -> list[str | None]:
    return [c.document.key if c.document else None for c in cited(text, header)]


def test_scheme_06_and_its_namesake_of_2025() -> None:
    text = (
        "Quyết định số 06/QĐ-TTg ngày 06/01/2022 của Thủ tướng Chính phủ; Quyết định số "
        "06/QĐ-TTg ngày 02/01/2025 của Thủ tướng Chính phủ."
    )
    assert keys(text) == ["quyet-dinh:06/QĐ-TTg:2022-01-06", "quyet-dinh:06/QĐ-TTg:2025-01-02"]


def test_equal_numbers_of_two_communes() -> None:
    text = (
        "Kế hoạch số 15/KH-UBND ngày 05/02/2026 của UBND xã Lương Minh và Kế hoạch số 15/KH-UBND "
        "ngày 05/02/2026 của UBND xã Phố Bảng"
    )
    assert keys(text) == [
        "ke-hoach:15/KH-UBND:2026-02-05:xa-luong-minh-tinh-thai-nguyen",
        "ke-hoach:15/KH-UBND:2026-02-05:xa-pho-bang-tinh-thai-nguyen",
    ]


def test_communes_of_one_name_in_two_provinces() -> None:
    text = "Kế hoạch số 15/KH-UBND ngày 05/02/2026 của UBND xã Tân Tiến"
    here = Header(issuer="UBND tỉnh Lào Cai", level="province", province="Lào Cai")
    there = Header(issuer="UBND tỉnh Gia Lai", level="province", province="Gia Lai")
    (one,), (other,) = keys(text, here), keys(text, there)
    assert one == "ke-hoach:15/KH-UBND:2026-02-05:xa-tan-tien-tinh-lao-cai"
    assert other == "ke-hoach:15/KH-UBND:2026-02-05:xa-tan-tien-tinh-gia-lai"
    untold = document_key("Kế hoạch", "15/KH-UBND", "2026-02-05", "UBND xã Tân Tiến")
    assert untold is not None
    assert not same_document(one, other)
    assert same_document(one, untold)
    assert same_document(untold, other)
    city = document_key("Kế hoạch", "15/KH-UBND", "2026-02-05", "UBND phường Láng", "Hà Nội")
    assert city == "ke-hoach:15/KH-UBND:2026-02-05:phuong-lang-thanh-pho-ha-noi"
    # A longer name is another commune, not the same one with its province.
    longer = document_key("Kế hoạch", "15/KH-UBND", "2026-02-05", "UBND xã Tân Tiến Đông")
    assert longer is not None
    assert not same_document(untold, longer)


def test_resolutions_of_the_party_and_of_the_government() -> None:
    text = (
        "Nghị quyết số 57-NQ/TW ngày 22/12/2024 của Bộ Chính trị; Nghị quyết số 57/NQ-CP ngày "
        "21/5/2022 của Chính phủ"
    )
    assert keys(text) == ["nghi-quyet:57-NQ/TW:2024-12-22", "nghi-quyet:57/NQ-CP:2022-05-21"]


def test_places_start_with_a_capital_whatever_its_accent() -> None:
    # Unicode interleaves Vietnamese capitals and small letters, so a range holds both.
    assert place_of("Huyện ủy Đông Anh") == "huyen-dong-anh"
    assert place_of("Huyện ủy ở đây") is None
    assert home_of(Header(issuer="UBND xã Ô Lâm", level="commune")).area == "xã Ô Lâm"
    assert home_of(Header(issuer="UBND xã ở miền núi", level="commune")).area is None


def test_own_number_in_the_annex_is_no_citation() -> None:
    text = "PHỤ LỤC\n(Kèm theo Kế hoạch số 08/KH-UBND ngày 14/01/2026 của UBND xã Quyết Thắng)"
    assert cited(text) == []
    of_others = "Kế hoạch số 08/KH-UBND ngày 14/01/2025 của UBND xã Quyết Thắng"
    assert [c.issued_on for c in cited(of_others)] == ["2025-01-14"]


def test_year_inside_the_number_is_all_of_its_key() -> None:
    # Wrong, missing and right dates meet in one key: such a series starts anew each January.
    dates = ("ngày 06 tháng 12 năm 2021 ", "", "ngày 12/6/2021 ")
    for date in dates:
        assert keys(f"Nghị định số 107/2021/NĐ-CP {date}của Chính phủ.") == [
            "nghi-dinh:107/2021/NĐ-CP:2021"
        ]


@pytest.mark.parametrize(
    "text",
    [
        "theo khoản 2 Điều 15 và điểm a khoản 3 Điều 7",
        "Điện thoại: 0243.8/2345, 024-38/BNV hoặc 0912-345-678",
        "mã chương 412/QĐ, loại 340/341, tài khoản số 0123/KBNN",
        "Mẫu số 02/BC-KH ban hành kèm theo; Biểu 01a/TH-CCHC",
        "từ ngày 12/8/2025 đến ngày 15/9/2025, tuần 3/5/2024",
        "đạt 15/20 chỉ tiêu, 24/24 giờ, 63/63 tỉnh, kinh phí 1.200/QĐ",
        "hồ sơ 000.00.12/H23-2025, số hiệu H23.45",
        "Số:      /KH-UBND, Số: ……/QĐ-UBND ngày …/…/2026",
    ],
)
def test_numbers_that_are_no_documents(text: str) -> None:
    assert [m.text for m in find_mentions(text) if m.number] == []
