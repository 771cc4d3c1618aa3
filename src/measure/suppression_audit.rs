//! Suppression audit: what published totals leave open for the counts that were left out.

mod system;

use super::family::Family;
use super::floors::{Floor, Rule};
use super::{
    ADVERSARIES, Doc, INSIDER, Job, LARGEST, LARGEST_CIRCLE, Measure, OF_COUNTS, Outcome, Planning,
    REPEATED, Run, Setting, Statistic, UNDONE, parameter, real,
};
use crate::encode::Needs;
use crate::encode::flows::{Count, Flows};
use crate::error::Result;
use crate::finding::{Criterion, Finding, Unit};
use crate::language::Said;
use crate::release::{Absent, Table, TableKind};
use crate::said;
use crate::stats::sums::{ANY, Bound, Range};

use self::system::{Node, Solved};

pub struct SuppressionAudit;

const ID: &str = "suppression-audit";

static DOC: Doc = Doc {
    id: ID,
    german: &super::german::suppression_audit::PROSE,
    title: "Suppression audit",
    criterion: Criterion::Inference,
    question: "How close can an adversary come to a count that was left out, by the totals that were published?",
    adversary: "Knows all published counts of the table, of every other table of the release and of earlier releases that \
                counts the same persons, that totals are the sums of their parts, and the threshold below which counts \
                were left out where the manifest states it. An outsider is counted nowhere; an insider is one of those \
                counted in a suppressed cell and subtracts 1 to learn how many others are in it.",
    definition: UNDONE,
    formula: "Each published total T with the parts Pᵢ nearest below it gives least(T) − Σ most(Pᵢ) ≤ Σ xⱼ ≤ most(T) − Σ \
              least(Pᵢ) over its unknown parts xⱼ; a total that is unknown itself is one of them, with −1. Where areas or \
              times share parts, those that no cell is of alone are unknown as well. Two tables with columns in common \
              are summed over all other columns (where a total is published it is taken); for each margin that both have \
              Σ xⱼ of the one − Σ yⱼ of the other lies between least − most and most − least of what they publish. Where \
              one table is `part_of` the other, the difference is at most that. All of this is one system. The bounds of \
              xⱼ are the least and greatest value under all of it: where unknowns hang together as a tree by narrowing \
              one after the other, which is exact; else by linear programming. A suppressed cell is of one person at \
              least where the table suggests so; where no counts satisfy the system then, 0 is tried for the cells that \
              hang together; then the system without other tables; only then it is a contradiction. \
              exactly_recoverable = |{j : greatest = least}|; within_protection(p) = |{j : greatest − least < p}|; for an \
              insider the least is at least 1.",
    denominator: "Unknown cells: suppressed ones (null, or a zero where `zero = \"suppressed\"`), and where absent cells \
                  were suppressed those that a total covers.",
    nulls: OF_COUNTS,
    assumptions: &[
        "Totals are sums of their parts, each person counted once in a total for each part they are counted in.",
        "Where the manifest does not say what `absent` cells are, they are zero if suppressed cells are in the table as \
         nulls, or counts that may be of one person or of nobody are published, else suppressed.",
        "Absent are cells of values that the table has elsewhere: of an hour that nobody was counted in anywhere nothing \
         is known.",
        "Where absent cells are zero, or zeros are published, a suppressed cell holds one person at least, unless that \
         contradicts the totals.",
        "Tables that have columns in common count the same persons where at most one in a hundred of their common margins \
         cannot be the same, unless the manifest says otherwise with `part_of` or `apart_from`; where nearly all margins \
         are the same it is not believed. Tables of one release with no such column, or no value of one in common, have one margin, the total: they \
         count the same persons where one tells it whole and what the other publishes lacks at most 10 % of it, unless \
         the manifest says otherwise with `apart_from`.",
    ],
    limits: &[
        "Linear programming bounds whole numbers by real ones: in circles the true range may be narrower by part of one \
         person.",
        "The search is exhaustive: every unknown cell that a total or a margin covers is bounded, so that a cell that can \
         be worked out in these ways is found with certainty (power 1). What hangs together in larger circles than \
         `largest`, and what contradicts itself, counts as not measured: no requirement passes.",
        "An insider is looked at for the cell that they are in; what follows for other cells from knowing one's own is \
         not.",
        "Tables are joined by equal values of columns of the same role or name, and by times that lie within wider ones; \
         margins over areas of different levels are joined only where one table is a sum of the other.",
    ],
    citations: &[
        "M. Fischetti, J.-J. Salazar-González: Models and algorithms for the 2-dimensional cell suppression problem in \
         statistical disclosure control. Mathematical Programming 84, 1999.",
        "A. Hundepool et al.: Statistical Disclosure Control. Wiley, 2012, sections 4.3 (intruder's audit) and 4.4 (linked \
         tables).",
    ],
    validation: "The bounds equal those of all assignments of whole numbers tried one by one, on generated tables with \
                 totals over rows and columns, on pairs of tables with common margins and on parts and wholes; planted \
                 cells that a total or another table gives away are found, and none where two are left out of every row \
                 and column, or where the other table counts other persons; the same for areas that share parts.",
    table: None,
    settings: &[
        Setting {
            key: "threshold",
            default: "none",
            meaning: "counts of fewer persons were suppressed: what an adversary knows of what is missing",
        },
        Setting {
            key: "protection",
            default: "[2, 5, 11]",
            meaning: "widths in persons that the range of an unknown count should have at least; those a policy names \
                      are added",
        },
        LARGEST_CIRCLE,
    ],
    statistics: &[
        Statistic {
            name: "suppressed",
            title: "Counts that are not known",
            of: "unknown cells",
            meaning: |f| {
                let totals = match f.parameters.get("totals") {
                    Some(tables) => format!(", and totals are in {tables} as well"),
                    None => String::new(),
                };
                format!(
                    "{} counts were left out; absent cells count as {}{totals}.",
                    real(f),
                    parameter(f, "absent")
                )
            },
        },
        Statistic {
            name: "exactly_recoverable",
            title: "Suppressed counts that totals give away",
            of: "unknown cells",
            meaning: |f| match (f.value, real(f)) {
                (None, _) => UNKNOWN.to_owned(),
                (_, 0.0) => format!("{} works out no suppressed count exactly.", who(f)),
                (_, count) => format!("{} works out {count} suppressed counts exactly.", who(f)),
            },
        },
        Statistic {
            name: "within_protection",
            title: "Suppressed counts known too closely",
            of: "unknown cells",
            meaning: |f| match f.value {
                None => UNKNOWN.to_owned(),
                Some(_) => format!(
                    "{} narrows {} of the suppressed counts down to a range of fewer than {} persons.",
                    who(f),
                    real(f),
                    parameter(f, "protection")
                ),
            },
        },
        Statistic {
            name: "contradictions",
            title: "Suppressed counts that no values satisfy",
            of: "unknown cells",
            meaning: |f| match real(f) {
                0.0 => "The totals agree with their parts.".to_owned(),
                count => format!(
                    "For {count} suppressed counts no values satisfy all totals: the counts were made otherwise than the \
                     manifest says."
                ),
            },
        },
        Statistic {
            name: "possibly_zero",
            title: "Suppressed counts that may be of nobody",
            of: "unknown cells",
            meaning: |f| match real(f) {
                0.0 => "No total suggests that a suppressed count is of nobody.".to_owned(),
                count => format!(
                    "{count} suppressed counts cannot all be of somebody: zeros were suppressed as well."
                ),
            },
        },
        Statistic {
            name: "disagreeing",
            title: "Suppressed counts of which tables disagree",
            of: "unknown cells",
            meaning: |f| match real(f) {
                0.0 => "The tables that count the same persons agree with each other.".to_owned(),
                count => format!(
                    "For {count} suppressed counts no values satisfy the table and the others: these count other persons \
                     there, and are left aside."
                ),
            },
        },
    ],
};

