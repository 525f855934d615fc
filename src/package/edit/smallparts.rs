//! Edits of the small parts around the sheets: workbook, calcChain, relationships, content types, styles, custom
//! properties, charts.
//!
//! Owns one function per part: text in, text out, everything else in the text untouched. Each returns `None` when
//! nothing had to change, unless it says otherwise.

use std::collections::BTreeMap;

use super::Rule;
use crate::package::archive::part_key;
use crate::package::spreadsheet::Range;
use crate::package::xml::{Element, Splices, elements, text_of, with_attribute, xml_escape, xml_escape_attribute};

type Outcome<T> = Result<T, String>;

/// Namespaces of transitional and strict packages.
pub(crate) const RELATIONSHIPS: [&str; 2] = [
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "http://purl.oclc.org/ooxml/officeDocument/relationships",
];
const VARIANT_TYPES: [&str; 2] = [
    "http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes",
    "http://purl.oclc.org/ooxml/officeDocument/docPropsVTypes",
];
const CUSTOM_PROPERTIES: [&str; 2] = [
    "http://schemas.openxmlformats.org/officeDocument/2006/custom-properties",
    "http://purl.oclc.org/ooxml/officeDocument/customProperties",
];
pub(crate) const MAIN: [&str; 2] =
    ["http://schemas.openxmlformats.org/spreadsheetml/2006/main", "http://purl.oclc.org/ooxml/spreadsheetml/main"];

fn root(all: &[Element]) -> Outcome<&Element> {
    all.first().ok_or_else(|| "het is leeg".to_owned())
}

/// Adds text as the last content of an element, also when it was written `<x/>`.
pub(super) fn append(splices: &mut Splices, text: &str, element: &Element, addition: &str) {
    if element.empty {
        let tag = text.get(element.tag.clone()).unwrap_or_default();
        let open = tag.strip_suffix("/>").unwrap_or(tag).trim_end();
        splices.replace(element.tag.clone(), format!("{open}>{addition}</{}>", element.name));
    } else {
        splices.insert(element.content.end, addition);
    }
}

/// calcChain without the cells for which `gone(sheet_id, address)` holds: `None` when untouched, `Some(None)` when
/// nothing is left of it.
#[allow(clippy::option_option)]
pub(crate) fn calc_chain(text: &str, gone: &dyn Fn(u32, &str) -> bool) -> Outcome<Option<Option<String>>> {
    let all = elements(text)?;
    let mut splices = Splices::default();
    let mut left = 0;
    let mut sheet = 0;
    // The sheet of a cell is only written where it differs from the cell before it, which may be the one that goes.
    let mut carried: Option<u32> = None;
    for cell in all.iter().filter(|e| e.local == "c") {
        let written = cell.attribute("i").and_then(|i| i.trim().parse().ok());
        sheet = written.unwrap_or(sheet);
        if gone(sheet, cell.attribute("r").unwrap_or_default()) {
            splices.replace(cell.span.clone(), "");
            if written.is_some() {
                carried = Some(sheet);
            }
            continue;
        }
        left += 1;
        if written.is_none()
            && let Some(sheet) = carried
        {
            let tag = text.get(cell.tag.clone()).unwrap_or_default();
            splices.replace(cell.tag.clone(), with_attribute(tag, "i", &sheet.to_string()));
        }
        carried = None;
    }
    Ok(match (splices.is_empty(), left) {
        (true, _) => None,
        (false, 0) => Some(None),
        (false, _) => Some(Some(splices.apply(text))),
    })
}

/// The sheet ids that calcChain names.
pub(crate) fn calc_chain_sheets(text: &str) -> Outcome<Vec<u32>> {
    let mut sheets: Vec<u32> =
        elements(text)?.iter().filter_map(|e| e.attribute("i").and_then(|i| i.trim().parse().ok())).collect();
    sheets.sort_unstable();
    sheets.dedup();
    Ok(sheets)
}

/// The workbook part with recalculation on opening.
pub(crate) fn full_calculation(text: &str) -> Outcome<Option<String>> {
    const AFTER: [&str; 9] = [
        "oleSize",
        "customWorkbookViews",
        "pivotCaches",
        "smartTagPr",
        "smartTagTypes",
        "webPublishing",
        "fileRecoveryPr",
        "webPublishObjects",
        "extLst",
    ];
    let all = elements(text)?;
    let root = root(&all)?;
    let mut splices = Splices::default();
    if let Some(calculation) = all.iter().find(|e| e.local == "calcPr" && e.depth == 1) {
        if crate::package::xml::is_true(calculation.attribute("fullCalcOnLoad")) {
            return Ok(None);
        }
        let tag = text.get(calculation.tag.clone()).unwrap_or_default();
        splices.replace(calculation.tag.clone(), with_attribute(tag, "fullCalcOnLoad", "1"));
    } else {
        let addition = format!("<{}calcPr fullCalcOnLoad=\"1\"/>", root.prefix());
        match all.iter().find(|e| e.depth == 1 && AFTER.contains(&e.local.as_str())) {
            Some(after) => splices.insert(after.span.start, addition),
            None => append(&mut splices, text, root, &addition),
        }
    }
    Ok(Some(splices.apply(text)))
}

