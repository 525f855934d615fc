//! Questions, headings, names of tabs, choice lists, reference tables and the change log.

use std::collections::BTreeMap;

use super::desk::{Desk, fresh_id, short, squeeze};
use super::order::merged;
use super::texts::Texts;
use crate::finding::Level;
use crate::format::build::choices;
use crate::model::{
    ChangeLogEntry, Databank, Format, FoundArea, FoundQuestion, Heading, OutcomeIndicator, QuestionDefinition,
    QuestionPlace, TabKind, TextCell, Trede, normalise,
};

/// Derives the questions.
pub(super) fn questions(desk: &mut Desk<'_>, format: &mut Format) {
    let (base, found) = (desk.base, desk.found);
    let mut groups: Vec<(String, Vec<&FoundQuestion>)> = Vec::new();
    let mut fresh: BTreeMap<String, String> = BTreeMap::new();
    for question in &found.questions {
        let text = squeeze(&question.text.text);
        // A row that was copied with its hidden code and got another text is a new question.
        let copied = question.code.as_ref().is_some_and(|code| {
            let here = |other: &&FoundQuestion| {
                other.code.as_ref() == Some(code)
                    && other.block == question.block
                    && other.text.at.tab == question.text.at.tab
                    && !std::ptr::eq(*other, question)
            };
            let original = |other: &FoundQuestion| match base.questions.iter().find(|known| known.code == *code) {
                Some(known) => squeeze(&other.text.text) == squeeze(&known.text) && text != squeeze(&known.text),
                None => other.text.at.row < question.text.at.row && squeeze(&other.text.text) != text,
            };
            found.questions.iter().filter(here).any(original)
        });
        let code = match question.code.as_ref().filter(|_| !copied) {
            Some(code) => code.clone(),
            None => {
                if desk.left_out("Een nieuwe vraag", &question.text.at) {
                    continue;
                }
                let key = format!("{:?} {}", question.place, normalise(&text));
                match fresh.get(&key) {
                    Some(code) => code.clone(),
                    None => {
                        let taken = |id: &str| {
                            base.questions.iter().any(|known| known.code == id)
                                || fresh.values().any(|code| code == id)
                        };
                        let code = fresh_id(&text, &taken);
                        desk.named("De vraag", &text, &code, "vragen.csv", &question.text.at);
                        if question.place == QuestionPlace::Domein {
                            let said = "Een vraag bij één domein komt in het format bij elk domein te staan.";
                            desk.say(
                                "lees-nieuw",
                                Level::Opmerking,
                                Some(&question.text.at),
                                said,
                                "Er hoeft niets te gebeuren.",
                            );
                        }
                        fresh.insert(key, code.clone());
                        code
                    }
                }
            }
        };
        match groups.iter_mut().find(|(known, _)| *known == code) {
            Some((_, list)) => list.push(question),
            None => groups.push((code, vec![question])),
        }
    }
    let blocks = found.blocks.len();
    let mut questions: Vec<QuestionDefinition> = Vec::new();
    for (code, list) in &groups {
        let known = base.questions.iter().find(|question| question.code == *code);
        let cells: Vec<&TextCell> = list.iter().map(|question| &question.text).collect();
        let what = format!("de vraag '{code}'");
        let text = desk.settle(&what, known.map(|question| question.text.as_str()), &cells).unwrap_or_default();
        let places: Vec<QuestionPlace> = list.iter().map(|question| question.place).collect();
        let place =
            known.map(|known| known.place).filter(|place| places.contains(place)).or(places.first().copied());
        let place = place.unwrap_or(QuestionPlace::Domein);
        if known.is_some() && place == QuestionPlace::Domein && list.len() < blocks {
            let said = format!(
                "De vraag '{}' staat bij {} van de {blocks} domeinen; in het format staat een vraag bij elk domein.",
                short(&text),
                list.len()
            );
            desk.say(
                "lees-tegenstrijdig",
                Level::Opmerking,
                cells.first().map(|cell| &cell.at),
                said,
                "Haal de vraag overal weg, of laat hem overal staan.",
            );
        }
        let all_linked = list.iter().all(|question| question.link);
        let none_linked = list.iter().all(|question| !question.link);
        let link = match known {
            // Workbooks without ids have other links than those of the program.
            Some(known) if known.links_to_factorenmodel => !(none_linked && found.version.is_some()),
            Some(_) => all_linked && place == QuestionPlace::Domein,
            None => all_linked && place == QuestionPlace::Domein,
        };
        questions.push(QuestionDefinition {
            code: code.clone(),
            place,
            text,
            variants: known.map(|known| known.variants.clone()).unwrap_or_default(),
            links_to_factorenmodel: link,
            required: known.is_some_and(|known| known.required),
        });
    }
    let mut sequences: BTreeMap<(Option<usize>, &str), Vec<String>> = BTreeMap::new();
    for (code, list) in &groups {
        for question in list {
            sequences.entry((question.block, question.text.at.tab.as_str())).or_default().push(code.clone());
        }
    }
    for ((block, tab), list) in &mut sequences {
        let row = |code: &String| {
            let mut of = groups.iter().filter(|(known, _)| known == code).flat_map(|(_, list)| list);
            of.find(|question| question.block == *block && question.text.at.tab == *tab).map(|q| q.text.at.row)
        };
        list.sort_by_key(row);
    }
    let sequences: Vec<Vec<String>> = sequences.into_values().collect();
    let known: Vec<String> = base.questions.iter().map(|question| question.code.clone()).collect();
    let codes: Vec<String> = groups.iter().map(|(code, _)| code.clone()).collect();
    let order = merged(&codes, &known, &sequences);
    format.questions =
        order.iter().filter_map(|code| questions.iter().find(|q| q.code == *code).cloned()).collect();
}

