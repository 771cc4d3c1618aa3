//! How long work tells how far it is, and learns that the user no longer wants it.

/// Watches long work, and need not show any of it. Implemented by the command line (bars, Ctrl-C); `()` watches nothing.
pub trait Progress: Sync {
    /// `bytes` more of the input are decoded.
    fn decoded(&self, _bytes: u64) {}

    /// So many more persons are to be sought.
    fn seek(&self, _persons: u64) {}

    /// So many of them have been.
    fn sought(&self, _persons: u64) {}

    /// So many more identifiers are to be tried.
    fn attempt(&self, _identifiers: u64) {}

    /// So many of them have been.
    fn attempted(&self, _identifiers: u64) {}

    /// The user has asked to stop.
    fn cancelled(&self) -> bool;
}

impl Progress for () {
    fn cancelled(&self) -> bool {
        false
    }
}

/// Shows nothing of the work, and learns from another whether the user wants to stop.
pub struct Unheard<'a>(pub &'a dyn Progress);

impl Progress for Unheard<'_> {
    fn cancelled(&self) -> bool {
        self.0.cancelled()
    }
}
