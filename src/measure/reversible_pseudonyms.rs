//! Reversible pseudonyms: unsalted hashes of identifiers that can be tried one by one, and numbers that were counted
//! up.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rayon::prelude::*;
use sha2::{Digest as _, Sha256};

use super::floors::{Floor, Rule};
use super::{
    Doc, Job, Measure, Outcome, Planning, Run, Setting, Statistic, parameter, percent, real,
};
use crate::digest::Encoding;
use crate::digest::form::{self, Set};
use crate::digest::search::{Budget, Combination, Searched, TARGET, search};
use crate::encode::counted::{Counted, FEWEST};
use crate::encode::order;
use crate::encode::written;
use crate::encode::{Distinct, Encoded, Needs, Values, is_scannable};
use crate::error::Result;
use crate::finding::{Criterion, Finding, Interval, NotMeasured, Parameter, Unit};
use crate::identifier::spaces::{self, Space};
use crate::identifier::survey::Reading;
use crate::identifier::{self, Form, Kind, Survey};
use crate::progress::Progress;
use crate::release::Table;
use crate::release::input::Domain;
use crate::said;
use crate::stats::{Draws, wilson};

pub struct ReversiblePseudonyms;

const ID: &str = "reversible-pseudonyms";

/// Digests made for a column at most, before what was found is followed up.
const DEFAULT_BUDGET: u64 = 1 << 31;

