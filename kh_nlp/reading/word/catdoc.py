"""Old Word documents (.doc): through LibreOffice where it is there, else by the program catdoc.

What catdoc prints is text with cells parted by tabs. What it tells wrongly is set right as far as
its text allows: codes of fields, rows with an empty cell, footnotes without their marks.
"""

from __future__ import annotations

import os
import re
import shutil
import struct
import subprocess
import tempfile
from collections import Counter
from dataclasses import replace
from pathlib import Path

from kh_nlp.errors import InputError
from kh_nlp.reading.extract import Extract, Options
from kh_nlp.reading.files import File
from kh_nlp.reading.plain import extract_text
from kh_nlp.reading.word.docx import extract_docx
from kh_nlp.reading.word.inline import RAISED
from kh_nlp.reading.word.office import to_docx

INSTALL = "cài bằng lệnh: apt install catdoc"
"""How to get the program, for messages to the user."""

TIMEOUT = 60.0
"""Seconds; a plan takes some 10 ms."""

LONGEST = 64 * 1024 * 1024
"""Bytes of text that are taken from one file."""

_WORD_STREAM = "WordDocument".encode("utf-16-le")
_TYPED = re.compile(r"^\s*(?:[IVX]{1,5}|\d{1,2}(?:\.\d{1,2})*|[a-zđ])[.)]\s", re.MULTILINE)
_FEW = 4  # labels: a plan whose labels are typed has more
_FIB = b"\xec\xa5"  # begins the information block of a Word file, at the start of a sector
_FIRST = 1024 * 1024  # bytes in which it is looked for
_LISTS = 0x2EE  # where the block tells the size of the table of lists
_LINK = re.compile(r" ?HYPERLINK\s+(?:\\[a-z]\s+)*\"[^\"\n]*\"(?: \\[a-z](?: \"[^\"\n]*\")?)* ?")
_FIELD_LINE = re.compile(
    r"^[ \t\f]*(?:PAGE|NUMPAGES|SECTIONPAGES|DATE|TIME|FILENAME)\b[^\n]{0,60}$", re.MULTILINE
)
_FIELD = re.compile(r" ?(?:PAGE|NUMPAGES|PAGEREF|REF|SEQ)(?: [\w\\*]+)* \\\* \w+ ?")
_NOTES = re.compile(r"(?:\n [^\s][^\n]*)+\s*$")  # catdoc puts a blank where the mark was
_FILED = re.compile(r"^((?:[-–+*] ?)?Lưu\b[^\t\n]{0,80})\t", re.MULTILINE)  # ends Nơi nhận
_MOST_LINES = 8  # of one row


def catdoc() -> str | None:
    """Where the program stands, ``None`` when it is not installed."""
    return shutil.which("catdoc")


def extract_doc(file: File, options: Options) -> Extract:
    """Text of a .doc file; pages are those that the writer broke by hand.

    Raises InputError with neither program, for a file that cannot be read, for one without text,
    and for RTF: catdoc drops its footnotes without a word and runs the cells of tables together.
    """
    if file.data.startswith(b"{\\rtf"):
        raise InputError(
            f"{file.path}: chưa đọc được tệp .rtf; hãy mở bằng Word và lưu thành .docx."
        )
    if _WORD_STREAM not in file.data:
        raise InputError(f"{file.path}: không phải văn bản Word, hoặc tệp bị cắt cụt.")
    converted = _by_office(file, options)
    if converted is not None:
        return converted
    text = _FIELD.sub("", _FIELD_LINE.sub("", _LINK.sub("", _run(file))))
    text = _FILED.sub(r"\1\n", text)  # the signature begins beside it, and goes on below
    if not text.strip():
        raise InputError(f"{file.path}: tệp không có chữ.")
    text, notes = mark_notes(mend_rows(text))
    warnings: list[str] = []
    if notes:
        warnings.append(
            f"Tệp .doc: {notes} chú thích đứng ở cuối văn bản, không rõ vị trí dấu chú thích."
        )
    if has_lists(file.data) and len(_TYPED.findall(text)) < _FEW:
        warnings.append(
            "Tệp .doc có danh sách đánh số tự động, số thứ tự có thể không đọc được; hãy lưu thành"
            " .docx rồi đọc lại."
        )
    return extract_text(text, "doc", tuple(warnings), restore=options.restore)


def _by_office(file: File, options: Options) -> Extract | None:
    """The file by way of .docx; ``None`` when that fails: catdoc then says what is wrong."""
    data = to_docx(file)
    if data is None:
        return None
    try:
        return replace(extract_docx(replace(file, data=data), options), format="doc")
    except InputError:
        return None


