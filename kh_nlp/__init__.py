"""kh_nlp: read, index and question an archive of Vietnamese government plans (*kế hoạch*)."""

from __future__ import annotations

__version__ = "0.1.0"
