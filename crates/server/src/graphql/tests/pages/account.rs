use serde_json::json;

use super::super::school::School;

#[tokio::test]
async fn a_pupil_reads_all_of_the_account_and_of_the_school_without_a_call() {
    let school = School::open().await;
    let pupil = school.pupil().await;
    let calls = school.emulator.exchanges().len();
    let data = pupil
        .data(
            "{ user { name studentClass { name } avatar classHistory { name hadMarks hadOptions } groups { name }
               establishment { name } tabsPillars { tab levels { name pillars { name isForeignLanguage subject { name } } } }
               tabsPeriods { tab periods { name isCorePeriod } defaultPeriod { name } }
               establishmentsInfo { name logoID address postalCode website } tabs { id subs { id } } hiddenTabs
               authorizations { hasPassword canPrint maxUserWorkFileSize timetableVisibleWeeks }
               userSettings { version timetable { displayCanceledLessons invertWeeklyPlanAxis } } passwordRules minPasswordSize }
             params { version firstDay firstHour displayWeeks langActivityColor fonts hours { name count round }
               periods { name notationPeriod from kind isCurrent } acquisitionLevels { count shortName positions { name } brevetPoints }
               halfWorkingDays frequenciesRanges language { id name } year } }",
        )
        .await;
    assert_eq!(school.emulator.exchanges().len(), calls);
    let user = &data["user"];
    assert_eq!((&user["name"], &user["studentClass"]), (&json!("PARENT Fanny"), &json!({ "name": "3A" })));
    assert_eq!(user["classHistory"], json!([{ "name": "3A", "hadMarks": true, "hadOptions": false }]));
    assert_eq!(user["establishmentsInfo"][0]["address"], json!(["1 rue des Écoles", ""]));
    assert_eq!(user["tabsPillars"][0]["levels"][0]["pillars"][1]["isForeignLanguage"], true);
    assert_eq!(user["tabsPillars"][0]["levels"][0]["pillars"][0]["subject"]["name"], "", "what is not told is empty");
    assert_eq!((&user["minPasswordSize"], &user["passwordRules"]), (&json!(8), &json!([0, 1])));
    assert_eq!((&user["tabs"][0]["id"], &user["tabs"][1]["subs"][0]["id"]), (&json!(7), &json!(8)));
    assert_eq!(user["authorizations"]["hasPassword"], true);
    let params = &data["params"];
    assert_eq!((&params["displayWeeks"], &params["langActivityColor"]), (&json!("0"), &json!("#800000")));
    assert_eq!(params["hours"][1]["round"], false);
    assert_eq!(params["language"], json!({ "id": 1036, "name": "fr" }));
    let current: Vec<_> =
        params["periods"].as_array().unwrap().iter().filter(|period| period["isCurrent"] == true).collect();
    assert!(current.iter().any(|period| period["kind"] == "trimester"), "{current:?}");
}

#[tokio::test]
async fn a_guardian_has_children_each_with_a_class_of_its_own() {
    let school = School::open().await;
    let guardian = school.guardian().await;
    let data = guardian
        .data("{ user { name students { name studentClass { name } avatar } absencesReasons { name } authorizations { parentsDiscussion maxUserWorkFileSize } } }")
        .await;
    let children = data["user"]["students"].as_array().unwrap();
    assert!(!children.is_empty() && children.iter().all(|child| child["studentClass"]["name"] != ""), "{children:?}");
    assert_eq!(data["user"]["absencesReasons"][0]["name"], "Maladie");
    let avatars: Vec<_> = children.iter().filter_map(|child| child["avatar"].as_str()).collect();
    assert!(avatars.iter().all(|link| link.contains("/FichiersExternes/") && link.contains("/photo.jpg?Session=")));
    assert!(guardian.ask("{ user { students { id } } }").await.get("data").is_none());
}

#[tokio::test]
async fn keys_that_a_school_does_not_send_are_empty_and_fail_nothing() {
    let school = School::open().await;
    school.emulator.script("FonctionParametres", |_, answer| {
        let general = answer["General"].as_object_mut().unwrap();
        general.retain(|key, _| matches!(key.as_str(), "PremierLundi" | "versionPN"));
    });
    let pupil = school.pupil().await;
    let introspection =
        pupil.data(r#"{ __type(name: "PronoteParams") { fields { name type { kind ofType { kind name } } } } }"#).await;
    let scalars = introspection["__type"]["fields"].as_array().unwrap().iter();
    let names = scalars
        .filter(|field| field["type"]["ofType"]["kind"] == "SCALAR")
        .map(|field| field["name"].as_str().unwrap());
    let query = format!(
        "{{ params {{ {} hours {{ name }} periods {{ name }} workingDays }} }}",
        names.collect::<Vec<_>>().join(" ")
    );
    let params = pupil.data(&query).await["params"].take();
    assert_eq!((&params["firstCycle"], &params["helpURL"], &params["maxECTS"]), (&json!(0), &json!(""), &json!(0)));
    assert_eq!(
        (&params["hours"], &params["displayWeeks"], &params["officeEnabled"]),
        (&json!([]), &json!(""), &json!(false))
    );
}

#[tokio::test]
async fn a_session_is_kept_and_ended_on_demand() {
    let school = School::open().await;
    let pupil = school.pupil().await;
    let kept = pupil
        .data("mutation { a: setKeepAlive(enabled: true) b: setKeepAlive(enabled: true) c: setKeepAlive(enabled: false) }")
        .await;
    assert_eq!(kept, json!({ "a": true, "b": true, "c": false }));
    assert_eq!(pupil.data("mutation { keepAlive }").await["keepAlive"], true);
    assert_eq!(pupil.data("mutation { logout }").await["logout"], true);
    let after = pupil.ask("{ timetable { room } user { name } }").await;
    assert_eq!((&after["data"]["timetable"], &after["data"]["user"]["name"]), (&json!(null), &json!("PARENT Fanny")));
    assert_eq!(after["errors"][0]["extensions"], json!({ "code": "SESSION_EXPIRED", "pronoteCode": 5 }));
    assert_eq!(after["errors"][0]["path"], json!(["timetable"]));
    let lost = pupil.ask("mutation { keepAlive }").await;
    assert_eq!((&lost["data"], &lost["errors"][0]["path"]), (&json!(null), &json!(["keepAlive"])));
    assert!(lost.as_object().unwrap().contains_key("data"));
}
