//! The scenarios of linkage: what an adversary holds against what, to find the same person again.

use std::ops::Range;

use super::point::duration;
use super::{AmountBin, AuxiliaryKind, PointDefinition, Release, Table, TableKind};
use crate::error::Result;
use crate::settings::{At, Section};

/// Two sets of traces (or of records), and how they are compared.
#[derive(Debug, Clone)]
pub struct Scenario {
    /// Findings name it so.
    pub name: String,
    pub kind: ScenarioKind,
    /// The position of the table whose persons are sought.
    pub table: usize,
    /// What a profile counts.
    pub features: PointDefinition,
    /// Rows that a person must have on a side to take part.
    pub min_rows: u64,
    /// As the manifest names them; none where it leaves the choice.
    pub matchers: Vec<At<String>>,
    pub tolerance: Tolerance,
    /// Whether the manifest names features that tell less than the default, or something else. A time beside them
    /// tells more.
    pub coarser: bool,
    /// Whether everybody is given to one person alone.
    pub one_to_one: bool,
    /// Where it stands in the manifest.
    pub span: Range<usize>,
}

#[derive(Debug, Clone, PartialEq)]
pub enum ScenarioKind {
    /// A table's persons in one period against themselves in another.
    Periods(Split),
    /// Windows of so many seconds, each against the next, as if pseudonyms changed between them.
    Rotation(Vec<u32>),
    /// Against the identified traces at this position among the auxiliaries.
    Auxiliary(usize),
    /// Against the table at this position.
    Products(usize),
    /// Records against the register at this position among the auxiliaries.
    Register(usize),
}

/// Where one period ends and the other begins.
#[derive(Debug, Clone, PartialEq)]
pub enum Split {
    /// The middle of the time that the table covers: moments at or after it are of the second period.
    Midpoint,
    /// Each person's own upper median moment.
    PerPersonMedian,
    /// A moment, in seconds of the Unix epoch (in days or numbers where the table's times are such).
    Instant(i64),
    /// From, and to before.
    Windows([Range<i64>; 2]),
}

/// By how much places and times may differ and still count as the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tolerance {
    /// Bins of time, earlier or later.
    pub bins: i64,
    /// Rings of neighbouring cells.
    pub rings: u8,
}

const KINDS: [&str; 5] = ["periods", "rotation", "auxiliary", "products", "register"];

impl Scenario {
    /// Reads a `[[scenario]]`.
    ///
    /// # Errors
    /// It names no kind, a table or an auxiliary that is not there or of a kind that cannot be compared,
    /// or features that the table does not have.
    pub fn read(section: &Section<'_>, release: &Release) -> Result<Self> {
        let kind = section
            .string("kind")?
            .ok_or_else(|| section.missing("kind", &format!("one of {}", KINDS.join(", "))))?;
        let wanted = match kind.value.as_str() {
            "register" => TableKind::Microdata,
            _ => TableKind::Trace,
        };
        let position = table(section, release, "table", wanted)?;
        let described = &release.tables[position];
        let name = section.string("name")?;
        let of_kind = of_kind(section, release, described, &kind)?;
        let default = default_features(described, &of_kind, release);
        let timeless = |point: &PointDefinition| PointDefinition {
            time: None,
            ..point.clone()
        };
        let expected = timeless(&default);
        let features = PointDefinition::read(section.section("features")?, default)?;
        let scenario = Self {
            name: name.map_or(kind.value, |name| name.value),
            kind: of_kind,
            table: position,
            coarser: timeless(&features) != expected,
            features,
            min_rows: section.integer("min_rows", 1)?.map_or(1, |at| at.value),
            matchers: section.strings("matchers")?,
            tolerance: tolerance(section)?,
            one_to_one: section.boolean("one_to_one")?.is_some_and(|at| at.value),
            span: section.span(),
        };
        if wanted == TableKind::Trace {
            scenario.check_features(section, release)?;
        }
        Ok(scenario)
    }

