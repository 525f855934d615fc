//! Renewal of a report that was tampered with: refused, or well-formed, with every text of a person and every other part kept.
//!
//! Four bytes for each damage (see `small.rs`).
#![no_main]

use std::fs;
use std::path::PathBuf;
use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use wijkanalyse::pipeline::{Document, DocumentRequest, FillTarget, Session};

#[path = "documents.rs"]
mod documents;
#[path = "small.rs"]
mod small;

struct World {
    folder: PathBuf,
    session: Session,
    request: DocumentRequest,
    report: Vec<(String, Vec<u8>)>,
}

static WORLD: LazyLock<World> = LazyLock::new(|| {
    let folder = small::folder("bijwerken");
    let (session, request) = documents::filled(&folder);
    let made = session.document(Document::Report, &request).unwrap_or_else(|error| panic!("{error}"));
    let report = small::parts(&fs::read(made.output).unwrap());
    World { folder, session, request, report }
});

fuzz_target!(|data: &[u8]| {
    if data.len() > 256 {
        return;
    }
    let world = &*WORLD;
    let own = |number: usize| documents::paragraph(&format!("eigenwoord{number}x"));
    let mut parts = world.report.clone();
    let text = documents::body(&mut parts);
    let changed = small::damaged(&String::from_utf8(text.clone()).expect("our own"), data, &own);
    *text = changed.clone().into_bytes();
    let (old, new) = (world.folder.join("oud.docx"), world.folder.join("nieuw.docx"));
    fs::write(&old, small::package(&parts)).unwrap();
    let request = DocumentRequest { force: true, ..world.request.clone() };
    if world.session.renew(Document::Report, &request, &old, &FillTarget::File(new.clone())).is_err() {
        return;
    }
    let mut result = small::parts(&fs::read(&new).unwrap());
    let after = String::from_utf8(documents::body(&mut result).clone()).expect("the body is text");
    documents::well_formed(&after);
    for word in documents::words(&changed) {
        assert!(after.contains(&word), "'{word}' is lost");
    }
    for (name, content) in &parts {
        let ours = name.ends_with("document.xml") || name.contains("omments") || name.contains("customXml");
        if !ours && !name.ends_with(".rels") && !name.contains("Content_Types") && !name.contains("settings") {
            let found = result.iter().find(|(other, _)| other == name);
            assert!(found.is_some_and(|(_, other)| other == content), "{name} changed");
        }
    }
});
