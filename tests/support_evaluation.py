"""A small plan and its reading by hand, which agree; tests change one thing at a time."""

from __future__ import annotations

from typing import Any

from kh_nlp.evaluation import GoldReading
from kh_nlp.evaluation.gold import read_gold
from kh_nlp.model import Plan, plan_from_dict

TEXT = """UBND XÃ ĐỒI HẠC
Căn cứ Nghị quyết số 76/NQ-CP ngày 15/7/2021;
I. MỤC ĐÍCH
Nội dung bị ngắt ở đây rồi nối lại.
II. TỔ CHỨC
1. Văn phòng: Chủ trì.
2. Công an xã: Phối hợp.
1 Chú thích."""


def at(words: str) -> dict[str, int]:
    start = TEXT.index(words)
    return {"start": start, "end": start + len(words)}


def section(number: str, heading: str | None, words: str, parent: str | None = None) -> dict:
    place = at(words)
    return {
        "id": f"p:{number}",
        "number": number,
        "label": number.rpartition(".")[2],
        "heading": heading,
        "parent": parent,
        "annex": False,
        "spans": [[place["start"], place["end"]]],
        "page": 1,
        "text": words,
        "notes": [],
        **place,
    }


def task(origin: str, order: int | None, content: str, **cells: Any) -> dict:
    place = {"start": 0, "end": 0, "spans": [], "page": 1}
    return {"id": f"p:{origin}{order}{content}", "origin": origin, "order": order} | (
        {"group": None, "content": content} | place | cells
    )


def citation(words: str, number: str | None, day: str | None, **more: Any) -> dict:
    return {
        "text": words,
        "kind": None,
        "number": number,
        "issued_on": day,
        "issuer": None,
        "title": None,
        "role": "reference",
        "relation": None,
        "section": None,
        "confidence": 1.0,
        **at(words),
        **more,
    }


def plan(**changes: Any) -> Plan:
    """A small plan without a fault against ``GOOD``; ``changes`` replace parts of its JSON."""
    resolution = "Nghị quyết số 76/NQ-CP ngày 15/7/2021"
    data: dict[str, Any] = {
        "plan_id": "p",
        "source": {
            "path": "không có.txt",
            "sha256": "",
            "format": "text",
            "pages": 1,
            "characters": 0,
        },
        "quality": {},
        "header": {
            "number": "5/KH-UBND",
            "issuer": "Ủy ban nhân dân xã Đồi Hạc",
            "year": 2026,
            "title": "Cải cách hành chính",
        },
        "text": TEXT,
        "blocks": [
            {"kind": "header", **at("UBND XÃ ĐỒI HẠC")},
            {"kind": "opening", **at("Căn cứ Nghị quyết số 76/NQ-CP ngày 15/7/2021;")},
        ],
        "sections": [
            section("I", "MỤC ĐÍCH", "I. MỤC ĐÍCH\nNội dung bị ngắt ở đây rồi nối lại."),
            section("II", "TỔ CHỨC", "II. TỔ CHỨC"),
            section("II.1", None, "1. Văn phòng: Chủ trì.", "p:II"),
            section("II.2", None, "2. Công an xã: Phối hợp.", "p:II"),
        ],
        "notes": [{"label": "1", "text": "Chú thích.", "section": "p:I", **at("1 Chú thích.")}],
        "tasks": [
            task("table", 1, "Treo băng rôn ở trụ sở", lead=["Văn phòng"], deadline="Quý I"),
            task("table", 2, "Tập huấn cho công chức", lead=["Văn phòng", "Công an"]),
            task("assignment", None, "Chủ trì", lead=["Văn phòng"], section="p:II.1"),
            task("assignment", None, "Phối hợp", lead=["Công an xã"], section="p:II.2"),
        ],
        "citations": [
            citation(resolution, "76/NQ-CP", "2021-07-15", issuer="Chính phủ", role="basis"),
        ],
        "runs": [],
    }
    return plan_from_dict(data | changes)


GOOD: dict[str, Any] = {
    "header": {
        "number": "5 /KH-UBND",
        "issuer": "UBND xã Đồi Hạc",
        "year": 2026,
        "title": "cải cách hành chính",
    },
    "sections": ["I", "II", "II.1", "II.2"],
    "headings": {"I": "Mục đích", "II": "Tổ chức"},
    "tasks": [
        {
            "order": 1,
            "content": "Treo băng rôn ở trụ sở.",
            "lead": "Văn phòng",
            "deadline": "Quý I",
            "output": None,
        },
        {"order": 2, "content": "Tập huấn cho công chức", "lead": "Văn phòng; Công an"},
    ],
    "assignments": {"II.1": "Văn phòng", "II.2": "Công an xã"},
    "citations": [
        {
            "number": "76/NQ-CP",
            "issued_on": "2021-07-15",
            "issuer": "Chính phủ",
            "role": "basis",
        }
    ],
    "named": ["Nghị quyết số 76"],
    "footnotes": {"1": "I"},
    "joins": [["Nội dung bị ngắt", "ở đây rồi nối lại"]],
}


def gold(**changes: Any) -> GoldReading:
    return read_gold("p", GOOD | changes)
