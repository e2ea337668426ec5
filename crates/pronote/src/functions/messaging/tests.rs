use jiff::civil::datetime;

use super::messages::thread;
use super::people::{participants, recipients};
use super::*;
use crate::functions::common::reading;
use crate::model::{Color, Content, Instance, PersonKind, SendKind, User};
use crate::wire::Html;

const MAILBOX: &str = r#"{
  "listeEtiquettes":{"_T":24,"V":[{"N":"70#a","L":"Brouillons","G":4},{"N":"70#b","L":"Corbeille","G":5},{"N":"70#c","L":"Autre","G":99},{"G":1}]},
  "listeMessagerie":{"_T":24,"V":[
    {"N":"67#a","estUneDiscussion":true,"profondeur":0,"objet":"Sortie","initiateur":"ROUX P.","public":"ROUX P.","nombreMessages":3,"nbNonLus":1,
     "libelleDate":"lundi 14h30","listePossessionsMessages":{"_T":24,"V":[{"N":"68#a"},{"N":"68#b"}]},
     "messagePourParticipants":{"_T":24,"V":{"N":"67#a"}},"indicePere":-1},
    {"N":"67#b","profondeur":1,"indicePere":0,"estUneDiscussion":true,"listePossessionsMessages":[{"N":"68#b"}]},
    {"N":"67#c","profondeur":2,"indicePere":1,"listePossessionsMessages":[{"N":"68#c"}]},
    {"N":"67#d","profondeur":1,"indicePere":0},
    {"estUneDiscussion":true,"profondeur":0,"objet":"Ancien","ferme":true,"libelleDate":"un jour",
     "listePossessionsMessages":{"_T":24,"V":[{"N":"68#d"},{}]},"listeEtiquettes":{"_T":24,"V":[{"N":"70#b"},{"N":"70#z"}]}},
    {"objet":"sans identifiant"}, 7]}}"#;

fn january() -> Context {
    let instance = Instance { server_time: Some(datetime(2026, 1, 14, 12, 0, 0, 0)), ..Instance::default() };
    Context { instance: instance.into(), ..Context::default() }
}

fn read_mailbox() -> Mailbox {
    reading(MAILBOX, |data| mailbox(data, &january())).0
}

#[test]
fn discussions_hold_their_parts() {
    let (mailbox, noted) = reading(MAILBOX, |data| mailbox(data, &january()));
    assert_eq!(mailbox.discussions.len(), 2);
    let first = &mailbox.discussions[0];
    assert_eq!((first.subject.as_str(), first.unread, first.messages), ("Sortie", 1, Some(3)));
    assert_eq!(first.date, Some(datetime(2026, 1, 12, 14, 30, 0, 0)));
    assert_eq!(first.possessions, [RemoteId::new("68#a"), RemoteId::new("68#b")]);
    let parts: Vec<_> = first.children.iter().map(|part| part.id.clone().unwrap()).collect();
    assert_eq!(parts, [RemoteId::new("67#b"), RemoteId::new("67#d")]);
    assert_eq!(first.children[0].children[0].id, Some(RemoteId::new("67#c")));
    let old = &mailbox.discussions[1];
    assert!(old.closed && old.is_in(FolderKind::Trash) && !old.is_in(FolderKind::Drafts));
    assert_eq!((old.creator.as_deref(), old.date_label.as_deref(), old.date), (None, Some("un jour"), None));
    assert_eq!(mailbox.folders[2].kind, FolderKind::Other(99));
    let list = "listeMessagerie.V";
    let expected = [
        "listeEtiquettes.V[3].N".to_owned(),
        format!("{list}[4].listePossessionsMessages.V[1].N"),
        format!("{list}[4].listeEtiquettes.V[1]"),
        format!("{list}[5].listePossessionsMessages"),
        format!("{list}[6].listePossessionsMessages"),
    ];
    assert_eq!(noted, expected);
}

