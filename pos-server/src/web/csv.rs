//! Files that spreadsheets open (RFC 4180), as text in them: a cell never becomes a formula.

/// A line of cells, with its end.
#[must_use]
pub fn row(cells: &[&str]) -> String {
    let cells: Vec<String> = cells.iter().map(|text| cell(text)).collect();
    format!("{}\r\n", cells.join(","))
}

fn cell(text: &str) -> String {
    let harmless = match text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        true => format!("'{text}"),
        false => text.to_owned(),
    };
    if harmless.contains([',', '"', '\r', '\n']) {
        return format!("\"{}\"", harmless.replace('"', "\"\""));
    }
    harmless
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_quoted_by_the_rule_and_no_formula_is_left() {
        assert_eq!(row(&["a", "b c"]), "a,b c\r\n");
        assert_eq!(row(&["a,b", "say \"no\"", "x\ny"]), "\"a,b\",\"say \"\"no\"\"\",\"x\ny\"\r\n");
        for formula in ["=1+1", "+1", "-1", "@a"] {
            assert_eq!(row(&[formula]), format!("'{formula}\r\n"));
        }
        assert_eq!(row(&["=A1,B1", "\u{e9}"]), "\"'=A1,B1\",\u{e9}\r\n");
    }
}
