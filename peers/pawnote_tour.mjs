// Everything pawnote can do, on a fresh school: pawnote_tour.mjs URL
//
// URL is the root of the school, with its final slash. Ends by counting: every exported function has been called.

import { LOCKED, NEW_TO_SECURITY, PARENT, PASSWORD, SECURED, SECURED_PIN, STUDENT, TEACHER, call, check, fails, fetched, homeward, pronote, right, untouched, wrong } from "./pawnote.mjs";

const [root] = process.argv.slice(2);
const fetcher = homeward(root);
const url = pronote.cleanURL(`${root}eleve.html?fd=1`);
const deviceUUID = "0b2c5f3e-judge";
const { AccountKind, AssignmentReturnKind, DiscussionFolderKind, EntityKind, NewsQuestionKind, TabLocation } = pronote;

const signIn = async (way, details) => {
  const session = pronote.createSessionHandle(fetcher);
  const refresh = await pronote[way](session, { url, deviceUUID, kind: AccountKind.STUDENT, ...details });
  return { session, refresh };
};
const lastWeek = (session) => pronote.translateToWeekNumber(session.instance.lastDate, session.instance.firstMonday);

async function outside() {
  check(url === root.slice(0, -1), "an address is cleaned");
  const instance = await pronote.instance(url, fetcher);
  check(instance.name && instance.version.length === 4 && instance.accounts.some(({ path }) => path === "mobile.eleve.html"), "the school says what it is");
  const near = await pronote.geolocation({ latitude: 48.85, longitude: 2.35 }, fetcher);
  check(near.length > 0 && near[0].url && near[0].distance >= 0, "the central directory finds a school nearby");
  const { information, version } = await pronote.sessionInformation({ base: url, kind: AccountKind.STUDENT, params: { fd: 1, login: true }, cookies: [] }, fetcher);
  check(information.id > 0 && version.join() === instance.version.slice(0, 3).join(), "the entry page agrees on the version");
}

async function signIns() {
  const { session, refresh } = await signIn("loginCredentials", { username: STUDENT, password: PASSWORD });
  check(session.user.name && session.user.resources.length === 1, "a student signs in with a password");
  await fails("BadCredentialsError", () => signIn("loginCredentials", { username: STUDENT, password: "wrong" }), "a wrong password is refused");
  await fails("AccountDisabledError", () => signIn("loginCredentials", { username: LOCKED, password: PASSWORD }), "a locked account is said to be locked");

  const again = await signIn("loginToken", { username: refresh.username, token: refresh.token });
  check(again.refresh.token && again.refresh.token !== refresh.token, "a token signs in and is replaced");
  await signIn("loginToken", { username: refresh.username, token: again.refresh.token });
  right("the new token signs in");
  await fails("BadCredentialsError", () => signIn("loginToken", { username: refresh.username, token: refresh.token }), "the old token is refused");

  const code = await call(session, "JetonAppliMobile", TabLocation.Presence, { code: "4021" });
  const qr = { ...code, url: `${root}mobile.eleve.html` };
  await fails("BadCredentialsError", () => signIn("loginQrCode", { pin: "9999", qr }), "a wrong PIN does not open a QR code");
  const mobile = await signIn("loginQrCode", { pin: "4021", qr });
  check(mobile.session.user.name === session.user.name, "a QR code signs the same student in");
  await fails("BadCredentialsError", () => signIn("loginQrCode", { pin: "4021", qr }), "a QR code serves once");

  const adult = pronote.createSessionHandle(fetcher);
  await pronote.loginCredentials(adult, { url, deviceUUID, kind: AccountKind.PARENT, username: PARENT, password: PASSWORD });
  check(adult.user.resources.length > 1, "a parent has several children");
  const weeks = [];
  for (const [index] of adult.user.resources.entries()) {
    pronote.use(adult, index);
    weeks.push(JSON.stringify((await pronote.timetableFromWeek(adult, 3)).classes.map((lesson) => [lesson.startDate, lesson.subject?.name])));
  }
  check(new Set(weeks).size === weeks.length, "children have lessons of their own");

  const teacher = pronote.createSessionHandle(fetcher);
  await pronote.loginCredentials(teacher, { url, deviceUUID, kind: AccountKind.TEACHER, username: TEACHER, password: PASSWORD });
  check(teacher.user.name, "a teacher signs in");
  return session;
}

/** Signs in to an account that asks for more than a password. */
async function halfWay(username) {
  const session = pronote.createSessionHandle(fetcher);
  try {
    await pronote.loginCredentials(session, { url, deviceUUID, kind: AccountKind.STUDENT, username, password: PASSWORD });
  }
  catch (error) {
    if (error instanceof pronote.SecurityError) return { session, handle: error.handle };
    throw error;
  }
  return wrong("more than a password is asked for");
}

