"""What can be wrong in a written time, said in Russian and English."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace


@dataclass(frozen=True)
class TimingProblem:
    """A mistake in a written time: its code, the words of its sentence, where it begins."""

    code: str
    params: Mapping[str, str] = field(default_factory=dict)
    offset: int = 0

    def moved(self, by: int) -> "TimingProblem":
        """Return the same problem `by` characters further right."""
        return replace(self, offset=self.offset + by)


# code: (sentence ru, sentence en, hint ru, hint en)
MESSAGES: dict[str, tuple[str, str, str, str]] = {
    "duration_form": (
        "«{text}» — не длительность",
        "“{text}” is not a length of time",
        "пишите число и единицу: 45m, 24h, 3d, 1d 6h",
        "write a number and a unit: 45m, 24h, 3d, 1d 6h",
    ),
    "hours_form": (
        "часы работы: непонятно «{text}»",
        "working hours: “{text}” is unclear",
        "пишите дни и часы: mon-fri 10:00-19:00, sat 11:00-16:00",
        "write days and hours: mon-fri 10:00-19:00, sat 11:00-16:00",
    ),
    "hours_over_midnight": (
        "часы работы «{text}» переходят через полночь",
        "working hours “{text}” go over midnight",
        "разделите их на два дня: fri 22:00-24:00, sat 0:00-6:00",
        "divide them between two days: fri 22:00-24:00, sat 0:00-6:00",
    ),
    "duration_unit": (
        "неизвестная единица времени «{unit}»",
        "unknown unit of time “{unit}”",
        "единицы: s — секунды, m — минуты, h — часы, d — дни",
        "the units are s seconds, m minutes, h hours, d days",
    ),
    "duration_order": (
        "единица «{unit}» стоит не на месте",
        "the unit “{unit}” is out of place",
        "от большей к меньшей, каждая один раз: 1d 6h 30m",
        "from the larger to the smaller, each once: 1d 6h 30m",
    ),
    "duration_long": (
        "«{text}» — больше десяти лет",
        "“{text}” is more than ten years",
        "самое большее — 3650d",
        "the most is 3650d",
    ),
    "clock_form": (
        "«{text}» — не время суток",
        "“{text}” is not a time of day",
        "пишите часы и минуты: 09:00, 18:30",
        "write hours and minutes: 09:00, 18:30",
    ),
    "window_form": (
        "«{text}» — не окно времени",
        "“{text}” is not a window of time",
        "пишите начало и конец через дефис: 10:00-20:00",
        "write the start and the end with a hyphen: 10:00-20:00",
    ),
    "quiet_form": (
        "«{text}» — не тихие часы",
        "“{text}” is not a span of quiet hours",
        "пишите начало и конец через дефис: 22:00-09:00, или off",
        "write the start and the end with a hyphen: 22:00-09:00, or off",
    ),
    "days_unknown": (
        "неизвестный день недели «{day}»",
        "unknown day of the week “{day}”",
        "дни: workdays или список из mon, tue, wed, thu, fri, sat, sun",
        "days are workdays, or a list of mon, tue, wed, thu, fri, sat, sun",
    ),
    "days_empty": (
        "не назван ни один день",
        "no day is named",
        "напишите workdays или список дней: [mon, wed, fri]",
        "write workdays or a list of days: [mon, wed, fri]",
    ),
    "when_empty": (
        "не сказано, когда",
        "it does not say when",
        "например: now, +2h, +1d 11:00, fri 18:30",
        "for example: now, +2h, +1d 11:00, fri 18:30",
    ),
    "when_form": (
        "непонятно, когда: «{text}»",
        "it is unclear when “{text}” is",
        "формы: now, +2h, +1d 11:00, +3wd 11:00, fri 18:30, 2026-12-10 19:00, webinar_at -15m",
        "forms: now, +2h, +1d 11:00, +3wd 11:00, fri 18:30, 2026-12-10 19:00, webinar_at -15m",
    ),
    "when_sign": (
        "перед «{text}» не хватает плюса",
        "a plus is missing before “{text}”",
        "возможно, вы имели в виду +{text}",
        "did you mean +{text}?",
    ),
    "when_negative": (
        "«{text}» указывает назад, но не сказано, от какого поля",
        "“{text}” points back but names no field",
        "назад считают от поля с датой: webinar_at {text}",
        "only a date field can be counted back from: webinar_at {text}",
    ),
    "when_clock_alone": (
        "время «{text}» — а день не назван",
        "“{text}” is a time without a day",
        "тот же день: +0d {text}, следующий: +1d {text}",
        "the same day: +0d {text}, the next one: +1d {text}",
    ),
    "when_needs_clock": (
        "после «{text}» нужно время",
        "a time must follow “{text}”",
        "например: {text} 11:00",
        "for example: {text} 11:00",
    ),
    "when_far": (
        "«{text}» — дальше десяти лет",
        "“{text}” is more than ten years away",
        "самое большее — 3650 дней",
        "the most is 3650 days",
    ),
    "when_date": (
        "даты «{text}» нет в календаре",
        "there is no date “{text}” in the calendar",
        "дата пишется год-месяц-день: 2026-12-10 19:00",
        "a date is year-month-day: 2026-12-10 19:00",
    ),
    "when_working_field": (
        "рабочие дни от поля «{field}» не считаются",
        "working days cannot be counted from the field “{field}”",
        "можно так: {field} -1d 12:00 и days: workdays",
        "try {field} -1d 12:00 with days: workdays",
    ),
    "late_form": (
        "неизвестное правило опоздания «{text}»",
        "unknown rule for a late letter “{text}”",
        "правила: skip, send, send within 20m",
        "the rules are skip, send, send within 20m",
    ),
}
