//! Releases after releases and those who objected, on generated data with a known answer: whoever was left in is
//! found, by pseudonym, under a new one or in a difference of counts; where nobody was, alarms are as rare as stated.

#[path = "shared/chance.rs"]
mod chance;
#[path = "shared/parquet.rs"]
mod parquet_file;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use arrow::array::{ArrayRef, Float64Array, Int64Array, StringArray, TimestampSecondArray};
use chance::Chance;
use reidrisk::audit::{Options, audit};
use reidrisk::digest::{Encoding, Function};
use reidrisk::finding::{Finding, Parameter};
use reidrisk::report::{Report, Verdict};

const DAY: i64 = 86_400;
/// 2 March 2026, a Monday, UTC.
const START: i64 = 1_772_409_600;

fn numbers(values: impl IntoIterator<Item = i64>) -> ArrayRef {
    Arc::new(Int64Array::from_iter_values(values))
}

fn texts(values: impl IntoIterator<Item = String>) -> ArrayRef {
    Arc::new(StringArray::from_iter_values(values))
}

fn times(values: impl IntoIterator<Item = i64>) -> ArrayRef {
    Arc::new(TimestampSecondArray::from_iter_values(values).with_timezone("UTC"))
}

/// A release in a folder, with what an adversary has besides.
struct Case {
    folder: tempfile::TempDir,
}

impl Case {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("before")).unwrap();
        Self { folder }
    }

    fn path(&self, name: &str) -> std::path::PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, columns: Vec<(&str, ArrayRef)>) {
        parquet_file::write(&self.path(name), columns);
    }

    fn moves(&self, name: &str, rows: &[Row]) {
        self.write(
            name,
            vec![
                ("who", numbers(rows.iter().map(|row| row.0))),
                ("at", times(rows.iter().map(|row| row.1))),
                (
                    "cell",
                    texts(rows.iter().map(|row| format!("cell {}", row.2))),
                ),
            ],
        );
    }

    fn list(&self, persons: impl IntoIterator<Item = i64>) {
        self.write("list.parquet", vec![("who", numbers(persons))]);
    }

    fn manifest(&self, now: &str, before: Option<&str>, list: bool) -> String {
        let mut text = now.to_owned();
        if let Some(before) = before {
            std::fs::write(self.path("before/release.toml"), before).unwrap();
            text.push_str(
                "[[auxiliary]]\nname = \"before\"\nkind = \"earlier_release\"\npath = \"before/release.toml\"\n",
            );
        }
        if list {
            text.push_str(
                "[[auxiliary]]\nname = \"list\"\nkind = \"opt_outs\"\npath = \"list.parquet\"\nsubject = \"who\"\n",
            );
        }
        text
    }

    fn run(&self, manifest: &str, policy: &str) -> Result<Report, String> {
        std::fs::write(self.path("release.toml"), manifest).unwrap();
        let options = Options {
            paths: vec![self.path("release.toml")],
            policy: policy.to_owned(),
            only: vec!["opt-outs".to_owned(), "release-sequence".to_owned()],
            ..Options::default()
        };
        audit(&options, &()).map_err(|error| format!("{error:?}"))
    }

    fn audit(&self, manifest: &str) -> Report {
        self.run(manifest, "exploratory").unwrap()
    }
}

fn find<'a>(report: &'a Report, id: &str, parameters: &[(&str, Parameter)]) -> Vec<&'a Finding> {
    let matches = |finding: &&Finding| {
        finding.id() == id
            && parameters.iter().all(|(name, value)| {
                let found = finding.parameters.get(*name);
                found.is_some_and(|found| found.matches(value))
            })
    };
    report.findings.iter().filter(matches).collect()
}

/// Why what was not measured was not.
fn reasons(report: &Report) -> Vec<&str> {
    let entries = report.not_measured.iter();
    entries.map(|entry| entry.reason.english()).collect()
}

#[track_caller]
fn one<'a>(report: &'a Report, id: &str, parameters: &[(&str, Parameter)]) -> &'a Finding {
    let found = find(report, id, parameters);
    let reasons = reasons(report);
    assert_eq!(
        found.len(),
        1,
        "{id} {parameters:?}, not measured: {reasons:?}"
    );
    found[0]
}

#[track_caller]
fn value(report: &Report, id: &str, parameters: &[(&str, Parameter)]) -> f64 {
    one(report, id, parameters).value.unwrap().as_f64()
}

/// Who, when, and in which cell.
type Row = (i64, i64, i64);

/// Persons with four places of their own among 400, and one where everybody goes, for 14 days.
fn habits(persons: i64, first_day: i64, town: u64, seed: u64) -> Vec<Row> {
    let mut rows = Vec::new();
    for person in 0..persons {
        let mut places = Chance::new(town << 32 | person as u64);
        let places: Vec<i64> = (0..4).map(|_| 1 + places.below(400)).collect();
        let mut chance = Chance::new(seed << 32 | 1 << 31 | person as u64);
        for day in first_day..first_day + 14 {
            for _ in 0..2 {
                let place = match chance.below(10) {
                    0 => 0,
                    at => places[at as usize % 4],
                };
                rows.push((person, START + day * DAY + chance.below(DAY), place));
            }
        }
    }
    rows
}

