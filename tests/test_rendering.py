"""The renderer of sample plans: what stands where on the page, and what a Word file is made of."""

from __future__ import annotations

import io
import re
import sys
import zipfile
from collections import Counter
from pathlib import Path

import pytest
from support_samples import CORPUS, sample

sys.path.insert(0, str(CORPUS))

from rendering import RenderingError, compose, render, text_files
from rendering.layout import Head, Layout, NewPage, Paragraph, Signing, Table, plain, words
from rendering.pages import image_pdf, office_program
from rendering.text import clean_text, markdown, wrapped_text
from rendering.web import site_page, word_page

from kh_nlp.parsing import parse
from kh_nlp.reading import read_file, read_text

_WORD = re.compile(r"[^\W_]+")
_MARK = re.compile(r"[⁰¹²³⁴-⁹]+|\[\d{1,3}\]")
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def head_of(layout: Layout) -> Head:
    (head,) = (block for block in layout.blocks if isinstance(block, Head))
    return head


def bag(text: str) -> Counter[str]:
    return Counter(_WORD.findall(_MARK.sub(" ", text)))


def word_parts(layout: Layout, *, numbering: bool = False) -> dict[str, str]:
    pytest.importorskip("docx", reason="cần python-docx: pip install python-docx")
    from rendering.word import word_file

    with zipfile.ZipFile(io.BytesIO(word_file(layout, numbering=numbering))) as file:
        return {name: file.read(name).decode() for name in file.namelist() if name.endswith("xml")}


# the layout


def test_head_set_with_spaces_gets_its_two_columns_back() -> None:
    head = head_of(compose(sample("02")))
    assert head.issuer == ("ỦY BAN NHÂN DÂN", "HUYỆN BÃI HẠC")
    assert head.formula[0] == "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
    assert head.number == ("Số: 34/KH-UBND",)
    assert head.date == ("Bãi Hạc, ngày 25 tháng 02 năm 2022",)


def test_head_of_a_broken_web_table_names_the_body_on_whole_lines() -> None:
    assert head_of(compose(sample("04"))).issuer == ("ỦY BAN NHÂN DÂN", "XÃ ĐỒI HẠC")


def test_superior_and_issuer_are_told_apart() -> None:
    head = head_of(compose(sample("03")))
    assert (head.superior, head.issuer) == (("UBND TỈNH CỬA HẠC",), ("SỞ NỘI VỤ",))


def test_only_state_bodies_get_a_lost_formula_back() -> None:
    assert len(head_of(compose(sample("05"))).formula) == 2
    assert head_of(compose(sample("06"))).formula == ()


def test_notes_leave_the_text_and_broken_sentences_are_whole() -> None:
    layout = compose(sample("05"))
    assert [note.label for note in layout.notes] == ["1", "2", "3", "4"]
    marked = [
        (plain(block.text), [piece.note for piece in block.text if piece.note is not None])
        for block in layout.blocks
        if isinstance(block, Paragraph)
    ]
    broken = next(text for text, notes in marked if notes == [2])
    assert "trên ứng dụng của công dân số khi làm TTHC" in broken


def test_table_has_titles_groups_and_widths_that_fit() -> None:
    layout = compose(sample("04"))
    (table,) = (block for block in layout.blocks if isinstance(block, Table))
    assert table.titles == 1 and table.columns == 6
    assert [row.group for row in table.rows].count(True) == 2
    assert isinstance(layout.blocks[layout.blocks.index(table) - 4], NewPage)


def test_wide_annex_lies_on_its_side() -> None:
    pages = [block for block in compose(sample("06")).blocks if isinstance(block, NewPage)]
    assert [page.wide for page in pages] == [True]


def test_signature_is_set_apart_line_by_line() -> None:
    signing = next(b for b in compose(sample("04")).blocks if isinstance(b, Signing))
    assert signing.offices == ("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH")
    assert signing.name == "Bàn Thị Lê"
    assert signing.recipients[0] == "Nơi nhận:" and len(signing.recipients) == 7


@pytest.mark.parametrize("number", ["01", "02", "03", "04", "06"])
def test_layout_has_the_words_of_the_file_and_no_other(number: str) -> None:
    path = sample(number)
    assert bag(" ".join(words(compose(path)))) == bag(read_file(path).text)


# text and web pages


@pytest.mark.parametrize("number", ["01", "05", "06"])
@pytest.mark.parametrize("write", [clean_text, wrapped_text, markdown])
def test_text_reads_as_the_sample_does(number: str, write: object) -> None:
    assert callable(write)
    path = sample(number)
    expected = parse(read_file(path))
    kind = "markdown" if write is markdown else "text"
    found = parse(read_text(write(compose(path)), format=kind))
    assert [s.number for s in found.sections] == [s.number for s in expected.sections]
    assert [n.label for n in found.notes] == [n.label for n in expected.notes]
    assert len(found.tasks) == len(expected.tasks)


