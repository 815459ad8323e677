//! The dashboard: terminal and first frame, then the door to AWS opens as an effect, then the loop.

pub mod alerts;
pub mod board;
pub mod history;
pub mod keymap;
pub mod known;
pub mod lanes;
pub mod layout;
pub mod model;
pub mod msg;
pub mod pane;
pub mod proposal;
pub mod quiet;
pub mod run;
pub mod runtime;
pub mod screen;
pub mod sheet;
pub mod terminal;
pub mod theme;
pub mod update;
pub mod view;
pub mod why;

use std::io::{self, IsTerminal, Write};
use std::mem::ManuallyDrop;

use self::keymap::Keymap;
use self::model::{Model, Start};
use self::run::Console;
use self::runtime::Runtime;
use self::theme::Theme;
use crate::aws::Aws;
use crate::config::{Borders, Config, Times};
use crate::domain::catalogue::Catalogue;
use crate::domain::sort::Sort;
use crate::exit::Exit;

/// Opens the dashboard, and stays until it ends.
pub async fn start(aws: Aws, config: &Config, keymap: Keymap, catalogue: Catalogue) -> io::Result<Exit> {
    // Signals first: from the moment the terminal is taken, each of them must give it back.
    let input = terminal::input()?;
    let mut guard = terminal::Guard::take()?;
    // Dropping it would ask a terminal that may be gone to show its cursor; the guard does that, and takes no for an answer.
    let mut screen = ManuallyDrop::new(guard.screen()?);
    let model = Model::new(Start { size: screen.size()?, ..wished(before(&aws), config, keymap) });
    guard.mouse(model.start.mouse)?;
    let ended = run::run(model, &mut screen, &mut guard, Runtime::new(aws).knowing(catalogue), view::view, input).await;
    drop(guard);
    // A terminal that can't be written to any more is one that has gone away.
    let (exit, words) =
        ended.or_else(|e| if io::stdout().is_terminal() { Err(e) } else { Ok((Exit::HungUp, Vec::new())) })?;
    for word in words {
        // Where standard error is gone there is nobody to tell.
        let _ = writeln!(io::stderr(), "{word}");
    }
    Ok(exit)
}

/// What is known before anything is asked.
pub fn before(aws: &Aws) -> Start {
    let (profile, region) = aws.asked();
    Start {
        profile: profile.map(ToOwned::to_owned),
        region: region.map(ToOwned::to_owned),
        demo: aws.is_demo(),
        now: aws.now(),
        ..Start::default()
    }
}

/// What is wished for by the configuration.
fn wished(start: Start, config: &Config, keymap: Keymap) -> Start {
    let sort = Sort::from_word(&config.list.sort.value.to_string()).unwrap_or_default();
    Start {
        read_only: config.read_only.value,
        theme: Theme::from_word(config.display.theme.value.word()).unwrap_or_default(),
        ascii: config.display.borders.value == Borders::Ascii,
        local_times: config.display.times.value == Times::Local,
        mouse: config.display.mouse.value,
        bell: config.display.bell.value,
        sort,
        filter: config.list.filter.value.clone(),
        keymap,
        ..start
    }
}
