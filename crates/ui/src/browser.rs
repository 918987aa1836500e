//! A browser's name as people know it.

/// "Firefox on Android" out of a user agent's own words; those words where they are of another kind.
#[must_use]
pub fn browser(user_agent: &str) -> String {
    // The order matters: nearly all of them call themselves Safari and Chrome as well.
    let programs = [
        ("Edg", "Edge"),
        ("OPR/", "Opera"),
        ("SamsungBrowser", "Samsung Internet"),
        ("Firefox", "Firefox"),
        ("FxiOS", "Firefox"),
        ("CriOS", "Chrome"),
        ("Chrome", "Chrome"),
        ("Safari", "Safari"),
    ];
    let systems = [
        ("Android", "Android"),
        ("iPad", "iPad"),
        ("iPhone", "iPhone"),
        ("Windows", "Windows"),
        ("CrOS", "ChromeOS"),
        ("Mac OS", "Mac"),
        ("Linux", "Linux"),
    ];
    let of = |names: &[(&str, &'static str)]| names.iter().find(|(part, _)| user_agent.contains(part)).map(|one| one.1);
    match (of(&programs), of(&systems)) {
        (Some(program), Some(system)) => format!("{program} on {system}"),
        _ if user_agent.is_empty() => "Not told".into(),
        _ => user_agent.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::browser;

    #[test]
    fn the_name_is_the_one_people_know() {
        let edge = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0 Safari/537.36 Edg/131.0";
        assert_eq!(browser(edge), "Edge on Windows");
        let tablet =
            "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0 Safari/537.36";
        assert_eq!(browser(tablet), "Chrome on Android");
        assert_eq!(browser("curl/8.5"), "curl/8.5");
        assert_eq!(browser(""), "Not told");
    }
}
