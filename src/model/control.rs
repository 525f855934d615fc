//! What maintainers say about checking: levels and thresholds per rule and indicator, figures that belong together,
//! and names that people use.

use serde::{Deserialize, Serialize};

/// A line about a rule: for all indicators, or for one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CheckSetting {
    /// Line in the file, for messages.
    pub line: u64,
    /// The code of the finding.
    pub code: String,
    /// The indicator it is about; `None` for all.
    pub indicator: Option<String>,
    /// `fout`, `waarschuwing`, `opmerking` or `uit`; `None` leaves the level as it is.
    pub level: Option<String>,
    /// The threshold; `None` leaves it as it is.
    pub threshold: Option<f64>,
}

/// Whether parts make up the whole, or may be less.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SumKind {
    /// Together exactly the whole.
    Gelijk,
    /// Together at most the whole.
    Hooguit,
}

/// Indicators of which the figures belong together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sum {
    /// Code of the whole; `None` when the whole is 100 percent.
    pub whole: Option<String>,
    /// Codes of the parts.
    pub parts: Vec<String>,
    /// Whether they make up the whole.
    pub kind: SumKind,
}

/// A name that people use for something of the format or for an area.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alias {
    /// Line in the file, for messages.
    pub line: u64,
    /// `wijk`, `gebied`, `indicator`, `factor`, `domein` or `tabblad`.
    pub kind: String,
    /// The name as it should be.
    pub name: String,
    /// The name that people use.
    pub alias: String,
}

/// Everything about checking that lives in files.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Control {
    /// Levels and thresholds.
    pub settings: Vec<CheckSetting>,
    /// Figures that belong together.
    pub sums: Vec<Sum>,
    /// Names that people use.
    pub aliases: Vec<Alias>,
}

impl Control {
    /// The threshold of a rule: the one for this indicator, else the one for all, else `usual`.
    #[must_use]
    pub fn threshold(&self, code: &str, indicator: &str, usual: f64) -> f64 {
        self.find(code, Some(indicator), |setting| setting.threshold).unwrap_or(usual)
    }

    /// What the files say about the level of a rule, for this indicator or for all; `None` when they say nothing.
    #[must_use]
    pub fn level(&self, code: &str, indicator: Option<&str>) -> Option<&str> {
        self.find(code, indicator, |setting| setting.level.as_deref())
    }

    fn find<'a, T>(
        &'a self,
        code: &str,
        indicator: Option<&str>,
        of: impl Fn(&'a CheckSetting) -> Option<T>,
    ) -> Option<T> {
        let about = |one: bool| {
            self.settings
                .iter()
                .filter(|setting| setting.code == code)
                .filter(|setting| match &setting.indicator {
                    Some(named) => one && Some(named.as_str()) == indicator,
                    None => !one,
                })
                .find_map(&of)
        };
        about(true).or_else(|| about(false))
    }

    /// The format's name for a factor that a person called something else.
    #[must_use]
    pub fn factor_called(&self, wanted: &str) -> Option<&str> {
        let wanted = super::normalise(wanted);
        let mut factors = self.aliases.iter().filter(|alias| alias.kind == "factor");
        factors.find(|alias| super::normalise(&alias.alias) == wanted).map(|alias| alias.name.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_about_one_indicator_goes_before_what_is_said_about_all() {
        let setting = |indicator: Option<&str>, level: Option<&str>, threshold| CheckSetting {
            line: 2,
            code: "a".into(),
            indicator: indicator.map(Into::into),
            level: level.map(Into::into),
            threshold,
        };
        let settings = vec![setting(None, Some("uit"), Some(5.0)), setting(Some("vsv"), None, Some(2.0))];
        let control = Control { settings, ..Control::default() };
        let of = |indicator| control.threshold("a", indicator, 9.0).to_string();
        assert_eq!((of("vsv").as_str(), of("werk").as_str()), ("2", "5"));
        assert_eq!(control.threshold("b", "vsv", 9.0).to_string(), "9");
        // A line that is silent about the level leaves it to the line about all.
        assert_eq!(control.level("a", Some("vsv")), Some("uit"));
        assert_eq!(control.level("b", None), None);
    }
}
