//! The system fails at each call with which a workbook is written: the process is killed there, or the call says that
//! the disk is full, broken or closed to us. `strace` is the one that makes it fail.

use std::fs;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::Command;
use std::sync::LazyLock;

use libtest_mimic::Trial;
use wijkanalyse::package::{Target, write_new};

use crate::common::{Run, blank, folder_with, names, run, snapshot, wijk};
use crate::need::{Need, mounting, trial};

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        trial("killed_at_any_write_boundary_there_is_the_old_workbook_or_the_new_one", &[Need::Strace], killed),
        trial("killed_between_the_two_steps_of_a_system_without_renameat2", &[Need::Strace], killed_while_linking),
        trial("a_failing_call_leaves_everything_as_it_was_and_is_said_in_dutch", &[Need::Strace], failing),
        trial("of_workbook_and_ledger_both_come_or_neither", &[Need::Strace], ledger),
        trial("all_files_of_a_wijk_come_or_none_and_no_empty_folder", &[Need::Strace], all_or_none),
        trial("on_a_disk_that_is_really_full_everything_stays_as_it_was", &[Need::Mount], full_disk),
    ]
}

/// Every call with which files are made, filled, named or removed.
const CALLS: &str = "openat,write,pwrite64,writev,copy_file_range,sendfile,fsync,fdatasync,ftruncate,fallocate,flock,\
                     fchmod,rename,renameat,renameat2,link,linkat,unlink,unlinkat,mkdir,mkdirat,rmdir";
const IN_PLACE: [&str; 5] = ["vul", "a.xlsx", "--wijk", "Bospolder", "--ter-plaatse"];

/// A call by its name and which one of that name it is in a run.
type Call = (String, usize);

/// The binary under strace, with these faults.
fn traced(folder: &Path, log: &Path, faults: &[String], arguments: &[&str]) -> Command {
    let mut command = Command::new("strace");
    command.args(["-f", "-y", "-qq", "-e", "signal=none", "-e"]).arg(format!("trace={CALLS}")).arg("-o").arg(log);
    for fault in faults {
        command.args(["-e", &format!("inject={fault}")]);
    }
    command.arg(crate::common::program()).args(arguments).current_dir(folder).env("NO_COLOR", "1");
    command
}

/// The calls of a run without faults that concern the folder, from the first file that is made there on.
fn calls(folder: &Path, arguments: &[&str], code: i32) -> Vec<Call> {
    let logs = tempfile::tempdir().unwrap();
    let log = logs.path().join("log");
    run(&mut traced(folder, &log, &[], arguments)).ended(code);
    let here = folder.canonicalize().unwrap().display().to_string();
    let mut counts = std::collections::BTreeMap::new();
    let mut found: Vec<Call> = Vec::new();
    for line in fs::read_to_string(&log).unwrap().lines() {
        // strace counts the calls of each thread apart.
        let mut words = line.split_whitespace();
        let (thread, call) =
            (words.next().unwrap_or_default(), words.next().and_then(|text| text.split_once('(')));
        let Some((name, _)) = call else { continue };
        let count = counts.entry((thread.to_owned(), name.to_owned())).or_insert(0_usize);
        *count += 1;
        let making = line.contains("O_CREAT") || name.starts_with("mkdir");
        if line.contains(&here) && (making || !found.is_empty()) {
            found.push((name.to_owned(), *count));
        }
    }
    found
}

/// The blank workbook filled for Bospolder.
fn filled() -> &'static [u8] {
    static FILLED: LazyLock<Vec<u8>> = LazyLock::new(|| {
        let here = folder_with(&[("a.xlsx", blank())]);
        wijk(here.path(), &IN_PLACE).ended(0);
        fs::read(here.path().join("a.xlsx")).unwrap()
    });
    &FILLED
}

/// The workbook is the old one or the new one, whole; so is every copy of it; a next run removes the rest.
fn whole(folder: &Path, at: &str) -> bool {
    let now = fs::read(folder.join("a.xlsx")).unwrap();
    assert!(now == blank() || now == filled(), "{at}: half a workbook");
    let next = Target { path: folder.join("volgende.csv"), ..Target::default() };
    write_new(&next, |_| Ok(())).unwrap();
    fs::remove_file(&next.path).unwrap();
    let copy = "a - reservekopie.xlsx";
    for name in names(folder) {
        assert!(name == "a.xlsx" || name == copy, "{at}: {name} stays behind");
        assert!(name == "a.xlsx" || fs::read(folder.join(copy)).unwrap() == blank(), "{at}: half a copy");
    }
    assert!(now == blank() || folder.join(copy).exists(), "{at}: the old workbook is gone");
    now == filled()
}

