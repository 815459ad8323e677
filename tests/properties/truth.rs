//! What must hold after every message, worked out anew from what is known, in the plainest way.

use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::Buffer;
use ratatui::layout::{Rect, Size};
use secdash::domain::filter::{Filter, Scratch};
use secdash::domain::rotation::{RotationState, Trouble};
use secdash::domain::sort::SortBy;
use secdash::domain::trail::Scope;
use secdash::text::AwsText;
use secdash::tui::known::{Fetch, Row};
use secdash::tui::layout;
use secdash::tui::model::{Model, Screen};
use secdash::tui::view::view;

use super::made::{self, Home};

fn all(model: &Model) -> Vec<&Row> {
    (0..model.known.secrets.len()).map(|number| model.known.secrets.row(u32::try_from(number).unwrap())).collect()
}

/// Whether a row passes what is typed, or the last filter that could be understood.
pub fn passes(model: &Model, row: &Row) -> bool {
    let filter = Filter::parse(model.secrets.input.value()).unwrap_or_else(|_| model.secrets.filter().clone());
    filter.passes(&row.secret.name.raw().to_lowercase(), &mut Scratch::default(), || (&row.secret, row.state))
}

/// The list is every row that passes, once, in the chosen order.
pub fn list_is_whole(model: &Model) {
    let sort = model.secrets.sort;
    let place = |row: &Row| -> (u64, AwsText) { (sort.key(&row.secret, row.trouble), row.secret.name.clone()) };
    let shown: Vec<&Row> = model.secrets.rows(&model.known.secrets, 0).collect();
    let mut wanted: Vec<&Row> = all(model).into_iter().filter(|row| passes(model, row)).collect();
    wanted.sort_by_key(|row| place(row));
    if sort.by == SortBy::Name && sort.reversed {
        wanted.reverse();
    }
    let places = |rows: &[&Row]| rows.iter().map(|row| place(row)).collect::<Vec<_>>();
    assert_eq!(places(&shown), places(&wanted), "not in the order of {}", sort.word());
    let arns = |rows: &[&Row]| {
        let mut arns: Vec<_> = rows.iter().map(|row| row.secret.id.arn.clone()).collect();
        arns.sort();
        arns
    };
    assert_eq!(arns(&shown), arns(&wanted));
    assert!(arns(&all(model)).windows(2).all(|pair| pair[0] != pair[1]), "a secret is known twice");
}

/// States, counts and the set of pending ones are those of the facts, now.
pub fn rows_are_judged(model: &Model) {
    let known = &model.known.secrets;
    for row in all(model) {
        let state = RotationState::of(&row.secret, row.signs(), model.now);
        assert_eq!(row.state, state, "{:?}", row.secret.name);
        assert_eq!(row.trouble, Trouble::of(&row.secret, state, model.now));
        assert_eq!(known.find(&row.secret.id).map(|number| &known.row(number).secret.id), Some(&row.secret.id));
    }
    for state in RotationState::ALL {
        assert_eq!(known.number(state), all(model).iter().filter(|row| row.state == state).count(), "{state:?}");
    }
    let pending = all(model).iter().filter(|row| made::is_pending(&row.secret)).count();
    assert_eq!(known.pending().count(), pending);
    assert!(known.pending().is_sorted_by_key(|row| row.looked));
}

/// Nothing that is known was seen through another door, or of another account than the one whose number is shown.
pub fn nothing_is_foreign(model: &Model) {
    let known = &model.known;
    let open = known.context.get().map(|context| made::number(context));
    let account = match (known.identity.get(), &known.identity.state) {
        (Some(identity), Fetch::Idle) => Some(identity.account.raw().parse::<u64>().unwrap()),
        _ => None,
    };
    // A call that was on its way when somebody signed in anew is known until its answer comes, and shown nowhere.
    let rotations: Vec<_> = known.rotations.iter().filter(|rotation| !rotation.is_foreign).collect();
    let text = format!("{:?}", (&known.secrets, &known.inspected, &known.trail, rotations, &known.log));
    for (Home { context, account: of }, mark) in made::marks(&text) {
        assert_eq!(Some(context), open, "{mark} is of another Context");
        assert!(account.is_none_or(|account| account == of), "{mark} is known under account {account:?}");
    }
    for row in all(model) {
        assert_eq!(Some(&row.secret.id.context), known.context.get());
    }
}

