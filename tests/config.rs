//! What is set and by what; each error of the configuration; the default file.
#![expect(clippy::unwrap_used, reason = "what can't be set up fails the test")]

mod support;

use secdash::config::{Config, DEFAULT_FILE, Row, VARIABLES};
use support::home::{Home, binary};
use support::pty::Pty;

/// A file that sets everything to something else than the default.
const OTHER: &str = r#"profile = "file"
region = "file"
endpoint_url = "http://file"
live_tail_endpoint_url = "http://tail"
read_only = true
signatures = "own.toml"
[display]
theme = "light"
borders = "ascii"
times = "local"
mouse = true
[list]
sort = "-next"
filter = "prod"
[keys]
refresh = ["ctrl-r"]
"#;

/// What the program says of itself.
struct Said {
    out: String,
    err: String,
    code: Option<i32>,
}

fn secdash(home: &Home, args: &[&str]) -> Said {
    let output = home.secdash(args).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap().replace(home.folder().to_str().unwrap(), "~");
    Said { out: text(output.stdout), err: text(output.stderr), code: output.status.code() }
}

fn with_file(text: &str) -> Home {
    let home = Home::new();
    std::fs::create_dir_all(home.folder().join(".config/secdash")).unwrap();
    let home = home.file(".config/secdash/own.toml", "");
    home.file(".config/secdash/config.toml", text).file(".config/secdash/signatures.toml", "")
}

/// The value of a setting and its source, as the command prints them.
fn effective(home: &Home, args: &[&str], setting: &str) -> (String, String) {
    let said = secdash(home, &[args, &["config", "--effective"]].concat());
    assert_eq!(said.code, Some(0), "{}", said.err);
    let line = said.out.lines().find(|line| line.split_whitespace().next() == Some(setting)).unwrap();
    let mut words = line.split_whitespace().skip(1).map(ToOwned::to_owned);
    (words.next().unwrap(), words.next().unwrap())
}

#[test]
fn a_flag_goes_before_a_variable_before_the_file_before_the_default() {
    // setting, flag and its value, variable and its value, the file's value with its line, the default
    let table = [
        ("profile", Some(("--profile=flag", "flag")), Some(("AWS_PROFILE", "var", "var")), ("file", 1), "–"),
        ("region", Some(("--region=flag", "flag")), Some(("AWS_REGION", "var", "var")), ("file", 2), "–"),
        ("region", None, Some(("AWS_DEFAULT_REGION", "var", "var")), ("file", 2), "–"),
        (
            "endpoint_url",
            Some(("--endpoint-url=http://flag", "http://flag")),
            Some(("AWS_ENDPOINT_URL", "http://var", "http://var")),
            ("http://file", 3),
            "–",
        ),
        (
            "live_tail_endpoint_url",
            Some(("--live-tail-endpoint-url=http://flag", "http://flag")),
            None,
            ("http://tail", 4),
            "–",
        ),
        (
            "read_only",
            Some(("--read-only=false", "false")),
            Some(("SECDASH_READ_ONLY", "0", "false")),
            ("true", 5),
            "false",
        ),
        ("signatures", None, None, ("own.toml", 6), "–"),
        (
            "display.theme",
            Some(("--theme=dark", "dark")),
            Some(("SECDASH_THEME", "mono", "mono")),
            ("light", 8),
            "auto",
        ),
        ("display.theme", Some(("--theme=dark", "dark")), Some(("NO_COLOR", "x", "mono")), ("light", 8), "auto"),
        (
            "display.borders",
            Some(("--borders=unicode", "unicode")),
            Some(("SECDASH_BORDERS", "unicode", "unicode")),
            ("ascii", 9),
            "unicode",
        ),
        ("display.times", None, Some(("SECDASH_TIMES", "utc", "utc")), ("local", 10), "utc"),
        (
            "display.mouse",
            Some(("--mouse=false", "false")),
            Some(("SECDASH_MOUSE", "false", "false")),
            ("true", 11),
            "false",
        ),
        ("list.sort", None, None, ("-next", 13), "trouble"),
        ("list.filter", None, None, ("prod", 14), "\"\""),
    ];
    for (setting, flag, variable, (in_file, line), default) in table {
        let of = |value: &str, source: &str| (value.to_owned(), source.to_owned());
        let (bare, mut full) = (Home::new(), with_file(OTHER));
        assert_eq!(effective(&bare, &[], setting), of(default, "default"));
        let from_file = of(in_file, &format!("~/.config/secdash/config.toml:{line}"));
        assert_eq!(effective(&full, &[], setting), from_file);
        if let Some((name, value, read)) = variable {
            assert_eq!(effective(&with_file(OTHER).var(name, ""), &[], setting), from_file, "an empty {name} is none");
            full = full.var(name, value);
            assert_eq!(effective(&full, &[], setting), of(read, name));
        }
        if let Some((flag, read)) = flag {
            let name = flag.split('=').next().unwrap();
            assert_eq!(effective(&full, &[flag], setting), of(read, name));
        }
    }
}

