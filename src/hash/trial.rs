//! Lanes tried on messages of every shape before they are used: what they make must be what the crates make.

use fearless_simd::Level;

use super::function::Function;
use super::lanes::Message;

/// How many messages are hashed: the lanes of the widest processor three times, and a few that fill no group.
const COUNT: usize = 3 * 16 + 3;

/// Whether the lanes of this processor hash as the crates do. Takes some 200 microseconds.
pub(super) fn passes(level: Level) -> bool {
    let bytes: Vec<u8> = (0..2048_u32).map(byte).collect();
    let messages: Vec<Message<'_>> = (0..COUNT).map(|number| message(number, &bytes)).collect();
    [Function::Blake3(&[0x5a; 32]), Function::Sha256].into_iter().all(|function| {
        let expected = messages.iter().map(|message| function.of(message));
        function.in_lanes(level, &messages).into_iter().eq(expected)
    })
}

/// Of lengths around the edges of blocks, from none to a chunk and more, in no order.
fn message(number: usize, bytes: &[u8]) -> Message<'_> {
    let (blocks, beside) = (number * 7 % 17, number % 5);
    let len = (blocks * 64 + beside).saturating_sub(2);
    let (head, rest) = bytes.split_at(if number.is_multiple_of(3) { 16 } else { number % 2 });
    Message { head, rest: rest.get(number..number + len).unwrap_or(rest) }
}

/// Bytes without a pattern: a number, mixed.
fn byte(number: u32) -> u8 {
    let mixed = (number + 1).wrapping_mul(0x9e37_79b9);
    (mixed ^ mixed >> 15).wrapping_mul(0x85eb_ca6b).to_be_bytes()[0]
}
