//! A chart in DrawingML: a scatter chart with one series for the range of all wijken, the benchmark, the gebied and the
//! wijk each, and one without a marker whose labels name the lines.
//!
//! Native, so that it is sharp in print, editable in Word and takes the colours and letters of the document's theme.
//! Series differ in the shape and size of their markers, so that the chart reads in black and white; the colours have
//! a contrast of at least 4.5:1 with the paper. docx-rs knows no charts, so the part is written here.

use super::paper::{BENCHMARK, GEBIED, GRID, INK, LETTERS, PAPER, RANGE, WIJK};
use super::room::{BETWEEN, TEXT_LINE};
use super::{Chart, Line};
use crate::document::words::printable;
use crate::package::xml_escape;

const DECLARATION: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>"#;
const CHART: &str = "http://schemas.openxmlformats.org/drawingml/2006/chart";
const MAIN: &str = "http://schemas.openxmlformats.org/drawingml/2006/main";
const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const INLINE: &str = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing";

/// Where the lines lie on the vertical axis (in lines of text from below), and how high all of them are together.
pub(super) fn heights(chart: &Chart) -> (Vec<f64>, f64) {
    let each: Vec<f64> =
        chart.lines.iter().map(|line| line.label(chart).len() as f64 + BETWEEN / TEXT_LINE).collect();
    let total: f64 = each.iter().sum();
    let mut from_above = 0.0;
    let at = each
        .into_iter()
        .map(|height| {
            let middle = total - from_above - height / 2.0;
            from_above += height;
            (middle * 1e3).round() / 1e3
        })
        .collect();
    (at, (total * 1e3).round() / 1e3)
}

/// Ends of the horizontal axis: whole spreads around everything that is drawn.
pub(super) fn ends(chart: &Chart) -> (f64, f64) {
    let all = chart
        .lines
        .iter()
        .flat_map(|line| [Some(line.range.0), Some(line.range.1), line.wijk, line.gebied].into_iter().flatten());
    let (mut low, mut high) = (-1.0_f64, 1.0_f64);
    for value in all {
        low = low.min(value.floor());
        high = high.max(value.ceil());
    }
    (low, high)
}

/// How high a chart is by itself: its legend, its lines and its scale.
fn height(chart: &Chart) -> f64 {
    chart.room.top(&chart.names()) + chart.room.bottom(&chart.benchmark) + heights(chart).1 * TEXT_LINE
}

/// The run that shows chart `number` (from 1) in the text.
pub(in crate::document) fn drawing(chart: &Chart, number: usize) -> String {
    let height = height(chart);
    let attribute = |text: &str| xml_escape(&printable(text).replace(['\n', '\t'], " "));
    format!(
        "<w:drawing><wp:inline xmlns:wp=\"{INLINE}\" distT=\"0\" distB=\"0\" distL=\"0\" distR=\"0\">\
         <wp:extent cx=\"{:.0}\" cy=\"{height:.0}\"/><wp:docPr id=\"{number}\" name=\"Grafiek {number}\" descr=\"{}\" \
         title=\"{}\"/><wp:cNvGraphicFramePr/><a:graphic xmlns:a=\"{MAIN}\"><a:graphicData uri=\"{CHART}\">\
         <c:chart xmlns:c=\"{CHART}\" r:id=\"rIdGrafiek{number}\"/></a:graphicData></a:graphic></wp:inline></w:drawing>",
        chart.room.width(),
        attribute(&chart.alt),
        attribute(&chart.title),
    )
}

/// The relationships of chart `number`: its workbook.
pub(in crate::document) fn relationships(number: usize) -> String {
    format!(
        "{DECLARATION}<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">\
         <Relationship Id=\"rId1\" Type=\"{OFFICE}/package\" Target=\"../embeddings/grafiek{number}.xlsx\"/></Relationships>"
    )
}

