//! The policy: what a release must meet to be published, read from TOML or built in.

use std::path::Path;

use sha2::{Digest, Sha256};

use crate::error::{Error, Result, Source};
use crate::finding::{Parameter, Parameters};
use crate::measure::floors::{Bound, Floors, OF_SCENARIOS};
use crate::measure::{self, Demand};
use crate::release::regular;
use crate::report::{Origin, is_about, named};
use crate::settings::{At, Document, Section, nearest};

/// The built-in policies, by name.
pub const PRESETS: [(&str, &str); 3] = [
    ("strict", include_str!("presets/strict.toml")),
    ("ema-0070", include_str!("presets/ema-0070.toml")),
    ("exploratory", include_str!("presets/exploratory.toml")),
];

#[derive(Debug, Clone)]
pub struct Policy {
    /// A preset's name or the file's path.
    pub name: String,
    /// Of the text, and of the presets it extends.
    pub sha256: String,
    /// The text of the file; none of a preset.
    pub text: Option<String>,
    pub requirements: Vec<Require>,
    pub waivers: Vec<Waive>,
    /// What it says of the floors of settings.
    pub floors: Floors,
    pub exemptions: Vec<Exempt>,
}

/// One `[[exempt]]`: a table of which nothing is asked, and why.
#[derive(Debug, Clone)]
pub struct Exempt {
    pub table: String,
    pub reason: String,
    pub origin: Origin,
}

/// One `[[require]]`.
#[derive(Debug, Clone)]
pub struct Require {
    pub statistic: String,
    pub parameters: Parameters,
    /// The columns that findings must be about, in any order; empty: any.
    pub columns: Vec<String>,
    /// Empty: every table that has the statistic.
    pub tables: Vec<String>,
    pub min: Option<f64>,
    pub max: Option<f64>,
    pub origin: Origin,
}

impl Require {
    /// It comes from a preset: where no table is of the kind it speaks of, it asks nothing.
    pub fn inherited(&self) -> bool {
        self.origin.built_in
    }

    /// Whether some table is asked by both.
    fn meets(&self, other: &Self) -> bool {
        let (mine, theirs) = (&self.tables, &other.tables);
        mine.is_empty() || theirs.is_empty() || mine.iter().any(|table| theirs.contains(table))
    }

    /// Whether no value satisfies both, of a finding that both are about.
    fn contradicts(&self, other: &Self) -> bool {
        let least = self.min.into_iter().chain(other.min).reduce(f64::max);
        let most = self.max.into_iter().chain(other.max).reduce(f64::min);
        let about_one = named(&self.parameters, &other.parameters)
            || named(&other.parameters, &self.parameters);
        let about_one = about_one && meet(&self.columns, &other.columns);
        self.statistic == other.statistic
            && about_one
            && self.meets(other)
            && least.zip(most).is_some_and(|(least, most)| least > most)
    }
}

/// One `[[waive]]`.
#[derive(Debug, Clone)]
pub struct Waive {
    pub statistic: String,
    pub parameters: Parameters,
    pub columns: Vec<String>,
    pub table: Option<String>,
    /// The risk that was accepted: beyond it the waiver does not hold.
    pub min: Option<f64>,
    pub max: Option<f64>,
    /// Whether it accepts that something could not be measured.
    pub unmeasured: bool,
    /// The last day it holds.
    pub until: jiff::civil::Date,
    pub reason: String,
    pub approved_by: String,
    pub origin: Origin,
}

impl Waive {
    /// Whether it can be for a finding that `require` is about.
    fn concerns(&self, require: &Require) -> bool {
        let table = |table: &String| require.tables.is_empty() || require.tables.contains(table);
        let agree = |(name, value): (&String, &Parameter)| {
            let asked = require.parameters.get(name);
            asked.is_none_or(|asked| asked.matches(value))
        };
        self.statistic == require.statistic
            && self.table.as_ref().is_none_or(table)
            && self.parameters.iter().all(agree)
            && meet(&self.columns, &require.columns)
    }
}

