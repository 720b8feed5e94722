"""Vectors of texts: one ``Encoder`` protocol, the bundled model, named models, and a cache.

This room knows nothing of plans; it turns texts into unit vectors.
"""

from kh_nlp.embedding.encoder import Encoder
from kh_nlp.embedding.loading import load_encoder
from kh_nlp.embedding.reranking import Reranker, load_reranker
from kh_nlp.embedding.vector_cache import VectorCache, cached_passages

__all__ = [
    "Encoder",
    "Reranker",
    "VectorCache",
    "cached_passages",
    "load_encoder",
    "load_reranker",
]
