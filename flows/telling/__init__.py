"""A funnel told in words that a client understands: times, conditions, texts, steps."""

from flows.telling import actions, outside, questions  # each fills the table of tellers
from flows.telling.steps import Book, Choice, Kind, Note, Told, book_of, told

__all__ = [
    "Book", "Choice", "Kind", "Note", "Told", "actions", "book_of", "outside", "questions", "told",
]  # fmt: skip
