//! Agreement with values that independent software computed on real public data.
//!
//! The data may not be copied into the project, so these tests run where it lies beside the
//! checkout, and say so where it does not.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray, RecordBatch, UInt32Array};
use arrow::compute::{concat_batches, take_record_batch};
use arrow::datatypes::Float64Type;
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use reidrisk::audit::{Options, audit};
use reidrisk::finding::{Finding, Parameter};
use reidrisk::release::TimeBin;
use reidrisk::report::Report;
use reidrisk::stats::{Draws, wilson};
use serde_json::Value;

fn beside() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared")
}

/// The oracle's figures, or `None`, said aloud, where the data is not at hand.
fn oracle(name: &str) -> Option<Value> {
    let path = beside().join("oracles").join(format!("{name}.json"));
    let Ok(text) = std::fs::read_to_string(&path) else {
        eprintln!("SKIPPED: the validation data is not beside the checkout ({name})");
        return None;
    };
    // Some of the software writes numbers that JSON has no word for; none of them is compared.
    let text = text.replace("Infinity", "null").replace("NaN", "null");
    Some(serde_json::from_str(&text).expect("oracles are JSON"))
}

/// Audits one of `tests/manifests` by some measures (all of them if none is named), with parts of its
/// text replaced.
fn audited(only: &[&str], manifest: &str, changes: &[(&str, &str)]) -> Report {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/manifests");
    let mut text = std::fs::read_to_string(folder.join(manifest)).unwrap();
    for (from, to) in changes {
        assert!(text.contains(from), "{manifest} has no {from}");
        text = text.replace(from, to);
    }
    // More draws than by default: narrower intervals, so a stricter comparison.
    text.push_str("\n[measure.unicity]\npersons = 200000\nnoisy_points = []\n");
    text.push_str("[measure.unicity-resolution]\npoints = [2]\ncoarser = 0\npersons = 200000\n");
    let data = beside().join("data").canonicalize().unwrap();
    text = text.replace("../../../shared/data", data.to_str().unwrap());
    let place = tempfile::tempdir().unwrap();
    if manifest == "taxis.toml" {
        let moved = place.path().join("taxis.parquet");
        off_edges(&data.join(TAXIS), &moved, step(&text));
        let theirs = data.join(TAXIS).to_str().unwrap().to_owned();
        text = text.replace(&theirs, moved.to_str().unwrap());
    }
    let path = place.path().join("release.toml");
    std::fs::write(&path, text).unwrap();
    let options = Options {
        paths: vec![path],
        policy: "exploratory".to_owned(),
        only: only.iter().map(|id| (*id).to_owned()).collect(),
        ..Options::default()
    };
    audit(&options, &()).unwrap()
}

const TAXIS: &str = "cabspotting_events.parquet";

/// The step of the grid that a manifest names last.
fn step(manifest: &str) -> f64 {
    let end = manifest.rfind("deg\"").expect("places lie in a grid");
    let start = manifest[..end].rfind('"').unwrap() + 1;
    manifest[start..end].parse().unwrap()
}

/// A copy of the taxis in which no coordinate lies on an edge of the grid.
///
/// The oracles divide by the step in binary, where a coordinate on an edge (35.8 by 0.1) may fall into the cell below;
/// here it lies in its own. Those are moved into the cell where the oracles have them, by less than the last decimal
/// place, so that all figures must be equal.
fn off_edges(from: &Path, to: &Path, step: f64) {
    const PER_DEGREE: f64 = 1e5;
    let file = std::fs::File::open(from).unwrap();
    let reader = ParquetRecordBatchReaderBuilder::try_new(file).unwrap();
    let batches: Vec<RecordBatch> = reader.build().unwrap().map(Result::unwrap).collect();
    let all = concat_batches(&batches[0].schema(), &batches).unwrap();
    let width = (step * PER_DEGREE).round() as i64;
    let moved = |degrees: f64| {
        let whole = (degrees * PER_DEGREE).round();
        assert!((degrees * PER_DEGREE - whole).abs() < 1e-6, "five decimals");
        let (own, theirs) = (whole as i64, (degrees / step).floor() as i64);
        match own.div_euclid(width) - theirs {
            0 => degrees,
            1 if own.rem_euclid(width) == 0 => degrees - 1e-6,
            _ => panic!("it lies on no edge"),
        }
    };
    let columns = all
        .schema()
        .fields()
        .iter()
        .zip(all.columns())
        .map(|(field, column)| {
            if !["lat", "lon"].contains(&field.name().as_str()) {
                return column.clone();
            }
            let degrees = column.as_primitive::<Float64Type>();
            Arc::new(degrees.unary::<_, Float64Type>(moved)) as ArrayRef
        })
        .collect();
    let batch = RecordBatch::try_new(all.schema(), columns).unwrap();
    let file = std::fs::File::create(to).unwrap();
    let mut writer = ArrowWriter::try_new(file, batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
}

fn find<'a>(report: &'a Report, id: &str, parameters: &[(&str, Parameter)]) -> &'a Finding {
    let matches = |finding: &&Finding| {
        finding.id() == id
            && parameters.iter().all(|(name, value)| {
                finding
                    .parameters
                    .get(*name)
                    .is_some_and(|found| found.matches(value))
            })
    };
    report
        .findings
        .iter()
        .find(matches)
        .unwrap_or_else(|| panic!("no {id} {parameters:?}"))
}

