//! What of a table can be told more coarsely, and in which steps.

use std::sync::Arc;

use super::loss;
use crate::encode::flows::Flows;
use crate::encode::recoding::{
    Recoding, of_column, of_instants, of_places, of_times, seconds_apart,
};
use crate::encode::transformed::{Change, Changes};
use crate::encode::{Distinct, Encoded, Values};
use crate::release::input::{Domain, Input, InputColumn};
use crate::release::transformation::{changeable, levels_between};
use crate::release::{
    Coarser, Hierarchy, Place, PlaceBin, Table, TableKind, TimeBin, Transformation,
};

/// What can be told more coarsely.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Of {
    /// A column by its name.
    Column(String),
    Time,
    /// Coordinates.
    Place,
    /// How long a pseudonym lasts.
    Pseudonym,
    /// Small counts.
    Counts,
}

/// One thing that can be told more coarsely, step by step from as it is.
pub struct Ladder {
    pub of: Of,
    pub steps: Vec<Step>,
}

#[derive(Clone)]
pub struct Step {
    pub how: How,
    /// The share of the information that is lost.
    pub loss: f64,
    /// Bits that are lost of a point.
    pub bits: f64,
    pub change: Change,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub enum How {
    AsItIs,
    Told(Coarser),
    /// Pseudonyms that last so many seconds.
    Lasts(u32),
    /// Counts of fewer are left out.
    Minimum(u64),
}

impl std::fmt::Display for How {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::AsItIs => f.write_str("as it is"),
            Self::Told(how) => how.fmt(f),
            Self::Lasts(seconds) => TimeBin::Seconds(*seconds).fmt(f),
            Self::Minimum(least) => write!(f, "{least}"),
        }
    }
}

impl Of {
    pub fn name(&self) -> &str {
        match self {
            Self::Column(name) => name,
            Self::Time => "time",
            Self::Place => "place",
            Self::Pseudonym => "rotation",
            Self::Counts => "minimum",
        }
    }

    /// Writes a step into a transformation.
    pub fn set(&self, how: How, transformation: &mut Transformation) {
        match (self, how) {
            (_, How::AsItIs) => {}
            (Self::Column(name), How::Told(how)) => {
                transformation.columns.insert(name.clone(), how);
            }
            (Self::Time, How::Told(how)) => transformation.time = Some(how),
            (Self::Place, How::Told(how)) => transformation.place = Some(how),
            (_, How::Lasts(seconds)) => transformation.rotation = Some(seconds),
            (_, How::Minimum(least)) => transformation.minimum = Some(least),
            _ => unreachable!("what has no name is told by no column"),
        }
    }
}

impl Step {
    fn as_it_is() -> Self {
        Self {
            how: How::AsItIs,
            loss: 0.0,
            bits: 0.0,
            change: Change::Keep,
        }
    }

    pub fn recoded(how: Coarser, recoding: Recoding, counts: &[u64]) -> Self {
        Self {
            how: How::Told(how),
            loss: loss::share(counts, &recoding.codes),
            bits: of_one(loss::lost(counts, &recoding.codes), counts),
            change: Change::Recode(Arc::new(recoding)),
        }
    }

    fn dropped(counts: &[u64]) -> Self {
        let held = loss::held(counts);
        Self {
            how: How::Told(Coarser::Drop),
            loss: if held > 0.0 { 1.0 } else { 0.0 },
            bits: of_one(held, counts),
            change: Change::Drop,
        }
    }
}

fn of_one(bits: f64, counts: &[u64]) -> f64 {
    bits / counts.iter().sum::<u64>().max(1) as f64
}

/// What is needed to tell columns of a table more coarsely.
pub struct Told<'a> {
    pub table: &'a Table,
    pub input: &'a Input,
    pub encoded: &'a Encoded,
}

/// How long pseudonyms may last, longest first: four weeks, a week, a day.
const LASTS: [u32; 3] = [28 * 86_400, 7 * 86_400, 86_400];
/// Bins of time in seconds.
const TIMES: [u32; 5] = [3_600, 4 * 3_600, 12 * 3_600, 86_400, 7 * 86_400];
/// Widths of bands that are tried at most, each twice the one before.
const BANDS: usize = 5;

