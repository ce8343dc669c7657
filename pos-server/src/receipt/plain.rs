//! Text in the letters a PDF's built-in fonts have (`WinAnsi`): what is not among them is said in
//! plain words or letters, so that nothing on paper is a black box.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::{decompose_compatible, is_combining_mark};

/// What the fonts have beyond Latin-1.
const FURTHER: &str = "€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ";

/// `text` in letters that can be printed.
#[must_use]
pub fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.nfc() {
        put(&mut out, letter);
    }
    let tidy: Vec<&str> = out.split(' ').filter(|word| !word.is_empty()).collect();
    if tidy.is_empty() && !text.trim().is_empty() { "?".into() } else { tidy.join(" ") }
}

fn put(out: &mut String, letter: char) {
    if printable(letter) {
        out.push(letter);
    } else if let Some(words) = words(letter) {
        out.push_str(words);
    } else if letter.is_whitespace() || letter.is_control() {
        out.push(' ');
    } else if !(unseen(letter) || pictured(letter) || is_combining_mark(letter)) {
        put_parts(out, letter);
    }
}

/// Puts the letters that a letter is made of: `ẹ` is an `e` with a dot, `ﬁ` is `fi`.
fn put_parts(out: &mut String, letter: char) {
    let before = out.len();
    decompose_compatible(letter, |part| {
        if part != letter && printable(part) {
            out.push(part);
        }
    });
    if out.len() == before {
        out.push('?');
    }
}

fn printable(letter: char) -> bool {
    matches!(letter, ' '..='~' | '\u{a1}'..='\u{ac}' | '\u{ae}'..='\u{ff}')
        || FURTHER.contains(letter)
}

fn words(letter: char) -> Option<&'static str> {
    Some(match letter {
        '₿' => "BTC ",
        '₦' => "NGN ",
        '₡' => "CRC ",
        '₵' => "GHS ",
        '₹' => "INR ",
        '₱' => "PHP ",
        '₩' => "KRW ",
        '₫' => "VND ",
        '₪' => "ILS ",
        '₺' => "TRY ",
        '₴' => "UAH ",
        '₽' => "RUB ",
        '−' | '‐' | '‑' => "-",
        '→' => "->",
        '≤' => "<=",
        '≥' => ">=",
        '≈' => "~",
        '′' => "'",
        '″' => "\"",
        'ł' => "l",
        'Ł' => "L",
        'đ' | 'ɗ' => "d",
        'Đ' | 'Ɗ' => "D",
        'ɓ' => "b",
        'Ɓ' => "B",
        'ƙ' => "k",
        'Ƙ' => "K",
        'ı' => "i",
        _ => return None,
    })
}

/// Marks that only steer how other letters are set.
fn unseen(letter: char) -> bool {
    matches!(letter, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{e0000}'..='\u{e007f}')
}

/// Emoji and other small pictures, which no word stands for.
fn pictured(letter: char) -> bool {
    matches!(letter, '\u{1f000}'..='\u{1faff}' | '\u{2600}'..='\u{27bf}' | '\u{2b00}'..='\u{2bff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_fonts_have_stays() {
        let text = "Café £5 €2 – “Crème” Šibenik… J$1,250.00 10% (½)";
        assert_eq!(plain(text), text);
    }

    #[test]
    fn currency_signs_become_codes() {
        assert_eq!(plain("₦1,250.50"), "NGN 1,250.50");
        assert_eq!(plain("₡1\u{a0}250,50"), "CRC 1 250,50");
        assert_eq!(plain("₿0.5"), "BTC 0.5");
        assert_eq!(plain("−₦5.00"), "-NGN 5.00");
    }

    #[test]
    fn narrow_and_unbreakable_spaces_become_plain_ones() {
        assert_eq!(plain("1\u{202f}250,50\u{a0}G"), "1 250,50 G");
        assert_eq!(plain("a\u{2009}b\tc\nd"), "a b c d");
    }

    #[test]
    fn emoji_are_left_out() {
        assert_eq!(plain("Iced latte 🧊🥤 large"), "Iced latte large");
        assert_eq!(
            plain("Family 👨\u{200d}👩\u{200d}👧 \u{1f1ef}\u{1f1f2} ♥\u{fe0f} meal"),
            "Family meal"
        );
        assert_eq!(plain("🍺"), "?", "something was sold");
    }

    #[test]
    fn letters_with_marks_become_their_letters() {
        assert_eq!(plain("Ẹ̀kọ́ and ọfada"), "Eko and ofada");
        assert_eq!(plain("Cafe\u{301}"), "Café");
        assert_eq!(plain("Łódź, ﬁsh № ①"), "Lódz, fish No 1");
        assert_eq!(plain("ＡＢＣ"), "ABC");
    }

    #[test]
    fn minus_and_dashes_are_those_of_a_keyboard() {
        assert_eq!(plain("−445.00"), "-445.00");
        assert_eq!(plain("pour‑over"), "pour-over");
    }

    #[test]
    fn letters_of_other_scripts_are_marked_as_missing() {
        assert_eq!(plain("咖啡 latte"), "?? latte");
        assert_eq!(plain(""), "");
    }
}
