"""Clusters of similar tasks over the library: JSON, files for Excel, and their page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse
from starlette.exceptions import HTTPException

from api.routes import Levels, archive
from api.schemas import answers
from api.tables import About, Form, Years, table_file
from api.waiting import within
from kh_nlp import tables, wording
from kh_nlp.clusters import (
    THRESHOLD,
    Cluster,
    Clusters,
    Count,
    TaskUnit,
    known_clusters,
    plans_of,
    remembered_clusters,
    selected,
    speaking,
)
from kh_nlp.model import to_dict

router = APIRouter(prefix="/api", default_response_class=JSONResponse)
pages = APIRouter(default_response_class=HTMLResponse, include_in_schema=False)

PATIENCE = 5.0
"""Seconds that a reader waits for clusters before a page says that they are being made."""
STEP = 20
"""Clusters on the page; a link shows as many more."""
MOST = 400
MEMBERS = 30
"""Tasks listed under a cluster; its own page lists all."""
ALONE = 100
"""Tasks alone that are listed; the files hold all."""
_VALUES = 6
_LONGEST = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A cluster as the page shows it; ``holding`` of its tasks speak of the words asked for."""

    cluster: Cluster
    whole: int
    exemplar: TaskUnit
    facts: Mapping[str, str]
    members: Sequence[TaskUnit]
    more: int
    holding: int


@router.get("/clusters", summary="Nhóm nhiệm vụ giống nhau", **answers(Clusters))
def cluster_list(
    request: Request,
    threshold: Annotated[
        float, Query(gt=0, lt=1, description="Khoảng cách trung bình tối đa trong nhóm.")
    ] = THRESHOLD,
    fresh: Annotated[bool, Query(description="Bỏ qua các nhóm đã giữ.")] = False,
    year: Years = None,
    level: Levels = None,
    about: About = None,
    format: Form = "json",
) -> Any:
    """Các nhóm có nhãn, nhiệm vụ đứng riêng và cây gộp nhóm; `format` cho tệp Excel.

    `year`, `level` chỉ lấy nhiệm vụ của các kế hoạch đó; `about` chọn nhóm có cụm từ ấy.
    """
    library = archive(request).library
    chosen = plans_of(library, wording.read_years(year), wording.read_levels(level or ()))
    every = remembered_clusters(library, threshold=threshold, fresh=fresh)
    found = selected(every, plans=chosen, words=about or "")
    if format == "json":
        return JSONResponse(to_dict(found))
    return table_file(tables.cluster_tables(found), "nhom-nhiem-vu", format)


@pages.get("/clusters")
def cluster_page(
    request: Request,
    year: Annotated[str, Query(max_length=20)] = "",
    level: Annotated[str, Query(max_length=30)] = "",
    about: Annotated[str, Query(max_length=200)] = "",
    group: Annotated[str, Query(max_length=40)] = "",
    n: Annotated[int, Query(ge=1, le=MOST)] = STEP,
) -> Response:
    """The largest clusters with their tasks, each with a link to its line; ``group`` shows one."""
    from api.pages import render

    library = archive(request).library
    chosen = plans_of(library, wording.read_years(year), wording.read_levels((level,)))
    every = known_clusters(library) or within(
        PATIENCE, ("clusters", library.path), lambda: remembered_clusters(library)
    )
    if every is None:
        again = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        words = "Đang phân nhóm; lần đầu sau khi kho thay đổi có thể mất vài phút."
        context = {"title": "Nhóm nhiệm vụ giống nhau", "message": words, "again": again}
        return render("waiting.html", context, 202)
    found = selected(every, plans=chosen, words=about)
    fields = {"year": year, "level": level, "about": about}
    given = {name: value for name, value in fields.items() if value.strip()}
    wanted = found.clusters[:n]
    if group.strip():
        wanted = tuple(one for one in found.clusters if one.id == group.strip())
        if not wanted:
            words = " hợp với bộ lọc" if given else ""
            raise HTTPException(404, f"Không có nhóm nhiệm vụ “{group.strip()}”{words}.")
    units = {unit.task: unit for unit in every.units}
    sizes = {one.id: len(one.tasks) for one in every.clusters}
    deep = None if group.strip() else MEMBERS
    alone = [units[task] for task in found.alone]
    following = {**given, "n": min(MOST, n + STEP)}
    more = len(found.clusters) > n < MOST and not group.strip()
    return render(
        "clusters.html",
        {
            "plans": len(library.plans()),
            "every": every,
            "found": found,
            "fields": fields,
            "given": given,
            "group": group.strip(),
            "shown": [_shown(one, units, sizes, about, deep) for one in wanted],
            "alone": alone[:ALONE],
            "more": "/clusters?" + urlencode(following) if more else None,
            "listing": "/clusters?" + urlencode(given) if given else "/clusters",
            "one": lambda name: "/clusters?" + urlencode({**given, "group": name}),
            "percent": _percent,
            "files": {
                form: "/api/clusters?" + urlencode({**given, "format": form})
                for form in ("xlsx", "csv")
            },
        },
    )


def _shown(
    one: Cluster,
    units: Mapping[str, TaskUnit],
    sizes: Mapping[str, int],
    about: str,
    deep: int | None,
) -> Shown:
    speaks = speaking(about)
    members = [units[task] for task in one.tasks]
    members.sort(key=lambda unit: not speaks(unit))  # those with the words asked for first
    counted = {
        "cơ quan chủ trì": one.bodies,
        "hình thức": one.forms,
        "kết quả": one.products,
        "thời hạn": one.deadlines,
        "năm": one.years,
    }
    facts = {f"{len(counts)} {name}": _counts(counts) for name, counts in counted.items() if counts}
    return Shown(
        cluster=one,
        whole=sizes[one.id],
        exemplar=units[one.exemplar],
        facts=facts,
        members=members[:deep],
        more=max(0, len(members) - deep) if deep else 0,
        holding=sum(map(speaks, members)) if about.strip() else 0,
    )


def _counts(counts: Sequence[Count]) -> str:
    """The first values with their tasks: "Sở Nội vụ (4), Công an tỉnh (2) …"."""
    named = ", ".join(f"{_short(one.value)} ({one.tasks})" for one in counts[:_VALUES])
    return named + (" …" if len(counts) > _VALUES else "")


def _short(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= _LONGEST else words[:_LONGEST].rsplit(" ", 1)[0] + " …"


def _percent(share: float) -> str:
    return f"{100 * share:.1f}".replace(".", ",")
