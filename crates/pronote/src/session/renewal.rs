//! Signing in again when a session has expired.

use std::sync::Arc;

use tokio::sync::OwnedMutexGuard;
use tokio::time::Instant;

use super::{Life, Line, Session, Shared, lock, parse_payload};
use crate::channel::{Ask, Channel, Peer};
use crate::error::{Cause, Error, Step};
use crate::functions::{self, Context, Function, Payload};
use crate::login::{Client, Credentials, SignIn, renew, to_the_end};
use crate::model::Instance;

/// What renews a session.
pub(crate) struct Renewal {
    pub(crate) client: Client,
    pub(crate) credentials: Option<Credentials>,
    pub(crate) sign_in: SignIn,
}

impl Session {
    /// Signs in again. What was refused once is not tried a second time.
    ///
    /// Goes on if the caller goes away, and holds the line meanwhile: half a renewal would lose a token.
    pub(super) async fn renew(
        &self,
        channel: OwnedMutexGuard<Channel>,
        expired: Error,
    ) -> Result<OwnedMutexGuard<Channel>, Error> {
        let renewal = lock(&self.shared.line).renewal.clone();
        let Some((renewal, credentials)) = renewal.and_then(|all| Some((all.clone(), all.credentials.clone()?))) else {
            return Err(expired);
        };
        tracing::info!(version = %expired.version.map(|v| v.to_string()).unwrap_or_default(), "Renewing an expired session");
        let shared = Arc::clone(&self.shared);
        lock(&shared.line).life = Life::Renewing;
        to_the_end(async move {
            let renewed = Box::pin(shared.again(channel, &renewal, credentials, expired)).await;
            if renewed.is_err() {
                lock(&shared.line).life = Life::Expired;
            }
            renewed
        })
        .await
    }
}

impl Shared {
    async fn again(
        &self,
        mut channel: OwnedMutexGuard<Channel>,
        renewal: &Renewal,
        credentials: Credentials,
        expired: Error,
    ) -> Result<OwnedMutexGuard<Channel>, Error> {
        let sign_in = SignIn { credentials, ..renewal.sign_in.clone() };
        let (mut fresh, instance, renewal) = renew(&renewal.client, sign_in).await.inspect_err(|error| {
            let used_up =
                matches!(error.cause, Cause::Refused(_) | Cause::Unopened(_) | Cause::StepNeeded | Cause::NotKept(_));
            if used_up {
                lock(&self.line).renewal = None;
            }
        })?;
        // Whatever happens next, the credentials used for this are good no more.
        lock(&self.line).renewal = Some(Arc::new(renewal));
        let context = read_user(&mut fresh, instance).await?;
        self.go_on(Arc::clone(fresh.peer()), context).ok_or(expired)?;
        *channel = fresh;
        Ok(channel)
    }

    /// Goes on with a renewed line; `None`, and the end of the session, when the account's children are not the same
    /// as before: callers know them by position, and would be shown another child.
    fn go_on(&self, peer: Arc<Peer>, context: Context) -> Option<()> {
        let mut line = lock(&self.line);
        let children = |context: &Context| context.user.children.iter().map(|child| child.name.clone()).collect();
        let (before, now): (Vec<String>, Vec<String>) = (children(&line.context), children(&context));
        if before != now {
            line.renewal = None;
            return None;
        }
        let (renewal, renewals) = (line.renewal.take(), line.renewals + 1);
        *line = Line { peer, context, renewal, renewals, life: Life::Open, last_call: Instant::now() };
        Some(())
    }
}

/// Reads who signed in: the first call of an open session.
pub(super) async fn read_user(channel: &mut Channel, instance: Instance) -> Result<Context, Error> {
    let context = Context { instance: Arc::new(instance), ..Context::default() };
    let request = functions::user::Request;
    let step = Step::Page(functions::user::Request::NAME.into());
    let data = request.arguments(&context);
    let ask = Ask { step: step.clone(), function: functions::user::Request::NAME, data: &data, signature: None };
    let answer = channel.call(ask).await?;
    let read = |payload: Payload<'_>| functions::user::Request::read(payload, &context);
    let (user, _) = parse_payload(&answer, read).map_err(|cause| channel.peer().error(&step, cause))?;
    Ok(Context { user: Arc::new(user), ..context })
}
