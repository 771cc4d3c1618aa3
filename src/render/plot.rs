//! The plots, as SVG that stands inside the page and takes its colours from the page's style.

mod bars;
mod heat_map;
mod linkage;
mod membership;

#[cfg(test)]
pub use heat_map::shade;
use plotters::coord::Shift;
use plotters::prelude::*;

use super::html::escaped;
use super::number;
use crate::finding::{Finding, Series};
use crate::language::Language;
use crate::report::Report;
use crate::say;

/// Colours are placeholders: [`themed`] turns them into the page's, light or dark.
const INK: RGBColor = RGBColor(1, 1, 1);
const ACCENT: RGBColor = RGBColor(2, 2, 2);
const RISK: RGBColor = RGBColor(3, 3, 3);
const GRID: RGBColor = RGBColor(4, 4, 4);

const SIZE: (u32, u32) = (720, 320);
const LABEL: (&str, u32) = ("sans-serif", 17);

type Drawn = Result<(), Box<dyn std::error::Error>>;

/// A plot with the text for those who do not see it and the numbers behind it.
pub struct Plot {
    pub svg: String,
    /// What it is of, and of which table: no other plot of a report has it.
    pub title: String,
    pub caption: String,
    pub alternative: String,
    pub head: (String, String),
    pub rows: Vec<(String, String)>,
}

impl Plot {
    /// The picture with its name and its description, for those who hear it; `id` is the page's name for it.
    pub fn named(&self, id: &str) -> String {
        let words = format!(
            "><title id=\"{id}-title\">{}</title><desc id=\"{id}-desc\">{}</desc>",
            escaped(&self.title),
            escaped(&self.alternative)
        );
        let name = format!(
            "<svg role=\"img\" aria-labelledby=\"{id}-title\" aria-describedby=\"{id}-desc\""
        );
        self.svg.replacen("<svg", &name, 1).replacen('>', &words, 1)
    }
}

/// All plots of what a measure found on a table.
pub fn plots(report: &Report, measure: &str, table: &str, language: Language) -> Vec<Plot> {
    let findings = report.findings.iter();
    let of: Vec<&Finding> = findings
        .filter(|finding| finding.measure == measure && finding.table == table)
        .collect();
    let is_of = |series: &&Series| series.measure == measure && series.table == table;
    let series = report.series.iter().filter(is_of);
    let drawn = series.filter_map(|series| plot(series, &report.findings, language));
    let counted = [
        bars::ranking(&of, language),
        bars::suppression(&of, language),
    ];
    drawn.chain(counted.into_iter().flatten()).collect()
}

/// The plot of a series, where there is one for its kind. `findings` hold the thresholds.
fn plot(series: &Series, findings: &[Finding], language: Language) -> Option<Plot> {
    match series.name.as_str() {
        "class_sizes" => sizes(
            series,
            language.pick(
                ["class", "a class", "classes"],
                ["Klasse", "einer Klasse", "Klassen"],
            ),
            language,
        ),
        "cell_sizes" => sizes(
            series,
            language.pick(
                ["cell", "a cell", "cells"],
                ["Zelle", "einer Zelle", "Zellen"],
            ),
            language,
        ),
        "candidate_sizes" => bars::candidates(series, findings, language),
        "largest_shares" => bars::largest_shares(series, language),
        "unicity_curve" => unicity_curve(series, findings, language),
        "correctness" => extrapolation(
            series,
            language.pick("identified correctly", "richtig erkannt"),
            language.pick("exact values", "genauen Werten"),
            language,
        ),
        "unicity_by_persons" => {
            let points = say!(
                language,
                "{} random points",
                "{} zufälligen Punkten",
                series.parameters.get("points")?.in_language(language)
            );
            let what = language.pick("singled out", "herausgegriffen");
            extrapolation(series, what, &points, language)
        }
        "unicity_by_resolution" => heat_map::plot(series, findings, language),
        "precision_by_coverage" => linkage::precision(series, findings, language),
        "chain_survival" => linkage::survival(series, language),
        "advantage_by_size" => membership::advantage(series, findings, language),
        _ => None,
    }
}

/// Upper ends of the bins of class sizes; below 11 persons a class is marked as a risk.
const BINS: [u64; 9] = [1, 2, 4, 10, 20, 50, 100, 1_000, u64::MAX];
const SMALL: u64 = 10;

