//! The home screen: which secrets are shown and in what order, and the cursor. The cursor holds a secret, not a line:
//! rows that arrive, change or move don't move it.

use std::cmp::Ordering;
use std::collections::HashSet;

use tui_input::Input;

use super::scroll::moved;
use crate::domain::filter::{BadFilter, Filter, Scratch};
use crate::domain::secret::SecretId;
use crate::domain::sort::{Sort, SortBy};
use crate::tui::keymap::Action;
use crate::tui::known::{Row, Secrets as Known, merge};

/// Where the user is in the list, and what of it they want to see.
#[derive(Debug, Default)]
pub struct Secrets {
    /// The numbers of the rows that pass the filter, in order.
    order: Vec<u32>,
    /// The order.
    pub sort: Sort,
    /// What is typed as the filter.
    pub input: Input,
    /// Whether keys go to the filter.
    pub typing: bool,
    /// Why what is typed can't be understood; the last filter that could be holds until then.
    pub bad: Option<BadFilter>,
    filter: Filter,
    scratch: Scratch,
    /// How many rows were known when the order was last made; those with higher numbers are not in it.
    seen: usize,
    /// The secret that the user chose; until they choose, the first line is it, whatever comes to stand there.
    chosen: Option<SecretId>,
    /// The line of the window on which it stands, from 0.
    line: usize,
}

impl Secrets {
    /// With an order and a filter from the start.
    pub fn wished(sort: Sort, filter: &str, known: &Known) -> Self {
        let mut secrets = Self { sort, input: filter.into(), ..Self::default() };
        secrets.refilter(known);
        secrets
    }

    /// How many secrets pass the filter.
    pub fn len(&self) -> usize {
        self.order.len()
    }

    /// Whether none does.
    pub fn is_empty(&self) -> bool {
        self.order.is_empty()
    }

    /// Whether a filter holds some back.
    pub fn is_filtered(&self) -> bool {
        !self.filter.is_empty()
    }

    /// The filter that holds.
    pub fn filter(&self) -> &Filter {
        &self.filter
    }

    /// The rows in order, from a place on.
    pub fn rows<'a>(&'a self, known: &'a Known, from: usize) -> impl Iterator<Item = &'a Row> {
        self.order.iter().skip(from).map(|number| known.row(*number))
    }

    /// The selected secret's place in the order.
    pub fn place(&self, known: &Known) -> usize {
        let number = self.chosen.as_ref().and_then(|id| known.find(id));
        number.and_then(|number| self.order.iter().position(|other| *other == number)).unwrap_or(0)
    }

