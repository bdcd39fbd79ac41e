//! How much work a question is, in voices that were looked at: counted for tests only.

#[cfg(test)]
thread_local! {
    static COUNT: std::cell::Cell<usize> = const { std::cell::Cell::new(0) };
}

/// Counts voices that are looked at.
#[cfg(test)]
pub(super) fn count(voices: usize) {
    COUNT.with(|count| count.set(count.get() + voices));
}

/// Counts nothing.
#[cfg(not(test))]
pub(super) fn count(_: usize) {}

/// How many voices something looks at.
#[cfg(test)]
pub(crate) fn of(ask: impl FnOnce()) -> usize {
    let before = COUNT.with(std::cell::Cell::get);
    ask();
    COUNT.with(std::cell::Cell::get) - before
}
