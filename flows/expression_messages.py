"""What is said of a mistake in a text or a condition: sentence and hint, in Russian and English."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class ExpressionProblem:
    """A mistake: a stable code, the offset in the source, and what its sentence names."""

    code: str
    offset: int
    params: dict[str, Any] = field(default_factory=dict)


class ExpressionRefused(ValueError):
    """The text or condition has mistakes: all that could be told at once, in ``problems``."""

    def __init__(self, problems: list[ExpressionProblem]) -> None:
        super().__init__("; ".join(explain(problem, "en")[0] for problem in problems))
        self.problems = problems


def explain(problem: ExpressionProblem, language: str) -> tuple[str, str]:
    """The problem's sentence and its hint; ``close`` among its params is the likely meaning."""
    ru, en, hint_ru, hint_en = MESSAGES[problem.code]
    if problem.params.get("close"):
        hint_ru, hint_en = "Может быть, «{close}»?", "Did you mean “{close}”?"
    sentence, hint = (ru, hint_ru) if language == "ru" else (en, hint_en)
    return sentence.format(**problem.params), hint.format(**problem.params)


MESSAGES: dict[str, tuple[str, str, str, str]] = {
    "too-long": (
        "Слишком длинно: {length} знаков, можно {limit}.",
        "Too long: {length} characters, {limit} are allowed.",
        "Разделите на несколько сообщений или условий.",
        "Divide it into several messages or conditions.",
    ),
    "too-deep": (
        "Выражение слишком сложное.",
        "The expression is too complex.",
        "Сохраните часть его в поле через `set` или разделите на шаги `if`.",
        "Save a part of it in a field with `set` or divide it into `if` steps.",
    ),
    "bad-character": (
        "Знак {character} здесь не нужен.",
        "The character {character} does not belong here.",
        'Удалите его; тексты внутри скобок пишутся в прямых кавычках: "Москва".',
        'Delete it; texts inside braces stand in straight quotes: "Moscow".',
    ),
    "foreign-operator": (
        "Знака {found} в языке нет.",
        "There is no {found} in the language.",
        "Напишите {instead}.",
        "Write {instead}.",
    ),
    "comment-forbidden": (
        "Примечаний `{{# #}}` в текстах нет.",
        "There are no `{{# #}}` comments in texts.",
        "Пишите примечания в YAML, после знака #.",
        "Write comments in YAML, after a # sign.",
    ),
    "tag-forbidden": (
        "Тега `{tag}` в языке нет.",
        "There is no `{tag}` tag in the language.",
        "Есть только if, elif, else и endif.",
        "There are only if, elif, else and endif.",
    ),
    "tag-empty": (
        "Пустой тег.",
        "An empty tag.",
        "Напишите {{% if условие %}}…{{% endif %}}.",
        "Write {{% if condition %}}…{{% endif %}}.",
    ),
    "tag-unexpected": (
        "Тег `{tag}` стоит не на месте.",
        "The `{tag}` tag is out of place.",
        "Порядок такой: {{% if … %}}, потом elif, потом else, потом endif.",
        "The order is: {{% if … %}}, then elif, then else, then endif.",
    ),
    "tag-unclosed": (
        "У этого if нет endif.",
        "This if has no endif.",
        "Добавьте {{% endif %}} там, где выбор слов кончается.",
        "Add {{% endif %}} where the choice of words ends.",
    ),
    "substitution-empty": (
        "Пустая подстановка.",
        "An empty substitution.",
        "Напишите внутри имя поля: {{{{ name }}}}.",
        "Write the name of a field inside: {{{{ name }}}}.",
    ),
    "substitution-unclosed": (
        "Скобки не закрыты.",
        "The braces are not closed.",
        "Подстановка кончается знаками }}}}, а тег знаками %}}.",
        "A substitution ends with }}}}, a tag with %}}.",
    ),
    "braces-inside": (
        "Фигурная скобка внутри выражения.",
        "A brace inside the expression.",
        "Внутри {{{{ … }}}} пишите имена полей без скобок.",
        "Inside {{{{ … }}}} write names of fields without braces.",
    ),
    "condition-braces": (
        "Условие пишется без скобок {{{{ }}}}.",
        "A condition is written without {{{{ }}}}.",
        "Например: score >= 7.",
        "For example: score >= 7.",
    ),
    "condition-empty": (
        "Пустое условие.",
        "The condition is empty.",
        "Например: score >= 7.",
        "For example: score >= 7.",
    ),
    "quote-unclosed": (
        "Кавычка не закрыта.",
        "The quote is not closed.",
        "Поставьте такую же кавычку в конце текста.",
        "Put the same quote at the end of the text.",
    ),
    "text-escape": (
        "Сочетания {escape} в тексте нет.",
        "There is no {escape} in a text.",
        "После обратной черты могут стоять n, кавычка или ещё одна черта.",
        "After a backslash may stand n, a quote or another backslash.",
    ),
    "texts-adjacent": (
        "Два текста подряд.",
        "Two texts in a row.",
        "Поставьте между ними запятую или знак сравнения.",
        "Put a comma or a comparison between them.",
    ),
    "number-form": (
        "Так число не пишется: {number}.",
        "This is no way to write a number: {number}.",
        "Нужны цифры и, если надо, точка: 7 или 2.5.",
        "It takes digits and, if need be, a point: 7 or 2.5.",
    ),
    "number-too-big": (
        "Слишком большое число.",
        "The number is too big.",
        "Можно до 1 000 000 000 000 000.",
        "Up to 1,000,000,000,000,000 is allowed.",
    ),
    "name-form": (
        "Имя «{name}» написано не так, как пишутся имена.",
        "“{name}” is not written as names are.",
        'В имени только строчные латинские буквы, цифры и _; текст пишется в кавычках: "{name}".',
        'A name has only lower-case Latin letters, digits and _; text stands in quotes: "{name}".',
    ),
    "bracket-unexpected": (
        "Скобка {bracket} без пары.",
        "The bracket {bracket} has no partner.",
        "Проверьте, что каждая скобка закрыта такой же.",
        "See that each bracket is closed by its like.",
    ),
    "operator-forbidden": (
        "Действия {operator} в языке нет.",
        "There is no {operator} in the language.",
        "С числами есть + - * /; тексты соединяются просто рядом: {{{{ a }}}} {{{{ b }}}}.",
        "Numbers have + - * /; texts are joined side by side: {{{{ a }}}} {{{{ b }}}}.",
    ),
    "assignment": (
        "Один знак = не сравнивает.",
        "A single = does not compare.",
        "Чтобы сравнить, напишите ==; чтобы сохранить, есть шаг `set`.",
        "To compare write ==; to save there is the `set` step.",
    ),
    "dot-forbidden": (
        "Точка после имени не работает.",
        "A dot after a name does not work.",
        "Пишите одно имя поля, например city; дробь начинается с цифры: 0.5.",
        "Write one name of a field, like city; a fraction begins with a digit: 0.5.",
    ),
    "call-forbidden": (
        "Функций в языке нет.",
        "There are no functions in the language.",
        "Изменить значение помогают фильтры: {{{{ name | upper }}}}.",
        "Filters change a value: {{{{ name | upper }}}}.",
    ),
    "subscript-forbidden": (
        "Взять часть значения в квадратных скобках нельзя.",
        "A part of a value cannot be taken with square brackets.",
        "Чтобы показать список, есть фильтр join; чтобы проверить его, слово in.",
        "To show a list there is the join filter; to look into it, the word in.",
    ),
    "comma-forbidden": (
        "Запятая стоит не на месте.",
        "The comma is out of place.",
        "Дробь пишется с точкой: 2.5; каждое значение в своих скобках: {{{{ a }}}}, {{{{ b }}}}.",
        "A fraction has a point: 2.5; each value has its own braces: {{{{ a }}}}, {{{{ b }}}}.",
    ),
    "test-forbidden": (
        "Слова is в языке нет.",
        "There is no word `is` in the language.",
        "Заполнено ли поле, говорит само его имя: if city; пусто ли, говорит not city.",
        "A field's name alone says that it is filled: if city; not city says that it is empty.",
    ),
    "list-items": (
        "В списке могут быть только тексты и числа.",
        "A list can hold only texts and numbers.",
        'Например: city in ["Москва", "Казань"].',
        'For example: city in ["Moscow", "Kazan"].',
    ),
    "text-arithmetic": (
        "Считать можно только числа.",
        "Only numbers can be calculated.",
        "Тексты соединяются просто рядом: {{{{ a }}}} {{{{ b }}}}.",
        "Texts are joined side by side: {{{{ a }}}} {{{{ b }}}}.",
    ),
    "chain-forbidden": (
        "Сравнения подряд здесь непонятны.",
        "Comparisons in a row are unclear here.",
        "Соедините их словом and: a == b and b == c.",
        "Join them with and: a == b and b == c.",
    ),
    "expression-syntax": (
        "Непонятно, что значит {found} в этом месте.",
        "It is unclear what {found} means here.",
        "Между значениями ставятся and, or, in, знаки сравнения или действия.",
        "Between values stand and, or, in, a comparison or an arithmetic sign.",
    ),
    "expression-unfinished": (
        "Выражение обрывается.",
        "The expression breaks off.",
        "После and, or, not, знака сравнения или действия должно стоять значение.",
        "After and, or, not, a comparison or an arithmetic sign a value must follow.",
    ),
    "inline-if-without-else": (
        "У выбора `x if условие` нет else.",
        "The choice `x if condition` has no else.",
        'Добавьте else: {{{{ "да" if lead else "" }}}}.',
        'Add else: {{{{ "yes" if lead else "" }}}}.',
    ),
    "inline-if-needs-brackets": (
        "Выбор `x if условие else y` внутри тега надо взять в скобки.",
        "The choice `x if condition else y` needs brackets inside a tag.",
        "Например: {{% if (a if b else c) %}}.",
        "For example: {{% if (a if b else c) %}}.",
    ),
    "unknown-filter": (
        "Фильтра «{filter}» нет.",
        "There is no filter “{filter}”.",
        "Есть: {filters}.",
        "There are: {filters}.",
    ),
    "filter-arguments": (
        "Фильтру «{filter}» нужно другое в скобках.",
        "The filter “{filter}” takes something else in brackets.",
        "Пишите так: {usage}.",
        "Write it like this: {usage}.",
    ),
    "link-without-scheme": (
        "Ссылка «{url}» не откроется.",
        "The link “{url}” will not open.",
        "Начните адрес с https://.",
        "Begin the address with https://.",
    ),
}
