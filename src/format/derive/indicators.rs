//! Indicators: what their rows, their column on the overview tab and their note say together.
//!
//! Owns where an indicator belongs: the block in which its row stands, and the factors under which it stands elsewhere.

use std::collections::{BTreeMap, BTreeSet};

use super::desk::{Desk, fresh_id, short, squeeze};
use super::order::merged;
use crate::finding::Level;
use crate::model::{
    Direction, Format, FoundBlock, FoundColumn, FoundFormat, FoundIndicator, Indicator, Kind, OverviewLabel,
    OwnWords, TextCell, Unit, normalise, row_description,
};

/// A row with the indicator it is about.
struct Row<'a> {
    code: String,
    /// Id of the domein of its block.
    domein: String,
    /// Id of the factor under which it stands.
    factor: Option<String>,
    found: &'a FoundIndicator,
}

/// Derives all indicators.
pub(super) fn indicators(desk: &mut Desk<'_>, format: &mut Format, units: &[Unit]) {
    let base = desk.base;
    let rows = rows(desk, format);
    let (columns, theirs): (Vec<_>, Vec<_>) = columns(desk.found)
        .into_iter()
        .partition(|(code, _)| base.indicator(code).is_some() || rows.iter().any(|row| row.code == *code));
    not_ours(desk, &theirs);
    let mut codes: Vec<String> = Vec::new();
    for code in rows.iter().map(|row| &row.code).chain(columns.iter().map(|(code, _)| code)) {
        if !codes.contains(code) {
            codes.push(code.clone());
        }
    }
    // What stands in no block and in no overview cannot be seen in a workbook; it stays what it was.
    let unseen: Vec<&Indicator> = base
        .indicators
        .iter()
        .filter(|indicator| !codes.contains(&indicator.code) && !is_placed(base, &indicator.code))
        .collect();
    if !unseen.is_empty() {
        let names: Vec<&str> = unseen.iter().map(|indicator| indicator.name.as_str()).collect();
        let said = format!("Niet in het werkboek te zien en daarom gehouden: {}.", names.join("; "));
        desk.say(
            "lees-uit-basis",
            Level::Opmerking,
            None,
            said,
            "Haal de regels uit indicatoren.csv als zij weg moeten.",
        );
    }
    codes.extend(unseen.into_iter().map(|indicator| indicator.code.clone()));
    let mut indicators: Vec<Indicator> = Vec::new();
    for code in &codes {
        let own: Vec<&Row<'_>> = rows.iter().filter(|row| row.code == *code).collect();
        indicators.push(indicator(desk, format, units, code, &own, &columns));
    }
    let names: Vec<(String, String)> = indicators
        .iter()
        .filter_map(|new| Some((base.indicator(&new.code)?.name.clone(), new.name.clone())))
        .collect();
    for alias in format.control.aliases.iter_mut().filter(|alias| alias.kind == "indicator") {
        if let Some((_, new)) = names.iter().find(|(old, _)| *old == alias.name) {
            alias.name.clone_from(new);
        }
    }
    let order = order(format, &rows, &codes, base);
    format.indicators =
        order.iter().filter_map(|code| indicators.iter().find(|i| i.code == *code).cloned()).collect();
}

/// Tells of columns of the overview that are no indicator of the format: the overview may be somebody else's, and holds more
/// than one format uses.
fn not_ours(desk: &mut Desk<'_>, columns: &[(String, &FoundColumn)]) {
    let name = |(code, column): &(String, &FoundColumn)| {
        column.cells.get(&OverviewLabel::Indicator).map_or_else(|| code.clone(), |cell| cell.text.clone())
    };
    let mut names: Vec<String> = Vec::new();
    for column in columns.iter().map(name) {
        if !names.contains(&column) {
            names.push(column);
        }
    }
    let Some((_, first)) = columns.first() else { return };
    let said = format!(
        "Kolommen van het overzicht zonder rij op een tabblad van een pijler, en niet bekend in het basisformat: {}. Zij horen bij \
         het overzicht en zijn geen indicator van het format geworden.",
        names.join("; ")
    );
    let at = first.cells.get(&OverviewLabel::Code).map(|cell| cell.at.clone());
    desk.say(
        "lees-uit-basis",
        Level::Opmerking,
        at.as_ref(),
        said,
        "Hoort een kolom wel bij het format, zet dan een rij bij een domein of een regel in indicatoren.csv.",
    );
}

