"""Sealing of what is personal: AES-256-GCM for columns, HMAC for look-ups and button tokens."""

import base64
import binascii
import hashlib
import hmac
import json
import os
import re
from collections.abc import Mapping
from typing import Any, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from flows.secrecy import Secret

KEY_BYTES: Final = 32
NONCE_BYTES: Final = 12
KEY_ID: Final = re.compile(r"[a-z0-9]{1,16}")


class KeysUnusable(Exception):
    """`VORONKA_KEYS` cannot be read; the sentence says why and never shows a key."""


class KeysMissing(KeysUnusable):
    """There is none."""

    def __init__(self) -> None:
        super().__init__("There is no key to seal personal data with: set VORONKA_KEYS.")


class KeyNameless(KeysUnusable):
    """A key without an id of its own."""

    def __init__(self, number: int) -> None:
        super().__init__(f"VORONKA_KEYS: key {number} needs an id of its own like k1.")
        self.number = number


class KeyMisshapen(KeysUnusable):
    """A key of another length, or not in base64."""

    def __init__(self, number: int) -> None:
        super().__init__(f"VORONKA_KEYS: key {number} is not {KEY_BYTES} bytes in base64.")
        self.number, self.bytes = number, KEY_BYTES


class SealBroken(Exception):
    """A sealed value does not open: unknown key, wrong column or damaged bytes."""


class KeyUnknown(SealBroken):
    """It was sealed with a key that we have not."""

    def __init__(self, place: str) -> None:
        super().__init__(f"{place} is sealed with a key that VORONKA_KEYS does not hold.")
        self.place = place


class SealDamaged(SealBroken):
    """Its bytes are not those that were sealed there."""

    def __init__(self, place: str) -> None:
        super().__init__(f"{place} does not open: its bytes are damaged or moved.")
        self.place = place


class Seal:
    """Seals with the first of the keys and opens with any of them."""

    def __init__(self, keys: Mapping[str, bytes]) -> None:
        """Take keys of 32 bytes by id, the one to seal with first."""
        if not keys:
            raise KeysMissing
        self._ciphers = {name: AESGCM(_derived(key, b"seal")) for name, key in keys.items()}
        self._digest_keys = [_derived(key, b"digest") for key in keys.values()]
        self._mac_keys = [_derived(key, b"mac") for key in keys.values()]
        self._first = next(iter(keys))
        self._head = bytes([len(self._first)]) + self._first.encode()

    def seal(self, place: str, data: bytes) -> bytes:
        """Key id ‖ nonce ‖ ciphertext, bound to `place` (`"table.column"`)."""
        nonce = os.urandom(NONCE_BYTES)
        return self._head + nonce + self._ciphers[self._first].encrypt(nonce, data, place.encode())

    def open(self, place: str, sealed: bytes) -> bytes:
        """The bytes sealed for `place`; `SealBroken` if they do not open."""
        start = 1 + sealed[0] if sealed else 0
        cipher = self._ciphers.get(sealed[1:start].decode("ascii", "replace"))
        if cipher is None:
            raise KeyUnknown(place)
        nonce = sealed[start : start + NONCE_BYTES]
        try:
            return cipher.decrypt(nonce, sealed[start + NONCE_BYTES :], place.encode())
        except (InvalidTag, ValueError):
            raise SealDamaged(place) from None

    def seal_text(self, place: str, text: str) -> bytes:
        """The sealed UTF-8 of a text."""
        return self.seal(place, text.encode())

    def open_text(self, place: str, sealed: bytes) -> str:
        """The text sealed by `seal_text`."""
        return self.open(place, sealed).decode()

    def seal_json(self, place: str, value: Any) -> bytes:
        """The sealed JSON of a value; halves of characters, which no text can hold, become "?"."""
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        return self.seal(place, text.encode("utf-8", "replace"))

    def open_json(self, place: str, sealed: bytes) -> Any:
        """The value sealed by `seal_json`."""
        return json.loads(self.open(place, sealed))

    def is_current(self, sealed: bytes) -> bool:
        """Whether the first key sealed it (after a change of keys the others are sealed anew)."""
        return sealed.startswith(self._head)

    def digest(self, kind: str, value: str) -> bytes:
        """32 bytes to store beside a sealed phone or e-mail and find it by."""
        return _hmac(self._digest_keys[0], kind, value)

    def digests(self, kind: str, value: str) -> list[bytes]:
        """The digests under every key, for a look-up while keys are being changed."""
        return [_hmac(key, kind, value) for key in self._digest_keys]

    def secret(self, purpose: str) -> str:
        """A secret of its own for signing what leaves the house, hexadecimal."""
        return self.secrets(purpose)[0]

    def secrets(self, purpose: str) -> list[str]:
        """The same under every key, while keys are being changed."""
        return [_hmac(key, "secret", purpose).hex() for key in self._digest_keys]

    def mac(self, text: str, length: int = 8) -> str:
        """A short proof that the program wrote `text`: `length` URL-safe characters (6 bits each)."""
        return _short(self._mac_keys[0], text, length)

    def is_mac(self, text: str, mac: str) -> bool:
        """Whether `mac` was made for `text` by any of the keys; takes the same time for all."""
        given = mac.encode()
        fits = [
            hmac.compare_digest(_short(k, text, len(mac)).encode(), given) for k in self._mac_keys
        ]
        return len(mac) >= 8 and any(fits)


def read_keys(text: Secret) -> dict[str, bytes]:
    """Keys by id from `id:base64,id:base64`, in that order; `KeysUnusable` if they are not."""
    keys: dict[str, bytes] = {}
    for number, part in enumerate(filter(None, text.reveal().replace(" ", "").split(",")), 1):
        name, _, encoded = part.partition(":")
        if not KEY_ID.fullmatch(name) or name in keys:
            raise KeyNameless(number)
        keys[name] = _decoded(number, encoded)
    return keys


def new_keys() -> Secret:
    """One fresh key in the form that `VORONKA_KEYS` takes."""
    encoded = base64.b64encode(os.urandom(KEY_BYTES)).decode()
    return Secret(f"k{os.urandom(2).hex()}:{encoded}")


def _decoded(number: int, encoded: str) -> bytes:
    try:
        key = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != KEY_BYTES:
        raise KeyMisshapen(number)
    return key


def _derived(key: bytes, purpose: bytes) -> bytes:
    return hmac.digest(key, b"voronka " + purpose, "sha256")


def _hmac(key: bytes, kind: str, value: str) -> bytes:
    return hmac.digest(key, f"{kind}\0{value}".encode(), hashlib.sha256)


def _short(key: bytes, text: str, length: int) -> str:
    full = base64.urlsafe_b64encode(hmac.digest(key, text.encode(), "sha256")).decode()
    return full[:length]
