"""Notebooks as they lie in git: without outputs, with Vietnamese prose, rendered in docs/.

They are run by `make test` (pytest --nbmake notebooks), not from here.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


def test_there_are_notebooks() -> None:
    assert NOTEBOOKS


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_clean_and_rendered(path: Path) -> None:
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    for cell in cells:
        if cell["cell_type"] == "code":
            assert cell["outputs"] == [] and cell["execution_count"] is None, cell["id"]
    prose = "".join("".join(c["source"]) for c in cells if c["cell_type"] == "markdown")
    assert len(prose) > 300
    rendered = (ROOT / "docs" / "notebooks" / f"{path.stem}.md").read_text(encoding="utf-8")
    for cell in cells:
        for line in "".join(cell["source"]).splitlines():
            assert line.strip() in rendered, f"make notebooks was not run after: {line}"