const MOVES: &str = "[[table]]\nname = \"moves\"\npath = \"moves.parquet\"\nkind = \"trace\"\nsubject = \"who\"\n\
                     time = \"at\"\nplace = \"cell\"\n";

fn matcher(name: &str) -> (&'static str, Parameter) {
    ("matcher", name.into())
}

/// Two weeks and the two before; `renamed` says what becomes of each person of the later ones.
fn two_releases(
    case: &Case,
    persons: i64,
    seed: u64,
    renamed: impl Fn(i64) -> Option<i64>,
) -> String {
    case.moves(
        "before/moves.parquet",
        &habits(persons, -14, seed, seed + 1_000),
    );
    let later = habits(persons, 0, seed, seed + 2_000).into_iter();
    let later = later.filter_map(|(who, at, cell)| Some((renamed(who)?, at, cell)));
    case.moves("moves.parquet", &later.collect::<Vec<_>>());
    case.manifest(MOVES, Some(MOVES), true)
}

#[test]
fn who_objected_is_found_by_pseudonym_in_every_table() {
    let case = Case::new();
    case.write(
        "persons.parquet",
        vec![
            ("who", texts((0..50).map(|who| who.to_string()))),
            ("age", numbers((0..50).map(|who| who % 7))),
        ],
    );
    let rows: Vec<Row> = (10..60).map(|who| (who, START, who % 3)).collect();
    case.moves("moves.parquet", &rows);
    // 3 and 40 are in the first table, written as texts; 40 and 55 in the second; 99 is in neither.
    case.list([3, 40, 55, 99, 40]);
    let now = format!(
        "[[table]]\nname = \"persons\"\npath = \"persons.parquet\"\nkind = \"microdata\"\nsubject = \"who\"\n\
         quasi_identifiers = [\"age\"]\n{MOVES}"
    );
    let report = case.audit(&case.manifest(&now, None, true));
    let present = find(&report, "opt-outs.present", &[("how", "pseudonym".into())]);
    let counts: Vec<_> = present
        .iter()
        .map(|f| (f.table.as_str(), f.numerator, f.denominator, f.interval))
        .collect();
    assert_eq!(
        counts,
        [
            ("persons", Some(2), Some(4), None),
            ("moves", Some(2), Some(4), None)
        ]
    );
    let list = &report.release.auxiliaries[0];
    assert_eq!((list.name.as_str(), list.persons), ("list", Some(4)));
    case.list([99, 98]);
    let report = case.audit(&case.manifest(&now, None, true));
    let present = find(&report, "opt-outs.present", &[]);
    assert!(present.iter().all(|f| f.numerator == Some(0)));
    // Nothing says where they were before.
    let told = |entry: &reidrisk::finding::NotMeasured| {
        entry.reason.english().contains("no earlier traces")
    };
    assert!(report.not_measured.iter().any(told));
}

#[test]
fn who_objected_is_found_by_the_hash_of_their_identifier() {
    let case = Case::new();
    let hashed = |who: i64| {
        let digest = Function::Sha256.digest(who.to_string().as_bytes());
        String::from_utf8(Encoding::HexLower.encode(&digest, 64)).unwrap()
    };
    case.write(
        "persons.parquet",
        vec![
            ("who", texts((1_000..1_200).map(hashed))),
            ("age", numbers((0..200).map(|who| who % 7))),
        ],
    );
    let now = "[[table]]\nname = \"persons\"\npath = \"persons.parquet\"\nkind = \"microdata\"\n\
               subject = \"who\"\nquasi_identifiers = [\"age\"]\n";
    let found = |listed: &[i64]| {
        case.list(listed.iter().copied());
        let report = case.audit(&case.manifest(now, None, true));
        let how = |how: &str| {
            let found = one(&report, "opt-outs.present", &[("how", how.into())]);
            found.numerator.unwrap()
        };
        (how("pseudonym"), how("pseudonym, hashed"))
    };
    assert_eq!(found(&[1_003, 1_150, 7]), (0, 2));
    assert_eq!(found(&[7, 8, 9]), (0, 0));
}

#[test]
fn who_objected_is_found_in_another_spelling() {
    let case = Case::new();
    let who = |at: i64| format!("a{:07x}-{:04x}", at * 7_919 % 0xfff_ffff, at * 31 % 0xffff);
    case.write(
        "persons.parquet",
        vec![
            ("who", texts((1..=200).map(who))),
            ("age", numbers((0..200).map(|who| who % 7))),
        ],
    );
    let now = "[[table]]\nname = \"persons\"\npath = \"persons.parquet\"\nkind = \"microdata\"\n\
               subject = \"who\"\nquasi_identifiers = [\"age\"]\n";
    let found = |written: &dyn Fn(String) -> String| {
        let listed = [3, 150, 900].map(|at| written(who(at)));
        case.write("list.parquet", vec![("who", texts(listed))]);
        let report = case.audit(&case.manifest(now, None, true));
        let how = |how: &str| {
            let found = one(&report, "opt-outs.present", &[("how", how.into())]);
            found.numerator.unwrap()
        };
        (how("pseudonym"), how("pseudonym, written otherwise"))
    };
    assert_eq!(found(&|who| who), (2, 0));
    assert_eq!(found(&|who| who.to_uppercase()), (0, 2));
    assert_eq!(found(&|who| format!(" {}", who.replace('-', ""))), (0, 2));
    assert_eq!(found(&|who| format!("0{who}")), (0, 2));
    let hashed = |who: String| {
        let digest = Function::Sha256.digest(who.as_bytes());
        String::from_utf8(Encoding::HexLower.encode(&digest, 64)).unwrap()
    };
    assert_eq!(found(&hashed), (0, 2));
    assert_eq!(found(&|who| who.replace('a', "zz")), (0, 0));
}

