"""Scans: the geometry of pages without tesseract, whole pages with it (skipped without it)."""

from __future__ import annotations

import io
import struct
import zlib
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from kh_nlp.errors import InputError
from kh_nlp.reading import Options, read_file
from kh_nlp.reading.extract import ExtractBuilder
from kh_nlp.reading.files import load
from kh_nlp.reading.lines import Line
from kh_nlp.reading.scan import cache, deskew, ocr_pdf, place, tesseract, tesseract_missing, workers
from kh_nlp.reading.scan.gaps import split_words
from kh_nlp.reading.scan.grid import find_ruling, without_strokes, without_tables
from kh_nlp.reading.scan.images import load_page
from kh_nlp.reading.scan.labels import settle_codes, settle_labels
from kh_nlp.reading.scan.layout import PrintedLine, find_lines
from kh_nlp.reading.scan.numbering import settle_numbers
from kh_nlp.reading.scan.pages import LayoutLine, LayoutTable, PageLayout
from kh_nlp.reading.scan.phrases import settle_phrases
from kh_nlp.reading.scan.rereading import _weighed
from kh_nlp.reading.scan.roman import count_strokes
from kh_nlp.reading.scan.tesseract import Word
from kh_nlp.reading.tables import Row

EM = 58  # 14 points at 300 dpi


def _font_path() -> str | None:
    names = ("LiberationSerif-Regular", "Tinos-Regular", "Times_New_Roman", "times", "DejaVuSerif")
    for folder in ("/usr/share/fonts", "/usr/local/share/fonts", str(Path.home() / ".fonts")):
        for name in names:
            for path in Path(folder).rglob(f"{name}.ttf"):
                return str(path)
    return None


FONT = _font_path()
needs_font = pytest.mark.skipif(FONT is None, reason="không có phông chữ serif để dựng trang")
needs_tesseract = pytest.mark.skipif(
    tesseract_missing() is not None or FONT is None,
    reason=str(tesseract_missing() or "thiếu phông"),
)


def font(size: int = EM) -> Any:
    return ImageFont.truetype(str(FONT), size)


def sheet(width: int = 2480, height: int = 3508) -> tuple[Image.Image, ImageDraw.ImageDraw]:
    image = Image.new("L", (width, height), 255)
    return image, ImageDraw.Draw(image)


def text_like(angle: float = 0.0) -> Any:
    """A page of bars as long and as far apart as lines of text, turned by ``angle``."""
    page = np.full((3508, 2480), 255, np.uint8)
    rng = np.random.default_rng(3)
    for y in range(300, 3200, 75):
        x = 300
        while x < 2150:
            width = int(rng.integers(30, 160))
            cv2.rectangle(page, (x, y), (x + width, y + 26), 0, -1)
            x += width + 20
    return deskew.turn(page, angle)


def word(text: str, left: int, base: int, width: int | None = None, **more: Any) -> Word:
    """A word that stands on a base line, about as wide as it is printed."""
    from kh_nlp.reading.widths import printed_width

    wide = width or round(printed_width(text) * EM / 1000)
    low = any(char in "gpqyj,;()" for char in text)
    return Word(text, left, base - 40, left + wide, base + (12 if low else 0), 96.0, **more)


def words(text: str, left: int, base: int, line: int) -> list[Word]:
    out: list[Word] = []
    for piece in text.split():
        out.append(word(piece, left, base, line=(1, 1, line)))
        left = out[-1].right + 15
    return out


# --- straightening


@pytest.mark.parametrize("angle", [-4.2, -1.3, 0.0, 0.35, 2.7])
def test_skew_is_found_and_undone(angle: float) -> None:
    assert deskew.skew(text_like(angle)) == pytest.approx(-angle, abs=0.08)


def test_only_a_page_on_its_side_is_taken_for_one() -> None:
    page = text_like(0.6)
    turned = [deskew.lies_on_side(deskew.upright(page, quarters)) for quarters in range(4)]
    assert turned == [False, True, False, True]


def test_uneven_light_is_levelled_and_specks_are_told_from_a_clean_page() -> None:
    page = text_like().astype(np.float32)
    dark = page * np.linspace(1.0, 0.6, page.shape[1])[None, :]
    even = deskew.flatten(dark.astype(np.uint8))
    assert np.median(even[:200, -200:]) > 245 and even[310, 310] < 30
    rng = np.random.default_rng(1)
    grain = np.clip(page + rng.normal(0, 12, page.shape), 0, 255).astype(np.uint8)
    assert not deskew.is_noisy(text_like()) and deskew.is_noisy(grain)


