//! Lists that people typed in a cell: a cell of Excel knows no lists, so they put a sign before each line.
//!
//! In a document such lines are items of a real list, so that who cannot see the page hears a list too. What is no list stays
//! as it was typed. Knows nothing of Word.

/// A piece of a text in which lines are typed as a list.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Piece {
    /// As typed, with its line breaks.
    Plain(String),
    /// An item, without its sign; what is indented below it belongs to it.
    Item(String),
    /// An item with the number or letter that was typed before it, and a tab behind that: elsewhere people write 'zie 2'.
    Numbered(String),
}

/// Signs that are put before an item and nowhere else.
const BULLETS: [char; 7] = ['•', '·', '▪', '‣', '◦', '●', '■'];
/// Signs that also stand before other things: one line with such a sign is no list yet.
const DASHES: [char; 4] = ['-', '–', '—', '*'];

/// The pieces of a text, in order. A text without a list is one piece.
pub(super) fn pieces(text: &str) -> Vec<Piece> {
    let lines: Vec<&str> = text.split('\n').map(|line| line.trim_end_matches('\r')).collect();
    let points = lines.iter().filter(|line| item(line).is_some()).count();
    let sure = lines.iter().any(|line| line.starts_with(BULLETS) && item(line).is_some());
    let has_points = points >= 2 || sure;
    let numbers = in_order(&lines);
    let listed = |at: usize, line: &str| match numbers.get(at) {
        Some(Some(number)) => Some(Piece::Numbered(number.written())),
        _ => item(line).filter(|_| has_points).map(|words| Piece::Item(words.to_owned())),
    };
    if !has_points && numbers.iter().all(Option::is_none) {
        return vec![Piece::Plain(text.to_owned())];
    }
    let mut found: Vec<Piece> = Vec::new();
    // Between two items an empty line only makes room; elsewhere it was typed to be seen.
    let mut blank = 0;
    for (at, line) in lines.iter().enumerate() {
        if line.trim().is_empty() {
            blank += 1;
            continue;
        }
        let room = "\n".repeat(blank);
        let continues = blank == 0 && line.starts_with([' ', '\t', '\u{a0}']);
        match (listed(at, line), found.last_mut()) {
            (Some(item), _) => found.push(item),
            (None, Some(Piece::Item(item) | Piece::Numbered(item))) if continues => {
                item.push('\n');
                item.push_str(line);
            }
            (None, Some(Piece::Plain(plain))) => {
                plain.push('\n');
                plain.push_str(&room);
                plain.push_str(line);
            }
            (None, _) => found.push(Piece::Plain((*line).to_owned())),
        }
        blank = 0;
    }
    found
}

/// A line that starts with a number or letter of a list.
struct Number<'a> {
    /// The number, or the place of the letter in the alphabet.
    value: u32,
    /// As typed, with its sign: `2.`, `b)`.
    typed: &'a str,
    words: &'a str,
}

impl<'a> Number<'a> {
    fn of(line: &'a str) -> Option<Self> {
        let end = line.find(['.', ')'])?;
        let (name, behind) = (line.get(..end)?, line.get(end + 1..)?);
        let words = behind.trim_start();
        // '1.5 procent' is no item, and a year is no number of one.
        if words.len() == behind.len() || !words.chars().any(char::is_alphanumeric) {
            return None;
        }
        let mut letters = name.chars();
        let value = match (letters.next()?, letters.next()) {
            (letter @ 'a'..='z', None) => u32::from(letter) - u32::from('a') + 1,
            _ if name.len() <= 2 && name.chars().all(|c| c.is_ascii_digit()) => name.parse().ok()?,
            _ => return None,
        };
        Some(Number { value, typed: line.get(..=end)?, words })
    }

    /// True when this is an item of the list that `before` is the item before of.
    fn follows(&self, before: &Number<'_>) -> bool {
        let kind = |number: &Number<'_>| {
            (number.typed.ends_with('.'), number.typed.starts_with(|c: char| c.is_ascii_digit()))
        };
        kind(self) == kind(before) && self.value == before.value + 1
    }

    fn written(&self) -> String {
        format!("{}\t{}", self.typed, self.words)
    }
}

