//! Mistakes on the command line, said in Dutch. clap finds them; its own sentences are English.

use clap::error::{ContextKind, ContextValue, ErrorKind};
use wijkanalyse::model::nearest;

/// One or more Dutch sentences for a mistake on the command line.
pub(crate) fn sentence(error: &clap::Error) -> String {
    let text = |kind: ContextKind| -> Option<String> {
        match error.get(kind)? {
            ContextValue::String(one) => Some(one.clone()),
            // Everything that is missing must come; of what is suggested one will do.
            ContextValue::Strings(many) if kind == ContextKind::InvalidArg => Some(many.join(", ")),
            ContextValue::Strings(many) => Some(many.join(" of ")),
            ContextValue::StyledStr(one) => Some(one.to_string()),
            ContextValue::Number(number) => Some(number.to_string()),
            _ => None,
        }
    };
    let subject =
        text(ContextKind::InvalidArg).or_else(|| text(ContextKind::InvalidSubcommand)).unwrap_or_default();
    let value = text(ContextKind::InvalidValue).unwrap_or_default();
    let every = std::env::args().any(|word| matches!(word.as_str(), "alles" | "all"));
    let mut said = match error.kind() {
        // Of these two one is enough.
        ErrorKind::MissingRequiredArgument if subject == "--wijk <NAAM>" && every => {
            "Er ontbreekt nog iets: --wijk <NAAM>, of --alle-wijken voor alle wijken.".to_owned()
        }
        // clap shows with dots that there may be more.
        ErrorKind::MissingRequiredArgument => format!("Er ontbreekt nog iets: {}.", subject.replace(">...", ">")),
        ErrorKind::MissingSubcommand => "Er is geen opdracht gegeven.".to_owned(),
        ErrorKind::InvalidSubcommand => format!("'{subject}' is geen opdracht van wijk."),
        ErrorKind::UnknownArgument => format!("'{subject}' is hier niet bekend."),
        ErrorKind::InvalidValue if value.is_empty() => format!("Achter {subject} ontbreekt een waarde."),
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => format!("'{value}' past niet bij {subject}."),
        ErrorKind::ArgumentConflict => match text(ContextKind::PriorArg) {
            Some(other) if other == subject => format!("{subject} mag maar één keer."),
            Some(other) => format!("{subject} kan niet samen met {other}."),
            None => format!("{subject} kan niet samen met een andere optie."),
        },
        ErrorKind::NoEquals => format!("Schrijf {subject} met een = ertussen."),
        ErrorKind::TooManyValues | ErrorKind::WrongNumberOfValues | ErrorKind::TooFewValues => {
            format!("Het aantal waarden bij {subject} klopt niet.")
        }
        ErrorKind::InvalidUtf8 => "Een van de woorden op de opdrachtregel is geen geldige tekst.".to_owned(),
        _ => "De opdracht is niet begrepen.".to_owned(),
    };
    if let Some(possible) = text(ContextKind::ValidValue).filter(|possible| !possible.is_empty()) {
        said.push_str(&format!(" Mogelijk: {possible}."));
    }
    let near = suggested(error, &subject).or_else(|| text(ContextKind::SuggestedArg));
    if let Some(near) = near {
        said.push_str(&format!(" Bedoelt u {near}?"));
    }
    let words: Vec<String> = std::env::args_os().skip(1).map(|word| word.to_string_lossy().into_owned()).collect();
    said.push_str(&format!(" Typ '{} --help' voor uitleg.", asked(&crate::args::command(), &words)));
    said
}

/// The command that was meant, as it is typed: its help says which options it has.
fn asked(root: &clap::Command, words: &[String]) -> String {
    let mut named = vec![root.get_name().to_owned()];
    let mut here = root;
    for word in words {
        // Behind a command of its own no other can come; values may be called as one.
        if !here.has_subcommands() {
            break;
        }
        if let Some(next) = here.find_subcommand(word) {
            named.push(next.get_name().to_owned());
            here = next;
        }
    }
    named.join(" ")
}

/// The command that looks most like what was typed: clap gives all that are somewhat near, in no order of use.
fn suggested(error: &clap::Error, typed: &str) -> Option<String> {
    let names = match error.get(ContextKind::SuggestedSubcommand)? {
        ContextValue::String(one) => vec![one.clone()],
        ContextValue::Strings(many) => many.clone(),
        _ => return None,
    };
    let first = nearest(typed, names.iter().map(String::as_str)).into_iter().next();
    first.or_else(|| names.first().cloned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_help_that_is_named_is_that_of_the_command_that_was_typed() {
        for (typed, named) in [
            (&["format", "uitvoer", "-o", "map"][..], "wijk format uitvoer"),
            (&["format", "uitvoor"], "wijk format"),
            (&["fill", "plan", "--wat"], "wijk vul"),
            (&["vol"], "wijk"),
            (&[], "wijk"),
        ] {
            let words: Vec<String> = typed.iter().map(|word| (*word).to_owned()).collect();
            assert_eq!(asked(&crate::args::command(), &words), named);
        }
    }
}
