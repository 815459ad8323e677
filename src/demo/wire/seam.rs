//! The seam: the SDK's own HTTP client, whose last step, the network, is a function in memory.

use std::io;

use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector, http_client_fn,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use http_body_util::BodyExt;

use crate::demo::wire::{self, Reply};
use crate::demo::world::World;

/// Credentials that sign, and open nothing anywhere else.
pub(in crate::demo) fn credentials() -> SharedCredentialsProvider {
    let credentials = Credentials::new("AKIDSECDASHDEMO", "demo", None, None, "demo world");
    SharedCredentialsProvider::new(credentials)
}

pub(in crate::demo) fn http_client(world: World) -> impl HttpClient + 'static {
    http_client_fn(move |_: &HttpConnectorSettings, _: &RuntimeComponents| {
        SharedHttpConnector::new(Seam(world.clone()))
    })
}

#[derive(Debug)]
struct Seam(World);

impl HttpConnector for Seam {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let world = self.0.clone();
        HttpConnectorFuture::new(async move {
            let (parts, body) =
                request.try_into_http1x().map_err(|error| ConnectorError::user(error.into()))?.into_parts();
            // Read to its end as a socket would: the SDK watches the upload, and takes an answer
            // that does not come for a stalled one otherwise.
            let body = body.collect().await.map_err(ConnectorError::user)?;
            let request = http::Request::from_parts(parts, body.to_bytes());
            match wire::reply(world.inner(), &request).await {
                Reply::Whole(answer) => {
                    let response = answer.into_http().map_err(|error| ConnectorError::user(error.into()))?;
                    HttpResponse::try_from(response).map_err(|error| ConnectorError::user(error.into()))
                }
                Reply::Cut(_) => Err(broken(io::ErrorKind::ConnectionReset)),
                Reply::Unreachable => Err(broken(io::ErrorKind::ConnectionRefused)),
                Reply::Silence => std::future::pending().await,
            }
        })
    }
}

fn broken(kind: io::ErrorKind) -> ConnectorError {
    ConnectorError::io(io::Error::from(kind).into())
}
