//! Which letters of the organisation hardly stand out from their ground, once our text wears its styles.
//!
//! A colour may be said in the style, in one that it is based on, for all text at once, in a part of a table style, or for the
//! number before a heading.

use std::collections::BTreeMap;

use super::{Known, Said, Worn, inherited, parse};
use crate::document::contrast::{contrast, least};
use crate::model::words::number;
use crate::package::tree::Element;

/// What is said of the number before a heading.
pub(super) const NUMBER: &str = "het nummer van ";

/// Of each style of ours what there is to say about the letters it gets: name and contrast. `paper` is the colour of the page.
pub(super) fn faint(
    worn: &BTreeMap<String, Worn>,
    ours: &[Known],
    theirs: &[Known],
    styles: &str,
    numbering: &str,
    paper: &str,
) -> Vec<(String, String)> {
    let defaults = defaults(styles);
    let numbering = parse(numbering);
    let usual = theirs.iter().find(|style| style.default && style.kind == "paragraph");
    let style_of = |own: &str| {
        let id = worn.get(own).and_then(|worn| worn.id.as_ref());
        id.and_then(|id| theirs.iter().find(|style| style.id == *id))
    };
    let table = style_of("WijkTabel");
    let mut found = Vec::new();
    for own in ours {
        let mut say = |said: Option<String>| found.extend(said.map(|said| (own.id.clone(), said)));
        let Some(style) = style_of(&own.id) else {
            // Without a style of its own it is text as the document has it.
            if own.id == "Standaard" || own.kind == "paragraph" {
                say(too_faint(usual, &own.id, table, theirs, (defaults.as_deref(), paper)));
            }
            continue;
        };
        if own.kind == "table" {
            let cells = ["Tabeltekst", "Tabelkop", "Tabellabel"].map(|own| style_of(own).or(usual));
            table_letters(style, cells, theirs, own.id == "WijkTabel", paper)
                .into_iter()
                .for_each(|said| say(Some(said)));
            continue;
        }
        say(too_faint(Some(style), &own.id, table, theirs, (defaults.as_deref(), paper)));
        if own.outline.is_some() {
            say(numbering.as_ref().and_then(|numbering| faint_number(style, theirs, numbering, paper)));
        }
    }
    found
}

/// The colour of all text of which no style says it.
pub(super) fn defaults(styles: &str) -> Option<String> {
    let run = parse(styles)?.child("w:docDefaults")?.child("w:rPrDefault")?.child("w:rPr")?.clone();
    run.child("w:color")?.attribute("w:val").filter(|colour| *colour != "auto").map(str::to_owned)
}

/// The name of a style and the contrast of its text, when that is too little to be read by everyone.
fn too_faint(
    style: Option<&Known>,
    own: &str,
    table: Option<&Known>,
    theirs: &[Known],
    (defaults, paper): (Option<&str>, &str),
) -> Option<String> {
    let of = |style| inherited(style, theirs, |s: &Known| &s.run, "w:color", "w:val");
    let said = style.and_then(of);
    let says_black = style.is_some_and(|style| says(style, theirs, "w:color"));
    // Letters without a colour of their own have that of the text around them.
    if said.is_none() && !says_black && style.is_some_and(|style| style.kind == "character") {
        return None;
    }
    // The heading of a table has the letters and the ground that its style gives the first row.
    let table = table.filter(|_| own.starts_with("Tabelkop"));
    let letters = table.and_then(|table| part(table, "firstRow").or_else(|| part(table, ""))?.text.as_ref());
    if said.is_none() && !says_black && letters.is_some() {
        return None;
    }
    let defaults = defaults.filter(|_| said.is_none() && !says_black);
    let text = said.or(defaults).unwrap_or("000000");
    let heading = table.and_then(|table| ground_of(table, "firstRow"));
    let ground = style.and_then(|style| inherited(style, theirs, |s| &s.paragraph, "w:shd", "w:fill"));
    let ground = ground.or(heading).unwrap_or(paper);
    let size = style.and_then(|style| inherited(style, theirs, |s| &s.run, "w:sz", "w:val"));
    let bold =
        style.is_some_and(|style| style.run.iter().any(|e| e.name == "w:b" && e.attribute("w:val").is_none()));
    let least = least(size.and_then(|size| size.parse().ok()).unwrap_or(20.0), bold);
    let name = match style {
        // Who makes that darker, makes all of it darker.
        _ if defaults.is_some() => "de standaardwaarden voor alle tekst",
        Some(style) => style.name.as_str(),
        None => return None,
    };
    shown(name, contrast(text, ground), least)
}

