//! Secrets whose rotations got stuck by chance: what secdash concludes of what can be seen, and what becomes of the
//! application when its fixes are carried out. Each world is made of one number; `SECDASH_STUCK_SEED` lives through one of
//! them, `SECDASH_STUCK` says how many there are.
#![expect(clippy::unwrap_used, reason = "what can't be set up fails the test")]

mod stuck {
    mod case;
    mod draw;
    mod heal;
    mod judge;
    mod life;
    pub(crate) mod run;
    mod tally;
}

use stuck::run;

/// So many worlds, unless the environment says otherwise.
const WORLDS: u64 = 1_000;

#[test]
fn no_fix_that_is_offered_locks_anybody_out() {
    let number = |name: &str| std::env::var(name).ok().map(|text| text.parse::<u64>().unwrap());
    let seeds = match number("SECDASH_STUCK_SEED") {
        Some(seed) => seed..seed + 1,
        None => 0..number("SECDASH_STUCK").unwrap_or(WORLDS),
    };
    let worlds = seeds.end - seeds.start;
    let (tally, wrong) = run::all(seeds);
    eprint(&format!("{worlds} worlds\n{tally}"));
    let shown: Vec<_> = wrong.iter().take(12).map(|(seed, why)| format!("world {seed}: {why}")).collect();
    assert!(wrong.is_empty(), "{} worlds went wrong:\n{}", wrong.len(), shown.join("\n"));
    assert_eq!(tally.worlds(), worlds, "every world is accounted for");
}

fn eprint(text: &str) {
    use std::io::Write as _;
    std::io::stderr().write_all(text.as_bytes()).unwrap();
}
