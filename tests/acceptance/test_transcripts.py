"""The acceptance funnels' own tests, played through real clients, and the same by the engine alone."""

from zoneinfo import ZoneInfo

import pytest

from flows.prompting import Said, local_minute
from flows.transcripts import Transcript
from tests.acceptance.conftest import read_once
from tests.acceptance.engine_alone import play_alone
from tests.acceptance.messengers import SIDES
from tests.acceptance.refusals import check_nothing_refused
from tests.acceptance.stage_over_http import bundle_for, play, start_moment, transcripts

FUNNELS = ("english_school", "gifts")
PLAYED = [(funnel, test) for funnel in FUNNELS for test in transcripts(read_once(), funnel)]
FIRST = [(funnel, next(test for name, test in PLAYED if name == funnel)) for funnel in FUNNELS]


def named(value):
    """What a test of a funnel is called in pytest's report."""
    return f"line{value.mark.line}" if isinstance(value, Transcript) else value


async def hold_to_parity(stage, project, funnel: str, test: Transcript) -> list[Said]:
    """Play on the stage and alone: both keep the transcript and say the same at the same minutes."""
    failure, heard = await play(stage, project, funnel, test)
    assert failure is None, f"{failure.mark.line}: {failure.en}"
    bundle = bundle_for(stage.side, project, funnel)
    failure, expected = play_alone(bundle, funnel, test, stage.side.profile)
    assert failure is None, f"{failure.mark.line}: {failure.en}"
    zone = ZoneInfo(test.zone or bundle.timezone)
    assert shown(heard, zone) == shown(titled(expected, heard), zone)
    return heard


def shown(said: list[Said], zone: ZoneInfo) -> list[tuple]:
    """What two stages must agree on."""
    return [(one.kind, one.text, one.buttons, local_minute(one.at_us, zone)) for one in said]


def titled(expected: list[Said], heard: list[Said]) -> list[Said]:
    """Notices as the team reads them: the card holds the title that the engine tells."""
    cards = {one.text for one in heard if one.kind == "team"}
    whole = {
        one.text: next((card for card in cards if one.text in card), one.text)
        for one in expected
        if one.kind == "team"
    }
    return [
        Said(one.kind, whole.get(one.text, one.text), one.buttons, one.at_us) for one in expected
    ]


@pytest.mark.parametrize(("funnel", "test"), PLAYED, ids=named)
@pytest.mark.parametrize("channel", sorted(SIDES))
async def test_the_funnels_own_tests_hold_through_real_clients(
    open_stage, project, channel, funnel, test
):
    async with open_stage(channel, funnel, start_moment(project, funnel, test)) as stage:
        heard = await hold_to_parity(stage, project, funnel, test)
        assert heard
        check_nothing_refused(stage)


@pytest.mark.parametrize(("funnel", "test"), FIRST, ids=named)
@pytest.mark.parametrize("channel", sorted(SIDES))
async def test_they_hold_on_postgresql_too(
    open_stage, project, new_postgres, channel, funnel, test
):
    start = start_moment(project, funnel, test)
    async with open_stage(channel, funnel, start, new_postgres) as stage:
        await hold_to_parity(stage, project, funnel, test)
        check_nothing_refused(stage)
