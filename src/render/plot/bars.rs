//! Named amounts as lying bars: columns by what they contribute, counts by how safely they are suppressed, draws by
//! how many candidates are left.

use plotters::prelude::*;

use super::{ACCENT, GRID, INK, LABEL, Plot, RISK, draw, number, of_precision};
use crate::finding::{Finding, Series, Unit};
use crate::language::Language;
use crate::say;

/// One bar: its name, its amount, and whether it is a risk.
struct Bar {
    name: String,
    amount: f64,
    risky: bool,
}

/// The quasi-identifiers by how much each contributes to singling persons out.
pub fn ranking(findings: &[&Finding], language: Language) -> Option<Plot> {
    let of = findings.iter().filter(|f| f.statistic == "contribution");
    let mut bars: Vec<Bar> = of
        .filter_map(|finding| {
            Some(Bar {
                name: finding.columns.join(", "),
                amount: finding.value?.as_f64(),
                risky: false,
            })
        })
        .collect();
    bars.sort_by(|a, b| b.amount.total_cmp(&a.amount));
    // Where no column contributes anything there is nothing to rank.
    let most = bars.first().filter(|most| most.amount > 0.0)?;
    let finding = findings.first()?;
    let (alternative, most) = (
        say!(
            language,
            "Bar chart of table {}: `{}` contributes most, {}.",
            "Balkendiagramm zur Tabelle {}: `{}` trägt am meisten bei, {}.",
            finding.table,
            most.name,
            number::percent(most.amount, language)
        ),
        most.name.clone(),
    );
    let what = match finding.measure.as_str() {
        "suda" => language.pick(
            "of the scores of unusual records",
            "an den Punktwerten ungewöhnlicher Datensätze",
        ),
        _ => language.pick(
            "of what singles persons out",
            "an dem, was Personen herausgreift",
        ),
    };
    Some(Plot {
        svg: shares(&bars, language.pick("contribution", "Beitrag"), language)?,
        title: say!(
            language,
            "Ranking of columns, share {what}: {}",
            "Rangfolge der Spalten, Anteil {what}: {}",
            finding.table
        ),
        caption: say!(
            language,
            "How much each column contributes, as a share {what}; the shares overlap, because it takes several columns to \
             single somebody out. To coarsen or drop {most} changes most.",
            "Wie viel jede Spalte beiträgt, als Anteil {what}; die Anteile überschneiden sich, weil es mehrere Spalten \
             braucht, um jemanden herauszugreifen. {most} zu vergröbern oder wegzulassen ändert am meisten."
        ),
        alternative,
        head: (
            language.pick("column", "Spalte").to_owned(),
            language.pick("contribution", "Beitrag").to_owned(),
        ),
        rows: rows(&bars, |share| number::percent(share, language)),
    })
}

