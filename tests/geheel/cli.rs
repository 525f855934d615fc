//! The command line as a user meets it: every command, its exit codes and words, and bad input that must leave every
//! file as it was.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

use std::fs;
use std::io::Read as _;

use crate::common::{
    blank, changed_overview, column_of, example, filled, folder_with, names, raw_entries, repository, row_of,
    snapshot, typed, wijk,
};

/// Every command on every level, with its English alias.
const COMMANDS: [(&[&str], &[&str]); 22] = [
    (&[], &[]),
    (&["vul"], &["fill"]),
    (&["controleer"], &["check"]),
    (&["uitleg"], &["explain"]),
    (&["rapport"], &["report"]),
    (&["plan"], &["action-plan"]),
    (&["gesprekskaart"], &["card"]),
    (&["alles"], &["all"]),
    (&["demo"], &["demo"]),
    (&["toon"], &["show"]),
    (&["vergelijk"], &["compare"]),
    (&["wijken"], &["areas"]),
    (&["indicatoren"], &["indicators"]),
    (&["format"], &["format"]),
    (&["format", "bouw"], &["format", "build"]),
    (&["format", "uitvoer"], &["format", "export"]),
    (&["format", "controleer"], &["format", "check"]),
    (&["format", "migreer"], &["format", "migrate"]),
    (&["format", "vergelijk"], &["format", "diff"]),
    (&["overzicht"], &["overview"]),
    (&["overzicht", "importeer"], &["overview", "import"]),
    (&["overzicht", "vergelijk"], &["overview", "compare"]),
];

#[test]
fn help_on_every_level_is_dutch_and_has_an_example() {
    let here = tempfile::tempdir().unwrap();
    for (dutch, english) in COMMANDS {
        let help = wijk(here.path(), &[dutch, &["--help"]].concat()).ended(0);
        help.says(&["Gebruik: wijk", "Voorbeeld"]);
        for word in ["Usage", "Options:", "Commands:", "Print help", "[default", "possible values", "aliases:"] {
            assert!(!help.out.contains(word), "{dutch:?} says '{word}': {}", help.out);
        }
        let name = dutch.join(" ");
        let example = help.out.split("Voorbeeld").last().unwrap();
        assert!(example.contains(&format!("wijk {name}")) || name == "format controleer", "{name}: {example}");
        let other = wijk(here.path(), &[english, &["--help"]].concat()).ended(0);
        assert_eq!(other.out, help.out, "{english:?}");
        assert_eq!(wijk(here.path(), &[dutch, &["-h"]].concat()).ended(0).out, help.out, "{dutch:?}");
    }
}

#[test]
fn help_names_what_is_typed_in_the_order_in_which_it_is_typed() {
    let here = tempfile::tempdir().unwrap();
    for command in [["format", "vergelijk"], ["overzicht", "vergelijk"]] {
        let help = wijk(here.path(), &[&command[..], &["--help"]].concat()).ended(0).out;
        let list = help.split("Wat u opgeeft").nth(1).unwrap();
        assert!(list.find("<OUD>").unwrap() < list.find("<NIEUW>").unwrap(), "{help}");
    }
}

#[test]
fn a_mistake_on_the_command_line_is_said_in_dutch_with_code_2() {
    let here = tempfile::tempdir().unwrap();
    let cases: [(&[&str], &str); 9] = [
        (&["vul"], "Er ontbreekt nog iets: --wijk <NAAM>, <WERKBOEK>"),
        (&["vull"], "'vull' is geen opdracht van wijk"),
        (&["wijken", "--overzich", "x"], "'--overzich' is hier niet bekend"),
        (&["vul", "a.xlsx", "--wijk"], "Achter --wijk"),
        (&["vul", "a.xlsx", "--wijk", "x", "-o", "b.xlsx", "--ter-plaatse"], "kan niet samen met"),
        (&["alles", "--wijk", "x", "--alle-wijken", "--map", "m"], "kan niet samen met"),
        (&["format"], "Gebruik: wijk format"),
        (&["vergelijk"], "Er ontbreekt nog iets"),
        (&["rapport", "a.xlsx", "-o", "b.docx", "--datum", "morgen"], "'morgen' is geen datum"),
    ];
    for (arguments, sentence) in cases {
        let said = wijk(here.path(), arguments).ended(2);
        said.says(&[sentence]);
        assert!(!said.err.contains("error:"), "{said:?}");
        assert_eq!(said.out, "", "{arguments:?}");
    }
    wijk(here.path(), &[]).ended(2).says(&["wijk demo", "wijk --help"]);
    wijk(here.path(), &["--versie"]).ended(0).says(&[env!("CARGO_PKG_VERSION")]);
}

