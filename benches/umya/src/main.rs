//! Sets fifty cells on the three pijler tabs with umya-spreadsheet; prints seconds and peak memory (kB).

use std::path::Path;
use std::time::Instant;

fn main() {
    let mut arguments = std::env::args().skip(1);
    let (from, to) = (arguments.next().expect("a workbook"), arguments.next().expect("a target"));
    let start = Instant::now();
    let mut book = umya_spreadsheet::reader::xlsx::read(Path::new(&from)).expect("it is read");
    let tabs: Vec<String> = book
        .get_sheet_collection()
        .iter()
        .map(|sheet| sheet.get_name().to_owned())
        .filter(|name| name.starts_with("Pijler "))
        .collect();
    for (tab, count) in tabs.iter().zip([17_u32, 17, 16]) {
        let sheet = book.get_sheet_by_name_mut(tab).expect("the tab is there");
        for row in 10..10 + count {
            sheet.get_cell_mut((5, row)).set_value_number(f64::from(row) / 8.0);
        }
    }
    umya_spreadsheet::writer::xlsx::write(&book, Path::new(&to)).expect("it is written");
    let seconds = start.elapsed().as_secs_f64();
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.split_whitespace().next()).unwrap_or("0");
    println!("{seconds} {peak}");
}
