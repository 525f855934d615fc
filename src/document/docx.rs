//! A Word document of people: opened, or refused with the reason in words of Word.

use std::collections::BTreeMap;
use std::ops::Range;

use super::dress::Dress;
use super::fit::Paper;
use super::house::sheet::letters;
use crate::error::{Error, Result};
use crate::package::archive::Archive;
use crate::package::parts::{ContentTypes, relationships};
use crate::package::rewrite::Rewrite;
use crate::package::xml::{Element, elements, is_true};

/// The namespace of the text of a strict document.
const STRICT_TEXT: &str = "http://purl.oclc.org/ooxml/wordprocessingml/main";
/// A page of which the measures are not said, in twentieths of a point.
pub(super) const A4: (f64, f64) = (11_906.0, 16_838.0);
const CHOOSE: &str = "Open het in Word en sla het op als Word-document (.docx).";
/// For what Word cannot open: saving it from there is no way out.
const OTHER: &str = "Kies een Word-document (.docx) van uw organisatie.";

/// True for the elements of a strict document: its root has another name.
pub(super) fn is_strict(all: &[Element]) -> bool {
    let names = all.first().into_iter().flat_map(|root| &root.attributes);
    names.into_iter().any(|(name, uri)| name.starts_with("xmlns") && uri == STRICT_TEXT)
}

/// Opens the package of a Word document.
///
/// # Errors
/// When it is something else, protected with a password, damaged or suspect.
pub(super) fn open(file: &str, bytes: Vec<u8>) -> Result<Archive> {
    let refuse = |what: &str, advice: &str| Err(Error::content(file, what, advice));
    if bytes.is_empty() {
        return refuse("het bestand is leeg", "Controleer of u het goede bestand koos.");
    }
    if bytes.starts_with(&[0xD0, 0xCF, 0x11, 0xE0]) {
        let holds = |name: &str| {
            let wide: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
            bytes.windows(wide.len()).any(|window| window == wide)
        };
        return if holds("EncryptedPackage") {
            refuse(
                "het document is beveiligd met een wachtwoord om het te openen",
                "Open het in Word, haal het wachtwoord weg (Bestand, Info, Document beveiligen) en sla het op.",
            )
        } else if holds("WordDocument") {
            refuse("dit is een document in de oude vorm (.doc)", CHOOSE)
        } else if holds("Workbook") {
            refuse("dit is een Excel-werkboek in de oude vorm (.xls)", OTHER)
        } else if holds("PowerPoint Document") {
            refuse("dit is een presentatie in de oude vorm (.ppt)", OTHER)
        } else {
            refuse("dit is geen Word-document, of het is beschadigd", CHOOSE)
        };
    }
    if !bytes.starts_with(b"PK") {
        return refuse("dit is geen Word-document, of het is beschadigd", CHOOSE);
    }
    let archive = Archive::from_bytes(file, bytes)?;
    main_part(&archive)?;
    Ok(archive)
}

/// The name of the part that holds the text.
///
/// # Errors
/// When there is none: then it is no Word document.
pub(super) fn main_part(archive: &Archive) -> Result<String> {
    let refuse = |(what, advice): (&str, &str)| Err(Error::content(archive.file_name(), what, advice));
    let found = relationships(archive, "")?.into_iter().find(|r| r.kind == "officeDocument" && !r.external);
    let Some(name) = found.and_then(|r| archive.find(&r.target).map(str::to_owned)) else {
        // The kind of an OpenDocument stands in a part of its own.
        let kind = archive.read_text("mimetype").unwrap_or_default();
        return refuse(match () {
            () if kind.contains("spreadsheet") => ("dit is een OpenDocument-rekenblad (.ods)", OTHER),
            () if kind.contains("presentation") => ("dit is een OpenDocument-presentatie (.odp)", OTHER),
            () if archive.contains("content.xml") => ("dit is een OpenDocument-bestand", CHOOSE),
            () => ("dit is een zipbestand zonder Word-document erin", OTHER),
        });
    };
    let kind = ContentTypes::read(archive)?.of(&name).unwrap_or_default().to_owned();
    if kind.contains("wordprocessingml") || kind.contains("ms-word") {
        return Ok(name);
    }
    refuse(match () {
        () if kind.contains("spreadsheetml") || kind.contains("ms-excel") => ("dit is een Excel-werkboek", OTHER),
        () if kind.contains("presentationml") => ("dit is een presentatie", OTHER),
        () => ("dit is geen Word-document", CHOOSE),
    })
}

