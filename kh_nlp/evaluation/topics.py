"""Topics of units against those that a reader named without seeing them.

A gold file is a JSON list of ``{"id": "<file stem>:<section number>:<start>", "topics": [ids]}``.
Finer topics of the scheme count as the nearest wider one that the gold files name; topics that
they name nowhere, and that lie under none of those, are not compared.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from kh_nlp.errors import InputError
from kh_nlp.language import nfc
from kh_nlp.library import Library
from kh_nlp.topics import Scheme, UnitTopics

NEAR = 200
"""Characters that the start of a section may have moved since it was labelled."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledUnit:
    """A section and the ids of topics that a reader gave it (none is an answer too)."""

    plan: str
    number: str
    start: int
    topics: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicFigures:
    """Units to which a topic was given by ``both``, by kh alone, by the reader alone."""

    topic: str
    both: int
    false: int
    missed: int

    @property
    def precision(self) -> float:
        """Share of what kh gave that the reader gave too; 1 for nothing given."""
        given = self.both + self.false
        return self.both / given if given else 1.0

    @property
    def recall(self) -> float:
        """Share of what the reader gave that kh gave too; 1 for nothing named."""
        named = self.both + self.missed
        return self.both / named if named else 1.0

    @property
    def f1(self) -> float:
        """2·both / (2·both + false + missed); 1 where both give nothing."""
        total = 2 * self.both + self.false + self.missed
        return 2 * self.both / total if total else 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicDifference:
    """A unit to which kh and the reader gave other topics."""

    plan: str
    number: str
    false: tuple[str, ...]
    missed: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicScores:
    """Figures over all labelled units.

    ``micro`` adds up all topics (its id is "*"); ``lost`` units stand in no plan and count as
    missed. ``exact`` is the share of units with just the topics of the reader.
    """

    units: int
    lost: tuple[str, ...]
    exact: float
    micro: TopicFigures
    topics: tuple[TopicFigures, ...]
    differences: tuple[TopicDifference, ...]


def load_unit_topics(path: Path) -> tuple[LabelledUnit, ...]:
    """The labelled units of a gold file; InputError with one line for anything else."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(f"{path}: không đọc được ({error.strerror}).") from error
    except ValueError:
        raise InputError(f"{path}: không phải là JSON.") from None
    if not isinstance(data, list):
        raise InputError(f"{path}: phải là danh sách các mục đã gán chủ đề.")
    return tuple(_labelled(path, place, entry) for place, entry in enumerate(data, 1))


def _labelled(path: Path, place: int, entry: object) -> LabelledUnit:
    if isinstance(entry, dict):
        unit, topics = entry.get("id"), entry.get("topics")
        parts = unit.split(":") if isinstance(unit, str) else []
        if (
            len(parts) >= 3
            and parts[-1].isdecimal()
            and isinstance(topics, list)
            and all(isinstance(topic, str) for topic in topics)
        ):
            return LabelledUnit(
                plan=nfc(parts[0]),
                number=nfc(":".join(parts[1:-1])),
                start=int(parts[-1]),
                topics=frozenset(topics),
            )
    raise InputError(
        f'{path}: mục thứ {place} phải có "id" (tệp:số mục:vị trí) và "topics" (danh sách).'
    )


def score_topics(
    library: Library,
    scheme: Scheme,
    found: Iterable[UnitTopics],
    gold: Sequence[LabelledUnit],
    compared: frozenset[str] | None = None,
) -> TopicScores:
    """Scores of ``found`` against ``gold``.

    ``compared`` are the topics that the reader chose from (default: those that ``gold`` names).
    Raises InputError for a topic that the scheme lacks.
    """
    known = {topic.id: topic.parent for topic in scheme.topics}
    compared = compared or frozenset(topic for unit in gold for topic in unit.topics)
    for topic in sorted(compared - set(known)):
        raise InputError(f"Bộ chủ đề không có “{topic}” mà bản gán tay dùng.")
    sections = _sections(library, found)
    counts: Counter[tuple[str, str]] = Counter()
    lost: list[str] = []
    differences: list[TopicDifference] = []
    exact = 0
    for unit in gold:
        near = [
            other
            for other in sections.get((unit.plan, unit.number), ())
            if abs(other.start - unit.start) <= NEAR
        ]
        wanted = unit.topics & compared
        given: frozenset[str] = frozenset()
        if near:
            best = min(near, key=lambda other: abs(other.start - unit.start))
            given = frozenset(
                wide
                for match in best.topics
                if (wide := _widened(match.topic_id, known, compared)) is not None
            )
        else:
            lost.append(f"{unit.plan}:{unit.number}:{unit.start}")
        counts.update(("both", topic) for topic in given & wanted)
        counts.update(("false", topic) for topic in given - wanted)
        counts.update(("missed", topic) for topic in wanted - given)
        exact += given == wanted and bool(near)
        if given != wanted:
            differences.append(
                TopicDifference(
                    plan=unit.plan,
                    number=unit.number,
                    false=tuple(sorted(given - wanted)),
                    missed=tuple(sorted(wanted - given)),
                )
            )
    topics = tuple(
        TopicFigures(
            topic=topic.id,
            both=counts["both", topic.id],
            false=counts["false", topic.id],
            missed=counts["missed", topic.id],
        )
        for topic in scheme.topics
        if topic.id in compared
    )
    return TopicScores(
        units=len(gold),
        lost=tuple(lost),
        exact=exact / len(gold) if gold else 1.0,
        micro=TopicFigures(
            topic="*",
            both=sum(one.both for one in topics),
            false=sum(one.false for one in topics),
            missed=sum(one.missed for one in topics),
        ),
        topics=topics,
        differences=tuple(differences),
    )


def _sections(
    library: Library, found: Iterable[UnitTopics]
) -> dict[tuple[str, str], list[UnitTopics]]:
    """Sections by stem of the plan's file (any of its files) and number."""
    stems = {plan.plan: {nfc(Path(path).stem) for path in plan.paths} for plan in library.plans()}
    sections: dict[tuple[str, str], list[UnitTopics]] = {}
    for unit in found:
        if unit.unit == "section":
            for stem in stems.get(unit.plan_id, ()):
                sections.setdefault((stem, unit.number or ""), []).append(unit)
    return sections


def _widened(topic: str, parents: dict[str, str | None], compared: frozenset[str]) -> str | None:
    at: str | None = topic
    while at is not None and at not in compared:
        at = parents[at]
    return at
