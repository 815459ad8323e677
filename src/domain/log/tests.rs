//! Lines as Lambda and its Python runtime write them, in both formats, and any text at all.

use std::time::Duration;

use proptest::prelude::*;
use serde_json::json;

use super::*;

const ID: &str = "8f507cfc-xmpl-4697-b07a-ac58fc914c95";

fn line(message: &str) -> Line {
    let at = DateTime::from_timestamp_millis(1_800_000_000_104).unwrap();
    Line::read(&LogEvent { id: None, stream: "s".into(), at, ingested: None, message: message.into() })
}

/// Level, request id, message.
fn told(line: &Line) -> (Option<Level>, Option<&str>, &str) {
    (line.level, line.request_id.as_ref().map(AwsText::raw), line.message.raw())
}

#[test]
fn the_logger_of_the_text_format_is_read() {
    let own = format!("[INFO]\t2026-11-20T09:13:22.104Z\t{ID}\tcreateSecret: a\tb\n");
    assert_eq!(told(&line(&own)), (Some(Level::Info), Some(ID), "createSecret: a\tb"));
    assert_eq!((line(&own).format, line(&own).kind), (Format::Text, Kind::Logged));
    let start = "[WARNING]\t2026-11-20T09:13:22.104Z\t\tLAMBDA_WARNING: Unhandled exception. The most likely cause …";
    let (level, id, message) =
        (Some(Level::Warn), None, "LAMBDA_WARNING: Unhandled exception. The most likely cause …");
    assert_eq!(told(&line(start)), (level, id, message));
    assert_eq!(told(&line(&format!("[Level 25]\t2026-11-20T09:13:22.104Z\t{ID}\t"))), (None, Some(ID), ""));
}

#[test]
fn both_spellings_of_a_level_are_read() {
    for (words, level) in [
        (["TRACE", "trace"], Level::Trace),
        (["DEBUG", "Debug"], Level::Debug),
        (["INFO", "info"], Level::Info),
        (["WARN", "WARNING"], Level::Warn),
        (["ERROR", "error"], Level::Error),
        (["FATAL", "CRITICAL"], Level::Fatal),
    ] {
        for word in words {
            assert_eq!(Level::from_aws(word), Some(level), "{word}");
            assert_eq!(line(&format!("[{word}]\t2026-11-20T09:13:22.104Z\t{ID}\tx")).level, Some(level));
            assert_eq!(line(&json!({ "level": word, "message": "x" }).to_string()).level, Some(level));
        }
    }
    assert_eq!(Level::from_aws("NOTSET"), None);
}

#[test]
fn an_exception_that_nobody_caught_is_read_in_the_text_format() {
    let rows =
        "Traceback (most recent call last):\n  File \"/var/task/lambda_function.py\", line 60, in lambda_handler";
    let windows = rows.replace('\n', "\r\n");
    let image = rows.replace('\n', "\r").replace("  ", "\u{a0}\u{a0}");
    for (head, error, message) in [
        ("ValueError: Secret x is not enabled for rotation", "ValueError", "Secret x is not enabled for rotation"),
        ("NotImplementedError", "NotImplementedError", ""),
        ("NotImplementedError:", "NotImplementedError", ""),
        ("KeyError: 'masterarn'", "KeyError", "'masterarn'"),
        ("ProgrammingError: ERROR:  permission denied", "ProgrammingError", "ERROR:  permission denied"),
        ("OperationalError: two\nrows: of it", "OperationalError", "two\nrows: of it"),
        ("Timeout: lower", "Timeout", "lower"),
        (
            "Runtime.ImportModuleError: Unable to import module 'lambda_function': No module named '_pg'",
            "Runtime.ImportModuleError",
            "Unable to import module 'lambda_function': No module named '_pg'",
        ),
    ] {
        for (end, rows_) in [("\n", rows), ("\r\n", &windows), ("\r", &image), ("\r", &format!("{image}\r\n"))] {
            let line = line(&format!("[ERROR] {head}{end}{rows_}"));
            assert_eq!(line.kind, Kind::Uncaught, "{head:?}");
            assert_eq!(told(&line), (Some(Level::Error), None, message));
            assert_eq!(line.error.as_ref().unwrap().raw(), error);
            assert_eq!(line.trace.as_ref().unwrap().raw(), rows);
            let head = if message.is_empty() { error.to_owned() } else { format!("{error}: {message}") };
            assert_eq!(line.readable().raw(), format!("{head}\n{rows}"));
        }
    }
}

#[test]
fn without_a_traceback_only_the_name_of_an_error_makes_an_exception() {
    for (text, kind) in [
        ("[ERROR] Runtime.ImportModuleError: Unable to import module 'lambda_function'", Kind::Uncaught),
        ("[ERROR] KeyError: 'SecretId'", Kind::Uncaught),
        ("[ERROR] ResourceNotFoundException: gone", Kind::Uncaught),
        ("[ERROR] Rotation: it went wrong", Kind::Logged),
        ("[ERROR] something went wrong: KeyError", Kind::Logged),
        ("[ERROR] ", Kind::Logged),
        ("[ERROR]\tKeyError: 'x'", Kind::Logged),
    ] {
        assert_eq!(line(text).kind, kind, "{text}");
    }
}

