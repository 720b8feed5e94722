"""Scans: where paragraphs begin and go on, and lines that are read again, without tesseract."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from support_scan import EM, word, words

from kh_nlp.reading.scan import doubtful
from kh_nlp.reading.scan.doubtful import read_again
from kh_nlp.reading.scan.layout import find_lines
from kh_nlp.reading.scan.notes import Mark, _with_mark
from kh_nlp.reading.scan.printed import PrintedLine
from kh_nlp.reading.scan.roman import count_strokes

LEFT, FIRST, RIGHT = 360, 500, 2150
FULL = "quy định về cải cách hành chính theo cách vui, dễ nhớ; qua kết quả thi biết được nội"


def full(text: str, left: int, base: int, line: int) -> list[Any]:
    """A line whose words are spread out to the right margin."""
    found = words(text, left, base, line)
    wider = (RIGHT - found[-1].right) / (len(found) - 1)
    moves = [round(index * wider) for index in range(len(found))]
    return [
        replace(one, left=one.left + by, right=one.right + by)
        for one, by in zip(found, moves, strict=True)
    ]


def flags(*lines: list[Any]) -> list[str]:
    """Of each line: "b" for one that begins a paragraph, "g" for one told to go on, else "?"."""
    found = find_lines([one for line in lines for one in line], 2480, 3508)
    return ["b" if line.after_blank else "g" if line.goes_on else "?" for line in found]


def test_a_line_without_room_goes_on_with_a_capital() -> None:
    assert flags(
        full("a) Kết quả cắt giảm, đơn giản hóa thủ tục theo Nghị quyết số 66 của", FIRST, 300, 1),
        words("Chính phủ.", LEFT, 370, 2),
        full("b) Trang thông tin điện tử, trang Facebook của phường, kênh Zalo", FIRST, 440, 3),
        words("OA: mỗi tuần đăng ít nhất 05 tin, bài.", LEFT, 510, 4),
        full(FULL.capitalize(), LEFT, 580, 5),
    ) == ["b", "g", "b", "g", "b"]  # fmt: skip


def test_a_page_of_single_lines_does_not_hide_its_paragraphs() -> None:
    # titles and single lines with a gap between them: the usual step is that of paragraphs
    lines = [full("Hướng dẫn các cơ quan báo chí, đài truyền thanh cơ sở; kỹ năng", FIRST, 300, 1),
             words("viết tin ngắn cho biên tập viên.", LEFT, 370, 2)]  # fmt: skip
    for index, text in enumerate(
        ("4. Sở Văn hóa", "Lên lịch lưu động.", "5. Sở Tài chính", "Tham mưu bố trí kinh phí.",
         "6. Sở Nội vụ", "Theo dõi, đôn đốc.", "7. Tỉnh đoàn", "Giám sát việc xin lỗi.")
    ):  # fmt: skip
        lines.append(words(text, FIRST, 460 + 90 * index, 3 + index))
    lines.append(
        full(
            "Các cơ quan, địa phương báo cáo trước ngày 05 tháng 12; sơ kết vào",
            FIRST,
            1180,
            20,
        )
    )
    lines.append(words("tháng 6 hằng năm.", LEFT, 1250, 21))
    found = flags(*lines)
    assert found[2:11] == ["b"] * 9 and "b" not in (found[1], found[11])


def test_a_last_page_without_full_lines_still_shows_what_had_room() -> None:
    texts = (
        "2. Phòng Kinh tế", "Khắc phục kịp thời các điểm đen về tai nạn giao thông đường bộ.",
        "3. Phòng Giáo dục", "Chỉ đạo các trường học tuyên truyền.",
    )  # fmt: skip
    lines = [words(text, LEFT, 300 + 113 * at, at + 1) for at, text in enumerate(texts)]
    assert flags(*lines) == ["b", "b", "?", "b"]  # the longest line may be a full one


def test_a_sentence_goes_on_overleaf_at_the_margin() -> None:
    below = [
        words("2. Yêu cầu", FIRST, 390, 2),
        full(FULL, FIRST, 480, 3),
        full(FULL, LEFT, 550, 4),
        full(FULL, LEFT, 620, 5),
        words("3. Nội dung", FIRST, 710, 6),
    ]
    assert flags(words("Chính phủ.", LEFT, 300, 1), *below)[0] != "b"
    assert flags(words("Cung cấp số liệu.", FIRST, 300, 1), *below)[0] == "b"


def test_the_title_of_an_annex_begins_below_its_name() -> None:
    assert flags(
        words("PHỤ LỤC II", 1120, 300, 1),
        words("PHÂN CÔNG NHIỆM VỤ", 1010, 370, 2),
        words("TUYÊN TRUYỀN BẦU CỬ", 1000, 440, 3),
        words("(Kèm theo Kế hoạch số 33/KH-UBND của Ban", 800, 510, 4),
        words("Thường trực Ủy ban)", 1000, 600, 5),
    )[1:] == ["b", "?", "b", "g"]


def test_two_lines_cut_into_one_are_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    tall = [replace(w, top=w.top - 60, confidence=9.0) for w in words("Na Ki Tu", 387, 750, 1)]
    halves = [replace(w, confidence=80.0) for w in words("Ủy ban Dân tọc", 387, 750, 2)]
    other = words("TM. ỦY BAN NHÂN DÂN", 1421, 690, 3)
    again = [*words("- Như Điều 3;", 360, 690, 1), *words("- Ủy ban Dân tộc;", 360, 750, 2)]
    monkeypatch.setattr(doubtful, "read_boxes", lambda text, areas, timeout: [again] * len(areas))
    page = np.full((3508, 2480), 255, np.uint8)
    found = read_again(page, [*tall, *halves, *other], 1.0)
    assert [line.text for line in find_lines(found, 2480, 3508)] == [
        "- Như Điều 3;",
        "- Ủy ban Dân tộc;",
        "TM. ỦY BAN NHÂN DÂN",
    ]
    assert read_again(page, other, 1.0) == other


def test_a_line_cut_through_its_letters_is_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    upper = [replace(w, confidence=77.0) for w in words("8 S 3 Nôi h", 359, 1308, 1)]
    lower = [replace(w, confidence=84.0) for w in words("Ở NỘI Vụ", 380, 1311, 2)]
    torn = words("r2", 1630, 1309, 3)
    other = words("PHÓ CHỦ TỊCH", 1536, 1346, 4)
    again = words("- Sở Nội vụ;", 359, 1310, 1)
    monkeypatch.setattr(doubtful, "read_boxes", lambda text, areas, timeout: [again] * len(areas))
    page = np.full((3508, 2480), 255, np.uint8)
    found = read_again(page, [*upper, *lower, *torn, *other], 1.0)
    assert [line.text for line in find_lines(found, 2480, 3508)] == ["- Sở Nội vụ;", "PHÓ CHỦ TỊCH"]


@pytest.mark.parametrize("read", ["063", "06’", "06"])
def test_the_digits_of_a_number_are_told_from_the_mark_behind_it(read: str) -> None:
    first = word(read, 500, 300, width=58 if read == "06" else 76)
    line = PrintedLine(read, (500, 260, 580, 300), EM, 96, words=(first,))
    found = _with_mark(line, Mark(0, 0, (560, 255, 576, 280), 2))
    assert found.text == "06²"
    inner = replace(first, text=f"nhau';:{read}", left=300)
    line = replace(line, words=(inner,), text=inner.text)
    assert _with_mark(line, Mark(0, 0, (390, 255, 400, 280), 2)) == line


def test_the_foot_of_a_v_is_no_stroke_of_its_own() -> None:
    part = np.full((40, 120), 255, np.uint8)
    part[:, 10:14] = part[:, 50:60] = part[:, 75:85] = 0
    assert (count_strokes(part, 60), count_strokes(part, 60, behind=True)) == (1, 2)