#[test]
fn no_colour_goes_before_the_variable_of_the_theme() {
    let home = with_file(OTHER).var("SECDASH_THEME", "dark").var("NO_COLOR", "1");
    assert_eq!(effective(&home, &[], "display.theme"), ("mono".to_owned(), "NO_COLOR".to_owned()));
}

#[test]
fn a_switch_needs_no_value() {
    for (flag, setting) in [("--read-only", "read_only"), ("--mouse", "display.mouse")] {
        assert_eq!(effective(&Home::new(), &[flag], setting), ("true".to_owned(), flag.to_owned()));
    }
}

#[test]
fn a_file_makes_nobody_else_of_keys_in_the_environment() {
    assert_eq!(effective(&with_file(OTHER).keys(), &[], "profile"), ("–".to_owned(), "AWS_ACCESS_KEY_ID".to_owned()));
}

#[test]
fn the_file_is_found_by_flag_variable_xdg_and_home() {
    let file = |name: &str| format!("read_only = true # {name}\n");
    let home = with_file(&file("home"));
    std::fs::create_dir_all(home.folder().join("xdg/secdash")).unwrap();
    let path = |path: &str| home.folder().join(path).to_str().unwrap().to_owned();
    let (flag, variable, xdg) = (path("flag.toml"), path("variable.toml"), path("xdg"));
    let home = home.file("flag.toml", &file("flag")).file("variable.toml", &file("variable"));
    let home = home.file("xdg/secdash/config.toml", &file("xdg"));
    let source = |home: &Home, args: &[&str]| effective(home, args, "read_only").1;
    assert_eq!(source(&home, &[]), "~/.config/secdash/config.toml:1");
    let home = home.var("XDG_CONFIG_HOME", &xdg);
    assert_eq!(source(&home, &[]), "~/xdg/secdash/config.toml:1");
    let home = home.var("SECDASH_CONFIG", &variable);
    assert_eq!(source(&home, &[]), "~/variable.toml:1");
    assert_eq!(source(&home, &["--config", &flag]), "~/flag.toml:1");
    let home = home.var("XDG_CONFIG_HOME", "relative").var("SECDASH_CONFIG", "");
    assert_eq!(source(&home, &[]), "~/.config/secdash/config.toml:1", "XDG: a relative path counts as none");
}