    /// The tables whose rows are counted by the features must have what these are made of.
    fn check_features(&self, section: &Section<'_>, release: &Release) -> Result<()> {
        let features = &self.features;
        if *features == PointDefinition::default() {
            return Err(section.missing(
                "features",
                "the table's points are times alone; say what a profile counts",
            ));
        }
        if matches!(features.amount, Some(AmountBin::Quantiles(_))) {
            let message = "features have no quantiles: they would differ from side to side";
            return Err(section.error(section.span(), message));
        }
        let mut sides = vec![(
            &release.tables[self.table].name,
            &release.tables[self.table].roles,
        )];
        match self.kind {
            ScenarioKind::Auxiliary(at) => {
                let auxiliary = &release.auxiliaries[at];
                sides.push((&auxiliary.name, &auxiliary.roles));
            }
            ScenarioKind::Products(at) => {
                sides.push((&release.tables[at].name, &release.tables[at].roles));
            }
            _ => {}
        }
        for (name, roles) in sides {
            let missing = [
                ("time", features.time.is_some() && roles.time.is_none()),
                ("place", features.place.is_some() && roles.place.is_none()),
                ("item", features.item && roles.item.is_empty()),
                (
                    "amount",
                    features.amount.is_some() && roles.amount.is_none(),
                ),
            ];
            if let Some((key, _)) = missing.iter().find(|(_, missing)| *missing) {
                let message = format!("the features need `{key}`, which `{name}` does not have");
                return Err(section.error(section.span(), message).help(
                    "name features that both sides have: features = { place = \"column\" }",
                ));
            }
            if matches!(
                self.kind,
                ScenarioKind::Periods(_) | ScenarioKind::Rotation(_)
            ) && roles.time.is_none()
            {
                let message = format!("`{name}` has no time to part it by");
                return Err(section.error(section.span(), message));
            }
        }
        Ok(())
    }
}

fn of_kind(
    section: &Section<'_>,
    release: &Release,
    described: &Table,
    kind: &At<String>,
) -> Result<ScenarioKind> {
    Ok(match kind.value.as_str() {
        "periods" => ScenarioKind::Periods(split(section, described)?),
        "rotation" => {
            let given = section.strings("every")?;
            let widths = given.iter().map(|text| {
                duration(text).ok_or_else(|| {
                    let message = format!("`{}` is no length of time such as 1d", text.value);
                    section.error(text.span.clone(), message)
                })
            });
            let mut widths = widths.collect::<Result<Vec<u32>>>()?;
            if widths.is_empty() {
                widths = [1, 7, 30].map(|days| days * 86_400).into();
            }
            widths.sort_unstable();
            widths.dedup();
            ScenarioKind::Rotation(widths)
        }
        "auxiliary" => ScenarioKind::Auxiliary(auxiliary(section, release, AuxiliaryKind::Traces)?),
        "register" => {
            ScenarioKind::Register(auxiliary(section, release, AuxiliaryKind::Population)?)
        }
        "products" => {
            let other = table(section, release, "other", TableKind::Trace)?;
            if release.tables[other].name == described.name {
                let message = "a table is not compared with itself: use kind = \"periods\"";
                return Err(section.error(section.span(), message));
            }
            ScenarioKind::Products(other)
        }
        _ => {
            let message = format!("`{}` is no kind of scenario", kind.value);
            let error = section.error(kind.span.clone(), message);
            return Err(error.help(format!("use one of {}", KINDS.join(", "))));
        }
    })
}

/// Without time where periods are compared, which have no time in common; otherwise when and where, and
/// what, as far as both sides have it.
fn default_features(table: &Table, kind: &ScenarioKind, release: &Release) -> PointDefinition {
    let point = table.point.clone();
    let other = match kind {
        ScenarioKind::Auxiliary(at) => &release.auxiliaries[*at].roles,
        ScenarioKind::Products(at) => &release.tables[*at].roles,
        _ => {
            return PointDefinition {
                time: None,
                ..point
            };
        }
    };
    PointDefinition {
        time: point.time.filter(|_| other.time.is_some()),
        place: point.place.filter(|_| other.place.is_some()),
        item: point.item && !other.item.is_empty(),
        amount: point.amount.filter(|_| other.amount.is_some()),
    }
}

fn table(section: &Section<'_>, release: &Release, key: &str, kind: TableKind) -> Result<usize> {
    let what = format!("the name of a table of kind {}", kind.as_str());
    let name = section
        .string(key)?
        .ok_or_else(|| section.missing(key, &what))?;
    let mut tables = release.tables.iter();
    let position = tables.position(|table| table.name == name.value && table.kind == kind);
    position.ok_or_else(|| {
        let known = release.tables.iter().filter(|table| table.kind == kind);
        let known: Vec<_> = known.map(|table| table.name.as_str()).collect();
        let message = format!("there is no {} table `{}`", kind.as_str(), name.value);
        section
            .error(name.span.clone(), message)
            .help(format!("there are: {}", known.join(", ")))
    })
}