#[test]
fn who_objected_is_re_linked_to_a_new_pseudonym() {
    let case = Case::new();
    // Of forty who objected, twenty-five were given a new pseudonym, five kept theirs, ten are gone.
    let renamed = |who: i64| match who {
        0..25 => Some(who + 1_000),
        25..30 => Some(who),
        30..40 => None,
        _ => Some(who),
    };
    let manifest = two_releases(&case, 400, 5, renamed);
    case.list(0..40);
    let report = case.audit(&manifest);
    assert_eq!(
        value(&report, "opt-outs.present", &[("how", "pseudonym".into())]),
        5.0
    );
    for name in ["tfidf-cosine", "jensen-shannon"] {
        let relinked = one(&report, "opt-outs.relinked", &[matcher(name)]);
        assert_eq!(relinked.denominator, Some(35));
        let claimed = relinked.numerator.unwrap();
        // Twenty-five at a power above 0.9, and one in twenty of the ten who are gone.
        assert!((20..=28).contains(&claimed), "{name}: {claimed}");
        assert!((relinked.baseline.unwrap() - 35.0 * 18.0 / 361.0).abs() < 1e-9);
        let interval = relinked.interval.unwrap();
        assert!(interval.low <= claimed as f64 && claimed as f64 <= interval.high);
        let p = value(&report, "opt-outs.relinked_p_value", &[matcher(name)]);
        assert!(p < 1e-9, "{name}: {p}");
        let power = one(&report, "opt-outs.relinked_power", &[matcher(name)]);
        assert_eq!(power.denominator, Some(360));
        let power = power.value.unwrap().as_f64();
        assert!(power > 0.8, "{name}: {power}");
        let risk = value(&report, "opt-outs.relinked_risk", &[matcher(name)]);
        assert!((0.6..0.85).contains(&risk), "{name}: {risk}");
    }
    // Without them all is clean, and the power is the same.
    let manifest = two_releases(&case, 400, 5, |who| (who >= 40).then_some(who));
    let report = case.audit(&manifest);
    assert_eq!(
        value(&report, "opt-outs.present", &[("how", "pseudonym".into())]),
        0.0
    );
    let p = value(
        &report,
        "opt-outs.relinked_p_value",
        &[matcher("tfidf-cosine")],
    );
    assert!(p > 0.05, "{p}");
    let power = value(
        &report,
        "opt-outs.relinked_power",
        &[matcher("tfidf-cosine")],
    );
    assert!(power > 0.9);
}

#[test]
fn false_alarms_are_at_the_stated_level() {
    let case = Case::new();
    case.list(0..30);
    let (mut claimed, mut sought, mut alarms) = (0, 0, 0);
    const RELEASES: u64 = 100;
    for seed in 0..RELEASES {
        let manifest = two_releases(&case, 150, seed, |who| (who >= 30).then_some(who));
        let one_matcher =
            format!("{manifest}[measure.opt-outs]\nmatchers = [\"tfidf-cosine\"]\nlevel = 0.1\n");
        let report = case.audit(&one_matcher);
        let relinked = one(&report, "opt-outs.relinked", &[]);
        claimed += relinked.numerator.unwrap();
        sought += relinked.denominator.unwrap();
        let p = value(&report, "opt-outs.relinked_p_value", &[]);
        alarms += u64::from(p <= 0.2);
        assert_eq!(
            value(&report, "opt-outs.present", &[("how", "pseudonym".into())]),
            0.0
        );
    }
    assert_eq!(sought, 30 * RELEASES);
    // Twelve of 121 controls: claims of 9.9 % by chance.
    let share = claimed as f64 / sought as f64;
    assert!((0.08..0.12).contains(&share), "{share}");
    // Twenty in a hundred at most by chance; more than 31 would come about once in 300.
    assert!(alarms <= 31, "{alarms}");
    assert!(alarms >= 1, "a test that never alarms has no level");
}