/// True when the format gives it a row on a pijler tab.
fn is_placed(format: &Format, code: &str) -> bool {
    format.domeinen.iter().any(|domein| {
        format.placement(&domein.name).iter().any(|(_, list)| list.iter().any(|indicator| indicator.code == code))
    })
}

/// Every indicator row with its code. A row that was copied with its hidden code and renamed is a new indicator.
fn rows<'a>(desk: &mut Desk<'a>, format: &Format) -> Vec<Row<'a>> {
    let (base, found) = (desk.base, desk.found);
    let places = |code: &str, domein: &str| {
        let Some(known) = base.domein_by_id(domein) else { return 0 };
        let placement = base.placement(&known.name);
        placement.iter().filter(|(_, list)| list.iter().any(|indicator| indicator.code == code)).count()
    };
    let mut rows: Vec<Row<'a>> = Vec::new();
    let mut fresh: Vec<(String, String)> = Vec::new();
    for block in &found.blocks {
        let Some(domein) = format.domeinen.iter().find(|domein| Some(&domein.id) == block.id.as_ref()) else {
            continue;
        };
        for row in &block.indicators {
            let known = row
                .code
                .as_deref()
                .filter(|code| !is_copy(base, found, block, row, code, &|code| places(code, &domein.id)));
            let code = match known {
                Some(code) => code.to_owned(),
                None => {
                    if desk.left_out(&format!("De rij '{}'", short(&row.name.text)), &row.name.at) {
                        continue;
                    }
                    let key = normalise(&row.name.text);
                    match fresh.iter().find(|(name, _)| *name == key) {
                        Some((_, code)) => code.clone(),
                        None => {
                            let taken = |id: &str| {
                                base.indicator(id).is_some()
                                    || fresh.iter().any(|(_, code)| code == id)
                                    || found
                                        .blocks
                                        .iter()
                                        .flat_map(|b| &b.indicators)
                                        .any(|r| r.code.as_deref() == Some(id))
                            };
                            let code = fresh_id(&row.name.text, &taken);
                            desk.named("De indicator", &row.name.text, &code, "indicatoren.csv", &row.name.at);
                            fresh.push((key, code.clone()));
                            code
                        }
                    }
                }
            };
            let factor = row.factor.and_then(|at| block.factoren.get(at)).map(|factor| {
                let by_name =
                    format.factoren.iter().find(|known| normalise(&known.name) == normalise(&factor.name.text));
                let by_id = format.factoren.iter().find(|known| Some(&known.id) == factor.id.as_ref());
                // A line that bears the id of one factor and the name of another was typed over, unless the other has a line of
                // its own here: then it is the line that was not renamed along.
                let has_line = |id: &str| block.factoren.iter().any(|line| line.id.as_deref() == Some(id));
                let known = match (by_id, by_name) {
                    (Some(by_id), Some(by_name)) if by_id.id != by_name.id && has_line(&by_name.id) => {
                        let again = block.factoren.iter().any(|line| {
                            line.id == factor.id && normalise(&line.name.text) == normalise(&by_id.name)
                        });
                        if again { by_name } else { by_id }
                    }
                    (by_id, by_name) => match by_name.or(by_id) {
                        Some(known) => known,
                        None => return String::new(),
                    },
                };
                known.id.clone()
            });
            rows.push(Row { code, domein: domein.id.clone(), factor, found: row });
        }
    }
    rows
}

