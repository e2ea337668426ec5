//! What somebody tries who owns a portal's page, a school, or a row of a shared file.

use std::time::{Duration, Instant};

use portals::{Kind, Registry};
use url::Url;

use crate::stage::{self, Asked, CAS, EDUCONNECT, OTHER, Reply, Stage, after_the_form, form, page, ticket, to};

#[tokio::test]
async fn a_host_is_the_same_however_it_is_written_and_no_other_host_is() {
    for (action, sent) in [
        ("HTTPS://CAS.Exemple.TEST:443/login", true),
        ("\\\\cas.exemple.test\\login", true),
        ("https://cas.exemple.test./login", false),
        ("https://cas.exemple.test:444/login", false),
        ("https://ｃas.exemple.test/login", true),
        ("https://саs.exemple.test/login", false),
        ("https://cas.exemple.test%2eailleurs.pirate.test/", false),
        ("https://cas.exemple.test\t.ailleurs.pirate.test/", false),
        ("https://127.0.0.1/login", false),
        ("https://[::1]/login", false),
        ("https://emilie:secret@cas.exemple.test/login", false),
        ("javascript:alert(1)", false),
    ] {
        let html = form().replace("/login?x=1", action).replace(
            "<input name=username>",
            "<button formaction=//ailleurs.pirate.test formmethod=get></button><input name=username>",
        );
        let stage = Stage::play(move |asked| if asked.method == "GET" { page(html.clone()) } else { ticket() }).await;
        assert_eq!(stage.enter("scene").await.is_ok(), sent, "{action}");
        assert_eq!(stage.passwords().len(), usize::from(sent), "{action}\n{}", stage.story());
        assert!(stage.passwords().iter().all(|asked| asked.host == CAS && asked.method == "POST"), "{action}");
    }
}

#[tokio::test]
async fn a_code_is_asked_for_only_where_the_password_may_go() {
    for (method, action, code) in [
        ("get", "/code".to_owned(), "UNEXPECTED_PAGE"),
        ("post", format!("https://{OTHER}/code"), "CREDENTIAL_HOST_REFUSED"),
        ("post", format!("http://{CAS}/code"), "INSECURE_ADDRESS"),
    ] {
        let html = format!("<p>Votre code</p><form method={method} action='{action}'><input name=code></form>");
        let stage = Stage::play(after_the_form(move |_| page(html.clone()))).await;
        assert_eq!(stage.refused("scene").await.code(), code, "{method} {action}");
    }
}

#[tokio::test]
async fn a_date_of_birth_is_asked_for_only_where_the_password_may_go() {
    let credentials = "<form method=post action=/idp?execution=e1s1><input name=j_username>\
                       <input type=password name=j_password></form>";
    let identity = format!(
        "<form id=theForm method=post action='https://{CAS}/x'><input name=jour><input name=mois><input name=annee>\
         <input type=hidden name=password-input></form>"
    );
    let stage = Stage::play(move |asked| match (asked.host.as_str(), asked.method.as_str()) {
        (CAS, _) => to(format!("https://{EDUCONNECT}/idp")),
        (_, "GET") => page(credentials),
        _ => page(identity.clone()),
    })
    .await;
    assert_eq!(stage.refused("scene-edu").await.kind, Kind::CredentialHostRefused { host: CAS.to_owned() });
}

#[tokio::test]
async fn a_site_of_the_way_that_asks_for_a_code_itself_is_answered_in_a_browser() {
    let code = "<p>Votre code</p><form method=post action=/code><input name=code></form>";
    let credentials = "<form method=post action=/idp?execution=e1s1><input name=j_username>\
                       <input type=password name=j_password></form>";
    let stage = Stage::play(move |asked| match (asked.host.as_str(), asked.path.as_str(), asked.method.as_str()) {
        (CAS, "/code", "GET") => page(code),
        (CAS, ..) => to(format!("https://{EDUCONNECT}/idp")),
        (_, _, "GET") => page(credentials),
        _ => to(format!("https://{CAS}/code")),
    })
    .await;
    let refused = stage.refused("scene-edu").await;
    assert_eq!((refused.kind, refused.host.as_deref()), (Kind::MfaRequired, Some(CAS)));
    assert!(stage.asked().iter().all(|asked| asked.method == "GET" || asked.path != "/code"));
}

#[tokio::test]
async fn a_form_with_the_same_field_twice_gets_it_once() {
    let html =
        form().replace("<input name=username>", "<input name=username><input type=hidden name=username value=x>");
    let stage = Stage::play(move |asked| if asked.method == "GET" { page(html.clone()) } else { ticket() }).await;
    stage.enter("scene").await.unwrap();
    assert_eq!(stage.passwords()[0].body, "lt=LT-1&username=emilie.dupont&password=M0t-de%2Fpasse+secret");
}