fn value(report: &Report, id: &str, parameters: &[(&str, Parameter)]) -> f64 {
    find(report, id, parameters).value.unwrap().as_f64()
}

#[track_caller]
fn equal(ours: f64, oracle: &Value, what: &str) {
    let oracle = oracle.as_f64().unwrap();
    assert!(
        (ours - oracle).abs() <= 1e-12 * oracle.abs().max(1.0),
        "{what}: {ours} and {oracle}"
    );
}

/// As [`equal`], to 1e-9: sums over many classes in another order.
#[track_caller]
fn near(ours: Option<f64>, oracle: &Value, what: &str) {
    let oracle = oracle.as_f64();
    let same = match (ours, oracle) {
        (Some(ours), Some(oracle)) => (ours - oracle).abs() <= 1e-9 * oracle.abs().max(1.0),
        (ours, oracle) => ours == oracle,
    };
    assert!(same, "{what}: {ours:?} and {oracle:?}");
}

fn known(figure: &Value) -> Vec<String> {
    serde_json::from_value(figure["quasi_identifiers"].clone()).unwrap()
}

/// Adult with these quasi-identifiers and sensitive columns; every other column is ignored.
fn adult(known: &[String], sensitive: &[String], more: &str) -> Report {
    let all = [
        "age",
        "sex",
        "race",
        "marital-status",
        "education",
        "native-country",
        "workclass",
        "occupation",
        "salary-class",
    ];
    let used = |column: &&&str| known.iter().chain(sensitive).all(|name| name != *column);
    let ignored: Vec<_> = all.iter().filter(used).collect();
    audited(
        &[],
        "adult.toml",
        &[
            (
                &format!("{:?}", &all[..7]),
                &format!("{known:?}\nignore = {ignored:?}"),
            ),
            (
                "sensitive = [\"occupation\", \"salary-class\"]",
                &format!("sensitive = {sensitive:?}"),
            ),
            ("[[table]]", &format!("{more}\n[[table]]")),
        ],
    )
}

#[test]
fn diversity_of_adult() {
    let Some(oracle) = oracle("adult_diversity_numpy") else {
        return;
    };
    let figures = oracle["runs"][0]["figures"].as_array().unwrap();
    assert_eq!(figures.len(), 15);
    for figure in figures {
        let known = known(figure);
        let name = figure["sensitive"].as_str().unwrap();
        let report = adult(&known, &[name.to_owned()], "");
        let same = |id: &str, parameters: &[(&str, Parameter)], key: &str| {
            let Some(expected) = figure.get(key) else {
                return;
            };
            let mut parameters = parameters.to_vec();
            parameters.push(("sensitive", name.into()));
            let ours = find(&report, id, &parameters)
                .value
                .map(|value| value.as_f64());
            near(ours, expected, &format!("{id} {parameters:?} of {known:?}"));
        };
        same("l-diversity.distinct", &[], "distinct_l");
        same("l-diversity.entropy", &[], "entropy_l_exact");
        let recursive = figure.get("recursive_min_c_by_l");
        for l in [2u64, 3, 4, 5].into_iter().filter(|_| recursive.is_some()) {
            let c = find(&report, "l-diversity.recursive_c", &[("l", l.into())]);
            let expected = &figure["recursive_min_c_by_l"][l.to_string()];
            near(
                c.value.map(|value| value.as_f64()),
                expected,
                &format!("c for {l} of {known:?}"),
            );
        }
        same("alpha-k-anonymity.alpha", &[], "alpha_max_frequency");
        let equal = [("distance", "equal".into())];
        same(
            "t-closeness.t",
            &equal,
            "t_closeness_equal_distance_emd_max",
        );
        same(
            "t-closeness.t_mean",
            &equal,
            "t_closeness_record_weighted_mean",
        );
        let ordered = [("distance", "ordered".into())];
        same("t-closeness.t", &ordered, "t_closeness_ordered_emd_max");
        same(
            "t-closeness.t_mean",
            &ordered,
            "t_closeness_ordered_emd_record_weighted_mean",
        );
        same("beta-likeness.basic", &[], "basic_beta_max_relative_gain");
        same(
            "beta-likeness.enhanced_holds",
            &[],
            "enhanced_beta_smallest_beta_textbook",
        );
        same(
            "delta-disclosure.delta",
            &[],
            "delta_disclosure_over_present_values",
        );
        let certain = find(
            &report,
            "homogeneity-attack.share_certain",
            &[("certainty", 1.0.into())],
        );
        if let Some(expected) = figure.get("records_in_classes_with_distinct_l_1") {
            assert_eq!(certain.numerator, expected.as_u64(), "{known:?}");
        }
    }
}

