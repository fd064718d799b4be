"""A person's file passed on to a team: by its attachment, or uploaded when it lies with us."""

from __future__ import annotations

import asyncio
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bots.channel import Call, Doubtful, Passed, TryLater
from bots.vk.client import Client
from bots.vk.rendering import random_id_of
from bots.vk.uploading import Files
from flows.channels import VK


async def pass_on(client: Client, files: Files, call: Call, passed: Passed) -> Any:
    """What ``messages.send`` answers to the file with the call's words; ``CallFailed`` else."""
    attachment = passed.ref
    if passed.open is not None:
        attachment = await _uploaded(files, passed, call.chat)
    return await client.method(
        "messages.send",
        peer_ids=call.chat,
        random_id=random_id_of(call.random_id, 0),
        disable_mentions=1,
        message=call.message.text.plain[: VK.text] if call.message is not None else "",
        attachment=attachment,
    )


async def _uploaded(files: Files, passed: Passed, peer: str) -> str:
    assert passed.open is not None
    data = await asyncio.to_thread(passed.open)
    with TemporaryDirectory() as folder:
        path = Path(folder) / (passed.name or passed.kind)
        await asyncio.to_thread(path.write_bytes, data)
        try:
            return await files.private(path, peer)
        except Doubtful as lost:  # an upload may be repeated whatever became of it
            raise TryLater(str(lost)) from None
