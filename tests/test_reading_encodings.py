"""Files in TCVN3, VNI, VISCII, CP1258 and misread UTF-8 give the plan that their text gives."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from kh_nlp.errors import InputError
from kh_nlp.parsing import parse
from kh_nlp.reading import Reading, read_file, read_text
from kh_nlp.reading.composing import compose
from kh_nlp.reading.decoding import eight_bit
from kh_nlp.reading.extract import ExtractBuilder
from kh_nlp.reading.files import decoded_text
from tests.support_encodings import ENCODINGS, as_bytes, encode, room_for

CORPUS = Path(__file__).resolve().parents[1] / "corpus"
SAMPLES = sorted(path for path in CORPUS.glob("[0-9]*") if path.suffix in (".txt", ".md"))
HEAD = (
    "ỦY BAN NHÂN DÂN\nXÃ HÒA BÌNH\n\nKẾ HOẠCH\nTuyên truyền cải cách hành chính năm 2026\n\n"
    "I. MỤC ĐÍCH, YÊU CẦU\n\n1. Mục đích\n\nNâng cao nhận thức của cán bộ, công chức về cải cách.\n"
)


def origins(reading: Reading, old: str) -> None:
    """Every run of the text begins where its first letter stands in the file."""
    for run in reading.runs:
        assert 0 <= run.offset < len(old)
    places = [run.offset for run in reading.runs]
    assert len(places) == len(set(places))


def outline(reading: Reading) -> tuple[list[Any], list[Any], list[Any]]:
    plan = parse(reading)
    return (
        [(section.number, section.start, section.end) for section in plan.sections],
        [(cited.number, cited.kind, cited.issued_on, cited.start) for cited in plan.citations],
        [(task.origin, task.start, task.end) for task in plan.tasks],
    )


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize(
    "file",
    [
        pytest.param(path, id=path.stem[:2], marks=[pytest.mark.slow] if number > 1 else [])
        for number, path in enumerate(SAMPLES)
    ],
)
def test_samples_in_any_encoding_give_the_same_plan(file: Path, encoding: str) -> None:
    text = room_for(file.read_text("utf-8"), encoding)
    good = read_text(text)
    read = read_text(encode(text, encoding))
    if encoding == "tcvn3":  # capitals with a tone may be lost, and with one a break before it
        assert len(read.text) == len(good.text)
        pairs = list(zip(good.text.lower(), read.text.lower(), strict=True))
        assert sum(a == b for a, b in pairs) >= 0.999 * len(pairs)
        assert outline(read)[1] == outline(good)[1]
        wrong = set(outline(read)[0]) ^ set(outline(good)[0])
        assert len(wrong) <= 1
    else:
        assert read.text == good.text
        assert outline(read) == outline(good)
    assert len(read.warnings) == len(good.warnings) + 1
    assert read.warnings[0].endswith("đã chuyển sang Unicode.")


@pytest.mark.parametrize("encoding", ["tcvn3", "vni", "viscii", "vps", "cp1258"])
def test_files_of_bytes_are_read(tmp_path: Path, encoding: str) -> None:
    text = room_for(HEAD * 2, encoding)
    old = encode(text, encoding)
    file = tmp_path / "a.txt"
    file.write_bytes(as_bytes(old))
    reading = read_file(file)
    assert reading.text == read_text(text).text
    assert "1 đoạn" in reading.warnings[0]
    assert decoded_text(file)[0] == old == eight_bit(file.read_bytes())
    plan = parse(reading)
    at = reading.text.index("cải cách hành chính")
    place = plan.locate(at)
    assert old[place.offset :].startswith(encode("cải cách hành", encoding))


@pytest.mark.parametrize("encoding", ["tcvn3", "vni", "viscii", "vps", "cp1258"])
@pytest.mark.parametrize("charset", ["", "windows-1252", "x-user-defined", "utf-8"])
def test_web_pages_in_old_encodings_are_read(tmp_path: Path, encoding: str, charset: str) -> None:
    text = room_for(HEAD * 2, encoding)
    told = f'<meta http-equiv="Content-Type" content="text/html; charset={charset}">'
    body = "".join(f"<p>{line}</p>\n" for line in encode(text, encoding).split("\n"))
    file = tmp_path / "a.html"
    file.write_bytes(as_bytes(f"<html><head>{told if charset else ''}</head><body>{body}</body>"))
    reading = read_file(file)
    words = reading.text.split()
    wanted = read_text(text).text.split()
    if encoding == "tcvn3":
        words, wanted = [w.lower() for w in words], [w.lower() for w in wanted]
    assert words == wanted
    assert any("đã chuyển sang Unicode" in warning for warning in reading.warnings)


def test_a_file_partly_in_utf8_and_partly_in_tcvn3(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    table = "TT\tNội dung công việc\tĐơn vị chủ trì\n1\tTuyên truyền cải cách\tPhòng Nội vụ\n"
    file.write_bytes(HEAD.encode() + as_bytes(encode(table * 3, "tcvn3")) + HEAD.encode())
    reading = read_file(file)
    assert reading.text == read_text(HEAD + table * 3 + HEAD).text
    assert len(reading.warnings) == 2


def test_only_the_table_is_converted_and_reported() -> None:
    table = "TT\tNội dung\tChủ trì\n1\tTập huấn nghiệp vụ\tPhòng Nội vụ\n2\tHội thi\tCông an\n"
    text = HEAD + table + HEAD
    old = HEAD + encode(table, "tcvn3") + HEAD
    reading = read_text(old)
    assert reading.text == read_text(text).text
    assert reading.warnings == ("1 đoạn viết bằng bảng mã TCVN3 (ABC), đã chuyển sang Unicode.",)
    origins(reading, old)
    assert {run.cell is not None for run in reading.runs} == {True, False}


def test_lines_and_cells_of_other_formats_are_made_anew_from_what_was_met() -> None:
    builder = ExtractBuilder("docx", wrapped=False)
    lines = ["Ủy ban nhân dân xã giao nhiệm vụ", "Trường Tiểu học đầu tư", "ưu tiên người nghèo"]
    old = [lines[0], *(encode(line, "tcvn3") for line in lines[1:])]
    assert old[1].endswith("\u00ad") and old[2].startswith("\u00ad")  # "ư" is a soft hyphen there
    builder.add(builder.line(old[0]))
    cells = [[builder.line(old[1])], [builder.line(old[2] + "  " + old[2])], []]
    builder.table([cells])
    extract = builder.extract()
    reading = compose(extract, "a.docx", "0")
    assert reading.text == f"{lines[0]}\n{lines[1]}\t{lines[2]} {lines[2]}\t"
    assert extract.text == f"{old[0]}\n{old[1]}\n{old[2]}  {old[2]}"
    for run in reading.runs:
        letter = encode(reading.text[run.start], "tcvn3") if run.offset >= len(old[0]) else "Ủ"
        assert extract.text[run.offset] == letter


def test_letters_that_misread_utf8_shows_as_line_ends() -> None:
    line = "Lễ kỷ niệm, dễ hiểu, nguyễn, mỗi đơn vị đã đến, ễ\n"  # "ễ" ends in byte 85, a line end
    old = encode(line, "utf8-latin1")
    assert "\x85" in old
    assert read_text(old).text == line.strip()


def test_sound_text_is_read_as_before() -> None:
    text = HEAD + "§ 5 © 2026 Zürich; « hoà bình », thuỷ lợi; résumé à l'école.\n"
    reading = read_text(text)
    assert "§ 5 © 2026 Zürich; « hoà bình », thuỷ lợi; résumé à l'école." in reading.text
    assert reading.warnings == ()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ("Il a été élève à l'école; où est la forêt? Voilà.".encode("latin-1") * 3, "UTF-8"),
        (bytes(range(128, 256)) * 5, "UTF-8"),
        (b"\x02\x05\x06\x14" * 50 + "Die Städte".encode("latin-1") * 9, "nhị phân"),
    ],
)
def test_bytes_of_no_known_encoding_are_refused(tmp_path: Path, data: bytes, words: str) -> None:
    file = tmp_path / "a.txt"
    file.write_bytes(data)
    with pytest.raises(InputError, match=words) as caught:
        read_file(file)
    assert "\n" not in str(caught.value)