/// A public library's values follow from its own definitions, where they differ from the literature's.
#[test]
fn diversity_of_adult_by_a_library() {
    let Some(oracle) = oracle("adult_pycanon") else {
        return;
    };
    let mut compared = 0;
    for run in oracle["runs"].as_array().unwrap() {
        for figure in run["figures"].as_array().into_iter().flatten() {
            let known = known(figure);
            let Some(name) = figure["sensitive"].as_str() else {
                continue;
            };
            let ordered = name.starts_with("age");
            let name = if ordered { "age" } else { name };
            let theirs = &figure["value"];
            let function = figure["function"].as_str().unwrap();
            let report = adult(&known, &[name.to_owned()], "");
            let ours = |id: &str, parameters: &[(&str, Parameter)]| {
                find(&report, id, parameters)
                    .value
                    .map(|value| value.as_f64())
            };
            let distance = if ordered { "ordered" } else { "equal" };
            let what = format!("{function} of {known:?}, {name}");
            match function {
                "alpha_k_anonymity" => {
                    near(ours("alpha-k-anonymity.alpha", &[]), &theirs[0], &what);
                    near(ours("k-anonymity.k", &[]), &theirs[1], &what);
                }
                "l_diversity" => near(ours("l-diversity.distinct", &[]), theirs, &what),
                // It reports the floor; of a number that is whole but for rounding, the one below.
                "entropy_l_diversity" => {
                    let exact = ours("l-diversity.entropy", &[]).unwrap();
                    let floor = theirs.as_f64().unwrap();
                    assert!(
                        (exact + 1e-9).floor() - floor <= 1.0 && exact >= floor - 1e-9,
                        "{what}"
                    );
                }
                "t_closeness" => {
                    near(
                        ours("t-closeness.t", &[("distance", distance.into())]),
                        theirs,
                        &what,
                    );
                }
                "basic_beta_likeness" => near(ours("beta-likeness.basic", &[]), theirs, &what),
                "delta_disclosure" => near(ours("delta-disclosure.delta", &[]), theirs, &what),
                _ => continue,
            }
            compared += 1;
        }
    }
    assert!(compared > 30, "{compared}");
}

#[test]
fn subsets_of_adult() {
    let Some(oracle) = oracle("adult_classes_duckdb") else {
        return;
    };
    let all = [
        "age",
        "sex",
        "race",
        "marital-status",
        "education",
        "native-country",
        "workclass",
    ];
    let report = adult(&all.map(str::to_owned), &[], "");
    let figures = oracle["runs"][0]["figures"].as_array().unwrap();
    let mut compared = 0;
    for figure in figures {
        let known = known(figure);
        if !known.iter().all(|name| all.contains(&name.as_str())) {
            continue;
        }
        let same = |statistic: &str, key: &str| {
            let mut of_known = report.findings.iter().filter(|finding| {
                let mut columns = finding.columns.clone();
                let mut known = known.clone();
                columns.sort();
                known.sort();
                finding.measure == "quasi-identifier-subsets"
                    && finding.statistic == statistic
                    && columns == known
            });
            let ours = of_known.next().unwrap().value.unwrap().as_f64();
            equal(ours, &figure[key], &format!("{statistic} of {known:?}"));
        };
        same("unique_persons", "sample_unique_records");
        same("k", "k_min_class_size");
        same("distinction", "distinction");
        same("separation", "separation");
        compared += 1;
    }
    assert!(compared > 60, "{compared}");
}

#[test]
fn classes_of_adult() {
    let Some(oracle) = oracle("adult_classes_duckdb") else {
        return;
    };
    let figures = oracle["runs"][0]["figures"].as_array().unwrap();
    assert!(figures.len() > 60);
    for figure in figures {
        let known = known(figure);
        let report = adult(&known, &[], "[measure.k-anonymity]\nk = [5, 10]");
        let what = known.join(", ");
        let same = |id: &str, parameters: &[(&str, Parameter)], key: &str| {
            equal(
                value(&report, id, parameters),
                &figure[key],
                &format!("{id} of {what}"),
            );
        };
        same("k-anonymity.k", &[], "k_min_class_size");
        same("k-anonymity.classes", &[], "n_classes");
        same("k-anonymity.average_class_size", &[], "average_class_size");
        for k in [5u64, 10] {
            let key = format!("records_in_classes_smaller_than_{k}");
            same("k-anonymity.persons_below", &[("k", k.into())], &key);
            same("k-anonymity.records_below", &[("k", k.into())], &key);
        }
        same("uniqueness.unique_persons", &[], "sample_unique_records");
        same("uniqueness.share_unique", &[], "sample_unique_fraction");
        same(
            "re-identification-risk.prosecutor_max",
            &[],
            "prosecutor_max_risk",
        );
        same(
            "re-identification-risk.prosecutor_mean",
            &[],
            "prosecutor_avg_risk",
        );
        same(
            "re-identification-risk.marketer",
            &[],
            "prosecutor_avg_risk",
        );
        let sizes = &report
            .series
            .iter()
            .find(|series| series.name == "class_sizes")
            .unwrap();
        equal(
            *sizes.x.last().unwrap(),
            &figure["max_class_size"],
            "largest class",
        );
        assert_eq!(
            report.release.tables[0].rows,
            figure["n_records"].as_u64().unwrap()
        );
    }
}