/// A secret has one rotation at a time that was begun or is watched from here.
pub fn rotations_are_apart(model: &Model) {
    let live = model.known.rotations.iter().filter(|rotation| rotation.is_live() && rotation.has_steps());
    let mut live: Vec<_> = live.filter(|rotation| !rotation.is_foreign).map(|rotation| &rotation.id.arn).collect();
    let number = live.len();
    live.sort();
    live.dedup();
    assert_eq!(live.len(), number, "two rotations of one secret");
    assert!(model.known.rotations.iter().count() <= 40, "rotations are never forgotten");
}

/// What is said of the selected secret is about no other one.
pub fn sheet_is_its_own(model: &Model) {
    let own = model.selected_id().map(|id| made::mark_of(&id));
    for raw in [false, true] {
        let lines = model.selected().map_or_else(Vec::new, |row| model.sheet_of(row, raw, 100));
        let text: String = lines.into_iter().flatten().map(|(_, text)| text).collect();
        for (_, mark) in made::marks(&text) {
            assert_eq!(Some(&mark), own.as_ref(), "{text}");
        }
    }
}

/// Draws the model on a screen of a size, which may be another one than the model knows.
pub fn drawn(model: &Model, terminal: &mut Terminal<TestBackend>, size: Size) -> Buffer {
    terminal.backend_mut().resize(size.width, size.height);
    terminal.draw(|frame| view(model, frame)).unwrap();
    terminal.backend().buffer().clone()
}

/// Nothing that could drive a terminal is drawn; and in the place of the selected secret stands no other one.
pub fn screen_is_true(model: &Model, buffer: &Buffer) {
    let cells = buffer.content().iter().flat_map(|cell| cell.symbol().chars());
    let bad: Vec<char> = cells.filter(|c| c.is_control() || secdash::text::is_hostile(*c)).collect();
    assert!(bad.is_empty(), "{bad:?} {buffer:?}");
    let Some(areas) = layout::areas(buffer.area).filter(|_| model.overlay.is_none()) else { return };
    let open = model.known.context.get().map(|context| made::number(context));
    for (home, mark) in made::marks(&text(buffer, areas.list)) {
        assert_eq!(Some(home.context), open, "{mark} stands on the screen");
    }
    let watched = model.watched().map(|rotation| rotation.id.clone());
    let logged = || model.known.log.as_ref().map(|(id, _)| id.clone());
    let own = match model.screen() {
        Screen::Watch(_) => watched,
        Screen::Log => logged(),
        Screen::Why => model.known.why.as_ref().map(|why| why.id.clone()),
        Screen::History => match &model.history.scope {
            Some(Scope::Secret(secret)) => Some(secret.id.clone()),
            _ => None,
        },
        _ => model.selected_id(),
    };
    let own = own.map(|id| made::mark_of(&id));
    let place = match model.screen() {
        Screen::Secrets => areas.preview,
        Screen::Secret | Screen::Watch(_) | Screen::Log | Screen::Why => Some(areas.body),
        // The account's events are of all its secrets.
        Screen::History => own.as_ref().map(|_| areas.body),
        Screen::Upcoming | Screen::Alerts | Screen::Calls => None,
    };
    for (_, mark) in place.into_iter().flat_map(|place| made::marks(&text(buffer, place))) {
        assert_eq!(Some(&mark), own.as_ref(), "{buffer:?}");
    }
}

fn text(buffer: &Buffer, area: Rect) -> String {
    let line = |y| (area.left()..area.right()).map(|x| buffer[(x, y)].symbol()).collect::<String>();
    (area.top()..area.bottom()).map(|y| line(y) + "\n").collect()
}