#[test]
fn every_error_of_the_file_names_line_and_key_and_what_is_allowed() {
    let words = |what: &str| format!("unknown field `{what}`, expected");
    for (text, told) in [
        ("red_only = true", format!("1: `red_only`: {} one of `profile`, `region`, `endpoint_url`, `live_tail_endpoint_url`, `read_only`, `signatures`, `display`, `list`, `keys`", words("red_only"))),
        ("\n[display]\ncolour = 1", format!("3: `display.colour`: {} one of `theme`, `borders`, `times`, `mouse`", words("colour"))),
        ("[list]\norder = 1", format!("2: `list.order`: {} `sort` or `filter`", words("order"))),
        ("[lsit]\n", format!("1: `lsit`: {} one of `profile`, `region`, `endpoint_url`, `live_tail_endpoint_url`, `read_only`, `signatures`, `display`, `list`, `keys`", words("lsit"))),
        ("profile = \"\"", "1: `profile`: the text may not be empty; leave the key out instead".to_owned()),
        ("signatures = \"\"", "1: `signatures`: the text may not be empty; leave the key out instead".to_owned()),
        ("signatures = [\"a\"]", "1: `signatures`: invalid type: sequence, expected a string".to_owned()),
        ("region = 1", "1: `region`: invalid type: integer `1`, expected a string".to_owned()),
        ("read_only = \"yes\"", "1: `read_only`: invalid type: string \"yes\", expected a boolean".to_owned()),
        ("# ä\ndisplay = { theme = \"dracula\" }", "2: `display.theme`: `dracula` is not among `auto`, `dark`, `light`, `mono`".to_owned()),
        ("display.borders = \"\\u001b\"", "1: `display.borders`: `␛` is not among `unicode`, `ascii`".to_owned()),
        ("[display]\ntimes = \"cet\"", "2: `display.times`: `cet` is not among `utc`, `local`".to_owned()),
        ("[display]\nmouse = 1", "2: `display.mouse`: invalid type: integer `1`, expected a boolean".to_owned()),
        ("[list]\nsort = \"-age\"", "2: `list.sort`: `-age` is not among `trouble`, `name`, `next`, `last`, `schedule`, `pending`, or one of them with `-` in front for the other way round".to_owned()),
        ("[list]\nfilter = false", "2: `list.filter`: invalid type: boolean `false`, expected a string".to_owned()),
        ("[keys]\nquit = \"x\"", "2: `keys.quit`: invalid type: string \"x\", expected a list of key names, such as [\"r\", \"ctrl-r\"]".to_owned()),
        ("[keys]\nquit = [\n \"x\",\n 1]", "4: `keys.quit`: invalid type: integer `1`, expected a string".to_owned()),
        ("keys = 1", "1: `keys`: invalid type: integer `1`, expected a map".to_owned()),
        ("read_only = true\nread_only = true", "2: `read_only`: duplicate key".to_owned()),
        ("[display]\ntheme = dark", "2: `display.theme`: ".to_owned()),
        ("[display\n", "1: `[display`: ".to_owned()),
    ] {
        let said = secdash(&with_file(text), &["config", "--effective"]);
        let expected = format!("error: ~/.config/secdash/config.toml:{told}");
        assert!(said.err.starts_with(&expected), "{text}\nexpected {expected}\nsaid     {}", said.err);
        assert!(said.err.ends_with("\n  try: mend that line; `secdash config` prints every key with what it takes\n"), "{}", said.err);
        assert_eq!(said.code, Some(2));
    }
}

#[test]
fn a_variable_that_says_something_else_is_named_with_what_it_takes() {
    for (name, allowed) in [
        ("SECDASH_READ_ONLY", "`1`, `true`, `0`, `false`"),
        ("SECDASH_MOUSE", "`1`, `true`, `0`, `false`"),
        ("SECDASH_THEME", "`auto`, `dark`, `light`, `mono`"),
        ("SECDASH_BORDERS", "`unicode`, `ascii`"),
        ("SECDASH_TIMES", "`utc`, `local`"),
    ] {
        let said = secdash(&Home::new().var(name, "no\x1b"), &["config", "--effective"]);
        let expected =
            format!("error: {name}: `no␛` is not among {allowed}.\n  try: set {name} to one of these, or unset it\n");
        assert_eq!((said.err, said.code), (expected, Some(2)));
    }
}

