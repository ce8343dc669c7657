//! Draws the pieces of a receipt, one below the other, as operations of a PDF page.

use printpdf::{
    Actions, BorderArray, BuiltinFont, Line, LineDashPattern, LinePoint, LinkAnnotation, Op,
    PaintMode, PdfFontHandle, PdfPage, Point, Polygon, PolygonRing, Pt, Rect, TextItem, TextMatrix,
    TextRenderingMode, WindingOrder,
};

use super::Under;
use super::layout::{Piece, Text};
use super::paper::{Form, LETTER};
use super::qr::Run;
use super::wrap::width;

/// What a printer of rolls puts side by side, 8 to the millimetre: modules of whole dots scan best.
const DOT: f32 = 72.0 / 25.4 / 8.0;
/// The line under the total, and the white between two.
const RULE: f32 = 1.4;
/// Courier is drawn thin, too thin for a worn print head: its strokes get this much more.
const BODY: f32 = 0.025;
/// From one line of letters to the next, against their size.
const LEADING: f32 = 1.35;
/// From the top of a line to what its letters stand on, against their size.
const ASCENT: f32 = 0.95;

/// What a piece takes of the paper's length.
pub(super) fn height(piece: &Piece, form: &Form) -> f32 {
    let line = form.size() * LEADING;
    match piece {
        Piece::Text(text) => line * text.scale,
        Piece::Dashes => line,
        Piece::Under(_) => line * 0.6,
        Piece::Code => form.code,
        Piece::White(lines) => line * lines,
    }
}

/// The QR code, and where it leads.
pub(super) struct Code<'a> {
    /// Modules on a side, and all dark ones.
    pub(super) runs: (usize, Vec<Run>),
    /// The receipt's page.
    pub(super) url: &'a str,
}

/// Draws pieces one below the other.
pub(super) struct Pen<'a> {
    form: &'a Form,
    length: f32,
    y: f32,
    ops: Vec<Op>,
}

impl<'a> Pen<'a> {
    /// At the top of a page that holds these pieces.
    pub(super) fn new(form: &'a Form, pieces: &[Piece]) -> Self {
        let all: f32 = pieces.iter().map(|piece| height(piece, form)).sum();
        let length = if form.cut { all + 2.0 * form.end } else { form.longest };
        Self { form, length, y: length - form.end, ops: Vec::new() }
    }

    /// Draws the next piece.
    pub(super) fn draw(&mut self, piece: Piece, code: &Code<'_>) {
        let height = height(&piece, self.form);
        match piece {
            Piece::Text(text) => self.text(text),
            Piece::Dashes => self.dashes(height / 2.0),
            Piece::Under(Under::Single) => self.stroke(2.0, RULE),
            Piece::Under(Under::Double) => {
                self.stroke(2.0, RULE);
                self.stroke(2.0 + 2.0 * RULE, RULE);
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
        let (font, mode) = if bold {
            (BuiltinFont::CourierBold, TextRenderingMode::Fill)
        } else {
            (BuiltinFont::Courier, TextRenderingMode::FillStroke)
        };
        self.ops.extend([
            Op::SetOutlineThickness { pt: Pt(size * BODY) },
            Op::StartTextSection,
            Op::SetTextRenderingMode { mode },
            Op::SetFont { font: PdfFontHandle::Builtin(font), size: Pt(size) },
            Op::SetTextMatrix { matrix: TextMatrix::Translate(Pt(x), Pt(y)) },
            Op::ShowText { items: vec![TextItem::Text(letters)] },
            Op::EndTextSection,
        ]);
    }

    /// Says below all which page it is.
    pub(super) fn foot(&mut self, words: String) {
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
        let size = *size as f32;
        let module = (self.form.code / size / DOT).floor().max(1.0) * DOT;
        let side = module * size;
        let left = (self.form.width - side) / 2.0;
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

    /// The page.
    pub(super) fn page(self) -> PdfPage {
        PdfPage::new(Pt(self.form.width).into(), Pt(self.length).into(), self.ops)
    }
}

fn corner(x: f32, y: f32) -> LinePoint {
    LinePoint { p: Point { x: Pt(x), y: Pt(y) }, bezier: false }
}
