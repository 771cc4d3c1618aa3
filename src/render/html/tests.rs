use std::collections::BTreeSet;

use super::*;
use crate::finding::{Finding, Unit};
use crate::language::Language;
use crate::render::fixture;

/// A report with so many findings of one kind.
pub fn crowded(findings: u64) -> Report {
    let mut report = fixture::report();
    for points in 1..=findings {
        let mut finding = Finding::new(
            "unicity",
            "share_unique",
            Criterion::SinglingOut,
            Unit::Share,
        )
        .parameter("points", points)
        .share(1, 2);
        finding.table = "movements".to_owned();
        report.findings.push(finding);
    }
    report
}

#[test]
fn the_page_asks_for_nothing_from_outside() {
    for report in [fixture::report(), fixture::hostile()] {
        let page = html(&report, Language::English);
        assert!(!page.contains("<script") && !page.contains("<link"));
        for attribute in ["src=\"", "href=\"", "url(", "@import"] {
            for (at, _) in page.match_indices(attribute) {
                let target = &page[at + attribute.len()..][..1];
                assert_eq!(target, "#", "{attribute} at {at}");
            }
        }
        // The policy lets nothing but the style sheet through; a style of an element's own it would refuse.
        assert!(page.contains("content=\"default-src 'none'; style-src 'sha256-"));
        assert!(!page.contains(" style=\"") && !page.contains(" onload="));
    }
}

#[test]
fn hostile_names_stay_names() {
    let page = html(&fixture::hostile(), Language::English);
    assert!(
        page.contains("&#60;script&#62;"),
        "the name is shown, escaped"
    );
}

#[test]
fn criteria_without_findings_say_so() {
    let page = html(&fixture::report(), Language::English);
    // Of linkability alone there is none.
    let silent = "No measure of this criterion was run";
    assert_eq!(page.matches(silent).count(), 1);
    assert!(page.contains("must not be published"));
}

#[test]
fn on_top_are_three_and_what_to_change() {
    let page = html(&fixture::report(), Language::English);
    let from = page.find("id=\"foremost\"").unwrap();
    let top = &page[from..page.find("<nav").unwrap()];
    assert_eq!(top.matches("<h3>").count(), 3);
    assert_eq!(top.matches("What to change.").count(), 3);
    assert!(top.contains("95 % interval") && top.contains("guessing gives 0 %"));
    assert!(page.contains("What must change for the release to pass"));
    let mut passing = fixture::report();
    passing.verdict = Verdict::Pass;
    for finding in &mut passing.findings {
        if let Some(asked) = &mut finding.requirement {
            asked.outcome = Outcome::Pass;
        }
    }
    for line in &mut passing.policy.requirements {
        line.outcome = Outcome::Pass;
    }
    let page = html(&passing, Language::English);
    assert!(page.contains("What came closest to its threshold"));
    assert!(!page.contains("What to change.") && !page.contains("id=\"changes\""));
}

/// A thousand findings are all there, and only a few of them before a click.
#[test]
fn a_thousand_findings_are_a_closed_table() {
    let page = html(&crowded(1_000), Language::English);
    let figures = page.matches("<tr><th scope=\"row\">Unicity</th>").count();
    let full = page
        .matches("<code class=\"soft\">unicity.share_unique</code>")
        .count();
    assert_eq!(figures + full, 1_005);
    assert!(full <= 12, "{full}");
}

