//! The way in: from a door to a token, with whatever is asked on the way.
//!
//! ```text
//! enter → straight to the school ─────────────────────────────┬→ entered → admit
//!       → a portal → questions → its session → steps → settle ┘
//! ```

use std::net::IpAddr;
use std::sync::Arc;

use portals::Progress;
use pronote::login::{Credentials, Entrance, SignIn};
use pronote::{Cause, Session};
use secrecy::ExposeSecret as _;

use super::Viewers;
use super::door::{Admission, Arrival, Door, Reply, Way};
use super::entry::Entry;
use super::kept::{Keeping, Provisional};
use super::steps::{Held, Pending, Stage};
use crate::Error;
use crate::portal::Settled;
use crate::sessions::give_up;
use crate::tokens::Digest;
use crate::viewer::{Credit, Role, Viewer, lock};

/// Who opened a session.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Opener {
    /// A proof of the school's own.
    School,
    /// A portal: the account is still to be taken over.
    Portal,
}

impl Viewers {
    /// Lets someone in at a door.
    pub(super) async fn enter(&self, from: IpAddr, door: Door) -> Result<Admission, Error> {
        let Door { way, device, answers, write, next, shape } = door;
        let (_, space) = way.place()?;
        let role = Role::of(space).ok_or(Error::UnservedSpace)?;
        let (seat, token) = (self.0.seat(from)?, shape.make()?);
        let keep = |store| Arc::new(Keeping::new(store, token.digest(), write, seat.from()));
        let keeping = Provisional::new(self.0.store.as_ref().map(keep));
        let arrival = Arrival {
            seat,
            token,
            role,
            space,
            device,
            answers,
            write,
            wants_next: next,
            next: Arc::default(),
            keeping,
            password: None,
        };
        match way {
            Way::Direct(credentials) => {
                let password = arrival.proof(&credentials);
                self.straight(credentials, Arrival { password, ..arrival }).await
            }
            Way::Portal(sign_in) => self.wherever(sign_in, arrival).await,
            Way::Either(sign_in) => {
                let credentials = own(&sign_in);
                let password = arrival.proof(&credentials);
                match self.knock(credentials, &arrival).await {
                    Err(refused) if refused.may_be_behind_a_portal() => {
                        match self.0.gateway.through_portal(sign_in).await {
                            Err(Error::Portal(error)) if error.finds_no_portal() => Err(refused),
                            progress => self.progressed(progress?, arrival).await,
                        }
                    }
                    entrance => self.entered(entrance?, Opener::School, Arrival { password, ..arrival }).await,
                }
            }
        }
    }

    /// Takes the answers to what a sign-in waits for.
    pub(super) async fn reply(&self, name: Digest, mut held: Held, reply: Reply) -> Result<Admission, Error> {
        let pending = held.as_mut().ok_or(Error::NoSteps)?;
        let done = match &mut pending.stage {
            Stage::Steps(steps, opener) => match steps.finish(&reply.answers).await {
                Ok(session) => {
                    let opener = *opener;
                    self.0.waiting.remove(name);
                    let arrival = held.take().ok_or(Error::NoSteps)?.arrival;
                    // What was asked in a portal's session may be asked once more where the account is taken over.
                    let arrival = Arrival { answers: Some(reply.answers), ..arrival };
                    self.entered(Entrance::Open(session), opener, arrival).await
                }
                Err(error) => {
                    // The school has closed this sign-in: other answers would come too late.
                    if matches!(error.cause, Cause::Expired | Cause::NotKept(_)) {
                        self.0.waiting.remove(name);
                    }
                    return Err(error.into());
                }
            },
            Stage::Question(asked) => {
                let text = reply.answer.as_ref().map_or("", |answer| answer.expose_secret());
                let answer = asked.question().answer(text)?;
                self.0.waiting.remove(name);
                let Some(Pending { stage: Stage::Question(asked), arrival }) = held.take() else {
                    return Err(Error::NoSteps);
                };
                match asked.answer(answer).await {
                    Ok(progress) => self.progressed(progress, arrival).await,
                    Err(error) => Err(error.into()),
                }
            }
        };
        self.0.count(&done);
        done
    }

    async fn straight(&self, credentials: Credentials, arrival: Arrival) -> Result<Admission, Error> {
        let entrance = self.knock(credentials, &arrival).await?;
        self.entered(entrance, Opener::School, arrival).await
    }

