//! Direct identifiers: what names a person outright and must not be in a release.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use super::reversible_pseudonyms::Way;
use super::{Doc, Job, Measure, Outcome, Planning, Run, Statistic, parameter, percent, real};
use crate::encode::published::{Published, PublishedColumn};
use crate::encode::{Encoded, Needs};
use crate::error::Result;
use crate::finding::{Criterion, Finding, Unit};
use crate::identifier::survey::{Match, Reading, kinds};
use crate::identifier::{self, Kind, Survey};
use crate::release::files::descriptions;
use crate::release::input::{Domain, InputFile};
use crate::release::leaves::leaves;
use crate::release::{Release, Table, TableKind};
use crate::said;

pub struct DirectIdentifiers;

const ID: &str = "direct-identifiers";

static DOC: Doc = Doc {
    id: ID,
    german: &super::german::direct_identifiers::PROSE,
    title: "Direct identifiers",
    criterion: Criterion::Hygiene,
    question: "Does a column hold names, telephone numbers, e-mail addresses or the like?",
    adversary: "Reads the file.",
    definition: "A column holds direct identifiers when the manifest declares it (`declared`), when its name says so \
                 (`name`) unless its 50 values or more are at most five different ones without the form, or when its \
                 values do, unless 11 persons or more all have the same one (in 50 rows or more). Each distinct value is held against 64 forms of 16 kinds. A form that \
                 nothing else has (e-mail address, IBAN, MAC address, IPv6 address, international telephone number, \
                 address of a personal profile) is reported from one value on. Of any other form, \
                 `shaped` values have the length and the characters and `seen` of them pass the check (a check digit, an \
                 issuer's range, a list of names): the form is reported when `seen` exceeds 1.1 times what chance gives \
                 and a binomial test rejects chance at a level of 0.001 for the whole table, divided by the number of \
                 forms and columns. UUIDs are reported where the column is named as an advertising id, or where at least \
                 95 % of the rows have a value that belongs to one person and comes again. Dates are dates of birth when \
                 90 % of the values are days, on ten days of the month or more and at least 15 % of them on weekends, and \
                 the middle 90 % of them span 40 years, or 20 that end by 2016. Texts are also read backwards, by ROT13, in \
                 hexadecimal, base64 and base32: what they say then counts as in the plain, from two values on of forms that nothing \
                 else has and from ten on and one in a hundred of others. Names of columns, files, folders and tables, and words of the metadata, that a subject has are \
                 pseudonyms (`pseudonym`).",
    formula: "P(X ≥ seen), X ~ Bin(shaped, chance), bounded by exp(-shaped·KL(seen/shaped ‖ chance)) < \
              0.001 / (64 · columns)",
    denominator: "Columns; for `share_matching` the distinct values of one column, null not among them.",
    nulls: "Nulls are passed over.",
    assumptions: &[
        "The names of the columns, that of the table, those of its files and of their folders within it, and what the \
         files' metadata says in free words, such as descriptions of columns, are examined like the values of a column: \
         as a whole, and in up to four words that follow each other.",
        "Every published column is examined whatever its role, those under `ignore` and values in \
         the names of folders among them, and of a nested column every leaf; a leaf is named by its \
         path, such as `contact.phone` or `tags.element`. Numbers, dates and times are examined as \
         a person would read them: 491701234567.0 as 491701234567. Times of day, durations, and dates and \
         times that mostly lie before 1900, after 2100 or in the 1970s, not at midnight, are examined as the stored \
         numbers besides.",
        "Where the distinct values of a column take more than 64 MiB, a random sample of them is tested; \
         the rest is still examined value by value, and a form that chance cannot produce is \
         reported wherever it occurs.",
        "Given names and surnames are told by lists of the main European languages, Turkish and \
         others in Latin letters (10,700 and 20,200, from Faker, MIT). For them chance is a bound above the share of \
         names of places, shops and goods that the lists take for names of persons. User names made of such names \
         (`anna.berger84`) count as names of persons, and vehicle identification numbers (ISO 3779) as plates.",
    ],
    limits: &[
        "A name in no list or in another script is not found, nor are few of a kind that chance explains: in a table \
         of 20 columns it takes 7 distinct telephone numbers in national notation or numbers with a check digit, 7 \
         full names of which the lists know 90 %, 25 given names of which they know 75 % or 54 German plates. Fewer \
         are found where chance never makes one.",
        "Pseudonyms that can be computed back (unsalted hashes) are a measure of their own.",
        "Free text is searched for all forms, but what a sentence tells of a person cannot be found by form. A \
         column of long texts, at least half of them different, therefore counts as not measured.",
        "Names, addresses, dates of birth, plates, coordinates, UUIDs, SIM card numbers (like those of cells), IP addresses \
         (like versions) and numbers of authorities can be something else by their form; a reason under `[table.harmless]` answers for the \
         column, is shown in the report and counted under `set_aside`. E-mail addresses, telephone numbers, account, card and device numbers \
         cannot be excused.",
    ],
    citations: &[
        "ITU-T E.164, E.212; 3GPP TS 23.003 (IMSI, IMEI); ISO 13616-1, ISO/IEC 7064 (IBAN); ISO/IEC 7812-1 (cards); \
         RFC 5321; RFC 4291; RFC 9562; IEEE 802 (MAC address).",
        "H. Chernoff: A measure of asymptotic efficiency for tests of a hypothesis based on the sum of observations. \
         Ann. Math. Statist. 23(4), 1952.",
        "Regulation (EU) 2016/679, Art. 4(1) and 4(5).",
    ],
    validation: "Published example numbers of each kind are recognised; dates, hashes, cells, \
                 coordinates, postcodes and counts are not; random digits pass as often as chance \
                 says. No column of nine public datasets of persons, traces and purchases and none of the lists of cities of 14 \
                 countries (GeoNames) is taken for names. Of names drawn from the lists of the US census, which are not \
                 those used here, 75 % of the given names and 90 % of the full names are recognised and both columns \
                 reported; a column of rare surnames alone is not.",
    table: None,
    settings: &[],
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
                    Some("pseudonym") => {
                        return match real(f) {
                            0.0 => "No column, file or table is named by a pseudonym.",
                            _ => "Names of columns, files or tables, or the metadata, hold pseudonyms: rename them, or write the files without.",
                        }
                        .to_owned();
                    }
                    Some(kind) => {
                        let title = title(kind);
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
            name: "set_aside",
            title: "Columns set aside",
            of: "columns",
            meaning: |f| {
                let why = match parameter(f, "why").as_str() {
                    "constant" => {
                        "every row has the same value, so it belongs to nobody in particular"
                    }
                    "category" => {
                        "the name suggests direct identifiers, but there are at most five different values, and none has the form"
                    }
                    "coarse" => {
                        "the name suggests dates of birth, but the values are only years, decades or months"
                    }
                    _ => {
                        "the values look like direct identifiers, but the manifest declares them harmless"
                    }
                };
                match real(f) {
                    1.0 => format!("One column was set aside: {why}."),
                    count => {
                        format!("{count} columns were set aside: {why}.")
                    }
                }
            },
        },
        Statistic {
            name: "share_matching",
            title: "Values with the form of an identifier",
            of: "distinct values",
            meaning: |f| {
                format!(
                    "Of the column's distinct values, {} look like {}.",
                    percent(real(f)),
                    title(&parameter(f, "kind"))
                )
            },
        },
    ],
};