static DOC: Doc = Doc {
    id: ID,
    german: &super::german::reversible_pseudonyms::PROSE,
    title: "Reversible pseudonyms",
    criterion: Criterion::Hygiene,
    question: "Can pseudonyms be computed back to telephone numbers, SIM cards, e-mail addresses and the like?",
    adversary: "Knows no secret. Tries all identifiers of a kind with all usual hash functions and spellings.",
    definition: "Pseudonyms are the distinct values of the subject, and of columns under `direct_identifiers` and \
                 `ignore`. Value by value it is recognised which of them could be digests, whole or cut to 32 bits or \
                 more: hexadecimal in upper, lower or mixed case and with any punctuation, base32, base64, bytes, \
                 UUIDs, whole numbers; beginnings and ends that all values share, and what surrounds a digest, are \
                 left out. Then identifiers are hashed without a key or salt: whole numbers of up to ten digits, \
                 dates of birth, postcodes, mobile numbers of Europe and North America, IPv4 addresses, vehicle \
                 plates, MAC addresses of known vendors, SIM card numbers (IMSI), device numbers (IMEI) of `tacs`, \
                 the entries of `list`, in their usual spellings; by SHA-256, MD5, SHA-1, SHA-512, SHA-224, \
                 SHA-384, CRC-32, by two of them one after the other, and with a part of the effort by SHA-3, \
                 Keccak, RIPEMD-160, BLAKE2, BLAKE3, xxHash, FNV and MurmurHash3. Lists and whole numbers of up to \
                 eight digits come first, then what is cheapest, by how often people hash it, each as far as it takes to find a column of such hashes with a probability of \
                 95 %, in a pseudorandom order; and once a function, space and spelling has met more pseudonyms \
                 than chance would, that one is tried further. A pseudonym is reversed when one of those met it, or \
                 when it is an identifier that was only written in other characters (function `none`), as at least two, and one in a hundred, are. A kind of \
                 identifiers that would have been found with less than 95 % was not measured, unless \
                 `[table.harmless]` says how the pseudonyms were made. Patterns: `sequential`, ten or more whole \
                 numbers (also at the end of texts that are otherwise alike, and with a check digit, inside of texts, \
                 in hexadecimal, letters or base 36) of which at least every second in their range is there; \
                 `equal-steps`; `clock`, 95 % of the values are UUIDs of version 1, 6 or 7, ULIDs or ObjectIds of a \
                 time between 1990 and 2060; `encoded`, 95 % are printable texts in hexadecimal, base32 or base64; `dates`, \
                 of 50 or more, 95 % have a date at the same place, of six digits or of eight with a year from 1900 to 2039, in \
                 at least six months and on ten days of the month, or such a year by itself, of 20 or more; `attributes`, the character at a place depends on another \
                 column of the first row (χ², Cramér's V of 0.2 or more), or a column's own value stands in the pseudonym in 20 % \
                 of the rows beyond those in which another row's does; `blocks`, two to ten places in a row agree in more than \
                 twice as many pairs of pseudonyms as if each had been drawn for itself, as postcodes, branches or \
                 initials do; a form of identifiers that 95 % of the values have. Of \
                 columns under `direct_identifiers` and `ignore` numbers count, and power is asked, where there are \
                 at least half as many values as persons. `[table.harmless]` answers for numbers, unless they \
                 follow an order (`file-leaks`).",
    formula: "reversed = |{p : ∃ i tried, h(i) begins as p}|; found: at least t met, t the least with P(Binomial(n, \
              1 − e^(−m/2ᵇ)) ≥ t) ≤ 0.001/combinations, n pseudonyms, m tried, b the bits that are compared; power = \
              P(Binomial(n, m/size) ≥ t), = 1 − (1 − m/size)ⁿ where t = 1; share_of_space = m/size; estimated = \
              met·size/m",
    denominator: "Distinct pseudonyms of a column: persons where it is the subject.",
    nulls: "Null is no pseudonym.",
    assumptions: &[
        "The order in which a space is tried is pseudorandom and depends on the pseudonyms alone, so that no setting \
         of the manifest can choose it. What is tried is then a fair sample of the space.",
        "The power is that of a column all of whose pseudonyms of one form are hashes of identifiers of one space in \
         one spelling; where several are mixed, each is rarer.",
        "The baseline is the chance that random bits are met by what was tried.",
    ],
    limits: &[
        "Salts, keys and slow functions are not tried, nor identifiers of other kinds and countries, names and \
         e-mail addresses that are not in `list`.",
        "Power is asked of the functions and spellings in most use; the others are tried with what is left.",
        "Pseudonyms of fewer than 32 bits and UUIDs made from a clock are not tried.",
        "Attributes that were enciphered or hashed into a part of the pseudonym are not seen, nor those of fewer than 50 \
         pseudonyms.",
        "Of BLAKE2b and BLAKE2s with a digest length of their own the digests are others.",
    ],
    citations: &[
        "M. Marx, E. Zimmer, T. Mueller, M. Blochberger, H. Federrath: Hashing of personally identifiable \
         information is not sufficient. Sicherheit 2018.",
        "L. Demir, A. Kumar, M. Cunche, C. Lauradoux: The pitfalls of hashing for privacy. IEEE Communications \
         Surveys & Tutorials 20(1), 2018.",
        "AEPD, EDPS: Introduction to the hash function as a personal data pseudonymisation technique, 2019.",
        "RFC 1321, FIPS 180-4, FIPS 202, RFC 7693, RFC 9562; 3GPP TS 23.003; ITU-T E.164, E.212.",
    ],
    validation: "Digests equal the published test vectors; planted hashes of each function, form, space and spelling \
                 are found, those with a salt and random pseudonyms are not; of many small columns as many are found \
                 as the power says.",
    table: None,
    settings: &[
        Setting {
            key: "budget",
            default: "2147483648",
            meaning: "digests made for a column at most, until one is found, in digests of SHA-256: those of slower \
                      functions count for several",
        },
        Setting {
            key: "seconds",
            default: "none",
            meaning: "instead of a budget so long for a column; what is found then depends on the machine, and the \
                      report says so",
        },
        Setting {
            key: "list",
            default: "none",
            meaning: "a text file of identifiers, one a line, such as known e-mail addresses",
        },
        Setting {
            key: "tacs",
            default: "none",
            meaning: "type allocation codes (the first eight digits) of devices, for IMEI",
        },
    ],
    statistics: &[
        Statistic {
            name: "reversed",
            title: "Pseudonyms computed back",
            of: "pseudonyms",
            meaning: |f| {
                let share = match (f.numerator, f.denominator) {
                    (Some(count), Some(all)) if all > 0 => percent(count as f64 / all as f64),
                    _ => "0 %".to_owned(),
                };
                let kind = title(f);
                let function = match parameter(f, "kind").as_str() {
                    "any" => "any".to_owned(),
                    _ => parameter(f, "function"),
                };
                match (real(f), function.as_str()) {
                    (0.0, _) => "No pseudonym was computed back, as far as was tried.".to_owned(),
                    (_, "any") => format!(
                        "{share} of the pseudonyms were computed back to identifiers with what was tried here, and \
                         who tries more gets more: they protect nobody. Draw pseudonyms at random, or use a keyed \
                         hash and destroy the key."
                    ),
                    (_, "none") => format!(
                        "{share} of the pseudonyms are {kind} in other characters: anybody can read them."
                    ),
                    (_, function) => format!(
                        "{share} of the pseudonyms are {function} of {kind}: anybody can compute them back. Draw \
                         pseudonyms at random, or use a keyed hash and destroy the key."
                    ),
                }
            },
        },
        Statistic {
            name: "share_of_space",
            title: "Share of the space that was tried",
            of: "identifiers",
            meaning: |f| {
                let (tried, kind) = (percent(real(f)), title(f));
                match parameter(f, "function").as_str() {
                    "any" => format!("Of {kind} {tried} were tried."),
                    function => format!("Of {kind} {tried} were tried with {function}."),
                }
            },
        },
        Statistic {
            name: "power",
            title: "Probability that hashes would have been found",
            of: "searches",
            meaning: |f| {
                format!(
                    "Had the pseudonyms been unkeyed hashes of {}, at least one would have been computed back with a \
                     probability of {}.",
                    title(f),
                    percent(real(f))
                )
            },
        },
        Statistic {
            name: "estimated",
            title: "Pseudonyms that would fall, estimated",
            of: "pseudonyms",
            meaning: |f| {
                format!(
                    "Were all {} tried, about {:.0} pseudonyms would be computed back.",
                    title(f),
                    real(f)
                )
            },
        },
        Statistic {
            name: "candidates_left",
            title: "Identifiers left to try",
            of: "identifiers",
            meaning: |f| format!("Trying all {1} takes {0} more digests.", real(f), title(f)),
        },
        Statistic {
            name: "patterned",
            title: "Pseudonyms by a pattern",
            of: "columns",
            meaning: |f| {
                let kind = parameter(f, "kind");
                match (real(f), kind.as_str()) {
                    (0.0, _) if f.parameters.contains_key("excused") => {
                        "The pseudonyms follow a pattern that the publisher explains, and were found to follow no \
                         order."
                            .to_owned()
                    }
                    (0.0, _) => "The pseudonyms follow no pattern.".to_owned(),
                    (_, "any") => "The pseudonyms follow a pattern: draw them at random. If the column holds no pseudonyms, \
                                   say under `[table.harmless]` what it holds."
                        .to_owned(),
                    (_, "sequential") => format!(
                        "The pseudonyms are consecutive numbers, as if persons had been counted: anyone who knows \
                         the order of the persons knows whose number is whose. {DRAW}"
                    ),
                    (_, "clock") => "The pseudonyms were made from a clock (UUIDs of version 1, 6 or 7, ULIDs or \
                                     ObjectIds): each tells when it was made, and so when its person was added. Draw \
                                     pseudonyms at random, such as UUIDs of version 4."
                        .to_owned(),
                    (_, "encoded") => "The pseudonyms are texts in other characters (hexadecimal, base32 or base64): \
                                       anybody can read what they say. Draw pseudonyms at random."
                        .to_owned(),
                    (_, "dates") => "Each pseudonym holds a date, such as one of birth or of the first contact: anyone who \
                                     knows it finds the person. Draw pseudonyms at random."
                        .to_owned(),
                    (_, "attributes") => "A part of the pseudonyms says what another column says of the person, and says it \
                                          wherever the pseudonym is seen. Draw pseudonyms at random; if the part is no more \
                                          than the column beside it says, such as a site, say so under [table.harmless]."
                        .to_owned(),
                    (_, "blocks") => "Parts of the pseudonyms repeat as postcodes, branches or initials do, which drawn ones do \
                                      not: they may say something of the person. Draw pseudonyms at random, or say under \
                                      [table.harmless] what the parts are."
                        .to_owned(),
                    (_, "equal-steps") => format!(
                        "The pseudonyms are numbers at equal distances: one of them and the distance give all \
                         others. {DRAW}"
                    ),
                    (_, kind) => format!(
                        "The pseudonyms have the form of {}: they may be those themselves, or enciphered by a \
                         scheme that keeps the form, the key of which opens all. Draw pseudonyms at random.",
                        of_form(kind).map_or("identifiers", Kind::title)
                    ),
                }
            },
        },
    ],
};

