"""The project's own Python: what it registers, and what its actions do to a conversation."""

import asyncio
import threading
from datetime import date

import pytest

from bots.outside.asked import Asked
from bots.outside.doing import MOST_THREADS, Doer
from flows.answers import Bad, answer_of
from flows.answers.answer import Asked as Question
from flows.extending import Call, install, installed
from flows.filters import FILTERS
from flows.loading import load
from flows.templates import compile_text
from storage.database import open_database
from tests.bots.outside import asking
from voronka.extensions import FILE, install_from, read_extensions

OWN = """
import asyncio
from voronka.actions import action, answer_type, filter

calls = []

@action
def price(level, call, discount=0):
    calls.append(call)
    return {"total": 4500 - discount, "level": level}

@action(name="slowly")
async def wait_a_moment(**given):
    await asyncio.sleep(0)
    return given["score"] + 1

@action
def breaks(secret):
    raise ValueError(secret)

@answer_type(hint=("ИНН — это 10 или 12 цифр.", "An INN is 10 or 12 digits."), personal=True)
def inn(text):
    digits = "".join(sign for sign in text if sign.isdigit())
    return digits if len(digits) in (10, 12) else None

@filter
def loud(value, mark="!"):
    return str(value).upper() + mark
"""
FUNNEL = """
funnel: school
entry: [start]
flows:
  main:
    - do: price
      with: {level: a1, discount: "{{ 500 }}"}
      save: {total: total, level: level}
    - do: slowly
      with: {score: "{{ score }}"}
      save: next
    - do: breaks
      with: {secret: "{{ first_name }}"}
      otherwise: [Не вышло]
    - "{{ level | loud }} {{ total }} {{ next }}"
"""


@pytest.fixture
def own():
    """What the file registers, for as long as the test lasts."""
    before = installed()
    assert install_from({FILE: OWN.encode()}) == []
    yield installed()
    install(before)


async def test_actions_fill_fields_and_those_that_raise_go_by_otherwise(database_url, own):
    database = await open_database(database_url, exclusive=True)
    async with asking(database, FUNNEL) as world:
        await world.does(start="", name="Тайна")
        assert world.tg.texts() == ["Не вышло", "A1! 4000 1"]
        rows = await world.requests()
        assert [row.target for row in rows] == ["do:price", "do:slowly", "do:breaks"]
        assert rows[2].error == "the action failed: ValueError (actions.py:19)"
        told = world.told("request_dead")
        assert "Тайна" not in str(told)
        assert "Тайна" not in str([row.reason for row in await world.notes("call_failed")])
    await database.close()


CALL = Call("key", "tg", "1.token", "main.do", 1)


def asked(name, tries=1, **given) -> Asked:
    body = {"name": name, "with": given}
    return Asked(1, "7:1", tries, "do", "main.do", body, 1, 1, 1, 1, 1)


async def answered(code: str, seconds=5.0, **given):
    """What the action ``act`` of the file gives."""
    before = installed()
    found, problems = read_extensions(f"from voronka.actions import action\n{code}".encode())
    assert not problems
    install(found)
    try:
        return (await Doer(seconds).ask(asked("act", **given), CALL)).result
    finally:
        install(before)


async def test_an_action_is_told_which_call_it_is(own):
    doer = Doer()
    result = (await doer.ask(asked("price", level="a1"), CALL)).result
    assert result == {"ok": True, "answer": {"total": 4500, "level": "a1"}}
    call = own.actions["price"].function.__globals__["calls"][-1]
    assert call == CALL


