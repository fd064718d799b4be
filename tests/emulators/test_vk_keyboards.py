"""The emulated VK takes the keyboards that VK takes, and says where the others are wrong."""

import json

import pytest

from tests.emulators.vk.stage import ANNA, GROUP, button, keyboard, stage

BAD = "Keyboard format is invalid: "
LINK = "https://example.com"


@pytest.fixture
async def scene():
    async with stage() as ready:
        yield ready


def _rows(rows: int, columns: int) -> list[list[dict]]:
    return [[button()] * columns] * rows


@pytest.mark.parametrize(
    ("board", "detail"),
    [
        ("{", "incorrect JSON"),
        ("[]", "keyboard should be object"),
        ("{}", "buttons property should be array"),
        (keyboard(inline="true"), "inline property should be boolean"),
        (keyboard(one_time=1), "one_time property should be boolean"),
        (
            keyboard([button()], inline=True, one_time=True),
            "one_time field is not available for inline keyboard",
        ),
        (keyboard(*_rows(7, 1), inline=True), "buttons contain too much rows"),
        (keyboard(*_rows(11, 1)), "buttons contain too much rows"),
        (keyboard(*_rows(1, 6)), "row 0 contains too much columns"),
        (keyboard([button()], []), "row 1 contains too much columns"),
        (keyboard(*_rows(6, 2), inline=True), "keyboard contains too much buttons"),
        (keyboard(*_rows(9, 5)), "keyboard contains too much buttons"),
        (keyboard(["Да"]), "button [0][0] has invalid action"),
        (keyboard([{"action": {"type": "url"}}]), "button [0][0] has invalid action"),
        (keyboard([button(link=LINK)]), "action contains unknown fields"),
        (keyboard([button(kind="location")]), "action contains unknown fields"),
        (keyboard([{"action": {"type": "text"}}]), "button [0][0] label is required"),
        (keyboard([button("")]), "button [0][0] label should be at least 1 letters length"),
        (
            keyboard([button(), button("ж" * 41)]),
            "button [0][1] label should be not more than 40 letters length",
        ),
        (
            keyboard([button(payload={"a": "x" * 255})]),
            "button [0][0] payload should be not more than 255 letters length",
        ),
        (keyboard([button(payload="{a}")]), "button [0][0] payload contains incorrect JSON"),
        (
            keyboard([button(kind="open_link", link="example.com")]),
            "button [0][0] has invalid link",
        ),
        (
            keyboard([button(kind="open_link", link="tg://resolve")]),
            "button [0][0] has invalid link",
        ),
        (
            keyboard([button(kind="open_link", link=LINK, color="primary")]),
            "button [0][0] color is not available for type open_link",
        ),
        (keyboard([button(color="green")]), "button [0][0] has invalid color"),
        (keyboard([button(kind="open_app")]), "button [0][0] app_id is required"),
        (keyboard([{"action": {"type": "vkpay"}}]), "button [0][0] hash is required"),
        (
            keyboard([button(kind="open_link", link=LINK)] * 3),
            "row 0 with button of type open_link can contain only 2 button(s)",
        ),
    ],
)
async def test_a_keyboard_vk_refuses(scene, board, detail):
    refusal = await scene.refused(
        "messages.send", peer_id=ANNA, random_id=1, message="?", keyboard=board
    )
    assert refusal == (911, BAD + detail)


@pytest.mark.parametrize(
    "board",
    [
        keyboard(),
        keyboard(*_rows(8, 5)),
        keyboard(*_rows(10, 4), one_time=True),
        keyboard(*_rows(2, 5), inline=True, one_time=False),
        keyboard([button(payload=None), button(payload="")]),
        keyboard([button("ж" * 40, payload=json.dumps({"a": "x" * 246}))]),
        keyboard([button("Сайт", "open_link", link=LINK)], inline=True),
        keyboard([button(kind="callback", payload={"step": 1}, color="negative")]),
        keyboard([{"action": {"type": "location", "payload": "{}"}}]),
        keyboard([button("Игра", "open_app", app_id=1, owner_id=-GROUP, hash="x")]),
        keyboard([{"action": {"type": "vkpay", "hash": "action=pay"}}]),
    ],
)
async def test_a_keyboard_vk_takes(scene, board):
    assert await scene.send(keyboard=board) > 0


async def test_keyboards_need_the_bot_settings(scene):
    scene.vk.people.set_community(GROUP, bot_features=False)
    refusal = await scene.refused(
        "messages.send", peer_id=ANNA, random_id=1, message="?", keyboard=keyboard([button()])
    )
    assert refusal == (912, "This is a chat bot feature, change this status in settings")


@pytest.mark.parametrize(
    ("elements", "code"),
    [
        ([{"title": "Т", "description": "О", "buttons": [button()]}], None),
        ([{"title": "Т", "buttons": [button()]}], 100),
        ([{"description": "О", "buttons": [button()]}], 100),
        ([{"title": "Т" * 81, "description": "О", "buttons": [button()]}], 100),
        ([{"title": "Т", "description": "О", "buttons": []}], 911),
        ([{"photo_id": "-1_2", "buttons": [button(link=LINK)]}], 911),
        (
            [
                {"photo_id": "-1_2", "buttons": [button()]},
                {"photo_id": "-1_2", "buttons": [button()] * 2},
            ],
            100,
        ),
    ],
)
async def test_carousels(scene, elements, code):
    template = json.dumps({"type": "carousel", "elements": elements})
    answer = await scene.call(
        "messages.send", peer_id=ANNA, random_id=1, message="Меню", template=template
    )
    assert answer.get("error", {}).get("error_code") == code