# --- tables


def ruled() -> Any:
    """Three columns, four rows; the second row is one cell, the last column spans rows 3 and 4."""
    page = np.full((1400, 2000), 255, np.uint8)
    xs, ys = (200, 500, 1200, 1800), (200, 320, 420, 640, 860)
    for y in ys:
        end = 1200 if y == 640 else 1800
        cv2.line(page, (200, y), (end, y), 0, 3)
    for x in xs:
        cv2.line(page, (x, 200), (x, 860), 0, 3)
    page[325:416, 490:510] = 255
    page[325:416, 1190:1210] = 255
    return page


def test_rows_columns_and_merged_cells_of_a_ruled_table() -> None:
    (grid,) = find_ruling(ruled()).grids
    assert [abs(a - b) < 6 for a, b in zip(grid.xs, (200, 500, 1200, 1800), strict=True)] == [
        True
    ] * 4
    assert len(grid.ys) == 5
    spans = {(c.row, c.column): (c.rows, c.columns) for c in grid.cells}
    assert spans[1, 0] == (1, 3) and spans[2, 2] == (2, 1)
    assert len(grid.cells) == 3 + 1 + 3 + 2


def test_a_table_is_found_though_noise_tears_its_rules() -> None:
    page = ruled()
    page[:, 700:704] = 255
    page[500:504, :] = 255
    (grid,) = find_ruling(deskew.turn(page, 0.1)).grids
    assert (len(grid.ys) - 1, len(grid.xs) - 1) == (4, 3)


def test_frames_rules_and_dense_text_are_no_tables() -> None:
    assert find_ruling(text_like()).grids == ()
    page = np.full((3508, 2480), 255, np.uint8)
    cv2.rectangle(page, (200, 200), (2300, 3300), 0, 3)  # a frame around the page
    cv2.line(page, (900, 250), (1500, 250), 0, 3)  # below a title
    for y in range(600, 1600, 50):  # letters with hardly a gap, lines close to one another
        for x in range(400, 2000, 24):
            cv2.rectangle(page, (x, y), (x + 18, y + 40), 0, -1)
    assert find_ruling(page).grids == ()


def test_text_touching_the_rules_outlives_their_removal() -> None:
    page = ruled()
    cv2.rectangle(page, (260, 600), (300, 637), 0, -1)
    ruling = find_ruling(page)
    bare = without_strokes(page, ruling)
    assert bare[615, 280] == 0 and bare[640, 900] == 255
    assert without_tables(bare, ruling.grids).min() == 255


# --- lines


