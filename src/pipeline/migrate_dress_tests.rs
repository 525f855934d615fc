//! What people put on the tabs of the format besides values, in a migration: one workbook with all of it, a test per kind.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::migrate::Migrated;
use super::migrate_tests::{change, content, session, small};
use crate::format::{BuildOptions, ListTab, build};
use crate::model::*;
use crate::package::rewrite::Rewrite;
use crate::package::{
    Archive, Aspect, CellEdit, Changes, NewValue, Range, Rich, Spreadsheet, StyleChoice, attachments,
    inspect_workbook, looks, worn,
};
use crate::workbook::{self, Details};

const R: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
/// The tab of a person.
pub(super) const OWN_TAB: &str = "Mijn sommen";
const CHART: &str = "http://schemas.openxmlformats.org/drawingml/2006/chart";
const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";

struct Work {
    old: Spreadsheet,
    new: Spreadsheet,
    /// Where everything stood and stands, by a key of ids.
    before: BTreeMap<String, (CellRef, String)>,
    after: BTreeMap<String, (CellRef, String)>,
    migrated: Migrated,
}

/// Keys of the places that the tests use: a remark, an answer, a closing conclusion, an answer without a place afterwards.
struct Keys {
    remark: String,
    answer: String,
    gone: String,
    figure: String,
    picture: String,
}

fn keys(format: &Format) -> Keys {
    let domein = format.domeinen[0].id.clone();
    let code = |at: usize| {
        let mut own = format.indicators.iter().filter(|i| i.domein.as_ref() == Some(&format.domeinen[0].name));
        own.nth(at).unwrap().code.clone()
    };
    let question = |code: &str| format!("{domein}/{:?}", Some(code.to_owned()));
    Keys {
        remark: format!("{domein}/{}/opmerking", code(1)),
        answer: question("analyse"),
        gone: question("collega"),
        figure: format!("{domein}/{}/wijk", code(0)),
        picture: format!("{domein}/{}/opmerking", code(0)),
    }
}

/// The new format: other order, an indicator in front, a question gone, tabs and labels with other names.
pub(super) fn newer() -> Format {
    let mut format = small();
    for (at, choice) in [(13, 0, 0), (3, 0, 0), (1, 2, 0), (0, 4, 0), (2, 0, 0)].into_iter().enumerate() {
        change(&mut format, choice, at);
    }
    format.questions.retain(|question| question.code != "collega");
    format.version = "2.0".into();
    format
}

fn at(cell: &CellRef) -> String {
    cell.a1()
}

/// A blank workbook of the small format with a tab of a person.
pub(super) fn with_own_tab(figures: &Overview) -> Vec<u8> {
    let own = ListTab {
        name: OWN_TAB.into(),
        explanation: "Van mij.".into(),
        headings: vec![("Sommen".into(), 20)],
        rows: vec![vec!["onder deze regel".into()]],
    };
    build(&small(), figures, &BuildOptions { lists: vec![own], ..BuildOptions::default() }).unwrap()
}

fn work() -> &'static Work {
    static WORK: LazyLock<Work> = LazyLock::new(|| {
        let (format, newer) = (small(), newer());
        let keys = keys(&format);
        let bytes = with_own_tab(&Overview::default());
        let (analysis, _) = workbook::read("leeg.xlsx", bytes.clone(), &format, Details::None).unwrap();
        let before = content(&analysis, &format);
        let old = with_peoples_work(bytes, &before, &keys);
        let (analysis, _) = workbook::read("oud.xlsx", old.clone(), &format, Details::None).unwrap();
        let before = content(&analysis, &format);
        let migrated =
            session(newer.clone()).migrated("oud.xlsx", old.clone().into(), Some(&format), None).unwrap();
        let (analysis, _) = workbook::read("na.xlsx", migrated.bytes.clone(), &newer, Details::None).unwrap();
        let open =
            |bytes: Vec<u8>| Spreadsheet::open(Archive::from_bytes("werkboek.xlsx", bytes).unwrap()).unwrap();
        let after = content(&analysis, &newer);
        Work { old: open(old), new: open(migrated.bytes.clone()), before, after, migrated }
    });
    &WORK
}

