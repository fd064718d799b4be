"""The same transcripts by the engine alone, worded as the messenger in question words them."""

from collections.abc import Callable
from zoneinfo import ZoneInfo

from bots.clocks import microseconds
from flows.channels import CHANNELS
from flows.events import Profile
from flows.markup import to_plain
from flows.messages import Message
from flows.program import Bundle
from flows.prompting import Failure, Prompter, Said
from flows.rehearsal import Rehearsal, answer, person_of
from flows.transcripts import Transcript, start_of


def play_alone(
    bundle: Bundle, funnel: str, test: Transcript, profile: Profile
) -> tuple[Failure | None, list[Said]]:
    """Play the test without any runtime: the first failure, or None, and all that was said."""
    program = bundle.programs[funnel]
    home = program.funnel.timezone or bundle.timezone
    stage = Rehearsal(bundle, microseconds(start_of(test, home)))
    stage.conversation.person = person_of(test, program, ZoneInfo(home))
    stage.profile = profile
    performance = Prompter(ZoneInfo(test.zone or home), stage.now_us).perform(test)
    said: list[Said] = []
    try:
        ask = next(performance)
        while True:
            reply = answer(stage, ask)
            if isinstance(reply, tuple):
                said += reply[0]
            ask = performance.send(reply)
    except StopIteration as end:
        return end.value, _as_shown(said, [each[1] for each in stage.messages], bundle.channel)


def _as_shown(said: list[Said], messages: list[Message], channel: str) -> list[Said]:
    """What the messenger may change and no more: VK writes the addresses of links beside them."""
    words: Callable[[Message], str] = lambda message: message.text.plain  # noqa: E731
    if not CHANNELS[channel].text_links:
        words = lambda message: to_plain(message.text)  # noqa: E731
    told = iter(messages)
    return [
        Said("bot", words(next(told)), each.buttons, each.at_us) if each.kind == "bot" else each
        for each in said
    ]
