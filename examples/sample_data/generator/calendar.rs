//! The days of the sample data, and local time in Europe/Berlin.
//!
//! People live by local time, tables hold UTC. The only change of offset in the
//! period is the start of summer time on 29 March 2026.

/// Seconds from 1970-01-01 to Monday 2026-03-02, 00:00 UTC.
const FIRST_DAY: i64 = 1_772_409_600;
/// Summer time starts on day 27 (Sunday 29 March) at 02:00 local time.
const SUMMER_TIME: Minute = 27 * DAY + 120;

/// Minutes of local wall-clock time since Monday 2026-03-02, 00:00. Days before
/// that have negative minutes.
pub type Minute = i64;
/// Minutes of a day.
pub const DAY: Minute = 1440;
/// The release covers four weeks.
pub const DAYS: std::ops::Range<i64> = 0..28;
/// The earlier release covers the two weeks before.
pub const EARLIER_DAYS: std::ops::Range<i64> = -14..0;
/// ISO week of day 0.
const FIRST_WEEK: i64 = 10;

/// The UTC instant, in seconds since 1970, of `second` past local `minute`.
pub fn instant(minute: Minute, second: i64) -> i64 {
    let offset = if minute < SUMMER_TIME { 3600 } else { 7200 };
    // The hour from 02:00 to 03:00 does not exist on 29 March. Whoever is awake
    // then lives through it by the old offset, an hour earlier in UTC.
    let lost_hour = (SUMMER_TIME..SUMMER_TIME + 60).contains(&minute);
    let offset = if lost_hour { 3600 } else { offset };
    FIRST_DAY + minute * 60 + second - offset
}

/// The local day (0 is Monday 2 March) and hour of an instant.
pub fn local_day_hour(instant: i64) -> (i64, i64) {
    let winter = instant - FIRST_DAY + 3600;
    let local = if winter < SUMMER_TIME * 60 {
        winter
    } else {
        winter + 3600
    };
    (
        local.div_euclid(86_400),
        local.rem_euclid(86_400).div_euclid(3600),
    )
}

/// 0 is Monday, 6 is Sunday.
pub fn weekday(day: i64) -> i64 {
    day.rem_euclid(7)
}

/// The ISO week of a day.
pub fn week(day: i64) -> i64 {
    FIRST_WEEK + day.div_euclid(7)
}
