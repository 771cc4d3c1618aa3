use super::*;
use crate::form::{of_numbers, of_texts};
use data_encoding::HEXLOWER;

/// A small generator of its own: what it draws is no part of the search.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        let mixed = (self.0 ^ self.0 >> 32).wrapping_mul(0xd6e8_feb8_6659_fd93);
        mixed ^ mixed >> 32
    }

    fn below(&mut self, bound: u64) -> u64 {
        ((u128::from(self.next()) * u128::from(bound)) >> 64) as u64
    }
}

fn keys(seed: u64) -> impl Fn(u64) -> [u64; 4] {
    move |space| {
        let mut random = Random(seed * 1_000 + space);
        std::array::from_fn(|_| random.next())
    }
}

fn searched(pseudonyms: &[Vec<u8>], spaces: &[Space], budget: u64) -> Searched {
    let sets = of_texts(pseudonyms);
    search(&sets, spaces, Budget::Digests(budget), &keys(1), &())
}

/// Identifiers of a space by chance.
fn drawn(space: &Space, count: usize, spelling: usize, seed: u64) -> Vec<Vec<u8>> {
    let mut random = Random(seed);
    let mut numbers = BTreeSet::new();
    while numbers.len() < count {
        numbers.insert(random.below(space.size()));
    }
    let text = |number| {
        let mut text = Vec::new();
        space.write(number, spelling, &mut text);
        text
    };
    numbers.into_iter().map(text).collect()
}

fn hashed(recipe: Recipe, texts: &[Vec<u8>], digits: usize) -> Vec<Vec<u8>> {
    let of =
        |text: &Vec<u8>| HEXLOWER.encode(recipe.digest(text).bytes()).as_bytes()[..digits].to_vec();
    texts.iter().map(of).collect()
}

fn all_met(searched: &Searched) -> BTreeSet<u32> {
    let found = searched.found.iter();
    found
        .flat_map(|at| searched.combinations[*at].met.iter().copied())
        .collect()
}

#[test]
fn every_function_is_found_whole_and_cut() {
    let space = Space::postcodes().remove(0);
    let texts = drawn(&space, 200, 0, 5);
    for function in Function::ALL {
        let digits = function.bits() as usize / 4;
        for digits in [digits, digits.min(20)] {
            let pseudonyms = hashed(Recipe::plain(function), &texts, digits);
            let searched = searched(&pseudonyms, std::slice::from_ref(&space), 40_000_000);
            let found: Vec<_> = searched
                .found
                .iter()
                .map(|at| &searched.combinations[*at])
                .collect();
            assert_eq!(found.len(), 1, "{} {digits}", function.as_str());
            assert_eq!(
                (found[0].recipe, found[0].spelling),
                (Recipe::plain(function), 0)
            );
            assert_eq!((found[0].tried, found[0].met.len()), (100_000, 200));
        }
    }
}

#[test]
fn digests_of_digests_are_found() {
    let space = Space::dates();
    let texts = drawn(&space, 100, 0, 6);
    for function in [
        Function::Sha256,
        Function::Md5,
        Function::Sha1,
        Function::Sha512,
    ] {
        for of in [
            Of::Hex(function),
            Of::HexUpper(function),
            Of::Bytes(function),
            Of::Hex(Function::Md5),
            Of::Hex(Function::Sha1),
            Of::Hex(Function::Sha256),
        ] {
            let recipe = Recipe { function, of };
            let pseudonyms = hashed(recipe, &texts, function.bits() as usize / 4);
            let searched = searched(&pseudonyms, std::slice::from_ref(&space), 400_000_000);
            assert_eq!(all_met(&searched).len(), 100, "{}", recipe.name());
        }
    }
}

/// Every space in every usual spelling: of few pseudonyms at least one is met, with the power that is stated.
#[test]
fn every_space_and_spelling_is_found() {
    for space in Space::all() {
        for spelling in 0..space.usual {
            let texts = drawn(&space, 100_000.min(space.size() as usize / 2), spelling, 7);
            let pseudonyms = hashed(Recipe::plain(Function::Md5), &texts, 32);
            let sets = of_texts(&pseudonyms);
            let one = [space.clone()];
            // One search in twenty meets none, as its power says; of four hardly all.
            let searches =
                (3..7).map(|key| search(&sets, &one, Budget::Digests(1 << 23), &keys(key), &()));
            let mut that_found = searches.filter(|searched| !searched.found.is_empty());
            let what = (space.kind, space.region, spelling);
            let Some(searched) = that_found.next() else {
                panic!("{what:?}");
            };
            // Dates such as 01.02.1999 may be written alike in several ways.
            let recipes = searched
                .found
                .iter()
                .map(|at| searched.combinations[*at].recipe);
            assert_eq!(recipes.collect::<BTreeSet<_>>().len(), 1, "{what:?}");
        }
    }
}

