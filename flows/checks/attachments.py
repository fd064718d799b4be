"""What the channels of a funnel take of the files that its messages show."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flows.channels import CHANNELS, MESSENGERS
from flows.checks.showing import NAMES
from flows.checks.subject import Subject, at
from flows.media import albums, fitness, takes
from flows.messages import Media
from flows.nodes.ask import Ask
from flows.nodes.message_keys import MessageStep
from flows.problems import Mark, Problem, problem

_MEGABYTE = 1024 * 1024
_CODES = {"too_large": "media-too-large", "refused": "media-format", "plain_file": "media-plain"}


def empty_files(subject: Subject) -> Iterator[Problem]:
    """No file is empty."""
    for media, mark in _files(subject):
        if subject.sizes.get(media.path) == 0:
            yield problem("media-empty", mark, file=media.path)


def unfit_files(subject: Subject) -> Iterator[Problem]:
    """Every file is one that the channels take, and show as it is meant."""
    for media, mark in _files(subject):
        size = subject.sizes.get(media.path)
        for name in subject.channels if size else ():
            code = _CODES.get(fitness(name, media, size or 0))
            if code:
                yield problem(code, mark, **_facts(name, media, size or 0))


def split_albums(subject: Subject) -> Iterator[Problem]:
    """What stands in one message is shown together, as far as a messenger can."""
    for step in subject.steps(MessageStep):
        media = list(step.media())
        for name in sorted(MESSENGERS.intersection(subject.channels)):
            count = len(albums(name, media, CHANNELS[name].album))
            if count > 1:
                yield problem("album-split", step.mark, channel=NAMES[name], count=count)


def _files(subject: Subject) -> Iterator[tuple[Media, Mark]]:
    for step in subject.steps(MessageStep):
        for media in step.media():
            yield media, at(step, media.kind, media.path)
        for option in step.options if isinstance(step, Ask) else ():
            if option.photo:
                yield Media("photo", option.photo), at(option, "photo")


def _facts(channel: str, media: Media, size: int) -> dict[str, Any]:
    limits = takes(channel, media.kind)
    forms = ", ".join(f".{form}" for form in limits.forms)
    known = {"file": media.path, "kind": media.kind, "channel": NAMES[channel]}
    numbers = {"size": -(-size // _MEGABYTE), "limit": limits.size // _MEGABYTE}
    mend = {"ru": f"Годятся: {forms}", "en": f"What it takes: {forms}"}
    if not forms:
        mend = {
            "ru": "Дайте на него ссылку, а музыку поставьте под `audio`",
            "en": "Give a link to it; music goes under `audio`",
        }
    return {**known, **numbers, "forms": forms, "mend": mend}