def test_wrapped_text_has_pages_with_numbers_and_notes_at_the_foot() -> None:
    pages = wrapped_text(compose(sample("05"))).split("\f")
    assert len(pages) > 2
    assert [page.split("\n")[0] for page in pages[1:]] == [
        str(n + 2) for n in range(len(pages) - 1)
    ]
    foot = pages[0].rstrip().splitlines()
    assert any(line.startswith("¹ Nghị quyết số 76/NQ-CP") for line in foot[-14:])


def test_web_pages_link_marks_and_notes_both_ways() -> None:
    layout = compose(sample("05"))
    for page in (word_page(layout), site_page(layout)):
        for number in range(1, 5):
            for anchor in (f'href="#_ftn{number}"', f'name="_ftn{number}"'):
                assert page.count(anchor) == 1
    assert "mso-element:footnote-list" in word_page(layout)
    assert "<nav>" in site_page(layout)


# Word files


def test_word_file_has_the_form_of_the_decree() -> None:
    parts = word_parts(compose(sample("04")))
    body = parts["word/document.xml"]
    for side, twips in (("left", 1701), ("right", 1134), ("top", 1134), ("bottom", 1134)):
        found = re.search(rf'<w:pgMar[^>]*w:{side}="(\d+)"', body)
        assert found and abs(int(found.group(1)) - twips) <= 1
    assert body.count("<w:tblHeader/>") == 1
    assert body.count("<w:cantSplit/>") == 1  # the signature; rows of tasks may go over a page
    assert '<w:gridSpan w:val="5"/>' in body
    assert "<w:titlePg/>" in body and "PAGE" in parts["word/header1.xml"]
    fonts = re.search(r"<w:rFonts[^>]*>", parts["word/styles.xml"].split('w:val="Normal"')[1])
    assert fonts and fonts.group().count("Times New Roman") == 4


def test_word_file_has_real_footnotes() -> None:
    parts = word_parts(compose(sample("05")))
    assert parts["word/document.xml"].count("<w:footnoteReference ") == 4
    notes = parts["word/footnotes.xml"]
    assert notes.count("<w:footnoteRef/>") == 4 and "Nghị định số 118/2025/NĐ-CP" in notes
    assert "footnotes.xml" in parts["[Content_Types].xml"]
    assert "¹" not in parts["word/document.xml"]


def test_numbered_word_file_counts_to_what_the_sample_prints() -> None:
    """Word's count, done here by hand over the numbered paragraphs, gives back every label."""
    from xml.etree import ElementTree

    layout = compose(sample("02"))
    parts = word_parts(layout, numbering=True)
    texts = {
        item.get(f"{_W}abstractNumId"): {
            level.get(f"{_W}ilvl"): (
                level.find(f"{_W}numFmt").get(f"{_W}val"),  # type: ignore[union-attr]
                level.find(f"{_W}lvlText").get(f"{_W}val"),  # type: ignore[union-attr]
            )
            for level in item.iter(f"{_W}lvl")
        }
        for item in ElementTree.fromstring(parts["word/numbering.xml"]).iter(f"{_W}abstractNum")
    }
    romans = ("I", "II", "III", "IV")
    counts: dict[str | None, list[int]] = {}
    labels = []
    for paragraph in ElementTree.fromstring(parts["word/document.xml"]).iter(f"{_W}p"):
        number = paragraph.find(f"{_W}pPr/{_W}numPr/{_W}numId")
        level = paragraph.find(f"{_W}pPr/{_W}numPr/{_W}ilvl")
        if number is None or level is None:
            continue
        key, depth = number.get(f"{_W}val"), int(level.get(f"{_W}val") or 0)
        form, text = texts[key][str(depth)]
        if form == "bullet" or text is None:
            continue
        count = counts.setdefault(key, [])
        count[depth:] = [count[depth] + 1 if len(count) > depth else 1]
        shown = (
            {"upperRoman": romans[count[-1] - 1], "lowerLetter": "abcd"[count[-1] - 1]}
            if (count[-1] < 5)
            else {}
        )
        labels.append(
            text.replace("%2", str(count[-1])).replace(
                "%1", str(count[0]) if depth else shown.get(form or "", str(count[-1]))
            )
        )
    printed = [b.label.printed for b in layout.blocks if isinstance(b, Paragraph) and b.label]
    assert labels == [label for label in printed if label != "đ)"]
    assert "4.3." in labels and "a)" in labels
    assert ">a) 100%" not in parts["word/document.xml"]