/// Of the counts that are not published: how many the rest gives away, and how many are known too closely.
pub fn suppression(findings: &[&Finding], language: Language) -> Option<Plot> {
    let is_insider = |f: &&&Finding| {
        let adversary = f.parameters.get("adversary");
        adversary.is_some_and(|adversary| adversary.to_string() == "insider")
    };
    let findings: Vec<&&Finding> = findings.iter().filter(|f| !is_insider(f)).collect();
    let of = |statistic: &'static str| findings.iter().filter(move |f| f.statistic == statistic);
    let all =
        of("suppressed").find(|f| f.measure == "suppression-audit" && f.unit == Unit::Cells)?;
    let total = all.value?.as_f64();
    if total == 0.0 {
        return None;
    }
    let mut bars = vec![Bar {
        name: language.pick("suppressed", "unterdrückt").to_owned(),
        amount: total,
        risky: false,
    }];
    let amount = |finding: &Finding| Some(finding.value?.as_f64());
    for finding in of("exactly_recoverable") {
        bars.push(Bar {
            name: language
                .pick("given away exactly", "genau preisgegeben")
                .to_owned(),
            amount: amount(finding)?,
            risky: true,
        });
    }
    for finding in of("within_protection") {
        bars.push(Bar {
            name: say!(
                language,
                "known to within {}",
                "bekannt auf {} genau",
                finding.parameters.get("protection")?.in_language(language)
            ),
            amount: amount(finding)?,
            risky: true,
        });
    }
    let worst = bars[1..].iter().map(|bar| bar.amount).fold(0.0, f64::max);
    let grouped = |amount: f64| language.grouped(amount as u64);
    Some(Plot {
        svg: lying(&bars, total, language.pick("counts", "Zählwerte"), &grouped)?,
        title: say!(
            language,
            "Suppressed counts and what gives them away: {}",
            "Unterdrückte Zählwerte, und was sie preisgibt: {}",
            all.table
        ),
        caption: say!(
            language,
            "Of {} counts that are not published, how many their sums give away exactly or tell too closely (the red bars).",
            "Wie viele von {} nicht veröffentlichten Zählwerten ihre Summen genau preisgeben oder zu genau verraten (die \
             roten Balken).",
            grouped(total)
        ),
        alternative: say!(
            language,
            "Bar chart of table {}: of {} suppressed counts up to {} are known exactly or too closely.",
            "Balkendiagramm zur Tabelle {}: von {} unterdrückten Zählwerten sind bis zu {} genau oder zu genau bekannt.",
            all.table,
            grouped(total),
            grouped(worst)
        ),
        head: (
            language.pick("counts", "Zählwerte").to_owned(),
            language.pick("how many", "wie viele").to_owned(),
        ),
        rows: rows(&bars, grouped),
    })
}

/// Among how many persons the adversary must choose, of the number of points that the policy asks about; of four where
/// it asks about none.
pub fn candidates(series: &Series, findings: &[Finding], language: Language) -> Option<Plot> {
    let points = series.parameters.get("points")?;
    let asked = findings
        .iter()
        .filter(|f| f.id() == "unicity.share_unique" && f.table == series.table)
        .filter(|f| f.requirement.is_some())
        .find_map(|f| f.parameters.get("points"));
    let is_shown = match asked {
        Some(asked) => asked.matches(points),
        None => points.to_string() == "4",
    };
    let draws: f64 = series.y.iter().sum();
    if !is_shown || draws == 0.0 || series.parameters.contains_key("noise") {
        return None;
    }
    let mut least = 1;
    let mut bars = Vec::new();
    for (end, count) in series.x.iter().zip(&series.y) {
        let most = match end.is_finite() && *end < 1e15 {
            true => *end as u64,
            false => u64::MAX,
        };
        bars.push(Bar {
            name: match most {
                u64::MAX => format!("> {}", language.grouped(least - 1)),
                _ if most <= least => language.grouped(most),
                _ => format!("{}–{}", language.grouped(least), language.grouped(most)),
            },
            amount: count / draws,
            risky: most == 1,
        });
        least = most.saturating_add(1);
    }
    // One bar says no more than its caption.
    let alone = bars.first().filter(|_| bars.len() > 1)?.amount;
    Some(Plot {
        svg: shares(
            &bars,
            language.pick("share of draws", "Anteil der Ziehungen"),
            language,
        )?,
        title: say!(
            language,
            "Candidates that {points} points leave: {}",
            "Kandidaten, die {points} Punkte übrig lassen: {}",
            of_precision(series, language)
        ),
        caption: say!(
            language,
            "Among how many persons an adversary who knows {points} random points must still choose. The red bar is \
             certainty: one person fits.",
            "Unter wie vielen Personen ein Angreifer, der {points} zufällige Punkte kennt, noch wählen muss. Der rote \
             Balken ist Gewissheit: eine Person passt."
        ),
        alternative: say!(
            language,
            "Bar chart of table {}: {points} points leave one candidate in {} of the draws.",
            "Balkendiagramm zur Tabelle {}: {points} Punkte lassen bei {} der Ziehungen einen Kandidaten übrig.",
            series.table,
            number::percent(alone, language)
        ),
        head: (
            language
                .pick("persons who fit", "passende Personen")
                .to_owned(),
            language
                .pick("share of draws", "Anteil der Ziehungen")
                .to_owned(),
        ),
        rows: rows(&bars, |share| number::percent(share, language)),
    })
}

