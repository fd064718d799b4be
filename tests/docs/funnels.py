"""A project around what a page shows, so that its funnels are checked and played."""

from __future__ import annotations

from flows.loading import Loaded, bundle_of, load
from flows.prompting import Failure
from flows.reading import Reading
from flows.rehearsal import rehearse
from flows.transcripts import read_tests

TODAY = "2026-01-12"
CHANNELS = ("telegram", "vk", "web", "terminal")
PROJECT = """\
project: pages
bots:
  site: {{channel: web, funnels: [{funnel}]}}
documents:
  personal_data: {{title: Согласие на обработку персональных данных, url: "https://example.ru/pd"}}
  advertising: {{title: Согласие на рекламные сообщения, url: "https://example.ru/ads"}}
teams:
  sales: {{notify: {{telegram: -1001}}}}
http: {{allow: [api.example.ru]}}
"""


def loaded(text: str) -> Loaded:
    """The funnel in a project of its own."""
    name = text.split("funnel:", 1)[1].split("\n", 1)[0].strip()
    files = {
        "voronka.yaml": PROJECT.format(funnel=name).encode(),
        f"funnels/{name}.yaml": text.encode(),
    }
    return load(files, {}, TODAY)


def told(found: Loaded) -> list[str]:
    """The errors as a person reads them."""
    return [f"{each.mark} {each.code}: {each.sentence('en')}" for each in found.errors]


def failures(found: Loaded) -> list[Failure]:
    """What the funnel's own tests say, on every channel."""
    (name,) = found.programs
    project = found.project
    assert project is not None
    reading = Reading(name)
    tests = read_tests(found.programs[name].funnel.tests, reading)
    assert not reading.problems, reading.problems
    bundles = [bundle_of(found, project.bots["site"], channel) for channel in CHANNELS]
    wrong = [rehearse(bundle, test, name) for test in tests for bundle in bundles]
    return [each for each in wrong if each is not None]
