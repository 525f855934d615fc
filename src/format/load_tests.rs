//! Tests of loading: one per rule, each on a folder that breaks it.

use std::path::Path;

use super::{builtin, export, load};
use crate::error::Error;

/// A folder with all built-in files.
fn folder() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    for (name, content) in export() {
        std::fs::write(dir.path().join(name), content).unwrap();
    }
    dir
}

fn edit(dir: &Path, file: &str, from: &str, to: &str) {
    let path = dir.join(file);
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(text.contains(from), "{file} lacks {from}");
    std::fs::write(path, text.replacen(from, to, 1)).unwrap();
}

fn problems(dir: &Path) -> Vec<String> {
    match load(dir) {
        Err(Error::Format { problems, .. }) => problems,
        other => panic!("a broken format was accepted: {:?}", other.map(|format| format.version)),
    }
}

/// The problem that one edit gives, with everything that must stand in it.
fn edited(file: &str, from: &str, to: &str, parts: &[&str]) {
    let dir = folder();
    edit(dir.path(), file, from, to);
    let found = problems(dir.path());
    assert!(
        found.iter().any(|problem| problem.starts_with(file) && parts.iter().all(|part| problem.contains(part))),
        "looked for {parts:?} in {found:#?}"
    );
}

#[test]
fn the_built_in_format_is_complete() {
    let format = builtin().unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(format.pijlers.len(), 3);
    assert_eq!(format.domeinen.len(), 9);
    assert_eq!(format.ranking.len(), 17);
    assert_eq!(format.tabs.len(), 10);
    assert_eq!(format.leeftijdsfasen.len(), 5);
    for domein in &format.domeinen {
        let count = format.factoren_of(&domein.name).count();
        assert!((8..=12).contains(&count), "{}: {count} factors", domein.name);
    }
    for ranked in &format.ranking {
        assert!(format.factoren.iter().any(|factor| factor.name == ranked.name), "{} is nowhere", ranked.name);
    }
    assert!(format.factoren.iter().all(|f| f.source == "voorbeeld, te vervangen door het Factorenmodel van NJi"));
}

#[test]
fn the_exported_files_load_to_the_same_format() {
    assert_eq!(load(folder().path()).unwrap(), builtin().unwrap());
}

#[test]
fn one_file_replaces_the_built_in_one_and_the_others_stay() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("partners.csv"), "partner\nBibliotheek\n").unwrap();
    let format = load(dir.path()).unwrap();
    assert_eq!(format.partners, ["Bibliotheek"]);
    assert_eq!(format.indicators, builtin().unwrap().indicators);
}

#[test]
fn a_file_saved_by_excel_gives_the_same_format() {
    let dir = folder();
    for (name, content) in export().into_iter().filter(|(name, _)| name.ends_with(".csv")) {
        let (bytes, _, _) = encoding_rs::WINDOWS_1252.encode(content);
        let text = bytes.into_owned();
        let crlf: Vec<u8> =
            text.iter().flat_map(|b| if *b == b'\n' { vec![b'\r', b'\n'] } else { vec![*b] }).collect();
        std::fs::write(dir.path().join(name), [crlf, b";;;\r\n".to_vec()].concat()).unwrap();
    }
    assert_eq!(load(dir.path()).unwrap(), builtin().unwrap());
}

#[test]
fn a_comma_separated_file_with_a_byte_order_mark_is_read() {
    let dir = tempfile::tempdir().unwrap();
    let text = "\u{feff}thema,instituut,databank\r\n\"Sport, spel\",NJi,Databank\r\n";
    std::fs::write(dir.path().join("databanken.csv"), text).unwrap();
    let format = load(dir.path()).unwrap();
    assert_eq!(format.databanken[0].theme, "Sport, spel");
}

