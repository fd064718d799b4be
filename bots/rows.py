"""How buttons are laid in rows: by the author's hint, else by how wide their labels are."""

from __future__ import annotations

from collections.abc import Sequence

_ROW_WIDTH = 30  # what a phone shows of a row before it cuts labels
_TINY = 3
_TINY_PER_ROW = 5
_WORDS_PER_ROW = 3


def rows_of(
    labels: Sequence[str], columns: int | None, *, per_row: int, rows: int
) -> list[list[int]]:
    """Indexes of the labels, row by row: at most ``per_row`` in a row and ``rows`` in all.

    ``columns`` is the author's hint; where it would need too many rows, rows grow wider. The caller
    has made sure that there are no more labels than ``per_row * rows``.
    """
    order = list(range(len(labels)))
    laid = _chunks(order, min(columns, per_row)) if columns else _by_width(labels, per_row)
    if len(laid) > rows:
        laid = _chunks(order, -(-len(labels) // rows))
    return laid


def cut(label: str, limit: int) -> str:
    """The label, ending in an ellipsis when it is longer than ``limit`` characters."""
    return label if len(label) <= limit else label[: limit - 1].rstrip() + "…"


def _chunks(order: list[int], size: int) -> list[list[int]]:
    return [order[start : start + size] for start in range(0, len(order), size)]


def _by_width(labels: Sequence[str], per_row: int) -> list[list[int]]:
    laid: list[list[int]] = []
    for index, label in enumerate(labels):
        row = laid[-1] if laid else []
        if row and _fits([labels[i] for i in row], label, per_row):
            row.append(index)
        else:
            laid.append([index])
    return _balanced(laid, labels, per_row)


def _balanced(laid: list[list[int]], labels: Sequence[str], per_row: int) -> list[list[int]]:
    if len(laid) > 1 and len(laid[-1]) == 1 and len(laid[-2]) == _WORDS_PER_ROW:
        moved, alone = laid[-2][-1], laid[-1][0]
        if _fits([labels[moved]], labels[alone], per_row):  # two and two, not three and one
            return [*laid[:-2], laid[-2][:-1], [moved, alone]]
    return laid


def _fits(row: list[str], label: str, per_row: int) -> bool:
    tiny = len(label) <= _TINY
    if tiny != (len(row[0]) <= _TINY):
        return False
    widest = max(len(label), *(len(other) for other in row))
    most = _TINY_PER_ROW if tiny else _WORDS_PER_ROW
    return len(row) < min(most, per_row) and (len(row) + 1) * widest <= _ROW_WIDTH
