//! Limits by a clock that only the test moves.

use super::*;
use governor::clock::FakeRelativeClock;

fn limits(a_minute: u32) -> (Limits<FakeRelativeClock>, FakeRelativeClock) {
    let clock = FakeRelativeClock::default();
    (Limits::with_clock(NonZeroU32::new(a_minute).unwrap(), clock.clone()), clock)
}

fn ip(text: &str) -> Option<IpAddr> {
    Some(text.parse().unwrap())
}

#[test]
fn row_37_the_241st_request_of_a_minute_waits() {
    let (limits, clock) = limits(240);
    let ask = |from: &str| limits.count(ip(from), &Method::GET, "/jobs");
    assert_eq!((0..241).filter(|_| ask("192.0.2.1").is_ok()).count(), 240);
    assert_eq!(ask("192.0.2.1"), Err(Duration::from_millis(250)), "one every quarter of a second comes back");
    assert!(ask("192.0.2.2").is_ok(), "another address has its own");
    clock.advance(Duration::from_millis(250));
    assert_eq!((ask("192.0.2.1").is_ok(), ask("192.0.2.1").is_ok()), (true, false));
    clock.advance(Duration::from_secs(60));
    assert_eq!((0..300).filter(|_| ask("192.0.2.1").is_ok()).count(), 240, "after a minute all are back, and no more");
}

#[test]
fn row_37_an_ipv6_customer_is_its_network_of_64_bits() {
    let (limits, _) = limits(240);
    let ask = |from: &str| limits.count(ip(from), &Method::GET, "/jobs").is_ok();
    let passed = (0..300).filter(|n| ask(&format!("2001:db8:1:2:{n:x}::1"))).count();
    assert_eq!(passed, 240, "addresses of one network share");
    assert!(ask("2001:db8:1:3::1"), "the next network does not");
    assert_eq!(customer("::ffff:192.0.2.1".parse().unwrap()), "192.0.2.1".parse::<IpAddr>().unwrap());
}

#[test]
fn row_37_what_is_worth_guessing_at_has_less() {
    for (method, path, most) in [
        (Method::POST, "/fn/office/sign_in", 60),
        (Method::POST, "/fn/office/sign_in_code", 60),
        (Method::POST, "/fn/office/sign_up", 20),
        (Method::POST, "/fn/office/forgot_password", 20),
        (Method::POST, "/fn/office/reset_password", 20),
        (Method::POST, "/fn/office/confirm", 60),
        (Method::GET, "/p/x", 60),
        (Method::POST, "/p/x", 60),
        (Method::GET, "/invite/x", 60),
    ] {
        let (limits, _) = limits(240);
        let passed = (0..240).filter(|_| limits.count(ip("192.0.2.1"), &method, path).is_ok()).count();
        assert_eq!(passed, most, "{method} {path}");
    }
}

#[test]
fn other_settings_change_all_limits_in_proportion() {
    let (limits, _) = limits(24_000);
    let passed = |method, path| (0..30_000).filter(|_| limits.count(ip("192.0.2.1"), &method, path).is_ok()).count();
    assert_eq!(passed(Method::POST, "/fn/office/sign_in"), 6000);
    let (least, _) = self::limits(1);
    assert_eq!((0..5).filter(|_| least.count(ip("192.0.2.1"), &Method::GET, "/").is_ok()).count(), 1);
}

#[test]
fn row_37_memory_does_not_grow_with_addresses() {
    let (limits, _) = limits(240);
    for n in 0..200_000_u32 {
        let _ = limits.count(Some(IpAddr::from(n.to_be_bytes())), &Method::GET, "/");
    }
    assert!(limits.all.len() <= 65_536 && limits.all.len() > 50_000, "{}", limits.all.len());
}

#[test]
fn files_and_health_cost_nothing() {
    assert!(["/pkg/office.a1.js", "/fonts/a.woff2", "/healthz", "/readyz"].iter().all(|path| free(path)));
    assert!(["/", "/pkgs", "/fn/desk/list_clients", "/robots.txt/"].iter().all(|path| !free(path)));
}