#[test]
fn a_definition_in_another_kind_of_file_is_not_passed_over_in_silence() {
    for (name, meant) in [
        ("indicatoren.xlsx", "indicatoren.csv"),
        ("indicatoren.csv.txt", "indicatoren.csv"),
        ("Indicatoren.ODS", "indicatoren.csv"),
        ("format.toml.txt", "format.toml"),
    ] {
        let dir = folder();
        std::fs::rename(dir.path().join(meant), dir.path().join(name)).unwrap();
        let told = problems(dir.path());
        let says =
            |line: &String| line.starts_with(name) && line.contains("wordt niet gelezen") && line.contains(meant);
        assert!(told.iter().any(says), "{name}: {told:?}");
        // Beside the file itself it is something of the maintainer's.
        let dir = folder();
        std::fs::write(dir.path().join(name), "x").unwrap();
        load(dir.path()).unwrap_or_else(|error| panic!("{name}: {error}"));
    }
    let dir = folder();
    std::fs::write(dir.path().join("gebieden.xlsx"), "x").unwrap();
    assert!(problems(dir.path()).iter().any(|line| line.contains("gebieden.csv")));
}

#[test]
fn an_empty_folder_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("lees mij.txt"), "niets").unwrap();
    assert!(problems(dir.path())[0].contains("geen enkel bestand van het format"));
}

#[test]
fn a_file_with_only_its_headings_is_refused_where_the_workbook_would_be_empty_without() {
    for name in ["pijlers.csv", "domeinen.csv", "indicatoren.csv", "vragen.csv", "ranking.csv", "effectladder.csv"]
    {
        let dir = folder();
        let content = export().into_iter().find(|(known, _)| *known == name).unwrap().1;
        std::fs::write(dir.path().join(name), content.lines().next().unwrap()).unwrap();
        let field = content.split(';').next().unwrap();
        let wanted = format!("{name}, na regel 1, veld '{field}': er staat geen enkele bruikbare regel in");
        assert!(problems(dir.path()).iter().any(|problem| problem.starts_with(&wanted)), "{name}");
    }
}

/// Lines of every file and every column are left out in turn: what is then refused names file, line and field.
#[test]
fn whatever_is_left_out_of_a_file_is_told_with_file_line_and_field() {
    let mut refused = 0;
    for (name, content) in export() {
        let lines: Vec<&str> = content.lines().collect();
        let without = |gone: usize| -> String {
            lines.iter().enumerate().filter(|(at, _)| *at != gone).map(|(_, line)| format!("{line}\n")).collect()
        };
        let mut broken: Vec<String> = (0..lines.len()).step_by(1 + lines.len() / 4).map(without).collect();
        if name.ends_with(".csv") {
            let columns = lines[0].split(';').count();
            broken.extend((0..columns).map(|gone| {
                lines[0]
                    .split(';')
                    .enumerate()
                    .filter(|(at, _)| *at != gone)
                    .map(|(_, name)| name)
                    .collect::<Vec<_>>()
                    .join(";")
                    + "\n"
                    + &lines[1..].join("\n")
            }));
            broken.push(lines[0].to_owned());
        }
        broken.push(String::new());
        for text in broken {
            for problem in super::load::problems(&[(name.to_owned(), text.clone())]) {
                refused += 1;
                let (place, _) = problem.split_once(": ").unwrap();
                let told = place.contains(".csv") || place.contains(".toml");
                assert!(told && place.contains("regel ") && place.contains("veld '"), "{name}: {problem}");
            }
        }
    }
    assert!(refused > 50, "{refused}");
}

#[test]
fn a_line_that_is_no_toml_is_shown_with_its_field_and_how_it_should_look() {
    for (name, line, field) in
        [("format.toml", "doelgroep = jeugd\n", "doelgroep"), ("teksten.toml", "wijk_a = = 3\n", "wijk_a")]
    {
        let dir = folder();
        let text = std::fs::read_to_string(dir.path().join(name)).unwrap();
        std::fs::write(dir.path().join(name), format!("{line}{text}")).unwrap();
        let found = problems(dir.path());
        assert!(
            found[0].starts_with(&format!("{name}, regel 1, veld '{field}': de schrijfwijze klopt niet")),
            "{found:?}"
        );
        assert!(found[0].contains(line.trim()) && found[0].contains("naam = \"tekst\""), "{found:?}");
    }
}

#[test]
fn a_folder_that_does_not_exist_is_an_error_with_its_path() {
    let error = load(Path::new("/bestaat/niet")).unwrap_err();
    assert!(matches!(error, Error::File { .. }), "{error}");
}

