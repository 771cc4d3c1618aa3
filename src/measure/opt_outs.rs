//! Whether those who objected are gone: by name, by their earlier traces, from counts.

mod counts;

use crate::language::Said;
use crate::said;
use std::collections::HashSet;

use super::floors::{Floor, Rule};
use super::{
    Doc, Held, Job, Measure, Other, Outcome, Planning, Predecessor, REPEATED, Run, Setting,
    Statistic, check_cells, earlier_versions, parameter, percent, real, same_cells, zero,
};
use rayon::prelude::*;

use crate::digest::Function;
use crate::digest::form::{Set, of_texts};
use crate::encode::changes::{Cell, Whereabouts, Zero, changes};
use crate::encode::trails::same_persons;
use crate::encode::visits::Scale;
use crate::encode::{Encoded, Needs, Values, is_comparable};
use crate::error::Result;
use crate::finding::{Criterion, Finding, Interval, Parameters, Sample, Unit};
use crate::link::relinking::Relinking;
use crate::link::{Method, Sides, rank_all};
use crate::progress::Progress;
use crate::release::input::Input;
use crate::release::{
    AmountBin, Auxiliary, AuxiliaryKind, Column, Place, PlaceBin, PointDefinition, Release, Roles,
    Table, TableKind, Tolerance,
};
use crate::stats::{Draws, wilson};

pub struct OptOuts;

const ID: &str = "opt-outs";

/// Digests that may be met by chance, on average.
const BY_CHANCE: f64 = 0.001;
/// Letters and digits from which on two pseudonyms are the same that differ in case, blanks or separators alone.
const FEWEST_CHARACTERS: usize = 4;

