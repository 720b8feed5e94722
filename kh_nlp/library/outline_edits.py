"""Changes of an outline by hand: headings, numbers, bounds, false and missing sections.

Every function gives a new ``Plan`` that keeps the promises of ``model``: sections in reading order
and nested, ``text`` what ``spans`` hold, every character in at most one part, and citations, tasks
and notes hung on the section in which they stand.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from kh_nlp.errors import UsageError
from kh_nlp.library.stretches import clip, cut, holds_words, joined, overlap
from kh_nlp.model import Block, BlockKind, Plan, Section, Span

_SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def name_of(section: Section) -> str:
    """How a section is spoken of: its number, else its first words."""
    return section.number or " ".join(section.text.split()[:6]) or section.id


def set_heading(plan: Plan, section_id: str, heading: str | None) -> Plan:
    """Give a section another heading; its text stays as printed."""
    return _with(plan, section_id, lambda section: replace(section, heading=heading))


def set_number(plan: Plan, section_id: str, number: str | None) -> Plan:
    """Give a section another path ("II.3"): its label, its place in the tree, the paths below.

    It hangs on the section of the longer path's head where that is still open at this place;
    else it keeps its parent.
    """
    sections = list(plan.sections)
    index = _index(sections, section_id)
    label = number.rpartition(".")[2] if number else None
    parent = _parent_for(sections, index, number, sections[index].parent)
    sections[index] = replace(sections[index], number=number, label=label, parent=parent)
    return _finished(plan, _repathed(plan.sections, _rehung(sections, section_id), section_id))


def set_bounds(plan: Plan, section_id: str, start: int, end: int) -> Plan:
    """Let a section's own text begin at ``start`` and end at ``end``.

    Text gained is taken from whatever held it. Text given up before ``start`` goes to the section
    that comes before, text after ``end`` to the section above; where there is none, to a block.
    UsageError when another section would be left without text.
    """
    _check(plan, start, end)
    whole = plan
    section = plan.sections[_index(plan.sections, section_id)]
    old = list(section.spans)
    notes = [(note.start, note.end) for note in plan.notes]
    gained: list[Span] = []
    if start < old[0][0]:
        gained += cut([(start, min(end, old[0][0]))], notes)
    if end > old[-1][1]:
        gained += cut([(max(start, old[-1][1]), end)], notes)
    own = clip(old, start, end)
    freed_head, freed_tail = clip(old, 0, start), clip(old, end, len(plan.text))
    spans = joined(plan.text, [*own, *gained])
    if not holds_words(plan.text, spans):
        raise UsageError(f"Mục {name_of(section)} sẽ không còn chữ nào trong phạm vi này.")
    plan = _taken(plan, gained, section_id)
    sections = [replace(s, spans=tuple(spans)) if s.id == section_id else s for s in plan.sections]
    plan = replace(plan, sections=tuple(sections))
    plan = _given(plan, freed_head, _before(plan, section_id, freed_head), opening=True)
    plan = _given(plan, freed_tail, section.parent, opening=False)
    return _finished(whole, list(plan.sections), plan.blocks)


def remove_section(plan: Plan, section_id: str) -> Plan:
    """Take a false section out: its text goes on the section before, its children one level up."""
    index = _index(plan.sections, section_id)
    gone = plan.sections[index]
    before = plan.sections[index - 1].id if index else None
    first_child = min(
        (s.spans[0][0] for s in plan.sections if s.parent == section_id), default=len(plan.text)
    )
    sections = [
        replace(s, parent=gone.parent) if s.parent == section_id else s
        for s in plan.sections
        if s.id != section_id
    ]
    old = plan
    plan = replace(plan, sections=tuple(_repathed(old.sections, sections, None)))
    plan = _given(plan, clip(gone.spans, 0, first_child), before, opening=True)
    tail = clip(gone.spans, first_child, len(plan.text))
    plan = _given(plan, tail, gone.parent, opening=False)
    return _finished(old, list(plan.sections), plan.blocks)


def add_section(
    plan: Plan,
    section_id: str,
    start: int,
    end: int | None,
    *,
    number: str | None,
    heading: str | None,
) -> Plan:
    """Make ``text[start:end]`` a section; without ``end``, all that its holder has from there on.

    UsageError when a section begins there already, or when the text belongs to no part of the plan
    that can be divided (a footnote).
    """
    holder = owner_at(plan, start)
    if holder is not None:
        region = clip(list(holder.spans), start, end if end is not None else len(plan.text))
        region = _before_children(plan, holder, start, region)
        if start <= holder.spans[0][0]:
            raise UsageError(f"Ở đó đã có mục {name_of(holder)}.")
    else:
        block = next((b for b in plan.blocks if b.start <= start < b.end), None)
        if block is None:
            raise UsageError("Chỗ đó không thuộc phần nào có thể tách thành mục (chú thích?).")
        region = [(start, min(end, block.end) if end is not None else block.end)]
    if end is not None:
        _check(plan, start, end)
        notes = [(note.start, note.end) for note in plan.notes]
        region = joined(plan.text, cut([(start, end)], notes))
        for section in plan.sections:
            if section is not holder and start < section.spans[0][0] < end:
                raise UsageError(
                    f"Phạm vi đó lấn sang mục {name_of(section)}; hãy cho kết thúc sớm hơn."
                )
    if not holds_words(plan.text, region):
        raise UsageError("Phạm vi đó không có chữ nào.")
    made = Section(
        id=section_id,
        number=number,
        label=number.rpartition(".")[2] if number else None,
        heading=heading,
        parent=None,
        annex=holder.annex if holder else False,
        start=region[0][0],
        end=region[-1][1],
        spans=tuple(region),
        page=1,
        text="",
    )
    whole = plan
    plan = _taken(plan, region, section_id)
    sections = sorted([*plan.sections, made], key=lambda s: s.spans[0][0])
    index = _index(sections, section_id)
    fallback = holder.id if holder else None
    sections[index] = replace(made, parent=_parent_for(sections, index, number, fallback))
    hung = _repathed(whole.sections, _rehung(sections, section_id), section_id)
    return _finished(whole, hung, plan.blocks)


def owner_at(plan: Plan, position: int) -> Section | None:
    """The section whose own text holds a position."""
    for section in plan.sections:
        if any(start <= position < end for start, end in section.spans):
            return section
    return None


def _with(plan: Plan, section_id: str, change: Callable[[Section], Section]) -> Plan:
    sections = tuple(change(s) if s.id == section_id else s for s in plan.sections)
    return replace(plan, sections=sections)


def _index(sections: Sequence[Section], section_id: str) -> int:
    return next(index for index, section in enumerate(sections) if section.id == section_id)


def _check(plan: Plan, start: int, end: int) -> None:
    if not 0 <= start < end <= len(plan.text):
        raise UsageError(
            f"Phạm vi {start}–{end} không nằm trong văn bản (0–{len(plan.text)}) hoặc ngược."
        )


def _before_children(plan: Plan, holder: Section, start: int, region: list[Span]) -> list[Span]:
    """``region`` up to the next section: what follows it (the end of an annex) is the holder's."""
    stop = min(
        (s.spans[0][0] for s in plan.sections if s is not holder and s.spans[0][0] > start),
        default=len(plan.text),
    )
    return clip(region, 0, stop)


