//! Notes of the product on cells: the part with comments and the drawing that shows them.
//!
//! Owns the text of those two parts: text in, text out. Everybody else's notes keep their bytes. A note is ours when its
//! last line carries the seal of what stands above it: a note that a person wrote in is theirs from then on.

use std::collections::{BTreeMap, BTreeSet};

use super::scan::Address;
use super::smallparts::{MAIN, append};
use crate::model::{column_letters, parse_a1, text_seal as seal};
use crate::package::xml::{Element, Splices, elements, text_of, xml_escape, xml_escape_attribute};

/// A note to be put on a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// Name of the tab.
    pub tab: String,
    /// Zero-based row.
    pub row: u32,
    /// Zero-based column.
    pub col: u32,
    /// What it says, without seal.
    pub text: String,
}

/// What our notes are about. Those of one kind come and go together and leave the other kind alone.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum NoteKind {
    /// What a check found.
    #[default]
    Check,
    /// Texts about figures that a new edition replaced. A person takes such a note away to say that the text still
    /// holds, so a check never does.
    Edition,
}

impl NoteKind {
    /// The word in the seal.
    fn word(self) -> &'static str {
        match self {
            NoteKind::Check => "controle",
            NoteKind::Edition => "editie",
        }
    }

    /// The name under which the notes stand.
    fn author(self) -> &'static str {
        match self {
            NoteKind::Check => "Wijkanalyse controle",
            NoteKind::Edition => "Wijkanalyse editie",
        }
    }
}

fn sealed(kind: NoteKind, text: &str) -> String {
    format!("{text}\n\n[{} {}]", kind.word(), seal(text))
}

/// True for a note of ours, of whatever kind, in which nobody wrote.
pub(crate) fn is_note_of_ours(text: &str) -> bool {
    [NoteKind::Check, NoteKind::Edition].into_iter().any(|kind| is_ours(kind, text))
}

/// True for a note of ours of this kind in which nobody wrote.
fn is_ours(kind: NoteKind, text: &str) -> bool {
    let Some((body, rest)) = text.trim_end().rsplit_once(&format!("[{} ", kind.word())) else { return false };
    rest.strip_suffix(']').is_some_and(|found| found.trim() == seal(body))
}

/// What came of the notes of one tab.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Placed {
    /// The part with comments; `None` when it need not change.
    pub(crate) text: Option<String>,
    /// Cells whose note of ours goes.
    pub(crate) removed: BTreeSet<Address>,
    /// Cells that get a note.
    pub(crate) added: BTreeSet<Address>,
    /// Cells that keep the note of ours they have, because it says the same.
    pub(crate) kept: BTreeSet<Address>,
    /// Cells on which somebody else's note stands.
    pub(crate) occupied: BTreeSet<Address>,
    /// Cells on which a note of ours of another kind stands, and stays.
    pub(crate) yielded: BTreeSet<Address>,
    /// How many notes the part holds afterwards, of whomever.
    pub(crate) total: usize,
}