#[test]
fn no_order_of_parents_makes_a_cycle_or_loses_a_discussion() {
    let list = |parents: &[i64]| {
        let nodes: Vec<_> = parents
            .iter()
            .enumerate()
            .map(|(n, parent)| json!({ "N": format!("67#{n}"), "indicePere": parent }))
            .collect();
        json!({ "listeMessagerie": nodes }).to_string()
    };
    fn count(discussions: &[Discussion]) -> usize {
        discussions.iter().map(|discussion| 1 + count(&discussion.children)).sum()
    }
    for parents in [vec![0, 1, 2], vec![1, 2, 0], vec![-1, -9, i64::MAX, i64::MIN], vec![9, 0, 0, 1]] {
        let (mailbox, noted) = reading(&list(&parents), |data| mailbox(data, &Context::default()));
        assert_eq!((count(&mailbox.discussions), noted), (parents.len(), vec![]), "{parents:?}");
    }
    let chain: Vec<i64> = (-1..20_000).collect();
    let (mailbox, _) = reading(&list(&chain), |data| mailbox(data, &Context::default()));
    assert_eq!(count(&mailbox.discussions), chain.len());
    let depth = std::iter::successors(mailbox.discussions.first(), |discussion| discussion.children.first()).count();
    assert_eq!(depth, MOST_DEPTH);
}

#[test]
fn lists_that_are_not_lists_are_empty() {
    for text in
        ["{}", "[]", "1", r#"{"listeMessagerie":"x","listeEtiquettes":true}"#, r#"{"listeMessagerie":{"_T":24,"V":0}}"#]
    {
        assert_eq!(reading(text, |data| mailbox(data, &Context::default())).0, Mailbox::default(), "{text}");
        assert!(reading(text, thread).0.messages.is_empty());
    }
}

const THREAD: &str = r#"{
  "listeMessages":{"_T":24,"V":[
    {"N":"67#a","messageSource":{"_T":24,"V":{"N":"0"}},"possessionMessage":{"_T":24,"V":{"N":"68#a"}},"date":{"_T":7,"V":"11/09/2025 16:35:11"},
     "emetteur":false,"lu":true,"public_gauche":"ROUX P.","public_droite":"Moi","hint_gauche":"Professeur","estHTML":true,
     "contenu":{"_T":21,"V":"<p>Bonjour&nbsp;!</p>"},"listeDocumentsJoints":{"_T":24,"V":[{"N":"48#a","G":1,"L":"plan.pdf"}]}},
    {"N":"67#b","messageSource":{"_T":24,"V":{"N":"67#a"}},"date":"31/02/2025 08:00:00","emetteur":true,"public_gauche":"Moi",
     "public_droite":"ROUX P.","contenu":"1 < 2","brouillon":{"N":"0"},
     "listeMessagesPourContexte":[{"N":"67#z","contenu":"avant"},{}]},
    {"contenu":"sans identifiant"}]},
  "messagePourReponse":{"_T":24,"V":{"N":"67#a","G":0,"nbDestinataires":2,"messageInfo":{"x":1}}},
  "listeBoutons":{"_T":24,"V":[{"N":"0","G":0,"L":"Envoyer"},{"G":42,"L":"?"},{"L":"?"}]},
  "brouillon":{"_T":24,"V":{"N":"67#d","contenu":{"_T":21,"V":"<b>Merci</b>"},"estHTML":false}},
  "nbPossessionsMessage":2}"#;

