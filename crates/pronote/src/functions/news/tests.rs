use jiff::civil::datetime;

use super::*;
use crate::functions::common::reading;

const QUESTIONS: &str = r#"[
  {"N":"60#a","L":"Q 1 : Sortie","titre":"Sortie","rang":1,"genreReponse":3,"texte":{"_T":21,"V":"<p>Qui vient&nbsp;?</p>"},
   "tailleReponse":200,"avecMaximum":true,"nombreReponsesMax":2,
   "listePiecesJointes":{"_T":24,"V":[{"N":"48#a","G":1,"L":"plan.pdf"}]},
   "listeChoix":{"_T":24,"V":[{"N":"61#a","L":"Lundi","rang":1},{"N":"61#b","L":"Mardi","rang":2},{"N":"61#c","L":"Autre","rang":3,"estReponseLibre":true}]},
   "reponse":{"_T":24,"V":{"N":"62#a","avecReponse":true,"estRepondant":true,"estReponseAttendue":true,
     "reponduLe":{"_T":7,"V":"05/09/2025 08:00:00"},"valeurReponse":{"_T":8,"V":"[1..2]"}}}},
  {"N":"60#b","genreReponse":1,"tailleReponse":10,"reponse":{"_T":24,"V":{"N":"3","avecReponse":false,"estReponseAttendue":true}}},
  {"N":"60#c","genreReponse":0,"reponse":{"_T":24,"V":{"N":"0","avecReponse":false,"estReponseAttendue":true}}},
  {"N":"60#d","genreReponse":2,"listeChoix":[{"L":"Oui","rang":1},{"L":"Non","rang":2}],"reponse":{"N":"0"}},
  {"N":"60#e","genreReponse":42,"texte":"?"}]"#;

fn list() -> String {
    format!(
        r#"{{"listeCategories":{{"_T":24,"V":[{{"N":"36#a","L":"Divers","estDefaut":true}}]}},
        "listeModesAff":[{{"G":0,"listeActualites":{{"_T":24,"V":[
          {{"N":"8#a","L":"Réunion","estInformation":true,"estSondage":false,"lue":true,
           "dateCreation":{{"_T":7,"V":"04/09/2025 10:00:00"}},"dateDebut":{{"_T":7,"V":"31/02/2025"}},"auteur":"ROUX P.",
           "public":{{"_T":24,"V":{{"N":"4#a","L":"MOREL Lou","G":4,"P":0}}}},"genrePublic":4,
           "categorie":{{"_T":24,"V":{{"N":"36#a"}}}},"informationListeContenu":{{"avecPJ":true,"aToutRepondu":false}}}},
          {{"N":"8#b","L":"","estSondage":true,"elmauteur":{{"L":"DUPIN A."}},"public":{{"N":"4#a","L":"MOREL Lou","G":4}},
           "listeQuestions":{{"_T":24,"V":{QUESTIONS}}}}},
          {{"L":"sans identifiant"}}]}}}},
        {{"G":9,"listeActualites":3}}, 5]}}"#
    )
}

fn read_list() -> News {
    reading(&list(), news).0
}

#[test]
fn an_information_is_read_with_its_category_and_recipient() {
    let (news, noted) = reading(&list(), news);
    let item = &news.items[0];
    assert_eq!((item.kind, item.folder, item.read), (NewsKind::Information, NewsFolder::Received, true));
    assert_eq!(item.category.as_ref().unwrap().name, "Divers");
    assert_eq!(item.created, Some(datetime(2025, 9, 4, 10, 0, 0, 0)));
    assert_eq!(item.recipient.as_ref().unwrap().name, "MOREL Lou");
    assert_eq!((item.questions.as_ref(), item.has_attachments, item.fully_answered), (None, true, Some(false)));
    let list = "listeModesAff[0].listeActualites.V";
    let expected =
        [format!("{list}[0].dateDebut.V"), format!("{list}[2].N"), "listeModesAff[1].listeActualites".into()];
    assert_eq!(noted, expected);
}

#[test]
fn a_survey_brings_its_questions_and_answers() {
    let news = read_list();
    let item = &news.items[1];
    assert_eq!((item.kind, item.title.as_deref(), item.author.as_deref()), (NewsKind::Survey, None, Some("DUPIN A.")));
    assert!(item.has_attachments);
    let questions = item.questions.as_ref().unwrap();
    let multiple = &questions[0];
    assert_eq!(multiple.content.as_ref().unwrap().text(), "Qui vient ?");
    assert_eq!((multiple.max_choices, multiple.choices[2].free_text), (Some(2), true));
    let answer = multiple.answer.as_ref().unwrap();
    assert_eq!(answer.choices.iter().collect::<Vec<_>>(), [1, 2]);
    assert_eq!(questions[4].kind, QuestionKind::Other(42));
}

#[test]
fn the_output_is_english_and_echoes_nothing() {
    let json = serde_json::to_value(read_list()).unwrap();
    assert_eq!(json["items"][1]["questions"][0]["kind"], "multiple_choice");
    assert_eq!(json["items"][1]["questions"][4]["kind"]["other"], 42);
    assert!(json["items"][0].get("public").is_none());
}

#[test]
fn pages_that_are_not_news_are_empty_or_refused() {
    for text in [
        "{}",
        "[]",
        "3",
        r#"{"listeModesAff":{}}"#,
        r#"{"listeModesAff":[[],null,{"listeActualites":{"_T":24,"V":7}}]}"#,
    ] {
        assert!(reading(text, news).0.items.is_empty(), "{text}");
    }
    assert!(reading("{}", detail).0.is_err());
}

