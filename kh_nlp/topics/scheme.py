"""Schemes of topics: TOML files, the bundled one and those that users write."""

from __future__ import annotations

import re
import tomllib
from importlib.resources import files
from pathlib import Path
from typing import Any

from kh_nlp.errors import InputError
from kh_nlp.language import nfc
from kh_nlp.topics.records import Scheme, Topic

_KEYS = {"id", "name", "group", "parent", "description", "words", "heads", "hints", "not"}
_LISTS = ("words", "heads", "hints", "not")
_HEAD = re.compile(r"^\s*\[\[\s*topic\s*\]\]")
_ID = re.compile(r"[a-z0-9_]+(?:\.[a-z0-9_]+)*")
_LARGEST = 2_000_000


def example() -> str:
    """The text of the bundled scheme: the file to start an own one from."""
    source = files("kh_nlp.topics").joinpath("data/scheme.toml")
    return nfc(source.read_text(encoding="utf-8"))


def load_scheme(path: Path | None = None) -> Scheme:
    """The scheme in a TOML file, the bundled one for None.

    Raises:
        InputError: the file cannot be read or is no scheme; the line names file, line and topic.
    """
    if path is None:
        return read_scheme(example(), "scheme.toml", bundled=True)
    try:
        if path.stat().st_size > _LARGEST:
            raise InputError(f"{path}: quá lớn, không phải là tệp bộ chủ đề.")
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise InputError(f"{path}: không đọc được ({error.strerror}).") from error
    except UnicodeDecodeError:
        raise InputError(f"{path}: không phải là văn bản UTF-8.") from None
    return read_scheme(nfc(text), str(path))


def read_scheme(text: str, name: str, *, bundled: bool = False) -> Scheme:
    """The scheme written in ``text``; errors as ``load_scheme``, which call it ``name``."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        at = re.search(r"line (\d+)", str(error))
        row = at[1] if at else len(text.splitlines())  # "at end of document"
        raise InputError(f"{name}: dòng {row}: sai cú pháp TOML.") from None
    unknown = sorted(set(data) - {"name", "topic"})
    if unknown:
        raise InputError(f"{name}: không hiểu “{unknown[0]}”; chỉ có name và [[topic]].")
    entries = data.get("topic")
    if not isinstance(entries, list) or not entries:
        raise InputError(f"{name}: không có chủ đề nào; mỗi chủ đề mở đầu bằng dòng [[topic]].")
    if not all(isinstance(entry, dict) for entry in entries):
        raise InputError(f"{name}: mỗi chủ đề phải mở đầu bằng dòng [[topic]].")
    lines = [number for number, line in enumerate(text.splitlines(), 1) if _HEAD.match(line)]
    topics: dict[str, Topic] = {}
    for place, entry in enumerate(entries):
        # Where topics are written inline there are no heads to count.
        line = f" dòng {lines[place]}:" if len(lines) == len(entries) else ""
        topic = _topic(entry, f"{name}:{line} chủ đề", topics)
        topics[topic.id] = topic
    title = data.get("name")
    return Scheme(
        name=title if isinstance(title, str) and title.strip() else Path(name).stem,
        topics=tuple(topics.values()),
        bundled=bundled,
    )


def _topic(entry: dict[str, Any], where: str, known: dict[str, Topic]) -> Topic:
    topic_id = entry.get("id")
    if not isinstance(topic_id, str) or not _ID.fullmatch(topic_id):
        raise InputError(f"{where} thiếu id hoặc id không hợp lệ (chữ thường không dấu, số, _ .).")
    where = f"{where} “{topic_id}”"
    if topic_id in known:
        raise InputError(f"{where} có hai lần.")
    for key in entry:
        if key not in _KEYS:
            raise InputError(f"{where}: không hiểu “{key}”; chỉ có {', '.join(sorted(_KEYS))}.")
    words = {}
    for key in ("name", "group", "parent", "description"):
        value = entry.get(key)
        if value is not None and (not isinstance(value, str) or not value.strip()):
            raise InputError(f"{where}: {key} phải là chữ, không để trống.")
        words[key] = value.strip() if value else None
    parent = words["parent"]
    if words["name"] is None:
        raise InputError(f"{where}: thiếu name.")
    if parent is not None and parent not in known:
        raise InputError(f"{where}: parent “{parent}” không có ở phía trên.")
    lists = {key: _phrases(entry.get(key, []), key, where) for key in _LISTS}
    group = words["group"] or (known[parent].group if parent else "chủ đề")
    return Topic(
        id=topic_id,
        name=words["name"],
        group=group,
        parent=parent,
        description=words["description"],
        words=lists["words"],
        heads=lists["heads"],
        hints=lists["hints"],
        excluded=lists["not"],
    )


def _phrases(value: object, key: str, where: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(x, str) and x.strip() for x in value):
        raise InputError(f'{where}: {key} phải là danh sách cụm từ, như ["một", "hai"].')
    for phrase in value:
        if not re.match(r"\s*\w", phrase):
            raise InputError(f"{where}: cụm từ “{phrase}” không bắt đầu bằng một chữ.")
    return tuple(" ".join(phrase.split()) for phrase in value)
