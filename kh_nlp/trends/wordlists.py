"""The wording of plans: segmented words and pairs of neighbours, as a reader would print them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from kh_nlp.language import segment, stop_words
from kh_nlp.trends.labelling import Labelled, unit_of
from kh_nlp.trends.reading import StoredPlan

MOST = 5_000
"""Words tested at most, those of the most plans: a longer list only makes the correction harder."""

LEAST_PLANS = 3

_WORD = re.compile(r"[^\W\d_]+(?: [^\W\d_]+)*")


def phrases(text: str) -> Iterator[str]:
    """Words and pairs of neighbouring words, in lower case, syllables joined by a blank.

    Numbers, codes and single letters are left out. A pair does not cross a mark, a number or a
    line, and neither of its words is a function word; function words alone are left out too.
    """
    stops = stop_words()
    before: str | None = None
    for line in text.splitlines():
        before = None
        for word in segment(line):
            key = " ".join(word.lower().split())
            if not _WORD.fullmatch(key) or len(key) < 2 or all(s in stops for s in key.split()):
                before = None
                continue
            yield key
            if before is not None:
                yield f"{before} {key}"
            before = key


def by_word(plans: Iterable[StoredPlan], *, least: int = LEAST_PLANS, most: int = MOST) -> Labelled:
    """Units with the words and pairs that at least ``least`` plans use.

    Of a word and a longer phrase that stand in the same plans, only the longer one is a label.
    """
    facts, cut, used = [], [], Counter[str]()
    standing: dict[str, list[int]] = {}
    for row, plan in enumerate(plans):
        facts.append(plan.facts)
        for part in plan.parts():
            cut.append((plan.facts.plan, part, tuple(dict.fromkeys(phrases(part.text)))))
            for word in cut[-1][2]:
                rows = standing.setdefault(word, [])
                if not rows or rows[-1] != row:
                    rows.append(row)
                    used[word] += 1
    kept = {word for word, times in used.items() if times >= least}
    for word in [w for w in kept if " " in w]:
        for part_word in _inside(word):
            if part_word in kept and used[part_word] == used[word]:
                kept.discard(part_word)
    ranked = sorted(kept, key=lambda w: (-used[w], w))[:most]
    chosen = set(ranked)
    units = tuple(
        unit_of(plan, part, (word for word in words if word in chosen)) for plan, part, words in cut
    )
    return Labelled(plans=tuple(facts), units=units, names={word: word for word in ranked})


def counted(plans: Iterable[StoredPlan]) -> Iterator[tuple[StoredPlan, Counter[str]]]:
    """How often each plan uses each word and pair."""
    for plan in plans:
        yield plan, Counter(word for part in plan.parts() for word in phrases(part.text))


def _inside(phrase: str) -> Iterator[str]:
    syllables = phrase.split()
    for start in range(len(syllables)):
        for end in range(start + 1, len(syllables) + 1):
            if end - start < len(syllables):
                yield " ".join(syllables[start:end])
