"""``kh draft`` on the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from support_drafting import REQUESTS, drafting_library
from support_samples import sample

from kh_nlp.cli import main

TITLE, ISSUER, YEAR, PROVINCE = REQUESTS[0]


def _run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as stop:
        main(["draft", *arguments])
    return int(stop.value.code or 0)


def _asked(*more: str) -> list[str]:
    return [
        "--title", TITLE, "--issuer", ISSUER, "--year", str(YEAR), "--province", str(PROVINCE),
        "--library", str(drafting_library()), *more,
    ]  # fmt: skip


def test_it_prints_steps_and_writes_the_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "du-thao.md"
    over = str(sample("27-"))
    assert _run(*_asked("--out", str(out), "--superior", over)) == 0
    printed = capsys.readouterr().out
    assert "1. Tìm được" in printed and "Đề cương:" in printed and "[…]" in printed
    text = out.read_text("utf-8")
    assert text.startswith("# KẾ HOẠCH") and "Thực hiện" in text
    assert _run(*_asked("--json")) == 0
    data = json.loads(capsys.readouterr().out)
    assert data["title"] == TITLE and data["sections"][0]["paragraphs"] is not None


@pytest.mark.parametrize(
    ("more", "status", "words"),
    [
        (("--out", "x.pdf"), 2, ".docx, .md hoặc .json"),
        (("--template", "m.docx"), 2, "--template cần --out"),
        (("--level", "làng"), 2, "làng"),
        (("--like", "không-có"), 2, "không-có"),
        (("--superior", "không-có.txt"), 1, "không-có.txt"),
    ],
)
def test_faults_are_one_line(
    more: tuple[str, ...], status: int, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _run(*_asked(*more)) == status
    err = capsys.readouterr().err.strip()
    assert words in err and "\n" not in err and err.startswith("kh: ")
