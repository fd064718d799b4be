"""Tables in files that Excel opens as they are: XLSX of text cells, CSV that runs no formula."""

from __future__ import annotations

import csv
import os
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, Final, Protocol, TextIO

import phonenumbers
import xlsxwriter
from xlsxwriter.exceptions import FileCreateError

Cell = str | float | int | datetime | None
SUFFIXES: Final = (".xlsx", ".csv")
LONGEST: Final = 32_767
"""Characters that a cell of Excel holds; the rest is cut with an ellipsis."""

_OPTIONS: Final = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_DANGEROUS = re.compile(r"'*\s*[=+\-@\t\r\n\x00\uff1d\uff0b\uff0d\uff20]")
_PHONE = re.compile(r"\+\d{7,15}")
_READABLE = re.compile(r"\+\d{1,3} [\d -]{4,18}")
_NUL = "\x00"


class Sheet(Protocol):
    """A table being written."""

    def write(self, cells: Sequence[Cell]) -> None:
        """Add a row; moments carry no zone."""


@contextmanager
def new_sheet(path: Path, header: Sequence[str]) -> Iterator[Sheet]:
    """A table in a new file of the path's suffix; the old file stays until all is written."""
    half = path.with_name(f".{path.name}.{os.getpid()}.part")
    opened = _xlsx if path.suffix.lower() == ".xlsx" else _csv
    try:
        half.touch()  # what cannot be written is known before anything is gathered
        with opened(half) as sheet:
            sheet.write(header)
            yield sheet
        half.replace(path)
    finally:
        half.unlink(missing_ok=True)


class _Xlsx:
    def __init__(self, book: Any) -> None:
        self._page = book.add_worksheet()
        self._moment = book.add_format({"num_format": "dd.mm.yyyy hh:mm"})
        self._head = book.add_format({"bold": True})
        self._rows = 0
        self._page.freeze_panes(1, 0)

    def write(self, cells: Sequence[Cell]) -> None:
        for column, cell in enumerate(cells):
            self._write(column, cell)
        if self._rows == 0:
            self._page.set_column(0, max(0, len(cells) - 1), 18)
        self._rows += 1

    def _write(self, column: int, cell: Cell) -> None:
        if isinstance(cell, datetime):
            self._page.write_datetime(self._rows, column, cell, self._moment)
        elif isinstance(cell, int | float):
            self._page.write_number(self._rows, column, cell)
        elif cell:
            style = self._head if self._rows == 0 else None
            self._page.write_string(self._rows, column, _fitting(cell), style)


@contextmanager
def _xlsx(path: Path) -> Iterator[Sheet]:
    book = xlsxwriter.Workbook(str(path), _OPTIONS)
    sheet = _Xlsx(book)
    try:
        yield sheet
    finally:
        try:
            book.close()
        except FileCreateError as error:
            raise error.args[0] from None


class _Csv:
    def __init__(self, file: TextIO) -> None:
        self._writer = csv.writer(file, delimiter=";", lineterminator="\r\n")

    def write(self, cells: Sequence[Cell]) -> None:
        self._writer.writerow([csv_cell(cell) for cell in cells])


@contextmanager
def _csv(path: Path) -> Iterator[Sheet]:
    with path.open("w", encoding="utf-8-sig", newline="", errors="replace") as file:
        yield _Csv(file)


def csv_cell(cell: Cell) -> str:
    """The cell as CSV holds it.

    A text that a table program would take for a formula gets ``'`` before it, and so does one that
    would look like that; a phone is written with spaces, which no program takes for a formula.
    Numbers have a decimal comma, NUL is left out.
    """
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return f"{cell:%d.%m.%Y %H:%M}"
    if isinstance(cell, int | float):
        return f"{cell:.15g}".replace(".", ",")
    text = readable_phone(_fitting(cell.replace(_NUL, "")))
    return f"'{text}" if _DANGEROUS.match(text) and not _READABLE.fullmatch(text) else text


def csv_text(cell: str) -> str:
    """The text that :func:`csv_cell` wrote, a phone in its E.164 form."""
    if cell.startswith("'") and _DANGEROUS.match(cell[1:]):
        return cell[1:]
    return "+" + re.sub(r"\D", "", cell) if _READABLE.fullmatch(cell) else cell


def readable_phone(text: str) -> str:
    """``+79161234567`` as ``+7 916 123-45-67``; any other text as it is."""
    if not _PHONE.fullmatch(text):
        return text
    try:
        number = phonenumbers.parse(text)
    except phonenumbers.NumberParseException:
        return text
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def _fitting(text: str) -> str:
    whole = text.encode("utf-8", "replace").decode()
    return whole if len(whole) <= LONGEST else whole[: LONGEST - 1] + "…"
