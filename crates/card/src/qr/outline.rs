//! The outline of the dark modules of a square, as one path. A rectangle for each would be longer, and show hairlines
//! where two of them meet.

use std::fmt::Write as _;

/// Which way an outline goes; what is dark is to the right of it.
#[derive(Clone, Copy, PartialEq)]
enum Way {
    East,
    South,
    West,
    North,
}

use Way::{East, North, South, West};

impl Way {
    fn right(self) -> Way {
        match self {
            East => South,
            South => West,
            West => North,
            North => East,
        }
    }

    fn left(self) -> Way {
        self.right().right().right()
    }

    fn step(self, (x, y): (usize, usize)) -> (usize, usize) {
        match self {
            East => (x + 1, y),
            South => (x, y + 1),
            West => (x.wrapping_sub(1), y),
            North => (x, y.wrapping_sub(1)),
        }
    }

    /// The modules to the left and to the right of who goes on this way from a corner.
    fn beside(self, (x, y): (usize, usize)) -> [(usize, usize); 2] {
        let (west, north) = (x.wrapping_sub(1), y.wrapping_sub(1));
        match self {
            East => [(x, north), (x, y)],
            South => [(x, y), (west, y)],
            West => [(west, y), (west, north)],
            North => [(west, north), (x, north)],
        }
    }
}

/// The outline of what is dark among the modules of a square, row after row, moved to the right and down.
pub(super) fn outline(dark: &[bool], width: usize, margin: usize) -> String {
    let is_dark = |(x, y): (usize, usize)| x < width && y < width && dark[y * width + x];
    let mut path = String::new();
    // Every outline goes east above some dark module: those above which one has passed.
    let mut passed = vec![false; dark.len()];
    for start in (0..dark.len()).map(|module| (module % width, module / width)) {
        let top = is_dark(start) && !is_dark(North.step(start));
        if !top || passed[start.1 * width + start.0] {
            continue;
        }
        // Writing to a text cannot fail.
        let _ = write!(path, "M{} {}", start.0 + margin, start.1 + margin);
        let (mut at, mut way, mut run) = (start, East, 0);
        loop {
            if way == East {
                passed[at.1 * width + at.0] = true;
            }
            (at, run) = (way.step(at), run + 1);
            let [left, right] = way.beside(at);
            let turn = if !is_dark(right) {
                way.right()
            } else if is_dark(left) {
                way.left()
            } else {
                continue;
            };
            // The last side is closed by itself.
            if at == start && turn == East {
                break;
            }
            let _ = match way {
                East => write!(path, "h{run}"),
                West => write!(path, "h-{run}"),
                South => write!(path, "v{run}"),
                North => write!(path, "v-{run}"),
            };
            (way, run) = (turn, 0);
        }
        path.push('z');
    }
    path
}