/// A thing that stands at a cell.
fn anchored(cell: &CellRef, thing: &str) -> String {
    format!(
        "<xdr:oneCellAnchor><xdr:from><xdr:col>{}</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>{}</xdr:row><xdr:rowOff>0\
         </xdr:rowOff></xdr:from><xdr:ext cx=\"9\" cy=\"9\"/>{thing}<xdr:clientData/></xdr:oneCellAnchor>",
        cell.col, cell.row
    )
}

/// Everything that people add, edited into the parts as Excel writes it.
fn with_peoples_work(bytes: Vec<u8>, slots: &BTreeMap<String, (CellRef, String)>, keys: &Keys) -> Vec<u8> {
    let cell = |key: &str| slots[key].0.clone();
    let (remark, answer, gone, figure) =
        (cell(&keys.remark), cell(&keys.answer), cell(&keys.gone), cell(&keys.figure));
    let picture = cell(&keys.picture);
    let tab = remark.tab.clone();
    let book = Spreadsheet::open(Archive::from_bytes("leeg.xlsx", bytes).unwrap()).unwrap();
    let edit = |cell: &CellRef, value| CellEdit {
        tab: cell.tab.clone(),
        row: cell.row,
        col: cell.col,
        value,
        style: StyleChoice::Keep,
    };
    let beside = CellRef::new(&tab, remark.row, 14);
    let nowhere = CellRef::new(&tab, 1, 14);
    let lost = CellRef::new(&tab, 1, 15);
    let cells = vec![
        edit(&remark, NewValue::Text("opmerking van mij".into())),
        edit(&answer, NewValue::Text("gewoon VET gewoon".into())),
        edit(&gone, NewValue::Text("weg VET weg".into())),
        edit(&figure, NewValue::Number(12.5)),
        edit(&picture, NewValue::Text("#VALUE!".into())),
        edit(&lost, NewValue::Text("#VALUE!".into())),
        edit(&beside, NewValue::Text("naast de tabel".into())),
        edit(&nowhere, NewValue::Text("zonder plaats".into())),
    ];
    let mut filled = Vec::new();
    book.apply(&Changes { cells, ..Changes::default() }, &mut filled).unwrap();
    let book = Spreadsheet::open(Archive::from_bytes("vol.xlsx", filled).unwrap()).unwrap();
    let part = book.sheet(&tab).unwrap().part.clone();
    let mut work = Rewrite::new(book.archive());
    // A picture in a cell: Excel keeps it in a part of its own, and the cell shows an error to who does not know it.
    for picture in [&picture, &lost] {
        work.edit(&part, |text| {
            let start = text.find(&format!("<c r=\"{}\"", at(picture))).ok_or("no cell")?;
            let end = start + text[start..].find("</c>").ok_or("no end")? + 4;
            let cell = format!("<c r=\"{}\" t=\"e\" vm=\"1\"><v>#VALUE!</v></c>", at(picture));
            Ok(format!("{}{cell}{}", &text[..start], &text[end..]))
        })
        .unwrap();
    }
    work.put("xl/richData/foto.png", b"geen echte foto".to_vec());
    work.declare("xl/richData/foto.png", "image/png").unwrap();

    // A cell format of a person: bold, red, on yellow, with a line around it.
    let mut style = 0;
    work.edit("xl/styles.xml", |text| {
        let count = |list: &str| -> usize {
            text.split(&format!("<{list} count=\"")).nth(1).unwrap().split('"').next().unwrap().parse().unwrap()
        };
        style = count("cellXfs");
        let (fonts, fills, dxfs) = (count("fonts"), count("fills"), count("dxfs"));
        assert!(dxfs > 0);
        let xf = format!("<xf numFmtId=\"0\" fontId=\"{fonts}\" fillId=\"{fills}\" borderId=\"0\" xfId=\"0\"/></cellXfs>");
        Ok(text
            .replace("</fonts>", "<font><b/><sz val=\"11\"/><color rgb=\"FFFF0000\"/><name val=\"Calibri\"/></font></fonts>")
            .replace(
                "</fills>",
                "<fill><patternFill patternType=\"solid\"><fgColor rgb=\"FFFFFF00\"/></patternFill></fill></fills>",
            )
            .replace("</cellXfs>", &xf))
    })
    .unwrap();
    // Two texts with a bold word.
    let mut strings = 0;
    work.edit("xl/sharedStrings.xml", |text| {
        strings = text.matches("<si>").count();
        let rich = |words: &str| {
            format!(
                "<si><r><t xml:space=\"preserve\">{words} </t></r><r><rPr><b/><color rgb=\"FF0000FF\"/></rPr><t>VET</t></r>\
                 <r><t xml:space=\"preserve\"> {words}</t></r></si>"
            )
        };
        Ok(text.replace("</sst>", &format!("{}{}</sst>", rich("gewoon"), rich("weg"))))
    })
    .unwrap();
    let set = |text: &str, cell: &CellRef, attributes: &str, inner: Option<&str>| -> String {
        let start = text.find(&format!("<c r=\"{}\"", at(cell))).unwrap_or_else(|| panic!("{}", cell.a1()));
        let tag_end = start + text[start..].find('>').unwrap() + 1;
        let empty = text[..tag_end].ends_with("/>");
        let end = if empty { tag_end } else { start + text[start..].find("</c>").unwrap() + 4 };
        let known = match (inner, empty) {
            (Some(inner), _) => inner.to_owned(),
            (None, true) => String::new(),
            (None, false) => text[tag_end..end - 4].to_owned(),
        };
        let old = &text[start..tag_end];
        let kind = old.split(" t=\"").nth(1).map_or("", |rest| rest.split('"').next().unwrap());
        let kind = match inner {
            Some(_) => " t=\"s\"".to_owned(),
            None if kind.is_empty() => String::new(),
            None => format!(" t=\"{kind}\""),
        };
        let own = old.split(" s=\"").nth(1).map_or("0", |rest| rest.split('"').next().unwrap());
        let style = if attributes.is_empty() { format!(" s=\"{own}\"") } else { attributes.to_owned() };
        format!("{}<c r=\"{}\"{style}{kind}>{known}</c>{}", &text[..start], at(cell), &text[end..])
    };
    work.edit(&part, |text| {
        let own = format!(" s=\"{style}\"");
        let mut text = set(text, &answer, "", Some(&format!("<v>{strings}</v>")));
        text = set(&text, &gone, &own, Some(&format!("<v>{}</v>", strings + 1)));
        for cell in [&remark, &beside, &nowhere, &figure] {
            text = set(&text, cell, &own, None);
        }
        // A hidden row with another height, a wider column.
        let row = format!("<row r=\"{}\"", remark.row + 1);
        let start = text.find(&row).unwrap();
        let end = start + text[start..].find('>').unwrap();
        let plain: String = text[start..end]
            .split(' ')
            .filter(|part| !part.starts_with("ht=") && !part.starts_with("customHeight="))
            .collect::<Vec<_>>()
            .join(" ");
        text = format!("{}{plain} ht=\"77\" customHeight=\"1\" hidden=\"1\"{}", &text[..start], &text[end..]);
        let col = format!("<col min=\"{0}\" max=\"{0}\" width=\"", remark.col + 1);
        let start = text.find(&col).unwrap() + col.len();
        let end = start + text[start..].find('"').unwrap();
        text = format!("{}61.5{}", &text[..start], &text[end..]);
        // A rule and a choice of their own on the remarks, a link in and a link out.
        let here = at(&remark);
        let own_rule = format!(
            "<conditionalFormatting sqref=\"{here}\"><cfRule type=\"expression\" dxfId=\"0\" priority=\"99\">\
             <formula>LEN({here})&gt;$E${}</formula></cfRule></conditionalFormatting>",
            remark.row + 1
        );
        let first = text.find("<conditionalFormatting").unwrap();
        text.insert_str(first, &own_rule);
        let choice = format!(
            "<dataValidation type=\"list\" allowBlank=\"1\" showInputMessage=\"1\" promptTitle=\"Kies\" prompt=\"mijn \
             uitleg\" sqref=\"{here}\"><formula1>\"ja,nee\"</formula1></dataValidation>"
        );
        text = match text.find("</dataValidations>") {
            Some(end) => format!("{}{choice}{}", &text[..end], &text[end..]),
            None => {
                let before = text.find("<hyperlinks").unwrap();
                format!("{}<dataValidations count=\"1\">{choice}</dataValidations>{}", &text[..before], &text[before..])
            }
        };
        let links = format!(
            "<hyperlink ref=\"{here}\" location=\"'{tab}'!{}\" tooltip=\"mijn sprong\"/><hyperlink xmlns:r=\"{R}\" ref=\"{}\" \
             r:id=\"rIdUit\" tooltip=\"mijn bron\"/></hyperlinks>",
            at(&answer),
            at(&answer)
        );
        text = text.replacen("</hyperlinks>", &links, 1);
        // Another colour of the tab, a page that ends elsewhere, other rows that stay in view.
        let colour = text.find("<tabColor").unwrap();
        let end = colour + text[colour..].find("/>").unwrap() + 2;
        text = format!("{}<tabColor rgb=\"FF00FF00\"/>{}", &text[..colour], &text[end..]);
        text = text.replacen("</rowBreaks>", "<brk id=\"3\" max=\"16383\" man=\"1\"/></rowBreaks>", 1);
        let pane = text.find("ySplit=\"").unwrap();
        text.replace_range(pane..pane + 8, "ySplit=\"7");
        assert!(text.contains("<brk id=\"3\""));
        // Merged by a person, and protected.
        let merged = format!("<mergeCell ref=\"{}\"/></mergeCells>", Range { first_row: 1, first_col: 14, last_row: 2, last_col: 15 }.a1());
        text = text.replacen("</mergeCells>", &merged, 1).replacen("</sheetData>", "</sheetData><sheetProtection sheet=\"1\"/>", 1);
        Ok(text)
    })
    .unwrap();
    // Sums of a tab of their own, with the outcomes that Excel keeps beside them.
    let own_part = book.sheet(OWN_TAB).unwrap().part.clone();
    work.edit(&own_part, |text| {
        let cell = |at: &str, formula: &str| format!("<c r=\"{at}\"><f>{formula}</f><v>1234.75</v></c>");
        let (here, there) = (at(&figure), at(&answer));
        let sums = format!(
            "{}{}",
            cell("A9", &format!("'{tab}'!{here}*2")),
            cell("B9", &format!("LEN('{tab}'!${there})+1"))
        );
        Ok(text.replace("</sheetData>", &format!("<row r=\"9\">{sums}</row></sheetData>")))
    })
    .unwrap();
    let rels = crate::package::parts::relationships_part(&part);
    work.edit(&rels, |text| {
        Ok(text.replace(
            "</Relationships>",
            &format!(
                "<Relationship Id=\"rIdUit\" Type=\"{R}/hyperlink\" Target=\"https://voorbeeld.example/bron\" \
                 TargetMode=\"External\"/></Relationships>"
            ),
        ))
    })
    .unwrap();
    // A picture beside the remark, and a conversation about the answer.
    let anchor = format!(
        "<xdr:wsDr xmlns:xdr=\"http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing\" \
         xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\"><xdr:oneCellAnchor><xdr:from><xdr:col>{}</xdr:col>\
         <xdr:colOff>0</xdr:colOff><xdr:row>{}</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:from><xdr:ext cx=\"9\" cy=\"9\"/><xdr:pic>\
         <xdr:nvPicPr><xdr:cNvPr id=\"2\" name=\"Foto\"/><xdr:cNvPicPr/></xdr:nvPicPr><xdr:blipFill><a:blip xmlns:r=\"{R}\" \
         r:embed=\"rId1\"/></xdr:blipFill><xdr:spPr/></xdr:pic><xdr:clientData/></xdr:oneCellAnchor>{}{}</xdr:wsDr>",
        remark.col + 1,
        remark.row,
        // A text box beside the answer, and a chart of the figure beside it.
        anchored(
            &answer,
            "<xdr:sp macro=\"\" textlink=\"\"><xdr:nvSpPr><xdr:cNvPr id=\"3\" name=\"Tekstvak\"/><xdr:cNvSpPr txBox=\"1\"/></xdr:nvSpPr>\
             <xdr:spPr/><xdr:txBody><a:bodyPr/><a:p><a:r><a:t>mijn tekstvak</a:t></a:r></a:p></xdr:txBody></xdr:sp>"
        ),
        anchored(
            &figure,
            &format!(
                "<xdr:graphicFrame macro=\"\"><xdr:nvGraphicFramePr><xdr:cNvPr id=\"4\" name=\"Grafiek\"/><xdr:cNvGraphicFramePr/>\
                 </xdr:nvGraphicFramePr><xdr:xfrm><a:off x=\"0\" y=\"0\"/><a:ext cx=\"0\" cy=\"0\"/></xdr:xfrm><a:graphic>\
                 <a:graphicData uri=\"{CHART}\"><c:chart xmlns:c=\"{CHART}\" xmlns:r=\"{R}\" r:id=\"rId2\"/></a:graphicData>\
                 </a:graphic></xdr:graphicFrame>"
            )
        )
    );
    let drawing = "xl/drawings/drawing71.xml";
    work.put(drawing, anchor.into_bytes());
    work.declare(drawing, "application/vnd.openxmlformats-officedocument.drawing+xml").unwrap();
    work.put("xl/media/foto.png", b"geen echte foto".to_vec());
    work.edit("[Content_Types].xml", |text| {
        Ok(text.replacen("<Override", "<Default Extension=\"png\" ContentType=\"image/png\"/><Override", 1))
    })
    .unwrap();
    work.relate(drawing, &format!("{R}/image"), "/xl/media/foto.png", false).unwrap();
    let chart = "xl/charts/chart71.xml";
    let address = format!("'{tab}'!${}${}", crate::model::column_letters(figure.col), figure.row + 1);
    work.put(
        chart,
        format!(
            "<c:chartSpace xmlns:c=\"{CHART}\"><c:chart><c:plotArea><c:layout/><c:barChart><c:ser><c:idx val=\"0\"/><c:order \
             val=\"0\"/><c:val><c:numRef><c:f>{address}</c:f></c:numRef></c:val></c:ser></c:barChart></c:plotArea></c:chart>\
             </c:chartSpace>"
        )
        .into_bytes(),
    );
    work.declare(chart, "application/vnd.openxmlformats-officedocument.drawingml.chart+xml").unwrap();
    work.relate(drawing, &format!("{R}/chart"), &format!("/{chart}"), false).unwrap();
    let id = work.relate(&part, &format!("{R}/drawing"), &format!("/{drawing}"), false).unwrap();
    work.edit(&part, |text| {
        let before = text.find("<legacyDrawing").or_else(|| text.find("</worksheet>")).unwrap();
        Ok(format!("{}<drawing xmlns:r=\"{R}\" r:id=\"{id}\"/>{}", &text[..before], &text[before..]))
    })
    .unwrap();
    let threads = "http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments";
    let person = "{10000000-0000-4000-8000-000000000001}";
    work.put(
        "xl/persons/person.xml",
        format!(
            "<personList xmlns=\"{threads}\"><person displayName=\"A. Fictief\" id=\"{person}\"/></personList>"
        )
        .into_bytes(),
    );
    work.declare("xl/persons/person.xml", "application/vnd.ms-excel.person+xml").unwrap();
    let office = "http://schemas.microsoft.com/office/2017/10/relationships";
    work.relate("xl/workbook.xml", &format!("{office}/person"), "/xl/persons/person.xml", false).unwrap();
    let talk = "xl/threadedComments/threadedComment1.xml";
    work.put(
        talk,
        format!(
            "<ThreadedComments xmlns=\"{threads}\"><threadedComment ref=\"{}\" dT=\"2026-11-20T09:00:00.00\" \
             personId=\"{person}\" id=\"{{20000000-0000-4000-8000-000000000001}}\"><text>klopt dit?</text></threadedComment>\
             </ThreadedComments>",
            at(&answer)
        )
        .into_bytes(),
    );
    work.declare(talk, "application/vnd.ms-excel.threadedcomments+xml").unwrap();
    work.relate(&part, &format!("{office}/threadedComment"), &format!("/{talk}"), false).unwrap();
    // A note on the figure.
    let comments = work.text(&rels).unwrap().0;
    assert!(comments.contains("/comments"), "the format puts notes on a pijler tab");
    let notes = crate::package::parts::relationships(book.archive(), &part).unwrap();
    let notes = notes.iter().find(|related| related.kind == "comments").unwrap().target.clone();
    work.edit(&notes, |text| {
        let note = format!(
            "<comment ref=\"{}\" authorId=\"0\"><text><t>mijn notitie</t></text></comment></commentList>",
            at(&figure)
        );
        assert!(text.contains(MAIN));
        Ok(text.replace("</commentList>", &note))
    })
    .unwrap();
    work.finish().unwrap()
}

