"""Files inside ZIP archives, named like files in a folder: ``folder/plans.zip/2026/a.docx``.

Nothing is unpacked to disk. Sizes are bounded by what is read, not by what the archive claims.
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from kh_nlp.errors import InputError

SUFFIX = ".zip"
BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError)
"""What ``zipfile`` raises for a damaged file: a name that is no UTF-8 is a ValueError, a version or
method that it does not know a RuntimeError."""
MAX_MEMBERS = 5_000
"""Files in one archive; more is no office's folder but a wrong or hostile file."""


def split(path: Path) -> tuple[Path, str] | None:
    """(archive, name inside it) for a path that leads into a ZIP file, else ``None``."""
    for parent in path.parents:
        if parent.suffix.lower() == SUFFIX and parent.is_file():
            return parent, path.relative_to(parent).as_posix()
    return None


def members(archive: Path) -> list[Path]:
    """All files in an archive, sorted, hidden ones and names that lead out of it left out.

    Raises InputError for an archive that is broken, holds too many files or another archive.
    """
    with _opened(archive) as file:
        infos = [info for info in file.infolist() if not info.is_dir()]
    if len(infos) > MAX_MEMBERS:
        raise InputError(f"{archive}: có {len(infos)} tệp, quá giới hạn {MAX_MEMBERS} tệp.")
    names = (PurePosixPath(_readable(info)) for info in infos)
    return sorted(
        archive / name
        for name in names
        if not name.is_absolute()
        and ".." not in name.parts
        and not any(part.startswith((".", "~$", "__MACOSX")) for part in name.parts)
    )


def read_member(archive: Path, name: str, limit: int) -> bytes:
    """The bytes of one file in an archive.

    Raises InputError when it is missing, locked by a password, broken, or longer than ``limit``.
    """
    where = archive / name
    with _opened(archive) as file:
        info = file.NameToInfo.get(name) or next(
            (info for info in file.infolist() if _readable(info) == name), None
        )
        if info is None:
            raise InputError(f"{where}: không tìm thấy tệp trong tệp nén.")
        if info.flag_bits & 1:
            raise InputError(f"{where}: tệp nén đặt mật khẩu, không đọc được.")
        try:
            with file.open(info) as stream:
                data = stream.read(limit + 1)
        except BROKEN:
            raise InputError(f"{where}: tệp hỏng trong tệp nén.") from None
    if len(data) > limit:
        raise InputError(f"{where}: tệp quá lớn (trên {limit // 2**20} MB).")
    return data


@contextmanager
def _opened(archive: Path) -> Iterator[zipfile.ZipFile]:
    try:
        file = zipfile.ZipFile(archive)
    except PermissionError:
        raise InputError(f"{archive}: không có quyền đọc.") from None
    except BROKEN:
        raise InputError(f"{archive}: tệp nén hỏng hoặc bị cắt cụt.") from None
    with file:
        yield file


def _readable(info: zipfile.ZipInfo) -> str:
    """The name as the user knows it: old archivers write UTF-8 without saying so."""
    if info.flag_bits & 0x800 or info.filename.isascii():
        return info.filename
    try:
        return info.filename.encode("cp437").decode("utf-8")
    except UnicodeError:
        return info.filename
