//! Which class a chat is bound to, held in memory as long as nothing is written.

use std::collections::HashMap;

use board::{Board, ClassId, Platform};

/// The chats of a platform that are bound.
pub(super) struct Chats {
    platform: Platform,
    /// What the board was at when they were read.
    revision: Option<i64>,
    classes: HashMap<i64, ClassId>,
}

impl Chats {
    pub(super) fn new(platform: Platform) -> Self {
        Chats { platform, revision: None, classes: HashMap::new() }
    }

    /// The class that a chat is bound to, if it is bound.
    pub(super) async fn class_of(&mut self, board: &Board, peer: i64) -> Result<Option<ClassId>, board::Error> {
        let revision = Some(board.revision().await?);
        if self.revision != revision {
            let chats = board.all_chats().await?;
            let own = chats.iter().filter(|chat| chat.platform == self.platform);
            self.classes = own.map(|chat| (chat.peer, chat.class)).collect();
            self.revision = revision;
        }
        Ok(self.classes.get(&peer).copied())
    }
}
