"""Values that must not be seen by accident: they print as stars until somebody asks for the text."""

from typing import Final

STARS: Final = "***"


class Veiled:
    """A text whose `repr`, `str` and `format` are stars; `reveal()` returns the text itself."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """The text, for the one place that needs it."""
        return self._text

    def __repr__(self) -> str:
        return STARS

    def __str__(self) -> str:
        return STARS

    def __format__(self, format_spec: str) -> str:
        return STARS

    def __bool__(self) -> bool:
        return bool(self._text)

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and other._text == self._text

    def __hash__(self) -> int:
        return hash((type(self), self._text))


class Secret(Veiled):
    """A token, password or key of the project."""

    __slots__ = ()


class Personal(Veiled):
    """Something that tells who a prospect is: a name, a phone, an answer."""

    __slots__ = ()