/// The new cell of a place.
fn place(key: &str) -> CellRef {
    let work = work();
    let old = &work.before[key].0;
    let new = work.after[key].0.clone();
    assert_ne!((&old.tab, old.row), (&new.tab, new.row), "the place has moved");
    new
}

/// The raw text of a shared or inline string.
fn rich_text(tab: &str, row: u32, col: u32) -> String {
    let work = work();
    let cell = worn(&work.new, tab).unwrap().cells[&(row, col)].clone();
    match cell.rich {
        Some(Rich::Shared(index)) => {
            let text = work.new.archive().read_text("xl/sharedStrings.xml").unwrap();
            let all = text.split("<si>").skip(1).map(|rest| rest.split("</si>").next().unwrap().to_owned());
            all.clone().nth(index as usize).unwrap()
        }
        Some(Rich::Inline(text)) => text,
        None => panic!("{tab} {row} {col} has no bold words"),
    }
}

fn said(what: &str) -> Vec<&'static crate::workbook::Move> {
    work().migrated.plan.moves.iter().filter(|line| line.what.contains(what)).collect()
}

fn look(tab: &str, row: u32, col: u32) -> crate::package::Look {
    let work = work();
    let style = worn(&work.new, tab).unwrap().style(row, col);
    looks(&work.new).unwrap()[style as usize].clone()
}