static DOC: Doc = Doc {
    id: ID,
    german: &super::german::opt_outs::PROSE,
    title: "Those who objected",
    criterion: Criterion::Linkability,
    question: "Who objected to the use of their data: are they gone from the release, or still there by their pseudonym, \
               under a new one, or as the difference of two counts?",
    adversary: "Has the list of those who objected, the releases before, and perhaps traces of these persons from then; \
                names for each earlier trace the one of the release that fits it best, and takes the counts of the \
                release from those published before.",
    definition: "Present is whoever of a list (`[[auxiliary]]` of kind `opt_outs`) is a subject of a table, by the \
                 pseudonym listed or by one of the usual functions without key or salt (MD5, SHA-1, SHA-2, BLAKE, CRC-32) \
                 of it or of a direct identifier listed, written and cut as the subjects look. Re-linked is \
                 who is not, but whose trace in an earlier release (the table of the same name) or in an auxiliary of \
                 kind `traces` has a best match that is ahead of the runner-up by more than a threshold. The threshold \
                 is set by controls: persons who did not object and have one pseudonym in both; each is sought \
                 without their own trace among the known, and the threshold is the lead that a share of `level` of \
                 them exceeds. The same persons with their own trace show the power: how many would be named, and \
                 rightly. Derivable is a cell of counts published before and after the objection that has exactly one \
                 person fewer after it and in which one of those who objected was. Counted seems to be whose trace \
                 from the time of the counts (an auxiliary of kind `traces`) the counts fit better than a threshold: \
                 how many more persons there are at the cells of the trace than at the same places usually. Controls are \
                 persons of the same traces who did not object and are among those that were counted (`counted`): with \
                 their own trace taken out of the counts they set the threshold, with it they show the power.",
    formula: "present = |{o : o, or h(o) for a function h, is a subject}|; `how = pseudonym, written otherwise` counts those who \
              are one in another case, with other separators, brackets or leading zeros (of 4 letters and digits or more), else \
              the subjects whose hash is in the list. claims X = |{o : lead(o) > t}|, t the j-th greatest lead of m controls, \
              j = ⌊level · (m + 1)⌋. If nobody is there the leads of those who objected and of the controls are alike, \
              and P(X = x) = C(x + j − 1, x) C(n − x + m − j, n − x) / C(n + m, n) with n sought; with r controls \
              no less ahead than the greatest lead of those who objected, it has this rank by chance with R = 1 − C(m, r + 1) / \
              C(n + m, r + 1), (r + 1)/(m + 1) for one person; relinked_p_value = R for one, min(1, 2 min(P(X ≥ claims), R)) \
              for several, times the number of matchers. Baseline: n j / (m + 1). relinked_risk = (X/n − level) / (1 − level). \
              fit(o) = mean over the cells c of o's trace of ln((n_c + 0.1)/(u_c + 0.1)), n_c being the persons read off \
              the published count, 0 where there is none, and u_c their mean over all times at its place; counted = \
              |{o : fit(o) > t}| with t and counted_p_value as for the leads. derivable = |{cells : least(before) − most(after) = 1 = most(before) − least(after)}|.",
    denominator: "Those who objected for `present`; those of them with a trace to be sought by, and not present by their \
                  pseudonym, for `relinked`; those with a trace in the cells of the counts for `counted`; controls for \
                  `relinked_power` and `counted_power`; cells that both releases tell of for `derivable`.",
    nulls: "A null in a list names nobody, and a null subject is nobody. A count that is null was suppressed: it is not \
            compared. A null place is a value of its own.",
    assumptions: &[
        "The list names persons as the table does, or as the earlier release does for `relinked`: a number and the text \
         it is written as are the same.",
        "Who has one pseudonym in both releases is one person. Where that is not so the controls are not recognised: \
         `relinked_power` is then low.",
        "Those who objected have habits like those who did not.",
        "The traces named by `counted` are those that were counted: without a control's own trace the counts are as they \
         would have been published without it.",
        "A cell that is not in a table is one of nobody, unless `absent = \"suppressed\"` says otherwise or no other \
         cell of the table has its place or its time.",
    ],
    limits: &[
        "If nobody is there, a share of `level` of those who objected are claimed all the same; who they are is not said, \
         for each single claim may be false. Whether there are more than that is `relinked_p_value`.",
        "With little power little is found: the release may still hold them, but whoever is in it is then hard to \
         re-link for this adversary. Other matchers may do better.",
        "Where all pseudonyms have changed nobody is a control, and no claim can be told from chance: it is not \
         measured. Where the earlier release has other columns (cells where there are districts now) nothing can be \
         compared, and no requirement asks for it: give it an earlier release generalised as the new one is.",
        "Counts of those who objected in larger groups are not looked for: see `release-sequence` for small differences.",
        "The larger the counts, the less they tell of one person: `counted_power` says how much they could have told. \
         `membership-inference` tries stronger attacks, which learn.",
    ],
    citations: &[
        "Regulation (EU) 2016/679, Article 21 (right to object).",
        "A. Narayanan, V. Shmatikov: Robust de-anonymization of large sparse datasets. IEEE S&P 2008 (the lead over the \
         runner-up).",
        "F. M. Naini, J. Unnikrishnan, P. Thiran, M. Vetterli: Where you are is who you are: user identification by \
         matching statistics. IEEE TIFS 11(2), 2016.",
        "E. J. Gumbel, H. von Schelling: The distribution of the number of exceedances. Annals of Mathematical \
         Statistics 21, 1950.",
        "D. E. Denning, P. J. Denning, M. D. Schwartz: The tracker: a threat to statistical database security. ACM TODS \
         4(1), 1979.",
    ],
    validation: "Planted persons are found by pseudonym, under new pseudonyms, in counts and in differences; on generated releases \
                 without them the share of false alarms is at the stated level over many seeds. The chance of so many \
                 claims equal to a count of all orders.",
    table: None,
    settings: &[
        Setting {
            key: "level",
            default: "0.05",
            meaning: "the share of persons who are not there of whom it may be claimed that they are",
        },
        Setting {
            key: "matchers",
            default: "[\"tfidf-cosine\", \"jensen-shannon\"]",
            meaning: "the matchers that re-link earlier traces",
        },
        Setting {
            key: "controls",
            default: "10000",
            meaning: "controls drawn where there are more",
        },
    ],
    statistics: &[
        Statistic {
            name: "present",
            title: "Who objected and is still there",
            of: "persons who objected",
            meaning: |f| {
                let how = match parameter(f, "how").as_str() {
                    "pseudonym" => "by their pseudonym".to_owned(),
                    "pseudonym, hashed" => "by a hash of their pseudonym".to_owned(),
                    "pseudonym, written otherwise" => {
                        "under another spelling of their pseudonym, or under a pseudonym whose hash the list holds"
                            .to_owned()
                    }
                    how => format!("by what names them, as it is or hashed ({how})"),
                };
                match real(f) {
                    0.0 => format!("None of those who objected is in the table {how}."),
                    count => format!("{count} of those who objected are in the table {how}."),
                }
            },
        },
        Statistic {
            name: "relinked",
            title: "Who objected and is re-linked to a new pseudonym",
            of: "persons who objected and were sought",
            meaning: |f| {
                format!(
                    "By {} the earlier traces of {} of those who objected fit somebody in the table as well as if they \
                     were still there; if nobody was it would be {:.1} on average.",
                    parameter(f, "matcher"),
                    real(f),
                    f.baseline.unwrap_or(0.0)
                )
            },
        },
        Statistic {
            name: "relinked_p_value",
            title: "Chance of so many re-linked if nobody was there",
            of: "persons who objected and were sought",
            meaning: |f| {
                format!(
                    "If none of those who objected were in the table, {} would still find this much with a probability \
                     of {}: as many persons re-linked, or one of them this far ahead of all others.",
                    parameter(f, "matcher"),
                    percent(real(f))
                )
            },
        },
        Statistic {
            name: "relinked_risk",
            title: "Re-linked beyond chance",
            of: "persons who objected and were sought",
            meaning: |f| {
                format!(
                    "Beyond what chance gives, {} of those who objected are re-linked by {}.",
                    percent(real(f).max(0.0)),
                    parameter(f, "matcher")
                )
            },
        },
        Statistic {
            name: "relinked_power",
            title: "Power of the re-linking",
            of: "controls",
            meaning: |f| {
                format!(
                    "Of persons who are known to be there, {} would be re-linked rightly by {}.",
                    percent(real(f)),
                    parameter(f, "matcher")
                )
            },
        },
        Statistic {
            name: "counted",
            title: "Who objected and seems to be counted",
            of: "persons who objected and have a trace in the cells",
            meaning: |f| match f.denominator {
                Some(0) => {
                    "No trace of anybody who objected is in the cells of the counts.".to_owned()
                }
                _ => format!(
                    "The counts fit the traces of {} of those who objected as if they were counted; if nobody was it \
                     would be {:.1} on average.",
                    real(f),
                    f.baseline.unwrap_or(0.0)
                ),
            },
        },
        Statistic {
            name: "counted_p_value",
            title: "Chance of so many who seem to be counted if nobody was",
            of: "persons who objected and have a trace in the cells",
            meaning: |f| {
                format!(
                    "If none of those who objected was counted, the counts would fit as many of their traces with a \
                     chance of {}.",
                    percent(real(f))
                )
            },
        },
        Statistic {
            name: "counted_power",
            title: "Power to tell who is counted",
            of: "controls",
            meaning: |f| {
                format!(
                    "Of persons who are known to be counted, {} would be recognised in the counts.",
                    percent(real(f))
                )
            },
        },
        Statistic {
            name: "derivable",
            title: "Counts that lost one person, where somebody who objected was",
            of: "cells that both releases tell of",
            meaning: |f| match (f.denominator, parameter(f, "whose").as_str()) {
                (Some(0), _) => "No cell is told of by both releases.".to_owned(),
                (_, "anybody") => format!(
                    "{} counts are one person less than before: without traces of those who objected each may be \
                     theirs.",
                    real(f)
                ),
                _ => format!(
                    "{} counts are one person less than before where somebody was who objected.",
                    real(f)
                ),
            },
        },
    ],
};

