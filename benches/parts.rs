//! What a key costs inside: filter, order, merged pages, the time's tick and the view, each alone over many secrets.

#[path = "support/flood.rs"]
mod flood;
#[path = "support/stats.rs"]
mod stats;

use std::hint::black_box;
use std::pin::pin;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use futures::TryStreamExt;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::layout::Size;
use secdash::aws::Aws;
use secdash::demo::World;
use secdash::domain::context::Context;
use secdash::domain::filter::{Filter, Scratch};
use secdash::domain::secret::Secret;
use secdash::domain::sort::{Sort, SortBy};
use secdash::tui::keymap;
use secdash::tui::known::Secrets;
use secdash::tui::model::Model;
use secdash::tui::msg::Msg;
use secdash::tui::screen::secrets::Secrets as Screen;
use secdash::tui::update::update;
use secdash::tui::view::view;
use stats::{Result, Samples, Table, is_quick, now, progress};

use crossterm::event::KeyEvent;

/// How many secrets a page has, and how many of the last pages are measured.
const PAGE: usize = 100;
const PAGES: usize = 50;

/// More bytes than a processor's caches hold.
const CACHES: usize = 256 << 20;

/// The filters: words and letters that some names have, and none.
const FILTERS: [&str; 5] = ["payments", "prod pay", "zzzz", "~pymt", "~zzzz"];

/// How many secrets there are, and how often each part is measured.
struct Bench {
    secrets: usize,
    times: usize,
    table: Table,
}

#[tokio::main]
async fn main() -> Result<()> {
    let (secrets, times) = if is_quick() { (1_000, 3) } else { (100_000, 30) };
    let mut bench = Bench { secrets, times, table: Table::new("PARTS") };
    progress("a world is listed", secrets);
    let aws = Aws::demo(World::load(&format!("secrets:{secrets}"))?.sdk_config());
    let (context, listed) = list(&aws).await?;
    progress("parts", secrets);
    let known = bench.pages(listed, aws.now());
    bench.filters(&known)?;
    bench.sorts(&known);
    let model = model(&aws, context, known);
    bench.views(model)?;
    flood::measure(&mut bench.table, times, aws.now());
    bench.table.print()?;
    Ok(())
}

async fn list(aws: &Aws) -> Result<(Arc<Context>, Vec<Secret>)> {
    let context = aws.open().await?;
    let (mut pages, mut secrets) = (pin!(aws.list(&context)), Vec::new());
    while let Some(page) = pages.try_next().await? {
        secrets.extend(page.secrets);
    }
    Ok((context, secrets))
}

/// A dashboard that has just taken in the whole list.
fn model(aws: &Aws, context: Arc<Context>, known: Secrets) -> Model {
    let mut model = Model::new(secdash::tui::before(aws));
    model.known.context.settle(Ok(context), model.now);
    model.known.secrets = known;
    model.secrets.arrange(&model.known.secrets);
    model
}

impl Bench {
    fn time<T>(&mut self, what: &str, mut part: impl FnMut() -> T) {
        let mut samples = Samples::default();
        for _ in 0..self.times {
            let start = now();
            black_box(part());
            samples.push(start.elapsed());
        }
        self.table.times(what, self.secrets, &samples);
    }

    /// Takes all pages in as the dashboard does, and measures the last ones; then a page that is different now.
    fn pages(&mut self, listed: Vec<Secret>, now_utc: DateTime<Utc>) -> Secrets {
        let (mut known, mut screen) = (Secrets::default(), Screen::default());
        let (mut taken, mut merged) = (Samples::default(), Samples::default());
        known.begin();
        let first = (listed.len() / PAGE).saturating_sub(PAGES);
        let mut listed = listed.into_iter().peekable();
        for number in 0.. {
            if listed.peek().is_none() {
                break;
            }
            let page: Vec<Secret> = listed.by_ref().take(PAGE).collect();
            let start = now();
            let changed = known.page(page, now_utc);
            let middle = now();
            screen.changed(&changed, &known);
            if number >= first {
                taken.push(middle - start);
                merged.push(middle.elapsed());
            }
        }
        known.end(Ok(()), now_utc);
        self.table.times("a new page is taken in", self.secrets, &taken);
        self.table.times("its rows are merged into the order", self.secrets, &merged);
        let numbers: Vec<u32> = (0..).take(PAGE).collect();
        self.time("100 known rows are merged anew", || screen.changed(&numbers, &known));
        known
    }

    fn filters(&mut self, known: &Secrets) -> Result<()> {
        self.time("a filter is understood", || Filter::parse("payments !staging ~pymt"));
        for typed in FILTERS {
            let filter = Filter::parse(typed)?;
            let mut scratch = Scratch::default();
            let secret = |number| {
                let row = known.row(number);
                (&row.secret, row.state)
            };
            let mut pass = || filter.passing(known.names(), &mut scratch, secret).into_iter().filter(|it| *it).count();
            let found = pass();
            self.time(&format!("filter `{typed}`"), pass);
            self.table.number(&format!("secrets that pass `{typed}`"), self.secrets, found.to_string());
        }
        Ok(())
    }

    fn sorts(&mut self, known: &Secrets) {
        for by in SortBy::ALL {
            for reversed in [false, true] {
                let sort = Sort { by, reversed };
                let mut screen = Screen::default();
                self.time(&format!("arrange by {}", sort.word()), || screen.sort_by(sort, known));
            }
        }
    }

    /// The view, and what a key and the time change, with the cursor at both ends of the list.
    fn views(&mut self, mut model: Model) -> Result<()> {
        for (end, key) in [("first", "g"), ("last", "G")] {
            press(&mut model, key);
            for (columns, rows) in [(80, 24), (200, 50)] {
                model.size = Size::new(columns, rows);
                let mut terminal = Terminal::new(TestBackend::new(columns, rows))?;
                let mut draw = || terminal.draw(|frame| view(&model, frame)).map(drop);
                draw()?;
                self.time(&format!("view at {columns}x{rows}, cursor on the {end} row"), draw);
            }
            let back = if end == "first" { "j" } else { "k" };
            self.time(&format!("`{back}` from the {end} row"), || press(&mut model, back));
            let tick = model.now;
            self.time(&format!("tick, cursor near the {end} row"), || update(&mut model, Msg::Tick(tick)));
        }
        self.cold_tick(&mut model);
        Ok(())
    }

    /// The tick after a while in which others used the processor: nothing of the rows is in its caches any more.
    fn cold_tick(&mut self, model: &mut Model) {
        let mut others = vec![0_u8; CACHES];
        let (mut samples, tick) = (Samples::default(), model.now);
        for turn in 0..self.times {
            others.fill(u8::try_from(turn).unwrap_or_default());
            black_box(&others);
            let start = now();
            black_box(update(model, Msg::Tick(tick)));
            samples.push(start.elapsed());
        }
        self.table.times("tick, caches cold", self.secrets, &samples);
    }
}

/// Presses a key by its name.
fn press(model: &mut Model, name: &str) {
    if let Some((code, modifiers)) = keymap::parse(name) {
        black_box(update(model, Msg::Key(KeyEvent::new(code, modifiers))));
    }
}