/// The workbook part with one more tab at the end. `state` is nothing, or the attribute that hides it.
pub(crate) fn add_sheet(text: &str, name: &str, state: &str, relationship: &str, strict: bool) -> Outcome<String> {
    let all = elements(text)?;
    let sheets = all.iter().find(|e| e.local == "sheets").ok_or("de lijst van tabbladen ontbreekt")?;
    let ids =
        all.iter().filter(|e| e.local == "sheet").filter_map(|e| e.attribute("sheetId")?.trim().parse().ok());
    let id: u32 = ids.max().unwrap_or(0_u32).saturating_add(1);
    let namespace = RELATIONSHIPS.get(usize::from(strict)).copied().unwrap_or_default();
    let bound = root(&all)?.attributes.iter().find(|(_, uri)| uri == namespace);
    let bound = bound.and_then(|(name, _)| name.strip_prefix("xmlns:"));
    let (prefix, declaration) = match bound {
        Some(prefix) => (prefix, String::new()),
        None => ("r", format!(" xmlns:r=\"{namespace}\"")),
    };
    let mut splices = Splices::default();
    let addition = format!(
        "<{}sheet name=\"{}\" sheetId=\"{id}\"{state}{declaration} {prefix}:id=\"{}\"/>",
        sheets.prefix(),
        xml_escape_attribute(name),
        xml_escape_attribute(relationship),
    );
    append(&mut splices, text, sheets, &addition);
    Ok(splices.apply(text))
}

/// The workbook part with names of the whole workbook that lead elsewhere, or are gone (`None`).
pub(crate) fn set_names(text: &str, wanted: &[(String, Option<String>)]) -> Outcome<Option<String>> {
    let all = elements(text)?;
    let mut splices = Splices::default();
    let list = all.iter().position(|e| e.local == "definedNames" && e.depth == 1);
    let in_list = |e: &&Element| e.local == "definedName" && list.is_some() && e.parent == list;
    let mut left = 0;
    for name in all.iter().filter(in_list) {
        let is = |(wanted, _): &&(String, Option<String>)| name.attribute("name") == Some(wanted.as_str());
        let wanted = wanted.iter().find(is).filter(|_| name.attribute("localSheetId").is_none());
        left += 1;
        match wanted {
            Some((_, Some(target))) if text_of(text, name) != *target => {
                splices.replace(name.content.clone(), xml_escape(target));
            }
            Some((_, None)) => {
                left -= 1;
                splices.replace(name.span.clone(), "");
            }
            _ => {}
        }
    }
    if splices.is_empty() {
        return Ok(None);
    }
    // An empty list is not allowed.
    if let Some(list) = list.and_then(|at| all.get(at)).filter(|_| left == 0) {
        splices = Splices::default();
        splices.replace(list.span.clone(), "");
    }
    Ok(Some(splices.apply(text)))
}

/// A relationships part with one more relationship; returns its id too.
pub(crate) fn add_relationship(text: &str, kind: &str, target: &str) -> Outcome<(String, String)> {
    let all = elements(text)?;
    let root = root(&all)?;
    let taken = |id: &str| all.iter().any(|e| e.attribute("Id").is_some_and(|i| i.eq_ignore_ascii_case(id)));
    let id = (1..).map(|n: u32| format!("rIdWijk{n}")).find(|id| !taken(id)).ok_or("geen vrij nummer")?;
    let mut splices = Splices::default();
    let addition = format!(
        "<{}Relationship Id=\"{id}\" Type=\"{kind}\" Target=\"{}\"/>",
        root.prefix(),
        xml_escape_attribute(target)
    );
    append(&mut splices, text, root, &addition);
    Ok((splices.apply(text), id))
}

/// A relationships part without the relationships to `part`; `base` is the part they belong to.
pub(crate) fn remove_relationship(text: &str, base: &str, part: &str) -> Outcome<Option<String>> {
    let mut splices = Splices::default();
    for element in elements(text)?.iter().filter(|e| e.local == "Relationship") {
        let target = element.attribute("Target").unwrap_or_default();
        if part_key(&crate::package::parts::resolve(base, target)) == part_key(part) {
            splices.replace(element.span.clone(), "");
        }
    }
    Ok((!splices.is_empty()).then(|| splices.apply(text)))
}

