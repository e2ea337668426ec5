// Asks the gateway as clients of its 2.x ancestor did, with nothing but fetch: gateway.mjs GATEWAY SCHOOL

const [gateway, school] = process.argv.slice(2);

// A judge that hangs is a judge that failed.
const signal = AbortSignal.timeout(120_000);

const check = (truth, what) => {
  if (!truth) {
    console.log(`wrong: ${what}`);
    process.exit(1);
  }
  console.log(`right: ${what}`);
};

const post = async (path, body, headers = {}) => {
  const response = await fetch(new URL(path, gateway), {
    method: "POST",
    headers: { "Content-Type": "application/json", ...headers },
    body: JSON.stringify(body),
    signal
  });
  return [response.status, await response.json()];
};

const ask = async (token, query, variables) => {
  const [status, { data, errors }] = await post("graphql", { query, variables }, { Token: token });
  check(status === 200 && !errors, `${query} is answered`);
  return data;
};

const login = async (account) => {
  const [status, { token }] = await post("auth/login", {
    type: "login", url: school, username: "demonstration", password: "pronotevs", cas: "none", account
  });
  check(status === 200 && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(token), `a ${account} signs in`);
  return token;
};

const [refused, { code, message }] = await post("auth/login", {
  url: school, username: "demonstration", password: "wrong"
});
check(refused === 401 && code === 3 && message === "Wrong user credentials", "a wrong password is code 3");

const student = await login("student");
const { user, params } = await ask(student, "{ user { name studentClass { name } } params { firstDay lastDay } }");
check(user.name.includes(" ") && user.studentClass.name, `the name and the class of a pupil are known`);

const query = "query($from: Date, $to: Date) { timetable(from: $from, to: $to) { id subject from to isCancelled } }";
const from = new Date(params.firstDay);
const to = new Date(params.firstDay + 21 * 86_400_000);
const byNumber = (await ask(student, query, { from: from.getTime(), to: to.getTime() })).timetable;
const byText = (await ask(student, query, { from: from.toISOString(), to })).timetable;
check(byNumber.length > 20, "three weeks have lessons");
check(JSON.stringify(byNumber) === JSON.stringify(byText), "dates are the same as numbers and as JSON writes them");
check(byNumber.every((one, at) => at === 0 || byNumber[at - 1].from <= one.from), "lessons are in order");
check(byNumber.every((one) => from <= new Date(one.from) && new Date(one.from) <= to), "lessons are within the range");

const parent = await login("parent");
const { user: { students } } = await ask(parent, "{ user { students { name } } }");
check(students.length > 0, "a parent has children");
const childs = "query($who: String!, $from: Date) { timetable(student: $who, from: $from) { subject } marks(student: $who) { averages { student } } }";
check((await ask(parent, childs, { who: students[0].name, from })).marks, "a child's pages are read by its name");

for (const token of [student, parent]) {
  const [, { success }] = await post("auth/logout", {}, { Token: token });
  check(success, "a token signs out");
  const [gone, { message }] = await post("graphql", { query: "{ user { name } }" }, { Token: token });
  check(gone === 401 && message === "Unknown session token", "and is forgotten");
}