/// Compares the unicity of a trace with the oracle's: exact values to 1e-12; a full enumeration of
/// pairs must lie in our interval; an independent sample's own interval must meet ours.
fn unicity(report: &Report, figure: &Value, what: &str) {
    let sampled = |p: u64| [("points", p.into()), ("method", "sampled".into())];
    let exact = [("points", 1u64.into()), ("method", "exact".into())];
    let table = &report.release.tables[0];
    assert_eq!(table.persons, figure["n_subjects"].as_u64(), "{what}");
    assert_eq!(
        table.points,
        figure["n_subject_point_pairs"].as_u64(),
        "{what}"
    );
    let share = "unicity.share_unique";
    equal(
        value(report, share, &exact),
        &figure["exact_p1_mean_over_subjects"],
        what,
    );
    let pooled = value(report, "unicity.share_unique_pooled", &exact);
    equal(pooled, &figure["exact_p1_pooled_over_points"], what);
    let pairs = [("points", 2u64.into()), ("method", "exact".into())];
    equal(
        value(report, share, &pairs),
        &figure["exact_p2_mean_over_subjects"],
        what,
    );
    let pooled = value(report, "unicity.share_unique_pooled", &pairs);
    equal(pooled, &figure["exact_p2_pooled_over_pairs"], what);
    for p in 1..=5u64 {
        let drawn = &figure["sampled"][p.to_string()];
        if drawn.is_null() {
            continue;
        }
        let fewer = value(
            report,
            "unicity.persons_with_fewer_points",
            &[("points", p.into())],
        );
        let included = drawn["subjects_included"].as_f64().unwrap();
        assert_eq!(
            table.persons.unwrap() as f64 - fewer,
            included,
            "{what}, p = {p}"
        );
        let interval = find(report, share, &sampled(p)).interval.unwrap();
        let truth = match p {
            1 => Some(&figure["exact_p1_mean_over_subjects"]),
            2 => Some(&figure["exact_p2_mean_over_subjects"]),
            _ => None,
        };
        let (low, high) = match truth {
            Some(truth) => (truth.as_f64().unwrap(), truth.as_f64().unwrap()),
            None => {
                // Of the oracle's draws: its standard error is 0 where all of them agree, which
                // is no certainty.
                let draws = drawn["draws_per_subject"].as_f64().unwrap() * included;
                let unique = drawn["epsilon"].as_f64().unwrap() * draws;
                let interval = wilson(unique.round() as u64, draws as u64);
                (interval.low, interval.high)
            }
        };
        assert!(
            interval.low <= high && low <= interval.high,
            "{what}, p = {p}: ours {interval:?}, the oracle's {low} to {high}"
        );
    }
}

fn grids(manifest: &str, name: &str) {
    let Some(oracle) = oracle(name) else { return };
    let figures = oracle["runs"][0]["figures"]["unicity"].as_array().unwrap();
    for figure in figures {
        let grid = figure["grid"].as_str().unwrap();
        let (place, hours) = grid.split_once('/').unwrap();
        let report = if place == "venue" {
            let point = format!("time = \"{hours}h\", place = \"column\"");
            audited(
                &["unicity"],
                manifest,
                &[
                    (
                        "place = { latitude = \"lat\", longitude = \"lon\" }",
                        "place = \"venue_id\"",
                    ),
                    (
                        "\"venue_id\", \"category_id\"",
                        "\"lat\", \"lon\", \"category_id\"",
                    ),
                    ("time = \"1h\", place = \"0.01deg\"", &point),
                ],
            )
        } else if let Ok(step) = place.parse::<f64>() {
            let point = format!("time = \"{hours}h\", place = \"{step}deg\"");
            audited(
                &["unicity", "unicity-resolution"],
                manifest,
                &[("time = \"1h\", place = \"0.01deg\"", &point)],
            )
        } else {
            continue;
        };
        let what = format!("{name} {grid}");
        unicity(&report, figure, &what);
        if place != "venue" {
            // The matrix has the release's own resolution among its entries.
            let time = TimeBin::Seconds(hours.parse::<u32>().unwrap() * 3_600).to_string();
            let own = [("points", 2u64.into()), ("time", time.as_str().into())];
            let own = find(&report, "unicity-resolution.share_unique", &own);
            let truth = figure["exact_p2_mean_over_subjects"].as_f64().unwrap();
            let interval = own.interval.unwrap();
            assert!(
                (interval.low..=interval.high).contains(&truth),
                "{what}: {interval:?}, not {truth}"
            );
        }
    }
}