/// The content types with one more part.
pub(crate) fn add_content_type(text: &str, part: &str, kind: &str) -> Outcome<String> {
    let all = elements(text)?;
    let root = root(&all)?;
    let mut splices = Splices::default();
    let part = xml_escape_attribute(part);
    let addition = format!("<{}Override PartName=\"/{part}\" ContentType=\"{kind}\"/>", root.prefix());
    append(&mut splices, text, root, &addition);
    Ok(splices.apply(text))
}

/// The content types without a part.
pub(crate) fn remove_content_type(text: &str, part: &str) -> Outcome<Option<String>> {
    let mut splices = Splices::default();
    for element in elements(text)?.iter().filter(|e| e.local == "Override") {
        if element.attribute("PartName").is_some_and(|name| part_key(name) == part_key(part)) {
            splices.replace(element.span.clone(), "");
        }
    }
    Ok((!splices.is_empty()).then(|| splices.apply(text)))
}

/// The styles with a differential format for the background of each rule; returns the number each colour got.
pub(crate) fn add_fills(text: &str, rules: &[&Rule]) -> Outcome<(String, BTreeMap<String, usize>)> {
    const AFTER: [&str; 3] = ["tableStyles", "colors", "extLst"];
    let all = elements(text)?;
    let root = root(&all)?;
    let p = root.prefix().to_owned();
    let list = all.iter().enumerate().find(|(_, e)| e.local == "dxfs" && e.depth == 1);
    let list_at = list.map(|(index, _)| index);
    let present: Vec<&Element> =
        all.iter().filter(|e| e.local == "dxf" && e.parent.is_some() && e.parent == list_at).collect();
    let mut numbers = BTreeMap::new();
    let mut additions = String::new();
    let mut count = present.len();
    for rule in rules {
        let colour = rule.fill.trim_start_matches('#').to_uppercase();
        if colour.len() != 6 || !colour.bytes().all(|b| b.is_ascii_hexdigit()) {
            return Err(format!("'{}' is geen kleur van de vorm RRGGBB", rule.fill));
        }
        if numbers.contains_key(&rule.fill) {
            continue;
        }
        let format = format!(
            "<{p}dxf><{p}fill><{p}patternFill patternType=\"solid\"><{p}fgColor rgb=\"FF{colour}\"/>\
             <{p}bgColor rgb=\"FF{colour}\"/></{p}patternFill></{p}fill></{p}dxf>"
        );
        let same = present.iter().position(|e| text.get(e.span.clone()) == Some(format.as_str()));
        let number = same.unwrap_or_else(|| {
            additions.push_str(&format);
            count += 1;
            count - 1
        });
        numbers.insert(rule.fill.clone(), number);
    }
    if additions.is_empty() {
        return Ok((text.to_owned(), numbers));
    }
    let mut splices = Splices::default();
    match list {
        Some((_, list)) => {
            let tag = text.get(list.tag.clone()).unwrap_or_default();
            let open = tag.strip_suffix("/>").map_or(tag.to_owned(), |open| format!("{}>", open.trim_end()));
            let open = with_attribute(&open, "count", &count.to_string());
            if list.empty {
                splices.replace(list.tag.clone(), format!("{open}{additions}</{}>", list.name));
            } else {
                splices.replace(list.tag.clone(), open);
                splices.insert(list.content.end, additions);
            }
        }
        None => {
            let addition = format!("<{p}dxfs count=\"{count}\">{additions}</{p}dxfs>");
            match all.iter().find(|e| e.depth == 1 && AFTER.contains(&e.local.as_str())) {
                Some(after) => splices.insert(after.span.start, addition),
                None => append(&mut splices, text, root, &addition),
            }
        }
    }
    Ok((splices.apply(text), numbers))
}

/// An empty part for custom document properties.
pub(crate) fn empty_custom_properties(strict: bool) -> String {
    let [custom, variant] =
        [CUSTOM_PROPERTIES, VARIANT_TYPES].map(|n| n.get(usize::from(strict)).copied().unwrap_or_default());
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n\
         <Properties xmlns=\"{custom}\" xmlns:vt=\"{variant}\"></Properties>"
    )
}

