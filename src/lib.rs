//! annals: a fact ledger. Sourced claims are appended to a hash-chained log; projections rebuild the
//! state as of any date; anybody can verify that nothing was changed.
