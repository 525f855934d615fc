//! Bad input and impossible targets: a clear Dutch message, exit code 2, and every file as it was.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

use std::fs;
use std::path::Path;

use crate::common::{
    Run, blank, changed_overview, column_of, command, example, filled, folder_with, names, repository, row_of,
    run, snapshot, typed, wijk, with_entry,
};

/// Runs a command that must be refused: code 2, the words, one sentence that ends properly, and no file changed.
fn refused(folder: &Path, arguments: &[&str], words: &[&str]) {
    let before = snapshot(folder);
    let said = wijk(folder, arguments).ended(2);
    for word in words {
        assert!(said.err.contains(word), "'{word}' is not said: {said:?}");
    }
    assert!(said.err.trim_end().ends_with('.') && said.err.starts_with("niet gelukt: "), "{said:?}");
    assert_eq!(said.out, "", "{arguments:?}");
    assert!(snapshot(folder) == before, "{arguments:?} changed a file: {:?}", names(folder));
}

/// Every command that reads a workbook refuses this file with these words.
fn refused_everywhere(folder: &Path, file: &str, words: &[&str]) {
    refused(folder, &["vul", file, "--wijk", "Bospolder", "-o", "uit.xlsx"], words);
    refused(folder, &["vul", file, "--wijk", "Bospolder", "--ter-plaatse"], words);
    refused(folder, &["controleer", file], words);
    refused(folder, &["toon", file], words);
    refused(folder, &["rapport", file, "-o", "uit.docx"], words);
    refused(folder, &["vergelijk", file], words);
    refused(folder, &["alles", file, "--wijk", "Bospolder", "--map", "uit"], words);
}