const finish = async (session, { context }) => {
  const refresh = await pronote.finishLoginManually(session, context.authentication, context.identity, context.initialUsername);
  check(session.user.name, "the account opens");
  await signIn("loginToken", { username: refresh.username, token: refresh.token });
  right("a registered device is not asked again");
};

async function secondFactor() {
  const { session, handle } = await halfWay(SECURED);
  check(handle.shouldEnterPIN && handle.passwordRules.minLength > 0, "a PIN is asked for");
  check(!(await pronote.securityCheckPIN(session, "0000")), "a wrong PIN is refused");
  check(await pronote.securityCheckPIN(session, SECURED_PIN), "the right PIN is accepted");
  check(!(await pronote.securitySource(session, "Judge")), "the device is not known yet");
  await pronote.securitySave(session, handle, { pin: SECURED_PIN, deviceName: "Judge" });
  await finish(session, handle);

  const first = await halfWay(NEW_TO_SECURITY);
  await fails("AccessDeniedError", () => pronote.presence(first.session), "nothing is shown before the steps are done");
  const again = await halfWay(NEW_TO_SECURITY);
  check(again.handle.shouldCustomPassword && again.handle.shouldCustomDoubleAuth, "a password and a strategy are asked for");
  check(!(await pronote.securityCheckCustomPassword(again.session, "a")), "a password that is too short is refused");
  check(await pronote.securityCheckCustomPassword(again.session, "Soleil-2026"), "a good password is accepted");
  const mode = pronote.DoubleAuthMode.MGDA_SaisieCodePIN;
  check(again.handle.availableSecurityModes.includes(mode), "a PIN is one of the strategies");
  await pronote.securitySave(again.session, again.handle, { password: "Soleil-2026", mode, pin: "2580", deviceName: "Judge's first" });
  await finish(again.session, again.handle);
  await fails("BadCredentialsError", () => signIn("loginCredentials", { username: NEW_TO_SECURITY, password: PASSWORD }), "the old password is refused");
  await signIn("loginCredentials", { username: NEW_TO_SECURITY, password: "Soleil-2026" });
  right("the new password signs in");
}

async function timetable(session) {
  const all = [];
  for (let week = 1; week <= lastWeek(session); week++) all.push(...(await pronote.timetableFromWeek(session, week)).classes);
  for (const kind of ["lesson", "detention", "activity"]) check(all.some(({ is }) => is === kind), `the timetable has a ${kind}`);
  check(all.every(({ startDate, endDate }) => startDate < endDate), "every lesson ends after it starts");
  for (const flag of ["canceled", "exempted", "test"]) check(all.some((lesson) => lesson[flag]), `some lesson is ${flag}`);
  check(all.some(({ virtualClassrooms }) => virtualClassrooms?.length), "some lesson is by video");

  const { firstMonday } = session.instance;
  const interval = await pronote.timetableFromIntervals(session, firstMonday, new Date(firstMonday.getTime() + 6 * 24 * 3_600_000));
  check(interval.classes.length > 0, "an interval has lessons");
  const clean = await pronote.timetableFromWeek(session, 3);
  pronote.parseTimetable(session, clean, { withSuperposedCanceledClasses: false, withCanceledClasses: true, withPlannedClasses: true });
  check(clean.classes.length > 0, "superposed lessons are sorted out");
  check([1, 2, 3, 4].some((week) => pronote.frequency(session, week)?.label), "weeks are A or B");
}

async function account(session) {
  const account = await pronote.account(session);
  check(account.email.includes("@") && account.INE && account.city, "personal data are read");
  if (account.iCalToken) {
    const calendar = await fetched(pronote.timetableICalURL(session, account.iCalToken), "the calendar can be fetched");
    check(calendar.toString().startsWith("BEGIN:VCALENDAR"), "the calendar is one");
  }
  else check(session.instance.version[0] < 2024, "a recent school has a calendar");
  if (session.userResource.profilePicture) await fetched(session.userResource.profilePicture.url, "a photo can be fetched");
}