/// The custom document properties with these set as text.
pub(crate) fn set_custom_properties(
    text: &str,
    wanted: &[(String, String)],
    strict: bool,
) -> Outcome<Option<String>> {
    const FORMAT: &str = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}";
    let all = elements(text)?;
    let root = root(&all)?;
    let namespace = VARIANT_TYPES.get(usize::from(strict)).copied().unwrap_or_default();
    let bound = root.attributes.iter().find(|(_, uri)| uri == namespace);
    let bound = bound.and_then(|(name, _)| name.strip_prefix("xmlns:"));
    let (vt, declaration) = match bound {
        Some(prefix) => (prefix, String::new()),
        None => ("vt", format!(" xmlns:vt=\"{namespace}\"")),
    };
    let properties = || all.iter().filter(|e| e.local == "property");
    let mut next: u32 = properties().filter_map(|e| e.attribute("pid")?.parse().ok()).max().unwrap_or(1);
    let mut splices = Splices::default();
    let mut additions = String::new();
    for (name, value) in wanted {
        let content = format!("<{vt}:lpwstr{declaration}>{}</{vt}:lpwstr>", xml_escape(value));
        match properties().find(|e| e.attribute("name") == Some(name)) {
            Some(existing) if text_of(text, existing) == *value => {}
            Some(existing) if existing.empty => {
                let tag = text.get(existing.tag.clone()).unwrap_or_default();
                let open = tag.strip_suffix("/>").unwrap_or(tag).trim_end();
                splices.replace(existing.tag.clone(), format!("{open}>{content}</{}>", existing.name));
            }
            Some(existing) => splices.replace(existing.content.clone(), content),
            None => {
                next = next.saturating_add(1);
                let p = root.prefix();
                additions.push_str(&format!(
                    "<{p}property fmtid=\"{FORMAT}\" pid=\"{next}\" name=\"{}\">{content}</{p}property>",
                    xml_escape_attribute(name)
                ));
            }
        }
    }
    if !additions.is_empty() {
        append(&mut splices, text, root, &additions);
    }
    Ok((!splices.is_empty()).then(|| splices.apply(text)))
}

/// A chart part without the cached points of the references for which `stale` holds.
pub(crate) fn without_chart_caches(text: &str, stale: &dyn Fn(&str) -> bool) -> Outcome<Option<String>> {
    let all = elements(text)?;
    let mut splices = Splices::default();
    for (index, reference) in all.iter().enumerate() {
        let caches: &[&str] = match reference.local.as_str() {
            "numRef" | "strRef" | "multiLvlStrRef" => &["numCache", "strCache", "multiLvlStrCache"],
            "numDim" | "strDim" => &["lvl"],
            "datalabelsRange" => &["dlblRangeCache"],
            // A label or a title that shows one cell.
            "dlblFTEntry" => &["dlblFieldTableCache"],
            "txData" => &["v"],
            _ => continue,
        };
        let children = || all.iter().filter(|e| e.parent == Some(index));
        // A series that is filtered out names its cells in an extension behind its cache.
        let within = |element: &&Element| reference.content.contains(&element.span.start);
        let formula = children().find(|e| e.local == "f");
        let formula = formula.or_else(|| all.iter().filter(within).find(|e| e.local == "sqref"));
        let Some(formula) = formula else { continue };
        let formula = text_of(text, formula);
        if children().any(|e| caches.contains(&e.local.as_str())) && stale(formula.trim_start_matches('=')) {
            for cache in children().filter(|e| caches.contains(&e.local.as_str())) {
                splices.replace(cache.span.clone(), "");
            }
        }
    }
    Ok((!splices.is_empty()).then(|| splices.apply(text)))
}

/// A part with shapes, without the text of those that show a cell for which `stale` holds: like the outcome of a formula, it is
/// what that cell showed when Excel last looked.
pub(crate) fn without_linked_texts(text: &str, stale: &dyn Fn(&str) -> bool) -> Outcome<Option<String>> {
    if !text.contains("textlink") {
        return Ok(None);
    }
    let all = elements(text)?;
    let link = |shape: &&Element| {
        shape.attribute("textlink").is_some_and(|link| !link.trim().is_empty() && stale(link.trim()))
    };
    let mut splices = Splices::default();
    for shape in all.iter().filter(link) {
        let words = all.iter().filter(|e| e.local == "t" && shape.content.contains(&e.span.start));
        for words in words.filter(|e| !e.content.is_empty()) {
            splices.replace(words.content.clone(), "");
        }
    }
    Ok((!splices.is_empty()).then(|| splices.apply(text)))
}

/// Whether a drawing holds a picture of cells (the camera of Excel) for which `stale(cells)` holds. The picture itself is how the
/// cells looked when Excel last drew them.
pub(crate) fn pictures_cells(text: &str, stale: &dyn Fn(&str) -> bool) -> Outcome<bool> {
    if !text.contains("cameraTool") {
        return Ok(false);
    }
    let cells = |camera: &Element| camera.attribute("cellRange").is_some_and(|cells| stale(cells.trim()));
    Ok(elements(text)?.iter().any(|element| element.local == "cameraTool" && cells(element)))
}