#[test]
fn what_is_no_workbook_is_refused_by_every_command() {
    let encrypted = compound_file("EncryptedPackage");
    let here = folder_with(&[
        ("plaatje.xlsx", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"),
        ("half.xlsx", &blank()[..blank().len() / 2]),
        ("tabel.xlsx", b"code;naam\n1;twee\n"),
        ("leeg.xlsx", b""),
        ("geheim.xlsx", &encrypted),
        ("zip.xlsx", &with_name(b"hallo.txt")),
    ]);
    refused_everywhere(here.path(), "plaatje.xlsx", &["plaatje.xlsx", "geen Excel"]);
    refused_everywhere(here.path(), "half.xlsx", &["half.xlsx", "beschadigd of niet volledig"]);
    refused_everywhere(here.path(), "tabel.xlsx", &["tabel.xlsx", "tekstbestand (csv)"]);
    refused_everywhere(here.path(), "leeg.xlsx", &["leeg.xlsx", "het bestand is leeg"]);
    refused_everywhere(here.path(), "geheim.xlsx", &["geheim.xlsx", "wachtwoord"]);
    refused_everywhere(here.path(), "zip.xlsx", &["zip.xlsx"]);
    refused_everywhere(here.path(), "weg.xlsx", &["weg.xlsx", "bestaat niet"]);
    refused_everywhere(here.path(), ".", &["is een map"]);
}

/// A zip with one small file in it that is no workbook.
fn with_name(name: &[u8]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let name = String::from_utf8(name.to_vec()).unwrap();
    writer.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
    std::io::Write::write_all(&mut writer, b"hallo").unwrap();
    writer.finish().unwrap().into_inner()
}

/// The start of a compound file whose directory names one stream: what Excel makes of a workbook with a password.
fn compound_file(stream: &str) -> Vec<u8> {
    let mut bytes = vec![0_u8; 512 * 4];
    bytes[..8].copy_from_slice(&[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]);
    bytes[24] = 0x3E;
    bytes[26] = 3;
    bytes[28..30].copy_from_slice(&[0xFE, 0xFF]);
    bytes[30] = 9;
    bytes[32] = 6;
    bytes[44] = 1; // one sector with the allocation table
    bytes[48] = 1; // the directory starts in sector 1
    bytes[56..60].copy_from_slice(&4096_u32.to_le_bytes());
    bytes[60..64].copy_from_slice(&0xFFFF_FFFE_u32.to_le_bytes());
    bytes[68..72].copy_from_slice(&0xFFFF_FFFE_u32.to_le_bytes());
    bytes[76..80].copy_from_slice(&0_u32.to_le_bytes());
    for at in (80..512).step_by(4) {
        bytes[at..at + 4].copy_from_slice(&0xFFFF_FFFF_u32.to_le_bytes());
    }
    let table = [0xFFFF_FFFD_u32, 0xFFFF_FFFE, 0xFFFF_FFFE];
    for (index, value) in (0..128).map(|index| (index, table.get(index).copied().unwrap_or(0xFFFF_FFFF))) {
        bytes[512 + 4 * index..516 + 4 * index].copy_from_slice(&value.to_le_bytes());
    }
    for (index, name) in ["Root Entry", stream].into_iter().enumerate() {
        let at = 1024 + 128 * index;
        for (place, unit) in name.encode_utf16().enumerate() {
            bytes[at + 2 * place..at + 2 * place + 2].copy_from_slice(&unit.to_le_bytes());
        }
        bytes[at + 64..at + 66].copy_from_slice(&(2 * u16::try_from(name.len() + 1).unwrap()).to_le_bytes());
        bytes[at + 66] = if index == 0 { 5 } else { 2 };
        for pointer in [68, 72, 76] {
            bytes[at + pointer..at + pointer + 4].copy_from_slice(&0xFFFF_FFFF_u32.to_le_bytes());
        }
    }
    bytes[1024 + 76] = 1;
    bytes[1024 + 77..1024 + 80].fill(0);
    bytes
}

#[test]
fn an_unknown_wijk_is_refused_with_the_nearest_names() {
    let here = folder_with(&[("a.xlsx", blank())]);
    refused(here.path(), &["vul", "a.xlsx", "--wijk", "Bospoler"], &["'Bospoler'", "Bedoelt u Bospolder"]);
    refused(here.path(), &["vul", "a.xlsx", "--wijk", "BU00340599"], &["BU00340599", "wijk wijken"]);
    let beside = ["vul", "a.xlsx", "--wijk", "Bospolder", "--naast", "Tusendijken"];
    refused(here.path(), &beside, &["'Tusendijken'", "Bedoelt u Tussendijken"]);
    refused(here.path(), &["alles", "--wijk", "Nergens", "--map", "uit"], &["'Nergens'"]);
    refused(here.path(), &["vergelijk", "--wijk", "Nergens"], &["'Nergens'"]);
    refused(here.path(), &["demo", "--wijk", "Nergens"], &["'Nergens'"]);
}

#[test]
fn a_name_of_a_wijk_and_a_gebied_means_the_wijk_and_two_wijken_of_one_name_are_refused() {
    let two = changed_overview(|rows| {
        let at = rows.iter().position(|row| row[1] == "Tussendijken").unwrap();
        rows[at][1] = "Bospolder".to_owned();
    });
    let here = folder_with(&[("a.xlsx", blank()), ("twee.csv", &two)]);
    let arguments = ["vul", "a.xlsx", "--wijk", "Bospolder", "--overzicht", "twee.csv"];
    refused(
        here.path(),
        &arguments,
        &["meer gebieden met de naam 'Bospolder'", "BU05990321", "BU05990322", "code"],
    );
    // The code settles it.
    wijk(here.path(), &["vergelijk", "--wijk", "BU05990321", "--overzicht", "twee.csv"]).ended(0);
    let wijk_of = |name: &str| wijk(here.path(), &["vergelijk", "--wijk", name, "--json"]).ended(0).json();
    let delfshaven = wijk_of("Delfshaven");
    let codes: Vec<_> = wijk(here.path(), &["wijken", "--json"])
        .ended(0)
        .json()
        .as_array()
        .unwrap()
        .iter()
        .filter(|area| area["name"] == "Delfshaven")
        .map(|area| (area["level"].as_str().unwrap().to_owned(), area["code"].as_str().unwrap().to_owned()))
        .collect();
    let code = |level: &str| codes.iter().find(|(of, _)| of == level).unwrap().1.clone();
    assert_eq!(delfshaven["comparison"]["domeinen"], wijk_of(&code("wijk"))["comparison"]["domeinen"]);
    assert_ne!(delfshaven["comparison"]["domeinen"], wijk_of(&code("gebied"))["comparison"]["domeinen"]);
}

#[test]
fn a_city_or_a_country_is_no_wijk_for_any_command() {
    let here = folder_with(&[("a.xlsx", blank())]);
    for (name, words) in [
        ("Rotterdam", ["Rotterdam (GM0599) is een stad en geen wijk", "--naast"]),
        ("Nederland", ["Nederland (NL) is een land en geen wijk", "--naast"]),
    ] {
        refused(here.path(), &["vul", "a.xlsx", "--wijk", name], &words);
        refused(here.path(), &["controleer", "a.xlsx", "--wijk", name], &words);
        refused(here.path(), &["rapport", "a.xlsx", "--wijk", name, "-o", "r.docx"], &words);
        refused(here.path(), &["vergelijk", "--wijk", name], &words);
        refused(here.path(), &["alles", "--wijk", name, "--map", "uit"], &words);
    }
}

/// The figure of a wijk as it stands in the example overview.
fn figure_of(code: &str, area: &str) -> f64 {
    let text = fs::read_to_string(example()).unwrap();
    let rows: Vec<Vec<&str>> = text.lines().map(|line| line.split(';').collect()).collect();
    let column = rows.iter().find(|row| row[0] == "Code").unwrap().iter().position(|cell| *cell == code).unwrap();
    rows.iter().find(|row| row.get(1) == Some(&area)).unwrap()[column].replace(',', ".").parse().unwrap()
}

#[test]
fn figures_of_one_wijk_never_stand_under_the_name_of_another() {
    let shorter = changed_overview(|rows| {
        let column = column_of(rows, "vsv");
        for row in rows.iter_mut() {
            if column < row.len() {
                row.remove(column);
            }
        }
    });
    let folder = folder_with(&[("Bospolder.xlsx", &filled().0), ("zonder.csv", &shorter)]);
    let run = |arguments: &[&str]| wijk(folder.path(), arguments).ended(0);
    run(&["format", "bouw", "--overzicht", "zonder.csv", "-o", "kort.xlsx"]);
    run(&["vul", "kort.xlsx", "--wijk", "Bospolder", "--naast", "Tussendijken", "-o", "kort vol.xlsx"]);
    // Somebody typed the figures that the overview in the workbook has no column for.
    let entries = filled().1.as_array().unwrap();
    let vsv = |entry: &&serde_json::Value| entry["indicator"] == "vsv" && entry["veld"] == "wijk";
    let entry = entries.iter().find(vsv).unwrap();
    let (tab, cell) = (entry["tabblad"].as_str().unwrap(), entry["cel"].as_str().unwrap());
    let bytes = fs::read(folder.path().join("kort vol.xlsx")).unwrap();
    let with = |cell: &str| typed(&bytes, tab, &[(cell, "<v>17.7</v>")]);
    fs::write(folder.path().join("getypt.xlsx"), with(cell)).unwrap();
    fs::write(folder.path().join("naast.xlsx"), with(&cell.replace('E', "F"))).unwrap();
    let lacking = ["cijfers van 'Bospolder'", "geen kolom", cell, "leeg werkboek"];
    refused(folder.path(), &["vul", "getypt.xlsx", "--wijk", "Spangen"], &lacking);
    let beside = ["vul", "naast.xlsx", "--wijk", "Bospolder", "--naast", "Spangen"];
    refused(folder.path(), &beside, &["cijfers van 'Tussendijken'", "onder de naam Spangen"]);
    // An overview with part of the indicators renews those; the rest comes from the workbook's own tab.
    let part = ["vul", "Bospolder.xlsx", "--wijk", "Spangen", "--overzicht", "zonder.csv", "-o", "Spangen.xlsx"];
    run(&[&part[..], &["--naast", "Tussendijken", "--logboek", "logboek.json"]].concat());
    let written = fs::read_to_string(folder.path().join("logboek.json")).unwrap();
    let written: Vec<serde_json::Value> = serde_json::from_str(&written).unwrap();
    let renewed: Vec<f64> = written.iter().filter(vsv).map(|entry| entry["nieuw"].as_f64().unwrap()).collect();
    let of_spangen = figure_of("vsv", "Spangen");
    assert!(!renewed.is_empty() && renewed.iter().all(|figure| (figure - of_spangen).abs() < 1e-9), "{renewed:?}");
    // What is made of a workbook is about the wijk of that workbook.
    for (command, more) in [
        ("rapport", &["-o", "r.docx"][..]),
        ("plan", &["-o", "p.docx"]),
        ("gesprekskaart", &["-o", "g.docx"]),
        ("vergelijk", &[]),
    ] {
        let arguments = [&[command, "Bospolder.xlsx", "--wijk", "Spangen"][..], more].concat();
        refused(folder.path(), &arguments, &["gaat over 'Bospolder' en niet over Spangen", "--wijk"]);
    }
}

#[test]
fn an_overview_without_areas_or_without_rotterdam_is_refused() {
    let empty = changed_overview(|rows| rows.truncate(row_of(rows, "Gebiedscode") + 1));
    let without = changed_overview(|rows| rows.retain(|row| row[0] != "GM0599"));
    let here = folder_with(&[
        ("a.xlsx", blank()),
        ("leeg.csv", &empty),
        ("nul.csv", b""),
        ("zonder.csv", &without),
        ("proza.csv", b"Beste collega,\n\nhierbij het overzicht.\n"),
    ]);
    let cases = [
        ("leeg.csv", "geen gebieden"),
        ("nul.csv", "het bestand is leeg"),
        ("zonder.csv", "ontbreekt Rotterdam (GM0599)"),
        ("proza.csv", "proza.csv"),
        ("weg.csv", "bestaat niet"),
    ];
    for (file, words) in cases {
        refused(here.path(), &["vul", "a.xlsx", "--wijk", "Bospolder", "--overzicht", file], &[file, words]);
        refused(here.path(), &["format", "bouw", "-o", "b.xlsx", "--overzicht", file], &[file, words]);
        refused(here.path(), &["alles", "--alle-wijken", "--map", "uit", "--overzicht", file], &[file, words]);
        refused(here.path(), &["wijken", "--overzicht", file], &[file, words]);
    }
}

#[test]
fn a_workbook_of_a_newer_format_is_not_filled() {
    let newer = |name: &str, from: &str, to: &str, bytes: &[u8]| {
        with_entry(bytes, name, |xml| {
            assert!(xml.contains(from), "{name} holds no {from}");
            xml.replace(from, to)
        })
    };
    // The stamp is a custom property as well as a hidden tab; a person with a newer format has both.
    let version = crate::common::entry(blank(), "docProps/custom.xml");
    let version = version.split("<vt:lpwstr>").nth(1).unwrap().split('<').next().unwrap().to_owned();
    let mut bytes = newer("docProps/custom.xml", &version, "99.0.0", blank());
    bytes = newer("xl/sharedStrings.xml", &format!(">{version}<"), ">99.0.0<", &bytes);
    let here = folder_with(&[("nieuw.xlsx", &bytes)]);
    refused(here.path(), &["vul", "nieuw.xlsx", "--wijk", "Bospolder"], &["nieuw.xlsx", "99.0.0", &version]);
    refused(here.path(), &["alles", "nieuw.xlsx", "--wijk", "Bospolder", "--map", "uit"], &["99.0.0"]);
    // Looking is allowed.
    wijk(here.path(), &["toon", "nieuw.xlsx"]).ended(0).says(&["99.0.0"]);
}

#[test]
fn old_workbooks_and_opendocument_are_read_but_not_filled() {
    let read = |name: &str| fs::read(repository().join("fixtures/werkboeken").join(name)).unwrap();
    let here = folder_with(&[
        ("oud.xls", &read("klassiek (fictief).xls")),
        ("open.ods", &read("klassiek (fictief).ods")),
    ]);
    for file in ["oud.xls", "open.ods"] {
        let overview = crate::common::example();
        let arguments = ["vul", file, "--wijk", "Bospolder", "--overzicht", &overview];
        refused(here.path(), &arguments, &[file, "niet worden gevuld", "sla het op als .xlsx"]);
        let renamed = ["vul", file, "--wijk", "Bospolder", "--overzicht", &overview, "-o", "uit.xlsx"];
        refused(here.path(), &renamed, &["sla het op als .xlsx"]);
        wijk(here.path(), &["toon", file]).ended(0).says(&["Pijler Kansrijk", "Schoolprestaties"]);
        wijk(here.path(), &["controleer", file, "--overzicht", &overview, "--wijk", "Bospolder"]).ended(1);
        let document = format!("{file}.docx");
        let report = ["rapport", file, "-o", &document, "--overzicht", &overview, "--wijk", "Bospolder"];
        wijk(here.path(), &report).says(&["is gemaakt voor wijk Bospolder"]);
    }
}

#[test]
fn an_existing_target_is_replaced_only_when_asked() {
    let here = folder_with(&[("a.xlsx", blank()), ("b.xlsx", b"van een ander"), ("log.csv", b"oud logboek")]);
    refused(
        here.path(),
        &["vul", "a.xlsx", "--wijk", "Bospolder", "-o", "b.xlsx"],
        &["b.xlsx bestaat al", "--forceer"],
    );
    let both = ["vul", "a.xlsx", "--wijk", "Bospolder", "-o", "b.xlsx", "--logboek", "log.csv"];
    refused(here.path(), &both, &["b.xlsx", "log.csv", "bestaan al"]);
    refused(
        here.path(),
        &["vul", "a.xlsx", "--wijk", "Bospolder", "-o", "a.xlsx", "--forceer"],
        &["werkboek zelf"],
    );
    refused(here.path(), &["vul", "a.xlsx", "--wijk", "Bospolder", "-o", "c.xlsm"], &[".xlsx"]);
    refused(here.path(), &["vul", "a.xlsx", "--wijk", "Bospolder", "--logboek", "log.txt"], &[".json of .csv"]);
    wijk(here.path(), &["vul", "a.xlsx", "--wijk", "Bospolder", "-o", "b.xlsx", "--forceer"]).ended(0);
    assert!(fs::read(here.path().join("b.xlsx")).unwrap().starts_with(b"PK"));
    assert!(fs::read(here.path().join("a.xlsx")).unwrap() == blank());
}

#[test]
fn a_target_that_cannot_be_written_is_named_and_nothing_is_left_behind() {
    let here = folder_with(&[("a.xlsx", blank()), ("vast.xlsx", b"alleen lezen")]);
    fs::create_dir(here.path().join("map.xlsx")).unwrap();
    let mut permissions = fs::metadata(here.path().join("vast.xlsx")).unwrap().permissions();
    permissions.set_readonly(true);
    fs::set_permissions(here.path().join("vast.xlsx"), permissions).unwrap();
    let vul = |target: &str, words: &[&str]| {
        refused(here.path(), &["vul", "a.xlsx", "--wijk", "Bospolder", "-o", target, "--forceer"], words);
    };
    vul("map.xlsx", &["map.xlsx", "is een map"]);
    vul("vast.xlsx", &["vast.xlsx", "alleen-lezen"]);
    vul("weg/uit.xlsx", &["weg", "bestaat niet"]);
    vul("a.xlsx/uit.xlsx", &["a.xlsx"]);
    refused(here.path(), &["alles", "--wijk", "Bospolder", "--map", "a.xlsx"], &["a.xlsx"]);
    if cfg!(target_os = "linux") {
        // Where even root may not make a file.
        vul("/sys/uit.xlsx", &["/sys", "geen toestemming"]);
    }
}

#[cfg(unix)]
#[test]
fn a_device_or_pipe_is_never_replaced_by_a_file() {
    use std::os::unix::net::UnixListener;
    let here = folder_with(&[("a.xlsx", blank())]);
    // A socket stands in for every target that is no ordinary file, also behind a link.
    let _socket = UnixListener::bind(here.path().join("contact")).unwrap();
    std::os::unix::fs::symlink("contact", here.path().join("link.xlsx")).unwrap();
    for (target, force) in [("link.xlsx", true), ("link.xlsx", false)] {
        let mut arguments = vec!["vul", "a.xlsx", "--wijk", "Bospolder", "-o", target];
        arguments.extend(force.then_some("--forceer"));
        let said = wijk(here.path(), &arguments).ended(2);
        said.says(&["link.xlsx"]);
        use std::os::unix::fs::FileTypeExt;
        assert!(fs::metadata(here.path().join("contact")).unwrap().file_type().is_socket(), "{said:?}");
        assert_eq!(names(here.path()).len(), 3);
    }
}

#[cfg(unix)]
#[test]
fn a_write_that_stops_halfway_leaves_the_old_file_and_no_litter() {
    let here = folder_with(&[("a.xlsx", blank()), ("b.xlsx", b"oud")]);
    let before = snapshot(here.path());
    let binary = crate::common::program();
    for arguments in ["-o b.xlsx --forceer", "-o c.xlsx", "--ter-plaatse"] {
        // The system refuses to let a file grow beyond 16 blocks, as a full disk would.
        let script =
            format!("trap '' XFSZ; ulimit -f 16; exec '{binary}' vul a.xlsx --wijk Bospolder {arguments}");
        let said = run(std::process::Command::new("sh").args(["-c", &script]).current_dir(here.path())).ended(2);
        // What is named is the file that cannot grow, not the one that is read.
        let target = arguments.split(' ').nth(1).unwrap_or("a.xlsx");
        said.says(&[&format!("niet gelukt: {target}: Het bestand schrijven lukt niet")]);
        assert!(snapshot(here.path()) == before, "{arguments}: {:?}", names(here.path()));
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_screen_output_is_an_error_and_no_panic() {
    let here = tempfile::tempdir().unwrap();
    for arguments in [&["wijken"][..], &["wijken", "--json"], &["--help"]] {
        let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let said: Run = run(command(here.path(), arguments).stdout(full));
        // `output()` replaces stdout only when it was not set.
        assert!(!said.err.contains("panicked"), "{said:?}");
        assert_eq!(said.code, 2, "{said:?}");
        said.says(&["de schijf is vol"]);
    }
}

#[cfg(target_os = "linux")]
#[test]
fn where_not_even_the_error_can_be_written_the_exit_code_remains() {
    let here = tempfile::tempdir().unwrap();
    for arguments in [&["lees", "bestaat niet.xlsx"][..], &["bestaat-niet"], &["controleer", "weg.xlsx", "--json"]]
    {
        let full = || fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let status = command(here.path(), arguments).stdout(full()).stderr(full()).status().unwrap();
        assert_eq!(status.code(), Some(2), "{arguments:?}");
    }
}

#[test]
fn the_wijk_itself_does_not_come_beside_itself() {
    let here = folder_with(&[("plan.xlsx", blank())]);
    for name in ["Bospolder", "wijk Bospolder"] {
        let arguments = ["vul", "plan.xlsx", "--wijk", "Bospolder", "--naast", name, "-o", "vol.xlsx"];
        wijk(here.path(), &arguments).ended(2).says(&["achter --naast staat de wijk zelf", "laat --naast weg"]);
    }
    let all = ["alles", "--wijk", "Bospolder", "--naast", "Bospolder", "--map", "uit"];
    wijk(here.path(), &all).ended(2).says(&["achter --naast staat de wijk zelf"]);
    assert_eq!(names(here.path()).len(), 1);
}

#[test]
fn an_overview_that_is_open_elsewhere_is_used_with_a_remark() {
    let overview = fs::read(example()).unwrap();
    let here = folder_with(&[("ov.csv", &overview), ("~$ov.csv", &lock("Jan de Vries")), ("plan.xlsx", blank())]);
    wijk(here.path(), &["vul", "plan.xlsx", "--wijk", "Bospolder", "-o", "vol.xlsx"]).ended(0);
    let remark = "[overzicht-is-open]: Het overzicht is open bij Jan de Vries";
    for arguments in [
        &["vergelijk", "--wijk", "Bospolder"][..],
        &["vergelijk", "vol.xlsx"],
        &["controleer", "vol.xlsx"],
        &["gesprekskaart", "vol.xlsx", "-o", "kaart.docx"],
        &["alles", "--wijk", "Bospolder", "--map", "uit"],
        &["format", "bouw", "-o", "leeg.xlsx"],
        &["vul", "plan.xlsx", "--wijk", "Bospolder", "-o", "weer.xlsx"],
    ] {
        let arguments = [arguments, &["--overzicht", "ov.csv"]].concat();
        wijk(here.path(), &arguments).ended(0).says(&[remark]);
    }
    let closed = wijk(here.path(), &["vergelijk", "vol.xlsx"]).ended(0);
    assert!(!closed.out.contains("is open bij"), "the overview in the workbook is not that file: {closed:?}");
}

#[test]
fn a_workbook_that_is_open_elsewhere_is_not_written_to() {
    let here = folder_with(&[("plan.xlsx", blank()), ("~$plan.xlsx", &lock("Jan de Vries"))]);
    refused(
        here.path(),
        &["vul", "plan.xlsx", "--wijk", "Bospolder", "--ter-plaatse"],
        &["plan.xlsx is open bij Jan de Vries", "Sluit het bestand"],
    );
    // Reading it is fine, with a remark: what is not saved yet is not taken along.
    let filled = wijk(here.path(), &["vul", "plan.xlsx", "--wijk", "Bospolder", "--json"]).ended(0).json();
    let remark = &filled["findings"][0];
    assert_eq!((remark["code"].as_str(), remark["level"].as_str()), (Some("werkboek-is-open"), Some("opmerking")));
    let remarks = |outcome: serde_json::Value| {
        let findings = outcome["findings"].as_array().cloned().unwrap_or_default();
        findings.iter().filter(|finding| finding["code"] == "werkboek-is-open").count()
    };
    for arguments in [
        &["controleer", "plan.xlsx"][..],
        &["toon", "plan.xlsx"],
        &["gesprekskaart", "plan.xlsx", "--wijk", "Bospolder", "-o", "kaart.docx"],
        &["alles", "plan.xlsx", "--wijk", "Bospolder", "--map", "uit"],
    ] {
        let outcome = wijk(here.path(), &[arguments, &["--json"]].concat());
        assert_eq!(remarks(outcome.json()), 1, "{arguments:?}");
    }
    // LibreOffice's lock on the target.
    fs::write(here.path().join(".~lock.uit.xlsx#"), ",janneke,pc,22.11.2026 10:00,file:///x;").unwrap();
    refused(
        here.path(),
        &["vul", "plan.xlsx", "--wijk", "Bospolder", "-o", "uit.xlsx"],
        &["uit.xlsx is open bij janneke"],
    );
}

/// Excel's lock file: a length and a name in bytes, then at 55 the same in UTF-16.
fn lock(owner: &str) -> Vec<u8> {
    let mut bytes = vec![b' '; 165];
    bytes[0] = u8::try_from(owner.len()).unwrap();
    bytes[1..=owner.len()].copy_from_slice(owner.as_bytes());
    bytes[55..57].copy_from_slice(&u16::try_from(owner.len()).unwrap().to_le_bytes());
    for (index, unit) in owner.encode_utf16().enumerate() {
        bytes[57 + 2 * index..59 + 2 * index].copy_from_slice(&unit.to_le_bytes());
    }
    bytes
}

#[test]
fn a_figure_that_is_no_number_in_an_overview_is_named_with_its_place() {
    let strange = changed_overview(|rows| {
        let column = column_of(rows, "vsv");
        let at = rows.iter().position(|row| row[1] == "Bospolder").unwrap();
        rows[at][column] = "veel".to_owned();
    });
    let here = folder_with(&[("a.xlsx", blank()), ("raar.csv", &strange)]);
    let arguments = ["vul", "a.xlsx", "--wijk", "Bospolder", "--overzicht", "raar.csv", "--json"];
    let outcome = wijk(here.path(), &arguments).json();
    let finding =
        outcome["findings"].as_array().unwrap().iter().find(|f| f["found"].as_str().unwrap().contains("veel"));
    let finding = finding.unwrap_or_else(|| panic!("'veel' is not reported: {}", outcome["findings"]));
    assert!(finding["place"].to_string().contains("raar.csv"), "{finding}");
}

#[test]
fn no_command_writes_over_what_it_reads_not_even_with_force_or_under_another_spelling() {
    let overview = std::fs::read(repository().join("fixtures/overzicht-rotterdam.csv")).unwrap();
    let files: [(&str, &[u8]); 3] = [("a.xlsx", &filled().0), ("o.csv", &overview), ("h.docx", b"van ons")];
    let here = folder_with(&files);
    std::fs::create_dir(here.path().join("map")).unwrap();
    let commands: [&[&str]; 7] = [
        &[
            "vul",
            "a.xlsx",
            "--wijk",
            "Bospolder",
            "--overzicht",
            "o.csv",
            "-o",
            "b.xlsx",
            "--logboek",
            "o.csv",
            "--forceer",
        ],
        &["vul", "a.xlsx", "--editie", "o.csv", "-o", "b.xlsx", "--logboek", "map/../o.csv", "--forceer"],
        &["controleer", "a.xlsx", "--overzicht", "o.csv", "--html", "o.csv", "--forceer"],
        &["controleer", "a.xlsx", "--overzicht", "o.csv", "--tabel", "./o.csv", "--forceer"],
        &["rapport", "a.xlsx", "--huisstijl", "h.docx", "-o", "h.docx", "--forceer"],
        &["plan", "a.xlsx", "--sjabloon", "h.docx", "-o", "map/../h.docx", "--forceer"],
        &["overzicht", "importeer", "o.csv", "-o", "o.csv", "--forceer"],
    ];
    for command in commands {
        refused(here.path(), command, &["wordt in deze opdracht ook gelezen"]);
    }
}
