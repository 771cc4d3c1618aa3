//! The cells of a table of flows as places and bins of time.

use std::collections::BTreeMap;

use super::flows::{Count, Dimension, Flows};
use super::intern::{Distinct, Values};
use super::visits::Scale;
use crate::language::Said;
use crate::said;

/// Which dimensions of flows say where and when.
#[derive(Debug, Clone, Copy)]
pub struct Axes {
    pub place: usize,
    /// And what its numbers are.
    pub time: Option<(usize, Scale)>,
}

/// Every place at every time of a table of flows, whether its count is published or not. Values that stand for
/// others are no places and no times; of all else that is told apart only the total is looked at.
#[derive(Debug)]
pub struct Frame {
    /// Codes of places are below this.
    pub places: usize,
    /// When each bin begins, ascending, in seconds (in its own numbers where times are binned already); one bin
    /// without a beginning where there are no times.
    pub begins: Vec<i64>,
    /// How long a bin lasts: the commonest step from one to the next, of several the least.
    pub width: i64,
    /// Whether times are dates, which have no hours.
    pub of_days: bool,
    /// Whether times are numbers on no clock.
    pub is_binned: bool,
    axes: Axes,
    /// The code of each bin.
    bins: Vec<u32>,
    /// Codes of all dimensions, those of place and time 0.
    rest: Vec<u32>,
    /// Of each place whether it stands for others.
    whole: Vec<bool>,
}

impl Frame {
    /// # Errors
    /// In plain words, why the cells are not places and times.
    pub fn new(flows: &Flows, axes: Axes) -> Result<Self, Said> {
        if flows.repeated > 0 {
            return Err(said!(
                "some cells are published more than once: give the column that tells them apart a role",
                "manche Zellen sind mehrfach veröffentlicht: die Spalte, die sie unterscheidet, braucht eine Rolle"
            ));
        }
        let mut rest = vec![0; flows.dimensions.len()];
        for (at, dimension) in flows.dimensions.iter().enumerate() {
            if at == axes.place || axes.time.is_some_and(|(time, _)| time == at) {
                continue;
            }
            rest[at] = dimension.top().ok_or(
                said!("counts are also by attributes that traces do not have, and `totals` names no total of them", "Zählwerte sind auch nach Merkmalen getrennt, die Spuren nicht haben, und `totals` nennt keine Summe darüber"),
            )?;
        }
        let mut frame = Self {
            places: flows.dimensions[axes.place].values.len(),
            begins: vec![i64::MIN],
            width: i64::MAX,
            of_days: false,
            is_binned: false,
            axes,
            bins: vec![0],
            rest,
            whole: flows.dimensions[axes.place].wholes.clone(),
        };
        if let Some((time, scale)) = axes.time {
            frame.times(&flows.dimensions[time], scale)?;
        }
        match frame.places.checked_mul(frame.begins.len()) {
            Some(cells) if u32::try_from(cells).is_ok() => Ok(frame),
            _ => Err(said!(
                "there are more places and times than a number of 32 bits tells apart",
                "es gibt mehr Orte und Zeiten, als eine Zahl von 32 Bit unterscheidet"
            )),
        }
    }

    fn times(&mut self, dimension: &Dimension, scale: Scale) -> Result<(), Said> {
        if matches!(dimension.values.distinct, Distinct::Bytes(_)) {
            return Err(said!(
                "times are texts: write them as timestamps, dates or numbers",
                "Zeiten sind Texte: sie sind als Zeitstempel, Tage oder Zahlen zu schreiben"
            ));
        }
        if dimension.cover.is_some() {
            return Err(said!(
                "times overlap (`window`): a moment lies in more than one",
                "Zeiten überschneiden sich (`window`): ein Zeitpunkt liegt in mehr als einer"
            ));
        }
        let wholes = &dimension.wholes;
        let codes = (0..dimension.values.len() as u32).filter(|code| !wholes[*code as usize]);
        let known = codes.filter_map(|code| Some((dimension.values.number(code)?, code)));
        (self.begins, self.bins) = known
            .map(|(number, code)| (scale.seconds(number), code))
            .unzip();
        self.is_binned = scale == Scale::Binned;
        self.of_days = matches!(scale, Scale::PerDay(_));
        let mut steps: BTreeMap<i64, usize> = BTreeMap::new();
        for pair in self.begins.windows(2) {
            *steps.entry(pair[1] - pair[0]).or_default() += 1;
        }
        let commonest = steps
            .iter()
            .max_by_key(|(step, often)| (**often, std::cmp::Reverse(**step)));
        self.width = match (commonest, scale) {
            (Some((step, _)), _) => *step,
            (None, Scale::Binned) => 1,
            (None, Scale::PerDay(_)) => 86_400,
            (None, Scale::PerSecond(_)) => {
                return Err(said!(
                    "all counts are of one time: how long it lasts cannot be told",
                    "alle Zählwerte gelten für dieselbe Zeit: wie lange sie dauert, ist nicht zu erkennen"
                ));
            }
        };
        Ok(())
    }

