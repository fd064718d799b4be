"""What a typed message means: an option, an entry word, a service word or a command."""

import re
import unicodedata
from collections.abc import Sequence

_WORD = re.compile(r"\w+")
_APOSTROPHES = dict.fromkeys(map(ord, "'’ʼ`"))  # «об'єкт», "don't": one word
_INVISIBLE = dict.fromkeys(
    [0xAD, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070), 0xFE0F, 0xFEFF]
)
_COMMAND = re.compile(r"/(\w{1,64})(?:@\w+)?(?:\s+(.*))?", re.DOTALL)

STOP, PRIVACY, MY_DATA, ERASE, HUMAN = "stop", "privacy", "my_data", "erase", "human"

_URGENT_WORDS = {
    "стоп": STOP,
    "отписаться": STOP,
    "stop": STOP,
    "unsubscribe": STOP,
}
_SERVICE_WORDS = {
    "мои данные": MY_DATA,
    "my data": MY_DATA,
    "удалите мои данные": ERASE,
    "delete my data": ERASE,
    "erase my data": ERASE,
    "оператор": HUMAN,
    "менеджер": HUMAN,
    "operator": HUMAN,
    "manager": HUMAN,
    "human": HUMAN,
}
_SERVICE_COMMANDS = {**_URGENT_WORDS, "privacy": PRIVACY, "human": HUMAN}


def same(left: str, right: str) -> bool:
    """Return whether two texts are equal but for case, punctuation, «ё» and white space.

    Texts made only of signs are compared sign by sign.
    """
    return plain(left) == plain(right)


def plain(text: str) -> str:
    """Return the words of the text in one spelling, or its signs when it has no words."""
    return " ".join(words(text)) or "".join(_spelt(text).split())


def words(text: str) -> list[str]:
    """Return the words of the text: small letters, «е» for «ё», no punctuation."""
    return _WORD.findall(_spelt(text).translate(_APOSTROPHES))


def contains_words(message: str, phrase: str) -> bool:
    """Return whether the message contains the phrase as whole words, in its order.

    A phrase made only of signs, such as `+`, must stand as a token of its own.
    """
    sought, found = words(phrase), words(message)
    if not sought:
        sought, found = _spelt(phrase).split(), _spelt(message).split()
    size = len(sought)
    return bool(size) and any(
        found[start : start + size] == sought for start in range(len(found) - size + 1)
    )


def choose(typed: str, options: Sequence[str], *, numbers_allowed: bool = True) -> int | None:
    """Return the index of the option that was typed, None when none or more than one fits.

    It equals an option, or is its number in the list (from 1), or its words stand in one option
    only. A number that names one option and stands in others means none of them.
    """
    spelt = _tight(typed)
    for fits in ([_tight(option) == spelt for option in options], _equal(typed, options)):
        if fits.count(True) == 1:
            return fits.index(True)
    sought = set(words(typed))
    holding = [
        index for index, option in enumerate(options) if sought and sought <= set(words(option))
    ]
    number = _number(typed, len(options)) if numbers_allowed else None
    if number is not None:
        return number if not holding or number in holding else None
    return holding[0] if len(holding) == 1 else None


def service_word(message: str) -> str | None:
    """Return what the whole message asks of any bot: `stop`, `my_data`, `human`… or None."""
    return urgent_word(message) or _SERVICE_WORDS.get(plain(message))


def urgent_word(message: str) -> str | None:
    """Return the service word that no option of a question outranks: «стоп» and /commands."""
    asked = command(message)
    if asked is not None:
        return None if asked[1] else _SERVICE_COMMANDS.get(asked[0])
    return _URGENT_WORDS.get(plain(message))


def command(message: str) -> tuple[str, str] | None:
    """Return the name and argument of a message such as `/start CODE` or `/price@BotName`."""
    found = _COMMAND.fullmatch(message.strip())
    return (found[1].lower(), (found[2] or "").strip()) if found else None


def _spelt(text: str) -> str:
    visible = unicodedata.normalize("NFKC", text).translate(_INVISIBLE)
    return unicodedata.normalize("NFC", visible.casefold()).replace("ё", "е")


def _tight(text: str) -> str:
    return " ".join(_spelt(text).split())


def _equal(typed: str, options: Sequence[str]) -> list[bool]:
    wanted = plain(typed)
    return [bool(wanted) and plain(option) == wanted for option in options]


def _number(typed: str, count: int) -> int | None:
    found = re.fullmatch(r"(?:№\s*)?(\d{1,3})\s*[.)]?", typed.strip())
    return int(found[1]) - 1 if found and 1 <= int(found[1]) <= count else None
