//! The German report: the same report, in German to the last sentence.

use reidrisk::finding::Parameter;
use reidrisk::language::Language;
use reidrisk::measure;
use reidrisk::measure::standards::STANDARDS;
use reidrisk::report::Report;

use super::{SAMPLES, german_reports, reports};

/// Words that no German sentence has.
const ENGLISH: [&str; 32] = [
    "the", "of", "and", "is", "are", "with", "not", "were", "from", "that", "this", "which",
    "than", "for", "by", "to", "or", "its", "have", "has", "be", "on", "who", "persons", "rows",
    "no", "each", "every", "where", "when", "only", "counts",
];

fn report(name: &str) -> Report {
    let path = german_reports().path(name).with_extension("json");
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// The sentences of a page: without its style, its code, and its sources, which are cited in their own language.
fn sentences(page: &str) -> Vec<String> {
    let mut text = page.to_owned();
    for (from, to) in [
        ("<style>", "</style>"),
        ("<code", "</code>"),
        ("<dt>Quellen</dt>", "</dl>"),
    ] {
        while let Some(start) = text.find(from) {
            let end = start + text[start..].find(to).unwrap() + to.len();
            text.replace_range(start..end, "…");
        }
    }
    // What is read aloud is text as well.
    let text = text.replace("aria-label=\"", ">").replace("\"><", "><");
    let parts = text
        .split('<')
        .map(|part| part.split_once('>').map_or(part, |(_, text)| text));
    parts.map(str::to_owned).collect()
}

/// What is not the program's to translate: names of the release and its scenarios, words of those who wrote its policy,
/// sources.
fn own_words(report: &Report) -> Vec<String> {
    let mut words = vec![report.release.name.clone()];
    words.extend(
        STANDARDS
            .iter()
            .map(|standard| standard.citation.to_owned()),
    );
    for finding in &report.findings {
        if let Some(Parameter::Text(name)) = finding.parameters.get("scenario") {
            words.push(name.to_string());
        }
    }
    for waiver in &report.policy.waivers {
        words.extend([waiver.reason.clone(), waiver.approved_by.clone()]);
    }
    words.sort_by_key(|word| std::cmp::Reverse(word.len()));
    words.dedup();
    words
}

/// English words in a text, each with what stands around it. Names and their values, `k = 5`, are what policies use;
/// `k(c)` is a symbol.
fn english_in(text: &str) -> Vec<String> {
    let plain: String = text.split('`').step_by(2).collect::<Vec<_>>().join("…");
    let mut words: Vec<&str> = Vec::new();
    let mut is_value = false;
    for part in plain.split_whitespace() {
        match part {
            "=" => {
                words.pop();
                is_value = true;
            }
            _ if is_value => is_value = false,
            _ => words.push(part),
        }
    }
    let is_mark = |letter: char| !(letter.is_alphanumeric() || "-_(".contains(letter));
    let words = words.into_iter().flat_map(|word| word.split(is_mark));
    let words = words.map(|word| word.trim_start_matches('('));
    let is_english = |word: &&str| {
        let first = word.chars().next().map(|first| first.to_ascii_lowercase());
        let small: String = first.into_iter().chain(word.chars().skip(1)).collect();
        ENGLISH.contains(&small.as_str())
    };
    let words = words.filter(is_english);
    words
        .map(|word| format!("{word}: {}", text.trim()))
        .collect()
}

#[test]
fn no_sentence_is_english() {
    let mut found = Vec::new();
    for (name, _) in SAMPLES {
        let page = german_reports().text(name);
        assert!(page.contains("<html lang=\"de\">"));
        let own = own_words(&report(name));
        let markdown = german_reports().path(name).with_extension("md");
        let markdown = std::fs::read_to_string(markdown).unwrap();
        let lines = markdown.lines().map(|line| line.replace('\\', ""));
        for text in sentences(&page).into_iter().chain(lines) {
            let text = text.replace("&#38;", "&").replace("&#39;", "'");
            let text = own.iter().fold(text, |text, word| text.replace(word, "…"));
            found.extend(english_in(&text));
        }
        let english = sentences(&reports().text(name));
        let english: usize = english.iter().map(|text| english_in(text).len()).sum();
        assert!(english > 5_000, "it finds English where it is: {english}");
    }
    found.sort();
    found.dedup();
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn the_machines_are_told_the_same() {
    for (name, _) in SAMPLES {
        let [mut english, mut german] =
            [reports(), german_reports()].map(|reports| reports.json(name));
        for report in [&mut english, &mut german] {
            report.as_object_mut().unwrap().remove("run").unwrap();
        }
        assert!(english == german, "{name}");
    }
}

#[test]
fn sentences_have_the_same_figures() {
    for (name, _) in SAMPLES {
        let report = report(name);
        for finding in &report.findings {
            let known = measure::statistic(finding).unwrap();
            let english = known.meaning(finding, Language::English);
            let german = known.meaning(finding, Language::German);
            assert_ne!(english, german);
            assert_eq!(
                super::figures::figures(&english, ',', '.'),
                super::figures::figures(&german, '.', ','),
                "{english}\n{german}"
            );
        }
    }
}
