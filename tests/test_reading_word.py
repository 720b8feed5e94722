"""Word files: what the file says once every change is accepted, in reading order."""

from __future__ import annotations

import subprocess
import zipfile
from pathlib import Path

import pytest

from kh_nlp.errors import InputError
from kh_nlp.pipeline import read_plan
from kh_nlp.reading import Reading, read_file
from kh_nlp.reading.word.catdoc import _own_settings, catdoc
from kh_nlp.reading.word.package import MAX_UNPACKED

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"


def part(body: str, root: str = "document") -> str:
    return f'<w:{root} xmlns:w="{W}" xmlns:mc="{MC}">{body}</w:{root}>'


def p(*runs: str, style: str = "") -> str:
    inner = "".join(run if run.startswith("<") else f"<w:r><w:t>{run}</w:t></w:r>" for run in runs)
    return f"<w:p><w:pPr>{style}</w:pPr>{inner}</w:p>"


def row(*cells: str) -> str:
    return "<w:tr>" + "".join(c if c.startswith("<w:tc>") else tc(p(c)) for c in cells) + "</w:tr>"


def tc(content: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{content}</w:tc>"


def listed(number: int, level: int = 0) -> str:
    return f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>'


def write(folder: Path, body: str, **others: str) -> Path:
    path = folder / "kế hoạch.docx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("word/document.xml", part(f"<w:body>{body}</w:body>"))
        for name, content in others.items():
            file.writestr(f"word/{name}.xml", content)
    return path


def lines(reading: Reading) -> list[str]:
    return [reading.text[line.start : line.end] for line in reading.lines]


def test_two_column_head_comes_out_left_block_first(tmp_path: Path) -> None:
    head = row(
        tc(p("UBND TỈNH SÔNG TRẦM") + p("SỞ NỘI VỤ") + p("Số: 12/KH-SNV")),
        tc(
            p("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM")
            + p("Độc lập - Tự do - Hạnh phúc")
            + p("Sông Trầm, ngày 05 tháng 3 năm 2024")
        ),
    )
    body = f"<w:tbl>{head}</w:tbl>" + p("KẾ HOẠCH") + p("Tuyên truyền cải cách hành chính năm 2024")
    body += p("I. MỤC ĐÍCH") + p("Nâng cao nhận thức của cán bộ, công chức.")
    header = read_plan(write(tmp_path, body)).header
    assert (header.number, header.issued_on) == ("12/KH-SNV", "2024-03-05")
    assert (header.place, header.title) == (
        "Sông Trầm",
        "Tuyên truyền cải cách hành chính năm 2024",
    )


NUMBERING = part(
    '<w:abstractNum w:abstractNumId="0">'
    '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="upperRoman"/><w:lvlText w:val="%1."/>'
    '</w:lvl><w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/>'
    '<w:lvlText w:val="%2."/></w:lvl><w:lvl w:ilvl="2"><w:start w:val="1"/>'
    '<w:numFmt w:val="lowerLetter"/><w:lvlText w:val="%3)"/></w:lvl></w:abstractNum>'
    '<w:abstractNum w:abstractNumId="1"><w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/>'
    '<w:lvlText w:val="•"/></w:lvl></w:abstractNum>'
    '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
    '<w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num>'
    '<w:num w:numId="3"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0">'
    '<w:startOverride w:val="5"/></w:lvlOverride></w:num>',
    "numbering",
)


def test_numbers_that_word_computes(tmp_path: Path) -> None:
    body = p("MỤC ĐÍCH", style=listed(1)) + p("Mục đích chung", style=listed(1, 1))
    body += p("Một việc;", style=listed(1, 2)) + p("Hai việc.", style=listed(1, 2))
    body += p("Yêu cầu", style=listed(1, 1)) + p("Gọn nhẹ.", style=listed(2))
    body += p("NỘI DUNG", style=listed(1)) + p("Tin, bài", style=listed(1, 1))
    body += p("PHỤ LỤC NĂM", style=listed(3))
    assert lines(read_file(write(tmp_path, body, numbering=NUMBERING))) == [
        "I. MỤC ĐÍCH", "1. Mục đích chung", "a) Một việc;", "b) Hai việc.", "2. Yêu cầu",
        "• Gọn nhẹ.", "II. NỘI DUNG", "1. Tin, bài", "V. PHỤ LỤC NĂM",
    ]  # fmt: skip


def test_a_style_carries_its_numbers(tmp_path: Path) -> None:
    styles = part(
        f'<w:style w:styleId="Muc"><w:pPr>{listed(1)}</w:pPr></w:style>'
        '<w:style w:styleId="Con"><w:basedOn w:val="Muc"/></w:style>',
        "styles",
    )
    body = p("MỘT", style='<w:pStyle w:val="Muc"/>') + p("HAI", style='<w:pStyle w:val="Con"/>')
    reading = read_file(write(tmp_path, body, numbering=NUMBERING, styles=styles))
    assert lines(reading) == ["I. MỘT", "II. HAI"]


def test_changes_are_accepted_and_hidden_text_is_left_out(tmp_path: Path) -> None:
    body = p(
        "Giao ",
        "<w:del><w:r><w:delText>Phòng Nội vụ</w:delText></w:r></w:del>",
        "<w:ins><w:r><w:t>Phòng Văn hóa - Xã hội</w:t></w:r></w:ins>",
        "<w:r><w:rPr><w:vanish/></w:rPr><w:t> (bí mật)</w:t></w:r>",
        "<w:moveFrom><w:r><w:t> cũ</w:t></w:r></w:moveFrom>",
        " chủ trì.",
    )
    body += "<w:tbl><w:tr><w:trPr><w:del/></w:trPr>" + tc(p("hàng đã xóa")) + "</w:tr>"
    body += row("TT", "Nội dung") + "</w:tbl>"
    text = read_file(write(tmp_path, body)).text
    assert text.startswith("Giao Phòng Văn hóa - Xã hội chủ trì.")
    assert "bí mật" not in text and "đã xóa" not in text and "cũ" not in text


def test_footnotes_follow_the_paragraph_of_their_mark(tmp_path: Path) -> None:
    notes = part(
        '<w:footnote w:type="separator" w:id="0"><w:p/></w:footnote>'
        f'<w:footnote w:id="2">{p("Nghị quyết số 76/NQ-CP ngày 15/7/2021.")}</w:footnote>'
        f'<w:footnote w:id="3">{p("Quyết định số 06/QĐ-TTg.")}</w:footnote>',
        "footnotes",
    )
    mark = '<w:r><w:footnoteReference w:id="{}"/></w:r>'
    body = p("I. NỘI DUNG") + p("Tuyên truyền CCHC", mark.format(2), " và Đề án 06", mark.format(3))
    body += p("Câu sau chú thích.")
    plan = read_plan(write(tmp_path, body, footnotes=notes))
    assert "Tuyên truyền CCHC¹ và Đề án 06²" in plan.text
    assert [(n.label, n.text) for n in plan.notes] == [
        ("1", "Nghị quyết số 76/NQ-CP ngày 15/7/2021."),
        ("2", "Quyết định số 06/QĐ-TTg."),
    ]
    assert plan.notes[0].section == plan.sections[0].id


def test_a_merged_cell_holds_for_the_rows_it_covers(tmp_path: Path) -> None:
    title = row("TT", "Nội dung công việc", "Cơ quan chủ trì", "Thời gian hoàn thành")
    group = "<w:tr>" + tc(p("I")) + tc(p("Tuyên truyền"), '<w:gridSpan w:val="3"/>') + "</w:tr>"
    start, goes_on = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
    one = row("1", "Viết tin, bài", tc(p("Phòng Văn hóa"), start), "Quý I/2024")
    two = row("2", tc(p("Mở lớp") + p("tập huấn")), tc(p(), goes_on), "Quý II/2024")
    body = p("I. NHIỆM VỤ") + f"<w:tbl>{title}{group}{one}{two}</w:tbl>"
    first, second = read_plan(write(tmp_path, body)).tasks
    assert (first.order, first.group, first.content) == (1, "Tuyên truyền", "Viết tin, bài")
    assert (first.lead, first.deadline) == (("Phòng Văn hóa",), "Quý I/2024")
    assert (second.content, second.lead) == ("Mở lớp tập huấn", ("Phòng Văn hóa",))


def test_positions_tell_table_row_and_column(tmp_path: Path) -> None:
    body = p("I. NHIỆM VỤ") + "<w:tbl>" + row("TT", "Nội dung", "Chủ trì")
    body += row("1", "Viết tin, bài", "Phòng Văn hóa") + "</w:tbl>"
    plan = read_plan(write(tmp_path, body))
    cell = plan.locate(plan.text.index("Phòng Văn hóa")).cell
    assert cell is not None and (cell.table, cell.row, cell.column) == (1, 2, 3)
    assert plan.locate(0).cell is None


def test_a_text_box_is_read_once(tmp_path: Path) -> None:
    box = f"<w:txbxContent>{p('DỰ THẢO')}</w:txbxContent>"
    shape = f"<w:r><mc:AlternateContent><mc:Choice><w:drawing>{box}</w:drawing></mc:Choice>"
    shape += f"<mc:Fallback><w:pict>{box}</w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    assert lines(read_file(write(tmp_path, p(shape, "KẾ HOẠCH")))) == ["DỰ THẢO", "KẾ HOẠCH"]


def test_pages_are_counted_from_breaks(tmp_path: Path) -> None:
    body = p("Trang một.") + p('<w:r><w:br w:type="page"/></w:r>') + p("Trang hai.")
    body += p("<w:r><w:lastRenderedPageBreak/><w:t>Trang ba.</w:t></w:r>")
    reading = read_file(write(tmp_path, body))
    assert (reading.pages, [line.page for line in reading.lines]) == (3, [1, 2, 3])


def test_what_unpacks_to_gigabytes_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bom.docx"
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file,
        file.open("word/document.xml", "w") as out,
    ):
        for _ in range(MAX_UNPACKED // 2**20 + 1):
            out.write(b" " * 2**20)
    with pytest.raises(InputError, match="giải nén ra quá lớn"):
        read_file(path)


def test_declared_entities_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.docx"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr(
            "word/document.xml",
            '<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
            + part(f"<w:body>{p('Trước &x; sau')}</w:body>"),
        )
    with pytest.raises(InputError, match="DTD"):
        read_file(path)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"PK\x03\x04cut", "hỏng"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "mật khẩu"),
        (b"GIF89a", "không phải là tệp .docx"),
    ],
)
def test_files_that_are_no_word_files_are_one_line(tmp_path: Path, data: bytes, words: str) -> None:
    path = tmp_path / "hỏng.docx"
    path.write_bytes(data)
    with pytest.raises(InputError, match=words) as caught:
        read_file(path)
    assert "\n" not in str(caught.value)


def test_rtf_is_refused_with_the_way_out(tmp_path: Path) -> None:
    path = tmp_path / "cũ.doc"
    path.write_text(r"{\rtf1\ansi I. M\u7908?C \u272?\u205?CH\par}", "ascii")
    with pytest.raises(InputError, match=r"lưu thành \.docx"):
        read_file(path)


def test_without_catdoc_the_message_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    path = tmp_path / "cũ.doc"
    stream = "WordDocument".encode("utf-16-le")
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + stream)
    with pytest.raises(InputError, match="apt install catdoc"):
        read_file(path)


def test_catdoc_keeps_the_letter_that_tcvn3_has_for_a_soft_hyphen(tmp_path: Path) -> None:
    program = catdoc()
    if program is None:
        pytest.skip("catdoc chưa được cài")
    path = tmp_path / "a.doc"
    path.write_bytes(b"Tr\xad\xeang Ti\xd3u h\xe4c")
    command = [program, "-d", "utf-8", "-w", str(path)]
    done = subprocess.run(
        command, env=_own_settings(str(tmp_path)), capture_output=True, check=True, text=True
    )
    assert done.stdout.startswith("Tr\u00adêng ")