impl Policy {
    /// The preset of this name, or the policy in the file of this path.
    ///
    /// # Errors
    /// Neither exists, or the file is no policy.
    pub fn load(name_or_path: &str, tables: &[String]) -> Result<Self> {
        if let Some((name, text)) = PRESETS.iter().find(|(name, _)| *name == name_or_path) {
            let source = Source {
                name: (*name).to_owned(),
                text: (*text).into(),
            };
            return Self::parse(&source, tables, true);
        }
        let text = regular::text(Path::new(name_or_path)).map_err(|error| {
            let names: Vec<_> = PRESETS.iter().map(|(name, _)| *name).collect();
            Error::usage(format!("cannot read the policy {name_or_path}: {error}")).help(format!(
                "name a file, or one of the built-in policies: {}",
                names.join(", ")
            ))
        })?;
        Self::of_text(name_or_path, &text, tables)
    }

    /// The policy of a text, such as a report keeps it; `name` is that of the file it stood in.
    ///
    /// # Errors
    /// It is no policy, or contradicts itself.
    pub fn of_text(name: &str, text: &str, tables: &[String]) -> Result<Self> {
        let source = Source {
            name: name.to_owned(),
            text: text.into(),
        };
        Self::parse(&source, tables, false)
    }

    fn parse(source: &Source, tables: &[String], preset: bool) -> Result<Self> {
        let document = Document::parse(source)?;
        let root = document.root();
        let mut hash = Sha256::new();
        let mut requirements: Vec<Require> = Vec::new();
        let (mut waivers, mut exemptions) = (Vec::new(), Vec::new());
        if let Some(base) = root.string("extends")? {
            let names: Vec<_> = PRESETS.iter().map(|(name, _)| *name).collect();
            if !names.contains(&base.as_str()) {
                return Err(root
                    .error(
                        base.span,
                        format!("there is no built-in policy `{}`", base.value),
                    )
                    .help(format!("built in are {}", names.join(", "))));
            }
            let inherited = Self::load(&base, tables)?;
            hash.update(inherited.sha256);
            requirements = inherited.requirements;
        }
        for section in root.sections("require")? {
            let require = require(&section, tables, preset)?;
            // Said anew, a requirement replaces that of the preset which it repeats.
            requirements.retain(|known| !repeats(known, &require) || known.inherited() == preset);
            check_against(&section, &require, &requirements)?;
            section.finish()?;
            requirements.push(require);
        }
        for section in root.sections("waive")? {
            let waiver = waive(&section, tables)?;
            if !requirements.iter().any(|require| waiver.concerns(require)) {
                let message = format!(
                    "there is nothing to waive: the policy asks nothing of `{}` here",
                    waiver.statistic
                );
                let error = section.error(section.span(), message);
                return Err(
                    error.help("name a statistic, table and `where` that a [[require]] is about")
                );
            }
            section.finish()?;
            waivers.push(waiver);
        }
        for section in root.sections("exempt")? {
            exemptions.push(exempt(&section, tables)?);
            section.finish()?;
        }
        let floors = match root.section("floors")? {
            Some(section) => floors(&section)?,
            None => Floors::new(),
        };
        if requirements.is_empty() {
            return Err(root.missing("require", "a policy that asks nothing lets everything pass"));
        }
        root.finish()?;
        hash.update(source.text.as_bytes());
        Ok(Self {
            name: source.name.clone(),
            sha256: crate::release::digest::hexadecimal(&hash.finalize()),
            text: (!preset).then(|| source.text.to_string()),
            requirements,
            waivers,
            floors,
            exemptions,
        })
    }

    /// What the measures are asked for.
    pub fn demands(&self, measure: &str) -> Vec<Demand> {
        let prefix = format!("{measure}.");
        let asked = self
            .requirements
            .iter()
            .filter(|r| r.statistic.starts_with(&prefix));
        asked
            .map(|require| Demand {
                statistic: require.statistic.clone(),
                parameters: require.parameters.clone(),
            })
            .collect()
    }
}

fn same(a: &Parameters, b: &Parameters) -> bool {
    a.len() == b.len()
        && a.iter()
            .all(|(name, value)| b.get(name).is_some_and(|other| value.matches(other)))
}

