//! What a test needs from outside, and whether it is there.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;

use libtest_mimic::{Failed, Trial};

/// The python that has the witnesses' modules; `WIJKANALYSE_PYTHON` names another than `python3`.
pub(crate) fn python() -> String {
    std::env::var("WIJKANALYSE_PYTHON").unwrap_or_else(|_| "python3".to_owned())
}

/// The folder with outside files.
pub(crate) fn data() -> Option<PathBuf> {
    let folder = PathBuf::from(std::env::var_os("WIJKANALYSE_DATA")?);
    folder.join("README.md").is_file().then_some(folder)
}

/// Something a test needs.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Need {
    /// The folder with outside files.
    Data,
    /// Python with openpyxl, xlrd, python-docx and XlsxWriter.
    Python,
    /// LibreOffice (`soffice`) and `pdftoppm`.
    LibreOffice,
    /// The validators: `ooxml-validator` (npm) and `openxml-audit` (PyPI).
    Validators,
    /// `strace`, which makes system calls fail, where it may trace.
    Strace,
    /// The right to mount a small file system that only one command sees.
    Mount,
}

impl Need {
    fn present(self) -> bool {
        static PYTHON: OnceLock<bool> = OnceLock::new();
        static OFFICE: OnceLock<bool> = OnceLock::new();
        static VALIDATORS: OnceLock<bool> = OnceLock::new();
        static STRACE: OnceLock<bool> = OnceLock::new();
        static MOUNT: OnceLock<bool> = OnceLock::new();
        match self {
            Need::Data => data().is_some(),
            Need::Python => *PYTHON.get_or_init(|| {
                works(Command::new(python()).args(["-c", "import openpyxl, xlrd, docx, xlsxwriter"]))
            }),
            Need::LibreOffice => *OFFICE.get_or_init(|| works(Command::new("soffice").arg("--version"))),
            Need::Validators => *VALIDATORS.get_or_init(|| {
                works(Command::new(python()).args(["-c", "import openxml_audit"])) && validator().is_some()
            }),
            Need::Mount => *MOUNT.get_or_init(|| works(&mut mounting("mount -t tmpfs -o size=64k tmpfs /tmp"))),
            Need::Strace => *STRACE.get_or_init(|| {
                works(Command::new("strace").args([
                    "-qq",
                    "-o",
                    "/dev/null",
                    "-e",
                    "inject=write:error=EIO",
                    "true",
                ]))
            }),
        }
    }
}

/// A shell that may mount, in a world of its own; what follows the script is `$0`, `$1` ...
pub(crate) fn mounting(script: &str) -> Command {
    let mut command = Command::new("unshare");
    command.args(["--user", "--map-root-user", "--mount", "sh", "-c", script]);
    command
}

/// The command of the Open XML SDK's validator: `WIJKANALYSE_OOXML_VALIDATOR`, or `ooxml-validator` on the path.
pub(crate) fn validator() -> Option<PathBuf> {
    if let Some(named) = std::env::var_os("WIJKANALYSE_OOXML_VALIDATOR") {
        return Some(PathBuf::from(named)).filter(|path| path.exists());
    }
    std::env::split_paths(&std::env::var_os("PATH")?).map(|dir| dir.join("ooxml-validator")).find(|p| p.is_file())
}

fn works(command: &mut Command) -> bool {
    command.output().is_ok_and(|output| output.status.success())
}

/// A test that is ignored when one of its needs is absent.
pub(crate) fn trial(
    name: &str,
    needs: &[Need],
    test: impl FnOnce() -> Result<(), String> + Send + 'static,
) -> Trial {
    let absent = needs.iter().any(|need| !need.present());
    Trial::test(name, move || test().map_err(Failed::from)).with_ignored_flag(absent)
}

/// Runs a witness script of `tests/witness` and gives its standard output, or what went wrong.
pub(crate) fn witness(script: &str, arguments: &[&Path]) -> Result<String, String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/witness").join(script);
    let output = Command::new(python()).arg(path).args(arguments).output().map_err(|e| e.to_string())?;
    said(&output).map_err(|text| format!("{script}: {text}"))
}

/// Converts a document with LibreOffice into `folder`; gives the path of the result.
pub(crate) fn convert(document: &Path, to: &str, folder: &Path) -> Result<PathBuf, String> {
    let profile = folder.join("profile");
    let output = Command::new("soffice")
        .arg(format!("-env:UserInstallation=file://{}", profile.display()))
        .args(["--headless", "--convert-to", to, "--outdir"])
        .arg(folder)
        .arg(document)
        .output()
        .map_err(|e| e.to_string())?;
    said(&output)?;
    let extension = to.split(':').next().unwrap_or(to);
    let result = folder.join(document.file_stem().unwrap_or_default()).with_extension(extension);
    result.is_file().then_some(result).ok_or_else(|| format!("{} is not converted", document.display()))
}

fn said(output: &Output) -> Result<String, String> {
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    if output.status.success() {
        Ok(text)
    } else {
        Err(format!("{text}\n{}", String::from_utf8_lossy(&output.stderr)))
    }
}
