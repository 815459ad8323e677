//! Files for the user alone: what secdash writes tells of accounts, of secrets' names and of who changed what.

use std::fs::OpenOptions;

/// The same way to open a file, where one that is made by it can be read by nobody but the user.
#[cfg(unix)]
pub fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    use std::os::unix::fs::OpenOptionsExt;
    options.mode(0o600)
}

/// Elsewhere the user's own folder is what keeps it.
#[cfg(not(unix))]
pub fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    options
}
