"""The acceptance funnels' own tests, played through real clients, and the same by the engine alone."""

from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from flows.prompting import Said, local_minute
from flows.transcripts import Transcript
from tests.acceptance.conftest import read_once
from tests.acceptance.engine_alone import play_alone
from tests.acceptance.messengers import SIDES
from tests.acceptance.project import start_moment, transcripts
from tests.acceptance.refusals import check_nothing_refused
from tests.acceptance.stage_over_http import play

FUNNELS = ("english_school", "gifts", "webinar")
PLAYED = [(funnel, test) for funnel in FUNNELS for test in transcripts(read_once(), funnel)]
FIRST = [(funnel, next(test for name, test in PLAYED if name == funnel)) for funnel in FUNNELS]


def named(value):
    """What a test of a funnel is called in pytest's report."""
    return f"line{value.mark.line}" if isinstance(value, Transcript) else value


async def hold_to_parity(stage, funnel: str, test: Transcript) -> list[Said]:
    """Play on the stage and alone: both keep the transcript and say the same at the same minutes."""
    failure, heard = await play(stage, funnel, test)
    assert failure is None, f"{failure.mark.line}: {failure.en}"
    failure, expected = play_alone(stage.bundle, funnel, test, stage.side.profile)
    assert failure is None, f"{failure.mark.line}: {failure.en}"
    zone = ZoneInfo(test.zone or stage.bundle.timezone)
    assert shown(heard, zone) == shown(titled(expected, heard), zone)
    return heard


def shown(said: list[Said], zone: ZoneInfo) -> list[tuple]:
    """What two stages must agree on."""
    return [(one.kind, one.text, one.buttons, local_minute(one.at_us, zone)) for one in said]


def titled(expected: list[Said], heard: list[Said]) -> list[Said]:
    """Notices as the team reads them: the card holds the title that the engine tells."""
    cards = iter([one.text for one in heard if one.kind == "team"])
    return [_whole(one, next(cards, "")) if one.kind == "team" else one for one in expected]


def _whole(notice: Said, card: str) -> Said:
    return replace(notice, text=card) if notice.text in card else notice


@pytest.mark.parametrize(("funnel", "test"), PLAYED, ids=named)
@pytest.mark.parametrize("channel", sorted(SIDES))
async def test_the_funnels_own_tests_hold_through_real_clients(
    open_stage, project, channel, funnel, test
):
    async with open_stage(channel, funnel, start_moment(project, funnel, test)) as stage:
        heard = await hold_to_parity(stage, funnel, test)
        assert heard
        check_nothing_refused(stage)


@pytest.mark.parametrize(("funnel", "test"), FIRST, ids=named)
@pytest.mark.parametrize("channel", sorted(SIDES))
async def test_they_hold_on_postgresql_too(
    open_stage, project, new_postgres, channel, funnel, test
):
    start = start_moment(project, funnel, test)
    async with open_stage(channel, funnel, start, new_postgres) as stage:
        await hold_to_parity(stage, funnel, test)
        check_nothing_refused(stage)


@pytest.mark.parametrize(("funnel", "test"), FIRST, ids=named)
@pytest.mark.parametrize("channel", sorted(SIDES))
async def test_they_hold_when_the_process_begins_anew_after_every_line(
    open_stage, project, channel, funnel, test
):
    async with open_stage(channel, funnel, start_moment(project, funnel, test)) as stage:
        stage.restless = True
        await hold_to_parity(stage, funnel, test)
        check_nothing_refused(stage)
