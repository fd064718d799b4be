"""`voronka backup`, `restore`, `hold`, `resume`: copies come back whole, and nothing by mistake."""

import asyncio
import json
import sqlite3
import tarfile
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import insert

from storage import hold, notes
from storage.database import open_database
from storage.seal import Seal, new_keys, read_keys
from storage.sqlite import runner_lock
from storage.tables import bots, identities, outbox, people, programs, runs, timers
from storage.work import Do

URL = "sqlite:///var/voronka.db"
DATABASE = Path("var/voronka.db")


@pytest.fixture
def base(voronka, project) -> Path:
    """A project with a migrated database and keys; commands are run in its folder."""
    keys = new_keys()
    (project / ".env").write_text(f"VORONKA_KEYS={keys.reveal()}\n", encoding="utf-8")
    assert voronka("db", "upgrade").exit_code == 0
    fill(Seal(read_keys(keys)), 2)
    return project


def fill(seal: Seal, count: int, first: int = 1) -> None:
    """People with sealed names, a bot, a run and a call that waits."""
    numbers = range(first, first + count)
    work = [
        Do(insert(people), [{"id": n, "uid": f"u{n}"} for n in numbers]),
        Do(
            insert(identities),
            [
                {
                    "id": n,
                    "person_id": n,
                    "bot_id": 1,
                    "external_id": str(n),
                    "name_sealed": seal.seal_json("identities.name_sealed", {"first_name": "Ян"}),
                }
                for n in numbers
            ],
        ),
    ]
    if first == 1:
        bot = {"id": 1, "name": "site", "channel": "web", "external_id": "?site"}
        call = {"bot_id": 1, "chat": "1", "person_id": 1, "lane": 1, "due_us": 1}
        work = [Do(insert(bots), [bot]), *work, Do(insert(outbox), [call])]
    commit(work)


def commit(work) -> None:
    async def run() -> None:
        database = await open_database(URL, exclusive=False)
        try:
            await database.commit(work)
        finally:
            await database.close()

    asyncio.run(run())


def told(statement: str, file: Path = DATABASE) -> list[tuple]:
    with closing(sqlite3.connect(file)) as database:
        return database.execute(statement).fetchall()


def held() -> dict:
    rows = told("SELECT value FROM meta WHERE key = 'hold'")
    return json.loads(rows[0][0]) if rows else {}


def copied(voronka, *words: str) -> Path:
    result = voronka("backup", *words)
    assert result.exit_code == 0, result.output
    return max(Path("var/backups").glob("*.tar")) if not words else Path(words[0])


def test_a_copy_comes_back_whole_and_on_hold(voronka, base):
    upload = Path("var/uploads/0a1b/ref1")
    upload.parent.mkdir(parents=True)
    upload.write_bytes(b"sealed")
    copy = copied(voronka)
    assert copy.stat().st_mode & 0o077 == 0
    keys = (base / ".env").read_text(encoding="utf-8").split(":")[1].strip()
    assert keys.encode() not in copy.read_bytes()
    fill(Seal(read_keys(secret(base))), 3, first=3)
    upload.unlink()
    refused = voronka("restore", copy)
    assert (refused.exit_code, "уже есть люди" in refused.output) == (2, True)
    result = voronka("restore", copy, "--force")
    assert result.exit_code == 0, result.output
    assert told("SELECT count(*) FROM people") == [(2,)]
    assert upload.read_bytes() == b"sealed"
    (before,) = Path("var").glob("voronka.db.before-restore-*")
    assert told("SELECT count(*) FROM people", before) == [(5,)]
    assert held()["why"] == "restored"
    assert "В очереди отправки: ответы 1 — отзовутся: возможно, уже ушли" in result.output
    assert told("PRAGMA integrity_check") == [("ok",)]
    assert told("SELECT seq > 1000000 FROM sqlite_sequence WHERE name = 'outbox'") == [(1,)]
    resumed = voronka("resume", "--yes")
    assert resumed.exit_code == 0, resumed.output
    assert held() == {}
    assert told("SELECT state FROM outbox") == [("withdrawn",)]
    assert told("SELECT action, data FROM audit") == [("resume", "copy")]


def secret(base):
    from voronka.settings import read_settings

    return read_settings(base).get("VORONKA_KEYS")


def test_a_copy_is_made_while_somebody_writes_and_holds_one_moment(voronka, base):
    with closing(sqlite3.connect(DATABASE, isolation_level=None)) as writer:
        writer.execute("INSERT INTO meta VALUES ('a', '1')")
        writer.execute("BEGIN IMMEDIATE")
        writer.execute("UPDATE meta SET value = '2' WHERE key = 'a'")
        copy = copied(voronka, "copy.tar")
        writer.execute("COMMIT")
    with tarfile.open(copy) as archive:
        archive.extractall("out", filter="data")
    assert told("SELECT value FROM meta WHERE key = 'a'", Path("out/voronka.db")) == [("1",)]
    assert told("SELECT count(*) FROM meta WHERE key = 'copy'", Path("out/voronka.db")) == [(1,)]
    assert told("SELECT count(*) FROM meta WHERE key = 'copy'") == [(0,)]


