//! placeholder
use crate::{Db, Result};
use domain::ids::ShopId;
pub fn new_shop_key(_db: &Db, _shop: ShopId) -> Result<(i32, Vec<u8>)> { panic!() }
pub fn instance_seal(_db: &Db, _purpose: &str, _id: &[u8], _content: &[u8]) -> Result<Vec<u8>> { panic!() }
pub fn instance_open(_db: &Db, _purpose: &str, _id: &[u8], _sealed: &[u8]) -> Result<Vec<u8>> { panic!() }
pub struct Vault;