#[test]
fn without_controls_nobody_is_said_to_be_clean() {
    let case = Case::new();
    let manifest = two_releases(&case, 100, 3, |who| (who >= 20).then_some(who + 1_000));
    case.list(0..20);
    let report = case.audit(&manifest);
    for id in ["opt-outs.relinked", "opt-outs.relinked_p_value"] {
        let found = find(&report, id, &[]);
        assert!(
            !found.is_empty() && found.iter().all(|f| f.value.is_none()),
            "{id}"
        );
    }
    let reasons = reasons(&report);
    assert!(
        reasons
            .iter()
            .any(|r| r.contains("fewer persons who did not object")),
        "{reasons:?}"
    );
    assert!(
        reasons.iter().any(|r| r.contains("by linkage only")),
        "{reasons:?}"
    );
    std::fs::write(
        case.path("policy.toml"),
        "[[require]]\nstatistic = \"opt-outs.relinked_p_value\"\nmin = 0.01\n",
    )
    .unwrap();
    let policy = case.path("policy.toml").display().to_string();
    let report = case.run(&manifest, &policy).unwrap();
    assert_eq!(report.verdict, Verdict::Fail);
}

#[test]
fn traces_from_elsewhere_re_link_as_well() {
    let case = Case::new();
    let renamed = |who: i64| match who {
        0..20 => Some(who + 1_000),
        _ => Some(who),
    };
    let manifest = two_releases(&case, 300, 8, renamed);
    // The same two weeks, seen by somebody else: every third row.
    let seen = habits(300, 0, 8, 2_008).into_iter().step_by(3);
    case.moves("seen.parquet", &seen.collect::<Vec<_>>());
    case.list(0..20);
    let start = manifest.find("[[auxiliary]]").unwrap();
    let list = manifest.rfind("[[auxiliary]]").unwrap();
    let manifest = format!(
        "{}[[auxiliary]]\nname = \"seen\"\nkind = \"traces\"\npath = \"seen.parquet\"\nsubject = \"who\"\n\
         time = \"at\"\nplace = \"cell\"\n{}",
        &manifest[..start],
        &manifest[list..]
    );
    let report = case.audit(&manifest);
    let relinked = one(
        &report,
        "opt-outs.relinked",
        &[matcher("tfidf-cosine"), ("traces", "seen".into())],
    );
    // At the same hour in the same cell: everybody.
    assert_eq!(relinked.numerator, Some(20));
}

/// What persons of two tables share, all pairs compared.
fn slow_sharing(
    later: &BTreeMap<i64, BTreeSet<Vec<i64>>>,
    earlier: &BTreeMap<i64, BTreeSet<Vec<i64>>>,
) -> Vec<(u64, u64, u64)> {
    let count = |of: &BTreeMap<i64, BTreeSet<Vec<i64>>>, class: &Vec<i64>| {
        of.values().filter(|rows| rows.contains(class)).count() as u64
    };
    let both: Vec<i64> = later
        .keys()
        .filter(|who| earlier.contains_key(who))
        .copied()
        .collect();
    let least = |of: &BTreeMap<i64, BTreeSet<Vec<i64>>>, who: &i64| {
        of[who].iter().map(|class| count(of, class)).min().unwrap()
    };
    let together = |who: &i64| {
        let pairs = later[who]
            .iter()
            .flat_map(|a| earlier[who].iter().map(move |b| (a, b)));
        let sharing = |(a, b): (&Vec<i64>, &Vec<i64>)| {
            let shares = |other: &&i64| later[*other].contains(a) && earlier[*other].contains(b);
            both.iter().filter(shares).count() as u64
        };
        pairs.map(sharing).min().unwrap()
    };
    both.iter()
        .map(|who| (least(later, who), least(earlier, who), together(who)))
        .collect()
}

const PERSONS: &str = "[[table]]\nname = \"persons\"\npath = \"persons.parquet\"\nkind = \"microdata\"\n\
                       subject = \"who\"\nquasi_identifiers = [\"a\", \"b\"]\n";

fn persons(case: &Case, name: &str, rows: &[(i64, i64, i64)]) -> BTreeMap<i64, BTreeSet<Vec<i64>>> {
    case.write(
        name,
        vec![
            ("who", numbers(rows.iter().map(|row| row.0))),
            ("a", numbers(rows.iter().map(|row| row.1))),
            ("b", numbers(rows.iter().map(|row| row.2))),
        ],
    );
    let mut of: BTreeMap<i64, BTreeSet<Vec<i64>>> = BTreeMap::new();
    for (who, a, b) in rows {
        of.entry(*who).or_default().insert(vec![*a, *b]);
    }
    of
}

#[test]
fn classes_shrink_as_worked_by_hand() {
    let case = Case::new();
    // Now: {1, 2, 3} and {4, 5}; before: {1, 2}, {3, 6} and {4, 5}. Person 3 had company in both, and has none in
    // both together: 6 has left.
    persons(
        &case,
        "persons.parquet",
        &[(1, 30, 1), (2, 30, 1), (3, 30, 1), (4, 40, 2), (5, 40, 2)],
    );
    persons(
        &case,
        "before/persons.parquet",
        &[
            (1, 7, 7),
            (2, 7, 7),
            (3, 8, 8),
            (6, 8, 8),
            (4, 9, 9),
            (5, 9, 9),
        ],
    );
    let report = case.audit(&case.manifest(PERSONS, Some(PERSONS), false));
    let of = |id: &str| one(&report, &format!("release-sequence.{id}"), &[]);
    assert_eq!(of("pseudonyms_kept").numerator, Some(5));
    assert_eq!(of("persons_newly_unique").numerator, Some(1));
    assert_eq!(of("persons_newly_unique").denominator, Some(5));
    // 1 and 2 lose 3, and 3 loses both.
    assert_eq!(of("persons_shrunk").numerator, Some(3));
    assert_eq!(of("k_combined").value.unwrap().as_f64(), 1.0);
    let median = |releases: &str| {
        value(
            &report,
            "release-sequence.median_candidates",
            &[("releases", releases.into())],
        )
    };
    assert_eq!((median("candidate"), median("both")), (3.0, 2.0));
    // The earlier tables are named in the report, with their manifest.
    let table = &report.release.auxiliaries[0];
    assert_eq!(table.name, "before/persons");
    assert!(table.manifest_sha256.is_some() && table.files.len() == 1);
}

