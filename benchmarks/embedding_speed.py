"""Bulk embedding beside a plain ``SentenceTransformer.encode`` in fp32 of the same weights.

usage: python benchmarks/embedding_speed.py [--shared ../shared] [--texts N] [--rounds N] [--save F]

Texts are every n-th unit of the articles, and the same again with a third of them repeated (plans
repeat each other). The two take turns. ``bf16`` tells whether the processor multiplies bf16 itself:
without it the project computes in fp32 too, and no more than the order and size of batches differ.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "2")

import numpy as np
from articles import units

from kh_nlp.embedding import load_encoder
from kh_nlp.embedding.bundled import PASSAGE_PREFIX, BundledEncoder, cache_folder
from kh_nlp.embedding.packed_weights import unpack
from kh_nlp.embedding.processor import computes_bf16
from kh_nlp.embedding.torch_loading import load_sentence_transformer

HIDDEN, LAYERS, INNER = 384, 12, 1536


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--shared", type=Path, default=Path("../shared"))
    parser.add_argument("--texts", type=int, default=96)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--save", type=Path)
    given = parser.parse_args()
    found = units(given.shared / "corpus" / "phapdien_articles.jsonl.gz", 95_000)
    step = len(found) // given.texts
    texts = [f"{unit.heading}\n{unit.text}" for unit in found[::step]][: given.texts]
    encoder = load_encoder()
    if not isinstance(encoder, BundledEncoder):
        raise SystemExit("the bundled encoder is not there")
    plain = load_sentence_transformer(unpack(encoder._weights, cache_folder()))
    encoder._torch()

    def by_plain(some: list[str]) -> Any:
        return plain.encode(
            [PASSAGE_PREFIX + text for text in some], prompt="", show_progress_bar=False
        )

    result: dict[str, Any] = {
        "bf16": computes_bf16(),
        "processors": os.cpu_count(),
        "texts": len(texts),
        "words": round(statistics.mean(len(text.split()) for text in texts)),
        "load_before": os.getloadavg(),
    }
    ours, theirs = encoder.encode_passages(texts[:16]), by_plain(texts[:16])
    theirs = theirs / np.linalg.norm(theirs, axis=1, keepdims=True)
    result["least_cosine"] = round(float(np.min(np.sum(ours * theirs, axis=1))), 5)
    third = len(texts) // 3
    result["distinct"] = compared(encoder.encode_passages, by_plain, texts, given.rounds)
    result["third_repeated"] = compared(
        encoder.encode_passages, by_plain, texts[third:] + texts[third : 2 * third], given.rounds
    )
    tokens = sum(map(len, plain.tokenizer(texts)["input_ids"]))
    # Two operations for each weight and token, and the products of attention left out.
    work = 2 * tokens * LAYERS * (4 * HIDDEN**2 + 2 * HIDDEN * INNER)
    matrix = np.random.default_rng(1).normal(size=(1536, 1536)).astype(np.float32)
    times = [seconds(lambda: matrix @ matrix) for _ in range(5)]
    peak = 2 * 1536**3 / min(times)
    result["share_of_fp32_product"] = round(
        work / (len(texts) / result["distinct"]["ours_per_second"]) / peak, 2
    )
    result["load_after"] = os.getloadavg()
    print(json.dumps(result, indent=1))
    if given.save:
        given.save.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


def seconds(work: Callable[[], Any]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def compared(
    ours: Callable[[list[str]], Any],
    plain: Callable[[list[str]], Any],
    texts: list[str],
    rounds: int,
) -> dict[str, float]:
    pairs = [(seconds(lambda: ours(texts)), seconds(lambda: plain(texts))) for _ in range(rounds)]
    return {
        "ours_per_second": round(len(texts) / min(own for own, _ in pairs), 1),
        "plain_per_second": round(len(texts) / min(other for _, other in pairs), 1),
        "times_plain": round(statistics.median(other / own for own, other in pairs), 2),
    }


if __name__ == "__main__":
    main()
