//! Dates as people write them in a workbook or document.
//!
//! Owns which texts are a date. Knows no clock and no time.

/// Names of the months, January first.
pub const MONTHS: [&str; 12] = [
    "januari",
    "februari",
    "maart",
    "april",
    "mei",
    "juni",
    "juli",
    "augustus",
    "september",
    "oktober",
    "november",
    "december",
];

/// A date, perhaps without its day or its month. Sorts by time; where the day or month is not known, before all days
/// or months of that month or year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct DateText {
    /// Year, 1900 to 2199.
    pub year: u16,
    /// Month, 1 = January; 0 when only the year is known.
    pub month: u8,
    /// Day; 0 when it is not known.
    pub day: u8,
}

impl DateText {
    /// True when this date surely lies before another, also where a day or month is not known.
    #[must_use]
    pub fn is_before(self, other: DateText) -> bool {
        let known = |one: u8, two: u8| one > 0 && two > 0;
        if self.year != other.year || !known(self.month, other.month) {
            return self.year < other.year;
        }
        if self.month != other.month || !known(self.day, other.day) {
            return self.month < other.month;
        }
        self.day < other.day
    }
}

/// Reads `22-11-2026`, `2026-11-22`, `22/11/2026`, `22 november 2026`, `november 2026` or `2026`; `None` for anything
/// else, such as a day that does not exist.
#[must_use]
pub fn date_text(text: &str) -> Option<DateText> {
    let lower = text.trim().to_lowercase();
    let pieces: Vec<&str> =
        lower.split(['-', '/', '.', ' ']).map(str::trim).filter(|piece| !piece.is_empty()).collect();
    let month = |piece: &str| {
        let named =
            MONTHS.iter().position(|month| *month == piece || (piece.len() >= 3 && month.starts_with(piece)));
        named
            .and_then(|at| u8::try_from(at + 1).ok())
            .or_else(|| piece.parse().ok().filter(|n| (1..=12).contains(n)))
    };
    let year =
        |piece: &str| (piece.len() == 4).then(|| piece.parse().ok().filter(|n| (1900..2200).contains(n)))?;
    let day = |piece: &str| piece.parse::<u8>().ok().filter(|day| *day > 0);
    let (y, m, d) = match pieces.as_slice() {
        [y] => (year(y)?, 0, 0),
        [m, y] if year(y).is_some() => (year(y)?, month(m)?, 0),
        [y, m, d] if year(y).is_some() => (year(y)?, month(m)?, day(d)?),
        [d, m, y] => (year(y)?, month(m)?, day(d)?),
        _ => return None,
    };
    (d <= days(y, m)).then_some(DateText { year: y, month: m, day: d })
}

fn days(year: u16, month: u8) -> u8 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => 29,
        2 => 28,
        _ => 31,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_of_every_notation_are_the_same_date() {
        let date = Some(DateText { year: 2026, month: 11, day: 2 });
        for text in
            ["2-11-2026", "02-11-2026", "2026-11-02", "2/11/2026", "2.11.2026", " 2 november 2026 ", "2 nov 2026"]
        {
            assert_eq!(date_text(text), date, "{text}");
        }
        assert_eq!(date_text("maart 2027"), Some(DateText { year: 2027, month: 3, day: 0 }));
        assert_eq!(date_text("2027"), Some(DateText { year: 2027, month: 0, day: 0 }));
    }

    #[test]
    fn what_is_no_date_is_none() {
        for text in ["", "na de zomer", "31-4-2026", "29-2-2025", "0-3-2026", "13-13-2026", "1-9-26", "1-2-3-2026"]
        {
            assert_eq!(date_text(text), None, "{text}");
        }
        assert!(date_text("29-2-2024").is_some());
    }

    #[test]
    fn before_is_only_said_when_it_is_sure() {
        let before = |one: &str, other: &str| date_text(one).unwrap().is_before(date_text(other).unwrap());
        assert!(
            before("1-3-2026", "2-3-2026") && before("maart 2026", "april 2026") && before("2025", "1-1-2026")
        );
        for (one, other) in
            [("2026", "1-3-2026"), ("1-3-2026", "2026"), ("maart 2026", "15-3-2026"), ("1-3-2026", "1-3-2026")]
        {
            assert!(!before(one, other), "{one} {other}");
        }
    }
}
