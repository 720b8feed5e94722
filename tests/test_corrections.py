"""Corrections by a person: made, kept over new readings, reported where they fit no more."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from support_corrections import assert_valid, copied_samples, id_of, use_newer_parser
from support_library import HashEncoder

from kh_nlp.errors import UsageError
from kh_nlp.library import Correction, Edit, Library, check, correct, corrections, ingest, undo
from kh_nlp.model import to_dict
from kh_nlp.pipeline import read_plan
from kh_nlp.search import cited_by, covers, search

WARD = "05-phuong-ben-hac-tuyen-truyen-cchc-2025.txt"


@pytest.fixture
def encoder() -> HashEncoder:
    return HashEncoder()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return copied_samples(tmp_path / "plans", "04", "05", "places")


@pytest.fixture
def library(tmp_path: Path, folder: Path, encoder: HashEncoder):
    with Library.open(tmp_path / "lib", create=True) as opened:
        assert len(ingest(opened, [folder], encoder=encoder).added) == 2
        yield opened


def put(library: Library, encoder: HashEncoder, **edit: object) -> list[Correction]:
    made = correct(library, id_of(library, "05"), [Edit(**edit)], by="Lan", encoder=encoder)
    assert_valid(library.plan(id_of(library, "05")))
    return made


def statuses(library: Library) -> list[str]:
    return [c.status for c in corrections(library, id_of(library, "05"))]


def section(library: Library, number: str):
    (found,) = (s for s in library.plan(id_of(library, "05")).sections if s.number == number)
    return found


def rewrite(folder: Path, old: str, new: str) -> None:
    text = (folder / WARD).read_text(encoding="utf-8")
    assert text.count(old) == 1
    (folder / WARD).write_text(text.replace(old, new), encoding="utf-8")


def one_of_each(library: Library, encoder: HashEncoder) -> None:
    """A corrected field, heading, bounds, duty and citation; one more section, task, citation."""
    put(library, encoder, target="header", values={"signer": "Đặng Hải Yên"})
    put(library, encoder, target="section", ref="II.1", values={"heading": "Những việc cần nói"})
    put(library, encoder, target="section", ref="II.2.c", end="do tỉnh mở;")
    duty = library.plan(id_of(library, "05")).tasks[0]
    put(library, encoder, target="task", ref=duty.id, values={"lead": "Sở A; Sở B"})
    put(library, encoder, target="citation", ref="66/NQ-CP", values={"issued_on": "27/3/2025"})
    put(
        library, encoder, target="section", action="add", start="- Chú trọng người cao tuổi",
        values={"number": "I.2.a", "heading": "Người cần chú ý"},
    )  # fmt: skip
    put(
        library, encoder, target="task", action="add", start="dán mã QR tra cứu TTHC",
        end="nhà văn hóa tổ dân phố",
        values={"lead": ["Văn phòng"], "deadline": "Quý IV/2025"},
    )  # fmt: skip
    put(library, encoder, target="section", action="remove", ref="II.2.đ")


def assert_corrected(library: Library) -> None:
    plan = library.plan(id_of(library, "05"))
    assert_valid(plan)
    assert plan.header.signer == "Đặng Hải Yên"
    assert section(library, "II.1").heading == "Những việc cần nói"
    assert section(library, "II.2.c").text.endswith("do tỉnh mở;")
    assert section(library, "II.2").text.endswith("về xử lý hồ sơ trên hệ thống mới.")
    (duty,) = (t for t in plan.tasks if (t.content or "").startswith("1. Phòng Văn hóa"))
    assert duty.lead == ("Sở A", "Sở B")
    assert len(duty.lead_keys) == 2 and "Văn hóa" not in " ".join(duty.lead_keys)
    (cited,) = (c for c in plan.citations if c.number == "66/NQ-CP")
    assert cited.issued_on == "2025-03-27"
    added = section(library, "I.2.a")
    assert added.heading == "Người cần chú ý"
    assert added.text.startswith("- Chú trọng người cao tuổi")
    assert added.parent == section(library, "I.2").id
    assert "Chú trọng" not in section(library, "I.2").text
    (task,) = (t for t in plan.tasks if t.content and t.content.startswith("dán mã QR"))
    assert task.lead == ("Văn phòng",) and task.due is not None
    assert (task.due.start, task.due.end) == ("2025-10-01", "2025-12-31")
    assert plan.text[task.start : task.end] == task.content
    assert "II.2.đ" not in [s.number for s in plan.sections]
    assert "Đội hình thanh niên" in section(library, "II.2.d").text


def test_a_correction_says_who_when_what_and_why(library, encoder) -> None:
    plan = id_of(library, "05")
    (made,) = correct(
        library, plan[:8], [Edit(target="header", values={"title": "Tên đúng"})],
        by="Trần Thị Lan", note="theo bản ký", encoder=encoder,
    )  # fmt: skip
    assert (made.number, made.by, made.note) == (1, "Trần Thị Lan", "theo bản ký")
    assert (made.target, made.action, made.field) == ("header", "set", "title")
    assert made.old == "Tuyên truyền cải cách hành chính 5 tháng cuối năm 2025"
    assert made.new == "Tên đúng"
    assert datetime.fromisoformat(made.at).utcoffset().total_seconds() == 0
    assert corrections(library, plan) == [made]
    assert library.plan(plan).header.title == "Tên đúng"
    (summary,) = (s for s in library.plans() if s.plan == plan)
    assert summary.title == "Tên đúng"


def test_unknown_is_null_and_parse_is_not_touched(library, folder, encoder) -> None:
    before = to_dict(read_plan(folder / WARD))
    put(library, encoder, target="header", values={"number": "không rõ", "year": None})
    header = library.plan(id_of(library, "05")).header
    assert (header.number, header.year) == (None, None)
    assert to_dict(read_plan(folder / WARD)) == before


def test_month_and_symbol_follow_date_and_number(library, encoder) -> None:
    put(
        library, encoder, target="header",
        values={"issued_on": "02/9/2025", "number": "64/QĐ-UBND", "period": "1/9/2025:31/12/2025"},
    )  # fmt: skip
    header = library.plan(id_of(library, "05")).header
    assert (header.issued_on, header.issued_month) == ("2025-09-02", "2025-09")
    assert (header.number, header.symbol) == ("64/QĐ-UBND", "QĐ-UBND")
    assert header.period is not None and header.period.end == "2025-12-31"


def test_search_and_covers_use_the_corrected_values(library, encoder) -> None:
    assert (
        "zeppelin"
        not in search(library, "khinh khí cầu zeppelin", encoder=encoder).hits[0].text.lower()
    )
    put(
        library, encoder, target="section", ref="II.1", values={"heading": "Khinh khí cầu zeppelin"}
    )
    hit = search(library, "khinh khí cầu zeppelin", encoder=encoder).hits[0]
    assert (hit.number, hit.heading) == ("II.1", "Khinh khí cầu zeppelin")
    before = [p.coverage for p in covers(library, "Nghị quyết 57-NQ/TW", encoder=encoder).plans]
    assert "cites" in before
    put(library, encoder, target="citation", ref="c8", action="remove")
    put(library, encoder, target="citation", ref="57-NQ/TW", action="remove")  # one is left
    after = {
        Path(p.path).name[:2]: p.coverage
        for p in covers(library, "57-NQ/TW", encoder=encoder).plans
    }
    assert after["05"] != "cites"
    assert [f.message for f in check(library, encoder=encoder) if not f.ok] == []


def test_a_corrected_citation_means_another_document(library, encoder) -> None:
    put(
        library, encoder, target="citation", ref="12/QĐ-UBND",
        values={"number": "57-NQ/TW", "issued_on": "2024-12-22", "issuer": "Bộ Chính trị",
                "kind": "Nghị quyết"},
    )  # fmt: skip
    plan = library.plan(id_of(library, "05"))
    (changed,) = (c for c in plan.citations if "12/QĐ-UBND" in c.text)
    known = next(c.document for c in plan.citations if "57-NQ/TW ngày" in c.text)
    assert known is not None and changed.document is not None
    assert changed.document.key == known.key and changed.confidence == 1.0
    assert changed.text in [m.text for m in cited_by(library, known.key).cited_by]
    put(library, encoder, target="citation", ref="66/NQ-CP", values={"key": "không rõ"})
    (left,) = (c for c in library.plan(plan.plan_id).citations if c.number == "66/NQ-CP")
    assert left.document is None


def test_a_missing_citation_is_added_with_what_its_words_say(library, encoder) -> None:
    put(library, encoder, target="citation", ref="66/NQ-CP", action="remove")
    assert "66/NQ-CP" not in [c.number for c in library.plan(id_of(library, "05")).citations]
    undo(library, id_of(library, "05"), 1, by="Lan", encoder=encoder)
    put(library, encoder, target="citation", action="add", start="Cổng Dịch vụ công quốc gia",
        values={"kind": "Cổng", "title": "Cổng Dịch vụ công"})  # fmt: skip
    plan = library.plan(id_of(library, "05"))
    (added,) = (c for c in plan.citations if c.text == "Cổng Dịch vụ công quốc gia")
    assert (added.kind, added.number, added.title) == ("Cổng", None, "Cổng Dịch vụ công")
    assert added.section == next(n.section for n in plan.notes if n.start <= added.start < n.end)


def test_all_kinds_survive_the_same_folder_again(library, folder, encoder) -> None:
    one_of_each(library, encoder)
    assert_corrected(library)
    assert set(statuses(library)) == {"applied"}
    report = ingest(library, [folder], encoder=encoder)
    assert len(report.unchanged) == 2
    assert_corrected(library)
    assert [f.message for f in check(library, encoder=encoder) if not f.ok] == []


def test_all_kinds_survive_a_paragraph_inserted_before(library, folder, encoder) -> None:
    one_of_each(library, encoder)
    rewrite(
        folder,
        "I. MỤC ĐÍCH, YÊU CẦU",
        "Kế hoạch này thay thế kế hoạch đã ban hành trước khi sắp xếp đơn vị hành chính.\n\n"
        "I. MỤC ĐÍCH, YÊU CẦU",
    )
    report = ingest(library, [folder], encoder=encoder)
    assert [Path(f.path).name for f in report.updated] == [WARD]
    assert_corrected(library)
    assert set(statuses(library)) == {"applied"}


def test_all_kinds_survive_a_newer_parser(library, folder, encoder, monkeypatch) -> None:
    one_of_each(library, encoder)
    use_newer_parser(monkeypatch)
    assert len(ingest(library, [folder], encoder=encoder).updated) == 2
    plan = library.plan(id_of(library, "05"))
    assert plan.text.startswith("KHUNG TRÊN") and plan.sections[0].id.startswith("neu-")
    assert "X" in [s.number for s in plan.sections]
    assert_corrected(library)
    assert set(statuses(library)) == {"applied"}


def test_they_survive_a_newer_parser_without_the_file_of_the_edit(
    library, folder, encoder, monkeypatch
) -> None:
    text = (folder / WARD).read_text(encoding="utf-8")
    (folder / WARD).unlink()  # corrected from what the library knows
    one_of_each(library, encoder)
    (folder / WARD).write_text(text, encoding="utf-8")
    use_newer_parser(monkeypatch)
    ingest(library, [folder], encoder=encoder)
    assert_corrected(library)


def test_a_deleted_passage_is_reported_and_comes_back(library, folder, encoder) -> None:
    put(library, encoder, target="section", ref="II.2.d", values={"heading": "Trực quan"})
    original = (folder / WARD).read_text(encoding="utf-8")
    gone = next(line for line in original.splitlines() if line.startswith("d) Trực quan"))
    rewrite(folder, gone + "\n", "")
    (told,) = ingest(library, [folder], encoder=encoder).orphaned
    assert (told.plan, told.number) == (id_of(library, "05"), 1)
    findings = check(library, encoder=encoder)
    assert any(f"không còn khớp 1: {told.plan} số 1" in f.message for f in findings)
    assert all(f.ok for f in findings)
    (kept,) = corrections(library, id_of(library, "05"))
    assert kept.status == "orphaned"
    assert kept.reason is not None and kept.reason.startswith("không còn đoạn “d) Trực quan")
    assert (kept.new, kept.by) == ("Trực quan", "Lan")
    assert "Trực quan" not in [s.heading for s in library.plan(id_of(library, "05")).sections]
    (folder / WARD).write_text(original, encoding="utf-8")
    assert ingest(library, [folder], encoder=encoder).orphaned == ()
    assert statuses(library) == ["applied"]
    assert section(library, "II.2.d").heading == "Trực quan"


def test_a_changed_head_orphans_only_what_it_contradicts(library, folder, encoder) -> None:
    put(library, encoder, target="header", values={"issued_on": "2025-08-16", "year": 2024})
    rewrite(folder, "ngày 15 tháng 8 năm 2025", "ngày 18 tháng 8 năm 2025")
    ingest(library, [folder], encoder=encoder)
    assert statuses(library) == ["orphaned", "applied"]
    (lost, _) = corrections(library, id_of(library, "05"))
    assert lost.reason == "bản mới của văn bản ghi “2025-08-18”"
    header = library.plan(id_of(library, "05")).header
    assert (header.issued_on, header.year) == ("2025-08-18", 2024)


def test_a_parser_that_learned_it_agrees(library, folder, encoder, monkeypatch) -> None:
    put(library, encoder, target="section", action="remove", ref="II.2.đ")
    put(library, encoder, target="header", values={"signer": "Đặng Thị Hải Yến"})
    rewrite(folder, "Đặng Hải Yến", "Đặng Thị Hải Yến")
    rewrite(folder, "đ) Đội hình thanh niên", "- Đội hình thanh niên")
    ingest(library, [folder], encoder=encoder)
    assert statuses(library) == ["orphaned", "agrees"]
    assert library.plan(id_of(library, "05")).header.signer == "Đặng Thị Hải Yến"


def test_latest_wins_and_undo_gives_the_earlier_back(library, encoder) -> None:
    plan = id_of(library, "05")
    parsed = library.plan(plan)
    for heading in ("Lần một", "Lần hai"):
        put(library, encoder, target="section", ref="II.1", values={"heading": heading})
    assert section(library, "II.1").heading == "Lần hai"
    assert statuses(library) == ["superseded", "applied"]
    taken = undo(library, plan, 2, by="Minh", encoder=encoder)
    assert (taken.status, taken.by, taken.undone_by) == ("undone", "Lan", "Minh")
    assert taken.undone_at is not None and taken.undone_at >= taken.at
    assert section(library, "II.1").heading == "Lần một"
    assert statuses(library) == ["applied", "undone"]
    undo(library, plan, 1, encoder=encoder)
    assert library.plan(plan) == parsed
    with pytest.raises(UsageError, match="đã được hoàn tác"):
        undo(library, plan, 1, encoder=encoder)
    with pytest.raises(UsageError, match="không có sửa đổi số 9"):
        undo(library, plan, 9, encoder=encoder)


def test_number_moves_a_section_with_what_is_below(library, encoder) -> None:
    put(library, encoder, target="section", ref="II.2", values={"number": "III"})
    plan = library.plan(id_of(library, "05"))
    moved = [s for s in plan.sections if (s.heading or "") == "Hình thức tuyên truyền"]
    assert [(s.number, s.label, s.parent) for s in moved] == [("III", "III", None)]
    below = [s.number for s in plan.sections if s.parent == moved[0].id]
    assert below == ["III.a", "III.b", "III.c", "III.d", "III.đ"]


def test_removing_a_parent_lifts_its_children(library, encoder) -> None:
    put(library, encoder, target="section", action="remove", ref="II.1")
    plan = library.plan(id_of(library, "05"))
    second = section(library, "II")
    assert "1. Nội dung tuyên truyền" in second.text
    children = [s.number for s in plan.sections if s.parent == second.id]
    assert children == ["II.a", "II.b", "II.c", "II.d", "II.đ", "II.2"]


def test_removing_the_only_heading_before_all_leaves_its_text_in_a_block(library, encoder) -> None:
    put(library, encoder, target="section", action="remove", ref="I")
    plan = library.plan(id_of(library, "05"))
    assert any("I. MỤC ĐÍCH" in plan.text[b.start : b.end] for b in plan.blocks)
    assert plan.quality.coverage >= 0.99


def test_a_table_row_is_corrected_and_anchored_as_a_whole(library, folder, encoder) -> None:
    plan_id = id_of(library, "04")
    row = next(t for t in library.plan(plan_id).tasks if t.origin == "table")
    edit = Edit(target="task", ref=row.id, values={"partners": "Sở C", "output": None})
    correct(library, plan_id, [edit], by="Lan", encoder=encoder)
    path = next(folder.glob("04*"))
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace("| **I** |", "| 0 | Việc mới | Xã | Thôn | Quý I | Tin |\n| **I** |")
    )
    ingest(library, [folder], encoder=encoder)
    plan = library.plan(plan_id)
    (same,) = (t for t in plan.tasks if t.content == row.content and t.lead == row.lead)
    assert same.partners == ("Sở C",) and same.output is None
    assert any(t.content == "Việc mới" for t in plan.tasks)
