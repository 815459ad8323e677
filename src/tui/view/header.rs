//! The first line: where we are on the left, how things stand on the right.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::domain::rotation::RotationState;
use crate::text::{count, safe, time_of_day, truncate};
use crate::tui::known::{Fetch, Remote};
use crate::tui::model::{Model, Screen};

/// The width from which on there is room for the program's own name.
const WIDE: u16 = 100;

/// How much of a profile's name is shown: behind it stands the account, which must not be cut off.
const PROFILE: usize = 24;

/// Draws the header.
pub(super) fn draw(model: &Model, area: Rect, frame: &mut Frame<'_>) {
    let place = place(model);
    // Where both don't fit, the place stays whole: nobody may mistake the account.
    let place_width = u16::try_from(place.width()).unwrap_or(u16::MAX).min(area.width);
    let standing = standing(model, usize::from(area.width - place_width));
    frame.render_widget(Line::from(standing).right_aligned(), area);
    frame.render_widget(place, Rect { width: place_width, ..area });
}

fn place(model: &Model) -> Line<'static> {
    let theme = model.start.theme;
    let context = model.known.context.get();
    let profile = context.map_or(&model.start.profile, |context| &context.profile);
    let region = context.map(|context| &context.region).or(model.start.region.as_ref());
    let account = match &model.known.identity {
        Remote { value: Some((identity, _)), .. } => Some(identity.account.to_string()),
        Remote { state: Fetch::Failed(_), .. } => Some("account unknown".to_owned()),
        Remote { .. } => None,
    };
    let endpoint = context.and_then(|context| context.endpoint.as_ref());
    let words = [
        profile.as_ref().map(|p| truncate(&safe(p), PROFILE)),
        account,
        region.map(|r| safe(r)),
        endpoint.map(|e| safe(e)),
    ];
    let words: Vec<String> = words.into_iter().flatten().collect();
    let mut spans = Vec::new();
    if model.size.width >= WIDE {
        spans.extend([Span::styled(" secdash ", theme.strong()), Span::raw(" ")]);
    }
    spans.extend(model.start.demo.then(|| Span::styled(" DEMO ", theme.demo())));
    spans.extend(model.start.read_only.then(|| Span::styled(" READ-ONLY ", theme.strong())));
    spans.push(Span::raw(format!(" {} ", words.join(" · "))));
    let names = model.way.iter().skip(1).map(|screen| match screen {
        Screen::Secrets => "secrets",
        Screen::Secret => "secret",
        Screen::Why => "why",
        Screen::Watch(_) => "rotation",
        Screen::Log => "log",
        Screen::History => "history",
        Screen::Alerts => "alerts",
        Screen::Upcoming => "upcoming",
        Screen::Calls => "API calls",
    });
    spans.extend(names.map(|name| Span::styled(format!("› {name} "), theme.dim())));
    Line::from(spans)
}

/// How things stand, as far as there is room; the age of what is shown goes last.
fn standing(model: &Model, room: usize) -> Vec<Span<'static>> {
    use RotationState::{Cancelled, Failed, Overdue, Pending, Rotating, Stuck};
    let theme = model.start.theme;
    let secrets = &model.known.secrets;
    let number = |state: RotationState| {
        let number = secrets.number(state);
        (number > 0).then(|| Span::styled(format!("{number} {}", state.word()), theme.state(state)))
    };
    let throttles = model.known.throttles;
    let shown = secrets.as_of.map(|_| standing_count(secrets.len(), secrets.complete));
    let throttles = (throttles > 0).then(|| Span::styled(format!("throttled {throttles}×"), theme.warn()));
    let as_of = secrets.as_of.map(|as_of| Span::raw(format!("as of {} ", time_of_day(as_of))));
    let states = [Stuck, Failed, Overdue, Cancelled, Pending, Rotating].map(number);
    let mut pieces: Vec<_> = [throttles, shown.map(Span::raw)].into_iter().chain(states).chain([as_of]).collect();
    // What goes first where there is no room for all: what matters least to the person on call.
    for dropped in [0, 1, 7, 5, 6, 3, 4, 2, 8] {
        let line = joined(pieces.iter().flatten().cloned());
        if line.iter().map(Span::width).sum::<usize>() < room {
            return line;
        }
        pieces[dropped] = None;
    }
    Vec::new()
}

/// `412 secrets`, or `412+ secrets` as long as there may be more.
fn standing_count(number: usize, complete: bool) -> String {
    let words = count(number, "secret");
    if complete { words } else { words.replacen(' ', "+ ", 1) }
}

fn joined(spans: impl Iterator<Item = Span<'static>>) -> Vec<Span<'static>> {
    let mut line = Vec::new();
    for span in spans {
        if !line.is_empty() {
            line.push(Span::raw(" · "));
        }
        line.push(span);
    }
    line
}