/// What answers numbers that may have been counted up.
const DRAW: &str = "Draw pseudonyms at random from a large range. If these numbers were assigned in random order and \
                    for this release alone, say so in the manifest, under [table.harmless]; an order that they \
                    follow is then still held against them.";

fn of_form(kind: &str) -> Option<Kind> {
    Kind::ALL.into_iter().find(|known| known.as_str() == kind)
}

/// What the identifiers of a finding are, in words.
fn title(finding: &Finding) -> String {
    let kind = parameter(finding, "kind");
    let space = spaces::Kind::ALL
        .into_iter()
        .find(|space| space.as_str() == kind);
    let title = space.map(spaces::Kind::title);
    title
        .or(of_form(&kind).map(Kind::title))
        .unwrap_or("identifiers")
        .to_owned()
}

impl Measure for ReversiblePseudonyms {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn floors(&self) -> &'static [Floor] {
        &[
            Floor {
                key: "budget",
                rule: Rule::Least(DEFAULT_BUDGET as f64),
            },
            Floor {
                key: "seconds",
                rule: Rule::Least(60.0),
            },
        ]
    }

    fn plan(&self, planning: &Planning<'_>) -> Result<Vec<Job>> {
        let settings = Arc::new(Settings::read(planning)?);
        let tables = planning.release.tables.iter().zip(planning.inputs);
        let jobs = tables.enumerate().filter_map(|(at, (table, input))| {
            let columns: Vec<String> = pseudonyms(table)
                .filter(|column| {
                    let known = input.column(column).map(|at| &input.columns[at]);
                    // Whole numbers beside counts, or of things, are sizes and ranks: `declarations` asks whether a
                    // column names persons.
                    let is_size =
                        |domain| !table.kind.is_of_persons() && domain == Some(Domain::Integer);
                    known.is_some_and(|known| {
                        !known.partition && is_scannable(known.domain) && !is_size(known.domain)
                    })
                })
                .collect();
            let subject = table.roles.subject.as_ref().map(|at| at.value.clone());
            let harmless: Vec<String> = columns
                .iter()
                .filter(|column| table.harmless(column).is_some())
                .cloned()
                .collect();
            let settings = settings.clone();
            let is_of_persons = table.kind.is_of_persons();
            (!columns.is_empty()).then(|| Job {
                measure: ID,
                table: at,
                needs: Needs {
                    values: columns.clone(),
                    tuples: subject.is_some(),
                    files: true,
                    published: true,
                    linked: is_of_persons,
                    ..Needs::default()
                },
                run: Run::Long(Box::new(move |encoded, progress| {
                    let mut outcome = Outcome::default();
                    for column in &columns {
                        let unit = match subject.as_ref() == Some(column) {
                            true => Unit::Persons,
                            false => Unit::Values,
                        };
                        let of = Of {
                            column,
                            unit,
                            harmless: harmless.contains(column),
                        };
                        measure(encoded, &of, &settings, progress, &mut outcome);
                    }
                    outcome
                })),
            })
        });
        Ok(jobs.collect())
    }
}

fn pseudonyms(table: &Table) -> impl Iterator<Item = String> {
    let hidden = table.roles.direct_identifiers.iter().chain(&table.ignore);
    let columns = table.roles.subject.iter().chain(hidden);
    columns.map(|column| column.value.clone())
}

struct Settings {
    budget: Budget,
    spaces: Vec<Space>,
    /// What was searched already: tables of one release often have the same pseudonyms.
    known: Mutex<BTreeMap<u64, Arc<Searched>>>,
}

impl Settings {
    fn read(planning: &Planning<'_>) -> Result<Self> {
        let digests = planning.count("budget")?.unwrap_or(DEFAULT_BUDGET);
        let mut settings = Self {
            budget: Budget::Digests(digests),
            spaces: Space::all(),
            known: Mutex::default(),
        };
        let Some(section) = planning.settings else {
            return Ok(settings);
        };
        if let Some(seconds) = section.number("seconds")? {
            if !(seconds.value > 0.0 && seconds.value <= 1e7) {
                let message = "`seconds` must be greater than 0, and no more than 10,000,000";
                return Err(section.error(seconds.span, message));
            }
            settings.budget = Budget::Time(Duration::from_secs_f64(seconds.value));
        }
        if let Some(lines) = planning.list("list")? {
            settings.spaces.insert(0, Space::list(lines));
        }
        let mut types = Vec::new();
        for code in section.strings("tacs")? {
            let digits = code.len() == 8 && code.bytes().all(|c| c.is_ascii_digit());
            match code.parse() {
                Ok(number) if digits => types.push(number),
                _ => {
                    let message = "a type allocation code has eight digits, such as \"35209900\"";
                    return Err(section.error(code.span, message));
                }
            }
        }
        if !types.is_empty() {
            types.sort_unstable();
            types.dedup();
            settings.spaces.push(Space::devices(types));
        }
        Ok(settings)
    }

