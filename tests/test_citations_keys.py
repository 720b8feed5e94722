"""Documents called by their names, and the keys that documents are joined by."""

from __future__ import annotations

import pytest

from kh_nlp.citations import document_key, find_mentions


@pytest.mark.parametrize(
    ("text", "title"),
    [
        (
            "phổ biến Luật Ban hành văn bản quy phạm pháp luật năm 2025 và các văn bản hướng dẫn",
            "Luật Ban hành văn bản quy phạm pháp luật năm 2025",
        ),
        (
            "Căn cứ Luật Tổ chức chính quyền địa phương ngày 16 tháng 6 năm 2025;",
            "Luật Tổ chức chính quyền địa phương",
        ),
        ("theo Luật Phòng, chống ma túy và Nghị định", "Luật Phòng, chống ma túy"),
        ("quy định của Luật Quản lý, sử dụng tài sản công.", "Luật Quản lý, sử dụng tài sản công"),
        (
            "Luật sửa đổi, bổ sung một số điều của Luật Tổ chức Chính phủ;",
            "Luật sửa đổi, bổ sung một số điều của Luật Tổ chức Chính phủ",
        ),
        ("Hiến pháp năm 2013", "Hiến pháp năm 2013"),
        ("Đề án 06, dữ liệu số", "Đề án 06"),
        (
            "tham gia Đề án “Tăng cường bình đẳng giới” của tỉnh",
            "Đề án “Tăng cường bình đẳng giới”",
        ),
    ],
)
def test_documents_by_name(text: str, title: str) -> None:
    (mention,) = find_mentions(text)
    assert (mention.number, mention.title) == (None, title)


@pytest.mark.parametrize(
    ("arguments", "key"),
    [
        (
            ("Quyết định", "06/QĐ-TTg", "2022-01-06", "Thủ tướng Chính phủ"),
            "quyet-dinh:06/QĐ-TTg:2022-01-06",
        ),
        (("Quyết định", "6/QD-TTG", "2022-01-06", None), "quyet-dinh:06/QĐ-TTg:2022-01-06"),
        (
            ("Kế hoạch", "08/KH-UBND", "2026-01-14", "UBND xã Quyết Thắng"),
            "ke-hoach:08/KH-UBND:2026-01-14:xa-quyet-thang",
        ),
        (
            ("Kế hoạch", "08/KH-UBND", "2026-01-14", "UBND xã Đại Đồng"),
            "ke-hoach:08/KH-UBND:2026-01-14:xa-dai-dong",
        ),
        (("Kế hoạch", "08/KH-UBND", "2026-01-14", None), None),
        (("Nghị định", "30/2020/NĐ-CP", None, None), "nghi-dinh:30/2020/NĐ-CP:2020"),
        (("Nghị định", "30/2020/NĐ-CP", "2020-03-05", None), "nghi-dinh:30/2020/NĐ-CP:2020"),
        (("Nghị quyết", "57-NQ/TW", "2024-12-22", None), "nghi-quyet:57-NQ/TW:2024-12-22"),
        (("Nghị quyết", "57/NQ-CP", "2024-12-22", None), "nghi-quyet:57/NQ-CP:2024-12-22"),
        (("Nghị quyết", "57-NQ/TW", None, None), None),
        (
            ("Kế hoạch hành động", "238-KH/TU", "2025-05-23", "Tỉnh ủy Đắk Lắk"),
            "ke-hoach:238-KH/TU:2025-05-23:tinh-dak-lak",
        ),
    ],
)
def test_document_key(arguments: tuple[str, str, str | None, str | None], key: str | None) -> None:
    assert document_key(*arguments) == key