/// True when a style, or one it is based on, says something.
fn says(style: &Known, theirs: &[Known], name: &str) -> bool {
    let chain = std::iter::successors(Some(style), |style| {
        let base = style.based_on.as_ref()?;
        theirs.iter().find(|known| known.id == *base)
    });
    chain.take(9).any(|style| style.run.iter().any(|e| e.name == name))
}

/// A name with a contrast that is too little.
fn shown(name: &str, found: Option<f64>, least: f64) -> Option<String> {
    let found = found.filter(|found| *found < least)?;
    // Rounded down: 4,49 is not 4,5.
    Some(format!("{name} ({})", number((found * 10.0).floor() / 10.0, 1)))
}

fn part<'a>(table: &'a Known, name: &str) -> Option<&'a Said> {
    table.said.iter().find(|said| said.part == name)
}

/// The ground of a part of a table style: its own, else that of the whole.
fn ground_of<'a>(table: &'a Known, name: &str) -> Option<&'a str> {
    let of = |name: &str| part(table, name).and_then(|said| said.ground.as_deref());
    of(name).or_else(|| of(""))
}

/// The parts of a table style whose letters are too faint. `cells` are the styles of text, headings and labels in it: a
/// colour of theirs goes before that of the table style. A table of data has no column of labels, a form no row of headings.
fn table_letters(
    table: &Known,
    cells: [Option<&Known>; 3],
    theirs: &[Known],
    data: bool,
    paper: &str,
) -> Vec<String> {
    let [text, heading, label] = cells;
    let coloured = |style: Option<&Known>| style.is_some_and(|style| says(style, theirs, "w:color"));
    let bands = ["band1Horz", "band2Horz"].into_iter().filter_map(|band| part(table, band)?.ground.as_deref());
    let bands: Vec<&str> = bands.chain([ground_of(table, "").unwrap_or(paper)]).collect();
    let mut found = Vec::new();
    let mut letters = |name: &str, of: &str, style: Option<&Known>| {
        let Some(said) = part(table, of) else { return };
        let Some(colour) = said.text.as_deref().filter(|_| !coloured(style)) else { return };
        let grounds = match (&said.ground, of) {
            (Some(ground), _) => vec![ground.as_str()],
            (None, "firstRow") => vec![ground_of(table, "").unwrap_or(paper)],
            (None, _) => bands.clone(),
        };
        let lowest = grounds.into_iter().filter_map(|ground| contrast(colour, ground)).min_by(f64::total_cmp);
        let name = if name.is_empty() { table.name.clone() } else { format!("{}, {name}", table.name) };
        found.extend(shown(&name, lowest, 4.5));
    };
    letters("", "", text);
    match data {
        true => letters("eerste rij", "firstRow", heading),
        false => letters("eerste kolom", "firstCol", label),
    }
    found
}

