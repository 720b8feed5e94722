"""Figures of parsing against readings by hand; the arithmetic of each is written out."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from support_evaluation import TEXT, citation, gold, plan, task

from kh_nlp.evaluation import (
    FIGURES,
    GoldReading,
    evaluate_parsing,
    score_plan,
)
from kh_nlp.evaluation.figures import f1
from kh_nlp.evaluation.gold import read_gold
from kh_nlp.evaluation.likeness import alike, likeness, same_body
from kh_nlp.evaluation.parsing import asked_figures
from kh_nlp.model import Plan


def value(figure: str, parsed: Plan, reading: GoldReading | None = None) -> float:
    return score_plan(parsed, reading or gold())[figure].value


def where(figure: str, parsed: Plan, reading: GoldReading | None = None) -> list[str]:
    return [fault.where for fault in score_plan(parsed, reading or gold())[figure].faults]


def test_a_plan_without_faults_has_one_in_every_figure() -> None:
    figures = score_plan(plan(), gold())
    # The file is not there, so that its words cannot be counted.
    assert list(figures) == [name for name in FIGURES if name != "words_kept"]
    assert {name: figure.value for name, figure in figures.items()} == dict.fromkeys(figures, 1.0)
    assert not any(figure.faults for figure in figures.values())


def test_f1() -> None:
    # precision 3/4, recall 3/5: 2 · (3/4 · 3/5) / (3/4 + 3/5) = (9/10) / (27/20) = 2/3
    assert f1(3, 4, 5) == pytest.approx(2 / 3)
    assert f1(0, 0, 0) == 1.0
    assert f1(0, 0, 5) == f1(0, 5, 0) == 0.0


def test_likeness_leaves_accents_case_and_punctuation_aside() -> None:
    assert likeness("Uỷ ban  nhân dân,", "UBND") == 1.0
    # "abcd" and "bcde" share "bcd": 2 · 3 / (4 + 4)
    assert likeness("abcd", "bcde") == pytest.approx(0.75)
    assert alike(None, "", 0.9) and not alike("Quý I", None, 0.9)


def test_bodies_of_two_places_are_two() -> None:
    assert same_body("Ủy ban nhân dân tỉnh Lào Cai", "UBND tỉnh Lào Cai")
    assert not same_body("UBND tỉnh Lào Cai", "UBND tỉnh Lai Châu")
    assert same_body("Ban Chấp hành Trung ương Đảng khóa XIII", "Ban Chấp hành")
    assert same_body(None, None) and not same_body("Chính phủ", None)


def test_header_is_the_share_of_fields() -> None:
    wrong = plan(header={"number": "5/KH-UBND", "issuer": "UBND xã Đồi Cao", "year": None})
    # number right; issuer, year and title wrong: 1 of 4
    assert value("header", wrong) == 1 / 4
    assert where("header", wrong) == ["year", "title", "issuer"]
    blank = gold(header={"number": None, "signer": None})
    assert value("header", plan(), blank) == 1 / 2  # the number should be unknown


def test_sections_are_sets_of_paths_without_annexes() -> None:
    parsed = plan()
    annex = replace(parsed.sections[3], annex=True)
    twice = replace(parsed.sections[1], id="p:again")
    odd = replace(parsed, sections=(*parsed.sections[:3], annex, twice))
    # found I, II, II.1 of I, II, II.1, II.2: 2 · 3 / (3 + 4)
    assert value("sections", odd) == pytest.approx(6 / 7)
    assert where("sections", odd) == ["II.2"]
    # an extra one: 2 · 3 / (4 + 3)
    fewer = gold(sections=["I", "II", "II.1"])
    assert value("sections", parsed, fewer) == pytest.approx(6 / 7)


def test_headings_may_be_carried_by_either_of_two_records() -> None:
    parsed = plan()
    bare = replace(parsed.sections[1], heading=None)
    assert value("headings", replace(parsed, sections=(parsed.sections[0], bare))) == 1 / 2
    both = replace(parsed, sections=(bare, *parsed.sections))
    assert value("headings", both) == 1.0


def test_tasks_pair_rows_by_content_and_number() -> None:
    parsed = plan()
    first, second, *duties = parsed.tasks
    swapped = replace(parsed, tasks=(second, first, *duties))
    assert value("tasks", swapped) == 1.0 == value("task_fields", swapped)
    lost = replace(parsed, tasks=(first, *duties))
    # one of two rows: 2 · 1 / (1 + 2); of the three filled cells the lost row's one is wrong
    assert value("tasks", lost) == pytest.approx(2 / 3)
    assert value("task_fields", lost) == pytest.approx(2 / 3)
    extra = replace(second, id="p:x", content="Một việc khác hẳn", order=3)
    more = replace(parsed, tasks=(*parsed.tasks, extra))
    assert value("tasks", more) == pytest.approx(4 / 5)  # 2 · 2 / (3 + 2)
    assert value("tasks", more, gold(tasks_partial=True)) == 1.0


def test_rows_of_one_content_are_told_apart_by_their_number() -> None:
    rows = [task("table", n, "Như trên", lead=[f"Phòng {'ABC'[n]}"]) for n in (0, 1, 2)]
    wanted = [{"order": n, "content": "Như trên", "lead": f"Phòng {'ABC'[n]}"} for n in (2, 1, 0)]
    assert score_plan(plan(tasks=rows), gold(tasks=wanted))["task_fields"].value == 1.0


def test_task_fields_count_filled_cells_only() -> None:
    parsed = plan()
    late = replace(parsed.tasks[0], deadline="Tháng 12/2026", output="Báo cáo")
    wrong = replace(parsed, tasks=(late, *parsed.tasks[1:]))
    # three cells are filled in the reading (two leads, one deadline); its empty output is not asked
    assert value("task_fields", wrong) == pytest.approx(2 / 3)
    assert where("task_fields", wrong) == ["1.deadline"]


def test_assignments_hang_on_exactly_their_unit() -> None:
    parsed = plan()
    *rows, first, second = parsed.tasks
    above = replace(parsed, tasks=(*rows, first, replace(second, section="p:II")))
    # II.1 right, II.2 not found, II false: 2 · 1 / (2 + 2)
    assert value("assignments", above) == 1 / 2
    one = gold(assignments={"II.1": "Văn phòng"})
    assert value("assignments", parsed, one) == pytest.approx(2 / 3)  # II.2 is false beside II.1
    elsewhere = replace(parsed, tasks=(*parsed.tasks, replace(first, section="p:I")))
    assert value("assignments", elsewhere) == 1.0


def test_citations_are_distinct_by_number_and_date() -> None:
    words = "Nghị quyết số 76/NQ-CP ngày 15/7/2021"
    known = citation(words, "76/NQ-CP", "2021-07-15", issuer="Quốc hội", role="basis")
    undated = citation(words, "76/NQ-CP", None, issuer="Chính phủ")
    parsed = plan(citations=[known, known, undated, citation(words, None, None)])
    assert value("citations", parsed) == pytest.approx(2 / 3)  # 2 · 1 / (2 + 1)
    assert value("citation_issuer", parsed) == 0.0
    assert value("roles", parsed) == 1.0
    reference = plan(citations=[known | {"role": "reference"}])
    assert value("roles", reference) == 0.0
    assert "citation_issuer" not in score_plan(plan(citations=[undated]), gold())


def test_named_documents_are_found_in_what_a_citation_resolves_to() -> None:
    names = gold(named=["Đề án 06", "Luật Điện ảnh"])
    words = "Nghị quyết số 76/NQ-CP ngày 15/7/2021"
    document = {"key": "k", "title": "Phê duyệt Đề án 06 của Chính phủ", "from": "registry"}
    parsed = plan(citations=[citation(words, "76/NQ-CP", None, document=document)])
    assert value("named", parsed, names) == 1 / 2
    assert where("named", parsed, names) == ["Luật Điện ảnh"]


def test_notes_stand_in_the_section_of_their_mark() -> None:
    notes = gold(footnotes={"1": "I", "2": None})
    # A note that was not found is wrong, also where it should stand before the first section.
    assert value("notes", plan(), notes) == 1 / 2
    assert where("notes", plan(), notes) == ["2"]


def test_joins_need_both_halves_in_one_section() -> None:
    joins = gold(joins=[["bị ngắt", "ở đây"], ["nối lại", "Văn phòng"]])
    assert value("joins", plan(), joins) == 1 / 2


def test_coverage_counts_solid_characters_outside_other_blocks() -> None:
    parsed = plan()
    (head, opening) = parsed.blocks
    other = replace(head, kind="other")
    solid = sum(map(len, TEXT.split()))
    missing = len("UBNDXÃĐỒIHẠC")
    lost = replace(parsed, blocks=(other, opening))
    assert value("coverage", lost) == pytest.approx(1 - missing / solid)
    assert score_plan(lost, gold())["coverage"].faults[0].expected == "UBND XÃ ĐỒI HẠC"


def test_words_kept_counts_repeats_and_ignores_markup(tmp_path: Path) -> None:
    file = tmp_path / "p.md"
    file.write_bytes("\ufeff**Sở Nội vụ**\r\n| <b>Sở Y tế, sở</b> |# 1".encode())
    parsed = replace(plan(), text="Sở Nội vụ. Sở")
    figure = score_plan(parsed, gold(), file)["words_kept"]
    # of sở ×3, nội, vụ, tế (single letters do not count) the text keeps sở ×2, nội, vụ: 4 of 6
    assert figure.value == pytest.approx(4 / 6)
    lost = [(fault.where, fault.expected, fault.found) for fault in figure.faults]
    assert lost == [("so", "3", "2"), ("te", "1", "0")]
    assert "words_kept" not in score_plan(parsed, gold(damaged=True), file)
    scan = replace(parsed, source=replace(parsed.source, format="docx"))
    assert "words_kept" not in score_plan(scan, gold(), file)


def test_spans_are_quotes_and_bounds() -> None:
    parsed = plan()
    shifted = replace(parsed.citations[0], start=parsed.citations[0].start + 1)
    outside = replace(parsed.sections[0], end=len(TEXT) + 1)
    odd = replace(parsed, citations=(shifted,), sections=(outside, *parsed.sections[1:]))
    assert value("spans", odd) == pytest.approx(3 / 5)  # one quote and four sections, two wrong


def test_an_empty_reading_asks_for_nothing_but_wholeness() -> None:
    empty = read_gold("p", {"header": {}})
    assert list(score_plan(plan(), empty)) == ["coverage", "spans"]
    assert asked_figures(empty) == ["coverage", "words_kept", "spans"]
    nothing = read_gold("p", {"header": {}, "sections": [], "headings": {}, "citations": []})
    bare = replace(plan(), sections=(), citations=())
    figures = {name: figure.value for name, figure in score_plan(bare, nothing).items()}
    assert (figures["sections"], figures["headings"], figures["citations"]) == (1.0, 1.0, 1.0)
    assert score_plan(plan(), nothing)["sections"].value == 0.0  # four found, none expected


def test_a_missing_plan_counts_as_zero() -> None:
    readings = [gold(), replace(gold(), name="q")]
    report = evaluate_parsing(readings, {"p": ("p.txt", plan())})
    assert report.missing() == ["q"]
    means = report.means()
    assert means["header"] == means["notes"] == 1 / 2
    # The file of p is not there: only the missing plan has the figure.
    assert means["words_kept"] == 0.0


def test_damaged_plans_count_for_coverage_only_in_the_sound_means() -> None:
    readings = [gold(), replace(gold(), name="q", damaged=True, sections=())]
    report = evaluate_parsing(readings, {name: (f"{name}.txt", plan()) for name in "pq"})
    assert report.means()["sections"] == 1 / 2
    assert report.means(sound=True)["sections"] == 1.0
    lost = replace(plan(), blocks=())
    report = evaluate_parsing(readings, {"p": ("p.txt", plan()), "q": ("q.txt", lost)})
    assert report.means(sound=True)["coverage"] < 1.0
