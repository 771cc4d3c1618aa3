//! The city: districts, radio cells and sensitive places.
//!
//! District names, postcodes and rough positions are those of Nürnberg and
//! Fürth; cells and places are invented.

use super::draw::{Draw, Purpose};

/// One part of the city.
pub struct District {
    pub name: &'static str,
    pub postcodes: &'static [&'static str],
    /// Position of its centre in micro-degrees.
    latitude: i64,
    longitude: i64,
    /// Half its width in metres.
    radius: i64,
    cells: usize,
    /// How many live and how many work here, against the other districts.
    pub homes: u32,
    pub jobs: u32,
}

const fn district(
    name: &'static str,
    postcodes: &'static [&'static str],
    position: (i64, i64),
    radius: i64,
    cells: usize,
    (homes, jobs): (u32, u32),
) -> District {
    District {
        name,
        postcodes,
        latitude: position.0,
        longitude: position.1,
        radius,
        cells,
        homes,
        jobs,
    }
}

/// The twelve districts, 180 cells in all.
pub const DISTRICTS: [District; 12] = [
    district(
        "Altstadt",
        &["90402", "90403"],
        (49_454_000, 11_077_000),
        900,
        24,
        (7, 30),
    ),
    district(
        "Gostenhof",
        &["90429", "90431"],
        (49_452_500, 11_050_000),
        1100,
        14,
        (9, 8),
    ),
    district(
        "St. Johannis",
        &["90419"],
        (49_464_000, 11_057_000),
        1000,
        13,
        (8, 7),
    ),
    district(
        "Thon",
        &["90425", "90427"],
        (49_481_000, 11_064_000),
        1400,
        12,
        (7, 5),
    ),
    district(
        "Maxfeld",
        &["90409", "90408"],
        (49_469_000, 11_093_000),
        1200,
        15,
        (9, 10),
    ),
    district(
        "Mögeldorf",
        &["90482", "90480"],
        (49_459_000, 11_131_000),
        1700,
        13,
        (8, 6),
    ),
    district(
        "Südstadt",
        &["90459", "90461", "90443"],
        (49_437_500, 11_081_000),
        1300,
        20,
        (15, 12),
    ),
    district(
        "Langwasser",
        &["90471", "90473"],
        (49_407_000, 11_130_000),
        2000,
        15,
        (10, 9),
    ),
    district(
        "Schweinau",
        &["90439", "90441"],
        (49_433_500, 11_047_000),
        1200,
        13,
        (8, 7),
    ),
    district(
        "Eibach",
        &["90451", "90449"],
        (49_409_000, 11_038_000),
        1900,
        12,
        (7, 4),
    ),
    district(
        "Fürth-Mitte",
        &["90762"],
        (49_477_000, 10_990_000),
        1100,
        16,
        (7, 11),
    ),
    district(
        "Fürth-Süd",
        &["90763", "90768"],
        (49_463_000, 10_972_000),
        1700,
        13,
        (6, 5),
    ),
];

/// A radio cell.
pub struct Cell {
    pub id: String,
    pub district: usize,
    pub latitude: i64,
    pub longitude: i64,
    /// Built for 4G only.
    pub old: bool,
    pub postcode: &'static str,
    homes: u32,
    jobs: u32,
    leisure: u32,
}

/// A place that nobody should be seen visiting.
#[derive(Clone, Copy)]
pub struct Place {
    pub name: &'static str,
    pub kind: &'static str,
    pub cell: usize,
    pub latitude: i64,
    pub longitude: i64,
}

/// Invented names, by kind.
const PLACES: [(&str, &[&str]); 6] = [
    (
        "clinic",
        &[
            "Klinik am Pegnitzbogen",
            "Onkologische Praxis Lerchenweg",
            "Kinderwunschzentrum Hallertor",
            "Dialysezentrum Rangau",
            "Herzambulanz Wöhrder Ufer",
        ],
    ),
    (
        "psychotherapy",
        &[
            "Tagesklinik Seelenwinkel",
            "Praxis für Psychotherapie Moritz",
        ],
    ),
    (
        "addiction counselling",
        &["Suchtberatung Kompass", "Drogenhilfe Südtor"],
    ),
    (
        "place of worship",
        &[
            "Kirche Zum Guten Anker",
            "Freikirche Morgenlicht",
            "Moschee am Gartenhof",
            "Synagoge am Lindenhain",
            "Buddhistisches Zentrum Stiller Berg",
        ],
    ),
    (
        "party office",
        &[
            "Parteibüro Liste Morgenrot",
            "Parteibüro Bund der Mitte",
            "Parteibüro Wir am Fluss",
        ],
    ),
    ("trade union", &["Gewerkschaftshaus Kohlenhof"]),
];

/// The cells and the sensitive places in them.
pub struct City {
    pub cells: Vec<Cell>,
    pub places: Vec<Place>,
}