/// What stands for the names of columns, and for those of files and folders, among the columns of a finding.
const COLUMN_NAMES: &str = "(names of columns)";
const FILE_NAMES: &str = "(names of files)";
const TABLE_NAME: &str = "(name of the table)";
const DESCRIPTIONS: &str = "(descriptions of columns)";

/// Words that follow each other, up to so many, are held against the forms together.
const WORDS: usize = 4;

/// Some names, and the words in them that may be pseudonyms.
type Called<'a> = (&'a str, BTreeSet<String>);

/// The kinds of direct identifiers that names hold, taken for the values of a column. Files are named by UUIDs.
fn names_of(names: impl Iterator<Item = String>) -> Vec<Kind> {
    let names: BTreeSet<String> = names.collect();
    let mut survey = Survey::default();
    let apart = |name: &String| name.replace(['_', '-', '.'], " ");
    let words: BTreeSet<String> = names.iter().map(apart).collect();
    let phrases: BTreeSet<String> = names.iter().flat_map(|name| phrases(name)).collect();
    for name in names.union(&words).chain(phrases.difference(&words)) {
        survey.add(name, Reading::Text);
    }
    let found = kinds(&survey.matches(1)).into_iter();
    found
        .map(|(kind, _)| kind)
        .filter(|kind| *kind != Kind::Uuid)
        .collect()
}

