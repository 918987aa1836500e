//! Recovery codes: ten, each good once, for the day the telephone is lost.
//!
//! A code is 80 random bits, so nobody finds it by trying, however fast the hash. It is kept as Argon2id all the same,
//! with little memory (8 MiB) and one salt for the set: ten hashes when a set is made, one when a code is tried, and the
//! hash itself finds the row. What is kept gives back no code, and shows none twice.

use super::{FrontDoor, entry};
use crate::{Actor, Error, Origin, Result};
use argon2::{Algorithm, Argon2, Params, Version};
use domain::{Event, ids::PersonId};
use sqlx::{PgConnection, query, query_scalar};
use tokio::task::spawn_blocking;

/// Codes of a set.
pub const COUNT: usize = 10;
/// Characters of a code, without its hyphens.
const LENGTH: usize = 16;
/// Crockford's base32: no I, L, O or U to mistake.
const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// A new set: shown once, kept as hashes.
pub(super) struct Fresh {
    /// As people write them down.
    pub codes: Vec<String>,
    salt: [u8; 16],
    hashes: Vec<Vec<u8>>,
}

impl Fresh {
    /// Takes the place of the person's codes.
    pub(super) async fn keep(&self, tx: &mut PgConnection, actor: &Actor) -> Result<()> {
        let event = Event::RecoveryCodesMade { person: actor.person, count: i32::try_from(COUNT).unwrap_or_default() };
        let (payload, facts) = entry(&event, &actor.origin, &[])?;
        query!("select auth.replace_codes($1, $2, $3, $4)", self.salt.as_slice(), &self.hashes, payload, facts)
            .execute(tx)
            .await?;
        Ok(())
    }
}

/// Makes ten codes.
pub(super) async fn fresh() -> Result<Fresh> {
    let salt: [u8; 16] = rand::random();
    let codes: Vec<String> = (0..COUNT).map(|_| written(rand::random())).collect();
    let bare: Vec<String> = codes.iter().map(|code| code.replace('-', "")).collect();
    let hashes = off_thread(move || bare.iter().map(|code| hash(code, &salt)).collect::<Result<_>>()).await?;
    Ok(Fresh { codes, salt, hashes })
}

/// 80 bits as four groups of four.
fn written(bits: [u8; 10]) -> String {
    let number = bits.iter().fold(0_u128, |number, byte| number << 8 | u128::from(*byte));
    let letter = |n: usize| char::from(LETTERS[(number >> (75 - 5 * n) & 31) as usize]);
    (0..LENGTH).flat_map(|n| [(n > 0 && n % 4 == 0).then_some('-'), Some(letter(n))]).flatten().collect()
}

/// A code as it is hashed: capitals, and the letters people mistake read as the digits they look like.
fn read(typed: &str) -> String {
    typed
        .to_ascii_uppercase()
        .chars()
        .map(|c| match c {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        })
        .collect()
}

/// Whether this is the length of a recovery code, and not of an app's.
pub(super) fn is_code(typed: &str) -> bool {
    typed.chars().count() == LENGTH
}

fn hash(code: &str, salt: &[u8]) -> Result<Vec<u8>> {
    let fault = |error: argon2::Error| Error::Vault(error.to_string());
    let params = Params::new(8 * 1024, 1, 1, None).map_err(fault)?;
    let mut out = vec![0; 32];
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(code.as_bytes(), salt, &mut out)
        .map_err(fault)?;
    Ok(out)
}

async fn off_thread<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    spawn_blocking(work).await.map_err(|error| Error::Vault(error.to_string()))?
}

impl FrontDoor<'_> {
    /// Uses up a recovery code; of two tries at once one finds it used.
    pub(super) async fn spend_recovery(&self, person: PersonId, typed: &str, origin: &Origin) -> Result<bool> {
        let salt = query_scalar!("select auth.code_salt($1)", person.uuid()).fetch_one(&self.db.auth).await?;
        let Some(salt) = salt else { return Ok(false) };
        let code = read(typed);
        let hash = off_thread(move || hash(&code, &salt)).await?;
        let (payload, facts) = entry(&Event::RecoveryCodeUsed { person }, origin, &[])?;
        Ok(query_scalar!(r#"select auth.spend_code($1, $2, $3, $4) as "spent!""#, person.uuid(), hash, payload, facts)
            .fetch_one(&self.db.auth)
            .await?)
    }

    /// Ten new codes in place of the old ones.
    ///
    /// # Errors
    /// Only faults.
    pub async fn renew_codes(&self, actor: &Actor) -> Result<Vec<String>> {
        let set = fresh().await?;
        let mut tx = self.db.begin(&self.db.auth, "begin", actor.cap()).await?;
        set.keep(&mut tx, actor).await?;
        tx.commit().await?;
        Ok(set.codes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_eighty_bits_in_groups_and_reads_back_however_it_is_typed() {
        assert_eq!(written([0; 10]), "0000-0000-0000-0000");
        assert_eq!(written([255; 10]), "ZZZZ-ZZZZ-ZZZZ-ZZZZ");
        assert_eq!(written([0, 0, 0, 0, 0, 0, 0, 0, 0, 33]), "0000-0000-0000-0011");
        assert_eq!(read("oil1"), "0111");
        let salt = [7; 16];
        assert_eq!(hash(&read("abcd"), &salt).unwrap(), hash("ABCD", &salt).unwrap());
        assert_ne!(hash("ABCD", &salt).unwrap(), hash("ABCD", &[8; 16]).unwrap());
    }
}
