//! The event history: what matters, how much when, one line an event or a reader, and the record that is unfolded.

use chrono::TimeDelta;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::{panel, sheet};
use crate::domain::trail::{Covered, Deed, Depth, Kind, Reached, Scope, Standing, Tally, TrailEvent};
use crate::output::history::{complete_briefly, detail, reads, secret, strip, tone_of};
use crate::text::zone::Zone;
use crate::text::{ago, count, fit, grouped, moment, safe, span, truncate, width};
use crate::tui::history;
use crate::tui::keymap::{Action, Scope as Keys};
use crate::tui::known::Fetch;
use crate::tui::layout;
use crate::tui::model::Model;
use crate::tui::sheet::{Line as Toned, Tone};

/// The columns of a time: mark, month, day, hour, minute, second; and without the seconds.
const TIME: usize = 17;
const MINUTE: usize = 14;
const KIND: usize = 9;

/// The columns from which on there is room for an event's name beside what else is to be said.
const ROOMY: usize = 40;

/// Draws it.
pub(super) fn draw(model: &Model, frame: &mut Frame<'_>) {
    let Some(areas) = history::areas(model) else { return };
    let columns = usize::from(areas.list.width).saturating_sub(4);
    let block = panel(model).title(title(model, columns)).title_bottom(standing(model, columns));
    let inner = block.inner(areas.list);
    frame.render_widget(block, areas.list);
    let width = usize::from(inner.width);
    let mut lines = history::notes(model, width);
    lines.truncate(areas.above.saturating_sub(2));
    lines.push(density(model, width));
    if model.history.by_reader {
        lines.extend(readers(model, areas.page, width));
    } else {
        lines.extend(events(model, areas.page, width));
    }
    sheet::draw(model, lines, 0, inner, frame);
    if let Some(fault) = history::fault(model) {
        sheet::foot(model, fault, inner, frame);
    }
    if let Some(area) = areas.record {
        record(model, area, frame);
    }
}

/// Whose events, of what time, which of them, how many. Where there is little room, the first three matter most.
fn title(model: &Model, columns: usize) -> Line<'static> {
    let history = &model.history;
    let name = match &history.scope {
        Some(Scope::Account(_)) => "Activity of the account".to_owned(),
        _ => format!("History of {}", history::heading(model)),
    };
    let mut words = history.choices();
    if history.typing || !history.input.value().is_empty() {
        words.push(format!("/{}{}", safe(history.input.value()), if history.typing { "▏" } else { "" }));
    }
    let chosen = if words.is_empty() { String::new() } else { format!("· {} ", words.join(" · ")) };
    let range = format!(" · last {} ", history.range.words());
    let left = columns.saturating_sub(width(&range) + width(&chosen));
    let fits = |words: &String| width(words) + width(&name) <= left;
    let numbers = numbers(model).into_iter().find(fits).unwrap_or_default();
    let name = truncate(&name, left.saturating_sub(width(&numbers)).max(10));
    Line::from(vec![
        Span::styled(format!(" {name}"), model.start.theme.strong()),
        Span::raw(range),
        Span::styled(chosen, model.start.theme.key()),
        Span::raw(numbers),
    ])
}

/// How many there are, in fewer and fewer words.
fn numbers(model: &Model) -> [String; 3] {
    let history = &model.history;
    let rows = history.rows().len();
    let counted: usize = history.tallies().iter().map(|tally| tally.times.len()).sum();
    let events = match history.by_reader {
        true if counted < rows => format!("{} of {}", grouped(counted), count(rows, "event")),
        _ if rows == 0 && is_unknown(model) => "events not known".to_owned(),
        _ => count(rows, "event"),
    };
    let by =
        if history.by_reader { format!("{} · ", count(history.tallies().len(), "caller")) } else { String::new() };
    let hidden = match (history.hidden(), history.is_narrow()) {
        (0, _) => String::new(),
        (hidden, true) => format!(", {} hidden", grouped(hidden)),
        (hidden, false) => format!(", {} of metadata hidden", grouped(hidden)),
    };
    [format!("· {by}{events}{hidden} "), format!("· {by}{events} "), format!("· {events} ")]
}

/// Whether nothing at all was learned.
fn is_unknown(model: &Model) -> bool {
    let known = &model.known.history;
    history::fault(model).is_some() || (known.state == Fetch::Idle && known.reached.is_none())
}

