"""A summary as flowing paragraphs, each with the sentences that it was made from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from kh_nlp.rewriting.asking import Model
from kh_nlp.rewriting.making import rewrite
from kh_nlp.rewriting.records import Rewriting
from kh_nlp.summaries import Sentence, Summary, aspect_names


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """A rewriting of some sentences of a summary, which are its sources.

    ``name`` is the aspect, or the plan in a summary across plans.
    """

    name: str
    rewriting: Rewriting
    sources: tuple[Sentence, ...]


def rewrite_summary(summary: Summary, *, model: Model) -> Iterator[Paragraph]:
    """One paragraph for each aspect of a plan, or for each plan that answers a question.

    The verbatim sentences stay what they are. Raises ModelError where the model gives no answer.
    """
    for name, group in _groups(summary):
        text = " ".join(_closed(one.text) for one in group)
        context = dict.fromkeys(c for one in group for c in (one.title, one.heading) if c)
        rewriting = rewrite(text, tuple(context), model=model, task="summary")
        yield Paragraph(name=name, rewriting=rewriting, sources=group)


def _groups(summary: Summary) -> list[tuple[str, tuple[Sentence, ...]]]:
    if summary.query is None:
        names = aspect_names()
        return [
            (names.get(aspect or "", "Khác"), tuple(group))
            for aspect, group in groupby(summary.sentences, key=lambda one: one.aspect)
        ]
    plans = dict.fromkeys(one.plan for one in summary.sentences)
    grouped = [tuple(one for one in summary.sentences if one.plan == plan) for plan in plans]
    return [(f"{group[0].plan} · {group[0].title or 'không rõ tên'}", group) for group in grouped]


def _closed(text: str) -> str:
    """A sentence or item as one line that ends like a sentence."""
    line = " ".join(text.split()).rstrip(" ;,")
    return line if line.endswith((".", "!", "?", "…")) else f"{line}."
