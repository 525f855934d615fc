//! Filling on a machine that fails: killed halfway, no room left, the folder gone, two at once, strange names. The
//! target is the old file or the new one, whole, whatever happens, and a next run finds nothing in its way.

#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

use std::fs;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use crate::common::{Run, blank, command, filled, folder_with, names, run, snapshot, wijk};

/// Arguments that fill `file` in place for a wijk.
fn in_place<'a>(file: &'a str, wijk: &'a str) -> [&'a str; 5] {
    ["vul", file, "--wijk", wijk, "--ter-plaatse"]
}

/// The filled workbook of a wijk, from an undisturbed run.
fn whole(file: &[u8], wijk_name: &str) -> Vec<u8> {
    let here = folder_with(&[("a.xlsx", file)]);
    wijk(here.path(), &in_place("a.xlsx", wijk_name)).ended(0);
    fs::read(here.path().join("a.xlsx")).unwrap()
}

/// The binary by way of a shell that first says what the system allows.
fn limited(folder: &Path, limit: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new("sh");
    command.args(["-c", &format!("{limit}; exec \"$0\" \"$@\""), &crate::common::program()]);
    command.args(arguments).current_dir(folder).env("NO_COLOR", "1").stdin(Stdio::null());
    command
}

/// Every file in the folder is the old workbook or the new one, whole; temporary files may be there, half or not.
fn only_whole_files(folder: &Path, old: &[u8], new: &[u8]) {
    for name in names(folder) {
        if name.starts_with(".wijk-") && name.ends_with(".tmp") {
            continue;
        }
        let bytes = fs::read(folder.join(&name)).unwrap();
        assert!(bytes == old || bytes == new, "{name} is neither the old file nor the new one");
        assert!(name == "a.xlsx" || bytes == old, "{name} is a copy of the new file");
    }
    assert!(folder.join("a.xlsx").exists());
}

/// A run that is not disturbed succeeds and clears away what the killed one left.
fn a_next_run_succeeds(folder: &Path, new: &[u8]) {
    wijk(folder, &in_place("a.xlsx", "Bospolder")).ended(0);
    assert!(fs::read(folder.join("a.xlsx")).unwrap() == new);
    // When the killed run had come so far that nothing was left to fill, that run wrote nothing; this one does.
    wijk(folder, &["format", "bouw", "-o", "nog.xlsx"]).ended(0);
    let names = names(folder);
    assert!(!names.iter().any(|name| name.starts_with('.')), "litter: {names:?}");
}

#[test]
fn a_fill_killed_while_it_writes_leaves_the_old_file_whole() {
    let new = whole(blank(), "Bospolder");
    // Writing beyond so many blocks of 512 bytes kills the process, at exactly that byte.
    for blocks in [0, 7, new.len() / 512] {
        let here = folder_with(&[("a.xlsx", blank())]);
        let limit = format!("ulimit -c 0; ulimit -f {blocks}");
        let status = limited(here.path(), &limit, &in_place("a.xlsx", "Bospolder")).status().unwrap();
        assert!(!status.success() && status.signal().is_some(), "{blocks}: {status:?}");
        assert!(fs::read(here.path().join("a.xlsx")).unwrap() == blank(), "{blocks} blocks");
        only_whole_files(here.path(), blank(), &new);
        a_next_run_succeeds(here.path(), &new);
    }
}