/// The chart part.
pub(in crate::document) fn part(chart: &Chart) -> String {
    let (at, total) = heights(chart);
    let (low, high) = ends(chart);
    let count = chart.lines.len();
    let rows = |column: &str| format!("Grafiek!${column}$2:${column}${}", count + 1);
    let along: Vec<Option<f64>> = at.iter().copied().map(Some).collect();
    let points = |of: fn(&Line) -> Option<f64>| -> Vec<Option<f64>> { chart.lines.iter().map(of).collect() };

    let mut series = Vec::new();
    let (range_x, range_y) = super::sheet::range(chart, &at);
    let range_rows = |column: &str| format!("Grafiek!${column}$2:${column}${}", range_x.len() + 1);
    series.push(
        Series {
            name: ("Grafiek!$J$1", super::sheet::RANGE),
            line: &format!("<a:ln w=\"34925\" cap=\"flat\"><a:solidFill>{RANGE}</a:solidFill><a:round/></a:ln>"),
            marker: "<c:marker><c:symbol val=\"none\"/></c:marker>".to_owned(),
            labels: String::new(),
            x: (range_rows("J"), &range_x),
            y: (range_rows("K"), &range_y),
        }
        .written(0),
    );
    let none = "<a:ln w=\"19050\"><a:noFill/></a:ln>";
    let benchmark: Vec<Option<f64>> = vec![Some(0.0); count];
    let dots = |name: (&str, &str), marker: String, column: &str, x: &[Option<f64>], index: usize| {
        let x = (rows(column), x);
        Series { name, line: none, marker, labels: String::new(), x, y: (rows("E"), &along) }.written(index)
    };
    series.push(dots(("Grafiek!$H$1", &chart.benchmark), marker("square", 7, BENCHMARK), "H", &benchmark, 1));
    if let Some(gebied) = &chart.gebied {
        series.push(dots(
            ("Grafiek!$G$1", gebied),
            marker("diamond", 11, GEBIED),
            "G",
            &points(|line| line.gebied),
            2,
        ));
    }
    series.push(dots(
        ("Grafiek!$F$1", &chart.wijk),
        marker("circle", 10, WIJK),
        "F",
        &points(|line| line.wijk),
        3,
    ));
    // The names of the lines: labels left of the plot, of points that are not shown themselves.
    let names = series.len();
    let beside: Vec<Option<f64>> = vec![Some(low); count];
    series.push(
        Series {
            name: ("Grafiek!$I$1", super::sheet::LABELS),
            line: none,
            marker: "<c:marker><c:symbol val=\"none\"/></c:marker>".to_owned(),
            labels: labels(chart),
            x: (rows("I"), &beside),
            y: (rows("E"), &along),
        }
        .written(4),
    );

    let height = height(chart);
    let plot = chart.room.plot();
    let unit = if high - low > 14.0 { 2 } else { 1 };
    let title = chart.room.title(&chart.benchmark).0;
    format!(
        "{DECLARATION}<c:chartSpace xmlns:c=\"{CHART}\" xmlns:a=\"{MAIN}\" xmlns:r=\"{OFFICE}\"><c:date1904 val=\"0\"/>\
         <c:lang val=\"nl-NL\"/><c:roundedCorners val=\"0\"/><c:chart><c:autoTitleDeleted val=\"1\"/><c:plotArea><c:layout>\
         <c:manualLayout><c:layoutTarget val=\"inner\"/><c:xMode val=\"edge\"/><c:yMode val=\"edge\"/><c:x val=\"{}\"/>\
         <c:y val=\"{:.4}\"/><c:w val=\"{}\"/><c:h val=\"{:.4}\"/></c:manualLayout></c:layout><c:scatterChart>\
         <c:scatterStyle val=\"lineMarker\"/><c:varyColors val=\"0\"/>{}<c:axId val=\"41700001\"/>\
         <c:axId val=\"41700002\"/></c:scatterChart>{}{}<c:spPr><a:noFill/></c:spPr></c:plotArea><c:legend>\
         <c:legendPos val=\"t\"/><c:legendEntry><c:idx val=\"{names}\"/><c:delete val=\"1\"/></c:legendEntry>\
         <c:overlay val=\"0\"/></c:legend><c:plotVisOnly val=\"1\"/><c:dispBlanksAs val=\"gap\"/></c:chart><c:spPr>\
         <a:solidFill>{PAPER}</a:solidFill><a:ln><a:noFill/></a:ln></c:spPr>{}\
         <c:externalData r:id=\"rId1\"><c:autoUpdate val=\"0\"/></c:externalData></c:chartSpace>",
        plot.0,
        chart.room.top(&chart.names()) / height,
        plot.1,
        total * TEXT_LINE / height,
        series.concat(),
        horizontal(low, high, unit, &title),
        vertical(total),
        text_properties(800),
    )
}

