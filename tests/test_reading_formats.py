"""The sample plans in the formats that offices keep: the same plan as in their text.

``corpus/formats/mau-NN.*`` were made from sample NN by ``corpus/render.py``.
"""

from __future__ import annotations

import base64
import shutil
from pathlib import Path

import pytest
from support_samples import CORPUS, sample, warm_folder

from kh_nlp.errors import InputError
from kh_nlp.language import fold
from kh_nlp.library import Library, ingest
from kh_nlp.model import Plan
from kh_nlp.pipeline import expand, read_plan
from kh_nlp.reading import FORMATS, Options, read_file
from kh_nlp.reading.pdf import MAX_PAGES

LOCKED = base64.b64decode(
    "JVBERi0xLjYKJb/3ov4KMSAwIG9iago8PCAvUGFnZXMgMiAwIFIgL1R5cGUgL0NhdGFsb2cgPj4KZW5kb2Jq"
    "CjIgMCBvYmoKPDwgL0NvdW50IDEgL0tpZHMgWyAzIDAgUiBdIC9UeXBlIC9QYWdlcyA+PgplbmRvYmoKMyAw"
    "IG9iago8PCAvTWVkaWFCb3ggWyAwIDAgMTAwIDEwMCBdIC9QYXJlbnQgMiAwIFIgL1R5cGUgL1BhZ2UgPj4K"
    "ZW5kb2JqCjQgMCBvYmoKPDwgL0NGIDw8IC9TdGRDRiA8PCAvQXV0aEV2ZW50IC9Eb2NPcGVuIC9DRk0gL0FF"
    "U1YyIC9MZW5ndGggMTYgPj4gPj4gL0ZpbHRlciAvU3RhbmRhcmQgL0xlbmd0aCAxMjggL08gPDE3M2JiZTdj"
    "Njg1MThlOTI4NzIyMmE1NDdjNWYzMjI2MjU3Mjc2NTI3MzdhMWI2MGQ3OWUwNzkwOWM5MTk5MDg+IC9QIC00"
    "IC9SIDQgL1N0bUYgL1N0ZENGIC9TdHJGIC9TdGRDRiAvVSA8OTg1NWU1OTYyNTJmMGZkYjkyYWEyM2ZjNTc2"
    "MTgyYjUwMTIyNDU2YTkxYmFlNTEzNDI3M2E2ZGIxMzRjODdjND4gL1YgNCA+PgplbmRvYmoKeHJlZgowIDUK"
    "MDAwMDAwMDAwMCA2NTUzNSBmIAowMDAwMDAwMDE1IDAwMDAwIG4gCjAwMDAwMDAwNjQgMDAwMDAgbiAKMDAw"
    "MDAwMDEyMyAwMDAwMCBuIAowMDAwMDAwMTk2IDAwMDAwIG4gCnRyYWlsZXIgPDwgL1Jvb3QgMSAwIFIgL0lE"
    "IFs8MDU1M2U1NTA5ZjViZmI3ZDI2NTkzOWUyYzQ1MTFmMDg+PDA1NTNlNTUwOWY1YmZiN2QyNjU5MzllMmM0"
    "NTExZjA4Pl0gL0VuY3J5cHQgNCAwIFIgPj4Kc3RhcnR4cmVmCjQ5NQolJUVPRgo="
)
"""An empty page under a password."""

FORMATS_FOLDER = CORPUS / "formats"
RENDERED = sorted(path for path in FORMATS_FOLDER.iterdir() if ".scan" not in path.name)


def twin(path: Path) -> Plan:
    """The plan in the text that a file was rendered from."""
    return read_plan(sample(path.name[4:6]))


def outline(plan: Plan) -> list[tuple[str | None, str]]:
    units = [unit for unit in plan.sections if not unit.annex]
    return [(unit.number, " ".join(fold(unit.heading or "").split())) for unit in units]


def tasks(plan: Plan) -> list[tuple[object, ...]]:
    return [
        (t.origin, t.order, fold(t.content or "")[:60], t.lead, t.partners, t.deadline)
        for t in plan.tasks
        if t.origin == "table"
    ]


def cited(plan: Plan) -> set[str]:
    return {c.document.key for c in plan.citations if c.document}


@pytest.mark.parametrize("path", RENDERED, ids=lambda path: path.name)
def test_the_same_plan_in_every_format(path: Path) -> None:
    plan, text = read_plan(path), twin(path)
    assert outline(plan) == outline(text)
    assert tasks(plan) == tasks(text)
    assert cited(plan) == cited(text)
    assert [n.text for n in plan.notes] == [n.text for n in text.notes]
    head, wanted = plan.header, text.header
    for name in ("number", "issued_on", "issuer", "place", "title", "level", "signer", "year"):
        assert getattr(head, name) == getattr(wanted, name), name
    assert plan.quality.coverage >= 0.99
    assert plan.source.format == FORMATS[path.suffix]


