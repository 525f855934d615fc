//! Number formats and differential formats of a workbook.
//!
//! Owns what a style index means as far as values need it; fonts and borders are nobody's business here.

use std::collections::BTreeMap;

use super::xml::{Element, elements};

/// The parts of `styles.xml` that matter for values.
#[derive(Debug, Clone, Default)]
pub(crate) struct Styles {
    /// Number format of each cell style.
    cell_formats: Vec<u32>,
    codes: BTreeMap<u32, String>,
    /// Per differential format: does it set a background, and which.
    pub(crate) dxf_fills: Vec<(bool, Option<String>)>,
}

impl Styles {
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let all = elements(text)?;
        let parent_is =
            |e: &Element, local: &str| e.parent.and_then(|p| all.get(p)).is_some_and(|p| p.local == local);
        let mut styles = Styles::default();
        for (index, element) in all.iter().enumerate() {
            let number = |name: &str| element.attribute(name).and_then(|v| v.trim().parse::<u32>().ok());
            match element.local.as_str() {
                "numFmt" if parent_is(element, "numFmts") => {
                    if let (Some(id), Some(code)) = (number("numFmtId"), element.attribute("formatCode")) {
                        styles.codes.insert(id, code.to_owned());
                    }
                }
                "xf" if parent_is(element, "cellXfs") => styles.cell_formats.push(number("numFmtId").unwrap_or(0)),
                "dxf" if parent_is(element, "dxfs") => {
                    let inside = || all.iter().skip(index + 1).take_while(|e| e.span.start < element.span.end);
                    styles.dxf_fills.push(dxf_fill(inside));
                }
                _ => {}
            }
        }
        Ok(styles)
    }

    pub(crate) fn number_format(&self, style: u32) -> &str {
        let Some(id) = usize::try_from(style).ok().and_then(|s| self.cell_formats.get(s)) else {
            return "General";
        };
        self.codes.get(id).map_or_else(|| built_in(*id), String::as_str)
    }
}

fn dxf_fill<'a, I: Iterator<Item = &'a Element>>(inside: impl Fn() -> I) -> (bool, Option<String>) {
    let pattern = inside().find(|e| e.local == "patternFill").and_then(|e| e.attribute("patternType"));
    let fill = inside().any(|e| e.local == "fill") && pattern != Some("none");
    // A plain background of a differential format stands in bgColor; Excel leaves the pattern type out.
    let colour = |name: &str| {
        inside()
            .find(|e| e.local == name)
            .and_then(|e| e.attribute("rgb"))
            .and_then(|rgb| rgb.get(rgb.len().saturating_sub(6)..))
            .map(str::to_uppercase)
    };
    (fill, colour("bgColor").or_else(|| colour("fgColor")))
}

/// True when a number format shows a fraction as a percentage: a `%` outside quotes, escapes and brackets. Only the part
/// for positive numbers counts.
pub(crate) fn is_percent_format(code: &str) -> bool {
    let mut chars = code.chars();
    while let Some(c) = chars.next() {
        match c {
            '%' => return true,
            ';' => return false,
            '\\' | '_' | '*' => {
                chars.next();
            }
            '"' => while chars.next().is_some_and(|c| c != '"') {},
            '[' => while chars.next().is_some_and(|c| c != ']') {},
            _ => {}
        }
    }
    false
}

/// A number format without the language that may stand at its head: `[$-413]0.0` is `0.0`, of which Dutch is the way
/// to show it. A currency (`[$€-413]`) stays.
pub(crate) fn without_language(code: &str) -> &str {
    code.strip_prefix("[$-").and_then(|rest| rest.split_once(']')).map_or(code, |(_, format)| format)
}

/// True when a number format shows elapsed time: hours, minutes or seconds between brackets.
pub(crate) fn is_elapsed_format(code: &str) -> bool {
    let of_time = |inside: &str| {
        !inside.is_empty() && inside.chars().all(|c| matches!(c.to_ascii_lowercase(), 'h' | 'm' | 's'))
    };
    code.split('[').skip(1).filter_map(|rest| rest.split_once(']')).any(|(inside, _)| of_time(inside))
}

