//! The real SDK against worlds: what the program will see.

mod alerts;
mod deletion;
mod describe;
mod errors;
mod faults;
mod history;
mod labels;
mod lambda;
mod life;
mod listener;
mod listing;
mod live_tail;
mod logs;

mod policy;
mod reader;
mod rotation;
mod scenario;
mod trail;
mod versions;
mod worlds;

use aws_sdk_secretsmanager as secretsmanager;
use aws_sdk_secretsmanager::config::retry::RetryConfig;
use aws_sdk_secretsmanager::operation::list_secrets::builders::ListSecretsFluentBuilder;
use aws_sdk_secretsmanager::types::SecretListEntry;

use crate::demo::World;

/// A client that tries once: a fault is seen as it is.
fn client(world: &World) -> secretsmanager::Client {
    let config =
        secretsmanager::config::Builder::from(&world.sdk_config()).retry_config(RetryConfig::disabled()).build();
    secretsmanager::Client::from_conf(config)
}

fn world(toml: &str) -> World {
    World::from_toml("test.toml", toml).unwrap()
}

/// The file of this name in `tests/worlds`.
fn test_world(name: &str) -> World {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/worlds");
    World::load(&format!("{folder}/{name}.toml")).unwrap()
}

fn names(list: &[SecretListEntry]) -> Vec<&str> {
    list.iter().filter_map(SecretListEntry::name).collect()
}

/// Names of all secrets, page by page, and the number of pages.
async fn walk(list: ListSecretsFluentBuilder) -> (Vec<String>, usize) {
    let (mut all, mut pages, mut token) = (Vec::new(), 0, None);
    loop {
        let page = list.clone().set_next_token(token).send().await.unwrap();
        all.extend(names(page.secret_list()).into_iter().map(str::to_owned));
        pages += 1;
        token = page.next_token;
        if token.is_none() {
            return (all, pages);
        }
    }
}
