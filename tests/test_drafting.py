"""Drafts: every sentence leads back to its source, slots are rewritten, nothing is left over."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from support_drafting import REQUESTS, drafting_library

from kh_nlp.drafting import (
    GAP,
    Draft,
    Paragraph,
    Request,
    draft,
    kindred,
    markdown,
    paragraphs,
    same_section,
    traced,
    undone,
)
from kh_nlp.drafting.bodies import counterpart
from kh_nlp.drafting.kindred import likenesses
from kh_nlp.drafting.records import Change
from kh_nlp.drafting.slots import Rewriter
from kh_nlp.drafting.target import level_of, target_of
from kh_nlp.errors import UsageError
from kh_nlp.library import Library
from kh_nlp.model import to_dict

GOLD = Path(__file__).parent / "gold_drafts" / "heading_pairs.tsv"


@pytest.fixture(scope="module")
def library() -> Iterator[Library]:
    with Library.open(drafting_library()) as opened:
        yield opened


def _request(title: str, issuer: str, year: int, province: str | None) -> Request:
    return Request(title=title, issuer=issuer, year=year, province=province)


@pytest.fixture(scope="module")
def drafts(library: Library) -> list[Draft]:
    return [draft(library, _request(*asked)) for asked in REQUESTS]


def test_every_sentence_of_every_draft_leads_back_to_its_source(
    library: Library, drafts: list[Draft]
) -> None:
    texts = dict(library.texts())
    seen = 0
    for made in drafts:
        for where, paragraph in paragraphs(made):
            assert traced(paragraph, texts), (made.title, where, paragraph.text, undone(paragraph))
            for sentence in re.split(r"(?<=[.;!?])\s+", paragraph.text):
                assert sentence in paragraph.text
                seen += 1
    assert seen > 400


def test_no_paragraph_is_the_heading_of_a_chapter(library: Library, drafts: list[Draft]) -> None:
    plans = {summary.plan: library.plan(summary.plan) for summary in library.plans()}
    chapters = {
        name: {_bare(s.heading) for s in plan.sections if s.heading and s.parent is None}
        for name, plan in plans.items()
    }
    seen = 0
    for paragraph in (
        p for made in drafts for section in made.sections for p in section.paragraphs
    ):
        for source in paragraph.sources:
            printed = _bare(plans[source.plan].text[source.start : source.end])
            seen += 1
            assert not any(
                printed.endswith(heading) and len(printed) - len(heading) <= 12
                for heading in chapters[source.plan]
            ), paragraph.text
    assert seen > 100


def _bare(text: str) -> str:
    return "".join(text.split()).rstrip(":.;").casefold()


def test_a_tampered_paragraph_is_not_traced(library: Library, drafts: list[Draft]) -> None:
    texts = dict(library.texts())
    paragraph = drafts[0].sections[1].paragraphs[0]
    said = Paragraph(
        text=paragraph.text.replace("của", "không của", 1) + " Đạt 99%.",
        sources=paragraph.sources,
        gaps=paragraph.gaps,
        changes=paragraph.changes,
    )
    assert not traced(said, texts)
    assert not traced(Paragraph(text=paragraph.text, sources=()), texts)
    unmarked = Paragraph(text=GAP + paragraph.text, sources=paragraph.sources, gaps=((0, 3),))
    assert not traced(unmarked, texts)
    beside = Change(start=0, end=4, was="", now="Khác", reason="form")
    assert not traced(
        Paragraph(text=paragraph.text, sources=paragraph.sources, changes=(beside,)), texts
    )


def test_most_words_of_a_draft_are_those_of_its_sources(drafts: list[Draft]) -> None:
    for made in drafts:
        for section in made.sections:
            for paragraph in section.paragraphs:
                if paragraph.text == GAP:
                    continue
                changed = sum(change.end - change.start for change in paragraph.changes)
                assert changed <= 0.6 * len(paragraph.text), paragraph.text


def test_no_place_of_another_issuer_is_left_in_a_draft(drafts: list[Draft]) -> None:
    homes = {"Sông Trầm", "Cửa Hạc", "Hạ Lam", "Kon Ruông", "Vàm Thu", "Bãi Hạc", "Bến Hạc",
             "Đồi Hạc", "Tiên Lam", "Lam Đông", "Rạch Gốc", "Đèo Sim", "Ia Tơre"}  # fmt: skip
    for made, (_, issuer, _, province) in zip(drafts, REQUESTS, strict=True):
        foreign = {home for home in homes if home not in issuer and home != province}
        for where, paragraph in paragraphs(made):
            left = [home for home in foreign if home in paragraph.text]
            assert not left, (made.title, where, left, paragraph.text)


def test_no_district_stands_in_a_draft_for_a_commune_of_today(drafts: list[Draft]) -> None:
    for made in drafts:
        if made.request.level != "commune":
            continue
        for where, paragraph in paragraphs(made):
            assert not re.search(r"(?:UBND|Phòng \w+ ?\w*) huyện", paragraph.text), where


def test_years_of_last_year_move_and_long_periods_stay(library: Library) -> None:
    found = next(p for p in library.plans() if p.issuer == "UBND phường Bến Hạc" and p.year == 2026)
    plan = library.plan(found.plan)
    rewriter = Rewriter(plan, target_of(_request("X", "UBND phường Cầu Hạc", 2028, "Cửa Hạc")))
    start = plan.text.index("Trước ngày 15/02/2026")
    moved = rewriter.rewrite(start, start + len("Trước ngày 15/02/2026"))
    assert moved.text == "Trước ngày 15/02/2028"
    assert [c.reason for c in moved.changes] == ["deadline"]
    local = next(c for c in plan.citations if c.number == "2417/QĐ-UBND")
    line = rewriter.rewrite(local.start, local.end)
    assert "2417" not in line.text and "19/12/2025" not in line.text and line.text.count(GAP) == 2
    central = next(c for c in plan.citations if c.number == "61/2018/NĐ-CP")
    assert rewriter.rewrite(central.start, central.end).text == central.text
    formal = rewriter.rewrite(central.start, central.end, formal=True)
    assert "ngày 23 tháng 4 năm 2018" in formal.text


def test_the_outline_says_how_many_plans_have_each_section(drafts: list[Draft]) -> None:
    for made in drafts:
        assert made.sections and made.sections[0].level == 1
        for section in made.sections:
            assert 1 <= section.support <= section.asked
        headings = [s.heading for s in made.sections if s.level == 1]
        assert len({h.casefold() for h in headings}) == len(headings)
    asked = [s.heading for s in drafts[0].sections]
    assert any(same_section(h, "Mục đích, yêu cầu") for h in asked)
    assert same_section(asked[[s.level for s in drafts[0].sections].index(1)], asked[0])
    assert any(same_section(h, "Tổ chức thực hiện") for h in asked)


def test_căn_cứ_stand_in_customary_order_and_form(drafts: list[Draft]) -> None:
    lines = [basis.line.text for basis in drafts[0].basis]
    assert lines and all(re.match(r"Căn cứ|Thực hiện|Theo|Trên cơ sở", line) for line in lines)
    kinds = [re.match(r"Căn cứ (Luật|Nghị định|Nghị quyết|Quyết định|Chỉ thị)", li) for li in lines]
    ranks = [["Luật", "Nghị định", "Nghị quyết", "Quyết định", "Chỉ thị"].index(k[1])
             for k in kinds if k]  # fmt: skip
    assert ranks == sorted(ranks)
    assert not any(re.search(r"ngày \d+/\d+/\d+", line) for line in lines)
    keys = [basis.key for made in drafts for basis in made.basis]
    assert all(key is None or not re.search(r":(?:xa|phuong|huyen)-", key) for key in keys)


def test_tasks_have_bodies_of_the_issuers_own_level(drafts: list[Draft]) -> None:
    ward = drafts[0]
    assert len(ward.tasks) >= 4
    leads = [p.text for row in ward.tasks for p in row.lead]
    assert leads and not any(re.match(r"Sở |Phòng Nội vụ", lead) for lead in leads)
    assert counterpart("Sở Nội vụ", "province", "phuong") == "Phòng Văn hóa - Xã hội"
    assert counterpart("Công an tỉnh", "province", "xa") == "Công an xã"
    assert counterpart("Sở Thông tin và Truyền thông", "province", "province") == (
        "Sở Khoa học và Công nghệ"
    )
    assert counterpart("Sở Y tế", "province", "school-province_agency") is None


def test_kindred_plans_share_subject_and_act(library: Library) -> None:
    found = kindred(library, _request(*REQUESTS[0]))
    assert len(found) >= 8
    assert all("hành chính" in (kin.plan.title or "").lower() for kin in found)
    assert found[0].score >= found[-1].score
    first = kindred(
        library,
        Request(
            title=REQUESTS[0][0], issuer=REQUESTS[0][1], year=2027, like=(found[-1].plan.plan,)
        ),
    )
    assert first[0].plan.plan == found[-1].plan.plan
    withheld = kindred(library, _request(*REQUESTS[0]), without=[found[0].plan.plan])
    assert found[0].plan.plan not in {kin.plan.plan for kin in withheld}
    scores = likenesses(
        "Tuyên truyền bầu cử năm 2026", ["Kiểm tra, giám sát bầu cử", "Tuyên truyền bầu cử", "Khác"]
    )
    assert scores[0] == 0 and scores[1] > 0.9 and scores[2] == 0


def test_the_matcher_of_headings_agrees_with_what_was_judged_by_eye() -> None:
    rows = [line.split("\t") for line in GOLD.read_text("utf-8").splitlines() if line[0] != "#"]
    agreed = sum(same_section(one, other) == (judged == "1") for judged, one, other in rows)
    wrongly = sum(same_section(one, other) and judged == "0" for judged, one, other in rows)
    assert len(rows) == 100 and agreed >= 87 and wrongly <= 4
    assert all(same_section(a, b) == same_section(b, a) for _, a, b in rows)


def test_few_kindred_plans_are_said_plainly(library: Library, drafts: list[Draft]) -> None:
    assert any("Chỉ có" in warning.text for warning in drafts[-1].warnings)
    with pytest.raises(UsageError, match="không có kế hoạch nào cùng chủ đề"):
        draft(library, _request("Trồng sâm trên sao Hỏa", "UBND xã Nậm Sim", 2026, None))
    with pytest.raises(UsageError, match="Không rõ cấp"):
        draft(library, _request("Chuyển đổi số", "Ban Điều hành", 2026, None))
    with pytest.raises(UsageError, match="Thiếu tên"):
        draft(library, _request(" ", "UBND xã Nậm Sim", 2026, None))


def test_a_draft_is_the_same_when_made_twice(library: Library, drafts: list[Draft]) -> None:
    assert to_dict(draft(library, _request(*REQUESTS[1]))) == to_dict(drafts[1])


def test_json_has_the_shape_of_the_contract(drafts: list[Draft]) -> None:
    data = to_dict(drafts[0])
    assert data["title"] == REQUESTS[0][0] and isinstance(data["findings"], list)
    assert all({"kind", "text", "message"} <= set(finding) for finding in data["findings"])
    section = next(s for s in data["sections"] if s["paragraphs"])
    assert {"number", "heading", "paragraphs"} <= set(section)
    paragraph = section["paragraphs"][0]
    assert {"text", "sources", "gaps"} <= set(paragraph)
    assert set(paragraph["sources"][0]) == {"plan", "start", "end"}


def test_the_superiors_plan_becomes_the_last_căn_cứ(library: Library) -> None:
    over = next(p for p in library.plans() if p.issuer == "UBND tỉnh Kon Ruông" and p.year == 2025)
    plan = library.plan(over.plan)
    made = draft(library, _request(*REQUESTS[1]), superior=plan)
    line = made.basis[-1].line
    assert plan.header.number and plan.header.number in line.text
    assert traced(line, dict(library.texts()))


def test_markdown_names_every_source_once(drafts: list[Draft]) -> None:
    text = markdown(drafts[0])
    marks = re.findall(r"(?<!\n)\[\^(\d+)\](?!:)", text)
    notes = re.findall(r"^\[\^(\d+)\]:", text, re.M)
    assert marks and sorted(marks, key=int) == sorted(notes, key=int)
    assert "[^" not in markdown(drafts[0], sources=False)


@pytest.mark.parametrize(
    ("issuer", "level"),
    [
        ("UBND xã Nậm Sim", "commune"),
        ("UBND tỉnh Lào Cai", "province"),
        ("UBND thành phố Hà Nội", "province"),
        ("UBND thành phố Bến Hạc", "district"),
        ("Sở Nội vụ tỉnh Lào Cai", "province_agency"),
        ("Bộ Nội vụ", "central"),
        ("Câu lạc bộ", None),
    ],
)
def test_the_level_is_read_from_the_issuer(issuer: str, level: str | None) -> None:
    assert level_of(issuer) == level
