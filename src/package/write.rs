//! Putting a result on disk: the old file or the new one, whole, and no litter.
//!
//! Owns temporary files, renaming, backups and the lock files of office programs. Does not know what is written.

use std::fs::{self, File};
use std::io::{self, BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};

use crate::error::{Error, Result};

/// How a file is to be written.
#[derive(Debug, Clone, Default)]
pub struct Target {
    /// Where it goes. A symbolic link is followed: what it points to is written.
    pub path: PathBuf,
    /// Overwrite an existing file.
    pub force: bool,
    /// Keep a copy of the existing file beside it (`<naam> - reservekopie.xlsx`); implies overwriting.
    pub backup: bool,
}

/// Writes a file: `write` fills a temporary file in the same folder, which is renamed into place when all went
/// well. Returns the path of the backup, when one was made. On Windows the target must not be open, so drop an
/// archive that was read from it first.
///
/// # Errors
/// When the target exists and may not be overwritten, the folder cannot be written, the disk is full, or `write`
/// fails; the target is then as it was.
pub fn write_new(target: &Target, write: impl FnOnce(&mut File) -> Result<()>) -> Result<Option<PathBuf>> {
    stage(target, write)?.place()
}

/// Writes several files that belong together: all are written in full beside their targets before the first is
/// renamed into place, so that a full disk or a wrong name leaves none of them.
///
/// # Errors
/// As [`write_new`].
pub fn write_together(files: &[(Target, &[u8])]) -> Result<()> {
    let staged = files.iter().map(|(target, bytes)| stage_bytes(target, bytes)).collect::<Result<Vec<_>>>()?;
    place_together(staged).map(drop)
}

/// Puts files that belong together in their places, in this order. When one cannot be placed, those before it that
/// were not there yet are taken away again. Returns the path of the backup of each, when one was made.
///
/// # Errors
/// As [`write_new`].
pub fn place_together(files: Vec<Staged<'_>>) -> Result<Vec<Option<PathBuf>>> {
    let (mut made, mut backups) = (Vec::new(), Vec::new());
    for file in files {
        let new = (!file.exists).then(|| file.path.clone());
        match file.place() {
            Ok(backup) => backups.push(backup),
            Err(error) => {
                for path in made {
                    let _ = fs::remove_file(path);
                }
                return Err(error);
            }
        }
        made.extend(new);
    }
    Ok(backups)
}

const DOING: &str = "Het bestand schrijven lukt niet";

/// A file that is written but not in its place yet; dropped, it leaves nothing behind.
#[derive(Debug)]
pub struct Staged<'a> {
    target: &'a Target,
    path: PathBuf,
    temporary: tempfile::NamedTempFile,
    exists: bool,
}

/// As [`stage`], for bytes that are there already.
///
/// # Errors
/// As [`write_new`].
pub fn stage_bytes<'a>(target: &'a Target, bytes: &[u8]) -> Result<Staged<'a>> {
    stage(target, |file| file.write_all(bytes).map_err(|error| Error::file(&target.path, DOING, error)))
}

/// Writes a file in full beside its target; [`place_together`] puts it in its place.
///
/// # Errors
/// As [`write_new`].
pub fn stage<'a>(target: &'a Target, write: impl FnOnce(&mut File) -> Result<()>) -> Result<Staged<'a>> {
    let path = follow_links(&target.path)?;
    let failed = |error: io::Error| Error::file(&target.path, DOING, error);
    let existing = match fs::metadata(&path) {
        Ok(metadata) if metadata.is_dir() => return Err(failed(io::ErrorKind::IsADirectory.into())),
        // A device, a pipe or a socket: renaming a file over it would take it away from everybody.
        Ok(metadata) if !metadata.is_file() => {
            return Err(Error::content(
                target.path.display().to_string(),
                "Dit is geen gewoon bestand, maar bijvoorbeeld een apparaat",
                "Geef de naam van een bestand.",
            ));
        }
        Ok(_) if !target.replaces() => return Err(failed(io::ErrorKind::AlreadyExists.into())),
        Ok(metadata) => Some(metadata),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => return Err(failed(error)),
    };
    if existing.as_ref().is_some_and(|metadata| metadata.permissions().readonly()) {
        return Err(failed(io::ErrorKind::PermissionDenied.into()));
    }
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    sweep(folder);
    let mut temporary = temporary_in(folder)
        .map_err(|error| Error::folder(&target.path, "In de map schrijven lukt niet", error))?;
    write(temporary.as_file_mut())?;
    temporary.as_file().sync_all().map_err(failed)?;
    let permissions = existing.as_ref().map_or_else(|| default_permissions(folder), |m| Some(m.permissions()));
    if let Some(permissions) = permissions {
        temporary.as_file().set_permissions(permissions).map_err(failed)?;
    }
    Ok(Staged { target, exists: existing.is_some(), path, temporary })
}