#[test]
fn with_json_a_command_that_cannot_run_says_so_in_json_too() {
    let here = tempfile::tempdir().unwrap();
    fs::write(here.path().join("pijlers.csv"), "naam;kop\nKansrijk\n").unwrap();
    let cases: [(&[&str], &str, &str); 5] = [
        (&["controleer", "weg.xlsx"], "file", "/found"),
        (&["controleer", "pijlers.csv"], "content", "/found"),
        (&["wijken", "--format", "."], "format", "/problems/0"),
        (&["format", "bouw", "-o", "leeg.docx"], "request", "/advice"),
        (&["vull"], "usage", "/message"),
    ];
    for (arguments, kind, field) in cases {
        let said = wijk(here.path(), &[arguments, &["--json"]].concat()).ended(2);
        let error = &said.json()["error"];
        assert_eq!(error["kind"], kind, "{said:?}");
        assert!(said.err.contains(error.pointer(field).unwrap().as_str().unwrap()), "{said:?}");
    }
    let built = wijk(here.path(), &["format", "bouw", "-o", "leeg.xlsx", "--json"]).ended(0).json();
    assert_eq!(built["output"], "leeg.xlsx");
    assert_eq!(built["findings"], serde_json::json!([]));
}

#[test]
fn the_lists_of_areas_and_indicators_are_text_or_json() {
    let here = tempfile::tempdir().unwrap();
    wijk(here.path(), &["wijken"]).ended(0).says(&["Bospolder", "Delfshaven", "gebied", "valt onder"]);
    let areas = wijk(here.path(), &["areas", "--json"]).ended(0).json();
    let wijken = areas.as_array().unwrap().iter().filter(|area| area["level"] == "wijk").count();
    assert_eq!(wijken, 71);
    wijk(here.path(), &["indicatoren"]).ended(0).says(&["vsv", "lager is gunstig", "benadering"]);
    let from_file = wijk(here.path(), &["indicators", "--json", "--overzicht", &example()]).ended(0).json();
    let built_in = wijk(here.path(), &["indicatoren", "--json"]).ended(0).json();
    assert_eq!(from_file, built_in);
    assert_eq!(built_in.as_array().unwrap().len(), 75);
}

#[test]
fn comparing_prints_the_rule_and_the_factors_with_and_without_a_workbook() {
    let here = folder_with(&[("vol.xlsx", &filled().0)]);
    let bare = wijk(here.path(), &["vergelijk", "--wijk", "Bospolder"]).ended(0);
    bare.says(&["Bospolder vergeleken met Rotterdam", "Factoren die terugkomen", "Zo is dit bepaald", "Niveau"]);
    let from_workbook = wijk(here.path(), &["compare", "vol.xlsx", "--json"]).ended(0).json();
    let from_overview = wijk(here.path(), &["vergelijk", "--wijk", "BU05990321", "--json"]).ended(0).json();
    assert_eq!(from_workbook["comparison"]["factoren"], from_overview["comparison"]["factoren"]);
    let other = wijk(here.path(), &["vergelijk", "--wijk", "Nesselande"]).ended(0);
    assert_ne!(bare.out, other.out);
}

