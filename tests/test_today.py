"""Today's province and successor bodies stand beside what a plan prints."""

from __future__ import annotations

from datetime import date

from kh_nlp.library import today
from kh_nlp.parsing import parse
from kh_nlp.reading import read_text
from kh_nlp.wording import today_lines

PLAN = """UBND TỈNH YÊN BÁI
SỞ THÔNG TIN VÀ TRUYỀN THÔNG

Số: 12/KH-STTTT
Yên Bái, ngày 15 tháng 01 năm 2023

KẾ HOẠCH
Chuyển đổi số năm 2023

Căn cứ Kế hoạch số 01/KH-UBND ngày 02/01/2023 của UBND tỉnh;

I. NHIỆM VỤ

1. Tập huấn

- Đơn vị chủ trì: Sở Nội vụ.
- Đơn vị phối hợp: UBND huyện, thị xã.
- Thời gian: Quý II/2023.
"""


def test_a_merged_province_and_an_ended_department() -> None:
    plan = parse(read_text(PLAN))
    assert plan.header.province == "Yên Bái"
    assert plan.header.issuer == "Sở Thông tin và Truyền thông tỉnh Yên Bái"
    now = today(plan, date(2026, 1, 1))
    assert now.province == "Lào Cai"
    issuer = next(body for body in now.bodies if body.issues)
    assert issuer.successor == "Sở Khoa học và Công nghệ"
    lines = today_lines(now)
    assert lines[0] == "tỉnh này nay thuộc Lào Cai."
    assert any("cơ quan kế tục: Sở Khoa học và Công nghệ" in line for line in lines)
    assert not any("Sở Nội vụ" in line for line in lines)


def test_nothing_is_said_before_the_merger() -> None:
    now = today(parse(read_text(PLAN)), date(2024, 1, 1))
    assert (now.province, now.bodies) == (None, ())
