"""The outline that kindred plans agree on.

Headings of the first level that name the same section form a group, with at most one heading of
each plan. A group is kept when plans with enough weight have it; the groups stand in the order in
which most plans have them. The second level is found in the same way inside every group.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from kh_nlp.drafting.customary import Customs, Place
from kh_nlp.drafting.groups import Group, Member
from kh_nlp.drafting.headings import is_body, names_duties, section_kinds
from kh_nlp.drafting.kindred import ENOUGH
from kh_nlp.drafting.sources import SourcePlan, heading_of

FIRST_KEPT = 0.15
"""Share of the weight of all kindred plans that must have a section of the first level."""

ALONE_KEPT = 0.25
"""The same where only one plan has it: with three plans what one of them has, unless no other plan
of the kind prints it.
"""

ALONE_OF_FEW = 0.35
"""The same with fewer than ``ENOUGH`` plans."""

SEVERAL = 2

SECOND_KEPT = 0.35
"""The same for the second level, of the plans that have the section above."""

BODY_KEPT = 0.1
"""The same for bodies with duties, of the plans that name any."""

BODY_OF_FEW = 0.15
"""The same with fewer than ``ENOUGH`` plans."""

UNNAMED = 2.0
"""How much more must name a body that no kindred plan names."""

OTHER_LEVEL = 0.5
"""How much a plan of another level counts for who has duties at this one."""

CUSTOM = 2.0
"""How many kindred plans the custom of other plans counts for."""

CUSTOM_TO_FEW = 1.0
"""The same with fewer than ``ENOUGH`` kindred plans, which it must not drown."""

NEAREST = 5
"""Plans from which a customary section is taken that no kindred plan has."""

_OPENING = frozenset({"purpose", "goal", "viewpoint"})

JOINED = 0.25
"""Share of a chapter's weight from which the way of plans that join two chapters is kept."""

Rename = Callable[[SourcePlan, str], str | None]
Own = Callable[[SourcePlan], bool]


def outline(
    sources: Sequence[SourcePlan],
    rename: Rename,
    *,
    bodies: Sequence[SourcePlan] = (),
    first: float = FIRST_KEPT,
    alone: float | None = None,
    second: float = SECOND_KEPT,
    third: float | None = None,
    own: Own = lambda _: True,
    joined: float = JOINED,
    other_level: float = OTHER_LEVEL,
    customs: Customs | None = None,
    custom: float | None = None,
) -> list[Group]:
    """Groups of the first level in order, each with the groups below it.

    ``rename`` gives a body's name at the issuer's own level, or ``None`` when it has none there.
    Thresholds left out depend on how many plans there are (``ENOUGH``).
    ``bodies`` are further plans whose lists of those responsible count (same level and time);
    ``own`` tells whether a plan is of the issuer's kind.
    """
    enough = len(sources) >= ENOUGH
    alone_kept = (ALONE_KEPT if enough else ALONE_OF_FEW) if alone is None else alone
    body_kept = (BODY_KEPT if enough else BODY_OF_FEW) if third is None else third
    worth = (CUSTOM if enough else CUSTOM_TO_FEW) if custom is None else custom
    total = sum(source.weight for source in sources) or 1.0
    found = _groups(sources, None, rename)

    def share(group: Group, of: float, above: str | None = None) -> float:
        heading = group.best().heading
        if customs is None:
            return group.weight / of
        expected = customs.share(heading, above)
        return (group.weight + worth * expected) / (of + worth)

    kept = [
        group
        for group in found
        if share(group, total) >= (first if group.plans >= SEVERAL else alone_kept)
    ]
    kept = [
        group
        for group in kept
        if group.weight >= alone_kept * total or not any(_instead(group, other) for other in kept)
    ]
    for group in kept:
        above, heading = group.weight, group.best().heading
        below = _groups([m.source for m in group.members], group, rename)
        needed = _agreeing(group.plans)
        group.below = _ordered(
            [g for g in below if share(g, above, heading) >= second and g.plans >= needed]
        )
    kept = _ordered(kept)
    if customs is not None:
        _add_customary(kept, found, customs, worth, total, alone_kept, second)
    _add_bodies(kept, bodies, rename, body_kept, own, other_level)
    return _consistent(_joined(kept, joined))


