"""Old .doc files by way of LibreOffice: taken when it answers, done without when it does not."""

from __future__ import annotations

import io
import shutil
import subprocess
import time
import zipfile
from pathlib import Path
from typing import Any

import docx
import pytest

from kh_nlp.errors import InputError
from kh_nlp.reading import Options
from kh_nlp.reading.files import File
from kh_nlp.reading.word import extract_doc
from kh_nlp.reading.word.office import office, to_docx

OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "WordDocument".encode("utf-16-le")
FILE = File(path=Path("a.doc"), data=OLD, sha256="")


def word_file() -> bytes:
    """A paragraph and a row whose middle cell is empty."""
    document = docx.Document()
    document.add_paragraph("Kế hoạch tuyên truyền năm 2024")
    table = document.add_table(2, 3, "Table Grid")
    for row, texts in zip(table.rows, (("Việc", "Sở", "Hạn"), ("In", "", "Quý I")), strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    document.add_paragraph("Hết bảng.")
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Puts a program named ``soffice``, of the given lines of shell, alone on the path."""
    monkeypatch.delenv("KH_OFFICE", raising=False)

    def put(lines: str) -> Path:
        place = tmp_path / "bin" / "soffice"
        place.parent.mkdir()
        place.write_text(f"#!/bin/sh\nPATH=/bin:/usr/bin\n{lines}\n", "utf-8")
        place.chmod(0o755)
        monkeypatch.setenv("PATH", str(place.parent))
        return place

    return put


def cells(file: File) -> list[list[str]]:
    rows: list[Any] = [
        item for item in extract_doc(file, Options()).items if hasattr(item, "cells")
    ]
    return [[" ".join(line.text for line in cell) for cell in row.cells] for row in rows]


def test_what_the_office_program_made_is_read(tmp_path: Path, program: Any) -> None:
    made = tmp_path / "made.docx"
    made.write_bytes(word_file())
    program(f'mkdir out; cp "{made}" out/in.docx')
    assert cells(FILE) == [["Việc", "Sở", "Hạn"], ["In", "", "Quý I"]]
    assert extract_doc(FILE, Options()).format == "doc"


@pytest.mark.parametrize(
    "lines", ["exit 1", "true", "mkdir out; echo x > out/in.docx", "kill -9 $$"]
)
def test_without_an_answer_catdoc_is_asked(program: Any, lines: str) -> None:
    program(lines)
    with pytest.raises(InputError, match="catdoc"):  # which is not on the path
        extract_doc(FILE, Options())


def test_a_run_without_end_is_ended_with_all_it_started(tmp_path: Path, program: Any) -> None:
    alive = tmp_path / "alive"
    program(f"(while :; do date +%s%N > '{alive}'; sleep .05; done) & wait")
    started = time.monotonic()
    assert to_docx(FILE, timeout=0.5) is None
    assert time.monotonic() - started < 5
    last = alive.read_text("utf-8")
    time.sleep(0.3)
    assert alive.read_text("utf-8") == last


def test_memory_and_output_are_bounded(program: Any) -> None:
    program("mkdir out; for of in v t f; do ulimit -$of; done > out/in.docx")
    made = to_docx(FILE)
    assert made is not None
    assert [int(line) for line in made.split()] == [1_500_000, 60, 400_000]


def test_it_can_be_switched_off(program: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    place = program("true")
    assert office() == str(place)
    monkeypatch.setenv("KH_OFFICE", "off")
    assert office() is None
    assert to_docx(FILE) is None


@pytest.mark.slow
def test_libreoffice_keeps_empty_cells_and_spoilt_files_are_refused(tmp_path: Path) -> None:
    found = office()
    if found is None:
        pytest.skip("LibreOffice chưa được cài")
    (tmp_path / "a.docx").write_bytes(word_file())
    profile = (tmp_path / "profile").as_uri()
    command = [found, f"-env:UserInstallation={profile}", "--headless", "--convert-to"]
    subprocess.run(
        [*command, "doc:MS Word 97", "--outdir", str(tmp_path), str(tmp_path / "a.docx")],
        check=True,
        capture_output=True,
        timeout=120,
    )
    data = (tmp_path / "a.doc").read_bytes()
    assert cells(File(path=Path("a.doc"), data=data, sha256="")) == [
        ["Việc", "Sở", "Hạn"],
        ["In", "", "Quý I"],
    ]
    if shutil.which("catdoc"):
        with pytest.raises(InputError):
            extract_doc(FILE, Options())
    converted = to_docx(File(path=Path("a.doc"), data=data, sha256=""))
    assert converted is not None and zipfile.is_zipfile(io.BytesIO(converted))
