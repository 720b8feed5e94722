"""Figures of parsing against readings by hand; the arithmetic of each is written out."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from support_samples import CORPUS, ROOT

from kh_nlp.cli import main
from kh_nlp.errors import InputError
from kh_nlp.evaluation import (
    FIGURES,
    GoldReading,
    ParseReport,
    compare,
    evaluate_parsing,
    load_baseline,
    load_gold,
    pair,
    save_baseline,
    score_plan,
)
from kh_nlp.evaluation.figures import f1
from kh_nlp.evaluation.gold import read_gold
from kh_nlp.evaluation.likeness import alike, likeness, same_body
from kh_nlp.evaluation.parsing import asked_figures
from kh_nlp.model import Plan, plan_from_dict

GOLD = Path(__file__).resolve().parent / "gold_corpus"

TEXT = """UBND XÃ ĐỒI HẠC
Căn cứ Nghị quyết số 76/NQ-CP ngày 15/7/2021;
I. MỤC ĐÍCH
Nội dung bị ngắt ở đây rồi nối lại.
II. TỔ CHỨC
1. Văn phòng: Chủ trì.
2. Công an xã: Phối hợp.
1 Chú thích."""


def at(words: str) -> dict[str, int]:
    start = TEXT.index(words)
    return {"start": start, "end": start + len(words)}


def section(number: str, heading: str | None, words: str, parent: str | None = None) -> dict:
    place = at(words)
    return {
        "id": f"p:{number}",
        "number": number,
        "label": number.rpartition(".")[2],
        "heading": heading,
        "parent": parent,
        "annex": False,
        "spans": [[place["start"], place["end"]]],
        "page": 1,
        "text": words,
        "notes": [],
        **place,
    }


def task(origin: str, order: int | None, content: str, **cells: Any) -> dict:
    place = {"start": 0, "end": 0, "spans": [], "page": 1}
    return {"id": f"p:{origin}{order}{content}", "origin": origin, "order": order} | (
        {"group": None, "content": content} | place | cells
    )


def citation(words: str, number: str | None, day: str | None, **more: Any) -> dict:
    return {
        "text": words,
        "kind": None,
        "number": number,
        "issued_on": day,
        "issuer": None,
        "title": None,
        "role": "reference",
        "relation": None,
        "section": None,
        "confidence": 1.0,
        **at(words),
        **more,
    }


def plan(**changes: Any) -> Plan:
    """A small plan without a fault against ``GOOD``; ``changes`` replace parts of its JSON."""
    resolution = "Nghị quyết số 76/NQ-CP ngày 15/7/2021"
    data: dict[str, Any] = {
        "plan_id": "p",
        "source": {
            "path": "không có.txt",
            "sha256": "",
            "format": "text",
            "pages": 1,
            "characters": 0,
        },
        "quality": {},
        "header": {
            "number": "5/KH-UBND",
            "issuer": "Ủy ban nhân dân xã Đồi Hạc",
            "year": 2026,
            "title": "Cải cách hành chính",
        },
        "text": TEXT,
        "blocks": [
            {"kind": "header", **at("UBND XÃ ĐỒI HẠC")},
            {"kind": "opening", **at("Căn cứ Nghị quyết số 76/NQ-CP ngày 15/7/2021;")},
        ],
        "sections": [
            section("I", "MỤC ĐÍCH", "I. MỤC ĐÍCH\nNội dung bị ngắt ở đây rồi nối lại."),
            section("II", "TỔ CHỨC", "II. TỔ CHỨC"),
            section("II.1", None, "1. Văn phòng: Chủ trì.", "p:II"),
            section("II.2", None, "2. Công an xã: Phối hợp.", "p:II"),
        ],
        "notes": [{"label": "1", "text": "Chú thích.", "section": "p:I", **at("1 Chú thích.")}],
        "tasks": [
            task("table", 1, "Treo băng rôn ở trụ sở", lead=["Văn phòng"], deadline="Quý I"),
            task("table", 2, "Tập huấn cho công chức", lead=["Văn phòng", "Công an"]),
            task("assignment", None, "Chủ trì", lead=["Văn phòng"], section="p:II.1"),
            task("assignment", None, "Phối hợp", lead=["Công an xã"], section="p:II.2"),
        ],
        "citations": [
            citation(resolution, "76/NQ-CP", "2021-07-15", issuer="Chính phủ", role="basis"),
        ],
        "runs": [],
    }
    return plan_from_dict(data | changes)


GOOD: dict[str, Any] = {
    "header": {
        "number": "5 /KH-UBND",
        "issuer": "UBND xã Đồi Hạc",
        "year": 2026,
        "title": "cải cách hành chính",
    },
    "sections": ["I", "II", "II.1", "II.2"],
    "headings": {"I": "Mục đích", "II": "Tổ chức"},
    "tasks": [
        {
            "order": 1,
            "content": "Treo băng rôn ở trụ sở.",
            "lead": "Văn phòng",
            "deadline": "Quý I",
            "output": None,
        },
        {"order": 2, "content": "Tập huấn cho công chức", "lead": "Văn phòng; Công an"},
    ],
    "assignments": {"II.1": "Văn phòng", "II.2": "Công an xã"},
    "citations": [
        {
            "number": "76/NQ-CP",
            "issued_on": "2021-07-15",
            "issuer": "Chính phủ",
            "role": "basis",
        }
    ],
    "named": ["Nghị quyết số 76"],
    "footnotes": {"1": "I"},
    "joins": [["Nội dung bị ngắt", "ở đây rồi nối lại"]],
}


def gold(**changes: Any) -> GoldReading:
    return read_gold("p", GOOD | changes)


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


def report_of(*plans: tuple[str, Plan]) -> ParseReport:
    readings = [replace(gold(), name=name) for name, _ in plans]
    return evaluate_parsing(readings, {name: (f"{name}.txt", parsed) for name, parsed in plans})


def test_gains_and_losses_against_a_baseline(tmp_path: Path) -> None:
    bare = replace(plan(), notes=())
    short = replace(plan(), sections=plan().sections[:2])
    file = tmp_path / "baseline.json"
    save_baseline(report_of(("p", bare), ("q", plan())), file)
    report = report_of(("p", plan()), ("q", short), ("r", plan()))
    found = compare(report, load_baseline(file))
    gains = [(c.plan, c.figure, c.before, c.now) for c in found.gains]
    assert gains[0] == ("p", "notes", 0.0, 1.0)
    assert {(plan, figure) for plan, figure, *_ in gains} == {("p", "notes"), ("p", "coverage")}
    losses = {(c.plan, c.figure): (c.before, c.now) for c in found.losses}
    assert losses[("q", "assignments")] == (1.0, 0.0)
    assert losses[("q", "sections")] == (1.0, pytest.approx(2 / 3))  # 2 · 2 / (2 + 4)
    assert ("q", "header") not in losses
    assert {"sections", "assignments"} <= set(found.fallen) and "notes" not in found.fallen
    assert found.new == ("r",)
    # Means are over what both know: r is in neither.
    means = {c.figure: (c.before, c.now) for c in found.means}
    assert means["notes"] == (1 / 2, 1.0)
    assert means["sections"] == (1.0, pytest.approx((1 + 2 / 3) / 2))


def test_a_small_fall_is_a_loss_but_no_fallen_mean() -> None:
    report = report_of(("p", plan()))
    near = compare(report, {"p": {"header": 1.0, "sections": 1.004}})
    assert [c.figure for c in near.losses] == ["sections"] and near.fallen == ()
    far = compare(report, {"p": {"sections": 1.006}})
    assert far.fallen == ("sections",)


def test_a_figure_that_is_no_longer_there_has_fallen_to_zero() -> None:
    found = compare(report_of(("p", plan())), {"p": {"words_kept": 0.9}, "other": {"header": 1}})
    assert [(c.figure, c.now) for c in found.losses] == [("words_kept", 0.0)]
    assert found.fallen == ("words_kept",)


def test_saving_keeps_the_plans_of_other_folders(tmp_path: Path) -> None:
    file = tmp_path / "baseline.json"
    save_baseline(report_of(("p", plan())), file)
    save_baseline(report_of(("q", replace(plan(), notes=()))), file)
    data = json.loads(file.read_text("utf-8"))
    assert list(data["plans"]) == ["p", "q"]
    assert data["means"]["notes"] == 0.5
    before = file.read_bytes()
    missing = evaluate_parsing([gold()], {})
    save_baseline(missing, file)
    assert file.read_bytes() == before


def test_files_are_paired_by_name_near_the_readings(tmp_path: Path) -> None:
    for name in ("gold", "near", "other"):
        (tmp_path / "set" / name).mkdir(parents=True)
    (tmp_path / "far").mkdir()
    for place in ("set/near/a.txt", "set/other/a.md", "far/a.txt", "far/b.txt"):
        (tmp_path / place).write_text("x", "utf-8")
    readings = [read_gold(name, {"header": {}}) for name in "abc"]
    found = pair(readings, tmp_path / "set" / "gold")
    root = tmp_path.resolve()
    assert found.files == {"a": root / "set/near/a.txt", "b": root / "far/b.txt"}
    assert found.missing == ("c",)
    assert list(found.ambiguous) == ["a"] and len(found.ambiguous["a"]) == 2
    given = pair(readings, tmp_path / "set" / "gold", [tmp_path / "far"])
    assert set(given.files) == {"a", "b"} and given.ambiguous == {}


def test_readings_that_are_none(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="không có bản đọc tay nào"):
        load_gold(tmp_path)
    with pytest.raises(InputError, match="không phải là thư mục"):
        load_gold(tmp_path / "x")
    (tmp_path / "a.json").write_text('{"header": {}, "tasks": [1]}', "utf-8")
    with pytest.raises(InputError, match=r"a\.json: không phải bản đọc tay hợp lệ"):
        load_gold(tmp_path)
    assert len(load_gold(GOLD)) == 6  # questions.json is no reading of a plan


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[object, str, str]:
    with pytest.raises(SystemExit) as stop:
        main([str(argument) for argument in arguments])
    out, err = capsys.readouterr()
    return stop.value.code, out, err


def test_the_samples_hold_the_committed_baseline(capsys: pytest.CaptureFixture[str]) -> None:
    baseline = ROOT / "benchmarks" / "parse_quality.json"
    options = ("--gold", GOLD, CORPUS, "--baseline", baseline, "--strict", "--json")
    status, out, err = run(capsys, "evaluate", "parse", *options)
    assert (status, err) == (0, "")
    data = json.loads(out)
    assert len(data["plans"]) == 6 and data["missing"] == data["baseline"]["new"] == []
    assert data["means"]["sections"] >= 0.97 and data["means"]["tasks"] >= 0.95
    assert data["means"]["coverage"] >= 0.99 and data["means"]["spans"] == 1.0


def test_a_fallen_mean_ends_with_status_1(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    reading = json.loads(next(GOLD.glob("03-*.json")).read_text("utf-8"))
    file = next(CORPUS.glob("03-*"))
    folder = tmp_path / "gold"
    folder.mkdir()
    (folder / f"{file.stem}.json").write_text(json.dumps(reading), "utf-8")
    baseline = tmp_path / "baseline.json"
    options = ("evaluate", "parse", "--gold", folder, file)
    assert run(capsys, *options, "--save", baseline)[0] == 0
    reading["sections"] = [*reading["sections"], "XX"]
    (folder / f"{file.stem}.json").write_text(json.dumps(reading), "utf-8")
    status, out, _ = run(capsys, *options, "--baseline", baseline)
    assert status == 0 and "Mất 1 chỗ so với mốc" in out and "XX: không có ≠ “XX”" in out
    assert run(capsys, *options, "--baseline", baseline, "--strict")[0] == 1
    assert run(capsys, *options, "--strict")[0] == 2


def test_what_is_wrong_is_one_line(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / f"{name}.json").write_text('{"header": {"number": null}}', "utf-8")
    (tmp_path / "a.txt").write_bytes(b"")
    status, out, err = run(capsys, "evaluate", "parse", "--gold", tmp_path, "--json")
    assert status == 1 and json.loads(out)["missing"] == ["a", "b"]
    lines = err.splitlines()
    assert lines[0] == "kh: b: không tìm thấy tệp kế hoạch, tính là 0."
    assert len(lines) == 2 and "a.txt" in lines[1]
    (tmp_path / "bad").write_text("[]", "utf-8")
    options = ("--gold", tmp_path, "--baseline", tmp_path / "bad")
    status, _, err = run(capsys, "evaluate", "parse", *options)
    assert status == 1 and err.strip().endswith("không phải tệp mốc so sánh.")
