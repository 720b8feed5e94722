"""Shares, intervals and tests of trends, against arithmetic written out and against scipy."""

from __future__ import annotations

import json
from itertools import permutations
from math import comb

import numpy as np
import pytest
from scipy import stats
from support_trends import labelled, plan, units

from kh_nlp.errors import UsageError
from kh_nlp.model import to_dict
from kh_nlp.trends import Labelled, Side, trends
from kh_nlp.trends.bursts import bursts
from kh_nlp.trends.counting import count
from kh_nlp.trends.distinguishing import log_odds, prior_of
from kh_nlp.trends.intervals import effective, interval
from kh_nlp.trends.periods import plan_years, year_shares
from kh_nlp.trends.testing import corrected, p_values, smallest_p


def years(text: str) -> Side:
    return Side(name=text, years=(int(text), int(text)))


# ------------------------------------------------------------------ time


def test_a_plan_counts_in_each_year_by_its_days_and_leap_years_have_one_more() -> None:
    assert year_shares("2023-01-01", "2024-12-31") == {2023: 365 / 731, 2024: 366 / 731}
    assert year_shares("2023-12-31", "2024-01-01") == {2023: 0.5, 2024: 0.5}
    assert year_shares("2024-02-29", "2024-02-29") == {2024: 1.0}
    assert year_shares("2024-02-29", "2025-02-28") == {2024: 307 / 366, 2025: 59 / 366}
    assert year_shares("2025-12-31", "2025-12-31") == {2025: 1.0}
    assert sum(year_shares("2021-01-01", "2030-12-31").values()) == pytest.approx(1)


@pytest.mark.parametrize(
    "period",
    [("2023-02-29", "2023-12-31"), ("2024-12-31", "2024-01-01"), ("0026-01-01", "2026-12-31")],
)
def test_days_that_are_none_give_no_years(period: tuple[str, str]) -> None:
    assert year_shares(*period) == {}
    # the head may still tell a year; without one nothing is guessed
    assert plan_years(*period, 2024) == ({2024: 1.0}, "year")
    assert plan_years(*period, None) == ({}, None)


def test_the_period_counts_and_not_the_day_of_issue() -> None:
    """Issued in December 2025 for 2026: a plan of 2026."""
    assert plan_years("2026-01-01", "2026-12-31", 2025) == ({2026: 1.0}, "period")


def test_plans_without_a_date_stand_apart_and_are_still_counted_by_level() -> None:
    data = labelled((plan("a", 2024), ["x"]), (plan("b", None), ["x"]), (plan("c", 2025), [""]))
    by_year = trends(data, by=("year",))
    assert by_year.undated == ("b",) and by_year.plans == 2
    assert [g.year for g in by_year.groups] == [2024, 2025]
    assert any("1 kế hoạch không ghi" in text for text in by_year.warnings)
    by_level = trends(data, by=("level",))
    assert by_level.plans == 3 and by_level.undated == ()
    assert by_level.labels[0].shares[0].share == pytest.approx(2 / 3)


def test_year_edges() -> None:
    """A plan that ends on 31/12 has no day in the next year, one that starts there has."""
    data = labelled(
        (plan("a", ("2024-07-01", "2024-12-31")), ["x"]),
        (plan("b", ("2024-12-31", "2025-01-01")), [""]),
    )
    answer = trends(data)
    assert [(g.year, g.plans, g.weight) for g in answer.groups] == [(2024, 2, 1.5), (2025, 1, 0.5)]
    assert [s.share for s in answer.labels[0].shares] == pytest.approx([1 / 1.5, 0])


# ------------------------------------------------------------------ shares


def test_shares_of_plans_units_and_text_written_out() -> None:
    """A long plan weighs as much as a short one in all three measures."""
    long, short = plan("a"), plan("b")
    data = Labelled(
        plans=(long, short),
        units=(
            *units("a", "x", "", "", "", characters=100),
            *units("b", "x y", characters=50),
            *units("b2", characters=1),
        ),
    )
    counts = count(data.plans, data.units)
    assert counts.labels == ("x", "y")
    assert counts.values("plans").tolist() == [[1, 0], [1, 1]]
    assert counts.values("units").tolist() == [[0.25, 0], [1, 1]]
    mean = trends(data, by=("level",), measure="units").labels[0].shares[0].share
    assert mean == pytest.approx((0.25 + 1) / 2)


def test_a_label_twice_in_a_unit_counts_once() -> None:
    counts = count((plan("a"),), units("a", "x x", "x"))
    assert counts.units.tolist() == [[2]]


def test_groups_of_two_dimensions_hold_only_what_exists() -> None:
    data = labelled(
        (plan("a", 2024, level="commune"), ["x"]),
        (plan("b", 2025, level="province"), [""]),
        (plan("c", 2025, level=None, province=None), ["x"]),
    )
    answer = trends(data, by=("year", "level", "province"))
    assert [(g.year, g.level, g.province) for g in answer.groups] == [
        (2024, "commune", "Lào Cai"),
        (2025, "province", "Lào Cai"),
        (2025, None, None),
    ]


