"""One cell over several rows of a task table holds for each of them, in Word and on web pages."""

from __future__ import annotations

from pathlib import Path

import pytest

from kh_nlp.checking import check
from kh_nlp.model import Plan
from kh_nlp.pipeline import read_plan

TITLES = ("TT", "Nội dung công việc", "Cơ quan chủ trì", "Cơ quan phối hợp", "Thời gian")
OFFICE = "Văn phòng HĐND và UBND"
ROWS = (
    ("1", "Xây dựng chuyên mục trên trang tin", "Phòng Văn hóa - Xã hội", OFFICE, "Quý I/2026"),
    ("2", "Phát thanh bản tin hằng tuần", None, None, "Quý II/2026"),
    ("3", "Tổ chức hội thi tìm hiểu", None, "", "Quý III/2026"),
    ("4", "Niêm yết thủ tục hành chính", "Trung tâm Phục vụ hành chính công", "", "Quý IV/2026"),
    ("5", "Khảo sát sự hài lòng của người dân", OFFICE, "", None),
    ("6", "Sơ kết, tổng kết công tác", "", "", "Tháng 12/2026"),
)
"""``None``: merged with the cell above."""

BEFORE = (
    "ỦY BAN NHÂN DÂN",
    "XÃ NẬM SIM",
    "Số: 15/KH-UBND",
    "Nậm Sim, ngày 10 tháng 02 năm 2026",
    "KẾ HOẠCH",
    "Tuyên truyền cải cách hành chính năm 2026",
    "I. MỤC ĐÍCH",
    "Nâng cao nhận thức của cán bộ, công chức và nhân dân.",
    "II. NHIỆM VỤ",
)
AFTER = ("III. TỔ CHỨC THỰC HIỆN", "Các đơn vị thực hiện Kế hoạch này.")


def in_word(folder: Path) -> Path:
    docx = pytest.importorskip("docx")
    document = docx.Document()
    for line in BEFORE:
        document.add_paragraph(line)
    table = document.add_table(rows=len(ROWS) + 1, cols=len(TITLES))
    for at, row in enumerate((TITLES, *ROWS)):
        for column, words in enumerate(row):
            if words is None:
                table.cell(at - 1, column).merge(table.cell(at, column))
            elif words:
                table.cell(at, column).paragraphs[0].add_run(words)
    for line in AFTER:
        document.add_paragraph(line)
    path = folder / "merged.docx"
    document.save(str(path))
    return path


def on_a_page(folder: Path) -> Path:
    lines = [f"<tr>{''.join(f'<td>{title}</td>' for title in TITLES)}</tr>"]
    for at, row in enumerate(ROWS):
        cells = []
        for column, words in enumerate(row):
            if words is None:
                continue
            high = 1
            while at + high < len(ROWS) and ROWS[at + high][column] is None:
                high += 1
            cells.append(f'<td rowspan="{high}">{words}</td>')
        lines.append(f"<tr>{''.join(cells)}</tr>")
    paragraphs = [[f"<p>{line}</p>" for line in part] for part in (BEFORE, AFTER)]
    body = "".join([*paragraphs[0], "<table>", *lines, "</table>", *paragraphs[1]])
    path = folder / "merged.html"
    path.write_text(f"<html><meta charset='utf-8'><body>{body}</body></html>", "utf-8")
    return path


@pytest.fixture(params=[in_word, on_a_page], ids=["word", "html"])
def plan(request: pytest.FixtureRequest, tmp_path: Path) -> Plan:
    return read_plan(request.param(tmp_path))


def test_rows_have_what_the_cell_over_them_says(plan: Plan) -> None:
    found = [(task.order, task.lead, task.partners, task.deadline) for task in plan.tasks]
    lead, office = ("Phòng Văn hóa - Xã hội",), (OFFICE,)
    assert found == [
        (1, lead, office, "Quý I/2026"),
        (2, lead, office, "Quý II/2026"),
        (3, lead, (), "Quý III/2026"),
        (4, ("Trung tâm Phục vụ hành chính công",), (), "Quý IV/2026"),
        (5, office, (), "Quý IV/2026"),
        (6, (), (), "Tháng 12/2026"),
    ]


def test_only_a_row_of_its_own_without_a_body_is_found(plan: Plan) -> None:
    missing = [f for f in check(plan) if f.kind in ("no_lead", "no_deadline")]
    assert [f.kind for f in missing] == ["no_lead"]
    assert "Sơ kết, tổng kết" in missing[0].message


def test_a_row_whose_other_cells_are_all_merged_is_a_task(tmp_path: Path) -> None:
    titles = "<tr><th>Nội dung</th><th>Cơ quan chủ trì</th><th>Thời gian</th></tr>"
    first = f"<tr><td>Tập huấn</td><td rowspan=2>{OFFICE}</td><td rowspan=2>Quý I/2026</td></tr>"
    table = f"<table>{titles}{first}<tr><td>Niêm yết thủ tục hành chính</td></tr></table>"
    before, after = ("".join(f"<p>{line}</p>" for line in part) for part in (BEFORE, AFTER))
    path = tmp_path / "merged.html"
    page = f"<html><meta charset='utf-8'><body>{before}{table}{after}</body></html>"
    path.write_text(page, "utf-8")
    assert [(task.content, task.lead, task.deadline) for task in read_plan(path).tasks] == [
        ("Tập huấn", (OFFICE,), "Quý I/2026"),
        ("Niêm yết thủ tục hành chính", (OFFICE,), "Quý I/2026"),
    ]
