"""Numbers and units as people type them: «2,5 метра», «250 см», «1 кг 200 г», «50 тыс.»."""

import re
from dataclasses import dataclass
from decimal import Decimal

LARGEST = Decimal(10**15)

# Unit: the kind of quantity, its size in the smallest unit of the kind, how people write it.
_UNITS: dict[str, tuple[str, Decimal, str]] = {
    "мм": ("length", Decimal(1), "mm миллиметр миллиметра миллиметров"),
    "см": ("length", Decimal(10), "cm сантиметр сантиметра сантиметров"),
    "м": ("length", Decimal(1_000), "m метр метра метров meter meters metre metres"),
    "км": ("length", Decimal(1_000_000), "km километр километра километров"),
    "г": ("mass", Decimal(1), "гр g gr грамм грамма граммов gram grams"),
    "кг": ("mass", Decimal(1_000), "kg кило килограмм килограмма килограммов"),
    "т": ("mass", Decimal(1_000_000), "тонна тонны тонн ton tons"),
    "мл": ("volume", Decimal(1), "ml миллилитр миллилитра миллилитров"),
    "л": ("volume", Decimal(1_000), "l литр литра литров liter liters litre litres"),
    "м²": ("area", Decimal(1), "м2 m² m2 квм кв.м sqm квадрат квадрата квадратов"),
    "сотка": ("area", Decimal(100), "сотки соток сот"),
    "га": ("area", Decimal(10_000), "ha гектар гектара гектаров"),
    "мин": ("time", Decimal(1), "min минута минуты минут минуту minute minutes"),
    "ч": ("time", Decimal(60), "h час часа часов hour hours"),
    "дн": ("time", Decimal(1_440), "день дня дней day days d"),
    "₽": ("roubles", Decimal(1), "р руб рубль рубля рублей rub rur"),
}
_SPELLINGS = {
    spelling: unit
    for unit, (_, _, spellings) in _UNITS.items()
    for spelling in (unit, *spellings.split())
}
_MANY = {
    **dict.fromkeys(("тыс", "тысяч", "тысячи", "тысяча", "к", "k", "thousand"), Decimal(1_000)),
    **dict.fromkeys(("млн", "миллион", "миллиона", "миллионов", "million"), Decimal(1_000_000)),
}
_GROUPED = r"\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?!\d)(?:[.,]\d+)?"
_ENGLISH = r"\d{1,3}(?:,\d{3})+(?!\d)(?:\.\d+)?"
_PLAIN = r"\d+(?:[.,]\d+)?"
_WORD = r"(?:кв\.\s?м\b|[^\W\d_]+[²2]?|₽)"
_AMOUNT = {
    language: re.compile(
        rf"(?<![\w.,])(?P<number>[-−–]?(?:{numbers}))"
        rf"(?![.,:/]?\d)[\s]*(?P<first>{_WORD})?\.?\s*(?P<second>{_WORD})?",
        re.IGNORECASE,
    )
    for language, numbers in (
        ("ru", f"{_GROUPED}|{_PLAIN}"),
        ("en", f"{_ENGLISH}|{_GROUPED}|{_PLAIN}"),
    )
}


@dataclass(frozen=True)
class Quantity:
    """A number with its unit, if it was written with one that is known."""

    number: Decimal
    unit: str = ""


def known_unit(spelling: str) -> str:
    """Return the unit that the spelling stands for, else an empty text."""
    return _SPELLINGS.get(spelling.strip().lower().rstrip("."), "")


def read_quantity(typed: str, language: str) -> Quantity | None:
    """Return the one quantity of the text; None when it holds none, or several that do not add."""
    amounts = list(_AMOUNT["ru" if language == "ru" else "en"].finditer(typed))
    covered = sum(len(re.findall(r"\d+", amount["number"])) for amount in amounts)
    if not amounts or covered != len(re.findall(r"(?<![^\W\d_])\d+", typed)):
        return None
    quantities = [_quantity(amount, language) for amount in amounts]
    total = quantities[0]
    for quantity in quantities[1:]:
        if not _continues(total, quantity):
            return None
        addend = in_unit(quantity, total.unit)
        if addend is None:
            return None
        total = Quantity(total.number + addend, total.unit)
    return total


def in_unit(quantity: Quantity, unit: str) -> Decimal | None:
    """Return the number in another unit; as it is when either is unknown; None if they differ."""
    if not unit or not quantity.unit or unit == quantity.unit:
        return quantity.number
    kind, size, _ = _UNITS[quantity.unit]
    other_kind, other_size, _ = _UNITS[unit]
    return quantity.number * size / other_size if kind == other_kind else None


def _quantity(amount: re.Match[str], language: str) -> Quantity:
    first, second = ((amount[part] or "").lower() for part in ("first", "second"))
    many = _MANY.get(first)
    unit = known_unit(re.sub(r"\s", "", second if many else first))
    text = re.sub(r"\s", "", amount["number"]).replace("−", "-").replace("–", "-")
    if language != "ru" and re.fullmatch(rf"-?{_ENGLISH}", text):
        text = text.replace(",", "")
    return Quantity(Decimal(text.replace(",", ".")) * (many or 1), unit)


def _continues(total: Quantity, quantity: Quantity) -> bool:
    if not total.unit or not quantity.unit or quantity.number < 0:
        return False
    return _UNITS[total.unit][1] > _UNITS[quantity.unit][1]
