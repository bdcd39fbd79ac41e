//! Documents that must tell the truth: the README's tour is run, and the page of commands is written.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::support::{Desk, err, out};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn every_command_of_the_tour_works() {
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    let tour = readme.split("<!-- tour -->").nth(1).and_then(|rest| rest.split("<!-- /tour -->").next()).unwrap();
    let commands: Vec<&str> = tour.lines().filter_map(|line| line.strip_prefix("$ ")).collect();
    assert!(commands.len() > 25, "the tour has {} commands", commands.len());
    let desk = Desk::new();
    let binary = Path::new(env!("CARGO_BIN_EXE_annals")).parent().unwrap();
    let path = format!("{}:{}", binary.display(), std::env::var("PATH").unwrap());
    for command in commands {
        // Every command stands alone but for the actor that the first one exports.
        let output = Command::new("sh")
            .args(["-c", command])
            .current_dir(desk.path())
            .env("PATH", &path)
            .env("ANNALS_ACTOR", "ana")
            .env("ANNALS_CACHE", desk.cache())
            .env_remove("ANNALS_LEDGER")
            .output()
            .unwrap();
        assert!(output.status.success(), "{command}\n{}{}", out(&output), err(&output));
    }
}

#[test]
fn the_lines_of_the_page_of_json_are_imported() {
    let page = fs::read_to_string(root().join("docs/json.md")).unwrap();
    let lines = page.split("<!-- lines -->\n```json\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
    let desk = Desk::with_ledger();
    desk.write("lines.jsonl", lines);
    desk.ok(&["import", "lines.jsonl"]);
    let states = desk.json(&["state", "embassy", "electricity", "--on", "2024-11-25"]);
    assert_eq!((&states[0]["values"][0], &states[0]["sides"][0]["claims"][0]["id"]), (&"off".into(), &"cut-2".into()));
}

/// The commands in the order of the help, group by group.
fn commands(help: &str) -> Vec<String> {
    let list = help.split("\nOptions:\n").next().unwrap();
    let starts = list.lines().filter(|line| line.starts_with("  ") && !line.starts_with("   "));
    starts.filter_map(|line| line.split_whitespace().next()).map(str::to_owned).filter(|name| name != "help").collect()
}

#[test]
fn the_page_of_commands_is_what_help_says() {
    let desk = Desk::new();
    let help = |args: &[&str]| out(&desk.run(args)).lines().map(str::trim_end).collect::<Vec<_>>().join("\n");
    let main = help(&["--help"]);
    let mut page = String::from(
        "# The commands\n\nWritten by a test from `--help`; to write it anew: `ANNALS_WRITE_DOCS=1 cargo test`.\n",
    );
    page.extend(["\n## annals\n\n```text\n", main.trim_end(), "\n```\n"]);
    let all = commands(&main);
    assert!(all.len() >= 25, "{all:?}");
    for command in all {
        let text = help(&[&command, "--help"]);
        assert!(text.contains("Example") || matches!(command.as_str(), "head" | "man"), "{command} has no example");
        page.extend(["\n## annals ", &command, "\n\n```text\n", text.trim_end(), "\n```\n"]);
    }
    let path = root().join("docs/cli.md");
    if std::env::var_os("ANNALS_WRITE_DOCS").is_some() {
        fs::write(&path, &page).unwrap();
    }
    let written = fs::read_to_string(&path).unwrap_or_default();
    assert!(written == page, "docs/cli.md is not what --help says; run ANNALS_WRITE_DOCS=1 cargo test");
}

#[test]
fn links_between_pages_lead_somewhere() {
    let mut pages = vec![root().join("README.md"), root().join("CONTRIBUTING.md")];
    pages.extend(
        fs::read_dir(root().join("docs")).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_file()),
    );
    for page in pages {
        let text = fs::read_to_string(&page).unwrap();
        for link in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let is_local = !link.contains("://") && !link.starts_with('#');
            let target = link.split('#').next().unwrap();
            assert!(!is_local || page.parent().unwrap().join(target).exists(), "{}: {link}", page.display());
        }
    }
}

/// Whether a file below `dir` declares this function.
fn declares(dir: &Path, function: &str) -> bool {
    fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path()).any(|path| {
        if path.is_dir() {
            declares(&path, function)
        } else {
            fs::read_to_string(&path).is_ok_and(|text| text.contains(&format!("fn {function}(")))
        }
    })
}

#[test]
fn every_test_that_the_pages_name_exists() {
    for (page, least) in [("docs/reliability.md", 20), ("docs/trust.md", 8)] {
        let text = fs::read_to_string(root().join(page)).unwrap();
        let is_name = |name: &&str| name.contains('_') && name.chars().all(|c| c.is_ascii_lowercase() || c == '_');
        let names: Vec<&str> = text.split('`').skip(1).step_by(2).filter(is_name).collect();
        assert!(names.len() > least, "{page}: {names:?}");
        for name in names {
            assert!(["src", "tests"].iter().any(|dir| declares(&root().join(dir), name)), "{page}: no test {name}");
        }
    }
}