/// How many there are with few persons and with many.
fn sizes(series: &Series, [one, of_one, many]: [&str; 3], language: Language) -> Option<Plot> {
    let mut counts = [0u64; BINS.len()];
    for (size, classes) in series.x.iter().zip(&series.y) {
        let bin = BINS.iter().position(|end| *size as u64 <= *end)?;
        counts[bin] += *classes as u64;
    }
    let name = |bin: usize| {
        let first = if bin == 0 { 1 } else { BINS[bin - 1] + 1 };
        match BINS[bin] {
            u64::MAX => format!("> {}", language.grouped(first - 1)),
            end if end == first => end.to_string(),
            end => format!("{first}–{}", language.grouped(end)),
        }
    };
    let names: Vec<String> = (0..BINS.len()).map(name).collect();
    let total: u64 = counts.iter().sum();
    let small: u64 = counts
        .iter()
        .zip(BINS)
        .filter(|(_, end)| *end <= SMALL)
        .map(|(count, _)| count)
        .sum();
    let persons_in = say!(language, "persons in {of_one}", "Personen in {of_one}");
    let svg = draw(|area| {
        let top = counts.iter().copied().max().unwrap_or(1).max(1);
        let mut chart = ChartBuilder::on(area)
            .margin(8)
            .x_label_area_size(54)
            .y_label_area_size(86)
            .build_cartesian_2d((0..BINS.len() - 1).into_segmented(), 0..top + top / 10 + 1)?;
        chart
            .configure_mesh()
            .disable_x_mesh()
            .light_line_style(GRID.mix(0.0))
            .bold_line_style(GRID)
            .axis_style(INK)
            .label_style(LABEL.into_font().color(&INK))
            .x_label_formatter(&|at| match at {
                SegmentValue::CenterOf(bin) => names.get(*bin).cloned().unwrap_or_default(),
                _ => String::new(),
            })
            .y_label_formatter(&|count| language.grouped(*count))
            .x_desc(persons_in.as_str())
            .y_desc(many)
            .draw()?;
        chart.draw_series(counts.iter().enumerate().map(|(bin, count)| {
            let colour = if BINS[bin] <= SMALL { RISK } else { ACCENT };
            let end = match bin + 1 {
                next if next == BINS.len() => SegmentValue::Last,
                next => SegmentValue::Exact(next),
            };
            let corners = [(SegmentValue::Exact(bin), 0), (end, *count)];
            let mut bar = Rectangle::new(corners, colour.filled());
            bar.set_margin(0, 0, 4, 4);
            bar
        }))?;
        Ok(())
    })?;
    Some(Plot {
        svg,
        title: say!(
            language,
            "Persons in each {one}: {}",
            "Personen je {one}: {}",
            series.table
        ),
        caption: say!(
            language,
            "{} of {} {many} hold fewer than 11 persons (the red bars).",
            "{} von {} {many} enthalten weniger als 11 Personen (die roten Balken).",
            language.grouped(small),
            language.grouped(total)
        ),
        alternative: say!(
            language,
            "Bar chart of table {}: how many {many} there are of each size. {} of {} hold fewer than 11 persons.",
            "Balkendiagramm zur Tabelle {}: wie viele {many} es von jeder Größe gibt. {} von {} enthalten weniger als 11 \
             Personen.",
            series.table,
            language.grouped(small),
            language.grouped(total)
        ),
        head: (persons_in, many.to_owned()),
        rows: names
            .into_iter()
            .zip(counts.map(|count| language.grouped(count)))
            .collect(),
    })
}

/// The table of a series, and whether its points are those of the definition or as they are published.
fn of_precision(series: &Series, language: Language) -> String {
    let precision = series.parameters.get("precision");
    match precision.is_some_and(|precision| precision.matches(&"published".into())) {
        true => say!(
            language,
            "{}, as published",
            "{}, wie veröffentlicht",
            series.table
        ),
        false => series.table.clone(),
    }
}

