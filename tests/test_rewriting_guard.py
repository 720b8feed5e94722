"""The guard of rewritings beside its gold, and on sentences that say the same."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kh_nlp.language import nfc
from kh_nlp.pipeline import read_plan
from kh_nlp.rewriting import check
from kh_nlp.rewriting.amounts import find_amounts
from kh_nlp.rewriting.dates import find_dates
from kh_nlp.summaries import units

ROOT = Path(__file__).resolve().parent.parent
GOLD = ROOT / "tests" / "gold_rewriting"
SAMPLES = sorted((ROOT / "corpus").glob("[0-9]*.*"))


def pairs(name: str) -> list[dict]:
    return [json.loads(line) for line in (GOLD / f"{name}.jsonl").read_text("utf-8").splitlines()]


def shares(names: tuple[str, ...]) -> tuple[float, float]:
    """Share of bad rewritings caught and of good ones rejected."""
    rows = [row for name in names for row in pairs(name)]
    found = [(row["ok"], bool(check(row["output"], row["sources"]))) for row in rows]
    bad, good = ([hit for ok, hit in found if ok is wanted] for wanted in (False, True))
    return sum(bad) / len(bad), sum(good) / len(good)


def test_bad_is_caught_and_good_is_let_through_on_what_was_not_tuned_on() -> None:
    caught, rejected = shares(("judging", "fresh"))
    assert caught >= 0.98 and rejected <= 0.10


def test_nothing_is_lost_on_what_was_tuned_on() -> None:
    assert shares(("tuning",)) == (1.0, 0.0)


def test_the_gold_is_large_enough_and_of_every_kind() -> None:
    rows = [row for name in ("tuning", "judging") for row in pairs(name)]
    assert sum(row["ok"] for row in rows) >= 50
    assert sum(not row["ok"] for row in rows) >= 70
    assert len({row["why"] for row in rows}) >= 20
    assert len({row["output"] for row in rows if row["output"].strip()}) >= 120


@pytest.mark.parametrize(
    "path",
    [*SAMPLES[:6], *(pytest.param(path, marks=pytest.mark.slow) for path in SAMPLES[6:])],
    ids=lambda path: path.name[:2],
)
def test_sentences_in_another_order_say_the_same(path: Path) -> None:
    found = [nfc(" ".join(unit.text.split())) for unit in units(read_plan(path))]
    assert len(found) > 10
    for at in range(0, len(found) - 2, 3):
        group = found[at : at + 3]
        output = " ".join(text.rstrip(" ;.,") + "." for text in reversed(group))
        assert check(output, group) == ()


@pytest.mark.parametrize(
    "sentence",
    [
        "Báo Kon Ruông ra mỗi tháng 02 trang chuyên đề, phát 03 lần/tuần.",
        "Thực hiện theo Mục III Kế hoạch này; tăng bình quân 10 - 12%/năm.",
        "Kết quả: Báo cáo, biên bản hội nghị.",
        "Các tiện ích bước đầu của Đề án 06².",
    ],
)
def test_what_a_source_says_itself_stands(sentence: str) -> None:
    assert check(sentence, [sentence]) == ()


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="aÁ1%. ,“”\n-/năm hai không II", max_size=60), st.text(max_size=30))
def test_spans_lie_in_the_output(output: str, source: str) -> None:
    output = nfc(output)
    for one in check(output, [source]):
        assert 0 <= one.start <= one.end <= len(output)
        assert output[one.start : one.end] == one.text and one.reason


@pytest.mark.parametrize(
    ("text", "value", "unit", "bound"),
    [
        ("02 lớp", 2, None, "exactly"),
        ("hai lớp", 2, None, "exactly"),
        ("1.500 tờ", 1500, None, "exactly"),
        ("1500 tờ", 1500, None, "exactly"),
        ("1,85 tỷ đồng", 1_850_000_000, "đồng", "exactly"),
        ("1.850 triệu đồng", 1_850_000_000, "đồng", "exactly"),
        ("hai mươi mốt xã", 21, None, "exactly"),
        ("một trăm linh năm bài", 105, None, "exactly"),
        ("năm trăm người", 500, None, "exactly"),
        ("ít nhất 05 phút", 5, "phút", "at_least"),
        ("không quá 05 phút", 5, "phút", "at_most"),
        ("từ 98% trở lên", 98, "%", "at_least"),
        ("đạt trên 70 phần trăm", 70, "%", "at_least"),
        ("trong 03 ngày làm việc", 3, "ngày làm việc", "within"),
        ("khoảng 20 người", 20, None, "about"),
    ],
)
def test_numbers_are_read(text: str, value: int, unit: str | None, bound: str) -> None:
    (found,) = find_amounts(text)
    assert (found.value, found.unit, found.bound) == (value, unit, bound)


@pytest.mark.parametrize(
    "text", ["hằng năm", "cuối năm công chức", "người Ba Na", "không", "tư vấn"]
)
def test_words_that_only_look_like_numbers(text: str) -> None:
    assert find_amounts(text) == ()


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("ngày 15/7/2021", (15, 7, 2021)),
        ("15 tháng 07 năm 2021", (15, 7, 2021)),
        ("ngày mười lăm tháng bảy năm hai nghìn không trăm hai mươi mốt", (15, 7, 2021)),
        ("tháng 3/2023", (None, 3, 2023)),
        ("tháng ba", (None, 3, None)),
        ("năm 2025", (None, None, 2025)),
        ("ngày 05 hằng tháng", (5, None, None)),
        ("trước ngày 15/12", (15, 12, None)),
    ],
)
def test_dates_are_read(text: str, date: tuple[int | None, int | None, int | None]) -> None:
    (found,) = find_dates(text).dates
    assert (found.day, found.month, found.year) == date
