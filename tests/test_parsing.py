"""Header, outline, notes, tasks and duties on text as offices write it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kh_nlp.errors import SecretDocumentError
from kh_nlp.model import Plan, plan_from_dict, to_dict
from kh_nlp.parsing import explain, parse
from kh_nlp.reading import read_text

HEAD = """ỦY BAN NHÂN DÂN
XÃ BÌNH AN

CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc

Số: 15/KH-UBND

Bình An, ngày 05 tháng 02 năm 2026

KẾ HOẠCH
Tuyên truyền cải cách hành chính năm 2026

Căn cứ Kế hoạch số 08/KH-UBND ngày 14/01/2026 của Ủy ban nhân dân xã về cải cách hành chính;

Ủy ban nhân dân xã Bình An ban hành Kế hoạch như sau:

"""
BODY = """I. MỤC ĐÍCH, YÊU CẦU

1. Mục đích

Nâng cao nhận thức của cán bộ, công chức¹ về cải cách hành chính.

2. Yêu cầu

a) Thiết thực, hiệu quả;

b) Đúng tiến độ;

đ) Tiết kiệm.

¹ Theo Nghị quyết số 76/NQ-CP ngày 15/7/2021 của Chính phủ.

II. NHIỆM VỤ

1. Mở chuyên mục trên Trang thông tin điện tử

- Đơn vị chủ trì: Phòng Văn hóa - Xã hội.

- Đơn vị phối hợp: Các cơ quan, đơn vị liên quan.

- Thời gian: Quý I/2026.

- Sản phẩm: Tin, bài.

2. Nhiệm vụ khác theo quy định.

III. TỔ CHỨC THỰC HIỆN

1. Phòng Văn hóa - Xã hội

- Theo dõi, đôn đốc.

2. Trung tâm Phục vụ hành chính công chủ trì niêm yết công khai thủ tục.

3. Chế độ báo cáo: trước ngày 30/11/2026.

4. Đề nghị Ủy ban MTTQ Việt Nam xã: Phối hợp giám sát.

Trên đây là Kế hoạch của Ủy ban nhân dân xã./.

"""
CLOSING = """Nơi nhận:
- Sở Nội vụ;
- Lưu: VT.

TM. ỦY BAN NHÂN DÂN
KT. CHỦ TỊCH
PHÓ CHỦ TỊCH

Nguyễn Thị Vân A
"""
ANNEX = """
PHỤ LỤC
NHIỆM VỤ TRỌNG TÂM
(Kèm theo Kế hoạch số 15/KH-UBND ngày 05/02/2026 của UBND xã Bình An)

