"""Loading a sentence-transformers folder quietly and offline; the only place that imports torch."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from kh_nlp.embedding.processor import computes_bf16


def load_sentence_transformer(folder: Path) -> Any:
    """The ``SentenceTransformer`` in ``folder`` in float32, on a GPU where there is one.

    Imports torch (seconds). Raises whatever the library raises for a broken folder.
    """
    import torch
    from sentence_transformers import SentenceTransformer

    with _no_progress_bars():
        model = SentenceTransformer(
            str(folder), local_files_only=True, model_kwargs={"dtype": torch.float32}
        )
    return model.eval()


def load_cross_encoder(folder: Path) -> Any:
    """The ``CrossEncoder`` in ``folder`` in float32; as ``load_sentence_transformer``."""
    import torch
    from sentence_transformers import CrossEncoder

    with _no_progress_bars():
        model = CrossEncoder(
            str(folder), local_files_only=True, model_kwargs={"dtype": torch.float32}
        )
    return model.eval()


@contextmanager
def _no_progress_bars() -> Iterator[None]:
    from transformers.utils import logging as untyped

    logging: Any = untyped
    shown = logging.is_progress_bar_enabled()
    logging.disable_progress_bar()
    try:
        yield
    finally:
        if shown:
            logging.enable_progress_bar()


@contextmanager
def fast_inference(model: Any) -> Iterator[None]:
    """No gradients, and bf16 where the processor computes in it (cosine with fp32 0.99999)."""
    import torch

    kind = model.device.type
    bf16 = kind == "cuda" or (kind == "cpu" and computes_bf16())
    with torch.inference_mode(), torch.autocast(kind, dtype=torch.bfloat16, enabled=bf16):
        yield
