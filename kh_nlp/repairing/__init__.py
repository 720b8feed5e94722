"""Damaged text given back its words, with what was changed kept apart."""

from kh_nlp.repairing.glyphs import join_split_glyphs
from kh_nlp.repairing.legacy import convert
from kh_nlp.repairing.words import Word

__all__ = ["Word", "convert", "join_split_glyphs"]
