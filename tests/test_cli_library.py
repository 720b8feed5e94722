"""Commands over the library of the sample plans."""

from __future__ import annotations

import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from support_samples import FIRST, ROOT, sample, sample_library, warm_folder

from kh_nlp.cli import main
from kh_nlp.wording import document_name


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[object, str, str]:
    with pytest.raises(SystemExit) as stop:
        main([str(argument) for argument in arguments])
    out, err = capsys.readouterr()
    return stop.value.code, out, err


def answer(capsys: pytest.CaptureFixture[str], *arguments: object) -> dict:
    status, out, err = run(capsys, *arguments, "--json", "--library", sample_library())
    assert (status, err) == (0, "")
    assert "\\u" not in out
    return json.loads(out)


def name(path: str) -> str:
    return Path(path).name[:2]


def test_covers_de_an_06(capsys: pytest.CaptureFixture[str]) -> None:
    found = answer(capsys, "covers", "Đề án 06")
    assert found["keys"] == ["quyet-dinh:06/QĐ-TTg:2022-01-06"]
    assert {name(plan["path"]): plan["coverage"] for plan in found["plans"]} == {
        "02": "cites",
        "05": "cites",
        "06": "names",
        "01": "none",
        "03": "none",
        "04": "none",
    }


def test_search_finds_the_training_and_says_where(capsys: pytest.CaptureFixture[str]) -> None:
    found = answer(capsys, "search", "tập huấn cho công chức", "--limit", "3")
    assert found["found"] is True and len(found["hits"]) == 3
    for hit in found["hits"]:
        assert "tập huấn cho công chức" in hit["text"].lower()
        assert hit["highlights"]
    bare = answer(capsys, "search", "dang bai tren facebook", "--limit", "3")
    assert "facebook" in bare["hits"][0]["text"].lower()