/// How the names of our temporary files begin and end.
const TEMPORARY: (&str, &str) = (".wijk-", ".tmp");

/// A temporary file with a short name of its own (the target's may already be as long as the file system allows),
/// locked for as long as it is open, so that [`sweep`] of another process knows that it is in use.
fn temporary_in(folder: &Path) -> io::Result<tempfile::NamedTempFile> {
    let mut temporary = None;
    // A sweep that came between the making and the locking has taken the name away; then another is made.
    for _ in 0..20 {
        let file = tempfile::Builder::new().prefix(TEMPORARY.0).suffix(TEMPORARY.1).tempfile_in(folder)?;
        // Not every file system can lock; there no sweep takes it for abandoned either.
        let _ = file.as_file().lock();
        if file.path().exists() {
            return Ok(file);
        }
        temporary = Some(file);
    }
    temporary.ok_or_else(|| io::ErrorKind::NotFound.into())
}

/// Removes the temporary files that a run left behind which was killed: ours by name, and locked by nobody.
fn sweep(folder: &Path) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let ours = name.to_str().is_some_and(|name| name.starts_with(TEMPORARY.0) && name.ends_with(TEMPORARY.1));
        if !ours || !entry.file_type().is_ok_and(|kind| kind.is_file()) {
            continue;
        }
        // For writing: a file that may not be written is not ours.
        let Ok(file) = File::options().write(true).open(entry.path()) else { continue };
        if file.try_lock().is_ok() {
            let _ = fs::remove_file(entry.path());
        }
    }
}

impl Staged<'_> {
    /// Renames the file into place; gives the path of the backup, when one was made.
    fn place(self) -> Result<Option<PathBuf>> {
        let failed = |error: io::Error| Error::file(&self.target.path, DOING, error);
        let backup = if self.target.backup && self.exists { Some(make_backup(&self.path)?) } else { None };
        let (backup, made) = backup.map_or((None, false), |(path, made)| (Some(path), made));
        let placed = if self.target.replaces() {
            self.temporary.persist(&self.path).map(drop).map_err(|error| error.error)
        } else {
            // Somebody may have made the file since we looked; then it stays theirs.
            self.temporary.persist_noclobber(&self.path).map(drop).map_err(|error| error.error)
        };
        if let Err(error) = placed {
            if let Some(backup) = backup.filter(|_| made) {
                let _ = fs::remove_file(backup);
            }
            return Err(failed(error));
        }
        sync_folder(self.path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new(".")));
        Ok(backup)
    }
}

impl Target {
    fn replaces(&self) -> bool {
        self.force || self.backup
    }
}

/// The file that a path means once symbolic links are followed; a link to nothing gives the place it points to.
fn follow_links(path: &Path) -> Result<PathBuf> {
    let mut path = path.to_path_buf();
    for _ in 0..40 {
        let Ok(link) = fs::read_link(&path) else { return Ok(path) };
        path = match path.parent() {
            Some(folder) if link.is_relative() => folder.join(link),
            _ => link,
        };
    }
    Err(Error::content(
        path.display().to_string(),
        "De snelkoppelingen verwijzen in een kringetje",
        "Geef het bestand zelf op.",
    ))
}

/// What a new file in this folder would get; temporary files are private, results should not be.
#[cfg(unix)]
fn default_permissions(folder: &Path) -> Option<fs::Permissions> {
    use std::os::unix::fs::PermissionsExt;
    // The umask cannot be asked without setting it; a file made the ordinary way shows it.
    let probe = tempfile::Builder::new()
        .prefix(TEMPORARY.0)
        .suffix(TEMPORARY.1)
        .permissions(fs::Permissions::from_mode(0o666))
        .tempfile_in(folder)
        .ok()?;
    probe.as_file().metadata().ok().map(|m| m.permissions())
}

