//! Pijlers, domeinen and factoren with their ranking.
//!
//! Owns how each is found back: by id; a row that was copied with its hidden id and given another name is a new thing.

use std::collections::{BTreeMap, BTreeSet};

use super::desk::{Desk, fresh_id, place, short, squeeze};
use super::order::merged;
use super::texts::Texts;
use crate::finding::Level;
use crate::model::{
    Domein, Factor, FactorKind, Format, FoundBlock, FoundFactor, Pijler, RankedFactor, TabKind, TextCell, Wanted,
    normalise, tab_name_of,
};

/// Derives pijlers, domeinen and wanted figures from tabs and blocks.
pub(super) fn pijlers_and_domeinen(desk: &mut Desk<'_>, format: &mut Format, texts: &mut Texts) {
    let (base, found) = (desk.base, desk.found);
    let mut pijlers: Vec<Pijler> = Vec::new();
    let mut domeinen: Vec<Domein> = Vec::new();
    for tab in &found.tabs {
        let TabKind::Pijler(kind) = &tab.kind else { continue };
        let known = base.pijlers.iter().find(|pijler| pijler.name == *kind);
        let blocks: Vec<(&FoundBlock, &str)> = found
            .blocks
            .iter()
            .filter(|block| block.tab == tab.name)
            .filter_map(|block| Some((block, block.id.as_deref()?)))
            .collect();
        if blocks.is_empty() {
            let at = crate::model::CellRef::new(&tab.name, 0, 0);
            let said =
                format!("Op het tabblad '{}' is geen domein gevonden; de pijler is niet overgenomen.", tab.name);
            desk.say(
                "lees-niet-begrepen",
                Level::Waarschuwing,
                Some(&at),
                said,
                "Zet boven elk blok een regel 'Domein: ...'.",
            );
            continue;
        }
        let mut name = pijler_name(desk, &tab.name, known, &blocks);
        let of_another = |pijler: &&Pijler| {
            normalise(&pijler.name) == normalise(&name)
                && (pijlers.iter().any(|taken| taken.id == pijler.id)
                    || found.tabs.iter().any(|other| other.kind == TabKind::Pijler(pijler.name.clone())))
        };
        // A tab that was copied still names the first pijler in its closing table; its own name is that of the tab.
        if let Some(other) = pijlers.iter().chain(&base.pijlers).find(of_another).filter(|_| known.is_none()) {
            let own = tab_pijler(&tab.name).to_owned();
            let at = crate::model::CellRef::new(&tab.name, 0, 0);
            let said = format!(
                "Dit tabblad noemt zich nog pijler '{name}', zoals het tabblad '{}'. Genomen is de naam van het tabblad: '{own}'.",
                other.tab
            );
            desk.say(
                "lees-tegenstrijdig",
                Level::Waarschuwing,
                Some(&at),
                said,
                "Is het een kopie, geef de pijler en haar domeinen op dit tabblad dan eigen namen en lees opnieuw. Of haal het tabblad weg.",
            );
            name = own;
        }
        let id = known.map(|pijler| pijler.id.clone()).unwrap_or_else(|| {
            let group = tab_name_of("pijler", "");
            let given = tab
                .id
                .as_deref()
                .and_then(|id| id.get(group.len()..))
                .map(|id| id.to_lowercase().replace('_', "-"));
            given.filter(|id| !id.is_empty()).unwrap_or_else(|| {
                fresh_id(&name, &|id| {
                    base.pijlers.iter().any(|p| p.id == id) || pijlers.iter().any(|p| p.id == id)
                })
            })
        });
        if known.is_none() {
            let at = crate::model::CellRef::new(&tab.name, 0, 0);
            desk.named("De pijler", &name, &id, "pijlers.csv", &at);
        }
        let heading = heading(desk, &tab.name, known, &name);
        pijlers.push(Pijler {
            id,
            heading,
            tab: tab.name.clone(),
            colour: known.or(base.pijlers.first()).map_or("1F5C7A".to_owned(), |pijler| pijler.colour.clone()),
            name: name.clone(),
        });
        for (block, id) in blocks {
            let domein = domein(desk, block, id, &name, &domeinen, texts);
            domeinen.push(domein);
        }
    }
    for tab in &found.tabs {
        let taken = domeinen.iter().any(|domein| domein.factorenmodel_tab == tab.name);
        if matches!(tab.kind, TabKind::Factorenmodel(_)) && !taken {
            let at = crate::model::CellRef::new(&tab.name, 0, 0);
            desk.say(
                "lees-niet-begrepen",
                Level::Waarschuwing,
                Some(&at),
                format!("Het factorenmodel op het tabblad '{}' hoort bij geen domein en is niet overgenomen.", tab.name),
                "Zet in A1 'Factorenmodel: ' met de naam van het domein erachter, zoals die boven zijn blok staat, en lees opnieuw.",
            );
        }
    }
    format.wanted = wanted(desk, &domeinen, texts);
    let renamed = |old: &str| -> Option<String> {
        let id = base.domein(old)?.id.clone();
        domeinen.iter().find(|domein| domein.id == id).map(|domein| domein.name.clone())
    };
    for alias in format.control.aliases.iter_mut().filter(|alias| alias.kind == "domein") {
        alias.name = renamed(&alias.name).unwrap_or_else(|| alias.name.clone());
    }
    format.pijlers = pijlers;
    format.domeinen = domeinen;
}

