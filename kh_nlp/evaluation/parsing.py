"""All figures of a plan, and of all plans that were read by hand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from kh_nlp.evaluation.documents import (
    citations_figure,
    issuer_figure,
    named_figure,
    roles_figure,
)
from kh_nlp.evaluation.duties import assignments_figure
from kh_nlp.evaluation.figures import FIGURES, Figure
from kh_nlp.evaluation.gold import GoldReading
from kh_nlp.evaluation.header import header_figure
from kh_nlp.evaluation.notes import joins_figure, notes_figure
from kh_nlp.evaluation.outline import headings_figure, sections_figure
from kh_nlp.evaluation.tasks import fields_figure, pair_rows, tasks_figure
from kh_nlp.evaluation.wholeness import coverage_figure, spans_figure, words_figure
from kh_nlp.model import Plan


@dataclass(frozen=True, slots=True)
class PlanScore:
    """The figures of one plan, in the order of ``FIGURES``; ``path`` is None: no plan was read."""

    name: str
    path: str | None
    damaged: bool
    figures: Mapping[str, Figure]


@dataclass(frozen=True, slots=True)
class ParseReport:
    """The figures of all plans."""

    plans: tuple[PlanScore, ...]

    def means(self, *, sound: bool = False) -> dict[str, float]:
        """Mean of each figure over the plans that have it.

        With ``sound`` plans whose text is damaged count for coverage only: until it is restored,
        nothing in it can be read.
        """
        values: dict[str, list[float]] = {}
        for plan in self.plans:
            for name, figure in plan.figures.items():
                if not (sound and plan.damaged) or name == "coverage":
                    values.setdefault(name, []).append(figure.value)
        return {name: sum(values[name]) / len(values[name]) for name in FIGURES if name in values}

    def missing(self) -> list[str]:
        """Names of the readings whose plan was not there or could not be read."""
        return [plan.name for plan in self.plans if plan.path is None]


def score_plan(plan: Plan, gold: GoldReading, path: Path | str | None = None) -> dict[str, Figure]:
    """The figures of ``plan`` that ``gold`` speaks of, in the order of ``FIGURES``.

    ``path`` (default: the plan's own) is the file for ``words_kept``; a damaged text has no such
    figure, its words being what is in doubt.
    """
    figures = _of_body(plan, gold) | _of_documents(plan, gold)
    figures["coverage"] = coverage_figure(plan)
    figures["spans"] = spans_figure(plan)
    if not gold.damaged:
        figures["words_kept"] = words_figure(plan, Path(path or plan.source.path))
    found = {name: figures.get(name) for name in FIGURES}
    return {name: figure for name, figure in found.items() if figure is not None}


def _of_body(plan: Plan, gold: GoldReading) -> dict[str, Figure | None]:
    figures: dict[str, Figure | None] = {}
    if gold.header:
        figures["header"] = header_figure(plan.header, gold.header)
    if gold.sections is not None:
        figures["sections"] = sections_figure(plan.sections, gold.sections)
    if gold.headings is not None:
        figures["headings"] = headings_figure(plan.sections, gold.headings)
    if gold.tasks:
        rows = [task for task in plan.tasks if task.origin == "table"]
        pairs = pair_rows(rows, gold.tasks)
        figures["tasks"] = tasks_figure(rows, gold.tasks, pairs, partial=gold.tasks_partial)
        figures["task_fields"] = fields_figure(pairs)
    if gold.assignments:
        figures["assignments"] = assignments_figure(plan, gold.assignments)
    if gold.footnotes:
        figures["notes"] = notes_figure(plan, gold.footnotes)
    figures["joins"] = joins_figure(plan.sections, gold.joins)
    return figures


def _of_documents(plan: Plan, gold: GoldReading) -> dict[str, Figure | None]:
    figures: dict[str, Figure | None] = {"named": named_figure(plan.citations, gold.named)}
    if gold.citations is not None:
        figures["citations"] = citations_figure(plan.citations, gold.citations)
        figures["citation_issuer"] = issuer_figure(plan.citations, gold.citations)
        figures["roles"] = roles_figure(plan.citations, gold.citations)
    return figures


def asked_figures(gold: GoldReading) -> list[str]:
    """The figures that a reading asks for, whatever was parsed."""
    citations = gold.citations or ()
    asked = {
        "header": bool(gold.header),
        "sections": gold.sections is not None,
        "headings": gold.headings is not None,
        "tasks": bool(gold.tasks),
        "task_fields": any(task.cells for task in gold.tasks or ()),
        "assignments": bool(gold.assignments),
        "citations": gold.citations is not None,
        "citation_issuer": any(citation.issuer for citation in citations),
        "roles": any(citation.basis for citation in citations),
        "named": bool(gold.named),
        "notes": bool(gold.footnotes),
        "joins": bool(gold.joins),
        "words_kept": not gold.damaged,
    }
    return [name for name in FIGURES if asked.get(name, True)]


def evaluate_parsing(
    readings: Iterable[GoldReading], plans: Mapping[str, tuple[Path | str, Plan]]
) -> ParseReport:
    """Figures of all readings; ``plans`` holds file and plan by the reading's name.

    A reading without a plan has 0 in every figure that it asks for: a plan that cannot be read
    must not raise the mean.
    """
    scores = []
    for gold in readings:
        if gold.name in plans:
            path, plan = plans[gold.name]
            figures = score_plan(plan, gold, path)
            scores.append(PlanScore(gold.name, str(path), gold.damaged, figures))
        else:
            nothing = {name: Figure(value=0.0) for name in asked_figures(gold)}
            scores.append(PlanScore(gold.name, None, gold.damaged, nothing))
    return ParseReport(tuple(scores))