impl Told<'_> {
    /// What of a table can be told more coarsely. Columns that are to be dropped have that step alone; counts of fewer
    /// than `minimum` may be left out.
    pub fn ladders(&self, dropped: &[String], minimum: Option<u64>) -> Vec<Ladder> {
        let mut ladders = Vec::new();
        if self.table.kind == TableKind::Flows {
            ladders.extend(self.bins());
        }
        if let (TableKind::Trace, Some(own)) = (self.table.kind, self.table.point.time) {
            ladders.push(self.times(own));
        }
        if let (Some(Place::Coordinates { .. } | Place::Geometry(_)), Some(own)) =
            (&self.table.roles.place, self.table.point.place)
        {
            ladders.push(self.places(own));
        }
        for column in changeable(self.table) {
            ladders.push(self.column(column, dropped.contains(column)));
        }
        if let Some(least) = minimum {
            ladders.push(Ladder {
                of: Of::Counts,
                steps: vec![
                    Step::as_it_is(),
                    Step {
                        how: How::Minimum(least),
                        ..Step::as_it_is()
                    },
                ],
            });
        }
        // What can only stay as it is is no choice.
        ladders.retain(|ladder| ladder.steps.len() > 1 || ladder.steps[0].how != How::AsItIs);
        if let Some(ladder) = self.pseudonym() {
            ladders.push(ladder);
        }
        ladders
    }

    /// The names and values of what a tuple or a cell is made of.
    fn attributes(&self) -> Vec<(&str, &Values)> {
        match self.encoded.flows() {
            Some(flows) => flows
                .dimensions
                .iter()
                .map(|dimension| (dimension.name.as_str(), &dimension.values))
                .collect(),
            None => {
                let attributes = self.encoded.attributes.iter();
                attributes
                    .map(|(name, values)| (name.as_str(), values))
                    .collect()
            }
        }
    }

    /// The attribute, of counts the dimension.
    pub fn attribute(&self, of: &Of) -> Option<usize> {
        let all = self.attributes();
        let named = |name: &str| all.iter().position(|(known, _)| *known == name);
        match of {
            Of::Column(name) => named(name),
            Of::Time if self.table.kind == TableKind::Flows => {
                named(&self.table.roles.time.as_ref()?.value)
            }
            Of::Time => Some(0),
            Of::Place => Some(usize::from(self.table.point.time.is_some())),
            Of::Pseudonym | Of::Counts => None,
        }
    }

    fn values(&self, of: &Of) -> (usize, &Values) {
        let at = self.attribute(of).expect("it is an attribute");
        (at, self.attributes()[at].1)
    }

    fn occurrences(&self, attribute: usize) -> Vec<u64> {
        match self.encoded.flows() {
            Some(flows) => flows.occurrences(attribute),
            None => self.encoded.occurrences(attribute),
        }
    }

    /// Everything as it is.
    pub fn nothing(&self) -> Changes {
        Changes {
            attributes: vec![Change::Keep; self.attributes().len()],
            ..Changes::default()
        }
    }

    /// The steps that tell ever fewer values apart, and none at last.
    fn climb(&self, of: Of, ways: Vec<(Coarser, Recoding)>) -> Ladder {
        let (at, values) = self.values(&of);
        let counts = self.occurrences(at);
        let mut steps = vec![Step::as_it_is()];
        let mut apart = values.len();
        for (how, recoding) in ways {
            if recoding.values.len() < apart && recoding.values.known() > 1 {
                apart = recoding.values.len();
                steps.push(Step::recoded(how, recoding, &counts));
            }
        }
        if self.table.kind != TableKind::Flows {
            steps.push(Step::dropped(&counts));
        }
        Ladder { of, steps }
    }

    fn column(&self, name: &str, dropped: bool) -> Ladder {
        let of = Of::Column(name.to_owned());
        if self.attribute(&of).is_none() {
            // Who names persons says nothing that is told otherwise: nothing is lost.
            let how = if dropped {
                How::Told(Coarser::Drop)
            } else {
                How::AsItIs
            };
            let steps = vec![Step {
                how,
                ..Step::as_it_is()
            }];
            return Ladder { of, steps };
        }
        let (at, values) = self.values(&of);
        if dropped {
            let steps = vec![Step::dropped(&self.occurrences(at))];
            return Ladder { of, steps };
        }
        let roles = &self.table.roles;
        let sensitive = roles.sensitive.iter().any(|column| column.value == name);
        let named = self.table.kind != TableKind::Microdata || sensitive;
        let sums = |flows: &Flows| flows.dimensions[at].has_sums();
        let ways = match (self.table.hierarchy(name), self.source(name)) {
            // Cells that stand for others are published beside them.
            _ if self.encoded.flows().is_some_and(sums) => Vec::new(),
            (Some((_, Hierarchy::Levels(levels))), _) => {
                (1..=levels.height).map(Coarser::Level).collect()
            }
            (None, Some(column)) if !named => ways(values, column),
            _ => Vec::new(),
        };
        let told = ways
            .into_iter()
            .filter_map(|how| Some((how, self.recoding(&of, how)?)));
        let told = told.collect();
        self.climb(of, told)
    }

    fn source(&self, name: &str) -> Option<&InputColumn> {
        self.input.column(name).map(|at| &self.input.columns[at])
    }

    /// The codes of an attribute told as coarsely as `how` says; `None` where they cannot be.
    fn recoding(&self, of: &Of, how: Coarser) -> Option<Recoding> {
        let (at, values) = self.values(of);
        let axis = self.encoded.axis(at);
        match (of, how) {
            (Of::Time, Coarser::Time(bin)) if self.table.kind == TableKind::Flows => of_instants(
                values,
                bin,
                self.source(&self.table.roles.time.as_ref()?.value)?,
            ),
            (_, Coarser::Time(bin)) => of_times(values, axis?, bin),
            (_, Coarser::Place(bin)) => of_places(values, axis?, self.table.point.place?, bin),
            (Of::Column(name), how) => {
                let levels = match self.table.hierarchy(name) {
                    Some((_, Hierarchy::Levels(levels))) => Some(levels),
                    _ => None,
                };
                of_column(values, how, self.source(name)?, levels).ok()
            }
            _ => None,
        }
    }

    /// The times of counts: values that stand for others are not summed over.
    fn bins(&self) -> Option<Ladder> {
        let name = &self.table.roles.time.as_ref()?.value;
        let at = self.attribute(&Of::Time)?;
        let flows = self.encoded.flows()?;
        if flows.dimensions[at].has_sums() {
            return None;
        }
        let own = seconds_apart(&flows.dimensions[at].values, self.source(name)?)?;
        Some(self.times(TimeBin::Seconds(own)))
    }

    fn times(&self, own: TimeBin) -> Ladder {
        let widths = match own {
            TimeBin::Seconds(own) => {
                // Each holds whole bins of the one before.
                let mut last = own;
                let mut widths = TIMES.to_vec();
                widths.retain(|width| {
                    let wider = *width > last && width % last == 0;
                    last = if wider { *width } else { last };
                    wider
                });
                widths
            }
            _ => Vec::new(),
        };
        let ways = widths
            .into_iter()
            .map(|width| Coarser::Time(TimeBin::Seconds(width)));
        let told = ways.filter_map(|how| Some((how, self.recoding(&Of::Time, how)?)));
        self.climb(Of::Time, told.collect())
    }

    fn places(&self, own: PlaceBin) -> Ladder {
        let coarser = |level: u8| match own {
            PlaceBin::Degrees(step) => Some(PlaceBin::Degrees(step * f64::from(1u32 << level))),
            PlaceBin::H3(resolution) => {
                let coarser = u8::from(resolution).checked_sub(level)?;
                coarser.try_into().ok().map(PlaceBin::H3)
            }
            PlaceBin::Geohash(length) => {
                let shorter = length.checked_sub(level).filter(|length| *length > 0);
                shorter.map(PlaceBin::Geohash)
            }
            PlaceBin::Column => None,
        };
        let ways = (1..=6)
            .filter_map(coarser)
            .filter(|bin| levels_between(own, *bin).is_some());
        let ways = ways.map(Coarser::Place);
        let told = ways.filter_map(|how| Some((how, self.recoding(&Of::Place, how)?)));
        self.climb(Of::Place, told.collect())
    }

    /// Pseudonyms that change: what is lost is the share of the pairs of points of a person that are no longer told
    /// to be of one.
    fn pseudonym(&self) -> Option<Ladder> {
        if self.table.kind != TableKind::Trace {
            return None;
        }
        let mut steps = vec![Step::as_it_is()];
        for width in LASTS
            .into_iter()
            .filter(|width| self.encoded.can_rotate(*width))
        {
            let loss = self.encoded.parted(width);
            // Where nobody becomes another, nothing changes.
            if loss > 0.0 {
                steps.push(Step {
                    how: How::Lasts(width),
                    loss,
                    bits: 0.0,
                    change: Change::Keep,
                });
            }
        }
        (steps.len() > 1).then_some(Ladder {
            of: Of::Pseudonym,
            steps,
        })
    }

    /// The changes of a transformation; the key of the first that cannot be made, otherwise.
    pub fn changes(&self, transformation: &Transformation) -> Result<Changes, String> {
        let mut changes = Changes {
            below: transformation.below,
            rotation: transformation.rotation,
            minimum: transformation.minimum,
            ..self.nothing()
        };
        let columns = transformation.columns.iter();
        let columns = columns.map(|(name, how)| (Of::Column(name.clone()), *how));
        let time = transformation.time.iter().map(|how| (Of::Time, *how));
        let place = transformation.place.iter().map(|how| (Of::Place, *how));
        for (of, how) in columns.chain(time).chain(place) {
            let Some(at) = self.attribute(&of) else {
                match how {
                    Coarser::Drop => continue,
                    _ => return Err(of.name().to_owned()),
                }
            };
            changes.attributes[at] = match how {
                Coarser::Drop => Change::Drop,
                how => {
                    let recoding = self.recoding(&of, how);
                    Change::Recode(Arc::new(recoding.ok_or_else(|| of.name().to_owned())?))
                }
            };
        }
        match transformation.rotation {
            Some(width) if !self.encoded.can_rotate(width) => Err("rotation".to_owned()),
            _ => Ok(changes),
        }
    }

    /// What is lost by a transformation of each thing that could be told more coarsely: the share of its information,
    /// and bits of a point.
    pub fn lost(&self, transformation: &Transformation, ladders: &[Ladder]) -> (f64, f64) {
        let (mut shares, mut bits) = (0.0, 0.0);
        for ladder in ladders {
            let step = match &ladder.of {
                Of::Column(name) => transformation.columns.get(name).copied(),
                Of::Time => transformation.time,
                Of::Place => transformation.place,
                Of::Pseudonym => {
                    shares += transformation
                        .rotation
                        .map_or(0.0, |w| self.encoded.parted(w));
                    None
                }
                Of::Counts => None,
            };
            let (Some(how), Some(at)) = (step, self.attribute(&ladder.of)) else {
                continue;
            };
            let counts = self.occurrences(at);
            let step = match (how, self.recoding(&ladder.of, how)) {
                (Coarser::Drop, _) | (_, None) => Step::dropped(&counts),
                (how, Some(recoding)) => Step::recoded(how, recoding, &counts),
            };
            shares += step.loss;
            bits += step.bits;
        }
        let some = |ladder: &&Ladder| ladder.steps.last().is_some_and(|step| step.loss > 0.0);
        let some = ladders.iter().filter(some).count();
        (shares / some.max(1) as f64, bits)
    }
}

