"""Rewriting of passages and summaries by a language model that the user names, behind a guard."""
