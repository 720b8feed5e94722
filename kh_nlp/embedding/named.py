"""Any sentence-transformers model by name or path, with the input rules of its family."""

from __future__ import annotations

import hashlib
import json
import os
import re
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from kh_nlp.embedding.encoder import Progress, Vectors, encode_distinct, unit
from kh_nlp.embedding.torch_loading import fast_inference, load_sentence_transformer
from kh_nlp.errors import KhError
from kh_nlp.language import segment

_BATCH = 32


@dataclass(frozen=True, slots=True)
class Adapter:
    """Input rules of a model family; ``longest`` in tokens, None for the model's own limit."""

    query_prefix: str = ""
    passage_prefix: str = ""
    segmented: bool = False
    longest: int | None = None


@cache
def _table() -> tuple[tuple[re.Pattern[str], Adapter], ...]:
    content = (files("kh_nlp.embedding.data") / "adapters.tsv").read_text(encoding="utf-8")
    rows = []
    for line in content.splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        pattern, query, passage, form, longest = line.split("\t")
        adapter = Adapter(
            query_prefix="" if query == "-" else query.replace("\\n", "\n") + " ",
            passage_prefix="" if passage == "-" else passage + " ",
            segmented=form == "words",
            longest=None if longest == "^" else int(longest),
        )
        rows.append((re.compile(pattern), adapter))
    return tuple(rows)


def adapter_for(name: str, folder: Path | None = None) -> Adapter | None:
    """The rules for a model name or path, None when no row of the table fits.

    A model whose ``folder`` says that its tokenizer is PhoBERT's takes segmented words, whatever
    its name.
    """
    for pattern, adapter in _table():
        if pattern.search(name.lower()):
            return adapter
    if folder is not None:
        tokenizer = _json(folder / "tokenizer_config.json").get("tokenizer_class", "")
        if "phobert" in str(tokenizer).lower():
            return Adapter(segmented=True, longest=256)
    return None


def _json(path: Path) -> dict[str, Any]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def joined_words(text: str) -> str:
    """``text`` as PhoBERT wants it: words by blanks, syllables of a word by ``_``."""
    return " ".join(word.replace(" ", "_") for word in segment(text))


_SAMPLE = 1 << 20


