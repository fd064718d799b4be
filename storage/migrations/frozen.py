"""Reads the statements of a schema that was frozen as SQL beside its migration."""

from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).parent / "versions"
END: Final = "\n;;\n"


def statements(revision: str, dialect: str) -> list[str]:
    """The statements of `versions/<revision>.<dialect>.sql`, in their order."""
    text = (FOLDER / f"{revision}.{dialect}.sql").read_text(encoding="utf-8")
    return [part.strip() for part in text.split(END) if part.strip()]
