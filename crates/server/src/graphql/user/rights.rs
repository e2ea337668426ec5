//! What an account may do.

use async_graphql::Object;
use pronote::model::User;

use super::ints;
use crate::graphql::number::int;

/// What a pupil may do.
pub(super) struct StudentAuthorizations<'a>(pub(super) &'a User);

#[Object(name = "PronoteUserAuthorizations")]
impl StudentAuthorizations<'_> {
    async fn discussions(&self) -> bool {
        self.0.rights.read_discussions
    }
    #[graphql(flatten)]
    async fn common(&self) -> Authorizations<'_> {
        Authorizations(self.0)
    }
}

/// What every account may do besides.
struct Authorizations<'a>(&'a User);

#[Object(name = "PronoteUserCommonAuthorizations")]
impl Authorizations<'_> {
    async fn teachers_discussions(&self) -> bool {
        self.0.rights.write_to_teachers
    }
    async fn timetable_visible_weeks(&self) -> Vec<i32> {
        ints(self.0.profile.visible_weeks.iter())
    }
    async fn can_edit_lessons(&self) -> Vec<i32> {
        ints(self.0.profile.editable_weeks.iter())
    }
    async fn hide_class_parts(&self) -> bool {
        self.0.profile.hides_class_parts
    }
    async fn max_establishment_file_size(&self) -> i32 {
        int(self.0.profile.largest_document)
    }
    async fn max_user_work_file_size(&self) -> i32 {
        int(self.0.rights.largest_return.unwrap_or_default())
    }
    async fn has_password(&self) -> bool {
        self.0.profile.has_password
    }
    async fn has_personal_info(&self) -> bool {
        self.0.profile.has_personal_data
    }
    async fn can_print(&self) -> bool {
        self.0.profile.may_print
    }
}

/// What a guardian may do.
pub(super) struct ParentAuthorizations<'a>(pub(super) &'a User);

#[Object(name = "PronoteUserAuthorizations")]
impl ParentAuthorizations<'_> {
    async fn discussions(&self) -> bool {
        self.0.rights.read_discussions
    }
    #[graphql(flatten)]
    async fn common(&self) -> Authorizations<'_> {
        Authorizations(self.0)
    }
    async fn staff_discussion(&self) -> bool {
        self.0.rights.write_to_staff
    }
    async fn parents_discussion(&self) -> bool {
        self.0.rights.write_to_guardians
    }
    async fn edit_student_password(&self) -> bool {
        self.0.profile.edits_child_password
    }
    async fn edit_coordinates(&self) -> bool {
        self.0.profile.edits_addresses
    }
    async fn edit_authorizations(&self) -> bool {
        self.0.profile.edits_permissions
    }
}

/// The switches of the session.
pub(super) struct PronoteSessionAuthorizations<'a>(pub(super) &'a User);

#[Object]
impl PronoteSessionAuthorizations<'_> {
    async fn twitter_management(&self) -> bool {
        self.0.profile.manages_twitter
    }
    async fn expanded_attestation(&self) -> bool {
        self.0.profile.extended_certificates
    }
}
