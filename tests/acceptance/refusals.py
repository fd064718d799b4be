"""What an acceptance stage must look like afterwards: nothing refused, nothing left hanging."""

import itertools
import json

from tests.acceptance.sides import PERSON
from tests.acceptance.stage_over_http import HttpStage
from tests.acceptance.telegram_side import Telegram
from tests.acceptance.vk_side import Vk


def check_nothing_refused(stage: HttpStage) -> None:
    """No alarm, no refused call, every press answered, every limit of the messenger kept."""
    assert stage.alarms == []
    side = stage.side
    if isinstance(side, Vk):
        _check_vk(side)
    else:
        _check_telegram(side if isinstance(side, Telegram) else side.messenger)


def _check_telegram(side: Telegram) -> None:
    calls = side.emulator.journal.calls
    assert [call for call in calls if call.status != 200] == []
    assert [press for press in side.bot.presses.values() if not press.answered] == []
    for row in side.emulator.journal.delivered:
        for button in itertools.chain.from_iterable(row.buttons):
            if button["kind"] == "callback":
                assert 0 < len(button["value"].encode()) <= 64
    if PERSON in side.bot.chats:
        assert side.person.chat().keyboard is None, "a keyboard is left under the input field"


def _check_vk(side: Vk) -> None:
    calls = side.emulator.journal.calls()
    assert [call for call in calls if call.outcome != "ok" or call.ignored] == []
    assert side.emulator.journal.duplicates == 0
    assert [press for press in side.community.presses.values() if not press.answered] == []
    for board in side.boards():
        assert board["inline"] is True
        assert 1 <= len(board["buttons"]) <= 6
        assert all(1 <= len(row) <= 5 for row in board["buttons"])
        keys = list(itertools.chain.from_iterable(board["buttons"]))
        assert len(keys) <= 10
        for action in (key["action"] for key in keys):
            _check_action(action)


def _check_action(action: dict) -> None:
    if action["type"] == "location":  # its words are VK's own
        assert set(action) == {"type", "payload"}
        return
    assert len(action["label"]) <= 40
    if action["type"] == "open_link":
        assert set(action) == {"type", "link", "label"}
        return
    assert action["type"] == "callback"
    assert len(action["payload"]) <= 255
    assert set(json.loads(action["payload"])) == {"t"}
