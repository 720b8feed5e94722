"""Clusters of similar tasks over the library: JSON and files for Excel."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse

from api.routes import archive
from api.schemas import answers
from api.tables import Form, table_file
from kh_nlp import tables
from kh_nlp.clusters import THRESHOLD, Clusters, cluster_tasks
from kh_nlp.model import to_dict

router = APIRouter(prefix="/api", default_response_class=JSONResponse)


@router.get("/clusters", summary="Nhóm nhiệm vụ giống nhau", **answers(Clusters))
def cluster_list(
    request: Request,
    threshold: Annotated[
        float, Query(gt=0, lt=1, description="Khoảng cách trung bình tối đa trong nhóm.")
    ] = THRESHOLD,
    fresh: Annotated[bool, Query(description="Bỏ qua các nhóm đã giữ.")] = False,
    format: Form = "json",
) -> Any:
    """Các nhóm có nhãn, nhiệm vụ đứng riêng và cây gộp nhóm; `format` cho tệp Excel."""
    found = cluster_tasks(archive(request).library, threshold=threshold, fresh=fresh)
    if format == "json":
        return JSONResponse(to_dict(found))
    return table_file(tables.cluster_tables(found), "nhom-nhiem-vu", format)
