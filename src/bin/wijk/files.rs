//! Which files a command reads and which it writes: what is read is never written over.
//!
//! Owns the lists. Whether two names are one file is the pipeline's business, and so are the cases with an advice of their own
//! (a workbook that is filled in place, a document that is renewed in place).

use std::path::PathBuf;

use crate::args::{Command, Common, FormatCommand, OverviewCommand};

/// The files that a command reads, and those that it writes.
#[derive(Default)]
pub(crate) struct Files {
    pub(crate) read: Vec<PathBuf>,
    pub(crate) written: Vec<PathBuf>,
}

impl Files {
    /// The files of a command.
    pub(crate) fn of(common: &Common, command: &Command) -> Self {
        let mut files = Files::default();
        match command {
            Command::Vul(args) => files
                .reads([&args.fill.overzicht, &args.fill.edition].into_iter().flatten())
                .writes([&args.output, &args.ledger].into_iter().flatten()),
            Command::Controleer(args) => files
                .reads(args.workbooks.iter().chain(&args.overzicht))
                .writes([&args.table, &args.html].into_iter().flatten()),
            Command::Rapport(args) | Command::Plan(args) => {
                let given = [&args.workbook, &args.house_style, &args.template, &args.about.overzicht];
                files.reads(given.into_iter().flatten()).writes(&args.output)
            }
            Command::Gesprekskaart(args) => {
                let given = [&args.house_style, &args.about.overzicht].into_iter().flatten();
                files.reads(given.chain([&args.workbook])).writes([&args.output])
            }
            Command::Format(FormatCommand::Bouw(args)) => files.reads(&args.overzicht).writes([&args.output]),
            Command::Format(FormatCommand::Migreer(args)) => files.reads(&args.overzicht).writes(&args.output),
            Command::Format(FormatCommand::Vergelijk(args)) => {
                files.reads([&args.old, &args.new]).writes(&args.log)
            }
            Command::Overzicht(OverviewCommand::Importeer(args)) => {
                files.reads(&args.sources).writes([&args.output])
            }
            _ => &mut files,
        };
        if let Some(folder) = &common.format {
            let definitions = std::fs::read_dir(folder).into_iter().flatten().flatten();
            files.read.extend(definitions.map(|entry| entry.path()).filter(|path| path.is_file()));
        }
        files
    }

    fn reads<'a>(&mut self, paths: impl IntoIterator<Item = &'a PathBuf>) -> &mut Self {
        self.read.extend(paths.into_iter().cloned());
        self
    }

    fn writes<'a>(&mut self, paths: impl IntoIterator<Item = &'a PathBuf>) -> &mut Self {
        self.written.extend(paths.into_iter().cloned());
        self
    }
}