/// What is complete, and what is still being read.
fn standing(model: &Model, columns: usize) -> Line<'static> {
    let (known, history) = (&model.known.history, &model.history);
    let depth = history.depth();
    let (covered, state) = (known.covered_of(&depth), known.state_of(&depth));
    let complete = match (covered.latest(), state) {
        (Some(_), _) => complete_briefly(&covered, history.since().unwrap_or(model.now), model.now),
        (None, Fetch::Loading) if known.reached.is_none() => "asking CloudTrail…".to_owned(),
        (None, Fetch::Loading) => "nothing of it is complete yet".to_owned(),
        (None, Fetch::Failed(_) | Fetch::Idle) if known.reached.is_some() => "nothing of it is complete".to_owned(),
        (None, Fetch::Idle) if known.asked.is_none() => "not asked yet".to_owned(),
        (None, _) => "CloudTrail has told nothing".to_owned(),
    };
    let is_first_open = history.rows().first().is_some_and(|place| !covered.has(place.at()));
    let legend = if is_first_open { " · ~ not complete" } else { "" };
    let words = format!("{complete}{}{legend}", going_on(model, state));
    Line::from(format!(" {} ", truncate(&words, columns)))
}

/// Whether more is being read, of what is wanted or of everything.
fn going_on(model: &Model, state: &Fetch) -> String {
    let known = &model.known.history;
    let is_named = model.history.depth() != Depth::Whole;
    match (state, &known.state, known.reached.as_ref()) {
        (Fetch::Failed(_), ..) => " · it could not go on".to_owned(),
        (Fetch::Idle, Fetch::Loading, Some(reached)) if is_named => {
            format!(" · other kinds: reading{}", left(model, reached))
        }
        (_, Fetch::Loading, Some(reached)) => format!(" · reading{}", left(model, reached)),
        (Fetch::Loading, ..) => " · reading".to_owned(),
        (Fetch::Idle, Fetch::Idle, reached) if !reached.is_some_and(|reached| reached.done) && !is_named => {
            format!(" · stopped; {} reads on", model.start.keymap.key(Keys::Any, Action::Refresh))
        }
        _ => String::new(),
    }
}

/// How long the rest may take at the pace so far.
fn left(model: &Model, reached: &Reached) -> String {
    let took = model.known.history.asked.map_or(0, |asked| (model.now - asked).num_seconds());
    let pages = reached.left.and_then(|left| i64::try_from(left).ok()).zip(i64::try_from(reached.pages).ok());
    let left = pages.map(|(left, pages)| took.saturating_mul(left) / pages.max(1)).filter(|left| *left > 0);
    left.map_or_else(String::new, |left| format!(", about {} left", span(TimeDelta::seconds(left))))
}

/// How much there is when, from the far end of the time to now.
fn density(model: &Model, width: usize) -> Toned {
    let history = &model.history;
    let Some(since) = history.since() else { return Toned::new() };
    let (left, right) = (format!("{} ago ", history.range.words()), " now");
    let room = width.saturating_sub(left.len() + right.len());
    let times = history.rows().iter().map(crate::domain::trail::Place::at);
    let covered = model.known.history.covered_of(&history.depth());
    let strip = strip(times, (since, model.now), &covered, room, model.start.ascii);
    vec![(Tone::Dim, left), (Tone::Plain, strip), (Tone::Dim, right.to_owned())]
}

/// What an event's line has room for; 0 where a column is left out.
struct Columns {
    time: usize,
    secret: usize,
    who: usize,
    from: usize,
    client: usize,
    what: usize,
}

impl Columns {
    fn of(model: &Model, width: usize) -> Self {
        let is_account = matches!(model.history.scope, Some(Scope::Account(_)));
        let (time, secret, who, from, client) = match width {
            // What was done matters more than its second, which the record tells.
            ..100 if is_account => (MINUTE, 18, 17, 0, 0),
            ..100 => (TIME, 0, 18, 0, 0),
            100..150 => (TIME, 22, 22, 16, 0),
            _ => (TIME, 28, 28, 17, 34),
        };
        let secret = if is_account { secret } else { 0 };
        let what = width.saturating_sub(time + KIND + secret + who + from + client);
        Self { time, secret, who, from, client, what }
    }

    fn cells(&self, cells: [(Tone, String); 7]) -> Toned {
        let columns = [self.time, KIND, self.secret, self.who, self.what, self.from, self.client];
        let cell = |((tone, text), columns): ((Tone, String), usize)| {
            (columns > 0).then(|| (tone, format!("{} ", fit(&text, columns - 1))))
        };
        cells.into_iter().zip(columns).filter_map(cell).collect()
    }
}

