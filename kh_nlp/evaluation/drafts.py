"""Leave-one-out over a library: what of a plan a draft foresees from its title, issuer and year.

The plan and its near copies are withheld. Its own headings of the first two levels, annexes and
the articles of an issuing decision left out, are matched one to one with those of the draft
(``drafting.same_section``; Kuhn-Munkres). Its *căn cứ* are matched by key.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kh_nlp.drafting import Draft, Request, draft, heading_likeness, kindred, own_headings
from kh_nlp.library import Library, PlanSummary
from kh_nlp.model import Plan
from kh_nlp.network import load_network

KINDRED = 3
"""Kindred plans that must remain for a plan to be asked; only those that do the same count."""

NEAR_COPY = 0.6
"""Share of common word triples from which two plans are copies of each other."""

AT = 10

Heading = tuple[int, str]
"""Level (1 or 2) and text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Foreseen:
    """One plan left out. ``recall`` and ``precision`` are of headings; ``printed_…`` without those
    that go on in the same line ("1. Công an xã: giúp …"). ``nearness`` is the mean likeness (0..1)
    of the three titles most alike, ``peers`` the kindred plans of the same level. ``basis_recall``
    is of căn cứ among the first ten proposed, ``None`` for a plan without any; ``half`` is ``tune``
    or ``test``. ``alike`` of the ``kindred`` plans do the same as the plan left out.
    ``best_recall`` and ``best_precision`` are of the one kindred plan whose headings fit best, as
    if a person with hindsight had copied it.
    """

    plan: str
    title: str
    half: str
    kindred: int
    alike: int
    nearness: float
    peers: int
    recall: float
    precision: float
    printed_recall: float
    printed_precision: float
    best_recall: float
    best_precision: float
    basis_recall: float | None
    basis_known: float | None
    missed: tuple[str, ...]
    wrong: tuple[str, ...]


def half_of(title: str) -> str:
    """``tune`` or ``test``, by a hash of the title, so that it never changes."""
    return "tune" if int(hashlib.sha256(title.encode()).hexdigest(), 16) % 2 == 0 else "test"


def leave_one_out(
    library: Library,
    *,
    half: str | None = None,
    any_act: bool = False,
    thresholds: Mapping[str, float] | None = None,
) -> list[Foreseen]:
    """Every plan of the library with a title, headings and at least ``KINDRED`` kindred plans.

    ``any_act``: kindred plans count whatever they do about the subject. ``thresholds`` are those of
    the outline that are to be tried.
    """
    summaries = [p for p in library.plans() if p.title and p.sections]
    triples = {p.plan: _triples(text) for p in summaries for text in [library.plan(p.plan).text]}
    cited: dict[str, set[str]] = {}
    for p in summaries:
        cited[p.plan] = set(basis_keys(library.plan(p.plan)))
    # A superior's plan in the library can be named though no other plan rests on it.
    for node in load_network(library).nodes:
        if node.plan in cited:
            cited[node.plan].add(node.id)
    found = []
    for summary in summaries:
        title = summary.title or ""
        if half is not None and half_of(title) != half:
            continue
        copies = [
            other.plan
            for other in summaries
            if other.plan == summary.plan
            or _alike(triples[summary.plan], triples[other.plan]) >= NEAR_COPY
        ]
        request = request_for(summary)
        near = kindred(library, request, without=copies)
        if (len(near) if any_act else sum(kin.same_act for kin in near)) < KINDRED:
            continue
        known = set().union(*(keys for plan, keys in cited.items() if plan not in copies))
        made = draft(library, request, without=copies, thresholds=thresholds)
        outlines = [own_headings(library.plan(kin.plan.plan)) for kin in near]
        nearness = sum(sorted((kin.topic for kin in near), reverse=True)[:KINDRED]) / KINDRED
        plan = library.plan(summary.plan)
        if not own_headings(plan):
            continue
        found.append(judge(plan, summary, made, outlines, known, nearness=nearness))
    return found


def request_for(summary: PlanSummary) -> Request:
    """Title, issuer and year of a plan, with the level and province that a user would give."""
    return Request(
        title=" ".join((summary.title or "").split()),
        issuer=summary.issuer or "",
        year=summary.year or 2026,
        level=summary.level,
        province=summary.province,
    )


def judge(
    plan: Plan,
    summary: PlanSummary,
    made: Draft,
    outlines: Sequence[Sequence[Heading]],
    known: set[str],
    *,
    nearness: float,
) -> Foreseen:
    """The figures of one draft against the plan that was left out."""
    true = own_headings(plan)
    printed = own_headings(plan, run_ins=False)
    guessed: list[Heading] = [(s.level, s.heading) for s in made.sections]
    pairs = matched(guessed, true)
    strict = len(matched(guessed, printed))
    keys = basis_keys(plan)
    fits = [(len(matched(o, true)), len(o)) for o in outlines if o]
    best, size = max(fits, key=lambda fit: 2 * fit[0] / (fit[1] + len(true)), default=(0, 1))
    proposed = [b.key for b in made.basis if b.key][:AT]
    return Foreseen(
        plan=plan.plan_id,
        title=summary.title or "",
        half=half_of(summary.title or ""),
        kindred=len(outlines),
        alike=sum(kin.same_act for kin in made.kindred),
        nearness=nearness,
        peers=sum(kin.plan.level == summary.level for kin in made.kindred),
        recall=len(pairs) / len(true) if true else 1.0,
        precision=len(pairs) / len(guessed) if guessed else 0.0,
        printed_recall=strict / len(printed) if printed else 1.0,
        printed_precision=strict / len(guessed) if guessed else 0.0,
        best_recall=best / len(true) if true else 1.0,
        best_precision=best / size,
        basis_recall=sum(k in proposed for k in keys) / len(keys) if keys else None,
        basis_known=sum(k in known for k in keys) / len(keys) if keys else None,
        missed=tuple(true[at][1] for at in range(len(true)) if at not in {j for _, j in pairs}),
        wrong=tuple(
            guessed[at][1] for at in range(len(guessed)) if at not in {i for i, _ in pairs}
        ),
    )


def matched(guessed: Sequence[Heading], true: Sequence[Heading]) -> list[tuple[int, int]]:
    """Pairs (guessed, true) of one section, as many as possible, those of one level first."""
    import numpy as np
    from scipy.optimize import linear_sum_assignment

    if not guessed or not true:
        return []
    worth = np.zeros((len(guessed), len(true)))
    for i, (level, heading) in enumerate(guessed):
        for j, (own, printed) in enumerate(true):
            score = heading_likeness(heading, printed)
            if score >= 1:
                worth[i, j] = 1 + 0.01 * min(score, 2) + 0.05 * (level == own)
    rows, columns = linear_sum_assignment(-worth)
    return [(int(i), int(j)) for i, j in zip(rows, columns, strict=True) if worth[i, j] > 0]


def basis_keys(plan: Plan) -> list[str]:
    """Keys of the documents that a plan rests on, each once."""
    keys = (c.document.key for c in plan.citations if c.role == "basis" and c.document)
    return list(dict.fromkeys(keys))


def _triples(text: str) -> frozenset[tuple[str, ...]]:
    words = text.casefold().split()
    return frozenset(zip(words, words[1:], words[2:], strict=False))


def _alike(one: frozenset[tuple[str, ...]], other: frozenset[tuple[str, ...]]) -> float:
    return len(one & other) / max(1, min(len(one), len(other)))
