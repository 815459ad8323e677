//! The home screen: which secrets are shown and in what order, and the cursor. The cursor holds a secret, not a line:
//! rows that arrive, change or move don't move it.

use std::cmp::Ordering;

use tui_input::Input;

use super::scroll::moved;
use crate::domain::filter::{BadFilter, Filter, Scratch};
use crate::domain::rotation::RotationState;
use crate::domain::secret::{Secret, SecretId};
use crate::domain::sort::{Sort, SortBy};
use crate::tui::keymap::Action;
use crate::tui::known::{Row, Secrets as Known, merge};

/// Where the user is in the list, and what of it they want to see.
#[derive(Debug, Default)]
pub struct Secrets {
    /// The numbers of all rows, in order.
    whole: Vec<u32>,
    /// Of these the ones that pass the filter, if there is one.
    passing: Option<Vec<u32>>,
    /// What the order goes by, by the rows' numbers: to look for a place among 100,000 rows, none of these is read.
    keys: Vec<u64>,
    /// The order.
    pub sort: Sort,
    /// What is typed as the filter.
    pub input: Input,
    /// Whether keys go to the filter.
    pub typing: bool,
    /// What was chosen when typing began: it stays chosen through letters that hold it back and let it through again.
    anchor: Option<SecretId>,
    /// Why what is typed can't be understood; the last filter that could be holds until then.
    pub bad: Option<BadFilter>,
    filter: Filter,
    scratch: Scratch,
    /// How many rows were known when the order was last made; those with higher numbers are not in it.
    seen: usize,
    /// The secret that the user chose; until they choose, the first line is it, whatever comes to stand there.
    chosen: Option<SecretId>,
    /// Where it stood last: mostly it still stands there.
    last_place: usize,
    /// The line of the window on which it stands, from 0.
    line: usize,
}

/// Where fewer than one in so many rows are shown, a filter that narrows looks at these alone; else all names are read in
/// one go.
const FEW: usize = 16;

impl Secrets {
    /// With an order and a filter from the start.
    pub fn wished(sort: Sort, filter: &str, known: &Known) -> Self {
        let mut secrets = Self { sort, input: filter.into(), ..Self::default() };
        secrets.refilter(known);
        secrets.arrange(known);
        secrets
    }

    /// How many secrets pass the filter.
    pub fn len(&self) -> usize {
        self.order().len()
    }

    /// Whether none does.
    pub fn is_empty(&self) -> bool {
        self.order().is_empty()
    }

    /// Whether a filter holds some back.
    pub fn is_filtered(&self) -> bool {
        !self.filter.is_empty()
    }

    /// The filter that holds.
    pub fn filter(&self) -> &Filter {
        &self.filter
    }

    /// The numbers of the rows that are shown, in order.
    fn order(&self) -> &[u32] {
        self.passing.as_deref().unwrap_or(&self.whole)
    }

    /// The rows in order, from a place on.
    pub fn rows<'a>(&'a self, known: &'a Known, from: usize) -> impl Iterator<Item = &'a Row> {
        self.order().iter().skip(from).map(|number| known.row(*number))
    }

    /// The selected secret's place in the order.
    pub fn place(&self, known: &Known) -> usize {
        let number = self.chosen.as_ref().and_then(|id| known.find(id));
        number.and_then(|number| self.find(number)).unwrap_or(0)
    }

    /// The place of a row.
    fn find(&self, number: u32) -> Option<usize> {
        let order = self.order();
        let stands = order.get(self.last_place) == Some(&number);
        if stands { Some(self.last_place) } else { order.iter().position(|other| *other == number) }
    }

