"""Lexicons of the checks."""