#[test]
fn an_alias_stays_that_of_its_indicator_when_the_indicator_gets_another_name() {
    // With the list of aliases in the folder, and with the built-in one.
    for own in [true, false] {
        let dir = folder();
        let name = "Jongeren zonder startkwalificatie die van school gingen";
        edit(dir.path(), "indicatoren.csv", name, "Jongeren die stopten");
        if !own {
            std::fs::remove_file(dir.path().join("aliassen.csv")).unwrap();
        }
        let format = load(dir.path()).unwrap_or_else(|error| panic!("{error:?}"));
        let indicator = format.indicators.iter().find(|indicator| indicator.code == "vsv").unwrap();
        assert!(indicator.variants.iter().any(|variant| variant == "Voortijdig schoolverlaten"), "{indicator:?}");
    }
    // A line that gives a variant for the name is about the same indicator too.
    let dir = folder();
    edit(
        dir.path(),
        "aliassen.csv",
        "indicator;Volwassenen die eenzaam zijn",
        "indicator;% schoolverlaters (18 t/m 22 jr) zonder startkwalificatie",
    );
    let format = load(dir.path()).unwrap_or_else(|error| panic!("{error:?}"));
    let indicator = format.indicators.iter().find(|indicator| indicator.code == "vsv").unwrap();
    assert!(indicator.variants.iter().any(|variant| variant == "Eenzaamheid"), "{indicator:?}");
}

#[test]
fn a_name_that_is_a_part_of_a_built_in_one_is_no_name() {
    edited(
        "aliassen.csv",
        "factor;Middelengebruik",
        "factor;Middelen",
        &["'Middelen' staat niet in factoren.csv"],
    );
    let (name, part) = ("indicator;Jongeren zonder startkwalificatie die van", "indicator;van");
    edited("aliassen.csv", name, part, &["'van school gingen' staat niet in indicatoren.csv"]);
    edited("delen.csv", "overgewicht;ernstig", "gewicht;ernstig", &["'gewicht' staat niet in indicatoren.csv"]);
    edited("controle.csv", ";aantal-inwoners;", ";aantal;", &["'aantal' staat niet in indicatoren.csv"]);
}

#[test]
fn a_misspelt_file_name_is_reported_with_the_nearest() {
    let dir = folder();
    std::fs::write(dir.path().join("indicator.csv"), "code\n").unwrap();
    assert!(problems(dir.path())[0].contains("Bedoelt u 'indicatoren.csv'"));
}

#[test]
fn a_lock_file_of_a_spreadsheet_program_is_left_alone() {
    let dir = folder();
    std::fs::write(dir.path().join("~$indicatoren.csv"), "x").unwrap();
    std::fs::write(dir.path().join(".~lock.factoren.csv"), "x").unwrap();
    assert!(load(dir.path()).is_ok());
}

#[test]
fn the_areas_and_sources_of_the_overview_may_lie_beside_it() {
    let dir = folder();
    std::fs::write(dir.path().join("gebieden.csv"), "code\n").unwrap();
    std::fs::create_dir(dir.path().join("bronnen")).unwrap();
    std::fs::write(dir.path().join("bronnen").join("x.toml"), "").unwrap();
    assert!(load(dir.path()).is_ok());
}

#[test]
fn an_unknown_column_is_refused_with_line_and_nearest_name() {
    edited("ranking.csv", "factor;ranking", "factor;rangking", &["regel 1", "'rangking'", "Bedoelt u 'ranking'"]);
}

#[test]
fn a_missing_column_is_reported() {
    edited("eenheden.csv", "eenheid;verschil\n", "eenheid\n", &["regel 1", "'verschil'", "ontbreekt"]);
}

#[test]
fn a_file_that_cannot_be_used_is_not_told_again_in_every_other_file() {
    for file in ["pijlers.csv", "domeinen.csv", "factoren.csv", "tabs.csv", "kolommen.csv", "eenheden.csv"] {
        let dir = folder();
        let path = dir.path().join(file);
        let text = std::fs::read_to_string(&path).unwrap();
        std::fs::write(&path, format!("verkeerd;{text}")).unwrap();
        let found = problems(dir.path());
        assert!(found.iter().all(|problem| problem.starts_with(file)), "{found:#?}");
        assert!(found.iter().any(|problem| problem.contains("'verkeerd'")), "{found:#?}");
    }
}

