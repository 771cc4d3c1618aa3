//! Reports to render in tests: one realistic, one with names meant to break things.

use crate::finding::*;
use crate::language::Said;
use crate::report::*;
use crate::said;

/// A failing report of two tables.
pub fn report() -> Report {
    let columns = ["age", "gender", "postcode"].map(str::to_owned);
    let single = |measure, statistic, unit| {
        let mut finding =
            Finding::new(measure, statistic, Criterion::SinglingOut, unit).columns(&columns);
        finding.table = "subscribers".to_owned();
        finding
    };
    let asked = |mut finding: Finding, min, max, outcome| {
        finding.requirement = Some(Requirement { min, max, outcome });
        finding
    };
    let mut findings = vec![
        asked(
            single("k-anonymity", "k", Unit::Persons).count(1, None),
            Some(11.0),
            None,
            Outcome::Fail,
        ),
        single("k-anonymity", "classes", Unit::Classes).count(1_712, None),
        single("k-anonymity", "share_below", Unit::Share)
            .parameter("k", 11)
            .share(1_950, 1_967),
        asked(
            single("uniqueness", "share_unique", Unit::Share).share(1_502, 1_967),
            None,
            Some(0.0),
            Outcome::Fail,
        ),
        single(
            "re-identification-risk",
            "prosecutor_mean",
            Unit::Probability,
        )
        .value(0.87),
    ];
    for points in 1..=5u64 {
        let unique = 2_000 * points.min(4) + points;
        let mut finding = Finding::new(
            "unicity",
            "share_unique",
            Criterion::SinglingOut,
            Unit::Share,
        )
        .parameter("points", points)
        .parameter("method", "sampled")
        .parameter("time", "1h")
        .share(unique, 10_000);
        finding.table = "movements".to_owned();
        finding.interval = Some(crate::stats::wilson(unique, 10_000));
        finding.sample = Some(Sample {
            seed: 20_161,
            persons: 1_967,
            trials: 10_000,
        });
        findings.push(match points {
            4 => asked(finding, None, Some(0.05), Outcome::Fail),
            _ => finding,
        });
    }
    let mut direct = Finding::new(
        "direct-identifiers",
        "columns",
        Criterion::Hygiene,
        Unit::Columns,
    )
    .parameter("kind", "any")
    .count(0, None);
    direct.table = "movements".to_owned();
    findings.push(asked(direct, None, Some(0.0), Outcome::Pass));
    let mut member = Finding::new(
        "membership-inference",
        "advantage_at_table",
        Criterion::Inference,
        Unit::Share,
    )
    .parameter("attack", "knock-knock")
    .parameter("group_size", 1_967)
    .value(0.31);
    member.table = "footfall".to_owned();
    member.baseline = Some(0.0);
    findings.push(asked(member, None, Some(0.1), Outcome::Fail));
    let series = |measure: &str, name: &str, table: &str, x: Vec<f64>, y: Vec<f64>| Series {
        measure: measure.to_owned(),
        name: name.to_owned(),
        table: table.to_owned(),
        columns: Vec::new(),
        parameters: Parameters::new(),
        y_low: y.iter().map(|y| y * 0.95).collect(),
        y_high: y.iter().map(|y| (y * 1.05).min(1.0)).collect(),
        x,
        y,
        x_unit: "x".to_owned(),
        y_unit: "y".to_owned(),
    };
    Report {
        schema: SCHEMA.to_owned(),
        tool: Tool {
            name: "reidrisk".to_owned(),
            version: "0.1.0".to_owned(),
        },
        release: Release {
            name: "Mobility insights, week 12".to_owned(),
            manifest: Some("release.toml".to_owned()),
            manifest_sha256: "0".repeat(64),
            population: Some(5_600),
            tables: vec![
                table("subscribers", "microdata"),
                table("movements", "trace"),
            ],
            auxiliaries: Vec::new(),
        },
        settings: Settings {
            seed: 20_161,
            only: Vec::new(),
            skip: Vec::new(),
        },
        policy: Policy {
            name: "strict".to_owned(),
            sha256: "a".repeat(64),
            text: None,
            as_of: None,
            baseline_sha256: None,
            baseline: None,
            exemptions: Vec::new(),
            requirements: vec![
                policy_line("k-anonymity.k", (Some(11.0), None), 41, &findings),
                policy_line("uniqueness.share_unique", (None, Some(0.0)), 45, &findings),
                policy_line(
                    "direct-identifiers.columns",
                    (None, Some(0.0)),
                    8,
                    &findings,
                ),
            ],
            waivers: vec![Waiver {
                statistic: "unicity.share_unique".to_owned(),
                parameters: Parameters::new(),
                columns: Vec::new(),
                table: Some("movements".to_owned()),
                min: None,
                max: None,
                unmeasured: false,
                until: "2026-12-31".to_owned(),
                reason: "internal recipients only".to_owned(),
                approved_by: "DPO".to_owned(),
                state: "unused".to_owned(),
                origin: None,
            }],
        },
        findings,
        series: vec![
            series(
                "k-anonymity",
                "class_sizes",
                "subscribers",
                vec![1.0, 2.0, 7.0, 60.0, 5_000.0],
                vec![1_502.0, 160.0, 40.0, 9.0, 1.0],
            ),
            series(
                "unicity",
                "unicity_curve",
                "movements",
                vec![1.0, 2.0, 3.0, 4.0, 5.0],
                vec![0.2, 0.4, 0.6, 0.8, 0.8],
            ),
            Series {
                parameters: [("attack".to_owned(), "knock-knock".into())].into(),
                ..series(
                    "membership-inference",
                    "advantage_by_size",
                    "footfall",
                    vec![10.0, 100.0, 1_967.0],
                    vec![0.9, 0.6, 0.31],
                )
            },
        ],
        not_measured: vec![NotMeasured {
            measure: "unicity".to_owned(),
            statistic: Some("share_unique".to_owned()),
            table: "movements".to_owned(),
            reason: said!(
                "no person has {} points",
                "keine Person hat {} Punkte",
                9_u64
            ),
            ..NotMeasured::default()
        }],
        notes: vec![Note {
            table: Some("movements".to_owned()),
            text: said!(
                "12 of 485,198 rows have no subject.",
                "12 von 485.198 Zeilen haben kein Subjekt."
            ),
        }],
        verdict: Verdict::Fail,
        run: Run {
            started: "2026-11-24T05:00:00Z".to_owned(),
            seconds: 1.25,
            threads: 2,
            peak_rss_bytes: Some(123 << 20),
            paths: vec!["data/release.toml".to_owned()],
        },
    }
}

