//! How right an adversary is who names only whom it is sure of; how long a chain of pseudonyms holds.

use plotters::prelude::*;

use super::{ACCENT, GRID, INK, LABEL, Plot, band, draw, number, with_interval};
use crate::finding::{Finding, Series};
use crate::language::Language;
use crate::say;

/// Of a scenario the matcher that finds most persons at first try.
pub fn precision(series: &Series, findings: &[Finding], language: Language) -> Option<Plot> {
    let same =
        |name: &str, finding: &Finding| finding.parameters.get(name) == series.parameters.get(name);
    let of_scenario = findings.iter().filter(|finding| {
        finding.id() == "trace-linkage.top1"
            && finding.table == series.table
            && same("scenario", finding)
            && same("gallery", finding)
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
    let labels = language.pick(
        ["persons the adversary names", "precision"],
        ["Personen, die der Angreifer benennt", "Genauigkeit"],
    );
    let svg = curve(series, labels, language, &|x| {
        language.percent(x * 100.0, 0)
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
        title: say!(
            language,
            "Precision against coverage, {scenario}: {}",
            "Genauigkeit nach Abdeckung, {scenario}: {}",
            series.table
        ),
        caption: say!(
            language,
            "Scenario “{scenario}”, matcher {matcher}, the strongest: how many of the names are right when the \
             adversary names only those persons whose best match is farthest ahead of the runner-up, with the \
             95 % interval.",
            "Szenario „{scenario}“, Abgleichverfahren {matcher}, das stärkste: wie viele der Benennungen stimmen, wenn \
             der Angreifer nur die Personen benennt, deren beste Zuordnung der zweitbesten am weitesten voraus ist, mit \
             Konfidenzintervall zu 95\u{202f}%."
        ),
        alternative: say!(
            language,
            "Line chart of table {}: the share of right names falls from {} where a tenth is named to {} where \
             everybody is.",
            "Liniendiagramm zur Tabelle {}: der Anteil richtiger Benennungen fällt von {}, wenn ein Zehntel benannt wird, \
             auf {}, wenn alle benannt werden.",
            series.table,
            number::percent(*few, language),
            number::percent(*all, language)
        ),
        head: (
            language
                .pick("persons named", "benannte Personen")
                .to_owned(),
            language
                .pick(
                    "right (95 % interval)",
                    "richtig (Konfidenzintervall zu 95\u{202f}%)",
                )
                .to_owned(),
        ),
        rows: rows
            .map(|(at, (x, y))| {
                (
                    number::percent(*x, language),
                    with_interval(series, at, *y, language),
                )
            })
            .collect(),
    })
}

pub fn survival(series: &Series, language: Language) -> Option<Plot> {
    let text = |name: &str| series.parameters.get(name).map(ToString::to_string);
    let (every, matcher) = (text("rotation")?, text("matcher")?);
    let (first, last) = (series.y.first()?, series.y.last()?);
    let svg = curve(
        series,
        language.pick(
            ["changes of pseudonym", "share of chains"],
            ["Pseudonymwechsel", "Anteil der Ketten"],
        ),
        language,
        &|x| match x.fract() == 0.0 {
            true => format!("{x}"),
            false => String::new(),
        },
    )?;
    Some(Plot {
        svg,
        title: say!(
            language,
            "Chains of pseudonyms, new every {every}, by {matcher}: {}",
            "Ketten von Pseudonymen, neu alle {every}, nach {matcher}: {}",
            series.table
        ),
        caption: say!(
            language,
            "New pseudonyms every {every}, matcher {matcher}: share of the chains in which a person is still \
             followed rightly after so many changes, with the 95 % interval.",
            "Neue Pseudonyme alle {every}, Abgleichverfahren {matcher}: Anteil der Ketten, in denen eine Person nach so \
             vielen Wechseln noch richtig verfolgt wird, mit Konfidenzintervall zu 95\u{202f}%."
        ),
        alternative: say!(
            language,
            "Line chart of table {}: the share of chains that hold falls from {} after one change to {} after {}.",
            "Liniendiagramm zur Tabelle {}: der Anteil der Ketten, die halten, fällt von {} nach einem Wechsel auf {} nach \
             {}.",
            series.table,
            number::percent(*first, language),
            number::percent(*last, language),
            series.x.len()
        ),
        head: (
            language.pick("changes", "Wechsel").to_owned(),
            language
                .pick(
                    "chains that hold (95 % interval)",
                    "Ketten, die halten (Konfidenzintervall zu 95\u{202f}%)",
                )
                .to_owned(),
        ),
        rows: (series.x.iter().zip(&series.y).enumerate())
            .map(|(at, (x, y))| (format!("{x}"), with_interval(series, at, *y, language)))
            .collect(),
    })
}

/// Shares with their intervals.
fn curve(
    series: &Series,
    [across, up]: [&str; 2],
    language: Language,
    name: &dyn Fn(f64) -> String,
) -> Option<String> {
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
            .y_label_formatter(&|y| language.percent(y * 100.0, 0))
            .x_desc(across)
            .y_desc(up)
            .draw()?;
        chart.draw_series(std::iter::once(band(series)))?;
        let curve = series.x.iter().copied().zip(series.y.iter().copied());
        chart.draw_series(LineSeries::new(curve, ACCENT.stroke_width(2)))?;
        Ok(())
    })
}
