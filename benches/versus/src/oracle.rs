//! Answers about mixed lines, compared with those of the model's second reading, which shares no line with the program.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::process::Command;

use crate::args::Args;
use crate::work::{Lines, Shape};

const LINES: u64 = 2000;
const ANSWERS: &str = "200";

/// Fails if an answer differs. Gives what was compared.
pub fn compare(args: &Args) -> String {
    let dir = tempfile::tempdir_in(&args.dir).unwrap();
    let path = dir.path().join("mixed.jsonl");
    let mut out = BufWriter::new(File::create(&path).unwrap());
    let mut made = Lines::new(Shape::Mixed, LINES);
    for number in 1..=LINES {
        writeln!(out, "{}", made.line(number)).unwrap();
    }
    out.flush().unwrap();
    drop(out);
    let mut python = Command::new("python3");
    python.arg("-B").arg(args.root.join("tests/peers/sample.py")).arg(&args.annals).arg(&path);
    let output = python.args(["--answers", ANSWERS]).output().unwrap();
    let told = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{told}{}", String::from_utf8_lossy(&output.stderr));
    let last = told.lines().last().unwrap_or_default();
    println!("  {LINES} mixed lines, annals and the model's second reading: {last}");
    format!("{LINES} mixed lines: {last}")
}
