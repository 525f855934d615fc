//! A visible tab of the product's own: a title, a heading row and rows that can be filtered, with links to cells.
//!
//! Owns the text of that worksheet and how the tab is recognised later: every row ends in a hidden cell with the seal of
//! the row. A tab in which somebody wrote is theirs from then on and is never replaced.

use std::collections::{BTreeMap, BTreeSet};

use super::smallparts::MAIN;
use crate::error::Result;
use crate::model::{CellValue, column_letters, text_seal as seal};
use crate::package::parts::relationships;
use crate::package::spreadsheet::Spreadsheet;
use crate::package::xml::{Element, Splices, cell_text_escape, elements, with_attribute, xml_escape_attribute};

/// A cell of the tab.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct OwnCell {
    /// Its text; of a number how it reads.
    pub text: String,
    /// A number to compute with, and the number format it is shown in.
    pub number: Option<(f64, String)>,
    /// Tab and cell it leads to.
    pub link: Option<(String, String)>,
    /// How it looks.
    pub look: OwnLook,
}

/// The looks of the tab.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum OwnLook {
    /// Wrapped text.
    #[default]
    Plain,
    /// The title.
    Title,
    /// A heading of a column.
    Heading,
    /// A link.
    Link,
    /// Something serious.
    Heavy,
    /// Something to look at.
    Middle,
    /// Something to know.
    Light,
    /// Text on one line, over the columns beside it.
    Line,
}

/// The tab as it must become.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct OwnTab {
    /// Its name; a number follows when a tab of that name is somebody else's.
    pub name: String,
    /// Rows above the headings.
    pub top: Vec<OwnCell>,
    /// Headings with the width of their column in characters.
    pub headings: Vec<(String, f64)>,
    /// The rows, each with as many cells as there are headings.
    pub rows: Vec<Vec<OwnCell>>,
}

/// The styles, in the order of [`OwnLook`].
const LOOKS: usize = 8;

/// Which style number each look got, and each number format.
#[derive(Debug, Clone, Default)]
pub(crate) struct Styles {
    looks: [usize; LOOKS],
    numbers: BTreeMap<String, usize>,
}

impl Styles {
    fn of(&self, cell: &OwnCell) -> usize {
        let number = cell.number.as_ref().and_then(|(_, format)| self.numbers.get(format));
        number.or_else(|| self.looks.get(cell.look as usize)).copied().unwrap_or(0)
    }
}

/// A number as it is written and sealed. Not every program keeps the last of its digits.
fn plain_number(number: f64) -> String {
    CellValue::Number((number * 1e9).round() / 1e9).text()
}

impl OwnCell {
    /// What is sealed of it.
    fn sealed(&self) -> String {
        self.number.as_ref().map_or_else(|| self.text.clone(), |(number, _)| plain_number(*number))
    }
}

/// How many lines a text takes in a column of `width` characters, broken at blanks.
fn lines(text: &str, width: f64) -> f64 {
    // Widths are counted in digits, and most letters are narrower.
    let room = (width * 1.1).max(2.0);
    let mut count = 0.0;
    for line in text.lines() {
        let mut used = 0.0;
        count += 1.0;
        for word in line.split(' ') {
            #[allow(clippy::cast_precision_loss, reason = "a number of characters")]
            let length = word.chars().count() as f64;
            if used > 0.0 && used + 1.0 + length > room {
                count += 1.0;
                used = 0.0;
            }
            // A word that is longer than the column is broken.
            count += (length / room).ceil().max(1.0) - 1.0;
            used += if used > 0.0 { length + 1.0 } else { length % room };
        }
    }
    f64::max(count, 1.0)
}

/// The text of one row as it is sealed.
fn row_text<'a>(cells: impl Iterator<Item = &'a str>) -> String {
    cells.collect::<Vec<_>>().join("\u{1f}")
}

