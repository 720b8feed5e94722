"""What is counted: labels of units, whatever they stand for, all through one record.

``document``, ``body``, ``replaced``, ``abolished`` and phrases are found here; ``topic`` and
``form`` come from the schemes of ``kh_nlp.topics``, ``word`` from ``wordlists``.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from typing import Any

from kh_nlp import network as net
from kh_nlp.errors import UsageError
from kh_nlp.language import fold, has_accents, search_key
from kh_nlp.library import Library
from kh_nlp.network import Replacement
from kh_nlp.places import bodies, body, is_current, successor
from kh_nlp.trends.reading import Part, StoredPlan
from kh_nlp.trends.records import PlanFacts, Unit

ANY = "*"
"""Label of every unit that has one of the others: any replaced document, any ended body."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """Units of ``plans`` with their labels, and the Vietnamese name of each label."""

    plans: tuple[PlanFacts, ...]
    units: tuple[Unit, ...]
    names: Mapping[str, str] = field(default_factory=dict)


def unit_of(plan: str, part: Part, labels: Iterable[str]) -> Unit:
    """The countable unit of a part of a plan."""
    return Unit(
        plan=plan, unit=part.unit, number=part.number, start=part.start, end=part.end,
        characters=len(part.text), labels=tuple(dict.fromkeys(labels)),
    )  # fmt: skip


def by_phrase(plans: Iterable[StoredPlan], phrases: Sequence[str]) -> Labelled:
    """Units that hold a phrase as whole words, whatever its case; without accents where the phrase
    has none. A comma or hyphen may stand between its words ("phòng, chống").
    """
    wanted = [(phrase, _pattern(phrase), has_accents(phrase)) for phrase in phrases]
    facts, units = [], []
    for plan in plans:
        facts.append(plan.facts)
        for part in plan.parts():
            accented, plain = search_key(part.text), None
            labels = []
            for phrase, pattern, accents in wanted:
                if not accents and plain is None:
                    plain = fold(part.text)
                if pattern.search(accented if accents else plain or ""):
                    labels.append(phrase)
            units.append(unit_of(plan.facts.plan, part, labels))
    return Labelled(
        plans=tuple(facts), units=tuple(units), names={phrase: phrase for phrase in phrases}
    )


def _pattern(phrase: str) -> re.Pattern[str]:
    words = re.findall(r"\w+", search_key(phrase) if has_accents(phrase) else fold(phrase))
    if not words:
        raise UsageError(f"Cụm từ “{phrase}” không có chữ nào.")
    return re.compile(r"(?<!\w)" + r"[^\w.;:!?]+".join(map(re.escape, words)) + r"(?!\w)")


def by_body(plans: Iterable[StoredPlan]) -> Labelled:
    """Tasks by the bodies in charge, in one spelling within each plan's place: "Công an xã" and
    "Công an phường Bến Hạc" are one label. Tasks that name nobody are units without label.
    """
    facts, units = [], []
    spelled: dict[str, Counter[str]] = {}
    for plan in plans:
        facts.append(plan.facts)
        numbers = {s["id"]: s["number"] for s in plan.data["sections"]}
        for task in plan.data["tasks"]:
            keys = task.get("lead_keys") or [fold(name) for name in task["lead"]]
            for key, name in zip(keys, task["lead"], strict=False):
                spelled.setdefault(key, Counter())[name] += 1
            units.append(_task_unit(plan.facts.plan, task, numbers, [key for key in keys if key]))
    return Labelled(plans=tuple(facts), units=tuple(units), names=_usual(spelled))


def by_ended_body(plans: Iterable[StoredPlan]) -> Labelled:
    """Units that name a body which, by the register, no longer stood when the plan was issued."""
    facts, units = [], []
    names = {ANY: "Cơ quan không còn tồn tại (bất kỳ)"}
    for plan in plans:
        facts.append(plan.facts)
        day = date.fromisoformat(plan.facts.issued_on) if plan.facts.issued_on else None
        for part in plan.parts():
            labels: list[str] = []
            for name in dict.fromkeys(_bodies().findall(part.text)):
                if day is not None and is_current(name, day) is False:
                    known, heir = body(name), successor(name)
                    label = known.name if known else name
                    names[label] = label + (f" (nay: {heir.name})" if heir else "")
                    labels += [label, ANY]
            units.append(unit_of(plan.facts.plan, part, labels))
    return Labelled(plans=tuple(facts), units=tuple(units), names=names)


@cache
def _bodies() -> re.Pattern[str]:
    """Names of all bodies, long ones first: "Sở Nông nghiệp và Môi trường" is not the ended
    "Sở Nông nghiệp"; abbreviations of one word are too short to be sure of.
    """
    named = {n for one in bodies() for n in (one.name, *one.short) if " " in n}
    ranked = sorted(named, key=lambda name: (-len(name), name))
    return re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, ranked)) + r")(?!\w)")


def _task_unit(
    plan: str, task: Mapping[str, Any], numbers: Mapping[str, str | None], labels: Iterable[str]
) -> Unit:
    size = len(" ".join(filter(None, (task["content"], task["output"], task["form"]))))
    return Unit(
        plan=plan, unit=task["id"], number=numbers.get(task["section"]), start=task["start"],
        end=task["end"], characters=max(1, size), labels=tuple(dict.fromkeys(labels)),
    )  # fmt: skip


def by_document(library: Library, plans: Iterable[StoredPlan]) -> Labelled:
    """Units by the documents that they cite; the căn cứ before the first section are one unit."""
    network = net.load_network(library)
    facts, units = [], []
    used: dict[str, str] = {}
    for plan in plans:
        facts.append(plan.facts)
        for part, keys in _cited(plan):
            labels = []
            for key in keys:
                at = network.positions.get(key)
                node = network.nodes[at] if at is not None else None
                labels.append(node.id if node else key)
                used[labels[-1]] = net.label(node) if node else key
            units.append(unit_of(plan.facts.plan, part, labels))
    return Labelled(plans=tuple(facts), units=tuple(units), names=used)


def by_replaced(
    library: Library,
    plans: Iterable[StoredPlan],
    known: Sequence[tuple[str, str | None, str | None]] = (),
) -> Labelled:
    """Units that cite a document which had been replaced before the plan was issued.

    What replaced what is told by the registry, by plans of the library, and by ``known``: (number
    of the old document, number of the new one, ISO day) from the user.
    """
    network = _with_known(net.load_network(library), known)
    stale: set[tuple[str, str]] = set()
    names = {ANY: "Văn bản đã bị thay thế (bất kỳ)"}
    for item in net.stale(network).plans:
        if item.after:
            new = _shown(network, item.replacement.by)
            old = net.label(item.document)
            names[item.document.id] = f"{old} (nay: {new})" if new else old
            of_plans = (item.plan.plan, *item.plan.copies)
            stale.update((plan_id, item.document.id) for plan_id in of_plans if plan_id)
    facts, units = [], []
    for plan in plans:
        facts.append(plan.facts)
        for part, keys in _cited(plan):
            labels: list[str] = []
            for key in keys:
                at = network.positions.get(key)
                node = network.nodes[at].id if at is not None else key
                if (plan.facts.plan, node) in stale:
                    labels += [node, ANY]
            units.append(unit_of(plan.facts.plan, part, labels))
    return Labelled(plans=tuple(facts), units=tuple(units), names=names)


def _with_known(
    network: net.Network, known: Sequence[tuple[str, str | None, str | None]]
) -> net.Network:
    """The network with the user's facts; those of documents that no plan cites say nothing."""
    facts = []
    for old, new, day in known:
        try:
            replaced = network.nodes[network.find(old)].id
        except UsageError:
            continue
        facts.append(Replacement(replaced=replaced, by=new, on=day, source="user", quote=None))
    return replace(network, replacements=(*facts, *network.replacements))