#[test]
fn bold_words_in_an_answer_arrive_in_the_answer() {
    let cell = place(&keys(&small()).answer);
    let raw = rich_text(&cell.tab, cell.row, cell.col);
    assert!(raw.contains("<b/>") && raw.contains("FF0000FF") && raw.contains("<t>VET</t>"), "{raw}");
    assert_eq!(work().after[&keys(&small()).answer].1, "gewoon VET gewoon");
}

#[test]
fn bold_words_of_an_answer_without_a_place_are_bold_on_the_list() {
    let lines = &work().migrated.plan.unplaced;
    let line = lines.iter().position(|line| line.text == "weg VET weg").unwrap();
    let raw = rich_text("Niet geplaatst", line as u32 + 3, 3);
    assert!(raw.contains("<b/>"), "{raw}");
    assert_eq!(look("Niet geplaatst", line as u32 + 3, 3)[&Aspect::Fill], "FFFF00");
}

#[test]
fn the_colour_and_font_that_a_person_gave_a_cell_arrive() {
    let keys = keys(&small());
    for cell in [place(&keys.remark), place(&keys.figure)] {
        let look = look(&cell.tab, cell.row, cell.col);
        assert_eq!((look[&Aspect::Fill].as_str(), look[&Aspect::Colour].as_str()), ("FFFF00", "FF0000"));
        assert!(look.contains_key(&Aspect::Bold));
    }
    // A neighbour that nobody touched has not changed.
    let cell = place(&keys.answer);
    assert!(!look(&cell.tab, cell.row, cell.col).contains_key(&Aspect::Bold));
    let told = said("opmaak van cellen");
    let old = &work().before[&keys.remark].0;
    assert!(told.iter().any(|line| line.text.contains(&at(old)) && !line.to_tab.is_empty()), "{told:?}");
}

