//! Which ports of this machine others can reach.

use super::Report;
use crate::config::{Config, exposed};
use std::{
    collections::BTreeSet,
    fs,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
};

/// Ports of databases and caches, which nobody outside should reach.
const INSIDE: [(u16, &str); 3] = [(5432, "PostgreSQL"), (6432, "PgBouncer"), (6379, "Redis")];

/// Notes what listens for others besides us.
pub(super) fn listening(report: &mut Report, config: &Config) {
    let kernel = ["/proc/net/tcp", "/proc/net/tcp6"].map(|path| fs::read_to_string(path).unwrap_or_default());
    let open: BTreeSet<u16> =
        kernel.iter().flat_map(|table| of(table)).filter(|addr| exposed(addr.ip())).map(|addr| addr.port()).collect();
    let ours = [Some(config.addr), config.redirect].into_iter().flatten().map(|addr| addr.port());
    let others: BTreeSet<u16> = open.difference(&ours.collect()).copied().collect();
    for (port, what) in INSIDE.iter().filter(|(port, _)| others.contains(port)) {
        report.problem(
            "ports",
            format!("{what} can be reached from outside at port {port}: let it listen on a socket or on 127.0.0.1"),
        );
    }
    let rest: Vec<_> =
        others.iter().filter(|port| !INSIDE.iter().any(|(inside, _)| inside == *port)).map(u16::to_string).collect();
    if rest.is_empty() {
        report.ok("ports", "nothing else listens for others");
    } else {
        report.note("ports", format!("others can reach besides Shearline: {}", rest.join(", ")));
    }
}

/// The listening sockets of a table of the kernel.
fn of(table: &str) -> Vec<SocketAddr> {
    const LISTEN: &str = "0A";
    let fields = table.lines().skip(1).map(|line| line.split_whitespace().collect::<Vec<_>>());
    fields.filter(|fields| fields.get(3) == Some(&LISTEN)).filter_map(|fields| address(fields.get(1)?)).collect()
}

/// `0100007F:0BB8`: words of the address in this machine's order of bytes, and the port.
fn address(written: &str) -> Option<SocketAddr> {
    let (ip, port) = written.split_once(':')?;
    let words: Vec<u32> =
        (0..ip.len() / 8).filter_map(|n| u32::from_str_radix(ip.get(n * 8..n * 8 + 8)?, 16).ok()).collect();
    let bytes: Vec<u8> = words.iter().flat_map(|word| word.to_ne_bytes()).collect();
    let ip = match bytes.len() {
        4 => IpAddr::from(Ipv4Addr::from(<[u8; 4]>::try_from(bytes).ok()?)),
        16 => IpAddr::from(Ipv6Addr::from(<[u8; 16]>::try_from(bytes).ok()?)).to_canonical(),
        _ => return None,
    };
    Some(SocketAddr::new(ip, u16::from_str_radix(port, 16).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::TcpListener;

    #[test]
    fn row_60_what_listens_is_found() {
        let taken = ["127.0.0.1:0", "0.0.0.0:0"].map(|addr| TcpListener::bind(addr).unwrap());
        let found = of(&fs::read_to_string("/proc/net/tcp").unwrap());
        for listener in &taken {
            assert!(found.contains(&listener.local_addr().unwrap()), "{:?}", listener.local_addr());
        }
        let six =
            "sl local remote st\n 0: 00000000000000000000000001000000:1538 00000000000000000000000000000000:0000 0A 0";
        assert_eq!(of(six), ["[::1]:5432".parse().unwrap()]);
    }
}