/// The same report with names that are markup, controls, emoji and far too long.
pub fn hostile() -> Report {
    let mut report = report();
    let name = format!(
        "<script>alert(1)</script>|a\n\u{1b}[31m`🙂` {}",
        "long".repeat(50)
    );
    report.release.name.clone_from(&name);
    for finding in &mut report.findings {
        finding.table.clone_from(&name);
        finding.columns = vec![name.clone()];
    }
    for table in &mut report.release.tables {
        table.name.clone_from(&name);
        table.roles[0].columns = vec![name.clone()];
    }
    report.notes[0].text = Said::name(name.clone());
    report.not_measured[0].table = name;
    report
}

fn table(name: &str, kind: &str) -> Table {
    Table {
        name: name.to_owned(),
        kind: kind.to_owned(),
        rows: 485_198,
        persons: Some(1_967),
        points: None,
        rows_without_subject: 0,
        roles: vec![Role {
            role: "subject".to_owned(),
            columns: vec!["pseudonym".to_owned()],
        }],
        files: vec![File {
            path: format!("{name}.parquet"),
            released_as: None,
            bytes: 1_234_567,
            sha256: "b".repeat(64),
            placed_sha256: None,
        }],
        nulls: None,
        hierarchies: Vec::new(),
        line: Some(6),
        manifest_sha256: None,
    }
}

fn policy_line(
    id: &str,
    (min, max): (Option<f64>, Option<f64>),
    line: u64,
    findings: &[Finding],
) -> PolicyLine {
    let concerned = findings.iter().enumerate();
    let concerned = concerned.filter(|(_, finding)| finding.id() == id);
    let judged: Vec<Judged> = concerned
        .filter_map(|(finding, known)| {
            let outcome = known.requirement?.outcome;
            Some(Judged { finding, outcome })
        })
        .collect();
    let failed = judged.iter().filter(|one| one.outcome == Outcome::Fail);
    let failed = failed.count() as u64;
    PolicyLine {
        statistic: id.to_owned(),
        parameters: Parameters::new(),
        columns: Vec::new(),
        tables: Vec::new(),
        min,
        max,
        origin: Some(Origin {
            policy: "strict".to_owned(),
            line,
            built_in: true,
        }),
        outcome: if failed > 0 {
            Outcome::Fail
        } else {
            Outcome::Pass
        },
        applied: judged.len() as u64,
        failed,
        reason: None,
        judged,
        owed: Vec::new(),
        missing: Vec::new(),
    }
}
