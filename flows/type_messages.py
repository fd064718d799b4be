"""What the checks of values and adverts find, said in Russian and English."""

from __future__ import annotations

# code: (sentence ru, sentence en, hint ru, hint en)
MESSAGES: dict[str, tuple[str, str, str, str]] = {
    "type-mismatch": (
        "Здесь {kind}, а рядом с `{sign}` нужно другое: {wanted}.",
        "Here is {kind}, and `{sign}` needs {wanted}.",
        "Число пишется без кавычек, текст — в кавычках; тип поля задаёт `fields`: `type: number`.",
        "A number has no quotes, a text has them; `fields` gives a type: `type: number`.",
    ),
    "value-type": (
        "«{value}» не годится для поля «{field}»: там {wanted}.",
        "“{value}” does not fit the field “{field}”: it holds {wanted}.",
        "Исправьте значение или `type` поля в `fields`.",
        "Mend the value, or the field's `type` in `fields`.",
    ),
    "condition-constant": (
        "Это условие всегда {truth}: в нём нет ни одного имени.",
        "This condition is always {truth}: it mentions no name.",
        "Сравните с чем-нибудь поле или уберите условие.",
        "Compare a field with something or remove the condition.",
    ),
    "case-never": (
        "Значения «{case}» у поля «{field}» не бывает.",
        "The field “{field}” never has the value “{case}”.",
        "Возьмите значение как в вариантах вопроса.",
        "Take a value as it stands in the question's options.",
    ),
    "case-missing": (
        "Для этих значений поля «{field}» случая нет: {values}.",
        "No case covers these values of “{field}”: {values}.",
        "Добавьте случаи или `else` (пустой `else: []` — «ничего не делать»).",
        "Add cases or `else` (an empty `else: []` does nothing).",
    ),
    "erid-missing": (
        "В рекламе нет `erid`, а проект его требует.",
        "The advert has no `erid`, and the project requires it.",
        "Добавьте `erid: токен` или уберите `erid: required` из voronka.yaml.",
        "Add `erid: token` or remove `erid: required` from voronka.yaml.",
    ),
}

WARNINGS = frozenset({"condition-constant", "case-missing"})
"""Codes that only warn."""