async def test_results_are_what_can_be_stored():
    for code, wanted in (
        ("return None", None),
        ("import datetime; return datetime.date(2026, 5, 1)", str(date(2026, 5, 1))),
        ("return {'a': (1, 2)}", {"a": [1, 2]}),
        ("return float('nan')", None),
        ("return '\\ud800'", "?"),
    ):
        told = await answered(f"@action\ndef act():\n    {code}")
        assert told == {"ok": True, "answer": wanted}, code
    for code, error in (
        ("return object()", "the result is nothing that can be stored"),
        ("return 'x' * 70_000", "the result is larger than 64 KB"),
        ("raise SystemExit(1)", "the action failed: SystemExit (actions.py:4)"),
        ("x = []; x.append(x); return x", "the result is nothing that can be stored"),
    ):
        told = await answered(f"@action\ndef act():\n    {code}")
        assert told == {"ok": False, "error": error}, code


async def test_an_action_that_hangs_is_given_up_and_holds_up_nobody(own):
    released = threading.Event()
    own.actions["price"].function.__globals__["released"] = released
    told = await answered(
        "@action\ndef act(event):\n    event.wait(30)", seconds=0.05, event=released
    )
    released.set()
    assert told == {"ok": False, "error": "the action took longer than 0.05 seconds"}
    told = await answered(
        "import time\n@action\nasync def act():\n    time.sleep(30)", seconds=0.05
    )
    assert told["error"] == "the action took longer than 0.05 seconds"


async def test_threads_that_never_come_back_are_not_added_to_for_ever(own):
    doer = Doer(0.01)
    gate = threading.Event()
    own.actions["price"].function.__globals__["calls"] = type(
        "Gate", (), {"append": lambda self, call: gate.wait(30)}
    )()
    ends = [await doer.ask(asked("price", level=""), CALL) for _ in range(MOST_THREADS + 1)]
    gate.set()
    assert ends[0].result["error"].startswith("the action took longer")
    assert ends[-1].result["error"] == "too many calls of the action hang"
    while doer._threads["price"]:
        await asyncio.sleep(0)
    assert not (await doer.ask(asked("gone"), CALL)).result["ok"]


def test_own_answers_and_filters_are_the_language_s(own):
    inn = answer_of("inn")
    assert inn.personal
    assert inn.read("ИНН 7707083893", Question()) == "7707083893"
    assert inn.read("770", Question()) == Bad("inn_form")
    assert inn.hints["inn_form"][0] == "ИНН — это 10 или 12 цифр."
    assert compile_text("{{ name | loud('?') }}").words({"name": "да"}) == "ДА?"


def test_what_was_installed_goes_when_the_file_changes(own):
    assert "loud" in FILTERS
    assert install_from({FILE: OWN.replace("def loud", "def silent").encode()}) == []
    assert "loud" not in FILTERS
    assert "silent" in FILTERS
    assert install_from({FILE: OWN.encode()}) == []


@pytest.mark.parametrize(
    ("code", "line", "reason"),
    [
        ("import nothing_such", 1, "ModuleNotFoundError: No module named 'nothing_such'"),
        ("x = 1\nraise SystemExit", 2, "SystemExit"),
        ("def broken(:\n    pass", 1, "SyntaxError: invalid syntax"),
        ("from voronka.actions import filter\n@filter\ndef upper(v): return v", 2,
         "ValueError: 'upper' is taken already"),
        ("from voronka.actions import action\n@action\ndef Price(): pass", 2,
         "ValueError: 'Price' cannot be a name: a-z, 0-9 and _ only"),
    ],
)  # fmt: skip
def test_a_broken_file_is_told_with_its_line(code, line, reason):
    _, problems = read_extensions(code.encode())
    (found,) = problems
    assert (found.code, found.mark.line) == ("actions-broken", line)
    assert reason in found.sentence("en")


def test_a_broken_file_is_told_once_and_no_step_is_blamed_for_it():
    before = installed()
    (found,) = install_from({FILE: b"import nothing_such"})
    loaded = load(
        {
            "voronka.yaml": b"project: p\nbots: {site: {channel: web, funnels: [school]}}\n",
            "funnels/school.yaml": b"funnel: school\nentry: [start]\nflows: {main: [{do: price}]}\n",
        },
        {},
        "2026-01-01",
    )
    install(before)
    assert found.code == "actions-broken"
    assert loaded.errors == []
