"""What is personal is sealed before it reaches the database."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.secrecy import Personal, Secret
from storage import inbox
from storage.database import open_database
from storage.seal import KeysUnusable, Seal, SealBroken, new_keys, read_keys

OLD, NEW = b"o" * 32, b"n" * 32
CANARY = "Каверина +79051234567"


@given(st.text(), st.sampled_from(["inbox.raw_sealed", "runs.state_sealed"]))
def test_what_was_sealed_opens(text: str, place: str):
    seal = Seal({"k1": NEW})
    assert seal.open_text(place, seal.seal_text(place, text)) == text
    assert seal.open_json(place, seal.seal_json(place, {"a": [text]})) == {"a": [text]}


def test_the_same_text_is_never_sealed_the_same():
    seal = Seal({"k1": NEW})
    assert seal.seal("a.b", b"x") != seal.seal("a.b", b"x")


def test_a_value_moved_to_another_column_does_not_open():
    seal = Seal({"k1": NEW})
    with pytest.raises(SealBroken, match=r"runs\.state_sealed"):
        seal.open("runs.state_sealed", seal.seal("inbox.raw_sealed", b"x"))


@given(st.binary(max_size=60))
def test_any_bytes_that_were_not_sealed_are_refused(data: bytes):
    with pytest.raises(SealBroken):
        Seal({"k1": NEW}).open("a.b", data)


def test_the_first_key_seals_and_all_keys_open():
    before, after = Seal({"old": OLD}), Seal({"new": NEW, "old": OLD})
    kept = before.seal("a.b", b"x")
    assert after.open("a.b", kept) == b"x"
    assert not after.is_current(kept)
    assert after.is_current(after.seal("a.b", b"x"))
    with pytest.raises(SealBroken, match="VORONKA_KEYS"):
        before.open("a.b", after.seal("a.b", b"x"))


def test_digests_find_values_of_older_keys_and_differ_by_kind():
    before, after = Seal({"old": OLD}), Seal({"new": NEW, "old": OLD})
    assert before.digest("phone", "+7905") in after.digests("phone", "+7905")
    assert after.digest("phone", "+7905") != after.digest("email", "+7905")
    assert len(after.digest("phone", "+7905")) == 32


def test_a_mac_is_short_and_holds_over_a_change_of_keys():
    before, after = Seal({"old": OLD}), Seal({"new": NEW, "old": OLD})
    token = before.mac("12.3", 8)
    assert len(token) == 8
    assert token.replace("-", "a").replace("_", "a").isalnum()
    assert after.is_mac("12.3", token)
    assert not after.is_mac("12.4", token)
    assert not after.is_mac("12.3", token[:4])
    assert not after.is_mac("12.3", "ключключ")


def test_keys_are_written_and_read():
    keys = new_keys()
    ((name, key),) = read_keys(keys).items()
    assert len(key) == 32
    both = read_keys(Secret(f"{keys.reveal()}, old:{'b' * 43}="))
    assert list(both) == [name, "old"]


@pytest.mark.parametrize("text", ["k1", "k1:c2hvcnQ=", "K1:x", ":x", "k1:%%%"])
def test_wrong_keys_are_refused_without_showing_them(text: str):
    with pytest.raises(KeysUnusable, match="key 1") as refused:
        read_keys(Secret(text))
    assert text not in str(refused.value)


def test_no_keys_are_refused():
    with pytest.raises(KeysUnusable):
        Seal(read_keys(Secret("")))


def test_r56_secrets_print_as_stars():
    for value in (Secret(CANARY), Personal(CANARY)):
        shown = f"{value} {value!r} {[value]} {value:>10} {json.dumps(str(value))}"
        assert CANARY not in shown
        assert value.reveal() == CANARY
    assert Secret("a") == Secret("a") != Personal("a")


async def test_r56_a_canary_is_not_in_the_files_of_the_database(new_sqlite):
    url = new_sqlite()
    seal = Seal({"k1": NEW})
    database = await open_database(url, exclusive=True)
    raw = seal.seal_text("inbox.raw_sealed", CANARY)
    event = {"source_key": "a", "kind": "message", "received_us": 1, "raw_sealed": raw}
    await database.commit(inbox.add([event]))
    folder = Path(url.removeprefix("sqlite:///")).parent
    found = [path for path in folder.iterdir() if CANARY.encode() in path.read_bytes()]
    assert found == []
    await database.close()