#[test]
fn classes_of_two_releases_equal_a_comparison_of_all_pairs() {
    for seed in 0..12 {
        let case = Case::new();
        let mut chance = Chance::new(seed);
        let each = 1 + seed as i64 % 3;
        let mut rows = |first: i64| -> Vec<(i64, i64, i64)> {
            let all =
                (0..60 * each).map(|at| (first + at / each, chance.below(4), chance.below(3)));
            all.collect()
        };
        let (now, then) = (rows(10), rows(0));
        let later = persons(&case, "persons.parquet", &now);
        let earlier = persons(&case, "before/persons.parquet", &then);
        let report = case.audit(&case.manifest(PERSONS, Some(PERSONS), false));
        let slow = slow_sharing(&later, &earlier);
        let count =
            |is: &dyn Fn(&(u64, u64, u64)) -> bool| slow.iter().filter(|s| is(s)).count() as u64;
        let of = |id: &str| one(&report, &format!("release-sequence.{id}"), &[]);
        assert_eq!(of("pseudonyms_kept").numerator, Some(50));
        let newly = count(&|s| s.0 >= 2 && s.1 >= 2 && s.2 == 1);
        assert_eq!(
            of("persons_newly_unique").numerator,
            Some(newly),
            "seed {seed}"
        );
        assert_eq!(
            of("persons_shrunk").numerator,
            Some(count(&|s| s.2 < s.0)),
            "seed {seed}"
        );
        let least = slow.iter().map(|s| s.2).min().unwrap();
        assert_eq!(of("k_combined").value.unwrap().as_f64(), least as f64);
    }
}

#[test]
fn unicity_with_both_equals_a_search_of_all_traces() {
    let case = Case::new();
    let mut chance = Chance::new(4);
    // Two points of few in each release: two drawn are all there are.
    let mut rows = |first: i64| -> Vec<Row> {
        let person = |who: i64| {
            let a = chance.below(6);
            let b = (a + 1 + chance.below(5)) % 6;
            [(who, START, a), (who, START, b)]
        };
        (first..first + 120).flat_map(person).collect()
    };
    let (now, then) = (rows(20), rows(0));
    case.moves("moves.parquet", &now);
    case.moves("before/moves.parquet", &then);
    let settings = "[measure.release-sequence]\npoints = [1, 2, 3]\n";
    let manifest = format!("{}{settings}", case.manifest(MOVES, Some(MOVES), false));
    let report = case.audit(&manifest);
    let traces = |rows: &[Row]| {
        let mut of: BTreeMap<i64, BTreeSet<i64>> = BTreeMap::new();
        rows.iter().for_each(|row| {
            of.entry(row.0).or_default().insert(row.2);
        });
        of
    };
    let (later, earlier) = (traces(&now), traces(&then));
    let both: Vec<i64> = later
        .keys()
        .filter(|who| earlier.contains_key(who))
        .copied()
        .collect();
    assert_eq!(both.len(), 100);
    // For all ways to draw p points of each: whether the person is alone by those of the release, and by both.
    let slow = |p: usize| {
        let subsets = |trace: &BTreeSet<i64>| -> Vec<BTreeSet<i64>> {
            match p {
                1 => trace.iter().map(|point| BTreeSet::from([*point])).collect(),
                _ => vec![trace.clone()],
            }
        };
        let (mut alone, mut together, mut all) = (0, 0, 0);
        for who in &both {
            for a in subsets(&later[who]) {
                for b in subsets(&earlier[who]) {
                    let fits = later.iter().filter(|(_, trace)| a.is_subset(trace));
                    let fits: Vec<i64> = fits.map(|(other, _)| *other).collect();
                    alone += u64::from(fits.len() == 1);
                    let still = |other: &&i64| earlier.get(other).is_some_and(|t| b.is_subset(t));
                    together += u64::from(fits.iter().filter(still).count() == 1);
                    all += 1;
                }
            }
        }
        (alone as f64 / all as f64, together as f64 / all as f64)
    };
    let share = |p: u64, releases: &str| {
        let parameters = [
            ("points", Parameter::from(p)),
            ("releases", releases.into()),
        ];
        one(&report, "release-sequence.share_unique", &parameters).clone()
    };
    let (alone, together) = slow(2);
    assert!(together > alone + 0.2, "{alone} {together}");
    assert!((share(2, "candidate").value.unwrap().as_f64() - alone).abs() < 1e-12);
    assert!((share(2, "both").value.unwrap().as_f64() - together).abs() < 1e-12);
    let growth = value(&report, "release-sequence.growth", &[("points", 2.into())]);
    assert!((growth - (together - alone)).abs() < 1e-12);
    let (_, together) = slow(1);
    let sampled = share(1, "both");
    let interval = sampled.interval.unwrap();
    assert!(
        interval.low <= together && together <= interval.high,
        "{together} {interval:?}"
    );
    assert_eq!(sampled.sample.unwrap().persons, 100);
    let reasons = reasons(&report);
    assert!(
        reasons
            .iter()
            .any(|reason| reason.contains("nobody has 3 points")),
        "{reasons:?}"
    );
}