/// Whether one requirement says anew what the other says of the same findings.
fn repeats(known: &Require, require: &Require) -> bool {
    known.statistic == require.statistic
        && known.tables == require.tables
        && known.columns.is_empty() == require.columns.is_empty()
        && is_about(&known.columns, &require.columns)
        && same(&known.parameters, &require.parameters)
}

/// # Errors
/// A requirement repeats an earlier one of the same text, or no release could meet both.
fn check_against(section: &Section<'_>, require: &Require, earlier: &[Require]) -> Result<()> {
    let wrong = |message: String, help: &str| {
        let at = section.span();
        Err(section.error(at, message).help(help))
    };
    for known in earlier {
        let Origin { policy, line, .. } = &known.origin;
        if repeats(known, require) {
            let message = format!(
                "`{}` is asked twice of the same: the other is in line {line}",
                require.statistic
            );
            return wrong(message, "say `min` and `max` in one [[require]]");
        }
        if known.contradicts(require) {
            let message = format!(
                "no value of `{}` meets this and line {line} of {policy}",
                require.statistic
            );
            return wrong(
                message,
                "a table must meet every requirement that is about it",
            );
        }
    }
    Ok(())
}

fn origin(section: &Section<'_>, built_in: bool) -> Origin {
    let source = section.source();
    Origin {
        policy: source.name.clone(),
        line: source.line(section.span().start),
        built_in,
    }
}

fn require(section: &Section<'_>, tables: &[String], preset: bool) -> Result<Require> {
    let statistic = statistic(section)?;
    let names = section.strings("tables")?;
    for name in &names {
        known_table(section, name, tables)?;
    }
    let (min, max) = (section.number("min")?, section.number("max")?);
    match (&min, &max) {
        (None, None) => {
            return Err(section.missing("max", "a requirement has a `min` or a `max`"));
        }
        (Some(min), Some(max)) if min.value > max.value => {
            let message = "no value is at least `min` and at most `max`";
            return Err(section.error(max.span.clone(), message));
        }
        _ => {}
    }
    let (parameters, columns) = parameters(section)?;
    Ok(Require {
        statistic,
        parameters,
        columns,
        tables: names.into_iter().map(|name| name.value).collect(),
        min: min.map(|at| at.value),
        max: max.map(|at| at.value),
        origin: origin(section, preset),
    })
}

fn waive(section: &Section<'_>, tables: &[String]) -> Result<Waive> {
    let text = |key: &str, why: &str| -> Result<String> {
        let found = section.string(key)?.filter(|text| !text.trim().is_empty());
        found
            .map(|text| text.value)
            .ok_or_else(|| section.missing(key, why))
    };
    let table = section.string("table")?;
    if let Some(name) = &table {
        known_table(section, name, tables)?;
    }
    let (parameters, columns) = parameters(section)?;
    let unmeasured = section.boolean("unmeasured")?;
    Ok(Waive {
        statistic: statistic(section)?,
        parameters,
        columns,
        table: table.map(|name| name.value),
        min: section.number("min")?.map(|at| at.value),
        max: section.number("max")?.map(|at| at.value),
        unmeasured: unmeasured.is_some_and(|at| at.value),
        until: section
            .date("until")?
            .ok_or_else(|| section.missing("until", "a waiver ends on a day, such as 2026-12-31"))?
            .value,
        reason: text("reason", "a waiver states why the risk is accepted")?,
        approved_by: text("approved_by", "a waiver states who accepted the risk")?,
        origin: origin(section, false),
    })
}

fn statistic(section: &Section<'_>) -> Result<String> {
    let id = section
        .string("statistic")?
        .ok_or_else(|| section.missing("statistic", "such as \"k-anonymity.k\""))?;
    if measure::statistic_by_id(&id).is_some() {
        return Ok(id.value);
    }
    let known: Vec<String> = measure::docs()
        .flat_map(|doc| {
            doc.statistics
                .iter()
                .map(move |s| format!("{}.{}", doc.id, s.name))
        })
        .collect();
    let error = section.error(
        id.span.clone(),
        format!("there is no statistic `{}`", id.value),
    );
    Err(match nearest(&id, known.iter().map(String::as_str)) {
        Some(near) => error.help(format!("did you mean `{near}`?")),
        None => error.help(format!("there are {}", known.join(", "))),
    })
}