/// The words of a text, and those that follow each other within its clauses.
fn phrases(text: &str) -> BTreeSet<String> {
    let clauses = text.split(|c: char| c.is_control() || ",;:!?()[]{}<>|\"'“”„’=".contains(c));
    let mut phrases = BTreeSet::new();
    for clause in clauses {
        let words: Vec<&str> = clause.split_whitespace().collect();
        for from in 0..words.len() {
            let most = words.len().min(from + WORDS);
            phrases.extend((from + 1..=most).map(|to| words[from..to].join(" ")));
        }
    }
    phrases
}

/// The names of a file and of the folders that hold it within the table: of `city=Rom` the value.
fn parts(file: &InputFile) -> Vec<String> {
    let mut names: Vec<&str> = file.placed().split('/').collect();
    let stem = names.pop().unwrap_or_default();
    let stem = stem.rsplit_once('.').map_or(stem, |(stem, _)| stem);
    let values = names
        .iter()
        .map(|name| name.split_once('=').map_or(*name, |(_, value)| value));
    values.chain([stem]).map(str::to_owned).collect()
}

fn title(kind: &str) -> &'static str {
    let mut known = Kind::ALL.iter();
    let known = known.find(|known| known.as_str() == kind);
    known.map_or("identifiers", |kind| kind.title())
}

impl Measure for DirectIdentifiers {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn plan(&self, planning: &Planning<'_>) -> Result<Vec<Job>> {
        let tables = planning
            .release
            .tables
            .iter()
            .zip(planning.inputs)
            .enumerate();
        let jobs = tables.map(|(at, (table, input))| {
            let declared = table.roles.direct_identifiers.iter();
            let declared: Vec<String> = declared.map(|column| column.value.clone()).collect();
            let leaves = leaves(input).into_iter().map(|leaf| leaf.path);
            let names: BTreeSet<String> = leaves.chain(input.names()).collect();
            let named = names.iter().filter(|name| !declared.contains(name));
            let named = named.filter_map(|name| {
                let kind = identifier::recognise_name(name)?;
                Some((name.clone(), kind))
            });
            let named: BTreeMap<String, Kind> = named.collect();
            let table = table.clone();
            let subject = table
                .roles
                .subject
                .as_ref()
                .and_then(|subject| input.column(subject));
            let is_in_paths = subject.is_some_and(|subject| input.columns[subject].partition);
            let paths = input.files.iter().filter(|_| !is_in_paths).flat_map(parts);
            let written = || descriptions(input).into_iter();
            let called = [
                (COLUMN_NAMES, tokens(names.iter().cloned())),
                (FILE_NAMES, tokens(paths)),
                (TABLE_NAME, tokens([table.name.clone()].into_iter())),
                (DESCRIPTIONS, tokens(written())),
            ];
            let beside = [
                (COLUMN_NAMES, names_of(names.into_iter())),
                (FILE_NAMES, names_of(input.files.iter().flat_map(parts))),
                (TABLE_NAME, names_of([table.name.clone()].into_iter())),
                (DESCRIPTIONS, names_of(written())),
            ];
            Job {
                measure: ID,
                table: at,
                needs: Needs {
                    published: true,
                    linked: table.kind.is_of_persons(),
                    ..Needs::default()
                },
                run: Run::Table(Box::new(move |encoded| {
                    measure(
                        encoded,
                        &table,
                        &declared,
                        named.clone(),
                        (&beside, &called),
                    )
                })),
            }
        });
        Ok(jobs.collect())
    }

    fn owes(&self, statistic: &str, _: &Table, _: &Release) -> bool {
        statistic == "columns"
    }
}