fn unicity_curve(series: &Series, findings: &[Finding], language: Language) -> Option<Plot> {
    let (first, last) = (*series.x.first()?, *series.x.last()?);
    let precision = series.parameters.get("precision");
    let of = |f: &&Finding| {
        f.id() == "unicity.share_unique"
            && f.table == series.table
            && f.parameters.get("precision") == precision
    };
    let number_of = |f: &Finding| f.parameters.get("points")?.to_string().parse::<f64>().ok();
    // The adversary who is mistaken.
    let noisy: Vec<(f64, f64)> = findings
        .iter()
        .filter(of)
        .filter(|f| f.parameters.contains_key("noise"))
        .filter_map(|f| Some((number_of(f)?, f.value?.as_f64())))
        .collect();
    let limits: Vec<(f64, f64)> = findings
        .iter()
        .filter(of)
        .filter_map(|finding| {
            let points = finding.parameters.get("points")?.to_string().parse().ok()?;
            Some((points, finding.requirement?.max?))
        })
        .collect();
    let svg = draw(|area| {
        let mut chart = ChartBuilder::on(area)
            .margin(12)
            .x_label_area_size(54)
            .y_label_area_size(82)
            .build_cartesian_2d(first - 0.25..last + 0.25, 0.0..1.0)?;
        chart
            .configure_mesh()
            .disable_x_mesh()
            .x_labels(series.x.len() * 2)
            .light_line_style(GRID.mix(0.0))
            .bold_line_style(GRID)
            .axis_style(INK)
            .label_style(LABEL.into_font().color(&INK))
            .x_label_formatter(&|x| match x.fract() == 0.0 {
                true => format!("{x}"),
                false => String::new(),
            })
            .y_label_formatter(&|y| language.percent(y * 100.0, 0))
            .x_desc(language.pick(
                "points the adversary knows",
                "Punkte, die der Angreifer kennt",
            ))
            .y_desc(language.pick("persons singled out", "Personen herausgegriffen"))
            .draw()?;
        chart.draw_series(std::iter::once(band(series)))?;
        let curve = || series.x.iter().copied().zip(series.y.iter().copied());
        chart.draw_series(LineSeries::new(curve(), ACCENT.stroke_width(2)))?;
        chart.draw_series(curve().map(|at| Circle::new(at, 4, ACCENT.filled())))?;
        chart.draw_series(DashedLineSeries::new(
            noisy.iter().copied(),
            6,
            4,
            ACCENT.into(),
        ))?;
        chart.draw_series(noisy.iter().map(|at| Circle::new(*at, 4, ACCENT)))?;
        for (points, limit) in &limits {
            let ends = [(points - 0.25, *limit), (points + 0.25, *limit)];
            chart.draw_series(LineSeries::new(ends, RISK.stroke_width(3)))?;
        }
        Ok(())
    })?;
    let rows = series
        .x
        .iter()
        .zip(&series.y)
        .enumerate()
        .map(|(at, (x, y))| (format!("{x}"), with_interval(series, at, *y, language)));
    let known = if limits.is_empty() {
        String::new()
    } else {
        language
            .pick(
                " The red bar is the most that the policy allows.",
                " Der rote Strich ist das Höchste, was die Richtlinie zulässt.",
            )
            .to_owned()
    };
    let dashed = match noisy.is_empty() {
        true => "",
        false => language.pick(
            "; dashed: to an adversary who is mistaken about times and places",
            "; gestrichelt: für einen Angreifer, der sich in Zeiten und Orten irrt",
        ),
    };
    Some(Plot {
        title: say!(
            language,
            "Unicity by points known: {}",
            "Unizität nach bekannten Punkten: {}",
            of_precision(series, language)
        ),
        caption: say!(
            language,
            "Share of persons whom so many random points single out, with its 95 % interval{dashed}.{known}",
            "Anteil der Personen, die so viele zufällige Punkte herausgreifen, mit Konfidenzintervall zu 95\u{202f}%{dashed}.{known}"
        ),
        alternative: say!(
            language,
            "Line chart of table {}: the share of persons singled out rises from {} with {first} point to {} with {last} \
             points.",
            "Liniendiagramm zur Tabelle {}: der Anteil herausgegriffener Personen steigt von {} bei {first} Punkt auf {} \
             bei {last} Punkten.",
            series.table,
            number::percent(*series.y.first()?, language),
            number::percent(*series.y.last()?, language)
        ),
        head: (
            language.pick("points known", "bekannte Punkte").to_owned(),
            language
                .pick(
                    "share singled out (95 % interval)",
                    "Anteil herausgegriffen (Konfidenzintervall zu 95\u{202f}%)",
                )
                .to_owned(),
        ),
        rows: rows.collect(),
        svg,
    })
}

/// The intervals of a series around its curve.
fn band(series: &Series) -> Polygon<(f64, f64)> {
    let points = || series.x.iter().copied();
    let upper = points().zip(series.y_high.iter().copied());
    let lower = points().zip(series.y_low.iter().copied()).rev();
    Polygon::new(upper.chain(lower).collect::<Vec<_>>(), ACCENT.mix(0.25))
}

/// A share with its interval, for the table behind a plot.
fn with_interval(series: &Series, at: usize, y: f64, language: Language) -> String {
    let ends = [series.y_low[at], series.y_high[at]];
    let [low, high] = ends.map(|end| number::percent(end, language));
    say!(
        language,
        "{} ({low} to {high})",
        "{} ({low} bis {high})",
        number::percent(y, language)
    )
}

