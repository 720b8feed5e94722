"""Files of trends, reuse and whole libraries; the commands and routes that give them."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from fastapi.testclient import TestClient
from support_library import HashEncoder, use_toys, write_toy

from api.app import create_app
from kh_nlp.cli import main
from kh_nlp.errors import InputError, UsageError
from kh_nlp.exports import TABLES, library_tables, write_library
from kh_nlp.library import Library, ingest
from kh_nlp.tables import Table, written
from kh_nlp.trends import library_hash, read_of, read_replaced, reuse
from kh_nlp.wording import read_dimensions, read_sides

COPIED = (
    "Hướng dẫn người dân giữ an toàn thông tin khi nộp hồ sơ trên mạng, chỉ nhập mật khẩu tại "
    "trang của cơ quan nhà nước, không cho mượn tài khoản định danh, không cài ứng dụng do người "
    "lạ gửi"
)
SYLLABLES = list("bcdghklmnpqrstvx")
SHARED_HEAD = "Mục đích"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Twelve toy plans of two provinces, 2022 to 2025; a commune copies from its province."""
    root = tmp_path_factory.mktemp("trends")
    for number in range(12):
        year = 2022 + number % 4
        level = "province" if number % 3 == 0 else "commune"
        place = "Lào Cai" if number < 8 else "Cà Mau"
        own = " ".join(Random(number).choices(SYLLABLES, k=24))
        body = (
            f"1. {SHARED_HEAD}\nNâng cao nhận thức: {own}.\n"
            f"2. Nội dung\n{'Quay video ngắn về thủ tục.' if year >= 2024 else 'Dùng xe loa.'}\n"
            f"* Phát bài số {number}|Phòng Văn hóa|Tháng {number % 12 + 1}\n"
        )
        if number in (0, 1):
            body += f"3. An toàn số {number}\n{COPIED}.\n"
        write_toy(
            root / "plans", f"p{number:02}.txt", body, number=f"{number}/KH-UBND",
            date=f"{year}-0{number % 4 + 1}-10", issuer=f"UBND nơi {number}", level=level,
            province=place, year=str(year), title=f"Kế hoạch {number}",
        )  # fmt: skip
    with pytest.MonkeyPatch.context() as patch:
        use_toys(patch)
        with Library.open(root / "library", create=True) as library:
            ingest(library, [root / "plans"], encoder=HashEncoder())
    yield root / "library"


@pytest.fixture
def library(folder: Path) -> Iterator[Library]:
    with Library.open(folder) as opened:
        yield opened


def run(folder: Path, *words: str) -> int:
    with pytest.raises(SystemExit) as stop:
        main([*words, "--library", str(folder)])
    return int(stop.value.code or 0)


# ------------------------------------------------------------------ reuse


def test_the_passage_stands_side_by_side_with_what_differs(library: Library) -> None:
    (pair,) = reuse(library).pairs
    assert (pair.source.level, pair.taker.level) == ("province", "commune")
    assert pair.relation == "above" and pair.days == 396
    (passage,) = pair.passages
    assert passage.how == "verbatim" and passage.words >= 30
    for side, plan in ((passage.source, pair.source.plan), (passage.taker, pair.taker.plan)):
        assert library.plan(plan).text[side.start : side.end] == side.text
        assert side.number == "3"
    assert "1" in {part.number for part in pair.added} and "3" not in {
        part.number for part in pair.added
    }


def test_only_what_one_plan_took_over(library: Library) -> None:
    (pair,) = reuse(library).pairs
    assert len(reuse(library, plan=pair.taker.plan).pairs) == 1
    assert reuse(library, relations=("same",)).pairs == ()
    with pytest.raises(UsageError):
        reuse(library, plan="kh-không-có")


# ------------------------------------------------------------------ tables as files


TABLE = Table(
    name="Thử", columns=(("Tên", 10), ("Số", 8), ("Tỷ lệ", 8), ("Trống", 8)),
    rows=(("ừ, “được”", 1, 0.5, None), ("=1+1", 2, 1, None)), keys=("name", "n", "share", "empty"),
)  # fmt: skip


def test_parquet_keeps_types_and_letters() -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    table = parquet.read_table(io.BytesIO(written([TABLE], "parquet")))
    assert table.to_pydict() == {
        "name": ["ừ, “được”", "=1+1"], "n": [1, 2], "share": [0.5, 1.0], "empty": [None, None],
    }  # fmt: skip
    assert [str(field.type) for field in table.schema] == ["string", "int64", "double", "string"]


def test_json_has_objects_and_csv_a_mark_and_no_formula() -> None:
    data = json.loads(written([TABLE], "json"))
    assert data["Thử"][0] == {"name": "ừ, “được”", "n": 1, "share": 0.5, "empty": None}
    text = written([TABLE], "csv")
    assert text.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(text.decode("utf-8-sig"))))
    assert rows[2] == ["'=1+1", "2", "1", ""]


def test_numbers_are_numbers_in_excel() -> None:
    with zipfile.ZipFile(io.BytesIO(written([TABLE], "xlsx"))) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert "<v>0.5</v>" in sheet


