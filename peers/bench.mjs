// The work of the bench done by pawnote: bench.mjs URL TIMES. Writes milliseconds per call and the peak memory as JSON.

import { PASSWORD, STUDENT, pronote } from "./pawnote.mjs";

const [root, times] = process.argv.slice(2);
const { AccountKind, TabLocation } = pronote;

async function measure(times, work) {
  await work();
  const [wall, cpu] = [performance.now(), process.cpuUsage()];
  for (let count = 0; count < times; count++) await work();
  const { user, system } = process.cpuUsage(cpu);
  return { wall: (performance.now() - wall) / times, cpu: (user + system) / 1000 / times };
}

async function signIn() {
  const session = pronote.createSessionHandle();
  await pronote.loginCredentials(session, { url: root, kind: AccountKind.STUDENT, username: STUDENT, password: PASSWORD, deviceUUID: "bench" });
  return session;
}

const session = await signIn();
const monday = new Date(session.instance.firstMonday.getTime() + 14 * 24 * 3_600_000);

async function everything() {
  await pronote.timetableFromWeek(session, 3);
  await pronote.assignmentsFromWeek(session, 1, pronote.translateToWeekNumber(session.instance.lastDate, session.instance.firstMonday));
  for (const period of session.instance.periods) {
    await pronote.gradesOverview(session, period);
    await pronote.evaluations(session, period);
    await pronote.notebook(session, period);
  }
  await pronote.news(session);
  await pronote.menus(session, monday);
  for (const discussion of (await pronote.discussions(session)).items) await pronote.discussionMessages(session, discussion);
  await pronote.account(session);
}

process.stdout.write(JSON.stringify({
  sign_in: await measure(Math.max(1, Math.floor(times / 10)), signIn),
  navigation: await measure(Number(times), () => pronote.presence(session)),
  week: await measure(Math.max(1, Math.floor(times / 2)), () => pronote.timetableFromWeek(session, 3)),
  everything: await measure(Math.max(1, Math.floor(times / 40)), everything),
  peak_mib: process.resourceUsage().maxRSS / 1024
}));
