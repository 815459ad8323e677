//! Panics on purpose, in the view or in a task, under the dashboard's own guard: `panics view`, `panics task`.
//!
//! The tests look at what is left of the terminal. Press `r` and see for yourself.

use std::process::ExitCode;

use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector, http_client_fn,
};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use ratatui::Frame;
use secdash::aws::Aws;
use secdash::demo::World;
use secdash::tui::model::{Model, Start};
use secdash::tui::runtime::Runtime;
use secdash::tui::view::view;
use secdash::tui::{before, run, terminal};

/// A way to AWS that panics once AWS is asked for the second list.
#[derive(Debug)]
struct Trap(SharedHttpConnector);

impl HttpConnector for Trap {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let is_list = request.headers().get("x-amz-target").is_some_and(|target| target.ends_with("ListSecrets"));
        let asked = std::sync::atomic::AtomicUsize::fetch_add(
            &LISTS,
            usize::from(is_list),
            std::sync::atomic::Ordering::SeqCst,
        );
        assert!(!is_list || asked == 0, "a panic in the task");
        self.0.call(request)
    }
}

static LISTS: std::sync::atomic::AtomicUsize = std::sync::atomic::AtomicUsize::new(0);

/// A view that panics once the list is asked for again.
fn trapped(model: &Model, frame: &mut Frame<'_>) {
    let again = model.known.secrets.as_of.is_some() && model.known.secrets.pages == 0;
    assert!(!again, "a panic in the view");
    view(model, frame);
}

#[tokio::main]
async fn main() -> Result<ExitCode, Box<dyn std::error::Error>> {
    let place = std::env::args().nth(1).unwrap_or_default();
    let world = World::load("")?;
    let config = world.sdk_config();
    let Some(client) = config.http_client() else { return Err("the demo has no client".into()) };
    let config = config.to_builder().http_client(match place.as_str() {
        "task" => trap(client),
        _ => client,
    });
    let aws = Aws::demo(config.build());
    let mut guard = terminal::Guard::take()?;
    let mut screen = guard.screen()?;
    let model = Model::new(Start { size: screen.size()?, ..before(&aws) });
    let draw = if place == "view" { trapped } else { view };
    let (exit, _) = run::run(model, &mut screen, &mut guard, Runtime::new(aws), draw, terminal::input()?).await?;
    drop(guard);
    Ok(exit.into())
}

/// The client with the trap in front of its connector.
fn trap(
    client: aws_smithy_runtime_api::client::http::SharedHttpClient,
) -> aws_smithy_runtime_api::client::http::SharedHttpClient {
    use aws_smithy_runtime_api::client::http::HttpClient;
    http_client_fn(move |settings: &HttpConnectorSettings, components: &RuntimeComponents| {
        SharedHttpConnector::new(Trap(client.http_connector(settings, components)))
    })
}
