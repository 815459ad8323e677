//! `secdash list` beside a bare loop over the same pages, and beside the SDK's own paginator: what the program adds to the
//! network and the server, and to the SDK.

mod support;
#[path = "support/unread.rs"]
mod unread;

use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::time::Duration;

use aws_sdk_secretsmanager::Client;
use aws_sdk_secretsmanager::config::{Credentials, Region};
use support::machine::Demo;
use support::stats::{Result, Samples, Table, is_quick, now, progress};
use unread::{Unread, next_token};

/// How many secrets, and how often each is measured.
const ALL: &[(usize, usize)] = &[(10_000, 5), (100_000, 3)];
const QUICK: &[(usize, usize)] = &[(1_000, 2)];

fn main() -> Result<()> {
    let mut table = Table::new("THE LIST AS JSON");
    for (secrets, times) in if is_quick() { QUICK } else { ALL } {
        let demo = Demo::start(*secrets)?;
        let [mut program, mut bare, mut calls, mut sdk] = [(); 4].map(|()| Samples::default());
        for _ in 0..*times {
            progress("list, and the bare loop", *secrets);
            program.push(list(&demo)?);
            bare.push(pages(&demo)?);
            calls.push(unread(&demo)?);
            sdk.push(paginator(&demo)?);
        }
        table.times("secdash list --output json", *secrets, &program);
        table.times("bare loop, bytes only", *secrets, &bare);
        table.times("the SDK's calls, nothing read", *secrets, &calls);
        table.times("the SDK's paginator", *secrets, &sdk);
        let mut beside = |what: &str, one: &Samples, other: &Samples| {
            let ratio = one.median().as_secs_f64() / other.median().as_secs_f64();
            table.number(what, *secrets, format!("{ratio:.2} x"));
        };
        beside("list beside the bare loop", &program, &bare);
        beside("the SDK's calls beside the bare loop", &calls, &bare);
        beside("list beside the SDK's paginator", &program, &sdk);
    }
    table.print()?;
    Ok(())
}

/// The whole program, from its start to its end.
fn list(demo: &Demo) -> Result<Duration> {
    let args: Vec<String> =
        demo.door().into_iter().chain(["list", "--output", "json"].map(ToOwned::to_owned)).collect();
    let mut command = demo.home.secdash(&args);
    let start = now();
    let status = command.status()?;
    let took = start.elapsed();
    if status.success() { Ok(took) } else { Err(format!("`secdash list` ended with {status}").into()) }
}

/// A client as the SDK makes it.
fn client(demo: &Demo) -> Client {
    let config = aws_sdk_secretsmanager::Config::builder()
        .behavior_version_latest()
        .region(Region::new("eu-west-1"))
        .credentials_provider(Credentials::new("AKIDBENCH", "bench", None, None, "bench"))
        .endpoint_url(format!("http://{}", demo.address));
    Client::from_conf(config.build())
}

/// Every page asked for with the SDK, and none of them read: its work for each call, without that for each secret.
fn unread(demo: &Demo) -> Result<Duration> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let start = now();
    let pages = runtime.block_on(async {
        let client = client(demo);
        let (mut token, mut pages) = (None, 0);
        loop {
            let call = client.list_secrets().include_planned_deletion(true).max_results(100).set_next_token(token);
            token = call.customize().interceptor(Unread).send().await?.next_token;
            pages += 1;
            if token.is_none() {
                break Ok::<_, Box<dyn std::error::Error + Send + Sync>>(pages);
            }
        }
    })?;
    let took = start.elapsed();
    if pages >= demo.secrets.div_ceil(100) { Ok(took) } else { Err(format!("the SDK saw {pages} pages").into()) }
}

/// Every page through the SDK's paginator: each is read into its types, and dropped.
fn paginator(demo: &Demo) -> Result<Duration> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let start = now();
    let secrets = runtime.block_on(async {
        let call = client(demo).list_secrets().include_planned_deletion(true).max_results(100);
        let mut pages = call.into_paginator().send();
        let mut secrets = 0;
        while let Some(page) = pages.try_next().await? {
            secrets += page.secret_list().len();
        }
        Ok::<_, Box<dyn std::error::Error + Send + Sync>>(secrets)
    })?;
    let took = start.elapsed();
    if secrets == demo.secrets { Ok(took) } else { Err(format!("the paginator saw {secrets} secrets").into()) }
}

/// Every page over one connection, one after the other, as each names the next.
fn pages(demo: &Demo) -> Result<Duration> {
    let start = now();
    let mut writer = TcpStream::connect(demo.address)?;
    writer.set_nodelay(true)?;
    let mut reader = BufReader::new(writer.try_clone()?);
    let (mut token, mut body, mut pages) = (None, Vec::new(), 0);
    loop {
        writer.write_all(request(demo, token.as_deref()).as_bytes())?;
        answer(&mut reader, &mut body)?;
        pages += 1;
        token = next_token(&body);
        if token.is_none() {
            break;
        }
    }
    let (took, expected) = (start.elapsed(), demo.secrets.div_ceil(100));
    if pages < expected {
        return Err(format!("the bare loop saw {pages} pages of {expected}").into());
    }
    Ok(took)
}

fn request(demo: &Demo, token: Option<&str>) -> String {
    let token = token.map_or_else(String::new, |token| format!(r#","NextToken":"{token}""#));
    let body = format!(r#"{{"IncludePlannedDeletion":true,"MaxResults":100{token}}}"#);
    let scope = "Credential=AKIDBENCH/20260101/eu-west-1/secretsmanager/aws4_request";
    let head = [
        "POST / HTTP/1.1".to_owned(),
        format!("host: {}", demo.address),
        "content-type: application/x-amz-json-1.1".to_owned(),
        "x-amz-target: secretsmanager.ListSecrets".to_owned(),
        format!("authorization: AWS4-HMAC-SHA256 {scope}, SignedHeaders=host, Signature=0"),
        format!("content-length: {}", body.len()),
    ];
    format!("{}\r\n\r\n{body}", head.join("\r\n"))
}

/// Reads one answer; its body takes the place of the last one.
fn answer(reader: &mut impl BufRead, body: &mut Vec<u8>) -> Result<()> {
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        if reader.read_line(&mut head)? == 0 {
            return Err("the demo world closed the connection".into());
        }
    }
    let head = head.to_lowercase();
    let length = head.lines().find_map(|line| line.strip_prefix("content-length:"));
    let length = length.ok_or("an answer without content-length")?.trim().parse()?;
    body.resize(length, 0);
    reader.read_exact(body)?;
    if head.starts_with("http/1.1 200") { Ok(()) } else { Err(String::from_utf8_lossy(body).into_owned().into()) }
}
