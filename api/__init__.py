"""FastAPI application and web pages over a kh_nlp library."""

from api.app import create_app

__all__ = ["create_app"]
