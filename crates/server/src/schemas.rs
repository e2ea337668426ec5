//! Holds the place of the schemas until they are there.

use std::sync::Arc;

use async_graphql::{EmptyMutation, EmptySubscription, Object, Request, Response, Schema};
use gateway::viewers::Viewers;
use gateway::{Role, Viewer};

/// How much one question may ask for.
#[derive(Debug, Clone, Default)]
pub struct Limits;

pub(crate) struct Schemas(Schema<Query, EmptyMutation, EmptySubscription>);

struct Query;

#[Object]
impl Query {
    async fn version(&self) -> &str {
        env!("CARGO_PKG_VERSION")
    }
}

impl Schemas {
    pub(crate) fn new(_: Limits) -> Self {
        Schemas(Schema::new(Query, EmptyMutation, EmptySubscription))
    }

    pub(crate) async fn execute(&self, viewer: Arc<Viewer>, _: Viewers, request: Request) -> Response {
        self.0.execute(request.data(viewer)).await
    }

    pub(crate) fn sdl(&self, _: Role) -> String {
        self.0.sdl()
    }
}
