"""Prints the known answer of src/shop_key/tests.rs, made by another implementation. Needs `cryptography`."""
import struct
import uuid

from cryptography.hazmat.primitives.ciphers.aead import AESGCM


def bound(*parts):
    return b"".join(struct.pack(">I", len(part)) + part for part in parts)


def counting(start, count):
    return bytes(range(start, start + count))


shop = uuid.UUID("0198c1a2-0000-7000-8000-000000000001").bytes
row = uuid.UUID("0198c1a2-0000-7000-8000-0000000000a1").bytes
table, column, kek_id, version = b"vault.access_notes", b"note", struct.pack(">i", 7), struct.pack(">q", 3)
shop_key, data_key = counting(0, 32), counting(100, 32)
wrap_nonce, nonce = counting(50, 12), counting(80, 12)

wrapped = AESGCM(shop_key).encrypt(wrap_nonce, data_key, bound(b"dek", b"\x01", shop, table, row, kek_id))
secret = AESGCM(data_key).encrypt(nonce, b"Side door, box 4417", bound(b"x", b"\x01", shop, table, row, column, version))
print((b"\x01\x01" + kek_id + wrap_nonce + wrapped + nonce + secret).hex())
