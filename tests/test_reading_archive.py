"""Plans inside ZIP archives: named like files in a folder, read without unpacking to disk."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from support_samples import sample, warm_folder

from kh_nlp.checking.page import check_page
from kh_nlp.errors import InputError
from kh_nlp.library import Library, ingest
from kh_nlp.pipeline import expand, read_plan
from kh_nlp.reading import archive, digest, exists
from kh_nlp.reading.files import MAX_BYTES

CORPUS = Path(__file__).resolve().parents[1] / "corpus"


@pytest.fixture
def zipped(tmp_path: Path) -> Path:
    path = tmp_path / "kế hoạch.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        file.write(sample("05"), "năm 2025/phường.txt")
        file.write(sample("02"), "huyen.txt")
        file.writestr("README.md", "không phải kế hoạch")
        file.writestr(".ẩn.txt", "tệp ẩn")
        file.writestr("../ngoài.txt", "lối ra ngoài")
        file.writestr("ảnh.gif", b"GIF89a")
    return path


def test_members_stand_for_files(zipped: Path) -> None:
    assert expand([zipped]) == [zipped / "huyen.txt", zipped / "năm 2025/phường.txt"]
    assert expand([zipped.parent]) == expand([zipped]) == expand(expand([zipped]))
    plan = read_plan(zipped / "năm 2025/phường.txt")
    assert plan.header.number == "63/KH-UBND"
    assert plan.source.path == str(zipped / "năm 2025/phường.txt")
    assert plan.source.sha256 == digest(sample("05")) == digest(zipped / "năm 2025/phường.txt")


def test_whether_a_member_exists(zipped: Path) -> None:
    assert exists(zipped / "huyen.txt")
    assert not exists(zipped / "tinh.txt")
    assert digest(zipped / "tinh.txt") is None
    with pytest.raises(InputError, match="không tìm thấy tệp trong tệp nén"):
        read_plan(zipped / "tinh.txt")


def test_broken_locked_and_nested_archives_are_one_line_each(zipped: Path) -> None:
    folder = zipped.parent
    broken = folder / "cut.zip"
    broken.write_bytes(zipped.read_bytes()[:200])
    nested = folder / "nested.zip"
    with zipfile.ZipFile(nested, "w") as file:
        file.write(zipped, "inner.zip")
    refused: list[InputError] = []
    assert expand([folder], on_error=refused.append) == expand([zipped])
    assert sorted(str(error).split(": ", 1)[1] for error in refused) == [
        "tệp nén hỏng hoặc bị cắt cụt.",
        "tệp nén nằm trong tệp nén; hãy giải nén rồi đọc.",
    ]
    locked = folder / "locked.zip"
    data = bytearray(zipped.read_bytes())
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):  # the flag "encrypted" of each entry
        start = data.find(mark)
        while start >= 0:
            data[start + at] |= 1
            start = data.find(mark, start + 4)
    locked.write_bytes(data)
    with pytest.raises(InputError, match="đặt mật khẩu"):
        read_plan(locked / "huyen.txt")


def test_what_unpacks_to_gigabytes_is_not_read_to_its_end(tmp_path: Path) -> None:
    path = tmp_path / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file, file.open("a.txt", "w") as out:
        for _ in range(MAX_BYTES // 2**20 + 1):
            out.write(b"0" * 2**20)
    assert path.stat().st_size < 2**20
    with pytest.raises(InputError, match="tệp quá lớn"):
        read_plan(path / "a.txt")


def test_names_of_old_archivers_are_utf8_without_saying_so(tmp_path: Path) -> None:
    path = tmp_path / "old.zip"
    with zipfile.ZipFile(path, "w") as file:
        file.write(sample("05"), "Kế hoạch.txt")
    data = bytearray(path.read_bytes())
    for mark, at in ((b"PK\x03\x04", 7), (b"PK\x01\x02", 9)):
        data[data.find(mark) + at] &= ~0x08 & 0xFF
    path.write_bytes(data)
    assert archive.members(path) == [path / "Kế hoạch.txt"]
    assert read_plan(path / "Kế hoạch.txt").header.number == "63/KH-UBND"


def test_a_library_knows_files_in_archives_again(zipped: Path, tmp_path: Path) -> None:
    with Library.open(warm_folder(tmp_path / "library"), create=True) as library:
        assert len(ingest(library, [zipped]).added) == 2
        again = ingest(library, [zipped])
        assert len(again.unchanged) == 2 and not again.added
        loose = tmp_path / "huyen.txt"
        loose.write_bytes(sample("02").read_bytes())
        (moved,) = ingest(library, [loose]).moved
        summary = next(plan for plan in library.plans() if plan.plan == moved.plan)
        # the copy in the archive still stands there
        assert set(summary.paths) == {str(loose), str(zipped / "huyen.txt")}


def test_a_member_whose_packed_bytes_are_spoilt_is_one_line(tmp_path: Path) -> None:
    path = tmp_path / "hỏng.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        file.write(sample("02"), "a.txt")
    data = bytearray(path.read_bytes())
    start = data.index(b"a.txt") + len("a.txt")
    data[start : start + 40] = bytes(byte ^ 0xFF for byte in data[start : start + 40])
    path.write_bytes(data)
    with pytest.raises(InputError, match="tệp hỏng trong tệp nén"):
        read_plan(path / "a.txt")


def _spoilt(path: Path, place: int, value: int) -> Path:
    """A copy of a real .docx with one byte of its directory's first entry changed."""
    data = bytearray(next((CORPUS / "formats").glob("*.docx")).read_bytes())
    data[data.index(b"PK\x01\x02") + place] = value
    if value == 0x08:  # the name is said to be UTF-8, and is none
        data[data.index(b"PK\x01\x02") + 46] = 0xFF
    path.write_bytes(data)
    return path


@pytest.mark.parametrize(("place", "value"), [(6, 99), (9, 0x08)], ids=["version", "name"])
def test_a_spoilt_directory_is_one_line(tmp_path: Path, place: int, value: int) -> None:
    with pytest.raises(InputError, match="tệp nén hỏng hoặc bị cắt cụt"):
        archive.members(_spoilt(tmp_path / "a.zip", place, value))
    document = _spoilt(tmp_path / "a.docx", place, value)
    with pytest.raises(InputError, match="tệp hỏng"):
        read_plan(document)
    assert list(check_page(document)) == []