    /// Places at times there are.
    pub fn len(&self) -> usize {
        self.places * self.begins.len()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The cell of a place in a bin: [`Self::len`] is above all.
    pub fn cell(&self, bin: usize, place: u32) -> u32 {
        (bin * self.places) as u32 + place
    }

    /// The bin and the place of a cell.
    pub fn of(&self, cell: u32) -> (usize, u32) {
        let places = self.places as u32;
        ((cell / places) as usize, cell % places)
    }

    /// Whether a place stands for others.
    pub fn is_whole(&self, place: u32) -> bool {
        self.whole[place as usize]
    }

    /// The bin that a moment lies in: the last to begin, where it is not over.
    pub fn bin(&self, moment: i64) -> Option<usize> {
        let at = self.begins.partition_point(|begin| *begin <= moment);
        let at = at.checked_sub(1)?;
        (moment.saturating_sub(self.begins[at]) < self.width).then_some(at)
    }

    /// Where among the cells of the flows a cell is; `None` where it is not published at all.
    pub fn find(&self, flows: &Flows, cell: u32) -> Option<usize> {
        let (bin, place) = self.of(cell);
        let mut codes = self.rest.clone();
        codes[self.axes.place] = place;
        if let Some((time, _)) = self.axes.time {
            codes[time] = self.bins[bin];
        }
        flows.find(flows.key_of(&codes))
    }

    /// The count of each cell but those of places that stand for others; `None` where it is not published.
    pub fn counts(&self, flows: &Flows) -> Vec<(u32, Option<Count>)> {
        let cells = 0..self.len() as u32;
        cells
            .filter(|cell| !self.is_whole(self.of(*cell).1))
            .map(|cell| (cell, self.find(flows, cell).map(|at| flows.count(at))))
            .collect()
    }

    /// The values of the places.
    pub fn values<'a>(&self, flows: &'a Flows) -> &'a Values {
        &flows.dimensions[self.axes.place].values
    }

    /// Latitude and longitude in degrees of each place, where the names of all places but null are cells of H3.
    pub fn positions(&self, flows: &Flows) -> Option<Vec<Option<(f64, f64)>>> {
        let values = self.values(flows);
        let middle = |cell: h3o::CellIndex| {
            let middle = h3o::LatLng::from(cell);
            (middle.lat(), middle.lng())
        };
        let named = |at: usize| -> Option<(f64, f64)> {
            let cell = match &values.distinct {
                Distinct::Numbers(numbers) => h3o::CellIndex::try_from(numbers[at] as u64).ok()?,
                Distinct::Bytes(texts) => std::str::from_utf8(texts.get(at)).ok()?.parse().ok()?,
            };
            Some(middle(cell))
        };
        let null = values.null.then_some(None);
        let count = values.len() - usize::from(values.null);
        let named = (0..count).map(named).collect::<Option<Vec<_>>>()?;
        (count > 0).then(|| {
            null.into_iter()
                .chain(named.into_iter().map(Some))
                .collect()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(name: &str, numbers: &[i64]) -> Dimension {
        let values = Values {
            null: false,
            distinct: Distinct::Numbers(numbers.to_vec()),
        };
        Dimension::new(name.to_owned(), values, None, None).unwrap()
    }

    fn framed(dimensions: Vec<Dimension>, scale: Scale) -> Result<Frame, Said> {
        let mut flows = Flows::of_counts(Vec::new());
        flows.dimensions = dimensions;
        Frame::new(
            &flows,
            Axes {
                place: 0,
                time: Some((1, scale)),
            },
        )
    }

    #[test]
    fn a_moment_lies_in_the_last_bin_to_begin_as_long_as_it_lasts() {
        let times = numbers("at", &[0, 3_600, 7_200, 21_600, 25_200]);
        let frame = framed(vec![numbers("cell", &[5, 6]), times], Scale::PerSecond(1)).unwrap();
        assert_eq!((frame.width, frame.len()), (3_600, 10));
        assert_eq!(frame.bin(3_599), Some(0));
        assert_eq!(frame.bin(10_799), Some(2));
        assert_eq!(frame.bin(10_800), None, "the night is not published");
        assert_eq!(frame.bin(-1), None);
        assert_eq!(frame.of(frame.cell(3, 1)), (3, 1));
    }

    #[test]
    fn a_day_of_25_hours_is_no_step_of_its_own() {
        let days = numbers("at", &[0, 86_400, 172_800, 262_800, 349_200]);
        let frame = framed(vec![numbers("cell", &[1]), days], Scale::PerSecond(1)).unwrap();
        assert_eq!(frame.width, 86_400);
    }

    #[test]
    fn one_time_alone_has_no_width() {
        let once = || vec![numbers("cell", &[1]), numbers("at", &[7_200])];
        assert!(framed(once(), Scale::PerSecond(1)).is_err());
        assert_eq!(framed(once(), Scale::Binned).unwrap().width, 1);
    }

    #[test]
    fn attributes_without_a_total_are_refused() {
        let mut ages = numbers("age", &[0, 1, 2]);
        let times = || numbers("at", &[0, 3_600]);
        let with = |ages: Dimension| {
            framed(
                vec![numbers("cell", &[1]), times(), ages],
                Scale::PerSecond(1),
            )
        };
        assert!(with(numbers("age", &[0, 1, 2])).is_err());
        ages.above = vec![Vec::new(), vec![0], vec![0]];
        assert_eq!(with(ages).unwrap().rest, [0, 0, 0]);
    }

    #[test]
    fn cells_of_h3_have_positions() {
        let mut flows = Flows::of_counts(Vec::new());
        let cell = h3o::LatLng::new(49.45, 11.08)
            .unwrap()
            .to_cell(h3o::Resolution::Eight);
        flows.dimensions = vec![numbers("cell", &[u64::from(cell) as i64])];
        let axes = Axes {
            place: 0,
            time: None,
        };
        let frame = Frame::new(&flows, axes).unwrap();
        let (latitude, longitude) = frame.positions(&flows).unwrap()[0].unwrap();
        assert!((latitude - 49.45).abs() < 0.01 && (longitude - 11.08).abs() < 0.01);
        flows.dimensions = vec![numbers("cell", &[17])];
        assert!(
            Frame::new(&flows, axes)
                .unwrap()
                .positions(&flows)
                .is_none()
        );
    }
}
