//! Work given to threads, its results taken back by whoever gave it.
//!
//! Whoever takes results in the order in which they gave the work has an ordered pipeline; how much is under way is
//! theirs to bound.

use std::fmt;
use std::panic::resume_unwind;
use std::sync::mpsc::{Receiver, Sender, channel, sync_channel};
use std::sync::{LazyLock, Mutex, PoisonError};
use std::thread;

const THREADS_MAX: usize = 64;

type Job = Box<dyn FnOnce() + Send>;

/// Threads that wait for work.
pub struct Threads {
    jobs: Sender<Job>,
    count: usize,
}

/// What will come of a job.
#[derive(Debug)]
pub struct Ticket<R>(Receiver<R>);

impl<R> Ticket<R> {
    /// Waits for the result. `None` if the job panicked; the panic is passed on when the threads end.
    #[must_use]
    pub fn take(self) -> Option<R> {
        self.0.recv().ok()
    }
}

impl Threads {
    /// How many threads there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.count
    }

    /// Has a job done by the thread that is free first.
    pub fn give<R: Send + 'static>(&self, job: impl FnOnce() -> R + Send + 'static) -> Ticket<R> {
        let (done, ticket) = channel();
        // Nobody waits for what is given up, and threads only end when no more work can come.
        let _ = self.jobs.send(Box::new(move || drop(done.send(job()))));
        Ticket(ticket)
    }
}

impl fmt::Debug for Threads {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Threads").field("count", &self.count).finish_non_exhaustive()
    }
}

/// Runs something that gives work to so many threads (1 to 64), and ends them behind it; what they have not begun by
/// then is still done.
pub fn with_threads<T>(count: usize, run: impl FnOnce(&Threads) -> T) -> T {
    let count = count.clamp(1, THREADS_MAX);
    let (jobs, waiting) = channel::<Job>();
    let waiting = Mutex::new(waiting);
    thread::scope(|scope| {
        for _ in 0..count {
            scope.spawn(|| {
                while let Some(job) = next(&waiting) {
                    job();
                }
            });
        }
        let threads = Threads { jobs, count };
        run(&threads)
    })
}

/// Does the same with all parts of something, on as many threads as there are cores, and gives what came of the parts in their
/// order. A part has so many at least: what is less begins no thread.
pub fn with_parts<T: Sync, R: Send>(all: &[T], least: usize, run: impl Fn(&[T]) -> R + Sync) -> Vec<R> {
    let count = cores().min(all.len() / least.max(1)).max(1);
    let mut parts = all.chunks(all.len().div_ceil(count).max(1));
    let own = parts.next_back();
    thread::scope(|scope| {
        let run = &run;
        let begun: Vec<_> = parts.map(|part| scope.spawn(move || run(part))).collect();
        let own = own.map(run);
        let ended = begun.into_iter().map(|thread| thread.join().unwrap_or_else(|panic| resume_unwind(panic)));
        ended.chain(own).collect()
    })
}

/// Has something made of each part, by as many threads as there are cores, and hands it over in the order of the parts; a little
/// is made ahead. Of one part it is made without a thread.
///
/// # Errors
/// The first that `take` gives: no more is handed over then.
pub fn with_parts_in_turn<P: Sync, R: Send, E>(
    parts: &[P],
    make: impl Fn(&P) -> R + Sync,
    mut take: impl FnMut(R) -> Result<(), E>,
) -> Result<(), E> {
    if let [part] = parts {
        return take(make(part));
    }
    let (count, make) = (cores().min(parts.len()), &make);
    thread::scope(|scope| {
        let begin = |first: usize| {
            let (giving, to_take) = sync_channel(1);
            scope.spawn(move || {
                // Nobody waits for what is given up.
                let mut own = parts.iter().skip(first).step_by(count);
                own.try_for_each(|part| giving.send(make(part)))
            });
            to_take
        };
        let makers: Vec<Receiver<R>> = (0..count).map(begin).collect();
        // A thread that panicked passes that on when it ends.
        makers.iter().cycle().take(parts.len()).map_while(|maker| maker.recv().ok()).try_for_each(&mut take)
    })
}

/// How many threads work at once, so that none is in the way of another.
#[must_use]
pub fn cores() -> usize {
    static CORES: LazyLock<usize> = LazyLock::new(|| thread::available_parallelism().map_or(1, usize::from));
    (*CORES).min(THREADS_MAX)
}

/// The next job; `None` once no more can come.
fn next(waiting: &Mutex<Receiver<Job>>) -> Option<Job> {
    waiting.lock().unwrap_or_else(PoisonError::into_inner).recv().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_come_back_to_whoever_gave_the_work() {
        for count in [0, 1, 2, 5, 1000] {
            let numbers: Vec<u64> = (0..200).collect();
            let squares = with_threads(count, |threads| {
                assert!((1..=64).contains(&threads.count()));
                let tickets: Vec<Ticket<u64>> =
                    numbers.iter().map(|&number| threads.give(move || number * number)).collect();
                tickets.into_iter().map(|ticket| ticket.take().unwrap()).collect::<Vec<_>>()
            });
            assert_eq!(squares, numbers.iter().map(|number| number * number).collect::<Vec<_>>());
        }
    }

    #[test]
    fn parts_together_are_the_whole_in_its_order() {
        let numbers: Vec<u64> = (0..1000).collect();
        for (len, least) in [(0, 1), (1, 1), (1, 9), (7, 2), (1000, 0), (1000, 300), (1000, 1001)] {
            let parts = with_parts(&numbers[..len], least, <[u64]>::to_vec);
            assert_eq!(parts.concat(), numbers[..len]);
            assert!(parts.len() <= 1 || parts.len() <= len / least.max(1), "{len} by {least}");
        }
    }

    #[test]
    fn what_is_made_of_parts_is_taken_in_their_order() {
        for len in [0, 1, 2, 3, 100] {
            let (numbers, mut squares) = ((0..len).collect::<Vec<u64>>(), Vec::new());
            let take = |square| {
                squares.push(square);
                Ok::<(), u64>(())
            };
            assert_eq!(with_parts_in_turn(&numbers, |number| number * number, take), Ok(()));
            assert_eq!(squares, numbers.iter().map(|number| number * number).collect::<Vec<_>>());
            let until = |number| if number == len / 2 { Err(number) } else { Ok(()) };
            let given_up = with_parts_in_turn(&numbers, |number| *number, until);
            assert_eq!(given_up, if len == 0 { Ok(()) } else { Err(len / 2) });
        }
    }

    #[test]
    fn what_is_given_up_harms_nobody() {
        let kept = with_threads(2, |threads| {
            for number in 0..100 {
                drop(threads.give(move || number));
            }
            threads.give(|| 7).take()
        });
        assert_eq!(kept, Some(7));
    }

    #[test]
    #[should_panic(expected = "a scoped thread panicked")]
    fn a_panic_is_passed_on() {
        with_threads(1, |threads| assert_eq!(threads.give(|| -> u8 { panic!("in a thread") }).take(), None));
    }
}
