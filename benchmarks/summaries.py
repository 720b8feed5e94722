"""Summaries of sample plans against key sentences marked blind, beside lead and LexRank.

ROUGE-2 recall (rouge-score, tokens as the rest of the project reads them) of whole sentences up to
the length of the reference in words; the same units, length and filling for all three. LexRank is
sumy's. Needs the extra ``bench``: pip install -e '.[bench]'.

    python benchmarks/summaries.py [--half dev|test] [--baseline FILE] [--write]
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from statistics import mean
from typing import Any

from kh_nlp.language import syllables
from kh_nlp.model import Plan
from kh_nlp.pipeline import read_plan
from kh_nlp.summaries import Length, summarize_plan, units

ROOT = Path(__file__).resolve().parent.parent
GOLD = ROOT / "tests" / "gold_summaries" / "key_sentences.json"


class Words:
    """The tokenizer that both libraries are given: syllables, numbers and codes in lower case."""

    def tokenize(self, text: str) -> list[str]:
        return [word.lower() for word in syllables(text)]

    to_words = tokenize


def filled(texts: list[str], words: int) -> str:
    """Whole texts in their order as long as they fit; those that do not are passed over."""
    taken = []
    for text in texts:
        size = len(syllables(text))
        if size <= words:
            taken.append(text)
            words -= size
    return "\n".join(taken)


def lead(plan: Plan) -> list[str]:
    """The sentences of the outline in reading order (the căn cứ before it are no content)."""
    return [unit.text for unit in units(plan) if unit.part != "basis"]


def lead_with_basis(plan: Plan) -> list[str]:
    return [unit.text for unit in units(plan)]


def lexrank(plan: Plan) -> list[str]:
    from sumy.models.dom import ObjectDocumentModel, Paragraph, Sentence
    from sumy.summarizers.lex_rank import LexRankSummarizer

    class Ranked(LexRankSummarizer):  # type: ignore[misc]
        """All sentences, the best first; sumy itself gives the best n in reading order."""

        def _get_best_sentences(self, sentences: Any, count: Any, rating: Any) -> list[str]:
            order = sorted(range(len(sentences)), key=lambda i: (-rating[sentences[i]], i))
            return [str(sentences[i]) for i in order]

    sentences = [Sentence(unit.text, Words()) for unit in units(plan)]
    document = ObjectDocumentModel([Paragraph(sentences)])
    found: list[str] = Ranked()(document, len(sentences))
    return found


def ours(plan: Plan, words: int) -> str:
    return "\n".join(one.text for one in summarize_plan(plan, Length(words=words)).sentences)


def measure(half: str | None) -> dict[str, Any]:
    from rouge_score.rouge_scorer import RougeScorer

    scorer = RougeScorer(["rouge2"], tokenizer=Words())
    gold: dict[str, list[str]] = json.loads(GOLD.read_text(encoding="utf-8"))
    rows: dict[str, dict[str, float]] = {}
    for place, (stem, sentences) in enumerate(sorted(gold.items())):
        if half and (half == "dev") != (place % 2 == 0):
            continue
        plan = read_plan(next((ROOT / "corpus").glob(f"{stem}.*")))
        reference = "\n".join(sentences)
        words = len(syllables(reference))
        summaries = {
            "kh_nlp": ours(plan, words),
            "lead": filled(lead(plan), words),
            "lead_with_basis": filled(lead_with_basis(plan), words),
            "lexrank": filled(lexrank(plan), words),
        }
        for text in summaries["kh_nlp"].split("\n"):
            assert text in plan.text, text
        rows[stem] = {
            name: round(scorer.score(reference, text)["rouge2"].recall, 4)
            for name, text in summaries.items()
        }
    means = {
        name: round(mean(row[name] for row in rows.values()), 4)
        for name in next(iter(rows.values()))
    }
    gains = {
        name: round(means["kh_nlp"] / value - 1, 3)
        for name, value in means.items()
        if name != "kh_nlp"
    }
    return {"plans": len(rows), "rouge2_recall": means, "gain_over": gains, "each": rows}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--half", choices=("dev", "test"))
    parser.add_argument("--baseline", type=Path, default=ROOT / "benchmarks" / "summaries.json")
    parser.add_argument("--write", action="store_true", help="write the baseline")
    args = parser.parse_args()
    found = measure(args.half)
    print(json.dumps({k: v for k, v in found.items() if k != "each"}, indent=1))
    for stem, row in found["each"].items():
        print(f"{stem[:50]:52}" + "  ".join(f"{name} {value:.3f}" for name, value in row.items()))
    if args.write:
        args.baseline.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
