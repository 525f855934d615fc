//! Edits on small packages made here, one property each.

use super::*;
use crate::package::{Archive, inspect_workbook, write_package};

const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const RELS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

/// A workbook with these sheets (the text between the tags of `worksheet`) and these further parts.
fn book_with(sheets: &[(&str, &str)], extra: &[(&str, &str)], calc_chain: Option<&str>) -> Vec<u8> {
    let mut types = String::new();
    let mut listed = String::new();
    let mut related = String::new();
    let mut entries = Vec::new();
    for (at, (name, content)) in sheets.iter().enumerate() {
        let n = at + 1;
        types.push_str(&format!(
            "<Override PartName=\"/xl/worksheets/sheet{n}.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml\"/>"
        ));
        listed.push_str(&format!("<sheet name=\"{name}\" sheetId=\"{n}\" r:id=\"rId{n}\"/>"));
        related.push_str(&format!(
            "<Relationship Id=\"rId{n}\" Type=\"{RELS}/worksheet\" Target=\"worksheets/sheet{n}.xml\"/>"
        ));
        let sheet = format!("<worksheet xmlns=\"{MAIN}\" xmlns:r=\"{RELS}\">{content}</worksheet>");
        entries.push((format!("xl/worksheets/sheet{n}.xml"), sheet.into_bytes()));
    }
    related.push_str(&format!("<Relationship Id=\"rId90\" Type=\"{RELS}/styles\" Target=\"styles.xml\"/>"));
    for (name, _) in extra.iter().filter(|(name, _)| name.starts_with("xl/pivotCache/")) {
        related.push_str(&format!(
            "<Relationship Id=\"rIdP\" Type=\"{RELS}/pivotCacheDefinition\" Target=\"/{name}\"/>"
        ));
    }
    if let Some(chain) = calc_chain {
        related
            .push_str(&format!("<Relationship Id=\"rId91\" Type=\"{RELS}/calcChain\" Target=\"calcChain.xml\"/>"));
        types.push_str("<Override PartName=\"/xl/calcChain.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.calcChain+xml\"/>");
        entries.push((
            "xl/calcChain.xml".into(),
            format!("<calcChain xmlns=\"{MAIN}\">{chain}</calcChain>").into_bytes(),
        ));
    }
    let text = |s: String| s.into_bytes();
    entries.push(("[Content_Types].xml".into(), text(format!("<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Default Extension=\"xml\" ContentType=\"application/xml\"/>{types}</Types>"))));
    entries.push(("_rels/.rels".into(), text(format!("<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId1\" Type=\"{RELS}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"))));
    entries.push((
        "xl/workbook.xml".into(),
        text(format!("<workbook xmlns=\"{MAIN}\" xmlns:r=\"{RELS}\"><sheets>{listed}</sheets></workbook>")),
    ));
    entries.push(("xl/_rels/workbook.xml.rels".into(), text(format!("<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">{related}</Relationships>"))));
    entries.push((
        "xl/styles.xml".into(),
        text(format!("<styleSheet xmlns=\"{MAIN}\"><fonts><font/></fonts><fills><fill/></fills><cellXfs><xf/><xf/><xf/><xf/></cellXfs></styleSheet>")),
    ));
    entries.extend(extra.iter().map(|(name, content)| ((*name).to_owned(), content.as_bytes().to_vec())));
    write_package(entries).unwrap()
}

fn open(bytes: Vec<u8>) -> Spreadsheet {
    Spreadsheet::open(Archive::from_bytes("test.xlsx", bytes).unwrap()).unwrap()
}

fn set(tab: &str, at: &str, value: NewValue) -> CellEdit {
    let (row, col) = crate::model::parse_a1(at).unwrap();
    CellEdit { tab: tab.to_owned(), row, col, value, style: StyleChoice::Keep }
}

fn number(tab: &str, at: &str, value: f64) -> CellEdit {
    set(tab, at, NewValue::Number(value))
}

fn cells(edits: Vec<CellEdit>) -> Changes<'static> {
    Changes { cells: edits, ..Changes::default() }
}

/// Applies and opens the result, which must be in order.
fn applied(book: &Spreadsheet, changes: &Changes<'_>) -> (Applied, Spreadsheet) {
    let mut out = Vec::new();
    let applied = book.apply(changes, &mut out).unwrap();
    let result = open(out);
    assert_eq!(inspect_workbook(&result).unwrap(), Vec::<String>::new());
    (applied, result)
}

fn sheet(book: &Spreadsheet, n: usize) -> String {
    let text = book.archive().read_text(&format!("xl/worksheets/sheet{n}.xml")).unwrap();
    let inner = text.split_once('>').unwrap().1;
    inner.strip_suffix("</worksheet>").unwrap().to_owned()
}

/// The content of the one sheet after the edits.
fn after(content: &str, edits: Vec<CellEdit>) -> String {
    let book = open(book_with(&[("A", content)], &[], None));
    let (applied, result) = applied(&book, &cells(edits));
    assert_eq!(applied.refused, []);
    sheet(&result, 1)
}

#[test]
fn a_cell_keeps_its_style_and_its_neighbours_their_bytes() {
    let old = "<sheetData>\n <row  r='1' ><c r='A1' s=\"2\" t=\"s\"><v>0</v></c> <c r=\"B1\"><v>1.50</v></c></row><!-- x --></sheetData>";
    let new = "<sheetData>\n <row  r='1' ><c r='A1' s=\"2\"><v>7</v></c> <c r=\"B1\"><v>1.50</v></c></row><!-- x --></sheetData>";
    assert_eq!(after(old, vec![number("A", "A1", 7.0)]), new);
}

#[test]
fn inserted_cells_take_their_place_and_the_style_of_row_or_column() {
    let old = "<dimension ref=\"B2:B2\"/><cols><col min=\"3\" max=\"4\" style=\"3\"/></cols><sheetData>\
        <row r=\"2\" spans=\"2:2\" s=\"2\" customFormat=\"1\"><c r=\"B2\"><v>1</v></c></row><row r=\"5\"/></sheetData>";
    let edits =
        vec![number("A", "A2", 1.0), number("A", "C3", 2.0), number("A", "D5", 3.0), number("A", "C9", 4.0)];
    let new = "<dimension ref=\"A2:D9\"/><cols><col min=\"3\" max=\"4\" style=\"3\"/></cols><sheetData>\
        <row r=\"2\" spans=\"1:2\" s=\"2\" customFormat=\"1\"><c r=\"A2\" s=\"2\"><v>1</v></c><c r=\"B2\"><v>1</v></c></row>\
        <row r=\"3\"><c r=\"C3\" s=\"3\"><v>2</v></c></row><row r=\"5\"><c r=\"D5\" s=\"3\"><v>3</v></c></row>\
        <row r=\"9\"><c r=\"C9\" s=\"3\"><v>4</v></c></row></sheetData>";
    assert_eq!(after(old, edits), new);
}

#[test]
fn text_is_never_a_formula_and_keeps_every_character() {
    let text = after("<sheetData/>", vec![set("A", "A1", NewValue::Text("=1+1 <&> \u{7} _x0041_ \n ".into()))]);
    let expected = "<sheetData><row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t xml:space=\"preserve\">\
        =1+1 &lt;&amp;&gt; _x0007_ _x005F_x0041_ \n </t></is></c></row></sheetData>";
    assert_eq!(text, expected);
}

#[test]
fn rows_and_cells_without_addresses_are_counted() {
    let old = "<sheetData><row><c><v>1</v></c><c><v>2</v></c></row><row><c><v>3</v></c></row></sheetData>";
    let new = "<sheetData><row><c><v>1</v></c><c><v>9</v></c></row><row><c><v>3</v></c><c r=\"B2\"><v>8</v></c></row></sheetData>";
    assert_eq!(after(old, vec![number("A", "B1", 9.0), number("A", "B2", 8.0)]), new);
}

#[test]
fn equal_values_change_no_byte() {
    let content = "<sheetData><row r=\"1\"><c r=\"A1\"><v>0.50</v></c><c r=\"B1\" t=\"inlineStr\"><is><t>a</t></is></c></row></sheetData>";
    let bytes = book_with(&[("A", content)], &[], None);
    let book = open(bytes.clone());
    let edits =
        vec![number("A", "A1", 0.5), set("A", "B1", NewValue::Text("a".into())), set("A", "C1", NewValue::Clear)];
    let mut out = Vec::new();
    let result = book.apply(&cells(edits), &mut out).unwrap();
    assert!(!result.changed);
    assert_eq!(out, bytes);
}

#[test]
fn children_of_an_overwritten_shared_formula_keep_their_meaning() {
    let old = "<sheetData><row r=\"1\"><c r=\"A1\"><v>1</v></c><c r=\"B1\"><f t=\"shared\" ref=\"B1:B3\" si=\"0\">A1*2&amp;\"\"</f><v>2</v></c></row>\
        <row r=\"2\"><c r=\"B2\" s=\"1\"><f t=\"shared\" si=\"0\"/><v>4</v></c></row>\
        <row r=\"3\"><c r=\"B3\"><f t=\"shared\" si=\"0\"></f><v>6</v></c></row></sheetData>";
    let new = "<sheetData><row r=\"1\"><c r=\"A1\"><v>1</v></c><c r=\"B1\"><v>5</v></c></row>\
        <row r=\"2\"><c r=\"B2\" s=\"1\"><f>A2*2&amp;&quot;&quot;</f><v>4</v></c></row>\
        <row r=\"3\"><c r=\"B3\"><f>A3*2&amp;&quot;&quot;</f><v>6</v></c></row></sheetData>";
    assert_eq!(after(old, vec![number("A", "B1", 5.0)]), new);
}

#[test]
fn stale_caches_go_on_every_tab_and_only_there() {
    let first =
        "<sheetData><row r=\"1\"><c r=\"A1\"><v>1</v></c><c r=\"B1\"><f>C1</f><v>3</v></c></row></sheetData>";
    let second = "<sheetData><row r=\"1\"><c r=\"A1\" t=\"str\" s=\"1\"><f>A!A1&amp;\"x\"</f><v>1x</v></c>\
        <c r=\"B1\"><f>A1</f><v>1</v></c><c r=\"C1\"><f>A!C1</f><v>0</v></c>\
        <c r=\"D1\"><f>INDIRECT(\"A!A1\")</f><v>1</v></c></row></sheetData>";
    let book = open(book_with(&[("A", first), ("B", second)], &[], None));
    let (applied, result) = applied(&book, &cells(vec![number("A", "A1", 2.0)]));
    let removed: Vec<String> = applied.removed_caches.iter().map(|c| format!("{}!{}", c.tab, c.a1())).collect();
    assert_eq!(removed, ["B!A1", "B!B1", "B!D1"]);
    assert!(sheet(&result, 1).contains("<c r=\"B1\"><f>C1</f><v>3</v></c>"));
    assert!(sheet(&result, 2).contains(
        "<c r=\"A1\" s=\"1\"><f>A!A1&amp;\"x\"</f></c><c r=\"B1\"><f>A1</f></c><c r=\"C1\"><f>A!C1</f><v>0</v></c>"
    ));
    assert!(
        result
            .archive()
            .read_text("xl/workbook.xml")
            .unwrap()
            .contains("<calcPr fullCalcOnLoad=\"1\"/></workbook>")
    );
}

/// What became of formulas in B1, B2 ... of a second sheet when A5 of the first, `A`, is set: those that lost their outcome.
fn stale(formulas: &[&str], names: &str) -> Vec<bool> {
    let rows: String = (1..)
        .zip(formulas)
        .map(|(row, formula)| {
            let text = formula.replace('&', "&amp;");
            format!("<row r=\"{row}\"><c r=\"B{row}\"><f>{text}</f><v>7</v></c></row>")
        })
        .collect();
    let bytes = book_with(&[("A", "<sheetData/>"), ("B", &format!("<sheetData>{rows}</sheetData>"))], &[], None);
    let book = open(bytes);
    let mut work = crate::package::rewrite::Rewrite::new(book.archive());
    work.edit("xl/workbook.xml", |text| {
        Ok(text.replace("</workbook>", &format!("<definedNames>{names}</definedNames></workbook>")))
    })
    .unwrap();
    let book = open(work.finish().unwrap());
    let (applied, _) = applied(&book, &cells(vec![number("A", "A5", 2.0)]));
    let gone: Vec<u32> =
        applied.removed_caches.iter().filter(|cell| cell.tab == "B").map(|cell| cell.row).collect();
    (0..formulas.len()).map(|row| gone.contains(&u32::try_from(row).unwrap())).collect()
}

#[test]
fn a_formula_that_reads_what_its_text_does_not_show_loses_its_outcome() {
    let names = "<definedName name=\"Rij\">A!$A1</definedName><definedName name=\"Anders\">A!$C1</definedName>\
        <definedName name=\"Begin\">A!$A$1</definedName><definedName name=\"Eind\">A!$A$9</definedName>\
        <definedName name=\"Dubbel\">_xlfn.LAMBDA(_xlpm.x,_xlpm.x*A!$A$5)</definedName>\
        <definedName name=\"Rustig\">_xlfn.LAMBDA(_xlpm.x,_xlpm.x*2)</definedName>\
        <definedName name=\"Oud\" function=\"1\">#REF!</definedName>";
    let loses = [
        "\"In onze wijk \"&Rij",
        "SUM(Begin:Eind)",
        "SUM(INDEX(A!A1:A2,1):A!A9)",
        "SUM((A!A1):A!A9)",
        "MijnFunctie(\"x\")",
        "Oud(3)",
        "Dubbel(3)",
    ];
    let keeps = ["\"In onze wijk \"&Anders", "SUM(A!A1:A4)", "Rustig(3)", "ROUND(PI(),2)", "_xlfn.CONCAT(\"a\")"];
    let found = stale(&[loses.as_slice(), keeps.as_slice()].concat(), names);
    for (formula, (gone, wanted)) in
        loses.iter().chain(&keeps).zip(found.into_iter().zip((0..).map(|at| at < loses.len())))
    {
        assert_eq!(gone, wanted, "{formula}");
    }
}

#[test]
fn names_that_refer_to_names_are_followed_and_thousands_of_them_count_as_anything() {
    let chain = |length: usize, end: &str| -> String {
        let steps = (0..length).map(|at| format!("<definedName name=\"N{at}x\">N{}x</definedName>", at + 1));
        steps.chain([format!("<definedName name=\"N{length}x\">{end}</definedName>")]).collect()
    };
    assert_eq!(stale(&["N0x"], &chain(20, "A!$A$5")), [true]);
    assert_eq!(stale(&["N0x"], &chain(20, "A!$A$6")), [false]);
    assert_eq!(stale(&["N0x"], &chain(20_000, "A!$A$6")), [true]);
}

#[test]
fn a_chain_of_formulas_is_followed_to_its_end_and_no_further() {
    let mut formulas: Vec<String> = vec!["A!A5+1".into()];
    formulas.extend((1..3000).map(|row| format!("B{row}+C{}", row + 1)));
    formulas.extend(["C1*2".to_owned(), "SUM(B1:B9)".to_owned()]);
    let texts: Vec<&str> = formulas.iter().map(String::as_str).collect();
    let found = stale(&texts, "");
    assert_eq!(found.iter().position(|gone| !gone), Some(3000));
    assert!(found[3001]);
    // One that looks at many rows, at the end of a long chain.
    let mut formulas = formulas[..900].to_vec();
    formulas.extend(["SUM(B890:B899)".to_owned(), "B901*2".to_owned()]);
    let texts: Vec<&str> = formulas.iter().map(String::as_str).collect();
    assert_eq!(stale(&texts, "").iter().filter(|gone| !**gone).count(), 0);
}

#[test]
fn formulas_are_looked_for_on_tabs_that_the_calc_chain_leaves_out() {
    let formula =
        |text: &str| format!("<sheetData><row r=\"1\"><c r=\"B1\"><f>{text}</f><v>3</v></c></row></sheetData>");
    let sheets = [("A", "<sheetData/>".to_owned()), ("B", formula("A!A1")), ("C", formula("A!A1*2"))];
    let sheets: Vec<(&str, &str)> = sheets.iter().map(|(name, content)| (*name, content.as_str())).collect();
    let book = open(book_with(&sheets, &[], Some("<c r=\"B1\" i=\"2\"/>")));
    let (applied, _) = applied(&book, &cells(vec![number("A", "A1", 2.0)]));
    let removed: Vec<String> = applied.removed_caches.iter().map(|c| format!("{}!{}", c.tab, c.a1())).collect();
    assert_eq!(removed, ["B!B1", "C!B1"]);
}

#[test]
fn a_workbook_without_formulas_is_not_asked_to_recalculate() {
    let book = open(book_with(&[("A", "<sheetData/>")], &[], None));
    let (applied, _) = applied(&book, &cells(vec![number("A", "A1", 2.0)]));
    assert_eq!(applied.parts, ["xl/worksheets/sheet1.xml"]);
}

#[test]
fn an_overwritten_formula_leaves_the_calc_chain() {
    let content = "<sheetData><row r=\"1\"><c r=\"A1\"><f>1+1</f><v>2</v></c><c r=\"B1\"><f>2+2</f><v>4</v></c></row></sheetData>";
    let book = open(book_with(&[("A", content)], &[], Some("<c r=\"A1\" i=\"1\"/><c r=\"B1\"/>")));
    let (_, one_left) = applied(&book, &cells(vec![number("A", "A1", 2.0)]));
    assert!(
        one_left.archive().read_text("xl/calcChain.xml").unwrap().contains("><c r=\"B1\" i=\"1\"/></calcChain>")
    );
    let (applied, none_left) = applied(&book, &cells(vec![number("A", "A1", 2.0), number("A", "B1", 2.0)]));
    assert!(!none_left.archive().contains("xl/calcChain.xml"));
    assert_eq!(applied.cells[0].old_formula.as_deref(), Some("1+1"));
}

#[test]
fn cells_that_belong_to_something_larger_are_refused_with_the_reason() {
    let content = "<sheetData><row r=\"1\"><c r=\"A1\"><f t=\"array\" ref=\"A1:A2\">B1:B2</f><v>1</v></c></row><row r=\"2\"><c r=\"A2\"><v>1</v></c></row></sheetData>\
        <mergeCells count=\"1\"><mergeCell ref=\"C1:D2\"/></mergeCells>";
    let book = open(book_with(&[("A", content)], &[], None));
    let edits = vec![
        number("A", "A2", 5.0),
        number("A", "D2", 5.0),
        number("A", "C1", 5.0),
        number("A", "E1", f64::NAN),
        set("A", "E2", NewValue::Text("x".repeat(32_768))),
    ];
    let (applied, _) = applied(&book, &cells(edits));
    let reasons: Vec<String> = applied.refused.iter().map(|r| format!("{} {}", r.cell.a1(), r.reason)).collect();
    let expected = [("E1", "getal"), ("A2", "matrixformule"), ("D2", "samengevoegde"), ("E2", "32767")];
    assert_eq!(reasons.len(), expected.len(), "{reasons:?}");
    for (cell, word) in expected {
        assert!(reasons.iter().any(|r| r.starts_with(cell) && r.contains(word)), "{cell} {word}: {reasons:?}");
    }
    assert_eq!(applied.cells.len(), 1);
}

#[test]
fn a_formula_of_its_own_inside_the_area_of_an_array_keeps_its_outcome() {
    let content = "<sheetData><row r=\"1\"><c r=\"A1\"><f t=\"array\" ref=\"A1:A3\">D1:D3</f><v>1</v></c></row>\
        <row r=\"2\"><c r=\"A2\"><f>1+1</f><v>2</v></c></row><row r=\"3\"><c r=\"A3\"><v>3</v></c></row></sheetData>";
    let book = open(book_with(&[("A", content)], &[], None));
    let (_, after) = applied(&book, &cells(vec![number("A", "D1", 5.0)]));
    let part = after.sheets()[0].part.clone();
    let text = after.archive().read_text(&part).unwrap();
    assert!(text.contains("<c r=\"A2\"><f>1+1</f><v>2</v></c>"), "{text}");
    assert!(!text.contains("<v>1</v>") && !text.contains("<v>3</v>"), "{text}");
}

#[test]
fn rules_that_a_program_keeps_in_the_extension_list_are_read_with_their_cells_and_colour() {
    let rule = |formula: &str, cells: &str| {
        format!(
            "<x14:conditionalFormatting><x14:cfRule type=\"expression\" priority=\"1\"><xm:f>{formula}</xm:f><x14:dxf><fill>\
             <patternFill><bgColor rgb=\"FFF6B26B\"/></patternFill></fill></x14:dxf></x14:cfRule><xm:sqref>{cells}</xm:sqref>\
             </x14:conditionalFormatting>"
        )
    };
    let content = format!(
        "<sheetData/><extLst><ext xmlns:x14=\"x14\" xmlns:xm=\"xm\"><x14:conditionalFormattings>{}{}</x14:conditionalFormattings>\
         </ext></extLst>",
        rule("E7&lt;&gt;G7", "E7:E9 E12"),
        rule("F7&lt;1", "F7")
    );
    let facts = open(book_with(&[("A", &content)], &[], None)).sheet_facts("A").unwrap();
    let read: Vec<_> = facts
        .conditional_formats
        .iter()
        .map(|rule| (rule.sqref.as_str(), rule.formula.as_str(), rule.fill.as_deref(), rule.ranges.len()))
        .collect();
    assert_eq!(read, [("E7:E9 E12", "E7<>G7", Some("F6B26B"), 2), ("F7", "F7<1", Some("F6B26B"), 1)]);
}

#[test]
fn conditional_formatting_is_repaired_in_its_place() {
    let content = "<sheetData/><conditionalFormatting sqref=\"E7\"><cfRule type=\"expression\" priority=\"4\"><formula>E7&lt;1</formula></cfRule>\
        <cfRule type=\"expression\" priority=\"1\"><formula>TRUE</formula></cfRule></conditionalFormatting>\
        <conditionalFormatting sqref=\"F7\"><cfRule type=\"expression\" priority=\"2\"><formula>weg</formula></cfRule></conditionalFormatting>\
        <pageMargins left=\"1\" right=\"1\" top=\"1\" bottom=\"1\" header=\"0\" footer=\"0\"/>";
    let book = open(book_with(&[("A", content)], &[], None));
    let key = |sqref: &str, formula: &str| RuleKey { sqref: sqref.into(), formula: formula.into() };
    let add = Rule { sqref: "E7:E9".into(), formula: "E7<>G7".into(), fill: "FFA500".into() };
    let formatting = vec![FormattingEdit {
        tab: "A".into(),
        remove: vec![key("E7", "E7<1"), key("F7", "weg")],
        add: vec![add],
    }];
    let (_, result) = applied(&book, &Changes { formatting, ..Changes::default() });
    let expected = "<sheetData/><conditionalFormatting sqref=\"E7\"><cfRule type=\"expression\" priority=\"1\"><formula>TRUE</formula></cfRule></conditionalFormatting>\
        <conditionalFormatting sqref=\"E7:E9\"><cfRule type=\"expression\" dxfId=\"0\" priority=\"5\"><formula>E7&lt;&gt;G7</formula></cfRule></conditionalFormatting><pageMargins";
    assert!(sheet(&result, 1).starts_with(expected), "{}", sheet(&result, 1));
    let facts = result.sheet_facts("A").unwrap();
    assert_eq!(facts.conditional_formats[1].fill.as_deref(), Some("FFA500"));
}

#[test]
fn rules_that_onlyoffice_wrote_among_the_extensions_can_be_repaired() {
    let rule = |cells: &str, number: u32, formula: &str, colour: &str| {
        format!(
            "<x14:conditionalFormatting xmlns:xm=\"http://schemas.microsoft.com/office/excel/2006/main\"><x14:cfRule type=\"expression\" \
             priority=\"{number}\"><xm:f>{formula}</xm:f><x14:dxf><fill><patternFill patternType=\"solid\"><fgColor rgb=\"FF{colour}\"/>\
             <bgColor rgb=\"FF{colour}\"/></patternFill></fill></x14:dxf></x14:cfRule><xm:sqref>{cells}</xm:sqref></x14:conditionalFormatting>"
        )
    };
    let with = |rules: &str| {
        format!(
            "<sheetData/><extLst><ext xmlns:x14=\"http://schemas.microsoft.com/office/spreadsheetml/2009/9/main\" uri=\"{{78C0D931}}\">\
             <x14:conditionalFormattings>{rules}</x14:conditionalFormattings></ext></extLst>"
        )
    };
    let (first, second) = (rule("E7 E9", 1, "E7&lt;1", "FFA500"), rule("F7", 2, "weg", "00FF00"));
    let book = open(book_with(&[("A", &with(&format!("{first}{second}")))], &[], None));
    let key = |sqref: &str, formula: &str| RuleKey { sqref: sqref.into(), formula: formula.into() };
    let repaired = |remove: Vec<RuleKey>| {
        let formatting = vec![FormattingEdit { tab: "A".into(), remove, add: Vec::new() }];
        sheet(&applied(&book, &Changes { formatting, ..Changes::default() }).1, 1)
    };
    assert!(repaired(vec![key("F7", "weg")]).starts_with(&with(&first)));
    let nothing_left = repaired(vec![key("F7", "weg"), key("E7 E9", "E7<1")]);
    assert!(nothing_left.starts_with("<sheetData/>") && !nothing_left.contains("extLst"), "{nothing_left}");
}

#[test]
fn the_record_and_the_stamp_are_made_once_and_then_only_renewed() {
    let book = open(book_with(&[("A", "<sheetData/>")], &[], None));
    let changes = |text: &str| Changes {
        hidden_tab: Some(HiddenTab {
            name: "_wijkanalyse".into(),
            rows: vec![
                vec![NewValue::Text("versie".into()), NewValue::Text(text.into())],
                vec![NewValue::Number(2.0)],
            ],
        }),
        custom_properties: vec![("WijkanalyseFormat".into(), text.into())],
        ..Changes::default()
    };
    let (_, first) = applied(&book, &changes("1.0"));
    assert_eq!(first.sheet("_wijkanalyse").unwrap().visibility, crate::package::Visibility::VeryHidden);
    assert_eq!(first.custom_property("WijkanalyseFormat").as_deref(), Some("1.0"));
    let (same, _) = applied(&first, &changes("1.0"));
    assert!(!same.changed);
    let (renewed, second) = applied(&first, &changes("1.1"));
    assert_eq!(renewed.parts.len(), 2, "{renewed:?}");
    assert_eq!(second.custom_property("WijkanalyseFormat").as_deref(), Some("1.1"));
    assert_eq!(second.sheets().len(), 2);
}

fn whole_tab<'a>(rows: &'a [NewRow]) -> SheetRows<'a> {
    let rows = move || -> Box<dyn Iterator<Item = NewRow> + 'a> { Box::new(rows.iter().cloned()) };
    SheetRows { tab: "A".into(), rows: Box::new(rows), keep: Default::default(), columns: None }
}

fn new_row(row: u32, like: Option<u32>, cells: &[(u32, f64)]) -> NewRow {
    let cells =
        cells.iter().map(|(col, value)| NewCell { col: *col, value: NewValue::Number(*value), like: None });
    NewRow { row, like, cells: cells.collect() }
}

#[test]
fn replaced_rows_keep_styles_and_everything_around_them() {
    let content = "<dimension ref=\"A1:B3\"/><sheetData><row r=\"1\" ht=\"30\"><c r=\"A1\" s=\"1\" t=\"s\"><v>0</v></c><c r=\"B1\" s=\"2\"/></row>\
        <row r=\"2\"><c r=\"A2\" s=\"3\"><v>1</v></c></row><row r=\"3\"><c r=\"A3\"><v>1</v></c></row></sheetData><autoFilter ref=\"A1:B3\"/>";
    let book = open(book_with(&[("A", content)], &[], None));
    let rows = [new_row(0, None, &[(0, 5.0)]), new_row(1, None, &[(0, 6.0), (2, 7.0)])];
    let (_, result) = applied(&book, &Changes { sheet_rows: vec![whole_tab(&rows)], ..Changes::default() });
    let expected = "<dimension ref=\"A1:C2\"/><sheetData><row r=\"1\" ht=\"30\"><c r=\"A1\" s=\"1\"><v>5</v></c><c r=\"B1\" s=\"2\"/></row>\
        <row r=\"2\"><c r=\"A2\" s=\"3\"><v>6</v></c><c r=\"C2\" s=\"3\"><v>7</v></c></row></sheetData><autoFilter ref=\"A1:B3\"/>";
    assert_eq!(sheet(&result, 1), expected);
    let changes = Changes { sheet_rows: vec![whole_tab(&rows)], ..Changes::default() };
    assert!(!applied(&result, &changes).0.changed);
}

#[test]
fn replaced_rows_look_like_the_rows_they_are_like() {
    let content = "<cols><col min=\"1\" max=\"2\" width=\"17\" customWidth=\"1\"/></cols><sheetData>\
        <row r=\"1\" ht=\"30\"><c r=\"A1\" s=\"1\"><v>0</v></c><c r=\"B1\" s=\"2\"/></row>\
        <row r=\"2\"><c r=\"A2\" s=\"3\"><v>1</v></c><c r=\"C2\"><f>A1</f><v>1</v></c></row></sheetData>";
    let book = open(book_with(&[("A", content)], &[], None));
    let mut rows = [new_row(1, None, &[(0, 5.0), (1, 5.5)]), new_row(2, Some(0), &[(0, 6.0), (3, 7.0)])];
    rows[0].cells[1].like = Some((0, 1));
    let sheet_rows =
        vec![SheetRows { keep: [(1, 2)].into_iter().collect(), columns: Some((2, 3)), ..whole_tab(&rows) }];
    let (_, result) = applied(&book, &Changes { sheet_rows, ..Changes::default() });
    let expected = "<cols><col min=\"1\" max=\"4\" width=\"17\" customWidth=\"1\"/></cols><sheetData>\
        <row r=\"1\" ht=\"30\"><c r=\"A1\" s=\"1\"/><c r=\"B1\" s=\"2\"/></row>\
        <row r=\"2\"><c r=\"A2\" s=\"3\"><v>5</v></c><c r=\"B2\" s=\"2\"><v>5.5</v></c><c r=\"C2\"><f>A1</f></c></row>\
        <row r=\"3\" ht=\"30\"><c r=\"A3\" s=\"1\"><v>6</v></c><c r=\"B3\" s=\"2\"/><c r=\"D3\" s=\"2\"><v>7</v></c></row></sheetData>";
    assert_eq!(sheet(&result, 1), expected);
}

#[test]
fn formulas_of_people_between_replaced_rows_stay_formulas_and_what_they_showed_goes_and_is_listed() {
    let content = "<sheetData>\
        <row r=\"1\"><c r=\"A1\"><f t=\"shared\" ref=\"A1:C1\" si=\"0\">A9+1</f><v>1</v></c><c r=\"B1\"><f t=\"shared\" si=\"0\"/><v>2</v></c>\
        <c r=\"C1\" t=\"b\"><v>1</v></c><c r=\"D1\"><f t=\"array\" ref=\"D1:D2\">A1:A2*2</f><v>4</v></c><c r=\"E1\"><f>1+1</f><v>2</v></c></row>\
        <row r=\"2\"><c r=\"D2\"><v>6</v></c></row></sheetData>";
    let chain = "<c r=\"A1\" i=\"1\"/><c r=\"B1\"/><c r=\"D1\"/><c r=\"E1\"/>";
    let book = open(book_with(&[("A", content)], &[], Some(chain)));
    let rows = [new_row(0, None, &[(0, 5.0)])];
    let keep = [(0, 1), (0, 2), (0, 3), (0, 4), (1, 3)].into_iter().collect();
    let sheet_rows = vec![SheetRows { keep, ..whole_tab(&rows) }];
    let (told, result) = applied(&book, &Changes { sheet_rows, ..Changes::default() });
    let expected = "<sheetData>\
        <row r=\"1\"><c r=\"A1\"><v>5</v></c><c r=\"B1\"><f>B9+1</f></c><c r=\"C1\" t=\"b\"><v>1</v></c>\
        <c r=\"D1\"><f t=\"array\" ref=\"D1:D2\">A1:A2*2</f></c><c r=\"E1\"><f>1+1</f><v>2</v></c></row>\
        <row r=\"2\"><c r=\"D2\"/></row></sheetData>";
    assert_eq!(sheet(&result, 1), expected);
    assert_eq!(told.removed_caches, [CellRef::new("A", 0, 1), CellRef::new("A", 0, 3)]);
    let chain = result.archive().read_text("xl/calcChain.xml").unwrap();
    assert!(
        !chain.contains("A1") && chain.contains("B1") && chain.contains("D1") && chain.contains("E1"),
        "{chain}"
    );
}

#[test]
fn stale_points_of_charts_go() {
    let chart = "<c:chartSpace xmlns:c=\"x\"><c:val><c:numRef><c:f>A!$A$1:$A$2</c:f><c:numCache><c:pt/></c:numCache></c:numRef></c:val>\
        <c:val><c:numRef><c:f>A!$Z$1</c:f><c:numCache/></c:numRef></c:val></c:chartSpace>";
    let book = open(book_with(&[("A", "<sheetData/>")], &[("xl/charts/chart1.xml", chart)], None));
    let (applied, result) = applied(&book, &cells(vec![number("A", "A2", 2.0)]));
    assert_eq!(applied.chart_caches, ["xl/charts/chart1.xml"]);
    let text = result.archive().read_text("xl/charts/chart1.xml").unwrap();
    assert!(text.contains("<c:f>A!$A$1:$A$2</c:f></c:numRef>") && text.contains("<c:numCache/>"), "{text}");
}

#[test]
fn the_text_of_a_label_or_title_that_shows_a_changed_cell_goes() {
    let chart = "<cx:chartSpace xmlns:cx=\"x\" xmlns:c15=\"y\"><cx:txData><cx:f>A!$A$2</cx:f><cx:v>oud</cx:v></cx:txData>\
        <cx:txData><cx:f>A!$Z$2</cx:f><cx:v>ander</cx:v></cx:txData><c15:dlblFTEntry><c15:f>A!$A$2</c15:f>\
        <c15:dlblFieldTableCache>oud</c15:dlblFieldTableCache></c15:dlblFTEntry></cx:chartSpace>";
    let book = open(book_with(&[("A", "<sheetData/>")], &[("xl/charts/chart1.xml", chart)], None));
    let (_, result) = applied(&book, &cells(vec![number("A", "A2", 2.0)]));
    let text = result.archive().read_text("xl/charts/chart1.xml").unwrap();
    let expected = chart
        .replace("<cx:v>oud</cx:v>", "")
        .replace("<c15:dlblFieldTableCache>oud</c15:dlblFieldTableCache>", "");
    assert_eq!(text, expected);
}

#[test]
fn a_chart_is_known_by_its_content_type_wherever_it_lies() {
    let chart = "<c:chartSpace xmlns:c=\"x\"><c:val><c:numRef><c:f>A!$A$1</c:f><c:numCache><c:pt/></c:numCache></c:numRef></c:val></c:chartSpace>";
    let book = open(book_with(&[("A", "<sheetData/>")], &[("xl/elders/mijn.xml", chart)], None));
    let mut work = crate::package::rewrite::Rewrite::new(book.archive());
    work.declare("xl/elders/mijn.xml", "application/vnd.openxmlformats-officedocument.drawingml.chart+xml")
        .unwrap();
    let book = open(work.finish().unwrap());
    let (applied, _) = applied(&book, &cells(vec![number("A", "A1", 2.0)]));
    assert_eq!(applied.chart_caches, ["xl/elders/mijn.xml"]);
}

#[test]
fn points_of_a_name_a_filtered_series_and_data_labels_go_as_well() {
    let reference = |name: &str, cells: &str, cache: &str, more: &str| {
        format!("<c:{name}>{cells}<c:{cache}><c:pt/></c:{cache}>{more}</c:{name}>")
    };
    let chart = format!(
        "<c:chartSpace xmlns:c=\"x\">{}{}{}{}</c:chartSpace>",
        reference("numRef", "<c:f>[0]!mijn_cijfers</c:f>", "numCache", ""),
        reference("numRef", "", "numCache", "<c:extLst><c:ext><c:sqref>A!$A$2</c:sqref></c:ext></c:extLst>"),
        reference("datalabelsRange", "<c:f>A!$A$2</c:f>", "dlblRangeCache", ""),
        reference("numRef", "<c:f>[2]Elders!$A$2</c:f>", "numCache", ""),
    );
    let book = open(book_with(&[("A", "<sheetData/>")], &[("xl/charts/chart1.xml", &chart)], None));
    let (_, result) = applied(&book, &cells(vec![number("A", "A2", 2.0)]));
    let text = result.archive().read_text("xl/charts/chart1.xml").unwrap();
    assert_eq!(text.matches("<c:pt/>").count(), 1, "{text}");
    assert!(text.contains("<c:f>[2]Elders!$A$2</c:f><c:numCache><c:pt/></c:numCache>"), "{text}");
}

#[test]
fn a_text_box_that_shows_a_changed_cell_loses_its_old_text_and_nothing_else_and_that_is_said() {
    let shape = |link: &str, text: &str| {
        format!(
            "<xdr:sp macro=\"\" textlink=\"{link}\"><xdr:txBody><a:bodyPr/><a:p><a:fld id=\"{{1}}\" type=\"TxLink\"><a:rPr sz=\"1100\"/>\
             <a:t>{text}</a:t></a:fld></a:p></xdr:txBody></xdr:sp>"
        )
    };
    let own = "<xdr:sp macro=\"\" textlink=\"\"><xdr:txBody><a:p><a:r><a:t>van mij</a:t></a:r></a:p></xdr:txBody></xdr:sp>";
    let drawing = |text: &str| {
        format!(
            "<xdr:wsDr xmlns:xdr=\"x\" xmlns:a=\"y\">{}{}{own}</xdr:wsDr>",
            shape("A!$A$2", text),
            shape("A!$B$9", "8,8")
        )
    };
    let before = drawing("1,1");
    let book = open(book_with(&[("A", "<sheetData/>")], &[("xl/drawings/drawing1.xml", &before)], None));
    let (shown, result) = applied(&book, &cells(vec![number("A", "A2", 2.0)]));
    assert_eq!(shown.warnings.len(), 1, "{:?}", shown.warnings);
    assert!(shown.warnings[0].starts_with("Een tekstvak of vorm"), "{:?}", shown.warnings);
    assert!(result.awaits_calculation());
    assert!(shown.parts.iter().any(|part| part == "xl/drawings/drawing1.xml"));
    assert_eq!(result.archive().read_text("xl/drawings/drawing1.xml").unwrap(), drawing(""));
    let (other, result) = applied(&book, &cells(vec![number("A", "A3", 2.0)]));
    assert!(other.warnings.is_empty() && !result.awaits_calculation());
    assert_eq!(result.archive().read_text("xl/drawings/drawing1.xml").unwrap(), before);
}

#[test]
fn a_picture_of_changed_cells_stays_as_it_is_and_that_is_said() {
    let drawing = "<xdr:wsDr xmlns:xdr=\"x\" xmlns:a=\"y\" xmlns:a14=\"z\"><xdr:pic><xdr:nvPicPr><xdr:cNvPicPr><a:extLst><a:ext uri=\"u\">\
                   <a14:cameraTool cellRange=\"A!$A$1:$B$3\" spid=\"_x0000_s1031\"/></a:ext></a:extLst></xdr:cNvPicPr></xdr:nvPicPr></xdr:pic></xdr:wsDr>";
    let book = open(book_with(&[("A", "<sheetData/>")], &[("xl/drawings/drawing1.xml", drawing)], None));
    let (shown, result) = applied(&book, &cells(vec![number("A", "A2", 2.0)]));
    assert_eq!(shown.warnings.len(), 1, "{:?}", shown.warnings);
    assert!(shown.warnings[0].contains("foto van cellen"), "{:?}", shown.warnings);
    assert!(result.awaits_calculation());
    assert_eq!(result.archive().read_text("xl/drawings/drawing1.xml").unwrap(), drawing);
    let (other, _) = applied(&book, &cells(vec![number("A", "A9", 2.0)]));
    assert!(other.warnings.is_empty(), "{:?}", other.warnings);
}

#[test]
fn a_pivot_table_is_renewed_on_opening_unless_that_would_cost_it_a_field() {
    let relation = |kind: &str, target: &str| {
        format!(
            "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId1\" Type=\"{RELS}/{kind}\" Target=\"{target}\"/></Relationships>"
        )
    };
    let cache = format!(
        "<pivotCacheDefinition xmlns=\"{MAIN}\"><cacheSource type=\"worksheet\"><worksheetSource ref=\"A1:B3\" sheet=\"Jan's tab\"/></cacheSource></pivotCacheDefinition>"
    );
    let table = format!(
        "<pivotTableDefinition xmlns=\"{MAIN}\" name=\"Draai\"><location ref=\"D1:E3\"/></pivotTableDefinition>"
    );
    // A formula on the first tab reads what the pivot table shows.
    let first = "<sheetData><row r=\"1\"><c r=\"A1\"><f>Draai!E2</f><v>5</v></c></row></sheetData>";
    let book = open(book_with(
        &[("Jan's tab", first), ("Draai", "<sheetData/>")],
        &[
            ("xl/worksheets/_rels/sheet2.xml.rels", &relation("pivotTable", "../pivotTables/p.xml")),
            ("xl/pivotTables/p.xml", &table),
            ("xl/pivotTables/_rels/p.xml.rels", &relation("pivotCacheDefinition", "/xl/pivotCache/c.xml")),
            ("xl/pivotCache/c.xml", &cache),
        ],
        None,
    ));
    let now = |book: &Spreadsheet| book.archive().read_text("xl/pivotCache/c.xml").unwrap();
    let pivot =
        |refreshes| StalePivot { tab: "Draai".into(), range: "D1:E3".into(), name: "Draai".into(), refreshes };
    let (figure, result) = applied(&book, &cells(vec![number("Jan's tab", "B2", 2.0)]));
    assert_eq!(figure.pivots, [pivot(true)]);
    assert_eq!(now(&result), cache.replacen("\">", "\" refreshOnLoad=\"1\">", 1));
    assert_eq!(figure.removed_caches, [CellRef::new("Jan's tab", 0, 0)]);
    let (heading, result) = applied(&book, &cells(vec![number("Jan's tab", "B1", 2.0)]));
    assert_eq!(heading.pivots, [pivot(false)]);
    assert_eq!(now(&result), cache);
    // The same where the source is a name for those cells.
    let mut work = crate::package::rewrite::Rewrite::new(book.archive());
    let name =
        "<definedNames><definedName name=\"Bron\">'Jan''s tab'!$A$1:$B$3</definedName></definedNames></workbook>";
    work.edit("xl/workbook.xml", |text| Ok(text.replace("</workbook>", name))).unwrap();
    work.edit(
        "xl/pivotCache/c.xml",
        |text| Ok(text.replace("ref=\"A1:B3\" sheet=\"Jan's tab\"", "name=\"Bron\"")),
    )
    .unwrap();
    let named = open(work.finish().unwrap());
    for (at, refreshes) in [("B2", true), ("B1", false)] {
        let (told, _) = applied(&named, &cells(vec![number("Jan's tab", at, 2.0)]));
        assert_eq!(told.pivots, [pivot(refreshes)], "{at}");
    }
    let (other, result) = applied(&book, &cells(vec![number("Jan's tab", "C2", 2.0)]));
    assert_eq!((other.pivots, now(&result)), (Vec::new(), cache));
}

#[test]
fn a_missing_tab_is_an_error_that_names_it() {
    let book = open(book_with(&[("A", "<sheetData/>")], &[], None));
    let error = book.apply(&cells(vec![number("Pijler Kansrijk", "A1", 1.0)]), &mut Vec::new()).unwrap_err();
    assert!(error.to_string().contains("Pijler Kansrijk"), "{error}");
}

fn own_tab() -> OwnTab {
    let cell = |text: &str| OwnCell { text: text.into(), ..OwnCell::default() };
    OwnTab {
        name: "Controle".into(),
        top: vec![cell("Controle: Proef")],
        headings: vec![("Cel".into(), 10.0), ("Gevonden".into(), 30.0), ("Getal".into(), 10.0)],
        rows: vec![
            vec![OwnCell { link: Some(("Tab".into(), "A1".into())), ..cell("A1") }, cell("=1+1")],
            vec![
                cell("A2"),
                cell("twee"),
                OwnCell { number: Some((1.0 / 3.0, "0.0\"%\"".into())), ..cell("0,3%") },
            ],
        ],
    }
}

fn checked(bytes: Vec<u8>, notes: &[(&str, u32, &str)]) -> (Vec<u8>, Applied) {
    let notes =
        notes.iter().map(|(tab, row, text)| Note { tab: (*tab).into(), row: *row, col: 0, text: (*text).into() });
    let changes = Changes { notes: Some(notes.collect()), own_tab: Some(own_tab()), ..Changes::default() };
    let mut out = Vec::new();
    let applied = open(bytes).apply(&changes, &mut out).unwrap();
    assert_eq!(inspect_workbook(&open(out.clone())).unwrap(), Vec::<String>::new());
    (out, applied)
}

const ONE_TAB: &[(&str, &str)] =
    &[("Tab", "<sheetData><row r=\"1\"><c r=\"A1\"><v>1</v></c></row></sheetData><pageMargins/><tableParts/>")];

#[test]
fn notes_and_a_tab_come_and_a_second_time_nothing_changes() {
    let (first, applied) = checked(book_with(ONE_TAB, &[], None), &[("Tab", 0, "kijk"), ("Tab", 4, "en hier")]);
    assert_eq!((applied.notes, applied.own_tab.as_deref()), (2, Some("Controle")));
    let sheet = open(first.clone()).archive().read_text("xl/worksheets/sheet1.xml").unwrap();
    let (drawing, tables) = (sheet.find("legacyDrawing").unwrap(), sheet.find("<tableParts").unwrap());
    assert!(drawing < tables && drawing > sheet.find("<pageMargins").unwrap(), "{sheet}");
    let (second, applied) = checked(first.clone(), &[("Tab", 0, "kijk"), ("Tab", 4, "en hier")]);
    assert!(!applied.changed && applied.notes == 2);
    assert_eq!(first, second);
    // With nothing left to say the notes go, and everything they needed.
    let (third, applied) = checked(first, &[]);
    assert_eq!(applied.notes, 0);
    let book = open(third);
    assert!(!book.archive().names().any(|name| name.contains("omments") || name.contains("vml")));
    let sheet = book.archive().read_text("xl/worksheets/sheet1.xml").unwrap();
    assert!(!sheet.contains("legacyDrawing") && sheet.contains("<pageMargins/><tableParts/>"), "{sheet}");
}

#[test]
fn a_number_of_our_tab_is_a_number_in_its_format_and_stays_ours_when_a_program_drops_its_last_digits() {
    let (first, _) = checked(book_with(ONE_TAB, &[], None), &[]);
    let book = open(first.clone());
    let mut seen = Vec::new();
    let strings = book.shared_strings().unwrap();
    book.visit_cells("Controle", &mut |cell| {
        if let CellValue::Number(number) = cell.value(&strings) {
            seen.push((cell.row, cell.col, number, book.number_format(cell.style).to_owned()));
        }
        Ok(true)
    })
    .unwrap();
    let [(3, 2, number, format)] = seen.as_slice() else { panic!("{seen:?}") };
    assert_eq!((*number * 1e6).round(), 333_333.0);
    assert_eq!(format, "0.0\"%\"");
    let value = NewValue::Number(0.333_333_333_1);
    let cell = CellEdit { tab: "Controle".into(), row: 3, col: 2, value, style: StyleChoice::Keep };
    let mut out = Vec::new();
    open(first).apply(&Changes { cells: vec![cell], ..Changes::default() }, &mut out).unwrap();
    assert_eq!(checked(out, &[]).1.own_tab.as_deref(), Some("Controle"));
}

#[test]
fn the_headings_of_our_tab_are_printed_on_every_page() {
    let (first, _) = checked(book_with(ONE_TAB, &[], None), &[]);
    let book = open(first);
    let names: Vec<_> =
        book.defined_names().iter().map(|name| (name.name.as_str(), name.refers_to.as_str())).collect();
    assert_eq!(names, [("_xlnm.Print_Titles", "'Controle'!$2:$2")]);
}

#[test]
fn a_tab_in_which_a_person_wrote_stays_and_ours_gets_a_number() {
    let (first, _) = checked(book_with(ONE_TAB, &[], None), &[]);
    let edit = |bytes: Vec<u8>, row, col| {
        let value = NewValue::Text("gedaan".into());
        let cell = CellEdit { tab: "Controle".into(), row, col, value, style: StyleChoice::Keep };
        let mut out = Vec::new();
        open(bytes).apply(&Changes { cells: vec![cell], ..Changes::default() }, &mut out).unwrap();
        out
    };
    for (row, col) in [(2, 1), (2, 5), (30, 0), (3, 2)] {
        let (second, applied) = checked(edit(first.clone(), row, col), &[]);
        assert_eq!(applied.own_tab.as_deref(), Some("Controle 2"), "{row} {col}");
        let names: Vec<String> = open(second.clone()).sheets().iter().map(|sheet| sheet.name.clone()).collect();
        assert_eq!(names, ["Tab", "Controle", "Controle 2"]);
        assert_eq!(checked(second, &[]).1.own_tab.as_deref(), Some("Controle 2"));
    }
    let theirs = book_with(
        &[ONE_TAB[0], ("Controle", "<sheetData><row r=\"1\"><c r=\"A1\"><v>1</v></c></row></sheetData>")],
        &[],
        None,
    );
    assert_eq!(checked(theirs, &[]).1.own_tab.as_deref(), Some("Controle 2"));
}

#[test]
fn our_tab_stays_ours_when_a_program_gives_it_a_drawing_with_nothing_on_it() {
    let drawn = |inside: &str| {
        let (first, _) = checked(book_with(ONE_TAB, &[], None), &[]);
        let book = open(first);
        let part = book.sheet("Controle").unwrap().part.clone();
        let mut work = crate::package::rewrite::Rewrite::new(book.archive());
        let space = "http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing";
        let drawing = format!("<xdr:wsDr xmlns:xdr=\"{space}\">{inside}</xdr:wsDr>");
        work.put("xl/drawings/drawing1.xml", drawing.into_bytes());
        let id = work.relate(&part, &format!("{RELS}/drawing"), "../drawings/drawing1.xml", false).unwrap();
        work.edit(&part, |text| {
            let end = format!("<drawing xmlns:r=\"{RELS}\" r:id=\"{id}\"/></worksheet>");
            Ok(text.replace("</worksheet>", &end))
        })
        .unwrap();
        work.declare("xl/drawings/drawing1.xml", "application/vnd.openxmlformats-officedocument.drawing+xml")
            .unwrap();
        checked(work.finish().unwrap(), &[]).1.own_tab
    };
    assert_eq!(drawn("").as_deref(), Some("Controle"));
    assert_eq!(drawn("<xdr:absoluteAnchor/>").as_deref(), Some("Controle 2"), "a picture is a person's");
}
