"""FastAPI application and web pages over a kh_nlp library."""