/// The matchers where the manifest names none: those that need neither coordinates nor clocks.
const MATCHERS: [&str; 2] = ["tfidf-cosine", "jensen-shannon"];

impl Measure for OptOuts {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn floors(&self) -> &'static [Floor] {
        &[
            Floor {
                key: "level",
                rule: Rule::Exactly(&[0.05]),
            },
            Floor {
                key: "controls",
                rule: Rule::Least(10_000.0),
            },
        ]
    }

    fn plan(&self, planning: &Planning<'_>) -> Result<Vec<Job>> {
        let settings = Settings::read(planning)?;
        let mut jobs = Vec::new();
        for (at, list, input) in planning.lists() {
            for (table, described) in planning.release.tables.iter().enumerate() {
                let list = List {
                    held: planning.held(
                        Other::Auxiliary(at),
                        table,
                        PointDefinition::default(),
                        names(),
                    ),
                    auxiliary: list,
                    input,
                };
                if let Some(subject) = &described.roles.subject {
                    jobs.push(presence(planning, table, subject, &list)?);
                }
                match described.kind {
                    TableKind::Microdata | TableKind::Reference => {}
                    TableKind::Trace => jobs.extend(relinking(planning, table, &list, &settings)?),
                    TableKind::Flows => {
                        jobs.extend(derivation(planning, table, &list)?);
                        jobs.extend(counts::counted(planning, table, &list, &settings)?);
                    }
                }
            }
        }
        Ok(jobs)
    }

    fn owes(&self, statistic: &str, table: &Table, release: &Release) -> bool {
        match (statistic, table.kind) {
            ("present", _) => table.roles.subject.is_some(),
            ("derivable", TableKind::Flows) => {
                let exact = |table: &Table| table.counting.noise.is_none();
                let mut earlier = earlier_versions(table, release);
                exact(table)
                    && earlier.any(|other| exact(other) && same_cells(table, other).is_ok())
            }
            ("counted" | "counted_p_value" | "counted_power", kind) => {
                kind == TableKind::Flows && counts::is_asked(table, release)
            }
            (statistic, TableKind::Trace) if statistic != "derivable" => {
                earlier_versions(table, release).any(|earlier| habits(table, earlier).is_ok())
            }
            _ => false,
        }
    }
}

/// What the manifest sets.
#[derive(Clone)]
struct Settings {
    level: f64,
    methods: Vec<&'static Method>,
    controls: u64,
    seed: u64,
}

impl Settings {
    fn read(planning: &Planning<'_>) -> Result<Self> {
        let (mut level, mut names) = (0.05, Vec::new());
        if let Some(settings) = planning.settings {
            if let Some(given) = settings.number("level")? {
                if !(given.value > 0.0 && given.value < 1.0) {
                    return Err(settings.error(given.span, "`level` lies between 0 and 1"));
                }
                level = given.value;
            }
            names = settings.strings("matchers")?;
        }
        Ok(Self {
            level,
            methods: planning.methods(&names, &MATCHERS, &[])?,
            controls: planning.count("controls")?.unwrap_or(10_000),
            seed: planning.release.seed,
        })
    }
}

/// A list of those who objected, as it is held against a table.
struct List<'a> {
    held: Held,
    auxiliary: &'a Auxiliary,
    input: &'a Input,
}

fn names() -> Needs {
    Needs {
        names: true,
        ..Needs::default()
    }
}

