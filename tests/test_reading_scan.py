"""Scans: whole pages read by tesseract (skipped without it)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from support_scan import (
    font,
    needs_tesseract,
    sheet,
)

from kh_nlp.reading import Options, read_file
from kh_nlp.reading.extract import ExtractBuilder
from kh_nlp.reading.files import load
from kh_nlp.reading.lines import Line
from kh_nlp.reading.scan import deskew, ocr_pdf, place, tesseract

BODY = """I. MỤC ĐÍCH, YÊU CẦU
1. Mục đích
Nâng cao nhận thức của cán bộ, công chức, viên chức và người dân về công tác
cải cách hành chính; thực hiện Nghị quyết số 76/NQ-CP ngày 15/7/2021 của Chính phủ.
II. NỘI DUNG
1. Tuyên truyền trên hệ thống truyền thanh cơ sở vào giờ người dân ở nhà.
III. TỔ CHỨC THỰC HIỆN
1. Sở Nội vụ
a) Chủ trì, phối hợp với các cơ quan liên quan thực hiện Kế hoạch."""
ROWS = (
    ("TT", "Nội dung", "Đơn vị chủ trì", "Thời gian"),
    ("1", "Tập huấn kỹ năng viết tin, bài", "Sở Nội vụ", "Quý II/2026"),
    ("2", "Hội thi tìm hiểu cải cách hành chính", "Tỉnh đoàn", "Tháng 9/2026"),
    ("3", "Tổng kết, khen thưởng", "Văn phòng", "Tháng 11/2026"),
)


def rendered() -> Image.Image:
    image, draw = sheet()
    y = 300
    for text in BODY.split("\n"):
        label = text.split()[0].rstrip(".)")
        indent = 0 if text.startswith("cải cách hành chính;") else 150
        y += 95 if indent else 75
        draw.text((350 + indent, y), text, font=font(52), fill=0)
        assert label
    y += 130
    xs = (350, 480, 1250, 1750, 2200)
    for row in ROWS:
        for x, cell in zip(xs, row, strict=False):
            draw.text((x + 20, y + 12), cell, font=font(46), fill=0)
        draw.rectangle((xs[0], y, xs[-1], y + 84), outline=0, width=3)
        for x in xs[1:-1]:
            draw.line((x, y, x, y + 84), fill=0, width=3)
        y += 84
    return image


@needs_tesseract
@pytest.mark.slow
def test_a_turned_noisy_page_with_a_table_is_read(tmp_path: Path) -> None:
    page = deskew.turn(np.array(rendered()), 1.1).astype(np.float32)
    page *= np.linspace(1.0, 0.75, page.shape[1])[None, :]
    page += np.random.default_rng(2).normal(0, 9, page.shape)
    path = tmp_path / "trang.jpg"
    Image.fromarray(np.clip(page, 0, 255).astype(np.uint8)).save(path, quality=60, dpi=(300, 300))
    reading = read_file(path, Options(cache=tmp_path / "c"))
    rows = [line for line in reading.lines if line.kind == "row"]
    got = [tuple(reading.text[a:b] for a, b in line.cells) for line in rows]
    assert [row[0] for row in got][1:] == ["1", "2", "3"]
    same = sum(a == b for r, g in zip(ROWS, got, strict=True) for a, b in zip(r, g, strict=True))
    assert same >= 14 and got[1][3] == "Quý II/2026"
    text = [reading.text[line.start : line.end] for line in reading.lines if line.kind == "text"]
    starts = ["I. ", "1. ", "Nâng", "II. ", "1. ", "III. ", "1. ", "a) "]
    assert [t[: len(s)] for t, s in zip(text, starts, strict=True)] == starts
    assert "76/NQ-CP ngày 15/7/2021" in text[2] and reading.warnings == ()
    assert reading.format == "scan" and reading.pages == 1


@needs_tesseract
def test_marks_and_notes_at_the_foot_are_raised_digits(tmp_path: Path) -> None:
    image, draw = sheet(2480, 1500)
    y = 150
    for text in (
        "Thực hiện công tác tuyên truyền về cải cách hành chính trên địa bàn tỉnh",
        "các cơ quan, đơn vị, địa phương tập trung thực hiện tốt một số nội dung sau",
    ):
        draw.text((350, y), text, font=font(), fill=0)
        y += 78
    draw.text((350, y), "theo quy định về CCHC", font=font(), fill=0)
    x = 350 + draw.textlength("theo quy định về CCHC", font=font())
    draw.text((x + 2, y - 2), "1", font=font(36), fill=0)
    draw.text((x + 22, y), "; kết quả thực hiện hằng năm gửi về Sở Nội vụ.", font=font(), fill=0)
    draw.line((350, 1250, 850, 1250), fill=0, width=3)
    draw.text((350, 1268), "1", font=font(26), fill=0)
    draw.text(
        (372, 1270),
        "Nghị quyết số 76/NQ-CP ngày 15/7/2021 của Chính phủ ban hành Chương trình.",
        font=font(42),
        fill=0,
    )
    path = tmp_path / "note.png"
    image.save(path, dpi=(300, 300))
    reading = read_file(path, Options(cache=tmp_path / "c"))
    assert "CCHC¹;" in reading.text
    (note,) = [line for line in reading.lines if line.kind == "note"]
    assert reading.text[note.start : note.end].startswith("¹ Nghị quyết số 76/NQ-CP")


@needs_tesseract
def test_scanned_pages_of_a_pdf_are_read_and_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    image, draw = sheet(1240, 800)
    draw.text((100, 100), "1. Sở Nội vụ chủ trì thực hiện Kế hoạch.", font=font(30), fill=0)
    path = tmp_path / "scan.pdf"
    image.save(path, "PDF", resolution=150, save_all=True, append_images=[image.rotate(0)])
    file = load(path)
    options = Options(cache=tmp_path / "c", workers=2)
    layouts = ocr_pdf(file, [1], options)
    assert list(layouts) == [1]
    builder = ExtractBuilder("pdf", wrapped=True)
    place(layouts[1], builder, 2)
    (line,) = builder.items
    assert isinstance(line, Line) and line.text == "1. Sở Nội vụ chủ trì thực hiện Kế hoạch."
    assert (line.page, line.number) == (2, 1)

    def never(*arguments: Any, **named: Any) -> str:
        raise AssertionError("the engine was called for a page that is kept")

    monkeypatch.setattr(tesseract, "_run", never)
    assert ocr_pdf(file, [1], options) == layouts
