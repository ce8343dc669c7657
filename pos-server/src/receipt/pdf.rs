//! A receipt as PDF, in the fonts every viewer has, its text there to be found and copied.

use printpdf::{
    Actions, BorderArray, BuiltinFont, Line, LineDashPattern, LinePoint, LinkAnnotation, Op,
    PaintMode, PdfDocument, PdfFontHandle, PdfPage, PdfSaveOptions, Point, Polygon, PolygonRing,
    Pt, Rect, TextItem, TextMatrix, WindingOrder,
};
use qrcode::types::QrError;

use super::layout::{Piece, Text, lay_out};
use super::paper::{Form, LETTER};
use super::qr::{Run, Spare, runs};
use super::wrap::width;
use super::{Paper, Receipt, Under};

/// From one line of letters to the next, against their size.
const LEADING: f32 = 1.35;
/// From the top of a line to what its letters stand on, against their size.
const ASCENT: f32 = 0.95;

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

fn height(piece: &Piece, form: &Form) -> f32 {
    let line = form.size() * LEADING;
    match piece {
        Piece::Text(text) => line * text.scale,
        Piece::Dashes => line,
        Piece::Under(_) => line * 0.6,
        Piece::Code => form.code,
        Piece::White(lines) => line * lines,
    }
}

struct Code<'a> {
    runs: (usize, Vec<Run>),
    url: &'a str,
}

/// Draws pieces one below the other.
struct Pen<'a> {
    form: &'a Form,
    length: f32,
    y: f32,
    ops: Vec<Op>,
}

impl<'a> Pen<'a> {
    fn new(form: &'a Form, pieces: &[Piece]) -> Self {
        let all: f32 = pieces.iter().map(|piece| height(piece, form)).sum();
        let length = if form.cut { all + 2.0 * form.end } else { form.longest };
        Self { form, length, y: length - form.end, ops: Vec::new() }
    }

    fn draw(&mut self, piece: Piece, code: &Code<'_>) {
        let height = height(&piece, self.form);
        match piece {
            Piece::Text(text) => self.text(text),
            Piece::Dashes => self.dashes(height / 2.0),
            Piece::Under(Under::Single) => self.stroke(self.form.size() * 0.2, 1.0),
            Piece::Under(Under::Double) => {
                self.stroke(self.form.size() * 0.2, 1.0);
                self.stroke(self.form.size() * 0.2 + 2.5, 1.0);
            }
            Piece::Under(Under::Nothing) | Piece::White(_) => {}
            Piece::Code => self.code(code),
        }
        self.y -= height;
    }

    fn text(&mut self, text: Text) {
        let size = self.form.size() * text.scale;
        let wide = width(&text.letters) as f32 * size * LETTER;
        let x = if text.middle { (self.form.width - wide) / 2.0 } else { self.form.side };
        self.letters(text.letters, text.bold, size, x, self.y - size * ASCENT);
    }

    fn letters(&mut self, letters: String, bold: bool, size: f32, x: f32, y: f32) {
        let font = if bold { BuiltinFont::CourierBold } else { BuiltinFont::Courier };
        self.ops.extend([
            Op::StartTextSection,
            Op::SetFont { font: PdfFontHandle::Builtin(font), size: Pt(size) },
            Op::SetTextMatrix { matrix: TextMatrix::Translate(Pt(x), Pt(y)) },
            Op::ShowText { items: vec![TextItem::Text(letters)] },
            Op::EndTextSection,
        ]);
    }

    fn foot(&mut self, words: String) {
        let (form, y) = (self.form, self.form.end / 2.0);
        self.letters(words, false, form.size(), form.side, y);
    }

    fn dashes(&mut self, below: f32) {
        let dashed = LineDashPattern::new(0.0, &[2.5, 2.0]);
        self.ops.push(Op::SetLineDashPattern { dash: dashed });
        self.stroke(below, 0.6);
        self.ops.push(Op::SetLineDashPattern { dash: LineDashPattern::solid() });
    }

    /// A line across, `below` the place of the pen.
    fn stroke(&mut self, below: f32, thick: f32) {
        let y = self.y - below;
        let (left, right) = (self.form.side, self.form.width - self.form.side);
        let line = Line { points: vec![corner(left, y), corner(right, y)], is_closed: false };
        self.ops.push(Op::SetOutlineThickness { pt: Pt(thick) });
        self.ops.push(Op::DrawLine { line });
    }

    /// All modules are one shape, so that no hairline shows between them. A tap opens the page.
    fn code(&mut self, code: &Code<'_>) {
        let (size, runs) = &code.runs;
        let side = self.form.code;
        let (module, left) = (side / *size as f32, (self.form.width - side) / 2.0);
        let ring = |run: &Run| {
            let (x, y) = (left + run.x as f32 * module, self.y - run.y as f32 * module);
            let (right, foot) = (x + run.length as f32 * module, y - module);
            PolygonRing {
                points: vec![corner(x, y), corner(right, y), corner(right, foot), corner(x, foot)],
            }
        };
        let polygon = Polygon {
            rings: runs.iter().map(ring).collect(),
            mode: PaintMode::Fill,
            winding_order: WindingOrder::NonZero,
        };
        self.ops.push(Op::DrawPolygon { polygon });
        let area = Rect {
            x: Pt(left),
            y: Pt(self.y - side),
            width: Pt(side),
            height: Pt(side),
            mode: None,
            winding_order: None,
        };
        let unseen = BorderArray::Solid([0.0; 3]);
        let link =
            LinkAnnotation::new(area, Actions::Uri(code.url.into()), Some(unseen), None, None);
        self.ops.push(Op::LinkAnnotation { link });
    }

    fn page(self) -> PdfPage {
        PdfPage::new(Pt(self.form.width).into(), Pt(self.length).into(), self.ops)
    }
}

fn corner(x: f32, y: f32) -> LinePoint {
    LinePoint { p: Point { x: Pt(x), y: Pt(y) }, bezier: false }
}
