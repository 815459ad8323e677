//! `secdash demo --listen`: the in-memory AWS behind a port.

use std::net::SocketAddr;

use super::{Failure, Streams};
use crate::demo::{ScenarioError, World};
use crate::exit::Exit;

/// Arguments of `secdash demo`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Address and port to listen on; port 0 takes a free one
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:4566")]
    listen: SocketAddr,
    /// Allow an address that isn't loopback; counts only when given twice
    #[arg(long, action = clap::ArgAction::Count)]
    expose: u8,
}

/// How often `--expose` must be given before a port is opened to others.
const TOLD: u8 = 2;

/// Listens until it is ended.
pub async fn run(args: Args, world: &str, streams: Streams<'_>) -> Result<Exit, Failure> {
    if !args.listen.ip().is_loopback() && args.expose < TOLD {
        return Err(Failure::Usage(
            format!(
                "{} is not a loopback address: whoever reaches this machine could call the demo world.",
                args.listen.ip()
            ),
            "listen on 127.0.0.1, or give --expose twice if you mean it".to_owned(),
        ));
    }
    let world = load(world)?;
    let listener = world.listen(args.listen).await.map_err(|e| {
        Failure::Usage(
            format!("{} can't be listened on: {e}.", args.listen),
            "choose another port with --listen".to_owned(),
        )
    })?;
    writeln!(streams.out, "listening on http://{}", listener.local_addr())?;
    writeln!(streams.err, "  try: aws --endpoint-url http://{} secretsmanager list-secrets", listener.local_addr())?;
    streams.out.flush()?;
    listener.serve().await?;
    Ok(Exit::Fine)
}

/// The world by its name; its errors name file, line and key.
pub fn load(world: &str) -> Result<World, Failure> {
    World::load(world).map_err(|e| {
        let next_step = match e {
            ScenarioError::Invalid { .. } => "mend that line of the file",
            _ => "use a built-in world, `secrets:N`, or the path of a TOML file",
        };
        Failure::Usage(e.to_string(), next_step.to_owned())
    })
}