def _instead(group: Group, other: Group) -> bool:
    """Whether ``group`` is what few plans print in place of ``other``: "Quan điểm, mục tiêu, yêu
    cầu" where most open with "Mục đích, yêu cầu".
    """
    kinds = _broad(section_kinds(group.best().heading))
    if other is group or other.weight <= group.weight:
        return False
    if not kinds & _broad(section_kinds(other.best().heading)):
        return False
    plans = {id(m.source) for m in group.members}
    return 2 * len(plans & {id(m.source) for m in other.members}) <= len(plans)


def _add_customary(
    kept: list[Group],
    found: Sequence[Group],
    customs: Customs,
    custom: float,
    total: float,
    first: float,
    second: float,
) -> None:
    """Chapters and halves of chapters that few kindred plans have and most other plans do."""

    def made(items: Sequence[Place]) -> Group:
        return Group([Member(source, section, h, at) for h, section, source, at in items[:NEAREST]])

    def held(group: Group, groups: Iterable[Group]) -> bool:
        kinds = _broad(section_kinds(group.best().heading))
        return any(kinds & _broad(section_kinds(m.heading)) for g in groups for m in g.members)

    everything = [*found, *(b for g in kept for b in g.below)]
    weights = {id(group): group.weight for group in kept}
    for items in customs.members(first):
        group = made(items)
        share = customs.share(group.best().heading)
        if custom * share >= first * (total + custom) and not held(group, everything):
            place = customs.place(group.best().heading)
            after = (at for at, g in enumerate(kept) if customs.place(g.best().heading) > place)
            kept.insert(next(after, len(kept)), group)
    for group in kept:
        if group.below:
            continue
        heading = group.best().heading
        needed = second * (weights.get(id(group), 0.0) + custom)
        halves = [made(items) for items in customs.members(second, heading)]
        group.below = _ordered(
            [h for h in halves if custom * customs.share(h.best().heading, heading) >= needed]
        )


def _broad(kinds: frozenset[str]) -> frozenset[str]:
    """Plans open with "Mục đích, yêu cầu" or with "Mục tiêu": who has one needs no other."""
    return kinds | {"opening"} if kinds & _OPENING else kinds


def _agreeing(plans: int) -> int:
    """Plans that must have a section, of so many: what only one of three has is its own."""
    return 2 if plans >= 3 else 1


def _joined(groups: list[Group], share: float) -> list[Group]:
    """Two chapters that enough plans print as one become one, with the two below it.

    "Nội dung, hình thức" with "1. Nội dung" and "2. Hình thức" holds what plans with the two apart
    have; plans with the two apart have no place for what is said of both.
    """
    kept = list(groups)
    for group in groups:
        for other in groups:
            theirs = section_kinds(other.best().heading)
            if other is group or not theirs or other not in kept or group not in kept:
                continue
            both = [m for m in group.members if theirs < section_kinds(m.heading)]
            alone = [m for m in group.members if not theirs & section_kinds(m.heading)]
            if not alone or Group(both).weight < share * group.weight:
                continue
            parts = (
                _part(both, alone, section_kinds(Group(alone).best().heading)),
                _part(both, other.members, theirs),
            )
            if not all(part.heads for part in parts):
                continue
            taken = {m.section.id for part in parts for m in part.members}
            group.heads = both
            group.members = [*group.members, *other.members]
            joining = {id(m.source) for m in both}
            rest = [
                below
                for below in group.below
                if not any(m.section.id in taken for m in below.members)
                and any(id(m.source) in joining for m in below.members)
            ]
            group.below = _ordered([*parts, *rest])
            kept.remove(other)
    return kept


def _part(both: Sequence[Member], alone: Sequence[Member], kinds: frozenset[str]) -> Group:
    """One half of a joined chapter: its sections below ``both`` (whose headings count), and
    the chapters of their own that other plans have for it.
    """
    found = []
    for member in both:
        children = member.source.children(member.section)
        for at, section in enumerate(children):
            heading = heading_of(section)
            if heading and section_kinds(heading) == kinds:
                place = at / max(1, len(children) - 1)
                found.append(Member(member.source, section, heading, place))
    return Group([*found, *alone], heads=found)