# ------------------------------------------------------------------ the whole library


def test_every_table_of_the_library(library: Library) -> None:
    tables = dict(zip(TABLES, library_tables(library), strict=True))
    assert len(tables["plans"].rows) == 12
    assert len(tables["tasks"].rows) == 12
    for table in tables.values():
        assert table.rows or table.name == "Viện dẫn", table.name
        assert len(table.keys) == len(set(table.keys)) == len(table.columns)
        assert all(len(row) == len(table.columns) for row in table.rows)
    sections = tables["sections"]
    column = sections.keys.index("text")
    assert any(COPIED[:40] in str(row[column]) for row in sections.rows)
    assert {row[3] for row in tables["trends"].rows} <= {2022, 2023, 2024, 2025}


@pytest.mark.parametrize("kind", ["csv", "json", "xlsx", "parquet"])
def test_a_folder_gets_a_file_for_each_table(library: Library, tmp_path: Path, kind: str) -> None:
    if kind == "parquet":
        pytest.importorskip("pyarrow")
    files = write_library(library, tmp_path / "ra", kind=kind)
    assert [path.name for path in files] == [f"{name}.{kind}" for name in TABLES]
    assert all(path.stat().st_size for path in files)


def test_export_refuses_what_it_cannot_do(library: Library, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="chỉ chứa một bảng"):
        write_library(library, tmp_path / "a.csv")
    with pytest.raises(UsageError, match="Chưa rõ định dạng"):
        write_library(library, tmp_path / "thumuc")
    with pytest.raises(UsageError, match="Không có bảng"):
        write_library(library, tmp_path / "a.xlsx", names=("xyz",))
    assert write_library(library, tmp_path / "a.csv", names=("plans",))


def test_equal_content_has_an_equal_hash(folder: Path, tmp_path: Path) -> None:
    with Library.open(folder) as one:
        first = library_hash(one)
        assert first == library_hash(one)
        plan = one.plans()[0].plan
    import shutil

    shutil.copytree(folder, tmp_path / "copy")
    with Library.open(tmp_path / "copy") as other:
        assert library_hash(other) == first
        other.remove([plan])
        assert library_hash(other) != first


# ------------------------------------------------------------------ words of a request


def test_what_can_be_asked() -> None:
    assert read_of(()) == ("topic",)
    assert read_of(("hình thức",)) == ("form",)
    assert read_of(("video ngắn", "xe loa")) == ("video ngắn", "xe loa")
    with pytest.raises(UsageError):
        read_of(("topic", "xe loa"))
    with pytest.raises(UsageError):
        read_of((" ",))
    assert read_dimensions("năm,cấp") == ("year", "level")
    one, other = read_sides(("2021:2022", "xã"))
    assert one.years == (2021, 2022) and other.level == "commune"
    assert read_sides(("Lào Cai", "Cà Mau"))[0].province == "Lào Cai"
    with pytest.raises(UsageError, match="giống nhau"):
        read_sides(("2022", "2022"))


def test_facts_of_replacement_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "thay-the.csv"
    path.write_text("cũ,mới,ngày\n61/2018/NĐ-CP,118/2025/NĐ-CP,01/07/2025\n\n", encoding="utf-8")
    assert read_replaced(path) == (("61/2018/NĐ-CP", "118/2025/NĐ-CP", "2025-07-01"),)
    path.write_text("61/2018/NĐ-CP,118/2025/NĐ-CP,2025-07-01\n77/2015/QH13,,30/02/2025\n", "utf-8")
    with pytest.raises(InputError, match="dòng 2"):
        read_replaced(path)
    with pytest.raises(InputError):
        read_replaced(tmp_path / "không-có.csv")


# ------------------------------------------------------------------ commands