/// The part with comments of one tab with our notes renewed. `taken` are cells that hold something else of people, such
/// as a threaded comment.
pub(crate) fn renew(
    text: &str,
    kind: NoteKind,
    wanted: &BTreeMap<Address, String>,
    taken: &BTreeSet<Address>,
) -> Result<Placed, String> {
    let all = elements(text)?;
    let root = all.first().ok_or("het is leeg")?;
    let p = root.prefix().to_owned();
    let mut placed =
        Placed { occupied: wanted.keys().filter(|at| taken.contains(at)).copied().collect(), ..Placed::default() };
    let mut splices = Splices::default();
    let at_of = |comment: &Element| comment.attribute("ref").and_then(parse_a1);
    for comment in all.iter().filter(|e| e.local == "comment") {
        placed.total += 1;
        let Some(at) = at_of(comment) else { continue };
        let says = comment_text(text, &all, comment);
        if !is_ours(kind, &says) {
            match (kind, wanted.contains_key(&at)) {
                (_, false) => {}
                // What a check said is said again by the next; it gives way.
                (NoteKind::Edition, true) if is_ours(NoteKind::Check, &says) => {
                    placed.total -= 1;
                    placed.removed.insert(at);
                    splices.replace(comment.span.clone(), "");
                }
                (NoteKind::Check, true) if is_ours(NoteKind::Edition, &says) => {
                    placed.yielded.insert(at);
                }
                _ => {
                    placed.occupied.insert(at);
                }
            }
        } else if wanted.get(&at).is_some_and(|wanted| seal(&sealed(kind, wanted)) == seal(&says))
            && !taken.contains(&at)
        {
            placed.kept.insert(at);
        } else {
            placed.total -= 1;
            placed.removed.insert(at);
            splices.replace(comment.span.clone(), "");
        }
    }
    let stays =
        |at: &Address| [&placed.occupied, &placed.yielded, &placed.kept].iter().any(|set| set.contains(at));
    let new: Vec<(Address, &String)> =
        wanted.iter().filter(|(at, _)| !stays(at)).map(|(at, says)| (*at, says)).collect();
    if !new.is_empty() {
        let authors = all.iter().position(|e| e.local == "authors");
        let names: Vec<String> = all
            .iter()
            .filter(|e| e.local == "author" && e.parent.is_some() && e.parent == authors)
            .map(|e| text_of(text, e))
            .collect();
        let number = names.iter().position(|name| name == kind.author());
        if number.is_none() {
            let list = authors.and_then(|at| all.get(at)).ok_or("de lijst van schrijvers ontbreekt")?;
            append(&mut splices, text, list, &format!("<{p}author>{}</{p}author>", kind.author()));
        }
        let number = number.unwrap_or(names.len());
        let mut additions = String::new();
        for ((row, col), says) in new {
            placed.added.insert((row, col));
            placed.total += 1;
            additions.push_str(&format!(
                "<{p}comment ref=\"{}{}\" authorId=\"{number}\"><{p}text><{p}t xml:space=\"preserve\">{}</{p}t></{p}text></{p}comment>",
                column_letters(col),
                u64::from(row) + 1,
                xml_escape(&sealed(kind, says)),
            ));
        }
        let list = all.iter().find(|e| e.local == "commentList").ok_or("de lijst van notities ontbreekt")?;
        append(&mut splices, text, list, &additions);
    }
    placed.text = (!splices.is_empty()).then(|| splices.apply(text));
    Ok(placed)
}

/// Cells with a note in the part: true for a note of ours of this kind.
pub(crate) fn noted_cells(text: &str, kind: NoteKind) -> Result<BTreeMap<Address, bool>, String> {
    let all = elements(text)?;
    Ok(all
        .iter()
        .filter(|e| e.local == "comment")
        .filter_map(|comment| {
            let at = comment.attribute("ref").and_then(parse_a1)?;
            Some((at, is_ours(kind, &comment_text(text, &all, comment))))
        })
        .collect())
}

/// What a comment says: all its runs, without phonetic hints.
fn comment_text(text: &str, all: &[Element], comment: &Element) -> String {
    let within = |e: &&Element| comment.content.contains(&e.span.start) && e.local == "t";
    all.iter().filter(within).map(|e| text_of(text, e)).collect()
}

/// A part without notes.
pub(crate) fn empty_comments(strict: bool) -> String {
    let main = MAIN.get(usize::from(strict)).copied().unwrap_or_default();
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n\
         <comments xmlns=\"{main}\"><authors></authors><commentList></commentList></comments>"
    )
}

/// A drawing without shapes.
pub(crate) fn empty_drawing() -> String {
    "<xml xmlns:v=\"urn:schemas-microsoft-com:vml\" xmlns:o=\"urn:schemas-microsoft-com:office:office\" \
     xmlns:x=\"urn:schemas-microsoft-com:office:excel\"><o:shapelayout v:ext=\"edit\"><o:idmap v:ext=\"edit\" \
     data=\"1\"/></o:shapelayout></xml>"
        .to_owned()
}

const SHAPE_TYPE: &str = "<v:shapetype id=\"_x0000_t202\" coordsize=\"21600,21600\" o:spt=\"202\" \
     path=\"m,l,21600r21600,l21600,xe\"><v:stroke joinstyle=\"miter\"/><v:path gradientshapeok=\"t\" \
     o:connecttype=\"rect\"/></v:shapetype>";

