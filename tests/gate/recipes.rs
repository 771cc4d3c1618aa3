//! What ships for other people's CI: read as the services read it, its shell lines run against the program.

use std::path::Path;
use std::process::{Command, Output};

use saphyr::{LoadableYamlNode, Yaml};

use crate::{Place, ROOT, STRICT, reidrisk, says};

fn text(name: &str) -> String {
    std::fs::read_to_string(Path::new(ROOT).join(name)).unwrap()
}

fn string<'a>(of: &'a Yaml<'_>) -> &'a str {
    of.as_str().unwrap_or_else(|| panic!("no text: {of:?}"))
}

/// Runs a line of shell where the program is on the path.
fn shell(place: &Place, line: &str, arguments: &[&str], environment: &[(&str, &str)]) -> Output {
    let program = assert_cmd::cargo::cargo_bin("reidrisk");
    let path = std::env::var("PATH").unwrap();
    let path = format!("{}:{path}", program.parent().unwrap().display());
    let mut bash = Command::new("bash");
    bash.current_dir(place.folder.path())
        .env_clear()
        .env("PATH", path)
        .envs(environment.iter().copied())
        .args(["-eo", "pipefail", "-c", line, "bash"])
        .args(arguments);
    bash.output().unwrap()
}

#[test]
fn the_github_action_runs() {
    let source = text("action.yml");
    let action = &Yaml::load_from_str(&source).unwrap()[0];
    assert_eq!(string(&action["runs"]["using"]), "composite");
    let steps = action["runs"]["steps"].as_vec().unwrap();
    let place = Place::new(STRICT);
    std::fs::copy(place.path("gate.toml"), place.path("data/gate.toml")).unwrap();
    let given = [
        ("RELEASE", "data/release.toml"),
        ("POLICY", "gate.toml"),
        ("OUT", "out"),
        ("BASELINE", ""),
        ("BASELINE_SHA256", ""),
        ("GITHUB_OUTPUT", "output"),
        ("GITHUB_STEP_SUMMARY", "summary.md"),
    ];
    // What the action hands to the shell is what is handed here, and each comes from an input.
    for (name, value) in steps[1]["env"].as_mapping().unwrap() {
        assert!(given.iter().any(|(known, _)| *known == string(name)));
        let input = string(value)
            .trim_start_matches("${{ inputs.")
            .trim_end_matches(" }}");
        assert!(action["inputs"].as_mapping_get(input).is_some(), "{input}");
    }
    for step in &steps[..2] {
        assert_eq!(string(&step["shell"]), "bash");
    }
    assert!(
        shell(&place, string(&steps[0]["run"]), &[], &given)
            .status
            .success()
    );
    let run = string(&steps[1]["run"]);
    let output = shell(&place, run, &[], &given);
    assert_eq!(
        output.status.code(),
        Some(1),
        "{:?}",
        String::from_utf8(output.stderr)
    );
    assert!(place.read("summary.md").starts_with("## ❌ FAIL"));
    says(
        &place.read("output"),
        &["report=out/report.json sarif=out/report.sarif"],
    );
    for file in [
        "report.json",
        "report.sarif",
        "report.html",
        "report.md",
        "junit.xml",
    ] {
        assert!(place.path("out").join(file).is_file(), "{file}");
    }
    std::fs::rename(place.path("out/report.json"), place.path("base.json")).unwrap();
    let mut with_baseline = given;
    let digest = reidrisk::release::digest::of_file(&place.path("base.json")).unwrap();
    with_baseline[3] = ("BASELINE", "base.json");
    with_baseline[4] = ("BASELINE_SHA256", &digest);
    assert_eq!(
        shell(&place, run, &[], &with_baseline).status.code(),
        Some(0)
    );
}

#[test]
fn the_workflow_uses_the_action_as_it_is() {
    let (source, of_action) = (
        text(".github/workflows/release-gate.yml"),
        text("action.yml"),
    );
    let workflow = &Yaml::load_from_str(&source).unwrap()[0];
    let action = &Yaml::load_from_str(&of_action).unwrap()[0];
    let steps = workflow["jobs"]["audit"]["steps"].as_vec().unwrap();
    let audit = steps
        .iter()
        .find(|step| step.as_mapping_get("id").is_some())
        .unwrap();
    assert_eq!(string(&audit["uses"]), "./");
    for (name, _) in audit["with"].as_mapping().unwrap() {
        assert!(action["inputs"].as_mapping_get(string(name)).is_some());
    }
    let release = string(&audit["with"]["release"]);
    assert!(Path::new(ROOT).join(release).is_file());
}

