//! No circles between files: whoever understands a file needs to know only what the file uses.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use crate::floors::sources;

type Uses = BTreeMap<String, BTreeSet<String>>;

/// The path of the module that a file holds, from its crate's root.
fn module(file: &str) -> Vec<&str> {
    let mut names: Vec<&str> = file.trim_end_matches(".rs").split('/').collect();
    names.pop_if(|last| ["mod", "lib", "main"].contains(last));
    names
}

/// The file of the innermost module that a path names.
fn file_of<'f>(modules: &BTreeMap<Vec<&str>, &'f str>, mut path: Vec<&str>) -> Option<&'f str> {
    while !path.is_empty() {
        if let Some(file) = modules.get(&path) {
            return Some(file);
        }
        path.pop();
    }
    None
}

/// The modules that a file names: by `crate::` or by `super::`, from the module it is in.
fn named<'t>(text: &'t str, own: &[&'t str]) -> Vec<Vec<&'t str>> {
    let is_of_path = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == ':';
    let mut paths = Vec::new();
    for path in text.split(|c| !is_of_path(c)).filter(|path| path.starts_with("crate::") || path.starts_with("super::"))
    {
        let names: Vec<&str> = path.split("::").collect();
        let up = names.iter().take_while(|name| **name == "super").count();
        let from: &[&str] = if up == 0 { &[] } else { own.get(..own.len() - up).unwrap() };
        let below = names.iter().skip(up.max(1)).take_while(|name| name.starts_with(|c: char| c.is_ascii_lowercase()));
        paths.push(from.iter().chain(below).copied().collect());
    }
    paths
}

/// Which file uses which, of a crate; what a folder's `mod.rs` gathers is no use.
fn uses(root: &Path, without: Option<&str>) -> Uses {
    let is_test = |file: &str| file.contains("tests/") || file.ends_with("tests.rs");
    let mut texts = BTreeMap::new();
    for path in sources(root) {
        let file = path.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
        if is_test(&file) || without.is_some_and(|without| file.starts_with(without)) {
            continue;
        }
        let text = fs::read_to_string(&path).unwrap();
        texts.insert(file, text.split("#[cfg(test)]\nmod ").next().unwrap().to_owned());
    }
    let modules: BTreeMap<Vec<&str>, &str> = texts.keys().map(|file| (module(file), file.as_str())).collect();
    let is_room = |file: &str| file.ends_with("mod.rs");
    let mut uses = Uses::new();
    for (file, text) in texts.iter().filter(|(file, _)| !is_room(file)) {
        let found = named(text, &module(file)).into_iter().filter_map(|path| file_of(&modules, path));
        uses.insert(file.clone(), found.filter(|used| used != file && !is_room(used)).map(str::to_owned).collect());
    }
    uses
}

/// All files that a file needs, by whatever way.
fn needed(uses: &Uses, file: &str) -> BTreeSet<String> {
    let (mut all, mut open) = (BTreeSet::new(), vec![file.to_owned()]);
    while let Some(next) = open.pop() {
        for used in uses.get(&next).into_iter().flatten() {
            if all.insert(used.clone()) {
                open.push(used.clone());
            }
        }
    }
    all
}

/// The circles: each as the files of it, in order.
fn circles(uses: &Uses) -> BTreeSet<Vec<String>> {
    let needed: BTreeMap<&str, BTreeSet<String>> =
        uses.keys().map(|file| (file.as_str(), needed(uses, file))).collect();
    let mut circles = BTreeSet::new();
    for (file, all) in needed.iter().filter(|(file, all)| all.contains(**file)) {
        let back = all.iter().filter(|other| needed.get(other.as_str()).is_some_and(|theirs| theirs.contains(*file)));
        circles.insert(back.cloned().collect());
    }
    circles
}

#[test]
fn files_do_not_use_each_other_in_circles() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut all = circles(&uses(&src, Some("bin/")));
    all.extend(circles(&uses(&src.join("bin/annals"), None)));
    let all: Vec<String> = all.iter().map(|circle| circle.join(" <-> ")).collect();
    assert!(all.is_empty(), "{}", all.join("\n"));
}

#[test]
fn a_circle_over_three_files_is_found() {
    let uses: Uses = [("a", vec!["b"]), ("b", vec!["c"]), ("c", vec!["a", "d"]), ("d", vec![])]
        .map(|(file, used)| (file.to_owned(), used.into_iter().map(str::to_owned).collect()))
        .into();
    assert_eq!(circles(&uses), BTreeSet::from([vec!["a".to_owned(), "b".to_owned(), "c".to_owned()]]));
    let own = ["log", "tests", "one"];
    assert_eq!(
        named("use super::two::{Three, four};\nuse crate::view::Run;", &own),
        [vec!["log", "tests", "two"], vec!["view"]]
    );
}