#[test]
fn an_empty_required_field_is_reported() {
    edited("indicatoren.csv", ";direct;", ";;", &["regel 2", "veld 'soort'", "leeg", "direct, benadering"]);
}

#[test]
fn an_indicator_without_direction_is_reported() {
    edited("indicatoren.csv", ";lager is gunstig;", ";;", &["veld 'richting'", "hoger is gunstig"]);
}

#[test]
fn a_row_with_a_cell_too_many_is_reported() {
    edited("partners.csv", "Wijkteam\n", "Wijkteam;extra\n", &["regel 2", "2 cellen", "Verwacht: 1"]);
}

#[test]
fn a_double_code_is_reported_with_both_lines() {
    let dir = folder();
    let path = dir.path().join("indicatoren.csv");
    let text = std::fs::read_to_string(&path).unwrap();
    let first = text.lines().nth(1).unwrap().to_owned();
    std::fs::write(&path, format!("{text}{first}\n")).unwrap();
    let last = text.lines().count() + 1;
    let found = problems(dir.path());
    let wanted = format!("indicatoren.csv, regel {last}, veld 'code'");
    assert!(found.iter().any(|p| p.starts_with(&wanted) && p.contains("al op regel 2")), "{found:#?}");
}

#[test]
fn a_number_of_decimals_in_words_is_reported() {
    edited("indicatoren.csv", ";%;1;", ";%;één;", &["regel 2", "veld 'decimalen'", "'één'", "0 tot en met 6"]);
}

#[test]
fn a_ranking_below_one_is_reported() {
    edited("ranking.csv", "vaardigheden;1", "vaardigheden;0", &["regel 2", "'0'", "1 tot en met 5"]);
}

#[test]
fn a_ranked_factor_that_stands_in_no_factorenmodel_is_reported() {
    edited("ranking.csv", "Temperament;5", "Temprament;5", &["veld 'factor'", "Bedoelt u 'Temperament'"]);
}

#[test]
fn an_unknown_domein_is_reported_with_the_nearest() {
    edited("gewenst.csv", "Werk;", "Werrk;", &["regel 2", "veld 'domein'", "Bedoelt u 'Werk'"]);
}

#[test]
fn an_unknown_factor_under_an_indicator_is_reported() {
    edited(
        "indicatoren.csv",
        ";Taalvaardigheid;",
        ";Taalvaardigheit;",
        &["'factoren'", "Bedoelt u 'Taalvaardigheid'"],
    );
}

#[test]
fn an_unknown_pijler_is_reported() {
    edited("domeinen.csv", ";Kansrijk;", ";Kansen;", &["regel 2", "veld 'pijler'", "pijlers.csv"]);
}

#[test]
fn an_unknown_unit_is_reported() {
    edited("indicatoren.csv", ";%;", ";procent;", &["regel 2", "veld 'eenheid'", "eenheden.csv"]);
}

#[test]
fn an_unknown_leefgebied_and_leeftijdsfase_are_both_reported() {
    let dir = folder();
    edit(dir.path(), "factoren.csv", "kind/jeugdige", "jeugd");
    edit(dir.path(), "factoren.csv", "adolescentie", "puberteit");
    let found = problems(dir.path());
    assert!(found.iter().any(|p| p.contains("'leefgebieden'") && p.contains("'jeugd'")), "{found:#?}");
    assert!(found.iter().any(|p| p.contains("'leeftijdsfasen'") && p.contains("'puberteit'")), "{found:#?}");
}

#[test]
fn a_factor_that_is_risk_here_and_protective_there_is_reported() {
    edited("factoren.csv", "Taalvaardigheid;beschermend", "Taalvaardigheid;risico", &["veld 'soort'", "overal"]);
}

#[test]
fn a_tab_name_of_more_than_31_characters_is_reported() {
    edited(
        "domeinen.csv",
        "Factorenmodel emot. gezondheid;",
        "Factorenmodel emotionele gezondheid;",
        &["'factorenmodel_tab'", "35 tekens", "31"],
    );
}

#[test]
fn a_tab_name_with_a_forbidden_character_is_reported() {
    edited("tabs.csv", "Change log;", "Change/log;", &["regel 4", "veld 'naam'", "niet toestaat"]);
}

