//! `setting`: what holds for the whole ledger.

use annals::claim::Problem;
use annals::event::{FourEyes, Proposed, SettingChanged, SettingName};
use annals::ledger::{Ledger, Policy};
use serde_json::json;

use crate::args::SettingArgs;
use crate::commands::record::write;
use crate::context::Context;
use crate::failure::Failure;
use crate::render::json::object;

/// `setting`
pub(crate) fn setting(context: &mut Context, args: SettingArgs) -> Result<bool, Failure> {
    let name = args.name.as_deref().map(name_of).transpose()?;
    let (Some(name), Some(value)) = (name, args.value) else {
        let ledger = context.open()?;
        for shown in SettingName::ALL.iter().filter(|shown| name.is_none_or(|name| name == **shown)) {
            show(context, &ledger, *shown)?;
        }
        return Ok(true);
    };
    if !name.takes(&value) {
        let words: Vec<&str> = FourEyes::ALL.iter().map(|word| word.word()).collect();
        let problem = Problem::new(name.word(), format!("does not take {value:?}"));
        let hint = if name == SettingName::FourEyes { words.join(", ") } else { "a text".to_owned() };
        return Err(problem.with_hint(format!("write {hint}")).into());
    }
    let changed = SettingChanged { name, value: value.into() };
    write::record(context, vec![Proposed::Setting(changed)], Policy::default())?;
    Ok(true)
}

fn name_of(text: &str) -> Result<SettingName, Failure> {
    SettingName::of_word(&text.replace('-', "_")).ok_or_else(|| {
        let all: Vec<&str> = SettingName::ALL.iter().map(|name| name.word()).collect();
        let hint = format!("there are {}", all.join(", "));
        Failure::usage(format!("{text:?} is no setting; nothing was recorded"), &hint)
    })
}

fn show(context: &mut Context, ledger: &Ledger, name: SettingName) -> Result<(), Failure> {
    let set = ledger.catalogue().setting(name);
    if context.is_json {
        let (seq, value) = set.map(|(seq, value)| (seq.0, value)).unzip();
        context.screen.json(&object(json!({"type": "setting", "name": name.word(), "value": value, "seq": seq})))?;
        return Ok(());
    }
    let value = set.map_or_else(|| "—".to_owned(), |(seq, value)| format!("{value}  ({seq})"));
    context.screen.line(&format!("{:<10} {value}", name.word()))?;
    Ok(())
}