/// True when a number format shows a date or a time: a `d`, `m`, `y`, `h` or `s` outside quotes and escapes, or an
/// elapsed time such as `[h]`. Only the part for positive numbers counts.
pub(crate) fn is_date_format(code: &str) -> bool {
    if code.eq_ignore_ascii_case("general") {
        return false;
    }
    let date = |c: char| matches!(c.to_ascii_lowercase(), 'd' | 'm' | 'y' | 'h' | 's');
    let mut chars = code.chars();
    while let Some(c) = chars.next() {
        match c {
            ';' => return false,
            '\\' | '_' | '*' => {
                chars.next();
            }
            '"' => while chars.next().is_some_and(|c| c != '"') {},
            '[' => {
                let inside: String = chars.by_ref().take_while(|c| *c != ']').collect();
                if !inside.is_empty() && inside.chars().all(|c| matches!(c.to_ascii_lowercase(), 'h' | 'm' | 's'))
                {
                    return true;
                }
            }
            c if date(c) => return true,
            _ => {}
        }
    }
    false
}

/// The codes of the formats that have a number and no text in the file (English forms).
fn built_in(id: u32) -> &'static str {
    match id {
        1 => "0",
        2 => "0.00",
        3 => "#,##0",
        4 => "#,##0.00",
        9 => "0%",
        10 => "0.00%",
        11 => "0.00E+00",
        12 => "# ?/?",
        13 => "# ??/??",
        14 => "mm-dd-yy",
        15 => "d-mmm-yy",
        16 => "d-mmm",
        17 => "mmm-yy",
        18 => "h:mm AM/PM",
        19 => "h:mm:ss AM/PM",
        20 => "h:mm",
        21 => "h:mm:ss",
        22 => "m/d/yy h:mm",
        37 => "#,##0 ;(#,##0)",
        38 => "#,##0 ;[Red](#,##0)",
        39 => "#,##0.00;(#,##0.00)",
        40 => "#,##0.00;[Red](#,##0.00)",
        45 => "mm:ss",
        46 => "[h]:mm:ss",
        47 => "mmss.0",
        48 => "##0.0E+0",
        49 => "@",
        _ => "General",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_language_at_the_head_of_a_number_format_is_no_part_of_it() {
        for (code, format) in [
            ("[$-413]#,##0.0", "#,##0.0"),
            ("[$-nl-NL]0", "0"),
            ("0.0", "0.0"),
            ("[$€-413] 0.00", "[$€-413] 0.00"),
            ("[$-413", "[$-413"),
        ] {
            assert_eq!(without_language(code), format, "{code}");
        }
    }

    #[test]
    fn a_date_format_is_told_from_a_number_format() {
        for date in ["d-mmm", "dd-mm-yyyy", "[$-413]d mmmm yyyy;@", "h:mm", "[h]:mm:ss", "mm-dd-yy"] {
            assert!(is_date_format(date), "{date}");
        }
        for number in ["General", "0.0", "0.0\" dagen\"", "#,##0;[Red]-#,##0", "0\\d", "[Red]0.0", "@", "0.0;d"] {
            assert!(!is_date_format(number), "{number}");
        }
    }

    #[test]
    fn only_a_bare_percent_sign_makes_a_percentage() {
        for code in ["0%", "0.0 %", "[Red]0%;-0%", "\"ca. \"0%"] {
            assert!(is_percent_format(code), "{code}");
        }
        for code in ["0.0", "0\"%\"", "0\\%", "0.0_%", "0.0;0%", "General", "[%]0"] {
            assert!(!is_percent_format(code), "{code}");
        }
    }

    #[test]
    fn built_in_and_own_formats_are_found_by_style() {
        let text = "<styleSheet><numFmts><numFmt numFmtId=\"164\" formatCode=\"0.0\\ %\"/></numFmts>\
            <cellStyleXfs><xf numFmtId=\"10\"/></cellStyleXfs>\
            <cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"9\"/><xf numFmtId=\"164\"/></cellXfs>\
            <dxfs><dxf><fill><patternFill><bgColor rgb=\"FFFFA500\"/></patternFill></fill></dxf><dxf><font/></dxf></dxfs>\
            </styleSheet>";
        let styles = Styles::parse(text).unwrap();
        assert_eq!(styles.number_format(0), "General");
        assert_eq!(styles.number_format(1), "0%");
        assert_eq!(styles.number_format(2), "0.0\\ %");
        assert_eq!(styles.number_format(99), "General");
        assert_eq!(styles.dxf_fills, [(true, Some("FFA500".to_owned())), (false, None)]);
    }
}