#[test]
fn a_text_beside_the_table_keeps_its_colour_and_one_without_a_place_too() {
    let work = work();
    let remark = place(&keys(&small()).remark);
    let strings = work.new.shared_strings().unwrap();
    let mut found = None;
    work.new
        .visit_cells(&remark.tab, &mut |view| {
            if view.value(&strings).text() == "naast de tabel" {
                found = Some((view.row, view.col));
            }
            Ok(true)
        })
        .unwrap();
    let (row, col) = found.unwrap();
    assert_eq!(row, remark.row);
    assert_eq!(look(&remark.tab, row, col)[&Aspect::Fill], "FFFF00");
    let line = work.migrated.plan.unplaced.iter().position(|line| line.text == "zonder plaats").unwrap();
    assert_eq!(look("Niet geplaatst", line as u32 + 3, 3)[&Aspect::Colour], "FF0000");
}

#[test]
fn a_row_and_a_column_keep_the_size_that_a_person_gave_and_stay_hidden() {
    let cell = place(&keys(&small()).remark);
    let hidden =
        |book: &Spreadsheet, tab: &str| worn(book, tab).unwrap().rows.values().filter(|line| line.hidden).count();
    let old = &work().before[&keys(&small()).remark].0;
    assert_eq!(hidden(&work().new, &cell.tab), hidden(&work().old, &old.tab), "no other row is hidden");
    let worn = worn(&work().new, &cell.tab).unwrap();
    let row = worn.row(cell.row);
    assert_eq!((row.size, row.hidden), (Some(77.0), true));
    assert_eq!(worn.col(cell.col).size, Some(61.5));
    assert!(said("breedte, hoogte").iter().any(|line| line.text.contains("verborgen")));
}