fn auxiliary(section: &Section<'_>, release: &Release, kind: AuxiliaryKind) -> Result<usize> {
    let what = format!("the name of an auxiliary of kind {}", kind.as_str());
    let name = section
        .string("auxiliary")?
        .ok_or_else(|| section.missing("auxiliary", &what))?;
    let auxiliaries = &release.auxiliaries;
    let position = auxiliaries
        .iter()
        .position(|auxiliary| auxiliary.name == name.value);
    let wrong = match position.map(|at| auxiliaries[at].kind) {
        Some(found) if found == kind => {
            let at = position.expect("it was just looked at");
            if kind == AuxiliaryKind::Traces && auxiliaries[at].roles.subject.is_none() {
                let message = format!("`{}` has no subject to link with", name.value);
                return Err(section.error(name.span.clone(), message).help(
                    "give it `subject`: the pseudonym of each person in the release, as an answer key",
                ));
            }
            return Ok(at);
        }
        Some(found) => format!(
            "`{}` is of kind {}, not {}",
            name.value,
            found.as_str(),
            kind.as_str()
        ),
        None => format!("there is no auxiliary `{}`", name.value),
    };
    Err(section.error(name.span.clone(), wrong).help(format!(
        "declare an [[auxiliary]] of kind {}",
        kind.as_str()
    )))
}

fn tolerance(section: &Section<'_>) -> Result<Tolerance> {
    let Some(given) = section.section("tolerance")? else {
        return Ok(Tolerance::default());
    };
    let steps = |key: &str, most: u64| -> Result<u64> {
        match given.integer(key, 0)? {
            Some(steps) if steps.value > most => {
                let message = format!("`{key}` takes whole numbers up to {most}");
                Err(given.error(steps.span, message))
            }
            steps => Ok(steps.map_or(0, |at| at.value)),
        }
    };
    let tolerance = Tolerance {
        bins: steps("time", 1_000)? as i64,
        rings: steps("place", 20)? as u8,
    };
    given.finish()?;
    Ok(tolerance)
}

fn split(section: &Section<'_>, table: &Table) -> Result<Split> {
    let windows = section.strings("windows")?;
    let split = section.string("split")?;
    if !windows.is_empty() {
        let moments = windows.iter().map(|text| moment(section, table, text));
        let moments = moments.collect::<Result<Vec<i64>>>()?;
        return match moments[..] {
            [a, b, c, d] if a < b && b <= c && c < d && split.is_none() => {
                Ok(Split::Windows([a..b, c..d]))
            }
            _ => Err(section
                .error(windows[0].span.clone(), "`windows` are two periods")
                .help(
                    "name four moments, ascending: from, to before, from, to before; without `split`",
                )),
        };
    }
    match split {
        None => Ok(Split::Midpoint),
        Some(text) => match text.value.as_str() {
            "midpoint" => Ok(Split::Midpoint),
            "per-person-median" => Ok(Split::PerPersonMedian),
            _ => moment(section, table, &text).map(Split::Instant),
        },
    }
}

/// A moment by the table's clocks: a date, a date and time, one with an offset from UTC, or a whole number
/// for times that are such.
fn moment(section: &Section<'_>, table: &Table, text: &At<String>) -> Result<i64> {
    let zone = table.timezone.clone().unwrap_or(jiff::tz::TimeZone::UTC);
    let timestamp = text.parse::<jiff::Timestamp>().ok().or_else(|| {
        let local = text.parse::<jiff::civil::DateTime>().ok()?;
        zone.to_timestamp(local).ok()
    });
    match (timestamp, text.parse::<i64>()) {
        (_, Ok(number)) => Ok(number),
        (Some(timestamp), _) => Ok(timestamp.as_second()),
        (None, Err(_)) => Err(section
            .error(text.span.clone(), format!("`{}` is no moment", text.value))
            .help(
                "use \"midpoint\", \"per-person-median\", or a date such as \"2026-03-15\" or \
                 \"2026-03-15T12:00\"",
            )),
    }
}
