//! `report.json`, schema `reidrisk/report/1`.

use crate::printable::printable_json;
use crate::report::Report;

pub fn json(report: &Report) -> String {
    let mut text = serde_json::to_string_pretty(report).expect("a report has no map but by name");
    text.push('\n');
    printable_json(&text).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::fixture;

    #[test]
    fn what_is_written_can_be_read() {
        let report = fixture::report();
        let text = json(&report);
        assert_eq!(serde_json::from_str::<Report>(&text).unwrap(), report);
        let value: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(value["schema"], "reidrisk/report/1");
        assert_eq!(
            value["findings"][0]["value"], 1,
            "a count has no decimal point"
        );
        assert!(
            value["findings"][0]["interval"].is_null(),
            "absent figures are there as null"
        );
    }
}
