//! The bar of long work over many wijken or workbooks: shown only on a terminal.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use wijkanalyse::error::Result;
use wijkanalyse::pipeline::Progress;

/// Does `work` with a bar that counts `what` (wijken, werkboeken).
pub(crate) fn with_bar<T>(what: &str, work: impl FnOnce(&(dyn Fn(Progress) + Sync)) -> Result<T>) -> Result<T> {
    // Without a length a bar is drawn as if all were done; indicatif hides it where there is no terminal.
    let bar = ProgressBar::hidden();
    let look = |template: &str| {
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
    };
    // How long it takes is known only when something is done.
    look(&format!("{{bar:40}} {{pos}}/{{len}} {what}"));
    let done = work(&|progress| match progress {
        Progress::Start(count) => {
            bar.set_length(u64::try_from(count).unwrap_or(0));
            bar.set_draw_target(ProgressDrawTarget::stderr());
            bar.enable_steady_tick(Duration::from_millis(200));
        }
        Progress::Step => {
            bar.inc(1);
            if bar.position() == 1 {
                look(&format!("{{bar:40}} {{pos}}/{{len}} {what}, nog {{eta}}"));
            }
        }
    });
    bar.finish_and_clear();
    done
}
