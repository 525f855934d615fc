//! A folder with one strange definition file gives a format or a list of problems that names the file.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use wijkanalyse::error::Error;

static FOLDER: LazyLock<std::path::PathBuf> = LazyLock::new(|| {
    let memory = std::path::Path::new("/dev/shm");
    let base = if memory.is_dir() { memory.to_path_buf() } else { std::env::temp_dir() };
    base.join(format!("wijkanalyse-fuzz-{}", std::process::id()))
});

fuzz_target!(|data: &[u8]| {
    let Some((first, rest)) = data.split_first().filter(|_| data.len() <= 64 * 1024) else { return };
    let names = wijkanalyse::format::export();
    let (name, _) = names[usize::from(*first) % names.len()];
    std::fs::create_dir_all(&*FOLDER).unwrap();
    let path = FOLDER.join(name);
    std::fs::write(&path, rest).unwrap();
    let loaded = wijkanalyse::format::load(&FOLDER);
    std::fs::remove_file(&path).unwrap();
    if let Err(Error::Format { problems, .. }) = loaded {
        assert!(!problems.is_empty(), "refused without a reason");
    }
});
