//! The one error type: what went wrong, where, what to do, and the exit code it leads to.
//!
//! Messages name files, row groups, columns and manifest lines; they never show a cell value or a
//! subject identifier.

use std::fmt;
use std::path::Path;

use miette::{Diagnostic, LabeledSpan, NamedSource, SourceSpan};

use crate::printable::{printable, printable_lines, printable_source};

pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What kind of failure it is; decides the exit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The command line, the manifest or the policy is wrong: exit code 2.
    Usage,
    /// Data could not be read or measured, or an output not written: exit code 3.
    Data,
    /// The user pressed Ctrl-C: exit code 130.
    Interrupted,
}

/// A text the user wrote (manifest or policy), kept so that errors can show the line.
#[derive(Debug, Clone)]
pub struct Source {
    pub name: String,
    pub text: std::sync::Arc<str>,
}

impl Source {
    /// The line, from 1, of the byte `at`.
    pub fn line(&self, at: usize) -> u64 {
        let before = self.text.bytes().take(at);
        1 + before.filter(|byte| *byte == b'\n').count() as u64
    }
}

pub struct Error(Box<Inner>);

struct Inner {
    kind: Kind,
    message: String,
    help: Option<String>,
    excerpt: Option<(NamedSource<String>, SourceSpan, String)>,
}

impl Error {
    fn new(kind: Kind, message: impl Into<String>) -> Self {
        Self(Box::new(Inner {
            kind,
            message: printable_lines(&message.into()).into_owned(),
            help: None,
            excerpt: None,
        }))
    }

    pub fn usage(message: impl Into<String>) -> Self {
        Self::new(Kind::Usage, message)
    }

    pub fn data(message: impl Into<String>) -> Self {
        Self::new(Kind::Data, message)
    }

    pub fn interrupted() -> Self {
        Self::new(
            Kind::Interrupted,
            "interrupted; nothing was written, the data was not judged",
        )
    }

    /// What the user should do about it.
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.0.help = Some(printable_lines(&help.into()).into_owned());
        self
    }

    /// Points at the bytes `span` of a manifest or policy.
    pub fn at(
        mut self,
        source: &Source,
        span: std::ops::Range<usize>,
        label: impl Into<String>,
    ) -> Self {
        let text = printable_source(&source.text).into_owned();
        let named = NamedSource::new(printable(&source.name), text).with_language("TOML");
        let label = printable(&label.into()).into_owned();
        self.0.excerpt = Some((named, span.into(), label));
        self
    }

    pub fn kind(&self) -> Kind {
        self.0.kind
    }

    pub fn exit_code(&self) -> u8 {
        match self.0.kind {
            Kind::Usage => 2,
            Kind::Data => 3,
            Kind::Interrupted => 130,
        }
    }

    pub fn message(&self) -> &str {
        &self.0.message
    }
}

/// Where in the input something is wrong: file, and where known row group and column.
#[derive(Debug, Clone, Default)]
pub struct Place<'a> {
    pub file: Option<&'a Path>,
    pub row_group: Option<usize>,
    pub column: Option<&'a str>,
}

impl fmt::Display for Place<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut separator = "";
        if let Some(file) = self.file {
            write!(f, "{}", file.display())?;
            separator = ", ";
        }
        if let Some(row_group) = self.row_group {
            write!(f, "{separator}row group {row_group}")?;
            separator = ", ";
        }
        if let Some(column) = self.column {
            write!(f, "{separator}column `{column}`")?;
        }
        Ok(())
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Error")
            .field("kind", &self.0.kind)
            .field("message", &self.0.message)
            .field("help", &self.0.help)
            .finish()
    }
}

impl std::error::Error for Error {}

impl Diagnostic for Error {
    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.0
            .help
            .as_ref()
            .map(|help| Box::new(help) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn miette::SourceCode> {
        self.0
            .excerpt
            .as_ref()
            .map(|(source, _, _)| source as &dyn miette::SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        self.0.excerpt.as_ref().map(|(_, span, label)| {
            let label = (!label.is_empty()).then(|| label.clone());
            Box::new(std::iter::once(LabeledSpan::new_with_span(label, *span))) as Box<_>
        })
    }
}