#[test]
fn a_name_of_a_wijk_and_a_gebied_is_said_with_both_codes_and_the_way_to_the_other() {
    let here = folder_with(&[("a.xlsx", blank())]);
    let both = ["opmerking [naam-met-twee-betekenissen]", "BU05990320", "WK059903"];
    let vul = |wijk_name: &str, beside: &str| {
        let fixed = ["vul", "a.xlsx", "--wijk", wijk_name, "--naast", beside, "-o", "b.xlsx", "--forceer"];
        wijk(here.path(), &fixed).ended(0)
    };
    let run = vul("Bospolder", "Delfshaven");
    run.says(&both);
    run.says(&["--naast \"gebied Delfshaven\""]);
    vul("Delfshaven", "Bospolder").says(&["--wijk \"gebied Delfshaven\"", "gevuld voor wijk Delfshaven:"]);
    for clear in ["gebied Delfshaven", "WK059903", "BU05990320", "Tussendijken"] {
        let run = vul("Bospolder", clear);
        assert!(!run.out.contains("naam-met-twee-betekenissen"), "{run:?}");
    }
    for command in [vec!["controleer", "a.xlsx"], vec!["vergelijk"]] {
        wijk(here.path(), &[&command[..], &["--wijk", "Delfshaven"]].concat()).says(&both);
    }
    let arguments = ["alles", "--wijk", "Bospolder", "--naast", "Delfshaven", "--map", "uit"];
    wijk(here.path(), &arguments).ended(0).says(&both);
}

#[test]
fn a_gebied_is_called_a_gebied_and_never_a_wijk() {
    let here = folder_with(&[("a.xlsx", blank())]);
    let mut said = String::new();
    let mut says = |arguments: &[&str], words: &str| {
        let run = wijk(here.path(), arguments).ended(0);
        run.says(&[words]);
        said.push_str(&run.out);
    };
    for (name, called) in [("Charlois", "gebied Charlois"), ("WK059903", "gebied Delfshaven")] {
        says(&["vul", "a.xlsx", "--wijk", name, "-o", "b.xlsx", "--forceer"], &format!("gevuld voor {called}:"));
        says(&["controleer", "b.xlsx"], &format!("b.xlsx ({called}):"));
    }
    says(&["rapport", "b.xlsx", "-o", "r.docx"], "is gemaakt voor gebied Delfshaven.");
    says(&["alles", "--wijk", "gebied Delfshaven", "--map", "uit"], "Voor gebied Delfshaven:");
    assert!(!said.to_lowercase().contains("wijk gebied") && !said.contains("ijk Charlois"), "{said}");
    // Its files cannot be taken for those of the wijk of that name.
    assert!(names(&here.path().join("uit")).contains("Analyse gebied Delfshaven - ingevuld.xlsx"));
}

#[test]
fn showing_a_workbook_names_tabs_blocks_and_how_much_is_filled() {
    let here = folder_with(&[("leeg.xlsx", blank()), ("vol.xlsx", &filled().0)]);
    wijk(here.path(), &["toon", "vol.xlsx"]).ended(0).says(&[
        "Pijler Kansrijk",
        "wijk: Bospolder",
        "Schoolprestaties",
    ]);
    let empty = wijk(here.path(), &["show", "leeg.xlsx", "--json"]).ended(0).json();
    let full = wijk(here.path(), &["toon", "vol.xlsx", "--json"]).ended(0).json();
    assert_eq!(empty["figures"]["filled"], 0);
    assert_eq!(full["figures"]["filled"], full["figures"]["total"]);
    assert_eq!(full["pijlers"].as_array().unwrap().len(), 3);
}

