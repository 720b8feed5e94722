"""Scans: image files, their tables over pages, and the pages that are kept."""

from __future__ import annotations

import io
import struct
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from support_scan import (
    font,
    needs_tesseract,
    page_of,
    sheet,
)

from kh_nlp.errors import InputError
from kh_nlp.reading import Options, read_file
from kh_nlp.reading.extract import ExtractBuilder
from kh_nlp.reading.lines import Line
from kh_nlp.reading.scan import cache, place, tesseract, tesseract_missing, workers
from kh_nlp.reading.scan.images import load_page
from kh_nlp.reading.scan.pages import LayoutLine, LayoutTable, PageLayout
from kh_nlp.reading.tables import Row

# --- tables over pages

TITLES = (("TT",), ("Nội dung", "công việc"), ("Chủ trì",))


def table_page(*rows: tuple[tuple[str, ...], ...], before: tuple[Any, ...] = ()) -> PageLayout:
    return PageLayout((*before, LayoutTable(rows)), 95, 20)


def placed(*pages: PageLayout) -> ExtractBuilder:
    builder = ExtractBuilder("scan", wrapped=True)
    for number, page in enumerate(pages, 1):
        place(page, builder, number)
    return builder


def cells(item: Any) -> list[str]:
    return [" ".join(line.text for line in cell) for cell in item.cells]


def test_a_table_goes_on_over_the_page() -> None:
    note = LayoutLine("¹ Chú thích.", 95, after_blank=True)
    first = table_page(TITLES, (("1",), ("Họp",), ("Sở A",)), (("2",), ("Lựa chọn",), ("Sở B",)))
    first = PageLayout((*first.items, note), 95, 30)
    misread = (("TT",), ("Nội dưng", "công việc"), ("Chủ tri",))
    second = table_page(misread, ((), ("phần mềm",), ()), (("3",), ("In",), ("Sở C",)))
    builder = placed(first, second)
    rows = [item for item in builder.items if isinstance(item, Row)]
    assert [cells(row)[1] for row in rows] == [
        "Nội dung công việc",
        "Họp",
        "Lựa chọn phần mềm",
        "In",
    ]
    assert len({row.table for row in rows}) == 1
    assert isinstance(builder.items[-1], Line) and builder.items[-1].text == "¹ Chú thích."
    assert [line.page for line in rows[2].cells[1]] == [1, 2]


def test_other_columns_or_text_between_make_another_table() -> None:
    first = table_page(TITLES, (("1",), ("Họp",), ("Sở A",)))
    narrow = table_page((("TT",), ("Chỉ tiêu",)), (("1",), ("95%",)))
    apart = table_page(TITLES, before=(LayoutLine("PHỤ LỤC", 95, after_blank=True),))
    for other in (narrow, apart):
        rows = [item for item in placed(first, other).items if isinstance(item, Row)]
        assert len({row.table for row in rows}) == 2


def test_pages_hard_to_read_are_named() -> None:
    builder = placed(
        page_of("Một"),
        PageLayout((LayoutLine("Hai", 50),), 50, 1),
        PageLayout(),
        PageLayout(fault="hỏng"),
    )
    assert [sentence[:8] for sentence in builder.warnings] == ["Trang 2:", "Trang 3:", "Trang 4:"]
    assert "50%" in builder.warnings[0]


# --- files