    /// The selected row.
    pub fn selected<'a>(&self, known: &'a Known) -> Option<&'a Row> {
        self.order().get(self.place(known)).map(|number| known.row(*number))
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
        self.chosen = self.order().get(place).map(|number| known.row(*number).secret.id.clone());
        (self.last_place, self.line) = (place, place - top);
        if self.typing {
            self.anchor.clone_from(&self.chosen);
        }
    }

    /// Puts the cursor on a secret. `false`: it isn't among those that are shown.
    pub fn choose(&mut self, id: &SecretId, known: &Known, page: usize) -> bool {
        let place = known.find(id).and_then(|number| self.find(number));
        if let Some(place) = place {
            self.put(place, known, page);
        }
        place.is_some()
    }

    /// Chooses the secret that the cursor is on, if it came there by itself.
    pub fn stay(&mut self, known: &Known) {
        self.chosen = self.selected(known).map(|row| row.secret.id.clone()).or(self.chosen.take());
    }

    /// Begins to type the filter.
    pub fn begin_typing(&mut self) {
        if !self.typing {
            (self.typing, self.anchor) = (true, self.chosen.clone());
        }
    }

    /// Has typed the filter: the secret that the cursor is on is chosen.
    pub fn end_typing(&mut self, known: &Known) {
        self.typing = false;
        self.stay(known);
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
                let before = self.place(known);
                self.filter = filter;
                if narrows && self.len() < known.len() / FEW {
                    self.narrow(known);
                } else if other {
                    self.select(known);
                }
                if self.typing {
                    self.return_to_anchor(known);
                } else {
                    self.keep(before, known);
                }
            }
            Err(bad) => self.bad = Some(bad),
        }
    }

    /// Chooses again what was chosen before the filter was typed, if it passes; else the first line is it.
    fn return_to_anchor(&mut self, known: &Known) {
        let place = self.anchor.as_ref().and_then(|id| known.find(id)).and_then(|number| self.find(number));
        self.chosen = self.anchor.clone().filter(|_| place.is_some());
        self.last_place = place.unwrap_or(0);
    }

    /// Of the rows that are shown those that pass a filter which lets fewer through; they keep their order.
    fn narrow(&mut self, known: &Known) {
        let (filter, scratch) = (&self.filter, &mut self.scratch);
        if let Some(passing) = &mut self.passing {
            passing.retain(|number| passes(filter, *number, known, scratch));
        }
    }

    /// Of all rows those that pass the filter, in their order.
    fn select(&mut self, known: &Known) {
        self.passing = (!self.filter.is_empty()).then(|| {
            let passes = self.filter.passing(known.names(), &mut self.scratch, |number| stands(number, known));
            self.whole.iter().copied().filter(|number| passes[*number as usize]).collect()
        });
    }

    /// All rows again: sorted by number, and filtered; rows come by name, and equals keep that order.
    pub fn arrange(&mut self, known: &Known) {
        self.renumbered(self.place(known), known);
    }

    /// All rows again, because every number is another one; the cursor stood on this place before.
    pub fn renumbered(&mut self, before: usize, known: &Known) {
        let sort = self.sort;
        self.keys = known.rows().map(|row| sort.key(&row.secret, row.trouble)).collect();
        let key = |number: &u32| (self.keys[*number as usize], *number);
        let mut keyed: Vec<(u64, u32)> = known.by_name().iter().map(key).collect();
        if sort.by == SortBy::Name && sort.reversed {
            keyed.reverse();
        }
        keyed.sort_by_key(|(key, _)| *key);
        self.whole = keyed.into_iter().map(|(_, number)| number).collect();
        self.seen = known.len();
        self.select(known);
        self.keep(before, known);
    }

    /// Rows are new or different: they are taken out of the order and merged in where they belong now.
    pub fn changed(&mut self, numbers: &[u32], known: &Known) {
        if numbers.is_empty() {
            return;
        }
        let before = self.place(known);
        let seen = std::mem::replace(&mut self.seen, known.len());
        let mut moves = vec![false; seen];
        let old: Vec<usize> = numbers.iter().map(|number| *number as usize).filter(|number| *number < seen).collect();
        for number in &old {
            moves[*number] = true;
        }
        self.keys.resize(known.len(), 0);
        for number in numbers {
            let row = known.row(*number);
            self.keys[*number as usize] = self.sort.key(&row.secret, row.trouble);
        }
        let (sort, keys, filter, scratch) = (self.sort, &self.keys, &self.filter, &mut self.scratch);
        let take_in = |order: &mut Vec<u32>, new: Vec<u32>| {
            if !old.is_empty() {
                order.retain(|number| !moves.get(*number as usize).is_some_and(|moves| *moves));
            }
            merge(order, new, |a, b| compare(sort, keys, known, a, b));
        };
        take_in(&mut self.whole, numbers.to_vec());
        if let Some(passing) = &mut self.passing {
            take_in(
                passing,
                numbers.iter().copied().filter(|number| passes(filter, *number, known, scratch)).collect(),
            );
        }
        self.keep(before, known);
    }

    /// A chosen secret that is gone, or held back now, leaves the cursor on the place where it stood.
    fn keep(&mut self, before: usize, known: &Known) {
        let Some(chosen) = &self.chosen else { return };
        if let Some(place) = known.find(chosen).and_then(|number| self.find(number)) {
            self.last_place = place;
            return;
        }
        self.last_place = before.min(self.len().saturating_sub(1));
        self.chosen = self.order().get(self.last_place).map(|number| known.row(*number).secret.id.clone());
    }
}

fn passes(filter: &Filter, number: u32, known: &Known, scratch: &mut Scratch) -> bool {
    filter.is_empty() || filter.passes(known.names().get(number), scratch, || stands(number, known))
}

/// What a filter may ask of a row beside its name.
fn stands(number: u32, known: &Known) -> (&Secret, RotationState) {
    let row = known.row(number);
    (&row.secret, row.state)
}

fn compare(sort: Sort, keys: &[u64], known: &Known, a: u32, b: u32) -> Ordering {
    let names = || known.compare_names(a, b);
    match sort {
        Sort { by: SortBy::Name, reversed: true } => names().reverse(),
        _ => keys[a as usize].cmp(&keys[b as usize]).then_with(names),
    }
}
