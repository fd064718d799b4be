"""What can be wrong in the options of an answer, said in Russian and English."""

# code: (sentence ru, sentence en, hint ru, hint en)
MESSAGES: dict[str, tuple[str, str, str, str]] = {
    "answer_unknown": (
        "неизвестный тип ответа «{type}»",
        "unknown type of answer “{type}”",
        "типы: {known}",
        "the types are {known}",
    ),
    "answer_not_yet": (
        "тип ответа «{type}» пока не поддерживается",
        "the type of answer “{type}” is not supported yet",
        "пока можно: {known}",
        "for now there are {known}",
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