impl OwnTab {
    /// Every row with its seal behind it.
    fn sealed_rows(&self) -> Vec<(Vec<OwnCell>, String)> {
        let headings: Vec<OwnCell> = self
            .headings
            .iter()
            .map(|(text, _)| OwnCell { text: text.clone(), look: OwnLook::Heading, ..OwnCell::default() })
            .collect();
        let top = self.top.iter().map(|cell| vec![cell.clone()]);
        top.chain([headings])
            .chain(self.rows.iter().cloned())
            .map(|cells| {
                let texts: Vec<String> =
                    cells.iter().map(OwnCell::sealed).filter(|text| !text.is_empty()).collect();
                let seal = seal(&row_text(texts.iter().map(String::as_str)));
                (cells, seal)
            })
            .collect()
    }

    /// The cells that the filter covers.
    pub(crate) fn filter_range(&self) -> String {
        let heading = self.top.len() + 1;
        let col = column_letters(u32::try_from(self.headings.len()).unwrap_or(0));
        format!("$A${heading}:${col}${}", heading + self.rows.len())
    }

    /// The number formats of its cells, each once.
    pub(crate) fn number_formats(&self) -> Vec<String> {
        let numbers = self.rows.iter().flatten().filter_map(|cell| cell.number.as_ref());
        let formats: BTreeSet<&String> = numbers.map(|(_, format)| format).collect();
        formats.into_iter().cloned().collect()
    }

    /// The row that is printed on every page.
    pub(crate) fn title_row(&self) -> String {
        let heading = self.top.len() + 1;
        format!("${heading}:${heading}")
    }

    /// The worksheet. `views` is false for a workbook that declares no window: a worksheet may not refer to one then.
    pub(crate) fn worksheet(&self, styles: &Styles, strict: bool, views: bool) -> String {
        let main = MAIN.get(usize::from(strict)).copied().unwrap_or_default();
        let rows = self.sealed_rows();
        let heading = self.top.len() + 1;
        let last = rows.len().max(heading);
        let hidden = self.headings.len();
        let letter = |col: usize| column_letters(u32::try_from(col).unwrap_or(0));
        let mut text = format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<worksheet xmlns=\"{main}\"><sheetPr>\
             <tabColor rgb=\"FF8A5A00\"/><pageSetUpPr fitToPage=\"1\"/></sheetPr><dimension ref=\"A1:{}{last}\"/>",
            letter(hidden)
        );
        if views {
            text.push_str(&format!(
                "<sheetViews><sheetView showGridLines=\"0\" workbookViewId=\"0\"><pane ySplit=\"{heading}\" \
                 topLeftCell=\"A{}\" activePane=\"bottomLeft\" state=\"frozen\"/></sheetView></sheetViews>",
                heading + 1
            ));
        }
        text.push_str("<sheetFormatPr defaultRowHeight=\"15\"/><cols>");
        for (number, (_, width)) in (1..).zip(&self.headings) {
            text.push_str(&format!(
                "<col min=\"{number}\" max=\"{number}\" width=\"{width}\" customWidth=\"1\"/>"
            ));
        }
        let number = hidden + 1;
        text.push_str(&format!(
            "<col min=\"{number}\" max=\"{number}\" width=\"10\" hidden=\"1\" customWidth=\"1\"/></cols><sheetData>"
        ));
        let cell = |row: usize, col: usize, style: usize, value: &str| {
            let style = if style == 0 { String::new() } else { format!(" s=\"{style}\"") };
            format!(
                "<c r=\"{}{row}\"{style} t=\"inlineStr\"><is><t xml:space=\"preserve\">{}</t></is></c>",
                letter(col),
                cell_text_escape(value)
            )
        };
        let mut links = String::new();
        for (row, (cells, seal)) in (1..).zip(&rows) {
            // Not every program finds the height of a row with several lines itself. In a heading the button of the
            // filter takes room, and letters are bold.
            let spare = if row == heading { 4.0 } else { 1.0 };
            let tallest = cells
                .iter()
                .zip(&self.headings)
                .filter(|_| row >= heading)
                .map(|(own, (_, width))| lines(&own.text, width - spare))
                .fold(1.0, f64::max);
            let points = if row == 1 { 26.0 } else { tallest.min(26.0) * 15.0 };
            text.push_str(&format!("<row r=\"{row}\" ht=\"{points}\" customHeight=\"1\">"));
            for (col, own) in cells.iter().enumerate().filter(|(_, own)| !own.text.is_empty()) {
                match &own.number {
                    Some((number, _)) => text.push_str(&format!(
                        "<c r=\"{}{row}\" s=\"{}\"><v>{}</v></c>",
                        letter(col),
                        styles.of(own),
                        plain_number(*number)
                    )),
                    None => text.push_str(&cell(row, col, styles.of(own), &own.text)),
                }
                if let Some((tab, at)) = &own.link {
                    let target = format!("'{}'!{at}", tab.replace('\'', "''"));
                    links.push_str(&format!(
                        "<hyperlink ref=\"{}{row}\" location=\"{}\" display=\"{}\"/>",
                        letter(col),
                        xml_escape_attribute(&target),
                        xml_escape_attribute(&own.text)
                    ));
                }
            }
            text.push_str(&cell(row, hidden, 0, seal));
            text.push_str("</row>");
        }
        text.push_str(&format!("</sheetData><autoFilter ref=\"A{heading}:{}{last}\"/>", letter(hidden)));
        if !links.is_empty() {
            text.push_str(&format!("<hyperlinks>{links}</hyperlinks>"));
        }
        text.push_str(
            "<pageMargins left=\"0.5\" right=\"0.5\" top=\"0.6\" bottom=\"0.6\" header=\"0.3\" footer=\"0.3\"/>\
             <pageSetup paperSize=\"9\" orientation=\"landscape\" fitToHeight=\"0\"/>\
             <headerFooter><oddHeader>&amp;L&amp;9&amp;A</oddHeader>\
             <oddFooter>&amp;R&amp;8bladzijde &amp;P van &amp;N</oddFooter></headerFooter></worksheet>",
        );
        text
    }
}