#[cfg(not(unix))]
fn default_permissions(_: &Path) -> Option<fs::Permissions> {
    None
}

#[cfg(unix)]
fn sync_folder(folder: &Path) {
    // So that the rename itself survives a power cut; not every file system can, and then nothing is lost.
    if let Ok(folder) = File::open(folder) {
        let _ = folder.sync_all();
    }
}

#[cfg(not(unix))]
fn sync_folder(_: &Path) {}

/// Copies the file to `<naam> - reservekopie.<ext>`, numbered when that exists; a copy with these very bytes that is
/// there already (of a run that was killed right after making it) is good enough. The copy gets its name when it is
/// whole: half a copy under that name would be taken for the real one. Gives the path and whether it was made now.
fn make_backup(path: &Path) -> Result<(PathBuf, bool)> {
    const DOING: &str = "Een reservekopie maken lukt niet";
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let extension = path.extension().map(|e| format!(".{}", e.to_string_lossy())).unwrap_or_default();
    let failed = |error: io::Error| Error::file(path, DOING, error);
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut copy = temporary_in(folder).map_err(failed)?;
    File::open(path)
        .and_then(|mut original| {
            io::copy(&mut original, copy.as_file_mut())?;
            copy.as_file().set_permissions(original.metadata()?.permissions())?;
            copy.as_file().sync_all()
        })
        .map_err(failed)?;
    for number in 1..10_000_u32 {
        let number = if number == 1 { String::new() } else { format!(" {number}") };
        let candidate = path.with_file_name(format!("{stem} - reservekopie{number}{extension}"));
        match copy.persist_noclobber(&candidate) {
            Ok(_) => return Ok((candidate, true)),
            Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => {
                if same_bytes(&candidate, path).unwrap_or(false) {
                    return Ok((candidate, false));
                }
                copy = error.file;
            }
            Err(error) => return Err(failed(error.error)),
        }
    }
    Err(failed(io::ErrorKind::AlreadyExists.into()))
}

/// True when the first is an ordinary file (no link, which could lead to the second) with the bytes of the second.
fn same_bytes(one: &Path, other: &Path) -> io::Result<bool> {
    let metadata = fs::symlink_metadata(one)?;
    if !metadata.is_file() || metadata.len() != fs::metadata(other)?.len() {
        return Ok(false);
    }
    let (mut one, mut other) = (BufReader::new(File::open(one)?), BufReader::new(File::open(other)?));
    loop {
        let (left, right) = (one.fill_buf()?, other.fill_buf()?);
        let count = left.len().min(right.len());
        if left.get(..count) != right.get(..count) {
            return Ok(false);
        }
        if count == 0 {
            return Ok(left.is_empty() && right.is_empty());
        }
        one.consume(count);
        other.consume(count);
    }
}

/// A lock file that a program put beside a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lock {
    /// Who has the file open; `iemand` when the lock file does not tell.
    pub owner: String,
    /// Name of the lock file.
    pub name: String,
}

/// Most characters of a name in a lock file: Excel keeps no more than fit before the wide copy of it.
const LONGEST_OWNER: usize = 54;