/// Fingerprints of the words in the charts of the document whose main part this is, by the id of the relationship.
///
/// # Errors
/// When the list of relationships cannot be read.
pub(super) fn chart_words(archive: &Archive, main: &str) -> Result<BTreeMap<String, String>> {
    let charts = relationships(archive, main)?.into_iter().filter(|r| r.kind.starts_with("chart") && !r.external);
    let words = charts.filter_map(|chart| {
        let part = archive.read_text(archive.find(&chart.target)?).ok()?;
        Some((chart.id, super::print::chart_words(&part)?))
    });
    Ok(words.collect())
}

/// True for what stands in the copy of a text box or drawing that only older programs read: it stands there a second time.
pub(super) fn is_older_copy(all: &[Element], index: usize) -> bool {
    let mut outer = all.get(index).and_then(|e| e.parent);
    while let Some(element) = outer.and_then(|at| all.get(at)) {
        if element.local == "Fallback" {
            return true;
        }
        outer = element.parent;
    }
    false
}

/// The headers, footers and notes of the document whose main part this is, with what each is called in a sentence.
///
/// # Errors
/// When the list of relationships cannot be read.
pub(super) fn running_parts(archive: &Archive, main: &str) -> Result<Vec<(String, &'static str)>> {
    let all = relationships(archive, main)?.into_iter().filter(|r| !r.external);
    let called = |kind: &str| match kind {
        "header" => Some("de koptekst"),
        "footer" => Some("de voettekst"),
        "footnotes" => Some("een voetnoot"),
        "endnotes" => Some("een eindnoot"),
        _ => None,
    };
    let mut found: Vec<(String, &str)> =
        all.filter_map(|r| Some((archive.find(&r.target)?.to_owned(), called(&r.kind)?))).collect();
    found.sort();
    found.dedup();
    Ok(found)
}

/// The pictures in `range` of a part without a word for who cannot see them, by their names; what is marked as decoration
/// needs none.
pub(super) fn mute_pictures(all: &[Element], range: &Range<usize>) -> Vec<String> {
    let inside = |span: &Range<usize>| {
        let span = span.clone();
        let first = all.partition_point(|e| e.span.start < span.start);
        all.iter().skip(first).take_while(move |e| e.span.start < span.end)
    };
    // What only older programs read stands there a second time.
    let doubled: Vec<&Range<usize>> = inside(range).filter(|e| e.local == "Fallback").map(|e| &e.span).collect();
    let says = |e: &Element, names: &[&str]| {
        names.iter().any(|name| e.attribute(name).is_some_and(|text| !text.trim().is_empty()))
    };
    let mut mute = Vec::new();
    for element in inside(range).filter(|e| !doubled.iter().any(|span| span.contains(&e.span.start))) {
        let name = match element.local.as_str() {
            "drawing" => {
                let shows = |e: &Element| matches!(e.local.as_str(), "blip" | "chart" | "relIds");
                let Some(said) = inside(&element.span).find(|e| e.local == "docPr") else { continue };
                let decoration = inside(&said.span)
                    .any(|e| e.local == "decorative" && e.attribute("val").is_none_or(|val| is_true(Some(val))));
                if decoration || says(said, &["descr", "title"]) || !inside(&element.span).any(shows) {
                    continue;
                }
                said.attribute("name")
            }
            "imagedata" => {
                let shape = element.parent.and_then(|parent| all.get(parent));
                if shape.is_none_or(|shape| says(shape, &["alt"])) {
                    continue;
                }
                element.attribute("title")
            }
            _ => continue,
        };
        let name = name.map(str::trim).filter(|name| !name.is_empty());
        mute.push(name.map_or_else(|| "een afbeelding".to_owned(), |name| format!("‘{name}’")));
    }
    mute
}