#[test]
fn checking_ends_with_0_for_a_filled_workbook_and_1_for_one_with_a_wrong_figure() {
    let here = folder_with(&[("vol.xlsx", &filled().0), ("fout.xlsx", &with_wrong_figure(&filled().0))]);
    let clean = wijk(here.path(), &["controleer", "vol.xlsx"]).ended(0);
    clean.says(&["vol.xlsx (wijk Bospolder)", "0 fouten", "advies:"]);
    let wrong = wijk(here.path(), &["check", "fout.xlsx", "--json"]).ended(1).json();
    let errors: Vec<_> =
        wrong["findings"].as_array().unwrap().iter().filter(|finding| finding["level"] == "fout").collect();
    // The indicator stands in more rows; every finding is about it, and the first one about the cell itself.
    let about = errors[0]["place"]["subject"].as_str().unwrap().rsplit(", ").next().unwrap();
    assert!(
        errors.iter().all(|error| error["place"]["subject"].as_str().unwrap().ends_with(about)),
        "{errors:#?}"
    );
    assert_eq!(errors[0]["place"]["tab"], "Pijler Kansrijk");
    assert_eq!(errors[0]["place"]["cell"], first_figure(&filled().1));
    for field in ["code", "found", "expected", "advice"] {
        assert!(!errors[0][field].as_str().unwrap().is_empty(), "{errors:?}");
    }
    wijk(here.path(), &["controleer", "vol.xlsx", "--wijk", "Nesselande"]).ended(1);
}

/// Cell of the first figure of the wijk on the first pijler tab.
fn first_figure(ledger: &serde_json::Value) -> String {
    let entries = ledger.as_array().unwrap();
    let entry = entries.iter().find(|entry| entry["tabblad"] == "Pijler Kansrijk" && entry["veld"] == "wijk");
    entry.unwrap()["cel"].as_str().unwrap().to_owned()
}

/// The workbook with 999 in the first figure of the wijk, as a person would have typed it.
fn with_wrong_figure(bytes: &[u8]) -> Vec<u8> {
    let cell = first_figure(&filled().1);
    typed(bytes, "Pijler Kansrijk", &[(&cell, "<v>999</v>")])
}

#[test]
fn the_three_documents_are_made_with_their_dutch_and_english_names() {
    let here = folder_with(&[("vol.xlsx", &filled().0)]);
    for (dutch, english) in [("rapport", "report"), ("plan", "action-plan"), ("gesprekskaart", "card")] {
        let (one, two) = (format!("{dutch}.docx"), format!("{english}-2.docx"));
        wijk(here.path(), &[dutch, "vol.xlsx", "-o", &one]).ended(0).says(&["is gemaakt voor wijk Bospolder"]);
        let made = wijk(here.path(), &[english, "vol.xlsx", "-o", &two, "--json"]).ended(0).json();
        assert_eq!(made["wijk"], "Bospolder");
        let bytes = fs::read(here.path().join(&one)).unwrap();
        assert!(bytes.starts_with(b"PK"));
        assert_eq!(bytes, fs::read(here.path().join(&two)).unwrap(), "the same input gives the same bytes");
        wijk(here.path(), &[dutch, "vol.xlsx", "-o", &one]).ended(2).says(&["bestaat al", "--forceer"]);
        wijk(here.path(), &[dutch, "vol.xlsx", "-o", &one, "--forceer", "--datum", "2026-11-22"]).ended(0);
        assert_ne!(bytes, fs::read(here.path().join(&one)).unwrap(), "the date stands in it");
    }
}

#[test]
fn the_format_is_exported_checked_and_built_with_a_change_of_the_users() {
    let here = tempfile::tempdir().unwrap();
    wijk(here.path(), &["format", "uitvoer", "eigen"]).ended(0).says(&["bestanden geschreven in eigen"]);
    wijk(here.path(), &["format", "export", "eigen"]).ended(2).says(&["bestaan al"]);
    wijk(here.path(), &["--format", "eigen", "format", "controleer"]).ended(0).says(&["is in orde", "3 pijlers"]);
    let pijlers = here.path().join("eigen/pijlers.csv");
    let text = fs::read_to_string(&pijlers).unwrap();
    fs::write(&pijlers, text.replacen("Pijler Kansrijk", "Pijler Kansrijker", 1)).unwrap();
    wijk(here.path(), &["--format", "eigen", "format", "build", "-o", "nieuw.xlsx"]).ended(0);
    let shown = wijk(here.path(), &["--format", "eigen", "toon", "nieuw.xlsx", "--json"]).ended(0).json();
    assert!(shown["tabs"].as_array().unwrap().iter().any(|tab| tab["name"] == "Pijler Kansrijker"), "{shown}");
    fs::write(&pijlers, text.replacen("kleur", "kleurtje", 1)).unwrap();
    let before = snapshot(here.path());
    let broken = wijk(here.path(), &["--format", "eigen", "format", "bouw", "-o", "stuk.xlsx"]).ended(2);
    broken.says(&["pijlers.csv", "kleurtje"]);
    assert!(snapshot(here.path()) == before);
}

