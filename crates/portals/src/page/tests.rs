use proptest::prelude::*;
use url::Url;

use super::*;

fn read(html: &str) -> Page {
    let url = Url::parse("https://cas.example.fr/app/login?x=1#part").unwrap();
    Page::read(url, 200, html).unwrap_or_else(|TooMuch| panic!("{} bytes are too much", html.len()))
}

fn sent(form: &Form) -> Vec<(&str, &str)> {
    form.successful().collect()
}

#[test]
fn a_form_sends_what_a_browser_would() {
    let page = read(
        "<form id=f action=go method=POST><input name=a value='1&amp;2'><INPUT TYPE=HIDDEN NAME=b VALUE=x><input value=nameless>\
         <input type=checkbox name=c checked><input type=checkbox name=d><input type=radio name=e value=1>\
         <input type=radio name=e value=2 checked><input name=off disabled value=1><button name=go value=1>Go</button>\
         <input type=submit name=s value=1><input type=file name=up><textarea name=t>a\n<b></textarea>\
         <select name=one><option value=1>A<option value=2 selected>B</select><select name=first><option>C</option><option>D</select>\
         <fieldset disabled><input name=also-off></fieldset></form><input name=late form=f value=9><input name=stray>",
    );
    let form = page.form("form#f").unwrap();
    assert_eq!(
        sent(form),
        [
            ("a", "1&2"),
            ("b", "x"),
            ("c", "on"),
            ("e", "2"),
            ("t", "a\n<b>"),
            ("one", "2"),
            ("first", "C"),
            ("late", "9")
        ]
    );
    assert_eq!((form.method, page.action(form).unwrap().as_str()), (Method::Post, "https://cas.example.fr/app/go"));
}

#[test]
fn a_form_inside_a_form_is_none() {
    let page = read("<form action=/a><input name=a><form action=//evil.test/><input name=b></form><input name=c>");
    assert_eq!(page.forms().len(), 1);
    assert_eq!(sent(&page.forms()[0]), [("a", ""), ("b", "")]);
}

#[test]
fn what_is_written_in_scripts_comments_and_templates_is_no_form() {
    let page = read(
        "<script>document.write('<form action=x><input type=password name=p></form>')</script>\
         <style>a{content:'<form>'}</style><!-- <form><input name=q></form> --><title><form></title>\
         <textarea><form></textarea><noscript><form id=real></form></noscript>",
    );
    assert_eq!((page.forms().len(), page.title.as_str()), (1, "‹form›"));
    assert!(page.form("#real").is_some());
}

#[test]
fn what_is_not_shown_is_not_said() {
    let page = read(
        "<p>Bonjour <b>à</b> tous</p><div style='display: none'><p>Compte verrouillé</p></div><p hidden>Refusé</p>\
         <template>Fermé</template><script>'surchargé'</script><p>fin<br>de page",
    );
    assert_eq!(page.text().trim(), "Bonjour à tous fin de page");
    assert!(page.says("BONJOUR A TOUS") && !page.says("verrouille"));
}

#[test]
fn an_address_is_of_the_page_unless_a_base_of_the_same_origin_says_else() {
    let here = read("<form></form><a href='x?y=1#z'>");
    assert_eq!(here.action(&here.forms()[0]).unwrap().as_str(), "https://cas.example.fr/app/login?x=1");
    assert_eq!(here.resolve(&here.links()[0].href).unwrap().as_str(), "https://cas.example.fr/app/x?y=1");

    let same = read("<base href=/other/><form action=x></form>");
    assert_eq!(same.action(&same.forms()[0]).unwrap().as_str(), "https://cas.example.fr/other/x");

    for base in
        ["https://evil.test/", "//evil.test/", "http://cas.example.fr/", "https://cas.example.fr:444/", "https://["]
    {
        let page = read(&format!("<base href='{base}'><form action=x></form>"));
        assert_eq!(page.action(&page.forms()[0]), Err(Misled), "{base}");
    }
}

#[test]
fn a_page_goes_on_by_itself_when_it_says_so_and_soon() {
    for (content, target) in [
        ("0;url=/next", Some("/next")),
        ("0; URL = '/next'", Some("/next")),
        ("3, url=\"/next\"", Some("/next")),
        ("1800;url=/logout", None),
        ("0", None),
        ("0;url=", None),
        ("0;é", Some("é")),
    ] {
        let page = read(&format!("<meta http-equiv=Refresh content='{}'>", content.replace('\'', "&#39;")));
        assert_eq!(page.refresh(), target, "{content}");
    }
}