/// True when a tab is one that we wrote and in which nobody wrote since. Rows may have been removed or sorted.
pub(crate) fn is_untouched(book: &Spreadsheet, tab: &str) -> Result<bool> {
    let Ok(sheet) = book.worksheet(tab) else { return Ok(false) };
    let others = relationships(book.archive(), &sheet.part)?;
    for related in &others {
        // LibreOffice gives tabs a drawing on which nothing stands.
        let nothing = match related.kind.as_str() {
            "printerSettings" => true,
            "drawing" => !related.external && is_empty_drawing(book, &related.target),
            _ => false,
        };
        if !nothing {
            return Ok(false);
        }
    }
    let strings = book.shared_strings()?;
    let mut row: Option<u32> = None;
    let mut texts: Vec<String> = Vec::new();
    let (mut seals, mut fine) = (0_usize, true);
    let mut close = |texts: &mut Vec<String>| {
        let Some(last) = texts.pop() else { return true };
        seals += 1;
        last == seal(&row_text(std::mem::take(texts).iter().map(String::as_str)))
    };
    book.visit_cells(tab, &mut |cell| {
        if row != Some(cell.row) {
            fine &= close(&mut texts);
            row = Some(cell.row);
        }
        match cell.value(&strings) {
            CellValue::Empty => {}
            _ if cell.formula.is_some() => fine = false,
            CellValue::Text(text) if text.is_empty() => {}
            CellValue::Number(number) => texts.push(plain_number(number)),
            value => texts.push(value.text()),
        }
        Ok(fine)
    })?;
    fine &= close(&mut texts);
    Ok(fine && seals > 0)
}

/// True for a drawing without anything on it, or that is not there; one that cannot be read may be a person's.
fn is_empty_drawing(book: &Spreadsheet, part: &str) -> bool {
    let archive = book.archive();
    !archive.contains(part)
        || archive.read_text(part).is_ok_and(|text| elements(&text).is_ok_and(|all| all.len() <= 1))
}