/// Persons by cell and hour, as published.
fn counted(rows: &[Row], factor: f64) -> BTreeMap<(i64, i64), (u64, f64)> {
    let mut persons: BTreeMap<(i64, i64), BTreeSet<i64>> = BTreeMap::new();
    for (who, at, cell) in rows {
        persons
            .entry((*cell, at.div_euclid(3_600) * 3_600))
            .or_default()
            .insert(*who);
    }
    persons
        .into_iter()
        .map(|(cell, who)| {
            (
                cell,
                (who.len() as u64, (who.len() as f64 * factor).round()),
            )
        })
        .collect()
}

const VISITS: &str = "[[table]]\nname = \"visits\"\npath = \"visits.parquet\"\nkind = \"flows\"\nplace = \"cell\"\n\
                      time = \"hour\"\ncount = \"persons\"\nextrapolation = 2.8\n";

fn visits(case: &Case, name: &str, counts: &BTreeMap<(i64, i64), (u64, f64)>) {
    case.write(
        name,
        vec![
            (
                "cell",
                texts(counts.keys().map(|(cell, _)| format!("cell {cell}"))),
            ),
            ("hour", times(counts.keys().map(|(_, hour)| *hour))),
            (
                "persons",
                Arc::new(Float64Array::from_iter_values(counts.values().map(|c| c.1))),
            ),
        ],
    );
}

/// Forty persons in three cells, three rows each within six hours.
fn crowd(seed: u64) -> Vec<Row> {
    let mut chance = Chance::new(seed);
    let row = |at: i64| (at % 40, START + chance.below(6 * 3_600), chance.below(3));
    (0..120).map(row).collect()
}

#[test]
fn what_was_taken_out_is_the_difference_of_two_releases() {
    for seed in 0..10 {
        let case = Case::new();
        let rows = crowd(seed);
        // Three objected; person 9 did not and has left as well.
        let objects = |who: i64| who < 3;
        let rest: Vec<Row> = rows
            .iter()
            .filter(|row| !objects(row.0) && row.0 != 9)
            .copied()
            .collect();
        let (before, after) = (counted(&rows, 2.8), counted(&rest, 2.8));
        visits(&case, "before/visits.parquet", &before);
        visits(&case, "visits.parquet", &after);
        case.moves("before/moves.parquet", &rows);
        case.list(0..3);
        let then = format!("{VISITS}{MOVES}");
        let report = case.audit(&case.manifest(VISITS, Some(&then), true));
        let theirs: BTreeSet<(i64, i64)> = rows
            .iter()
            .filter(|row| objects(row.0))
            .map(|row| (row.2, row.1.div_euclid(3_600) * 3_600))
            .collect();
        let now = |cell: &(i64, i64)| after.get(cell).map_or(0, |count| count.0);
        let lost = |cell: &(i64, i64)| before[cell].0 - now(cell);
        let one_less = before.keys().filter(|cell| lost(cell) == 1);
        let expected = one_less
            .clone()
            .filter(|cell| theirs.contains(cell))
            .count();
        let derivable = one(&report, "opt-outs.derivable", &[]);
        assert!(expected > 0, "something was planted");
        assert_eq!(derivable.numerator, Some(expected as u64), "seed {seed}");
        assert_eq!(derivable.parameters["whose"], "those who objected".into());
        for k in [2u64, 5, 11] {
            let small = before
                .keys()
                .filter(|cell| (1..k).contains(&lost(cell)))
                .count() as u64;
            let found = one(
                &report,
                "release-sequence.small_differences",
                &[("k", k.into())],
            );
            assert_eq!(found.numerator, Some(small), "seed {seed}");
            assert_eq!(found.denominator, Some(before.len() as u64));
        }
        // Without traces of theirs each count that lost one person may be theirs.
        let report = case.audit(&case.manifest(VISITS, Some(VISITS), true));
        let derivable = one(&report, "opt-outs.derivable", &[]);
        assert_eq!(derivable.numerator, Some(one_less.count() as u64));
        assert_eq!(derivable.parameters["whose"], "anybody".into());
        // Nobody was taken out: nothing is derivable.
        visits(&case, "visits.parquet", &before);
        let report = case.audit(&case.manifest(VISITS, Some(&then), true));
        assert_eq!(value(&report, "opt-outs.derivable", &[]), 0.0);
        let small = find(&report, "release-sequence.small_differences", &[]);
        assert!(small.iter().all(|f| f.numerator == Some(0)));
    }
}

