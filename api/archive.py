"""The library behind the server.

Routes run in a pool of threads and a SQLite connection belongs to one thread, so each thread has a
`Library` of its own. Every question reads the segments that the database names as active, hence
what another process ingests is seen without a restart.
"""

from __future__ import annotations

import threading
from pathlib import Path

from kh_nlp.library import Library


class Archive:
    """A library folder, opened once for every thread that asks for it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._open = threading.local()
        self._writing = threading.Lock()

    @property
    def library(self) -> Library:
        """The library of the calling thread.

        Raises:
            LibraryError: the folder is no library or was written by a newer version.
        """
        library: Library | None = getattr(self._open, "library", None)
        if library is None:
            library = Library.open(self.folder)
            self._open.library = library
        return library

    @property
    def writing(self) -> threading.Lock:
        """Held while plans are added or removed: a library has one writer."""
        return self._writing
