//! The window that text is shown in: how wide it is, and how text is made to fit.
//!
//! Owns only the screen. What goes to a file or another program is never broken: there is no window then.

/// The columns of the window that standard output goes to; `None` when that is a file or another program.
pub(crate) fn width() -> Option<usize> {
    console::Term::stdout().size_checked().map(|(_, columns)| usize::from(columns))
}

/// The same for what is said when something is wrong.
pub(crate) fn width_of_errors() -> Option<usize> {
    console::Term::stderr().size_checked().map(|(_, columns)| usize::from(columns))
}

/// Fewest columns in which a text is still broken between words.
const NARROWEST: usize = 20;

/// A text of which no line is wider than the window: broken between words, under the place where its last column begins.
pub(crate) fn fitted(text: &str, width: Option<usize>) -> String {
    // The last column of a window stays free: a Windows console goes to the next line when it is filled.
    let Some(width) = width.map(|width| width.saturating_sub(1)).filter(|width| *width >= NARROWEST) else {
        return text.to_owned();
    };
    text.split('\n').map(|line| broken(line, width)).collect::<Vec<_>>().join("\n")
}

/// How many columns a text takes: colours take none.
fn shown(text: &str) -> usize {
    let mut count = 0;
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            '\x1b' => while chars.next().is_some_and(|c| c != 'm') {},
            _ => count += 1,
        }
    }
    count
}

fn broken(line: &str, width: usize) -> String {
    if shown(line) <= width {
        return line.to_owned();
    }
    if line.chars().all(|c| c == '-' || c == ' ') {
        // The rule under the headings of a table.
        return line.chars().take(width).collect();
    }
    let indent = line.chars().take_while(|c| *c == ' ').count();
    // Behind the last gap stands the column with the long text, as in help and in lists.
    let column = line.rfind("  ").and_then(|at| line.get(..at + 2)).map_or(0, shown);
    let hang = if column > indent && column + NARROWEST <= width { column } else { (indent + 2).min(width / 2) };
    let mut out = String::new();
    let mut at = 0;
    for (place, word) in line.split(' ').enumerate() {
        let long = shown(word);
        if place > 0 && at + 1 + long > width && at > hang {
            out.truncate(out.trim_end().len());
            out.push('\n');
            out.push_str(&" ".repeat(hang));
            at = hang;
        } else if place > 0 {
            out.push(' ');
            at += 1;
        }
        out.push_str(word);
        at += long;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lines_are_broken_between_words_under_their_last_column() {
        let list = "vraag-open  waarschuwing  Een vraag die u moet beantwoorden, is nog open.";
        assert_eq!(
            fitted(list, Some(51)),
            "vraag-open  waarschuwing  Een vraag die u moet\n                          beantwoorden, is nog\n                          open."
        );
        let sentence = "   advies: Typ het cijfer in de cel en vul opnieuw.";
        assert_eq!(fitted(sentence, Some(31)), "   advies: Typ het cijfer in\n     de cel en vul opnieuw.");
    }

    #[test]
    fn what_goes_to_a_file_or_fits_stays_as_it_is_and_colours_take_no_room() {
        let long = "woord ".repeat(40);
        assert_eq!(fitted(&long, None), long);
        let coloured = "\x1b[1m\x1b[33mfout\x1b[0m: dit past er precies in";
        assert_eq!(fitted(coloured, Some(32)), coloured);
    }

    #[test]
    fn no_line_is_wider_than_the_window_but_for_a_single_long_word() {
        let text = "Gevonden in 'Analyse Bospolder - ingevuld.xlsx'.\n--------  --------------------------------------\na  b  c";
        for width in [40, 60, 80] {
            assert!(fitted(text, Some(width)).lines().all(|line| line.chars().count() < width));
        }
        assert_eq!(fitted(&"w".repeat(90), Some(40)), "w".repeat(90));
    }
}