#[test]
fn cells_left_out_are_nobody_unless_the_table_says_otherwise() {
    let case = Case::new();
    let count = |persons: u64| (persons, (persons as f64 * 2.8).round());
    let hour = |at: i64| START + at * 3_600;
    let before = BTreeMap::from([
        ((0, hour(0)), count(1)),
        ((0, hour(1)), count(4)),
        ((1, hour(0)), count(6)),
        // An hour that the later release does not tell of.
        ((1, hour(9)), count(1)),
    ]);
    let after = BTreeMap::from([((0, hour(1)), count(4)), ((1, hour(0)), count(6))]);
    visits(&case, "before/visits.parquet", &before);
    visits(&case, "visits.parquet", &after);
    case.list([1]);
    let report = case.audit(&case.manifest(VISITS, Some(VISITS), true));
    let derivable = one(&report, "opt-outs.derivable", &[]);
    assert_eq!(
        (derivable.numerator, derivable.denominator),
        (Some(1), Some(3))
    );
    let suppressed = format!("{VISITS}absent = \"suppressed\"\n");
    let report = case.audit(&case.manifest(&suppressed, Some(VISITS), true));
    let derivable = one(&report, "opt-outs.derivable", &[]);
    assert_eq!(
        (derivable.numerator, derivable.denominator),
        (Some(0), Some(2))
    );
}

#[test]
fn journeys_are_told_by_the_row_before() {
    let case = Case::new();
    let hour = |at: i64| START + at * 3_600;
    let flows = |name: &str, rows: &[(i64, i64, i64, i64)]| {
        case.write(
            name,
            vec![
                (
                    "origin",
                    texts(rows.iter().map(|row| format!("cell {}", row.0))),
                ),
                (
                    "target",
                    texts(rows.iter().map(|row| format!("cell {}", row.1))),
                ),
                ("hour", times(rows.iter().map(|row| hour(row.2)))),
                ("persons", numbers(rows.iter().map(|row| row.3))),
            ],
        );
    };
    // Two journeys lose one person each; only the first is one of the person who objected.
    flows(
        "before/flows.parquet",
        &[(0, 1, 8, 5), (1, 0, 8, 5), (0, 1, 9, 5)],
    );
    flows("flows.parquet", &[(0, 1, 8, 4), (1, 0, 8, 4), (0, 1, 9, 5)]);
    case.moves(
        "before/moves.parquet",
        &[
            (7, hour(7), 0),
            (7, hour(8) + 60, 1),
            (8, hour(7), 1),
            (8, hour(8), 0),
        ],
    );
    case.list([7]);
    let now = "[[table]]\nname = \"flows\"\npath = \"flows.parquet\"\nkind = \"flows\"\norigin = \"origin\"\n\
               destination = \"target\"\ntime = \"hour\"\ncount = \"persons\"\n";
    let report = case.audit(&case.manifest(now, Some(&format!("{now}{MOVES}")), true));
    let derivable = one(&report, "opt-outs.derivable", &[]);
    assert_eq!(
        (derivable.numerator, derivable.denominator),
        (Some(1), Some(3))
    );
}

#[test]
fn results_are_the_same_for_any_number_of_threads() {
    let case = Case::new();
    let manifest = two_releases(&case, 200, 6, |who| (who >= 15).then_some(who));
    case.list(0..20);
    let findings = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap();
        pool.install(|| case.audit(&manifest).findings)
    };
    let alone = findings(1);
    assert!(alone.len() > 10);
    assert_eq!(alone, findings(3));
}

#[test]
fn a_policy_asks_only_what_a_release_can_have() {
    let case = Case::new();
    let manifest = two_releases(&case, 200, 2, |who| (who >= 40).then_some(who));
    case.list(0..40);
    let policy = "[[require]]\nstatistic = \"opt-outs.present\"\nmax = 0\n\
                  [[require]]\nstatistic = \"opt-outs.relinked_p_value\"\nmin = 0.01\n";
    let path = case.path("policy.toml");
    let judged = |manifest: &str, policy: &str| {
        std::fs::write(&path, policy).unwrap();
        case.run(manifest, &path.display().to_string()).unwrap()
    };
    assert_eq!(judged(&manifest, policy).verdict, Verdict::Pass);
    case.list(0..41);
    let report = judged(&manifest, policy);
    assert_eq!(report.verdict, Verdict::Fail);
    assert_eq!(report.policy.requirements[0].failed, 1);
    assert_eq!(report.policy.requirements[1].failed, 0);
    // No table of counts is there to be derived from: asked for by name, that fails.
    let derivable = "[[require]]\nstatistic = \"opt-outs.derivable\"\nmax = 0\n";
    assert_eq!(judged(&manifest, derivable).verdict, Verdict::Fail);
    // The presets ask nothing of a release without a list.
    std::fs::remove_file(case.path("list.parquet")).unwrap();
    let without = case.manifest(MOVES, Some(MOVES), false);
    let report = case.run(&without, "strict").unwrap();
    let asked = |line: &&reidrisk::report::PolicyLine| line.statistic.starts_with("opt-outs.");
    let lines: Vec<_> = report.policy.requirements.iter().filter(asked).collect();
    assert_eq!(lines.len(), 4);
    let not_applicable = reidrisk::finding::Outcome::NotApplicable;
    assert!(lines.iter().all(|line| line.outcome == not_applicable));
    case.list(0..40);
    let report = case.run(&manifest, "strict").unwrap();
    let outcomes: Vec<_> = report
        .policy
        .requirements
        .iter()
        .filter(asked)
        .map(|line| (line.statistic.as_str(), line.outcome))
        .collect();
    let pass = reidrisk::finding::Outcome::Pass;
    assert_eq!(
        outcomes,
        [
            ("opt-outs.present", pass),
            ("opt-outs.relinked_p_value", pass),
            ("opt-outs.counted_p_value", not_applicable),
            ("opt-outs.derivable", not_applicable)
        ]
    );
}