#[test]
fn building_the_blank_workbook_twice_gives_the_same_bytes() {
    let here = tempfile::tempdir().unwrap();
    wijk(here.path(), &["format", "bouw", "-o", "leeg.xlsx", "--overzicht", &example()]).ended(0);
    assert!(fs::read(here.path().join("leeg.xlsx")).unwrap() == blank());
    wijk(here.path(), &["format", "bouw", "-o", "leeg.xlsx"]).ended(2).says(&["leeg.xlsx bestaat al"]);
    wijk(here.path(), &["format", "bouw", "-o", "leeg.xlsx", "--forceer"]).ended(0);
}

#[test]
fn an_overview_goes_from_csv_to_xlsx_and_back_without_a_difference() {
    let here = tempfile::tempdir().unwrap();
    let edition = ["--editie", "Rotterdam 2016-2020 (open cijfers)"];
    let to_book = ["overzicht", "importeer", &example(), "-o", "overzicht.xlsx"];
    wijk(here.path(), &[&to_book[..], &edition[..]].concat()).ended(0).says(&["met cijfer"]);
    let back = ["overview", "import", "overzicht.xlsx", "-o", "terug.csv", "--json"];
    let report = wijk(here.path(), &[&back[..], &edition[..]].concat()).ended(0).json();
    assert_eq!(report["indicators"].as_array().unwrap().len(), 75);
    assert_eq!(fs::read(here.path().join("terug.csv")).unwrap(), fs::read(example()).unwrap());
    wijk(here.path(), &["overzicht", "importeer", "terug.csv", "-o", "x.ods"]).ended(2).says(&[".csv of .xlsx"]);
}

#[test]
fn a_wijk_and_a_gebied_of_one_name_get_files_of_their_own() {
    let here = folder_with(&[]);
    for wanted in ["Delfshaven", "gebied Delfshaven"] {
        wijk(here.path(), &["alles", "--wijk", wanted, "--map", "uit"]).ended(0);
    }
    let made = names(&here.path().join("uit"));
    for name in ["Rapportage Delfshaven.docx", "Rapportage gebied Delfshaven.docx"] {
        assert!(made.contains(name), "{made:?}");
    }
    assert_eq!(made.len(), 12, "{made:?}");
}

#[test]
fn everything_at_once_makes_the_workbook_the_documents_and_both_lists() {
    let here = folder_with(&[("leeg.xlsx", blank())]);
    let made = wijk(here.path(), &["alles", "leeg.xlsx", "--wijk", "oude noorden", "--map", "uit"]).ended(0);
    made.says(&["Voor wijk Oude Noorden:", "Gemaakt:"]);
    let expected = [
        "Analyse Oude Noorden - ingevuld.xlsx",
        "Bevindingen Oude Noorden.csv",
        "Gesprekskaart Oude Noorden.docx",
        "Logboek Oude Noorden.csv",
        "Plan van aanpak Oude Noorden.docx",
        "Rapportage Oude Noorden.docx",
    ];
    assert!(names(&here.path().join("uit")).iter().eq(expected), "{:?}", names(&here.path().join("uit")));
    let before = snapshot(here.path());
    wijk(here.path(), &["all", "leeg.xlsx", "--wijk", "Oude Noorden", "--map", "uit"])
        .ended(2)
        .says(&["bestaan al"]);
    assert!(snapshot(here.path()) == before);
    // Without a workbook it starts from the blank one: the same figures.
    let json = wijk(here.path(), &["all", "--wijk", "Oude Noorden", "--map", "uit2", "--json"]).ended(0).json();
    assert_eq!(json["files"].as_array().unwrap().len(), 6);
    let name = "Analyse Oude Noorden - ingevuld.xlsx";
    assert!(
        fs::read(here.path().join("uit").join(name)).unwrap()
            == fs::read(here.path().join("uit2").join(name)).unwrap()
    );
}