def test_pages_lines_and_cells_of_a_pdf() -> None:
    plan = read_plan(FORMATS_FOLDER / "mau-10.pdf")
    assert plan.source.pages == 4
    row = next(t for t in plan.tasks if t.origin == "table" and t.order == 3)
    place = plan.locate(row.start)
    assert place.cell is not None and place.cell.column == 1 and place.page == 2
    # the row is cut by the end of the page and goes on overleaf
    assert "chấm điểm công khai" in (row.content or "")
    assert plan.locate(plan.text.index("điểm công khai", row.start)).page == 3


@pytest.mark.slow
def test_a_scan_is_read_page_by_page_and_kept(tmp_path: Path) -> None:
    if shutil.which("tesseract") is None:
        pytest.skip("tesseract is not installed")
    seen: list[tuple[str, int, int]] = []
    options = Options(cache=tmp_path / "ocr", progress=lambda *told: seen.append(told))
    path = FORMATS_FOLDER / "mau-05.scan.pdf"
    plan, text = read_plan(path, options=options), twin(path)
    assert plan.source.format == "scan" and seen[-1][1:] == (plan.source.pages,) * 2
    numbers = [[u.number for u in p.sections if not u.annex] for p in (plan, text)]
    assert numbers[0] == numbers[1]
    assert [t[1] for t in tasks(plan)] == [t[1] for t in tasks(text)]
    assert len(cited(plan) & cited(text)) >= 0.9 * len(cited(text))
    again = read_plan(path, options=options)
    assert again.text == plan.text


def test_without_ocr_a_scan_is_one_line() -> None:
    with pytest.raises(InputError, match="việc nhận dạng chữ đang tắt") as caught:
        read_file(FORMATS_FOLDER / "mau-05.scan.pdf", Options(ocr=False))
    assert "\n" not in str(caught.value)


def test_a_word_file_and_its_pdf_are_one_plan_with_two_files(tmp_path: Path) -> None:
    files = [FORMATS_FOLDER / "mau-10.docx", FORMATS_FOLDER / "mau-10.pdf"]
    with Library.open(warm_folder(tmp_path / "library"), create=True) as library:
        report = ingest(library, files)
        assert not report.failed
        (plan,) = library.plans()
        assert set(plan.paths) == {str(file) for file in files}


def test_a_file_under_the_name_of_another_kind(tmp_path: Path) -> None:
    path = tmp_path / "kế hoạch.txt"
    shutil.copy(FORMATS_FOLDER / "mau-10.pdf", path)
    assert read_file(path).format == "pdf"


@pytest.mark.parametrize("share", [0.02, 0.5, 0.95])
def test_a_pdf_that_was_cut_off_is_one_line_or_what_is_left(tmp_path: Path, share: float) -> None:
    data = (FORMATS_FOLDER / "mau-10.pdf").read_bytes()
    path = tmp_path / "cụt.pdf"
    path.write_bytes(data[: int(len(data) * share)])
    try:
        assert read_file(path, Options(ocr=False)).pages >= 1
    except InputError as error:
        assert str(error).startswith(str(path)) and "\n" not in str(error)


def test_a_pdf_with_a_password_is_one_line(tmp_path: Path) -> None:
    path = tmp_path / "khóa.pdf"
    path.write_bytes(LOCKED)
    with pytest.raises(InputError, match="đặt mật khẩu"):
        read_file(path)


def test_ten_thousand_pages_are_refused_quickly(tmp_path: Path) -> None:
    import pypdfium2 as pdfium

    document = pdfium.PdfDocument.new()
    for _ in range(10_000):
        document.new_page(595, 842)
    path = tmp_path / "dày.pdf"
    document.save(str(path))
    with pytest.raises(InputError, match=f"quá giới hạn {MAX_PAGES} trang"):
        read_file(path)


def test_folders_hold_every_kind(tmp_path: Path) -> None:
    for name in ("a.docx", "b.PDF", "c.htm", "d.tiff", "e.rtf", "f.xlsx", "g.jpg"):
        (tmp_path / name).write_bytes(b"x")
    assert [path.name for path in expand([tmp_path])] == [
        "a.docx", "b.PDF", "c.htm", "d.tiff", "e.rtf", "g.jpg",
    ]  # fmt: skip
