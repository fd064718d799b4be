"""The checks beyond their examples: the acceptance funnels, every path, hostile files, speed."""

import os
import re
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.loading import Loaded, load
from tests.flows.examples import HOUSE, TODAY

ROOT = Path(__file__).parents[2]
ACCEPTANCE = Path(os.environ.get("VORONKA_ACCEPTANCE", ROOT.parent / "shared" / "acceptance"))
NOT_BUILT = {"not-built-yet"}


def project_in(folder: Path) -> dict[str, bytes]:
    """The files of a project that the program reads."""
    paths = [folder / "voronka.yaml", *sorted((folder / "funnels").rglob("*"))]
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in paths if path.is_file()
    }


def read(files: dict[str, bytes]) -> Loaded:
    """The files, read."""
    return load(files, {name: len(content) for name, content in files.items()}, TODAY)


def codes(main: str, rest: str = "", head: str = "") -> list[str]:
    """The codes of a funnel that consists of this flow and these other lines."""
    lines = "".join(f"    {line}\n" for line in main.strip("\n").split("\n"))
    text = f"funnel: example\n{head}entry: [start]\nflows:\n  main:\n{lines}{rest}"
    loaded = read({"voronka.yaml": HOUSE.encode(), "funnels/example.yaml": text.encode()})
    return [found.code for found in loaded.problems if found.code != "waits-for-ever"]


@pytest.fixture
def acceptance() -> dict[str, bytes]:
    if not ACCEPTANCE.is_dir():
        pytest.skip(f"no acceptance funnels in {ACCEPTANCE}: set VORONKA_ACCEPTANCE")
    return project_in(ACCEPTANCE)


def test_the_acceptance_funnels_have_no_errors_but_what_is_not_built(
    acceptance: dict[str, bytes],
) -> None:
    errors = [found for found in read(acceptance).problems if not found.warning]
    wrong = [found for found in errors if found.mark.file != "funnels/webinar.yaml"]
    assert wrong == []
    assert {found.code for found in errors} <= NOT_BUILT


def test_the_example_project_has_no_errors() -> None:
    assert read(project_in(ROOT)).errors == []


CONSENT = """\
- consent: personal_data
  refused: [end]
"""
PHONE = "- {ask: Телефон?, save: phone, answer: phone}\n"
BOOKING = "  booking:\n    - {ask: Телефон?, save: phone, answer: phone}\n"
ASKS = "  asks:\n    - consent: personal_data\n      refused: [%s]\n"


@pytest.mark.parametrize(
    ("main", "rest", "proved"),
    [
        (CONSENT + PHONE, "", True),
        ("- consent: personal_data\n" + PHONE, "", False),
        ("- consent: advertising\n  refused: [end]\n" + PHONE, "", False),
        (
            "- if: lead\n  then:\n    - consent: personal_data\n      refused: [end]\n" + PHONE,
            "",
            False,
        ),
        (
            "- consent: personal_data\n  refused: [end]\n"
            "  silence: [{after: 1d, then: [Хорошо.]}]\n" + PHONE,
            "",
            False,
        ),
        ("- call: asks\n" + PHONE, ASKS % "end", True),
        ("- call: asks\n" + PHONE, ASKS % "Жаль.", False),
        ("- call: asks\n" + PHONE, ASKS % "go: other" + "  other: [Пока.]\n", True),
        (CONSENT + "- say: Цены\n  buttons: [{text: Записаться, go: booking}]", BOOKING, True),
        ("- say: Цены\n  buttons: [{text: Записаться, go: booking}]\n" + CONSENT, BOOKING, False),
        (
            CONSENT + "- start: letters",
            BOOKING + "series:\n  letters:\n    letters:\n      - id: one\n        when: +2h\n"
            "        say: Ау!\n        buttons: [{text: Записаться, go: booking}]\n",
            True,
        ),
        (
            "- start: letters",
            "series:\n  letters:\n    letters:\n      - id: one\n        when: +2h\n        "
            + PHONE[3:-2].replace(", ", "\n        ")
            + "\n",
            False,
        ),
        (CONSENT + "- go: booking", BOOKING, True),
        ("- ask: Как?\n  id: how\n  options: [{text: Так, go: booking}, Иначе]\n", BOOKING, False),
    ],
)
def test_consent_is_proved_on_every_path_or_its_lack_is_shown(
    main: str, rest: str, proved: bool
) -> None:
    assert ("personal-without-consent" not in codes(main, rest)) is proved


