"""Short forms, pinpoints, dates in words, conflicting dates."""

from __future__ import annotations

import pytest

from kh_nlp.citations import cite, date_conflicts, find_mentions
from kh_nlp.model import Citation, Header, Plan
from kh_nlp.parsing import parse
from kh_nlp.reading import read_text

PLAN = Header(
    kind="Kế hoạch", symbol="KH-UBND", issuer="UBND tỉnh Lai Châu", level="province",
    province="Lai Châu",
)  # fmt: skip
NQ57 = "Nghị quyết số 57-NQ/TW ngày 22/12/2024 của Bộ Chính trị"
NQ76 = "Nghị quyết số 76/NQ-CP ngày 15/7/2021 của Chính phủ"


def cited(text: str) -> list[Citation]:
    return cite(text, header=PLAN, basis=None)


def pairs(text: str) -> list[tuple[str, str | None]]:
    return [(c.text, c.document.key if c.document else None) for c in cited(text)]


@pytest.mark.parametrize(
    ("text", "short", "key"),
    [
        (f"Theo {NQ57}. Thực hiện Nghị quyết này, các sở", "Nghị quyết này", "57-NQ/TW"),
        (f"Theo {NQ57}. Nội dung của nghị quyết nêu trên:", "nghị quyết nêu trên", "57-NQ/TW"),
        (f"Theo {NQ57}. Mục tiêu của Nghị quyết số 57, đến 2030", "Nghị quyết số 57", "57-NQ/TW"),
        (f"Theo {NQ57} và {NQ76}. Nghị quyết 76 đặt ra", "Nghị quyết 76", "76/NQ-CP"),
        (f"{NQ57} (sau đây gọi tắt là Nghị quyết KHCN). Theo Nghị quyết KHCN,", "Nghị quyết KHCN",
         "57-NQ/TW"),
        ("Chương trình tổng thể cải cách hành chính nhà nước giai đoạn 2021-2030. Đẩy mạnh chương "
         "trình tổng thể CCHC.", "chương trình tổng thể CCHC", "76/NQ-CP"),
    ],
)  # fmt: skip
def test_resolved_when_exactly_one_document_fits(text: str, short: str, key: str) -> None:
    citation = cited(text)[-1]
    assert citation.text == short
    assert text[citation.start : citation.end] == short
    assert citation.number is None
    assert citation.document is not None
    assert citation.document.number == key
    assert citation.confidence == 0.75


def test_two_fitting_documents_leave_it_open() -> None:
    *_, (short, key) = pairs(f"Theo {NQ57} và {NQ76}. Thực hiện Nghị quyết này, các sở")
    assert (short, key) == ("Nghị quyết này", None)
    assert cited(f"Theo {NQ57} và {NQ76}. Theo Nghị quyết này.")[-1].confidence == 0.25


@pytest.mark.parametrize(
    "text",
    [
        f"Theo {NQ57}. Kinh phí thực hiện Kế hoạch này do ngân sách",  # the plan itself
        f"Ban hành kèm theo Nghị quyết này. Theo {NQ57}. Thi hành Nghị quyết này.",
        f"Theo {NQ57}. Kế hoạch 5 năm, Nghị quyết 2 nội dung, Thông báo 15 ngày",
        "Ban Chỉ đạo các Chương trình mục tiêu quốc gia thành phố",
        f"{NQ57} (sau đây gọi tắt là Ban Chỉ đạo). Ban Chỉ đạo họp",
    ],
)
def test_what_is_no_short_form(text: str) -> None:
    assert [c.text for c in cited(text) if c.number is None] == []


def test_another_number_of_the_kind_stays_open() -> None:
    assert pairs(f"Theo {NQ57}. Theo Nghị quyết số 58, các sở")[-1] == ("Nghị quyết số 58", None)


@pytest.mark.parametrize(
    ("text", "pinpoint"),
    [
        ("theo điểm a khoản 2 Điều 5 Nghị định số 30/2020/NĐ-CP", "điểm a khoản 2 Điều 5"),
        ("tại Điều 4, Điều 7 của Nghị định số 30/2020/NĐ-CP", "Điều 4, Điều 7"),
        ("điểm a, b khoản 1 Điều 6 Nghị định 30/2020/NĐ-CP", "điểm a, b khoản 1 Điều 6"),
        ("Phụ lục III ban hành kèm theo Nghị định số 30/2020/NĐ-CP", "Phụ lục III"),
        ("khoản 1 Điều 4 Luật Quản lý, sử dụng tài sản công", "khoản 1 Điều 4"),
        ("theo Nghị định số 30/2020/NĐ-CP", None),
        ("điều kiện theo Nghị định số 30/2020/NĐ-CP", None),
    ],
)
def test_pinpoints(text: str, pinpoint: str | None) -> None:
    (citation,) = cited(text)
    assert citation.pinpoint == pinpoint
    assert citation.text.startswith(("Nghị định", "Luật"))


@pytest.mark.parametrize(
    ("words", "date"),
    [
        ("ngày mười lăm tháng bảy năm hai nghìn không trăm hai mươi mốt", "2021-07-15"),
        ("ngày mồng năm tháng tư năm hai nghìn không trăm linh sáu", "2006-04-05"),
        ("ngày hai mươi mốt tháng mười hai năm một nghìn chín trăm chín mươi chín", "1999-12-21"),
        ("ngày ba mươi mốt tháng hai năm hai nghìn không trăm hai mươi", None),
        ("ngày 15\ntháng 7 năm 2021", "2021-07-15"),
    ],
)
def test_dates_in_words_and_over_line_breaks(words: str, date: str | None) -> None:
    (mention,) = find_mentions(f"Nghị quyết số 76/NQ-CP {words} của Chính phủ")
    assert mention.issued_on == date


def plan(body: str) -> Plan:
    head = "ỦY BAN NHÂN DÂN\nTỈNH LAI CHÂU\nSố: 12/KH-UBND\nLai Châu, ngày 05 tháng 01 năm 2026\n"
    return parse(read_text(f"{head}KẾ HOẠCH\nCải cách hành chính năm 2026\n{body}", "a.txt"))


def test_conflicting_dates_are_told_like_a_colleague_would() -> None:
    body = (
        "I. MỤC ĐÍCH\nThực hiện Nghị quyết số 76/NQ-CP ngày 15/7/2021 của Chính phủ.\n"
        "II. NỘI DUNG\nTiếp tục Nghị quyết số 76/NQ-CP ngày 17/5/2021 của Chính phủ.\n"
    )
    (warning,) = date_conflicts(plan(body))
    assert warning == (
        "Nghị quyết số 76/NQ-CP ở dòng 10 ghi ngày 17/5/2021, ngày khác với lần viện dẫn ở dòng 8 "
        "(ngày 15/7/2021); đề nghị xem lại ngày nào đúng."
    )


def test_date_against_the_registry() -> None:
    body = "I. MỤC ĐÍCH\nNghị định số 30/2020/NĐ-CP ngày 05/3/2021 của Chính phủ.\n"
    (warning,) = date_conflicts(plan(body))
    assert "khác với danh mục văn bản (ngày 5/3/2020)" in warning


def test_two_documents_of_one_number_are_no_conflict() -> None:
    body = (
        "I. MỤC ĐÍCH\nQuyết định số 06/QĐ-TTg ngày 06/01/2022 của Thủ tướng Chính phủ.\n"
        "Quyết định số 06/QĐ-TTg ngày 02/01/2025 của Thủ tướng Chính phủ.\n"
    )
    assert date_conflicts(plan(body)) == ()