/// Whether a row carries the code of another row from which it was copied: it has another name, and the row that the
/// format has there is present under its own name.
fn is_copy(
    base: &Format,
    found: &FoundFormat,
    block: &FoundBlock,
    row: &FoundIndicator,
    code: &str,
    places: &dyn Fn(&str) -> usize,
) -> bool {
    let same = |other: &FoundIndicator| other.code.as_deref() == Some(code);
    let named = |other: &FoundIndicator, name: &str| squeeze(&other.name.text) == squeeze(name);
    let Some(known) = base.indicator(code) else {
        // Unknown to the format: the first row with the code is the indicator, others with another name are copies.
        let first = found.blocks.iter().flat_map(|block| &block.indicators).find(|other| same(other));
        let here = block.indicators.iter().filter(|other| same(other)).count();
        return here > 1 && first.is_some_and(|first| !named(row, &first.name.text));
    };
    if named(row, &known.name) || known.variants.iter().any(|variant| named(row, variant)) {
        return false;
    }
    let original = |blocks: &mut dyn Iterator<Item = &FoundBlock>| {
        blocks.flat_map(|block| &block.indicators).any(|other| same(other) && named(other, &known.name))
    };
    if places(code) > 0 { original(&mut std::iter::once(block)) } else { original(&mut found.blocks.iter()) }
}

/// The columns of the overview by code. Columns with numbers of observations or margins are no indicators.
fn columns(found: &FoundFormat) -> Vec<(String, &FoundColumn)> {
    let code = |column: &FoundColumn| column.cells.get(&OverviewLabel::Code).map(|cell| cell.text.clone());
    found
        .columns
        .iter()
        .filter_map(|column| Some((code(column)?, column)))
        .filter(|(code, _)| !code.is_empty() && !code.contains("__"))
        .collect()
}

/// Unit, edition, year, doelgroep and kind as five texts.
type Description = [String; 5];

/// Where each of those stands above a column of the overview, and in `indicatoren.csv`.
const PARTS: [(OverviewLabel, &str); 5] = [
    (OverviewLabel::Eenheid, "eenheid"),
    (OverviewLabel::Editie, "editie"),
    (OverviewLabel::Peiljaar, "peiljaar"),
    (OverviewLabel::Doelgroep, "doelgroep"),
    (OverviewLabel::Soort, "soort"),
];

fn described(indicator: &Indicator) -> Description {
    [
        indicator.unit.name.clone(),
        indicator.edition.clone(),
        indicator.year.clone(),
        indicator.doelgroep.clone(),
        indicator.kind.word().to_owned(),
    ]
}

fn shown(parts: &Description) -> String {
    let [unit, edition, year, doelgroep, kind] = parts;
    row_description(unit, edition, year, doelgroep, kind)
}

/// Edition and year.
fn period(text: &str) -> (String, String) {
    if text == "jaar onbekend" {
        return (String::new(), "onbekend".to_owned());
    }
    if let Some((edition, year)) = text.rsplit_once(", peiljaar ") {
        return (edition.to_owned(), year.to_owned());
    }
    let year = text.split(|c: char| !c.is_ascii_digit()).find(|part| part.len() == 4);
    match year {
        // An edition that is called after its year: both are written down.
        Some(year) => (text.to_owned(), year.to_owned()),
        None => (text.to_owned(), String::new()),
    }
}

/// What a maintainer typed in column C in words of his own: unit, year, doelgroep and kind with commas between them.
fn typed(text: &str, units: &[Unit]) -> Description {
    let mut out: Description = Default::default();
    let [unit, edition, year, doelgroep, kind] = &mut out;
    for part in text.split([',', ';', '·']).map(str::trim).filter(|part| !part.is_empty()) {
        let known = units.iter().find(|unit| unit.name.eq_ignore_ascii_case(part));
        let is_year = part.len() == 4 && part.bytes().all(|byte| byte.is_ascii_digit());
        match normalise(part).as_str() {
            _ if known.is_some() && unit.is_empty() => part.clone_into(unit),
            "direct" | "benadering" if kind.is_empty() => *kind = normalise(part),
            name if (is_year || name.starts_with("editie")) && year.is_empty() && edition.is_empty() => {
                (*edition, *year) = period(part);
            }
            _ if doelgroep.is_empty() => part.clone_into(doelgroep),
            _ => doelgroep.push_str(&format!(", {part}")),
        }
    }
    out
}