#[test]
fn a_workbook_that_cannot_be_migrated_is_to_be_saved_as_xlsx_and_not_given_another_name() {
    let ods = fs::read(repository().join("fixtures/werkboeken/klassiek (fictief).ods")).unwrap();
    let here = folder_with(&[("a.ods", &ods)]);
    let before = snapshot(here.path());
    for arguments in [&["a.ods"][..], &["a.ods", "-o", "b.xlsx"]] {
        let said = wijk(here.path(), &[&["format", "migreer"], arguments].concat()).ended(2);
        assert!(said.err.contains("xlsx") && !said.err.contains("eindigt op .ods"), "{said:?}");
    }
    assert_eq!(snapshot(here.path()), before);
}

/// The text of every part of a package, of packages inside it too: a chart brings its own workbook.
fn texts_of(bytes: &[u8]) -> Vec<String> {
    let mut texts = Vec::new();
    for part in raw_entries(bytes) {
        let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
        let mut content = Vec::new();
        archive.by_name(&part.name).unwrap().read_to_end(&mut content).unwrap();
        if part.name.ends_with(".xlsx") {
            texts.extend(texts_of(&content));
        } else {
            texts.push(String::from_utf8_lossy(&content).into_owned());
        }
    }
    texts
}

#[test]
fn a_figure_about_a_small_group_stands_in_nothing_that_is_made_and_that_is_said() {
    // Numbers of observations that nobody counted: the open files hold none.
    let overview = changed_overview(|rows| {
        let (column, head) = (column_of(rows, "vsv"), row_of(rows, "Gebiedscode"));
        for (at, row) in rows.iter_mut().enumerate().filter(|(_, row)| row.len() > column) {
            let number = if row[1] == "Bospolder" { "4" } else { "500" };
            let cell = match row[0].as_str() {
                _ if at > head => number.to_owned(),
                "Code" => "vsv__n".to_owned(),
                "Eenheid" => "aantal".to_owned(),
                _ => row[column].clone(),
            };
            row.insert(column + 1, cell);
        }
    });
    let here = folder_with(&[("overzicht.csv", &overview)]);
    let arguments = ["alles", "--wijk", "Bospolder", "--overzicht", "overzicht.csv", "--map", "uit"];
    wijk(here.path(), &arguments)
        .ended(0)
        .says(&["kleine-groep-afgeschermd", "1 cijfer in het overzicht gaat over"]);
    for name in names(&here.path().join("uit")) {
        let bytes = fs::read(here.path().join("uit").join(&name)).unwrap();
        let texts =
            if name.ends_with(".csv") { vec![String::from_utf8(bytes).unwrap()] } else { texts_of(&bytes) };
        for text in texts {
            assert!(!text.contains("17,7%") && !text.contains("17.683") && !text.contains("17,683"), "{name}");
        }
    }
}