/// Kills a run in place at one call; true when the new workbook is there.
fn killed_at(faults: &[String]) -> bool {
    let here = folder_with(&[("a.xlsx", blank())]);
    let log = tempfile::NamedTempFile::new().unwrap();
    let mut output = traced(here.path(), log.path(), faults, &IN_PLACE).output().unwrap();
    // How often files are opened before the first write differs a little from run to run: a run may end before the call
    // it was to be killed at. Then it is done once more, and where it ends before that call every time, it has none.
    let mut tries = 1;
    while output.status.success() && whole(here.path(), &format!("{faults:?}, not killed")) {
        if tries == 4 && faults.iter().all(|fault| fault.starts_with("openat:")) {
            return true;
        }
        assert!(tries < 4, "{faults:?}: {output:?}");
        tries += 1;
        for name in names(here.path()) {
            fs::remove_file(here.path().join(name)).unwrap();
        }
        fs::write(here.path().join("a.xlsx"), blank()).unwrap();
        output = traced(here.path(), log.path(), faults, &IN_PLACE).output().unwrap();
    }
    assert_eq!(output.status.signal(), Some(9), "{faults:?}: {output:?}");
    let new = whole(here.path(), &format!("{faults:?}"));
    // The same command again: nothing is in its way, and there is one copy of the old workbook, not one per try.
    if !new && names(here.path()).len() > 1 {
        wijk(here.path(), &IN_PLACE).ended(0);
        assert!(whole(here.path(), &format!("{faults:?}, again")));
    }
    new
}

fn killed() -> Result<(), String> {
    let here = folder_with(&[("a.xlsx", blank())]);
    let calls = calls(here.path(), &IN_PLACE, 0);
    assert!(whole(here.path(), "undisturbed"));
    assert!(calls.len() > 12 && calls.iter().filter(|(name, _)| name == "write").count() > 2, "{calls:?}");
    assert_eq!(calls.iter().filter(|(name, _)| name.starts_with("rename")).count(), 2, "{calls:?}");
    let ends: Vec<bool> =
        calls.iter().map(|(name, count)| killed_at(&[format!("{name}:signal=KILL:when={count}")])).collect();
    // Old until the last rename, new ever after. Which opening of a file is the how many-eth differs from run to run, so that
    // one of them may come later than it did undisturbed; there too the workbook was found whole.
    let counted = calls.iter().zip(&ends).filter(|((name, _), _)| name != "openat");
    let settled: Vec<bool> = counted.map(|(_, new)| *new).collect();
    assert!(
        settled.is_sorted() && settled.first() == Some(&false) && settled.last() == Some(&true),
        "{calls:?} {ends:?}"
    );
    Ok(())
}

fn killed_while_linking() -> Result<(), String> {
    let without = "renameat2:error=ENOSYS".to_owned();
    let ends: Vec<bool> = [("linkat", 1), ("unlinkat", 1), ("renameat", 1)]
        .into_iter()
        .map(|(name, count)| killed_at(&[without.clone(), format!("{name}:signal=KILL:when={count}")]))
        .collect();
    (ends == [false, false, false]).then_some(()).ok_or(format!("{ends:?}"))
}

/// What a system says at a call when there is no room, no right, no writing, or a broken disk; in Dutch.
fn errors(call: &str) -> &'static [(&'static str, &'static str)] {
    const ROOM: (&str, &str) = ("ENOSPC", "de schijf is vol");
    const QUOTA: (&str, &str) = ("EDQUOT", "de ruimte die u mag gebruiken is op");
    const RIGHT: (&str, &str) = ("EACCES", "geen toestemming");
    const CLOSED: (&str, &str) = ("EROFS", "de map is alleen-lezen");
    const BROKEN: (&str, &str) = ("EIO", "de schijf of de netwerkmap geeft een fout");
    match call {
        "openat" | "mkdir" => &[ROOM, RIGHT, CLOSED, BROKEN],
        "write" | "copy_file_range" => &[ROOM, QUOTA, BROKEN],
        "fsync" => &[ROOM, BROKEN],
        "rename" | "renameat" | "renameat2" | "linkat" => &[ROOM, RIGHT, CLOSED, BROKEN],
        "fchmod" => &[RIGHT, CLOSED],
        "flock" => &[("ENOLCK", "")],
        _ => &[],
    }
}

