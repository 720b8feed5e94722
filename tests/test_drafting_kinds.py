"""Issuers that are no people's committees, and plans of superiors among the kindred ones."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from support_drafting import drafting_library

from kh_nlp.drafting import Request, draft, traced
from kh_nlp.drafting.bodies import across_kinds, counterpart
from kh_nlp.drafting.headings import is_body
from kh_nlp.library import Library

TITLE = "Tuyên truyền cải cách hành chính trên địa bàn huyện năm 2024"


@pytest.fixture(scope="module")
def library() -> Iterator[Library]:
    with Library.open(drafting_library()) as opened:
        yield opened


@pytest.mark.parametrize(
    ("name", "source", "target", "issuer", "expected"),
    [
        ("Phòng Nội vụ", "district", "party-district", "Huyện ủy A", "Ban Tổ chức Huyện ủy"),
        ("Phòng Nội vụ", "district", "party-district", "Thành ủy B", "Ban Tổ chức Thành ủy"),
        ("Sở Nội vụ", "province", "party-province", "Thành ủy C", "Ban Tổ chức Thành ủy"),
        ("Thanh tra tỉnh", "province", "party-province", "Tỉnh ủy D", "Ủy ban Kiểm tra Tỉnh ủy"),
        (
            "Ủy ban MTTQ Việt Nam các xã, phường",
            "front-province",
            "front-commune",
            "Ủy ban MTTQ Việt Nam xã E",
            "Ban Công tác Mặt trận các thôn",
        ),
        ("Sở Tài chính", "province", "party-province", "Tỉnh ủy D", None),
        ("Sở Nội vụ", "province", "district", "UBND huyện G", None),  # counterparts know these
    ],
)
def test_who_has_that_place_at_the_party_and_the_front(
    name: str, source: str, target: str, issuer: str, expected: str | None
) -> None:
    assert across_kinds(name, source, target, issuer) == expected


@pytest.mark.parametrize(
    "name", ["Ủy ban Kiểm tra Huyện ủy", "Đảng ủy các xã, thị trấn", "Các chi bộ trực thuộc"]
)
def test_organs_of_the_party_are_bodies(name: str) -> None:
    assert is_body(name)


def test_a_set_of_films_is_no_body() -> None:
    assert not is_body("Bộ phim “Một việc một phút”") and is_body("Bộ Nội vụ")


def test_bodies_of_districts_end_with_them() -> None:
    agency = "province_agency"
    assert counterpart("Phòng Tư pháp các huyện", agency, agency, 2024) is not None
    assert counterpart("Phòng Tư pháp các huyện", agency, agency, 2026) is None


def test_a_draft_for_the_party_lists_its_organs_and_gives_them_no_duty_of_a_committee(
    library: Library,
) -> None:
    request = Request(title=TITLE, issuer="Huyện ủy Bãi Hạc", year=2024, level="district")
    made = draft(library, request)
    organs = [s for s in made.sections if s.heading.endswith("Huyện ủy")]
    assert "Ban Tổ chức Huyện ủy" in {s.heading for s in organs}
    issuers = {kin.plan.plan: kin.plan.issuer or "" for kin in made.kindred}
    for paragraph in (p for section in organs for p in section.paragraphs):
        told = {issuers[origin.plan] for origin in paragraph.sources}
        assert paragraph.text == "[…]" or all("ủy" in issuer.split()[:2] for issuer in told)
    assert not [s.heading for s in made.sections if s.heading.startswith("Phòng ")]
    texts = {kin.plan.plan: library.plan(kin.plan.plan).text for kin in made.kindred}
    for section in organs:
        assert all(traced(part, texts) for part in (section.title, *section.paragraphs))


def _named(library: Library, issuer: str, province: str, year: int) -> list[str]:
    request = Request(title=TITLE, issuer=issuer, year=year, province=province)
    return [b.line.text for b in draft(library, request).basis if b.note == "văn bản cấp trên"]


def test_the_plan_of_the_province_on_the_subject_is_a_căn_cứ(library: Library) -> None:
    start = "Thực hiện Kế hoạch số 145/KH-UBND ngày 20 tháng 9 năm 2021 của UBND tỉnh Hạ Lam về "
    (line,) = _named(library, "UBND huyện Bến Đình", "Hạ Lam", 2024)
    assert line.startswith(start + "tuyên truyền cải cách hành chính")
    assert not _named(library, "UBND huyện Bến Đình", "Hạ Lam", 2026)  # its period has run out
    assert not _named(library, "UBND huyện Bến Đình", "Kon Ruông", 2024)
    assert not _named(library, "UBND tỉnh Hạ Lam", "Hạ Lam", 2024)


def test_a_plan_that_a_decision_issues_is_named_by_the_decision(library: Library) -> None:
    (line,) = _named(library, "UBND phường Bến Hạc", "Cửa Hạc", 2026)
    assert line.startswith("Thực hiện Quyết định số 2417/QĐ-UBND ngày 19 tháng 12 năm 2025 của ")
    assert "ban hành Kế hoạch tuyên truyền cải cách hành chính" in line
