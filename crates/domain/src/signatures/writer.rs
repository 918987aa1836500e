//! HTML of documents: no attribute and no value that was typed stands in it unescaped.

use std::fmt::Write;

/// HTML under construction; every value goes through [`Writer::text`].
pub(crate) struct Writer(String);

impl Writer {
    pub(crate) fn new() -> Self {
        Self(String::with_capacity(4096))
    }

    pub(crate) fn written(self) -> String {
        self.0
    }

    pub(crate) fn raw(&mut self, markup: &str) {
        self.0.push_str(markup);
    }

    /// Escaped; a line end becomes a break, any other control character a space.
    fn text(&mut self, text: &str) {
        for letter in text.chars() {
            match letter {
                '&' => self.raw("&amp;"),
                '<' => self.raw("&lt;"),
                '>' => self.raw("&gt;"),
                '"' => self.raw("&quot;"),
                '\'' => self.raw("&#39;"),
                '\n' => self.raw("<br>"),
                control if control.is_control() => self.raw(" "),
                other => self.0.push(other),
            }
        }
    }

    pub(crate) fn element(&mut self, tag: &str, text: &str) {
        // Writing into a string cannot fail.
        let _ = write!(self.0, "<{tag}>");
        self.text(text);
        let _ = writeln!(self.0, "</{tag}>");
    }

    pub(crate) fn paragraph(&mut self, text: &str) {
        self.element("p", text);
    }

    /// Left out when there is nothing to say.
    pub(crate) fn fact(&mut self, name: &str, value: &str) {
        if !value.is_empty() {
            self.element("dt", name);
            self.element("dd", value);
        }
    }

    /// The head of a table, whose body begins behind it.
    pub(crate) fn head(&mut self, cells: &[&str]) {
        self.raw("<table>\n<thead><tr>");
        for cell in cells {
            self.raw("<th scope=\"col\">");
            self.text(cell);
            self.raw("</th>");
        }
        self.raw("</tr></thead>\n<tbody>\n");
    }

    pub(crate) fn row(&mut self, cells: &[&str]) {
        self.raw("<tr>");
        for (at, cell) in cells.iter().enumerate() {
            self.raw(if at == 0 { "<th scope=\"row\">" } else { "<td>" });
            self.text(cell);
            self.raw(if at == 0 { "</th>" } else { "</td>" });
        }
        self.raw("</tr>\n");
    }
}
