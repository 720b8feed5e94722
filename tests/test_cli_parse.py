"""``kh parse`` on good and bad files."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from support_samples import CORPUS, SAMPLES, sample

from kh_nlp.cli import main
from kh_nlp.model import plan_from_dict, to_dict


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[object, str, str]:
    with pytest.raises(SystemExit) as stop:
        main([str(argument) for argument in arguments])
    out, err = capsys.readouterr()
    return stop.value.code, out, err


def test_one_line_of_json_for_each_file(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, err = run(capsys, "parse", *SAMPLES)
    assert (status, err) == (0, "")
    plans = [json.loads(line) for line in out.splitlines()]
    assert [Path(plan["source"]["path"]) for plan in plans] == SAMPLES
    second = plans[1]
    assert second["header"]["number"] == "34/KH-UBND"
    assert second["header"]["issued_on"] == "2022-02-25"
    assert second["header"]["issuer"] == "UBND huyện Bãi Hạc"
    assert "\\u" not in out and "Bãi Hạc" in out
    for plan in plans:
        assert to_dict(plan_from_dict(plan)) == plan
        for citation in plan["citations"]:
            assert plan["text"][citation["start"] : citation["end"]] == citation["text"]


@pytest.fixture
def bad_files(tmp_path: Path) -> dict[str, Path]:
    plan = sample("05").read_text("utf-8")
    contents = {
        "empty.txt": b"",
        "blank.txt": b" \n\n\t\n",
        "binary.txt": bytes(range(256)) * 40,
        "secret.txt": f"MẬT\n{plan}".encode(),
        "top.txt": f"TUYỆT MẬT\n{plan}".encode(),
        "report.docx": b"PK\x03\x04",
    }
    for name, content in contents.items():
        (tmp_path / name).write_bytes(content)
    return {name: tmp_path / name for name in contents} | {"none.txt": tmp_path / "none.txt"}


def test_each_bad_file_is_one_line_and_the_others_go_on(
    bad_files: dict[str, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    status, out, err = run(capsys, "parse", *bad_files.values(), sample("02"))
    assert status == 1
    (plan,) = map(json.loads, out.splitlines())
    assert plan["header"]["number"] == "34/KH-UBND"
    lines = err.splitlines()
    assert len(lines) == len(bad_files)
    for name, words in {
        "empty.txt": "tệp rỗng",
        "binary.txt": "tệp nhị phân",
        "secret.txt": "MẬT",
        "top.txt": "TUYỆT MẬT",
        "report.docx": "tệp hỏng",
        "none.txt": "không tìm thấy",
    }.items():
        (line,) = [line for line in lines if name in line]
        assert line.startswith("kh: ") and words in line
    assert "Traceback" not in err


def test_a_few_broken_bytes_are_told_and_cost_nothing_else(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "broken.txt"
    whole = sample("05").read_bytes()
    place = whole.index("Nâng cao trách nhiệm".encode())
    path.write_bytes(whole[:place] + b"\xff\xc3" + whole[place:])
    status, out, err = run(capsys, "parse", path)
    assert (status, err) == (0, "")
    plan = json.loads(out)
    assert "Nâng cao trách nhiệm" in plan["text"]
    (warning,) = plan["quality"]["warnings"]
    line = whole[:place].count(b"\n") + 1
    assert "UTF-8" in warning and f"dòng {line}" in warning


def test_confidential_as_a_subject_is_no_secrecy_mark(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "bao-mat.txt"
    text = sample("05").read_text("utf-8")
    path.write_text(
        text.replace("Tuyên truyền cải cách hành chính", "Bảo vệ bí mật nhà nước, bảo mật", 1),
        "utf-8",
    )
    status, out, err = run(capsys, "parse", path)
    assert (status, err) == (0, "")
    assert json.loads(out)["header"]["secrecy"] is None


def test_a_secret_document_is_read_only_on_request(
    bad_files: dict[str, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    status, out, _ = run(capsys, "parse", "--allow-secret", bad_files["secret.txt"])
    assert status == 0
    assert json.loads(out)["header"]["secrecy"] == "MẬT"


def test_a_folder_without_rights_is_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    locked = tmp_path / "locked"
    locked.mkdir()
    scan = os.scandir

    def refuse(path: os.PathLike[str] | str) -> object:
        if Path(path) == locked:  # root reads everything, so the refusal is played
            raise PermissionError(13, "Permission denied", str(path))
        return scan(path)

    monkeypatch.setattr(os, "scandir", refuse)
    status, out, err = run(capsys, "parse", locked, sample("02"))
    assert status == 1
    assert err == f"kh: {locked}: không có quyền đọc thư mục.\n"
    assert len(out.splitlines()) == 1


def test_a_million_characters_without_a_heading(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "million.txt"
    path.write_text("đường làng ngõ xóm sạch đẹp văn minh. " * 26_400, "utf-8")
    status, out, err = run(capsys, "parse", path)
    assert (status, err) == (0, "")
    plan = json.loads(out)
    assert plan["text"].count("sạch đẹp") == 26_400
    assert plan["sections"] == []
    assert plan["quality"]["warnings"]


def test_a_reader_that_goes_away_is_no_error() -> None:
    command = [sys.executable, "-m", "kh_nlp", "parse", str(CORPUS)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None and process.stderr is not None
        process.stdout.read(10)
        process.stdout.close()
        assert process.wait(60) == 0
        assert process.stderr.read() == b""
