use super::{Old, faults, hashes};
use board::legacy::{Encoding, Legacy, LegacyError};

#[tokio::test]
async fn what_is_written_reads_the_same() {
    let old = Old::class().await;
    old.put("TextTimetable/2", "CR LF\r\n и \u{1f600}");
    old.put("NumTimetable/3", "");
    old.put("NumTimetable/4", "99\n-1\n1\n1");
    let first = old.read().await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("back/again");
    first.write(&path).await.unwrap();
    let second = Legacy::read(&path, Encoding::Unsaid).await.unwrap();
    assert_eq!((&second.week, &second.changes, &second.subjects), (&first.week, &first.changes, &first.subjects));
    assert_eq!(hashes(&second), hashes(&first));
    assert!(faults(&second).is_empty());
    assert_eq!(std::fs::read_to_string(path.join("NumTimetable/4")).unwrap(), "99\n-1\n1\n1", "as the API wrote it");
}

#[tokio::test]
async fn nothing_is_written_over() {
    let old = Old::class().await;
    let legacy = old.read().await;
    assert!(matches!(legacy.write(old.path()).await, Err(LegacyError::NotEmpty(_))));
    let file = old.file("changes");
    assert!(matches!(legacy.write(&file).await, Err(LegacyError::File(..))));
}

#[cfg(unix)]
#[tokio::test]
async fn hashes_are_for_their_owner_alone() {
    use std::os::unix::fs::PermissionsExt as _;

    let folder = tempfile::tempdir().unwrap();
    Old::class().await.read().await.write(folder.path()).await.unwrap();
    let mode = folder.path().join("bot.db").metadata().unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}