TT\tNội dung\tChủ trì\tPhối hợp\tThời gian
I\tCông tác chỉ đạo
1\tBan hành kế hoạch\tVăn phòng\tCác phòng\tTháng 2/2026
2\tSơ kết, tổng kết\tVăn phòng chủ trì, phối hợp với Phòng Kinh tế\t\tTrước ngày 15/12/2026
"""


@pytest.fixture(scope="module")
def plan() -> Plan:
    return parse(read_text(HEAD + BODY + CLOSING + ANNEX))


def test_header_of_a_commune_plan(plan: Plan) -> None:
    header = plan.header
    assert (header.number, header.symbol, header.status) == ("15/KH-UBND", "KH-UBND", "issued")
    assert (header.place, header.issued_on, header.year) == ("Bình An", "2026-02-05", 2026)
    assert (header.issuer, header.level) == ("UBND xã Bình An", "commune")
    assert header.province is None
    assert header.title == "Tuyên truyền cải cách hành chính năm 2026"
    assert (header.signer, header.signer_title) == ("Nguyễn Thị Vân A", "PHÓ CHỦ TỊCH")
    assert header.recipients == ("Sở Nội vụ", "Lưu: VT")
    assert header.period is not None and header.period.start == "2026-01-01"


def test_outline_paths_and_headings(plan: Plan) -> None:
    found = {s.number: s.heading for s in plan.sections if not s.annex}
    assert list(found) == [
        "I", "I.1", "I.2", "I.2.a", "I.2.b", "I.2.đ",
        "II", "II.1", "II.2", "III", "III.1", "III.2", "III.3", "III.4",
    ]  # fmt: skip
    assert found["I"] == "MỤC ĐÍCH, YÊU CẦU"
    assert found["III.1"] == "Phòng Văn hóa - Xã hội"
    assert found["I.2.a"] is None and found["III.2"] is None and found["III.4"] is None


def test_notes_hang_on_the_section_of_their_mark(plan: Plan) -> None:
    (note,) = plan.notes
    numbers = {s.id: s.number for s in plan.sections}
    assert (note.label, numbers[note.section or ""]) == ("1", "I.1")
    assert plan.text[note.start : note.end].startswith("¹ Theo Nghị quyết")
    cited = next(c for c in plan.citations if c.number == "76/NQ-CP")
    assert (numbers[cited.section or ""], cited.role) == ("I.1", "reference")
    assert all("Theo Nghị quyết số 76" not in s.text for s in plan.sections)


def test_rows_groups_and_bodies_of_the_annex_table(plan: Plan) -> None:
    first, second = (t for t in plan.tasks if t.origin == "table")
    assert (first.order, first.group, first.content) == (1, "Công tác chỉ đạo", "Ban hành kế hoạch")
    assert (first.lead, first.partners, first.deadline) == (
        ("Văn phòng",),
        ("Các phòng",),
        "Tháng 2/2026",
    )
    assert (second.lead, second.partners) == (("Văn phòng",), ("Phòng Kinh tế",))
    assert second.due is not None and second.due.end == "2026-12-14"
    annex = next(s for s in plan.sections if s.annex)
    assert (annex.heading, annex.number) == ("NHIỆM VỤ TRỌNG TÂM", "PHỤ LỤC")
    assert first.section == annex.id


def test_tasks_listed_in_prose(plan: Plan) -> None:
    (task,) = (t for t in plan.tasks if t.origin == "listed")
    assert task.content == "Mở chuyên mục trên Trang thông tin điện tử"
    assert task.lead == ("Phòng Văn hóa - Xã hội",)
    assert (task.output, task.deadline) == ("Tin, bài", "Quý I/2026")
    assert task.due is not None
    assert (task.due.start, task.due.end) == ("2026-01-01", "2026-03-31")


def test_duties_name_who_is_responsible(plan: Plan) -> None:
    numbers = {s.id: s.number for s in plan.sections}
    duties = {numbers[t.section or ""]: t.lead for t in plan.tasks if t.origin == "assignment"}
    assert duties == {
        "III.1": ("Phòng Văn hóa - Xã hội",),
        "III.2": ("Trung tâm Phục vụ hành chính công",),
        "III.4": ("Ủy ban MTTQ Việt Nam xã",),
    }


def test_own_number_is_no_citation_and_basis_is_the_opening(plan: Plan) -> None:
    assert {c.number: c.role for c in plan.citations} == {
        "08/KH-UBND": "basis",
        "76/NQ-CP": "reference",
    }
    assert all(c.text == plan.text[c.start : c.end] for c in plan.citations)


def test_everything_is_covered_and_survives_json(plan: Plan) -> None:
    assert plan.quality.coverage == 1.0
    assert plan.quality.warnings == ()
    assert plan_from_dict(to_dict(plan)) == plan


def test_identity_holds_over_layout_and_rests_on_number_and_date() -> None:
    one = parse(read_text(HEAD + BODY + CLOSING))
    other = parse(read_text((HEAD + BODY + CLOSING).replace("\n\n", "\n\n\n"), "khac.txt"))
    assert one.plan_id == other.plan_id
    changed = parse(read_text((HEAD + BODY + CLOSING).replace("15/KH", "16/KH")))
    assert changed.plan_id != one.plan_id


def test_number_left_blank_is_a_draft() -> None:
    plan = parse(read_text((HEAD + BODY).replace("15/KH", "  /KH").replace("ngày 05", "ngày   ")))
    assert (plan.header.number, plan.header.symbol) == (None, "KH-UBND")
    assert plan.header.status == "draft"
    assert (plan.header.issued_on, plan.header.issued_month) == (None, "2026-02")


def test_a_decision_gives_number_and_the_plan_its_title() -> None:
    text = (
        "ỦY BAN NHÂN DÂN\nTỈNH SƠN LA\n\nSố: 2954/QĐ-UBND\n\nSơn La, ngày 20 tháng 11 năm 2025\n\n"
        "QUYẾT ĐỊNH\nVề việc ban hành Kế hoạch xuất khẩu\n\n"
        "CHỦ TỊCH ỦY BAN NHÂN DÂN TỈNH SƠN LA\n\n"
        "Căn cứ Luật Tổ chức chính quyền địa phương ngày 16 tháng 6 năm 2025;\n\nQUYẾT ĐỊNH:\n\n"
        "Điều 1. Ban hành kèm theo Quyết định này Kế hoạch xuất khẩu.\n\n"
        "Điều 2. Quyết định có hiệu lực kể từ ngày ký.\n\n" + CLOSING + "\nKẾ HOẠCH\n"
        "Xuất khẩu hàng hóa giai đoạn 2026 - 2030\n\n"
        "(Ban hành kèm theo Quyết định số 2954/QĐ-UBND)\n\n"
        "I. MỤC TIÊU\n\n1. Mục tiêu chung\n\nTăng trưởng bền vững.\n"
    )
    plan = parse(read_text(text))
    assert plan.header.number == "2954/QĐ-UBND"
    assert plan.header.title == "Xuất khẩu hàng hóa giai đoạn 2026 - 2030"
    assert plan.header.issuer == "Chủ tịch UBND tỉnh Sơn La"
    assert (plan.header.province, plan.header.level) == ("Sơn La", "province")
    assert plan.header.year == 2025
    assert plan.header.period is not None and plan.header.period.end == "2030-12-31"
    assert [s.number for s in plan.sections] == ["Điều 1", "Điều 2", "I", "I.1"]
    assert not any(s.annex for s in plan.sections)


@pytest.mark.parametrize("mark", ["MẬT", "TỐI MẬT", "TUYỆT MẬT", "Độ mật: Tối mật", "**MẬT**"])
def test_secrecy_marks_in_the_head_are_refused(mark: str) -> None:
    text = HEAD.replace("Số: 15", f"{mark}\n\nSố: 15") + BODY
    with pytest.raises(SecretDocumentError, match="không được đưa vào kho"):
        parse(read_text(text))
    plan = parse(read_text(text), allow_secret=True)
    assert plan.header.secrecy in ("MẬT", "TỐI MẬT", "TUYỆT MẬT")


@pytest.mark.parametrize(
    "title",
    ["BẢO VỆ BÍ MẬT NHÀ NƯỚC", "Tăng cường bảo mật thông tin", "VỀ CÔNG TÁC BẢO VỆ BÍ\nMẬT"],
)
def test_secrecy_as_a_subject_is_no_mark(title: str) -> None:
    text = HEAD.replace("Tuyên truyền cải cách hành chính năm 2026", title) + BODY
    assert parse(read_text(text)).header.secrecy is None


def test_text_without_headings_is_kept_whole_and_said_so() -> None:
    text = "Nội dung không có đề mục nào cả, chỉ là văn xuôi nối tiếp nhau. " * 15_000
    plan = parse(read_text(text))
    assert plan.sections == ()
    assert plan.quality.coverage == 1.0
    assert any("Không tìm thấy đề mục" in w for w in plan.quality.warnings)
    assert plan.text == text.strip()


def test_vietnamese_without_its_accents_is_damaged() -> None:
    text = (
        "Thuc hien cong tac tuyen truyen cai cach hanh chinh tren dia ban tinh Lao Cai nam. " * 10
    )
    plan = parse(read_text("I. MUC DICH\n\n" + text))
    assert plan.quality.damaged
    assert parse(read_text(HEAD + BODY)).quality.damaged is False


PARTS = [
    "KẾ HOẠCH", "I. MỤC ĐÍCH", "II. NỘI DUNG", "1. Mục đích", "2. Yêu cầu", "a) một;", "b) hai.",
    "1.1. Chi tiết", "- gạch đầu dòng;", "¹ Chú thích dưới trang", "văn xuôi¹ nối tiếp", "PHỤ LỤC",
    "TT\tNội dung\tChủ trì\tThời gian", "1\tViệc\tSở Nội vụ\tQuý I", "Nơi nhận:", "- Lưu: VT.",
    "TM. ỦY BAN NHÂN DÂN", "Nguyễn Văn A", "III. TỔ CHỨC THỰC HIỆN", "1. Sở Nội vụ chủ trì",
    "Điều 1. Ban hành", "|", "Số: 5/KH-UBND", "Căn cứ Nghị quyết số 76/NQ-CP ngày 15/7/2021;", "",
]  # fmt: skip


def check_plan(plan: Plan) -> None:
    text = plan.text
    by_id = {section.id: section for section in plan.sections}
    assert len(by_id) == len(plan.sections)
    for section in plan.sections:
        assert 0 <= section.start <= section.spans[0][0]
        assert section.spans[-1][1] <= section.end <= len(text)
        assert section.text == " ".join(text[a:b] for a, b in section.spans)
        assert all(a < b for a, b in section.spans)
        if section.parent:
            parent = by_id[section.parent]
            assert parent.start <= section.start and section.end <= parent.end
    for citation in plan.citations:
        assert citation.text == text[citation.start : citation.end]
        assert citation.section is None or citation.section in by_id
    for task in plan.tasks:
        assert 0 <= task.start <= task.end <= len(text)
        assert task.section is None or task.section in by_id
    spans = [(b.start, b.end) for b in plan.blocks if b.kind != "other"]
    spans += [span for s in plan.sections for span in s.spans]
    spans += [(n.start, n.end) for n in plan.notes]
    spans += [span for t in plan.tasks for span in t.spans]
    inside = {i for a, b in spans for i in range(a, b)}
    solid = [i for i, char in enumerate(text) if not char.isspace()]
    share = sum(i in inside for i in solid) / len(solid) if solid else 1.0
    assert plan.quality.coverage == pytest.approx(share, abs=1e-4)


@settings(max_examples=120, deadline=None)
@given(st.lists(st.sampled_from(PARTS), max_size=30))
def test_any_order_of_parts_gives_a_sound_plan(parts: list[str]) -> None:
    reading = read_text("\n".join(parts))
    plan = parse(reading, allow_secret=True)
    check_plan(plan)
    assert plan == parse(reading, allow_secret=True)


@settings(max_examples=120, deadline=None)
@given(st.text(max_size=400))
def test_any_text_gives_a_sound_plan(text: str) -> None:
    check_plan(parse(read_text(text), allow_secret=True))


def test_a_duty_says_by_when_and_to_whom_to_report() -> None:
    duty = (
        "III. TỔ CHỨC THỰC HIỆN\n\n"
        "1. Các phòng, ban trực thuộc triển khai Kế hoạch; báo cáo kết quả "
        "về Sở Nội vụ trước ngày 30/11/2026 để tổng hợp.\n"
    )
    (task,) = parse(read_text(HEAD + duty)).tasks
    assert task.report_to == "Sở Nội vụ"
    assert task.deadline == "trước ngày 30/11/2026"
    assert task.due is not None and task.due.end == "2026-11-29"


def test_explanations_say_why_a_line_is_what_it_is() -> None:
    reading = read_text(HEAD + BODY + CLOSING + ANNEX)
    plan = parse(reading)
    found = explain(reading, plan)
    assert len(found) == len(reading.lines)
    roles = {item.text.split("\n")[0]: item for item in found}
    assert roles["I. MỤC ĐÍCH, YÊU CẦU"].role == "đề mục I"
    assert roles["a) Thiết thực, hiệu quả;"].role == "mục I.2.a"
    assert "không phải tên" in roles["a) Thiết thực, hiệu quả;"].why
    assert roles["đ) Tiết kiệm."].why.startswith("dãy thiếu nhãn")
    assert roles["Nơi nhận:"].role == "phần kết"
    note = next(item for item in found if item.text.startswith("¹"))
    assert (note.role, note.why) == (
        "chú thích",
        "mở đầu bằng dấu chú thích; dấu đặt ở mục I.1",
    )
    row = next(item for item in found if item.text.startswith("1\tBan hành"))
    assert row.role == "hàng nhiệm vụ"
    assert row.line == (HEAD + BODY + CLOSING + ANNEX).split("1\tBan hành")[0].count("\n") + 1


def test_a_sentence_broken_by_a_footnote_is_no_heading() -> None:
    plan = parse(
        read_text(
            "I. NỘI DUNG\n\na) Sắp xếp bộ máy theo hướng tinh\n\n"
            "¹ Chú thích.\n\ngọn, hiệu quả¹.\n\n"
            "b) Việc khác.\n"
        )
    )
    unit = next(s for s in plan.sections if s.number == "I.a")
    assert unit.heading is None
    assert unit.text == "a) Sắp xếp bộ máy theo hướng tinh gọn, hiệu quả¹."


def test_bodies_have_one_key_however_they_are_spelt(plan: Plan) -> None:
    keys = {t.origin: t.lead_keys for t in plan.tasks if t.origin != "assignment"}
    assert keys["listed"] == ("phong van hoa xa hoi",)
    text = BODY.replace("Phòng Văn hóa - Xã hội.", "phòng Văn hoá - xã hội xã Bình An.")
    (task,) = (t for t in parse(read_text(HEAD + text)).tasks if t.origin == "listed")
    assert task.lead_keys == keys["listed"]


def test_fields_that_are_units_of_their_own_make_one_task() -> None:
    text = (
        "II. NỘI DUNG\n\n1. THÔNG TIN, TUYÊN TRUYỀN\n\n1.1. Nội dung, biện pháp\n\n"
        "Đăng tin, bài.\n\n"
        "1.2. Cơ quan chủ trì\n\n- Sở Nội vụ.\n\n- Công an tỉnh.\n\n"
        "1.3. Thời gian thực hiện: Quý I/2026.\n\n2. KIỂM TRA\n\n2.1. Nội dung\n\nKiểm tra.\n"
    )
    plan = parse(read_text(HEAD + text))
    (task,) = plan.tasks
    numbers = {s.id: s.number for s in plan.sections}
    assert (task.origin, numbers[task.section or ""]) == ("listed", "II.1")
    assert task.content == "THÔNG TIN, TUYÊN TRUYỀN"
    assert task.lead == ("Sở Nội vụ", "Công an tỉnh")
    assert task.deadline == "Quý I/2026"