#[tokio::test]
async fn a_form_that_comes_again_for_another_reason_does_not_blame_the_password() {
    let complaint = |text: &str| format!("<div class=error>{text}</div>{}", form());
    for (reply, code) in [
        (Reply::Page(400, form()), "PORTAL_MESSAGE"),
        (Reply::Page(403, form()), "PORTAL_MESSAGE"),
        (Reply::Page(500, form()), "PORTAL_MESSAGE"),
        (Reply::Page(503, form()), "PORTAL_OVERLOADED"),
        (
            page(complaint("Votre session a expiré, saisissez à nouveau votre identifiant et votre mot de passe.")),
            "PORTAL_MESSAGE",
        ),
        (page(complaint("Jeton CSRF invalide")), "PORTAL_MESSAGE"),
        (page(complaint("Authentification impossible : service indisponible")), "PORTAL_MESSAGE"),
        (page(format!("<title>Portail en maintenance</title>{}", form())), "PORTAL_CLOSED"),
    ] {
        let reply = std::sync::Mutex::new(Some(reply));
        let answer = move |_: &Asked| reply.lock().unwrap().take().unwrap_or_else(ticket);
        let stage = Stage::play(after_the_form(answer)).await;
        let error = stage.refused("scene").await;
        assert_eq!((error.code(), error.evaluated), (code, true), "{error}");
        assert_eq!(stage.passwords().len(), 1, "{}", stage.story());
        // The right password is not held to be wrong from now on.
        stage.enter("scene").await.unwrap();
    }
}

#[tokio::test]
async fn a_way_around_another_host_and_back_to_the_form_does_not_blame_the_password() {
    let stage = Stage::play(after_the_form(|asked| match (asked.host.as_str(), asked.method.as_str()) {
        (CAS, "POST") => to(format!("https://{OTHER}/begin")),
        (OTHER, _) => to(format!("https://{CAS}/login?again")),
        _ => page(form()),
    }))
    .await;
    assert_eq!(stage.refused("scene").await.kind, Kind::SecondLoginRequested);
    assert_eq!(stage.passwords().len(), 1, "{}", stage.story());
}

#[tokio::test]
async fn educonnect_blames_the_password_in_so_many_words() {
    let mark = " aria-invalid=true";
    for (mark, words, code) in [
        ("", "", "PORTAL_MESSAGE"),
        (mark, "", "WRONG_CREDENTIALS"),
        ("", "Vérifiez votre saisie.", "PORTAL_MESSAGE"),
        (mark, "Vérifiez votre saisie.", "WRONG_CREDENTIALS"),
        (mark, "Service indisponible.", "PORTAL_MESSAGE"),
    ] {
        let credentials = move |mark: &str, words: &str| {
            format!(
                "<form method=post action=/idp?execution=e1s1><p class=error>{words}</p><input name=j_username{mark}>\
                 <input type=password name=j_password></form>"
            )
        };
        let stage = Stage::play(move |asked| match (asked.host.as_str(), asked.method.as_str()) {
            (CAS, _) => to(format!("https://{EDUCONNECT}/idp")),
            (_, "GET") => page(credentials("", "")),
            _ => page(credentials(mark, words)),
        })
        .await;
        let error = stage.refused("scene-edu").await;
        assert_eq!((error.code(), error.evaluated), (code, true), "{error}");
    }
}

#[tokio::test]
async fn a_page_made_to_be_slow_is_read_quickly() {
    let deep = format!("<div class='{}'>", "a ".repeat(2000)).repeat(250);
    let links = format!("<div class=msg__content>x</div>{deep}{}", "<a href=x>".repeat(19_000));
    let forms = format!("<p class='{}'>{}", "a".repeat(1 << 20), "<form id=form-1></form>".repeat(9000));
    let text = "x".repeat(1 << 20);
    let label =
        format!("<label>{text}<form>{}</form></label>", "<input type=radio name=selection value=y>".repeat(200));
    let radios = label.replace("<label>", "<form><label>").replace("<form><input", "<input");
    for html in [links, forms, label, radios] {
        let html = format!("<html>{html}");
        let size = html.len();
        let stage = Stage::play(after_the_form(move |_| page(html.clone()))).await;
        let began = Instant::now();
        let outcome = stage.enter("scene").await;
        assert!(began.elapsed() < Duration::from_secs(5), "{size} bytes: {:?} {outcome:?}", began.elapsed());
    }
}

#[tokio::test]
async fn the_names_of_fields_are_plain_when_a_check_tells_them() {
    let html = form().replace("name=lt", "name='\u{1b}[2Jlt'");
    let stage = Stage::play(move |_| page(html.clone())).await;
    assert_eq!(stage.check("scene").await.fields[0], "[2Jlt");
}