/// How much of a count the greatest contributor makes up.
pub fn largest_shares(series: &Series, language: Language) -> Option<Plot> {
    let cells: f64 = series.y.iter().sum();
    if cells == 0.0 {
        return None;
    }
    let starts = std::iter::once(0.0).chain(series.x.iter().copied());
    let bars: Vec<Bar> = starts
        .zip(series.x.iter().zip(&series.y))
        .map(|(start, (end, count))| Bar {
            name: format!("{:.0}–{}", start * 100.0, language.percent(end * 100.0, 0)),
            amount: count / cells,
            risky: *end > 0.75,
        })
        .collect();
    let most: f64 = bars.iter().filter(|bar| bar.risky).map(|b| b.amount).sum();
    Some(Plot {
        svg: shares(
            &bars,
            language.pick("share of the counts", "Anteil der Zählwerte"),
            language,
        )?,
        title: say!(
            language,
            "What the greatest contributor makes up: {}",
            "Was der größte Beteiligte ausmacht: {}",
            series.table
        ),
        caption: say!(
            language,
            "Share of the counts by how much of them their greatest contributor makes up; in {} it is more than 70 % (the \
             red bars).",
            "Anteil der Zählwerte nach dem, was ihr größter Beteiligter daran ausmacht; bei {} ist es mehr als 70\u{202f}% \
             (die roten Balken).",
            number::percent(most, language)
        ),
        alternative: say!(
            language,
            "Bar chart of table {}: in {} of the counts one contributor makes up more than 70 %.",
            "Balkendiagramm zur Tabelle {}: bei {} der Zählwerte macht ein Beteiligter mehr als 70\u{202f}% aus.",
            series.table,
            number::percent(most, language)
        ),
        head: (
            language
                .pick("greatest contributor", "größter Beteiligter")
                .to_owned(),
            language
                .pick("share of the counts", "Anteil der Zählwerte")
                .to_owned(),
        ),
        rows: rows(&bars, |share| number::percent(share, language)),
    })
}

fn rows(bars: &[Bar], told: impl Fn(f64) -> String) -> Vec<(String, String)> {
    let row = |bar: &Bar| (bar.name.clone(), told(bar.amount));
    bars.iter().map(row).collect()
}

fn shares(bars: &[Bar], what: &str, language: Language) -> Option<String> {
    lying(bars, 1.0, what, &|share| number::percent(share, language))
}