#[test]
fn the_logger_of_the_json_format_is_read() {
    let own = json!({
        "timestamp": "2026-11-20T09:13:22Z", "level": "WARNING", "message": "setSecret: \"x\"", "logger": "root",
        "requestId": ID,
    });
    let read = line(&format!("{own}\n"));
    assert_eq!(told(&read), (Some(Level::Warn), Some(ID), "setSecret: \"x\""));
    assert_eq!((read.format, read.kind), (Format::Json, Kind::Logged));
    let start = json!({ "log_level": "ERROR", "message": "x", "requestId": "" });
    assert_eq!(told(&line(&start.to_string())), (Some(Level::Error), None, "x"));
    let own = json!({ "message": { "Step": "createSecret" } });
    assert_eq!(told(&line(&own.to_string())), (None, None, r#"{"Step":"createSecret"}"#));
}

#[test]
fn an_exception_that_was_logged_is_not_an_uncaught_one() {
    let logged = json!({
        "level": "ERROR", "message": "no answer", "requestId": ID, "errorType": "OSError", "errorMessage": "timed out",
        "stackTrace": ["  File \"a.py\", line 1, in set_secret\n    x()\n"], "location": "a.py:f:1",
    });
    let read = line(&logged.to_string());
    assert_eq!(read.kind, Kind::Logged);
    let rows = "no answer\n  File \"a.py\", line 1, in set_secret\n    x()\nOSError: timed out";
    assert_eq!(read.readable().raw(), rows);
}

#[test]
fn an_exception_that_nobody_caught_is_read_in_the_json_format() {
    for key in ["log_level", "level"] {
        for (error, message, readable) in [
            ("ValueError", "Secret x is not enabled for rotation", "ValueError: Secret x is not enabled for rotation"),
            ("NotImplementedError", "", "NotImplementedError"),
            ("KeyError", "'masterarn'", "KeyError: 'masterarn'"),
        ] {
            let thrown = json!({
                "timestamp": "2026-11-20T09:13:22Z", key: "ERROR", "errorMessage": message, "errorType": error,
                "requestId": ID, "stackTrace": ["  File \"a.py\", line 1, in f\n"],
            });
            let read = line(&thrown.to_string());
            assert_eq!(read.kind, Kind::Uncaught);
            assert_eq!(told(&read), (Some(Level::Error), Some(ID), message));
            assert_eq!(read.readable().raw(), format!("{readable}\n  File \"a.py\", line 1, in f"));
        }
    }
}

#[test]
fn platform_lines_of_the_text_format_are_read() {
    let done = Platform::Done(Report::default());
    let timed_out = Platform::TimedOut(Duration::from_millis(30_030));
    let bad = |status, error: Option<&str>| Report {
        status: Some(status),
        error: error.map(Into::into),
        ..Report::default()
    };
    let start = Report { init: Some(Duration::from_secs(10)), ..bad(Status::Timeout, None) };
    let exit = Report { init: Some(Duration::from_millis(12)), ..bad(Status::Error, Some("Runtime.ExitError")) };
    for (text, platform, id, level) in [
        (
            "INIT_START Runtime Version: python:3.12.v38\tRuntime Version ARN: arn:aws:lambda:eu-west-1::runtime:1",
            Platform::InitStart,
            None,
            Level::Info,
        ),
        (
            "INIT_REPORT Init Duration: 10000.00 ms\tPhase: init\tStatus: timeout",
            Platform::InitReport(start),
            None,
            Level::Warn,
        ),
        (
            "INIT_REPORT Init Duration: 12.00 ms\tPhase: init\tStatus: error\tError Type: Runtime.ExitError\n",
            Platform::InitReport(exit),
            None,
            Level::Warn,
        ),
        (&format!("START RequestId: {ID} Version: $LATEST\n"), Platform::Start, Some(ID), Level::Info),
        (&format!("END RequestId: {ID}\n"), done, Some(ID), Level::Info),
        (
            &format!("2026-11-20T09:13:52.134Z {ID} Task timed out after 30.03 seconds\n\n"),
            timed_out,
            Some(ID),
            Level::Warn,
        ),
    ] {
        let read = line(text);
        assert_eq!((read.kind, read.format), (Kind::Platform(platform), Format::Text), "{text}");
        assert_eq!((read.request_id.as_ref().map(AwsText::raw), read.level), (id, Some(level)), "{text}");
    }
}

#[test]
fn a_report_tells_what_the_request_took() {
    let ms = |ms: u64| Some(Duration::from_micros(ms * 10));
    let whole = Report {
        status: None,
        error: None,
        duration: ms(81_234),
        billed: ms(81_300),
        memory_mb: Some(128),
        max_memory_mb: Some(79),
        init: ms(30_111),
    };
    let begin = format!("REPORT RequestId: {ID}\tDuration: 812.34 ms\tBilled Duration: 813 ms\tMemory Size: 128 MB\t");
    let end = "Max Memory Used: 79 MB\tInit Duration: 301.11 ms\t";
    let report = |text: &str| match line(text).kind {
        Kind::Platform(Platform::Report(report)) => report,
        other => panic!("{other:?}"),
    };
    assert_eq!(report(&format!("{begin}{end}\n")), whole);
    let timed_out = report(&format!("{begin}{end}Status: timeout"));
    assert_eq!(timed_out, Report { status: Some(Status::Timeout), ..whole.clone() });
    let exit = report(&format!("{begin}{end}Status: error\tError Type: Runtime.ExitError"));
    assert_eq!((exit.status, exit.error.unwrap().raw()), (Some(Status::Error), "Runtime.ExitError"));
    let bad = line(&format!("{begin}Status: error"));
    assert_eq!((bad.level, bad.request_id.unwrap().raw()), (Some(Level::Warn), ID));
    let record = json!({
        "time": "2026-11-20T09:13:22.104Z", "type": "platform.report",
        "record": { "requestId": ID, "status": "success", "metrics": {
            "durationMs": 812.34, "billedDurationMs": 813, "memorySizeMB": 128, "maxMemoryUsedMB": 79,
            "initDurationMs": 301.11,
        } },
    });
    assert_eq!(report(&record.to_string()), Report { status: Some(Status::Success), ..whole });
}

#[test]
fn platform_lines_of_the_json_format_are_read() {
    let status = |status| Report { status: Some(status), ..Report::default() };
    for (kind, word, platform, level) in [
        ("initStart", "", Platform::InitStart, Some(Level::Info)),
        ("initReport", "success", Platform::InitReport(status(Status::Success)), Some(Level::Debug)),
        ("initReport", "error", Platform::InitReport(status(Status::Error)), Some(Level::Warn)),
        ("start", "", Platform::Start, Some(Level::Info)),
        ("runtimeDone", "success", Platform::Done(status(Status::Success)), Some(Level::Debug)),
        ("runtimeDone", "timeout", Platform::Done(status(Status::Timeout)), Some(Level::Warn)),
        ("report", "success", Platform::Report(status(Status::Success)), Some(Level::Info)),
        ("report", "failure", Platform::Report(status(Status::Failure)), Some(Level::Warn)),
        ("extension", "", Platform::Other, None),
    ] {
        let record = json!({ "type": format!("platform.{kind}"), "record": { "requestId": ID, "status": word } });
        let read = line(&record.to_string());
        assert_eq!((read.kind, read.level), (Kind::Platform(platform), level), "{kind} {word}");
        assert_eq!((read.format, read.request_id.unwrap().raw()), (Format::Json, ID));
        assert_eq!(
            read.message.raw(),
            format!(r#"platform.{kind} {{"requestId":"{ID}","status":"{word}"}}"#),
            "without what every line has"
        );
    }
}

#[test]
fn other_text_stays_as_it_is() {
    for text in [
        "",
        " indented",
        "{'Step': 'createSecret'}",
        r#"{"Step":"createSecret"}"#,
        r#"{"type":"platform.report"}"#,
        r#"{"message":"cut of"#,
        "[1, 2]",
        "[INFO]\tnot a time\tid\tmessage",
        "[INFO] Found credentials",
        "START of it all",
        "REPORT: none",
        "END RequestId: ",
        "at last: x Task timed out after 3 seconds",
        "2026-11-20T09:13:52Z x Task timed out after -1 seconds",
        "2026-11-20T09:13:52Z x Task timed out after a few seconds",
    ] {
        let read = line(text);
        assert_eq!((read.format, read.kind), (Format::Plain, Kind::Logged), "{text}");
        assert_eq!((read.level, read.request_id, read.message.raw()), (None, None, text));
    }
    assert_eq!(line("printed\n").message.raw(), "printed");
}

/// Pieces that forms are made of, so that half-right lines come up often.
const PIECES: &str = r#"(\[|\]|\t| |\n|\r|: |Z|\{|\}|"|,|INFO|ERROR|START|END|REPORT|INIT_REPORT|RequestId: |Status: |error|1e999| ms|Duration: |Task timed out after | seconds|Traceback \(most recent call last\):|"message":|"type":"platform.report"|"record":|KeyError|.){0,24}"#;

proptest! {
    #[test]
    fn any_text_is_read_and_none_of_it_is_lost(text in prop_oneof![any::<String>(), PIECES]) {
        let read = line(&text);
        let _ = read.readable();
        if read.format == Format::Plain {
            prop_assert_eq!(read.message.raw(), text.trim_end_matches(['\n', '\r']));
        }
        if read.format == Format::Text && read.kind == Kind::Logged {
            prop_assert!(text.contains(read.message.raw()));
        }
    }

    #[test]
    fn a_message_comes_through_both_formats(message in "[^\\r\\n].{0,40}[^\\r\\n\\s]") {
        let text = line(&format!("[ERROR]\t2026-11-20T09:13:22.104Z\t{ID}\t{message}"));
        let json = line(&json!({ "level": "ERROR", "message": message, "requestId": ID }).to_string());
        prop_assert_eq!(told(&text), told(&json));
        prop_assert_eq!(text.message.raw(), message);
    }
}