fn finding(statistic: &str, unit: Unit, kind: &str) -> Finding {
    Finding::new(ID, statistic, DOC.criterion, unit).parameter("kind", kind)
}

fn measure(
    encoded: &Encoded,
    table: &Table,
    declared: &[String],
    mut named: BTreeMap<String, Kind>,
    (beside, called): (&[(&str, Vec<Kind>)], &[Called<'_>]),
) -> Outcome {
    let published = encoded.published().expect("it was asked for");
    let mut by_kind: BTreeMap<Kind, Vec<String>> = BTreeMap::new();
    let mut set_aside: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    let mut outcome = Outcome::default();
    let mut shares = Vec::new();
    let scanned = published.columns.iter().enumerate();
    for (at, column) in scanned.filter(|(_, column)| column.role != "direct_identifiers") {
        let survey = survey(column);
        let is_harmless = table.harmless(&column.name).is_some();
        let mut found = found(published, (at, column), &survey);
        for (kind, form) in written_otherwise(column, published.columns.len()) {
            found.entry(kind).or_insert(Some(form));
        }
        // What no value of the column contradicts, its name decides.
        if named.get(&column.name) == Some(&Kind::BirthDate)
            && survey.is_coarse()
            && !found.contains_key(&Kind::BirthDate)
        {
            named.remove(&column.name);
            let coarse = set_aside.entry("coarse").or_default();
            coarse.push(column.name.clone());
        }
        // What is the same of everybody is nobody's, and of a few values that have no such form none is an identifier.
        let aside = match () {
            _ if is_constant(published, column, table.kind) => Some("constant"),
            _ if is_category(column) && found.is_empty() => Some("category"),
            _ => None,
        };
        if let Some(why) = aside {
            if named.remove(&column.name).is_some() || !found.is_empty() {
                set_aside.entry(why).or_default().push(column.name.clone());
            }
            continue;
        }
        let mut is_excused = false;
        if is_harmless && found.keys().all(|kind| kind.is_excusable()) {
            is_excused = named.remove(&column.name).is_some();
        }
        for (kind, form) in found {
            if is_harmless && kind.is_excusable() {
                is_excused = true;
                continue;
            }
            by_kind.entry(kind).or_default().push(column.name.clone());
            let matching = finding("share_matching", Unit::Share, kind.as_str())
                .columns(std::slice::from_ref(&column.name));
            let matching = match form {
                Some(found) => matching
                    .parameter("form", found.form.as_str())
                    .share(found.seen, survey.texts().max(found.seen)),
                None => matching.share(0, survey.texts()),
            };
            shares.push(matching);
        }
        if is_excused {
            let harmless = set_aside.entry("harmless").or_default();
            harmless.push(column.name.clone());
        }
        if is_free_text(column, &survey) && !is_harmless {
            let reason = said!(
                "free text, of which a search for forms tells little: column `{}`. Leave it out, or say under \
                 `[table.harmless]` why its texts name nobody",
                "Freitext, über den eine Suche nach Formen wenig sagt: Spalte `{}`. Weglassen oder unter \
                 `[table.harmless]` begründen, warum die Texte niemanden nennen",
                column.name
            );
            let of = Outcome::not_measured(ID, Some("columns"), reason);
            outcome.not_measured.push(of);
        }
    }
    for (name, kinds) in beside {
        for kind in kinds {
            by_kind.entry(*kind).or_default().push((*name).to_owned());
        }
    }
    let undecoded = Outcome::undecoded(published, ID, "columns");
    outcome.not_measured.extend(undecoded);
    let named: Vec<String> = named.into_keys().collect();
    let mut all: Vec<String> = declared.iter().chain(&named).cloned().collect();
    all.extend(by_kind.values().flatten().cloned());
    let pseudonyms = pseudonyms_among(published, called);
    all.extend(pseudonyms.iter().cloned());
    all.sort();
    all.dedup();
    let columns = |kind: &str, columns: &[String]| {
        finding("columns", Unit::Columns, kind)
            .columns(columns)
            .count(columns.len() as u64, None)
    };
    // Whoever accepts what there was of some kinds accepts no others.
    let kinds: Vec<&str> = by_kind.keys().map(|kind| kind.as_str()).collect();
    let mut any = columns("any", &all);
    if !kinds.is_empty() {
        any = any.parameter("kinds", kinds.join(", ").as_str());
    }
    outcome.findings = vec![
        any,
        columns("declared", declared),
        columns("name", &named),
        columns("pseudonym", &pseudonyms),
    ];
    for kind in Kind::ALL {
        let found = by_kind.remove(&kind).unwrap_or_default();
        outcome.findings.push(columns(kind.as_str(), &found));
    }
    for (why, columns) in set_aside {
        let aside = Finding::new(ID, "set_aside", DOC.criterion, Unit::Columns);
        let aside = aside.parameter("why", why).columns(&columns);
        let aside = aside.count(columns.len() as u64, None);
        outcome.findings.push(aside);
    }
    outcome.findings.extend(shares);
    outcome
}

/// Rows from which on a few values are no identifiers, and how many values are few.
const MANY_ROWS: u64 = 50;
const FEW_VALUES: usize = 5;
/// Persons among whom a value that all of them have is nobody's.
const MANY_PERSONS: usize = 11;

/// Whether every row has the same value, whoever it is about.
fn is_constant(published: &Published, column: &PublishedColumn, kind: TableKind) -> bool {
    let is_single = column.complete && column.len() == 1 && !column.values.null;
    let are_many = || {
        published
            .rows()
            .is_some_and(|rows| rows.persons() >= MANY_PERSONS)
    };
    is_single && column.filled >= MANY_ROWS && (!kind.is_of_persons() || are_many())
}

/// Whether the values are so few and so often repeated that they are categories.
fn is_category(column: &PublishedColumn) -> bool {
    column.complete && column.len() <= FEW_VALUES && column.filled >= MANY_ROWS
}

/// What the distinct values of a column say together.
fn survey(column: &PublishedColumn) -> Survey {
    let reading = match column.domain {
        Domain::Text | Domain::Bytes => Some(Reading::Text),
        Domain::Integer | Domain::Unsigned | Domain::Real | Domain::Decimal(_) => {
            Some(Reading::Number)
        }
        Domain::Date | Domain::Timestamp => Some(Reading::Day),
        Domain::Boolean | Domain::Time | Domain::Duration | Domain::Null => None,
    };
    let survey = reading.map_or_else(Survey::default, |reading| surveyed(reading, column.texts()));
    // A type for times holds any number.
    let could_hide = match column.domain {
        Domain::Time | Domain::Duration => true,
        Domain::Date | Domain::Timestamp => column.is_out_of_calendar(),
        _ => false,
    };
    match could_hide {
        true => survey.merge(surveyed(Reading::Number, column.stored())),
        false => survey,
    }
}

fn surveyed<'a>(
    reading: Reading,
    texts: impl IndexedParallelIterator<Item = Option<Cow<'a, str>>>,
) -> Survey {
    let add = |mut survey: Survey, text: Option<Cow<'_, str>>| {
        if let Some(text) = text {
            survey.add(&text, reading);
        }
        survey
    };
    texts
        .with_min_len(1 << 12)
        .fold(Survey::default, add)
        .reduce(Survey::default, Survey::merge)
}

