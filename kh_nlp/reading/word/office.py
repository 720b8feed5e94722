"""Old Word documents (.doc) to .docx by LibreOffice, where it is installed.

It keeps what catdoc does not print: empty cells, the numbers that Word computes, the places of
notes. A run takes some two seconds against ten milliseconds; the environment variable
``KH_OFFICE=off`` does without.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

from kh_nlp.reading.files import File

TIMEOUT = 90.0
"""Seconds for one file; a plan takes about two on an idle core, a busy one needs far more."""

INSTALL = "thêm LibreOffice để giữ ô trống và số tự động: apt install libreoffice-writer"
"""How to get the program, for messages to the user."""

_MEMORY = 1_500_000  # KB of the process; 400,000 are enough for a plan
_SECONDS = 60  # of processor time
_WRITTEN = 400_000  # blocks of 512 bytes, of one file
_LIMITED = f'ulimit -v {_MEMORY}; ulimit -t {_SECONDS}; ulimit -f {_WRITTEN}; exec "$@"'

# No macro runs, no link is followed, and where something asks for the network all the same there is
# none: the proxy that it is told of does not exist. Source: officecfg, Common.xcs, Inet.xcs.
_NOWHERE, _DISCARD = "127.0.0.1", "9"
_SETTINGS = {
    "Office.Common/Security/Scripting": {
        "MacroSecurityLevel": "3",
        "DisableMacrosExecution": "true",
        "BlockUntrustedRefererLinks": "true",
    },
    "Office.Writer/Content/Update": {"Link": "2"},
    "Inet/Settings": {
        "ooInetProxyType": "2",
        "ooInetHTTPProxyName": _NOWHERE,
        "ooInetHTTPProxyPort": _DISCARD,
        "ooInetHTTPSProxyName": _NOWHERE,
        "ooInetHTTPSProxyPort": _DISCARD,
        "ooInetNoProxy": "",
    },
}


def office() -> str | None:
    """LibreOffice's command; ``None`` when it is not installed or switched off."""
    if os.environ.get("KH_OFFICE", "").lower() in ("off", "0", "no"):
        return None
    return shutil.which("soffice") or shutil.which("libreoffice")


def to_docx(file: File, timeout: float = TIMEOUT) -> bytes | None:
    """The file as .docx; ``None`` without LibreOffice or when it cannot convert it.

    A run has a folder and a profile of its own, so that several go side by side, and bounded
    memory, time and output.
    """
    program = office()
    if program is None or not file.data:
        return None
    with tempfile.TemporaryDirectory(prefix="kh-office-") as name:
        folder = Path(name)
        (folder / "in.doc").write_bytes(file.data)
        profile = folder / "profile"
        (profile / "user").mkdir(parents=True)
        (profile / "user" / "registrymodifications.xcu").write_text(_registry(), "utf-8")
        command = [program, f"-env:UserInstallation={profile.as_uri()}", "--headless"]
        command += ["--norestore", "--convert-to", "docx:MS Word 2007 XML"]
        command += ["--outdir", str(folder / "out"), str(folder / "in.doc")]
        if not _finished(["/bin/sh", "-c", _LIMITED, "sh", *command], folder, timeout):
            return None
        try:
            return (folder / "out" / "in.docx").read_bytes()
        except OSError:
            return None


def _finished(command: list[str], folder: Path, timeout: float) -> bool:
    """Run the command in a session of its own, all of which is ended when time is up."""
    dead = f"http://{_NOWHERE}:{_DISCARD}"
    proxies = {name: dead for name in ("http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy")}
    environment = {**os.environ, **proxies, "HOME": str(folder), "TMPDIR": str(folder)}
    environment.pop("DISPLAY", None)
    try:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError:
        return False
    try:
        return process.wait(timeout) == 0
    except subprocess.TimeoutExpired:
        return False
    finally:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _registry() -> str:
    """The settings as a profile holds them."""
    items = [
        f'<item oor:path="/org.openoffice.{path}"><prop oor:name="{name}" oor:op="fuse">'
        f"<value>{value}</value></prop></item>"
        for path, settings in _SETTINGS.items()
        for name, value in settings.items()
    ]
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<oor:items'
        ' xmlns:oor="http://openoffice.org/2001/registry">\n'
        + "\n".join(items)
        + "\n</oor:items>\n"
    )