/// The id of the domein of each block; `None` for a block that is left out.
pub(super) fn domein_ids(desk: &mut Desk<'_>) -> Vec<Option<String>> {
    let (base, found) = (desk.base, desk.found);
    let named = |block: &FoundBlock| {
        base.domeinen
            .iter()
            .find(|domein| normalise(&domein.name) == normalise(&block.name.text))
            .map(|d| d.id.clone())
    };
    let mut ids: Vec<Option<String>> = vec![None; found.blocks.len()];
    let mut taken: BTreeSet<String> = BTreeSet::new();
    // The block that bears an id under the name that belongs to it.
    let own = |id: &str| {
        found.blocks.iter().any(|block| block.id.as_deref() == Some(id) && named(block).as_deref() == Some(id))
    };
    // First those that bear the name that belongs to their id. Then those that were given another name, also where that was the
    // name of a domein that was renamed itself; then those without an id, by their name.
    for step in 0..3 {
        for (block, id) in found.blocks.iter().zip(ids.iter_mut()).filter(|(_, id)| id.is_none()) {
            let name = named(block);
            let wanted = match step {
                0 => block.id.clone().filter(|id| name.as_ref() == Some(id)),
                1 => block.id.clone().filter(|id| !own(id) && !name.as_deref().is_some_and(own)),
                _ => name.or_else(|| block.id.clone().filter(|id| !own(id))),
            };
            if let Some(wanted) = wanted.filter(|wanted| !taken.contains(wanted)) {
                taken.insert(wanted.clone());
                *id = Some(wanted);
            }
        }
    }
    for (block, id) in found.blocks.iter().zip(ids.iter_mut()).filter(|(_, id)| id.is_none()) {
        if desk.left_out(&format!("Het domein '{}'", short(&block.name.text)), &block.name.at) {
            continue;
        }
        let new = fresh_id(&block.name.text, &|id| taken.contains(id) || base.domein_by_id(id).is_some());
        desk.named("Het domein", &block.name.text, &new, "domeinen.csv", &block.name.at);
        taken.insert(new.clone());
        *id = Some(new);
    }
    ids
}

fn pijler_name(desk: &mut Desk<'_>, tab: &str, known: Option<&Pijler>, blocks: &[(&FoundBlock, &str)]) -> String {
    let found = desk.found;
    let starts = ["Slottabel pijler ", "Analyse pijler "];
    let mut seen: Vec<TextCell> = Vec::new();
    for cell in found.loose.iter().filter(|cell| cell.at.tab == tab) {
        if let Some(name) = starts.iter().find_map(|start| cell.text.strip_prefix(start)) {
            seen.push(TextCell { at: cell.at.clone(), text: name.trim().to_owned() });
        }
    }
    let here = |id: &Option<String>| blocks.iter().any(|(_, block)| id.as_deref() == Some(block));
    seen.extend(found.pijler_names.iter().filter(|(id, _)| here(id)).map(|(_, cell)| cell.clone()));
    let cells: Vec<&TextCell> = seen.iter().collect();
    let name = desk.settle("de naam van de pijler", known.map(|pijler| pijler.name.as_str()), &cells);
    name.unwrap_or_else(|| tab_pijler(tab).to_owned())
}

/// The name of a pijler, by that of its tab.
fn tab_pijler(tab: &str) -> &str {
    tab.strip_prefix("Pijler ").unwrap_or(tab)
}

/// The heading behind the name of the tab in the title: `Pijler Kansrijk: Kansrijk opgroeien`.
fn heading(desk: &mut Desk<'_>, tab: &str, known: Option<&Pijler>, name: &str) -> String {
    let found = desk.found;
    let title = found.loose.iter().filter(|cell| cell.at.tab == tab && cell.at.row < 3).find_map(|cell| {
        let (before, after) = cell.text.split_once(": ")?;
        let ours = normalise(before).starts_with("pijler")
            || normalise(before) == normalise(tab)
            || known.is_some_and(|pijler| normalise(before) == normalise(&pijler.tab));
        (ours && cell.at.col == 0).then(|| TextCell { at: cell.at.clone(), text: after.trim().to_owned() })
    });
    let cells: Vec<&TextCell> = title.iter().collect();
    let heading = desk.settle("de kop van de pijler", known.map(|pijler| pijler.heading.as_str()), &cells);
    heading.unwrap_or_else(|| name.to_owned())
}

