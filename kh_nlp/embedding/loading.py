"""``load_encoder``: from a name to an encoder."""

from __future__ import annotations

from kh_nlp.embedding.bundled import BundledEncoder
from kh_nlp.embedding.encoder import Encoder
from kh_nlp.embedding.named import NamedEncoder, find_model


def load_encoder(name: str | None = None) -> Encoder:
    """The encoder called ``name``.

    None or ``"bundled"`` is the multilingual-e5-small that ships with the installation (no torch
    for queries). Anything else is a sentence-transformers model: a folder (``"st:PATH"`` or the
    path itself) or a hub name such as ``"BAAI/bge-m3"``, which must be on this machine unless
    ``KH_ALLOW_DOWNLOAD=1``.

    Raises KhError, with one Vietnamese line, when there is no such model.
    """
    if name is None or name == "bundled":
        return BundledEncoder()
    name = name.removeprefix("st:")
    return NamedEncoder(name, find_model(name))
