use std::process::ExitCode;

fn main() -> ExitCode {
    reidrisk::cli::main()
}