#[test]
fn the_page_is_built_for_all() {
    let mut hostile = fixture::hostile();
    for series in &mut hostile.series {
        series.table.clone_from(&hostile.findings[0].table);
    }
    for report in [fixture::report(), hostile, crowded(50)] {
        let page = html(&report, Language::English);
        assert_eq!(page.matches("<h1>").count(), 1);
        assert!(page.contains("<html lang=\"en\">"));
        for landmark in ["<header>", "<nav ", "<main>", "<footer>"] {
            assert_eq!(page.matches(landmark).count(), 1, "{landmark}");
        }
        // No level of headings is left out on the way down.
        let levels: Vec<u8> = page
            .match_indices("<h")
            .filter_map(|(at, _)| match page.as_bytes()[at + 2] {
                level @ b'1'..=b'6' => Some(level - b'0'),
                _ => None,
            })
            .collect();
        assert!(
            levels.windows(2).all(|pair| pair[1] <= pair[0] + 1),
            "{levels:?}"
        );
        let ids: Vec<&str> = attributes(&page, " id=\"");
        let distinct: BTreeSet<&str> = ids.iter().copied().collect();
        assert_eq!(ids.len(), distinct.len(), "every name is one element's");
        for target in attributes(&page, " href=\"#") {
            assert!(distinct.contains(target), "#{target} leads nowhere");
        }
        for target in attributes(&page, "labelledby=\"") {
            assert!(distinct.contains(target), "{target} names nothing");
        }
        assert!(page.matches("<svg").count() > 0);
        assert_eq!(
            page.matches("<svg").count(),
            page.matches("<svg role=\"img\" aria-labelledby=\"").count()
        );
        assert_eq!(
            page.matches("<table").count(),
            page.matches("<caption>").count()
        );
        assert_eq!(
            page.matches("<th").count() - page.matches("<thead").count(),
            page.matches("<th scope=\"").count()
        );
        // What scrolls can be reached by keyboard and has a name.
        assert_eq!(
            page.matches("class=\"scroll\"").count(),
            page.matches("class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"")
                .count()
        );
    }
}

fn attributes<'a>(page: &'a str, start: &str) -> Vec<&'a str> {
    page.match_indices(start)
        .map(|(at, _)| page[at + start.len()..].split('"').next().unwrap())
        .collect()
}

/// The style sheet's colours, as one theme has them.
struct Theme<'a>(&'a str);

impl Theme<'_> {
    fn colour(&self, name: &str) -> [f64; 3] {
        let start = format!("--{name}: #");
        let at = self.0.find(&start).unwrap_or_else(|| panic!("no {name}"));
        let digits = &self.0[at + start.len()..][..6];
        let part = |at: usize| u8::from_str_radix(&digits[at..at + 2], 16).unwrap();
        [0, 2, 4].map(|at| f64::from(part(at)) / 255.0)
    }
}

/// WCAG 2.2: relative luminance.
fn luminance(colour: [f64; 3]) -> f64 {
    let [red, green, blue] = colour.map(|part| match part <= 0.04045 {
        true => part / 12.92,
        false => ((part + 0.055) / 1.055).powf(2.4),
    });
    0.2126 * red + 0.7152 * green + 0.0722 * blue
}

/// WCAG 2.2: contrast ratio.
fn contrast(one: [f64; 3], other: [f64; 3]) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

fn themes() -> [Theme<'static>; 3] {
    let parts: Vec<&str> = STYLE.split(":root {").collect();
    assert_eq!(parts.len(), 4, "light, dark, print");
    [Theme(parts[1]), Theme(parts[2]), Theme(parts[3])]
}

#[test]
fn contrast_is_as_the_guidelines_have_it() {
    let known = contrast([0.0; 3], [1.0; 3]);
    assert!((known - 21.0).abs() < 1e-9);
    for theme in themes() {
        for paper in ["paper", "panel"] {
            for text in ["ink", "soft", "accent", "risk", "good", "warn"] {
                let ratio = contrast(theme.colour(text), theme.colour(paper));
                assert!(ratio >= 4.5, "{text} on {paper}: {ratio:.2}");
            }
        }
    }
}

/// Figures stand on the cells of the heat map: the strongest of its shades still lets them be read.
#[test]
fn figures_on_the_heat_map_can_be_read() {
    for theme in themes() {
        let (risk, paper) = (theme.colour("risk"), theme.colour("paper"));
        for step in 0..=100 {
            let opacity = crate::render::plot::shade(f64::from(step) / 100.0);
            let mixed = [0, 1, 2].map(|at| opacity * risk[at] + (1.0 - opacity) * paper[at]);
            let ratio = contrast(theme.colour("ink"), mixed);
            assert!(ratio >= 4.5, "{step} %: {ratio:.2}");
        }
    }
}
