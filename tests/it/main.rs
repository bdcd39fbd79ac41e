//! Tests of the whole: the binary as people use it, fixtures, documents, and the house's own rules.

mod cli;
mod docs;
mod exchange;
mod floors;
mod support;
