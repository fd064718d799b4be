"""What can be wrong in how a funnel's entries, steps and letters are written."""

from __future__ import annotations

# code: (sentence ru, sentence en, hint ru, hint en)
MESSAGES: dict[str, tuple[str, str, str, str]] = {
    "unknown-phrase": (
        "Фразы `{name}` у бота нет.",
        "The bot has no phrase `{name}`.",
        "Все фразы — в описании языка, раздел «Фразы бота».",
        "All phrases stand in the language reference.",
    ),
    "phrase-param": (
        "В этой фразе нет значения {param}.",
        "This phrase has no value {param}.",
        "Можно: {allowed}.",
        "These are: {allowed}.",
    ),
    "bad-link": (
        "«{link}» не годится в код ссылки.",
        "“{link}” cannot be a link's code.",
        "1–64 знака из A–Z, a–z, 0–9, «_», «-»; в конце можно «*».",
        "1–64 of A–Z, a–z, 0–9, “_”, “-”; a “*” may end it.",
    ),
    "bad-command": (
        "«{command}» не годится в команды.",
        "“{command}” cannot be a command.",
        "Без косой черты: 1–32 знака из a–z, 0–9, «_».",
        "Without the slash: 1–32 of a–z, 0–9, “_”.",
    ),
    "bad-entry": (
        "Неизвестный вход «{entry}».",
        "Unknown entry “{entry}”.",
        "Одним словом пишутся `start`, `subscribed` и `any`; остальные — `words: […]`, `link: код`.",
        "`start`, `subscribed` and `any` stand alone; others are `words: […]`, `link: code`.",
    ),
    "entry-trigger": (
        "У входа должен быть ровно один повод: {triggers}.",
        "An entry has exactly one trigger: {triggers}.",
        "Разделите на несколько входов.",
        "Make several entries.",
    ),
    "cut-by-comment": (
        "Текст обрезан: YAML счёл « #…» комментарием.",
        "The text is cut: YAML took “ #…” for a comment.",
        "Возьмите весь текст в кавычки.",
        "Put the whole text in quotes.",
    ),
    "no-verb": (
        "Не понять, что делает шаг: ни одного глагола.",
        "What the step does is unclear: it has no verb.",
        "Глаголы: {verbs}.",
        "The verbs: {verbs}.",
    ),
    "unknown-verb": (
        "Неизвестный шаг «{key}».",
        "Unknown step “{key}”.",
        "",
        "",
    ),
    "two-verbs": (
        "В одном шаге два действия: «{first}» и «{second}».",
        "One step has two verbs: “{first}” and “{second}”.",
        "Сделайте из них два шага, каждый со своей чёрточкой.",
        "Make two steps of them, each with its own dash.",
    ),
    "bare-verb": (
        "«{verb}» без значения.",
        "“{verb}” without a value.",
        "Если это текст, напишите `say: {verb}`.",
        "If it is a text write `say: {verb}`.",
    ),
    "split-variants": (
        "В `split` нужны хотя бы два варианта, и хотя бы у одного `weight` больше нуля.",
        "A `split` needs two variants at least, and one of them a `weight` above zero.",
        "Напишите `variants: {{a: […], b: […]}}`.",
        "Write `variants: {{a: […], b: […]}}`.",
    ),
    "split-weight": (
        "`weight: {weight}` — меньше нуля.",
        "`weight: {weight}` is below zero.",
        "Напишите целое число от нуля: шансы делятся по весам.",
        "Write a whole number from zero on: chances are as the weights.",
    ),
    "step-is-list": (
        "Шаг не может быть списком.",
        "A step cannot be a list.",
        "Проверьте лишнюю чёрточку.",
        "Look for a needless dash.",
    ),
    "media-outside": (
        "«{file}»: файл должен лежать в папке media рядом с воронкой.",
        "“{file}”: the file must lie in the folder media beside the funnel.",
        "Пишите так: media/picture.jpg.",
        "Write it as media/picture.jpg.",
    ),
    "media-missing": (
        "Файла «{file}» нет.",
        "There is no file “{file}”.",
        "Положите его рядом с воронкой или исправьте имя.",
        "Put it beside the funnel or mend the name.",
    ),
    "button-meaning": (
        "У кнопки должно быть ровно одно дело: `url`, `go` или пометка (`tag`, `untag`, `set`).",
        "A button does exactly one thing: `url`, `go` or a mark (`tag`, `untag`, `set`).",
        "",
        "",
    ),
    "track-without-url": (
        "`track` считает переходы по ссылке, а ссылки `url` нет.",
        "`track` counts clicks of a link, and there is no `url`.",
        "",
        "",
    ),
    "option-url-answers": (
        "Вариант с `url` открывает ссылку и ответом не считается: у него не бывает шагов и меток.",
        "An option with `url` opens a link and answers nothing: no steps, tags or score.",
        "",
        "",
    ),
    "option-go-and-then": (
        "У варианта и `go`, и шаги `then`.",
        "The option has both `go` and steps `then`.",
        "Поставьте `go` последним шагом в `then`.",
        "Make `go` the last step of `then`.",
    ),
    "many-options": (
        "Выбору `many` нужны варианты `options` и не нужен `answer`.",
        "A choice with `many` needs `options` and takes no `answer`.",
        "Перечислите варианты; ответ своими словами спросите отдельно.",
        "List the options; ask for an answer in words apart.",
    ),
    "many-leads": (
        "Вариант «{option}» ведёт к шагам, а при `many` выбирают несколько.",
        "The option “{option}” leads to steps, and with `many` several are chosen.",
        "Уберите `go` и шаги; ниже вопроса спросите `if: '\"{option}\" in …'`.",
        "Remove `go` and the steps; below the question ask `if: '\"{option}\" in …'`.",
    ),
    "many-count": (
        "Из {count} вариантов нельзя выбрать от {min} до {max}.",
        "From {min} to {max} of {count} options cannot be chosen.",
        "Поправьте `min` и `max`: `min` не больше `max`, `max` — не больше числа вариантов.",
        "Mend `min` and `max`: `min` is at most `max`, and `max` at most the number of options.",
    ),
    "many-count-alone": (
        "Ключ `{key}` вопроса нужен только вместе с `many: true`.",
        "The key `{key}` of a question only goes with `many: true`.",
        "Предел для ответа пишут внутри: `answer: {{type: number, {key}: 3}}`.",
        "A bound of an answer is written inside: `answer: {{type: number, {key}: 3}}`.",
    ),
    "silence-item": (
        "В `silence` у пункта должно быть либо `say`, либо `then`.",
        "An item of `silence` has either `say` or `then`.",
        "",
        "",
    ),
    "silence-then-not-last": (
        "`then` уводит от вопроса, поэтому может быть только последним.",
        "`then` leaves the question, so it can only be the last.",
        "",
        "",
    ),
    "silence-order": (
        "Напоминания идут по возрастанию `after`.",
        "Reminders go by growing `after`.",
        "",
        "",
    ),
    "letter-form": (
        "Письмо — это `id`, `when` и текст или шаги.",
        "A letter is `id`, `when` and a text or steps.",
        "",
        "",
    ),
    "bad-send": (
        "Что человек прислал? Нужно ровно одно: {known}.",
        "What did the person send? Exactly one of: {known}.",
        "Например: send: {{photo: media/снимок.jpg}}.",
        "For example: send: {{photo: media/picture.jpg}}.",
    ),
    "bad-send-location": (
        "Это не координаты: «{location}».",
        "These are no coordinates: “{location}”.",
        "Пишите широту и долготу: '55.75, 37.61'. Адрес словами — это строка type.",
        "Write latitude and longitude: '55.75, 37.61'. An address in words is a line type.",
    ),
    "bad-manager-line": (
        "Что сделал менеджер? Нужно ровно одно: take, return, say или status.",
        "What did the manager do? Exactly one of: take, return, say, status.",
        "Например: manager: {{take: true}} или manager: {{say: Здравствуйте!}}.",
        "For example: manager: {{take: true}} or manager: {{say: Hello!}}.",
    ),
    "unknown-test-line": (
        "Неизвестная строка теста «{key}».",
        "Unknown line of a test “{key}”.",
        "",
        "",
    ),
}
