//! A report in the house style of a document that was tampered with: refused, or well-formed with all words of the report.
//!
//! The first byte chooses the part, then four bytes for each damage to it (see `small.rs`).
#![no_main]

use std::fs;
use std::path::PathBuf;
use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use wijkanalyse::pipeline::{Document, DocumentRequest, Session};

#[path = "documents.rs"]
mod documents;
#[path = "small.rs"]
mod small;

struct World {
    folder: PathBuf,
    session: Session,
    request: DocumentRequest,
    /// A plan of ours, as the document of an organisation: it has styles, headings, numbering, a header and a footer.
    reference: Vec<(String, Vec<u8>)>,
}

static WORLD: LazyLock<World> = LazyLock::new(|| {
    let folder = small::folder("huisstijl");
    let (session, request) = documents::filled(&folder);
    let plan = DocumentRequest { output: folder.join("plan.docx"), ..request.clone() };
    let made = session.document(Document::ActionPlan, &plan).unwrap_or_else(|error| panic!("{error}"));
    let reference = small::parts(&fs::read(made.output).unwrap());
    World { folder, session, request, reference }
});

fuzz_target!(|data: &[u8]| {
    let Some((which, codes)) = data.split_first().filter(|_| data.len() < 256) else { return };
    let world = &*WORLD;
    let mut parts = world.reference.clone();
    {
        let mut readable: Vec<_> =
            parts.iter_mut().filter(|(name, _)| name.ends_with(".xml") || name.ends_with(".rels")).collect();
        let count = readable.len();
        let (_, content) = &mut readable[usize::from(*which) % count];
        let own = |number: usize| documents::paragraph(&format!("eigenwoord{number}x"));
        *content = small::damaged(&String::from_utf8_lossy(content), codes, &own).into_bytes();
    }
    let (reference, output) = (world.folder.join("huis.docx"), world.folder.join("uit.docx"));
    fs::write(&reference, small::package(&parts)).unwrap();
    let request =
        DocumentRequest { house_style: Some(reference), output: output.clone(), force: true, ..world.request.clone() };
    if world.session.document(Document::Report, &request).is_err() {
        return;
    }
    let mut result = small::parts(&fs::read(&output).unwrap());
    for (name, content) in &result {
        // A part that was damaged beforehand and is only taken along stays as it was.
        let same = parts.iter().any(|(other, old)| other == name && old == content);
        if !same && (name.ends_with(".xml") || name.ends_with(".rels")) {
            documents::well_formed(&String::from_utf8_lossy(content));
        }
    }
    let body = String::from_utf8(documents::body(&mut result).clone()).expect("the body is text");
    assert!(body.contains("Bospolder"), "the report says which wijk it is about");
});
