//! How little a manifest may let a measure see before a policy no longer takes the measure for what it asks.
//!
//! The manifest is written by who wants to publish, the policy by who must agree. A setting that makes a measure look
//! at less therefore has a floor: the default of the program, unless the policy states another one. Below it the
//! measure counts as not measured, for the requirements of the policy that are about what is missing.

use std::collections::BTreeMap;

use super::Planning;
use crate::error::Result;
use crate::finding::NotMeasured;
use crate::language::Said;
use crate::release::Scenario;
use crate::said;

/// The floor of one setting of a measure.
pub struct Floor {
    pub key: &'static str,
    pub rule: Rule,
}

/// What a setting must be for a measure to see all that it sees by default.
pub enum Rule {
    /// At least so much.
    Least(f64),
    /// At most so much.
    Most(f64),
    /// Nothing else than this, such as the hours that are night.
    Exactly(&'static [f64]),
    /// Left to the program.
    Unset,
}

impl Rule {
    /// Whether a policy may state another number.
    pub fn is_number(&self) -> bool {
        matches!(self, Self::Least(_) | Self::Most(_))
    }
}

/// The settings of scenarios that have floors, whatever the measure.
pub const OF_SCENARIOS: [&str; 4] = ["min_rows", "features", "tolerance", "matchers"];

/// What a policy says of a floor.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Bound {
    /// This instead of the default of the program.
    Number(f64),
    /// Any value will do.
    Any,
}

/// The floors a policy states, by `measure.setting`.
pub type Floors = BTreeMap<String, Bound>;

