"""How many words of damaged pages are right after restoring, by what had happened to them."""

from __future__ import annotations

import time
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path
from typing import TYPE_CHECKING

from kh_nlp.errors import InputError
from kh_nlp.evaluation.figures import Fault, Figure, share
from kh_nlp.evaluation.parsing import PlanScore
from kh_nlp.language import fold

if TYPE_CHECKING:
    from kh_nlp.repairing.restoring import Restored, Restorer

READ, TRUTH = ".eng.txt", ".truth.txt"
"""Endings of a page as it was read and of what is printed on it."""

SURE = 0.9
"""Confidence from which a word is said to be sure."""

RESTORING_FIGURES: dict[str, str] = {
    "words": "Từ đúng",
    "accents": "Từ chỉ mất dấu, nay đúng",
    "letters": "Từ sai chữ, nay đúng",
    "kept": "Từ vốn đúng, vẫn đúng",
    "sure": f"Từ có độ tin từ {SURE:.1f}".replace(".", ",") + " là đúng",
}
"""Every figure by its machine name, in the order shown, with its Vietnamese name."""


@dataclass(frozen=True, slots=True)
class PagePair:
    """A text as an engine read it, and as it is printed; pages may be parted by form feeds."""

    name: str
    path: str
    read: str
    truth: str


@dataclass(frozen=True, slots=True)
class RestoringReport:
    """Figures of all pairs; ``words`` were restored in ``seconds`` of processor time."""

    plans: tuple[PlanScore, ...]
    words: int
    seconds: float
    weights: tuple[int, ...]

    def means(self) -> dict[str, float]:
        """Mean of each figure over the pairs, weighted by their words."""
        pairs = list(zip(self.plans, self.weights, strict=True))
        total = max(1, sum(self.weights))
        return {
            name: sum(plan.figures[name].value * weight for plan, weight in pairs) / total
            for name in RESTORING_FIGURES
        }


def load_page_pairs(folder: Path | str) -> list[PagePair]:
    """All ``NAME.eng.txt`` of a folder with their ``NAME.truth.txt``.

    Raises InputError when the folder holds none.
    """
    found: list[PagePair] = []
    for path in sorted(Path(folder).glob(f"*{READ}")):
        name = path.name.removesuffix(READ)
        truth = path.with_name(name + TRUTH)
        if truth.is_file():
            texts = [
                unicodedata.normalize("NFC", file.read_text("utf-8")) for file in (path, truth)
            ]
            found.append(PagePair(name, str(path), texts[0], texts[1]))
    if not found:
        raise InputError(f"{folder}: không có cặp tệp TÊN{READ}, TÊN{TRUTH} nào.")
    return found


def evaluate_restoring(pairs: Sequence[PagePair], restorer: Restorer) -> RestoringReport:
    """Restore every page and compare, word by word, words being what stands between blanks."""
    scores: list[PlanScore] = []
    weights: list[int] = []
    words, seconds = 0, 0.0
    for pair in pairs:
        start = time.process_time()
        restored = restorer.restore(pair.read.split("\n"))
        seconds += time.process_time() - start
        words += len(pair.read.split())
        scores.append(PlanScore(pair.name, pair.path, True, score_page(pair, restored)))
        weights.append(len(pair.truth.split()))
    return RestoringReport(tuple(scores), words, seconds, tuple(weights))


def score_page(pair: PagePair, restored: Sequence[Restored]) -> dict[str, Figure]:
    """The figures of one pair; every one is a share of words in 0..1."""
    truth, read = pair.truth.split(), pair.read.split()
    after: list[str] = []
    sure: list[bool] = []
    for word, confidence in _with_confidence(restored):
        after.append(word)
        sure.append(confidence >= SURE)
    right = _matched(truth, after)
    told = [index for index, certain in enumerate(sure) if certain]
    hits = set(right.values())
    figures = {"words": _figure(truth, right, range(len(truth)))}
    kinds = _kinds(truth, read)
    for kind in ("accents", "letters", "kept"):
        figures[kind] = _figure(truth, right, [i for i, k in kinds.items() if k == kind])
    figures["sure"] = Figure(value=share(sum(i in hits for i in told), len(told)))
    return figures


def _figure(truth: Sequence[str], right: dict[int, int], asked: Sequence[int] | range) -> Figure:
    wrong = [i for i in asked if i not in right]
    faults = tuple(Fault(where=f"từ {i + 1}", expected=truth[i], found=None) for i in wrong)
    return Figure(value=share(len(asked) - len(wrong), len(asked)), faults=faults)


def _matched(truth: Sequence[str], found: Sequence[str]) -> dict[int, int]:
    """Words of the truth found in order: index in ``truth`` -> index in ``found``."""
    blocks = SequenceMatcher(None, truth, found, autojunk=False).get_matching_blocks()
    return {b.a + k: b.b + k for b in blocks for k in range(b.size)}


def _kinds(truth: Sequence[str], read: Sequence[str]) -> dict[int, str]:
    """What had happened to the words of the truth: aligned without accents, then by place."""
    keys = [fold(word) for word in truth], [fold(word) for word in read]
    kinds: dict[int, str] = {}
    matcher = SequenceMatcher(None, *keys, autojunk=False)
    for tag, i, j, k, last in matcher.get_opcodes():
        if tag == "equal":
            for offset in range(j - i):
                same = truth[i + offset] == read[k + offset]
                kinds[i + offset] = "kept" if same else "accents"
        elif tag == "replace" and j - i == last - k:
            kinds.update(dict.fromkeys(range(i, j), "letters"))
    return kinds


def _with_confidence(restored: Sequence[Restored]) -> Iterator[tuple[str, float]]:
    """Words between blanks with the least confidence of what was restored in them."""
    for line in restored:
        spans: list[tuple[int, int, float]] = []
        shift = 0
        for word in line.words:
            start = word.start + shift
            spans.append((start, start + len(word.text), word.confidence))
            shift += len(word.text) - len(word.read)
        at = 0
        for word_between in line.text.split():
            start = line.text.index(word_between, at)
            at = start + len(word_between)
            inside = [c for a, b, c in spans if a >= start and b <= at]
            yield word_between, min(inside, default=0.0)
