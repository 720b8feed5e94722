"""Damaged text given back its words, with what was changed kept apart."""

from kh_nlp.repairing.glyphs import join_split_glyphs

__all__ = ["join_split_glyphs"]
