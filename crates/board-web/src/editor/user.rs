//! One account: what it may do, a new password, and the way out.
//!
//! A head keeps the accounts of their own classes. What reaches beyond those (an account that administers the school,
//! or has a part in another class) only who administers the school may reset, disable or remove; a head can change its
//! role in the class and take it out of there.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use axum::response::Response;
use board::{Class, ClassId, Error, Expect, Role, User, UserChange, UserId};
use minijinja::context;
use secrecy::SecretString;

use super::classes::{role_code, role_name, role_of, roles};
use super::fault::Fault;
use super::form::{Fields, Form};
use super::people::{judge_password, refuse};
use super::visit::{At, ClassVisit, Posted, Visit};
use super::words;

/// What whoever looks may do with an account.
struct May {
    rights: bool,
    admin: bool,
    disable: bool,
    password: bool,
    remove: bool,
    /// Whether the account is theirs to keep as a whole.
    whole: bool,
}

/// An account, and from where it is looked at.
struct Desk<'a> {
    visit: &'a Visit,
    /// The class, unless it is looked at from above all of them.
    class: Option<&'a ClassVisit>,
    user: User,
    may: May,
    /// The classes whose roles can be given here.
    classes: Vec<Class>,
}

impl<'a> Desk<'a> {
    async fn new(visit: &'a Visit, class: Option<&'a ClassVisit>, id: i64) -> Result<Self, Fault> {
        let all = visit.app.board.users().await?;
        let user = all.into_iter().find(|user| user.id == UserId(id)).ok_or(Fault::Missing)?;
        let me = &visit.session.user;
        if class.is_some_and(|class| user.role_in(class.class.id).is_none()) {
            return Err(Fault::Missing);
        }
        let mine = |class: &ClassId| me.role_in(*class) == Some(Role::Head);
        let whole = me.admin || (!user.admin && user.roles.keys().all(mine));
        let other = user.id != me.id;
        let may = May {
            // Nobody locks themselves out by mistake.
            rights: other && (me.admin || !user.admin),
            admin: me.admin && other,
            disable: whole && other,
            password: whole && other,
            remove: other && (whole || !user.admin),
            whole,
        };
        let classes = visit.app.board.classes().await?.into_iter();
        let classes = classes.filter(|one| match class {
            Some(class) => one.id == class.class.id,
            None => one.archived.is_none() || user.roles.contains_key(&one.id),
        });
        let classes = classes.collect();
        Ok(Desk { visit, class, user, may, classes })
    }

    fn root(&self) -> String {
        self.class.map_or_else(|| "/board/_users".to_owned(), |class| class.at("users"))
    }

    fn fields(&self) -> Fields {
        let mut fields = Fields::new();
        for class in &self.classes {
            let role = self.user.roles.get(&class.id).copied().map_or("", role_code);
            fields.insert(format!("role-{}", class.slug), role.to_owned());
        }
        for (name, is) in [("admin", self.user.admin), ("disabled", self.user.disabled)] {
            if is {
                fields.insert(name.to_owned(), "on".to_owned());
            }
        }
        fields
    }

    async fn page(&self, status: StatusCode, form: &Form, password: &Form) -> Result<Response, Fault> {
        let (visit, user) = (self.visit, &self.user);
        let class = |class: &Class| {
            let none = || visit.say("editor-role-none", &[]);
            context! {
                field => format!("role-{}", class.slug),
                label => &class.settings.name,
                role => user.role_in(class.id).map_or_else(none, |role| role_name(visit, role)),
            }
        };
        let (zone, now) = (visit.zone().await?, visit.app.board.now());
        let view = context! {
            name => &user.name,
            last => user.last_sign_in.map(|at| words::moment(visit.language, at, &zone, now)),
            action => format!("{}/{}", self.root(), user.id.0),
            remove => format!("{}/{}/remove", self.root(), user.id.0),
            back => self.root(),
            whole => self.may.whole,
            may => context! {
                rights => self.may.rights,
                admin => self.may.admin,
                disable => self.may.disable,
                password => self.may.password,
                remove => self.may.remove,
            },
            classes => self.classes.iter().map(class).collect::<Vec<_>>(),
            // Within a class, having no part in it is done by removing, which asks first.
            roles => roles(visit, self.class.is_none() || user.admin),
            form => form.view(visit.language),
            password => password.view(visit.language),
        };
        Ok(match self.class {
            Some(class) => class.class_page(status, "user.html", "users", view),
            None => visit.page(status, "user.html", "classes", view),
        })
    }

    async fn show(&self) -> Result<Response, Fault> {
        self.page(StatusCode::OK, &Form::of(self.fields()), &Form::default().named("reset")).await
    }

    async fn save(&self, mut form: Form) -> Result<Response, Fault> {
        if form.get("do") == "password" {
            return self.reset(form.named("reset")).await;
        }
        let (board, by, user) = (&self.visit.app.board, self.visit.actor(), &self.user);
        if !(self.may.rights || self.may.admin || self.may.disable) {
            return Err(Fault::Forbidden);
        }
        if form.was_made_of(Some(&self.fields())) {
            let change = UserChange {
                admin: self.may.admin.then(|| form.ticked("admin")),
                disabled: self.may.disable.then(|| form.ticked("disabled")),
                roles: None,
                roles_in: if self.may.rights { self.roles(&form) } else { BTreeMap::new() },
                expect: Expect::Tag(user.tag()),
            };
            match board.set_user(&by, user.id, change).await {
                Ok(_) => return Ok(self.visit.told(&self.root(), "editor-notice-saved")),
                Err(Error::Stale { .. }) => {}
                Err(error) => {
                    refuse(&mut form, error)?;
                    let reset = Form::default().named("reset");
                    return self.page(StatusCode::UNPROCESSABLE_ENTITY, &form, &reset).await;
                }
            }
        }
        let now = Desk::new(self.visit, self.class, user.id.0).await?;
        form.meet(Some(now.fields()), None);
        now.page(StatusCode::CONFLICT, &form, &Form::default().named("reset")).await
    }

