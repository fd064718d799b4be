"""The last net: what looks like a token, a phone or an e-mail is stars, wherever it stands (R56)."""

import pytest

from flows.redaction import masked, on_one_line

TOKEN = "123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"


@pytest.mark.parametrize(
    "secret",
    [
        TOKEN,
        "vk1.a.AbCdEf_0123456789abcdef-ZZ",
        "a" * 85,
        "+7 916 123-45-67",
        "89161234567",
        "8 (916) 123.45.67",
        "+44 20 7946 0958",
        "anna.k+spam@example.co.uk",
        "имя@почта.рф",
    ],
)
@pytest.mark.parametrize("around", ["{}", "сказано: {}, и всё", "«{}»", "({})", "x={} y"])
def test_what_looks_secret_or_personal_is_stars(secret, around):
    shown = masked(around.format(secret))
    assert secret not in shown
    assert "***" in shown


def test_a_token_inside_an_address_is_stars():
    shown = masked(f"GET https://api.telegram.org/bot{TOKEN}/getMe 401")
    assert shown == "GET https://api.telegram.org/bot***/getMe 401"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("postgresql://anna:p@ss@db.local/x", "postgresql://***@db.local/x"),
        ("access_token=abcdefghijklmnop", "access_token=***"),
        ("Authorization: Bearer abcdefghijklmnop", "Authorization: Bearer ***"),
    ],
)
def test_passwords_and_keys_go_and_the_rest_stays(text, shown):
    assert masked(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-22 08:54:12",
        "192.168.100.200:8080",
        "retry after 35",
        "Bad Request: can't parse entities at byte offset 120",
        "воронка «school», место «letters.video»",
        "1772442000000000",
        "-1001234567890",
    ],
)
def test_moments_addresses_and_numbers_of_ours_stay(text):
    assert masked(text) == text


def test_known_secrets_go_whatever_they_look_like():
    assert masked("пароль: розовый слон.", ("розовый слон",)) == "пароль: ***."


def test_a_long_text_is_masked_in_no_time():
    for sign in ("a", "1", "a@", "1 ", ":", "a.", "://"):
        assert len(masked(sign * 100_000)) < 5_000


def test_nothing_begins_a_line_or_steers_a_terminal():
    hostile = "a\nb\rc\x1b[2Jd\u202ee\u2028f\x00g\x85h\u200fi"
    assert on_one_line(hostile) == "a b c [2Jd e f g h i"