#[test]
fn a_thread_has_messages_and_ways_to_reply() {
    let (thread, noted) = reading(THREAD, thread);
    let [first, second] = thread.messages.as_slice() else { panic!("two messages can be read") };
    assert_eq!((first.mine, first.author.as_deref(), first.to_me), (false, Some("ROUX P."), true));
    assert_eq!((first.recipient.as_deref(), first.reply_to.as_ref()), (None, None));
    assert_eq!(first.content, Content::Html(Html::new("<p>Bonjour&nbsp;!</p>")));
    assert_eq!(first.content.text(), "Bonjour !");
    assert_eq!((second.mine, second.author.as_deref(), second.recipient.as_deref()), (true, None, Some("ROUX P.")));
    assert_eq!((second.draft, second.sent, second.content.text()), (true, None, "1 < 2".to_owned()));
    assert_eq!(second.forwarded.len(), 1);
    assert_eq!(
        thread.actions.iter().map(|action| action.kind).collect::<Vec<_>>(),
        [SendKind::Send, SendKind::Other(42)]
    );
    assert_eq!(thread.draft.unwrap().content.text(), "Merci");
    let list = "listeMessages.V";
    let expected = [
        format!("{list}[1].date"),
        format!("{list}[1].listeMessagesPourContexte[1].N"),
        format!("{list}[2].N"),
        "listeBoutons.V[2].G".into(),
    ];
    assert_eq!(noted, expected);
}

#[test]
fn a_message_is_asked_for_without_being_marked() {
    let mailbox = read_mailbox();
    let (thread, _) = reading(THREAD, thread);
    let asked = Messages::of(&mailbox.discussions[0]).arguments(&Context::default());
    assert_eq!(
        asked,
        json!({ "listePossessionsMessages": [{ "N": "68#a" }, { "N": "68#b" }], "marquerCommeLu": false, "nbMessagesVus": 0 })
    );
    let asked =
        Messages::of_part(&mailbox.discussions[0]).replying_to(&thread.messages[1]).arguments(&Context::default());
    assert_eq!((&asked["message"], &asked["estSousDiscussion"]), (&json!({ "N": "67#b" }), &json!(true)));
    assert_eq!(Request { unread_only: true }.arguments(&Context::default())["avecLu"], json!(false));
}

#[test]
fn people_are_read() {
    let (people, noted) = reading(
        r#"{"listeDest":{"_T":24,"V":[{"N":"3#a","L":"ROUX P.","G":3},{"L":"DUPIN A.","estSorti":true,"refusMess":true},{"N":"3#c"}]}}"#,
        participants,
    );
    assert_eq!(
        (people.len(), people[0].kind, people[1].left, people[1].refuses_messages),
        (2, Some(PersonKind::Teacher), true, true)
    );
    assert_eq!(noted, ["listeDest.V[2].L"]);
    let (people, noted) = reading(
        r#"{"listeRessourcesPourCommunication":{"_T":24,"V":[
            {"N":"3#a","L":"ROUX P.","G":3,"avecDiscussion":true,"estPrincipal":true,"listeRessources":[
              {"L":"FRANÇAIS"},{"L":"ORAL","estUneSousMatiere":true,"libelleMatiere":"FRANÇAIS"},{}]},
            {"N":"34#a","L":"BLANC C.","G":34,"fonction":{"_T":24,"V":{"N":"1#f","L":"CPE"}}},{"L":"sans identifiant"}]}}"#,
        recipients,
    );
    assert_eq!((people.len(), people[0].reachable, people[1].reachable), (2, true, false));
    assert_eq!(people[0].subjects[1].parent.as_deref(), Some("FRANÇAIS"));
    assert_eq!(people[1].role.as_ref().unwrap().name, "CPE");
    assert_eq!(noted.len(), 2);
}

#[test]
fn participants_are_asked_for_by_discussion_or_by_message() {
    let mailbox = read_mailbox();
    let asked = Participants::of(&mailbox.discussions[0]).unwrap().arguments(&Context::default());
    assert_eq!(
        asked,
        json!({ "message": { "N": "67#a" }, "estPublicParticipant": true, "estDestinatairesReponse": false })
    );
    assert!(Participants::of(&mailbox.discussions[1]).is_none(), "the server did not tell how to ask");
    let asked = Recipients { kind: PersonKind::Staff }.arguments(&Context::default());
    assert_eq!(asked["onglet"], json!({ "N": 0, "G": 34 }));
}

