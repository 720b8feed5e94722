"""Scans: the geometry of pages, all without tesseract: skew, rules, columns, strokes, blanks."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
import pytest
from support_scan import (
    EM,
    font,
    needs_font,
    sheet,
    text_like,
    words,
)

from kh_nlp.reading.scan import deskew
from kh_nlp.reading.scan.gaps import split_words
from kh_nlp.reading.scan.grid import find_ruling, without_strokes, without_tables
from kh_nlp.reading.scan.layout import PrintedLine, find_lines
from kh_nlp.reading.scan.roman import count_strokes
from kh_nlp.reading.scan.tesseract import Word

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


# --- letters


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