fn domein(
    desk: &mut Desk<'_>,
    block: &FoundBlock,
    id: &str,
    pijler: &str,
    others: &[Domein],
    texts: &mut Texts,
) -> Domein {
    let (base, found) = (desk.base, desk.found);
    let known = base.domein_by_id(id);
    let model_tab = model_tab(desk, block, id, known);
    let mut seen = vec![block.name.clone()];
    let same = |text: &str| normalise(text) == normalise(&block.name.text);
    // A row that was copied with its id and given the name of another block is about that one.
    let of_another = |cell: &TextCell| {
        let named = |block: &&FoundBlock| normalise(&block.name.text) == normalise(&cell.text);
        let own = |(row, other): &(Option<String>, TextCell)| row.as_deref() == Some(id) && same(&other.text);
        found.blocks.iter().find(named).is_some_and(|block| block.id.as_deref() != Some(id))
            && found.closing.iter().any(own)
    };
    let closing = found.closing.iter().filter(|(row, cell)| match row {
        Some(row) => row == id && (known.is_some() || same(&cell.text)) && !of_another(cell),
        None => same(&cell.text),
    });
    seen.extend(closing.map(|(_, cell)| cell.clone()));
    let title = found.loose.iter().filter(|cell| Some(cell.at.tab.as_str()) == model_tab.as_deref());
    seen.extend(title.filter_map(|cell| {
        let name = cell.text.strip_prefix("Factorenmodel: ")?;
        Some(TextCell { at: cell.at.clone(), text: name.trim().to_owned() })
    }));
    let cells: Vec<&TextCell> = seen.iter().collect();
    let what = format!("het domein '{}'", block.name.text);
    let name = desk.settle(&what, known.map(|domein| domein.name.as_str()), &cells);
    let name = name.unwrap_or_else(|| block.name.text.clone());

    let line = block.ambitie.as_ref().and_then(|cell| {
        let (word, text) = cell.text.split_once(':')?;
        let part = |text: &str| TextCell { at: cell.at.clone(), text: text.trim().to_owned() };
        Some((part(word), part(text)))
    });
    if let Some((word, _)) = &line {
        texts.keys.entry("domein-ambitie".to_owned()).or_default().push(word.clone());
    }
    let cells: Vec<&TextCell> = line.iter().map(|(_, text)| text).collect();
    let what = format!("de ambitie van '{name}'");
    let ambitie = desk.settle(&what, known.map(|domein| domein.ambitie.as_str()), &cells).unwrap_or_default();
    if ambitie.is_empty() {
        desk.ask("domeinen.csv", id, "ambitie", &format!("het domein '{name}'"), Some(&block.name.at));
    }
    let orders = || base.domeinen.iter().chain(others).map(|domein| domein.ambitie_order);
    Domein {
        id: id.to_owned(),
        variants: known.map(|domein| domein.variants.clone()).unwrap_or_default(),
        pijler: pijler.to_owned(),
        factorenmodel_tab: model_tab.unwrap_or_else(|| proposed_tab(&name)),
        factorenmodel_variants: known.map(|domein| domein.factorenmodel_variants.clone()).unwrap_or_default(),
        ambitie_order: known.map_or_else(|| orders().max().unwrap_or(0).saturating_add(1), |d| d.ambitie_order),
        ambitie,
        name,
    }
}

/// The tab with the factorenmodel of a domein.
fn model_tab(desk: &mut Desk<'_>, block: &FoundBlock, id: &str, known: Option<&Domein>) -> Option<String> {
    let found = desk.found;
    let models = || found.tabs.iter().filter(|tab| matches!(tab.kind, TabKind::Factorenmodel(_)));
    let wanted = tab_name_of("factorenmodel", id);
    let by_id = models().find(|tab| tab.id.as_deref().is_some_and(|id| id.eq_ignore_ascii_case(&wanted)));
    let by_kind =
        models().find(|tab| tab.kind == TabKind::Factorenmodel(known.map_or("", |d| d.name.as_str()).to_owned()));
    // The link of a block that was copied may lead to the tab of the first one still.
    let titled = |tab: &&crate::model::FoundTab| {
        let title = normalise(&format!("Factorenmodel: {}", block.name.text));
        found.loose.iter().any(|cell| cell.at.tab == tab.name && normalise(&cell.text) == title)
    };
    let by_title = || models().find(titled).filter(|_| known.is_none());
    let by_link = || models().find(|tab| Some(&tab.name) == block.model_tab.as_ref() && known.is_none());
    let by_name =
        || models().find(|tab| normalise(&tab.name) == normalise(&format!("Factorenmodel {}", block.name.text)));
    let tab = by_id.or(by_kind).or_else(by_title).or_else(by_link).or_else(by_name).map(|tab| tab.name.clone());
    if tab.is_none() {
        let name = known.map_or_else(|| proposed_tab(&block.name.text), |domein| domein.factorenmodel_tab.clone());
        desk.say(
            "lees-aan-te-vullen",
            Level::Waarschuwing,
            Some(&block.name.at),
            format!("Er is geen tabblad met het factorenmodel van '{}' gevonden.", block.name.text),
            &format!("Maak het tabblad '{name}' in het werkboek, of zet de factoren zelf in factoren.csv."),
        );
    }
    tab.or_else(|| known.map(|domein| domein.factorenmodel_tab.clone()))
}

/// Excel takes 31 characters.
fn proposed_tab(name: &str) -> String {
    let clean: String =
        format!("Factorenmodel {name}").chars().filter(|c| !"[]:*?/\\".contains(*c)).take(31).collect();
    clean.trim().to_owned()
}