    /// Searches for pseudonyms, unless these were searched before.
    fn searched(
        &self,
        texts: &[Vec<u8>],
        sets: &[Set],
        numbers: bool,
        progress: &dyn Progress,
    ) -> Arc<Searched> {
        // A seed of the manifest would let its author choose an order that misses.
        let fingerprint = fingerprint(texts, numbers);
        let known = || self.known.lock().expect("nobody panics with it");
        if let Some(searched) = known().get(&fingerprint) {
            return searched.clone();
        }
        let draws = Draws::new(fingerprint, ID, "");
        let keys = |space: u64| {
            let mut trial = draws.trial(space);
            std::array::from_fn(|_| trial.below(u64::MAX))
        };
        let told = Told(progress);
        let searched = Arc::new(search(sets, &self.spaces, self.budget, &keys, &told));
        known().insert(fingerprint, searched.clone());
        searched
    }
}

/// The column whose pseudonyms are tried.
struct Of<'a> {
    column: &'a String,
    unit: Unit,
    /// Whether the publisher gives a reason why its numbers tell nothing.
    harmless: bool,
}

impl Of<'_> {
    fn finding(&self, statistic: &str, unit: Unit, kind: &str) -> Finding {
        Finding::new(ID, statistic, DOC.criterion, unit)
            .columns(std::slice::from_ref(self.column))
            .parameter("kind", kind)
    }
}

/// What is told of a long search.
struct Told<'a>(&'a dyn Progress);

impl crate::digest::Watch for Told<'_> {
    fn attempt(&self, digests: u64) {
        self.0.attempt(digests);
    }

    fn attempted(&self, digests: u64) {
        self.0.attempted(digests);
    }

    fn cancelled(&self) -> bool {
        self.0.cancelled()
    }
}

fn measure(
    encoded: &Encoded,
    of: &Of<'_>,
    settings: &Settings,
    progress: &dyn Progress,
    outcome: &mut Outcome,
) {
    let Some(values) = encoded.values(of.column) else {
        return;
    };
    let texts = texts(&values.distinct);
    let sets = match &values.distinct {
        Distinct::Numbers(numbers) => form::of_numbers(numbers),
        Distinct::Bytes(_) => form::of_texts(&texts),
    };
    let numbers = matches!(values.distinct, Distinct::Numbers(_));
    let searched = settings.searched(&texts, &sets, numbers, progress);
    let all = texts.len() as u64;
    let mut reversed: BTreeSet<u32> = BTreeSet::new();
    let mut findings = Vec::new();
    for (kind, read) in readable(&texts, numbers) {
        let finding = of.finding("reversed", of.unit, kind.as_str());
        findings.push(
            finding
                .parameter("function", "none")
                .count(read.len() as u64, Some(all)),
        );
        reversed.extend(read);
    }
    let mut groups: BTreeMap<(&str, String), Vec<&Combination>> = BTreeMap::new();
    for at in &searched.found {
        let one = &searched.combinations[*at];
        reversed.extend(&one.met);
        let key = (one.kind.as_str(), one.recipe.name());
        groups.entry(key).or_default().push(one);
    }
    for ((kind, function), group) in &groups {
        findings.extend(of_group(of, kind, function, group, all));
    }
    let is_few = is_few(of, encoded, all);
    findings.extend(powers(of, &searched));
    if !is_few && !of.harmless {
        outcome.not_measured.extend(unseen(of, &searched));
    }
    if let Budget::Time(time) = settings.budget {
        let until = format!("{} seconds, by this machine", time.as_secs_f64());
        for finding in &mut findings {
            finding
                .parameters
                .insert("until".to_owned(), Parameter::from(until.as_str()));
        }
    }
    let any = of.finding("reversed", of.unit, "any");
    findings.insert(0, any.count(reversed.len() as u64, Some(all)));
    let mut patterns = patterns(values, &texts, &sets);
    let published = encoded.published().expect("it was asked for");
    if !written::followed(published, of.column).is_empty() {
        patterns.push(Pattern::Numbers("attributes"));
    }
    findings.extend(patterned(of, &patterns, encoded, is_few));
    outcome.findings.extend(findings);
}

/// A number that depends on all pseudonyms, and on whether they are numbers or text.
fn fingerprint(texts: &[Vec<u8>], numbers: bool) -> u64 {
    let mut hash = Sha256::new();
    hash.update([u8::from(numbers)]);
    for text in texts {
        hash.update((text.len() as u64).to_le_bytes());
        hash.update(text);
    }
    let digest: [u8; 32] = hash.finalize().into();
    u64::from_le_bytes(*digest.first_chunk().expect("32 bytes"))
}

/// Whether a column that is not the subject has fewer values than persons have pseudonyms: years and ages are in a
/// row, and a few codes are no digests of anybody.
fn is_few(of: &Of<'_>, encoded: &Encoded, distinct: u64) -> bool {
    let persons = encoded.persons().unwrap_or(encoded.rows);
    of.unit != Unit::Persons && distinct * 2 < persons
}

