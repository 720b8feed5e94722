"""Recipients and signatures in the forms in which offices write and machines read them."""

from __future__ import annotations

import pytest

from kh_nlp.parsing import parse
from kh_nlp.parsing.closing import recipients, signer
from kh_nlp.reading import read_text

BODY = """KẾ HOẠCH
Công tác y tế trường học năm 2022

I. MỤC ĐÍCH

Nâng cao sức khỏe học sinh.

II. KINH PHÍ

Từ nguồn chi thường xuyên của các đơn vị./.

"""


@pytest.mark.parametrize(
    ("closing", "name", "office", "received"),
    [
        (
            "Nơi nhận:\n- Phòng GD&ĐT;\n- Lưu VT.\n\nHIỆU TRƯỞNG\n(Ký, ghi rõ họ tên và đóng dấu)\n"
            "\nPhan Văn Thiết\n",
            "Phan Văn Thiết",
            "HIỆU TRƯỞNG",
            ("Phòng GD&ĐT", "Lưu VT"),
        ),
        (
            "KT. GIÁM ĐỐC\nSỞ GIÁO DỤC VÀ ĐÀO TẠO\nPHÓ GIÁM ĐỐC\n\nMai Tấn Linh\n\n"
            "GIÁM ĐỐC SỞ Y TẾ\n\nNgô Thị Kim Yến\n\nNơi nhận:\n- Bộ Y tế;\n- Lưu: VT.\n",
            "Mai Tấn Linh",
            "PHÓ GIÁM ĐỐC",
            ("Bộ Y tế", "Lưu: VT"),
        ),
        (
            "Nơi nhận: TM. ỦY BAN NHÂN DÂN\n- Văn phòng Chính phủ; KT. CHỦ TỊCH\n"
            "- Tỉnh ủy (b/c); PHÓ CHỦ TỊCH\n- Các sở, ban, ngành;\n- Lưu: VT, NC. Hoàng Nam\n",
            "Hoàng Nam",
            "PHÓ CHỦ TỊCH",
            ("Văn phòng Chính phủ", "Tỉnh ủy (b/c)", "Các sở, ban, ngành", "Lưu: VT, NC"),
        ),
        (
            "Nơi nhận:\n- Tỉnh ủy;\n- Lưu: VT.\nHoannk/KH.01\nKT. GIÁM ĐỐC\nPHÓ GIÁM ĐỐC\n\n"
            "BSCKII. Lê Văn Thành\n",
            "Lê Văn Thành",
            "PHÓ GIÁM ĐỐC",
            ("Tỉnh ủy", "Lưu: VT"),
        ),
        (
            "Nơi nhận:\n- Ban Thường vụ Tỉnh ủy,\n- Các chi bộ,\n- Lưu Văn phòng Đảng ủy.\n\n"
            "T/M BAN THƯỜNG VỤ\nPHÓ BÍ THƯ\n\nNguyễn Thị Lan\n",
            "Nguyễn Thị Lan",
            "PHÓ BÍ THƯ",
            ("Ban Thường vụ Tỉnh ủy", "Các chi bộ", "Lưu Văn phòng Đảng ủy"),
        ),
    ],
)
def test_closings(closing: str, name: str, office: str, received: tuple[str, ...]) -> None:
    plan = parse(read_text(BODY + closing))
    assert (plan.header.signer, plan.header.signer_title) == (name, office)
    assert plan.header.recipients == received
    assert [s.number for s in plan.sections] == ["I", "II"]


def test_names_of_bodies_are_no_signers() -> None:
    lines = [
        "Nơi nhận:",
        "- HĐND tỉnh; Tỉnh Đoàn",
        "- Lưu: VT, Phòng Kinh tế",
        "CHỦ TỊCH",
        "Lê Anh",
    ]
    assert recipients(lines) == ("HĐND tỉnh; Tỉnh Đoàn", "Lưu: VT, Phòng Kinh tế")
    assert signer(lines) == ("Lê Anh", "CHỦ TỊCH")


def test_an_annex_in_capitals_is_no_signature() -> None:
    closing = "TM. ỦY BAN NHÂN DÂN\nCHỦ TỊCH\n\nLê Văn Hai\n\nDANH MỤC NHIỆM VỤ\nNĂM 2022\n"
    plan = parse(read_text(BODY + closing + "\n1. Họp thôn\n\n2. Họp xã\n"))
    assert plan.header.signer == "Lê Văn Hai"
    assert plan.text[plan.blocks[-1].start : plan.blocks[-1].end].endswith("Lê Văn Hai")