CITY = "- ask: Город?\n  save: city\n"
SHOWN = "- Скоро будем в городе {{ city }}!\n"


@pytest.mark.parametrize(
    ("main", "head", "filled"),
    [
        (CITY + SHOWN, "", True),
        (CITY + "  skip: Не скажу\n" + SHOWN, "", False),
        (CITY + "  silence: [{after: 1d, then: []}]\n" + SHOWN, "", False),
        (CITY + "  silence: [{after: 1d, then: [end]}]\n" + SHOWN, "", True),
        (CITY + "  attempts: 2\n  otherwise: [Ладно.]\n" + SHOWN, "", False),
        (CITY + "  options: [Москва, {text: Другой, value: ''}]\n" + SHOWN, "", False),
        (SHOWN, "fields:\n  city: {value: Москва}\n", True),
        (SHOWN, "fields:\n  city: {label: Город}\n", False),
        ("- set: {city: Москва}\n" + SHOWN, "", True),
        (CITY + "- set: {city: }\n" + SHOWN, "", False),
        (CITY + "  skip: Не скажу\n- if: city\n  then:\n  " + SHOWN, "", True),
        (CITY + "  skip: Не скажу\n- if: not city\n  then: [end]\n" + SHOWN, "", True),
        (
            CITY + "  skip: Не скажу\n- set: {city: '{{ city | default(\"ваш\") }}'}\n" + SHOWN,
            "",
            True,
        ),
    ],
)
def test_a_field_is_filled_on_every_path_or_a_warning_says_so(
    main: str, head: str, filled: bool
) -> None:
    assert ("field-may-be-empty" not in codes(main, head=head)) is filled


HUNG = """\
series:
  visits:
    letters:
      - {id: eve, when: %s, say: "Ждём {{ visit | date('d MMMM') }}."}
"""


@pytest.mark.parametrize(("when", "filled"), [("visit -1d 12:00", True), ("+1d 12:00", False)])
def test_a_letter_that_hangs_on_a_field_is_never_sent_while_it_is_empty(
    when: str, filled: bool
) -> None:
    main = "- ask: Когда?\n  save: visit\n  answer: datetime\n  skip: Позже\n- start: visits\n"
    head = "fields:\n  visit: {type: datetime}\n"
    assert ("field-may-be-empty" not in codes(main, HUNG % when, head=head)) is filled


@pytest.mark.parametrize(
    ("main", "rest", "sound"),
    [
        ("- go: main", "", False),
        ("- ask: Ещё?\n  id: more\n- go: main", "", True),
        ("- consent: personal_data\n- go: main", "", False),
        ("- call: two\n- call: two", "  two: [Раз]\n", True),
        ("- call: two", "  two:\n    - call: main\n", False),
        ("- call: two\n- go: main", "  two:\n    - {ask: Ещё?, id: more}\n", True),
        ("- if: lead\n  then: [{go: two}]", "  two:\n    - go: main\n", False),
    ],
)
def test_a_loop_is_told_from_a_way_that_waits(main: str, rest: str, sound: bool) -> None:
    assert ("loop-without-wait" not in codes(main, rest)) is sound


def test_a_step_that_could_not_be_read_starts_no_false_alarms() -> None:
    main = (
        "- consent: personal_data\n  refuse: ''\n- ask: Город?\n  save: city\n  answer: town\n"
        + SHOWN
    )
    assert set(codes(main)) == {"empty-text", "answer-unknown"}