/// Per line the number it has in a list; one number by itself is none ('4. Zie boven').
fn in_order<'a>(lines: &[&'a str]) -> Vec<Option<Number<'a>>> {
    let mut found: Vec<Option<Number<'_>>> = lines.iter().map(|line| Number::of(line)).collect();
    let at: Vec<usize> = (0..found.len()).filter(|at| found.get(*at).is_some_and(Option::is_some)).collect();
    let follows = |one: usize, next: usize| match (found.get(one), found.get(next)) {
        (Some(Some(one)), Some(Some(next))) => next.follows(one),
        _ => false,
    };
    let pairs: Vec<(usize, usize)> =
        at.iter().copied().zip(at.iter().copied().skip(1)).filter(|(one, next)| follows(*one, *next)).collect();
    for (at, number) in found.iter_mut().enumerate() {
        if !pairs.iter().any(|(one, next)| *one == at || *next == at) {
            *number = None;
        }
    }
    found
}

/// True for the words of an item with its number, as they are read back from a document.
pub(super) fn is_numbered(words: &str) -> bool {
    Number::of(words).is_some()
}

/// What stands behind the sign of an item; `None` for a line that is none.
fn item(line: &str) -> Option<&str> {
    let mut rest = line.chars();
    let sign = rest.next()?;
    let behind = rest.as_str();
    let words = behind.trim_start();
    let apart = words.len() < behind.len();
    let typed = match sign {
        _ if BULLETS.contains(&sign) => true,
        // Many type no blank behind a dash; before a digit it is a minus, and two asterisks stand around a stressed word.
        '*' => apart,
        _ if DASHES.contains(&sign) => apart || words.starts_with(char::is_alphabetic),
        _ => false,
    };
    (typed && words.chars().any(char::is_alphanumeric)).then_some(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> Vec<String> {
        let show = |piece| match piece {
            Piece::Plain(text) => format!("={text}"),
            Piece::Item(text) => format!("•{text}"),
            Piece::Numbered(text) => format!("#{text}"),
        };
        pieces(text).into_iter().map(show).collect()
    }

    #[test]
    fn lines_with_a_sign_are_items_and_the_lines_around_them_stay_as_typed() {
        assert_eq!(
            shown("Wat helpt:\n- huiswerkklas\n- sport\n\nDat zeggen ouders.\nEn scholen."),
            ["=Wat helpt:", "•huiswerkklas", "•sport", "=Dat zeggen ouders.\nEn scholen."]
        );
        assert_eq!(shown("• een\r\n\r\n• twee"), ["•een", "•twee"]);
        assert_eq!(shown("-Aanbod\n–Bereik"), ["•Aanbod", "•Bereik"]);
        assert_eq!(shown("• alleen"), ["•alleen"]);
    }

    #[test]
    fn what_is_indented_below_an_item_belongs_to_it() {
        assert_eq!(
            shown("- een\n  - daarvan dit\n  en dat\n- twee"),
            ["•een\n  - daarvan dit\n  en dat", "•twee"]
        );
    }

    #[test]
    fn numbers_and_letters_in_order_are_items_that_keep_what_was_typed() {
        assert_eq!(
            shown("Afgesproken:\n1. bellen\n2.  mailen\n   met de school\n\nEn ook:\n3) langsgaan"),
            ["=Afgesproken:", "#1.\tbellen", "#2.\tmailen\n   met de school", "=En ook:\n3) langsgaan"]
        );
        assert_eq!(
            shown("a) een\n- daarvan dit\n- en dat\nb) twee"),
            ["#a)\teen", "•daarvan dit", "•en dat", "#b)\ttwee"]
        );
        // Who goes on counting somewhere else keeps the numbers.
        assert_eq!(shown("9. negen\n10. tien"), ["#9.\tnegen", "#10.\ttien"]);
    }

    #[test]
    fn what_is_no_list_stays_as_it_was_typed() {
        for text in [
            "- een opmerking",
            "geen - lijst\nmet - streepjes",
            "-3 procentpunt\n-4 procentpunt",
            "*let op*\n*nog eens*",
            "---\n***",
            "a\n\n\nb",
            "",
            "1. een\nen verder",
            "1. een\n3. drie",
            "1. een\n2) twee",
            "1.5 procent\n2.5 procent",
            "2025. Dat jaar\n2026. Dit jaar",
            "1.\n2.",
        ] {
            assert_eq!(pieces(text), [Piece::Plain(text.to_owned())], "{text:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_word_is_lost_and_none_is_added(text in "([-•* ab12.)\n\r]|–|woord|\t|\n1[.] |\n2[.] ){0,40}") {
            let words = |text: &str| -> String { text.chars().filter(|c| c.is_alphanumeric()).collect() };
            let all: String = pieces(&text).into_iter().map(|piece| match piece {
                Piece::Plain(text) | Piece::Item(text) | Piece::Numbered(text) => text,
            }).collect();
            proptest::prop_assert_eq!(words(&all), words(&text));
        }
    }
}
