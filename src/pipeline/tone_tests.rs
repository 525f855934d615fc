//! How the program speaks: short sentences, active, without jargon or blame. Every sentence in the sources is read, so that
//! a new message is held to it as well.

use std::path::{Path, PathBuf};

/// Words that advisors do not use, or that lay blame; and the passive past, which hides who did it.
const NOT_OURS: [&str; 50] = [
    "werden",
    "ongeldig",
    "ongeldige",
    "onjuiste",
    "foutief",
    "incorrect",
    "corrupt",
    "parse",
    "null",
    "string",
    "token",
    "index",
    "record",
    "default",
    "input",
    "output",
    "file",
    "sheet",
    "row",
    "column",
    "cell",
    "header",
    "error",
    "warning",
    "check",
    "update",
    "validatie",
    "valideren",
    "genereren",
    "indien",
    "teneinde",
    "middels",
    "reeds",
    "tevens",
    "dient",
    "dienen",
    "helaas",
    "bewaar",
    "parsen",
    "xml",
    "zip",
    "cache",
    "sleutel",
    "sleutels",
    "pivot",
    "array",
    "byte",
    "bytes",
    "onjuist",
    "entry",
];

/// The longest sentence, in words, without what stands in it between quotes or brackets: names, cells
/// and texts of people.
const LONGEST: usize = 25;

/// What is wrong with the tone of a text: short sentences, no jargon.
pub(super) fn tone(text: &str) -> Vec<String> {
    // The names of options and what people wrote are theirs.
    let mut bare = String::new();
    let (mut quoted, mut depth, mut before) = (false, 0_usize, ' ');
    for c in text.chars() {
        match c {
            '\'' if quoted || !before.is_alphanumeric() => quoted = !quoted,
            '(' | '{' => depth += 1,
            ')' | '}' => depth = depth.saturating_sub(1),
            _ if quoted || depth > 0 => {}
            c => bare.push(c),
        }
        before = c;
    }
    let mut wrong = Vec::new();
    for sentence in bare.split(['.', '?', '!', ':', ';', '\n']) {
        let words: Vec<&str> = sentence.split_whitespace().collect();
        if words.len() > LONGEST {
            wrong.push(format!("{} words: {sentence}", words.len()));
        }
        let plain = |word: &&str| word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
        wrong.extend(
            words
                .iter()
                .map(plain)
                .filter(|word| NOT_OURS.contains(&word.as_str()))
                .map(|word| format!("'{word}'")),
        );
    }
    wrong
}

/// The texts between quotes in a source file, without its tests and comments.
fn literals(source: &str) -> Vec<String> {
    let source = source.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
    let mut found = Vec::new();
    let mut chars = source.chars().peekable();
    let mut before = ' ';
    while let Some(c) = chars.next() {
        match c {
            '/' if chars.peek() == Some(&'/') => while chars.next_if(|c| *c != '\n').is_some() {},
            // A character, or the name of a lifetime, which has no second quote.
            '\'' => {
                let escaped = chars.next_if_eq(&'\\').is_some();
                chars.next();
                if chars.next_if_eq(&'\'').is_none() && escaped {
                    while chars.next_if(|c| *c != '\'').is_some() {}
                    chars.next();
                }
            }
            '"' => {
                let mut text = String::new();
                while let Some(c) = chars.next() {
                    match c {
                        '"' => break,
                        '\\' if before != 'r' => match chars.next() {
                            Some('\n') => while chars.next_if(|c| c.is_whitespace()).is_some() {},
                            Some('n') => text.push('\n'),
                            Some(other) => text.push(other),
                            None => break,
                        },
                        c => text.push(c),
                    }
                }
                found.push(text);
            }
            _ => {}
        }
        before = c;
    }
    found
}

/// The source files that speak to people: not the tests, nor the rules, which are held to this with their fixtures.
fn sources(folder: &Path, into: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() {
            sources(&path, into);
        } else if name.ends_with(".rs") && !["test", "fixture", "case.rs"].iter().any(|part| name.contains(part)) {
            into.push(path);
        }
    }
}

/// True for a Dutch sentence, and not for code, marks of a file or English.
fn is_dutch(text: &str) -> bool {
    const DUTCH: [&str; 14] = [
        "de", "het", "een", "niet", "van", "geen", "dit", "deze", "met", "staat", "zijn", "dat", "uw", "werkboek",
    ];
    let words = text.split_whitespace().count();
    let known = text.split(|c: char| !c.is_alphabetic()).filter(|word| DUTCH.contains(word)).count();
    words > 3 && known > 0 && !text.contains("</") && !text.contains("/>") && !text.contains("=\"")
}

#[test]
fn every_message_is_short_and_plain() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    sources(&root, &mut files);
    let (mut wrong, mut read) = (Vec::new(), 0);
    for path in files {
        let source = std::fs::read_to_string(&path).unwrap();
        let mut texts = literals(&source);
        if path.ends_with("args.rs") {
            // The comments of arguments are their help.
            texts.extend(source.lines().filter_map(|line| line.trim().strip_prefix("/// ").map(str::to_owned)));
        }
        for text in texts.iter().filter(|text| is_dutch(text)) {
            read += 1;
            wrong.extend(tone(text).iter().map(|what| format!("{}: {what} in: {text}", path.display())));
        }
    }
    assert!(read > 1000, "{read} sentences");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn jargon_blame_and_long_sentences_are_seen() {
    assert_eq!(tone("De sleutel ontbreekt."), ["'sleutel'"]);
    assert_eq!(tone(&format!("Dit is {}lang.", "heel ".repeat(25))).len(), 1);
    assert!(tone("Typ het cijfer in cel E12 en 'een index die iemand zelf schreef'.").is_empty());
    assert_eq!(literals("let c = '\"'; say(\"Een tekst.\", r\"\\d\"); // \"geen tekst\""), ["Een tekst.", "\\d"]);
}
