//! Where a webhook may go: addresses of the open internet, and the networks the operator names. Everything else is inside,
//! where a request of the server's would be trusted for coming from the server.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// The parts of a receiver's address that decide where it leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// Plain http instead of https.
    pub plain: bool,
    /// A name or an address.
    pub host: Host,
}

/// What stands between `//` and the path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Host {
    /// To be resolved.
    Name(String),
    /// To be connected to as it stands.
    Ip(IpAddr),
}

/// Why an address cannot be read, in words.
type Words = String;

impl Address {
    /// Reads the address of a receiver. Narrower than what browsers take: no user, no mark, and an IP address in its one
    /// plain spelling, so that nobody reads another host in it than the client that connects.
    ///
    /// # Errors
    /// Words to stand beside the field.
    pub fn read(url: &str) -> Result<Self, Words> {
        let (plain, rest) = match (url.strip_prefix("https://"), url.strip_prefix("http://")) {
            (Some(rest), _) => (false, rest),
            (_, Some(rest)) => (true, rest),
            _ => return Err("Enter an address that begins with https://.".into()),
        };
        if !url.bytes().all(|byte| byte.is_ascii_graphic()) || url.contains(['#', '\\']) {
            return Err("Enter an address without spaces, “#” or special letters.".into());
        }
        let authority = rest.split(['/', '?']).next().unwrap_or_default();
        if authority.contains('@') {
            return Err("Leave the user name out of the address: deliveries are signed instead.".into());
        }
        let (host, port) = match authority.strip_prefix('[').and_then(|six| six.split_once(']')) {
            Some((six, port)) => (six.parse().ok().map(|ip: Ipv6Addr| Host::Ip(ip.into())), port),
            None => {
                let at = authority.find(':').unwrap_or(authority.len());
                (host(&authority[..at]), &authority[at..])
            }
        };
        // Digits alone: what parses numbers takes a plus sign, too.
        let number = |port: &str| {
            port.bytes().all(|byte| byte.is_ascii_digit()) && port.parse::<u16>().is_ok_and(|port| port > 0)
        };
        let port_fits = port.is_empty() || port.strip_prefix(':').is_some_and(|port| port.len() <= 5 && number(port));
        match host {
            Some(host) if port_fits => Ok(Self { plain, host }),
            _ => Err("Enter an address such as https://siem.example.com/shearline.".into()),
        }
    }
}

fn host(text: &str) -> Option<Host> {
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
    };
    let text = text.strip_suffix('.').unwrap_or(text).to_ascii_lowercase();
    if text.len() > 253 || !text.split('.').all(label) {
        return None;
    }
    let last = text.rsplit('.').next().unwrap_or_default();
    // Clients read 127.1, 0x7f.1 and 2130706433 as addresses: whatever ends in a number is one, plainly spelt, or nothing.
    let number = last.bytes().all(|byte| byte.is_ascii_digit())
        || last.strip_prefix("0x").is_some_and(|hex| hex.bytes().all(|byte| byte.is_ascii_hexdigit()));
    if number { text.parse::<Ipv4Addr>().ok().map(|ip| Host::Ip(ip.into())) } else { Some(Host::Name(text)) }
}

/// What webhooks may reach.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reachable {
    /// Networks the operator allows, wherever they are: address and length of the prefix.
    pub networks: Vec<(IpAddr, u8)>,
    /// Addresses of this very machine; never, unless the operator allows them.
    pub own: Vec<IpAddr>,
}

impl Reachable {
    /// Whether the operator allows that address.
    #[must_use]
    pub fn allowed(&self, ip: IpAddr) -> bool {
        self.networks.iter().any(|(network, prefix)| covers(*network, *prefix, ip))
    }

    /// Whether a connection to that address may be made.
    #[must_use]
    pub fn permits(&self, ip: IpAddr, plain: bool) -> bool {
        self.allowed(ip) || !plain && !is_inside(ip) && !self.own.contains(&ip)
    }

    /// Whether an address may be registered. A name may lead elsewhere tomorrow, so this spares a mistake and guards nothing:
    /// the guard stands where connections are made.
    ///
    /// # Errors
    /// Words to stand beside the field.
    pub fn may_be_named(&self, address: &Address) -> Result<(), Words> {
        let inside = || {
            Err("This address is inside the server's own network, where deliveries may not go. Whoever runs the server can allow it.".into())
        };
        match &address.host {
            Host::Ip(ip) if self.allowed(*ip) => Ok(()),
            Host::Ip(ip) if is_inside(*ip) || self.own.contains(ip) => inside(),
            Host::Name(name) if self.networks.is_empty() && is_local(name) => inside(),
            Host::Name(_) if address.plain && !self.networks.is_empty() => Ok(()),
            _ if address.plain => Err("Enter an address that begins with https://.".into()),
            _ => Ok(()),
        }
    }
}