async function homework(session) {
  const read = () => pronote.assignmentsFromWeek(session, 1, lastWeek(session));
  const all = await read();
  check(all.length > 0 && all.every(({ subject, description }) => subject.name && description), "there is homework");
  const { firstDate, lastDate } = session.instance;
  check((await pronote.assignmentsFromIntervals(session, firstDate, lastDate)).length > 0, "an interval has homework");

  const [piece] = all;
  const found = async ({ id }) => (await read()).find((other) => other.id === id);
  await pronote.assignmentStatus(session, piece.id, !piece.done);
  check((await found(piece)).done !== piece.done, "homework marked done is read back as done");

  const toReturn = all.find((one) => one.return.kind === AssignmentReturnKind.FileUpload && one.return.canUpload && !one.return.uploaded);
  await pronote.assignmentUploadFile(session, toReturn.id, new File(["Thirty-two."], "answer.txt"), "answer.txt");
  const { uploaded } = (await found(toReturn)).return;
  check(uploaded?.name === "answer.txt", "a file is handed in");
  check((await fetched(uploaded.url, "a file handed in can be fetched")).toString() === "Thirty-two.", "it is the same file");
  await pronote.assignmentRemoveFile(session, toReturn.id);
  check(!(await found(toReturn)).return.uploaded, "a file handed in is taken back");

  const resources = await pronote.resourcesFromWeek(session, 1, lastWeek(session));
  check(resources.some(({ contents }) => contents.length), "lessons have contents");
  check((await pronote.resourcesFromIntervals(session, firstDate, lastDate)).length > 0, "an interval has contents");
  const [first] = resources;
  check((await pronote.resource(session, first.id)).contents.length === first.contents.length, "one content is read by its number");
  const withWork = resources.find(({ haveAssignment }) => haveAssignment);
  check((await pronote.resourceAssignments(session, withWork.id)).length > 0, "the homework of one lesson is read by its number");
}

async function results(session) {
  const periods = (tab) => session.userResource.tabs.get(tab).periods;
  const grades = [];
  for (const period of periods(TabLocation.Grades)) {
    const overview = await pronote.gradesOverview(session, period);
    grades.push(...overview.grades);
  }
  check(grades.length > 0, "there are grades");
  for (const kind of [pronote.GradeKind.Grade, pronote.GradeKind.Absent, pronote.GradeKind.Exempted]) {
    check(grades.some(({ value }) => value.kind === kind), `some grade is of kind ${kind}`);
  }
  const evaluations = [];
  for (const period of periods(TabLocation.Evaluations)) evaluations.push(...await pronote.evaluations(session, period));
  check(evaluations.some(({ skills }) => skills.length), "there are evaluations");

  const notebooks = [];
  for (const period of periods(TabLocation.Notebook)) notebooks.push(await pronote.notebook(session, period));
  for (const kind of ["absences", "delays", "punishments", "observations", "precautionaryMeasures"]) {
    check(notebooks.some((notebook) => notebook[kind].length), `there are ${kind}`);
  }

  const outcomes = { published: 0, unpublished: 0 };
  for (const period of periods(TabLocation.Gradebook)) {
    try {
      const report = await pronote.gradebook(session, period);
      check(report.subjects.length > 0, "a report card has subjects");
      await fetched(report.url, "a report card can be fetched");
      await fetched(await pronote.gradebookPDF(session, period), "a report card can be made on paper");
      outcomes.published++;
    }
    catch (error) {
      if (!(error instanceof pronote.PageUnavailableError)) throw error;
      outcomes.unpublished++;
    }
  }
  check(outcomes.published && outcomes.unpublished, "one report card is published, another is not");
}

async function news(session) {
  const items = async () => (await pronote.news(session)).items;
  const all = await items();
  const found = async ({ id }) => (await items()).find((other) => other.id === id);
  check(all.some(({ is }) => is === "information") && all.some(({ is }) => is === "survey"), "there is news, and a survey");

  const plain = all.find(({ is, needToAcknowledge }) => is === "information" && !needToAcknowledge);
  const { read } = plain;
  await pronote.newsRead(session, plain, !read);
  check((await found(plain)).read !== read, "news marked read is read back as read");

  const toAcknowledge = all.find((item) => item.is === "information" && item.needToAcknowledge && !item.acknowledged);
  await pronote.newsInformationAcknowledge(session, toAcknowledge);
  check((await found(toAcknowledge)).acknowledged, "news is acknowledged");

  const survey = all.find(({ is, questions }) => is === "survey" && questions.some(({ kind, answered }) => kind !== NewsQuestionKind.SurveyText && !answered));
  const answers = { [NewsQuestionKind.TextInput]: "Yes, of course", [NewsQuestionKind.UniqueChoice]: [1], [NewsQuestionKind.MultipleChoice]: [1, 2] };
  const asked = survey.questions.filter(({ kind }) => kind in answers);
  for (const question of asked) pronote.newsQuestionLocalMutate(question, answers[question.kind]);
  await pronote.newsSurveySend(session, survey);
  const answered = (await found(survey)).questions.filter(({ kind }) => kind in answers);
  check(answered.every((question) => question.answered), "a survey is answered");
  check(answered.every(({ kind, selectedAnswers, textInputAnswer }) => String(textInputAnswer ?? selectedAnswers) === String(answers[kind])), "its answers are read back");

  await pronote.newsDelete(session, plain);
  check(!(await found(plain)), "deleted news is gone");
}

