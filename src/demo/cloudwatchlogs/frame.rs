//! Messages of an AWS event stream (smithy.io/2.0/aws/amazon-eventstream.html), as a body carries them.

use aws_smithy_eventstream::frame::write_message_to;
use aws_smithy_types::event_stream::{Header, HeaderValue, Message};
use bytes::Bytes;
use serde_json::{Value, json};

pub(super) fn event(name: &'static str, body: &Value) -> Bytes {
    message("event", ":event-type", name, body)
}

/// An error in the stream; it is the last message.
pub(super) fn exception(name: &'static str, text: &str) -> Bytes {
    message("exception", ":exception-type", name, &json!({ "message": text }))
}

fn message(kind: &'static str, header: &'static str, name: &'static str, body: &Value) -> Bytes {
    let text = |text: &'static str| HeaderValue::String(text.into());
    let message = Message::new(body.to_string())
        .add_header(Header::new(":message-type", text(kind)))
        .add_header(Header::new(header, text(name)))
        .add_header(Header::new(":content-type", text("application/json")));
    let mut frame = Vec::new();
    // A message that is longer than a frame may be is left out: 500 events of the longest kind come near it.
    if write_message_to(&message, &mut frame).is_err() {
        frame.clear();
    }
    frame.into()
}