def test_a_file_is_not_replaced_unasked_and_older_copies_go(voronka, base):
    copy = copied(voronka, "copy.tar")
    refused = voronka("backup", copy)
    assert (refused.exit_code, "--force" in refused.output) == (2, True)
    assert voronka("backup", copy, "--force").exit_code == 0
    folder = Path("var/backups")
    folder.mkdir(parents=True)
    for day in range(1, 5):
        (folder / f"voronka-2026-01-0{day}-030000.tar").write_bytes(b"old")
    (folder / "mine.tar").write_bytes(b"mine")
    assert voronka("backup", "--keep", "2").exit_code == 0
    names = sorted(each.name for each in folder.iterdir())
    assert names[:2] == ["mine.tar", "voronka-2026-01-04-030000.tar"]
    assert len(names) == 3
    assert voronka("backup", "/proc/none/copy.tar").exit_code == 2


def test_a_running_program_is_not_restored_over(voronka, base):
    copy = copied(voronka)
    with runner_lock(DATABASE):
        refused = voronka("restore", copy, "--force")
    assert (refused.exit_code, "сначала остановите его" in refused.output) == (2, True)
    assert held() == {}
    assert not list(Path("var").glob("*before-restore*"))


def spoil(copy: Path, change) -> None:
    data = bytearray(copy.read_bytes())
    copy.write_bytes(bytes(change(data)))