/// Derives the headings of the tables.
pub(super) fn headings(desk: &mut Desk<'_>, format: &mut Format) {
    let (base, found) = (desk.base, desk.found);
    let mut out: Vec<Heading> = Vec::new();
    for heading in &base.headings {
        // A name that a person chose stands here as soon as a workbook is filled.
        let free = heading.table == "pijler" && matches!(heading.field.as_str(), "wijk" | "naast");
        let seen = found.headings.iter().filter(|seen| {
            seen.table == heading.table
                && seen.field.as_deref() == Some(heading.field.as_str())
                && !(free && found.filled.is_some())
        });
        let is_area = |cell: &&TextCell| {
            free && found.areas.iter().any(|area| normalise(&area.name) == normalise(&cell.text))
        };
        let (areas, cells): (Vec<&TextCell>, Vec<&TextCell>) = seen.map(|seen| &seen.cell).partition(is_area);
        if let Some(first) = areas.first() {
            let more = match areas.len() - 1 {
                0 => String::new(),
                1 => " (en in nog een kop)".to_owned(),
                count => format!(" (en in nog {count} koppen)"),
            };
            let said = format!(
                "Hier staat de naam van een gebied{more}: '{}'. De kop '{}' van het format blijft.",
                short(&first.text),
                heading.text
            );
            let advice = "Er hoeft niets te gebeuren; het programma zet er bij het vullen de naam van de wijk of het gebied.";
            desk.say("lees-niet-begrepen", Level::Opmerking, Some(&first.at), said, advice);
        }
        let what = format!("de kop '{}'", heading.text);
        let text = desk.settle(&what, Some(&heading.text), &cells).unwrap_or_default();
        out.push(Heading { text, ..heading.clone() });
    }
    for seen in found.headings.iter().filter(|seen| seen.field.is_none() && !seen.cell.text.is_empty()) {
        if seen.table == "slottabel" && desk.may_be_theirs(&seen.cell.at.tab) {
            continue;
        }
        let said = format!("De kolom '{}' kent het format niet; zij is niet overgenomen.", short(&seen.cell.text));
        desk.say("lees-niet-begrepen", Level::Waarschuwing, Some(&seen.cell.at), said, "Een nieuwe kolom moet door de makers van het programma worden toegevoegd. Heet een bekende kolom nu anders, zet de nieuwe naam dan in kolommen.csv.");
    }
    // The order of columns, where the program follows it.
    for table in ["slottabel", "resultaten", "matrix", "activiteiten", "afspraken"] {
        let kind = if table == "slottabel" { "samenvatting" } else { table };
        let mut shown: Vec<(u32, String)> = found
            .headings
            .iter()
            .filter(|seen| seen.table == table)
            .filter(|seen| {
                found.tab(&seen.cell.at.tab).is_some_and(|tab| tab.kind == TabKind::Fixed(kind.to_owned()))
            })
            .filter_map(|seen| Some((seen.cell.at.col, seen.field.clone()?)))
            .collect();
        shown.sort();
        let fields: Vec<String> = shown.into_iter().map(|(_, field)| field).collect();
        let known: Vec<String> = out.iter().filter(|h| h.table == table).map(|h| h.field.clone()).collect();
        for field in known.iter().filter(|field| !fields.is_empty() && !fields.contains(field)) {
            let at = found.headings.iter().find(|seen| seen.table == table).map(|seen| seen.cell.at.clone());
            let text = out
                .iter()
                .find(|h| h.table == table && h.field == *field)
                .map_or("", |h| h.text.as_str())
                .to_owned();
            let said = format!(
                "De kolom '{text}' is niet gevonden; het programma heeft haar nodig en zet haar weer in het werkboek."
            );
            desk.say(
                "lees-niet-begrepen",
                Level::Waarschuwing,
                at.as_ref(),
                said,
                "Verberg de kolom in plaats van haar te verwijderen.",
            );
        }
        let order = merged(&known, &known, &[fields]);
        let moved: Vec<Heading> = order
            .iter()
            .filter_map(|field| out.iter().find(|h| h.table == table && h.field == *field).cloned())
            .collect();
        let mut moved = moved.into_iter();
        for heading in out.iter_mut().filter(|heading| heading.table == table) {
            if let Some(next) = moved.next() {
                *heading = next;
            }
        }
    }
    format.headings = out;
    benchmarks(desk, format);
}