def bits_png(width: int, height: int) -> bytes:
    """A white PNG of any size, small when packed."""
    packer = zlib.compressobj(9)
    row = b"\0" + b"\xff" * ((width + 7) // 8)
    body = b"".join(packer.compress(row) for _ in range(height)) + packer.flush()

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def refused(path: Path, data: bytes) -> str:
    path.write_bytes(data)
    with pytest.raises(InputError) as error:
        read_file(path, Options(cache=path.parent / "cache"))
    line = str(error.value)
    assert line.startswith(f"{path}: ") and "\n" not in line
    return line


@needs_tesseract
def test_files_that_cannot_be_read_are_refused_with_a_line(tmp_path: Path) -> None:
    assert "quá lớn" in refused(tmp_path / "huge.png", bits_png(30_000, 30_000))
    image, draw = sheet(1200, 400)
    draw.text((40, 20), "Kế hoạch", font=font(), fill=0)
    stream = io.BytesIO()
    image.save(stream, "JPEG")
    assert "cắt cụt" in refused(tmp_path / "half.jpg", stream.getvalue()[: stream.tell() // 2])
    assert "cắt cụt" in refused(tmp_path / "head.tif", b"II*\0\x08\0\0\0")
    assert "quá nhỏ" in refused(tmp_path / "dot.png", bits_png(3, 3))
    assert "không nhận dạng được chữ nào" in refused(tmp_path / "blank.png", bits_png(2480, 3508))


def test_without_ocr_or_engine_the_user_is_told_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "scan.png"
    path.write_bytes(bits_png(600, 400))
    with pytest.raises(InputError, match="việc nhận dạng chữ đang tắt"):
        read_file(path, Options(ocr=False))
    monkeypatch.setattr(tesseract, "_program", lambda: None)
    with pytest.raises(InputError, match="apt install tesseract-ocr tesseract-ocr-vie"):
        read_file(path)
    monkeypatch.setattr(tesseract, "_program", lambda: "tesseract")
    monkeypatch.setattr(tesseract, "_languages", lambda program: frozenset({"eng"}))
    assert "tiếng Việt" in str(tesseract_missing())


@pytest.mark.parametrize("mode", ["1", "L", "P", "CMYK", "RGBA", "I;16", "F"])
def test_every_kind_of_pixel_becomes_black_on_white(mode: str) -> None:
    gray = np.full((300, 700), 255, np.uint8)
    gray[100:200, 100:200] = 0
    if mode == "RGBA":  # black ink on transparent paper, whose hidden colour is black too
        pixels = np.zeros((300, 700, 4), np.uint8)
        pixels[..., 3] = 255 - gray
        image = Image.fromarray(pixels)
    elif mode == "I;16":
        image = Image.fromarray(gray.astype(np.uint16) * 257)
    else:
        image = Image.fromarray(gray).convert(mode)
    stream = io.BytesIO()
    image.save(stream, "TIFF", dpi=(300, 300))
    page = load_page(stream.getvalue(), 0)
    scale = page.shape[0] / 300
    assert page[round(150 * scale), round(150 * scale)] < 10
    assert page[round(20 * scale), round(20 * scale)] > 245


def test_pages_are_brought_to_300_dpi() -> None:
    for dpi, told in ((150, True), (600, True), (200, False)):
        image = Image.new("L", (round(8.27 * dpi), round(11.69 * dpi)), 255)
        stream = io.BytesIO()
        image.save(stream, "PNG", **({"dpi": (dpi, dpi)} if told else {}))
        assert load_page(stream.getvalue(), 0).shape == pytest.approx((3508, 2480), abs=12)


def test_lines_are_handed_to_the_engine_as_one_file() -> None:
    parts = [np.full((20 + k, 31 + k), 10 * k, np.uint8) for k in range(5)]
    image = Image.open(io.BytesIO(tesseract._tiff(parts)))
    assert image.n_frames == 5  # type: ignore[attr-defined]
    for k, part in enumerate(parts):
        image.seek(k)
        assert np.array_equal(np.asarray(image), part)


# --- the cache


def test_kept_pages_are_private_whole_and_can_be_cleared(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place_of = tmp_path / "ocr"
    layout = PageLayout(
        (LayoutLine("Một", 90.0, True), LayoutTable(((("1",), ("a", "b")),))), 90.0, 3
    )
    kept = cache.PageCache(place_of, "ab" * 32)
    kept.put(4, layout)
    kept.put(5, PageLayout(fault="hỏng"))
    assert kept.get(4) == layout and kept.get(5) is None
    assert cache.PageCache(place_of, "cd" * 32).get(4) is None
    assert place_of.stat().st_mode & 0o077 == 0
    (file,) = place_of.iterdir()
    assert file.stat().st_mode & 0o077 == 0
    file.write_text('{"items": [', "utf-8")
    assert kept.get(4) is None
    kept.put(4, layout)
    monkeypatch.setattr(cache, "MAX_BYTES", 10)
    kept.prune()
    assert list(place_of.iterdir()) == []
    kept.put(4, layout)
    assert cache.clear(place_of) == 1
    monkeypatch.setenv("KH_OCR_CACHE", "off")
    kept_off = cache.PageCache(place_of, "ab" * 32)
    kept_off.put(1, layout)
    assert kept_off.get(1) is None and list(place_of.iterdir()) == []


def test_a_killed_run_goes_on_where_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "many.tif"
    frames = [Image.new("L", (400, 500 + k), 255) for k in range(6)]
    frames[0].save(path, save_all=True, append_images=frames[1:])
    read: list[int] = []

    def fake(gray: Any) -> PageLayout:
        if len(read) == 4:
            raise KeyboardInterrupt
        read.append(gray.shape[0])
        return page_of(f"Trang cao {gray.shape[0]}")

    monkeypatch.setattr(workers, "read_page", fake)
    monkeypatch.setattr(workers, "tesseract_missing", lambda: None)
    told: list[tuple[int, int]] = []
    options = Options(
        workers=1, cache=tmp_path / "c", progress=lambda _, done, total: told.append((done, total))
    )
    with pytest.raises(KeyboardInterrupt):
        read_file(path, options)
    assert told[-1] == (4, 6)
    read.clear()
    reading = read_file(path, options)
    assert len(read) == 2 and reading.pages == 6
    assert told[-3:] == [(4, 6), (5, 6), (6, 6)]
    read_file(path, options)
    assert len(read) == 2
