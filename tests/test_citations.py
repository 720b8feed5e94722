"""What is a citation, what is not, and what is printed with it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kh_nlp.citations import Mention, cite, find_mentions
from kh_nlp.citations.grammar import align
from kh_nlp.model import Citation, Header

LANG_SON = Header(
    number=None,
    symbol="KH-SNgV",
    place="Lạng Sơn",
    province="Lạng Sơn",
    issuer="Sở Ngoại vụ tỉnh Lạng Sơn",
    level="province_agency",
)
QUYET_THANG = Header(place="Quyết Thắng", issuer="UBND xã Quyết Thắng", level="commune")
HA_NOI = Header(
    number="310/KH-UBND",
    symbol="KH-UBND",
    issued_on="2025-11-24",
    province="Hà Nội",
    issuer="UBND thành phố Hà Nội",
    level="province",
)


def one(text: str) -> Mention:
    (mention,) = find_mentions(text)
    return mention


def quoted(text: str, header: Header = LANG_SON, basis: bool = False) -> list[Citation]:
    return cite(text, header=header, basis=(0, len(text)) if basis else None)


@pytest.mark.parametrize(
    ("text", "number", "kind", "issued_on", "issuer"),
    [
        (
            "Nghị quyết số 76/NQ-CP ngày 15/7/2021 của Chính phủ",
            "76/NQ-CP",
            "Nghị quyết",
            "2021-07-15",
            "Chính phủ",
        ),
        (
            "Nghị quyết số 57-NQ/TW, ngày 22 tháng 12 năm 2024 của Bộ Chính trị",
            "57-NQ/TW",
            "Nghị quyết",
            "2024-12-22",
            "Bộ Chính trị",
        ),
        (
            "Chương trình hành động số 07-CTr/ThU ngày 24/6/2021 của Thành ủy",
            "07-CTr/ThU",
            "Chương trình hành động",
            "2021-06-24",
            "Thành ủy",
        ),
        (
            "Nghị\nquyết số 62/2020/QH14 ngày 16 tháng 6 năm 2020",
            "62/2020/QH14",
            "Nghị quyết",
            "2020-06-16",
            None,
        ),
        (
            "Kế hoạch số 69/KH-UBND, ngày 09 tháng 01 năm 2023 của UBND tỉnh",
            "69/KH-UBND",
            "Kế hoạch",
            "2023-01-09",
            "UBND tỉnh",
        ),
        (
            "Nghị quyết số 71/NQ -CP ngày 01/4/2025 của Chính phủ",
            "71/NQ-CP",
            "Nghị quyết",
            "2025-04-01",
            "Chính phủ",
        ),
        (
            "Quyết định số 5969/QĐ-\nUBND ngày 28/11/2025 của Ủy ban nhân dân Thành phố",
            "5969/QĐ-UBND",
            "Quyết định",
            "2025-11-28",
            "UBND thành phố",
        ),
        (
            "Công văn số 2679/SCT-QLTM ngày 07/11/2025",
            "2679/SCT-QLTM",
            "Công văn",
            "2025-11-07",
            None,
        ),
        (
            "Công văn số 8935/BNV-CTTN&BĐG ngày 03 tháng 10 năm 2025",
            "8935/BNV-CTTN&BĐG",
            "Công văn",
            "2025-10-03",
            None,
        ),
        (
            "Kế hoạch cải cách hành chính số 08/KH-UBND ngày 14/01/2026 của UBND xã",
            "08/KH-UBND",
            "Kế hoạch",
            "2026-01-14",
            "UBND xã",
        ),
        (
            "Thông tư liên tịch số 01/2012/TTLT-BTP-BNG-TANDTC ngày 30/5/2012",
            "01/2012/TTLT-BTP-BNG-TANDTC",
            "Thông tư liên tịch",
            "2012-05-30",
            None,
        ),
        (
            "Thông tư liên tịch số 13/2016/TTLT-BYT-BGDĐT ngày 12/5/2016 của Bộ Y tế và Bộ Giáo "
            "dục và Đào tạo",
            "13/2016/TTLT-BYT-BGDĐT",
            "Thông tư liên tịch",
            "2016-05-12",
            "Bộ Y tế và Bộ Giáo dục và Đào tạo",
        ),
        (
            "Hướng dẫn số 67-HD/TWĐTN-ĐKTHTN, ngày 06/5/2021 của Ban Bí thư Trung ương Đoàn",
            "67-HD/TWĐTN-ĐKTHTN",
            "Hướng dẫn",
            "2021-05-06",
            "Ban Bí thư Trung ương Đoàn",
        ),
        (
            "Kế hoạch số 05/KH-HĐPH ngày 08/01/2024 của Hội đồng phối hợp phổ biến, giáo dục pháp "
            "luật tỉnh",
            "05/KH-HĐPH",
            "Kế hoạch",
            "2024-01-08",
            "Hội đồng phối hợp phổ biến, giáo dục pháp luật tỉnh",
        ),
        (
            "Công văn số 1234/UBND-NC ngày 12/3/2024 của UBND tỉnh",
            "1234/UBND-NC",
            "Công văn",
            "2024-03-12",
            "UBND tỉnh",
        ),
        (
            "Nghị định 118/2025/NĐCP ngày 09/6/2025",
            "118/2025/NĐCP",
            "Nghị định",
            "2025-06-09",
            None,
        ),
        ("Nghị quyết số 66.4/2025/NQ-CP", "66.4/2025/NQ-CP", "Nghị quyết", None, None),
        ("Nghị quyết số 66/NQ-СР ngày 26/3/2025", "66/NQ-CP", "Nghị quyết", "2025-03-26", None),
        ("Nghị quyết số 522B/NQ-UBTVQH13", "522B/NQ-UBTVQH13", "Nghị quyết", None, None),
        ("Công văn số 01/KGL ngày 20/11/2025", "01/KGL", "Công văn", "2025-11-20", None),
        ("Quyết định số 22/2021/QD-TTg", "22/2021/QD-TTg", "Quyết định", None, None),
        (
            "Chỉ thị số số 46 - CT/TW ngày 16/5/2025 của Bộ Chính trị",
            "46-CT/TW",
            "Chỉ thị",
            "2025-05-16",
            "Bộ Chính trị",
        ),
        ("CHỈ THỊ SỐ 32/CT-TTG NGÀY 21/10/2025", "32/CT-TTG", "Chỉ thị", "2025-10-21", None),
        (
            "Quy ế t định số 896/QĐ-TTg ngày 08/6/2013",
            "896/QĐ-TTg",
            "Quyết định",
            "2013-06-08",
            None,
        ),
        (
            "Nghi guyét s6 76/NQ-CP ngay 15/7/2021 ctia Chinh phi ban hanh",
            "76/NQ-CP",
            "Nghị quyết",
            "2021-07-15",
            "Chính phủ",
        ),
        ("theo TCVN 5574:2018 về kết cấu bê tông", "TCVN 5574:2018", "Tiêu chuẩn", None, None),
    ],
)
def test_number_kind_date_and_issuer(
    text: str, number: str, kind: str, issued_on: str | None, issuer: str | None
) -> None:
    mention = one(text)
    assert (mention.number, mention.kind) == (number, kind)
    assert (mention.issued_on, mention.issuer) == (issued_on, issuer)
    assert text[mention.start : mention.end] == mention.text


@pytest.mark.parametrize(
    "text",
    [
        "từ ngày 15/7/2021 đến 30/9/2021, trực 24/7",
        "điện thoại 0203/3835.678, tài khoản 102010/000123",
        "kinh phí 1.500.000.000 đồng/năm, 5 tỷ đồng/xã",
        "đơn giá 150/KH, mã ngân sách 340/341",
        "Biên bản Hội nghị (Mẫu số 01/HNMT và mẫu số 05/BCĐBHĐND-MT)",
        "https://cchc.laocai.gov.vn/2026/KH-UBND/12/KH-UBND",
        "Quý IV/2025 - Quý II/2026; 02 lần/tháng; NO2--N, PO43-P",
        "giai đoạn 2026 - 2030 - Rà soát, 2025-2030/TW",
        "pháp luật trên địa bàn tỉnh; Luật này; chương trình này",
    ],
)
def test_no_citation(text: str) -> None:
    assert find_mentions(text) == []


def test_a_scheme_called_by_number_and_issuer_has_no_number() -> None:
    mentions = find_mentions("Tổ công tác triển khai Đề án 06/CP báo cáo.")
    assert [m.number for m in mentions if m.number] == []


def test_several_numbers_after_one_kind_word() -> None:
    text = "các Nghị quyết số 17/NQ-CP ngày 07/3/2019, 99/NQ-CP ngày 24/6/2024 của Chính phủ"
    found = quoted(text)
    assert [(c.number, c.kind, c.issued_on, c.issuer) for c in found] == [
        ("17/NQ-CP", "Nghị quyết", "2019-03-07", "Chính phủ"),
        ("99/NQ-CP", "Nghị quyết", "2024-06-24", "Chính phủ"),
    ]


def test_list_of_letters_without_type_code() -> None:
    text = "tại văn bản số 1552/BTTTT-TTH và 708/BTTTT-CATTT; 5/CN-TX"
    assert [c.number for c in quoted(text)] == ["1552/BTTTT-TTH", "708/BTTTT-CATTT"]
    assert quoted("đạt 12/BTTTT-TTH") == []


def test_numbers_joined_by_va_share_their_date() -> None:
    text = "Các Công điện: số 008/CĐ-UBND và số 009/CĐ-UBND ngày 19/11/2025 của UBND tỉnh"
    assert [(c.number, c.issued_on, c.issuer) for c in quoted(text)] == [
        ("008/CĐ-UBND", "2025-11-19", "UBND tỉnh Lạng Sơn"),
        ("009/CĐ-UBND", "2025-11-19", "UBND tỉnh Lạng Sơn"),
    ]


@pytest.mark.parametrize(
    ("text", "header", "issuer"),
    [
        ("Kế hoạch số 152/KH-UBND ngày 23/4/2026 của UBND tỉnh", LANG_SON, "UBND tỉnh Lạng Sơn"),
        ("Kế hoạch số 25/KH-SNgV của Sở Ngoại vụ", LANG_SON, "Sở Ngoại vụ tỉnh Lạng Sơn"),
        (
            "Nghị quyết số 60-NQ/TU của Ban Thường vụ Tỉnh ủy",
            LANG_SON,
            "Ban Thường vụ Tỉnh ủy Lạng Sơn",
        ),
        ("Kế hoạch số 46/KH-UBND của UBND xã", QUYET_THANG, "UBND xã Quyết Thắng"),
        ("Kế hoạch số 46/KH-UBND của UBND tỉnh", QUYET_THANG, "UBND tỉnh"),
        ("Nghị quyết số 18-NQ/TU ngày 30/12/2022", HA_NOI, "Thành ủy Hà Nội"),
        ("Kế hoạch số 1/KH-UBND của UBND tỉnh Nghệ An", HA_NOI, "UBND tỉnh Nghệ An"),
        ("Chỉ thị số 28/CT-TTg", HA_NOI, "Thủ tướng Chính phủ"),
        ("Luật số 85/2015/QH13", HA_NOI, "Quốc hội"),
        ("Thông tư số 10/2022/TT-BLĐTBXH", HA_NOI, "Bộ Lao động - Thương binh và Xã hội"),
        (
            "Theo đề nghị của Sở Công Thương tại Tờ trình số 298/TTr-SCT ngày 23/10/2025",
            LANG_SON,
            "Sở Công Thương tỉnh Lạng Sơn",
        ),
        (
            "Thông báo số 30-TB/TGV ngày 13/6/2025 của Tổ giúp việc Ban chỉ đạo Trung ương về phát "
            "triển khoa học, công nghệ, đổi mới sáng tạo và chuyển đổi số; Kế hoạch",
            HA_NOI,
            "Tổ giúp việc Ban chỉ đạo Trung ương về phát triển khoa học, công nghệ, đổi mới sáng "
            "tạo và chuyển đổi số",
        ),
    ],
)
def test_issuer_is_completed_with_the_place_of_the_plan(
    text: str, header: Header, issuer: str
) -> None:
    (found,) = quoted(text, header)
    assert found.issuer == issuer


def test_own_number_is_no_citation() -> None:
    text = "(Kèm theo Kế hoạch số 310/KH-UBND ngày 24/11/2025 của UBND Thành phố)"
    assert quoted(text, HA_NOI) == []
    other = "Kế hoạch số 310/KH-UBND ngày 21/8/2024 của UBND Thành phố"
    assert [c.issued_on for c in quoted(other, HA_NOI)] == ["2024-08-21"]
    elsewhere = "Kế hoạch số 310/KH-UBND của UBND tỉnh Nghệ An"
    assert [c.number for c in quoted(elsewhere, HA_NOI)] == ["310/KH-UBND"]


def test_skipped_spans_give_no_citation() -> None:
    text = "Số: 12/KH-SNgV\nKế hoạch số 13/KH-SNgV"
    found = cite(text, header=LANG_SON, basis=None, skip=[(0, 14)])
    assert [c.number for c in found] == ["13/KH-SNgV"]


def test_undated_mention_takes_the_only_date_of_its_number() -> None:
    dated = "Nghị quyết số 57-NQ/TW ngày 22/12/2024 của Bộ Chính trị. "
    found = quoted(dated + "Thực hiện Nghị quyết số 57-NQ/TW.")
    assert [c.issued_on for c in found] == ["2024-12-22", "2024-12-22"]
    assert found[0].document is found[1].document
    twice = dated + "Nghị quyết số 57-NQ/TW ngày 23/12/2024. Nghị quyết số 57-NQ/TW."
    assert [c.issued_on for c in quoted(twice)] == ["2024-12-22", "2024-12-23", None]
    assert quoted(twice)[2].document is None


def test_roles_and_relations() -> None:
    text = (
        "Căn cứ Nghị định số 63/2010/NĐ-CP ngày 08/6/2010 của Chính phủ; Thông tư số "
        "02/2017/TT-VPCP ngày 31/10/2017. Sửa đổi, bổ sung Quyết định số 15/2021/QĐ-UBND. "
        "Thay thế Kế hoạch số 371/KH-UBND ngày 31/7/2023. Thực hiện Chỉ thị số 23/CT-TTg."
    )
    found = cite(text, header=LANG_SON, basis=(0, text.index("Sửa đổi")))
    assert [c.role for c in found] == ["basis", "basis", "reference", "reference", "reference"]
    assert [c.relation for c in found] == [
        "căn cứ",
        "căn cứ",
        "sửa đổi bổ sung",
        "thay thế",
        "thực hiện",
    ]


def test_confidence_is_the_share_of_checks_passed() -> None:
    full, bare = quoted(
        "Nghị quyết số 76/NQ-CP ngày 15/7/2021 của Chính phủ. Theo văn bản số 83/BKHCN-VP"
    )
    assert full.confidence == 1.0
    assert bare.confidence == 0.6  # no type code, no date


ALPHABET = st.sampled_from(
    [
        *"0123456789/-–. ,;:()“”\nĐđơưỦ&",
        "Nghị quyết số ",
        "KH-UBND",
        "/NQ-CP",
        " ngày ",
        "15/7/2021",
        " của ",
        "UBND tỉnh ",
        "Luật ",
        "Đề án ",
        "Hà Nội",
        "TW",
        " và ",
        "giai đoạn 2021",
    ]
)


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(max_size=200), st.lists(ALPHABET, max_size=60).map("".join)))
def test_offsets_hold_on_any_text(text: str) -> None:
    last = 0
    for citation in quoted(text, HA_NOI):
        assert last <= citation.start < citation.end <= len(text)
        assert text[citation.start : citation.end] == citation.text
        assert 0.0 <= citation.confidence <= 1.0
        assert citation.number != "" and citation.issuer != "" and citation.title != ""
        last = citation.end


def test_misread_annex_line_of_the_plan_itself() -> None:
    line = "HU LUC: PHAN CONG\n150 22 /KH-UBND ngayl6 /01/2026 cua Uy ban nhdn dan tinh Lao Cai)"
    plan = Header(province="Lào Cai", issuer="UBND tỉnh Lào Cai", level="province")
    assert quoted(line, plan) == []
    assert [c.issued_on for c in quoted(line[18:], plan)] == ["2026-01-16"]


def test_a_long_text_is_aligned_like_a_short_one() -> None:
    short = "Quyết định số 06/QĐ-TTg — Ðề án\u00a0№ 7 😀 \ud800 СР İ\n"
    assert align(short * 4000) == align(short) * 4000
    assert align(short).startswith("quyet dinh so 06/qd-ttg — de an № 7")
