"""What can be wrong in the options of an answer, said in Russian and English."""

# code: (sentence ru, sentence en, hint ru, hint en)
MESSAGES: dict[str, tuple[str, str, str, str]] = {
    "answer_unknown": (
        "неизвестный тип ответа «{type}»",
        "unknown type of answer “{type}”",
        "типы: {known}",
        "the types are {known}",
    ),
    "answer_option_unknown": (
        "у ответа «{type}» нет ключа «{option}»",
        "the answer “{type}” has no key “{option}”",
        "ключи: {known}",
        "its keys: {known}",
    ),
    "answer_option_value": (
        "«{value}» не подходит для ключа «{option}»",
        "“{value}” does not suit the key “{option}”",
        "нужно число",
        "it takes a number",
    ),
    "answer_min_max": (
        "min {min} больше, чем max {max}",
        "min {min} is more than max {max}",
        "поменяйте их местами",
        "change them round",
    ),
    "slot_duration": (
        "{option}: «{text}» — не длительность",
        "{option}: “{text}” is not a length of time",
        "пишите число и единицу: 30m, 3h, 1d",
        "write a number and a unit: 30m, 3h, 1d",
    ),
    "slot_team": (
        "у `slot` нет `team`",
        "a `slot` needs a `team`",
        "чьё время занимают: `answer: {{type: slot, team: salon, length: 30m}}`",
        "whose time is booked: `answer: {{type: slot, team: salon, length: 30m}}`",
    ),
    "slot_bounds": (
        "`days` — от 1 до {most}, `length` — больше нуля",
        "`days` are from 1 to {most}, `length` is more than zero",
        "например `days: 7`, `length: 30m`",
        "for example `days: 7`, `length: 30m`",
    ),
    "answer_text_max": (
        "max {max} больше, чем длина сообщения",
        "max {max} is more than a message can hold",
        "самое большее — {limit}",
        "the most is {limit}",
    ),
    "answer_pattern_long": (
        "шаблон слишком длинный",
        "the pattern is too long",
        "самое большее — {limit} символов",
        "the most is {limit} characters",
    ),
    "answer_pattern_form": (
        "шаблон не читается: {reason}",
        "the pattern cannot be read: {reason}",
        "проверьте скобки и знаки повтора",
        "look at the brackets and the signs of repetition",
    ),
    "answer_pattern_slow": (
        "на таком шаблоне бот может зависнуть",
        "this pattern could hang the bot",
        "уберите повтор внутри повтора, ссылки и лишние звёздочки",
        "take out repeats inside repeats, references and needless asterisks",
    ),
    "answer_day_form": (
        "«{value}» — не день для min и max",
        "“{value}” is no day for min and max",
        "напишите today, tomorrow, +30d или дату вроде 2026-12-31",
        "write today, tomorrow, +30d or a date like 2026-12-31",
    ),
    "answer_clock_form": (
        "«{value}» — не время для min и max",
        "“{value}” is no time for min and max",
        "напишите, например, 10:00",
        "write, for example, 10:00",
    ),
    "answer_rating_max": (
        "оценки до {max} не бывает",
        "there is no rating up to {max}",
        "нужно 5 или 10",
        "it takes 5 or 10",
    ),
}