def _taken(plan: Plan, region: Sequence[Span], section_id: str) -> Plan:
    """The plan whose other sections and blocks no longer hold ``region``."""
    sections: list[Section] = []
    for section in plan.sections:
        if section.id != section_id and overlap(section.spans, region):
            left = joined(plan.text, cut(section.spans, region))
            if not left:
                raise UsageError(
                    f"Phạm vi đó trùm hết mục {name_of(section)}; nếu đó là mục sai, hãy xóa trước."
                )
            section = replace(section, spans=tuple(left))
        sections.append(section)
    blocks = [
        replace(block, start=start, end=end)
        for block in plan.blocks
        for start, end in (
            joined(plan.text, cut([(block.start, block.end)], region))
            if overlap([(block.start, block.end)], region)
            else [(block.start, block.end)]
        )
    ]
    return replace(plan, sections=tuple(sections), blocks=tuple(blocks))


def _given(plan: Plan, region: list[Span], taker: str | None, *, opening: bool) -> Plan:
    """Text that a section gave up, handed to another section or, without one, to a block."""
    region = joined(plan.text, region)
    if not region:
        return plan
    if taker is not None:
        return _with(
            plan,
            taker,
            lambda s: replace(s, spans=tuple(joined(plan.text, [*s.spans, *region]))),
        )
    last = max((s.spans[-1][1] for s in plan.sections), default=0)
    kind: BlockKind = "opening" if opening else "closing" if region[0][0] >= last else "other"
    fresh = [Block(kind=kind, start=start, end=end) for start, end in region]
    blocks = sorted([*plan.blocks, *fresh], key=lambda block: block.start)
    return replace(plan, blocks=tuple(blocks))


def _before(plan: Plan, section_id: str, freed: Sequence[Span]) -> str | None:
    """The section printed before ``freed``, which a later begin of ``section_id`` leaves."""
    if not freed:
        return None
    earlier = [
        s for s in plan.sections if s.id != section_id and s.spans[0][0] < freed[0][0]
    ]  # in reading order
    return earlier[-1].id if earlier else None