/// The ways in which values without a hierarchy can be told more coarsely, ever more so: each makes whole groups of
/// those of the one before.
fn ways(values: &Values, column: &InputColumn) -> Vec<Coarser> {
    match column.domain {
        Some(Domain::Integer | Domain::Decimal(_) | Domain::Real) => bands(values, column.domain),
        Some(Domain::Date | Domain::Timestamp) => {
            vec![Coarser::Month, Coarser::Year, Coarser::Decade]
        }
        Some(Domain::Text) => {
            let Distinct::Bytes(texts) = &values.distinct else {
                return Vec::new();
            };
            // Codes such as postcodes: digits, all of one length.
            let length = if texts.is_empty() {
                0
            } else {
                texts.get(0).len()
            };
            let is_code = |text: &[u8]| text.len() == length && text.iter().all(u8::is_ascii_digit);
            match (0..texts.len()).all(|at| is_code(texts.get(at))) {
                true => (1..length).rev().map(Coarser::Prefix).collect(),
                false => Vec::new(),
            }
        }
        _ => Vec::new(),
    }
}

/// Bands of 1 or 5 times a power of ten that divide the range into 40 at most, and twice as wide ones.
fn bands(values: &Values, domain: Option<Domain>) -> Vec<Coarser> {
    let numbers = crate::encode::numbers(values, domain);
    let (least, most) = numbers
        .iter()
        .filter(|number| number.is_finite())
        .fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), n| {
            (a.min(*n), b.max(*n))
        });
    let range = most - least;
    if range.is_nan() || range <= 0.0 {
        return Vec::new();
    }
    let power = 10f64.powi((range / 40.0).log10().floor() as i32);
    let first = [power, 5.0 * power, 10.0 * power];
    let first = first.into_iter().find(|width| range / width <= 40.0);
    let first = first.expect("ten times the power is more than a fortieth");
    let first = match domain {
        Some(Domain::Integer) => first.max(1.0),
        _ => first,
    };
    let widths = (0..BANDS as i32).map(|doubled| first * 2f64.powi(doubled));
    widths.map(Coarser::Band).collect()
}
