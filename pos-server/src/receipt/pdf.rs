//! A receipt as PDF, in the fonts every viewer has, its text there to be found and copied.

use printpdf::{OffsetDateTime, PdfDocument, PdfSaveOptions};
use qrcode::types::QrError;

use super::layout::{Piece, lay_out};
use super::paper::Form;
use super::pen::{Code, Pen, height};
use super::qr::{Spare, runs};
use super::{Paper, Receipt};

/// Draws a receipt.
pub fn draw(receipt: &Receipt, paper: Paper) -> Result<Vec<u8>, QrError> {
    let form = paper.form();
    let code = Code { runs: runs(&receipt.url, Spare::Paper)?, url: &receipt.url };
    let pages = pages(lay_out(receipt, form.columns), &form);
    let count = pages.len();
    let draw = |(index, pieces): (usize, Vec<Piece>)| {
        let mut pen = Pen::new(&form, &pieces);
        for piece in pieces {
            pen.draw(piece, &code);
        }
        if count > 1 {
            pen.foot(format!("{}, page {} of {count}", receipt.title(), index + 1));
        }
        pen.page()
    };
    let drawn = pages.into_iter().enumerate().map(draw).collect();
    let mut document = PdfDocument::new(&format!("{}, {}", receipt.title(), receipt.shop));
    if let Ok(at) = OffsetDateTime::from_unix_timestamp(receipt.at.0.div_euclid(1000)) {
        document.metadata.info.creation_date = at;
        document.metadata.info.modification_date = at;
    }
    // Only text outside the fonts makes warnings, and `plain` leaves none.
    let mut warnings = Vec::new();
    Ok(document.with_pages(drawn).save(&PdfSaveOptions::default(), &mut warnings))
}

