"""What the operator is told while the program runs."""

import re

import pytest

from voronka.alarms import Alarms
from voronka.speech import Speech


@pytest.mark.parametrize(
    ("language", "told"),
    [("ru", "бот «vk» не может писать в чат 2000000001"), ("en", "cannot write to the chat 20")],
)
def test_a_team_chat_that_cannot_be_written_to_is_told_in_a_sentence(language, told, capsys):
    Alarms(Speech(language))("unreachable", {"bot": "vk", "chat": "2000000001"})
    assert told in capsys.readouterr().err


def test_every_alarm_that_is_raised_has_a_sentence(request):
    from voronka.alarms import _SENTENCES

    sources = [path.read_text() for path in (request.config.rootpath / "bots").rglob("*.py")]
    raised = {
        kind
        for text in sources
        for kind in re.findall(r"(?:alarm|alarms\.append)\(\(?\s*\"(\w+)\"", text)
    }
    assert raised <= set(_SENTENCES)