/// The styles part with the looks of the tab and its number formats; what is there already is used again.
pub(crate) fn add_looks(text: &str, numbers: &[String]) -> std::result::Result<(String, Styles), String> {
    let p = elements(text)?.first().map(|root| root.prefix().to_owned()).unwrap_or_default();
    let font = |bold: bool, size: u32, colour: &str, line: bool| {
        let bold = if bold { format!("<{p}b/>") } else { String::new() };
        let line = if line { format!("<{p}u/>") } else { String::new() };
        format!(
            "<{p}font>{bold}{line}<{p}sz val=\"{size}\"/><{p}color rgb=\"FF{colour}\"/><{p}name val=\"Calibri\"/><{p}family val=\"2\"/></{p}font>"
        )
    };
    let fonts = [
        font(false, 11, "000000", false),
        font(true, 16, "1F3B57", false),
        font(true, 11, "FFFFFF", false),
        font(false, 11, "0B5394", true),
        font(true, 11, "A61C00", false),
        font(true, 11, "7F4A00", false),
        font(true, 11, "1F3B57", false),
        font(false, 11, "000000", false),
    ];
    let fill = format!(
        "<{p}fill><{p}patternFill patternType=\"solid\"><{p}fgColor rgb=\"FF1F3B57\"/><{p}bgColor indexed=\"64\"/></{p}patternFill></{p}fill>"
    );
    let Some((text, fonts)) = add_items(text, "fonts", &fonts)? else {
        return Ok((text.to_owned(), Styles::default()));
    };
    let Some((text, fills)) = add_items(&text, "fills", &[fill])? else { return Ok((text, Styles::default())) };
    let (text, number_ids) = add_number_formats(&text, &p, numbers)?;
    let mut formats: Vec<String> = fonts
        .iter()
        .enumerate()
        .map(|(look, font)| {
            let filled = look == OwnLook::Heading as usize;
            let fill = if filled { fills.first().copied().unwrap_or(0) } else { 0 };
            let wrap = if [OwnLook::Title as usize, OwnLook::Line as usize].contains(&look) { "" } else { " wrapText=\"1\"" };
            format!(
                "<{p}xf numFmtId=\"0\" fontId=\"{font}\" fillId=\"{fill}\" borderId=\"0\" xfId=\"0\" applyFont=\"1\"{} \
                 applyAlignment=\"1\"><{p}alignment vertical=\"top\"{wrap}/></{p}xf>",
                if filled { " applyFill=\"1\"" } else { "" }
            )
        })
        .collect();
    let font = fonts.first().copied().unwrap_or(0);
    formats.extend(number_ids.iter().map(|id| {
        format!(
            "<{p}xf numFmtId=\"{id}\" fontId=\"{font}\" fillId=\"0\" borderId=\"0\" xfId=\"0\" applyNumberFormat=\"1\" \
             applyFont=\"1\" applyAlignment=\"1\"><{p}alignment horizontal=\"center\" vertical=\"top\"/></{p}xf>"
        )
    }));
    let Some((text, places)) = add_items(&text, "cellXfs", &formats)? else {
        return Ok((text, Styles::default()));
    };
    let mut styles = Styles::default();
    for (place, number) in styles.looks.iter_mut().zip(&places) {
        *place = *number;
    }
    styles.numbers = numbers.iter().cloned().zip(places.into_iter().skip(LOOKS)).collect();
    Ok((text, styles))
}

/// The styles part with number formats; gives the id of each.
fn add_number_formats(text: &str, p: &str, wanted: &[String]) -> std::result::Result<(String, Vec<u32>), String> {
    let all = elements(text)?;
    let id = |e: &Element| e.attribute("numFmtId").and_then(|id| id.trim().parse::<u32>().ok());
    let known: Vec<(String, u32)> = all
        .iter()
        .filter(|e| e.local == "numFmt")
        .filter_map(|e| Some((e.attribute("formatCode")?.to_owned(), id(e)?)))
        .collect();
    // Numbers below 164 are the programs' own.
    let mut next = known.iter().map(|(_, id)| id + 1).max().unwrap_or(164).max(164);
    let (mut ids, mut fresh) = (Vec::new(), Vec::new());
    for format in wanted {
        if let Some((_, id)) = known.iter().find(|(code, _)| code == format) {
            ids.push(*id);
            continue;
        }
        let code = xml_escape_attribute(format);
        fresh.push(format!("<{p}numFmt numFmtId=\"{next}\" formatCode=\"{code}\"/>"));
        ids.push(next);
        next += 1;
    }
    if fresh.is_empty() {
        return Ok((text.to_owned(), ids));
    }
    if let Some((text, _)) = add_items(text, "numFmts", &fresh)? {
        return Ok((text, ids));
    }
    let list = format!("<{p}numFmts count=\"{}\">{}</{p}numFmts>", fresh.len(), fresh.concat());
    let mut splices = Splices::default();
    match all.iter().find(|e| e.local == "numFmts" && e.depth == 1) {
        Some(empty) => splices.replace(empty.span.clone(), list),
        None => splices.insert(all.first().map_or(0, |root| root.content.start), list),
    }
    Ok((splices.apply(text), ids))
}

