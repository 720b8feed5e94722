"""Data files of the summaries room."""