#[test]
fn two_tabs_of_one_name_are_reported_whatever_the_case() {
    edited("pijlers.csv", ";Pijler Veilig;", ";RANKING;", &["veld 'tab'", "tabs.csv, regel 7"]);
}

#[test]
fn a_tab_that_the_program_makes_itself_gives_its_name_to_no_other() {
    for name in ["Vorige editie", "Controle", "Niet geplaatst"] {
        edited(
            "tabs.csv",
            "samenvatting;Samenvatting alle pijlers samen",
            &format!("samenvatting;{name}"),
            &["is al in gebruik"],
        );
    }
}

#[test]
fn a_missing_fixed_tab_is_reported() {
    edited(
        "tabs.csv",
        "ranking;Ranking;Ranking factoren | Ranking van factoren;nee\n",
        "",
        &["'ranking'", "ontbreekt"],
    );
}

#[test]
fn an_unknown_heading_field_is_reported() {
    edited("kolommen.csv", "pijler;bron;", "pijler;bronn;", &["veld 'veld'", "Bedoelt u 'bron'"]);
}

#[test]
fn two_headings_with_one_name_in_one_table_are_reported() {
    edited("kolommen.csv", "pijler;bron;Bron;", "pijler;bron;Indicator;", &["veld 'kop'", "staat ook op regel"]);
}

#[test]
fn an_unknown_setting_is_refused_with_its_line() {
    edited(
        "format.toml",
        "aantal = 5",
        "aantalen = 5",
        &["regel 18", "'opvallend.aantalen'", "Bedoelt u 'aantal'"],
    );
}

#[test]
fn a_word_in_braces_that_the_program_does_not_fill_in_is_refused() {
    edited(
        "teksten.toml",
        "wijkt af van {benchmark} of",
        "wijkt af van {gemeentje} of",
        &["veld 'pijler-uitleg'", "'{gemeentje}' wordt niet ingevuld", "Verwacht: {benchmark}"],
    );
    edited(
        "teksten.toml",
        "Herkennen we dit?",
        "Herkennen we {dit}?",
        &["'{dit}'", "vult het programma niets in"],
    );
}

#[test]
fn a_text_that_does_not_go_into_a_cell_is_refused_with_its_line_and_field() {
    let long = "a".repeat(40_000);
    let text = |name: &str| export().into_iter().find(|(known, _)| *known == name).unwrap().1;
    let definition = text("indicatoren.csv").lines().nth(1).unwrap().rsplit_once(';').unwrap().1;
    edited(
        "indicatoren.csv",
        definition,
        &long,
        &["regel 2", "veld 'definitie'", "40000 tekens", "hooguit 30000"],
    );
    edited("teksten.toml", "Herkennen we dit?", &long, &["veld 'toelichting-10'", "hooguit 30000"]);
}

#[test]
fn a_missing_setting_is_reported() {
    edited("format.toml", "cumulatie = 4\n", "", &["'opvallend.cumulatie'", "ontbreekt"]);
}

#[test]
fn a_setting_of_the_wrong_kind_is_reported() {
    edited("format.toml", "aantal = 5", "aantal = \"vijf\"", &["regel 18", "heel getal"]);
}

#[test]
fn an_impossible_date_is_reported() {
    edited("format.toml", "2026-11-22", "2026-13-22", &["datum", "verwacht: een datum"]);
}

#[test]
fn toml_that_cannot_be_parsed_is_reported_with_its_line() {
    edited("teksten.toml", "kernvraag-1 = ", "kernvraag-1 ", &["regel", "toml"]);
}

#[test]
fn an_unknown_and_a_missing_text_are_both_reported() {
    let dir = folder();
    edit(dir.path(), "teksten.toml", "kernvraag-1 =", "kernvrag-1 =");
    let found = problems(dir.path());
    assert!(found.iter().any(|p| p.contains("'kernvrag-1'") && p.contains("onbekend")), "{found:#?}");
    assert!(found.iter().any(|p| p.contains("'kernvraag-1'") && p.contains("ontbreekt")), "{found:#?}");
}

