"""PDF files: pages written by hand for one trait each, and a sample rendered by LibreOffice."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from support_pdf import (
    NO_OCR,
    Objects,
    column,
    file,
    lines,
    paragraphs,
    pdf,
    put,
    read,
    rows,
    ruled,
)

from kh_nlp.parsing import parse
from kh_nlp.reading import read_file
from kh_nlp.reading.lines import Line
from kh_nlp.reading.pdf import extract_pdf
from kh_nlp.reading.reflow import reflow
from kh_nlp.reading.tables import Row

FILES = Path(__file__).parent / "files"
CORPUS = Path(__file__).parents[1] / "corpus"
SAMPLE = "26-phuong-vam-thu-chuyen-doi-so-2025"
SHARED = Path(os.environ.get("KH_SHARED") or Path(__file__).parents[2] / "shared") / "plans"

# What a rendered sample and a signed plan give


def test_rendered_sample_reads_as_its_text() -> None:
    plan = parse(read_file(FILES / f"{SAMPLE}.pdf", NO_OCR))
    twin = parse(read_file(CORPUS / f"{SAMPLE}.md"))
    assert [(s.number, s.heading) for s in plan.sections] == [
        (s.number, s.heading) for s in twin.sections
    ]
    assert [(n.label, n.text) for n in plan.notes] == [(n.label, n.text) for n in twin.notes]
    wanted = [(t.order, t.content, t.lead, t.partners, t.deadline) for t in twin.tasks]
    assert [(t.order, t.content, t.lead, t.partners, t.deadline) for t in plan.tasks] == wanted
    assert sorted(c.document.key for c in plan.citations if c.document) == sorted(
        c.document.key for c in twin.citations if c.document
    )
    assert plan.header.number == twin.header.number
    assert plan.header.recipients == twin.header.recipients
    assert plan.header.signer == twin.header.signer


def test_rendered_sample_has_one_table_over_two_pages() -> None:
    extract = extract_pdf(file((FILES / f"{SAMPLE}.pdf").read_bytes()), NO_OCR)
    table = [item for item in extract.items if isinstance(item, Row)]
    assert {row.table for row in table} == {1}
    pages = [{line.page for cell in row.cells for line in cell} for row in table]
    assert {2, 3} in pages  # a row that the end of the page cuts
    titles = rows(extract)[0]
    assert rows(extract).count(titles) == 1
    assert not {"2", "3", "4"} & set(lines(extract))


@pytest.mark.skipif(not SHARED.exists(), reason="không có các kế hoạch dùng chung")
def test_stamped_number_of_a_signed_plan() -> None:
    plan = parse(read_file(SHARED / "originals" / "045.pdf", NO_OCR))
    twin = parse(read_file(SHARED / "045.txt"))
    assert plan.header.number == "173/KH-UBND"
    assert plan.header.issued_on == "2026-04-28"
    assert "Số: 173/KH-UBND" in plan.text
    assert "Hà Nội, ngày 28 tháng 4 năm 2026" in plan.text
    assert "ngày 11/9/2026 (thứ Sáu)" in plan.text  # digits printed wide apart
    assert [s.number for s in plan.sections] == [s.number for s in twin.sections]


# Words and marks


def test_blanks_without_room_are_dropped() -> None:
    glyphs = "BT /F1 14 Tf 72 700 Td [(DI) ( ) 250 (EU KHO) ( ) 250 (AN 1)] TJ ET\n"
    assert lines(read(pdf([glyphs]))) == ["DIEU KHOAN 1"]


def test_raised_digits_are_marks_also_behind_digits() -> None:
    page = put(72, 700, "theo De an 06") + put(72 + 76, 706, "2", 8) + put(158, 700, "cua xa")
    page += column(72, 680, ["dong hai cua doan van"])
    page += put(72, 66, "2", 6.5) + put(78, 62, "Chu thich ve de an", 10)
    page += put(72, 50, "noi tiep chu thich", 10)
    extract = read(pdf([page]))
    assert lines(extract)[0] == "theo De an 06² cua xa"
    assert paragraphs(extract)[-1] == "² Chu thich ve de an noi tiep chu thich"


def test_sentence_broken_by_a_note_goes_on_with_a_capital() -> None:
    full = "Uy ban nhan dan xa phoi hop voi cac ban nganh doan the cua tinh va Hoi Nong dan Viet"
    first = column(72, 120, [full, full, full], size=12)
    first += put(72, 57, "1", 6.5) + put(78, 53, "Chu thich o cuoi trang thu nhat.", 10)
    second = column(72, 780, ["Nam cung thuc hien."], size=12) + column(72, 740, [full], size=12)
    kinds = reflow((extract := read(pdf([first, second]))).items, True, marked=extract.marked)
    on = [p for p in kinds if p.continues]
    assert [line.text for line in on[0].lines] == ["Nam cung thuc hien."]


def test_bold_lines_are_strong() -> None:
    extract = read(pdf([put(72, 700, "I. MUC DICH", font="F2") + put(72, 680, "Noi dung")]))
    assert [item.strong for item in extract.items if isinstance(item, Line)] == [True, False]


def test_text_in_a_turned_page_and_turned_text_read_upright() -> None:
    up = "".join(
        f"BT /F1 14 Tf 0 1 -1 0 {200 + 20 * k} 72 Tm ({text}) Tj ET\n"
        for k, text in enumerate(["Dong thu nhat cua trang", "Dong thu hai cua trang"])
    )
    for page in ("", "/Rotate 90"):
        extract = read(pdf([up], page=page))
        assert lines(extract) == ["Dong thu nhat cua trang", "Dong thu hai cua trang"]


def test_watermark_is_told_and_left_out() -> None:
    askew = "BT /F1 60 Tf .7 .7 -.7 .7 150 200 Tm (BAN SAO) Tj ET\n"
    extract = read(pdf([column(72, 700, ["Noi dung cua ke hoach"]) + askew]))
    assert lines(extract) == ["Noi dung cua ke hoach"]
    assert any("hình mờ" in warning and "BAN SAO" in warning for warning in extract.warnings)


# Reading order


def test_head_and_signature_are_read_block_by_block() -> None:
    head = column(90, 780, ["UBND TINH A", "SO NOI VU", "So: 12/KH-SNV"])
    head += column(300, 778, ["CONG HOA XA HOI CHU NGHIA", "Doc lap - Tu do", "A, ngay 2"], 23)
    body = put(72, 680, "Can cu Luat To chuc chinh quyen dia phuong va cac van ban huong dan thi h")
    sign = column(330, 406, ["TM. UY BAN NHAN DAN", "CHU TICH"])
    sign += put(345, 300, "Nguyen Van A")
    sign += column(72, 400, ["Noi nhan:", "- Nhu tren;", "- So Noi vu;", "- Luu: VT."], 13, 11)
    assert lines(read(pdf([head + body + sign]))) == [
        "UBND TINH A",
        "SO NOI VU",
        "So: 12/KH-SNV",
        "CONG HOA XA HOI CHU NGHIA",
        "Doc lap - Tu do",
        "A, ngay 2",
        "Can cu Luat To chuc chinh quyen dia phuong va cac van ban huong dan thi h",
        "Noi nhan:",
        "- Nhu tren;",
        "- So Noi vu;",
        "- Luu: VT.",
        "TM. UY BAN NHAN DAN",
        "CHU TICH",
        "Nguyen Van A",
    ]


def test_room_for_a_number_is_no_strip_between_columns() -> None:
    head = column(90, 780, ["UBND TINH A", "SO NOI VU", "PHONG B"])
    head += column(300, 780, ["CONG HOA XA HOI CHU NGHIA", "Doc lap - Tu do"])
    head += put(300, 742, "Dak Lak, so") + put(420, 742, "/KH-SNV 2024")
    head += put(420, 712, "KE HOACH") + put(360, 693, "Cai cach hanh chinh nam 2024")
    assert "Dak Lak, so /KH-SNV 2024" in lines(read(pdf([head])))


def test_addressees_that_go_on_overleaf_come_before_the_signature() -> None:
    body = column(72, 400, ["Dong van ban cua than ke hoach nay keo dai den tan le phai cua trang"])
    left = column(72, 110, ["Noi nhan:", "- Nhu tren;", "- So Noi vu;"], 13, 11)
    right = column(330, 112, ["TM. UY BAN NHAN DAN", "CHU TICH"])
    second = column(72, 780, ["- So Tai chinh;", "- Luu: VT."], 13, 11)
    extract = read(pdf([body + left + right, second]))
    assert lines(extract)[3:] == [
        "- So Noi vu;",
        "- So Tai chinh;",
        "- Luu: VT.",
        "TM. UY BAN NHAN DAN",
        "CHU TICH",
    ]
    moved = next(i for i in extract.items if isinstance(i, Line) and i.text == "- Luu: VT.")
    assert moved.page == 2


def test_label_beside_its_text_is_one_line() -> None:
    page = put(72, 700, "a\\)") + column(120, 700, ["Noi dung thu nhat", "dong hai", "dong ba"])
    assert lines(read(pdf([page])))[0] == "a) Noi dung thu nhat"


# Paragraphs


def test_paragraphs_by_indent_and_room() -> None:
    full = "van ban cua ke hoach keo dai den tan le phai cua trang giay nay de xuong dong"
    page = column(100, 700, ["Doan mot " + full])
    page += column(72, 681, ["Ha Noi " + full + " va", "het doan mot."])
    page += column(100, 643, ["Doan hai " + full]) + column(72, 624, ["Viet Nam " + full + " va"])
    page += column(100, 605, ["Doan ba " + full]) + column(72, 586, ["Bac Ninh " + full + " va"])
    found = paragraphs(read(pdf([page])))
    assert [paragraph.split()[1] for paragraph in found] == ["mot", "hai", "ba"]


# Tables


def table_page(
    cells: Sequence[Sequence[str]], top: float, xs: Sequence[float], *, bottom: bool = True
) -> str:
    """A ruled table, 30 points a row; ``/`` in a cell ends a line."""
    ys = [top - 30 * k for k in range(len(cells) + 1)]
    page = ruled(xs, ys if bottom else ys[:-1])
    if not bottom:
        page += "".join(f"{x} {ys[-2]} m {x} {ys[-1]} l S\n" for x in xs)
    for y, row in zip(ys, cells, strict=False):
        for x, cell in zip(xs, row, strict=False):
            page += column(x + 4, y - 11, cell.split("/"), 12, 10) if cell else ""
    return page


XS = (60.0, 100.0, 260.0, 400.0, 540.0)
TITLES = ["TT", "Noi dung", "Chu tri", "Thoi gian"]


def test_table_over_pages_is_one_with_its_titles_once() -> None:
    first = table_page([TITLES, ["1", "Viec mot", "So A", "Quy I"]], 120, XS)
    second = table_page([TITLES, ["2", "Viec hai", "So B", "Quy II"]], 790, XS)
    extract = read(pdf([first, second]))
    assert rows(extract) == [
        TITLES,
        ["1", "Viec mot", "So A", "Quy I"],
        ["2", "Viec hai", "So B", "Quy II"],
    ]
    assert {item.table for item in extract.items if isinstance(item, Row)} == {1}


def test_row_cut_by_the_page_is_put_together() -> None:
    cut = ["1", "Viec mot cua cac/co quan, don vi,", "So A", "Quy I"]
    first = table_page([TITLES, cut], 120, XS)
    second = table_page([["", "Truong hoc", "", ""], ["2", "Viec hai", "So B", "Quy II"]], 790, XS)
    assert rows(read(pdf([first, second])))[1:] == [
        ["1", "Viec mot cua cac co quan, don vi, Truong hoc", "So A", "Quy I"],
        ["2", "Viec hai", "So B", "Quy II"],
    ]


def test_row_without_number_below_a_finished_one_stays_alone() -> None:
    first = table_page([TITLES, ["1", "Viec mot.", "So A", "Quy I"]], 120, XS)
    second = table_page([["", "Viec khac", "So B", "Quy II"]], 790, XS)
    assert rows(read(pdf([first, second])))[2] == ["", "Viec khac", "So B", "Quy II"]


def test_row_without_a_line_at_the_foot_is_open() -> None:
    first = table_page([TITLES, ["1", "Viec mot.", "So A", "Quy I"]], 120, XS, bottom=False)
    second = table_page([["", "Viec khac", "", ""]], 790, XS)
    assert rows(read(pdf([first, second])))[1] == ["1", "Viec mot. Viec khac", "So A", "Quy I"]


def test_notes_below_a_table_that_goes_on_do_not_part_it() -> None:
    first = table_page([TITLES, ["1", "Viec mot", "So A", "Quy I"]], 150, XS)
    first += column(72, 400, ["Van ban cua ke hoach nay voi co chu thuong dung trong trang"] * 6)
    first += put(72, 57, "1", 6) + put(78, 53, "Chu thich o cuoi trang.", 9)
    second = table_page([TITLES, ["2", "Viec hai", "So B", "Quy II"]], 790, XS)
    extract = read(pdf([first, second]))
    assert len(rows(extract)) == 3
    assert extract.items[-1] == next(
        i for i in extract.items if isinstance(i, Line) and i.text.startswith("¹")
    )


def test_merged_cell_is_filled_once() -> None:
    page = ruled((60, 200), (700, 670, 640)) + ruled((200, 340), (700, 640))
    page += "60 700 m 340 700 l S 60 640 m 340 640 l S\n"
    page += put(64, 688, "mot", 10) + put(64, 658, "hai", 10) + put(204, 676, "chung", 10)
    assert rows(read(pdf([page]))) == [["mot", "chung"], ["hai", ""]]


def test_table_on_a_turned_page() -> None:
    page = "0 1 -1 0 595 0 cm\n" + table_page([TITLES, ["1", "Viec mot", "So A", "Quy I"]], 400, XS)
    assert rows(read(pdf([page], page="/Rotate 90")))[1] == ["1", "Viec mot", "So A", "Quy I"]


# Furniture and stamps


def test_page_numbers_and_running_heads_are_dropped_but_text_is_not() -> None:
    pages = [
        put(292, 800, str(number)) * (number > 1)
        + (put(72, 780, f"Ke hoach nam 2026, trang {number}", 9) if number > 1 else "")
        + put(72, 700, "Noi dung lap lai tren moi trang cua ke hoach")
        + put(72, 680, f"Muc {'abcdef'[number]}")
        for number in range(1, 6)
    ]
    found = lines(read(pdf(pages)))
    assert found.count("Noi dung lap lai tren moi trang cua ke hoach") == 5
    assert len(found) == 10


def stamped(*stamps: tuple[str, str]) -> dict[str, Any]:
    """Options of ``pdf`` for stamps (box, text) of signatures over the page."""
    more: Objects = []
    for box, text in stamps:
        x1, y1, x2, y2 = map(float, box.split())
        content = f"BT /F1 13 Tf 2 4 Td ({text}) Tj ET".encode()
        number = 5 + len(more)
        more.append(
            f"<< /Type /Annot /Subtype /Widget /FT /Sig /F 132 /T (s{number}) /Rect [{box}] "
            f"/AP << /N {number + 1} 0 R >> >>".encode()
        )
        more.append(
            f"<< /Type /XObject /Subtype /Form /BBox [0 0 {x2 - x1} {y2 - y1}] "
            f"/Resources << /Font << /F1 3 0 R >> >> /Length {len(content)} >>\nstream\n".encode()
            + content
            + b"\nendstream"
        )
    annots = " ".join(f"{5 + 2 * k} 0 R" for k in range(len(stamps)))
    return {"more": more, "page": f"/Annots [{annots}]"}


def test_stamped_number_stands_in_the_gap_left_for_it() -> None:
    page = put(72, 720, "So:") + put(130, 720, "/KH-UBND") + put(72, 690, "Noi dung")
    options = stamped(("92 718 128 736", "173"))
    assert lines(read(pdf([page], **options))) == ["So: 173/KH-UBND", "Noi dung"]


def test_signature_is_told_and_left_out() -> None:
    page = put(72, 700, "Noi dung cua ke hoach")
    options = stamped(("300 740 560 756", "Signed by: SO NOI VU"), ("300 724 560 740", "Date: 1"))
    extract = read(pdf([page], **options))
    assert lines(extract) == ["Noi dung cua ke hoach"]
    assert any("chữ ký số" in w and "SO NOI VU" in w for w in extract.warnings)


# Scans and damaged text