#[test]
fn all_wijken_go_on_after_one_that_fails_and_end_with_a_summary() {
    // Three wijken, so that the test is quick.
    let few = changed_overview(|rows| {
        let start = row_of(rows, "Gebiedscode");
        let kept = ["Bospolder", "Tussendijken", "Noord-Kethel/Schieveen/Zestienhoven"];
        let keep: Vec<bool> = rows
            .iter()
            .enumerate()
            .map(|(at, row)| at <= start || row[2] != "wijk" || kept.contains(&row[1].as_str()))
            .collect();
        let mut keep = keep.iter();
        rows.retain(|_| *keep.next().unwrap());
    });
    let here = folder_with(&[("drie.csv", &few)]);
    let arguments = ["alles", "--alle-wijken", "--map", "uit", "--overzicht", "drie.csv"];
    wijk(here.path(), &arguments).ended(0).says(&[
        "3 wijken gemaakt in uit, 0 niet gelukt",
        "Alle bevindingen staan in uit",
        "Bevindingen alle wijken.csv: 0 fouten, ",
    ]);
    let folders = names(&here.path().join("uit"));
    assert!(folders.contains("Noord-Kethel-Schieveen-Zestienhoven") && folders.len() == 4, "{folders:?}");
    let table = fs::read_to_string(here.path().join("uit/Bevindingen alle wijken.csv")).unwrap();
    assert!(table.lines().skip(1).any(|line| line.starts_with("Bospolder;")), "{table}");
    // Two exist already; the third is made again because its folder is empty.
    fs::remove_dir_all(here.path().join("uit/Bospolder")).unwrap();
    let again = wijk(here.path(), &arguments).ended(2);
    again.says(&["1 wijk gemaakt in uit, 2 niet gelukt", "niet gelukt: wijk Tussendijken", "bestaan al"]);
    assert_eq!(names(&here.path().join("uit/Bospolder")).len(), 6);
}

#[test]
fn every_figure_on_screen_bears_year_doelgroep_kind_and_source_and_every_factor_the_figures_behind_it() {
    let here = tempfile::tempdir().unwrap();
    let outcome = wijk(here.path(), &["vergelijk", "--wijk", "Carnisse"]).ended(0);
    let marked = |line: &&str| ["  – ", "  + ", "  = ", "  ? "].iter().any(|mark| line.starts_with(mark));
    let figures: Vec<&str> = outcome.out.lines().filter(marked).collect();
    assert!(figures.len() > 20, "{outcome:?}");
    for line in figures {
        let known = line.contains(", benadering") || line.contains(", direct");
        assert!(known && (line.ends_with("; bron 1") || line.ends_with("; bron 2")), "{line}");
    }
    outcome.says(&[
        "2020, 18 jaar en ouder, benadering, modelschatting",
        "editie 2016, peiljaar onbekend, alle bewoners, benadering",
        "\n  1. Wijkprofiel Rotterdam (gemeente Rotterdam, OBI)\n  2. Gezondheid per wijk en buurt",
    ]);
    let lines: Vec<&str> = outcome.out.lines().collect();
    let at = lines.iter().position(|line| line.starts_with("Factoren die terugkomen")).unwrap();
    assert!(lines[at + 1].starts_with("  1. "), "{}", lines[at + 1]);
    assert!(lines[at + 2].starts_with("     door: ") && lines[at + 2].len() > 20, "{}", lines[at + 2]);
}

#[test]
fn two_wijken_of_one_name_each_get_a_folder_with_their_code() {
    let two = changed_overview(|rows| {
        let start = row_of(rows, "Gebiedscode");
        let mut at = 0;
        rows.retain(|row| {
            at += 1;
            at <= start + 1 || row[2] != "wijk" || ["Bospolder", "Tussendijken"].contains(&row[1].as_str())
        });
        let other = rows.iter_mut().find(|row| row[1] == "Tussendijken").unwrap();
        other[1] = "bospolder".to_owned();
    });
    let here = folder_with(&[("twee.csv", &two)]);
    wijk(here.path(), &["alles", "--alle-wijken", "--map", "uit", "--overzicht", "twee.csv", "--forceer"])
        .ended(0)
        .says(&["2 wijken gemaakt in uit, 0 niet gelukt"]);
    let folders = names(&here.path().join("uit"));
    let with_code = folders.iter().filter(|name| name.to_lowercase().starts_with("bospolder (bu0599")).count();
    assert!(with_code == 2 && folders.len() == 3, "{folders:?}");
}

