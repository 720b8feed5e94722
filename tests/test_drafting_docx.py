"""The Word file: form of Nghị định 30/2020/NĐ-CP, read back from XML and from LibreOffice's PDF."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from support_drafting import REQUESTS, drafting_library

from kh_nlp.drafting import Draft, Request, draft, paragraphs
from kh_nlp.errors import InputError, MissingExtraError
from kh_nlp.library import Library

docx = pytest.importorskip("docx")

from kh_nlp.drafting.docx import save_by_template, save_docx  # noqa: E402


@pytest.fixture(scope="module")
def made() -> Iterator[Draft]:
    title, issuer, year, province = REQUESTS[0]
    request = Request(title=title, issuer=issuer, year=year, province=province)
    with Library.open(drafting_library()) as library:
        yield draft(library, request)


def _xml(path: Path, part: str) -> str:
    import zipfile

    with zipfile.ZipFile(path) as package:
        return package.read(part).decode("utf-8")


def test_page_margins_fonts_and_head(made: Draft, tmp_path: Path) -> None:
    path = tmp_path / "a.docx"
    save_docx(made, path, sources="none")
    document = docx.Document(str(path))
    section = document.sections[0]
    assert [round(x.mm) for x in (section.page_width, section.page_height)] == [210, 297]
    margins = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    assert [round(x.mm) for x in margins] == [20, 20, 30, 20]
    body = _xml(path, "word/document.xml")
    runs = re.findall(r"<w:r>(?:(?!</w:r>).)*<w:t", body, re.S)
    assert runs
    for run in runs:
        for script in ("ascii", "hAnsi", "eastAsia", "cs"):
            assert f'w:{script}="Times New Roman"' in run
        size = re.search(r'<w:sz w:val="(\d+)"/>', run)
        assert size and int(size[1]) / 2 in (11, 12, 13, 14)
    head = document.tables[0]
    left, right = head.rows[0].cells
    assert left.text.splitlines()[0].startswith("ỦY BAN NHÂN DÂN")
    assert right.text.splitlines()[:2] == [
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"
    ]  # fmt: skip
    assert [round(c.width.cm, 1) for c in head.rows[0].cells] == [5.9, 10.1]
    margins_xml = head._tbl.tblPr.xml
    assert margins_xml.count('w:w="0" w:type="dxa"') >= 4
    assert "w:pBdr" in left._tc.xml and "w:pBdr" in right._tc.xml


def test_bases_are_in_italics_and_end_as_customary(made: Draft, tmp_path: Path) -> None:
    path = tmp_path / "a.docx"
    save_docx(made, path, sources="none")
    lines = [p for p in docx.Document(str(path)).paragraphs if p.text.startswith("Căn cứ ")]
    assert len(lines) >= 3
    assert all(run.italic for line in lines for run in line.runs)
    assert [line.text[-1] for line in lines[:-1]] == [";"] * (len(lines) - 1)


def test_gaps_are_highlighted_and_the_table_head_is_repeated(made: Draft, tmp_path: Path) -> None:
    path = tmp_path / "a.docx"
    save_docx(made, path, sources="none")
    body = _xml(path, "word/document.xml")
    gaps = sum(len(p.gaps) for _, p in paragraphs(made))
    assert gaps and body.count('<w:highlight w:val="yellow"/>') >= gaps
    for run in re.findall(r"<w:r>(?:(?!</w:r>).)*</w:r>", body, re.S):
        assert ("[…]" in run) == ("w:highlight" in run)
    assert body.count("<w:tblHeader/>") == 1
    assert body.count("<w:cantSplit/>") == len(made.tasks) + 1


def test_sources_are_comments_an_annex_or_absent(made: Draft, tmp_path: Path) -> None:
    from zipfile import ZipFile

    paths = {}
    for way in ("comments", "annex", "none"):
        paths[way] = tmp_path / f"{way}.docx"
        save_docx(made, paths[way], sources=way)  # type: ignore[arg-type]
    traced = sum(bool(p.sources) for _, p in paragraphs(made))
    comments = _xml(paths["comments"], "word/comments.xml")
    assert comments.count("<w:comment ") == traced and "Nguồn: Kế hoạch số" in comments
    for way in ("annex", "none"):
        with ZipFile(paths[way]) as package:
            named = [n for n in package.namelist() if n.endswith("comments.xml")]
            assert not named or "<w:comment " not in package.read(named[0]).decode()
    assert "PHỤ LỤC NGUỒN" in _xml(paths["annex"], "word/document.xml")
    assert "Nguồn:" not in _xml(paths["none"], "word/document.xml")


@pytest.mark.slow
@pytest.mark.skipif(
    shutil.which("soffice") is None, reason="LibreOffice (soffice) is not installed"
)
def test_libreoffice_shows_form_page_numbers_and_repeated_head(made: Draft, tmp_path: Path) -> None:
    # A long table, so that it must go over a page.
    from dataclasses import replace

    import pypdfium2

    rows = tuple(replace(row, order=at) for at, row in enumerate(made.tasks * 8, 1))
    path = tmp_path / "a.docx"
    save_docx(replace(made, tasks=rows), path)
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    subprocess.run(
        ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", tmp_path, path],
        check=True, capture_output=True, timeout=180,
    )  # fmt: skip
    pdf = pypdfium2.PdfDocument(tmp_path / "a.pdf")
    texts = [page.get_textpage().get_text_bounded() for page in pdf]
    assert len(texts) >= 4
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in texts[0] and "KẾ HOẠCH" in texts[0]
    for at, (page, text) in enumerate(zip(pdf, texts, strict=True), 1):
        width, height = page.get_size()
        assert (round(width / 72 * 25.4), round(height / 72 * 25.4)) == (210, 297)
        # the number alone in the middle of the top margin, from the second page on
        top = page.get_textpage().get_text_bounded(
            left=width * 0.4, right=width * 0.6, bottom=height - 57, top=height
        )
        assert (top.strip() == str(at)) if at > 1 else not top.strip()
        assert text
    headed = [t for t in texts if "Chủ trì" in t and "Thời gian" in t.replace("\r\n", " ")]
    assert len(headed) >= 2
    left, right = _reach(pdf)
    assert abs(left - 30 / 25.4 * 72) < 6 and 595 - right > 20 / 25.4 * 72 - 6
    fonts = subprocess.run(["pdffonts", tmp_path / "a.pdf"], capture_output=True, text=True)
    if fonts.returncode == 0:  # Liberation Serif stands in for Times New Roman where it lacks
        named = [line for line in fonts.stdout.splitlines()[2:] if line]
        assert named and all(re.search(r"Times|LiberationSerif|Tinos", li) for li in named)


def _reach(pdf: Any) -> tuple[float, float]:
    """Least left and greatest right edge of the letters of all pages, in points."""
    left, right = 1000.0, 0.0
    for page in pdf:
        text = page.get_textpage()
        for at in range(text.count_chars()):
            box = text.get_charbox(at)
            if box[2] > box[0]:
                left, right = min(left, box[0]), max(right, box[2])
    return left, right


def test_a_template_of_ones_own_is_filled(made: Draft, tmp_path: Path) -> None:
    pytest.importorskip("docxtpl")
    template = docx.Document()
    template.add_paragraph("{{ issuer }} | {{ title }} | {{ symbol }}")
    template.add_paragraph("{% for s in sections %}{{ s.number }}. {{ s.heading }}; {% endfor %}")
    template.save(str(tmp_path / "t.docx"))
    save_by_template(made, tmp_path / "t.docx", tmp_path / "o.docx")
    text = "\n".join(p.text for p in docx.Document(str(tmp_path / "o.docx")).paragraphs)
    assert f"{made.issuer} | {made.title} | {made.symbol}" in text
    assert all(section.heading in text for section in made.sections)
    (tmp_path / "bad.docx").write_bytes(b"not a word file")
    with pytest.raises(InputError, match="không dùng làm mẫu"):
        save_by_template(made, tmp_path / "bad.docx", tmp_path / "o2.docx")


def test_a_missing_extra_is_named(
    made: Draft, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "docx", None)
    with pytest.raises(MissingExtraError, match=r"kh-nlp\[docx\]"):
        save_docx(made, tmp_path / "a.docx")
    monkeypatch.setitem(sys.modules, "docxtpl", None)
    with pytest.raises(MissingExtraError, match=r"kh-nlp\[template\]"):
        save_by_template(made, tmp_path / "t.docx", tmp_path / "a.docx")
