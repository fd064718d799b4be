"""Small files of every kind, made in code: valid as far as a messenger looks into them."""

import io
import math
import struct
import wave
import zlib
from pathlib import Path


def png(width: int = 8, height: int = 8, colour: tuple[int, int, int] = (58, 95, 200)) -> bytes:
    """A picture of one colour that every viewer opens."""
    row = b"\x00" + bytes(colour) * width
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(row * height)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, body) for name, body in parts)


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def wav(seconds: float = 0.2) -> bytes:
    """A quiet tone."""
    rate = 8000
    tone = [int(900 * math.sin(at / 5)) for at in range(int(rate * seconds))]
    held = io.BytesIO()
    with wave.open(held, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(struct.pack(f"<{len(tone)}h", *tone))
    return held.getvalue()


def ogg() -> bytes:
    """The first page of a voice: one Opus header."""
    head = b"OpusHead\x01\x01\x38\x01\x80\x3e\x00\x00\x00\x00\x00"
    return b"OggS\x00\x02" + bytes(8) + b"\x01\x00\x00\x00" + bytes(8) + b"\x01\x13" + head


def mp3() -> bytes:
    """A tag and one silent frame of 32 kbit/s."""
    return b"ID3\x04\x00\x00\x00\x00\x00\x00\xff\xfb\x10\xc4" + bytes(100)


def mp4() -> bytes:
    """A film without tracks."""
    brand = b"isom\x00\x00\x02\x00isommp41"
    movie = struct.pack(">I4s", 8 + 100, b"mvhd") + bytes(100)
    return _box(b"ftyp", brand) + _box(b"moov", movie)


def _box(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I4s", len(body) + 8, name) + body


def pdf() -> bytes:
    """A document of one empty page."""
    return b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


SAMPLES = {
    "photo.png": png(),
    "second.png": png(colour=(15, 118, 104)),
    "film.mp4": mp4(),
    "song.mp3": mp3(),
    "voice.ogg": ogg(),
    "circle.mp4": mp4() + b"round",
    "price.pdf": pdf(),
    "plan.pdf": pdf() + b"% plan\n",
}
"""One file of every kind, by name."""


def put_samples(folder: Path) -> None:
    """The files where funnels keep theirs."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in SAMPLES.items():
        (folder / name).write_bytes(content)
