//! Maatschappelijke resultaten: concrete, measurable, with a change and a year, stated positively (method, step 2).

use super::rules::finding;
use super::{Context, choice};
use crate::finding::{Finding, Place};
use crate::model::words::{list, number, years};
use crate::model::{
    Direction, Indicator, Resultaat, change_text as change, computed_targets, nearest, normalise,
    value_texts as values,
};

/// The ways in which a result with several indicators is measured (handbook, step 2).
const METHODS: [&str; 3] = ["elk", "combinatie", "gemiddelde"];

impl Context<'_> {
    pub(crate) fn result_place(&self, result: &Resultaat) -> Place {
        let number = result.nummer.trim();
        let about =
            if number.is_empty() { "resultaat zonder nummer".to_owned() } else { format!("resultaat {number}") };
        self.whole_row("resultaten", result.row).about(about)
    }

    /// One cell of a result, by the field of its column.
    pub(crate) fn result_cell(&self, result: &Resultaat, field: &str) -> Place {
        self.in_column(self.result_place(result), "resultaten", result.row, field)
    }

    /// The indicators of a result: the names as written, and the format's indicator where it knows the name.
    pub(crate) fn indicators_of<'a>(&'a self, result: &'a Resultaat) -> Vec<(&'a str, Option<&'a Indicator>)> {
        self.format.indicators_named(&result.indicatoren)
    }
}

/// A result without indicator, change or year cannot be measured.
pub(crate) fn measurable(context: &Context<'_>, findings: &mut Vec<Finding>) {
    for result in &context.analysis.resultaten {
        let mut missing: Vec<&str> = Vec::new();
        if result.resultaat.trim().is_empty() {
            missing.push("het resultaat zelf");
        }
        if result.indicatoren.trim().is_empty() {
            missing.push("de indicator");
        }
        if result.startwaarde.trim().is_empty() {
            missing.push("de startwaarde");
        }
        if values(&result.streefwaarde).next().is_none()
            || !values(&result.streefwaarde).all(|part| change(part).is_some())
        {
            missing.push("de streefwaarde als getal");
        }
        if years(&result.streefjaar).is_empty() {
            missing.push("het streefjaar");
        }
        if missing.is_empty() {
            continue;
        }
        findings.push(finding(
            "resultaat-niet-meetbaar",
            context.result_place(result),
            format!("Dit resultaat is niet te meten: {} ontbreekt.", list(&missing)),
            "Een indicator, een startwaarde, een verandering in procentpunten en een jaar.",
            "Vul de lege cellen in deze rij. De streefwaarde is een getal met een teken, zoals +5 of -3.",
        ));
    }
}

/// A change without a sign, or one against the direction of its indicator.
pub(crate) fn sign(context: &Context<'_>, findings: &mut Vec<Finding>) {
    for result in &context.analysis.resultaten {
        let indicators = context.indicators_of(result);
        for (position, text) in values(&result.streefwaarde).enumerate() {
            let Some((value, signed)) = change(text) else { continue };
            if !signed {
                let about = indicators.get(position).or(indicators.first()).and_then(|(_, indicator)| *indicator);
                let read = match about.filter(|about| about.direction == Direction::LowerIsBetter) {
                    Some(about) => format!(
                        "bij '{}' is lager gunstig, dus over dit resultaat zegt het programma niets",
                        about.name
                    ),
                    None => "het programma leest een stijging".to_owned(),
                };
                findings.push(finding(
                    "resultaat-zonder-teken",
                    context.result_cell(result, "streefwaarde"),
                    format!("Bij de streefwaarde '{text}' staat geen plus of min; {read}."),
                    "Een verandering met een teken, zoals +5 of -3.",
                    "Typ '+5 (met een apostrof ervoor; anders haalt Excel de plus weg) of -3.",
                ));
                continue;
            }
            // One change for all indicators, or one per indicator.
            let indicator = indicators.get(position).or(indicators.first()).and_then(|(_, indicator)| *indicator);
            let Some(indicator) = indicator else { continue };
            let worse = match indicator.direction {
                Direction::HigherIsBetter => value < 0.0,
                Direction::LowerIsBetter => value > 0.0,
                Direction::Neutral => false,
            };
            if worse {
                findings.push(finding(
                    "resultaat-tegen-richting",
                    context.result_cell(result, "streefwaarde"),
                    format!(
                        "De streefwaarde is {text}, maar voor '{}' geldt: {}.",
                        indicator.name,
                        indicator.direction.words()
                    ),
                    "Een verandering in de gunstige richting.",
                    "Controleer het teken van de streefwaarde.",
                ));
            }
        }
    }
}

/// A target that no figure can have: a percentage above 100 or below 0.
pub(crate) fn possible_target(context: &Context<'_>, findings: &mut Vec<Finding>) {
    for result in &context.analysis.resultaten {
        for target in computed_targets(context.format, result).iter().filter(|target| !target.is_possible()) {
            let name = target.indicator.map_or(target.name, |indicator| indicator.name.as_str());
            let about = match (target.mean_of, name) {
                (2.., _) => "Voor het gemiddelde".to_owned(),
                (_, "") => "Voor dit resultaat".to_owned(),
                (_, name) => format!("Voor '{name}'"),
            };
            let shown =
                |value| format!("{}{}", number(value, target.decimals), if target.percentage { "%" } else { "" });
            let sign = if target.change > 0.0 { "+" } else { "" };
            findings.push(finding(
                "resultaat-doel-onmogelijk",
                context.result_cell(result, "streefwaarde"),
                format!(
                    "{about} geven de startwaarde {} en de verandering {sign}{} samen {}. Dat kan niet.",
                    shown(target.start),
                    number(target.change, target.decimals),
                    shown(target.value()),
                ),
                match target.percentage {
                    true => "Startwaarde en verandering die samen een percentage van 0 tot en met 100 geven.",
                    false => "Startwaarde en verandering die samen 0 of meer geven.",
                },
                "Kijk beide na. De streefwaarde is hoeveel erbij komt of eraf gaat, zoals +5 of -3, en niet het cijfer dat u wilt bereiken.",
            ));
        }
    }
}

