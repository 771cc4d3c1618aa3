//! Direct identifiers: what names a person outright and must not be in a release.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::floors::{Floor, Rule};
use super::{Doc, Job, Measure, Outcome, Planning, Run, Setting, Statistic, percent, real};
use crate::encode::published::PublishedColumn;
use crate::encode::{Encoded, Needs};
use crate::error::Result;
use crate::finding::{Criterion, Finding, Unit};
use crate::identifier::{self, Kind};
use crate::release::leaves::leaves;
use crate::said;

pub struct DirectIdentifiers;

const ID: &str = "direct-identifiers";

static DOC: Doc = Doc {
    id: ID,
    german: &super::german::direct_identifiers::PROSE,
    title: "Direct identifiers",
    criterion: Criterion::Hygiene,
    question: "Does a column hold telephone numbers, e-mail addresses or the like?",
    adversary: "Reads the file.",
    definition: "A column holds direct identifiers when the manifest declares it (`declared`), when \
                 its name says so (`name`), or when the share of its distinct values that have the \
                 form of one kind exceeds both `share` and three times what chance would give. Of e-mail addresses, bank account numbers and MAC addresses one value is enough. \
                 Forms: e-mail, IBAN (length by country, MOD 97-10), IMEI (Luhn), IMSI (E.212 \
                 country code), telephone number (E.164, German national), MAC and IP address.",
    formula: "share(kind) = |{v ∈ distinct values : form(v) = kind}| / |distinct values|",
    denominator: "Columns; for `share_matching` the distinct values of one column, null not among \
                  them.",
    nulls: "Nulls are passed over.",
    assumptions: &[
        "Every published column is examined whatever its role, those under `ignore` and values in \
         the names of folders among them, and of a nested column every leaf; a leaf is named by its \
         path, such as `contact.phone` or `tags.element`. Numbers, dates and times are examined as \
         a person would read them: 491701234567.0 as 491701234567.",
        "Where the distinct values of a column take more than 64 MiB, the share is taken over a \
         random sample of them; the rest is still examined value by value, and a form that chance \
         cannot produce is reported wherever it occurs.",
    ],
    limits: &[
        "Names and addresses of persons have no form: they are found by the column's name only.",
        "Pseudonyms that can be computed back (unsalted hashes) are a measure of their own.",
        "A form may be met by chance; the share that matches is reported for that reason.",
    ],
    citations: &[
        "ITU-T E.164, E.212; 3GPP TS 23.003 (IMSI, IMEI); ISO 13616-1, ISO/IEC 7064 (IBAN); \
         RFC 5321; RFC 4291; IEEE 802 (MAC address).",
        "Regulation (EU) 2016/679, Art. 4(1) and 4(5).",
    ],
    validation: "Published example numbers of each kind are recognised; dates, hashes, UUIDs, cells, \
                 coordinates, postcodes and counts are not; random digits pass as often as chance \
                 says.",
    table: None,
    settings: &[Setting {
        key: "share",
        default: "0.05",
        meaning: "least share of a column's distinct values that must have the form",
    }],
    statistics: &[
        Statistic {
            name: "columns",
            title: "Columns with direct identifiers",
            of: "columns",
            meaning: |f| {
                let kind = match f.parameters.get("kind").map(ToString::to_string).as_deref() {
                    Some("declared") => "that the manifest itself declares a direct identifier",
                    Some("name") => "whose name says that it identifies persons",
                    Some("any") => "of direct identifiers",
                    Some(kind) => {
                        let known = Kind::BY_FORM.iter().find(|known| known.as_str() == kind);
                        let title = known.map_or("identifiers", |kind| kind.title());
                        return match real(f) {
                            0.0 => format!("No column holds {title}."),
                            1.0 => format!("One column holds {title}: remove it."),
                            count => format!("{count} columns hold {title}: remove them."),
                        };
                    }
                    None => "with direct identifiers",
                };
                match real(f) {
                    0.0 => format!("There is no column {kind}."),
                    1.0 => format!("There is one column {kind}: remove it."),
                    count => format!("There are {count} columns {kind}: remove them."),
                }
            },
        },
        Statistic {
            name: "share_matching",
            title: "Values with the form of an identifier",
            of: "distinct values",
            meaning: |f| {
                let kind = super::parameter(f, "kind");
                let known = Kind::BY_FORM.iter().find(|known| known.as_str() == kind);
                let title = known.map_or("identifiers", |kind| kind.title());
                format!(
                    "Of the column's distinct values, {} look like {title}.",
                    percent(real(f))
                )
            },
        },
    ],
};

