//! `reidrisk completions`.

use clap_complete::Shell;

/// What a shell needs to complete `command`.
pub fn completions(shell: Shell, mut command: clap::Command) -> String {
    let mut text = Vec::new();
    clap_complete::generate(shell, &mut command, "reidrisk", &mut text);
    String::from_utf8_lossy(&text).into_owned()
}
