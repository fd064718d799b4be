"""Why nothing is sent, and what to do: the same words for every command that tells it."""

from __future__ import annotations

from storage.hold import BY_HAND, MOVED, RESTORED, REWOUND, Hold

WHY = {
    RESTORED: ("база возвращена из копии", "the database was restored from a copy"),
    REWOUND: (
        "база оказалась старше, чем была: её вернули в прошлое без «voronka restore»",
        "the database is older than it was: somebody put a copy back without `voronka restore`",
    ),
    MOVED: (
        "рядом с базой нет её свидетеля: она на новом месте, и не известно, последняя ли это база",
        "the database's witness is not beside it: it moved, and nobody knows whether it is the last",
    ),
    BY_HAND: ("отправку придержал человек", "a person held it"),
}


def told_hold(held: Hold) -> tuple[str, str]:
    """The hold in a sentence, in Russian and in English."""
    ru, en = WHY.get(held.why, WHY[BY_HAND])
    more = f" ({held.reason})" if held.reason else ""
    return f"Отправка придержана: {ru}{more}.", f"Sending is on hold: {en}{more}."


def mend() -> tuple[str, str]:
    """What ends it."""
    return "Посмотреть, что накопилось, и продолжить: voronka resume.", (
        "To see what has piled up, and to go on: voronka resume."
    )
