"""The XML parts of a .docx package, read with bounds: no entities, no bombs, no password.

Source of the names: ECMA-376, part 2 (packages) and part 1 (WordprocessingML).
"""

from __future__ import annotations

import io
import zipfile
from typing import Any

from kh_nlp.errors import InputError
from kh_nlp.reading import archive
from kh_nlp.reading.files import File

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
"""Namespace of WordprocessingML as lxml writes it before a name."""

MAX_UNPACKED = 256 * 1024 * 1024
"""Bytes of all parts together: a plan with pictures stays far below."""

MAX_XML = 32 * 1024 * 1024
"""Bytes of XML taken from one package; reading them takes about fifteen times as much memory."""

MAX_RATIO = 400
"""Unpacked to packed size; the emptiest real text parts reach about 60."""

_SMALL = 4 * 1024 * 1024  # below this a ratio says nothing
_STRICT = b"http://purl.oclc.org/ooxml/wordprocessingml/main"
_TRANSITIONAL = W[1:-1].encode()


class Package:
    """The parts of one file. Raises InputError (one Vietnamese line) for what cannot be read."""

    def __init__(self, file: File) -> None:
        self.name = file.path
        self._left = MAX_XML
        try:
            self._archive = zipfile.ZipFile(io.BytesIO(file.data))
        except archive.BROKEN:
            raise self._broken() from None
        entries = self._archive.infolist()
        unpacked = sum(entry.file_size for entry in entries)
        if unpacked > MAX_UNPACKED:
            raise InputError(
                f"{self.name}: tệp Word giải nén ra quá lớn (trên {MAX_UNPACKED // 2**20} MB)."
            )
        if unpacked > max(_SMALL, MAX_RATIO * len(file.data)):
            raise InputError(f"{self.name}: tệp Word nén bất thường, không đọc để giữ an toàn.")
        if any(entry.flag_bits & 1 for entry in entries):
            raise InputError(f"{self.name}: tệp Word đặt mật khẩu, không đọc được.")

    def names(self) -> list[str]:
        """Names of all parts."""
        return self._archive.namelist()

    def root(self, name: str) -> Any:
        """The root element of a part, ``None`` where the package has none of that name."""
        from lxml import etree

        if name not in self._archive.NameToInfo:
            return None
        data = self._read(name)
        if b"<!DOCTYPE" in data or b"<\0!\0D\0O\0C\0" in data or b"\0<\0!\0D\0O\0C" in data:
            raise InputError(f"{self.name}: tệp Word có khai báo DTD trong {name}, không đọc.")
        parser = etree.XMLParser(
            resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True
        )
        try:
            return etree.fromstring(data, parser)
        except etree.XMLSyntaxError:
            raise InputError(
                f"{self.name}: tệp Word hỏng (XML của {name} không đọc được)."
            ) from None

    def _read(self, name: str) -> bytes:
        """The bytes of a part; the sizes in the directory may lie, so they are counted here."""
        try:
            with self._archive.open(name) as stream:
                data = stream.read(self._left + 1)
        except archive.BROKEN:
            raise self._broken() from None
        self._left -= len(data)
        if self._left < 0:
            raise InputError(
                f"{self.name}: phần chữ của tệp Word quá lớn (trên {MAX_XML // 2**20} MB)."
            )
        return data.replace(_STRICT, _TRANSITIONAL) if _STRICT in data[:4096] else data

    def _broken(self) -> InputError:
        return InputError(f"{self.name}: tệp Word hỏng hoặc bị cắt cụt.")


def value(properties: Any, name: str) -> str | None:
    """The ``w:val`` of a property, ``None`` where the element lacks it."""
    element = properties.find(W + name) if properties is not None else None
    told: str | None = element.get(W + "val") if element is not None else None
    return told


def number(text: str | None, default: int = 0) -> int:
    """A whole number as XML writes it; ``default`` for what is none."""
    try:
        return int(text) if text else default
    except ValueError:
        return default


def switched(properties: Any, name: str) -> bool | None:
    """Whether a property such as ``w:b`` is on; ``None`` where nothing is said."""
    element = properties.find(W + name) if properties is not None else None
    if element is None:
        return None
    return (element.get(W + "val") or "true").lower() not in ("0", "false", "off", "none")
