//! The Word documents as python-docx and LibreOffice see them.

use std::fs;
use std::path::Path;
use std::process::Command;

use libtest_mimic::Trial;

use crate::common::{example, wijk};
use crate::made;
use crate::need::{Need, convert, trial, witness};

const KINDS: [(&str, &str); 3] =
    [("rapport", "Rapportage"), ("plan", "Plan van aanpak"), ("gesprekskaart", "Gesprekskaart")];

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        trial(
            "documents_of_three_wijken_have_their_headings_tables_and_properties",
            &[Need::Python],
            three_wijken,
        ),
        trial("every_text_of_the_advisor_stands_in_the_documents_to_the_letter", &[Need::Python], every_text),
        trial(
            "libreoffice_makes_a_pdf_of_every_document_and_the_card_is_one_page",
            &[Need::LibreOffice, Need::Python],
            to_pdf,
        ),
        trial(
            "the_card_of_a_wijk_and_figures_with_very_long_names_is_one_page",
            &[Need::LibreOffice],
            card_with_long_names,
        ),
    ]
}

fn three_wijken() -> Result<(), String> {
    for (number, wijk) in made::WIJKEN.iter().enumerate() {
        for (kind, name) in KINDS {
            let document =
                made::wijken().join(number.to_string()).join(format!("{name} {}.docx", wijk.replace('/', "-")));
            witness("read_documents.py", &[kind.as_ref(), &document, wijk.as_ref()])
                .map_err(|text| format!("{}\n{text}", document.display()))?;
        }
    }
    Ok(())
}

fn every_text() -> Result<(), String> {
    let folder = made::full();
    for kind in ["rapport", "plan"] {
        let document = folder.join(format!("{kind}.docx"));
        witness(
            "read_documents.py",
            &[kind.as_ref(), &document, "Bospolder".as_ref(), &folder.join("teksten.json")],
        )?;
    }
    witness(
        "read_documents.py",
        &["gesprekskaart".as_ref(), &folder.join("gesprekskaart.docx"), "Bospolder".as_ref()],
    )
    .map(drop)
}

/// One start of LibreOffice for all documents.
fn to_pdf() -> Result<(), String> {
    let folder = tempfile::tempdir().map_err(|e| e.to_string())?;
    let mut documents = made::files(made::full(), "docx");
    let mut copies = Vec::new();
    documents.extend(made::files(made::wijken(), "docx"));
    for (number, document) in documents.iter().enumerate() {
        // Names that occur twice would overwrite each other.
        let copy = folder.path().join(format!("{number} {}", document.file_name().unwrap().to_string_lossy()));
        std::fs::copy(document, &copy).map_err(|e| e.to_string())?;
        copies.push(copy);
    }
    let output = Command::new("soffice")
        .arg(format!("-env:UserInstallation=file://{}", folder.path().join("profile").display()))
        .args(["--headless", "--convert-to", "pdf", "--outdir"])
        .arg(folder.path())
        .args(&copies)
        .output()
        .map_err(|e| e.to_string())?;
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    if !output.status.success() || said.contains("Error") {
        return Err(said);
    }
    for copy in &copies {
        let pages = pages(&copy.with_extension("pdf"))?;
        let card = copy.to_string_lossy().to_lowercase().contains("gesprekskaart");
        if card && pages != 1 {
            return Err(format!("{} has {pages} pages", copy.display()));
        }
    }
    Ok(())
}

/// How many pages a pdf has.
fn pages(pdf: &Path) -> Result<usize, String> {
    let info = Command::new("pdfinfo").arg(pdf).output().map_err(|e| e.to_string())?;
    let info = String::from_utf8_lossy(&info.stdout).into_owned();
    let pages = info.lines().find_map(|line| line.strip_prefix("Pages:")).and_then(|n| n.trim().parse().ok());
    pages.ok_or_else(|| format!("{}: no pages: {info}", pdf.display()))
}

/// A format in which every indicator has a name of several lines, and a wijk whose name takes two lines as a title.
fn card_with_long_names() -> Result<(), String> {
    let folder = tempfile::tempdir().map_err(|e| e.to_string())?;
    let folder = folder.path();
    wijk(folder, &["format", "uitvoer", "eigen"]).ended(0);
    let file = folder.join("eigen/indicatoren.csv");
    let mut lines: Vec<String> = fs::read_to_string(&file).unwrap().lines().map(str::to_owned).collect();
    for line in lines.iter_mut().skip(1) {
        let mut fields: Vec<String> = line.split(';').map(str::to_owned).collect();
        if let Some(name) = fields.get_mut(1) {
            name.push_str(", ook als dat pas na verloop van tijd en met veel hulp van anderen lukt");
        }
        *line = fields.join(";");
    }
    fs::write(&file, lines.join("\n")).unwrap();
    let long = "Bospolder en de straten achter de dijk tussen de haven, de spoorlijn en Sint-Jacobsparochiezijde";
    let overview = fs::read_to_string(example()).unwrap().replace(";Bospolder;", &format!(";{long};"));
    fs::write(folder.join("overzicht.csv"), overview).unwrap();
    let arguments = ["alles", "--format", "eigen", "--overzicht", "overzicht.csv", "--wijk", long, "--map", "uit"];
    wijk(folder, &arguments).ended(0);
    let card = folder.join("uit").join(format!("Gesprekskaart {long}.docx"));
    match pages(&convert(&card, "pdf", folder)?)? {
        1 => Ok(()),
        more => Err(format!("the card has {more} pages")),
    }
}