fn known_table(section: &Section<'_>, name: &At<String>, tables: &[String]) -> Result<()> {
    if tables.contains(name) {
        return Ok(());
    }
    let message = format!("the release has no table `{}`", name.value);
    let error = section.error(name.span.clone(), message);
    Err(match nearest(name, tables.iter().map(String::as_str)) {
        Some(near) => error.help(format!("did you mean `{near}`?")),
        None => error.help(format!("it has {}", tables.join(", "))),
    })
}

/// `where = { points = 4, method = "sampled" }`, and the columns of `where = { columns = ["age", "sex"] }`.
fn parameters(section: &Section<'_>) -> Result<(Parameters, Vec<String>)> {
    let (mut parameters, mut columns) = (Parameters::new(), Vec::new());
    let Some(given) = section.section("where")? else {
        return Ok((parameters, columns));
    };
    for key in given.keys() {
        if key.value == COLUMNS {
            let names = given.strings(COLUMNS)?;
            if names.is_empty() {
                return Err(given.error(key.span, "`columns` names at least one column"));
            }
            columns = names.into_iter().map(|name| name.value).collect();
            continue;
        }
        let value: Parameter = if given.is_string(&key) {
            let text = given.string(&key)?.expect("the key is there");
            text.as_str().into()
        } else {
            let number = given.number(&key)?.expect("the key is there");
            number.value.into()
        };
        parameters.insert(key.value, value);
    }
    Ok((parameters, columns))
}

/// The key of `where` that is no parameter.
const COLUMNS: &str = "columns";

fn exempt(section: &Section<'_>, tables: &[String]) -> Result<Exempt> {
    let table = section
        .string("table")?
        .ok_or_else(|| section.missing("table", "the name of a table of the release"))?;
    known_table(section, &table, tables)?;
    let reason = section.string("reason")?;
    let reason = reason.filter(|text| !text.trim().is_empty());
    let why = "an exemption states why nothing need be asked about the table";
    Ok(Exempt {
        table: table.value,
        reason: reason.ok_or_else(|| section.missing("reason", why))?.value,
        origin: origin(section, false),
    })
}

/// `[floors]`: `"unicity.persons" = 1000`, or `[floors.unicity]` with `persons = 1000`.
fn floors(section: &Section<'_>) -> Result<Floors> {
    let mut floors = Floors::new();
    for key in section.keys() {
        if section.is_section(&key) {
            let Some(inner) = section.section(&key)? else {
                continue;
            };
            for setting in inner.keys() {
                let id = format!("{}.{}", key.value, setting.value);
                let bound = bound(&inner, &setting, &id)?;
                floors.insert(id, bound);
            }
        } else {
            floors.insert(key.value.clone(), bound(section, &key, &key)?);
        }
    }
    Ok(floors)
}

/// What is said of the floor of one setting, `measure.setting`.
fn bound(section: &Section<'_>, key: &At<String>, id: &str) -> Result<Bound> {
    let known = |id: &str| -> Option<bool> {
        let (measure, setting) = id.split_once('.')?;
        let measure = measure::by_id(measure)?;
        if let Some(floor) = measure.floors().iter().find(|floor| floor.key == setting) {
            return Some(floor.rule.is_number());
        }
        let mut settings = measure.doc().settings.iter();
        let is_there =
            settings.any(|known| known.key == setting) || OF_SCENARIOS.contains(&setting);
        is_there.then_some(setting == "min_rows")
    };
    let Some(takes_number) = known(id) else {
        let all: Vec<String> = measure::registry()
            .iter()
            .flat_map(|measure| {
                let floors = measure.floors().iter();
                floors.map(|floor| format!("{}.{}", measure.doc().id, floor.key))
            })
            .collect();
        let error = section.error(key.span.clone(), format!("`{id}` has no floor"));
        return Err(match nearest(id, all.iter().map(String::as_str)) {
            Some(near) => error.help(format!("did you mean `{near}`?")),
            None => error.help(format!("there are {}", all.join(", "))),
        });
    };
    if section.is_string(key) {
        let word = section.string(key)?.expect("the key is there");
        return match word.value.as_str() {
            "any" => Ok(Bound::Any),
            _ => Err(section.error(word.span, "a floor is a number, or \"any\" to have none")),
        };
    }
    let number = section.number(key)?.expect("the key is there");
    match takes_number {
        true => Ok(Bound::Number(number.value)),
        false => {
            let message = format!("`{id}` is no number that could be higher or lower");
            let help = "write \"any\" to let the manifest choose";
            Err(section.error(number.span, message).help(help))
        }
    }
}

