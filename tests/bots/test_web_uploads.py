"""Files of visitors: what is taken, how it is kept, and who gets it back."""

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from bots.vault import MOST_BYTES, MOST_FILES, Vault
from bots.web.channel import hear
from bots.web.chat import FILES_A_MINUTE
from bots.web.limits import Limit
from bots.web.uploading import picture_type, raw_file
from flows.events import FileSent
from storage.seal import Seal, SealBroken
from storage.tables import inbox
from tests.bots.web_stage import Stage, open_stage
from tests.emulators.telegram.media import sample_png

PDF = b"%PDF-1.7 secret words"


@pytest.fixture
async def stage(new_sqlite, tmp_path: Path):
    """A chat that takes files."""
    made = await open_stage(new_sqlite())
    made.chat.vault = Vault(tmp_path / "uploads", made.house.seal)
    made.chat.givers = Limit(FILES_A_MINUTE, lambda: 0.0)
    yield made
    await made.close()


async def visitor(stage: Stage, address: str = "203.0.113.5"):
    """A browser that has opened the chat."""
    browser = stage.browser(address)
    (await browser.get("/chat/site")).raise_for_status()
    return browser


async def upload(browser, data: bytes, name: str = "a.pdf", number: int = 1, **headers):
    """Post a file."""
    return await browser.post(
        "/chat/site/upload",
        params={"id": f"client-{number:03}"},
        content=data,
        headers={"X-File-Name": name, "Content-Type": "text/html", **headers},
    )


async def arrived(stage: Stage) -> list[dict]:
    """The raw events that were stored."""
    rows = await stage.house.database.fetch(select(inbox).order_by(inbox.c.id))
    return [stage.house.seal.open_json("inbox.raw_sealed", row.raw_sealed) for row in rows]


def kept(folder: Path) -> list[Path]:
    """The files in the vault."""
    return [path for path in (folder / "uploads").rglob("*") if path.is_file()]


async def test_a_file_is_kept_sealed_and_told_of(stage, tmp_path):
    browser = await visitor(stage)
    answer = await upload(browser, PDF, "%D0%B4%D0%BE%D0%B3.pdf")
    assert answer.status_code == 200
    (raw,) = await arrived(stage)
    assert (raw["file"]["name"], raw["file"]["size"]) == ("дог.pdf", len(PDF))
    assert raw["file"]["mime"] == "application/pdf"  # not what the sender says of it
    (path,) = kept(tmp_path)
    assert path.name == raw["file"]["ref"]
    assert b"secret" not in path.read_bytes()
    back = await browser.get(f"/chat/site/files/{path.name}")
    assert back.content == PDF


async def test_the_page_shows_the_button_only_where_files_are_taken(stage):
    browser = await visitor(stage)
    assert 'id="attach"' in (await browser.get("/chat/site")).text
    stage.chat.vault = None
    assert 'id="attach"' not in (await browser.get("/chat/site")).text
    assert (await upload(browser, PDF)).status_code == 404


async def test_a_repeat_is_one_file_and_one_event(stage, tmp_path):
    browser = await visitor(stage)
    for _ in range(2):
        assert (await upload(browser, PDF)).status_code == 200
    assert len(await arrived(stage)) == len(kept(tmp_path)) == 1


@pytest.mark.parametrize(
    ("size", "status"), [(0, 400), (1, 200), (MOST_BYTES, 200), (MOST_BYTES + 1, 413)]
)
async def test_a_file_has_up_to_ten_megabytes(stage, tmp_path, size, status):
    browser = await visitor(stage)
    answer = await upload(browser, b"x" * size)
    assert answer.status_code == status
    assert len(await arrived(stage)) == len(kept(tmp_path)) == (status == 200)
    if status == 413:
        assert answer.json()["error"] == "Файл больше 10 МБ."


async def test_a_visitor_has_so_many_files_and_no_more(stage, tmp_path):
    stage.chat.givers = Limit(10_000, lambda: 0.0)
    browser = await visitor(stage)
    for number in range(MOST_FILES):
        assert (await upload(browser, PDF, number=number)).status_code == 200
    assert (await upload(browser, PDF, number=MOST_FILES)).status_code == 413
    assert (await upload(browser, PDF, number=0)).status_code == 200  # a repeat needs no room
    assert len(kept(tmp_path)) == MOST_FILES