/// Derives the name of the benchmark, and the codes of both benchmarks from the areas of the overview tab.
fn benchmarks(desk: &mut Desk<'_>, format: &mut Format) {
    const FIRST: &str = "[benchmark]";
    let (base, found) = (desk.base, desk.found);
    let cells: Vec<&TextCell> = found.benchmark.iter().collect();
    let name = desk.settle("de naam van de benchmark", Some(&base.benchmark.1), &cells);
    format.benchmark.1 = name.unwrap_or_else(|| base.benchmark.1.clone());
    let renamed = format.benchmark.1 != base.benchmark.1;
    let both = [
        ("De benchmark", FIRST, &base.benchmark.0, &mut format.benchmark, renamed),
        (
            "De tweede benchmark",
            "[tweede_benchmark]",
            &base.second_benchmark.0,
            &mut format.second_benchmark,
            false,
        ),
    ];
    for (what, section, known, benchmark, renamed) in both {
        // A code that stands in the overview is that of the format, whatever else is called so.
        if !renamed && found.areas.iter().any(|area| area.code.text.trim() == known) {
            continue;
        }
        let called = |area: &&FoundArea| normalise(&area.name) == normalise(&benchmark.1);
        let mut areas: Vec<&FoundArea> = found.areas.iter().filter(called).collect();
        areas.sort_by_key(|area| area.code.text.trim());
        areas.dedup_by_key(|area| area.code.text.trim());
        let name = &benchmark.1;
        match areas.as_slice() {
            [area] if area.code.text.trim() == known => {}
            [area] => {
                let code = area.code.text.trim().to_owned();
                let said = format!(
                    "{what} '{name}' heeft in het overzicht de code '{code}'; in het basisformat is dat '{known}'."
                );
                let advice = format!(
                    "Klopt de nieuwe code niet, zet dan de goede in het overzicht en in format.toml, onder {section}."
                );
                desk.say("lees-nieuw", Level::Waarschuwing, Some(&area.code.at), said, &advice);
                benchmark.0 = code;
            }
            // Without a second benchmark in the overview there is nothing to say about it.
            [] if renamed || section == FIRST && !found.areas.is_empty() => {
                let at = cells.first().map(|cell| &cell.at).filter(|_| renamed);
                let said = format!("{what} heet hier '{name}'; de code '{known}' komt uit het basisformat.");
                let advice = format!("Zet de goede code in format.toml, onder {section}.");
                desk.say("lees-aan-te-vullen", Level::Waarschuwing, at, said, &advice);
            }
            [] => {}
            several => {
                let codes: Vec<String> =
                    several.iter().map(|area| format!("'{}'", area.code.text.trim())).collect();
                let said = format!(
                    "In het overzicht heten meer gebieden '{name}': {}. De code '{known}' komt uit het basisformat.",
                    codes.join(", ")
                );
                let advice = format!("Zet de goede code in format.toml, onder {section}.");
                desk.say(
                    "lees-aan-te-vullen",
                    Level::Waarschuwing,
                    several.first().map(|a| &a.code.at),
                    said,
                    &advice,
                );
            }
        }
    }
}