#[test]
fn a_rule_of_a_person_follows_its_cells_and_those_of_the_format_are_not_doubled() {
    let cell = place(&keys(&small()).remark);
    let facts = work().new.sheet_facts(&cell.tab).unwrap();
    let own: Vec<_> = facts.conditional_formats.iter().filter(|rule| rule.formula.starts_with("LEN(H")).collect();
    assert_eq!(own.len(), 1, "{:?}", facts.conditional_formats);
    assert_eq!(own[0].sqref, at(&cell));
    assert_eq!(own[0].formula, format!("LEN({})>$E${}", at(&cell), cell.row + 1));
    let blank = build(&newer(), &Overview::default(), &BuildOptions::default()).unwrap();
    let blank = Spreadsheet::open(Archive::from_bytes("leeg.xlsx", blank).unwrap()).unwrap();
    let count = blank.sheet_facts(&cell.tab).unwrap().conditional_formats.len();
    assert_eq!(facts.conditional_formats.len(), count + 1);
}

#[test]
fn a_choice_of_a_person_follows_its_cell_with_its_texts() {
    let cell = place(&keys(&small()).remark);
    let facts = work().new.sheet_facts(&cell.tab).unwrap();
    let own: Vec<_> = facts.validations.iter().filter(|rule| rule.formula == "\"ja,nee\"").collect();
    assert_eq!(
        own.iter().map(|rule| rule.ranges.clone()).collect::<Vec<_>>(),
        [vec![Range::cell(cell.row, cell.col)]]
    );
    let part = work().new.sheet(&cell.tab).unwrap().part.clone();
    assert!(work().new.archive().read_text(&part).unwrap().contains("prompt=\"mijn uitleg\""));
}

