//! A port between the program and a demo world, at which it is noted when each log event comes by.

use std::collections::HashMap;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Instant;

use chrono::{DateTime, Utc};

use crate::support::stats::{Result, now};

/// When each event came by, by its number.
pub(crate) type Times = Arc<Mutex<HashMap<usize, Instant>>>;

/// The time of day.
#[expect(clippy::disallowed_methods, reason = "the world's clock is set by it")]
pub(crate) fn wall() -> DateTime<Utc> {
    Utc::now()
}

/// The number in `tick N end`.
pub(crate) fn number(bytes: &[u8]) -> Option<usize> {
    let at = bytes.windows(5).position(|window| window == b"tick ")?;
    let digits: Vec<u8> = bytes[at + 5..].iter().copied().take_while(u8::is_ascii_digit).collect();
    String::from_utf8(digits).ok()?.parse().ok()
}

/// A port that passes everything on, and notes when an event comes by on its way to the program.
pub(crate) fn relay(to: SocketAddr, delivered: Times) -> Result<SocketAddr> {
    let listener = TcpListener::bind(("127.0.0.1", 0))?;
    let address = listener.local_addr()?;
    thread::spawn(move || {
        for client in listener.incoming().flatten() {
            let Ok(server) = TcpStream::connect(to) else { continue };
            let _ = client.set_nodelay(true).and_then(|()| server.set_nodelay(true));
            let (Ok(up), Ok(down)) = (client.try_clone(), server.try_clone()) else { continue };
            let delivered = Arc::clone(&delivered);
            thread::spawn(move || pass(up, server, |_| ()));
            thread::spawn(move || pass(down, client, |bytes| note(bytes, &delivered)));
        }
    });
    Ok(address)
}

fn pass(mut from: TcpStream, mut to: TcpStream, look: impl Fn(&[u8])) {
    let mut bytes = vec![0; 1 << 16];
    while let Ok(read @ 1..) = from.read(&mut bytes) {
        look(&bytes[..read]);
        if to.write_all(&bytes[..read]).is_err() {
            return;
        }
    }
}

fn note(bytes: &[u8], delivered: &Times) {
    let at = now();
    let mut delivered = delivered.lock().unwrap_or_else(PoisonError::into_inner);
    let starts = bytes.windows(5).enumerate().filter(|(_, window)| *window == b"tick ").map(|(start, _)| start);
    for number in starts.filter_map(|start| number(&bytes[start..])) {
        delivered.entry(number).or_insert(at);
    }
}