/// The same in the headers and footers to which a main part with these elements refers, with the place of each.
///
/// # Errors
/// When one of them cannot be read.
pub(super) fn mute_pictures_on_pages(archive: &Archive, main: &str, all: &[Element]) -> Result<Vec<String>> {
    let mut mute = Vec::new();
    for (part, place) in pages_with(archive, main, all)? {
        let text = archive.read_text(&part)?;
        let inside = elements(&text).map_err(|reason| archive.damaged(&part, &reason))?;
        mute.extend(mute_pictures(&inside, &(0..text.len())).iter().map(|name| format!("{name} in {place}")));
    }
    Ok(mute)
}

/// The headers and footers to which a main part with these elements refers, each once, with what it is called.
///
/// # Errors
/// When the lists of parts cannot be read.
pub(super) fn pages_with(archive: &Archive, main: &str, all: &[Element]) -> Result<Vec<(String, String)>> {
    let related = relationships(archive, main)?;
    let mut found: Vec<(String, String)> = Vec::new();
    for reference in all.iter().filter(|e| matches!(e.local.as_str(), "headerReference" | "footerReference")) {
        let part = related.iter().find(|r| !r.external && Some(r.id.as_str()) == reference.attribute("id"));
        let part = part.and_then(|part| archive.find(&part.target));
        let Some(part) = part.filter(|part| !found.iter().any(|(known, _)| known == part)) else { continue };
        let place = if reference.local == "headerReference" { "koptekst" } else { "voettekst" };
        let pages = match reference.attribute("type") {
            Some("first") => " van de eerste bladzijde",
            Some("even") => " van de even bladzijden",
            _ => "",
        };
        found.push((part.to_owned(), format!("de {place}{pages}")));
    }
    Ok(found)
}

/// True when a document is protected against editing, by Word's 'Bewerken beperken' or by a password for writing.
pub(super) fn is_protected(archive: &Archive) -> Result<bool> {
    let settings = part(archive, &main_part(archive)?, "settings")?;
    let all = elements(&settings).unwrap_or_default();
    Ok(all.iter().any(|e| match e.local.as_str() {
        // 'Only tracked' lets people write as they do here.
        "documentProtection" => {
            is_true(e.attribute("enforcement"))
                && !matches!(e.attribute("edit"), None | Some("none" | "trackedChanges"))
        }
        // Without a password it is only advice to read.
        "writeProtection" => e.attribute("hash").or_else(|| e.attribute("hashValue")).is_some(),
        _ => false,
    }))
}

/// The text of the part of one kind (`styles`, `numbering`) that the main part refers to; empty when there is none.
///
/// # Errors
/// When it is there but cannot be read.
pub(super) fn part(archive: &Archive, main: &str, kind: &str) -> Result<String> {
    let found = relationships(archive, main)?.into_iter().find(|r| r.kind == kind && !r.external);
    match found.filter(|r| archive.contains(&r.target)) {
        Some(part) => archive.read_text(&part.target),
        None => Ok(String::new()),
    }
}

/// The colour of the pages (`RRGGBB`) of a document with these elements, when it shows one.
///
/// # Errors
/// When its settings cannot be read.
pub(super) fn page_colour(archive: &Archive, main: &str, all: &[Element]) -> Result<Option<String>> {
    let background = all.iter().find(|e| e.local == "background" && e.depth == 1);
    let Some(colour) = background.and_then(|e| e.attribute("color")).filter(|colour| *colour != "auto") else {
        return Ok(None);
    };
    let settings = part(archive, main, "settings")?;
    let settings = elements(&settings).unwrap_or_default();
    let shown = settings.iter().find(|e| e.local == "displayBackgroundShape");
    let shown = shown.is_some_and(|e| e.attribute("val").is_none_or(|value| is_true(Some(value))));
    Ok(shown.then(|| colour.to_owned()))
}

