//! The HTML report in a real browser: no error, no request, nothing in the way of anybody who reads it.
//!
//! Needs Chromium (`CHROMIUM` names it, else it is looked for in the path); says so where there is none.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;

use serde_json::Value;
use tempfile::TempDir;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

#[path = "../shared/figures.rs"]
mod figures;
mod german;

/// The reports of a sample that fails, and of one that passes, in one language.
struct Reports {
    folder: TempDir,
}

impl Reports {
    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name).join("report.html")
    }

    fn text(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap()
    }

    fn json(&self, name: &str) -> Value {
        let path = self.path(name).with_extension("json");
        serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
    }
}

const SAMPLES: [(&str, i32); 2] = [("naive", 1), ("coarsened", 0)];

fn reports() -> &'static Reports {
    static REPORTS: OnceLock<Reports> = OnceLock::new();
    REPORTS.get_or_init(|| audited("en"))
}

fn german_reports() -> &'static Reports {
    static REPORTS: OnceLock<Reports> = OnceLock::new();
    REPORTS.get_or_init(|| audited("de"))
}

fn audited(language: &str) -> Reports {
    let folder = tempfile::tempdir().unwrap();
    for (name, code) in SAMPLES {
        let run = assert_cmd::Command::cargo_bin("reidrisk")
            .unwrap()
            .current_dir(ROOT)
            .args(["audit", &format!("sample-data/{name}/release.toml")])
            .args(["--format", "html,json,markdown", "--lang", language])
            .args(["--progress", "never", "--out"])
            .arg(folder.path().join(name))
            .output()
            .unwrap();
        assert_eq!(run.status.code(), Some(code), "{name}");
    }
    Reports { folder }
}

/// The browser, or `None`, said aloud.
fn chromium() -> Option<PathBuf> {
    let named = std::env::var_os("CHROMIUM").map(PathBuf::from);
    let path = std::env::var_os("PATH").unwrap_or_default();
    let names = ["chromium", "chromium-browser", "google-chrome"];
    let mut places = std::env::split_paths(&path).flat_map(|at| names.map(|name| at.join(name)));
    let found = named.or_else(|| places.find(|place| place.is_file()));
    if found.is_none() {
        eprintln!("SKIPPED: Chromium is not on this machine (set CHROMIUM to its path)");
    }
    found
}

/// Opens a page with a profile of its own and as few habits of the browser's own as can be had.
fn open(browser: &Path, page: &Path, arguments: &[&str]) -> Output {
    let profile = tempfile::tempdir().unwrap();
    Command::new(browser)
        .args([
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--no-first-run",
        ])
        .args([
            "--disable-background-networking",
            "--disable-component-update",
        ])
        .args(["--enable-logging=stderr", "--v=0"])
        .arg(format!("--user-data-dir={}", profile.path().display()))
        .args(arguments)
        .arg(format!("file://{}", page.display()))
        .output()
        .unwrap()
}

/// What a page wrote to the console; the browser also reports there what the page's policy did not let through.
fn console(browser: &Path, page: &Path) -> Vec<String> {
    let output = open(browser, page, &["--dump-dom"]);
    let shown = String::from_utf8_lossy(&output.stdout);
    assert!(shown.contains("</html>"), "the page was opened");
    let log = String::from_utf8_lossy(&output.stderr);
    let lines = log.lines().filter(|line| line.contains("CONSOLE"));
    lines.map(str::to_owned).collect()
}

/// A page that would let anything through.
fn without_policy(page: &str) -> String {
    let start = page
        .find("<meta http-equiv=\"Content-Security-Policy\"")
        .unwrap();
    let end = start + page[start..].find('>').unwrap() + 1;
    format!("{}{}", &page[..start], &page[end..])
}