# ------------------------------------------------------------------ intervals


@pytest.mark.parametrize(("having", "plans"), [(0, 5), (3, 8), (12, 12), (20, 60)])
def test_interval_of_plans_is_the_beta_interval(having: int, plans: int) -> None:
    values = np.array([[1.0]] * having + [[0.0]] * (plans - having))
    low, high = interval(values, np.ones(plans), "plans", seed=7, rounds=40_000)
    beta = stats.beta(having + 0.5, plans - having + 0.5)
    assert low[0] == pytest.approx(beta.ppf(0.025), abs=0.01)
    assert high[0] == pytest.approx(beta.ppf(0.975), abs=0.01)


@pytest.mark.slow
@pytest.mark.parametrize("share", [0.1, 0.4])
def test_intervals_hold_the_true_share_as_often_as_they_say(share: float) -> None:
    rng = np.random.default_rng(3)
    inside = 0
    for run in range(600):
        values = (rng.random((10, 1)) < share).astype(float)
        low, high = interval(values, np.ones(10), "plans", seed=run, rounds=600)
        inside += low[0] <= share <= high[0]
    assert 0.92 <= inside / 600 <= 0.995


def test_no_interval_where_plans_do_not_differ() -> None:
    low, high = interval(np.zeros((4, 1)), np.ones(4), "units", seed=1)
    assert np.isnan(low[0]) and np.isnan(high[0])


def test_effective_number_of_plans() -> None:
    assert effective(np.array([[1.0], [1.0], [0.0]]))[0] == 2
    assert effective(np.array([[1.0], [0.2]]))[0] == pytest.approx(1.44 / 1.04)


# ------------------------------------------------------------------ tests


def test_small_permutations_are_counted_out() -> None:
    score = np.array([1.0, 2.0, 3.0, 4.0])
    values = np.array([[0.0], [0.0], [1.0], [1.0]])
    p, exact = p_values(values, score, seed=1)
    centred = score - score.mean()
    seen = abs(centred @ values[:, 0])
    deals = [abs(np.array(d) @ values[:, 0]) >= seen - 1e-9 for d in permutations(centred)]
    assert exact[0] and p[0] == pytest.approx(np.mean(deals)) == pytest.approx(2 / 6)


@pytest.mark.parametrize(("first", "second"), [((9, 1), (2, 8)), ((14, 16), (3, 27))])
def test_presence_in_two_groups_is_fishers_test(
    first: tuple[int, int], second: tuple[int, int]
) -> None:
    """With groups of one size the tails are mirror images, as in Fisher's two-sided test."""
    sizes = (sum(first), sum(second))
    values = np.array([[1.0]] * first[0] + [[0.0]] * first[1] + [[1.0]] * second[0]
                      + [[0.0]] * second[1])  # fmt: skip
    score = np.array([-1 / sizes[0]] * sizes[0] + [1 / sizes[1]] * sizes[1])
    p, exact = p_values(values, score, seed=1)
    assert exact[0]
    assert p[0] == pytest.approx(stats.fisher_exact([first, second]).pvalue)


def test_drawn_permutations_come_near_the_exact_p() -> None:
    rng = np.random.default_rng(5)
    score = rng.normal(size=40)
    values = (rng.random((40, 3)) < 0.5).astype(float)
    p, exact = p_values(values, score, seed=2)
    again, _ = p_values(values, score, seed=9)
    assert not exact.any() and p == pytest.approx(again, abs=0.02)
    assert np.array_equal(p, p_values(values, score, seed=2)[0])


def test_scores_are_dealt_within_strata_only() -> None:
    """Provinces say x and write in 2021, communes do not and write in 2025: no change of either."""
    score = np.array([2021.0] * 6 + [2025.0] * 6)
    values = np.array([[1.0]] * 6 + [[0.0]] * 6)
    assert p_values(values, score, seed=1)[0][0] < 0.01
    strata = np.array([0] * 6 + [1] * 6)
    assert p_values(values, score, seed=1, strata=strata)[0][0] == 1


def test_smallest_p() -> None:
    assert smallest_p(np.array([0, 0, 0, 1, 1, 1.0])) == pytest.approx(2 / comb(6, 3))
    assert smallest_p(np.array([0, 0, 1.0])) == pytest.approx(1 / 3)
    assert smallest_p(np.array([5.0, 5.0])) == 1
    scores = np.array([1.0, 2, 3, 4, 5])
    every = [np.array(bits, dtype=float)[:, None] for bits in
             ([0, 0, 0, 0, 1], [0, 0, 0, 1, 1], [0, 0, 1, 1, 1], [0, 1, 1, 1, 1])]  # fmt: skip
    reached = min(p_values(v, scores, seed=1)[0][0] for v in every)
    assert smallest_p(scores) == pytest.approx(reached)