#[test]
fn problems_in_several_files_come_together_in_the_order_of_files_and_lines() {
    let dir = folder();
    edit(dir.path(), "ranking.csv", "vaardigheden;1", "vaardigheden;9");
    edit(dir.path(), "pijlers.csv", "1F5C7A", "blauw");
    edit(dir.path(), "indicatoren.csv", ";direct;", ";soms;");
    let found = problems(dir.path());
    let files: Vec<&str> = found.iter().map(|p| p.split(',').next().unwrap()).collect();
    assert_eq!(files, ["pijlers.csv", "ranking.csv", "indicatoren.csv"], "{found:#?}");
}

#[test]
fn a_built_in_file_that_no_longer_fits_is_named_as_such() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("leeftijdsfasen.csv"), "leeftijdsfase\nalle leeftijden\n").unwrap();
    let found = problems(dir.path());
    assert!(found[0].starts_with("factoren.csv (ingebouwd, staat niet in uw map)"), "{found:#?}");
    assert!(found[0].contains("Zet ook factoren.csv in uw map"));
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(24))]

    /// Whatever stands in a file, the answer is a format or a list of problems.
    #[test]
    fn any_bytes_in_a_file_give_a_format_or_problems(
        file in 0_usize..22,
        start in 0_usize..400,
        noise in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..60),
    ) {
        let (name, content) = export()[file];
        let dir = tempfile::tempdir().unwrap();
        let mut bytes = content.as_bytes().to_vec();
        let at = start.min(bytes.len());
        let end = (at + noise.len()).min(bytes.len());
        bytes.splice(at..end, noise);
        std::fs::write(dir.path().join(name), bytes).unwrap();
        match load(dir.path()) {
            Ok(format) => assert!(!format.version.is_empty()),
            Err(Error::Format { problems, .. }) => assert!(!problems.is_empty()),
            Err(other) => panic!("{other}"),
        }
    }
}

/// A format with four pijlers, one domein each, for all ages: the shape is data.
pub(super) fn four_pijlers() -> tempfile::TempDir {
    let dir = folder();
    let write = |name: &str, text: String| std::fs::write(dir.path().join(name), text).unwrap();
    let names = ["Wonen", "Werken", "Leren", "Leven"];
    let mut pijlers = "naam;kop;tab;kleur\n".to_owned();
    let mut domeinen =
        "naam;varianten;pijler;factorenmodel_tab;factorenmodel_varianten;ambitie_volgorde;ambitie\n".to_owned();
    let mut factoren = "domein;factor;soort;leefgebieden;leeftijdsfasen;toelichting;herkomst\n".to_owned();
    for (index, name) in names.iter().enumerate() {
        pijlers.push_str(&format!("{name};Goed {name};Pijler {name};33557{index}\n"));
        domeinen.push_str(&format!("Domein {name};;{name};Model {name};;{};Meer {name}.\n", index + 1));
        factoren.push_str(&format!("Domein {name};Steun;beschermend;thuis;alle leeftijden;Steun helpt.;test\n"));
    }
    write("pijlers.csv", pijlers);
    write("domeinen.csv", domeinen);
    write("factoren.csv", factoren);
    write("ranking.csv", "factor;ranking\nSteun;1\n".to_owned());
    write("leeftijdsfasen.csv", "leeftijdsfase\nalle leeftijden\n".to_owned());
    write("leefgebieden.csv", "leefgebied\nthuis\n".to_owned());
    write("gewenst.csv", "domein;cijfer;houder\n".to_owned());
    let head =
        export().into_iter().find(|(name, _)| *name == "indicatoren.csv").unwrap().1.lines().next().unwrap();
    let row =
        "huur;Huurders;;Domein Wonen;Steun;%;1;neutraal;alle bewoners;benadering;;2020;bron;telling;;nee;Deel.";
    write("indicatoren.csv", format!("{head}\n{row}\n"));
    dir
}

#[test]
fn a_format_with_four_pijlers_for_all_ages_loads() {
    let format = load(four_pijlers().path()).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(format.pijlers.len(), 4);
    assert_eq!(format.domeinen_of("Leren").count(), 1);
    assert_eq!(format.leeftijdsfasen, ["alle leeftijden"]);
    assert_eq!(format.indicator("huur").unwrap().period(), "2020");
}
