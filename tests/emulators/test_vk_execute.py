"""execute: several calls by one request, each with its own end."""

import json

import pytest

from tests.emulators.vk.stage import ANNA, BORIS, STRANGER, stage


@pytest.fixture
async def scene():
    async with stage() as ready:
        yield ready


def script(*calls, method="messages.send") -> str:
    """The script that makes these calls."""
    made = [f"API.{method}({json.dumps(call, ensure_ascii=False)})" for call in calls]
    return f"return [{','.join(made)}];"


def to(peer, number, text="Привет"):
    """The parameters of a message."""
    return {"peer_ids": str(peer), "random_id": number, "message": text}


async def test_every_call_has_its_answer_in_order(scene):
    code = script(to(ANNA, 1, 'Кавычка " и\nстрока'), to(BORIS, 2, "]; API.x({})"))
    (first,), (second,) = await scene.get("execute", code=code)
    assert (first["peer_id"], second["peer_id"]) == (ANNA, BORIS)
    assert [one.text for one in scene.vk.journal.delivered()] == [
        'Кавычка " и\nстрока',
        "]; API.x({})",
    ]
    assert len(scene.vk.journal.calls()) == 1


async def test_a_failed_call_is_false_and_its_error_stands_beside(scene):
    code = script(to(ANNA, 1, ""), to(STRANGER, 2), to(BORIS, 3))
    answer = await scene.call("execute", code=code)
    empty, (stranger,), (boris,) = answer["response"]
    assert empty is False
    assert stranger["error"]["code"] == 901
    assert boris["message_id"] > 0
    assert [(one["method"], one["error_code"]) for one in answer["execute_errors"]] == [
        ("messages.send", 100)
    ]


async def test_a_repeat_is_known_by_its_random_id(scene):
    code = script(to(ANNA, 7), to(BORIS, 8))
    assert await scene.get("execute", code=code) == await scene.get("execute", code=code)
    assert (len(scene.vk.journal.delivered()), scene.vk.journal.duplicates) == (2, 2)


@pytest.mark.parametrize(
    ("code", "refusal"),
    [
        ("return 1;", 12),
        ("return [API.messages.send({);", 12),
        (script(to(ANNA, 1)).replace("];", "]"), 12),
        (script(to(ANNA, 1, "\u2028")), 12),
        (script(*(to(ANNA, number) for number in range(1, 27))), 13),
    ],
)
async def test_what_is_no_script_is_refused_whole(scene, code, refusal):
    assert (await scene.refused("execute", code=code))[0] == refusal
    assert scene.vk.journal.delivered() == []


async def test_a_script_counts_as_one_call(scene):
    scene.vk.limit_rate(2)
    codes = [script(to(ANNA, n), to(BORIS, n)) for n in (1, 2)]
    for code in codes:
        await scene.get("execute", code=code)
    assert (await scene.refused("execute", code=codes[0]))[0] == 6
    assert len(scene.vk.journal.delivered()) == 4
