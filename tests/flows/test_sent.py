"""How files and places are kept and printed."""

from __future__ import annotations

import pytest

from flows.sent import (
    SentFile,
    coordinates,
    file_name,
    kept,
    kept_files,
    names_of,
    read_coordinates,
    titles_of,
)

FILE = kept(SentFile("file", "r", "a.pdf"), "", "telegram", "bot")
PHOTO = kept(SentFile("photo", "p", "IMG_1.jpg"), "", "telegram", "bot")


def test_files_are_printed_by_name_and_counted():
    assert names_of([PHOTO, PHOTO, FILE], "ru") == "фото (2), a.pdf"
    assert names_of([PHOTO, FILE], "en") == "photo, a.pdf"


def test_files_are_shown_to_a_team_with_what_they_are_and_the_words_under_them():
    titled = {**PHOTO, "caption": "спереди"}
    assert titles_of([titled, titled, FILE], "ru") == "фото (2), файл: a.pdf «спереди»"
    assert titles_of([FILE], "en") == "file: a.pdf"


@pytest.mark.parametrize(
    ("told", "name"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\тайна\\договор.pdf", "договор.pdf"),
        ("а\x00б\u202e.txt", "аб.txt"),
        ("я" * 200 + ".docx", "я" * 108 + "….docx"),
        ("я" * 200, "я" * 120),
    ],
)
def test_a_file_name_holds_no_folders_and_no_tricks(told, name):
    assert file_name(told) == name


@pytest.mark.parametrize("value", [None, "", [], "фото", ["a"], [{"kind": "photo"}], {"ref": "r"}])
def test_other_values_are_no_files(value):
    assert kept_files(value) == []


@pytest.mark.parametrize(
    ("text", "point"),
    [
        ("55.75, 37.61", (55.75, 37.61)),
        ("(55.75,37.61)", (55.75, 37.61)),
        ("55,75; 37,61", (55.75, 37.61)),
        ("+55 -37.5", (55.0, -37.5)),
        ("90.1, 0", None),
        ("0, 180.5", None),
        ("55.75", None),
        ("дом 5, 7", None),
        ("12, 5", (12.0, 5.0)),
    ],
)
def test_coordinates_are_read_as_people_write_them(text, point):
    assert read_coordinates(text) == point


def test_coordinates_are_written_without_idle_digits():
    assert coordinates(55.7500000001, -0.0000001) == "55.75, 0"