/// The parts of the text in column C; what it does not tell stays empty.
fn parsed(text: &str, units: &[Unit]) -> Description {
    if !text.contains(" · ") {
        return typed(text, units);
    }
    let parts: Vec<&str> = text.split(" · ").map(str::trim).collect();
    let mut out: Description = Default::default();
    let [unit, edition, year, doelgroep, kind] = &mut out;
    match parts.as_slice() {
        [one, two, middle @ .., last] if !middle.is_empty() => {
            *unit = (*one).to_owned();
            (*edition, *year) = period(two);
            *doelgroep = middle.join(" · ");
            *kind = (*last).to_owned();
        }
        [one, two] => {
            *unit = (*one).to_owned();
            (*edition, *year) = period(two);
        }
        [one] => *unit = (*one).to_owned(),
        _ => {}
    }
    out
}

/// What the note on a name says.
#[derive(Default)]
struct Note {
    definition: String,
    direction: String,
    method: String,
    renewal: String,
    estimate: bool,
}

/// Reads a note that the program made; `None` for any other note.
fn note(text: &str) -> Option<Note> {
    let (definition, rest) =
        text.replace("\r\n", "\n").trim().rsplit_once("\n\n").map(|(a, b)| (a.to_owned(), b.to_owned()))?;
    let definition = definition.strip_prefix("Wijkanalyse:\n").unwrap_or(&definition).to_owned();
    let mut note = Note { definition, ..Note::default() };
    for line in rest.lines() {
        let after =
            |word: &str| line.strip_prefix(word).map(|text| text.strip_suffix('.').unwrap_or(text).to_owned());
        match line {
            "Hoger is gunstig." => Direction::HigherIsBetter.words().clone_into(&mut note.direction),
            "Lager is gunstig." => Direction::LowerIsBetter.words().clone_into(&mut note.direction),
            "Hoger of lager is niet beter of slechter." => {
                Direction::Neutral.words().clone_into(&mut note.direction)
            }
            "Het cijfer is een schatting met een model." => note.estimate = true,
            _ => match (after("Meetwijze: "), after("Vernieuwing: ")) {
                (Some(method), _) => note.method = method,
                (_, Some(renewal)) => note.renewal = renewal,
                _ => return None,
            },
        }
    }
    (!note.direction.is_empty() && !note.method.is_empty()).then_some(note)
}

