"""A library of all sample plans for drafting, made once for all tests of a run, no weights."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from support_library import HashEncoder
from support_samples import SAMPLES
from support_shared import made_once

REQUESTS = (
    ("Tuyên truyền cải cách hành chính năm 2027", "UBND phường Cầu Hạc", 2027, "Cửa Hạc"),
    ("Tuyên truyền cải cách hành chính năm 2026", "UBND xã Đắk Ruông", 2026, "Kon Ruông"),
    ("Tuyên truyền cải cách hành chính nhà nước năm 2026", "UBND tỉnh Hạ Lam", 2026, "Hạ Lam"),
    ("Chuyển đổi số năm 2026", "UBND xã Nậm Sim", 2026, None),
    ("Phổ biến, giáo dục pháp luật năm 2026", "Sở Tư pháp tỉnh Kon Ruông", 2026, "Kon Ruông"),
    ("Tuyên truyền, giám sát cải cách hành chính năm 2027", "Ban Thường trực Ủy ban MTTQ Việt Nam "
     "xã Nậm Sim", 2027, "Sông Trầm"),
    ('Phong trào "Bình dân học vụ số" năm 2026', "UBND phường Vàm Thu", 2026, "Vàm Thu"),
)  # fmt: skip
"""Title, issuer, year, province of drafts that the tests make."""


@cache
def drafting_library() -> Path:
    """Folder of a library that holds all sample plans; tests must not change it."""
    return made_once(library_without_weights)


def library_without_weights(folder: Path) -> None:
    from kh_nlp.library import Library, ingest

    with Library.open(folder, create=True) as library:
        report = ingest(library, SAMPLES, encoder=HashEncoder())
    assert len(report.added) == len(SAMPLES) and not report.failed