/// How identification fares as the population grows: what was measured on parts of the release, and last
/// what the law gives for the whole population.
fn extrapolation(series: &Series, what: &str, of: &str, language: Language) -> Option<Plot> {
    let (first, last) = (*series.x.first()?, *series.x.last()?);
    let (measured, extrapolated) = series.y.split_at(series.y.len() - 1);
    let svg = draw(|area| {
        let mut chart = ChartBuilder::on(area)
            .margin(12)
            .x_label_area_size(54)
            .y_label_area_size(82)
            .build_cartesian_2d((first * 0.9..last * 1.2).log_scale(), 0.0..1.0)?;
        chart
            .configure_mesh()
            .disable_x_mesh()
            .light_line_style(GRID.mix(0.0))
            .bold_line_style(GRID)
            .axis_style(INK)
            .label_style(LABEL.into_font().color(&INK))
            .x_label_formatter(&|x| language.grouped(*x as u64))
            .y_label_formatter(&|y| language.percent(y * 100.0, 0))
            .x_desc(language.pick("persons", "Personen"))
            .y_desc(what)
            .draw()?;
        let known = || series.x.iter().copied().zip(measured.iter().copied());
        let ends = series.x[measured.len() - 1..].iter().copied();
        let rest = ends.zip(series.y[measured.len() - 1..].iter().copied());
        chart.draw_series(LineSeries::new(known(), ACCENT.stroke_width(2)))?;
        chart.draw_series(known().map(|at| Circle::new(at, 4, ACCENT.filled())))?;
        chart.draw_series(DashedLineSeries::new(rest, 6, 4, RISK.stroke_width(2)))?;
        let end = extrapolated
            .iter()
            .map(|y| Circle::new((last, *y), 5, RISK.filled()));
        chart.draw_series(end)?;
        Ok(())
    })?;
    let rows = series.x.iter().zip(&series.y);
    let persons = |x: f64| language.grouped(x as u64);
    Some(Plot {
        title: say!(
            language,
            "Extrapolation to the population, by {of}: {}",
            "Hochrechnung auf die Grundgesamtheit, nach {of}: {}",
            series.table
        ),
        caption: say!(
            language,
            "Share of persons {what} among so many, by {of}: measured on parts of the release, and (last, dashed) \
             extrapolated to the population.",
            "Anteil {what}er Personen unter so vielen, nach {of}: an Teilen der Veröffentlichung gemessen und (zuletzt, \
             gestrichelt) auf die Grundgesamtheit hochgerechnet."
        ),
        alternative: say!(
            language,
            "Line chart of table {}: the share of persons {what} falls from {} among {} persons to an estimated {} among \
             {}.",
            "Liniendiagramm zur Tabelle {}: der Anteil {what}er Personen fällt von {} unter {} Personen auf geschätzt {} \
             unter {}.",
            series.table,
            number::percent(*series.y.first()?, language),
            persons(first),
            number::percent(*series.y.last()?, language),
            persons(last)
        ),
        head: (
            language.pick("persons", "Personen").to_owned(),
            what.to_owned(),
        ),
        rows: rows
            .map(|(x, y)| (persons(*x), number::percent(*y, language)))
            .collect(),
        svg,
    })
}

/// `None` where the plot cannot be drawn; its numbers are in the findings all the same.
fn draw(paint: impl FnOnce(&DrawingArea<SVGBackend<'_>, Shift>) -> Drawn) -> Option<String> {
    let mut svg = String::new();
    {
        let area = SVGBackend::with_string(&mut svg, SIZE).into_drawing_area();
        paint(&area).ok()?;
        area.present().ok()?;
    }
    Some(themed(&svg))
}

/// The page's colours for the placeholders, and a picture that scales with the page.
fn themed(svg: &str) -> String {
    let sized = format!("<svg width=\"{}\" height=\"{}\"", SIZE.0, SIZE.1);
    svg.replace(&sized, "<svg focusable=\"false\"")
        .replace("#010101", "var(--ink)")
        .replace("#020202", "var(--accent)")
        .replace("#030303", "var(--risk)")
        .replace("#040404", "var(--line)")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::fixture;

    #[test]
    fn every_series_has_its_plot_and_its_table() {
        let report = fixture::report();
        for series in &report.series {
            let plot = plot(series, &report.findings, Language::English).unwrap();
            assert!(
                plot.svg.starts_with("<svg") && !plot.svg.contains("#0"),
                "{}",
                series.name
            );
            assert!(!plot.rows.is_empty());
        }
    }

    #[test]
    fn bins_lose_no_class() {
        let report = fixture::report();
        let series = report
            .series
            .iter()
            .find(|series| series.name == "class_sizes")
            .unwrap();
        let plot = plot(series, &[], Language::English).unwrap();
        let shown: u64 = plot
            .rows
            .iter()
            .map(|(_, count)| count.replace(',', "").parse::<u64>().unwrap())
            .sum();
        assert_eq!(shown as f64, series.y.iter().sum::<f64>());
    }
}
