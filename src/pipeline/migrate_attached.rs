//! What people hang on cells, for the tests of a migration: notes, conversations and pictures at random cells.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::migrate_tests::{Choice, content, pick};
use crate::model::*;
use crate::package::rewrite::Rewrite;
use crate::package::{Archive, Spreadsheet, attachments};
use crate::workbook::{self, Details};

const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const MICROSOFT: &str = "http://schemas.microsoft.com/office/2017/10/relationships";
const THREADS: &str = "http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments";
const PERSON: &str = "{10000000-0000-4000-8000-000000000001}";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Note,
    Conversation,
    Picture,
}

/// A thing on a cell.
#[derive(Debug)]
pub(super) struct Attached {
    kind: Kind,
    cell: CellRef,
    /// Its text; of a picture its name.
    text: String,
    /// The place of the format it hangs at, when it is one.
    pub(super) key: Option<String>,
}

impl Attached {
    /// The cells at which it hangs in this workbook.
    pub(super) fn arrived(&self, book: &Spreadsheet) -> Vec<CellRef> {
        let mut found = Vec::new();
        let sheets = book.sheets().iter().filter(|sheet| sheet.kind == crate::package::SheetKind::Worksheet);
        for tab in sheets.map(|sheet| sheet.name.as_str()) {
            let attached = attachments(book, tab).unwrap();
            if self.kind != Kind::Picture {
                let threaded = self.kind == Kind::Conversation;
                let same =
                    attached.notes.iter().filter(|n| n.threaded == threaded && n.text.ends_with(&self.text));
                found.extend(same.map(|note| CellRef::new(tab, note.row, note.col)));
                continue;
            }
            let Some(part) = attached.drawing else { continue };
            let text = book.archive().read_text(&part).unwrap();
            for anchor in
                text.split("<xdr:oneCellAnchor").filter(|a| a.contains(&format!("name=\"{}\"", self.text)))
            {
                let number = |tag: &str| -> u32 {
                    anchor
                        .split(&format!("<xdr:{tag}>"))
                        .nth(1)
                        .unwrap()
                        .split('<')
                        .next()
                        .unwrap()
                        .parse()
                        .unwrap()
                };
                // The picture itself is there too.
                let id = anchor.split("r:embed=\"").nth(1).unwrap().split('"').next().unwrap();
                let related = crate::package::parts::relationships(book.archive(), &part).unwrap();
                let media = &related.iter().find(|related| related.id == id).unwrap().target;
                assert_eq!(book.archive().read(media).unwrap(), self.text.as_bytes());
                found.push(CellRef::new(tab, number("row"), number("col")));
            }
        }
        found
    }
}

/// Hangs things on cells of pijler tabs: at places of the format and anywhere else. One thing of a kind on a cell, and none
/// where the format has a note.
pub(super) fn with_attachments(bytes: Vec<u8>, format: &Format, choices: &[Choice]) -> (Vec<u8>, Vec<Attached>) {
    let (analysis, _) = workbook::read("vol.xlsx", bytes.clone(), format, Details::None).unwrap();
    let tabs: Vec<String> =
        analysis.tabs.iter().filter(|t| matches!(t.kind, TabKind::Pijler(_))).map(|t| t.name.clone()).collect();
    let slots: Vec<(String, CellRef)> = content(&analysis, format)
        .into_iter()
        .map(|(key, (at, _))| (key, at))
        .filter(|(_, at)| tabs.contains(&at.tab))
        .collect();
    let book = Spreadsheet::open(Archive::from_bytes("vol.xlsx", bytes).unwrap()).unwrap();
    let mut things: Vec<Attached> = Vec::new();
    for (number, (kind, one, two)) in choices.iter().enumerate() {
        let kind_of = [Kind::Note, Kind::Conversation, Kind::Picture][usize::from(kind % 3)];
        let (cell, key) = match pick(&slots, *one).filter(|_| kind % 2 == 0) {
            Some((key, at)) => (at.clone(), Some(key.clone())),
            None => (CellRef::new(pick(&tabs, *one).unwrap(), u32::from(two % 70), u32::from(one / 5 % 12)), None),
        };
        let noted = |other: &CellRef| other == &cell;
        let formats = attachments(&book, &cell.tab).unwrap().notes;
        let taken = things
            .iter()
            .any(|thing| noted(&thing.cell) && (thing.kind == Kind::Picture) == (kind_of == Kind::Picture));
        if taken || (kind_of != Kind::Picture && formats.iter().any(|n| (n.row, n.col) == (cell.row, cell.col))) {
            continue;
        }
        // No text may be the end of another.
        let text = format!("iets van mij {number:03} einde");
        let key = key.or_else(|| slots.iter().find(|(_, at)| *at == cell).map(|(key, _)| key.clone()));
        things.push(Attached { kind: kind_of, cell, text, key });
    }
    let mut by_tab: BTreeMap<&str, Vec<&Attached>> = BTreeMap::new();
    for thing in &things {
        by_tab.entry(&thing.cell.tab).or_default().push(thing);
    }
    let mut work = Rewrite::new(book.archive());
    for (number, (tab, things)) in by_tab.iter().enumerate() {
        let part = book.sheet(tab).unwrap().part.clone();
        notes(&mut work, &book, &part, things);
        conversations(&mut work, &part, number + 71, things);
        pictures(&mut work, &part, number + 71, things);
    }
    if things.iter().any(|thing| thing.kind == Kind::Conversation) {
        let who = format!(
            "<personList xmlns=\"{THREADS}\"><person displayName=\"A. Fictief\" id=\"{PERSON}\"/></personList>"
        );
        work.put("xl/persons/person.xml", who.into_bytes());
        work.declare("xl/persons/person.xml", "application/vnd.ms-excel.person+xml").unwrap();
        work.relate("xl/workbook.xml", &format!("{MICROSOFT}/person"), "/xl/persons/person.xml", false).unwrap();
    }
    if things.iter().any(|thing| thing.kind == Kind::Picture) {
        work.edit("[Content_Types].xml", |text| {
            Ok(text.replacen("<Override", "<Default Extension=\"png\" ContentType=\"image/png\"/><Override", 1))
        })
        .unwrap();
    }
    let out = work.finish().unwrap();
    (out, things)
}

