"""Cross-encoders for tests: one that prefers a word, and one with two thousand weights."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "tập", "huấn", "kinh", "phí", "loa", "tin"]


class Prefers:
    """Puts texts with a word first, as a cross-encoder might."""

    def __init__(self, word: str) -> None:
        self.word = word
        self.asked: list[tuple[str, list[str]]] = []

    def scores(self, query: str, texts: Sequence[str]) -> NDArray[np.float64]:
        self.asked.append((query, list(texts)))
        return np.array([0.9 if self.word in text else 0.2 for text in texts])


def tiny(folder: Path, outputs: int) -> Path:
    import torch
    from transformers import BertConfig, BertForSequenceClassification, BertTokenizer

    folder.mkdir(parents=True)
    (folder / "vocab.txt").write_text("\n".join(WORDS), encoding="utf-8")
    torch.manual_seed(4)
    config = BertConfig(
        vocab_size=len(WORDS), hidden_size=16, num_hidden_layers=1, num_attention_heads=2,
        intermediate_size=16, max_position_embeddings=64, num_labels=outputs, initializer_range=0.8,
    )  # fmt: skip
    BertForSequenceClassification(config).save_pretrained(folder)
    tokenizer = BertTokenizer(str(folder / "vocab.txt"), do_lower_case=False)
    tokenizer.model_max_length = 64
    tokenizer.save_pretrained(folder)
    return folder
