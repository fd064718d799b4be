"""Rendering and reading of updates load no client library: `voronka check` may use them."""

import subprocess
import sys

PURE = (
    "bots.telegram.keyboard",
    "bots.telegram.rendering",
    "bots.telegram.updates",
    "bots.vk.keyboard",
    "bots.vk.rendering",
    "bots.vk.updates",
    "flows.channel_table",
)


def test_the_pure_modules_load_no_client_library():
    program = f"""
import importlib, sys
for name in {PURE!r}:
    importlib.import_module(name)
print(*sorted({{"aiogram", "vkbottle", "aiohttp", "sqlalchemy"}} & sys.modules.keys()))
"""
    found = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert found.stdout.strip() == ""