/// With what power each kind of identifiers would have been found where nothing was, and how much of its space was
/// tried.
fn powers(of: &Of<'_>, searched: &Searched) -> Vec<Finding> {
    let of_kind = |own: crate::digest::search::Power| {
        let finding = |statistic, unit| {
            of.finding(statistic, unit, own.kind.as_str())
                .parameter("function", own.recipe.name().as_str())
        };
        [
            finding("power", Unit::Probability).value(own.power),
            finding("share_of_space", Unit::Share).share(own.tried, own.size),
        ]
    };
    searched.powers().into_iter().flat_map(of_kind).collect()
}

/// What could not have been found was not measured.
fn unseen(of: &Of<'_>, searched: &Searched) -> Option<NotMeasured> {
    let short = searched.powers().into_iter();
    let short = short.filter(|own| own.power < TARGET);
    let kinds: Vec<&str> = short.map(|own| own.kind.as_str()).collect();
    if kinds.is_empty() {
        return None;
    }
    let kinds = kinds.join(", ");
    let reason = match searched.needed {
        Some(needed) => said!(
            "had column `{}` held hashes of some kinds of identifiers ({}), the search would have found them with a probability below 95 %: set `budget = {}` under [measure.reversible-pseudonyms], or say under [table.harmless] how the pseudonyms were drawn",
            "Hashwerte in Spalte `{}` von einigen Arten von Identifikatoren ({}) hätten sich mit weniger als 95 % Wahrscheinlichkeit gezeigt: unter [measure.reversible-pseudonyms] `budget = {}` setzen oder unter [table.harmless] angeben, wie die Pseudonyme gezogen wurden",
            of.column,
            kinds,
            needed
        ),
        None => said!(
            "the pseudonyms in column `{}` are so short and so few that hashes of some kinds of identifiers ({}) could not be told from chance: say under [table.harmless] how they were drawn, or draw longer ones",
            "die Pseudonyme in Spalte `{}` sind so kurz und so wenige, dass sich Hashwerte einiger Arten von Identifikatoren ({}) nicht vom Zufall unterscheiden lassen: unter [table.harmless] angeben, wie sie gezogen wurden, oder längere ziehen",
            of.column,
            kinds
        ),
    };
    Some(Outcome::not_measured(ID, Some("reversed"), reason))
}

/// The patterns of a column, and whether they are held against it. Numbers drawn for this release look like numbers
/// that were counted up: what tells them apart is the order that the latter follow, and what the publisher says,
/// unless such an order was found.
fn patterned(of: &Of<'_>, found: &[Pattern], encoded: &Encoded, few: bool) -> Vec<Finding> {
    let is_subject = of.unit == Unit::Persons;
    let (_, rows) = encoded.files().expect("they were asked for");
    let excused = of.harmless && rows.followed(order::LEVEL).followed == 0;
    // What numbers the rows as they lie is nobody's pseudonym.
    let numbers_rows = rows
        .keys
        .iter()
        .any(|key| key.numbers_rows && key.name == *of.column);
    let counted = found.iter().filter(|pattern| match pattern {
        Pattern::Numbers(_) | Pattern::Dates => !few && !numbers_rows,
        Pattern::Form(_) => true,
    });
    let counted: Vec<&Pattern> = counted.collect();
    let stands = |pattern: &&&Pattern| match pattern {
        Pattern::Numbers(_) => !excused,
        Pattern::Form(_) | Pattern::Dates => is_subject || !of.harmless,
    };
    let standing = counted.iter().filter(stands).count();
    let finding = |kind: &str, count| {
        of.finding("patterned", Unit::Columns, kind)
            .count(count, Some(1))
    };
    let mut any = finding("any", u64::from(standing > 0));
    if standing < counted.len() {
        any = any.parameter("excused", (counted.len() - standing) as u64);
    }
    let kinds = counted.iter().map(|pattern| finding(pattern.as_str(), 1));
    std::iter::once(any).chain(kinds).collect()
}

fn texts(distinct: &Distinct) -> Vec<Vec<u8>> {
    match distinct {
        Distinct::Bytes(texts) => (0..texts.len()).map(|at| texts.get(at).to_vec()).collect(),
        Distinct::Numbers(numbers) => numbers.iter().map(|n| n.to_string().into_bytes()).collect(),
    }
}

/// What was found with one function in one space, by one or several spellings.
fn of_group(
    of: &Of<'_>,
    kind: &str,
    function: &str,
    group: &[&Combination],
    all: u64,
) -> Vec<Finding> {
    let finding = |statistic, unit| {
        of.finding(statistic, unit, kind)
            .parameter("function", function)
    };
    let met: BTreeSet<u32> = group
        .iter()
        .flat_map(|one| one.met.iter().copied())
        .collect();
    let tried: u64 = group.iter().map(|one| one.tried).sum();
    let size: u64 = group.iter().map(|one| one.size()).sum();
    let mut reversed = finding("reversed", of.unit).count(met.len() as u64, Some(all));
    let unmet = group.iter().map(|one| 1.0 - one.chance()).product::<f64>();
    reversed.baseline = Some((1.0 - unmet).max(0.0));
    let mut findings = vec![
        reversed,
        finding("share_of_space", Unit::Share).share(tried, size),
    ];
    let whole = |rate: f64| (rate * size as f64).clamp(met.len() as f64, all as f64);
    if tried < size {
        let mut estimated = finding("estimated", of.unit);
        estimated = estimated.value(whole(met.len() as f64 / tried as f64));
        let rate = wilson(met.len() as u64, tried);
        estimated.interval = Some(Interval {
            low: whole(rate.low),
            high: whole(rate.high),
            ..rate
        });
        findings.push(estimated);
        findings.push(finding("candidates_left", Unit::Values).count(size - tried, None));
    }
    findings
}