#[test]
fn the_detail_is_asked_for_with_what_the_list_said() {
    let news = read_list();
    let asked = Detail::of(&news.items[0]).arguments(&Context::default());
    assert_eq!(
        asked,
        json!({ "actualite": { "N": "8#a", "public": { "N": "4#a", "L": "MOREL Lou", "G": 4, "P": 0 }, "genrePublic": 4 },
                "genreRequeteActualite": 1, "modeAffActu": 0 })
    );
    let (questions, _) = reading(&format!(r#"{{"detailsActualite":{{"listeQuestions":{QUESTIONS}}}}}"#), detail);
    assert_eq!(questions.unwrap().len(), 5);
}

#[test]
fn folders_are_asked_for_as_a_set() {
    let all =
        [NewsFolder::Received, NewsFolder::Published, NewsFolder::Draft, NewsFolder::Template, NewsFolder::Other(-3)];
    let asked = Request { folders: all.to_vec() }.arguments(&Context::default());
    assert_eq!(asked, json!({ "modesAffActus": { "_T": 26, "V": "[0..3]" } }));
}

mod saves {
    use super::*;

    fn sent(save: &Save) -> Value {
        save.arguments(&Context::default())["listeActualites"][0].clone()
    }

    fn survey() -> NewsItem {
        read_list().items.remove(1)
    }

    fn reply(position: usize, reply: Reply) -> Result<Value, ReplyMismatch> {
        let item = survey();
        let question = &item.questions.as_ref().unwrap()[position];
        Save::answer(&item, [(question, reply)]).map(|save| sent(&save)["listeQuestions"][0]["reponse"].clone())
    }

    fn choices(ranks: &[u32], other: Option<&str>) -> Reply {
        Reply::Choices { ranks: ranks.iter().copied().collect(), other: other.map(str::to_owned) }
    }

    #[test]
    fn marking_read_changes_nothing_else() {
        let news = read_list();
        let item = sent(&Save::mark_read(&news.items[0], false));
        assert_eq!(
            (&item["lue"], &item["marqueLueSeulement"], &item["supprimee"]),
            (&json!(false), &json!(true), &json!(false))
        );
        assert_eq!((&item["N"], &item["L"], &item["E"]), (&json!("8#a"), &json!("Réunion"), &json!(2)));
        assert_eq!((&item["genrePublic"], &item["public"]["N"]), (&json!(4), &json!("4#a")));
        assert_eq!(item["listeQuestions"], json!([]));
    }

    #[test]
    fn deleting_says_so() {
        let item = sent(&Save::delete(&survey()));
        assert_eq!(
            (&item["supprimee"], &item["marqueLueSeulement"], &item["E"]),
            (&json!(true), &json!(false), &json!(4))
        );
    }

    #[test]
    fn each_kind_of_answer_has_its_typed_value() {
        let text = reply(1, Reply::Text("Oui".into())).unwrap();
        assert_eq!((&text["N"], &text["E"], &text["valeurReponse"]), (&json!(3), &json!(1), &json!("Oui")));
        let acknowledged = reply(2, Reply::Acknowledged).unwrap();
        assert_eq!((&acknowledged["N"], &acknowledged["valeurReponse"]), (&json!(0), &json!("")));
        let single = reply(3, choices(&[2], None)).unwrap();
        assert_eq!(single["valeurReponse"], json!({ "_T": 26, "V": "[2]" }));
        let other = reply(0, choices(&[1, 3], Some("jeudi"))).unwrap();
        assert_eq!((&other["N"], &other["E"]), (&json!("62#a"), &json!(2)));
        assert_eq!((&other["valeurReponse"]["V"], &other["valeurReponseLibre"]), (&json!("[1,3]"), &json!("jeudi")));
        assert_eq!((&other["avecReponse"], &other["estReponseAttendue"]), (&json!(true), &json!(true)));
    }

    #[test]
    fn an_answer_that_does_not_fit_never_leaves() {
        assert_eq!(reply(1, Reply::Text("trop long pour dix".into())), Err(ReplyMismatch::TooLong));
        assert_eq!(reply(1, Reply::Acknowledged), Err(ReplyMismatch::WrongKind));
        assert_eq!(reply(3, choices(&[1, 2], None)), Err(ReplyMismatch::TooManyChoices));
        assert_eq!(reply(0, choices(&[1, 2, 3], None)), Err(ReplyMismatch::TooManyChoices));
        assert_eq!(reply(0, choices(&[4], None)), Err(ReplyMismatch::UnknownChoice));
        assert_eq!(reply(0, choices(&[], None)), Err(ReplyMismatch::UnknownChoice));
        assert_eq!(reply(0, choices(&[1], Some("x"))), Err(ReplyMismatch::NoFreeText));
        assert_eq!(reply(4, Reply::Text("x".into())), Err(ReplyMismatch::NotAsked));
    }

    #[test]
    fn acknowledging_answers_only_what_asks_for_it() {
        let item = survey();
        let questions = item.questions.as_deref().unwrap();
        let save = Save::acknowledge(&item, questions).unwrap();
        let asked = &sent(&save)["listeQuestions"];
        assert_eq!((asked.as_array().unwrap().len(), &asked[0]["N"]), (1, &json!("60#c")));
        assert!(matches!(Save::acknowledge(&item, &questions[..1]), Err(ReplyMismatch::NotAsked)));
    }
}