const UNKNOWN: &str = "How closely suppressed counts are known is not known of all of them.";

/// Who works it out.
fn who(finding: &Finding) -> &'static str {
    match parameter(finding, "adversary") == INSIDER {
        true => "One of those counted in the cell",
        false => "Somebody with the published counts alone",
    }
}

impl Measure for SuppressionAudit {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn floors(&self) -> &'static [Floor] {
        &[Floor {
            key: "largest",
            rule: Rule::Least(LARGEST as f64),
        }]
    }

    fn plan(&self, planning: &Planning<'_>) -> Result<Vec<Job>> {
        planning.check_relations()?;
        let settings = Settings {
            threshold: planning.count("threshold")?,
            protections: planning.whole_numbers("protection", &[2.0, 5.0, 11.0])?,
            largest: planning.count("largest")?.unwrap_or(LARGEST) as usize,
        };
        let job = |(table, described): (usize, &Table)| {
            let settings = settings.clone();
            let columns = described.roles.count_column();
            let family = planning.family(table);
            Job {
                measure: ID,
                table,
                needs: Needs::of_counts(described.has_sums() || !family.held.is_empty()),
                run: Run::Held(
                    family.held.clone(),
                    Box::new(move |table, others, _| {
                        let all = std::iter::once(&table).chain(others);
                        let all = all.map(|table| table.flows().expect("they were asked for"));
                        settings.measure(&all.collect::<Vec<_>>(), &family, &columns)
                    }),
                ),
            }
        };
        Ok(planning.tables(TableKind::Flows).map(job).collect())
    }
}