/// A list of the styles part with items added; gives the number of each. `None` when the part has no such list.
fn add_items(
    text: &str,
    list: &str,
    items: &[String],
) -> std::result::Result<Option<(String, Vec<usize>)>, String> {
    let all = elements(text)?;
    let Some(at) = all.iter().position(|e| e.local == list && e.depth == 1) else { return Ok(None) };
    let present: Vec<&Element> = all.iter().filter(|e| e.parent == Some(at)).collect();
    let Some(list) = all.get(at).filter(|list| !list.empty) else { return Ok(None) };
    // What is asked twice is added once: the next time both would be the first, and what refers to it another.
    let mut added: Vec<&str> = Vec::new();
    let mut numbers = Vec::new();
    for item in items {
        let same = present.iter().position(|e| text.get(e.span.clone()) == Some(item.as_str()));
        numbers.push(same.unwrap_or_else(|| {
            let place = added.iter().position(|known| known == item).unwrap_or_else(|| {
                added.push(item);
                added.len() - 1
            });
            present.len() + place
        }));
    }
    if added.is_empty() {
        return Ok(Some((text.to_owned(), numbers)));
    }
    let (count, additions) = (present.len() + added.len(), added.concat());
    let mut splices = Splices::default();
    let tag = text.get(list.tag.clone()).unwrap_or_default();
    splices.replace(list.tag.clone(), with_attribute(tag, "count", &count.to_string()));
    splices.insert(list.content.end, additions);
    Ok(Some((splices.apply(text), numbers)))
}

/// The workbook part with the names that belong to our tab: the row that is printed on every page, and the range of the
/// filter where a program wrote it down. `None` when nothing has to change.
pub(crate) fn names(text: &str, tab: &str, own: &OwnTab) -> std::result::Result<Option<String>, String> {
    let all = elements(text)?;
    let is_sheet = |e: &&Element| e.local == "sheet" && e.depth == 2;
    let Some(place) = all.iter().filter(is_sheet).position(|e| e.attribute("name") == Some(tab)) else {
        return Ok(None);
    };
    let target = |range: &str| crate::package::xml_escape(&format!("'{}'!{range}", tab.replace('\'', "''")));
    let find = |name: &str| {
        all.iter().find(|e| {
            e.local == "definedName"
                && e.attribute("name") == Some(name)
                && e.attribute("localSheetId").and_then(|id| id.trim().parse().ok()) == Some(place)
        })
    };
    let mut splices = Splices::default();
    if let Some(filter) = find("_xlnm._FilterDatabase") {
        splices.replace(filter.content.clone(), target(&own.filter_range()));
    }
    let titles = target(&own.title_row());
    match find("_xlnm.Print_Titles") {
        Some(name) => splices.replace(name.content.clone(), titles),
        None => {
            let p = all.first().map(|root| root.prefix().to_owned()).unwrap_or_default();
            let name = format!(
                "<{p}definedName name=\"_xlnm.Print_Titles\" localSheetId=\"{place}\">{titles}</{p}definedName>"
            );
            let list = || format!("<{p}definedNames>{name}</{p}definedNames>");
            let before = ["sheets", "functionGroups", "externalReferences"];
            match all.iter().find(|e| e.local == "definedNames" && e.depth == 1) {
                Some(names) if names.empty => splices.replace(names.span.clone(), list()),
                Some(names) => splices.insert(names.content.end, name),
                None => {
                    let after = all.iter().rfind(|e| e.depth == 1 && before.contains(&e.local.as_str()));
                    let Some(after) = after else { return Ok(None) };
                    splices.insert(after.span.end, list());
                }
            }
        }
    }
    Ok(Some(splices.apply(text)).filter(|new| new != text))
}