#[test]
fn text_that_was_changed_before_it_was_hashed() {
    let space = Space::dates();
    let texts = drawn(&space, 100, 0, 8);
    let line = |text: &Vec<u8>| [text.as_slice(), b"\n"].concat();
    let wide = |text: &Vec<u8>| text.iter().flat_map(|c| [*c, 0]).collect();
    for texts in [
        texts.iter().map(line).collect::<Vec<_>>(),
        texts.iter().map(wide).collect(),
    ] {
        let pseudonyms = hashed(Recipe::plain(Function::Sha256), &texts, 64);
        let searched = searched(&pseudonyms, std::slice::from_ref(&space), 400_000_000);
        assert_eq!(all_met(&searched).len(), 100);
    }
}

/// Running numbers come first, and once some are found, all of them are.
#[test]
fn running_numbers_are_found_to_the_last() {
    for (from, to, width) in [
        (1, 3_000, 0),
        (4_000_001, 4_000_400, 10),
        (12_345, 12_400, 7),
    ] {
        let texts: Vec<Vec<u8>> = (from..to)
            .map(|n| format!("{n:0width$}").into_bytes())
            .collect();
        let pseudonyms = hashed(Recipe::plain(Function::Sha256), &texts, 64);
        let searched = searched(&pseudonyms, &Space::all(), 4_000_000_000);
        let met = all_met(&searched).len();
        if width < 10 {
            assert_eq!(met, texts.len(), "{from} {width}");
        }
        assert!(met > 0);
        assert!(searched.spent < 1 << 30, "{}", searched.spent);
    }
}

/// Two forms in one column, of one function each: both are computed back, whatever stands beside them.
#[test]
fn mixtures_are_computed_back() {
    let (dates, codes) = (Space::dates(), Space::postcodes().remove(0));
    let mut pseudonyms = hashed(
        Recipe::plain(Function::Sha256),
        &drawn(&dates, 150, 0, 9),
        64,
    );
    pseudonyms.extend(hashed(
        Recipe::plain(Function::Md5),
        &drawn(&codes, 150, 0, 10),
        32,
    ));
    pseudonyms.push(b"unknown".to_vec());
    let searched = searched(&pseudonyms, &[dates, codes], 1 << 30);
    assert_eq!(all_met(&searched).len(), 300);
}

#[test]
fn numbers_are_digests_too() {
    let space = Space::dates();
    let texts = drawn(&space, 200, 0, 11);
    let begin = |f: Function, text: &Vec<u8>| crate::targets::begin(f.digest(text).bytes());
    for (function, shift) in [
        (Function::Crc32, 32),
        (Function::Xxh64, 0),
        (Function::Sha256, 0),
        (Function::Md5, 1),
        (Function::Fnv64, 0),
        (Function::Murmur3Spark, 32),
    ] {
        let number = |text: &Vec<u8>| match shift {
            32 => i64::from((begin(function, text) >> 32) as i32),
            shift => (begin(function, text) >> shift) as i64,
        };
        let numbers: BTreeSet<i64> = texts.iter().map(number).collect();
        let numbers: Vec<i64> = numbers.into_iter().collect();
        let sets = of_numbers(&numbers);
        let one = std::slice::from_ref(&space);
        let searched = search(&sets, one, Budget::Digests(1 << 30), &keys(4), &());
        assert_eq!(all_met(&searched).len(), 200, "{}", function.as_str());
        // Of whole numbers no power is asked: most are no digests.
        assert!(searched.powers().is_empty());
    }
}

/// The stated power is kept: of columns made from a space that is too large to be tried whole, as many are found.
#[test]
fn at_least_as_many_columns_are_found_as_the_power_says() {
    let space = &Space::mobile_numbers("CH")[0];
    let one = std::slice::from_ref(space);
    let (mut found, mut stated) = (0, 0.0);
    for trial in 0..60u64 {
        // Numbers of one block that follow each other as well as numbers by chance.
        let spelling = (trial % space.usual as u64) as usize;
        let texts: Vec<Vec<u8>> = match trial % 2 {
            0 => drawn(space, 500, spelling, trial + 20),
            _ => (0..500)
                .map(|n| {
                    let mut text = Vec::new();
                    space.write(20_000_000 + trial * 1_000 + n, spelling, &mut text);
                    text
                })
                .collect(),
        };
        let pseudonyms = hashed(Recipe::plain(Function::Md5), &texts, 32);
        let sets = of_texts(&pseudonyms);
        // Too little for the power that is asked.
        let searched = search(&sets, one, Budget::Digests(1 << 19), &keys(trial), &());
        let hit = searched
            .combinations
            .iter()
            .filter(|one| one.required && one.spelling == spelling);
        let hit: Vec<_> = hit
            .filter(|one| one.recipe == Recipe::plain(Function::Md5))
            .collect();
        assert_eq!(hit.len(), 1);
        let tried = hit[0].tried.min(1 << 19);
        stated += hit[0].sight.power(tried);
        found += u64::from(!hit[0].met.is_empty());
        let least = searched.powers();
        assert!(least.iter().all(|power| power.power < TARGET));
        assert!(searched.needed.unwrap() > 1 << 19);
    }
    let off = (found as f64 - stated).abs();
    assert!(off < 4.0 * (stated.max(1.0)).sqrt(), "{found} of {stated}");
}