/// The cache of a pivot table, to be made anew when the workbook is opened.
pub(crate) fn refresh_on_load(text: &str) -> Outcome<Option<String>> {
    let all = elements(text)?;
    let root = root(&all)?;
    if crate::package::xml::is_true(root.attribute("refreshOnLoad")) {
        return Ok(None);
    }
    let tag = text.get(root.tag.clone()).unwrap_or_default();
    let mut splices = Splices::default();
    splices.replace(root.tag.clone(), with_attribute(tag, "refreshOnLoad", "1"));
    Ok(Some(splices.apply(text)))
}

/// The part of a new worksheet, without rows.
pub(crate) fn empty_sheet(strict: bool) -> String {
    let main = MAIN.get(usize::from(strict)).copied().unwrap_or_default();
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n\
         <worksheet xmlns=\"{main}\"><sheetData/></worksheet>"
    )
}

/// The range that holds both the old dimension and the new cells; `None` when it was not outgrown.
pub(crate) fn outgrown(old: Option<Range>, cells: impl Iterator<Item = (u32, u32)>) -> Option<Range> {
    let old = old?;
    let grown = cells.fold(old, |range, (row, col)| range.with(row, col));
    (grown != old).then_some(grown)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_calc_chain_keeps_its_sheet_numbers_when_an_entry_goes() {
        let text = "<calcChain><c r=\"A1\" i=\"2\"/><c r=\"A2\"/><c r=\"B1\" i=\"3\"/></calcChain>";
        let result = calc_chain(text, &|sheet, at| sheet == 2 && at == "A1").unwrap().unwrap().unwrap();
        assert_eq!(result, "<calcChain><c r=\"A2\" i=\"2\"/><c r=\"B1\" i=\"3\"/></calcChain>");
        assert_eq!(calc_chain(text, &|_, _| true).unwrap(), Some(None));
        assert_eq!(calc_chain(text, &|_, _| false).unwrap(), None);
    }

    #[test]
    fn recalculation_is_asked_for_in_the_right_place() {
        let without = "<workbook><sheets/><definedNames/><pivotCaches/></workbook>";
        let expected = "<workbook><sheets/><definedNames/><calcPr fullCalcOnLoad=\"1\"/><pivotCaches/></workbook>";
        assert_eq!(full_calculation(without).unwrap().unwrap(), expected);
        let with = "<x:workbook><x:calcPr calcId='1'/></x:workbook>";
        let expected = "<x:workbook><x:calcPr calcId='1' fullCalcOnLoad=\"1\"/></x:workbook>";
        assert_eq!(full_calculation(with).unwrap().unwrap(), expected);
        assert_eq!(full_calculation(expected).unwrap(), None);
    }

    #[test]
    fn a_name_of_the_workbook_moves_or_goes_and_those_of_others_stay() {
        let text = "<workbook><definedNames><definedName name=\"WA_x\">'A'!$A$1</definedName>\
            <definedName name=\"WA_x\" localSheetId=\"0\">A!$A$1</definedName></definedNames></workbook>";
        let to = |target: Option<&str>| [("WA_x".to_owned(), target.map(str::to_owned))];
        let moved = set_names(text, &to(Some("'A & B'!$A$2"))).unwrap().unwrap();
        assert_eq!(moved, text.replace("'A'!$A$1", "'A &amp; B'!$A$2"));
        assert_eq!(set_names(&moved, &to(Some("'A & B'!$A$2"))).unwrap(), None);
        let gone = set_names(text, &to(None)).unwrap().unwrap();
        assert!(!gone.contains("'A'!$A$1") && gone.contains("localSheetId"), "{gone}");
        let alone =
            "<workbook><definedNames><definedName name=\"WA_x\">A!$A$1</definedName></definedNames></workbook>";
        assert_eq!(set_names(alone, &to(None)).unwrap().unwrap(), "<workbook></workbook>");
    }

    #[test]
    fn a_property_that_is_right_already_changes_nothing() {
        let wanted = [("A".to_owned(), "1 & 2".to_owned())];
        let once = set_custom_properties(&empty_custom_properties(false), &wanted, false).unwrap().unwrap();
        assert!(once.contains("pid=\"2\" name=\"A\"><vt:lpwstr>1 &amp; 2</vt:lpwstr>"), "{once}");
        assert_eq!(set_custom_properties(&once, &wanted, false).unwrap(), None);
    }
}
