//! Unicity against how coarsely times and places are told, as coloured cells.

use plotters::prelude::*;

use super::{GRID, INK, LABEL, Plot, RISK, draw};
use crate::finding::{Finding, Outcome, Series};
use crate::language::Language;
use crate::render::number;
use crate::say;

/// One entry: where it stands, its share, and whether the policy accepts it, where it asks.
struct Entry {
    time: usize,
    place: usize,
    share: f64,
    accepted: Option<bool>,
}

struct Matrix {
    times: Vec<String>,
    places: Vec<String>,
    entries: Vec<Entry>,
}

impl Matrix {
    fn of(series: &Series, findings: &[Finding], language: Language) -> Self {
        let points = series.parameters.get("points");
        let of = |f: &&Finding| f.table == series.table && f.parameters.get("points") == points;
        // What the policy allows at the resolution of the release it would allow at any.
        let limit = findings
            .iter()
            .filter(of)
            .filter(|f| f.id() == "unicity.share_unique" && !f.parameters.contains_key("noise"))
            .find_map(|f| f.requirement?.max);
        let mut matrix = Self {
            times: Vec::new(),
            places: Vec::new(),
            entries: Vec::new(),
        };
        let place_of = |names: &mut Vec<String>, name: String| {
            let known = names.iter().position(|known| *known == name);
            known.unwrap_or_else(|| {
                names.push(name);
                names.len() - 1
            })
        };
        for finding in findings.iter().filter(of) {
            let (true, Some(value)) = (
                finding.id() == "unicity-resolution.share_unique",
                finding.value,
            ) else {
                continue;
            };
            let name = |name: &str| {
                let told = finding.parameters.get(name);
                told.map_or("–".to_owned(), |told| {
                    spelled(&told.to_string(), language)
                })
            };
            let own = finding.requirement.map(|r| r.outcome == Outcome::Pass);
            let upper = finding.interval.map_or(value.as_f64(), |i| i.high);
            matrix.entries.push(Entry {
                time: place_of(&mut matrix.times, name("time")),
                place: place_of(&mut matrix.places, name("place")),
                share: value.as_f64(),
                accepted: own.or(limit.map(|limit| upper <= limit)),
            });
        }
        matrix
    }

    /// Whether the policy accepts an entry, and none that tells more about time and place.
    fn is_least(&self, entry: &Entry) -> bool {
        let tells_more = |other: &&Entry| {
            other.time <= entry.time
                && other.place <= entry.place
                && (other.time, other.place) != (entry.time, entry.place)
        };
        entry.accepted == Some(true)
            && self
                .entries
                .iter()
                .filter(tells_more)
                .all(|other| other.accepted != Some(true))
    }
}

/// A resolution in words: what the column itself has, and steps of it.
fn spelled(resolution: &str, language: Language) -> String {
    match resolution {
        "column" => language.pick("as they are", "unverändert").to_owned(),
        _ => resolution.replace(
            " of column",
            language.pick(" steps as one", " Schritte als einer"),
        ),
    }
}

/// How strong the colour of a share is: in steps, because the digits of an opacity are nobody's business, and never so
/// strong that the figure on it could not be read, light or dark.
pub fn shade(share: f64) -> f64 {
    (6.0 + 50.0 * share).round() / 100.0
}