/// Notes, beside those that the format puts on the tab.
fn notes(work: &mut Rewrite<'_>, book: &Spreadsheet, part: &str, things: &[&Attached]) {
    let mut list = String::new();
    for thing in things.iter().filter(|thing| thing.kind == Kind::Note) {
        let (at, text) = (thing.cell.a1(), &thing.text);
        write!(list, "<comment ref=\"{at}\" authorId=\"0\"><text><t>{text}</t></text></comment>").unwrap();
    }
    if list.is_empty() {
        return;
    }
    let related = crate::package::parts::relationships(book.archive(), part).unwrap();
    let known = &related.iter().find(|related| related.kind == "comments").unwrap().target;
    work.edit(known, |text| Ok(text.replace("</commentList>", &format!("{list}</commentList>")))).unwrap();
}

fn conversations(work: &mut Rewrite<'_>, part: &str, number: usize, things: &[&Attached]) {
    let mut list = String::new();
    for (at, thing) in things.iter().enumerate().filter(|(_, thing)| thing.kind == Kind::Conversation) {
        let (cell, text) = (thing.cell.a1(), &thing.text);
        write!(
            list,
            "<threadedComment ref=\"{cell}\" dT=\"2026-11-20T09:00:00.00\" personId=\"{PERSON}\" \
             id=\"{{20000000-0000-4000-8000-{number:06}{at:06}}}\"><text>{text}</text></threadedComment>"
        )
        .unwrap();
    }
    if list.is_empty() {
        return;
    }
    let talk = format!("xl/threadedComments/threadedComment{number}.xml");
    work.put(&talk, format!("<ThreadedComments xmlns=\"{THREADS}\">{list}</ThreadedComments>").into_bytes());
    work.declare(&talk, "application/vnd.ms-excel.threadedcomments+xml").unwrap();
    work.relate(part, &format!("{MICROSOFT}/threadedComment"), &format!("/{talk}"), false).unwrap();
}

/// Pictures; the bytes of each are its name.
fn pictures(work: &mut Rewrite<'_>, part: &str, number: usize, things: &[&Attached]) {
    let pictures: Vec<&&Attached> = things.iter().filter(|thing| thing.kind == Kind::Picture).collect();
    if pictures.is_empty() {
        return;
    }
    let drawing = format!("xl/drawings/drawing{number}.xml");
    let mut list = String::new();
    for (at, thing) in pictures.iter().enumerate() {
        let media = format!("xl/media/foto{number}-{at}.png");
        work.put(&media, thing.text.clone().into_bytes());
        let id = work.relate(&drawing, &format!("{OFFICE}/image"), &format!("/{media}"), false).unwrap();
        let CellRef { row, col, .. } = &thing.cell;
        write!(
            list,
            "<xdr:oneCellAnchor><xdr:from><xdr:col>{col}</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>{row}</xdr:row><xdr:rowOff>0\
             </xdr:rowOff></xdr:from><xdr:ext cx=\"9\" cy=\"9\"/><xdr:pic><xdr:nvPicPr><xdr:cNvPr id=\"{}\" name=\"{}\"/>\
             <xdr:cNvPicPr/></xdr:nvPicPr><xdr:blipFill><a:blip xmlns:r=\"{OFFICE}\" r:embed=\"{id}\"/></xdr:blipFill>\
             <xdr:spPr/></xdr:pic><xdr:clientData/></xdr:oneCellAnchor>",
            at + 2,
            thing.text
        )
        .unwrap();
    }
    let text = format!(
        "<xdr:wsDr xmlns:xdr=\"http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing\" \
         xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\">{list}</xdr:wsDr>"
    );
    work.put(&drawing, text.into_bytes());
    work.declare(&drawing, "application/vnd.openxmlformats-officedocument.drawing+xml").unwrap();
    let id = work.relate(part, &format!("{OFFICE}/drawing"), &format!("/{drawing}"), false).unwrap();
    work.edit(part, |text| {
        let before = text.find("<legacyDrawing").or_else(|| text.find("</worksheet>")).unwrap();
        Ok(format!("{}<drawing xmlns:r=\"{OFFICE}\" r:id=\"{id}\"/>{}", &text[..before], &text[before..]))
    })
    .unwrap();
}
