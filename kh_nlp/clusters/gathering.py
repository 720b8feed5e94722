"""The tasks of a library as units to compare, and near-duplicates among them."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Sequence
from functools import cache
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from typing import get_args

from kh_nlp.clusters.records import TaskUnit
from kh_nlp.errors import UsageError
from kh_nlp.language import fold
from kh_nlp.library import Library
from kh_nlp.model import TaskOrigin

ALIKE = 0.8
"""Jaccard likeness of syllable bigrams from which two tasks are one and the same."""

_LABEL = re.compile(r"^\s*(?:\d+(?:\.\d+)*[.)]|[a-zđ][.)]|[IVX]+\.|[-+*•–])\s*")
_BODY = re.compile(r"^([^:;.\n]{3,140}):\s*(?=\S)")
_HEADING = re.compile(r"^\s*(?:\d+(?:\.\d+)*|[a-zđ]|[IVX]+)[.)]\s*[^:;.\n]*$")
_ASKED = re.compile(r"^(?:Đề nghị|Giao|Yêu cầu|Khuyến khích)\s+")
_AND = re.compile(r"^[\s,;:.]*(?:và\s+)?")
_CLAUSE = re.compile(r"[;\n]|\.\s")
_LONGEST_CLAUSE = 40
_BEFORE = 14
_COMPANY_REACH = 60
_ADVICE_REACH = 12


ORIGINS: tuple[TaskOrigin, ...] = get_args(TaskOrigin)


def task_id(plan_id: str, own: str) -> str:
    """The task's own id where it names its plan, else with the plan before it.

    A plan that was edited keeps its id in the library, its tasks are named after the new text.
    """
    return own if own.startswith(f"{plan_id}:") else f"{plan_id}:{own}"


def gather(library: Library, origins: Collection[TaskOrigin] = ORIGINS) -> list[TaskUnit]:
    """Tasks of these kinds by plan and place; UsageError for an unknown kind."""
    for origin in origins:
        if origin not in get_args(TaskOrigin):
            kinds = ", ".join(get_args(TaskOrigin))
            raise UsageError(f"Không có loại nhiệm vụ “{origin}”; hãy dùng: {kinds}.")
    units: list[TaskUnit] = []
    for summary in sorted(library.plans(), key=lambda found: found.plan):
        if not summary.tasks:
            continue
        plan = library.plan(summary.plan)
        sections = {section.id: section for section in plan.sections}
        for task in plan.tasks:
            if task.origin not in origins:
                continue
            section = sections.get(task.section or "")
            # An assignment has the text of its section; so has a row that lost its content.
            content = task.content or (section.text if section else "") or task.output or ""
            units.append(
                TaskUnit(
                    task=task_id(summary.plan, task.id),
                    plan=summary.plan,
                    path=summary.path,
                    title=summary.title,
                    issuer=summary.issuer,
                    year=summary.year,
                    origin=task.origin,
                    content=content,
                    core=core(content, heading=task.origin == "assignment", bodies=task.lead),
                    lead=task.lead,
                    form=task.form,
                    output=task.output,
                    deadline=task.deadline,
                    page=task.page,
                    start=task.start,
                    end=task.end,
                )
            )
    return units


def text_unit(
    task: str, content: str, *, form: str | None = None, output: str | None = None
) -> TaskUnit:
    """A task that stands in no library; what stands before ":" in ``task`` is its plan."""
    plan = task.partition(":")[0]
    return TaskUnit(
        task=task,
        plan=plan,
        path=plan,
        title=None,
        issuer=None,
        year=None,
        origin="table",
        content=content,
        core=core(content),
        lead=(),
        form=form,
        output=output,
        deadline=None,
        page=1,
        start=0,
        end=len(content),
    )


def core(content: str, *, heading: bool = False, bodies: Sequence[str] = ()) -> str:
    """Content without its label, the body named before a colon and ``bodies`` at its head.

    With ``heading`` a numbered line of a few words ("1. Sở Nội vụ") is a heading and gives "".
    """
    text = content.strip()
    if heading and len(text.split()) <= 12 and _HEADING.match(text):
        return ""
    text = _LABEL.sub("", text)
    if found := _BODY.match(text):
        text = _LABEL.sub("", text[found.end() :])
    return _beyond(text.strip(), bodies)


def _beyond(text: str, bodies: Sequence[str]) -> str:
    """Text from behind the bodies that it begins with: "Sở A, Sở B chủ trì …" from "chủ trì"."""
    rest = _ASKED.sub("", text)
    # "Đoàn", "Các" alone may begin other words.
    left = sorted((one for one in bodies if " " in one.strip()), key=len, reverse=True)
    if not any(rest[: len(one)].lower() == one.lower() for one in left):
        return text
    while head := next((one for one in left if rest[: len(one)].lower() == one.lower()), None):
        left.remove(head)
        rest = _AND.sub("", rest[len(head) :])
    # Part of a longer name ("Sở A tỉnh B …") is left as it stands.
    return rest if not rest or rest[0].islower() else text


def charged(unit: TaskUnit) -> tuple[str, ...]:
    """The bodies in charge: those that were found, or what stands before the colon."""
    if unit.lead:
        return unit.lead
    found = _BODY.match(_LABEL.sub("", unit.content.strip()))
    return (found[1],) if found else ()


def first_clause(text: str) -> str:
    """What a task says first: the rest of a duty is often reports and dates."""
    parts = [part for part in _CLAUSE.split(point(text)) if len(part.split()) >= 2]
    return " ".join((parts[0] if parts else text).split()[:_LONGEST_CLAUSE])


def point(text: str) -> str:
    """The task from its point on: "Chủ trì, phối hợp với Sở A và Sở B tổ chức …" from "tổ chức".

    The text itself where no such opening stands in its first words, or no verb after it.
    """
    company, advising, verbs = _openings()
    for pattern, reach in ((company, _COMPANY_REACH), (advising, _ADVICE_REACH)):
        found = pattern.search(text)
        # "Chủ trì" or a body may stand before; a task that begins otherwise has come to the point.
        if not found or len(text[: found.start()].split()) > _BEFORE:
            continue
        if verbs.search(text.lower(), 0, found.start()):
            continue
        verb = verbs.search(text, found.end())
        if verb and len(text[found.end() : verb.start()].split()) <= reach:
            text = text[verb.start() :]
    return text


@cache
def _openings() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    source = files("kh_nlp.clusters").joinpath("data/openings.toml")
    data = tomllib.loads(source.read_text(encoding="utf-8"))

    def pattern(name: str, flags: int = re.IGNORECASE) -> re.Pattern[str]:
        words = sorted(data[name], key=lambda phrase: (-len(phrase), phrase))
        spaced = "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in words)
        return re.compile(rf"\b(?:{spaced})\b", flags)

    return pattern("company"), pattern("advising"), pattern("verbs", 0)


def source_name(unit: TaskUnit) -> str:
    """File name of the plan without its ending."""
    return Path(unit.path).stem


def fold_duplicates(texts: Sequence[str]) -> list[int]:
    """For each text the index of the first one of (nearly) the same words; its own for others.

    Candidates share one of the rarest bigrams of the text: at a Jaccard likeness of ``ALIKE`` at
    most a fifth of them can differ, so a prefix of that length of the rarest-first order must meet.
    """
    grams = [_bigrams(text) for text in texts]
    counts: dict[tuple[str, ...], int] = {}
    for found in grams:
        for gram in found:
            counts[gram] = counts.get(gram, 0) + 1
    first = list(range(len(texts)))
    index: dict[tuple[str, ...], list[int]] = {}
    for place, found in enumerate(grams):
        if not found:
            continue
        ordered = sorted(found, key=lambda gram: (counts[gram], gram))
        prefix = ordered[: len(found) - int(-(-ALIKE * len(found) // 1)) + 1]
        for other in sorted({other for gram in prefix for other in index.get(gram, ())}):
            both = len(found & grams[other])
            if both >= ALIKE * (len(found) + len(grams[other]) - both):
                first[place] = other
                break
        else:
            for gram in prefix:
                index.setdefault(gram, []).append(place)
    return first


def _bigrams(text: str) -> frozenset[tuple[str, ...]]:
    words = re.findall(r"\w+", fold(text))
    if len(words) == 1:
        return frozenset(((words[0],),))
    return frozenset(pairwise(words))