fn events(model: &Model, page: usize, width: usize) -> Vec<Toned> {
    let (history, columns) = (&model.history, Columns::of(model, width));
    if history.rows().is_empty() {
        return std::iter::once(Toned::new()).chain(nothing(model)).collect();
    }
    let zone = if model.zone().is_utc() { "TIME (UTC)" } else { "TIME (LOCAL)" };
    let titles = [zone, "KIND", "SECRET", "WHO", "WHAT", "FROM", "CLIENT"];
    let header = columns.cells(titles.map(|title| (Tone::Dim, title.to_owned())));
    let (top, place) = (history.top(page), history.place());
    let covered = model.known.history.covered_of(&history.depth());
    let rows = history.rows().iter().enumerate().skip(top).take(page);
    let rows = rows.filter_map(|(number, at)| {
        let event = model.known.history.events.get(at)?;
        let line = row(model, &columns, &covered, event);
        Some(if number == place { chosen(line) } else { line })
    });
    std::iter::once(header).chain(rows).collect()
}

fn row(model: &Model, columns: &Columns, covered: &Covered, event: &TrailEvent) -> Toned {
    let mark = if covered.has(event.at) { " " } else { "~" };
    let zone = if model.start.local_times { Zone::Local } else { Zone::Utc };
    let tone = tone_of(event);
    let word = |text: &Option<crate::text::AwsText>| text.as_ref().map_or_else(String::new, ToString::to_string);
    let clock = if columns.time == TIME { "%m-%d %H:%M:%S" } else { "%m-%d %H:%M" };
    let what = what(event, columns.what >= ROOMY);
    columns.cells([
        (Tone::Dim, format!("{mark}{}", zone.at(event.at).format(clock))),
        (tone, event.kind().word().to_owned()),
        (Tone::Plain, secret(event)),
        (Tone::Plain, event.scene.who.words()),
        (if tone == Tone::Dim { Tone::Dim } else { Tone::Plain }, what),
        (Tone::Dim, word(&event.scene.from)),
        (Tone::Dim, word(&event.scene.client)),
    ])
}

/// What was done. Where there is little room, what the kind says is left out: the name of the event, or that it was refused.
fn what(event: &TrailEvent, is_roomy: bool) -> String {
    let detail = detail(event);
    let is_plain = matches!(event.kind(), Kind::Read | Kind::Refused | Kind::Deletion | Kind::Labels);
    match &event.deed {
        Deed::Rotation { phase, step: Some(step), .. } if !is_roomy => format!("{} {}", step.word(), phase.word()),
        Deed::Rotation { phase, .. } if !is_roomy => format!("{} {detail}", phase.word()).trim_end().to_owned(),
        _ if detail.is_empty() => event.name.to_string(),
        _ if is_plain && !is_roomy => detail.strip_prefix("refused: ").map_or(detail.clone(), str::to_owned),
        _ => format!("{} · {detail}", event.name),
    }
}

fn readers(model: &Model, page: usize, width: usize) -> Vec<Toned> {
    let history = &model.history;
    if history.tallies().is_empty() {
        return std::iter::once(Toned::new()).chain(nothing(model)).collect();
    }
    let strip = if width < 100 { 12 } else { 24 };
    // Where there is little room, what somebody did matters more than what they are.
    let (who, caller) = if width < 100 { (24, 0) } else { (33, 10) };
    let rest = width.saturating_sub(who + caller + 8 + strip + 1);
    let cells = |tone: Tone, cells: [String; 5]| -> Toned {
        let widths = [who, caller, 8, strip + 1, rest];
        let cell = |(text, columns): (String, usize)| {
            (columns > 0).then(|| (tone, format!("{} ", fit(&text, columns.saturating_sub(1)))))
        };
        cells.into_iter().zip(widths).filter_map(cell).collect()
    };
    let header = cells(Tone::Dim, [" WHO", "CALLER", "EVENTS", "OVER TIME", "DETAIL"].map(str::to_owned));
    let (top, place) = (history.top(page), history.place());
    let covered = model.known.history.covered_of(&history.depth());
    let rows = history.tallies().iter().enumerate().skip(top).take(page).map(|(number, tally)| {
        let line = cells(Tone::Plain, reader(model, tally, &covered, strip));
        if number == place { chosen(line) } else { line }
    });
    std::iter::once(header).chain(rows).collect()
}

