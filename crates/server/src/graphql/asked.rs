//! Who asks, and about whom.

use std::sync::Arc;

use async_graphql::Context;
use gateway::{Viewer, Whose};

use super::failure::Failure;

/// Who asks.
pub(crate) fn asked_by<'a>(ctx: &Context<'a>) -> &'a Arc<Viewer> {
    ctx.data::<Arc<Viewer>>().expect("every question is executed with the viewer who asks it")
}

/// Who asks, and about whom.
pub(crate) struct Asked {
    pub(crate) viewer: Arc<Viewer>,
    pub(crate) whose: Whose,
}

/// A pupil asks about itself.
pub(crate) fn own(ctx: &Context<'_>) -> Result<Asked, Failure> {
    Ok(Asked { viewer: Arc::clone(asked_by(ctx)), whose: Whose::OWN })
}

/// A guardian asks about a child, by its exact name or identifier.
pub(crate) fn child(ctx: &Context<'_>, student: &str) -> Result<Asked, Failure> {
    let viewer = asked_by(ctx);
    Ok(Asked { whose: viewer.child(student)?, viewer: Arc::clone(viewer) })
}