    /// The roles that a form gives, in the classes that it shows.
    fn roles(&self, form: &Form) -> BTreeMap<ClassId, Option<Role>> {
        let role = |class: &Class| {
            let role = role_of(form.get(&format!("role-{}", class.slug)));
            // Within a class, nobody loses their part without being asked about.
            (role.is_some() || self.class.is_none() || self.user.admin).then_some((class.id, role))
        };
        self.classes.iter().filter_map(role).collect()
    }

    async fn reset(&self, mut form: Form) -> Result<Response, Fault> {
        if !self.may.password {
            return Err(Fault::Forbidden);
        }
        let password = SecretString::from(form.get("new-password").to_owned());
        judge_password(&mut form);
        form.forget("new-password");
        if form.is_fine() {
            match self.visit.app.board.set_password(&self.visit.actor(), self.user.id, &password).await {
                Ok(()) => return Ok(self.visit.told(&self.root(), "editor-notice-password-reset")),
                Err(error) => refuse(&mut form, error)?,
            }
        }
        self.page(StatusCode::UNPROCESSABLE_ENTITY, &Form::of(self.fields()), &form).await
    }

    fn ask(&self) -> Result<Response, Fault> {
        if !self.may.remove {
            return Err(Fault::Forbidden);
        }
        let (visit, user) = (self.visit, &self.user);
        let name = [("name", user.name.clone().into())];
        // Out of one class, who has a part in others stays there.
        let leaves = self.class.is_some() && (user.admin || user.roles.len() > 1);
        let (title, text) = match leaves {
            true => ("editor-user-leave-ask", "editor-user-leave-text"),
            false => ("editor-user-remove-ask", "editor-user-remove-text"),
        };
        let view = context! {
            title => visit.say(title, &name),
            lines => [visit.say(text, &[])],
            action => format!("{}/{}/remove", self.root(), user.id.0),
            back => format!("{}/{}", self.root(), user.id.0),
            button => visit.say("editor-remove", &[]),
            form => Form::default().view(visit.language),
        };
        Ok(match self.class {
            Some(class) => class.class_page(StatusCode::OK, "confirm.html", "users", view),
            None => visit.page(StatusCode::OK, "confirm.html", "classes", view),
        })
    }

    async fn remove(&self) -> Result<Response, Fault> {
        if !self.may.remove {
            return Err(Fault::Forbidden);
        }
        let (board, by) = (&self.visit.app.board, self.visit.actor());
        let removed = match self.class {
            Some(class) => board.leave_class(&by, class.class.id, &self.user.name).await.map(|_| ()),
            None => board.remove_user(&by, self.user.id).await,
        };
        match removed {
            Ok(()) => Ok(self.visit.told(&self.root(), "editor-notice-user-removed")),
            Err(error) => {
                let mut form = Form::of(self.fields());
                refuse(&mut form, error)?;
                self.page(StatusCode::UNPROCESSABLE_ENTITY, &form, &Form::default().named("reset")).await
            }
        }
    }
}

type OfClass = At<(String, i64)>;

/// Shows one from within a class.
pub(crate) async fn show(At((_, id)): OfClass, visit: ClassVisit) -> Result<Response, Fault> {
    visit.needs(Role::Head)?;
    Desk::new(&visit, Some(&visit), id).await?.show().await
}

/// Changes one from within a class.
pub(crate) async fn save(At((_, id)): OfClass, posted: Posted<ClassVisit>) -> Result<Response, Fault> {
    posted.visit.needs(Role::Head)?;
    Desk::new(&posted.visit, Some(&posted.visit), id).await?.save(posted.form).await
}

/// Asks whether one is to leave the class.
pub(crate) async fn ask(At((_, id)): OfClass, visit: ClassVisit) -> Result<Response, Fault> {
    visit.needs(Role::Head)?;
    Desk::new(&visit, Some(&visit), id).await?.ask()
}

/// Takes one out of the class.
pub(crate) async fn remove(At((_, id)): OfClass, posted: Posted<ClassVisit>) -> Result<Response, Fault> {
    posted.visit.needs(Role::Head)?;
    Desk::new(&posted.visit, Some(&posted.visit), id).await?.remove().await
}

/// Shows one from above all classes.
pub(crate) async fn show_anywhere(At(id): At<i64>, visit: Visit) -> Result<Response, Fault> {
    visit.admin()?;
    Desk::new(&visit, None, id).await?.show().await
}

/// Changes one from above all classes.
pub(crate) async fn save_anywhere(At(id): At<i64>, posted: Posted<Visit>) -> Result<Response, Fault> {
    posted.visit.admin()?;
    Desk::new(&posted.visit, None, id).await?.save(posted.form).await
}

/// Asks whether one is to be removed.
pub(crate) async fn ask_anywhere(At(id): At<i64>, visit: Visit) -> Result<Response, Fault> {
    visit.admin()?;
    Desk::new(&visit, None, id).await?.ask()
}

/// Removes one.
pub(crate) async fn remove_anywhere(At(id): At<i64>, posted: Posted<Visit>) -> Result<Response, Fault> {
    posted.visit.admin()?;
    Desk::new(&posted.visit, None, id).await?.remove().await
}