/// Whether something can be about both sets of columns; no columns are any.
fn meet(a: &[String], b: &[String]) -> bool {
    a.is_empty() || b.is_empty() || is_about(a, b)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Policy> {
        let source = Source {
            name: "policy.toml".into(),
            text: text.into(),
        };
        Policy::parse(&source, &["adult".to_owned()], false)
    }

    #[test]
    fn presets_are_policies() {
        for (name, _) in PRESETS {
            let policy = Policy::load(name, &[]).unwrap();
            assert!(policy.requirements.iter().all(Require::inherited), "{name}");
        }
    }

    #[test]
    fn a_policy_may_say_anew_what_it_extends() {
        let policy =
            parse("extends = \"strict\"\n[[require]]\nstatistic = \"k-anonymity.k\"\nmin = 20\n")
                .unwrap();
        let of_k: Vec<_> = policy
            .requirements
            .iter()
            .filter(|r| r.statistic == "k-anonymity.k")
            .collect();
        assert_eq!(of_k.len(), 1);
        assert_eq!((of_k[0].min, of_k[0].inherited()), (Some(20.0), false));
    }

    #[test]
    fn what_is_wrong_is_named() {
        let message = |text: &str| format!("{:?}", parse(text).unwrap_err());
        let near = message("[[require]]\nstatistic = \"k-anonymty.k\"\nmin = 3\n");
        assert!(near.contains("did you mean `k-anonymity.k`?"), "{near}");
        assert!(
            message("[[require]]\nstatistic = \"k-anonymity.k\"\n").contains("`min` or a `max`")
        );
        assert!(message("").contains("asks nothing"));
        let table =
            message("[[require]]\nstatistic = \"k-anonymity.k\"\nmin = 3\ntables = [\"adlt\"]\n");
        assert!(table.contains("did you mean `adult`?"), "{table}");
        let waiver = "extends = \"strict\"\n[[waive]]\nstatistic = \"k-anonymity.k\"\n\
                      until = 2026-12-31\napproved_by = \"DPO\"\n";
        assert!(message(waiver).contains("states why"));
    }

    #[test]
    fn columns_floors_and_exemptions_are_read() {
        let policy = parse(
            "[[require]]\nstatistic = \"quasi-identifier-subsets.k\"\nwhere = { columns = [\"sex\", \"age\"] }\nmin = 5\n\
             [[exempt]]\ntable = \"adult\"\nreason = \"a list of products\"\n\
             [floors]\n\"unicity.persons\" = 1000\n\"unicity.points\" = \"any\"\n\
             [floors.trace-linkage]\nmin_rows = 5\n",
        )
        .unwrap();
        assert_eq!(policy.requirements[0].columns, ["sex", "age"]);
        assert_eq!(policy.exemptions[0].table, "adult");
        assert_eq!(policy.floors["unicity.persons"], Bound::Number(1000.0));
        assert_eq!(policy.floors["unicity.points"], Bound::Any);
        assert_eq!(policy.floors["trace-linkage.min_rows"], Bound::Number(5.0));
        let wrong = |floor: &str| {
            let text = format!("extends = \"strict\"\n[floors]\n{floor}\n");
            format!("{:?}", parse(&text).unwrap_err())
        };
        assert!(wrong("\"unicity.person\" = 1").contains("did you mean `unicity.persons`?"));
        assert!(wrong("\"unicity.persons\" = \"some\"").contains("\\\"any\\\""));
        assert!(wrong("\"unicity.points\" = 4").contains("is no number"));
    }
}