async def test_a_full_disk_takes_no_files(stage, tmp_path):
    stage.chat.vault = replace(stage.chat.vault, spare=2**62)
    assert (await upload(await visitor(stage), PDF)).status_code == 413
    assert kept(tmp_path) == []


async def test_files_come_a_few_a_minute_from_an_address(stage):
    first, second = await visitor(stage), await visitor(stage)
    for number in range(FILES_A_MINUTE // 2):
        assert (await upload(first, PDF, number=number)).status_code == 200
        assert (await upload(second, PDF, number=number)).status_code == 200
    assert (await upload(second, PDF, number=99)).status_code == 429
    elsewhere = await visitor(stage, "198.51.100.7")
    assert (await upload(elsewhere, PDF)).status_code == 200


async def test_nobody_else_gets_a_visitors_file(stage, tmp_path):
    owner, other = await visitor(stage), await visitor(stage)
    await upload(owner, PDF)
    (path,) = kept(tmp_path)
    assert (await owner.get(f"/chat/site/files/{path.name}")).status_code == 200
    assert (await other.get(f"/chat/site/files/{path.name}")).status_code == 404
    assert (await stage.browser().get(f"/chat/site/files/{path.name}")).status_code == 401
    foreign = {"Sec-Fetch-Site": "cross-site"}
    refused = await owner.get(f"/chat/site/files/{path.name}", headers=foreign)
    assert refused.status_code == 403
    assert (await upload(owner, PDF, number=2, **foreign)).status_code == 403


@pytest.mark.parametrize("ref", ["%2e%2e%2fx", "a" * 31, "A" * 32, "a" * 32, "x/../y"])
async def test_a_name_that_is_no_reference_opens_nothing(stage, ref):
    browser = await visitor(stage)
    assert (await browser.get(f"/chat/site/files/{ref}")).status_code == 404


@pytest.mark.parametrize("number", ["", "short", "with space", "../../etc", "x" * 65])
async def test_an_upload_without_an_id_is_refused(stage, number):
    browser = await visitor(stage)
    answer = await browser.post("/chat/site/upload", params={"id": number}, content=PDF)
    assert answer.status_code == 400


async def test_a_page_in_disguise_is_only_saved(stage, tmp_path):
    browser = await visitor(stage)
    await upload(browser, b"<script>alert(1)</script>", "photo.png")
    (path,) = kept(tmp_path)
    back = await browser.get(f"/chat/site/files/{path.name}")
    assert back.headers["content-type"] == "application/octet-stream"
    assert back.headers["content-disposition"] == "attachment"
    assert back.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in back.headers["content-security-policy"]


def test_a_picture_is_told_by_its_bytes():
    assert raw_file("r", "x.pdf", sample_png(), "ru")["file"]["kind"] == "photo"
    assert raw_file("r", "x.png", PDF, "ru")["file"]["kind"] == "file"
    assert raw_file("r", "x.mp4", PDF, "ru")["file"]["kind"] == "video"
    assert picture_type(b"RIFF\x00\x00\x00\x00WEBPVP8 ") == "image/webp"


def test_a_vaults_file_opens_only_where_it_was_put(tmp_path):
    vault = Vault(tmp_path, Seal({"k1": bytes(32)}))
    assert vault.put("anna", "a" * 32, PDF)
    assert vault.get("anna", "a" * 32) == PDF
    assert vault.get("boris", "a" * 32) is None
    (tmp_path / "boris").mkdir()
    (tmp_path / "anna" / ("a" * 32)).rename(tmp_path / "boris" / ("a" * 32))
    with pytest.raises(SealBroken):
        vault.get("boris", "a" * 32)


def test_the_chat_hears_the_file():
    event = hear(raw_file("r" * 32, "a.pdf", PDF, "ru")).event
    assert isinstance(event, FileSent)
    assert (event.files[0].name, event.files[0].size) == ("a.pdf", len(PDF))
