"""Exports read back equal to the database, and nothing in them is ever run (R54, R55)."""

import csv
from datetime import datetime
from zoneinfo import ZoneInfo

import openpyxl
import pytest

from desk.exporting import HEADER, export_leads
from desk.leads import pages
from desk.sheets import LONGEST, csv_cell, csv_text, new_sheet
from storage.database import open_database

HOSTILE = (
    "=1+1",
    '=HYPERLINK("https://evil.example")',
    "@SUM(1)",
    "+7 - 5",
    "-2+3",
    "\t=1+1",
    "  =1+1",
    "\uff1d1+1",
    "\uff0b1",
    "\rтекст",
    "a\x00b",
    'кавычки " и "" ещё',
    "строка\nдругая",
    "a;b,c",
    "'=1",
    "'",
    "<b>жирный</b>",
    "<3",
    "&amp;",
    "{secret}",
    "{{7*7}}",
    "[red]Rich[/red]",
    "\u202eнавыворот\u202c",
    "\x1b[31mкрасный",
    "_x0041_",
    "я" * 4_000,
    "👩‍👩‍👧",
    "+79161234567",
    "+7 916 123-45-67",
)
DANGEROUS = set("=+-@\uff1d\uff0b\uff0d\uff20")
MOSCOW = ZoneInfo("Europe/Moscow")


async def exported(url, seal, path, **more):
    """How many leads were written, and what was told of the progress."""
    told = []
    database = await open_database(url, exclusive=False)
    try:
        options = {"team": None, "zone": MOSCOW, "language": "ru", **more}
        count = await export_leads(
            path, database, seal, progress=lambda *seen: told.append(seen), **options
        )
    finally:
        await database.close()
    return count, told


def csv_rows(path):
    """The rows of the file, as Python reads them."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file, delimiter=";"))


async def test_xlsx_reads_back_equal_and_holds_no_formula(new_sqlite, add_leads, seal, tmp_path):
    url, path = new_sqlite(), tmp_path / "leads.xlsx"
    await add_leads(url, [[["word", "Слово", value]] for value in HOSTILE])
    count, _ = await exported(url, seal, path)
    head, *rows = openpyxl.load_workbook(path).active.iter_rows()
    assert [cell.value for cell in head] == [*HEADER["ru"], "Слово"]
    assert count == len(rows) == len(HOSTILE)
    column = len(HEADER["ru"])
    for row, value in zip(rows, HOSTILE, strict=True):
        assert row[column].data_type in ("s", "inlineStr")
        assert same(row[column].value) == value.replace("\r", "\n")
        assert {cell.data_type for cell in row} <= {"n", "s", "d", "inlineStr"}
    assert rows[0][1].value == datetime(2026, 1, 1, 3, 0)  # noqa: DTZ001 - Excel knows no zones
    assert rows[0][8].value == 1500.5


def same(text):
    """The text as Excel shows it: openpyxl leaves escaped signs, and XML knows one line end."""
    return openpyxl.utils.escape.unescape(text).replace("\r\n", "\n").replace("\r", "\n")


async def test_csv_reads_back_equal_and_begins_no_formula(new_sqlite, add_leads, seal, tmp_path):
    url, path = new_sqlite(), tmp_path / "leads.csv"
    await add_leads(url, [[["word", "Слово", value]] for value in HOSTILE])
    await exported(url, seal, path)
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    head, *rows = csv_rows(path)
    assert head == [*HEADER["ru"], "Слово"]
    for row, value in zip(rows, HOSTILE, strict=True):
        phone = value.startswith("+7") and "916" in value
        wanted = "+79161234567" if phone else value.replace("\x00", "")
        assert csv_text(row[-1]) == wanted
        assert row[-1] == "+7 916 123-45-67" if phone else row[-1].strip()[:1] not in DANGEROUS
    assert rows[0][1:3] == ["01.01.2026 03:00", "Заявка"]
    assert rows[0][8] == "1500,5"


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        ("+79161234567", "+7 916 123-45-67"),
        ("+375291234567", "+375 29 123-45-67"),
        ("+79", "'+79"),
        ("+7916+1", "'+7916+1"),
        ("-5", "'-5"),
        (-5, "-5"),
        (0.1 + 0.2, "0,3"),
        (1e6, "1000000"),
        (None, ""),
        ("", ""),
        ("ya@example.ru", "ya@example.ru"),
        ("\n=1", "'\n=1"),
        ("'+7", "''+7"),
    ],
)
def test_csv_cells_by_the_written_rule(value, cell):
    assert csv_cell(value) == cell


async def test_columns_are_gathered_over_pages_and_labels_may_repeat(
    new_sqlite, add_leads, seal, tmp_path
):
    url, path = new_sqlite(), tmp_path / "leads.csv"
    answers = [[["a", "Город", "Омск"], ["b", "Город", "Тверь"]], [], [["c", "Дата", "1 мая"]]]
    await add_leads(url, answers)
    count, told = await exported(url, seal, path)
    head, *rows = csv_rows(path)
    assert (count, told) == (3, [(3, 3)])
    assert head[-2:] == ["Город", "Дата"]
    assert [row[-2:] for row in rows] == [["Омск; Тверь", ""], ["", ""], ["", "1 мая"]]


async def test_pages_join_without_gaps(new_sqlite, add_leads, seal):
    url = new_sqlite()
    await add_leads(url, [[["n", "№", str(number)]] for number in range(7)])
    database = await open_database(url, exclusive=False)
    found = [page async for page in pages(database, seal, size=3)]
    await database.close()
    assert [len(page) for page in found] == [3, 3, 1]
    assert [lead.answers[0][1] for page in found for lead in page] == [str(n) for n in range(7)]


async def test_only_one_team_in_english(new_sqlite, add_leads, seal, tmp_path):
    url, path = new_sqlite(), tmp_path / "leads.csv"
    await add_leads(url, [[], []], team="sales")
    await add_leads(url, [[]], team="heads")
    count, _ = await exported(url, seal, path, team="heads", language="en")
    head, row = csv_rows(path)
    assert (count, head[0], row[3]) == (1, "No.", "heads")


async def test_nothing_to_export_is_a_header(new_sqlite, seal, tmp_path):
    for name in ("leads.csv", "leads.xlsx"):
        assert (await exported(new_sqlite(), seal, tmp_path / name))[0] == 0
    assert csv_rows(tmp_path / "leads.csv") == [list(HEADER["ru"])]


def test_a_failure_leaves_the_old_file_and_no_half(tmp_path):
    path = tmp_path / "leads.xlsx"
    path.write_text("старый")
    with pytest.raises(TypeError), new_sheet(path, ["a"]) as sheet:
        sheet.write(5)
    assert path.read_text() == "старый"
    assert list(tmp_path.iterdir()) == [path]


def test_what_no_cell_can_hold_is_cut_with_a_mark(tmp_path):
    path = tmp_path / "long.xlsx"
    with new_sheet(path, ["Ответ"]) as sheet:
        sheet.write(["я" * 40_000])
        sheet.write(["половина \ud83d"])
    values = [row[0].value for row in openpyxl.load_workbook(path).active.iter_rows(min_row=2)]
    assert (len(values[0]), values[0][-1]) == (LONGEST, "…")
    assert values[1] == "половина ?"