fn is_local(name: &str) -> bool {
    !name.contains('.')
        || ["localhost", "local", "internal", "lan", "home.arpa"]
            .iter()
            .any(|end| name.strip_suffix(end).is_some_and(|rest| rest.is_empty() || rest.ends_with('.')))
}

fn covers(network: IpAddr, prefix: u8, ip: IpAddr) -> bool {
    match (network, ip) {
        (IpAddr::V4(network), IpAddr::V4(ip)) => under4(ip, network, prefix),
        (IpAddr::V6(network), IpAddr::V6(ip)) => under6(ip, network, prefix),
        _ => false,
    }
}

fn under4(ip: Ipv4Addr, network: Ipv4Addr, prefix: u8) -> bool {
    let apart = ip.to_bits() ^ network.to_bits();
    prefix <= 32 && (prefix == 0 || apart >> (32 - prefix) == 0)
}

fn under6(ip: Ipv6Addr, network: Ipv6Addr, prefix: u8) -> bool {
    let apart = ip.to_bits() ^ network.to_bits();
    prefix <= 128 && (prefix == 0 || apart >> (128 - prefix) == 0)
}

/// IPv4 that is no host of the open internet: IANA's special-purpose registry, multicast, and what is reserved.
const INSIDE_4: [(Ipv4Addr, u8); 18] = [
    (Ipv4Addr::new(0, 0, 0, 0), 8),        // this network
    (Ipv4Addr::new(10, 0, 0, 0), 8),       // private
    (Ipv4Addr::new(100, 64, 0, 0), 10),    // carriers' own
    (Ipv4Addr::new(127, 0, 0, 0), 8),      // loopback
    (Ipv4Addr::new(168, 63, 129, 16), 32), // a cloud's metadata, for all its public look
    (Ipv4Addr::new(169, 254, 0, 0), 16),   // link-local, and with it metadata
    (Ipv4Addr::new(172, 16, 0, 0), 12),    // private
    (Ipv4Addr::new(192, 0, 0, 0), 24),     // protocol assignments
    (Ipv4Addr::new(192, 0, 2, 0), 24),     // documentation
    (Ipv4Addr::new(192, 31, 196, 0), 24),  // AS112
    (Ipv4Addr::new(192, 88, 99, 0), 24),   // 6to4 relays
    (Ipv4Addr::new(192, 168, 0, 0), 16),   // private
    (Ipv4Addr::new(192, 175, 48, 0), 24),  // AS112
    (Ipv4Addr::new(198, 18, 0, 0), 15),    // benchmarks
    (Ipv4Addr::new(198, 51, 100, 0), 24),  // documentation
    (Ipv4Addr::new(203, 0, 113, 0), 24),   // documentation
    (Ipv4Addr::new(224, 0, 0, 0), 4),      // multicast
    (Ipv4Addr::new(240, 0, 0, 0), 4),      // reserved, broadcast
];

/// Of the one block of IPv6 that is routed, what is no host either, or leads to an IPv4 address in disguise.
const INSIDE_6: [(Ipv6Addr, u8); 4] = [
    (Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0), 23), // protocol assignments: Teredo, benchmarks, ORCHID
    (Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0), 32), // documentation
    (Ipv6Addr::new(0x2002, 0, 0, 0, 0, 0, 0, 0), 16), // 6to4
    (Ipv6Addr::new(0x3fff, 0, 0, 0, 0, 0, 0, 0), 20), // documentation
];

