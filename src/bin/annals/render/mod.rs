//! Answers for people and for programs.

pub(crate) mod damage;
pub(crate) mod event;
pub(crate) mod json;
pub(crate) mod remark;
pub(crate) mod state;
mod state_line;
pub(crate) mod text;