/// Whether the file is open in Excel, Word or LibreOffice, from their lock files. Also finds locks that a crashed
/// program left behind.
#[must_use]
pub fn lock(path: &Path) -> Option<Lock> {
    let name = path.file_name()?.to_string_lossy().into_owned();
    let read = |lock: &str| fs::read(path.with_file_name(lock)).ok();
    // A file of this name may hold anything: what is no name of a person is not shown as one.
    let found = |owner: Option<String>, name: String| {
        let owner =
            owner.filter(|owner| owner.chars().count() <= LONGEST_OWNER && !owner.contains(char::is_control));
        Some(Lock { owner: owner.unwrap_or_else(|| "iemand".to_owned()), name })
    };
    let office = format!(".~lock.{name}#");
    if let Some(bytes) = read(&office) {
        // LibreOffice: fields separated by commas; the user's name comes first, the account second.
        let text = String::from_utf8_lossy(&bytes);
        let owner = text.split(',').map(str::trim).find(|field| !field.is_empty()).map(str::to_owned);
        return found(owner, office);
    }
    // Excel and Word: a length byte and the name in the system's encoding, then at 55 the same in UTF-16. Of long names
    // they drop the first two characters, Word of a name of seven the first.
    let (bytes, microsoft) = [0, 1, 2].into_iter().find_map(|dropped| {
        let shortened: String = name.chars().skip(dropped).collect();
        let lock = format!("~${shortened}");
        Some((read(&lock)?, lock))
    })?;
    let length = usize::from(bytes.first().copied().unwrap_or(0));
    let wide: Vec<u16> =
        bytes.get(55..).unwrap_or_default().as_chunks::<2>().0.iter().map(|b| u16::from_le_bytes(*b)).collect();
    let owner = wide
        .split_first()
        .and_then(|(count, text)| text.get(..usize::from(*count).min(text.len())))
        .map(String::from_utf16_lossy)
        .or_else(|| bytes.get(1..=length).map(|name| String::from_utf8_lossy(name).into_owned()))
        .map(|owner| owner.trim_matches(|c: char| c.is_whitespace() || c == '\0').to_owned())
        .filter(|owner| !owner.is_empty());
    found(owner, microsoft)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn fill(text: &'static str) -> impl FnOnce(&mut File) -> Result<()> {
        move |file| file.write_all(text.as_bytes()).map_err(|e| Error::file(Path::new("x"), "x", e))
    }

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<String> =
            fs::read_dir(folder).unwrap().map(|e| e.unwrap().file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    #[test]
    fn an_existing_file_is_only_overwritten_with_force() {
        let folder = tempfile::tempdir().unwrap();
        let mut target = Target { path: folder.path().join("één # werkboek.xlsx"), ..Target::default() };
        write_new(&target, fill("oud")).unwrap();
        assert!(write_new(&target, fill("nieuw")).unwrap_err().to_string().contains("bestaat al"));
        assert_eq!(fs::read_to_string(&target.path).unwrap(), "oud");
        target.force = true;
        write_new(&target, fill("nieuw")).unwrap();
        assert_eq!(fs::read_to_string(&target.path).unwrap(), "nieuw");
        assert_eq!(names(folder.path()), ["één # werkboek.xlsx"]);
    }

    #[test]
    fn a_failed_write_leaves_the_old_file_and_no_litter() {
        let folder = tempfile::tempdir().unwrap();
        let target = Target { path: folder.path().join("a.xlsx"), force: true, backup: true };
        fs::write(&target.path, "oud").unwrap();
        let result = write_new(&target, |file| {
            fill("half")(file)?;
            Err(Error::request("mislukt", "niets"))
        });
        assert!(result.is_err());
        assert_eq!(fs::read_to_string(&target.path).unwrap(), "oud");
        assert_eq!(names(folder.path()), ["a.xlsx"]);
    }

    #[test]
    fn backups_are_numbered() {
        let folder = tempfile::tempdir().unwrap();
        let target = Target { path: folder.path().join("a.xlsx"), force: false, backup: true };
        fs::write(&target.path, "1").unwrap();
        let first = write_new(&target, fill("2")).unwrap().unwrap();
        let second = write_new(&target, fill("3")).unwrap().unwrap();
        assert_eq!(fs::read_to_string(first).unwrap(), "1");
        assert_eq!(second.file_name().unwrap(), "a - reservekopie 2.xlsx");
        assert_eq!(fs::read_to_string(second).unwrap(), "2");
        assert_eq!(fs::read_to_string(&target.path).unwrap(), "3");
    }

    #[test]
    fn a_backup_with_the_same_bytes_is_not_made_twice_and_a_link_is_no_backup() {
        let folder = tempfile::tempdir().unwrap();
        let target = Target { path: folder.path().join("a.xlsx"), force: false, backup: true };
        fs::write(&target.path, "oud").unwrap();
        let copy = folder.path().join("a - reservekopie.xlsx");
        fs::write(&copy, "oud").unwrap();
        assert_eq!(write_new(&target, fill("nieuw")).unwrap(), Some(copy.clone()));
        assert_eq!(names(folder.path()), ["a - reservekopie.xlsx", "a.xlsx"]);
        #[cfg(unix)]
        {
            fs::remove_file(&copy).unwrap();
            std::os::unix::fs::symlink("a.xlsx", &copy).unwrap();
            let made = write_new(&target, fill("nieuwer")).unwrap().unwrap();
            assert_eq!(made.file_name().unwrap(), "a - reservekopie 2.xlsx");
            assert_eq!(fs::read_to_string(made).unwrap(), "nieuw");
        }
    }

    #[test]
    fn of_files_that_belong_together_all_appear_or_none() {
        let folder = tempfile::tempdir().unwrap();
        let target = |name: &str, force| Target { path: folder.path().join(name), force, backup: false };
        fs::write(folder.path().join("oud.csv"), "oud").unwrap();
        let targets = [target("a.xlsx", false), target("oud.csv", true), target("c.docx", false)];
        let files = targets.iter().map(|target| stage_bytes(target, b"nieuw").unwrap()).collect();
        // Somebody makes the last one meanwhile.
        fs::write(folder.path().join("c.docx"), "van een ander").unwrap();
        assert!(place_together(files).is_err());
        assert_eq!(names(folder.path()), ["c.docx", "oud.csv"]);
        assert_eq!(fs::read_to_string(folder.path().join("c.docx")).unwrap(), "van een ander");
        fs::remove_file(folder.path().join("c.docx")).unwrap();
        let files = targets.iter().map(|target| stage_bytes(target, b"nieuw").unwrap()).collect();
        place_together(files).unwrap();
        assert_eq!(names(folder.path()), ["a.xlsx", "c.docx", "oud.csv"]);
    }

    #[test]
    fn what_a_killed_run_left_is_removed_and_what_another_run_has_open_is_not() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join(".wijk-dood.tmp"), "half").unwrap();
        fs::write(folder.path().join("een.tmp"), "van iemand").unwrap();
        let busy = temporary_in(folder.path()).unwrap();
        write_new(&Target { path: folder.path().join("a.xlsx"), ..Target::default() }, fill("nieuw")).unwrap();
        let busy = busy.path().file_name().unwrap().to_str().unwrap();
        assert_eq!(names(folder.path()), [busy, "a.xlsx", "een.tmp"]);
    }

    #[cfg(unix)]
    #[test]
    fn a_symbolic_link_stays_and_its_file_is_written_with_its_permissions() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let real = folder.path().join("echt.xlsx");
        fs::write(&real, "oud").unwrap();
        fs::set_permissions(&real, fs::Permissions::from_mode(0o640)).unwrap();
        let link = folder.path().join("link.xlsx");
        std::os::unix::fs::symlink("echt.xlsx", &link).unwrap();
        write_new(&Target { path: link.clone(), force: true, backup: false }, fill("nieuw")).unwrap();
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(fs::read_to_string(&real).unwrap(), "nieuw");
        assert_eq!(fs::metadata(&real).unwrap().permissions().mode() & 0o777, 0o640);
    }

    #[test]
    fn a_folder_that_vanished_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let target = Target { path: folder.path().join("weg/a.xlsx"), ..Target::default() };
        let message = write_new(&target, fill("x")).unwrap_err().to_string();
        assert!(message.contains("bestaat niet") && message.contains("weg"), "{message}");
    }

    #[test]
    fn a_lock_file_tells_who_has_the_workbook_open() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("plan.xlsx");
        assert_eq!(lock(&path), None);
        fs::write(folder.path().join(".~lock.plan.xlsx#"), ",janneke,pc,22.11.2026 10:00,file:///x;").unwrap();
        assert_eq!(lock(&path).map(|lock| lock.owner).as_deref(), Some("janneke"));
        fs::remove_file(folder.path().join(".~lock.plan.xlsx#")).unwrap();
        let mut held = vec![b' '; 165];
        held[0] = 3;
        held[1..4].copy_from_slice(b"Jan");
        held[55..57].copy_from_slice(&3_u16.to_le_bytes());
        for (i, c) in "Jan".encode_utf16().enumerate() {
            held[57 + 2 * i..59 + 2 * i].copy_from_slice(&c.to_le_bytes());
        }
        fs::write(folder.path().join("~$plan.xlsx"), held).unwrap();
        assert_eq!(lock(&path).map(|lock| lock.owner).as_deref(), Some("Jan"));
        // Something else of that name: the workbook counts as open, but nothing of it is shown as a name.
        for other in [b"abc".repeat(4_000), b"\x05a\x1b[2J".to_vec()] {
            fs::write(folder.path().join("~$plan.xlsx"), other).unwrap();
            assert_eq!(lock(&path).map(|lock| lock.owner).as_deref(), Some("iemand"));
        }
    }
}
