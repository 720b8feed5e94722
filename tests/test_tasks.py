"""Tasks of all plans and the coverage report, as records and as files."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from support_samples import sample_library
from test_cli_library import run

from api import create_app
from kh_nlp.errors import UsageError
from kh_nlp.library import Library
from kh_nlp.model import Period
from kh_nlp.search import CoverAnswer, CoverReport, TaskAnswer, TaskRow, read_due, report, tasks
from kh_nlp.tables import Table, coverage_tables, task_table, write, written


@pytest.fixture(scope="module")
def library():
    with Library.open(sample_library()) as opened:
        yield opened


@pytest.fixture(scope="module")
def client() -> TestClient:
    return TestClient(create_app(sample_library()), base_url="http://127.0.0.1")


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("2026", ("2026-01-01", "2026-12-31")),
        ("2024-02", ("2024-02-01", "2024-02-29")),
        ("2026-Q1", ("2026-01-01", "2026-03-31")),
        ("2026-01-15", ("2026-01-15", "2026-01-15")),
        ("2026-01:2026-03", ("2026-01-01", "2026-03-31")),
        ("2026-01:", ("2026-01-01", None)),
        (":2026", (None, "2026-12-31")),
        ("", None),
        (None, None),
    ],
)
def test_due(text, days) -> None:
    assert read_due(text) == days


@pytest.mark.parametrize("text", ["2026-13", "2026-02-30", "sớm", ":", "2026-3:2026-1", "2026-Q5"])
def test_wrong_due(text) -> None:
    with pytest.raises(UsageError):
        read_due(text)


def test_sorted_by_due_date_and_with_sources(library) -> None:
    answer = tasks(library)
    ends = [row.due.end if row.due else "9999" for row in answer.tasks]
    assert ends == sorted(ends) and answer.total == len(answer.tasks) > 50
    for row in answer.tasks[:10]:
        plan = library.plan(row.plan)
        task = next(t for t in plan.tasks if t.id == row.task)
        assert (row.content, row.page, row.lead) == (task.content, task.page, task.lead)
        assert Path(row.path).is_file() and row.title == plan.header.title
    assert len(tasks(library, limit=3).tasks) == 3 and tasks(library, limit=3).total > 50


def test_filters(library) -> None:
    led = tasks(library, agencies=["công an xã"]).tasks
    assert led and all(any("công an xã" in body.lower() for body in row.lead) for row in led)
    helped = tasks(library, partners=["Phòng Văn hóa và Thông tin"]).tasks
    assert helped and all("Phòng Văn hóa và Thông tin" in row.partners for row in helped)
    assert tasks(library, agencies=["sở"]).total < tasks(library).total
    due = tasks(library, due=read_due("2026-01:2026-03")).tasks
    assert due and all(r.due.start <= "2026-03-31" and r.due.end >= "2026-01-01" for r in due)
    assert {r.level for r in tasks(library, levels=["commune"]).tasks} == {"commune"}
    assert {r.year for r in tasks(library, years=(2022, 2022)).tasks} == {2022}
    about = tasks(library, about="tập huấn").tasks
    assert about and all("tập huấn" in (r.content or "").lower() + (r.output or "").lower() + (r.group or "").lower() for r in about)  # fmt: skip  # noqa: E501
    assert tasks(library, about="tap huan").total >= len(about)
    assert {r.issuer for r in tasks(library, issuers=["bến hạc"]).tasks} == {"UBND phường Bến Hạc"}
    assert tasks(library, provinces=["tỉnh Không Có"]).tasks == ()
    assert tasks(library, agencies=["%"]).tasks == ()
    with pytest.raises(UsageError):
        tasks(library, levels=["xã"])
    with pytest.raises(UsageError):
        tasks(library, limit=0)


def row(**changes: object) -> TaskRow:
    values: dict = {
        "plan": "p", "path": "/a/b.txt", "title": "+Kế hoạch", "issuer": None, "level": "commune",
        "province": None, "year": 2026, "task": "t", "origin": "table", "order": 1, "group": None,
        "content": "=HYPERLINK(\"http://x\")", "lead": ("@cmd",), "partners": ("- Công an",),
        "output": "a\x01b", "deadline": None, "due": Period(start="2026-01-01", end="2026-03-31"),
        "number": "II.1", "page": 2, "start": 0, "end": 1,
    }  # fmt: skip
    return TaskRow(**{**values, **changes})


def test_csv_has_a_mark_and_no_formulas() -> None:
    data = written([task_table(TaskAnswer(filters={}, total=1, tasks=(row(),)))], "csv")
    assert data.startswith(b"\xef\xbb\xbf")
    heads, cells = csv.reader(io.StringIO(data.decode("utf-8-sig")))
    line = dict(zip(heads, cells, strict=True))
    assert line["Nhiệm vụ"] == '\'=HYPERLINK("http://x")' and line["Kế hoạch"] == "'+Kế hoạch"
    assert line["Chủ trì"] == "'@cmd" and line["Phối hợp"] == "'- Công an"
    assert line["Hạn đến"] == "31/03/2026" and line["Trang"] == "2" and line["Kết quả"] == "a b"


def sheets(data: bytes) -> tuple[str, str]:
    """XML of the first sheet and of the shared strings."""
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
        return sheet, book.read("xl/sharedStrings.xml").decode()


def test_xlsx_is_text_with_a_frozen_head_and_widths() -> None:
    answer = TaskAnswer(filters={}, total=1, tasks=(row(content="=1+1", output="x" * 40_000),))
    sheet, strings = sheets(written([task_table(answer)], "xlsx"))
    assert "<f>" not in sheet and ">=1+1<" in strings
    assert 'state="frozen"' in sheet and "<cols>" in sheet
    assert max(map(len, re.findall(r"<t[^>]*>([^<]*)</t>", strings))) == 32_767
    empty = Table(name="Không", columns=(("Cột", 10),), rows=())
    assert sheets(written([empty], "xlsx"))


def test_only_known_endings(tmp_path: Path) -> None:
    table = task_table(TaskAnswer(filters={}, total=0, tasks=()))
    with pytest.raises(UsageError, match="xlsx"):
        write([table], tmp_path / "a.pdf")
    write([table], tmp_path / "A.CSV")
    assert (tmp_path / "A.CSV").read_bytes().startswith(b"\xef\xbb\xbf")


def test_tasks_on_the_command_line(capsys, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("COLUMNS", "160")  # names of files are not broken
    place = ("-L", sample_library())
    status, out, err = run(capsys, "tasks", "--level", "xã", "--due", "2026-04:2026-06", *place)
    assert (status, err) == (0, "") and "Thời hạn" in out and "06-mttq-xa-nam-sim" in out
    status, out, _ = run(capsys, "tasks", "--agency", "Bộ Không Có", *place)
    assert status == 0 and out == "Không có nhiệm vụ nào hợp với bộ lọc.\n"
    status, out, _ = run(capsys, "tasks", "--out", tmp_path / "n.xlsx", *place)
    assert status == 0 and out.startswith("Đã ghi") and sheets((tmp_path / "n.xlsx").read_bytes())
    status, out, _ = run(capsys, "tasks", "--about", "tập huấn", "--json", *place)
    assert json.loads(out)["tasks"][0]["due"]["from"]
    status, out, err = run(capsys, "tasks", "--due", "mai", *place)
    assert status == 2 and "Thời hạn" in err


def test_report_counts_plans(library) -> None:
    from kh_nlp.search import covers

    found = report(covers(library, "Đề án 06"), library.plans(), "level")
    counts = {g.value: (g.plans, g.cites, g.names, g.treats, g.none) for g in found.groups}
    assert counts == {
        "province": (1, 0, 0, 0, 1),
        "province_agency": (1, 0, 0, 0, 1),
        "district": (1, 1, 0, 0, 0),
        "commune": (3, 1, 1, 0, 1),
    }
    assert [t.name for t in coverage_tables(found)] == ["Theo cấp", "Kế hoạch"]
    first = found.rows[0]
    assert first.coverage == "cites" and first.text and first.cites >= 1
    with pytest.raises(UsageError):
        report(CoverAnswer(query="x", keys=(), plans=()), [], "màu")
    empty: CoverReport = report(CoverAnswer(query="x", keys=(), plans=()), [], "year")
    assert empty.groups == () and empty.rows == ()


def test_report_on_the_command_line(capsys, tmp_path: Path) -> None:
    out_file = tmp_path / "b.csv"
    arguments = ("covers", "Đề án 06", "--by", "year", "--out", out_file, "-L", sample_library())
    status, out, err = run(capsys, *arguments)
    assert (status, err) == (0, "") and "Viện dẫn" in out and "2022" in out
    rows = list(csv.DictReader(io.StringIO(out_file.read_text("utf-8-sig"))))
    assert len(rows) == 6 and rows[0]["Đề cập"] == "viện dẫn"
    status, out, _ = run(capsys, *arguments, "--json")
    assert json.loads(out)["groups"][0]["value"] == "2021"
    status, _, err = run(capsys, "covers", "x", "--by", "màu", "-L", sample_library())
    assert status == 2 and "màu" in err


def test_routes_and_pages(client: TestClient) -> None:
    found = client.get("/api/tasks", params={"level": "xã", "due": "2026-Q2"}).json()
    assert found["total"] == len(found["tasks"]) > 0
    book = client.get("/api/tasks", params={"format": "xlsx"})
    assert book.status_code == 200 and sheets(book.content)
    assert "nhiem-vu.xlsx" in book.headers["content-disposition"]
    assert client.get("/api/tasks", params={"due": "mai"}).status_code == 400
    cover = client.get("/api/coverage", params={"q": "Đề án 06", "by": "level"}).json()
    assert {group["value"] for group in cover["groups"]} >= {"commune", "district"}
    assert (
        client.get("/api/coverage", params={"q": "x", "format": "csv"}).content[:3]
        == b"\xef\xbb\xbf"
    )
    page = client.get("/tasks", params={"about": '<script>"', "due": "2026"})
    assert page.status_code == 200 and "<script>" not in page.text and "Không có" in page.text
    page = client.get("/tasks", params={"level": "commune"})
    assert "Excel (.xlsx)" in page.text and "/plans/" in page.text
    page = client.get("/coverage", params={"q": "Đề án 06", "by": "level"})
    assert page.status_code == 200 and "Cấp huyện" in page.text
    assert client.get("/coverage", params={"q": " "}).status_code == 400


def test_chips_of_the_search_page(client: TestClient) -> None:
    page = client.get("/", params={"q": "tập huấn công chức cấp xã năm 2024"}).text
    assert "năm: 2024" in page and "without=year" in page and "apply=level" in page
    assert "literal=1" in page
    off = client.get("/", params={"q": "tập huấn năm 2024", "without": "year"}).text
    assert "năm: 2024" not in off
    assert "without=" not in client.get("/", params={"q": "tập huấn năm 2024", "literal": 1}).text
    wrong = client.get("/", params={"q": "tập huấn", "without": "màu"})
    assert wrong.status_code == 400
    found = client.get("/api/search", params={"q": "tập huấn năm 2024", "without": "year"}).json()
    assert found["understood"] == []


def test_search_on_the_command_line_says_what_it_understood(capsys) -> None:
    place = ("-n", "1", "-L", sample_library())
    _, out, _ = run(capsys, "search", "tập huấn năm 2024", *place)
    assert out.startswith("Hiểu là: năm: 2024 (bỏ: --without year)\n")
    _, out, _ = run(capsys, "search", "tập huấn năm 2024", "--literal", *place)
    assert "Hiểu là" not in out
    _, out, _ = run(capsys, "search", "tập huấn năm 2031", *place)
    assert out.startswith("Không áp dụng vì không còn kết quả: năm: 2031\n")
    _, out, _ = run(capsys, "search", "tập huấn", "--year", "1999", *place)
    assert out.startswith("Không có mục hay nhiệm vụ nào hợp với bộ lọc đã chọn.")
    status, _, err = run(capsys, "search", "tập huấn", "--without", "màu", *place)
    assert status == 2 and "màu" in err
    status, _, err = run(capsys, "search", "tập huấn " * 10_000, *place)
    assert status == 2 and "dài quá" in err
