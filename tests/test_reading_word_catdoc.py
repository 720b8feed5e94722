"""Old .doc files as catdoc prints them."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest

from kh_nlp.errors import InputError
from kh_nlp.reading import Options
from kh_nlp.reading.composing import compose
from kh_nlp.reading.extract import Extract
from kh_nlp.reading.files import File
from kh_nlp.reading.word import catdoc, extract_doc


def doc(monkeypatch: pytest.MonkeyPatch, printed: str, data: bytes | None = None) -> Extract:
    """What is made of what catdoc prints."""

    def program(command: list[str], **options: Any) -> subprocess.CompletedProcess[bytes]:
        options["stdout"].write(printed.encode())
        return subprocess.CompletedProcess(command, 0, stderr=b"")

    monkeypatch.setenv("KH_OFFICE", "off")
    monkeypatch.setattr(catdoc.subprocess, "run", program)
    monkeypatch.setattr(catdoc.shutil, "which", lambda name: name)
    content = data or b"\xd0\xcf\x11\xe0" + "WordDocument".encode("utf-16-le")
    return extract_doc(File(path=Path("a.doc"), data=content, sha256=""), Options())


def test_rows_that_catdoc_broke_are_mended(monkeypatch: pytest.MonkeyPatch) -> None:
    printed = (
        "TT\tViệc\tChủ trì\tPhối hợp\tHạn\n1\tIn\tSở A\tSở B\tQuý I\n"
        "2\tMở lớp\tSở A\nQuý II\n3\tThi\nviết\tSở A\tSở B\tQuý III\nHết bảng.\n"
    )
    rows: list[Any] = doc(monkeypatch, printed).items[:-1]
    assert [[" ".join(x.text for x in cell) for cell in row.cells] for row in rows[2:]] == [
        ["2", "Mở lớp", "Sở A", "", "Quý II"],
        ["3", "Thi viết", "Sở A", "Sở B", "Quý III"],
    ]


def test_footnotes_that_catdoc_prints_last_are_notes(monkeypatch: pytest.MonkeyPatch) -> None:
    body = "Thực hiện Kế hoạch năm nay trên địa bàn.\nNguyễn Văn A\n"
    printed = f"{body} Nghị quyết A.\n Luật B.\n  PAGE  3 \n"
    found = doc(monkeypatch, printed)
    reading = compose(found, "", "")
    assert reading.text.split("\n")[-2:] == ["¹ Nghị quyết A.", "² Luật B."]
    assert [line.kind for line in reading.lines][-2:] == ["note", "note"]
    assert "2 chú thích" in found.warnings[0]


def test_codes_of_links_and_the_signature_beside_recipients(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    printed = (
        'theo  HYPERLINK  \\l "_ftn1" [1] ; rồi\nNơi nhận:\n- Lưu: VT.\tCHỦ TỊCH\nTrần Văn B\n'
    )
    reading = compose(doc(monkeypatch, printed), "", "")
    assert reading.text.split("\n") == [
        "theo [1] ; rồi", "Nơi nhận:", "- Lưu: VT.", "CHỦ TỊCH", "Trần Văn B",
    ]  # fmt: skip


@pytest.mark.parametrize("size", [0, 24])
def test_numbers_that_catdoc_does_not_print_are_told(
    monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    header = bytearray(2048)
    header[512:514] = b"\xec\xa5"
    header[512 + 0x2EE : 512 + 0x2F2] = size.to_bytes(4, "little")
    data = bytes(header) + "WordDocument".encode("utf-16-le")
    bare, typed = "MỤC ĐÍCH\nYêu cầu\n", "I. MỤC ĐÍCH\n1. Yêu cầu\n2. Nội dung\na) Sở A\n"
    for printed, labelled in ((bare, False), (typed, True)):
        told = " ".join(doc(monkeypatch, printed, data).warnings)
        assert ("đánh số tự động" in told) == (bool(size) and not labelled)


@pytest.mark.parametrize(
    ("data", "words"),
    [(b"{\\rtf1 a}", "lưu thành .docx"), (b"\xd0\xcf\x11\xe0" + b"Workbook", "không phải văn bản")],
)
def test_what_catdoc_cannot_read_is_one_line(
    monkeypatch: pytest.MonkeyPatch, data: bytes, words: str
) -> None:
    with pytest.raises(InputError, match=words):
        doc(monkeypatch, "x", data)
