"""PDF pages without text, damaged text layers, and files that are broken or hostile."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from support_pdf import column, lines, pdf, put, read

from kh_nlp.errors import InputError
from kh_nlp.reading import Options
from kh_nlp.reading.files import File
from kh_nlp.reading.pdf import MAX_PAGES
from kh_nlp.reading.scan.pages import LayoutLine, PageLayout

_BARE = "Thuc hien ke hoach cai cach hanh chinh cua uy ban nhan dan tinh ve tuyen truyen den nguoi"
_SOUND = "Thực hiện kế hoạch cải cách hành chính của ủy ban nhân dân tỉnh về tuyên truyền"
_IMAGE = "q 595 0 0 842 0 0 cm BI /W 1 /H 1 /BPC 8 /CS /G /F /AHx ID 80> EI Q\n"  # fills the page


def recognised(text: str, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Lets OCR read ``text`` six times on any page; the pages asked for."""
    asked: list[int] = []

    def ocr(file: File, pages: Sequence[int], options: Options) -> dict[int, PageLayout]:
        asked.extend(pages)
        page = PageLayout((LayoutLine(text, 96.0),) * 6, 96.0, 6 * len(text.split()))
        return dict.fromkeys(pages, page)

    monkeypatch.setattr("kh_nlp.reading.scan.ocr_pdf", ocr)
    return asked


def test_page_without_text_is_recognised(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = recognised(_SOUND, monkeypatch)
    extract = read(pdf([column(72, 700, ["Trang co chu cua ke hoach"]), _IMAGE]), Options())
    assert asked == [1]
    assert lines(extract) == ["Trang co chu cua ke hoach", *[_SOUND] * 6]
    assert extract.format == "pdf"


def test_all_pages_images_is_a_scan(monkeypatch: pytest.MonkeyPatch) -> None:
    recognised(_SOUND, monkeypatch)
    assert read(pdf([_IMAGE, _IMAGE]), Options()).format == "scan"
    with pytest.raises(InputError, match="việc nhận dạng chữ đang tắt"):
        read(pdf([_IMAGE]))


def test_pages_left_unread_are_named() -> None:
    extract = read(pdf([column(72, 700, ["Trang co chu cua ke hoach"]), _IMAGE, _IMAGE]))
    assert any("Trang 2–3" in warning and "đang tắt" in warning for warning in extract.warnings)


def test_damaged_text_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    damaged = pdf([column(72, 700, [_BARE] * 6, size=10)])
    asked = recognised(_SOUND, monkeypatch)
    extract = read(damaged, Options())
    assert asked == [0]
    assert lines(extract) == [_SOUND] * 6
    assert any("nhận dạng lại" in warning for warning in extract.warnings)
    kept = read(damaged)
    assert lines(kept) == [_BARE] * 6
    assert any("giữ nguyên" in warning for warning in kept.warnings)


def test_damaged_text_stays_where_ocr_is_no_better(monkeypatch: pytest.MonkeyPatch) -> None:
    recognised(_BARE, monkeypatch)
    extract = read(pdf([column(72, 700, [_BARE] * 6, size=10)]), Options())
    assert lines(extract) == [_BARE] * 6
    assert extract.format == "pdf"


def test_ocr_that_fails_leaves_the_text(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(file: File, pages: Sequence[int], options: Options) -> dict[int, PageLayout]:
        raise InputError(f"{file.path}: chưa cài tesseract.")

    monkeypatch.setattr("kh_nlp.reading.scan.ocr_pdf", fail)
    extract = read(pdf([column(72, 700, ["Trang co chu cua ke hoach"]), _IMAGE]), Options())
    assert lines(extract) == ["Trang co chu cua ke hoach"]
    assert any("Trang 2" in w and "chưa cài tesseract" in w for w in extract.warnings)
    with pytest.raises(InputError, match=r"pdf: chưa cài tesseract\.$"):
        read(pdf([_IMAGE]), Options())


# Bad files


def test_password() -> None:
    lock = b"/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <%s> /U <%s> >> /ID [<00> <00>]" % (
        b"41" * 32,
        b"42" * 32,
    )
    with pytest.raises(InputError, match="đặt mật khẩu"):
        read(pdf([put(72, 700, "bi mat")], trailer=lock))


@pytest.mark.parametrize("data", [b"%PDF-1.4\n" + b"hello " * 99, pdf(["BT ET"] * 3)[:400]])
def test_broken_file(data: bytes) -> None:
    with pytest.raises(InputError, match=r"hỏng|không có"):
        read(data)


def test_file_without_its_end_is_read_and_told() -> None:
    data = pdf([put(72, 700, "Noi dung cua ke hoach")])
    extract = read(data[: data.rindex(b"startxref")])
    assert lines(extract) == ["Noi dung cua ke hoach"]
    assert any("bị cắt cụt" in warning for warning in extract.warnings)


def test_too_many_pages() -> None:
    with pytest.raises(InputError, match=f"có {MAX_PAGES + 1} trang, quá giới hạn"):
        read(pdf([""] * (MAX_PAGES + 1)))


def test_stream_that_unpacks_to_too_much() -> None:
    bomb = pdf([put(72, 700, "Noi dung") + " " * 40_000_000])
    assert len(bomb) < 100_000
    with pytest.raises(InputError, match="giải nén ra quá lớn"):
        read(bomb)


def test_overfull_page_is_read_in_the_order_of_the_file() -> None:
    page = "BT /F1 10 Tf 72 700 Td " + "(a) Tj " * 201_000 + "ET"
    extract = read(pdf([page]))
    assert sum(map(len, lines(extract))) == 201_000
    assert any("quá nhiều chữ" in warning for warning in extract.warnings)


def test_page_without_size_is_read() -> None:
    extract = read(pdf([put(72, 700, "Noi dung cua ke hoach")], box="0 0 0 0"))
    assert lines(extract) == ["Noi dung cua ke hoach"]
