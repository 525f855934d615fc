//! What `controle.csv` and `aliassen.csv` say about things that only other stations know: codes of findings, and areas.

use std::path::Path;

use crate::check;
use crate::model::{AreaLevel, CheckSetting, Format, nearest, normalise, words};
use crate::overview::AreaTable;

/// Holds the codes against the findings there are, and gives areas the names that people use for them. Gives every line that
/// names something that does not exist, or a name that means two things. Without areas nothing is said of those.
pub(super) fn apply(folder: Option<&Path>, format: &Format, areas: Option<&mut AreaTable>) -> Vec<String> {
    let mut problems = Vec::new();
    for setting in &format.control.settings {
        if check::rule(&setting.code).is_none() {
            let near = nearest(&setting.code, check::RULES.iter().map(|rule| rule.code));
            problems.push(format!(
                "controle.csv, regel {}, veld 'code': '{}' is geen code van een bevinding.{} Met 'wijk uitleg' ziet u alle codes.",
                setting.line,
                setting.code,
                did_you_mean(&near)
            ));
        }
    }
    problems.extend(silent_lines(&format.control.settings));
    let Some(areas) = areas else { return problems };
    let own = |name: &str| folder.is_some_and(|folder| folder.join(name).is_file());
    for alias in format.control.aliases.iter().filter(|alias| matches!(alias.kind.as_str(), "wijk" | "gebied")) {
        let level = if alias.kind == "wijk" { AreaLevel::Wijk } else { AreaLevel::Gebied };
        let bears = |name: &str| normalise(name) == normalise(&alias.alias);
        let taken = areas
            .areas
            .iter()
            .find(|known| known.area.level == level && known.area.name != alias.name && bears(&known.area.name));
        let taken = taken.map(|known| known.area.name.clone());
        let found =
            areas.areas.iter_mut().find(|known| known.area.level == level && known.area.name == alias.name);
        match (found, taken) {
            (_, Some(name)) => problems.push(format!(
                "aliassen.csv, regel {}, veld 'alias': '{}' is al de naam van {name}.",
                alias.line, alias.alias
            )),
            (Some(known), None) => known.area.aliases.push(alias.alias.clone()),
            (None, None) if own("aliassen.csv") => {
                let names = areas.areas.iter().filter(|known| known.area.level == level);
                let near = nearest(&alias.name, names.map(|known| known.area.name.as_str()));
                problems.push(format!(
                    "aliassen.csv, regel {}, veld 'naam': '{}' staat niet als {} in gebieden.csv.{}",
                    alias.line,
                    alias.name,
                    alias.kind,
                    did_you_mean(&near)
                ));
            }
            (None, None) => {}
        }
    }
    problems
}

/// Lines of `controle.csv` that would do nothing, or that another line says already.
fn silent_lines(settings: &[CheckSetting]) -> Vec<String> {
    let mut problems = Vec::new();
    for (at, setting) in settings.iter().enumerate().filter(|(_, setting)| check::rule(&setting.code).is_some()) {
        let mut add = |field: &str, what: String| {
            problems.push(format!("controle.csv, regel {}, veld '{field}': {what}", setting.line));
        };
        let known = check::THRESHOLDS.iter().find(|(code, _)| *code == setting.code);
        match (setting.threshold, known) {
            (Some(_), None) => {
                let codes: Vec<&str> = check::THRESHOLDS.iter().map(|(code, _)| *code).collect();
                add(
                    "drempel",
                    format!("'{}' heeft geen drempel. Een drempel hebben {}.", setting.code, words::list(&codes)),
                );
            }
            (Some(_), Some((_, false))) if setting.indicator.is_some() => {
                add("indicator", "deze drempel geldt voor het hele werkboek. Verwacht: een lege cel.".to_owned());
            }
            (None, _) if setting.level.is_none() => {
                add(
                    "niveau",
                    "niveau en drempel zijn leeg. Verwacht: een van de twee, of haal de regel weg.".to_owned(),
                );
            }
            _ => {}
        }
        let same = |other: &&CheckSetting| {
            (&other.code, &other.indicator) == (&setting.code, &setting.indicator)
                && ((other.level.is_some() && setting.level.is_some())
                    || (other.threshold.is_some() && setting.threshold.is_some()))
        };
        if let Some(first) = settings.iter().take(at).find(same) {
            add("code", format!("'{}' staat al op regel {}. Verwacht: één keer.", setting.code, first.line));
        }
    }
    problems
}

fn did_you_mean(near: &[String]) -> String {
    if near.is_empty() { String::new() } else { format!(" Bedoelt u '{}'?", near.join("' of '")) }
}