/// The kinds of direct identifiers in a column, each with the form that most values have; none where only values
/// beyond a sample have it.
fn found(
    published: &Published,
    (at, column): (usize, &PublishedColumn),
    survey: &Survey,
) -> BTreeMap<Kind, Option<Match>> {
    let matches = survey.matches(published.columns.len());
    let mut found: BTreeMap<Kind, Option<Match>> = BTreeMap::new();
    for (kind, best) in kinds(&matches) {
        if kind != Kind::Uuid || is_of_devices(published, (at, column), &best, survey) {
            found.insert(kind, Some(best));
        }
    }
    if column.role != "time" && survey.is_of_births() {
        found.insert(Kind::BirthDate, None);
    }
    for kind in &column.beyond {
        if kind.chance() == 0.0 {
            found.entry(*kind).or_insert(None);
        }
    }
    found
}

/// The kinds of identifiers that texts are once they are read backwards, by ROT13 or as another coding.
fn written_otherwise(column: &PublishedColumn, columns: usize) -> BTreeMap<Kind, Match> {
    /// Distinct values that are read in all ways, evenly taken.
    const MOST: usize = 20_000;
    /// Of forms that chance may make.
    const FEWEST: u64 = 10;
    let mut found = BTreeMap::new();
    if column.domain != Domain::Text || column.role == "subject" || column.len() < 2 {
        return found;
    }
    let step = column.len().div_ceil(MOST);
    for way in Way::ALL {
        let mut survey = Survey::default();
        for at in (0..column.len()).step_by(step) {
            let text = column.text(at).and_then(|text| way.read(text.as_bytes()));
            if let Some(text) = text {
                survey.add(&text, Reading::Text);
            }
        }
        for one in survey.matches(columns * Way::ALL.len()) {
            let kind = one.form.kind();
            let is_many = match kind.chance() == 0.0 {
                true => one.seen > 1,
                false => one.seen >= FEWEST && one.seen * 100 >= survey.texts(),
            };
            if is_many && way.shows(kind) {
                found.entry(kind).or_insert(one);
            }
        }
    }
    found
}

