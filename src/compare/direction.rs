//! Which way a statistic gets worse, where no policy says it.

use serde::Serialize;

/// Which way of a value is for the worse.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Worse {
    Higher,
    Lower,
    /// It says how big or how well known something is, not how risky.
    Neither,
}

/// The direction of `measure.statistic`. Most are risks: what is named in neither list is worse where higher.
pub fn worse_of(id: &str) -> Worse {
    if LOWER.contains(&id) {
        Worse::Lower
    } else if NEITHER.contains(&id) {
        Worse::Neither
    } else {
        Worse::Higher
    }
}

/// Sizes of groups to hide in, and what an adversary needs.
const LOWER: &[&str] = &[
    "k-anonymity.k",
    "k-anonymity.average_class_size",
    "k-map.k",
    "joined-tables.k",
    "delta-presence.min",
    "quasi-identifier-subsets.k",
    "quasi-identifier-subsets.smallest_size",
    "unicity.points_needed",
    "unicity.median_candidates",
    "top-places.largest_class",
    "home-work.largest_class",
    "rhythm-uniqueness.smallest_class",
    "trace-k.k",
    "trace-k.longest_shared",
    "trace-k.share_shared",
    "trace-linkage.mean_rank",
    "opt-outs.relinked_p_value",
    "opt-outs.counted_p_value",
    "release-sequence.k_combined",
    "release-sequence.median_candidates",
    "l-diversity.distinct",
    "l-diversity.entropy",
    "small-cells.k",
    "differencing.shortest",
    "differencing.least",
    "membership-inference.noise_consistent",
    "membership-inference.noise_p_value",
    "membership-inference.noise_ratio",
    "reversible-pseudonyms.candidates_left",
    "undeclared-columns.time_step",
];

/// How much there is, how much was looked at, how good an estimate is.
const NEITHER: &[&str] = &[
    "undeclared-columns.examined",
    "undeclared-columns.dependent",
    "k-anonymity.classes",
    "k-map.share_unmatched",
    "individual-risk.population",
    "quasi-identifier-subsets.contribution",
    "quasi-identifier-subsets.largest_size",
    "suda.contribution",
    "suda.largest_size",
    "scaling-law.extrapolation_error",
    "unicity.persons_with_fewer_points",
    "unicity.share_with_fewer_points",
    "unicity-resolution.persons_with_fewer_points",
    "unicity-resolution.decay_exponent",
    "unicity-resolution.decay_level",
    "unicity-resolution.decay_misfit",
    "unicity-population.extrapolation_error",
    "top-places.ties",
    "top-places.persons_with_fewer_places",
    "home-work.persons_without",
    "km-anonymity.itemsets",
    "trace-linkage.map_shift",
    "trace-linkage.map_scale",
    "trace-linkage.clock_shift",
    "trace-linkage.persons_fitted",
    "trace-linkage.persons_compared",
    "trace-linkage.persons_apart",
    "record-linkage.claims",
    "record-linkage.persons_compared",
    "record-linkage.persons_absent",
    "column-linkability.control",
    "opt-outs.relinked_power",
    "opt-outs.counted_power",
    "delta-disclosure.absent_values",
    "small-cells.zeros",
    "small-cells.suppressed",
    "small-cells.inconsistent",
    "differencing.contradictions",
    "suppression-audit.suppressed",
    "suppression-audit.contradictions",
    "suppression-audit.possibly_zero",
    "suppression-audit.disagreeing",
    "declarations.contradicting",
    "membership-inference.counts_explained",
    "trajectory-recovery.staying",
    "trajectory-recovery.variation",
    "reversible-pseudonyms.share_of_space",
    "reversible-pseudonyms.power",
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure;

    #[test]
    fn every_listed_statistic_exists_and_stands_in_one_list() {
        for (at, id) in LOWER.iter().chain(NEITHER).enumerate() {
            assert!(measure::statistic_by_id(id).is_some(), "{id}");
            let others = LOWER.iter().chain(NEITHER).skip(at + 1);
            assert!(!others.into_iter().any(|other| other == id), "{id} twice");
        }
    }

    #[test]
    fn presets_ask_the_way_that_is_written_here() {
        let mut asked = 0;
        for (name, _) in crate::judge::policy::PRESETS {
            let policy = crate::judge::Policy::load(name, &[]).unwrap();
            for require in policy.requirements {
                let expected = match (require.min, require.max) {
                    (Some(_), None) => Worse::Lower,
                    (None, Some(_)) => Worse::Higher,
                    _ => continue,
                };
                assert_eq!(
                    worse_of(&require.statistic),
                    expected,
                    "{}",
                    require.statistic
                );
                asked += 1;
            }
        }
        assert!(asked > 20);
    }
}