def test_kh_trends_prints_shares_tests_and_warnings(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(folder, "trends", "--of", "video ngắn") == 0
    printed = capsys.readouterr().out
    assert "2022" in printed and "video ngắn" in printed and "tăng" in printed
    assert "4/4 nhóm có dưới 5 kế hoạch" in printed


def test_kh_trends_json_is_the_record(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(folder, "trends", "--of", "xe loa", "--compare", "2022:2023", "2024:2025",
               "--json") == 0  # fmt: skip
    data = json.loads(capsys.readouterr().out)
    assert data["compared"] == ["2022–2023", "2024–2025"]
    assert data["labels"][0]["change"]["exact"] is True
    assert data["labels"][0]["change"]["p"] == pytest.approx(2 / 924)
    assert data["provenance"]["command"].startswith("kh trends --by year --of 'xe loa' --compare")


def test_the_printed_command_remakes_the_same_figure(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("matplotlib")
    import shlex

    out = tmp_path / "hinh.svg"
    assert run(folder, "trends", "--of", "video ngắn", "--out", str(out)) == 0
    first = out.read_bytes()
    assert run(folder, "trends", "--of", "video ngắn", "--json", "--out", str(out)) == 0
    words = capsys.readouterr().out
    command = shlex.split(json.loads(words[words.index("{") :])["provenance"]["command"])
    out.unlink()
    with pytest.raises(SystemExit):
        main(command[1:])
    assert out.read_bytes() == first


@pytest.mark.parametrize("kind", ["png", "svg", "html", "xlsx", "csv", "parquet", "json"])
def test_every_ending(folder: Path, tmp_path: Path, kind: str) -> None:
    if kind in ("png", "svg", "html", "parquet"):
        pytest.importorskip("matplotlib")
        pytest.importorskip("plotly")
        pytest.importorskip("pyarrow")
    out = tmp_path / f"ra.{kind}"
    assert run(folder, "trends", "--by", "year,level", "--of", "video ngắn", "--out", str(out)) == 0
    starts = {"png": b"\x89PNG", "svg": b"<?xml", "html": b"<!doctype html>", "xlsx": b"PK",
              "csv": b"\xef\xbb\xbf", "parquet": b"PAR1", "json": b"{"}  # fmt: skip
    assert out.read_bytes().startswith(starts[kind])
    if kind == "html":
        page = out.read_text("utf-8")
        markup = re.sub(r"(?s)(<script[^>]*>).*?(?=</script>)", r"\1", page)
        assert len(page) > 1_000_000 and not re.search(r"<link|src=|@import", markup)
        assert "kh trends --by year,level" in page


@pytest.mark.parametrize(
    "words",
    [
        ("trends", "--by", "tháng"),
        ("trends", "--words"),
        ("trends", "--of", "topic", "--compare", "2022", "2022"),
        ("trends", "--measure", "cân"),
        ("trends", "--of", "xe loa", "--out", "a.bmp"),
        ("reuse", "--from", "trời"),
        ("reuse", "khong-co"),
        ("export", "--out", "ra.csv"),
    ],
)
def test_bad_requests_are_one_line_and_status_2(
    folder: Path, words: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(folder, *words) == 2
    told = capsys.readouterr()
    assert told.err.startswith("kh: ") and told.err.count("\n") == 1 and "Traceback" not in told.err


def test_a_missing_extra_is_named(
    folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    import sys

    for name in ("matplotlib", "plotly", "plotly.graph_objects", "pyarrow"):
        monkeypatch.setitem(sys.modules, name, None)
    for kind in ("png", "html", "parquet"):
        out = tmp_path / f"a.{kind}"
        assert run(folder, "trends", "--of", "xe loa", "--out", str(out)) == 1
        assert "kh-nlp[research]" in capsys.readouterr().err


def test_kh_reuse_and_export(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(folder, "reuse") == 0
    printed = capsys.readouterr().out
    assert "sau 396 ngày" in printed and "nguyên văn" in printed and "tự viết" in printed
    assert run(folder, "reuse", "--out", str(tmp_path / "doan.csv")) == 0
    assert COPIED[:30] in (tmp_path / "doan.csv").read_text("utf-8-sig")
    assert run(folder, "export", "--out", str(tmp_path / "kho.xlsx")) == 0
    assert run(folder, "export", "--out", str(tmp_path / "kho.json")) == 0
    assert len(json.loads((tmp_path / "kho.json").read_text("utf-8"))["Kế hoạch"]) == 12


# ------------------------------------------------------------------ pages


@pytest.fixture
def client(folder: Path) -> Iterator[TestClient]:
    with TestClient(create_app(folder)) as made:
        yield made


def test_routes_and_pages(client: TestClient) -> None:
    data = client.get("/api/trends", params={"of": "video ngắn"}).json()
    assert data["labels"][0]["change"]["difference"] > 0
    assert "--library" not in data["provenance"]["command"]
    page = client.get("/trends", params={"of": "video ngắn"})
    assert page.status_code == 200 and "tăng" in page.text and "<script" not in page.text
    assert client.get("/trends").status_code == 200
    reuse_page = client.get("/reuse")
    assert reuse_page.status_code == 200 and COPIED[:40] in reuse_page.text
    assert client.get("/api/reuse").json()["pairs"][0]["days"] == 396
    words = client.get("/api/words", params={"compare": ["2022:2023", "2024:2025"]}).json()
    assert words["plans"] == [6, 6]


def test_the_figure_of_the_page_is_an_image_that_may_load_nothing(client: TestClient) -> None:
    pytest.importorskip("matplotlib")
    image = client.get("/api/trends", params={"of": "video ngắn", "format": "svg"})
    assert image.headers["content-type"] == "image/svg+xml"
    assert image.headers["content-security-policy"].startswith("default-src 'none'")


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/api/trends?by=tháng", 400),
        ("/api/trends?of=word", 400),
        ("/api/trends?compare=2022", 400),
        ("/api/trends?format=bmp", 422),
        ("/trends?of=topic&measure=cân", 400),
        ("/api/reuse?from=trời", 400),
    ],
)
def test_faults_of_a_request(client: TestClient, address: str, status: int) -> None:
    assert client.get(address).status_code == status