/// The drawing with the shapes of `removed` gone and shapes for `added`. Drawings of this kind are often no well-formed
/// XML, so they are read as text; `None` when this one cannot be changed safely.
pub(crate) fn redraw(text: &str, removed: &BTreeSet<Address>, added: &BTreeMap<Address, usize>) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find("<v:shape ") {
        let (before, shape) = rest.split_at(start);
        let (shape, after) = shape.split_at(shape.find("</v:shape>")? + "</v:shape>".len());
        out.push_str(before);
        if !note_at(shape).is_some_and(|at| removed.contains(&at)) {
            out.push_str(shape);
        }
        rest = after;
    }
    out.push_str(rest);
    if added.is_empty() {
        return Some(out);
    }
    let end = out.rfind("</xml>")?;
    let tail = out.split_off(end);
    if !out.contains("_x0000_t202\"") || !out.contains("<v:shapetype id=\"_x0000_t202\"") {
        out.push_str(SHAPE_TYPE);
    }
    let numbers = out.split("_x0000_s").skip(1).filter_map(|rest| {
        let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
        digits.parse::<u32>().ok()
    });
    let first = numbers.max().unwrap_or(1024).saturating_add(1);
    for (number, ((row, col), lines)) in (first..).zip(added) {
        out.push_str(&shape(number, *row, *col, *lines));
    }
    Some(out + &tail)
}

/// The cell whose note a shape is.
fn note_at(shape: &str) -> Option<Address> {
    let value = |name: &str| {
        let (_, rest) = shape.split_once(&format!("<x:{name}>"))?;
        rest.split('<').next()?.trim().parse::<u32>().ok()
    };
    shape.contains("ObjectType=\"Note\"").then_some(())?;
    Some((value("Row")?, value("Column")?))
}

/// The box of one note: hidden until the mouse is on its cell, tall enough for its lines.
fn shape(number: u32, row: u32, col: u32, lines: usize) -> String {
    // Columns and rows that the box covers; a line is about as tall as a row without contents.
    let tall = u32::try_from(lines).unwrap_or(20).clamp(4, 30);
    let (left, top) = (col.saturating_add(1), row.saturating_sub(1));
    let anchor = format!("{left}, 12, {top}, 4, {}, 40, {}, 4", left + 3, top + tall);
    format!(
        "<v:shape id=\"_x0000_s{number}\" type=\"#_x0000_t202\" style='position:absolute;margin-left:80pt;\
         margin-top:5pt;width:220pt;height:{}pt;z-index:1;visibility:hidden' fillcolor=\"#fdf3d8\" \
         o:insetmode=\"auto\"><v:fill color2=\"#fdf3d8\"/><v:shadow on=\"t\" color=\"black\" obscured=\"t\"/>\
         <v:path o:connecttype=\"none\"/><v:textbox style='mso-direction-alt:auto'><div \
         style='text-align:left'></div></v:textbox><x:ClientData ObjectType=\"Note\"><x:MoveWithCells/>\
         <x:SizeWithCells/><x:Anchor>{}</x:Anchor><x:AutoFill>False</x:AutoFill><x:Row>{row}</x:Row>\
         <x:Column>{col}</x:Column></x:ClientData></v:shape>",
        tall * 15,
        xml_escape_attribute(&anchor),
    )
}