/// A result should say what one wants to see, not what should become less.
pub(crate) fn positively_stated(context: &Context<'_>, findings: &mut Vec<Finding>) {
    const NEGATIVE: [&str; 11] = [
        "minder",
        "geen",
        "niet",
        "daling",
        "daalt",
        "dalen",
        "afname",
        "vermindering",
        "verminderen",
        "terugdringen",
        "voorkomen",
    ];
    for result in &context.analysis.resultaten {
        let text = normalise(&result.resultaat);
        let Some(word) = text.split(' ').find(|word| NEGATIVE.contains(word)) else { continue };
        findings.push(finding(
            "resultaat-negatief",
            context.result_cell(result, "resultaat"),
            format!("In het resultaat staat '{word}': het zegt wat er minder moet, niet wat u wilt zien."),
            "Een positief resultaat over kinderen en gezinnen.",
            "Schrijf het positief op, zoals 'meer jongeren halen een startkwalificatie'.",
        ));
    }
}

/// The indicators of a result are those of the format.
pub(crate) fn known_indicators(context: &Context<'_>, findings: &mut Vec<Finding>) {
    for result in &context.analysis.resultaten {
        for (name, _) in context.indicators_of(result).iter().filter(|(_, known)| known.is_none()) {
            let near = nearest(name, context.format.indicators.iter().map(|indicator| indicator.name.as_str()));
            let advice = if near.is_empty() {
                "Kijk met 'wijk indicatoren' welke indicatoren er zijn en schrijf de naam zo. Zet er een puntkomma tussen als het er meer zijn.".to_owned()
            } else {
                format!("Bedoelt u {}? Schrijf de naam zo.", choice(&near))
            };
            findings.push(finding(
                "resultaat-indicator-onbekend",
                context.result_cell(result, "indicatoren"),
                format!("De indicator '{name}' komt niet voor in het format."),
                "Een indicator uit het format.",
                advice,
            ));
        }
    }
}

/// A result with several indicators has a start value for each, and says how they are measured together.
pub(crate) fn several_indicators(context: &Context<'_>, findings: &mut Vec<Finding>) {
    for result in &context.analysis.resultaten {
        let method = normalise(&result.meetwijze);
        let count = context.indicators_of(result).len();
        let known = METHODS.iter().any(|known| method.split(' ').any(|word| word == *known));
        if (count > 1 || !method.is_empty()) && !known {
            findings.push(finding(
                "resultaat-meetwijze-onbekend",
                context.result_cell(result, "meetwijze"),
                match result.meetwijze.trim() {
                    "" => format!("Dit resultaat heeft {count} indicatoren, maar de meetwijze is leeg."),
                    text => format!("De meetwijze '{text}' is niet bekend."),
                },
                format!("{}.", choice(&METHODS)),
                "Kies de meetwijze die u met partners afsprak.",
            ));
        }
        let starts = values(&result.startwaarde).count();
        // With 'combinatie' there is one figure for all indicators together.
        if count > 1 && starts > 0 && starts != count && !method.contains("combinatie") {
            findings.push(finding(
                "resultaat-startwaarden",
                context.result_cell(result, "startwaarde"),
                format!("Er zijn {count} indicatoren en {starts} startwaarden."),
                "Een startwaarde per indicator.",
                "Zet de startwaarden in de volgorde van de indicatoren, met een puntkomma ertussen.",
            ));
        }
    }
}

/// The target year lies after the start year.
pub(crate) fn years_in_order(context: &Context<'_>, findings: &mut Vec<Finding>) {
    for result in &context.analysis.resultaten {
        let start = years(&result.startjaar).into_iter().max();
        let target = years(&result.streefjaar).into_iter().min();
        let Some((start, target)) = start.zip(target).filter(|(start, target)| target <= start) else { continue };
        findings.push(finding(
            "resultaat-jaren-omgekeerd",
            context.result_cell(result, "streefjaar"),
            format!("Het streefjaar {target} ligt niet na het startjaar {start}."),
            "Een streefjaar na het startjaar.",
            "Verbeter het startjaar of het streefjaar.",
        ));
    }
}

/// The domein of a result is one of the format's.
pub(crate) fn known_domein(context: &Context<'_>, findings: &mut Vec<Finding>) {
    for result in &context.analysis.resultaten {
        let text = result.domein.trim();
        if text.is_empty() || domein_named(context, text).is_some() {
            continue;
        }
        let near = nearest(text, context.format.domeinen.iter().map(|domein| domein.name.as_str()));
        findings.push(finding(
            "resultaat-domein-onbekend",
            context.result_cell(result, "domein"),
            format!("Het domein '{text}' komt niet voor in het format."),
            "Een domein uit het format.",
            if near.is_empty() {
                "Schrijf het domein zoals op de pijlertabbladen.".to_owned()
            } else {
                format!("Bedoelt u {}? Schrijf het domein zo.", choice(&near))
            },
        ));
    }
}

/// The format's name of a domein that a person wrote.
pub(crate) fn domein_named<'a>(context: &Context<'a>, text: &str) -> Option<&'a str> {
    let wanted = normalise(text);
    context
        .format
        .domeinen
        .iter()
        .find(|domein| {
            normalise(&domein.name) == wanted || domein.variants.iter().any(|variant| normalise(variant) == wanted)
        })
        .map(|domein| domein.name.as_str())
}
