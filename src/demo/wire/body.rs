//! Bodies that come bit by bit.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use aws_smithy_types::body::SdkBody;
use bytes::Bytes;
use http_body_util::StreamBody;
use hyper::body::Frame;
use tokio::sync::mpsc;

/// A body of what is sent into a channel, to the end of the channel; an error breaks the connection.
pub(in crate::demo) fn stream(receiver: mpsc::Receiver<io::Result<Bytes>>) -> SdkBody {
    SdkBody::from_body_1_x(StreamBody::new(Receiver(receiver)))
}

/// The receiving end of a channel as a stream.
struct Receiver(mpsc::Receiver<io::Result<Bytes>>);

impl futures::Stream for Receiver {
    type Item = io::Result<Frame<Bytes>>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.poll_recv(context).map(|part| part.map(|part| part.map(Frame::data)))
    }
}
