//! The same person found again: two sides of profiles, and the matchers that say who on one side is who
//! on the other.
//!
//! The sought are matched one by one against all of the known. A [`Matcher`] gives each pair a score; a
//! [`Ranked`] says where the true person stands.
//!
//! Records are compared with a register by their columns: those that are equal ([`exact`]), the nearest ones
//! ([`nearest`]) by [`gower`]'s distance or by the weights of [`fellegi_sunter`], and whom an adversary names
//! then ([`records`]). [`column_halves`] brings two sources together that know different columns.
//!
//! Traces whose maps or clocks were shifted are put back first: [`alignment`].
//!
//! Where nothing but counts is known, [`ash`] follows the persons from one count to the next.

pub mod alignment;
pub mod ash;
pub mod assignment;
pub mod co_occurrence;
pub mod column_halves;
pub mod ensemble;
pub mod exact;
pub mod exposure;
pub mod fellegi_sunter;
pub mod gm;
pub mod gower;
pub mod home_work;
pub mod jensen_shannon;
pub mod nearest;
pub mod pois;
pub mod profiles;
pub mod ranking;
pub mod records;
pub mod relinking;
pub mod rotation;
pub mod sides;
pub mod success;
pub mod tfidf_cosine;
pub mod transport;
pub mod wyci;

use crate::language::Said;

pub use profiles::Profiles;
pub use ranking::{Matcher, Ranked, rank_all};
pub use sides::{Gallery, Parted, Side, Sides};
pub use success::Success;

/// A way to match, by the name that manifests and findings use.
pub struct Method {
    pub name: &'static str,
    /// Prepares it for two sides; why it cannot be, otherwise.
    pub prepare: for<'a> fn(&'a Sides<'a>) -> Result<Box<dyn Matcher + 'a>, Said>,
}

/// All of them, in the order of the report.
pub const METHODS: &[Method] = &[
    tfidf_cosine::METHOD,
    jensen_shannon::METHOD,
    co_occurrence::METHOD,
    wyci::METHOD,
    pois::METHOD,
    gm::METHOD,
    home_work::METHOD,
];
