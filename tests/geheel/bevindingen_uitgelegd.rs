//! Every code that the library can give is explained in `docs/bevindingen.md`.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on should say where"
)]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// What stands before a code in the sources: the ways in which the stations make a finding.
const MAKERS: [&str; 6] = ["Finding::new(", "finding(", "report(", "note(", "about(", "warn("];

fn sources(folder: &Path, into: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, into);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            into.push(path);
        }
    }
}

/// A code: lower case words with hyphens between them, at least two.
fn is_code(text: &str) -> bool {
    text.contains('-')
        && text.split('-').all(|word| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase()))
}

/// The codes that a source gives: the first text behind a maker.
fn codes(source: &str) -> BTreeSet<String> {
    // Test modules make findings of their own.
    let source = source.split("#[cfg(test)]\nmod tests {").next().unwrap_or("");
    let mut codes = BTreeSet::new();
    for maker in MAKERS {
        for rest in source.split(maker).skip(1) {
            let first = rest.trim_start().strip_prefix('"').and_then(|text| text.split('"').next());
            codes.extend(first.filter(|text| is_code(text)).map(str::to_owned));
        }
    }
    codes
}

#[test]
fn every_code_in_the_sources_is_explained() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    sources(&root.join("src"), &mut files);
    let document = std::fs::read_to_string(root.join("docs/bevindingen.md")).unwrap();
    let explained: BTreeSet<&str> = document.lines().filter_map(|line| line.strip_prefix("### ")).collect();

    let mut found = BTreeSet::new();
    for file in files.iter().filter(|file| !file.ends_with("tests.rs")) {
        found.extend(codes(&std::fs::read_to_string(file).unwrap()));
    }
    assert!(found.contains("benchmark-wijkt-af") && found.len() > 40, "{} codes found", found.len());
    let missing: Vec<&String> = found.iter().filter(|code| !explained.contains(code.as_str())).collect();
    assert!(missing.is_empty(), "not explained in src/check/rules: {missing:?}");
}