def test_filters(capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ("--level", "xã", "--year", "2025:", "--kind", "task", "--limit", "50")
    found = answer(capsys, "search", "tuyên truyền", *arguments)
    assert found["hits"]
    assert {hit["unit"] for hit in found["hits"]} == {"task"}
    assert {name(hit["path"]) for hit in found["hits"]} <= {"05", "06"}


def test_what_is_not_there_is_said_so(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = run(
        capsys, "search", "lò phản ứng hạt nhân trên Mặt Trăng", "-L", sample_library()
    )
    assert status == 0
    assert out.startswith("Không tìm thấy nội dung nào trả lời “lò phản ứng hạt nhân")


def test_human_answer_names_file_page_and_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    status, out, _ = run(capsys, "search", "tập huấn kỹ năng số", "-n", "1", "-L", sample_library())
    assert status == 0
    assert re.search(r"^ 1\. (Mục|Nhiệm vụ) II\.1\.2 · Tập huấn kỹ năng số$", out, re.M)
    source = "corpus/02-huyen-bai-hac-chuyen-doi-so-2022.txt"
    lines = sample("02").read_text("utf-8-sig").splitlines()
    line = next(n for n, text in enumerate(lines, 1) if text.startswith("1.2. Tập huấn kỹ năng"))
    assert f"{source}, trang 1, dòng {line}\n" in out


def test_cited_documents(capsys: pytest.CaptureFixture[str]) -> None:
    documents = answer(capsys, "cite", "list")["documents"]
    top = documents[0]
    assert (top["number"], top["issued_on"], top["plans"]) == ("76/NQ-CP", "2021-07-15", 4)
    shown = answer(capsys, "cite", "show", top["key"])
    assert shown["key"] == top["key"]
    assert len({mention["plan"] for mention in shown["cited_by"]}) == 4
    status, out, _ = run(capsys, "cite", "list", "-n", "2", "-L", sample_library())
    assert status == 0
    assert " 1. Nghị quyết 76/NQ-CP ngày 15/07/2021 của Chính phủ · 4 kế hoạch" in out
    assert "Đề án 06/QĐ-TTg" not in out


def test_show_a_plan_and_a_section(capsys: pytest.CaptureFixture[str]) -> None:
    plans = answer(capsys, "show")["plans"]
    assert [name(plan["path"]) for plan in plans] == ["01", "02", "03", "04", "05", "06"]
    second = plans[1]["plan"]
    assert answer(capsys, "show", second)["header"]["number"] == "34/KH-UBND"
    section = answer(capsys, "show", second, "--section", "II.1.2")
    assert section["heading"] == "Tập huấn kỹ năng số"
    status, out, _ = run(capsys, "show", second, "-L", sample_library())
    assert status == 0
    for line in ("UBND huyện Bãi Hạc", "Dàn ý (", "II.1.2  Tập huấn kỹ năng số", "Nhiệm vụ ("):
        assert line in out
    status, _, err = run(capsys, "show", second, "--section", "IX", "-L", sample_library())
    assert (status, err) == (2, f"kh: Kế hoạch {second} không có mục “IX”.\n")


def test_unknown_ids_and_keys_are_bad_usage(capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in (["show", "kh-none"], ["remove", "kh-none"], ["cite", "show", "none"]):
        status, out, err = run(capsys, *arguments, "-L", sample_library())
        assert (status, out) == (2, "")
        assert err.startswith("kh: Không có kế hoạch nào") and err.count("\n") == 1


def test_ingest_remove_and_doctor(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder, library = tmp_path / "plans", warm_folder(tmp_path / "library")
    folder.mkdir()
    for prefix in ("04", "05"):
        (folder / sample(prefix).name).write_bytes(sample(prefix).read_bytes())
    (folder / "empty.txt").write_bytes(b"")
    status, out, err = run(capsys, "ingest", folder, tmp_path / "gone", "-L", library)
    assert status == 1
    assert out == "Kế hoạch: thêm 2, cập nhật 0, không đổi 0, lỗi 1.\n"
    assert "gone: không tìm thấy" in err and "empty.txt: tệp rỗng" in err
    assert err.count("\n") == 2

    (folder / "empty.txt").unlink()
    assert run(capsys, "ingest", folder, "-L", library) == (
        *(0, "Kế hoạch: thêm 0, cập nhật 0, không đổi 2, lỗi 0.\n", ""),
    )
    status, out, _ = run(capsys, "doctor", "-L", library, "--json")
    assert status == 0
    assert all(finding["ok"] for finding in json.loads(out)["findings"])

    _, out, _ = run(capsys, "show", "-L", library, "--json")
    first, second = (plan["plan"] for plan in json.loads(out)["plans"])
    assert run(capsys, "remove", first, "-L", library) == (0, f"Đã xóa {first}\n", "")
    _, out, _ = run(capsys, "search", "tuyên truyền", "-L", library, "--json", "-n", "100")
    assert {hit["plan"] for hit in json.loads(out)["hits"]} == {second}


def test_no_library_a_broken_one_a_newer_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for arguments in (["search", "a"], ["covers", "a"], ["show"], ["cite", "list"], ["serve"]):
        status, out, err = run(capsys, *arguments, "--library", tmp_path / "none")
        assert (status, out) == (1, "")
        assert err.startswith(f"kh: Không có thư viện ở {tmp_path / 'none'}.")
        assert err.count("\n") == 1
    broken = tmp_path / "broken"
    broken.mkdir()
    (broken / "library.sqlite").write_bytes(b"not a database" * 100)
    status, _, err = run(capsys, "search", "a", "-L", broken)
    assert status == 1 and "bị hỏng" in err and err.count("\n") == 1

    newer = tmp_path / "newer"
    shutil.copytree(sample_library(), newer)
    with sqlite3.connect(newer / "library.sqlite") as connection:
        connection.execute("UPDATE manifest SET value = '99' WHERE key = 'schema'")
    connection.close()
    status, _, err = run(capsys, "search", "a", "-L", newer)
    assert status == 1 and "nâng cấp" in err and err.count("\n") == 1


def test_library_of_the_environment(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KH_LIBRARY", str(sample_library()))
    status, out, _ = run(capsys, "cite", "list", "-n", "1")
    assert status == 0 and "76/NQ-CP" in out


def test_search_starts_cold_without_torch() -> None:
    library = sample_library()
    code = (
        "import sys\nfrom kh_nlp.cli import main\n"
        f"try: main(['search', 'tập huấn cho công chức', '-L', {str(library)!r}])\n"
        "except SystemExit: pass\n"
        "bad = {'torch', 'sentence_transformers', 'sklearn', 'underthesea'} & set(sys.modules)\n"
        "print(sorted(bad), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout.startswith("10 kết quả")
    assert done.stderr == "[]\n"


def test_the_demo_answers_three_questions(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    library = warm_folder(tmp_path / "demo")
    status, out, err = run(capsys, "demo", "--library", library)
    assert (status, err) == (0, "")
    assert f"Thư viện mẫu: {library} ({len(FIRST)} kế hoạch)" in out
    assert f"3/{len(FIRST)} kế hoạch có đề cập." in out
    assert " 1. Nghị quyết 76/NQ-CP ngày 15/07/2021 của Chính phủ · " in out
    assert "http://127.0.0.1:8000" in out
    assert out.count("corpus/") >= 6
    files = [path.name for path in FIRST]
    assert any(f"corpus/{file}, trang" in out for file in files)


def test_serve_refuses_a_taken_port() -> None:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = subprocess.run(
            [sys.executable, "-m", "kh_nlp", "serve", "--port", str(port)],
            env={**os.environ, "KH_LIBRARY": str(sample_library())},
            capture_output=True,
            text=True,
            timeout=60,
        )
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert done.stderr == (
        f"kh: Cổng {port} của 127.0.0.1 đang có chương trình khác dùng; "
        "chọn cổng khác bằng --port.\n"
    )


def test_serve_answers_on_its_own_machine() -> None:
    import urllib.request

    command = [sys.executable, "-m", "kh_nlp", "serve", "--port", "0", "-L", str(sample_library())]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stderr is not None
            line = process.stderr.readline()
            match = re.fullmatch(
                r"Trang web: (http://127\.0\.0\.1:\d+)   \(dừng: Ctrl\+C\)\n", line
            )
            assert match, line
            with urllib.request.urlopen(f"{match[1]}/api/plans", timeout=30) as response:
                assert len(json.load(response)["plans"]) == 6
        finally:
            process.terminate()


@pytest.mark.parametrize(
    ("key", "kind", "number", "name"),
    [
        ("quyet-dinh:06/QĐ-TTg:2022-01-06", "Đề án", "06/QĐ-TTg", "Quyết định 06/QĐ-TTg"),
        ("quyet-dinh:06/QĐ-TTg:2022-01-06", "Quyết định", "06/QĐ-TTg", "Quyết định 06/QĐ-TTg"),
        ("nghi-quyet:76/NQ-CP:2021-07-15", None, "76/NQ-CP", "Nghị quyết 76/NQ-CP"),
        (
            "chuong-trinh:10-CTr/TU:2025-08-13:tinh-dong-thap",
            "Chương trình hành động",
            "10-CTr/TU",
            "Chương trình hành động 10-CTr/TU",
        ),
        ("quyet-dinh:178-QĐ/TW:2024-06-27", "Quy định", "178-QĐ/TW", "Quy định 178-QĐ/TW"),
        ("luat:72/2025/QH15:2025", "Luật", "72/2025/QH15", "Luật 72/2025/QH15"),
        ("bo-luat:1", "Bộ luật", None, "Bộ luật"),
    ],
)
def test_the_kind_of_the_number_stands_before_it(
    key: str, kind: str | None, number: str | None, name: str
) -> None:
    assert document_name(key, kind, number, None) == name
