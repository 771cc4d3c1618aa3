//! Progress bars on stderr.

use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::time::Duration;

use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::audit::Stages;
use crate::progress::Progress;

/// A bar for the bytes decoded and encoded, one for the measures, and for what can take long: persons that are
/// sought, identifiers that are tried.
pub struct Bars {
    all: MultiProgress,
    load: ProgressBar,
    measures: ProgressBar,
    persons: ProgressBar,
    identifiers: ProgressBar,
    cancelled: &'static AtomicBool,
}

impl Bars {
    pub fn new(visible: bool, cancelled: &'static AtomicBool) -> Self {
        let all = MultiProgress::with_draw_target(match visible {
            true => ProgressDrawTarget::stderr(),
            false => ProgressDrawTarget::hidden(),
        });
        let style = |template: &str| {
            ProgressStyle::with_template(template).expect("the template is well-formed")
        };
        let load = ProgressBar::no_length().with_style(style(
            "{msg:16} {bar:28} {bytes:>10} of {total_bytes:<10} {eta:>5}",
        ));
        let measures = ProgressBar::no_length()
            .with_style(style("{msg:16} {bar:28} {pos:>10} of {len:<10} {eta:>5}"));
        let persons = ProgressBar::no_length().with_style(measures.style());
        let identifiers = ProgressBar::no_length().with_style(style(
            "{msg:16} {bar:28} {human_pos:>10} of {human_len:<10} {per_sec}",
        ));
        Self {
            all,
            load,
            measures,
            persons,
            identifiers,
            cancelled,
        }
    }

    /// Shows a bar once there is something to do, and makes it so much longer.
    fn more(&self, bar: &ProgressBar, message: &'static str, length: u64) {
        if bar.length().is_none() {
            let shown = self.all.add(bar.clone());
            shown.set_message(message);
            shown.enable_steady_tick(Duration::from_millis(200));
            shown.set_length(0);
        }
        bar.inc_length(length);
    }

    /// Takes the bars off the screen.
    pub fn clear(&self) {
        self.load.finish_and_clear();
        self.measures.finish_and_clear();
        self.persons.finish_and_clear();
        self.identifiers.finish_and_clear();
    }
}

impl Progress for Bars {
    fn decoded(&self, bytes: u64) {
        self.load.inc(bytes);
        if self
            .load
            .length()
            .is_some_and(|length| self.load.position() >= length)
        {
            self.load.set_message("encode");
        }
    }

    fn seek(&self, persons: u64) {
        self.more(&self.persons, "seek persons", persons);
    }

    fn sought(&self, persons: u64) {
        self.persons.inc(persons);
    }

    fn attempt(&self, identifiers: u64) {
        self.more(&self.identifiers, "try identifiers", identifiers);
    }

    fn attempted(&self, identifiers: u64) {
        self.identifiers.inc(identifiers);
    }

    fn cancelled(&self) -> bool {
        self.cancelled.load(Relaxed)
    }
}

impl Stages for Bars {
    fn load(&self, bytes: u64, tables: usize) {
        let load = self.all.add(self.load.clone());
        load.set_length(bytes);
        load.set_message(match tables {
            1 => "load 1 table".to_owned(),
            tables => format!("load {tables} tables"),
        });
        load.enable_steady_tick(Duration::from_millis(200));
    }

    fn measure(&self, jobs: usize) {
        self.load.finish();
        let measures = self.all.add(self.measures.clone());
        measures.set_length(jobs as u64);
        measures.set_message("measure");
        measures.enable_steady_tick(Duration::from_millis(200));
    }

    fn measured(&self) {
        self.measures.inc(1);
    }
}