/// Metres of one degree of latitude; a degree of longitude at 49.45° north is
/// 0.65 of it. A plane is exact enough for one city.
const METRES_PER_DEGREE: i64 = 111_200;

fn north(metres: i64) -> i64 {
    metres * 1_000_000 / METRES_PER_DEGREE
}

fn east(metres: i64) -> i64 {
    metres * 1_000_000 * 100 / (METRES_PER_DEGREE * 65)
}

impl City {
    pub fn build() -> Self {
        let draw = &mut Draw::for_purpose(Purpose::City);
        let mut cells: Vec<Cell> = Vec::new();
        for (index, district) in DISTRICTS.iter().enumerate() {
            let mut built = 0;
            // Masts keep their distance; where a district is full, they move closer.
            let mut distance = district.radius / 2;
            while built < district.cells {
                let (y, x) = in_disc(draw, district.radius);
                let latitude = district.latitude + north(y);
                let longitude = district.longitude + east(x);
                let crowded = cells
                    .iter()
                    .any(|c| metres_squared(c, latitude, longitude) < distance * distance);
                if crowded {
                    distance -= 1;
                    continue;
                }
                built += 1;
                let central = built <= district.cells / 3;
                cells.push(Cell {
                    id: String::new(),
                    district: index,
                    latitude,
                    longitude,
                    old: draw.percent(20),
                    postcode: draw.pick(district.postcodes),
                    homes: draw.between(2, 9) as u32,
                    jobs: draw.between(1, 5) as u32 * if central { 4 } else { 1 },
                    leisure: draw.between(1, 6) as u32 * if central { 3 } else { 1 },
                });
            }
        }
        // Cell numbers say nothing of where a cell is.
        let mut numbers: Vec<usize> = (101..101 + cells.len()).collect();
        draw.shuffle(&mut numbers);
        for (cell, number) in cells.iter_mut().zip(numbers) {
            cell.id = format!("N{number}");
        }
        let mut places = Vec::new();
        for (kind, names) in PLACES {
            for name in names {
                let cell = draw.below(cells.len());
                let (y, x) = in_disc(draw, 250);
                places.push(Place {
                    name,
                    kind,
                    cell,
                    latitude: cells[cell].latitude + north(y),
                    longitude: cells[cell].longitude + east(x),
                });
            }
        }
        Self { cells, places }
    }

    pub fn home(&self, draw: &mut Draw) -> usize {
        let weight = |c: &Cell| c.homes * DISTRICTS[c.district].homes;
        self.weighted_cell(draw, weight)
    }

    pub fn job(&self, draw: &mut Draw) -> usize {
        let weight = |c: &Cell| c.jobs * DISTRICTS[c.district].jobs;
        self.weighted_cell(draw, weight)
    }

    /// A place to spend free time in: the livelier and the nearer, the likelier.
    pub fn leisure(&self, draw: &mut Draw, from: usize) -> usize {
        let from = &self.cells[from];
        self.weighted_cell(draw, |c| {
            let squared = metres_squared(c, from.latitude, from.longitude);
            let near = 8_000_000 / (squared + 400_000);
            c.leisure * (1 + near as u32 + DISTRICTS[c.district].jobs / 8)
        })
    }

    /// The cell at place number `rank` by distance from `from` (0 is the nearest other cell).
    pub fn neighbour(&self, from: usize, rank: usize) -> usize {
        let (latitude, longitude) = (self.cells[from].latitude, self.cells[from].longitude);
        let mut others: Vec<usize> = (0..self.cells.len()).filter(|&c| c != from).collect();
        others.sort_by_key(|&c| (metres_squared(&self.cells[c], latitude, longitude), c));
        others[rank]
    }

    /// The cell a traveller passes midway.
    pub fn midway(&self, from: usize, to: usize) -> usize {
        let latitude = (self.cells[from].latitude + self.cells[to].latitude) / 2;
        let longitude = (self.cells[from].longitude + self.cells[to].longitude) / 2;
        (0..self.cells.len())
            .min_by_key(|&c| metres_squared(&self.cells[c], latitude, longitude))
            .expect("the city has cells")
    }

    fn weighted_cell(&self, draw: &mut Draw, weight: impl Fn(&Cell) -> u32) -> usize {
        let weights: Vec<u32> = self.cells.iter().map(weight).collect();
        draw.weighted(&weights)
    }
}

/// A position in a disc, in metres from its centre.
fn in_disc(draw: &mut Draw, radius: i64) -> (i64, i64) {
    loop {
        let (y, x) = (draw.between(-radius, radius), draw.between(-radius, radius));
        if y * y + x * x <= radius * radius {
            return (y, x);
        }
    }
}

/// The squared distance of a cell from a position, in square metres.
fn metres_squared(cell: &Cell, latitude: i64, longitude: i64) -> i64 {
    let y = (cell.latitude - latitude) * METRES_PER_DEGREE / 1_000_000;
    let x = (cell.longitude - longitude) * METRES_PER_DEGREE * 65 / 100_000_000;
    y * y + x * x
}