    async fn knock(&self, credentials: Credentials, arrival: &Arrival) -> Result<Entrance, Error> {
        let client = self.0.gateway.client_for(&credentials.place()?.0);
        let sign_in = arrival.prepare(SignIn::new(credentials, arrival.device.clone()), Opener::School);
        Ok(Box::pin(client.sign_in(sign_in)).await?)
    }

    /// Through the portal that the school redirects to; where it has a form of its own instead, by that.
    async fn wherever(&self, sign_in: portals::SignIn, arrival: Arrival) -> Result<Admission, Error> {
        match self.0.gateway.through_portal(sign_in.clone()).await {
            Err(Error::Portal(error)) if error.kind == portals::Kind::NoPortal && sign_in.portal.is_none() => {
                let credentials = own(&sign_in);
                let password = arrival.proof(&credentials);
                self.straight(credentials, Arrival { password, ..arrival }).await
            }
            progress => self.progressed(progress?, arrival).await,
        }
    }

    async fn progressed(&self, progress: Progress, arrival: Arrival) -> Result<Admission, Error> {
        match progress {
            Progress::Landed(landing) => {
                let entrance = self.0.gateway.land(landing, &arrival.device).await?;
                self.entered(entrance, Opener::Portal, arrival).await
            }
            Progress::Question(asked) => {
                let (host, question) = (asked.host().to_owned(), asked.question().clone());
                let pending = Pending { stage: Stage::Question(asked), arrival };
                let continuation = self.0.waiting.add(pending, self.0.now())?;
                Ok(Admission::Question { continuation, host, question })
            }
        }
    }

    /// Goes on from a school that lets in or asks for something first.
    async fn entered(&self, entrance: Entrance, opener: Opener, arrival: Arrival) -> Result<Admission, Error> {
        let mut steps = match entrance {
            Entrance::Open(session) => return self.opened(session, opener, arrival).await,
            Entrance::Steps(steps) => steps,
        };
        if let Some(answers) = &arrival.answers {
            match steps.finish(answers).await {
                Ok(session) => return self.opened(session, opener, arrival).await,
                // They were not enough: the caller is told what is asked for.
                Err(error) if matches!(error.cause, Cause::AnswerNeeded(_)) => {}
                Err(error) => return Err(error.into()),
            }
        }
        let (demands, offer) = (steps.demands(), Box::new(steps.offer().clone()));
        let pending = Pending { stage: Stage::Steps(steps, opener), arrival };
        let continuation = self.0.waiting.add(pending, self.0.now())?;
        Ok(Admission::Steps { continuation, demands, offer })
    }

    async fn opened(&self, session: Session, opener: Opener, arrival: Arrival) -> Result<Admission, Error> {
        if opener == Opener::School {
            return self.admit(session, arrival, true).await;
        }
        let prepare = |sign_in| arrival.prepare(sign_in, Opener::Portal);
        match self.0.gateway.settle(session, arrival.space, &arrival.device, prepare).await? {
            Settled::Lasting(entrance) => Box::pin(self.entered(entrance, Opener::School, arrival)).await,
            Settled::Once(session, _) if arrival.write => self.admit(session, arrival, false).await,
            Settled::Once(session, _) => self.admit(session.only_reading(), arrival, false).await,
        }
    }

    /// Gives an open session its token.
    async fn admit(&self, session: Session, arrival: Arrival, lasting: bool) -> Result<Admission, Error> {
        let Arrival { seat, token, role, write, next, keeping, password, .. } = arrival;
        if let (Some(keeping), Some(password)) = (keeping.keeping().cloned(), password) {
            let keep = move || if keeping.is_kept() { Ok(()) } else { keeping.keep(password) };
            let kept = tokio::task::spawn_blocking(keep).await;
            if let Err(error) = kept.unwrap_or_else(|error| Err(error.into())) {
                give_up(Entrance::Open(session)).await;
                return Err(Error::NotKept(error));
            }
        }
        let next = lock(&next).take();
        let credit = Credit { token: token.digest(), role, write, keeping: keeping.settle() };
        let viewer = Arc::new(Viewer::new(session.clone(), credit, &self.0.house));
        if self.0.add(|| Entry::awake(&viewer, seat)) {
            return Ok(Admission::Open { token, viewer, next, lasting });
        }
        viewer.core.forget_sign_in().await;
        give_up(Entrance::Open(session)).await;
        Err(Error::Closing)
    }
}

/// The school's own form, with what would be given to its portal.
fn own(sign_in: &portals::SignIn) -> Credentials {
    let portals::SignIn { school, space, login, password, .. } = sign_in.clone();
    Credentials::Password { school, space, login, password }
}
