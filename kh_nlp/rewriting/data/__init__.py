"""Data files of the rewriting room."""
