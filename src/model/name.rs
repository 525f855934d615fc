//! Names of people's making: comparing them without guessing.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The form in which names are compared: lower case, without accents, with every run of anything that is not
/// a letter or digit as one space, and without a leading article (`het oude noorden` = `Oude-Noorden`).
#[must_use]
pub fn normalise(text: &str) -> String {
    // Nearly all names are plain ASCII, of which nothing is decomposed; this is asked for every cell of text.
    if text.is_ascii() {
        simplified(text.len(), text.chars().map(|c| c.to_ascii_lowercase()))
    } else {
        simplified(text.len(), text.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase))
    }
}

/// Letters and digits with single spaces between them, without a leading article.
fn simplified(length: usize, chars: impl Iterator<Item = char>) -> String {
    let mut out = String::with_capacity(length);
    for c in chars {
        if c.is_alphanumeric() {
            out.push(c);
        } else if !matches!(c, '\'' | '’' | '`') && !out.ends_with(' ') && !out.is_empty() {
            out.push(' ');
        }
    }
    out.truncate(out.trim_end().len());
    for article in ["het ", "de ", "t "] {
        if let Some(rest) = out.strip_prefix(article) {
            return rest.to_owned();
        }
    }
    out
}

/// At most three of `candidates` that look most like `wanted`, best first, for 'bedoelt u ...'. Empty when
/// nothing looks like it (similarity below 0.6 on normalised names).
#[must_use]
pub fn nearest<'a>(wanted: &str, candidates: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    /// Least similarity that is worth a suggestion.
    const LIKE: f64 = 0.6;
    let wanted = normalise(wanted);
    let length = wanted.chars().count();
    let mut scored: Vec<(f64, &str)> = candidates
        .into_iter()
        .map(|candidate| {
            let other = normalise(candidate);
            let score = if !wanted.is_empty() && (other.contains(&wanted) || wanted.contains(&other)) {
                0.9
            } else if may_be_like(length, other.chars().count()) {
                strsim::normalized_damerau_levenshtein(&wanted, &other)
            } else {
                0.0
            };
            (score, candidate)
        })
        .filter(|(score, candidate)| *score >= LIKE && !candidate.is_empty())
        .collect();
    scored.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(b.1)));
    scored.dedup_by(|a, b| a.1 == b.1);
    scored.into_iter().take(3).map(|(_, name)| name.to_owned()).collect()
}

/// False when the lengths alone make a similarity of 0.6 impossible: more than 0.4 of the longer one would have to be
/// added. Saves measuring most pairs.
fn may_be_like(one: usize, other: usize) -> bool {
    one.abs_diff(other) * 10 <= one.max(other) * 4
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_wijk_are_one_name() {
        for spelling in ["oude noorden", "Het Oude Noorden", "Oude-Noorden", " OUDE  NOORDEN "] {
            assert_eq!(normalise(spelling), "oude noorden");
        }
        assert_eq!(normalise("'s-Gravenland"), normalise("s-Gravenland"));
        assert_eq!(normalise("Geïndiceerd"), "geindiceerd");
    }

    #[test]
    fn a_name_in_plain_letters_and_one_with_accents_follow_the_same_rules() {
        for (plain, accented) in
            [("  Het Cafe--Plein ", "  Het Café--Plein "), ("DE  'S-idee", "DE  ’S-idéé"), ("t", "t\u{301}")]
        {
            assert_eq!(normalise(plain), normalise(accented), "{plain}");
        }
    }

    #[test]
    fn names_of_other_lengths_are_left_out_only_when_they_cannot_be_alike() {
        for (one, other) in [("abcdef", "abcdefghij"), ("abcde", "abcdefghij"), ("abc", "abcde"), ("ab", "abcd")] {
            let like = strsim::normalized_damerau_levenshtein(one, other) >= 0.6;
            assert!(!like || may_be_like(one.len(), other.len()), "{one} {other}");
        }
        assert!(may_be_like(6, 10) && !may_be_like(5, 10));
    }

    #[test]
    fn a_near_miss_gets_the_nearest_names() {
        let names = ["Bospolder", "Bloemhof", "Oude Noorden", "Oude Westen"];
        assert_eq!(nearest("Bospoldr", names), ["Bospolder"]);
        assert_eq!(nearest("Noorden", names), ["Oude Noorden"]);
        assert!(nearest("Zwolle", names).is_empty());
    }
}