/// The scale in spreads, below the plot, with light lines up.
fn horizontal(low: f64, high: f64, unit: u32, title: &str) -> String {
    format!(
        "<c:valAx><c:axId val=\"41700001\"/><c:scaling><c:orientation val=\"minMax\"/><c:max val=\"{high}\"/>\
         <c:min val=\"{low}\"/></c:scaling><c:delete val=\"0\"/><c:axPos val=\"b\"/><c:majorGridlines><c:spPr>\
         <a:ln w=\"6350\"><a:solidFill>{GRID}</a:solidFill></a:ln>\
         </c:spPr></c:majorGridlines><c:title><c:tx><c:rich><a:bodyPr/><a:lstStyle/><a:p><a:pPr><a:defRPr sz=\"800\" b=\"0\"/>\
         </a:pPr><a:r><a:rPr lang=\"nl-NL\" sz=\"800\" b=\"0\"/><a:t>{}</a:t></a:r></a:p></c:rich></c:tx>\
         <c:overlay val=\"0\"/></c:title><c:numFmt formatCode=\"+0;-0;0\" sourceLinked=\"0\"/><c:majorTickMark val=\"none\"/>\
         <c:minorTickMark val=\"none\"/><c:tickLblPos val=\"low\"/><c:spPr><a:ln w=\"6350\"><a:noFill/></a:ln></c:spPr>{}\
         <c:crossAx val=\"41700002\"/><c:crosses val=\"min\"/><c:crossBetween val=\"midCat\"/><c:majorUnit val=\"{unit}\"/>\
         </c:valAx>",
        xml_escape(&printable(title)),
        text_properties(800),
    )
}

/// The upright line through the benchmark; it bears no numbers.
fn vertical(total: f64) -> String {
    format!(
        "<c:valAx><c:axId val=\"41700002\"/><c:scaling><c:orientation val=\"minMax\"/><c:max val=\"{total}\"/>\
         <c:min val=\"0\"/></c:scaling><c:delete val=\"0\"/><c:axPos val=\"l\"/>\
         <c:numFmt formatCode=\"General\" sourceLinked=\"0\"/><c:majorTickMark val=\"none\"/><c:minorTickMark val=\"none\"/>\
         <c:tickLblPos val=\"none\"/><c:spPr><a:ln w=\"12700\"><a:solidFill>{BENCHMARK}</a:solidFill></a:ln></c:spPr>\
         <c:crossAx val=\"41700001\"/><c:crossesAt val=\"0\"/><c:crossBetween val=\"midCat\"/></c:valAx>"
    )
}