/// The pseudonyms that are identifiers in hexadecimal or base64, by what they are.
fn readable(texts: &[Vec<u8>], numbers: bool) -> BTreeMap<Kind, BTreeSet<u32>> {
    const ENCODINGS: [Encoding; 4] = [
        Encoding::HexLower,
        Encoding::HexUpper,
        Encoding::Base64,
        Encoding::Base64Url,
    ];
    let read = |text: &Vec<u8>| {
        ENCODINGS.into_iter().find_map(|encoding| {
            let (bytes, bits) = encoding.decode(text)?;
            let plain = bytes.get(..bits as usize / 8)?;
            identifier::recognise(std::str::from_utf8(plain).ok()?)
        })
    };
    let kinds: Vec<Option<Kind>> = texts.par_iter().with_min_len(1 << 12).map(read).collect();
    let mut found: BTreeMap<Kind, BTreeSet<u32>> = BTreeMap::new();
    for (kind, at) in kinds.into_iter().zip(0..) {
        if let Some(kind) = kind {
            found.entry(kind).or_default().insert(at);
        }
    }
    for (kind, read) in rewritten(texts, numbers) {
        found.entry(kind).or_default().extend(read);
    }
    found
}

/// How a text may be written otherwise by whoever takes that for a protection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    Backwards,
    /// Each letter by the thirteenth behind it.
    Rot13,
    In(Encoding),
}

impl Way {
    pub(super) const ALL: [Self; 7] = [
        Self::Backwards,
        Self::Rot13,
        Self::In(Encoding::HexLower),
        Self::In(Encoding::HexUpper),
        Self::In(Encoding::Base64),
        Self::In(Encoding::Base64Url),
        Self::In(Encoding::Base32),
    ];

    /// What was written, where it is text that can be printed.
    pub(super) fn read(self, text: &[u8]) -> Option<String> {
        let bytes = match self {
            Self::Backwards => {
                let text = std::str::from_utf8(text).ok()?;
                return Some(text.chars().rev().collect());
            }
            Self::Rot13 => {
                let turned = |c: &u8| match c {
                    b'a'..=b'z' => (c - b'a' + 13) % 26 + b'a',
                    b'A'..=b'Z' => (c - b'A' + 13) % 26 + b'A',
                    other => *other,
                };
                text.iter().map(turned).collect()
            }
            Self::In(encoding) => {
                let (bytes, bits) = encoding.decode(text)?;
                bytes.get(..bits as usize / 8)?.to_vec()
            }
        };
        let text = String::from_utf8(bytes).ok()?;
        let is_printed = text.len() >= 3 && !text.chars().any(char::is_control);
        is_printed.then_some(text)
    }

    /// Whether a form of this kind is looked for: of texts that are only turned round, those that little else has.
    pub(super) fn shows(self, kind: Kind) -> bool {
        match self {
            Self::In(_) => !matches!(kind, Kind::Uuid | Kind::Coordinates),
            Self::Backwards | Self::Rot13 => matches!(
                kind,
                Kind::Email | Kind::Iban | Kind::Phone | Kind::PersonName
            ),
        }
    }
}

/// Values that are looked at to see whether all are worth it.
const SAMPLE: usize = 20_000;

fn sampled(texts: &[Vec<u8>]) -> impl Iterator<Item = &Vec<u8>> {
    texts.iter().step_by(texts.len().div_ceil(SAMPLE).max(1))
}

/// The pseudonyms that are identifiers written backwards, by ROT13 or in other characters, by what more of them are
/// than chance explains once they are read, and fewer as they stand.
fn rewritten(texts: &[Vec<u8>], numbers: bool) -> BTreeMap<Kind, BTreeSet<u32>> {
    let reading = match numbers {
        true => Reading::Number,
        false => Reading::Text,
    };
    let surveyed = |read: &dyn Fn(&Vec<u8>) -> Option<String>| -> Option<Survey> {
        let (mut survey, mut unread) = (Survey::default(), 0);
        for text in sampled(texts) {
            match read(text) {
                Some(text) => survey.add(&text, reading),
                None => unread += 1,
            }
        }
        (unread * 10 <= survey.texts()).then_some(survey)
    };
    let matches = |survey: &Survey| -> Vec<Form> {
        let matches = survey.matches(Way::ALL.len());
        matches.into_iter().map(|found| found.form).collect()
    };
    let plain = |text: &Vec<u8>| String::from_utf8(text.clone()).ok();
    let plain: BTreeSet<Kind> = surveyed(&plain)
        .iter()
        .flat_map(matches)
        .map(Form::kind)
        .collect();
    let mut found: BTreeMap<Kind, BTreeSet<u32>> = BTreeMap::new();
    for way in Way::ALL {
        let Some(survey) = surveyed(&|text| way.read(text)) else {
            continue;
        };
        let forms = matches(&survey).into_iter();
        // Of many random texts that are read in seven ways one or the other is a number of an account.
        let is_usual = |form: &Form| {
            let seen = survey.of(*form).seen;
            seen >= 2 && seen * 100 >= survey.texts()
        };
        let forms: Vec<Form> = forms
            .filter(|form| way.shows(form.kind()) && !plain.contains(&form.kind()))
            .filter(is_usual)
            .collect();
        if forms.is_empty() {
            continue;
        }
        for (text, at) in texts.iter().zip(0..) {
            let Some(text) = way.read(text) else { continue };
            let sightings = identifier::look(&text);
            for form in forms.iter().filter(|form| sightings.sees(**form)) {
                found.entry(form.kind()).or_default().insert(at);
            }
        }
    }
    found
}