/// The number before a heading, when its letters are too faint.
fn faint_number(style: &Known, theirs: &[Known], numbering: &Element, paper: &str) -> Option<String> {
    let chain = || {
        std::iter::successors(Some(style), |style| {
            let base = style.based_on.as_ref()?;
            theirs.iter().find(|known| known.id == *base)
        })
        .take(9)
    };
    let list = chain().find_map(|style| style.paragraph.iter().find(|e| e.name == "w:numPr"))?;
    let id = list.child("w:numId")?.attribute("w:val")?;
    let of = |name: &'static str| numbering.elements().filter(move |e| e.name == name);
    let used = of("w:num").find(|e| e.attribute("w:numId") == Some(id))?;
    let list_id = used.child("w:abstractNumId")?.attribute("w:val")?;
    let definition = of("w:abstractNum").find(|e| e.attribute("w:abstractNumId") == Some(list_id))?;
    let levels = || definition.elements().filter(|e| e.name == "w:lvl");
    let own =
        |level: &&Element| level.child("w:pStyle").and_then(|e| e.attribute("w:val")) == Some(style.id.as_str());
    let at = list.child("w:ilvl").and_then(|e| e.attribute("w:val")).unwrap_or("0");
    let level = levels().find(own).or_else(|| levels().find(|level| level.attribute("w:ilvl") == Some(at)))?;
    let run = level.child("w:rPr")?;
    let colour = run.child("w:color")?.attribute("w:val")?;
    let ground = inherited(style, theirs, |s| &s.paragraph, "w:shd", "w:fill").unwrap_or(paper);
    let size = run.child("w:sz").and_then(|e| e.attribute("w:val"));
    let size = size.or_else(|| inherited(style, theirs, |s| &s.run, "w:sz", "w:val"));
    let bold = style.run.iter().chain(run.elements()).any(|e| e.name == "w:b" && e.attribute("w:val").is_none());
    let least = least(size.and_then(|size| size.parse().ok()).unwrap_or(20.0), bold);
    shown(&format!("{NUMBER}{}", style.name), contrast(colour, ground), least)
}

#[cfg(test)]
mod tests {
    use crate::document::dress::Dress;
    use crate::package::tree::Element;

    const NORMAL: &str =
        "<w:style w:type=\"paragraph\" w:default=\"1\" w:styleId=\"S\"><w:name w:val=\"Normal\"/></w:style>";

    fn faint(styles: &str, numbering: &str) -> Vec<String> {
        Dress::of(&format!("<w:styles>{styles}</w:styles>"), numbering, (None, None)).faint
    }

    #[test]
    fn letters_are_compared_with_the_colour_of_the_page() {
        let normal = |colour: &str| {
            format!(
                "<w:styles><w:style w:type=\"paragraph\" w:default=\"1\" w:styleId=\"S\"><w:name w:val=\"Normal\"/><w:rPr><w:color \
                 w:val=\"{colour}\"/></w:rPr></w:style></w:styles>"
            )
        };
        let strong =
            "<w:style w:type=\"character\" w:styleId=\"V\"><w:name w:val=\"Strong\"/></w:style></w:styles>";
        let on_blue = |colour: &str| {
            let styles = normal(colour).replace("</w:styles>", strong);
            let mut dress = Dress::of(&styles, "", (None, None));
            dress.on_page("1F2A44", &styles, "");
            dress.faint
        };
        assert!(on_blue("FFFFFF").is_empty());
        assert_eq!(on_blue("000000"), ["Normal (1,4)"]);
        assert_eq!(Dress::of(&normal("FFFFFF"), "", (None, None)).faint, ["Normal (1,0)"]);
    }

    #[test]
    fn a_colour_for_all_text_counts_where_no_style_says_another() {
        let grey = "<w:docDefaults><w:rPrDefault><w:rPr><w:color w:val=\"999999\"/></w:rPr></w:rPrDefault></w:docDefaults>";
        assert_eq!(faint(&format!("{grey}{NORMAL}"), ""), ["de standaardwaarden voor alle tekst (2,8)"]);
        let black = NORMAL.replace("</w:style>", "<w:rPr><w:color w:val=\"auto\"/></w:rPr></w:style>");
        assert_eq!(faint(&format!("{grey}{black}"), ""), Vec::<String>::new());
    }

