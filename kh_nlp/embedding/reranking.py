"""A cross-encoder that the user names: it reads query and text together, one pair at a time.

Slow (seconds for fifty texts without a GPU) and often the better judge. None ships with the
package, and none is loaded unless it is named.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from kh_nlp.embedding.named import find_model
from kh_nlp.embedding.torch_loading import fast_inference, load_cross_encoder
from kh_nlp.errors import KhError

_BATCH = 16


class Reranker(Protocol):
    """What orders texts by how well they answer a query."""

    def scores(self, query: str, texts: Sequence[str]) -> NDArray[np.float64]:
        """One score in 0..1 for each text, higher is better."""
        ...


class CrossEncoderReranker:
    """A sentence-transformers ``CrossEncoder`` with one output. Safe to share by threads."""

    def __init__(self, name: str) -> None:
        self.name = name
        folder = find_model(name)
        try:
            self._model: Any = load_cross_encoder(folder)
        except KhError:
            raise
        except Exception as error:  # a folder may be broken in any way
            raise KhError(f"Không nạp được mô hình xếp lại “{name}”: {error}") from error
        if self._model.config.num_labels != 1:
            raise KhError(
                f"Mô hình “{name}” không phải mô hình xếp lại: cần đúng một điểm cho mỗi cặp, "
                f"mô hình này cho {self._model.config.num_labels}."
            )
        self._lock = threading.Lock()

    def scores(self, query: str, texts: Sequence[str]) -> NDArray[np.float64]:
        """See ``Reranker``: the logistic of what the model gives."""
        if not texts:
            return np.empty(0)
        import torch

        pairs = [(query, text) for text in texts]
        with self._lock, fast_inference(self._model):
            found = self._model.predict(
                pairs,
                batch_size=_BATCH,
                show_progress_bar=False,
                activation_fn=torch.nn.Identity(),
                convert_to_numpy=True,
            )
        logits = np.asarray(found, dtype=np.float64).reshape(len(texts))
        if not np.isfinite(logits).all():
            raise KhError(f"Mô hình xếp lại “{self.name}” cho điểm không phải là số.")
        scores: NDArray[np.float64] = 0.5 * (1.0 + np.tanh(0.5 * logits))
        return scores


def load_reranker(name: str) -> CrossEncoderReranker:
    """The cross-encoder of this name or path.

    A hub id is looked for among models fetched earlier and fetched only with
    ``KH_ALLOW_DOWNLOAD=1``. Raises KhError when there is none or it is no cross-encoder.
    """
    return CrossEncoderReranker(name)
