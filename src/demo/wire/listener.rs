//! A port in front of the same handlers, for AWS clients that are not in this process.

use std::io;
use std::net::SocketAddr;

use aws_smithy_types::body::SdkBody;
use bytes::Bytes;
use http_body_util::{BodyExt, Limited};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

use crate::demo::wire::answer::Answer;
use crate::demo::wire::body;
use crate::demo::wire::{self, Reply};
use crate::demo::world::World;

/// No request of these services comes near this size, in bytes.
const LARGEST_BODY: usize = 1 << 20;

/// An open port in front of a world.
#[derive(Debug)]
pub struct Listener {
    world: World,
    socket: TcpListener,
    at: SocketAddr,
}

impl Listener {
    pub(in crate::demo) async fn bind(world: World, at: SocketAddr) -> io::Result<Self> {
        let socket = TcpListener::bind(at).await?;
        let at = socket.local_addr()?;
        Ok(Self { world, socket, at })
    }

    /// The address that was really bound, with the port the system chose if 0 was asked for.
    pub fn local_addr(&self) -> SocketAddr {
        self.at
    }

    /// Answers until dropped; the connections end with it.
    pub async fn serve(self) -> io::Result<()> {
        let mut connections = JoinSet::new();
        loop {
            let stream = match self.socket.accept().await {
                Ok((stream, _)) => stream,
                // The client went away before it was its turn.
                Err(error) if error.kind() == io::ErrorKind::ConnectionAborted => continue,
                Err(error) => return Err(error),
            };
            connections.spawn(converse(self.world.clone(), stream));
            while connections.try_join_next().is_some() {}
        }
    }
}

/// One connection, to its end. How it ends is the client's business: a cut answer is an error here.
async fn converse(world: World, stream: TcpStream) {
    let service = service_fn(|request| {
        let world = world.clone();
        async move { respond(&world, request).await }
    });
    let connection = http1::Builder::new().timer(TokioTimer::new()).serve_connection(TokioIo::new(stream), service);
    drop(connection.await);
}

/// The answer; an error closes the connection without one.
async fn respond(world: &World, request: http::Request<Incoming>) -> io::Result<http::Response<SdkBody>> {
    let (parts, body) = request.into_parts();
    let Ok(body) = Limited::new(body, LARGEST_BODY).collect().await else {
        return Ok(status(http::StatusCode::PAYLOAD_TOO_LARGE));
    };
    let request = http::Request::from_parts(parts, body.to_bytes());
    let response = match wire::reply(world.inner(), &request).await {
        Reply::Whole(answer) => answer.into_http(),
        Reply::Cut(answer) => cut(answer),
        Reply::Silence => std::future::pending().await,
        Reply::Unreachable => return Err(io::ErrorKind::ConnectionRefused.into()),
    };
    Ok(response.unwrap_or_else(|_| status(http::StatusCode::INTERNAL_SERVER_ERROR)))
}

fn status(status: http::StatusCode) -> http::Response<SdkBody> {
    let mut response = http::Response::new(SdkBody::empty());
    *response.status_mut() = status;
    response
}

/// The answer with its full length announced, half of it sent, and then the connection closed; of a stream, nothing.
fn cut(answer: Answer) -> http::Result<http::Response<SdkBody>> {
    let length = answer.body.content_length().unwrap_or_default();
    let half = Bytes::from(answer.half().unwrap_or_default());
    let is_stream = answer.body.bytes().is_none();
    let (sender, receiver) = tokio::sync::mpsc::channel(1);
    tokio::spawn(async move {
        drop(sender.send(Ok(half)).await);
        drop(sender.send(Err(io::Error::from(io::ErrorKind::ConnectionReset))).await);
    });
    let mut response = answer.into_http()?;
    if !is_stream {
        response.headers_mut().insert(http::header::CONTENT_LENGTH, length.into());
    }
    *response.body_mut() = body::stream(receiver);
    Ok(response)
}
