"""Cities are found as people write them, each in its own time zone."""

import subprocess
import sys
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.answers import Asked, answer_of
from flows.answers.answer import Bad
from flows.answers.gazetteer import cities, close, find, label

ZONES = {
    "Europe/Kaliningrad": "Калининград, Советск (Калининградская область), Черняховск",
    "Europe/Moscow": "Москва, Санкт-Петербург, Казань, Сочи, Мурманск, Воркута, Махачкала, Сыктывкар",
    "Europe/Simferopol": "Севастополь, Симферополь, Ялта",
    "Europe/Volgograd": "Волгоград, Волжский",
    "Europe/Kirov": "Киров, Кирово-Чепецк",
    "Europe/Astrakhan": "Астрахань",
    "Europe/Samara": "Самара, Тольятти, Ижевск, Сызрань",
    "Europe/Saratov": "Саратов, Энгельс, Балаково",
    "Europe/Ulyanovsk": "Ульяновск, Димитровград",
    "Asia/Yekaterinburg": "Екатеринбург, Пермь, Уфа, Тюмень, Челябинск, Оренбург, Сургут, Салехард",
    "Asia/Omsk": "Омск, Тара",
    "Asia/Novosibirsk": "Новосибирск, Бердск",
    "Asia/Barnaul": "Барнаул, Бийск, Горно-Алтайск",
    "Asia/Tomsk": "Томск, Северск",
    "Asia/Novokuznetsk": "Кемерово, Новокузнецк",
    "Asia/Krasnoyarsk": "Красноярск, Норильск, Абакан, Кызыл",
    "Asia/Irkutsk": "Иркутск, Братск, Улан-Удэ",
    "Asia/Chita": "Чита, Краснокаменск",
    "Asia/Yakutsk": "Якутск, Благовещенск (Амурская область), Мирный (Якутия), Нерюнгри",
    "Asia/Vladivostok": "Владивосток, Хабаровск, Находка, Биробиджан, Комсомольск-на-Амуре",
    "Asia/Sakhalin": "Южно-Сахалинск, Корсаков",
    "Asia/Magadan": "Магадан",
    "Asia/Kamchatka": "Петропавловск-Камчатский, Елизово",
    "Asia/Anadyr": "Анадырь",
}
NEW_YEAR = {2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}
"""Hours before UTC's midnight by which the eleven Russian zones meet the day."""


@pytest.mark.parametrize(
    ("name", "zone"),
    [(name.strip(), zone) for zone, names in ZONES.items() for name in names.split(", ")],
)
def test_a_city_lies_in_its_zone(name, zone):
    (found,) = find(name)
    assert found.zone == zone


def test_all_eleven_zones_of_russia_are_there():
    noon = Asked().now
    hours = {
        noon.replace(year=2026).astimezone(ZoneInfo(city.zone)).utcoffset().total_seconds() / 3600
        for city in cities()
    }
    assert hours == NEW_YEAR


@pytest.mark.parametrize(
    ("typed", "city"),
    [
        ("Питер", "Санкт-Петербург"),
        ("спб", "Санкт-Петербург"),
        ("СПБ.", "Санкт-Петербург"),
        ("Мск", "Москва"),
        ("г. Москва", "Москва"),
        ("город Орел", "Орёл"),
        ("ОРЁЛ", "Орёл"),
        ("Нижний", "Нижний Новгород"),
        ("нижний новгород", "Нижний Новгород"),
        ("Екб", "Екатеринбург"),
        ("Ростов на Дону", "Ростов-на-Дону"),
        ("Ростов", "Ростов-на-Дону"),
        ("Ростов Великий", "Ростов"),
        ("йошкар ола", "Йошкар-Ола"),
        ("улан удэ", "Улан-Удэ"),
        ("набережные челны", "Набережные Челны"),
        ("Челны", "Набережные Челны"),
        ("Щелково", "Щёлково"),
        ("Красное село", "Красное Село"),
        ("Московская область, Химки", "Химки"),
        ("Химки Московская обл", "Химки"),
        ("Moscow", "Москва"),
        ("Saint Petersburg", "Санкт-Петербург"),
        ("st. petersburg", "Санкт-Петербург"),
        ("Yekaterinburg", "Екатеринбург"),
        ("Ekaterinburg", "Екатеринбург"),
        ("nizhny novgorod", "Нижний Новгород"),
        ("Rostov-on-Don", "Ростов-на-Дону"),
        ("Chelyabinsk", "Челябинск"),
        ("Khabarovsk", "Хабаровск"),
        ("Petropavlovsk-Kamchatskiy", "Петропавловск-Камчатский"),
        ("Киров", "Киров"),
    ],
)
def test_a_city_is_known_by_all_its_names(typed, city):
    assert [found.name for found in find(typed)] == [city]


@pytest.mark.parametrize(
    ("typed", "labels"),
    [
        ("Железногорск", {"Железногорск (Курская область)", "Железногорск (Красноярский край)"}),
        ("Кировск", {"Кировск (Мурманская область)", "Кировск (Ленинградская область)"}),
        ("Благовещенск", {"Благовещенск (Амурская область)", "Благовещенск (Башкортостан)"}),
        ("Благовещенск, Башкирия", {"Благовещенск (Башкортостан)"}),
        ("железногорск курская", {"Железногорск (Курская область)"}),
        ("Лондон", set()),
        ("Мордор", set()),
        ("", set()),
        ("область", set()),
    ],
)
def test_namesakes_are_told_by_their_regions(typed, labels):
    assert {label(city) for city in find(typed)} == labels


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("Казани", "Казань"),
        ("я из Уфы", "Уфа"),
        ("Новосибирк", "Новосибирск"),
        ("Екатеренбург", "Екатеринбург"),
        ("Набережные", "Набережные Челны"),
        ("Vladivostock", "Владивосток"),
        ("Петропавл", "Петропавловск-Камчатский"),
    ],
)
def test_a_slip_offers_what_may_be_meant(typed, first):
    assert find(typed) == ()
    assert label(close(typed)[0]) == first
    bad = answer_of("city").read(typed, Asked())
    assert isinstance(bad, Bad)
    assert bad.offers[0] == first


def test_every_label_means_its_city_and_nothing_else():
    assert [label(city) for city in cities() if find(label(city)) != (city,)] == []


def test_all_are_above_fifteen_thousand_people_and_the_list_is_whole():
    assert min(city.people for city in cities()) > 15_000
    assert 950 < len(cities()) < 1_100
    assert len({(city.name, city.region) for city in cities()}) == len(cities())


@given(st.text(max_size=200))
def test_any_text_is_read(typed):
    found = find(typed)
    assert len(close(typed)) <= 4
    assert answer_of("city").zone(typed) == (found[0].zone if len(found) == 1 else "")


@given(st.sampled_from(cities()), st.integers(0, 30), st.sampled_from("аяь -xЁ"))
def test_a_name_with_a_slip_never_fails(city, at, sign):
    slip = city.name[:at] + sign + city.name[at:]
    answer = answer_of("city").read(slip, Asked())
    assert isinstance(answer, Bad | str)


def test_the_list_lies_in_the_package_and_is_read_only_when_a_city_is_asked():
    program = """
import builtins, io
opened = []
real = io.open
io.open = lambda file, *more, **named: opened.append(str(file)) or real(file, *more, **named)
import flows.engine, flows.answers
assert not [name for name in opened if name.endswith("cities.tsv")], opened
from flows.answers.gazetteer import find
print(find("Самара")[0].zone, len([name for name in opened if name.endswith("cities.tsv")]))
"""
    found = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert found.stdout.split() == ["Europe/Samara", "1"]
