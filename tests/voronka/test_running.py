"""`voronka run` as a program: it starts, follows the files, stops, and refuses with a sentence."""

import asyncio
import os
import re
import signal
import socket
import sqlite3
import sys
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import ClientSession, CookieJar

ROOT = Path(__file__).parents[2]
PROJECT_ADDRESS = re.compile(r"listen: (\S+)")
FUNNEL = """\
funnel: hello
title: Привет
entry: [start]
flows:
  main:
    - Здравствуйте!
"""
PROJECT = """\
project: small
bots:
  site: {{channel: web, funnels: [hello]}}
  tg: {{channel: telegram, token: $NOBODY_SET_THIS, funnels: [hello]}}
listen: 127.0.0.1:{port}
"""


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    project = tmp_path / "project"
    (project / "funnels").mkdir(parents=True)
    (project / "voronka.yaml").write_text(PROJECT.format(port=free_port()), encoding="utf-8")
    (project / "funnels/hello.yaml").write_text(FUNNEL, encoding="utf-8")
    return project


class Program:
    """A running `voronka run` whose lines are read one by one."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process
        self.seen: list[str] = []

    async def until(self, words: str) -> str:
        """The first line from now on that has the words."""
        assert self.process.stdout is not None
        while line := (await self.process.stdout.readline()).decode():
            self.seen.append(line)
            if words in line:
                return line
        raise AssertionError(f"no line with {words!r} in:\n{''.join(self.seen)}")

    async def end(self) -> int:
        """The exit code after Ctrl-C."""
        self.process.send_signal(signal.SIGINT)
        assert self.process.stdout is not None
        self.seen.append((await self.process.stdout.read()).decode())
        return await self.process.wait()


@asynccontextmanager
async def program(folder: Path, *options: str, language: str = "ru"):
    environment = {**os.environ, "VORONKA_LANGUAGE": language, "PYTHONPATH": str(ROOT)}
    environment.pop("VORONKA_KEYS", None)
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-u", "-m", "voronka", "run", *options, cwd=folder, env=environment,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    try:
        yield Program(process)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def refusal(folder: Path, *options: str, language: str = "ru") -> tuple[int, str]:
    """The exit code of a run that does not start, and what it printed."""
    async with program(folder, *options, language=language) as started:
        printed, _ = await started.process.communicate()
        return started.process.returncode, printed.decode()


async def test_it_makes_keys_says_where_the_chat_is_and_stops_cleanly(folder: Path):
    async with program(folder) as running:
        assert "/chat/site" in await running.until("/chat/site")
        await running.until("Воронка работает")
        assert await running.end() == 0
    printed = "".join(running.seen)
    assert "NOBODY_SET_THIS" in printed
    keys = (folder / ".env").read_text(encoding="utf-8")
    assert keys.startswith("VORONKA_KEYS=")
    assert keys.strip().split("=", 1)[1] not in printed
    assert (folder / ".env").stat().st_mode & 0o077 == 0


async def test_a_changed_funnel_serves_newcomers_and_a_broken_one_changes_nothing(folder: Path):
    funnel = folder / "funnels/hello.yaml"
    async with program(folder) as running:
        await running.until("Воронка работает")
        funnel.write_text(FUNNEL.replace("main:", "mian:"), encoding="utf-8")
        await running.until("no-main")
        await running.until("прежнюю версию")
        funnel.write_text(FUNNEL.replace("Здравствуйте!", "Добрый день!"), encoding="utf-8")
        assert "0 внутри" in await running.until("Обновлено: hello")
        assert await running.end() == 0


async def test_a_second_run_on_the_same_database_is_refused(folder: Path):
    async with program(folder) as running:
        await running.until("Воронка работает")
        project = (folder / "voronka.yaml").read_text(encoding="utf-8")
        listen = f"listen: 127.0.0.1:{free_port()}\n"
        kept = [line for line in project.splitlines(keepends=True) if "listen" not in line]
        (folder / "voronka.yaml").write_text("".join(kept) + listen, encoding="utf-8")
        code, printed = await refusal(folder)
        assert (code, printed.splitlines()[-1]) == (
            2,
            "Этот проект уже запущен другим процессом: сначала остановите его.",
        )
        assert await running.end() == 0


async def test_a_taken_port_is_named(folder: Path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        (folder / "voronka.yaml").write_text(PROJECT.format(port=port), encoding="utf-8")
        code, printed = await refusal(folder, language="en")
    assert code == 2
    told = f"Another program has the port 127.0.0.1:{port}. Set another in `listen`."
    assert printed.splitlines()[-1] == told


async def test_strict_wants_every_token_and_never_starts_without_one(folder: Path):
    code, printed = await refusal(folder, "--strict")
    assert code == 2
    assert printed.splitlines()[-1] == "Нет токенов: tg ($NOBODY_SET_THIS). Впишите их в .env."


async def test_a_token_that_cannot_be_one_is_not_printed(folder: Path):
    (folder / ".env").write_text("NOBODY_SET_THIS=not-a-token-but-secret\n", encoding="utf-8")
    code, printed = await refusal(folder)
    assert code == 2
    assert printed.splitlines()[-1] == "Бот «tg»: в $NOBODY_SET_THIS — не токен."
    assert "not-a-token" not in printed


async def test_a_database_from_the_future_is_left_alone(folder: Path):
    async with program(folder) as running:
        await running.until("Воронка работает")
        assert await running.end() == 0
    with sqlite3.connect(folder / "var/voronka.db") as database:
        database.execute(
            "UPDATE meta SET value = '9999' WHERE key IN ('schema', 'compatible_from')"
        )
        database.execute("UPDATE alembic_version SET version_num = '9999'")
    database.close()
    code, printed = await refusal(folder)
    assert code == 2
    assert "более новая Воронка" in printed.splitlines()[-1]


async def test_a_picture_that_is_not_there_stops_the_start(folder: Path):
    funnel = FUNNEL + "    - {say: Смотрите, photo: media/none.jpg}\n"
    (folder / "funnels/hello.yaml").write_text(funnel, encoding="utf-8")
    code, printed = await refusal(folder)
    assert code == 1
    assert "funnels/hello.yaml:7:30" in printed
    assert "media/none.jpg" in printed


async def test_keys_of_another_project_are_told_in_a_sentence(folder: Path):
    (folder / ".env").write_text("VORONKA_KEYS=nonsense\n", encoding="utf-8")
    code, printed = await refusal(folder)
    assert code == 2
    assert printed.splitlines()[-1].startswith("VORONKA_KEYS не читается:")
    assert "nonsense" not in printed


async def test_a_database_that_cannot_be_reached_is_told_without_its_password(folder: Path):
    project = (folder / "voronka.yaml").read_text(encoding="utf-8")
    (folder / "voronka.yaml").write_text(project + "database: $THE_DATABASE\n", encoding="utf-8")
    url = f"postgresql://voronka:pa55word@127.0.0.1:{free_port()}/none"
    (folder / ".env").write_text(f"THE_DATABASE={url}\n", encoding="utf-8")
    code, printed = await refusal(folder)
    assert code == 2
    assert printed.splitlines()[-1].startswith("PostgreSQL не отвечает")
    assert "pa55word" not in printed


async def test_a_running_program_is_ready_and_its_metrics_want_their_token(folder: Path):
    token = "a-token-of-24-characters"
    (folder / ".env").write_text(f"VORONKA_METRICS_TOKEN={token}\n", encoding="utf-8")
    base = PROJECT_ADDRESS.findall((folder / "voronka.yaml").read_text(encoding="utf-8"))[0]
    async with program(folder) as running, ClientSession() as asking:
        await running.until("Воронка работает")
        for path, headers, status in (
            ("/healthz", {}, 200),
            ("/readyz", {}, 200),
            ("/metrics", {}, 401),
            ("/metrics", {"Authorization": f"Bearer {token}"}, 200),
        ):
            async with asking.get(f"http://{base}{path}", headers=headers) as answer:
                text = await answer.text()
            assert answer.status == status, (path, text)
        assert 'voronka_bot_up{bot="site"} 1.0' in text
        assert await running.end() == 0


async def test_a_short_metrics_token_is_a_sentence(folder: Path):
    (folder / ".env").write_text("VORONKA_METRICS_TOKEN=short\n", encoding="utf-8")
    code, printed = await refusal(folder)
    assert code == 2
    assert "VORONKA_METRICS_TOKEN короче 16 знаков" in printed


async def test_an_open_page_does_not_hold_the_stop(folder: Path):
    base = PROJECT_ADDRESS.findall((folder / "voronka.yaml").read_text(encoding="utf-8"))[0]
    async with (
        program(folder) as running,
        ClientSession(cookie_jar=CookieJar(unsafe=True)) as asking,
    ):
        await running.until("Воронка работает")
        async with asking.get(f"http://{base}/chat/site") as page:
            assert page.status == 200
        feed = f"http://{base}/chat/site/feed"
        async with asking.get(feed, headers={"Accept": "text/event-stream"}) as stream:
            assert stream.status == 200
            assert await stream.content.readline()
            async with asyncio.timeout(10):
                assert await running.end() == 0