/// What the checks say of a copy of a page in a window of this width, in its light or its dark colours.
fn checked(browser: &Path, page: &str, width: u32, dark: bool) -> Value {
    let folder = tempfile::tempdir().unwrap();
    let script = format!("<script>{}</script></body>", include_str!("checks.js"));
    let open_to_scripts = without_policy(page).replace("</body>", &script);
    std::fs::write(folder.path().join("page.html"), open_to_scripts).unwrap();
    // A window is never as narrow as a telephone: a frame is.
    let frame = folder.path().join("frame.html");
    let around = format!(
        "<!doctype html><body><script>addEventListener('message', (said) => {{ \
         const result = document.createElement('pre'); result.id = 'result'; \
         result.textContent = said.data; document.body.replaceChildren(result); }});</script>\
         <iframe src=\"page.html\" width=\"{width}\" height=\"900\" style=\"border: 0\"></iframe>"
    );
    std::fs::write(&frame, around).unwrap();
    let scheme = format!("--blink-settings=preferredColorScheme={}", u8::from(!dark));
    let arguments = [
        "--dump-dom",
        "--virtual-time-budget=60000",
        "--window-size=1600,1000",
        &scheme,
    ];
    let output = open(browser, &frame, &arguments);
    let shown = String::from_utf8_lossy(&output.stdout).into_owned();
    let mark = "<pre id=\"result\">";
    let start = shown.find(mark).expect("the checks have run") + mark.len();
    let result = &shown[start..start + shown[start..].find("</pre>").unwrap()];
    let plain = result
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&amp;", "&");
    serde_json::from_str(&plain).unwrap()
}

#[test]
fn the_browser_has_nothing_to_complain_of() {
    let Some(browser) = chromium() else { return };
    for reports in [reports(), german_reports()] {
        for (name, _) in SAMPLES {
            let said = console(&browser, &reports.path(name));
            assert!(said.is_empty(), "{name}: {said:?}");
        }
    }
    // It would have said so: a picture from elsewhere, a script and a style of an element's own.
    for wrong in [
        "<img src=\"https://example.invalid/a.png\" alt=\"\">",
        "<script>1</script>",
        "<p style=\"color: red\">",
    ] {
        let folder = tempfile::tempdir().unwrap();
        let page = folder.path().join("page.html");
        let text = reports()
            .text("naive")
            .replace("<main>", &format!("<main>{wrong}"));
        std::fs::write(&page, text).unwrap();
        assert!(
            !console(&browser, &page).is_empty(),
            "{wrong} goes unnoticed"
        );
    }
}

#[test]
fn nothing_stands_in_the_way_of_a_reader() {
    let Some(browser) = chromium() else { return };
    let english = [(380, false), (820, true), (1280, false), (1280, true)];
    // German words are longer.
    let german = [(360, false), (768, true), (1280, false)];
    for (name, _) in SAMPLES {
        for (width, dark) in english {
            is_in_nobodys_way(&browser, reports(), name, width, dark);
        }
        for (width, dark) in german {
            is_in_nobodys_way(&browser, german_reports(), name, width, dark);
        }
    }
}

fn is_in_nobodys_way(browser: &Path, reports: &Reports, name: &str, width: u32, dark: bool) {
    let result = checked(browser, &reports.text(name), width, dark);
    let where_ = format!("{name}, {width} pixels, dark: {dark}");
    assert_eq!(result["faults"], serde_json::json!([]), "{where_}");
    assert_eq!(result["requests"], serde_json::json!([]), "{where_}");
    assert_eq!(
        (result["width"].as_u64(), result["dark"].as_bool()),
        (Some(u64::from(width)), Some(dark))
    );
    assert!(result["texts"].as_u64() > Some(1_000) && result["plots"].as_u64() > Some(5));
    assert!(result["tables"].as_u64() > Some(50), "{where_}");
}