def fingerprint(folder: Path) -> str:
    """Twelve hexadecimal digits for the files of a model.

    Small files count in full; of large ones (weights of gigabytes) the size and a megabyte each
    of start, middle and end.
    """
    digest = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        relative = path.relative_to(folder)
        if any(part.startswith(".") for part in relative.parts) or path.suffix == ".md":
            continue
        size = path.stat().st_size
        digest.update(f"{relative.as_posix()}\0{size}\0".encode())
        with path.open("rb") as file:
            if size <= 4 * _SAMPLE:
                digest.update(file.read())
                continue
            for start in (0, size // 2, size - _SAMPLE):
                file.seek(start)
                digest.update(file.read(_SAMPLE))
    return digest.hexdigest()[:12]


def download_allowed() -> bool:
    """Whether the user permitted fetching models (``KH_ALLOW_DOWNLOAD=1``)."""
    return os.environ.get("KH_ALLOW_DOWNLOAD") == "1"


def find_model(name: str) -> Path:
    """Folder of a model named by path or hub id.

    A hub id is looked up among models fetched earlier; it is fetched only when the environment
    holds ``KH_ALLOW_DOWNLOAD=1``. Raises KhError when there is no such model.
    """
    path = Path(name).expanduser()
    if path.is_dir():
        if not (path / "config.json").is_file() and not (path / "modules.json").is_file():
            raise KhError(f"Thư mục {path} không chứa mô hình sentence-transformers.")
        return path
    if path.is_absolute() or name.startswith((".", "~")) or name.count("/") > 1:
        raise KhError(f"Không tìm thấy thư mục mô hình: {name}")
    if not download_allowed():
        # Read when huggingface_hub is first imported; keeps every later look-up off the network.
        os.environ.setdefault("HF_HUB_OFFLINE", "1")
    try:
        from huggingface_hub import snapshot_download

        return Path(
            snapshot_download(
                name if "/" in name else f"sentence-transformers/{name}",
                local_files_only=not download_allowed(),
                ignore_patterns=["*.onnx", "onnx/*", "openvino/*", "*.h5", "*.msgpack", "*.ot"],
            )
        )
    except Exception as error:  # the hub raises many kinds, all meaning "not to be had"
        advice = (
            "kiểm tra lại tên và kết nối mạng"
            if download_allowed()
            else "dùng đường dẫn tới thư mục mô hình, hoặc đặt KH_ALLOW_DOWNLOAD=1 để cho phép tải"
        )
        raise KhError(f"Không có mô hình “{name}” trên máy này; hãy {advice}.") from error


class NamedEncoder:
    """A sentence-transformers model in ``folder``, known to the user as ``name``.

    The model is loaded (torch imported) when first used. Texts longer than the family's limit are
    cut there. A model that is in no row of the table uses the prompts it carries itself. Safe to
    share by threads. Raises KhError when the folder cannot be loaded.
    """

    def __init__(self, name: str, folder: Path) -> None:
        self.name = name
        self.folder = folder
        label = _label(name, folder)
        known = adapter_for(label, folder)
        self.adapter = known if known is not None else _own_prompts(folder)
        rules = hashlib.sha256(repr(self.adapter).encode()).hexdigest()[:6]
        self.identity = f"st:{label}:{fingerprint(folder)}:{rules}"
        self._lock = threading.RLock()
        self._loaded: Any = None

    def _model(self) -> Any:
        with self._lock:
            if self._loaded is None:
                try:
                    model = load_sentence_transformer(self.folder)
                except Exception as error:  # anything from a bad config to a missing weight file
                    raise KhError(
                        f"Không nạp được mô hình “{self.name}”: {_first_line(error)}"
                    ) from error
                longest, own = self.adapter.longest, model.max_seq_length
                if longest is not None and (own is None or own > longest):
                    model.max_seq_length = longest
                self._loaded = model
            return self._loaded

    @property
    def dimensions(self) -> int:
        """Length of a vector, as the loaded model tells."""
        model = self._model()
        ask = getattr(model, "get_embedding_dimension", None)
        value = ask() if ask is not None else model.get_sentence_embedding_dimension()
        if value is None:
            value = model.encode(["x"]).shape[1]
        return int(value)

    def _encode(
        self, texts: Sequence[str], prefix: str, progress: Progress | None = None
    ) -> Vectors:
        def batches(distinct: list[str]) -> Iterator[Vectors]:
            for start in range(0, len(distinct), _BATCH):
                batch = distinct[start : start + _BATCH]
                if self.adapter.segmented:
                    batch = [joined_words(text) for text in batch]
                with self._lock, fast_inference(self._model()):
                    vectors = self._model().encode(
                        [prefix + text for text in batch],
                        prompt="",
                        batch_size=_BATCH,
                        convert_to_numpy=True,
                        show_progress_bar=False,
                    )
                yield unit(vectors)

        return encode_distinct(texts, self.dimensions, batches, progress)

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Vectors (n, d) of questions, with the family's query prefix."""
        return self._encode(texts, self.adapter.query_prefix)

    def encode_passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """Vectors (n, d) of passages, with the family's passage prefix."""
        return self._encode(texts, self.adapter.passage_prefix, progress)


def _label(name: str, folder: Path) -> str:
    """Hub name, or the name of a local folder without the folders above it."""
    if not Path(name).expanduser().is_dir():
        return name
    # The hub's cache: .../models--BAAI--bge-m3/snapshots/5617a9f6...
    for part in folder.resolve().parts:
        if part.startswith("models--"):
            return part.removeprefix("models--").replace("--", "/")
    return folder.resolve().name


def _own_prompts(folder: Path) -> Adapter:
    prompts = _json(folder / "config_sentence_transformers.json").get("prompts") or {}
    return Adapter(
        query_prefix=prompts.get("query", ""),
        passage_prefix=prompts.get("passage") or prompts.get("document") or "",
    )


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]
