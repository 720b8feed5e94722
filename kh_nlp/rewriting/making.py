"""One rewriting: ask, look with the guard, and keep the original where the guard objects."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

from kh_nlp.errors import InputError
from kh_nlp.language import nfc
from kh_nlp.rewriting.asking import Model
from kh_nlp.rewriting.guard import check, missing, too_long
from kh_nlp.rewriting.records import Finding, Rewriting, Task

LARGEST = 20_000
"""Characters of text and sources that are sent at most."""

_TAGS = re.compile(r"</?\s*(?:van_ban|nguon)\s*>", re.IGNORECASE)


@cache
def _prompts() -> dict[str, str]:
    text = files("kh_nlp.rewriting").joinpath("data/prompts.toml").read_text("utf-8")
    return tomllib.loads(text)


def rewrite(text: str, sources: Sequence[str], *, model: Model, task: Task) -> Rewriting:
    """``text`` in better words by ``model``, or as it stands where the answer cannot be trusted.

    The answer may say what ``text`` and ``sources`` say and nothing else; a ``"passage"`` must
    also keep the numbers, dates, documents and gaps of ``text``. What the guard finds is in
    ``findings``; then ``accepted`` is false and ``text`` the original.

    Raises InputError for an empty or too long text, ModelError where the model gives no answer.
    """
    original = nfc(text)
    if not original.strip():
        raise InputError("Không có gì để viết lại: đoạn văn rỗng.")
    known = [nfc(source) for source in sources if source.strip()]
    if len(original) + sum(map(len, known)) > LARGEST:
        raise InputError(f"Đoạn văn và nguồn dài quá {LARGEST} ký tự, không gửi cho mô hình.")
    offered = model.ask(_messages(original, known, task))
    findings: tuple[Finding, ...] = check(offered, [original, *known])
    if offered:
        findings += too_long(offered, original)
        if task == "passage":
            findings += missing(original, offered)
    accepted = not findings
    return Rewriting(
        text=offered if accepted else original,
        accepted=accepted,
        original=original,
        offered=offered,
        findings=findings,
        model=model.name,
        host=model.host,
    )


def _messages(text: str, sources: Sequence[str], task: Task) -> list[dict[str, str]]:
    # A source cannot close the tag that it stands in.
    listed = "\n".join(f"- {_TAGS.sub(' ', source)}" for source in sources)
    filled = {"sources": listed, "text": _TAGS.sub(" ", text)}
    asked = re.sub(r"\{(sources|text)\}", lambda m: filled[m[1]], _prompts()[task].strip())
    return [
        {"role": "system", "content": _prompts()["system"].strip()},
        {"role": "user", "content": asked},
    ]
