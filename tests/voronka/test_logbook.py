"""The log: one event a line, masked by type, and nothing that a person or a library could forge."""

import asyncio
import json
import logging
import threading
from datetime import UTC, datetime

import pytest

from flows.secrecy import Personal, Secret
from voronka.alarms import Alarms, hush_libraries, watching
from voronka.crashes import tell
from voronka.logbook import Log, facts_of
from voronka.masking import form_of, secrets_of
from voronka.settings import Settings
from voronka.speech import Mistake, Speech

PHONE = "+7 916 123-45-67"
TOKEN = "123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"


class Strange:
    """Something whose repr would tell everything."""

    def __repr__(self) -> str:
        return PHONE


@pytest.fixture
def quiet_again():
    """Logging as it was before the test."""
    names = ("aiogram", "aiohttp", "vkbottle", "uvicorn", "uvicorn.error")
    levels = {name: logging.getLogger(name).level for name in names}
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    logging.captureWarnings(capture=False)
    root.handlers[:], root.level = handlers, level
    for name, before in levels.items():
        logging.getLogger(name).setLevel(before)


def written(capsys) -> list[dict]:
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def json_alarms(secrets=()) -> Alarms:
    return Alarms(Speech("ru"), "json", secrets)


def test_an_event_is_one_line_of_json_with_its_facts(capsys):
    json_alarms()("rejected", {"bot": "tg", "funnel": "s", "place": "main.1", "reason": "no"})
    (line,) = written(capsys)
    assert datetime.fromisoformat(line.pop("time")).tzinfo is not None
    assert line == {
        "level": "warning",
        "event": "rejected",
        "bot": "tg",
        "funnel": "s",
        "place": "main.1",
        "reason": "no",
        "message": "сообщение воронки «s», место «main.1», мессенджер не принял: no",
    }


def test_a_fact_named_like_a_key_of_the_line_stands_beside_it(capsys):
    json_alarms()("dead", {"event": "12", "reason": "KeyError"})
    (line,) = written(capsys)
    assert (line["event"], line["event_id"]) == ("dead", "12")
    assert "событие 12" in line["message"]


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (Secret("розовый слон"), "***"),
        (Personal("Мария"), "***"),
        ([Personal("Мария"), 3], ["***", 3]),
        (Strange(), "<Strange>"),
        ({"phone": PHONE}, "<dict>"),
        (b"raw", "<bytes>"),
        (KeyError("Мария"), "KeyError"),
        (f"позвоните {PHONE}", "позвоните ***"),
        (7, 7),
        (None, None),
    ],
)
def test_values_are_masked_by_their_type(value, shown, capsys):
    json_alarms()("noted", {"what": value})
    (line,) = written(capsys)
    assert line["what"] == shown


def test_numbers_of_chats_are_no_phones(capsys):
    json_alarms()("chat_moved", {"bot": "tg", "old": "-4012345678", "new": "-1001234567890"})
    (line,) = written(capsys)
    assert (line["old"], line["new"]) == ("-4012345678", "-1001234567890")


def test_a_phone_among_the_numbers_of_chats_is_stars_unless_it_is_only_digits(capsys):
    json_alarms()("unreachable", {"bot": "tg", "chat": PHONE})
    assert written(capsys)[0]["chat"] == "***"


@pytest.mark.parametrize("form", ["text", "json"])
def test_nobody_can_forge_a_second_line(form, capsys):
    reason = 'x\n12:00:00  всё хорошо\r\x1b[31m{"level": "info"}\u202e\u2028y'
    Alarms(Speech("ru"), form)("halted", {"bot": "tg", "reason": reason})
    told = capsys.readouterr().err
    assert len(told.splitlines()) == 1
    assert "\x1b" not in told
    assert "\u202e" not in told


def test_a_value_with_braces_is_not_a_pattern(capsys):
    Alarms(Speech("ru"))("halted", {"bot": "{reason.__class__}", "reason": "{0}"})
    assert "«{reason.__class__}» остановлен: {0}" in capsys.readouterr().err


def test_words_stand_in_a_terminal_as_before(capsys):
    Alarms(Speech("en"))("lost", {"bot": "vk", "reason": "gap"})
    line = capsys.readouterr().err
    assert line[8:] == "  the bot “vk”: VK dropped some events (gap)\n"
    assert datetime.strptime(line[:8], "%H:%M:%S").replace(tzinfo=UTC)