/// Derives the names of the fixed tabs.
pub(super) fn tabs(desk: &mut Desk<'_>, format: &mut Format) {
    let found = desk.found;
    let names: Vec<(String, String)> =
        format.tabs.iter().map(|tab| (tab.kind.clone(), tab.name.clone())).collect();
    for (kind, name) in names {
        let here = found.tabs.iter().find(|tab| tab.kind == TabKind::Fixed(kind.clone()));
        let Some(tab) = here else {
            let said = format!(
                "Het tabblad '{name}' ontbreekt in het werkboek; wat erop hoort komt uit het basisformat."
            );
            desk.say("lees-uit-basis", Level::Opmerking, None, said, "Er hoeft niets te gebeuren.");
            continue;
        };
        if tab.name != name {
            for alias in format.control.aliases.iter_mut().filter(|a| a.kind == "tabblad" && a.name == name) {
                alias.name.clone_from(&tab.name);
            }
            if let Some(known) = format.tabs.iter_mut().find(|known| known.kind == kind) {
                known.name.clone_from(&tab.name);
            }
        }
    }
}

/// Derives the choice lists; those that follow from other parts of the format are only looked at.
pub(super) fn lists(desk: &mut Desk<'_>, format: &mut Format, texts: &mut Texts) {
    let (base, found) = (desk.base, desk.found);
    let choices = choices(base);
    for (heading, cells) in &found.lists {
        let Some(choice) = choices.iter().find(|choice| normalise(choice.heading) == normalise(heading)) else {
            let at = cells.first().map(|cell| cell.at.clone());
            let said = format!("De keuzelijst '{heading}' kent het format niet.");
            desk.say(
                "lees-niet-begrepen",
                Level::Waarschuwing,
                at.as_ref(),
                said,
                "Een nieuwe keuzelijst moet door de makers van het programma worden toegevoegd.",
            );
            continue;
        };
        let items: Vec<String> = cells.iter().map(|cell| cell.text.clone()).collect();
        let same = items.iter().map(|item| squeeze(item)).eq(choice.items.iter().map(|item| squeeze(item)));
        let generated = ["Lijst_pijler", "Lijst_domein", "Lijst_factor", "Lijst_trede", "Lijst_databank"]
            .contains(&choice.name);
        let first = cells.first().map(|cell| cell.at.clone());
        if same || generated || first.is_some_and(|at| desk.left_out(&format!("De keuzelijst '{heading}'"), &at)) {
            continue;
        }
        match choice.name {
            "Lijst_leeftijdsfase" => format.leeftijdsfasen = items,
            "Lijst_leefgebied" => format.leefgebieden = items,
            "Lijst_preventieniveau" => format.preventieniveaus = items,
            "Lijst_uitvoerder" => format.partners = items,
            name => {
                let key = name.to_lowercase().replace('_', "-");
                if base.texts.0.contains_key(&key)
                    && let Some(first) = cells.first()
                {
                    texts.keys.insert(key, vec![TextCell { at: first.at.clone(), text: items.join(" | ") }]);
                }
            }
        }
    }
}