SPOILED = {
    "cut": lambda data: data[: len(data) // 2],
    "changed": lambda data: data[:200_000] + b"\xff" * 100 + data[200_100:],
    "nonsense": lambda _: b"nonsense" * 1_000,
    "empty": lambda _: b"",
}


@pytest.mark.parametrize("how", SPOILED)
def test_a_spoiled_copy_changes_nothing(voronka, base, how):
    copy = copied(voronka)
    spoil(copy, SPOILED[how])
    before = DATABASE.read_bytes()
    refused = voronka("restore", copy, "--force")
    assert (refused.exit_code, "возьмите другую" in refused.output) == (2, True), refused.output
    assert DATABASE.read_bytes() == before


def repacked(copy: Path, **changes) -> None:
    """The copy with another list and, perhaps, one more file."""
    with tarfile.open(copy) as archive:
        archive.extractall("inside", filter="data")
    list_path = Path("inside/manifest.json")
    manifest = json.loads(list_path.read_text(encoding="utf-8"))
    list_path.write_text(json.dumps({**manifest, **changes}), encoding="utf-8")
    with tarfile.open(copy, "w") as archive:
        for name in ("manifest.json", "voronka.db"):
            archive.add(f"inside/{name}", name)


def test_a_copy_of_another_project_or_of_a_newer_program_is_refused(voronka, base):
    copy = copied(voronka, "copy.tar")
    repacked(copy, project="other")
    refused = voronka("restore", copy)
    assert "копия проекта «other»" in refused.output
    copy = copied(voronka, "second.tar")
    with tarfile.open(copy) as archive:
        archive.extractall("newer", filter="data")
    with closing(sqlite3.connect("newer/voronka.db", isolation_level=None)) as file:
        file.execute("UPDATE meta SET value = '9000' WHERE key IN ('schema', 'compatible_from')")
    from voronka.archives import listed

    known = listed(Path("newer/voronka.db"))
    path = Path("newer/manifest.json")
    manifest = json.loads(path.read_text(encoding="utf-8"))
    manifest["files"]["voronka.db"] = {"size": known.size, "sha256": known.sha256}
    path.write_text(json.dumps(manifest), encoding="utf-8")
    with tarfile.open(copy, "w") as archive:
        for name in ("manifest.json", "voronka.db"):
            archive.add(f"newer/{name}", name)
    refused = voronka("restore", copy, "--force")
    assert (refused.exit_code, "более новая Воронка" in refused.output) == (2, True)
    assert told("SELECT count(*) FROM people") == [(2,)]


def test_an_older_schema_comes_back_and_is_told(voronka, base):
    with closing(sqlite3.connect(DATABASE, isolation_level=None)) as file:
        file.execute("UPDATE meta SET value = '0003' WHERE key = 'schema'")
    copy = copied(voronka)
    result = voronka("restore", copy, "--force")
    assert result.exit_code == 0, result.output
    assert "Схема копии 0003" in result.output
    assert held()["why"] == "restored"
    assert (voronka("resume").exit_code, voronka("backup").exit_code) == (2, 0)


@pytest.mark.parametrize(
    "name", ["../out", "uploads/../../out", "/etc/x", "uploads/a/b/c", "a.db"]
)
def test_a_copy_puts_no_file_outside(voronka, base, name):
    copy = copied(voronka, "copy.tar")
    repacked(
        copy, files={name: {"size": 0, "sha256": ""}, "voronka.db": {"size": 0, "sha256": ""}}
    )
    assert voronka("restore", copy, "--force").exit_code == 2
    assert not (base.parent / "out").exists()


def test_another_key_is_told_at_both_ends(voronka, base):
    copy = copied(voronka)
    (base / ".env").write_text(f"VORONKA_KEYS={new_keys().reveal()}\n", encoding="utf-8")
    made = voronka("backup", "other.tar")
    assert (made.exit_code, "не открываются" in made.output) == (1, True)
    refused = voronka("restore", copy, "--force")
    assert (refused.exit_code, "не открываются ключом" in refused.output) == (2, True)
    assert told("SELECT count(*) FROM people") == [(2,)]


def test_a_person_holds_everything_and_lets_it_go(voronka, base):
    result = voronka("hold", "--reason", "проверяем цены")
    assert (result.exit_code, "проверяем цены" in result.output) == (0, True)
    assert held()["why"] == "by_hand"
    shown = voronka("resume")
    assert (shown.exit_code, "Ничего не изменено" in shown.output) == (1, True)
    assert "ответы 1 — уйдут" in shown.output
    assert voronka("resume", "--yes").exit_code == 0
    assert told("SELECT state FROM outbox") == [("queued",)]
    assert "не придержана" in voronka("resume").output


def test_a_database_of_unknown_age_asks_which_it_is(voronka, base):
    commit(hold.begin(hold.Hold(hold.MOVED, 5)))
    asked = voronka("resume", "--yes")
    assert (asked.exit_code, "--latest" in asked.output) == (2, True)
    assert voronka("resume", "--yes", "--latest", "--copy").exit_code == 2
    assert voronka("resume", "--yes", "--latest", "--skip-letters").exit_code == 2
    assert voronka("resume", "--yes", "--latest").exit_code == 0
    assert told("SELECT state FROM outbox") == [("queued",)]


def test_overdue_letters_are_told_with_what_becomes_of_them(voronka, base):
    funnel = (base / "funnels/small.yaml").read_text(encoding="utf-8") + (
        "series:\n  news:\n    letters:\n      - {id: one, when: +1d, say: Раз, late: skip}\n"
        "      - {id: two, when: +1d, say: Два}\n"
        "      - {id: ad, when: +1d, say: Три, kind: advertising, erid: abc, advertiser: ООО Мост}\n"
    )
    letters(base, funnel, ["one", "two", "ad"])
    commit(hold.begin(hold.Hold(hold.RESTORED, 5, 0, 10**15)))
    lines = voronka("resume").output.splitlines()
    assert "Писем просрочено: 3" in lines
    assert "  small · news.one — пропустятся: опоздали 1" in lines
    assert "  small · news.two — уйдут 1" in lines
    assert "  small · news.ad — не повторятся: возможно, уже ушли 1" in lines
    assert "news.ad — уйдут 1" in voronka("resume", "--latest").output
    skipped = voronka("resume", "--skip-letters", "--yes").output
    assert skipped.count("не повторятся") == 3
    assert told("SELECT value FROM meta WHERE key = 'lost_until'") == [(f"{10**15} letters",)]


def letters(base: Path, text: str, ids: list[str]) -> None:
    """A run for each letter, its timer due long ago."""
    seal = Seal(read_keys(secret(base)))
    work = [Do(insert(programs), [{"id": 1, "funnel": "small", "hash": "h", "text": text}])]
    for number, letter in enumerate(ids, 1):
        series = {
            "letter": letter,
            "previous_us": 1,
            "started_us": 1,
            "planned_us": 10,
            "due_us": 10,
        }
        state = run_state(number, {"news": series})
        work += [
            Do(
                insert(runs),
                [
                    {
                        "id": number,
                        "identity_id": 1,
                        "person_id": 1,
                        "funnel": "small",
                        "program_id": 1,
                        "number": number,
                        "entered_us": 1,
                        "ended_us": number,
                        "state_sealed": seal.seal_json("runs.state_sealed", state),
                    }
                ],
            ),
            Do(
                insert(timers),
                [{"person_id": 1, "run_id": number, "name": "series:news", "due_us": 10}],
            ),
        ]
    commit(work)


def run_state(number: int, series: dict) -> dict:
    from flows.state import Run, SeriesRun, run_to_json

    made = {name: SeriesRun(**told) for name, told in series.items()}
    return run_to_json(Run(number=number, funnel="small", program="h", entered_us=1, series=made))


def test_a_copy_marked_by_hand_leaps_and_is_told(voronka, base):
    result = voronka("hold", "--copy", "--reason", "pg_restore")
    assert (result.exit_code, "возвращена из копии" in result.output) == (0, True)
    assert held()["why"] == "restored"
    assert told("SELECT seq > 1000000 FROM sqlite_sequence WHERE name = 'outbox'") == [(1,)]
    commit(notes.put("a", "b"))
