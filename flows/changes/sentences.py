"""The sentences of changes: one for every kind, in two languages."""

from __future__ import annotations

SENTENCES: dict[str, tuple[str, str]] = {
    "funnel": ("{key}: {exchange}", "{key}: {exchange}"),
    "setting": ("{place}: {key}: {exchange}", "{place}: {key}: {exchange}"),
    "entry-added": ("новый вход: {entry} ({after})", "a new way in: {entry} ({after})"),
    "entry-removed": ("убран вход: {entry}", "a way in is gone: {entry}"),
    "entry-words": (
        "вход «{entry}»: {before_list} → {after_list}",
        "the way in “{entry}”: {before_list} → {after_list}",
    ),
    "entry-changed": (
        "вход: {entry}, {key}: {exchange}",
        "the way in: {entry}, {key}: {exchange}",
    ),
    "entries-reordered": ("входы стоят в другом порядке", "ways in stand in another order"),
    "field-added": ("новое поле «{place}» ({after})", "a new field “{place}” ({after})"),
    "field-removed": ("убрано поле «{place}»", "the field “{place}” is gone"),
    "field-changed": (
        "поле «{place}», {key}: {exchange}",
        "the field “{place}”, {key}: {exchange}",
    ),
    "flow-added": ("новый поток «{place}»{names}", "a new flow “{place}”{names}"),
    "flow-removed": ("убран поток «{place}»{names}", "the flow “{place}” is gone{names}"),
    "flow-renamed": (
        "поток {before} теперь называется {after}",
        "the flow {before} is now {after}",
    ),
    "place-added": (
        "{place}: новое место, {verb} {after}",
        "{place}: a new place, {verb} {after}",
    ),
    "place-removed": (
        "{place}: места больше нет, это был шаг «{verb}» {before}",
        "{place}: the place is gone, it was {verb} {before}",
    ),
    "place-renamed": (
        "похоже, место {before} переименовано в {after}: впишите в moved: {pair}",
        "the place {before} looks renamed to {after}: put it into moved: {pair}",
    ),
    "places-reordered": (
        "{place}: места стоят в другом порядке: {after_list}",
        "{place}: places stand in another order: {after_list}",
    ),
    "step-added": ("добавлено: {verb} {after}{near}", "added: {verb} {after}{near}"),
    "step-removed": ("убрано: {verb} {before}{near}", "removed: {verb} {before}{near}"),
    "step-moved": (
        "{verb} {quoted}теперь в другой ветке: {branches}",
        "{verb} {quoted}is in another branch now: {branches}",
    ),
    "text": ("{place}: текст ({key}): {text}", "{place}: the text ({key}): {text}"),
    "condition": (
        "{place}: {key}: {if_before} → {if_after}",
        "{place}: {key}: {if_before} → {if_after}",
    ),
    "media": ("{place}: {key}: {exchange}", "{place}: {key}: {exchange}"),
    "kind": ("{place}: вид сообщения: {exchange}", "{place}: the kind of message: {exchange}"),
    "term": ("{place}: {key}: {exchange}", "{place}: {key}: {exchange}"),
    "option-added": ("{place}: новый вариант «{what}»", "{place}: a new option “{what}”"),
    "option-removed": ("{place}: убран вариант «{what}»", "{place}: the option “{what}” is gone"),
    "option-renamed": (
        "{place}: вариант {before} теперь {after}",
        "{place}: the option {before} is now {after}",
    ),
    "option-changed": (
        "{place}: вариант {key}: {exchange}",
        "{place}: the option {key}: {exchange}",
    ),
    "options-reordered": (
        "{place}: варианты стоят в другом порядке: {after_list}",
        "{place}: options stand in another order: {after_list}",
    ),
    "button-added": ("{place}: новая кнопка «{what}»", "{place}: a new button “{what}”"),
    "button-removed": ("{place}: убрана кнопка «{what}»", "{place}: the button “{what}” is gone"),
    "button-renamed": (
        "{place}: кнопка {before} теперь {after}",
        "{place}: the button {before} is now {after}",
    ),
    "button-changed": (
        "{place}: кнопка {key}: {exchange}",
        "{place}: the button {key}: {exchange}",
    ),
    "buttons-reordered": (
        "{place}: кнопки стоят в другом порядке: {after_list}",
        "{place}: buttons stand in another order: {after_list}",
    ),
    "branch-added": ("{place}: новая ветка «{what}»", "{place}: a new branch “{what}”"),
    "branch-removed": ("{place}: убрана ветка «{what}»", "{place}: the branch “{what}” is gone"),
    "branch-changed": (
        "{place}: ветка «{what}»: {exchange}",
        "{place}: the branch “{what}”: {exchange}",
    ),
    "reminder-added": (
        "{place}: новое напоминание {what}: {after}",
        "{place}: a new reminder {what}: {after}",
    ),
    "reminder-removed": (
        "{place}: убрано напоминание {what}: {before}",
        "{place}: the reminder {what} is gone: {before}",
    ),
    "reminder-time": (
        "{place}: напоминание {what} перенесено: {lengths}",
        "{place}: the reminder {what} moved: {lengths}",
    ),
    "reminder-text": (
        "{place}: текст напоминания {what}: {text}",
        "{place}: the text of the reminder {what}: {text}",
    ),
    "silence-time": (
        "{place}: сколько ждём молча: {lengths}",
        "{place}: how long we wait in silence: {lengths}",
    ),
    "series-added": ("новая серия «{place}»{names}", "a new series “{place}”{names}"),
    "series-removed": ("убрана серия «{place}»{names}", "the series “{place}” is gone{names}"),
    "letter-added": (
        "новое письмо «{letter}»: {when_after}",
        "a new letter “{letter}”: {when_after}",
    ),
    "letter-removed": (
        "убрано письмо «{letter}» ({when_before})",
        "the letter “{letter}” is gone ({when_before})",
    ),
    "letter-renamed": (
        "похоже, письмо {before} переименовано в {after}: впишите в moved: {pair}",
        "the letter {before} looks renamed to {after}: put it into moved: {pair}",
    ),
    "letter-time": (
        "письмо «{letter}» перенесено: {when_before} → {when_after}",
        "letter “{letter}” moved: {when_before} → {when_after}",
    ),
    "letters-reordered": (
        "серия «{place}»: письма идут в другом порядке: {after_list}",
        "series “{place}”: letters go in another order: {after_list}",
    ),
    "letters-followed": (
        "серия «{place}»: вслед за ними сдвинулись: {followed}",
        "series “{place}”: these follow: {followed}",
    ),
    "document": ("документ {what}: {exchange}", "the document {what}: {exchange}"),
    "document-text": (
        "текст документа «{what}» изменён, версия: {exchange}",
        "the text of the document “{what}” is another, version: {exchange}",
    ),
    "project": ("{what}: {exchange}", "{what}: {exchange}"),
    "funnel-added": ("новая воронка", "a new funnel"),
    "funnel-removed": ("воронки больше нет", "the funnel is gone"),
}