/// Most frequent places, and home and work where the oracle has them: `zone` is that of its fixed offset.
fn places(manifest: &str, name: &str, zone: &str) {
    let Some(oracle) = oracle(name) else { return };
    let figures = &oracle["runs"][0]["figures"];
    for step in ["0.01", "0.05"] {
        let place = format!("{step}deg");
        let report = audited(
            &["top-places", "home-work"],
            manifest,
            &[
                (
                    "time = \"1h\", place = \"0.01deg\"",
                    &format!("place = \"{place}\""),
                ),
                (
                    "kind = \"trace\"",
                    &format!("kind = \"trace\"\ntimezone = \"{zone}\""),
                ),
            ],
        );
        for top in figures["top_locations"].as_array().unwrap() {
            if top["cells"] != format!("{step} degree grid") {
                continue;
            }
            let n = [
                ("n", top["N"].as_u64().unwrap().into()),
                ("hours", "all".into()),
            ];
            let set = [n.clone().to_vec(), vec![("ordered", "no".into())]].concat();
            let what = format!("{name} {step} {n:?}");
            let unique = find(&report, "top-places.share_unique", &set);
            assert_eq!(
                unique.numerator,
                top["subjects_with_unique_set"].as_u64(),
                "{what}"
            );
            assert_eq!(
                unique.denominator,
                top["subjects_included"].as_u64(),
                "{what}"
            );
            equal(
                value(&report, "top-places.share_unique", &set),
                &top["fraction_unique"],
                &what,
            );
            let same = |id: &str, key: &str| equal(value(&report, id, &n), &top[key], &what);
            same("top-places.largest_class", "largest_anonymity_set");
            same("top-places.ties", "subjects_with_tie_at_boundary");
        }
        for pair in figures["home_work"].as_array().into_iter().flatten() {
            if pair["grid_degrees"].as_f64().unwrap().to_string() != step {
                continue;
            }
            let unique = find(&report, "home-work.share_unique", &[]);
            assert_eq!(
                unique.numerator,
                pair["unique_ordered_home_work_pairs"].as_u64()
            );
            assert_eq!(
                unique.denominator,
                pair["subjects_with_home_and_work"].as_u64()
            );
            let home = find(&report, "home-work.share_unique_home", &[]);
            assert_eq!(home.numerator, pair["unique_home_only"].as_u64());
            assert_eq!(home.denominator, pair["subjects_with_home"].as_u64());
            let largest = value(&report, "home-work.largest_class", &[]);
            equal(largest, &pair["largest_pair_class"], name);
        }
    }
}

#[test]
fn places_of_check_ins() {
    places("check-ins.toml", "foursquare_nyc_unicity", "Etc/GMT+5");
}

#[test]
fn places_of_taxis() {
    places("taxis.toml", "cabspotting_events_unicity", "UTC");
}

#[test]
fn places_of_tracks() {
    places("tracks.toml", "geolife_sample_unicity", "Etc/GMT-8");
}

/// The worst places of somebody, against a brute force over all choices of places.
#[test]
fn location_attacks_on_few_persons() {
    let Some(oracle) = oracle("nyc_skmob_attacks") else {
        return;
    };
    let mut compared = 0;
    for figure in oracle["runs"][0]["figures"].as_array().unwrap() {
        let attack = figure["attack"].as_str().unwrap();
        let (ours, time) = match attack {
            "LocationAttack" => ("location", "1h"),
            "UniqueLocationAttack" => ("unique-location", "1h"),
            "LocationFrequencyAttack (exact visit counts)" => ("location-frequency", "1h"),
            "LocationTimeAttack at true hour precision" => ("location-time", "1h"),
            "LocationTimeAttack at day precision" => ("location-time", "1d"),
            _ if attack.starts_with("home-work: two MOST") => ("home-work", "1h"),
            _ => continue,
        };
        let input = figure["input"].as_str().unwrap();
        // The coordinates are rounded: half a step tells them apart whatever the last bit.
        let step = if input.contains("coarse") {
            "0.05deg"
        } else {
            "0.005deg"
        };
        let point = format!("time = \"{time}\", place = \"{step}\"");
        let report = audited(
            &["location-attacks"],
            "check-ins.toml",
            &[
                ("foursquare_nyc.parquet", input),
                ("ignore = [\"venue_id\", \"category_id\"]", ""),
                ("time = \"1h\", place = \"0.01deg\"", &point),
            ],
        );
        let length = figure["knowledge_length"].as_u64().unwrap();
        let of = [("attack", ours.into()), ("length", length.into())];
        let what = format!("{attack}, {length}, {input}");
        near(
            Some(value(&report, "location-attacks.mean_risk", &of)),
            &figure["mean_risk"],
            &what,
        );
        let certain = find(&report, "location-attacks.share_certain", &of);
        assert_eq!(
            certain.numerator,
            figure["subjects_with_risk_1"].as_u64(),
            "{what}"
        );
        compared += 1;
    }
    assert!(compared >= 15, "{compared}");
}

