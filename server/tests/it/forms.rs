//! The forms of a page, as a browser reads them.

/// One form.
#[derive(Debug)]
pub struct Form {
    /// Where it is sent.
    pub action: String,
    /// Name, value, and whether a person fills it.
    pub fields: Vec<(String, String, bool)>,
}

/// All posted forms of a page.
pub fn of(page: &str) -> Vec<Form> {
    let mut forms = Vec::new();
    for part in page.split("<form").skip(1) {
        let (tag, rest) = part.split_once('>').unwrap_or_default();
        let inside = rest.split("</form>").next().unwrap_or_default();
        let action = attribute(tag, "action").unwrap_or_default();
        if !action.starts_with("/fn/") {
            continue;
        }
        let mut fields = Vec::new();
        for (element, typed) in [("<input", true), ("<textarea", true), ("<select", true)] {
            for piece in inside.split(element).skip(1) {
                let tag = piece.split('>').next().unwrap_or_default();
                let Some(name) = attribute(tag, "name") else { continue };
                let hidden = attribute(tag, "type").is_some_and(|kind| kind == "hidden");
                fields.push((name, attribute(tag, "value").unwrap_or_default(), typed && !hidden));
            }
        }
        forms.push(Form { action, fields });
    }
    forms
}

/// The value of an attribute of a tag.
pub fn attribute(tag: &str, name: &str) -> Option<String> {
    let value = tag.split(&format!(" {name}=\"")).nth(1)?.split('"').next()?;
    Some(
        value
            .replace("&quot;", "\"")
            .replace("&#x27;", "'")
            .replace("&lt;", "<")
            .replace("&gt;", ">")
            .replace("&amp;", "&"),
    )
}

impl Form {
    /// What is sent when every field a person fills holds `typed`.
    pub fn filled(&self, typed: &str) -> Vec<(String, String)> {
        self.fields
            .iter()
            .map(|(name, value, person)| (name.clone(), if *person { typed.to_owned() } else { value.clone() }))
            .collect()
    }
}
