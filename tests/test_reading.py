"""Files to text: encodings, hard wraps, tables, footnotes, and the way back to the file."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kh_nlp.errors import InputError
from kh_nlp.reading import read_file, read_text
from kh_nlp.reading.columns import meaning

PLAN = "KẾ HOẠCH\nTuyên truyền cải cách hành chính năm 2026\n\nI. MỤC ĐÍCH\n\n1. Mục đích\n"


def lines_of(text: str) -> list[str]:
    reading = read_text(text)
    return [reading.text[line.start : line.end] for line in reading.lines]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_unicode_encodings_give_the_same_text(tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "a.txt"
    file.write_bytes((PLAN * 3).replace("\n", "\r\n").encode(encoding))
    reading = read_file(file)
    assert reading.text == read_text(PLAN * 3).text
    assert reading.warnings == ()


def test_decomposed_letters_are_composed_and_keep_their_origin(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text(unicodedata.normalize("NFD", PLAN), "utf-8")
    reading = read_file(file)
    assert reading.text == read_text(PLAN).text
    assert unicodedata.is_normalized("NFC", reading.text)


def test_bytes_in_no_known_encoding_are_refused_in_one_line(tmp_path: Path) -> None:
    file = tmp_path / "german.txt"
    file.write_bytes("Die Städte können größer werden, wenn möglich, für München".encode("cp1252"))
    with pytest.raises(InputError, match="không phải UTF-8") as caught:
        read_file(file)
    assert "\n" not in str(caught.value)


def test_a_few_broken_bytes_are_kept_visible_and_reported(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    data = (PLAN * 5).encode()
    file.write_bytes(data[:200] + b"\xff" + data[200:])
    reading = read_file(file)
    assert "\ufffd" in reading.text
    assert "1 chỗ" in reading.warnings[0]
    assert "cải cách hành chính" in reading.text


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "tệp rỗng"),
        (b" \n\r\n ", "tệp rỗng"),
        (b"\x7fELF\x00\x01\x02\x03" * 200, "nhị phân"),
        (bytes(range(256)) * 40, "nhị phân"),
    ],
)
def test_empty_and_binary_files_give_one_clear_line(
    tmp_path: Path, content: bytes, words: str
) -> None:
    file = tmp_path / "a.txt"
    file.write_bytes(content)
    with pytest.raises(InputError, match=words):
        read_file(file)


def test_unknown_kind_of_file_names_the_known_ones(tmp_path: Path) -> None:
    file = tmp_path / "a.xyz"
    file.write_text("x")
    with pytest.raises(InputError, match=r"\.txt"):
        read_file(file)


def test_markup_is_dropped_and_bullets_stay() -> None:
    text = "## **II. NỘI DUNG**\n\n* Mục thứ nhất\n- *nghiêng* và <b>đậm</b>\n(*) chú thích\n"
    assert lines_of(text) == ["II. NỘI DUNG", "* Mục thứ nhất", "- nghiêng và đậm", "(*) chú thích"]


def test_hard_wraps_with_a_blank_line_after_each_are_joined() -> None:
    wrapped = (
        "Thông tin, tuyên truyền kịp thời các chủ trương, chính sách, văn bản chỉ đạo \n\n"
        "của các cấp về công tác CCHC nhằm nâng cao nhận thức của các cấp, các ngành, \n\n"
        "đội ngũ cán bộ, công chức, viên chức về ý nghĩa, mục tiêu của công tác. \n\n"
    )
    heading = "1. Mục đích \n\n"
    found = lines_of((heading + wrapped) * 4)
    assert found[0] == "1. Mục đích"
    assert len(found) == 8
    assert found[1].startswith("Thông tin") and found[1].endswith("mục tiêu của công tác.")


def test_a_sentence_broken_by_a_footnote_is_marked_as_going_on() -> None:
    reading = read_text(
        "f) Tuyên truyền việc sắp xếp bộ máy theo hướng tinh\n\n"
        "¹ Nghị quyết số 76/NQ-CP ngày 15/7/2021.\n\n"
        "gọn, hoạt động hiệu lực, hiệu quả.\n"
    )
    assert [line.kind for line in reading.lines] == ["text", "note", "text"]
    assert reading.lines[2].continues


def test_page_break_inside_a_sentence_is_joined_and_pages_are_counted() -> None:
    reading = read_text("thái độ giao tiếp, ứng xử của\n\f\ncán bộ, công chức.\n\fII. KINH PHÍ\n")
    assert reading.text.startswith("thái độ giao tiếp, ứng xử của cán bộ, công chức.")
    assert reading.pages == 3
    assert reading.lines[-1].page == 3


def test_stray_page_numbers_are_dropped_but_numbers_of_rows_stay() -> None:
    assert "6" not in lines_of("Tích cực tham gia.\n\n6\n\n5. Các phòng, ban\n")
    rows = [line for line in lines_of(SPREAD) if "\t" in line]
    assert [row.split("\t")[0] for row in rows[1:]] == ["1", "2", "3"]


SPREAD = """III. HOẠT ĐỘNG

