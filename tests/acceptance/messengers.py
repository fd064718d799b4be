"""The messengers that the acceptance tests are played on."""

from tests.acceptance.sides import Side
from tests.acceptance.telegram_side import Telegram
from tests.acceptance.vk_side import Vk
from tests.acceptance.web_side import Web

SIDES: dict[str, type[Side]] = {"telegram": Telegram, "vk": Vk, "web": Web}
