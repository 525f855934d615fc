//! The colours of a chart on the theme of another document.
//!
//! A chart takes the colours of the theme, and those of an organisation may be too light to be seen. Each colour that is
//! ours then becomes darker, step by step, and in the end that of the text; with a contrast of at least 4.5:1 with the paper
//! behind the chart it stays. Shapes and sizes tell the marks apart, so that no meaning hangs on the colour.

use crate::document::contrast::contrast;
use crate::package::xml::elements;

/// The colours that a chart is drawn with, as `drawing` writes them.
pub(super) const PAPER: &str = "<a:schemeClr val=\"bg1\"/>";
pub(super) const INK: &str = "<a:schemeClr val=\"tx1\"/>";
pub(super) const WIJK: &str = "<a:schemeClr val=\"accent1\"/>";
pub(super) const GEBIED: &str = "<a:schemeClr val=\"accent3\"/>";
pub(super) const BENCHMARK: &str =
    "<a:schemeClr val=\"tx1\"><a:lumMod val=\"65000\"/><a:lumOff val=\"35000\"/></a:schemeClr>";
pub(super) const RANGE: &str = "<a:schemeClr val=\"bg1\"><a:lumMod val=\"45000\"/></a:schemeClr>";
/// Lines of the scale, behind everything.
pub(super) const GRID: &str = "<a:schemeClr val=\"bg1\"><a:lumMod val=\"85000\"/></a:schemeClr>";
/// The letters of the theme.
pub(super) const LETTERS: &str = "<a:latin typeface=\"+mn-lt\"/>";

/// Least contrast of everything in a chart that has to be seen.
const LEAST: f64 = 4.5;

/// The chart part with colours that can be seen on this theme (the text of its part; empty when there is none).
pub(in crate::document) fn on_theme(chart: &str, theme: &str) -> String {
    let [Some(paper), Some(ink), Some(wijk), Some(gebied)] =
        ["lt1", "dk1", "accent1", "accent3"].map(|name| of_theme(theme, name))
    else {
        return without_theme(chart);
    };
    let seen = |colour: &str, ground: &str| contrast(colour, ground).is_some_and(|found| found >= LEAST);
    if !seen(&ink, &paper) {
        // Neither can be trusted: black on white.
        let (black, white) = ("<a:srgbClr val=\"000000\"/>", "<a:srgbClr val=\"FFFFFF\"/>");
        return [BENCHMARK, RANGE, WIJK, GEBIED, INK]
            .iter()
            .fold(chart.to_owned(), |text, ours| text.replace(ours, black))
            .replace(PAPER, white);
    }
    let mut chart = chart.to_owned();
    for (ours, base, times, plus) in [(BENCHMARK, &ink, 0.65, 0.35), (RANGE, &paper, 0.45, 0.0)] {
        if !shaded(base, times, plus).is_some_and(|shown| seen(&shown, &paper)) {
            chart = chart.replace(ours, INK);
        }
    }
    for (ours, name, base) in [(WIJK, "accent1", wijk), (GEBIED, "accent3", gebied)] {
        if seen(&base, &paper) {
            continue;
        }
        let darker = [75, 50, 35]
            .into_iter()
            .find(|part| shaded(&base, f64::from(*part) / 100.0, 0.0).is_some_and(|shown| seen(&shown, &paper)));
        let new = darker.map_or_else(
            || INK.to_owned(),
            |part| format!("<a:schemeClr val=\"{name}\"><a:lumMod val=\"{part}000\"/></a:schemeClr>"),
        );
        chart = chart.replace(ours, &new);
    }
    chart
}

/// The chart part in our own colours by their value, with the letters of the document: a document without a theme (as
/// LibreOffice may write it) has no colour by the name of a role, and a program that does not find it draws black on black.
fn without_theme(chart: &str) -> String {
    let fixed = [
        (BENCHMARK, "595959"),
        (RANGE, "737373"),
        (GRID, "D9D9D9"),
        (WIJK, "1F4E4A"),
        (GEBIED, "8A5A00"),
        (INK, "000000"),
        (PAPER, "FFFFFF"),
    ];
    fixed
        .iter()
        .fold(chart.to_owned(), |text, (ours, value)| text.replace(ours, &format!("<a:srgbClr val=\"{value}\"/>")))
        .replace(LETTERS, "")
}

/// A colour of a theme as `RRGGBB`.
fn of_theme(theme: &str, name: &str) -> Option<String> {
    let all = elements(theme.trim_start_matches('\u{feff}')).ok()?;
    let at = all.iter().position(|e| e.local == name)?;
    let end = all.get(at)?.span.end;
    let value = all.iter().skip(at + 1).take_while(|e| e.span.start < end).find_map(|e| match e.local.as_str() {
        "srgbClr" => e.attribute("val"),
        "sysClr" => e.attribute("lastClr"),
        _ => None,
    });
    value.map(str::to_owned)
}

