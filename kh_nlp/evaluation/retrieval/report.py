"""All runs of a collection measured, compared with each other, and by kind of question."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kh_nlp.errors import InputError
from kh_nlp.evaluation.figures import Figure
from kh_nlp.evaluation.parsing import PlanScore
from kh_nlp.evaluation.retrieval.comparing import Difference, Estimate, difference, estimate
from kh_nlp.evaluation.retrieval.measuring import MEASURES, Values, measured, measures
from kh_nlp.evaluation.retrieval.records import Collection, Progress, Question
from kh_nlp.evaluation.retrieval.running import RERANKED, RUNS, Searcher

if TYPE_CHECKING:
    from kh_nlp.embedding import Reranker

PAIRS: tuple[tuple[str, str], ...] = (
    ("hybrid", "reference"),
    ("hybrid", "lexical"),
    ("hybrid", "dense"),
    ("lexical", "reference"),
)
"""Runs that are compared, the first minus the second."""

RERANKED_PAIRS: tuple[tuple[str, str], ...] = ((RERANKED, "hybrid"), (RERANKED, "reference"))
"""Further ones where there is a cross-encoder."""

RETRIEVAL_FIGURES: dict[str, str] = {
    f"{run} {measure}": f"{run} {printed}"
    for run in (*RUNS, RERANKED)
    for measure, printed in MEASURES.items()
}
"""Names of the figures in a baseline, with how they are printed."""

Estimates = Mapping[str, Mapping[str, Estimate]]
"""Means by run and measure."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KindReport:
    """The figures of the questions of one kind."""

    questions: int
    runs: Estimates
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RetrievalReport:
    """What was measured over ``questions`` questions; ``unanswered`` more have no answer judged.

    Where questions were put otherwise ``runs`` are those of the new wording, ``plain`` those of
    the old, ``changes`` new minus old for each run and measure, and ``reworded`` says how many
    questions changed; else these are empty and 0.
    """

    name: str
    questions: int
    unanswered: int
    runs: Estimates
    differences: tuple[Difference, ...]
    kinds: Mapping[str, KindReport]
    plain: Estimates
    changes: tuple[Difference, ...]
    reworded: int

    @property
    def plans(self) -> tuple[PlanScore, ...]:
        """The figures as one row of a baseline: a set of questions takes the place of a plan."""
        figures = {
            f"{run} {measure}": Figure(value=found.value)
            for run, row in self.runs.items()
            for measure, found in row.items()
        }
        return (PlanScore(self.name, self.name, False, figures),)


def evaluate_retrieval(
    collection: Collection,
    *,
    reword: Callable[[str], str] | None = None,
    wording: str = "",
    reranker: Reranker | None = None,
    progress: Progress | None = None,
) -> RetrievalReport:
    """Every run over the questions of ``collection`` that something answers.

    With ``reword`` the questions are asked twice, in their own words and in those it gives;
    ``wording`` is added to the name of the report then. ``reranker`` adds a run. Raises
    MissingExtraError without the packages of the extra "eval", InputError when no question has an
    answer.
    """
    measures()
    questions = collection.answered()
    if not questions:
        raise InputError(f"{collection.name}: không có câu hỏi nào có câu trả lời được chấm.")
    searcher = Searcher(collection, reranker)
    pairs = PAIRS if reranker is None else (*PAIRS, *RERANKED_PAIRS)

    def ask(put: Callable[[str], str] | None) -> dict[str, Values]:
        found = searcher.runs(questions, put, progress)
        return {name: measured(collection.qrels, run) for name, run in found.items()}

    plain = ask(None)
    values = plain if reword is None else ask(reword)
    ids = [question.id for question in questions]
    return RetrievalReport(
        name=collection.name + (f" ({wording})" if reword is not None and wording else ""),
        questions=len(questions),
        unanswered=len(collection.questions) - len(questions),
        runs=_estimates(values, ids),
        differences=_differences(values, ids, pairs),
        kinds={
            kind: KindReport(
                questions=len(some),
                runs=_estimates(values, some),
                differences=_differences(values, some, PAIRS[:1]),
            )
            for kind, some in _by_kind(questions).items()
        },
        plain={} if reword is None else _estimates(plain, ids),
        changes=()
        if reword is None
        else tuple(
            difference(
                name,
                "plain",
                measure,
                _row(values[name], measure, ids),
                _row(plain[name], measure, ids),
            )
            for name in values
            for measure in MEASURES
        ),
        reworded=0
        if reword is None
        else sum(reword(question.text) != question.text for question in questions),
    )


def _by_kind(questions: Sequence[Question]) -> dict[str, list[str]]:
    kinds: dict[str, list[str]] = {}
    for question in questions:
        if question.kind is not None:
            kinds.setdefault(question.kind, []).append(question.id)
    return dict(sorted(kinds.items()))


def _row(values: Values, measure: str, ids: Sequence[str]) -> list[float]:
    return [values[measure][question] for question in ids]


def _estimates(values: Mapping[str, Values], ids: Sequence[str]) -> Estimates:
    return {
        run: {measure: estimate(_row(found, measure, ids)) for measure in MEASURES}
        for run, found in values.items()
    }


def _differences(
    values: Mapping[str, Values], ids: Sequence[str], pairs: Sequence[tuple[str, str]]
) -> tuple[Difference, ...]:
    return tuple(
        difference(
            run, other, measure, _row(values[run], measure, ids), _row(values[other], measure, ids)
        )
        for run, other in pairs
        for measure in MEASURES
    )