def _consistent(groups: list[Group]) -> list[Group]:
    """No section twice: neither beside one that holds it, nor below one that is it.

    Where some plans print "Nội dung, hình thức" and others the two apart, the way of more plans
    is kept.
    """
    kept = list(groups)
    for group in groups:
        kinds = section_kinds(group.best().heading)
        for other in groups:
            theirs = section_kinds(other.best().heading)
            if other is group or not theirs or not theirs < kinds or other not in kept:
                continue
            alone = [m for m in group.members if not theirs <= section_kinds(m.heading)]
            if _printed_both(group, other, theirs):
                continue
            if other.weight * 2 >= group.weight and alone:
                group.heads = alone
            elif group in kept:
                kept.remove(other if other.weight <= group.weight else group)
    apart = [section_kinds(group.best().heading) for group in kept]
    for group, kinds in zip(kept, apart, strict=True):
        others = [theirs for theirs in apart if theirs is not kinds]
        group.below = [
            below
            for below in group.below
            if not (own := section_kinds(below.best().heading))
            or (own != kinds and own not in others)
        ]
    return kept


def _printed_both(group: Group, other: Group, kinds: frozenset[str]) -> bool:
    """Whether most plans whose heading names the ``kinds`` of ``other`` have that chapter too.

    "Nhiệm vụ, giải pháp, phân công" before "Tổ chức thực hiện" are two chapters to those plans.
    """
    holding = {id(m.source) for m in group.members if kinds <= section_kinds(m.heading)}
    return 2 * len(holding & {id(m.source) for m in other.members}) > len(holding)


def _groups(
    sources: Sequence[SourcePlan], above: Group | None, rename: Rename, *, bodies: bool = False
) -> list[Group]:
    groups: list[Group] = []
    for source in sorted(sources, key=lambda s: -s.weight):
        parents = [m.section for m in above.members if m.source is source] if above else [None]
        sections = [child for parent in parents for child in source.children(parent)]
        taken: set[int] = set()
        for at, section in enumerate(sections):
            printed = source.name_of(section) if bodies else heading_of(section)
            if printed is None or (bodies and not is_body(printed)):
                continue
            heading = rename(source, printed) if is_body(printed) else printed
            if heading is None:
                continue
            member = Member(source, section, heading, at / max(1, len(sections) - 1))
            # Two bodies of a province may be one office of a commune.
            same = next((g for g in groups if any(m.heading == heading for m in g.members)), None)
            if same is not None:
                same.members.append(member)
                continue
            fits = [(g.fit(heading), i) for i, g in enumerate(groups) if i not in taken]
            score, best = max(fits, default=(0.0, -1))
            if score > 0:
                groups[best].members.append(member)
                taken.add(best)
            else:
                taken.add(len(groups))
                groups.append(Group([member]))
    return groups


def _add_bodies(
    groups: Iterable[Group],
    sources: Sequence[SourcePlan],
    rename: Rename,
    share: float,
    own: Own,
    other_level: float,
) -> None:
    """Bodies of the section that says who does what, from all plans of the issuer's level."""
    chapters = [group for group in groups if names_duties(group.best().heading)]
    # "Phân công nhiệm vụ" before "Tổ chức thực hiện": the bodies stand below one of the two.
    listing = max(chapters, key=lambda g: (_bodies_below(g), g.place()), default=None)
    for group in [listing] if listing is not None else []:
        known = {m.source.plan.plan_id for m in group.members}
        extra = Group(list(group.members))
        for source in sources:
            if source.plan.plan_id in known:
                continue
            for section in source.children(None):
                heading = heading_of(section)
                if heading and names_duties(heading):
                    extra.members.append(Member(source, section, heading, 1.0))
        asked = {id(m.source): m.source for m in extra.members}
        below = _groups([*asked.values()], extra, rename, bodies=True)

        def told(found: Iterable[Group]) -> float:
            by = {id(m.source): m.source for g in found for m in g.members}
            return sum(s.weight * (1.0 if own(s) else other_level) for s in by.values())

        needed = share * told(below)
        named = {m.source.plan.plan_id for g in below for m in g.members}
        group.below = _ordered(
            [
                g
                for g in below
                if told([g])
                >= (needed if any(m.source.kin for m in g.members) else needed * UNNAMED)
                and g.plans >= _agreeing(len(named))
            ]
        )


def _bodies_below(group: Group) -> float:
    return sum(below.weight for below in group.below if is_body(below.best().heading))


def _ordered(groups: list[Group]) -> list[Group]:
    """Groups in the order of most plans: by the mean place of their sections."""
    return sorted(groups, key=Group.place)
