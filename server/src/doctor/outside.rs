//! What others meet: the certificate, and the headers as they arrive through whatever stands before the server.

use super::Report;
use crate::{
    config::{Config, host_of},
    tls,
};
use anyhow::{Context, Result, anyhow, bail};
use rustls::{ClientConfig, RootCertStore, crypto::ring, pki_types::ServerName};
use std::{sync::Arc, time::Duration};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};
use tokio_rustls::TlsConnector;
use x509_parser::{extensions::GeneralName, parse_x509_certificate, prelude::X509Certificate};

/// How long the public address may take to answer.
const PATIENCE: Duration = Duration::from_secs(10);
/// Days before its end when a certificate should have been renewed.
const RENEW: i64 = 14;

/// The certificate and key of our own TLS.
pub(super) fn certificate(report: &mut Report, config: &Config) {
    let Some(files) = &config.tls else { return };
    let opened = tls::open(files).and_then(|_| tls::certificates(&files.cert));
    let Some(chain) = report.judge("certificate", opened, |_| files.cert.display().to_string()) else { return };
    let Some(Ok((_, own))) = chain.first().map(|own| parse_x509_certificate(own)) else {
        return report.problem("certificate", "it cannot be read");
    };
    match own.validity().time_to_expiration().map(|left| left.whole_days()) {
        None => report.problem(
            "certificate",
            format!("it is not valid now: {} to {}", own.validity().not_before, own.validity().not_after),
        ),
        Some(days) if days < RENEW => report
            .problem("certificate", format!("it ends in {days} day(s): renew it; the server takes it up by itself")),
        Some(days) => report.ok("certificate", format!("good for {days} days")),
    }
    if let Some(host) = host_of(&config.public_url)
        && !is_for(&own, host)
    {
        report.problem("certificate", format!("it is not for {host}: browsers will refuse it"));
    }
}

/// Whether one of a certificate's names is this host's.
fn is_for(certificate: &X509Certificate<'_>, host: &str) -> bool {
    let Ok(Some(names)) = certificate.subject_alternative_name() else { return false };
    let host = host.to_ascii_lowercase();
    names.value.general_names.iter().any(|name| match name {
        GeneralName::DNSName(name) => {
            let name = name.to_ascii_lowercase();
            name == host
                || name
                    .strip_prefix("*.")
                    .is_some_and(|rest| host.split_once('.').is_some_and(|(_, after)| after == rest))
        }
        GeneralName::IPAddress(bytes) => host.parse().is_ok_and(|ip: std::net::IpAddr| match ip {
            std::net::IpAddr::V4(four) => *bytes == four.octets(),
            std::net::IpAddr::V6(six) => *bytes == six.octets(),
        }),
        _ => false,
    })
}

/// Asks for the sign-in page as a browser would, and looks at what arrives.
pub(super) async fn seen(report: &mut Report, config: &Config) {
    let head = match timeout(PATIENCE, ask(config, "/sign-in"))
        .await
        .unwrap_or_else(|_| Err(anyhow!("no answer in {PATIENCE:?}")))
    {
        Ok(head) => head,
        Err(error) => {
            return report.note(
                "public address",
                format!("{} does not answer ({error:#}): is the server running?", config.public_url),
            );
        }
    };
    let faults = faults(&head, config.hsts.is_some());
    if faults.is_empty() {
        report.ok("headers", format!("all arrive through {}", config.public_url));
    }
    for fault in faults {
        report.problem("headers", fault);
    }
    for name in ["server", "x-powered-by", "via"] {
        if let Some(value) = head.values(name).next() {
            report
                .note("headers", format!("`{name}: {value}` tells what stands before the server: switch it off there"));
        }
    }
}

/// What is wrong with the head of an answer of ours.
fn faults(head: &Head, https: bool) -> Vec<String> {
    if head.status != 200 {
        return vec![format!("/sign-in answers {}: does the proxy lead here?", head.status)];
    }
    let mut wanted = vec![
        ("content-security-policy", "'nonce-"),
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "DENY"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cache-control", "no-store"),
    ];
    wanted.extend(https.then_some(("strict-transport-security", "max-age=")));
    let wrong = wanted.into_iter().filter_map(|(name, part)| {
        let values: Vec<_> = head.values(name).collect();
        match values.as_slice() {
            [one] if one.contains(part) => None,
            [] => Some(format!("{name} does not arrive: something on the way takes it out")),
            [one] => Some(format!("{name} arrives as `{one}`: something on the way changes it")),
            _ => Some(format!("{name} arrives {} times: something on the way adds its own", values.len())),
        }
    });
    wrong.collect()
}

