"""The checks: one function each, one line here."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping

from flows.checks import (
    adverts,
    attachments,
    chances,
    choices,
    consents,
    constants,
    conversations,
    emptiness,
    entries,
    house,
    idle,
    insiders,
    letters,
    names,
    outside,
    places,
    showing,
    teams,
    types,
    ways,
    webhooks,
)
from flows.checks.house import House
from flows.checks.subject import Subject
from flows.problems import Problem, problem
from flows.program import Program
from flows.project import Project

MAX_STEPS = 3_000
"""A funnel with more steps than that is told to be divided, and not looked into."""

FUNNEL_CHECKS: tuple[Callable[[Subject], Iterator[Problem]], ...] = (
    names.unknown_flows,
    names.unknown_series,
    teams.unknown_teams,
    teams.times_at_any_hour,
    names.unknown_documents,
    names.unknown_names,
    names.unknown_fields,
    names.fields_like_names,
    places.no_main,
    places.flows_like_series,
    places.unnamed_questions,
    places.duplicate_places,
    outside.repeated_calls,
    outside.sources_of_codes,
    outside.unknown_hosts,
    outside.unknown_actions,
    outside.arguments_of_actions,
    outside.channels_nobody_tells,
    places.duplicate_letters,
    places.empty_letters,
    places.duplicate_options,
    idle.empty_lists,
    idle.keys_alone,
    idle.counts_too_small,
    idle.words_taken,
    choices.choices_of_nothing,
    choices.choices_that_lead,
    choices.choices_of_too_many,
    chances.splits_that_differ,
    entries.overlapping_entries,
    letters.fields_of_moments,
    letters.letters_in_the_past,
    letters.waits_in_the_past,
    letters.letters_that_never_go,
    showing.too_many_buttons,
    showing.long_labels,
    showing.degraded,
    showing.tracks_without_url,
    types.wrong_types,
    constants.values_of_other_types,
    types.constant_conditions,
    types.idle_cases,
    types.values_that_never_are,
    adverts.adverts_without_erid,
    attachments.empty_files,
    attachments.unfit_files,
    attachments.split_albums,
    conversations.broken_tests,
)

WAY_CHECKS: tuple[Callable[[Subject], Iterator[Problem]], ...] = (
    ways.unreachable_flows,
    ways.unreachable_steps,
    ways.unused_series,
    ways.loops_without_wait,
    ways.questions_without_end,
    ways.places_without_way_out,
    consents.personal_without_consent,
    consents.adverts_without_consent,
    emptiness.fields_may_be_empty,
)
"""Checks that follow the ways of a funnel: a step that could not be read would make them lie."""

PROJECT_CHECKS: tuple[Callable[[House], Iterator[Problem]], ...] = (
    house.unknown_funnels,
    house.no_funnels,
    house.unused_funnels,
    house.bots_without_group,
    house.bots_without_funnels,
    house.overlapping_funnels,
    house.secrets_in_file,
    house.missing_documents,
    house.unpublished_documents,
    house.teams_without_chat,
    house.unknown_heads,
    insiders.accounts_without_bot,
    insiders.tellers,
    webhooks.webhooks_of_pages,
    webhooks.webhooks_nowhere,
    webhooks.webhooks_at_odd_ports,
)


def check_funnel(
    program: Program,
    project: Project | None,
    today: str,
    *,
    explain: bool = False,
    whole: bool = True,
    sizes: Mapping[str, int] | None = None,
) -> list[Problem]:
    """What is wrong in one funnel.

    ``explain`` also tells what channels show otherwise than meant; ``whole`` that every step of
    the file could be read, so that its ways can be followed; ``sizes`` are those of the files beside
    the funnel, in bytes.
    """
    if len(program.steps) > MAX_STEPS:
        return [problem("too-many-steps", program.funnel.mark, limit=MAX_STEPS)]
    subject = Subject(program, project, today, explain, dict(sizes or {}))
    checks = (*FUNNEL_CHECKS, *WAY_CHECKS) if whole else FUNNEL_CHECKS
    return [found for check in checks for found in check(subject)]


def check_project(
    project: Project, programs: dict[str, Program], files: Collection[str]
) -> list[Problem]:
    """What is wrong between the files."""
    whole = House(project, programs, files)
    return [found for check in PROJECT_CHECKS for found in check(whole)]
