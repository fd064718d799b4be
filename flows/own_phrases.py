"""``phrases:`` of a funnel: the bot's own words, said otherwise."""

from __future__ import annotations

from functools import cache

from flows.answers import TYPES
from flows.phrases import PARAM, PHRASES
from flows.problems import closest
from flows.reading import Reading, Unread, as_mapping, word
from flows.shapes import TEXT, shaped
from flows.source import Node, Scalar


@cache
def known_phrases() -> dict[str, frozenset[str]]:
    """Every phrase of the bot and every hint of an answer's type, with the ``{parameters}`` it has."""
    hints = (kind.hints for kind in TYPES.values())
    sentences = {**PHRASES, **{code: pair for each in hints for code, pair in each.items()}}
    return {name: frozenset(PARAM.findall("".join(pair))) for name, pair in sentences.items()}


@shaped(
    lambda _drawing: {
        "type": "object",
        "properties": dict.fromkeys(sorted(known_phrases()), TEXT),
        "additionalProperties": False,
    }
)
def own_phrases(node: Node, reading: Reading) -> dict[str, str]:
    """The funnel's own words by the phrase's name."""
    found = {}
    for scalar, value in as_mapping(node, reading):
        try:
            found[scalar.text] = _own(scalar, value, reading)
        except Unread:
            continue
    return found


def _own(scalar: Scalar, value: Node, reading: Reading) -> str:
    known = known_phrases()
    if scalar.text not in known:
        close = closest(scalar.text, known)
        raise reading.refuse("unknown-phrase", scalar.mark, name=scalar.text, close=close)
    words = word(value, reading)
    allowed = known[scalar.text]
    for param in PARAM.findall(words):
        if param not in allowed:
            fits = ", ".join(f"{{{each}}}" for each in sorted(allowed)) or "—"
            reading.note("phrase-param", value.mark, param=f"{{{param}}}", allowed=fits)
    return words