def test_word_file_is_the_same_every_time() -> None:
    pytest.importorskip("docx", reason="cần python-docx: pip install python-docx")
    from rendering.word import word_file

    layout = compose(sample("05"))
    assert word_file(layout) == word_file(layout)


# scans


def test_noise_is_the_same_for_a_seed_and_another_for_another() -> None:
    np = pytest.importorskip("numpy")
    pytest.importorskip("cv2", reason="cần OpenCV: pip install opencv-python-headless")
    from rendering.noise import scanned

    page = np.full((400, 300), 255, np.uint8)
    page[100:110, 40:260] = 0
    first = scanned(page, 0.5, seed=1, number=1)
    assert (first == scanned(page, 0.5, seed=1, number=1)).all()
    assert (first != scanned(page, 0.5, seed=2, number=1)).any()
    assert (first != scanned(page, 0.5, seed=1, number=2)).any()
    assert (scanned(page, 0.0, seed=1, number=1) == page).all()


def test_noise_grows_with_its_level_and_turns_the_page() -> None:
    np = pytest.importorskip("numpy")
    pytest.importorskip("cv2", reason="cần OpenCV: pip install opencv-python-headless")
    from rendering.noise import scanned

    page = np.full((600, 900), 255, np.uint8)
    page[300:306, 60:840] = 0
    usual, bad = (scanned(page, level, seed=3, number=1) for level in (0.5, 1.0))
    assert usual.mean() > bad.mean()  # grayer paper
    assert usual[:200].std() < bad[:200].std()  # more grain and specks
    ends = [int(np.argmin(bad[:, x - 8 : x + 8].astype(float).mean(axis=1))) for x in (80, 820)]
    assert 4 < abs(ends[0] - ends[1]) < 25  # 0.6 to 1.5 degrees over 740 pixels


def test_image_pdf_holds_its_pages() -> None:
    pypdfium2 = pytest.importorskip("pypdfium2", reason="cần pypdfium2: pip install pypdfium2")
    np = pytest.importorskip("numpy")
    pytest.importorskip("cv2", reason="cần OpenCV: pip install opencv-python-headless")
    from rendering.noise import jpeg

    pages = []
    for width, height in ((620, 877), (877, 620)):
        pages.append((jpeg(np.full((height, width), 200, np.uint8), 0), width, height))
    document = pypdfium2.PdfDocument(image_pdf(pages, 75))
    sizes = [tuple(round(side) for side in page.get_size()) for page in document]
    document.close()
    assert sizes == [(595, 842), (842, 595)]


# the whole


def test_formats_without_office_are_written_to_their_names(tmp_path: Path) -> None:
    files = render([sample("05")], ["txt", "md", "html-site"], tmp_path)
    assert sorted(file.suffixes[-1] for file in files) == [".html", ".md", ".txt"]
    assert all(file.stat().st_size > 5000 for file in files)


def test_only_text_is_taken_from_a_folder(tmp_path: Path) -> None:
    for name in ("a.txt", "b.md", "c.docx", "README.md"):
        (tmp_path / name).write_text("KẾ HOẠCH", "utf-8")
    assert [file.name for file in text_files([tmp_path])] == ["a.txt", "b.md"]
    assert text_files([tmp_path / "c.docx"]) == [tmp_path / "c.docx"]


def test_missing_office_is_told_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(RenderingError, match=r"LibreOffice.*apt install libreoffice-writer"):
        render([sample("05")], ["pdf"], tmp_path / "out")
    assert not (tmp_path / "out").exists()


@pytest.mark.slow
def test_pdf_and_scan_by_office(tmp_path: Path) -> None:
    if office_program() is None:
        pytest.skip("cần LibreOffice: apt install libreoffice-writer-nogui fonts-liberation2")
    pypdfium2 = pytest.importorskip("pypdfium2", reason="cần pypdfium2: pip install pypdfium2")
    pytest.importorskip("docx", reason="cần python-docx: pip install python-docx")
    pytest.importorskip("cv2", reason="cần OpenCV: pip install opencv-python-headless")
    pdf, scan = render([sample("06")], ["pdf", "scan"], tmp_path)
    printed, pictures = (pypdfium2.PdfDocument(file) for file in (pdf, scan))
    text = "\n".join(page.get_textpage().get_text_range() for page in printed)
    assert len(printed) == len(pictures) == 4
    assert "BIỂU NHIỆM VỤ PHỐI HỢP" in text
    assert not pictures[0].get_textpage().get_text_range().strip()
    again = render([sample("06")], ["pdf"], tmp_path / "again")
    assert again[0].read_bytes() == pdf.read_bytes()