fn indicator(
    desk: &mut Desk<'_>,
    format: &Format,
    units: &[Unit],
    code: &str,
    rows: &[&Row<'_>],
    columns: &[(String, &FoundColumn)],
) -> Indicator {
    let base = desk.base;
    let known = base.indicator(code);
    let mut own: Vec<&FoundColumn> =
        columns.iter().filter(|(of, _)| of == code).map(|(_, column)| *column).collect();
    // Of several editions the one that the rows tell of, else that of the format, else the last.
    let edition = |column: &FoundColumn| {
        column.cells.get(&OverviewLabel::Editie).map_or("", |cell| cell.text.as_str()).to_owned()
    };
    let text_of = |column: &FoundColumn| {
        let text = |label| column.cells.get(&label).map_or(String::new(), |cell: &TextCell| cell.text.clone());
        PARTS.map(|(label, _)| text(label))
    };
    let told: Vec<String> =
        rows.iter().filter_map(|row| row.found.unit.as_ref()).map(|cell| squeeze(&cell.text)).collect();
    own.sort_by_key(|column| {
        (
            told.contains(&squeeze(&shown(&text_of(column)))),
            known.is_some_and(|known| known.edition == edition(column)),
        )
    });
    let column = own.last().copied();
    let top = |label: OverviewLabel| column.and_then(|column| column.cells.get(&label));

    let first = rows.first().map(|row| row.found.name.text.clone());
    let label = first.or_else(|| top(OverviewLabel::Indicator).map(|cell| cell.text.clone()));
    let label = label.or_else(|| known.map(|known| known.name.clone())).unwrap_or_else(|| code.to_owned());
    let about = format!("de indicator '{label}'");
    let at = rows
        .first()
        .map(|row| row.found.name.at.clone())
        .or_else(|| top(OverviewLabel::Code).map(|cell| cell.at.clone()));

    let names: Vec<&TextCell> = rows.iter().map(|row| &row.found.name).collect();
    let above: Vec<&TextCell> = top(OverviewLabel::Indicator)
        .into_iter()
        .chain(column.and_then(|column| column.heading.as_ref()))
        .collect();
    let name = desk.settle_above(&about, known.map(|known| known.name.as_str()), &names, &above).unwrap_or(label);

    // Where a cell shows what the overview said otherwise than the format, the format's own words count.
    let own_words = |field: &str, cell: TextCell| -> TextCell {
        let shown = |words: &&OwnWords| {
            words.code == code && words.field == field && squeeze(&words.shown) == squeeze(&cell.text)
        };
        match desk.found.own_words.iter().find(shown) {
            Some(words) => TextCell { text: words.own.clone(), ..cell },
            None => cell,
        }
    };
    // The five parts of column C, each with its cell.
    let mut parts: [Vec<TextCell>; 5] = Default::default();
    for cell in rows.iter().filter_map(|row| row.found.unit.as_ref()) {
        let text = squeeze(&cell.text);
        let values = match (known.map(described), column.map(text_of)) {
            (Some(values), _) if squeeze(&shown(&values)) == text => values,
            (_, Some(values)) if squeeze(&shown(&values)) == text => values,
            _ => parsed(&cell.text, units),
        };
        for ((list, text), (_, field)) in parts.iter_mut().zip(values).zip(PARTS) {
            list.push(own_words(field, TextCell { at: cell.at.clone(), text }));
        }
    }
    for (list, (label, field)) in parts.iter_mut().zip(PARTS) {
        list.extend(top(label).cloned().map(|cell| own_words(field, cell)));
    }
    let sources: Vec<TextCell> = rows
        .iter()
        .filter_map(|row| row.found.source.as_ref())
        .chain(top(OverviewLabel::Bron))
        .map(|cell| own_words("bron", cell.clone()))
        .collect();
    let words = ["de eenheid", "de editie", "het peiljaar", "de doelgroep", "de soort"];
    let before = known.map(described);
    let mut settled: Description = Default::default();
    for (index, (list, word)) in parts.iter().zip(words).enumerate() {
        let cells: Vec<&TextCell> = list.iter().collect();
        let old = before.as_ref().and_then(|parts| parts.get(index)).map(String::as_str);
        let text = desk.settle(&format!("{word} van {about}"), old, &cells).unwrap_or_default();
        if let Some(slot) = settled.get_mut(index) {
            *slot = text;
        }
    }
    let [unit, edition, year, doelgroep, kind] = settled;

    let notes: Vec<(TextCell, Note)> = rows
        .iter()
        .filter_map(|row| {
            let text = row.found.note.as_ref()?;
            Some((TextCell { at: row.found.name.at.clone(), text: text.clone() }, note(text)?))
        })
        .collect();
    let mut from =
        |word: &str, old: Option<&str>, label: OverviewLabel, of_note: &dyn Fn(&Note) -> String| -> String {
            let cells: Vec<TextCell> =
                notes.iter().map(|(cell, note)| TextCell { at: cell.at.clone(), text: of_note(note) }).collect();
            let seen: Vec<&TextCell> = cells.iter().collect();
            let above: Vec<&TextCell> = top(label).into_iter().collect();
            desk.settle_above(&format!("{word} van {about}"), old, &seen, &above).unwrap_or_default()
        };
    let definition = from("de definitie", known.map(|k| k.definition.as_str()), OverviewLabel::Definitie, &|n| {
        n.definition.clone()
    });
    let direction =
        from("de richting", known.map(|k| k.direction.words()), OverviewLabel::Richting, &|n| n.direction.clone());
    let method =
        from("de meetwijze", known.map(|k| k.method.as_str()), OverviewLabel::Meetwijze, &|n| n.method.clone());
    let renewal = from("de vernieuwing", known.map(|k| k.renewal.as_str()), OverviewLabel::Vernieuwing, &|n| {
        n.renewal.clone()
    });
    let estimate = known.map_or_else(|| notes.iter().any(|(_, note)| note.estimate), |known| known.estimate);
    if let Some((cell, _)) = notes.iter().find(|(_, note)| note.estimate != estimate)
        && !desk.may_be_theirs(&cell.at.tab)
    {
        let said = format!(
            "De notitie bij {about} zegt iets anders over een schatting met een model; genomen is wat het basisformat zegt."
        );
        desk.say(
            "lees-tegenstrijdig",
            Level::Opmerking,
            Some(&cell.at),
            said,
            "Pas 'modelschatting' in indicatoren.csv aan als dat nodig is.",
        );
    }

    let sources: Vec<&TextCell> = sources.iter().collect();
    let source = desk
        .settle(&format!("de bron van {about}"), known.map(|k| k.source.as_str()), &sources)
        .unwrap_or_default();
    let mut decimals: Vec<TextCell> = rows
        .iter()
        .filter_map(|row| Some(TextCell { at: row.found.name.at.clone(), text: row.found.decimals?.to_string() }))
        .collect();
    decimals.extend(top(OverviewLabel::Decimalen).cloned().map(|cell| own_words("decimalen", cell)));
    let decimals: Vec<&TextCell> = decimals.iter().collect();
    let old = known.map(|known| known.decimals.to_string());
    let decimals = desk.settle(&format!("het aantal decimalen van {about}"), old.as_deref(), &decimals);

    // What is missing is asked for; the stand-ins below never reach the files.
    let directions = [Direction::HigherIsBetter, Direction::LowerIsBetter, Direction::Neutral];
    let direction = directions.into_iter().find(|known| normalise(known.words()) == normalise(&direction));
    let kinds =
        [Kind::Direct, Kind::Benadering].into_iter().find(|known| normalise(&kind).starts_with(known.word()));
    let unit = units
        .iter()
        .map(|unit| &unit.name)
        .find(|known| normalise(known) == normalise(&unit) && known.contains('%') == unit.contains('%'))
        .unwrap_or(&unit)
        .clone();
    let texts = [
        ("eenheid", unit.is_empty()),
        ("richting", direction.is_none()),
        ("doelgroep", doelgroep.is_empty()),
        ("soort", kinds.is_none()),
        ("peiljaar", year.is_empty()),
        ("bron", source.is_empty()),
        ("meetwijze", method.is_empty()),
        ("definitie", definition.is_empty()),
        ("decimalen", decimals.is_none()),
    ];
    for (field, missing) in texts {
        if missing {
            desk.ask("indicatoren.csv", code, field, &about, at.as_ref());
        }
    }
    let known_unit = units.iter().find(|known| known.name == unit).cloned();
    if known_unit.is_none() && !unit.is_empty() {
        desk.ask("eenheden.csv", &unit, "verschil", &format!("de eenheid '{unit}'"), at.as_ref());
    }
    let (domein, factoren) = belongs(desk, format, code, &about, rows, top(OverviewLabel::Factoren));
    Indicator {
        code: code.to_owned(),
        name,
        variants: known.map(|known| known.variants.clone()).unwrap_or_default(),
        definition,
        domein,
        factoren,
        unit: known_unit.unwrap_or(Unit { name: unit, difference: String::new() }),
        decimals: decimals.and_then(|text| text.trim().parse().ok()).filter(|d| *d <= 6).unwrap_or(1),
        direction: direction.unwrap_or(Direction::Neutral),
        doelgroep,
        kind: kinds.unwrap_or(Kind::Benadering),
        edition,
        year,
        source,
        method,
        renewal,
        estimate,
    }
}

/// The domein of an indicator and its factors: from where its rows stand, and what is written above its column.
fn belongs(
    desk: &mut Desk<'_>,
    format: &Format,
    code: &str,
    about: &str,
    rows: &[&Row<'_>],
    column: Option<&TextCell>,
) -> (Option<String>, Vec<String>) {
    let base = desk.base;
    let known = base.indicator(code);
    let old_domein =
        known.and_then(|known| known.domein.as_deref()).and_then(|name| base.domein(name)).map(|d| d.id.clone());
    let own: Vec<&&Row<'_>> = rows.iter().filter(|row| row.factor.is_none()).collect();
    let chosen = own.iter().find(|row| Some(&row.domein) == old_domein.as_ref()).or(own.first());
    let domein = chosen.and_then(|row| format.domein_by_id(&row.domein)).map(|domein| domein.name.clone());
    for row in own.iter().filter(|row| chosen.is_some_and(|chosen| chosen.domein != row.domein)) {
        let said =
            format!("{about} staat bij meer dan één domein onder de eigen cijfers; dat kan er maar één zijn.");
        desk.say(
            "lees-tegenstrijdig",
            Level::Waarschuwing,
            Some(&row.found.name.at),
            said,
            "Zet de rij bij een ander domein onder een factor.",
        );
    }
    if rows.is_empty() && known.is_some_and(|known| is_placed(base, &known.code)) {
        let said = format!(
            "{about} staat nog in het overzicht, maar niet meer op een tabblad van een pijler. Het domein is leeg gelaten."
        );
        desk.say(
            "lees-tegenstrijdig",
            Level::Waarschuwing,
            column.map(|cell| &cell.at),
            said,
            "Moet de indicator weg, haal dan de regel uit indicatoren.csv.",
        );
    }

    // Factors by id: those that were known, else those of the overview.
    let current =
        |id: &str| format.factoren.iter().find(|factor| factor.id == id).map(|factor| factor.name.clone());
    let id_now =
        |name: &str| format.factoren.iter().find(|f| normalise(&f.name) == normalise(name)).map(|f| f.id.clone());
    let id_before =
        |name: &str| base.factoren.iter().find(|f| f.name == name).map(|f| f.id.clone()).or_else(|| id_now(name));
    let mut ids: Vec<String> =
        known.map(|known| known.factoren.iter().filter_map(|name| id_before(name)).collect()).unwrap_or_default();
    let same_as_before =
        |text: &str| known.is_some_and(|known| squeeze(&known.factoren.join(" | ")) == squeeze(text));
    if let Some(cell) = column.filter(|cell| !same_as_before(&cell.text)) {
        let now: Vec<String> =
            cell.text.split('|').map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned).collect();
        let read: Vec<String> = now.iter().filter_map(|name| id_now(name).or_else(|| id_before(name))).collect();
        if read.len() == now.len() {
            ids = read;
        } else {
            let said = format!("Niet elke factor boven de kolom van {about} komt in een factorenmodel voor.");
            desk.say(
                "lees-niet-begrepen",
                Level::Waarschuwing,
                Some(&cell.at),
                said,
                "Schrijf de factoren zoals op de tabbladen met de factorenmodellen, met | ertussen.",
            );
        }
    }
    ids.retain(|id| current(id).is_some());
    for row in rows {
        match row.factor.as_deref() {
            Some("") => {
                let said = format!("{about} staat onder een factor die in geen enkel factorenmodel voorkomt.");
                desk.say(
                    "lees-niet-begrepen",
                    Level::Waarschuwing,
                    Some(&row.found.name.at),
                    said,
                    "Zet de factor op het tabblad met het factorenmodel.",
                );
            }
            Some(factor) if !ids.iter().any(|id| id == factor) => ids.push(factor.to_owned()),
            _ => {}
        }
    }
    // A factor under which the figure stood and no longer stands anywhere was taken away.
    let places = |id: &str| -> Vec<&str> {
        let name = current(id).unwrap_or_default();
        format
            .domeinen
            .iter()
            .filter(|d| format.factoren_of(&d.name).any(|f| f.name == name))
            .map(|d| d.id.as_str())
            .collect()
    };
    let before = known.map(|known| {
        let rows = base.domeinen.iter().flat_map(|domein| {
            let placement = base.placement(&domein.name);
            placement
                .into_iter()
                .filter(|(_, list)| list.iter().any(|indicator| indicator.code == known.code))
                .filter_map(|(factor, _)| Some((domein.id.clone(), factor?.id.clone())))
                .collect::<Vec<_>>()
        });
        rows.collect::<BTreeSet<(String, String)>>()
    });
    let before = before.unwrap_or_default();
    let gone: Vec<String> = ids
        .iter()
        .filter(|id| {
            let was = before.iter().any(|(domein, factor)| factor == *id && format.domein_by_id(domein).is_some());
            let shown = rows.iter().any(|row| {
                row.factor.as_deref() == Some(id.as_str())
                    // Not shown twice in a block: under an earlier factor, or among the figures of the domein itself.
                    || (places(id).contains(&row.domein.as_str())
                        && (row.factor.is_none() || !before.contains(&(row.domein.clone(), (*id).clone()))))
            });
            was && !shown
        })
        .cloned()
        .collect();
    ids.retain(|id| !gone.contains(id));
    let mut missing: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for id in &ids {
        for domein in places(id) {
            let own = format.domein_by_id(domein).map(|d| d.name.clone())
                == domein_name(&format.domeinen, &chosen.map(|row| row.domein.clone()));
            if !own
                && !rows.iter().any(|row| row.domein == domein)
                && before.contains(&(domein.to_owned(), id.clone()))
            {
                missing.entry(id).or_default().push(domein);
            }
        }
    }
    for (id, domeinen) in missing {
        let at = rows.first().map(|row| &row.found.name.at);
        let said = format!(
            "{about} staat bij sommige domeinen niet meer onder de factor '{}' ({}). Een factor hoort bij een cijfer of niet; hij komt daar terug.",
            current(id).unwrap_or_default(),
            domeinen.join(", ")
        );
        desk.say(
            "lees-tegenstrijdig",
            Level::Waarschuwing,
            at,
            said,
            "Haal de factor in indicatoren.csv weg bij de indicator als hij nergens meer bij hoort.",
        );
    }
    (domein, ids.iter().filter_map(|id| current(id)).collect())
}

fn domein_name(domeinen: &[crate::model::Domein], id: &Option<String>) -> Option<String> {
    domeinen.iter().find(|domein| Some(&domein.id) == id.as_ref()).map(|domein| domein.name.clone())
}

/// The order of the file, changed where the blocks show another.
fn order(format: &Format, rows: &[Row<'_>], codes: &[String], base: &Format) -> Vec<String> {
    let known: Vec<String> = base.indicators.iter().map(|indicator| indicator.code.clone()).collect();
    let mut sequences: Vec<Vec<String>> = Vec::new();
    for own in [true, false] {
        for domein in &format.domeinen {
            let mut lists: BTreeMap<Option<&str>, Vec<String>> = BTreeMap::new();
            for row in rows.iter().filter(|row| row.domein == domein.id && row.factor.is_none() == own) {
                lists.entry(row.factor.as_deref()).or_default().push(row.code.clone());
            }
            sequences.extend(lists.into_values());
        }
    }
    merged(codes, &known, &sequences)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_of_column_c_is_taken_apart_as_it_was_put_together() {
        for parts in [
            ["%", "editie 2016", "onbekend", "18 t/m 22 jaar", "direct"],
            ["per 1.000 inwoners", "2020", "2020", "alle bewoners", "benadering"],
            ["index", "editie 2018", "2018", "0 tot 4 jaar", "direct"],
        ] {
            let parts = parts.map(str::to_owned);
            assert_eq!(parsed(&shown(&parts), &[]), parts);
        }
        let percent = [Unit { name: "%".into(), difference: "procentpunt".into() }];
        assert_eq!(parsed("%, 2024", &percent), ["%", "2024", "2024", "", ""].map(str::to_owned));
        assert_eq!(
            parsed("%; 4 t/m 12 jaar, direct", &percent),
            ["%", "", "", "4 t/m 12 jaar", "direct"].map(str::to_owned)
        );
    }

    #[test]
    fn only_a_note_of_the_program_is_read() {
        let found = note("Deel dat.\n\nLager is gunstig.\nMeetwijze: enquête.\nVernieuwing: elk jaar.").unwrap();
        assert_eq!((found.definition.as_str(), found.method.as_str()), ("Deel dat.", "enquête"));
        assert_eq!(found.direction, "lager is gunstig");
        assert!(note("Jan: dit klopt niet\n\nbel de school").is_none());
        assert!(note("klopt dit?").is_none());
    }
}