def test_correction_is_benjamini_hochberg_over_all_labels() -> None:
    p = np.array([0.01, 0.04, 0.03, 0.5])
    assert corrected(p) == pytest.approx([0.04, 0.16 / 3, 0.16 / 3, 0.5])


def test_a_change_is_found_and_told_with_its_direction() -> None:
    rows = [(plan(f"a{n}", 2021 + n % 5), ["x" if n % 5 >= 3 else "", "y"]) for n in range(30)]
    answer = trends(labelled(*rows))
    label = next(one for one in answer.labels if one.label == "x")
    assert label.change and label.change.found and label.change.difference > 0
    assert answer.tested == 1, "y is in every plan: nothing to test"


def test_too_few_plans_are_told_with_number_and_rule() -> None:
    rows = [(plan(f"a{n}", 2022 + n // 3), ["x" if n < 3 else ""]) for n in range(6)]
    answer = trends(labelled(*rows), compare=(years("2022"), years("2023")))
    label = answer.labels[0]
    assert label.change and label.change.p == pytest.approx(0.1) and not label.change.found
    assert "với 6 kế hoạch, p nhỏ nhất có thể là 0,1" in answer.warnings[0]
    assert "2/2 nhóm có dưới 5 kế hoạch" in answer.warnings[1]


def test_comparing_with_nobody_is_a_usage_error() -> None:
    data = labelled((plan("a", 2022), ["x"]))
    with pytest.raises(UsageError, match="2025"):
        trends(data, compare=(years("2022"), years("2025")))


def test_answers_repeat_and_hang_on_nothing_but_plans_and_seed() -> None:
    rows = [
        (plan(f"a{n}", 2021 + n % 4), ["x" if n % 3 else "", "z" if n % 2 else ""])
        for n in range(24)
    ]
    first = json.dumps(to_dict(trends(labelled(*rows))), ensure_ascii=False)
    assert first == json.dumps(to_dict(trends(labelled(*rows))), ensure_ascii=False)
    alone = trends(labelled(*[(p, [t[0]]) for p, t in rows])).labels[0]
    beside = next(one for one in trends(labelled(*rows)).labels if one.label == "x")
    assert alone.shares == beside.shares


def test_nothing_to_count() -> None:
    answer = trends(Labelled(plans=(), units=()))
    assert answer.labels == () and answer.warnings == ("Không có kế hoạch nào để đếm.",)


# ------------------------------------------------------------------ bursts


def test_a_burst_is_where_the_label_crowds() -> None:
    weights = np.repeat(np.eye(6), 10, axis=0)
    having = np.zeros((60, 2))
    having[30:39, 0] = 1  # nine of ten plans of the fourth year
    having[::10, 1] = 1  # one plan of each year
    found, p = bursts(having, weights, seed=1, rounds=299)
    assert [(label, first, last) for label, first, last, _ in found] == [(0, 3, 3)]
    assert p[0] <= 0.01 and p[1] == 1


def test_burst_states_are_the_cheapest_of_all_runs() -> None:
    """Viterbi against trying all 2^5 runs of states."""
    rng = np.random.default_rng(4)
    weights = np.repeat(np.eye(5), 6, axis=0)
    for _ in range(40):
        having = (rng.random((30, 1)) < rng.random(5).repeat(6)[:, None]).astype(float)
        if having.mean() in (0, 1):
            continue
        r, d = weights.T @ having[:, 0], weights.sum(axis=0)
        chance = r.sum() / d.sum()
        higher = 3 * chance / (1 - chance + 3 * chance)
        gain = r * np.log(higher / chance) + (d - r) * np.log((1 - higher) / (1 - chance))
        best = 0.0
        for states in range(32):
            run = [states >> year & 1 for year in range(5)]
            entries = sum(now and not before for before, now in zip([0, *run], run, strict=False))
            best = max(best, sum(g for g, s in zip(gain, run, strict=True) if s)
                       - entries * np.log(5))  # fmt: skip
        found, _ = bursts(having, weights, seed=1, rounds=9)
        total = sum(weight for *_, weight in found) - len(found) * np.log(5)
        assert total == pytest.approx(best, abs=1e-6)


# ------------------------------------------------------------------ words


def test_log_odds_written_out() -> None:
    first, second, prior = np.array([9.0, 1.0]), np.array([2.0, 8.0]), np.array([1.0, 1.0])
    delta, z = log_odds(first, second, prior)
    expected = np.log(10 / 2) - np.log(3 / 9)
    assert delta[0] == pytest.approx(expected)
    assert z[0] == pytest.approx(expected / np.sqrt(1 / 10 + 1 / 3))
    assert delta[1] == pytest.approx(-expected)


def test_the_prior_weighs_as_much_as_one_plan() -> None:
    counts = np.array([[4.0, 0.0], [2.0, 2.0]])
    assert prior_of(counts).tolist() == [3.0, 1.0]
