//! Names of people's making: comparing them without guessing.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The form in which names are compared: lower case, without accents, with every run of anything that is not
/// a letter or digit as one space, and without a leading article (`het oude noorden` = `Oude-Noorden`).
#[must_use]
pub fn normalise(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase) {
        if c.is_alphanumeric() {
            out.push(c);
        } else if !matches!(c, '\'' | '’' | '`') && !out.ends_with(' ') && !out.is_empty() {
            out.push(' ');
        }
    }
    let trimmed = out.trim();
    for article in ["het ", "de ", "t "] {
        if let Some(rest) = trimmed.strip_prefix(article) {
            return rest.to_owned();
        }
    }
    trimmed.to_owned()
}

/// At most three of `candidates` that look most like `wanted`, best first, for 'bedoelt u ...'. Empty when
/// nothing looks like it (similarity below 0.6 on normalised names).
#[must_use]
pub fn nearest<'a>(wanted: &str, candidates: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let wanted = normalise(wanted);
    let mut scored: Vec<(f64, &str)> = candidates
        .into_iter()
        .map(|candidate| {
            let other = normalise(candidate);
            let score = if !wanted.is_empty() && (other.contains(&wanted) || wanted.contains(&other)) {
                0.9
            } else {
                strsim::normalized_damerau_levenshtein(&wanted, &other)
            };
            (score, candidate)
        })
        .filter(|(score, candidate)| *score >= 0.6 && !candidate.is_empty())
        .collect();
    scored.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(b.1)));
    scored.dedup_by(|a, b| a.1 == b.1);
    scored.into_iter().take(3).map(|(_, name)| name.to_owned()).collect()
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
    fn a_near_miss_gets_the_nearest_names() {
        let names = ["Bospolder", "Bloemhof", "Oude Noorden", "Oude Westen"];
        assert_eq!(nearest("Bospoldr", names), ["Bospolder"]);
        assert_eq!(nearest("Noorden", names), ["Oude Noorden"]);
        assert!(nearest("Zwolle", names).is_empty());
    }
}
