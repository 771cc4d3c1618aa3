//! The inhabitants, and those of them who are subscribers.

use sha2::{Digest, Sha256};

use super::calendar::{DAYS, EARLIER_DAYS};
use super::city::City;
use super::draw::{Draw, Purpose};
use super::names;

/// Inhabitants: the extrapolation factor of 2.8 is this by [`SUBSCRIBERS`].
const INHABITANTS: usize = 5_600;
const SUBSCRIBERS: usize = 2_000;
/// Subscribers who objected to the use of their data ...
const OBJECTORS: usize = 40;
/// ... and those of them whom the naive release forgot to take out.
const FORGOTTEN: usize = 7;

/// Somebody who lives in the city.
#[derive(Clone)]
pub struct Inhabitant {
    pub first_name: &'static str,
    pub surname: &'static str,
    pub gender: &'static str,
    pub age: i64,
    pub birth_year: i64,
    pub home: usize,
    pub household: usize,
}

#[derive(Clone, Copy, PartialEq)]
pub enum Occupation {
    Pupil,
    Student,
    Office,
    /// Early, late and night shifts by turns.
    Shift,
    AtHome,
    Retired,
}

/// An appointment kept every week.
#[derive(Clone, Copy)]
pub struct Habit {
    pub weekday: i64,
    pub minute: i64,
    pub cell: usize,
}

/// An inhabitant with a telephone of the operator.
#[derive(Clone)]
pub struct Subscriber {
    pub inhabitant: usize,
    pub gender: &'static str,
    pub age: i64,
    /// First 16 hexadecimal digits of the unsalted SHA-256 of the telephone
    /// number: looks random, and can be tried for every number there is.
    pub pseudonym: String,
    pub postcode: &'static str,
    pub tariff: usize,
    pub handset: &'static str,
    pub spend: usize,
    pub payment: usize,
    pub objects: bool,
    pub forgotten: bool,

    pub occupation: Occupation,
    pub home: usize,
    /// Workplace, school or campus.
    pub work: usize,
    pub favourites: Vec<usize>,
    /// Minute of the day of getting up on a working day.
    pub wakes: i64,
    /// Evenings out, in per cent.
    pub goes_out: usize,
    pub habit: Option<Habit>,
    /// Working days spent at home, by weekday.
    pub home_office: [bool; 5],
    /// First and last day of an absence from the city.
    pub absences: Vec<(i64, i64)>,
    /// Sightings by the network on an ordinary day.
    pub activity: i64,
    pub smart_home: bool,
}

impl Subscriber {
    pub fn absent(&self, day: i64) -> bool {
        self.absences
            .iter()
            .any(|&(first, last)| (first..=last).contains(&day))
    }

    /// In the naive release?
    pub fn in_naive(&self) -> bool {
        !self.objects || self.forgotten
    }
}

/// All inhabitants, household by household.
pub fn inhabitants(city: &City) -> Vec<Inhabitant> {
    let draw = &mut Draw::for_purpose(Purpose::Population);
    let mut people = Vec::with_capacity(INHABITANTS);
    let mut household = 0;
    while people.len() < INHABITANTS {
        let home = city.home(draw);
        let surname = draw.pick(names::SURNAMES);
        let adult = match draw.weighted(&[26, 30, 24, 20]) {
            0 => draw.between(19, 34),
            1 => draw.between(35, 54),
            2 => draw.between(55, 69),
            _ => draw.between(70, 90),
        };
        let size = match adult {
            ..=25 => 1 + draw.weighted(&[65, 28, 7]),
            26..=54 => 1 + draw.weighted(&[28, 27, 20, 18, 7]),
            _ => 1 + draw.weighted(&[42, 55, 3]),
        };
        let first_gender = draw.below(2);
        for member in 0..size.min(INHABITANTS - people.len()) {
            let age = match member {
                0 => adult,
                1 => (adult + draw.around(0, 4)).max(18),
                // Children, or a grown-up child of older parents.
                _ => (adult - draw.between(24, 36)).clamp(1, 24),
            };
            let gender = match member {
                _ if draw.per_mille(5) => "diverse",
                0 | 1 if (first_gender + member).is_multiple_of(2) => "female",
                0 | 1 => "male",
                _ if draw.percent(50) => "female",
                _ => "male",
            };
            let woman = gender == "female" || (gender == "diverse" && draw.percent(50));
            let own_name = member == 1 && draw.percent(35);
            people.push(Inhabitant {
                first_name: draw.pick(if woman { names::WOMEN } else { names::MEN }),
                surname: if own_name {
                    draw.pick(names::SURNAMES)
                } else {
                    surname
                },
                gender,
                age,
                // Three in four have their birthday still before them on 30 March.
                birth_year: 2026 - age - i64::from(draw.percent(75)),
                home,
                household,
            });
        }
        household += 1;
    }
    people
}