#[test]
fn a_file_that_is_named_must_be_there_for_every_command_that_reads_it() {
    let missing = "~/nosuch.toml: the configuration file, which SECDASH_CONFIG names, can't be read: No such file or directory (os error 2).\n  try: name another file with SECDASH_CONFIG; `secdash config` prints one to begin with\n";
    let home = Home::new();
    let path = home.folder().join("nosuch.toml").to_str().unwrap().to_owned();
    let home = home.var("SECDASH_CONFIG", &path);
    for args in [&["config", "--effective"][..], &["keys"], &["--demo", "list"], &["--demo", "show", "x"]] {
        let said = secdash(&home, args);
        assert_eq!((said.err, said.code), (format!("error: {missing}"), Some(2)), "{args:?}");
    }
    for args in [&["config"][..], &["completions", "bash"], &["--help"]] {
        assert_eq!(secdash(&home, args).code, Some(0), "{args:?}");
    }
    let said = secdash(&home.var("SECDASH_CONFIG", "/"), &["keys"]);
    assert!(
        said.err.contains("/: the configuration file, which SECDASH_CONFIG names, can't be read: "),
        "{}",
        said.err
    );
}

#[test]
fn the_default_file_is_the_default() {
    let home = with_file(DEFAULT_FILE);
    let rows = |home: &Home, args: &[&str]| {
        let said = secdash(home, &[args, &["config", "--effective", "--output", "json"]].concat());
        serde_json::from_str::<serde_json::Value>(&said.out).unwrap()["settings"].clone()
    };
    let values = |rows: &serde_json::Value| -> Vec<_> {
        rows.as_array().unwrap().iter().map(|row| (row["name"].clone(), row["value"].clone())).collect()
    };
    let default: Vec<_> = Config::default()
        .rows()
        .into_iter()
        .map(|(name, value, _): Row| (serde_json::Value::from(name), serde_json::to_value(value).unwrap()))
        .collect();
    assert_eq!(values(&rows(&home, &[])), default);
    // With the comments taken away from the keys without a default, every setting is from the file.
    let key = |line: &'static str| {
        let rest = line.strip_prefix("# ")?;
        rest.split_once(" = ").filter(|(key, _)| !key.contains(' ')).map(|_| rest)
    };
    let whole: Vec<_> = DEFAULT_FILE.lines().map(|line| key(line).unwrap_or(line)).collect();
    let whole = with_file(&whole.join("\n"));
    let rows = rows(&whole, &[]);
    assert_eq!(rows.as_array().unwrap().len(), default.len() + 1);
    for row in rows.as_array().unwrap() {
        assert_eq!(row["source"]["kind"], "file", "{row}");
    }
}