    /// The selected row.
    pub fn selected<'a>(&self, known: &'a Known) -> Option<&'a Row> {
        self.order.get(self.place(known)).map(|number| known.row(*number))
    }

    /// The place of the window's first line.
    pub fn top(&self, known: &Known, page: usize) -> usize {
        let line = self.line.min(page.saturating_sub(1));
        self.place(known).saturating_sub(line).min(self.len().saturating_sub(page))
    }

    /// Moves the cursor as the action says. `false`: it is no movement.
    pub fn go(&mut self, action: Action, known: &Known, page: usize) -> bool {
        let Some(wanted) = moved(action, self.place(known), page) else { return false };
        let last = self.len().saturating_sub(1);
        self.put(wanted.min(last), known, page);
        true
    }

    /// Puts the cursor on a place; the window moves only as far as it must.
    pub fn put(&mut self, place: usize, known: &Known, page: usize) {
        let top = self.top(known, page);
        let top = top.clamp((place + 1).saturating_sub(page), place);
        self.chosen = self.order.get(place).map(|number| known.row(*number).secret.id.clone());
        self.line = place - top;
    }

    /// Puts the cursor on a secret. `false`: it isn't among those that are shown.
    pub fn choose(&mut self, id: &SecretId, known: &Known, page: usize) -> bool {
        let number = known.find(id);
        let place = number.and_then(|number| self.order.iter().position(|other| *other == number));
        if let Some(place) = place {
            self.put(place, known, page);
        }
        place.is_some()
    }

    /// Chooses the secret that the cursor is on, if it came there by itself.
    pub fn stay(&mut self, known: &Known) {
        self.chosen = self.selected(known).map(|row| row.secret.id.clone()).or(self.chosen.take());
    }

    /// Sorts by the next column, or turns the order round.
    pub fn sort_by(&mut self, sort: Sort, known: &Known) {
        self.sort = sort;
        self.arrange(known);
    }

    /// The column after the one that is sorted by.
    pub fn next_column(&self) -> SortBy {
        let at = SortBy::ALL.iter().position(|by| *by == self.sort.by).unwrap_or(0);
        SortBy::ALL[(at + 1) % SortBy::ALL.len()]
    }

    /// Takes in what is typed as the filter by now.
    pub fn refilter(&mut self, known: &Known) {
        match Filter::parse(self.input.value()) {
            Ok(filter) => {
                self.bad = None;
                let (other, narrows) = (filter != self.filter, filter.narrows(&self.filter));
                self.filter = filter;
                if narrows && self.seen == known.len() {
                    self.narrow(known);
                } else if other {
                    self.arrange(known);
                }
            }
            Err(bad) => self.bad = Some(bad),
        }
    }

    /// Of the rows in the order those that pass a filter which lets fewer through; they keep their order.
    fn narrow(&mut self, known: &Known) {
        let before = self.place(known);
        let (filter, scratch) = (&self.filter, &mut self.scratch);
        self.order.retain(|number| passes(filter, *number, known, scratch));
        self.keep(before, known);
    }

    /// All rows again: filtered, and sorted by number; rows come by name, and equals keep that order.
    pub fn arrange(&mut self, known: &Known) {
        self.renumbered(self.place(known), known);
    }

    /// All rows again, because every number is another one; the cursor stood on this place before.
    pub fn renumbered(&mut self, before: usize, known: &Known) {
        let (sort, filter, scratch) = (self.sort, &self.filter, &mut self.scratch);
        let passing = known.by_name().iter().copied().filter(|number| passes(filter, *number, known, scratch));
        let mut keyed: Vec<(u64, u32)> = passing.map(|number| (key(sort, known.row(number)), number)).collect();
        if sort.by == SortBy::Name && sort.reversed {
            keyed.reverse();
        }
        keyed.sort_by_key(|(key, _)| *key);
        self.order = keyed.into_iter().map(|(_, number)| number).collect();
        self.keep(before, known);
    }

    /// Rows are new or different: they are taken out of the order and merged in where they belong now.
    pub fn changed(&mut self, numbers: &[u32], known: &Known) {
        if numbers.is_empty() {
            return;
        }
        let before = self.place(known);
        let seen = std::mem::replace(&mut self.seen, known.len());
        let old: HashSet<u32> = numbers.iter().copied().filter(|number| (*number as usize) < seen).collect();
        if !old.is_empty() {
            self.order.retain(|number| !old.contains(number));
        }
        let (sort, filter, scratch) = (self.sort, &self.filter, &mut self.scratch);
        let new = numbers.iter().copied().filter(|number| passes(filter, *number, known, scratch)).collect();
        merge(&mut self.order, new, |a, b| compare(sort, known.row(a), known.row(b)));
        self.keep(before, known);
    }

    /// A chosen secret that is gone, or held back now, leaves the cursor on the place where it stood.
    fn keep(&mut self, before: usize, known: &Known) {
        let number = self.chosen.as_ref().map(|id| known.find(id));
        let stands = |number: Option<u32>| number.is_some_and(|number| self.order.contains(&number));
        if number.is_some_and(|number| !stands(number)) {
            let place = before.min(self.len().saturating_sub(1));
            self.chosen = self.order.get(place).map(|number| known.row(*number).secret.id.clone());
        }
    }
}

fn passes(filter: &Filter, number: u32, known: &Known, scratch: &mut Scratch) -> bool {
    let secret = || {
        let row = known.row(number);
        (&row.secret, row.state)
    };
    filter.is_empty() || filter.passes(known.name(number), scratch, secret)
}

fn key(sort: Sort, row: &Row) -> u64 {
    sort.key(&row.secret, row.trouble)
}

fn compare(sort: Sort, a: &Row, b: &Row) -> Ordering {
    let names = || a.secret.name.cmp(&b.secret.name);
    match sort {
        Sort { by: SortBy::Name, reversed: true } => names().reverse(),
        _ => key(sort, a).cmp(&key(sort, b)).then_with(names),
    }
}
