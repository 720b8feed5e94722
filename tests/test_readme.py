"""What the READMEs show is what the commands print.

`python tests/test_readme.py` writes the real outputs into both files.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
from support_samples import ROOT, sample_library

READMES = ("README.md", "README.vi.md")
BLOCK = re.compile(r"```text\n\$ kh ([^\n]+)\n(.*?)```\n", re.S)


@cache
def output(command: str) -> str:
    """What ``kh`` prints over the sample library, seen from the repository."""
    environment = {**os.environ, "KH_LIBRARY": str(sample_library()), "COLUMNS": "100"}
    done = subprocess.run(
        [sys.executable, "-m", "kh_nlp", *shlex.split(command)],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("name", READMES)
def test_outputs_are_real(name: str) -> None:
    blocks = BLOCK.findall((ROOT / name).read_text("utf-8"))
    assert len(blocks) == 4
    for command, shown in blocks:
        assert shown == output(command), f"kh {command}: run python tests/test_readme.py"


def test_the_python_example_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (code,) = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text("utf-8"), re.S)
    (tmp_path / "indexes").mkdir()
    (tmp_path / "indexes" / "demo").symlink_to(sample_library())
    monkeypatch.chdir(tmp_path)
    exec(compile(code, "README.md", "exec"), {})
    assert re.fullmatch(r"[IVX]+\.\S+ .+ page \d+, line \d+\n", capsys.readouterr().out)


def test_links_and_pictures_exist() -> None:
    for name in READMES:
        for target in re.findall(r"\]\(([^)#]+)(?:#\w+)?\)", (ROOT / name).read_text("utf-8")):
            assert (ROOT / target).is_file(), f"{name}: {target}"
    assert (ROOT / "docs" / "search-page.png").stat().st_size < 300_000


if __name__ == "__main__":
    for readme in READMES:
        path = ROOT / readme
        written = BLOCK.sub(
            lambda m: f"```text\n$ kh {m[1]}\n{output(m[1])}```\n", path.read_text("utf-8")
        )
        path.write_text(written, "utf-8")