def has_lists(data: bytes) -> bool:
    """Whether a .doc file defines lists, whose numbers Word computes and catdoc does not print.

    Source: [MS-DOC] 2.5.1 (Fib): ``lcbPlfLfo``, the size of the table of lists.
    """
    for start in range(0, min(len(data), _FIRST) - _LISTS - 4, 512):
        if data.startswith(_FIB, start):
            size: int = struct.unpack_from("<I", data, start + _LISTS)[0]
            return size > 4
    return False


def _run(file: File) -> str:
    """What catdoc prints. The file goes through a folder of its own; output is bounded."""
    program = catdoc()
    if program is None:
        raise InputError(f"{file.path}: đọc tệp .doc cần chương trình catdoc; {INSTALL}.")
    with tempfile.TemporaryDirectory(prefix="kh-doc-") as folder:
        source, target = Path(folder) / "in.doc", Path(folder) / "out.txt"
        source.write_bytes(file.data)
        with target.open("wb") as out:
            try:
                done = subprocess.run(
                    [program, "-d", "utf-8", "-w", str(source)],
                    env=_own_settings(folder),
                    stdin=subprocess.DEVNULL,
                    stdout=out,
                    stderr=subprocess.PIPE,
                    timeout=TIMEOUT,
                    check=False,
                )
            except subprocess.TimeoutExpired:
                raise InputError(f"{file.path}: đọc tệp .doc quá {TIMEOUT:.0f} giây.") from None
        with target.open("rb") as printed:
            data = printed.read(LONGEST + 1)
    if len(data) > LONGEST:
        raise InputError(f"{file.path}: tệp .doc quá lớn (trên {LONGEST // 2**20} MB chữ).")
    if b"File is encrypted" in data[:4096] + done.stderr:
        raise InputError(f"{file.path}: tệp Word đặt mật khẩu, không đọc được.")
    if done.returncode and not data.strip():
        raise InputError(f"{file.path}: tệp .doc hỏng, không đọc được.")
    return data.decode("utf-8", "replace")


def _own_settings(folder: str) -> dict[str, str]:
    """Environment in which catdoc reads its tables of characters from ``folder``.

    Its own tables drop U+00AD, the soft hyphen, which is the letter ư of TCVN3 fonts; ours map the
    ends of cells and rows only.
    """
    for name, told in (
        (".catdocrc", f"map_path = {folder}\n"),
        ("ascii.specchars", '001C "\\t"\n001E "\\n"\n'),
        ("ascii.replchars", ""),
    ):
        (Path(folder) / name).write_text(told, "ascii")
    return {**os.environ, "HOME": folder}


def mend_rows(text: str) -> str:
    """Rows that catdoc broke in two are put together again.

    It takes an empty cell for the end of a row, and prints the paragraphs of a cell as lines. A row
    is mended when its pieces make just as many cells as the other rows of the text have.
    """
    lines = text.split("\n")
    sizes = Counter(line.count("\t") + 1 for line in lines if line.count("\t") > 1)
    usual = {size for size, times in sizes.items() if times > 1}
    if not usual:
        return text
    out: list[str] = []
    at, width = 0, 0
    while at < len(lines):
        cells = lines[at].count("\t") + 1
        if cells in usual:
            width = cells
        taken = 1
        if 1 < cells < width:
            joined = _mended(lines, at, width)
            if joined is not None:
                line, taken = joined
                out.append(line)
                at += taken
                continue
        out.append(lines[at])
        at += taken
    return "\n".join(out)


def _mended(lines: list[str], at: int, width: int) -> tuple[str, int] | None:
    """A row of ``width`` cells from the lines at ``at``, and how many lines it takes."""
    ways: dict[int, str] = {lines[at].count("\t") + 1: lines[at]}
    for taken in range(2, _MOST_LINES):
        if at + taken > len(lines):
            return None
        line = lines[at + taken - 1]
        cells = line.count("\t") + 1
        if not line.strip() or cells >= width:
            return None
        grown: dict[int, str] = {}
        for have, row in ways.items():
            for total, between in ((have + cells - 1, " "), (have + cells + 1, "\t\t")):
                if total <= width:
                    grown.setdefault(total, row + between + line)
        if width in grown:
            return grown[width], taken
        ways = grown
    return None


def mark_notes(text: str) -> tuple[str, int]:
    """The footnotes at the end of the text with marks in front, and their number.

    catdoc prints them there in order, without the marks, of which a blank is left.
    """
    found = _NOTES.search(text.rstrip() + "\n")
    if not found or found.start() < len(text) // 4:
        return text, 0
    lines = [line.strip() for line in found.group().split("\n") if line.strip()]
    if any("\t" in line for line in lines):
        return text, 0
    marked = [f"{str(k).translate(RAISED)} {line}" for k, line in enumerate(lines, 1)]
    return text[: found.start()] + "\n\n" + "\n".join(marked) + "\n", len(lines)
