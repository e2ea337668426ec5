// Writes what pawnote reads of one pupil's year as JSON, in the form all clients are compared in: agree.mjs URL
//
// Marks are decimal strings or `|k` for the annotation of code k. Times are the school's, to the minute.

import { PASSWORD, STUDENT, homeward, plain, pronote } from "./pawnote.mjs";

const [root] = process.argv.slice(2);
const { AccountKind, AttachmentKind, DiscussionFolderKind } = pronote;

const mark = (value) => value && (value.kind > 0 ? `|${value.kind}` : Number.isNaN(value.points) ? null : String(value.points));
const two = (number) => String(number).padStart(2, "0");
const day = (date) => `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
const moment = (date) => `${day(date)}T${two(date.getHours())}:${two(date.getMinutes())}`;
const attachments = (files) => files.map(({ name, kind }) => [name, kind === AttachmentKind.Link ? "link" : "file"]).sort();
const sorted = (names) => [...names].sort();

const lesson = (one) => ({
  start: moment(one.startDate),
  end: moment(one.endDate),
  detention: one.is === "detention",
  outing: one.is === "activity",
  memo: one.notes ?? null,
  ...(one.is !== "activity" && { teachers: sorted(one.teacherNames), rooms: sorted(one.classrooms) }),
  ...(one.is === "lesson" && {
    subject: one.subject?.name ?? null,
    groups: sorted(one.groupNames),
    status: one.status ?? null,
    cancelled: one.canceled,
    exempted: Boolean(one.exempted),
    test: one.test,
    videos: sorted(one.virtualClassrooms)
  })
});

const homework = (one) => ({
  due: day(one.deadline),
  subject: one.subject.name,
  text: plain(one.description),
  done: one.done,
  color: one.backgroundColor,
  attachments: attachments(one.attachments),
  difficulty: one.difficulty,
  minutes: one.length ?? null,
  return: one.return.kind
});

const grade = (one) => ({
  date: day(one.date),
  subject: one.subject.name,
  value: mark(one.value),
  out_of: mark(one.outOf),
  average: mark(one.average) ?? null,
  highest: mark(one.max) ?? null,
  lowest: mark(one.min) ?? null,
  coefficient: String(Number(one.coefficient)),
  comment: one.comment,
  bonus: one.isBonus,
  optional: one.isOptional,
  out_of_20: one.isOutOf20
});

const average = (period, one) => ({
  period: period.name,
  subject: one.subject.name,
  pupil: mark(one.student) ?? null,
  class: mark(one.class_average) ?? null,
  highest: mark(one.max) ?? null,
  lowest: mark(one.min) ?? null,
  out_of: mark(one.outOf) ?? null,
  color: one.backgroundColor
});

const evaluation = (one) => ({
  date: day(one.date),
  name: one.name,
  subject: one.subject.name,
  teacher: one.teacher,
  description: one.description,
  skills: one.skills.map((skill) => [skill.level, skill.abbreviation, skill.domainName, skill.itemName ?? null, skill.pillarName])
});

// It gives only one reason, and none that is not known yet.
const reasons = (one) => !one.isReasonUnknown && { reasons: [one.reason] };

const absence = (one) => ({
  start: moment(one.startDate),
  end: moment(one.endDate),
  justified: one.justified,
  minutes: one.hoursMissed * 60 + one.minutesMissed,
  days: one.daysMissed,
  ...reasons(one)
});

const delay = (one) => ({ date: moment(one.date), minutes: one.minutes, justified: one.justified, ...reasons(one) });

const punishment = (one) => ({
  given: day(one.dateGiven),
  nature: one.title,
  during_lesson: one.isDuringLesson,
  exclusion: one.exclusion,
  work: one.workToDo ?? null,
  circumstances: one.circumstances,
  giver: one.giver,
  minutes: one.durationMinutes ?? null,
  reasons: one.reasons
});

const meals = ({ date, ...day_ }) => ["lunch", "dinner"].filter((meal) => day_[meal]).map((meal) => ({
  date: day(date),
  meal,
  courses: ["entry", "main", "side", "drink", "dessert", "fromage"]
    .map((course) => (day_[meal][course] ?? []).map(({ name, labels }) => [name, sorted(labels.map(({ name }) => name))]))
}));

const news = (one) => {
  const questions = one.is === "survey" ? one.questions : [one.question];
  return {
    title: one.title ?? null,
    author: one.author,
    category: one.category.name,
    created: moment(one.creationDate),
    read: one.read,
    survey: one.is === "survey",
    text: plain(questions[0].content),
    attachments: attachments(questions.flatMap(({ attachments }) => attachments))
  };
};

const discussion = async (session, one) => {
  const { sents, drafts } = await pronote.discussionMessages(session, one);
  return {
    subject: one.subject,
    creator: one.creator ?? null,
    unread: one.numberOfMessagesUnread,
    closed: one.closed,
    trash: one.folders.some(({ kind }) => kind === DiscussionFolderKind.OCEM_Pre_Poubelle),
    participants: sorted((await pronote.discussionRecipients(session, one)).map(({ name }) => name)),
    // The other library does not tell a draft from a message.
    ...(drafts.length === 0 && {
      messages: sents.map(({ creationDate, author, content }) => [moment(creationDate), author?.name ?? "", plain(content)]).sort()
    })
  };
};

/** An element that spans two periods is listed in each: it counts once. */
async function ofEveryPeriod(session, read) {
  const found = [];
  for (const period of session.instance.periods) found.push(...await read(period));
  return [...new Map(found.map((one) => [JSON.stringify(one), one])).values()];
}

const session = pronote.createSessionHandle(homeward(root));
await pronote.loginCredentials(session, { url: root, kind: AccountKind.STUDENT, username: STUDENT, password: PASSWORD, deviceUUID: "agree" });
const { firstMonday, lastDate } = session.instance;
const weeks = pronote.translateToWeekNumber(lastDate, firstMonday);
const answer = { lessons: [], menus: [], discussions: [] };
for (let week = 1; week <= weeks; week++) {
  answer.lessons.push(...(await pronote.timetableFromWeek(session, week)).classes.map(lesson));
  const monday = new Date(firstMonday);
  monday.setDate(monday.getDate() + 7 * (week - 1));
  answer.menus.push(...(await pronote.menus(session, monday)).days.flatMap(meals));
}
answer.homework = (await pronote.assignmentsFromWeek(session, 1, weeks)).map(homework);
const overviews = await ofEveryPeriod(session, async (period) => {
  const { grades, subjectsAverages } = await pronote.gradesOverview(session, period);
  return [{ grades: grades.map(grade), averages: grades.length ? subjectsAverages.map((one) => average(period, one)) : [] }];
});
answer.grades = [...new Map(overviews.flatMap(({ grades }) => grades).map((one) => [JSON.stringify(one), one])).values()];
answer.averages = overviews.flatMap(({ averages }) => averages);
answer.evaluations = await ofEveryPeriod(session, async (period) => (await pronote.evaluations(session, period)).map(evaluation));
for (const [name, form] of Object.entries({ absences: absence, delays: delay, punishments: punishment })) {
  answer[name] = await ofEveryPeriod(session, async (period) => (await pronote.notebook(session, period))[name].map(form));
}
answer.news = (await pronote.news(session)).items.map(news);
for (const one of (await pronote.discussions(session)).items) answer.discussions.push(await discussion(session, one));
const account = await pronote.account(session);
answer.people = [{
  name: session.user.name,
  class: session.userResource.className,
  school: session.userResource.establishmentName,
  email: account.email,
  phone: account.phone,
  national_id: account.INE
}];
process.stdout.write(JSON.stringify(answer));