struct Series<'a> {
    /// Cell with the name, and the name.
    name: (&'a str, &'a str),
    line: &'a str,
    marker: String,
    labels: String,
    x: (String, &'a [Option<f64>]),
    y: (String, &'a [Option<f64>]),
}

impl Series<'_> {
    fn written(&self, index: usize) -> String {
        format!(
            "<c:ser><c:idx val=\"{index}\"/><c:order val=\"{index}\"/><c:tx><c:strRef><c:f>{}</c:f><c:strCache>\
             <c:ptCount val=\"1\"/><c:pt idx=\"0\"><c:v>{}</c:v></c:pt></c:strCache></c:strRef></c:tx><c:spPr>{}</c:spPr>{}{}\
             <c:xVal>{}</c:xVal><c:yVal>{}</c:yVal><c:smooth val=\"0\"/></c:ser>",
            self.name.0,
            xml_escape(&printable(self.name.1)),
            self.line,
            self.marker,
            self.labels,
            numbers(&self.x),
            numbers(&self.y),
        )
    }
}

/// A reference to cells with what stands in them; an empty cell has no point.
fn numbers((cells, values): &(String, &[Option<f64>])) -> String {
    let points: String = values
        .iter()
        .enumerate()
        .filter_map(|(at, value)| Some(format!("<c:pt idx=\"{at}\"><c:v>{}</c:v></c:pt>", (*value)?)))
        .collect();
    format!(
        "<c:numRef><c:f>{cells}</c:f><c:numCache><c:formatCode>General</c:formatCode><c:ptCount val=\"{}\"/>{points}\
         </c:numCache></c:numRef>",
        values.len()
    )
}

/// A marker with a white edge, so that it stands clear of the line behind it.
fn marker(symbol: &str, size: u8, colour: &str) -> String {
    format!(
        "<c:marker><c:symbol val=\"{symbol}\"/><c:size val=\"{size}\"/><c:spPr><a:solidFill>{colour}</a:solidFill>\
         <a:ln w=\"9525\"><a:solidFill>{PAPER}</a:solidFill></a:ln></c:spPr></c:marker>"
    )
}

fn labels(chart: &Chart) -> String {
    let shown = "<c:dLblPos val=\"l\"/><c:showLegendKey val=\"0\"/><c:showVal val=\"1\"/><c:showCatName val=\"0\"/>\
                 <c:showSerName val=\"0\"/><c:showPercent val=\"0\"/><c:showBubbleSize val=\"0\"/>";
    let body = "<a:bodyPr rot=\"0\" vert=\"horz\" wrap=\"none\" lIns=\"0\" tIns=\"0\" rIns=\"36000\" bIns=\"0\" anchor=\"ctr\">\
                <a:spAutoFit/></a:bodyPr><a:lstStyle/>";
    let mut out = String::from("<c:dLbls>");
    for (at, line) in chart.lines.iter().enumerate() {
        out.push_str(&format!("<c:dLbl><c:idx val=\"{at}\"/><c:tx><c:rich>{body}"));
        let label = line.label(chart);
        let last = label.len();
        for (number, text) in label.iter().enumerate() {
            // The figures stand out from the name above them.
            let bold = u8::from(number + 1 == last);
            out.push_str(&format!(
                "<a:p><a:pPr algn=\"r\"><a:defRPr sz=\"800\"/></a:pPr><a:r><a:rPr lang=\"nl-NL\" sz=\"800\" b=\"{bold}\"/>\
                 <a:t>{}</a:t></a:r></a:p>",
                xml_escape(&printable(text).replace(['\n', '\t'], " "))
            ));
        }
        out.push_str(&format!("</c:rich></c:tx>{shown}</c:dLbl>"));
    }
    out.push_str(&format!("<c:spPr><a:noFill/></c:spPr>{shown}</c:dLbls>"));
    out
}

/// Letters of the theme in black, in hundredths of a point.
fn text_properties(size: u32) -> String {
    format!(
        "<c:txPr><a:bodyPr/><a:lstStyle/><a:p><a:pPr><a:defRPr sz=\"{size}\" b=\"0\"><a:solidFill>{INK}</a:solidFill>\
         {LETTERS}</a:defRPr></a:pPr><a:endParaRPr lang=\"nl-NL\"/></a:p></c:txPr>"
    )
}
