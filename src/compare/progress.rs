//! Whether a maatschappelijk resultaat moved towards its target, by the way of measuring that was agreed (method,
//! 'Measuring a societal result with several indicators').
//!
//! Owns the three ways and what must be known for them. Figures are taken as shown; a change is in the indicator's own
//! unit, which for percentages is percentage points. What is missing or can mean two things is said, never guessed.

use std::collections::BTreeSet;

use crate::model::words::{self, count, list, measured_unknown, measured_years, number, round_as_shown, years};
use crate::model::{
    Analysis, Direction, Figure, Format, History, Indicator, MeasuredIndicator, NumberText, ResultProgress,
    Resultaat, Standing, change_text, normalise, number_text, value_texts,
};

/// The three agreed ways of measuring.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// Every indicator improves by at least its target.
    Elk,
    /// One figure for young people who meet all criteria.
    Combinatie,
    /// The mean of the indicators improves by the target.
    Gemiddelde,
}

impl Way {
    const ALL: [(&'static str, Way); 3] =
        [("elk", Way::Elk), ("combinatie", Way::Combinatie), ("gemiddelde", Way::Gemiddelde)];

    /// The way that a text names; `None` when it names none or several.
    fn of(text: &str) -> Option<Self> {
        let text = normalise(text);
        let named: Vec<Way> = Way::ALL
            .into_iter()
            .filter(|(word, _)| text.split(' ').any(|part| part == *word))
            .map(|(_, way)| way)
            .collect();
        match named.as_slice() {
            [only] => Some(*only),
            _ => None,
        }
    }

    fn word(self) -> &'static str {
        Way::ALL.iter().find(|(_, way)| *way == self).map_or("", |(word, _)| word)
    }
}

/// Where a result stands. Each part is the start value, the agreed change with its sign, and the figure now.
/// [`Standing::NietTeZeggen`] without parts, or when a change of zero was agreed.
#[must_use]
pub fn standing(way: Way, parts: &[(f64, f64, f64)]) -> Standing {
    if parts.is_empty() || parts.iter().any(|(_, target, _)| *target == 0.0) {
        return Standing::NietTeZeggen;
    }
    // Improvement in the agreed direction, and how much was agreed. Twelve digits take the noise of subtracting away.
    let clean = |value: f64| (value * 1e9).round() / 1e9;
    let steps: Vec<(f64, f64)> =
        parts.iter().map(|(start, target, now)| (clean((now - start) * target.signum()), target.abs())).collect();
    match way {
        Way::Elk | Way::Combinatie => {
            if steps.iter().all(|(step, target)| step >= target) {
                Standing::Bereikt
            } else if steps.iter().any(|(step, _)| *step < 0.0) {
                Standing::VanHetDoelAf
            } else if steps.iter().any(|(step, _)| *step > 0.0) {
                Standing::OpWeg
            } else {
                Standing::Gelijk
            }
        }
        Way::Gemiddelde => {
            #[allow(clippy::cast_precision_loss, reason = "a number of indicators")]
            let mean = |values: &mut dyn Iterator<Item = f64>| clean(values.sum::<f64>() / steps.len() as f64);
            let step = mean(&mut steps.iter().map(|(step, _)| *step));
            let target = mean(&mut steps.iter().map(|(_, target)| *target));
            if step >= target {
                Standing::Bereikt
            } else if step > 0.0 {
                Standing::OpWeg
            } else if step < 0.0 {
                Standing::VanHetDoelAf
            } else {
                Standing::Gelijk
            }
        }
    }
}

/// A figure of the wijk that a result is measured with.
pub(crate) struct Now {
    pub(crate) figure: Figure,
    /// Edition and year.
    pub(crate) period: String,
    /// The name of the unit it is in.
    pub(crate) unit: String,
    /// What the other rows of the indicator show; where they differ nobody can tell which one counts.
    pub(crate) elsewhere: Vec<Figure>,
}

/// How all results of a workbook stand. `figure` gives the wijk's figure of an indicator.
pub(crate) fn results(
    format: &Format,
    analysis: &Analysis,
    figure: impl Fn(&str) -> Option<Now>,
) -> Vec<ResultProgress> {
    analysis.resultaten.iter().map(|result| progress(format, &analysis.history, result, &figure)).collect()
}

fn progress(
    format: &Format,
    history: &History,
    result: &Resultaat,
    figure: &impl Fn(&str) -> Option<Now>,
) -> ResultProgress {
    let mut out = ResultProgress {
        row: result.row,
        number: result.nummer.trim().to_owned(),
        statement: result.resultaat.trim().to_owned(),
        method: Way::of(&result.meetwijze).map_or("", Way::word).to_owned(),
        standing: Standing::NietTeZeggen,
        reason: String::new(),
        overdue: false,
        indicators: Vec::new(),
    };
    let (way, indicators) = match measured(format, history, result, figure) {
        Ok(measured) => measured,
        Err(reason) => {
            out.reason = reason;
            return out;
        }
    };
    let parts: Vec<(f64, f64, f64)> = indicators.iter().map(|part| (part.start, part.target, part.now)).collect();
    out.standing = standing(way, &parts);
    out.reason = reason(way, out.standing, &indicators);
    let target = years(&result.streefjaar).into_iter().max().filter(|_| out.standing != Standing::Bereikt);
    // A figure that was measured, or published, before the target year says nothing about it.
    let before = |part: &MeasuredIndicator, target: &String| {
        measured_years(&part.period).into_iter().max().is_some_and(|latest| latest < *target)
    };
    if let Some(target) = target.filter(|target| !indicators.iter().any(|part| before(part, target))) {
        let unknown: Vec<String> = indicators
            .iter()
            .filter(|part| measured_unknown(&part.period))
            .map(|part| format!("'{}'", part.name))
            .collect();
        let later = indicators
            .iter()
            .all(|part| measured_years(&part.period).into_iter().max().is_some_and(|latest| latest > target));
        let subject = if indicators.len() == 1 { "Het cijfer is" } else { "De cijfers zijn" };
        out.overdue = unknown.is_empty();
        out.reason.push_str(&match unknown.is_empty() {
            true if later => format!(" Het streefjaar {target} is voorbij: het doel is niet op tijd bereikt."),
            true => format!(" {subject} van het streefjaar {target}: het doel is daarmee niet bereikt."),
            false => format!(
                " Van {} is niet bekend in welk jaar er is gemeten. Of het streefjaar {target} voorbij is, is daarom niet te zeggen.",
                list(&unknown)
            ),
        });
    }
    out.indicators = indicators;
    out
}

/// Everything a result is measured with, or why it cannot be.
fn measured(
    format: &Format,
    history: &History,
    result: &Resultaat,
    figure: &impl Fn(&str) -> Option<Now>,
) -> Result<(Way, Vec<MeasuredIndicator>), String> {
    let named = format.indicators_named(&result.indicatoren);
    if named.is_empty() {
        return Err("Er staat geen indicator bij.".to_owned());
    }
    let unknown: Vec<&str> = named.iter().filter(|(_, known)| known.is_none()).map(|(name, _)| *name).collect();
    if !unknown.is_empty() {
        return Err(format!("Het format kent {} niet.", list(&unknown)));
    }
    let known: Vec<&Indicator> = named.iter().filter_map(|(_, known)| *known).collect();
    let way = match (Way::of(&result.meetwijze), known.len()) {
        (Some(way), _) => way,
        (None, 1) if result.meetwijze.trim().is_empty() => Way::Elk,
        (None, _) if result.meetwijze.trim().is_empty() => {
            return Err("Er is niet afgesproken hoe de indicatoren samen worden gemeten.".to_owned());
        }
        (None, _) => return Err(format!("De meetwijze '{}' is niet bekend.", result.meetwijze.trim())),
    };
    if way == Way::Combinatie && known.len() > 1 {
        return Err(
            "Bij 'combinatie' is één cijfer nodig over jeugdigen die aan alle kenmerken voldoen; dat staat niet in het \
             overzicht."
                .to_owned(),
        );
    }
    let units: BTreeSet<&str> = known.iter().map(|indicator| indicator.unit.name.trim()).collect();
    if way == Way::Gemiddelde && units.len() > 1 {
        let units: Vec<String> = units.iter().map(|unit| format!("'{unit}'")).collect();
        return Err(format!("Over cijfers in {} is geen gemiddelde te nemen.", list(&units)));
    }
    let starts: Vec<f64> = value_texts(&result.startwaarde)
        .filter_map(|text| match number_text(text) {
            NumberText::Number(value) => Some(value),
            NumberText::Ambiguous | NumberText::None => None,
        })
        .collect();
    if starts.len() != known.len() || value_texts(&result.startwaarde).count() != known.len() {
        let apart = if known.len() > 1 { " Zet er een puntkomma tussen, zoals in 60,5; 80,1." } else { "" };
        return Err(format!(
            "Bij {} hoort voor elke indicator een startwaarde in cijfers.{apart}",
            count(known.len(), "indicator", "indicatoren")
        ));
    }
    let targets: Vec<(f64, bool)> = value_texts(&result.streefwaarde).filter_map(change_text).collect();
    let targets = match targets.as_slice() {
        _ if value_texts(&result.streefwaarde).count() != targets.len() => {
            return Err("De streefwaarde is geen getal.".to_owned());
        }
        [] => return Err("Er staat geen streefwaarde bij.".to_owned()),
        [one] => {
            let has = |direction| known.iter().any(|indicator| indicator.direction == direction);
            if has(Direction::HigherIsBetter) && has(Direction::LowerIsBetter) {
                return Err(
                    "Bij de ene indicator is hoger gunstig en bij de andere lager; daarvoor is per indicator een \
                     streefwaarde met een teken nodig."
                        .to_owned(),
                );
            }
            vec![*one; known.len()]
        }
        several if several.len() == known.len() => several.to_vec(),
        several => {
            return Err(format!(
                "Er zijn {} en {}.",
                count(known.len(), "indicator", "indicatoren"),
                count(several.len(), "streefwaarde", "streefwaarden")
            ));
        }
    };
    // Excel drops a plus that is typed; a number without a sign may also be a decrease of so much.
    let unclear = |(of, (target, signed)): &(&&Indicator, &(f64, bool))| {
        !signed && *target > 0.0 && of.direction == Direction::LowerIsBetter
    };
    if let Some((indicator, (target, _))) = known.iter().zip(&targets).find(unclear) {
        let target = number(*target, words::needed_decimals(*target));
        return Err(format!(
            "Bij de streefwaarde {target} staat geen plus of min, en bij '{}' is lager gunstig: typ -{target} voor een daling of \
             '+{target} voor een stijging.",
            indicator.name
        ));
    }
    let targets: Vec<f64> = targets.into_iter().map(|(target, _)| target).collect();
    if targets.contains(&0.0) {
        return Err("De streefwaarde is 0: dan is er geen verandering afgesproken.".to_owned());
    }
    let started = years(&result.startjaar).into_iter().max();
    let mut parts = Vec::new();
    for ((indicator, start), target) in known.into_iter().zip(starts).zip(targets) {
        let Now { figure: now, period, unit, elsewhere } = figure(&indicator.code)
            .ok_or_else(|| format!("Er is geen cijfer van '{}' in het overzicht.", indicator.name))?;
        let shown: BTreeSet<String> = std::iter::once(now)
            .chain(elsewhere)
            .filter_map(|figure| figure.value())
            .map(|value| words::figure(value, indicator.decimals, &indicator.unit))
            .collect();
        if shown.len() > 1 {
            return Err(format!(
                "Van '{}' staan verschillende cijfers in het werkboek: {}. Zet in elke rij van deze indicator hetzelfde cijfer.",
                indicator.name,
                list(&shown.into_iter().collect::<Vec<_>>())
            ));
        }
        let now = match now {
            Figure::Known { value, .. } => round_as_shown(value, indicator.decimals),
            Figure::Missing(missing) => {
                return Err(format!("Er is geen cijfer van '{}': {}.", indicator.name, missing.words()));
            }
        };
        let measured = measured_years(&period).into_iter().max();
        if let (Some(started), Some(measured)) = (&started, &measured)
            && measured <= started
        {
            return Err(format!("Er is nog geen cijfer van '{}' van na {started}.", indicator.name));
        }
        if let Some(agreed) = agreed_unit(history, indicator, &unit, started.as_deref()) {
            return Err(format!(
                "Het cijfer van '{}' is nu in '{}', en de startwaarde is van een cijfer in '{agreed}'.",
                indicator.name,
                unit.trim()
            ));
        }
        parts.push(part(indicator, start, target, now, period, started.as_deref()));
    }
    Ok((way, parts))
}

/// The unit that a start value may be in when the figure is in another one now: that of the format, or that of a figure which
/// was replaced since the start.
fn agreed_unit(history: &History, indicator: &Indicator, now: &str, started: Option<&str>) -> Option<String> {
    let before_start = |period: &str| match (measured_years(period).into_iter().max(), started) {
        (Some(year), Some(started)) => year.as_str() < started,
        _ => false,
    };
    let replaced = history
        .figures
        .iter()
        .filter(|old| old.code == indicator.code && old.field == "wijk" && !before_start(&old.period))
        .map(|old| old.unit.trim());
    let differs = |unit: &&str| !unit.is_empty() && unit.to_lowercase() != now.trim().to_lowercase();
    std::iter::once(indicator.unit.name.trim()).chain(replaced).find(differs).map(str::to_owned)
}

fn part(
    indicator: &Indicator,
    start: f64,
    target: f64,
    now: f64,
    period: String,
    started: Option<&str>,
) -> MeasuredIndicator {
    let decimals =
        indicator.decimals.max(words::needed_decimals(start)).max(words::needed_decimals(target)).min(2);
    let change = round_as_shown(now - start, decimals);
    let shown = |value| words::figure(value, decimals, &indicator.unit);
    let sign = if target > 0.0 { "+" } else { "" };
    let sentence = format!(
        "{}: {}{} werd {} ({period}), {}; afgesproken is {sign}{}.",
        indicator.name,
        shown(start),
        started.map_or_else(String::new, |year| format!(" ({year})")),
        shown(now),
        words::difference(change, decimals, &indicator.unit),
        number(target, words::needed_decimals(target)),
    );
    MeasuredIndicator { name: indicator.name.clone(), start, target, now, period, change, sentence }
}

/// Why a result stands where it stands.
fn reason(way: Way, standing: Standing, parts: &[MeasuredIndicator]) -> String {
    let names = |keep: &dyn Fn(&MeasuredIndicator) -> bool| {
        let names: Vec<String> =
            parts.iter().filter(|part| keep(part)).map(|part| format!("'{}'", part.name)).collect();
        list(&names)
    };
    let step = |part: &MeasuredIndicator| part.change * part.target.signum();
    match (way, standing, parts) {
        (_, Standing::NietTeZeggen, _) => "De streefwaarde is 0.".to_owned(),
        (_, Standing::Bereikt, [_]) => "De afgesproken verandering is gehaald.".to_owned(),
        (_, Standing::OpWeg, [_]) => "Het cijfer ging de goede kant op, maar nog niet genoeg.".to_owned(),
        (_, Standing::Gelijk, [_]) => "Het cijfer is niet veranderd.".to_owned(),
        (_, Standing::VanHetDoelAf, [_]) => "Het cijfer ging de andere kant op.".to_owned(),
        (Way::Elk | Way::Combinatie, Standing::Bereikt, _) => {
            "Elke indicator veranderde ten minste zoveel als is afgesproken.".to_owned()
        }
        (Way::Elk | Way::Combinatie, Standing::OpWeg, _) => {
            format!("Nog niet gehaald bij {}.", names(&|part| step(part) < part.target.abs()))
        }
        (Way::Elk | Way::Combinatie, Standing::VanHetDoelAf, _) => {
            format!("De andere kant op ging {}.", names(&|part| step(part) < 0.0))
        }
        (Way::Gemiddelde, Standing::Bereikt, _) => {
            "Het gemiddelde van de indicatoren veranderde ten minste zoveel als is afgesproken.".to_owned()
        }
        (Way::Gemiddelde, Standing::OpWeg, _) => {
            "Het gemiddelde van de indicatoren ging de goede kant op, maar nog niet genoeg.".to_owned()
        }
        (Way::Gemiddelde, Standing::VanHetDoelAf, _) => {
            "Het gemiddelde van de indicatoren ging de andere kant op.".to_owned()
        }
        (_, Standing::Gelijk, _) => "De indicatoren zijn niet veranderd.".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Missing;
    use crate::testing::format;

    /// A result over the indicators of the tests, all of which are percentages for which higher is better but `verzuim`.
    fn result(indicatoren: &str, start: &str, target: &str, way: &str) -> Resultaat {
        Resultaat {
            nummer: "1".into(),
            resultaat: "Meer jongeren halen een diploma".into(),
            indicatoren: indicatoren.into(),
            startwaarde: start.into(),
            startjaar: "2014".into(),
            streefwaarde: target.into(),
            streefjaar: "2020".into(),
            meetwijze: way.into(),
            ..Resultaat::default()
        }
    }

    fn now(figure: Figure, unit: &str) -> Now {
        Now { figure, period: "2018".to_owned(), unit: unit.to_owned(), elsewhere: Vec::new() }
    }

    fn with(result: &Resultaat, figures: &[(&str, f64)]) -> ResultProgress {
        progress(&format(), &History::default(), result, &|code: &str| {
            let value = figures.iter().find(|(known, _)| *known == code)?.1;
            Some(now(Figure::known(value), "%"))
        })
    }

    const THREE: &str = "diploma; inkomen; contact";

    #[test]
    fn the_handbook_example_of_elk_is_reached() {
        let result = result(THREE, "60 / 80 / 65", "+5", "elk");
        let now = [("diploma", 65.0), ("inkomen", 85.0), ("contact", 70.0)];
        assert_eq!(with(&result, &now).standing, Standing::Bereikt);
        // The figures of the third example do not do for this way.
        let now = [("diploma", 69.0), ("inkomen", 84.0), ("contact", 67.0)];
        let one_short = with(&result, &now);
        assert_eq!(one_short.standing, Standing::OpWeg);
        assert_eq!(one_short.reason, "Nog niet gehaald bij 'Indicator inkomen' en 'Indicator contact'.");
    }

    #[test]
    fn the_handbook_example_of_combinatie_is_reached() {
        assert_eq!(standing(Way::Combinatie, &[(40.0, 5.0, 45.0)]), Standing::Bereikt);
        let one = result("diploma", "40", "+5", "combinatie");
        assert_eq!(with(&one, &[("diploma", 45.0)]).standing, Standing::Bereikt);
        // Of several indicators the overview does not know who meets all.
        let several = result(THREE, "40", "+5", "combinatie");
        let unsaid = with(&several, &[("diploma", 45.0), ("inkomen", 45.0), ("contact", 45.0)]);
        assert_eq!(unsaid.standing, Standing::NietTeZeggen);
        assert!(unsaid.reason.contains("alle kenmerken"), "{}", unsaid.reason);
    }

    #[test]
    fn the_handbook_example_of_gemiddelde_is_reached_although_two_rose_by_less() {
        let result = result(THREE, "60 / 80 / 65", "+5", "gemiddelde");
        let now = [("diploma", 69.0), ("inkomen", 84.0), ("contact", 67.0)];
        assert_eq!(with(&result, &now).standing, Standing::Bereikt);
        let now = [("diploma", 69.0), ("inkomen", 84.0), ("contact", 66.9)];
        assert_eq!(with(&result, &now).standing, Standing::OpWeg);
    }

    #[test]
    fn the_year_of_measurement_counts_and_not_that_of_the_edition() {
        let until = |year: &str, start: &str| Resultaat {
            streefjaar: year.into(),
            startjaar: start.into(),
            ..result("diploma", "60", "+5", "elk")
        };
        let of = |result: &Resultaat, period: &str| {
            progress(&format(), &History::default(), result, &|_: &str| {
                Some(Now { period: period.to_owned(), ..now(Figure::known(61.0), "%") })
            })
        };
        let measured = "editie 2018, peiljaar 2017";
        assert!(!of(&until("2018", "2014"), measured).overdue, "a figure of 2017 does not say how 2018 ended");
        assert!(of(&until("2017", "2014"), measured).overdue);
        assert!(of(&until("2018", "2014"), "editie 2018").overdue);
        for (year, period) in [("2018", "editie 2018, peiljaar onbekend"), ("2016", "jaar onbekend")] {
            let unknown = of(&until(year, "2014"), period);
            assert!(!unknown.overdue && !unknown.reason.contains("voorbij:"), "{}", unknown.reason);
            assert!(
                unknown.reason.contains("'Indicator diploma' is niet bekend in welk jaar"),
                "{}",
                unknown.reason
            );
        }
        let early = of(&until("2020", "2014"), "editie 2018, peiljaar onbekend");
        assert!(
            !early.reason.contains("streefjaar"),
            "an edition of before that year says enough: {}",
            early.reason
        );
        let again = of(&until("2020", "2017"), measured);
        assert!(again.reason.contains("nog geen cijfer") && again.reason.contains("na 2017"), "{}", again.reason);
    }

    #[test]
    fn rows_of_one_indicator_that_differ_are_named_whichever_comes_first() {
        for (first, other) in [(65.0, 61.0), (61.0, 65.0)] {
            let told =
                progress(&format(), &History::default(), &result("diploma", "60", "+5", "elk"), &|_: &str| {
                    Some(Now { elsewhere: vec![Figure::known(other)], ..now(Figure::known(first), "%") })
                });
            assert_eq!(told.standing, Standing::NietTeZeggen);
            assert!(told.reason.contains("61,0% en 65,0%"), "{}", told.reason);
        }
    }

    #[test]
    fn the_sign_of_each_indicator_counts() {
        let result = result("diploma; verzuim", "60; 12,5", "+5; -3", "elk");
        assert_eq!(with(&result, &[("diploma", 65.0), ("verzuim", 9.5)]).standing, Standing::Bereikt);
        let away = with(&result, &[("diploma", 66.0), ("verzuim", 13.0)]);
        assert_eq!(away.standing, Standing::VanHetDoelAf);
        assert!(
            away.reason.contains("'Indicator verzuim'") && !away.reason.contains("diploma"),
            "{}",
            away.reason
        );
        assert_eq!(
            away.indicators[1].sentence,
            "Indicator verzuim: 12,5% (2014) werd 13,0% (2018), 0,5 procentpunt hoger; afgesproken is -3."
        );
        let one_sign = Resultaat { streefwaarde: "+5".into(), ..result };
        let unsaid = with(&one_sign, &[("diploma", 66.0), ("verzuim", 13.0)]);
        assert!(unsaid.reason.contains("met een teken"), "{}", unsaid.reason);
    }

    #[test]
    fn what_looks_the_same_did_not_change_and_a_target_year_that_is_over_is_told() {
        let mut result = result("diploma", "60", "+5", "");
        assert_eq!(with(&result, &[("diploma", 60.04)]).standing, Standing::Gelijk);
        assert!(!with(&result, &[("diploma", 62.0)]).overdue);
        result.streefjaar = "2018".into();
        let late = with(&result, &[("diploma", 62.0)]);
        assert!(late.overdue && late.reason.contains("is van het streefjaar 2018"), "{}", late.reason);
        let after = with(&Resultaat { streefjaar: "2017".into(), ..result.clone() }, &[("diploma", 62.0)]);
        assert!(after.overdue && after.reason.contains("2017 is voorbij"), "{}", after.reason);
        assert!(!with(&result, &[("diploma", 65.0)]).overdue);
    }

    #[test]
    fn without_a_newer_figure_nothing_is_said_and_the_reason_is() {
        let mut early = result("diploma", "60", "+5", "elk");
        early.startjaar = "2018".into();
        assert_eq!(
            with(&early, &[("diploma", 65.0)]).reason,
            "Er is nog geen cijfer van 'Indicator diploma' van na 2018."
        );
        let hidden =
            progress(&format(), &History::default(), &result("diploma", "60", "+5", "elk"), &|_: &str| {
                Some(now(Figure::Missing(Missing::SmallGroup), "%"))
            });
        assert_eq!(hidden.standing, Standing::NietTeZeggen);
        assert!(hidden.reason.contains("te kleine groep") && hidden.indicators.is_empty(), "{}", hidden.reason);
        for (indicatoren, start, target, way) in [
            ("", "60", "+5", "elk"),
            ("onbekend", "60", "+5", "elk"),
            ("diploma", "", "+5", "elk"),
            ("diploma", "60", "veel", "elk"),
            ("diploma", "60", "0", "elk"),
            ("diploma", "60", "+5", "ongeveer"),
            ("diploma; inkomen", "60; 70", "+5", ""),
            ("diploma; inkomen", "60", "+5", "elk"),
        ] {
            let unsaid = with(&result(indicatoren, start, target, way), &[("diploma", 65.0), ("inkomen", 75.0)]);
            assert_eq!(unsaid.standing, Standing::NietTeZeggen, "{indicatoren} {start} {target} {way}");
            assert!(unsaid.reason.ends_with('.'), "{}", unsaid.reason);
        }
    }

    #[test]
    fn a_start_value_in_another_unit_than_the_figure_is_not_measured_against_it() {
        let result = result("diploma", "17,7", "+3", "elk");
        let per_1000 = |_: &str| Some(now(Figure::known(146.0), "per 1.000 inwoners"));
        let percent = |_: &str| Some(now(Figure::known(21.0), "%"));
        let unsaid = progress(&format(), &History::default(), &result, &per_1000);
        assert_eq!(unsaid.standing, Standing::NietTeZeggen);
        assert_eq!(
            unsaid.reason,
            "Het cijfer van 'Indicator diploma' is nu in 'per 1.000 inwoners', en de startwaarde is van een cijfer in '%'."
        );
        // The other way round: what was replaced since the start was in another unit; what was replaced before says nothing.
        let replaced = |period: &str| History {
            editions: vec!["2016".into()],
            figures: vec![crate::model::OldFigure {
                round: 1,
                code: "diploma".into(),
                field: "wijk".into(),
                value: crate::model::CellValue::Number(177.0),
                period: period.into(),
                source: String::new(),
                area: String::new(),
                unit: "per 1.000 inwoners".into(),
            }],
            ..History::default()
        };
        assert_eq!(progress(&format(), &replaced("2014"), &result, &percent).standing, Standing::NietTeZeggen);
        assert_eq!(progress(&format(), &replaced("2012"), &result, &percent).standing, Standing::Bereikt);
    }

    #[test]
    fn start_values_that_run_together_are_told_how_to_be_set_apart() {
        let several = with(&result("diploma; inkomen", "60,5 en 80,1", "+5", "elk"), &[("diploma", 65.0)]);
        assert!(several.reason.contains("puntkomma tussen, zoals in 60,5; 80,1."), "{}", several.reason);
        let one = with(&result("diploma", "veel", "+5", "elk"), &[("diploma", 65.0)]);
        assert!(!one.reason.contains("puntkomma"), "{}", one.reason);
    }

    #[test]
    fn a_target_without_a_sign_is_no_rise_where_lower_is_favourable() {
        let unsaid = with(&result("verzuim", "12,5", "3", "elk"), &[("verzuim", 9.5)]);
        assert_eq!(unsaid.standing, Standing::NietTeZeggen);
        assert!(unsaid.reason.contains("geen plus of min"), "{}", unsaid.reason);
        assert_eq!(with(&result("verzuim", "12,5", "-3", "elk"), &[("verzuim", 9.5)]).standing, Standing::Bereikt);
        assert_eq!(with(&result("diploma", "60", "5", "elk"), &[("diploma", 65.0)]).standing, Standing::Bereikt);
    }
}