    #[test]
    fn the_letters_of_the_first_column_of_a_table_style_and_of_the_number_of_a_heading_count() {
        let table = |colour: &str| {
            format!(
                "{NORMAL}<w:style w:type=\"table\" w:customStyle=\"1\" w:styleId=\"T\"><w:name w:val=\"Huistabel\"/>\
                 <w:tblStylePr w:type=\"firstCol\"><w:rPr><w:color w:val=\"{colour}\"/></w:rPr></w:tblStylePr></w:style>"
            )
        };
        assert_eq!(faint(&table("9CC2E5"), ""), ["Huistabel, eerste kolom (1,8)"]);
        assert_eq!(faint(&table("1F4E79"), ""), Vec::<String>::new());
        let heading = "<w:style w:type=\"paragraph\" w:styleId=\"K\"><w:name w:val=\"heading 2\"/><w:pPr><w:numPr><w:ilvl \
                       w:val=\"1\"/><w:numId w:val=\"5\"/></w:numPr></w:pPr></w:style>";
        let numbering = "<w:numbering><w:abstractNum w:abstractNumId=\"3\"><w:lvl w:ilvl=\"1\"><w:rPr><w:color \
                         w:val=\"BFBFBF\"/></w:rPr></w:lvl></w:abstractNum><w:num w:numId=\"5\"><w:abstractNumId \
                         w:val=\"3\"/></w:num></w:numbering>";
        assert_eq!(faint(&format!("{NORMAL}{heading}"), numbering), ["het nummer van heading 2 (1,8)"]);
    }

    #[test]
    fn white_letters_on_the_dark_first_row_of_a_table_are_not_faint() {
        let theirs = format!(
            "{NORMAL}<w:style w:type=\"paragraph\" w:styleId=\"K\"><w:name w:val=\"Tabelkop\"/><w:rPr><w:color \
             w:val=\"FFFFFF\"/></w:rPr></w:style><w:style w:type=\"table\" w:customStyle=\"1\" w:styleId=\"T\"><w:name \
             w:val=\"Huistabel\"/><w:tblStylePr w:type=\"firstRow\"><w:tcPr><w:shd w:fill=\"1F3864\"/></w:tcPr>\
             </w:tblStylePr></w:style>"
        );
        // A table style with dark first rows and black letters is passed over; with white ones it is worn.
        let worn = theirs.replace("<w:tcPr>", "<w:rPr><w:color w:val=\"FFFFFF\"/></w:rPr><w:tcPr>");
        assert_eq!(faint(&worn, ""), Vec::<String>::new());
        assert_eq!(faint(&format!("{}{NORMAL}", crate::document::finish::STYLES), ""), Vec::<String>::new());
    }

    #[test]
    fn only_styles_that_a_document_uses_are_told_of() {
        let light = "<w:rPr><w:color w:val=\"AAAAAA\"/></w:rPr></w:style>";
        let heading =
            format!("<w:style w:type=\"paragraph\" w:styleId=\"H\"><w:name w:val=\"heading 5\"/>{light}");
        let mut dress = Dress::of(&format!("<w:styles>{NORMAL}{heading}</w:styles>"), "", (None, None));
        assert!(dress.missed.contains(&"Noot".to_owned()) && dress.faint == ["heading 5 (2,3)"]);
        let of = |style: &str| {
            Element::parse(&format!("<w:x><w:p><w:pPr><w:pStyle w:val=\"{style}\"/></w:pPr></w:p></w:x>")).unwrap()
        };
        dress.tell_of(&of("Kaartkop"));
        assert_eq!((dress.missed.as_slice(), dress.faint.as_slice()), (["Kop 1".to_owned()].as_slice(), &[][..]));
        dress.tell_of_theirs(&of("H"));
        assert_eq!(dress.faint, ["heading 5 (2,3)"]);
    }
}
