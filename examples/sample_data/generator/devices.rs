//! Events of smart-home devices, which give away who is up and who is out.

use super::calendar::{DAY, DAYS, Minute, instant};
use super::diary::{Diary, Doing};
use super::draw::Draw;
use super::people::Subscriber;

pub const KINDS: [&str; 6] = [
    "door",
    "light",
    "heating",
    "washing machine",
    "television",
    "coffee machine",
];
const DOOR: usize = 0;
const LIGHT: usize = 1;
const HEATING: usize = 2;
const WASHING: usize = 3;
const TELEVISION: usize = 4;
const COFFEE: usize = 5;

/// One event of one device.
pub struct DeviceEvent {
    pub who: usize,
    /// Seconds since 1970.
    pub at: i64,
    pub kind: usize,
    pub state: &'static str,
    /// Index of the device within its home.
    pub device: usize,
}

/// The devices of one home, by kind.
pub struct Home {
    addresses: Vec<(usize, String)>,
}

impl Home {
    /// Every home has a door, lights and heating; the rest by chance.
    pub fn furnish(draw: &mut Draw) -> Self {
        let mut kinds = vec![DOOR, LIGHT, LIGHT, HEATING];
        for (kind, percent) in [(WASHING, 65), (TELEVISION, 75), (COFFEE, 55)] {
            if draw.percent(percent) {
                kinds.push(kind);
            }
        }
        let addresses = kinds
            .into_iter()
            .map(|kind| (kind, mac_address(draw)))
            .collect();
        Self { addresses }
    }

    pub fn address(&self, device: usize) -> &str {
        &self.addresses[device].1
    }

    fn has(&self, kind: usize) -> bool {
        self.addresses.iter().any(|&(k, _)| k == kind)
    }

    fn device(&self, draw: &mut Draw, kind: usize) -> usize {
        let devices: Vec<usize> = (0..self.addresses.len())
            .filter(|&d| self.addresses[d].0 == kind)
            .collect();
        draw.pick(&devices)
    }
}

/// Begins with 02: locally administered, so that it is nobody's device.
fn mac_address(draw: &mut Draw) -> String {
    let b = draw.bits().to_le_bytes();
    format!(
        "02:{:02x}:{:02x}:{:02x}:{:02x}:{:02x}",
        b[0], b[1], b[2], b[3], b[4]
    )
}

/// The events of one home in the four weeks, in order of time.
pub fn events(
    draw: &mut Draw,
    (index, who): (usize, &Subscriber),
    home: &Home,
    diary: &Diary,
) -> Vec<DeviceEvent> {
    let mut log: Vec<(Minute, usize, &'static str)> = Vec::new();
    for stay in diary.stays.iter().filter(|s| s.doing == Doing::AtHome) {
        log.push((stay.from, DOOR, "unlocked"));
        log.push((stay.to - 1, DOOR, "locked"));
    }
    for day in DAYS {
        let start = day * DAY;
        let wakes = start + who.wakes + draw.around(0, 20);
        let sleeps = wakes + 960 + draw.around(0, 30);
        let mut pair = |draw: &mut Draw, kind, from, minutes, states: [&'static str; 2]| {
            log.push((from, kind, states[0]));
            log.push((from + minutes + draw.around(0, 8), kind, states[1]));
        };
        pair(draw, LIGHT, wakes, 45, ["on", "off"]);
        pair(draw, HEATING, wakes - 20, 990, ["comfort", "eco"]);
        let dusk = (start + 1120 + draw.around(0, 30)).min(sleeps - 30);
        pair(draw, LIGHT, dusk, sleeps - dusk, ["on", "off"]);
        if home.has(COFFEE) && draw.percent(90) {
            pair(draw, COFFEE, wakes + 10, 25, ["on", "off"]);
        }
        if home.has(TELEVISION) && draw.percent(75) {
            let on = start + 1180 + draw.around(0, 35);
            let minutes = draw.between(40, 180);
            pair(draw, TELEVISION, on, minutes, ["on", "off"]);
        }
        if home.has(WASHING) && draw.percent(26) {
            let begins = wakes + draw.between(60, 700);
            pair(draw, WASHING, begins, 110, ["started", "finished"]);
        }
    }
    log.retain(|&(minute, _, _)| {
        let (first, last) = (DAYS.start * DAY + 1, DAYS.end * DAY - 1);
        // An empty home is a quiet home.
        (first..last).contains(&minute)
            && diary
                .at(minute)
                .is_some_and(|stay| stay.doing == Doing::AtHome)
    });
    log.sort_unstable();
    log.into_iter()
        .map(|(minute, kind, state)| DeviceEvent {
            who: index,
            at: instant(minute, draw.between(0, 59)),
            kind,
            state,
            device: home.device(draw, kind),
        })
        .collect()
}