/// Derives the reference tables on the tab with the explanation.
pub(super) fn tables(desk: &mut Desk<'_>, format: &mut Format) {
    let found = desk.found;
    if found.filled.is_some() {
        return;
    }
    let text = |row: &[TextCell], at: usize| row.get(at).map_or(String::new(), |cell| cell.text.trim().to_owned());
    if let Some(rows) = found.tables.get("effectladder").filter(|rows| !rows.is_empty()) {
        let mut treden = Vec::new();
        for row in rows {
            match text(row, 0).parse::<u8>() {
                Ok(rung @ 0..=4) => treden.push(Trede { rung, question: text(row, 1), recognition: text(row, 2) }),
                _ => {
                    let said = format!("'{}' is geen trede van de effectladder.", short(&text(row, 0)));
                    desk.say(
                        "lees-niet-begrepen",
                        Level::Waarschuwing,
                        row.first().map(|cell| &cell.at),
                        said,
                        "Verwacht: 0, 1, 2, 3 of 4.",
                    );
                }
            }
        }
        format.effectladder = treden;
    }
    if let Some(rows) = found.tables.get("databanken").filter(|rows| !rows.is_empty()) {
        let make =
            |row: &Vec<TextCell>| Databank { theme: text(row, 0), name: text(row, 1), institute: text(row, 2) };
        format.databanken = rows.iter().map(make).collect();
    }
    if let Some(rows) = found.tables.get("outcome").filter(|rows| !rows.is_empty()) {
        let make = |row: &Vec<TextCell>| OutcomeIndicator {
            service: text(row, 0),
            indicator: text(row, 1),
            criterion: text(row, 2),
            monitor: text(row, 3),
        };
        format.outcome_indicators = rows.iter().map(make).collect();
    }
}

/// Derives the change log and the version.
pub(super) fn log(desk: &mut Desk<'_>, format: &mut Format) {
    let (base, found) = (desk.base, desk.found);
    let mut entries = Vec::new();
    for row in &found.log {
        let text = |at: usize| row.get(at).map_or(String::new(), |cell| cell.text.trim().to_owned());
        if (0..4).all(|at| text(at).is_empty()) {
            continue;
        }
        let Some(at) = row.iter().find(|cell| !cell.text.is_empty()).map(|cell| cell.at.clone()) else { continue };
        let date = text(1);
        let date = if date.parse::<jiff::civil::Date>().is_ok() { Some(date) } else { dutch_date(&date) };
        let version = text(0).replace(',', ".");
        let number = !version.is_empty() && version.split('.').all(|part| part.parse::<u32>().is_ok());
        let Some(date) = date.filter(|_| number && !text(3).is_empty()) else {
            let said = format!(
                "De regel '{}' in het log is niet overgenomen: een versie, een datum of wat er is veranderd ontbreekt.",
                short(&text(3))
            );
            desk.say(
                "lees-niet-begrepen",
                Level::Waarschuwing,
                Some(&at),
                said,
                "Vul de hele regel in, met een datum als 22-11-2026.",
            );
            continue;
        };
        let entry = ChangeLogEntry { version, date, who: text(2), what: text(3) };
        let entry =
            if entry.who.is_empty() { ChangeLogEntry { who: "onbekend".to_owned(), ..entry } } else { entry };
        if base.change_log.contains(&entry) || !desk.left_out("Een nieuwe regel in het log", &at) {
            entries.push(entry);
        }
    }
    if !entries.is_empty() {
        format.change_log = entries;
    }
    let parts =
        |version: &str| version.split('.').map(|part| part.parse::<u32>().unwrap_or(0)).collect::<Vec<_>>();
    let stamp = found.version.clone().unwrap_or_else(|| base.version.clone());
    let newest = format.change_log.iter().map(|entry| entry.version.clone()).max_by_key(|version| parts(version));
    format.version = match newest.filter(|newest| parts(newest) > parts(&stamp)) {
        Some(newest) => {
            let said = format!(
                "Het log noemt versie {newest}; het werkboek zelf draagt nog {stamp}. De versie is {newest} geworden."
            );
            desk.say(
                "lees-nieuw",
                Level::Opmerking,
                None,
                said,
                "Pas 'versie' in format.toml aan als dat niet klopt.",
            );
            newest
        }
        None => stamp,
    };
}

/// `22-11-2026` as an ISO date.
fn dutch_date(text: &str) -> Option<String> {
    let parts: Vec<&str> = text.split(['-', '/', ' ']).filter(|part| !part.is_empty()).collect();
    let [day, month, year] = parts.as_slice() else { return None };
    let iso = format!("{:0>4}-{:0>2}-{:0>2}", year, month, day);
    iso.parse::<jiff::civil::Date>().ok().map(|_| iso)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_of_the_log_is_read_day_first() {
        assert_eq!(dutch_date("22-11-2026").as_deref(), Some("2026-11-22"));
        assert_eq!(dutch_date("1/2/2027").as_deref(), Some("2027-02-01"));
        assert_eq!(dutch_date("nog eens"), None);
    }
}
