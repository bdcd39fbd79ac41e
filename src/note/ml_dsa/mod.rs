//! ML-DSA-44 (FIPS 204), which quantum computers are not thought to break: with the cargo feature `ml-dsa`. Without it no key
//! of it is known, and what names one is passed over.

#[cfg(feature = "ml-dsa")]
mod known;
#[cfg(feature = "ml-dsa")]
pub use known::SecondKey;
#[cfg(feature = "ml-dsa")]
pub(super) use known::Verifying;

#[cfg(not(feature = "ml-dsa"))]
mod unknown;
#[cfg(not(feature = "ml-dsa"))]
pub use unknown::SecondKey;
#[cfg(not(feature = "ml-dsa"))]
pub(super) use unknown::Verifying;
