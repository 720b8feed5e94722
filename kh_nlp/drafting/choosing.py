"""The passages of a section: agreed on, easily carried over, each said once, most recent first."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from kh_nlp.drafting.bodies import column_of, other_kind, same_tier
from kh_nlp.drafting.groups import Group, Member
from kh_nlp.drafting.headings import is_body, section_kinds
from kh_nlp.drafting.records import Origin, Paragraph
from kh_nlp.drafting.slots import Rewriter
from kh_nlp.drafting.sources import SourcePlan
from kh_nlp.drafting.tracing import GAP
from kh_nlp.language import fold
from kh_nlp.model import Section

MOST = 8
"""Paragraphs of a section at most."""

LONGEST = 1500
"""Characters of a passage at most; longer ones are tables or lists that lost their breaks."""

NEARLY_SAME = 0.55
"""Likeness of the words of two passages from which only one is taken."""

_LONGEST_LABEL = 12
"""Letters of a label, blanks left out."""

_LABEL = re.compile(r"^\s*(?:[-+*•–]+|[a-zđ]\)|[a-zđ]\.|\(?\d+(?:\.\d+)*[.)]|[IVX]+\s?[-–./)])\s*")
# A line that does not end a sentence goes on in the next, unless that begins with a label.
_PARAGRAPH = re.compile(r"[^\n]+(?:(?<![.;:!?…])\n(?!\s*(?:[-+*•–]|\w{1,2}[.)/]))[^\n]+)*")
_ENDS = (".", ";", ":", "!", "?", "…", "”", '"', ")")
_RUN_IN = re.compile(r"^[^.:;]{3,90}:\s+")


@dataclass(frozen=True)
class Passage:
    """A paragraph of a source plan: offsets into its text, and its words."""

    source: SourcePlan
    start: int
    end: int
    words: frozenset[str]


def passages(member: Member, below: Iterable[Group], *, body: bool) -> list[Passage]:
    """The paragraphs of a source section that no section below it has.

    ``body``: the section is about one body, whose name before a colon is its heading.
    """
    taken = {m.section.id for group in below for m in group.members}
    source = member.source
    rows = [
        span
        for task in source.plan.tasks
        if task.origin == "table"
        for span in (task.spans or ((task.start, task.end),))
    ]
    found: list[Passage] = []

    def walk(section: Section, *, top: bool) -> None:
        if section.id in taken:
            return
        # The duty of a body that the draft does not list belongs to no other; neither does what
        # stands under "Đối tượng" where the draft has no such section.
        name = source.name_of(section) or ""
        if taken and not top and (is_body(name) or section_kinds(name)):
            return
        broken = False
        for start, end in section.spans:
            lines = _paragraphs(source, section, start, end, rows, body=body and top)
            found.extend(lines[1:] if broken else lines)
            broken = not source.plan.text[start:end].rstrip().endswith(_ENDS)
        for child in source.children(section):
            walk(child, top=False)

    walk(member.section, top=True)
    return found


def _paragraphs(
    source: SourcePlan,
    section: Section,
    start: int,
    end: int,
    rows: Sequence[tuple[int, int]],
    *,
    body: bool,
) -> list[Passage]:
    text = source.plan.text
    heading = "".join((section.heading or "").split())
    found = []
    for match in _PARAGRAPH.finditer(text[start:end]):
        first, last = start + match.start(), start + match.end()
        if any(first < b and last > a for a, b in rows) or "\t" in match[0] or "|" in match[0]:
            continue
        label = _LABEL.match(text[first:last])
        if label:
            first += label.end()
        words = "".join(text[first:last].split())
        bare = words.rstrip(":.;")
        if heading and bare and heading.startswith(bare):
            continue  # the heading itself, maybe over two lines
        if heading and bare.endswith(heading) and len(bare) - len(heading) <= _LONGEST_LABEL:
            continue  # behind a label of its own kind: "B.", "Phần thứ hai:"
        if heading and words.startswith(heading):
            first = _after(text, first, last, len(heading))
        if body and section.heading is None and (run := _RUN_IN.match(text[first:last])):
            first += run.end()
        line = text[first:last].strip()
        if len(section.spans) > 1 and not line.endswith(_ENDS):
            continue  # a sentence that goes on behind a note or a table
        if 25 <= len(line) <= LONGEST and any(c.isalpha() for c in line):
            found.append(Passage(source, first, last, words_of(line)))
    return found


def _after(text: str, start: int, end: int, letters: int) -> int:
    """Where a line goes on after its heading of so many letters, colon and blanks skipped."""
    seen = 0
    for at in range(start, end):
        if seen == letters:
            return at + len(text[at:end]) - len(text[at:end].lstrip(" :.;-–\t"))
        seen += not text[at].isspace()
    return end


def words_of(text: str) -> frozenset[str]:
    """Folded words and pairs of a text, numbers left out."""
    words = [w for w in re.findall(r"\w+", fold(text)) if not w.isdigit()]
    return frozenset(words) | frozenset(f"{a} {b}" for a, b in pairwise(words))


def overlap(one: frozenset[str], other: frozenset[str]) -> float:
    """Jaccard likeness."""
    return len(one & other) / len(one | other) if one and other else 0.0


def choose(
    group: Group, rewriters: dict[str, Rewriter], wanted: str | None
) -> tuple[Paragraph, ...]:
    """Rewritten paragraphs for one section of the draft.

    A passage counts for the weight of its plan, for plans that say the like, and against what it
    would leave open; the next one is always the best that differs from those taken (maximal
    marginal relevance, Carbonell and Goldstein 1998). ``wanted``: the column of the issuer.
    """
    body = not group.below and any(m.section.heading is None for m in group.members)
    by_plan: dict[str, list[Passage]] = {}
    divided = {m.source.plan.plan_id for below in group.below for m in below.members}
    for member in group.members:
        # What undivided plans print in one would be said again in the sections below.
        if divided and member.source.plan.plan_id not in divided:
            continue
        by_plan.setdefault(member.source.plan.plan_id, []).extend(
            passages(member, group.below, body=body)
        )
    told = {plan: found for plan, found in by_plan.items() if found}
    # Plans on other subjects tell who has duties and which sections are customary, not what to
    # write there: "quản trị trang Facebook" is nothing for a plan against drugs.
    # Nor do committees tell what an organ of the Party or of the Front has to do.
    named = is_body(group.best().heading)
    by_plan = {
        plan: found
        for plan, found in told.items()
        if found[0].source.kin is not None
        and not (named and other_kind(column_of(found[0].source.plan.header), wanted))
    }
    everything = [p for found in by_plan.values() for p in found]
    if not everything:
        return _left_open(told, rewriters)
    size = min(MOST, max(1, round(median(len(found) for found in by_plan.values()))))
    written = [_rewritten(p, rewriters) for p in everything]
    heaviest = max(p.source.weight for p in everything)
    values = []
    for passage, paragraph in zip(everything, written, strict=True):
        others = [
            max((overlap(passage.words, o.words) for o in found), default=0.0)
            for plan, found in by_plan.items()
            if plan != passage.source.plan.plan_id
        ]
        agreed = sum(others) / len(others) if others else 0.0
        own = same_tier(column_of(passage.source.plan.header), wanted)
        open_share = min(1.0, len(paragraph.gaps) * 12 / max(12, len(paragraph.text.split())))
        values.append(
            passage.source.weight / heaviest + 1.5 * agreed + 0.3 * own - 0.8 * open_share
        )
    return _diverse(everything, written, values, size)


def _left_open(
    told: dict[str, list[Passage]], rewriters: dict[str, Rewriter]
) -> tuple[Paragraph, ...]:
    """A gap in place of what the nearest plan on another subject says there."""
    if not told:
        return ()
    plan, found = max(told.items(), key=lambda item: item[1][0].source.weight)
    origin = Origin(plan=plan, start=found[0].start, end=found[0].end)
    return (replace(rewriters[plan].replaced(origin, GAP, "form"), label="-"),)


def _diverse(
    passages_: Sequence[Passage],
    written: Sequence[Paragraph],
    values: Sequence[float],
    size: int,
) -> tuple[Paragraph, ...]:
    chosen: list[int] = []
    left = set(range(len(passages_)))
    while left and len(chosen) < size:
        best = max(
            left,
            key=lambda at: (
                values[at]
                - 1.2
                * max(
                    (overlap(passages_[at].words, passages_[c].words) for c in chosen), default=0.0
                ),
                -at,
            ),
        )
        left.discard(best)
        like = [overlap(passages_[best].words, passages_[c].words) for c in chosen]
        if like and max(like) >= NEARLY_SAME:
            continue
        chosen.append(best)

    def order(at: int) -> tuple[int, str, int]:
        source = passages_[at].source
        return (-(source.plan.header.year or 0), source.plan.plan_id, passages_[at].start)

    also = {
        at: len(
            {
                p.source.plan.plan_id
                for p in passages_
                if p.source is not passages_[at].source
                and overlap(p.words, passages_[at].words) >= NEARLY_SAME
            }
        )
        for at in chosen
    }
    return tuple(_with(written[at], also[at]) for at in sorted(chosen, key=order))


def _with(paragraph: Paragraph, also: int) -> Paragraph:
    return Paragraph(
        text=paragraph.text,
        sources=paragraph.sources,
        gaps=paragraph.gaps,
        changes=paragraph.changes,
        label=paragraph.label,
        also=also,
    )


def _rewritten(passage: Passage, rewriters: dict[str, Rewriter]) -> Paragraph:
    rewriter = rewriters[passage.source.plan.plan_id]
    return rewriter.rewrite(passage.start, passage.end, label="-")
