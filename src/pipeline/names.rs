//! The name that a user gives for a wijk or for the area beside it: what it can mean, and what it cannot.
//!
//! Owns saying so when a name has two meanings, and refusing a city or a country as the wijk. Finding an area by its
//! name is [`super::inputs`]'s business.

use super::inputs::{Origin, WorkbookInput, find_area};
use crate::error::{Error, Result};
use crate::finding::{Finding, Level, Place};
use crate::model::{AreaLevel, Overview, normalise};

/// The area behind a name, and what there is to say about it.
pub(super) struct Named {
    /// Index in the overview.
    pub(super) area: usize,
    /// The name has another meaning too.
    pub(super) remark: Option<Finding>,
}

impl Named {
    /// The area; what there is to say is added to the findings.
    pub(super) fn area_and_remark(self, findings: &mut Vec<Finding>) -> usize {
        findings.extend(self.remark);
        self.area
    }
}

/// The area to fill, check or report on: a wijk, a gebied or a buurt.
///
/// # Errors
/// [`Error::Request`] when the name is unknown or means several wijken, and for a city or a country: it is what a wijk
/// is compared with.
pub(super) fn wijk(overview: &Overview, name: &str, from: &Origin) -> Result<Named> {
    let named = named(overview, name, ("--wijk", from))?;
    refuse_city(overview, named.area)?;
    Ok(named)
}

impl WorkbookInput {
    /// The wijk by the name given, else by the name in the workbook.
    ///
    /// # Errors
    /// As [`wijk`], and when the workbook names no wijk.
    pub(super) fn named(&self, name: Option<&str>) -> Result<Named> {
        let overview = self.overview_or_error()?;
        match name {
            Some(name) => {
                let named = wijk(overview, name, &self.origin)?;
                self.refuse_other_wijk(overview, named.area)?;
                Ok(named)
            }
            None => {
                let area = self.area(None)?;
                refuse_city(overview, area)?;
                Ok(Named { area, remark: None })
            }
        }
    }
}

impl WorkbookInput {
    /// Refuses a wijk that the workbook is not about: its figures would go out under the name of another.
    fn refuse_other_wijk(&self, overview: &Overview, area: usize) -> Result<()> {
        let written = self.analysis.wijk();
        let Ok(own) = find_area(overview, written, &self.origin) else { return Ok(()) };
        let (Some(own), Some(asked)) = (overview.areas.get(own), overview.areas.get(area)) else { return Ok(()) };
        // A wijk and a gebied may bear one name; which of them the workbook means is then for the user to say.
        if own.code == asked.code || normalise(&own.name) == normalise(&asked.name) {
            return Ok(());
        }
        Err(Error::request(
            format!("Het werkboek {} gaat over '{written}' en niet over {}", self.analysis.file, asked.name),
            format!(
                "Kies het werkboek van {}, of laat --wijk weg. Is de naam in het werkboek verkeerd, verbeter hem dan daar.",
                asked.name
            ),
        ))
    }
}

/// The area for column F: any level.
///
/// # Errors
/// [`Error::Request`] when the name is unknown or means several areas.
pub(super) fn beside(overview: &Overview, name: Option<&str>, from: &Origin) -> Result<Option<Named>> {
    name.map(|name| named(overview, name, ("--naast", from))).transpose()
}

/// Refuses the wijk itself as the area for column F: the column would say the same twice.
///
/// # Errors
/// [`Error::Request`] when they are one.
pub(super) fn refuse_itself(overview: &Overview, wijk: &Named, beside: Option<&Named>) -> Result<()> {
    if beside.is_none_or(|beside| beside.area != wijk.area) {
        return Ok(());
    }
    Err(Error::request(
        format!("achter --naast staat de wijk zelf ({})", overview.call_name(wijk.area)),
        "Kies achter --naast een andere wijk, een gebied of het land, of laat --naast weg.",
    ))
}

/// Refuses a city or a country as the wijk.
///
/// # Errors
/// [`Error::Request`] when it is one.
pub(super) fn refuse_city(overview: &Overview, area: usize) -> Result<()> {
    let Some(found) = overview.areas.get(area) else { return Ok(()) };
    let what = match found.level {
        AreaLevel::Stad => "een stad",
        AreaLevel::Land => "een land",
        AreaLevel::Gebied | AreaLevel::Wijk | AreaLevel::Buurt => return Ok(()),
    };
    Err(Error::request(
        format!("{} ({}) is {what} en geen wijk: daarmee wordt een wijk vergeleken", found.name, found.code),
        format!(
            "Geef {}; 'wijk wijken' toont ze. Wilt u {} naast uw wijk zien, gebruik dan \
             --naast \"{}\".",
            // A municipality without gebieden does not hear of them.
            if overview.areas.iter().any(|area| area.level == AreaLevel::Gebied) {
                "een wijk of een gebied"
            } else {
                "een wijk"
            },
            found.name,
            found.name
        ),
    ))
}