#[test]
fn labels_and_what_is_around_links_are_known() {
    let page = read(
        "<form><label for=a>Élève</label><input type=radio id=a name=s value=1><label><input type=radio name=s value=2> Parent</label></form>\
         <div class='msg msg__content'><p><a href=/on>Continuer</a></p></div><a href=/off>Non</a>",
    );
    let labels: Vec<_> = page.forms()[0].controls.iter().filter_map(|control| page.label(control)).collect();
    assert_eq!(labels, ["Élève", "Parent"]);
    let links: Vec<_> =
        page.links_in(".msg__content").iter().map(|link| (link.href.as_str(), page.text_of_link(link))).collect();
    assert_eq!(links, [("/on", "Continuer")]);
}

#[test]
fn a_password_that_a_script_lets_be_written_later_is_one() {
    let count = |fields: &str| read(&format!("<form>{fields}</form>")).forms()[0].passwords();
    assert_eq!(count("<input type=password name=a disabled>"), 1);
    assert_eq!(count("<input type=password name=a><input type=password name=b disabled>"), 1);
    assert_eq!(count("<input type=password name=a><input type=password name=b>"), 2);
}

#[test]
fn a_form_that_asks_for_no_password_is_never_filled_in() {
    for id in ["id=kc-form-login", "id=fm1", "id=validerAuth", "class=cas__login-form"] {
        let fields = "<input name=username><input name=email><input name=j_username><input name=j_password><input name=password>";
        crate::try_anything(&format!("<form {id} method=post>{fields}</form>"));
    }
}

#[test]
fn more_than_any_page_of_a_sign_in_is_refused_soon() {
    let url = || Url::parse("https://cas.example.fr/").unwrap();
    for html in [
        "<b>".repeat(MOST_ELEMENTS + 1),
        format!("<form>{}", "<input name=a>".repeat(MOST_CONTROLS + 1)),
        format!("<form id=f></form>{}", "<input form=f>".repeat(MOST_CONTROLS + 1)),
        format!("<a {}>", (0..200_000).map(|n| format!("a{n} ")).collect::<String>()),
        format!("<a {}>", (0..200_000).map(|n| format!("a{n}=\"\"")).collect::<String>()),
    ] {
        assert_eq!(Page::read(url(), 200, &html).err(), Some(TooMuch), "{}", &html[..20]);
    }
    // Long, but not dear.
    for html in [
        "<!--".to_owned() + &"x".repeat(2 << 20),
        format!("<!-- {} -->", "a comment ".repeat(6_000)),
        format!("<input value='{}'>", "MIIbase64ofSomethingLong+and/".repeat(10_000)),
        "</p>".repeat(500_000),
        "<p".repeat(1 << 20),
        "x".repeat(2 << 20),
    ] {
        assert!(Page::read(url(), 200, &html).is_ok(), "{}", &html[..20]);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn whatever_comes_is_read_and_stays_within_its_bounds(
        html in proptest::collection::vec(prop_oneof![
            Just("<form action=/a>".to_owned()), Just("</form>".to_owned()), Just("<input type=password name=p>".to_owned()),
            Just("<select name=s><option value=1>".to_owned()), Just("<textarea name=t>".to_owned()), Just("</textarea>".to_owned()),
            Just("<script>".to_owned()), Just("</script>".to_owned()), Just("<div hidden>".to_owned()), Just("</div>".to_owned()),
            Just("<label for=x>".to_owned()), Just("<title>".to_owned()), Just("<base href=/x>".to_owned()), Just("<svg><title/>".to_owned()),
            Just("<meta http-equiv=refresh content='0;url=/x'>".to_owned()), Just("<a href=x class=error>".to_owned()), Just("<plaintext>".to_owned()),
            "\\PC{0,20}", "<[a-z]{1,8}( [a-z]{1,5}='?[a-z&;]{0,5}){0,3}>?", "[<>/!\"'= &a-]{0,12}",
        ], 0..60).prop_map(|parts| parts.concat()),
    ) {
        let page = read(&html);
        crate::try_anything(&html);
        // All that is inside something is a part of the page's text.
        for form in page.forms() {
            let inside = page.text_in_form(form);
            prop_assert!(page.text().contains(inside));
            prop_assert!(form.controls.len() <= MOST_CONTROLS);
            if let Ok(action) = page.action(form) {
                prop_assert!(action.fragment().is_none());
            }
            let _ = page.has_captcha(form);
            for control in &form.controls {
                let _ = page.label(control);
            }
        }
        let _ = (page.complaint(), page.password_form().is_some(), page.says("x"), page.links_in(".error").len());
    }

    #[test]
    fn a_form_that_is_written_is_read_again(
        fields in proptest::collection::vec(("[a-zA-Z_.]{1,12}", "\\PC{0,20}"), 0..20),
    ) {
        let escape = |text: &str| text.replace('&', "&amp;").replace('"', "&quot;");
        let inputs: String =
            fields.iter().map(|(name, value)| format!("<input type=\"hidden\" name=\"{name}\" value=\"{}\">", escape(value))).collect();
        let page = read(&format!("<form method=\"post\" action=\"/x\">{inputs}</form>"));
        let expected: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        prop_assert_eq!(sent(&page.forms()[0]), expected);
    }
}
