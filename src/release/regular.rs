//! Regular files, opened without ever waiting for somebody else: no pipe, device or socket is read, wherever a path
//! leads.

use std::fs::{File, Metadata, OpenOptions};
use std::io::{Error, ErrorKind, Read, Result};
use std::path::Path;
use std::time::{Duration, SystemTime};

/// Opens a file for reading.
///
/// # Errors
/// It cannot be opened, or is something else than a regular file.
pub fn open(path: &Path) -> Result<File> {
    // Looked at before it is opened: to open a tape rewinds it, to open a pipe waits for its writer.
    check(&look(path)?)?;
    let mut options = OpenOptions::new();
    options.read(true);
    // What takes the file's place in between must not make the program wait, either.
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::custom_flags(&mut options, libc::O_NONBLOCK);
    let file = options.open(path).map_err(clear)?;
    check(&file.metadata()?)?;
    Ok(file)
}

/// What is known of the file behind a path, links followed.
///
/// # Errors
/// There is none, or the links lead in a circle.
pub fn look(path: &Path) -> Result<Metadata> {
    std::fs::metadata(path).map_err(clear)
}

/// The whole of a file.
///
/// # Errors
/// It cannot be read, or is no regular file.
pub fn bytes(path: &Path) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    open(path)?.read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// The whole of a text file.
///
/// # Errors
/// It cannot be read, is no regular file, or no UTF-8.
pub fn text(path: &Path) -> Result<String> {
    let mut text = String::new();
    open(path)?.read_to_string(&mut text)?;
    Ok(text)
}

/// Fills a buffer from a place in the file, without moving the position that all who have it open share; as far as the
/// file goes.
///
/// # Errors
/// It cannot be read.
pub fn read_at(file: &File, buffer: &mut [u8], offset: u64) -> Result<usize> {
    let mut filled = 0;
    while filled < buffer.len() {
        let rest = &mut buffer[filled..];
        #[cfg(unix)]
        let read = std::os::unix::fs::FileExt::read_at(file, rest, offset + filled as u64);
        #[cfg(windows)]
        let read = std::os::windows::fs::FileExt::seek_read(file, rest, offset + filled as u64);
        match read {
            Ok(0) => break,
            Ok(read) => filled += read,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}

/// # Errors
/// It is not a regular file; the error says what it is.
pub fn check(found: &Metadata) -> Result<()> {
    let kind = found.file_type();
    if kind.is_file() {
        return Ok(());
    }
    let what = if kind.is_dir() {
        "a folder"
    } else {
        special(kind)
    };
    Err(Error::new(
        ErrorKind::InvalidInput,
        format!("it is {what}, not a regular file"),
    ))
}

#[cfg(unix)]
fn special(kind: std::fs::FileType) -> &'static str {
    use std::os::unix::fs::FileTypeExt;
    match kind {
        kind if kind.is_fifo() => "a named pipe (FIFO)",
        kind if kind.is_socket() => "a socket",
        kind if kind.is_char_device() || kind.is_block_device() => "a device",
        _ => "a special file",
    }
}

#[cfg(not(unix))]
fn special(_: std::fs::FileType) -> &'static str {
    "a special file"
}

/// The system's error, in words where its own are a riddle.
fn clear(error: Error) -> Error {
    #[cfg(unix)]
    if error.raw_os_error() == Some(libc::ELOOP) {
        return Error::new(
            ErrorKind::InvalidInput,
            "its symbolic links lead in a circle",
        );
    }
    error
}

/// Which file it is, and when it was last changed: two stamps are equal as long as nobody wrote to the file, replaced
/// it or moved it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp {
    pub bytes: u64,
    /// Device and number of the file, where the system tells.
    pub file: Option<(u64, u64)>,
    /// The times of the last change to its contents, and to anything about it: the second cannot be set back.
    modified: Option<SystemTime>,
    changed: Option<(i64, i64)>,
}

impl Stamp {
    pub fn of(found: &Metadata) -> Self {
        #[cfg(unix)]
        let (file, changed) = {
            use std::os::unix::fs::MetadataExt;
            (
                Some((found.dev(), found.ino())),
                Some((found.ctime(), found.ctime_nsec())),
            )
        };
        #[cfg(not(unix))]
        let (file, changed) = (None, None);
        Self {
            bytes: found.len(),
            file,
            modified: found.modified().ok(),
            changed,
        }
    }

    /// How long to wait until any further change gets another time than the last one had: file systems count in ticks
    /// of some milliseconds, old ones in seconds.
    pub fn unsettled(&self) -> Option<Duration> {
        let (seconds, nanoseconds) = self.changed?;
        let tick = match nanoseconds {
            0 => Duration::from_secs(2),
            _ => Duration::from_millis(20),
        };
        let since = Duration::new(
            u64::try_from(seconds).ok()?,
            u32::try_from(nanoseconds).ok()?,
        );
        let now = SystemTime::now()
            .duration_since(SystemTime::UNIX_EPOCH)
            .ok()?;
        tick.checked_sub(now.saturating_sub(since))
            .filter(|left| !left.is_zero())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_read_and_folders_are_not() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.txt");
        std::fs::write(&path, "text").unwrap();
        assert_eq!(text(&path).unwrap(), "text");
        let error = bytes(folder.path()).unwrap_err().to_string();
        assert_eq!(error, "it is a folder, not a regular file");
    }

    #[cfg(unix)]
    #[test]
    fn what_would_wait_or_never_end_is_refused() {
        use std::os::unix::fs::symlink;
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        let made = std::process::Command::new("mkfifo")
            .arg(path("pipe"))
            .status();
        assert!(made.unwrap().success());
        symlink(path("pipe"), path("to the pipe")).unwrap();
        symlink(path("circle"), path("circle")).unwrap();
        let _socket = std::os::unix::net::UnixListener::bind(path("socket")).unwrap();
        for (name, said) in [
            ("pipe", "named pipe"),
            ("to the pipe", "named pipe"),
            ("socket", "socket"),
            ("circle", "in a circle"),
        ] {
            let error = bytes(&path(name)).unwrap_err().to_string();
            assert!(error.contains(said), "{name}: {error}");
        }
        let device = open(Path::new("/dev/null")).unwrap_err().to_string();
        assert!(device.contains("a device"), "{device}");
    }

    #[cfg(unix)]
    #[test]
    fn a_stamp_tells_every_change() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        let stamp = || Stamp::of(&look(&path).unwrap());
        std::fs::write(&path, "one").unwrap();
        let settle = |stamp: Stamp| stamp.unsettled().into_iter().for_each(std::thread::sleep);
        let first = stamp();
        settle(first);
        assert!(first.unsettled().is_none());
        assert_eq!(stamp(), first);
        // Of the same length, and the time of the contents set back.
        let modified = look(&path).unwrap().modified().unwrap();
        std::fs::write(&path, "two").unwrap();
        File::options()
            .write(true)
            .open(&path)
            .unwrap()
            .set_modified(modified)
            .unwrap();
        let second = stamp();
        assert_ne!(second, first);
        settle(second);
        // Moved away, replaced, moved back.
        let aside = folder.path().join("aside");
        std::fs::rename(&path, &aside).unwrap();
        std::fs::write(&path, "two").unwrap();
        assert_ne!(stamp(), second);
        std::fs::rename(&aside, &path).unwrap();
        assert_ne!(stamp(), second);
    }
}