#[cfg(test)]
mod tests {
    use super::super::Session;
    use crate::model::AreaLookup;

    fn with(aliases: &str) -> crate::error::Result<Session> {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("aliassen.csv"), format!("soort;naam;alias\n{aliases}")).unwrap();
        Session::open(Some(folder.path()))
    }

    #[test]
    fn a_name_that_maintainers_teach_leads_to_the_right_thing() {
        let session = with(
            "wijk;Bospolder;Bosje\ngebied;Delfshaven;Het oude westen van de stad\n\
             indicator;Volwassenen die eenzaam zijn;Alleen zijn\nfactor;Middelengebruik;Drank en drugs\n\
             tabblad;Samenvatting alle pijlers samen;Eindoverzicht\ndomein;Werk;Arbeid\n",
        )
        .unwrap();
        let (overview, _) = session.overview(None).unwrap();
        let code = |name: &str| match overview.find_wijk_first(name) {
            AreaLookup::Found(_, area) => area.code.clone(),
            other => panic!("{name}: {other:?}"),
        };
        assert_eq!((code("bosje"), code("Bospolder")), ("BU05990321".to_owned(), "BU05990321".to_owned()));
        assert!(code("het oude westen van de stad").starts_with("WK"));
        let format = session.format();
        let has = |variants: &[String], alias: &str| variants.iter().any(|known| known == alias);
        let named = |name: &str| format.indicators.iter().find(|known| known.name == name).unwrap();
        assert!(has(&named("Volwassenen die eenzaam zijn").variants, "Alleen zijn"));
        assert_eq!(format.control.factor_called("drank en DRUGS"), Some("Middelengebruik"));
        assert!(has(&format.domein("Werk").unwrap().variants, "Arbeid"));
        let summary = format.tabs.iter().find(|tab| tab.kind == "samenvatting").unwrap();
        assert!(has(&summary.variants, "Eindoverzicht"));
    }

    #[test]
    fn a_line_that_does_nothing_or_stands_twice_is_an_error_with_its_line_and_field() {
        let folder = tempfile::tempdir().unwrap();
        let lines = "code;indicator;niveau;drempel;toelichting\nvraag-opn;;uit;;\nvraag-open;;;7;\nlink-dood;;;;leeg\n\
             zonder-activiteit;vsv;;4;\nlink-dood;;uit;;\nlink-dood;;fout;;\nkleine-groep;;opmerking;;\nkleine-groep;;;5;\n";
        std::fs::write(folder.path().join("controle.csv"), lines).unwrap();
        let said = Session::open(Some(folder.path())).unwrap_err().to_string();
        for part in [
            "regel 2, veld 'code': 'vraag-opn'",
            "regel 3, veld 'drempel': 'vraag-open' heeft geen drempel",
            "regel 4, veld 'niveau'",
            "regel 5, veld 'indicator'",
            "regel 7, veld 'code': 'link-dood' staat al op regel 6",
        ] {
            assert!(said.contains(part), "{part}: {said}");
        }
        assert_eq!(
            said.matches("controle.csv").count(),
            5,
            "a level and a threshold may stand on two lines: {said}"
        );
    }

    #[test]
    fn every_threshold_of_the_built_in_files_is_of_a_code_that_has_one() {
        let format = crate::format::builtin().unwrap();
        assert_eq!(super::silent_lines(&format.control.settings), Vec::<String>::new());
        assert!(crate::check::THRESHOLDS.iter().all(|(code, _)| crate::check::rule(code).is_some()));
    }

    #[test]
    fn a_wrong_alias_is_an_error_with_its_line_and_field_and_never_taken() {
        for (line, says) in [
            ("wijk;Bospoldr;Bosje", &["regel 2, veld 'naam'", "'Bospolder'"][..]),
            ("wijk;Bospolder;Tussendijken", &["regel 2, veld 'alias'", "al de naam van Tussendijken"]),
            ("indicator;Volwassenen die eenzam zijn;Alleen", &["regel 2, veld 'naam'", "eenzaam"]),
            ("factor;Middelengebruik;Armoede en schulden", &["regel 2, veld 'alias'", "'Armoede en schulden'"]),
            ("wij;Bospolder;Bosje", &["regel 2, veld 'soort'", "Bedoelt u 'wijk'?"]),
        ] {
            let error = with(&format!("{line}\n")).unwrap_err().to_string();
            for part in says {
                assert!(error.contains("aliassen.csv") && error.contains(part), "{line}: {error}");
            }
        }
    }
}
