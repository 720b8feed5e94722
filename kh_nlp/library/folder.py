"""The folder itself: where it may lie, and who may write to it."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kh_nlp.errors import LibraryError

NETWORK_FILESYSTEMS = frozenset(
    (
        *("nfs", "nfs4", "cifs", "smb", "smb2", "smb3", "smbfs", "9p", "afs", "ceph", "coda"),
        *("glusterfs", "lustre", "beegfs", "davfs", "ncpfs"),
        *("fuse.sshfs", "fuse.glusterfs", "fuse.ceph", "fuse.rclone", "fuse.s3fs", "fuse.davfs2"),
    )
)
"""Types on which SQLite's write-ahead log is not safe: its shared memory needs one machine."""

LOCK = "library.lock"


def refuse_network_share(path: Path, mounts: Path = Path("/proc/mounts")) -> None:
    """LibraryError when ``path`` lies on a network filesystem (Linux; elsewhere no check)."""
    kind = filesystem(path, mounts)
    if kind in NETWORK_FILESYSTEMS:
        raise LibraryError(
            f"Thư viện {path} nằm trên ổ đĩa mạng ({kind}); SQLite có thể hỏng dữ liệu ở đó. "
            "Hãy đặt thư viện trên ổ đĩa của máy này."
        )


def filesystem(path: Path, mounts: Path = Path("/proc/mounts")) -> str | None:
    """Type of the filesystem that holds ``path`` (which need not exist yet), None if unknown."""
    try:
        lines = mounts.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return None
    target = Path(os.path.realpath(path))
    best: tuple[int, str | None] = (-1, None)
    for line in lines:
        parts = line.split()
        if len(parts) < 3:
            continue
        point = Path(parts[1].replace("\\040", " "))
        # The last mount of the longest point wins: later mounts hide earlier ones.
        if (target == point or point in target.parents) and len(point.parts) >= best[0]:
            best = (len(point.parts), parts[2])
    return best[1]


_held: set[str] = set()
_guard = threading.Lock()


@contextmanager
def writer_lock(folder: Path) -> Iterator[None]:
    """Hold the one writer's place; LibraryError when somebody else writes.

    A record lock of POSIX: the kernel drops it with the process that took it, so a killed writer
    never leaves the library locked. Unlike ``flock`` it does not pass to the reading processes
    that a writer forks, which may outlive it. Being the process's own it does not keep threads
    apart; ``_held`` does.
    """
    place = os.path.realpath(folder)
    busy = LibraryError(f"Thư viện {folder} đang được một tiến trình khác ghi; hãy thử lại sau.")
    with _guard:
        if place in _held:
            raise busy
        _held.add(place)
    try:
        with _record_lock(folder, busy):
            yield
    finally:
        with _guard:
            _held.discard(place)


@contextmanager
def _record_lock(folder: Path, busy: LibraryError) -> Iterator[None]:
    try:
        import fcntl
    except ImportError:  # not POSIX: SQLite's own BEGIN IMMEDIATE still keeps writers apart
        yield
        return
    try:
        handle = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise LibraryError(f"Không ghi được vào thư viện {folder}: {error.strerror}.") from error
    try:
        try:
            fcntl.lockf(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise busy from error
        yield
    finally:
        os.close(handle)