#[test]
fn what_the_command_prints_is_a_file_that_can_be_read() {
    let printed = secdash(&Home::new(), &["config"]).out;
    let said = secdash(&with_file(&printed), &["config", "--effective"]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    for name in VARIABLES {
        assert!(printed.contains(name) || name == "AWS_ACCESS_KEY_ID", "{name} is not told of");
    }
}

#[test]
fn a_file_of_signatures_is_found_beside_the_configuration_and_its_errors_are_named() {
    let entry = "[[signature]]\nid = \"own\"\npattern = \"^x$\"\ncause = \"c\"\nremedy = \"r\"\n";
    let named = |path: &str| with_file(&format!("read_only = true\nsignatures = \"{path}\"\n"));
    let mend = "  try: mend that line, or take `signatures` out of the configuration\n";
    let read = "  try: mend that line; `secdash config` prints every key with what it takes\n";
    let folder = "~/.config/secdash";
    for (path, text, told, next) in [
        ("mine.toml", entry, String::new(), ""),
        ("../mine.toml", entry, String::new(), ""),
        (
            "mine.toml",
            &entry.replace("^x$", "("),
            format!("{folder}/mine.toml:3: signature `own`: `pattern`: not a regular expression: unclosed group."),
            mend,
        ),
        (
            "mine.toml",
            &format!("{entry}why = 1"),
            format!("{folder}/mine.toml:6: signature `own`: `why`: unknown field `why`, expected one of"),
            mend,
        ),
        (
            "nosuch.toml",
            "",
            format!("{folder}/config.toml:2: `signatures`: {folder}/nosuch.toml can't be read: No such file"),
            read,
        ),
    ] {
        let at = |path: &str| format!(".config/secdash/{path}");
        let home = named(path);
        let home = if path == "nosuch.toml" { home } else { home.file(&at(path), text) };
        let said = secdash(&home, &["config", "--effective"]);
        let expected = if told.is_empty() { String::new() } else { format!("error: {told}") };
        assert!(said.err.starts_with(&expected) && said.err.ends_with(next), "{path}: {}\n{expected}", said.err);
        assert_eq!(said.err.is_empty(), told.is_empty(), "{}", said.err);
        assert_eq!(said.code, Some(if told.is_empty() { 0 } else { 2 }));
    }
    let home = named("mine.toml");
    let absolute = home.folder().join("mine.toml").to_str().unwrap().to_owned();
    let home = home.file("mine.toml", "what?");
    let home = home.file(".config/secdash/config.toml", &format!("signatures = \"{absolute}\""));
    let said = secdash(&home, &["config", "--effective"]);
    assert!(said.err.starts_with("error: ~/mine.toml:1: "), "{}", said.err);
    // What needs no signatures doesn't read them.
    assert_eq!(secdash(&home, &["keys"]).code, Some(0));
}

/// A list of one secret, whose name is the Region for which the request was signed.
fn region_of(head: &str) -> String {
    let scope = head.split("credential=").nth(1).unwrap_or_default();
    let region = scope.split('/').nth(2).unwrap_or_default();
    format!(
        "{{\"SecretList\":[{{\"Name\":\"signed-for-{region}\",\"ARN\":\"arn:aws:secretsmanager:x:1:secret:x-AbCdEf\"}}]}}"
    )
}

#[test]
fn the_region_and_endpoint_of_the_file_are_those_that_are_called() {
    let text = format!("region = \"eu-south-2\"\nendpoint_url = \"{}\"", support::server::serve(region_of));
    for (home, args, region) in [
        (with_file(&text), &["list"][..], "eu-south-2"),
        (with_file(&text).var("AWS_DEFAULT_REGION", "sa-east-1"), &["list"], "sa-east-1"),
        (with_file(&text).var("AWS_REGION", "sa-east-1"), &["--region", "eu-west-3", "list"], "eu-west-3"),
    ] {
        let said = secdash(&home.keys(), args);
        assert!(said.out.contains(&format!("signed-for-{region}")), "{region}: {}{}", said.out, said.err);
    }
}

#[test]
fn the_profile_of_the_file_is_used_unless_the_environment_names_another_or_has_keys() {
    let file = || with_file("profile = \"from-file\"");
    for (home, args, told) in [
        (file(), &["list"][..], "There is no profile `from-file`"),
        (file().keys(), &["list"], "No Region is set"),
        (file().var("AWS_PROFILE", "from-variable"), &["list"], "There is no profile `from-variable`"),
        (file().keys(), &["--profile", "from-flag", "list"], "There is no profile `from-flag`"),
    ] {
        let said = secdash(&home, args);
        assert!(said.err.contains(told), "{told}: {}", said.err);
    }
}

#[test]
fn the_dashboard_does_not_open_on_a_configuration_that_cannot_be() {
    for (text, told) in [
        ("[display]\ntheme = 1", ".config/secdash/config.toml:2: `display.theme`: invalid type"),
        ("[keys]\nquti = [\"x\"]", ".config/secdash/config.toml:2: `quti` is no action"),
    ] {
        let home = with_file(text);
        let mut pty = Pty::start(&home, &binary(), &["--demo"], 200, 24);
        let (screen, status) = pty.end();
        assert_eq!(status.exit_code(), 2, "{screen}");
        assert!(screen.contains(told), "{screen}");
    }
}
