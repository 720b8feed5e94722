"""What plans print whatever their subject: the customary chapters and what stands below them.

Kindred plans are few, plans of the issuer's kind are many. Where two kindred plans happen to have
no "Kinh phí", seven in ten plans of communes do; "Mục đích, yêu cầu" has its two halves below it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from kh_nlp.drafting.headings import about, is_body, likeness, section_kinds
from kh_nlp.drafting.sources import SourcePlan, heading_of
from kh_nlp.model import Section

Place = tuple[str, Section, SourcePlan, float]
"""A heading, its section and plan, and where it stands among those beside it (0 first, 1 last)."""


@dataclass
class Customs:
    """Plans on other subjects, by whose outlines headings are customary or not."""

    plans: Sequence[SourcePlan]
    _shares: dict[tuple[str, str | None], float] = field(default_factory=dict)

    @cached_property
    def _tops(self) -> list[list[tuple[str, Section, SourcePlan]]]:
        return [_headings(source, None) for source in self.plans]

    def share(self, heading: str, above: str | None = None) -> float:
        """Share (0..1) of the plans that have such a chapter; with ``above`` of those that have
        that chapter and sections below it, the share with such a section there.
        """
        key = (heading, above)
        if key not in self._shares:
            rows = [[h for h, _, _ in row] for row in self._rows(above)]
            found = sum(any(likeness(heading, h) >= 1 for h in row) for row in rows)
            self._shares[key] = found / len(rows) if rows else 0.0
        return self._shares[key]

    def place(self, heading: str) -> float:
        """Mean place (0 first, 1 last) of such a chapter; 0 where no plan has it."""
        found = [
            at / max(1, len(row) - 1)
            for row in self._tops
            for at, (h, _, _) in enumerate(row)
            if likeness(heading, h) >= 1
        ]
        return sum(found) / len(found) if found else 0.0

    def _rows(self, above: str | None) -> list[list[tuple[str, Section, SourcePlan]]]:
        if above is None:
            return self._tops
        found = []
        for row in self._tops:
            for heading, section, source in row:
                if likeness(above, heading) >= 1:
                    below = _headings(source, section)
                    if below:
                        found.append(below)
                    break
        return found

    def members(self, least: float, above: str | None = None) -> list[list[Place]]:
        """Customary sections that at least that share of the plans have, each with its places."""
        rows = self._rows(above)
        groups: list[list[Place]] = []
        for row in rows:
            for at, (heading, section, source) in enumerate(row):
                if is_body(heading) or not section_kinds(heading) or about(heading):
                    continue
                item = (heading, section, source, at / max(1, len(row) - 1))
                home = next((g for g in groups if likeness(g[0][0], heading) >= 1), None)
                if home is None:
                    groups.append([item])
                else:
                    home.append(item)
        return [g for g in groups if len({id(i[2]) for i in g}) >= least * len(rows) > 0]


def _headings(source: SourcePlan, above: Section | None) -> list[tuple[str, Section, SourcePlan]]:
    return [(h, s, source) for s in source.children(above) if (h := heading_of(s))]
