//! What is in a JPEG file besides its picture, told from its segments (ITU-T T.81, annex B).

/// What the segments of a file tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Segments {
    /// It ends before its picture does.
    Cut,
    /// It holds a baseline picture and nothing else: nothing about where, when and with what it was taken.
    Bare,
    /// It holds something else too, or cannot be followed.
    More,
}

/// Follows the segments of a file to its end.
pub(super) fn segments(file: &[u8]) -> Segments {
    let Some(mut rest) = file.strip_prefix(&[0xff, 0xd8]) else { return Segments::More };
    let (mut bare, mut headers) = (true, 0);
    loop {
        let marker = match rest {
            [0xff, 0xff, ..] => {
                rest = &rest[1..];
                continue;
            }
            [0xff, marker, after @ ..] => {
                rest = after;
                *marker
            }
            [] | [0xff] => return Segments::Cut,
            _ => return Segments::More,
        };
        if marker == 0xd9 {
            // Whatever comes after the end may be about anything: another picture, with its position.
            return if bare && rest.is_empty() { Segments::Bare } else { Segments::More };
        }
        let Some((segment, after)) = segment(rest) else { return Segments::Cut };
        rest = after;
        bare &= match marker {
            // Tables, the interval of restarts, and the beginning of a scan.
            0xc4 | 0xdb | 0xdd | 0xda => true,
            // The header of a baseline picture in grey, or in three colors.
            0xc0 => matches!(segment, [8, _, _, _, _, 1 | 3, ..]),
            // The header of the file, once, and without a thumbnail.
            0xe0 => {
                headers += 1;
                headers == 1 && segment.len() == 14 && segment.starts_with(b"JFIF\0") && segment.ends_with(&[0, 0])
            }
            _ => false,
        };
        if marker == 0xda {
            rest = after_scan(rest);
        }
    }
}

/// The content of the segment that begins, and what comes after it.
fn segment(rest: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = rest.split_first_chunk()?;
    rest.split_at_checked(usize::from(u16::from_be_bytes(*length)).checked_sub(2)?)
}

/// What comes after the coded pixels, in which `ff` is followed by `00` or is a restart.
fn after_scan(rest: &[u8]) -> &[u8] {
    let end = rest.windows(2).position(|pair| pair[0] == 0xff && !matches!(pair[1], 0x00 | 0xd0..=0xd7));
    end.map_or(&[], |end| &rest[end..])
}
