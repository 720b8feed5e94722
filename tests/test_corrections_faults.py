"""Corrections that are refused, and what becomes of them when plans and libraries change."""

# ruff: noqa: F401, F811 - fixtures of the module beside it are imported by their names

from __future__ import annotations

import json
import sqlite3

import pytest
from support_corrections import id_of
from test_corrections import WARD, encoder, folder, library, put, section

from kh_nlp.errors import UsageError
from kh_nlp.library import Edit, Library, correct, corrections, ingest
from kh_nlp.search import search


@pytest.mark.parametrize(
    ("edit", "line"),
    [
        ({"target": "header", "values": {"tittle": "x"}}, "Không sửa được trường “tittle”"),
        ({"target": "header", "values": {"issued_on": "31/02/2025"}}, "không phải là ngày có thật"),
        ({"target": "header", "values": {"year": "hai nghìn"}}, "phải là năm"),
        ({"target": "header", "values": {"level": "xã"}}, "phải là một trong: central"),
        ({"target": "header", "values": {"title": "  "}}, "để trống"),
        ({"target": "header", "values": {"title": "a\x00b"}}, "có ký tự điều khiển"),
        ({"target": "header", "values": {"title": "a\ud800"}}, "có ký tự điều khiển"),
        ({"target": "header", "values": {"title": "dài " * 9000}}, "dài quá 20000 ký tự"),
        ({"target": "section", "ref": "I.1", "start": "9" * 5000}, "Không thấy"),
        ({"target": "task", "ref": "9" * 5000, "action": "remove"}, "không có nhiệm vụ"),
        ({"target": "citation", "ref": "c" + "9" * 5000, "action": "remove"}, "không có viện dẫn"),
        ({"target": "header", "values": {}}, "Chưa nói sửa gì"),
        ({"target": "header", "action": "remove"}, "không thêm, xóa"),
        ({"target": "section", "ref": "VII", "values": {"heading": "x"}}, "không có mục “VII”"),
        (
            {"target": "section", "ref": "I.1", "values": {"heading": "Mục đích"}},
            "không có gì để sửa",
        ),
        ({"target": "section", "ref": "I.1", "start": "không có chữ này"}, "Không thấy"),
        ({"target": "section", "ref": "I.1", "start": 10**9}, "ngoài văn bản"),
        ({"target": "section", "ref": "I", "end": "một cửa liên thông tại Trung"}, "trùm hết mục"),
        (
            {"target": "section", "action": "add", "start": "II. NỘI DUNG"},
            "Ở đó đã có mục II; hãy sửa mục đó",
        ),
        ({"target": "section", "action": "add"}, "Cần chỉ chỗ bắt đầu"),
        ({"target": "task", "ref": "99", "values": {"lead": "A"}}, "không có nhiệm vụ “99”"),
        ({"target": "task", "ref": "d1", "values": {"content": "null"}}, "không thể là không rõ"),
        ({"target": "citation", "ref": "57-NQ/TW", "action": "remove"}, "c8, c11"),
        ({"target": "citation", "ref": "c99", "action": "remove"}, "không có viện dẫn"),
        ({"target": "citation", "action": "add", "start": "phường"}, "hãy ghi dài hơn"),
    ],
)
def test_a_bad_request_is_one_line_and_changes_nothing(library, encoder, edit, line) -> None:
    plan = id_of(library, "05")
    before = library.plan(plan)
    with pytest.raises(UsageError, match=line) as fault:
        put(library, encoder, **edit)
    assert "\n" not in str(fault.value)
    assert corrections(library, plan) == []
    assert library.plan(plan) == before


def test_all_edits_of_a_call_or_none(library, encoder) -> None:
    plan = id_of(library, "05")
    edits = [
        Edit(target="header", values={"title": "Tên mới"}),
        Edit(target="section", ref="VII", values={"heading": "x"}),
    ]
    with pytest.raises(UsageError):
        correct(library, plan, edits, by="Lan", encoder=encoder)
    assert corrections(library, plan) == [] and library.plan(plan).header.title != "Tên mới"


def test_two_files_are_one_plan_by_the_corrected_number(library, folder, encoder) -> None:
    put(library, encoder, target="header", values={"number": "163/KH-UBND"})
    text = (folder / WARD).read_text(encoding="utf-8").replace("63/KH-UBND", "163/KH-UBND", 1)
    (folder / "ban-ky.txt").write_text(text, encoding="utf-8")
    report = ingest(library, [folder], encoder=encoder)
    assert (len(report.added), len(report.updated)) == (0, 1)
    assert len(library.plans()) == 2


def test_removed_plan_takes_its_corrections_along(library, encoder) -> None:
    put(library, encoder, target="header", values={"title": "x y"})
    library.remove([id_of(library, "05")])
    assert library.connection.execute("SELECT count(*) FROM corrections").fetchone()[0] == 0


def test_a_library_of_schema_1_is_upgraded_in_place(tmp_path, folder, encoder) -> None:
    with Library.open(tmp_path / "old", create=True) as library:
        ingest(library, [folder], encoder=encoder)
        ids = [s.plan for s in library.plans()]
    with sqlite3.connect(tmp_path / "old" / "library.sqlite") as connection:
        connection.execute("DROP TABLE corrections")
        connection.execute("ALTER TABLE plans DROP COLUMN corrected")
        connection.execute("ALTER TABLE versions DROP COLUMN parsed")
        connection.execute("UPDATE manifest SET value = '1' WHERE key = 'schema'")
    with Library.open(tmp_path / "old") as library:
        assert library.manifest()["schema"] == "2"
        assert [s.plan for s in library.plans()] == ids
        put(library, encoder, target="header", values={"title": "Tên sửa"})
        assert len(ingest(library, [folder], encoder=encoder).unchanged) == 2
        fresh = Library.open(tmp_path / "new", create=True)
        tables = "SELECT name, sql FROM sqlite_master WHERE name = 'corrections'"
        for row, other in zip(
            library.connection.execute(tables), fresh.connection.execute(tables), strict=True
        ):
            assert tuple(row) == tuple(other)
        for table in ("plans", "versions"):
            names = f"SELECT name FROM pragma_table_info('{table}')"
            assert [r[0] for r in library.connection.execute(names)] == [
                r[0] for r in fresh.connection.execute(names)
            ]
        fresh.close()


def test_rebuild_keeps_the_corrected_plan(library, encoder) -> None:
    put(
        library, encoder, target="section", ref="II.1", values={"heading": "Giữ nguyên sau lập lại"}
    )
    library.rebuild(encoder=encoder)
    assert search(library, "giữ nguyên sau lập lại", encoder=encoder).hits[0].number == "II.1"
    row = library.connection.execute("SELECT json, parsed FROM versions WHERE parsed NOT NULL")
    stored, parsed = (json.loads(text) for text in row.fetchone())
    headings = [s["heading"] for s in stored["sections"]]
    assert "Giữ nguyên sau lập lại" in headings
    assert "Nội dung tuyên truyền" in [s["heading"] for s in parsed["sections"]]
