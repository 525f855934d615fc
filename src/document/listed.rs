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
}

/// Signs that are put before an item and nowhere else.
const BULLETS: [char; 7] = ['•', '·', '▪', '‣', '◦', '●', '■'];
/// Signs that also stand before other things: one line with such a sign is no list yet.
const DASHES: [char; 4] = ['-', '–', '—', '*'];

/// The pieces of a text, in order. A text without a list is one piece.
pub(super) fn pieces(text: &str) -> Vec<Piece> {
    let lines: Vec<&str> = text.split('\n').map(|line| line.trim_end_matches('\r')).collect();
    let items = lines.iter().filter(|line| item(line).is_some()).count();
    let sure = lines.iter().any(|line| line.starts_with(BULLETS) && item(line).is_some());
    if items < 2 && !sure {
        return vec![Piece::Plain(text.to_owned())];
    }
    let mut found: Vec<Piece> = Vec::new();
    // Between two items an empty line only makes room; elsewhere it was typed to be seen.
    let mut blank = 0;
    for line in lines {
        if line.trim().is_empty() {
            blank += 1;
            continue;
        }
        let room = "\n".repeat(blank);
        let continues = blank == 0 && line.starts_with([' ', '\t', '\u{a0}']);
        match (item(line), found.last_mut()) {
            (Some(item), _) => found.push(Piece::Item(item.to_owned())),
            (None, Some(Piece::Item(item))) if continues => {
                item.push('\n');
                item.push_str(line);
            }
            (None, Some(Piece::Plain(plain))) => {
                plain.push('\n');
                plain.push_str(&room);
                plain.push_str(line);
            }
            (None, _) => found.push(Piece::Plain(line.to_owned())),
        }
        blank = 0;
    }
    found
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
    fn what_is_no_list_stays_as_it_was_typed() {
        for text in [
            "- een opmerking",
            "geen - lijst\nmet - streepjes",
            "-3 procentpunt\n-4 procentpunt",
            "*let op*\n*nog eens*",
            "---\n***",
            "a\n\n\nb",
            "",
            "1. een\n2. twee",
        ] {
            assert_eq!(pieces(text), [Piece::Plain(text.to_owned())], "{text:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_word_is_lost_and_none_is_added(text in "([-•* a1\n\r]|–|woord|\t){0,40}") {
            let words = |text: &str| -> String { text.chars().filter(|c| c.is_alphanumeric()).collect() };
            let all: String = pieces(&text).into_iter().map(|piece| match piece {
                Piece::Plain(text) | Piece::Item(text) => text,
            }).collect();
            proptest::prop_assert_eq!(words(&all), words(&text));
        }
    }
}