impl Measure for DirectIdentifiers {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn floors(&self) -> &'static [Floor] {
        &[Floor {
            key: "share",
            rule: Rule::Most(0.05),
        }]
    }

    fn plan(&self, planning: &Planning<'_>) -> Result<Vec<Job>> {
        let mut least = 0.05;
        if let Some(settings) = planning.settings
            && let Some(given) = settings.number("share")?
        {
            if !(0.0..=1.0).contains(&given.value) {
                return Err(settings.error(given.span, "`share` lies between 0 and 1"));
            }
            least = given.value;
        }
        let tables = planning
            .release
            .tables
            .iter()
            .zip(planning.inputs)
            .enumerate();
        let jobs = tables.map(|(at, (table, input))| {
            let declared: Vec<String> = table
                .roles
                .direct_identifiers
                .iter()
                .map(|c| c.value.clone())
                .collect();
            let leaves = leaves(input).into_iter().map(|leaf| leaf.path);
            let mut named: Vec<String> = leaves.chain(input.names()).collect();
            named.sort();
            named.dedup();
            named.retain(|name| {
                !declared.contains(name) && identifier::recognise_name(name).is_some()
            });
            Job {
                measure: ID,
                table: at,
                needs: Needs {
                    published: true,
                    ..Needs::default()
                },
                run: Run::Table(Box::new(move |encoded| {
                    measure(encoded, &declared, &named, least)
                })),
            }
        });
        Ok(jobs.collect())
    }
}

fn measure(encoded: &Encoded, declared: &[String], named: &[String], least: f64) -> Outcome {
    let published = encoded.published().expect("it was asked for");
    let finding = |statistic, unit, kind: &str| {
        Finding::new(ID, statistic, DOC.criterion, unit).parameter("kind", kind)
    };
    let columns = |kind: &str, columns: &[String]| {
        finding("columns", Unit::Columns, kind)
            .columns(columns)
            .count(columns.len() as u64, None)
    };
    let mut by_kind: BTreeMap<Kind, Vec<String>> = BTreeMap::new();
    let mut shares = Vec::new();
    let scanned = published.columns.iter();
    for column in scanned.filter(|column| column.role != "direct_identifiers") {
        let (counts, total) = forms(column);
        for (kind, count) in counts {
            let share = count as f64 / total as f64;
            let beyond = kind.chance() == 0.0 && column.beyond.contains(&kind);
            let is_certain = matches!(kind, Kind::Email | Kind::Iban | Kind::MacAddress);
            if beyond
                || (is_certain && count > 0)
                || (share >= least && share > 3.0 * kind.chance())
            {
                by_kind.entry(kind).or_default().push(column.name.clone());
                shares.push(
                    finding("share_matching", Unit::Share, kind.as_str())
                        .columns(std::slice::from_ref(&column.name))
                        .share(count, total),
                );
            }
        }
    }
    let not_measured = published.undecoded.iter().map(|column| {
        let reason = said!(
            "values of the type {} cannot be decoded: column `{}`",
            "Werte des Typs {} lassen sich nicht dekodieren: Spalte `{}`",
            column.data_type,
            column.name
        );
        Outcome::not_measured(ID, Some("columns"), reason)
    });
    let mut all: Vec<String> = declared.iter().chain(named).cloned().collect();
    all.extend(by_kind.values().flatten().cloned());
    all.sort();
    all.dedup();
    let mut findings = vec![
        columns("any", &all),
        columns("declared", declared),
        columns("name", named),
    ];
    for kind in Kind::BY_FORM {
        let found = by_kind.remove(&kind).unwrap_or_default();
        findings.push(columns(kind.as_str(), &found));
    }
    findings.extend(shares);
    Outcome {
        findings,
        not_measured: not_measured.collect(),
        ..Outcome::default()
    }
}

/// How many distinct values have the form of each kind, and how many there are. A kind that only values beyond a
/// sample have counts none.
fn forms(column: &PublishedColumn) -> (BTreeMap<Kind, u64>, u64) {
    let merge = |mut a: BTreeMap<Kind, u64>, b: BTreeMap<Kind, u64>| {
        for (kind, count) in b {
            *a.entry(kind).or_insert(0) += count;
        }
        a
    };
    let one = |mut counts: BTreeMap<Kind, u64>, kind: Option<Kind>| {
        if let Some(kind) = kind {
            *counts.entry(kind).or_insert(0) += 1;
        }
        counts
    };
    let kinds = column.texts().with_min_len(1 << 12);
    let kinds = kinds.map(|text| text.as_deref().and_then(identifier::recognise));
    let mut counts = kinds.fold(BTreeMap::new, one).reduce(BTreeMap::new, merge);
    for kind in &column.beyond {
        counts.entry(*kind).or_insert(0);
    }
    (counts, column.len() as u64)
}
