//! `reidrisk explain --all`: the whole methodology of this version as one Markdown document, with every id of a finding.

use std::fmt::Write;

use crate::finding::Criterion;
use crate::language::Language;
use crate::measure::standards::{STANDARDS, answered};
use crate::measure::{self, Doc, Shown};
use crate::report::SCHEMA;
use crate::say;

pub fn methodology(language: Language) -> String {
    let mut out = say!(
        language,
        "# Methodology of reidrisk {}\n\nEvery measure and every finding of `report.json` (schema `{}`), as `reidrisk explain` \
         and the annex of each report tell them. Written by `reidrisk explain --all`. Ids of findings, names of parameters \
         and keys of settings stay the same from version to version; what changes is in `CHANGELOG.md`.\n",
        "# Methodik von reidrisk {}\n\nJedes Maß und jeder Befund von `report.json` (Schema `{}`), wie `reidrisk explain` und \
         der Anhang jedes Berichts sie wiedergeben. Geschrieben von `reidrisk explain --all --lang de`. Die Kennungen der \
         Befunde, die Namen der Parameter und die Schlüssel der Einstellungen bleiben von Version zu Version gleich; was \
         sich ändert, steht in `CHANGELOG.md`.\n",
        env!("CARGO_PKG_VERSION"),
        SCHEMA
    );
    contents(&mut out, language);
    for criterion in Criterion::ALL {
        let _ = write!(
            out,
            "\n## {}\n\n{}\n",
            criterion.title(language),
            criterion.question(language)
        );
        for doc in measure::docs().filter(|doc| doc.criterion == criterion) {
            chapter(&mut out, doc, language);
        }
    }
    standards(&mut out, language);
    out
}

fn contents(out: &mut String, language: Language) {
    let _ = write!(out, "\n## {}\n\n", language.pick("Findings", "Befunde"));
    let _ = writeln!(
        out,
        "| {} | {} | {} |\n|---|---|---|",
        language.pick("id", "Kennung"),
        language.pick("what it is", "was es ist"),
        language.pick("of", "von")
    );
    for doc in measure::docs() {
        for ((name, title), of) in doc
            .in_language(language)
            .statistics
            .iter()
            .zip(doc.denominators(language))
        {
            let _ = writeln!(out, "| [`{0}.{name}`](#{0}) | {title} | {of} |", doc.id);
        }
    }
}

fn chapter(out: &mut String, doc: &'static Doc, language: Language) {
    let words = doc.in_language(language);
    // Titles change from language to language, links do not.
    let _ = write!(
        out,
        "\n<a id=\"{}\"></a>\n### {} (`{}`)\n",
        doc.id, words.title, doc.id
    );
    let mut told = |english, german, text: &str| {
        let _ = write!(out, "\n**{}.** {text}\n", language.pick(english, german));
    };
    told("Question", "Frage", words.question);
    told("Adversary", "Angreifer", words.adversary);
    told("Definition", "Definition", words.definition);
    told("Formula", "Formel", words.formula);
    told("Denominator", "Bezugsgröße", words.denominator);
    told("Nulls", "Nullwerte", words.nulls);
    let mut listed = |english, german, texts: &[String]| {
        if !texts.is_empty() {
            let _ = write!(out, "\n**{}**\n\n", language.pick(english, german));
            for text in texts {
                let _ = writeln!(out, "- {text}");
            }
        }
    };
    let owned = |texts: &[&str]| {
        texts
            .iter()
            .map(|text| (*text).to_owned())
            .collect::<Vec<_>>()
    };
    listed("Assumptions", "Annahmen", &owned(words.assumptions));
    listed(
        "What it does not say",
        "Was es nicht besagt",
        &owned(words.limits),
    );
    let settings = words.settings.iter();
    let settings = settings
        .map(|(setting, meaning)| format!("`{}` = `{}`: {meaning}", setting.key, setting.default));
    listed("Settings", "Einstellungen", &settings.collect::<Vec<_>>());
    let statistics = words.statistics.iter();
    let statistics = statistics.map(|(name, title)| format!("`{}.{name}`: {title}", doc.id));
    listed("Findings", "Befunde", &statistics.collect::<Vec<_>>());
    let rules = answered(doc.id, doc.criterion);
    let rules = rules.map(|(standard, rule)| format!("{}, {}", standard.id, rule.clause(language)));
    listed(
        "Rules it answers",
        "Regeln, die es beantwortet",
        &rules.collect::<Vec<_>>(),
    );
    listed("Sources", "Quellen", &owned(doc.citations));
    let _ = write!(
        out,
        "\n**{}.** {}\n",
        language.pick("Validation", "Validierung"),
        words.validation
    );
    if let Some(figures) = &words.table {
        table(out, figures);
    }
}

fn table(out: &mut String, figures: &Shown) {
    let _ = write!(
        out,
        "\n{}\n\n| {} |\n",
        figures.title,
        figures.header.join(" | ")
    );
    let _ = writeln!(out, "|{}", "---|".repeat(figures.header.len()));
    for row in &figures.rows {
        let _ = writeln!(out, "| {} |", row.join(" | "));
    }
}

fn standards(out: &mut String, language: Language) {
    let _ = write!(
        out,
        "\n## {}\n",
        language.pick("What standards ask", "Was Regelwerke fordern")
    );
    for standard in &STANDARDS {
        let _ = write!(
            out,
            "\n### {}\n\n{}\n\n",
            standard.title(language),
            standard.citation
        );
        for rule in standard.rules {
            let measures = measure::docs().filter(|doc| rule.is_answered_by(doc.id, doc.criterion));
            let measures: Vec<String> = measures.map(|doc| format!("`{}`", doc.id)).collect();
            let _ = writeln!(
                out,
                "- **{}.** {} ({})",
                rule.clause(language),
                rule.text(language).trim_end_matches('.'),
                measures.join(", ")
            );
        }
    }
}