#[test]
fn the_demo_says_in_three_lines_what_to_open_and_may_be_run_again() {
    let here = tempfile::tempdir().unwrap();
    let first = wijk(here.path(), &["demo"]).ended(0);
    assert_eq!(first.out.trim().lines().count(), 3, "{first:?}");
    let made = names(&here.path().join("wijk-demo"));
    assert_eq!(made.len(), 7);
    for name in &made {
        first.says(&[name]);
    }
    let before = snapshot(here.path());
    wijk(here.path(), &["demo"]).ended(0);
    assert!(snapshot(here.path()) == before, "the same input gives the same bytes");
    // Somebody went on working in the example.
    let report = here.path().join("wijk-demo/Rapportage Bospolder.docx");
    fs::write(&report, "mijn eigen werk").unwrap();
    let worked_in = snapshot(here.path());
    let refused = wijk(here.path(), &["demo"]).ended(2);
    assert!(refused.err.contains("Rapportage Bospolder.docx bestaat al"), "{refused:?}");
    assert!(!refused.err.contains("Plan van aanpak"), "only what differs is in the way: {refused:?}");
    assert!(snapshot(here.path()) == worked_in);
    wijk(here.path(), &["demo", "--forceer"]).ended(0);
    assert!(snapshot(here.path()) == before);
    // What may be replaced may not be open in Word or LibreOffice.
    fs::write(&report, "mijn eigen werk").unwrap();
    for (lock, holder) in
        [("~$pportage Bospolder.docx", "Word"), (".~lock.Rapportage Bospolder.docx#", "LibreOffice")]
    {
        let lock = here.path().join("wijk-demo").join(lock);
        fs::write(&lock, "\u{3}Jan").unwrap();
        let open = wijk(here.path(), &["demo", "--forceer"]).ended(2);
        let name = lock.file_name().unwrap().to_string_lossy().into_owned();
        assert!(open.err.contains(holder) && open.err.contains(&name), "{open:?}");
        assert_eq!(fs::read(&report).unwrap(), b"mijn eigen werk");
        fs::remove_file(lock).unwrap();
    }
}

#[test]
fn a_report_is_made_again_beside_the_old_one_or_in_place_and_never_while_word_has_it_open() {
    let here = folder_with(&[("oud.xlsx", &filled().0)]);
    let folder = here.path();
    let made = wijk(folder, &["rapport", "oud.xlsx", "-o", "Rapportage.docx", "--datum", "2026-11-22"]);
    assert!(made.code <= 1, "{made:?}");
    let before = fs::read(folder.join("Rapportage.docx")).unwrap();
    let renew = |more: &[&str]| {
        wijk(folder, &[&["rapport", "oud.xlsx", "--bijwerken", "Rapportage.docx"][..], more].concat())
    };
    // The same date, so that nothing is new.
    let same = renew(&["--datum", "2026-11-22"]);
    assert!(same.code <= 1 && same.out.contains("precies gelijk gebleven"), "{same:?}");
    assert!(fs::read(folder.join("Rapportage - bijgewerkt.docx")).unwrap() == before);
    assert!(renew(&[]).ended(2).err.contains("bestaat al"));
    assert!(renew(&["-o", "Rapportage.docx", "--forceer"]).ended(2).err.contains("--ter-plaatse"));
    // Another date is in the front matter only.
    let later = renew(&["--datum", "2026-12-01", "--ter-plaatse"]);
    assert!(later.out.contains("Kopgegevens") && later.out.contains("reservekopie"), "{later:?}");
    assert!(fs::read(folder.join("Rapportage - reservekopie.docx")).unwrap() == before);
    assert!(fs::read(folder.join("Rapportage.docx")).unwrap() != before);
    // Word drops the first two letters in the name of its lock file.
    fs::write(folder.join("~$pportage.docx"), "\u{3}Jan").unwrap();
    let open = renew(&["--datum", "2026-11-22", "--ter-plaatse"]).ended(2);
    assert!(open.err.contains("open bij Jan") && open.err.contains("Word"), "{open:?}");
    let read = renew(&["--datum", "2026-11-22", "-o", "anders.docx"]);
    assert!(read.out.contains("document-is-open"), "{read:?}");
    let other = wijk(folder, &["plan", "oud.xlsx", "--bijwerken", "Rapportage.docx", "-o", "plan.docx"]).ended(2);
    assert!(other.err.contains("dit is een rapportage"), "{other:?}");
}
