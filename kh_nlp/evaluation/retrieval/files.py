"""JSON Lines and tables of a test set, with the file and line in every complaint."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from kh_nlp.errors import InputError
from kh_nlp.evaluation.retrieval.records import Question

QUESTIONS = "queries.jsonl"


def text_lines(file: Path) -> Iterator[tuple[str, str]]:
    """("FILE, dòng N", line) of every line that is not blank. InputError when unreadable."""
    try:
        text = file.read_text("utf-8-sig")
    except OSError as error:
        reason = "không tìm thấy tệp" if isinstance(error, FileNotFoundError) else error.strerror
        raise InputError(f"{file}: {reason}.") from None
    except UnicodeDecodeError:
        raise InputError(f"{file}: không phải văn bản UTF-8.") from None
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            yield f"{file}, dòng {number}", line.rstrip("\r")


def records(file: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """(place, object) of every line of a JSON Lines file. InputError when one is none."""
    for place, line in text_lines(file):
        try:
            found = json.loads(line)
        except ValueError:
            found = None
        if not isinstance(found, dict):
            raise InputError(f"{place}: không phải một đối tượng JSON.")
        yield place, found


def string(place: str, record: dict[str, Any], *names: str) -> str:
    """The first of the fields ``names`` that is there, as text. InputError when none is."""
    for name in names:
        value = record.get(name)
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)
        if isinstance(value, str):
            return value
    raise InputError(f"{place}: thiếu trường “{names[0]}”.")


def integer(place: str, record: dict[str, Any], name: str) -> int:
    """The field ``name`` as a whole number. InputError when it is none."""
    value = record.get(name)
    if isinstance(value, bool) or not isinstance(value, int):
        raise InputError(f"{place}: trường “{name}” phải là số nguyên.")
    return value


def load_questions(folder: Path) -> list[Question]:
    """The questions of ``queries.jsonl`` (``_id`` or ``id``, ``text``, perhaps ``kind``).

    Raises InputError for a missing file, a blank text, or an id that stands twice.
    """
    found: dict[str, Question] = {}
    for place, record in records(folder / QUESTIONS):
        question = Question(
            id=string(place, record, "_id", "id"),
            text=string(place, record, "text"),
            kind=str(record["kind"]) if record.get("kind") else None,
        )
        if not question.text.strip():
            raise InputError(f"{place}: câu hỏi trống.")
        if question.id in found:
            raise InputError(f"{place}: câu hỏi “{question.id}” có hai lần.")
        found[question.id] = question
    if not found:
        raise InputError(f"{folder / QUESTIONS}: không có câu hỏi nào.")
    return list(found.values())
