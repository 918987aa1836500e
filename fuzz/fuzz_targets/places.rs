//! Additional data: what is sealed for one place opens there and nowhere else, however the names of the places are cut.
#![no_main]

use libfuzzer_sys::arbitrary::{self, Arbitrary};
use libfuzzer_sys::fuzz_target;
use shearline_fuzz::shop_key;
use std::sync::LazyLock;
use uuid::Uuid;
use vault::{Place, ShopKey};

static KEY: LazyLock<ShopKey> = LazyLock::new(shop_key);

#[derive(Arbitrary, Debug, PartialEq)]
struct Somewhere {
    table: String,
    row: u128,
    column: String,
    version: i64,
}

impl Somewhere {
    fn place(&self) -> Place<'_> {
        Place { table: &self.table, row: Uuid::from_u128(self.row), column: &self.column, version: self.version }
    }
}

fuzz_target!(|places: (Somewhere, Somewhere)| {
    let (here, there) = &places;
    let sealed = KEY.seal(&here.place(), b"41836").expect("sealed");
    assert!(KEY.open(&here.place(), &sealed).is_ok());
    assert_eq!(KEY.open(&there.place(), &sealed).is_ok(), here == there);
    // The same letters, one of them on the other side of the border.
    if let Some(last) = here.table.chars().last() {
        let table = &here.table[..here.table.len() - last.len_utf8()];
        let column = format!("{last}{}", here.column);
        let moved = Place { table, column: &column, ..here.place() };
        assert!(KEY.open(&moved, &sealed).is_err());
    }
});
