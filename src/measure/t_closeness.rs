//! How far the sensitive values of a class are from those of the whole table.

use rayon::prelude::*;

use super::{Doc, Job, Measure, Outcome, Planning, Statistic, parameter, real};
use crate::encode::sensitive::{Class, Sensitive};
use crate::encode::taxonomy::Taxonomy;
use crate::error::Result;
use crate::finding::{Criterion, Finding, Unit};

pub struct TCloseness;

const ID: &str = "t-closeness";

/// Numbers of more different values are measured on a scale; of fewer they may be codes of categories.
const MANY: usize = 20;

static DOC: Doc = Doc {
    id: ID,
    german: &super::german::t_closeness::PROSE,
    title: "t-closeness",
    criterion: Criterion::Inference,
    question: "How much does knowing somebody's group tell about the sensitive value, beyond what \
               everybody knows of the whole table?",
    adversary: "Knows a person's quasi-identifiers and that the person is in the release; wants the sensitive \
                value, and need not find the record for it.",
    definition: "The distance of a class is the least work that turns the distribution of its sensitive \
                 values into that of the table (earth mover's distance). Equal: all values are equally \
                 far from each other. Ordered: the distance of two values is the number of ranks between \
                 them over the number of values less one, null first; only for numbers and times. \
                 Hierarchical: the distance of two values is the level on which they become one over the \
                 height of the hierarchy; where the manifest names a file for the column. `by_scale`: ordered for \
                 numbers and times with more than 20 different values, where few persons share one, else equal. A table has \
                 t-closeness when no class is further away than t.",
    formula: "equal: ½ Σ_s |q_s − p_s|; ordered: 1/(m−1) Σ_i |Σ_{j≤i} (q_j − p_j)| over the m distinct \
              values in ascending order; hierarchical: 1/(2H) Σ over levels below the root H, Σ over their nodes N, \
              |q_N − p_N|; t = max over classes; t_mean = mean over persons of the \
              greatest over their classes",
    denominator: "Persons. A person who has several values in a class counts once for each of them, in the class \
                  and in the table.",
    nulls: super::OF_KNOWN_AND_SENSITIVE,
    assumptions: &["The distribution in the whole table is no secret worth keeping."],
    limits: &[
        "It compares with the table, not with the population.",
        "Small classes are far from the table by chance alone, by the equal distance the further the more values there \
         are.",
        "Codes of more than 20 categories that are stored as numbers are measured as if they had an order: store them \
         as text.",
    ],
    citations: &[
        "N. Li, T. Li, S. Venkatasubramanian: t-closeness: privacy beyond k-anonymity and ℓ-diversity. \
         ICDE 2007.",
    ],
    validation: "Equal within 1e-9 to a brute-force computation and to a public library on the Adult data, \
                 greatest and mean, equal and ordered; the ordered distance to the textbook sum, and the \
                 hierarchical one to the work as Li et al. count it node by node, on generated classes.",
    table: None,
    settings: &[],
    statistics: &[
        Statistic {
            name: "t",
            title: "Greatest distance of a class",
            of: "classes",
            meaning: |f| {
                format!(
                    "In the most telling group, {} differs from the whole table by {:.3} on a scale \
                     from 0 (nothing is learnt) to 1.",
                    parameter(f, "sensitive"),
                    real(f)
                )
            },
        },
        Statistic {
            name: "t_mean",
            title: "Mean distance of a class",
            of: "persons",
            meaning: |f| {
                format!(
                    "Averaged over all persons, their group differs from the whole table by {:.3}.",
                    real(f)
                )
            },
        },
    ],
};

impl Measure for TCloseness {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn plan(&self, planning: &Planning<'_>) -> Result<Vec<Job>> {
        Ok(planning.distribution_jobs(ID, measure))
    }
}

fn measure(sensitive: &Sensitive, columns: &[String], name: &str) -> Outcome {
    let mut outcome = Outcome::default();
    let mut report = |distance: &str, of: Vec<f64>| {
        let finding = |statistic| {
            Finding::new(ID, statistic, DOC.criterion, Unit::Ratio)
                .columns(columns)
                .parameter("sensitive", name)
                .parameter("distance", distance)
        };
        let greatest = of.iter().copied().fold(0.0, f64::max);
        outcome.findings.push(finding("t").value(greatest));
        if let Some(mean) = sensitive.mean_over_persons(&of) {
            let mut finding = finding("t_mean").value(mean);
            finding.denominator = Some(sensitive.persons());
            outcome.findings.push(finding);
        }
    };
    let shares = sensitive.shares();
    let equal = sensitive.classes().map(|class| equal(&class, &shares));
    let equal: Vec<f64> = equal.collect();
    let ordered = sensitive.ordered.then(|| -> Vec<f64> {
        let ranks = Ranks::new(&sensitive.overall);
        let classes = sensitive.classes();
        classes.map(|class| ranks.distance(&class)).collect()
    });
    let values = sensitive.overall.iter().filter(|persons| **persons > 0);
    let by_scale = ordered.as_ref().filter(|_| values.count() > MANY);
    report("by_scale", by_scale.unwrap_or(&equal).clone());
    report("equal", equal);
    if let Some(ordered) = ordered {
        report("ordered", ordered);
    }
    if let Some(taxonomy) = &sensitive.taxonomy {
        let tree = Tree::new(taxonomy, &shares);
        let distances = sensitive.classes().map(|class| tree.distance(&class));
        report("hierarchical", distances.collect());
    }
    outcome
}