/// The word for the level of an area: `wijk`, `gebied` ...
pub(super) fn level(overview: &Overview, area: usize) -> &'static str {
    overview.areas.get(area).map_or("wijk", |area| area.level.word())
}

fn named(overview: &Overview, name: &str, (option, from): (&str, &Origin)) -> Result<Named> {
    let area = find_area(overview, name, from)?;
    Ok(Named { area, remark: remark(overview, name, area, (option, from)) })
}

/// Says which of two areas of one name was taken, and how to get the other.
fn remark(overview: &Overview, name: &str, area: usize, (option, from): (&str, &Origin)) -> Option<Finding> {
    let taken = overview.areas.get(area)?;
    let wanted = normalise(name);
    let bears = |known: &str| normalise(known) == wanted;
    // A code, or a name with the level before it, has one meaning.
    if !bears(&taken.name) && !taken.aliases.iter().any(|alias| bears(alias)) {
        return None;
    }
    let others: Vec<(usize, String)> = overview
        .areas
        .iter()
        .enumerate()
        .filter(|(index, other)| *index != area && bears(&other.name))
        .map(|(index, other)| (index, format!("{} {} ({})", the(other.level), other.name, other.code)))
        .collect();
    let (first, _) = others.first()?;
    let descriptions: Vec<&str> = others.iter().map(|(_, text)| text.as_str()).collect();
    Some(Finding::new(
        "naam-met-twee-betekenissen",
        Level::Opmerking,
        Place { file: from.file(), ..Place::default() }.about(format!("{option} {}", name.trim())),
        format!(
            "'{}' is de naam van {} {} ({}) en ook van {}. Gekozen is {} {}.",
            name.trim(),
            the(taken.level),
            taken.name,
            taken.code,
            descriptions.join(" en "),
            the(taken.level),
            taken.code,
        ),
        "",
        format!(
            "Klopt dat, dan hoeft er niets te gebeuren. Bedoelt u de andere, typ dan {option} \"{}\".",
            overview.call_name(*first)
        ),
    ))
}

/// A level with its article: `de wijk`, `het gebied`.
fn the(level: AreaLevel) -> &'static str {
    match level {
        AreaLevel::Land => "het land",
        AreaLevel::Stad => "de stad",
        AreaLevel::Gebied => "het gebied",
        AreaLevel::Wijk => "de wijk",
        AreaLevel::Buurt => "de buurt",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::namesakes;

    #[test]
    fn a_name_with_two_meanings_is_said_with_both_codes_and_the_way_to_the_other() {
        let overview = namesakes();
        let named = wijk(&overview, "delfshaven", &Origin::File("cijfers.csv".into())).unwrap();
        let remark = named.remark.unwrap();
        assert_eq!(remark.place.file.as_deref(), Some("cijfers.csv"));
        assert_eq!(named.area, 2);
        assert!(remark.found.contains("BU1") && remark.found.contains("WK1"), "{}", remark.found);
        assert!(remark.advice.contains("--wijk \"gebied Delfshaven\""), "{}", remark.advice);
        // The way it names leads there, without a remark.
        for clear in ["gebied Delfshaven", "WK1"] {
            let named = wijk(&overview, clear, &Origin::BuiltIn).unwrap();
            assert!(named.area == 1 && named.remark.is_none(), "{clear}");
        }
        assert!(wijk(&overview, "Charlois", &Origin::BuiltIn).unwrap().remark.is_none());
    }

    #[test]
    fn a_city_is_not_a_wijk_but_may_stand_beside_one() {
        let refused = wijk(&namesakes(), "Stad", &Origin::BuiltIn).err().unwrap().to_string();
        assert!(refused.contains("Stad (GM1) is een stad en geen wijk"), "{refused}");
        assert_eq!(beside(&namesakes(), Some("Stad"), &Origin::BuiltIn).unwrap().unwrap().area, 0);
    }

    #[test]
    fn an_unknown_name_is_said_with_the_overview_that_was_looked_in() {
        let said = |from| wijk(&namesakes(), "Atlantis", &from).err().unwrap().to_string();
        assert!(said(Origin::File("cijfers.csv".into())).contains("in het overzicht cijfers.csv."));
        assert!(said(Origin::Tab("a.xlsx".into())).contains("in het overzicht in a.xlsx."));
        assert!(said(Origin::BuiltIn).contains("in het ingebouwde overzicht."));
        let mut twice = namesakes();
        twice.areas[1].level = AreaLevel::Wijk;
        let said = wijk(&twice, "Delfshaven", &Origin::File("cijfers.csv".into())).err().unwrap().to_string();
        assert!(said.starts_with("In het overzicht cijfers.csv zijn er meer gebieden"), "{said}");
    }
}
