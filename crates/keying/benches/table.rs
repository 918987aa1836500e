//! The performance table: `cargo bench -p keying`. Every bench first asserts its result.

mod tasks;

use divan::{Bencher, black_box};
use keying::{AuditWay, Bitting};

fn main() {
    divan::main();
}

#[divan::bench(sample_count = 10)]
fn enumerate_schlage_6(bencher: Bencher) {
    let space = tasks::schlage(6).expect("space");
    assert_eq!(tasks::enumerate(&space), 753_754);
    bencher.bench(|| tasks::enumerate(black_box(&space)));
}

#[divan::bench(sample_count = 3)]
fn enumerate_7_pin_macs_7(bencher: Bencher) {
    let space = tasks::schlage(7).expect("space");
    assert_eq!(tasks::enumerate(&space), 7_131_596);
    bencher.bench(|| tasks::enumerate(black_box(&space)));
}

#[divan::bench(sample_count = 20)]
fn count_by_transfer_matrix(bencher: Bencher) {
    let space = tasks::schlage(7).expect("space");
    assert_eq!(space.count().to_string(), "7131596");
    bencher.bench(|| black_box(&space).count());
}

#[divan::bench(sample_count = 3)]
fn best_top_master_of_753754() {
    assert_eq!(tasks::best_tmk().expect("found"), 3_840);
}

#[divan::bench(args = [10_000, 30_000], sample_count = 3)]
fn naive_audit(bencher: Bencher, size: usize) {
    let schedule = tasks::system(size).expect("system");
    assert_eq!(tasks::audit(&schedule, AuditWay::Comparison), 2 * size as u64);
    bencher.bench(|| tasks::audit(black_box(&schedule), AuditWay::Comparison));
}

#[divan::bench(args = [100_000], sample_count = 3)]
fn indexed_audit_of_128_operators_each(bencher: Bencher, size: usize) {
    let schedule = tasks::system(size).expect("system");
    assert_eq!(tasks::audit(&schedule, AuditWay::Lookup), 2 * size as u64);
    bencher.bench(|| tasks::audit(black_box(&schedule), AuditWay::Lookup));
}

#[divan::bench(sample_count = 20)]
fn lost_key_scan_of_100000(bencher: Bencher) {
    let schedule = tasks::system(100_000).expect("system");
    let key = Bitting::of(&[0, 0, 0, 0, 0, 0, 0]).expect("key");
    assert_eq!(tasks::lost(&schedule, &key), 1);
    bencher.bench(|| tasks::lost(black_box(&schedule), black_box(&key)));
}

#[divan::bench(sample_count = 20)]
fn pin_16384_seven_pin_a2_cores(bencher: Bencher) {
    let (cores, control) = tasks::cores().expect("cores");
    assert_eq!(tasks::pin(&cores, &control), 16_384);
    bencher.bench(|| tasks::pin(black_box(&cores), &control));
}

#[divan::bench(sample_count = 20)]
fn list_and_hash_4096_keys() {
    assert_eq!(tasks::list().expect("list"), 4_096);
}