/// A colour with another lightness, as DrawingML has it: `lumMod` times, `lumOff` added. `None` for what is no `RRGGBB`.
fn shaded(hex: &str, times: f64, plus: f64) -> Option<String> {
    let channel = |at: usize| Some(f64::from(u8::from_str_radix(hex.get(at..at + 2)?, 16).ok()?) / 255.0);
    let (r, g, b) = (channel(0)?, channel(2)?, channel(4)?);
    let (high, low) = (r.max(g).max(b), r.min(g).min(b));
    let lightness = (high + low) / 2.0;
    let new = (lightness * times + plus).clamp(0.0, 1.0);
    // Hue and saturation stay: every channel keeps its share of what lies around the lightness.
    let room = |lightness: f64| 1.0 - (2.0 * lightness - 1.0).abs();
    let scale = if room(lightness) > 0.0 { room(new) / room(lightness) } else { 0.0 };
    let shown = |value: f64| ((new + (value - lightness) * scale).clamp(0.0, 1.0) * 255.0).round();
    Some(format!("{:02X}{:02X}{:02X}", shown(r) as u8, shown(g) as u8, shown(b) as u8))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn theme(ink: &str, paper: &str, wijk: &str, gebied: &str) -> String {
        format!(
            "<a:theme xmlns:a=\"x\"><a:clrScheme><a:dk1><a:sysClr val=\"windowText\" lastClr=\"{ink}\"/></a:dk1>\
             <a:lt1><a:srgbClr val=\"{paper}\"/></a:lt1><a:accent1><a:srgbClr val=\"{wijk}\"/></a:accent1>\
             <a:accent3><a:srgbClr val=\"{gebied}\"/></a:accent3></a:clrScheme></a:theme>"
        )
    }

    const ALL: [&str; 6] = [PAPER, INK, WIJK, GEBIED, BENCHMARK, RANGE];

    #[test]
    fn colours_that_can_be_seen_stay_and_light_ones_become_darker_or_black() {
        let chart = ALL.concat();
        assert_eq!(on_theme(&chart, &theme("000000", "FFFFFF", "1F4E4A", "8A5A00")), chart);
        // This blue is 3.6:1 on white, the yellow 1.6:1.
        let office = on_theme(&chart, &theme("000000", "FFFFFF", "4F8AC9", "FFC000"));
        assert!(office.contains("\"accent1\"><a:lumMod val=\"75000\"/>"), "{office}");
        assert!(office.contains("\"accent3\"><a:lumMod val=\"50000\"/>"), "{office}");
    }

    #[test]
    fn without_a_theme_nothing_in_a_chart_hangs_on_one() {
        let chart = [PAPER, INK, WIJK, GEBIED, BENCHMARK, RANGE, GRID, LETTERS].concat();
        let lacking = theme("000000", "FFFFFF", "1F4E4A", "8A5A00").replace("accent3", "accent4");
        for theme in ["", lacking.as_str()] {
            let fixed = on_theme(&chart, theme);
            assert!(!fixed.contains("schemeClr") && !fixed.contains("+mn-lt"), "{fixed}");
            assert!(fixed.starts_with("<a:srgbClr val=\"FFFFFF\"/><a:srgbClr val=\"000000\"/>"), "{fixed}");
        }
        for colour in ["000000", "1F4E4A", "8A5A00", "595959", "737373"] {
            assert!(contrast(colour, "FFFFFF").unwrap() >= LEAST, "{colour}");
        }
    }

    #[test]
    fn whatever_the_theme_every_mark_has_a_contrast_of_4_5_with_its_paper() {
        let colours = ["000000", "FFFFFF", "FFFF00", "808080", "00FFFF", "7B321D", "44546A", "E7E6E6"];
        for ink in colours {
            for paper in colours {
                for accent in colours {
                    let theme = theme(ink, paper, accent, accent);
                    let shown = |ours: &str| {
                        let new = on_theme(ours, &theme);
                        let part = |name: &str| {
                            let value = new.split_once(&format!("{name} val=\""))?.1.split('"').next()?;
                            value.parse::<f64>().ok().map(|value| value / 100_000.0)
                        };
                        let base = match new.split('"').nth(1).unwrap() {
                            "tx1" => ink,
                            "bg1" => paper,
                            "accent1" | "accent3" => accent,
                            "000000" => "000000",
                            "FFFFFF" => "FFFFFF",
                            other => unreachable!("{other}"),
                        };
                        shaded(base, part("lumMod").unwrap_or(1.0), part("lumOff").unwrap_or(0.0)).unwrap()
                    };
                    let ground = shown(PAPER);
                    for ours in &ALL[1..] {
                        let found = contrast(&shown(ours), &ground).unwrap();
                        assert!(found >= 4.5, "{ours} on {theme}: {found}");
                    }
                }
            }
        }
    }

    #[test]
    fn a_shade_keeps_the_hue_as_word_shows_it() {
        // Word's blue 4472C4, 'darker 25%' and 'darker 50%'.
        assert_eq!(shaded("4472C4", 0.75, 0.0).as_deref(), Some("2F5597"));
        assert_eq!(shaded("4472C4", 0.5, 0.0).as_deref(), Some("203864"));
        assert_eq!((shaded("blauw", 0.5, 0.0), shaded("000000", 0.65, 0.35).as_deref()), (None, Some("595959")));
    }
}