/// The clothes of a document with these lists, to put on what is written in it.
///
/// # Errors
/// When its styles cannot be read.
pub(super) fn dress(archive: &Archive, main: &str, all: &[Element], lists: &str) -> Result<Dress> {
    let styles = part(archive, main, "styles")?;
    let mut dress = Dress::of(&styles, lists, widths(all));
    dress.highest = height(all);
    let record = super::renew::record_of(archive, main)?.map(|(record, _)| record.blocks).unwrap_or_default();
    let controls = all.iter().enumerate().filter(|(_, e)| e.local == "sdt").map(|(index, _)| index);
    let places: Vec<(usize, String)> = controls
        .filter_map(|index| Some((index, super::print::tag(all, index)?.trim().to_lowercase())))
        .filter(|(_, tag)| tag.starts_with(super::template::PREFIX))
        .collect();
    // In a template the headings of the organisation have numbers, and ours go on with those.
    if places.is_empty() && !record.iter().any(|block| block.tag.starts_with(super::template::PREFIX)) {
        dress.without_numbers(&styles);
    }
    for (index, tag) in places {
        let ground = super::ground::at(all, index, &styles).filter(|ground| super::dress::is_no_white(ground));
        dress.grounds.extend(ground.map(|ground| (tag, ground)));
    }
    Ok(dress)
}

/// Height of the text on the pages of a document, upright ones where it has them, in twentieths of a point.
pub(super) fn height(all: &[Element]) -> Option<f64> {
    let mut found = (None, None);
    for (index, section) in all.iter().enumerate().filter(|(_, e)| e.local == "sectPr") {
        let inside = || all.iter().skip(index + 1).take_while(|e| e.span.start < section.span.end);
        let number =
            |element: &str, attribute: &str| twips(inside().find(|e| e.local == element)?.attribute(attribute)?);
        let page = (number("pgSz", "w").unwrap_or(A4.0), number("pgSz", "h").unwrap_or(A4.1));
        let margin = |side: &str| number("pgMar", side).unwrap_or(0.0).abs();
        let text = page.1 - margin("top") - margin("bottom");
        *(if page.0 > page.1 { &mut found.1 } else { &mut found.0 }) = Some(text).filter(|text| *text > 2000.0);
    }
    found.0.or(found.1)
}

/// What tables have to fit on in a document as it is.
///
/// # Errors
/// When it cannot be read.
pub(super) fn paper(archive: &Archive) -> Result<Paper> {
    let main = main_part(archive)?;
    let text = archive.read_text(&main)?;
    let all = elements(&text).map_err(|reason| archive.damaged(&main, &reason))?;
    let text = super::dress::table_text(&part(archive, &main, "styles")?);
    Ok(Paper::new(widths(&all), height(&all), letters(archive, &main)?.0).with_text(text))
}

/// Width of the text on the upright and the lying pages of a document, in twentieths of a point. Where all pages stand
/// one way, everything stands on those. The last section of its kind counts: a cover page goes before it.
pub(super) fn widths(all: &[Element]) -> (Option<f64>, Option<f64>) {
    let mut found = (None, None);
    for (index, section) in all.iter().enumerate().filter(|(_, e)| e.local == "sectPr") {
        let inside = || all.iter().skip(index + 1).take_while(|e| e.span.start < section.span.end);
        let number =
            |element: &str, attribute: &str| twips(inside().find(|e| e.local == element)?.attribute(attribute)?);
        let width = number("pgSz", "w").unwrap_or(A4.0);
        let height = number("pgSz", "h").unwrap_or(A4.1);
        let margins = number("pgMar", "left").unwrap_or(0.0)
            + number("pgMar", "right").unwrap_or(0.0)
            + number("pgMar", "gutter").unwrap_or(0.0);
        let text = width - margins;
        if text < 2000.0 {
            continue;
        }
        *(if width > height { &mut found.1 } else { &mut found.0 }) = Some(text);
    }
    (found.0.or(found.1), found.1.or(found.0))
}

/// A measure in twentieths of a point: a bare number is that already; a strict document may name a unit (`612pt`).
pub(super) fn twips(measure: &str) -> Option<f64> {
    let measure = measure.trim();
    let at = measure.find(|c: char| c.is_ascii_alphabetic()).unwrap_or(measure.len());
    let (number, unit) = measure.split_at_checked(at)?;
    let times = match unit {
        "" => 1.0,
        "pt" => 20.0,
        "in" => 1440.0,
        "pc" | "pi" => 240.0,
        "cm" => 1440.0 / 2.54,
        "mm" => 144.0 / 2.54,
        _ => return None,
    };
    number.parse::<f64>().ok().filter(|number| number.is_finite()).map(|number| number * times)
}

