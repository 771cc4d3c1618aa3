//! How well an adversary tells who is in the counts, by how many are.

use plotters::prelude::*;

use super::{ACCENT, GRID, INK, LABEL, Plot, RISK, draw, number, with_interval};
use crate::finding::{Finding, Series};
use crate::language::Language;
use crate::say;

/// Of a table the attack with the greatest advantage in the largest groups.
pub fn advantage(series: &Series, findings: &[Finding], language: Language) -> Option<Plot> {
    let of_table = |id: &'static str| {
        let mut findings = findings.iter();
        findings.find(move |finding| finding.id() == id && finding.table == series.table)
    };
    let strongest = of_table("membership-inference.advantage_at_table")?;
    let attack = series.parameters.get("attack")?;
    if strongest.parameters.get("attack") != Some(attack) {
        return None;
    }
    let (first, last) = (*series.x.first()?, *series.x.last()?);
    let bound = of_table("membership-inference.advantage_bound").and_then(|bound| bound.value);
    let bound = bound.map(|bound| bound.as_f64());
    let asked = strongest.requirement.and_then(|asked| asked.max);
    let within = |share: f64| share.clamp(0.0, 1.0);
    let svg = draw(|area| {
        let ends = [first * 0.9, last * 1.1];
        let mut chart = ChartBuilder::on(area)
            .margin(12)
            .x_label_area_size(54)
            .y_label_area_size(82)
            .build_cartesian_2d((ends[0]..ends[1]).log_scale(), 0.0..1.0)?;
        chart
            .configure_mesh()
            .disable_x_mesh()
            .light_line_style(GRID.mix(0.0))
            .bold_line_style(GRID)
            .axis_style(INK)
            .label_style(LABEL.into_font().color(&INK))
            .x_label_formatter(&|x| language.grouped(*x as u64))
            .y_label_formatter(&|y| language.percent(y * 100.0, 0))
            .x_desc(language.pick("persons counted", "gezählte Personen"))
            .y_desc(language.pick("advantage over guessing", "Vorteil gegenüber dem Raten"))
            .draw()?;
        let points = || series.x.iter().copied();
        let upper = points().zip(series.y_high.iter().map(|y| within(*y)));
        let lower = points().zip(series.y_low.iter().map(|y| within(*y))).rev();
        let band = upper.chain(lower).collect::<Vec<_>>();
        chart.draw_series(std::iter::once(Polygon::new(band, ACCENT.mix(0.25))))?;
        let curve = || points().zip(series.y.iter().map(|y| within(*y)));
        chart.draw_series(LineSeries::new(curve(), ACCENT.stroke_width(2)))?;
        chart.draw_series(curve().map(|at| Circle::new(at, 4, ACCENT.filled())))?;
        if let Some(bound) = bound {
            let line = ends.map(|x| (x, within(bound)));
            chart.draw_series(DashedLineSeries::new(line, 6, 4, INK.into()))?;
        }
        if let Some(asked) = asked {
            let bar = [(last * 0.9, within(asked)), (ends[1], within(asked))];
            chart.draw_series(LineSeries::new(bar, RISK.stroke_width(3)))?;
        }
        Ok(())
    })?;
    let mut caption = say!(
        language,
        "How much more often {attack}, the strongest attack, recognises those who were counted than it takes others for \
         them, by how many were counted, with the 95 % interval.",
        "Um wie viel öfter {attack}, der stärkste Angriff, die Gezählten erkennt, als er andere für Gezählte hält, je \
         nachdem, wie viele gezählt wurden, mit Konfidenzintervall zu 95\u{202f}%."
    );
    if bound.is_some() {
        caption.push_str(language.pick(
            " Dashed: the most that differential privacy as stated allows.",
            " Gestrichelt: das Höchste, was die angegebene Differential Privacy zulässt.",
        ));
    }
    if asked.is_some() {
        caption.push_str(language.pick(
            " The red bar is the most that the policy allows.",
            " Der rote Strich ist das Höchste, was die Richtlinie zulässt.",
        ));
    }
    Some(Plot {
        title: say!(
            language,
            "Membership by persons counted: {}",
            "Zugehörigkeit nach gezählten Personen: {}",
            series.table
        ),
        svg,
        caption,
        alternative: say!(
            language,
            "Line chart of table {}: the advantage is {} in groups of {} persons and {} in groups of {}.",
            "Liniendiagramm zur Tabelle {}: der Vorteil beträgt {} in Gruppen von {} Personen und {} in Gruppen von {}.",
            series.table,
            number::percent(*series.y.first()?, language),
            language.grouped(first as u64),
            number::percent(*series.y.last()?, language),
            language.grouped(last as u64)
        ),
        head: (
            language
                .pick("persons counted", "gezählte Personen")
                .to_owned(),
            language
                .pick(
                    "advantage (95 % interval)",
                    "Vorteil (Konfidenzintervall zu 95\u{202f}%)",
                )
                .to_owned(),
        ),
        rows: (series.x.iter().zip(&series.y).enumerate())
            .map(|(at, (x, y))| {
                (
                    language.grouped(*x as u64),
                    with_interval(series, at, *y, language),
                )
            })
            .collect(),
    })
}