def test_columns_of_a_head_are_read_one_after_the_other() -> None:
    found = find_lines(
        [
            *words("UBND TỈNH CỬA HẠC", 420, 290, 1),
            *words("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 1150, 290, 1),
            *words("SỞ NỘI VỤ", 540, 360, 2),
            *words("Độc lập - Tự do - Hạnh phúc", 1330, 362, 2),
            *words("Số:", 480, 450, 3),
            *words("/KH-SNV", 690, 450, 3),  # room for a number inside the left column
            *words("Cửa Hạc, ngày 14 tháng 3 năm 2023", 1270, 452, 3),
            *words("KẾ HOẠCH", 1140, 600, 4),
        ],
        2480,
        3508,
    )
    assert [line.text for line in found] == [
        "UBND TỈNH CỬA HẠC",
        "SỞ NỘI VỤ",
        "Số: /KH-SNV",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "Cửa Hạc, ngày 14 tháng 3 năm 2023",
        "KẾ HOẠCH",
    ]
    assert not any(line.in_cell for line in found)


def test_a_signature_that_begins_between_the_recipients_stays_behind_them() -> None:
    found = find_lines(
        [
            *words(
                "Trên đây là Kế hoạch, đề nghị các cơ quan, đơn vị triển khai thực hiện./.",
                360,
                900,
                1,
            ),
            *words("Nơi nhận:", 360, 1000, 2),
            *words("TM. ỦY BAN NHÂN DÂN", 1450, 1028, 3),
            *words("- UBND tỉnh;", 360, 1056, 4),
            *words("KT. CHỦ TỊCH", 1560, 1100, 5),
            *words("- Lưu: VT.", 360, 1104, 6),
            *words("PHÓ CHỦ TỊCH", 1550, 1180, 7),
            *words("Đặng Hải Yến", 1580, 1560, 8),
        ],
        2480,
        3508,
    )
    assert [line.text for line in found][1:] == [
        "Nơi nhận:",
        "- UBND tỉnh;",
        "- Lưu: VT.",
        "TM. ỦY BAN NHÂN DÂN",
        "KT. CHỦ TỊCH",
        "PHÓ CHỦ TỊCH",
        "Đặng Hải Yến",
    ]
    assert all(line.after_blank and not line.in_cell for line in found[4:])


def test_page_numbers_go_and_paragraphs_begin_at_gaps_and_indents() -> None:
    full = "quy định về cải cách hành chính theo cách vui, dễ nhớ; qua kết quả thi biết được nội"
    found = find_lines(
        [
            *words("2", 1230, 180, 1),
            *words(full, 360, 300, 2),
            *words(full, 360, 370, 3),
            *words("rút ngắn thời gian.", 360, 440, 4),
            *words(
                "Câu hỏi bám sát văn bản đang có hiệu lực, không đánh đố người dự thi; mỗi đáp án",
                510,
                510,
                5,
            ),
            *words(full, 360, 580, 6),
            *words(full, 360, 700, 7),
            *words(full, 360, 770, 8),
        ],
        2480,
        3508,
    )
    assert [line.after_blank for line in found] == [True, False, False, True, False, True, False]


# --- what the engine misreads


def page_of(*texts: str) -> PageLayout:
    return PageLayout(tuple(LayoutLine(text, 95, after_blank=True) for text in texts), 95, 9)


def settled(*texts: str) -> list[str]:
    (page,) = settle_labels([page_of(*texts)])
    return [item.text for item in page.items if isinstance(item, LayoutLine)]


def test_labels_are_set_right_by_their_neighbours() -> None:
    assert settled("I.MỤC ĐÍCH, YÊU CẦU", "l. Mục đích", "2. Yêu cầu") == [
        "I. MỤC ĐÍCH, YÊU CẦU",
        "1. Mục đích",
        "2. Yêu cầu",
    ]
    assert settled("à) Một;", "b) Hai;", "C) Ba;", "đ) Bốn;", "đ) Năm;", "c) Sáu;") == [
        "a) Một;",
        "b) Hai;",
        "c) Ba;",
        "d) Bốn;",
        "đ) Năm;",
        "e) Sáu;",
    ]


def test_the_first_chapter_is_one_when_the_second_follows() -> None:
    assert settled("L. MỤC ĐÍCH", "1. Một", "II. NỘI DUNG")[0] == "I. MỤC ĐÍCH"
    assert settled("L. MỤC ĐÍCH", "1. Một", "LI. NỘI DUNG")[0] == "L. MỤC ĐÍCH"


def test_notes_without_a_readable_label_count_on() -> None:
    first = page_of("Theo quy định¹ của tỉnh", "¹ Nghị quyết số 76/NQ-CP.")
    second = page_of("Khám bệnh⁰; chữa bệnh⁰.", "⁰ Quyết định số 06/QĐ-TTg.", "⁰ Luật số 10.")
    pages = settle_labels([first, second])
    assert [item.text for item in pages[1].items if isinstance(item, LayoutLine)] == [
        "Khám bệnh²; chữa bệnh³.",
        "² Quyết định số 06/QĐ-TTg.",
        "³ Luật số 10.",
    ]


def test_labels_that_may_be_printed_so_stay() -> None:
    for lines in (
        ["I. Mục đích", "II. Yêu cầu"],
        ["a) Một;", "b) Hai;", "1. Ba", "a) Bốn;", "b) Năm;"],
        ["d) Bốn;", "e) Năm;"],
        ["c) Ba;", "d) Bốn;", "e) Năm;"],
        ["I. Quan điểm", "V. TỔ CHỨC THỰC HIỆN"],
    ):
        assert settled(*lines) == lines


def test_codes_formulas_and_pairs_are_set_right_and_nothing_else() -> None:
    assert settle_codes("Nghị quyết số 76NQ-CP, Quyết định số 06/QĐ-TTq") == (
        "Nghị quyết số 76/NQ-CP, Quyết định số 06/QĐ-TTg"
    )
    assert settle_codes("số 09-NQ/TU và 15KH thì giữ") == "số 09-NQ/TU và 15KH thì giữ"
    assert settle_codes("PHO CHU TICH") == "PHÓ CHỦ TỊCH"
    assert settle_codes("KÉẺ HOẠCH") == "KẾ HOẠCH"
    assert (
        settle_codes("CỘNG HOÀ XÃ HỘI CHỦ NGHĨA VIỆT NAM") == "CỘNG HOÀ XÃ HỘI CHỦ NGHĨA VIỆT NAM"
    )
    assert settle_codes("Kế hoạch") == "Kế hoạch"
    assert settle_phrases("UBND Thành phó TÔ CHỨC, mức chỉ và chỉ tiêu") == (
        "UBND Thành phố TỔ CHỨC, mức chi và chỉ tiêu"
    )


def test_the_first_group_of_a_table_is_a_roman_one() -> None:
    rows = ((("TT",), ("Nội dung",)), (("1",), ("Đầu năm",)), (("1",), ("Họp",)), (("2",), ("In",)))
    table = LayoutTable(tuple(tuple(tuple(c) for c in row) for row in rows))
    (page,) = settle_labels([PageLayout((table,), 95, 9)])
    (item,) = page.items
    assert isinstance(item, LayoutTable)
    assert [row[0] for row in item.rows] == [("TT",), ("I",), ("1",), ("2",)]


@pytest.mark.parametrize(
    ("read", "printed"),
    [
        (["TT", "1", "“", "3", "", "5"], ["TT", "1", "2", "3", "4", "5"]),
        (["TT", "l", "2", "3", "S"], ["TT", "1", "2", "3", "4"]),
        (["TT", "", "2", "3"], ["TT", "", "2", "3"]),  # goes on from the page before
        (["TT", "4", "2", "6", "7"], ["TT", "4", "5", "6", "7"]),
        (["HỆ", "5", "6", "", "7"], ["HỆ", "5", "6", "", "7"]),  # a row that goes on has no number
        (["TT", "12", "40", "7"], ["TT", "12", "40", "7"]),  # no numbering at all
        (["TT", "1.", "2.", "I", "1.", "?", "3."], ["TT", "1.", "2.", "I", "1.", "2.", "3."]),
    ],
)
def test_numbers_of_rows_count_up(read: list[str], printed: list[str]) -> None:
    def row(label: str) -> list[tuple[str, ...]]:
        group = label == "I"
        return [(label,) if label else (), ("Nội dung",), () if group else ("Sở Nội vụ",)]

    rows = [row(label) for label in read]
    settle_numbers(rows)
    assert [" ".join(row[0]) for row in rows] == printed


@needs_font
@pytest.mark.parametrize(
    ("text", "count"), [("I.", 1), ("II.", 2), ("III.", 3), ("H.", 0), ("VII.", 2), ("XIII.", 3)]
)
def test_strokes_of_numerals_are_counted(text: str, count: int) -> None:
    image, draw = sheet(400, 120)
    draw.text((40, 20), text, font=font(), fill=0)
    ink = np.asarray(image)
    columns = np.flatnonzero((ink < 128).any(axis=0))
    rows = np.flatnonzero((ink < 128).any(axis=1))
    part = ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    assert count_strokes(part, EM) == count


@needs_font
def test_lost_blanks_are_seen_on_the_image() -> None:
    image, draw = sheet(900, 120)
    draw.text((40, 20), "ĐỒI HẠC 2021 - 2025 Nguyễn", font=font(), fill=0)
    ends = [
        40 + draw.textlength(t, font=font()) for t in ("ĐỒI HẠC", "ĐỒI HẠC ", "ĐỒI HẠC 2021 - 2025")
    ]
    a, b, c = (round(x) for x in ends)
    read = (
        Word("ĐỒIHẠC", 41, 25, a, 75, 90),
        Word("2021-2025", b + 1, 25, c, 75, 90),
        Word("Nguyễn", c + 15, 25, 890, 75, 90),
    )
    line = PrintedLine("", (41, 25, 890, 75), EM, 90, words=read)
    (found,) = split_words(np.array(image), [line])
    assert found.text == "ĐỒI HẠC 2021 - 2025 Nguyễn"


def test_two_readings_are_weighed_word_by_word() -> None:
    first = [word("thành", 0, 50), word("phô,", 100, 50), word("và", 200, 50), word("Tổ", 300, 50)]
    second = [
        word("thành", 0, 50),
        word("phố.", 100, 50),
        word("'", 180, 50),
        word("và", 200, 50),
        Word("To", 300, 10, 340, 50, 60.0),
    ]
    line = PrintedLine("", (0, 10, 400, 50), EM, 96, words=tuple(first))
    assert _weighed(line, second).text == "thành phố, và Tổ"


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
    with pytest.raises(InputError, match="bỏ --no-ocr để nhận dạng"):
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


# --- whole pages


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