/// The first on top, each with its amount beside it.
fn lying(bars: &[Bar], most: f64, what: &str, told: &dyn Fn(f64) -> String) -> Option<String> {
    let count = bars.len();
    // The first is on top, and a name stands in the middle of its bar; longer ones are told in full in the table.
    let name = |at: f64| {
        let is_middle = (at.fract() - 0.5).abs() < 1e-6 && at < count as f64;
        let bar = bars.iter().rev().nth(at as usize).filter(|_| is_middle);
        let name = bar.map_or("", |bar| bar.name.as_str());
        match name.chars().count() {
            ..=20 => name.to_owned(),
            _ => name.chars().take(19).chain(['…']).collect(),
        }
    };
    draw(|area| {
        let mut chart = ChartBuilder::on(area)
            .margin(8)
            .x_label_area_size(54)
            .y_label_area_size(160)
            .build_cartesian_2d(0.0..most * 1.12, 0.0..count as f64)?;
        chart
            .configure_mesh()
            .disable_y_mesh()
            .light_line_style(GRID.mix(0.0))
            .bold_line_style(GRID)
            .axis_style(INK)
            .label_style(LABEL.into_font().color(&INK))
            .x_labels(6)
            .y_labels(2 * count + 1)
            .x_label_formatter(&|x| match *x <= most * 1.001 {
                true => told(*x),
                false => String::new(),
            })
            .y_label_formatter(&|at| name(*at))
            .x_desc(what)
            .draw()?;
        for (at, bar) in bars.iter().rev().enumerate() {
            let (low, high) = (at as f64, at as f64 + 1.0);
            let colour = if bar.risky { RISK } else { ACCENT };
            let corners = [(0.0, low), (bar.amount, high)];
            let mut body = Rectangle::new(corners, colour.filled());
            body.set_margin(3, 3, 0, 0);
            chart.draw_series([body])?;
            use plotters::style::text_anchor::{HPos, Pos, VPos};
            let style = LABEL.into_font().color(&INK);
            let style = style.pos(Pos::new(HPos::Left, VPos::Center));
            let beside = (bar.amount + most * 0.01, low + 0.5);
            chart.draw_series([Text::new(told(bar.amount), beside, style)])?;
        }
        Ok(())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Criterion;

    fn finding(measure: &str, statistic: &str, unit: Unit) -> Finding {
        let mut finding = Finding::new(measure, statistic, Criterion::SinglingOut, unit);
        finding.table = "flows".to_owned();
        finding
    }

    #[test]
    fn columns_are_ranked() {
        let of = |column: &str, share: f64| {
            finding("suda", "contribution", Unit::Share)
                .columns(&[column.to_owned()])
                .value(share)
        };
        let known = [of("age", 0.2), of("postcode", 0.7)];
        let plot = ranking(&known.iter().collect::<Vec<_>>(), Language::English).unwrap();
        assert_eq!(plot.rows[0], ("postcode".to_owned(), "70.0 %".to_owned()));
        assert!(plot.svg.contains("postcode") && plot.caption.contains("drop postcode"));
        let nothing = [of("age", 0.0)];
        assert!(ranking(&nothing.iter().collect::<Vec<_>>(), Language::English).is_none());
    }

    #[test]
    fn what_gives_suppressed_counts_away() {
        let of = |statistic, count| {
            let found = finding("suppression-audit", statistic, Unit::Cells);
            found.count(count, Some(40))
        };
        let known = [
            of("suppressed", 40),
            of("exactly_recoverable", 3),
            of("within_protection", 9).parameter("protection", 2),
        ];
        let plot = suppression(&known.iter().collect::<Vec<_>>(), Language::English).unwrap();
        let last = plot.rows.last().unwrap();
        assert_eq!(*last, ("known to within 2".to_owned(), "9".to_owned()));
        assert!(plot.alternative.contains("of 40 suppressed counts up to 9"));
        let none = [of("suppressed", 0)];
        assert!(suppression(&none.iter().collect::<Vec<_>>(), Language::English).is_none());
    }

    #[test]
    fn candidates_are_those_of_the_points_that_are_asked_about() {
        let series = |points: u64| Series {
            measure: "unicity".to_owned(),
            name: "candidate_sizes".to_owned(),
            table: "movements".to_owned(),
            columns: Vec::new(),
            parameters: [("points".to_owned(), points.into())].into(),
            x: vec![1.0, 2.0, 5.0, 10.0],
            y: vec![50.0, 25.0, 25.0, 0.0],
            y_low: Vec::new(),
            y_high: Vec::new(),
            x_unit: String::new(),
            y_unit: String::new(),
        };
        let plot = candidates(&series(4), &[], Language::English).unwrap();
        let names: Vec<&str> = plot.rows.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["1", "2", "3–5", "6–10"]);
        assert_eq!(plot.rows[0].1, "50.0 %");
        assert!(candidates(&series(3), &[], Language::English).is_none());
    }
}