/// Status and header lines of an answer.
struct Head {
    status: u16,
    lines: Vec<(String, String)>,
}

impl Head {
    fn values<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.lines.iter().filter(move |(found, _)| found == name).map(|(_, value)| value.as_str())
    }

    fn read(text: &str) -> Result<Self> {
        let mut lines = text.lines();
        let status = lines.next().and_then(|line| line.split(' ').nth(1)?.parse().ok()).context("no HTTP answer")?;
        let pairs = lines.take_while(|line| !line.is_empty()).filter_map(|line| line.split_once(':'));
        Ok(Self {
            status,
            lines: pairs.map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned())).collect(),
        })
    }
}

/// Gets a path of the public address. The certificate must be one browsers trust, or the one we were given.
async fn ask(config: &Config, path: &str) -> Result<Head> {
    let (scheme, place) = config.public_url.split_once("://").context("no scheme")?;
    let host = host_of(&config.public_url).context("no host")?.to_owned();
    let port = place.rsplit_once(':').and_then(|(_, port)| port.parse().ok());
    let stream = TcpStream::connect((host.as_str(), port.unwrap_or(if scheme == "https" { 443 } else { 80 }))).await?;
    let request = format!(
        "GET {path} HTTP/1.1\r\nhost: {place}\r\naccept: text/html\r\nuser-agent: shearline doctor\r\nconnection: close\r\n\r\n"
    );
    if scheme == "http" {
        return talk(stream, &request).await;
    }
    let mut roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    if let Some(files) = &config.tls {
        roots.add_parsable_certificates(tls::certificates(&files.cert)?);
    }
    let client = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots)
        .with_no_client_auth();
    let stream = TlsConnector::from(Arc::new(client)).connect(ServerName::try_from(host)?, stream).await?;
    talk(stream, &request).await
}

async fn talk(mut stream: impl AsyncRead + AsyncWrite + Unpin, request: &str) -> Result<Head> {
    stream.write_all(request.as_bytes()).await?;
    let mut read = Vec::new();
    while !read.windows(4).any(|four| four == b"\r\n\r\n") {
        let before = read.len();
        if before > 64 * 1024 || (&mut stream).take(4096).read_buf(&mut read).await? == 0 {
            bail!("no HTTP answer");
        }
    }
    Head::read(&String::from_utf8_lossy(&read))
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "HTTP/1.1 200 OK\r\nContent-Security-Policy: script-src 'nonce-x'\r\nX-Content-Type-Options: nosniff\r\nX-Frame-Options: DENY\r\n\
        Cross-Origin-Opener-Policy: same-origin\r\nCache-Control: no-store\r\nStrict-Transport-Security: max-age=1\r\n\r\n<html>";

    fn of(text: &str) -> Vec<String> {
        faults(&Head::read(text).unwrap(), true)
    }

    #[test]
    fn what_a_proxy_does_to_headers_is_said() {
        assert_eq!(of(GOOD), Vec::<String>::new());
        for (from, to, said) in [
            ("X-Frame-Options: DENY", "X-Frame-Options: SAMEORIGIN", "something on the way changes it"),
            ("X-Frame-Options: DENY\r\n", "", "takes it out"),
            ("X-Frame-Options: DENY", "X-Frame-Options: DENY\r\nX-Frame-Options: DENY", "arrives 2 times"),
            ("no-store", "public, max-age=60", "changes it"),
            ("Strict-Transport-Security: max-age=1\r\n", "", "strict-transport-security does not arrive"),
            ("200 OK", "502 Bad Gateway", "/sign-in answers 502"),
        ] {
            let faults = of(&GOOD.replace(from, to));
            assert!(faults.len() == 1 && faults[0].contains(said), "{from}: {faults:?}");
        }
        assert!(Head::read("ssh-2.0").is_err());
    }

    #[test]
    fn a_certificate_is_for_its_names_alone() {
        let names = ["shop.example.org", "*.shops.example.org", "127.0.0.1"].map(str::to_owned);
        let made = rcgen::generate_simple_self_signed(names).unwrap();
        let (_, parsed) = parse_x509_certificate(made.cert.der()).unwrap();
        for (host, expected) in [
            ("shop.example.org", true),
            ("SHOP.example.org", true),
            ("a.shops.example.org", true),
            ("127.0.0.1", true),
            ("shops.example.org", false),
            ("a.b.shops.example.org", false),
            ("example.org", false),
            ("127.0.0.2", false),
        ] {
            assert_eq!(is_for(&parsed, host), expected, "{host}");
        }
    }
}