/// Wanted figures, by domein.
fn wanted(desk: &mut Desk<'_>, domeinen: &[Domein], texts: &mut Texts) -> Vec<Wanted> {
    let (base, found) = (desk.base, desk.found);
    let prefix = base.texts.get("domein-factoren-zonder");
    let is_factor = |name: &str| base.factoren.iter().any(|factor| normalise(&factor.name) == normalise(name));
    let mut lists: BTreeMap<&str, Vec<Wanted>> = BTreeMap::new();
    for block in &found.blocks {
        let Some(domein) = domeinen.iter().find(|domein| Some(&domein.id) == block.id.as_ref()) else { continue };
        let known: Vec<Wanted> = base
            .wanted
            .iter()
            .filter(|wanted| base.domein(&wanted.domein).is_some_and(|known| known.id == domein.id))
            .map(|wanted| Wanted { domein: domein.name.clone(), ..wanted.clone() })
            .collect();
        let list = lists.entry(domein.id.as_str()).or_default();
        for cell in &block.wanted {
            // The line with factors without a figure is made by the program.
            if let Some((word, names)) = cell.text.split_once(": ")
                && (word == prefix
                    || names.split(';').filter(|name| is_factor(name)).count() * 2 > names.split(';').count())
            {
                let word = TextCell { at: cell.at.clone(), text: word.to_owned() };
                texts.keys.entry("domein-factoren-zonder".to_owned()).or_default().push(word);
                continue;
            }
            let (figure, holder) = match cell.text.rsplit_once(" (mogelijk bij: ") {
                Some((figure, holder)) => (figure, holder.strip_suffix(')').unwrap_or(holder)),
                None => (cell.text.as_str(), ""),
            };
            let line = Wanted {
                domein: domein.name.clone(),
                figure: figure.trim().to_owned(),
                holder: holder.trim().to_owned(),
            };
            if known.contains(&line)
                || !desk.left_out(&format!("Het gewenste cijfer '{}'", short(figure)), &cell.at)
            {
                list.push(line);
            }
        }
    }
    // As the file has them when nothing was changed: its lines need not be grouped.
    let same = domeinen.iter().all(|domein| {
        let before =
            base.wanted.iter().filter(|w| base.domein(&w.domein).is_some_and(|known| known.id == domein.id));
        let before: Vec<(&str, &str)> = before.map(|w| (w.figure.as_str(), w.holder.as_str())).collect();
        let now = lists.get(domein.id.as_str()).into_iter().flatten();
        now.map(|w| (w.figure.as_str(), w.holder.as_str())).eq(before)
    });
    if same {
        let renamed = base.wanted.iter().filter_map(|wanted| {
            let id = &base.domein(&wanted.domein)?.id;
            let domein = domeinen.iter().find(|domein| domein.id == *id)?;
            Some(Wanted { domein: domein.name.clone(), ..wanted.clone() })
        });
        return renamed.collect();
    }
    domeinen.iter().flat_map(|domein| lists.remove(domein.id.as_str()).unwrap_or_default()).collect()
}

/// A row of a factorenmodel with the factor it is.
struct Row<'a> {
    domein: usize,
    id: String,
    found: &'a FoundFactor,
}

/// Derives the factors of all domeinen and the ranking.
pub(super) fn factoren(desk: &mut Desk<'_>, format: &mut Format, texts: &Texts) {
    let (base, found) = (desk.base, desk.found);
    let mut rows: Vec<Row<'_>> = Vec::new();
    let mut kept: Vec<Factor> = Vec::new();
    let mut fresh: BTreeMap<String, String> = BTreeMap::new();
    let domeinen = format.domeinen.clone();
    for (at, domein) in domeinen.iter().enumerate() {
        let Some(list) = found.factoren.get(&domein.factorenmodel_tab) else {
            // No list to read: the factors stay what they were.
            let before = base.domein_by_id(&domein.id).map(|known| known.name.clone()).unwrap_or_default();
            kept.extend(
                base.factoren_of(&before).map(|factor| Factor { domein: domein.name.clone(), ..factor.clone() }),
            );
            continue;
        };
        for (row, id) in list.iter().zip(factor_ids(desk, domein, list, &mut fresh)) {
            rows.extend(id.map(|id| Row { domein: at, id, found: row }));
        }
    }
    let mut names: BTreeMap<String, String> = BTreeMap::new();
    let mut kinds: BTreeMap<String, Option<FactorKind>> = BTreeMap::new();
    let block_rows = || found.blocks.iter().flat_map(|block| &block.factoren);
    for row in &rows {
        if names.contains_key(&row.id) {
            continue;
        }
        let known = base.factoren.iter().find(|factor| factor.id == row.id);
        let own = rows.iter().filter(|other| other.id == row.id).map(|other| other.found);
        let same = |other: &&FoundFactor| is_about(other, &row.id, &row.found.name.text, &rows);
        let all: Vec<&FoundFactor> =
            own.chain(found.ranking.iter().filter(same)).chain(block_rows().filter(same)).collect();
        let cells: Vec<&TextCell> = all.iter().map(|factor| &factor.name).collect();
        let what = format!("de factor '{}'", row.found.name.text);
        let name = desk.settle(&what, known.map(|factor| factor.name.as_str()), &cells);
        names.insert(row.id.clone(), name.unwrap_or_else(|| row.found.name.text.clone()));
        let cells: Vec<TextCell> =
            all.iter().filter_map(|factor| factor.kind.clone()).map(|cell| as_kind(&cell)).collect();
        let cells: Vec<&TextCell> = cells.iter().collect();
        let what = format!("de soort van '{}'", row.found.name.text);
        let kind = desk.settle(&what, known.map(|factor| factor.kind.words()), &cells).unwrap_or_default();
        let kind = [FactorKind::Risico, FactorKind::Beschermend].into_iter().find(|known| known.words() == kind);
        kinds.insert(row.id.clone(), kind.or_else(|| known.map(|factor| factor.kind)));
    }
    let mut factoren: Vec<Factor> = kept;
    for row in &rows {
        let Some(domein) = domeinen.get(row.domein) else { continue };
        let name = names.get(&row.id).cloned().unwrap_or_default();
        let kind = kinds.get(&row.id).copied().flatten();
        let factor = factor(desk, format, domein, row, &name, kind, texts);
        factoren.push(factor);
    }
    format.ranking = ranking(desk, &rows, &factoren);
    format.factoren = ordered(desk, format, factoren);
    let renamed = |old: &str| {
        let id = base.factoren.iter().find(|factor| factor.name == old).map(|factor| factor.id.clone())?;
        names.get(&id).cloned()
    };
    for alias in format.control.aliases.iter_mut().filter(|alias| alias.kind == "factor") {
        alias.name = renamed(&alias.name).unwrap_or_else(|| alias.name.clone());
    }
}

