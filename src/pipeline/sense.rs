//! What in a format does not go together although every file by itself is right: the benchmark with its area, the versions
//! with the version.
//!
//! Owns those findings. Files that cannot be loaded are refused before this.

use std::collections::BTreeMap;
use std::path::Path;

use super::Session;
use crate::error::Result;
use crate::finding::{Finding, Level, Place};
use crate::format;
use crate::model::{Area, AreaLevel, CLASSIC, major_minor, normalise, words};

/// The file with the version and the benchmark.
const FILE: &str = "format.toml";

impl Session {
    /// What does not go together.
    ///
    /// # Errors
    /// When the file cannot be read again, to say the line.
    pub(super) fn does_not_go_together(&self) -> Result<Vec<Finding>> {
        let mut found = self.benchmarks_without_area()?;
        found.extend(self.older_versions()?);
        found.extend(self.questions_like_headings()?);
        found.extend(self.wijken_of_one_name());
        Ok(found)
    }

    /// Wijken that only their code tells apart: an advisor who types the name is asked which one.
    fn wijken_of_one_name(&self) -> Option<Finding> {
        let mut by_name: BTreeMap<String, Vec<&Area>> = BTreeMap::new();
        for area in self.areas.areas.iter().map(|known| &known.area).filter(|area| area.level == AreaLevel::Wijk) {
            by_name.entry(normalise(&area.name)).or_default().push(area);
        }
        let same: Vec<String> = by_name
            .into_values()
            .filter(|areas| areas.len() > 1)
            .filter_map(|areas| {
                let codes: Vec<&str> = areas.iter().map(|area| area.code.as_str()).collect();
                Some(format!("'{}' ({})", areas.first()?.name, words::list(&codes)))
            })
            .collect();
        let (first, more) = (same.first()?, same.len() - 1);
        let more = match more {
            0 => String::new(),
            more => format!(" En nog {}.", words::count(more, "naam", "namen")),
        };
        Some(Finding::new(
            "format-past-niet",
            Level::Waarschuwing,
            Place { file: Some("gebieden.csv".to_owned()), ..Place::default() },
            format!("Meer dan één wijk heet {first}.{more}"),
            "Elke wijk een eigen naam.",
            "Zet er iets bij dat de wijken onderscheidt. Anders moet een adviseur de code typen.",
        ))
    }

    /// Questions with the words of the heading above a domein: reading a workbook begins a new domein there.
    fn questions_like_headings(&self) -> Result<Vec<Finding>> {
        const QUESTIONS: &str = "vragen.csv";
        let is_heading = |text: &str| {
            let text = normalise(text);
            let names = self
                .format
                .domeinen
                .iter()
                .flat_map(|domein| std::iter::once(&domein.name).chain(&domein.variants));
            names.into_iter().any(|name| text == normalise(name) || text == normalise(&format!("Domein: {name}")))
        };
        let like: Vec<&str> =
            self.format.questions.iter().map(|q| q.text.as_str()).filter(|text| is_heading(text)).collect();
        if like.is_empty() {
            return Ok(Vec::new());
        }
        let sources = format::sources(self.folder.as_deref())?;
        let content = sources.iter().find(|(name, _)| *name == QUESTIONS).map_or("", |(_, text)| text.as_str());
        let told = |text: &str| {
            let line = content.lines().position(|line| line.contains(text)).map_or(1, |at| at + 1);
            Finding::new(
                "format-past-niet",
                Level::Fout,
                Place { file: Some(QUESTIONS.to_owned()), ..Place::default() },
                format!(
                    "Regel {line}, veld 'vraag': '{text}' leest als de kop van een domein, en begint zo een nieuw domein."
                ),
                "Een vraag.",
                "Geef de vraag andere woorden.",
            )
        };
        Ok(like.into_iter().map(told).collect())
    }

    /// A benchmark that is no area, or is called otherwise than its area: one of the two was changed and not the other.
    pub(super) fn benchmarks_without_area(&self) -> Result<Vec<Finding>> {
        let text = settings(self.folder.as_deref())?;
        let (first, second) = (&self.format.benchmark, &self.format.second_benchmark);
        let both = [("benchmark", first, Level::Fout), ("tweede_benchmark", second, Level::Waarschuwing)];
        let mut findings = Vec::new();
        for (block, (code, name), level) in both {
            let mut say = |field: &str, found: String, expected: String, advice: String| {
                let found = format!("Regel {}, [{block}] veld '{field}': {found}", line(&text, block, field));
                findings.push(Finding::new("format-past-niet", level, place(), found, expected, advice));
            };
            let Some(area) = self.areas.by_code(code).map(|known| &known.area) else {
                say(
                    "code",
                    format!("'{code}' staat niet in gebieden.csv."),
                    "Een code uit gebieden.csv.".to_owned(),
                    "Verbeter de code, of zet gebieden.csv van uw gemeente in de map van het format.".to_owned(),
                );
                continue;
            };
            let names = std::iter::once(&area.name).chain(&area.aliases);
            if !names.into_iter().any(|known| normalise(known) == normalise(name)) {
                say(
                    "naam",
                    format!("'{name}' is niet de naam van {code}: dat is {}.", area.name),
                    format!("De naam '{}', of een andere code.", area.name),
                    "Verander code en naam samen, anders staan boven de cijfers van de ene gemeente de naam van een andere."
                        .to_owned(),
                );
            }
        }
        Ok(findings)
    }