fn registry(files: &[(&str, &str)]) -> (Registry, Vec<portals::Fault>) {
    let files: Vec<_> = files.iter().map(|(name, rows)| ((*name).to_owned(), format!("schema = 1\n{rows}"))).collect();
    Registry::with_files(&files)
}

#[test]
fn a_row_that_was_added_takes_no_school_from_one_that_ships() {
    let redirect =
        Url::parse("https://cas.monbureaunumerique.fr/login?selection=EDU&service=https%3A%2F%2Fx.fr%2Fpronote%2F")
            .unwrap();
    let shipped: Vec<_> = Registry::builtin().detect(&redirect).iter().map(|portal| portal.id.clone()).collect();
    for more in
        ["", "detect.query = { selection = \"EDU\" }", "entry.set_query = { selection = \"EDU\", more = \"1\" }"]
    {
        let row = format!(
            "[[portal]]\nid = \"voleur\"\nfamily = \"cas-form\"\nentry.cas_root = \"https://pirate.example.fr/cas\"\n\
             profiles.pupil = {{ idp = \"local\" }}\ndetect.hosts = [\"cas.monbureaunumerique.fr\"]\n{more}\n"
        );
        let (registry, faults) = registry(&[("voleur.toml", &row)]);
        assert_eq!(faults, []);
        let found: Vec<_> = registry.detect(&redirect).iter().map(|portal| portal.id.clone()).collect();
        assert!(shipped.iter().all(|id| found.contains(id)), "{more}: {found:?}");
    }
}

#[test]
fn nothing_is_taken_over_from_a_row_that_was_refused() {
    let poison = "[[portal]]\nid = \"monbureaunumerique-educonnect\"\nfamily = \"cas-form\"\n\
                  entry.cas_root = \"https://pirate.example.fr/cas\"\nprofiles.pupil = { idp = \"local\" }\n";
    let honest = "[[portal]]\nid = \"mon-ecole\"\nextends = \"monbureaunumerique-educonnect\"\n";
    let (registry, faults) = registry(&[("a.toml", poison), ("b.toml", honest)]);
    assert_eq!(faults.len(), 1, "{faults:?}");
    assert_eq!(registry.get("mon-ecole").unwrap().credential_hosts, [EDUCONNECT]);
}

#[test]
fn a_fault_moves_no_cursor() {
    for row in [
        "[[portal]]\nid = \"x\\u001b[2J\"\n",
        "[[portal]]\nid = \"xy\"\n\"\\u001b[2J\" = 1\n",
        "\"\\u001b[2J\" = 1\n",
        "[[portal]]\nid = \"xy\"\nfamily = \"\\u202Eabc\"\n",
    ] {
        let (_, faults) = registry(&[("a.toml", row)]);
        assert!(!faults.is_empty());
        for fault in faults {
            assert!(!fault.to_string().chars().any(|c| c.is_control() || c == '\u{202e}'), "{fault:?}");
        }
    }
}

#[test]
fn brackets_without_end_are_refused_without_harm() {
    for text in [format!("x = {}", "[".repeat(200_000)), format!("x = {}", "{a=".repeat(60_000))] {
        let (_, faults) = registry(&[("a.toml", &text)]);
        assert!(!faults.is_empty());
    }
}

#[tokio::test]
async fn a_password_of_which_nobody_knows_what_became_is_not_sent_on_and_on() {
    let stage = Stage::play(after_the_form(|_| page("<h1>Une page que personne ne connaît</h1>"))).await;
    for _ in 0..2 {
        assert_eq!(stage.refused("scene").await.code(), "UNEXPECTED_PAGE");
    }
    let other = |login: &str| portals::SignIn { login: login.to_owned(), ..stage::sign_in("scene") };
    for login in [stage::LOGIN, "EMILIE.Dupont", " emilie.dupont"] {
        let error = stage.portals.sign_in(&stage.client, other(login)).await.unwrap_err();
        assert_eq!((error.code(), error.evaluated), ("TOO_MANY_ATTEMPTS", false), "{login}");
    }
    assert_eq!(stage.passwords().len(), 2, "{}", stage.story());
}

#[tokio::test]
async fn a_site_that_asks_for_a_code_whatever_was_typed_does_not_hide_guesses() {
    let code = "<p>Votre code</p><form method=post action=/code><input name=code></form>";
    let stage = Stage::play(after_the_form(move |_| page(code))).await;
    let guess = |password: &str| portals::SignIn { password: password.into(), ..stage::sign_in("scene") };
    for password in ["one", "two"] {
        stage.portals.sign_in(&stage.client, guess(password)).await.unwrap();
    }
    let error = stage.portals.sign_in(&stage.client, guess("three")).await.unwrap_err();
    assert_eq!((error.code(), error.evaluated), ("TOO_MANY_ATTEMPTS", false));
}
