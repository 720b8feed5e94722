"""Writes ``data/restoring.npz``: the channel and the language model in one file of arrays."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import numpy as np

from kh_nlp.repairing.ngrams import RESERVED
from kh_nlp.repairing.training.counting_ngrams import (
    GENRE,
    count,
    encode,
    genre,
    sentences,
    vocabulary,
)
from kh_nlp.repairing.training.learning import learn, load_pairs

TARGET = Path(__file__).parents[1] / "data" / "restoring.npz"
LARGEST = 3_000_000  # bytes


def main() -> None:
    """Learn both parts and write them; fails when the file would be too large."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("articles", type=Path, help="articles of the legal code (.jsonl.gz)")
    parser.add_argument("pairs", type=Path, help="what training.pages wrote (.tsv.gz)")
    parser.add_argument("--samples", type=Path, default=Path("corpus"))
    parser.add_argument("--out", type=Path, default=TARGET)
    args = parser.parse_args()
    lines = [*sentences(args.articles), *list(genre(args.samples)) * GENRE]
    words = vocabulary(lines)
    model = count(encode(lines, words), RESERVED + len(words))
    channel = learn(load_pairs(args.pairs), words)
    arrays: dict[str, Any] = {**channel.packed(), **model.packed()}
    np.savez_compressed(args.out, **arrays)
    size = args.out.stat().st_size
    print(f"{args.out}: {size} bytes, {len(words)} words, {len(model.trigrams)} trigrams")
    if size > LARGEST:
        raise SystemExit(f"larger than {LARGEST} bytes")


if __name__ == "__main__":
    main()
