"""Data files of the embedding room."""
