//! What sealed bytes are bound to: additional data, each part with its length in front, so that no two places read
//! the same.

use uuid::Uuid;

/// Version of the whole format; the first byte of everything sealed.
pub(crate) const FORMAT: u8 = 1;

/// Where a secret lives inside its shop. Bytes sealed for one place do not open in another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place<'a> {
    /// The table, such as `vault.access_notes`.
    pub table: &'a str,
    /// The row's id.
    pub row: Uuid,
    /// The column.
    pub column: &'a str,
    /// The row's version: bytes of an older version put back do not open.
    pub version: i64,
}

/// Additional data of a secret.
pub(crate) fn secret(shop: Uuid, place: &Place<'_>) -> Vec<u8> {
    let version = place.version.to_be_bytes();
    parts(&[
        b"x",
        &[FORMAT],
        shop.as_bytes(),
        place.table.as_bytes(),
        place.row.as_bytes(),
        place.column.as_bytes(),
        &version,
    ])
}

/// Additional data of the data key wrapped beside a secret.
pub(crate) fn data_key(shop: Uuid, place: &Place<'_>, kek_id: i32) -> Vec<u8> {
    let generation = kek_id.to_be_bytes();
    parts(&[b"dek", &[FORMAT], shop.as_bytes(), place.table.as_bytes(), place.row.as_bytes(), &generation])
}

/// Additional data of a wrapped shop key.
pub(crate) fn shop_key(shop: Uuid, kek_id: i32) -> Vec<u8> {
    parts(&[b"shop", &[FORMAT], shop.as_bytes(), &kek_id.to_be_bytes()])
}

/// Additional data of a shop key that a lock of the shop's own closes, too, and of the half of its key that is kept here.
pub(crate) fn locked_shop_key(shop: Uuid, kek_id: i32) -> Vec<u8> {
    parts(&[b"locked", &[FORMAT], shop.as_bytes(), &kek_id.to_be_bytes()])
}

/// What makes the other half of a lock.
pub(crate) fn lock(lock: &[u8; 32]) -> Vec<u8> {
    parts(&[b"lock", &[FORMAT], lock])
}

/// Additional data of a secret without a shop, and of its data key.
pub(crate) fn instance(kind: &[u8], purpose: &str, about: &[u8]) -> Vec<u8> {
    parts(&[b"instance", kind, &[FORMAT], purpose.as_bytes(), about])
}

pub(crate) fn parts(parts: &[&[u8]]) -> Vec<u8> {
    let mut out = Vec::with_capacity(parts.iter().map(|part| part.len() + 4).sum());
    for part in parts {
        out.extend_from_slice(&(part.len() as u32).to_be_bytes());
        out.extend_from_slice(part);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shifting_a_letter_between_parts_changes_the_bytes() {
        assert_ne!(parts(&[b"ab", b"c"]), parts(&[b"a", b"bc"]));
        assert_ne!(parts(&[b"ab", b""]), parts(&[b"ab"]));
    }
}
