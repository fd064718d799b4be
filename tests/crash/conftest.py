"""What the crash tests share: seeds, sizes, and the process that bears the program's lives."""

import os
from collections.abc import AsyncIterator

import pytest

from tests.crash.births import Cold, Midwife, Nursery

SOAK = bool(os.environ.get("VORONKA_SOAK"))
SEED = int(os.environ.get("VORONKA_SEED", "1"))


@pytest.fixture
async def midwife() -> AsyncIterator[Midwife]:
    """Forked lives; in a soak every life is a cold start, as an operator's."""
    if SOAK:
        yield Cold()
        return
    async with Nursery() as nursery:
        yield nursery