async function messages(session) {
  const box = await pronote.discussions(session);
  check(box.items.length > 0 && box.folders.some(({ kind }) => kind === DiscussionFolderKind.OCEM_Pre_Poubelle), "there are discussions and a trash");
  for (const kind of [EntityKind.Teacher, EntityKind.Personal]) {
    check((await pronote.newDiscussionRecipients(session, kind)).length > 0, `there is somebody of kind ${kind} to write to`);
  }
  const [teacher] = await pronote.newDiscussionRecipients(session, EntityKind.Teacher);
  await pronote.newDiscussion(session, "A judge writes", "Is anybody there?", [teacher]);
  const { items } = await pronote.discussions(session, box.items[0].cache);
  const mine = items.find(({ subject }) => subject === "A judge writes");
  // Messages of one second have no order.
  const contents = () => mine.messages.sents.map(({ content }) => content).sort();
  await pronote.discussionMessages(session, mine);
  check(contents().join() === "Is anybody there?", "a new discussion is read back");
  check((await pronote.discussionRecipients(session, mine)).some(({ name }) => name), "a discussion has participants");
  await pronote.discussionSendMessage(session, mine, "Still there?");
  check(contents().join() === "Is anybody there?,Still there?", "a reply is read back");

  await pronote.discussionCreateDraft(session, mine, "I wanted");
  check(mine.messages.drafts.map(({ content }) => content).join() === "I wanted", "a draft is kept");
  mine.messages.drafts[0].content = "I wanted to say";
  await pronote.discussionRemoteMutateDraft(session, mine, mine.messages.drafts[0]);
  check(mine.messages.drafts.map(({ content }) => content).join() === "I wanted to say", "a draft is changed");
  await pronote.discussionSendDraft(session, mine, mine.messages.drafts[0]);
  check(contents().includes("I wanted to say") && mine.messages.drafts.length === 0, "a draft is sent");
  await pronote.discussionCreateDraft(session, mine, "Never mind");
  await pronote.discussionRemoveDraft(session, mine, mine.messages.drafts[0]);
  check(mine.messages.drafts.length === 0, "a draft is thrown away");

  const unread = items.find(({ numberOfMessagesUnread }) => numberOfMessagesUnread > 0);
  await pronote.discussionRead(session, unread);
  const known = (await pronote.discussions(session)).items.find(({ participantsMessageID }) => participantsMessageID === unread.participantsMessageID);
  check(known.numberOfMessagesUnread === 0, "a discussion that was read is not unread");

  const inTrash = () => mine.folders.some(({ kind }) => kind === DiscussionFolderKind.OCEM_Pre_Poubelle);
  await pronote.discussionTrash(session, mine);
  check(inTrash(), "a discussion goes to the trash");
  await pronote.discussionRestoreTrash(session, mine);
  check(!inTrash(), "a discussion comes back from the trash");
  await pronote.discussionTrash(session, mine);
  await pronote.discussionDelete(session, mine);
  check(!mine.cache._.includes(mine), "a discussion deleted for good is gone");
}

async function aroundTheSchool(session) {
  const days = [];
  for (let week = 0; week < 6; week++) {
    const monday = new Date(session.instance.nextBusinessDay.getTime() + (week - 3) * 7 * 24 * 3_600_000);
    days.push(...(await pronote.menus(session, monday)).days);
  }
  check(days.some(({ lunch }) => lunch?.main?.length), "the canteen has menus");
  check(days.some(({ lunch }) => lunch?.main?.some(({ labels, allergens }) => labels.length || allergens.length)), "dishes have labels");
  const home = await pronote.homepage(session);
  check(home.links.length > 0, "the home page has links");
  for (const partner of [home.partnerARD, home.partnerTurboself].filter(Boolean)) {
    check(URL.canParse(await pronote.partnerURL(session, partner)), "a partner can be reached");
  }
  check(home.partnerARD?.wallets.length > 0, "there is a wallet");
}

async function theEnd(session) {
  await pronote.presence(session);
  pronote.startPresenceInterval(session);
  check(session.presence, "the session is kept alive");
  pronote.clearPresenceInterval(session);
  await call(session, "SaisieDeconnexion", TabLocation.Presence, {});
  await fails("SessionExpiredError", () => pronote.presence(session), "a closed session is said to be closed");
}

await outside();
const session = await signIns();
await secondFactor();
for (const part of [timetable, account, homework, results, news, messages, aroundTheSchool, theEnd]) await part(session);
// It reads no calendar from schools before 2024.
const left = untouched().filter((name) => name !== "timetableICalURL" || session.instance.version[0] >= 2024);
check(left.length === 0, `every exported function was called${left.length ? `, except ${left}` : ""}`);