/// The share of the table below each node of a hierarchy.
struct Tree<'a> {
    taxonomy: &'a Taxonomy,
    /// `shares[level][node]`, for the levels below the root.
    shares: Vec<Vec<f64>>,
}

impl<'a> Tree<'a> {
    fn new(taxonomy: &'a Taxonomy, of_codes: &[f64]) -> Self {
        let level = |level| {
            let nodes = taxonomy.level(level);
            let count = nodes.iter().max().map_or(0, |last| *last as usize + 1);
            let mut shares = vec![0.0; count];
            for (node, share) in nodes.iter().zip(of_codes) {
                shares[*node as usize] += share;
            }
            shares
        };
        Self {
            taxonomy,
            shares: (0..taxonomy.height()).map(level).collect(),
        }
    }

    /// Between two leaves there are as many edges up to where they meet as down again, each 1/(2H) long;
    /// over each edge goes what its lower end has more or less than the table.
    fn distance(&self, class: &Class<'_>) -> f64 {
        let total = class.total() as f64;
        let mut sum = 0.0;
        for (level, shares) in self.shares.iter().enumerate() {
            let nodes = self.taxonomy.level(level);
            let pairs = class.values.iter().zip(class.counts);
            let mut mine: Vec<(u32, u64)> = pairs
                .map(|(value, count)| (nodes[*value as usize], *count))
                .collect();
            mine.sort_unstable();
            // The nodes of which the class has nothing are off by their whole share.
            let mut elsewhere = 1.0;
            for same in mine.chunk_by(|a, b| a.0 == b.0) {
                let count: u64 = same.iter().map(|(_, count)| count).sum();
                let share = shares[same[0].0 as usize];
                elsewhere -= share;
                sum += (count as f64 / total - share).abs();
            }
            sum += elsewhere.max(0.0);
        }
        sum / (2 * self.taxonomy.height()) as f64
    }
}

/// Half the sum of all differences is the sum of those above zero, for all of them sum to zero.
fn equal(class: &Class<'_>, shares: &[f64]) -> f64 {
    let total = class.total() as f64;
    let pairs = class.values.iter().zip(class.counts);
    pairs
        .map(|(value, count)| (*count as f64 / total - shares[*value as usize]).max(0.0))
        .sum()
}

/// The distribution of the table along the values that occur, prepared so that a class costs the
/// logarithm of their number for each value it has.
struct Ranks {
    /// The rank of each code among those that occur.
    rank: Vec<usize>,
    /// The share of the table up to each rank.
    cumulated: Vec<f64>,
    /// The sum of `cumulated` before each rank.
    before: Vec<f64>,
}

impl Ranks {
    fn new(overall: &[u64]) -> Self {
        let total: u64 = overall.iter().sum();
        let mut ranks = Self {
            rank: Vec::with_capacity(overall.len()),
            cumulated: Vec::new(),
            before: vec![0.0],
        };
        let (mut seen, mut sum) = (0, 0.0);
        for count in overall {
            ranks.rank.push(ranks.cumulated.len());
            if *count > 0 {
                seen += count;
                let share = seen as f64 / total as f64;
                sum += share;
                ranks.cumulated.push(share);
                ranks.before.push(sum);
            }
        }
        ranks
    }

    fn distance(&self, class: &Class<'_>) -> f64 {
        let values = self.cumulated.len();
        if values < 2 {
            return 0.0;
        }
        let total = class.total() as f64;
        let (mut seen, mut from, mut sum) = (0, 0, 0.0);
        for (value, count) in class.values.iter().zip(class.counts) {
            let rank = self.rank[*value as usize];
            sum += self.between(from..rank, seen as f64 / total);
            seen += count;
            from = rank;
        }
        (sum + self.between(from..values, 1.0)) / (values as f64 - 1.0)
    }

