"""``member``: which community is meant, and what VK tells of a person's place there."""

from __future__ import annotations

import re
from typing import Any

_NUMBERED = re.compile(r"-?(?:club|public|event)?([0-9]+)")


def community(channel: str) -> str:
    """The community's number or its short name, as ``groups.isMember`` takes it."""
    named = channel.removeprefix("@")
    numbered = _NUMBERED.fullmatch(named)
    return numbered[1] if numbered else named


def is_inside(answer: Any) -> bool:
    """Whether the answer (1, 0, or an object with ``member``) says that the person is there."""
    return bool(answer.get("member") if isinstance(answer, dict) else answer)