def _shown(network: net.Network, key: str | None) -> str | None:
    """Number or name of the document with a key; a plain number stays as it is."""
    if key is None:
        return None
    at = network.positions.get(key)
    if at is not None:
        return net.label(network.nodes[at])
    parts = key.split(":")
    return parts[1] if len(parts) > 1 else key


def _cited(plan: StoredPlan) -> Iterator[tuple[Part, list[str]]]:
    """Each part (and the text before the first section) with the keys of what it cites."""
    parts = [*_blocks(plan), *plan.parts()]
    spans = sorted((a, b, at) for at, part in enumerate(parts) for a, b in part.spans)
    keys: dict[int, list[str]] = {}
    for citation in plan.data["citations"]:
        document = citation.get("document")
        if document is None:
            continue
        at = bisect_right(spans, (citation["start"], 1 << 60, 0)) - 1
        if at >= 0 and citation["start"] < spans[at][1]:
            keys.setdefault(spans[at][2], []).append(document["key"])
    for at, part in enumerate(parts):
        yield part, keys.get(at, [])


def _blocks(plan: StoredPlan) -> Iterator[Part]:
    for block in plan.data["blocks"]:
        words = plan.data["text"][block["start"] : block["end"]].strip()
        if block["kind"] in ("opening", "other") and words:
            span = (block["start"], block["end"])
            yield Part(kind=block["kind"], unit=f"{block['kind']}:{span[0]}", number=None,
                       start=span[0], end=span[1], text=words, spans=(span,))  # fmt: skip


def _usual(spelled: Mapping[str, Counter[str]]) -> dict[str, str]:
    """The most frequent spelling of each key; of equally frequent ones the first by alphabet."""
    return {
        key: min(found, key=lambda name: (-found[name], name)) for key, found in spelled.items()
    }
