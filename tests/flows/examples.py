"""The examples of problems: a project in one file, read as the program reads it."""

import re
from pathlib import Path

from flows.extending import install
from flows.loading import Loaded, load
from flows.problems import in_order
from flows.proving.loaded import proved
from voronka.extensions import FILE, install_from

FOLDER = Path(__file__).parents[1] / "examples" / "problems"
GOOD = FOLDER / "good"
"""The same, mended."""
TODAY = "2026-05-01"

HOUSE = """\
project: examples
bots:
  tg: {channel: telegram, token: $TELEGRAM_TOKEN, funnels: [example]}
  vk: {channel: vk, token: $VK_TOKEN, group: 1234567, secret: $VK_SECRET, funnels: [example]}
documents:
  personal_data: {title: Согласие на обработку данных, url: "https://example.ru/pd"}
  advertising: {title: Согласие на рекламу, url: "https://example.ru/ads"}
teams:
  sales: {notify: {telegram: -1001234567890}}
public_url: https://bots.example.ru
"""
"""The project of the examples that bring none."""

LONG = "funnel: example\nentry: [start]\nflows:\n  main:\n"
MADE: dict[str, dict[str, bytes]] = {
    "file-not-utf8": {"funnels/example.yaml": "funnel: пример\n".encode("cp1251")},
    "file-too-large": {"funnels/example.yaml": b"# " + b"-" * 1_000_000 + b"\n"},
    "media-too-large": {
        "funnels/example.yaml": f"{LONG}    - {{say: Фото, photo: media/big.jpg}}\n".encode(),
        "funnels/media/big.jpg": bytes(10 * 1024 * 1024 + 1),
    },
    "too-many-steps": {"funnels/example.yaml": (LONG + "    - Раз\n" * 3_001).encode()},
}
"""Examples that would be no texts, or too long ones."""


def example_codes() -> list[str]:
    """The codes that have an example."""
    return sorted([*MADE, *(path.stem for path in FOLDER.glob("*.yaml"))])


def files_of(code: str) -> dict[str, bytes]:
    """The files of an example: parts begin with ``--- # path``; one without parts is a funnel."""
    house = {"voronka.yaml": HOUSE.encode()}
    if code in MADE:
        return house | MADE[code]
    return _files_in((FOLDER / f"{code}.yaml").read_text(encoding="utf-8"))


def _files_in(text: str) -> dict[str, bytes]:
    house = {"voronka.yaml": HOUSE.encode()}
    if text.startswith("# no project"):
        return {"funnels/example.yaml": text.encode()}
    first, *parts = re.split(r"^--- # (\S+)\n", text, flags=re.MULTILINE)
    if not parts:
        return house | {"funnels/example.yaml": first.encode()}
    return house | dict(zip(parts[::2], (part.encode() for part in parts[1::2]), strict=True))


def load_example(code: str) -> Loaded:
    """The example as the program reads it."""
    return _loaded(files_of(code))


def load_good(code: str) -> Loaded:
    """The mended example as the program reads it."""
    return _loaded(_files_in((GOOD / f"{code}.yaml").read_text(encoding="utf-8")))


def _loaded(files: dict[str, bytes]) -> Loaded:
    explain = any(content.startswith(b"# explain") for content in files.values())
    broken = install_from(files) if FILE in files else install(None) or []
    sizes = {name: len(content) for name, content in files.items()}
    loaded = load(files, sizes, TODAY, explain=explain)
    loaded.problems[:] = in_order([*broken, *loaded.problems])
    heads = [content.split(b"\n", 1)[0] for content in files.values()]
    if any(head.startswith(b"#") and b"prove" in head for head in heads):
        return proved(loaded, TODAY, explain=explain)[0]
    return loaded


def sizes_of(code: str) -> dict[str, int]:
    """The sizes of the example's files."""
    return {name: len(content) for name, content in files_of(code).items()}
