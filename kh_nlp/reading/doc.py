"""Old Word documents (.doc) and RTF, read by the program catdoc, which must be installed."""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from kh_nlp.errors import InputError
from kh_nlp.reading.extract import Extract, Options
from kh_nlp.reading.files import File
from kh_nlp.reading.plain import extract_text

INSTALL = "cài bằng lệnh: apt install catdoc"
"""How to get the program, for messages to the user."""

_FIELD = re.compile(  # catdoc prints the codes of page numbers and links
    r"^\s*PAGE\b[^\n]{0,30}$| ?HYPERLINK\s+(?:\\[a-z]\s+)*\"[^\"\n]*\" ?", re.MULTILINE
)

TIMEOUT = 60.0
"""Seconds; a plan takes some 10 ms."""

LONGEST = 64 * 1024 * 1024
"""Bytes of text that are taken from one file."""


def catdoc() -> str | None:
    """Where the program stands, ``None`` when it is not installed."""
    return shutil.which("catdoc")


def extract_doc(file: File, options: Options) -> Extract:
    """Text of a .doc or .rtf file; cells of tables are parted by tabs.

    Raises InputError without catdoc, for a file that it cannot read, and for one without text.
    """
    program = catdoc()
    if program is None:
        raise InputError(f"{file.path}: đọc tệp .doc cần chương trình catdoc; {INSTALL}.")
    with tempfile.TemporaryDirectory(prefix="kh-doc-") as folder:
        path = Path(folder) / "in.doc"
        path.write_bytes(file.data)
        try:
            done = subprocess.run(
                [program, "-d", "utf-8", "-w", str(path)],
                capture_output=True,
                timeout=TIMEOUT,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise InputError(f"{file.path}: đọc tệp .doc quá {TIMEOUT:.0f} giây.") from None
    if done.returncode and not done.stdout.strip():
        raise InputError(f"{file.path}: tệp .doc hỏng, không đọc được.")
    text = _FIELD.sub("", done.stdout[:LONGEST].decode("utf-8", "replace"))
    if not text.strip():
        raise InputError(f"{file.path}: tệp không có chữ.")
    return extract_text(text, "doc", restore=options.restore)