    /// Older main versions that are taken as they are.
    fn older_versions(&self) -> Result<Vec<Finding>> {
        let own = major_minor(&self.format.version).0;
        let other = |pattern: &&String| pattern.as_str() != CLASSIC && major_minor(pattern).0 != own;
        let accepted: Vec<&str> = self.format.versions.accepted.iter().filter(other).map(String::as_str).collect();
        if accepted.is_empty() {
            return Ok(Vec::new());
        }
        let text = settings(self.folder.as_deref())?;
        let found = format!(
            "Regel {}, [versies] veld 'aanvaard': werkboeken van versie {} worden zonder overzetten gebruikt, terwijl het format versie {} is.",
            line(&text, "versies", "aanvaard"),
            accepted.join(", "),
            self.format.version
        );
        Ok(vec![Finding::new(
            "format-past-niet",
            Level::Waarschuwing,
            place(),
            found,
            format!("Alleen versies die met {own}. beginnen."),
            "Haal de oudere versies weg: dan vraagt het programma eerst om overzetten. Laat ze staan als zulke werkboeken zo blijven passen.",
        )])
    }
}

/// What does not go together as a sentence among those about the files: file, line and field, expected, what to do.
pub(super) fn as_sentence(finding: &Finding) -> String {
    let found =
        finding.found.strip_prefix("Regel").map_or_else(|| finding.found.clone(), |at| format!("regel{at}"));
    let file = finding.place.file.as_deref().unwrap_or(FILE);
    format!("{file}, {found} Verwacht: {} {}", lower_first(&finding.expected), finding.advice)
}

fn lower_first(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

fn place() -> Place {
    Place { file: Some(FILE.to_owned()), ..Place::default() }
}

/// The text of the settings.
fn settings(folder: Option<&Path>) -> Result<String> {
    let found = format::sources(folder)?.into_iter().find(|(name, _)| *name == FILE);
    Ok(found.map_or_else(String::new, |(_, text)| text))
}

/// The one-based line of a field in a block; that of the block where the field is written otherwise.
fn line(text: &str, block: &str, field: &str) -> usize {
    let heading = format!("[{block}]");
    let lines = || (1..).zip(text.lines().map(str::trim));
    let start = lines().find(|(_, line)| line.replace(' ', "") == heading).map_or(1, |(at, _)| at);
    let inside = lines().skip(start).take_while(|(_, line)| !line.starts_with('['));
    let is_field = |line: &str| line.split_once('=').is_some_and(|(name, _)| name.trim() == field);
    inside.into_iter().find(|(_, line)| is_field(line)).map_or(start, |(at, _)| at)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(folder: &Path) -> Vec<Finding> {
        Session::open(Some(folder)).unwrap().does_not_go_together().unwrap()
    }

    fn with(edit: impl Fn(String) -> String) -> Vec<Finding> {
        let folder = tempfile::tempdir().unwrap();
        let text = format::export().into_iter().find(|(name, _)| *name == FILE).unwrap().1;
        std::fs::write(folder.path().join(FILE), edit(text.to_owned())).unwrap();
        found(folder.path())
    }

    #[test]
    fn two_wijken_of_one_name_are_told_with_their_codes() {
        let folder = tempfile::tempdir().unwrap();
        let header = "code;naam;niveau;ligt_in;aliassen;wijknr;cbs_codes;relatie\n";
        let lines = "NL00;Nederland;land;;;;;\nGM0599;Rotterdam;stad;NL00;;;;\nW1;Centrum;wijk;GM0599;;;;\nW2;centrum;wijk;GM0599;;;;\n";
        std::fs::write(folder.path().join("gebieden.csv"), format!("{header}{lines}")).unwrap();
        let told = found(folder.path());
        assert!(
            told.iter().any(|finding| finding.found == "Meer dan één wijk heet 'Centrum' (W1 en W2)."),
            "{told:?}"
        );
    }

    #[test]
    fn a_benchmark_of_which_only_the_name_or_only_the_code_was_changed_is_a_fault_with_its_line() {
        let name = with(|text| text.replace("naam = \"Rotterdam\"", "naam = \"Amsterdam\""));
        assert!(matches!(name.as_slice(), [one] if one.level == Level::Fout), "{name:?}");
        assert!(name[0].found.contains("Regel 9") && name[0].found.contains("dat is Rotterdam"), "{name:?}");
        let code = with(|text| text.replace("GM0599", "GM9999"));
        assert!(matches!(code.as_slice(), [one] if one.level == Level::Fout), "{code:?}");
        assert!(code[0].found.contains("Regel 8") && code[0].found.contains("'GM9999' staat niet"), "{code:?}");
        // An alias is a name, and an own list of areas counts.
        assert_eq!(with(|text| text.replace("naam = \"Rotterdam\"", "naam = \"Gemeente Rotterdam\"")), []);
        assert_eq!(found(&Path::new(env!("CARGO_MANIFEST_DIR")).join("voorbeelden/amsterdam/format")), []);
    }

    #[test]
    fn a_format_of_a_new_main_version_that_still_takes_the_old_one_as_it_is_says_so() {
        let raised = |text: String| text.replacen("versie = \"1.1\"", "versie = \"2.0\"", 1);
        let old = with(raised);
        assert!(matches!(old.as_slice(), [one] if one.level == Level::Waarschuwing), "{old:?}");
        assert!(old[0].found.contains("veld 'aanvaard'") && old[0].found.contains("1.*"), "{old:?}");
        assert_eq!(with(|text| raised(text).replace("[\"1.*\", \"klassiek\"]", "[\"2.*\", \"klassiek\"]")), []);
        assert_eq!(with(|text| text), []);
    }
}
