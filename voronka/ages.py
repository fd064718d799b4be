"""How long and how large things are, in a person's words."""

from __future__ import annotations

from voronka.speech import Language

_MINUTE, _HOUR, _DAY = 60, 3600, 86_400
_KILO = 1024


def told_age(seconds: float, language: Language) -> str:
    """``5 с``, ``12 мин``, ``3 ч``, ``2 дн``."""
    russian = language == "ru"
    if seconds < _MINUTE:
        return f"{seconds:.0f} {'с' if russian else 's'}"
    if seconds < _HOUR:
        return f"{seconds // _MINUTE:.0f} {'мин' if russian else 'min'}"
    if seconds < 2 * _DAY:
        return f"{seconds // _HOUR:.0f} {'ч' if russian else 'h'}"
    return f"{seconds // _DAY:.0f} {'дн' if russian else 'd'}"


def told_size(size: float, language: Language) -> str:
    """``340 КБ``, ``12 МБ``, ``3,5 ГБ``."""
    russian = language == "ru"
    if size < _KILO**2:
        return f"{size / _KILO:.0f} {'КБ' if russian else 'KB'}"
    if size < _KILO**3:
        return f"{size / _KILO**2:.0f} {'МБ' if russian else 'MB'}"
    told = f"{size / _KILO**3:.1f} {'ГБ' if russian else 'GB'}"
    return told.replace(".", ",") if russian else told