/// Who of a list is a subject of a table.
fn presence(
    planning: &Planning<'_>,
    table: usize,
    column: &Column,
    list: &List<'_>,
) -> Result<Job> {
    if let Some(subject) = &list.auxiliary.roles.subject {
        let name = &list.auxiliary.name;
        planning.check_names(table, (subject, list.input), planning.release, name)?;
    }
    let name = list.auxiliary.name.clone();
    Ok(Job {
        measure: ID,
        table,
        needs: Needs {
            values: vec![column.value.clone()],
            ..Needs::default()
        },
        run: Run::Held(
            vec![list.held.clone()],
            Box::new(move |table, others, _| present(table, others[0], &name)),
        ),
    })
}

fn present(table: &Encoded, list: &Encoded, name: &str) -> Outcome {
    let subjects = table.subjects().expect("they were asked for");
    let finding = |how: &str, found: usize, listed: usize| {
        Finding::new(ID, "present", DOC.criterion, Unit::Persons)
            .parameter("auxiliary", name)
            .parameter("how", how)
            .count(found as u64, Some(listed as u64))
    };
    let mut outcome = Outcome::default();
    if let Some(listed) = list.subjects() {
        let found = listed.places_in(subjects).iter().flatten().count();
        outcome
            .findings
            .push(finding("pseudonym", found, listed.known()));
    }
    // Whoever may know an identifier can hash it.
    let written: HashSet<Vec<u8>> = subjects.texts().collect();
    if let Some(listed) = list.subjects() {
        let plain: HashSet<Vec<u8>> = written.iter().map(|text| plainly(text)).collect();
        let texts: Vec<Vec<u8>> = listed.texts().collect();
        let is_otherwise = |text: &&Vec<u8>| {
            let as_plain = plainly(text);
            !written.contains(*text)
                && as_plain.len() >= FEWEST_CHARACTERS
                && plain.contains(&as_plain)
        };
        let mut found = texts.iter().filter(is_otherwise).count();
        if found == 0 {
            let listed = Hashes::new(texts.iter(), written.len());
            found = written.par_iter().filter(|text| listed.has(text)).count();
        }
        let how = "pseudonym, written otherwise";
        outcome.findings.push(finding(how, found, listed.known()));
    }
    let hashes = Hashes::new(written.iter(), list.rows as usize);
    let is_hashed = |text: &Vec<u8>| hashes.has(text);
    let mut count = |column: &str, values: &Values, is_there: &dyn Fn(&Vec<u8>) -> bool| {
        let found = values.texts().filter(is_there).count();
        let how = format!("{column}, hashed");
        outcome.findings.push(finding(&how, found, values.known()));
    };
    if let Some(listed) = list.subjects() {
        count("pseudonym", listed, &is_hashed);
    }
    for (column, values) in list.direct_identifiers() {
        count(column, values, &|text| {
            is_hashed(text) || written.contains(text)
        });
    }
    if outcome.findings.is_empty() {
        let reason = said!(
            "the list `{}` has neither pseudonyms nor identifiers",
            "die Liste `{}` hat weder Pseudonyme noch Identifikatoren",
            name
        );
        outcome
            .not_measured
            .push(Outcome::not_measured(ID, Some("present"), &reason));
    }
    outcome
}

/// A pseudonym without what writers add or change: blanks, case, separators, brackets, leading zeros, `urn:uuid:`.
fn plainly(text: &[u8]) -> Vec<u8> {
    let letters = text
        .iter()
        .filter(|byte| byte.is_ascii_alphanumeric() || !byte.is_ascii());
    let plain: Vec<u8> = letters.map(u8::to_ascii_lowercase).collect();
    let plain = plain.strip_prefix(b"urnuuid").unwrap_or(&plain);
    let zeros = plain.iter().take_while(|byte| **byte == b'0').count();
    plain[zeros..].to_vec()
}

/// Texts that may be hashes of others.
struct Hashes(Vec<Set>);

impl Hashes {
    /// Of texts so short that chance would meet some of so many `others` there are none.
    fn new<'a>(texts: impl Iterator<Item = &'a Vec<u8>>, others: usize) -> Self {
        let texts: Vec<&Vec<u8>> = texts.collect();
        let tries = others as f64 * Function::ALL.len() as f64 * texts.len() as f64;
        let is_telling = |set: &Set| {
            let bits = set.by_bits.keys().next().copied().unwrap_or(0);
            tries * 0.5f64.powi(bits as i32) <= BY_CHANCE
        };
        let mut sets = of_texts(&texts);
        sets.retain(is_telling);
        Self(sets)
    }

    /// Whether one of them is a hash of a text, by any of the functions.
    fn has(&self, text: &[u8]) -> bool {
        !self.0.is_empty()
            && Function::ALL.into_iter().any(|function| {
                let digest = function.digest(text);
                let mut sets = self.0.iter();
                sets.any(|set| set.targets.find(digest.bytes()).next().is_some())
            })
    }
}

