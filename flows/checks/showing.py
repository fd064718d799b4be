"""What the channels of a funnel can show of it: buttons, labels, tracked links."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from flows.channel_words import ELEMENTS, WAYS
from flows.channels import CHANNELS, MESSENGERS, degradations
from flows.checks.subject import Subject, at
from flows.messages import CHOSEN_SIGN, Button, Message
from flows.nodes.ask import Ask
from flows.nodes.consent import Consent
from flows.nodes.message_keys import MessageStep
from flows.nodes.say import Say
from flows.phrases import phrase
from flows.problems import Problem, problem
from flows.texts import WrittenText

NAMES = {
    "telegram": {"ru": "Telegram", "en": "Telegram"},
    "vk": {"ru": "ВКонтакте", "en": "VK"},
    "web": {"ru": "веб-чат", "en": "the web chat"},
    "terminal": {"ru": "терминал", "en": "the terminal"},
}
"""The channels in words."""


def too_many_buttons(subject: Subject) -> Iterator[Problem]:
    """No message has more buttons than a channel can show at all."""
    for step in subject.steps(Say, Ask):
        count = len([button for button in _buttons(subject, step) if not button.shares])
        for name in subject.channels:
            channel = CHANNELS[name]
            limit = (channel.ordinary or channel.inline).buttons
            if count > limit:
                key = "options" if isinstance(step, Ask) else "buttons"
                yield problem(
                    "too-many-buttons",
                    at(step, key),
                    count=count,
                    channel=NAMES[name],
                    limit=limit,
                )


def long_labels(subject: Subject) -> Iterator[Problem]:
    """No button's label is longer than a channel shows."""
    for step in subject.steps(Say, Ask, Consent):
        for label in _labels(step):
            length = len(label.compiled.literal or "") + _mark(step, label)
            for name in subject.channels:
                limit = CHANNELS[name].inline.label
                if length > limit:
                    yield problem(
                        "label-too-long",
                        label.mark,
                        length=length,
                        limit=limit,
                        channel=NAMES[name],
                    )


def degraded(subject: Subject) -> Iterator[Problem]:
    """When asked to explain: what each channel shows otherwise than it was meant."""
    for step in subject.steps(Say, Ask) if subject.explain else ():
        message = _message(subject, step)
        for name in subject.channels:
            for element, way in degradations(name, message):
                what = {"ru": ELEMENTS[element][0], "en": ELEMENTS[element][1]}
                how = {"ru": WAYS[way][0], "en": WAYS[way][1]}
                yield problem("degraded", step.mark, channel=NAMES[name], what=what, how=how)


def tracks_without_url(subject: Subject) -> Iterator[Problem]:
    """Clicks can be counted: a messenger needs a public address for that."""
    if subject.project is None or subject.project.public_url:
        return
    if MESSENGERS.isdisjoint(subject.channels):
        return
    for step in subject.steps(Say):
        for button in step.buttons:
            if button.track:
                yield problem("track-without-public-url", at(button, "track"), track=button.track)


def _mark(step: object, label: WrittenText) -> int:
    """How much longer the label is when its option is chosen."""
    options = step.options if isinstance(step, Ask) and step.many else ()
    return len(CHOSEN_SIGN) if any(option.text is label for option in options) else 0


def _labels(step: object) -> Iterator[WrittenText]:
    if isinstance(step, Say):
        yield from (button.text for button in step.buttons)
    if isinstance(step, Ask):
        yield from (option.text for option in step.options)
        if step.skip is not None:
            yield step.skip
    if isinstance(step, Consent):
        yield from (label for label in (step.agree, step.refuse) if label is not None)


def _buttons(subject: Subject, step: Say | Ask) -> list[Button]:
    found = [Button(_sample(label), {}) for label in _labels(step)]
    if isinstance(step, Ask):
        language = subject.program.funnel.language
        if step.many:
            marks = [{"do": "toggle", "option": index} for index in range(len(step.options))]
            options = zip(found[: len(marks)], marks, strict=True)
            found[: len(marks)] = [replace(one, action=mark) for one, mark in options]
            found.append(Button(phrase("done", language), {}))
        if step.answer is not None and not step.options:
            found += [Button(text, {}) for text in step.answer.buttons(language)]
        if step.answer is not None and step.answer.name == "phone":
            found.append(Button(phrase("share_contact", language), contact=True))
        if step.answer is not None and step.answer.name == "location":
            found.append(Button(phrase("share_location", language), location=True))
        if subject.program.funnel.back:
            found.append(Button(subject.program.funnel.back, {}))
    else:
        for index, button in enumerate(step.buttons):
            if button.url:
                found[index] = Button(found[index].text, url=_sample(button.url))
    return found


def _message(subject: Subject, step: MessageStep) -> Message:
    assert isinstance(step, Say | Ask)
    text = step.say if isinstance(step, Say) else step.ask
    buttons = tuple(_buttons(subject, step))
    pictures = step.pictures(_sample) if isinstance(step, Ask) else ()
    return Message(text.compiled.render({}), buttons, media=(*pictures, *step.media()))


def _sample(text: WrittenText) -> str:
    return text.compiled.words({})