/// Cells of the threaded comments in a part.
pub(crate) fn threaded_cells(text: &str) -> Result<BTreeSet<Address>, String> {
    let all = elements(text)?;
    Ok(all
        .iter()
        .filter(|e| e.local == "threadedComment")
        .filter_map(|e| e.attribute("ref").and_then(parse_a1))
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wanted(cells: &[(Address, &str)]) -> BTreeMap<Address, String> {
        cells.iter().map(|(at, text)| (*at, (*text).to_owned())).collect()
    }

    const THEIRS: &str = "<comments><authors><author>Jan</author></authors><commentList><comment ref=\"B2\" \
                          authorId=\"0\"><text><t>van mij</t></text></comment></commentList></comments>";

    #[test]
    fn our_notes_are_renewed_and_those_of_others_keep_their_bytes() {
        let first = renew(
            THEIRS,
            NoteKind::Check,
            &wanted(&[((1, 1), "x"), ((4, 4), "oud"), ((5, 4), "blijft")]),
            &BTreeSet::new(),
        )
        .unwrap();
        assert_eq!((first.occupied.len(), first.added.len(), first.total), (1, 2, 3));
        let text = first.text.unwrap();
        let second =
            renew(&text, NoteKind::Check, &wanted(&[((4, 4), "nieuw"), ((5, 4), "blijft")]), &BTreeSet::new())
                .unwrap();
        assert_eq!((second.removed.len(), second.kept.len(), second.added.len()), (1, 1, 1));
        let text = second.text.unwrap();
        assert!(text.contains("nieuw") && !text.contains(">oud") && text.contains("<t>van mij</t>"), "{text}");
        let last = renew(&text, NoteKind::Check, &BTreeMap::new(), &BTreeSet::new()).unwrap();
        assert_eq!(last.total, 1);
        assert_eq!(last.text.unwrap().replace("<author>Wijkanalyse controle</author>", ""), THEIRS);
    }

    #[test]
    fn a_note_of_ours_in_which_a_person_wrote_is_theirs() {
        let text = renew(THEIRS, NoteKind::Check, &wanted(&[((4, 4), "kijk hier")]), &BTreeSet::new())
            .unwrap()
            .text
            .unwrap();
        let edited = text.replace("kijk hier", "kijk hier. Gedaan, groet Jan");
        let again = renew(&edited, NoteKind::Check, &wanted(&[((4, 4), "kijk hier")]), &BTreeSet::new()).unwrap();
        assert_eq!((again.text, again.occupied.len()), (None, 1));
        // Other blanks and line ends, as another program may write them, change nothing.
        let saved = text.replace("\n\n[", "\r\n\r\n[");
        assert_eq!(
            renew(&saved, NoteKind::Check, &wanted(&[((4, 4), "kijk hier")]), &BTreeSet::new())
                .unwrap()
                .kept
                .len(),
            1
        );
    }

    #[test]
    fn a_check_leaves_the_note_about_an_edition_alone_and_gives_way_to_it() {
        let none = BTreeSet::new();
        let add = |text: &str, kind, says| renew(text, kind, &wanted(&[((4, 4), says)]), &none).unwrap();
        let edition = add(THEIRS, NoteKind::Edition, "lees na").text.unwrap();
        let checked = add(&edition, NoteKind::Check, "fout");
        assert_eq!((checked.text, checked.occupied.len(), checked.yielded.len()), (None, 0, 1));
        let check = add(THEIRS, NoteKind::Check, "fout").text.unwrap();
        let both = add(&check, NoteKind::Edition, "lees na").text.unwrap();
        assert!(both.contains("lees na") && !both.contains("fout"), "{both}");
        assert_eq!(noted_cells(&both, NoteKind::Edition).unwrap(), [((1, 1), false), ((4, 4), true)].into());
    }

    #[test]
    fn a_threaded_comment_keeps_its_cell() {
        let threads = "<ThreadedComments><threadedComment ref=\"E5\" id=\"{1}\"/></ThreadedComments>";
        let taken = threaded_cells(threads).unwrap();
        let placed = renew(THEIRS, NoteKind::Check, &wanted(&[((4, 4), "x")]), &taken).unwrap();
        assert_eq!((placed.text, placed.occupied), (None, taken));
    }

    #[test]
    fn shapes_come_and_go_with_their_notes_in_a_drawing_that_is_no_xml() {
        let theirs = empty_drawing().replace(
            "</xml>",
            "<v:shape id=\"_x0000_s1030\"><br><x:ClientData \
            ObjectType=\"Note\"><x:Row>1</x:Row><x:Column>1</x:Column></x:ClientData></v:shape></xml>",
        );
        let added: BTreeMap<Address, usize> = [((4, 4), 3)].into();
        let drawn = redraw(&theirs, &BTreeSet::new(), &added).unwrap();
        assert!(drawn.contains("_x0000_s1031") && drawn.contains("<v:shapetype"), "{drawn}");
        let gone = redraw(&drawn, &added.keys().copied().collect(), &BTreeMap::new()).unwrap();
        assert_eq!(gone.replace(SHAPE_TYPE, ""), theirs);
    }
}
