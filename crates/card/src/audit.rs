//! All people at once: how many have a card, and why the others have none.
