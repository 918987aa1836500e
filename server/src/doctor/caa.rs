//! Which authorities may make certificates for the public name: CAA records, RFC 8659. The answer is the operator's, in
//! the DNS; without one every authority of the world may.

use super::Report;
use crate::config::{Config, host_of};
use hickory_resolver::{
    TokioResolver,
    net::NetError,
    proto::rr::{RData, RecordType},
};
use std::net::IpAddr;

/// Asks the resolver this machine is set to.
pub(super) async fn look(report: &mut Report, config: &Config) {
    let Some(host) = host_of(&config.public_url).filter(|host| is_public(host)) else { return };
    let resolver = TokioResolver::builder_tokio().and_then(|builder| builder.build());
    match resolver {
        Ok(resolver) => say(report, host, authorities(&resolver, host).await),
        Err(error) => report.note("CAA", format!("no resolver: {error}")),
    }
}

/// Whether the public DNS can say anything of a name.
fn is_public(host: &str) -> bool {
    let of_a_machine = host.parse::<IpAddr>().is_ok() || host.starts_with('[');
    !of_a_machine && host.contains('.') && !host.ends_with(".localhost")
}

fn say(report: &mut Report, host: &str, found: Result<Vec<String>, NetError>) {
    match found {
        Ok(named) if named.is_empty() => report.note(
            "CAA",
            format!("any authority may make a certificate for {host}: name yours in the DNS, as in `{host}. CAA 0 issue \"authority.example\"`"),
        ),
        Ok(named) => report.ok("CAA", format!("certificates for {host} may come from {}", named.join(", "))),
        Err(error) => report.note("CAA", format!("{host} cannot be looked up: {error}")),
    }
}

/// Who is named for a host, or for the nearest name above it that names anybody. Empty: nobody is.
async fn authorities(resolver: &TokioResolver, host: &str) -> Result<Vec<String>, NetError> {
    let mut name = host.trim_end_matches('.');
    loop {
        let named = match resolver.lookup(format!("{name}."), RecordType::CAA).await {
            Ok(found) => found.answers().iter().filter_map(|record| issuer(&record.data)).collect(),
            Err(error) if error.is_no_records_found() => Vec::new(),
            Err(error) => return Err(error),
        };
        match name.split_once('.') {
            Some((_, above)) if named.is_empty() => name = above,
            _ => return Ok(named),
        }
    }
}

fn issuer(data: &RData) -> Option<String> {
    match data {
        RData::CAA(caa) if caa.tag.eq_ignore_ascii_case("issue") || caa.tag.eq_ignore_ascii_case("issuewild") => {
            let value = String::from_utf8_lossy(&caa.value);
            let authority = value.split(';').next().unwrap_or_default().trim();
            Some(if authority.is_empty() { "nobody".into() } else { authority.to_owned() })
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use hickory_resolver::{
        config::{ConnectionConfig, NameServerConfig, ResolverConfig},
        net::runtime::TokioRuntimeProvider,
        proto::{
            op::{Message, ResponseCode},
            rr::{Name, Record, rdata::CAA},
        },
    };
    use tokio::net::UdpSocket;

    /// A name server that knows one record and refuses what is under `broken.example`.
    async fn server() -> TokioResolver {
        let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
        let mut way = ConnectionConfig::udp();
        way.port = socket.local_addr().unwrap().port();
        tokio::spawn(async move {
            let mut bytes = [0; 512];
            while let Ok((length, from)) = socket.recv_from(&mut bytes).await {
                let asked = Message::from_vec(&bytes[..length]).unwrap();
                let mut answer = Message::response(asked.metadata.id, asked.metadata.op_code);
                let name = asked.queries[0].name().clone();
                answer.queries = asked.queries;
                if name.to_string() == "shop.example." {
                    let authority = Name::from_ascii("authority.example").unwrap();
                    let data = RData::CAA(CAA::new_issue(false, Some(authority), Vec::new()));
                    answer.answers.push(Record::from_rdata(name, 60, data));
                } else if name.to_string().ends_with("broken.example.") {
                    answer.metadata.response_code = ResponseCode::Refused;
                }
                let _ = socket.send_to(&answer.to_vec().unwrap(), from).await;
            }
        });
        let servers = vec![NameServerConfig::new([127, 0, 0, 1].into(), true, vec![way])];
        let config = ResolverConfig::from_parts(None, Vec::new(), servers);
        TokioResolver::builder_with_config(config, TokioRuntimeProvider::default()).build().unwrap()
    }

    #[tokio::test]
    async fn row_57_the_doctor_finds_who_may_make_certificates() {
        let resolver = server().await;
        for (host, named) in [
            ("shop.example", vec!["authority.example"]),
            ("desk.shop.example", vec!["authority.example"]),
            ("other.example", vec![]),
        ] {
            assert_eq!(authorities(&resolver, host).await.unwrap(), named, "{host}");
            let mut report = Report::default();
            say(&mut report, host, authorities(&resolver, host).await);
            assert_eq!((report.notes > 0, report.problems), (named.is_empty(), 0), "{host}");
        }
        let mut report = Report::default();
        say(&mut report, "broken.example", authorities(&resolver, "broken.example").await);
        assert_eq!(report.notes, 1, "a name server that refuses is told of");
    }

    #[test]
    fn names_of_one_machine_are_not_looked_up() {
        for (host, public) in [
            ("127.0.0.1", false),
            ("[::1]", false),
            ("localhost", false),
            ("desk.localhost", false),
            ("shop.example", true),
        ] {
            assert_eq!(is_public(host), public, "{host}");
        }
    }
}