#[test]
fn what_cannot_be_compared_is_named() {
    let case = Case::new();
    let manifest = two_releases(&case, 30, 1, Some);
    case.list([1]);
    #[track_caller]
    fn refused(case: &Case, manifest: &str, parts: &[&str]) {
        let message = case.run(manifest, "exploratory").unwrap_err();
        for part in parts {
            assert!(message.contains(part), "no `{part}` in: {message}");
        }
    }
    // Other names, another kind, no such manifest, or none at all.
    let other = MOVES.replace("name = \"moves\"", "name = \"paths\"");
    refused(
        &case,
        &case.manifest(MOVES, Some(&other), true),
        &["no table of the earlier release", "paths"],
    );
    let kind = "[[table]]\nname = \"moves\"\npath = \"moves.parquet\"\nkind = \"microdata\"\nsubject = \"who\"\n\
                quasi_identifiers = [\"cell\"]\nignore = [\"at\"]\n";
    refused(
        &case,
        &case.manifest(MOVES, Some(kind), true),
        &["table `moves` is trace here and microdata in the earlier release"],
    );
    let _ = case.manifest(MOVES, Some(MOVES), true);
    refused(
        &case,
        &manifest.replace("before/release.toml", "before/other.toml"),
        &["there is no manifest"],
    );
    refused(
        &case,
        &manifest.replace("before/release.toml", "before/moves.parquet"),
        &["named by its manifest"],
    );
    refused(
        &case,
        &manifest.replace(
            "path = \"before/release.toml\"",
            "path = \"before/release.toml\"\nsubject = \"who\"",
        ),
        &["a manifest of its own"],
    );
    // A column that is not there is named with the earlier table.
    let gone = MOVES.replace("\"cell\"", "\"mast\"");
    refused(
        &case,
        &case.manifest(MOVES, Some(&gone), true),
        &["table `moves` has no column `mast`"],
    );
    // Lists.
    let _ = case.manifest(MOVES, Some(MOVES), true);
    refused(
        &case,
        &manifest.replace(
            "list.parquet\"\nsubject = \"who\"",
            "list.parquet\"\nignore = [\"who\"]",
        ),
        &["subject` is missing"],
    );
    refused(
        &case,
        &manifest.replace(
            "list.parquet\"\nsubject = \"who\"",
            "list.parquet\"\nsubject = \"who\"\ntime = \"at\"",
        ),
        &["a list of opt-outs has no role `time`"],
    );
    case.list([]);
    refused(&case, &manifest, &["table `list` has no rows"]);
    case.write("list.parquet", vec![("who", times([START]))]);
    refused(
        &case,
        &manifest,
        &["column `who` is Int64 in table `moves`", "in `list`"],
    );
    case.list([1]);
    // Columns of other types in the earlier release.
    let rows = habits(30, -14, 1, 1);
    case.write(
        "before/moves.parquet",
        vec![
            ("who", numbers(rows.iter().map(|row| row.0))),
            ("at", times(rows.iter().map(|row| row.1))),
            ("cell", numbers(rows.iter().map(|row| row.2))),
        ],
    );
    refused(
        &case,
        &manifest,
        &["column `cell` is Utf8 in table `moves` and Int64 in `before`"],
    );
    // Settings.
    case.moves("before/moves.parquet", &rows);
    refused(
        &case,
        &format!("{manifest}[measure.opt-outs]\nlevel = 1.5\n"),
        &["between 0 and 1"],
    );
    refused(
        &case,
        &format!("{manifest}[measure.opt-outs]\nmatchers = [\"tfidf-cosin\"]\n"),
        &["did you mean `tfidf-cosine`?"],
    );
    // Other columns: it is said, and nothing is compared.
    let district = MOVES.replace("place = \"cell\"", "place = \"district\"");
    case.write(
        "moves.parquet",
        vec![
            ("who", numbers(rows.iter().map(|row| row.0))),
            ("at", times(rows.iter().map(|row| row.1))),
            (
                "district",
                texts(rows.iter().map(|row| format!("district {}", row.2 / 10))),
            ),
        ],
    );
    let report = case.audit(&case.manifest(&district, Some(MOVES), true));
    let reasons = reasons(&report);
    assert!(
        reasons
            .iter()
            .any(|r| r.contains("its places are another column")),
        "{reasons:?}"
    );
    // A folder is no list of its own: paths are those of the manifest.
    assert!(Path::new(&case.path("before")).is_dir());
}
