"""The package ``reading.word``: what Word shows of a .docx, and what catdoc tells of a .doc."""

from __future__ import annotations

import io
import time
import zipfile
from pathlib import Path
from typing import Any

import pytest

from kh_nlp.errors import InputError
from kh_nlp.reading import Options
from kh_nlp.reading.composing import Reading, compose
from kh_nlp.reading.extract import Extract
from kh_nlp.reading.files import File
from kh_nlp.reading.word import extract_docx

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"
NS = f'xmlns:w="{W}" xmlns:mc="{MC}"'
SINGLE = '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'


def package(body: str, **parts: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("word/document.xml", f"<w:document {NS}><w:body>{body}</w:body></w:document>")
        for name, inner in parts.items():
            made.writestr(f"word/{name}.xml", f"<w:{name} {NS}>{inner}</w:{name}>")
    return out.getvalue()


def extract(data: bytes) -> Extract:
    return extract_docx(File(path=Path("a.docx"), data=data, sha256=""), Options())


def read(body: str, **parts: str) -> Reading:
    return compose(extract(package(body, **parts)), "a.docx", "")


def run(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def p(text: str = "", properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr>{run(text) if text else ''}</w:p>"


def in_list(id: int, level: int = 0) -> str:
    return f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{id}"/></w:numPr>'


def level(place: int, format: str, text: str, more: str = "") -> str:
    return (
        f'<w:lvl w:ilvl="{place}"><w:start w:val="1"/><w:numFmt w:val="{format}"/>{more}'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
    )


def abstract(*levels: str, id: int = 0, more: str = "") -> str:
    return f'<w:abstractNum w:abstractNumId="{id}">{more}{"".join(levels)}</w:abstractNum>'


def style(id: str, inside: str) -> str:
    return f'<w:style w:type="paragraph" w:styleId="{id}">{inside}</w:style>'


def table(*rows: list[str]) -> str:
    cells = ["".join(f"<w:tc>{cell}</w:tc>" for cell in row) for row in rows]
    return f"<w:tbl>{''.join(f'<w:tr>{row}</w:tr>' for row in cells)}</w:tbl>"


AN = '<w:rStyle w:val="An"/>'
GONE = '<w:rPr><w:del w:id="1"/></w:rPr>'


def test_a_deleted_paragraph_mark_joins_two_paragraphs() -> None:
    body = p("Ủy ban nhân dân ", GONE) + p("tỉnh ban hành.") + p("Hết.")
    assert read(body).text == "Ủy ban nhân dân tỉnh ban hành.\nHết."


def test_a_deleted_paragraph_is_not_counted() -> None:
    gone = (
        f"<w:p><w:pPr>{in_list(1)}{GONE}</w:pPr><w:del><w:r><w:delText>Xóa</w:delText></w:r>"
        "</w:del></w:p>"
    )
    numbers = abstract(level(0, "decimal", "%1.")) + SINGLE
    body = p("Một", in_list(1)) + gone + p("Hai", in_list(1))
    assert read(body, numbering=numbers).text == "1. Một\n2. Hai"


def test_a_list_may_start_anew_and_counts_on() -> None:
    numbers = (
        abstract(level(0, "decimal", "%1."), level(1, "lowerLetter", "%2)"))
        + SINGLE
        + '<w:num w:numId="2"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0">'
        '<w:startOverride w:val="1"/></w:lvlOverride></w:num>'
    )
    places = [(1, 0), (1, 1), (1, 1), (1, 0), (2, 0), (2, 1), (2, 0)]
    body = "".join(p("x", in_list(id, place)) for id, place in places)
    text = read(body, numbering=numbers).text
    assert text.replace(" x", "").split("\n") == ["1.", "a)", "b)", "2.", "1.", "a)", "2."]


def test_legal_numbers_under_roman_ones() -> None:
    numbers = (
        abstract(level(0, "upperRoman", "%1."), level(1, "decimal", "%1.%2.", "<w:isLgl/>"))
        + SINGLE
    )
    body = "".join(p("x", in_list(1, place)) for place in (0, 1, 0, 1, 1))
    text = read(body, numbering=numbers).text
    assert text.replace(" x", "").split("\n") == ["I.", "1.1.", "II.", "2.1.", "2.2."]


def test_bullets_are_those_that_are_printed() -> None:
    numbers = abstract(level(0, "bullet", "+"), level(1, "bullet", "\uf0b7")) + SINGLE
    body = p("Một", in_list(1)) + p("Hai", in_list(1, 1))
    assert read(body, numbering=numbers).text == "+ Một\n• Hai"


def test_the_level_of_a_style_is_the_one_tied_to_it() -> None:
    tied = '<w:pStyle w:val="{}"/>'
    numbers = (
        abstract(
            level(0, "upperRoman", "%1.", tied.format("H1")),
            level(1, "decimal", "%2.", tied.format("H2")),
        )
        + SINGLE
    )
    own = '<w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr>'
    body = p("MỤC ĐÍCH", tied.format("H1")) + p("Yêu cầu", tied.format("H2")) * 2
    text = read(body, numbering=numbers, styles=style("H1", own) + style("H2", own)).text
    assert text == "I. MỤC ĐÍCH\n1. Yêu cầu\n2. Yêu cầu"


def test_a_list_that_stands_for_the_list_of_a_style() -> None:
    numbers = (
        abstract(level(0, "decimal", "%1."), more='<w:styleLink w:val="DS"/>')
        + abstract(id=1, more='<w:numStyleLink w:val="DS"/>')
        + SINGLE
        + '<w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num>'
    )
    assert read(p("x", in_list(2)) * 2, numbering=numbers).text == "1. x\n2. x"


def test_numbers_in_empty_cells_are_text() -> None:
    numbers = abstract(level(0, "decimal", "%1")) + SINGLE
    counted = p("", in_list(1))
    body = table(
        [p("TT"), p("Nội dung"), p("Chủ trì")],
        [counted, p("In tờ rơi"), p("Sở Nội vụ")],
        [counted, p("Mở lớp"), p("Sở Tư pháp")],
    )
    assert read(body, numbering=numbers).text.split("\n")[1:] == [
        "1\tIn tờ rơi\tSở Nội vụ",
        "2\tMở lớp\tSở Tư pháp",
    ]


def test_bold_and_hidden_come_from_styles_and_can_be_switched_off() -> None:
    bold, off, hidden = "<w:rPr><w:b/></w:rPr>", '<w:rPr><w:b w:val="0"/></w:rPr>', "<w:vanish/>"
    styles = (
        style("B", bold)
        + style("C", f'<w:basedOn w:val="B"/>{off}')
        + f'<w:style w:type="character" w:styleId="An"><w:rPr>{hidden}</w:rPr></w:style>'
    )
    body = (
        p("Đậm", '<w:pStyle w:val="B"/>')
        + p("Thường", '<w:pStyle w:val="C"/>')
        + f"<w:p>{run('Hiện')}{run(' ẩn', AN)}</w:p>"
    )
    items: list[Any] = extract(package(body, styles=styles)).items
    assert [(item.text, item.strong) for item in items] == [
        ("Đậm", True),
        ("Thường", False),
        ("Hiện", False),
    ]


RENDERED = "<w:r><w:lastRenderedPageBreak/></w:r>"


def test_a_page_break_that_word_noted_again_counts_once() -> None:
    body = (
        f'<w:p>{run("Một.")}<w:r><w:br w:type="page"/></w:r></w:p>'
        + f"<w:p>{RENDERED}{run('Hai.')}</w:p>"
        + p("Ba.", "<w:sectPr/>")
        + f"<w:p>{RENDERED}{run('PHỤ LỤC')}</w:p>"
    )
    reading = read(body)
    assert [line.page for line in reading.lines] == [1, 2, 2, 3]
    assert reading.pages == 3


def test_cells_of_a_row_turn_the_page_once_together() -> None:
    cell = f"<w:p>{run('Đầu ')}{RENDERED}{run('cuối')}</w:p>"
    reading = read(table([cell] * 3, [p("a"), p("b"), p("c")]) + p("Sau."))
    assert reading.text.split("\n")[0] == "Đầu cuối\tĐầu cuối\tĐầu cuối"
    assert reading.pages == 2


def test_a_paragraph_over_two_pages_stays_one_and_knows_both() -> None:
    reading = read(f"<w:p>{run('phần đầu và ')}{RENDERED}{run('phần sau.')}</w:p>")
    assert reading.text == "phần đầu và phần sau."
    assert [(found.start, found.page) for found in reading.runs] == [(0, 1), (12, 2)]


def test_a_page_that_ended_inside_a_word_parts_nothing() -> None:
    assert read(f"<w:p>{run('kế ho')}{RENDERED}{run('ạch')}</w:p>").text == "kế hoạch"


def test_all_paragraphs_of_a_note_are_the_note() -> None:
    note = f'<w:footnote w:id="1">{p("Nghị quyết A.")}{p("Quyết định B.")}</w:footnote>'
    mark = '<w:r><w:footnoteReference w:id="1"/></w:r>'
    reading = read(f"<w:p>{run('Thực hiện')}{mark}</w:p>" + p("Sau."), footnotes=note)
    assert reading.text == "Thực hiện¹\n¹ Nghị quyết A. Quyết định B.\nSau."
    assert [line.kind for line in reading.lines] == ["text", "note", "text"]


def test_endnotes_count_on_after_footnotes() -> None:
    body = (
        f'<w:p>{run("a")}<w:r><w:endnoteReference w:id="1"/></w:r>{run("b")}'
        '<w:r><w:footnoteReference w:id="1"/></w:r></w:p>'
    )
    foot = f'<w:footnote w:id="1">{p("Chân.")}</w:footnote>'
    end = f'<w:endnote w:id="1">{p("Cuối.")}</w:endnote>'
    assert read(body, footnotes=foot, endnotes=end).text == "a²b¹\n² Cuối.\n¹ Chân."


def test_contents_and_placeholders_are_left_out() -> None:
    contents = style("TOC1", '<w:name w:val="toc 1"/>')
    control = (
        "<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>"
        f"{run('Bấm để nhập')}</w:sdtContent></w:sdt>"
    )
    body = p("I. MỤC ĐÍCH 2", '<w:pStyle w:val="TOC1"/>') + f"<w:p>{run('Số:')}{control}</w:p>"
    found = extract(package(body, styles=contents))
    assert [item.text for item in found.items] == ["Số:"]  # type: ignore[union-attr]
    assert "Mục lục" in found.warnings[0]


def test_the_result_of_a_field_is_read_and_its_code_is_not() -> None:
    def sign(kind: str) -> str:
        return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'

    body = (
        f"<w:p>{run('Theo ')}{sign('begin')}<w:r><w:instrText>IF </w:instrText></w:r>"
        f"{sign('begin')}{sign('separate')}{run('ẩn')}{sign('end')}{sign('separate')}"
        f"{run('mục III')}{sign('end')}{run('.')}</w:p>"
    )
    assert read(body).text == "Theo mục III."


def test_a_frame_around_everything_keeps_the_table_inside() -> None:
    inner = table([p("TT"), p("Việc"), p("Chủ trì")], [p("1"), p("In tờ rơi"), p("Sở Nội vụ")])
    reading = read(table([p("I. MỤC ĐÍCH") + inner + p("Hết.")]))
    assert reading.text == "I. MỤC ĐÍCH\nTT\tViệc\tChủ trì\n1\tIn tờ rơi\tSở Nội vụ\nHết."


def test_a_body_below_its_superior_stands_on_its_own_line() -> None:
    two = p("UBND TỈNH CỬA HẠC") + p("UBND PHƯỜNG BẾN HẠC")
    one = p("ỦY BAN NHÂN DÂN") + p("TỈNH SÔNG TRẦM")
    right = p("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM")
    assert read(table([two, right])).text.split("\n")[:2] == [
        "UBND TỈNH CỬA HẠC",
        "UBND PHƯỜNG BẾN HẠC",
    ]
    assert read(table([one, right])).text.split("\n")[0] == "ỦY BAN NHÂN DÂN TỈNH SÔNG TRẦM"


def test_typed_breaks_part_titles_from_text() -> None:
    text = "<w:p><w:r><w:t>{}</w:t><w:br/><w:t>{}</w:t></w:r></w:p>"
    body = text.format("KẾ HOẠCH", "Tuyên truyền pháp luật") + text.format(
        "1. Mục đích", "Nâng cao."
    )
    body += text.format("tuyên truyền trên địa bàn", "tỉnh và các huyện")
    assert read(body).text.split("\n") == [
        "KẾ HOẠCH", "Tuyên truyền pháp luật", "1. Mục đích", "Nâng cao.",
        "tuyên truyền trên địa bàn tỉnh và các huyện",
    ]  # fmt: skip


def test_signs_of_symbol_fonts() -> None:
    body = f'<w:p><w:r><w:sym w:font="Wingdings" w:char="F0FC"/></w:r>{run(" Đã làm")}</w:p>'
    assert read(body + p("\uf0b7 Một")).text == "✓ Đã làm\n• Một"


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (p("Một.") + "<w:altChunk/>", "nhúng"),
        ("<w:p><w:r><w:drawing/></w:r></w:p>" + p("a"), "hình"),
    ],
)
def test_what_cannot_be_read_is_told(body: str, words: str) -> None:
    assert any(words in warning for warning in extract(package(body)).warnings)


def test_the_strict_form_of_the_format() -> None:
    strict = "http://purl.oclc.org/ooxml/wordprocessingml/main"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        inner = f"<w:document {NS}><w:body>{p('Một.')}</w:body></w:document>"
        made.writestr("word/document.xml", inner.replace(W, strict))
    assert [item.text for item in extract(out.getvalue()).items] == ["Một."]  # type: ignore[union-attr]


def test_entities_in_attributes_are_not_expanded() -> None:
    entities = "".join(
        f'<!ENTITY e{k} "{f"&e{k - 1};" * 10}">' if k else '<!ENTITY e0 "0123456789">'
        for k in range(9)
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr(
            "word/document.xml",
            f'<!DOCTYPE w [{entities}]><w:document {NS}><w:body><w:p w:x="&e8;"/></w:body>'
            "</w:document>",
        )
    start = time.process_time()
    with pytest.raises(InputError, match="DTD"):
        extract(out.getvalue())
    assert time.process_time() - start < 1


def test_a_package_that_unpacks_to_far_more_is_refused_before_it_is_read() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("word/document.xml", f"<w:document {NS}/>")
        made.writestr("word/media/a.bmp", bytes(20 * 2**20))
    with pytest.raises(InputError, match="nén bất thường"):
        extract(out.getvalue())


@pytest.mark.parametrize("cut", [0.3, 0.7, 0.99])
def test_a_truncated_package_is_one_line(cut: float) -> None:
    data = package(p("Một."), styles="")
    with pytest.raises(InputError) as told:
        extract(data[: int(len(data) * cut)])
    assert "\n" not in str(told.value)


def test_a_soft_hyphen_is_a_letter_of_tcvn3_and_nothing_elsewhere() -> None:
    soft = "</w:t><w:softHyphen/><w:t>"
    old = f"KÕ ho¹ch tuyªn truyÒn c¶i c¸ch hµnh chÝnh ®{soft}îc giao cho ng{soft}êi ®øng ®Çu"
    assert (
        read(p(old)).text
        == "Kế hoạch tuyên truyền cải cách hành chính được giao cho người đứng đầu"
    )
    assert read(p(f"Kế hoạch tuyên{soft} truyền năm nay")).text == "Kế hoạch tuyên truyền năm nay"
