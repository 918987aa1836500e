"""Prints the known answers of src/stream/tests.rs, made by another implementation. Needs `cryptography`."""

import hashlib
import hmac
import uuid

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY = bytes(range(32))
PREFIX = bytes([9, 8, 7, 6, 5, 4, 3])
SHOP = uuid.UUID(int=0x0198C1A2_0000_7000_8000_000000000001).bytes
FILE = uuid.UUID(int=0x0198C1A2_0000_7000_8000_0000000000F1).bytes
BOUND = b"file" + b"\x01" + SHOP + FILE + b"whole"
CHUNK = 65_536


def seal(content):
    key = hmac.new(KEY, b"derived-key" + BOUND, hashlib.sha256).digest()
    chunks = [content[at : at + CHUNK] for at in range(0, len(content), CHUNK)] or [b""]
    out = b"\x01\x31" + PREFIX
    for index, chunk in enumerate(chunks):
        last = bytes([index + 1 == len(chunks)])
        out += AESGCM(key).encrypt(PREFIX + index.to_bytes(4, "big") + last, chunk, BOUND)
    return out


print(seal(b"A photo of nothing").hex())
print(hashlib.sha256(seal(bytes(at % 251 for at in range(2 * CHUNK + 1)))).hexdigest())
