"""What is kept about people but may not be read from the database: sealed fields, and tags that tell equality."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from quizapp.rules.draw import hmac256, pack

_KEY_ID, _NONCE = 4, 12  # lengths of what stands before the sealed bytes


@dataclass(frozen=True, repr=False)
class Vault:
    """The two keys for personal data (fairness §9): one seals fields, another makes tags."""

    field_key: bytes
    tag_key: bytes

    @classmethod
    def of(cls, field_key: str, tag_key: str) -> Vault:
        """A vault from the hex digits of the settings."""
        return cls(bytes.fromhex(field_key), bytes.fromhex(tag_key))

    @property
    def key_id(self) -> bytes:
        """Says which key sealed a field, so that keys can be changed one day."""
        return hashlib.sha256(b"quiz-field-key-1" + self.field_key).digest()[:_KEY_ID]

    def seal(self, text: str, *, table: str, column: str, row: str) -> bytes:
        """`text` sealed for one place; moved to another row or column it no longer opens."""
        nonce = secrets.token_bytes(_NONCE)
        sealed = AESGCM(self.field_key).encrypt(nonce, text.encode(), pack(table, column, row))
        return self.key_id + nonce + sealed

    def open(self, sealed: bytes, *, table: str, column: str, row: str) -> str:
        """What was sealed for this place; raises `cryptography.exceptions.InvalidTag` for anything else."""
        nonce, rest = sealed[_KEY_ID : _KEY_ID + _NONCE], sealed[_KEY_ID + _NONCE :]
        return AESGCM(self.field_key).decrypt(nonce, rest, pack(table, column, row)).decode()

    def tag(self, kind: str, text: str) -> str:
        """A value that is equal for equal texts of a kind and says nothing else."""
        return hmac256(self.tag_key, pack("quiz-tag-1", kind, text)).hex()