/// Whether nearly all pseudonyms are printable texts in hexadecimal, base32 or base64: of random ones of eight bytes
/// one in three thousand is.
fn is_text_encoded(texts: &[Vec<u8>]) -> bool {
    let encodings = Way::ALL.into_iter().filter(|way| matches!(way, Way::In(_)));
    texts.len() >= FEWEST
        && encodings.into_iter().any(|way| {
            let (mut read, mut all) = (0, 0);
            for text in sampled(texts) {
                all += 1;
                let text = way.read(text);
                read += usize::from(text.is_some_and(|text| text.is_ascii()));
                if (all - read) * 20 > texts.len() {
                    return false;
                }
            }
            read * 20 >= all * 19
        })
}

/// What pseudonyms have in common that random ones have not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Pattern {
    Numbers(&'static str),
    /// Dates within.
    Dates,
    Form(Kind),
}

impl Pattern {
    fn as_str(&self) -> &'static str {
        match self {
            Self::Numbers(name) => name,
            Self::Dates => "dates",
            Self::Form(kind) => kind.as_str(),
        }
    }
}

/// Numbers that were counted up, or at equal distances; and pseudonyms with the form of identifiers.
fn patterns(values: &Values, texts: &[Vec<u8>], sets: &[Set]) -> Vec<Pattern> {
    let mut found: BTreeSet<Pattern> = BTreeSet::new();
    let counted = Counted::read(values);
    match &counted {
        Some(Counted::Written(_)) => {
            found.insert(Pattern::Numbers("sequential"));
        }
        Some(Counted::Clock(_)) => {
            found.insert(Pattern::Numbers("clock"));
        }
        _ => {}
    }
    let mut numbers: Vec<i128> = match (&values.distinct, &counted) {
        (Distinct::Numbers(numbers), _) => numbers.iter().map(|n| i128::from(*n)).collect(),
        (_, Some(Counted::Plain(numbers))) => numbers.iter().map(|n| i128::from(*n)).collect(),
        _ => Vec::new(),
    };
    numbers.sort_unstable();
    if let ([first, .., last], true) = (&numbers[..], numbers.len() >= FEWEST) {
        let step = numbers[1] - first;
        if last - first < 2 * numbers.len() as i128 {
            found.insert(Pattern::Numbers("sequential"));
        } else if step > 0 && numbers.windows(2).all(|pair| pair[1] - pair[0] == step) {
            // Steps of ten leave a count when the last digit goes.
            found.clear();
            found.insert(Pattern::Numbers("equal-steps"));
        }
    }
    // What was counted up is known already.
    if found.is_empty() {
        if written::holds_dates(texts) {
            found.insert(Pattern::Dates);
        } else if written::repeats(texts) {
            found.insert(Pattern::Numbers("blocks"));
        }
    }
    if is_text_encoded(texts) {
        found.insert(Pattern::Numbers("encoded"));
    }
    if sets.is_empty() && texts.len() >= FEWEST {
        let recognise = |text: &Vec<u8>| identifier::recognise(std::str::from_utf8(text).ok()?);
        let kinds: Vec<Option<Kind>> = texts
            .par_iter()
            .with_min_len(1 << 12)
            .map(recognise)
            .collect();
        let count = |kind| kinds.iter().filter(|known| **known == Some(kind)).count();
        for kind in Kind::BY_FORM {
            // One SIM card number in ten has the check digit of a device number.
            let by_chance = match kind {
                Kind::Imsi if count(Kind::Imsi) > count(Kind::Imei) => count(Kind::Imei),
                _ => 0,
            };
            if (count(kind) + by_chance) * 20 >= texts.len() * 19 {
                found.insert(Pattern::Form(kind));
            }
        }
    }
    found.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::digest::Function;

    fn of(texts: &[&str]) -> Values {
        let mut texts: Vec<Vec<u8>> = texts.iter().map(|text| text.as_bytes().to_vec()).collect();
        texts.sort();
        Values {
            null: false,
            distinct: Distinct::Bytes(crate::encode::Texts::of(&texts)),
        }
    }

    fn found(values: &Values) -> Vec<String> {
        let found = patterns(values, &texts(&values.distinct), &[]);
        found.iter().map(|p| p.as_str().to_owned()).collect()
    }

    #[test]
    fn patterns_are_told() {
        let numbers = |step: i64, count: i64| Values {
            null: false,
            distinct: Distinct::Numbers((0..count).map(|n| 7_000 + n * step).collect()),
        };
        assert_eq!(found(&numbers(1, 50)), ["sequential"]);
        assert_eq!(found(&numbers(13, 50)), ["equal-steps"]);
        assert!(found(&numbers(1, 5)).is_empty());
        let squares = Values {
            null: false,
            distinct: Distinct::Numbers((0..50).map(|n| n * n * n).collect()),
        };
        assert!(found(&squares).is_empty());
        let named: Vec<String> = (0..30).map(|n| format!("P-{n}")).collect();
        let named: Vec<&str> = named.iter().map(String::as_str).collect();
        assert_eq!(found(&of(&named)), ["sequential"]);
        let phones: Vec<String> = (0..30u64)
            .map(|n| format!("+49170{:07}", n * n * 7_919))
            .collect();
        let phones: Vec<&str> = phones.iter().map(String::as_str).collect();
        assert_eq!(found(&of(&phones)), ["phone"]);
    }

    #[test]
    fn other_characters_are_no_protection() {
        let hex = |text: &str| data_encoding::HEXLOWER.encode(text.as_bytes()).into_bytes();
        let base64 = |text: &str| data_encoding::BASE64.encode(text.as_bytes()).into_bytes();
        let mails = ["anna@example.org", "otto@example.net", "x.y@example.com"];
        for write in [&hex as &dyn Fn(&str) -> Vec<u8>, &base64] {
            let written: Vec<Vec<u8>> = mails.iter().map(|mail| write(mail)).collect();
            // One value of another form hides nothing.
            let written: Vec<Vec<u8>> = [written, vec![b"unknown".to_vec()]].concat();
            let read = readable(&written, false);
            assert_eq!(
                read,
                BTreeMap::from([(Kind::Email, BTreeSet::from([0, 1, 2]))])
            );
        }
        let digests = mails.iter().map(|mail| {
            let digest = Function::Md5.digest(mail.as_bytes());
            Encoding::HexLower.encode(&digest, 128)
        });
        assert!(readable(&digests.collect::<Vec<_>>(), false).is_empty());
    }

    const NAMES: [&str; 12] = [
        "Anna Schmidt",
        "Peter Wagner",
        "Maria Becker",
        "Thomas Hoffmann",
        "Julia Schulz",
        "Michael Koch",
        "Sabine Richter",
        "Andreas Klein",
        "Petra Wolf",
        "Stefan Neumann",
        "Claudia Schwarz",
        "Martin Zimmermann",
    ];

    fn turned(text: &str) -> String {
        let turn = |c: char| match c {
            'a'..='z' => char::from((c as u8 - b'a' + 13) % 26 + b'a'),
            'A'..='Z' => char::from((c as u8 - b'A' + 13) % 26 + b'A'),
            other => other,
        };
        text.chars().map(turn).collect()
    }

    /// Names, e-mail addresses and telephone numbers, backwards, by ROT13 and in the usual codings.
    #[test]
    fn identifiers_written_otherwise_are_read() {
        let mails =
            NAMES.map(|name| format!("{}@example.org", name.to_lowercase().replace(' ', ".")));
        let phones = (0..40u64).map(|n| format!("+49170{:07}", n * n * 6_007 + 1_234_567));
        let phones: Vec<String> = phones.collect();
        let national: Vec<String> = phones
            .iter()
            .map(|phone| phone.replace("+49", "0"))
            .collect();
        let names: Vec<String> = NAMES.iter().map(|name| (*name).to_owned()).collect();
        let ways: [&dyn Fn(&str) -> String; 6] = [
            &|text| text.chars().rev().collect(),
            &turned,
            &|text| data_encoding::HEXLOWER.encode(text.as_bytes()),
            &|text| data_encoding::HEXUPPER.encode(text.as_bytes()),
            &|text| data_encoding::BASE64.encode(text.as_bytes()),
            &|text| data_encoding::BASE32.encode(text.as_bytes()),
        ];
        for (kind, texts) in [
            (Kind::Email, mails.to_vec()),
            (Kind::Phone, phones),
            (Kind::Phone, national),
            (Kind::PersonName, names),
        ] {
            for (at, write) in ways.iter().enumerate() {
                // Turned e-mail addresses are taken for such as they stand.
                if at <= 1 && kind == Kind::Email || at == 1 && kind == Kind::Phone {
                    continue;
                }
                let written: BTreeSet<String> = texts.iter().map(|text| write(text)).collect();
                let written: Vec<Vec<u8>> = written.into_iter().map(String::into_bytes).collect();
                let read = readable(&written, false);
                let count = read.get(&kind).map_or(0, BTreeSet::len);
                assert!(count * 10 >= texts.len() * 8, "{kind:?} {at}: {read:?}");
            }
        }
    }

    /// Random pseudonyms of the usual forms have no pattern and are nothing that was written otherwise, in 900 columns.
    #[test]
    fn random_pseudonyms_show_nothing() {
        const FORMS: [(&[u8], usize); 8] = [
            (b"0123456789abcdef", 16),
            (b"0123456789abcdef", 32),
            (b"0123456789ABCDEF", 64),
            (b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 16),
            (
                b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/",
                11,
            ),
            (
                b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_",
                22,
            ),
            (b"abcdefghijklmnopqrstuvwxyz", 10),
            (b"0123456789", 15),
        ];
        for trial in 0..900u64 {
            let draws = crate::stats::Draws::new(trial, ID, "shows nothing");
            let mut draw = draws.trial(0);
            let (alphabet, width) = FORMS[trial as usize % FORMS.len()];
            let digit = |at: u64| char::from(alphabet[at as usize]);
            let mut one = || -> String {
                let size = alphabet.len() as u64;
                (0..width).map(|_| digit(draw.below(size))).collect()
            };
            let count = [20, 100][trial as usize / 8 % 2];
            let drawn: BTreeSet<String> = (0..count).map(|_| one()).collect();
            let drawn: Vec<&str> = drawn.iter().map(String::as_str).collect();
            let values = of(&drawn);
            let texts = texts(&values.distinct);
            let sets = form::of_texts(&texts);
            // Fifteen digits have the form of device numbers as often as one check digit in ten is right.
            let found = patterns(&values, &texts, &sets);
            assert!(found.is_empty(), "{trial}: {found:?}");
            assert!(
                readable(&texts, false).is_empty() || width == 15,
                "{trial}: {:?}",
                readable(&texts, false)
            );
        }
    }

    #[test]
    fn texts_in_other_characters_are_a_pattern() {
        let written =
            |n: u64| data_encoding::BASE64.encode(format!("customer {}", n * n * 7_919).as_bytes());
        let written: Vec<Vec<u8>> = (0..40).map(|n| written(n).into_bytes()).collect();
        assert!(is_text_encoded(&written));
        let plain: Vec<Vec<u8>> = (0..40u64)
            .map(|n| (n * n * 7_919 + 10_000_000).to_string().into_bytes())
            .collect();
        assert!(!is_text_encoded(&plain));
    }
}