/// What profiles of a table and of an earlier one count: the places and items that both name alike, at any time;
/// why there is nothing, otherwise.
fn habits(table: &Table, earlier: &Table) -> std::result::Result<PointDefinition, Said> {
    let (mine, theirs) = (&table.roles, &earlier.roles);
    let same = |a: &[Column], b: &[Column]| {
        a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.value == b.value)
    };
    let place = match (table.point.place, &mine.place, &theirs.place) {
        (Some(_), Some(Place::Cell(a)), Some(Place::Cell(b))) if a.value != b.value => {
            return Err(said!(
                "its places are another column in the earlier release",
                "ihre Orte stehen in der früheren Veröffentlichung in einer anderen Spalte"
            ));
        }
        (Some(_), Some(Place::Cell(_)), Some(Place::Coordinates { .. } | Place::Geometry(_)))
        | (Some(_), Some(Place::Coordinates { .. } | Place::Geometry(_)), Some(Place::Cell(_))) => {
            return Err(said!(
                "places are cells by name in one release and coordinates in the other",
                "Orte sind in der einen Veröffentlichung Zellen mit Namen, in der anderen Koordinaten"
            ));
        }
        (bin, Some(_), Some(_)) => bin,
        _ => None,
    };
    if table.point.item && !theirs.item.is_empty() && !same(&mine.item, &theirs.item) {
        return Err(said!(
            "its items are other columns in the earlier release",
            "ihre Gegenstände stehen in der früheren Veröffentlichung in anderen Spalten"
        ));
    }
    told(
        PointDefinition {
            place,
            time: None,
            ..table.point.clone()
        },
        theirs,
    )
}

/// As much of a definition as the other side has, without bins that differ from side to side.
fn told(point: PointDefinition, theirs: &Roles) -> std::result::Result<PointDefinition, Said> {
    let point = PointDefinition {
        time: point.time.filter(|_| theirs.time.is_some()),
        place: point.place.filter(|_| theirs.place.is_some()),
        item: point.item && !theirs.item.is_empty(),
        amount: point
            .amount
            .filter(|amount| theirs.amount.is_some() && !matches!(amount, AmountBin::Quantiles(_))),
    };
    match point == PointDefinition::default() {
        true => Err(said!(
            "it has neither places nor items in common with the earlier traces",
            "sie hat mit den früheren Spuren weder Orte noch Gegenstände gemeinsam"
        )),
        false => Ok(point),
    }
}

/// Earlier traces of those who objected.
struct Source<'a> {
    other: Other,
    name: &'a str,
    /// As its manifest describes it.
    table: Table,
    input: &'a Input,
    release: &'a Release,
    features: std::result::Result<PointDefinition, Said>,
}

fn sources<'a>(planning: &'a Planning<'_>, table: usize) -> Vec<Source<'a>> {
    let described = &planning.release.tables[table];
    let earlier = planning.predecessors(described).map(|earlier| Source {
        other: Other::Earlier(earlier.earlier),
        name: earlier.name,
        table: earlier.table.clone(),
        input: earlier.input,
        release: earlier.release,
        features: habits(described, earlier.table),
    });
    let auxiliaries = planning.release.auxiliaries.iter().zip(planning.registers);
    let traces = auxiliaries
        .enumerate()
        .filter_map(|(at, (auxiliary, input))| {
            let roles = &auxiliary.roles;
            if auxiliary.kind != AuxiliaryKind::Traces || roles.subject.is_none() {
                return None;
            }
            let matching =
                |a: &Place, b: &Place| matches!(a, Place::Cell(_)) == matches!(b, Place::Cell(_));
            let place =
                described
                    .point
                    .place
                    .filter(|_| match (&described.roles.place, &roles.place) {
                        (Some(mine), Some(theirs)) => matching(mine, theirs),
                        _ => false,
                    });
            let item = described.point.item && described.roles.item.len() == roles.item.len();
            let point = PointDefinition {
                place,
                item,
                ..described.point.clone()
            };
            Some(Source {
                other: Other::Auxiliary(at),
                name: &auxiliary.name,
                table: auxiliary.table(PointDefinition::default(), described.timezone.clone()),
                input: input.as_ref()?,
                release: planning.release,
                features: told(point, roles),
            })
        });
    earlier.chain(traces).collect()
}

impl Source<'_> {
    /// # Errors
    /// Columns that are to be compared are of different types.
    fn check(
        &self,
        planning: &Planning<'_>,
        table: usize,
        features: &PointDefinition,
    ) -> Result<()> {
        let (described, known) = (&planning.release.tables[table], &planning.inputs[table]);
        let (mine, theirs) = (&described.roles, &self.table.roles);
        if let Some(subject) = &theirs.subject {
            planning.check_names(table, (subject, self.input), self.release, self.name)?;
        }
        let mut pairs: Vec<(&Column, &Column)> = Vec::new();
        if let (Some(_), Some(Place::Cell(a)), Some(Place::Cell(b))) =
            (features.place, &mine.place, &theirs.place)
        {
            pairs.push((a, b));
        }
        if features.item {
            pairs.extend(mine.item.iter().zip(&theirs.item));
        }
        for (a, b) in pairs {
            planning.comparable(table, (a, known), (b, self.input), self.release, self.name)?;
        }
        Ok(())
    }
}

