"""The imagined world outside, and the servers that a project allows."""

from __future__ import annotations

from flows import effects
from flows.hosts import HttpRules, host_of
from flows.problems import Mark
from flows.worlds import HELPFUL, alternatives


def test_the_helpful_world_gives_all_that_is_saved():
    asked = effects.Request(
        1, 1, "http", "main.http", {"wants": {"a.0.b": "number", "a.0.c": "", "d": "boolean"}}
    )
    assert HELPFUL.answer(asked)["answer"] == {"a": [{"b": 1, "c": "c"}], "d": True}


def test_the_world_has_other_answers_for_those_who_look_at_all():
    member = effects.Request(1, 1, "member", "main.member_x", {})
    assert [name for name, _ in alternatives(member)] == ["ok", "no", "fail"]
    http = effects.Request(1, 1, "http", "main.http", {"wants": {}})
    assert [result["ok"] for _, result in alternatives(http)] == [True, False]


def test_hosts_are_held_to_the_project_with_their_ports():
    rules = HttpRules(
        mark=Mark("", 1, 1), allow=("api.example.ru", "*.shop.ru"), private=("crm:8080",)
    )
    for url, fits in (
        ("https://api.example.ru/x", True),
        ("https://API.example.ru:443/x", True),
        ("https://api.example.ru:8443/x", False),
        ("http://api.example.ru/", True),
        ("https://api.example.ru.evil.com/", False),
        ("https://evil.com/api.example.ru", False),
        ("https://user@api.example.ru/", False),
        ("https://a.b.shop.ru/", True),
        ("https://shop.ru/", False),
        ("https://evilshop.ru/", False),
        ("http://crm:8080/", True),
        ("ftp://api.example.ru/", False),
        ("https://[::1", False),
        ("", False),
    ):
        host = host_of(url)
        assert (bool(host) and rules.allows(host)) is fits, url
    assert rules.is_private("crm:8080")
    assert not rules.is_private("api.example.ru")