#[test]
fn a_fill_killed_at_any_moment_leaves_the_old_file_or_the_new_one() {
    let new = whole(blank(), "Bospolder");
    let here = folder_with(&[("a.xlsx", blank())]);
    for round in 0..12_u32 {
        fs::write(here.path().join("a.xlsx"), blank()).unwrap();
        let mut child = command(here.path(), &in_place("a.xlsx", "Bospolder"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        // From the first sign of writing on, a little later each round. Whether it was in time does not matter.
        while child.try_wait().unwrap().is_none() {
            if names(here.path()).iter().any(|name| name.ends_with(".tmp")) {
                std::thread::sleep(Duration::from_micros(u64::from(round) * 1000));
                break;
            }
        }
        let _ = child.kill();
        child.wait().unwrap();
        only_whole_files(here.path(), blank(), &new);
    }
    a_next_run_succeeds(here.path(), &new);
}

#[test]
fn without_room_every_command_that_writes_says_so_and_leaves_everything_as_it_was() {
    let here = folder_with(&[("a.xlsx", blank()), ("vol.xlsx", &filled().0), ("oud.xlsx", b"oud")]);
    let before = snapshot(here.path());
    for arguments in [
        &["vul", "a.xlsx", "--wijk", "Bospolder", "--ter-plaatse"][..],
        &["vul", "a.xlsx", "--wijk", "Bospolder", "-o", "oud.xlsx", "--forceer"],
        &["rapport", "vol.xlsx", "-o", "nieuw.docx"],
        &["format", "bouw", "-o", "nieuw.xlsx"],
    ] {
        // The signal is ignored, so that writing fails as it does on a full disk.
        let said: Run = run(&mut limited(here.path(), "trap '' XFSZ; ulimit -f 4", arguments)).ended(2);
        said.says(&["niet gelukt", "het bestand wordt groter dan hier mag", "Kies een andere map"]);
        assert!(snapshot(here.path()) == before, "{arguments:?}: {:?}", names(here.path()));
    }
}

#[test]
fn a_folder_that_vanishes_during_the_run_is_an_error_and_no_panic() {
    let outer = tempfile::tempdir().unwrap();
    let folder = outer.path().join("weg");
    fs::create_dir(&folder).unwrap();
    fs::write(outer.path().join("a.xlsx"), blank()).unwrap();
    // The current folder itself is removed before the program starts.
    let script = "rmdir ../weg; exec \"$0\" vul ../a.xlsx --wijk Bospolder -o uit.xlsx";
    let mut command = Command::new("sh");
    command.args(["-c", script, &crate::common::program()]).current_dir(&folder).env("NO_COLOR", "1");
    let said = run(&mut command).ended(2);
    said.says(&["niet gelukt", "bestaat niet"]);
    assert_eq!(names(outer.path()).len(), 1);
}

#[test]
fn two_fills_of_one_target_give_one_of_the_two_results_whole() {
    let (one, two) = (whole(blank(), "Bospolder"), whole(blank(), "Tussendijken"));
    assert!(one != two);
    for _ in 0..2 {
        let here = folder_with(&[("a.xlsx", blank())]);
        let fill = |wijk| {
            command(here.path(), &["vul", "a.xlsx", "--wijk", wijk, "-o", "uit.xlsx", "--forceer"])
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .spawn()
                .unwrap()
        };
        let mut both = [fill("Bospolder"), fill("Tussendijken")];
        for child in &mut both {
            assert_eq!(child.wait().unwrap().code(), Some(0));
        }
        let result = fs::read(here.path().join("uit.xlsx")).unwrap();
        assert!(result == one || result == two, "the two results are mixed");
        assert_eq!(names(here.path()).len(), 2, "{:?}", names(here.path()));
    }
}

#[test]
fn without_forceer_only_one_of_two_gets_the_name_and_the_other_is_told() {
    let here = folder_with(&[("a.xlsx", blank())]);
    let fill = |wijk| {
        command(here.path(), &["vul", "a.xlsx", "--wijk", wijk, "-o", "uit.xlsx"])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap()
    };
    let ended = [fill("Bospolder"), fill("Tussendijken")].map(|child| child.wait_with_output().unwrap());
    let mut codes = ended.each_ref().map(|output| output.status.code().unwrap());
    codes.sort_unstable();
    assert_eq!(codes, [0, 2]);
    let refused = ended.iter().find(|output| output.status.code() == Some(2)).unwrap();
    assert!(String::from_utf8_lossy(&refused.stderr).contains("bestaat al"), "{refused:?}");
    assert_eq!(names(here.path()).len(), 2);
}

#[test]
fn names_with_spaces_accents_signs_and_of_great_length_are_filled_in_place_and_elsewhere() {
    let new = whole(blank(), "Bospolder");
    // 255 bytes is the longest name that a file system takes; the backup's name would be longer.
    let long = format!("{}.xlsx", "n".repeat(250));
    for name in ["één # mijn wijk.xlsx", "-100% & 'e\u{301}'.xlsx", &long] {
        let here = folder_with(&[(name, blank())]);
        let given = format!("./{name}");
        let result = format!(
            "./uit {}",
            &name[name.len().saturating_sub(20)..].trim_start_matches(|c: char| !c.is_ascii())
        );
        wijk(here.path(), &["vul", &given, "--wijk", "Bospolder", "-o", &result]).ended(0);
        assert!(fs::read(here.path().join(&result)).unwrap() == new, "{name}");
        fs::remove_file(here.path().join(&result)).unwrap();
        if name == long {
            let said = wijk(here.path(), &in_place(&given, "Bospolder")).ended(2);
            said.says(&["reservekopie", "te lang"]);
            assert!(fs::read(here.path().join(name)).unwrap() == blank());
            assert_eq!(names(here.path()).len(), 1, "{said:?}");
            continue;
        }
        wijk(here.path(), &in_place(&given, "Bospolder")).ended(0);
        assert!(fs::read(here.path().join(name)).unwrap() == new, "{name}");
        let copy = name.replace(".xlsx", " - reservekopie.xlsx");
        assert!(fs::read(here.path().join(copy)).unwrap() == blank(), "{name}");
    }
}

#[test]
fn a_symbolic_link_keeps_pointing_at_the_workbook_that_is_filled() {
    let new = whole(blank(), "Bospolder");
    let here = tempfile::tempdir().unwrap();
    fs::create_dir(here.path().join("echt")).unwrap();
    fs::write(here.path().join("echt/a.xlsx"), blank()).unwrap();
    std::os::unix::fs::symlink("echt/a.xlsx", here.path().join("link.xlsx")).unwrap();
    std::os::unix::fs::symlink("link.xlsx", here.path().join("twee.xlsx")).unwrap();
    wijk(here.path(), &in_place("twee.xlsx", "Bospolder")).ended(0);
    for link in ["link.xlsx", "twee.xlsx"] {
        assert!(fs::symlink_metadata(here.path().join(link)).unwrap().is_symlink());
        assert!(fs::read(here.path().join(link)).unwrap() == new);
    }
    assert_eq!(names(here.path()).len(), 3, "the copy stands beside the real file");
    assert!(fs::read(here.path().join("echt/a - reservekopie.xlsx")).unwrap() == blank());

    std::os::unix::fs::symlink("kring.xlsx", here.path().join("kring.xlsx")).unwrap();
    let said = wijk(here.path(), &["vul", "twee.xlsx", "--wijk", "Bospolder", "-o", "kring.xlsx", "--forceer"]);
    said.ended(2).says(&["kring"]);
}

/// The binary as another user than root, for whom rights count; where we are not root, as ourselves.
fn unprivileged(folder: &Path, arguments: &[&str]) -> Command {
    use std::os::unix::fs::MetadataExt;
    if fs::metadata("/proc/self").map_or(true, |own| own.uid() != 0) {
        return command(folder, arguments);
    }
    // The build folder need not be open to others.
    let program = folder.join("wijk");
    fs::copy(crate::common::program(), &program).unwrap();
    let mut command = Command::new("setpriv");
    command.args(["--reuid=65534", "--regid=65534", "--clear-groups"]).arg(program);
    command.args(arguments).current_dir(folder).env("NO_COLOR", "1");
    command
}

#[test]
fn a_folder_or_workbook_that_may_not_be_written_is_said_and_stays_as_it_was() {
    use std::os::unix::fs::PermissionsExt;
    let outer = tempfile::tempdir().unwrap();
    fs::set_permissions(outer.path(), fs::Permissions::from_mode(0o755)).unwrap();
    let here = outer.path().join("dicht");
    fs::create_dir(&here).unwrap();
    fs::write(here.join("a.xlsx"), blank()).unwrap();
    fs::set_permissions(&here, fs::Permissions::from_mode(0o555)).unwrap();
    for arguments in [
        &["vul", "dicht/a.xlsx", "--wijk", "Bospolder", "--ter-plaatse"][..],
        &["vul", "dicht/a.xlsx", "--wijk", "Bospolder"],
        &["alles", "dicht/a.xlsx", "--wijk", "Bospolder", "--map", "dicht/uit"],
    ] {
        let said: Run = run(&mut unprivileged(outer.path(), arguments)).ended(2);
        said.says(&["niet gelukt", "dicht", "geen toestemming", "kies een andere map"]);
        assert!(fs::read(here.join("a.xlsx")).unwrap() == blank(), "{arguments:?}");
        assert_eq!(names(&here).len(), 1, "{arguments:?}");
    }
    fs::set_permissions(&here, fs::Permissions::from_mode(0o755)).unwrap();
}

#[test]
fn a_program_that_holds_the_workbook_open_keeps_the_old_one_and_the_new_one_is_whole() {
    use std::io::Read;
    let new = whole(blank(), "Bospolder");
    let here = folder_with(&[("a.xlsx", blank())]);
    // On Windows the system refuses this when Excel has the file open; here both go on, each with a whole file.
    let mut held = fs::OpenOptions::new().read(true).write(true).open(here.path().join("a.xlsx")).unwrap();
    held.lock().unwrap();
    wijk(here.path(), &in_place("a.xlsx", "Bospolder")).ended(0);
    let mut bytes = Vec::new();
    held.read_to_end(&mut bytes).unwrap();
    assert!(bytes == blank());
    assert!(fs::read(here.path().join("a.xlsx")).unwrap() == new);
    only_whole_files(here.path(), blank(), &new);
}
