"""Buttons in rows, as a person would lay them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bots.rows import cut, rows_of

LAID = [
    (["Да", "Нет"], None, [["Да", "Нет"]]),
    (["Утро", "День", "Вечер"], None, [["Утро", "День", "Вечер"]]),
    (["Зима", "Весна", "Лето", "Осень"], None, [["Зима", "Весна"], ["Лето", "Осень"]]),
    (["С нуля", "Читаю со словарём", "Разговариваю"], None,
     [["С нуля"], ["Читаю со словарём"], ["Разговариваю"]]),
    ([*"12345", "Пропустить"], None, [[*"12345"], ["Пропустить"]]),
    ([str(n) for n in range(1, 11)], None, [[*"12345"], ["6", "7", "8", "9", "10"]]),
    (["1", "2", "3", "Назад"], None, [["1", "2", "3"], ["Назад"]]),
    (["а", "б", "в"], 1, [["а"], ["б"], ["в"]]),
    (["а", "б", "в"], 2, [["а", "б"], ["в"]]),
    (["а", "б", "в"], 99, [["а", "б", "в"]]),
    ([], None, []),
]  # fmt: skip


@pytest.mark.parametrize(("labels", "columns", "expected"), LAID)
def test_rows_fit_their_labels(labels, columns, expected):
    rows = rows_of(labels, columns, per_row=5, rows=6)
    assert [[labels[i] for i in row] for row in rows] == expected


@given(
    st.lists(st.text(min_size=1, max_size=45), max_size=30),
    st.none() | st.integers(min_value=1, max_value=9),
)
def test_rows_never_break_the_limits_and_keep_the_order(labels, columns):
    rows = rows_of(labels, columns, per_row=5, rows=6)
    assert len(rows) <= 6
    assert all(1 <= len(row) <= 5 for row in rows)
    assert [index for row in rows for index in row] == list(range(len(labels)))


def test_a_long_label_ends_in_an_ellipsis():
    assert cut("а" * 41, 40) == "а" * 39 + "…"
    assert cut("а" * 40, 40) == "а" * 40