/// Earlier traces of those who objected against a table of traces.
fn relinking(
    planning: &Planning<'_>,
    table: usize,
    list: &List<'_>,
    settings: &Settings,
) -> Result<Vec<Job>> {
    let described = &planning.release.tables[table];
    let mut jobs = Vec::new();
    let sources = sources(planning, table);
    let unmeasured = |reason: Said| Job::without(ID, table, move || not_relinked(&reason));
    if sources.is_empty() {
        jobs.push(unmeasured(said!(
            "no earlier traces of those who objected are named",
            "frühere Spuren der Personen, die widersprochen haben, sind nicht genannt"
        )));
    }
    for source in sources {
        let features = match &source.features {
            Ok(features) => features.clone(),
            Err(reason) => {
                jobs.push(unmeasured(said!(
                    "`{}`: {}",
                    "`{}`: {}",
                    source.name,
                    reason
                )));
                continue;
            }
        };
        source.check(planning, table, &features)?;
        let needs = Needs {
            trails: vec![features.clone()],
            ..Needs::default()
        };
        let attack = Attack {
            list: list.auxiliary.name.clone(),
            source: source.name.to_owned(),
            features,
            settings: settings.clone(),
            zone: described.timezone.clone(),
        };
        let held = Held {
            other: source.other,
            table: Table {
                timezone: described.timezone.clone(),
                ..source.table.clone()
            },
            needs: needs.clone(),
        };
        jobs.push(Job {
            measure: ID,
            table,
            needs,
            run: Run::Held(
                vec![held, list.held.clone()],
                Box::new(move |table, others, progress| {
                    attack.measure(table, others[0], others[1], progress)
                }),
            ),
        });
    }
    Ok(jobs)
}

/// Of each subject whether a list names it.
fn objecting(list: &Values, subjects: &Values) -> Vec<bool> {
    let mut objecting = vec![false; subjects.known()];
    for place in list.places_in(subjects).into_iter().flatten() {
        objecting[place as usize] = true;
    }
    objecting
}

fn not_relinked(reason: &Said) -> Outcome {
    let entry = |statistic| Outcome::not_measured(ID, Some(statistic), reason);
    Outcome {
        not_measured: vec![entry("relinked"), entry("relinked_p_value")],
        ..Outcome::default()
    }
}

/// Re-linking by one source of earlier traces.
struct Attack {
    list: String,
    source: String,
    features: PointDefinition,
    settings: Settings,
    zone: Option<jiff::tz::TimeZone>,
}

impl Attack {
    fn measure(
        &self,
        table: &Encoded,
        earlier: &Encoded,
        list: &Encoded,
        progress: &dyn Progress,
    ) -> Outcome {
        let Some(listed) = list.subjects() else {
            return self.without_value(&said!(
                "the list `{}` has no pseudonyms",
                "die Liste `{}` hat keine Pseudonyme",
                self.list
            ));
        };
        let same = same_persons(earlier, table);
        let subjects = earlier.subjects().expect("they were read with the traces");
        let objects = objecting(listed, subjects);
        let gone = |person: u32| objects[person as usize] && same[person as usize].is_none();
        let controls = self.controls(
            &table.name,
            |person| !objects[person] && same[person].is_some(),
            same.len(),
        );
        let wanted = |person: u32| gone(person) || controls.binary_search(&person).is_ok();
        let (known, sought) = (table.trails(&self.features), earlier.trails(&self.features));
        let (sides, _) = Sides::among(
            known,
            sought,
            &same,
            wanted,
            1,
            Tolerance::default(),
            self.zone.clone(),
        );
        let columns: Vec<String> = known.visits.column.split(", ").map(str::to_owned).collect();
        let is_sought = |at: usize| gone(sides.sought.persons[at]);
        let mut outcome = Outcome::default();
        for method in &self.settings.methods {
            let relinking = match (method.prepare)(&sides) {
                Err(reason) => Err(reason),
                Ok(matcher) => {
                    let ranked = rank_all(matcher.as_ref(), &sides.truth, 3, progress);
                    let relinking = Relinking::new(&ranked, is_sought, self.settings.level);
                    relinking.ok_or(
                        said!("fewer persons who did not object have one pseudonym in both than it takes to tell a claim from chance", "zu wenige Personen ohne Widerspruch haben in beiden dasselbe Pseudonym: eine Behauptung ist so nicht vom Zufall zu unterscheiden"),
                    )
                }
            };
            match relinking {
                Ok(relinking) => outcome
                    .findings
                    .extend(self.findings(method, &relinking, &columns)),
                Err(reason) => {
                    let reason = said!(
                        "`{}`, {}: {}",
                        "`{}`, {}: {}",
                        self.source,
                        method.name,
                        reason
                    );
                    let more = self.without_value(&reason);
                    outcome.findings.extend(more.findings);
                    outcome.not_measured.extend(more.not_measured);
                }
            }
        }
        outcome
    }

