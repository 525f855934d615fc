//! What the guides tell people to type is accepted, and what they link to exists.
#![allow(clippy::unwrap_used, reason = "a test may stop")]

use std::path::{Path, PathBuf};

use wijkanalyse::model::parse_a1;
use wijkanalyse::package::{Archive, CellEdit, Changes, NewValue, Spreadsheet, StyleChoice};

use crate::common::{filled, folder_with, wijk};

#[allow(dead_code, unreachable_pub, reason = "the binary's own argument parser; only the definition is used here")]
#[path = "../../src/bin/wijk/args.rs"]
mod args;

const GUIDES: [&str; 4] = ["README.md", "docs/handleiding.md", "docs/beheer.md", "docs/bronnen.md"];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn text(guide: &str) -> String {
    std::fs::read_to_string(root().join(guide)).unwrap()
}

/// Command lines in a guide: lines of a code block that start with `wijk `, and inline code that does.
/// A `...` stands for anything and is left out.
fn command_lines(guide: &str) -> Vec<String> {
    let (mut found, mut fenced) = (Vec::new(), false);
    for line in text(guide).lines() {
        if line.trim_start().starts_with("```") {
            fenced = !fenced;
        } else if fenced || line.starts_with("    ") {
            found.extend(line.trim().starts_with("wijk ").then(|| line.trim().to_owned()));
        } else {
            found.extend(
                line.split('`').skip(1).step_by(2).filter(|code| code.starts_with("wijk ")).map(str::to_owned),
            );
        }
    }
    found.retain(|line| !line.contains("..."));
    found
}

/// Splits a line as a shell does: on blanks outside double quotes.
fn words(line: &str) -> Vec<String> {
    let (mut words, mut word, mut quoted) = (Vec::new(), String::new(), false);
    for sign in line.chars() {
        match sign {
            '"' => quoted = !quoted,
            ' ' if !quoted => words.extend((!word.is_empty()).then(|| std::mem::take(&mut word))),
            other => word.push(other),
        }
    }
    words.extend((!word.is_empty()).then_some(word));
    words
}

/// True when the parser takes the line, or shows the help it asks for. A command that is named in running
/// text (`wijk vul`) may leave its arguments out.
fn accepted(line: &str) -> Result<(), String> {
    use clap::error::ErrorKind;
    let words = words(line);
    let typed = args::asked_for_help(words.iter().map(std::ffi::OsString::from).collect());
    match args::command().try_get_matches_from(typed) {
        Ok(_) => Ok(()),
        Err(error) => match error.kind() {
            ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => Ok(()),
            ErrorKind::MissingRequiredArgument
                if words.iter().skip(1).all(|word| word.len() > 2 && is_name(word)) =>
            {
                Ok(())
            }
            _ => Err(format!("{line}\n{error}")),
        },
    }
}

/// A command's name: lower case, no file and no option.
fn is_name(word: &str) -> bool {
    word.chars().all(|sign| sign.is_ascii_lowercase())
}

#[test]
fn every_command_in_the_guides_is_accepted() {
    let mut refused = Vec::new();
    for guide in GUIDES {
        let lines = command_lines(guide);
        assert!(!lines.is_empty(), "{guide} shows no command");
        refused.extend(lines.iter().filter_map(|line| accepted(line).err()).map(|why| format!("{guide}: {why}")));
    }
    assert!(refused.is_empty(), "{}", refused.join("\n"));
}

#[test]
fn a_wrong_command_would_be_noticed() {
    assert!(accepted("wijk vullen \"a b.xlsx\" --wijk Bospolder").is_err());
    assert!(accepted("wijk vul \"a b.xlsx\"").is_err());
    assert!(accepted("wijk vul \"a b.xlsx\" --wijk Bospolder --bestaat-niet").is_err());
    assert!(accepted("wijk vul \"a b.xlsx\" --wijk Bospolder").is_ok());
}

#[test]
fn every_file_that_a_guide_links_to_exists() {
    let mut missing = Vec::new();
    let mut links = 0;
    for guide in GUIDES.into_iter().chain(["fixtures/README.md", "docs/architecture.md", "CHANGELOG.md"]) {
        let folder = root().join(guide).parent().map(Path::to_path_buf).unwrap();
        for link in text(guide).split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let file = link.split('#').next().unwrap_or_default();
            if !file.is_empty() && !file.starts_with("http") {
                links += 1;
                missing.extend((!folder.join(file).exists()).then(|| format!("{guide}: {link}")));
            }
        }
    }
    assert!(missing.is_empty(), "{missing:?}");
    assert!(links > 5, "links are found at all");
}

#[test]
fn the_readme_stays_short_and_its_pictures_light() {
    assert!(text("README.md").lines().count() <= 200);
    for picture in std::fs::read_dir(root().join("docs/beelden")).unwrap() {
        let picture = picture.unwrap();
        assert!(picture.metadata().unwrap().len() < 250_000, "{:?}", picture.path());
    }
}

/// The finding in the README is what the program says, line by line, of a workbook with that figure in that cell.
#[test]
fn the_finding_in_the_readme_is_what_the_program_says_of_that_cell() {
    let readme = text("README.md");
    let start = readme.find("fout [").unwrap();
    let shown: Vec<&str> = readme[start..].lines().take_while(|line| *line != "```").collect();
    let between = |line: &str, from: &str, to: &str| {
        line.split_once(from).and_then(|(_, rest)| rest.split_once(to)).unwrap().0.to_owned()
    };
    let (file, tab) = (between(shown[1], "--> ", " > "), between(shown[1], " > ", " > "));
    let cell = between(shown[1], &format!("{tab} > "), "  (");
    let figure: f64 = between(shown[0], "staat ", "%").replace(',', ".").parse().unwrap();

    let (row, col) = parse_a1(&cell).unwrap();
    let edit = CellEdit { tab, row, col, value: NewValue::Number(figure), style: StyleChoice::Keep };
    let book = Spreadsheet::open(Archive::from_bytes("a.xlsx", filled().0.clone()).unwrap()).unwrap();
    let mut changed = std::io::Cursor::new(Vec::new());
    book.apply(&Changes { cells: vec![edit], ..Changes::default() }, &mut changed).unwrap();
    let folder = folder_with(&[(&file, changed.get_ref())]);
    let said = wijk(folder.path(), &["controleer", &file]).ended(1);
    said.says(&[&shown.join("\n")]);
}
