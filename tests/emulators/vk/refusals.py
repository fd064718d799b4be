"""The refusals of VK's API: codes with their official texts, and the body that carries them."""

from typing import Any

# VK API schema, errors.json ("description"); held against it by test_vk_schema.py
TEXTS = {
    1: "Unknown error occurred",
    3: "Unknown method passed",
    5: "User authorization failed",
    6: "Too many requests per second",
    7: "Permission to perform this action is denied",
    8: "Invalid request",
    9: "Flood control",
    10: "Internal server error",
    12: "Unable to compile code",
    13: "Runtime error occurred during code invocation",
    14: "Captcha needed",
    15: "Access denied",
    17: "Validation required",
    18: "User was deleted or banned",
    27: "Group authorization failed",
    28: "Application authorization failed",
    29: "Rate limit reached",
    100: "One of the parameters specified was missing or invalid",
    104: "Not found",
    105: "Couldn't save file",
    113: "Invalid user id",
    118: "Invalid server",
    121: "Invalid hash",
    212: "Access to post comments denied",
    213: "Access to status replies denied",
    900: "Can't send messages for users from blacklist",
    901: "Can't send messages for users without permission",
    902: "Can't send messages to this user due to their privacy settings",
    909: "Can't edit this message, because it's too old",
    911: "Keyboard format is invalid",
    912: "This is a chat bot feature, change this status in settings",
    914: "Message is too long",
    917: "You don't have access to this chat",
    920: "Can't edit this kind of message",
    927: "Chat does not exist",
    936: "Contact not found",
    945: "Chat was disabled",
    2000: "Servers number limit is reached",
}

# dev.vk.com messages.send: with peer_ids these stand beside the peer, the call itself succeeds
OF_ONE_PEER = frozenset({7, 18, 900, 901, 902, 917, 936, 945, 983, 984, 1021})


class Refusal(Exception):
    """VK says no: an error code, its text and what belongs to it."""

    def __init__(self, code: int, detail: str = "", text: str = "", **extra: Any) -> None:
        self.code = code
        self.text = text or TEXTS.get(code, "Unknown error occurred")
        if detail:
            self.text = f"{self.text}: {detail}"
        self.extra = extra
        if code == 14:  # dev.vk.com/api/captcha-error
            self.extra.setdefault("captcha_sid", "239633676097")
            self.extra.setdefault("captcha_img", "https://api.vk.ru/captcha.php?sid=239633676097")
        super().__init__(f"[{code}] {self.text}")

    def body(self, method: str, params: dict[str, str]) -> dict[str, Any]:
        """Return the answer of VK: the request's parameters are repeated, the token is not."""
        named = {**params, "method": method, "oauth": "1"}
        shown = [{"key": key, "value": value} for key, value in named.items()]
        shown = [pair for pair in shown if pair["key"] != "access_token"]
        error = {"error_code": self.code, "error_msg": self.text, **self.extra}
        return {"error": {**error, "request_params": shown}}


def invalid(detail: str) -> Refusal:
    """Return error 100, which names the parameter and what is wrong with it."""
    return Refusal(100, detail)
