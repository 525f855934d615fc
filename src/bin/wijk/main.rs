//! The command `wijk`: reads arguments, calls the pipeline, shows what came out, and exits with 0 (clean), 1
//! (findings of level fout) or 2 (could not run). The only place that prints or exits.
#![allow(
    rustdoc::invalid_html_tags,
    reason = "the comments of arguments are the help text, in which <naam> is a name"
)]
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "the binary is where printing belongs")]

mod args;
mod edition;
mod editions;
mod files;
mod findings;
mod progress;
mod renewal;
mod run;
mod show;
mod usage;
mod versions;
mod window;

use std::io::Write as _;
use std::process::ExitCode;

use wijkanalyse::error::{Error, Result};

/// How a run ended, as the operating system sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Exit {
    /// Everything went well.
    Clean = 0,
    /// The workbook has findings of level fout.
    Findings = 1,
    /// The work could not be done.
    Failed = 2,
}

fn main() -> ExitCode {
    // The library turns a panic of the spreadsheet reader into an error; that is then told in Dutch, once.
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if !panic.location().is_some_and(|place| place.file().contains("calamine")) {
            usual(panic);
        }
    }));
    let cli = match args::parse() {
        Ok(cli) => cli,
        Err(error) => return usage_error(&error),
    };
    let json = cli.common.json;
    let exit = match cli.command {
        None => print(
            "wijk vult en controleert het analyse-werkboek en maakt de Word-documenten.\n\n\
                 Drie opdrachten om mee te beginnen:\n  \
                 wijk demo                                     een voorbeeld met echte cijfers\n  \
                 wijk alles WERKBOEK --wijk NAAM --map UIT     alles in één keer\n  \
                 wijk --help                                   alle opdrachten",
        )
        .map(|()| Exit::Failed),
        Some(command) => run::run(&cli.common, &command),
    }
    .unwrap_or_else(|error| failed(&error, json));
    ExitCode::from(exit as u8)
}

/// Says why the work could not be done: to people, and with `--json` also to the program that reads the output.
fn failed(error: &Error, json: bool) -> Exit {
    let red = anstyle::Style::new().bold().fg_color(Some(anstyle::AnsiColor::Red.into()));
    let said = format!("{red}niet gelukt{red:#}: {error}");
    complain(&window::fitted(&said, window::width_of_errors()));
    if json {
        // When not even this can be printed, the sentence above and the exit code remain.
        let _ = print(&format!("{:#}", serde_json::json!({ "error": error })));
    }
    Exit::Failed
}

/// Prints text on the output for errors. When even that cannot be written, the exit code remains; `eprintln!` would panic.
fn complain(text: &str) {
    let _ = writeln!(anstream::stderr().lock(), "{text}");
}

/// Prints text on standard output. Whoever reads it may stop halfway (`wijk wijken | head`): that is no mistake.
///
/// `println!` would panic when the output goes to a full disk.
fn print(text: &str) -> Result<()> {
    let mut out = anstream::stdout().lock();
    match writeln!(out, "{text}").and_then(|()| out.flush()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(Error::file(std::path::Path::new("uitvoer"), "De uitkomst tonen of opslaan lukt niet", error))
        }
        _ => Ok(()),
    }
}

/// Help and version go to standard output and are no mistake; anything else is said in Dutch.
fn usage_error(error: &clap::Error) -> ExitCode {
    use clap::error::ErrorKind;
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            let printed = print(&window::fitted(&help(error), window::width()))
                .map_or_else(|error| failed(&error, false), |()| Exit::Clean);
            ExitCode::from(printed as u8)
        }
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            complain(&window::fitted(&help(error), window::width_of_errors()));
            ExitCode::from(Exit::Failed as u8)
        }
        _ => {
            let sentence = usage::sentence(error);
            complain(&window::fitted(&sentence, window::width_of_errors()));
            // The arguments could not be read, so whether json was asked for is seen from the words themselves.
            if std::env::args_os().any(|word| word == "--json") {
                let _ = print(&format!(
                    "{:#}",
                    serde_json::json!({ "error": { "kind": "usage", "message": sentence } })
                ));
            }
            ExitCode::from(Exit::Failed as u8)
        }
    }
}

/// clap's help with the last English words in it replaced.
fn help(error: &clap::Error) -> String {
    let text = error.render().ansi().to_string();
    text.replace("[OPTIONS]", "[OPTIES]").replace("[aliases:", "[alias:").trim_end().to_owned()
}
