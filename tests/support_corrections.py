"""What the tests of corrections share: a valid plan, a newer parser, a copy of the samples."""

from __future__ import annotations

import dataclasses
import itertools
import shutil
from datetime import date
from pathlib import Path

import pytest
from support_samples import CORPUS

from kh_nlp import pipeline
from kh_nlp.library import Library, ingesting
from kh_nlp.library.outline_edits import add_section
from kh_nlp.model import Plan
from kh_nlp.parsing import parse


def copied_samples(folder: Path, *prefixes: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for path in CORPUS.iterdir():
        if path.name.startswith(prefixes) and path.name != "README.md":
            shutil.copy(path, folder)
    return folder


def id_of(library: Library, prefix: str) -> str:
    (found,) = (s.plan for s in library.plans() if Path(s.path).name.startswith(prefix))
    return found


def assert_valid(plan: Plan) -> None:
    """The promises of ``model``: positions inside, texts, nesting, no character in two parts."""
    ids = [s.id for s in plan.sections]
    assert len(set(ids)) == len(ids)
    for citation in plan.citations:
        assert citation.text == plan.text[citation.start : citation.end]
        assert citation.section is None or citation.section in ids
        if citation.issued_on:
            date.fromisoformat(citation.issued_on)
    assert list(plan.citations) == sorted(plan.citations, key=lambda c: (c.start, c.end))
    if plan.header.issued_on:
        date.fromisoformat(plan.header.issued_on)
    by_id = {s.id: s for s in plan.sections}
    for section in plan.sections:
        assert section.spans and section.start <= section.spans[0][0]
        assert section.text == " ".join(plan.text[a:b] for a, b in section.spans)
        assert section.text.strip()
        if section.parent is not None:
            parent = by_id[section.parent]
            assert parent.start <= section.start and section.end <= parent.end
    starts = [s.spans[0][0] for s in plan.sections]
    assert starts == sorted(starts)
    parts = [span for s in plan.sections for span in s.spans]
    parts += [(b.start, b.end) for b in plan.blocks]
    for (_, end), (start, _) in itertools.pairwise(sorted(parts)):
        assert end <= start
    for task in plan.tasks:
        assert 0 <= task.start < task.end <= len(plan.text)
        assert task.section is None or task.section in ids


_ABOVE = "KHUNG TRÊN\n"


def newer_parse(reading: object, *, allow_secret: bool = False) -> Plan:
    """The parser of tomorrow: a line more in the text, other ids, one more section, schema 2."""
    plan = parse(reading, allow_secret=allow_secret)  # type: ignore[arg-type]
    by = len(_ABOVE)
    names = {s.id: f"neu-{n}" for n, s in enumerate(reversed(plan.sections))}

    def moved(thing: object) -> object:
        changes: dict[str, object] = {"start": thing.start + by, "end": thing.end + by}
        if hasattr(thing, "spans"):
            changes["spans"] = tuple((a + by, b + by) for a, b in thing.spans)
        if getattr(thing, "section", None):
            changes["section"] = names[thing.section]
        if hasattr(thing, "parent"):
            changes |= {"id": names[thing.id], "parent": names.get(thing.parent)}
        elif hasattr(thing, "origin"):
            changes["id"] = f"neu-{thing.id}"
        return dataclasses.replace(thing, **changes)

    plan = dataclasses.replace(
        plan,
        schema_version=2,
        text=_ABOVE + plan.text,
        runs=tuple(dataclasses.replace(run, start=run.start + by) for run in plan.runs),
        **{
            name: tuple(map(moved, getattr(plan, name)))
            for name in ("blocks", "sections", "notes", "tasks", "citations")
        },
    )
    last = plan.sections[-1]
    cut = plan.text.index(" ", last.spans[-1][0] + 30) + 1
    return add_section(plan, "neu-more", cut, None, number="X", heading="Mục mới")


def use_newer_parser(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(pipeline, "parse", newer_parse)
    patch.setattr(ingesting, "PARSER_VERSION", ingesting.PARSER_VERSION + 1)