#[test]
fn links_in_and_out_of_the_workbook_follow_their_cells_and_their_goals() {
    let keys = keys(&small());
    let (remark, answer) = (place(&keys.remark), place(&keys.answer));
    let facts = work().new.sheet_facts(&remark.tab).unwrap();
    let link = |cell: &CellRef| {
        let mut found = facts.hyperlinks.iter().filter(|link| link.range == Range::cell(cell.row, cell.col));
        let link = found.next().unwrap_or_else(|| panic!("no link on {}", cell.a1())).clone();
        assert!(found.next().is_none());
        link
    };
    let inside = link(&remark);
    assert_eq!(inside.location.unwrap(), format!("'{}'!{}", answer.tab, at(&answer)));
    assert_eq!(inside.tooltip.as_deref(), Some("mijn sprong"));
    let outside = link(&answer);
    assert_eq!(outside.target.as_deref(), Some("https://voorbeeld.example/bron"));
    assert_eq!(outside.tooltip.as_deref(), Some("mijn bron"));
}

#[test]
fn notes_and_conversations_hang_at_the_new_cells() {
    let keys = keys(&small());
    let (figure, answer) = (place(&keys.figure), place(&keys.answer));
    let notes = attachments(&work().new, &figure.tab).unwrap().notes;
    let at = |cell: &CellRef| notes.iter().find(|note| (note.row, note.col) == (cell.row, cell.col)).unwrap();
    assert_eq!((at(&figure).text.as_str(), at(&figure).threaded), ("mijn notitie", false));
    assert!(
        at(&answer).threaded && at(&answer).text.contains("A. Fictief") && at(&answer).text.contains("klopt dit?")
    );
}

#[test]
fn a_picture_stands_beside_the_same_row_and_column() {
    let remark = place(&keys(&small()).remark);
    let part = attachments(&work().new, &remark.tab).unwrap().drawing.unwrap();
    let text = work().new.archive().read_text(&part).unwrap();
    assert!(text.contains(&format!("<xdr:row>{}</xdr:row>", remark.row)), "{text}");
    assert!(text.contains(&format!("<xdr:col>{}</xdr:col>", remark.col + 1)), "{text}");
    assert_eq!(work().new.archive().read("xl/media/foto.png").unwrap(), b"geen echte foto");
}

