//! annals and what one would use instead, measured in one run on the same made-up claims. Before anything is timed, all
//! must give the same answers.

#[path = "../../generator/mod.rs"]
mod generator;
#[path = "../../hashing/mod.rs"]
mod hashing;
#[path = "../../mixed/mod.rs"]
mod mixed;

mod args;
mod figures;
mod machine;
mod oracle;
mod overlap;
mod page;
mod peers;
mod plain_line;
mod plot;
mod rows;
mod run;
mod watched;
mod work;

use std::fs;

use args::Args;
use figures::Figures;
use mimalloc::MiMalloc;
use work::{At, Shape};

/// As in the command.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() {
    let args = match Args::read(std::env::args().skip(1)) {
        Ok(args) => args,
        Err(told) => {
            eprintln!("{told}");
            std::process::exit(2);
        }
    };
    let mut machine = machine::Machine::look();
    println!("{}", machine.text());
    let (mut figures, mut notes) = (Figures::default(), run::Notes::default());
    for shape in [Shape::Plain, Shape::Mixed] {
        if !args.shapes.contains(&shape) {
            continue;
        }
        if shape == Shape::Mixed {
            notes.oracle = Some(oracle::compare(&args));
        }
        for size in &args.sizes {
            run::at_size(&args, At { shape, size: *size }, &mut figures, &mut notes);
        }
    }
    overlap::measure(&args, &mut figures, &mut notes);
    machine.look_again();
    println!("\n{}", page::tables(&args.sizes, &figures));
    if let Some(page) = &args.page {
        fs::write(page, page::page(&args, page, &machine, &notes, &figures)).unwrap();
        fs::write(page.with_extension("svg"), plot::plot(&args.sizes, &figures)).unwrap();
        println!("written: {}", page.display());
    }
}
