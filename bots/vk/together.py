"""Several messages by one request to VK: the same words to a hundred people, or 25 different ones.

https://dev.vk.com/method/messages.send (``peer_ids``) and https://dev.vk.com/method/execute.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from bots.channel import (
    Call,
    CallFailed,
    Delivery,
    Doubtful,
    MessageRejected,
    PersonUnreachable,
    ToRepeatAlone,
)
from bots.vk import rendering
from bots.vk.client import Client
from bots.vk.failures import failure
from flows.media import vk_upload

_CALLS = 25
_SIGNS = 60_000
"""How long a script may be: VK names no limit, this is below what its users report."""

Content = dict[str, Any]
Ended = Delivery | CallFailed


def batch_key(call: Call) -> str | None:
    """What the call says, where it is one message that may go with others; None: it goes alone."""
    if call.op != "send" or call.message is None or call.passed is not None or call.done:
        return None
    pieces = rendering.parts(call.message, call.tokens, call.links)
    if len(pieces) != 1 or not call.random_id:
        return None
    (part,) = pieces
    files = [item.path for item in part.media]
    # all but photos may have been uploaded for one person only
    theirs = call.chat if any(vk_upload(item) != "photo" for item in part.media) else ""
    return json.dumps([part.text, part.board, files, theirs], ensure_ascii=False)


async def all_sent(
    client: Client, calls: Sequence[Call], contents: Sequence[Content | CallFailed]
) -> list[Ended]:
    """How each of the messages ended; raises the :class:`CallFailed` of them all."""
    ready = [
        (call, one) for call, one in zip(calls, contents, strict=True) if isinstance(one, dict)
    ]
    sent = iter(await _sent(client, ready) if ready else [])
    return [next(sent) if isinstance(one, dict) else one for one in contents]


async def _sent(client: Client, ready: list[tuple[Call, Content]]) -> list[Ended]:
    first, same = ready[0]
    try:
        if all(call.random_id == first.random_id and one == same for call, one in ready):
            return await _to_all(client, [call for call, _ in ready], same)
        return [ended for pack in _packs(ready) for ended in await _executed(client, pack)]
    except (MessageRejected, PersonUnreachable) as refused:
        # it cannot be told whose fault it was, and a repeat is known by its random id
        return [ToRepeatAlone(f"refused with others: {refused}")] * len(ready)


async def _to_all(client: Client, calls: list[Call], content: Content) -> list[Ended]:
    peers = ",".join(call.chat for call in calls)
    asked = {"random_id": calls[0].random_id, "disable_mentions": 1, **content}
    answer = await client.method("messages.send", peer_ids=peers, **asked)
    items = answer if isinstance(answer, list) else []
    found = {str(item.get("peer_id")): item for item in items if isinstance(item, dict)}
    return [ended(found.get(call.chat)) for call in calls]


def ended(item: Any) -> Ended:
    """How the message to one of the ``peer_ids`` ended: its id in the conversation, or a refusal."""
    if not isinstance(item, dict):
        return Doubtful("the answer does not name this chat")
    error = item.get("error")
    if error:
        return failure(int(error.get("code") or error.get("error_code") or 0))
    return Delivery(str(item.get("conversation_message_id") or ""))


def _packs(ready: list[tuple[Call, Content]]) -> list[list[Content]]:
    """What one script sends each, neither too many nor too long."""
    packs: list[list[Content]] = []
    signs = 0
    for call, content in ready:
        asked = {"peer_ids": call.chat, "random_id": call.random_id, "disable_mentions": 1}
        message = {**asked, **content}
        length = len(_line(message))
        if not packs or len(packs[-1]) == _CALLS or signs + length > _SIGNS:
            packs.append([])
            signs = 0
        packs[-1].append(message)
        signs += length
    return packs


async def _executed(client: Client, pack: list[Content]) -> list[Ended]:
    """One script; a call that VK refused is ``false`` in its answer, its code stands in a list."""
    code = f"return [{','.join(map(_line, pack))}];"
    results, errors = await client.execute(code)
    if not isinstance(results, list) or len(results) != len(pack):
        return [ToRepeatAlone("the script's answer is not what was asked for")] * len(pack)
    refused = sum(result is False for result in results)
    if refused != len(errors):  # nobody knows which error is whose
        errors = [None] * refused
    left = iter(errors)
    return [_of_script(next(left) if result is False else 0, result) for result in results]


def _of_script(code: int | None, result: Any) -> Ended:
    if code is None:
        return ToRepeatAlone("refused with others")
    if code:
        return failure(code)
    return ended(result[0] if isinstance(result, list) and result else None)


def _line(message: Content) -> str:
    text = json.dumps(message, ensure_ascii=False)
    # JSON allows them inside a string, scripts do not
    text = text.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    return f"API.messages.send({text})"