/// True when a row outside the factorenmodellen is about this factor: by its id, else by its name. A name says nothing where the id
/// is that of another factor: one may bear the former name of another.
fn is_about(other: &FoundFactor, id: &str, name: &str, rows: &[Row<'_>]) -> bool {
    match other.id.as_deref() {
        Some(own) if rows.iter().any(|row| row.id == own) => own == id,
        _ => normalise(&other.name.text) == normalise(name),
    }
}

fn as_kind(cell: &TextCell) -> TextCell {
    let text = normalise(&cell.text);
    let kind = match () {
        () if text.starts_with("risico") => FactorKind::Risico.words(),
        () if text.starts_with("bescherm") => FactorKind::Beschermend.words(),
        () => "",
    };
    TextCell { at: cell.at.clone(), text: kind.to_owned() }
}

/// The ids of the rows of one factorenmodel: the hidden id decides, then a known name, then the same explanation. A row that bears
/// the id of one factor and the name of another is the first under a new name when the other is not called that any more;
/// unless its explanation is that of the other: then rows were sorted without their hidden ids.
fn factor_ids(
    desk: &mut Desk<'_>,
    domein: &Domein,
    list: &[FoundFactor],
    fresh: &mut BTreeMap<String, String>,
) -> Vec<Option<String>> {
    let base = desk.base;
    let named = |name: &str| {
        base.factoren
            .iter()
            .find(|factor| normalise(&factor.name) == normalise(name))
            .map(|factor| factor.id.clone())
    };
    let before = base.domein_by_id(&domein.id).map(|known| known.name.clone()).unwrap_or_default();
    let bears_own = |row: &&FoundFactor| row.id.is_some() && row.id == named(&row.name.text);
    // Somewhere a row bears this id under the name that belongs to it.
    let lives = |id: &str| {
        desk.found.factoren.values().flatten().filter(bears_own).any(|row| row.id.as_deref() == Some(id))
    };
    let copied = |id: &str| list.iter().filter(bears_own).any(|row| row.id.as_deref() == Some(id));
    let explained = |row: &FoundFactor, id: &str| {
        let text = row.explanation.as_ref().map(|cell| squeeze(&cell.text)).unwrap_or_default();
        let known = base.factoren_of(&before).find(|factor| factor.id == id);
        !text.is_empty() && known.is_some_and(|factor| squeeze(&factor.explanation) == text)
    };
    let mut sorted: Vec<(&FoundFactor, String)> = Vec::new();
    let mut taken: BTreeSet<String> = BTreeSet::new();
    // The name, as compared, of the row that an id was given to.
    let mut given: BTreeMap<String, String> = BTreeMap::new();
    let mut ids: Vec<Option<String>> = vec![None; list.len()];
    for step in 0..3 {
        for (row, id) in list.iter().zip(ids.iter_mut()).filter(|(_, id)| id.is_none()) {
            let name = named(&row.name.text);
            let wanted = match (step, row.id.as_deref(), name.as_deref()) {
                (0, Some(own), Some(other)) if own == other => name,
                (1, Some(own), Some(other)) if !copied(own) && explained(row, other) && !explained(row, own) => {
                    sorted.push((row, own.to_owned()));
                    name
                }
                (1, Some(own), Some(other)) if !copied(own) && !lives(other) => row.id.clone(),
                (2, Some(own), None) if copied(own) => None,
                (2, own, _) => name.or_else(|| own.map(str::to_owned)),
                _ => None,
            };
            // A factor that stands there twice under its name is one factor.
            let twice = |wanted: &String| given.get(wanted).is_some_and(|name| *name == normalise(&row.name.text));
            *id = wanted.filter(|wanted| taken.insert(wanted.clone()) || twice(wanted));
            if let Some(id) = id {
                given.entry(id.clone()).or_insert_with(|| normalise(&row.name.text));
            }
        }
    }
    for (row, own) in sorted {
        let other = base.factoren.iter().find(|factor| factor.id == own).map_or("", |factor| factor.name.as_str());
        desk.say(
            "lees-tegenstrijdig",
            Level::Opmerking,
            Some(&row.name.at),
            format!(
                "Deze rij heet '{}' en draagt het kenmerk van '{other}'; naam en toelichting zijn gevolgd, niet het kenmerk.",
                row.name.text
            ),
            "Sorteer een tabel met de verborgen kolom erbij. Is de factor hernoemd, zet de naam dan zelf in factoren.csv.",
        );
    }
    for (row, id) in list.iter().zip(ids.iter_mut()).filter(|(_, id)| id.is_none()) {
        let text = row.explanation.as_ref().map(|cell| squeeze(&cell.text)).unwrap_or_default();
        let same = base.factoren_of(&before).find(|factor| {
            !text.is_empty() && squeeze(&factor.explanation) == text && !taken.contains(&factor.id)
        });
        if let Some(factor) = same {
            taken.insert(factor.id.clone());
            desk.say(
                "lees-nieuw",
                Level::Opmerking,
                Some(&row.name.at),
                format!("De factor '{}' is herkend als '{}' aan zijn toelichting.", row.name.text, factor.name),
                "Is het een andere factor, geef hem dan in factoren.csv een eigen id.",
            );
            *id = Some(factor.id.clone());
        }
    }
    list.iter()
        .zip(ids)
        .map(|(row, id)| {
            id.or_else(|| {
                let key = normalise(&row.name.text);
                if let Some(known) = fresh.get(&key) {
                    return Some(known.clone());
                }
                if desk.left_out(&format!("De factor '{}'", short(&row.name.text)), &row.name.at) {
                    return None;
                }
                let used: BTreeSet<&String> = fresh.values().collect();
                let id = fresh_id(&row.name.text, &|id| {
                    base.factoren.iter().any(|factor| factor.id == id) || used.iter().any(|known| *known == id)
                });
                desk.named("De factor", &row.name.text, &id, "factoren.csv", &row.name.at);
                fresh.insert(key, id.clone());
                Some(id)
            })
        })
        .collect()
}

fn factor(
    desk: &mut Desk<'_>,
    format: &Format,
    domein: &Domein,
    row: &Row<'_>,
    name: &str,
    kind: Option<FactorKind>,
    texts: &Texts,
) -> Factor {
    let (base, found) = (desk.base, desk.found);
    let before = base.domein_by_id(&domein.id).map(|known| known.name.clone()).unwrap_or_default();
    let known = base.factoren_of(&before).find(|factor| factor.id == row.id);
    let about = format!("de factor '{name}' bij '{}'", domein.name);
    let key = format!("{}/{}", domein.id, row.id);
    let at = Some(&row.found.name.at);
    let elders = base.texts.get("factor-elders").split('{').next().unwrap_or_default().to_owned();
    let in_block = found
        .blocks
        .iter()
        .filter(|block| block.id.as_deref() == Some(domein.id.as_str()))
        .flat_map(|block| &block.factoren)
        .filter(|other| other.id.as_deref() == Some(row.id.as_str()))
        .filter_map(|other| other.explanation.as_ref())
        .map(|cell| {
            let end = cell.text.rfind(&format!(" ({elders}")).filter(|_| !elders.is_empty());
            // Where the format calls that otherwise, it is what comes between brackets behind the explanation itself.
            let end = end.or_else(|| {
                let whole = row.found.explanation.as_ref()?.text.trim();
                let behind = cell.text.trim().strip_prefix(whole).filter(|_| !whole.is_empty())?;
                (behind.starts_with(" (") && behind.ends_with(')')).then_some(whole.len())
            });
            TextCell {
                at: cell.at.clone(),
                text: cell.text.get(..end.unwrap_or(cell.text.len())).unwrap_or("").to_owned(),
            }
        });
    let in_block: Vec<TextCell> = in_block.collect();
    let cells: Vec<&TextCell> = row.found.explanation.iter().chain(&in_block).collect();
    let what = format!("de toelichting van {about}");
    let explanation =
        desk.settle(&what, known.map(|factor| factor.explanation.as_str()), &cells).unwrap_or_default();
    if explanation.is_empty() {
        desk.ask("factoren.csv", &key, "toelichting", &about, at);
    }
    let leefgebieden = items(
        desk,
        &about,
        known.map(|f| &f.leefgebieden),
        &row.found.leefgebieden,
        (&base.leefgebieden, &format.leefgebieden),
    );
    if leefgebieden.is_empty() {
        desk.ask("factoren.csv", &key, "leefgebieden", &about, at);
    }
    let leeftijdsfasen = items(
        desk,
        &about,
        known.map(|f| &f.leeftijdsfasen),
        &row.found.leeftijdsfasen,
        (&base.leeftijdsfasen, &format.leeftijdsfasen),
    );
    if leeftijdsfasen.is_empty() {
        desk.ask("factoren.csv", &key, "leeftijdsfasen", &about, at);
    }
    if kind.is_none() {
        desk.ask("factoren.csv", &key, "soort", &about, at);
    }
    // Where the factors of a domein come from stands once at the top of the tab.
    let origins: BTreeSet<&str> = base.factoren_of(&before).map(|factor| factor.source.as_str()).collect();
    let old = known.map(|factor| factor.source.as_str()).or_else(|| match origins.len() {
        1 => origins.first().copied(),
        _ => None,
    });
    let shown = old.map(as_origin).unwrap_or_default();
    let top = texts.instead_of(&shown).into_iter().find(|cell| cell.at.tab == domein.factorenmodel_tab);
    let source = match (top, old) {
        (Some(cell), _) => cell.text.trim().trim_end_matches('.').to_owned(),
        (None, Some(old)) => old.to_owned(),
        (None, None) => new_origin(desk, &domein.factorenmodel_tab).unwrap_or_default(),
    };
    if source.is_empty() {
        desk.ask("factoren.csv", &key, "herkomst", &about, at);
    }
    Factor {
        id: row.id.clone(),
        domein: domein.name.clone(),
        name: name.to_owned(),
        kind: kind.unwrap_or(FactorKind::Risico),
        leefgebieden,
        leeftijdsfasen,
        explanation,
        source,
    }
}

/// How the origin of factors is shown on a tab.
fn as_origin(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or(String::new(), |first| format!("{}{}.", first.to_uppercase(), letters.as_str()))
}

/// The origin on a tab of which nothing was known: the line under the title.
fn new_origin(desk: &Desk<'_>, tab: &str) -> Option<String> {
    let known = |text: &str| desk.base.texts.0.values().any(|known| squeeze(known) == squeeze(text));
    let cell = desk.found.loose.iter().find(|cell| cell.at.tab == tab && cell.at.row > 0)?;
    (!known(&cell.text) && cell.text.ends_with('.')).then(|| cell.text.trim().trim_end_matches('.').to_owned())
}

/// A list in a cell. `lists` are the names that there were and those that there are now.
fn items(
    desk: &mut Desk<'_>,
    about: &str,
    known: Option<&Vec<String>>,
    cell: &Option<TextCell>,
    lists: (&[String], &[String]),
) -> Vec<String> {
    let (old, new) = lists;
    // An item that was given another name keeps its place in the list.
    let renamed = |item: &str| -> Option<String> {
        let at = old.iter().position(|known| normalise(known) == normalise(item))?;
        (old.len() == new.len()).then(|| new.get(at).cloned()).flatten()
    };
    let current = |item: &str| new.iter().find(|known| normalise(known) == normalise(item)).cloned();
    let joined = known.map(|items| items.join("; "));
    let cells: Vec<&TextCell> = cell.iter().collect();
    let text = desk.settle(&format!("een lijst bij {about}"), joined.as_deref(), &cells).unwrap_or_default();
    let mut out = Vec::new();
    for part in text.split([';', '|', '\n']).map(str::trim).filter(|part| !part.is_empty()) {
        let parts: Vec<&str> = match current(part).or_else(|| renamed(part)) {
            Some(_) => vec![part],
            None if part.split(',').all(|piece| current(piece).is_some()) => {
                part.split(',').map(str::trim).collect()
            }
            None => vec![part],
        };
        for part in parts {
            let item = current(part).or_else(|| renamed(part));
            if item.is_none()
                && let Some(cell) = cell
            {
                let said = format!("'{part}' bij {about} staat niet in de keuzelijst.");
                desk.say(
                    "lees-niet-begrepen",
                    Level::Waarschuwing,
                    Some(&cell.at),
                    said,
                    "Zet het in de keuzelijst op het tabblad met de toelichting, of schrijf het zoals daar.",
                );
            }
            out.push(item.unwrap_or_else(|| part.to_owned()));
        }
    }
    out
}

/// The ranking: what the tab with the ranking, the factorenmodellen and the blocks say.
fn ranking(desk: &mut Desk<'_>, rows: &[Row<'_>], factoren: &[Factor]) -> Vec<RankedFactor> {
    let (base, found) = (desk.base, desk.found);
    let mut ranks: Vec<(String, RankedFactor)> = Vec::new();
    let mut ids: Vec<(String, String)> = Vec::new();
    for factor in factoren {
        if !ids.iter().any(|(id, _)| *id == factor.id) {
            ids.push((factor.id.clone(), factor.name.clone()));
        }
    }
    for (id, name) in &ids {
        let before = base.factoren.iter().find(|factor| factor.id == *id).map(|factor| factor.name.clone());
        let same = |other: &&FoundFactor| is_about(other, id, name, rows);
        let seen: Vec<TextCell> = rows
            .iter()
            .filter(|row| row.id == *id)
            .map(|row| row.found)
            .chain(found.ranking.iter().filter(same))
            .chain(found.blocks.iter().flat_map(|block| &block.factoren).filter(same))
            .filter_map(|factor| factor.rank.clone())
            .map(|cell| TextCell { text: as_rank(&cell.text), ..cell })
            .collect();
        let old =
            before.as_deref().and_then(|name| base.rank(name)).map_or("geen".to_owned(), |rank| rank.to_string());
        let cells: Vec<&TextCell> = seen.iter().collect();
        let known = before.is_some().then_some(old.as_str());
        let rank = desk.settle(&format!("de ranking van '{name}'"), known, &cells).unwrap_or_default();
        if let Ok(rank @ 1..=5) = rank.parse::<u8>() {
            ranks.push((id.clone(), RankedFactor { name: name.clone(), rank }));
        } else if rank != "geen" && !rank.is_empty() {
            let at = seen.first().map(|cell| cell.at.clone());
            let said = format!("De ranking '{rank}' van '{name}' is niet begrepen.");
            desk.say(
                "lees-niet-begrepen",
                Level::Waarschuwing,
                at.as_ref(),
                said,
                "Verwacht: 1, 2, 3, 4, 5 of 'geen'.",
            );
        }
    }
    // In the order of the file, new ones behind those with the same rank.
    let base_ids: Vec<String> = base
        .ranking
        .iter()
        .filter_map(|ranked| base.factoren.iter().find(|factor| factor.name == ranked.name).map(|f| f.id.clone()))
        .collect();
    let shown: Vec<String> = found
        .ranking
        .iter()
        .filter_map(|row| {
            ids.iter()
                .find(|(id, name)| row.id.as_ref() == Some(id) || normalise(&row.name.text) == normalise(name))
        })
        .map(|(id, _)| id.clone())
        .collect();
    let items: Vec<String> = ranks.iter().map(|(id, _)| id.clone()).collect();
    let rank_of = |id: &String| ranks.iter().find(|(known, _)| known == id).map(|(_, ranked)| ranked.rank);
    let groups: Vec<Vec<String>> =
        (1..=5).map(|rank| shown.iter().filter(|id| rank_of(id) == Some(rank)).cloned().collect()).collect();
    let ordered = merged(&items, &base_ids, &groups);
    let mut out = Vec::new();
    for id in ordered {
        out.extend(ranks.iter().find(|(known, _)| *known == id).map(|(_, ranked)| ranked.clone()));
    }
    for row in &found.ranking {
        let known = ids
            .iter()
            .any(|(id, name)| row.id.as_ref() == Some(id) || normalise(&row.name.text) == normalise(name));
        if !known {
            let said = format!(
                "De factor '{}' staat in de ranking, maar in geen enkel factorenmodel ({}).",
                row.name.text,
                place(&row.name.at)
            );
            desk.say(
                "lees-niet-begrepen",
                Level::Waarschuwing,
                Some(&row.name.at),
                said,
                "Zet de factor op het tabblad van een factorenmodel.",
            );
        }
    }
    out
}

