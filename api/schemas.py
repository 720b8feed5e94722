"""OpenAPI schemas of the records, made from the dataclasses themselves."""

from __future__ import annotations

import dataclasses
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import TypeAdapter

from kh_nlp.checking import CheckAnswer
from kh_nlp.clusters import Clusters
from kh_nlp.drafting import Change, Draft
from kh_nlp.model import Document, Period, Plan
from kh_nlp.network import BasisLine, Place, Ranking, Similar, StaleAnswer
from kh_nlp.search import CitedDocument, CoverAnswer, CoverReport, SearchAnswer, TaskAnswer
from kh_nlp.summaries import Comparison, Summary
from kh_nlp.topics import Discovery, TopicAnswer
from kh_nlp.trends import ReuseAnswer, TrendAnswer, WordsAnswer

_ANSWERS = (
    Plan,
    CheckAnswer,
    SearchAnswer,
    CoverAnswer,
    CoverReport,
    TaskAnswer,
    Clusters,
    CitedDocument,
    BasisLine,
    Place,
    Ranking,
    Similar,
    StaleAnswer,
    Summary,
    Comparison,
    TopicAnswer,
    Discovery,
    ReuseAnswer,
    TrendAnswer,
    WordsAnswer,
    Draft,
)
_ERROR = {
    "type": "object",
    "properties": {
        "error": {
            "type": "object",
            "properties": {
                "status": {"type": "integer"},
                "message": {"type": "string"},
                "fields": {"type": "array", "items": {"type": "string"}},
            },
        }
    },
}


def answers(record: type) -> dict[str, Any]:
    """Arguments of a route whose answer is ``record``."""
    schema = {"$ref": f"#/components/schemas/{record.__name__}"}
    return {
        "responses": {
            200: {
                "description": "Kết quả",
                "content": {"application/json": {"schema": schema}},
            }
        }
    }


def describe(app: FastAPI) -> None:
    """Give ``app`` an OpenAPI document that holds the records and the shape of errors."""

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            document = get_openapi(
                title=app.title, version=app.version, summary=app.summary, routes=app.routes
            )
            known = document.setdefault("components", {}).setdefault("schemas", {})
            known.update(_schemas())
            for unused in ("HTTPValidationError", "ValidationError"):
                known.pop(unused, None)
            known["Error"] = _ERROR
            for path in document["paths"].values():
                for operation in path.values():
                    operation["responses"].pop("422", None)
                    operation["responses"]["4XX"] = {
                        "description": "Lỗi",
                        "content": {
                            "application/json": {"schema": {"$ref": "#/components/schemas/Error"}}
                        },
                    }
            app.openapi_schema = document
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]


def _schemas() -> dict[str, Any]:
    found: dict[str, Any] = {}
    for record in _ANSWERS:
        schema = TypeAdapter(record).json_schema(
            ref_template="#/components/schemas/{model}", mode="serialization"
        )
        found.update(schema.pop("$defs", {}))
        found[record.__name__] = schema
    for name, fields in ((r.__name__, dataclasses.fields(r)) for r in (Period, Document, Change)):
        for field in fields:
            printed = field.metadata.get("json", field.name)
            shape = found[name]
            if printed != field.name:
                shape["properties"][printed] = shape["properties"].pop(field.name)
                shape["required"] = [
                    printed if key == field.name else key for key in shape.get("required", [])
                ]
    return found
