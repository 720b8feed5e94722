"""Files by what they hold, not by their name: which reader each is for, and what none can read."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from kh_nlp.errors import InputError
from kh_nlp.model import Format
from kh_nlp.reading import archive
from kh_nlp.reading.decoding import decode
from kh_nlp.reading.extract import Extract, Options
from kh_nlp.reading.plain import extract_text
from kh_nlp.reading.restoration import restore_items

Kind = Literal["text", "markdown", "html", "docx", "doc", "pdf", "scan"]

FORMATS: dict[str, Format] = {
    ".txt": "text",
    ".text": "text",
    ".md": "markdown",
    ".markdown": "markdown",
    ".html": "html",
    ".htm": "html",
    ".docx": "docx",
    ".docm": "docx",
    ".doc": "doc",
    ".rtf": "doc",
    ".pdf": "pdf",
    ".png": "scan",
    ".jpg": "scan",
    ".jpeg": "scan",
    ".tif": "scan",
    ".tiff": "scan",
}
"""File name endings that can be read, with the format each usually stands for."""

MAX_TEXT = 64 * 1024 * 1024
"""Bytes; a guard against wrong files: the largest real plan seen as text has 0.15 MB."""

MAX_BYTES = 256 * 1024 * 1024
"""Bytes of any file: a scan of 200 pages in colour stays below it."""

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_IMAGES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"II*\x00", b"MM\x00*")
_HTML = (b"<!doctype html", b"<html", b"<head", b"<meta", b"<body", b"<table", b"<div", b"<p")


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A file in memory. ``path`` is its name for messages (a member of a ZIP: ``a.zip/b.docx``)."""

    path: Path
    data: bytes
    sha256: str


def load(path: Path) -> File:
    """The bytes of a file, or of a member of a ZIP archive (``a.zip/b.docx``).

    Raises InputError with one Vietnamese line for one that is missing, without read rights, a
    folder, empty, too large or of a kind that no reader knows.
    """
    suffix = path.suffix.lower()
    try:
        inside = archive.split(path)
        if path.is_dir():
            raise InputError(f"{path}: là thư mục, không phải tệp.")
        if suffix not in FORMATS:
            known = ", ".join(sorted(FORMATS))
            raise InputError(f"{path}: chưa đọc được loại tệp “{suffix}” (đọc được: {known}).")
        if inside:
            data = archive.read_member(*inside, MAX_BYTES)
        elif path.stat().st_size > MAX_BYTES:
            raise InputError(f"{path}: tệp quá lớn (trên {MAX_BYTES // 2**20} MB).")
        else:
            data = path.read_bytes()
    except FileNotFoundError:
        raise InputError(f"{path}: không tìm thấy tệp.") from None
    except PermissionError:
        raise InputError(f"{path}: không có quyền đọc.") from None
    except OSError as error:
        raise InputError(f"{path}: không đọc được ({error.strerror}).") from None
    if not data:
        raise InputError(f"{path}: tệp rỗng.")
    return File(path=path, data=data, sha256=hashlib.sha256(data).hexdigest())


def exists(path: Path) -> bool:
    """Whether a file stands at ``path``, on the disk or in a ZIP archive."""
    inside = archive.split(path)
    if inside is None:
        return path.exists()
    try:
        return path in archive.members(inside[0])
    except (InputError, OSError):
        return False


def digest(path: Path) -> str | None:
    """SHA-256 of the file, ``None`` when it cannot be read."""
    try:
        if archive.split(path):
            return load(path).sha256
        with path.open("rb") as handle:
            return hashlib.file_digest(handle, "sha256").hexdigest()
    except (InputError, OSError):
        return None


def extract_file(path: Path, options: Options) -> tuple[Extract, str]:
    """What the file says and its SHA-256. Raises InputError with one Vietnamese line."""
    file = load(path)
    extract = _readers()[kind_of(file)](file, options)
    if not extract.items:
        raise InputError(f"{path}: tệp rỗng.")
    if not extract.damaged:  # text files are restored before their tables are looked for
        extract = restore_items(extract, restore=options.restore)
    return extract, file.sha256


def decoded_text(path: Path) -> tuple[str | None, str]:
    """The characters that positions of this file's plan point into, and its SHA-256.

    ``None`` for a scan, whose text is made by OCR and not read again for this.
    """
    file = load(path)
    kind = kind_of(file)
    if kind == "scan":
        return None, file.sha256
    return _readers()[kind](file, Options(ocr=False)).text, file.sha256


def kind_of(file: File) -> Kind:
    """What a file holds, by its content; its name decides only between text and Markdown.

    Raises InputError for content that no reader knows, or that a password locks.
    """
    data, path = file.data, file.path
    if b"%PDF-" in data[:1024]:
        return "pdf"
    if data.startswith(_IMAGES):
        return "scan"
    if data.startswith(_OLE):
        if _ENCRYPTED in data:
            raise InputError(f"{path}: tệp Word đặt mật khẩu, không đọc được.")
        return "doc"
    if data.startswith(b"PK\x03\x04"):
        return _zipped(file)
    if data.startswith(b"{\\rtf"):
        return "doc"
    if data[:4096].lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").lower().startswith(_HTML):
        return "html"
    named = FORMATS.get(path.suffix.lower(), "text")
    if named in ("text", "markdown", "html"):
        return named
    raise InputError(
        f"{path}: nội dung không phải là tệp {path.suffix.lower()} (hỏng hoặc sai tên)."
    )


def _zipped(file: File) -> Kind:
    try:
        with zipfile.ZipFile(io.BytesIO(file.data)) as opened:
            names = set(opened.namelist())
    except archive.BROKEN:
        raise InputError(f"{file.path}: tệp hỏng (nén dở dang hoặc bị cắt cụt).") from None
    if "word/document.xml" in names:
        return "docx"
    raise InputError(f"{file.path}: không phải văn bản Word (tệp nén hoặc bảng tính).")


def _plain(file: File, options: Options) -> Extract:
    if len(file.data) > MAX_TEXT:
        raise InputError(f"{file.path}: tệp quá lớn (trên {MAX_TEXT // 2**20} MB).")
    text, warnings = decode(file.data, str(file.path))
    if not text.strip():
        raise InputError(f"{file.path}: tệp rỗng.")
    markdown = FORMATS.get(file.path.suffix.lower()) == "markdown"
    format: Format = "markdown" if markdown else "text"
    return extract_text(text, format, warnings, restore=options.restore)


def _docx(file: File, options: Options) -> Extract:
    from kh_nlp.reading.word import extract_docx

    return extract_docx(file, options)


def _html(file: File, options: Options) -> Extract:
    from kh_nlp.reading.html import extract_html

    return extract_html(file, options)


def _doc(file: File, options: Options) -> Extract:
    from kh_nlp.reading.word import extract_doc

    return extract_doc(file, options)


def _scan(file: File, options: Options) -> Extract:
    from kh_nlp.reading.scan import extract_image

    return extract_image(file, options)


def _pdf(file: File, options: Options) -> Extract:
    from kh_nlp.reading.pdf import extract_pdf

    return extract_pdf(file, options)


def _readers() -> dict[Kind, Callable[[File, Options], Extract]]:
    """Readers by kind; each imports its packages when it is called."""
    return {
        "text": _plain,
        "markdown": _plain,
        "docx": _docx,
        "doc": _doc,
        "html": _html,
        "pdf": _pdf,
        "scan": _scan,
    }