/// Breaks a receipt into pages, never between the total and its line.
fn pages(pieces: Vec<Piece>, form: &Form) -> Vec<Vec<Piece>> {
    let room = form.longest - 2.0 * form.end;
    let (mut pages, mut taken) = (vec![Vec::new()], 0.0);
    for piece in pieces {
        let height = height(&piece, form);
        if taken + height > room && !matches!(piece, Piece::Under(_)) {
            pages.push(Vec::new());
            taken = 0.0;
        }
        taken += height;
        if let Some(page) = pages.last_mut() {
            page.push(piece);
        }
    }
    pages
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::sample::{self, HASH, line};
    use super::super::say::{Rows, say};
    use super::*;
    use crate::domain::cart::price;

    const PAPERS: [Paper; 3] = [Paper::Mm58, Paper::Mm80, Paper::A4];

    fn drawn(rows: &Rows, paper: Paper) -> lopdf::Document {
        let receipt = say(rows, sample::URL).unwrap();
        lopdf::Document::load_mem(&draw(&receipt, paper).unwrap()).unwrap()
    }

    fn text(document: &lopdf::Document) -> String {
        let pages: Vec<u32> = document.get_pages().keys().copied().collect();
        document.extract_text(&pages).unwrap()
    }

    /// The text with what white there is between words as one space.
    fn words(document: &lopdf::Document) -> String {
        text(document).split_whitespace().collect::<Vec<_>>().join(" ")
    }

    fn operations(document: &lopdf::Document) -> Vec<lopdf::content::Operation> {
        let pages = document.get_pages();
        let read = |id: &lopdf::ObjectId| {
            lopdf::content::Content::decode(&document.get_page_content(*id)).unwrap()
        };
        pages.values().flat_map(|id| read(id).operations).collect()
    }

    fn count(document: &lopdf::Document, operator: &str) -> usize {
        operations(document).iter().filter(|operation| operation.operator == operator).count()
    }

    fn long(rows: &mut Rows, lines: usize) {
        let name = |n: usize| format!("Item {n} with a name that goes on for longer than any roll");
        let lines = (0..lines).map(|n| line(&name(n), "and a note", 9_999_999_999, 1)).collect();
        rows.sale.cart = serde_json::to_string(&price(lines, None).unwrap()).unwrap();
    }

    #[test]
    fn every_paper_says_it_all() {
        for paper in PAPERS {
            let document = drawn(&sample::rows(), paper);
            let words = words(&document);
            for want in [
                "Blue Mahoe Café 14 Hope Road, Kingston 6 876-555-0142 GCT no. 001-234-567 Paid",
                "Receipt C1-01043 21 Nov 2026 12:43 Counter 1 Keisha",
                "2 Flat white, Oat milk 1,500.00",
                "Discount 10% -445.00 Tip for Keisha 400.50 TOTAL J$4,405.50 GCT 15%, included 522.39",
                "Cash 2,000.00 Cash received 2,500.00 Change 500.00",
                "Lightning, 14,595 sats 2,405.50 1 BTC J$16,482,350.00 Middle of 3 sources 12:42:48",
                "102,937.5",
                "160.12",
                "Scan for this receipt and its proof. Walk good.",
            ] {
                assert!(words.contains(want), "{paper:?} lacks {want}: {words}");
            }
            let hash = format!("Payment hash\n{}\n{}\n", &HASH[..32], &HASH[32..]);
            assert!(text(&document).contains(&hash), "{paper:?}");
            assert_eq!(document.get_pages().len(), 1);
        }
    }

    #[test]
    fn the_line_is_doubled_only_under_money_that_is_ours() {
        let mut rows = sample::rows();
        let dashes = 2;
        for (state, lines) in [("paid", 2), ("open", 1), ("refunded", 0), ("voided", 0)] {
            rows.sale.state = state.into();
            assert_eq!(count(&drawn(&rows, Paper::Mm80), "S"), dashes + lines, "{state}");
        }
    }

    #[test]
    fn practice_and_what_is_not_paid_are_said_on_every_paper() {
        let mut rows = sample::rows();
        rows.sale.money = "practice".into();
        rows.sale.state = "open".into();
        for paper in PAPERS {
            let words = words(&drawn(&rows, paper));
            assert!(words.contains("Practice money: nothing here is real"), "{words}");
            assert!(words.contains("This is not a receipt: not paid yet"), "{words}");
        }
    }

    #[test]
    fn nothing_is_cut_at_the_edge() {
        let mut rows = sample::rows();
        long(&mut rows, 3);
        rows.sale.total = 4_611_686_018_427_387_904;
        for (paper, code) in PAPERS.into_iter().flat_map(|paper| [(paper, "JMD"), (paper, "COP")]) {
            rows.sale.currency = code.into();
            let document = drawn(&rows, paper);
            let words = words(&document);
            let (item, total) = match code {
                "JMD" => ("99,999,999.99", "J$46,116,860,184,273,879.04"),
                _ => ("99.999.999,99", "COL$46.116.860.184.273.879,04"),
            };
            assert_eq!(words.matches(item).count(), 3, "{words}");
            assert!(words.contains(total), "{words}");
            let (mut size, mut x) = (0.0, 0.0);
            for operation in operations(&document) {
                let number = |at: usize| operation.operands[at].as_float().unwrap();
                match operation.operator.as_str() {
                    "Tf" => size = number(1),
                    "Tm" => x = number(4),
                    "Tj" => {
                        let letters = operation.operands[0].as_str().unwrap().len();
                        let right = x + letters as f32 * size * super::super::paper::LETTER;
                        let form = paper.form();
                        assert!(x >= form.side - 0.1 && right <= form.width - form.side + 0.1);
                    }
                    _ => {}
                }
            }
        }
    }

    #[test]
    fn a_roll_is_as_long_as_its_receipt_and_sheets_are_numbered() {
        let mut rows = sample::rows();
        let length = |document: &lopdf::Document| {
            let page = document.get_pages()[&1];
            let page = document.get_dictionary(page).unwrap();
            page.get(b"MediaBox").unwrap().as_array().unwrap()[3].as_float().unwrap()
        };
        let short = length(&drawn(&rows, Paper::Mm58));
        long(&mut rows, 200);
        let roll = drawn(&rows, Paper::Mm58);
        assert!(roll.get_pages().len() == 1 && length(&roll) > 5.0 * short);
        let sheets = drawn(&rows, Paper::A4);
        let (count, words) = (sheets.get_pages().len(), words(&sheets));
        assert!(count > 3 && (length(&sheets) - 841.9).abs() < 0.1, "{count}");
        for page in 1..=count {
            assert!(words.contains(&format!("Receipt C1-01043, page {page} of {count}")));
        }
        for n in 0..200 {
            assert!(words.contains(&format!("1 Item {n} with")), "{n}");
        }
    }

    #[test]
    fn the_code_has_every_module_and_opens_the_page() {
        let receipt = say(&sample::rows(), sample::URL).unwrap();
        let (_, modules) = runs(&receipt.url, Spare::Paper).unwrap();
        let document = drawn(&sample::rows(), Paper::Mm58);
        let strokes = count(&document, "S");
        assert_eq!(count(&document, "m") - strokes, modules.len());
        assert_eq!(count(&document, "f"), 1, "one shape");
        let page = document.get_dictionary(document.get_pages()[&1]).unwrap();
        let links = page.get(b"Annots").unwrap().as_array().unwrap();
        let action = links[0].as_dict().unwrap().get(b"A").unwrap().as_dict().unwrap();
        assert_eq!(action.get(b"URI").unwrap().as_str().unwrap(), receipt.url.as_bytes());
    }

    #[test]
    fn signs_that_no_font_has_are_said_in_letters() {
        let mut rows = sample::rows();
        rows.sale.currency = "NGN".into();
        rows.store.name = "Ẹ̀kọ́ Grill 🔥".into();
        let words = words(&drawn(&rows, Paper::Mm58));
        assert!(words.contains("Eko Grill") && words.contains("TOTAL NGN 4,405.50"), "{words}");
    }
}
