//! Measurements and readings of large files, run by hand:
//! `ANNALS_LINES=FILE cargo test --release exchange::measure -- --ignored --nocapture`.

use std::hint::black_box;
use std::ops::ControlFlow;
use std::time::Instant;

use super::{LineRead, read_line, read_parallel};
use crate::threads::with_threads;

const CLAIM: &str = r#"{"type":"claim","id":"464518/reported-to-have-happened/0","subject":"place-464518","attribute":"reported-to-have-happened","value":true,"on":"[2022-12-30..2022-12-31]","chain":[{"who":"some-news","how":"stated"},{"who":"some-news","how":"reported","on":"2023-01-01"}],"said_on":"2023-01-01","quote":"Une attaque, plusieurs morts","dating_note":"some time in the range","note":"the source as given: Some News"}"#;

#[test]
#[ignore = "a measurement"]
fn one_line() {
    for _ in 0..5 {
        let count = 200_000_u32;
        let start = Instant::now();
        for _ in 0..count {
            black_box(read_line(black_box(CLAIM)).unwrap());
        }
        println!("{} bytes: {:?} a line", CLAIM.len(), start.elapsed() / count);
    }
}

#[test]
#[ignore = "a measurement"]
fn many_lines() {
    let input = format!("{CLAIM}\n").repeat(300_000);
    for threads in [1, 2, 3] {
        let start = Instant::now();
        let mut count = 0_u32;
        let count_taken = |line: LineRead<'_>| {
            count += u32::from(line.line.is_ok());
            ControlFlow::<()>::Continue(())
        };
        let end = with_threads(threads, |threads| read_parallel(input.as_bytes(), threads, count_taken));
        assert!(end.unwrap().is_continue());
        let rate = f64::from(count) / start.elapsed().as_secs_f64();
        println!("{threads} threads: {count} lines, {rate:.0} a second");
    }
}

#[test]
#[ignore = "reads the file that ANNALS_LINES names"]
fn lines_of_a_file() {
    let path = std::env::var("ANNALS_LINES").expect("ANNALS_LINES names a file");
    for threads in [1, 2] {
        let file = std::io::BufReader::new(std::fs::File::open(&path).unwrap());
        let (mut taken, mut refused) = (0_u32, 0_u32);
        let start = Instant::now();
        let tell = |line: LineRead<'_>| {
            match line.line {
                Ok(_) => taken += 1,
                Err(problem) => {
                    refused += 1;
                    if refused <= 50 {
                        println!("{}: {problem}", line.number);
                    }
                }
            }
            ControlFlow::<()>::Continue(())
        };
        let end = with_threads(threads, |threads| read_parallel(file, threads, tell));
        assert!(end.unwrap().is_continue());
        println!("{threads} threads: {taken} taken, {refused} refused, {:?}", start.elapsed());
    }
}
