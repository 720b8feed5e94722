"""A summary across plans: what they say about a question, or what tasks of one kind say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from math import log
from typing import TYPE_CHECKING, Any

from kh_nlp.library import Library
from kh_nlp.model import Plan
from kh_nlp.search import Hit, search
from kh_nlp.search.relevance import FOUND
from kh_nlp.summaries.choosing import choose
from kh_nlp.summaries.plans import checked, sentence
from kh_nlp.summaries.ranking import Length, terms
from kh_nlp.summaries.records import Sentence, Summary, Unit
from kh_nlp.summaries.units import units

if TYPE_CHECKING:
    from kh_nlp.embedding import Encoder

HITS = 40
"""Hits of the search that sentences are taken from."""


def summarize_query(
    library: Library,
    query: str,
    length: Length | None = None,
    *,
    encoder: Encoder | None = None,
    **filters: Any,
) -> Summary:
    """The sentences that best tell what the plans of ``library`` say about ``query``.

    Sentences come from the hits of ``search`` (``filters`` are its filters) that count as found,
    the most relevant first, plans taking turns; a sentence that other plans repeat names them in
    ``also``. Not ``found``, and empty, when the search finds nothing.
    """
    length = checked(length)
    answer = search(library, query, limit=HITS, encoder=encoder, **filters)
    hits = [hit for hit in answer.hits if hit.relevance is not None and hit.relevance >= FOUND]
    if not answer.found:
        return Summary(sentences=(), found=False, query=query)
    plans = {plan_id: library.plan(plan_id) for plan_id in dict.fromkeys(h.plan for h in hits)}
    known = {plan_id: units(plan) for plan_id, plan in plans.items()}
    pool: dict[tuple[str, int], tuple[Unit, float, Hit]] = {}
    for hit in hits:
        for unit in _within(known[hit.plan], hit):
            pool.setdefault((hit.plan, unit.start), (unit, hit.relevance or 0.0, hit))
    candidates = list(pool.values())
    asked = terms(answer.read_as or query)
    shares = _shares(asked, [_said(unit) for unit, _, _ in candidates])
    chosen = choose(
        [unit.text for unit, _, _ in candidates],
        [
            relevance * (0.3 + share)
            for (_, relevance, _), share in zip(candidates, shares, strict=True)
        ],
        length,
        groups=[hit.plan for _, _, hit in candidates],
        weariness=0.6,
    )
    found = [
        replace(sentence(plans[hit.plan], unit), also=_also(unit, hit))
        for unit, _, hit in (candidates[i] for i in chosen)
    ]
    return Summary(
        sentences=tuple(found),
        found=bool(found),
        query=query,
        left_out=len(candidates) - len(found),
    )


def summarize_tasks(
    plans: Sequence[Plan], task_ids: Sequence[str], length: Length | None = None
) -> Summary:
    """The tasks among ``task_ids`` that together say most of them all, each as printed.

    Ids are those of ``Task.id`` or of clusters. The first is the one most like all the others.
    Tasks whose content stands in no one piece of their plan cannot be quoted and are left out.
    """
    length = checked(length)
    wanted = set(task_ids)
    pool: list[Sentence] = []
    for plan in plans:
        numbers = {section.id: section.number for section in plan.sections}
        for task in plan.tasks:
            if wanted.isdisjoint((task.id, f"{plan.plan_id}:{task.id}")) or not task.content:
                continue
            at = plan.text.find(task.content, task.start, task.end)
            if at >= 0:
                pool.append(
                    Sentence(
                        text=task.content,
                        plan=plan.plan_id,
                        start=at,
                        end=at + len(task.content),
                        number=numbers.get(task.section or ""),
                        page=task.page,
                        aspect="task",
                        title=plan.header.title,
                    )
                )
    bags = [terms(one.text) for one in pool]
    whole = Counter(term for bag in bags for term in bag)
    scores = [sum(whole[term] for term in bag) / (len(bag) or 1) for bag in bags]
    chosen = choose([one.text for one in pool], scores, length, groups=[one.plan for one in pool])
    return Summary(
        sentences=tuple(pool[i] for i in chosen),
        found=bool(chosen),
        left_out=len(pool) - len(chosen),
    )


def _within(found: Sequence[Unit], hit: Hit) -> list[Unit]:
    return [unit for unit in found if unit.start >= hit.start and unit.end <= hit.end]


def _said(unit: Unit) -> str:
    """The sentence with the headings above it, which it often leaves unsaid."""
    return " ".join((*unit.headings[-1:], unit.text))


def _shares(asked: Counter[str], texts: Sequence[str]) -> list[float]:
    """Share of the query's terms in each text, rare terms counting more."""
    bags = [terms(text) for text in texts]
    spread = Counter(term for bag in bags for term in bag.keys() & asked.keys())
    weights = {term: log(1 + len(bags) / spread[term]) for term in asked if spread[term]}
    total = sum(weights.values())
    if not total:
        return [0.0] * len(bags)
    return [sum(weights[t] for t in bag.keys() & weights.keys()) / total for bag in bags]


def _also(unit: Unit, hit: Hit) -> tuple[str, ...]:
    """Plans whose own unit says nearly the same; known of whole hits only."""
    return hit.also if unit.end - unit.start >= 0.5 * (hit.end - hit.start) else ()