/// The words of names that may be pseudonyms: six letters and digits or more, or ten digits.
fn tokens(names: impl Iterator<Item = String>) -> BTreeSet<String> {
    let mut tokens = BTreeSet::new();
    for name in names {
        let name = name.to_lowercase();
        let words = name.split(|c: char| !c.is_ascii_alphanumeric());
        let whole: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
        tokens.extend(words.map(str::to_owned).chain([whole]).filter(|word| {
            let digits = word.bytes().filter(u8::is_ascii_digit).count();
            word.len() >= 6 && (digits > 0 && digits < word.len() || digits >= 10)
        }));
    }
    tokens
}

/// Which of these names hold a subject.
fn pseudonyms_among(published: &Published, called: &[Called<'_>]) -> Vec<String> {
    let mut columns = published.columns.iter();
    let Some(subject) = columns.find(|column| column.role == "subject") else {
        return Vec::new();
    };
    let words: BTreeSet<&String> = called.iter().flat_map(|(_, words)| words).collect();
    if words.is_empty() {
        return Vec::new();
    }
    let met = |at: usize| {
        let text = subject.text(at)?.to_lowercase();
        let text: String = text.chars().filter(char::is_ascii_alphanumeric).collect();
        words.contains(&text).then_some(text)
    };
    let met: BTreeSet<String> = (0..subject.len()).filter_map(met).collect();
    let named = called.iter().filter(|(_, words)| !words.is_disjoint(&met));
    named.map(|(name, _)| (*name).to_owned()).collect()
}

/// Whether UUIDs are those of devices or accounts: the column is called so, or persons keep them.
fn is_of_devices(
    published: &Published,
    (at, column): (usize, &PublishedColumn),
    best: &Match,
    survey: &Survey,
) -> bool {
    if best.seen * 10 < survey.texts() * 9 {
        return false;
    }
    if identifier::is_advertising_id(&column.name) {
        return true;
    }
    let Some(rows) = published.rows().filter(|rows| !rows.is_anonymous()) else {
        return false;
    };
    let Some(keys) = rows.column(at).filter(|_| column.role != "subject") else {
        return false;
    };
    let spread = rows.spread(keys);
    let is_kept = spread.own_rows * 2 >= spread.own_values * 3;
    is_kept && spread.filled > 0 && spread.own_rows * 20 >= spread.filled * 19
}

/// Whether a column holds texts that somebody wrote: long, in words, and mostly different. What is declared as known to
/// an adversary is measured value by value.
fn is_free_text(column: &PublishedColumn, survey: &Survey) -> bool {
    let is_known = [
        "subject",
        "quasi_identifiers",
        "place",
        "origin",
        "destination",
        "direct_identifiers",
    ];
    let differ = !column.complete || column.len() as u64 * 2 >= column.filled;
    !is_known.contains(&column.role)
        && survey.texts() >= 5
        && survey.prose() * 2 >= survey.texts()
        && differ
}