/// Whether an address is anything but a host of the open internet.
#[must_use]
pub fn is_inside(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => INSIDE_4.iter().any(|(network, prefix)| under4(ip, *network, *prefix)),
        // Loopback, link-local, unique local, multicast, IPv4-mapped and NAT64 all lie outside 2000::/3.
        IpAddr::V6(ip) => {
            !under6(ip, Ipv6Addr::new(0x2000, 0, 0, 0, 0, 0, 0, 0), 3)
                || INSIDE_6.iter().any(|(network, prefix)| under6(ip, *network, *prefix))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(url: &str) -> Result<Address, Words> {
        Address::read(url)
    }

    #[test]
    fn row_62_an_address_has_one_reading() {
        for (url, host) in [
            ("https://siem.example.com/in?x=1", Host::Name("siem.example.com".into())),
            ("https://SIEM.example.com.:8443", Host::Name("siem.example.com".into())),
            ("https://9.9.9.9:444/", Host::Ip("9.9.9.9".parse().unwrap())),
            ("https://[2606:4700::1111]:443/", Host::Ip("2606:4700::1111".parse().unwrap())),
        ] {
            assert_eq!(read(url), Ok(Address { plain: false, host }), "{url}");
        }
        for url in [
            "",
            "siem.example.com",
            "ftp://siem.example.com",
            "https://",
            "https:///x",
            "https://:443",
            "https://a b.com/",
            "https://siem.example.com#@10.0.0.1",
            "https://x\\@10.0.0.1/",
            "https://user:word@siem.example.com/",
            "https://siem.example.com:0/",
            "https://siem.example.com:99999/",
            "https://siem.example.com:+443/",
            "https://127.1/",
            "https://2130706433/",
            "https://0x7f000001/",
            "https://0177.0.0.1/",
            "https://10.0.0.0x1/",
            "https://1.2.3/",
            "https://[::1",
            "https://[::1%25eth0]/",
            "https://[fe80::1]x/",
            "https://sïem.example.com/",
        ] {
            assert!(read(url).is_err(), "{url}");
        }
    }

    #[test]
    fn row_62_what_is_inside_is_refused_and_words_say_so() {
        let nowhere = Reachable { own: vec!["9.9.9.1".parse().unwrap()], ..Reachable::default() };
        for host in [
            "localhost",
            "x.localhost",
            "siem",
            "siem.local",
            "metadata.google.internal",
            "router.lan",
            "127.0.0.1",
            "127.255.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "100.127.255.255",
            "0.0.0.0",
            "198.18.0.1",
            "198.19.255.255",
            "192.0.2.1",
            "198.51.100.1",
            "203.0.113.1",
            "192.0.0.170",
            "192.88.99.1",
            "224.0.0.1",
            "239.255.255.255",
            "240.0.0.1",
            "255.255.255.255",
            "168.63.129.16",
            "9.9.9.1",
            "[::]",
            "[::1]",
            "[fe80::1]",
            "[fc00::1]",
            "[fd00:ec2::254]",
            "[ff02::1]",
            "[::ffff:127.0.0.1]",
            "[::ffff:9.9.9.9]",
            "[64:ff9b::7f00:1]",
            "[64:ff9b:1::1]",
            "[2002:7f00:1::]",
            "[2001::1]",
            "[2001:2::1]",
            "[2001:db8::1]",
            "[3fff::1]",
            "[100::1]",
        ] {
            let url = format!("https://{host}/in");
            let words = read(&url).and_then(|address| nowhere.may_be_named(&address));
            assert!(words.as_ref().is_err_and(|words| words.contains("inside")), "{url}: {words:?}");
        }
        for host in [
            "siem.example.com",
            "9.9.9.9",
            "172.32.0.1",
            "100.128.0.1",
            "198.20.0.1",
            "[2606:4700::1111]",
            "[2a00:1450::1]",
        ] {
            assert_eq!(
                read(&format!("https://{host}/in")).and_then(|address| nowhere.may_be_named(&address)),
                Ok(()),
                "{host}"
            );
            assert!(
                read(&format!("http://{host}/in")).and_then(|address| nowhere.may_be_named(&address)).is_err(),
                "{host}, plain"
            );
        }
    }

    #[test]
    fn row_62_the_operator_opens_networks_and_nothing_beside_them() {
        let ip = |text: &str| text.parse::<IpAddr>().unwrap();
        let some = Reachable { networks: vec![(ip("10.7.0.0"), 16), (ip("fd12::"), 16)], own: vec![ip("10.7.0.1")] };
        for (address, tls, plain) in [
            ("10.7.3.4", true, true),
            ("10.8.0.1", false, false),
            ("fd12::9", true, true),
            ("fd13::9", false, false),
            ("9.9.9.9", true, false),
            ("127.0.0.1", false, false),
            ("10.7.0.1", true, true),
        ] {
            assert_eq!((some.permits(ip(address), false), some.permits(ip(address), true)), (tls, plain), "{address}");
        }
        assert_eq!(
            read("http://siem.lan/in").and_then(|address| some.may_be_named(&address)),
            Ok(()),
            "its address is checked later"
        );
        assert!(read("http://9.9.9.9/in").and_then(|address| some.may_be_named(&address)).is_err());
    }
}
