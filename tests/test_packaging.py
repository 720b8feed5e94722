"""What ships: the lock file, licences, the wheel, and documents that name what really exists."""

from __future__ import annotations

import os
import re
import sqlite3
import subprocess
import sys
import tomllib
import unicodedata
import zipfile
from functools import cache
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from support_samples import warm_folder

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
READMES = ("README.md", "README.vi.md")


def locked() -> dict[str, str]:
    pins = {}
    for line in (ROOT / "requirements.lock").read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            name, version = re.fullmatch(r"([\w.-]+)==([\w.+!-]+)", line).groups()
            pins[canonicalize_name(name)] = version
    return pins


def commands() -> list[str]:
    """All commands of ``kh``: ``parse``, ``cite list``, ..."""
    from kh_nlp.cli.commands import app

    names = [command.name for command in app.registered_commands]
    for group in app.registered_groups:
        names += [
            f"{group.name} {command.name}" for command in group.typer_instance.registered_commands
        ]
    return names


def test_the_lock_holds_all_that_the_project_asks_for() -> None:
    pins = locked()
    for line in PROJECT["dependencies"] + PROJECT["optional-dependencies"]["dev"]:
        wanted = Requirement(line)
        name = canonicalize_name(wanted.name)
        assert name in pins, f"{name} is not locked"
        assert wanted.specifier.contains(pins[name]), f"{name}: {pins[name]} not in {wanted}"


def test_the_lock_installs_no_accelerator_packages() -> None:
    pins = locked()
    assert pins["torch"] == "2.13.0"
    assert not [name for name in pins if name.startswith(("nvidia", "cuda", "triton"))]


def test_licences() -> None:
    licence = (ROOT / "LICENSE").read_text("utf-8")
    assert "Apache License" in licence and "END OF TERMS AND CONDITIONS" in licence
    notice = (ROOT / "NOTICE").read_text("utf-8").lower()
    for line in PROJECT["dependencies"]:
        assert Requirement(line).name.lower() in notice
    assert "multilingual-e5-small (mit" in notice


def test_make_has_the_targets_that_documents_name() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.M))
    assert {"demo", "test", "serve", "lint", "types", "layers", "check", "clean"} <= targets
    for name in READMES:
        named = re.findall(r"(?m)(?:^ {4}|`)make ([a-z]+)", (ROOT / name).read_text("utf-8"))
        assert {"demo", "test", "serve"} <= set(named) <= targets, name


def test_ci_calls_the_test_command_of_the_readme() -> None:
    script = (ROOT / ".ci" / "run").read_text("utf-8")
    assert "step make test\n" in script
    assert os.access(ROOT / ".ci" / "run", os.X_OK)
    done = subprocess.run(["bash", "-n", str(ROOT / ".ci" / "run")], capture_output=True)
    assert done.returncode == 0, done.stderr


def test_the_readmes_name_every_command_and_no_other() -> None:
    known = commands()
    for name in READMES:
        text = (ROOT / name).read_text("utf-8")
        for command in known:
            assert f"kh {command}" in text, f"{name}: kh {command} is not documented"
        tops = {command.split()[0] for command in known}
        named = re.findall(r"(?:^|[`\s])kh ([a-z]+)", text)
        assert set(named) <= tops, f"{name}: unknown {set(named) - tops}"


@cache
def tracked() -> dict[Path, None]:
    """What git knows, in its order."""
    done = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True)
    if done.returncode:
        pytest.skip("not a git checkout")
    return dict.fromkeys(ROOT / name for name in done.stdout.decode().split("\0") if name)


def test_sources_are_nfc_and_short() -> None:
    sources = [p for p in tracked() if p.suffix in (".py", ".html", ".css") and p.is_file()]
    assert len(sources) > 20
    for path in sources:
        text = path.read_text("utf-8")
        assert unicodedata.is_normalized("NFC", text), path
        if path.suffix == ".py" and not path.is_relative_to(ROOT / "tests"):
            assert text.count("\n") < 400, f"{path} is too long"


def test_pages_load_nothing_from_elsewhere() -> None:
    pages = [path for path in tracked() if path.parent.name in ("templates", "static")]
    assert len(pages) > 10
    for path in pages:
        text = path.read_text("utf-8").replace("http://www.w3.org/2000/svg", "")
        found = re.search(r"https?://|<script|@import|[\s:]url\(|\sstyle=|\son\w+=", text)
        assert not found, path


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("hatchling")
    folder = tmp_path_factory.mktemp("wheel")
    done = subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, ROOT],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return next(folder.glob("*.whl"))


@pytest.mark.slow
def test_the_wheel_carries_data_templates_and_samples(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    for folder, room in ((ROOT / "kh_nlp", "kh_nlp"), (ROOT / "api", "api")):
        for path in folder.rglob("*"):
            if path.is_file() and "__pycache__" not in path.parts and path in tracked():
                assert f"{room}/{path.relative_to(folder).as_posix()}" in names
    for path in (ROOT / "corpus").rglob("*"):
        if path in tracked():
            assert f"kh_nlp/samples/{path.relative_to(ROOT / 'corpus').as_posix()}" in names
    assert {name.rsplit("/", 1)[1] for name in names if "dist-info/licenses" in name} == {
        "LICENSE",
        "NOTICE",
    }


@pytest.mark.slow
def test_the_demo_runs_from_the_wheel(wheel: Path, tmp_path: Path) -> None:
    place = tmp_path / "site"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(place)
    environment = {**os.environ, "PYTHONPATH": str(place), "XDG_CACHE_HOME": str(tmp_path)}
    # Most vectors are there, so that the tests do not compute them anew; some are for the wheel.
    with sqlite3.connect(warm_folder(tmp_path / "kh_nlp" / "demo") / "vectors.sqlite") as vectors:
        left = "SELECT text FROM vectors ORDER BY text LIMIT 12"
        assert vectors.execute(f"DELETE FROM vectors WHERE text IN ({left})").rowcount == 12
        (before,) = vectors.execute("SELECT count(*) FROM vectors").fetchone()
    done = subprocess.run(
        [sys.executable, "-m", "kh_nlp", "demo"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "kh_nlp" / "demo" / "library.sqlite").is_file()
    assert vectors.execute("SELECT count(*) FROM vectors").fetchone() == (before + 12,)
    vectors.close()
    assert "site/kh_nlp/samples/" in done.stdout
    assert "=== Kế hoạch nào đề cập Đề án 06?" in done.stdout
