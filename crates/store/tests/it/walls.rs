//! The walls stand, and the walker would notice if one did not.

use crate::{harness, walker};

#[tokio::test]
async fn every_wall_of_every_table_stands() {
    let db = harness::fresh().await;
    let found = walker::walk(&db).await;
    assert!(found.is_empty(), "{found:#?}");
}
