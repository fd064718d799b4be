"""Refusals of the Bot API: a status, the official sentence and the response parameters."""

from typing import Any, NoReturn

# Texts without another source are those of the open-source Bot API server (tdlib) and of
# platforms.md §5.1 "send errors".
CHAT_NOT_FOUND = "chat not found"
NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the "
    "same as a current content and reply markup of the message"
)
QUERY_TOO_OLD = "query is too old and response timeout expired or query ID is invalid"
WRONG_FILE = "wrong file identifier/HTTP URL specified"
OTHER_POLLER = (
    "terminated by other getUpdates request; make sure that only one bot instance is running"
)
WEBHOOK_ACTIVE = (
    "can't use getUpdates method while webhook is active; "
    "use deleteWebhook to delete the webhook first"
)


class ApiError(Exception):
    """The server refused the call."""

    def __init__(self, code: int, description: str, **parameters: Any) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters

    def body(self) -> dict[str, Any]:
        """Return the JSON answer that goes with the status."""
        body: dict[str, Any] = {
            "ok": False,
            "error_code": self.code,
            "description": self.description,
        }
        if self.parameters:
            body["parameters"] = self.parameters
        return body


def _sentence(text: str) -> str:
    """Return the text as the server words it after its prefix: constants keep their capitals."""
    if len(text) > 1 and (text[1] == "_" or text[1].isupper()):
        return text
    return text[:1].lower() + text[1:]


def refuse(text: str) -> NoReturn:
    """Raise 400 Bad Request."""
    raise ApiError(400, f"Bad Request: {_sentence(text)}")


def forbid(text: str) -> NoReturn:
    """Raise 403 Forbidden."""
    raise ApiError(403, f"Forbidden: {text}")


def conflict(text: str) -> ApiError:
    """Return 409 Conflict."""
    return ApiError(409, f"Conflict: {text}")


def unauthorized() -> ApiError:
    """Return 401 for a token nobody has."""
    return ApiError(401, "Unauthorized")


def method_not_found() -> ApiError:
    """Return 404 for a method that does not exist."""
    return ApiError(404, "Not Found: method not found")


def flood(retry_after: int) -> ApiError:
    """Return 429 with the seconds to wait."""
    return ApiError(429, f"Too Many Requests: retry after {retry_after}", retry_after=retry_after)


def migrated(chat_id: int) -> ApiError:
    """Return the refusal to write to a group that became a supergroup."""
    return ApiError(
        400,
        "Bad Request: group chat was upgraded to a supergroup chat",
        migrate_to_chat_id=chat_id,
    )