/// Runs with one call failing in each way; gives how many runs were refused and how many could do without the call.
fn fail_each(
    calls: &[Call],
    files: &[(&str, &[u8])],
    arguments: &[&str],
    done: &dyn Fn(&Path, &Run),
) -> (usize, usize) {
    let (mut refused, mut went_on) = (0, 0);
    for (index, (name, count)) in calls.iter().enumerate() {
        let all = errors(name);
        // Of the calls that a run makes often each gets one of the errors, in turn.
        let often = calls.iter().filter(|(other, _)| other == name).count() > 3;
        let turn = all.get(index % all.len().max(1)).into_iter();
        let errors: Vec<_> = if often { turn.collect() } else { all.iter().collect() };
        for (error, words) in errors {
            let here = folder_with(files);
            let before = snapshot(here.path());
            let log = tempfile::NamedTempFile::new().unwrap();
            let said = run(&mut traced(
                here.path(),
                log.path(),
                &[format!("{name}:error={error}:when={count}")],
                arguments,
            ));
            let at = format!("{name} {count} {error}: {said:?}");
            assert!(!said.err.contains("panicked") && !said.err.contains("os error"), "{at}");
            if said.code == 2 {
                refused += 1;
                assert!(said.err.contains("niet gelukt: ") && said.err.contains(words), "{at}");
                assert!(said.err.trim_end().ends_with('.'), "{at}");
                assert!(snapshot(here.path()) == before, "{at} {:?}", names(here.path()));
            } else {
                went_on += 1;
                done(here.path(), &said);
            }
        }
    }
    (refused, went_on)
}

fn failing() -> Result<(), String> {
    let here = folder_with(&[("a.xlsx", blank())]);
    let calls = calls(here.path(), &IN_PLACE, 0);
    let done = |folder: &Path, said: &Run| {
        assert!(said.code == 0 && whole(folder, &format!("{said:?}")), "{said:?}");
    };
    let (refused, went_on) = fail_each(&calls, &[("a.xlsx", blank())], &IN_PLACE, &done);
    // It can do without a lock, without looking what a new file's rights would be, and without the folder's fsync.
    (refused >= 20 && went_on >= 2).then_some(()).ok_or(format!("{refused} refused, {went_on} went on"))
}

fn ledger() -> Result<(), String> {
    let arguments = ["vul", "a.xlsx", "--wijk", "Bospolder", "-o", "uit.xlsx", "--logboek", "log.csv"];
    let here = folder_with(&[("a.xlsx", blank())]);
    let calls = calls(here.path(), &arguments, 0);
    let complete = names(here.path());
    assert_eq!(complete.len(), 3);
    let done = |folder: &Path, said: &Run| assert!(said.code == 0 && names(folder) == complete, "{said:?}");
    // From the last file that is made on: the workbook is written by then.
    let last = calls.iter().rposition(|(name, _)| name == "fsync").map_or(0, |at| at.saturating_sub(3));
    let (refused, _) = fail_each(&calls[last..], &[("a.xlsx", blank())], &arguments, &done);
    (refused >= 4).then_some(()).ok_or(format!("{refused} refused"))
}

fn all_or_none() -> Result<(), String> {
    // Twenty-seven files in two new folders, of a command that takes no time.
    let arguments = ["format", "uitvoer", "nieuw/format"];
    let here = folder_with(&[]);
    let calls = calls(here.path(), &arguments, 0);
    let complete = snapshot(here.path()).len();
    assert!(complete > 20, "{complete}");
    let done =
        |folder: &Path, said: &Run| assert!(said.code == 0 && snapshot(folder).len() == complete, "{said:?}");
    // Each kind of call at different files: their number per file and seventeen have no divisor in common.
    let folders = calls.iter().take_while(|(name, _)| name.starts_with("mkdir")).count();
    let some: Vec<Call> = calls
        .iter()
        .enumerate()
        .filter(|(at, _)| *at < folders || at % 17 == 0)
        .map(|(_, call)| call.clone())
        .collect();
    assert!(some.iter().any(|(name, _)| name.starts_with("rename")), "{some:?}");
    let (refused, _) = fail_each(&some, &[], &arguments, &done);
    (refused >= 6).then_some(()).ok_or(format!("{refused} refused"))
}

fn full_disk() -> Result<(), String> {
    let here = folder_with(&[("a.xlsx", blank())]);
    fs::create_dir(here.path().join("schijf")).map_err(|e| e.to_string())?;
    // Room for the workbook, not for a second one beside it.
    let script = "mount -t tmpfs -o size=256k tmpfs schijf && cp a.xlsx schijf && cd schijf || exit 70; \
                  \"$0\" vul a.xlsx --wijk Bospolder --ter-plaatse; code=$?; \
                  cmp a.xlsx ../a.xlsx && test \"$(ls -A)\" = a.xlsx && exit $code; exit 71";
    let mut command = mounting(script);
    let said = run(command.arg(crate::common::program()).current_dir(here.path()).env("NO_COLOR", "1")).ended(2);
    said.says(&["niet gelukt", "de schijf is vol", "Maak ruimte vrij"]);
    Ok(())
}