pub fn plot(series: &Series, findings: &[Finding], language: Language) -> Option<Plot> {
    let matrix = Matrix::of(series, findings, language);
    if matrix.entries.is_empty() {
        return None;
    }
    let (columns, rows) = (matrix.times.len(), matrix.places.len());
    // Names stand in the middle of their cells.
    let name = |names: &[String], at: f64| {
        let is_middle = (at.fract() - 0.5).abs() < 1e-6;
        let name = names.get(at as usize).filter(|_| is_middle);
        name.cloned().unwrap_or_default()
    };
    let svg = draw(|area| {
        let mut chart = ChartBuilder::on(area)
            .margin(8)
            .x_label_area_size(54)
            .y_label_area_size(110)
            .build_cartesian_2d(0.0..columns as f64, 0.0..rows as f64)?;
        chart
            .configure_mesh()
            .disable_mesh()
            .x_labels(2 * columns + 1)
            .y_labels(2 * rows + 1)
            .axis_style(GRID)
            .label_style(LABEL.into_font().color(&INK))
            .x_label_formatter(&|at| name(&matrix.times, *at))
            .y_label_formatter(&|at| name(&matrix.places, *at))
            .x_desc(language.pick("times", "Zeiten"))
            .y_desc(language.pick("places", "Orte"))
            .draw()?;
        for entry in &matrix.entries {
            let (x, y) = (entry.time as f64, entry.place as f64);
            let cell = |style: ShapeStyle| {
                let mut cell = Rectangle::new([(x, y), (x + 1.0, y + 1.0)], style);
                cell.set_margin(2, 2, 2, 2);
                cell
            };
            let colour = RISK.mix(shade(entry.share));
            chart.draw_series([cell(colour.filled())])?;
            if matrix.is_least(entry) {
                chart.draw_series([cell(INK.stroke_width(3))])?;
            }
            let mark = match entry.accepted {
                Some(true) => " ✓",
                _ => "",
            };
            let at = (x + 0.5, y + 0.5);
            let text = format!("{}{mark}", number::percent(entry.share, language));
            let style = LABEL.into_font().color(&INK);
            let style = style.pos(plotters::style::text_anchor::Pos::new(
                plotters::style::text_anchor::HPos::Center,
                plotters::style::text_anchor::VPos::Center,
            ));
            chart.draw_series([Text::new(text, at, style)])?;
        }
        Ok(())
    })?;
    let told = |entry: &Entry| {
        format!(
            "{} / {}",
            matrix.times[entry.time], matrix.places[entry.place]
        )
    };
    let least: Vec<String> = matrix
        .entries
        .iter()
        .filter(|entry| matrix.is_least(entry))
        .map(told)
        .collect();
    let asked = matrix.entries.iter().any(|entry| entry.accepted.is_some());
    let verdict = match (asked, least.is_empty()) {
        (false, _) => language
            .pick(
                "The policy asks nothing of it.",
                "Die Richtlinie verlangt hierzu nichts.",
            )
            .to_owned(),
        (true, true) => language
            .pick(
                "At none of them the policy would pass.",
                "Bei keiner von ihnen wäre die Richtlinie erfüllt.",
            )
            .to_owned(),
        (true, false) => say!(
            language,
            "The policy would pass where there is a tick; the least that must be given up is framed: {}.",
            "Erfüllt wäre die Richtlinie, wo ein Haken steht; das Geringste, worauf zu verzichten ist, ist umrandet: {}.",
            least.join(language.pick(", or ", ", oder "))
        ),
    };
    let points = series.parameters.get("points")?;
    Some(Plot {
        title: say!(
            language,
            "Unicity by resolution, {points} points: {}",
            "Unizität nach Auflösung, {points} Punkte: {}",
            series.table
        ),
        caption: say!(
            language,
            "Share of persons whom {points} random points single out, were times and places told so coarsely. {verdict}",
            "Anteil der Personen, die {points} zufällige Punkte herausgriffen, wären Zeiten und Orte so grob angegeben. \
             {verdict}"
        ),
        alternative: say!(
            language,
            "Heat map of table {}: the share of persons singled out by {points} points falls from {} to {} as times and \
             places become coarser.",
            "Rasterbild zur Tabelle {}: der Anteil der von {points} Punkten herausgegriffenen Personen fällt von {} auf {}, \
             je gröber Zeiten und Orte werden.",
            series.table,
            number::percent(*series.y.first()?, language),
            number::percent(*series.y.last()?, language)
        ),
        head: (
            language.pick("times / places", "Zeiten / Orte").to_owned(),
            language.pick("singled out", "herausgegriffen").to_owned(),
        ),
        rows: matrix
            .entries
            .iter()
            .map(|entry| (told(entry), number::percent(entry.share, language)))
            .collect(),
        svg,
    })
}
