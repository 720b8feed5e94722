"""The library behind the server, opened at the first question."""

from __future__ import annotations

import threading
from pathlib import Path

from kh_nlp.library import Library


class Archive:
    """One open `Library` for all threads of the server.

    A library keeps a connection for each thread and reads what the database names as active, so
    what another process ingests is seen without a restart.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._library: Library | None = None
        self._opening = threading.Lock()

    @property
    def library(self) -> Library:
        """The open library.

        Raises:
            LibraryError: the folder is no library or was written by a newer version.
        """
        with self._opening:
            if self._library is None:
                self._library = Library.open(self.folder)
            return self._library

    def close(self) -> None:
        """Close the library; the next question opens it again."""
        with self._opening:
            if self._library is not None:
                self._library.close()
                self._library = None
