//! What was measured, and how it is written.

use std::collections::HashMap;
use std::time::Duration;

use crate::rows::{Row, Unit};
use crate::work::{At, Shape};

/// A figure a size, shape, row and peer: seconds, or bytes.
#[derive(Default)]
pub struct Figures {
    all: HashMap<(At, Row, &'static str), f64>,
    /// In the order in which they were first seen.
    pub peers: Vec<&'static str>,
    /// How many claims the lines have.
    pub claims: HashMap<At, u64>,
}

impl Figures {
    /// Keeps a figure and prints it.
    pub fn put(&mut self, at: At, row: Row, peer: &'static str, figure: f64) {
        println!("  {:<60} {peer:<10} {}", row.title(), text(figure, row.unit()));
        self.all.insert((at, row, peer), figure);
        if !self.peers.contains(&peer) {
            self.peers.push(peer);
        }
    }

    pub fn get(&self, at: At, row: Row, peer: &str) -> Option<f64> {
        let peer = self.peers.iter().find(|known| **known == peer)?;
        self.all.get(&(at, row, *peer)).copied()
    }

    /// What annals takes for the mixed shape, in times of what it takes for the plain shape at the size; a claim's share of
    /// what is asked of all keys.
    pub fn mixed_to_plain(&self, size: u64, row: Row) -> Option<f64> {
        let share = |shape| {
            let at = At { shape, size };
            let parts = if row.is_of_all_keys() { *self.claims.get(&at)? as f64 } else { 1.0 };
            Some(self.get(at, row, "annals")? / parts)
        };
        Some(share(Shape::Mixed)? / share(Shape::Plain)?)
    }
}
/// The sample below which so great a part of all lies, in seconds.
pub fn quantile(samples: &[Duration], part: f64) -> f64 {
    let mut sorted = samples.to_vec();
    sorted.sort_unstable();
    let place = ((sorted.len() - 1) as f64 * part).round() as usize;
    sorted[place].as_secs_f64()
}

pub fn median(samples: &[Duration]) -> f64 {
    quantile(samples, 0.5)
}

pub fn text(figure: f64, unit: Unit) -> String {
    match unit {
        Unit::Rate => format!("{}/s", thousands(1.0 / figure)),
        Unit::Micros => format!("{} µs", short(figure * 1e6)),
        Unit::Millis => format!("{} ms", short(figure * 1e3)),
        Unit::Megabytes => format!("{} MB", short(figure / 1e6)),
        Unit::Bytes => format!("{} B a line", thousands(figure)),
    }
}

fn short(number: f64) -> String {
    match number {
        _ if number >= 1000.0 => thousands(number),
        _ if number >= 100.0 => format!("{number:.0}"),
        _ if number >= 10.0 => format!("{number:.1}"),
        _ => format!("{number:.2}"),
    }
}

/// A count with a comma every three digits, of three digits that count.
pub fn thousands(number: f64) -> String {
    let digits = (number.abs().max(1.0).log10().floor() as i32 - 2).max(0);
    let step = 10_f64.powi(digits);
    let text = format!("{:.0}", (number / step).round() * step);
    let mut grouped = String::new();
    for (place, digit) in text.chars().enumerate() {
        if place > 0 && (text.len() - place).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}
