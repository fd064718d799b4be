"""Two wordings of a text as one line: what stays, what went, what came."""

from __future__ import annotations

import re
from difflib import SequenceMatcher

AROUND = 5
"""So many words that stay are shown on each side of a change."""
_WORD = re.compile(r"\S+")


def word_difference(before: str, after: str) -> str:
    """``какой у вас [сейчас → нынешний] уровень``; long parts that stay are left out."""
    old, new = _WORD.findall(before), _WORD.findall(after)
    codes = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    parts = []
    for number, (what, i, j, k, m) in enumerate(codes):
        if what == "equal":
            parts.append(_kept(old[i:j], first=number == 0, last=number == len(codes) - 1))
        else:
            parts.append(_exchanged(" ".join(old[i:j]), " ".join(new[k:m])))
    return " ".join(filter(None, parts))


def _exchanged(before: str, after: str) -> str:
    if not after:
        return f"[−{before}]"
    return f"[{before} → {after}]" if before else f"[+{after}]"


def _kept(words: list[str], *, first: bool, last: bool) -> str:
    head = [] if first else words[:AROUND]
    tail = [] if last else words[len(words) - AROUND :]
    if len(words) <= len(head) + len(tail) or len(words) <= AROUND:
        return " ".join(words)
    return " ".join([*head, "…", *tail])