    /// Σ |share − cumulated| over ranks between which the class has a constant cumulated share.
    fn between(&self, ranks: std::ops::Range<usize>, share: f64) -> f64 {
        let below = self.cumulated[ranks.clone()].partition_point(|table| *table <= share);
        let middle = ranks.start + below;
        let under = below as f64 * share - (self.before[middle] - self.before[ranks.start]);
        let over =
            (self.before[ranks.end] - self.before[middle]) - (ranks.end - middle) as f64 * share;
        under + over
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The example of Li et al. 2007, section 4: salaries 3 to 11 (thousand), classes {3, 4, 5} and
    /// {6, 8, 11}.
    #[test]
    fn the_paper_s_example() {
        let rest: &[(u32, u64)] = &[(4, 1), (6, 1), (7, 1)];
        let sensitive = Sensitive::example(
            &[&[(0, 1), (1, 1), (2, 1)], &[(3, 1), (5, 1), (8, 1)], rest],
            true,
        );
        let ranks = Ranks::new(&sensitive.overall);
        let distances: Vec<f64> = sensitive
            .classes()
            .map(|class| ranks.distance(&class))
            .collect();
        assert!((distances[0] - 0.375).abs() < 1e-12);
        assert!(
            (distances[1] - 1.0 / 6.0).abs() < 1e-12,
            "0.167 in the paper"
        );
    }

    /// The work as Li et al. 2007, section 4.3, count it: at each node the lesser of what its children
    /// have too much and too little, times its height over that of the root.
    fn by_the_paper(taxonomy: &Taxonomy, extra: &[f64]) -> f64 {
        let height = taxonomy.height();
        let mut work = 0.0;
        for level in 1..=height {
            let mut children = std::collections::BTreeMap::new();
            for (code, extra) in extra.iter().enumerate() {
                let pair = (taxonomy.level(level)[code], taxonomy.level(level - 1)[code]);
                *children.entry(pair).or_insert(0.0) += extra;
            }
            let mut of_node = std::collections::BTreeMap::new();
            for ((node, _), extra) in children {
                let (more, less) = of_node.entry(node).or_insert((0.0, 0.0));
                *(if extra > 0.0 { more } else { less }) += f64::abs(extra);
            }
            let least = of_node
                .values()
                .map(|(more, less): &(f64, f64)| more.min(*less));
            work += level as f64 / height as f64 * least.sum::<f64>();
        }
        work
    }

    proptest! {
        #[test]
        fn hierarchical_distances_are_those_of_the_paper(
            cells in prop::collection::vec((0u32..3, 0u32..8, 1u64..6), 1..30),
        ) {
            let taxonomy = Taxonomy::example(vec![
                (0..8).collect(),
                vec![0, 0, 0, 1, 1, 2, 3, 3],
                vec![0, 0, 0, 0, 0, 1, 1, 1],
                vec![0; 8],
            ]);
            let mut classes = vec![std::collections::BTreeMap::new(); 3];
            for (class, value, count) in cells {
                *classes[class as usize].entry(value).or_insert(0) += count;
            }
            // Every value occurs, so that the codes are those of the hierarchy.
            classes.push((0..8).map(|value| (value, 1)).collect());
            classes.retain(|class| !class.is_empty());
            let listed: Vec<Vec<_>> = classes.iter().map(|c| c.iter().map(|(v, n)| (*v, *n)).collect()).collect();
            let slices: Vec<&[(u32, u64)]> = listed.iter().map(Vec::as_slice).collect();
            let sensitive = Sensitive::example(&slices, false);
            let shares = sensitive.shares();
            let tree = Tree::new(&taxonomy, &shares);
            let fast: Vec<f64> = sensitive.classes().map(|class| tree.distance(&class)).collect();
            for (class, fast) in classes.iter().zip(fast) {
                let total: u64 = class.values().sum();
                let share = |value: u32| *class.get(&value).unwrap_or(&0) as f64 / total as f64;
                let extra: Vec<f64> = (0..8).map(|value| share(value) - shares[value as usize]).collect();
                prop_assert!((fast - by_the_paper(&taxonomy, &extra)).abs() < 1e-12);
            }
        }
    }

    proptest! {
        #[test]
        fn distances_are_the_textbook_sums(
            cells in prop::collection::vec((0u32..4, 0u32..9, 1u64..6), 1..40),
        ) {
            let mut classes = vec![std::collections::BTreeMap::new(); 4];
            for (class, value, count) in cells {
                *classes[class as usize].entry(value).or_insert(0) += count;
            }
            classes.retain(|class| !class.is_empty());
            let listed: Vec<Vec<_>> = classes.iter().map(|c| c.iter().map(|(v, n)| (*v, *n)).collect()).collect();
            let slices: Vec<&[(u32, u64)]> = listed.iter().map(Vec::as_slice).collect();
            let sensitive = Sensitive::example(&slices, true);
            let shares = sensitive.shares();
            let ranks = Ranks::new(&sensitive.overall);
            let fast: Vec<(f64, f64)> = sensitive
                .classes()
                .map(|class| (equal(&class, &shares), ranks.distance(&class)))
                .collect();
            for (class, (fast_equal, fast_ordered)) in classes.iter().zip(fast) {
                let total: u64 = class.values().sum();
                let present = (0..shares.len()).filter(|v| shares[*v] > 0.0);
                let gaps: Vec<f64> = present
                    .map(|v| *class.get(&(v as u32)).unwrap_or(&0) as f64 / total as f64 - shares[v])
                    .collect();
                let slow_equal = gaps.iter().map(|gap| gap.abs()).sum::<f64>() / 2.0;
                let mut sum = 0.0;
                let cumulated: f64 = gaps.iter().map(|gap| { sum += gap; sum.abs() }).sum();
                let slow_ordered = cumulated / (gaps.len() as f64 - 1.0).max(1.0);
                prop_assert!((fast_equal - slow_equal).abs() < 1e-12);
                prop_assert!((fast_ordered - slow_ordered).abs() < 1e-12);
            }
        }
    }
}
