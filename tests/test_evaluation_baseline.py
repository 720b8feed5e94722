"""Gains and losses against a baseline, files and readings paired, and the command."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from support_evaluation import gold, plan
from support_samples import CORPUS, ROOT

from kh_nlp.cli import main
from kh_nlp.errors import InputError
from kh_nlp.evaluation import (
    ParseReport,
    compare,
    evaluate_parsing,
    load_baseline,
    load_gold,
    pair,
    save_baseline,
)
from kh_nlp.evaluation.gold import read_gold
from kh_nlp.model import Plan

GOLD = Path(__file__).resolve().parent / "gold_corpus"


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
    plans = [file for file in CORPUS.glob("[0-9]*.*") if file.suffix in (".txt", ".md")]
    assert len(load_gold(GOLD)) == len(plans)  # questions.json is no reading of a plan


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
    assert len(data["plans"]) >= 15 and data["missing"] == data["baseline"]["new"] == []
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
    # Two folders down, for plans are looked for in the folders around the readings too.
    tmp_path = tmp_path / "in" / "readings"
    tmp_path.mkdir(parents=True)
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
