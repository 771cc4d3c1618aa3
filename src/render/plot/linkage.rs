//! How right an adversary is who names only whom it is sure of; how long a chain of pseudonyms holds.

use plotters::prelude::*;

use super::{ACCENT, GRID, INK, LABEL, Plot, band, draw, number, with_interval};
use crate::finding::{Finding, Series};

/// Of a scenario the matcher that finds most persons at first try.
pub fn precision(series: &Series, findings: &[Finding]) -> Option<Plot> {
    let same =
        |name: &str, finding: &Finding| finding.parameters.get(name) == series.parameters.get(name);
    let of_scenario = findings.iter().filter(|finding| {
        finding.id() == "trace-linkage.top1"
            && finding.table == series.table
            && same("scenario", finding)
    });
    let top1 = |finding: &Finding| finding.value.map_or(0.0, |value| value.as_f64());
    let best = of_scenario.reduce(|best, next| match top1(next) > top1(best) {
        true => next,
        false => best,
    })?;
    if !same("matcher", best) {
        return None;
    }
    let text = |name: &str| series.parameters.get(name).map(ToString::to_string);
    let (scenario, matcher) = (text("scenario")?, text("matcher")?);
    let svg = curve(series, "persons the adversary names", &|x| {
        format!("{:.0} %", x * 100.0)
    })?;
    let rows = series
        .x
        .iter()
        .zip(&series.y)
        .enumerate()
        .skip(4)
        .step_by(5);
    let (few, all) = (series.y.get(4)?, series.y.last()?);
    Some(Plot {
        svg,
        title: format!("Precision against coverage, {scenario}: {}", series.table),
        caption: format!(
            "Scenario “{scenario}”, matcher {matcher}, the strongest: how many of the names are right when the \
             adversary names only those persons whose best match is farthest ahead of the runner-up, with the \
             95 % interval."
        ),
        alternative: format!(
            "Line chart of table {}: the share of right names falls from {} where a tenth is named to {} where \
             everybody is.",
            series.table,
            number::percent(*few),
            number::percent(*all)
        ),
        head: (
            "persons named".to_owned(),
            "right (95 % interval)".to_owned(),
        ),
        rows: rows
            .map(|(at, (x, y))| (number::percent(*x), with_interval(series, at, *y)))
            .collect(),
    })
}

pub fn survival(series: &Series) -> Option<Plot> {
    let text = |name: &str| series.parameters.get(name).map(ToString::to_string);
    let (every, matcher) = (text("rotation")?, text("matcher")?);
    let (first, last) = (series.y.first()?, series.y.last()?);
    let svg = curve(
        series,
        "changes of pseudonym",
        &|x| match x.fract() == 0.0 {
            true => format!("{x}"),
            false => String::new(),
        },
    )?;
    Some(Plot {
        svg,
        title: format!(
            "Chains of pseudonyms, new every {every}, by {matcher}: {}",
            series.table
        ),
        caption: format!(
            "New pseudonyms every {every}, matcher {matcher}: share of the chains in which a person is still \
             followed rightly after so many changes, with the 95 % interval."
        ),
        alternative: format!(
            "Line chart of table {}: the share of chains that hold falls from {} after one change to {} after \
             {}.",
            series.table,
            number::percent(*first),
            number::percent(*last),
            series.x.len()
        ),
        head: (
            "changes".to_owned(),
            "chains that hold (95 % interval)".to_owned(),
        ),
        rows: (series.x.iter().zip(&series.y).enumerate())
            .map(|(at, (x, y))| (format!("{x}"), with_interval(series, at, *y)))
            .collect(),
    })
}

/// Shares with their intervals.
fn curve(series: &Series, label: &str, name: &dyn Fn(f64) -> String) -> Option<String> {
    let (first, last) = (*series.x.first()?, *series.x.last()?);
    let margin = ((last - first) / 50.0).max(0.01);
    draw(|area| {
        let mut chart = ChartBuilder::on(area)
            .margin(12)
            .x_label_area_size(54)
            .y_label_area_size(82)
            .build_cartesian_2d(first - margin..last + margin, 0.0..1.0)?;
        chart
            .configure_mesh()
            .disable_x_mesh()
            .light_line_style(GRID.mix(0.0))
            .bold_line_style(GRID)
            .axis_style(INK)
            .label_style(LABEL.into_font().color(&INK))
            .x_label_formatter(&|x| name(*x))
            .y_label_formatter(&|y| format!("{:.0} %", y * 100.0))
            .x_desc(label)
            .y_desc(series.y_unit.as_str())
            .draw()?;
        chart.draw_series(std::iter::once(band(series)))?;
        let curve = series.x.iter().copied().zip(series.y.iter().copied());
        chart.draw_series(LineSeries::new(curve, ACCENT.stroke_width(2)))?;
        Ok(())
    })
}