    /// Persons of the earlier traces who are controls, ascending: all, or some drawn of them.
    fn controls(&self, table: &str, is: impl Fn(usize) -> bool, persons: usize) -> Vec<u32> {
        let all: Vec<u32> = (0..persons)
            .filter(|person| is(*person))
            .map(|at| at as u32)
            .collect();
        match all.len() as u64 > self.settings.controls {
            false => all,
            true => {
                let mut trial = Draws::new(self.settings.seed, ID, table).trial(0);
                let places = trial.subset(self.settings.controls as usize, all.len() as u64);
                places
                    .into_iter()
                    .map(|place| all[place as usize])
                    .collect()
            }
        }
    }

    fn parameters(&self) -> Parameters {
        let mut parameters = self.features.parameters();
        parameters.insert("auxiliary".to_owned(), self.list.as_str().into());
        parameters.insert("traces".to_owned(), self.source.as_str().into());
        parameters
    }

    /// Findings without a value, so that a requirement fails even where other sources have one.
    fn without_value(&self, reason: &Said) -> Outcome {
        let finding = |statistic, unit| {
            Finding::new(ID, statistic, DOC.criterion, unit).parameters(&self.parameters())
        };
        Outcome {
            findings: vec![
                finding("relinked", Unit::Persons),
                finding("relinked_p_value", Unit::Probability),
            ],
            ..not_relinked(reason)
        }
    }

    fn findings(&self, method: &Method, relinking: &Relinking, columns: &[String]) -> Vec<Finding> {
        let finding = |statistic: &str, unit| {
            Finding::new(ID, statistic, DOC.criterion, unit)
                .columns(columns)
                .parameters(&self.parameters())
                .parameter("matcher", method.name)
                .parameter("level", self.settings.level)
        };
        // Several matchers have several chances to err.
        let tests = self.settings.methods.len();
        let mut findings = claims("relinked", relinking, tests, self.settings.seed, finding);
        let (claimed, sought) = (relinking.claimed, relinking.sought);
        let (shares, chance_of_one) = (wilson(claimed, sought), relinking.threshold.chance());
        if sought > 0 {
            let beyond = |share: f64| (share - chance_of_one) / (1.0 - chance_of_one);
            let mut risk =
                finding("relinked_risk", Unit::Ratio).value(beyond(claimed as f64 / sought as f64));
            risk.denominator = Some(sought);
            risk.baseline = Some(chance_of_one);
            risk.interval = Some(Interval {
                low: beyond(shares.low),
                high: beyond(shares.high),
                ..shares
            });
            findings.push(risk);
        }
        findings
    }
}

/// What is claimed of those who objected, by so many tests: how many of them, the chance of as many, and the power.
fn claims(
    name: &str,
    relinking: &Relinking,
    tests: usize,
    seed: u64,
    finding: impl Fn(&str, Unit) -> Finding,
) -> Vec<Finding> {
    let (claimed, sought) = (relinking.claimed, relinking.sought);
    let shares = wilson(claimed, sought);
    let mut persons = finding(name, Unit::Persons).count(claimed, Some(sought));
    persons.interval = Some(Interval {
        low: shares.low * sought as f64,
        high: shares.high * sought as f64,
        ..shares
    });
    persons.baseline = Some(relinking.expected());
    let p_value = relinking.p_value() * tests as f64;
    let mut chance = finding(&format!("{name}_p_value"), Unit::Probability).value(p_value.min(1.0));
    chance.denominator = Some(sought);
    let (recognised, controls) = (relinking.recognised, relinking.threshold.controls);
    let mut power = finding(&format!("{name}_power"), Unit::Share).share(recognised, controls);
    power.interval = Some(wilson(recognised, controls));
    power.baseline = Some(relinking.threshold.chance());
    power.sample = Some(Sample {
        seed,
        persons: controls,
        trials: controls,
    });
    vec![persons, chance, power]
}

/// Counts before and after the objection.
fn derivation(planning: &Planning<'_>, table: usize, list: &List<'_>) -> Result<Vec<Job>> {
    let described = &planning.release.tables[table];
    let mut jobs = Vec::new();
    let unmeasured = |reason: Said| Job::without(ID, table, move || not_derived(&reason));
    for earlier in planning.predecessors(described) {
        let noisy = described.counting.noise.is_some() || earlier.table.counting.noise.is_some();
        let map = match same_cells(described, earlier.table) {
            Ok(_) if noisy => Err(said!(
                "noise was added to the counts: a difference of one person says nothing",
                "die Zählwerte sind verrauscht: ein Unterschied von einer Person sagt nichts"
            )),
            map => map,
        };
        let map = match map {
            Ok(map) => map,
            Err(reason) => {
                jobs.push(unmeasured(said!(
                    "`{}`: {}",
                    "`{}`: {}",
                    earlier.name,
                    reason
                )));
                continue;
            }
        };
        check_cells(planning, table, &earlier)?;
        let derivation = Derivation {
            list: list.auxiliary.name.clone(),
            earlier: earlier.name.to_owned(),
            columns: described
                .roles
                .dimensions()
                .map(|column| column.value.clone())
                .collect(),
            cell: cell(planning, table),
            zero: zero(described, earlier.table),
            map,
        };
        let needs = Needs::of_cells();
        let mut held = vec![list.held.clone(), earlier.held(needs.clone())];
        if derivation.cell.is_some() {
            held.extend(traces(planning, table, &earlier));
        }
        jobs.push(Job {
            measure: ID,
            table,
            needs,
            run: Run::Held(
                held,
                Box::new(move |table, others, _| {
                    derivation.measure(table, others[0], others[1], &others[2..])
                }),
            ),
        });
    }
    if jobs.is_empty() {
        jobs.push(unmeasured(said!(
            "no earlier release named has counts of this name",
            "keine genannte frühere Veröffentlichung hat Zählwerte dieses Namens"
        )));
    }
    Ok(jobs)
}

