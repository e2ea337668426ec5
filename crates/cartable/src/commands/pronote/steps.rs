//! Answers what a school asks before it opens an account: from options first, then at the terminal.

use clap::{Args, ValueEnum};
use pronote::login::{Answers, Demand, SecuritySteps, Strategy};
use pronote::{Cause, Session};
use secrecy::SecretString;

use crate::exit::{Family, failure};
use crate::{input, present};

/// The answers that options gave.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct Given {
    /// The account's PIN, or a new one, when the school asks for it
    #[arg(long, value_name = "PIN")]
    device_pin: Option<SecretString>,
    /// A new password, when the school asks for one
    #[arg(long, value_name = "PASSWORD")]
    new_password: Option<SecretString>,
    /// How to protect the account, when the school asks to choose
    #[arg(long, value_name = "STRATEGY")]
    strategy: Option<Protection>,
    /// The code from the school's e-mail, when a forgotten PIN is reset
    #[arg(long, value_name = "CODE")]
    reset_code: Option<SecretString>,
}

/// A strategy, as it is typed.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Protection {
    /// Nothing beyond the password
    Inactive,
    /// A notice when an unknown device signs in
    Notification,
    /// A PIN on unknown devices
    Pin,
}

impl From<Protection> for Strategy {
    fn from(protection: Protection) -> Self {
        match protection {
            Protection::Inactive => Strategy::Inactive,
            Protection::Notification => Strategy::Notification,
            Protection::Pin => Strategy::Pin,
        }
    }
}

/// A session that opened after answers.
pub(crate) struct Answered {
    /// The session.
    pub(crate) session: Session,
    /// The new password, if one was asked for.
    pub(crate) new_password: Option<SecretString>,
    /// What was answered, should it be asked again.
    pub(crate) given: Given,
}

/// Answers the steps. What no option answered is asked at the terminal, again after a refusal.
pub(crate) async fn answer(mut steps: SecuritySteps, given: Given) -> anyhow::Result<Answered> {
    let mut answers = Answers {
        pin: given.device_pin.clone(),
        new_password: given.new_password.clone(),
        strategy: given.strategy.map(Into::into),
        reset_code: given.reset_code.clone(),
    };
    loop {
        let typed = complete(&steps, &mut answers)?;
        match steps.finish(&answers).await {
            // Only what was typed can be typed again.
            Err(error) if typed && matches!(error.cause, Cause::StepRefused(_)) => {
                eprintln!("{}", present::block(&error.to_string()));
                answers = Answers::default();
            }
            session => {
                let changed = steps.demands().contains(&Demand::NewPassword);
                let (session, new_password) = (session?, answers.new_password.filter(|_| changed));
                return Ok(Answered { session, new_password, given: Given { device_pin: answers.pin, ..given } });
            }
        }
    }
}

/// Fills in what is missing; tells whether something was typed.
fn complete(steps: &SecuritySteps, answers: &mut Answers) -> anyhow::Result<bool> {
    let demands = steps.demands();
    let mut typed = false;
    if demands.contains(&Demand::NewPassword) && answers.new_password.is_none() {
        let rules = &steps.offer().password;
        if let Some(message) = &steps.offer().message {
            eprintln!("{}", present::block(message));
        }
        let question = format!("A new password of at least {} characters", rules.least.max(1));
        answers.new_password = Some(asked(&question, "a new password", "--new-password")?);
        typed = true;
    }
    if demands.contains(&Demand::ChooseStrategy) && answers.strategy.is_none() && input::is_interactive() {
        let offered = &steps.offer().strategies;
        let names: Vec<&str> = offered.iter().map(|strategy| name(*strategy)).collect();
        let choice = input::ask(&format!("How to protect the account ({})", names.join(", ")))?.unwrap_or_default();
        // No answer takes what the school proposes.
        answers.strategy = offered.iter().copied().find(|strategy| name(*strategy) == choice);
    }
    if demands.contains(&Demand::ResetPin) && answers.reset_code.is_none() {
        answers.reset_code = Some(asked("The code from the e-mail", "the code from its e-mail", "--reset-code")?);
        typed = true;
    }
    let pin = [Demand::Pin, Demand::NewPin, Demand::ResetPin].iter().find(|demand| demands.contains(demand));
    if let (Some(demand), None) = (pin, &answers.pin) {
        let digits = if steps.offer().fixed_pin { "four digits" } else { "at least four digits" };
        let question = match demand {
            Demand::Pin => "The account's PIN".to_owned(),
            _ => format!("A new PIN of {digits}"),
        };
        answers.pin = Some(asked(&question, "a PIN", "--device-pin")?);
        typed = true;
    }
    Ok(typed)
}

fn name(strategy: Strategy) -> &'static str {
    match strategy {
        Strategy::Inactive => "inactive",
        Strategy::Notification => "notification",
        Strategy::Pin => "pin",
    }
}

fn asked(question: &str, what: &str, option: &str) -> anyhow::Result<SecretString> {
    input::ask_secret(question)?.ok_or_else(|| {
        let advice = format!("Sign in with `cartable pronote login {option} …`, or at a terminal, where it is asked.");
        failure(Family::Refused, format!("the school asks for {what}"), advice)
    })
}