#[test]
fn the_gitlab_template_runs() {
    let source = text(".gitlab-ci-template.yml");
    let template = &Yaml::load_from_str(&source).unwrap()[0];
    let variables = template["variables"].as_mapping().unwrap();
    assert_eq!(variables.len(), 3);
    let given = [
        ("REIDRISK_RELEASE", "data/release.toml"),
        ("REIDRISK_POLICY", "gate.toml"),
        ("REIDRISK_OUT", "out"),
    ];
    for (name, _) in variables {
        assert!(given.iter().any(|(known, _)| *known == string(name)));
    }
    let place = Place::new(STRICT);
    let job = &template["reidrisk"];
    for line in job["before_script"].as_vec().unwrap() {
        assert!(shell(&place, string(line), &[], &given).status.success());
    }
    let script = job["script"].as_vec().unwrap();
    assert_eq!(
        shell(&place, string(&script[0]), &[], &given).status.code(),
        Some(1)
    );
    let junit = string(&job["artifacts"]["reports"]["junit"]).replace("$REIDRISK_OUT", "out");
    assert!(place.path(&junit).is_file());
}

#[test]
fn the_pre_commit_hook_runs() {
    let source = text(".pre-commit-hooks.yaml");
    let hook = &Yaml::load_from_str(&source).unwrap()[0][0];
    assert_eq!(string(&hook["id"]), "reidrisk");
    let place = Place::new(STRICT);
    // pre-commit splits the entry as a shell does and adds its arguments and the files.
    let line = format!("{} \"$@\"", string(&hook["entry"]));
    let run = |arguments: &[&str]| shell(&place, &line, arguments, &[]).status.code();
    assert_eq!(
        run(&["--policy", "gate.toml", "data/release.toml"]),
        Some(1)
    );
    place.write("gate.toml", &STRICT.replace("min = 11", "min = 1"));
    assert_eq!(
        run(&[
            "--policy",
            "gate.toml",
            "data/release.toml",
            "data/release.toml"
        ]),
        Some(0)
    );
    assert_eq!(run(&["data/release.toml"]), Some(1), "strict");
    assert_eq!(run(&["data/none.toml"]), Some(2));
}

#[test]
fn the_image_is_made_of_what_is_there() {
    let source = text("Dockerfile");
    let copies = source.lines().filter_map(|line| line.strip_prefix("COPY "));
    let inside = copies.filter(|line| !line.starts_with("--from"));
    let mut seen = 0;
    for line in inside {
        let words: Vec<&str> = line.split(' ').collect();
        for word in &words[..words.len() - 1] {
            assert!(Path::new(ROOT).join(word).exists(), "{word}");
            seen += 1;
        }
    }
    assert!(seen >= 6);
}

#[test]
fn completions_name_every_command() {
    for name in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let ran = reidrisk(&["completions", name]);
        assert_eq!(ran.code, 0);
        for command in [
            "audit", "explain", "verify", "diff", "attest", "schema", "man",
        ] {
            assert!(ran.out.contains(command), "{name}: {command}");
        }
        assert!(ran.out.contains("explain-verdict"), "{name}");
    }
    let place = Place::new(STRICT);
    place.write("complete.sh", &reidrisk(&["completions", "bash"]).out);
    let line = "source complete.sh; COMP_WORDS=(reidrisk ver); COMP_CWORD=1; _reidrisk reidrisk ver reidrisk; \
                echo \"${COMPREPLY[*]}\"";
    let output = shell(&place, line, &[], &[]);
    assert_eq!(String::from_utf8(output.stdout).unwrap().trim(), "verify");
    assert_eq!(reidrisk(&["completions", "tcsh"]).code, 2);
}

#[test]
fn every_command_has_a_manual_page() {
    let folder = tempfile::tempdir().unwrap();
    let ran = reidrisk(&["man", folder.path().to_str().unwrap()]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    for page in [
        "reidrisk",
        "reidrisk-audit",
        "reidrisk-verify",
        "reidrisk-diff",
        "reidrisk-schema",
    ] {
        let text = std::fs::read_to_string(folder.path().join(format!("{page}.1"))).unwrap();
        assert!(text.contains(".SH SYNOPSIS"), "{page}");
    }
    let first = reidrisk(&["man"]);
    assert!(first.out.contains(".SH NAME"));
    let nowhere = folder.path().join("no/such");
    assert_eq!(reidrisk(&["man", nowhere.to_str().unwrap()]).code, 3);
}