fn not_derived(reason: &Said) -> Outcome {
    Outcome {
        not_measured: vec![Outcome::not_measured(ID, Some("derivable"), reason)],
        ..Outcome::default()
    }
}

/// What of a cell says where and when, where places are names.
fn cell(planning: &Planning<'_>, table: usize) -> Option<Cell> {
    let roles = &planning.release.tables[table].roles;
    let at = |wanted: &Column| {
        let mut dimensions = roles.dimensions();
        dimensions.position(|column| column.value == wanted.value)
    };
    let places = match &roles.place {
        Some(Place::Cell(place)) => vec![at(place)?],
        Some(_) => return None,
        None => {
            let ends = roles.origin.iter().chain(&roles.destination);
            ends.map(at).collect::<Option<Vec<usize>>>()?
        }
    };
    let scale = |column: &Column| {
        let input = &planning.inputs[table];
        Scale::of(&input.columns[input.column(column)?])
    };
    let time = roles
        .time
        .as_ref()
        .and_then(|column| Some((at(column)?, scale(column)?)));
    (!places.is_empty()).then_some(Cell { places, time })
}

/// The traces of the same earlier release whose places can be those of the cells, and the definition of what is
/// told of them.
fn traces(planning: &Planning<'_>, table: usize, earlier: &Predecessor<'_>) -> Vec<Held> {
    let roles = &planning.release.tables[table].roles;
    let place = match &roles.place {
        Some(Place::Cell(place)) => Some(place),
        _ => roles.origin.as_ref().or(roles.destination.as_ref()),
    };
    let fits = |other: &Predecessor<'_>| {
        let column =
            |input: &Input, column: &Column| Some(input.columns[input.column(column)?].clone());
        let (Some(mine), Some(Place::Cell(theirs))) = (place, &other.table.roles.place) else {
            return false;
        };
        let pair = (
            column(&planning.inputs[table], mine),
            column(other.input, theirs),
        );
        matches!(pair, (Some(a), Some(b)) if is_comparable(&a, &b))
    };
    let others = planning.earlier_tables();
    let others = others.filter(|other| {
        other.earlier.auxiliary == earlier.earlier.auxiliary
            && other.table.kind == TableKind::Trace
            && fits(other)
    });
    let held = others.map(|other| {
        other.held(Needs {
            trails: vec![where_alone()],
            ..Needs::default()
        })
    });
    held.collect()
}

fn where_alone() -> PointDefinition {
    PointDefinition {
        place: Some(PlaceBin::Column),
        ..PointDefinition::default()
    }
}

/// The differences between two tables of counts.
struct Derivation {
    list: String,
    earlier: String,
    columns: Vec<String>,
    cell: Option<Cell>,
    zero: Zero,
    /// For each dimension of the later table that of the earlier.
    map: Vec<usize>,
}

impl Derivation {
    fn measure(
        &self,
        table: &Encoded,
        list: &Encoded,
        earlier: &Encoded,
        traces: &[&Encoded],
    ) -> Outcome {
        let flows = |encoded: &Encoded| encoded.flows().map_or(0, |flows| flows.repeated);
        if flows(table) + flows(earlier) > 0 {
            return not_derived(&REPEATED);
        }
        let later = table.flows().expect("they were asked for");
        let before = earlier.flows().expect("they were asked for");
        let whereabouts: Vec<Whereabouts> = traces
            .iter()
            .filter_map(|traces| {
                let (subjects, cell) = (traces.subjects()?, self.cell.as_ref()?);
                let objects = objecting(list.subjects()?, subjects);
                let trails = traces.trails(&where_alone());
                Some(Whereabouts::new(later, cell, trails, |person| {
                    objects[person]
                }))
            })
            .collect();
        let theirs = |codes: &[u32]| {
            whereabouts.is_empty() || whereabouts.iter().any(|known| known.has(codes))
        };
        let changes = changes(later, before, &self.map, self.zero);
        let one_less = changes
            .iter()
            .filter(|change| change.lost() == (1, 1) && theirs(&change.codes));
        let whose = match whereabouts.is_empty() {
            true => "anybody",
            false => "those who objected",
        };
        let derivable = Finding::new(ID, "derivable", DOC.criterion, Unit::Cells)
            .columns(&self.columns)
            .parameter("auxiliary", self.list.as_str())
            .parameter("before", self.earlier.as_str())
            .parameter("whose", whose)
            .count(one_less.count() as u64, Some(changes.len() as u64));
        Outcome {
            findings: vec![derivable],
            ..Outcome::default()
        }
    }
}