/// The subscribers, in the order of their inhabitants.
pub fn subscribers(city: &City, people: &[Inhabitant]) -> Vec<Subscriber> {
    let draw = &mut Draw::for_purpose(Purpose::Subscribers);
    let chosen = choose(draw, people);
    let mut smart_households = std::collections::BTreeSet::new();
    let mut subscribers: Vec<Subscriber> = chosen
        .into_iter()
        .map(|index| {
            let mut subscriber = subscriber(draw, city, index, &people[index]);
            // One account holder a household.
            subscriber.smart_home = subscriber.age >= 22
                && draw.percent(52)
                && smart_households.insert(people[index].household);
            subscriber
        })
        .collect();
    let mut order: Vec<usize> = (0..subscribers.len()).collect();
    draw.shuffle(&mut order);
    for (rank, &index) in order[..OBJECTORS].iter().enumerate() {
        subscribers[index].objects = true;
        subscribers[index].forgotten = rank < FORGOTTEN;
    }
    subscribers
}

/// Draws whole households first, for families share a contract.
fn choose(draw: &mut Draw, people: &[Inhabitant]) -> Vec<usize> {
    let households = people.last().map_or(0, |p| p.household + 1);
    let mut order: Vec<usize> = (0..households).collect();
    draw.shuffle(&mut order);
    let mut rank = vec![0; households];
    for (position, household) in order.into_iter().enumerate() {
        rank[household] = position;
    }
    let mut candidates: Vec<usize> = (0..people.len()).filter(|&i| people[i].age >= 12).collect();
    candidates.sort_by_key(|&i| (rank[people[i].household], i));
    let mut chosen = Vec::with_capacity(SUBSCRIBERS);
    for index in candidates {
        if chosen.len() < SUBSCRIBERS && draw.percent(75) {
            chosen.push(index);
        }
    }
    chosen.sort_unstable();
    chosen
}

