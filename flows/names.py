"""First names that a bot may say aloud."""

import re
import unicodedata

LONGEST = 20

_CYRILLIC = re.compile(r"[А-ЯЁа-яёҐґЄєІіЇїЎўҒғҚқҢңӨөҮүҰұҺһӘәҖҗ]+(?:[-'][А-яЁёІіЇї]+)?")
_LATIN = re.compile(r"[A-Za-zÀ-ÖØ-öø-žŞşİı]+(?:[-'][A-Za-zÀ-ÖØ-öø-ž]+)?")
_VOWEL = re.compile(r"[аеёиоуыэюяіїєөүұәaeiouyà-åæè-ïò-öøù-ýÿāēęěīıōőūůű]")
_RUN = re.compile(r"(.)\1\1")
_INNER_CAPITAL = re.compile(r"(?:Mc|Mac|De|Di|La|Le)[A-Z][a-z]+")
_DECORATION = {"So", "Sk", "Cf", "Co", "Cs", "Cn", "Mn", "Me"}
_EDGES = ".,!?;:~*-–—…'\"«»()[]|•·"
_NO_NAMES = {"deleted", "ооо", "оао", "зао", "админ", "admin", "test", "тест", "user", "bot"}


def spoken_first_name(raw: str | None) -> str:
    """Return the first name when it is fit to be spoken, else an empty text.

    Decoration is taken off («✨МариЯ✨» is «Мария»); a nick, a company, digits, mixed alphabets
    and anything longer than 20 letters are no names.
    """
    shown = unicodedata.normalize("NFKC", (raw or "")[: 8 * LONGEST])
    tokens = [bare for token in shown.split() if (bare := _undecorated(token))]
    if not 1 <= len(tokens) <= 2 or len(" ".join(tokens)) > LONGEST:
        return ""
    if not all(_CYRILLIC.fullmatch(token) or _LATIN.fullmatch(token) for token in tokens):
        return ""
    return _capitalised(tokens[0]) if _is_name(tokens[0]) else ""


def _undecorated(text: str) -> str:
    edges = {sign for sign in text if unicodedata.category(sign) in _DECORATION}
    return text.strip(_EDGES + "".join(edges)).replace("’", "'").replace("ʼ", "'")


def _is_name(token: str) -> bool:
    low = token.lower()
    if len(token) < 2 or low in _NO_NAMES or not _VOWEL.search(low) or _RUN.search(low):
        return False
    return not (_LATIN.fullmatch(token) and _is_nick(token))


def _is_nick(token: str) -> bool:
    parts = re.split(r"[-']", token)
    return not all(
        part.islower() or part.isupper() or part.istitle() or _INNER_CAPITAL.fullmatch(part)
        for part in parts
    )


def _capitalised(name: str) -> str:
    return re.sub(
        r"[^-']+",
        lambda part: part[0] if _INNER_CAPITAL.fullmatch(part[0]) else part[0].capitalize(),
        name,
    )