def test_a_notice_is_words_on_the_screen_or_an_event_of_the_log(capsys):
    Alarms(Speech("ru")).notice("started", "Воронка работает.", address="http://x")
    shown = capsys.readouterr()
    assert (shown.out, shown.err) == ("Воронка работает.\n", "")
    json_alarms().notice("started", "Воронка работает.", address="http://x")
    shown = capsys.readouterr()
    assert shown.out == ""
    line = json.loads(shown.err)
    assert (line["event"], line["level"], line["address"]) == ("started", "info", "http://x")


def test_secrets_of_the_settings_never_stand_there(capsys):
    values = {
        "CRM": "слон-розовый-1",
        "DATABASE_URL": "postgresql://v:верблюд99@db/v",
        "HOME": "/h",
    }
    settings = Settings({k: Secret(v) for k, v in values.items()}, frozenset({"CRM"}))
    alarms = Alarms(Speech("ru"), "json", secrets_of(settings))
    alarms("database", {"reason": "слон-розовый-1 и верблюд99 в /h"})
    assert written(capsys)[0]["reason"] == "*** и *** в /h"


def test_the_form_is_asked_for_or_set_and_words_else():
    assert form_of("", Settings()) == "text"
    assert form_of("", Settings({"VORONKA_LOG": Secret("json")})) == "json"
    assert form_of("text", Settings({"VORONKA_LOG": Secret("json")})) == "text"
    with pytest.raises(Mistake):
        form_of("xml", Settings())


def test_a_form_that_there_is_not_is_refused_in_a_sentence(voronka, project):
    (project / ".env").write_text("VORONKA_KEYS=x\n", encoding="utf-8")
    result = voronka("run", "--log", "xml")
    assert (result.exit_code, result.stderr) == (
        2,
        "VORONKA_LOG: журнал бывает text и json, а не «xml».\n",
    )


def faulty(answer: str) -> None:
    raise ValueError(answer)


def test_a_fault_is_told_by_its_type_and_place_without_its_words(capsys):
    with pytest.raises(ValueError, match="Мария") as caught:
        faulty(f"Мария, {PHONE}")
    tell(caught.value)
    told = capsys.readouterr().err
    assert "ValueError" in told
    assert "test_logbook.py" in told
    assert "faulty" in told
    assert "Мария" not in told
    assert "916" not in told


def test_a_fault_names_the_innermost_place_first():
    with pytest.raises(ValueError, match="x") as caught:
        faulty("x")
    assert " faulty < test_logbook.py:" in facts_of(caught.value)["where"]


def test_what_libraries_log_is_an_event_without_their_words(capsys, quiet_again):
    hush_libraries(json_alarms())
    logging.getLogger("aiogram").error("https://api.telegram.org/bot%s/getMe", TOKEN)
    logging.getLogger("asyncio").error("Мария сказала %s", PHONE, exc_info=KeyError(PHONE))
    logging.getLogger("uvicorn.error").warning("Invalid HTTP request received.")
    (line,) = written(capsys)
    assert (line["event"], line["logger"], line["error"]) == ("library", "asyncio", "KeyError")
    assert "Мария" not in json.dumps(line, ensure_ascii=False)


async def test_what_nobody_caught_is_an_event_too(capsys):
    loop = asyncio.get_running_loop()
    before = loop.get_exception_handler(), threading.excepthook
    with watching(json_alarms()):
        loop.call_exception_handler({"message": PHONE, "exception": ValueError(PHONE)})
        thread = threading.Thread(target=faulty, args=(PHONE,))
        thread.start()
        thread.join()
    assert (loop.get_exception_handler(), threading.excepthook) == before
    told = written(capsys)
    assert [line["event"] for line in told] == ["crash", "crash"]
    assert {line["error"] for line in told} == {"ValueError"}
    assert "916" not in str(told)


def test_a_log_without_its_masks_is_caught(capsys, monkeypatch):
    """The checks above can fail: a log that renders what it is given shows the phone."""
    monkeypatch.setattr(Log, "_value", lambda _self, _name, value: value)
    json_alarms()("noted", {"what": f"позвоните {PHONE}"})
    assert PHONE in written(capsys)[0]["what"]
