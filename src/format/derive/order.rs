//! The order of things that stand in several places: as the workbook shows, and otherwise as it was.

use std::collections::{BTreeMap, BTreeSet};

/// Orders `items` so that every one of `sequences` holds, the first ones before later ones that contradict them; where
/// nothing is said, in the order of `base`. What is not in `base` follows what stands before it in a sequence.
pub(super) fn merged(items: &[String], base: &[String], sequences: &[Vec<String>]) -> Vec<String> {
    let known: BTreeSet<&String> = items.iter().collect();
    let mut wish: Vec<&String> = base.iter().filter(|item| known.contains(item)).collect();
    for sequence in sequences.iter().chain(std::iter::once(&items.to_vec())) {
        let sequence: Vec<&String> = sequence.iter().filter_map(|item| known.get(item).copied()).collect();
        for (at, item) in sequence.iter().enumerate() {
            if wish.contains(item) {
                continue;
            }
            let before = sequence.get(..at).and_then(|before| before.last());
            let after = before.and_then(|before| wish.iter().position(|known| known == before));
            wish.insert(after.map_or(wish.len(), |after| after + 1), item);
        }
    }
    let rank: BTreeMap<&String, usize> = wish.iter().enumerate().map(|(at, item)| (*item, at)).collect();
    let mut later: BTreeMap<&String, BTreeSet<&String>> = BTreeMap::new();
    for sequence in sequences {
        let sequence: Vec<&String> = sequence.iter().filter_map(|item| known.get(item).copied()).collect();
        for pair in sequence.windows(2) {
            if let [one, other] = pair
                && one != other
                && !reaches(&later, other, one)
            {
                later.entry(one).or_default().insert(other);
            }
        }
    }
    let mut out: Vec<String> = Vec::new();
    let mut left: BTreeSet<&String> = known;
    while !left.is_empty() {
        let free = left
            .iter()
            .copied()
            .filter(|item| !left.iter().any(|other| later.get(other).is_some_and(|after| after.contains(item))));
        let Some(next) = free.min_by_key(|item| rank.get(item).copied().unwrap_or(usize::MAX)) else { break };
        out.push(next.clone());
        left.remove(next);
    }
    out
}

/// Whether `to` must stand somewhere after `from`.
fn reaches(later: &BTreeMap<&String, BTreeSet<&String>>, from: &String, to: &String) -> bool {
    let mut seen: BTreeSet<&String> = BTreeSet::new();
    let mut open = vec![from];
    while let Some(item) = open.pop() {
        if item == to {
            return true;
        }
        if let Some(after) = later.get(item) {
            open.extend(after.iter().copied().filter(|next| seen.insert(next)));
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order(items: &str, base: &str, sequences: &[&str]) -> String {
        let split = |text: &str| text.chars().map(String::from).collect::<Vec<_>>();
        merged(&split(items), &split(base), &sequences.iter().map(|s| split(s)).collect::<Vec<_>>()).concat()
    }

    #[test]
    fn what_the_workbook_shows_goes_before_what_was() {
        assert_eq!(order("abcd", "abcd", &["ac", "bd"]), "abcd");
        assert_eq!(order("abcd", "abcd", &["ca", "bd"]), "bcad");
        assert_eq!(order("abx", "ab", &["axb"]), "axb");
        assert_eq!(order("ab", "abc", &[]), "ab");
        assert_eq!(order("ab", "ab", &["ba", "ab"]), "ba");
    }
}