#[derive(Clone)]
struct Settings {
    threshold: Option<u64>,
    protections: Vec<u64>,
    largest: usize,
}

impl Settings {
    /// What is known of a table before its sums are looked at.
    fn node<'a>(&self, flows: &'a Flows, absent: Option<Absent>) -> Node<'a> {
        let published = |of: &dyn Fn(&Count) -> bool| {
            flows.counts.iter().any(|count| count.rows > 0 && of(count))
        };
        let zeros = published(&Count::is_zero);
        // Who publishes counts of one person leaves out none for being small.
        let is_lone = |count: &Count| count.least <= 1 && !count.is_suppressed();
        let are_zero = published(&is_lone) || published(&Count::is_suppressed);
        let absent = absent.unwrap_or(match are_zero {
            true => Absent::Zero,
            false => Absent::Suppressed,
        });
        Node {
            flows,
            absent,
            range: Range {
                least: i64::from(zeros || absent == Absent::Zero),
                most: self.threshold.map_or(ANY, |threshold| threshold as i64 - 1),
            },
        }
    }

    fn measure(&self, tables: &[&Flows], family: &Family, columns: &[String]) -> Outcome {
        let flows = tables[0];
        if flows.repeated > 0 {
            return Outcome::unmeasured(ID, REPEATED);
        }
        let nodes = tables.iter().zip(&family.absent);
        let nodes: Vec<Node<'_>> = nodes
            .map(|(flows, absent)| self.node(flows, *absent))
            .collect();
        let absent = nodes[0].absent;
        let suppressed = flows.counts.iter().filter(|count| count.is_suppressed());
        let suppressed: u64 = suppressed.map(|count| count.rows).sum();
        let (solved, cells, with, doubted) = match (suppressed, absent) {
            // Nothing is left open, unless another table tells of cells that are absent.
            (0, Absent::Zero) if family.links.is_empty() => {
                (Solved::default(), Vec::new(), Vec::new(), Vec::new())
            }
            _ => {
                let Some(assembled) = system::system(&nodes, &family.links) else {
                    return Outcome::unmeasured(
                        ID,
                        said!(
                            "too many absent cells would have to be taken for suppressed: say `absent = \"zero\"` where they are",
                            "zu viele fehlende Zellen müssten als unterdrückt gelten: wo sie null bedeuten, ist `absent = \"zero\"` anzugeben"
                        ),
                    );
                };
                let (cells, with) = (assembled.cells.clone(), assembled.with.clone());
                let doubted = assembled.doubted.clone();
                (assembled.solve(self.largest), cells, with, doubted)
            }
        };
        // Suppressed cells that no total covers are not in the system; nothing is known of them.
        let all = suppressed.max(cells.len() as u64);
        let with = with.iter().map(|table| &family.names[*table]);
        let with = Said::joined(with, ", ");
        let finding = |statistic| {
            let finding = Finding::new(ID, statistic, DOC.criterion, Unit::Cells).columns(columns);
            let finding = finding.parameter("absent", absent.as_str());
            match with.english().is_empty() {
                true => finding,
                false => finding.parameter("totals", with.clone()),
            }
        };
        let mut outcome = Outcome::default();
        outcome
            .findings
            .push(finding("suppressed").count(all, Some(all)));
        let is = |wanted: Bound| {
            let bounds = solved.bounds.iter();
            bounds.filter(|bound| **bound == wanted).count() as u64
        };
        let (unsolved, against) = (is(Bound::Unsolved), is(Bound::Contradiction));
        let mut reasons = Vec::new();
        if unsolved > 0 {
            reasons.push(said!(
                "{} suppressed cells hang together by totals in circles of more than `largest` = {}",
                "{} unterdrückte Zellen hängen über Summen in Gruppen von mehr als `largest` = {} zusammen",
                unsolved,
                self.largest
            ));
        }
        if against > 0 {
            reasons.push(said!(
                "for {} suppressed cells no counts satisfy all totals, not even with nobody in them: correct the table, or what the manifest says of `totals`, `hierarchies`, `made_of`, `rounding` and `extrapolation`",
                "für {} unterdrückte Zellen gibt es keine Zählwerte, die zu allen Summen passen, auch nicht mit niemandem in ihnen: zu berichtigen ist die Tabelle oder was das Manifest zu `totals`, `hierarchies`, `made_of`, `rounding` und `extrapolation` sagt",
                against
            ));
        }
        for table in doubted {
            reasons.push(said!(
                "some common margins of it and {} differ, most do not: where the two count different persons, say so with `apart_from` and the reason, else correct them",
                "manche gemeinsamen Randsummen mit {} weichen ab, die meisten nicht: zählen beide verschiedene Personen, so ist das mit `apart_from` und dem Grund anzugeben, sonst sind sie zu berichtigen",
                family.names[table]
            ));
        }
        for reason in &reasons {
            for statistic in ["exactly_recoverable", "within_protection"] {
                let entry = Outcome::not_measured(ID, Some(statistic), reason);
                outcome.not_measured.push(entry);
            }
        }
        let is_whole = reasons.is_empty();
        for adversary in ADVERSARIES {
            let narrower = |width: u64| {
                let cells = solved.bounds.iter().zip(&cells);
                let narrow = cells.filter(|(bound, (_, as_zero))| match bound {
                    Bound::Within(range) => others(*range, *as_zero, adversary)
                        .is_some_and(|range| (range.width() as u64) < width),
                    _ => false,
                });
                narrow.count() as u64
            };
            // Without a value a requirement fails: what is not known of some is not known of all.
            let told = |finding: Finding, width: u64| match is_whole {
                true => finding.count(narrower(width), Some(all)),
                false => finding,
            };
            let exactly = finding("exactly_recoverable").parameter("adversary", adversary);
            outcome.findings.push(told(exactly, 1));
            for protection in self.protections.iter().copied() {
                let close = finding("within_protection")
                    .parameter("adversary", adversary)
                    .parameter("protection", protection);
                outcome.findings.push(told(close, protection));
            }
        }
        for (statistic, count) in [
            ("contradictions", against),
            ("possibly_zero", solved.from_zero),
            ("disagreeing", solved.unlinked),
        ] {
            outcome
                .findings
                .push(finding(statistic).count(count, Some(all)));
        }
        outcome
    }
}

/// What an adversary is left with for a cell that may hold so many: an insider is counted in it and takes away the own 1.
/// `None` where there is nothing to learn: a cell published as a zero that is one, or for an insider a cell of nobody.
fn others(range: Range, as_zero: bool, adversary: &str) -> Option<Range> {
    if as_zero && range.most == 0 {
        return None;
    }
    match adversary == INSIDER {
        false => Some(range),
        true => (range.most >= 1).then(|| Range {
            least: range.least.max(1) - 1,
            most: range.most - 1,
        }),
    }
}