fn worst_places(manifest: &str, name: &str) {
    let Some(oracle) = oracle(name) else { return };
    for figure in oracle["runs"][0]["figures"].as_array().unwrap() {
        let step = figure["grid_degrees"].as_f64().unwrap();
        let point = format!("place = \"{step}deg\"");
        let report = audited(
            &["location-attacks"],
            manifest,
            &[("time = \"1h\", place = \"0.01deg\"", &point)],
        );
        for length in [1u64, 2] {
            let of = [
                ("attack", "unique-location".into()),
                ("length", length.into()),
            ];
            let what = format!("{name} {step} {length}");
            let mean = value(&report, "location-attacks.mean_risk", &of);
            near(Some(mean), &figure[format!("k{length}_mean_risk")], &what);
            let certain = find(&report, "location-attacks.share_certain", &of);
            let expected = figure[format!("k{length}_subjects_risk_1")].as_u64();
            assert_eq!(certain.numerator, expected, "{what}");
        }
    }
}

#[test]
fn location_attacks_on_check_ins() {
    worst_places("check-ins.toml", "foursquare_nyc_location_attack_full");
}

#[test]
fn location_attacks_on_taxis() {
    worst_places("taxis.toml", "cabspotting_events_location_attack_full");
}

#[test]
fn unicity_of_check_ins() {
    grids("check-ins.toml", "foursquare_nyc_unicity");
}

#[test]
fn unicity_of_taxis() {
    grids("taxis.toml", "cabspotting_events_unicity");
}

#[test]
fn unicity_of_tracks() {
    grids("tracks.toml", "geolife_sample_unicity");
}

#[test]
fn unicity_of_purchases() {
    let Some(oracle) = oracle("online_retail_purchase") else {
        return;
    };
    let figures = &oracle["runs"][0]["figures"];
    for (points, point) in [
        ("(item, day)", "time = \"1d\", item = true"),
        ("(item, week)", "time = \"7d\", item = true"),
        ("(item) only", "item = true"),
    ] {
        let all = figures["unicity"].as_array().unwrap();
        let figure = all
            .iter()
            .find(|figure| figure["points"] == points)
            .unwrap();
        let report = audited(
            &["unicity", "km-anonymity"],
            "purchases.toml",
            &[("time = \"1d\", item = true", point)],
        );
        unicity(&report, figure, points);
        if points == "(item) only" {
            let sets = &figures["km_anonymity"];
            let same = |statistic: &str, m: u64, key: &str| {
                let of = [("m", m.into()), ("k", 5u64.into())];
                equal(
                    value(&report, &format!("km-anonymity.{statistic}"), &of),
                    &sets[key],
                    key,
                );
            };
            same("itemsets", 1, "m1_items_total");
            same("violations", 1, "m1_items_with_support_below_k");
            same("itemsets", 2, "m2_occurring_pairs");
            same("violations", 2, "m2_pairs_with_support_below_k");
        }
        let left_out = report.release.tables[0].rows_without_subject;
        let total = figures["rows_total"].as_u64().unwrap();
        assert_eq!(total - left_out, figures["rows_used"].as_u64().unwrap());
    }
}

/// The purchases with what was paid for a row, which the file has as two factors.
fn with_amounts(to: &Path) {
    use arrow::array::{ArrayRef, AsArray, Float64Array, RecordBatch};
    use arrow::datatypes::{DataType, Field, Float64Type, Int64Type, Schema};
    use std::sync::Arc;
    let file = std::fs::File::open(beside().join("data/online_retail.parquet")).unwrap();
    let reader = parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder::try_new(file)
        .unwrap()
        .build()
        .unwrap();
    let mut writer = None;
    for batch in reader {
        let batch = batch.unwrap();
        let column = |name: &str| batch.column_by_name(name).unwrap().clone();
        let quantities = arrow::compute::cast(&column("quantity"), &DataType::Int64).unwrap();
        let quantities = quantities.as_primitive::<Int64Type>().clone();
        let prices = column("unit_price").as_primitive::<Float64Type>().clone();
        let pairs = quantities.iter().zip(&prices);
        let paid = pairs.map(|(quantity, price)| Some(quantity? as f64 * price?));
        let paid: ArrayRef = Arc::new(Float64Array::from_iter(paid));
        let mut fields: Vec<_> = batch.schema().fields().iter().cloned().collect();
        fields.push(Arc::new(Field::new("paid", DataType::Float64, true)));
        let mut arrays = batch.columns().to_vec();
        arrays.push(paid);
        let batch = RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays).unwrap();
        let writer = writer.get_or_insert_with(|| {
            let file = std::fs::File::create(to).unwrap();
            parquet::arrow::ArrowWriter::try_new(file, batch.schema(), None).unwrap()
        });
        writer.write(&batch).unwrap();
    }
    writer.unwrap().close().unwrap();
}

