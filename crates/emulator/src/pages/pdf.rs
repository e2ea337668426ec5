//! A small PDF of plain lines.

/// How many lines fit on a page of A4.
const LINES: usize = 52;

/// Writes lines of text, page by page, the first one as a title. Letters outside of Latin 1 become question marks.
pub(crate) fn lines(lines: &[String]) -> Vec<u8> {
    let pages: Vec<&[String]> = if lines.is_empty() { vec![&[]] } else { lines.chunks(LINES).collect() };
    let mut objects: Vec<Vec<u8>> = vec![
        b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
        Vec::new(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>".to_vec(),
    ];
    let mut kids = String::new();
    for (number, page) in pages.iter().enumerate() {
        let at = objects.len() + 1;
        kids.push_str(&format!("{at} 0 R "));
        objects.push(
            format!(
                "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >> /Contents {} 0 R >>",
                at + 1
            )
            .into_bytes(),
        );
        let text = page_text(page, number == 0);
        let mut stream = format!("<< /Length {} >>\nstream\n", text.len()).into_bytes();
        stream.extend(text);
        stream.extend_from_slice(b"\nendstream");
        objects.push(stream);
    }
    objects[1] = format!("<< /Type /Pages /Kids [{kids}] /Count {} >>", pages.len()).into_bytes();
    assemble(&objects)
}

fn page_text(lines: &[String], titled: bool) -> Vec<u8> {
    let mut text = b"BT\n50 800 Td\n14 TL\n".to_vec();
    for (number, line) in lines.iter().enumerate() {
        let size = if titled && number == 0 { 16 } else { 10 };
        text.extend(format!("/F1 {size} Tf (").into_bytes());
        for letter in line.chars() {
            match u8::try_from(u32::from(letter)) {
                Ok(byte @ (b'(' | b')' | b'\\')) => text.extend([b'\\', byte]),
                Ok(byte) if byte >= b' ' => text.push(byte),
                _ => text.push(b'?'),
            }
        }
        text.extend_from_slice(b") Tj T*\n");
    }
    text.extend_from_slice(b"ET");
    text
}

/// Puts numbered objects into a file with the table of where each begins.
fn assemble(objects: &[Vec<u8>]) -> Vec<u8> {
    let mut file = b"%PDF-1.4\n%\xE2\xE3\xCF\xD3\n".to_vec();
    let mut table = format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
    for (number, object) in (1..).zip(objects) {
        table.push_str(&format!("{:010} 00000 n \n", file.len()));
        file.extend(format!("{number} 0 obj\n").into_bytes());
        file.extend(object);
        file.extend_from_slice(b"\nendobj\n");
    }
    let start = file.len();
    file.extend(table.into_bytes());
    file.extend(
        format!("trailer\n<< /Size {} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n", objects.len() + 1).into_bytes(),
    );
    file
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_points_at_every_object() {
        let file = lines(&(0..120).map(|line| format!("Ligne (n°{line})")).collect::<Vec<_>>());
        let text = String::from_utf8_lossy(&file);
        assert!(text.starts_with("%PDF-1.4"));
        let find = |needle: &[u8]| file.windows(needle.len()).position(|window| window == needle).unwrap();
        let table = &file[find(b"xref\n0 ")..];
        for (number, line) in String::from_utf8_lossy(table).lines().skip(3).take(9).enumerate() {
            let offset: usize = line[..10].parse().unwrap();
            assert!(file[offset..].starts_with(format!("{} 0 obj", number + 1).as_bytes()), "{line}");
        }
        assert!(text.contains("/Count 3"));
        assert!(text.contains("Ligne \\(n"));
    }
}
