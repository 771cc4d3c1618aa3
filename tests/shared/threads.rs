//! Audits by one thread and by three.

use reidrisk::audit::{Options, audit};
use reidrisk::error::Error;
use reidrisk::report::Report;

/// The report of an audit; by one thread and by three both must find the same.
pub fn audited(options: &Options) -> Result<Report, Error> {
    let (one, three) = (by(1, options)?, by(3, options)?);
    assert_eq!(one.findings, three.findings, "by one thread and by three");
    Ok(one)
}

fn by(threads: usize, options: &Options) -> Result<Report, Error> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads);
    pool.build().unwrap().install(|| audit(options, &()))
}
