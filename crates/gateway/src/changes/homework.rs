//! Homework: done or not, handed in, taken back.

use pronote::functions::homework::{MarkDone, Request};
use pronote::functions::submission::{Submit, Withdraw};
use pronote::model::{Homework, SaveReport};

use super::{Hand, Unchanged, find};
use crate::{Viewer, Whose};

impl Hand<'_> {
    /// The homework of the year: a key does not tell the week.
    async fn homework(&self, key: &str) -> Result<Homework, Unchanged> {
        let weeks = 1..=self.session.instance().last_week();
        let year = self.read(&Request { weeks }).await?;
        find(&year, "homework", key).cloned()
    }
}

impl Viewer {
    /// Marks homework as done or not done.
    ///
    /// # Errors
    /// Nothing was changed.
    pub async fn mark_homework(&self, whose: Whose, key: &str, done: bool) -> Result<SaveReport, Unchanged> {
        let hand = Hand::of(self, whose)?;
        let homework = hand.homework(key).await?.id;
        hand.save(&MarkDone { homework, done }).await
    }

    /// Hands in a file for homework.
    ///
    /// # Errors
    /// Nothing was changed: also when the homework takes no file, or the file is too large for the school.
    pub async fn hand_in(
        &self,
        whose: Whose,
        key: &str,
        file_name: &str,
        content: &[u8],
    ) -> Result<SaveReport, Unchanged> {
        let hand = Hand::of(self, whose)?;
        let largest = self.user().rights.largest_return;
        if let Some(largest) = largest.filter(|largest| content.len() as u64 > *largest) {
            return Err(Unchanged::Unfit(format!("the school takes files of at most {largest} bytes")));
        }
        let homework = hand.homework(key).await?;
        if !homework.submission.possible {
            return Err(Unchanged::Unfit("nothing can be handed in for this homework".to_owned()));
        }
        let submit = |file_key| Submit { homework: homework.id, file_name: file_name.to_owned(), file_key };
        let saved = hand.session.writer()?.save_with_file(file_name, content, submit).await;
        self.forget_pages();
        Ok(saved?.value)
    }

    /// Takes back the file that was handed in for homework.
    ///
    /// # Errors
    /// Nothing was changed: also when nothing was handed in.
    pub async fn withdraw(&self, whose: Whose, key: &str) -> Result<SaveReport, Unchanged> {
        let hand = Hand::of(self, whose)?;
        let homework = hand.homework(key).await?;
        if homework.submission.file.is_none() {
            return Err(Unchanged::Unfit("nothing was handed in for this homework".to_owned()));
        }
        hand.save(&Withdraw { homework: homework.id }).await
    }
}
