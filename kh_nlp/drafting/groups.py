"""Sections of several plans that are one section of the draft."""

from __future__ import annotations

from dataclasses import dataclass, field

from kh_nlp.drafting.headings import likeness
from kh_nlp.drafting.sources import SourcePlan
from kh_nlp.model import Section


@dataclass(slots=True)
class Member:
    """A section of a source plan; ``heading`` as it counts (bodies at the issuer's own level)."""

    source: SourcePlan
    section: Section
    heading: str
    place: float


@dataclass(slots=True)
class Group:
    """Sections of different plans that are one section of the draft."""

    members: list[Member] = field(default_factory=list)
    below: list[Group] = field(default_factory=list)
    heads: list[Member] = field(default_factory=list)

    @property
    def weight(self) -> float:
        """Sum of the weights of the plans that have it."""
        return sum({id(m.source): m.source.weight for m in self.members}.values())

    @property
    def plans(self) -> int:
        """Number of plans that have it."""
        return len({m.source.plan.plan_id for m in self.members})

    def place(self) -> float:
        """Mean place in the plans, 0 first and 1 last."""
        where = self.heads or self.members
        total = sum(m.source.weight for m in where)
        return sum(m.source.weight * m.place for m in where) / total

    def best(self) -> Member:
        """The member whose heading is most like those of the others, weights counting."""
        heads = self.heads or self.members
        return max(
            heads,
            key=lambda m: (
                sum(o.source.weight * min(likeness(m.heading, o.heading), 1.5) for o in heads)
                + m.source.weight
            ),
        )

    def fit(self, heading: str) -> float:
        """Mean likeness with the headings of the group; 0 when it is like fewer than half."""
        scores = [likeness(heading, m.heading) for m in self.members]
        same = sum(score >= 1 for score in scores)
        return sum(scores) / len(scores) if same * 2 > len(scores) else 0.0