#[test]
fn the_checks_find_what_they_look_for() {
    let Some(browser) = chromium() else { return };
    let page = reports().text("naive");
    for (from, to, rule) in [
        ("<html lang=\"en\">", "<html>", "language"),
        ("<h2 id=\"inference\"", "<h6 id=\"inference\"", "no level"),
        ("<h2 id=\"release\"", "<h2 id=\"changes\"", "unique"),
        ("<svg role=\"img\"", "<svg", "pictures"),
        (
            "<caption>",
            "<caption hidden></caption><caption>",
            "caption",
        ),
        ("<th scope=\"col\"", "<th", "scope"),
        (
            "class=\"scroll\" tabindex=\"0\"",
            "class=\"scroll\"",
            "focus",
        ),
        (
            "class=\"soft\"",
            "class=\"soft\" style=\"color: #aaa\"",
            "contrast",
        ),
        (
            "<header>",
            "<header><p style=\"width: 60rem\">wide</p>",
            "sideways",
        ),
    ] {
        assert!(page.contains(from), "{from}");
        let result = checked(&browser, &page.replacen(from, to, 1), 380, false);
        let faults = result["faults"].as_array().unwrap();
        let found = faults
            .iter()
            .any(|fault| fault.as_str().unwrap().contains(rule));
        assert!(found, "{rule} goes unnoticed: {faults:?}");
    }
    let asks = page.replace(
        "<main>",
        "<main><img src=\"http://127.0.0.1:9/a.png\" alt=\"\">",
    );
    let result = checked(&browser, &asks, 380, false);
    assert_eq!(result["requests"].as_array().unwrap().len(), 1);
}

/// What is closed on the screen is closed on paper, unless the address ends with `#everything`: then the page prints
/// the same sheets as one with all details opened by hand.
#[test]
fn what_is_printed() {
    let Some(browser) = chromium() else { return };
    let sheets = |text: &str, fragment: &str| {
        let folder = tempfile::tempdir().unwrap();
        let (page, pdf) = (
            folder.path().join("page.html"),
            folder.path().join("page.pdf"),
        );
        std::fs::write(&page, text).unwrap();
        let print = format!("--print-to-pdf={}", pdf.display());
        let address = PathBuf::from(format!("{}{fragment}", page.display()));
        open(&browser, &address, &["--no-pdf-header-footer", &print]);
        let bytes = std::fs::read(&pdf).unwrap();
        assert!(bytes.starts_with(b"%PDF"));
        let lines = bytes.split(|byte| *byte == b'\n');
        lines.filter(|line| line.ends_with(b"/Type /Page")).count()
    };
    let page = reports().text("coarsened");
    let (closed, all) = (sheets(&page, ""), sheets(&page, "#everything"));
    assert!(closed > 3 && 2 * closed < all, "{closed} and {all} sheets");
    assert_eq!(all, sheets(&page.replace("<details", "<details open"), ""));
}

/// The reports stay small, and tell every finding.
#[test]
fn reports_are_small_and_whole() {
    for (name, code) in SAMPLES {
        let (page, json) = (reports().text(name), reports().json(name));
        assert!(page.len() < 1_500_000, "{name}: {} bytes", page.len());
        let findings = json["findings"].as_array().unwrap().len();
        let full = page.split("<ul class=\"findings\">").skip(1);
        let full: usize = full
            .map(|list| list.split("</ul>").next().unwrap().matches("<li>").count())
            .sum();
        let figures = page.split(": the other figures</caption>").skip(1);
        let figures: usize = figures
            .map(|table| {
                table
                    .split("</table>")
                    .next()
                    .unwrap()
                    .matches("<tr><th scope=\"row\"")
                    .count()
            })
            .sum();
        assert_eq!(full + figures, findings, "{name}");
        assert!(findings > 1_000);
        assert_eq!(
            page.matches("What to change.").count(),
            if code == 1 { 3 } else { 0 }
        );
        let failing = json["policy"]["requirements"].as_array().unwrap();
        let failing = failing
            .iter()
            .filter(|line| line["outcome"] == "fail")
            .count();
        let changes = page.split("<ol class=\"changes\">").nth(1);
        let changes = changes.map_or(0, |list| {
            list.split("</ol>")
                .next()
                .unwrap()
                .matches("<li><h3>")
                .count()
        });
        assert_eq!(
            changes, failing,
            "{name}: each requirement that fails has its entry"
        );
    }
}