fn subscriber(draw: &mut Draw, city: &City, index: usize, person: &Inhabitant) -> Subscriber {
    use Occupation::{AtHome, Office, Pupil, Retired, Shift, Student};
    let age = person.age;
    let occupation = match age {
        ..=18 => Pupil,
        19..=25 => [Student, Office, Shift, AtHome][draw.weighted(&[45, 35, 12, 8])],
        26..=65 => [Office, Shift, AtHome][draw.weighted(&[72, 13, 15])],
        _ => Retired,
    };
    let work = match occupation {
        Pupil => city.neighbour(person.home, draw.below(6)),
        AtHome | Retired => person.home,
        // The campus is the first cell of the old town.
        Student if draw.percent(70) => 0,
        Student | Office | Shift => city.job(draw),
    };
    let favourites = (0..draw.between(3, 5))
        .map(|_| {
            let from = if draw.percent(70) { person.home } else { work };
            city.leisure(draw, from)
        })
        .collect();
    // Owls and larks: up to an hour and a half either way.
    let chronotype = draw.around(0, 45);
    let wakes = chronotype
        + match occupation {
            Pupil => 390,
            Student => 500,
            AtHome | Retired => 440,
            Office | Shift => 400,
        };
    let place = draw.pick(&city.places);
    let habit = match draw.below(100) {
        0..=8 => Some((
            if place.kind == "place of worship" {
                6
            } else {
                draw.between(0, 4)
            },
            600,
            place.cell,
        )),
        9..=30 => Some((draw.between(0, 4), 1080, city.leisure(draw, person.home))),
        _ => None,
    }
    .map(|(weekday, minute, cell)| Habit {
        weekday,
        minute: minute + draw.around(0, 40),
        cell,
    });
    let mut home_office = [false; 5];
    if occupation == Office && draw.percent(35) {
        home_office = std::array::from_fn(|_| draw.percent(40));
    }
    let mut absences = Vec::new();
    for days in [EARLIER_DAYS, DAYS] {
        if draw.percent(30) {
            let first = draw.between(days.start, days.end - 1);
            absences.push((first, first + draw.between(1, 9)));
        }
    }
    let tariff = match age {
        ..=17 => draw.weighted(&[30, 25, 30, 15, 0, 0]),
        18..=34 => draw.weighted(&[8, 12, 20, 28, 20, 12]),
        35..=64 => draw.weighted(&[10, 8, 28, 30, 16, 8]),
        _ => draw.weighted(&[28, 14, 38, 16, 4, 0]),
    };
    Subscriber {
        inhabitant: index,
        gender: person.gender,
        age,
        pseudonym: pseudonym(draw),
        postcode: city.cells[person.home].postcode,
        tariff,
        handset: handset(draw, age),
        spend: spend(draw, tariff),
        payment: draw.weighted(if age < 35 {
            &[84, 9, 5, 2]
        } else {
            &[91, 6, 2, 1]
        }),
        objects: false,
        forgotten: false,
        occupation,
        home: person.home,
        work,
        favourites,
        wakes,
        goes_out: match age {
            ..=17 => 35,
            18..=34 => 50,
            35..=64 => 33,
            _ => 18,
        },
        habit,
        home_office,
        absences,
        activity: draw.between(7, 12),
        smart_home: false,
    }
}

/// The pseudonym of a telephone number drawn at random; nobody's in particular.
fn pseudonym(draw: &mut Draw) -> String {
    let prefix = draw.pick(&["160", "170", "171", "175"]);
    let number = format!("+49{prefix}{:07}", 1_000_000 + draw.below(9_000_000));
    Sha256::digest(number.as_bytes())
        .iter()
        .take(8)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

pub fn handset(draw: &mut Draw, age: i64) -> &'static str {
    let weights: Vec<u32> = names::HANDSETS
        .iter()
        .map(|&(model, weight)| match model.split(' ').next() {
            Some("Emporia" | "Gigaset" | "Nokia") if age < 65 => weight.min(1),
            Some("Emporia" | "Gigaset" | "Nokia") => weight * 8,
            Some("Apple") if age < 30 => weight * 3 / 2,
            _ => weight,
        })
        .collect();
    names::HANDSETS[draw.weighted(&weights)].0
}

/// The more a tariff includes, the more it costs; with much noise.
fn spend(draw: &mut Draw, tariff: usize) -> usize {
    draw.weighted(match tariff {
        0 => &[40, 35, 18, 5, 2],
        1 => &[15, 40, 30, 10, 5],
        2 => &[3, 38, 36, 15, 8],
        3 => &[1, 18, 43, 25, 13],
        4 => &[0, 8, 30, 38, 24],
        _ => &[0, 2, 16, 40, 42],
    })
}

/// What the earlier release says of a subscriber: some have moved, changed
/// their tariff or bought a new telephone since.
pub fn as_of_earlier(draw: &mut Draw, city: &City, subscriber: &Subscriber) -> Subscriber {
    let mut earlier = subscriber.clone();
    if draw.percent(3) {
        earlier.home = city.home(draw);
        earlier.postcode = city.cells[earlier.home].postcode;
    }
    if draw.percent(4) {
        earlier.tariff = draw.below(4);
    }
    if draw.percent(5) {
        earlier.handset = handset(draw, earlier.age);
    }
    if draw.percent(4) {
        earlier.age -= 1;
    }
    if draw.percent(15) {
        earlier.spend = spend(draw, earlier.tariff);
    }
    earlier
}