def test_three_hundred_places_are_checked_well_under_a_second() -> None:
    asks = "".join(
        f"    - {{ask: 'Вопрос {n} {{{{ name }}}}', save: f{n}, "
        f"options: [Да, {{text: Нет, go: main.f{n // 2}}}], "
        f"silence: [{{after: 1d, then: [end]}}]}}\n"
        for n in range(300)
    )
    text = f"funnel: example\nentry: [start]\nflows:\n  main:\n{asks}"
    files = {"voronka.yaml": HOUSE.encode(), "funnels/example.yaml": text.encode()}
    read(files)
    start = time.process_time()
    loaded = read(files)
    assert loaded.problems == []
    assert time.process_time() - start < 1.5


BOMB = "a: &a [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{b}: &{b} [{', '.join([f'*{a}'] * 10)}]\n"
    for a, b in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize(
    "text",
    [
        BOMB,
        "x" * 10_000_000,
        "[" * 100_000,
        "{a: " * 5_000,
        "- " * 5_000,
        "&a [*a]",
        "funnel: &a {b: *a}",
        "funnel: example\nentry: [start]\nflows: {main: [{photo: media/../../etc/passwd, say: x}]}",
        "funnel: x\nentry: [start]\nflows:\n  main:\n" + "    - go: main\n" * 2_900,
        "funnel: x\nentry: [start]\nflows:\n  main: [{call: f0}]\n"
        + "".join(f"  f{n}: [{{call: f{n + 1}}}]\n" for n in range(1_400)),
        "funnel: x\nentry: [start]\nflows:\n  main:\n"
        + "".join(f"    - {{asq{n}: x}}\n" for n in range(2_000)),
        "\x00",
        "? [a]\n: b",
        "!!python/object/apply:os.system [ls]",
        "%YAML 9.9\n---\na",
        "a: 1\n---\nb: 2",
    ],
    ids=lambda text: text[:12].strip() or "blank",
)
def test_hostile_files_end_in_problems(text: str) -> None:
    files = {"voronka.yaml": HOUSE.encode(), "funnels/example.yaml": text.encode()}
    start = time.process_time()
    loaded = read(files)
    assert loaded.errors
    assert time.process_time() - start < 20


SOURCES = [path.read_text(encoding="utf-8") for path in sorted((ROOT / "funnels").glob("*.yaml"))]
PIECES = [
    "end",
    "- ",
    ": ",
    "{{ ",
    " }}",
    "[",
    "]",
    "{",
    "}",
    "&a ",
    "*a",
    "\n",
    "  ",
    "'",
    '"',
    "#",
]
PIECES += [
    "go: main",
    "null",
    "~",
    "say: ",
    "ask: ",
    "0",
    "-1",
    "💥",
    "\t",
    "|",
    ">",
    "{% if ",
    " %}",
]


@settings(max_examples=150, deadline=None)
@given(data=st.data(), source=st.sampled_from(SOURCES))
def test_a_damaged_funnel_is_read_without_a_traceback(data: st.DataObject, source: str) -> None:
    lines = source.split("\n")
    for _ in range(data.draw(st.integers(1, 4))):
        number = data.draw(st.integers(0, len(lines) - 1))
        line = lines[number]
        change = data.draw(st.sampled_from(["damage", "move", "drop", "word"]))
        if change == "word":  # another word of the file in the place of one: often still YAML
            words = re.findall(r"\w+", source)
            found = list(re.finditer(r"\w+", line)) or [re.compile("").match("")]
            word = data.draw(st.sampled_from(found))
            new = data.draw(st.sampled_from([*words, "1", "999999999999", "2026-02-30", "a.b"]))
            lines[number] = line[: word.start()] + new + line[word.end() :]
        if change == "damage":
            at = data.draw(st.integers(0, len(line)))
            end = data.draw(st.integers(at, len(line)))
            lines[number] = line[:at] + data.draw(st.sampled_from(["", *PIECES])) + line[end:]
        if change == "drop":
            lines[number] = ""
        if change == "move":
            other = data.draw(st.integers(0, len(lines) - 1))
            lines[number], lines[other] = lines[other], lines[number]
    damaged = "\n".join(lines)
    loaded = read({"voronka.yaml": HOUSE.encode(), "funnels/example.yaml": damaged.encode()})
    for found in loaded.problems:
        assert found.sentence("ru")
        assert found.sentence("en")
        assert found.mark.line >= 1
        assert found.mark.column >= 1