fn reader(model: &Model, tally: &Tally, covered: &Covered, columns: usize) -> [String; 5] {
    let range = (model.history.since().unwrap_or(model.now), model.now);
    [
        format!(" {}", tally.reader.words()),
        tally.reader.caller.word().to_owned(),
        grouped(tally.times.len()),
        strip(tally.times.iter().copied(), range, covered, columns, model.start.ascii),
        format!("{}{}", standing_of(model, tally), reads(tally, model.now)),
    ]
}

/// Whether a reader of the secret has read its value since AWSCURRENT moved, as far as is known.
fn standing_of(model: &Model, tally: &Tally) -> &'static str {
    let followers = model.history.followers.as_ref().map(|(_, followers)| followers);
    let of_it = followers.and_then(|followers| followers.iter().find(|one| one.reader == tally.reader));
    match of_it.map(|one| &one.standing) {
        Some(Standing::Fetched { .. }) => "read it since · ",
        Some(Standing::NotSeen { .. }) => "not seen since · ",
        _ => "",
    }
}

/// A line with the cursor on it: a mark in its first column for those who see no colour.
fn chosen(line: Toned) -> Toned {
    line.into_iter()
        .enumerate()
        .map(|(number, (_, text))| {
            let text = if number == 0 && text.starts_with(' ') { text.replacen(' ', "›", 1) } else { text };
            (Tone::Cursor, text)
        })
        .collect()
}

/// Why there is nothing to see; never that nothing happened, where that isn't known.
fn nothing(model: &Model) -> Vec<Toned> {
    let (known, history) = (&model.known.history, &model.history);
    let depth = history.depth();
    let since = history.since().unwrap_or(model.now);
    let whole = known.covered_of(&depth).latest().is_some_and(|span| span.from <= since);
    let has_rows = history.by_reader && !history.rows().is_empty();
    let text = match known.state_of(&depth) {
        Fetch::Loading if has_rows => "Who it was is counted as soon as a part is read whole.".to_owned(),
        _ if has_rows && !whole => "Nobody is counted: no part of it was read whole.".to_owned(),
        _ if whole => {
            let what = if history.is_narrow() { "None of these" } else { "No event" };
            format!("{what} in the last {}, as far as CloudTrail has delivered.", history.range.words())
        }
        Fetch::Loading => match known.covered_of(&depth).latest() {
            Some(span) => format!("Nothing since {}; it is read on, newest first.", moment(span.from)),
            None => "Nothing yet: CloudTrail is being asked, newest first.".to_owned(),
        },
        Fetch::Failed(_) => "CloudTrail could not be asked: what happened isn't known.".to_owned(),
        Fetch::Idle if known.reached.is_none() => "CloudTrail has not answered: what happened isn't known.".to_owned(),
        Fetch::Idle => "Nothing was found in what was read so far.".to_owned(),
    };
    let lines = std::iter::once(text).chain(others(model));
    lines.map(|text| vec![(Tone::Plain, format!(" {text}"))]).collect()
}

/// What is there and not shown, and which key shows it.
fn others(model: &Model) -> Option<String> {
    let history = &model.history;
    let key = |action| model.start.keymap.key(Keys::History, action);
    let number = match history.hidden() {
        0 => return None,
        1 => "1 event is".to_owned(),
        more => format!("{} events are", grouped(more)),
    };
    Some(if history.is_narrow() {
        format!("{number} hidden by the filter; {} takes it away.", key(Action::Back))
    } else {
        format!("{number} hidden that read metadata; {} shows them.", key(Action::Metadata))
    })
}

/// The event that is unfolded.
fn record(model: &Model, area: Rect, frame: &mut Frame<'_>) {
    let inside = layout::inside(area);
    let lines = history::record(model, usize::from(inside.width));
    let top = model
        .history
        .unfolded
        .map_or(0, |scroll| scroll.top)
        .min(lines.len().saturating_sub(usize::from(inside.height)));
    let more = lines.len().saturating_sub(top + usize::from(inside.height));
    let event = model.history.chosen().and_then(|place| model.known.history.events.get(place));
    let title = event.map_or_else(String::new, |event| format!(" {} · {} ", event.name, ago(event.at, model.now)));
    let block = panel(model).title(Line::from(Span::styled(title, model.start.theme.strong())));
    let down = model.start.keymap.key(Keys::History, Action::PageDown);
    let block = if more > 0 {
        block.title_bottom(Line::from(format!(" {down}: {more} more lines ")).right_aligned())
    } else {
        block
    };
    let inner = block.inner(area);
    frame.render_widget(block, area);
    sheet::draw(model, lines, top, inner, frame);
}