#[test]
fn a_picture_in_a_cell_lies_in_the_cell_at_its_new_place() {
    let figure = place(&keys(&small()).picture);
    let new = &work().new;
    let text = new.archive().read_text(&new.sheet(&figure.tab).unwrap().part).unwrap();
    let cell = text.split("<c ").find(|cell| cell.starts_with(&format!("r=\"{}\"", at(&figure)))).unwrap();
    assert!(cell.contains(" t=\"e\" vm=\"1\"><v>#VALUE!</v></c>"), "{cell}");
    assert_eq!(new.archive().read("xl/richData/foto.png").unwrap(), b"geen echte foto");
    assert_eq!(text.matches(" vm=").count(), 1);
    let line = work().migrated.plan.unplaced.iter().find(|line| line.text.contains("#VALUE!")).unwrap();
    assert_eq!(line.text, "afbeelding in de cel: #VALUE!");
    assert!(line.reason.ends_with("de afbeelding staat nog in het oude werkboek"), "{}", line.reason);
}

#[test]
fn formulas_of_an_own_tab_lead_to_the_new_places_and_their_old_outcomes_are_no_reason_to_stop() {
    let keys = keys(&small());
    let (figure, answer) = (place(&keys.figure), place(&keys.answer));
    let mut sums = Vec::new();
    work()
        .new
        .visit_cells(OWN_TAB, &mut |cell| {
            sums.extend(cell.formula.as_ref().map(|formula| formula.text.to_string()));
            Ok(true)
        })
        .unwrap();
    let (here, there) = (at(&figure), at(&answer));
    assert_eq!(sums, [format!("'{}'!{here}*2", figure.tab), format!("LEN('{}'!${there})+1", answer.tab)]);
}

#[test]
fn a_chart_and_a_text_box_that_a_person_placed_stand_at_their_cells_and_the_chart_draws_the_same_figure() {
    let keys = keys(&small());
    let (figure, answer) = (place(&keys.figure), place(&keys.answer));
    let part = attachments(&work().new, &figure.tab).unwrap().drawing.unwrap();
    let text = work().new.archive().read_text(&part).unwrap();
    for (cell, thing) in [(&answer, "mijn tekstvak"), (&figure, "name=\"Grafiek\"")] {
        let before = &text[..text.find(thing).unwrap_or_else(|| panic!("{thing} is lost: {text}"))];
        let anchor = &before[before.rfind("<xdr:oneCellAnchor").unwrap()..];
        assert!(anchor.contains(&format!("<xdr:row>{}</xdr:row>", cell.row)), "{thing}: {anchor}");
    }
    let chart = work().new.archive().read_text("xl/charts/chart71.xml").unwrap();
    let address = format!("'{}'!${}${}", figure.tab, crate::model::column_letters(figure.col), figure.row + 1);
    assert!(chart.contains(&format!("<c:f>{address}</c:f>")), "{address}: {chart}");
}

#[test]
fn what_cannot_go_along_is_told_with_its_tab() {
    let remark = &work().before[&keys(&small()).remark].0;
    for what in [
        "beveiliging van het tabblad",
        "samengevoegde cellen",
        "kleur van het tabblad",
        "pagina-einde",
        "vastgezette rijen of kolommen",
    ] {
        let lines = said(what);
        assert_eq!(lines.len(), 1, "{what}: {lines:?}");
        assert_eq!((lines[0].from_tab.as_str(), lines[0].to_tab.as_str()), (remark.tab.as_str(), ""));
        assert!(work().migrated.plan.unplaced.iter().any(|line| line.what == what));
    }
}

#[test]
fn the_package_is_in_order_and_nothing_is_told_of_what_nobody_touched() {
    assert_eq!(inspect_workbook(&work().new).unwrap(), Vec::<String>::new());
    assert_eq!(inspect_workbook(&work().old).unwrap(), Vec::<String>::new());
    // An untouched workbook has nothing to hand over.
    let blank = build(&small(), &Overview::default(), &BuildOptions::default()).unwrap();
    let migrated = session(newer()).migrated("leeg.xlsx", blank.into(), Some(&small()), None).unwrap();
    let plan = &migrated.plan;
    assert!(plan.dress.values().all(|dress| *dress == crate::package::TabDress::default()), "{:?}", plan.dress);
    assert_eq!(plan.unplaced, []);
    // Without an area the overview cannot be read as one, and stays whole.
    assert!(plan.kept_old.iter().all(|(tab, ..)| tab.contains("overzicht")), "{:?}", plan.kept_old);
}
