//! What answers from a damaged ledger lack, for people.

use annals::ledger::Missing;
use annals::seq::Seq;

/// Lines for standard error: which events are missing, where bytes could not be read, and what to do.
pub(crate) fn told(missing: &Missing) -> Vec<String> {
    let mut lines = vec!["warning: this ledger is damaged; what is intact answers".to_owned()];
    let events: Vec<String> = missing.events.iter().map(|run| run_text(*run)).collect();
    lines.push(if events.is_empty() {
        format!("warning: none of its {} events is missing", missing.size)
    } else {
        format!("warning: missing of its {} events, so answers may lack them: {}", missing.size, events.join(", "))
    });
    lines.extend(missing.unread.iter().map(|unread| {
        let len = unread.until.saturating_sub(unread.from.offset);
        format!("warning: cannot be read: {}, up to byte {} ({len} bytes)", unread.from, unread.until)
    }));
    lines.extend(missing.damages.iter().map(|damage| format!("warning: damaged: {damage}")));
    lines.push("note: `annals verify` checks all there is to check".to_owned());
    lines
}

/// `#5`, or `#5 to #7`.
fn run_text((first, last): (Seq, Seq)) -> String {
    if first == last { first.to_string() } else { format!("{first} to {last}") }
}
