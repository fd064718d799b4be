"""vkbottle's API object as we run it: one try a call, raw answers, no token in an error."""

from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import Any

from aiohttp import FormData
from vkbottle import API, AiohttpClient

from bots.channel import CallFailed, Doubtful
from bots.connections import ANSWER_SECONDS, UPLOAD_SECONDS, broken, limits
from bots.rates import Ceiling
from bots.vk.failures import failure

# vkbottle logs what people wrote (debug) and what VK answered (warnings), to a handler of its own
logging.getLogger("vkbottle").setLevel(logging.CRITICAL)


class _AsItCame:
    """A response validator that hands the text on.

    vkbottle's own answer a page instead of JSON by sending the same call again and again.
    """

    async def validate(self, method: str, data: Any, response: Any, ctx_api: Any) -> Any:  # noqa: ARG002
        return {"text": response}


class Client:
    """One community's calls to VK; ``api_url`` is another server, ``proxy`` an HTTP proxy.

    Every method waits for its turn under the ``ceiling``, whoever asks.
    """

    def __init__(
        self, token: str, api_url: str = "", proxy: str = "", ceiling: Ceiling | None = None
    ) -> None:
        self._ceiling = ceiling
        self._http = AiohttpClient(timeout=limits(ANSWER_SECONDS), proxy=proxy or None)
        self._api = API(token, http_client=self._http)
        self._api.response_validators = [_AsItCame()]
        if api_url:
            self._api.API_URL = f"{api_url.rstrip('/').removesuffix('/method')}/method/"

    async def method(self, name: str, **params: Any) -> Any:
        """What stands under ``response``; raises the :class:`CallFailed` of VK's error code."""
        return (await self._asked(name, params))["response"]

    async def execute(self, code: str) -> tuple[Any, list[int | None]]:
        """What a script returns, and the codes of the calls in it that VK refused, in order."""
        answer = await self._asked("execute", {"code": code})
        errors = answer.get("execute_errors") or []
        return answer["response"], [int(error["error_code"]) for error in errors]

    async def _asked(self, name: str, params: dict[str, Any]) -> dict[str, Any]:
        if self._ceiling is not None:
            await self._ceiling.turn()
        try:
            answer = _read((await self._api.request(name, params))["text"])
        except Exception as error:  # noqa: BLE001  # whatever it is, it must not show the URL
            problem: CallFailed = broken(error)
        else:
            told = _error(answer)
            if told is None:
                return answer
            problem = failure(int(told["error_code"]), str(told.get("error_msg", "")))
        raise problem

    async def poll(self, server: str, query: dict[str, Any], seconds: float) -> dict[str, Any]:
        """The long-poll server's answer, raw; raises :class:`CallFailed`."""
        return await self._post(server, limits(seconds), params=query)

    async def upload(self, url: str, field: str, path: Path) -> dict[str, Any]:
        """The upload server's answer to the file; raises ``OSError`` when it cannot be read."""
        form = FormData()
        with path.open("rb") as file:  # aiohttp reads it in a thread
            form.add_field(field, file, filename=path.name)
            return await self._post(url, limits(UPLOAD_SECONDS), data=form)

    async def _post(self, url: str, timeout: Any, **content: Any) -> dict[str, Any]:  # noqa: ASYNC109
        try:
            text = await self._http.request_text(url, method="POST", timeout=timeout, **content)
            answer = _read(text)
        except Exception as error:  # noqa: BLE001  # the URL holds a key
            problem = broken(error)
        else:
            return answer
        raise problem

    async def close(self) -> None:
        """Let the connections go."""
        await self._http.close()


def _read(text: str) -> dict[str, Any]:
    answer = json.loads(text)
    if not isinstance(answer, dict):
        raise TypeError("VK promises an object here")
    return answer


def _error(answer: dict[str, Any]) -> dict[str, Any] | None:
    if "response" in answer:
        return None
    error = answer.get("error")
    if not isinstance(error, dict) or "error_code" not in error:
        raise Doubtful("the answer could not be read")
    return error