#[test]
fn unicity_of_purchases_with_prices() {
    let Some(oracle) = oracle("online_retail_purchase") else {
        return;
    };
    let place = tempfile::tempdir().unwrap();
    let path = place.path().join("paid.parquet");
    with_amounts(&path);
    for (points, point) in [
        (
            "(item, day, price_bin10)",
            "time = \"1d\", item = true, amount = 10",
        ),
        ("(day, price_bin10)", "time = \"1d\", amount = 10"),
    ] {
        let all = oracle["runs"][0]["figures"]["unicity"].as_array().unwrap();
        let figure = all.iter().find(|figure| figure["points"] == points);
        let report = audited(
            &["unicity"],
            "purchases.toml",
            &[
                (
                    "../../../shared/data/online_retail.parquet",
                    path.to_str().unwrap(),
                ),
                ("item = [\"item\"]", "item = [\"item\"]\namount = \"paid\""),
                ("time = \"1d\", item = true", point),
            ],
        );
        unicity(&report, figure.unwrap(), points);
    }
}

#[test]
fn smart_meters_are_audited() {
    if oracle("lcl_smart_meter_2013_a_linkage").is_none() {
        return;
    }
    let report = audited(&[], "smart-meters.toml", &[]);
    assert_eq!(report.release.tables[0].persons, Some(50));
    assert_eq!(report.release.tables[0].rows, 839_398);
    let share = |p: u64| {
        let sampled = [("points", p.into()), ("method", "sampled".into())];
        value(&report, "unicity.share_unique", &sampled)
    };
    let shares: Vec<f64> = (1..=5).map(share).collect();
    assert!(
        shares.is_sorted(),
        "who knows more points finds more persons: {shares:?}"
    );
}

/// Persons of the later half of the time sought among those of the earlier.
#[test]
fn linkage_of_two_periods() {
    let all = [
        ("foursquare_nyc_linkage", "check-ins.toml"),
        ("cabspotting_events_linkage", "taxis.toml"),
        ("online_retail_linkage", "purchases.toml"),
        ("lcl_smart_meter_2013_a_linkage", "smart-meters.toml"),
    ];
    for (name, manifest) in all {
        let Some(oracle) = oracle(name) else { continue };
        for figure in oracle["runs"][0]["figures"].as_array().unwrap() {
            let told = figure["features"].as_str().unwrap();
            let features = match told {
                "cells of 0.01 degrees" => "place = \"0.01deg\"",
                "cells of 0.05 degrees" => "place = \"0.05deg\"",
                "venue" | "item" => "item = true",
                "counts over (floor(kwh/0.05) capped at 200, half-hour slot)" => {
                    "time = \"30min of day\", amount = 0.05"
                }
                // A profile of mean readings is no count of rows.
                "48-slot mean daily kWh profile (slot = half hour of day)" => continue,
                other => panic!("{other}"),
            };
            linkage(figure, manifest, features, told);
        }
    }
}

fn linkage(figure: &Value, manifest: &str, features: &str, told: &str) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/manifests");
    let text = std::fs::read_to_string(folder.join(manifest)).unwrap();
    let (_, table) = text.split_once("[[table]]\nname = ").unwrap();
    let table = table.lines().next().unwrap();
    let scenario = format!(
        "[[scenario]]\nkind = \"periods\"\ntable = {table}\nfeatures = {{ {features} }}\nmin_rows = 5\n\
         matchers = [\"tfidf-cosine\", \"jensen-shannon\"]\n\n[[table]]"
    );
    let mut changes = vec![("[[table]]", scenario.as_str())];
    if told == "venue" {
        let item = "item = [\"venue_id\"]\nignore = [\"category_id\"]";
        changes.push(("ignore = [\"venue_id\", \"category_id\"]", item));
    }
    let report = audited(&["trace-linkage"], manifest, &changes);
    let compared = value(&report, "trace-linkage.persons_compared", &[]);
    equal(compared, &figure["subjects"], told);
    // Theirs are sought among those in both periods; where nobody is in one alone, all are.
    let closed = [("gallery", Parameter::from("closed"))];
    let is_closed = |finding: &Finding| {
        finding.measure == "trace-linkage"
            && finding
                .parameters
                .get("gallery")
                .is_some_and(|gallery| gallery.matches(&closed[0].1))
    };
    let gallery = match report.findings.iter().any(is_closed) {
        true => "closed",
        false => "open",
    };
    for (matcher, theirs) in [
        ("tfidf-cosine", &figure["cosine_tfidf"]),
        ("jensen-shannon", &figure["jensen_shannon"]),
    ] {
        let by = [("matcher", matcher.into()), ("gallery", gallery.into())];
        let what = format!("{manifest} {told} {matcher}");
        let top1 = find(&report, "trace-linkage.top1", &by);
        equal(
            top1.value.unwrap().as_f64(),
            &theirs["top1_fractional_ties"],
            &what,
        );
        equal(top1.baseline.unwrap(), &figure["random_guess"], &what);
        let rank = value(&report, "trace-linkage.mean_rank", &by);
        near(Some(rank), &theirs["mean_rank"], &what);
        // Theirs counts whoever ties for the fifth place as found, ours by the chance to be put there.
        let top5 = value(&report, "trace-linkage.top5", &by);
        let optimistic = theirs["top5_fractional_optimistic"].as_f64().unwrap();
        let persons = figure["subjects"].as_f64().unwrap();
        assert!(
            top5 <= optimistic + 1e-12 && top5 > optimistic - 2.0 / persons,
            "{what}: {top5} and {optimistic}"
        );
    }
}
/// Adult in an order drawn anew, with who is who.
fn shuffled_adult() -> RecordBatch {
    let file = std::fs::File::open(beside().join("data/adult.parquet")).unwrap();
    let reader = ParquetRecordBatchReaderBuilder::try_new(file).unwrap();
    let batches: Vec<RecordBatch> = reader.build().unwrap().map(Result::unwrap).collect();
    let all = concat_batches(&batches[0].schema(), &batches).unwrap();
    let mut trial = Draws::new(7, "oracles", "adult").trial(0);
    let mut order: Vec<u32> = (0..all.num_rows() as u32).collect();
    for at in (1..order.len()).rev() {
        order.swap(at, trial.below(at as u64 + 1) as usize);
    }
    let all = take_record_batch(&all, &UInt32Array::from(order)).unwrap();
    let mut columns: Vec<(&str, ArrayRef)> = Vec::new();
    let schema = all.schema();
    for (field, column) in schema.fields().iter().zip(all.columns()) {
        columns.push((field.name(), column.clone()));
    }
    let who = UInt32Array::from_iter_values(0..all.num_rows() as u32);
    columns.push(("who", Arc::new(who)));
    RecordBatch::try_from_iter(columns).unwrap()
}

