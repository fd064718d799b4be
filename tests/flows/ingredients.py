"""What random funnels are made of: words, moments and conditions, and how data become YAML."""

from __future__ import annotations

import json
from typing import Any


class Bare(str):
    """A word that stands without quotes, as ``end`` does."""

    __slots__ = ()


END = Bare("end")

ANSWERS: dict[str, list[dict[str, Any]]] = {
    "text": [{}, {"min": 2, "max": 9}],
    "phone": [{}],
    "email": [{}],
    "integer": [{}, {"min": 1, "max": 12}],
    "number": [{"min": 1, "unit": "м"}],
    "yes_no": [{}],
    "rating": [{"max": 5}, {"max": 10}],
    "date": [{}],
    "time": [{}],
    "datetime": [{}],
    "city": [{}],
    "file": [{}],
    "photo": [{}],
    "location": [{}],
    "slot": [{"team": "salon", "length": "30m", "notice": "3h", "days": 3}],
}
"""Keys of every type of answer, some of each."""

MOMENTS = (
    "now", "+40m", "+2h", "+1d 6h", "+0d 12:00", "+1d 11:00", "+2d 02:30", "+1wd 10:00", "fri 18:30",
    "sun 09:00", "2026-01-20 12:00", "2026-03-29 02:30", "day", "day -15m", "day +2h", "day +1d 12:00",
    "day -1d 12:00", "f_datetime +1h", "f_slot -1h",
)  # fmt: skip
WAITS = ("5m", "40m", "2h", "3d", "+1d 10:00", "fri 12:00", "day -1h", "+2h", "f_slot +10m")
CONDITIONS = (
    "score > 2", '"да" in tags', "lead", "n >= 3", 'f_text == "да"', '"a" in clicks', "day", "link",
    "now > day", "f_yes_no", 'source == "где-то"', "not lead", "f_number + n > 4", "manager", "total",
    "f_many", '"paid" in events',
)  # fmt: skip
TEXTS = (
    "Привет", "Здравствуйте{{ name | prefix(', ') }}!", "У вас {{ score }} и {{ n }}", "**Важно**",
    "{% if lead %}Заявка{% else %}Пока нет{% endif %}", "Когда: {{ day | date('d MMMM') }}",
    "{{ f_text }} — {{ f_city }}", "{{ f_file }} {{ f_photo }} {{ f_location }}", "[Сайт](https://a.ru)",
    "{{ f_slot | time }} {{ code | default('нет') }} {{ total | money }}", "{{ f_many | join(', ') }}",
)  # fmt: skip
SETTINGS: tuple[dict[str, str], ...] = (
    {"n": "4"}, {"n": ""}, {"day": "2026-01-19 10:00"}, {"f_text": "{{ n }}"}, {"f_slot": ""},
)  # fmt: skip
LABELS = ("Да", "Нет", "Может быть", "1", "Другое", "{{ name | default('Я') }}", "Стоп", "**Ещё**")
TAGS = ("да", "нет", "тихо", "стой")


def written(data: Any) -> str:
    """The data as YAML in one line."""
    match data:
        case Bare():
            return str(data)
        case bool():
            return "true" if data else "false"
        case int():
            return str(data)
        case str():
            return json.dumps(data, ensure_ascii=False)
        case dict():
            items = (f"{written(key)}: {written(value)}" for key, value in data.items())
            return f"{{{', '.join(items)}}}"
        case _:
            return f"[{', '.join(map(written, data))}]"
