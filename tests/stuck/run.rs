//! Every world is looked at once, and lived through once more for each fix that is tried in it, and once with nothing done.

use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use secdash::domain::catalogue::Catalogue;
use secdash::domain::change::Fix;
use secdash::domain::doctor::{Case as Evidence, Diagnosis, Offer, Quiet};
use secdash::ops::diagnose::{Wish, diagnosis};

use super::case::Case;
use super::heal::heal;
use super::judge;
use super::life::{Life, NAME, Truth, wait};
use super::tally::Tally;

/// Lives through all of them on every core; what went wrong comes with its number.
pub(crate) fn all(seeds: Range<u64>) -> (Tally, Vec<(u64, String)>) {
    let (next, told) = (AtomicU64::new(seeds.start), Mutex::new((Tally::default(), Vec::new())));
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for core in 0..cores {
            let (next, told, end) = (&next, &told, seeds.end);
            scope.spawn(move || {
                let desk = Desk::new(core);
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= end {
                        return;
                    }
                    let (tally, wrong) = desk.world(seed);
                    let mut told = told.lock().unwrap();
                    told.0.add(tally);
                    told.1.extend(wrong.map(|why| (seed, why)));
                }
            });
        }
    });
    let (tally, mut wrong) = told.into_inner().unwrap();
    wrong.sort();
    (tally, wrong)
}

/// What one thread has of its own.
struct Desk {
    folder: PathBuf,
    catalogue: Catalogue,
}

impl Desk {
    fn new(core: usize) -> Self {
        let folder = std::env::temp_dir().join(format!("secdash-stuck-{}-{core}", std::process::id()));
        Self { folder, catalogue: Catalogue::builtin() }
    }

    /// One world, and what is wrong with it.
    fn world(&self, seed: u64) -> (Tally, Option<String>) {
        let mut tally = Tally::default();
        let lived = catch_unwind(AssertUnwindSafe(|| {
            // Time is paused in it: an hour costs nothing.
            let clock = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
            clock.block_on(self.live(&Case::of(seed), &mut tally))
        }));
        let wrong = match lived {
            Ok(Ok(())) => None,
            Ok(Err(why)) => Some(why),
            Err(_) => Some("it panicked".to_owned()),
        };
        drop(std::fs::remove_dir_all(&self.folder));
        if tally.worlds() == 0 {
            tally.world("went wrong");
        }
        (tally, wrong)
    }

    async fn live(&self, case: &Case, tally: &mut Tally) -> Result<(), String> {
        let (life, diagnosis, truth) = self.look(case).await?;
        judge::flaw(case, &diagnosis, &life, &truth)?;
        if diagnosis.stuck.is_some() && truth.pending.is_none() {
            tally.world("done while it was asked");
            return Ok(());
        }
        let Some((_, evidence)) = &diagnosis.stuck else {
            tally.world("not stuck");
            return Ok(());
        };
        tally.world(verdict(evidence));
        let offers = evidence.offers();
        if offers.iter().all(|offer| offer.tested.is_some()) {
            let (right, missing) = judge::refusal(case, evidence, &life, &truth)?;
            tally.count("3 nothing offered without a word: what was missing", missing);
            tally.count("4 nothing offered without a word: what was true", right);
        }
        let mut unused = Some((life, diagnosis.clone(), truth));
        for offer in offers {
            let (life, diagnosis, truth) = match unused.take() {
                Some(fresh) => fresh,
                None => self.look(case).await?,
            };
            if judge::is_true(offer, &life, &truth) {
                self.try_it(case, tally, (&life, &diagnosis, &truth), offer).await?;
            } else {
                tally.count("2 offers", format!("{}: untrue here, not tried", name(offer)));
                unused = Some((life, diagnosis, truth));
            }
        }
        Ok(())
    }

    /// The world at the moment at which it is looked at, and what secdash says of it.
    async fn look(&self, case: &Case) -> Result<(Life, Diagnosis, Truth), String> {
        let life = Life::of(case, &self.folder).await;
        let secret = life.secret().await;
        let diagnosis = diagnosis(&life.aws, &secret, None, &self.catalogue, Wish::Verdict).await;
        let truth = life.truth().await;
        Ok((life, diagnosis.map_err(|fault| fault.sentence())?, truth))
    }

    async fn try_it(
        &self,
        case: &Case,
        tally: &mut Tally,
        (life, diagnosis, before): (&Life, &Diagnosis, &Truth),
        offer: Offer,
    ) -> Result<(), String> {
        let began = life.world.now();
        let (end, after) =
            heal(life, diagnosis, offer, before).await.map_err(|why| format!("{}: {why}; {case:?}", name(offer)))?;
        let took = (life.world.now() - began).num_seconds().unsigned_abs();
        let without = self.nothing_done(case, took).await;
        tally.count("2 offers", format!("{}: {end}", name(offer)));
        let word = |works: bool| if works { "works" } else { "locked out" };
        let stopped = if end.contains("stopped") { " (stopped)" } else { "" };
        let row = format!("{} -> {}{stopped}", word(before.works), word(after.works));
        tally.count("5 the application before -> after a fix", format!("{row}, with nothing done: {}", word(without)));
        Ok(())
    }

    /// Whether the application works if nothing is done for so many seconds but what AWS does.
    async fn nothing_done(&self, case: &Case, seconds: u64) -> bool {
        let life = Life::of(case, &self.folder).await;
        wait(seconds).await;
        life.world.works(NAME)
    }
}

fn verdict(evidence: &Evidence) -> String {
    let quiet = match evidence.quiet {
        Quiet::Yes { .. } => "quiet",
        Quiet::No { .. } => "running",
        Quiet::Unknown => "can't be heard",
    };
    format!("{:<2} {quiet}", evidence.verdict().letter())
}

fn name(offer: Offer) -> String {
    let fix = match offer.fix {
        Fix::Drop => "drop",
        Fix::Promote => "promote",
        Fix::RollBack | Fix::PutBack => "move back",
    };
    offer.tested.map_or_else(|| format!("{fix} without a word"), |tested| format!("{fix}, {} tested", tested.word()))
}
