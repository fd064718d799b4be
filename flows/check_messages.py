"""What the checks of a funnel find, said in Russian and English."""

from __future__ import annotations

# code: (sentence ru, sentence en, hint ru, hint en)
MESSAGES: dict[str, tuple[str, str, str, str]] = {
    "letter-empty": (
        "Письму «{letter}» нечего сказать.",
        "The letter “{letter}” has nothing to say.",
        "Добавьте `say` или `steps`.",
        "Add `say` or `steps`.",
    ),
    "question-name": (
        "Вопросу нужно имя.",
        "The question needs a name.",
        "Добавьте `save: поле` или `id: имя`.",
        "Add `save: field` or `id: name`.",
    ),
    "duplicate-place": (
        "Место «{place}» названо дважды.",
        "The place “{place}” is named twice.",
        "Дайте одному из вопросов другой `id`.",
        "Give one of the questions another `id`.",
    ),
    "duplicate-letter": (
        "Письмо «{letter}» названо дважды.",
        "The letter “{letter}” is named twice.",
        "",
        "",
    ),
    "duplicate-option": (
        "Вариант «{option}» стоит дважды.",
        "The option “{option}” stands twice.",
        "",
        "",
    ),
    "no-main": (
        "В воронке нет потока `main`.",
        "The funnel has no flow `main`.",
        "С него всё начинается.",
        "Everything begins there.",
    ),
    "flow-like-series": (
        "«{name}» — имя и потока, и серии.",
        "“{name}” names a flow and a series.",
        "Назовите их по-разному.",
        "Give them different names.",
    ),
    "unknown-flow": (
        "Нет ни потока, ни места «{name}».",
        "There is no flow or place “{name}”.",
        "Потоки: {known}.",
        "The flows: {known}.",
    ),
    "unknown-series": (
        "Нет серии «{name}».",
        "There is no series “{name}”.",
        "Серии: {known}.",
        "The series: {known}.",
    ),
    "unknown-team": (
        "Нет команды «{name}».",
        "There is no team “{name}”.",
        "Добавьте её в voronka.yaml, в `teams`.",
        "Add it to `teams` in voronka.yaml.",
    ),
    "unknown-document": (
        "Нет документа «{name}».",
        "There is no document “{name}”.",
        "Добавьте его в voronka.yaml, в `documents`.",
        "Add it to `documents` in voronka.yaml.",
    ),
    "unknown-name": (
        "Неизвестное имя «{name}».",
        "Unknown name “{name}”.",
        "Имена — это поля воронки и слова вроде name, score, tags.",
        "Names are the funnel's fields and words like name, score, tags.",
    ),
    "unknown-field": (
        "Нет поля «{name}».",
        "There is no field “{name}”.",
        "Объявите его в `fields` или сохраните в нём ответ.",
        "Declare it in `fields` or save an answer in it.",
    ),
    "field-like-name": (
        "«{name}» — слово языка, полем оно быть не может.",
        "“{name}” is a word of the language and cannot be a field.",
        "Назовите поле иначе.",
        "Give the field another name.",
    ),
    "waits-for-ever": (
        "Вопрос «{place}» может ждать ответа вечно.",
        "The question “{place}” can wait for ever.",
        "Добавьте `silence` с последним `then`.",
        "Add `silence` with a last `then`.",
    ),
    "no-way-out": (
        "На вопрос «{place}» нельзя ответить: у него только ссылки.",
        "The question “{place}” cannot be answered: it has only links.",
        "Добавьте вариант, `answer` или `silence` с `then`.",
        "Add an option, `answer` or `silence` with `then`.",
    ),
    "loop-without-wait": (
        "Круг без остановки: {loop}.",
        "A loop without a wait: {loop}.",
        "Поставьте в круге вопрос.",
        "Put a question into it.",
    ),
    "personal-without-consent": (
        "Поле «{field}» личное, а согласия personal_data до вопроса можно не дать.",
        "The field “{field}” is personal, and the question can be reached without personal_data.",
        "Поставьте перед вопросом `consent: personal_data` с `refused: [..., end]`.",
        "Put `consent: personal_data` with `refused: [..., end]` before the question.",
    ),
    "advertising-without-consent": (
        "Рекламное письмо «{letter}» никому не уйдёт: в воронке не спрашивают согласия advertising.",
        "The advertising letter “{letter}” goes to nobody: consent to advertising is never asked.",
        "Добавьте шаг `consent: advertising`.",
        "Add a step `consent: advertising`.",
    ),
    "too-many-buttons": (
        "{count} кнопок, а {channel} показывает не больше {limit}.",
        "{count} buttons, {channel} shows {limit} at most.",
        "Разделите вопрос на два.",
        "Divide the question.",
    ),
    "label-too-long": (
        "Надпись кнопки обрежется: {length} знаков, а {channel} показывает {limit}.",
        "The label will be cut: {length} characters, {channel} shows {limit}.",
        "Сократите надпись.",
        "Shorten it.",
    ),
    "degraded": (
        "{channel} покажет иначе: {what} — {how}.",
        "{channel} will show otherwise: {what} — {how}.",
        "Ничего менять не надо, если это вас устраивает.",
        "Nothing needs mending if that is fine with you.",
    ),
    "track-without-public-url": (
        "Без `public_url` в мессенджерах переходы «{track}» не посчитать: уйдёт прямая ссылка.",
        "Without `public_url` clicks of “{track}” are not counted: messengers get the plain link.",
        "Задайте `public_url` в voronka.yaml.",
        "Set `public_url` in voronka.yaml.",
    ),
    "entry-overlap": (
        "На «{what}» отзываются два входа: второй в {other}.",
        "Two entries answer “{what}”: the other is in {other}.",
        "Сработает тот, что стоит раньше — в воронке или в списке `funnels` бота.",
        "The earlier one fires, by the funnel or by the bot's `funnels`.",
    ),
    "moment-is-past": (
        "Время письма «{letter}» уже прошло.",
        "The moment of the letter “{letter}” is past.",
        "Поставьте новую дату.",
        "Set a new date.",
    ),
    "wait-is-past": (
        "Ожидание «{place}» уже прошло: никто не будет ждать.",
        "The wait “{place}” is past: nobody will wait.",
        "Поставьте новую дату.",
        "Set a new date.",
    ),
    "letter-never": (
        "Письмо «{letter}» не уйдёт никогда: дни, окно и тихие часы исключают друг друга.",
        "The letter “{letter}” can never go: its days, window and quiet hours exclude each other.",
        "Расширьте окно.",
        "Widen the window.",
    ),
    "when-not-datetime": (
        "Поле «{field}» должно быть датой со временем.",
        "The field “{field}” must be a date-time.",
        "Добавьте в `fields`: {field}: {{type: datetime}}.",
        "Add to `fields`: {field}: {{type: datetime}}.",
    ),
    "unreachable-flow": (
        "В поток «{name}» ничто не ведёт.",
        "Nothing leads to the flow “{name}”.",
        "Удалите его или добавьте `go`.",
        "Delete it or add a `go`.",
    ),
    "unreachable-step": (
        "До этого шага дело не дойдёт никогда.",
        "This step is never reached.",
        "Выше всегда стоит `go` или `end`: уберите их или этот шаг.",
        "Above it every way leaves by `go` or `end`: remove them or this step.",
    ),
    "unused-series": (
        "Серию «{name}» никто не начинает.",
        "Nothing starts the series “{name}”.",
        "Добавьте шаг `start: {name}`.",
        "Add a step `start: {name}`.",
    ),
    "field-may-be-empty": (
        "Поле «{name}» здесь может быть пустым.",
        "The field “{name}” may be empty here.",
        'Добавьте запасное слово: {{{{ {name} | default("…") }}}}.',
        'Add a word instead: {{{{ {name} | default("…") }}}}.',
    ),
}
