//! What to run.

use std::path::PathBuf;

use crate::rows::Row;
use crate::work::Shape;

const HELP: &str = "\
cargo bench --bench versus [-- OPTIONS]

  --sizes N,N,…       how many lines (10000,100000,1000000)
  --ten-million       10000000 too: an hour, and 40 GB beneath --dir
  --shape SHAPE       plain or mixed lines only; no page is written
  --only ROW,ROW,…    these rows only; no page is written
  --page PATH         where the page goes (docs/performance.md, if all rows are run), its plot beside it
  --dir PATH          where the data lie while it runs (the system's folder for such)
  --minigraf-max N    the largest size at which minigraf is run (100000)
  --contested-max N   the largest size at which all contested days are asked for (100000)";

pub struct Args {
    pub root: PathBuf,
    pub annals: PathBuf,
    pub sizes: Vec<u64>,
    pub rows: Vec<Row>,
    pub page: Option<PathBuf>,
    pub dir: PathBuf,
    pub minigraf_max: u64,
    pub contested_max: u64,
    pub shapes: Vec<Shape>,
}

impl Args {
    pub fn read(mut args: impl Iterator<Item = String>) -> Result<Args, String> {
        let (mut root, mut annals, mut page) = (None, None, None);
        let mut sizes = vec![10_000, 100_000, 1_000_000];
        let (mut only, mut dir, mut minigraf_max) = (None, std::env::temp_dir(), 100_000);
        let (mut shapes, mut contested_max) = (vec![Shape::Plain, Shape::Mixed], 100_000);
        while let Some(arg) = args.next() {
            if arg == "--ten-million" {
                sizes.push(10_000_000);
                continue;
            }
            let value = args.next().ok_or(HELP)?;
            match arg.as_str() {
                "--root" => root = Some(PathBuf::from(value)),
                "--annals" => annals = Some(PathBuf::from(value)),
                "--sizes" => sizes = value.split(',').map(number).collect::<Result<_, _>>()?,
                "--only" => only = Some(value.split(',').map(row).collect::<Result<Vec<_>, _>>()?),
                "--shape" => shapes = vec![shape(&value)?],
                "--contested-max" => contested_max = number(&value)?,
                "--page" => page = Some(PathBuf::from(value)),
                "--dir" => dir = PathBuf::from(value),
                "--minigraf-max" => minigraf_max = number(&value)?,
                _ => return Err(HELP.to_owned()),
            }
        }
        let root = root.ok_or("start it with `cargo bench --bench versus`")?;
        let default_page = (only.is_none() && shapes.len() == 2).then(|| root.join("docs/performance.md"));
        Ok(Args {
            annals: annals.ok_or(HELP)?,
            sizes,
            rows: only.unwrap_or_else(|| Row::ALL.to_vec()),
            page: page.or(default_page),
            dir,
            minigraf_max,
            contested_max,
            shapes,
            root,
        })
    }
}

fn number(text: &str) -> Result<u64, String> {
    text.replace('_', "").parse().map_err(|_| format!("{text:?} is no number\n\n{HELP}"))
}

fn shape(text: &str) -> Result<Shape, String> {
    match text {
        "plain" => Ok(Shape::Plain),
        "mixed" => Ok(Shape::Mixed),
        _ => Err(format!("{text:?} is no shape; there are plain and mixed")),
    }
}

fn row(text: &str) -> Result<Row, String> {
    let names: Vec<&str> = Row::ALL.iter().map(|row| row.id()).collect();
    let row = Row::ALL.iter().find(|row| row.id() == text);
    row.copied().ok_or_else(|| format!("{text:?} is no row; there are {}", names.join(", ")))
}