/// Halves of the columns linked through a release of persons 0 to 9,999, through one of half of them and of as
/// many others, and through one of others alone, against a register of 0 to 19,999. The software draws 1,000
/// targets among the first 10,000 whether they are in the release or not, and 1,000 controls of the others.
#[test]
fn linkability_of_halves_of_adult() {
    let Some(oracle) = oracle("adult_anonymeter") else {
        return;
    };
    let all = shuffled_adult();
    let write = |path: &Path, parts: &[(usize, usize)]| {
        let parts: Vec<RecordBatch> = parts
            .iter()
            .map(|(at, rows)| all.slice(*at, *rows))
            .collect();
        let file = std::fs::File::create(path).unwrap();
        let mut writer = ArrowWriter::try_new(file, all.schema(), None).unwrap();
        parts.iter().for_each(|part| writer.write(part).unwrap());
        writer.close().unwrap();
    };
    for run in oracle["runs"].as_array().unwrap() {
        let figure = &run["figures"]["results"][0];
        assert_eq!(figure["attack"], "linkability");
        let halves = &figure["aux_cols"];
        let known: Vec<String> = [0, 1]
            .iter()
            .flat_map(|half| serde_json::from_value::<Vec<String>>(halves[half].clone()).unwrap())
            .collect();
        // So many of the software's targets are in the release.
        let (parts, present) = match figure["release"].as_str().unwrap() {
            "copy" => (vec![(0, 10_000)], 1.0),
            "half" => (vec![(0, 5_000), (20_000, 5_000)], 0.5),
            // One person of the register, for there must be somebody.
            _ => (vec![(0, 1), (20_000, 10_000)], 0.0),
        };
        let folder = tempfile::tempdir().unwrap();
        write(&folder.path().join("t.parquet"), &parts);
        write(&folder.path().join("register.parquet"), &[(0, 20_000)]);
        let roles = format!(
            "subject = \"who\"\nquasi_identifiers = {known:?}\nignore = [\"salary-class\"]\n"
        );
        let manifest = folder.path().join("release.toml");
        let text = format!(
            "[[table]]\nname = \"t\"\npath = \"t.parquet\"\nkind = \"microdata\"\n{roles}\
             [[auxiliary]]\nname = \"r\"\npath = \"register.parquet\"\nkind = \"population\"\n{roles}\
             [[scenario]]\nkind = \"register\"\ntable = \"t\"\nauxiliary = \"r\"\n\
             [measure.column-linkability]\nhalves = {halves}\ntargets = 20000\n"
        );
        std::fs::write(&manifest, text).unwrap();
        let options = Options {
            paths: vec![manifest],
            policy: "exploratory".to_owned(),
            only: vec!["column-linkability".to_owned()],
            ..Options::default()
        };
        let report = audit(&options, &()).unwrap();
        let rate = |statistic: &str| {
            value(
                &report,
                &format!("column-linkability.{statistic}"),
                &[("ties", "apart".into())],
            )
        };
        let (success, control) = (rate("success"), rate("control"));
        let expected = present * success + (1.0 - present) * control;
        // The software reports Wilson's centre of its 1,000 draws.
        let z2 = 1.959_963_984_540_054f64.powi(2);
        for (ours, theirs) in [(expected, "attack_rate"), (control, "control_rate")] {
            let rate = figure[theirs].as_f64().unwrap();
            let linked = (rate * (1_000.0 + z2) - z2 / 2.0).round();
            let interval = wilson(linked as u64, 1_000);
            assert!(
                (interval.low..=interval.high).contains(&ours),
                "{} {theirs}: {ours} and {interval:?}",
                figure["release"]
            );
        }
    }
}