def _parent_for(
    sections: Sequence[Section], index: int, number: str | None, fallback: str | None
) -> str | None:
    """The open section whose number is the head of ``number``; none for a number of one part."""
    if number is None:
        return fallback
    head = number.rpartition(".")[0]
    by_id = {section.id: section for section in sections}
    if not head:
        # A number of its own stands at the top of its tree: below an annex, or below nothing.
        at = by_id.get(fallback) if fallback else None
        while at is not None and not (at.annex and at.parent is None):
            at = by_id.get(at.parent) if at.parent else None
        return at.id if at is not None and at.id != sections[index].id else None
    above = sections[index - 1] if index else None
    while above is not None:
        if above.number == head:
            return above.id
        above = by_id.get(above.parent) if above.parent else None
    return fallback


def _rehung(sections: Sequence[Section], section_id: str) -> list[Section]:
    """Sections after ``section_id`` whose parent it closed hang on it."""
    out: list[Section] = []
    path: list[str] = []
    passed = False
    for section in sections:
        if passed and section.parent is not None and section.parent not in path:
            section = replace(section, parent=section_id)
        passed = passed or section.id == section_id
        while path and path[-1] != section.parent:
            path.pop()
        path.append(section.id)
        out.append(section)
    return out


def _repathed(
    before: Sequence[Section], after: Sequence[Section], edited: str | None
) -> list[Section]:
    """``after`` with the paths of all but ``edited`` led by the numbers of their parents now."""
    old = {section.id: section for section in before}
    new: dict[str, Section] = {}
    for section in after:
        known = old.get(section.id)
        if section.id != edited and section.number and known and known.parent in old:
            head = old[known.parent].number
            above = new.get(section.parent) if section.parent else None
            if head and section.number.startswith(head + "."):
                tail = section.number[len(head) + 1 :]
                number = f"{above.number}.{tail}" if above and above.number else tail
                section = replace(section, number=number)
        new[section.id] = section
    return list(new.values())


def _finished(
    old: Plan, sections: Sequence[Section], blocks: Sequence[Block] | None = None
) -> Plan:
    """``old`` with these sections and blocks: extents, texts, pages, and what hangs on sections.

    UsageError when the sections do not nest.
    """
    ordered = sorted(sections, key=lambda section: section.spans[0][0])
    extent: dict[str, Span] = {}
    parents = {section.id: section.parent for section in ordered}
    path: list[str] = []
    for section in ordered:
        if section.parent is not None and section.parent not in path:
            raise UsageError(
                f"Sửa như vậy thì mục {name_of(section)} nằm ngoài mục cấp trên của nó."
            )
        while path and path[-1] != section.parent:
            path.pop()
        path.append(section.id)
        at: str | None = section.id
        while at is not None:
            low, high = extent.get(at, (section.spans[0][0], section.spans[-1][1]))
            extent[at] = (low, max(high, section.spans[-1][1]))
            at = parents[at]
    made = tuple(
        replace(
            section,
            start=extent[section.id][0],
            end=extent[section.id][1],
            page=old.locate(section.spans[0][0]).page,
            text=" ".join(old.text[start:end] for start, end in section.spans),
        )
        for section in ordered
    )
    plan = replace(old, sections=made, blocks=tuple(old.blocks if blocks is None else blocks))
    return _hung(old, plan)


def _hung(old: Plan, plan: Plan) -> Plan:
    """``plan`` with its notes, tasks and citations on the sections that hold them now.

    Only what stood in a part that changed hands moves: the parser may know better than positions.
    """

    def holder(position: int, known: str | None) -> str | None:
        was, now = owner_at(old, position), owner_at(plan, position)
        if (was.id if was else None) == (now.id if now else None):
            return known
        return now.id if now else None

    notes = tuple(
        replace(note, section=holder(mark, note.section))
        if (mark := _mark(old, note.section, note.label)) is not None
        else note
        for note in plan.notes
    )
    labels: dict[str, list[str]] = {}
    for note in notes:
        if note.section is not None:
            labels.setdefault(note.section, []).append(note.label)
    moved = notes != plan.notes
    citations = []
    of_note = {(note.start, note.end): note.section for note in notes}
    for citation in plan.citations:
        inside = next((s for (a, b), s in of_note.items() if a <= citation.start < b), False)
        section = holder(citation.start, citation.section) if inside is False else inside
        role = "reference" if section is not None else citation.role
        citations.append(replace(citation, section=section or None, role=role))  # type: ignore[arg-type]
    return replace(
        plan,
        notes=notes,
        sections=tuple(
            replace(s, notes=tuple(labels.get(s.id, ()))) if moved else s for s in plan.sections
        ),
        tasks=tuple(replace(t, section=holder(t.start, t.section)) for t in plan.tasks),
        citations=tuple(citations),
    )


def _mark(plan: Plan, section_id: str | None, label: str) -> int | None:
    """Where the mark of a note stands in its section."""
    section = next((s for s in plan.sections if s.id == section_id), None)
    marks = re.escape(label.translate(_SUPERSCRIPTS)), rf"\[{re.escape(label)}\]"
    for start, end in section.spans if section else ():
        if match := re.search("|".join(marks), plan.text[start:end]):
            return start + match.start()
    return None