/// `2`, `ranking 2`, `geen`, `zonder ranking` as a number or `geen`.
fn as_rank(text: &str) -> String {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let none = ["geen", "zonder", "niet", "-", "–"]
        .iter()
        .any(|word| normalise(text).starts_with(word) || text.trim() == *word);
    match (digits.is_empty(), none) {
        (false, _) => digits,
        (true, true) => "geen".to_owned(),
        (true, false) => text.trim().to_owned(),
    }
}

/// Factors in the order of the file where the tabs do not show another: there they stand by ranking.
fn ordered(desk: &Desk<'_>, format: &Format, factoren: Vec<Factor>) -> Vec<Factor> {
    let (base, found) = (desk.base, desk.found);
    let key = |domein: &str, id: &str| format!("{domein}/{id}");
    let domein_id = |format: &Format, name: &str| format.domein(name).map(|d| d.id.clone()).unwrap_or_default();
    let rank = |name: &str| format.ranking.iter().find(|ranked| ranked.name == name).map(|ranked| ranked.rank);
    let items: Vec<String> =
        factoren.iter().map(|factor| key(&domein_id(format, &factor.domein), &factor.id)).collect();
    let known: Vec<String> =
        base.factoren.iter().map(|factor| key(&domein_id(base, &factor.domein), &factor.id)).collect();
    let mut sequences: Vec<Vec<String>> = Vec::new();
    for domein in &format.domeinen {
        let here: Vec<&Factor> = factoren.iter().filter(|factor| factor.domein == domein.name).collect();
        for wanted in (1..=5).map(Some).chain([None]) {
            let same = here.iter().filter(|factor| rank(&factor.name) == wanted);
            sequences.push(same.map(|factor| key(&domein.id, &factor.id)).collect());
        }
        let shown = found.blocks.iter().filter(|block| block.id.as_deref() == Some(domein.id.as_str()));
        sequences.push(
            shown
                .flat_map(|block| &block.factoren)
                .filter_map(|row| Some(key(&domein.id, row.id.as_ref()?)))
                .collect(),
        );
    }
    let order = merged(&items, &known, &sequences);
    let mut out: Vec<Factor> = Vec::new();
    for wanted in order {
        out.extend(factoren.iter().find(|f| key(&domein_id(format, &f.domein), &f.id) == wanted).cloned());
    }
    out
}
