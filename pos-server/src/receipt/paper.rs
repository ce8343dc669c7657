//! The paper in the printer, and how a receipt lies on it. Sizes are points, 72 to the inch.

/// The paper in the printer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Paper {
    /// A 58 mm roll.
    Mm58,
    /// An 80 mm roll.
    Mm80,
    /// A sheet.
    A4,
}

/// How a receipt lies on a paper.
#[derive(Debug, Clone, Copy)]
pub(super) struct Form {
    /// The paper's width.
    pub(super) width: f32,
    /// White at the left and right.
    pub(super) side: f32,
    /// White at the top and the foot.
    pub(super) end: f32,
    /// Letters in a line, all as wide as each other.
    pub(super) columns: u16,
    /// The longest page; a shorter one is only as long as it must be if `cut`.
    pub(super) longest: f32,
    /// The paper is cut off after the receipt.
    pub(super) cut: bool,
    /// The side of the QR code.
    pub(super) code: f32,
}

/// What a letter of Courier takes of its size.
pub(super) const LETTER: f32 = 0.6;

const fn mm(mm: f32) -> f32 {
    mm * 72.0 / 25.4
}

impl Paper {
    /// The paper as addresses say it: `58`, `80`, `a4`; anything else is no paper.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        match text {
            "58" => Some(Self::Mm58),
            "80" => Some(Self::Mm80),
            "a4" => Some(Self::A4),
            _ => None,
        }
    }

    /// Rolls have as many letters in a line as their printers' own font: 32 and 42.
    pub(super) fn form(self) -> Form {
        // No viewer is sure to show more than 200 inches.
        let roll = Form {
            width: mm(58.0),
            side: mm(5.0),
            end: mm(5.0),
            columns: 32,
            longest: 14_400.0,
            cut: true,
            code: mm(30.0),
        };
        match self {
            Self::Mm58 => roll,
            Self::Mm80 => Form { width: mm(80.0), side: mm(4.0), columns: 42, ..roll },
            Self::A4 => Form {
                width: mm(210.0),
                side: mm(34.0),
                end: mm(20.0),
                columns: 64,
                longest: mm(297.0),
                cut: false,
                code: mm(34.0),
            },
        }
    }
}

impl Form {
    /// The size of the letters.
    pub(super) fn size(&self) -> f32 {
        (self.width - 2.0 * self.side) / f32::from(self.columns) / LETTER
    }
}
