//! QR codes as one SVG path: no logo, black on white, a quiet zone of four modules.

use qrcode::types::QrError;
use qrcode::{Color, EcLevel, QrCode};

/// Modules of white around a code, as its standard asks.
const QUIET: usize = 4;

/// How much of a code may be lost before it can no longer be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spare {
    /// A screen: nothing is lost, and larger modules scan from further away.
    Screen,
    /// Paper, which is creased and stained.
    Paper,
}

/// A code to draw in a square of `size` by `size` units.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Qr {
    /// Modules on a side, the quiet zone included.
    pub size: usize,
    /// The dark modules, as the `d` of an SVG path.
    pub path: String,
}

/// Dark modules in a row, one module high; counted from the top left, the quiet zone included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Run {
    /// The first one's column.
    pub x: usize,
    /// Their row.
    pub y: usize,
    /// How many.
    pub length: usize,
}

/// Draws `text`. Write a BOLT11 invoice in capitals: they take half the room of small letters.
pub fn draw(text: &str, spare: Spare) -> Result<Qr, QrError> {
    let (size, runs) = runs(text, spare)?;
    let mut path = String::with_capacity(runs.len() * 16);
    for Run { x, y, length } in runs {
        path.push_str(&format!("M{x} {y}h{length}v1h-{length}z"));
    }
    Ok(Qr { size, path })
}

/// The modules on a side, the quiet zone included, and all dark ones.
pub fn runs(text: &str, spare: Spare) -> Result<(usize, Vec<Run>), QrError> {
    let level = match spare {
        Spare::Screen => EcLevel::L,
        Spare::Paper => EcLevel::M,
    };
    let code = QrCode::with_error_correction_level(text, level)?;
    let width = code.width();
    let mut runs = Vec::new();
    for (row, modules) in code.to_colors().chunks(width).enumerate() {
        let mut from = QUIET;
        for run in modules.chunk_by(PartialEq::eq) {
            if run[0] == Color::Dark {
                runs.push(Run { x: from, y: row + QUIET, length: run.len() });
            }
            from += run.len();
        }
    }
    Ok((width + 2 * QUIET, runs))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn the_finder_pattern_stands_behind_the_quiet_zone() {
        let qr = draw("HTTPS://POS.EXAMPLE/R/1", Spare::Paper).unwrap();
        assert!(qr.path.starts_with("M4 4h7v1h-7z"), "{}", qr.path);
        assert_eq!((qr.size - 2 * QUIET - 17) % 4, 0);
    }

    #[test]
    fn capitals_make_a_smaller_code() {
        let invoice = "lnbcrt145950n1p".repeat(20);
        let small = draw(&invoice.to_uppercase(), Spare::Screen).unwrap();
        assert!(small.size < draw(&invoice, Spare::Screen).unwrap().size);
    }

    #[test]
    fn too_long_a_text_is_refused() {
        assert!(draw(&"A".repeat(5_000), Spare::Screen).is_err());
    }
}
