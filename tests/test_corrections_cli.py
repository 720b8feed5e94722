"""``kh edit`` and the routes of corrections, over a copy of two samples."""

from __future__ import annotations

import getpass
import json
import shutil
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from support_corrections import copied_samples, id_of
from support_samples import sample_library, warm_folder

from api import create_app
from kh_nlp.cli import main
from kh_nlp.library import Library, ingest


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library of one sample, made once; tests work on copies."""
    folder = tmp_path_factory.mktemp("edit")
    plans = copied_samples(folder / "plans", "05")
    with Library.open(warm_folder(folder / "lib"), create=True) as library:
        assert len(ingest(library, [plans]).added) == 1
    return folder


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made / "lib", tmp_path / "lib"))


@pytest.fixture
def plan(folder: Path) -> str:
    with Library.open(folder) as library:
        return id_of(library, "05")


def kh(capsys: pytest.CaptureFixture[str], folder: Path, *arguments: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as stop:
        main([*arguments, "--library", str(folder)])
    out, err = capsys.readouterr()
    assert isinstance(stop.value.code, int)
    return stop.value.code, out, err


def test_help_is_vietnamese(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["edit", "--help"])
    out = capsys.readouterr().out
    assert out.startswith("Cách dùng: kh edit [TÙY CHỌN] ID")
    for word in ("Usage", "Options:", "Arguments:", "Show this", "required", "<str>"):
        assert word not in out


def test_edit_list_undo(capsys, folder: Path, plan: str) -> None:
    status, out, err = kh(
        capsys, folder, "edit", plan, "--field", "header.title", "--value", "Tên đúng",
        "--by", "Lan", "--note", "theo bản ký",
    )  # fmt: skip
    assert (status, err) == (0, "")
    assert "1. Phần đầu: title: “Tuyên truyền cải cách" in out and "→ “Tên đúng”" in out
    assert "Lan, 20" in out and "lý do: theo bản ký" in out
    assert kh(capsys, folder, "edit", plan, "--section", "II.1", "--heading", "Khí cầu")[0] == 0
    status, out, _ = kh(capsys, folder, "edit", plan, "--list", "--json")
    answer = json.loads(out)
    assert answer["plan"] == plan and [c["number"] for c in answer["corrections"]] == [1, 2]
    assert answer["corrections"][1]["by"] == getpass.getuser()
    assert set(answer["corrections"][0]) == {
        "number", "target", "action", "ref", "field", "old", "new", "quote", "by", "at", "note",
        "status", "reason", "undone_by", "undone_at",
    }  # fmt: skip
    shown = kh(capsys, folder, "show", plan)[1]
    assert shown.startswith("Tên đúng\n") and "II.1  Khí cầu" in shown
    hit = json.loads(kh(capsys, folder, "search", "khí cầu", "--json")[1])["hits"][0]
    assert (hit["number"], hit["heading"], hit["title"]) == ("II.1", "Khí cầu", "Tên đúng")
    status, out, _ = kh(capsys, folder, "edit", plan, "--undo", "1", "--by", "Minh")
    assert status == 0 and "đã hoàn tác" in out and "hoàn tác: Minh" in out
    assert kh(capsys, folder, "show", plan)[1].startswith("Tuyên truyền cải cách")


def test_without_options_the_codes_are_shown(capsys, folder: Path, plan: str) -> None:
    status, out, _ = kh(capsys, folder, "edit", plan)
    assert status == 0
    assert "  title         “Tuyên truyền cải cách" in out
    assert "  s2    I.1       Mục đích" in out
    assert "  c3    Nghị quyết số 66/NQ-CP ngày 26/3/2025 của Chính phủ" in out
    codes = json.loads(kh(capsys, folder, "edit", plan, "--json")[1])
    assert codes["sections"][1] == {
        "code": "s2", "number": "I.1", "heading": "Mục đích", "text": codes["sections"][1]["text"],
    }  # fmt: skip
    assert (
        kh(capsys, folder, "edit", plan, "--list")[1] == f"Kế hoạch {plan} chưa có sửa đổi nào.\n"
    )
    code = codes["tasks"][0]["code"]
    status, out, _ = kh(capsys, folder, "edit", plan, "--task", code, "--lead", "Sở A; Sở B")
    assert status == 0 and f"Nhiệm vụ {code}: lead: Phòng Văn hóa - Xã hội → Sở A; Sở B" in out
    tasks = json.loads(kh(capsys, folder, "show", plan, "--json")[1])["tasks"]
    assert tasks[0]["lead"] == ["Sở A", "Sở B"]


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["--field", "title"], "--field cần --value"),
        (["--value", "x"], "Chưa nói sửa gì"),
        (["--heading", "x"], "Chưa nói sửa gì"),
        (["--field", "a", "--value", "x", "--section", "I"], "Mỗi lần chỉ sửa một thứ"),
        (["--section", "I", "--lead", "x"], "--lead không dùng được ở đây"),
        (["--section", "I", "--value", "x"], "--value không dùng được ở đây"),
        (["--section", "I", "--remove", "--heading", "x"], "--remove không đi cùng"),
        (["--section", "I"], "Chưa nói sửa gì"),
        (["--add", "note", "--from", "x"], "--add nhận section, task hoặc citation"),
        (["--add", "task", "--task", "d1"], "--add chỉ đi cùng"),
        (["--list", "--undo", "1"], "Chỉ dùng một trong"),
        (["--undo", "7"], "không có sửa đổi số 7"),
        (["--section", "", "--heading", "x"], "Chưa nói sửa mục"),
        (["--field", "year", "--value", "20x5"], "phải là năm"),
        (["--field", "title", "--value", "x", "--by", "a" * 101], "dài quá 100 ký tự"),
    ],
)
def test_bad_usage_is_one_line(capsys, folder: Path, plan: str, arguments, line: str) -> None:
    status, out, err = kh(capsys, folder, "edit", plan, *arguments)
    assert (status, out) == (2, "")
    assert err.startswith("kh: ") and line in err and err.count("\n") == 1


def test_unknown_plan_is_one_line(capsys, folder: Path) -> None:
    status, _, err = kh(capsys, folder, "edit", "zz", "--list")
    assert (status, err) == (2, "kh: Không có kế hoạch nào mang mã “zz” trong thư viện.\n")


def test_ingest_tells_what_fits_no_more(capsys, made: Path, folder: Path, tmp_path: Path) -> None:
    plans = Path(shutil.copytree(made / "plans", tmp_path / "plans"))
    (path,) = plans.glob("05*")
    with Library.open(folder) as library:
        ingest(library, [plans])
        found = id_of(library, "05")
    assert kh(capsys, folder, "edit", found, "--section", "III", "--heading", "Tiền")[0] == 0
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("III. KINH PHÍ", "III. NGUỒN LỰC"), encoding="utf-8")
    status, out, err = kh(capsys, folder, "ingest", str(plans))
    assert status == 0 and "cập nhật 1" in out
    assert err.startswith(
        f"kh: {found}: sửa đổi số 1 không còn khớp: không còn đoạn “III. KINH PHÍ"
    )
    out = kh(capsys, folder, "edit", found, "--list")[1]
    assert "KHÔNG CÒN KHỚP (không còn đoạn" in out


# API


def editor(folder: Path, **more: object) -> TestClient:
    app = create_app(folder, allow_edit=True)
    return TestClient(app, **{"base_url": "http://127.0.0.1", "client": ("127.0.0.1", 1), **more})


def test_api_corrects_lists_and_takes_back(folder: Path, plan: str) -> None:
    client = editor(folder)
    where = f"/api/plans/{plan}/corrections"
    body = {"target": "section", "ref": "II.1", "values": {"heading": "Qua API"}, "by": "Lan"}
    answer = client.post(where, json=body)
    assert answer.status_code == 201
    (one,) = answer.json()["corrections"]
    assert (one["number"], one["old"], one["new"]) == (1, "Nội dung tuyên truyền", "Qua API")
    headings = [s["heading"] for s in client.get(f"/api/plans/{plan}").json()["sections"]]
    assert "Qua API" in headings
    bounds = {
        "target": "section", "ref": "II.2.c", "to": "do tỉnh mở;", "by": "Lan", "note": "lấn dòng",
    }  # fmt: skip
    assert client.post(where, json=bounds).json()["corrections"][0]["field"] == "bounds"
    listed = client.get(where).json()["corrections"]
    assert [c["status"] for c in listed] == ["applied", "applied"]
    assert client.delete(f"{where}/1").status_code == 422  # who takes it back?
    gone = client.delete(f"{where}/1", params={"by": "Minh"}).json()["corrections"][0]
    assert (gone["status"], gone["undone_by"]) == ("undone", "Minh")
    headings = [s["heading"] for s in client.get(f"/api/plans/{plan}").json()["sections"]]
    assert "Qua API" not in headings and "Nội dung tuyên truyền" in headings


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"target": "header", "values": {"title": "x"}}, 422),
        ({"target": "plan", "values": {"title": "x"}, "by": "Lan"}, 422),
        ({"target": "header", "values": {"title": "x"}, "by": "Lan", "more": 1}, 422),
        ({"target": "header", "values": {"tittle": "x"}, "by": "Lan"}, 400),
        ({"target": "header", "values": {"title": {"a": 1}}, "by": "Lan"}, 400),
        ({"target": "section", "ref": "VII", "action": "remove", "by": "Lan"}, 400),
    ],
)
def test_api_refuses_bad_requests_in_one_line(folder: Path, plan: str, body, status: int) -> None:
    answer = editor(folder).post(f"/api/plans/{plan}/corrections", json=body)
    assert answer.status_code == status
    assert "\n" not in answer.json()["error"]["message"]


def test_api_unknown_plan_is_404(folder: Path) -> None:
    body = {"target": "header", "values": {"title": "x"}, "by": "Lan"}
    client = editor(folder)
    assert client.post("/api/plans/zz/corrections", json=body).status_code == 404
    assert client.get("/api/plans/zz/corrections").status_code == 404


def test_api_corrections_need_the_switch_and_this_machine(folder: Path, plan: str) -> None:
    where = f"/api/plans/{plan}/corrections"
    body = {"target": "header", "values": {"title": "x"}, "by": "Lan"}
    closed = TestClient(create_app(sample_library()))
    assert closed.post(where, json=body).status_code in (404, 405)
    assert closed.get(where).status_code == 404
    assert closed.delete(f"{where}/1?by=x").status_code in (404, 405)
    stranger = editor(folder, client=("192.0.2.7", 1))
    for answer in (stranger.post(where, json=body), stranger.get(where)):
        assert answer.status_code == 403