/// Refuses a document with macros: a new document would carry them along unseen. One that only may have them (a `.docm`
/// or `.dotm` without any) is a document like any other.
///
/// # Errors
/// When it has macros.
pub(super) fn refuse_macros(archive: &Archive) -> Result<()> {
    let main = main_part(archive)?;
    if relationships(archive, &main)?.iter().any(|r| r.kind == "vbaProject") {
        return Err(Error::content(
            archive.file_name(),
            "in dit document zitten macro's",
            "Sla het in Word op als gewoon Word-document (.docx) en probeer het opnieuw.",
        ));
    }
    Ok(())
}

/// A template (.dotx) and what may have macros (.docm, .dotm) become a document: Word refuses a .docx that says it is
/// something else.
///
/// # Errors
/// When the content types cannot be read.
pub(super) fn as_document(archive: &Archive, main: &str, parts: &mut Rewrite<'_>) -> Result<()> {
    let kind = ContentTypes::read(archive)?.of(main).unwrap_or_default().to_owned();
    if kind.contains("template.main") || kind.contains("macroEnabled") {
        let document = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml";
        parts.edit("[Content_Types].xml", |text| Ok(text.replace(&kind, document)))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_all_pages_stand_one_way_everything_stands_on_those_and_a_cover_page_does_not_count() {
        let section = |w: u32, h: u32| {
            format!(
                "<w:sectPr><w:pgSz w:w=\"{w}\" w:h=\"{h}\"/><w:pgMar w:left=\"1000\" w:right=\"500\"/></w:sectPr>"
            )
        };
        for (sections, expected) in [
            (section(11_906, 16_838), (Some(10_406.0), Some(10_406.0))),
            (section(16_838, 11_906), (Some(15_338.0), Some(15_338.0))),
            (section(9000, 9001) + &section(11_906, 16_838), (Some(10_406.0), Some(10_406.0))),
            (section(11_906, 16_838) + &section(16_838, 11_906), (Some(10_406.0), Some(15_338.0))),
        ] {
            assert_eq!(
                widths(&elements(&format!("<w:body>{sections}</w:body>")).unwrap()),
                expected,
                "{sections}"
            );
        }
    }

    #[test]
    fn a_file_that_word_cannot_open_is_called_what_it_is_without_the_advice_to_open_it_in_word() {
        let old = |name: &str| {
            let mut bytes = vec![0xD0, 0xCF, 0x11, 0xE0];
            bytes.extend(name.encode_utf16().flat_map(u16::to_le_bytes));
            bytes
        };
        let sheet = [
            ("mimetype", "application/vnd.oasis.opendocument.spreadsheet"),
            ("content.xml", "<x/>"),
            ("[Content_Types].xml", "<Types/>"),
        ];
        let sheet = sheet.map(|(name, text)| (name.to_owned(), text.as_bytes().to_vec()));
        let sheet = crate::package::write_package(sheet.into()).unwrap();
        for (bytes, what, word) in [
            (old("WordDocument"), "(.doc)", true),
            (old("Workbook"), "(.xls)", false),
            (old("iets"), "geen Word-document", true),
            (sheet, "(.ods)", false),
        ] {
            let refused = open("h", bytes).map(|_| ()).unwrap_err().to_string();
            assert!(refused.contains(what) && refused.contains("Open het in Word") == word, "{refused}");
        }
    }

    #[test]
    fn measures_with_a_unit_are_twentieths_of_a_point_too() {
        for (text, expected) in
            [("11906", 11906.0), ("612pt", 12240.0), ("1in", 1440.0), ("2.54cm", 1440.0), ("-72pt", -1440.0)]
        {
            assert_eq!(twips(text).map(f64::round), Some(expected), "{text}");
        }
        assert_eq!((twips("12 px"), twips("breed"), twips("")), (None, None, None));
    }
}
