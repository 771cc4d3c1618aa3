//! Words on the page: names in backticks become code, everything else is escaped.

use std::fmt;

use askama::filters::{Html, HtmlSafe, escape};

use crate::finding::Unit;
use crate::language::Language;
use crate::render::number;

/// Markup that was escaped where it was made.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Marked(String);

impl HtmlSafe for Marked {}

impl fmt::Display for Marked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Marked {
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// A text whose names stand in backticks, as the measures write them.
pub fn marked(text: &str) -> Marked {
    let paired = text.matches('`').count() / 2 * 2;
    let mut markup = String::new();
    for (at, part) in text.splitn(paired + 1, '`').enumerate() {
        match at % 2 {
            1 => markup += &format!("<code>{}</code>", escaped(part)),
            _ => markup += &escaped(part),
        }
    }
    Marked(markup)
}

/// What the policy asks, in words: `at least 11`, `at most 5.0 %`, `none`.
pub fn asked(min: Option<f64>, max: Option<f64>, unit: Option<Unit>, language: Language) -> String {
    let told = |min, max| number::threshold(min, max, unit, language);
    match (min, max) {
        (None, Some(0.0)) => language.pick("none", "keine").to_owned(),
        (None, Some(_)) => told(min, max).replacen('≤', language.pick("at most", "höchstens"), 1),
        (Some(_), None) => told(min, max).replacen('≥', language.pick("at least", "mindestens"), 1),
        _ => told(min, max),
    }
}

/// Markup of our own making: a plot.
pub fn drawn(markup: String) -> Marked {
    Marked(markup)
}

pub fn escaped(text: &str) -> String {
    let Ok(safe) = escape(text, Html);
    safe.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_asked_is_said() {
        let share = Some(Unit::Share);
        assert_eq!(
            asked(None, Some(0.05), share, Language::English),
            "at most 5.0 %"
        );
        assert_eq!(asked(None, Some(0.0), share, Language::English), "none");
        assert_eq!(
            asked(Some(11.0), None, None, Language::English),
            "at least 11"
        );
        assert_eq!(
            asked(Some(0.0), Some(1.0), share, Language::English),
            "0 % to 100 %"
        );
    }

    #[test]
    fn names_become_code_and_nothing_becomes_markup() {
        for (text, markup) in [
            ("drop `age` now", "drop <code>age</code> now"),
            ("`a` and `b`", "<code>a</code> and <code>b</code>"),
            ("one ` alone", "one ` alone"),
            ("`a` and ` alone", "<code>a</code> and ` alone"),
            ("`<b>` & <i>", "<code>&#60;b&#62;</code> &#38; &#60;i&#62;"),
            ("", ""),
        ] {
            assert_eq!(marked(text).to_string(), markup);
        }
    }
}