mod saves {
    use super::*;

    fn rich() -> Context {
        let mut user = User::default();
        user.rights.rich_messages = true;
        Context { user: user.into(), ..Context::default() }
    }

    fn teacher() -> Vec<Addressee> {
        vec![Addressee { id: RemoteId::new("3#a"), kind: PersonKind::Teacher, name: "ROUX P.".into() }]
    }

    fn ids() -> Vec<RemoteId> {
        vec![RemoteId::new("68#a")]
    }

    #[test]
    fn a_new_discussion_is_text_or_html_as_the_account_may() {
        let content = Content::Text("Bonjour,\n1 < 2".into());
        let save = Save::NewDiscussion { subject: "Sortie".into(), content, recipients: teacher() };
        let plain = save.arguments(&Context::default());
        assert_eq!((&plain["objet"], &plain["contenu"]), (&json!("Sortie"), &json!("Bonjour,\n1 < 2")));
        assert_eq!(plain["listeDestinataires"], json!([{ "N": "3#a", "G": 3, "L": "ROUX P.", "E": 2 }]));
        assert_eq!(save.arguments(&rich())["contenu"], json!({ "_T": 21, "V": "<div>Bonjour,<br>1 &lt; 2</div>" }));
        let html = Content::Html(Html::new("<p>Bonjour</p>"));
        let save = Save::NewDiscussion { subject: String::new(), content: html, recipients: vec![] };
        assert_eq!(save.arguments(&Context::default())["contenu"], json!("Bonjour"));
        assert_eq!(save.arguments(&rich())["contenu"]["V"], json!("<p>Bonjour</p>"));
    }

    #[test]
    fn a_reply_repeats_what_the_server_gave() {
        let (thread, _) = reading(THREAD, thread);
        let (to, action) = (thread.reply.clone().unwrap(), thread.actions[0].clone());
        let reply = Save::Reply { to: to.clone(), action: action.clone(), content: Content::Text("Merci".into()) };
        let sent = reply.arguments(&Context::default());
        let target = json!({ "N": "67#a", "G": 0, "nbDestinataires": 2, "messageInfo": { "x": 1 } });
        assert_eq!((&sent["messagePourReponse"], &sent["contenu"]), (&target, &json!("Merci")));
        assert_eq!(sent["bouton"], json!({ "N": "0", "G": 0, "L": "Envoyer" }));
        let send = Save::SendDraft { draft: RemoteId::new("67#d"), to, action, content: Content::Text("Merci".into()) };
        let sent = send.arguments(&Context::default());
        assert_eq!(
            (&sent["commande"], &sent["brouillon"], &sent["messagePourReponse"]),
            (&json!(""), &json!({ "N": "67#d" }), &target)
        );
    }

    #[test]
    fn a_draft_is_created_then_changed() {
        let draft = |draft| Save::SaveDraft {
            draft,
            reply_to: None,
            subject: "Sortie".into(),
            content: Content::Text("…".into()),
            recipients: vec![],
        };
        let sent = draft(None).arguments(&Context::default());
        assert_eq!((&sent["commande"], &sent["brouillon"]), (&json!("brouillon"), &json!({ "N": -1001, "E": 1 })));
        assert!(sent.get("messagePourReponse").is_none());
        let sent = draft(Some(RemoteId::new("67#d"))).arguments(&Context::default());
        assert_eq!(sent["brouillon"], json!({ "N": "67#d", "E": 2 }));
    }

