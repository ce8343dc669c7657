//! Lines of letters that are all as wide as each other, as on a printed roll.

/// How far the second and later lines of a label stand in.
const INDENT: usize = 2;
/// A label gets at least this much room beside its amount, else the amount stands below it.
const LABEL_MIN: usize = 10;

/// Breaks `text` into lines of at most `columns`, between words where it can.
pub(super) fn wrap(text: &str, columns: usize) -> Vec<String> {
    wrap_indented(text, columns, columns)
}

/// A label and its amount at the right edge; the label wraps, the amount is never cut.
pub(super) fn pair(label: &str, amount: &str, columns: usize) -> Vec<String> {
    let room = columns.saturating_sub(width(amount) + 1);
    if room < width(label).min(LABEL_MIN) {
        let mut lines = wrap(label, columns);
        let amount = wrap(amount, columns);
        lines.extend(amount.iter().map(|line| format!("{line:>columns$}")));
        return lines;
    }
    let mut lines = wrap_indented(label, room, room.saturating_sub(INDENT)).into_iter();
    let first = lines.next().unwrap_or_default();
    let gap = columns - width(amount);
    let mut out = vec![format!("{first:<gap$}{amount}")];
    out.extend(lines.map(|line| format!("{:INDENT$}{line}", "")));
    out
}

/// Letters in `text`.
pub(super) fn width(text: &str) -> usize {
    text.chars().count()
}

fn wrap_indented(text: &str, first: usize, rest: usize) -> Vec<String> {
    let (first, rest) = (first.max(1), rest.max(1));
    let mut lines: Vec<String> = vec![String::new()];
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        let mut word: Vec<char> = word.chars().collect();
        loop {
            let limit = if lines.len() == 1 { first } else { rest };
            let line = lines.last_mut().filter(|line| !line.is_empty());
            match line {
                Some(line) if width(line) + 1 + word.len() <= limit => {
                    line.push(' ');
                    line.extend(word);
                    break;
                }
                Some(_) => lines.push(String::new()),
                None => {
                    let left = word.split_off(word.len().min(limit));
                    if let Some(line) = lines.last_mut() {
                        line.extend(word);
                    }
                    if left.is_empty() {
                        break;
                    }
                    word = left;
                }
            }
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn long_names_wrap_and_amounts_stay_at_the_edge() {
        let lines = pair("2 Pour-over, Blue Mountain, extra hot", "1,100.00", 32);
        assert_eq!(lines, ["2 Pour-over, Blue       1,100.00", "  Mountain, extra hot"]);
        assert_eq!(pair("Tip", "400.50", 12), ["Tip   400.50"]);
    }

    #[test]
    fn an_amount_as_wide_as_the_paper_stands_below_its_label() {
        let lines = pair("TOTAL", "COL$9.223.372.036.854,00", 26);
        assert_eq!(lines, ["TOTAL", "  COL$9.223.372.036.854,00"]);
    }

    #[test]
    fn a_word_longer_than_a_line_is_broken() {
        assert_eq!(wrap("an 1234567890 end", 4), ["an", "1234", "5678", "90", "end"]);
        assert_eq!(wrap("", 4), [""]);
    }

    proptest! {
        #[test]
        fn no_line_is_too_wide_and_no_letter_is_lost(
            label in "[a-zA-Z ,]{0,200}", amount in "[0-9][0-9,.]{0,23}", columns in 24usize..80
        ) {
            let lines = pair(&label, &amount, columns);
            prop_assert!(lines.iter().all(|line| width(line) <= columns));
            prop_assert!(lines.iter().any(|line| line.ends_with(&amount)));
            let letters = |text: &str| text.chars().filter(|c| *c != ' ').collect::<String>();
            let mut printed = letters(&lines.concat());
            let at = printed.find(&amount).unwrap_or_default();
            printed.replace_range(at..at + amount.len(), "");
            prop_assert_eq!(printed, letters(&label));
        }
    }
}