/// With the budget that a search says it needs, it has the power that is asked.
#[test]
fn what_is_needed_is_enough() {
    let mut random = Random(12);
    let mut hex = |count: usize, digits: usize| -> Vec<Vec<u8>> {
        let one = |_| {
            (0..digits)
                .map(|_| b"0123456789abcdef"[random.below(16) as usize])
                .collect()
        };
        (0..count).map(one).collect()
    };
    let spaces = [
        Space::numbers().remove(5),
        Space::dates(),
        Space::mobile_numbers("NO").remove(0),
    ];
    for (count, digits) in [(40, 64), (300, 32), (2_000, 10), (2_000, 40)] {
        let pseudonyms = hex(count, digits);
        let needed = searched(&pseudonyms, &spaces, 0).needed.unwrap();
        let enough = searched(&pseudonyms, &spaces, needed);
        assert!(
            enough.powers().iter().all(|power| power.power >= TARGET),
            "{:?}",
            enough.powers()
        );
        assert!(enough.found.is_empty());
        let less = searched(&pseudonyms, &spaces, needed / 3);
        assert!(less.powers().iter().any(|power| power.power < TARGET));
    }
    // Three of 32 bits may all be met by chance: no number of digests is enough.
    assert_eq!(
        searched(&hex(3, 8), &Space::mobile_numbers("DE"), 0).needed,
        None
    );
}

/// Random pseudonyms are nobody's digests, whatever their form, in 48 searches.
#[test]
fn random_pseudonyms_do_not_fall() {
    let spaces = [
        Space::postcodes().remove(0),
        Space::dates(),
        Space::mobile_numbers("NO").remove(0),
    ];
    let mut met_by_chance = 0;
    for seed in 0..48u64 {
        let mut random = Random(seed + 1_000);
        let digits = [8, 8, 10, 16, 32, 40, 64, 128][seed as usize % 8];
        let mut pseudonym = || -> Vec<u8> {
            (0..digits)
                .map(|_| b"0123456789abcdef"[random.below(16) as usize])
                .collect()
        };
        let pseudonyms: BTreeSet<Vec<u8>> = (0..2_000).map(|_| pseudonym()).collect();
        let pseudonyms: Vec<Vec<u8>> = pseudonyms.into_iter().collect();
        let sets = of_texts(&pseudonyms);
        let searched = search(&sets, &spaces, Budget::Digests(4_000_000), &keys(seed), &());
        assert!(searched.found.is_empty(), "{seed}");
        met_by_chance += searched
            .combinations
            .iter()
            .filter(|one| !one.met.is_empty())
            .count();
    }
    assert!(
        met_by_chance > 0,
        "chance meets some of 32 bits, and they are not taken for more"
    );
}

#[test]
fn no_more_than_the_budget_is_tried_and_the_same_by_any_threads() {
    let texts = drawn(&Space::mobile_numbers("DE")[0], 300, 0, 13);
    let pseudonyms = hashed(Recipe::plain(Function::Sha1), &texts, 40);
    let spaces = Space::all();
    for budget in [0, 10, 1_000, 100_000, 3_000_000] {
        let by = |threads| {
            let pool = rayon::ThreadPoolBuilder::new()
                .num_threads(threads)
                .build()
                .unwrap();
            pool.install(|| searched(&pseudonyms, &spaces, budget))
        };
        let (one, three) = (by(1), by(3));
        let of = |searched: &Searched| {
            let all = searched.combinations.iter();
            all.map(|one| (one.tried, one.met.clone()))
                .collect::<Vec<_>>()
        };
        assert_eq!(of(&one), of(&three));
        let spent: u64 = one
            .combinations
            .iter()
            .map(|one| one.tried * one.recipe.cost())
            .sum();
        assert!(spent <= budget && spent == one.spent, "{spent} of {budget}");
    }
}

/// One value that could be a short digest costs the others nothing.
#[test]
fn an_odd_value_does_not_spend_what_the_others_need() {
    let space = Space::dates();
    let mut pseudonyms = hashed(
        Recipe::plain(Function::Sha256),
        &drawn(&space, 400, 0, 14),
        64,
    );
    let alone = searched(&pseudonyms, &Space::all(), 0).needed.unwrap();
    pseudonyms.push(b"12ab34cd".to_vec());
    let together = searched(&pseudonyms, &Space::all(), 0).needed.unwrap();
    assert!(
        together <= alone + alone / 100,
        "{together} instead of {alone}"
    );
}

/// Days are tried with functions in less use as well, and with the beginnings of their digests.
#[test]
fn dates_are_found_by_functions_in_less_use() {
    let space = Space::dates();
    let texts = drawn(&space, 20_000, 1, 15);
    for (function, digits) in [(Function::Sha512, 30), (Function::Blake3, 64)] {
        let pseudonyms = hashed(Recipe::plain(function), &texts, digits);
        let searched = searched(&pseudonyms, &Space::all(), 100_000_000);
        assert_eq!(all_met(&searched).len(), 20_000, "{}", function.as_str());
    }
}