impl Planning<'_> {
    /// What the policy says of the floor of a setting.
    fn bound(&self, key: &str) -> Option<Bound> {
        let id = format!("{}.{key}", self.measure);
        self.floors.get(&id).copied()
    }

    /// Whether the policy asks for anything of this measure.
    fn is_asked(&self) -> bool {
        !self.demands.is_empty()
    }

    pub(super) fn fall_short(&self, entry: NotMeasured) {
        if self.is_asked() {
            self.shortfalls.borrow_mut().push(entry);
        }
    }

    fn entry(&self, reason: Said) -> NotMeasured {
        NotMeasured {
            measure: self.measure.to_owned(),
            reason,
            ..NotMeasured::default()
        }
    }

    /// Holds the settings of the manifest against the floors of the measure.
    ///
    /// # Errors
    /// A setting is of the wrong type.
    pub fn check_floors(&self, floors: &[Floor]) -> Result<()> {
        for floor in floors {
            self.check_floor(floor)?;
        }
        Ok(())
    }

    fn check_floor(&self, floor: &Floor) -> Result<()> {
        let key = floor.key;
        let bound = self.bound(key);
        if bound == Some(Bound::Any) {
            return Ok(());
        }
        let given = self.settings.filter(|settings| settings.is_there(key));
        let line = |span: std::ops::Range<usize>| {
            let settings = self.settings.map(|settings| settings.source());
            settings.map_or(0, |source| source.line(span.start))
        };
        match (&floor.rule, given) {
            (Rule::Least(least) | Rule::Most(least), given) => {
                let wanted = match bound {
                    Some(Bound::Number(number)) => number,
                    _ => *least,
                };
                let is_least = matches!(floor.rule, Rule::Least(_));
                let number = match given {
                    Some(settings) => settings.number(key)?,
                    None => None,
                };
                let is_short = |number: f64| match is_least {
                    true => number < wanted,
                    false => number > wanted,
                };
                match number {
                    Some(number) if is_short(number.value) => {
                        let line = line(number.span);
                        self.fall_short(self.entry(match is_least {
                            true => said!(
                                "line {} of the manifest sets `{}` to {}, less than the {} that the policy needs",
                                "Zeile {} des Manifests setzt `{}` auf {}, weniger als die {}, die die Prüfkriterien verlangen",
                                line,
                                key,
                                number.value,
                                wanted
                            ),
                            false => said!(
                                "line {} of the manifest sets `{}` to {}, more than the {} that the policy allows",
                                "Zeile {} des Manifests setzt `{}` auf {}, mehr als die {}, die die Prüfkriterien zulassen",
                                line,
                                key,
                                number.value,
                                wanted
                            ),
                        }));
                    }
                    None if given.is_none() && bound.is_some() && is_short(*least) => {
                        self.fall_short(self.entry(said!(
                            "`{}` is {} where the manifest does not set it, and the policy needs {}",
                            "`{}` ist {}, wenn das Manifest nichts anderes angibt; die Prüfkriterien verlangen {}",
                            key,
                            *least,
                            wanted
                        )));
                    }
                    _ => {}
                }
            }
            (Rule::Exactly(wanted), Some(settings)) => {
                if let Some(given) = settings.numbers(key)?
                    && given.value != *wanted
                {
                    let line = line(given.span);
                    let wanted: Vec<String> = wanted.iter().map(f64::to_string).collect();
                    self.fall_short(self.entry(said!(
                        "line {} of the manifest sets `{}` to something other than {}, which the policy relies on",
                        "Zeile {} des Manifests setzt `{}` auf etwas anderes als {}, worauf sich die Prüfkriterien verlassen",
                        line,
                        key,
                        wanted.join(", ")
                    )));
                }
            }
            (Rule::Unset, Some(settings)) => {
                let mut keys = settings.keys().into_iter();
                let at = keys.find(|known| known.value == key);
                let line = at.map_or(0, |at| line(at.span));
                self.fall_short(self.entry(said!(
                    "line {} of the manifest sets `{}`, which the policy leaves to the program",
                    "Zeile {} des Manifests setzt `{}`, was die Prüfkriterien dem Programm überlassen",
                    line,
                    key
                )));
            }
            (_, None) => {}
        }
        Ok(())
    }

    /// What is missing where the manifest lists fewer numbers for a parameter than the program would look at.
    pub(super) fn check_list(
        &self,
        (key, parameter): (&str, &str),
        given: &[f64],
        default: &[f64],
        line: u64,
    ) {
        if self.bound(key) == Some(Bound::Any) {
            return;
        }
        let is_demanded = |number: f64| {
            let mut demands = self.demands.iter();
            demands.any(|demand| {
                let asked = demand.parameters.get(parameter);
                asked.is_some_and(|asked| asked.matches(&number.into()))
            })
        };
        let missing = default.iter().copied();
        let missing = missing.filter(|number| !given.contains(number) && !is_demanded(*number));
        for number in missing {
            let entry = self.entry(said!(
                "line {} of the manifest leaves {} out of `{}`",
                "Zeile {} des Manifests lässt {} bei `{}` aus",
                line,
                number,
                key
            ));
            self.fall_short(entry.parameter(parameter, number));
        }
    }

    /// What is missing where the manifest names matchers and leaves some of the default out.
    pub(super) fn check_matchers(
        &self,
        named: &[&str],
        default: &[&str],
        parameter: &str,
        line: u64,
    ) {
        if self.bound("matchers") == Some(Bound::Any) {
            return;
        }
        for name in default.iter().filter(|name| !named.contains(name)) {
            let entry = self.entry(said!(
                "line {} of the manifest leaves {} out of `matchers`",
                "Zeile {} des Manifests lässt {} bei `matchers` aus",
                line,
                *name
            ));
            self.fall_short(entry.parameter(parameter, *name));
        }
    }

    /// What a scenario keeps from the adversary.
    pub(super) fn check_scenario(&self, scenario: &Scenario) {
        let wanted = |key: &str, default: f64| match self.bound(key) {
            Some(Bound::Any) => f64::INFINITY,
            Some(Bound::Number(number)) => number,
            None => default,
        };
        let short = |reason: Said| {
            let entry = self.entry(reason);
            self.fall_short(entry.parameter("scenario", scenario.name.as_str()));
        };
        let line = self.release.source.line(scenario.span.start);
        let most = wanted("min_rows", 1.0);
        if scenario.min_rows as f64 > most {
            short(said!(
                "the scenario in line {} of the manifest leaves out persons with fewer than {} rows (`min_rows`), more than the {} that the policy allows",
                "das Szenario in Zeile {} des Manifests lässt Personen mit weniger als {} Zeilen aus (`min_rows`), mehr als die {}, die die Prüfkriterien zulassen",
                line,
                scenario.min_rows,
                most
            ));
        }
        let is_any = |key| self.bound(key) == Some(Bound::Any);
        if scenario.coarser && !is_any("features") {
            short(said!(
                "the scenario in line {} of the manifest compares persons by other `features` than the points of the table",
                "das Szenario in Zeile {} des Manifests vergleicht Personen anhand anderer `features` als der Punkte der Tabelle",
                line
            ));
        }
        if scenario.tolerance != crate::release::Tolerance::default() && !is_any("tolerance") {
            short(said!(
                "the scenario in line {} of the manifest takes different places or times for the same (`tolerance`)",
                "das Szenario in Zeile {} des Manifests nimmt verschiedene Orte oder Zeiten für dieselben (`tolerance`)",
                line
            ));
        }
    }
}

/// The greatest number that a setting takes: what lies beyond is a slip of the pen, and would not fit into memory.
pub(super) fn most(key: &str) -> u64 {
    match key {
        "budget" => 1 << 44,
        "size" => 64,
        "largest" | "most_windows" => 100_000,
        _ => 1_000_000,
    }
}
