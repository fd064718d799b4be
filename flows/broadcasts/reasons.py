"""Why a person did not get a broadcast, in the words that tables show."""

from __future__ import annotations

REASONS: dict[str, tuple[str, str]] = {
    "consent": ("нет согласия на рекламу", "no advertising consent"),
    "channel": ("реклама в этом канале запрещена проектом", "the project denies adverts there"),
    "blocked": ("бот заблокирован", "the bot is blocked"),
    "unsubscribed": ("человек сказал «стоп»", "the person said “stop”"),
    "segment": ("больше не подходит под условия", "fits the conditions no more"),
    "late": ("опоздало", "it was too late"),
    "quiet": ("тихие часы до самого срока", "quiet hours till its last moment"),
    "gap": ("слишком скоро после другого письма", "too soon after another letter"),
    "limit": ("лимит писем в день", "the daily limit of letters"),
    "busy": ("отвечает на вопрос", "is answering a question"),
    "handover": ("разговор ведёт менеджер", "a manager has the conversation"),
    "stopped": ("рассылка остановлена", "the broadcast was stopped"),
    "стоп": ("человек сказал «стоп» до отправки", "the person said “stop” before it went"),
    "the person blocked the bot": ("бот заблокирован", "the bot is blocked"),
    "an older copy of the database: perhaps it was sent": (
        "возможно, уже ушло до возврата копии",
        "perhaps sent before the copy was put back",
    ),
}
"""Reason → its words in Russian and English."""


def told(reason: str, language: str) -> str:
    """The reason in words; an unknown one as it is."""
    words = REASONS.get(reason)
    return reason if words is None else words[0 if language == "ru" else 1]
