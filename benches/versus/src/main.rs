//! annals and what one would use instead, measured in one run on the same made-up claims. Before anything is timed, all
//! must give the same answers.

#[path = "../../generator/mod.rs"]
mod generator;
#[path = "../../hashing/mod.rs"]
mod hashing;

mod args;
mod figures;
mod machine;
mod page;
mod peers;
mod plain_line;
mod plot;
mod rows;
mod run;
mod work;

use std::fs;

use args::Args;
use figures::Figures;
use mimalloc::MiMalloc;

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
    let machine = machine::Machine::look();
    println!("{}", machine.text());
    let (mut figures, mut notes) = (Figures::default(), run::Notes::default());
    for size in &args.sizes {
        run::at_size(&args, *size, &mut figures, &mut notes);
    }
    println!("\n{}", page::tables(&args.sizes, &figures));
    if let Some(page) = &args.page {
        fs::write(page, page::page(page, &machine, &notes, &args.sizes, &figures)).unwrap();
        fs::write(page.with_extension("svg"), plot::plot(&args.sizes, &figures)).unwrap();
        println!("written: {}", page.display());
    }
}
