//! The growth as a picture: a panel for each row, both axes logarithmic, a line for each peer.

use std::fmt::Write;

use crate::figures::{Figures, text};
use crate::rows::Row;
use crate::work::{At, Shape};

const ROWS: [Row; 6] = [Row::Append, Row::Import, Row::Verify, Row::Process, Row::Point, Row::Whole];
const COLOURS: [&str; 6] = ["#d62728", "#1f77b4", "#ff7f0e", "#2ca02c", "#7f7f7f", "#9467bd"];
const PANEL: (f64, f64) = (320.0, 230.0);
/// Left, top, right and below, within a panel.
const MARGINS: (f64, f64, f64, f64) = (86.0, 34.0, 14.0, 30.0);
const COLUMNS: usize = 3;

/// Powers of ten between which everything lies.
struct Axis {
    low: i32,
    high: i32,
    from: f64,
    to: f64,
}

impl Axis {
    fn around(numbers: impl Iterator<Item = f64> + Clone, from: f64, to: f64) -> Axis {
        let logs = numbers.map(f64::log10);
        let low = logs.clone().fold(f64::INFINITY, f64::min).floor() as i32;
        let high = logs.fold(f64::NEG_INFINITY, f64::max).ceil() as i32;
        Axis { low, high: high.max(low + 1), from, to }
    }

    fn place(&self, number: f64) -> f64 {
        let part = (number.log10() - f64::from(self.low)) / f64::from(self.high - self.low);
        self.from + part * (self.to - self.from)
    }

    fn ticks(&self) -> impl Iterator<Item = f64> {
        (self.low..=self.high).map(|power| 10_f64.powi(power))
    }
}

pub fn plot(sizes: &[u64], figures: &Figures) -> String {
    let (width, height) = (PANEL.0 * COLUMNS as f64, PANEL.1 * ROWS.len().div_ceil(COLUMNS) as f64 + 30.0);
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" font-family=\"sans-serif\" \
         font-size=\"11\">\n<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n"
    );
    for (place, row) in ROWS.iter().enumerate() {
        let (x, y) = ((place % COLUMNS) as f64 * PANEL.0, (place / COLUMNS) as f64 * PANEL.1);
        let _ = writeln!(out, "<g transform=\"translate({x} {y})\">");
        panel(&mut out, *row, sizes, figures);
        out.push_str("</g>\n");
    }
    let colours = COLOURS.iter().cycle();
    for (place, (peer, colour)) in figures.peers.iter().zip(colours).enumerate() {
        let (x, y) = (MARGINS.0 + place as f64 * 120.0, height - 14.0);
        let _ = writeln!(out, "<circle cx=\"{x}\" cy=\"{y}\" r=\"4\" fill=\"{colour}\"/>");
        let _ = writeln!(out, "<text x=\"{}\" y=\"{}\">{peer}</text>", x + 9.0, y + 4.0);
    }
    let (x, y) = (width - MARGINS.2, height - 10.0);
    let _ = writeln!(
        out,
        "<text x=\"{x}\" y=\"{y}\" text-anchor=\"end\" fill=\"#555555\">dashed: annals, mixed lines; lower is faster; across: lines</text>"
    );
    out + "</svg>\n"
}

/// What is longer in time stands higher, also where the figure is shown as a rate.
fn panel(out: &mut String, row: Row, sizes: &[u64], figures: &Figures) {
    let of_peer = |peer: &str, shape| -> Vec<(f64, f64)> {
        let figure = |size: &u64| figures.get(At { shape, size: *size }, row, peer);
        sizes.iter().filter_map(|size| Some((*size as f64, figure(size)?))).collect()
    };
    let lines = || {
        let plain =
            figures.peers.iter().zip(COLOURS.iter().cycle()).map(|(peer, colour)| (*peer, Shape::Plain, colour));
        plain.chain([("annals", Shape::Mixed, &COLOURS[0])])
    };
    let all: Vec<(f64, f64)> = lines().flat_map(|(peer, shape, _)| of_peer(peer, shape)).collect();
    let _ = writeln!(out, "<text x=\"{}\" y=\"20\" font-weight=\"bold\">{}</text>", 12, short_title(row));
    if all.is_empty() {
        return;
    }
    let across = Axis::around(sizes.iter().map(|size| *size as f64), MARGINS.0, PANEL.0 - MARGINS.2);
    let up = Axis::around(all.iter().map(|(_, figure)| *figure), PANEL.1 - MARGINS.3, MARGINS.1);
    for tick in across.ticks() {
        let (x, y) = (across.place(tick), PANEL.1 - MARGINS.3);
        let _ = writeln!(out, "<path d=\"M{x:.1} {y} V{}\" stroke=\"#e5e5e5\"/>", MARGINS.1);
        let _ = writeln!(out, "<text x=\"{x:.1}\" y=\"{}\" text-anchor=\"middle\">{}</text>", y + 15.0, count(tick));
    }
    for tick in up.ticks() {
        let y = up.place(tick);
        let _ = writeln!(out, "<path d=\"M{} {y:.1} H{}\" stroke=\"#e5e5e5\"/>", MARGINS.0, PANEL.0 - MARGINS.2);
        let told = text(tick, row.unit()).replace(" ms", "\u{a0}ms").replace(".00", "");
        let _ = writeln!(out, "<text x=\"{}\" y=\"{:.1}\" text-anchor=\"end\">{told}</text>", MARGINS.0 - 6.0, y + 4.0);
    }
    for (peer, shape, colour) in lines() {
        let dashes = if shape == Shape::Mixed { " stroke-dasharray=\"5 4\"" } else { "" };
        let points = of_peer(peer, shape).into_iter().map(|(size, figure)| (across.place(size), up.place(figure)));
        let points: Vec<String> = points.map(|(x, y)| format!("{x:.1},{y:.1}")).collect();
        let line = points.join(" ");
        let _ =
            writeln!(out, "<polyline points=\"{line}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\"{dashes}/>");
        for point in &points {
            let (x, y) = point.split_once(',').unwrap();
            let _ = writeln!(out, "<circle cx=\"{x}\" cy=\"{y}\" r=\"3\" fill=\"{colour}\"/>");
        }
    }
}

fn short_title(row: Row) -> &'static str {
    match row {
        Row::Append => "one durable claim",
        Row::Process => "new process, one question",
        Row::Point => "point question, in process",
        Row::Whole => "whole state on a date",
        other => other.title(),
    }
}

/// 10k, 100k, 1M.
fn count(number: f64) -> String {
    match number {
        _ if number >= 1e6 => format!("{}M", number / 1e6),
        _ if number >= 1e3 => format!("{}k", number / 1e3),
        _ => format!("{number}"),
    }
}