    #[test]
    fn every_command_has_its_name_and_its_object() {
        let one = || RemoteId::new("68#a");
        let list = json!([{ "N": "68#a" }]);
        let mine = json!({ "N": "68#a" });
        let expected = [
            (
                Save::MarkRead { possessions: ids(), read: true },
                "pourLu",
                ["lu", "listePossessionsMessages"],
                [&json!(true), &list],
            ),
            (
                Save::Archive { possessions: ids(), archived: false },
                "archive",
                ["archiver", "listePossessionsMessages"],
                [&json!(false), &list],
            ),
            (
                Save::Open { possessions: ids(), open: false },
                "pourOuvrirFermer",
                ["ouvrir", "listePossessionsMessages"],
                [&json!(false), &list],
            ),
            (
                Save::Purge { messages: ids(), keep: 3 },
                "purger",
                ["nbMaxMessages", "listeMessagesPurge"],
                [&json!(3), &list],
            ),
            (
                Save::Rename { possession: one(), subject: "x".into() },
                "modificationObjetDiscussion",
                ["objet", "possessionMessage"],
                [&json!("x"), &mine],
            ),
            (
                Save::Leave { possession: one(), left: true },
                "entrerSortirDiscussion",
                ["estSorti", "possessionMessage"],
                [&json!(true), &mine],
            ),
            (
                Save::LeaveConversation { possession: one(), left: true },
                "entrerSortirConversation",
                ["entrer", "possessionMessage"],
                [&json!(false), &mine],
            ),
        ];
        for (save, command, keys, values) in expected {
            let sent = save.arguments(&Context::default());
            assert_eq!(sent["commande"], command);
            assert_eq!([&sent[keys[0]], &sent[keys[1]]], values, "{command}");
        }
        let about_possessions = [
            (Save::Trash { possessions: ids() }, "corbeille"),
            (Save::Restore { possessions: ids() }, "restauration"),
            (Save::Delete { possessions: ids() }, "suppression"),
        ];
        for (save, command) in about_possessions {
            assert_eq!(
                save.arguments(&Context::default()),
                json!({ "commande": command, "listePossessionsMessages": list })
            );
        }
        assert_eq!(Save::EmptyTrash.arguments(&Context::default()), json!({ "commande": "viderCorbeille" }));
        for (save, command) in [
            (Save::Report { message: one() }, "signalement"),
            (Save::AskRemoval { message: one() }, "signalementSuppression"),
        ] {
            assert_eq!(save.arguments(&Context::default()), json!({ "commande": command, "message": mine }));
        }
        let forward = Save::Forward {
            messages: ids(),
            subject: "x".into(),
            content: Content::Text("y".into()),
            recipients: teacher(),
        };
        let sent = forward.arguments(&Context::default());
        assert_eq!((&sent["commande"], &sent["listeMessagesTransfert"]), (&json!("transfert"), &list));
    }

    #[test]
    fn folders_are_made_renamed_deleted_and_filled() {
        let folder = RemoteId::new("70#a");
        let sent = |save: SaveFolder| save.arguments(&Context::default());
        let color = Color::parse("#FF0010").unwrap();
        assert_eq!(
            sent(SaveFolder::Create { name: "Sorties".into(), abbreviation: "S".into(), color }),
            json!({ "commande": "creation", "libelle": "Sorties", "abr": "S", "couleur": "#ff0010" })
        );
        assert_eq!(sent(SaveFolder::Rename { folder: folder.clone(), name: "x".into() })["etiquette"]["L"], "x");
        assert_eq!(sent(SaveFolder::Delete { folder: folder.clone() })["commande"], "suppression");
        let sorted = sent(SaveFolder::Sort { possessions: ids(), into: vec![folder], out_of: vec![] });
        assert_eq!(
            (&sorted["listeEtiquettesPlus"], &sorted["listeEtiquettesMoins"]),
            (&json!([{ "N": "70#a" }]), &json!([]))
        );
    }
}

#[test]
fn the_output_of_a_message_is_html_and_text() {
    let (thread, _) = reading(THREAD, thread);
    let json = serde_json::to_value(&thread).unwrap();
    assert_eq!(json["messages"][0]["content"], json!({ "html": "<p>Bonjour&nbsp;!</p>", "text": "Bonjour !" }));
    assert_eq!(json["messages"][1]["content"], json!({ "html": null, "text": "1 < 2" }));
    assert!(json["reply"].get("echo").is_none());
}