ST

T

Nội dung

Cơ quan chủ

trì

Cơ quan

phối hợp

Thời gian

thực hiện

1

Tuyên truyền kết quả Chỉ

số CCHC trên Trang thông

tin điện tử

Văn phòng

HĐND-

UBND huyện

Phòng Nội vụ
Thường

xuyên

2

Mở lớp bồi dưỡng nghiệp

vụ cho công chức xã

Phòng Nội vụ

Các cơ quan

liên quan

Quý II

3

Tham gia cuộc thi tìm

hiểu CCHC của tỉnh

Phòng Tư pháp

Các cơ quan

liên quan

Tháng

12/2023

IV. KINH PHÍ THỰC HIỆN
"""


def test_cells_torn_over_lines_are_dealt_to_their_columns() -> None:
    rows = [line.split("\t") for line in lines_of(SPREAD) if "\t" in line]
    assert [meaning(title) for title in rows[0]] == [
        "order",
        "content",
        "lead",
        "partners",
        "deadline",
    ]
    assert rows[1][2:] == ["Văn phòng HĐND-UBND huyện", "Phòng Nội vụ", "Thường xuyên"]
    assert rows[3][1:] == [
        "Tham gia cuộc thi tìm hiểu CCHC của tỉnh",
        "Phòng Tư pháp",
        "Các cơ quan liên quan",
        "Tháng 12/2023",
    ]


def test_pipe_tables_broken_over_lines_find_their_rows_by_width() -> None:
    text = (
        "|\nTT\n|\nNội dung\n|\nChủ trì\n|\n|\n1\n|\nViệc thứ\nnhất\n|\nSở A\n|\n|\n2\n|\n"
        "Việc thứ hai\n|\n|\n|\n3\n|\nViệc thứ ba\n|\nSở C\n|\n\nV. KINH PHÍ\n"
    )
    found = lines_of(text)
    assert found[:4] == [
        "TT\tNội dung\tChủ trì",
        "1\tViệc thứ nhất\tSở A",
        "2\tViệc thứ hai\t",
        "3\tViệc thứ ba\tSở C",
    ]
    assert found[4] == "V. KINH PHÍ"


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Hình thức/Sản phẩm dự kiến", "output"),
        ("Đơn vị thực hiện", "lead"),
        ("Cơ quan, đơn vị phối hợp", "partners"),
        ("Thời gian hoàn thành", "deadline"),
        ("Hình thức tuyên truyền", "form"),
        ("Nội dung tuyên truyền", "content"),
        ("Đơn vị tính", "unit"),
        ("Ghi chú", "note"),
        ("Xyz", None),
    ],
)
def test_column_titles(title: str, expected: str | None) -> None:
    assert meaning(title) == expected


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet="ab đẾ\n\t|*#.-1IV\f¹:;_<>", max_size=300))
def test_every_character_comes_from_the_file(text: str) -> None:
    reading = read_text(text)
    ends = [run.start for run in reading.runs[1:]] + [len(reading.text)]
    for run, end in zip(reading.runs, ends, strict=False):
        piece = reading.text[run.start : end].rstrip("\n\t ")
        original = text[run.offset : run.offset + len(piece)]
        assert unicodedata.normalize("NFC", original.replace("\t", " ")) == piece.replace("\t", " ")
    spans = [(line.start, line.end) for line in reading.lines]
    assert spans == sorted(spans)
    assert all(0 <= start <= end <= len(reading.text) for start, end in spans)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                "I. MỤC ĐÍCH",
                "- nội dung;",
                "1",
                "Số: 5/KH-UBND",
                "|",
                "a\tb\tc",
                "tiếp theo",
                "¹ Chú",
            ]
        ),
        max_size=40,
    )
)
def test_no_word_is_lost(parts: list[str]) -> None:
    text = "\n".join(parts)
    kept = read_text(text).text
    for word in ("MỤC", "nội", "tiếp", "UBND", "Chú"):
        assert kept.count(word) == text.count(word)


def test_a_bold_title_cut_by_a_blank_line_goes_on() -> None:
    text = (
        "**3. Đề nghị Ủy ban Mặt trận Tổ quốc, Hội Liên hiệp**\n\n"
        "**Phụ nữ xã và các đoàn thể**\n\n- Tham gia phối hợp.\n\n"
        "**4. Công an xã**\n\nGiữ trật tự.\n"
    )
    assert lines_of(text) == [
        "3. Đề nghị Ủy ban Mặt trận Tổ quốc, Hội Liên hiệp Phụ nữ xã và các đoàn thể",
        "- Tham gia phối hợp.",
        "4. Công an xã",
        "Giữ trật tự.",
    ]


def test_a_page_without_blank_lines_still_has_its_tables_apart() -> None:
    text = (
        "|\nUBND XÃ A\n|\nCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\n|\nKẾ HOẠCH\nTuyên truyền năm 2026\n"
        "Căn cứ Luật Tổ chức chính quyền địa phương;\nI. MỤC ĐÍCH\nNội dung.\n"
        "|\nNơi nhận:\n- Lưu: VT.\n"
        "|\nCHỦ TỊCH\nNguyễn Văn Bình\n|\nPHỤ LỤC\nNHIỆM VỤ\n(Kèm theo Kế hoạch)\n"
        "|\nTT\n|\nNội dung\n|\nChủ trì\n|\n|\n1\n|\nViệc\n|\nSở A\n|\n"
    )
    found = lines_of(text)
    assert "UBND XÃ A" in found and "KẾ HOẠCH" in found and "I. MỤC ĐÍCH" in found
    assert found[-2:] == ["TT\tNội dung\tChủ trì", "1\tViệc\tSở A"]


def test_blank_lines_after_every_line_mean_nothing() -> None:
    text = "I. MỤC ĐÍCH\n\n1. Một\n\nNội dung.\n\n- Hai;\n\n- Ba.\n\n2. Bốn\n\nNăm.\n\n3. Sáu\n"
    assert lines_of(text.replace("\n", "\n\n")) == lines_of(text)


def test_a_note_of_two_lines_is_not_taken_for_the_sentence_it_interrupts() -> None:
    body = (
        "Công chức tiếp nhận hồ sơ ghi tên mình vào phiếu hẹn trả kết quả\u00b9; giải trình bằng\n"
    )
    note = (
        "\u00b9 Thực hiện theo Nghị định số 45/2020/NĐ-CP của Chính phủ về thực hiện\n"
        "thủ tục điện tử.\n"
    )
    rest = "văn bản với Chủ tịch UBND cùng cấp trong hai ngày.\n"
    filler = "".join(
        f"{n}. Việc thứ {n} của kế hoạch này được làm trong cả năm và được báo cáo hằng\ntháng.\n\n"
        for n in range(1, 13)
    )
    text = read_text(f"{filler}{body}\n{note}\n\f\n{rest}\n{filler}").text
    assert "chính phủ về thực hiện thủ tục điện tử." in text.lower()
    assert "văn bản với Chủ tịch" in text
